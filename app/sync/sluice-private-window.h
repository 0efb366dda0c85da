/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-sign-in.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_PRIVATE_WINDOW (sluice_private_window_get_type ())

/**
 * SluicePrivateWindow:
 *
 * The pages of one sign-in in a program of its own, `sluice-sign-in-window`,
 * whose session is forgotten with its window.
 *
 * The program learns the addresses through a pipe, never on its command line,
 * and sees no token. An error page that it shows ends the sign-in with advice;
 * closing it cancels the sign-in. It goes away when the browser's part is over
 * and when the sign-in's `with` becomes something else.
 */
G_DECLARE_FINAL_TYPE (SluicePrivateWindow, sluice_private_window, SLUICE, PRIVATE_WINDOW, GObject)

SluicePrivateWindow *sluice_private_window_new          (SluiceSignIn         *sign_in,
                                                         const char           *program);

gboolean             sluice_private_window_is_available (void);

void                 sluice_private_window_run_async    (SluicePrivateWindow  *self,
                                                         const char           *parent,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
gboolean             sluice_private_window_run_finish   (SluicePrivateWindow  *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

G_END_DECLS
