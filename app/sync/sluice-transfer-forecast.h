/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-connection.h"
#include "sluice-transport.h"

G_BEGIN_DECLS

/**
 * SluiceTransferForecast:
 * @transport: how the records would be read
 * @reason: why so, for the user
 * @rows: how many records there are, -1 when the org cannot tell
 * @calls: about how many calls it takes, 0 when not known
 * @calls_left: calls of the org's day that are free for it, -1 when not known
 * @duration: µs until the last call has started, at this throttle and behind everything that waits now
 * @fits: whether the org's day has room for it
 *
 * What a transfer will cost.
 */
typedef struct
{
  SluiceTransport transport;
  char *reason;
  gint64 rows;
  guint calls;
  gint64 calls_left;
  gint64 duration;
  gboolean fits;
} SluiceTransferForecast;

void                    sluice_transfer_forecast_async  (SluiceConnection        *connection,
                                                         const char              *soql,
                                                         gboolean                 all_rows,
                                                         SluiceTransport          wanted,
                                                         SluicePriority           priority,
                                                         GCancellable            *cancellable,
                                                         GAsyncReadyCallback      callback,
                                                         gpointer                 user_data);
SluiceTransferForecast *sluice_transfer_forecast_finish (SluiceConnection        *connection,
                                                         GAsyncResult            *result,
                                                         GError                 **error);
void                    sluice_transfer_forecast_free   (SluiceTransferForecast  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceTransferForecast, sluice_transfer_forecast_free)

G_END_DECLS
