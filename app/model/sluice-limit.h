/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_LIMIT (sluice_limit_get_type ())

/**
 * SluiceLimit:
 *
 * One limit of the org as `/limits` tells it.
 *
 * Construct-only properties: `name` (such as `DailyApiRequests`), `max`
 * (int64), `remaining` (int64). From them follow `label` (translated where we
 * know it, else the name in words), `used` (int64) and `fraction` (double, 0
 * to 1).
 */
G_DECLARE_FINAL_TYPE (SluiceLimit, sluice_limit, SLUICE, LIMIT, GObject)

SluiceLimit *sluice_limit_new           (const char  *name,
                                         gint64       max,
                                         gint64       remaining);

const char  *sluice_limit_get_name      (SluiceLimit *self);
const char  *sluice_limit_get_label     (SluiceLimit *self);
gint64       sluice_limit_get_max       (SluiceLimit *self);
gint64       sluice_limit_get_remaining (SluiceLimit *self);
gint64       sluice_limit_get_used      (SluiceLimit *self);
double       sluice_limit_get_fraction  (SluiceLimit *self);

G_END_DECLS
