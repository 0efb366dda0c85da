/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-table-format.h"

G_BEGIN_DECLS

/**
 * SluiceTablePreview:
 * @format: how the file is written
 * @size: how many bytes it has, -1 when that is not known
 * @columns: (nullable) (array zero-terminated=1): the names of its columns, %NULL when the header is no good
 * @rows: (element-type GStrv): its first rows
 * @problem: (nullable): what is wrong with the header or the first rows
 *
 * How a file begins.
 */
typedef struct
{
  SluiceTableFormat format;
  goffset size;
  char **columns;
  GPtrArray *rows;
  GError *problem;
} SluiceTablePreview;

void                sluice_table_preview_free        (SluiceTablePreview       *self);

void                sluice_table_preview_load_async  (GFile                    *file,
                                                      const SluiceTableFormat  *format,
                                                      guint                     n_rows,
                                                      GCancellable             *cancellable,
                                                      GAsyncReadyCallback       callback,
                                                      gpointer                  user_data);
SluiceTablePreview *sluice_table_preview_load_finish (GAsyncResult             *result,
                                                      GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceTablePreview, sluice_table_preview_free)

G_END_DECLS
