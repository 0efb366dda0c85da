/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-transfer-forecast.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_FORECAST_BAR (sluice_forecast_bar_get_type ())

G_DECLARE_FINAL_TYPE (SluiceForecastBar, sluice_forecast_bar, SLUICE, FORECAST_BAR, AdwBin)

void sluice_forecast_bar_show (SluiceForecastBar            *self,
                               gboolean                      asking,
                               const SluiceTransferForecast *forecast);

G_END_DECLS
