/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

/**
 * SluiceBulkReader:
 *
 * Reads the result pages of a Bulk query, from pieces of any size, into
 * batches of records. Every page begins with the columns, which must be the
 * same. Memory is bounded by the longest record. Not thread-safe.
 */
typedef struct _SluiceBulkReader SluiceBulkReader;

SluiceBulkReader     *sluice_bulk_reader_new         (void);
void                  sluice_bulk_reader_free        (SluiceBulkReader  *self);

void                  sluice_bulk_reader_begin_page  (SluiceBulkReader  *self);
gboolean              sluice_bulk_reader_take        (SluiceBulkReader  *self,
                                                      const char       **data,
                                                      gsize             *length,
                                                      GError           **error);
gboolean              sluice_bulk_reader_end_page    (SluiceBulkReader  *self,
                                                      GError           **error);
const SluiceRowBatch *sluice_bulk_reader_get_batch   (SluiceBulkReader  *self);
const char * const   *sluice_bulk_reader_get_columns (SluiceBulkReader  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceBulkReader, sluice_bulk_reader_free)

G_END_DECLS
