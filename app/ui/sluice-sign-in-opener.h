/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "sluice-sign-in.h"

G_BEGIN_DECLS

void sluice_sign_in_opener_open (GtkWidget    *parent,
                                 SluiceSignIn *sign_in);

G_END_DECLS
