/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-subscription-dialog"

#include "config.h"

#include "sluice-subscription-dialog.h"

#include <glib/gi18n.h>

#include "sluice-integration-file.h"
#include "sluice-subscription-commit.h"
#include "sluice-subscription-draft.h"
#include "sluice-subscription-form.h"

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
  SluiceSubscription *subscription;
  SluiceSubscriptionDraft *draft;
  GCancellable *cancellable;
  gboolean busy;

  AdwBanner *banner;
  SluiceSubscriptionForm *form;
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
update_actions (SluiceSubscriptionDialog *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save",
                                 !self->busy && sluice_subscription_draft_get_valid (self->draft));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.cancel", !self->busy);
}

static void
draft_updated_cb (SluiceSubscriptionDialog *self)
{
  adw_banner_set_revealed (self->banner, FALSE);
  update_actions (self);
}

static gboolean
is_saved (SluiceSubscriptionDialog *self)
{
  SluiceSubscriptionList *list = sluice_workspace_get_subscriptions (self->workspace);

  return sluice_subscription_list_find_by_id (list, sluice_subscription_get_id (self->subscription)) != NULL;
}

static void
committed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceSubscriptionDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  self->busy = FALSE;

  if (!sluice_subscription_commit_finish (SLUICE_SUBSCRIPTION_DRAFT (object), result, &error))
    {
      update_actions (self);
      sluice_subscription_form_focus_first_error (self->form);
      adw_banner_set_title (self->banner, error->message);
      adw_banner_set_revealed (self->banner, TRUE);
      return;
    }

  g_signal_emit (self, signals[CREATED], 0, self->subscription);
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (widget);

  self->busy = TRUE;
  update_actions (self);
  sluice_subscription_commit_async (self->draft, self->workspace, self->cancellable,
                                    committed_cb, g_object_ref (self));
}

/* The file may have been written although the secret was not: then there is a new subscription all the same. */
static void
leave (SluiceSubscriptionDialog *self)
{
  if (is_saved (self))
    g_signal_emit (self, signals[CREATED], 0, self->subscription);

  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
discard_chosen_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(SluiceSubscriptionDialog) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_strcmp0 (response, "discard") == 0)
    leave (self);
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (widget);
  AdwAlertDialog *dialog;

  if (self->busy)
    return;

  if (!sluice_subscription_draft_get_changed (self->draft))
    {
      leave (self);
      return;
    }

  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Discard What Was Entered?"),
                                                   _("The subscription has not been saved.")));
  adw_alert_dialog_add_responses (dialog,
                                  "cancel", _("_Keep Editing"),
                                  "discard", _("_Discard"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, widget, self->cancellable, discard_chosen_cb, g_object_ref (self));
}

static void
close_attempt_cb (SluiceSubscriptionDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "dialog.cancel", NULL);
}

static SluiceSubscription *
create_subscription (SluiceSubscriptionList *others)
{
  SluiceSubscription *subscription;
  g_autofree char *name = NULL;

  subscription = sluice_subscription_new_for_integration (sluice_integrations_find ("salesforce", NULL));
  name = sluice_subscription_list_make_unique_name (others, _("Salesforce"));
  sluice_subscription_set_name (subscription, name);

  return subscription;
}

static void
sluice_subscription_dialog_constructed (GObject *object)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (object);
  SluiceSubscriptionList *others = sluice_workspace_get_subscriptions (self->workspace);

  G_OBJECT_CLASS (sluice_subscription_dialog_parent_class)->constructed (object);

  self->subscription = create_subscription (others);
  self->draft = sluice_subscription_draft_new (self->subscription, others);
  g_signal_connect_object (self->draft, "updated", G_CALLBACK (draft_updated_cb), self, G_CONNECT_SWAPPED);
  g_object_set (self->form, "draft", self->draft, NULL);
  update_actions (self);
}

static void
sluice_subscription_dialog_dispose (GObject *object)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SUBSCRIPTION_DIALOG);
  g_clear_object (&self->draft);
  g_clear_object (&self->subscription);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_subscription_dialog_parent_class)->dispose (object);
}

static void
sluice_subscription_dialog_finalize (GObject *object)
{
  SluiceSubscriptionDialog *self = SLUICE_SUBSCRIPTION_DIALOG (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (sluice_subscription_dialog_parent_class)->finalize (object);
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

  object_class->constructed = sluice_subscription_dialog_constructed;
  object_class->dispose = sluice_subscription_dialog_dispose;
  object_class->finalize = sluice_subscription_dialog_finalize;
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

  g_type_ensure (SLUICE_TYPE_SUBSCRIPTION_FORM);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-subscription-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionDialog, form);
  gtk_widget_class_bind_template_callback (widget_class, close_attempt_cb);

  gtk_widget_class_install_action (widget_class, "dialog.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "dialog.save", NULL);
}

static void
sluice_subscription_dialog_init (SluiceSubscriptionDialog *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_subscription_dialog_new:
 * @workspace: where the subscription will belong
 *
 * Creates a dialog for a new subscription with pre-filled values.
 *
 * Returns: a dialog
 */
AdwDialog *
sluice_subscription_dialog_new (SluiceWorkspace *workspace)
{
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (workspace), NULL);

  return g_object_new (SLUICE_TYPE_SUBSCRIPTION_DIALOG,
                       "workspace", workspace,
                       NULL);
}
