/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-connection.h"
#include "sluice-query-forecaster.h"
#include "sluice-query-library.h"
#include "sluice-result-run.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_QUERY_SESSION (sluice_query_session_get_type ())

G_DECLARE_FINAL_TYPE (SluiceQuerySession, sluice_query_session, SLUICE, QUERY_SESSION, GObject)

SluiceQuerySession *sluice_query_session_new          (SluiceConnection   *connection);

SluiceResultRun    *sluice_query_session_get_run      (SluiceQuerySession *self);
void                sluice_query_session_run          (SluiceQuerySession *self,
                                                       const char         *soql,
                                                       gboolean            all_rows);
SluiceQueryLibrary *sluice_query_session_get_library  (SluiceQuerySession *self);

void                sluice_query_session_ask          (SluiceQuerySession *self,
                                                       const char         *soql,
                                                       gboolean            all_rows);
void                sluice_query_session_confirm      (SluiceQuerySession *self);
void                sluice_query_session_cancel       (SluiceQuerySession *self);
gboolean            sluice_query_session_get_asking   (SluiceQuerySession *self);
const SluiceTransferForecast *
                    sluice_query_session_get_forecast (SluiceQuerySession *self);

G_END_DECLS
