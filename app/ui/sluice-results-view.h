/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-record-list.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULTS_VIEW (sluice_results_view_get_type ())

G_DECLARE_FINAL_TYPE (SluiceResultsView, sluice_results_view, SLUICE, RESULTS_VIEW, AdwBin)

void sluice_results_view_set_records (SluiceResultsView *self,
                                      SluiceRecordList  *records);

G_END_DECLS
