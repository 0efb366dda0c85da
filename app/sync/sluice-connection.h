/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-budget.h"
#include "sluice-call.h"
#include "sluice-client.h"
#include "sluice-query.h"
#include "sluice-sign-in.h"
#include "sluice-subscription.h"
#include "sluice-throttle.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_CONNECTION (sluice_connection_get_type ())

/**
 * SluiceConnection:
 *
 * Everything that one subscription does with its org: signs in, verifies,
 * removes tokens, queries. It owns the subscription's client and throttle and
 * keeps the subscription's status, token state, organisation and last error
 * true; pages only watch the subscription.
 *
 * Read-only properties: `subscription`, `sign-in` (nullable SluiceSignIn,
 * there while the browser has the word), `busy` (boolean), `throttle`,
 * `budget` (nullable until the org is known), `calls` (SluiceCallList),
 * `limits` (GListModel of SluiceLimit, filled by verification).
 */
G_DECLARE_FINAL_TYPE (SluiceConnection, sluice_connection, SLUICE, CONNECTION, GObject)

SluiceSubscription *sluice_connection_get_subscription     (SluiceConnection     *self);
SluiceThrottle     *sluice_connection_get_throttle         (SluiceConnection     *self);
SluiceBudget       *sluice_connection_get_budget           (SluiceConnection     *self);
SluiceCallList     *sluice_connection_get_calls            (SluiceConnection     *self);
SluiceSignIn       *sluice_connection_get_sign_in          (SluiceConnection     *self);
SluiceClient       *sluice_connection_get_client           (SluiceConnection     *self);
GListModel         *sluice_connection_get_limits           (SluiceConnection     *self);

/* Reads the token state from the keyring, without asking the org. */
void                sluice_connection_load_async           (SluiceConnection     *self,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
gboolean            sluice_connection_load_finish          (SluiceConnection     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);
/* Signs in through the browser, stores the tokens, verifies. Watch `sign-in` and its `open-uri`. */
void                sluice_connection_authenticate_async   (SluiceConnection     *self,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
gboolean            sluice_connection_authenticate_finish  (SluiceConnection     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);
/* Versions, identity, Organization, limits: fills the subscription's organisation. */
void                sluice_connection_verify_async         (SluiceConnection     *self,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
gboolean            sluice_connection_verify_finish        (SluiceConnection     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);
/* Deletes all tokens here; with @revoke, at Salesforce too (a failure to revoke is reported after deleting). */
void                sluice_connection_disconnect_async     (SluiceConnection     *self,
                                                            gboolean              revoke,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
gboolean            sluice_connection_disconnect_finish    (SluiceConnection     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

typedef enum
{
  SLUICE_TOKEN_ACCESS,
  SLUICE_TOKEN_REFRESH,
} SluiceTokenKind;

/* Deletes one of the two tokens from the keyring. */
void                sluice_connection_delete_token_async   (SluiceConnection     *self,
                                                            SluiceTokenKind       kind,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
gboolean            sluice_connection_delete_token_finish  (SluiceConnection     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);
/* Stores or, with %NULL, removes the consumer secret. */
void                sluice_connection_set_consumer_secret_async  (SluiceConnection     *self,
                                                                  const char           *consumer_secret,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
gboolean            sluice_connection_set_consumer_secret_finish (SluiceConnection     *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);

SluiceQuery        *sluice_connection_query                (SluiceConnection     *self,
                                                            const char           *soql,
                                                            gboolean              all_rows);

G_END_DECLS
