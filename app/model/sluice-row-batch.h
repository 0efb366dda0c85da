/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SluiceCellKind:
 * @SLUICE_CELL_NULL: nothing
 * @SLUICE_CELL_TEXT: a text, also dates and ids
 * @SLUICE_CELL_NUMBER: a number as the server wrote it
 * @SLUICE_CELL_BOOLEAN: `true` or `false`
 * @SLUICE_CELL_JSON: JSON text: the rows of a subquery, or a compound value such as an address
 *
 * What a cell holds.
 */
typedef enum
{
  SLUICE_CELL_NULL,
  SLUICE_CELL_TEXT,
  SLUICE_CELL_NUMBER,
  SLUICE_CELL_BOOLEAN,
  SLUICE_CELL_JSON,
} SluiceCellKind;

/**
 * SluiceCell:
 * @text: (nullable) (array length=length): UTF-8, not terminated; %NULL when the kind is %SLUICE_CELL_NULL
 * @length: how many bytes
 * @kind: what they are
 *
 * One value of a record. Its bytes belong to whoever made the batch.
 */
typedef struct
{
  const char *text;
  guint32 length;
  SluiceCellKind kind;
} SluiceCell;

/**
 * SluiceRowBatch:
 * @cells: (array): @n_rows times @n_columns cells, row after row
 * @n_rows: how many records
 * @n_columns: how many cells each has
 *
 * Some records on their way from a reader to a sink. Nothing is copied: the
 * batch and its cells are valid only until the reader goes on.
 */
typedef struct
{
  const SluiceCell *cells;
  guint n_rows;
  guint n_columns;
} SluiceRowBatch;

/**
 * sluice_row_batch_get_row:
 * @self: a batch
 * @row: which record, less than its number
 *
 * Returns: (array) (transfer none): the record's cells
 */
static inline const SluiceCell *
sluice_row_batch_get_row (const SluiceRowBatch *self,
                          guint                 row)
{
  return self->cells + (gsize) row * self->n_columns;
}

G_END_DECLS
