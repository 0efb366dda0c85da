/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-connection.h"
#include "sluice-sink.h"
#include "sluice-transport.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_TRANSFER_STATE (sluice_transfer_state_get_type ())

/**
 * SluiceTransferState:
 * @SLUICE_TRANSFER_WAITING: it has not been started
 * @SLUICE_TRANSFER_PREPARING: it finds out how to read, or waits for a Bulk job
 * @SLUICE_TRANSFER_RUNNING: records come
 * @SLUICE_TRANSFER_DONE: all records are there
 * @SLUICE_TRANSFER_STOPPED: somebody stopped it
 * @SLUICE_TRANSFER_FAILED: it ended with an error
 *
 * Where a transfer is.
 */
typedef enum
{
  SLUICE_TRANSFER_WAITING,
  SLUICE_TRANSFER_PREPARING,
  SLUICE_TRANSFER_RUNNING,
  SLUICE_TRANSFER_DONE,
  SLUICE_TRANSFER_STOPPED,
  SLUICE_TRANSFER_FAILED,
} SluiceTransferState;

GType sluice_transfer_state_get_type (void);

#define SLUICE_TYPE_TRANSFER (sluice_transfer_get_type ())

/**
 * SluiceTransfer:
 *
 * Reads the records of a query into a sink: the one way from an org to a file,
 * a table or the screen.
 *
 * Pages are read ahead in threads of their own and parsed in another, so that
 * the main loop has nothing to do but to show how far it is. Memory is bounded
 * by the pages in flight; a slow sink slows the server. Where the sink is
 * durable, an interrupted run, even one that was killed, can be taken up again.
 *
 * Properties, all read-only, the numbers notified at most ten times a second:
 * `state` (SluiceTransferState), `transport` (SluiceTransport, the chosen one
 * once it is chosen), `transport-reason` (nullable text for the user), `rows`
 * (uint64), `total` (int64, -1 = not known), `bytes` (uint64, received and
 * inflated), `calls` (uint64), `elapsed` (int64, µs), `rate` (double, rows a
 * second), `remaining` (int64, seconds, -1 = not known), `resumable` (boolean,
 * whether what was interrupted can be taken up again), `missing` (int64: how
 * many records fewer came than the org had announced; 0 unless it is done).
 */
G_DECLARE_FINAL_TYPE (SluiceTransfer, sluice_transfer, SLUICE, TRANSFER, GObject)

SluiceTransfer      *sluice_transfer_new                  (SluiceConnection     *connection,
                                                           const char           *soql,
                                                           gboolean              all_rows,
                                                           SluiceTransport       transport,
                                                           SluicePriority        priority,
                                                           SluiceSink           *sink);

void                 sluice_transfer_run_async            (SluiceTransfer       *self,
                                                           gboolean              resume,
                                                           GCancellable         *cancellable,
                                                           GAsyncReadyCallback   callback,
                                                           gpointer              user_data);
gboolean             sluice_transfer_run_finish           (SluiceTransfer       *self,
                                                           GAsyncResult         *result,
                                                           GError              **error);

SluiceTransferState  sluice_transfer_get_state            (SluiceTransfer       *self);
SluiceTransport      sluice_transfer_get_transport        (SluiceTransfer       *self);
const char          *sluice_transfer_get_transport_reason (SluiceTransfer       *self);
guint64              sluice_transfer_get_rows             (SluiceTransfer       *self);
gint64               sluice_transfer_get_total            (SluiceTransfer       *self);
guint64              sluice_transfer_get_bytes            (SluiceTransfer       *self);
guint64              sluice_transfer_get_calls            (SluiceTransfer       *self);
gint64               sluice_transfer_get_elapsed          (SluiceTransfer       *self);
double               sluice_transfer_get_rate             (SluiceTransfer       *self);
gint64               sluice_transfer_get_remaining        (SluiceTransfer       *self);
gboolean             sluice_transfer_get_resumable        (SluiceTransfer       *self);
gint64               sluice_transfer_get_missing          (SluiceTransfer       *self);

G_END_DECLS
