/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-call-dialog"

#include "config.h"

#include "sluice-call-dialog.h"

#include "sluice-call-format.h"

/**
 * SluiceCallDialog:
 *
 * Everything that is known of one call, while it goes on.
 *
 * Property: `call` (SluiceCall, construct-only).
 */
struct _SluiceCallDialog
{
  AdwDialog parent_instance;

  SluiceCall *call;
};

enum
{
  PROP_0,
  PROP_CALL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceCallDialog, sluice_call_dialog, ADW_TYPE_DIALOG)

static void
sluice_call_dialog_dispose (GObject *object)
{
  SluiceCallDialog *self = SLUICE_CALL_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_CALL_DIALOG);
  g_clear_object (&self->call);

  G_OBJECT_CLASS (sluice_call_dialog_parent_class)->dispose (object);
}

static void
sluice_call_dialog_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceCallDialog *self = SLUICE_CALL_DIALOG (object);

  switch (prop_id)
    {
    case PROP_CALL:
      g_value_set_object (value, self->call);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_call_dialog_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  SluiceCallDialog *self = SLUICE_CALL_DIALOG (object);

  switch (prop_id)
    {
    case PROP_CALL:
      self->call = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_call_dialog_class_init (SluiceCallDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_call_dialog_dispose;
  object_class->get_property = sluice_call_dialog_get_property;
  object_class->set_property = sluice_call_dialog_set_property;

  properties[PROP_CALL] =
    g_param_spec_object ("call", NULL, NULL,
                         SLUICE_TYPE_CALL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_CALL);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-call-dialog.ui");
  sluice_call_format_bind_callbacks (widget_class);
}

static void
sluice_call_dialog_init (SluiceCallDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
sluice_call_dialog_new (SluiceCall *call)
{
  g_return_val_if_fail (SLUICE_IS_CALL (call), NULL);

  return g_object_new (SLUICE_TYPE_CALL_DIALOG,
                       "call", call,
                       NULL);
}
