/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-results-view"

#include "config.h"

#include "sluice-results-view.h"

#include <glib/gi18n.h>

#include "sluice-ui-utils.h"

/* Columns are as wide as these rows need, within bounds. */
#define N_SAMPLE_ROWS 50
#define MIN_WIDTH 60
#define MAX_WIDTH 320
#define CELL_PADDING 24

/* A text view can show what a person can paste; more is for an export. */
#define MAX_COPIED_ROWS 10000

/**
 * SluiceResultsView:
 *
 * The records of a query as a table. Columns follow the query; only the rows
 * in sight have widgets.
 *
 * Signal `near-end`: the last rows are in sight.
 */
struct _SluiceResultsView
{
  AdwBin parent_instance;

  SluiceRecordList *records; /* (nullable) */
  GtkWidget *menu_popover;
  GtkWidget *menu_cell;      /* (unowned) (nullable), that the menu is about */
  guint check_id;

  GMenuModel *menu;
  GtkAdjustment *vadjustment;
  GtkMultiSelection *selection;
  GtkColumnView *view;
};

enum
{
  NEAR_END,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceResultsView, sluice_results_view, ADW_TYPE_BIN)

typedef struct
{
  guint index;
  gboolean numeric;
} Column;

static void
check_end (gpointer user_data)
{
  SluiceResultsView *self = user_data;
  double page_size = gtk_adjustment_get_page_size (self->vadjustment);
  double end = gtk_adjustment_get_value (self->vadjustment) + 2 * page_size;

  self->check_id = 0;

  if (self->records != NULL && page_size > 0 && end >= gtk_adjustment_get_upper (self->vadjustment))
    g_signal_emit (self, signals[NEAR_END], 0);
}

/* Adjustments change while the view is laid out, when nothing else may change. */
static void
scrolled_cb (SluiceResultsView *self)
{
  if (self->check_id == 0)
    self->check_id = g_idle_add_once (check_end, self);
}

static const Column *
get_column (GtkWidget *cell)
{
  return g_object_get_data (G_OBJECT (cell), "column");
}

static SluiceRecord *
get_record (GtkWidget *cell)
{
  GtkListItem *item = g_object_get_data (G_OBJECT (cell), "item");

  return gtk_list_item_get_item (item);
}

/* The column view has the focus on a cell or a row of its own, around ours; of a row, the first cell is meant. */
static GtkWidget *
find_focused_cell (SluiceResultsView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)))
    return NULL;

  while (focus != NULL && get_column (focus) == NULL)
    focus = gtk_widget_get_first_child (focus);

  return focus;
}

static void
show_menu (SluiceResultsView *self,
           GtkWidget         *cell,
           GtkWidget         *origin,
           double             x,
           double             y)
{
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y);
  graphene_point_t place;

  if (!gtk_widget_compute_point (origin, GTK_WIDGET (self), &point, &place))
    return;

  g_set_weak_pointer (&self->menu_cell, cell);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu_popover),
                               &(GdkRectangle) { (int) place.x, (int) place.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu_popover));
}

static void
select_for_menu (SluiceResultsView *self,
                 GtkWidget         *cell)
{
  GtkListItem *item = g_object_get_data (G_OBJECT (cell), "item");
  guint position = gtk_list_item_get_position (item);

  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

/* The view has cells of its own around ours, with some space between. */
static GtkWidget *
find_cell_at (SluiceResultsView *self,
              double             x,
              double             y)
{
  GtkWidget *view = GTK_WIDGET (self->view);
  GtkWidget *widget = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);

  for (; widget != NULL && widget != view; widget = gtk_widget_get_parent (widget))
    {
      GtkWidget *child = gtk_widget_get_first_child (widget);

      if (get_column (widget) != NULL)
        return widget;
      if (child != NULL && get_column (child) != NULL)
        return child;
    }

  return NULL;
}

static void
menu_wanted (SluiceResultsView *self,
             GtkGesture        *gesture,
             double             x,
             double             y)
{
  GtkWidget *cell = find_cell_at (self, x, y);

  if (cell == NULL)
    return;

  select_for_menu (self, cell);
  show_menu (self, cell, GTK_WIDGET (self->view), x, y);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pressed_cb (SluiceResultsView *self,
            int                n_press,
            double             x,
            double             y,
            GtkGesture        *gesture)
{
  menu_wanted (self, gesture, x, y);
}

static void
held_cb (SluiceResultsView *self,
         double             x,
         double             y,
         GtkGesture        *gesture)
{
  menu_wanted (self, gesture, x, y);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          Column                   *column)
{
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), column->numeric ? 1 : 0);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  if (column->numeric)
    gtk_widget_add_css_class (cell, "numeric");

  g_object_set_data (G_OBJECT (cell), "column", column);
  g_object_set_data (G_OBJECT (cell), "item", item);

  gtk_list_item_set_child (item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         Column                   *column)
{
  GtkWidget *cell = gtk_list_item_get_child (item);
  const char *text = sluice_record_get_cell (gtk_list_item_get_item (item), column->index);

  if (text != NULL)
    gtk_widget_remove_css_class (cell, "dim-label");
  else
    gtk_widget_add_css_class (cell, "dim-label");

  /* No value is not the same as an empty text. */
  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text != NULL ? text : "—");
}

static gboolean
is_number (const char *text)
{
  const char *digits = *text == '-' ? text + 1 : text;
  char *end;

  /* What begins with zeros is the name of something. */
  if (!g_ascii_isdigit (*digits) || (*digits == '0' && g_ascii_isdigit (digits[1])))
    return FALSE;

  g_ascii_strtod (text, &end);

  return *end == '\0';
}

static int
measure_text (PangoLayout *layout,
              const char  *text)
{
  int width;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);

  return width;
}

static void
measure_column (SluiceResultsView *self,
                guint              index,
                const char        *title,
                int               *width,
                gboolean          *numeric)
{
  guint n_rows = MIN (N_SAMPLE_ROWS, g_list_model_get_n_items (G_LIST_MODEL (self->records)));
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  guint n_numbers = 0;
  guint n_texts = 0;

  /* Titles are bold, and have an arrow beside them one day. */
  *width = measure_text (layout, title) * 5 / 4;

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(SluiceRecord) record = g_list_model_get_item (G_LIST_MODEL (self->records), i);
      const char *text = sluice_record_get_cell (record, index);

      if (text == NULL)
        continue;

      *width = MAX (*width, *width < MAX_WIDTH ? measure_text (layout, text) : 0);
      n_numbers += is_number (text) ? 1 : 0;
      n_texts++;
    }

  *width = CLAMP (*width + CELL_PADDING, MIN_WIDTH, MAX_WIDTH);
  *numeric = n_texts > 0 && n_numbers == n_texts;
}

static void
add_column (SluiceResultsView *self,
            guint              index,
            const char        *title,
            gboolean           last)
{
  g_autoptr(GtkColumnViewColumn) view_column = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Column *column = g_new0 (Column, 1);
  int width;

  column->index = index;
  measure_column (self, index, title, &width, &column->numeric);

  g_object_set_data_full (G_OBJECT (factory), "column", column, g_free);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), column);

  view_column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (view_column, last);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_fixed_width (view_column, width);
  gtk_column_view_append_column (self->view, view_column);
}

static void
remove_columns (SluiceResultsView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);

  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (self->view, column);
    }
}

static void
ensure_columns (SluiceResultsView *self)
{
  const char * const *names;
  guint n_columns;

  if (g_list_model_get_n_items (gtk_column_view_get_columns (self->view)) > 0)
    return;

  names = sluice_record_list_get_columns (self->records, &n_columns);
  for (guint i = 0; i < n_columns; i++)
    add_column (self, i, names[i], i + 1 == n_columns);
}

static void
append_copied (GString    *text,
               const char *cell)
{
  for (const char *p = cell != NULL ? cell : ""; *p != '\0'; p++)
    g_string_append_c (text, *p == '\t' || *p == '\n' || *p == '\r' ? ' ' : *p);
}

static void
append_row (SluiceResultsView *self,
            GString           *text,
            guint              position,
            guint              n_columns)
{
  g_autoptr(SluiceRecord) record = g_list_model_get_item (G_LIST_MODEL (self->records), position);

  for (guint i = 0; i < n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (text, '\t');
      append_copied (text, sluice_record_get_cell (record, i));
    }
  g_string_append_c (text, '\n');
}

/* Tabs between cells: what spreadsheets take. */
static void
copy_rows_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (widget);
  g_autoptr(GtkBitset) selected = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  GtkBitsetIter iter;
  guint n_columns, position;
  guint n_copied = 0;

  if (self->records == NULL)
    return;

  sluice_record_list_get_columns (self->records, &n_columns);
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position);
       more && n_copied < MAX_COPIED_ROWS;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      append_row (self, text, position, n_columns);
      n_copied++;
    }

  if (n_copied > 0)
    sluice_copy_text (widget, text->str);
}

static void
copy_cell_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (widget);
  GtkWidget *cell = self->menu_cell != NULL ? self->menu_cell : find_focused_cell (self);
  const char *text;

  if (cell == NULL)
    return;

  text = sluice_record_get_cell (get_record (cell), get_column (cell)->index);
  sluice_copy_text (widget, text != NULL ? text : "");
}

static void
show_menu_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (widget);
  GtkWidget *cell = find_focused_cell (self);

  if (cell == NULL)
    return;

  select_for_menu (self, cell);
  show_menu (self, cell, cell, gtk_widget_get_width (cell) / 2.0, gtk_widget_get_height (cell) / 2.0);
}

/* The action runs after the menu is closed, so it must still know its cell then. */
static gboolean
forget_menu_cell (gpointer user_data)
{
  SluiceResultsView *self = user_data;

  if (self->menu_popover != NULL && !gtk_widget_get_visible (self->menu_popover))
    g_clear_weak_pointer (&self->menu_cell);

  return G_SOURCE_REMOVE;
}

static void
menu_closed_cb (SluiceResultsView *self)
{
  g_idle_add_full (G_PRIORITY_LOW, forget_menu_cell, g_object_ref (self), g_object_unref);
}

static void
sluice_results_view_dispose (GObject *object)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (object);

  g_clear_handle_id (&self->check_id, g_source_remove);
  g_clear_weak_pointer (&self->menu_cell);
  g_clear_pointer (&self->menu_popover, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_RESULTS_VIEW);
  g_clear_object (&self->records);

  G_OBJECT_CLASS (sluice_results_view_parent_class)->dispose (object);
}

static void
sluice_results_view_size_allocate (GtkWidget *widget,
                                   int        width,
                                   int        height,
                                   int        baseline)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (widget);

  GTK_WIDGET_CLASS (sluice_results_view_parent_class)->size_allocate (widget, width, height, baseline);

  gtk_popover_present (GTK_POPOVER (self->menu_popover));
}

static void
sluice_results_view_class_init (SluiceResultsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_results_view_dispose;
  widget_class->size_allocate = sluice_results_view_size_allocate;

  signals[NEAR_END] =
    g_signal_new ("near-end",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-results-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, menu);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, selection);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, vadjustment);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, view);
  gtk_widget_class_bind_template_callback (widget_class, held_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, scrolled_cb);

  gtk_widget_class_install_action (widget_class, "results.copy-cell", NULL, copy_cell_action);
  gtk_widget_class_install_action (widget_class, "results.copy-rows", NULL, copy_rows_action);
  gtk_widget_class_install_action (widget_class, "results.show-menu", NULL, show_menu_action);
}

static void
sluice_results_view_init (SluiceResultsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->menu_popover = gtk_popover_menu_new_from_model (self->menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu_popover), FALSE);
  gtk_widget_set_halign (self->menu_popover, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu_popover, GTK_WIDGET (self));
  g_signal_connect_swapped (self->menu_popover, "closed", G_CALLBACK (menu_closed_cb), self);
}

/**
 * sluice_results_view_set_records:
 * @self: a results view
 * @records: (nullable): what to show; its columns are built when its first page is there
 *
 * Shows other records, or more of the same when they have come.
 */
void
sluice_results_view_set_records (SluiceResultsView *self,
                                 SluiceRecordList  *records)
{
  g_return_if_fail (SLUICE_IS_RESULTS_VIEW (self));

  if (self->records != records)
    {
      g_clear_weak_pointer (&self->menu_cell);
      gtk_multi_selection_set_model (self->selection, NULL);
      remove_columns (self);
      g_set_object (&self->records, records);
      if (records != NULL)
        ensure_columns (self);
      gtk_multi_selection_set_model (self->selection, G_LIST_MODEL (records));
    }
  else if (records != NULL)
    {
      ensure_columns (self);
    }
}
