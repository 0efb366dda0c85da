/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-soql-error.h"

#include <string.h>

/* A line that is longer than this is shown as a window around the place. */
#define MAX_LINE 200
#define WINDOW 60

G_DEFINE_QUARK (org-soql-error, org_soql_error)

/**
 * org_soql_error_get_code:
 * @error: an error of %ORG_SOQL_ERROR
 *
 * Returns: the `errorCode` of the answer
 */
const char *
org_soql_error_get_code (const GError *error)
{
  static const char *codes[] = {
    "MALFORMED_QUERY", "INVALID_FIELD", "INVALID_TYPE", "INVALID_QUERY_FILTER_OPERATOR",
    "NUMBER_OUTSIDE_VALID_RANGE", "QUERY_TOO_COMPLICATED", "EXCEEDED_ID_LIMIT", "INVALID_QUERY_LOCATOR",
  };

  g_return_val_if_fail (error->domain == ORG_SOQL_ERROR, codes[0]);

  return codes[error->code];
}

static gsize
count_rows (const char *source,
            gsize       position)
{
  gsize rows = 1;

  for (gsize i = 0; i < position; i++)
    {
      if (source[i] == '\n')
        rows++;
    }

  return rows;
}

/**
 * org_soql_error_set_at:
 * @error: return location for the error
 * @code: why
 * @source: the query, valid UTF-8
 * @position: the byte at which it goes wrong
 * @format: what is wrong
 * @...: arguments for @format
 *
 * Sets an error in the server's own form: a line break, the line of the
 * query, a caret under the place, row and column counted from one, the text.
 */
void
org_soql_error_set_at (GError       **error,
                       OrgSoqlError   code,
                       const char    *source,
                       gsize          position,
                       const char    *format,
                       ...)
{
  const char *place = source + position;
  const char *start = place;
  const char *end = place + strcspn (place, "\r\n");
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  g_autofree char *blanks = NULL;
  glong column;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  while (start > source && start[-1] != '\n')
    start--;

  column = g_utf8_strlen (start, place - start) + 1;

  if (end - start > MAX_LINE)
    {
      if (g_utf8_strlen (place, end - place) > WINDOW)
        end = g_utf8_offset_to_pointer (place, WINDOW);
      if (g_utf8_strlen (start, place - start) > WINDOW)
        start = g_utf8_offset_to_pointer (place, -WINDOW);
    }

  line = g_strndup (start, (gsize) (end - start));
  blanks = g_strnfill ((gsize) g_utf8_strlen (start, place - start), ' ');

  g_set_error (error, ORG_SOQL_ERROR, code, "\n%s\n%s^\nERROR at Row:%" G_GSIZE_FORMAT ":Column:%ld\n%s",
               line, blanks, count_rows (source, position), column, text);
}
