/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-columns.h"

#include <string.h>

typedef struct
{
  const char *at;
  GPtrArray *columns; /* (element-type utf8) */
  guint n_unnamed;
} Scanner;

/* What a function of a single field shows under that field's name; any other makes a value of its own. */
static const char * const transparent[] = { "tolabel", "format", "convertcurrency", NULL };

static void
skip_space (Scanner *scanner)
{
  while (g_ascii_isspace (*scanner->at))
    scanner->at++;
}

static gboolean
is_blank (const char *text)
{
  Scanner scanner = { .at = text };

  skip_space (&scanner);

  return *scanner.at == '\0';
}

static gboolean
is_name_character (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '.';
}

/* A name, perhaps a path such as `Account.Name`; empty when there is none. */
static char *
take_name (Scanner *scanner)
{
  const char *start;

  skip_space (scanner);
  start = scanner->at;
  while (is_name_character (*scanner->at))
    scanner->at++;

  return g_strndup (start, (gsize) (scanner->at - start));
}

static gboolean
take_character (Scanner *scanner,
                char     c)
{
  skip_space (scanner);
  if (*scanner->at != c)
    return FALSE;
  scanner->at++;

  return TRUE;
}

static gboolean
take_keyword (Scanner    *scanner,
              const char *keyword)
{
  Scanner ahead = *scanner;
  g_autofree char *name = take_name (&ahead);

  if (g_ascii_strcasecmp (name, keyword) != 0)
    return FALSE;
  scanner->at = ahead.at;

  return TRUE;
}

/* What is inside the parentheses that were just opened. */
static char *
take_until_closed (Scanner *scanner)
{
  const char *start = scanner->at;
  guint depth = 1;

  for (; *scanner->at != '\0'; scanner->at++)
    {
      if (*scanner->at == '\'')
        {
          for (scanner->at++; *scanner->at != '\0' && *scanner->at != '\''; scanner->at++)
            {
              if (*scanner->at == '\\' && scanner->at[1] != '\0')
                scanner->at++;
            }
          if (*scanner->at == '\0')
            return NULL;
        }
      else if (*scanner->at == '(')
        depth++;
      else if (*scanner->at == ')' && --depth == 0)
        {
          char *inside = g_strndup (start, (gsize) (scanner->at - start));

          scanner->at++;
          return inside;
        }
    }

  return NULL;
}

/* `(SELECT … FROM Contacts …)` is shown as `Contacts`. */
static gboolean
take_subquery (Scanner *scanner)
{
  g_autofree char *inside = take_until_closed (scanner);
  Scanner inner = { .at = inside };

  if (inside == NULL)
    return FALSE;

  while (*inner.at != '\0')
    {
      g_autofree char *name = take_name (&inner);

      if (g_ascii_strcasecmp (name, "FROM") == 0)
        {
          char *relationship = take_name (&inner);
          const char *dot = strrchr (relationship, '.');

          if (dot != NULL)
            memmove (relationship, dot + 1, strlen (dot));
          g_ptr_array_add (scanner->columns, relationship);
          return *relationship != '\0';
        }

      if (*inner.at == '(')
        {
          g_autofree char *deeper = NULL;

          inner.at++;
          deeper = take_until_closed (&inner);
        }
      else if (*name == '\0' && *inner.at != '\0')
        inner.at++;
    }

  return FALSE;
}

/* The field of `toLabel(Status)`; NULL when the value has no name of its own. */
static char *
name_function (const char *function,
               const char *inside)
{
  g_autofree char *lower = g_ascii_strdown (function, -1);
  g_autofree char *argument = NULL;
  Scanner inner = { .at = inside };

  if (!g_strv_contains (transparent, lower))
    return NULL;

  argument = take_name (&inner);
  if (take_character (&inner, '('))
    {
      g_autofree char *deeper = take_until_closed (&inner);

      return deeper != NULL ? name_function (argument, deeper) : NULL;
    }

  return g_steal_pointer (&argument);
}

static char *
take_alias (Scanner *scanner)
{
  Scanner ahead = *scanner;
  g_autofree char *name = take_name (&ahead);

  if (*name == '\0' || g_ascii_strcasecmp (name, "FROM") == 0)
    return NULL;
  scanner->at = ahead.at;

  return g_steal_pointer (&name);
}

static gboolean
take_typeof (Scanner *scanner)
{
  g_ptr_array_add (scanner->columns, take_name (scanner));

  while (*scanner->at != '\0')
    {
      g_autofree char *name = take_name (scanner);

      if (g_ascii_strcasecmp (name, "END") == 0)
        return TRUE;
      if (*name == '\0' && *scanner->at != '\0')
        scanner->at++;
    }

  return FALSE;
}

static gboolean
take_item (Scanner *scanner)
{
  g_autofree char *name = NULL;
  g_autofree char *inside = NULL;
  char *column;

  if (take_character (scanner, '('))
    return take_subquery (scanner);
  if (take_keyword (scanner, "TYPEOF"))
    return take_typeof (scanner);

  name = take_name (scanner);
  if (*name == '\0' || g_ascii_strcasecmp (name, "FIELDS") == 0)
    return FALSE;

  if (take_character (scanner, '('))
    {
      inside = take_until_closed (scanner);
      if (inside == NULL)
        return FALSE;
    }

  column = take_alias (scanner);
  if (column == NULL && inside == NULL)
    column = g_steal_pointer (&name);
  if (column == NULL)
    column = name_function (name, inside);
  if (column == NULL && g_ascii_strcasecmp (name, "COUNT") == 0 && is_blank (inside))
    column = g_strdup (SLUICE_SOQL_COUNT);
  if (column == NULL)
    column = g_strdup_printf ("expr%u", scanner->n_unnamed++);
  g_ptr_array_add (scanner->columns, column);

  return TRUE;
}

/**
 * sluice_soql_list_columns:
 * @soql: a query
 *
 * Lists what a query shows, in the order of its SELECT list: fields and paths
 * as they are written, aliases, `expr0` and so on for values without a name,
 * subqueries by their relationship, and %SLUICE_SOQL_COUNT for a plain count. The answer's records cannot tell that order
 * where a parent is null.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the columns; %NULL when only the org knows them, as
 *   with `FIELDS(ALL)`, or when this is no query
 */
char **
sluice_soql_list_columns (const char *soql)
{
  g_autoptr(GPtrArray) columns = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  Scanner scanner = { .at = soql, .columns = columns };

  g_return_val_if_fail (soql != NULL, NULL);

  if (!take_keyword (&scanner, "SELECT"))
    return NULL;

  do
    {
      if (!take_item (&scanner))
        return NULL;
    }
  while (take_character (&scanner, ','));

  if (!take_keyword (&scanner, "FROM"))
    return NULL;

  return (char **) g_ptr_array_free (g_steal_pointer (&columns), FALSE);
}
