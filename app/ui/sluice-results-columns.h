/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_RESULTS_COLUMNS (sluice_results_columns_get_type ())

/**
 * SluiceResultsColumns:
 *
 * The columns of a wide table. Only those in sight are there, with cells; room
 * is left for the others at both sides. What the user makes of widths and order
 * is remembered for as long as the program runs, and found again by the names
 * of the columns.
 */
G_DECLARE_FINAL_TYPE (SluiceResultsColumns, sluice_results_columns, SLUICE, RESULTS_COLUMNS, GObject)

SluiceResultsColumns *sluice_results_columns_new        (GtkColumnView        *view,
                                                         GtkAdjustment        *hadjustment,
                                                         GMenuModel           *header_menu);

void                  sluice_results_columns_build      (SluiceResultsColumns *self,
                                                         const char * const   *names,
                                                         guint                 n_columns,
                                                         const int            *widths,
                                                         const gboolean       *numeric);
void                  sluice_results_columns_clear      (SluiceResultsColumns *self);

guint                 sluice_results_columns_get_n      (SluiceResultsColumns *self);
guint                *sluice_results_columns_dup_order  (SluiceResultsColumns *self);
void                  sluice_results_columns_reveal     (SluiceResultsColumns *self,
                                                         guint                 column);
GtkColumnViewColumn  *sluice_results_columns_get_column (SluiceResultsColumns *self,
                                                         guint                 column);
gboolean              sluice_results_columns_find       (SluiceResultsColumns *self,
                                                         GtkColumnViewColumn  *view_column,
                                                         guint                *column);

G_END_DECLS
