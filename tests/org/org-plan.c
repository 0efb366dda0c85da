/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-compiler.h"

void
org_param_free (OrgParam *param)
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
  g_free (plan->source);
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

OrgNode *
org_node_new (const OrgObject *object)
{
  OrgNode *node = g_new0 (OrgNode, 1);

  node->object = object;
  node->id_column = -1;
  node->members = g_ptr_array_new_with_free_func ((GDestroyNotify) member_free);

  return node;
}

OrgMember *
org_node_add_member (OrgNode       *node,
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
