/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-window"

#include "config.h"

#include "sluice-window.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"
#include "sluice-demo-org.h"
#include "sluice-query-library.h"
#include "sluice-settings-files.h"
#include "sluice-sign-in-opener.h"
#include "sluice-subscription-dialog.h"
#include "sluice-subscription-page.h"
#include "sluice-subscription-row.h"
#include "sluice-welcome-page.h"

/**
 * SluiceWindow:
 *
 * The window: the subscriptions in the sidebar, the page of the chosen one,
 * or the welcome page while there is none.
 *
 * Actions for everything inside: `win.new-subscription`, `win.import`,
 * `win.try-demo-org`, `win.select` (string: id of a subscription, shown as
 * soon as it is in the list), `win.toast` (string: shown as a toast).
 */
struct _SluiceWindow
{
  AdwApplicationWindow parent_instance;

  SluiceWorkspace *workspace;
  SluiceDemoOrg *demo_org;
  GCancellable *cancellable;
  GSettings *settings;
  GSignalGroup *subscription_signals;
  char *selected;              /* id of the subscription that is, or will be, shown */
  SluiceSubscription *deleted; /* (nullable), can be brought back */
  gboolean loaded;
  gboolean filling;            /* the list changes its rows, which says nothing about the user's choice */
  gboolean may_close;

  AdwToastOverlay *toast_overlay;
  GtkStack *stack;
  AdwNavigationSplitView *split_view;
  GtkListBox *list;
  SluiceSubscriptionPage *page;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_DEMO_ORG,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceWindow, sluice_window, ADW_TYPE_APPLICATION_WINDOW)

static SluiceSubscriptionList *
get_list (SluiceWindow *self)
{
  return sluice_workspace_get_subscriptions (self->workspace);
}

static SluiceConnection *
get_shown_connection (SluiceWindow *self)
{
  g_autoptr(SluiceConnection) connection = NULL;

  g_object_get (self->page, "connection", &connection, NULL);

  return connection;
}

/* The kind of org stands in the title, too: the desktop shows it where no badge can be. */
static void
update_title (SluiceWindow *self)
{
  SluiceConnection *connection = get_shown_connection (self);
  SluiceSubscription *subscription;
  SluiceEnvironment environment;
  g_autofree char *title = NULL;

  if (connection == NULL)
    {
      gtk_window_set_title (GTK_WINDOW (self), _("Sluice"));
      return;
    }

  subscription = sluice_connection_get_subscription (connection);
  environment = sluice_subscription_get_environment (subscription);

  if (environment == SLUICE_ENVIRONMENT_UNKNOWN)
    /* Translators: name of a subscription */
    title = g_strdup_printf (_("%s – Sluice"), sluice_subscription_get_name (subscription));
  else
    /* Translators: name of a subscription, kind of its org */
    title = g_strdup_printf (_("%s (%s) – Sluice"),
                             sluice_subscription_get_name (subscription),
                             sluice_environment_get_label (environment));

  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
show_subscription (SluiceWindow       *self,
                   SluiceSubscription *subscription)
{
  SluiceConnection *connection = NULL;

  if (subscription != NULL)
    {
      connection = sluice_workspace_get_connection (self->workspace, subscription);
      g_set_str (&self->selected, sluice_subscription_get_id (subscription));
      g_settings_set_string (self->settings, "selected-subscription", self->selected);
    }

  g_signal_group_set_target (self->subscription_signals, subscription);
  g_object_set (self->page, "connection", connection, NULL);
  update_title (self);
}

/* The list of rows */

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return sluice_subscription_row_new (item);
}

static GtkListBoxRow *
find_row (SluiceWindow *self,
          const char   *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      SluiceSubscription *subscription = sluice_subscription_row_get_subscription (SLUICE_SUBSCRIPTION_ROW (row));

      if (g_strcmp0 (sluice_subscription_get_id (subscription), id) == 0)
        return row;
    }

  return NULL;
}

static void
row_selected_cb (SluiceWindow  *self,
                 GtkListBoxRow *row)
{
  if (row != NULL && !self->filling)
    show_subscription (self, sluice_subscription_row_get_subscription (SLUICE_SUBSCRIPTION_ROW (row)));
}

static void
row_activated_cb (SluiceWindow  *self,
                  GtkListBoxRow *row)
{
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

/* Rows move when a name changes, come and go when files do. The chosen one stays chosen. */
static void
follow_list (SluiceWindow *self,
             guint         position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (get_list (self)));
  GtkListBoxRow *row;

  if (!self->loaded)
    return;

  row = find_row (self, self->selected);
  if (row == NULL && n_items > 0)
    {
      row = gtk_list_box_get_row_at_index (self->list, MIN (position, n_items - 1));
      adw_navigation_split_view_set_show_content (self->split_view, FALSE);
    }

  self->filling = FALSE;
  gtk_list_box_select_row (self->list, row);
  show_subscription (self, row != NULL ? sluice_subscription_row_get_subscription (SLUICE_SUBSCRIPTION_ROW (row))
                                       : NULL);
  gtk_stack_set_visible_child_name (self->stack, n_items > 0 ? "subscriptions" : "welcome");
}

static void
items_changing_cb (SluiceWindow *self)
{
  self->filling = TRUE;
}

static void
items_changed_cb (SluiceWindow *self,
                  guint         position,
                  guint         removed,
                  guint         added)
{
  follow_list (self, position);
}

/* Long enough for a folder of settings that is somewhere else for a while */
#define KEEP_QUERIES_SECONDS (30 * 24 * 60 * 60)

static void
forget_queries (SluiceWindow *self)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_null_terminated (8, NULL, TRUE);
  GListModel *list = G_LIST_MODEL (get_list (self));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(SluiceSubscription) subscription = g_list_model_get_item (list, i);

      g_ptr_array_add (ids, (gpointer) sluice_subscription_get_id (subscription));
    }

  sluice_query_library_purge ((const char * const *) ids->pdata,
                              g_get_real_time () / G_USEC_PER_SEC - KEEP_QUERIES_SECONDS);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!sluice_workspace_load_finish (SLUICE_WORKSPACE (object), result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;

      sluice_alert_show_error (GTK_WIDGET (self), _("Subscriptions Could Not Be Read"), error);
    }
  else
    {
      forget_queries (self);
    }

  self->loaded = TRUE;
  follow_list (self, 0);
}

/* The browser */

static void
open_uri_cb (SluiceWindow *self,
             const char   *uri,
             SluiceSignIn *sign_in)
{
  sluice_sign_in_opener_open (GTK_WIDGET (self), sign_in);
}

static void
sign_in_changed_cb (SluiceWindow     *self,
                    GParamSpec       *pspec,
                    SluiceConnection *connection)
{
  SluiceSignIn *sign_in = sluice_connection_get_sign_in (connection);

  if (sign_in != NULL)
    g_signal_connect_object (sign_in, "open-uri", G_CALLBACK (open_uri_cb), self, G_CONNECT_SWAPPED);
}

static void
connection_added_cb (SluiceWindow     *self,
                     SluiceConnection *connection)
{
  g_signal_connect_object (connection, "notify::sign-in", G_CALLBACK (sign_in_changed_cb), self, G_CONNECT_SWAPPED);
}

static GPtrArray *
list_waiting (SluiceWindow *self)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *list = G_LIST_MODEL (get_list (self));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(SluiceSubscription) subscription = g_list_model_get_item (list, i);
      SluiceConnection *connection = sluice_workspace_get_connection (self->workspace, subscription);

      if (sluice_connection_get_sign_in (connection) != NULL)
        g_ptr_array_add (waiting, g_object_ref (connection));
    }

  return g_steal_pointer (&waiting);
}

static void
close_chosen_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(SluiceWindow) self = user_data;
  g_autoptr(GPtrArray) waiting = NULL;

  if (!g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result), "stop"))
    return;

  waiting = list_waiting (self);
  for (guint i = 0; i < waiting->len; i++)
    sluice_connection_cancel (g_ptr_array_index (waiting, i));

  self->may_close = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

static void
ask_to_close (SluiceWindow *self)
{
  AdwDialog *dialog;

  dialog = adw_alert_dialog_new (_("Stop Signing In?"),
                                 _("Salesforce’s login page is open, and nobody has logged in yet."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "wait", _("Keep _Waiting"),
                                  "stop", _("_Stop and Close"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "wait");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "wait");
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), GTK_WIDGET (self), NULL, close_chosen_cb, g_object_ref (self));
}

static gboolean
sluice_window_close_request (GtkWindow *window)
{
  SluiceWindow *self = SLUICE_WINDOW (window);
  g_autoptr(GPtrArray) waiting = list_waiting (self);

  if (waiting->len > 0 && !self->may_close)
    {
      ask_to_close (self);
      return GDK_EVENT_STOP;
    }

  return GTK_WINDOW_CLASS (sluice_window_parent_class)->close_request (window);
}

/* Actions */

static void
select_id (SluiceWindow *self,
           const char   *id)
{
  GtkListBoxRow *row = find_row (self, id);

  g_set_str (&self->selected, id);

  if (row != NULL)
    gtk_list_box_select_row (self->list, row);
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

static void
select_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  select_id (SLUICE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
created_cb (SluiceWindow       *self,
            SluiceSubscription *subscription)
{
  select_id (self, sluice_subscription_get_id (subscription));
}

static void
new_subscription_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  SluiceWindow *self = SLUICE_WINDOW (widget);
  AdwDialog *dialog;

  /* One is enough. */
  if (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self)) != NULL)
    return;

  dialog = sluice_subscription_dialog_new (self->workspace);
  g_signal_connect_object (dialog, "created", G_CALLBACK (created_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static void
toast_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  SluiceWindow *self = SLUICE_WINDOW (widget);
  AdwToast *toast = adw_toast_new (g_variant_get_string (parameter, NULL));

  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(SluiceWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!sluice_subscription_store_save_finish (SLUICE_SUBSCRIPTION_STORE (object), result, &error))
    sluice_alert_show_error (GTK_WIDGET (self), _("Subscription Could Not Be Saved"), error);
}

static void
save_and_select (SluiceWindow       *self,
                 SluiceSubscription *subscription)
{
  select_id (self, sluice_subscription_get_id (subscription));
  sluice_subscription_store_save_async (sluice_workspace_get_store (self->workspace), subscription, NULL,
                                        saved_cb, g_object_ref (self));
}

/* The settings come back; the tokens are gone. */
static void
undo_clicked_cb (SluiceWindow *self)
{
  g_autoptr(SluiceSubscription) subscription = g_steal_pointer (&self->deleted);
  g_autofree char *name = NULL;

  if (subscription == NULL)
    return;

  name = sluice_subscription_list_make_unique_name (get_list (self), sluice_subscription_get_name (subscription));
  sluice_subscription_set_name (subscription, name);
  save_and_select (self, subscription);
}

static void
deleted_cb (SluiceWindow       *self,
            SluiceSubscription *subscription)
{
  g_autofree char *title = NULL;
  AdwToast *toast;

  /* Translators: name of a subscription */
  title = g_strdup_printf (_("“%s” deleted"), sluice_subscription_get_name (subscription));
  toast = adw_toast_new (title);
  adw_toast_set_use_markup (toast, FALSE);

  /* A damaged file cannot be written again. */
  g_clear_object (&self->deleted);
  if (sluice_subscription_get_damage (subscription) == NULL)
    {
      self->deleted = sluice_subscription_new_with_id (sluice_subscription_get_id (subscription));
      sluice_subscription_copy_settings (self->deleted, subscription);
      adw_toast_set_button_label (toast, _("_Undo"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self, G_CONNECT_SWAPPED);
    }

  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

static void
import_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  sluice_settings_files_import (widget, SLUICE_WINDOW (widget)->workspace);
}

static SluiceSubscription *
find_demo_subscription (SluiceWindow *self)
{
  GListModel *list = G_LIST_MODEL (get_list (self));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(SluiceSubscription) subscription = g_list_model_get_item (list, i);

      if (sluice_subscription_get_damage (subscription) == NULL && sluice_demo_org_is_for (subscription))
        return g_steal_pointer (&subscription);
    }

  return NULL;
}

static void
demo_org_started_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(SluiceWindow) self = user_data;
  g_autoptr(SluiceSubscription) subscription = NULL;
  g_autofree char *address = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  address = sluice_demo_org_start_finish (SLUICE_DEMO_ORG (object), result, &error);
  if (address == NULL)
    {
      sluice_alert_show_error (GTK_WIDGET (self), _("Demo Org Could Not Be Started"), error);
      return;
    }

  if (self->workspace == NULL)
    return;

  subscription = find_demo_subscription (self);
  if (subscription != NULL)
    {
      select_id (self, sluice_subscription_get_id (subscription));
      return;
    }

  subscription = sluice_demo_org_new_subscription (address);
  name = sluice_subscription_list_make_unique_name (get_list (self), sluice_subscription_get_name (subscription));
  sluice_subscription_set_name (subscription, name);
  save_and_select (self, subscription);
}

static void
try_demo_org_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  SluiceWindow *self = SLUICE_WINDOW (widget);
  g_autoptr(SluiceSubscription) subscription = find_demo_subscription (self);
  const char *address = subscription != NULL ? sluice_subscription_get_api_url (subscription) : NULL;

  sluice_demo_org_start_async (self->demo_org, address, self->cancellable, demo_org_started_cb, g_object_ref (self));
}

static void
sluice_window_constructed (GObject *object)
{
  SluiceWindow *self = SLUICE_WINDOW (object);
  GListModel *list = G_LIST_MODEL (get_list (self));

  G_OBJECT_CLASS (sluice_window_parent_class)->constructed (object);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.try-demo-org",
                                 self->demo_org != NULL && sluice_demo_org_is_available (self->demo_org));
  g_signal_connect_object (self->workspace, "connection-added", G_CALLBACK (connection_added_cb), self,
                           G_CONNECT_SWAPPED);

  /* One before and one after the rows change. */
  g_signal_connect_object (list, "items-changed", G_CALLBACK (items_changing_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, list, create_row, NULL, NULL);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);

  sluice_workspace_load_async (self->workspace, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
sluice_window_dispose (GObject *object)
{
  SluiceWindow *self = SLUICE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_WINDOW);
  g_clear_object (&self->subscription_signals);
  g_clear_object (&self->settings);
  g_clear_object (&self->deleted);
  g_clear_object (&self->demo_org);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_window_parent_class)->dispose (object);
}

static void
sluice_window_finalize (GObject *object)
{
  SluiceWindow *self = SLUICE_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_free (self->selected);

  G_OBJECT_CLASS (sluice_window_parent_class)->finalize (object);
}

static void
sluice_window_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  SluiceWindow *self = SLUICE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;

    case PROP_DEMO_ORG:
      g_value_set_object (value, self->demo_org);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_window_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  SluiceWindow *self = SLUICE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      self->workspace = g_value_dup_object (value);
      break;

    case PROP_DEMO_ORG:
      self->demo_org = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_window_class_init (SluiceWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->constructed = sluice_window_constructed;
  object_class->dispose = sluice_window_dispose;
  object_class->finalize = sluice_window_finalize;
  object_class->get_property = sluice_window_get_property;
  object_class->set_property = sluice_window_set_property;

  window_class->close_request = sluice_window_close_request;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_DEMO_ORG] =
    g_param_spec_object ("demo-org", NULL, NULL,
                         SLUICE_TYPE_DEMO_ORG,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_SUBSCRIPTION_PAGE);
  g_type_ensure (SLUICE_TYPE_WELCOME_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, split_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, toast_overlay);
  gtk_widget_class_bind_template_callback (widget_class, deleted_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);

  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.new-subscription", NULL, new_subscription_action);
  gtk_widget_class_install_action (widget_class, "win.select", "s", select_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.try-demo-org", NULL, try_demo_org_action);
}

static void
sluice_window_init (SluiceWindow *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->subscription_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::environment", G_CALLBACK (update_title), self);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::name", G_CALLBACK (update_title), self);

  self->settings = g_settings_new ("io.github.sluice.Sluice");
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  self->selected = g_settings_get_string (self->settings, "selected-subscription");
}

GtkWindow *
sluice_window_new (GtkApplication  *application,
                   SluiceWorkspace *workspace,
                   SluiceDemoOrg   *demo_org)
{
  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (SLUICE_IS_DEMO_ORG (demo_org), NULL);

  return g_object_new (SLUICE_TYPE_WINDOW,
                       "application", application,
                       "workspace", workspace,
                       "demo-org", demo_org,
                       NULL);
}
