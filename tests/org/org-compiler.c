/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Turns a query into SQL. Nothing a client wrote gets into the SQL text: names
 * are replaced by the schema's own, values are bound. */

#include "org-compiler.h"

#define MAX_OFFSET 2000

static void
join_free (OrgJoin *join)
{
  g_free (join->path);
  g_free (join);
}

static gboolean
compile_where (OrgCompiler    *compiler,
               const OrgField *parent,
               GString        *sql)
{
  OrgJoin *root = g_ptr_array_index (compiler->joins, 0);
  const char *word = " WHERE ";

  if (parent != NULL)
    {
      g_string_append_printf (sql, "%st%u.\"%s\" = ?%u", word, root->alias, parent->name, org_compiler_add_text (compiler, ""));
      word = " AND ";
    }

  if (!compiler->shared->all_rows)
    {
      g_string_append_printf (sql, "%st%u.IsDeleted = 0", word, root->alias);
      word = " AND ";
    }

  if (compiler->query->where == NULL)
    return TRUE;

  compiler->filtering = TRUE;
  compiler->plan->filtered = TRUE;
  g_string_append_printf (sql, "%s(", word);
  if (!org_compiler_expr (compiler, compiler->query->where, sql))
    return FALSE;
  g_string_append_c (sql, ')');
  compiler->filtering = FALSE;

  return TRUE;
}

static gboolean
compile_group_by (OrgCompiler *compiler,
                  GString     *sql)
{
  for (guint i = 0; i < compiler->query->group_by->len; i++)
    {
      OrgSoqlItem *item = g_ptr_array_index (compiler->query->group_by, i);
      g_autofree char *column = NULL;
      OrgResolved resolved;

      if (item->kind != ORG_SOQL_ITEM_FIELD)
        return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                                  "unexpected token: '%s'", item->function != NULL ? item->function : "FIELDS");
      if (!org_compiler_resolve (compiler, item->path, item->path_position, &resolved))
        return FALSE;
      if (resolved.field->flags & ORG_FIELD_NO_FILTER)
        return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                                  "field '%s' can not be grouped in a query call", resolved.field->name);

      column = org_compiler_column_sql (&resolved);
      g_string_append_printf (sql, "%s%s", i == 0 ? " GROUP BY " : ",", column);
    }

  if (compiler->query->having == NULL)
    return TRUE;

  g_string_append (sql, " HAVING ");

  return org_compiler_expr (compiler, compiler->query->having, sql);
}

static gboolean
order_sql (OrgCompiler  *compiler,
           OrgSoqlItem  *item,
           char        **sql)
{
  OrgResolved resolved;
  OrgType type;

  if (item->kind == ORG_SOQL_ITEM_FUNCTION && compiler->plan->aggregate)
    return org_compiler_aggregate_sql (compiler, item, &resolved, &type, sql);
  if (item->kind != ORG_SOQL_ITEM_FIELD)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                              "unexpected token: '%s'", item->function != NULL ? item->function : "FIELDS");
  if (!org_compiler_resolve (compiler, item->path, item->path_position, &resolved))
    return FALSE;
  if (compiler->plan->aggregate && !org_compiler_is_grouped (compiler, &resolved))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                              "Ordered field must be grouped or aggregated: %s", item->path);
  if (resolved.field->flags & ORG_FIELD_NO_FILTER)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                              "field '%s' can not be sorted in a query call", resolved.field->name);

  *sql = org_compiler_column_sql (&resolved);

  return TRUE;
}

static gboolean
compile_order_by (OrgCompiler *compiler,
                  GString     *sql)
{
  const char *word = " ORDER BY ";

  for (guint i = 0; i < compiler->query->order_by->len; i++)
    {
      const OrgSoqlOrder *order = g_ptr_array_index (compiler->query->order_by, i);
      g_autofree char *column = NULL;

      if (!order_sql (compiler, order->item, &column))
        return FALSE;

      g_string_append_printf (sql, "%s%s %s NULLS %s", word, column, order->descending ? "DESC" : "ASC",
                              order->nulls_last ? "LAST" : "FIRST");
      word = ",";
    }

  /* Ties are settled by id, so that pages fetched again are the same. */
  if (!compiler->plan->aggregate)
    g_string_append_printf (sql, "%st%u.Id", word, ((OrgJoin *) g_ptr_array_index (compiler->joins, 0))->alias);

  return TRUE;
}

static void
append_joins (OrgCompiler *compiler,
              gboolean     only_filtering,
              GString     *sql)
{
  for (guint i = 0; i < compiler->joins->len; i++)
    {
      const OrgJoin *join = g_ptr_array_index (compiler->joins, i);
      const OrgJoin *via = g_ptr_array_index (compiler->joins, join->via);

      if (i == 0)
        g_string_append_printf (sql, " FROM \"%s\" t%u", join->object->name, join->alias);
      else if (join->filtering || !only_filtering)
        g_string_append_printf (sql, " LEFT JOIN \"%s\" t%u ON t%u.Id = t%u.\"%s\"", join->object->name, join->alias,
                                join->alias, via->alias, join->reference->name);
    }
}

static void
append_paging (OrgCompiler *compiler,
               GString     *sql)
{
  if (compiler->query->limit >= 0 || compiler->query->offset >= 0)
    g_string_append_printf (sql, " LIMIT %" G_GINT64_FORMAT, compiler->query->limit);
  if (compiler->query->offset >= 0)
    g_string_append_printf (sql, " OFFSET %" G_GINT64_FORMAT, compiler->query->offset);
}

static void
assemble (OrgCompiler *compiler,
          const char  *where,
          const char  *group_by,
          const char  *order_by)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autoptr(GString) count = g_string_new ("SELECT count(*) FROM (SELECT 1");
  gboolean joins_matter = compiler->query->group_by->len > 0 || compiler->query->having != NULL;

  g_string_append_printf (sql, "SELECT %s", compiler->columns->str);
  append_joins (compiler, FALSE, sql);
  g_string_append_printf (sql, "%s%s%s", where, group_by, order_by);
  append_paging (compiler, sql);

  if (compiler->plan->aggregate && compiler->query->group_by->len == 0)
    g_string_append (count, ", count(*)");
  append_joins (compiler, !joins_matter, count);
  g_string_append_printf (count, "%s%s", where, group_by);
  append_paging (compiler, count);
  g_string_append_c (count, ')');

  compiler->plan->sql = g_string_free (g_steal_pointer (&sql), FALSE);
  compiler->plan->count_sql = g_string_free (g_steal_pointer (&count), FALSE);
}

static gboolean
has_aggregate (OrgSoqlQuery *query)
{
  if (query->group_by->len > 0)
    return TRUE;

  for (guint i = 0; i < query->items->len; i++)
    {
      const OrgSoqlItem *item = g_ptr_array_index (query->items, i);

      if (item->kind == ORG_SOQL_ITEM_FUNCTION)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_count_only (OrgSoqlQuery *query)
{
  const OrgSoqlItem *item = g_ptr_array_index (query->items, 0);

  return query->items->len == 1 && query->group_by->len == 0 && item->kind == ORG_SOQL_ITEM_FUNCTION &&
         item->path == NULL && item->alias == NULL;
}

static gboolean
compile_parts (OrgCompiler    *compiler,
               const OrgField *parent)
{
  g_autoptr(GString) where = g_string_new (NULL);
  g_autoptr(GString) group_by = g_string_new (NULL);
  g_autoptr(GString) order_by = g_string_new (NULL);

  if (compiler->query->offset > MAX_OFFSET)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_NUMBER_RANGE, compiler->query->offset_position,
                              "Maximum SOQL offset allowed is %d", MAX_OFFSET);

  if (compiler->plan->count_only)
    org_compiler_add_column (compiler, "1");
  else if (!org_compiler_select (compiler))
    return FALSE;

  if (!compile_where (compiler, parent, where) || !compile_group_by (compiler, group_by) ||
      !compile_order_by (compiler, order_by))
    return FALSE;

  assemble (compiler, where->str, group_by->str, order_by->str);

  return TRUE;
}

/* (nullable) */
OrgPlan *
org_compiler_query (OrgShared        *shared,
                    OrgSoqlQuery     *query,
                    const OrgObject  *object,
                    const OrgField   *parent,
                    GError          **error)
{
  OrgCompiler compiler = { shared, query, object };
  g_autoptr(OrgPlan) plan = g_rc_box_new0 (OrgPlan);
  g_autoptr(GPtrArray) joins = g_ptr_array_new_with_free_func ((GDestroyNotify) join_free);
  g_autoptr(GString) columns = g_string_new (NULL);
  gboolean done;

  plan->object = object;
  plan->parameters = g_ptr_array_ref (shared->parameters);
  plan->root = org_node_new (object);
  plan->count_only = is_count_only (query);
  plan->aggregate = !plan->count_only && has_aggregate (query);

  compiler.plan = plan;
  compiler.joins = joins;
  compiler.columns = columns;
  compiler.error = error;
  org_compiler_add_join (&compiler, "", object, NULL, 0)->node = plan->root;

  done = compile_parts (&compiler, parent);

  return done ? g_steal_pointer (&plan) : NULL;
}

/**
 * org_plan_new:
 * @data: the org
 * @source: a query from a client
 * @admin: whether field-level security hides nothing
 * @all_rows: whether deleted records count
 * @error: return location for an #OrgSoqlError
 *
 * Reads a query, looks up its names and turns it into SQL.
 *
 * Returns: (transfer full) (nullable): the plan
 */
OrgPlan *
org_plan_new (OrgData     *data,
              const char  *source,
              gboolean     admin,
              gboolean     all_rows,
              GError     **error)
{
  OrgShared shared = { data, source, admin, all_rows, 0, NULL };
  g_autoptr(OrgSoqlQuery) query = org_soql_parse (source, -1, error);
  g_autoptr(OrgPlan) plan = NULL;
  const OrgObject *object;
  sqlite3_stmt *statement;

  if (query == NULL)
    return NULL;

  shared.all_rows |= query->all_rows;
  object = org_schema_find (query->object);
  if (object == NULL)
    {
      org_soql_error_set_at (error, ORG_SOQL_ERROR_INVALID_TYPE, source, query->object_position,
                             "sObject type '%s' is not supported. " ORG_APPEAL, query->object, "object", "__c", "entity");
      return NULL;
    }

  shared.parameters = g_ptr_array_new_with_free_func ((GDestroyNotify) org_param_free);
  plan = org_compiler_query (&shared, query, object, NULL, error);
  g_ptr_array_unref (shared.parameters);
  if (plan == NULL)
    return NULL;

  statement = org_plan_prepare (plan, data, FALSE, error);
  if (statement == NULL)
    return NULL;
  sqlite3_finalize (statement);
  plan->source = g_strdup (source);
  plan->admin = admin;
  plan->all_rows = all_rows;

  return g_steal_pointer (&plan);
}
