/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_ENVIRONMENT (sluice_environment_get_type ())

/**
 * SluiceEnvironment:
 * @SLUICE_ENVIRONMENT_UNKNOWN: not signed in yet
 * @SLUICE_ENVIRONMENT_PRODUCTION: an org with a company's live data
 * @SLUICE_ENVIRONMENT_SANDBOX: a copy of a production org
 * @SLUICE_ENVIRONMENT_SCRATCH: a short-lived org made for development
 * @SLUICE_ENVIRONMENT_DEVELOPER: a Developer Edition org or a trial
 *
 * What kind of org a subscription is connected to, as the org itself says.
 */
typedef enum
{
  SLUICE_ENVIRONMENT_UNKNOWN,
  SLUICE_ENVIRONMENT_PRODUCTION,
  SLUICE_ENVIRONMENT_SANDBOX,
  SLUICE_ENVIRONMENT_SCRATCH,
  SLUICE_ENVIRONMENT_DEVELOPER,
} SluiceEnvironment;

GType             sluice_environment_get_type          (void);

SluiceEnvironment sluice_environment_from_organization (gboolean           is_sandbox,
                                                        const char        *organization_type,
                                                        const char        *trial_expiration_date);

const char       *sluice_environment_get_label         (SluiceEnvironment  self);
const char       *sluice_environment_get_nick          (SluiceEnvironment  self);
SluiceEnvironment sluice_environment_from_nick         (const char        *nick);

G_END_DECLS
