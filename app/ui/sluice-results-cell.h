/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkListItemFactory *sluice_results_cell_factory_new  (guint      column,
                                                      gboolean   numeric);

gboolean            sluice_results_cell_is           (GtkWidget *widget);
guint               sluice_results_cell_get_column   (GtkWidget *cell);
guint               sluice_results_cell_get_position (GtkWidget *cell);

G_END_DECLS
