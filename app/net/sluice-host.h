/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceSetupPage:
 *
 * A page of Salesforce's Setup that advice can link to.
 */
typedef enum
{
  SLUICE_SETUP_NONE,
  SLUICE_SETUP_EXTERNAL_CLIENT_APPS,
  SLUICE_SETUP_EXTERNAL_CLIENT_APPS_USAGE,
  SLUICE_SETUP_EXTERNAL_CLIENT_APP_SETTINGS,
  SLUICE_SETUP_CONNECTED_APPS_USAGE,
  SLUICE_SETUP_MANAGE_CONNECTED_APPS,
  SLUICE_SETUP_APP_MANAGER,
  SLUICE_SETUP_OAUTH_SETTINGS,
  SLUICE_SETUP_API_ACCESS_CONTROL,
  SLUICE_SETUP_PERMISSION_SETS,
  SLUICE_SETUP_PROFILES,
  SLUICE_SETUP_SESSION_SETTINGS,
  SLUICE_SETUP_MY_DOMAIN,
  SLUICE_SETUP_COMPANY_INFORMATION,
  SLUICE_SETUP_LOGIN_HISTORY,
} SluiceSetupPage;

char       *sluice_host_normalise      (const char       *text,
                                        gboolean         *needs_confirmation,
                                        GError          **error);
gboolean    sluice_host_is_trusted     (const char       *url);
gboolean    sluice_host_is_loopback    (const char       *url);
char       *sluice_host_dup_setup_link (const char       *instance_url,
                                        SluiceSetupPage   page);

G_END_DECLS
