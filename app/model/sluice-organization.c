/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-organization.h"

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_EDITION,
  PROP_INSTANCE_NAME,
  PROP_INSTANCE_URL,
  PROP_NAMESPACE_PREFIX,
  PROP_TRIAL_EXPIRATION,
  PROP_API_VERSION,
  PROP_USER_ID,
  PROP_USERNAME,
  PROP_DISPLAY_NAME,
  PROP_EMAIL,
  PROP_ENVIRONMENT,
  PROP_VERIFIED_AT,
  PROP_SERVER_TIME_OFFSET,
  N_PROPS
};

struct _SluiceOrganization
{
  GObject parent_instance;

  char *texts[PROP_ENVIRONMENT]; /* (owned) (nullable), by property */
  SluiceEnvironment environment;
  GDateTime *verified_at;
  gint64 server_time_offset;
};

G_DEFINE_FINAL_TYPE (SluiceOrganization, sluice_organization, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
sluice_organization_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceOrganization *self = SLUICE_ORGANIZATION (object);

  switch (prop_id)
    {
    case PROP_ENVIRONMENT:
      g_value_set_enum (value, self->environment);
      break;
    case PROP_VERIFIED_AT:
      g_value_set_boxed (value, self->verified_at);
      break;
    case PROP_SERVER_TIME_OFFSET:
      g_value_set_int64 (value, self->server_time_offset);
      break;
    default:
      g_assert (prop_id < PROP_ENVIRONMENT);
      g_value_set_string (value, self->texts[prop_id]);
      break;
    }
}

static void
sluice_organization_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  SluiceOrganization *self = SLUICE_ORGANIZATION (object);

  switch (prop_id)
    {
    case PROP_ENVIRONMENT:
      self->environment = g_value_get_enum (value);
      break;
    case PROP_VERIFIED_AT:
      self->verified_at = g_value_dup_boxed (value);
      break;
    case PROP_SERVER_TIME_OFFSET:
      self->server_time_offset = g_value_get_int64 (value);
      break;
    default:
      g_assert (prop_id < PROP_ENVIRONMENT);
      self->texts[prop_id] = g_value_dup_string (value);
      break;
    }
}

static void
sluice_organization_finalize (GObject *object)
{
  SluiceOrganization *self = SLUICE_ORGANIZATION (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->verified_at, g_date_time_unref);

  G_OBJECT_CLASS (sluice_organization_parent_class)->finalize (object);
}

static void
sluice_organization_class_init (SluiceOrganizationClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  static const char * const texts[PROP_ENVIRONMENT] = {
    [PROP_ID] = "id",
    [PROP_NAME] = "name",
    [PROP_EDITION] = "edition",
    [PROP_INSTANCE_NAME] = "instance-name",
    [PROP_INSTANCE_URL] = "instance-url",
    [PROP_NAMESPACE_PREFIX] = "namespace-prefix",
    [PROP_TRIAL_EXPIRATION] = "trial-expiration",
    [PROP_API_VERSION] = "api-version",
    [PROP_USER_ID] = "user-id",
    [PROP_USERNAME] = "username",
    [PROP_DISPLAY_NAME] = "display-name",
    [PROP_EMAIL] = "email",
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_organization_get_property;
  object_class->set_property = sluice_organization_set_property;
  object_class->finalize = sluice_organization_finalize;

  for (guint i = PROP_ID; i < PROP_ENVIRONMENT; i++)
    properties[i] = g_param_spec_string (texts[i], NULL, NULL, NULL, flags);

  properties[PROP_ENVIRONMENT] =
    g_param_spec_enum ("environment", NULL, NULL, SLUICE_TYPE_ENVIRONMENT, SLUICE_ENVIRONMENT_UNKNOWN, flags);
  properties[PROP_VERIFIED_AT] =
    g_param_spec_boxed ("verified-at", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_SERVER_TIME_OFFSET] =
    g_param_spec_int64 ("server-time-offset", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_organization_init (SluiceOrganization *self)
{
}

/**
 * sluice_organization_get_id:
 * @self: an organisation
 *
 * Returns: (nullable): the org's id, 18 characters
 */
const char *
sluice_organization_get_id (SluiceOrganization *self)
{
  g_return_val_if_fail (SLUICE_IS_ORGANIZATION (self), NULL);

  return self->texts[PROP_ID];
}

/**
 * sluice_organization_get_name:
 * @self: an organisation
 *
 * Returns: (nullable): the org's name
 */
const char *
sluice_organization_get_name (SluiceOrganization *self)
{
  g_return_val_if_fail (SLUICE_IS_ORGANIZATION (self), NULL);

  return self->texts[PROP_NAME];
}

/**
 * sluice_organization_get_environment:
 * @self: an organisation
 *
 * Returns: what kind of org it is
 */
SluiceEnvironment
sluice_organization_get_environment (SluiceOrganization *self)
{
  g_return_val_if_fail (SLUICE_IS_ORGANIZATION (self), SLUICE_ENVIRONMENT_UNKNOWN);

  return self->environment;
}

/**
 * sluice_organization_get_instance_url:
 * @self: an organisation
 *
 * Returns: (nullable): scheme and host that calls go to
 */
const char *
sluice_organization_get_instance_url (SluiceOrganization *self)
{
  g_return_val_if_fail (SLUICE_IS_ORGANIZATION (self), NULL);

  return self->texts[PROP_INSTANCE_URL];
}

/**
 * sluice_organization_get_api_version:
 * @self: an organisation
 *
 * Returns: (nullable): the version in use, such as "68.0"
 */
const char *
sluice_organization_get_api_version (SluiceOrganization *self)
{
  g_return_val_if_fail (SLUICE_IS_ORGANIZATION (self), NULL);

  return self->texts[PROP_API_VERSION];
}

/**
 * sluice_organization_get_username:
 * @self: an organisation
 *
 * Returns: (nullable): the name that the user signed in with
 */
const char *
sluice_organization_get_username (SluiceOrganization *self)
{
  g_return_val_if_fail (SLUICE_IS_ORGANIZATION (self), NULL);

  return self->texts[PROP_USERNAME];
}
