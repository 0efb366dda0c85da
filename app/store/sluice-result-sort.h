/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-store.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULT_SORT (sluice_result_sort_get_type ())

/**
 * SluiceResultSort:
 *
 * Sorts the rows of a result by one column, in a worker and with no more
 * memory than a few megabytes: parts are sorted in memory and merged on disk.
 */
G_DECLARE_FINAL_TYPE (SluiceResultSort, sluice_result_sort, SLUICE, RESULT_SORT, GObject)

SluiceResultSort  *sluice_result_sort_new          (SluiceResultStore    *store,
                                                    guint                 column,
                                                    gboolean              descending);
void               sluice_result_sort_set_run_size (SluiceResultSort     *self,
                                                    gsize                 run_size);
double             sluice_result_sort_get_progress (SluiceResultSort     *self);

void               sluice_result_sort_run_async    (SluiceResultSort     *self,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
SluiceResultOrder *sluice_result_sort_run_finish   (SluiceResultSort     *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
