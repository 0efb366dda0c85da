/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-popover.h"

#include <glib/gi18n.h>

#include "sluice-query-name-dialog.h"
#include "sluice-query-row.h"

/**
 * SluiceQueryPopover:
 *
 * The saved queries of a subscription and those that were run, to find one
 * and put it into the editor.
 */
struct _SluiceQueryPopover
{
  GtkPopover parent_instance;

  SluiceQueryLibrary *library; /* (nullable) */
  GtkFilter *filter;
  GListModel *queries;         /* (nullable), saved ones first */

  GtkLabel *empty_label;
  GtkListView *list_view;
  GtkSearchEntry *search_entry;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (SluiceQueryPopover, sluice_query_popover, GTK_TYPE_POPOVER)

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  SluiceQueryPopover *self = user_data;

  return sluice_stored_query_matches (item, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
show_state (SluiceQueryPopover *self)
{
  gboolean is_empty = self->queries == NULL || g_list_model_get_n_items (self->queries) == 0;
  gboolean searching = *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';
  GListModel *history = self->library != NULL ? sluice_query_library_get_history (self->library) : NULL;

  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "queries");
  gtk_label_set_label (self->empty_label,
                       searching ? _("No query fits.")
                                 : _("Queries that were run are listed here. Ctrl+S saves the one in the editor."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "queries.clear-history",
                                 history != NULL && g_list_model_get_n_items (history) > 0);
}

static void
search_changed_cb (SluiceQueryPopover *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_state (self);
}

static void
use (SluiceQueryPopover *self,
     guint               position)
{
  g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (self->queries, position);

  if (query == NULL)
    return;

  gtk_popover_popdown (GTK_POPOVER (self));
  gtk_widget_activate_action (GTK_WIDGET (self), "data.use-text", "s", sluice_stored_query_get_text (query));
}

static void
activate_cb (SluiceQueryPopover *self,
             guint               position)
{
  use (self, position);
}

static void
search_activated_cb (SluiceQueryPopover *self)
{
  if (self->queries != NULL)
    use (self, 0);
}

static void
bind_row_cb (SluiceQueryPopover *self,
             GtkListItem        *item)
{
  SluiceStoredQuery *query = gtk_list_item_get_item (item);
  const char *name;

  if (query == NULL)
    return;

  name = sluice_stored_query_get_name (query);
  sluice_query_row_set_query (SLUICE_QUERY_ROW (gtk_list_item_get_child (item)), query, gtk_list_item_get_position (item));
  gtk_list_item_set_accessible_label (item, name != NULL ? name : sluice_stored_query_get_text (query));
}

static void
position_changed_cb (GtkListItem        *item,
                     GParamSpec         *pspec,
                     SluiceQueryPopover *self)
{
  bind_row_cb (self, item);
}

static void
setup_row_cb (SluiceQueryPopover *self,
              GtkListItem        *item)
{
  gtk_list_item_set_child (item, sluice_query_row_new ());
  g_signal_connect_object (item, "notify::position", G_CALLBACK (position_changed_cb), self, 0);
}

static void
setup_header_cb (SluiceQueryPopover *self,
                 GtkListHeader      *header)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_header_set_child (header, label);
}

static void
bind_header_cb (SluiceQueryPopover *self,
                GtkListHeader      *header)
{
  SluiceStoredQuery *query = gtk_list_header_get_item (header);

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)),
                       sluice_stored_query_get_name (query) != NULL ? _("Saved") : _("History"));
}

static SluiceStoredQuery *
get_query (SluiceQueryPopover *self,
           GVariant           *position)
{
  return g_list_model_get_item (self->queries, g_variant_get_uint32 (position));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceQueryPopover *self = SLUICE_QUERY_POPOVER (widget);
  g_autoptr(SluiceStoredQuery) query = get_query (self, parameter);

  if (query == NULL)
    return;

  gtk_popover_popdown (GTK_POPOVER (self));
  sluice_query_name_dialog_save (gtk_widget_get_parent (widget), self->library, sluice_stored_query_get_text (query));
}

static void
rename_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceQueryPopover *self = SLUICE_QUERY_POPOVER (widget);
  g_autoptr(SluiceStoredQuery) query = get_query (self, parameter);

  if (query == NULL)
    return;

  gtk_popover_popdown (GTK_POPOVER (self));
  sluice_query_name_dialog_rename (gtk_widget_get_parent (widget), self->library, query);
}

typedef struct
{
  SluiceQueryLibrary *library;
  SluiceStoredQuery *query;
} Removal;

static void
remove_chosen_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Removal *removal = user_data;

  if (g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result), "delete"))
    sluice_query_library_remove (removal->library, removal->query);

  g_object_unref (removal->library);
  g_object_unref (removal->query);
  g_free (removal);
}

static void
ask_to_remove (SluiceQueryPopover *self,
               SluiceStoredQuery  *query)
{
  /* Translators: the name of a query */
  g_autofree char *heading = g_strdup_printf (_("Delete “%s”?"), sluice_stored_query_get_name (query));
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, _("The saved query cannot be brought back.")));
  Removal *removal = g_new0 (Removal, 1);

  removal->library = g_object_ref (self->library);
  removal->query = g_object_ref (query);
  adw_alert_dialog_add_responses (dialog,
                                  "cancel", _("_Cancel"),
                                  "delete", _("_Delete"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, gtk_widget_get_parent (GTK_WIDGET (self)), NULL, remove_chosen_cb, removal);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceQueryPopover *self = SLUICE_QUERY_POPOVER (widget);
  g_autoptr(SluiceStoredQuery) query = get_query (self, parameter);

  if (query == NULL)
    return;

  /* What was only run is soon run again. */
  if (sluice_stored_query_get_name (query) == NULL)
    {
      sluice_query_library_remove (self->library, query);
      return;
    }

  gtk_popover_popdown (GTK_POPOVER (self));
  ask_to_remove (self, query);
}

static void
clear_history_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  sluice_query_library_clear_history (SLUICE_QUERY_POPOVER (widget)->library);
}

static void
sluice_query_popover_show (GtkWidget *widget)
{
  SluiceQueryPopover *self = SLUICE_QUERY_POPOVER (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  GTK_WIDGET_CLASS (sluice_query_popover_parent_class)->show (widget);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
sluice_query_popover_dispose (GObject *object)
{
  SluiceQueryPopover *self = SLUICE_QUERY_POPOVER (object);

  if (self->list_view != NULL)
    sluice_query_popover_set_library (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_QUERY_POPOVER);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (sluice_query_popover_parent_class)->dispose (object);
}

static void
sluice_query_popover_class_init (SluiceQueryPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_query_popover_dispose;
  widget_class->show = sluice_query_popover_show;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-query-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryPopover, empty_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryPopover, list_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryPopover, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryPopover, stack);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, gtk_popover_popdown);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_row_cb);

  gtk_widget_class_install_action (widget_class, "queries.clear-history", NULL, clear_history_action);
  gtk_widget_class_install_action (widget_class, "queries.remove", "u", remove_action);
  gtk_widget_class_install_action (widget_class, "queries.rename", "u", rename_action);
  gtk_widget_class_install_action (widget_class, "queries.save", "u", save_action);
}

static void
sluice_query_popover_init (SluiceQueryPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  show_state (self);
}

static GListModel *
new_filtered (SluiceQueryPopover *self,
              GListModel         *queries)
{
  return G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (queries), g_object_ref (self->filter)));
}

/* Whose queries are listed */
void
sluice_query_popover_set_library (SluiceQueryPopover *self,
                                  SluiceQueryLibrary *library)
{
  g_autoptr(GListStore) lists = NULL;
  g_autoptr(GListModel) saved = NULL;
  g_autoptr(GListModel) history = NULL;

  g_return_if_fail (SLUICE_IS_QUERY_POPOVER (self));
  g_return_if_fail (library == NULL || SLUICE_IS_QUERY_LIBRARY (library));

  if (!g_set_object (&self->library, library))
    return;

  gtk_list_view_set_model (self->list_view, NULL);
  if (self->queries != NULL)
    g_signal_handlers_disconnect_by_func (self->queries, show_state, self);
  g_clear_object (&self->queries);

  if (library != NULL)
    {
      lists = g_list_store_new (G_TYPE_LIST_MODEL);
      saved = new_filtered (self, sluice_query_library_get_saved (library));
      history = new_filtered (self, sluice_query_library_get_history (library));
      g_list_store_append (lists, saved);
      g_list_store_append (lists, history);

      self->queries = G_LIST_MODEL (gtk_flatten_list_model_new (g_object_ref (G_LIST_MODEL (lists))));
      g_signal_connect_swapped (self->queries, "items-changed", G_CALLBACK (show_state), self);
      gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (self->queries))));
    }

  show_state (self);
}
