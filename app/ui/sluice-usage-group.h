/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-throttle.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_USAGE_GROUP (sluice_usage_group_get_type ())

G_DECLARE_FINAL_TYPE (SluiceUsageGroup, sluice_usage_group, SLUICE, USAGE_GROUP, AdwPreferencesGroup)

G_END_DECLS
