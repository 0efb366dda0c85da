/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void    sluice_token_endpoint_post_async  (SoupSession          *session,
                                           const char           *login_url,
                                           const char           *path,
                                           GBytes               *form,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GBytes *sluice_token_endpoint_post_finish (GAsyncResult         *result,
                                           guint                *http_status,
                                           char                **content_type,
                                           GError              **error);

G_END_DECLS
