/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "sluice-bulk-reader.h"
#include "sluice-error.h"

/* What is in a batch, a line a record, cells with bars between them; null is a dash. */
static void
append_batch (SluiceBulkReader *reader,
              GString          *rows)
{
  const SluiceRowBatch *batch = sluice_bulk_reader_get_batch (reader);

  for (guint i = 0; i < batch->n_rows; i++)
    {
      const SluiceCell *cells = sluice_row_batch_get_row (batch, i);

      for (guint j = 0; j < batch->n_columns; j++)
        {
          if (j > 0)
            g_string_append_c (rows, '|');
          if (cells[j].kind == SLUICE_CELL_NULL)
            g_string_append_c (rows, '-');
          else
            g_string_append_len (rows, cells[j].text, cells[j].length);
        }
      g_string_append_c (rows, '\n');
    }
}

static gboolean
read_page (SluiceBulkReader  *reader,
           const char        *page,
           gsize              piece,
           GString           *rows,
           GError           **error)
{
  gsize left = strlen (page);

  sluice_bulk_reader_begin_page (reader);
  while (left > 0)
    {
      const char *data = page;
      gsize length = MIN (piece, left);

      page += length;
      left -= length;
      while (length > 0)
        {
          if (!sluice_bulk_reader_take (reader, &data, &length, error))
            return FALSE;
          append_batch (reader, rows);
        }
    }

  if (!sluice_bulk_reader_end_page (reader, error))
    return FALSE;
  append_batch (reader, rows);

  return TRUE;
}

static void
assert_rows (const char *page,
             const char *expected)
{
  for (gsize piece = 1; piece <= strlen (page) + 1; piece++)
    {
      g_autoptr(SluiceBulkReader) reader = sluice_bulk_reader_new ();
      g_autoptr(GString) rows = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (read_page (reader, page, piece, rows, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (rows->str, ==, expected);
    }
}

static void
test_pieces (void)
{
  assert_rows ("\"Id\",\"Account.Name\"\n\"1\",\"A \"\"B\"\", C\"\n\"2\",\"\"\n\"3\",\"x\r\ny\"\n\"4\",\"é\"",
               "1|A \"B\", C\n2|-\n3|x\r\ny\n4|é\n");
  assert_rows ("\"Id\",\"Name\"\r\n\"1\",\"a\"\r\n", "1|a\n");
}

static void
test_no_rows (void)
{
  assert_rows ("\"Id\"\n", "");
  assert_rows ("", "");
}

static void
test_header_once (void)
{
  g_autoptr(SluiceBulkReader) reader = sluice_bulk_reader_new ();
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (sluice_bulk_reader_get_columns (reader));
  g_assert_true (read_page (reader, "\"Id\",\"Name\"\n\"1\",\"a\"\n", 100, rows, &error));
  g_assert_true (read_page (reader, "\"Id\",\"Name\"\n\"Id\",\"Name\"\n", 100, rows, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (rows->str, ==, "1|a\nId|Name\n");
  g_assert_cmpstr (sluice_bulk_reader_get_columns (reader)[1], ==, "Name");
}

static void
test_broken_pages (void)
{
  const char *pages[] = {
    "\"Id\",\"Name\"\n\"1\"\n",
    "\"Id\",\"Name\"\n\"1\",\"a\",\"b\"\n",
    "\"Id\",\"Name\"\n\"1\",\"a",
    "\"Id\",\"Name\"\n\"1\"x,\"a\"\n",
    "\"Name\",\"Id\"\n",
    "\"Id\"\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr(SluiceBulkReader) reader = sluice_bulk_reader_new ();
      g_autoptr(GString) rows = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (read_page (reader, "\"Id\",\"Name\"\n", 100, rows, NULL));
      g_assert_false (read_page (reader, pages[i], 100, rows, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
    }
}

static void
test_long_cell (void)
{
  g_autofree char *text = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *page = g_strconcat ("\"Id\",\"Text\"\n\"1\",\"", text, "\"\n", NULL);
  g_autofree char *expected = g_strconcat ("1|", text, "\n", NULL);
  g_autoptr(SluiceBulkReader) reader = sluice_bulk_reader_new ();
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (read_page (reader, page, 256 * 1024, rows, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_equal (rows->str, expected));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/bulk-reader/pieces", test_pieces);
  g_test_add_func ("/sync/bulk-reader/no-rows", test_no_rows);
  g_test_add_func ("/sync/bulk-reader/header-once", test_header_once);
  g_test_add_func ("/sync/bulk-reader/broken-pages", test_broken_pages);
  g_test_add_func ("/sync/bulk-reader/long-cell", test_long_cell);

  return g_test_run ();
}
