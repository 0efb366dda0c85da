/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-soql-date.h"

#include <string.h>

/* Farther numbers would leave the calendar's range. */
#define MAX_N 20000

typedef enum
{
  UNIT_DAY,
  UNIT_WEEK,
  UNIT_MONTH,
  UNIT_QUARTER,
  UNIT_YEAR,
} Unit;

typedef struct
{
  const char *word;
  Unit unit;
  int first;          /* in units from the present one */
  int last;           /* inclusive */
  gboolean counted;   /* whether it takes a number n */
} Literal;

/* For counted ones `first` and `last` say where n goes: FROM_N is -n, TO_N is +n. */
#define FROM_N (-99)
#define TO_N 99

static const Literal literals[] = {
  { "YESTERDAY", UNIT_DAY, -1, -1 },
  { "TODAY", UNIT_DAY, 0, 0 },
  { "TOMORROW", UNIT_DAY, 1, 1 },
  { "LAST_WEEK", UNIT_WEEK, -1, -1 },
  { "THIS_WEEK", UNIT_WEEK, 0, 0 },
  { "NEXT_WEEK", UNIT_WEEK, 1, 1 },
  { "LAST_MONTH", UNIT_MONTH, -1, -1 },
  { "THIS_MONTH", UNIT_MONTH, 0, 0 },
  { "NEXT_MONTH", UNIT_MONTH, 1, 1 },
  { "LAST_90_DAYS", UNIT_DAY, -90, 0 },
  { "NEXT_90_DAYS", UNIT_DAY, 1, 90 },
  { "LAST_QUARTER", UNIT_QUARTER, -1, -1 },
  { "THIS_QUARTER", UNIT_QUARTER, 0, 0 },
  { "NEXT_QUARTER", UNIT_QUARTER, 1, 1 },
  { "LAST_FISCAL_QUARTER", UNIT_QUARTER, -1, -1 },
  { "THIS_FISCAL_QUARTER", UNIT_QUARTER, 0, 0 },
  { "NEXT_FISCAL_QUARTER", UNIT_QUARTER, 1, 1 },
  { "LAST_YEAR", UNIT_YEAR, -1, -1 },
  { "THIS_YEAR", UNIT_YEAR, 0, 0 },
  { "NEXT_YEAR", UNIT_YEAR, 1, 1 },
  { "LAST_FISCAL_YEAR", UNIT_YEAR, -1, -1 },
  { "THIS_FISCAL_YEAR", UNIT_YEAR, 0, 0 },
  { "NEXT_FISCAL_YEAR", UNIT_YEAR, 1, 1 },
  { "LAST_N_DAYS", UNIT_DAY, FROM_N, 0, TRUE },
  { "NEXT_N_DAYS", UNIT_DAY, 1, TO_N, TRUE },
  { "N_DAYS_AGO", UNIT_DAY, FROM_N, FROM_N, TRUE },
  { "LAST_N_WEEKS", UNIT_WEEK, FROM_N, -1, TRUE },
  { "NEXT_N_WEEKS", UNIT_WEEK, 1, TO_N, TRUE },
  { "N_WEEKS_AGO", UNIT_WEEK, FROM_N, FROM_N, TRUE },
  { "LAST_N_MONTHS", UNIT_MONTH, FROM_N, -1, TRUE },
  { "NEXT_N_MONTHS", UNIT_MONTH, 1, TO_N, TRUE },
  { "N_MONTHS_AGO", UNIT_MONTH, FROM_N, FROM_N, TRUE },
  { "LAST_N_QUARTERS", UNIT_QUARTER, FROM_N, -1, TRUE },
  { "NEXT_N_QUARTERS", UNIT_QUARTER, 1, TO_N, TRUE },
  { "N_QUARTERS_AGO", UNIT_QUARTER, FROM_N, FROM_N, TRUE },
  { "LAST_N_FISCAL_QUARTERS", UNIT_QUARTER, FROM_N, -1, TRUE },
  { "NEXT_N_FISCAL_QUARTERS", UNIT_QUARTER, 1, TO_N, TRUE },
  { "N_FISCAL_QUARTERS_AGO", UNIT_QUARTER, FROM_N, FROM_N, TRUE },
  { "LAST_N_YEARS", UNIT_YEAR, FROM_N, -1, TRUE },
  { "NEXT_N_YEARS", UNIT_YEAR, 1, TO_N, TRUE },
  { "N_YEARS_AGO", UNIT_YEAR, FROM_N, FROM_N, TRUE },
  { "LAST_N_FISCAL_YEARS", UNIT_YEAR, FROM_N, -1, TRUE },
  { "NEXT_N_FISCAL_YEARS", UNIT_YEAR, 1, TO_N, TRUE },
  { "N_FISCAL_YEARS_AGO", UNIT_YEAR, FROM_N, FROM_N, TRUE },
};

/* (nullable): the first moment of the unit that contains @now; weeks begin on Sunday */
static GDateTime *
unit_start (Unit   unit,
            gint64 now)
{
  g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc (now);
  g_autoptr(GDateTime) day = NULL;
  int year;
  int month;

  if (moment == NULL)
    return NULL;

  year = g_date_time_get_year (moment);
  month = g_date_time_get_month (moment);
  day = g_date_time_new_utc (year, month, g_date_time_get_day_of_month (moment), 0, 0, 0);

  switch (unit)
    {
    case UNIT_WEEK:
      return g_date_time_add_days (day, -(g_date_time_get_day_of_week (day) % 7));

    case UNIT_MONTH:
      return g_date_time_new_utc (year, month, 1, 0, 0, 0);

    case UNIT_QUARTER:
      return g_date_time_new_utc (year, (month - 1) / 3 * 3 + 1, 1, 0, 0, 0);

    case UNIT_YEAR:
      return g_date_time_new_utc (year, 1, 1, 0, 0, 0);

    case UNIT_DAY:
    default:
      return g_steal_pointer (&day);
    }
}

static GDateTime *
add_units (GDateTime *start,
           Unit       unit,
           int        n)
{
  switch (unit)
    {
    case UNIT_WEEK:
      return g_date_time_add_weeks (start, n);

    case UNIT_MONTH:
      return g_date_time_add_months (start, n);

    case UNIT_QUARTER:
      return g_date_time_add_months (start, n * 3);

    case UNIT_YEAR:
      return g_date_time_add_years (start, n);

    case UNIT_DAY:
    default:
      return g_date_time_add_days (start, n);
    }
}

static int
with_n (int bound,
        int n)
{
  if (bound == FROM_N)
    return -n;
  if (bound == TO_N)
    return n;

  return bound;
}

static gboolean
literal_range (const Literal *literal,
               int            n,
               gint64         now,
               gint64        *start,
               gint64        *end)
{
  g_autoptr(GDateTime) present = unit_start (literal->unit, now);
  g_autoptr(GDateTime) from = NULL;
  g_autoptr(GDateTime) to = NULL;

  if (present == NULL)
    return FALSE;

  from = add_units (present, literal->unit, literal->counted ? with_n (literal->first, n) : literal->first);
  to = add_units (present, literal->unit, (literal->counted ? with_n (literal->last, n) : literal->last) + 1);
  if (from == NULL || to == NULL)
    return FALSE;

  *start = g_date_time_to_unix (from);
  *end = g_date_time_to_unix (to);

  return TRUE;
}

/**
 * org_date_literal:
 * @word: a literal such as `LAST_N_DAYS`, in capitals
 * @n: its number, 0 if it has none
 * @now: seconds since 1970
 * @start: (out): the first second it means
 * @end: (out): the first second after it
 *
 * Computes the span of time of a date literal, in UTC.
 *
 * Returns: %FALSE if there is no such literal, or not with this number
 */
gboolean
org_date_literal (const char *word,
                  gint64      n,
                  gint64      now,
                  gint64     *start,
                  gint64     *end)
{
  for (guint i = 0; i < G_N_ELEMENTS (literals); i++)
    {
      if (strcmp (literals[i].word, word) != 0)
        continue;
      if (literals[i].counted ? n < 1 || n > MAX_N : n != 0)
        return FALSE;

      return literal_range (&literals[i], (int) n, now, start, end);
    }

  return FALSE;
}

/**
 * org_date_parse:
 * @text: a date or datetime in the form the lexer lets through
 * @seconds: (out): since 1970
 *
 * Reads a date, as its midnight in UTC, or a datetime with its offset.
 *
 * Returns: %FALSE if there is no such day or time
 */
gboolean
org_date_parse (const char *text,
                gint64     *seconds)
{
  g_autofree char *upper = g_ascii_strup (text, -1);
  g_autofree char *full = strchr (upper, 'T') != NULL ? g_strdup (upper) : g_strconcat (upper, "T00:00:00Z", NULL);
  g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601 (full, NULL);

  if (moment == NULL)
    return FALSE;

  *seconds = g_date_time_to_unix (moment);

  return TRUE;
}
