/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <malloc.h>

#include "../unit/manual-clock.h"
#include "sluice-throttle.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MIN_UTILISATION 99.5
#define MAX_BYTES 300.0
#define MAX_MICROSECONDS 10.0

typedef struct
{
  guint started;
  gint64 first;
  gint64 last;
} Tally;

static gboolean failed;

static void
report (const char *what,
        double      figure,
        const char *unit,
        gboolean    good)
{
  g_print ("%-52s %10.2f %-3s %s\n", what, figure, unit, good ? "ok" : "TOO BAD");
  failed = failed || !good;
}

static void
started_cb (SluiceSlot *slot,
            gpointer    user_data)
{
  Tally *tally = user_data;

  tally->last = sluice_slot_get_started (slot);
  if (tally->started++ == 0)
    tally->first = tally->last;

  sluice_slot_release (slot, SLUICE_OUTCOME_OK);
}

static SluiceThrottle *
make_throttle (SluiceClock *clock,
               guint        limit,
               guint        seconds)
{
  SluiceThrottle *throttle = sluice_throttle_new (clock);
  SluiceThrottleSettings settings = { limit, seconds, 0, 0, 10 };

  sluice_throttle_apply_settings (throttle, &settings);
  return throttle;
}

/* The time that the limit itself needs, in percent of the time it took. */
static double
utilisation (const Tally *tally,
             guint        limit,
             guint        seconds)
{
  double ideal = (double) ((tally->started - 1) / limit) * seconds * SECOND;

  return 100 * ideal / (double) (tally->last - tally->first);
}

static void
bench_simulated (void)
{
  g_autoptr(ManualClock) clock = manual_clock_new ();
  g_autoptr(SluiceThrottle) throttle = make_throttle (SLUICE_CLOCK (clock), 500, 60);
  Tally tally = { 0 };
  double percent;

  for (guint i = 0; i < 10000; i++)
    sluice_throttle_enqueue (throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &tally);

  while (tally.started < 10000)
    manual_clock_advance (clock, SECOND);

  percent = utilisation (&tally, 500, 60);
  report ("10,000 calls at 500/60 s, simulated", percent, "%", percent >= MIN_UTILISATION);
}

static void
bench_real (void)
{
  g_autoptr(SluiceThrottle) throttle = make_throttle (NULL, 500, 2);
  Tally tally = { 0 };
  double percent;

  for (guint i = 0; i < 2001; i++)
    sluice_throttle_enqueue (throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &tally);

  while (tally.started < 2001)
    g_main_context_iteration (NULL, TRUE);

  percent = utilisation (&tally, 500, 2);
  report ("2,001 calls at 500/2 s, in real time", percent, "%", percent >= MIN_UTILISATION);
}

static void
bench_memory_and_speed (void)
{
  const guint n = 1000000;
  g_autoptr(SluiceThrottle) throttle = make_throttle (NULL, 1, 3600);
  Tally tally = { 0 };
  size_t before = mallinfo2 ().uordblks;
  gint64 begin = g_get_monotonic_time ();
  double figure;

  for (guint i = 0; i < n; i++)
    sluice_throttle_enqueue (throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &tally);

  figure = (double) (mallinfo2 ().uordblks - before) / n;
  report ("memory of a waiting call, of 1,000,000", figure, "B", figure < MAX_BYTES);

  sluice_throttle_set_limit (throttle, n);
  while (tally.started < n)
    g_main_context_iteration (NULL, TRUE);

  figure = (double) (g_get_monotonic_time () - begin) / n;
  report ("queueing, starting and ending a call", figure, "us", figure < MAX_MICROSECONDS);
}

static void
acquired_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Tally *tally = user_data;
  SluiceSlot *slot = sluice_throttle_acquire_finish (SLUICE_THROTTLE (object), result, NULL);

  tally->started++;
  sluice_slot_release (slot, SLUICE_OUTCOME_OK);
}

static void
bench_tasks (void)
{
  const guint n = 1000000;
  g_autoptr(SluiceThrottle) throttle = make_throttle (NULL, 1, 3600);
  Tally tally = { 0 };
  size_t before = mallinfo2 ().uordblks;
  gint64 begin = g_get_monotonic_time ();
  double figure;

  for (guint i = 0; i < n; i++)
    sluice_throttle_acquire_async (throttle, SLUICE_PRIORITY_BACKGROUND, NULL, NULL, acquired_cb, &tally);

  figure = (double) (mallinfo2 ().uordblks - before) / n;
  report ("memory of a waiting call with its GTask", figure, "B", figure < MAX_BYTES);

  sluice_throttle_set_limit (throttle, n);
  while (tally.started < n)
    g_main_context_iteration (NULL, TRUE);

  figure = (double) (g_get_monotonic_time () - begin) / n;
  report ("the same with a GTask", figure, "us", figure < MAX_MICROSECONDS);
}

int
main (void)
{
  bench_simulated ();
  bench_real ();
  bench_memory_and_speed ();
  bench_tasks ();

  return failed ? 1 : 0;
}
