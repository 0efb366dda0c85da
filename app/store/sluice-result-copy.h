/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-store.h"

G_BEGIN_DECLS

/**
 * SluiceResultRange:
 * @first: a position
 * @n_rows: how many from there on
 *
 * Rows that stand one after another.
 */
typedef struct
{
  guint first;
  guint n_rows;
} SluiceResultRange;

/**
 * SluiceResultFormat:
 * @SLUICE_RESULT_TABS: a line for each row with tabs between its cells: what spreadsheets take
 * @SLUICE_RESULT_CSV: RFC 4180, with the names of the columns
 *
 * How rows are written into a text.
 */
typedef enum
{
  SLUICE_RESULT_TABS,
  SLUICE_RESULT_CSV,
} SluiceResultFormat;

/* A clipboard is no place for more. */
#define SLUICE_RESULT_MAX_COPY (32 * 1024 * 1024)

void     sluice_result_store_copy_async           (SluiceResultStore        *self,
                                                   SluiceResultOrder        *order,
                                                   const SluiceResultRange  *ranges,
                                                   guint                     n_ranges,
                                                   const guint              *columns,
                                                   guint                     n_columns,
                                                   SluiceResultFormat        format,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
char    *sluice_result_store_copy_finish          (SluiceResultStore        *self,
                                                   GAsyncResult             *result,
                                                   GError                  **error);

void     sluice_result_store_write_to_sink_async  (SluiceResultStore        *self,
                                                   SluiceResultOrder        *order,
                                                   SluiceSink               *sink,
                                                   GCancellable             *cancellable,
                                                   GAsyncReadyCallback       callback,
                                                   gpointer                  user_data);
gboolean sluice_result_store_write_to_sink_finish (SluiceResultStore        *self,
                                                   GAsyncResult             *result,
                                                   GError                  **error);

G_END_DECLS
