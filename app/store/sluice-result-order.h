/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-file.h"

G_BEGIN_DECLS

/**
 * SluiceResultOrder:
 *
 * Which row of a result stands where. On disk, with four bytes for a row.
 * Never changes once it is made, so threads may share it.
 */
typedef struct _SluiceResultOrder SluiceResultOrder;

SluiceResultOrder *sluice_result_order_new        (SluiceResultFile         *file,
                                                   guint                     n_rows);
SluiceResultOrder *sluice_result_order_ref        (SluiceResultOrder        *self);
void               sluice_result_order_unref      (SluiceResultOrder        *self);

guint              sluice_result_order_get_n_rows (const SluiceResultOrder  *self);
gboolean           sluice_result_order_read       (const SluiceResultOrder  *self,
                                                   guint                     first,
                                                   guint                     n_rows,
                                                   guint32                  *rows,
                                                   GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceResultOrder, sluice_result_order_unref)

G_END_DECLS
