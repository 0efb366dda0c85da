/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-store.h"

G_BEGIN_DECLS

/**
 * SluiceResultScan:
 *
 * Goes once through the rows of a result in the order in which they came.
 * For one thread.
 */
typedef struct _SluiceResultScan SluiceResultScan;

SluiceResultScan *sluice_result_scan_new        (SluiceResultStore  *store,
                                                 guint               first,
                                                 GError            **error);
void              sluice_result_scan_free       (SluiceResultScan   *self);

guint             sluice_result_scan_get_n_rows (SluiceResultScan   *self);
const SluiceCell *sluice_result_scan_next       (SluiceResultScan   *self,
                                                 GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceResultScan, sluice_result_scan_free)

G_END_DECLS
