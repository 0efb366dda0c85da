/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-json.h"

#include <math.h>
#include <string.h>

static void
append_escape (GString *json,
               guchar   c)
{
  static const char letters[] = "btn\0fr";

  if (c == '"' || c == '\\')
    {
      g_string_append_c (json, '\\');
      g_string_append_c (json, (char) c);
    }
  else if (c >= '\b' && c <= '\r' && c != '\v')
    {
      g_string_append_c (json, '\\');
      g_string_append_c (json, letters[c - '\b']);
    }
  else
    {
      g_string_append_printf (json, "\\u%04x", c);
    }
}

/**
 * org_json_append_string:
 * @json: where to write
 * @text: (nullable): valid UTF-8
 *
 * Writes a JSON string, or `null`.
 */
void
org_json_append_string (GString    *json,
                        const char *text)
{
  const char *start = text;

  if (text == NULL)
    {
      g_string_append (json, "null");
      return;
    }

  g_string_append_c (json, '"');

  for (; *text != '\0'; text++)
    {
      if ((guchar) *text >= 0x20 && *text != '"' && *text != '\\')
        continue;

      g_string_append_len (json, start, text - start);
      append_escape (json, (guchar) *text);
      start = text + 1;
    }

  g_string_append_len (json, start, text - start);
  g_string_append_c (json, '"');
}

static void
append_scientific (GString *json,
                   double   value,
                   int      precision)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];
  char *exponent;
  char *end;

  g_snprintf (format, sizeof format, "%%.%de", precision - 1);
  g_ascii_formatd (buffer, sizeof buffer, format, value);

  exponent = strchr (buffer, 'e');
  for (end = exponent; end[-1] == '0' && end[-2] != '.'; end--)
    ;

  g_string_append_len (json, buffer, end - buffer);
  if (memchr (buffer, '.', (size_t) (end - buffer)) == NULL)
    g_string_append (json, ".0");
  g_string_append_printf (json, "E%d", (int) g_ascii_strtoll (exponent + 1, NULL, 10));
}

/* Most numbers are amounts of money, and so many of them are written that it counts. */
static gboolean
append_cents (GString *json,
              double   value)
{
  gint64 cents = (gint64) (value * 100 + (value < 0 ? -0.5 : 0.5));
  guint64 digits = (guint64) ABS (cents);
  char buffer[24];
  char *p = buffer + sizeof buffer;

  if ((double) cents / 100 != value || cents == 0)
    return FALSE;

  if (digits % 10 != 0)
    *--p = (char) ('0' + digits % 10);
  digits /= 10;
  *--p = (char) ('0' + digits % 10);
  digits /= 10;
  *--p = '.';
  do
    {
      *--p = (char) ('0' + digits % 10);
      digits /= 10;
    }
  while (digits > 0);
  if (cents < 0)
    *--p = '-';
  g_string_append_len (json, p, buffer + sizeof buffer - p);

  return TRUE;
}

/**
 * org_json_append_double:
 * @json: where to write
 * @value: a finite number
 *
 * Writes a number the way the real server does: shortest digits that read
 * back equal, always a fraction (`2.0`), an exponent from ten million up
 * (`1.0E7`).
 */
void
org_json_append_double (GString *json,
                        double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  double size = fabs (value);
  int precision = 15;

  if (size < 1e7 && append_cents (json, value))
    return;

  do
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", precision);
      g_ascii_formatd (buffer, sizeof buffer, format, value);
    }
  while (g_ascii_strtod (buffer, NULL) != value && ++precision <= 17);

  if (size != 0 && (size >= 1e7 || size < 1e-3))
    {
      append_scientific (json, value, MIN (precision, 17));
      return;
    }

  g_string_append (json, buffer);
  if (strchr (buffer, '.') == NULL)
    g_string_append (json, ".0");
}

/**
 * org_json_append_member:
 * @json: an open object
 * @name: the member's name
 *
 * Writes the comma where one is needed, the name and the colon.
 */
void
org_json_append_member (GString    *json,
                        const char *name)
{
  if (json->len > 0 && json->str[json->len - 1] != '{')
    g_string_append_c (json, ',');

  org_json_append_string (json, name);
  g_string_append_c (json, ':');
}

/**
 * org_json_append_text:
 * @json: an open object
 * @name: the member's name
 * @value: (nullable): its value
 *
 * Writes a member that is a string or `null`.
 */
void
org_json_append_text (GString    *json,
                      const char *name,
                      const char *value)
{
  org_json_append_member (json, name);
  org_json_append_string (json, value);
}

/**
 * org_json_append_flag:
 * @json: an open object
 * @name: the member's name
 * @value: its value
 *
 * Writes a member that is `true` or `false`.
 */
void
org_json_append_flag (GString    *json,
                      const char *name,
                      gboolean    value)
{
  org_json_append_member (json, name);
  g_string_append (json, value ? "true" : "false");
}

/**
 * org_json_append_int:
 * @json: an open object
 * @name: the member's name
 * @value: its value
 *
 * Writes a member that is a whole number.
 */
void
org_json_append_int (GString    *json,
                     const char *name,
                     gint64      value)
{
  org_json_append_member (json, name);
  g_string_append_printf (json, "%" G_GINT64_FORMAT, value);
}
