/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-org-bar"

#include "config.h"

#include "sluice-org-bar.h"

#include <glib/gi18n.h>

#include "sluice-environment-badge.h"

/**
 * SluiceOrgBar:
 *
 * Says at the bottom of a dialog which org it is about: colour, icon and word
 * of its environment, and its name.
 */
struct _SluiceOrgBar
{
  AdwBin parent_instance;

  GtkBox *strip;
  GtkLabel *label;
  SluiceEnvironmentBadge *badge;
};

G_DEFINE_FINAL_TYPE (SluiceOrgBar, sluice_org_bar, ADW_TYPE_BIN)

static void
sluice_org_bar_dispose (GObject *object)
{
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLUICE_TYPE_ORG_BAR);

  G_OBJECT_CLASS (sluice_org_bar_parent_class)->dispose (object);
}

static void
sluice_org_bar_class_init (SluiceOrgBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sluice_org_bar_dispose;

  g_type_ensure (SLUICE_TYPE_ENVIRONMENT_BADGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-org-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceOrgBar, badge);
  gtk_widget_class_bind_template_child (widget_class, SluiceOrgBar, label);
  gtk_widget_class_bind_template_child (widget_class, SluiceOrgBar, strip);
}

static void
sluice_org_bar_init (SluiceOrgBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_org_bar_set_subscription:
 * @self: the bar
 * @subscription: whose org is shown
 *
 * Shows the org that @subscription is connected to now.
 */
void
sluice_org_bar_set_subscription (SluiceOrgBar       *self,
                                 SluiceSubscription *subscription)
{
  SluiceOrganization *organization;
  g_autofree char *text = NULL;

  g_return_if_fail (SLUICE_IS_ORG_BAR (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));

  organization = sluice_subscription_get_organization (subscription);
  if (organization != NULL)
    /* Translators: the name of a subscription, the name of an org */
    text = g_strdup_printf (_("%s: %s"), sluice_subscription_get_name (subscription),
                            sluice_organization_get_name (organization));

  g_object_set (self->badge, "environment", sluice_subscription_get_environment (subscription), NULL);
  sluice_environment_style (GTK_WIDGET (self->strip), sluice_subscription_get_environment (subscription));
  gtk_label_set_label (self->label, text != NULL ? text : sluice_subscription_get_name (subscription));
}
