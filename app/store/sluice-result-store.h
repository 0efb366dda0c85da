/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-block.h"
#include "sluice-result-order.h"
#include "sluice-sink.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULT_STORE (sluice_result_store_get_type ())

/**
 * SluiceResultStore:
 *
 * The sink that keeps the rows of a query for the window: in a file without a
 * name, so that memory does not grow with them. They can be read while more
 * come, from any thread.
 *
 * Signal `changed`: more rows are there, or the last one is; emitted on the
 * main context of the thread that made the store, at most ten times a second.
 */
G_DECLARE_FINAL_TYPE (SluiceResultStore, sluice_result_store, SLUICE, RESULT_STORE, SluiceSink)

SluiceResultStore  *sluice_result_store_new           (const char           *folder);

const char * const *sluice_result_store_get_columns   (SluiceResultStore    *self,
                                                       guint                *n_columns);
guint               sluice_result_store_get_n_rows    (SluiceResultStore    *self);
gboolean            sluice_result_store_get_complete  (SluiceResultStore    *self);
gboolean            sluice_result_store_get_numeric   (SluiceResultStore    *self,
                                                       guint                 column);
const char         *sluice_result_store_get_folder    (SluiceResultStore    *self);

void                sluice_result_store_read_async    (SluiceResultStore    *self,
                                                       SluiceResultOrder    *order,
                                                       guint                 first,
                                                       guint                 n_rows,
                                                       gboolean              preview,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
SluiceResultBlock  *sluice_result_store_read_finish   (SluiceResultStore    *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);
SluiceResultBlock  *sluice_result_store_read          (SluiceResultStore    *self,
                                                       SluiceResultOrder    *order,
                                                       guint                 first,
                                                       guint                 n_rows,
                                                       gboolean              preview,
                                                       GError              **error);

G_END_DECLS
