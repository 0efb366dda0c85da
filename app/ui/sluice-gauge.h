/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_GAUGE (sluice_gauge_get_type ())

G_DECLARE_FINAL_TYPE (SluiceGauge, sluice_gauge, SLUICE, GAUGE, AdwPreferencesRow)

void sluice_gauge_show (SluiceGauge *self,
                        const char  *value,
                        double       fraction,
                        const char  *detail);

G_END_DECLS
