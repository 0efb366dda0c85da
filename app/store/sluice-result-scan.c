/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-result-scan.h"

#include <string.h>

#include "sluice-result-row-format.h"
#include "sluice-result-store-private.h"

#define CHUNK (1024 * 1024)

struct _SluiceResultScan
{
  SluiceResultStore *store;
  SluiceResultExtent extent;
  guint row;
  guint64 offset; /* of what is not in the buffer yet */

  guint8 *buffer;
  gsize capacity;
  gsize start;
  gsize end;
  SluiceCell *cells;
};

/**
 * sluice_result_scan_new:
 * @store: a store
 * @first: the row to begin with
 * @error: why it cannot be found
 *
 * The scan ends with the last row that is there now.
 *
 * Returns: (transfer full) (nullable): a scan
 */
SluiceResultScan *
sluice_result_scan_new (SluiceResultStore  *store,
                        guint               first,
                        GError            **error)
{
  g_autoptr(SluiceResultScan) self = NULL;
  guint64 unused;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (store), NULL);

  self = g_new0 (SluiceResultScan, 1);
  self->store = g_object_ref (store);
  sluice_result_store_get_extent (store, &self->extent);
  self->row = MIN (first, self->extent.n_rows);
  if (self->row < self->extent.n_rows &&
      !sluice_result_extent_find_row (&self->extent, self->row, &self->offset, &unused, error))
    return NULL;

  self->capacity = CHUNK;
  self->buffer = g_malloc (self->capacity);
  self->cells = g_new (SluiceCell, MAX (self->extent.n_columns, 1));

  return g_steal_pointer (&self);
}

/**
 * sluice_result_scan_free:
 * @self: (transfer full): a scan
 */
void
sluice_result_scan_free (SluiceResultScan *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->store);
  g_free (self->buffer);
  g_free (self->cells);
  g_free (self);
}

/**
 * sluice_result_scan_get_n_rows:
 * @self: a scan
 *
 * Returns: the number of the row after the last one that the scan reads
 */
guint
sluice_result_scan_get_n_rows (SluiceResultScan *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->extent.n_rows;
}

/* Brings at least @wanted bytes into the buffer, as far as the file has them. */
static gboolean
fill (SluiceResultScan  *self,
      gsize              wanted,
      GError           **error)
{
  gsize size;

  memmove (self->buffer, self->buffer + self->start, self->end - self->start);
  self->end -= self->start;
  self->start = 0;

  if (wanted > self->capacity)
    {
      self->capacity = wanted;
      self->buffer = g_realloc (self->buffer, self->capacity);
    }

  size = (gsize) MIN (self->capacity - self->end, self->extent.size - self->offset);
  if (!sluice_result_file_read (self->extent.data, self->buffer + self->end, size, self->offset, error))
    return FALSE;

  self->end += size;
  self->offset += size;

  return TRUE;
}

static gsize
parse (SluiceResultScan *self)
{
  gsize header;

  return sluice_result_row_parse (self->buffer + self->start, self->end - self->start, self->cells,
                                  self->extent.n_columns, &header);
}

/**
 * sluice_result_scan_next:
 * @self: a scan
 * @error: why the row cannot be read
 *
 * Blocks.
 *
 * Returns: (nullable) (transfer none): the cells of the next row, valid until the scan goes on; %NULL after the last one
 *   or with an error
 */
const SluiceCell *
sluice_result_scan_next (SluiceResultScan  *self,
                         GError           **error)
{
  gsize row;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->row == self->extent.n_rows)
    return NULL;

  row = parse (self);
  /* Lengths may be cut off as well as cells. */
  for (guint i = 0; i < 2 && (row == 0 || row > self->end - self->start); i++)
    {
      gsize wanted = row > 0 ? row : SLUICE_RESULT_ROW_MAX_HEADER (self->extent.n_columns);

      if (!fill (self, wanted, error))
        return NULL;
      row = parse (self);
    }

  if (row == 0 || row > self->end - self->start)
    {
      sluice_result_set_damaged_error (error);
      return NULL;
    }

  self->start += row;
  self->row++;

  return self->cells;
}
