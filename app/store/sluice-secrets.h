/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-credential-store.h"
#include "sluice-secret-place.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SECRETS (sluice_secrets_get_type ())

/**
 * SluiceSecrets:
 *
 * The credential store over libsecret: the Secret Service, and in a sandbox
 * with the portal for it an encrypted file of the application. One item per subscription, one single-line
 * JSON text, read back after writing.
 *
 * Subscriptions marked session-only with sluice_secrets_set_session_only()
 * are kept in memory instead.
 */
G_DECLARE_FINAL_TYPE (SluiceSecrets, sluice_secrets, SLUICE, SECRETS, GObject)

SluiceSecrets *sluice_secrets_new              (void);

void           sluice_secrets_set_session_only (SluiceSecrets        *self,
                                                const char           *subscription_id,
                                                gboolean              session_only);
gboolean       sluice_secrets_get_session_only (SluiceSecrets        *self,
                                                const char           *subscription_id);

void           sluice_secrets_find_place_async (SluiceSecrets        *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       sluice_secrets_find_place_finish (SluiceSecrets       *self,
                                                GAsyncResult         *result,
                                                SluiceSecretPlace    *place,
                                                GError              **error);
void           sluice_secrets_check_async      (SluiceSecrets        *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       sluice_secrets_check_finish     (SluiceSecrets        *self,
                                                GAsyncResult         *result,
                                                GError              **error);
void           sluice_secrets_unlock_async     (SluiceSecrets        *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       sluice_secrets_unlock_finish    (SluiceSecrets        *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
