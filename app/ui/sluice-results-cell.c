/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-results-cell.h"

#include "sluice-result-list.h"

/* One text in the table. There are thousands, so it is the cheapest widget there is. */
typedef struct
{
  GtkWidget *widget;
  GtkListItem *item;    /* (unowned) */
  SluiceResultRow *row; /* (nullable), while it waits for the disk */
  guint column;
  gboolean dimmed;
} Cell;

static GQuark
cell_quark (void)
{
  return g_quark_from_static_string ("sluice-results-cell");
}

static Cell *
get_cell (GtkWidget *widget)
{
  return g_object_get_qdata (G_OBJECT (widget), cell_quark ());
}

static void
set_dimmed (Cell     *cell,
            gboolean  dimmed)
{
  if (cell->dimmed == dimmed)
    return;

  cell->dimmed = dimmed;
  if (dimmed)
    gtk_widget_add_css_class (cell->widget, "dim-label");
  else
    gtk_widget_remove_css_class (cell->widget, "dim-label");
}

static void
show_text (Cell            *cell,
           SluiceResultRow *row)
{
  const char *text = sluice_result_row_get_text (row, cell->column);

  if (sluice_result_row_get_filled (row))
    set_dimmed (cell, text == NULL || sluice_result_row_get_kind (row, cell->column) == SLUICE_CELL_JSON);

  /* No value is not the same as an empty text. */
  if (text == NULL && sluice_result_row_get_filled (row))
    text = "—";
  gtk_inscription_set_text (GTK_INSCRIPTION (cell->widget), text);
}

static void
stop_waiting (Cell *cell)
{
  if (cell->row == NULL)
    return;

  g_signal_handlers_disconnect_by_data (cell->row, cell);
  g_clear_object (&cell->row);
}

static void
filled_cb (SluiceResultRow *row,
           Cell            *cell)
{
  show_text (cell, row);
  stop_waiting (cell);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  gboolean numeric = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (factory), "numeric"));
  Cell *cell = g_new0 (Cell, 1);

  cell->widget = gtk_inscription_new (NULL);
  cell->item = item;
  cell->column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  g_object_set_qdata_full (G_OBJECT (cell->widget), cell_quark (), cell, g_free);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell->widget), numeric ? 1 : 0);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell->widget), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  if (numeric)
    gtk_widget_add_css_class (cell->widget, "numeric");

  gtk_column_view_cell_set_focusable (GTK_COLUMN_VIEW_CELL (item), TRUE);
  gtk_list_item_set_child (item, cell->widget);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  Cell *cell = get_cell (gtk_list_item_get_child (item));
  SluiceResultRow *row = gtk_list_item_get_item (item);

  show_text (cell, row);
  if (sluice_result_row_get_filled (row))
    return;

  cell->row = g_object_ref (row);
  g_signal_connect (row, "filled", G_CALLBACK (filled_cb), cell);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  user_data)
{
  stop_waiting (get_cell (gtk_list_item_get_child (item)));
}

/**
 * sluice_results_cell_factory_new:
 * @column: which column of the rows the cells show
 * @numeric: whether it has numbers
 *
 * Returns: (transfer full): what makes the cells of one column
 */
GtkListItemFactory *
sluice_results_cell_factory_new (guint    column,
                                 gboolean numeric)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (column));
  g_object_set_data (G_OBJECT (factory), "numeric", GINT_TO_POINTER (numeric));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  return factory;
}

/**
 * sluice_results_cell_is:
 * @widget: a widget
 *
 * Returns: whether @widget is such a cell
 */
gboolean
sluice_results_cell_is (GtkWidget *widget)
{
  return get_cell (widget) != NULL;
}

/**
 * sluice_results_cell_get_column:
 * @cell: a cell
 *
 * Returns: the column of the rows that it shows
 */
guint
sluice_results_cell_get_column (GtkWidget *cell)
{
  g_return_val_if_fail (sluice_results_cell_is (cell), 0);

  return get_cell (cell)->column;
}

/**
 * sluice_results_cell_get_position:
 * @cell: a cell
 *
 * Returns: the position of the row that it shows
 */
guint
sluice_results_cell_get_position (GtkWidget *cell)
{
  g_return_val_if_fail (sluice_results_cell_is (cell), GTK_INVALID_LIST_POSITION);

  return gtk_list_item_get_position (get_cell (cell)->item);
}
