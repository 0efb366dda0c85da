/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-result-list.h"
#include "sluice-subscription.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULTS_VIEW (sluice_results_view_get_type ())

G_DECLARE_FINAL_TYPE (SluiceResultsView, sluice_results_view, SLUICE, RESULTS_VIEW, AdwBin)

void sluice_results_view_set_list         (SluiceResultsView  *self,
                                           SluiceResultList   *list);
void sluice_results_view_set_subscription (SluiceResultsView  *self,
                                           SluiceSubscription *subscription);

G_END_DECLS
