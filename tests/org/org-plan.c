/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Turns a query into SQL. Nothing a client wrote gets into the SQL text: names
 * are replaced by the schema's own, values are bound. */

#include "org-plan.h"

#include <stdarg.h>
#include <string.h>

#include "org-id.h"
#include "org-soql-date.h"
#include "org-table.h"

#define MAX_OFFSET 2000
#define MAX_FIELDS_LIMIT 200
#define MAX_PARENTS 5

#define APPEAL \
  "If you are attempting to use a custom %s, be sure to append the '%s' after the %s name. " \
  "Please reference your WSDL or the describe call for the appropriate names."

/* One table in the FROM of the SQL. */
typedef struct
{
  char *path;                /* relationships from the root, with a dot at the end; "" for the root */
  const OrgObject *object;
  const OrgField *reference; /* (nullable) in the parent join */
  guint alias;
  guint via;                 /* index of the join it hangs on */
  gboolean filtering;        /* whether WHERE needs it */
  OrgNode *node;             /* (unowned) (nullable) its place in the answer */
} Join;

typedef struct
{
  OrgData *data;
  const char *source;
  gboolean admin;
  gboolean all_rows;
  guint n_aliases;
  GPtrArray *parameters;
} Shared;

typedef struct
{
  Shared *shared;
  OrgSoqlQuery *query;
  const OrgObject *object;
  GPtrArray *joins;
  GString *columns;
  int n_columns;
  OrgPlan *plan;
  gboolean filtering;
  GError **error;
} Compiler;

typedef struct
{
  const OrgField *field;
  Join *join;
} Resolved;

static gboolean compile_expr (Compiler    *compiler,
                              OrgSoqlExpr *expr,
                              GString     *sql);

static void
param_free (OrgParam *param)
{
  g_free (param->text);
  g_free (param);
}

static void
node_free (OrgNode *node)
{
  g_ptr_array_unref (node->members);
  g_free (node);
}

static void
member_free (OrgMember *member)
{
  g_free (member->name);
  g_free (member->chunk);
  g_clear_pointer (&member->parent, node_free);
  g_clear_pointer (&member->children, org_plan_unref);
  g_free (member);
}

static void
plan_clear (OrgPlan *plan)
{
  g_free (plan->sql);
  g_free (plan->count_sql);
  g_clear_pointer (&plan->parameters, g_ptr_array_unref);
  g_clear_pointer (&plan->root, node_free);
}

/**
 * org_plan_ref:
 * @plan: a plan
 *
 * Returns: (transfer full): @plan
 */
OrgPlan *
org_plan_ref (OrgPlan *plan)
{
  return g_rc_box_acquire (plan);
}

/**
 * org_plan_unref:
 * @plan: (transfer full): a plan
 *
 * Lets go of a plan.
 */
void
org_plan_unref (OrgPlan *plan)
{
  g_rc_box_release_full (plan, (GDestroyNotify) plan_clear);
}

static void
join_free (Join *join)
{
  g_free (join->path);
  g_free (join);
}

static gboolean G_GNUC_PRINTF (4, 5)
fail (Compiler     *compiler,
      OrgSoqlError  code,
      gsize         position,
      const char   *format,
      ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  org_soql_error_set_at (compiler->error, code, compiler->shared->source, position, "%s", text);

  return FALSE;
}

static OrgNode *
node_new (const OrgObject *object)
{
  OrgNode *node = g_new0 (OrgNode, 1);

  node->object = object;
  node->id_column = -1;
  node->members = g_ptr_array_new_with_free_func ((GDestroyNotify) member_free);

  return node;
}

static OrgMember *
add_member (OrgNode       *node,
            OrgMemberKind  kind,
            const char    *name)
{
  OrgMember *member = g_new0 (OrgMember, 1);

  member->kind = kind;
  member->name = g_strdup (name);
  member->chunk = g_strdup_printf (",\"%s\":", name);
  g_ptr_array_add (node->members, member);

  return member;
}

static guint
add_param (Compiler *compiler,
           OrgParam *param)
{
  g_ptr_array_add (compiler->shared->parameters, param);

  return compiler->shared->parameters->len;
}

static guint
add_text (Compiler   *compiler,
          const char *text)
{
  OrgParam *param = g_new0 (OrgParam, 1);

  param->kind = ORG_PARAM_TEXT;
  param->text = g_strdup (text);

  return add_param (compiler, param);
}

static Join *
add_join (Compiler        *compiler,
          const char      *path,
          const OrgObject *object,
          const OrgField  *reference,
          guint            via)
{
  Join *join = g_new0 (Join, 1);

  join->path = g_strdup (path);
  join->object = object;
  join->reference = reference;
  join->alias = compiler->shared->n_aliases++;
  join->via = via;
  g_ptr_array_add (compiler->joins, join);

  return join;
}

static Join *
find_join (Compiler   *compiler,
           const char *path,
           guint      *index)
{
  for (guint i = 0; i < compiler->joins->len; i++)
    {
      Join *join = g_ptr_array_index (compiler->joins, i);

      if (strcmp (join->path, path) == 0)
        {
          *index = i;
          return join;
        }
    }

  return NULL;
}

/* (nullable): the join for one more step of a path */
static Join *
step_to_parent (Compiler   *compiler,
                guint      *index,
                const char *relationship,
                gsize       position)
{
  Join *from = g_ptr_array_index (compiler->joins, *index);
  const OrgObject *parent;
  const OrgField *reference = org_object_find_parent (from->object, relationship, &parent);
  g_autofree char *path = NULL;
  Join *join;
  guint via = *index;

  if (reference == NULL || !org_field_is_visible (reference, compiler->shared->admin))
    {
      fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, position,
            "Didn't understand relationship '%s' in field path. " APPEAL,
            relationship, "relationship", "__r", "custom relationship");
      return NULL;
    }

  path = g_strconcat (from->path, reference->relationship, ".", NULL);
  join = find_join (compiler, path, index);
  if (join == NULL)
    {
      join = add_join (compiler, path, parent, reference, via);
      *index = compiler->joins->len - 1;
    }

  if (compiler->filtering)
    join->filtering = TRUE;

  return join;
}

static gboolean
resolve_field (Compiler   *compiler,
               Join       *join,
               const char *name,
               gsize       position,
               Resolved   *resolved)
{
  resolved->join = join;
  resolved->field = org_object_find_field (join->object, name);

  if (resolved->field == NULL || !org_field_is_visible (resolved->field, compiler->shared->admin))
    return fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, position, "No such column '%s' on entity '%s'. " APPEAL,
                 name, join->object->name, "field", "__c", "custom field");

  return TRUE;
}

/* A path may begin with the alias or with the object's own name. */
static gboolean
begins_with_object (Compiler   *compiler,
                    const char *first)
{
  const OrgObject *parent;

  if (compiler->query->alias != NULL && g_ascii_strcasecmp (first, compiler->query->alias) == 0)
    return TRUE;

  return g_ascii_strcasecmp (first, compiler->query->object) == 0 &&
         org_object_find_parent (compiler->object, first, &parent) == NULL;
}

static gboolean
resolve (Compiler   *compiler,
         const char *path,
         gsize       position,
         Resolved   *resolved)
{
  g_auto(GStrv) parts = g_strsplit (path, ".", -1);
  guint n = g_strv_length (parts);
  guint i = n > 1 && begins_with_object (compiler, parts[0]) ? 1 : 0;
  Join *join = g_ptr_array_index (compiler->joins, 0);
  guint index = 0;

  if (n - i > MAX_PARENTS + 1)
    return fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, position,
                 "maximum number of levels in a relationship path is %d", MAX_PARENTS);

  for (; i + 1 < n; i++)
    {
      join = step_to_parent (compiler, &index, parts[i], position);
      if (join == NULL)
        return FALSE;
    }

  return resolve_field (compiler, join, parts[n - 1], position, resolved);
}

static char *
column_sql (const Resolved *resolved)
{
  return g_strdup_printf ("t%u.\"%s\"%s", resolved->join->alias, resolved->field->name,
                          org_type_is_text (resolved->field->type) && resolved->field->type != ORG_TYPE_ID &&
                          resolved->field->type != ORG_TYPE_REFERENCE ? " COLLATE soql" : "");
}

static int
add_column (Compiler   *compiler,
            const char *sql)
{
  g_string_append_printf (compiler->columns, "%s%s AS c%d", compiler->n_columns > 0 ? "," : "", sql,
                          compiler->n_columns);

  return compiler->n_columns++;
}

static int
add_field_column (Compiler   *compiler,
                  Join       *join,
                  const char *field)
{
  g_autofree char *sql = g_strdup_printf ("t%u.\"%s\"", join->alias, field);

  return add_column (compiler, sql);
}

/* The record in the answer that stands for a join, made at its first use. */
static OrgNode *
join_node (Compiler *compiler,
           Join     *join)
{
  OrgMember *member;
  OrgNode *outer;

  if (join->node != NULL)
    return join->node;

  outer = join_node (compiler, g_ptr_array_index (compiler->joins, join->via));
  member = add_member (outer, ORG_MEMBER_PARENT, join->reference->relationship);
  member->parent = node_new (join->object);
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
select_address (Compiler       *compiler,
                OrgMember      *member,
                const Resolved *resolved)
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
select_resolved (Compiler       *compiler,
                 const Resolved *resolved)
{
  OrgNode *node = join_node (compiler, resolved->join);
  gboolean address = resolved->field->type == ORG_TYPE_ADDRESS;
  OrgMember *member;

  if (has_member (node, resolved->field->name))
    return;

  member = add_member (node, address ? ORG_MEMBER_ADDRESS : ORG_MEMBER_VALUE, resolved->field->name);
  member->field = resolved->field;
  member->type = resolved->field->type;

  if (address)
    select_address (compiler, member, resolved);
  else
    member->column = add_field_column (compiler, resolved->join, resolved->field->name);
}

static gboolean
select_all (Compiler    *compiler,
            OrgSoqlItem *item)
{
  Join *root = g_ptr_array_index (compiler->joins, 0);
  gboolean standard = g_ascii_strcasecmp (item->path, "CUSTOM") != 0;
  gboolean custom = g_ascii_strcasecmp (item->path, "STANDARD") != 0;
  guint n_fields;
  const OrgField *fields = org_object_get_fields (compiler->object, &n_fields);

  if (custom && (compiler->query->limit < 0 || compiler->query->limit > MAX_FIELDS_LIMIT))
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                 "The SOQL FIELDS function must have a LIMIT of at most %d", MAX_FIELDS_LIMIT);

  for (guint i = 0; i < n_fields; i++)
    {
      Resolved resolved = { &fields[i], root };

      if (org_field_is_visible (&fields[i], compiler->shared->admin) &&
          ((fields[i].flags & ORG_FIELD_CUSTOM) != 0 ? custom : standard))
        select_resolved (compiler, &resolved);
    }

  return TRUE;
}

static OrgPlan *compile_query (Shared           *shared,
                               OrgSoqlQuery     *query,
                               const OrgObject  *object,
                               const OrgField   *parent,
                               GError          **error);

static gboolean
select_children (Compiler    *compiler,
                 OrgSoqlItem *item)
{
  g_autoptr(GPtrArray) parameters = g_ptr_array_new_with_free_func ((GDestroyNotify) param_free);
  Shared shared = *compiler->shared;
  OrgMember *member;
  OrgPlan *children;
  OrgChild child;

  if (!org_object_find_child (compiler->object, item->subquery->object, &child))
    return fail (compiler, ORG_SOQL_ERROR_INVALID_TYPE, item->subquery->object_position,
                 "Didn't understand relationship '%s' in FROM part of query call. " APPEAL,
                 item->subquery->object, "relationship", "__r", "custom relationship");

  shared.parameters = parameters;
  children = compile_query (&shared, item->subquery, child.object, child.field, compiler->error);
  if (children == NULL)
    return FALSE;

  if (children->aggregate || children->count_only)
    {
      org_plan_unref (children);
      return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                   "only root queries support aggregate expressions");
    }

  member = add_member (compiler->plan->root, ORG_MEMBER_CHILDREN, child.field->children);
  member->children = children;
  compiler->plan->n_children++;

  return TRUE;
}

static gboolean
aggregate_sql (Compiler     *compiler,
               OrgSoqlItem  *item,
               Resolved     *resolved,
               OrgType      *type,
               char        **sql)
{
  g_autofree char *column = NULL;
  gboolean counting = g_str_has_prefix (item->function, "COUNT");
  gboolean arithmetic = strcmp (item->function, "SUM") == 0 || strcmp (item->function, "AVG") == 0;

  if (item->path == NULL)
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->path_position, "unexpected token: ')'");

  if (!resolve (compiler, item->path, item->path_position, resolved))
    return FALSE;

  if (resolved->field->type == ORG_TYPE_ADDRESS || (arithmetic && !org_type_is_number (resolved->field->type)) ||
      (!counting && resolved->field->type == ORG_TYPE_BOOLEAN))
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                 "field %s does not support aggregate operator %s", resolved->field->name, item->function);

  column = column_sql (resolved);
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

static gboolean
is_grouped (Compiler       *compiler,
            const Resolved *field)
{
  GError **error = compiler->error;
  gboolean found = FALSE;

  /* A wrong name in GROUP BY is reported when that clause is compiled. */
  compiler->error = NULL;

  for (guint i = 0; i < compiler->query->group_by->len && !found; i++)
    {
      OrgSoqlItem *item = g_ptr_array_index (compiler->query->group_by, i);
      Resolved group;

      found = item->kind == ORG_SOQL_ITEM_FIELD && resolve (compiler, item->path, item->path_position, &group) &&
              group.field == field->field && group.join == field->join;
    }

  compiler->error = error;

  return found;
}

static gboolean
select_result (Compiler    *compiler,
               OrgSoqlItem *item,
               guint       *n_unnamed)
{
  g_autofree char *sql = NULL;
  g_autofree char *name = NULL;
  Resolved resolved;
  OrgMember *member;
  OrgType type;

  if (item->kind == ORG_SOQL_ITEM_FUNCTION)
    {
      if (!aggregate_sql (compiler, item, &resolved, &type, &sql))
        return FALSE;
      name = item->alias != NULL ? g_strdup (item->alias) : g_strdup_printf ("expr%u", (*n_unnamed)++);
    }
  else if (item->kind == ORG_SOQL_ITEM_FIELD)
    {
      if (!resolve (compiler, item->path, item->path_position, &resolved))
        return FALSE;
      if (!is_grouped (compiler, &resolved))
        return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                     "Field must be grouped or aggregated: %s", item->path);
      sql = column_sql (&resolved);
      type = resolved.field->type;
      name = g_strdup (item->alias != NULL ? item->alias : resolved.field->name);
    }
  else
    {
      return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                   "aggregate queries can select only fields and aggregates");
    }

  if (has_member (compiler->plan->root, name))
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position, "duplicate alias: %s", name);

  member = add_member (compiler->plan->root, ORG_MEMBER_VALUE, name);
  member->field = resolved.field;
  member->type = type;
  member->aggregate = item->kind == ORG_SOQL_ITEM_FUNCTION;
  member->column = add_column (compiler, sql);

  return TRUE;
}

static gboolean
select_item (Compiler    *compiler,
             OrgSoqlItem *item)
{
  Resolved resolved;

  if (item->alias != NULL)
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                 "only aggregate expressions use field aliasing");
  if (item->kind == ORG_SOQL_ITEM_FIELDS)
    return select_all (compiler, item);
  if (item->kind == ORG_SOQL_ITEM_SUBQUERY)
    return select_children (compiler, item);
  if (!resolve (compiler, item->path, item->path_position, &resolved))
    return FALSE;

  select_resolved (compiler, &resolved);

  return TRUE;
}

static gboolean
compile_select (Compiler *compiler)
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
wrong_type (Compiler       *compiler,
            const OrgField *field,
            OrgType         type,
            OrgSoqlValue   *value)
{
  return fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, value->token.position,
               "value of filter criterion for field '%s' must be of type %s and should%s be enclosed in quotes",
               field->name, type_in_messages (type), org_type_is_text (type) ? "" : " not");
}

static char *
dup_value_text (Compiler     *compiler,
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
add_text_value (Compiler       *compiler,
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
        return fail (compiler, ORG_SOQL_ERROR_INVALID_FILTER, value->token.position, "invalid ID field: %s", text);
      *param = add_text (compiler, id);
      return TRUE;
    }

  *param = add_text (compiler, text);

  return TRUE;
}

static gboolean
add_number_value (Compiler       *compiler,
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
  *param = add_param (compiler, number);

  return TRUE;
}

static guint
add_time (Compiler *compiler,
          OrgType   type,
          gint64    seconds)
{
  char text[64];

  org_format_datetime (seconds, text, sizeof text);
  if (type == ORG_TYPE_DATE)
    text[10] = '\0';

  return add_text (compiler, text);
}

/* A date, a datetime or a literal as the span [@from, @to) of bound values;
 * a single moment has equal ends. */
static gboolean
add_time_value (Compiler       *compiler,
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
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, value->token.position, "Invalid date: %s", text);

  *from = *to = add_time (compiler, type, start);

  return TRUE;
}

/* SOQL knows true and false only: what is compared with nothing is unequal.
 * Each comparison is therefore made never to be NULL. */
static gboolean
compile_span (Compiler        *compiler,
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
add_value (Compiler       *compiler,
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
compile_like (Compiler       *compiler,
              OrgSoqlExpr    *expr,
              const OrgField *field,
              OrgType         type,
              const char     *left,
              GString        *sql)
{
  OrgSoqlValue *value = g_ptr_array_index (expr->values, 0);
  g_autofree char *pattern = NULL;

  if (!org_type_is_text (type) || type == ORG_TYPE_ID || type == ORG_TYPE_REFERENCE)
    return fail (compiler, ORG_SOQL_ERROR_INVALID_FILTER, expr->left->position,
                 "invalid operator on %s field", org_type_get_name (type));
  if (value->token.kind != ORG_TOKEN_STRING)
    return wrong_type (compiler, field, type, value);

  pattern = dup_value_text (compiler, value, TRUE);
  g_string_append_printf (sql, "soql_like(%s, ?%u)", left, add_text (compiler, pattern));

  return TRUE;
}

static gboolean
compile_null (Compiler     *compiler,
              OrgSoqlExpr  *expr,
              const char   *left,
              GString      *sql)
{
  OrgSoqlValue *value = g_ptr_array_index (expr->values, 0);

  if (expr->operator != ORG_SOQL_EQUAL && expr->operator != ORG_SOQL_NOT_EQUAL)
    return fail (compiler, ORG_SOQL_ERROR_INVALID_FILTER, value->token.position, "invalid operator on null");

  g_string_append_printf (sql, "%s IS %sNULL", left, expr->operator == ORG_SOQL_EQUAL ? "" : "NOT ");

  return TRUE;
}

static gboolean
compile_in_list (Compiler       *compiler,
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
compile_semi_join (Compiler       *compiler,
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
    return fail (compiler, ORG_SOQL_ERROR_INVALID_TYPE, expr->subquery->object_position,
                 "sObject type '%s' is not supported. " APPEAL, expr->subquery->object, "object", "__c", "entity");

  inner = compile_query (compiler->shared, expr->subquery, object, NULL, compiler->error);
  if (inner == NULL)
    return FALSE;

  member = inner->root->members->len == 1 ? g_ptr_array_index (inner->root->members, 0) : NULL;
  if (inner->aggregate || inner->count_only || member == NULL || member->kind != ORG_MEMBER_VALUE ||
      (member->type != ORG_TYPE_ID && member->type != ORG_TYPE_REFERENCE) ||
      (field->type != ORG_TYPE_ID && field->type != ORG_TYPE_REFERENCE))
    {
      org_plan_unref (inner);
      return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                   "The inner and outer selects of a semi join must each have one field of type ID or reference");
    }

  g_string_append_printf (sql, "%sifnull(%s IN (SELECT c%d FROM (%s) WHERE c%d IS NOT NULL), 0)",
                          expr->operator == ORG_SOQL_NOT_IN ? "NOT " : "", left, member->column, inner->sql,
                          member->column);
  org_plan_unref (inner);

  return TRUE;
}

static gboolean
compile_comparison (Compiler    *compiler,
                    OrgSoqlExpr *expr,
                    GString     *sql)
{
  OrgSoqlValue *value = expr->values->len > 0 ? g_ptr_array_index (expr->values, 0) : NULL;
  g_autofree char *left = NULL;
  Resolved resolved;
  OrgType type;
  guint from;
  guint to;

  if (expr->left->kind == ORG_SOQL_ITEM_FUNCTION)
    {
      if (compiler->filtering)
        return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, expr->left->position,
                     "unexpected token: '%s'", expr->left->function);
      if (!aggregate_sql (compiler, expr->left, &resolved, &type, &left))
        return FALSE;
    }
  else
    {
      if (expr->left->kind != ORG_SOQL_ITEM_FIELD)
        return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, expr->left->position, "unexpected token: 'FIELDS'");
      if (!resolve (compiler, expr->left->path, expr->left->path_position, &resolved))
        return FALSE;
      if (!compiler->filtering && !is_grouped (compiler, &resolved))
        return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, expr->left->position,
                     "Field must be grouped or aggregated: %s", expr->left->path);
      left = column_sql (&resolved);
      type = resolved.field->type;
    }

  if (compiler->filtering && (resolved.field->flags & ORG_FIELD_NO_FILTER))
    return fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, expr->left->position,
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
compile_operands (Compiler   *compiler,
                  GPtrArray  *operands,
                  guint       first,
                  guint       n,
                  const char *word,
                  GString    *sql)
{
  if (n == 1)
    return compile_expr (compiler, g_ptr_array_index (operands, first), sql);

  g_string_append_c (sql, '(');
  if (!compile_operands (compiler, operands, first, n / 2, word, sql))
    return FALSE;
  g_string_append (sql, word);
  if (!compile_operands (compiler, operands, first + n / 2, n - n / 2, word, sql))
    return FALSE;
  g_string_append_c (sql, ')');

  return TRUE;
}

static gboolean
compile_expr (Compiler    *compiler,
              OrgSoqlExpr *expr,
              GString     *sql)
{
  if (expr->operands == NULL)
    return compile_comparison (compiler, expr, sql);

  if (expr->operator == ORG_SOQL_NOT)
    {
      g_string_append (sql, "NOT (");
      if (!compile_expr (compiler, g_ptr_array_index (expr->operands, 0), sql))
        return FALSE;
      g_string_append_c (sql, ')');
      return TRUE;
    }

  return compile_operands (compiler, expr->operands, 0, expr->operands->len,
                           expr->operator == ORG_SOQL_AND ? " AND " : " OR ", sql);
}

static gboolean
compile_where (Compiler       *compiler,
               const OrgField *parent,
               GString        *sql)
{
  Join *root = g_ptr_array_index (compiler->joins, 0);
  const char *word = " WHERE ";

  if (parent != NULL)
    {
      g_string_append_printf (sql, "%st%u.\"%s\" = ?%u", word, root->alias, parent->name, add_text (compiler, ""));
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
  if (!compile_expr (compiler, compiler->query->where, sql))
    return FALSE;
  g_string_append_c (sql, ')');
  compiler->filtering = FALSE;

  return TRUE;
}

static gboolean
compile_group_by (Compiler *compiler,
                  GString  *sql)
{
  for (guint i = 0; i < compiler->query->group_by->len; i++)
    {
      OrgSoqlItem *item = g_ptr_array_index (compiler->query->group_by, i);
      g_autofree char *column = NULL;
      Resolved resolved;

      if (item->kind != ORG_SOQL_ITEM_FIELD)
        return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                     "unexpected token: '%s'", item->function != NULL ? item->function : "FIELDS");
      if (!resolve (compiler, item->path, item->path_position, &resolved))
        return FALSE;
      if (resolved.field->flags & ORG_FIELD_NO_FILTER)
        return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                     "field '%s' can not be grouped in a query call", resolved.field->name);

      column = column_sql (&resolved);
      g_string_append_printf (sql, "%s%s", i == 0 ? " GROUP BY " : ",", column);
    }

  if (compiler->query->having == NULL)
    return TRUE;

  g_string_append (sql, " HAVING ");

  return compile_expr (compiler, compiler->query->having, sql);
}

static gboolean
order_sql (Compiler     *compiler,
           OrgSoqlItem  *item,
           char        **sql)
{
  Resolved resolved;
  OrgType type;

  if (item->kind == ORG_SOQL_ITEM_FUNCTION && compiler->plan->aggregate)
    return aggregate_sql (compiler, item, &resolved, &type, sql);
  if (item->kind != ORG_SOQL_ITEM_FIELD)
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                 "unexpected token: '%s'", item->function != NULL ? item->function : "FIELDS");
  if (!resolve (compiler, item->path, item->path_position, &resolved))
    return FALSE;
  if (compiler->plan->aggregate && !is_grouped (compiler, &resolved))
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                 "Ordered field must be grouped or aggregated: %s", item->path);
  if (resolved.field->flags & ORG_FIELD_NO_FILTER)
    return fail (compiler, ORG_SOQL_ERROR_MALFORMED_QUERY, item->position,
                 "field '%s' can not be sorted in a query call", resolved.field->name);

  *sql = column_sql (&resolved);

  return TRUE;
}

static gboolean
compile_order_by (Compiler *compiler,
                  GString  *sql)
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
    g_string_append_printf (sql, "%st%u.Id", word, ((Join *) g_ptr_array_index (compiler->joins, 0))->alias);

  return TRUE;
}

static void
append_joins (Compiler *compiler,
              gboolean  only_filtering,
              GString  *sql)
{
  for (guint i = 0; i < compiler->joins->len; i++)
    {
      const Join *join = g_ptr_array_index (compiler->joins, i);
      const Join *via = g_ptr_array_index (compiler->joins, join->via);

      if (i == 0)
        g_string_append_printf (sql, " FROM \"%s\" t%u", join->object->name, join->alias);
      else if (join->filtering || !only_filtering)
        g_string_append_printf (sql, " LEFT JOIN \"%s\" t%u ON t%u.Id = t%u.\"%s\"", join->object->name, join->alias,
                                join->alias, via->alias, join->reference->name);
    }
}

static void
append_paging (Compiler *compiler,
               GString  *sql)
{
  if (compiler->query->limit >= 0 || compiler->query->offset >= 0)
    g_string_append_printf (sql, " LIMIT %" G_GINT64_FORMAT, compiler->query->limit);
  if (compiler->query->offset >= 0)
    g_string_append_printf (sql, " OFFSET %" G_GINT64_FORMAT, compiler->query->offset);
}

static void
assemble (Compiler   *compiler,
          const char *where,
          const char *group_by,
          const char *order_by)
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
compile_parts (Compiler       *compiler,
               const OrgField *parent)
{
  g_autoptr(GString) where = g_string_new (NULL);
  g_autoptr(GString) group_by = g_string_new (NULL);
  g_autoptr(GString) order_by = g_string_new (NULL);

  if (compiler->query->offset > MAX_OFFSET)
    return fail (compiler, ORG_SOQL_ERROR_NUMBER_RANGE, compiler->query->offset_position,
                 "Maximum SOQL offset allowed is %d", MAX_OFFSET);

  if (compiler->plan->count_only)
    add_column (compiler, "1");
  else if (!compile_select (compiler))
    return FALSE;

  if (!compile_where (compiler, parent, where) || !compile_group_by (compiler, group_by) ||
      !compile_order_by (compiler, order_by))
    return FALSE;

  assemble (compiler, where->str, group_by->str, order_by->str);

  return TRUE;
}

/* (nullable) */
static OrgPlan *
compile_query (Shared           *shared,
               OrgSoqlQuery     *query,
               const OrgObject  *object,
               const OrgField   *parent,
               GError          **error)
{
  Compiler compiler = { shared, query, object };
  g_autoptr(OrgPlan) plan = g_rc_box_new0 (OrgPlan);
  g_autoptr(GPtrArray) joins = g_ptr_array_new_with_free_func ((GDestroyNotify) join_free);
  g_autoptr(GString) columns = g_string_new (NULL);
  gboolean done;

  plan->object = object;
  plan->parameters = g_ptr_array_ref (shared->parameters);
  plan->root = node_new (object);
  plan->count_only = is_count_only (query);
  plan->aggregate = !plan->count_only && has_aggregate (query);

  compiler.plan = plan;
  compiler.joins = joins;
  compiler.columns = columns;
  compiler.error = error;
  add_join (&compiler, "", object, NULL, 0)->node = plan->root;

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
  Shared shared = { data, source, admin, all_rows, 0, NULL };
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
                             "sObject type '%s' is not supported. " APPEAL, query->object, "object", "__c", "entity");
      return NULL;
    }

  shared.parameters = g_ptr_array_new_with_free_func ((GDestroyNotify) param_free);
  plan = compile_query (&shared, query, object, NULL, error);
  g_ptr_array_unref (shared.parameters);
  if (plan == NULL)
    return NULL;

  statement = org_plan_prepare (plan, data, FALSE, error);
  if (statement == NULL)
    return NULL;
  sqlite3_finalize (statement);

  return g_steal_pointer (&plan);
}

static void
bind (sqlite3_stmt *statement,
      GPtrArray    *parameters)
{
  for (guint i = 0; i < parameters->len; i++)
    {
      const OrgParam *param = g_ptr_array_index (parameters, i);

      if (param->kind == ORG_PARAM_TEXT)
        sqlite3_bind_text (statement, (int) i + 1, param->text, -1, SQLITE_TRANSIENT);
      else if (param->kind == ORG_PARAM_INT)
        sqlite3_bind_int64 (statement, (int) i + 1, param->integer);
      else
        sqlite3_bind_double (statement, (int) i + 1, param->real);
    }
}

/**
 * org_plan_prepare:
 * @plan: a plan
 * @data: the org
 * @count: whether to count the rows instead of reading them
 * @error: return location for an #OrgSoqlError
 *
 * Makes a statement with its values bound.
 *
 * Returns: (transfer full) (nullable): the statement
 */
sqlite3_stmt *
org_plan_prepare (OrgPlan   *plan,
                  OrgData   *data,
                  gboolean   count,
                  GError   **error)
{
  sqlite3_stmt *statement = NULL;
  const char *sql = count ? plan->count_sql : plan->sql;

  if (sqlite3_prepare_v2 (org_data_get_database (data), sql, -1, &statement, NULL) != SQLITE_OK)
    {
      g_debug ("%s: %s", sql, sqlite3_errmsg (org_data_get_database (data)));
      g_set_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_TOO_COMPLICATED,
                   "SOQL is too complicated: the query has too many values, fields or conditions");
      return NULL;
    }

  bind (statement, plan->parameters);

  return statement;
}
