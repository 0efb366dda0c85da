/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-results-columns.h"

#include "sluice-results-cell.h"

/* What is kept ready beside the columns in sight, and from where on columns are given up. */
#define READY_WIDTH 250
#define KEEP_WIDTH 500

typedef struct
{
  guint index;
  GtkColumnViewColumn *view_column;
} Column;

/* How a user has arranged the columns of a query. */
typedef struct
{
  guint n_columns;
  guint *order;
  int *widths;
} Arrangement;

struct _SluiceResultsColumns
{
  GObject parent_instance;

  GtkColumnView *view;        /* (unowned) */
  GtkAdjustment *hadjustment;
  GMenuModel *header_menu;
  GtkColumnViewColumn *before; /* the room of the columns out of sight */
  GtkColumnViewColumn *after;
  GPtrArray *columns;         /* (element-type Column), as in the query */
  char *names;                /* (nullable), all of them */
  guint update_id;
  gboolean changing;
};

G_DEFINE_FINAL_TYPE (SluiceResultsColumns, sluice_results_columns, G_TYPE_OBJECT)

static void
arrangement_free (gpointer data)
{
  Arrangement *arrangement = data;

  g_free (arrangement->order);
  g_free (arrangement->widths);
  g_free (arrangement);
}

static GHashTable *
get_arrangements (void)
{
  static GHashTable *arrangements;

  if (arrangements == NULL)
    arrangements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, arrangement_free);

  return arrangements;
}

static Column *
get_column (GtkColumnViewColumn *view_column)
{
  return g_object_get_data (G_OBJECT (view_column), "column");
}

static void
remember (SluiceResultsColumns *self)
{
  Arrangement *arrangement;

  if (self->names == NULL)
    return;

  arrangement = g_new0 (Arrangement, 1);
  arrangement->n_columns = self->columns->len;
  arrangement->order = sluice_results_columns_dup_order (self);
  arrangement->widths = g_new (int, self->columns->len);
  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = g_ptr_array_index (self->columns, i);

      arrangement->widths[i] = gtk_column_view_column_get_fixed_width (column->view_column);
    }

  g_hash_table_replace (get_arrangements (), g_strdup (self->names), arrangement);
}

/* The row of the cell that has the focus, and the cell. */
static GtkWidget *
find_focused_cell (SluiceResultsColumns *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->view));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *child;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)))
    return NULL;

  child = gtk_widget_get_first_child (focus);

  return child != NULL && sluice_results_cell_is (child) ? focus : NULL;
}

/* A cell that goes away must not take the focus out of the table. */
static void
move_focus (SluiceResultsColumns *self,
            GtkWidget            *row)
{
  double value = gtk_adjustment_get_value (self->hadjustment);

  for (GtkWidget *cell = gtk_widget_get_first_child (row); cell != NULL; cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *child = gtk_widget_get_first_child (cell);

      if (child != NULL && sluice_results_cell_is (child) && gtk_widget_grab_focus (cell))
        break;
    }

  /* Nothing scrolls by itself. */
  gtk_adjustment_set_value (self->hadjustment, value);
}

static void
set_room (GtkColumnViewColumn *column,
          int                  width)
{
  gtk_column_view_column_set_fixed_width (column, width);
}

static int
get_width (GtkColumnViewColumn *column)
{
  return gtk_column_view_column_get_fixed_width (column);
}

/* The room goes to both ends again when the user has moved a column beyond it. */
static void
move_room (SluiceResultsColumns *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  guint n_columns = g_list_model_get_n_items (columns);
  g_autoptr(GtkColumnViewColumn) first = g_list_model_get_item (columns, 0);
  g_autoptr(GtkColumnViewColumn) last = g_list_model_get_item (columns, n_columns - 1);

  if (first != self->before)
    gtk_column_view_insert_column (self->view, 0, self->before);
  if (last != self->after)
    gtk_column_view_insert_column (self->view, n_columns - 1, self->after);
}

typedef struct
{
  double start;
  double end;
} Span;

static gboolean
overlaps (const Span *span,
          double      margin,
          int         start,
          int         width)
{
  return start + width >= span->start - margin && start <= span->end + margin;
}

static void
update_columns (SluiceResultsColumns *self,
                const Span           *sight)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  guint n_columns = g_list_model_get_n_items (columns);
  int position = 0;
  int before = 0;
  int after = 0;
  gboolean seen = FALSE;

  for (guint i = 0; i < n_columns; i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      int width = get_width (column);
      gboolean visible = gtk_column_view_column_get_visible (column);

      if (get_column (column) == NULL)
        continue;

      visible = overlaps (sight, visible ? KEEP_WIDTH : READY_WIDTH, position, width);
      gtk_column_view_column_set_visible (column, visible);
      seen = seen || visible;
      if (!visible && !seen)
        before += width;
      else if (!visible)
        after += width;
      position += width;
    }

  gtk_column_view_column_set_visible (self->before, before > 0);
  set_room (self->before, before);
  set_room (self->after, after);
}

/* Where a cell stands in its row: the room at the beginning, the columns in their order, the room at the end. */
static int
get_place (SluiceResultsColumns *self,
           const int            *places,
           GtkWidget            *cell)
{
  GtkWidget *child = gtk_widget_get_first_child (cell);

  if (child != NULL && sluice_results_cell_is (child))
    return places[sluice_results_cell_get_column (child)];

  return child != NULL && g_object_get_data (G_OBJECT (child), "before") != NULL ? -1 : G_MAXINT;
}

/* Moves each cell that stands before a smaller one; nearly always there is none. */
static void
order_row (SluiceResultsColumns *self,
           const int            *places,
           GtkWidget            *row)
{
  GtkWidget *cell = gtk_widget_get_first_child (row);

  while (cell != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (cell);
      GtkWidget *after = gtk_widget_get_prev_sibling (cell);
      int place = get_place (self, places, cell);

      while (after != NULL && get_place (self, places, after) > place)
        after = gtk_widget_get_prev_sibling (after);
      if (after != gtk_widget_get_prev_sibling (cell))
        gtk_widget_insert_after (cell, row, after);
      cell = next;
    }
}

/* A column that comes into sight puts its cells behind all others, where neither keys nor screen readers look for them. */
static void
order_cells (SluiceResultsColumns *self)
{
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (self->view));
  g_autofree guint *order = sluice_results_columns_dup_order (self);
  g_autofree int *places = g_new (int, self->columns->len);

  for (guint i = 0; i < self->columns->len; i++)
    places[order[i]] = (int) i;

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    order_row (self, places, row);
}

static gboolean
update (gpointer user_data)
{
  SluiceResultsColumns *self = user_data;
  double value = gtk_adjustment_get_value (self->hadjustment);
  double size = gtk_adjustment_get_page_size (self->hadjustment);
  Span sight = { value, value + size };
  GtkWidget *kept = NULL;
  GtkWidget *focused, *row;

  self->update_id = 0;
  if (self->columns->len == 0 || size <= 0)
    return G_SOURCE_REMOVE;

  focused = find_focused_cell (self);
  row = focused != NULL ? gtk_widget_get_parent (focused) : NULL;
  g_set_weak_pointer (&kept, focused);

  self->changing = TRUE;
  move_room (self);
  update_columns (self, &sight);
  order_cells (self);
  self->changing = FALSE;

  if (row != NULL && (kept == NULL || gtk_widget_get_parent (kept) != row))
    move_focus (self, row);
  g_clear_weak_pointer (&kept);

  return G_SOURCE_REMOVE;
}

/* Adjustments change while the view is laid out, when nothing else may change; and before it is laid out again. */
static void
update_soon (SluiceResultsColumns *self)
{
  if (self->update_id == 0 && !self->changing)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update, self, NULL);
}

static void
arranged_cb (SluiceResultsColumns *self)
{
  if (self->changing)
    return;

  remember (self);
  update_soon (self);
}

static void
sluice_results_columns_dispose (GObject *object)
{
  SluiceResultsColumns *self = SLUICE_RESULTS_COLUMNS (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  if (self->hadjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->hadjustment, self);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (gtk_column_view_get_columns (self->view), self);
  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = g_ptr_array_index (self->columns, i);

      g_signal_handlers_disconnect_by_data (column->view_column, self);
    }
  self->view = NULL;
  g_clear_object (&self->hadjustment);
  g_clear_object (&self->header_menu);
  g_clear_object (&self->before);
  g_clear_object (&self->after);

  G_OBJECT_CLASS (sluice_results_columns_parent_class)->dispose (object);
}

static void
sluice_results_columns_finalize (GObject *object)
{
  SluiceResultsColumns *self = SLUICE_RESULTS_COLUMNS (object);

  g_ptr_array_unref (self->columns);
  g_free (self->names);

  G_OBJECT_CLASS (sluice_results_columns_parent_class)->finalize (object);
}

static void
sluice_results_columns_class_init (SluiceResultsColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_results_columns_dispose;
  object_class->finalize = sluice_results_columns_finalize;
}

static void
column_free (gpointer data)
{
  Column *column = data;

  g_object_set_data (G_OBJECT (column->view_column), "column", NULL);
  g_object_unref (column->view_column);
  g_free (column);
}

static void
sluice_results_columns_init (SluiceResultsColumns *self)
{
  self->columns = g_ptr_array_new_with_free_func (column_free);
}

static void
room_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  GtkWidget *child = gtk_inscription_new (NULL);

  g_object_set_data (G_OBJECT (child), "before", user_data);
  gtk_list_item_set_focusable (item, FALSE);
  gtk_list_item_set_child (item, child);
}

/* Cells must have a child, and it must be a cheap one. */
static GtkColumnViewColumn *
make_room (gboolean before)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (room_setup_cb), GINT_TO_POINTER (before));

  return gtk_column_view_column_new (NULL, factory);
}

/**
 * sluice_results_columns_new:
 * @view: a view without columns
 * @hadjustment: what scrolls it
 * @header_menu: the menu of the headers; its items get the index of their column as target
 *
 * Returns: (transfer full): no columns yet
 */
SluiceResultsColumns *
sluice_results_columns_new (GtkColumnView *view,
                            GtkAdjustment *hadjustment,
                            GMenuModel    *header_menu)
{
  SluiceResultsColumns *self;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);
  g_return_val_if_fail (GTK_IS_ADJUSTMENT (hadjustment), NULL);

  self = g_object_new (SLUICE_TYPE_RESULTS_COLUMNS, NULL);
  self->view = view;
  self->hadjustment = g_object_ref (hadjustment);
  g_set_object (&self->header_menu, header_menu);
  self->before = make_room (TRUE);
  self->after = make_room (FALSE);
  gtk_column_view_column_set_expand (self->after, TRUE);
  g_signal_connect_swapped (hadjustment, "changed", G_CALLBACK (update_soon), self);
  g_signal_connect_swapped (hadjustment, "value-changed", G_CALLBACK (update_soon), self);
  g_signal_connect_swapped (gtk_column_view_get_columns (view), "items-changed", G_CALLBACK (arranged_cb), self);

  return self;
}

/* A menu knows nothing of what it belongs to, so each column has one of its own. */
static GMenuModel *
make_menu (SluiceResultsColumns *self,
           guint                 index)
{
  GMenu *menu = g_menu_new ();

  for (int i = 0; i < g_menu_model_get_n_items (self->header_menu); i++)
    {
      g_autoptr(GMenuItem) item = g_menu_item_new_from_model (self->header_menu, i);
      g_autoptr(GVariant) action = g_menu_item_get_attribute_value (item, G_MENU_ATTRIBUTE_ACTION, G_VARIANT_TYPE_STRING);

      g_menu_item_set_action_and_target (item, g_variant_get_string (action, NULL), "u", index);
      g_menu_append_item (menu, item);
    }

  return G_MENU_MODEL (menu);
}

static Column *
make_column (SluiceResultsColumns *self,
             guint                 index,
             const char           *name,
             int                   width,
             gboolean              numeric)
{
  g_autoptr(GMenuModel) menu = make_menu (self, index);
  g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (NULL, NULL, NULL));
  Column *column = g_new0 (Column, 1);

  column->index = index;
  column->view_column = gtk_column_view_column_new (name, sluice_results_cell_factory_new (index, numeric));
  g_object_set_data (G_OBJECT (column->view_column), "column", column);
  gtk_column_view_column_set_resizable (column->view_column, TRUE);
  gtk_column_view_column_set_fixed_width (column->view_column, width);
  gtk_column_view_column_set_header_menu (column->view_column, menu);
  /* The rows are sorted on disk; this one only makes the header do something. */
  gtk_column_view_column_set_sorter (column->view_column, sorter);
  gtk_column_view_column_set_visible (column->view_column, FALSE);
  g_signal_connect_swapped (column->view_column, "notify::fixed-width", G_CALLBACK (arranged_cb), self);

  return column;
}

static Arrangement *
recall (SluiceResultsColumns *self,
        const char * const   *names,
        guint                 n_columns)
{
  g_autoptr(GString) all = g_string_new (NULL);
  Arrangement *arrangement;

  for (guint i = 0; i < n_columns; i++)
    g_string_append_printf (all, "%s\n", names[i]);
  self->names = g_string_free (g_steal_pointer (&all), FALSE);

  arrangement = g_hash_table_lookup (get_arrangements (), self->names);

  return arrangement != NULL && arrangement->n_columns == n_columns ? arrangement : NULL;
}

/**
 * sluice_results_columns_build:
 * @self: columns that are clear
 * @names: (array length=n_columns): their titles
 * @n_columns: how many
 * @widths: (array length=n_columns): how wide, in pixels; what the user has chosen goes first
 * @numeric: (array length=n_columns): whether they have numbers
 */
void
sluice_results_columns_build (SluiceResultsColumns *self,
                              const char * const   *names,
                              guint                 n_columns,
                              const int            *widths,
                              const gboolean       *numeric)
{
  Arrangement *arrangement;

  g_return_if_fail (SLUICE_IS_RESULTS_COLUMNS (self));
  g_return_if_fail (self->columns->len == 0);

  arrangement = recall (self, names, n_columns);

  self->changing = TRUE;
  for (guint i = 0; i < n_columns; i++)
    g_ptr_array_add (self->columns,
                     make_column (self, i, names[i], arrangement != NULL ? arrangement->widths[i] : widths[i], numeric[i]));

  gtk_column_view_append_column (self->view, self->before);
  for (guint i = 0; i < n_columns; i++)
    {
      Column *column = g_ptr_array_index (self->columns, arrangement != NULL ? arrangement->order[i] : i);

      gtk_column_view_append_column (self->view, column->view_column);
    }
  gtk_column_view_append_column (self->view, self->after);
  self->changing = FALSE;

  /* So that something is there before the view knows how wide it is. */
  update_columns (self, &(Span) { 0, MAX (gtk_widget_get_width (GTK_WIDGET (self->view)), KEEP_WIDTH) });
  update_soon (self);
}

/**
 * sluice_results_columns_clear:
 * @self: some columns
 */
void
sluice_results_columns_clear (SluiceResultsColumns *self)
{
  g_return_if_fail (SLUICE_IS_RESULTS_COLUMNS (self));

  self->changing = TRUE;
  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = g_ptr_array_index (self->columns, i);

      g_signal_handlers_disconnect_by_data (column->view_column, self);
      gtk_column_view_remove_column (self->view, column->view_column);
    }
  if (self->columns->len > 0)
    {
      gtk_column_view_remove_column (self->view, self->before);
      gtk_column_view_remove_column (self->view, self->after);
    }
  g_ptr_array_set_size (self->columns, 0);
  g_clear_pointer (&self->names, g_free);
  self->changing = FALSE;
}

/**
 * sluice_results_columns_get_n:
 * @self: some columns
 *
 * Returns: how many, those out of sight too
 */
guint
sluice_results_columns_get_n (SluiceResultsColumns *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULTS_COLUMNS (self), 0);

  return self->columns->len;
}

/**
 * sluice_results_columns_dup_order:
 * @self: some columns
 *
 * Returns: (transfer full) (array): the columns as they stand, those out of sight too
 */
guint *
sluice_results_columns_dup_order (SluiceResultsColumns *self)
{
  GListModel *columns;
  guint *order;
  guint n = 0;

  g_return_val_if_fail (SLUICE_IS_RESULTS_COLUMNS (self), NULL);

  columns = gtk_column_view_get_columns (self->view);
  order = g_new0 (guint, self->columns->len + 1);
  for (guint i = 0; i < g_list_model_get_n_items (columns) && n < self->columns->len; i++)
    {
      g_autoptr(GtkColumnViewColumn) view_column = g_list_model_get_item (columns, i);
      Column *column = get_column (view_column);

      if (column != NULL)
        order[n++] = column->index;
    }

  return order;
}

/**
 * sluice_results_columns_reveal:
 * @self: some columns
 * @column: one of them
 *
 * Scrolls it into sight.
 */
void
sluice_results_columns_reveal (SluiceResultsColumns *self,
                               guint                 column)
{
  g_autofree guint *order = NULL;
  int start = 0;

  g_return_if_fail (SLUICE_IS_RESULTS_COLUMNS (self));
  g_return_if_fail (column < self->columns->len);

  order = sluice_results_columns_dup_order (self);
  for (guint i = 0; i < self->columns->len && order[i] != column; i++)
    start += get_width (sluice_results_columns_get_column (self, order[i]));

  gtk_adjustment_clamp_page (self->hadjustment, start, start + get_width (sluice_results_columns_get_column (self, column)));
}

/**
 * sluice_results_columns_get_column:
 * @self: some columns
 * @column: one of them
 *
 * Returns: (transfer none): the column of the view
 */
GtkColumnViewColumn *
sluice_results_columns_get_column (SluiceResultsColumns *self,
                                   guint                 column)
{
  Column *found;

  g_return_val_if_fail (SLUICE_IS_RESULTS_COLUMNS (self), NULL);
  g_return_val_if_fail (column < self->columns->len, NULL);

  found = g_ptr_array_index (self->columns, column);

  return found->view_column;
}

/**
 * sluice_results_columns_find:
 * @self: some columns
 * @view_column: (nullable): a column of the view
 * @column: (out): which one that is
 *
 * Returns: whether it is one of them
 */
gboolean
sluice_results_columns_find (SluiceResultsColumns *self,
                             GtkColumnViewColumn  *view_column,
                             guint                *column)
{
  Column *found;

  g_return_val_if_fail (SLUICE_IS_RESULTS_COLUMNS (self), FALSE);

  found = view_column != NULL ? get_column (view_column) : NULL;
  if (found == NULL)
    return FALSE;
  *column = found->index;

  return TRUE;
}
