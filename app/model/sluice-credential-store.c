/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-credential-store.h"

G_DEFINE_INTERFACE (SluiceCredentialStore, sluice_credential_store, G_TYPE_OBJECT)

static void
sluice_credential_store_default_init (SluiceCredentialStoreInterface *iface)
{
}

/**
 * sluice_credential_store_load_async:
 * @self: a credential store
 * @subscription_id: whose secrets
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Reads the secrets of one subscription.
 */
void
sluice_credential_store_load_async (SluiceCredentialStore *self,
                                    const char            *subscription_id,
                                    GCancellable          *cancellable,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data)
{
  g_return_if_fail (SLUICE_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (subscription_id != NULL);

  SLUICE_CREDENTIAL_STORE_GET_IFACE (self)->load_async (self, subscription_id, cancellable, callback, user_data);
}

/**
 * sluice_credential_store_load_finish:
 * @self: a credential store
 * @result: what the callback got
 * @error: why it failed: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: (nullable) (transfer full): the secrets; %NULL without @error when none are stored
 */
SluiceCredentials *
sluice_credential_store_load_finish (SluiceCredentialStore  *self,
                                     GAsyncResult           *result,
                                     GError                **error)
{
  g_return_val_if_fail (SLUICE_IS_CREDENTIAL_STORE (self), NULL);

  return SLUICE_CREDENTIAL_STORE_GET_IFACE (self)->load_finish (self, result, error);
}

/**
 * sluice_credential_store_save_async:
 * @self: a credential store
 * @subscription_id: whose secrets
 * @label: the name that the user sees in a keyring program
 * @credentials: what to store in place of what is there
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Stores the secrets of one subscription and reads them back.
 */
void
sluice_credential_store_save_async (SluiceCredentialStore   *self,
                                    const char              *subscription_id,
                                    const char              *label,
                                    const SluiceCredentials *credentials,
                                    GCancellable            *cancellable,
                                    GAsyncReadyCallback      callback,
                                    gpointer                 user_data)
{
  g_return_if_fail (SLUICE_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (subscription_id != NULL);
  g_return_if_fail (label != NULL);
  g_return_if_fail (credentials != NULL);

  SLUICE_CREDENTIAL_STORE_GET_IFACE (self)->save_async (self, subscription_id, label, credentials,
                                                        cancellable, callback, user_data);
}

/**
 * sluice_credential_store_save_finish:
 * @self: a credential store
 * @result: what the callback got
 * @error: why it failed: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: whether the secrets are stored and were read back
 */
gboolean
sluice_credential_store_save_finish (SluiceCredentialStore  *self,
                                     GAsyncResult           *result,
                                     GError                **error)
{
  g_return_val_if_fail (SLUICE_IS_CREDENTIAL_STORE (self), FALSE);

  return SLUICE_CREDENTIAL_STORE_GET_IFACE (self)->save_finish (self, result, error);
}

/**
 * sluice_credential_store_clear_async:
 * @self: a credential store
 * @subscription_id: whose secrets
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Removes the secrets of one subscription; nothing stored is a success.
 */
void
sluice_credential_store_clear_async (SluiceCredentialStore *self,
                                     const char            *subscription_id,
                                     GCancellable          *cancellable,
                                     GAsyncReadyCallback    callback,
                                     gpointer               user_data)
{
  g_return_if_fail (SLUICE_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (subscription_id != NULL);

  SLUICE_CREDENTIAL_STORE_GET_IFACE (self)->clear_async (self, subscription_id, cancellable, callback, user_data);
}

/**
 * sluice_credential_store_clear_finish:
 * @self: a credential store
 * @result: what the callback got
 * @error: why it failed: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: whether nothing of the subscription is stored any more
 */
gboolean
sluice_credential_store_clear_finish (SluiceCredentialStore  *self,
                                      GAsyncResult           *result,
                                      GError                **error)
{
  g_return_val_if_fail (SLUICE_IS_CREDENTIAL_STORE (self), FALSE);

  return SLUICE_CREDENTIAL_STORE_GET_IFACE (self)->clear_finish (self, result, error);
}

/**
 * sluice_credential_store_set_session_only:
 * @self: a credential store
 * @subscription_id: whose secrets
 * @session_only: whether they live in memory only
 *
 * Chooses where the secrets of one subscription are kept from now on. Nothing
 * is moved: what the keyring holds stays there, and what is in memory is
 * forgotten when the choice is taken back.
 */
void
sluice_credential_store_set_session_only (SluiceCredentialStore *self,
                                          const char            *subscription_id,
                                          gboolean               session_only)
{
  g_return_if_fail (SLUICE_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (subscription_id != NULL);

  SLUICE_CREDENTIAL_STORE_GET_IFACE (self)->set_session_only (self, subscription_id, session_only);
}

/**
 * sluice_credential_store_lock_async:
 * @self: a credential store
 * @subscription_id: whose secrets
 * @callback: called when this program may refresh
 * @user_data: data for @callback
 *
 * Keeps other programs of the user from refreshing at the same time: an org
 * that sees a refresh token twice ends the grant. A program that holds the lock
 * for longer than any refresh takes is not waited for.
 */
void
sluice_credential_store_lock_async (SluiceCredentialStore *self,
                                    const char            *subscription_id,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data)
{
  SluiceCredentialStoreInterface *iface;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (subscription_id != NULL);

  iface = SLUICE_CREDENTIAL_STORE_GET_IFACE (self);
  if (iface->lock_async != NULL)
    {
      iface->lock_async (self, subscription_id, callback, user_data);
      return;
    }

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sluice_credential_store_lock_async);
  g_task_return_boolean (task, TRUE);
}

/**
 * sluice_credential_store_lock_finish:
 * @self: a credential store
 * @result: what the callback got
 *
 * Ends the waiting. Every lock is given back with sluice_credential_store_unlock().
 */
void
sluice_credential_store_lock_finish (SluiceCredentialStore *self,
                                     GAsyncResult          *result)
{
  SluiceCredentialStoreInterface *iface;

  g_return_if_fail (SLUICE_IS_CREDENTIAL_STORE (self));

  iface = SLUICE_CREDENTIAL_STORE_GET_IFACE (self);
  if (iface->lock_finish != NULL)
    iface->lock_finish (self, result);
}

/**
 * sluice_credential_store_unlock:
 * @self: a credential store
 * @subscription_id: whose secrets
 *
 * Lets other programs refresh again.
 */
void
sluice_credential_store_unlock (SluiceCredentialStore *self,
                                const char            *subscription_id)
{
  SluiceCredentialStoreInterface *iface;

  g_return_if_fail (SLUICE_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (subscription_id != NULL);

  iface = SLUICE_CREDENTIAL_STORE_GET_IFACE (self);
  if (iface->unlock != NULL)
    iface->unlock (self, subscription_id);
}
