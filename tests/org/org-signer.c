/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signs id tokens. The key is made when the first one is asked for, in a thread. */

#include "org-signer.h"

#include <gcrypt.h>
#include <string.h>

#include "org-json.h"
#include "org-secret.h"

#define KEY_ID "258"
#define HEADER "{\"kid\":\"" KEY_ID "\",\"typ\":\"JWT\",\"alg\":\"RS256\"}"

typedef struct
{
  void (*ready) (gpointer user_data);
  gpointer user_data;
} Waiter;

struct _OrgSigner
{
  gcry_sexp_t key;           /* (nullable) */
  GThread *thread;           /* (nullable) makes the key */
  GSource *done;             /* (owned) (nullable) the key is there, but nobody was told yet */
  GArray *waiters;
};

/**
 * org_signer_new:
 *
 * Returns: (transfer full): a signer without a key yet
 */
OrgSigner *
org_signer_new (void)
{
  OrgSigner *self = g_new0 (OrgSigner, 1);

  gcry_check_version (NULL);
  gcry_control (GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control (GCRYCTL_INITIALIZATION_FINISHED, 0);
  self->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));

  return self;
}

/**
 * org_signer_free:
 * @self: (transfer full): a signer
 *
 * Forgets the key. Those who wait for it are not called any more.
 */
void
org_signer_free (OrgSigner *self)
{
  g_clear_pointer (&self->thread, g_thread_join);
  if (self->done != NULL)
    g_source_destroy (self->done);
  g_clear_pointer (&self->done, g_source_unref);
  g_clear_pointer (&self->key, gcry_sexp_release);
  g_array_unref (self->waiters);
  g_free (self);
}

static gboolean
made_cb (gpointer user_data)
{
  OrgSigner *self = user_data;
  g_autoptr(GArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->done, g_source_unref);

  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = &g_array_index (waiters, Waiter, i);

      waiter->ready (waiter->user_data);
    }

  return G_SOURCE_REMOVE;
}

static gpointer
make_key (gpointer user_data)
{
  OrgSigner *self = user_data;
  gcry_sexp_t wish = NULL;

  /* Nothing depends on this key after the program ends, so the quick random numbers do. */
  if (gcry_sexp_build (&wish, NULL, "(genkey (rsa (nbits 4:2048) (flags transient-key)))") != 0
      || gcry_pk_genkey (&self->key, wish) != 0)
    g_error ("No key could be made");
  gcry_sexp_release (wish);
  g_source_attach (self->done, NULL);

  return NULL;
}

/**
 * org_signer_prepare:
 * @self: a signer
 * @ready: called when there is a key; at once, if there is one already
 * @user_data: data for @ready
 *
 * Makes the key, unless it is made.
 */
void
org_signer_prepare (OrgSigner  *self,
                    void      (*ready) (gpointer user_data),
                    gpointer    user_data)
{
  Waiter waiter = { ready, user_data };

  if (self->thread == NULL && self->key != NULL)
    {
      ready (user_data);
      return;
    }

  g_array_append_val (self->waiters, waiter);
  if (self->thread != NULL)
    return;

  self->done = g_idle_source_new ();
  g_source_set_priority (self->done, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->done, made_cb, self, NULL);
  self->thread = g_thread_new ("signer", make_key, self);
}

static char *
encode_number (gcry_mpi_t number)
{
  unsigned char *bytes = NULL;
  size_t size = 0;
  char *text;

  if (gcry_mpi_aprint (GCRYMPI_FMT_USG, &bytes, &size, number) != 0)
    g_error ("A number of the key cannot be written");
  text = org_secret_encode (bytes, size);
  gcry_free (bytes);

  return text;
}

/* RS256: PKCS #1 v1.5 over SHA-256. The number is as long as the key, with zeros in front. */
static char *
sign (OrgSigner  *self,
      const char *text)
{
  guint8 digest[32];
  guint8 bytes[256] = { 0 };
  gcry_sexp_t data = NULL;
  gcry_sexp_t signature = NULL;
  gcry_mpi_t number = NULL;
  size_t size = 0;

  gcry_md_hash_buffer (GCRY_MD_SHA256, digest, text, strlen (text));
  if (gcry_sexp_build (&data, NULL, "(data (flags pkcs1) (hash sha256 %b))", (int) sizeof digest, digest) != 0
      || gcry_pk_sign (&signature, data, self->key) != 0
      || gcry_sexp_extract_param (signature, NULL, "s", &number, NULL) != 0
      || gcry_mpi_print (GCRYMPI_FMT_USG, NULL, 0, &size, number) != 0 || size > sizeof bytes
      || gcry_mpi_print (GCRYMPI_FMT_USG, bytes + sizeof bytes - size, size, &size, number) != 0)
    g_error ("An id token cannot be signed");

  gcry_mpi_release (number);
  gcry_sexp_release (signature);
  gcry_sexp_release (data);

  return org_secret_encode (bytes, sizeof bytes);
}

/**
 * org_signer_sign:
 * @self: a signer whose key is made
 * @claims: a JSON object
 *
 * Returns: (transfer full): a signed JSON web token
 */
char *
org_signer_sign (OrgSigner  *self,
                 const char *claims)
{
  g_autofree char *header = org_secret_encode (HEADER, strlen (HEADER));
  g_autofree char *body = org_secret_encode (claims, strlen (claims));
  g_autofree char *text = g_strconcat (header, ".", body, NULL);
  g_autofree char *signature = sign (self, text);

  return g_strconcat (text, ".", signature, NULL);
}

static void
keys_ready_cb (gpointer user_data)
{
  g_autoptr(OrgCall) call = user_data;
  gcry_mpi_t n = NULL;
  gcry_mpi_t e = NULL;
  g_autofree char *modulus = NULL;
  g_autofree char *exponent = NULL;
  GString *json = g_string_new ("{\"keys\":[{");

  if (gcry_sexp_extract_param (call->service->signer->key, "public-key", "ne", &n, &e, NULL) != 0)
    g_error ("The key has no public part");
  modulus = encode_number (n);
  exponent = encode_number (e);
  gcry_mpi_release (n);
  gcry_mpi_release (e);

  org_json_append_text (json, "kty", "RSA");
  org_json_append_text (json, "alg", "RS256");
  org_json_append_text (json, "use", "sig");
  org_json_append_text (json, "kid", KEY_ID);
  org_json_append_text (json, "n", modulus);
  org_json_append_text (json, "e", exponent);
  g_string_append (json, "}]}");
  org_call_reply (call, 200, ORG_JSON, json);
}

/**
 * org_signer_keys:
 * @call: a call of `/id/keys`
 *
 * Answers the public key, to check id tokens with.
 */
void
org_signer_keys (OrgCall *call)
{
  org_signer_prepare (call->service->signer, keys_ready_cb, org_call_ref (call));
}
