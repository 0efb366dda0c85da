/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-object-describe.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_CHILD_ITEM (sluice_child_item_get_type ())

G_DECLARE_FINAL_TYPE (SluiceChildItem, sluice_child_item, SLUICE, CHILD_ITEM, GObject)

SluiceChildItem *sluice_child_item_new        (const SluiceChildRelationship *child);

const char      *sluice_child_item_get_object (SluiceChildItem               *self);

G_END_DECLS
