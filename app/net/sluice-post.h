/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  sluice_post (GMainContext *context,
                   GSourceFunc   func,
                   gpointer      user_data);

G_END_DECLS
