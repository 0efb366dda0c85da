/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-budget.h"
#include "sluice-clock.h"
#include "sluice-priority.h"
#include "sluice-throttle-settings.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_PAUSE_REASON (sluice_pause_reason_get_type ())

/**
 * SluicePauseReason:
 * @SLUICE_PAUSE_NONE: calls go out
 * @SLUICE_PAUSE_USER: the user holds background work back
 * @SLUICE_PAUSE_CONCURRENT_LIMIT: the org runs too many long calls at once
 * @SLUICE_PAUSE_DAILY_LIMIT: the org's calls of the day are used up
 * @SLUICE_PAUSE_UNAVAILABLE: the server is down or overloaded
 *
 * Why nothing goes out. Under @SLUICE_PAUSE_USER and
 * @SLUICE_PAUSE_DAILY_LIMIT interactive calls still pass, because waiting does
 * not help the server and a person may want to try by hand; under the others
 * nothing passes.
 */
typedef enum
{
  SLUICE_PAUSE_NONE,
  SLUICE_PAUSE_USER,
  SLUICE_PAUSE_CONCURRENT_LIMIT,
  SLUICE_PAUSE_DAILY_LIMIT,
  SLUICE_PAUSE_UNAVAILABLE,
} SluicePauseReason;

GType              sluice_pause_reason_get_type         (void);

/**
 * SluiceOutcome:
 * @SLUICE_OUTCOME_OK: the server answered; ends a pause that the call outlived
 * @SLUICE_OUTCOME_FAILED: no answer, which says nothing about limits
 *
 * How a call ended. A call that the server refused for a limit ends with
 * sluice_slot_refuse() instead.
 */
typedef enum
{
  SLUICE_OUTCOME_OK,
  SLUICE_OUTCOME_FAILED,
} SluiceOutcome;

#define SLUICE_TYPE_THROTTLE (sluice_throttle_get_type ())

/**
 * SluiceThrottle:
 *
 * Hands out permissions to start a call, so that a subscription's limits hold.
 *
 * Properties: `clock` (construct-only), `seed` (uint, construct-only, of the
 * jitter, 0 = any), `limit` (uint, calls that may start in any window, 0 = no
 * limit), `seconds` (uint, length of that window), `concurrent-limit` (uint,
 * 0 = no limit), `budget` (nullable SluiceBudget). Read-only and live:
 * `used-in-window` (uint), `in-flight` (uint), `waiting` (uint), `next-slot`
 * (int64, monotonic µs when the next waiting call starts if nothing happens
 * before, 0 = nothing waits or only the end of a call helps), `drain-time`
 * (int64, µs until all that waits has started), `paused-until` (int64,
 * monotonic µs, 0 = not paused, %G_MAXINT64 = until resumed), `pause-reason`
 * (SluicePauseReason). These are notified at most ten times a second.
 */
G_DECLARE_FINAL_TYPE (SluiceThrottle, sluice_throttle, SLUICE, THROTTLE, GObject)

/**
 * SluiceSlot:
 *
 * The place of one call: first in the queue, then in flight.
 *
 * Giving it up is right at any time and leaves nothing behind: a waiting call
 * leaves the queue and its callback is never called, a running one frees its
 * place in flight.
 */
typedef struct _SluiceSlot SluiceSlot;

/**
 * SluiceSlotFunc:
 * @slot: (transfer full): the started call, the same that sluice_throttle_enqueue() returned
 * @user_data: as given to sluice_throttle_enqueue()
 *
 * Starts the call. Called once, from the main context, never from inside
 * another function of the throttle.
 */
typedef void (* SluiceSlotFunc) (SluiceSlot *slot,
                                 gpointer    user_data);

/**
 * SluiceForecast:
 * @calls: calls needed
 * @calls_left: calls of the org's day that are free for this priority, -1 = not known
 * @duration: µs until the last of them has started, behind everything that waits now
 * @fits: whether the org's day has room for them
 *
 * What a piece of work will cost.
 */
typedef struct
{
  guint64 calls;
  gint64 calls_left;
  gint64 duration;
  gboolean fits;
} SluiceForecast;

SluiceThrottle    *sluice_throttle_new                  (SluiceClock                  *clock);

void               sluice_throttle_apply_settings       (SluiceThrottle               *self,
                                                         const SluiceThrottleSettings *settings);
guint              sluice_throttle_get_limit            (SluiceThrottle               *self);
void               sluice_throttle_set_limit            (SluiceThrottle               *self,
                                                         guint                         limit);
guint              sluice_throttle_get_seconds          (SluiceThrottle               *self);
void               sluice_throttle_set_seconds          (SluiceThrottle               *self,
                                                         guint                         seconds);
guint              sluice_throttle_get_concurrent_limit (SluiceThrottle               *self);
void               sluice_throttle_set_concurrent_limit (SluiceThrottle               *self,
                                                         guint                         concurrent_limit);
SluiceBudget      *sluice_throttle_get_budget           (SluiceThrottle               *self);
void               sluice_throttle_set_budget           (SluiceThrottle               *self,
                                                         SluiceBudget                 *budget);

guint              sluice_throttle_get_used_in_window   (SluiceThrottle               *self);
guint              sluice_throttle_get_in_flight        (SluiceThrottle               *self);
guint              sluice_throttle_get_waiting          (SluiceThrottle               *self);
gint64             sluice_throttle_get_next_slot        (SluiceThrottle               *self);
gint64             sluice_throttle_get_drain_time       (SluiceThrottle               *self);
gint64             sluice_throttle_get_paused_until     (SluiceThrottle               *self);
SluicePauseReason  sluice_throttle_get_pause_reason     (SluiceThrottle               *self);

void               sluice_throttle_pause                (SluiceThrottle               *self,
                                                         gint64                        until,
                                                         SluicePauseReason             reason);
void               sluice_throttle_resume               (SluiceThrottle               *self);

void               sluice_throttle_acquire_async        (SluiceThrottle               *self,
                                                         SluicePriority                priority,
                                                         SluiceClaim                  *claim,
                                                         GCancellable                 *cancellable,
                                                         GAsyncReadyCallback           callback,
                                                         gpointer                      user_data);
SluiceSlot        *sluice_throttle_acquire_finish       (SluiceThrottle               *self,
                                                         GAsyncResult                 *result,
                                                         GError                      **error);

void               sluice_throttle_claim_async          (SluiceThrottle               *self,
                                                         SluicePriority                priority,
                                                         guint                         n_calls,
                                                         GCancellable                 *cancellable,
                                                         GAsyncReadyCallback           callback,
                                                         gpointer                      user_data);
SluiceClaim       *sluice_throttle_claim_finish         (SluiceThrottle               *self,
                                                         GAsyncResult                 *result,
                                                         GError                      **error);

void               sluice_throttle_forecast             (SluiceThrottle               *self,
                                                         SluicePriority                priority,
                                                         guint64                       n_calls,
                                                         SluiceForecast               *forecast);

SluiceSlot        *sluice_throttle_enqueue              (SluiceThrottle               *self,
                                                         SluicePriority                priority,
                                                         SluiceClaim                  *claim,
                                                         SluiceSlotFunc                func,
                                                         gpointer                      user_data);

gint64             sluice_slot_get_started              (SluiceSlot                   *slot);
void               sluice_slot_release                  (SluiceSlot                   *slot,
                                                         SluiceOutcome                 outcome);
gint64             sluice_slot_refuse                   (SluiceSlot                   *slot,
                                                         SluicePauseReason             reason,
                                                         gint64                        retry_after);
void               sluice_slot_free                     (SluiceSlot                   *slot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceSlot, sluice_slot_free)

G_END_DECLS
