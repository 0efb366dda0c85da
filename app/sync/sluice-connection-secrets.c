/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection-private.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

static void
forget_org (SluiceConnection *self)
{
  sluice_connection_set_unexpected (self, NULL);
  sluice_subscription_set_organization (self->subscription, NULL);
  sluice_connection_take_limits (self, NULL);
}

static void
end_removal (SluiceConnection *self,
             GTask            *task)
{
  GError *revoke_error = g_steal_pointer (&sluice_operation_get (task)->revoke_error);

  if (revoke_error != NULL)
    g_prefix_error (&revoke_error, "%s ",
                    _("The tokens are deleted here, but it is not certain that Salesforce revoked them."));
  sluice_connection_end_operation (self, task, revoke_error);
}

static void
describes_forgotten_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  sluice_describe_cache_forget_finish (SLUICE_DESCRIBE_CACHE (object), result);
  end_removal (g_task_get_source_object (task), task);
}

static void
secrets_changed (SluiceConnection *self,
                 GTask            *task)
{
  sluice_connection_take_tokens (self);
  if (sluice_connection_has_tokens (self))
    {
      end_removal (self, task);
      return;
    }

  /* Before the status tells that nobody is signed in: who hears it finds nothing any more. */
  sluice_describe_cache_forget_async (sluice_connection_get_describe_cache (self), describes_forgotten_cb,
                                      g_object_ref (task));
  forget_org (self);
  sluice_subscription_set_last_error (self->subscription, NULL);
  sluice_connection_settle_status (self);
}

static void
secrets_stored_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (sluice_client_set_credentials_finish (self->client, result, &error))
    secrets_changed (self, task);
  else
    sluice_connection_end_operation (self, task, error);
}

static void
reloaded_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    secrets_changed (self, task);
  else
    sluice_connection_end_operation (self, task, error);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (sluice_credential_store_clear_finish (self->store, result, &error))
    sluice_client_load_async (self->client, NULL, reloaded_cb, g_object_ref (task));
  else
    sluice_connection_end_operation (self, task, error);
}

/* What cannot be understood is removed as a whole. */
static void
clear_store (SluiceConnection *self,
             GTask            *task)
{
  sluice_credential_store_clear_async (self->store, sluice_subscription_get_id (self->subscription),
                                       sluice_operation_get_cancellable (task), cleared_cb, g_object_ref (task));
}

static void
store_secrets (SluiceConnection  *self,
               GTask             *task,
               SluiceCredentials *credentials)
{
  sluice_connection_save_tokens (self, task, credentials, secrets_stored_cb);
}

static void
edit_secrets (SluiceConnection      *self,
              GTask                 *task,
              SluiceCredentialsEdit  edit,
              gpointer               edit_data,
              GDestroyNotify         edit_destroy,
              GAsyncReadyCallback    callback)
{
  g_clear_error (&self->not_saved);
  sluice_client_edit_credentials_async (self->client, edit, edit_data, edit_destroy,
                                        sluice_operation_get_cancellable (task), callback, g_object_ref (task));
}

static void
delete_tokens (SluiceConnection *self,
               GTask            *task)
{
  g_autoptr(SluiceCredentials) nothing = sluice_credentials_new ();

  store_secrets (self, task, nothing);
}

static void
revoked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sluice_client_revoke_finish (self->client, result, &error) && sluice_operation_is_cancelled (error))
    {
      sluice_connection_end_operation (self, task, error);
      return;
    }

  sluice_operation_get (task)->revoke_error = error;
  delete_tokens (self, task);
}

static void
disconnect_loaded_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    {
      g_clear_pointer (&self->unsaved, sluice_credentials_free);
      sluice_connection_follow_login_url (self);
      if (sluice_operation_get (task)->flag && sluice_connection_has_tokens (self))
        sluice_client_revoke_async (self->client, sluice_operation_get_cancellable (task), revoked_cb,
                                    g_object_ref (task));
      else
        delete_tokens (self, task);
    }
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
    {
      if (sluice_operation_get (task)->flag)
        sluice_operation_get (task)->revoke_error =
          g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_REJECTED,
                               _("What the keyring held could not be understood, so there was nothing to send."));
      clear_store (self, task);
    }
  else
    {
      sluice_connection_end_operation (self, task, g_steal_pointer (&error));
    }
}

static void
start_disconnect (SluiceConnection *self,
                  GTask            *task)
{
  sluice_connection_load_tokens (self, task, disconnect_loaded_cb);
}

static void
remove_token (SluiceCredentials *credentials,
              gpointer           kind)
{
  if (GPOINTER_TO_INT (kind) == SLUICE_TOKEN_REFRESH)
    {
      sluice_secret_set (&credentials->refresh_token, NULL);
    }
  else
    {
      sluice_secret_set (&credentials->access_token, NULL);
      credentials->issued_at = 0;
    }
}

static void
token_loaded_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (!sluice_client_load_finish (self->client, result, &error))
    {
      if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
        clear_store (self, task);
      else
        sluice_connection_end_operation (self, task, g_steal_pointer (&error));
      return;
    }

  edit_secrets (self, task, remove_token, GINT_TO_POINTER (sluice_operation_get (task)->token), NULL,
                secrets_stored_cb);
}

static void
start_delete_token (SluiceConnection *self,
                    GTask            *task)
{
  sluice_connection_load_tokens (self, task, token_loaded_cb);
}

static void
take_consumer_secret (SluiceCredentials *credentials,
                      gpointer           secret)
{
  sluice_secret_set (&credentials->consumer_secret, secret);
}

static void
secret_loaded_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  g_autoptr(SluiceCredentials) credentials = NULL;
  const char *secret = sluice_operation_get (task)->secret;
  g_autoptr(GError) error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    {
      edit_secrets (self, task, take_consumer_secret, g_strdup (secret), (GDestroyNotify) sluice_secret_free,
                    secrets_stored_cb);
    }
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
    {
      credentials = sluice_credentials_new ();
      sluice_secret_set (&credentials->consumer_secret, secret);
      store_secrets (self, task, credentials);
    }
  else
    {
      sluice_connection_end_operation (self, task, g_steal_pointer (&error));
    }
}

/* With new tokens that wait to be stored it is stored together. */
static void
start_set_consumer_secret (SluiceConnection *self,
                           GTask            *task)
{
  if (self->unsaved != NULL)
    {
      sluice_secret_set (&self->unsaved->consumer_secret, sluice_operation_get (task)->secret);
      sluice_connection_save_tokens (self, task, self->unsaved, sluice_connection_unsaved_stored_cb);
      return;
    }

  sluice_connection_load_tokens (self, task, secret_loaded_cb);
}

static void
session_stored_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  gboolean was_unsaved = self->unsaved != NULL;
  GError *error = NULL;

  if (!sluice_client_set_credentials_finish (self->client, result, &error))
    {
      g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

      /* Memory never fails, so this was the way back to the keyring: what it did not take stays in memory. */
      sluice_connection_set_session_only (self, TRUE);
      if (self->unsaved == NULL)
        self->unsaved = g_steal_pointer (&credentials);
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  sluice_connection_take_tokens (self);
  sluice_subscription_set_last_error (self->subscription, NULL);
  if (was_unsaved)
    {
      sluice_connection_verify_with_tokens (self, task);
      return;
    }

  sluice_connection_restore_status (self, task);
  sluice_connection_end_operation (self, task, NULL);
}

/* Between two readings and writings: a refresh that runs ends in the place where it began. */
static void
move_credentials (SluiceCredentials *credentials,
                  gpointer           task)
{
  sluice_connection_set_session_only (g_task_get_source_object (task), sluice_operation_get (task)->flag);
}

static void
start_set_session_only (SluiceConnection *self,
                        GTask            *task)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

  if (self->unsaved != NULL)
    {
      sluice_connection_set_session_only (self, sluice_operation_get (task)->flag);
      sluice_connection_save_tokens (self, task, self->unsaved, session_stored_cb);
    }
  else if (credentials != NULL && !sluice_credentials_is_empty (credentials))
    {
      edit_secrets (self, task, move_credentials, g_object_ref (task), g_object_unref, session_stored_cb);
    }
  else
    {
      sluice_connection_set_session_only (self, sluice_operation_get (task)->flag);
      sluice_connection_load_tokens (self, task, sluice_connection_loaded_cb);
    }
}

/**
 * sluice_connection_disconnect_async:
 * @self: a connection
 * @revoke: whether to end the grant at Salesforce first
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Deletes both tokens; the consumer secret stays.
 */
void
sluice_connection_disconnect_async (SluiceConnection    *self,
                                    gboolean             revoke,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = sluice_operation_new (self, sluice_connection_disconnect_async, start_disconnect, SLUICE_OPERATION_SHORT,
                               cancellable, callback, user_data);
  sluice_operation_get (task)->flag = revoke;
  sluice_connection_push_operation (self, task, SLUICE_SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_disconnect_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: why nothing was deleted; or, when the tokens are deleted and only revoking failed, why, and the
 *   subscription has no tokens any more
 *
 * Returns: whether all was done
 */
gboolean
sluice_connection_disconnect_finish (SluiceConnection  *self,
                                     GAsyncResult      *result,
                                     GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_delete_token_async:
 * @self: a connection
 * @kind: which one
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Deletes one of the two tokens from the keyring.
 */
void
sluice_connection_delete_token_async (SluiceConnection    *self,
                                      SluiceTokenKind      kind,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = sluice_operation_new (self, sluice_connection_delete_token_async, start_delete_token, SLUICE_OPERATION_SHORT,
                               cancellable, callback, user_data);
  sluice_operation_get (task)->token = kind;
  sluice_connection_push_operation (self, task, SLUICE_SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_delete_token_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: whether it is gone
 */
gboolean
sluice_connection_delete_token_finish (SluiceConnection  *self,
                                       GAsyncResult      *result,
                                       GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_set_consumer_secret_async:
 * @self: a connection
 * @consumer_secret: (nullable): the secret, %NULL to remove it
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Stores or removes the consumer secret of a confidential app.
 */
void
sluice_connection_set_consumer_secret_async (SluiceConnection    *self,
                                             const char          *consumer_secret,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = sluice_operation_new (self, sluice_connection_set_consumer_secret_async, start_set_consumer_secret,
                               SLUICE_OPERATION_SHORT, cancellable, callback, user_data);
  /* An empty one is none. */
  sluice_secret_set (&sluice_operation_get (task)->secret, consumer_secret != NULL ? consumer_secret : "");
  sluice_connection_push_operation (self, task, SLUICE_SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_set_consumer_secret_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: whether it is stored or gone
 */
gboolean
sluice_connection_set_consumer_secret_finish (SluiceConnection  *self,
                                              GAsyncResult      *result,
                                              GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_set_session_only_async:
 * @self: a connection
 * @session_only: whether tokens live in memory only
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Keeps tokens in memory until the program ends, also those that could not be
 * stored before, which are verified then; or moves them to the keyring again.
 */
void
sluice_connection_set_session_only_async (SluiceConnection    *self,
                                          gboolean             session_only,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = sluice_operation_new (self, sluice_connection_set_session_only_async, start_set_session_only,
                               SLUICE_OPERATION_SHORT, cancellable, callback, user_data);
  sluice_operation_get (task)->flag = session_only;
  sluice_connection_push_operation (self, task, SLUICE_SUPERSEDES_NOTHING);
}

/**
 * sluice_connection_set_session_only_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: why the keyring did not take them, and they stay in memory; or as for
 *   sluice_connection_verify_finish()
 *
 * Returns: whether it is so
 */
gboolean
sluice_connection_set_session_only_finish (SluiceConnection  *self,
                                           GAsyncResult      *result,
                                           GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
