/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sluice_open_file      (GtkWidget  *widget,
                            GFile      *file);
void sluice_open_folder_of (GtkWidget  *widget,
                            GFile      *file);

G_END_DECLS
