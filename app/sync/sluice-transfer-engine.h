/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-page-feed.h"
#include "sluice-sink.h"
#include "sluice-transfer-point.h"

G_BEGIN_DECLS

/**
 * SluiceTransferCounts:
 * @rows: records that are in the sink
 * @total: how many there will be, -1 when not known
 * @bytes: what was received, inflated
 * @calls: how often the org was asked
 *
 * How far a transfer has come.
 */
typedef struct
{
  guint64 rows;
  gint64 total;
  guint64 bytes;
  guint64 calls;
} SluiceTransferCounts;

/**
 * SluiceTransferEngine:
 *
 * Reads the pages of a query and adds their records to a sink. It runs in a
 * worker thread; how far it has come may be asked in any other.
 */
typedef struct _SluiceTransferEngine SluiceTransferEngine;

SluiceTransferEngine *sluice_transfer_engine_new          (SluiceSink              *sink,
                                                           SluiceTransferPoint     *point);
void                  sluice_transfer_engine_free         (SluiceTransferEngine    *self);

void                  sluice_transfer_engine_set_total    (SluiceTransferEngine    *self,
                                                           gint64                   total);
gboolean              sluice_transfer_engine_note         (SluiceTransferEngine    *self,
                                                           GError                 **error);
gboolean              sluice_transfer_engine_run          (SluiceTransferEngine    *self,
                                                           const SluicePageSource  *source,
                                                           guint64                  max_total,
                                                           GCancellable            *cancellable,
                                                           GError                 **error);
void                  sluice_transfer_engine_get_counts   (SluiceTransferEngine    *self,
                                                           SluiceTransferCounts    *counts);
gboolean              sluice_transfer_engine_get_kept     (SluiceTransferEngine    *self);
gboolean              sluice_transfer_engine_get_too_many (SluiceTransferEngine    *self);
SluiceTransferPoint  *sluice_transfer_engine_get_point    (SluiceTransferEngine    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceTransferEngine, sluice_transfer_engine_free)

G_END_DECLS
