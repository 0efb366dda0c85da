/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-secrets.h"

#include "sluice-credentials-text.h"
#include "sluice-keyring.h"
#include "sluice-refresh-lock.h"

struct _SluiceSecrets
{
  GObject parent_instance;

  /* Ids of session-only subscriptions, with what they hold (nullable) */
  GHashTable *session; /* (element-type utf8 SluiceCredentials) */
  GHashTable *locks;   /* (element-type utf8 gint) */
};

typedef struct
{
  char *subscription_id;
  char *label;
  char *text; /* a secret */
} Request;

static void
request_free (Request *request)
{
  g_free (request->subscription_id);
  g_free (request->label);
  sluice_secret_free (request->text);
  g_free (request);
}

static void
free_credentials (gpointer credentials)
{
  sluice_credentials_free (credentials);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Request *request = task_data;
  SluiceCredentials *credentials = NULL;
  GError *error = NULL;
  char *text = NULL;

  if (sluice_keyring_lookup (request->subscription_id, &text, cancellable, &error) && text != NULL)
    credentials = sluice_credentials_from_text (text, &error);
  sluice_secret_free (text);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, credentials, free_credentials);
}

static void
save_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Request *request = task_data;
  GError *error = NULL;
  gboolean success;

  if (request->text != NULL)
    success = sluice_keyring_store (request->subscription_id, request->label, request->text, cancellable, &error);
  else
    success = sluice_keyring_clear (request->subscription_id, cancellable, &error);

  if (success && request->text == NULL)
    sluice_refresh_lock_forget (request->subscription_id);

  if (success)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
find_place_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  SluiceSecretPlace place;
  GError *error = NULL;

  if (sluice_keyring_find_place (&place, cancellable, &error))
    g_task_return_int (task, place);
  else
    g_task_return_error (task, error);
}

static void
check_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;

  if (sluice_keyring_check (cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
unlock_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;

  if (sluice_keyring_unlock (cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static GTask *
make_task (SluiceSecrets       *self,
           const char          *subscription_id,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->subscription_id = g_strdup (subscription_id);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  return task;
}

static void
sluice_secrets_load_async (SluiceCredentialStore *store,
                           const char            *subscription_id,
                           GCancellable          *cancellable,
                           GAsyncReadyCallback    callback,
                           gpointer               user_data)
{
  SluiceSecrets *self = SLUICE_SECRETS (store);
  g_autoptr(GTask) task = make_task (self, subscription_id, cancellable, callback, user_data);
  gpointer kept;

  g_task_set_source_tag (task, sluice_secrets_load_async);

  if (g_hash_table_lookup_extended (self->session, subscription_id, NULL, &kept))
    g_task_return_pointer (task, kept != NULL ? sluice_credentials_copy (kept) : NULL, free_credentials);
  else
    g_task_run_in_thread (task, load_thread);
}

static SluiceCredentials *
sluice_secrets_load_finish (SluiceCredentialStore  *store,
                            GAsyncResult           *result,
                            GError                **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sluice_secrets_save_async (SluiceCredentialStore   *store,
                           const char              *subscription_id,
                           const char              *label,
                           const SluiceCredentials *credentials,
                           GCancellable            *cancellable,
                           GAsyncReadyCallback      callback,
                           gpointer                 user_data)
{
  SluiceSecrets *self = SLUICE_SECRETS (store);
  g_autoptr(GTask) task = make_task (self, subscription_id, cancellable, callback, user_data);
  Request *request = g_task_get_task_data (task);

  g_task_set_source_tag (task, sluice_secrets_save_async);

  if (g_hash_table_contains (self->session, subscription_id))
    {
      g_hash_table_insert (self->session, g_strdup (subscription_id), sluice_credentials_copy (credentials));
      g_task_return_boolean (task, TRUE);
      return;
    }

  request->label = g_strdup (label);
  if (!sluice_credentials_is_empty (credentials))
    request->text = sluice_credentials_to_text (credentials);
  g_task_run_in_thread (task, save_thread);
}

static void
sluice_secrets_clear_async (SluiceCredentialStore *store,
                            const char            *subscription_id,
                            GCancellable          *cancellable,
                            GAsyncReadyCallback    callback,
                            gpointer               user_data)
{
  SluiceSecrets *self = SLUICE_SECRETS (store);
  g_autoptr(GTask) task = make_task (self, subscription_id, cancellable, callback, user_data);

  g_task_set_source_tag (task, sluice_secrets_clear_async);

  if (g_hash_table_contains (self->session, subscription_id))
    {
      g_hash_table_insert (self->session, g_strdup (subscription_id), NULL);
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_run_in_thread (task, save_thread);
}

static gboolean
sluice_secrets_boolean_finish (SluiceCredentialStore  *store,
                               GAsyncResult           *result,
                               GError                **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
lock_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Request *request = task_data;

  g_task_return_int (task, sluice_refresh_lock_take (request->subscription_id));
}

static void
sluice_secrets_lock_async (SluiceCredentialStore *store,
                           const char            *subscription_id,
                           GAsyncReadyCallback    callback,
                           gpointer               user_data)
{
  SluiceSecrets *self = SLUICE_SECRETS (store);
  g_autoptr(GTask) task = make_task (self, subscription_id, NULL, callback, user_data);

  g_task_set_source_tag (task, sluice_secrets_lock_async);

  /* What is in memory is nobody else's. */
  if (g_hash_table_contains (self->session, subscription_id))
    g_task_return_int (task, -1);
  else
    g_task_run_in_thread (task, lock_thread);
}

static void
sluice_secrets_lock_finish (SluiceCredentialStore *store,
                            GAsyncResult          *result)
{
  SluiceSecrets *self = SLUICE_SECRETS (store);
  Request *request;
  int lock;

  g_return_if_fail (g_task_is_valid (result, store));

  request = g_task_get_task_data (G_TASK (result));
  lock = (int) g_task_propagate_int (G_TASK (result), NULL);

  if (lock >= 0)
    g_hash_table_insert (self->locks, g_strdup (request->subscription_id), GINT_TO_POINTER (lock));
}

static void
sluice_secrets_unlock (SluiceCredentialStore *store,
                       const char            *subscription_id)
{
  g_hash_table_remove (SLUICE_SECRETS (store)->locks, subscription_id);
}

static void
release_lock (gpointer lock)
{
  sluice_refresh_lock_release (GPOINTER_TO_INT (lock));
}

static void
set_session_only (SluiceCredentialStore *store,
                  const char            *subscription_id,
                  gboolean               session_only)
{
  sluice_secrets_set_session_only (SLUICE_SECRETS (store), subscription_id, session_only);
}

static void
credential_store_iface_init (SluiceCredentialStoreInterface *iface)
{
  iface->load_async = sluice_secrets_load_async;
  iface->load_finish = sluice_secrets_load_finish;
  iface->save_async = sluice_secrets_save_async;
  iface->save_finish = sluice_secrets_boolean_finish;
  iface->clear_async = sluice_secrets_clear_async;
  iface->clear_finish = sluice_secrets_boolean_finish;
  iface->set_session_only = set_session_only;
  iface->lock_async = sluice_secrets_lock_async;
  iface->lock_finish = sluice_secrets_lock_finish;
  iface->unlock = sluice_secrets_unlock;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceSecrets, sluice_secrets, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CREDENTIAL_STORE, credential_store_iface_init))

static void
sluice_secrets_finalize (GObject *object)
{
  SluiceSecrets *self = SLUICE_SECRETS (object);

  g_hash_table_unref (self->session);
  g_hash_table_unref (self->locks);

  G_OBJECT_CLASS (sluice_secrets_parent_class)->finalize (object);
}

static void
sluice_secrets_class_init (SluiceSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_secrets_finalize;
}

static void
sluice_secrets_init (SluiceSecrets *self)
{
  self->session = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_credentials);
  self->locks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, release_lock);
}

/**
 * sluice_secrets_new:
 *
 * Returns: (transfer full): a store over the keyring of this session
 */
SluiceSecrets *
sluice_secrets_new (void)
{
  return g_object_new (SLUICE_TYPE_SECRETS, NULL);
}

/**
 * sluice_secrets_set_session_only:
 * @self: the secrets
 * @subscription_id: a subscription
 * @session_only: whether its secrets live in memory only
 *
 * Chooses where the secrets of a subscription are kept from now on. What the
 * keyring holds stays there; what is in memory is forgotten when the choice
 * is taken back.
 */
void
sluice_secrets_set_session_only (SluiceSecrets *self,
                                 const char    *subscription_id,
                                 gboolean       session_only)
{
  g_return_if_fail (SLUICE_IS_SECRETS (self));
  g_return_if_fail (subscription_id != NULL);

  if (!session_only)
    g_hash_table_remove (self->session, subscription_id);
  else if (!g_hash_table_contains (self->session, subscription_id))
    g_hash_table_insert (self->session, g_strdup (subscription_id), NULL);
}

/**
 * sluice_secrets_get_session_only:
 * @self: the secrets
 * @subscription_id: a subscription
 *
 * Returns: whether its secrets live in memory only
 */
gboolean
sluice_secrets_get_session_only (SluiceSecrets *self,
                                 const char    *subscription_id)
{
  g_return_val_if_fail (SLUICE_IS_SECRETS (self), FALSE);
  g_return_val_if_fail (subscription_id != NULL, FALSE);

  return g_hash_table_contains (self->session, subscription_id);
}

/**
 * sluice_secrets_find_place_async:
 * @self: the secrets
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Finds out where the secrets of subscriptions are kept that are not session-only.
 */
void
sluice_secrets_find_place_async (SluiceSecrets       *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_SECRETS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_secrets_find_place_async);
  g_task_run_in_thread (task, find_place_thread);
}

/**
 * sluice_secrets_find_place_finish:
 * @self: the secrets
 * @result: what the callback got
 * @place: (out): where they are kept
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is certain
 */
gboolean
sluice_secrets_find_place_finish (SluiceSecrets      *self,
                                  GAsyncResult       *result,
                                  SluiceSecretPlace  *place,
                                  GError            **error)
{
  gssize value;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (place != NULL, FALSE);

  value = g_task_propagate_int (G_TASK (result), error);
  if (value < 0)
    return FALSE;

  *place = (SluiceSecretPlace) value;

  return TRUE;
}

/**
 * sluice_secrets_check_async:
 * @self: the secrets
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Finds out whether the keyring can be used, without asking the user anything.
 */
void
sluice_secrets_check_async (SluiceSecrets       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_SECRETS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_secrets_check_async);
  g_task_run_in_thread (task, check_thread);
}

/**
 * sluice_secrets_check_finish:
 * @self: the secrets
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: whether the keyring can be used as it is
 */
gboolean
sluice_secrets_check_finish (SluiceSecrets  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (SLUICE_IS_SECRETS (self), FALSE);

  return sluice_secrets_boolean_finish (SLUICE_CREDENTIAL_STORE (self), result, error);
}

/**
 * sluice_secrets_unlock_async:
 * @self: the secrets
 * @cancellable: (nullable): stops waiting for the password
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Asks the user to unlock the keyring, if it is locked.
 */
void
sluice_secrets_unlock_async (SluiceSecrets       *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_SECRETS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_secrets_unlock_async);
  g_task_run_in_thread (task, unlock_thread);
}

/**
 * sluice_secrets_unlock_finish:
 * @self: the secrets
 * @result: what the callback got
 * @error: %SLUICE_ERROR_SECRETS_DISMISSED when the user closed the question
 *
 * Returns: whether the keyring is unlocked
 */
gboolean
sluice_secrets_unlock_finish (SluiceSecrets  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (SLUICE_IS_SECRETS (self), FALSE);

  return sluice_secrets_boolean_finish (SLUICE_CREDENTIAL_STORE (self), result, error);
}
