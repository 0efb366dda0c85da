/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-import-match-page"

#include "config.h"

#include "sluice-import-match-page.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"
#include "sluice-import-map-file.h"

/* Rows made between two frames, because a file may have hundreds of columns. */
#define ROWS_AT_ONCE 12
#define MAX_MAP_SIZE (1024 * 1024)
#define MAX_CHARS 18

/**
 * SluiceImportMatchPage:
 *
 * Says which column of a file goes to which field, and shows what is wrong
 * with that.
 *
 * Signal `next`: the user goes on.
 */
struct _SluiceImportMatchPage
{
  AdwNavigationPage parent_instance;

  SluiceImportMapping *mapping; /* (nullable) */
  GCancellable *cancellable;
  GPtrArray *samples;           /* (element-type utf8), a value for each column */
  GPtrArray *rows;              /* (element-type ColumnRow) */
  GPtrArray *issue_rows;        /* (element-type GtkWidget) */
  GListModel *choices;          /* (nullable): nothing, then the targets that serve */
  GtkStringList *keys;
  guint build_id;
  gboolean showing;

  AdwComboRow *dates_row;
  AdwComboRow *decimal_row;
  AdwComboRow *key_row;
  AdwPreferencesGroup *columns_group;
  AdwPreferencesGroup *issues_group;
  AdwStatusPage *failed_page;
  AdwSwitchRow *empty_row;
  AdwSwitchRow *zone_row;
  GtkButton *next_button;
  GtkMenuButton *menu_button;
  GtkSpinner *spinner;
  GtkStack *stack;
};

typedef struct
{
  SluiceImportMatchPage *page; /* (unowned) */
  guint column;
  AdwActionRow *row;           /* (unowned) */
  GtkDropDown *drop_down;      /* (unowned) */
  GtkWidget *icon;             /* (unowned) */
} ColumnRow;

enum
{
  SIGNAL_NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceImportMatchPage, sluice_import_match_page, ADW_TYPE_NAVIGATION_PAGE)

/* For the list and for its search: both names. */
static char *
format_choice (gpointer item)
{
  const char *name, *label;

  if (GTK_IS_STRING_OBJECT (item))
    return g_strdup (gtk_string_object_get_string (item));

  name = sluice_import_target_get_name (item);
  label = sluice_import_target_get_label (item);
  if (label == NULL || g_str_equal (label, name))
    return g_strdup (name);

  /* Translators: the label and the API name of a field */
  return g_strdup_printf (_("%s (%s)"), label, name);
}

static void
setup_button_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
}

static void
bind_button_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  gpointer choice = gtk_list_item_get_item (item);
  g_autofree char *text = GTK_IS_STRING_OBJECT (choice) ? format_choice (choice)
                                                        : g_strdup (sluice_import_target_get_name (choice));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
setup_list_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_list_item_set_child (item, label);
}

static void
bind_list_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  g_autofree char *text = format_choice (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
  gtk_list_item_set_accessible_label (item, text);
}

static GtkListItemFactory *
new_factory (GCallback setup,
             GCallback bind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);

  return factory;
}

static guint
find_choice (SluiceImportMatchPage *self,
             SluiceImportTarget    *target)
{
  for (guint i = 0; target != NULL && i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (self->choices, i);

      if (item == G_OBJECT (target))
        return i;
    }

  return 0;
}

static void
choice_cb (GtkDropDown *drop_down,
           GParamSpec  *pspec,
           ColumnRow   *row)
{
  gpointer item = gtk_drop_down_get_selected_item (drop_down);

  if (row->page->showing || item == NULL)
    return;

  sluice_import_mapping_set_target (row->page->mapping, row->column, SLUICE_IS_IMPORT_TARGET (item) ? item : NULL);
}

static void
name_drop_down (GtkDropDown *drop_down,
                const char  *column)
{
  /* Translators: the name of a column of a file */
  g_autofree char *label = g_strdup_printf (_("Field for the column “%s”"), column);

  gtk_accessible_update_property (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static ColumnRow *
add_row (SluiceImportMatchPage *self,
         guint                  column)
{
  const char *name = sluice_import_mapping_get_columns (self->mapping, NULL)[column];
  g_autoptr(GtkExpression) expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                                                     G_CALLBACK (format_choice), NULL, NULL);
  g_autoptr(GtkListItemFactory) button_factory = new_factory (G_CALLBACK (setup_button_cb), G_CALLBACK (bind_button_cb));
  g_autoptr(GtkListItemFactory) list_factory = new_factory (G_CALLBACK (setup_list_cb), G_CALLBACK (bind_list_cb));
  ColumnRow *row = g_new0 (ColumnRow, 1);

  row->page = self;
  row->column = column;
  row->row = ADW_ACTION_ROW (adw_action_row_new ());
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->row), name);
  adw_action_row_set_subtitle_lines (row->row, 3);

  row->icon = gtk_image_new ();
  gtk_widget_set_visible (row->icon, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Needs attention"), -1);
  adw_action_row_add_suffix (row->row, row->icon);

  row->drop_down = GTK_DROP_DOWN (gtk_drop_down_new (g_object_ref (self->choices), NULL));
  gtk_drop_down_set_expression (row->drop_down, expression);
  gtk_drop_down_set_enable_search (row->drop_down, TRUE);
  gtk_drop_down_set_search_match_mode (row->drop_down, GTK_STRING_FILTER_MATCH_MODE_SUBSTRING);
  gtk_drop_down_set_factory (row->drop_down, button_factory);
  gtk_drop_down_set_list_factory (row->drop_down, list_factory);
  gtk_widget_set_valign (GTK_WIDGET (row->drop_down), GTK_ALIGN_CENTER);
  name_drop_down (row->drop_down, name);
  g_signal_connect (row->drop_down, "notify::selected", G_CALLBACK (choice_cb), row);
  adw_action_row_add_suffix (row->row, GTK_WIDGET (row->drop_down));

  adw_preferences_group_add (self->columns_group, GTK_WIDGET (row->row));
  g_ptr_array_add (self->rows, row);

  return row;
}

static const SluiceImportIssue *
find_issue (GPtrArray *issues,
            guint      column)
{
  for (guint i = 0; i < issues->len; i++)
    {
      const SluiceImportIssue *issue = g_ptr_array_index (issues, i);

      if (issue->column == (int) column)
        return issue;
    }

  return NULL;
}

/* What is wrong stands in the row in words; colour and icon only help to find it. */
static void
show_row (SluiceImportMatchPage *self,
          ColumnRow             *row,
          GPtrArray             *issues)
{
  const SluiceImportIssue *issue = find_issue (issues, row->column);
  const char *sample = g_ptr_array_index (self->samples, row->column);

  gtk_drop_down_set_selected (row->drop_down,
                              find_choice (self, sluice_import_mapping_get_target (self->mapping, row->column)));
  adw_action_row_set_subtitle (row->row, issue != NULL ? issue->text : sample);
  gtk_widget_set_visible (row->icon, issue != NULL);
  if (issue != NULL)
    gtk_image_set_from_icon_name (GTK_IMAGE (row->icon),
                                  issue->blocks ? "dialog-error-symbolic" : "dialog-warning-symbolic");
  if (issue != NULL && issue->blocks)
    gtk_widget_add_css_class (GTK_WIDGET (row->row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row->row), "error");
}

static void
add_issue_row (SluiceImportMatchPage   *self,
               const SluiceImportIssue *issue)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (issue->blocks ? "dialog-error-symbolic" : "dialog-warning-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), issue->text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  if (issue->blocks)
    gtk_widget_add_css_class (row, "error");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_group_add (self->issues_group, row);
  g_ptr_array_add (self->issue_rows, row);
}

static void
show_issues (SluiceImportMatchPage *self,
             GPtrArray             *issues)
{
  gboolean blocked = FALSE;

  for (guint i = 0; i < self->issue_rows->len; i++)
    adw_preferences_group_remove (self->issues_group, g_ptr_array_index (self->issue_rows, i));
  g_ptr_array_set_size (self->issue_rows, 0);

  for (guint i = 0; i < issues->len; i++)
    {
      const SluiceImportIssue *issue = g_ptr_array_index (issues, i);

      blocked = blocked || issue->blocks;
      if (issue->column < 0)
        add_issue_row (self, issue);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->issues_group), self->issue_rows->len > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), !blocked);
}

static void
show_key (SluiceImportMatchPage *self)
{
  const char *key = sluice_import_mapping_get_key (self->mapping);
  guint selected = 0;

  for (guint i = 0; key != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->keys)); i++)
    {
      if (g_str_equal (gtk_string_list_get_string (self->keys, i), key))
        selected = i;
    }
  adw_combo_row_set_selected (self->key_row, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->key_row),
                          sluice_import_mapping_get_verb (self->mapping) == SLUICE_WRITE_UPSERT);
}

static void
mapping_changed_cb (SluiceImportMatchPage *self)
{
  g_autoptr(GPtrArray) issues = NULL;

  if (self->showing)
    return;

  self->showing = TRUE;
  issues = sluice_import_mapping_check (self->mapping);
  show_issues (self, issues);
  for (guint i = 0; i < self->rows->len; i++)
    show_row (self, g_ptr_array_index (self->rows, i), issues);
  show_key (self);
  adw_combo_row_set_selected (self->dates_row, sluice_import_mapping_get_dates (self->mapping));
  adw_combo_row_set_selected (self->decimal_row, sluice_import_mapping_get_decimal (self->mapping));
  adw_switch_row_set_active (self->zone_row, sluice_import_mapping_get_time_zone (self->mapping) != NULL);
  adw_switch_row_set_active (self->empty_row, sluice_import_mapping_get_clear_empty (self->mapping));
  self->showing = FALSE;
}

static gboolean
build_cb (gpointer user_data)
{
  SluiceImportMatchPage *self = user_data;
  g_autoptr(GPtrArray) issues = sluice_import_mapping_check (self->mapping);
  guint n_columns;

  sluice_import_mapping_get_columns (self->mapping, &n_columns);

  self->showing = TRUE;
  for (guint i = 0; i < ROWS_AT_ONCE && self->rows->len < n_columns; i++)
    show_row (self, add_row (self, self->rows->len), issues);
  self->showing = FALSE;

  if (self->rows->len < n_columns)
    return G_SOURCE_CONTINUE;

  self->build_id = 0;

  return G_SOURCE_REMOVE;
}

static gboolean
serves (gpointer item,
        gpointer user_data)
{
  SluiceImportMatchPage *self = user_data;

  return sluice_import_target_serves (item, sluice_import_mapping_get_verb (self->mapping));
}

static void
make_choices (SluiceImportMatchPage *self)
{
  const char *nothing[] = { _("Not imported"), NULL };
  GListStore *lists = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr(GtkStringList) first = gtk_string_list_new (nothing);
  g_autoptr(GtkFilterListModel) targets = NULL;

  targets = gtk_filter_list_model_new (g_object_ref (sluice_import_mapping_get_targets (self->mapping)),
                                       GTK_FILTER (gtk_custom_filter_new (serves, self, NULL)));
  g_list_store_append (lists, first);
  g_list_store_append (lists, targets);
  g_clear_object (&self->choices);
  self->choices = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists)));
}

static void
make_keys (SluiceImportMatchPage *self)
{
  GListModel *targets = sluice_import_mapping_get_targets (self->mapping);

  self->showing = TRUE;
  gtk_string_list_splice (self->keys, 0, g_list_model_get_n_items (G_LIST_MODEL (self->keys)), NULL);
  for (guint i = 0; i < g_list_model_get_n_items (targets); i++)
    {
      g_autoptr(SluiceImportTarget) target = g_list_model_get_item (targets, i);

      if (sluice_import_target_is_key (target))
        gtk_string_list_append (self->keys, sluice_import_target_get_name (target));
    }
  self->showing = FALSE;

  /* What is shown as chosen is chosen. */
  if (sluice_import_mapping_get_verb (self->mapping) == SLUICE_WRITE_UPSERT &&
      sluice_import_mapping_get_key (self->mapping) == NULL &&
      g_list_model_get_n_items (G_LIST_MODEL (self->keys)) > 0)
    sluice_import_mapping_set_key (self->mapping, gtk_string_list_get_string (self->keys, 0), NULL);
}

static void
key_chosen_cb (SluiceImportMatchPage *self)
{
  guint selected = adw_combo_row_get_selected (self->key_row);

  if (self->showing || self->mapping == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;

  sluice_import_mapping_set_key (self->mapping, gtk_string_list_get_string (self->keys, selected), NULL);
}

static void
option_chosen_cb (SluiceImportMatchPage *self)
{
  g_autoptr(GTimeZone) local = NULL;

  if (self->showing || self->mapping == NULL)
    return;

  local = g_time_zone_new_local ();
  sluice_import_mapping_set_dates (self->mapping, (SluiceDateOrder) adw_combo_row_get_selected (self->dates_row));
  sluice_import_mapping_set_decimal (self->mapping, (SluiceDecimalMark) adw_combo_row_get_selected (self->decimal_row));
  sluice_import_mapping_set_clear_empty (self->mapping, adw_switch_row_get_active (self->empty_row));
  sluice_import_mapping_set_time_zone (self->mapping,
                                       adw_switch_row_get_active (self->zone_row)
                                       ? g_time_zone_get_identifier (local) : NULL, NULL);
}

static void
next_cb (SluiceImportMatchPage *self)
{
  g_signal_emit (self, signals[SIGNAL_NEXT], 0);
}

static void
again_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  sluice_import_mapping_match (SLUICE_IMPORT_MATCH_PAGE (widget)->mapping);
}

static void
clear_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  sluice_import_mapping_clear (SLUICE_IMPORT_MATCH_PAGE (widget)->mapping);
}

static GtkWindow *
get_window (SluiceImportMatchPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
map_read_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(SluiceImportMatchPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  gboolean success;

  success = g_file_load_contents_finish (G_FILE (object), result, &text, &length, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->mapping == NULL)
    return;

  if (success)
    {
      SluiceWriteVerb verb = sluice_import_mapping_get_verb (self->mapping);

      success = sluice_import_map_apply (self->mapping, text, (gssize) MIN (length, MAX_MAP_SIZE), &error);
      /* What is done was chosen on the page before. */
      sluice_import_mapping_set_verb (self->mapping, verb);
    }
  if (!success)
    sluice_alert_show_error (GTK_WIDGET (self), _("The Map Cannot Be Used"), error);
}

static void
map_opened_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(SluiceImportMatchPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (object), result, &error);

  if (file != NULL)
    g_file_load_contents_async (file, self->cancellable, map_read_cb, g_object_ref (self));
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    sluice_alert_show_error (GTK_WIDGET (self), _("No File Could Be Chosen"), error);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceImportMatchPage *self = SLUICE_IMPORT_MATCH_PAGE (widget);
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, _("Open Map"));
  gtk_file_dialog_open (dialog, get_window (self), self->cancellable, map_opened_cb, g_object_ref (self));
}

static void
map_written_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(SluiceImportMatchPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    sluice_alert_show_error (GTK_WIDGET (self), _("The Map Cannot Be Saved"), error);
}

static void
map_saved_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceImportMatchPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (object), result, &error);
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  if (file == NULL || self->mapping == NULL)
    {
      if (error != NULL && !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
        sluice_alert_show_error (GTK_WIDGET (self), _("No File Could Be Chosen"), error);
      return;
    }

  text = sluice_import_map_to_text (self->mapping);
  bytes = g_bytes_new_take (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, self->cancellable,
                                       map_written_cb, g_object_ref (self));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceImportMatchPage *self = SLUICE_IMPORT_MATCH_PAGE (widget);
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autofree char *name = g_strdup_printf ("%s.map.json", sluice_import_mapping_get_object (self->mapping));

  gtk_file_dialog_set_title (dialog, _("Save Map"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, get_window (self), self->cancellable, map_saved_cb, g_object_ref (self));
}

static void
enable_actions (SluiceImportMatchPage *self)
{
  static const char *const actions[] = { "match.again", "match.clear", "match.open", "match.save" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], self->mapping != NULL);
}

static void
forget (SluiceImportMatchPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->build_id, g_source_remove);

  for (guint i = 0; i < self->rows->len; i++)
    {
      ColumnRow *row = g_ptr_array_index (self->rows, i);

      g_signal_handlers_disconnect_by_data (row->drop_down, row);
      adw_preferences_group_remove (self->columns_group, GTK_WIDGET (row->row));
    }
  g_ptr_array_set_size (self->rows, 0);

  if (self->mapping != NULL)
    g_signal_handlers_disconnect_by_func (self->mapping, mapping_changed_cb, self);
  g_clear_object (&self->mapping);
  enable_actions (self);
}

static void
mapped_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceImportMatchPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceImportMapping) mapping = sluice_import_mapping_new_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  gtk_spinner_stop (self->spinner);
  if (mapping == NULL)
    {
      adw_status_page_set_description (self->failed_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }

  self->mapping = g_steal_pointer (&mapping);
  make_choices (self);
  make_keys (self);
  g_signal_connect_swapped (self->mapping, "changed", G_CALLBACK (mapping_changed_cb), self);
  gtk_stack_set_visible_child_name (self->stack, "columns");
  enable_actions (self);
  mapping_changed_cb (self);
  if (build_cb (self))
    self->build_id = g_idle_add (build_cb, self);
}

static void
column_row_free (ColumnRow *row)
{
  g_free (row);
}

static void
sluice_import_match_page_dispose (GObject *object)
{
  SluiceImportMatchPage *self = SLUICE_IMPORT_MATCH_PAGE (object);

  if (self->columns_group != NULL)
    forget (self);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_IMPORT_MATCH_PAGE);
  g_clear_object (&self->choices);
  g_clear_object (&self->keys);

  G_OBJECT_CLASS (sluice_import_match_page_parent_class)->dispose (object);
}

static void
sluice_import_match_page_finalize (GObject *object)
{
  SluiceImportMatchPage *self = SLUICE_IMPORT_MATCH_PAGE (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->issue_rows);
  g_ptr_array_unref (self->samples);

  G_OBJECT_CLASS (sluice_import_match_page_parent_class)->finalize (object);
}

static void
sluice_import_match_page_class_init (SluiceImportMatchPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_import_match_page_dispose;
  object_class->finalize = sluice_import_match_page_finalize;

  signals[SIGNAL_NEXT] =
    g_signal_new ("next", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-import-match-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, columns_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, dates_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, decimal_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, empty_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, issues_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, key_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, next_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportMatchPage, zone_row);
  gtk_widget_class_bind_template_callback (widget_class, key_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, option_chosen_cb);

  gtk_widget_class_install_action (widget_class, "match.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "match.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "match.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "match.save", NULL, save_action);
}

static void
sluice_import_match_page_init (SluiceImportMatchPage *self)
{
  g_autoptr(GTimeZone) local = g_time_zone_new_local ();
  g_autofree char *zone = NULL;

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) column_row_free);
  self->issue_rows = g_ptr_array_new ();
  self->samples = g_ptr_array_new_with_free_func (g_free);
  self->keys = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  enable_actions (self);

  self->showing = TRUE;
  adw_combo_row_set_model (self->key_row, G_LIST_MODEL (self->keys));
  self->showing = FALSE;

  /* Translators: the name of a time zone, such as Europe/Berlin */
  zone = g_strdup_printf (_("Times that name no time zone are meant in %s"), g_time_zone_get_identifier (local));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->zone_row), zone);
}

/**
 * sluice_import_match_page_load:
 * @self: the page
 * @cache: what the org tells about its objects
 * @object: the object
 * @verb: what is done
 * @preview: how the file begins
 *
 * Asks for the fields of the object and matches the columns. When only the
 * verb is another than before, what the user chose stays.
 */
void
sluice_import_match_page_load (SluiceImportMatchPage    *self,
                               SluiceDescribeCache      *cache,
                               const char               *object,
                               SluiceWriteVerb           verb,
                               const SluiceTablePreview *preview)
{
  g_return_if_fail (SLUICE_IS_IMPORT_MATCH_PAGE (self));
  g_return_if_fail (SLUICE_IS_DESCRIBE_CACHE (cache));
  g_return_if_fail (object != NULL);
  g_return_if_fail (preview != NULL && preview->columns != NULL);

  if (self->mapping != NULL && sluice_import_mapping_get_verb (self->mapping) == verb &&
      g_str_equal (sluice_import_mapping_get_object (self->mapping), object) &&
      g_strv_equal (sluice_import_mapping_get_columns (self->mapping, NULL), (const char * const *) preview->columns))
    return;

  forget (self);

  g_ptr_array_set_size (self->samples, 0);
  for (guint i = 0; preview->columns[i] != NULL; i++)
    {
      const char *sample = preview->rows->len > 0 ? ((char **) g_ptr_array_index (preview->rows, 0))[i] : "";

      g_ptr_array_add (self->samples, g_strdup (sample));
    }

  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  gtk_spinner_start (self->spinner);
  self->cancellable = g_cancellable_new ();
  sluice_import_mapping_new_async (cache, object, (const char * const *) preview->columns, verb,
                                   self->cancellable, mapped_cb, g_object_ref (self));
}

/**
 * sluice_import_match_page_get_mapping:
 * @self: the page
 *
 * Returns: (transfer none) (nullable): where columns go
 */
SluiceImportMapping *
sluice_import_match_page_get_mapping (SluiceImportMatchPage *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MATCH_PAGE (self), NULL);

  return self->mapping;
}
