/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-result-list.h"
#include "sluice-transfer.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULT_RUN_STATE (sluice_result_run_state_get_type ())

/**
 * SluiceResultRunState:
 * @SLUICE_RESULT_RUN_LOADING: rows are on their way
 * @SLUICE_RESULT_RUN_DONE: all rows are there
 * @SLUICE_RESULT_RUN_STOPPED: the user stopped it; what has come is kept
 * @SLUICE_RESULT_RUN_FAILED: see the error; what has come is kept
 *
 * Where the run of a query stands.
 */
typedef enum
{
  SLUICE_RESULT_RUN_LOADING,
  SLUICE_RESULT_RUN_DONE,
  SLUICE_RESULT_RUN_STOPPED,
  SLUICE_RESULT_RUN_FAILED,
} SluiceResultRunState;

GType                 sluice_result_run_state_get_type (void);

#define SLUICE_TYPE_RESULT_RUN (sluice_result_run_get_type ())

/**
 * SluiceResultRun:
 *
 * A query whose rows go into a list for the window, as many as there are.
 *
 * Read-only properties: `state` (SluiceResultRunState), `rows` (guint64,
 * notified while more come), `error` (boxed GError, nullable).
 */
G_DECLARE_FINAL_TYPE (SluiceResultRun, sluice_result_run, SLUICE, RESULT_RUN, GObject)

SluiceResultRun      *sluice_result_run_new            (SluiceConnection *connection,
                                                        const char       *soql,
                                                        gboolean          all_rows,
                                                        SluiceTransport   transport,
                                                        const char       *folder);

void                  sluice_result_run_stop           (SluiceResultRun  *self);

SluiceResultRunState  sluice_result_run_get_state      (SluiceResultRun  *self);
SluiceTransfer       *sluice_result_run_get_transfer   (SluiceResultRun  *self);
SluiceResultList     *sluice_result_run_get_list       (SluiceResultRun  *self);
const GError         *sluice_result_run_get_error      (SluiceResultRun  *self);
guint64               sluice_result_run_get_rows       (SluiceResultRun  *self);

G_END_DECLS
