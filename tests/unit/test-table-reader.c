/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-table-reader.h"

typedef struct
{
  char *path;
  GFile *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  int fd = g_file_open_tmp ("sluice-table-XXXXXX", &fixture->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  fixture->file = g_file_new_for_path (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_remove (fixture->path);
  g_free (fixture->path);
  g_object_unref (fixture->file);
}

static SluiceTableReader *
new_reader (Fixture                 *fixture,
            const char              *bytes,
            gssize                   length,
            const SluiceTableFormat *format)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (fixture->path, bytes, length, &error);
  g_assert_no_error (error);

  return sluice_table_reader_new (fixture->file, format);
}

static SluiceTableReader *
open_reader (Fixture    *fixture,
             const char *bytes,
             gssize      length)
{
  g_autoptr(SluiceTableReader) reader = new_reader (fixture, bytes, length, NULL);
  g_autoptr(GError) error = NULL;

  sluice_table_reader_open (reader, NULL, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&reader);
}

static void
assert_open_fails (Fixture    *fixture,
                   const char *bytes,
                   gssize      length,
                   const char *part)
{
  g_autoptr(SluiceTableReader) reader = new_reader (fixture, bytes, length, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_table_reader_open (reader, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, part));
}

static void
assert_columns (SluiceTableReader *reader,
                const char        *expected)
{
  guint n;
  const char * const *columns = sluice_table_reader_get_columns (reader, &n);
  g_autofree char *joined = g_strjoinv ("|", (char **) columns);

  g_assert_cmpstr (joined, ==, expected);
  g_assert_cmpuint (g_strv_length ((char **) columns), ==, n);
}

static void
append_cells (GString          *text,
              const SluiceCell *cells,
              guint             n_cells)
{
  for (guint i = 0; i < n_cells; i++)
    {
      if (i > 0)
        g_string_append_c (text, '|');
      if (cells[i].kind == SLUICE_CELL_NULL)
        g_string_append (text, "-");
      else
        g_string_append_len (text, cells[i].text, cells[i].length);
    }
}

/* The next row as `a|b|-`, or NULL at the end. */
static void
assert_row (SluiceTableReader *reader,
            const char        *expected)
{
  g_autoptr(GString) row = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  const SluiceCell *cells;
  guint n;

  sluice_table_reader_get_columns (reader, &n);
  sluice_table_reader_next (reader, &cells, NULL, &error);
  g_assert_no_error (error);
  if (cells != NULL)
    append_cells (row, cells, n);

  g_assert_cmpstr (cells != NULL ? row->str : NULL, ==, expected);
}

static void
assert_bad_row (SluiceTableReader *reader,
                const char        *part,
                gboolean           can_continue)
{
  g_autoptr(GError) error = NULL;
  const SluiceCell *cells;

  g_assert_false (sluice_table_reader_next (reader, &cells, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_null (cells);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not have “%s”", error->message, part);
  g_assert_cmpint (sluice_table_reader_get_can_continue (reader), ==, can_continue);
}

static void
test_plain (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(SluiceTableReader) reader = open_reader (fixture, "Name, Phone\nA,1\n\nB,\n\"\",\"x,\ny\"", -1);
  const SluiceTableFormat *format = sluice_table_reader_get_format (reader);

  assert_columns (reader, "Name|Phone");
  assert_row (reader, "A|1");
  g_assert_cmpuint (sluice_table_reader_get_row (reader), ==, 2);
  assert_row (reader, "B|-");
  assert_row (reader, "|x,\ny");
  assert_row (reader, NULL);
  assert_row (reader, NULL);
  g_assert_cmpuint (sluice_table_reader_get_row (reader), ==, 4);
  g_assert_cmpint (sluice_table_reader_get_position (reader), ==, sluice_table_reader_get_size (reader));
  g_assert_cmpint (format->encoding, ==, SLUICE_ENCODING_UTF_8);
  g_assert_cmpint (format->encoding_sureness, ==, SLUICE_SURENESS_CERTAIN);
  g_assert_cmpint (format->delimiter, ==, ',');
  g_assert_cmpint (format->quote, ==, '"');
  g_assert_cmpint (format->line_end, ==, SLUICE_LINE_END_LF);
  g_assert_cmpint (format->dialect_sureness, ==, SLUICE_SURENESS_CERTAIN);
}

static void
test_marks (Fixture       *fixture,
            gconstpointer  unused)
{
  static const struct
  {
    const char *charset;
    const char *mark;
    gssize mark_length;
    SluiceEncoding encoding;
    guint bom_length;
  } cases[] = {
    { "UTF-8", "\xef\xbb\xbf", 3, SLUICE_ENCODING_UTF_8, 3 },
    { "UTF-8", "", 0, SLUICE_ENCODING_UTF_8, 0 },
    { "UTF-16LE", "\xff\xfe", 2, SLUICE_ENCODING_UTF_16_LE, 2 },
    { "UTF-16LE", "", 0, SLUICE_ENCODING_UTF_16_LE, 0 },
    { "UTF-16BE", "\xfe\xff", 2, SLUICE_ENCODING_UTF_16_BE, 2 },
    { "UTF-16BE", "", 0, SLUICE_ENCODING_UTF_16_BE, 0 },
    { "WINDOWS-1252", "", 0, SLUICE_ENCODING_WINDOWS_1252, 0 },
    { "ISO-8859-1", "", 0, SLUICE_ENCODING_WINDOWS_1252, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SluiceTableReader) reader = NULL;
      g_autoptr(GByteArray) bytes = g_byte_array_new ();
      g_autofree char *text = NULL;
      gsize length;
      const SluiceTableFormat *format;

      text = g_convert ("Name;Größe\r\nMüller;1\r\n", -1, cases[i].charset, "UTF-8", NULL, &length, NULL);
      g_byte_array_append (bytes, (const guint8 *) cases[i].mark, (guint) cases[i].mark_length);
      g_byte_array_append (bytes, (const guint8 *) text, (guint) length);

      reader = open_reader (fixture, (const char *) bytes->data, bytes->len);
      format = sluice_table_reader_get_format (reader);

      g_assert_cmpint (format->encoding, ==, cases[i].encoding);
      g_assert_cmpuint (format->bom_length, ==, cases[i].bom_length);
      g_assert_cmpint (format->delimiter, ==, ';');
      g_assert_cmpint (format->line_end, ==, SLUICE_LINE_END_CR_LF);
      assert_columns (reader, "Name|Größe");
      assert_row (reader, "Müller|1");
      assert_row (reader, NULL);
    }
}

/* The byte 0x80 is the euro sign in one and nothing printable in the other. */
static void
test_windows_or_latin (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(SluiceTableReader) windows = open_reader (fixture, "a,b\n\x80,1\n", -1);
  g_autoptr(SluiceTableReader) latin = NULL;

  assert_row (windows, "€|1");

  latin = open_reader (fixture, "a,b\n\x81\xe9,1\n", -1);
  g_assert_cmpint (sluice_table_reader_get_format (latin)->encoding, ==, SLUICE_ENCODING_LATIN_1);
  assert_row (latin, "\xc2\x81é|1");
}

static void
test_dialects (Fixture       *fixture,
               gconstpointer  unused)
{
  static const struct
  {
    const char *text;
    const char *columns;
    const char *row;
    char delimiter;
    char quote;
    SluiceSureness sureness;
  } cases[] = {
    { "a,b\n1,2\n", "a|b", "1|2", ',', '"', SLUICE_SURENESS_CERTAIN },
    { "a;b\n1,5;2\n2,5;3\n", "a|b", "1,5|2", ';', '"', SLUICE_SURENESS_CERTAIN },
    { "a\tb\r1,2\t\"x;y\"\r", "a|b", "1,2|x;y", '\t', '"', SLUICE_SURENESS_CERTAIN },
    { "a|b|c\n1|2|3\n", "a|b|c", "1|2|3", '|', '"', SLUICE_SURENESS_CERTAIN },
    { "a,b\n'1,1','it''s'\n'2','x'\n", "a|b", "1,1|it's", ',', '\'', SLUICE_SURENESS_CERTAIN },
    { "a;b\n\"1;\n2\";2\n", "a|b", "1;\n2|2", ';', '"', SLUICE_SURENESS_CERTAIN },
    { "a,b\n'tis,1\nrock'n'roll,2\n", "a|b", "'tis|1", ',', '"', SLUICE_SURENESS_CERTAIN },
    { "sep=;\r\na;b\r\n1;2,3,4\r\n", "a|b", "1|2,3,4", ';', '"', SLUICE_SURENESS_CERTAIN },
    { "Id\n001\n002\n", "Id", "001", ',', '"', SLUICE_SURENESS_GUESS },
    { "a,b;c\n1,2;3\n", "a|b;c", "1|2;3", ',', '"', SLUICE_SURENESS_LIKELY },
    { "a,b,c\n1,2\n1,2,3\n", NULL, NULL, ',', '"', SLUICE_SURENESS_GUESS },
    { "a,b\n", "a|b", NULL, ',', '"', SLUICE_SURENESS_LIKELY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SluiceTableReader) reader = open_reader (fixture, cases[i].text, -1);
      const SluiceTableFormat *format = sluice_table_reader_get_format (reader);

      g_assert_cmpint (format->kind, ==, SLUICE_TABLE_KIND_CSV);
      g_assert_cmpint (format->delimiter, ==, cases[i].delimiter);
      g_assert_cmpint (format->quote, ==, cases[i].quote);
      g_assert_cmpint (format->dialect_sureness, ==, cases[i].sureness);
      if (cases[i].columns != NULL)
        {
          assert_columns (reader, cases[i].columns);
          assert_row (reader, cases[i].row);
        }
    }
}

static void
test_chosen (Fixture       *fixture,
             gconstpointer  unused)
{
  SluiceTableFormat chosen = { .encoding = SLUICE_ENCODING_LATIN_1, .delimiter = ';' };
  g_autoptr(SluiceTableReader) reader = new_reader (fixture, "a,b;c\n1,\xc3\xa4;3\n", -1, &chosen);
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_table_reader_open (reader, NULL, &error));
  assert_columns (reader, "a,b|c");
  assert_row (reader, "1,Ã¤|3");
  g_assert_cmpint (sluice_table_reader_get_format (reader)->encoding_sureness, ==, SLUICE_SURENESS_CHOSEN);
  g_assert_cmpint (sluice_table_reader_get_format (reader)->dialect_sureness, ==, SLUICE_SURENESS_CHOSEN);
}

static void
test_ragged (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(SluiceTableReader) reader = open_reader (fixture, "a,b\n1\n1,2,3\n1,2\n", -1);

  assert_bad_row (reader, "Row 2 has too few values: 1 instead of 2", TRUE);
  assert_bad_row (reader, "Row 3 has too many values: 3 instead of 2", TRUE);
  assert_row (reader, "1|2");
  assert_row (reader, NULL);
}

static void
test_invalid_bytes (Fixture       *fixture,
                    gconstpointer  unused)
{
  SluiceTableFormat utf_8 = { .encoding = SLUICE_ENCODING_UTF_8 };
  SluiceTableFormat windows = { .encoding = SLUICE_ENCODING_WINDOWS_1252 };
  g_autoptr(SluiceTableReader) reader = new_reader (fixture, "a,b\n1,2\n1,M\xfcller\n1,2\n", -1, &utf_8);
  g_autoptr(SluiceTableReader) other = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_table_reader_open (reader, NULL, &error));
  assert_row (reader, "1|2");
  assert_bad_row (reader, "Row 3, column “b”: the byte 0xFC is no character in UTF-8", TRUE);
  assert_row (reader, "1|2");

  other = new_reader (fixture, "a,b\n1,2\n1,\x81\n", -1, &windows);
  g_assert_true (sluice_table_reader_open (other, NULL, &error));
  assert_row (other, "1|2");
  assert_bad_row (other, "Row 3: the byte 0x81 is no character in Windows-1252", FALSE);
}

static void
test_zero_byte (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceTableReader) reader = open_reader (fixture, "first,second\nabcdefghij,0123456789\nx\0y,2\n1,2\n",
                                                     13 + 22 + 6 + 4);

  g_assert_cmpint (sluice_table_reader_get_format (reader)->encoding, ==, SLUICE_ENCODING_UTF_8);
  assert_row (reader, "abcdefghij|0123456789");
  assert_bad_row (reader, "Row 3, column “first”: there is a zero byte", TRUE);
  assert_row (reader, "1|2");
}

static void
test_unclosed_quote (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(SluiceTableReader) reader = open_reader (fixture, "a,b\n1,2\n1,\"x\n1,2\n", -1);

  assert_row (reader, "1|2");
  assert_bad_row (reader, "row 3", FALSE);
}

static void
test_half_a_character (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(SluiceTableReader) reader = open_reader (fixture, "\xff\xfe" "a\0\n\0" "b\0\n\0" "c", 11);

  assert_row (reader, "b");
  assert_bad_row (reader, "The file ends in the middle of a character of UTF-16", FALSE);
}

static void
test_headers (Fixture       *fixture,
              gconstpointer  unused)
{
  assert_open_fails (fixture, "", 0, "The file is empty");
  assert_open_fails (fixture, "\n\n", -1, "The file is empty");
  assert_open_fails (fixture, "a,,b\n1,2,3\n", -1, "Row 1: column 2 has no name");
  assert_open_fails (fixture, "a, ,b\n1,2,3\n", -1, "Row 1: column 2 has no name");
  assert_open_fails (fixture, "a,b,A\n1,2,3\n", -1, "Row 1: two columns are called “A”");
}

static void
test_missing_file (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GFile) file = g_file_new_for_path ("/nowhere/at-all.csv");
  g_autoptr(SluiceTableReader) reader = sluice_table_reader_new (file, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_table_reader_open (reader, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "at-all.csv"));
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SluiceTableReader) reader = new_reader (fixture, "a,b\n", -1, NULL);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);

  g_assert_false (sluice_table_reader_open (reader, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_json_lines (Fixture       *fixture,
                 gconstpointer  unused)
{
  const char *text = "{\"Name\":\"A\",\"Employees\":1e2,\"Active\":true,\"Owner\":{\"attributes\":{},\"Alias\":\"x\"}}\n"
                     "{\"Name\":null,\"Tags\":[1,\"b\"]}\n"
                     "\n"
                     "{\"Name\":\"\",\"Owner\":null}\n"
                     "[]\n"
                     "{\"Name\":\"z\"}";
  g_autoptr(SluiceTableReader) reader = open_reader (fixture, text, -1);

  g_assert_cmpint (sluice_table_reader_get_format (reader)->kind, ==, SLUICE_TABLE_KIND_JSON_LINES);
  assert_columns (reader, "Name|Employees|Active|Owner.Alias|Tags|Owner");
  assert_row (reader, "A|1e2|true|x|-|-");
  assert_row (reader, "-|-|-|-|[1,\"b\"]|-");
  assert_row (reader, "|-|-|-|-|-");
  assert_bad_row (reader, "Row 4: the line is no JSON object", TRUE);
  assert_row (reader, "z|-|-|-|-|-");
  assert_row (reader, NULL);
}

/* A file that is longer than what detection sees. */
static void
test_long (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GString) text = g_string_new ("Id,Näme\n");
  g_autoptr(SluiceTableReader) reader = NULL;
  g_autofree char *utf_16 = NULL;
  gsize length;

  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "%u,\"n“%u”\"\n", i, i);
  utf_16 = g_convert (text->str, (gssize) text->len, "UTF-16LE", "UTF-8", NULL, &length, NULL);
  reader = open_reader (fixture, utf_16, (gssize) length);

  for (guint i = 0; i < 50000; i++)
    {
      g_autofree char *row = g_strdup_printf ("%u|n“%u”", i, i);

      assert_row (reader, row);
    }
  assert_row (reader, NULL);
  g_assert_cmpint (sluice_table_reader_get_position (reader), ==, length);
}

/* However a file is cut, there are rows and perhaps one error, and what is read is how the whole file begins. */
static void
test_cut_anywhere (Fixture       *fixture,
                   gconstpointer  unused)
{
  static const char *const charsets[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "WINDOWS-1252" };
  const char *text = "Name;Größe;x\r\n\"M;ü\"\"ller\";1,5;\r\n;\"a\r\nb\";'c'\r\n";

  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      gsize length;
      g_autofree char *bytes = g_convert (text, -1, charsets[i], "UTF-8", NULL, &length, NULL);

      for (gsize cut = 0; cut <= length; cut++)
        {
          g_autoptr(SluiceTableReader) reader = new_reader (fixture, bytes, (gssize) cut, NULL);
          g_autoptr(GError) error = NULL;
          const SluiceCell *cells;

          if (!sluice_table_reader_open (reader, NULL, &error))
            {
              g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
              continue;
            }

          do
            {
              g_clear_error (&error);
              if (!sluice_table_reader_next (reader, &cells, NULL, &error))
                g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
            }
          while (cells != NULL || (error != NULL && sluice_table_reader_get_can_continue (reader)));
        }
    }
}

static void
test_describe (void)
{
  SluiceTableFormat format = { 0 };
  g_autofree char *text = NULL;

  sluice_table_format_detect (&format, "a;b\n'c;d';2\n", 12, TRUE);
  text = sluice_table_format_describe (&format);

  g_assert_cmpstr (text, ==, "UTF-8, semicolons, single quotes");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/sync/table-reader/plain", test_plain);
  ADD ("/sync/table-reader/marks", test_marks);
  ADD ("/sync/table-reader/windows-or-latin", test_windows_or_latin);
  ADD ("/sync/table-reader/dialects", test_dialects);
  ADD ("/sync/table-reader/chosen", test_chosen);
  ADD ("/sync/table-reader/ragged", test_ragged);
  ADD ("/sync/table-reader/invalid-bytes", test_invalid_bytes);
  ADD ("/sync/table-reader/zero-byte", test_zero_byte);
  ADD ("/sync/table-reader/unclosed-quote", test_unclosed_quote);
  ADD ("/sync/table-reader/half-a-character", test_half_a_character);
  ADD ("/sync/table-reader/headers", test_headers);
  ADD ("/sync/table-reader/missing-file", test_missing_file);
  ADD ("/sync/table-reader/cancelled", test_cancelled);
  ADD ("/sync/table-reader/json-lines", test_json_lines);
  ADD ("/sync/table-reader/long", test_long);
  ADD ("/sync/table-reader/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/sync/table-format/describe", test_describe);

  return g_test_run ();
}
