/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-import-mapping.h"
#include "sluice-table-format.h"

G_BEGIN_DECLS

/**
 * SluiceImportFinding:
 * @kind: what is wrong
 * @count: with how many rows
 * @examples: (element-type utf8): the first few, as sentences that name the row
 *
 * Rows that have the same issue.
 */
typedef struct
{
  SluiceImportIssueKind kind;
  guint64 count;
  GPtrArray *examples;
} SluiceImportFinding;

#define SLUICE_TYPE_IMPORT_CHECK (sluice_import_check_get_type ())

/**
 * SluiceImportCheck:
 *
 * The dry run of an import: reads all of a file and checks every row, and
 * sends nothing. Memory does not grow with the number of rows. Runs once.
 *
 * Read-only properties, notified at most ten times a second: `rows` (guint64:
 * read so far), `bad-rows` (guint64), `fraction` (double: how much of the
 * file is read, -1 when its size is not known).
 */
G_DECLARE_FINAL_TYPE (SluiceImportCheck, sluice_import_check, SLUICE, IMPORT_CHECK, GObject)

SluiceImportCheck  *sluice_import_check_new          (GFile                    *file,
                                                      const SluiceTableFormat  *format,
                                                      SluiceImportMapping      *mapping);

void                sluice_import_check_run_async    (SluiceImportCheck        *self,
                                                      GCancellable             *cancellable,
                                                      GAsyncReadyCallback       callback,
                                                      gpointer                  user_data);
gboolean            sluice_import_check_run_finish   (SluiceImportCheck        *self,
                                                      GAsyncResult             *result,
                                                      GError                  **error);

guint64             sluice_import_check_get_rows     (SluiceImportCheck        *self);
guint64             sluice_import_check_get_bad_rows (SluiceImportCheck        *self);
double              sluice_import_check_get_fraction (SluiceImportCheck        *self);

const char * const *sluice_import_check_get_fields   (SluiceImportCheck        *self);
GPtrArray          *sluice_import_check_get_findings (SluiceImportCheck        *self);
GPtrArray          *sluice_import_check_get_samples  (SluiceImportCheck        *self);

G_END_DECLS
