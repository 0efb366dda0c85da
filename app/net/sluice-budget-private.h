/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-budget.h"

G_BEGIN_DECLS

/* What only the throttle asks of a budget. */

gint64   sluice_budget_get_background_ready (SluiceBudget *self);
guint32  sluice_budget_call_started         (SluiceBudget *self,
                                             gboolean      held);
void     sluice_budget_call_ended           (SluiceBudget *self,
                                             guint32       serial);
void     sluice_budget_calls_left           (SluiceBudget *self,
                                             guint         n_calls);

gboolean sluice_claim_reserve               (SluiceClaim  *self);
void     sluice_claim_unreserve             (SluiceClaim  *self);
void     sluice_claim_use                   (SluiceClaim  *self);

SluiceClaim *sluice_claim_new_unbounded     (SluicePriority priority,
                                             guint          n_calls);

G_END_DECLS
