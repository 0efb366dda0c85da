/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

SoupSession  *sluice_session_new          (guint                 concurrent_limit);
SoupMessage  *sluice_session_new_message  (const char           *method,
                                           const char           *url,
                                           GError              **error);
gboolean      sluice_session_check_length (SoupMessage          *message,
                                           GError              **error);
char         *sluice_session_redact       (const char           *text);

G_END_DECLS
