/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "sluice-format.h"

#define assert_text(call, expected)          \
  G_STMT_START                               \
    {                                        \
      g_autofree char *text = call;          \
      g_assert_cmpstr (text, ==, expected);  \
    }                                        \
  G_STMT_END

static void
test_number_follows_locale (void)
{
  assert_text (sluice_format_number (-1234567), "-1234567");

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("The locale de_DE.UTF-8 is not installed");
      return;
    }

  assert_text (sluice_format_number (1234567), "1.234.567");
  setlocale (LC_NUMERIC, "C");
}

static void
test_percent_rounds_down (void)
{
  assert_text (sluice_format_percent (0), "0 %");
  assert_text (sluice_format_percent (0.9999), "99 %");
  assert_text (sluice_format_percent (0.29), "29 %");
  assert_text (sluice_format_percent (1), "100 %");
  assert_text (sluice_format_percent (7), "100 %");
  assert_text (sluice_format_percent (-1), "0 %");
}

static void
test_use_without_limit (void)
{
  assert_text (sluice_format_use (37, 500), "37 of 500");
  assert_text (sluice_format_use (37, 0), "37");
}

static void
test_wait_rounds_up (void)
{
  assert_text (sluice_format_wait (-5), "0 s");
  assert_text (sluice_format_wait (1), "1 s");
  assert_text (sluice_format_wait (59 * G_USEC_PER_SEC), "59 s");
  assert_text (sluice_format_wait (59 * G_USEC_PER_SEC + 1), "1 min 0 s");
  assert_text (sluice_format_wait (2 * G_TIME_SPAN_HOUR + 299 * G_USEC_PER_SEC), "2 h 4 min");
  assert_text (sluice_format_wait (25 * G_TIME_SPAN_HOUR), "1 d 1 h");
  assert_text (sluice_format_wait (G_MAXINT64 - G_USEC_PER_SEC), "106751991 d 4 h");
}

static void
test_countdown_has_two_digits (void)
{
  assert_text (sluice_format_countdown (0), "0:00");
  assert_text (sluice_format_countdown (9), "0:09");
  assert_text (sluice_format_countdown (600), "10:00");
}

static void
test_environments_have_icons_of_their_own (void)
{
  for (int i = SLUICE_ENVIRONMENT_UNKNOWN; i <= SLUICE_ENVIRONMENT_DEVELOPER; i++)
    {
      g_autofree char *icon = sluice_format_environment_icon (NULL, i);

      for (int j = SLUICE_ENVIRONMENT_UNKNOWN; j < i; j++)
        {
          g_autofree char *other = sluice_format_environment_icon (NULL, j);

          g_assert_cmpstr (icon, !=, other);
        }
    }
}

static void
assert_duration (gint64      duration,
                 const char *expected)
{
  g_autofree char *text = sluice_format_duration (duration);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_duration (void)
{
  assert_duration (-1, "0 ms");
  assert_duration (999, "0 ms");
  assert_duration (340 * 1000, "340 ms");
  assert_duration (3400 * 1000, "3.4 s");
  assert_duration (61 * G_USEC_PER_SEC, "1 min 1 s");
  assert_duration (G_TIME_SPAN_HOUR, "1 h 0 min");
}

static void
test_date_time (void)
{
  g_autofree char *old = sluice_format_date_time (0);
  g_autofree char *now = sluice_format_date_time (g_get_real_time ());
  g_autofree char *never = sluice_format_date_time (G_MAXINT64);

  g_assert_nonnull (g_strrstr (old, "19"));
  g_assert_true (g_str_has_prefix (now, "today at "));
  g_assert_cmpstr (never, ==, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/format/number-follows-locale", test_number_follows_locale);
  g_test_add_func ("/ui/format/percent-rounds-down", test_percent_rounds_down);
  g_test_add_func ("/ui/format/use-without-limit", test_use_without_limit);
  g_test_add_func ("/ui/format/wait-rounds-up", test_wait_rounds_up);
  g_test_add_func ("/ui/format/countdown-has-two-digits", test_countdown_has_two_digits);
  g_test_add_func ("/ui/format/environments-have-icons-of-their-own", test_environments_have_icons_of_their_own);
  g_test_add_func ("/ui/format/duration", test_duration);
  g_test_add_func ("/ui/format/date-time", test_date_time);

  return g_test_run ();
}
