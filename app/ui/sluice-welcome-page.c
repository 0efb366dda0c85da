/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-welcome-page"

#include "config.h"

#include "sluice-welcome-page.h"

/**
 * SluiceWelcomePage:
 *
 * What is shown while there is no subscription: the ways to get one.
 *
 * Properties: `menu-model` (GMenuModel: the main menu), `demo-org`
 * (SluiceDemoOrg: offered when it is installed).
 */
struct _SluiceWelcomePage
{
  AdwBin parent_instance;

  GMenuModel *menu_model;
  SluiceDemoOrg *demo_org;

  AdwStatusPage *status_page;
  GtkWidget *demo;
};

enum
{
  PROP_0,
  PROP_MENU_MODEL,
  PROP_DEMO_ORG,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceWelcomePage, sluice_welcome_page, ADW_TYPE_BIN)

static void
set_demo_org (SluiceWelcomePage *self,
              SluiceDemoOrg     *demo_org)
{
  if (!g_set_object (&self->demo_org, demo_org))
    return;

  gtk_widget_set_visible (self->demo, demo_org != NULL && sluice_demo_org_is_available (demo_org));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEMO_ORG]);
}

static void
sluice_welcome_page_dispose (GObject *object)
{
  SluiceWelcomePage *self = SLUICE_WELCOME_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_WELCOME_PAGE);
  g_clear_object (&self->demo_org);
  g_clear_object (&self->menu_model);

  G_OBJECT_CLASS (sluice_welcome_page_parent_class)->dispose (object);
}

static void
sluice_welcome_page_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceWelcomePage *self = SLUICE_WELCOME_PAGE (object);

  switch (prop_id)
    {
    case PROP_MENU_MODEL:
      g_value_set_object (value, self->menu_model);
      break;

    case PROP_DEMO_ORG:
      g_value_set_object (value, self->demo_org);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_welcome_page_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  SluiceWelcomePage *self = SLUICE_WELCOME_PAGE (object);

  switch (prop_id)
    {
    case PROP_MENU_MODEL:
      if (g_set_object (&self->menu_model, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_DEMO_ORG:
      set_demo_org (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_welcome_page_class_init (SluiceWelcomePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_welcome_page_dispose;
  object_class->get_property = sluice_welcome_page_get_property;
  object_class->set_property = sluice_welcome_page_set_property;

  properties[PROP_MENU_MODEL] =
    g_param_spec_object ("menu-model", NULL, NULL,
                         G_TYPE_MENU_MODEL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_DEMO_ORG] =
    g_param_spec_object ("demo-org", NULL, NULL,
                         SLUICE_TYPE_DEMO_ORG,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceWelcomePage, demo);
  gtk_widget_class_bind_template_child (widget_class, SluiceWelcomePage, status_page);
}

static void
sluice_welcome_page_init (SluiceWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  adw_status_page_set_icon_name (self->status_page, APPLICATION_ID);
}
