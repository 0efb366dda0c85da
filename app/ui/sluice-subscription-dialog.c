/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-subscription-dialog"

#include "config.h"

#include "sluice-subscription-dialog.h"

/**
 * SluiceSubscriptionDialog:
 *
 * Makes a new subscription.
 *
 * Property: `workspace` (SluiceWorkspace, construct-only).
 *
 * Signal `created (SluiceSubscription *subscription)`: it is saved and in the
 * list; the dialog closes.
 */
struct _SluiceSubscriptionDialog
{
  AdwDialog parent_instance;

  SluiceWorkspace *workspace;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  N_PROPS
};

enum
{
  CREATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceSubscriptionDialog, sluice_subscription_dialog, ADW_TYPE_DIALOG)

static void
sluice_subscription_dialog_dispose (GObject *object)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SUBSCRIPTION_DIALOG);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_subscription_dialog_parent_class)->dispose (object);
}

static void
sluice_subscription_dialog_get_property (GObject    *object,
                                         guint       prop_id,
                                         GValue     *value,
                                         GParamSpec *pspec)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (object);

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
sluice_subscription_dialog_set_property (GObject      *object,
                                         guint         prop_id,
                                         const GValue *value,
                                         GParamSpec   *pspec)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (object);

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
sluice_subscription_dialog_class_init (SluiceSubscriptionDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_subscription_dialog_dispose;
  object_class->get_property = sluice_subscription_dialog_get_property;
  object_class->set_property = sluice_subscription_dialog_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CREATED] =
    g_signal_new ("created",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, SLUICE_TYPE_SUBSCRIPTION);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-subscription-dialog.ui");
}

static void
sluice_subscription_dialog_init (SluiceSubscriptionDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
sluice_subscription_dialog_new (SluiceWorkspace *workspace)
{
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (workspace), NULL);

  return g_object_new (SLUICE_TYPE_SUBSCRIPTION_DIALOG,
                       "workspace", workspace,
                       NULL);
}
