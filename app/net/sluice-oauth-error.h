/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GError   *sluice_oauth_error_new           (const char   *server_code,
                                            const char   *server_text,
                                            guint         http_status);
gboolean  sluice_oauth_error_is_dead_token (const GError *error);

G_END_DECLS
