/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-throttle.h"

#include "sluice-budget-private.h"
#include "sluice-start-window.h"
#include "sluice-ticker.h"

/* While background calls could go, at least one start in ten is theirs. */
#define INTERACTIVE_IN_A_ROW 9

/* Starts in one dispatch, so that a long queue does not keep other sources waiting. */
#define BATCH 64

/*
 * What the server sees is later than our start by a time that varies. The
 * window is made a little longer, by 1/1000 and 100 ms at most, so that a quick
 * call after slow ones is not one too many over there.
 */
#define GUARD_DIVISOR 1000
#define GUARD_MAX (G_USEC_PER_SEC / 10)

/* Back-off of `salesforce-wire.md` 2.13: seconds to minutes, and an hour for the day's limit. */
#define PAUSE_BASE (5 * (gint64) G_USEC_PER_SEC)
#define PAUSE_FACTOR 2
#define PAUSE_MAX (5 * 60 * (gint64) G_USEC_PER_SEC)
#define PAUSE_DAILY (60 * 60 * (gint64) G_USEC_PER_SEC)
#define PAUSE_ASKED_MAX (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)

typedef enum
{
  LANE_INTERACTIVE,
  LANE_CLAIMED, /* background calls whose budget is claimed */
  LANE_BACKGROUND,
  N_LANES,
  LANE_NONE = N_LANES, /* started */
} Lane;

struct _SluiceSlot
{
  SluiceThrottle *throttle; /* (owned) */
  SluiceClaim *claim; /* (owned) (nullable) */
  SluiceSlot *previous;
  SluiceSlot *next;
  SluiceSlotFunc func;
  gpointer user_data;
  gint64 place; /* the order of arrival while it waits, then when it started */
  guint32 pause_serial;
  guint32 budget_serial;
  guint32 budget_generation;
  guint8 lane;
};

struct _SluiceThrottle
{
  GObject parent_instance;

  SluiceClock *clock;
  guint seed;
  GRand *random;
  GThread *thread; /* (unowned) */
  GMainContext *context;
  GSource *source;
  gint64 armed_at; /* 0 = at once, -1 = not armed */
  SluiceTicker ticker;

  guint limit;
  guint seconds;
  guint concurrent_limit;
  SluiceStartWindow window;

  SluiceBudget *budget; /* (owned) (nullable) */
  gulong budget_changed_id;
  guint32 budget_generation;
  guint budget_in_flight;

  SluiceSlot *heads[N_LANES];
  SluiceSlot *tails[N_LANES];
  guint waiting;
  guint in_flight;
  guint interactive_in_a_row;
  gint64 arrivals;
  double mean_duration;

  gint64 user_until;
  gint64 server_until;
  SluicePauseReason server_reason;
  guint32 pause_serial;
  guint refusals; /* in a row */
};

G_DEFINE_ENUM_TYPE (SluicePauseReason, sluice_pause_reason,
                    G_DEFINE_ENUM_VALUE (SLUICE_PAUSE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SLUICE_PAUSE_USER, "user"),
                    G_DEFINE_ENUM_VALUE (SLUICE_PAUSE_CONCURRENT_LIMIT, "concurrent-limit"),
                    G_DEFINE_ENUM_VALUE (SLUICE_PAUSE_DAILY_LIMIT, "daily-limit"),
                    G_DEFINE_ENUM_VALUE (SLUICE_PAUSE_UNAVAILABLE, "unavailable"))

G_DEFINE_FINAL_TYPE (SluiceThrottle, sluice_throttle, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_USED_IN_WINDOW,
  PROP_IN_FLIGHT,
  PROP_WAITING,
  PROP_NEXT_SLOT,
  PROP_DRAIN_TIME,
  PROP_PAUSED_UNTIL,
  PROP_PAUSE_REASON,
  PROP_LIMIT,
  PROP_SECONDS,
  PROP_CONCURRENT_LIMIT,
  PROP_BUDGET,
  PROP_CLOCK,
  PROP_SEED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gint64
get_now (SluiceThrottle *self)
{
  return sluice_clock_get_monotonic (self->clock);
}

static gboolean
has_window (SluiceThrottle *self)
{
  return self->limit > 0 && self->seconds > 0;
}

static gint64
window_length (SluiceThrottle *self)
{
  gint64 length = (gint64) self->seconds * G_USEC_PER_SEC;

  return length + MIN (length / GUARD_DIVISOR, GUARD_MAX);
}

static void
arm (SluiceThrottle *self,
     gint64          ready_time)
{
  if (self->armed_at == ready_time)
    return;

  self->armed_at = ready_time;
  sluice_clock_set_ready_time (self->clock, self->source, ready_time);
}

/* Something changed: the queue is looked at from the main context, never from here. */
static void
wake (SluiceThrottle *self)
{
  sluice_ticker_touch (&self->ticker);
  arm (self, 0);
}

/* The queue: an intrusive list for each lane, so that leaving it costs the same anywhere. */

static void
lane_push (SluiceThrottle *self,
           SluiceSlot     *slot)
{
  slot->previous = self->tails[slot->lane];

  if (slot->previous != NULL)
    slot->previous->next = slot;
  else
    self->heads[slot->lane] = slot;

  self->tails[slot->lane] = slot;
  self->waiting++;
}

static void
lane_remove (SluiceThrottle *self,
             SluiceSlot     *slot)
{
  if (slot->previous != NULL)
    slot->previous->next = slot->next;
  else
    self->heads[slot->lane] = slot->next;

  if (slot->next != NULL)
    slot->next->previous = slot->previous;
  else
    self->tails[slot->lane] = slot->previous;

  slot->previous = slot->next = NULL;
  self->waiting--;
}

/* Pauses */

static gboolean
reason_passes (SluicePauseReason reason,
               Lane              lane)
{
  return lane == LANE_INTERACTIVE && (reason == SLUICE_PAUSE_USER || reason == SLUICE_PAUSE_DAILY_LIMIT);
}

static gint64
lane_paused_until (SluiceThrottle *self,
                   Lane            lane)
{
  gint64 until = 0;

  if (!reason_passes (SLUICE_PAUSE_USER, lane))
    until = self->user_until;

  if (!reason_passes (self->server_reason, lane))
    until = MAX (until, self->server_until);

  return until;
}

static void
forget_refusals (SluiceThrottle *self)
{
  self->refusals = 0;
  self->server_until = 0;
  self->server_reason = SLUICE_PAUSE_NONE;
}

static gint64
pause_length (SluiceThrottle    *self,
              SluicePauseReason  reason,
              gint64             asked)
{
  double random = g_rand_double (self->random);
  gint64 length = PAUSE_BASE;

  if (asked >= 0)
    {
      asked = MIN (asked, PAUSE_ASKED_MAX);
      return asked + (gint64) (random * (double) MIN (asked / 10, PAUSE_BASE));
    }

  if (reason == SLUICE_PAUSE_DAILY_LIMIT)
    return PAUSE_DAILY + (gint64) (random * PAUSE_DAILY / 20);

  for (guint i = 1; i < self->refusals && length < PAUSE_MAX; i++)
    length *= PAUSE_FACTOR;

  length = (gint64) ((double) MIN (length, PAUSE_MAX) * (0.8 + 0.4 * random));

  return MIN (length, PAUSE_MAX);
}

/* Who is next */

static SluiceSlot *
next_background (SluiceThrottle *self,
                 gint64         *ready)
{
  SluiceSlot *claimed = self->heads[LANE_CLAIMED];
  SluiceSlot *other = self->heads[LANE_BACKGROUND];

  if (other != NULL && self->budget != NULL)
    {
      gint64 budget_ready = sluice_budget_get_background_ready (self->budget);

      if (budget_ready > 0)
        {
          other = NULL;
          *ready = budget_ready;
        }
    }

  if (claimed != NULL && other != NULL)
    return claimed->place < other->place ? claimed : other;

  return claimed != NULL ? claimed : other;
}

static SluiceSlot *
filter_paused (SluiceThrottle *self,
               SluiceSlot     *slot,
               gint64          now,
               gint64         *ready)
{
  gint64 until;

  if (slot == NULL)
    return NULL;

  until = lane_paused_until (self, slot->lane);
  if (until <= now)
    return slot;

  if (until < G_MAXINT64)
    *ready = *ready < 0 ? until : MIN (*ready, until);

  return NULL;
}

/* After a refusal one call at a time tries the server, until it answers. */
static gboolean
place_in_flight (SluiceThrottle *self,
                 SluiceSlot     *slot)
{
  if (self->refusals > 0 && !reason_passes (self->server_reason, slot->lane))
    return self->in_flight == 0;

  return self->concurrent_limit == 0 || self->in_flight < self->concurrent_limit;
}

/* Finds the call to start now, or else when to look again: -1 = when something happens. */
static SluiceSlot *
next_to_start (SluiceThrottle *self,
               gint64          now,
               gint64         *ready,
               gboolean       *contested)
{
  gint64 background_ready = -1;
  SluiceSlot *background = next_background (self, &background_ready);
  SluiceSlot *interactive;
  SluiceSlot *slot;

  *ready = background_ready;
  background = filter_paused (self, background, now, ready);
  interactive = filter_paused (self, self->heads[LANE_INTERACTIVE], now, ready);

  if (background != NULL && !place_in_flight (self, background))
    background = NULL;

  if (interactive != NULL && !place_in_flight (self, interactive))
    interactive = NULL;

  *contested = background != NULL;
  slot = interactive;

  if (interactive == NULL || (background != NULL && self->interactive_in_a_row >= INTERACTIVE_IN_A_ROW))
    slot = background;

  if (slot == NULL)
    return NULL;

  *ready = now;
  if (has_window (self))
    *ready = sluice_start_window_next (&self->window, self->limit, window_length (self), 0, now);

  return *ready <= now ? slot : NULL;
}

static void
start (SluiceThrottle *self,
       SluiceSlot     *slot,
       gint64          now,
       gboolean        contested)
{
  Lane lane = slot->lane;
  gboolean covered = slot->claim != NULL;

  lane_remove (self, slot);
  sluice_start_window_record (&self->window, now, has_window (self) ? self->limit : 0);
  self->in_flight++;
  self->interactive_in_a_row = lane == LANE_INTERACTIVE && contested ? self->interactive_in_a_row + 1 : 0;

  slot->lane = LANE_NONE;
  slot->place = now;
  slot->pause_serial = self->pause_serial;
  slot->budget_generation = self->budget_generation;

  if (covered)
    {
      sluice_claim_use (slot->claim);
      g_clear_pointer (&slot->claim, sluice_claim_unref);
    }

  if (self->budget != NULL)
    {
      self->budget_in_flight++;
      slot->budget_serial = sluice_budget_call_started (self->budget, lane == LANE_BACKGROUND && !covered);
    }

  slot->func (slot, slot->user_data);
}

static gboolean
dispatch_cb (gpointer user_data)
{
  g_autoptr(SluiceThrottle) self = g_object_ref (SLUICE_THROTTLE (user_data));
  gint64 ready = 0;

  self->armed_at = -1;

  for (guint i = 0; i < BATCH; i++)
    {
      gint64 now = get_now (self);
      gboolean contested;
      SluiceSlot *slot = next_to_start (self, now, &ready, &contested);

      if (slot == NULL)
        break;

      start (self, slot, now, contested);
      ready = 0;
    }

  if (self->armed_at != 0)
    arm (self, ready);

  sluice_ticker_touch (&self->ticker);

  return G_SOURCE_CONTINUE;
}

static void
sluice_throttle_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  SluiceThrottle *self = SLUICE_THROTTLE (object);

  switch (prop_id)
    {
    case PROP_USED_IN_WINDOW:
      g_value_set_uint (value, sluice_throttle_get_used_in_window (self));
      break;
    case PROP_IN_FLIGHT:
      g_value_set_uint (value, self->in_flight);
      break;
    case PROP_WAITING:
      g_value_set_uint (value, self->waiting);
      break;
    case PROP_NEXT_SLOT:
      g_value_set_int64 (value, sluice_throttle_get_next_slot (self));
      break;
    case PROP_DRAIN_TIME:
      g_value_set_int64 (value, sluice_throttle_get_drain_time (self));
      break;
    case PROP_PAUSED_UNTIL:
      g_value_set_int64 (value, sluice_throttle_get_paused_until (self));
      break;
    case PROP_PAUSE_REASON:
      g_value_set_enum (value, sluice_throttle_get_pause_reason (self));
      break;
    case PROP_LIMIT:
      g_value_set_uint (value, self->limit);
      break;
    case PROP_SECONDS:
      g_value_set_uint (value, self->seconds);
      break;
    case PROP_CONCURRENT_LIMIT:
      g_value_set_uint (value, self->concurrent_limit);
      break;
    case PROP_BUDGET:
      g_value_set_object (value, self->budget);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    case PROP_SEED:
      g_value_set_uint (value, self->seed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_throttle_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  SluiceThrottle *self = SLUICE_THROTTLE (object);

  switch (prop_id)
    {
    case PROP_LIMIT:
      sluice_throttle_set_limit (self, g_value_get_uint (value));
      break;
    case PROP_SECONDS:
      sluice_throttle_set_seconds (self, g_value_get_uint (value));
      break;
    case PROP_CONCURRENT_LIMIT:
      sluice_throttle_set_concurrent_limit (self, g_value_get_uint (value));
      break;
    case PROP_BUDGET:
      sluice_throttle_set_budget (self, g_value_get_object (value));
      break;
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    case PROP_SEED:
      self->seed = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_throttle_constructed (GObject *object)
{
  SluiceThrottle *self = SLUICE_THROTTLE (object);

  G_OBJECT_CLASS (sluice_throttle_parent_class)->constructed (object);

  if (self->clock == NULL)
    self->clock = g_object_ref (sluice_clock_get_system ());

  self->random = self->seed != 0 ? g_rand_new_with_seed (self->seed) : g_rand_new ();
  self->thread = g_thread_self ();
  self->context = g_main_context_ref_thread_default ();
  self->source = sluice_clock_create_source (self->clock);
  /* A callback may run a main loop of its own; the queue goes on meanwhile. */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_set_callback (self->source, dispatch_cb, self, NULL);
  g_source_attach (self->source, self->context);
  sluice_ticker_init (&self->ticker, object, self->clock, &properties[PROP_USED_IN_WINDOW],
                      PROP_PAUSE_REASON - PROP_USED_IN_WINDOW + 1);
}

static void
sluice_throttle_dispose (GObject *object)
{
  SluiceThrottle *self = SLUICE_THROTTLE (object);

  if (self->budget != NULL)
    g_clear_signal_handler (&self->budget_changed_id, self->budget);
  g_clear_object (&self->budget);

  G_OBJECT_CLASS (sluice_throttle_parent_class)->dispose (object);
}

static void
sluice_throttle_finalize (GObject *object)
{
  SluiceThrottle *self = SLUICE_THROTTLE (object);

  sluice_ticker_clear (&self->ticker);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_main_context_unref (self->context);
  sluice_start_window_clear (&self->window);
  g_rand_free (self->random);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (sluice_throttle_parent_class)->finalize (object);
}

static void
install_live_properties (void)
{
  GParamFlags live = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_USED_IN_WINDOW] = g_param_spec_uint ("used-in-window", NULL, NULL, 0, G_MAXUINT, 0, live);
  properties[PROP_IN_FLIGHT] = g_param_spec_uint ("in-flight", NULL, NULL, 0, G_MAXUINT, 0, live);
  properties[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, live);
  properties[PROP_NEXT_SLOT] = g_param_spec_int64 ("next-slot", NULL, NULL, 0, G_MAXINT64, 0, live);
  properties[PROP_DRAIN_TIME] = g_param_spec_int64 ("drain-time", NULL, NULL, 0, G_MAXINT64, 0, live);
  properties[PROP_PAUSED_UNTIL] = g_param_spec_int64 ("paused-until", NULL, NULL, 0, G_MAXINT64, 0, live);
  properties[PROP_PAUSE_REASON] = g_param_spec_enum ("pause-reason", NULL, NULL, SLUICE_TYPE_PAUSE_REASON,
                                                     SLUICE_PAUSE_NONE, live);
}

static void
sluice_throttle_class_init (SluiceThrottleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags setting = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sluice_throttle_get_property;
  object_class->set_property = sluice_throttle_set_property;
  object_class->constructed = sluice_throttle_constructed;
  object_class->dispose = sluice_throttle_dispose;
  object_class->finalize = sluice_throttle_finalize;

  install_live_properties ();
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 0, G_MAXUINT, 0, setting);
  properties[PROP_SECONDS] = g_param_spec_uint ("seconds", NULL, NULL, 0, G_MAXUINT, 0, setting);
  properties[PROP_CONCURRENT_LIMIT] = g_param_spec_uint ("concurrent-limit", NULL, NULL, 0, G_MAXUINT, 0, setting);
  properties[PROP_BUDGET] = g_param_spec_object ("budget", NULL, NULL, SLUICE_TYPE_BUDGET, setting);
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, SLUICE_TYPE_CLOCK, once);
  properties[PROP_SEED] = g_param_spec_uint ("seed", NULL, NULL, 0, G_MAXUINT, 0, once);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_throttle_init (SluiceThrottle *self)
{
  self->armed_at = -1;
}

/**
 * sluice_throttle_new:
 * @clock: (nullable): where time comes from, %NULL for the system's
 *
 * Makes a throttle without limits. It works in the thread's default main
 * context, and all its functions are to be called in that thread.
 *
 * Returns: (transfer full): the new throttle
 */
SluiceThrottle *
sluice_throttle_new (SluiceClock *clock)
{
  return g_object_new (SLUICE_TYPE_THROTTLE, "clock", clock, NULL);
}

/**
 * sluice_throttle_apply_settings:
 * @self: a throttle
 * @settings: a subscription's fields; those about the hub are not read
 *
 * Sets limit, window and concurrency, at once also for what waits.
 *
 * At every start the settings of that moment hold, over all starts before it:
 * those made under earlier settings count too.
 */
void
sluice_throttle_apply_settings (SluiceThrottle               *self,
                                const SluiceThrottleSettings *settings)
{
  g_return_if_fail (SLUICE_IS_THROTTLE (self));
  g_return_if_fail (settings != NULL);

  sluice_throttle_set_limit (self, settings->limit);
  sluice_throttle_set_seconds (self, settings->seconds);
  sluice_throttle_set_concurrent_limit (self, settings->concurrent);
}

/**
 * sluice_throttle_get_limit:
 * @self: a throttle
 *
 * Returns: calls that may start in any window, 0 = no limit
 */
guint
sluice_throttle_get_limit (SluiceThrottle *self)
{
  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  return self->limit;
}

/**
 * sluice_throttle_set_limit:
 * @self: a throttle
 * @limit: calls that may start in any window, 0 = no limit
 *
 * Sets the limit, see sluice_throttle_apply_settings().
 */
void
sluice_throttle_set_limit (SluiceThrottle *self,
                           guint           limit)
{
  g_return_if_fail (SLUICE_IS_THROTTLE (self));

  if (self->limit == limit)
    return;

  self->limit = limit;
  wake (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
}

/**
 * sluice_throttle_get_seconds:
 * @self: a throttle
 *
 * Returns: length of the window, in seconds
 */
guint
sluice_throttle_get_seconds (SluiceThrottle *self)
{
  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  return self->seconds;
}

/**
 * sluice_throttle_set_seconds:
 * @self: a throttle
 * @seconds: length of the window; with 0 there is no limit
 *
 * Sets the window, see sluice_throttle_apply_settings().
 */
void
sluice_throttle_set_seconds (SluiceThrottle *self,
                             guint           seconds)
{
  g_return_if_fail (SLUICE_IS_THROTTLE (self));

  if (self->seconds == seconds)
    return;

  self->seconds = seconds;
  wake (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECONDS]);
}

/**
 * sluice_throttle_get_concurrent_limit:
 * @self: a throttle
 *
 * Returns: calls that may be in flight at once, 0 = no limit
 */
guint
sluice_throttle_get_concurrent_limit (SluiceThrottle *self)
{
  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  return self->concurrent_limit;
}

/**
 * sluice_throttle_set_concurrent_limit:
 * @self: a throttle
 * @concurrent_limit: calls that may be in flight at once, 0 = no limit
 *
 * Sets the concurrency. Calls in flight stay so when it is lowered.
 */
void
sluice_throttle_set_concurrent_limit (SluiceThrottle *self,
                                      guint           concurrent_limit)
{
  g_return_if_fail (SLUICE_IS_THROTTLE (self));

  if (self->concurrent_limit == concurrent_limit)
    return;

  self->concurrent_limit = concurrent_limit;
  wake (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONCURRENT_LIMIT]);
}

/**
 * sluice_throttle_get_budget:
 * @self: a throttle
 *
 * Returns: (transfer none) (nullable): the budget of the org it sends to
 */
SluiceBudget *
sluice_throttle_get_budget (SluiceThrottle *self)
{
  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), NULL);

  return self->budget;
}

/**
 * sluice_throttle_set_budget:
 * @self: a throttle
 * @budget: (nullable): the budget of the org it sends to
 *
 * Sets the budget, as soon as the org is known. Calls in flight are the new
 * budget's no more than what its org says of them.
 */
void
sluice_throttle_set_budget (SluiceThrottle *self,
                            SluiceBudget   *budget)
{
  g_return_if_fail (SLUICE_IS_THROTTLE (self));

  if (self->budget == budget)
    return;

  if (self->budget != NULL)
    {
      g_clear_signal_handler (&self->budget_changed_id, self->budget);
      sluice_budget_calls_left (self->budget, self->budget_in_flight);
    }

  g_set_object (&self->budget, budget);
  self->budget_generation++;
  self->budget_in_flight = 0;

  if (budget != NULL)
    self->budget_changed_id = g_signal_connect_swapped (budget, "changed", G_CALLBACK (wake), self);

  wake (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUDGET]);
}

/**
 * sluice_throttle_get_used_in_window:
 * @self: a throttle
 *
 * Returns: calls that started within the window that ends now
 */
guint
sluice_throttle_get_used_in_window (SluiceThrottle *self)
{
  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  return sluice_start_window_used (&self->window, get_now (self) - window_length (self));
}

/**
 * sluice_throttle_get_in_flight:
 * @self: a throttle
 *
 * Returns: calls that started and have not ended
 */
guint
sluice_throttle_get_in_flight (SluiceThrottle *self)
{
  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  return self->in_flight;
}

/**
 * sluice_throttle_get_waiting:
 * @self: a throttle
 *
 * Returns: calls in the queue
 */
guint
sluice_throttle_get_waiting (SluiceThrottle *self)
{
  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  return self->waiting;
}

/**
 * sluice_throttle_get_next_slot:
 * @self: a throttle
 *
 * Returns: monotonic time, in microseconds, when the next waiting call starts
 *   if nothing happens before; 0 when none waits or only an event helps
 */
gint64
sluice_throttle_get_next_slot (SluiceThrottle *self)
{
  gint64 ready;
  gboolean contested;

  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  next_to_start (self, get_now (self), &ready, &contested);

  return MAX (ready, 0);
}

/**
 * sluice_throttle_get_drain_time:
 * @self: a throttle
 *
 * Returns: microseconds until everything that waits has started, as
 *   sluice_throttle_forecast() sees it
 */
gint64
sluice_throttle_get_drain_time (SluiceThrottle *self)
{
  SluiceForecast forecast;

  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  sluice_throttle_forecast (self, SLUICE_PRIORITY_BACKGROUND, 0, &forecast);

  return forecast.duration;
}

/**
 * sluice_throttle_get_paused_until:
 * @self: a throttle
 *
 * Returns: monotonic time, in microseconds, when the pause ends; 0 = not
 *   paused, %G_MAXINT64 = when the user resumes
 */
gint64
sluice_throttle_get_paused_until (SluiceThrottle *self)
{
  gint64 until;

  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), 0);

  until = sluice_throttle_get_pause_reason (self) == SLUICE_PAUSE_USER ? self->user_until : self->server_until;

  return until > get_now (self) ? until : 0;
}

/**
 * sluice_throttle_get_pause_reason:
 * @self: a throttle
 *
 * Returns: why calls wait; the server's reason before the user's
 */
SluicePauseReason
sluice_throttle_get_pause_reason (SluiceThrottle *self)
{
  gint64 now;

  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), SLUICE_PAUSE_NONE);

  now = get_now (self);

  if (self->server_until > now)
    return self->server_reason;

  return self->user_until > now ? SLUICE_PAUSE_USER : SLUICE_PAUSE_NONE;
}

/**
 * sluice_throttle_pause:
 * @self: a throttle
 * @until: monotonic time in microseconds, %G_MAXINT64 = until resumed
 * @reason: why; decides whether interactive calls pass
 *
 * Starts no more calls until @until. The user's pause and the server's are
 * kept apart: one does not end the other.
 */
void
sluice_throttle_pause (SluiceThrottle    *self,
                       gint64             until,
                       SluicePauseReason  reason)
{
  g_return_if_fail (SLUICE_IS_THROTTLE (self));
  g_return_if_fail (reason != SLUICE_PAUSE_NONE);

  if (reason == SLUICE_PAUSE_USER)
    {
      self->user_until = until;
    }
  else
    {
      self->server_until = until;
      self->server_reason = reason;
    }

  wake (self);
}

/**
 * sluice_throttle_resume:
 * @self: a throttle
 *
 * Ends every pause by hand, and forgets how often the server refused.
 */
void
sluice_throttle_resume (SluiceThrottle *self)
{
  g_return_if_fail (SLUICE_IS_THROTTLE (self));

  self->user_until = 0;
  forget_refusals (self);
  wake (self);
}

/**
 * sluice_throttle_enqueue:
 * @self: a throttle
 * @priority: who goes first, when there is no @claim
 * @claim: (nullable): the claim this call belongs to; gives the priority
 * @func: starts the call
 * @user_data: data for @func
 *
 * Queues a call: the light way, about a hundred bytes and no object for each.
 *
 * Interactive calls go first, but of ten starts one is a background call's
 * while such calls could go; so neither ever waits for ever. Within a priority
 * it is first in, first out, except that calls with a claim go on while the
 * org's budget holds the others back. A call beyond its claim is like one
 * without.
 *
 * Returns: (transfer none): the waiting call; @func gets it when it starts,
 *   and sluice_slot_free() takes it out of the queue before that
 */
SluiceSlot *
sluice_throttle_enqueue (SluiceThrottle *self,
                         SluicePriority  priority,
                         SluiceClaim    *claim,
                         SluiceSlotFunc  func,
                         gpointer        user_data)
{
  SluiceSlot *slot;

  g_return_val_if_fail (SLUICE_IS_THROTTLE (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  slot = g_new0 (SluiceSlot, 1);
  slot->throttle = g_object_ref (self);
  slot->func = func;
  slot->user_data = user_data;
  slot->place = self->arrivals++;

  if (claim != NULL)
    {
      priority = sluice_claim_get_priority (claim);
      if (sluice_claim_reserve (claim))
        slot->claim = sluice_claim_ref (claim);
    }

  if (priority == SLUICE_PRIORITY_INTERACTIVE)
    slot->lane = LANE_INTERACTIVE;
  else
    slot->lane = slot->claim != NULL ? LANE_CLAIMED : LANE_BACKGROUND;

  lane_push (self, slot);
  wake (self);

  return slot;
}

typedef struct
{
  SluiceSlot *slot; /* (nullable): while it waits */
  gulong cancelled_id;
} Acquire;

static void
acquire_started_cb (SluiceSlot *slot,
                    gpointer    user_data)
{
  g_autoptr(GTask) task = user_data;
  Acquire *acquire = g_task_get_task_data (task);

  if (acquire != NULL)
    {
      acquire->slot = NULL;
      g_signal_handler_disconnect (g_task_get_cancellable (task), acquire->cancelled_id);
    }

  g_task_return_pointer (task, slot, (GDestroyNotify) sluice_slot_free);
}

static gboolean
acquire_give_up_cb (gpointer user_data)
{
  GTask *task = user_data;
  Acquire *acquire = g_task_get_task_data (task);

  if (acquire->slot == NULL)
    return G_SOURCE_REMOVE;

  g_clear_pointer (&acquire->slot, sluice_slot_free);
  /* Not g_cancellable_disconnect(): it would wait for the handler that may be calling us. */
  g_signal_handler_disconnect (g_task_get_cancellable (task), acquire->cancelled_id);
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);

  return G_SOURCE_REMOVE;
}

static void
acquire_cancelled_cb (GCancellable *cancellable,
                      gpointer      user_data)
{
  GTask *task = user_data;
  SluiceThrottle *self = g_task_get_source_object (task);
  g_autoptr(GSource) source = NULL;

  if (g_thread_self () == self->thread)
    {
      acquire_give_up_cb (task);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_callback (source, acquire_give_up_cb, g_object_ref (task), g_object_unref);
  g_source_attach (source, self->context);
}

/**
 * sluice_throttle_acquire_async:
 * @self: a throttle
 * @priority: who goes first, when there is no @claim
 * @claim: (nullable): the claim this call belongs to
 * @cancellable: (nullable): takes the call out of the queue
 * @callback: called once, when the call may start or was cancelled
 * @user_data: data for @callback
 *
 * Waits for its turn, see sluice_throttle_enqueue(). Waiting never fails, it
 * can only be cancelled.
 */
void
sluice_throttle_acquire_async (SluiceThrottle      *self,
                               SluicePriority       priority,
                               SluiceClaim         *claim,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Acquire *acquire;

  g_return_if_fail (SLUICE_IS_THROTTLE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_throttle_acquire_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (cancellable == NULL)
    {
      sluice_throttle_enqueue (self, priority, claim, acquire_started_cb, g_steal_pointer (&task));
      return;
    }

  acquire = g_new0 (Acquire, 1);
  g_task_set_task_data (task, acquire, g_free);
  acquire->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (acquire_cancelled_cb), task);
  acquire->slot = sluice_throttle_enqueue (self, priority, claim, acquire_started_cb, task);
  g_steal_pointer (&task);
}

/**
 * sluice_throttle_acquire_finish:
 * @self: a throttle
 * @result: what the callback got
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the started call; to be given up with
 *   sluice_slot_release(), sluice_slot_refuse() or sluice_slot_free()
 */
SluiceSlot *
sluice_throttle_acquire_finish (SluiceThrottle  *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
budget_claim_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  SluiceClaim *claim = sluice_budget_claim_finish (SLUICE_BUDGET (object), result, &error);

  if (claim != NULL)
    g_task_return_pointer (task, claim, (GDestroyNotify) sluice_claim_unref);
  else
    g_task_return_error (task, error);
}

/**
 * sluice_throttle_claim_async:
 * @self: a throttle
 * @priority: for whom the calls are
 * @n_calls: how many calls the work needs
 * @cancellable: (nullable): gives up waiting
 * @callback: called when the calls are promised or never can be
 * @user_data: data for @callback
 *
 * Claims calls of the org's day, see sluice_budget_claim_async(). Granted at
 * once while the throttle has no budget.
 */
void
sluice_throttle_claim_async (SluiceThrottle      *self,
                             SluicePriority       priority,
                             guint                n_calls,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_THROTTLE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_throttle_claim_async);

  if (self->budget == NULL)
    g_task_return_pointer (task, sluice_claim_new_unbounded (priority, n_calls), (GDestroyNotify) sluice_claim_unref);
  else
    sluice_budget_claim_async (self->budget, priority, n_calls, cancellable, budget_claim_cb, g_steal_pointer (&task));
}

/**
 * sluice_throttle_claim_finish:
 * @self: a throttle
 * @result: what the callback got
 * @error: as of sluice_budget_claim_finish()
 *
 * Returns: (transfer full) (nullable): the claim
 */
SluiceClaim *
sluice_throttle_claim_finish (SluiceThrottle  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sluice_throttle_forecast:
 * @self: a throttle
 * @priority: for whom the calls would be
 * @n_calls: how many calls the work needs
 * @forecast: (out caller-allocates): where the answer goes
 *
 * Tells what a piece of work would cost if it were queued now, behind all that
 * waits: by the window, and by the concurrency and the mean length of a call.
 */
void
sluice_throttle_forecast (SluiceThrottle *self,
                          SluicePriority  priority,
                          guint64         n_calls,
                          SluiceForecast *forecast)
{
  gint64 now;
  gint64 begin;
  guint64 total;
  Lane lane = priority == SLUICE_PRIORITY_INTERACTIVE ? LANE_INTERACTIVE : LANE_BACKGROUND;

  g_return_if_fail (SLUICE_IS_THROTTLE (self));
  g_return_if_fail (forecast != NULL);

  now = get_now (self);
  begin = MAX (now, lane_paused_until (self, lane));
  total = self->waiting + n_calls;

  forecast->calls = n_calls;
  forecast->calls_left = self->budget != NULL ? sluice_budget_get_left (self->budget, priority) : -1;
  forecast->fits = forecast->calls_left < 0 || n_calls <= (guint64) forecast->calls_left;
  forecast->duration = 0;

  if (total == 0)
    return;

  if (begin == G_MAXINT64)
    {
      forecast->duration = G_MAXINT64;
      return;
    }

  if (has_window (self))
    begin = sluice_start_window_next (&self->window, self->limit, window_length (self),
                                      (guint) MIN (total - 1, G_MAXUINT32), begin);

  forecast->duration = begin - now;

  if (self->concurrent_limit > 0)
    forecast->duration = MAX (forecast->duration,
                              (gint64) (self->mean_duration * (double) (total - 1) / self->concurrent_limit));
}

/* Gives up the place of a call, in the queue or in flight. */
static void
slot_leave (SluiceSlot *slot)
{
  g_autoptr(SluiceThrottle) self = g_steal_pointer (&slot->throttle);

  if (slot->lane != LANE_NONE)
    {
      lane_remove (self, slot);
      if (slot->claim != NULL)
        sluice_claim_unreserve (slot->claim);
    }
  else
    {
      double duration = (double) (get_now (self) - slot->place);

      self->in_flight--;
      self->mean_duration += (duration - self->mean_duration) / 8;

      if (self->budget != NULL && slot->budget_generation == self->budget_generation)
        {
          self->budget_in_flight--;
          sluice_budget_call_ended (self->budget, slot->budget_serial);
        }
    }

  g_clear_pointer (&slot->claim, sluice_claim_unref);
  g_free (slot);
  wake (self);
}

/**
 * sluice_slot_get_started:
 * @slot: a started call
 *
 * Returns: monotonic time, in microseconds, when it started
 */
gint64
sluice_slot_get_started (SluiceSlot *slot)
{
  g_return_val_if_fail (slot != NULL && slot->lane == LANE_NONE, 0);

  return slot->place;
}

/**
 * sluice_slot_release:
 * @slot: (transfer full): a started call
 * @outcome: how it ended
 *
 * Ends a call. An answer to a call that started after a refusal shows that the
 * server is well again: the pause ends and its growth is forgotten.
 */
void
sluice_slot_release (SluiceSlot    *slot,
                     SluiceOutcome  outcome)
{
  SluiceThrottle *self;

  g_return_if_fail (slot != NULL && slot->lane == LANE_NONE);

  self = slot->throttle;

  if (outcome == SLUICE_OUTCOME_OK && slot->pause_serial == self->pause_serial)
    forget_refusals (self);

  slot_leave (slot);
}

/**
 * sluice_slot_refuse:
 * @slot: (transfer full): a started call
 * @reason: what the server said
 * @retry_after: µs that the server asked to wait, -1 = it did not say
 *
 * Ends a call that the server refused for a limit (403
 * `REQUEST_LIMIT_EXCEEDED`) or an overload (503), and pauses the queue.
 *
 * The wait is 5 seconds, doubles with each refusal in a row up to 5 minutes,
 * and varies by a fifth, so that programs do not come back together; for the
 * day's limit it is an hour, and the org's budget is told. Calls that were in
 * flight together count as one refusal. A wait that the server asks for is
 * kept instead, up to a day.
 *
 * Returns: monotonic time, in microseconds, when the pause ends
 */
gint64
sluice_slot_refuse (SluiceSlot        *slot,
                    SluicePauseReason  reason,
                    gint64             retry_after)
{
  SluiceThrottle *self;
  gboolean first;
  gint64 now;
  gint64 until;

  g_return_val_if_fail (slot != NULL && slot->lane == LANE_NONE, 0);
  g_return_val_if_fail (reason > SLUICE_PAUSE_USER, 0);

  self = slot->throttle;
  now = get_now (self);
  first = slot->pause_serial == self->pause_serial;

  if (first)
    {
      self->pause_serial++;
      self->refusals++;
    }

  if (first || self->server_until <= now || retry_after >= 0)
    {
      self->server_until = MAX (self->server_until, now + pause_length (self, reason, retry_after));
      self->server_reason = reason;
    }

  until = self->server_until;

  if (reason == SLUICE_PAUSE_DAILY_LIMIT && self->budget != NULL)
    sluice_budget_exhaust (self->budget);

  slot_leave (slot);

  return until;
}

/**
 * sluice_slot_free:
 * @slot: (transfer full): a waiting or started call
 *
 * Gives up a call whatever its state. A waiting one never starts; for a
 * started one it is sluice_slot_release() with %SLUICE_OUTCOME_FAILED.
 */
void
sluice_slot_free (SluiceSlot *slot)
{
  g_return_if_fail (slot != NULL);

  slot_leave (slot);
}
