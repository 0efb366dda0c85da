/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GError   *sluice_transport_error_new        (const GError *error);
GError   *sluice_transport_error_new_broken (const GError *error,
                                             guint         status,
                                             const char   *request_id);
gboolean  sluice_transport_error_is_loss    (const GError *error);

G_END_DECLS
