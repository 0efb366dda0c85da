/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-name-dialog.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"

typedef struct
{
  GtkWidget *parent;
  SluiceQueryLibrary *library;
  SluiceStoredQuery *query; /* (nullable), whose name changes */
  char *text;               /* (nullable), what is saved */
  GtkEditable *entry;       /* (unowned) */
  AdwAlertDialog *dialog;   /* (unowned) */
} Naming;

static void
naming_free (Naming *self)
{
  g_clear_object (&self->parent);
  g_clear_object (&self->library);
  g_clear_object (&self->query);
  g_free (self->text);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Naming, naming_free)

static const char *
describe_name (Naming     *self,
               const char *name)
{
  SluiceStoredQuery *other = sluice_query_library_find (self->library, name);

  if (other == NULL || other == self->query)
    return "";

  return self->query != NULL ? _("There is a query with this name already.")
                             : _("There is a query with this name already; it will be replaced.");
}

static void
name_changed_cb (Naming *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  const char *body = describe_name (self, name);

  adw_alert_dialog_set_body (self->dialog, body);
  adw_alert_dialog_set_response_enabled (self->dialog, "accept",
                                         *name != '\0' && (self->query == NULL || *body == '\0'));
}

static void
chosen_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Naming) self = user_data;
  g_autoptr(GError) error = NULL;
  const char *name = gtk_editable_get_text (self->entry);
  gboolean success;

  if (!g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result), "accept"))
    return;

  if (self->query != NULL)
    success = sluice_query_library_rename (self->library, self->query, name, &error);
  else
    success = sluice_query_library_save (self->library, name, self->text, &error);

  if (!success)
    sluice_alert_show_error (self->parent, _("The Query Could Not Be Saved"), error);
}

static void
ask (Naming     *self,
     const char *heading,
     const char *verb,
     const char *name)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();

  self->dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, NULL));
  self->entry = GTK_EDITABLE (row);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Name"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  adw_alert_dialog_set_extra_child (self->dialog, list);

  adw_alert_dialog_add_responses (self->dialog,
                                  "cancel", _("_Cancel"),
                                  "accept", verb,
                                  NULL);
  adw_alert_dialog_set_response_appearance (self->dialog, "accept", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (self->dialog, "accept");
  adw_alert_dialog_set_close_response (self->dialog, "cancel");

  gtk_editable_set_text (self->entry, name);
  name_changed_cb (self);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (name_changed_cb), self);
  adw_alert_dialog_choose (self->dialog, self->parent, NULL, chosen_cb, self);
  gtk_widget_grab_focus (row);
}

static Naming *
naming_new (GtkWidget          *parent,
            SluiceQueryLibrary *library)
{
  Naming *self = g_new0 (Naming, 1);

  self->parent = g_object_ref (parent);
  self->library = g_object_ref (library);

  return self;
}

/* A query that has a name already most likely keeps it. */
static char *
find_name (SluiceQueryLibrary *library,
           const char         *text)
{
  GListModel *saved = sluice_query_library_get_saved (library);
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  for (guint i = 0; i < g_list_model_get_n_items (saved); i++)
    {
      g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (saved, i);

      if (g_str_equal (sluice_stored_query_get_text (query), stripped))
        return g_strdup (sluice_stored_query_get_name (query));
    }

  return g_strdup ("");
}

/* Asks for a name, then saves the query under it. */
void
sluice_query_name_dialog_save (GtkWidget          *parent,
                               SluiceQueryLibrary *library,
                               const char         *text)
{
  Naming *self;
  g_autofree char *name = NULL;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_QUERY_LIBRARY (library));
  g_return_if_fail (text != NULL);

  self = naming_new (parent, library);
  self->text = g_strdup (text);
  name = find_name (library, text);
  ask (self, _("Save Query"), _("_Save"), name);
}

/* Asks for another name of a saved query. */
void
sluice_query_name_dialog_rename (GtkWidget          *parent,
                                 SluiceQueryLibrary *library,
                                 SluiceStoredQuery  *query)
{
  Naming *self;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_QUERY_LIBRARY (library));
  g_return_if_fail (SLUICE_IS_STORED_QUERY (query));

  self = naming_new (parent, library);
  self->query = g_object_ref (query);
  ask (self, _("Rename Query"), _("_Rename"), sluice_stored_query_get_name (query));
}
