/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceLoopbackFunc:
 * @code: (nullable) (transfer full): the authorisation code, to be freed with sluice_secret_free()
 * @error: (nullable) (transfer full): why there is none
 * @user_data: data for the function
 *
 * Told once, when the browser brought the answer of the sign-in.
 */
typedef void (* SluiceLoopbackFunc) (char     *code,
                                     GError   *error,
                                     gpointer  user_data);

#define SLUICE_TYPE_LOOPBACK (sluice_loopback_get_type ())

/**
 * SluiceLoopback:
 *
 * The listener of one sign-in: takes the redirect that the browser follows to
 * this computer (RFC 8252, section 7.3), and answers with a page for the user.
 *
 * It binds 127.0.0.1 and ::1 on one port. Whatever does not carry the `state`
 * of this sign-in is refused, and it goes on waiting.
 */
G_DECLARE_FINAL_TYPE (SluiceLoopback, sluice_loopback, SLUICE, LOOPBACK, GObject)

SluiceLoopback *sluice_loopback_new              (const char           *path,
                                                  const char           *state,
                                                  SluiceLoopbackFunc    func,
                                                  gpointer              user_data);
void            sluice_loopback_listen_async     (SluiceLoopback       *self,
                                                  const guint16        *ports,
                                                  guint                 n_ports,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean        sluice_loopback_listen_finish    (SluiceLoopback       *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void            sluice_loopback_close            (SluiceLoopback       *self);
const char     *sluice_loopback_get_redirect_uri (SluiceLoopback       *self);
guint16         sluice_loopback_get_port         (SluiceLoopback       *self);

G_END_DECLS
