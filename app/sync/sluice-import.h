/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-connection.h"
#include "sluice-import-job.h"
#include "sluice-import-mapping.h"
#include "sluice-throttle.h"
#include "sluice-write-plan.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_STATE (sluice_import_state_get_type ())

/**
 * SluiceImportState:
 * @SLUICE_IMPORT_WAITING: not begun
 * @SLUICE_IMPORT_PREPARING: the file is looked through; nothing is written
 * @SLUICE_IMPORT_RUNNING: records are written
 * @SLUICE_IMPORT_FINISHING: the result files are written
 * @SLUICE_IMPORT_DONE: all rows were tried; some may have failed
 * @SLUICE_IMPORT_STOPPED: stopped by the user
 * @SLUICE_IMPORT_FAILED: ended by an error
 *
 * How far an import is.
 */
typedef enum
{
  SLUICE_IMPORT_WAITING,
  SLUICE_IMPORT_PREPARING,
  SLUICE_IMPORT_RUNNING,
  SLUICE_IMPORT_FINISHING,
  SLUICE_IMPORT_DONE,
  SLUICE_IMPORT_STOPPED,
  SLUICE_IMPORT_FAILED,
} SluiceImportState;

GType sluice_import_state_get_type (void);

#define SLUICE_TYPE_IMPORT (sluice_import_get_type ())

/**
 * SluiceImport:
 *
 * Loads a file into an object of an org, in two steps.
 *
 * sluice_import_prepare_async() looks through the file without writing
 * anything, and makes the #SluiceWritePlan that the user confirms.
 * sluice_import_run_async() takes the permit which that makes, and writes.
 * The permit serves one run; each further run is prepared and confirmed anew.
 *
 * Beside FILE are kept: `FILE.succeeded.csv`, `FILE.failed.csv` and
 * `FILE.unprocessed.csv` (all rows of the file, in its order, with what became
 * of each; what nobody knows is among the unprocessed, and says so), and what
 * takes the import back: `FILE.undo-delete.csv` (ids of new records, to be
 * deleted), `FILE.undo-update.csv` (what records held before, to be updated),
 * `FILE.undo-insert.csv` (what deleted records held, to be inserted).
 * `FILE.import` remembers how far it is; it goes when nothing is left to do.
 *
 * Read-only properties, notified in the main context at most ten times a
 * second: `state` (SluiceImportState), `rows` (uint64, done with), `total`
 * (uint64), `succeeded`, `failed`, `unprocessed`, `in-doubt` (uint64), `calls`
 * (uint64), `elapsed` (int64, µs), `rate` (double, rows a second), `remaining`
 * (double, seconds, -1 = not known), `resumable` (boolean).
 */
G_DECLARE_FINAL_TYPE (SluiceImport, sluice_import, SLUICE, IMPORT, GObject)

SluiceImport         *sluice_import_new             (SluiceConnection         *connection,
                                                     GFile                    *file,
                                                     const SluiceTableFormat  *format,
                                                     SluiceImportMapping      *mapping);

void                  sluice_import_set_start       (SluiceImport             *self,
                                                     SluiceImportStart         start);
void                  sluice_import_set_route       (SluiceImport             *self,
                                                     SluiceTransport           transport);
void                  sluice_import_set_base        (SluiceImport             *self,
                                                     const char               *base);
void                  sluice_import_set_undo_base   (SluiceImport             *self,
                                                     const char               *base);
void                  sluice_import_set_max_upload  (SluiceImport             *self,
                                                     gsize                     bytes);

void                  sluice_import_prepare_async   (SluiceImport             *self,
                                                     GCancellable             *cancellable,
                                                     GAsyncReadyCallback       callback,
                                                     gpointer                  user_data);
gboolean              sluice_import_prepare_finish  (SluiceImport             *self,
                                                     GAsyncResult             *result,
                                                     GError                  **error);

SluiceWritePlan      *sluice_import_get_plan        (SluiceImport             *self);
guint64               sluice_import_get_unsendable  (SluiceImport             *self);
const char           *sluice_import_get_problem     (SluiceImport             *self);
guint64               sluice_import_get_settled     (SluiceImport             *self);
SluiceTransport       sluice_import_get_route       (SluiceImport             *self);
const char           *sluice_import_get_route_reason (SluiceImport            *self);
const SluiceForecast *sluice_import_get_forecast    (SluiceImport             *self);

void                  sluice_import_run_async       (SluiceImport             *self,
                                                     SluiceWritePermit        *permit,
                                                     GCancellable             *cancellable,
                                                     GAsyncReadyCallback       callback,
                                                     gpointer                  user_data);
gboolean              sluice_import_run_finish      (SluiceImport             *self,
                                                     GAsyncResult             *result,
                                                     GError                  **error);

SluiceImportState     sluice_import_get_state       (SluiceImport             *self);
guint64               sluice_import_get_rows        (SluiceImport             *self);
guint64               sluice_import_get_total       (SluiceImport             *self);
guint64               sluice_import_get_count       (SluiceImport             *self,
                                                     SluiceRowOutcome          outcome);
guint64               sluice_import_get_calls       (SluiceImport             *self);
gboolean              sluice_import_get_resumable   (SluiceImport             *self);
gboolean              sluice_import_get_is_whole    (SluiceImport             *self);
char                 *sluice_import_dup_result_path (SluiceImport             *self,
                                                     SluiceRowOutcome          outcome);

G_END_DECLS
