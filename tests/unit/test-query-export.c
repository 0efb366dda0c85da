/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>

#include "sluice-error.h"
#include "sluice-query-export.h"
#include "test-utils.h"

static SluiceQueryPage *
make_page (char  **columns,
           guint   n_rows,
           char  **cells)
{
  SluiceQueryPage *page = g_new0 (SluiceQueryPage, 1);

  page->columns = columns;
  page->n_columns = g_strv_length (columns);
  page->rows = g_ptr_array_new ();
  for (guint i = 0; i < n_rows; i++)
    g_ptr_array_add (page->rows, cells + i * page->n_columns);

  return page;
}

static void
free_page (SluiceQueryPage *page)
{
  g_ptr_array_unref (page->rows);
  g_free (page);
}

static gboolean
write_page (SluiceQueryExport  *writer,
            SluiceQueryPage    *page,
            GError            **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_query_export_write_async (writer, page, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_query_export_write_finish (writer, done, error);
}

static char *
write_twice (SluiceExportFormat format,
             SluiceQueryPage   *page)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SluiceQueryExport) writer = sluice_query_export_new (stream, format);
  g_autoptr(GError) error = NULL;
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);

  g_assert_true (write_page (writer, page, &error));
  g_assert_true (write_page (writer, page, &error));
  g_assert_no_error (error);

  if (g_memory_output_stream_get_data_size (memory) == 0)
    return g_strdup ("");

  return g_strndup (g_memory_output_stream_get_data (memory), g_memory_output_stream_get_data_size (memory));
}

static void
test_csv (void)
{
  char *columns[] = { (char *) "Id", (char *) "Account.Name", NULL };
  char *cells[] = { (char *) "1", (char *) "A \"B\", C", NULL, (char *) "", (char *) "x\ny", (char *) "é" };
  SluiceQueryPage *page = make_page (columns, 3, cells);
  g_autofree char *text = write_twice (SLUICE_EXPORT_CSV, page);

  g_assert_cmpstr (text, ==,
                   "Id,Account.Name\r\n"
                   "1,\"A \"\"B\"\", C\"\r\n,\"\"\r\n\"x\ny\",é\r\n"
                   "1,\"A \"\"B\"\", C\"\r\n,\"\"\r\n\"x\ny\",é\r\n");
  free_page (page);
}

static void
test_json (void)
{
  char *columns[] = { (char *) "Id", (char *) "Name", NULL };
  char *cells[] = { (char *) "1", (char *) "a\"b\\c\n\x01", NULL, (char *) "" };
  SluiceQueryPage *page = make_page (columns, 2, cells);
  g_autofree char *text = write_twice (SLUICE_EXPORT_JSON, page);

  g_assert_cmpstr (text, ==,
                   "{\"Id\":\"1\",\"Name\":\"a\\\"b\\\\c\\u000a\\u0001\"}\n{\"Id\":null,\"Name\":\"\"}\n"
                   "{\"Id\":\"1\",\"Name\":\"a\\\"b\\\\c\\u000a\\u0001\"}\n{\"Id\":null,\"Name\":\"\"}\n");
  free_page (page);
}

static void
test_no_rows (void)
{
  char *columns[] = { (char *) "Id", NULL };
  SluiceQueryPage *page = make_page (columns, 0, NULL);
  g_autofree char *csv = write_twice (SLUICE_EXPORT_CSV, page);
  g_autofree char *json = write_twice (SLUICE_EXPORT_JSON, page);

  g_assert_cmpstr (csv, ==, "Id\r\n");
  g_assert_cmpstr (json, ==, "");
  free_page (page);
}

static void
test_full_disk (void)
{
  char *columns[] = { (char *) "Id", NULL };
  SluiceQueryPage *page = make_page (columns, 0, NULL);
  g_autoptr(SluiceQueryExport) writer = NULL;
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  int fd = g_open ("/dev/full", O_WRONLY | O_CLOEXEC, 0);

  if (fd < 0)
    {
      g_test_skip ("/dev/full is missing");
      free_page (page);
      return;
    }

  stream = g_unix_output_stream_new (fd, TRUE);
  writer = sluice_query_export_new (stream, SLUICE_EXPORT_CSV);
  g_assert_false (write_page (writer, page, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  free_page (page);
}

static void
test_cancelled (void)
{
  char *columns[] = { (char *) "Id", NULL };
  SluiceQueryPage *page = make_page (columns, 0, NULL);
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SluiceQueryExport) writer = sluice_query_export_new (stream, SLUICE_EXPORT_CSV);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  g_cancellable_cancel (cancellable);
  sluice_query_export_write_async (writer, page, cancellable, keep_result, &result);
  done = wait_result (&result);
  g_assert_false (sluice_query_export_write_finish (writer, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  free_page (page);
}

/* Programs that read the lines get numbers as numbers. */
static void
test_json_kinds (void)
{
  char *columns[] = { (char *) "Name", (char *) "Amount", (char *) "Active", (char *) "Lines", NULL };
  char *cells[] = { (char *) "7", (char *) "1.0E7", (char *) "true", (char *) "[{\"Id\":\"1\"}]" };
  guint8 kinds[] = { SLUICE_CELL_TEXT, SLUICE_CELL_NUMBER, SLUICE_CELL_BOOLEAN, SLUICE_CELL_JSON };
  SluiceQueryPage *page = make_page (columns, 1, cells);
  g_autofree char *text = NULL;

  page->kinds = kinds;
  text = write_twice (SLUICE_EXPORT_JSON, page);

  g_assert_cmpstr (text, ==,
                   "{\"Name\":\"7\",\"Amount\":1.0E7,\"Active\":true,\"Lines\":[{\"Id\":\"1\"}]}\n"
                   "{\"Name\":\"7\",\"Amount\":1.0E7,\"Active\":true,\"Lines\":[{\"Id\":\"1\"}]}\n");
  free_page (page);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/sync/query-export/json-kinds", test_json_kinds);
  g_test_add_func ("/sync/query-export/csv", test_csv);
  g_test_add_func ("/sync/query-export/json", test_json);
  g_test_add_func ("/sync/query-export/no-rows", test_no_rows);
  g_test_add_func ("/sync/query-export/full-disk", test_full_disk);
  g_test_add_func ("/sync/query-export/cancelled", test_cancelled);

  return g_test_run ();
}
