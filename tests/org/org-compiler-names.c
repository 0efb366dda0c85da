/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looks up the names in a query. */

#include "org-compiler.h"

#include <stdarg.h>
#include <string.h>

#define MAX_PARENTS 5

gboolean G_GNUC_PRINTF (4, 5)
org_compiler_fail (OrgCompiler  *compiler,
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

guint
org_compiler_add_param (OrgCompiler *compiler,
                        OrgParam    *param)
{
  g_ptr_array_add (compiler->shared->parameters, param);

  return compiler->shared->parameters->len;
}

guint
org_compiler_add_text (OrgCompiler *compiler,
                       const char  *text)
{
  OrgParam *param = g_new0 (OrgParam, 1);

  param->kind = ORG_PARAM_TEXT;
  param->text = g_strdup (text);

  return org_compiler_add_param (compiler, param);
}

OrgJoin *
org_compiler_add_join (OrgCompiler     *compiler,
                       const char      *path,
                       const OrgObject *object,
                       const OrgField  *reference,
                       guint            via)
{
  OrgJoin *join = g_new0 (OrgJoin, 1);

  join->path = g_strdup (path);
  join->object = object;
  join->reference = reference;
  join->alias = compiler->shared->n_aliases++;
  join->via = via;
  g_ptr_array_add (compiler->joins, join);

  return join;
}

static OrgJoin *
find_join (OrgCompiler *compiler,
           const char  *path,
           guint       *index)
{
  for (guint i = 0; i < compiler->joins->len; i++)
    {
      OrgJoin *join = g_ptr_array_index (compiler->joins, i);

      if (strcmp (join->path, path) == 0)
        {
          *index = i;
          return join;
        }
    }

  return NULL;
}

/* (nullable): the join for one more step of a path */
static OrgJoin *
step_to_parent (OrgCompiler *compiler,
                guint       *index,
                const char  *relationship,
                gsize        position)
{
  OrgJoin *from = g_ptr_array_index (compiler->joins, *index);
  const OrgObject *parent;
  const OrgField *reference = org_object_find_parent (from->object, relationship, &parent);
  g_autofree char *path = NULL;
  OrgJoin *join;
  guint via = *index;

  if (reference == NULL || !org_field_is_visible (reference, compiler->shared->admin))
    {
      org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, position,
                         "Didn't understand relationship '%s' in field path. " ORG_APPEAL,
                         relationship, "relationship", "__r", "custom relationship");
      return NULL;
    }

  path = g_strconcat (from->path, reference->relationship, ".", NULL);
  join = find_join (compiler, path, index);
  if (join == NULL)
    {
      join = org_compiler_add_join (compiler, path, parent, reference, via);
      *index = compiler->joins->len - 1;
    }

  if (compiler->filtering)
    join->filtering = TRUE;

  return join;
}

static gboolean
resolve_field (OrgCompiler *compiler,
               OrgJoin     *join,
               const char  *name,
               gsize        position,
               OrgResolved *resolved)
{
  resolved->join = join;
  resolved->field = org_object_find_field (join->object, name);

  if (resolved->field == NULL || !org_field_is_visible (resolved->field, compiler->shared->admin))
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, position, "No such column '%s' on entity '%s'. " ORG_APPEAL,
                              name, join->object->name, "field", "__c", "custom field");

  return TRUE;
}

/* A path may begin with the alias or with the object's own name. */
static gboolean
begins_with_object (OrgCompiler *compiler,
                    const char  *first)
{
  const OrgObject *parent;

  if (compiler->query->alias != NULL && g_ascii_strcasecmp (first, compiler->query->alias) == 0)
    return TRUE;

  return g_ascii_strcasecmp (first, compiler->query->object) == 0 &&
         org_object_find_parent (compiler->object, first, &parent) == NULL;
}

gboolean
org_compiler_resolve (OrgCompiler *compiler,
                      const char  *path,
                      gsize        position,
                      OrgResolved *resolved)
{
  g_auto(GStrv) parts = g_strsplit (path, ".", -1);
  guint n = g_strv_length (parts);
  guint i = n > 1 && begins_with_object (compiler, parts[0]) ? 1 : 0;
  OrgJoin *join = g_ptr_array_index (compiler->joins, 0);
  guint index = 0;

  if (n - i > MAX_PARENTS + 1)
    return org_compiler_fail (compiler, ORG_SOQL_ERROR_INVALID_FIELD, position,
                              "maximum number of levels in a relationship path is %d", MAX_PARENTS);

  for (; i + 1 < n; i++)
    {
      join = step_to_parent (compiler, &index, parts[i], position);
      if (join == NULL)
        return FALSE;
    }

  return resolve_field (compiler, join, parts[n - 1], position, resolved);
}

char *
org_compiler_column_sql (const OrgResolved *resolved)
{
  return g_strdup_printf ("t%u.\"%s\"%s", resolved->join->alias, resolved->field->name,
                          org_type_is_text (resolved->field->type) && resolved->field->type != ORG_TYPE_ID &&
                          resolved->field->type != ORG_TYPE_REFERENCE ? " COLLATE soql" : "");
}
