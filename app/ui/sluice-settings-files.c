/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-settings-files"

#include "config.h"

#include "sluice-settings-files.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"

typedef struct
{
  GtkWidget *parent;
  SluiceSubscriptionStore *store;
  SluiceSubscription *subscription; /* (nullable) */
} Request;

static void
request_free (Request *self)
{
  g_clear_object (&self->parent);
  g_clear_object (&self->store);
  g_clear_object (&self->subscription);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static Request *
request_new (GtkWidget          *parent,
             SluiceWorkspace    *workspace,
             SluiceSubscription *subscription)
{
  Request *self = g_new0 (Request, 1);

  self->parent = g_object_ref (parent);
  self->store = g_object_ref (sluice_workspace_get_store (workspace));
  g_set_object (&self->subscription, subscription);

  return self;
}

static void
toast (Request    *self,
       const char *text)
{
  gtk_widget_activate_action (self->parent, "win.toast", "s", text);
}

static void
select_subscription (Request            *self,
                     SluiceSubscription *subscription)
{
  gtk_widget_activate_action (self->parent, "win.select", "s", sluice_subscription_get_id (subscription));
}

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
duplicated_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(GError) error = NULL;

  if (sluice_subscription_store_save_finish (request->store, result, &error))
    toast (request, _("Settings duplicated, without tokens"));
  else
    sluice_alert_show_error (request->parent, _("Could Not Be Duplicated"), error);
}

/**
 * sluice_settings_files_duplicate:
 * @parent: a widget in the window
 * @workspace: where the subscriptions are
 * @subscription: a subscription
 *
 * Saves a copy of @subscription under a name of its own and shows it.
 */
void
sluice_settings_files_duplicate (GtkWidget          *parent,
                                 SluiceWorkspace    *workspace,
                                 SluiceSubscription *subscription)
{
  g_autoptr(SluiceSubscription) copy = NULL;
  g_autofree char *name = NULL;
  Request *request;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_WORKSPACE (workspace));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));

  name = sluice_subscription_list_make_unique_name (sluice_workspace_get_subscriptions (workspace),
                                                    sluice_subscription_get_name (subscription));
  copy = sluice_subscription_duplicate (subscription, name);
  request = request_new (parent, workspace, copy);
  select_subscription (request, copy);
  sluice_subscription_store_save_async (request->store, copy, NULL, duplicated_cb, request);
}

static void
exported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(GError) error = NULL;

  if (sluice_subscription_store_export_finish (request->store, result, &error))
    toast (request, _("Settings exported, without secrets"));
  else
    sluice_alert_show_error (request->parent, _("Could Not Be Exported"), error);
}

static void
export_chosen_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  SluiceSubscriptionStore *store = request->store;
  g_autoptr(GFile) file = NULL;
  g_autoptr(GError) error = NULL;

  file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (object), result, &error);

  if (file != NULL)
    sluice_subscription_store_export_async (store, request->subscription, file, NULL,
                                            exported_cb, g_steal_pointer (&request));
  else if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_FAILED))
    sluice_alert_show_error (request->parent, _("Could Not Be Exported"), error);
}

/**
 * sluice_settings_files_export:
 * @parent: a widget in the window
 * @workspace: where the subscriptions are
 * @subscription: a subscription
 *
 * Asks for a file and writes the settings to it, never a secret.
 */
void
sluice_settings_files_export (GtkWidget          *parent,
                              SluiceWorkspace    *workspace,
                              SluiceSubscription *subscription)
{
  g_autoptr(GtkFileDialog) dialog = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_WORKSPACE (workspace));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));

  /* A name may hold what the name of a file may not. */
  name = g_strconcat (sluice_subscription_get_name (subscription), ".json", NULL);
  g_strdelimit (name, "/", '-');

  dialog = gtk_file_dialog_new ();
  gtk_file_dialog_set_title (dialog, _("Export Settings"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, get_window (parent), NULL, export_chosen_cb,
                        request_new (parent, workspace, subscription));
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  g_autoptr(SluiceSubscription) subscription = NULL;
  g_autoptr(GError) error = NULL;

  subscription = sluice_subscription_store_import_finish (request->store, result, &error);

  if (subscription != NULL)
    select_subscription (request, subscription);
  else
    sluice_alert_show_error (request->parent, _("Could Not Be Imported"), error);
}

static void
import_chosen_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  SluiceSubscriptionStore *store = request->store;
  g_autoptr(GFile) file = NULL;
  g_autoptr(GError) error = NULL;

  file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (object), result, &error);

  if (file != NULL)
    sluice_subscription_store_import_async (store, file, NULL, imported_cb, g_steal_pointer (&request));
  else if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_FAILED))
    sluice_alert_show_error (request->parent, _("Could Not Be Imported"), error);
}

/**
 * sluice_settings_files_import:
 * @parent: a widget in the window
 * @workspace: where the subscriptions are
 *
 * Asks for a file, makes a subscription of it and shows it.
 */
void
sluice_settings_files_import (GtkWidget       *parent,
                              SluiceWorkspace *workspace)
{
  g_autoptr(GtkFileDialog) dialog = NULL;
  g_autoptr(GtkFileFilter) filter = NULL;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_WORKSPACE (workspace));

  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _("Settings of subscriptions"));
  gtk_file_filter_add_suffix (filter, "json");

  dialog = gtk_file_dialog_new ();
  gtk_file_dialog_set_title (dialog, _("Import Settings"));
  gtk_file_dialog_set_default_filter (dialog, filter);
  gtk_file_dialog_open (dialog, get_window (parent), NULL, import_chosen_cb, request_new (parent, workspace, NULL));
}
