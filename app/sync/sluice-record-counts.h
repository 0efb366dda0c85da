/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-connection.h"

G_BEGIN_DECLS

void        sluice_record_counts_read_async  (SluiceConnection     *connection,
                                              const char           *object,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GHashTable *sluice_record_counts_read_finish (SluiceConnection     *connection,
                                              GAsyncResult         *result,
                                              GError              **error);
gint64      sluice_record_counts_get         (GHashTable           *counts,
                                              const char           *object);

G_END_DECLS
