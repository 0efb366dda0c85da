/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-secret.h"

#include <string.h>
#include <sys/random.h>

/**
 * org_secret_random:
 * @prefix: how it begins
 * @length: how many characters follow
 *
 * Returns: (transfer full): an unguessable text in the form of a token
 */
char *
org_secret_random (const char *prefix,
                   guint       length)
{
  GString *secret = g_string_new (prefix);
  g_autofree guint8 *bytes = g_malloc (length);
  gsize filled = 0;

  while (filled < length)
    {
      gssize n = getrandom (bytes + filled, length - filled, 0);

      if (n > 0)
        filled += (gsize) n;
    }

  /* The alphabet has 64 characters, so no remainder is favoured. */
  for (guint i = 0; i < length; i++)
    g_string_append_c (secret, ORG_SECRET_ALPHABET[bytes[i] % 64]);

  return g_string_free (secret, FALSE);
}

/**
 * org_secret_hash:
 * @secret: a token or a code
 *
 * Returns: (transfer full): what is kept in its place
 */
char *
org_secret_hash (const char *secret)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, secret, -1);
}

/**
 * org_secret_encode:
 * @data: (array length=size): bytes
 * @size: how many
 *
 * Returns: (transfer full): base64url without padding
 */
char *
org_secret_encode (gconstpointer data,
                   gsize         size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

/**
 * org_secret_challenge:
 * @verifier: a PKCE verifier
 *
 * Returns: (transfer full): its S256 challenge
 */
char *
org_secret_challenge (const char *verifier)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guint8 *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);

  return org_secret_encode (digest, size);
}

/**
 * org_secret_sign:
 * @key: a consumer secret
 * @text: what to sign
 *
 * Returns: (transfer full): the HMAC-SHA256 in base64
 */
char *
org_secret_sign (const char *key,
                 const char *text)
{
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) key, strlen (key));
  guint8 digest[32];
  gsize size = sizeof digest;

  g_hmac_update (hmac, (const guint8 *) text, -1);
  g_hmac_get_digest (hmac, digest, &size);

  return g_base64_encode (digest, size);
}

/**
 * org_secret_equal:
 * @a: (nullable): a text
 * @b: (nullable): another
 *
 * Returns: whether both are there and the same; the time it takes does not tell where they differ
 */
gboolean
org_secret_equal (const char *a,
                  const char *b)
{
  guint8 difference = 0;
  gsize length;

  if (a == NULL || b == NULL || strlen (a) != strlen (b))
    return FALSE;

  length = strlen (a);
  for (gsize i = 0; i < length; i++)
    difference |= (guint8) (a[i] ^ b[i]);

  return difference == 0;
}
