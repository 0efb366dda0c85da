/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "manual-clock.h"
#include "sluice-throttle.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

typedef struct
{
  ManualClock *clock;
  SluiceThrottle *throttle;
  GPtrArray *started; /* of (unowned) SluiceSlot, in order */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->clock = manual_clock_new ();
  fixture->throttle = g_object_new (SLUICE_TYPE_THROTTLE, "clock", fixture->clock, "seed", 7, NULL);
  fixture->started = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_slot_free);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_ptr_array_unref (fixture->started);
  g_assert_finalize_object (fixture->throttle);
  g_assert_finalize_object (fixture->clock);
}

static void
started_cb (SluiceSlot *slot,
            gpointer    user_data)
{
  g_ptr_array_add (user_data, slot);
}

static SluiceSlot *
enqueue (Fixture        *fixture,
         SluicePriority  priority)
{
  return sluice_throttle_enqueue (fixture->throttle, priority, NULL, started_cb, fixture->started);
}

static void
enqueue_many (Fixture *fixture,
              guint    n)
{
  for (guint i = 0; i < n; i++)
    enqueue (fixture, SLUICE_PRIORITY_BACKGROUND);
}

static void
configure (Fixture *fixture,
           guint    limit,
           guint    seconds,
           guint    concurrent)
{
  SluiceThrottleSettings settings = { limit, seconds, 0, 0, concurrent };

  sluice_throttle_apply_settings (fixture->throttle, &settings);
}

static void
test_window (Fixture       *fixture,
             gconstpointer  unused)
{
  configure (fixture, 5, 10, 0);
  enqueue_many (fixture, 8);
  manual_clock_advance (fixture->clock, 10 * SECOND - 1);
  g_assert_cmpuint (fixture->started->len, ==, 5);
  g_assert_cmpuint (sluice_throttle_get_used_in_window (fixture->throttle), ==, 5);
  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 3);

  manual_clock_advance (fixture->clock, SECOND / 10);
  g_assert_cmpuint (fixture->started->len, ==, 8);
}

static void
test_window_slides (Fixture       *fixture,
                    gconstpointer  unused)
{
  configure (fixture, 2, 10, 0);
  enqueue_many (fixture, 1);
  manual_clock_advance (fixture->clock, 6 * SECOND);
  enqueue_many (fixture, 3);
  manual_clock_advance (fixture->clock, 5 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 3);

  manual_clock_advance (fixture->clock, 4 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 3);

  manual_clock_advance (fixture->clock, 2 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 4);
}

static void
test_no_limit (Fixture       *fixture,
               gconstpointer  unused)
{
  configure (fixture, 0, 0, 0);
  enqueue_many (fixture, 3000);
  manual_clock_advance (fixture->clock, 0);

  g_assert_cmpuint (fixture->started->len, ==, 3000);
}

static void
test_concurrent (Fixture       *fixture,
                 gconstpointer  unused)
{
  configure (fixture, 0, 0, 2);
  enqueue_many (fixture, 3);
  manual_clock_advance (fixture->clock, 100 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 2);
  g_assert_cmpint (sluice_throttle_get_next_slot (fixture->throttle), ==, 0);

  sluice_slot_release (g_ptr_array_steal_index (fixture->started, 0), SLUICE_OUTCOME_OK);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (fixture->started->len, ==, 2);
  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 0);
}

static void
test_interactive_first (Fixture       *fixture,
                        gconstpointer  unused)
{
  SluiceSlot *background;

  configure (fixture, 1, 10, 0);
  background = enqueue (fixture, SLUICE_PRIORITY_BACKGROUND);
  for (guint i = 0; i < 12; i++)
    enqueue (fixture, SLUICE_PRIORITY_INTERACTIVE);

  manual_clock_advance (fixture->clock, 95 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 10);
  /* The tenth, so that it does not starve. */
  g_assert_true (g_ptr_array_index (fixture->started, 9) == background);
  manual_clock_advance (fixture->clock, 100 * SECOND);
}

static void
test_change (Fixture       *fixture,
             gconstpointer  unused)
{
  configure (fixture, 1, 60, 0);
  enqueue_many (fixture, 10);
  manual_clock_advance (fixture->clock, SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 1);

  sluice_throttle_set_limit (fixture->throttle, 4);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (fixture->started->len, ==, 4);

  sluice_throttle_set_limit (fixture->throttle, 2);
  manual_clock_advance (fixture->clock, 59 * SECOND + SECOND / 2);
  g_assert_cmpuint (fixture->started->len, ==, 4);

  sluice_throttle_set_limit (fixture->throttle, 0);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (fixture->started->len, ==, 10);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  SluiceSlot *middle;

  configure (fixture, 1, 10, 0);
  enqueue_many (fixture, 2);
  middle = enqueue (fixture, SLUICE_PRIORITY_BACKGROUND);
  enqueue_many (fixture, 1);
  manual_clock_advance (fixture->clock, SECOND);
  sluice_slot_free (middle);
  manual_clock_advance (fixture->clock, 25 * SECOND);

  /* The cancelled one cost nothing: the one behind it took its turn. */
  g_assert_cmpuint (fixture->started->len, ==, 3);
}

/* More starts than the ring holds while there was no limit: they count as late as they may have been. */
static void
test_forgotten_starts (Fixture       *fixture,
                       gconstpointer  unused)
{
  enqueue_many (fixture, 3000);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (fixture->started->len, ==, 3000);

  configure (fixture, 2000, 60, 0);
  enqueue_many (fixture, 1);
  manual_clock_advance (fixture->clock, 59 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 3000);

  manual_clock_advance (fixture->clock, 2 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 3001);
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static void
test_async (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(GError) error = NULL;
  SluiceSlot *slot;

  configure (fixture, 1, 10, 0);
  sluice_throttle_acquire_async (fixture->throttle, SLUICE_PRIORITY_INTERACTIVE, NULL, cancellable,
                                 keep_result_cb, &first);
  sluice_throttle_acquire_async (fixture->throttle, SLUICE_PRIORITY_INTERACTIVE, NULL, cancellable,
                                 keep_result_cb, &second);
  manual_clock_advance (fixture->clock, SECOND);
  g_assert_nonnull (first);
  g_assert_null (second);
  slot = sluice_throttle_acquire_finish (fixture->throttle, first, &error);
  g_assert_no_error (error);
  sluice_slot_release (slot, SLUICE_OUTCOME_OK);

  g_cancellable_cancel (cancellable);
  manual_clock_advance (fixture->clock, 20 * SECOND);
  g_assert_null (sluice_throttle_acquire_finish (fixture->throttle, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 0);
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
}

static gpointer
cancel_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancelled_elsewhere (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  sluice_throttle_pause (fixture->throttle, G_MAXINT64, SLUICE_PAUSE_UNAVAILABLE);
  sluice_throttle_acquire_async (fixture->throttle, SLUICE_PRIORITY_INTERACTIVE, NULL, cancellable,
                                 keep_result_cb, &result);
  g_thread_join (g_thread_new ("cancel", cancel_thread, cancellable));
  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 1);
  manual_clock_advance (fixture->clock, 0);

  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 0);
  g_assert_null (sluice_throttle_acquire_finish (fixture->throttle, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gint64
refuse_next (Fixture           *fixture,
             SluicePauseReason  reason,
             gint64             retry_after)
{
  gint64 now;

  enqueue (fixture, SLUICE_PRIORITY_BACKGROUND);
  manual_clock_advance (fixture->clock, 2 * 3600 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 1);
  now = sluice_clock_get_monotonic (SLUICE_CLOCK (fixture->clock));

  return sluice_slot_refuse (g_ptr_array_steal_index (fixture->started, 0), reason, retry_after) - now;
}

static void
test_growing_pause (Fixture       *fixture,
                    gconstpointer  unused)
{
  gint64 expected = 5 * SECOND;

  for (guint i = 0; i < 10; i++)
    {
      gint64 pause = refuse_next (fixture, SLUICE_PAUSE_UNAVAILABLE, -1);

      g_assert_cmpint (pause, >=, expected * 8 / 10);
      g_assert_cmpint (pause, <=, MIN (expected * 12 / 10, 300 * SECOND));
      expected = MIN (expected * 2, 300 * SECOND);
    }

  enqueue (fixture, SLUICE_PRIORITY_BACKGROUND);
  manual_clock_advance (fixture->clock, 400 * SECOND);
  sluice_slot_release (g_ptr_array_steal_index (fixture->started, 0), SLUICE_OUTCOME_OK);
  g_assert_cmpint (refuse_next (fixture, SLUICE_PAUSE_UNAVAILABLE, -1), <=, 6 * SECOND);
}

static void
test_retry_after (Fixture       *fixture,
                  gconstpointer  unused)
{
  gint64 pause = refuse_next (fixture, SLUICE_PAUSE_UNAVAILABLE, 77 * SECOND);

  g_assert_cmpint (pause, >=, 77 * SECOND);
  g_assert_cmpint (pause, <=, 83 * SECOND);
  g_assert_cmpint (refuse_next (fixture, SLUICE_PAUSE_UNAVAILABLE, G_MAXINT64), <=, 25 * 3600 * SECOND);
  sluice_throttle_resume (fixture->throttle);
}

static void
test_one_refusal_together (Fixture       *fixture,
                           gconstpointer  unused)
{
  enqueue_many (fixture, 10);
  manual_clock_advance (fixture->clock, 0);
  while (fixture->started->len > 0)
    sluice_slot_refuse (g_ptr_array_steal_index (fixture->started, 0), SLUICE_PAUSE_UNAVAILABLE, -1);

  g_assert_cmpint (sluice_throttle_get_pause_reason (fixture->throttle), ==, SLUICE_PAUSE_UNAVAILABLE);
  g_assert_cmpint (sluice_throttle_get_paused_until (fixture->throttle) -
                   sluice_clock_get_monotonic (SLUICE_CLOCK (fixture->clock)), <=, 6 * SECOND);
}

static void
test_trial (Fixture       *fixture,
            gconstpointer  unused)
{
  refuse_next (fixture, SLUICE_PAUSE_UNAVAILABLE, -1);
  enqueue_many (fixture, 5);
  manual_clock_advance (fixture->clock, 10 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 1);

  sluice_slot_release (g_ptr_array_steal_index (fixture->started, 0), SLUICE_OUTCOME_OK);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (fixture->started->len, ==, 4);
}

static void
test_daily_limit (Fixture       *fixture,
                  gconstpointer  unused)
{
  SluiceSlot *interactive;

  g_assert_cmpint (refuse_next (fixture, SLUICE_PAUSE_DAILY_LIMIT, -1), >=, 3600 * SECOND);
  enqueue_many (fixture, 1);
  interactive = enqueue (fixture, SLUICE_PRIORITY_INTERACTIVE);
  manual_clock_advance (fixture->clock, 3000 * SECOND);

  g_assert_cmpuint (fixture->started->len, ==, 1);
  g_assert_true (g_ptr_array_index (fixture->started, 0) == interactive);

  /* An answer shows that the org lets us in again. */
  sluice_slot_release (g_ptr_array_steal_index (fixture->started, 0), SLUICE_OUTCOME_OK);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (fixture->started->len, ==, 1);
}

static void
test_user_pause (Fixture       *fixture,
                 gconstpointer  unused)
{
  sluice_throttle_pause (fixture->throttle, G_MAXINT64, SLUICE_PAUSE_USER);
  enqueue_many (fixture, 1);
  enqueue (fixture, SLUICE_PRIORITY_INTERACTIVE);
  manual_clock_advance (fixture->clock, 7200 * SECOND);
  g_assert_cmpuint (fixture->started->len, ==, 1);

  sluice_throttle_resume (fixture->throttle);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (fixture->started->len, ==, 2);
}

static void
test_forecast (Fixture       *fixture,
               gconstpointer  unused)
{
  SluiceForecast forecast;

  configure (fixture, 5, 10, 0);
  sluice_throttle_forecast (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, 5, &forecast);
  g_assert_cmpint (forecast.duration, ==, 0);
  g_assert_cmpint (forecast.calls_left, ==, -1);
  g_assert_true (forecast.fits);

  enqueue_many (fixture, 23);
  g_assert_cmpint (sluice_throttle_get_drain_time (fixture->throttle) / SECOND, ==, 40);
  manual_clock_advance (fixture->clock, sluice_throttle_get_drain_time (fixture->throttle) - 1);
  g_assert_cmpuint (fixture->started->len, ==, 20);
  manual_clock_advance (fixture->clock, 1);
  g_assert_cmpuint (fixture->started->len, ==, 23);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_notifies_seldom (Fixture       *fixture,
                      gconstpointer  unused)
{
  guint count = 0;

  g_signal_connect_swapped (fixture->throttle, "notify::waiting", G_CALLBACK (count_cb), &count);
  for (guint i = 0; i < 1000; i++)
    {
      enqueue_many (fixture, 1);
      manual_clock_advance (fixture->clock, SECOND / 1000);
    }

  g_assert_cmpuint (count, >=, 9);
  g_assert_cmpuint (count, <=, 11);
}

static void
test_system_clock (void)
{
  g_autoptr(SluiceThrottle) throttle = sluice_throttle_new (NULL);
  g_autoptr(GPtrArray) started = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_slot_free);
  gint64 first;

  sluice_throttle_set_limit (throttle, 2);
  sluice_throttle_set_seconds (throttle, 1);
  for (guint i = 0; i < 3; i++)
    sluice_throttle_enqueue (throttle, SLUICE_PRIORITY_INTERACTIVE, NULL, started_cb, started);

  while (started->len < 3)
    g_main_context_iteration (NULL, TRUE);

  first = sluice_slot_get_started (g_ptr_array_index (started, 0));
  g_assert_cmpint (sluice_slot_get_started (g_ptr_array_index (started, 2)) - first, >=, SECOND);
}

#define ADD(path, func) g_test_add ("/net/throttle/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("window", test_window);
  ADD ("window-slides", test_window_slides);
  ADD ("no-limit", test_no_limit);
  ADD ("concurrent", test_concurrent);
  ADD ("interactive-first", test_interactive_first);
  ADD ("change-acts-at-once", test_change);
  ADD ("cancelled", test_cancelled);
  ADD ("async", test_async);
  ADD ("cancelled-in-another-thread", test_cancelled_elsewhere);
  ADD ("forgotten-starts", test_forgotten_starts);
  ADD ("growing-pause", test_growing_pause);
  ADD ("retry-after", test_retry_after);
  ADD ("one-refusal-together", test_one_refusal_together);
  ADD ("one-call-tries-first", test_trial);
  ADD ("daily-limit-lets-interactive-pass", test_daily_limit);
  ADD ("user-pause", test_user_pause);
  ADD ("forecast", test_forecast);
  ADD ("notifies-seldom", test_notifies_seldom);
  g_test_add_func ("/net/throttle/system-clock", test_system_clock);

  return g_test_run ();
}
