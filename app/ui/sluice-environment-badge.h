/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-environment.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_ENVIRONMENT_BADGE (sluice_environment_badge_get_type ())

G_DECLARE_FINAL_TYPE (SluiceEnvironmentBadge, sluice_environment_badge, SLUICE, ENVIRONMENT_BADGE, AdwBin)

GtkWidget *sluice_environment_badge_new   (SluiceEnvironment  environment);

void       sluice_environment_style       (GtkWidget         *widget,
                                           SluiceEnvironment  environment);

G_END_DECLS
