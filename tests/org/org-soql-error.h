/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ORG_SOQL_ERROR (org_soql_error_quark ())

/**
 * OrgSoqlError:
 * @ORG_SOQL_ERROR_MALFORMED_QUERY: not SOQL, or SOQL that is not served
 * @ORG_SOQL_ERROR_INVALID_FIELD: a field or path that is not there or not visible
 * @ORG_SOQL_ERROR_INVALID_TYPE: an object or child relationship that is not there
 * @ORG_SOQL_ERROR_INVALID_FILTER: a comparison that makes no sense
 * @ORG_SOQL_ERROR_NUMBER_RANGE: an offset above the limit
 * @ORG_SOQL_ERROR_TOO_COMPLICATED: more than the database takes
 * @ORG_SOQL_ERROR_EXCEEDED_ID_LIMIT: more aggregate rows than one page holds
 * @ORG_SOQL_ERROR_INVALID_LOCATOR: a cursor that is unknown or too old
 *
 * Why a query is refused.
 */
typedef enum
{
  ORG_SOQL_ERROR_MALFORMED_QUERY,
  ORG_SOQL_ERROR_INVALID_FIELD,
  ORG_SOQL_ERROR_INVALID_TYPE,
  ORG_SOQL_ERROR_INVALID_FILTER,
  ORG_SOQL_ERROR_NUMBER_RANGE,
  ORG_SOQL_ERROR_TOO_COMPLICATED,
  ORG_SOQL_ERROR_EXCEEDED_ID_LIMIT,
  ORG_SOQL_ERROR_INVALID_LOCATOR,
} OrgSoqlError;

GQuark      org_soql_error_quark    (void);
const char *org_soql_error_get_code (const GError *error);
void        org_soql_error_set_at   (GError      **error,
                                     OrgSoqlError  code,
                                     const char   *source,
                                     gsize         position,
                                     const char   *format,
                                     ...) G_GNUC_PRINTF (5, 6);

G_END_DECLS
