/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "sluice-field-info.h"
#include "sluice-import-issue.h"
#include "sluice-row-batch.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_DATE_ORDER (sluice_date_order_get_type ())

/**
 * SluiceDateOrder:
 * @SLUICE_DATE_ORDER_ISO: 2026-12-31, nothing else
 * @SLUICE_DATE_ORDER_DAY_MONTH_YEAR: 31.12.2026, 31/12/2026 or 31-12-2026, and ISO
 * @SLUICE_DATE_ORDER_MONTH_DAY_YEAR: 12/31/2026, 12.31.2026 or 12-31-2026, and ISO
 * @SLUICE_DATE_ORDER_YEAR_MONTH_DAY: 2026/12/31 or 2026.12.31, and ISO
 *
 * How a file writes dates. Nothing but ISO is taken without being chosen,
 * because 1/2/2026 is two different days.
 */
typedef enum
{
  SLUICE_DATE_ORDER_ISO,
  SLUICE_DATE_ORDER_DAY_MONTH_YEAR,
  SLUICE_DATE_ORDER_MONTH_DAY_YEAR,
  SLUICE_DATE_ORDER_YEAR_MONTH_DAY,
} SluiceDateOrder;

GType sluice_date_order_get_type (void);

#define SLUICE_TYPE_DECIMAL_MARK (sluice_decimal_mark_get_type ())

/**
 * SluiceDecimalMark:
 * @SLUICE_DECIMAL_MARK_POINT: 1234.5
 * @SLUICE_DECIMAL_MARK_COMMA: 1234,5 or 1.234,5
 *
 * How a file writes numbers.
 */
typedef enum
{
  SLUICE_DECIMAL_MARK_POINT,
  SLUICE_DECIMAL_MARK_COMMA,
} SluiceDecimalMark;

GType sluice_decimal_mark_get_type (void);

/**
 * SluiceValueOptions:
 * @dates: how dates are written
 * @decimal: how numbers are written
 * @time_zone: (nullable): where times are meant that name no time zone; %NULL makes them an issue
 *
 * How the values of a file are written.
 */
typedef struct
{
  SluiceDateOrder dates;
  SluiceDecimalMark decimal;
  GTimeZone *time_zone;
} SluiceValueOptions;

gboolean              sluice_import_value_is_suitable (SluiceFieldInfo           *field);
SluiceImportIssueKind sluice_import_value_convert     (SluiceFieldInfo           *field,
                                                       const SluiceValueOptions  *options,
                                                       const char                *text,
                                                       gsize                      length,
                                                       GString                   *out,
                                                       SluiceCellKind            *kind);

G_END_DECLS
