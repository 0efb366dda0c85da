/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-format.h"

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

  g_test_add_func ("/ui/format/duration", test_duration);
  g_test_add_func ("/ui/format/date-time", test_date_time);

  return g_test_run ();
}
