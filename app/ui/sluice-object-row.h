/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-object-item.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_OBJECT_ROW (sluice_object_row_get_type ())

G_DECLARE_FINAL_TYPE (SluiceObjectRow, sluice_object_row, SLUICE, OBJECT_ROW, AdwBin)

GtkWidget *sluice_object_row_new      (void);
void       sluice_object_row_set_item (SluiceObjectRow  *self,
                                       SluiceObjectItem *item);

G_END_DECLS
