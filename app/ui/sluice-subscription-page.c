/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-subscription-page"

#include "config.h"

#include "sluice-subscription-page.h"

#include "sluice-activity-page.h"
#include "sluice-data-page.h"
#include "sluice-environment-badge.h"
#include "sluice-overview-page.h"
#include "sluice-settings-page.h"

/**
 * SluiceSubscriptionPage:
 *
 * Everything about the chosen subscription: the toolbar, the pages.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is).
 */
struct _SluiceSubscriptionPage
{
  AdwNavigationPage parent_instance;

  SluiceWorkspace *workspace;
  SluiceConnection *connection;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceSubscriptionPage, sluice_subscription_page, ADW_TYPE_NAVIGATION_PAGE)

static void
set_connection (SluiceSubscriptionPage *self,
                SluiceConnection   *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_subscription_page_dispose (GObject *object)
{
  SluiceSubscriptionPage *self = SLUICE_SUBSCRIPTION_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SUBSCRIPTION_PAGE);
  g_clear_object (&self->connection);
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

    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
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
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_ACTIVITY_PAGE);
  g_type_ensure (SLUICE_TYPE_DATA_PAGE);
  g_type_ensure (SLUICE_TYPE_ENVIRONMENT_BADGE);
  g_type_ensure (SLUICE_TYPE_OVERVIEW_PAGE);
  g_type_ensure (SLUICE_TYPE_SETTINGS_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-subscription-page.ui");
}

static void
sluice_subscription_page_init (SluiceSubscriptionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
