/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"

G_BEGIN_DECLS

/* For worker threads: the calls run in the main context as all others do, and the thread waits for them. */
SluiceReply *sluice_waiting_send     (SluiceClient         *client,
                                      const SluiceRequest  *request,
                                      GCancellable         *cancellable,
                                      GError              **error);
gboolean     sluice_waiting_download (SluiceClient         *client,
                                      const SluiceRequest  *request,
                                      const char           *path,
                                      GCancellable         *cancellable,
                                      GError              **error);
gboolean     sluice_waiting_pause    (SluiceClient         *client,
                                      gint64                microseconds,
                                      GCancellable         *cancellable,
                                      GError              **error);

G_END_DECLS
