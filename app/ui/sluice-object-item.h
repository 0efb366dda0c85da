/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-object-info.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_OBJECT_ITEM (sluice_object_item_get_type ())

G_DECLARE_FINAL_TYPE (SluiceObjectItem, sluice_object_item, SLUICE, OBJECT_ITEM, GObject)

SluiceObjectItem *sluice_object_item_new       (SluiceObjectInfo *info);

SluiceObjectInfo *sluice_object_item_get_info  (SluiceObjectItem *self);
void              sluice_object_item_set_count (SluiceObjectItem *self,
                                                gint64            count);
gboolean          sluice_object_item_matches   (SluiceObjectItem *self,
                                                const char       *folded);
int               sluice_object_item_compare   (SluiceObjectItem *a,
                                                SluiceObjectItem *b);

G_END_DECLS
