/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-advice-card"

#include "config.h"

#include "sluice-advice-card.h"

#include "sluice-action-button.h"
#include "sluice-advice-buttons.h"

/**
 * SluiceAdviceCard:
 *
 * What went wrong, what to do about it, and the button that mends it. Hidden
 * while there is no error.
 *
 * Property: `error` (nullable GError). The buttons use the actions of
 * SluiceSubscriptionPage.
 */
struct _SluiceAdviceCard
{
  AdwBin parent_instance;

  GError *error; /* (owned) (nullable) */

  GtkLabel *title;
  GtkLabel *body;
  GtkExpander *details;
  GtkLabel *details_text;
  GtkWidget *buttons;
  GtkButton *button;
  GtkButton *other;
};

enum
{
  PROP_0,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceAdviceCard, sluice_advice_card, ADW_TYPE_BIN)

static void
show_buttons (SluiceAdviceCard   *self,
              const SluiceAdvice *advice)
{
  g_autoptr(GVariant) target = NULL;
  g_autoptr(GVariant) other_target = NULL;
  const char *action_name = NULL;
  const char *other_action_name = NULL;
  const char *label = sluice_advice_get_button (advice, &action_name, &target);
  const char *other_label = sluice_advice_get_other_button (advice, self->error, &other_action_name, &other_target);

  sluice_action_button_show (self->button, label, action_name, target);
  sluice_action_button_show (self->other, other_label, other_action_name, other_target);
  gtk_widget_set_visible (self->buttons, label != NULL || other_label != NULL);
}

static void
set_error (SluiceAdviceCard *self,
           const GError     *error)
{
  g_autoptr(SluiceAdvice) advice = NULL;
  g_autofree char *details = NULL;

  g_clear_error (&self->error);
  gtk_widget_set_visible (GTK_WIDGET (self), error != NULL);

  if (error != NULL)
    {
      self->error = g_error_copy (error);
      advice = sluice_advice_new_for_error (error);
      details = sluice_advice_dup_details (error);

      gtk_label_set_label (self->title, advice->title);
      gtk_label_set_label (self->body, advice->body);
      gtk_label_set_label (self->details_text, details);
      gtk_widget_set_visible (GTK_WIDGET (self->details), *details != '\0');
      gtk_expander_set_expanded (self->details, FALSE);
      show_buttons (self, advice);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
sluice_advice_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLUICE_TYPE_ADVICE_CARD);

  G_OBJECT_CLASS (sluice_advice_card_parent_class)->dispose (object);
}

static void
sluice_advice_card_finalize (GObject *object)
{
  SluiceAdviceCard *self = SLUICE_ADVICE_CARD (object);

  g_clear_error (&self->error);

  G_OBJECT_CLASS (sluice_advice_card_parent_class)->finalize (object);
}

static void
sluice_advice_card_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceAdviceCard *self = SLUICE_ADVICE_CARD (object);

  switch (prop_id)
    {
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_advice_card_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  SluiceAdviceCard *self = SLUICE_ADVICE_CARD (object);

  switch (prop_id)
    {
    case PROP_ERROR:
      set_error (self, g_value_get_boxed (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_advice_card_class_init (SluiceAdviceCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_advice_card_dispose;
  object_class->finalize = sluice_advice_card_finalize;
  object_class->get_property = sluice_advice_card_get_property;
  object_class->set_property = sluice_advice_card_set_property;

  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL,
                        G_TYPE_ERROR,
                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-advice-card.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceAdviceCard, body);
  gtk_widget_class_bind_template_child (widget_class, SluiceAdviceCard, button);
  gtk_widget_class_bind_template_child (widget_class, SluiceAdviceCard, buttons);
  gtk_widget_class_bind_template_child (widget_class, SluiceAdviceCard, details);
  gtk_widget_class_bind_template_child (widget_class, SluiceAdviceCard, details_text);
  gtk_widget_class_bind_template_child (widget_class, SluiceAdviceCard, other);
  gtk_widget_class_bind_template_child (widget_class, SluiceAdviceCard, title);
}

static void
sluice_advice_card_init (SluiceAdviceCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
