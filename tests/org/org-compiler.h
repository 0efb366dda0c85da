/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* What the parts of the compiler share; others need only org-plan.h. */

#include "org-plan.h"

G_BEGIN_DECLS

#define ORG_APPEAL \
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
} OrgJoin;

typedef struct
{
  OrgData *data;
  const char *source;
  gboolean admin;
  gboolean all_rows;
  guint n_aliases;
  GPtrArray *parameters;
} OrgShared;

typedef struct
{
  OrgShared *shared;
  OrgSoqlQuery *query;
  const OrgObject *object;
  GPtrArray *joins;
  GString *columns;
  int n_columns;
  OrgPlan *plan;
  gboolean filtering;
  GError **error;
} OrgCompiler;

typedef struct
{
  const OrgField *field;
  OrgJoin *join;
} OrgResolved;

gboolean org_compiler_fail (OrgCompiler  *compiler,
                            OrgSoqlError  code,
                            gsize         position,
                            const char   *format,
                            ...) G_GNUC_PRINTF (4, 5);

guint org_compiler_add_param (OrgCompiler *compiler,
                              OrgParam    *param);

guint org_compiler_add_text (OrgCompiler *compiler,
                             const char  *text);

OrgJoin *org_compiler_add_join (OrgCompiler     *compiler,
                                const char      *path,
                                const OrgObject *object,
                                const OrgField  *reference,
                                guint            via);

gboolean org_compiler_resolve (OrgCompiler *compiler,
                               const char  *path,
                               gsize        position,
                               OrgResolved *resolved);

char *org_compiler_column_sql (const OrgResolved *resolved);

int org_compiler_add_column (OrgCompiler *compiler,
                             const char  *sql);

gboolean org_compiler_aggregate_sql (OrgCompiler  *compiler,
                                     OrgSoqlItem  *item,
                                     OrgResolved  *resolved,
                                     OrgType      *type,
                                     char        **sql);

gboolean org_compiler_is_grouped (OrgCompiler       *compiler,
                                  const OrgResolved *field);

gboolean org_compiler_select (OrgCompiler *compiler);

gboolean org_compiler_expr (OrgCompiler *compiler,
                            OrgSoqlExpr *expr,
                            GString     *sql);

OrgPlan *org_compiler_query (OrgShared        *shared,
                             OrgSoqlQuery     *query,
                             const OrgObject  *object,
                             const OrgField   *parent,
                             GError          **error);

void org_param_free (OrgParam *param);

OrgNode *org_node_new (const OrgObject *object);

OrgMember *org_node_add_member (OrgNode       *node,
                                OrgMemberKind  kind,
                                const char    *name);

G_END_DECLS
