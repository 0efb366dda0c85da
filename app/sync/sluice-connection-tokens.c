/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection-private.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

gboolean
sluice_connection_has_tokens (SluiceConnection *self)
{
  return sluice_client_get_has_access_token (self->client) || sluice_client_get_has_refresh_token (self->client);
}

/* Tokens of another login host must neither be used nor be sent to the new one. */
gboolean
sluice_connection_check_login_url (SluiceConnection  *self,
                                   GError           **error)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  const char *api_url = sluice_subscription_get_api_url (self->subscription);

  if (credentials == NULL || credentials->login_url == NULL || !sluice_connection_has_tokens (self) ||
      g_ascii_strcasecmp (credentials->login_url, api_url) == 0)
    return TRUE;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: an address, such as https://login.salesforce.com */
               _("The API URL was changed after signing in at “%s”. Authenticate again, or change it back."),
               credentials->login_url);

  return FALSE;
}

void
sluice_connection_follow_login_url (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  const char *api_url = sluice_subscription_get_api_url (self->subscription);

  if (credentials != NULL && credentials->login_url != NULL)
    sluice_client_set_login_url (self->client, credentials->login_url);
  else if (*api_url != '\0')
    sluice_client_set_login_url (self->client, api_url);
  else if (credentials != NULL && credentials->instance_url != NULL)
    sluice_client_set_login_url (self->client, credentials->instance_url);
}

void
sluice_connection_follow_tokens (SluiceConnection *self)
{
  gboolean is_unsaved = self->unsaved != NULL;

  sluice_subscription_set_token_state (self->subscription,
                                       !is_unsaved && sluice_client_get_has_access_token (self->client),
                                       !is_unsaved && sluice_client_get_has_refresh_token (self->client),
                                       is_unsaved ? 0 : sluice_client_get_issued_at (self->client));
}

/* The client offers renewed tokens that were not stored again, and complains again. */
void
sluice_connection_load_tokens (SluiceConnection    *self,
                               GTask               *task,
                               GAsyncReadyCallback  callback)
{
  g_clear_error (&self->not_saved);
  sluice_client_load_async (self->client, sluice_operation_get_cancellable (task), callback, g_object_ref (task));
}

void
sluice_connection_save_tokens (SluiceConnection        *self,
                               GTask                   *task,
                               const SluiceCredentials *credentials,
                               GAsyncReadyCallback      callback)
{
  g_clear_error (&self->not_saved);
  sluice_client_set_credentials_async (self->client, credentials, sluice_operation_get_cancellable (task), callback,
                                       g_object_ref (task));
}

void
sluice_connection_take_tokens (SluiceConnection *self)
{
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  sluice_connection_follow_login_url (self);
  sluice_connection_follow_tokens (self);
  sluice_connection_follow_budget (self);
}

void
sluice_connection_loaded_cb (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  const GError *last_error;
  GError *error = NULL;

  if (!sluice_client_load_finish (self->client, result, &error))
    {
      sluice_connection_follow_tokens (self);
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  sluice_connection_take_tokens (self);

  last_error = sluice_subscription_get_last_error (self->subscription);
  if (last_error != NULL && last_error->domain == SLUICE_ERROR &&
      last_error->code >= SLUICE_ERROR_SECRETS_UNAVAILABLE && last_error->code <= SLUICE_ERROR_SECRETS_BROKEN)
    {
      sluice_subscription_set_last_error (self->subscription, NULL);
      sluice_connection_settle_status (self);
    }
  else if (last_error == NULL &&
           (sluice_subscription_get_status (self->subscription) != SLUICE_STATUS_CONNECTED ||
            !sluice_connection_is_verified (self)))
    {
      sluice_connection_settle_status (self);
    }
  else if (!sluice_connection_has_tokens (self))
    {
      sluice_connection_settle_status (self);
    }

  sluice_connection_end_operation (self, task, NULL);
}

void
sluice_connection_unsaved_stored_cb (GObject      *object,
                                     GAsyncResult *result,
                                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sluice_client_set_credentials_finish (self->client, result, &error))
    {
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  sluice_connection_take_tokens (self);
  sluice_subscription_set_last_error (self->subscription, NULL);
  sluice_connection_settle_status (self);
  sluice_connection_end_operation (self, task, NULL);
}

static void
start_load (SluiceConnection *self,
            GTask            *task)
{
  if (self->unsaved != NULL)
    sluice_connection_save_tokens (self, task, self->unsaved, sluice_connection_unsaved_stored_cb);
  else
    sluice_connection_load_tokens (self, task, sluice_connection_loaded_cb);
}

/**
 * sluice_connection_load_async:
 * @self: a connection
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Reads the token state from the keyring, without asking the org. Tokens that
 * could not be stored before are stored instead.
 */
void
sluice_connection_load_async (SluiceConnection    *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = sluice_operation_new (self, sluice_connection_load_async, start_load, SLUICE_OPERATION_SHORT,
                               cancellable, callback, user_data);
  sluice_connection_push_operation (self, task, SLUICE_SUPERSEDES_NOTHING);
}

/**
 * sluice_connection_load_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes; the subscription tells it too
 *
 * Returns: whether the token state is known
 */
gboolean
sluice_connection_load_finish (SluiceConnection  *self,
                               GAsyncResult      *result,
                               GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
