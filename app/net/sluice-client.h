/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "sluice-call.h"
#include "sluice-clock.h"
#include "sluice-credential-store.h"
#include "sluice-throttle.h"
#include "sluice-write-permit.h"

G_BEGIN_DECLS

/**
 * SluiceWrite:
 * @permit: what allows it
 * @verb: what is done
 * @object: the API name of the object whose records are changed
 * @records: how many records the request carries
 * @repeated: how many of them were sent before, and so count already
 *
 * What a request changes. Only the main thread may send such a request.
 */
typedef struct
{
  SluiceWritePermit *permit;
  SluiceWriteVerb verb;
  const char *object;
  guint64 records;
  guint64 repeated;
} SluiceWrite;

/**
 * SluiceRequest:
 * @method: the HTTP method
 * @path: from the root of the org's host, such as `/services/data`; or, without the slash at its start, below the
 *   pinned API version, such as `limits`; or the absolute address of the org's identity service
 * @summary: (nullable): what the Activity page shows, translated, such as "Read limits"
 * @headers: (nullable) (array zero-terminated=1): further headers, a name and a value in turn
 * @body: (nullable): what is sent
 * @body_path: (nullable): a file whose bytes are sent instead of @body, as a stream; it must not change meanwhile
 * @content_type: (nullable): of the body
 * @write: (nullable): what is changed in the org; a request that changes anything is refused without it
 * @priority: who goes first
 * @claim: (nullable): calls that were claimed for the work this is part of
 * @max_bytes: the longest answer that is read into memory, 0 = the client's default
 * @raw: whether the answer is left as it is, in the reply's @body
 * @settle: whether a call that is on its way is waited for though it is cancelled, because what it did must be known
 *
 * One call to the org. All members are only read while the function that takes it runs.
 */
typedef struct
{
  const char *method;
  const char *path;
  const char *summary;
  const char * const *headers;
  GBytes *body;
  const char *body_path;
  const char *content_type;
  const SluiceWrite *write;
  SluicePriority priority;
  SluiceClaim *claim;
  gsize max_bytes;
  gboolean raw;
  gboolean settle;
} SluiceRequest;

/**
 * SluiceReply:
 * @status: the HTTP status
 * @headers: (element-type utf8 utf8): the headers, names in lower case
 * @json: (nullable): the body, when it is JSON and was not asked for raw
 * @body: (nullable): the body, when it is not JSON or was asked for raw
 * @date: the server's time in seconds since 1970, 0 when it did not say
 * @bytes: the size of the body
 *
 * A successful answer, read to its end.
 */
typedef struct
{
  guint status;
  GHashTable *headers;
  JsonNode *json;
  GBytes *body;
  gint64 date;
  guint64 bytes;
} SluiceReply;

void               sluice_reply_free                     (SluiceReply            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceReply, sluice_reply_free)

#define SLUICE_TYPE_CLIENT (sluice_client_get_type ())

/**
 * SluiceClient:
 *
 * The HTTP client of one subscription. Every call waits for the subscription's
 * throttle, carries its token, and ends as an answer or a #SluiceError.
 *
 * A call that meets an expired token waits for a single refresh, which all
 * calls share, and is sent once more. Tokens go only to the org they belong
 * to; they are loaded from the credential store when first needed, and a
 * rotated refresh token is stored before the new access token is used.
 *
 * Construct-only properties: `subscription-id`, `throttle`, `credential-store`,
 * `calls` (SluiceCallList), `clock`. Writable: `label` (of the keyring item),
 * `login-url` (where tokens are refreshed and revoked), `consumer-key`,
 * `api-version` (nullable; "68.0", pinned by verification). Read-only:
 * `has-access-token`, `has-refresh-token` (booleans), `issued-at` (int64, ms
 * since 1970), `instance-url` (nullable).
 *
 * Signal `signed-out (GError *error)`: the org said that the refresh token is
 * dead; it was discarded. Signal `not-saved (GError *error)`: a renewed token
 * serves from memory, but the credential store did not take it.
 */
G_DECLARE_FINAL_TYPE (SluiceClient, sluice_client, SLUICE, CLIENT, GObject)

SluiceClient      *sluice_client_new                     (const char             *subscription_id,
                                                          SluiceThrottle         *throttle,
                                                          SluiceCredentialStore  *store,
                                                          SluiceCallList         *calls,
                                                          SluiceClock            *clock);

void               sluice_client_set_label               (SluiceClient           *self,
                                                          const char             *label);
void               sluice_client_set_login_url           (SluiceClient           *self,
                                                          const char             *login_url);
void               sluice_client_set_consumer_key        (SluiceClient           *self,
                                                          const char             *consumer_key);
const char        *sluice_client_get_api_version         (SluiceClient           *self);
void               sluice_client_set_api_version         (SluiceClient           *self,
                                                          const char             *api_version);
const char        *sluice_client_get_instance_url        (SluiceClient           *self);
gboolean           sluice_client_get_has_access_token    (SluiceClient           *self);
gboolean           sluice_client_get_has_refresh_token   (SluiceClient           *self);
gint64             sluice_client_get_issued_at           (SluiceClient           *self);

/* Reads the tokens from the credential store, again if they were read before. */
void               sluice_client_load_async              (SluiceClient           *self,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
gboolean           sluice_client_load_finish             (SluiceClient           *self,
                                                          GAsyncResult           *result,
                                                          GError                **error);
/* Stores new credentials and uses them from then on; the consumer secret is kept when @credentials has none. */
void               sluice_client_set_credentials_async   (SluiceClient           *self,
                                                          const SluiceCredentials *credentials,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
gboolean           sluice_client_set_credentials_finish  (SluiceClient           *self,
                                                          GAsyncResult           *result,
                                                          GError                **error);
void               sluice_client_edit_credentials_async  (SluiceClient           *self,
                                                          SluiceCredentialsEdit   edit,
                                                          gpointer                edit_data,
                                                          GDestroyNotify          edit_destroy,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
SluiceCredentials *sluice_client_dup_credentials         (SluiceClient           *self);

/* Asks for a new access token now; calls that meet an expired token do it by themselves. */
void               sluice_client_refresh_async           (SluiceClient           *self,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
gboolean           sluice_client_refresh_finish          (SluiceClient           *self,
                                                          GAsyncResult           *result,
                                                          GError                **error);
/* Ends the grant at Salesforce. What is stored here stays; the caller deletes it. */
void               sluice_client_revoke_async            (SluiceClient           *self,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
gboolean           sluice_client_revoke_finish           (SluiceClient           *self,
                                                          GAsyncResult           *result,
                                                          GError                **error);

void               sluice_client_send_async              (SluiceClient           *self,
                                                          const SluiceRequest    *request,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
SluiceReply       *sluice_client_send_finish             (SluiceClient           *self,
                                                          GAsyncResult           *result,
                                                          GError                **error);
/* The same with the body as a stream, inflated; closing or dropping the stream ends the call. */
void               sluice_client_stream_async            (SluiceClient           *self,
                                                          const SluiceRequest    *request,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
GInputStream      *sluice_client_stream_finish           (SluiceClient           *self,
                                                          GAsyncResult           *result,
                                                          SluiceReply           **reply,
                                                          GError                **error);

G_END_DECLS
