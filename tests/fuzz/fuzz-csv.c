/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-driver.h"

#include <csv.h>
#include <string.h>

#include "sluice-csv-reader.h"

#define MAX_ROW (1024 * 1024)

/* Rows as text that no two different results share. */
static void
append_field (GString    *rows,
              const char *text,
              gsize       length)
{
  if (text == NULL)
    g_string_append (rows, "[null]");
  else
    {
      g_string_append_printf (rows, "[%" G_GSIZE_FORMAT ":", length);
      g_string_append_len (rows, text, (gssize) length);
      g_string_append_c (rows, ']');
    }
}

static void
oracle_field_cb (void   *text,
                 size_t  length,
                 void   *rows)
{
  append_field (rows, text, length);
}

static void
oracle_row_cb (int   terminator,
               void *rows)
{
  g_string_append_c (rows, '\n');
}

static int
no_space (unsigned char c)
{
  return 0;
}

static gboolean
ask_oracle (const char    *text,
            gsize          length,
            unsigned char  options,
            GString       *rows)
{
  struct csv_parser parser;
  gboolean success;

  csv_init (&parser, options);
  csv_set_space_func (&parser, no_space);
  success = csv_parse (&parser, text, length, oracle_field_cb, oracle_row_cb, rows) == length &&
            csv_fini (&parser, oracle_field_cb, oracle_row_cb, rows) == 0;
  csv_free (&parser);

  return success;
}

static gboolean
take_rows (SluiceCsvReader *reader,
           GString         *rows)
{
  const SluiceCsvField *fields;
  guint n_fields;

  for (;;)
    {
      g_autoptr(GError) error = NULL;

      if (!sluice_csv_reader_next (reader, &fields, &n_fields, &error))
        {
          g_assert_nonnull (error);
          return FALSE;
        }
      if (fields == NULL)
        return TRUE;

      for (guint i = 0; i < n_fields; i++)
        append_field (rows, fields[i].length > 0 || fields[i].quoted ? fields[i].text : NULL, fields[i].length);
      g_string_append_c (rows, '\n');
    }
}

static gboolean
split (const char *text,
       gsize       length,
       gsize       piece,
       GString    *rows)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_ROW);

  for (gsize at = 0; at < length;)
    {
      gsize room;
      char *to = sluice_csv_reader_get_room (reader, &room);
      gsize n = MIN (MIN (room, piece), length - at);

      memcpy (to, text + at, n);
      sluice_csv_reader_filled (reader, n);
      at += n;
      if (!take_rows (reader, rows))
        return FALSE;
    }

  sluice_csv_reader_end (reader);

  return take_rows (reader, rows);
}

/* However the text is cut, the rows are those of libcsv; what we refuse, a strict libcsv refuses too. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         size)
{
  static const gsize pieces[] = { 1, 2, 3, 7, MAX_ROW };
  const char *text = (const char *) bytes;
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autoptr(GString) ignored = g_string_new (NULL);
  gboolean strict;

  strict = ask_oracle (text, size, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL, ignored);
  ask_oracle (text, size, CSV_EMPTY_IS_NULL, expected);

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(GString) rows = g_string_new (NULL);

      if (split (text, size, pieces[i], rows))
        g_assert_cmpmem (rows->str, rows->len, expected->str, expected->len);
      else
        g_assert_false (strict);
    }

  return 0;
}
