/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-environment.h"

#include <glib/gi18n.h>

G_DEFINE_ENUM_TYPE (SluiceEnvironment, sluice_environment,
                    G_DEFINE_ENUM_VALUE (SLUICE_ENVIRONMENT_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENVIRONMENT_PRODUCTION, "production"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENVIRONMENT_SANDBOX, "sandbox"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENVIRONMENT_SCRATCH, "scratch"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENVIRONMENT_DEVELOPER, "developer"))

/**
 * sluice_environment_from_organization:
 * @is_sandbox: the org's `IsSandbox`
 * @organization_type: (nullable): the org's `OrganizationType`
 * @trial_expiration_date: (nullable): the org's `TrialExpirationDate`
 *
 * Tells the kind of an org from the fields of its `Organization` record.
 *
 * A scratch org calls itself a sandbox of type "Developer Edition" that
 * expires; a sandbox has the type of its production org and never expires.
 *
 * Returns: the kind of org
 */
SluiceEnvironment
sluice_environment_from_organization (gboolean    is_sandbox,
                                      const char *organization_type,
                                      const char *trial_expiration_date)
{
  gboolean expires = trial_expiration_date != NULL && *trial_expiration_date != '\0';
  gboolean developer = g_strcmp0 (organization_type, "Developer Edition") == 0;

  if (is_sandbox)
    return expires && developer ? SLUICE_ENVIRONMENT_SCRATCH : SLUICE_ENVIRONMENT_SANDBOX;

  if (expires || developer)
    return SLUICE_ENVIRONMENT_DEVELOPER;

  return SLUICE_ENVIRONMENT_PRODUCTION;
}

/**
 * sluice_environment_get_label:
 * @self: a kind of org
 *
 * Returns: the word that the user reads on the badge, translated
 */
const char *
sluice_environment_get_label (SluiceEnvironment self)
{
  switch (self)
    {
    case SLUICE_ENVIRONMENT_PRODUCTION:
      return _("Production");
    case SLUICE_ENVIRONMENT_SANDBOX:
      return _("Sandbox");
    case SLUICE_ENVIRONMENT_SCRATCH:
      return _("Scratch Org");
    case SLUICE_ENVIRONMENT_DEVELOPER:
      return _("Developer Org");
    case SLUICE_ENVIRONMENT_UNKNOWN:
    default:
      return _("Unknown Environment");
    }
}

/**
 * sluice_environment_get_nick:
 * @self: a kind of org
 *
 * Returns: the stable word for files, scripts and style classes
 */
const char *
sluice_environment_get_nick (SluiceEnvironment self)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_ENVIRONMENT);
  GEnumValue *value = g_enum_get_value (klass, self);

  return value != NULL ? value->value_nick : "unknown";
}

/**
 * sluice_environment_from_nick:
 * @nick: (nullable): a word from sluice_environment_get_nick()
 *
 * Returns: the kind of org, unknown for any other word
 */
SluiceEnvironment
sluice_environment_from_nick (const char *nick)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_ENVIRONMENT);
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  return value != NULL ? (SluiceEnvironment) value->value : SLUICE_ENVIRONMENT_UNKNOWN;
}
