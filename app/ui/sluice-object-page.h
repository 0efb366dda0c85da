/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-connection.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_OBJECT_PAGE (sluice_object_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceObjectPage, sluice_object_page, SLUICE, OBJECT_PAGE, AdwBin)

void        sluice_object_page_show     (SluiceObjectPage *self,
                                         SluiceConnection *connection,
                                         const char       *name);
void        sluice_object_page_look_again (SluiceObjectPage *self);
const char *sluice_object_page_get_name (SluiceObjectPage *self);

G_END_DECLS
