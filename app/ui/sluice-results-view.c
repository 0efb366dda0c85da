/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-results-view"

#include "config.h"

#include "sluice-results-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-browser.h"
#include "sluice-cell-dialog.h"
#include "sluice-format.h"
#include "sluice-record-dialog.h"
#include "sluice-result-copy.h"
#include "sluice-result-find.h"
#include "sluice-results-cell.h"
#include "sluice-results-columns.h"
#include "sluice-ui-utils.h"

/* Columns are as wide as these rows need, within bounds. */
#define N_SAMPLE_ROWS 50
#define MIN_WIDTH 60
#define MAX_WIDTH 320
#define CELL_PADDING 24
/* A title has an arrow beside it when the rows are sorted. */
#define TITLE_PADDING 44

/* Wide results are not measured text by text. */
#define MAX_MEASURED_CHARS 60

/* A selection in more pieces is made by nobody's hand. */
#define MAX_RANGES 100000

#define PROGRESS_INTERVAL_MS 100

/**
 * SluiceResultsView:
 *
 * The rows of a query as a table. Only the rows and columns in sight have
 * widgets; sorting, finding and copying are done on disk by workers.
 */
struct _SluiceResultsView
{
  AdwBin parent_instance;

  SluiceResultList *list;       /* (nullable) */
  SluiceSubscription *subscription; /* (nullable), whose records they are */
  SluiceResultsColumns *columns;
  GSignalGroup *list_signals;
  GCancellable *cancellable;    /* of what is read for this list */

  GtkWidget *menu_popover;
  GtkWidget *menu_cell;         /* (unowned) (nullable), that the menu is about */
  guint progress_id;

  SluiceResultFind *find;       /* (nullable) */
  GCancellable *find_cancellable;
  guint match;                  /* where the last one was */

  GMenuModel *menu;
  GMenuModel *header_menu;
  GtkAdjustment *hadjustment;
  GtkColumnView *view;
  GtkLabel *match_label;
  GtkMultiSelection *selection;
  GtkProgressBar *progress_bar;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
};

G_DEFINE_FINAL_TYPE (SluiceResultsView, sluice_results_view, ADW_TYPE_BIN)

/* What is done with a row once it is read. */
typedef struct
{
  SluiceResultsView *self;
  guint column;
  void (*done) (SluiceResultsView *self,
                SluiceResultBlock *block,
                guint              column);
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->self);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static SluiceResultStore *
get_store (SluiceResultsView *self)
{
  return sluice_result_list_get_store (self->list);
}

/* The column view has the focus on a cell or a row of its own, around ours; of a row, the first cell is meant. */
static GtkWidget *
find_focused_cell (SluiceResultsView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)))
    return NULL;

  while (focus != NULL && !sluice_results_cell_is (focus))
    focus = gtk_widget_get_first_child (focus);

  return focus;
}

static GtkWidget *
find_cell (SluiceResultsView *self)
{
  return self->menu_cell != NULL ? self->menu_cell : find_focused_cell (self);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Reading) reading = user_data;
  g_autoptr(SluiceResultBlock) block = NULL;
  g_autoptr(GError) error = NULL;

  block = sluice_result_store_read_finish (SLUICE_RESULT_STORE (object), result, &error);

  if (block == NULL)
    sluice_show_toast_for_error (GTK_WIDGET (reading->self), error);
  else if (sluice_result_block_get_n_rows (block) == 1)
    reading->done (reading->self, block, reading->column);
}

/* Tables show only the beginning of a cell. */
static void
with_row (SluiceResultsView *self,
          guint              position,
          guint              column,
          void             (*done) (SluiceResultsView *, SluiceResultBlock *, guint))
{
  Reading *reading;

  if (self->list == NULL || position == GTK_INVALID_LIST_POSITION)
    return;

  reading = g_new0 (Reading, 1);
  reading->self = g_object_ref (self);
  reading->column = column;
  reading->done = done;
  sluice_result_store_read_async (get_store (self), sluice_result_list_get_order (self->list), position, 1, FALSE,
                                  self->cancellable, read_cb, reading);
}

static void
with_cell (SluiceResultsView *self,
           void             (*done) (SluiceResultsView *, SluiceResultBlock *, guint))
{
  GtkWidget *cell = find_cell (self);

  if (cell != NULL)
    with_row (self, sluice_results_cell_get_position (cell), sluice_results_cell_get_column (cell), done);
}

static gboolean
is_id (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length != 15 && length != 18)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]))
        return FALSE;
    }

  /* The first three characters tell the object, then comes an instance; a word has no digit there. */
  return g_ascii_isdigit (text[0]) || g_ascii_isdigit (text[1]) || g_ascii_isdigit (text[2]);
}

static const char *
get_instance_url (SluiceResultsView *self)
{
  SluiceOrganization *organization = NULL;

  if (self->subscription != NULL)
    organization = sluice_subscription_get_organization (self->subscription);

  return organization != NULL ? sluice_organization_get_instance_url (organization) : NULL;
}

/* A cell with an id means that record, any other one the record of the row. */
static char *
make_record_uri (SluiceResultsView *self,
                 SluiceResultBlock *block,
                 guint              column)
{
  guint n_columns;
  const char * const *columns = sluice_result_store_get_columns (get_store (self), &n_columns);
  const char *url = get_instance_url (self);
  const char *id = column < n_columns ? sluice_result_block_get_text (block, 0, column) : NULL;

  for (guint i = 0; i < n_columns && !is_id (id); i++)
    {
      if (g_ascii_strcasecmp (columns[i], "Id") == 0)
        id = sluice_result_block_get_text (block, 0, i);
    }

  if (!is_id (id) || url == NULL)
    return NULL;

  return g_strdup_printf ("%s%s%s", url, g_str_has_suffix (url, "/") ? "" : "/", id);
}

static void
open_record (SluiceResultsView *self,
             SluiceResultBlock *block,
             guint              column)
{
  g_autofree char *uri = make_record_uri (self, block, column);

  if (uri != NULL)
    sluice_browser_open (GTK_WIDGET (self), uri);
  else if (get_instance_url (self) == NULL)
    sluice_show_toast (GTK_WIDGET (self), _("The address of the org is not known yet"));
  else
    sluice_show_toast (GTK_WIDGET (self), _("The row has no record id; add Id to the query"));
}

static void
copy_cell (SluiceResultsView *self,
           SluiceResultBlock *block,
           guint              column)
{
  const char *text = sluice_result_block_get_text (block, 0, column);

  sluice_copy_text (GTK_WIDGET (self), text != NULL ? text : "");
}

static void
show_cell (SluiceResultsView *self,
           SluiceResultBlock *block,
           guint              column)
{
  guint n_columns;
  const char * const *columns = sluice_result_store_get_columns (get_store (self), &n_columns);

  adw_dialog_present (sluice_cell_dialog_new (columns[column],
                                              sluice_result_block_get_kind (block, 0, column),
                                              sluice_result_block_get_text (block, 0, column)),
                      GTK_WIDGET (self));
}

static void
show_record (SluiceResultsView *self,
             SluiceResultBlock *block,
             guint              column)
{
  g_autofree char *uri = make_record_uri (self, block, G_MAXUINT);
  guint n_columns;
  const char * const *columns = sluice_result_store_get_columns (get_store (self), &n_columns);

  adw_dialog_present (sluice_record_dialog_new (columns, n_columns, block, uri), GTK_WIDGET (self));
}

/* Rows of a subquery are what one wants to see of their cell; else the whole record. */
static void
show_activated (SluiceResultsView *self,
                SluiceResultBlock *block,
                guint              column)
{
  if (column != G_MAXUINT && sluice_result_block_get_kind (block, 0, column) == SLUICE_CELL_JSON)
    show_cell (self, block, column);
  else
    show_record (self, block, column);
}

static void
activate_cb (SluiceResultsView *self,
             guint              position)
{
  GtkWidget *cell = find_focused_cell (self);

  with_row (self, position, cell != NULL ? sluice_results_cell_get_column (cell) : G_MAXUINT, show_activated);
}

static void
activate_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  with_cell (SLUICE_RESULTS_VIEW (widget), show_activated);
}

static void
open_record_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  with_cell (SLUICE_RESULTS_VIEW (widget), open_record);
}

static void
copy_cell_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  with_cell (SLUICE_RESULTS_VIEW (widget), copy_cell);
}

static void
show_cell_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  with_cell (SLUICE_RESULTS_VIEW (widget), show_cell);
}

static void
show_record_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  with_cell (SLUICE_RESULTS_VIEW (widget), show_record);
}

static void
copied_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceResultsView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = sluice_result_store_copy_finish (SLUICE_RESULT_STORE (object), result, &error);

  if (text != NULL)
    sluice_copy_text (GTK_WIDGET (self), text);
  else
    sluice_show_toast_for_error (GTK_WIDGET (self), error);
}

static GArray *
make_ranges (GtkBitset *selected)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (SluiceResultRange));
  SluiceResultRange range = { gtk_bitset_get_minimum (selected), (guint) gtk_bitset_get_size (selected) };
  GtkBitsetIter iter;
  guint position;

  if (gtk_bitset_is_empty (selected))
    return ranges;

  /* Everything is in one piece: do not walk through it. */
  if (gtk_bitset_get_maximum (selected) - range.first + 1 == range.n_rows)
    {
      g_array_append_val (ranges, range);
      return ranges;
    }

  range.n_rows = 0;
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position);
       more && ranges->len < MAX_RANGES;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      if (range.first + range.n_rows == position)
        {
          range.n_rows++;
          continue;
        }
      g_array_append_val (ranges, range);
      range = (SluiceResultRange) { position, 1 };
    }
  g_array_append_val (ranges, range);

  return ranges;
}

static void
copy_rows (SluiceResultsView  *self,
           SluiceResultFormat  format)
{
  g_autoptr(GtkBitset) selected = NULL;
  g_autoptr(GArray) ranges = NULL;
  g_autofree guint *columns = NULL;

  if (self->list == NULL)
    return;

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  ranges = make_ranges (selected);
  if (ranges->len == 0)
    return;
  if (ranges->len >= MAX_RANGES)
    {
      sluice_show_toast (GTK_WIDGET (self), _("Too many single rows are selected; select fewer, or all"));
      return;
    }

  columns = sluice_results_columns_dup_order (self->columns);
  sluice_result_store_copy_async (get_store (self), sluice_result_list_get_order (self->list),
                                  (const SluiceResultRange *) (gconstpointer) ranges->data, ranges->len,
                                  columns, sluice_results_columns_get_n (self->columns), format,
                                  self->cancellable, copied_cb, g_object_ref (self));
}

static void
copy_rows_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  copy_rows (SLUICE_RESULTS_VIEW (widget), SLUICE_RESULT_TABS);
}

static void
copy_csv_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  copy_rows (SLUICE_RESULTS_VIEW (widget), SLUICE_RESULT_CSV);
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
  guint position = sluice_results_cell_get_position (cell);

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

      if (sluice_results_cell_is (widget))
        return widget;
      if (child != NULL && sluice_results_cell_is (child))
        return child;
    }

  return NULL;
}

/* The view gives the focus to a row; a person has clicked a cell. Nothing scrolls under the pointer. */
static void
cell_pressed_cb (SluiceResultsView *self,
                 int                n_press,
                 double             x,
                 double             y,
                 GtkGesture        *gesture)
{
  GtkWidget *cell = find_cell_at (self, x, y);
  double value = gtk_adjustment_get_value (self->hadjustment);

  if (cell == NULL)
    return;

  gtk_widget_grab_focus (gtk_widget_get_parent (cell));
  gtk_adjustment_set_value (self->hadjustment, value);
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
  /* Keys go to the table again, not to the first thing in the window. */
  if (self->menu_cell != NULL)
    gtk_widget_grab_focus (gtk_widget_get_parent (self->menu_cell));
  g_idle_add_full (G_PRIORITY_LOW, forget_menu_cell, g_object_ref (self), g_object_unref);
}

static gboolean
progress_tick (gpointer user_data)
{
  SluiceResultsView *self = user_data;

  gtk_progress_bar_set_fraction (self->progress_bar, sluice_result_list_get_progress (self->list));

  return G_SOURCE_CONTINUE;
}

static void
show_sorting (SluiceResultsView *self)
{
  gboolean sorting = self->list != NULL && sluice_result_list_get_sorting (self->list);

  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), sorting);
  if (sorting && self->progress_id == 0)
    {
      progress_tick (self);
      self->progress_id = g_timeout_add (PROGRESS_INTERVAL_MS, progress_tick, self);
    }
  else if (!sorting)
    {
      g_clear_handle_id (&self->progress_id, g_source_remove);
    }
}

static void
sorting_cb (SluiceResultsView *self)
{
  show_sorting (self);

  /* Whoever sorts wants to see what is first now. */
  if (!sluice_result_list_get_sorting (self->list) && g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    gtk_column_view_scroll_to (self->view, 0, NULL, GTK_LIST_SCROLL_NONE, NULL);
}

static void
sorter_changed_cb (SluiceResultsView *self)
{
  GtkColumnViewSorter *sorter = GTK_COLUMN_VIEW_SORTER (gtk_column_view_get_sorter (self->view));
  GtkColumnViewColumn *view_column = gtk_column_view_sorter_get_primary_sort_column (sorter);
  gboolean sorted;
  guint column;

  sorted = sluice_results_columns_find (self->columns, view_column, &column);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.unsort", sorted);
  if (self->list == NULL)
    return;

  if (sorted)
    sluice_result_list_sort (self->list, column,
                             gtk_column_view_sorter_get_primary_sort_order (sorter) == GTK_SORT_DESCENDING);
  else
    sluice_result_list_unsort (self->list);
}

static void
sort_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (widget);
  guint column = g_variant_get_uint32 (parameter);
  gboolean descending = g_str_equal (action_name, "results.sort-descending");

  if (column < sluice_results_columns_get_n (self->columns))
    gtk_column_view_sort_by_column (self->view, sluice_results_columns_get_column (self->columns, column),
                                    descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

static void
unsort_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  gtk_column_view_sort_by_column (SLUICE_RESULTS_VIEW (widget)->view, NULL, GTK_SORT_ASCENDING);
}

static void
list_error_cb (SluiceResultsView *self)
{
  sluice_show_toast_for_error (GTK_WIDGET (self), sluice_result_list_get_error (self->list));
}

static void
say_match (SluiceResultsView *self,
           const char        *text)
{
  gtk_label_set_label (self->match_label, text);
  if (*text != '\0')
    gtk_accessible_announce (GTK_ACCESSIBLE (self->match_label), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
show_match (SluiceResultsView       *self,
            const SluiceResultMatch *match)
{
  g_autofree char *number = sluice_format_number (match->number);
  g_autofree char *all = sluice_format_number (match->n_matches);
  g_autofree char *text = NULL;

  if (match->number == 0)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->search_entry), "error");
      say_match (self, _("No matches"));
      return;
    }

  /* Translators: which of the rows with a text this is, such as 3 of 17 */
  text = g_strdup_printf (_("%s of %s"), number, all);
  say_match (self, text);

  self->match = match->position;
  sluice_results_columns_reveal (self->columns, match->column);
  gtk_column_view_scroll_to (self->view, match->position, NULL, GTK_LIST_SCROLL_SELECT, NULL);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(SluiceResultsView) self = user_data;
  g_autoptr(GError) error = NULL;
  SluiceResultMatch match;

  if (!sluice_result_find_next_finish (SLUICE_RESULT_FIND (object), result, &match, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      say_match (self, "");
      sluice_show_toast_for_error (GTK_WIDGET (self), error);
    }
  else if (self->find == SLUICE_RESULT_FIND (object))
    {
      show_match (self, &match);
    }
}

static void
stop_find (SluiceResultsView *self)
{
  if (self->find_cancellable != NULL)
    g_cancellable_cancel (self->find_cancellable);
  g_clear_object (&self->find_cancellable);
}

static void
find_from (SluiceResultsView *self,
           guint              from,
           gboolean           forward)
{
  if (self->find == NULL || self->list == NULL)
    return;

  stop_find (self);
  self->find_cancellable = g_cancellable_new ();
  gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
  gtk_label_set_label (self->match_label, _("Searching…"));
  sluice_result_find_next_async (self->find, sluice_result_list_get_order (self->list), from, forward,
                                 self->find_cancellable, found_cb, g_object_ref (self));
}

static guint
get_first_selected (SluiceResultsView *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  return gtk_bitset_is_empty (selected) ? 0 : gtk_bitset_get_minimum (selected);
}

static void
search_changed_cb (SluiceResultsView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  gboolean present = *text != '\0' && self->list != NULL;

  stop_find (self);
  g_clear_object (&self->find);
  gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
  say_match (self, "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.find-next", present);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.find-previous", present);
  if (!present)
    return;

  self->find = sluice_result_find_new (get_store (self), text);
  find_from (self, get_first_selected (self), TRUE);
}

static void
search_next_cb (SluiceResultsView *self)
{
  find_from (self, self->match + 1, TRUE);
}

static void
search_previous_cb (SluiceResultsView *self)
{
  /* Before the first row comes the last. */
  find_from (self, self->match - 1, FALSE);
}

static void
search_mode_cb (SluiceResultsView *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar))
    return;

  stop_find (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
find_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
find_next_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  search_next_cb (SLUICE_RESULTS_VIEW (widget));
}

static void
find_previous_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  search_previous_cb (SLUICE_RESULTS_VIEW (widget));
}

static int
measure_text (PangoLayout *layout,
              const char  *text)
{
  gsize length = strlen (text);
  int width;

  if (length > MAX_MEASURED_CHARS)
    return MAX_WIDTH;

  pango_layout_set_text (layout, text, (int) length);
  pango_layout_get_pixel_size (layout, &width, NULL);

  return width;
}

/* The longest text of some rows, and the title. */
static int
measure_column (SluiceResultsView *self,
                PangoLayout       *layout,
                GPtrArray         *rows,
                guint              index,
                const char        *title)
{
  int width = measure_text (layout, title) * 11 / 10 + TITLE_PADDING;
  gsize longest = 0;

  for (guint i = 0; i < rows->len && width < MAX_WIDTH; i++)
    {
      const char *text = sluice_result_row_get_text (g_ptr_array_index (rows, i), index);
      gsize length = text != NULL ? strlen (text) : 0;

      /* A little shorter in bytes may be wider on the screen; much shorter is not. */
      if (length * 3 / 2 < longest || length == 0)
        continue;
      longest = MAX (longest, length);
      width = MAX (width, measure_text (layout, text) + CELL_PADDING);
    }

  return CLAMP (width, MIN_WIDTH, MAX_WIDTH);
}

static void
build_columns (SluiceResultsView *self)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_columns;
  const char * const *names = sluice_result_store_get_columns (get_store (self), &n_columns);
  g_autofree int *widths = g_new (int, n_columns);
  g_autofree gboolean *numeric = g_new (gboolean, n_columns);

  for (guint i = 0; i < MIN (N_SAMPLE_ROWS, g_list_model_get_n_items (G_LIST_MODEL (self->list))); i++)
    g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (self->list), i));

  for (guint i = 0; i < n_columns; i++)
    {
      widths[i] = measure_column (self, layout, rows, i, names[i]);
      numeric[i] = sluice_result_store_get_numeric (get_store (self), i);
    }

  sluice_results_columns_build (self->columns, names, n_columns, widths, numeric);
}

/* Before the first rows are there, nobody knows how wide the columns are. */
static void
show_list (SluiceResultsView *self)
{
  guint n_columns;

  if (self->list == NULL || !sluice_result_list_get_ready (self->list) ||
      gtk_multi_selection_get_model (self->selection) != NULL ||
      sluice_result_store_get_columns (get_store (self), &n_columns) == NULL)
    return;

  build_columns (self);
  gtk_multi_selection_set_model (self->selection, G_LIST_MODEL (self->list));
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
sluice_results_view_dispose (GObject *object)
{
  SluiceResultsView *self = SLUICE_RESULTS_VIEW (object);

  g_clear_handle_id (&self->progress_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  stop_find (self);
  g_clear_object (&self->find);
  if (self->list_signals != NULL)
    g_signal_group_set_target (self->list_signals, NULL);
  g_clear_object (&self->list_signals);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
  g_clear_object (&self->columns);
  g_clear_weak_pointer (&self->menu_cell);
  g_clear_pointer (&self->menu_popover, gtk_widget_unparent);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_RESULTS_VIEW);
  g_clear_object (&self->list);
  g_clear_object (&self->subscription);

  G_OBJECT_CLASS (sluice_results_view_parent_class)->dispose (object);
}

static void
sluice_results_view_class_init (SluiceResultsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_results_view_dispose;
  widget_class->size_allocate = sluice_results_view_size_allocate;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-results-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, hadjustment);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, header_menu);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, match_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, menu);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, selection);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsView, view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, cell_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, held_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_previous_cb);

  gtk_widget_class_install_action (widget_class, "results.activate", NULL, activate_action);
  gtk_widget_class_install_action (widget_class, "results.copy-cell", NULL, copy_cell_action);
  gtk_widget_class_install_action (widget_class, "results.copy-csv", NULL, copy_csv_action);
  gtk_widget_class_install_action (widget_class, "results.copy-rows", NULL, copy_rows_action);
  gtk_widget_class_install_action (widget_class, "results.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "results.find-next", NULL, find_next_action);
  gtk_widget_class_install_action (widget_class, "results.find-previous", NULL, find_previous_action);
  gtk_widget_class_install_action (widget_class, "results.open-record", NULL, open_record_action);
  gtk_widget_class_install_action (widget_class, "results.original-order", "u", unsort_action);
  gtk_widget_class_install_action (widget_class, "results.show-cell", NULL, show_cell_action);
  gtk_widget_class_install_action (widget_class, "results.show-menu", NULL, show_menu_action);
  gtk_widget_class_install_action (widget_class, "results.show-record", NULL, show_record_action);
  gtk_widget_class_install_action (widget_class, "results.sort-ascending", "u", sort_action);
  gtk_widget_class_install_action (widget_class, "results.sort-descending", "u", sort_action);
  gtk_widget_class_install_action (widget_class, "results.unsort", NULL, unsort_action);
}

static void
sluice_results_view_init (SluiceResultsView *self)
{
  self->list_signals = g_signal_group_new (SLUICE_TYPE_RESULT_LIST);
  g_signal_group_connect_swapped (self->list_signals, "notify::ready", G_CALLBACK (show_list), self);
  g_signal_group_connect_swapped (self->list_signals, "notify::sorting", G_CALLBACK (sorting_cb), self);
  g_signal_group_connect_swapped (self->list_signals, "notify::error", G_CALLBACK (list_error_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  self->columns = sluice_results_columns_new (self->view, self->hadjustment, self->header_menu);
  g_signal_connect_swapped (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (sorter_changed_cb), self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.unsort", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.find-next", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.find-previous", FALSE);

  self->menu_popover = gtk_popover_menu_new_from_model (self->menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu_popover), FALSE);
  gtk_widget_set_halign (self->menu_popover, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu_popover, GTK_WIDGET (self));
  g_signal_connect_swapped (self->menu_popover, "closed", G_CALLBACK (menu_closed_cb), self);
}

/**
 * sluice_results_view_set_list:
 * @self: a results view
 * @list: (nullable): what to show, from when its first rows are there
 *
 * Shows other rows.
 */
void
sluice_results_view_set_list (SluiceResultsView *self,
                              SluiceResultList  *list)
{
  g_return_if_fail (SLUICE_IS_RESULTS_VIEW (self));

  if (self->list == list)
    return;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_weak_pointer (&self->menu_cell);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  stop_find (self);
  g_clear_object (&self->find);
  self->match = 0;

  /* No column that goes away sorts the rows of the list that comes or went. */
  g_signal_group_set_target (self->list_signals, NULL);
  gtk_multi_selection_set_model (self->selection, NULL);
  g_clear_object (&self->list);
  sluice_results_columns_clear (self->columns);

  g_set_object (&self->list, list);
  g_signal_group_set_target (self->list_signals, list);
  show_sorting (self);
  show_list (self);
}

/**
 * sluice_results_view_set_subscription:
 * @self: a results view
 * @subscription: (nullable): whose records they are, which tells where Salesforce shows them
 */
void
sluice_results_view_set_subscription (SluiceResultsView  *self,
                                      SluiceSubscription *subscription)
{
  g_return_if_fail (SLUICE_IS_RESULTS_VIEW (self));

  g_set_object (&self->subscription, subscription);
}
