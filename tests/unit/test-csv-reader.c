/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "sluice-csv-reader.h"
#include "sluice-error.h"

#define MAX_ROW (4 * 1024 * 1024)

static void
put (SluiceCsvReader *reader,
     const char      *text,
     gsize            length)
{
  while (length > 0)
    {
      gsize room;
      char *to = sluice_csv_reader_get_room (reader, &room);
      gsize n = MIN (room, length);

      memcpy (to, text, n);
      sluice_csv_reader_filled (reader, n);
      text += n;
      length -= n;
    }
}

/* The next row as `a|b|c`, a quoted value in brackets; NULL when there is none. */
static char *
take (SluiceCsvReader *reader)
{
  g_autoptr(GString) row = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  const SluiceCsvField *fields;
  guint n_fields;

  g_assert_true (sluice_csv_reader_next (reader, &fields, &n_fields, &error));
  g_assert_no_error (error);
  if (fields == NULL)
    return NULL;

  for (guint i = 0; i < n_fields; i++)
    {
      g_autofree char *text = g_strndup (fields[i].text, fields[i].length);

      g_string_append_printf (row, fields[i].quoted ? "%s<%s>" : "%s%s", i > 0 ? "|" : "", text);
    }

  return g_string_free (g_steal_pointer (&row), FALSE);
}

static void
assert_row (SluiceCsvReader *reader,
            const char      *expected)
{
  g_autofree char *row = take (reader);

  g_assert_cmpstr (row, ==, expected);
}

static void
assert_error (SluiceCsvReader *reader,
              const char      *part)
{
  g_autoptr(GError) error = NULL;
  const SluiceCsvField *fields;
  guint n_fields;

  g_assert_false (sluice_csv_reader_next (reader, &fields, &n_fields, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_rows (void)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_ROW);
  const char text[] = "Id,Name\r\n1,\"a, \"\"b\"\"\"\n2,\"two\r\nlines\"\r3,\r\n\r\n,\"\"\n5\" pipe,x";

  put (reader, text, strlen (text));
  sluice_csv_reader_end (reader);

  assert_row (reader, "Id|Name");
  assert_row (reader, "1|<a, \"b\">");
  assert_row (reader, "2|<two\r\nlines>");
  assert_row (reader, "3|");
  assert_row (reader, "|<>");
  assert_row (reader, "5\" pipe|x");
  assert_row (reader, NULL);
  g_assert_cmpuint (sluice_csv_reader_get_row (reader), ==, 6);
}

static void
test_dialect (void)
{
  SluiceCsvDialect dialect = { .delimiter = ';', .quote = '\'' };
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (&dialect, MAX_ROW);
  const char text[] = "1,5;'it''s';\"x\"\n";

  put (reader, text, strlen (text));

  assert_row (reader, "1,5|<it's>|\"x\"");
}

/* Nothing is known of a row before its end. */
static void
test_incomplete (void)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_ROW);

  put (reader, "1,\"a\"", 5);
  assert_row (reader, NULL);
  put (reader, "\"b\",", 4);
  assert_row (reader, NULL);
  sluice_csv_reader_end (reader);

  assert_row (reader, "1|<a\"b>|");
  assert_row (reader, NULL);
}

static void
test_long_cell (void)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_ROW);
  g_autofree char *cell = g_strnfill (1024 * 1024, 'x');
  g_autofree char *row = NULL;

  put (reader, "\"", 1);
  put (reader, cell, strlen (cell));
  put (reader, "\",y\n", 4);
  row = take (reader);

  g_assert_cmpuint (strlen (row), ==, strlen (cell) + strlen ("<>|y"));
}

static void
test_too_long (void)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, 10);

  put (reader, "\"0123456789abc", 14);

  assert_error (reader, "Row 1");
}

static void
test_malformed (void)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_ROW);

  put (reader, "a,b\n1,\"b\"c\n", 11);
  assert_row (reader, "a|b");

  assert_error (reader, "Row 2");
}

static void
test_unclosed (void)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_ROW);

  put (reader, "a\n\"b", 4);
  sluice_csv_reader_end (reader);
  assert_row (reader, "a");

  assert_error (reader, "row 2");
}

static void
test_wide (void)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_ROW);
  const SluiceCsvField *fields;
  guint n_fields;

  for (guint i = 0; i < 799; i++)
    put (reader, "\"v\",", 4);
  put (reader, "\"last\"\n", 7);

  g_assert_true (sluice_csv_reader_next (reader, &fields, &n_fields, NULL));
  g_assert_cmpuint (n_fields, ==, 800);
  g_assert_cmpmem (fields[799].text, fields[799].length, "last", 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/csv-reader/rows", test_rows);
  g_test_add_func ("/sync/csv-reader/dialect", test_dialect);
  g_test_add_func ("/sync/csv-reader/incomplete", test_incomplete);
  g_test_add_func ("/sync/csv-reader/long-cell", test_long_cell);
  g_test_add_func ("/sync/csv-reader/too-long", test_too_long);
  g_test_add_func ("/sync/csv-reader/malformed", test_malformed);
  g_test_add_func ("/sync/csv-reader/unclosed", test_unclosed);
  g_test_add_func ("/sync/csv-reader/wide", test_wide);

  return g_test_run ();
}
