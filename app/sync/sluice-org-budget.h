/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-budget.h"

G_BEGIN_DECLS

char *sluice_org_budget_dup_org_id (const char   *identity_url);
void  sluice_org_budget_reserve    (SluiceBudget *budget,
                                    gpointer      holder,
                                    guint         calls);
void  sluice_org_budget_update     (SluiceBudget *budget,
                                    GListModel   *limits);

G_END_DECLS
