/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SluiceSoqlUse:
 * @SLUICE_SOQL_USE_SHOW: in the SELECT list
 * @SLUICE_SOQL_USE_FILTER: in WHERE
 * @SLUICE_SOQL_USE_GROUP: in GROUP BY
 * @SLUICE_SOQL_USE_FILTER_GROUPS: in HAVING
 * @SLUICE_SOQL_USE_SORT: in ORDER BY
 *
 * What a query does with a field or function. Not every field and function can do all of it.
 */
typedef enum
{
  SLUICE_SOQL_USE_SHOW,
  SLUICE_SOQL_USE_FILTER,
  SLUICE_SOQL_USE_GROUP,
  SLUICE_SOQL_USE_FILTER_GROUPS,
  SLUICE_SOQL_USE_SORT,
} SluiceSoqlUse;

const char * const *sluice_soql_get_functions     (SluiceSoqlUse use);
const char * const *sluice_soql_get_date_literals (void);

G_END_DECLS
