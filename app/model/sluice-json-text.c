/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-json-text.h"

/**
 * sluice_json_append_string:
 * @json: what is written
 * @text: UTF-8
 * @length: how many bytes of @text
 *
 * Appends @text as a JSON string (RFC 8259, section 7).
 */
void
sluice_json_append_string (GString    *json,
                           const char *text,
                           gsize       length)
{
  const char *end = text + length;

  g_string_append_c (json, '"');
  while (text < end)
    {
      const char *plain = text;

      while (text < end && *text != '"' && *text != '\\' && (guchar) *text >= 0x20)
        text++;
      g_string_append_len (json, plain, text - plain);

      if (text == end)
        break;
      if (*text == '"' || *text == '\\')
        g_string_append_printf (json, "\\%c", *text);
      else
        g_string_append_printf (json, "\\u%04x", (guint) (guchar) *text);
      text++;
    }
  g_string_append_c (json, '"');
}
