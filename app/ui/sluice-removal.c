/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-removal"

#include "config.h"

#include "sluice-removal.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"

typedef struct
{
  GtkWidget *parent;
  SluiceWorkspace *workspace; /* (nullable) */
  SluiceConnection *connection;
  GtkCheckButton *revoke;     /* (nullable) */
} Removal;

static void
removal_free (Removal *self)
{
  g_clear_object (&self->parent);
  g_clear_object (&self->workspace);
  g_clear_object (&self->connection);
  g_clear_object (&self->revoke);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static Removal *
removal_new (GtkWidget        *parent,
             SluiceConnection *connection)
{
  Removal *self = g_new0 (Removal, 1);

  self->parent = g_object_ref (parent);
  self->connection = g_object_ref (connection);

  return self;
}

static gboolean
wants_revoking (Removal *self)
{
  return self->revoke != NULL && gtk_check_button_get_active (self->revoke);
}

/* Revoking is offered when there is something to revoke. */
static AdwAlertDialog *
create_alert (Removal    *self,
              const char *heading,
              const char *body,
              const char *verb)
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (self->connection);
  AdwAlertDialog *alert = sluice_alert_new (subscription, heading, body);

  if (sluice_subscription_get_has_access_token (subscription) ||
      sluice_subscription_get_has_refresh_token (subscription))
    g_set_object (&self->revoke, sluice_alert_add_check (alert, _("Also revoke access at Salesforce")));

  adw_alert_dialog_add_responses (alert,
                                  "cancel", _("_Cancel"),
                                  "remove", verb,
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (alert, "cancel");
  adw_alert_dialog_set_close_response (alert, "cancel");

  return alert;
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Removal) removal = user_data;
  g_autoptr(GError) error = NULL;

  if (sluice_connection_disconnect_finish (SLUICE_CONNECTION (object), result, &error))
    gtk_widget_activate_action (removal->parent, "win.toast", "s", _("Tokens removed"));
  else
    sluice_alert_show_error (removal->parent, _("Not Everything Was Removed"), error);
}

static void
remove_tokens_chosen_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(Removal) removal = user_data;
  SluiceConnection *connection = removal->connection;
  gboolean revoke = wants_revoking (removal);

  if (g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result), "remove"))
    sluice_connection_disconnect_async (connection, revoke, NULL, disconnected_cb, g_steal_pointer (&removal));
}

/**
 * sluice_removal_remove_tokens:
 * @parent: a widget in the window
 * @connection: whose tokens
 *
 * Asks, then removes the tokens, and tells how it went.
 */
void
sluice_removal_remove_tokens (GtkWidget        *parent,
                              SluiceConnection *connection)
{
  SluiceSubscription *subscription;
  g_autofree char *body = NULL;
  AdwAlertDialog *alert;
  Removal *removal;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_CONNECTION (connection));

  subscription = sluice_connection_get_subscription (connection);
  removal = removal_new (parent, connection);
  /* Translators: name of a subscription */
  body = g_strdup_printf (_("“%s” can no longer reach its org until somebody signs in again."),
                          sluice_subscription_get_name (subscription));
  alert = create_alert (removal, _("Remove Tokens?"), body, _("_Remove Tokens"));
  adw_alert_dialog_choose (alert, parent, NULL, remove_tokens_chosen_cb, removal);
}

static void
deleted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Removal *removal = g_task_get_task_data (task);
  SluiceSubscription *subscription = sluice_connection_get_subscription (removal->connection);
  SluiceWorkspace *workspace = SLUICE_WORKSPACE (object);
  g_autoptr(GError) error = NULL;

  if (!sluice_workspace_delete_finish (workspace, result, &error))
    sluice_alert_show_error (removal->parent, _("Not Everything Was Deleted"), error);

  /* Without its file it is gone, even when Salesforce did not confirm that the grant is. */
  if (sluice_subscription_list_find_by_id (sluice_workspace_get_subscriptions (workspace),
                                           sluice_subscription_get_id (subscription)) == NULL)
    g_task_return_pointer (task, g_object_ref (subscription), g_object_unref);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
delete_chosen_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Removal *removal = g_task_get_task_data (task);

  if (g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result), "remove"))
    sluice_workspace_delete_async (removal->workspace, sluice_connection_get_subscription (removal->connection),
                                   wants_revoking (removal), NULL, deleted_cb, g_object_ref (task));
  else
    g_task_return_pointer (task, NULL, NULL);
}

/**
 * sluice_removal_delete_async:
 * @parent: a widget in the window
 * @workspace: where the subscription is
 * @subscription: a subscription, perhaps a damaged one
 * @callback: called when it is deleted, or not
 * @user_data: data for @callback
 *
 * Asks, then deletes a subscription and its tokens, and tells what did not
 * work.
 */
void
sluice_removal_delete_async (GtkWidget           *parent,
                             SluiceWorkspace     *workspace,
                             SluiceSubscription  *subscription,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autofree char *heading = NULL;
  AdwAlertDialog *alert;
  Removal *removal;
  GTask *task;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_WORKSPACE (workspace));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));

  removal = removal_new (parent, sluice_workspace_get_connection (workspace, subscription));
  g_set_object (&removal->workspace, workspace);
  task = g_task_new (parent, NULL, callback, user_data);
  g_task_set_source_tag (task, sluice_removal_delete_async);
  g_task_set_task_data (task, removal, (GDestroyNotify) removal_free);

  /* Translators: name of a subscription */
  heading = g_strdup_printf (_("Delete “%s”?"), sluice_subscription_get_name (subscription));
  alert = create_alert (removal, heading,
                        _("Its settings and its tokens are deleted. The org’s data stays as it is."),
                        _("_Delete"));
  adw_alert_dialog_choose (alert, parent, NULL, delete_chosen_cb, task);
}

/**
 * sluice_removal_delete_finish:
 * @result: what the callback got
 *
 * Returns: (transfer full) (nullable): what was deleted, %NULL when it is still there
 */
SluiceSubscription *
sluice_removal_delete_finish (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
