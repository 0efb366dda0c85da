/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-result-run.h"
#include "sluice-subscription.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULTS_PANE (sluice_results_pane_get_type ())

G_DECLARE_FINAL_TYPE (SluiceResultsPane, sluice_results_pane, SLUICE, RESULTS_PANE, AdwBin)

void        sluice_results_pane_set_run          (SluiceResultsPane  *self,
                                                  SluiceResultRun    *run);
void        sluice_results_pane_set_subscription (SluiceResultsPane  *self,
                                                  SluiceSubscription *subscription);
const char *sluice_results_pane_get_status_text  (SluiceResultsPane  *self);

G_END_DECLS
