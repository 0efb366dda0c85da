/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-query-library.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_QUERY_POPOVER (sluice_query_popover_get_type ())

G_DECLARE_FINAL_TYPE (SluiceQueryPopover, sluice_query_popover, SLUICE, QUERY_POPOVER, GtkPopover)

void sluice_query_popover_set_library (SluiceQueryPopover *self,
                                       SluiceQueryLibrary *library);

G_END_DECLS
