/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-result-order.h"

struct _SluiceResultOrder
{
  gatomicrefcount references;
  SluiceResultFile *file;
  guint n_rows;
};

/**
 * sluice_result_order_new:
 * @file: (transfer full): the numbers of the rows as 32-bit integers of this machine
 * @n_rows: how many
 *
 * Returns: (transfer full): an order
 */
SluiceResultOrder *
sluice_result_order_new (SluiceResultFile *file,
                         guint             n_rows)
{
  SluiceResultOrder *self;

  g_return_val_if_fail (file != NULL, NULL);

  self = g_new0 (SluiceResultOrder, 1);
  g_atomic_ref_count_init (&self->references);
  self->file = file;
  self->n_rows = n_rows;

  return self;
}

/**
 * sluice_result_order_ref:
 * @self: an order
 *
 * Returns: (transfer full): @self
 */
SluiceResultOrder *
sluice_result_order_ref (SluiceResultOrder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);

  return self;
}

/**
 * sluice_result_order_unref:
 * @self: (transfer full): an order
 */
void
sluice_result_order_unref (SluiceResultOrder *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;

  sluice_result_file_free (self->file);
  g_free (self);
}

/**
 * sluice_result_order_get_n_rows:
 * @self: an order
 *
 * Returns: how many rows were there when it was made
 */
guint
sluice_result_order_get_n_rows (const SluiceResultOrder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_rows;
}

/**
 * sluice_result_order_read:
 * @self: (nullable): an order; %NULL for the order in which the rows came
 * @first: a position
 * @n_rows: how many
 * @rows: (array length=n_rows) (out caller-allocates): which rows stand there
 * @error: why that cannot be read
 *
 * Blocks. Rows that came after the order was made stand behind the others.
 *
 * Returns: whether it is known
 */
gboolean
sluice_result_order_read (const SluiceResultOrder  *self,
                          guint                     first,
                          guint                     n_rows,
                          guint32                  *rows,
                          GError                  **error)
{
  guint n_ordered = 0;

  if (self != NULL && first < self->n_rows)
    n_ordered = MIN (n_rows, self->n_rows - first);

  if (n_ordered > 0 && !sluice_result_file_read (self->file, rows, (gsize) n_ordered * sizeof *rows,
                                                 (guint64) first * sizeof *rows, error))
    return FALSE;

  for (guint i = n_ordered; i < n_rows; i++)
    rows[i] = first + i;

  return TRUE;
}
