/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-store.h"

G_BEGIN_DECLS

/**
 * SluiceResultMatch:
 * @n_matches: how many rows have the text
 * @number: which of them this is, from 1; 0 when there is none
 * @position: where it stands
 * @column: the first of its cells that has the text
 *
 * A row that was found.
 */
typedef struct
{
  guint n_matches;
  guint number;
  guint position;
  guint column;
} SluiceResultMatch;

#define SLUICE_TYPE_RESULT_FIND (sluice_result_find_get_type ())

/**
 * SluiceResultFind:
 *
 * Finds the rows that have a text in one of their cells, in whatever case, in
 * a worker. It remembers them in one bit a row, so that only new rows are
 * looked at again.
 */
G_DECLARE_FINAL_TYPE (SluiceResultFind, sluice_result_find, SLUICE, RESULT_FIND, GObject)

SluiceResultFind *sluice_result_find_new         (SluiceResultStore    *store,
                                                  const char           *text);
double            sluice_result_find_get_progress (SluiceResultFind    *self);

void              sluice_result_find_next_async  (SluiceResultFind     *self,
                                                  SluiceResultOrder    *order,
                                                  guint                 from,
                                                  gboolean              forward,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          sluice_result_find_next_finish (SluiceResultFind     *self,
                                                  GAsyncResult         *result,
                                                  SluiceResultMatch    *match,
                                                  GError              **error);

G_END_DECLS
