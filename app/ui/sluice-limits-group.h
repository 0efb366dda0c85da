/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_LIMITS_GROUP (sluice_limits_group_get_type ())

G_DECLARE_FINAL_TYPE (SluiceLimitsGroup, sluice_limits_group, SLUICE, LIMITS_GROUP, AdwBin)

G_END_DECLS
