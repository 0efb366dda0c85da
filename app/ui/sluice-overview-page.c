/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-overview-page"

#include "config.h"

#include "sluice-overview-page.h"

#include <glib/gi18n.h>

#include "sluice-action-button.h"
#include "sluice-advice-buttons.h"
#include "sluice-advice-card.h"
#include "sluice-demo-org.h"
#include "sluice-environment-badge.h"
#include "sluice-format.h"
#include "sluice-limits-group.h"
#include "sluice-organization-group.h"
#include "sluice-sign-in-view.h"
#include "sluice-usage-group.h"

/**
 * SluiceOverviewPage:
 *
 * Who is connected to which org, with what limits, and what needs attention.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is).
 */
struct _SluiceOverviewPage
{
  AdwBin parent_instance;

  SluiceWorkspace *workspace;
  SluiceConnection *connection;
  GSignalGroup *connection_signals;
  GSignalGroup *subscription_signals;

  GtkStack *stack;

  SluiceAdviceCard *empty_advice;
  AdwStatusPage *status_page;
  GtkSpinner *spinner;
  GtkButton *primary;
  GtkButton *secondary;
  GtkLabel *hint;

  SluiceSignInView *sign_in_view;

  SluiceAdviceCard *details_advice;
  AdwActionRow *who;
  SluiceEnvironmentBadge *who_badge;
  SluiceUsageGroup *usage;
  SluiceOrganizationGroup *organization;
  AdwActionRow *access_token;
  AdwActionRow *refresh_token;
  SluiceLimitsGroup *limits;
};

/* A status with nothing to tell about an org yet, and the buttons that lead on. */
typedef struct
{
  SluiceStatus status;
  const char *title;
  const char *description;
  const char *primary;
  const char *primary_action;
  const char *secondary;
  const char *secondary_action;
} EmptyState;

static const EmptyState empty_states[] = {
  {
    SLUICE_STATUS_DAMAGED,
    N_("Damaged File"),
    NULL,
    N_("_Show File"), "subscription.show-file",
    N_("_Delete Subscription…"), "subscription.delete",
  },
  {
    SLUICE_STATUS_INCOMPLETE,
    N_("Consumer Key Missing"),
    N_("An app in the org must allow Sluice to sign in. Its consumer key belongs into the settings."),
    N_("_Edit Settings"), "subscription.show-page::settings",
    N_("_Set Up the Org…"), "subscription.reset-guide",
  },
  {
    SLUICE_STATUS_SIGNED_OUT,
    N_("Not Signed In"),
    N_("Salesforce’s login page opens. Once you have logged in, Sluice goes on by itself."),
    N_("_Authenticate"), "subscription.authenticate",
    NULL, NULL,
  },
  {
    SLUICE_STATUS_SIGNING_IN,
    N_("Starting Sign-In"),
    NULL,
    NULL, NULL,
    N_("_Cancel"), "subscription.cancel-sign-in",
  },
  {
    SLUICE_STATUS_VERIFYING,
    N_("Verifying"),
    N_("Asking the org who is connected and what the limits are."),
    NULL, NULL,
    NULL, NULL,
  },
  {
    SLUICE_STATUS_UNVERIFIED,
    N_("Not Verified Yet"),
    N_("Tokens are stored. The org was not asked yet whether it still accepts them."),
    N_("_Verify Now"), "subscription.refresh",
    NULL, NULL,
  },
  {
    SLUICE_STATUS_CONNECTED,
    N_("Connected"),
    N_("Refresh to see who is connected to which org."),
    N_("_Refresh"), "subscription.refresh",
    NULL, NULL,
  },
  {
    SLUICE_STATUS_OFFLINE,
    N_("Offline"),
    N_("The org cannot be reached. The tokens are kept."),
    N_("_Try Again"), "subscription.retry",
    NULL, NULL,
  },
  {
    SLUICE_STATUS_NEEDS_ATTENTION,
    N_("Needs Attention"),
    N_("Refresh to see what is wrong."),
    N_("_Refresh"), "subscription.refresh",
    NULL, NULL,
  },
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceOverviewPage, sluice_overview_page, ADW_TYPE_BIN)

static const EmptyState *
find_empty_state (SluiceStatus status)
{
  for (guint i = 0; i < G_N_ELEMENTS (empty_states); i++)
    if (empty_states[i].status == status)
      return &empty_states[i];

  g_assert_not_reached ();
}

static void
show_button (GtkButton  *button,
             const char *label,
             const char *detailed_action)
{
  g_autofree char *action_name = NULL;
  g_autoptr(GVariant) target = NULL;

  if (detailed_action != NULL)
    g_action_parse_detailed_name (detailed_action, &action_name, &target, NULL);

  sluice_action_button_show (button, label, action_name, target);
}

static void
show_status_page (SluiceOverviewPage *self,
                  const char         *icon_name,
                  const char         *title,
                  const char         *description)
{
  g_autofree char *escaped = description != NULL ? g_markup_escape_text (description, -1) : NULL;
  g_autofree char *escaped_title = g_markup_escape_text (title, -1);

  adw_status_page_set_icon_name (self->status_page, icon_name);
  adw_status_page_set_title (self->status_page, escaped_title);
  adw_status_page_set_description (self->status_page, escaped);
}

static gboolean
is_busy (SluiceStatus status)
{
  return status == SLUICE_STATUS_VERIFYING || status == SLUICE_STATUS_SIGNING_IN;
}

static void
show_hint (SluiceOverviewPage *self,
           const char         *text)
{
  gtk_label_set_label (self->hint, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint), text != NULL && *text != '\0');
}

/* With nothing else to show, the advice has the whole page. */
static void
show_advice_page (SluiceOverviewPage *self,
                  SluiceStatus        status,
                  const GError       *error)
{
  g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);
  g_autoptr(GVariant) target = NULL;
  g_autoptr(GVariant) other_target = NULL;
  g_autofree char *details = sluice_advice_dup_details (error);
  const char *action_name = NULL;
  const char *other_action_name = NULL;
  const char *label = sluice_advice_get_button (advice, &action_name, &target);
  const char *other_label = sluice_advice_get_other_button (advice, error, &other_action_name, &other_target);

  show_status_page (self, sluice_status_get_icon_name (status), advice->title, advice->body);
  sluice_action_button_show (self->primary, label, action_name, target);
  sluice_action_button_show (self->secondary, other_label, other_action_name, other_target);
  show_hint (self, details);
  g_object_set (self->empty_advice, "error", NULL, NULL);
}

static void
show_state_page (SluiceOverviewPage *self,
                 SluiceSubscription *subscription)
{
  SluiceStatus status = sluice_subscription_get_status (subscription);
  const EmptyState *state = find_empty_state (status);
  const char *description = state->description != NULL ? _(state->description) : NULL;
  const char *hint = NULL;

  if (status == SLUICE_STATUS_DAMAGED)
    description = sluice_subscription_get_damage (subscription);
  else if (status == SLUICE_STATUS_SIGNED_OUT && sluice_demo_org_is_for (subscription))
    hint = _("Log in as admin@demo.example with the password demo.");

  /* The spinner is picture enough. */
  show_status_page (self, is_busy (status) ? NULL : sluice_status_get_icon_name (status), _(state->title), description);
  show_button (self->primary, state->primary != NULL ? _(state->primary) : NULL, state->primary_action);
  show_button (self->secondary, state->secondary != NULL ? _(state->secondary) : NULL, state->secondary_action);
  show_hint (self, hint);

  /* Signing in is offered whatever went wrong; that is told above it. */
  g_object_set (self->empty_advice, "error", sluice_subscription_get_last_error (subscription), NULL);
}

static void
show_empty (SluiceOverviewPage *self,
            SluiceSubscription *subscription)
{
  SluiceStatus status = sluice_subscription_get_status (subscription);
  const GError *error = sluice_subscription_get_last_error (subscription);

  gtk_spinner_set_spinning (self->spinner, is_busy (status));

  if (error != NULL && (status == SLUICE_STATUS_OFFLINE || status == SLUICE_STATUS_NEEDS_ATTENTION))
    show_advice_page (self, status, error);
  else
    show_state_page (self, subscription);

  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static const char *
describe_place (SluiceSecretPlace place)
{
  switch (place)
    {
    case SLUICE_SECRET_PLACE_MEMORY:
      return _("In memory, until Sluice quits");
    case SLUICE_SECRET_PLACE_FILE:
      return _("In an encrypted file of Sluice");
    case SLUICE_SECRET_PLACE_KEYRING:
    default:
      return _("In the keyring");
    }
}

static void
show_tokens (SluiceOverviewPage *self,
             SluiceSubscription *subscription)
{
  gint64 issued_at = sluice_subscription_get_issued_at (subscription);
  g_autofree char *when = sluice_format_date_time (issued_at * 1000);
  g_autofree char *access = NULL;
  const char *kept = describe_place (sluice_connection_get_secret_place (self->connection));

  if (!sluice_subscription_get_has_access_token (subscription))
    access = g_strdup (_("None"));
  else if (issued_at > 0)
    /* Translators: where a token is kept, and when it was issued */
    access = g_strdup_printf (_("%s, issued %s"), kept, when);
  else
    access = g_strdup (kept);

  adw_action_row_set_subtitle (self->access_token, access);
  adw_action_row_set_subtitle (self->refresh_token,
                               sluice_subscription_get_has_refresh_token (subscription) ? kept : _("None"));
}

/* The answer to the first question, at one glance: whose data is this? */
static void
show_who (SluiceOverviewPage *self,
          SluiceOrganization *organization)
{
  g_autofree char *display_name = NULL;
  const char *username = sluice_organization_get_username (organization);
  const char *name = sluice_organization_get_name (organization);

  g_object_get (organization, "display-name", &display_name, NULL);
  if (display_name == NULL || *display_name == '\0')
    g_set_str (&display_name, username);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->who), display_name != NULL ? display_name : "");
  adw_action_row_set_subtitle (self->who, name != NULL ? name : "");
  g_object_set (self->who_badge, "environment", sluice_organization_get_environment (organization), NULL);
}

static void
show_details (SluiceOverviewPage *self,
              SluiceSubscription *subscription)
{
  g_object_set (self->details_advice, "error", sluice_subscription_get_last_error (subscription), NULL);
  g_object_set (self->organization, "organization", sluice_subscription_get_organization (subscription), NULL);
  show_who (self, sluice_subscription_get_organization (subscription));
  show_tokens (self, subscription);

  gtk_stack_set_visible_child_name (self->stack, "details");
}

/* Only what an org said is worth a page of details; without tokens nobody is connected. */
static gboolean
has_details (SluiceSubscription *subscription)
{
  switch (sluice_subscription_get_status (subscription))
    {
    case SLUICE_STATUS_VERIFYING:
    case SLUICE_STATUS_CONNECTED:
    case SLUICE_STATUS_OFFLINE:
    case SLUICE_STATUS_NEEDS_ATTENTION:
      return sluice_subscription_get_organization (subscription) != NULL;

    case SLUICE_STATUS_DAMAGED:
    case SLUICE_STATUS_INCOMPLETE:
    case SLUICE_STATUS_SIGNED_OUT:
    case SLUICE_STATUS_SIGNING_IN:
    case SLUICE_STATUS_UNVERIFIED:
    default:
      return FALSE;
    }
}

static void
update (SluiceOverviewPage *self)
{
  SluiceSubscription *subscription;
  SluiceSignIn *sign_in;

  if (self->connection == NULL)
    return;

  subscription = sluice_connection_get_subscription (self->connection);
  sign_in = sluice_connection_get_sign_in (self->connection);
  g_object_set (self->sign_in_view, "sign-in", sign_in, NULL);

  if (sign_in != NULL)
    gtk_stack_set_visible_child_name (self->stack, "sign-in");
  else if (has_details (subscription))
    show_details (self, subscription);
  else
    show_empty (self, subscription);
}

static void
set_connection (SluiceOverviewPage *self,
                SluiceConnection   *connection)
{
  SluiceSubscription *subscription = NULL;

  if (!g_set_object (&self->connection, connection))
    return;

  if (connection != NULL)
    subscription = sluice_connection_get_subscription (connection);

  g_signal_group_set_target (self->connection_signals, connection);
  g_signal_group_set_target (self->subscription_signals, subscription);
  g_object_set (self->usage, "throttle", connection != NULL ? sluice_connection_get_throttle (connection) : NULL, NULL);
  g_object_set (self->limits, "limits", connection != NULL ? sluice_connection_get_limits (connection) : NULL, NULL);
  update (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_overview_page_dispose (GObject *object)
{
  SluiceOverviewPage *self = SLUICE_OVERVIEW_PAGE (object);

  g_clear_object (&self->connection_signals);
  g_clear_object (&self->subscription_signals);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_OVERVIEW_PAGE);
  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_overview_page_parent_class)->dispose (object);
}

static void
sluice_overview_page_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceOverviewPage *self = SLUICE_OVERVIEW_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;

    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_overview_page_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  SluiceOverviewPage *self = SLUICE_OVERVIEW_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      if (g_set_object (&self->workspace, g_value_get_object (value)))
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
sluice_overview_page_class_init (SluiceOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_overview_page_dispose;
  object_class->get_property = sluice_overview_page_get_property;
  object_class->set_property = sluice_overview_page_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_ADVICE_CARD);
  g_type_ensure (SLUICE_TYPE_ENVIRONMENT_BADGE);
  g_type_ensure (SLUICE_TYPE_LIMITS_GROUP);
  g_type_ensure (SLUICE_TYPE_ORGANIZATION_GROUP);
  g_type_ensure (SLUICE_TYPE_SIGN_IN_VIEW);
  g_type_ensure (SLUICE_TYPE_USAGE_GROUP);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, access_token);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, details_advice);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, empty_advice);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, hint);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, limits);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, organization);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, primary);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, refresh_token);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, secondary);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, sign_in_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, usage);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, who);
  gtk_widget_class_bind_template_child (widget_class, SluiceOverviewPage, who_badge);
}

static void
sluice_overview_page_init (SluiceOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->connection_signals = g_signal_group_new (SLUICE_TYPE_CONNECTION);
  g_signal_group_connect_swapped (self->connection_signals, "notify::sign-in", G_CALLBACK (update), self);
  self->subscription_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION);
  g_signal_group_connect_swapped (self->subscription_signals, "notify", G_CALLBACK (update), self);
}
