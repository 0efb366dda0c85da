/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-connection.h"
#include "sluice-transfer-forecast.h"

G_BEGIN_DECLS

/* From so many records on somebody should know what a query costs. */
#define SLUICE_QUERY_FORECAST_ROWS 50000

#define SLUICE_TYPE_QUERY_FORECASTER (sluice_query_forecaster_get_type ())

/**
 * SluiceQueryForecaster:
 *
 * Tells what queries will cost before they run, and remembers for a while how
 * many records the objects of the org have, so that small ones are not counted
 * again and again.
 */
G_DECLARE_FINAL_TYPE (SluiceQueryForecaster, sluice_query_forecaster, SLUICE, QUERY_FORECASTER, GObject)

SluiceQueryForecaster  *sluice_query_forecaster_new        (SluiceConnection       *connection);

void                    sluice_query_forecaster_ask_async  (SluiceQueryForecaster  *self,
                                                            const char             *soql,
                                                            gboolean                all_rows,
                                                            GCancellable           *cancellable,
                                                            GAsyncReadyCallback     callback,
                                                            gpointer                user_data);
SluiceTransferForecast *sluice_query_forecaster_ask_finish (SluiceQueryForecaster  *self,
                                                            GAsyncResult           *result,
                                                            GError                **error);

G_END_DECLS
