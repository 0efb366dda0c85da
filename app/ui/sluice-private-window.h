/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-sign-in.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_PRIVATE_WINDOW (sluice_private_window_get_type ())

G_DECLARE_FINAL_TYPE (SluicePrivateWindow, sluice_private_window, SLUICE, PRIVATE_WINDOW, GObject)

gboolean             sluice_private_window_is_available (void);
SluicePrivateWindow *sluice_private_window_open         (SluiceSignIn         *sign_in,
                                                         GError              **error);
void                 sluice_private_window_close        (SluicePrivateWindow  *self);

G_END_DECLS
