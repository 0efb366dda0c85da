/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-clock.h"

G_BEGIN_DECLS

void     sluice_delay_async  (SluiceClock          *clock,
                              gint64                microseconds,
                              GCancellable         *cancellable,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data);
gboolean sluice_delay_finish (GAsyncResult         *result,
                              GError              **error);

G_END_DECLS
