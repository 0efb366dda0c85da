/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-clock.h"
#include "sluice-priority.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_BUDGET_STATE (sluice_budget_state_get_type ())

/**
 * SluiceBudgetState:
 * @SLUICE_BUDGET_UNKNOWN: the org has not said its numbers yet; nothing is held back
 * @SLUICE_BUDGET_OK: there is plenty
 * @SLUICE_BUDGET_WARNING: 80 % are used
 * @SLUICE_BUDGET_BACKGROUND_PAUSED: 95 % are used, and it has not fallen below 75 % since
 * @SLUICE_BUDGET_EXHAUSTED: nothing is left, or the org refused a call for it
 *
 * How much of the org's daily calls is used, of what the reserve leaves to us.
 */
typedef enum
{
  SLUICE_BUDGET_UNKNOWN,
  SLUICE_BUDGET_OK,
  SLUICE_BUDGET_WARNING,
  SLUICE_BUDGET_BACKGROUND_PAUSED,
  SLUICE_BUDGET_EXHAUSTED,
} SluiceBudgetState;

GType              sluice_budget_state_get_type         (void);

#define SLUICE_TYPE_BUDGET (sluice_budget_get_type ())

/**
 * SluiceBudget:
 *
 * The API calls an org has for one rolling day, shared by every throttle that
 * sends to this org.
 *
 * The org's word counts: every answer carries `Sforce-Limit-Info`. Between two
 * answers the calls that started are added. Use falls only when the org says
 * so. Background work pauses at 95 % and resumes below 75 %; so that the news
 * arrives while it pauses, one background call is let through every 15 minutes
 * (every hour when nothing is left), and #SluiceBudget::refresh-wanted asks
 * for `/limits` when only claims wait. Interactive calls are never held back:
 * a person waits for them, they are few, and the org has the last word.
 *
 * Properties, all but `reserve` read-only: `used` (uint64), `limit` (uint64,
 * 0 = not known), `app-used` and `app-limit` (uint64, the quota of our
 * connected app, 0 = none), `claimed` (uint64, promised to work that runs),
 * `left` (int64, calls still free for background work, -1 = not known),
 * `fraction` (double, 0 to 1 of what the reserve leaves to us), `state`
 * (SluiceBudgetState), `reserve` (uint64, calls left to others). `state` is
 * notified at once, the others at most ten times a second.
 */
G_DECLARE_FINAL_TYPE (SluiceBudget, sluice_budget, SLUICE, BUDGET, GObject)

/**
 * SluiceClaim:
 *
 * Calls of an org's budget that are promised to one piece of work.
 *
 * Each call that is acquired with the claim uses one up. What is left goes
 * back when the last reference is dropped.
 */
typedef struct _SluiceClaim SluiceClaim;

SluiceBudget      *sluice_budget_new                    (SluiceClock          *clock);
SluiceBudget      *sluice_budget_get_for_org            (const char           *org_id,
                                                         SluiceClock          *clock);

void               sluice_budget_update                 (SluiceBudget         *self,
                                                         guint64               used,
                                                         guint64               limit);
gboolean           sluice_budget_update_from_header     (SluiceBudget         *self,
                                                         const char           *header);
void               sluice_budget_exhaust                (SluiceBudget         *self);

guint64            sluice_budget_get_used               (SluiceBudget         *self);
guint64            sluice_budget_get_limit              (SluiceBudget         *self);
guint64            sluice_budget_get_app_used           (SluiceBudget         *self);
guint64            sluice_budget_get_app_limit          (SluiceBudget         *self);
guint64            sluice_budget_get_claimed            (SluiceBudget         *self);
gint64             sluice_budget_get_left               (SluiceBudget         *self,
                                                         SluicePriority        priority);
double             sluice_budget_get_fraction           (SluiceBudget         *self);
SluiceBudgetState  sluice_budget_get_state              (SluiceBudget         *self);
guint64            sluice_budget_get_reserve            (SluiceBudget         *self);
void               sluice_budget_set_reserve            (SluiceBudget         *self,
                                                         guint64               reserve);

void               sluice_budget_claim_async            (SluiceBudget         *self,
                                                         SluicePriority        priority,
                                                         guint                 n_calls,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
SluiceClaim       *sluice_budget_claim_finish           (SluiceBudget         *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

SluiceClaim       *sluice_claim_ref                     (SluiceClaim          *self);
void               sluice_claim_unref                   (SluiceClaim          *self);
guint              sluice_claim_get_remaining           (SluiceClaim          *self);
SluicePriority     sluice_claim_get_priority            (SluiceClaim          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceClaim, sluice_claim_unref)

G_END_DECLS
