/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-soql-lexer.h"

#include <string.h>

static gsize
scan_name (const char *text)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n]) || text[n] == '_' || (text[n] == '.' && g_ascii_isalpha (text[n + 1])))
    n++;

  return n;
}

/* Zero if the text does not end with a quote of its own. */
static gsize
scan_string (const char *text)
{
  gsize n = 1;

  while (text[n] != '\'')
    {
      if (text[n] == '\0' || (text[n] == '\\' && text[n + 1] == '\0'))
        return 0;

      n += text[n] == '\\' ? 2 : 1;
    }

  return n + 1;
}

static gsize
scan_pattern (const char *text,
              const char *pattern)
{
  gsize n = 0;

  for (; *pattern != '\0'; pattern++, n++)
    {
      if (*pattern == '0' ? !g_ascii_isdigit (text[n]) : text[n] != *pattern)
        return 0;
    }

  return n;
}

static gsize
scan_zone (const char *text)
{
  gsize n;

  if (*text == 'Z' || *text == 'z')
    return 1;
  if (*text != '+' && *text != '-')
    return 0;

  n = scan_pattern (text + 1, "00:00");
  if (n == 0)
    n = scan_pattern (text + 1, "0000");

  return n > 0 ? n + 1 : 0;
}

static gsize
scan_datetime (const char *text)
{
  gsize n = scan_pattern (text, "0000-00-00T00:00:00");
  gsize zone;

  if (n == 0)
    return 0;

  if (text[n] == '.')
    {
      do
        n++;
      while (g_ascii_isdigit (text[n]));
    }

  zone = scan_zone (text + n);

  return zone > 0 ? n + zone : 0;
}

static gsize
scan_number (const char *text)
{
  gsize n = *text == '-' || *text == '+' ? 1 : 0;

  while (g_ascii_isdigit (text[n]))
    n++;
  if (text[n] == '.' && g_ascii_isdigit (text[n + 1]))
    n++;
  while (g_ascii_isdigit (text[n]))
    n++;

  return n;
}

static void
scan_digits (const char *text,
             OrgToken   *token)
{
  gsize n;

  if ((n = scan_datetime (text)) > 0)
    token->kind = ORG_TOKEN_DATETIME;
  else if ((n = scan_pattern (text, "0000-00-00")) > 0)
    token->kind = ORG_TOKEN_DATE;
  else
    {
      token->kind = ORG_TOKEN_NUMBER;
      n = scan_number (text);
    }

  token->length = n;
  if (g_ascii_isalnum (text[n]) || text[n] == '_')
    token->kind = ORG_TOKEN_WRONG;
}

static gsize
scan_sign (const char *text)
{
  if (strncmp (text, "!=", 2) == 0 || strncmp (text, "<>", 2) == 0 ||
      strncmp (text, "<=", 2) == 0 || strncmp (text, ">=", 2) == 0)
    return 2;

  return strchr ("(),=<>:", *text) != NULL ? 1 : 0;
}

/**
 * org_lexer_next:
 * @source: a query, valid UTF-8
 * @position: where to go on reading
 * @token: (out): the next piece
 *
 * Reads one piece of a query. At the end it is %ORG_TOKEN_END for ever.
 */
void
org_lexer_next (const char *source,
                gsize       position,
                OrgToken   *token)
{
  const char *text;

  position += strspn (source + position, " \t\r\n\f");
  text = source + position;
  token->position = position;
  token->kind = ORG_TOKEN_WRONG;
  token->length = (gsize) (g_utf8_next_char (text) - text);

  if (*text == '\0')
    {
      token->kind = ORG_TOKEN_END;
      token->length = 0;
    }
  else if (g_ascii_isalpha (*text))
    {
      token->kind = ORG_TOKEN_NAME;
      token->length = scan_name (text);
    }
  else if (*text == '\'')
    {
      gsize length = scan_string (text);

      token->kind = length > 0 ? ORG_TOKEN_STRING : ORG_TOKEN_WRONG;
      token->length = MAX (length, 1);
    }
  else if (g_ascii_isdigit (*text) || ((*text == '-' || *text == '+') && g_ascii_isdigit (text[1])))
    {
      scan_digits (text, token);
    }
  else if (scan_sign (text) > 0)
    {
      token->kind = ORG_TOKEN_SIGN;
      token->length = scan_sign (text);
    }
}

static gsize
append_escape (GString    *value,
               const char *text,
               gboolean    for_like)
{
  static const char letters[] = "nrtbfNRTBF";
  static const char meanings[] = "\n\r\t\b\f\n\r\t\b\f";
  const char *letter = strchr (letters, *text);

  if (letter != NULL)
    {
      g_string_append_c (value, meanings[letter - letters]);
      return 1;
    }

  if (*text == 'u' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2]) && g_ascii_isxdigit (text[3]) &&
      g_ascii_isxdigit (text[4]))
    {
      char digits[5] = { text[1], text[2], text[3], text[4], '\0' };
      gunichar c = (gunichar) g_ascii_strtoull (digits, NULL, 16);

      if (c == 0 || !g_unichar_validate (c))
        return 0;
      g_string_append_unichar (value, c);
      return 5;
    }

  if (strchr ("'\"\\_%", *text) == NULL)
    return 0;

  /* The pattern matcher needs to know that these are meant literally. */
  if (for_like && strchr ("\\_%", *text) != NULL)
    g_string_append_c (value, '\\');
  g_string_append_c (value, *text);

  return 1;
}

/**
 * org_lexer_dup_string:
 * @source: the query
 * @token: a %ORG_TOKEN_STRING in it
 * @for_like: whether to keep `\_`, `\%` and `\\` escaped
 *
 * Returns: (transfer full) (nullable): the value, or %NULL for an escape that does not exist
 */
char *
org_lexer_dup_string (const char     *source,
                      const OrgToken *token,
                      gboolean        for_like)
{
  g_autoptr(GString) value = g_string_new (NULL);
  const char *text = source + token->position + 1;
  const char *end = source + token->position + token->length - 1;

  while (text < end)
    {
      if (*text == '\\')
        {
          gsize n = append_escape (value, text + 1, for_like);

          if (n == 0)
            return NULL;
          text += n + 1;
        }
      else
        {
          g_string_append_c (value, *text++);
        }
    }

  return g_string_free (g_steal_pointer (&value), FALSE);
}
