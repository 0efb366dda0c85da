/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-reset-guide"

#include "config.h"

#include "sluice-reset-guide.h"

#include <glib/gi18n.h>

#include "sluice-browser.h"
#include "sluice-environment-badge.h"
#include "sluice-host.h"
#include "sluice-integration-file.h"

/**
 * SluiceResetGuide:
 *
 * What to do in Salesforce's Setup so that signing in works, with links into
 * the very org of a subscription.
 */
struct _SluiceResetGuide
{
  AdwDialog parent_instance;

  SluiceSubscription *subscription;

  AdwToastOverlay *toasts;
  SluiceEnvironmentBadge *badge;
  AdwPreferencesGroup *intro;
  AdwPreferencesGroup *reset;
  AdwPreferencesGroup *create;
  AdwPreferencesGroup *callbacks;
};

enum
{
  PROP_0,
  PROP_SUBSCRIPTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceResetGuide, sluice_reset_guide, ADW_TYPE_DIALOG)

typedef struct
{
  const char *title;
  const char *text;
  SluiceSetupPage page;
} Step;

static const Step reset_steps[] = {
  {
    N_("Remove the tokens here"),
    N_("In the subscription’s menu choose Remove Tokens and let it revoke them at Salesforce, too."),
    SLUICE_SETUP_NONE,
  },
  {
    N_("End what is left of the grant"),
    N_("Revoke the entries of this app and user."),
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS_USAGE,
  },
  {
    N_("The same for a connected app"),
    N_("An app that says Install is blocked for ordinary users until it is installed."),
    SLUICE_SETUP_CONNECTED_APPS_USAGE,
  },
  {
    N_("Look at the policies of the app"),
    N_("Permitted users, lifetime of the refresh token, and no IP allow-list for refresh tokens."),
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS,
  },
  {
    N_("Look at the login history"),
    N_("A refused login stands there with its reason, even when the browser showed nothing."),
    SLUICE_SETUP_LOGIN_HISTORY,
  },
  {
    N_("Wait, then authenticate again"),
    N_("Changes in Setup take up to ten minutes to work."),
    SLUICE_SETUP_NONE,
  },
};

static const Step create_steps[] = {
  {
    N_("Create an external client app"),
    N_("New External Client App, distribution state Local. It works in this org only."),
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS,
  },
  {
    N_("Enable OAuth"),
    N_("Enter the callback URLs below. Scopes: api, refresh_token, openid and id."),
    SLUICE_SETUP_NONE,
  },
  {
    N_("Security"),
    N_("Require PKCE: on. Require a secret for the web server flow and for the refresh token flow: off. Rotation of the "
       "refresh token: on."),
    SLUICE_SETUP_NONE,
  },
  {
    N_("Policies"),
    N_("All users may self-authorize, or administrators approve users by a permission set."),
    SLUICE_SETUP_PERMISSION_SETS,
  },
  {
    N_("Copy the consumer key"),
    N_("It goes into the settings of the subscription. Wait up to ten minutes before signing in."),
    SLUICE_SETUP_NONE,
  },
  {
    N_("Check the user"),
    N_("API Enabled, and read access to the objects and fields that are wanted."),
    SLUICE_SETUP_PROFILES,
  },
};

static const char *
get_org_url (SluiceResetGuide *self)
{
  SluiceOrganization *organization = sluice_subscription_get_organization (self->subscription);

  if (organization != NULL && sluice_organization_get_instance_url (organization) != NULL)
    return sluice_organization_get_instance_url (organization);

  return sluice_subscription_get_api_url (self->subscription);
}

static void
add_button (GtkWidget  *row,
            const char *icon_name,
            const char *tooltip,
            char       *text, /* (transfer full) */
            GCallback   clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "sluice-text", text, g_free);
  g_signal_connect (button, "clicked", clicked, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
}

static void
open_clicked_cb (GtkWidget *button)
{
  sluice_browser_open (button, g_object_get_data (G_OBJECT (button), "sluice-text"));
}

static void
copy_clicked_cb (GtkWidget *button)
{
  SluiceResetGuide *self = SLUICE_RESET_GUIDE (gtk_widget_get_ancestor (button, SLUICE_TYPE_RESET_GUIDE));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), g_object_get_data (G_OBJECT (button), "sluice-text"));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("Callback URL copied")));
}

static void
add_steps (SluiceResetGuide    *self,
           AdwPreferencesGroup *group,
           const Step          *steps,
           guint                n_steps)
{
  for (guint i = 0; i < n_steps; i++)
    {
      g_autofree char *link = sluice_host_dup_setup_link (get_org_url (self), steps[i].page);
      /* Translators: number and text of a step, such as "2. Enable OAuth" */
      g_autofree char *title = g_strdup_printf (_("%u. %s"), i + 1, _(steps[i].title));
      g_autofree char *tooltip = g_strdup_printf (_("Open Setup: %s"), _(steps[i].title));
      GtkWidget *row;

      row = g_object_new (ADW_TYPE_ACTION_ROW,
                          "title", title,
                          "subtitle", _(steps[i].text),
                          "use-markup", FALSE,
                          NULL);
      if (link != NULL)
        add_button (row, "adw-external-link-symbolic", tooltip, g_steal_pointer (&link),
                    G_CALLBACK (open_clicked_cb));

      adw_preferences_group_add (group, row);
    }
}

static void
add_callbacks (SluiceResetGuide *self)
{
  SluiceIntegration *integration;
  const guint16 *ports;
  guint n_ports;

  integration = sluice_integrations_find (sluice_subscription_get_integration_id (self->subscription),
                                          sluice_subscription_get_version (self->subscription));
  gtk_widget_set_visible (GTK_WIDGET (self->callbacks), integration != NULL);
  if (integration == NULL)
    return;

  ports = sluice_integration_get_callback_ports (integration, &n_ports);
  for (guint i = 0; i < n_ports; i++)
    {
      g_autofree char *url = g_strdup_printf ("http://localhost:%u%s", ports[i],
                                              sluice_integration_get_callback_path (integration));
      GtkWidget *row;

      row = g_object_new (ADW_TYPE_ACTION_ROW,
                          "title", url,
                          "use-markup", FALSE,
                          "title-selectable", TRUE,
                          NULL);
      add_button (row, "edit-copy-symbolic", _("Copy Callback URL"), g_steal_pointer (&url),
                  G_CALLBACK (copy_clicked_cb));
      adw_preferences_group_add (self->callbacks, row);
    }
}

static void
sluice_reset_guide_constructed (GObject *object)
{
  SluiceResetGuide *self = SLUICE_RESET_GUIDE (object);
  SluiceEnvironment environment = sluice_subscription_get_environment (self->subscription);
  g_autofree char *host = NULL;
  g_autofree char *text = NULL;

  G_OBJECT_CLASS (sluice_reset_guide_parent_class)->constructed (object);

  host = g_markup_escape_text (get_org_url (self), -1);
  /* Translators: the address of an org */
  text = g_strdup_printf (_("The links lead to Setup in %s."), host);
  adw_preferences_group_set_description (self->intro, text);
  g_object_set (self->badge, "environment", environment, NULL);

  add_steps (self, self->reset, reset_steps, G_N_ELEMENTS (reset_steps));
  add_steps (self, self->create, create_steps, G_N_ELEMENTS (create_steps));
  add_callbacks (self);
}

static void
sluice_reset_guide_dispose (GObject *object)
{
  SluiceResetGuide *self = SLUICE_RESET_GUIDE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_RESET_GUIDE);
  g_clear_object (&self->subscription);

  G_OBJECT_CLASS (sluice_reset_guide_parent_class)->dispose (object);
}

static void
sluice_reset_guide_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceResetGuide *self = SLUICE_RESET_GUIDE (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      g_value_set_object (value, self->subscription);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_reset_guide_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  SluiceResetGuide *self = SLUICE_RESET_GUIDE (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      self->subscription = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_reset_guide_class_init (SluiceResetGuideClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = sluice_reset_guide_constructed;
  object_class->dispose = sluice_reset_guide_dispose;
  object_class->get_property = sluice_reset_guide_get_property;
  object_class->set_property = sluice_reset_guide_set_property;

  properties[PROP_SUBSCRIPTION] =
    g_param_spec_object ("subscription", NULL, NULL,
                         SLUICE_TYPE_SUBSCRIPTION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_ENVIRONMENT_BADGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-reset-guide.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceResetGuide, badge);
  gtk_widget_class_bind_template_child (widget_class, SluiceResetGuide, callbacks);
  gtk_widget_class_bind_template_child (widget_class, SluiceResetGuide, create);
  gtk_widget_class_bind_template_child (widget_class, SluiceResetGuide, intro);
  gtk_widget_class_bind_template_child (widget_class, SluiceResetGuide, reset);
  gtk_widget_class_bind_template_child (widget_class, SluiceResetGuide, toasts);
}

static void
sluice_reset_guide_init (SluiceResetGuide *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
sluice_reset_guide_new (SluiceSubscription *subscription)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), NULL);

  return g_object_new (SLUICE_TYPE_RESET_GUIDE,
                       "subscription", subscription,
                       NULL);
}
