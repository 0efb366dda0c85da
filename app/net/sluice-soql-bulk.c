/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-bulk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-problem.h"

/* Wire reference 3.1. Compound fields of other names are known to the org only. */
static const char * const compounds[] = {
  "address", "billingaddress", "mailingaddress", "otheraddress", "shippingaddress", NULL
};
static const char * const aggregates[] = { "avg", "count", "count_distinct", "max", "min", "sum", NULL };

typedef enum
{
  PART_SELECT,
  PART_REST,
} Part;

/* One word of a query, or one character that is none. */
typedef struct
{
  char *word;     /* (nullable): in lower case, with dots */
  char character; /* when it is no word; 0 at the end */
} Token;

static void
skip_text (const char **at)
{
  for ((*at)++; **at != '\0' && **at != '\''; (*at)++)
    {
      if (**at == '\\' && (*at)[1] != '\0')
        (*at)++;
    }
  if (**at == '\'')
    (*at)++;
}

static Token
take_token (const char **at)
{
  Token token = { 0 };
  const char *start;

  while (g_ascii_isspace (**at))
    (*at)++;

  start = *at;
  while (g_ascii_isalnum (**at) || **at == '_' || **at == '.')
    (*at)++;

  if (*at > start)
    {
      token.word = g_ascii_strdown (start, *at - start);
      return token;
    }

  token.character = **at;
  if (**at == '\'')
    skip_text (at);
  else if (**at != '\0')
    (*at)++;

  return token;
}

static gboolean
is_followed_by (const char *at,
                const char *word)
{
  Token token = take_token (&at);
  g_autofree char *next = token.word;

  return word[1] == '\0' ? token.character == word[0] : g_strcmp0 (next, word) == 0;
}

static gboolean
is_followed_by_digit (const char *at)
{
  while (g_ascii_isspace (*at))
    at++;

  return g_ascii_isdigit (*at) || *at == ':';
}

static gboolean
is_compound (const char *word)
{
  const char *dot = strrchr (word, '.');

  return g_strv_contains (compounds, dot != NULL ? dot + 1 : word);
}

/* Why Bulk does not take this word of the main query; what is inside parentheses is not one. */
static const char *
find_fault (const char *word,
            const char *rest,
            Part        part)
{
  if (part == PART_SELECT && g_str_equal (word, "typeof"))
    return N_("A bulk query cannot use TYPEOF. Use REST for this query, or select the fields by themselves.");

  if (part == PART_SELECT && is_followed_by (rest, "(") && g_strv_contains (aggregates, word))
    return N_("A bulk query cannot count or sum up. Use REST for this query.");

  if (part == PART_SELECT && is_compound (word))
    return N_("A bulk query cannot read a whole address. Select its parts, such as BillingStreet and BillingCity.");

  if (part == PART_REST && g_str_equal (word, "group") && is_followed_by (rest, "by"))
    return N_("A bulk query cannot use GROUP BY. Use REST for this query.");

  if (part == PART_REST && g_str_equal (word, "offset") && is_followed_by_digit (rest))
    return N_("A bulk query cannot use OFFSET. Leave it out, or use REST for this query.");

  return NULL;
}

static const char *
check (const char *soql)
{
  const char *at = soql;
  const char *fault = NULL;
  Part part = PART_SELECT;
  guint depth = 0;

  while (fault == NULL)
    {
      Token token = take_token (&at);
      g_autofree char *word = token.word;

      if (word == NULL && token.character == '\0')
        break;

      if (word != NULL && depth == 0)
        {
          fault = find_fault (word, at, part);
          if (g_str_equal (word, "from"))
            part = PART_REST;
        }
      else if (token.character == '(')
        {
          depth++;
          if (part == PART_SELECT && is_followed_by (at, "select"))
            fault = N_("A bulk query cannot have a query inside its SELECT list. Use REST for this query, or read the "
                       "other records in a query of their own.");
        }
      else if (token.character == ')' && depth > 0)
        {
          depth--;
        }
    }

  return fault;
}

/**
 * sluice_soql_check_bulk:
 * @soql: a query
 * @error: %SLUICE_ERROR_INVALID, with what to do instead
 *
 * Finds what Bulk 2.0 queries refuse and REST queries take, as far as the text
 * of the query tells (wire reference 3.1). Whether the query is right beyond
 * that is for the org to say.
 *
 * Returns: whether nothing was found
 */
gboolean
sluice_soql_check_bulk (const char  *soql,
                        GError     **error)
{
  const char *fault;

  g_return_val_if_fail (soql != NULL, FALSE);

  fault = check (soql);
  if (fault == NULL)
    return TRUE;

  g_propagate_error (error, sluice_error_new_server (SLUICE_ERROR_INVALID, SLUICE_PROBLEM_NOT_FOR_BULK, NULL, 0, NULL,
                                                     _(fault)));

  return FALSE;
}
