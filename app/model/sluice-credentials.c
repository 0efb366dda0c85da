/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-credentials.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (SluiceCredentials, sluice_credentials, sluice_credentials_copy, sluice_credentials_free)

/**
 * sluice_secret_free:
 * @secret: (nullable) (transfer full): a text that nobody may find in memory later
 *
 * Overwrites @secret in a way the compiler keeps, then frees it.
 */
void
sluice_secret_free (char *secret)
{
  if (secret == NULL)
    return;

  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/**
 * sluice_secret_set:
 * @place: (inout): where the secret is kept
 * @secret: (nullable): the new one, copied; may be the old one itself
 *
 * Replaces a secret and overwrites the old one.
 */
void
sluice_secret_set (char       **place,
                   const char  *secret)
{
  char *copy;

  g_return_if_fail (place != NULL);

  copy = g_strdup (secret);
  sluice_secret_free (*place);
  *place = copy;
}

/**
 * sluice_credentials_new:
 *
 * Returns: (transfer full): credentials with nothing in them
 */
SluiceCredentials *
sluice_credentials_new (void)
{
  return g_new0 (SluiceCredentials, 1);
}

/**
 * sluice_credentials_copy:
 * @self: credentials
 *
 * Returns: (transfer full): a copy
 */
SluiceCredentials *
sluice_credentials_copy (const SluiceCredentials *self)
{
  SluiceCredentials *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = sluice_credentials_new ();
  copy->access_token = g_strdup (self->access_token);
  copy->refresh_token = g_strdup (self->refresh_token);
  copy->consumer_secret = g_strdup (self->consumer_secret);
  copy->login_url = g_strdup (self->login_url);
  copy->instance_url = g_strdup (self->instance_url);
  copy->identity_url = g_strdup (self->identity_url);
  copy->scope = g_strdup (self->scope);
  copy->issued_at = self->issued_at;

  return copy;
}

/**
 * sluice_credentials_free:
 * @self: (nullable) (transfer full): credentials
 *
 * Frees @self and overwrites the memory of its secrets first.
 */
void
sluice_credentials_free (SluiceCredentials *self)
{
  if (self == NULL)
    return;

  sluice_secret_free (self->access_token);
  sluice_secret_free (self->refresh_token);
  sluice_secret_free (self->consumer_secret);
  g_free (self->login_url);
  g_free (self->instance_url);
  g_free (self->identity_url);
  g_free (self->scope);
  g_free (self);
}

/**
 * sluice_credentials_is_empty:
 * @self: credentials
 *
 * Returns: whether @self holds no secret at all, so that nothing is worth keeping
 */
gboolean
sluice_credentials_is_empty (const SluiceCredentials *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->access_token == NULL && self->refresh_token == NULL && self->consumer_secret == NULL;
}

/**
 * sluice_credentials_equal:
 * @a: credentials
 * @b: credentials
 *
 * Returns: whether all members of @a and @b are the same
 */
gboolean
sluice_credentials_equal (const SluiceCredentials *a,
                          const SluiceCredentials *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return g_strcmp0 (a->access_token, b->access_token) == 0
      && g_strcmp0 (a->refresh_token, b->refresh_token) == 0
      && g_strcmp0 (a->consumer_secret, b->consumer_secret) == 0
      && g_strcmp0 (a->login_url, b->login_url) == 0
      && g_strcmp0 (a->instance_url, b->instance_url) == 0
      && g_strcmp0 (a->identity_url, b->identity_url) == 0
      && g_strcmp0 (a->scope, b->scope) == 0
      && a->issued_at == b->issued_at;
}
