/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-stored-query.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_QUERY_ROW (sluice_query_row_get_type ())

G_DECLARE_FINAL_TYPE (SluiceQueryRow, sluice_query_row, SLUICE, QUERY_ROW, AdwBin)

GtkWidget *sluice_query_row_new       (void);

void       sluice_query_row_set_query (SluiceQueryRow    *self,
                                       SluiceStoredQuery *query,
                                       guint              position);

G_END_DECLS
