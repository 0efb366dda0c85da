/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-words.h"

#define AGGREGATES "AVG", "COUNT", "COUNT_DISTINCT", "MAX", "MIN", "SUM"
#define PARTS_OF_DATES \
  "CALENDAR_MONTH", "CALENDAR_QUARTER", "CALENDAR_YEAR", \
  "DAY_IN_MONTH", "DAY_IN_WEEK", "DAY_IN_YEAR", "DAY_ONLY", \
  "FISCAL_MONTH", "FISCAL_QUARTER", "FISCAL_YEAR", \
  "HOUR_IN_DAY", "WEEK_IN_MONTH", "WEEK_IN_YEAR"

static const char * const show_functions[] = {
  AGGREGATES, PARTS_OF_DATES, "convertCurrency", "convertTimezone", "DISTANCE", "FIELDS", "FORMAT", "GROUPING", "toLabel", NULL
};

static const char * const filter_functions[] = {
  PARTS_OF_DATES, "convertTimezone", "DISTANCE", "toLabel", NULL
};

static const char * const group_functions[] = {
  PARTS_OF_DATES, "convertTimezone", "CUBE", "ROLLUP", NULL
};

static const char * const group_filter_functions[] = {
  AGGREGATES, PARTS_OF_DATES, "GROUPING", NULL
};

static const char * const sort_functions[] = {
  AGGREGATES, PARTS_OF_DATES, "convertTimezone", "DISTANCE", "GROUPING", NULL
};

/* A number follows those that end with a colon. */
static const char * const date_literals[] = {
  "TODAY", "YESTERDAY", "TOMORROW",
  "THIS_WEEK", "LAST_WEEK", "NEXT_WEEK",
  "THIS_MONTH", "LAST_MONTH", "NEXT_MONTH",
  "THIS_QUARTER", "LAST_QUARTER", "NEXT_QUARTER",
  "THIS_YEAR", "LAST_YEAR", "NEXT_YEAR",
  "THIS_FISCAL_QUARTER", "LAST_FISCAL_QUARTER", "NEXT_FISCAL_QUARTER",
  "THIS_FISCAL_YEAR", "LAST_FISCAL_YEAR", "NEXT_FISCAL_YEAR",
  "LAST_90_DAYS", "NEXT_90_DAYS",
  "LAST_N_DAYS:", "NEXT_N_DAYS:", "N_DAYS_AGO:",
  "LAST_N_WEEKS:", "NEXT_N_WEEKS:", "N_WEEKS_AGO:",
  "LAST_N_MONTHS:", "NEXT_N_MONTHS:", "N_MONTHS_AGO:",
  "LAST_N_QUARTERS:", "NEXT_N_QUARTERS:", "N_QUARTERS_AGO:",
  "LAST_N_YEARS:", "NEXT_N_YEARS:", "N_YEARS_AGO:",
  "LAST_N_FISCAL_QUARTERS:", "NEXT_N_FISCAL_QUARTERS:", "N_FISCAL_QUARTERS_AGO:",
  "LAST_N_FISCAL_YEARS:", "NEXT_N_FISCAL_YEARS:", "N_FISCAL_YEARS_AGO:",
  NULL
};

/**
 * sluice_soql_get_functions:
 * @use: where in a query
 *
 * Lists the functions of SOQL that can stand there.
 *
 * Returns: (transfer none) (array zero-terminated=1): their names, as Salesforce writes them
 */
const char * const *
sluice_soql_get_functions (SluiceSoqlUse use)
{
  switch (use)
    {
    case SLUICE_SOQL_USE_FILTER:
      return filter_functions;
    case SLUICE_SOQL_USE_GROUP:
      return group_functions;
    case SLUICE_SOQL_USE_FILTER_GROUPS:
      return group_filter_functions;
    case SLUICE_SOQL_USE_SORT:
      return sort_functions;
    case SLUICE_SOQL_USE_SHOW:
    default:
      return show_functions;
    }
}

/**
 * sluice_soql_get_date_literals:
 *
 * Lists the words that stand for a date or a span of days.
 *
 * Returns: (transfer none) (array zero-terminated=1): the words; a number follows those that end with a colon
 */
const char * const *
sluice_soql_get_date_literals (void)
{
  return date_literals;
}
