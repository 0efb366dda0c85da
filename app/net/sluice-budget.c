/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-budget-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-api-usage.h"
#include "sluice-error.h"
#include "sluice-ticker.h"

#define WARN_PERCENT 80
#define PAUSE_PERCENT 95
#define RESUME_PERCENT 75

#define PROBE_INTERVAL (15 * 60 * (gint64) G_USEC_PER_SEC)
#define EXHAUSTED_PROBE_INTERVAL (60 * 60 * (gint64) G_USEC_PER_SEC)
#define ROLLING_DAY (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)

/* Salesforce ids are the same in their first 15 characters, with or without suffix. */
#define ID_LENGTH 15

struct _SluiceClaim
{
  grefcount refs;
  SluiceBudget *budget; /* (owned) (nullable) */
  SluicePriority priority;
  guint remaining;
  guint reserved; /* of the remaining, taken by calls that wait */
};

struct _SluiceBudget
{
  GObject parent_instance;

  char *org_id; /* (nullable) */
  SluiceClock *clock;
  SluiceTicker ticker;
  GSource *probe_source;

  guint64 base_used;
  guint64 base_app_used;
  guint64 limit;
  guint64 app_limit;
  guint64 reserve;
  guint64 in_flight;
  guint64 unanswered; /* calls that ended since the org's last word, without one of their own */
  guint64 claimed;
  guint32 serial; /* counts the org's answers */
  gint64 updated;
  gboolean refused; /* the org said that nothing is left */

  SluiceBudgetState state;
  gboolean blocked;
  gint64 next_probe;
  GQueue waiting[2]; /* of GTask, by priority */
};

typedef struct
{
  SluicePriority priority;
  guint n_calls;
  gulong cancelled_id;
} ClaimWait;

G_DEFINE_ENUM_TYPE (SluiceBudgetState, sluice_budget_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_BUDGET_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BUDGET_OK, "ok"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BUDGET_WARNING, "warning"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BUDGET_BACKGROUND_PAUSED, "background-paused"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BUDGET_EXHAUSTED, "exhausted"))

G_DEFINE_FINAL_TYPE (SluiceBudget, sluice_budget, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_USED,
  PROP_LIMIT,
  PROP_APP_USED,
  PROP_APP_LIMIT,
  PROP_CLAIMED,
  PROP_LEFT,
  PROP_FRACTION,
  PROP_STATE,
  PROP_RESERVE,
  PROP_CLOCK,
  N_PROPS
};

enum
{
  CHANGED,
  REFRESH_WANTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];
static GHashTable *budgets; /* org id → (unowned) SluiceBudget */

static guint64
usable (SluiceBudget *self)
{
  return self->limit > self->reserve ? self->limit - self->reserve : 0;
}

static gboolean
reaches (guint64 used,
         guint64 whole,
         guint   percent)
{
  return (double) used * 100 >= (double) whole * percent;
}

static SluiceBudgetState
state_of (guint64           used,
          guint64           whole,
          SluiceBudgetState before)
{
  if (used >= whole)
    return SLUICE_BUDGET_EXHAUSTED;

  if (reaches (used, whole, PAUSE_PERCENT))
    return SLUICE_BUDGET_BACKGROUND_PAUSED;

  if (before >= SLUICE_BUDGET_BACKGROUND_PAUSED && reaches (used, whole, RESUME_PERCENT))
    return SLUICE_BUDGET_BACKGROUND_PAUSED;

  return reaches (used, whole, WARN_PERCENT) ? SLUICE_BUDGET_WARNING : SLUICE_BUDGET_OK;
}

static SluiceBudgetState
find_state (SluiceBudget *self)
{
  SluiceBudgetState state = SLUICE_BUDGET_UNKNOWN;

  if (self->refused)
    return SLUICE_BUDGET_EXHAUSTED;

  if (self->limit > 0)
    state = state_of (sluice_budget_get_used (self), usable (self), self->state);

  if (self->app_limit > 0)
    state = MAX (state, state_of (sluice_budget_get_app_used (self), self->app_limit, self->state));

  return state;
}

/* Calls that are free now, or could ever be, for one priority; G_MAXINT64 when nobody knows. */
static gint64
room (SluiceBudget   *self,
      SluicePriority  priority,
      gboolean        ever)
{
  guint percent = priority == SLUICE_PRIORITY_BACKGROUND ? PAUSE_PERCENT : 100;
  gint64 free_calls = G_MAXINT64;

  if (self->limit > 0)
    {
      gint64 taken = ever ? 0 : (gint64) (sluice_budget_get_used (self) + self->claimed);

      free_calls = (gint64) ((double) usable (self) * percent / 100) - taken;
    }

  if (self->app_limit > 0)
    {
      gint64 taken = ever ? 0 : (gint64) (sluice_budget_get_app_used (self) + self->claimed);

      free_calls = MIN (free_calls, (gint64) ((double) self->app_limit * percent / 100) - taken);
    }

  return MAX (free_calls, 0);
}

static gboolean
claims_wait (SluiceBudget *self)
{
  return self->waiting[0].length > 0 || self->waiting[1].length > 0;
}

static gboolean
find_blocked (SluiceBudget *self)
{
  return self->state >= SLUICE_BUDGET_BACKGROUND_PAUSED ||
         claims_wait (self) ||
         room (self, SLUICE_PRIORITY_BACKGROUND, FALSE) == 0;
}

static gint64
probe_interval (SluiceBudget *self)
{
  return self->state == SLUICE_BUDGET_EXHAUSTED ? EXHAUSTED_PROBE_INTERVAL : PROBE_INTERVAL;
}

static SluiceClaim *
claim_new (SluiceBudget   *budget,
           SluicePriority  priority,
           guint           n_calls)
{
  SluiceClaim *claim = g_new0 (SluiceClaim, 1);

  g_ref_count_init (&claim->refs);
  g_set_object (&claim->budget, budget);
  claim->priority = priority;
  claim->remaining = n_calls;

  return claim;
}

static void
end_wait (GTask *task)
{
  ClaimWait *wait = g_task_get_task_data (task);

  /* Not g_cancellable_disconnect(): it would wait for the handler that may be calling us. */
  if (wait->cancelled_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), wait->cancelled_id);
  wait->cancelled_id = 0;
}

/* Ends the claim at the head of a queue, if it is its turn or it never can be. */
static gboolean
settle_first_claim (SluiceBudget   *self,
                    SluicePriority  priority)
{
  GTask *first = g_queue_peek_head (&self->waiting[priority]);
  g_autoptr(GTask) task = NULL;
  ClaimWait *wait;
  gboolean held = priority == SLUICE_PRIORITY_BACKGROUND && self->state >= SLUICE_BUDGET_BACKGROUND_PAUSED;

  if (first == NULL)
    return FALSE;

  wait = g_task_get_task_data (first);

  if (wait->n_calls > room (self, priority, TRUE))
    {
      task = g_queue_pop_head (&self->waiting[priority]);
      end_wait (task);
      g_task_return_new_error_literal (task, SLUICE_ERROR, SLUICE_ERROR_LIMIT,
                                       _("This needs more calls than the org allows in a day. Choose fewer records, "
                                         "or lower the reserve in Settings."));
      return TRUE;
    }

  if (held || wait->n_calls > room (self, priority, FALSE))
    return FALSE;

  task = g_queue_pop_head (&self->waiting[priority]);
  end_wait (task);
  self->claimed += wait->n_calls;
  g_task_return_pointer (task, claim_new (self, priority, wait->n_calls), (GDestroyNotify) sluice_claim_unref);
  return TRUE;
}

static void
settle_claims (SluiceBudget *self)
{
  while (settle_first_claim (self, SLUICE_PRIORITY_INTERACTIVE))
    ;

  /* A waiting interactive claim saves up: the calls of smaller background ones would keep it waiting. */
  while (self->waiting[SLUICE_PRIORITY_INTERACTIVE].length == 0 &&
         settle_first_claim (self, SLUICE_PRIORITY_BACKGROUND))
    ;
}

static void
arm_probe (SluiceBudget *self)
{
  sluice_clock_set_ready_time (self->clock, self->probe_source, claims_wait (self) ? self->next_probe : -1);
}

static void
update_state (SluiceBudget *self)
{
  g_autoptr(SluiceBudget) alive = g_object_ref (self);
  SluiceBudgetState before = self->state;
  gboolean was_blocked = self->blocked;
  gint64 now = sluice_clock_get_monotonic (self->clock);

  self->state = find_state (self);
  settle_claims (self);
  self->blocked = find_blocked (self);

  if (self->blocked && (!was_blocked || (self->state != before && self->state == SLUICE_BUDGET_EXHAUSTED)))
    self->next_probe = now + probe_interval (self);

  arm_probe (self);
  sluice_ticker_touch (&self->ticker);

  if (self->state != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);

  if (self->blocked != was_blocked)
    g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
probe_cb (gpointer user_data)
{
  g_autoptr(SluiceBudget) self = g_object_ref (SLUICE_BUDGET (user_data));
  gint64 now = sluice_clock_get_monotonic (self->clock);

  self->next_probe = now + probe_interval (self);

  if (now - self->updated >= ROLLING_DAY)
    {
      /* Whatever was counted a day ago counts no more. */
      self->base_used = self->base_app_used = self->unanswered = 0;
      self->refused = FALSE;
      self->updated = now;
    }

  update_state (self);

  if (claims_wait (self))
    g_signal_emit (self, signals[REFRESH_WANTED], 0);

  return G_SOURCE_CONTINUE;
}

static void
take_numbers (SluiceBudget         *self,
              const SluiceApiUsage *usage,
              gboolean              has_app)
{
  self->base_used = MIN (usage->used, G_MAXINT64 / 4);
  self->limit = MIN (usage->limit, G_MAXINT64 / 4);

  if (has_app)
    {
      self->base_app_used = MIN (usage->app_used, G_MAXINT64 / 4);
      self->app_limit = MIN (usage->app_limit, G_MAXINT64 / 4);
    }

  self->unanswered = 0;
  self->serial++;
  self->updated = sluice_clock_get_monotonic (self->clock);
  self->refused = self->refused && self->base_used >= self->limit;
  update_state (self);
}

static void
sluice_budget_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  SluiceBudget *self = SLUICE_BUDGET (object);

  switch (prop_id)
    {
    case PROP_USED:
      g_value_set_uint64 (value, sluice_budget_get_used (self));
      break;
    case PROP_LIMIT:
      g_value_set_uint64 (value, self->limit);
      break;
    case PROP_APP_USED:
      g_value_set_uint64 (value, sluice_budget_get_app_used (self));
      break;
    case PROP_APP_LIMIT:
      g_value_set_uint64 (value, self->app_limit);
      break;
    case PROP_CLAIMED:
      g_value_set_uint64 (value, self->claimed);
      break;
    case PROP_LEFT:
      g_value_set_int64 (value, sluice_budget_get_left (self, SLUICE_PRIORITY_BACKGROUND));
      break;
    case PROP_FRACTION:
      g_value_set_double (value, sluice_budget_get_fraction (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_RESERVE:
      g_value_set_uint64 (value, self->reserve);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_budget_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  SluiceBudget *self = SLUICE_BUDGET (object);

  switch (prop_id)
    {
    case PROP_RESERVE:
      sluice_budget_set_reserve (self, g_value_get_uint64 (value));
      break;
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_budget_constructed (GObject *object)
{
  SluiceBudget *self = SLUICE_BUDGET (object);

  G_OBJECT_CLASS (sluice_budget_parent_class)->constructed (object);

  if (self->clock == NULL)
    self->clock = g_object_ref (sluice_clock_get_system ());

  self->updated = sluice_clock_get_monotonic (self->clock);
  sluice_ticker_init (&self->ticker, object, self->clock, &properties[PROP_USED], PROP_FRACTION - PROP_USED + 1);
  self->probe_source = sluice_clock_create_source (self->clock);
  g_source_set_callback (self->probe_source, probe_cb, self, NULL);
  g_source_attach (self->probe_source, g_main_context_get_thread_default ());
}

static void
sluice_budget_finalize (GObject *object)
{
  SluiceBudget *self = SLUICE_BUDGET (object);

  if (self->org_id != NULL)
    g_hash_table_remove (budgets, self->org_id);

  sluice_ticker_clear (&self->ticker);
  g_source_destroy (self->probe_source);
  g_source_unref (self->probe_source);
  g_clear_object (&self->clock);
  g_free (self->org_id);

  G_OBJECT_CLASS (sluice_budget_parent_class)->finalize (object);
}

static void
sluice_budget_class_init (SluiceBudgetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags live = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = sluice_budget_get_property;
  object_class->set_property = sluice_budget_set_property;
  object_class->constructed = sluice_budget_constructed;
  object_class->finalize = sluice_budget_finalize;

  properties[PROP_USED] = g_param_spec_uint64 ("used", NULL, NULL, 0, G_MAXUINT64, 0, live);
  properties[PROP_LIMIT] = g_param_spec_uint64 ("limit", NULL, NULL, 0, G_MAXUINT64, 0, live);
  properties[PROP_APP_USED] = g_param_spec_uint64 ("app-used", NULL, NULL, 0, G_MAXUINT64, 0, live);
  properties[PROP_APP_LIMIT] = g_param_spec_uint64 ("app-limit", NULL, NULL, 0, G_MAXUINT64, 0, live);
  properties[PROP_CLAIMED] = g_param_spec_uint64 ("claimed", NULL, NULL, 0, G_MAXUINT64, 0, live);
  properties[PROP_LEFT] = g_param_spec_int64 ("left", NULL, NULL, -1, G_MAXINT64, -1, live);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, live);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_BUDGET_STATE,
                                              SLUICE_BUDGET_UNKNOWN, live);
  properties[PROP_RESERVE] = g_param_spec_uint64 ("reserve", NULL, NULL, 0, G_MAXUINT64, 0,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, SLUICE_TYPE_CLOCK,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* Background work may go again, or no longer: throttles look at their queues. */
  signals[CHANGED] = g_signal_new ("changed", SLUICE_TYPE_BUDGET, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * SluiceBudget::refresh-wanted:
   * @self: a budget
   *
   * Work waits for calls to come free, and nothing is under way that would
   * tell. A handler asks the org's `/limits` with an interactive call.
   */
  signals[REFRESH_WANTED] = g_signal_new ("refresh-wanted", SLUICE_TYPE_BUDGET, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sluice_budget_init (SluiceBudget *self)
{
  g_queue_init (&self->waiting[0]);
  g_queue_init (&self->waiting[1]);
}

/**
 * sluice_budget_new:
 * @clock: (nullable): where time comes from, %NULL for the system's
 *
 * Makes a budget that no other throttle shares.
 *
 * Returns: (transfer full): the new budget
 */
SluiceBudget *
sluice_budget_new (SluiceClock *clock)
{
  return g_object_new (SLUICE_TYPE_BUDGET, "clock", clock, NULL);
}

/**
 * sluice_budget_get_for_org:
 * @org_id: the org's id, 15 or 18 characters
 * @clock: (nullable): where time comes from if the budget is new
 *
 * Finds the one budget of an org, or makes it. It lives as long as somebody
 * holds it. To be called in the main thread.
 *
 * Returns: (transfer full): the org's budget
 */
SluiceBudget *
sluice_budget_get_for_org (const char  *org_id,
                           SluiceClock *clock)
{
  g_autofree char *key = NULL;
  SluiceBudget *self;

  g_return_val_if_fail (org_id != NULL, NULL);

  if (budgets == NULL)
    budgets = g_hash_table_new (g_str_hash, g_str_equal);

  key = g_strndup (org_id, ID_LENGTH);
  self = g_hash_table_lookup (budgets, key);
  if (self != NULL)
    return g_object_ref (self);

  self = sluice_budget_new (clock);
  self->org_id = g_steal_pointer (&key);
  g_hash_table_insert (budgets, self->org_id, self);

  return self;
}

/**
 * sluice_budget_update:
 * @self: a budget
 * @used: calls used in the rolling day
 * @limit: calls allowed in it, 0 = not known
 *
 * Takes the org's word from `/limits` (`DailyApiRequests`: `Max` less `Remaining`).
 */
void
sluice_budget_update (SluiceBudget *self,
                      guint64       used,
                      guint64       limit)
{
  SluiceApiUsage usage = { .used = used, .limit = limit };

  g_return_if_fail (SLUICE_IS_BUDGET (self));

  take_numbers (self, &usage, FALSE);
}

/**
 * sluice_budget_update_from_header:
 * @self: a budget
 * @header: (nullable): value of a `Sforce-Limit-Info` header
 *
 * Takes the org's word from an answer. To be called before the call's slot is
 * released, so that the call is not counted twice.
 *
 * Returns: whether the header could be understood; if not, nothing changes
 */
gboolean
sluice_budget_update_from_header (SluiceBudget *self,
                                  const char   *header)
{
  SluiceApiUsage usage;

  g_return_val_if_fail (SLUICE_IS_BUDGET (self), FALSE);

  if (!sluice_api_usage_parse (header, &usage))
    return FALSE;

  take_numbers (self, &usage, TRUE);
  return TRUE;
}

/**
 * sluice_budget_exhaust:
 * @self: a budget
 *
 * Notes that the org refused a call because its day is used up
 * (`REQUEST_LIMIT_EXCEEDED`, "TotalRequests Limit exceeded."). It stays so
 * until the org's numbers say otherwise.
 */
void
sluice_budget_exhaust (SluiceBudget *self)
{
  g_return_if_fail (SLUICE_IS_BUDGET (self));

  self->refused = TRUE;
  self->updated = sluice_clock_get_monotonic (self->clock);
  update_state (self);
}

/**
 * sluice_budget_get_used:
 * @self: a budget
 *
 * Returns: calls used, by the org's last word and our calls since
 */
guint64
sluice_budget_get_used (SluiceBudget *self)
{
  g_return_val_if_fail (SLUICE_IS_BUDGET (self), 0);

  return self->base_used + self->in_flight + self->unanswered;
}

/**
 * sluice_budget_get_limit:
 * @self: a budget
 *
 * Returns: calls allowed in a rolling day, 0 = not known
 */
guint64
sluice_budget_get_limit (SluiceBudget *self)
{
  g_return_val_if_fail (SLUICE_IS_BUDGET (self), 0);

  return self->limit;
}

/**
 * sluice_budget_get_app_used:
 * @self: a budget
 *
 * Returns: calls used of the connected app's own quota
 */
guint64
sluice_budget_get_app_used (SluiceBudget *self)
{
  g_return_val_if_fail (SLUICE_IS_BUDGET (self), 0);

  return self->app_limit > 0 ? self->base_app_used + self->in_flight + self->unanswered : 0;
}

/**
 * sluice_budget_get_app_limit:
 * @self: a budget
 *
 * Returns: the connected app's own quota, 0 = none
 */
guint64
sluice_budget_get_app_limit (SluiceBudget *self)
{
  g_return_val_if_fail (SLUICE_IS_BUDGET (self), 0);

  return self->app_limit;
}

/**
 * sluice_budget_get_claimed:
 * @self: a budget
 *
 * Returns: calls promised to claims and not made yet
 */
guint64
sluice_budget_get_claimed (SluiceBudget *self)
{
  g_return_val_if_fail (SLUICE_IS_BUDGET (self), 0);

  return self->claimed;
}

/**
 * sluice_budget_get_left:
 * @self: a budget
 * @priority: for whom
 *
 * Tells how many calls may still be claimed: of what the reserve leaves to
 * us, all for interactive and 95 % for background work.
 *
 * Returns: that number, -1 = not known
 */
gint64
sluice_budget_get_left (SluiceBudget   *self,
                        SluicePriority  priority)
{
  gint64 left;

  g_return_val_if_fail (SLUICE_IS_BUDGET (self), -1);

  if (self->refused || (priority == SLUICE_PRIORITY_BACKGROUND && self->state >= SLUICE_BUDGET_BACKGROUND_PAUSED))
    return 0;

  left = room (self, priority, FALSE);

  return left == G_MAXINT64 ? -1 : left;
}

/**
 * sluice_budget_get_fraction:
 * @self: a budget
 *
 * Returns: how much is used of what the reserve leaves to us, 0 to 1
 */
double
sluice_budget_get_fraction (SluiceBudget *self)
{
  double fraction = 0;

  g_return_val_if_fail (SLUICE_IS_BUDGET (self), 0);

  if (self->limit > 0)
    fraction = usable (self) > 0 ? (double) sluice_budget_get_used (self) / (double) usable (self) : 1;

  if (self->app_limit > 0)
    fraction = MAX (fraction, (double) sluice_budget_get_app_used (self) / (double) self->app_limit);

  return self->refused ? 1 : MIN (fraction, 1);
}

/**
 * sluice_budget_get_state:
 * @self: a budget
 *
 * Returns: how it stands
 */
SluiceBudgetState
sluice_budget_get_state (SluiceBudget *self)
{
  g_return_val_if_fail (SLUICE_IS_BUDGET (self), SLUICE_BUDGET_UNKNOWN);

  return self->state;
}

/**
 * sluice_budget_get_reserve:
 * @self: a budget
 *
 * Returns: calls of the day left to others
 */
guint64
sluice_budget_get_reserve (SluiceBudget *self)
{
  g_return_val_if_fail (SLUICE_IS_BUDGET (self), 0);

  return self->reserve;
}

/**
 * sluice_budget_set_reserve:
 * @self: a budget
 * @reserve: calls of the day left to others
 *
 * Sets how much of the org's day other applications can count on. What is
 * warned about and paused for is measured against the rest.
 */
void
sluice_budget_set_reserve (SluiceBudget *self,
                           guint64       reserve)
{
  g_return_if_fail (SLUICE_IS_BUDGET (self));

  if (self->reserve == reserve)
    return;

  self->reserve = reserve;
  update_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESERVE]);
}

static void
claim_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  GTask *task = user_data;
  SluiceBudget *self = g_task_get_source_object (task);
  ClaimWait *wait = g_task_get_task_data (task);

  if (!g_queue_remove (&self->waiting[wait->priority], task))
    return;

  end_wait (task);
  g_task_return_error_if_cancelled (task);
  update_state (self);
  g_object_unref (task);
}

/**
 * sluice_budget_claim_async:
 * @self: a budget
 * @priority: for whom the calls are
 * @n_calls: how many calls the work needs
 * @cancellable: (nullable): gives up waiting; to be cancelled in the budget's thread
 * @callback: called when the calls are promised or never can be
 * @user_data: data for @callback
 *
 * Claims calls before work starts, so that it does not die before its last.
 *
 * Waits while the org's day has not enough left. Interactive claims go first,
 * then it is first in, first out; and while a claim waits, background calls
 * without one wait too, as they would use up what it waits for.
 */
void
sluice_budget_claim_async (SluiceBudget        *self,
                           SluicePriority       priority,
                           guint                n_calls,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  ClaimWait *wait;

  g_return_if_fail (SLUICE_IS_BUDGET (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_budget_claim_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  wait = g_new0 (ClaimWait, 1);
  wait->priority = priority;
  wait->n_calls = n_calls;
  g_task_set_task_data (task, wait, g_free);

  if (cancellable != NULL)
    wait->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (claim_cancelled_cb), task);

  g_queue_push_tail (&self->waiting[priority], g_steal_pointer (&task));
  update_state (self);
}

/**
 * sluice_budget_claim_finish:
 * @self: a budget
 * @result: what the callback got
 * @error: why there is no claim: %SLUICE_ERROR_LIMIT when it is more than the
 *   org allows in a day, %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the claim
 */
SluiceClaim *
sluice_budget_claim_finish (SluiceBudget  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* When a background call without a claim may start: 0 = now, else monotonic µs. */
gint64
sluice_budget_get_background_ready (SluiceBudget *self)
{
  if (!self->blocked)
    return 0;

  return sluice_clock_get_monotonic (self->clock) >= self->next_probe ? 0 : self->next_probe;
}

/* Counts a call; @held tells that the budget could have held it back, so that it may be a probe. */
guint32
sluice_budget_call_started (SluiceBudget *self,
                            gboolean      held)
{
  if (held && self->blocked)
    self->next_probe = sluice_clock_get_monotonic (self->clock) + probe_interval (self);

  self->in_flight++;
  update_state (self);

  return self->serial;
}

/* A call is in the org's numbers as soon as the org has spoken since it started. */
void
sluice_budget_call_ended (SluiceBudget *self,
                          guint32       serial)
{
  self->in_flight--;
  if (serial == self->serial)
    self->unanswered++;

  update_state (self);
}

/* A throttle goes elsewhere with calls in flight; they count until the org speaks. */
void
sluice_budget_calls_left (SluiceBudget *self,
                          guint         n_calls)
{
  self->in_flight -= n_calls;
  self->unanswered += n_calls;
}

/* A claim on nothing, for a throttle that has no budget. */
SluiceClaim *
sluice_claim_new_unbounded (SluicePriority priority,
                            guint          n_calls)
{
  return claim_new (NULL, priority, n_calls);
}

/**
 * sluice_claim_ref:
 * @self: a claim
 *
 * Returns: (transfer full): @self
 */
SluiceClaim *
sluice_claim_ref (SluiceClaim *self)
{
  g_ref_count_inc (&self->refs);

  return self;
}

/**
 * sluice_claim_unref:
 * @self: (transfer full): a claim
 *
 * Gives up one reference; with the last, the calls that were not made go back.
 */
void
sluice_claim_unref (SluiceClaim *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;

  if (self->budget != NULL)
    {
      self->budget->claimed -= self->remaining;
      update_state (self->budget);
    }

  g_clear_object (&self->budget);
  g_free (self);
}

/**
 * sluice_claim_get_remaining:
 * @self: a claim
 *
 * Returns: calls still to be made with it
 */
guint
sluice_claim_get_remaining (SluiceClaim *self)
{
  return self->remaining;
}

/**
 * sluice_claim_get_priority:
 * @self: a claim
 *
 * Returns: for whom its calls are
 */
SluicePriority
sluice_claim_get_priority (SluiceClaim *self)
{
  return self->priority;
}

/* Sets one call of the claim aside for a call that queues. */
gboolean
sluice_claim_reserve (SluiceClaim *self)
{
  if (self->reserved >= self->remaining)
    return FALSE;

  self->reserved++;
  return TRUE;
}

void
sluice_claim_unreserve (SluiceClaim *self)
{
  self->reserved--;
}

void
sluice_claim_use (SluiceClaim *self)
{
  self->reserved--;
  self->remaining--;

  if (self->budget != NULL)
    self->budget->claimed--;
}
