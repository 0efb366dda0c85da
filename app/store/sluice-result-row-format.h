/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

/*
 * A row on disk: for each cell its length and kind in one number of 7 bits a
 * byte, the lowest first, then the bytes of all cells one after another. So the
 * lengths can be read without the cells, and an empty cell takes one byte.
 */

void     sluice_result_row_append (GByteArray       *out,
                                   const SluiceCell *cells,
                                   guint             n_columns);
gsize    sluice_result_row_parse  (const guint8     *data,
                                   gsize             size,
                                   SluiceCell       *cells,
                                   guint             n_columns,
                                   gsize            *header);

/* How much the lengths of a row can take. */
#define SLUICE_RESULT_ROW_MAX_HEADER(n_columns) ((gsize) (n_columns) * 5)

G_END_DECLS
