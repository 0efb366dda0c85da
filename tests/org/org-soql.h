/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "org-soql-error.h"
#include "org-soql-lexer.h"

G_BEGIN_DECLS

#define ORG_SOQL_MAX_LENGTH 100000

typedef struct _OrgSoqlQuery OrgSoqlQuery;
typedef struct _OrgSoqlExpr OrgSoqlExpr;

typedef enum
{
  ORG_SOQL_ITEM_FIELD,
  ORG_SOQL_ITEM_FUNCTION,
  ORG_SOQL_ITEM_SUBQUERY,
  ORG_SOQL_ITEM_FIELDS,
} OrgSoqlItemKind;

/**
 * OrgSoqlItem:
 * @kind: what it is
 * @path: (nullable): the field, with its relationships; `ALL`, `STANDARD` or `CUSTOM` for `FIELDS()`
 * @function: (nullable): the aggregate, in capitals
 * @alias: (nullable): the name of the result
 * @subquery: (nullable): a child query
 * @position: where it begins
 * @path_position: where @path begins
 *
 * Something selected, compared, grouped or ordered by.
 */
typedef struct
{
  OrgSoqlItemKind  kind;
  char            *path;
  char            *function;
  char            *alias;
  OrgSoqlQuery    *subquery;
  gsize            position;
  gsize            path_position;
} OrgSoqlItem;

/**
 * OrgSoqlValue:
 * @token: where it is and of what kind
 * @word: (nullable): `TRUE`, `FALSE`, `NULL` or a date literal, in capitals
 * @n: the number of a date literal
 *
 * The right side of a comparison.
 */
typedef struct
{
  OrgToken  token;
  char     *word;
  gint64    n;
} OrgSoqlValue;

typedef enum
{
  ORG_SOQL_AND,
  ORG_SOQL_OR,
  ORG_SOQL_NOT,
  ORG_SOQL_EQUAL,
  ORG_SOQL_NOT_EQUAL,
  ORG_SOQL_LESS,
  ORG_SOQL_LESS_EQUAL,
  ORG_SOQL_GREATER,
  ORG_SOQL_GREATER_EQUAL,
  ORG_SOQL_LIKE,
  ORG_SOQL_IN,
  ORG_SOQL_NOT_IN,
} OrgSoqlOperator;

/**
 * OrgSoqlExpr:
 * @operator: what it does
 * @operands: (nullable) (element-type OrgSoqlExpr): for and, or, not
 * @left: (nullable): what is compared
 * @values: (nullable) (element-type OrgSoqlValue): with what
 * @subquery: (nullable): with what, for `IN (SELECT …)`
 *
 * A condition.
 */
struct _OrgSoqlExpr
{
  OrgSoqlOperator  operator;
  GPtrArray       *operands;
  OrgSoqlItem     *left;
  GPtrArray       *values;
  OrgSoqlQuery    *subquery;
};

typedef struct
{
  OrgSoqlItem *item;
  gboolean     descending;
  gboolean     nulls_last;
} OrgSoqlOrder;

/**
 * OrgSoqlQuery:
 * @items: (element-type OrgSoqlItem): what is selected
 * @object: an object, or a child relationship in a subquery
 * @object_position: where @object is
 * @alias: (nullable): another name for @object
 * @where: (nullable): which records
 * @group_by: (element-type OrgSoqlItem): grouped by
 * @having: (nullable): which groups
 * @order_by: (element-type OrgSoqlOrder): in which order
 * @limit: at most so many, or -1
 * @offset: leaving out so many, or -1
 * @offset_position: where the number is
 * @all_rows: with deleted records
 *
 * A query as read; names are not looked up yet.
 */
struct _OrgSoqlQuery
{
  GPtrArray   *items;
  char        *object;
  gsize        object_position;
  char        *alias;
  OrgSoqlExpr *where;
  GPtrArray   *group_by;
  OrgSoqlExpr *having;
  GPtrArray   *order_by;
  gint64       limit;
  gint64       offset;
  gsize        offset_position;
  gboolean     all_rows;
};

OrgSoqlQuery *org_soql_parse      (const char    *source,
                                   gssize         length,
                                   GError       **error);
void          org_soql_query_free (OrgSoqlQuery  *query);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSoqlQuery, org_soql_query_free)

G_END_DECLS
