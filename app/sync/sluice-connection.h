/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-budget.h"
#include "sluice-call.h"
#include "sluice-client.h"
#include "sluice-describe-cache.h"
#include "sluice-secret-place.h"
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
 * Operations run one after the other. A new sign-in, a removal of tokens or a
 * new consumer secret first cancels a sign-in or verification that is under
 * way, and a new verification an older one; what is cancelled ends with
 * %G_IO_ERROR_CANCELLED. So there is one sign-in at a time, and the newest wish
 * counts.
 *
 * When the tokens turn out to belong to another org than the one last seen,
 * nothing goes to it: the status is %SLUICE_STATUS_NEEDS_ATTENTION, the last
 * error %SLUICE_ERROR_OTHER_ORG, and `unexpected-organization` tells which it
 * is, until sluice_connection_accept_organization() or a new sign-in.
 *
 * When new tokens cannot be stored they are kept in memory: verifying again
 * stores them (after unlocking the keyring), and so does
 * sluice_connection_set_session_only_async(), in memory.
 *
 * Construct-only properties: `subscription`, `credential-store`, `clock`.
 * Read-only: `sign-in` (nullable SluiceSignIn, there while the browser has the
 * word), `busy` (boolean), `throttle`, `client`, `budget` (nullable until the
 * org is known), `calls` (SluiceCallList), `limits` (GListModel of
 * SluiceLimit, filled by verification), `unexpected-organization` (nullable
 * SluiceOrganization), `secret-place` (SluiceSecretPlace: where tokens are kept).
 *
 * Signal `save-wanted`: what the subscription's file keeps about the org changed.
 */
G_DECLARE_FINAL_TYPE (SluiceConnection, sluice_connection, SLUICE, CONNECTION, GObject)

SluiceConnection   *sluice_connection_new                  (SluiceSubscription    *subscription,
                                                            SluiceCredentialStore *store,
                                                            SluiceClock           *clock);
/* Cancels whatever is under way. */
void                sluice_connection_cancel               (SluiceConnection     *self);

SluiceSubscription *sluice_connection_get_subscription     (SluiceConnection     *self);
SluiceThrottle     *sluice_connection_get_throttle         (SluiceConnection     *self);
SluiceBudget       *sluice_connection_get_budget           (SluiceConnection     *self);
SluiceCallList     *sluice_connection_get_calls            (SluiceConnection     *self);
SluiceSignIn       *sluice_connection_get_sign_in          (SluiceConnection     *self);
SluiceClient       *sluice_connection_get_client           (SluiceConnection     *self);
GListModel         *sluice_connection_get_limits           (SluiceConnection     *self);
SluiceDescribeCache *sluice_connection_get_describe_cache  (SluiceConnection     *self);
gboolean            sluice_connection_get_busy             (SluiceConnection     *self);
SluiceSecretPlace   sluice_connection_get_secret_place     (SluiceConnection     *self);

SluiceOrganization *sluice_connection_get_unexpected_organization (SluiceConnection *self);
/* The user says that the unexpected org is the right one. */
void                sluice_connection_accept_organization  (SluiceConnection     *self);

/* Reads the token state from the keyring, without asking the org. */
void                sluice_connection_load_async           (SluiceConnection     *self,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
gboolean            sluice_connection_load_finish          (SluiceConnection     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);
/* Signs in, stores the tokens, verifies. Watch `sign-in` and its `open-uri`. */
void                sluice_connection_authenticate_async   (SluiceConnection     *self,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
void                sluice_connection_authenticate_with_async (SluiceConnection   *self,
                                                            SluiceSignInWith      with,
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

/* Keeps tokens, also those that could not be stored, in memory; or, with %FALSE, in the keyring again. */
void                sluice_connection_set_session_only_async  (SluiceConnection     *self,
                                                               gboolean              session_only,
                                                               GCancellable         *cancellable,
                                                               GAsyncReadyCallback   callback,
                                                               gpointer              user_data);
gboolean            sluice_connection_set_session_only_finish (SluiceConnection     *self,
                                                               GAsyncResult         *result,
                                                               GError              **error);

/* Whether the org may be asked: somebody is signed in, and it is verified that the org is the right one. */
gboolean            sluice_connection_check_usable         (SluiceConnection     *self,
                                                            GError              **error);

G_END_DECLS
