/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "manual-clock.h"
#include "sluice-api-usage.h"
#include "sluice-budget.h"
#include "sluice-error.h"
#include "sluice-throttle.h"

#define MINUTE (60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  ManualClock *clock;
  SluiceBudget *budget;
  SluiceThrottle *throttle;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->clock = manual_clock_new ();
  fixture->budget = sluice_budget_new (SLUICE_CLOCK (fixture->clock));
  fixture->throttle = sluice_throttle_new (SLUICE_CLOCK (fixture->clock));
  sluice_throttle_set_budget (fixture->throttle, fixture->budget);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->throttle);
  g_assert_finalize_object (fixture->budget);
  g_assert_finalize_object (fixture->clock);
}

static void
started_cb (SluiceSlot *slot,
            gpointer    user_data)
{
  SluiceSlot **started = user_data;

  *started = slot;
}

static void
claimed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static void
test_header (void)
{
  static const struct
  {
    const char *header;
    SluiceApiUsage usage;
  } rows[] = {
    { "api-usage=18/5000", { 18, 5000, 0, 0 } },
    { "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-app)", { 25, 5000, 17, 250 } },
    { "per-app-api-usage=17/250(appName=sample-app),api-usage=25/5000", { 25, 5000, 17, 250 } },
    { "", { 0 } },
    { "garbage", { 0 } },
    { "api-usage=x/1", { 0 } },
    { "api-usage=1/", { 0 } },
    { "api-usage=-1/5", { 0 } },
    { "per-app-api-usage=17/250", { 0 } },
    { "api-usage=99999999999999999999999/5", { 0 } },
    { NULL, { 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SluiceApiUsage usage;

      g_assert_cmpint (sluice_api_usage_parse (rows[i].header, &usage), ==, rows[i].usage.limit > 0);
      g_assert_cmpuint (usage.used, ==, rows[i].usage.used);
      g_assert_cmpuint (usage.limit, ==, rows[i].usage.limit);
      g_assert_cmpuint (usage.app_used, ==, rows[i].usage.app_used);
      g_assert_cmpuint (usage.app_limit, ==, rows[i].usage.app_limit);
    }
}

static void
test_states (Fixture       *fixture,
             gconstpointer  unused)
{
  static const struct
  {
    guint64 used;
    SluiceBudgetState state;
  } rows[] = {
    { 7999, SLUICE_BUDGET_OK },
    { 8000, SLUICE_BUDGET_WARNING },
    { 9499, SLUICE_BUDGET_WARNING },
    { 9500, SLUICE_BUDGET_BACKGROUND_PAUSED },
    { 8500, SLUICE_BUDGET_BACKGROUND_PAUSED },
    { 10000, SLUICE_BUDGET_EXHAUSTED },
    { 7500, SLUICE_BUDGET_BACKGROUND_PAUSED },
    { 7499, SLUICE_BUDGET_OK },
  };

  g_assert_cmpint (sluice_budget_get_state (fixture->budget), ==, SLUICE_BUDGET_UNKNOWN);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      sluice_budget_update (fixture->budget, rows[i].used, 10000);
      g_assert_cmpint (sluice_budget_get_state (fixture->budget), ==, rows[i].state);
    }
}

static void
test_reserve (Fixture       *fixture,
              gconstpointer  unused)
{
  sluice_budget_update (fixture->budget, 4000, 10000);
  sluice_budget_set_reserve (fixture->budget, 5000);

  g_assert_cmpint (sluice_budget_get_state (fixture->budget), ==, SLUICE_BUDGET_WARNING);
  g_assert_cmpint (sluice_budget_get_left (fixture->budget, SLUICE_PRIORITY_BACKGROUND), ==, 750);
  g_assert_cmpint (sluice_budget_get_left (fixture->budget, SLUICE_PRIORITY_INTERACTIVE), ==, 1000);
}

static void
test_app_quota (Fixture       *fixture,
                gconstpointer  unused)
{
  sluice_budget_update_from_header (fixture->budget, "api-usage=1/5000; per-app-api-usage=240/250(appName=a)");

  g_assert_cmpint (sluice_budget_get_state (fixture->budget), ==, SLUICE_BUDGET_BACKGROUND_PAUSED);
}

static void
test_counts_between_answers (Fixture       *fixture,
                             gconstpointer  unused)
{
  SluiceSlot *first = NULL;
  SluiceSlot *second = NULL;

  sluice_budget_update (fixture->budget, 10, 100);
  sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &first);
  sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &second);
  manual_clock_advance (fixture->clock, 0);
  g_assert_cmpuint (sluice_budget_get_used (fixture->budget), ==, 12);

  sluice_slot_release (first, SLUICE_OUTCOME_FAILED);
  g_assert_cmpuint (sluice_budget_get_used (fixture->budget), ==, 12);

  g_assert_true (sluice_budget_update_from_header (fixture->budget, "api-usage=12/100"));
  sluice_slot_release (second, SLUICE_OUTCOME_OK);
  g_assert_cmpuint (sluice_budget_get_used (fixture->budget), ==, 12);
}

static void
test_pauses_and_probes (Fixture       *fixture,
                        gconstpointer  unused)
{
  SluiceSlot *interactive = NULL;
  SluiceSlot *probe = NULL;
  SluiceSlot *second = NULL;

  sluice_budget_update (fixture->budget, 95, 100);
  sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &probe);
  sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &second);
  sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_INTERACTIVE, NULL, started_cb, &interactive);
  manual_clock_advance (fixture->clock, 15 * MINUTE - 1);
  g_assert_nonnull (interactive);
  g_assert_null (probe);

  manual_clock_advance (fixture->clock, 1);
  g_assert_nonnull (probe);
  g_assert_null (second);

  sluice_budget_update_from_header (fixture->budget, "api-usage=50/100");
  manual_clock_advance (fixture->clock, 0);
  g_assert_nonnull (second);

  sluice_slot_free (interactive);
  sluice_slot_free (probe);
  sluice_slot_free (second);
}

static void
test_shared (Fixture       *fixture,
             gconstpointer  unused)
{
  SluiceThrottle *other = sluice_throttle_new (SLUICE_CLOCK (fixture->clock));
  SluiceSlot *here = NULL;
  SluiceSlot *there = NULL;

  sluice_throttle_set_budget (other, fixture->budget);
  sluice_budget_update (fixture->budget, 10, 100);
  sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &here);
  manual_clock_advance (fixture->clock, 0);
  sluice_slot_refuse (here, SLUICE_PAUSE_DAILY_LIMIT, -1);
  g_assert_cmpint (sluice_budget_get_state (fixture->budget), ==, SLUICE_BUDGET_EXHAUSTED);

  /* What one subscription was told holds for the other. */
  sluice_throttle_enqueue (other, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &there);
  manual_clock_advance (fixture->clock, 59 * MINUTE);
  g_assert_null (there);

  manual_clock_advance (fixture->clock, MINUTE);
  g_assert_nonnull (there);
  sluice_slot_free (there);
  g_assert_finalize_object (other);
}

static void
test_budget_changes_in_flight (Fixture       *fixture,
                               gconstpointer  unused)
{
  SluiceSlot *slot = NULL;

  sluice_budget_update (fixture->budget, 10, 100);
  sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, NULL, started_cb, &slot);
  manual_clock_advance (fixture->clock, 0);
  sluice_throttle_set_budget (fixture->throttle, NULL);
  sluice_slot_release (slot, SLUICE_OUTCOME_OK);
  g_assert_cmpuint (sluice_budget_get_used (fixture->budget), ==, 11);

  sluice_budget_update (fixture->budget, 11, 100);
  g_assert_cmpuint (sluice_budget_get_used (fixture->budget), ==, 11);
}

static void
test_claim_survives_pause (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  SluiceClaim *claim;
  SluiceSlot *started[3] = { NULL, NULL, NULL };

  sluice_budget_update (fixture->budget, 50, 100);
  sluice_throttle_claim_async (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, 2, NULL, claimed_cb, &result);
  manual_clock_advance (fixture->clock, 0);
  claim = sluice_throttle_claim_finish (fixture->throttle, result, &error);
  g_assert_no_error (error);

  sluice_budget_update (fixture->budget, 96, 100);
  for (guint i = 0; i < 3; i++)
    sluice_throttle_enqueue (fixture->throttle, SLUICE_PRIORITY_BACKGROUND, claim, started_cb, &started[i]);
  manual_clock_advance (fixture->clock, MINUTE);

  g_assert_nonnull (started[0]);
  g_assert_nonnull (started[1]);
  g_assert_null (started[2]);
  g_assert_cmpuint (sluice_claim_get_remaining (claim), ==, 0);

  sluice_budget_update (fixture->budget, 10, 100);
  manual_clock_advance (fixture->clock, 0);
  for (guint i = 0; i < 3; i++)
    sluice_slot_free (started[i]);
  sluice_claim_unref (claim);
}

static void
test_claim_waits (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  SluiceClaim *claim;

  sluice_budget_update (fixture->budget, 50, 100);
  sluice_budget_claim_async (fixture->budget, SLUICE_PRIORITY_BACKGROUND, 40, NULL, claimed_cb, &first);
  sluice_budget_claim_async (fixture->budget, SLUICE_PRIORITY_BACKGROUND, 10, NULL, claimed_cb, &second);
  manual_clock_advance (fixture->clock, MINUTE);
  g_assert_nonnull (first);
  g_assert_null (second);
  g_assert_cmpuint (sluice_budget_get_claimed (fixture->budget), ==, 40);

  sluice_claim_unref (sluice_budget_claim_finish (fixture->budget, first, NULL));
  manual_clock_advance (fixture->clock, 0);
  g_assert_nonnull (second);

  claim = sluice_budget_claim_finish (fixture->budget, second, NULL);
  g_assert_cmpuint (sluice_claim_get_remaining (claim), ==, 10);
  sluice_claim_unref (claim);
  g_assert_cmpuint (sluice_budget_get_claimed (fixture->budget), ==, 0);
}

static void
test_claim_too_big (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  sluice_budget_update (fixture->budget, 0, 100);
  sluice_budget_claim_async (fixture->budget, SLUICE_PRIORITY_BACKGROUND, 96, NULL, claimed_cb, &result);
  manual_clock_advance (fixture->clock, 0);

  g_assert_null (sluice_budget_claim_finish (fixture->budget, result, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_LIMIT);
}

static void
test_claim_cancelled (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  sluice_budget_update (fixture->budget, 90, 100);
  sluice_budget_claim_async (fixture->budget, SLUICE_PRIORITY_BACKGROUND, 50, cancellable, claimed_cb, &result);
  manual_clock_advance (fixture->clock, MINUTE);
  g_cancellable_cancel (cancellable);
  manual_clock_advance (fixture->clock, 0);

  g_assert_null (sluice_budget_claim_finish (fixture->budget, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_asks_for_news (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GAsyncResult) result = NULL;
  guint asked = 0;

  g_signal_connect_swapped (fixture->budget, "refresh-wanted", G_CALLBACK (count_cb), &asked);
  sluice_budget_update (fixture->budget, 90, 100);
  sluice_budget_claim_async (fixture->budget, SLUICE_PRIORITY_BACKGROUND, 50, NULL, claimed_cb, &result);
  manual_clock_advance (fixture->clock, 31 * MINUTE);
  g_assert_cmpuint (asked, ==, 2);

  /* Nobody answered: after a day the old numbers count no more. */
  manual_clock_advance (fixture->clock, 24 * 60 * MINUTE);
  g_assert_nonnull (result);
  sluice_claim_unref (sluice_budget_claim_finish (fixture->budget, result, NULL));
}

static void
test_registry (void)
{
  g_autoptr(SluiceBudget) one = sluice_budget_get_for_org ("00D5e000000ABCD", NULL);
  g_autoptr(SluiceBudget) same = sluice_budget_get_for_org ("00D5e000000ABCDEA4", NULL);
  g_autoptr(SluiceBudget) other = sluice_budget_get_for_org ("00D5e000000ABCE", NULL);

  g_assert_true (one == same);
  g_assert_true (one != other);
}

#define ADD(path, func) g_test_add ("/net/budget/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/net/budget/reads-header", test_header);
  g_test_add_func ("/net/budget/one-for-each-org", test_registry);
  ADD ("states", test_states);
  ADD ("keeps-reserve", test_reserve);
  ADD ("app-quota", test_app_quota);
  ADD ("counts-between-answers", test_counts_between_answers);
  ADD ("pauses-and-probes", test_pauses_and_probes);
  ADD ("shared-by-throttles", test_shared);
  ADD ("changes-in-flight", test_budget_changes_in_flight);
  ADD ("claim-survives-pause", test_claim_survives_pause);
  ADD ("claim-waits", test_claim_waits);
  ADD ("claim-too-big", test_claim_too_big);
  ADD ("claim-cancelled", test_claim_cancelled);
  ADD ("asks-for-news", test_asks_for_news);

  return g_test_run ();
}
