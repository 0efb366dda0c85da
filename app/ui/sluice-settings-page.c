/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-settings-page"

#include "config.h"

#include "sluice-settings-page.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"
#include "sluice-subscription-commit.h"
#include "sluice-subscription-draft.h"
#include "sluice-subscription-form.h"
#include "sluice-ui-utils.h"

/**
 * SluiceSettingsPage:
 *
 * The editor of one subscription, with Save and Revert.
 *
 * What was edited stays when another subscription is shown, until it is saved
 * or reverted; a window that is about to close asks for all of it.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is).
 */
struct _SluiceSettingsPage
{
  AdwBin parent_instance;

  SluiceWorkspace *workspace;
  SluiceConnection *connection;
  GHashTable *drafts;             /* (element-type SluiceSubscription SluiceSubscriptionDraft) */
  SluiceSubscriptionDraft *draft; /* (unowned) (nullable), of the connection */
  GSignalGroup *draft_signals;
  GSignalGroup *list_signals;
  GCancellable *cancellable;
  GtkWindow *window;              /* (unowned) (nullable) */
  gulong close_id;
  gboolean busy;

  AdwBanner *banner;
  AdwStatusPage *damaged_page;
  AdwToolbarView *toolbar_view;
  GtkStack *stack;
  SluiceSubscriptionForm *form;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceSettingsPage, sluice_settings_page, ADW_TYPE_BIN)

static void
update_actions (SluiceSettingsPage *self)
{
  gboolean changed = self->draft != NULL && sluice_subscription_draft_get_changed (self->draft);
  gboolean valid = self->draft != NULL && sluice_subscription_draft_get_valid (self->draft);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "settings.save", changed && valid && !self->busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "settings.revert", changed && !self->busy);
  adw_toolbar_view_set_reveal_bottom_bars (self->toolbar_view, changed);
}

static void
draft_updated_cb (SluiceSettingsPage *self)
{
  adw_banner_set_revealed (self->banner, FALSE);
  update_actions (self);
}

static GPtrArray *
find_changed (SluiceSettingsPage *self)
{
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer draft;

  g_hash_table_iter_init (&iter, self->drafts);
  while (g_hash_table_iter_next (&iter, NULL, &draft))
    {
      if (sluice_subscription_draft_get_changed (draft))
        g_ptr_array_add (changed, g_object_ref (draft));
    }

  return g_steal_pointer (&changed);
}

static gboolean
all_valid (GPtrArray *drafts)
{
  for (guint i = 0; i < drafts->len; i++)
    {
      if (!sluice_subscription_draft_get_valid (g_ptr_array_index (drafts, i)))
        return FALSE;
    }

  return TRUE;
}

static void
set_busy (SluiceSettingsPage *self,
          gboolean            busy)
{
  self->busy = busy;
  update_actions (self);
}

static void
show_failure (SluiceSettingsPage *self,
              const GError       *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  adw_banner_set_title (self->banner, error->message);
  adw_banner_set_revealed (self->banner, TRUE);
  sluice_subscription_form_focus_first_error (self->form);
}

static void
committed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceSettingsPage) self = user_data;
  SluiceSubscriptionDraft *draft = SLUICE_SUBSCRIPTION_DRAFT (object);
  g_autoptr(GError) error = NULL;

  set_busy (self, FALSE);

  if (sluice_subscription_commit_finish (draft, result, &error))
    sluice_show_toast (GTK_WIDGET (self), _("Settings saved"));
  else if (draft == self->draft)
    show_failure (self, error);
  else
    sluice_show_toast_for_error (GTK_WIDGET (self), error);
}

static void
commit (SluiceSettingsPage *self)
{
  set_busy (self, TRUE);
  sluice_subscription_commit_async (self->draft, self->workspace, self->cancellable,
                                    committed_cb, g_object_ref (self));
}

static void
move_chosen_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(SluiceSettingsPage) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_strcmp0 (response, "save") == 0 && self->draft != NULL)
    commit (self);
}

static void
ask_to_move (SluiceSettingsPage *self)
{
  AdwAlertDialog *dialog;

  dialog = sluice_alert_new (sluice_subscription_draft_get_subscription (self->draft),
                             _("Save and Remove Tokens?"),
                             _("The stored tokens belong to the org and app that were entered before. Saving removes them; authenticate again afterwards."));
  adw_alert_dialog_add_responses (dialog,
                                  "cancel", _("_Cancel"),
                                  "save", _("_Save and Remove Tokens"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, GTK_WIDGET (self), self->cancellable, move_chosen_cb, g_object_ref (self));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (widget);

  if (sluice_subscription_commit_removes_tokens (self->draft))
    ask_to_move (self);
  else
    commit (self);
}

static void
revert_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (widget);

  sluice_subscription_draft_revert (self->draft);
}

static SluiceSubscriptionDraft *
ensure_draft (SluiceSettingsPage *self,
              SluiceSubscription *subscription)
{
  SluiceSubscriptionDraft *draft = g_hash_table_lookup (self->drafts, subscription);

  if (draft == NULL)
    {
      draft = sluice_subscription_draft_new (subscription, sluice_workspace_get_subscriptions (self->workspace));
      g_hash_table_insert (self->drafts, g_object_ref (subscription), draft);
    }

  return draft;
}

static gboolean
is_forgettable (gpointer subscription,
                gpointer draft,
                gpointer user_data)
{
  SluiceSettingsPage *self = user_data;

  return draft != self->draft && !sluice_subscription_draft_get_changed (draft);
}

static void
show_damage (SluiceSettingsPage *self,
             SluiceSubscription *subscription)
{
  gtk_stack_set_visible_child_name (self->stack, "damaged");
  adw_status_page_set_description (self->damaged_page, sluice_subscription_get_damage (subscription));
}

static void
show_connection (SluiceSettingsPage *self)
{
  SluiceSubscription *subscription = NULL;

  if (self->connection != NULL && self->workspace != NULL)
    subscription = sluice_connection_get_subscription (self->connection);

  self->draft = NULL;
  if (subscription != NULL && sluice_subscription_get_damage (subscription) != NULL)
    {
      show_damage (self, subscription);
    }
  else if (subscription != NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "form");
      self->draft = ensure_draft (self, subscription);
    }

  adw_banner_set_revealed (self->banner, FALSE);
  g_object_set (self->form, "draft", self->draft, NULL);
  g_signal_group_set_target (self->draft_signals, self->draft);
  g_hash_table_foreach_remove (self->drafts, is_forgettable, self);
  update_actions (self);
}

static gboolean
is_gone (gpointer subscription,
         gpointer draft,
         gpointer user_data)
{
  SluiceSettingsPage *self = user_data;

  return draft != self->draft &&
         sluice_subscription_list_find_by_id (sluice_workspace_get_subscriptions (self->workspace),
                                              sluice_subscription_get_id (subscription)) == NULL;
}

/* Edits of a deleted subscription are nobody's any more. */
static void
list_changed_cb (SluiceSettingsPage *self)
{
  g_hash_table_foreach_remove (self->drafts, is_gone, self);
}

static void save_next (SluiceSettingsPage *self);

static void
saved_before_closing_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(SluiceSettingsPage) self = user_data;
  g_autoptr(GError) error = NULL;

  set_busy (self, FALSE);

  if (sluice_subscription_commit_finish (SLUICE_SUBSCRIPTION_DRAFT (object), result, &error))
    save_next (self);
  else if (SLUICE_SUBSCRIPTION_DRAFT (object) == self->draft)
    show_failure (self, error);
  else
    sluice_show_toast_for_error (GTK_WIDGET (self), error);
}

static void
save_next (SluiceSettingsPage *self)
{
  g_autoptr(GPtrArray) changed = find_changed (self);

  if (changed->len == 0)
    {
      if (self->window != NULL)
        gtk_window_close (self->window);
      return;
    }

  set_busy (self, TRUE);
  sluice_subscription_commit_async (g_ptr_array_index (changed, 0), self->workspace, self->cancellable,
                                    saved_before_closing_cb, g_object_ref (self));
}

static void
discard_all (SluiceSettingsPage *self)
{
  g_autoptr(GPtrArray) changed = find_changed (self);

  for (guint i = 0; i < changed->len; i++)
    sluice_subscription_draft_revert (g_ptr_array_index (changed, i));
}

static void
leave_chosen_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(SluiceSettingsPage) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_strcmp0 (response, "discard") == 0)
    discard_all (self);
  else if (g_strcmp0 (response, "save") != 0)
    return;

  save_next (self);
}

static void
ask_to_leave (SluiceSettingsPage *self,
              GPtrArray          *changed)
{
  g_autoptr(GString) names = g_string_new (NULL);
  gboolean removes_tokens = FALSE;
  AdwAlertDialog *dialog;

  for (guint i = 0; i < changed->len; i++)
    {
      SluiceSubscriptionDraft *draft = g_ptr_array_index (changed, i);

      removes_tokens |= sluice_subscription_commit_removes_tokens (draft);
      g_string_append_printf (names, "%s%s", i > 0 ? "\n" : "",
                              sluice_subscription_get_name (sluice_subscription_draft_get_subscription (draft)));
    }

  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Save Changed Settings?"), NULL));
  if (removes_tokens)
    /* Translators: %s are the names of subscriptions, one a line */
    adw_alert_dialog_format_body (dialog, _("Changes that are not saved are lost. Saving removes tokens that belong to another org or app:\n%s"),
                                  names->str);
  else
    /* Translators: %s are the names of subscriptions, one a line */
    adw_alert_dialog_format_body (dialog, _("Changes that are not saved are lost:\n%s"), names->str);
  adw_alert_dialog_add_responses (dialog,
                                  "cancel", _("_Cancel"),
                                  "discard", _("_Discard"),
                                  "save", _("_Save"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_response_enabled (dialog, "save", all_valid (changed));
  adw_alert_dialog_set_default_response (dialog, "save");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, GTK_WIDGET (self), self->cancellable, leave_chosen_cb, g_object_ref (self));
}

static gboolean
close_request_cb (SluiceSettingsPage *self)
{
  g_autoptr(GPtrArray) changed = find_changed (self);

  if (changed->len == 0)
    return GDK_EVENT_PROPAGATE;

  ask_to_leave (self, changed);
  return GDK_EVENT_STOP;
}

static void
sluice_settings_page_root (GtkWidget *widget)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (sluice_settings_page_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  if (!GTK_IS_WINDOW (root))
    return;

  self->window = GTK_WINDOW (root);
  self->close_id = g_signal_connect_swapped (root, "close-request", G_CALLBACK (close_request_cb), self);
}

static void
sluice_settings_page_unroot (GtkWidget *widget)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (widget);

  if (self->window != NULL)
    g_clear_signal_handler (&self->close_id, self->window);
  self->window = NULL;

  GTK_WIDGET_CLASS (sluice_settings_page_parent_class)->unroot (widget);
}

static void
set_workspace (SluiceSettingsPage *self,
               SluiceWorkspace    *workspace)
{
  if (!g_set_object (&self->workspace, workspace))
    return;

  g_signal_group_set_target (self->list_signals,
                             workspace != NULL ? sluice_workspace_get_subscriptions (workspace) : NULL);
  show_connection (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKSPACE]);
}

static void
set_connection (SluiceSettingsPage *self,
                SluiceConnection   *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;

  show_connection (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_settings_page_dispose (GObject *object)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_signal_group_set_target (self->draft_signals, NULL);
  g_signal_group_set_target (self->list_signals, NULL);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SETTINGS_PAGE);
  self->draft = NULL;
  g_hash_table_remove_all (self->drafts);
  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_settings_page_parent_class)->dispose (object);
}

static void
sluice_settings_page_finalize (GObject *object)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (object);

  g_clear_object (&self->draft_signals);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->cancellable);
  g_hash_table_unref (self->drafts);

  G_OBJECT_CLASS (sluice_settings_page_parent_class)->finalize (object);
}

static void
sluice_settings_page_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (object);

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
sluice_settings_page_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      set_workspace (self, g_value_get_object (value));
      break;

    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_settings_page_class_init (SluiceSettingsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_settings_page_dispose;
  object_class->finalize = sluice_settings_page_finalize;
  object_class->get_property = sluice_settings_page_get_property;
  object_class->set_property = sluice_settings_page_set_property;

  widget_class->root = sluice_settings_page_root;
  widget_class->unroot = sluice_settings_page_unroot;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_SUBSCRIPTION_FORM);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceSettingsPage, banner);
  gtk_widget_class_bind_template_child (widget_class, SluiceSettingsPage, damaged_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceSettingsPage, form);
  gtk_widget_class_bind_template_child (widget_class, SluiceSettingsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceSettingsPage, toolbar_view);

  gtk_widget_class_install_action (widget_class, "settings.revert", NULL, revert_action);
  gtk_widget_class_install_action (widget_class, "settings.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "settings.save", NULL);
}

static void
sluice_settings_page_init (SluiceSettingsPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->drafts = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->draft_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION_DRAFT);
  g_signal_group_connect_swapped (self->draft_signals, "updated", G_CALLBACK (draft_updated_cb), self);
  self->list_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION_LIST);
  g_signal_group_connect_swapped (self->list_signals, "items-changed", G_CALLBACK (list_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self);
}
