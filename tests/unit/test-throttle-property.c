/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "manual-clock.h"
#include "sluice-throttle.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define N_SEEDS 24
#define ARRIVALS 6000

typedef struct _World World;

typedef enum
{
  CALL_WAITING,
  CALL_RUNNING,
  CALL_ENDED,
  CALL_CANCELLED,
} CallState;

typedef struct
{
  World *world;
  SluiceSlot *slot;
  CallState state;
  SluicePriority priority;
  gint64 ends;
} Call;

struct _World
{
  guint32 seed;
  GRand *random;
  ManualClock *clock;
  SluiceThrottle *throttle;
  GPtrArray *calls;
  GArray *starts; /* every start there ever was */
  guint in_flight;
  guint oldest[2]; /* no waiting call of this priority stands before */
  guint overtaken; /* interactive starts in a row while a background call could go for sure */
  guint interactive_run; /* interactive starts in a row */
  gboolean refused; /* since the last time the user resumed */
};

static gint64
get_now (World *world)
{
  return sluice_clock_get_monotonic (SLUICE_CLOCK (world->clock));
}

/* The law, said as naively as possible: look at all starts again. */
static void
check_window (World *world)
{
  guint limit = sluice_throttle_get_limit (world->throttle);
  gint64 since = get_now (world) - sluice_throttle_get_seconds (world->throttle) * SECOND;
  guint n = 0;

  if (limit == 0 || sluice_throttle_get_seconds (world->throttle) == 0)
    return;

  for (guint i = world->starts->len; i > 0 && g_array_index (world->starts, gint64, i - 1) > since; i--)
    n++;

  g_assert_cmpuint (n, <=, limit);
}

static Call *
first_waiting (World          *world,
               SluicePriority  priority)
{
  for (guint i = world->oldest[priority]; i < world->calls->len; i++)
    {
      Call *call = g_ptr_array_index (world->calls, i);

      if (call->priority == priority && call->state == CALL_WAITING)
        {
          world->oldest[priority] = i;
          return call;
        }
    }

  world->oldest[priority] = world->calls->len;
  return NULL;
}

static void
started_cb (SluiceSlot *slot,
            gpointer    user_data)
{
  Call *call = user_data;
  World *world = call->world;
  gint64 now = get_now (world);
  guint concurrent = sluice_throttle_get_concurrent_limit (world->throttle);
  gboolean background_could = !world->refused &&
                              sluice_throttle_get_pause_reason (world->throttle) == SLUICE_PAUSE_NONE &&
                              first_waiting (world, SLUICE_PRIORITY_BACKGROUND) != NULL;

  /* A cancelled call would show here, and so would a second start. */
  g_assert_cmpint (call->state, ==, CALL_WAITING);
  g_assert_true (slot == call->slot);
  g_assert_true (first_waiting (world, call->priority) == call);
  g_assert_cmpint (sluice_slot_get_started (slot), ==, now);

  if (call->priority == SLUICE_PRIORITY_BACKGROUND)
    {
      g_assert_cmpint (sluice_throttle_get_pause_reason (world->throttle), ==, SLUICE_PAUSE_NONE);
      g_assert_true (first_waiting (world, SLUICE_PRIORITY_INTERACTIVE) == NULL || world->interactive_run >= 9);
      world->overtaken = world->interactive_run = 0;
    }
  else
    {
      world->interactive_run++;
      world->overtaken = background_could ? world->overtaken + 1 : 0;
      g_assert_cmpuint (world->overtaken, <=, 9);
    }

  call->state = CALL_RUNNING;
  call->ends = now + g_rand_int_range (world->random, 0, 3 * SECOND);
  world->in_flight++;
  g_array_append_val (world->starts, now);

  if (concurrent > 0)
    g_assert_cmpuint (world->in_flight, <=, concurrent);
  g_assert_cmpuint (sluice_throttle_get_in_flight (world->throttle), ==, world->in_flight);
  check_window (world);
}

static void
arrive (World *world)
{
  Call *call = g_new0 (Call, 1);

  call->world = world;
  call->priority = g_rand_int_range (world->random, 0, 10) < 4 ? SLUICE_PRIORITY_INTERACTIVE : SLUICE_PRIORITY_BACKGROUND;
  g_ptr_array_add (world->calls, call);
  call->slot = sluice_throttle_enqueue (world->throttle, call->priority, NULL, started_cb, call);
}

static void
end_call (World *world,
          Call  *call)
{
  int dice = g_rand_int_range (world->random, 0, 100);

  call->state = CALL_ENDED;
  world->in_flight--;
  world->refused = world->refused || dice < 2;

  if (dice < 1)
    sluice_slot_refuse (call->slot, SLUICE_PAUSE_CONCURRENT_LIMIT + g_rand_int_range (world->random, 0, 3), -1);
  else if (dice < 2)
    sluice_slot_refuse (call->slot, SLUICE_PAUSE_UNAVAILABLE, g_rand_int_range (world->random, 0, 60) * SECOND);
  else if (dice < 8)
    sluice_slot_free (call->slot);
  else
    sluice_slot_release (call->slot, dice < 15 ? SLUICE_OUTCOME_FAILED : SLUICE_OUTCOME_OK);
}

static void
end_due_calls (World *world,
               guint *begin)
{
  gint64 now = get_now (world);
  gboolean prefix = TRUE;

  for (guint i = *begin; i < world->calls->len; i++)
    {
      Call *call = g_ptr_array_index (world->calls, i);

      if (call->state == CALL_RUNNING && call->ends <= now)
        end_call (world, call);

      prefix = prefix && call->state >= CALL_ENDED;
      if (prefix)
        *begin = i + 1;
    }
}

static void
cancel_one (World *world)
{
  Call *call = g_ptr_array_index (world->calls, (guint) g_rand_int_range (world->random, 0, (int) world->calls->len));

  if (call->state != CALL_WAITING)
    return;

  call->state = CALL_CANCELLED;
  sluice_slot_free (call->slot);
}

static void
change_settings (World *world)
{
  static const guint limits[] = { 0, 1, 2, 7, 50, 500 };
  static const guint seconds[] = { 0, 1, 5, 20, 60 };
  static const guint concurrent[] = { 0, 1, 3, 10 };
  SluiceThrottleSettings settings = { 0 };

  settings.limit = limits[g_rand_int_range (world->random, 0, G_N_ELEMENTS (limits))];
  settings.seconds = seconds[g_rand_int_range (world->random, 0, G_N_ELEMENTS (seconds))];
  settings.concurrent = concurrent[g_rand_int_range (world->random, 0, G_N_ELEMENTS (concurrent))];

  /* Calls in flight stay when the limit falls below them: not more may start. */
  if (settings.concurrent > 0 && settings.concurrent < world->in_flight)
    settings.concurrent = world->in_flight;

  sluice_throttle_apply_settings (world->throttle, &settings);
}

static void
act (World *world)
{
  int dice = g_rand_int_range (world->random, 0, 1000);

  if (dice < 900)
    {
      for (int n = g_rand_int_range (world->random, 0, 6); n > 0; n--)
        arrive (world);
    }
  else if (dice < 960 && world->calls->len > 0)
    cancel_one (world);
  else if (dice < 980)
    change_settings (world);
  else if (dice < 985)
    sluice_throttle_pause (world->throttle, get_now (world) + 30 * SECOND, SLUICE_PAUSE_USER);
  else
    {
      world->refused = FALSE;
      sluice_throttle_resume (world->throttle);
    }
}

static void
live (World *world)
{
  guint begin = 0;

  while (world->calls->len < ARRIVALS)
    {
      manual_clock_step (world->clock, get_now (world) + g_rand_int_range (world->random, 1, 2 * SECOND));
      end_due_calls (world, &begin);
      act (world);
    }

  /* Nothing lost, nothing starves: with any limits left, the queue empties. */
  sluice_throttle_apply_settings (world->throttle, &(SluiceThrottleSettings) { 50, 20, 0, 0, 0 });
  for (guint i = 0; i < 200000 && begin < world->calls->len; i++)
    {
      manual_clock_step (world->clock, get_now (world) + 5 * SECOND);
      end_due_calls (world, &begin);
    }

  g_assert_cmpuint (begin, ==, world->calls->len);
}

static void
test_laws (gconstpointer data)
{
  World world = { .seed = GPOINTER_TO_UINT (data) };
  guint started = 0;
  guint cancelled = 0;

  g_test_message ("seed %u", world.seed);
  world.random = g_rand_new_with_seed (world.seed);
  world.clock = manual_clock_new ();
  world.throttle = g_object_new (SLUICE_TYPE_THROTTLE, "clock", world.clock, "seed", world.seed, NULL);
  world.calls = g_ptr_array_new_with_free_func (g_free);
  world.starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  change_settings (&world);

  live (&world);

  for (guint i = 0; i < world.calls->len; i++)
    {
      Call *call = g_ptr_array_index (world.calls, i);

      started += call->state == CALL_ENDED;
      cancelled += call->state == CALL_CANCELLED;
    }

  g_assert_cmpuint (started, ==, world.starts->len);
  g_assert_cmpuint (started + cancelled, ==, world.calls->len);
  g_assert_cmpuint (sluice_throttle_get_waiting (world.throttle), ==, 0);
  g_assert_cmpuint (sluice_throttle_get_in_flight (world.throttle), ==, 0);
  g_test_message ("%u started, %u cancelled, %.1f hours", started, cancelled,
                  (double) get_now (&world) / (3600.0 * SECOND));

  g_array_unref (world.starts);
  g_ptr_array_unref (world.calls);
  g_assert_finalize_object (world.throttle);
  g_assert_finalize_object (world.clock);
  g_rand_free (world.random);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/net/throttle/laws-hold/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_laws);
    }

  return g_test_run ();
}
