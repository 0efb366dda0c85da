/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SluiceJsonTable:
 * @columns: (array zero-terminated=1): the names of the columns
 * @rows: (element-type GStrv): for each row one text per column, an empty one for null
 *
 * What a %SLUICE_CELL_JSON cell holds, as a table: the rows of a subquery, or
 * the parts of a compound value.
 */
typedef struct
{
  char **columns;
  GPtrArray *rows;
} SluiceJsonTable;

char            *sluice_json_cell_dup_summary (const char      *json,
                                               gsize            length);
gint64           sluice_json_cell_count       (const char      *json,
                                               gsize            length);
SluiceJsonTable *sluice_json_cell_read_table  (const char      *json,
                                               gsize            length);
void             sluice_json_table_free       (SluiceJsonTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceJsonTable, sluice_json_table_free)

G_END_DECLS
