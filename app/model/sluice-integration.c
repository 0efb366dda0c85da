/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-integration.h"

struct _SluiceIntegration
{
  GObject parent_instance;

  char *id;
  char *version;
  char *label;
  char *min_api_version;
  char *max_api_version;
  char **scopes;
  GArray *callback_ports; /* (element-type guint16) */
  char *callback_path;
  char *default_api_url;
  SluiceThrottleSettings *throttle;
  GPtrArray *data_types; /* (element-type SluiceDataType) */
};

G_DEFINE_FINAL_TYPE (SluiceIntegration, sluice_integration, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_VERSION,
  PROP_LABEL,
  PROP_MIN_API_VERSION,
  PROP_MAX_API_VERSION,
  PROP_SCOPES,
  PROP_CALLBACK_PORTS,
  PROP_CALLBACK_PATH,
  PROP_DEFAULT_API_URL,
  PROP_THROTTLE,
  PROP_DATA_TYPES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
sluice_integration_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceIntegration *self = SLUICE_INTEGRATION (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_VERSION:
      g_value_set_string (value, self->version);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_MIN_API_VERSION:
      g_value_set_string (value, self->min_api_version);
      break;
    case PROP_MAX_API_VERSION:
      g_value_set_string (value, self->max_api_version);
      break;
    case PROP_SCOPES:
      g_value_set_boxed (value, self->scopes);
      break;
    case PROP_CALLBACK_PORTS:
      g_value_set_boxed (value, self->callback_ports);
      break;
    case PROP_CALLBACK_PATH:
      g_value_set_string (value, self->callback_path);
      break;
    case PROP_DEFAULT_API_URL:
      g_value_set_string (value, self->default_api_url);
      break;
    case PROP_THROTTLE:
      g_value_set_boxed (value, self->throttle);
      break;
    case PROP_DATA_TYPES:
      g_value_set_boxed (value, self->data_types);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_integration_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  SluiceIntegration *self = SLUICE_INTEGRATION (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;
    case PROP_VERSION:
      self->version = g_value_dup_string (value);
      break;
    case PROP_LABEL:
      self->label = g_value_dup_string (value);
      break;
    case PROP_MIN_API_VERSION:
      self->min_api_version = g_value_dup_string (value);
      break;
    case PROP_MAX_API_VERSION:
      self->max_api_version = g_value_dup_string (value);
      break;
    case PROP_SCOPES:
      self->scopes = g_value_dup_boxed (value);
      break;
    case PROP_CALLBACK_PORTS:
      self->callback_ports = g_value_dup_boxed (value);
      break;
    case PROP_CALLBACK_PATH:
      self->callback_path = g_value_dup_string (value);
      break;
    case PROP_DEFAULT_API_URL:
      self->default_api_url = g_value_dup_string (value);
      break;
    case PROP_THROTTLE:
      self->throttle = g_value_dup_boxed (value);
      break;
    case PROP_DATA_TYPES:
      self->data_types = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_integration_finalize (GObject *object)
{
  SluiceIntegration *self = SLUICE_INTEGRATION (object);

  g_free (self->id);
  g_free (self->version);
  g_free (self->label);
  g_free (self->min_api_version);
  g_free (self->max_api_version);
  g_strfreev (self->scopes);
  g_clear_pointer (&self->callback_ports, g_array_unref);
  g_free (self->callback_path);
  g_free (self->default_api_url);
  g_clear_pointer (&self->throttle, sluice_throttle_settings_free);
  g_clear_pointer (&self->data_types, g_ptr_array_unref);

  G_OBJECT_CLASS (sluice_integration_parent_class)->finalize (object);
}

static void
sluice_integration_class_init (SluiceIntegrationClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_integration_get_property;
  object_class->set_property = sluice_integration_set_property;
  object_class->finalize = sluice_integration_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_VERSION] = g_param_spec_string ("version", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_MIN_API_VERSION] = g_param_spec_string ("min-api-version", NULL, NULL, NULL, flags);
  properties[PROP_MAX_API_VERSION] = g_param_spec_string ("max-api-version", NULL, NULL, NULL, flags);
  properties[PROP_SCOPES] = g_param_spec_boxed ("scopes", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_CALLBACK_PORTS] = g_param_spec_boxed ("callback-ports", NULL, NULL, G_TYPE_ARRAY, flags);
  properties[PROP_CALLBACK_PATH] = g_param_spec_string ("callback-path", NULL, NULL, NULL, flags);
  properties[PROP_DEFAULT_API_URL] = g_param_spec_string ("default-api-url", NULL, NULL, NULL, flags);
  properties[PROP_THROTTLE] =
    g_param_spec_boxed ("throttle", NULL, NULL, SLUICE_TYPE_THROTTLE_SETTINGS, flags);
  properties[PROP_DATA_TYPES] = g_param_spec_boxed ("data-types", NULL, NULL, G_TYPE_PTR_ARRAY, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_integration_init (SluiceIntegration *self)
{
}

/**
 * sluice_data_type_free:
 * @self: (nullable) (transfer full): a data type
 *
 * Frees @self.
 */
void
sluice_data_type_free (SluiceDataType *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->label);
  g_free (self);
}

/**
 * sluice_integration_get_id:
 * @self: an integration
 *
 * Returns: the stable name, such as `salesforce`
 */
const char *
sluice_integration_get_id (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->id;
}

/**
 * sluice_integration_get_version:
 * @self: an integration
 *
 * Returns: the version, such as "1.0"
 */
const char *
sluice_integration_get_version (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->version;
}

/**
 * sluice_integration_get_label:
 * @self: an integration
 *
 * Returns: the name that the user reads, translated
 */
const char *
sluice_integration_get_label (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->label;
}

/**
 * sluice_integration_get_min_api_version:
 * @self: an integration
 *
 * Returns: the oldest API version that serves
 */
const char *
sluice_integration_get_min_api_version (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->min_api_version;
}

/**
 * sluice_integration_get_max_api_version:
 * @self: an integration
 *
 * Returns: the newest API version that was tested
 */
const char *
sluice_integration_get_max_api_version (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->max_api_version;
}

/**
 * sluice_integration_get_scopes:
 * @self: an integration
 *
 * Returns: the OAuth scopes to ask for
 */
const char * const *
sluice_integration_get_scopes (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return (const char * const *) self->scopes;
}

/**
 * sluice_integration_get_callback_ports:
 * @self: an integration
 * @n_ports: (out): how many
 *
 * Returns: (array length=n_ports): the loopback ports that sign-in may listen on, in the order to try
 */
const guint16 *
sluice_integration_get_callback_ports (SluiceIntegration *self,
                                       guint             *n_ports)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);
  g_return_val_if_fail (n_ports != NULL, NULL);

  *n_ports = self->callback_ports->len;

  return (const guint16 *) (gconstpointer) self->callback_ports->data;
}

/**
 * sluice_integration_get_callback_path:
 * @self: an integration
 *
 * Returns: the path of the callback addresses
 */
const char *
sluice_integration_get_callback_path (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->callback_path;
}

/**
 * sluice_integration_get_default_api_url:
 * @self: an integration
 *
 * Returns: the API URL that a new subscription begins with
 */
const char *
sluice_integration_get_default_api_url (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->default_api_url;
}

/**
 * sluice_integration_get_throttle:
 * @self: an integration
 *
 * Returns: the throttle values that a new subscription begins with
 */
const SluiceThrottleSettings *
sluice_integration_get_throttle (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->throttle;
}

/**
 * sluice_integration_get_data_types:
 * @self: an integration
 *
 * Returns: (element-type SluiceDataType) (transfer none): the kinds of record, in the order they are synchronised
 */
GPtrArray *
sluice_integration_get_data_types (SluiceIntegration *self)
{
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (self), NULL);

  return self->data_types;
}
