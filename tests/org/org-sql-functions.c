/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-sql-functions.h"

#include <glib.h>
#include <string.h>

static gboolean
is_ascii (const char *text,
          int         length)
{
  for (int i = 0; i < length; i++)
    {
      if ((guchar) text[i] >= 0x80)
        return FALSE;
    }

  return TRUE;
}

/* Compares as SOQL does: without regard to case, in any script. */
static int
compare_text (void       *user_data,
              int         a_length,
              const void *a,
              int         b_length,
              const void *b)
{
  g_autofree char *a_folded = NULL;
  g_autofree char *b_folded = NULL;

  if (is_ascii (a, a_length) && is_ascii (b, b_length))
    {
      int order = g_ascii_strncasecmp (a, b, (gsize) MIN (a_length, b_length));

      return order != 0 ? order : a_length - b_length;
    }

  a_folded = g_utf8_casefold (a, a_length);
  b_folded = g_utf8_casefold (b, b_length);

  return strcmp (a_folded, b_folded);
}

/* Whether a folded text matches a folded pattern; `%` any text, `_` any
 * character, a backslash takes the next one literally. Going back only to the
 * last `%` is enough, so time is at most the product of the lengths. */
static gboolean
match (const char *text,
       const char *pattern)
{
  const char *retry_pattern = NULL;
  const char *retry_text = NULL;

  while (*text != '\0')
    {
      gboolean literal = *pattern == '\\' && pattern[1] != '\0';
      const char *p = literal ? pattern + 1 : pattern;

      if (!literal && *p == '%')
        {
          retry_pattern = ++pattern;
          retry_text = text;
        }
      else if (*p != '\0' && ((!literal && *p == '_') || g_utf8_get_char (p) == g_utf8_get_char (text)))
        {
          pattern = g_utf8_next_char (p);
          text = g_utf8_next_char (text);
        }
      else if (retry_pattern != NULL)
        {
          pattern = retry_pattern;
          retry_text = g_utf8_next_char (retry_text);
          text = retry_text;
        }
      else
        {
          return FALSE;
        }
    }

  while (*pattern == '%')
    pattern++;

  return *pattern == '\0';
}

static void
like_func (sqlite3_context  *context,
           int               argc,
           sqlite3_value   **argv)
{
  const char *text = (const char *) sqlite3_value_text (argv[0]);
  char *pattern = sqlite3_get_auxdata (context, 1);
  g_autofree char *folded = NULL;
  gboolean fresh = pattern == NULL;

  if (text == NULL)
    {
      sqlite3_result_int (context, 0);
      return;
    }

  if (fresh)
    pattern = g_utf8_casefold ((const char *) sqlite3_value_text (argv[1]), -1);

  folded = g_utf8_casefold (text, -1);
  sqlite3_result_int (context, match (folded, pattern));

  if (fresh)
    sqlite3_set_auxdata (context, 1, pattern, g_free);
}

/**
 * org_sql_functions_register:
 * @database: a database
 *
 * Adds the collation `soql` and the function `soql_like(text, pattern)`.
 */
void
org_sql_functions_register (sqlite3 *database)
{
  sqlite3_create_collation (database, "soql", SQLITE_UTF8, NULL, compare_text);
  sqlite3_create_function (database, "soql_like", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, like_func, NULL, NULL);
}
