/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the columns of a table of SluiceFieldInfo show. A cell's links activate `objects.show`, its buttons
 * `object.copy`. */
GtkListItemFactory *sluice_field_columns_new_name    (void);
GtkListItemFactory *sluice_field_columns_new_type    (void);
GtkListItemFactory *sluice_field_columns_new_details (void);
GtkListItemFactory *sluice_field_columns_new_copy    (void);

G_END_DECLS
