/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-query.h"
#include "sluice-record-list.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_QUERY_RUN_STATE (sluice_query_run_state_get_type ())

/**
 * SluiceQueryRunState:
 * @SLUICE_QUERY_RUN_LOADING: a page is on its way
 * @SLUICE_QUERY_RUN_MORE: there is more, for whoever asks
 * @SLUICE_QUERY_RUN_DONE: all rows are there
 * @SLUICE_QUERY_RUN_FULL: there is more, but no room to show it
 * @SLUICE_QUERY_RUN_STOPPED: the user stopped it; what has come is kept
 * @SLUICE_QUERY_RUN_FAILED: see the error; what has come is kept
 *
 * Where the run of a query stands.
 */
typedef enum
{
  SLUICE_QUERY_RUN_LOADING,
  SLUICE_QUERY_RUN_MORE,
  SLUICE_QUERY_RUN_DONE,
  SLUICE_QUERY_RUN_FULL,
  SLUICE_QUERY_RUN_STOPPED,
  SLUICE_QUERY_RUN_FAILED,
} SluiceQueryRunState;

GType                sluice_query_run_state_get_type (void);

/* What a person can still look at, and what fits into memory on any desktop. */
#define SLUICE_QUERY_RUN_MAX_ROWS 100000

#define SLUICE_TYPE_QUERY_RUN (sluice_query_run_get_type ())

/**
 * SluiceQueryRun:
 *
 * Reads the pages of a query into a list that a view shows, as far as the
 * reader wants.
 *
 * Read-only properties: `state` (SluiceQueryRunState), `records`
 * (SluiceRecordList, notified for each page), `error` (boxed GError, nullable).
 */
G_DECLARE_FINAL_TYPE (SluiceQueryRun, sluice_query_run, SLUICE, QUERY_RUN, GObject)

SluiceQueryRun      *sluice_query_run_new          (SluiceQuery    *query,
                                                    guint           max_rows);
SluiceQueryRun      *sluice_query_run_new_failed   (const GError   *error);

gboolean             sluice_query_run_can_load     (SluiceQueryRun *self);
void                 sluice_query_run_load_more    (SluiceQueryRun *self);
void                 sluice_query_run_load_all     (SluiceQueryRun *self);
void                 sluice_query_run_stop         (SluiceQueryRun *self);

SluiceQueryRunState  sluice_query_run_get_state    (SluiceQueryRun *self);
SluiceRecordList    *sluice_query_run_get_records  (SluiceQueryRun *self);
const GError        *sluice_query_run_get_error    (SluiceQueryRun *self);
gint64               sluice_query_run_get_total    (SluiceQueryRun *self);
guint                sluice_query_run_get_calls    (SluiceQueryRun *self);
gint64               sluice_query_run_get_elapsed  (SluiceQueryRun *self);

gboolean             sluice_query_find_position    (const char     *server_text,
                                                    guint          *row,
                                                    guint          *column);

G_END_DECLS
