/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-store.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULT_ROW (sluice_result_row_get_type ())

/**
 * SluiceResultRow:
 *
 * One row of a result, as a table shows it. It may have to wait for the disk:
 * then it has no texts yet.
 *
 * Signal `filled`: the texts are there.
 */
G_DECLARE_FINAL_TYPE (SluiceResultRow, sluice_result_row, SLUICE, RESULT_ROW, GObject)

gboolean            sluice_result_row_get_filled       (SluiceResultRow    *self);
const char         *sluice_result_row_get_text         (SluiceResultRow    *self,
                                                        guint               column);
SluiceCellKind      sluice_result_row_get_kind         (SluiceResultRow    *self,
                                                        guint               column);

#define SLUICE_TYPE_RESULT_LIST (sluice_result_list_get_type ())

/**
 * SluiceResultList:
 *
 * A GListModel of SluiceResultRow over a store, also while that is being
 * filled. It reads nothing itself and keeps few rows: what a view looks at is
 * fetched in blocks by a worker, the newest wish first, and wishes that nobody
 * has any more are dropped.
 *
 * Read-only properties: `ready` (gboolean: the first rows have texts, or there
 * will be none), `sorting` (gboolean), `error` (boxed GError, nullable: why
 * rows cannot be read or sorted).
 */
G_DECLARE_FINAL_TYPE (SluiceResultList, sluice_result_list, SLUICE, RESULT_LIST, GObject)

SluiceResultList   *sluice_result_list_new             (SluiceResultStore  *store);

SluiceResultStore  *sluice_result_list_get_store       (SluiceResultList   *self);
SluiceResultOrder  *sluice_result_list_get_order       (SluiceResultList   *self);
gboolean            sluice_result_list_get_ready       (SluiceResultList   *self);
const GError       *sluice_result_list_get_error       (SluiceResultList   *self);

void                sluice_result_list_sort            (SluiceResultList   *self,
                                                        guint               column,
                                                        gboolean            descending);
void                sluice_result_list_unsort          (SluiceResultList   *self);
gboolean            sluice_result_list_get_sorting     (SluiceResultList   *self);
double              sluice_result_list_get_progress    (SluiceResultList   *self);
guint               sluice_result_list_get_n_reads     (SluiceResultList   *self);

G_END_DECLS
