/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_CREDENTIALS (sluice_credentials_get_type ())

/**
 * SluiceCredentials:
 * @access_token: (nullable): sent with every call to the org
 * @refresh_token: (nullable): exchanged for a new access token
 * @consumer_secret: (nullable): of a confidential app; most apps have none
 * @login_url: (nullable): scheme and host that issued the tokens; only there are they refreshed
 * @instance_url: (nullable): scheme and host that calls go to
 * @identity_url: (nullable): address that tells who signed in
 * @scope: (nullable): what the user allowed, blank-separated
 * @issued_at: when the access token was issued, in milliseconds since 1970, 0 if unknown
 *
 * All secrets of one subscription: exactly what its one item in the Secret Service holds.
 *
 * Freeing overwrites the memory of the secrets first.
 */
typedef struct
{
  char *access_token;
  char *refresh_token;
  char *consumer_secret;
  char *login_url;
  char *instance_url;
  char *identity_url;
  char *scope;
  gint64 issued_at;
} SluiceCredentials;

typedef void (* SluiceCredentialsEdit) (SluiceCredentials *credentials,
                                        gpointer           user_data);

GType              sluice_credentials_get_type (void);

SluiceCredentials *sluice_credentials_new      (void);
SluiceCredentials *sluice_credentials_copy     (const SluiceCredentials *self);
void               sluice_credentials_free     (SluiceCredentials       *self);
gboolean           sluice_credentials_is_empty (const SluiceCredentials *self);
gboolean           sluice_credentials_equal    (const SluiceCredentials *a,
                                                const SluiceCredentials *b);

void               sluice_secret_free          (char                    *secret);
void               sluice_secret_set           (char                   **place,
                                                const char              *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceCredentials, sluice_credentials_free)

G_END_DECLS
