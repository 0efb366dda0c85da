/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-window"

#include "config.h"

#include "sluice-window.h"

#include "sluice-subscription-dialog.h"
#include "sluice-subscription-page.h"
#include "sluice-subscription-row.h"

/**
 * SluiceWindow:
 *
 * The window: the subscriptions in the sidebar, the page of the chosen one.
 *
 * Actions for everything inside: `win.new-subscription`, `win.toast`
 * (string: shown as a toast).
 */
struct _SluiceWindow
{
  AdwApplicationWindow parent_instance;

  SluiceWorkspace *workspace;
  GCancellable *cancellable;
  GSettings *settings;

  AdwToastOverlay *toast_overlay;
  AdwNavigationSplitView *split_view;
  GtkListBox *list;
  SluiceSubscriptionPage *page;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceWindow, sluice_window, ADW_TYPE_APPLICATION_WINDOW)

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return sluice_subscription_row_new (item);
}

static void
row_selected_cb (SluiceWindow  *self,
                 GtkListBoxRow *row)
{
  SluiceSubscription *subscription;
  SluiceConnection *connection;

  if (row == NULL)
    {
      g_object_set (self->page, "connection", NULL, NULL);
      return;
    }

  subscription = sluice_subscription_row_get_subscription (SLUICE_SUBSCRIPTION_ROW (row));
  connection = sluice_workspace_get_connection (self->workspace, subscription);
  g_object_set (self->page, "connection", connection, NULL);
}

static void
row_activated_cb (SluiceWindow  *self,
                  GtkListBoxRow *row)
{
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

static void
new_subscription_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  SluiceWindow *self = SLUICE_WINDOW (widget);

  adw_dialog_present (sluice_subscription_dialog_new (self->workspace), widget);
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
sluice_window_constructed (GObject *object)
{
  SluiceWindow *self = SLUICE_WINDOW (object);

  G_OBJECT_CLASS (sluice_window_parent_class)->constructed (object);

  gtk_list_box_bind_model (self->list,
                           G_LIST_MODEL (sluice_workspace_get_subscriptions (self->workspace)),
                           create_row, self, NULL);
  sluice_workspace_load_async (self->workspace, self->cancellable, NULL, NULL);
}

static void
sluice_window_dispose (GObject *object)
{
  SluiceWindow *self = SLUICE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_window_parent_class)->dispose (object);
}

static void
sluice_window_finalize (GObject *object)
{
  SluiceWindow *self = SLUICE_WINDOW (object);

  g_clear_object (&self->cancellable);

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

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_window_class_init (SluiceWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = sluice_window_constructed;
  object_class->dispose = sluice_window_dispose;
  object_class->finalize = sluice_window_finalize;
  object_class->get_property = sluice_window_get_property;
  object_class->set_property = sluice_window_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_SUBSCRIPTION_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, split_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceWindow, toast_overlay);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);

  gtk_widget_class_install_action (widget_class, "win.new-subscription", NULL, new_subscription_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
}

static void
sluice_window_init (SluiceWindow *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new ("io.github.sluice.Sluice");
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

GtkWindow *
sluice_window_new (GtkApplication  *application,
                   SluiceWorkspace *workspace)
{
  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (workspace), NULL);

  return g_object_new (SLUICE_TYPE_WINDOW,
                       "application", application,
                       "workspace", workspace,
                       NULL);
}
