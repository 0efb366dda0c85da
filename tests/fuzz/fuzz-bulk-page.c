/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-driver.h"

#include <csv.h>
#include <string.h>

#include "sluice-bulk-reader.h"
#include "sluice-csv-reader.h"
#include "sluice-row-text.h"

/* What stands between the pages of an input. */
#define PAGE_END '\x1e'
#define MAX_ROW (1024 * 1024)

/* What libcsv says about all pages together. */
typedef struct
{
  GString *rows;
  GString *row;
  GString *header;  /* (nullable): of the first page */
  guint n_columns;
  guint n_fields;
  gboolean in_page; /* whether the header was there */
  gboolean good;
} Oracle;

static int
no_space (unsigned char c)
{
  return 0;
}

/* Cells as text that no two different results share. */
static void
append_cell (GString    *rows,
             const char *text,
             gsize       length)
{
  g_string_append_printf (rows, "[%" G_GSIZE_FORMAT ":", length);
  g_string_append_len (rows, text, (gssize) length);
  g_string_append_c (rows, ']');
}

static void
oracle_field_cb (void   *text,
                 size_t  length,
                 void   *user_data)
{
  Oracle *oracle = user_data;

  if (!oracle->in_page && (length == 0 || !g_utf8_validate_len (text, length, NULL) || memchr (text, '\0', length) != NULL))
    oracle->good = FALSE;
  append_cell (oracle->row, text, length);
  oracle->n_fields++;
}

static void
oracle_row_cb (int   terminator,
               void *user_data)
{
  Oracle *oracle = user_data;

  if (oracle->header == NULL)
    {
      oracle->header = g_string_new_len (oracle->row->str, (gssize) oracle->row->len);
      oracle->n_columns = oracle->n_fields;
    }
  else if (!oracle->in_page)
    oracle->good = oracle->good && g_string_equal (oracle->row, oracle->header);
  else
    {
      oracle->good = oracle->good && oracle->n_fields == oracle->n_columns;
      g_string_append_len (oracle->rows, oracle->row->str, (gssize) oracle->row->len);
      g_string_append_c (oracle->rows, '\n');
    }

  oracle->in_page = TRUE;
  oracle->n_fields = 0;
  g_string_truncate (oracle->row, 0);
}

static void
ask_about_page (Oracle        *oracle,
                const char    *page,
                gsize          length,
                unsigned char  options)
{
  struct csv_parser parser;

  csv_init (&parser, options);
  csv_set_space_func (&parser, no_space);
  oracle->in_page = FALSE;
  if (csv_parse (&parser, page, length, oracle_field_cb, oracle_row_cb, oracle) != length ||
      csv_fini (&parser, oracle_field_cb, oracle_row_cb, oracle) != 0)
    oracle->good = FALSE;
  csv_free (&parser);
}

/* Records that were written as CSV read as the same ones. */
static void
assert_round_trip (const SluiceRowBatch *batch,
                   SluiceBulkReader     *reader)
{
  static const SluiceRowTextOptions options = { SLUICE_ROW_FORMAT_CSV, FALSE, FALSE };
  SluiceRowText *text;
  g_autoptr(SluiceCsvReader) again = NULL;
  guint row = 0;
  guint written = 0;

  if (batch->n_rows == 0)
    return;

  text = sluice_row_text_new (&options);
  again = sluice_csv_reader_new (NULL, MAX_ROW);
  sluice_row_text_begin (text, sluice_bulk_reader_get_columns (reader), batch->n_columns, TRUE);

  while (row < batch->n_rows)
    {
      const SluiceCsvField *fields;
      guint n_fields;
      gsize length;
      const char *bytes;
      g_autoptr(GError) error = NULL;

      row = sluice_row_text_add (text, batch, row);
      bytes = sluice_row_text_peek (text, &length);
      while (length > 0)
        {
          gsize room;
          char *to = sluice_csv_reader_get_room (again, &room);

          room = MIN (room, length);
          memcpy (to, bytes, room);
          sluice_csv_reader_filled (again, room);
          bytes += room;
          length -= room;

          while (sluice_csv_reader_next (again, &fields, &n_fields, &error) && fields != NULL)
            {
              const SluiceCell *cells = sluice_row_batch_get_row (batch, written++);

              g_assert_cmpuint (n_fields, ==, batch->n_columns);
              for (guint i = 0; i < n_fields; i++)
                g_assert_cmpmem (fields[i].text, fields[i].length, cells[i].text, cells[i].length);
            }
          g_assert_no_error (error);
        }
      sluice_row_text_clear (text);
    }
  g_assert_cmpuint (written, ==, batch->n_rows);
  sluice_row_text_free (text);
}

static void
append_batch (SluiceBulkReader *reader,
              gboolean          round_trip,
              GString          *rows)
{
  const SluiceRowBatch *batch = sluice_bulk_reader_get_batch (reader);

  for (guint i = 0; i < batch->n_rows; i++)
    {
      const SluiceCell *cells = sluice_row_batch_get_row (batch, i);

      for (guint j = 0; j < batch->n_columns; j++)
        {
          g_assert_true ((cells[j].kind == SLUICE_CELL_NULL) == (cells[j].length == 0));
          append_cell (rows, cells[j].text, cells[j].length);
        }
      g_string_append_c (rows, '\n');
    }

  if (round_trip)
    assert_round_trip (batch, reader);
}

static gboolean
read_page (SluiceBulkReader *reader,
           const char       *page,
           gsize             length,
           gsize             piece,
           GString          *rows)
{
  g_autoptr(GError) error = NULL;
  gboolean round_trip = piece == MAX_ROW;

  sluice_bulk_reader_begin_page (reader);
  for (gsize at = 0; at < length;)
    {
      gsize n = MIN (piece, length - at);
      const char *data = page + at;

      at += n;
      while (n > 0)
        {
          if (!sluice_bulk_reader_take (reader, &data, &n, &error))
            {
              g_assert_nonnull (error);
              return FALSE;
            }
          append_batch (reader, round_trip, rows);
        }
    }

  if (!sluice_bulk_reader_end_page (reader, &error))
    {
      g_assert_nonnull (error);
      return FALSE;
    }
  append_batch (reader, round_trip, rows);

  return TRUE;
}

static void
oracle_init (Oracle *oracle)
{
  *oracle = (Oracle) { g_string_new (NULL), g_string_new (NULL), NULL, 0, 0, FALSE, TRUE };
}

static void
oracle_clear (Oracle *oracle)
{
  g_string_free (oracle->rows, TRUE);
  g_string_free (oracle->row, TRUE);
  if (oracle->header != NULL)
    g_string_free (oracle->header, TRUE);
}

/* However the pages are cut, their records are those of libcsv; what we refuse, a strict libcsv refuses too. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         size)
{
  static const gsize pieces[] = { 1, 3, 7, 4096, MAX_ROW };
  const char *input = (const char *) bytes;
  Oracle oracle;
  Oracle strict;
  gboolean first_good = FALSE;

  oracle_init (&oracle);
  oracle_init (&strict);

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(SluiceBulkReader) reader = sluice_bulk_reader_new ();
      g_autoptr(GString) rows = g_string_new (NULL);
      gboolean good = TRUE;

      for (const char *page = input; good && page != NULL;)
        {
          gsize left = size - (gsize) (page - input);
          const char *end = memchr (page, PAGE_END, left);
          gsize length = end != NULL ? (gsize) (end - page) : left;

          if (i == 0)
            {
              ask_about_page (&oracle, page, length, 0);
              ask_about_page (&strict, page, length, CSV_STRICT | CSV_STRICT_FINI);
            }
          good = read_page (reader, page, length, pieces[i], rows);
          page = end != NULL ? end + 1 : NULL;
        }

      if (i == 0)
        first_good = good;
      g_assert_true (good == first_good);
      if (good)
        {
          g_assert_true (oracle.good);
          g_assert_cmpmem (rows->str, rows->len, oracle.rows->str, oracle.rows->len);
        }
      else
        g_assert_false (strict.good);
    }

  oracle_clear (&oracle);
  oracle_clear (&strict);

  return 0;
}
