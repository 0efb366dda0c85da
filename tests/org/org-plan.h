/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-data.h"
#include "org-soql.h"

G_BEGIN_DECLS

typedef struct _OrgPlan OrgPlan;
typedef struct _OrgNode OrgNode;

typedef enum
{
  ORG_MEMBER_VALUE,
  ORG_MEMBER_ADDRESS,
  ORG_MEMBER_PARENT,
  ORG_MEMBER_CHILDREN,
} OrgMemberKind;

/**
 * OrgMember:
 * @kind: what is written
 * @name: its name in the record
 * @chunk: the name with comma, quotes and colon, as it is written
 * @field: (nullable): the field
 * @type: how to write the value
 * @column: the result column, or the first of an address
 * @aggregate: whether it is computed from several records
 * @parent: (nullable): the nested record
 * @children: (nullable): the child query
 *
 * A member of the records in the answer.
 */
typedef struct
{
  OrgMemberKind   kind;
  char           *name;
  char           *chunk;
  const OrgField *field;
  OrgType         type;
  int             column;
  gboolean        aggregate;
  OrgNode        *parent;
  OrgPlan        *children;
} OrgMember;

/**
 * OrgNode:
 * @object: the object
 * @id_column: the result column of the record's id
 * @members: (element-type OrgMember): what is written of it
 *
 * A record in the answer: the selected one, or a parent nested in it.
 */
struct _OrgNode
{
  const OrgObject *object;
  int              id_column;
  GPtrArray       *members;
};

typedef struct
{
  enum { ORG_PARAM_TEXT, ORG_PARAM_INT, ORG_PARAM_REAL } kind;
  char   *text;
  gint64  integer;
  double  real;
} OrgParam;

/**
 * OrgPlan:
 * @source: (owned) (nullable): the query; not of a child query
 * @object: what is queried
 * @sql: the statement
 * @count_sql: the statement that counts its rows
 * @parameters: (element-type OrgParam): bound as ?1, ?2, …; of a child query ?1 is the parent's id
 * @root: what to write
 * @n_children: how many child queries there are
 * @count_only: whether it is `SELECT COUNT()`
 * @aggregate: whether rows are results and no records
 * @filtered: whether it has a WHERE
 * @admin: whether field-level security hid nothing; not of a child query
 * @all_rows: whether it was to find deleted records; not of a child query
 *
 * A query after all names were looked up.
 */
struct _OrgPlan
{
  char            *source;
  const OrgObject *object;
  char            *sql;
  char            *count_sql;
  GPtrArray       *parameters;
  OrgNode         *root;
  guint            n_children;
  gboolean         count_only;
  gboolean         aggregate;
  gboolean         filtered;
  gboolean         admin;
  gboolean         all_rows;
};

OrgPlan      *org_plan_new     (OrgData       *data,
                                const char    *source,
                                gboolean       admin,
                                gboolean       all_rows,
                                GError       **error);
OrgPlan      *org_plan_ref     (OrgPlan       *plan);
void          org_plan_unref   (OrgPlan       *plan);
sqlite3_stmt *org_plan_prepare (OrgPlan       *plan,
                                OrgData       *data,
                                gboolean       count,
                                GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgPlan, org_plan_unref)

G_END_DECLS
