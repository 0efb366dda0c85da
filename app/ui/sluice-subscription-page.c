/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-subscription-page"

#include "config.h"

#include "sluice-subscription-page.h"

#include <glib/gi18n.h>

#include "sluice-action-button.h"
#include "sluice-activity-page.h"
#include "sluice-advice-buttons.h"
#include "sluice-alert.h"
#include "sluice-browser.h"
#include "sluice-data-page.h"
#include "sluice-demo-org.h"
#include "sluice-environment-badge.h"
#include "sluice-file-opener.h"
#include "sluice-overview-page.h"
#include "sluice-private-window.h"
#include "sluice-removal.h"
#include "sluice-reset-guide.h"
#include "sluice-settings-files.h"
#include "sluice-settings-page.h"
#include "sluice-sign-in-opener.h"

/**
 * SluiceSubscriptionPage:
 *
 * Everything about the chosen subscription: the toolbar, the pages.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is), `demo-org` (SluiceDemoOrg: started
 * before a subscription to it is used).
 *
 * Signal `deleted (SluiceSubscription *subscription)`: its file and its tokens
 * are gone.
 *
 * Actions for everything inside: `subscription.authenticate`,
 * `subscription.authenticate-privately` (not where there is no private window),
 * `subscription.cancel-sign-in`, `subscription.refresh`, `subscription.retry`,
 * `subscription.remove-tokens`, `subscription.unlock`,
 * `subscription.use-session-only`, `subscription.use-keyring`,
 * `subscription.accept-organization`, `subscription.open-setup` (int32:
 * SluiceSetupPage), `subscription.reset-guide`, `subscription.duplicate`,
 * `subscription.export`, `subscription.delete`, `subscription.show-file`,
 * `subscription.show-page` (string: overview, data, activity, settings).
 */
struct _SluiceSubscriptionPage
{
  AdwNavigationPage parent_instance;

  SluiceWorkspace *workspace;
  SluiceDemoOrg *demo_org;
  SluiceConnection *connection;
  GSignalGroup *connection_signals;
  GSignalGroup *subscription_signals;

  AdwViewStack *stack;
  AdwBanner *banner;
  GtkWidget *strip;
  GtkStack *refresh_stack;
  GtkSpinner *spinner;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_DEMO_ORG,
  PROP_CONNECTION,
  N_PROPS
};

enum
{
  DELETED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceSubscriptionPage, sluice_subscription_page, ADW_TYPE_NAVIGATION_PAGE)

static SluiceSubscription *
get_subscription (SluiceSubscriptionPage *self)
{
  return self->connection != NULL ? sluice_connection_get_subscription (self->connection) : NULL;
}

static gboolean
has_tokens (SluiceSubscription *subscription)
{
  return sluice_subscription_get_has_access_token (subscription) ||
         sluice_subscription_get_has_refresh_token (subscription);
}

static void
toast (SluiceSubscriptionPage *self,
       const char             *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* What the page shows */

static void
show_banner (SluiceSubscriptionPage *self,
             const char             *title,
             const char             *label,
             const char             *action_name,
             GVariant               *target)
{
  sluice_actionable_set_action (GTK_ACTIONABLE (self->banner), action_name, target);

  if (title != NULL)
    {
      adw_banner_set_use_markup (self->banner, FALSE);
      adw_banner_set_title (self->banner, title);
      adw_banner_set_button_label (self->banner, label);
    }

  adw_banner_set_revealed (self->banner, title != NULL);
}

static gboolean
is_on_overview (SluiceSubscriptionPage *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "overview") == 0;
}

/* The overview tells what is wrong at length; the other pages only that something is. */
static void
update_banner (SluiceSubscriptionPage *self)
{
  SluiceSubscription *subscription = get_subscription (self);
  const GError *error = subscription != NULL ? sluice_subscription_get_last_error (subscription) : NULL;
  g_autoptr(SluiceAdvice) advice = NULL;
  g_autoptr(GVariant) target = NULL;
  const char *action_name = NULL;
  const char *label;

  if (error != NULL && !is_on_overview (self))
    {
      advice = sluice_advice_new_for_error (error);
      label = sluice_advice_get_button (advice, &action_name, &target);
      show_banner (self, advice->title, label, action_name, target);
    }
  else if (subscription != NULL && sluice_subscription_get_session_only (subscription))
    {
      show_banner (self, _("Tokens are kept in memory until Sluice quits"), _("Use Keyring"),
                   "subscription.use-keyring", NULL);
    }
  else
    {
      show_banner (self, NULL, NULL, NULL, NULL);
    }
}

static void
update_actions (SluiceSubscriptionPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  SluiceSubscription *subscription = get_subscription (self);
  gboolean usable = subscription != NULL && sluice_subscription_get_damage (subscription) == NULL;
  gboolean has_key = usable && *sluice_subscription_get_consumer_key (subscription) != '\0';
  gboolean signed_in = subscription != NULL && has_tokens (subscription);
  gboolean waiting = self->connection != NULL && sluice_connection_get_sign_in (self->connection) != NULL;
  gboolean unexpected = self->connection != NULL &&
                        sluice_connection_get_unexpected_organization (self->connection) != NULL;
  const GError *error = subscription != NULL ? sluice_subscription_get_last_error (subscription) : NULL;

  gtk_widget_action_set_enabled (widget, "subscription.accept-organization", unexpected);
  gtk_widget_action_set_enabled (widget, "subscription.authenticate", has_key);
  gtk_widget_action_set_enabled (widget, "subscription.authenticate-privately",
                                 has_key && sluice_private_window_is_available ());
  gtk_widget_action_set_enabled (widget, "subscription.cancel-sign-in",
                                 waiting || (subscription != NULL && sluice_subscription_get_status (subscription) ==
                                                                     SLUICE_STATUS_SIGNING_IN));
  gtk_widget_action_set_enabled (widget, "subscription.delete", subscription != NULL);
  gtk_widget_action_set_enabled (widget, "subscription.duplicate", usable);
  gtk_widget_action_set_enabled (widget, "subscription.export", usable);
  gtk_widget_action_set_enabled (widget, "subscription.open-setup", usable);
  gtk_widget_action_set_enabled (widget, "subscription.refresh", usable && !waiting && (signed_in || error != NULL));
  gtk_widget_action_set_enabled (widget, "subscription.remove-tokens", signed_in || (subscription != NULL && !usable));
  gtk_widget_action_set_enabled (widget, "subscription.reset-guide", usable);
  gtk_widget_action_set_enabled (widget, "subscription.retry", usable);
  gtk_widget_action_set_enabled (widget, "subscription.show-file",
                                 subscription != NULL && sluice_subscription_get_path (subscription) != NULL);
  gtk_widget_action_set_enabled (widget, "subscription.show-page", subscription != NULL);
}

static void
update (SluiceSubscriptionPage *self)
{
  SluiceSubscription *subscription = get_subscription (self);
  gboolean busy = self->connection != NULL && sluice_connection_get_busy (self->connection) &&
                  sluice_connection_get_sign_in (self->connection) == NULL;

  if (subscription != NULL)
    {
      adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), sluice_subscription_get_name (subscription));
      sluice_environment_style (self->strip, sluice_subscription_get_environment (subscription));
    }

  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_stack_set_visible_child_name (self->refresh_stack, busy ? "busy" : "refresh");
  update_actions (self);
  update_banner (self);
}

static void
visible_page_cb (SluiceSubscriptionPage *self)
{
  if (self->banner != NULL)
    update_banner (self);
}

/* Signing in and verifying */

static void
show_page (SluiceSubscriptionPage *self,
           const char             *name)
{
  adw_view_stack_set_visible_child_name (self->stack, name);
}

static void
tell_connected (SluiceSubscriptionPage *self,
                SluiceConnection       *connection)
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (connection);
  SluiceOrganization *organization = sluice_subscription_get_organization (subscription);
  g_autofree char *text = NULL;

  if (organization == NULL)
    return;

  /* Translators: name and kind of an org, such as "Connected to Northwind (Sandbox)" */
  text = g_strdup_printf (_("Connected to %s (%s)"),
                          sluice_organization_get_name (organization),
                          sluice_environment_get_label (sluice_organization_get_environment (organization)));
  toast (self, text);
}

static void
authenticated_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(SluiceSubscriptionPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (sluice_connection_authenticate_finish (SLUICE_CONNECTION (object), result, &error))
    tell_connected (self, SLUICE_CONNECTION (object));
  else
    g_debug ("Signing in: %s", error->message);
}

static void
verified_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(SluiceSubscriptionPage) self = user_data;
  g_autoptr(GError) error = NULL;

  /* The subscription tells the user. */
  if (!sluice_connection_verify_finish (SLUICE_CONNECTION (object), result, &error))
    g_debug ("Verifying: %s", error->message);
}

/* What is started once the demo org runs, or at once for any other org. */
typedef struct
{
  SluiceSubscriptionPage *page;
  SluiceConnection *connection;
  void (*start) (SluiceSubscriptionPage *page,
                 SluiceConnection       *connection);
} Launch;

static void
launch_free (Launch *launch)
{
  g_object_unref (launch->page);
  g_object_unref (launch->connection);
  g_free (launch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Launch, launch_free)

static void
demo_org_started_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(Launch) launch = user_data;
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  address = sluice_demo_org_start_finish (SLUICE_DEMO_ORG (object), result, &error);
  if (address == NULL)
    {
      SluiceSubscription *subscription = sluice_connection_get_subscription (launch->connection);

      sluice_subscription_set_last_error (subscription, error);
      sluice_subscription_set_status (subscription, SLUICE_STATUS_OFFLINE);
      return;
    }

  launch->start (launch->page, launch->connection);
}

static void
launch (SluiceSubscriptionPage *self,
        SluiceConnection       *connection,
        void                  (*start) (SluiceSubscriptionPage *, SluiceConnection *))
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (connection);
  Launch *data;

  if (self->demo_org == NULL ||
      !sluice_demo_org_is_available (self->demo_org) ||
      !sluice_demo_org_is_for (subscription))
    {
      start (self, connection);
      return;
    }

  data = g_new0 (Launch, 1);
  data->page = g_object_ref (self);
  data->connection = g_object_ref (connection);
  data->start = start;
  sluice_demo_org_start_async (self->demo_org, sluice_subscription_get_api_url (subscription), NULL,
                               demo_org_started_cb, data);
}

static void
start_authenticate (SluiceSubscriptionPage *self,
                    SluiceConnection       *connection)
{
  sluice_connection_authenticate_async (connection, NULL, authenticated_cb, g_object_ref (self));
}

static void
start_verify (SluiceSubscriptionPage *self,
              SluiceConnection       *connection)
{
  sluice_connection_verify_async (connection, NULL, verified_cb, g_object_ref (self));
}

static void
start_authenticate_privately (SluiceSubscriptionPage *self,
                              SluiceConnection       *connection)
{
  sluice_connection_authenticate_with_async (connection, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW, NULL,
                                             authenticated_cb, g_object_ref (self));
}

static void
authenticate_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);
  SluiceSignIn *sign_in = sluice_connection_get_sign_in (self->connection);

  show_page (self, "overview");

  /* The one that waits still can be finished; a second one would only make its page in the browser useless. */
  if (sign_in != NULL && sluice_sign_in_get_url (sign_in) != NULL)
    {
      if (sluice_sign_in_get_with (sign_in) == SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW)
        {
          toast (self, _("The private window is still open"));
          return;
        }

      sluice_sign_in_opener_open (widget, sign_in);
      toast (self, _("Sign-in was opened in the browser again"));
      return;
    }

  launch (self, self->connection, start_authenticate);
}

static void
authenticate_privately_action (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);
  SluiceSignIn *sign_in = sluice_connection_get_sign_in (self->connection);

  if (sign_in == NULL || sluice_sign_in_get_url (sign_in) == NULL)
    {
      show_page (self, "overview");
      launch (self, self->connection, start_authenticate_privately);
      return;
    }

  if (sluice_sign_in_get_with (sign_in) == SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER)
    {
      show_page (self, "overview");
      sluice_sign_in_set_with (sign_in, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
      sluice_sign_in_opener_open (widget, sign_in);
      return;
    }

  authenticate_action (widget, action_name, parameter);
}

static void
cancel_sign_in_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  sluice_connection_cancel (self->connection);
}

static void
refresh_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  launch (self, self->connection, start_verify);
}

/* Without tokens there is nothing to verify: what failed was signing in. */
static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);
  SluiceSubscription *subscription = get_subscription (self);

  if (has_tokens (subscription))
    launch (self, self->connection, start_verify);
  else
    authenticate_action (widget, action_name, parameter);
}

/* The keyring */

static void
unlocked_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Launch) data = user_data;
  g_autoptr(GError) error = NULL;

  if (sluice_secrets_unlock_finish (SLUICE_SECRETS (object), result, &error))
    launch (data->page, data->connection, start_verify);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    sluice_subscription_set_last_error (sluice_connection_get_subscription (data->connection), error);
}

static void
unlock_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);
  SluiceCredentialStore *credentials = sluice_workspace_get_credentials (self->workspace);
  Launch *data;

  if (!SLUICE_IS_SECRETS (credentials))
    return;

  data = g_new0 (Launch, 1);
  data->page = g_object_ref (self);
  data->connection = g_object_ref (self->connection);
  sluice_secrets_unlock_async (SLUICE_SECRETS (credentials), NULL, unlocked_cb, data);
}

static void
session_only_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  SluiceConnection *connection = SLUICE_CONNECTION (object);
  g_autoptr(SluiceSubscriptionPage) self = user_data;
  SluiceSubscription *subscription = sluice_connection_get_subscription (connection);
  g_autoptr(GError) error = NULL;

  if (!sluice_connection_set_session_only_finish (connection, result, &error))
    {
      sluice_alert_show_error (GTK_WIDGET (self), _("Tokens Could Not Be Moved"), error);
      return;
    }

  if (sluice_subscription_get_status (subscription) == SLUICE_STATUS_UNVERIFIED)
    launch (self, connection, start_verify);
}

static void
use_session_only_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  sluice_connection_set_session_only_async (self->connection, TRUE, NULL, session_only_cb, g_object_ref (self));
}

static void
use_keyring_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  sluice_connection_set_session_only_async (self->connection, FALSE, NULL, session_only_cb, g_object_ref (self));
}

/* The org */

static void
accept_chosen_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(SluiceConnection) connection = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_str_equal (response, "accept") && sluice_connection_get_unexpected_organization (connection) != NULL)
    sluice_connection_accept_organization (connection);
}

static void
accept_organization_action (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);
  SluiceOrganization *organization = sluice_connection_get_unexpected_organization (self->connection);
  SluiceEnvironment environment = sluice_organization_get_environment (organization);
  g_autofree char *body = NULL;
  AdwDialog *dialog;

  /* Translators: name of an org, its id, name of a subscription */
  body = g_strdup_printf (_("From now on “%s” is connected to “%s” (%s)."),
                          sluice_subscription_get_name (get_subscription (self)),
                          sluice_organization_get_name (organization),
                          sluice_organization_get_id (organization));
  dialog = adw_alert_dialog_new (_("Use This Other Org?"), body);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), sluice_environment_badge_new (environment));
  gtk_widget_set_halign (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog)), GTK_ALIGN_CENTER);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "accept", _("_Use This Org"),
                                  NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), widget, NULL, accept_chosen_cb, g_object_ref (self->connection));
}

static void
open_setup_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);
  SluiceSubscription *subscription = get_subscription (self);
  SluiceOrganization *organization = sluice_subscription_get_organization (subscription);
  g_autofree char *link = NULL;

  if (organization != NULL)
    link = sluice_host_dup_setup_link (sluice_organization_get_instance_url (organization),
                                       g_variant_get_int32 (parameter));
  if (link == NULL)
    link = sluice_host_dup_setup_link (sluice_subscription_get_api_url (subscription),
                                       g_variant_get_int32 (parameter));

  if (link != NULL)
    sluice_browser_open (widget, link);
}

static void
reset_guide_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  adw_dialog_present (sluice_reset_guide_new (get_subscription (self)), widget);
}

static void
deleted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (object);
  g_autoptr(SluiceSubscription) subscription = sluice_removal_delete_finish (result);

  if (subscription != NULL)
    g_signal_emit (self, signals[DELETED], 0, subscription);
}

static void
remove_tokens_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  sluice_removal_remove_tokens (widget, self->connection);
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  sluice_removal_delete_async (widget, self->workspace, get_subscription (self), deleted_cb, NULL);
}

static void
duplicate_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  sluice_settings_files_duplicate (widget, self->workspace, get_subscription (self));
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);

  sluice_settings_files_export (widget, self->workspace, get_subscription (self));
}

static void
show_file_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (widget);
  g_autoptr(GFile) file = g_file_new_for_path (sluice_subscription_get_path (get_subscription (self)));

  sluice_open_folder_of (widget, file);
}

static void
show_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  show_page (SLUICE_SUBSCRIPTION_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
status_changed_cb (SluiceSubscriptionPage *self)
{
  SluiceSubscription *subscription = get_subscription (self);

  /* Who is connected is what a user wants to see first; it costs a handful of calls once a session. */
  if (subscription != NULL && sluice_subscription_get_status (subscription) == SLUICE_STATUS_UNVERIFIED &&
      g_object_get_data (G_OBJECT (self->connection), "sluice-verified") == NULL)
    {
      g_object_set_data (G_OBJECT (self->connection), "sluice-verified", self);
      launch (self, self->connection, start_verify);
    }
}

static void
set_connection (SluiceSubscriptionPage *self,
                SluiceConnection       *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;

  g_signal_group_set_target (self->connection_signals, connection);
  g_signal_group_set_target (self->subscription_signals, get_subscription (self));
  update (self);
  status_changed_cb (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_subscription_page_dispose (GObject *object)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (object);

  g_clear_object (&self->connection_signals);
  g_clear_object (&self->subscription_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SUBSCRIPTION_PAGE);
  g_clear_object (&self->connection);
  g_clear_object (&self->demo_org);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_subscription_page_parent_class)->dispose (object);
}

static void
sluice_subscription_page_get_property (GObject    *object,
                                       guint       prop_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;

    case PROP_DEMO_ORG:
      g_value_set_object (value, self->demo_org);
      break;

    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_subscription_page_set_property (GObject      *object,
                                       guint         prop_id,
                                       const GValue *value,
                                       GParamSpec   *pspec)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      if (g_set_object (&self->workspace, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_DEMO_ORG:
      if (g_set_object (&self->demo_org, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "subscription.accept-organization", NULL, accept_organization_action);
  gtk_widget_class_install_action (widget_class, "subscription.authenticate", NULL, authenticate_action);
  gtk_widget_class_install_action (widget_class, "subscription.authenticate-privately", NULL,
                                   authenticate_privately_action);
  gtk_widget_class_install_action (widget_class, "subscription.cancel-sign-in", NULL, cancel_sign_in_action);
  gtk_widget_class_install_action (widget_class, "subscription.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "subscription.duplicate", NULL, duplicate_action);
  gtk_widget_class_install_action (widget_class, "subscription.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "subscription.open-setup", "i", open_setup_action);
  gtk_widget_class_install_action (widget_class, "subscription.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "subscription.remove-tokens", NULL, remove_tokens_action);
  gtk_widget_class_install_action (widget_class, "subscription.reset-guide", NULL, reset_guide_action);
  gtk_widget_class_install_action (widget_class, "subscription.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "subscription.show-file", NULL, show_file_action);
  gtk_widget_class_install_action (widget_class, "subscription.show-page", "s", show_page_action);
  gtk_widget_class_install_action (widget_class, "subscription.unlock", NULL, unlock_action);
  gtk_widget_class_install_action (widget_class, "subscription.use-keyring", NULL, use_keyring_action);
  gtk_widget_class_install_action (widget_class, "subscription.use-session-only", NULL, use_session_only_action);
}

static void
sluice_subscription_page_class_init (SluiceSubscriptionPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_subscription_page_dispose;
  object_class->get_property = sluice_subscription_page_get_property;
  object_class->set_property = sluice_subscription_page_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_DEMO_ORG] =
    g_param_spec_object ("demo-org", NULL, NULL,
                         SLUICE_TYPE_DEMO_ORG,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[DELETED] =
    g_signal_new ("deleted",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, SLUICE_TYPE_SUBSCRIPTION);

  g_type_ensure (SLUICE_TYPE_ACTIVITY_PAGE);
  g_type_ensure (SLUICE_TYPE_DATA_PAGE);
  g_type_ensure (SLUICE_TYPE_ENVIRONMENT_BADGE);
  g_type_ensure (SLUICE_TYPE_OVERVIEW_PAGE);
  g_type_ensure (SLUICE_TYPE_SETTINGS_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-subscription-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionPage, banner);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionPage, refresh_stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionPage, strip);
  gtk_widget_class_bind_template_callback (widget_class, visible_page_cb);

  install_actions (widget_class);
}

static void
sluice_subscription_page_init (SluiceSubscriptionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->connection_signals = g_signal_group_new (SLUICE_TYPE_CONNECTION);
  g_signal_group_connect_swapped (self->connection_signals, "notify", G_CALLBACK (update), self);
  self->subscription_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION);
  g_signal_group_connect_swapped (self->subscription_signals, "notify", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::status", G_CALLBACK (status_changed_cb), self);
  update_actions (self);
}
