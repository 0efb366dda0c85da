/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-driver.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "sluice-record-reader.h"
#include "sluice-row-text.h"

/* The reader changes what it reads. */
static char *
dup_padded (const uint8_t *bytes,
            gsize          size)
{
  char *copy = g_malloc0 (size + SLUICE_RECORD_READER_PADDING);

  memcpy (copy, bytes, size);

  return copy;
}

static void
assert_cells (const SluiceRowBatch *batch)
{
  for (guint i = 0; i < batch->n_rows; i++)
    {
      const SluiceCell *cells = sluice_row_batch_get_row (batch, i);

      for (guint j = 0; j < batch->n_columns; j++)
        {
          g_assert_true (cells[j].kind != SLUICE_CELL_NULL || cells[j].length == 0);
          g_assert_true (g_utf8_validate_len (cells[j].text != NULL ? cells[j].text : "", cells[j].length, NULL) ||
                         memchr (cells[j].text, '\0', cells[j].length) != NULL);
          g_assert_true (cells[j].kind != SLUICE_CELL_BOOLEAN || cells[j].length == 4 || cells[j].length == 5);
        }
    }
}

/* Every line is a JSON object of its own with all columns. */
static void
assert_lines (SluiceRecordReader *reader)
{
  static const SluiceRowTextOptions options = { SLUICE_ROW_FORMAT_JSON, FALSE, FALSE };
  const SluiceRowBatch *batch = sluice_record_reader_get_batch (reader);
  SluiceRowText *text;
  guint n_lines = 0;
  guint row = 0;

  if (batch->n_columns == 0)
    return;

  text = sluice_row_text_new (&options);
  sluice_row_text_begin (text, sluice_record_reader_get_columns (reader), batch->n_columns, FALSE);
  while (row < batch->n_rows)
    {
      gsize length;
      const char *line, *end;

      row = sluice_row_text_add (text, batch, row);
      line = sluice_row_text_peek (text, &length);
      for (end = memchr (line, '\n', length); end != NULL; end = memchr (line, '\n', length))
        {
          g_autoptr(JsonParser) parser = json_parser_new ();
          g_autoptr(GError) error = NULL;

          if (!json_parser_load_from_data (parser, line, end - line, &error))
            g_error ("%s: %.*s", error->message, (int) (end - line), line);
          g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)));
          length -= (gsize) (end + 1 - line);
          line = end + 1;
          n_lines++;
        }
      g_assert_cmpuint (length, ==, 0);
      sluice_row_text_clear (text);
    }
  g_assert_cmpuint (n_lines, ==, batch->n_rows);
  sluice_row_text_free (text);
}

/* How many records json-glib sees, or -1; of two lists it takes the last one. */
static gint64
count_records (const uint8_t *bytes,
               gsize          size)
{
  static const char name[] = "\"records\"";
  g_autoptr(JsonParser) parser = json_parser_new ();
  const uint8_t *first = memmem (bytes, size, name, strlen (name));
  JsonNode *root, *records;

  if (first == NULL || memmem (first + 1, size - (gsize) (first + 1 - bytes), name, strlen (name)) != NULL)
    return -1;
  if (!json_parser_load_from_data (parser, (const char *) bytes, (gssize) size, NULL))
    return -1;

  root = json_parser_get_root (parser);
  records = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
            ? json_object_get_member (json_node_get_object (root), "records") : NULL;

  return records != NULL && JSON_NODE_HOLDS_ARRAY (records) ? (gint64) json_array_get_length (json_node_get_array (records)) : -1;
}

static void
read_page (const uint8_t      *bytes,
           gsize               size,
           const char * const *columns)
{
  g_autoptr(SluiceRecordReader) reader = sluice_record_reader_new (columns);
  g_autofree char *body = dup_padded (bytes, size);
  g_autofree char *rest = NULL;
  g_autoptr(GError) error = NULL;

  if (!sluice_record_reader_parse (reader, body, size, &error))
    {
      g_assert_nonnull (error);
      return;
    }

  g_assert_no_error (error);
  assert_cells (sluice_record_reader_get_batch (reader));
  assert_lines (reader);

  for (guint i = 0; i < sluice_record_reader_get_n_open (reader); i++)
    {
      const SluiceOpenSubquery *open = sluice_record_reader_get_open (reader, i);

      g_assert_cmpuint (open->row, <, sluice_record_reader_get_batch (reader)->n_rows);
      g_assert_cmpuint (open->column, <, sluice_record_reader_get_batch (reader)->n_columns);
      g_assert_nonnull (open->next_records_url);
    }

  /* Any page may be the rest of a subquery. */
  if (sluice_record_reader_get_n_open (reader) > 0)
    {
      rest = dup_padded (bytes, size);
      if (sluice_record_reader_continue_open (reader, 0, rest, size, NULL))
        assert_lines (reader);
    }
}

/* Whatever a server sends is an error or a list of records that every other program can read. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         size)
{
  static const char *columns[] = { "Id", "Name", "Account.Name", "Amount", "BillingAddress", "Contacts", NULL };
  static const char *count[] = { "COUNT()", NULL };
  g_autofree char *body = dup_padded (bytes, size);
  g_autoptr(SluiceRecordReader) reader = sluice_record_reader_new (columns);

  g_free (sluice_record_reader_find_next ((const char *) bytes, size));
  read_page (bytes, size, columns);
  read_page (bytes, size, NULL);
  read_page (bytes, size, count);

  if (sluice_record_reader_parse (reader, body, size, NULL))
    {
      gint64 n = count_records (bytes, size);

      if (n >= 0)
        g_assert_cmpuint (sluice_record_reader_get_batch (reader)->n_rows, ==, (guint) n);
    }

  return 0;
}
