/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription.h"

#include <string.h>

struct _SluiceSubscription
{
  GObject parent_instance;

  /* Kept in the file */
  char *id;
  char *name;
  char *integration_id;
  char *version;
  char *api_url;
  char *api_key;
  char *consumer_key;
  char *org_id; /* (nullable) */
  SluiceSignInWith sign_in_with;
  SluiceThrottleSettings throttle_settings;
  SluiceEnvironment environment;
  guint budget_reserve;
  GHashTable *look_back_days; /* (element-type utf8 guint) */
  char *document; /* (nullable) */

  /* Of this session */
  char *path;   /* (nullable) */
  char *damage; /* (nullable) */
  SluiceStatus status;
  SluiceOrganization *organization; /* (nullable) */
  GError *last_error; /* (nullable) */
  gint64 issued_at;
  gboolean has_access_token;
  gboolean has_refresh_token;
  gboolean session_only;
};

G_DEFINE_FINAL_TYPE (SluiceSubscription, sluice_subscription, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_INTEGRATION_ID,
  PROP_VERSION,
  PROP_API_URL,
  PROP_API_KEY,
  PROP_CONSUMER_KEY,
  PROP_SIGN_IN_WITH,
  PROP_THROTTLE_SETTINGS,
  PROP_BUDGET_RESERVE,
  PROP_ORG_ID,
  PROP_ENVIRONMENT,
  PROP_STATUS,
  PROP_ORGANIZATION,
  PROP_HAS_ACCESS_TOKEN,
  PROP_HAS_REFRESH_TOKEN,
  PROP_SESSION_ONLY,
  PROP_ISSUED_AT,
  PROP_LAST_ERROR,
  PROP_DAMAGE,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
sluice_subscription_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceSubscription *self = SLUICE_SUBSCRIPTION (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_INTEGRATION_ID:
      g_value_set_string (value, self->integration_id);
      break;
    case PROP_VERSION:
      g_value_set_string (value, self->version);
      break;
    case PROP_API_URL:
      g_value_set_string (value, self->api_url);
      break;
    case PROP_API_KEY:
      g_value_set_string (value, self->api_key);
      break;
    case PROP_CONSUMER_KEY:
      g_value_set_string (value, self->consumer_key);
      break;
    case PROP_SIGN_IN_WITH:
      g_value_set_enum (value, self->sign_in_with);
      break;
    case PROP_THROTTLE_SETTINGS:
      g_value_set_boxed (value, &self->throttle_settings);
      break;
    case PROP_BUDGET_RESERVE:
      g_value_set_uint (value, self->budget_reserve);
      break;
    case PROP_ORG_ID:
      g_value_set_string (value, self->org_id);
      break;
    case PROP_ENVIRONMENT:
      g_value_set_enum (value, self->environment);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case PROP_ORGANIZATION:
      g_value_set_object (value, self->organization);
      break;
    case PROP_HAS_ACCESS_TOKEN:
      g_value_set_boolean (value, self->has_access_token);
      break;
    case PROP_HAS_REFRESH_TOKEN:
      g_value_set_boolean (value, self->has_refresh_token);
      break;
    case PROP_SESSION_ONLY:
      g_value_set_boolean (value, self->session_only);
      break;
    case PROP_ISSUED_AT:
      g_value_set_int64 (value, self->issued_at);
      break;
    case PROP_LAST_ERROR:
      g_value_set_boxed (value, self->last_error);
      break;
    case PROP_DAMAGE:
      g_value_set_string (value, self->damage);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_subscription_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  SluiceSubscription *self = SLUICE_SUBSCRIPTION (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;
    case PROP_DAMAGE:
      self->damage = g_value_dup_string (value);
      break;
    case PROP_INTEGRATION_ID:
      g_free (self->integration_id);
      self->integration_id = g_value_dup_string (value);
      break;
    case PROP_NAME:
      sluice_subscription_set_name (self, g_value_get_string (value));
      break;
    case PROP_VERSION:
      sluice_subscription_set_version (self, g_value_get_string (value));
      break;
    case PROP_API_URL:
      sluice_subscription_set_api_url (self, g_value_get_string (value));
      break;
    case PROP_API_KEY:
      sluice_subscription_set_api_key (self, g_value_get_string (value));
      break;
    case PROP_CONSUMER_KEY:
      sluice_subscription_set_consumer_key (self, g_value_get_string (value));
      break;
    case PROP_SIGN_IN_WITH:
      sluice_subscription_set_sign_in_with (self, g_value_get_enum (value));
      break;
    case PROP_THROTTLE_SETTINGS:
      sluice_subscription_set_throttle_settings (self, g_value_get_boxed (value));
      break;
    case PROP_BUDGET_RESERVE:
      sluice_subscription_set_budget_reserve (self, g_value_get_uint (value));
      break;
    case PROP_ORG_ID:
      sluice_subscription_set_org_id (self, g_value_get_string (value));
      break;
    case PROP_ENVIRONMENT:
      sluice_subscription_set_environment (self, g_value_get_enum (value));
      break;
    case PROP_STATUS:
      sluice_subscription_set_status (self, g_value_get_enum (value));
      break;
    case PROP_ORGANIZATION:
      sluice_subscription_set_organization (self, g_value_get_object (value));
      break;
    case PROP_SESSION_ONLY:
      sluice_subscription_set_session_only (self, g_value_get_boolean (value));
      break;
    case PROP_LAST_ERROR:
      sluice_subscription_set_last_error (self, g_value_get_boxed (value));
      break;
    case PROP_PATH:
      sluice_subscription_set_path (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_subscription_constructed (GObject *object)
{
  SluiceSubscription *self = SLUICE_SUBSCRIPTION (object);

  G_OBJECT_CLASS (sluice_subscription_parent_class)->constructed (object);

  if (self->id == NULL)
    self->id = g_uuid_string_random ();
  if (self->damage != NULL)
    self->status = SLUICE_STATUS_DAMAGED;
}

static void
sluice_subscription_finalize (GObject *object)
{
  SluiceSubscription *self = SLUICE_SUBSCRIPTION (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->integration_id);
  g_free (self->version);
  g_free (self->api_url);
  g_free (self->api_key);
  g_free (self->consumer_key);
  g_free (self->org_id);
  g_hash_table_unref (self->look_back_days);
  g_free (self->document);
  g_free (self->path);
  g_free (self->damage);
  g_clear_object (&self->organization);
  g_clear_error (&self->last_error);

  G_OBJECT_CLASS (sluice_subscription_parent_class)->finalize (object);
}

static void
sluice_subscription_class_init (SluiceSubscriptionClass *klass)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_subscription_get_property;
  object_class->set_property = sluice_subscription_set_property;
  object_class->constructed = sluice_subscription_constructed;
  object_class->finalize = sluice_subscription_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, construct);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, writable);
  properties[PROP_INTEGRATION_ID] = g_param_spec_string ("integration-id", NULL, NULL, NULL, construct);
  properties[PROP_VERSION] = g_param_spec_string ("version", NULL, NULL, NULL, writable);
  properties[PROP_API_URL] = g_param_spec_string ("api-url", NULL, NULL, NULL, writable);
  properties[PROP_API_KEY] = g_param_spec_string ("api-key", NULL, NULL, NULL, writable);
  properties[PROP_CONSUMER_KEY] = g_param_spec_string ("consumer-key", NULL, NULL, NULL, writable);
  properties[PROP_SIGN_IN_WITH] =
    g_param_spec_enum ("sign-in-with", NULL, NULL,
                       SLUICE_TYPE_SIGN_IN_WITH, SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER, writable);
  properties[PROP_THROTTLE_SETTINGS] =
    g_param_spec_boxed ("throttle-settings", NULL, NULL, SLUICE_TYPE_THROTTLE_SETTINGS, writable);
  properties[PROP_BUDGET_RESERVE] = g_param_spec_uint ("budget-reserve", NULL, NULL, 0, G_MAXUINT, 0, writable);
  properties[PROP_ORG_ID] = g_param_spec_string ("org-id", NULL, NULL, NULL, writable);
  properties[PROP_ENVIRONMENT] =
    g_param_spec_enum ("environment", NULL, NULL, SLUICE_TYPE_ENVIRONMENT, SLUICE_ENVIRONMENT_UNKNOWN, writable);
  properties[PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, SLUICE_TYPE_STATUS, SLUICE_STATUS_INCOMPLETE, writable);
  properties[PROP_ORGANIZATION] =
    g_param_spec_object ("organization", NULL, NULL, SLUICE_TYPE_ORGANIZATION, writable);
  properties[PROP_HAS_ACCESS_TOKEN] = g_param_spec_boolean ("has-access-token", NULL, NULL, FALSE, readable);
  properties[PROP_HAS_REFRESH_TOKEN] = g_param_spec_boolean ("has-refresh-token", NULL, NULL, FALSE, readable);
  properties[PROP_SESSION_ONLY] = g_param_spec_boolean ("session-only", NULL, NULL, FALSE, writable);
  properties[PROP_ISSUED_AT] = g_param_spec_int64 ("issued-at", NULL, NULL, G_MININT64, G_MAXINT64, 0, readable);
  properties[PROP_LAST_ERROR] = g_param_spec_boxed ("last-error", NULL, NULL, G_TYPE_ERROR, writable);
  properties[PROP_DAMAGE] = g_param_spec_string ("damage", NULL, NULL, NULL, construct);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, writable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_subscription_init (SluiceSubscription *self)
{
  self->name = g_strdup ("");
  self->version = g_strdup ("1.0");
  self->api_url = g_strdup ("");
  self->api_key = g_strdup ("");
  self->consumer_key = g_strdup ("");
  self->look_back_days = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->status = SLUICE_STATUS_INCOMPLETE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      unused)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
set_text (SluiceSubscription  *self,
          char               **place,
          const char          *text,
          guint                prop_id)
{
  if (g_set_str (place, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/**
 * sluice_subscription_new:
 *
 * Returns: (transfer full): a subscription with a new id and empty fields
 */
SluiceSubscription *
sluice_subscription_new (void)
{
  return sluice_subscription_new_with_id (NULL);
}

/**
 * sluice_subscription_new_with_id:
 * @id: (nullable): the id of its file, %NULL for a new one
 *
 * Returns: (transfer full): a subscription with empty fields
 */
SluiceSubscription *
sluice_subscription_new_with_id (const char *id)
{
  return g_object_new (SLUICE_TYPE_SUBSCRIPTION, "id", id, "integration-id", "salesforce", NULL);
}

/**
 * sluice_subscription_new_for_integration:
 * @integration: what the subscription will use
 *
 * Returns: (transfer full): a subscription with a new id and what @integration pre-fills
 */
SluiceSubscription *
sluice_subscription_new_for_integration (SluiceIntegration *integration)
{
  SluiceSubscription *self;

  g_return_val_if_fail (SLUICE_IS_INTEGRATION (integration), NULL);

  self = g_object_new (SLUICE_TYPE_SUBSCRIPTION,
                       "integration-id", sluice_integration_get_id (integration),
                       NULL);
  sluice_subscription_set_version (self, sluice_integration_get_version (integration));
  sluice_subscription_set_api_url (self, sluice_integration_get_default_api_url (integration));
  sluice_subscription_set_throttle_settings (self, sluice_integration_get_throttle (integration));

  return self;
}

/**
 * sluice_subscription_new_damaged:
 * @id: what identifies the file
 * @path: the file
 * @name: the name that is shown
 * @damage: why the file cannot be used, translated
 *
 * Returns: (transfer full): a stand-in for a file that is kept as it is
 */
SluiceSubscription *
sluice_subscription_new_damaged (const char *id,
                                 const char *path,
                                 const char *name,
                                 const char *damage)
{
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (damage != NULL, NULL);

  return g_object_new (SLUICE_TYPE_SUBSCRIPTION,
                       "id", id,
                       "integration-id", "salesforce",
                       "damage", damage,
                       "path", path,
                       "name", name,
                       NULL);
}

/**
 * sluice_subscription_duplicate:
 * @self: a subscription
 * @name: the name of the new one
 *
 * Copies the settings of @self, but not what is known of its org and tokens.
 *
 * Returns: (transfer full): a subscription with a new id
 */
SluiceSubscription *
sluice_subscription_duplicate (SluiceSubscription *self,
                               const char         *name)
{
  SluiceSubscription *copy;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  copy = sluice_subscription_new ();
  sluice_subscription_copy_settings (copy, self);
  sluice_subscription_set_name (copy, name);
  sluice_subscription_set_org_id (copy, NULL);
  sluice_subscription_set_environment (copy, SLUICE_ENVIRONMENT_UNKNOWN);

  return copy;
}

/**
 * sluice_subscription_copy_settings:
 * @self: the subscription to change
 * @source: the subscription to copy from
 *
 * Makes everything that is kept in the file, but for the id, as in @source.
 * What belongs to the session stays.
 */
void
sluice_subscription_copy_settings (SluiceSubscription *self,
                                   SluiceSubscription *source)
{
  GHashTableIter iter;
  gpointer data_type, days;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (source));

  g_object_freeze_notify (G_OBJECT (self));
  sluice_subscription_set_document (self, source->document);
  sluice_subscription_set_name (self, source->name);
  set_text (self, &self->integration_id, source->integration_id, PROP_INTEGRATION_ID);
  sluice_subscription_set_version (self, source->version);
  sluice_subscription_set_api_url (self, source->api_url);
  sluice_subscription_set_api_key (self, source->api_key);
  sluice_subscription_set_consumer_key (self, source->consumer_key);
  sluice_subscription_set_sign_in_with (self, source->sign_in_with);
  sluice_subscription_set_throttle_settings (self, &source->throttle_settings);
  sluice_subscription_set_budget_reserve (self, source->budget_reserve);
  sluice_subscription_set_org_id (self, source->org_id);
  sluice_subscription_set_environment (self, source->environment);

  g_hash_table_remove_all (self->look_back_days);
  g_hash_table_iter_init (&iter, source->look_back_days);
  while (g_hash_table_iter_next (&iter, &data_type, &days))
    g_hash_table_insert (self->look_back_days, g_strdup (data_type), days);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * sluice_subscription_get_id:
 * @self: a subscription
 *
 * Returns: the id, a UUID
 */
const char *
sluice_subscription_get_id (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->id;
}

/**
 * sluice_subscription_get_name:
 * @self: a subscription
 *
 * Returns: the name, unique among all subscriptions
 */
const char *
sluice_subscription_get_name (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->name;
}

/**
 * sluice_subscription_set_name:
 * @self: a subscription
 * @name: (nullable): name
 *
 * Sets the name.
 */
void
sluice_subscription_set_name (SluiceSubscription *self,
                              const char         *name)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  set_text (self, &self->name, name != NULL ? name : "", PROP_NAME);
}

/**
 * sluice_subscription_get_integration_id:
 * @self: a subscription
 *
 * Returns: the id of its integration
 */
const char *
sluice_subscription_get_integration_id (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->integration_id;
}

/**
 * sluice_subscription_get_version:
 * @self: a subscription
 *
 * Returns: the version of its integration
 */
const char *
sluice_subscription_get_version (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->version;
}

/**
 * sluice_subscription_set_version:
 * @self: a subscription
 * @version: (nullable): version of its integration
 *
 * Sets the version of its integration.
 */
void
sluice_subscription_set_version (SluiceSubscription *self,
                                 const char         *version)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  set_text (self, &self->version, version != NULL ? version : "", PROP_VERSION);
}

/**
 * sluice_subscription_get_api_url:
 * @self: a subscription
 *
 * Returns: the normalised login address
 */
const char *
sluice_subscription_get_api_url (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->api_url;
}

/**
 * sluice_subscription_set_api_url:
 * @self: a subscription
 * @api_url: (nullable): normalised login address
 *
 * Sets the normalised login address.
 */
void
sluice_subscription_set_api_url (SluiceSubscription *self,
                                 const char         *api_url)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  set_text (self, &self->api_url, api_url != NULL ? api_url : "", PROP_API_URL);
}

/**
 * sluice_subscription_get_api_key:
 * @self: a subscription
 *
 * Returns: the API key, empty for Salesforce
 */
const char *
sluice_subscription_get_api_key (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->api_key;
}

/**
 * sluice_subscription_set_api_key:
 * @self: a subscription
 * @api_key: (nullable): API key
 *
 * Sets the API key.
 */
void
sluice_subscription_set_api_key (SluiceSubscription *self,
                                 const char         *api_key)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  set_text (self, &self->api_key, api_key != NULL ? api_key : "", PROP_API_KEY);
}

/* Whether anybody can sign in hangs on the key alone; all other states are told by the connection. */
static void
follow_consumer_key (SluiceSubscription *self)
{
  gboolean complete = *self->consumer_key != '\0';

  if (complete && self->status == SLUICE_STATUS_INCOMPLETE)
    sluice_subscription_set_status (self, SLUICE_STATUS_SIGNED_OUT);
  else if (!complete && self->status == SLUICE_STATUS_SIGNED_OUT)
    sluice_subscription_set_status (self, SLUICE_STATUS_INCOMPLETE);
}

/**
 * sluice_subscription_get_consumer_key:
 * @self: a subscription
 *
 * Returns: the consumer key of the app in the org
 */
const char *
sluice_subscription_get_consumer_key (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->consumer_key;
}

/**
 * sluice_subscription_set_consumer_key:
 * @self: a subscription
 * @consumer_key: (nullable): consumer key of the app in the org
 *
 * Sets the consumer key of the app in the org.
 */
void
sluice_subscription_set_consumer_key (SluiceSubscription *self,
                                      const char         *consumer_key)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  set_text (self, &self->consumer_key, consumer_key != NULL ? consumer_key : "", PROP_CONSUMER_KEY);
  follow_consumer_key (self);
}

/**
 * sluice_subscription_get_sign_in_with:
 * @self: a subscription
 *
 * Returns: what shows the pages when somebody signs in
 */
SluiceSignInWith
sluice_subscription_get_sign_in_with (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER);

  return self->sign_in_with;
}

/**
 * sluice_subscription_set_sign_in_with:
 * @self: a subscription
 * @with: what shows the pages when somebody signs in
 *
 * Sets what shows the pages.
 */
void
sluice_subscription_set_sign_in_with (SluiceSubscription *self,
                                      SluiceSignInWith    with)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));
  g_return_if_fail (with < SLUICE_N_SIGN_IN_WITH);

  if (self->sign_in_with == with)
    return;

  self->sign_in_with = with;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIGN_IN_WITH]);
}

/**
 * sluice_subscription_get_throttle_settings:
 * @self: a subscription
 *
 * Returns: (transfer none): the five throttling fields
 */
const SluiceThrottleSettings *
sluice_subscription_get_throttle_settings (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return &self->throttle_settings;
}

/**
 * sluice_subscription_set_throttle_settings:
 * @self: a subscription
 * @settings: the five throttling fields
 *
 * Sets the throttling fields.
 */
void
sluice_subscription_set_throttle_settings (SluiceSubscription           *self,
                                           const SluiceThrottleSettings *settings)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));
  g_return_if_fail (settings != NULL);

  if (sluice_throttle_settings_equal (&self->throttle_settings, settings))
    return;

  self->throttle_settings = *settings;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THROTTLE_SETTINGS]);
}

/**
 * sluice_subscription_get_budget_reserve:
 * @self: a subscription
 *
 * Returns: the calls a day that are left to other programs
 */
guint
sluice_subscription_get_budget_reserve (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), 0);

  return self->budget_reserve;
}

/**
 * sluice_subscription_set_budget_reserve:
 * @self: a subscription
 * @calls: calls a day that are left to other programs
 *
 * Sets the budget reserve.
 */
void
sluice_subscription_set_budget_reserve (SluiceSubscription *self,
                                        guint               calls)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  if (self->budget_reserve == calls)
    return;

  self->budget_reserve = calls;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUDGET_RESERVE]);
}

/**
 * sluice_subscription_get_look_back_days:
 * @self: a subscription
 * @data_type: name of a data type, such as `customer`
 *
 * Returns: how many days back a first load begins, 0 = everything
 */
guint
sluice_subscription_get_look_back_days (SluiceSubscription *self,
                                        const char         *data_type)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), 0);
  g_return_val_if_fail (data_type != NULL, 0);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->look_back_days, data_type));
}

/**
 * sluice_subscription_set_look_back_days:
 * @self: a subscription
 * @data_type: name of a data type, such as `customer`
 * @days: how many days back a first load begins, 0 = everything
 *
 * Sets the look-back days of one data type.
 */
void
sluice_subscription_set_look_back_days (SluiceSubscription *self,
                                        const char         *data_type,
                                        guint               days)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));
  g_return_if_fail (data_type != NULL);

  g_hash_table_insert (self->look_back_days, g_strdup (data_type), GUINT_TO_POINTER (days));
}

/**
 * sluice_subscription_list_look_back_types:
 * @self: a subscription
 *
 * Returns: (transfer container): the names of the data types that have look-back days, sorted
 */
const char **
sluice_subscription_list_look_back_types (SluiceSubscription *self)
{
  const char **names;
  guint n_names;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  names = (const char **) g_hash_table_get_keys_as_array (self->look_back_days, &n_names);
  g_qsort_with_data (names, n_names, sizeof *names, compare_names, NULL);

  return names;
}

/**
 * sluice_subscription_get_status:
 * @self: a subscription
 *
 * Returns: where the subscription stands
 */
SluiceStatus
sluice_subscription_get_status (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), SLUICE_STATUS_NEEDS_ATTENTION);

  return self->status;
}

/**
 * sluice_subscription_set_status:
 * @self: a subscription
 * @status: where the subscription stands
 *
 * Sets the status.
 */
void
sluice_subscription_set_status (SluiceSubscription *self,
                                SluiceStatus        status)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  if (self->status == status)
    return;

  self->status = status;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

/**
 * sluice_subscription_get_environment:
 * @self: a subscription
 *
 * Returns: the kind of org last seen
 */
SluiceEnvironment
sluice_subscription_get_environment (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), SLUICE_ENVIRONMENT_UNKNOWN);

  return self->environment;
}

/**
 * sluice_subscription_set_environment:
 * @self: a subscription
 * @environment: the kind of org last seen
 *
 * Sets the environment.
 */
void
sluice_subscription_set_environment (SluiceSubscription *self,
                                     SluiceEnvironment   environment)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  if (self->environment == environment)
    return;

  self->environment = environment;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT]);
}

/**
 * sluice_subscription_get_org_id:
 * @self: a subscription
 *
 * Returns: (nullable): the id of the org last seen
 */
const char *
sluice_subscription_get_org_id (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->org_id;
}

/**
 * sluice_subscription_set_org_id:
 * @self: a subscription
 * @org_id: (nullable): id of the org last seen
 *
 * Sets the id of the org last seen.
 */
void
sluice_subscription_set_org_id (SluiceSubscription *self,
                                const char         *org_id)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  set_text (self, &self->org_id, org_id, PROP_ORG_ID);
}

/**
 * sluice_subscription_get_organization:
 * @self: a subscription
 *
 * Returns: (nullable) (transfer none): what the org said in this session
 */
SluiceOrganization *
sluice_subscription_get_organization (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->organization;
}

/**
 * sluice_subscription_set_organization:
 * @self: a subscription
 * @organization: (nullable): what the org said at a verification
 *
 * Sets what the org said; its id and environment are remembered beyond the session.
 */
void
sluice_subscription_set_organization (SluiceSubscription *self,
                                      SluiceOrganization *organization)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));
  g_return_if_fail (organization == NULL || SLUICE_IS_ORGANIZATION (organization));

  if (!g_set_object (&self->organization, organization))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  if (organization != NULL)
    {
      sluice_subscription_set_org_id (self, sluice_organization_get_id (organization));
      sluice_subscription_set_environment (self, sluice_organization_get_environment (organization));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORGANIZATION]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * sluice_subscription_get_last_error:
 * @self: a subscription
 *
 * Returns: (nullable): what the user must know about
 */
const GError *
sluice_subscription_get_last_error (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->last_error;
}

/**
 * sluice_subscription_set_last_error:
 * @self: a subscription
 * @error: (nullable): what the user must know about, copied
 *
 * Sets the last error.
 */
void
sluice_subscription_set_last_error (SluiceSubscription *self,
                                    const GError       *error)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  if (self->last_error == error)
    return;

  g_clear_error (&self->last_error);
  self->last_error = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_ERROR]);
}

/**
 * sluice_subscription_get_has_access_token:
 * @self: a subscription
 *
 * Returns: whether an access token is stored
 */
gboolean
sluice_subscription_get_has_access_token (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), FALSE);

  return self->has_access_token;
}

/**
 * sluice_subscription_get_has_refresh_token:
 * @self: a subscription
 *
 * Returns: whether a refresh token is stored
 */
gboolean
sluice_subscription_get_has_refresh_token (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), FALSE);

  return self->has_refresh_token;
}

/**
 * sluice_subscription_get_issued_at:
 * @self: a subscription
 *
 * Returns: when the access token was issued, in milliseconds since 1970, 0 if unknown
 */
gint64
sluice_subscription_get_issued_at (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), 0);

  return self->issued_at;
}

/**
 * sluice_subscription_get_session_only:
 * @self: a subscription
 *
 * Returns: whether the tokens live in memory only
 */
gboolean
sluice_subscription_get_session_only (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), FALSE);

  return self->session_only;
}

/**
 * sluice_subscription_set_session_only:
 * @self: a subscription
 * @session_only: whether the tokens live in memory only
 *
 * Sets the session only.
 */
void
sluice_subscription_set_session_only (SluiceSubscription *self,
                                      gboolean            session_only)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  if (self->session_only == session_only)
    return;

  self->session_only = session_only;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_ONLY]);
}

/**
 * sluice_subscription_set_token_state:
 * @self: a subscription
 * @has_access_token: whether an access token is stored
 * @has_refresh_token: whether a refresh token is stored
 * @issued_at: when the access token was issued, in milliseconds since 1970, 0 if unknown
 *
 * Tells what is stored; the tokens themselves never come here.
 */
void
sluice_subscription_set_token_state (SluiceSubscription *self,
                                     gboolean            has_access_token,
                                     gboolean            has_refresh_token,
                                     gint64              issued_at)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  g_object_freeze_notify (G_OBJECT (self));

  if (self->has_access_token != has_access_token)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_ACCESS_TOKEN]);
  if (self->has_refresh_token != has_refresh_token)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_REFRESH_TOKEN]);
  if (self->issued_at != issued_at)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ISSUED_AT]);

  self->has_access_token = has_access_token;
  self->has_refresh_token = has_refresh_token;
  self->issued_at = issued_at;

  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * sluice_subscription_get_damage:
 * @self: a subscription
 *
 * Returns: (nullable): why the file cannot be used
 */
const char *
sluice_subscription_get_damage (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->damage;
}

/**
 * sluice_subscription_get_path:
 * @self: a subscription
 *
 * Returns: (nullable): the file
 */
const char *
sluice_subscription_get_path (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->path;
}

/**
 * sluice_subscription_set_path:
 * @self: a subscription
 * @path: (nullable): file
 *
 * Sets the file.
 */
void
sluice_subscription_set_path (SluiceSubscription *self,
                              const char         *path)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  set_text (self, &self->path, path, PROP_PATH);
}

/**
 * sluice_subscription_get_document:
 * @self: a subscription
 *
 * Returns: (nullable): the text of the file as it was last read or written
 */
const char *
sluice_subscription_get_document (SluiceSubscription *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (self), NULL);

  return self->document;
}

/**
 * sluice_subscription_set_document:
 * @self: a subscription
 * @document: (nullable): the text of the file
 *
 * Remembers the text of the file, because members that this version does not
 * know are kept when it is written again.
 */
void
sluice_subscription_set_document (SluiceSubscription *self,
                                  const char         *document)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (self));

  g_set_str (&self->document, document);
}
