/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conditions. Values are bound, never written into the SQL. */

#include "org-compiler.h"

#include <string.h>

#include "org-id.h"
#include "org-soql-date.h"
#include "org-table.h"

static const char *
type_in_messages (OrgType type)
{
  if (type == ORG_TYPE_DATETIME)
    return "dateTime";
  if (type == ORG_TYPE_ID || type == ORG_TYPE_REFERENCE)
    return "ID";

  return org_type_is_text (type) ? "string" : org_type_get_name (type);
}

static gboolean
wrong_type (OrgCompiler    *compiler,
            const OrgField *field,
            OrgType         type,
            OrgSoqlValue   *value)
{
  return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, value->token.position,
                            "value of filter criterion for field '%s' must be of type %s and should%s be enclosed in quotes",
                            field->name, type_in_messages (type), org_type_is_text (type) ? "" : " not");
}

static char *
dup_value_text (OrgCompiler  *compiler,
                OrgSoqlValue *value,
                gboolean      for_like)
{
  const char *source = compiler->shared->source;

  if (value->token.kind == ORG_TOKEN_STRING)
    return org_lexer_dup_string (source, &value->token, for_like);

  return g_strndup (source + value->token.position, value->token.length);
}

static gboolean
is_null (OrgSoqlValue *value)
{
  return g_strcmp0 (value->word, "NULL") == 0;
}

static gboolean
add_text_value (OrgCompiler    *compiler,
                const OrgField *field,
                OrgType         type,
                OrgSoqlValue   *value,
                guint          *param)
{
  g_autofree char *text = NULL;
  char id[ORG_ID_SIZE];

  if (value->token.kind != ORG_TOKEN_STRING)
    return wrong_type (compiler, field, type, value);

  text = dup_value_text (compiler, value, FALSE);

  if (type == ORG_TYPE_ID || type == ORG_TYPE_REFERENCE)
    {
      if (!org_id_normalize (text, id))
        return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FILTER, value->token.position, "invalid ID field: %s", text);
      *param = org_compiler_add_text (compiler, id);
      return TRUE;
    }

  *param = org_compiler_add_text (compiler, text);

  return TRUE;
}

static gboolean
add_number_value (OrgCompiler    *compiler,
                  const OrgField *field,
                  OrgType         type,
                  OrgSoqlValue   *value,
                  guint          *param)
{
  g_autofree char *text = dup_value_text (compiler, value, FALSE);
  OrgParam *number;

  if (type == ORG_TYPE_BOOLEAN ? g_strcmp0 (value->word, "TRUE") != 0 && g_strcmp0 (value->word, "FALSE") != 0
                               : value->token.kind != ORG_TOKEN_NUMBER)
    return wrong_type (compiler, field, type, value);

  number = g_new0 (OrgParam, 1);
  number->kind = type == ORG_TYPE_BOOLEAN ? ORG_PARAM_INT : ORG_PARAM_REAL;
  number->integer = g_strcmp0 (value->word, "TRUE") == 0;
  number->real = g_ascii_strtod (text, NULL);
  *param = org_compiler_add_param (compiler, number);

  return TRUE;
}

static guint
add_time (OrgCompiler *compiler,
          OrgType      type,
          gint64       seconds)
{
  char text[64];

  org_format_datetime (seconds, text, sizeof text);
  if (type == ORG_TYPE_DATE)
    text[10] = '\0';

  return org_compiler_add_text (compiler, text);
}

/* A date, a datetime or a literal as the span [@from, @to) of bound values;
 * a single moment has equal ends. */
static gboolean
add_time_value (OrgCompiler    *compiler,
                const OrgField *field,
                OrgType         type,
                OrgSoqlValue   *value,
                guint          *from,
                guint          *to)
{
  g_autofree char *text = dup_value_text (compiler, value, FALSE);
  gint64 now = org_data_get_time (compiler->shared->data) / G_USEC_PER_SEC;
  OrgTokenKind wanted = type == ORG_TYPE_DATE ? ORG_TOKEN_DATE : ORG_TOKEN_DATETIME;
  gint64 start;
  gint64 end;

  if (value->word != NULL && org_date_literal (value->word, value->n, now, &start, &end))
    {
      *from = add_time (compiler, type, start);
      *to = add_time (compiler, type, end);
      return TRUE;
    }

  if (value->token.kind != wanted)
    return wrong_type (compiler, field, type, value);
  if (!org_date_parse (text, &start))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, value->token.position, "Invalid date: %s", text);

  *from = *to = add_time (compiler, type, start);

  return TRUE;
}

/* SOQL knows true and false only: what is compared with nothing is unequal.
 * Each comparison is therefore made never to be NULL. */
static gboolean
compile_span (OrgCompiler     *compiler,
              OrgSoqlOperator  operator,
              const char      *left,
              guint            from,
              guint            to,
              GString         *sql)
{
  const char *upper = from == to ? "<=" : "<";
  const char *above = from == to ? ">" : ">=";

  switch (operator)
    {
    case ORG_SOQL_EQUAL:
      g_string_append_printf (sql, "ifnull(%s >= ?%u AND %s %s ?%u, 0)", left, from, left, upper, to);
      return TRUE;

    case ORG_SOQL_NOT_EQUAL:
      g_string_append_printf (sql, "NOT ifnull(%s >= ?%u AND %s %s ?%u, 0)", left, from, left, upper, to);
      return TRUE;

    case ORG_SOQL_LESS:
      g_string_append_printf (sql, "ifnull(%s < ?%u, 0)", left, from);
      return TRUE;

    case ORG_SOQL_LESS_EQUAL:
      g_string_append_printf (sql, "ifnull(%s %s ?%u, 0)", left, upper, to);
      return TRUE;

    case ORG_SOQL_GREATER:
      g_string_append_printf (sql, "ifnull(%s %s ?%u, 0)", left, above, to);
      return TRUE;

    case ORG_SOQL_GREATER_EQUAL:
      g_string_append_printf (sql, "ifnull(%s >= ?%u, 0)", left, from);
      return TRUE;

    case ORG_SOQL_AND:
    case ORG_SOQL_OR:
    case ORG_SOQL_NOT:
    case ORG_SOQL_LIKE:
    case ORG_SOQL_IN:
    case ORG_SOQL_NOT_IN:
    default:
      return FALSE;
    }
}

static gboolean
add_value (OrgCompiler    *compiler,
           const OrgField *field,
           OrgType         type,
           OrgSoqlValue   *value,
           guint          *from,
           guint          *to)
{
  gboolean done;

  if (type == ORG_TYPE_DATE || type == ORG_TYPE_DATETIME)
    return add_time_value (compiler, field, type, value, from, to);

  if (org_type_is_text (type))
    done = add_text_value (compiler, field, type, value, from);
  else
    done = add_number_value (compiler, field, type, value, from);
  *to = *from;

  return done;
}

static gboolean
compile_like (OrgCompiler    *compiler,
              OrgSoqlExpr    *expr,
              const OrgField *field,
              OrgType         type,
              const char     *left,
              GString        *sql)
{
  OrgSoqlValue *value = g_ptr_array_index (expr->values, 0);
  g_autofree char *pattern = NULL;

  if (!org_type_is_text (type) || type == ORG_TYPE_ID || type == ORG_TYPE_REFERENCE)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FILTER, expr->left->position,
                              "invalid operator on %s field", org_type_get_name (type));
  if (value->token.kind != ORG_TOKEN_STRING)
    return wrong_type (compiler, field, type, value);

  pattern = dup_value_text (compiler, value, TRUE);
  g_string_append_printf (sql, "soql_like(%s, ?%u)", left, org_compiler_add_text (compiler, pattern));

  return TRUE;
}

static gboolean
compile_null (OrgCompiler *compiler,
              OrgSoqlExpr *expr,
              const char  *left,
              GString     *sql)
{
  OrgSoqlValue *value = g_ptr_array_index (expr->values, 0);

  if (expr->operator != ORG_SOQL_EQUAL && expr->operator != ORG_SOQL_NOT_EQUAL)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FILTER, value->token.position, "invalid operator on null");

  g_string_append_printf (sql, "%s IS %sNULL", left, expr->operator == ORG_SOQL_EQUAL ? "" : "NOT ");

  return TRUE;
}

static gboolean
compile_in_list (OrgCompiler    *compiler,
                 OrgSoqlExpr    *expr,
                 const OrgField *field,
                 OrgType         type,
                 const char     *left,
                 GString        *sql)
{
  gboolean with_null = FALSE;
  gboolean first = TRUE;
  g_autoptr(GString) spans = g_string_new (NULL);

  g_string_append_printf (sql, "%s(ifnull(%s IN (", expr->operator == ORG_SOQL_NOT_IN ? "NOT " : "", left);

  for (guint i = 0; i < expr->values->len; i++)
    {
      OrgSoqlValue *value = g_ptr_array_index (expr->values, i);
      guint from;
      guint to;

      if (is_null (value))
        {
          with_null = TRUE;
          continue;
        }

      if (!add_value (compiler, field, type, value, &from, &to))
        return FALSE;

      if (from != to)
        {
          g_string_append (spans, " OR ");
          compile_span (compiler, ORG_SOQL_EQUAL, left, from, to, spans);
          continue;
        }

      g_string_append_printf (sql, "%s?%u", first ? "" : ",", from);
      first = FALSE;
    }

  g_string_append (sql, "), 0)");
  if (with_null)
    g_string_append_printf (sql, " OR %s IS NULL", left);
  g_string_append (sql, spans->str);
  g_string_append_c (sql, ')');

  return TRUE;
}

static gboolean
compile_semi_join (OrgCompiler    *compiler,
                   OrgSoqlExpr    *expr,
                   const OrgField *field,
                   const char     *left,
                   GString        *sql)
{
  const OrgObject *object = org_schema_find (expr->subquery->object);
  OrgSoqlItem *item = g_ptr_array_index (expr->subquery->items, 0);
  OrgPlan *inner;
  OrgMember *member;

  if (object == NULL)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_TYPE, expr->subquery->object_position,
                              "sObject type '%s' is not supported. " ORG_APPEAL, expr->subquery->object, "object", "__c", "entity");

  inner = org_compiler_query (compiler->shared, expr->subquery, object, NULL, compiler->error);
  if (inner == NULL)
    return FALSE;

  member = inner->root->members->len == 1 ? g_ptr_array_index (inner->root->members, 0) : NULL;
  if (inner->aggregate || inner->count_only || member == NULL || member->kind != ORG_MEMBER_VALUE ||
      (member->type != ORG_TYPE_ID && member->type != ORG_TYPE_REFERENCE) ||
      (field->type != ORG_TYPE_ID && field->type != ORG_TYPE_REFERENCE))
    {
      org_plan_unref (inner);
      return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                                "The inner and outer selects of a semi join must each have one field of type ID or reference");
    }

  g_string_append_printf (sql, "%sifnull(%s IN (SELECT c%d FROM (%s) WHERE c%d IS NOT NULL), 0)",
                          expr->operator == ORG_SOQL_NOT_IN ? "NOT " : "", left, member->column, inner->sql,
                          member->column);
  org_plan_unref (inner);

  return TRUE;
}

static gboolean
compile_comparison (OrgCompiler *compiler,
                    OrgSoqlExpr *expr,
                    GString     *sql)
{
  OrgSoqlValue *value = expr->values->len > 0 ? g_ptr_array_index (expr->values, 0) : NULL;
  g_autofree char *left = NULL;
  OrgResolved resolved;
  OrgType type;
  guint from;
  guint to;

  if (expr->left->kind == ORG_SOQL_ITEM_FUNCTION)
    {
      if (compiler->filtering)
        return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, expr->left->position,
                                  "unexpected token: '%s'", expr->left->function);
      if (!org_compiler_aggregate_sql (compiler, expr->left, &resolved, &type, &left))
        return FALSE;
    }
  else
    {
      if (expr->left->kind != ORG_SOQL_ITEM_FIELD)
        return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, expr->left->position, "unexpected token: 'FIELDS'");
      if (!org_compiler_resolve (compiler, expr->left->path, expr->left->path_position, &resolved))
        return FALSE;
      if (!compiler->filtering && !org_compiler_is_grouped (compiler, &resolved))
        return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, expr->left->position,
                                  "Field must be grouped or aggregated: %s", expr->left->path);
      left = org_compiler_column_sql (&resolved);
      type = resolved.field->type;
    }

  if (compiler->filtering && (resolved.field->flags & ORG_FIELD_NO_FILTER))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, expr->left->position,
                              "field '%s' can not be filtered in a query call", resolved.field->name);

  if (expr->subquery != NULL)
    return compile_semi_join (compiler, expr, resolved.field, left, sql);
  if (expr->operator == ORG_SOQL_IN || expr->operator == ORG_SOQL_NOT_IN)
    return compile_in_list (compiler, expr, resolved.field, type, left, sql);
  if (is_null (value))
    return compile_null (compiler, expr, left, sql);
  if (expr->operator == ORG_SOQL_LIKE)
    return compile_like (compiler, expr, resolved.field, type, left, sql);
  if (!add_value (compiler, resolved.field, type, value, &from, &to))
    return FALSE;

  /* IS is an equality that is never NULL, and the only one an index serves. */
  if (from == to && (expr->operator == ORG_SOQL_EQUAL || expr->operator == ORG_SOQL_NOT_EQUAL))
    {
      g_string_append_printf (sql, "%s IS %s?%u", left, expr->operator == ORG_SOQL_EQUAL ? "" : "NOT ", from);
      return TRUE;
    }

  return compile_span (compiler, expr->operator, left, from, to, sql);
}

/* Halved again and again: a chain would exceed the depth that SQLite allows. */
static gboolean
compile_operands (OrgCompiler *compiler,
                  GPtrArray   *operands,
                  guint        first,
                  guint        n,
                  const char  *word,
                  GString     *sql)
{
  if (n == 1)
    return org_compiler_expr (compiler, g_ptr_array_index (operands, first), sql);

  g_string_append_c (sql, '(');
  if (!compile_operands (compiler, operands, first, n / 2, word, sql))
    return FALSE;
  g_string_append (sql, word);
  if (!compile_operands (compiler, operands, first + n / 2, n - n / 2, word, sql))
    return FALSE;
  g_string_append_c (sql, ')');

  return TRUE;
}

gboolean
org_compiler_expr (OrgCompiler *compiler,
                   OrgSoqlExpr *expr,
                   GString     *sql)
{
  if (expr->operands == NULL)
    return compile_comparison (compiler, expr, sql);

  if (expr->operator == ORG_SOQL_NOT)
    {
      g_string_append (sql, "NOT (");
      if (!org_compiler_expr (compiler, g_ptr_array_index (expr->operands, 0), sql))
        return FALSE;
      g_string_append_c (sql, ')');
      return TRUE;
    }

  return compile_operands (compiler, expr->operands, 0, expr->operands->len,
                           expr->operator == ORG_SOQL_AND ? " AND " : " OR ", sql);
}
