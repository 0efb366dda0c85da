/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-bulk-csv.h"

#include <string.h>

/**
 * org_bulk_csv_delimiter:
 * @name: such as `COMMA`
 *
 * Returns: the character, or 0 if there is no such name
 */
char
org_bulk_csv_delimiter (const char *name)
{
  static const struct { const char *name; char character; } known[] = {
    { "BACKQUOTE", '`' }, { "CARET", '^' }, { "COMMA", ',' }, { "PIPE", '|' }, { "SEMICOLON", ';' }, { "TAB", '\t' },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (strcmp (known[i].name, name) == 0)
        return known[i].character;
    }

  return 0;
}

/**
 * org_bulk_csv_append:
 * @csv: where to write
 * @text: (nullable): a value
 *
 * Writes a value in quotes, as the service does with every one.
 */
void
org_bulk_csv_append (GString    *csv,
                     const char *text)
{
  const char *quote;

  g_string_append_c (csv, '"');
  if (text != NULL)
    {
      while ((quote = strchr (text, '"')) != NULL)
        {
          g_string_append_len (csv, text, quote - text + 1);
          g_string_append_c (csv, '"');
          text = quote + 1;
        }
      g_string_append (csv, text);
    }
  g_string_append_c (csv, '"');
}

/**
 * org_bulk_csv_append_row:
 * @csv: where to write
 * @values: (element-type utf8): the values
 * @delimiter: what stands between them
 * @line_end: what stands at the end
 *
 * Writes a row.
 */
void
org_bulk_csv_append_row (GString    *csv,
                         GPtrArray  *values,
                         char        delimiter,
                         const char *line_end)
{
  for (guint i = 0; i < values->len; i++)
    {
      if (i > 0)
        g_string_append_c (csv, delimiter);
      org_bulk_csv_append (csv, g_ptr_array_index (values, i));
    }
  g_string_append (csv, line_end);
}

/**
 * org_csv_reader_init:
 * @self: (out caller-allocates): a reader
 * @bytes: CSV; must live longer
 * @delimiter: what stands between values
 *
 * Starts to read, behind a byte order mark if there is one.
 */
void
org_csv_reader_init (OrgCsvReader *self,
                     GBytes       *bytes,
                     char          delimiter)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      size -= 3;
    }

  *self = (OrgCsvReader) { text, text + size, delimiter, g_ptr_array_new_with_free_func (g_free) };
}

/**
 * org_csv_reader_clear:
 * @self: a reader
 *
 * Frees what @self owns.
 */
void
org_csv_reader_clear (OrgCsvReader *self)
{
  g_clear_pointer (&self->values, g_ptr_array_unref);
}

static char *
read_value (OrgCsvReader *self)
{
  GString *value = g_string_new (NULL);
  const char *p = self->text;
  gboolean quoted = p < self->end && *p == '"';

  for (p += quoted; p < self->end; p++)
    {
      if (quoted && *p == '"' && p + 1 < self->end && p[1] == '"')
        p++;
      else if (quoted && *p == '"')
        break;
      else if (!quoted && (*p == self->delimiter || *p == '\n' || *p == '\r'))
        break;

      g_string_append_c (value, *p);
    }

  self->text = quoted && p < self->end ? p + 1 : p;

  return g_string_free (value, FALSE);
}

/**
 * org_csv_reader_next:
 * @self: a reader
 *
 * Reads the next row that is not empty.
 *
 * Returns: whether there was one
 */
gboolean
org_csv_reader_next (OrgCsvReader *self)
{
  g_ptr_array_set_size (self->values, 0);
  while (self->text < self->end && (*self->text == '\r' || *self->text == '\n'))
    self->text++;
  if (self->text >= self->end)
    return FALSE;

  for (;;)
    {
      g_ptr_array_add (self->values, read_value (self));

      if (self->text >= self->end || *self->text != self->delimiter)
        break;
      self->text++;
    }

  /* What stands between a closing quote and the end of the line is nothing. */
  while (self->text < self->end && *self->text != '\n' && *self->text != '\r')
    self->text++;

  return TRUE;
}
