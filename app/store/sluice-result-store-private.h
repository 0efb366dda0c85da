/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-store.h"

G_BEGIN_DECLS

/*
 * SluiceResultExtent:
 * @data: the rows; %NULL when there are none
 * @index: where each row begins in @data, in eight bytes
 * @size: how much of @data may be read
 * @n_rows: how many rows that is
 * @n_columns: how many cells each has
 *
 * What was there at one moment. It stays as it was while the writer goes on.
 */
typedef struct
{
  const SluiceResultFile *data;
  const SluiceResultFile *index;
  guint64 size;
  guint n_rows;
  guint n_columns;
} SluiceResultExtent;

void     sluice_result_store_get_extent  (SluiceResultStore         *self,
                                          SluiceResultExtent        *extent);
gboolean sluice_result_extent_find_row   (const SluiceResultExtent  *self,
                                          guint                      row,
                                          guint64                   *start,
                                          guint64                   *end,
                                          GError                   **error);
void     sluice_result_set_damaged_error (GError                   **error);

G_END_DECLS
