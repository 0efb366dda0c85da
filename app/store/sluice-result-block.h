/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

/**
 * SluiceResultBlock:
 *
 * Some rows in memory. Never changes once it is made, so threads may share it.
 */
typedef struct _SluiceResultBlock SluiceResultBlock;

/* As much of a cell as a table can show. */
#define SLUICE_RESULT_PREVIEW_BYTES 400

SluiceResultBlock *sluice_result_block_new         (guint                    n_columns);
void               sluice_result_block_add_row     (SluiceResultBlock       *self,
                                                    const SluiceCell        *cells);
void               sluice_result_block_add_preview (SluiceResultBlock       *self,
                                                    const SluiceCell        *cells);
SluiceResultBlock *sluice_result_block_ref         (SluiceResultBlock       *self);
void               sluice_result_block_unref       (SluiceResultBlock       *self);

guint              sluice_result_block_get_n_rows  (const SluiceResultBlock *self);
gsize              sluice_result_block_get_size    (const SluiceResultBlock *self);
const char        *sluice_result_block_get_text    (const SluiceResultBlock *self,
                                                    guint                    row,
                                                    guint                    column);
SluiceCellKind     sluice_result_block_get_kind    (const SluiceResultBlock *self,
                                                    guint                    row,
                                                    guint                    column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceResultBlock, sluice_result_block_unref)

G_END_DECLS
