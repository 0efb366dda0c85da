/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection-private.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-integration-file.h"
#include "sluice-limit.h"
#include "sluice-org-budget.h"
#include "sluice-secrets.h"

/* As many calls as the Activity page shows. */
#define MAX_CALLS 1000

G_DEFINE_FINAL_TYPE (SluiceConnection, sluice_connection, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SUBSCRIPTION,
  PROP_CREDENTIAL_STORE,
  PROP_CLOCK,
  PROP_SIGN_IN,
  PROP_BUSY,
  PROP_THROTTLE,
  PROP_CLIENT,
  PROP_BUDGET,
  PROP_CALLS,
  PROP_LIMITS,
  PROP_UNEXPECTED_ORGANIZATION,
  PROP_SECRET_PLACE,
  N_PROPS
};

enum
{
  SAVE_WANTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What the subscription says */

SluiceIntegration *
sluice_connection_find_integration (SluiceConnection  *self,
                                    GError           **error)
{
  const char *version = sluice_subscription_get_version (self->subscription);
  SluiceIntegration *integration;

  if (sluice_subscription_get_damage (self->subscription) != NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           sluice_subscription_get_damage (self->subscription));
      return NULL;
    }

  integration = sluice_integrations_find (sluice_subscription_get_integration_id (self->subscription), version);
  if (integration == NULL)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 _("This application does not know version “%s”. Choose another one in the settings."), version);

  return integration;
}

/* The status that follows from what is stored, when nobody has asked the org. */
void
sluice_connection_settle_status (SluiceConnection *self)
{
  g_autoptr(GError) error = NULL;

  if (sluice_subscription_get_damage (self->subscription) != NULL)
    {
      sluice_subscription_set_status (self->subscription, SLUICE_STATUS_DAMAGED);
    }
  else if (!sluice_connection_has_tokens (self))
    {
      sluice_subscription_set_status (self->subscription,
                                      *sluice_subscription_get_consumer_key (self->subscription) != '\0'
                                      ? SLUICE_STATUS_SIGNED_OUT : SLUICE_STATUS_INCOMPLETE);
    }
  else if (!sluice_connection_check_login_url (self, &error))
    {
      sluice_subscription_set_last_error (self->subscription, error);
      sluice_subscription_set_status (self->subscription, SLUICE_STATUS_NEEDS_ATTENTION);
    }
  else
    {
      sluice_subscription_set_status (self->subscription, SLUICE_STATUS_UNVERIFIED);
    }
}

void
sluice_connection_restore_status (SluiceConnection *self,
                                  GTask            *task)
{
  SluiceStatus previous = sluice_operation_get (task)->previous_status;

  /* The address was changed meanwhile. */
  if (!sluice_connection_check_login_url (self, NULL))
    sluice_connection_settle_status (self);
  else if (sluice_connection_has_tokens (self) &&
           (previous == SLUICE_STATUS_CONNECTED || previous == SLUICE_STATUS_OFFLINE ||
            previous == SLUICE_STATUS_NEEDS_ATTENTION))
    sluice_subscription_set_status (self->subscription, previous);
  else if (previous == SLUICE_STATUS_NEEDS_ATTENTION && sluice_subscription_get_last_error (self->subscription) != NULL)
    sluice_subscription_set_status (self->subscription, previous);
  else
    sluice_connection_settle_status (self);
}

static void
tell_error (SluiceConnection *self,
            const GError     *error)
{
  sluice_subscription_set_last_error (self->subscription, error);

  if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE))
    sluice_subscription_set_status (self->subscription, SLUICE_STATUS_OFFLINE);
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_LIMIT))
    sluice_connection_settle_status (self);
  else if (sluice_subscription_get_damage (self->subscription) != NULL)
    sluice_subscription_set_status (self->subscription, SLUICE_STATUS_DAMAGED);
  else
    sluice_subscription_set_status (self->subscription, SLUICE_STATUS_NEEDS_ATTENTION);
}

/* Ends an operation with an error that the user must know about. */
void
sluice_connection_fail_operation (SluiceConnection *self,
                                  GTask            *task,
                                  GError           *error) /* (transfer full) */
{
  if (sluice_operation_is_cancelled (error))
    sluice_connection_restore_status (self, task);
  else
    tell_error (self, error);

  sluice_connection_end_operation (self, task, error);
}

void
sluice_connection_set_unexpected (SluiceConnection   *self,
                                  SluiceOrganization *organization)
{
  if (g_set_object (&self->unexpected, organization))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNEXPECTED_ORGANIZATION]);
}

void
sluice_connection_set_sign_in (SluiceConnection *self,
                               SluiceSignIn     *sign_in)
{
  if (g_set_object (&self->sign_in, sign_in))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIGN_IN]);
}

void
sluice_connection_set_session_only (SluiceConnection *self,
                                    gboolean          session_only)
{
  sluice_credential_store_set_session_only (self->store, sluice_subscription_get_id (self->subscription), session_only);
  sluice_subscription_set_session_only (self->subscription, session_only);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECRET_PLACE]);
}

/* The subscription was edited, or the client learned something. */

static void
name_changed_cb (SluiceConnection *self)
{
  g_autofree char *label = NULL;

  /* Translators: how the keyring shows the tokens of a subscription */
  label = g_strdup_printf (_("Sluice: %s"), sluice_subscription_get_name (self->subscription));
  sluice_client_set_label (self->client, label);
}

static void
consumer_key_changed_cb (SluiceConnection *self)
{
  /* Those that wait to be stored are another app's. */
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  sluice_client_set_consumer_key (self->client, sluice_subscription_get_consumer_key (self->subscription));
}

static void
api_url_changed_cb (SluiceConnection *self)
{
  SluiceStatus status = sluice_subscription_get_status (self->subscription);
  const GError *last_error = sluice_subscription_get_last_error (self->subscription);
  gboolean matches = sluice_connection_check_login_url (self, NULL);

  sluice_connection_follow_login_url (self);

  if (status == SLUICE_STATUS_SIGNING_IN || status == SLUICE_STATUS_VERIFYING)
    {
      /* Whatever comes of it belongs to the old address. */
      sluice_connection_supersede (self, SLUICE_SUPERSEDES_SIGN_IN);
      return;
    }

  if (!sluice_connection_has_tokens (self))
    return;

  /* Changed back: the complaint about the change is over. */
  if (matches && g_error_matches (last_error, SLUICE_ERROR, SLUICE_ERROR_INVALID))
    sluice_subscription_set_last_error (self->subscription, NULL);
  if (!matches || status == SLUICE_STATUS_NEEDS_ATTENTION)
    sluice_connection_settle_status (self);
}

static void
throttle_settings_changed_cb (SluiceConnection *self)
{
  sluice_throttle_apply_settings (self->throttle, sluice_subscription_get_throttle_settings (self->subscription));
}

static void
budget_reserve_changed_cb (SluiceConnection *self)
{
  if (self->budget != NULL)
    sluice_org_budget_reserve (self->budget, self, sluice_subscription_get_budget_reserve (self->subscription));
}

static void
tokens_changed_cb (SluiceConnection *self)
{
  sluice_connection_follow_tokens (self);
}

static void
signed_out_cb (SluiceConnection *self,
               const GError     *error)
{
  sluice_connection_follow_tokens (self);
  sluice_subscription_set_last_error (self->subscription, error);
  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_NEEDS_ATTENTION);
}

static void
not_saved_cb (SluiceConnection *self,
              const GError     *error)
{
  g_clear_error (&self->not_saved);
  self->not_saved = g_error_copy (error);
  tell_error (self, error);
}

/* Where tokens are kept */

static void
weak_ref_free (GWeakRef *weak_ref)
{
  g_weak_ref_clear (weak_ref);
  g_free (weak_ref);
}

static void
place_found_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(SluiceConnection) self = g_weak_ref_get (user_data);
  SluiceSecretPlace place;

  weak_ref_free (user_data);

  if (!sluice_secrets_find_place_finish (SLUICE_SECRETS (object), result, &place, NULL) ||
      self == NULL || self->place == place)
    return;

  self->place = place;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECRET_PLACE]);
}

/* It depends on the desktop, and stays as it is for as long as the program runs. */
static void
find_place (SluiceConnection *self)
{
  GWeakRef *weak_ref;

  if (!SLUICE_IS_SECRETS (self->store))
    return;

  weak_ref = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak_ref, self);
  sluice_secrets_find_place_async (SLUICE_SECRETS (self->store), NULL, place_found_cb, weak_ref);
}

/* The object */

static void
sluice_connection_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      g_value_set_object (value, self->subscription);
      break;
    case PROP_CREDENTIAL_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    case PROP_SIGN_IN:
      g_value_set_object (value, self->sign_in);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, sluice_connection_get_busy (self));
      break;
    case PROP_THROTTLE:
      g_value_set_object (value, self->throttle);
      break;
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_BUDGET:
      g_value_set_object (value, self->budget);
      break;
    case PROP_CALLS:
      g_value_set_object (value, self->calls);
      break;
    case PROP_LIMITS:
      g_value_set_object (value, self->limits);
      break;
    case PROP_UNEXPECTED_ORGANIZATION:
      g_value_set_object (value, self->unexpected);
      break;
    case PROP_SECRET_PLACE:
      g_value_set_enum (value, sluice_connection_get_secret_place (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
sluice_connection_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      self->subscription = g_value_dup_object (value);
      break;
    case PROP_CREDENTIAL_STORE:
      self->store = g_value_dup_object (value);
      break;
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
watch (SluiceConnection *self,
       gpointer          object,
       const char       *signal,
       GCallback         callback)
{
  g_signal_connect_object (object, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
sluice_connection_constructed (GObject *object)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  G_OBJECT_CLASS (sluice_connection_parent_class)->constructed (object);

  if (self->clock == NULL)
    self->clock = g_object_ref (sluice_clock_get_system ());

  self->throttle = sluice_throttle_new (self->clock);
  self->client = sluice_client_new (sluice_subscription_get_id (self->subscription), self->throttle, self->store,
                                    self->calls, self->clock);

  name_changed_cb (self);
  consumer_key_changed_cb (self);
  sluice_connection_follow_login_url (self);
  throttle_settings_changed_cb (self);

  watch (self, self->subscription, "notify::name", G_CALLBACK (name_changed_cb));
  watch (self, self->subscription, "notify::consumer-key", G_CALLBACK (consumer_key_changed_cb));
  watch (self, self->subscription, "notify::api-url", G_CALLBACK (api_url_changed_cb));
  watch (self, self->subscription, "notify::throttle-settings", G_CALLBACK (throttle_settings_changed_cb));
  watch (self, self->subscription, "notify::budget-reserve", G_CALLBACK (budget_reserve_changed_cb));
  watch (self, self->client, "notify::has-access-token", G_CALLBACK (tokens_changed_cb));
  watch (self, self->client, "notify::has-refresh-token", G_CALLBACK (tokens_changed_cb));
  watch (self, self->client, "notify::issued-at", G_CALLBACK (tokens_changed_cb));
  watch (self, self->client, "signed-out", G_CALLBACK (signed_out_cb));
  watch (self, self->client, "not-saved", G_CALLBACK (not_saved_cb));
  find_place (self);
}

static void
sluice_connection_dispose (GObject *object)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  if (self->throttle != NULL)
    sluice_connection_set_budget (self, NULL);
  g_clear_object (&self->describe_cache);
  g_clear_object (&self->client);
  g_clear_object (&self->throttle);
  g_clear_object (&self->store);
  g_clear_object (&self->sign_in);
  g_clear_object (&self->unexpected);

  G_OBJECT_CLASS (sluice_connection_parent_class)->dispose (object);
}

static void
sluice_connection_finalize (GObject *object)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  /* Each operation holds the connection, so there are none left. */
  g_assert (self->running == NULL && g_queue_is_empty (&self->waiting));
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  g_clear_error (&self->not_saved);
  g_free (self->verified_identity);
  g_clear_object (&self->subscription);
  g_clear_object (&self->clock);
  g_clear_object (&self->calls);
  g_clear_object (&self->limits);

  G_OBJECT_CLASS (sluice_connection_parent_class)->finalize (object);
}

static void
sluice_connection_class_init (SluiceConnectionClass *klass)
{
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags live = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_connection_get_property;
  object_class->set_property = sluice_connection_set_property;
  object_class->constructed = sluice_connection_constructed;
  object_class->dispose = sluice_connection_dispose;
  object_class->finalize = sluice_connection_finalize;

  properties[PROP_SUBSCRIPTION] =
    g_param_spec_object ("subscription", NULL, NULL, SLUICE_TYPE_SUBSCRIPTION, given);
  properties[PROP_CREDENTIAL_STORE] =
    g_param_spec_object ("credential-store", NULL, NULL, SLUICE_TYPE_CREDENTIAL_STORE, given);
  properties[PROP_CLOCK] =
    g_param_spec_object ("clock", NULL, NULL, SLUICE_TYPE_CLOCK, given);
  properties[PROP_SIGN_IN] =
    g_param_spec_object ("sign-in", NULL, NULL, SLUICE_TYPE_SIGN_IN, live);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, live);
  properties[PROP_THROTTLE] =
    g_param_spec_object ("throttle", NULL, NULL, SLUICE_TYPE_THROTTLE, live);
  properties[PROP_CLIENT] =
    g_param_spec_object ("client", NULL, NULL, SLUICE_TYPE_CLIENT, live);
  properties[PROP_BUDGET] =
    g_param_spec_object ("budget", NULL, NULL, SLUICE_TYPE_BUDGET, live);
  properties[PROP_CALLS] =
    g_param_spec_object ("calls", NULL, NULL, SLUICE_TYPE_CALL_LIST, live);
  properties[PROP_LIMITS] =
    g_param_spec_object ("limits", NULL, NULL, G_TYPE_LIST_MODEL, live);
  properties[PROP_UNEXPECTED_ORGANIZATION] =
    g_param_spec_object ("unexpected-organization", NULL, NULL, SLUICE_TYPE_ORGANIZATION, live);

  properties[PROP_SECRET_PLACE] =
    g_param_spec_enum ("secret-place", NULL, NULL, SLUICE_TYPE_SECRET_PLACE, SLUICE_SECRET_PLACE_KEYRING, live);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * SluiceConnection::save-wanted:
   * @self: a connection
   *
   * The org's id or environment, which the subscription's file keeps, changed.
   */
  signals[SAVE_WANTED] = g_signal_new ("save-wanted", SLUICE_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sluice_connection_init (SluiceConnection *self)
{
  g_queue_init (&self->waiting);
  self->calls = sluice_call_list_new (MAX_CALLS);
  self->limits = g_list_store_new (SLUICE_TYPE_LIMIT);
}

/**
 * sluice_connection_new:
 * @subscription: a subscription, perhaps a damaged one
 * @store: where its tokens are kept
 * @clock: (nullable): where time comes from, %NULL for the system's
 *
 * Returns: (transfer full): a connection that has not asked anybody anything yet
 */
SluiceConnection *
sluice_connection_new (SluiceSubscription    *subscription,
                       SluiceCredentialStore *store,
                       SluiceClock           *clock)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), NULL);
  g_return_val_if_fail (SLUICE_IS_CREDENTIAL_STORE (store), NULL);

  return g_object_new (SLUICE_TYPE_CONNECTION,
                       "subscription", subscription,
                       "credential-store", store,
                       "clock", clock,
                       NULL);
}

/**
 * sluice_connection_get_subscription:
 * @self: a connection
 *
 * Returns: (transfer none): whose connection it is
 */
SluiceSubscription *
sluice_connection_get_subscription (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->subscription;
}

/**
 * sluice_connection_get_throttle:
 * @self: a connection
 *
 * Returns: (transfer none): what every call waits for
 */
SluiceThrottle *
sluice_connection_get_throttle (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->throttle;
}

/**
 * sluice_connection_get_budget:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): the org's day, shared with other connections to it; %NULL until the org is known
 */
SluiceBudget *
sluice_connection_get_budget (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->budget;
}

/**
 * sluice_connection_get_calls:
 * @self: a connection
 *
 * Returns: (transfer none): the calls of this session
 */
SluiceCallList *
sluice_connection_get_calls (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->calls;
}

/**
 * sluice_connection_get_sign_in:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): what waits for the browser
 */
SluiceSignIn *
sluice_connection_get_sign_in (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->sign_in;
}

/**
 * sluice_connection_get_client:
 * @self: a connection
 *
 * Returns: (transfer none): what sends the calls
 */
SluiceClient *
sluice_connection_get_client (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->client;
}

/**
 * sluice_connection_get_limits:
 * @self: a connection
 *
 * Returns: (transfer none): the org's limits as of the last verification, a list of SluiceLimit
 */
GListModel *
sluice_connection_get_limits (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return G_LIST_MODEL (self->limits);
}

/**
 * sluice_connection_get_describe_cache:
 * @self: a connection
 *
 * Returns: (transfer none): what the org tells about its objects
 */
SluiceDescribeCache *
sluice_connection_get_describe_cache (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  if (self->describe_cache == NULL)
    self->describe_cache = sluice_describe_cache_new (self, NULL);

  return self->describe_cache;
}

/**
 * sluice_connection_get_unexpected_organization:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): the org that the tokens belong to, when it is not the one last seen
 */
SluiceOrganization *
sluice_connection_get_unexpected_organization (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->unexpected;
}

/**
 * sluice_connection_get_secret_place:
 * @self: a connection
 *
 * Returns: where tokens are kept, as far as it is known yet
 */
SluiceSecretPlace
sluice_connection_get_secret_place (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), SLUICE_SECRET_PLACE_KEYRING);

  return sluice_subscription_get_session_only (self->subscription) ? SLUICE_SECRET_PLACE_MEMORY : self->place;
}

/**
 * sluice_connection_get_busy:
 * @self: a connection
 *
 * Returns: whether an operation is under way
 */
gboolean
sluice_connection_get_busy (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), FALSE);

  return self->running != NULL || !g_queue_is_empty (&self->waiting);
}

/**
 * sluice_connection_check_usable:
 * @self: a connection
 * @error: what to do before
 *
 * Tells whether the org may be asked: somebody is signed in, and the org is
 * verified to be the right one.
 *
 * Returns: whether it may
 */
gboolean
sluice_connection_check_usable (SluiceConnection  *self,
                                GError           **error)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), FALSE);

  if (self->unexpected != NULL)
    return sluice_connection_check_organization (self, self->unexpected, error);

  if (!sluice_connection_has_tokens (self))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED,
                           _("Nobody is signed in. Authenticate first."));
      return FALSE;
    }

  if (!sluice_connection_check_login_url (self, error))
    return FALSE;

  if (!sluice_connection_is_verified (self))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The org is not verified yet. Refresh the connection first."));
      return FALSE;
    }

  return TRUE;
}
