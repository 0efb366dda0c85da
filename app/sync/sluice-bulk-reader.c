/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-bulk-reader.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-csv-reader.h"
#include "sluice-error.h"

/* 800 fields of 131,072 characters are the most there can be; a quote that never closes must end somewhere. */
#define MAX_ROW ((gsize) 128 * 1024 * 1024)

struct _SluiceBulkReader
{
  SluiceCsvReader *csv; /* (nullable): of the page that is read */
  char **columns;       /* (nullable): not known before the first page */
  guint n_columns;
  gboolean has_header;  /* of the page that is read */

  GArray *cells;        /* (element-type SluiceCell) */
  SluiceRowBatch batch;
};

/**
 * sluice_bulk_reader_new:
 *
 * Returns: (transfer full): a reader; begin a page first
 */
SluiceBulkReader *
sluice_bulk_reader_new (void)
{
  SluiceBulkReader *self = g_new0 (SluiceBulkReader, 1);

  self->cells = g_array_new (FALSE, FALSE, sizeof (SluiceCell));

  return self;
}

/**
 * sluice_bulk_reader_free:
 * @self: (transfer full): a reader
 *
 * Frees it, with its last batch.
 */
void
sluice_bulk_reader_free (SluiceBulkReader *self)
{
  g_clear_pointer (&self->csv, sluice_csv_reader_free);
  g_strfreev (self->columns);
  g_array_unref (self->cells);
  g_free (self);
}

/**
 * sluice_bulk_reader_begin_page:
 * @self: a reader
 *
 * Begins a page; what was not read of the last one is forgotten.
 */
void
sluice_bulk_reader_begin_page (SluiceBulkReader *self)
{
  g_clear_pointer (&self->csv, sluice_csv_reader_free);
  self->csv = sluice_csv_reader_new (NULL, MAX_ROW);
  self->has_header = FALSE;
  self->batch = (SluiceRowBatch) { 0, };
}

static gboolean
fail (const char  *detail,
      GError     **error)
{
  g_debug ("A page of a Bulk query cannot be used: %s", detail);
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("A page of the result is no list of records. Try again; if it happens again, something "
                         "between this computer and Salesforce changes the answers."));

  return FALSE;
}

static gboolean
has_same_columns (SluiceBulkReader     *self,
                  const SluiceCsvField *fields,
                  guint                 n_fields)
{
  if (n_fields != self->n_columns)
    return FALSE;

  for (guint i = 0; i < n_fields; i++)
    {
      if (strlen (self->columns[i]) != fields[i].length ||
          memcmp (self->columns[i], fields[i].text, fields[i].length) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_header (SluiceBulkReader      *self,
             const SluiceCsvField  *fields,
             guint                  n_fields,
             GError               **error)
{
  self->has_header = TRUE;
  if (self->columns != NULL)
    return has_same_columns (self, fields, n_fields) ? TRUE : fail ("the columns are others than before", error);

  self->n_columns = n_fields;
  self->columns = g_new0 (char *, n_fields + 1);
  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].length == 0 || !g_utf8_validate_len (fields[i].text, fields[i].length, NULL))
        return fail ("a column has no name", error);
      self->columns[i] = g_strndup (fields[i].text, fields[i].length);
    }

  return TRUE;
}

/* Bulk results cannot tell null and an empty text apart; Salesforce itself stores no empty texts. */
static void
add_row (SluiceBulkReader     *self,
         const SluiceCsvField *fields)
{
  guint length = self->cells->len;
  SluiceCell *cells;

  g_array_set_size (self->cells, length + self->n_columns);
  cells = &g_array_index (self->cells, SluiceCell, length);
  for (guint i = 0; i < self->n_columns; i++)
    {
      cells[i].text = fields[i].text;
      cells[i].length = (guint32) fields[i].length;
      cells[i].kind = fields[i].length > 0 ? SLUICE_CELL_TEXT : SLUICE_CELL_NULL;
    }
  self->batch.n_rows++;
}

/* All rows that are whole. Their cells stay until more bytes come. */
static gboolean
read_rows (SluiceBulkReader  *self,
           GError           **error)
{
  g_array_set_size (self->cells, 0);
  self->batch = (SluiceRowBatch) { 0, };

  while (TRUE)
    {
      const SluiceCsvField *fields;
      guint n_fields;

      if (!sluice_csv_reader_next (self->csv, &fields, &n_fields, NULL))
        return fail ("it is no CSV", error);
      if (fields == NULL)
        break;

      if (!self->has_header)
        {
          if (!read_header (self, fields, n_fields, error))
            return FALSE;
          continue;
        }

      if (n_fields != self->n_columns)
        return fail ("a record has another number of values than there are columns", error);
      add_row (self, fields);
    }

  self->batch.cells = (const SluiceCell *) (gpointer) self->cells->data;
  self->batch.n_columns = self->n_columns;

  return TRUE;
}

/**
 * sluice_bulk_reader_take:
 * @self: a reader
 * @data: (inout): the next bytes of the page; those that were not taken yet
 * @length: (inout): how many
 * @error: %SLUICE_ERROR_PROTOCOL when this is no result page
 *
 * Takes some bytes and reads the records that are whole: look at the batch,
 * then call it again until all bytes are taken.
 *
 * Returns: whether this is a result page so far
 */
gboolean
sluice_bulk_reader_take (SluiceBulkReader  *self,
                         const char       **data,
                         gsize             *length,
                         GError           **error)
{
  gsize room;
  char *place;

  g_return_val_if_fail (self->csv != NULL, FALSE);

  place = sluice_csv_reader_get_room (self->csv, &room);
  room = MIN (room, *length);
  memcpy (place, *data, room);
  sluice_csv_reader_filled (self->csv, room);
  *data += room;
  *length -= room;

  return read_rows (self, error);
}

/**
 * sluice_bulk_reader_end_page:
 * @self: a reader
 * @error: %SLUICE_ERROR_PROTOCOL when the page was cut off
 *
 * Says that the page has no more bytes, and reads a last record without a line
 * end: look at the batch.
 *
 * Returns: whether the page is whole
 */
gboolean
sluice_bulk_reader_end_page (SluiceBulkReader  *self,
                             GError           **error)
{
  g_return_val_if_fail (self->csv != NULL, FALSE);

  sluice_csv_reader_end (self->csv);

  return read_rows (self, error);
}

/**
 * sluice_bulk_reader_get_batch:
 * @self: a reader
 *
 * Returns: (transfer none): the records that were read last, perhaps none, until the reader goes on
 */
const SluiceRowBatch *
sluice_bulk_reader_get_batch (SluiceBulkReader *self)
{
  return &self->batch;
}

/**
 * sluice_bulk_reader_get_columns:
 * @self: a reader
 *
 * Returns: (nullable) (array zero-terminated=1): their names; %NULL until they are known
 */
const char * const *
sluice_bulk_reader_get_columns (SluiceBulkReader *self)
{
  return (const char * const *) self->columns;
}
