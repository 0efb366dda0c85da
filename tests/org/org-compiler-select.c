/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a query selects: the columns of the SQL and the shape of the answer. */

#include "org-compiler.h"

#include <string.h>

#define MAX_FIELDS_LIMIT 200

int
org_compiler_add_column (OrgCompiler *compiler,
                         const char  *sql)
{
  g_string_append_printf (compiler->columns, "%s%s AS c%d", compiler->n_columns > 0 ? "," : "", sql,
                          compiler->n_columns);

  return compiler->n_columns++;
}

static int
add_field_column (OrgCompiler *compiler,
                  OrgJoin     *join,
                  const char  *field)
{
  g_autofree char *sql = g_strdup_printf ("t%u.\"%s\"", join->alias, field);

  return org_compiler_add_column (compiler, sql);
}

/* The record in the answer that stands for a join, made at its first use. */
static OrgNode *
join_node (OrgCompiler *compiler,
           OrgJoin     *join)
{
  OrgMember *member;
  OrgNode *outer;

  if (join->node != NULL)
    return join->node;

  outer = join_node (compiler, g_ptr_array_index (compiler->joins, join->via));
  member = org_node_add_member (outer, ORG_MEMBER_PARENT, join->reference->relationship);
  member->parent = org_node_new (join->object);
  member->parent->id_column = add_field_column (compiler, join, "Id");
  join->node = member->parent;

  return join->node;
}

static gboolean
has_member (OrgNode    *node,
            const char *name)
{
  for (guint i = 0; i < node->members->len; i++)
    {
      const OrgMember *member = g_ptr_array_index (node->members, i);

      if (strcmp (member->name, name) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
select_address (OrgCompiler       *compiler,
                OrgMember         *member,
                const OrgResolved *resolved)
{
  static const char *parts[] = { "City", "Country", "PostalCode", "State", "Street" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name = g_strconcat (resolved->field->compound, parts[i], NULL);
      int column = add_field_column (compiler, resolved->join, name);

      if (i == 0)
        member->column = column;
    }
}

static void
select_resolved (OrgCompiler       *compiler,
                 const OrgResolved *resolved)
{
  OrgNode *node = join_node (compiler, resolved->join);
  gboolean address = resolved->field->type == ORG_TYPE_ADDRESS;
  OrgMember *member;

  if (has_member (node, resolved->field->name))
    return;

  member = org_node_add_member (node, address ? ORG_MEMBER_ADDRESS : ORG_MEMBER_VALUE, resolved->field->name);
  member->field = resolved->field;
  member->type = resolved->field->type;

  if (address)
    select_address (compiler, member, resolved);
  else
    member->column = add_field_column (compiler, resolved->join, resolved->field->name);
}

static gboolean
select_all (OrgCompiler *compiler,
            OrgSoqlItem *item)
{
  OrgJoin *root = g_ptr_array_index (compiler->joins, 0);
  gboolean standard = g_ascii_strcasecmp (item->path, "CUSTOM") != 0;
  gboolean custom = g_ascii_strcasecmp (item->path, "STANDARD") != 0;
  guint n_fields;
  const OrgField *fields = org_object_get_fields (compiler->object, &n_fields);

  if (custom && (compiler->query->limit < 0 || compiler->query->limit > MAX_FIELDS_LIMIT))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                              "The SOQL FIELDS function must have a LIMIT of at most %d", MAX_FIELDS_LIMIT);

  for (guint i = 0; i < n_fields; i++)
    {
      OrgResolved resolved = { &fields[i], root };

      if (org_field_is_visible (&fields[i], compiler->shared->admin) &&
          ((fields[i].flags & ORG_FIELD_CUSTOM) != 0 ? custom : standard))
        select_resolved (compiler, &resolved);
    }

  return TRUE;
}

static gboolean
select_children (OrgCompiler *compiler,
                 OrgSoqlItem *item)
{
  g_autoptr(GPtrArray) parameters = g_ptr_array_new_with_free_func ((GDestroyNotify) org_param_free);
  OrgShared shared = *compiler->shared;
  OrgMember *member;
  OrgPlan *children;
  OrgChild child;

  if (!org_object_find_child (compiler->object, item->subquery->object, &child))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_TYPE, item->subquery->object_position,
                              "Didn't understand relationship '%s' in FROM part of query call. " ORG_APPEAL,
                              item->subquery->object, "relationship", "__r", "custom relationship");

  shared.parameters = parameters;
  children = org_compiler_query (&shared, item->subquery, child.object, child.field, compiler->error);
  if (children == NULL)
    return FALSE;

  if (children->aggregate || children->count_only)
    {
      org_plan_unref (children);
      return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                                "only root queries support aggregate expressions");
    }

  member = org_node_add_member (compiler->plan->root, ORG_MEMBER_CHILDREN, child.field->children);
  member->children = children;
  compiler->plan->n_children++;

  return TRUE;
}

gboolean
org_compiler_aggregate_sql (OrgCompiler  *compiler,
                            OrgSoqlItem  *item,
                            OrgResolved  *resolved,
                            OrgType      *type,
                            char        **sql)
{
  g_autofree char *column = NULL;
  gboolean counting = g_str_has_prefix (item->function, "COUNT");
  gboolean arithmetic = strcmp (item->function, "SUM") == 0 || strcmp (item->function, "AVG") == 0;

  if (item->path == NULL)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->path_position, "unexpected token: ')'");

  if (!org_compiler_resolve (compiler, item->path, item->path_position, resolved))
    return FALSE;

  if (resolved->field->type == ORG_TYPE_ADDRESS || (arithmetic && !org_type_is_number (resolved->field->type)) ||
      (!counting && resolved->field->type == ORG_TYPE_BOOLEAN))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                              "field %s does not support aggregate operator %s", resolved->field->name, item->function);

  column = org_compiler_column_sql (resolved);
  *type = resolved->field->type;

  if (strcmp (item->function, "COUNT_DISTINCT") == 0)
    *sql = g_strdup_printf ("count(DISTINCT %s)", column);
  else
    *sql = g_strdup_printf ("%s(%s)", item->function, column);

  if (counting)
    *type = ORG_TYPE_INT;
  else if (strcmp (item->function, "AVG") == 0)
    *type = ORG_TYPE_DOUBLE;

  return TRUE;
}

gboolean
org_compiler_is_grouped (OrgCompiler       *compiler,
                         const OrgResolved *field)
{
  GError **error = compiler->error;
  gboolean found = FALSE;

  /* A wrong name in GROUP BY is reported when that clause is compiled. */
  compiler->error = NULL;

  for (guint i = 0; i < compiler->query->group_by->len && !found; i++)
    {
      OrgSoqlItem *item = g_ptr_array_index (compiler->query->group_by, i);
      OrgResolved group;

      found = item->kind == ORG_SOQL_ITEM_FIELD && org_compiler_resolve (compiler, item->path, item->path_position, &group) &&
              group.field == field->field && group.join == field->join;
    }

  compiler->error = error;

  return found;
}

static gboolean
select_result (OrgCompiler *compiler,
               OrgSoqlItem *item,
               guint       *n_unnamed)
{
  g_autofree char *sql = NULL;
  g_autofree char *name = NULL;
  OrgResolved resolved;
  OrgMember *member;
  OrgType type;

  if (item->kind == ORG_SOQL_ITEM_FUNCTION)
    {
      if (!org_compiler_aggregate_sql (compiler, item, &resolved, &type, &sql))
        return FALSE;
      name = item->alias != NULL ? g_strdup (item->alias) : g_strdup_printf ("expr%u", (*n_unnamed)++);
    }
  else if (item->kind == ORG_SOQL_ITEM_FIELD)
    {
      if (!org_compiler_resolve (compiler, item->path, item->path_position, &resolved))
        return FALSE;
      if (!org_compiler_is_grouped (compiler, &resolved))
        return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                                  "Field must be grouped or aggregated: %s", item->path);
      sql = org_compiler_column_sql (&resolved);
      type = resolved.field->type;
      name = g_strdup (item->alias != NULL ? item->alias : resolved.field->name);
    }
  else
    {
      return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                                "aggregate queries can select only fields and aggregates");
    }

  if (has_member (compiler->plan->root, name))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position, "duplicate alias: %s", name);

  member = org_node_add_member (compiler->plan->root, ORG_MEMBER_VALUE, name);
  member->field = resolved.field;
  member->type = type;
  member->aggregate = item->kind == ORG_SOQL_ITEM_FUNCTION;
  member->column = org_compiler_add_column (compiler, sql);

  return TRUE;
}

static gboolean
select_item (OrgCompiler *compiler,
             OrgSoqlItem *item)
{
  OrgResolved resolved;

  if (item->alias != NULL)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                              "only aggregate expressions use field aliasing");
  if (item->kind == ORG_SOQL_ITEM_FIELDS)
    return select_all (compiler, item);
  if (item->kind == ORG_SOQL_ITEM_SUBQUERY)
    return select_children (compiler, item);
  if (!org_compiler_resolve (compiler, item->path, item->path_position, &resolved))
    return FALSE;

  select_resolved (compiler, &resolved);

  return TRUE;
}

gboolean
org_compiler_select (OrgCompiler *compiler)
{
  guint n_unnamed = 0;

  if (!compiler->plan->aggregate)
    compiler->plan->root->id_column = add_field_column (compiler, g_ptr_array_index (compiler->joins, 0), "Id");

  for (guint i = 0; i < compiler->query->items->len; i++)
    {
      OrgSoqlItem *item = g_ptr_array_index (compiler->query->items, i);

      if (compiler->plan->aggregate ? !select_result (compiler, item, &n_unnamed) : !select_item (compiler, item))
        return FALSE;
    }

  return TRUE;
}
