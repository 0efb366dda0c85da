/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-soql.h"

#include <string.h>

/* Deeper nesting than any sensible query; keeps the stack bounded. */
#define MAX_DEPTH 60

typedef struct
{
  const char *source;
  OrgToken token;
  GError **error;
  guint depth;
} Parser;

static OrgSoqlQuery *parse_query (Parser   *parser,
                                  gboolean  nested);
static OrgSoqlExpr *parse_condition (Parser *parser);

static void
item_free (OrgSoqlItem *item)
{
  g_free (item->path);
  g_free (item->function);
  g_free (item->alias);
  g_clear_pointer (&item->subquery, org_soql_query_free);
  g_free (item);
}

static void
value_free (OrgSoqlValue *value)
{
  g_free (value->word);
  g_free (value);
}

static void
expr_free (OrgSoqlExpr *expr)
{
  g_clear_pointer (&expr->operands, g_ptr_array_unref);
  g_clear_pointer (&expr->left, item_free);
  g_clear_pointer (&expr->values, g_ptr_array_unref);
  g_clear_pointer (&expr->subquery, org_soql_query_free);
  g_free (expr);
}

static void
order_free (OrgSoqlOrder *order)
{
  g_clear_pointer (&order->item, item_free);
  g_free (order);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSoqlItem, item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSoqlExpr, expr_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSoqlOrder, order_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSoqlValue, value_free)

/**
 * org_soql_query_free:
 * @query: (transfer full): a query
 *
 * Frees a query.
 */
void
org_soql_query_free (OrgSoqlQuery *query)
{
  g_ptr_array_unref (query->items);
  g_free (query->object);
  g_free (query->alias);
  g_clear_pointer (&query->where, expr_free);
  g_ptr_array_unref (query->group_by);
  g_clear_pointer (&query->having, expr_free);
  g_ptr_array_unref (query->order_by);
  g_free (query);
}

static void
advance (Parser *parser)
{
  org_lexer_next (parser->source, parser->token.position + parser->token.length, &parser->token);
}

static gboolean
unexpected (Parser *parser)
{
  g_autofree char *text = g_strndup (parser->source + parser->token.position, MIN (parser->token.length, 100));
  g_autofree char *shown = g_utf8_make_valid (text, -1);

  org_soql_error_set_at (parser->error, ORG_SOQL_ERROR_MALFORMED_QUERY, parser->source, parser->token.position,
                         "unexpected token: '%s'", parser->token.kind == ORG_TOKEN_END ? "<EOF>" : shown);

  return FALSE;
}

static gboolean
is_word (Parser     *parser,
         const char *word)
{
  return parser->token.kind == ORG_TOKEN_NAME && strlen (word) == parser->token.length &&
         g_ascii_strncasecmp (parser->source + parser->token.position, word, parser->token.length) == 0;
}

static gboolean
is_sign (Parser     *parser,
         const char *sign)
{
  return parser->token.kind == ORG_TOKEN_SIGN && strlen (sign) == parser->token.length &&
         strncmp (parser->source + parser->token.position, sign, parser->token.length) == 0;
}

static gboolean
skip_word (Parser     *parser,
           const char *word)
{
  if (!is_word (parser, word))
    return FALSE;

  advance (parser);

  return TRUE;
}

static gboolean
skip_sign (Parser     *parser,
           const char *sign)
{
  if (!is_sign (parser, sign))
    return FALSE;

  advance (parser);

  return TRUE;
}

static gboolean
need_word (Parser     *parser,
           const char *word)
{
  return skip_word (parser, word) || unexpected (parser);
}

static gboolean
need_sign (Parser     *parser,
           const char *sign)
{
  return skip_sign (parser, sign) || unexpected (parser);
}

static gboolean
is_reserved (Parser *parser)
{
  static const char *words[] = {
    "ALL", "AND", "ASC", "DESC", "FOR", "FROM", "GROUP", "HAVING", "IN", "LIKE", "LIMIT", "NOT", "NULLS", "OFFSET",
    "OR", "ORDER", "SELECT", "TYPEOF", "UPDATE", "USING", "WHERE", "WITH",
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (is_word (parser, words[i]))
        return TRUE;
    }

  return FALSE;
}

static char *
dup_token (Parser *parser)
{
  return g_strndup (parser->source + parser->token.position, parser->token.length);
}

/* (nullable) */
static char *
take_name (Parser *parser)
{
  char *name;

  if (parser->token.kind != ORG_TOKEN_NAME || is_reserved (parser))
    {
      unexpected (parser);
      return NULL;
    }

  name = dup_token (parser);
  advance (parser);

  return name;
}

/* (nullable): `Order` is an object although ORDER is a word of the language */
static char *
take_object (Parser *parser)
{
  if (!skip_word (parser, "ORDER"))
    return take_name (parser);

  return g_strdup ("Order");
}

static gboolean
is_aggregate (const char *name)
{
  static const char * const names[] = { "COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX", NULL };

  return g_strv_contains (names, name);
}

static gboolean
finish_fields (Parser      *parser,
               OrgSoqlItem *item)
{
  item->kind = ORG_SOQL_ITEM_FIELDS;
  g_clear_pointer (&item->function, g_free);

  if (!is_word (parser, "ALL") && !is_word (parser, "STANDARD") && !is_word (parser, "CUSTOM"))
    return unexpected (parser);

  item->path_position = parser->token.position;
  item->path = dup_token (parser);
  advance (parser);

  return need_sign (parser, ")");
}

/* After `name (`. */
static gboolean
finish_function (Parser      *parser,
                 OrgSoqlItem *item,
                 OrgToken     name)
{
  item->function = g_ascii_strup (item->path, -1);
  g_clear_pointer (&item->path, g_free);

  if (strcmp (item->function, "FIELDS") == 0)
    return finish_fields (parser, item);

  item->kind = ORG_SOQL_ITEM_FUNCTION;
  if (!is_aggregate (item->function))
    {
      parser->token = name;
      return unexpected (parser);
    }

  item->path_position = parser->token.position;
  if (!(strcmp (item->function, "COUNT") == 0 && is_sign (parser, ")")))
    {
      item->path = take_name (parser);
      if (item->path == NULL)
        return FALSE;
    }

  return need_sign (parser, ")");
}

/* (nullable): a field or a function of one */
static OrgSoqlItem *
parse_item (Parser *parser)
{
  g_autoptr(OrgSoqlItem) item = g_new0 (OrgSoqlItem, 1);
  OrgToken name = parser->token;

  item->position = item->path_position = name.position;
  item->path = take_name (parser);
  if (item->path == NULL)
    return NULL;

  if (skip_sign (parser, "(") && !finish_function (parser, item, name))
    return NULL;

  return g_steal_pointer (&item);
}

static OrgSoqlItem *
parse_subquery_item (Parser *parser)
{
  g_autoptr(OrgSoqlItem) item = g_new0 (OrgSoqlItem, 1);

  item->kind = ORG_SOQL_ITEM_SUBQUERY;
  item->position = parser->token.position;
  item->subquery = parse_query (parser, TRUE);
  if (item->subquery == NULL || !need_sign (parser, ")"))
    return NULL;

  return g_steal_pointer (&item);
}

static OrgSoqlItem *
parse_selected (Parser   *parser,
                gboolean  nested)
{
  g_autoptr(OrgSoqlItem) item = NULL;

  if (!nested && skip_sign (parser, "("))
    return parse_subquery_item (parser);

  item = parse_item (parser);
  if (item == NULL)
    return NULL;

  if (parser->token.kind == ORG_TOKEN_NAME && !is_reserved (parser))
    item->alias = take_name (parser);

  return g_steal_pointer (&item);
}

static gboolean
parse_select_list (Parser       *parser,
                   OrgSoqlQuery *query,
                   gboolean      nested)
{
  do
    {
      OrgSoqlItem *item = parse_selected (parser, nested);

      if (item == NULL)
        return FALSE;
      g_ptr_array_add (query->items, item);
    }
  while (skip_sign (parser, ","));

  return TRUE;
}

static gboolean
take_number (Parser *parser,
             gint64 *number)
{
  g_autofree char *text = dup_token (parser);
  guint64 value;

  if (parser->token.kind != ORG_TOKEN_NUMBER || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &value, NULL))
    return unexpected (parser);

  *number = (gint64) value;
  advance (parser);

  return TRUE;
}

/* (nullable) */
static OrgSoqlValue *
parse_value (Parser *parser)
{
  g_autoptr(OrgSoqlValue) value = g_new0 (OrgSoqlValue, 1);
  g_autofree char *text = dup_token (parser);

  value->token = parser->token;

  switch (parser->token.kind)
    {
    case ORG_TOKEN_STRING:
      {
        g_autofree char *content = org_lexer_dup_string (parser->source, &parser->token, FALSE);

        if (content == NULL)
          {
            org_soql_error_set_at (parser->error, ORG_SOQL_ERROR_MALFORMED_QUERY, parser->source,
                                   parser->token.position, "Illegal escape sequence in string literal");
            return NULL;
          }
        break;
      }

    case ORG_TOKEN_NAME:
      value->word = g_ascii_strup (text, -1);
      break;

    case ORG_TOKEN_NUMBER:
    case ORG_TOKEN_DATE:
    case ORG_TOKEN_DATETIME:
      break;

    case ORG_TOKEN_END:
    case ORG_TOKEN_SIGN:
    case ORG_TOKEN_WRONG:
    default:
      unexpected (parser);
      return NULL;
    }

  advance (parser);
  if (value->word != NULL && skip_sign (parser, ":") && !take_number (parser, &value->n))
    return NULL;

  return g_steal_pointer (&value);
}

static gboolean
parse_values (Parser      *parser,
              OrgSoqlExpr *expr)
{
  if (!need_sign (parser, "("))
    return FALSE;

  if (is_word (parser, "SELECT"))
    {
      expr->subquery = parse_query (parser, TRUE);
      return expr->subquery != NULL && need_sign (parser, ")");
    }

  do
    {
      OrgSoqlValue *value = parse_value (parser);

      if (value == NULL)
        return FALSE;
      g_ptr_array_add (expr->values, value);
    }
  while (skip_sign (parser, ","));

  return need_sign (parser, ")");
}

static gboolean
parse_operator (Parser          *parser,
                OrgSoqlOperator *operator)
{
  static const struct
  {
    const char *sign;
    OrgSoqlOperator operator;
  } signs[] = {
    { "=", ORG_SOQL_EQUAL }, { "!=", ORG_SOQL_NOT_EQUAL }, { "<>", ORG_SOQL_NOT_EQUAL }, { "<", ORG_SOQL_LESS },
    { "<=", ORG_SOQL_LESS_EQUAL }, { ">", ORG_SOQL_GREATER }, { ">=", ORG_SOQL_GREATER_EQUAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    {
      if (skip_sign (parser, signs[i].sign))
        {
          *operator = signs[i].operator;
          return TRUE;
        }
    }

  if (skip_word (parser, "LIKE"))
    {
      *operator = ORG_SOQL_LIKE;
      return TRUE;
    }

  *operator = skip_word (parser, "NOT") ? ORG_SOQL_NOT_IN : ORG_SOQL_IN;

  return need_word (parser, "IN");
}

static OrgSoqlExpr *
parse_comparison (Parser *parser)
{
  g_autoptr(OrgSoqlExpr) expr = g_new0 (OrgSoqlExpr, 1);
  OrgSoqlValue *value;

  expr->values = g_ptr_array_new_with_free_func ((GDestroyNotify) value_free);
  expr->left = parse_item (parser);
  if (expr->left == NULL || !parse_operator (parser, &expr->operator))
    return NULL;

  if (expr->operator == ORG_SOQL_IN || expr->operator == ORG_SOQL_NOT_IN)
    return parse_values (parser, expr) ? g_steal_pointer (&expr) : NULL;

  value = parse_value (parser);
  if (value == NULL)
    return NULL;
  g_ptr_array_add (expr->values, value);

  return g_steal_pointer (&expr);
}

static OrgSoqlExpr *
new_group (OrgSoqlOperator  operator,
           OrgSoqlExpr     *first)
{
  OrgSoqlExpr *expr = g_new0 (OrgSoqlExpr, 1);

  expr->operator = operator;
  expr->operands = g_ptr_array_new_with_free_func ((GDestroyNotify) expr_free);
  g_ptr_array_add (expr->operands, first);

  return expr;
}

static OrgSoqlExpr *
parse_term (Parser *parser)
{
  g_autoptr(OrgSoqlExpr) expr = NULL;

  if (parser->depth >= MAX_DEPTH)
    {
      org_soql_error_set_at (parser->error, ORG_SOQL_ERROR_MALFORMED_QUERY, parser->source, parser->token.position,
                             "query is nested too deeply");
      return NULL;
    }

  parser->depth++;
  if (skip_word (parser, "NOT"))
    {
      expr = parse_term (parser);
      if (expr != NULL)
        expr = new_group (ORG_SOQL_NOT, g_steal_pointer (&expr));
    }
  else if (skip_sign (parser, "("))
    {
      expr = parse_condition (parser);
      if (expr != NULL && !need_sign (parser, ")"))
        g_clear_pointer (&expr, expr_free);
    }
  else
    {
      expr = parse_comparison (parser);
    }
  parser->depth--;

  return g_steal_pointer (&expr);
}

/* AND and OR may not be mixed without parentheses: the token that does is
 * left over, and then unexpected where it stands. */
static OrgSoqlExpr *
parse_condition (Parser *parser)
{
  g_autoptr(OrgSoqlExpr) expr = parse_term (parser);
  const char *word = is_word (parser, "OR") ? "OR" : "AND";

  if (expr == NULL || !is_word (parser, word))
    return g_steal_pointer (&expr);

  expr = new_group (word[0] == 'O' ? ORG_SOQL_OR : ORG_SOQL_AND, g_steal_pointer (&expr));

  while (skip_word (parser, word))
    {
      OrgSoqlExpr *term = parse_term (parser);

      if (term == NULL)
        return NULL;
      g_ptr_array_add (expr->operands, term);
    }

  return g_steal_pointer (&expr);
}

static gboolean
parse_group_by (Parser       *parser,
                OrgSoqlQuery *query)
{
  if (!need_word (parser, "BY"))
    return FALSE;

  do
    {
      OrgSoqlItem *item = parse_item (parser);

      if (item == NULL)
        return FALSE;
      g_ptr_array_add (query->group_by, item);
    }
  while (skip_sign (parser, ","));

  if (!skip_word (parser, "HAVING"))
    return TRUE;

  query->having = parse_condition (parser);

  return query->having != NULL;
}

static gboolean
parse_order (Parser       *parser,
             OrgSoqlQuery *query)
{
  g_autoptr(OrgSoqlOrder) order = g_new0 (OrgSoqlOrder, 1);

  order->item = parse_item (parser);
  if (order->item == NULL)
    return FALSE;

  order->descending = skip_word (parser, "DESC");
  if (!order->descending)
    skip_word (parser, "ASC");

  if (skip_word (parser, "NULLS"))
    {
      order->nulls_last = skip_word (parser, "LAST");
      if (!order->nulls_last && !need_word (parser, "FIRST"))
        return FALSE;
    }

  g_ptr_array_add (query->order_by, g_steal_pointer (&order));

  return TRUE;
}

static gboolean
parse_order_by (Parser       *parser,
                OrgSoqlQuery *query)
{
  if (!need_word (parser, "BY"))
    return FALSE;

  do
    {
      if (!parse_order (parser, query))
        return FALSE;
    }
  while (skip_sign (parser, ","));

  return TRUE;
}

/* What asks for permissions or leaves traces is read and has no effect here. */
static gboolean
parse_usage (Parser *parser)
{
  while (skip_word (parser, "FOR"))
    {
      if (!skip_word (parser, "VIEW") && !skip_word (parser, "REFERENCE") && !need_word (parser, "UPDATE"))
        return FALSE;
      if (is_sign (parser, ","))
        return unexpected (parser);
    }

  if (!skip_word (parser, "UPDATE"))
    return TRUE;

  return skip_word (parser, "TRACKING") || need_word (parser, "VIEWSTAT");
}

static gboolean
parse_paging (Parser       *parser,
              OrgSoqlQuery *query)
{
  if (skip_word (parser, "LIMIT") && !take_number (parser, &query->limit))
    return FALSE;

  if (skip_word (parser, "OFFSET"))
    {
      query->offset_position = parser->token.position;
      if (!take_number (parser, &query->offset))
        return FALSE;
    }

  if (skip_word (parser, "ALL"))
    {
      query->all_rows = TRUE;
      if (!need_word (parser, "ROWS"))
        return FALSE;
    }

  return parse_usage (parser);
}

static gboolean
parse_clauses (Parser       *parser,
               OrgSoqlQuery *query)
{
  if (skip_word (parser, "USING") && !(need_word (parser, "SCOPE") && need_word (parser, "EVERYTHING")))
    return FALSE;

  if (skip_word (parser, "WHERE"))
    {
      query->where = parse_condition (parser);
      if (query->where == NULL)
        return FALSE;
    }

  if (skip_word (parser, "WITH") && !skip_word (parser, "SECURITY_ENFORCED") &&
      !skip_word (parser, "USER_MODE") && !need_word (parser, "SYSTEM_MODE"))
    return FALSE;

  if (skip_word (parser, "GROUP") && !parse_group_by (parser, query))
    return FALSE;

  if (skip_word (parser, "ORDER") && !parse_order_by (parser, query))
    return FALSE;

  return parse_paging (parser, query);
}

static OrgSoqlQuery *
parse_query (Parser   *parser,
             gboolean  nested)
{
  g_autoptr(OrgSoqlQuery) query = g_new0 (OrgSoqlQuery, 1);

  query->items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  query->group_by = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  query->order_by = g_ptr_array_new_with_free_func ((GDestroyNotify) order_free);
  query->limit = -1;
  query->offset = -1;

  if (!need_word (parser, "SELECT") || !parse_select_list (parser, query, nested) || !need_word (parser, "FROM"))
    return NULL;

  query->object_position = parser->token.position;
  query->object = take_object (parser);
  if (query->object == NULL)
    return NULL;

  skip_word (parser, "AS");
  if (parser->token.kind == ORG_TOKEN_NAME && !is_reserved (parser))
    query->alias = take_name (parser);

  return parse_clauses (parser, query) ? g_steal_pointer (&query) : NULL;
}

/**
 * org_soql_parse:
 * @source: a query from a client
 * @length: its bytes, or -1 if it ends with a zero
 * @error: return location for an #OrgSoqlError
 *
 * Reads a query. Any bytes may be passed.
 *
 * Returns: (transfer full) (nullable): the query
 */
OrgSoqlQuery *
org_soql_parse (const char  *source,
                gssize       length,
                GError     **error)
{
  Parser parser = { source, { ORG_TOKEN_END, 0, 0 }, error, 0 };
  g_autofree char *copy = NULL;
  g_autoptr(OrgSoqlQuery) query = NULL;

  if (!g_utf8_validate (source, length, NULL))
    {
      g_set_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_MALFORMED_QUERY, "SOQL statement is not valid UTF-8");
      return NULL;
    }

  copy = length < 0 ? g_strdup (source) : g_strndup (source, (gsize) length);
  if (g_utf8_strlen (copy, -1) > ORG_SOQL_MAX_LENGTH)
    {
      g_set_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_MALFORMED_QUERY,
                   "SOQL statements cannot be longer than %d characters.", ORG_SOQL_MAX_LENGTH);
      return NULL;
    }

  parser.source = copy;
  advance (&parser);
  query = parse_query (&parser, FALSE);

  if (query != NULL && parser.token.kind != ORG_TOKEN_END)
    {
      unexpected (&parser);
      return NULL;
    }

  return g_steal_pointer (&query);
}
