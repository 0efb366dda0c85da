/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-client.h"

#include "sluice-client-private.h"
#include "sluice-exchange.h"
#include "sluice-session-carrier.h"
#include "sluice-session.h"
#include "sluice-tokens.h"

struct _SluiceClient
{
  GObject parent_instance;

  char *subscription_id;
  SluiceThrottle *throttle;
  SluiceCredentialStore *store;
  SluiceCallList *calls;
  SluiceClock *clock;
  char *api_version; /* (nullable) */

  SluiceTokens *tokens;
  SluiceCarrier *carrier; /* (nullable): until it is needed */
};

enum
{
  PROP_0,
  PROP_SUBSCRIPTION_ID,
  PROP_THROTTLE,
  PROP_CREDENTIAL_STORE,
  PROP_CALLS,
  PROP_CLOCK,
  PROP_LABEL,
  PROP_LOGIN_URL,
  PROP_CONSUMER_KEY,
  PROP_API_VERSION,
  PROP_HAS_ACCESS_TOKEN,
  PROP_HAS_REFRESH_TOKEN,
  PROP_ISSUED_AT,
  PROP_INSTANCE_URL,
  N_PROPS
};

enum
{
  SIGNED_OUT,
  NOT_SAVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceClient, sluice_client, G_TYPE_OBJECT)

static void
tokens_notify_cb (SluiceTokens *tokens,
                  GParamSpec   *pspec,
                  SluiceClient *self)
{
  g_object_notify (G_OBJECT (self), pspec->name);
}

static void
signed_out_cb (SluiceTokens *tokens,
               GError       *error,
               SluiceClient *self)
{
  g_signal_emit (self, signals[SIGNED_OUT], 0, error);
}

static void
not_saved_cb (SluiceTokens *tokens,
              GError       *error,
              SluiceClient *self)
{
  g_signal_emit (self, signals[NOT_SAVED], 0, error);
}

/* The pool's size is fixed; what runs keeps the session it began with. */
static void
concurrent_limit_cb (SluiceClient *self)
{
  g_clear_object (&self->carrier);
}

static SluiceCarrier *
get_carrier (SluiceClient *self)
{
  g_autoptr(SoupSession) session = NULL;

  if (self->carrier == NULL)
    {
      session = sluice_session_new (sluice_throttle_get_concurrent_limit (self->throttle));
      self->carrier = sluice_session_carrier_new (session);
    }

  return self->carrier;
}

static void
sluice_client_constructed (GObject *object)
{
  SluiceClient *self = SLUICE_CLIENT (object);

  G_OBJECT_CLASS (sluice_client_parent_class)->constructed (object);

  self->tokens = sluice_tokens_new (self->subscription_id, self->throttle, self->store, self->calls, self->clock);
  g_signal_connect_object (self->tokens, "notify", G_CALLBACK (tokens_notify_cb), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (self->tokens, "signed-out", G_CALLBACK (signed_out_cb), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (self->tokens, "not-saved", G_CALLBACK (not_saved_cb), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (self->throttle, "notify::concurrent-limit", G_CALLBACK (concurrent_limit_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
sluice_client_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  SluiceClient *self = SLUICE_CLIENT (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION_ID:
      g_value_set_string (value, self->subscription_id);
      break;

    case PROP_THROTTLE:
      g_value_set_object (value, self->throttle);
      break;

    case PROP_CREDENTIAL_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_CALLS:
      g_value_set_object (value, self->calls);
      break;

    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;

    case PROP_API_VERSION:
      g_value_set_string (value, self->api_version);
      break;

    case PROP_LABEL:
    case PROP_LOGIN_URL:
    case PROP_CONSUMER_KEY:
    case PROP_HAS_ACCESS_TOKEN:
    case PROP_HAS_REFRESH_TOKEN:
    case PROP_ISSUED_AT:
    case PROP_INSTANCE_URL:
      g_object_get_property (G_OBJECT (self->tokens), pspec->name, value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_client_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  SluiceClient *self = SLUICE_CLIENT (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION_ID:
      self->subscription_id = g_value_dup_string (value);
      break;

    case PROP_THROTTLE:
      self->throttle = g_value_dup_object (value);
      break;

    case PROP_CREDENTIAL_STORE:
      self->store = g_value_dup_object (value);
      break;

    case PROP_CALLS:
      self->calls = g_value_dup_object (value);
      break;

    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;

    case PROP_API_VERSION:
      sluice_client_set_api_version (self, g_value_get_string (value));
      break;

    case PROP_LABEL:
    case PROP_LOGIN_URL:
    case PROP_CONSUMER_KEY:
      g_object_set_property (G_OBJECT (self->tokens), pspec->name, value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_client_dispose (GObject *object)
{
  SluiceClient *self = SLUICE_CLIENT (object);

  g_clear_object (&self->carrier);

  G_OBJECT_CLASS (sluice_client_parent_class)->dispose (object);
}

static void
sluice_client_finalize (GObject *object)
{
  SluiceClient *self = SLUICE_CLIENT (object);

  g_clear_object (&self->tokens);
  g_clear_object (&self->throttle);
  g_clear_object (&self->store);
  g_clear_object (&self->calls);
  g_clear_object (&self->clock);
  g_free (self->subscription_id);
  g_free (self->api_version);

  G_OBJECT_CLASS (sluice_client_parent_class)->finalize (object);
}

static void
sluice_client_class_init (SluiceClientClass *klass)
{
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags written = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags told = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = sluice_client_constructed;
  object_class->get_property = sluice_client_get_property;
  object_class->set_property = sluice_client_set_property;
  object_class->dispose = sluice_client_dispose;
  object_class->finalize = sluice_client_finalize;

  properties[PROP_SUBSCRIPTION_ID] = g_param_spec_string ("subscription-id", NULL, NULL, NULL, given);
  properties[PROP_THROTTLE] = g_param_spec_object ("throttle", NULL, NULL, SLUICE_TYPE_THROTTLE, given);
  properties[PROP_CREDENTIAL_STORE] =
    g_param_spec_object ("credential-store", NULL, NULL, SLUICE_TYPE_CREDENTIAL_STORE, given);
  properties[PROP_CALLS] = g_param_spec_object ("calls", NULL, NULL, SLUICE_TYPE_CALL_LIST, given);
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, SLUICE_TYPE_CLOCK, given);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, written);
  properties[PROP_LOGIN_URL] = g_param_spec_string ("login-url", NULL, NULL, NULL, written);
  properties[PROP_CONSUMER_KEY] = g_param_spec_string ("consumer-key", NULL, NULL, NULL, written);
  properties[PROP_API_VERSION] = g_param_spec_string ("api-version", NULL, NULL, NULL, written);
  properties[PROP_HAS_ACCESS_TOKEN] = g_param_spec_boolean ("has-access-token", NULL, NULL, FALSE, told);
  properties[PROP_HAS_REFRESH_TOKEN] = g_param_spec_boolean ("has-refresh-token", NULL, NULL, FALSE, told);
  properties[PROP_ISSUED_AT] = g_param_spec_int64 ("issued-at", NULL, NULL, G_MININT64, G_MAXINT64, 0, told);
  properties[PROP_INSTANCE_URL] = g_param_spec_string ("instance-url", NULL, NULL, NULL, told);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNED_OUT] = g_signal_new ("signed-out", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[NOT_SAVED] = g_signal_new ("not-saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
sluice_client_init (SluiceClient *self)
{
}

/**
 * sluice_reply_free:
 * @self: (transfer full) (nullable): an answer
 *
 * Frees @self.
 */
void
sluice_reply_free (SluiceReply *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->headers);
  g_clear_pointer (&self->json, json_node_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/**
 * sluice_client_new:
 * @subscription_id: the subscription
 * @throttle: which every request passes
 * @store: where tokens are kept
 * @calls: where calls are noted
 * @clock: whose time it is
 *
 * Returns: (transfer full): a client that has not loaded its tokens yet
 */
SluiceClient *
sluice_client_new (const char            *subscription_id,
                   SluiceThrottle        *throttle,
                   SluiceCredentialStore *store,
                   SluiceCallList        *calls,
                   SluiceClock           *clock)
{
  g_return_val_if_fail (subscription_id != NULL, NULL);
  g_return_val_if_fail (SLUICE_IS_THROTTLE (throttle), NULL);
  g_return_val_if_fail (SLUICE_IS_CREDENTIAL_STORE (store), NULL);
  g_return_val_if_fail (SLUICE_IS_CALL_LIST (calls), NULL);
  g_return_val_if_fail (SLUICE_IS_CLOCK (clock), NULL);

  return g_object_new (SLUICE_TYPE_CLIENT,
                       "subscription-id", subscription_id,
                       "throttle", throttle,
                       "credential-store", store,
                       "calls", calls,
                       "clock", clock,
                       NULL);
}

/**
 * sluice_client_set_label:
 * @self: a client
 * @label: (nullable): what the keyring's own program shows, such as the subscription's name
 *
 * Names the item in the keyring, from the next writing on.
 */
void
sluice_client_set_label (SluiceClient *self,
                         const char   *label)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));

  sluice_tokens_set_label (self->tokens, label);
}

/**
 * sluice_client_set_login_url:
 * @self: a client
 * @login_url: (nullable): scheme and host
 *
 * Says where tokens are refreshed and revoked. Credentials that remember
 * where they were issued go back there only.
 */
void
sluice_client_set_login_url (SluiceClient *self,
                             const char   *login_url)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));

  sluice_tokens_set_login_url (self->tokens, login_url);
}

/**
 * sluice_client_set_consumer_key:
 * @self: a client
 * @consumer_key: (nullable): of the app in the org
 *
 * Says for which app tokens are refreshed.
 */
void
sluice_client_set_consumer_key (SluiceClient *self,
                                const char   *consumer_key)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));

  sluice_tokens_set_consumer_key (self->tokens, consumer_key);
}

/**
 * sluice_client_get_api_version:
 * @self: a client
 *
 * Returns: (nullable): the pinned API version, such as "68.0"
 */
const char *
sluice_client_get_api_version (SluiceClient *self)
{
  g_return_val_if_fail (SLUICE_IS_CLIENT (self), NULL);

  return self->api_version;
}

/**
 * sluice_client_set_api_version:
 * @self: a client
 * @api_version: (nullable): such as "68.0"
 *
 * Pins the API version of all calls that come after.
 */
void
sluice_client_set_api_version (SluiceClient *self,
                               const char   *api_version)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));

  if (g_set_str (&self->api_version, api_version))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_API_VERSION]);
}

/**
 * sluice_client_get_instance_url:
 * @self: a client
 *
 * Returns: (nullable): scheme and host of the org, as the last token said
 */
const char *
sluice_client_get_instance_url (SluiceClient *self)
{
  const SluiceCredentials *credentials;

  g_return_val_if_fail (SLUICE_IS_CLIENT (self), NULL);

  credentials = sluice_tokens_peek (self->tokens);

  return credentials != NULL ? credentials->instance_url : NULL;
}

/**
 * sluice_client_get_has_access_token:
 * @self: a client
 *
 * Returns: whether an access token is loaded
 */
gboolean
sluice_client_get_has_access_token (SluiceClient *self)
{
  const SluiceCredentials *credentials;

  g_return_val_if_fail (SLUICE_IS_CLIENT (self), FALSE);

  credentials = sluice_tokens_peek (self->tokens);

  return credentials != NULL && credentials->access_token != NULL;
}

/**
 * sluice_client_get_has_refresh_token:
 * @self: a client
 *
 * Returns: whether a refresh token is loaded
 */
gboolean
sluice_client_get_has_refresh_token (SluiceClient *self)
{
  const SluiceCredentials *credentials;

  g_return_val_if_fail (SLUICE_IS_CLIENT (self), FALSE);

  credentials = sluice_tokens_peek (self->tokens);

  return credentials != NULL && credentials->refresh_token != NULL;
}

/**
 * sluice_client_get_issued_at:
 * @self: a client
 *
 * Returns: when the access token was issued, in milliseconds since 1970, 0 = not known
 */
gint64
sluice_client_get_issued_at (SluiceClient *self)
{
  const SluiceCredentials *credentials;

  g_return_val_if_fail (SLUICE_IS_CLIENT (self), 0);

  credentials = sluice_tokens_peek (self->tokens);

  return credentials != NULL ? credentials->issued_at : 0;
}

/**
 * sluice_client_dup_credentials:
 * @self: a client
 *
 * Returns: (transfer full) (nullable): the credentials in use
 */
SluiceCredentials *
sluice_client_dup_credentials (SluiceClient *self)
{
  const SluiceCredentials *credentials;

  g_return_val_if_fail (SLUICE_IS_CLIENT (self), NULL);

  credentials = sluice_tokens_peek (self->tokens);

  return credentials != NULL ? sluice_credentials_copy (credentials) : NULL;
}

static GTask *
new_task (SluiceClient        *self,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data,
          gpointer             source_tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);

  return task;
}

static gboolean
finish (SluiceClient  *self,
        GAsyncResult  *result,
        GError       **error)
{
  g_return_val_if_fail (SLUICE_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Hands on how an operation of the tokens ended. */
static void
tokens_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * sluice_client_load_async:
 * @self: a client
 * @cancellable: (nullable): stops waiting
 * @callback: called when the tokens are read
 * @user_data: data for @callback
 *
 * Reads the tokens from the credential store, again if they were read before.
 * Calls do it by themselves the first time.
 */
void
sluice_client_load_async (SluiceClient        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));

  sluice_tokens_load_async (self->tokens, cancellable, tokens_done_cb,
                            new_task (self, cancellable, callback, user_data, sluice_client_load_async));
}

/**
 * sluice_client_load_finish:
 * @self: a client
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_…`
 *
 * Returns: whether it is known which tokens there are; there may be none
 */
gboolean
sluice_client_load_finish (SluiceClient  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return finish (self, result, error);
}

/**
 * sluice_client_set_credentials_async:
 * @self: a client
 * @credentials: what a sign-in brought
 * @cancellable: (nullable): stops waiting
 * @callback: called when @credentials are stored
 * @user_data: data for @callback
 *
 * Stores @credentials and uses them from then on; the consumer secret is kept
 * when @credentials has none.
 */
void
sluice_client_set_credentials_async (SluiceClient            *self,
                                     const SluiceCredentials *credentials,
                                     GCancellable            *cancellable,
                                     GAsyncReadyCallback      callback,
                                     gpointer                 user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));
  g_return_if_fail (credentials != NULL);

  sluice_tokens_replace_async (self->tokens, credentials, cancellable, tokens_done_cb,
                               new_task (self, cancellable, callback, user_data,
                                         sluice_client_set_credentials_async));
}

/**
 * sluice_client_set_credentials_finish:
 * @self: a client
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_…`: what was used before is used on
 *
 * Returns: whether the credentials are stored
 */
gboolean
sluice_client_set_credentials_finish (SluiceClient  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return finish (self, result, error);
}

/**
 * sluice_client_edit_credentials_async:
 * @self: a client
 * @edit: changes a copy of the credentials in use; called once, or never when the operation is cancelled before
 * @edit_data: data for @edit
 * @edit_destroy: (nullable): frees @edit_data
 * @cancellable: (nullable): stops waiting
 * @callback: called when the result is stored
 * @user_data: data for @callback
 *
 * Changes the credentials and stores them, after a refresh that runs: what was
 * read before it would bring back a token that is dead by now. Ends with
 * sluice_client_set_credentials_finish().
 */
void
sluice_client_edit_credentials_async (SluiceClient          *self,
                                      SluiceCredentialsEdit  edit,
                                      gpointer               edit_data,
                                      GDestroyNotify         edit_destroy,
                                      GCancellable          *cancellable,
                                      GAsyncReadyCallback    callback,
                                      gpointer               user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));
  g_return_if_fail (edit != NULL);

  sluice_tokens_edit_async (self->tokens, edit, edit_data, edit_destroy, cancellable, tokens_done_cb,
                            new_task (self, cancellable, callback, user_data,
                                      sluice_client_edit_credentials_async));
}

/**
 * sluice_client_refresh_async:
 * @self: a client
 * @cancellable: (nullable): stops waiting; a refresh that was sent goes on
 * @callback: called when there is a new access token
 * @user_data: data for @callback
 *
 * Asks for a new access token now; calls that meet an expired token do it by
 * themselves.
 */
void
sluice_client_refresh_async (SluiceClient        *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));

  sluice_tokens_refresh_async (self->tokens, NULL, cancellable, tokens_done_cb,
                               new_task (self, cancellable, callback, user_data, sluice_client_refresh_async));
}

/**
 * sluice_client_refresh_finish:
 * @self: a client
 * @result: what the callback got
 * @error: %SLUICE_ERROR_NOT_AUTHORIZED when only signing in helps
 *
 * Returns: whether there is a new access token
 */
gboolean
sluice_client_refresh_finish (SluiceClient  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return finish (self, result, error);
}

/**
 * sluice_client_revoke_async:
 * @self: a client
 * @cancellable: (nullable): stops waiting
 * @callback: called when Salesforce has answered
 * @user_data: data for @callback
 *
 * Ends the grant at Salesforce. What is stored here stays; the caller deletes
 * it.
 */
void
sluice_client_revoke_async (SluiceClient        *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));

  sluice_tokens_revoke_async (self->tokens, cancellable, tokens_done_cb,
                              new_task (self, cancellable, callback, user_data, sluice_client_revoke_async));
}

/**
 * sluice_client_revoke_finish:
 * @self: a client
 * @result: what the callback got
 * @error: why the grant may still hold
 *
 * Returns: whether the grant is ended; also when there was none
 */
gboolean
sluice_client_revoke_finish (SluiceClient  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return finish (self, result, error);
}

static void
run (SluiceClient        *self,
     const SluiceRequest *request,
     SluiceCarrier       *carrier,
     gboolean             stream,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  SluiceExchange exchange = {
    .throttle = self->throttle,
    .tokens = self->tokens,
    .calls = self->calls,
    .clock = self->clock,
    .carrier = carrier,
    .api_version = self->api_version,
  };

  sluice_exchange_run_async (G_OBJECT (self), &exchange, request, stream, cancellable, callback, user_data);
}

/**
 * sluice_client_send_async:
 * @self: a client
 * @request: the call; only read while this function runs
 * @cancellable: (nullable): ends the call, whatever it is doing
 * @callback: called once, with the answer or the error
 * @user_data: data for @callback
 *
 * Sends a call to the org when the throttle allows it, and reads the answer.
 *
 * Needs no retry of the caller's own: an expired token, a limit that passes,
 * a lost connection and a server that stumbles are dealt with where that is
 * safe.
 */
void
sluice_client_send_async (SluiceClient        *self,
                          const SluiceRequest *request,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));
  g_return_if_fail (request != NULL);

  run (self, request, get_carrier (self), FALSE, cancellable, callback, user_data);
}

/**
 * sluice_client_send_finish:
 * @self: a client
 * @result: what the callback got
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the answer
 */
SluiceReply *
sluice_client_send_finish (SluiceClient  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (SLUICE_IS_CLIENT (self), NULL);

  return sluice_exchange_run_finish (G_OBJECT (self), result, NULL, error);
}

/**
 * sluice_client_carry_async:
 * @self: a client
 * @carrier: who sends it
 * @request: the call; only read while this function runs
 * @cancellable: (nullable): ends the call while it waits or runs
 * @callback: called once, when the body begins
 * @user_data: data for @callback
 *
 * Like sluice_client_stream_async(), with @carrier to send it.
 */
void
sluice_client_carry_async (SluiceClient        *self,
                           SluiceCarrier       *carrier,
                           const SluiceRequest *request,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));
  g_return_if_fail (SLUICE_IS_CARRIER (carrier));

  run (self, request, carrier, TRUE, cancellable, callback, user_data);
}

/**
 * sluice_client_stream_async:
 * @self: a client
 * @request: the call; only read while this function runs
 * @cancellable: (nullable): ends the call while it waits or runs
 * @callback: called once, when the body begins
 * @user_data: data for @callback
 *
 * The same with the body as a stream, inflated and of any size. The call runs
 * until the stream is read to its end, closed or dropped, in this thread. An
 * answer that is an error is read and told as one.
 */
void
sluice_client_stream_async (SluiceClient        *self,
                            const SluiceRequest *request,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CLIENT (self));
  g_return_if_fail (request != NULL);

  run (self, request, get_carrier (self), TRUE, cancellable, callback, user_data);
}

/**
 * sluice_client_stream_finish:
 * @self: a client
 * @result: what the callback got
 * @reply: (out) (optional) (transfer full): status and headers
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the body
 */
GInputStream *
sluice_client_stream_finish (SluiceClient  *self,
                             GAsyncResult  *result,
                             SluiceReply  **reply,
                             GError       **error)
{
  g_autoptr(SluiceReply) answer = NULL;
  GInputStream *stream = NULL;

  g_return_val_if_fail (SLUICE_IS_CLIENT (self), NULL);

  answer = sluice_exchange_run_finish (G_OBJECT (self), result, &stream, error);
  if (reply != NULL)
    *reply = g_steal_pointer (&answer);

  return stream;
}
