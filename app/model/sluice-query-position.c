/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-position.h"

/**
 * sluice_query_find_position:
 * @server_text: (nullable): what the server says of a query that it does not understand
 * @row: (out): the line in the query, from 1
 * @column: (out): the character in that line, from 1
 *
 * Finds where the error is. Salesforce writes `ERROR at Row:1:Column:8` for
 * `MALFORMED_QUERY`, `INVALID_FIELD` and `INVALID_TYPE`.
 *
 * Returns: whether the text has a position
 */
gboolean
sluice_query_find_position (const char *server_text,
                            guint      *row,
                            guint      *column)
{
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *row_text = NULL;
  g_autofree char *column_text = NULL;
  guint64 row_number, column_number;

  g_return_val_if_fail (row != NULL, FALSE);
  g_return_val_if_fail (column != NULL, FALSE);

  if (server_text == NULL)
    return FALSE;

  regex = g_regex_new ("ERROR at Row:([0-9]+):Column:([0-9]+)", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  if (!g_regex_match (regex, server_text, G_REGEX_MATCH_DEFAULT, &match))
    return FALSE;

  row_text = g_match_info_fetch (match, 1);
  column_text = g_match_info_fetch (match, 2);
  if (!g_ascii_string_to_unsigned (row_text, 10, 1, G_MAXINT, &row_number, NULL) ||
      !g_ascii_string_to_unsigned (column_text, 10, 1, G_MAXINT, &column_number, NULL))
    return FALSE;

  *row = (guint) row_number;
  *column = (guint) column_number;

  return TRUE;
}
