/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-row-batch.h"
#include "sluice-table-format.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_TABLE_READER (sluice_table_reader_get_type ())

/**
 * SluiceTableReader:
 *
 * Reads a table from a file: finds out how it is written, gives the names of
 * its columns, then its rows, one after the other, as UTF-8. Memory is
 * bounded by the longest row.
 *
 * All functions that read block: use it in a worker thread, one at a time.
 */
G_DECLARE_FINAL_TYPE (SluiceTableReader, sluice_table_reader, SLUICE, TABLE_READER, GObject)

SluiceTableReader       *sluice_table_reader_new              (GFile                    *file,
                                                               const SluiceTableFormat  *format);

gboolean                 sluice_table_reader_open             (SluiceTableReader        *self,
                                                               GCancellable             *cancellable,
                                                               GError                  **error);
gboolean                 sluice_table_reader_next             (SluiceTableReader        *self,
                                                               const SluiceCell        **cells,
                                                               GCancellable             *cancellable,
                                                               GError                  **error);

const SluiceTableFormat *sluice_table_reader_get_format       (SluiceTableReader        *self);
const char * const      *sluice_table_reader_get_columns      (SluiceTableReader        *self,
                                                               guint                    *n_columns);
guint64                  sluice_table_reader_get_row          (SluiceTableReader        *self);
goffset                  sluice_table_reader_get_position     (SluiceTableReader        *self);
goffset                  sluice_table_reader_get_size         (SluiceTableReader        *self);
gboolean                 sluice_table_reader_get_can_continue (SluiceTableReader        *self);

G_END_DECLS
