/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-format.h"

#include <glib/gi18n.h>

char *
sluice_format_status (gpointer     object,
                      SluiceStatus status)
{
  return g_strdup (sluice_status_get_label (status));
}

char *
sluice_format_status_icon (gpointer     object,
                           SluiceStatus status)
{
  return g_strdup (sluice_status_get_icon_name (status));
}

char *
sluice_format_environment (gpointer          object,
                           SluiceEnvironment environment)
{
  return g_strdup (sluice_environment_get_label (environment));
}

char *
sluice_format_environment_icon (gpointer          object,
                                SluiceEnvironment environment)
{
  switch (environment)
    {
    case SLUICE_ENVIRONMENT_PRODUCTION:
      return g_strdup ("sluice-production-symbolic");
    case SLUICE_ENVIRONMENT_SANDBOX:
      return g_strdup ("sluice-sandbox-symbolic");
    case SLUICE_ENVIRONMENT_SCRATCH:
      return g_strdup ("document-edit-symbolic");
    case SLUICE_ENVIRONMENT_DEVELOPER:
      return g_strdup ("sluice-developer-symbolic");
    case SLUICE_ENVIRONMENT_UNKNOWN:
    default:
      return g_strdup ("dialog-question-symbolic");
    }
}
