/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-query-library.h"

G_BEGIN_DECLS

void sluice_query_name_dialog_save   (GtkWidget          *parent,
                                      SluiceQueryLibrary *library,
                                      const char         *text);
void sluice_query_name_dialog_rename (GtkWidget          *parent,
                                      SluiceQueryLibrary *library,
                                      SluiceStoredQuery  *query);

G_END_DECLS
