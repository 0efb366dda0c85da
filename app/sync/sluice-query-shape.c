/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-shape.h"

#include "sluice-soql-tokens.h"

typedef struct
{
  const char *soql;
  SluiceQueryShape *shape;
  guint depth;
  gboolean grouped;
  gsize from;         /* where the outer FROM is, 0 = nowhere */
  gsize order;        /* where its ORDER BY is, 0 = nowhere */
  gsize after_order;  /* where that ends, 0 = at the end */
} Scan;

static gboolean
is_word (Scan                  *scan,
         const SluiceSoqlToken *token,
         const char            *word)
{
  return token->kind == SLUICE_SOQL_TOKEN_NAME && sluice_soql_token_is (token, scan->soql, word);
}

static gboolean
is_symbol (Scan                  *scan,
           const SluiceSoqlToken *token,
           char                   symbol)
{
  return token->kind == SLUICE_SOQL_TOKEN_SYMBOL && scan->soql[token->start] == symbol;
}

static void
look_at_clauses (Scan                  *scan,
                 const SluiceSoqlToken *token,
                 const SluiceSoqlToken *next)
{
  gboolean ends_order = TRUE;

  if (is_word (scan, token, "FROM") && scan->shape->object == NULL && next->kind == SLUICE_SOQL_TOKEN_NAME)
    {
      scan->from = token->start;
      scan->shape->object = g_strndup (scan->soql + next->start, next->end - next->start);
    }
  else if (is_word (scan, token, "GROUP") && is_word (scan, next, "BY"))
    scan->grouped = TRUE;
  else if (is_word (scan, token, "ORDER") && is_word (scan, next, "BY"))
    {
      scan->shape->ordered = TRUE;
      scan->order = token->start;
      ends_order = FALSE;
    }
  else if (is_word (scan, token, "LIMIT") && next->kind == SLUICE_SOQL_TOKEN_NUMBER)
    scan->shape->limit = g_ascii_strtoll (scan->soql + next->start, NULL, 10);
  else
    ends_order = is_word (scan, token, "OFFSET") || is_word (scan, token, "FOR") || is_word (scan, token, "ALL");

  if (ends_order && scan->order != 0 && scan->after_order == 0)
    scan->after_order = token->start;
}

static void
look_at (Scan                  *scan,
         const SluiceSoqlToken *token,
         const SluiceSoqlToken *next)
{
  if (scan->depth == 0)
    look_at_clauses (scan, token, next);

  if (is_symbol (scan, token, '('))
    scan->depth++;
  else if (is_symbol (scan, token, ')') && scan->depth > 0)
    scan->depth--;
}

/* In what order records are counted does not matter, and a count does not take an order. */
static char *
make_count (Scan *scan)
{
  g_autoptr(GString) count = NULL;

  if (scan->from == 0 || scan->grouped)
    return NULL;

  count = g_string_new ("SELECT COUNT() ");
  if (scan->order == 0)
    g_string_append (count, scan->soql + scan->from);
  else
    {
      g_string_append_len (count, scan->soql + scan->from, (gssize) (scan->order - scan->from));
      if (scan->after_order != 0)
        g_string_append (count, scan->soql + scan->after_order);
    }

  return g_string_free (g_steal_pointer (&count), FALSE);
}

/**
 * sluice_query_shape_new:
 * @soql: a query, right or wrong
 *
 * Looks at a query.
 *
 * Returns: (transfer full): what can be seen of it
 */
SluiceQueryShape *
sluice_query_shape_new (const char *soql)
{
  SluiceQueryShape *self = g_new0 (SluiceQueryShape, 1);
  Scan scan = { .soql = soql, .shape = self };
  SluiceSoqlToken token = sluice_soql_token_next (soql, 0);

  self->limit = -1;
  while (token.kind != SLUICE_SOQL_TOKEN_END)
    {
      SluiceSoqlToken next = sluice_soql_token_next (soql, token.end);

      look_at (&scan, &token, &next);
      token = next;
    }
  self->count = make_count (&scan);

  return self;
}

/**
 * sluice_query_shape_free:
 * @self: (transfer full): what was seen of a query
 *
 * Frees it.
 */
void
sluice_query_shape_free (SluiceQueryShape *self)
{
  g_free (self->object);
  g_free (self->count);
  g_free (self);
}
