/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-tokens.h"

#include <string.h>

/* What is no ASCII belongs to a name: no character is torn apart. */
static gboolean
starts_name (char c)
{
  return g_ascii_isalpha (c) || c == '_' || (guchar) c >= 0x80;
}

static gboolean
goes_on_name (char c)
{
  return starts_name (c) || g_ascii_isdigit (c) || c == '.';
}

static gboolean
goes_on_number (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("_.:+-", c) != NULL);
}

static gboolean
starts_number (const char *at)
{
  return g_ascii_isdigit (*at) || ((*at == '-' || *at == '+' || *at == '.') && g_ascii_isdigit (at[1]));
}

static gsize
find_end (const char *text,
          gsize       at,
          gboolean  (*goes_on) (char))
{
  while (goes_on (text[at]))
    at++;

  return at;
}

static SluiceSoqlToken
read_text (const char *text,
           gsize       start)
{
  gsize at = start + 1;

  while (text[at] != '\0' && text[at] != '\n' && text[at] != '\'')
    at += text[at] == '\\' && text[at + 1] != '\0' && text[at + 1] != '\n' ? 2 : 1;

  if (text[at] == '\'')
    return (SluiceSoqlToken) { SLUICE_SOQL_TOKEN_TEXT, start, at + 1 };

  return (SluiceSoqlToken) { SLUICE_SOQL_TOKEN_OPEN_TEXT, start, at };
}

/**
 * sluice_soql_token_next:
 * @text: a query, or what may become one
 * @at: where to look, in bytes from the beginning, and not after the end
 *
 * Reads the piece that begins at @at or, after blanks, later.
 *
 * Returns: the piece; %SLUICE_SOQL_TOKEN_END when there is none
 */
SluiceSoqlToken
sluice_soql_token_next (const char *text,
                        gsize       at)
{
  while (g_ascii_isspace (text[at]))
    at++;

  if (text[at] == '\0')
    return (SluiceSoqlToken) { SLUICE_SOQL_TOKEN_END, at, at };
  if (text[at] == '\'')
    return read_text (text, at);
  if (starts_name (text[at]))
    return (SluiceSoqlToken) { SLUICE_SOQL_TOKEN_NAME, at, find_end (text, at, goes_on_name) };
  if (starts_number (text + at))
    return (SluiceSoqlToken) { SLUICE_SOQL_TOKEN_NUMBER, at, find_end (text, at + 1, goes_on_number) };

  return (SluiceSoqlToken) { SLUICE_SOQL_TOKEN_SYMBOL, at, at + 1 };
}

/* Whether it is this word; capitals and small letters are the same. */
gboolean
sluice_soql_token_is (const SluiceSoqlToken *self,
                      const char            *text,
                      const char            *word)
{
  gsize length = self->end - self->start;

  return self->kind == SLUICE_SOQL_TOKEN_NAME &&
         strlen (word) == length &&
         g_ascii_strncasecmp (text + self->start, word, length) == 0;
}
