/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-value.h"

#include <string.h>

/* Salesforce's range of dates. */
#define MIN_YEAR 1700
#define MAX_YEAR 4000

G_DEFINE_ENUM_TYPE (SluiceDateOrder, sluice_date_order,
                    G_DEFINE_ENUM_VALUE (SLUICE_DATE_ORDER_ISO, "iso"),
                    G_DEFINE_ENUM_VALUE (SLUICE_DATE_ORDER_DAY_MONTH_YEAR, "day-month-year"),
                    G_DEFINE_ENUM_VALUE (SLUICE_DATE_ORDER_MONTH_DAY_YEAR, "month-day-year"),
                    G_DEFINE_ENUM_VALUE (SLUICE_DATE_ORDER_YEAR_MONTH_DAY, "year-month-day"))

G_DEFINE_ENUM_TYPE (SluiceDecimalMark, sluice_decimal_mark,
                    G_DEFINE_ENUM_VALUE (SLUICE_DECIMAL_MARK_POINT, "point"),
                    G_DEFINE_ENUM_VALUE (SLUICE_DECIMAL_MARK_COMMA, "comma"))

typedef struct
{
  int year;
  int month;
  int day;
} Date;

static gboolean
is_one_of (const char         *text,
           gsize               length,
           const char * const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strlen (words[i]) == length && g_ascii_strncasecmp (text, words[i], length) == 0)
        return TRUE;
    }

  return FALSE;
}

static SluiceImportIssueKind
convert_boolean (const char     *text,
                 gsize           length,
                 GString        *out,
                 SluiceCellKind *kind)
{
  static const char *const yes[] = { "true", "1", "yes", "y", "on", "t", NULL };
  static const char *const no[] = { "false", "0", "no", "n", "off", "f", NULL };

  *kind = SLUICE_CELL_BOOLEAN;
  if (is_one_of (text, length, yes))
    g_string_append (out, "true");
  else if (is_one_of (text, length, no))
    g_string_append (out, "false");
  else
    return SLUICE_IMPORT_ISSUE_BOOLEAN;

  return SLUICE_IMPORT_ISSUE_NONE;
}

static gsize
count_digits (const char *text,
              gsize       length)
{
  gsize n = 0;

  while (n < length && g_ascii_isdigit (text[n]))
    n++;

  return n;
}

/* Points every three digits before a decimal comma: 1.234.567,8. */
static gsize
measure_grouped_digits (const char *text,
                        gsize       length)
{
  gsize n = count_digits (text, length);

  if (n == 0 || n > 3)
    return n;
  while (n < length && text[n] == '.' && count_digits (text + n + 1, length - n - 1) == 3)
    n += 4;

  return n;
}

/* JSON wants no zeros before the first digit, but one before a point. */
static gsize
append_whole (GString    *out,
              const char *text,
              gsize       length)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] != '.' && (text[i] != '0' || n > 0))
        {
          g_string_append_c (out, text[i]);
          n++;
        }
    }
  if (n == 0)
    g_string_append_c (out, '0');

  return n;
}

static guint
get_room (SluiceFieldInfo *field)
{
  guint precision = sluice_field_info_get_precision (field);

  if (precision > 0)
    return precision - MIN (precision, sluice_field_info_get_scale (field));

  return sluice_field_info_get_digits (field);
}

static SluiceImportIssueKind
convert_number (SluiceFieldInfo          *field,
                const SluiceValueOptions *options,
                gboolean                  integer,
                const char               *text,
                gsize                     length,
                GString                  *out,
                SluiceCellKind           *kind)
{
  const char *end = text + length;
  gboolean comma = options->decimal == SLUICE_DECIMAL_MARK_COMMA;
  gsize n_whole, n_fraction = 0, n_significant;
  guint room = get_room (field);

  *kind = SLUICE_CELL_NUMBER;

  if (text < end && *text == '-')
    g_string_append_c (out, '-');
  if (text < end && (*text == '-' || *text == '+'))
    text++;

  n_whole = comma ? measure_grouped_digits (text, (gsize) (end - text)) : count_digits (text, (gsize) (end - text));
  n_significant = append_whole (out, text, n_whole);
  text += n_whole;

  if (text < end && *text == (comma ? ',' : '.'))
    {
      text++;
      n_fraction = count_digits (text, (gsize) (end - text));
      for (gsize i = 0; i < n_fraction && integer; i++)
        {
          if (text[i] != '0')
            return SLUICE_IMPORT_ISSUE_NUMBER;
        }
      if (!integer && n_fraction > 0)
        {
          g_string_append_c (out, '.');
          g_string_append_len (out, text, (gssize) n_fraction);
        }
      text += n_fraction;
    }

  if (n_whole + n_fraction == 0)
    return SLUICE_IMPORT_ISSUE_NUMBER;

  if (text < end && (*text == 'e' || *text == 'E') && !integer)
    {
      gsize sign = end - text > 1 && (text[1] == '-' || text[1] == '+') ? 1 : 0;
      gsize n = count_digits (text + 1 + sign, (gsize) (end - text) - 1 - sign);

      if (n == 0)
        return SLUICE_IMPORT_ISSUE_NUMBER;
      g_string_append_len (out, text, (gssize) (1 + sign + n));
      text += 1 + sign + n;
    }

  if (text != end)
    return SLUICE_IMPORT_ISSUE_NUMBER;

  return room > 0 && n_significant > room ? SLUICE_IMPORT_ISSUE_TOO_LARGE : SLUICE_IMPORT_ISSUE_NONE;
}

static gboolean
take_number (const char **text,
             const char  *end,
             gsize        min_digits,
             gsize        max_digits,
             int         *number)
{
  gsize n = count_digits (*text, (gsize) (end - *text));

  if (n < min_digits || n > max_digits)
    return FALSE;

  *number = 0;
  for (gsize i = 0; i < n; i++)
    *number = *number * 10 + ((*text)[i] - '0');
  *text += n;

  return TRUE;
}

static gboolean
take_char (const char **text,
           const char  *end,
           const char  *set)
{
  if (*text == end || **text == '\0' || strchr (set, **text) == NULL)
    return FALSE;

  (*text)++;

  return TRUE;
}

static gboolean
is_day (const Date *date)
{
  return date->year >= MIN_YEAR && date->year <= MAX_YEAR && date->month >= 1 && date->month <= 12 && date->day >= 1 &&
         g_date_valid_dmy ((GDateDay) date->day, (GDateMonth) date->month, (GDateYear) date->year);
}

static gboolean
take_iso_date (const char **text,
               const char  *end,
               Date        *date)
{
  const char *at = *text;

  if (!take_number (&at, end, 4, 4, &date->year) || !take_char (&at, end, "-") ||
      !take_number (&at, end, 2, 2, &date->month) || !take_char (&at, end, "-") ||
      !take_number (&at, end, 2, 2, &date->day))
    return FALSE;

  *text = at;

  return TRUE;
}

/* Two-digit years are not taken: nobody knows the century. */
static gboolean
take_chosen_date (const char      **text,
                  const char       *end,
                  SluiceDateOrder   order,
                  Date             *date)
{
  const char *at = *text;
  gboolean year_first = order == SLUICE_DATE_ORDER_YEAR_MONTH_DAY;
  char mark[2] = { 0 };
  int numbers[3];

  if (order == SLUICE_DATE_ORDER_ISO)
    return FALSE;

  if (!take_number (&at, end, year_first ? 4 : 1, year_first ? 4 : 2, &numbers[0]) || at == end)
    return FALSE;

  mark[0] = *at;
  if (!take_char (&at, end, "./-") ||
      !take_number (&at, end, 1, 2, &numbers[1]) || !take_char (&at, end, mark) ||
      !take_number (&at, end, year_first ? 1 : 4, year_first ? 2 : 4, &numbers[2]))
    return FALSE;

  if (year_first)
    *date = (Date) { numbers[0], numbers[1], numbers[2] };
  else if (order == SLUICE_DATE_ORDER_DAY_MONTH_YEAR)
    *date = (Date) { numbers[2], numbers[1], numbers[0] };
  else
    *date = (Date) { numbers[2], numbers[0], numbers[1] };
  *text = at;

  return TRUE;
}

static gboolean
take_date (const char               **text,
           const char                *end,
           const SluiceValueOptions  *options,
           Date                      *date)
{
  return (take_iso_date (text, end, date) || take_chosen_date (text, end, options->dates, date)) && is_day (date);
}

static SluiceImportIssueKind
convert_date (const SluiceValueOptions *options,
              const char               *text,
              gsize                     length,
              GString                  *out)
{
  const char *end = text + length;
  Date date;

  if (!take_date (&text, end, options, &date) || text != end)
    return SLUICE_IMPORT_ISSUE_DATE;

  g_string_append_printf (out, "%04d-%02d-%02d", date.year, date.month, date.day);

  return SLUICE_IMPORT_ISSUE_NONE;
}

/* 13:45, 13:45:10 or 13:45:10.123 */
static gboolean
take_time (const char **text,
           const char  *end,
           int         *hour,
           int         *minute,
           double      *seconds)
{
  int whole = 0;
  int fraction;

  *seconds = 0;
  if (!take_number (text, end, 1, 2, hour) || !take_char (text, end, ":") || !take_number (text, end, 2, 2, minute))
    return FALSE;

  if (take_char (text, end, ":"))
    {
      if (!take_number (text, end, 2, 2, &whole))
        return FALSE;
      *seconds = whole;
      if (take_char (text, end, "."))
        {
          const char *start = *text;

          if (!take_number (text, end, 1, 9, &fraction))
            return FALSE;
          for (gsize i = (gsize) (*text - start); i < 9; i++)
            fraction *= 10;
          /* Salesforce keeps milliseconds. */
          *seconds += fraction / 1000000 / 1000.0;
        }
    }

  return *hour < 24 && *minute < 60 && *seconds < 60;
}

/* Z, +01:00, +0100 or +01; NULL and TRUE for none at all. */
static gboolean
take_zone (const char **text,
           const char  *end,
           GTimeZone  **zone)
{
  int hours = 0;
  int minutes = 0;
  gboolean negative;

  *zone = NULL;
  if (*text == end)
    return TRUE;

  if (take_char (text, end, "Zz"))
    {
      *zone = g_time_zone_new_utc ();
      return TRUE;
    }

  negative = **text == '-';
  if (!take_char (text, end, "+-"))
    return FALSE;

  if (count_digits (*text, (gsize) (end - *text)) == 4)
    {
      take_number (text, end, 4, 4, &hours);
      minutes = hours % 100;
      hours /= 100;
    }
  else if (!take_number (text, end, 2, 2, &hours) ||
           (take_char (text, end, ":") && !take_number (text, end, 2, 2, &minutes)))
    return FALSE;
  if (hours > 15 || minutes > 59)
    return FALSE;

  *zone = g_time_zone_new_offset ((negative ? -1 : 1) * (hours * 3600 + minutes * 60));

  return TRUE;
}

static SluiceImportIssueKind
convert_date_time (const SluiceValueOptions *options,
                   const char               *text,
                   gsize                     length,
                   GString                  *out)
{
  const char *end = text + length;
  g_autoptr(GTimeZone) zone = NULL;
  g_autoptr(GDateTime) local = NULL;
  g_autoptr(GDateTime) utc = NULL;
  int hour = 0, minute = 0;
  double seconds = 0;
  Date date;

  if (!take_date (&text, end, options, &date))
    return SLUICE_IMPORT_ISSUE_DATE_TIME;
  if (text < end)
    {
      if (!take_char (&text, end, "Tt ") || !take_time (&text, end, &hour, &minute, &seconds))
        return SLUICE_IMPORT_ISSUE_DATE_TIME;
      take_char (&text, end, " ");
    }
  if (!take_zone (&text, end, &zone) || text != end)
    return SLUICE_IMPORT_ISSUE_DATE_TIME;

  if (zone == NULL && options->time_zone == NULL)
    return SLUICE_IMPORT_ISSUE_TIME_ZONE;

  local = g_date_time_new (zone != NULL ? zone : options->time_zone, date.year, date.month, date.day,
                           hour, minute, seconds);
  utc = local != NULL ? g_date_time_to_utc (local) : NULL;
  if (utc == NULL)
    return SLUICE_IMPORT_ISSUE_DATE_TIME;

  g_string_append_printf (out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                          g_date_time_get_year (utc), g_date_time_get_month (utc), g_date_time_get_day_of_month (utc),
                          g_date_time_get_hour (utc), g_date_time_get_minute (utc), g_date_time_get_second (utc),
                          (g_date_time_get_microsecond (utc) + 500) / 1000 % 1000);

  return SLUICE_IMPORT_ISSUE_NONE;
}

static SluiceImportIssueKind
convert_time (const char *text,
              gsize       length,
              GString    *out)
{
  const char *end = text + length;
  int hour, minute;
  double seconds;

  if (!take_time (&text, end, &hour, &minute, &seconds))
    return SLUICE_IMPORT_ISSUE_TIME;
  take_char (&text, end, "Zz");
  if (text != end)
    return SLUICE_IMPORT_ISSUE_TIME;

  g_string_append_printf (out, "%02d:%02d:%02d.%03dZ", hour, minute, (int) seconds,
                          (int) (seconds * 1000 + 0.5) % 1000);

  return SLUICE_IMPORT_ISSUE_NONE;
}

/* The last three characters of a long id say which of the first fifteen are capitals. */
static gboolean
is_id (const char *text,
       gsize       length)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

  if (length != 15 && length != 18)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]))
        return FALSE;
    }

  for (guint i = 0; i < 3 && length == 18; i++)
    {
      guint capitals = 0;

      for (guint j = 0; j < 5; j++)
        capitals |= (guint) g_ascii_isupper (text[i * 5 + j]) << j;
      if (g_ascii_toupper (text[15 + i]) != alphabet[capitals])
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_email (const char *text,
          gsize       length)
{
  const char *at = memchr (text, '@', length);
  const char *end = text + length;

  if (at == NULL || at == text || at + 1 == end || memchr (at + 1, '@', (gsize) (end - at) - 1) != NULL)
    return FALSE;

  for (const char *p = text; p < end; p++)
    {
      if (g_ascii_isspace (*p) || g_ascii_iscntrl (*p))
        return FALSE;
    }

  return memchr (at, '.', (gsize) (end - at)) != NULL;
}

static gboolean
takes_value (SluiceFieldInfo *field,
             const char      *text,
             gsize            length)
{
  g_autofree char *value = g_strndup (text, length);
  const SluicePicklistValue *found = sluice_field_info_find_picklist (field, value);

  return found != NULL && found->active;
}

static SluiceImportIssueKind
check_picklist (SluiceFieldInfo *field,
                gboolean         multiple,
                const char      *text,
                gsize            length)
{
  const char *end = text + length;

  if (!sluice_field_info_has (field, SLUICE_FIELD_RESTRICTED_PICKLIST) ||
      sluice_field_info_get_n_picklist (field) == 0)
    return SLUICE_IMPORT_ISSUE_NONE;

  while (multiple)
    {
      const char *mark = memchr (text, ';', (gsize) (end - text));

      if (mark == NULL)
        break;
      if (!takes_value (field, text, (gsize) (mark - text)))
        return SLUICE_IMPORT_ISSUE_PICKLIST;
      text = mark + 1;
    }

  return takes_value (field, text, (gsize) (end - text)) ? SLUICE_IMPORT_ISSUE_NONE : SLUICE_IMPORT_ISSUE_PICKLIST;
}

static gboolean
is_too_long (SluiceFieldInfo *field,
             const char      *text,
             gsize            length)
{
  guint limit = sluice_field_info_get_length (field);

  /* A character has at least one byte. */
  return limit > 0 && length > limit && g_utf8_strlen (text, (gssize) length) > (glong) limit;
}

/**
 * sluice_import_value_is_suitable:
 * @field: a field
 *
 * Returns: whether a column of a file can go to fields of this type; not to files and compound fields
 */
gboolean
sluice_import_value_is_suitable (SluiceFieldInfo *field)
{
  static const char *const unsuitable[] = { "base64", "address", "location", "complexvalue", "json", NULL };

  return !g_strv_contains (unsuitable, sluice_field_info_get_field_type (field));
}

/**
 * sluice_import_value_convert:
 * @field: where the value goes
 * @options: how the file writes values
 * @text: (array length=length): the value, valid UTF-8, not empty
 * @length: how many bytes
 * @out: the value as Salesforce reads it is put behind what this has
 * @kind: (out): what the value is
 *
 * Checks a value and writes it as the API wants it: ISO dates, times in UTC,
 * a decimal point, `true` or `false`. May be called in any thread.
 *
 * Returns: what is wrong, or %SLUICE_IMPORT_ISSUE_NONE
 */
SluiceImportIssueKind
sluice_import_value_convert (SluiceFieldInfo          *field,
                             const SluiceValueOptions *options,
                             const char               *text,
                             gsize                     length,
                             GString                  *out,
                             SluiceCellKind           *kind)
{
  const char *type = sluice_field_info_get_field_type (field);
  SluiceImportIssueKind issue = SLUICE_IMPORT_ISSUE_NONE;
  const char *trimmed = text;
  gsize n = length;

  while (n > 0 && g_ascii_isspace (*trimmed))
    {
      trimmed++;
      n--;
    }
  while (n > 0 && g_ascii_isspace (trimmed[n - 1]))
    n--;

  *kind = SLUICE_CELL_TEXT;

  if (g_str_equal (type, "boolean"))
    return convert_boolean (trimmed, n, out, kind);
  if (g_str_equal (type, "int") || g_str_equal (type, "long"))
    return convert_number (field, options, TRUE, trimmed, n, out, kind);
  if (g_str_equal (type, "double") || g_str_equal (type, "currency") || g_str_equal (type, "percent"))
    return convert_number (field, options, FALSE, trimmed, n, out, kind);
  if (g_str_equal (type, "date"))
    return convert_date (options, trimmed, n, out);
  if (g_str_equal (type, "datetime"))
    return convert_date_time (options, trimmed, n, out);
  if (g_str_equal (type, "time"))
    return convert_time (trimmed, n, out);

  if (g_str_equal (type, "id") || g_str_equal (type, "reference"))
    {
      g_string_append_len (out, trimmed, (gssize) n);
      return is_id (trimmed, n) ? SLUICE_IMPORT_ISSUE_NONE : SLUICE_IMPORT_ISSUE_ID;
    }

  g_string_append_len (out, text, (gssize) length);
  if (g_str_equal (type, "email") && !is_email (trimmed, n))
    issue = SLUICE_IMPORT_ISSUE_EMAIL;
  else if (g_str_equal (type, "picklist") || g_str_equal (type, "multipicklist"))
    issue = check_picklist (field, g_str_equal (type, "multipicklist"), text, length);

  if (issue == SLUICE_IMPORT_ISSUE_NONE && !g_str_equal (type, "multipicklist") && is_too_long (field, text, length))
    issue = SLUICE_IMPORT_ISSUE_TOO_LONG;

  return issue;
}
