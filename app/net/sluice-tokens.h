/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-call.h"
#include "sluice-clock.h"
#include "sluice-credential-store.h"
#include "sluice-throttle.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_TOKENS (sluice_tokens_get_type ())

/**
 * SluiceTokens:
 *
 * The tokens of one subscription as the network layer uses them: loaded from
 * the credential store when first needed, refreshed once for all who wait,
 * stored before they are used.
 *
 * Loading, replacing and refreshing run one after the other, never together.
 *
 * Properties: `label`, `login-url`, `consumer-key` (all nullable, writable);
 * read-only `has-access-token`, `has-refresh-token`, `issued-at` (int64, ms
 * since 1970), `instance-url` (nullable).
 *
 * Signals: `signed-out (GError *error)`: the org said that the refresh token
 * is dead; it was discarded. `not-saved (GError *error)`: a rotated token is
 * in memory only, because the store did not take it; it is offered again with
 * the next load or refresh.
 */
G_DECLARE_FINAL_TYPE (SluiceTokens, sluice_tokens, SLUICE, TOKENS, GObject)

SluiceTokens            *sluice_tokens_new             (const char               *subscription_id,
                                                        SluiceThrottle           *throttle,
                                                        SluiceCredentialStore    *store,
                                                        SluiceCallList           *calls,
                                                        SluiceClock              *clock);

void                     sluice_tokens_set_label       (SluiceTokens             *self,
                                                        const char               *label);
const char              *sluice_tokens_get_login_url   (SluiceTokens             *self);
void                     sluice_tokens_set_login_url   (SluiceTokens             *self,
                                                        const char               *login_url);
void                     sluice_tokens_set_consumer_key (SluiceTokens            *self,
                                                        const char               *consumer_key);

const SluiceCredentials *sluice_tokens_peek            (SluiceTokens             *self);
gboolean                 sluice_tokens_is_ready        (SluiceTokens             *self);
gboolean                 sluice_tokens_is_refreshing   (SluiceTokens             *self);
gboolean                 sluice_tokens_take_slot       (SluiceTokens             *self,
                                                        SluiceSlot               *slot);

void                     sluice_tokens_load_async      (SluiceTokens             *self,
                                                        GCancellable             *cancellable,
                                                        GAsyncReadyCallback       callback,
                                                        gpointer                  user_data);
gboolean                 sluice_tokens_load_finish     (SluiceTokens             *self,
                                                        GAsyncResult             *result,
                                                        GError                  **error);
void                     sluice_tokens_replace_async   (SluiceTokens             *self,
                                                        const SluiceCredentials  *credentials,
                                                        GCancellable             *cancellable,
                                                        GAsyncReadyCallback       callback,
                                                        gpointer                  user_data);
gboolean                 sluice_tokens_replace_finish  (SluiceTokens             *self,
                                                        GAsyncResult             *result,
                                                        GError                  **error);
void                     sluice_tokens_edit_async      (SluiceTokens             *self,
                                                        SluiceCredentialsEdit     edit,
                                                        gpointer                  edit_data,
                                                        GDestroyNotify            edit_destroy,
                                                        GCancellable             *cancellable,
                                                        GAsyncReadyCallback       callback,
                                                        gpointer                  user_data);
void                     sluice_tokens_refresh_async   (SluiceTokens             *self,
                                                        const char               *expired,
                                                        GCancellable             *cancellable,
                                                        GAsyncReadyCallback       callback,
                                                        gpointer                  user_data);
gboolean                 sluice_tokens_refresh_finish  (SluiceTokens             *self,
                                                        GAsyncResult             *result,
                                                        GError                  **error);
void                     sluice_tokens_ensure_async    (SluiceTokens             *self,
                                                        GCancellable             *cancellable,
                                                        GAsyncReadyCallback       callback,
                                                        gpointer                  user_data);
gboolean                 sluice_tokens_ensure_finish   (SluiceTokens             *self,
                                                        GAsyncResult             *result,
                                                        GError                  **error);
void                     sluice_tokens_revoke_async    (SluiceTokens             *self,
                                                        GCancellable             *cancellable,
                                                        GAsyncReadyCallback       callback,
                                                        gpointer                  user_data);
gboolean                 sluice_tokens_revoke_finish   (SluiceTokens             *self,
                                                        GAsyncResult             *result,
                                                        GError                  **error);

G_END_DECLS
