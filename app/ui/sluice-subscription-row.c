/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-subscription-row"

#include "config.h"

#include "sluice-subscription-row.h"

#include "sluice-environment-badge.h"
#include "sluice-format.h"

/**
 * SluiceSubscriptionRow:
 *
 * A subscription in the sidebar: name, status in words and icon, environment.
 */
struct _SluiceSubscriptionRow
{
  GtkListBoxRow parent_instance;

  SluiceSubscription *subscription;
};

enum
{
  PROP_0,
  PROP_SUBSCRIPTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceSubscriptionRow, sluice_subscription_row, GTK_TYPE_LIST_BOX_ROW)

static void
sluice_subscription_row_dispose (GObject *object)
{
  SluiceSubscriptionRow *self = SLUICE_SUBSCRIPTION_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SUBSCRIPTION_ROW);
  g_clear_object (&self->subscription);

  G_OBJECT_CLASS (sluice_subscription_row_parent_class)->dispose (object);
}

static void
sluice_subscription_row_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  SluiceSubscriptionRow *self = SLUICE_SUBSCRIPTION_ROW (object);

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
sluice_subscription_row_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  SluiceSubscriptionRow *self = SLUICE_SUBSCRIPTION_ROW (object);

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
sluice_subscription_row_class_init (SluiceSubscriptionRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_subscription_row_dispose;
  object_class->get_property = sluice_subscription_row_get_property;
  object_class->set_property = sluice_subscription_row_set_property;

  properties[PROP_SUBSCRIPTION] =
    g_param_spec_object ("subscription", NULL, NULL,
                         SLUICE_TYPE_SUBSCRIPTION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_ENVIRONMENT_BADGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-subscription-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_status);
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_status_icon);
}

static void
sluice_subscription_row_init (SluiceSubscriptionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
sluice_subscription_row_new (SluiceSubscription *subscription)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), NULL);

  return g_object_new (SLUICE_TYPE_SUBSCRIPTION_ROW,
                       "subscription", subscription,
                       NULL);
}

SluiceSubscription *
sluice_subscription_row_get_subscription (SluiceSubscriptionRow *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_ROW (self), NULL);

  return self->subscription;
}
