/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection-private.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

static void
signed_in_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  SluiceCredentials *credentials;
  GError *error = NULL;

  credentials = sluice_sign_in_run_finish (SLUICE_SIGN_IN (object), result, &error);
  sluice_connection_set_sign_in (self, NULL);

  if (credentials == NULL)
    {
      if (!sluice_operation_is_cancelled (error))
        sluice_subscription_set_last_error (self->subscription, error);
      sluice_connection_restore_status (self, task);
      sluice_connection_end_operation (self, task, error);
      return;
    }

  g_free (credentials->login_url);
  g_object_get (object, "api-url", &credentials->login_url, NULL);
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  self->unsaved = credentials;
  self->verified = FALSE;
  sluice_connection_set_unexpected (self, NULL);
  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_VERIFYING);
  sluice_connection_store_and_verify (self, task);
}

static void
sign_in (SluiceConnection  *self,
         GTask             *task,
         SluiceIntegration *integration)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  g_autoptr(SluiceSignIn) attempt = NULL;
  const guint16 *ports;
  guint n_ports;

  attempt = g_object_new (SLUICE_TYPE_SIGN_IN,
                          "api-url", sluice_subscription_get_api_url (self->subscription),
                          "consumer-key", sluice_subscription_get_consumer_key (self->subscription),
                          "consumer-secret", credentials != NULL ? credentials->consumer_secret : NULL,
                          "scopes", sluice_integration_get_scopes (integration),
                          "callback-path", sluice_integration_get_callback_path (integration),
                          "clock", self->clock,
                          "with", sluice_operation_get (task)->with,
                          NULL);
  ports = sluice_integration_get_callback_ports (integration, &n_ports);
  sluice_sign_in_set_ports (attempt, ports, n_ports);

  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_SIGNING_IN);
  sluice_connection_set_sign_in (self, attempt);
  sluice_sign_in_run_async (attempt, sluice_operation_get_cancellable (task), signed_in_cb, g_object_ref (task));
}

/* The consumer secret is needed, and a keyring that cannot be used is better told before the browser opens. */
static void
authenticate_loaded_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  SluiceIntegration *integration;
  GError *error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    {
      sluice_connection_take_tokens (self);
    }
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
    {
      /* Signing in mends it. */
      g_clear_error (&error);
    }
  else
    {
      sluice_connection_follow_tokens (self);
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  integration = sluice_connection_find_integration (self, &error);
  if (integration != NULL)
    sign_in (self, task, integration);
  else
    sluice_connection_fail_operation (self, task, error);
}

static void
start_authenticate (SluiceConnection *self,
                    GTask            *task)
{
  GError *error = NULL;

  if (sluice_connection_find_integration (self, &error) == NULL)
    {
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  if (*sluice_subscription_get_consumer_key (self->subscription) == '\0')
    {
      error = g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_INVALID,
                                   _("The consumer key is missing. Enter it in the settings."));
      sluice_connection_end_operation (self, task, error);
      return;
    }

  sluice_connection_load_tokens (self, task, authenticate_loaded_cb);
}

/**
 * sluice_connection_authenticate_async:
 * @self: a connection
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Signs in with what the subscription says, stores the tokens in the place of
 * older ones, then verifies. Watch `sign-in` and its `open-uri`: the caller
 * opens the browser or window. A sign-in that waits is cancelled first.
 */
void
sluice_connection_authenticate_async (SluiceConnection    *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  sluice_connection_authenticate_with_async (self, sluice_subscription_get_sign_in_with (self->subscription),
                                             cancellable, callback, user_data);
}

/**
 * sluice_connection_authenticate_with_async:
 * @self: a connection
 * @with: what shows the pages this once
 * @cancellable: (nullable): gives up
 * @callback: called when done; ends with sluice_connection_authenticate_finish()
 * @user_data: data for @callback
 *
 * Signs in as sluice_connection_authenticate_async() does, whatever the
 * subscription says.
 */
void
sluice_connection_authenticate_with_async (SluiceConnection    *self,
                                           SluiceSignInWith     with,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));
  g_return_if_fail (with < SLUICE_N_SIGN_IN_WITH);

  task = sluice_operation_new (self, sluice_connection_authenticate_with_async, start_authenticate,
                               SLUICE_OPERATION_SIGN_IN, cancellable, callback, user_data);
  sluice_operation_get (task)->with = with;
  sluice_connection_push_operation (self, task, SLUICE_SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_authenticate_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: %SLUICE_ERROR_SIGN_IN when there are no tokens, a `SLUICE_ERROR_SECRETS_` code when the keyring
 *   does not take them, or as for sluice_connection_verify_finish()
 *
 * Returns: whether somebody is signed in and the org verified
 */
gboolean
sluice_connection_authenticate_finish (SluiceConnection  *self,
                                       GAsyncResult      *result,
                                       GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
