/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-csv.h"

static char *
read_value (const char **cursor)
{
  GString *value = g_string_new (NULL);
  gboolean quoted = **cursor == '"';
  const char *p = quoted ? *cursor + 1 : *cursor;

  for (; *p != '\0'; p++)
    {
      if (quoted && *p == '"' && p[1] == '"')
        p++;
      else if (quoted && *p == '"')
        break;
      else if (!quoted && (*p == ',' || *p == '\n' || *p == '\r'))
        break;

      g_string_append_c (value, *p);
    }

  if (quoted && *p == '"')
    p++;

  *cursor = p;

  return g_string_free (value, FALSE);
}

static GStrv
read_row (const char **cursor)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (;;)
    {
      g_strv_builder_take (builder, read_value (cursor));

      if (**cursor != ',')
        break;
      (*cursor)++;
    }

  while (**cursor == '\r' || **cursor == '\n')
    (*cursor)++;

  return g_strv_builder_end (builder);
}

/**
 * org_csv_foreach:
 * @text: a CSV file per RFC 4180 with a header line
 * @func: called for each row after the header
 * @user_data: data for @func
 *
 * Reads the data files that are built into the program.
 */
void
org_csv_foreach (const char    *text,
                 OrgCsvRowFunc  func,
                 gpointer       user_data)
{
  g_auto(GStrv) header = read_row (&text);

  while (*text != '\0')
    {
      g_auto(GStrv) values = read_row (&text);

      if (g_strv_length (values) == g_strv_length (header))
        func (values, user_data);
    }
}
