/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-format.h"

#include <glib/gi18n.h>
#include <math.h>

/**
 * sluice_format_number:
 * @number: a whole number
 *
 * Returns: (transfer full): the number with the locale's digit groups
 */
char *
sluice_format_number (gint64 number)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/**
 * sluice_format_size:
 * @bytes: a size in bytes
 *
 * Returns: (transfer full): the size in a fitting unit
 */
char *
sluice_format_size (guint64 bytes)
{
  return g_format_size (bytes);
}

/**
 * sluice_format_percent:
 * @fraction: 0 to 1
 *
 * Rounds down, so that 100 % means that nothing is left.
 *
 * Returns: (transfer full): the fraction in per cent
 */
char *
sluice_format_percent (double fraction)
{
  /* What is not quite a whole number for the machine is one for the reader. */
  const int percent = (int) floor (CLAMP (fraction, 0, 1) * 100 + 1e-9);

  /* Translators: a percentage, such as 82 % */
  return g_strdup_printf (_("%d %%"), percent);
}

/**
 * sluice_format_use:
 * @used: how much is used
 * @limit: of how much, 0 = no limit
 *
 * Returns: (transfer full): "37 of 500", or only the first number when there is no limit
 */
char *
sluice_format_use (gint64 used,
                   gint64 limit)
{
  g_autofree char *used_text = sluice_format_number (used);
  g_autofree char *limit_text = sluice_format_number (limit);

  if (limit == 0)
    return g_steal_pointer (&used_text);

  /* Translators: how much of a limit is used, such as "37 of 500" */
  return g_strdup_printf (_("%s of %s"), used_text, limit_text);
}

/**
 * sluice_format_duration:
 * @duration: in microseconds
 *
 * Returns: (transfer full): the duration as short as a reader needs it
 */
char *
sluice_format_duration (gint64 duration)
{
  const gint64 seconds = duration / G_USEC_PER_SEC;

  if (duration < G_USEC_PER_SEC)
    /* Translators: milliseconds */
    return g_strdup_printf (_("%d ms"), (int) (MAX (duration, 0) / 1000));

  if (seconds < 60)
    /* Translators: seconds with one decimal */
    return g_strdup_printf (_("%.1f s"), duration / (double) G_USEC_PER_SEC);

  if (seconds < 60 * 60)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_("%d min %d s"), (int) (seconds / 60), (int) (seconds % 60));

  /* Translators: hours and minutes */
  return g_strdup_printf (_("%d h %d min"), (int) (seconds / 3600), (int) (seconds / 60 % 60));
}

/**
 * sluice_format_wait:
 * @duration: time to come, in microseconds
 *
 * Tells whole seconds, rounded up, so that nothing takes longer than it says.
 *
 * Returns: (transfer full): such as "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"
 */
char *
sluice_format_wait (gint64 duration)
{
  const gint64 seconds = (MAX (duration, 0) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  if (seconds < 60)
    /* Translators: whole seconds */
    return g_strdup_printf (_("%d s"), (int) seconds);

  if (seconds < 24 * 60 * 60)
    return sluice_format_duration (seconds * G_USEC_PER_SEC);

  /* Translators: days and hours */
  return g_strdup_printf (_("%d d %d h"), (int) (seconds / 86400), (int) (seconds / 3600 % 24));
}

/**
 * sluice_format_countdown:
 * @seconds: time left
 *
 * Returns: (transfer full): such as "9:41"
 */
char *
sluice_format_countdown (guint seconds)
{
  /* Translators: minutes and seconds that are left, such as 9:41 */
  return g_strdup_printf (_("%u:%02u"), seconds / 60, seconds % 60);
}

/**
 * sluice_format_time:
 * @time: in microseconds since 1970
 *
 * Returns: (transfer full): the time of day here, to the second
 */
char *
sluice_format_time (gint64 time)
{
  g_autoptr(GDateTime) date_time = g_date_time_new_from_unix_local_usec (time);

  return date_time != NULL ? g_date_time_format (date_time, "%X") : g_strdup ("");
}

static gboolean
is_today (GDateTime *date_time)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_get_year (now) == g_date_time_get_year (date_time) &&
         g_date_time_get_day_of_year (now) == g_date_time_get_day_of_year (date_time);
}

/**
 * sluice_format_date_time:
 * @time: in microseconds since 1970
 *
 * Returns: (transfer full): the day and the time of day here
 */
char *
sluice_format_date_time (gint64 time)
{
  g_autoptr(GDateTime) date_time = g_date_time_new_from_unix_local_usec (time);

  if (date_time == NULL)
    return g_strdup ("");

  if (is_today (date_time))
    /* Translators: a time of today, in the syntax of strftime(): %X is the time of day */
    return g_date_time_format (date_time, _("today at %X"));

  /* Translators: a day and a time, in the syntax of strftime(): such as 24 November 2026 at 14:03:10 */
  return g_date_time_format (date_time, _("%-d %B %Y at %X"));
}

/**
 * sluice_format_described:
 * @checked_at: when the org said it, in seconds since 1970
 * @problem: (nullable): why there is nothing newer
 *
 * Returns: (transfer full): how old a description is, and why
 */
char *
sluice_format_described (gint64        checked_at,
                         const GError *problem)
{
  g_autofree char *time = sluice_format_date_time (checked_at * G_USEC_PER_SEC);

  if (problem == NULL)
    /* Translators: a time, such as: today at 12:03:10 */
    return g_strdup_printf (_("As of %s"), time);

  /* Translators: a time, and a sentence that tells why there is nothing newer */
  return g_strdup_printf (_("Old: as of %s. %s"), time, problem->message);
}

char *
sluice_format_status (gpointer     object,
                      SluiceStatus status)
{
  return g_strdup (sluice_status_get_label (status));
}

char *
sluice_format_status_icon (gpointer     object,
                           SluiceStatus status)
{
  return g_strdup (sluice_status_get_icon_name (status));
}

char *
sluice_format_environment (gpointer          object,
                           SluiceEnvironment environment)
{
  return g_strdup (sluice_environment_get_label (environment));
}

char *
sluice_format_environment_icon (gpointer          object,
                                SluiceEnvironment environment)
{
  switch (environment)
    {
    case SLUICE_ENVIRONMENT_PRODUCTION:
      return g_strdup ("sluice-production-symbolic");
    case SLUICE_ENVIRONMENT_SANDBOX:
      return g_strdup ("sluice-sandbox-symbolic");
    case SLUICE_ENVIRONMENT_SCRATCH:
      return g_strdup ("document-edit-symbolic");
    case SLUICE_ENVIRONMENT_DEVELOPER:
      return g_strdup ("sluice-developer-symbolic");
    case SLUICE_ENVIRONMENT_UNKNOWN:
    default:
      return g_strdup ("dialog-question-symbolic");
    }
}

char *
sluice_format_verified (gpointer   object,
                        GDateTime *time)
{
  if (time == NULL)
    return g_strdup (_("Never"));

  return sluice_format_date_time (g_date_time_to_unix_usec (time));
}
