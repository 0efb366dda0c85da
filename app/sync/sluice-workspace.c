/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-workspace.h"

#include "sluice-error.h"

struct _SluiceWorkspace
{
  GObject parent_instance;

  SluiceSubscriptionStore *store;
  SluiceCredentialStore *credentials;
  SluiceClock *clock;             /* (nullable) */
  GHashTable *connections;        /* (element-type SluiceSubscription SluiceConnection) */
  GCancellable *cancellable;
  guint n_saving;
  gboolean loaded;
};

G_DEFINE_FINAL_TYPE (SluiceWorkspace, sluice_workspace, G_TYPE_OBJECT)

enum
{
  CONNECTION_ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  GError *revoke_error; /* (nullable) */
} Delete;

static void
delete_free (Delete *data)
{
  g_clear_object (&data->subscription);
  g_clear_object (&data->connection);
  g_clear_error (&data->revoke_error);
  g_free (data);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceWorkspace *self = g_task_get_source_object (task);
  SluiceSubscription *subscription = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  self->n_saving--;
  /* The connection works; only the next start will not know which org it was. */
  if (!sluice_subscription_store_save_finish (SLUICE_SUBSCRIPTION_STORE (object), result, &error) &&
      sluice_subscription_get_last_error (subscription) == NULL)
    sluice_subscription_set_last_error (subscription, error);

  g_task_return_boolean (task, error == NULL);
}

static gboolean
is_listed (SluiceWorkspace    *self,
           SluiceSubscription *subscription)
{
  return sluice_subscription_list_find_by_id (sluice_workspace_get_subscriptions (self),
                                              sluice_subscription_get_id (subscription)) == subscription;
}

static void
save_wanted_cb (SluiceWorkspace  *self,
                SluiceConnection *connection)
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (connection);

  GTask *task;

  if (!is_listed (self, subscription))
    return;

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, save_wanted_cb);
  g_task_set_task_data (task, g_object_ref (subscription), g_object_unref);
  self->n_saving++;
  sluice_subscription_store_save_async (self->store, subscription, NULL, saved_cb, task);
}

static void
tokens_loaded_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* The subscription tells the user. */
  if (!sluice_connection_load_finish (SLUICE_CONNECTION (object), result, &error))
    g_debug ("Reading tokens: %s", error->message);
}

static void
load_tokens (SluiceWorkspace    *self,
             SluiceSubscription *subscription)
{
  SluiceConnection *connection;

  if (g_hash_table_contains (self->connections, subscription) ||
      sluice_subscription_get_damage (subscription) != NULL)
    return;

  connection = sluice_workspace_get_connection (self, subscription);
  sluice_connection_load_async (connection, self->cancellable, tokens_loaded_cb, NULL);
}

static void
verified_again_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* The subscription tells the user. */
  if (!sluice_connection_verify_finish (SLUICE_CONNECTION (object), result, &error))
    g_debug ("Verifying after the network came back: %s", error->message);
}

/* What was offline only because this computer was is connected again by itself. */
static void
network_changed_cb (SluiceWorkspace *self,
                    gboolean         available)
{
  g_autoptr(GPtrArray) offline = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer subscription, connection;

  if (!available)
    return;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &subscription, &connection))
    {
      if (sluice_subscription_get_status (subscription) == SLUICE_STATUS_OFFLINE &&
          !sluice_connection_get_busy (connection))
        g_ptr_array_add (offline, g_object_ref (connection));
    }

  for (guint i = 0; i < offline->len; i++)
    sluice_connection_verify_async (g_ptr_array_index (offline, i), self->cancellable, verified_again_cb, NULL);
}

static void
drop_connection (SluiceConnection *connection)
{
  sluice_connection_cancel (connection);
  g_object_unref (connection);
}

/* A new subscription that is not saved yet has never been in the list, and keeps its connection. */
static void
drop_unlisted (SluiceWorkspace *self)
{
  g_autoptr(GPtrArray) gone = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer subscription;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &subscription, NULL))
    {
      if (is_listed (self, subscription))
        g_object_set_data (subscription, "sluice-listed", self);
      else if (g_object_get_data (subscription, "sluice-listed") == self)
        g_ptr_array_add (gone, subscription);
    }

  for (guint i = 0; i < gone->len; i++)
    g_hash_table_remove (self->connections, g_ptr_array_index (gone, i));
}

static void
items_changed_cb (SluiceWorkspace *self,
                  guint            position,
                  guint            removed,
                  guint            added,
                  GListModel      *list)
{
  for (guint i = position; self->loaded && i < position + added; i++)
    {
      g_autoptr(SluiceSubscription) subscription = g_list_model_get_item (list, i);

      load_tokens (self, subscription);
    }

  drop_unlisted (self);
}

static void
sluice_workspace_dispose (GObject *object)
{
  SluiceWorkspace *self = SLUICE_WORKSPACE (object);

  g_cancellable_cancel (self->cancellable);
  g_hash_table_remove_all (self->connections);
  g_clear_object (&self->store);
  g_clear_object (&self->credentials);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (sluice_workspace_parent_class)->dispose (object);
}

static void
sluice_workspace_finalize (GObject *object)
{
  SluiceWorkspace *self = SLUICE_WORKSPACE (object);

  g_hash_table_unref (self->connections);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (sluice_workspace_parent_class)->finalize (object);
}

static void
sluice_workspace_class_init (SluiceWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_workspace_dispose;
  object_class->finalize = sluice_workspace_finalize;

  /**
   * SluiceWorkspace::connection-added:
   * @self: a workspace
   * @connection: a new connection
   *
   * Somebody asked for a connection that was not there yet.
   */
  signals[CONNECTION_ADDED] = g_signal_new ("connection-added", SLUICE_TYPE_WORKSPACE, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, SLUICE_TYPE_CONNECTION);
}

static void
sluice_workspace_init (SluiceWorkspace *self)
{
  self->cancellable = g_cancellable_new ();
  self->connections = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify) drop_connection);
}

/**
 * sluice_workspace_new:
 * @config_directory: (nullable): the folder of the subscriptions' files, %NULL for the user's own
 * @credentials: (nullable): where tokens are kept, %NULL for the keyring
 * @clock: (nullable): where time comes from, %NULL for the system's
 *
 * Returns: (transfer full): a workspace that has not read anything yet
 */
SluiceWorkspace *
sluice_workspace_new (const char            *config_directory,
                      SluiceCredentialStore *credentials,
                      SluiceClock           *clock)
{
  SluiceWorkspace *self;

  g_return_val_if_fail (credentials == NULL || SLUICE_IS_CREDENTIAL_STORE (credentials), NULL);
  g_return_val_if_fail (clock == NULL || SLUICE_IS_CLOCK (clock), NULL);

  self = g_object_new (SLUICE_TYPE_WORKSPACE, NULL);
  self->store = sluice_subscription_store_new (config_directory);
  self->credentials = credentials != NULL ? g_object_ref (credentials)
                                          : SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  g_set_object (&self->clock, clock);
  g_signal_connect_object (sluice_subscription_store_get_list (self->store), "items-changed",
                           G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * sluice_workspace_get_subscriptions:
 * @self: a workspace
 *
 * Returns: (transfer none): all subscriptions, also damaged ones
 */
SluiceSubscriptionList *
sluice_workspace_get_subscriptions (SluiceWorkspace *self)
{
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (self), NULL);

  return sluice_subscription_store_get_list (self->store);
}

/**
 * sluice_workspace_get_store:
 * @self: a workspace
 *
 * Returns: (transfer none): their files
 */
SluiceSubscriptionStore *
sluice_workspace_get_store (SluiceWorkspace *self)
{
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (self), NULL);

  return self->store;
}

/**
 * sluice_workspace_get_credentials:
 * @self: a workspace
 *
 * Returns: (transfer none): where their tokens are kept
 */
SluiceCredentialStore *
sluice_workspace_get_credentials (SluiceWorkspace *self)
{
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (self), NULL);

  return self->credentials;
}

/**
 * sluice_workspace_get_saving:
 * @self: a workspace
 *
 * Returns: whether something that an org told is on its way into a file
 */
gboolean
sluice_workspace_get_saving (SluiceWorkspace *self)
{
  g_return_val_if_fail (SLUICE_IS_WORKSPACE (self), FALSE);

  return self->n_saving > 0;
}

/**
 * sluice_workspace_get_connection:
 * @self: a workspace
 * @subscription: a subscription of the list, or one that will be saved
 *
 * Finds the connection of a subscription, or makes it. All that a damaged
 * subscription can do with it is to remove its tokens.
 *
 * Returns: (transfer none): the connection
 */
SluiceConnection *
sluice_workspace_get_connection (SluiceWorkspace    *self,
                                 SluiceSubscription *subscription)
{
  SluiceConnection *connection;

  g_return_val_if_fail (SLUICE_IS_WORKSPACE (self), NULL);
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), NULL);

  connection = g_hash_table_lookup (self->connections, subscription);
  if (connection != NULL)
    return connection;

  connection = sluice_connection_new (subscription, self->credentials, self->clock);
  g_signal_connect_object (connection, "save-wanted", G_CALLBACK (save_wanted_cb), self, G_CONNECT_SWAPPED);
  g_hash_table_insert (self->connections, g_object_ref (subscription), connection);
  drop_unlisted (self);
  g_signal_emit (self, signals[CONNECTION_ADDED], 0, connection);

  return connection;
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceWorkspace *self = g_task_get_source_object (task);
  GListModel *list = G_LIST_MODEL (sluice_workspace_get_subscriptions (self));
  GError *error = NULL;

  if (!sluice_subscription_store_load_finish (self->store, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (!self->loaded)
    g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                             G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);

  self->loaded = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(SluiceSubscription) subscription = g_list_model_get_item (list, i);

      load_tokens (self, subscription);
    }

  g_task_return_boolean (task, TRUE);
}

/**
 * sluice_workspace_load_async:
 * @self: a workspace
 * @cancellable: (nullable): gives up
 * @callback: called when the list is filled
 * @user_data: data for @callback
 *
 * Reads all subscriptions, then begins to read which of them have tokens. That
 * may wait for a keyring and is told by the subscriptions themselves.
 */
void
sluice_workspace_load_async (SluiceWorkspace     *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_WORKSPACE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_workspace_load_async);
  sluice_subscription_store_load_async (self->store, cancellable, loaded_cb, g_steal_pointer (&task));
}

/**
 * sluice_workspace_load_finish:
 * @self: a workspace
 * @result: what the callback got
 * @error: why the folder cannot be read
 *
 * Returns: whether the list is filled
 */
gboolean
sluice_workspace_load_finish (SluiceWorkspace  *self,
                              GAsyncResult     *result,
                              GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
file_deleted_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Delete *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!sluice_subscription_store_delete_finish (SLUICE_SUBSCRIPTION_STORE (object), result, &error))
    g_task_return_error (task, error);
  else if (data->revoke_error != NULL)
    g_task_return_error (task, g_steal_pointer (&data->revoke_error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
delete_file (SluiceWorkspace *self,
             GTask           *task)
{
  Delete *data = g_task_get_task_data (task);

  sluice_subscription_store_delete_async (self->store, data->subscription, NULL, file_deleted_cb, g_object_ref (task));
}

/* Of a session-only subscription the keyring may hold older tokens, or there may be none at all. */
static void
keyring_cleared_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!sluice_credential_store_clear_finish (SLUICE_CREDENTIAL_STORE (object), result, &error))
    g_debug ("Clearing the keyring after a session: %s", error->message);

  delete_file (g_task_get_source_object (task), task);
}

static void
secrets_cleared_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  SluiceCredentialStore *store = SLUICE_CREDENTIAL_STORE (object);
  g_autoptr(GTask) task = user_data;
  Delete *data = g_task_get_task_data (task);
  const char *id = sluice_subscription_get_id (data->subscription);
  GError *error = NULL;

  if (!sluice_credential_store_clear_finish (store, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (!sluice_subscription_get_session_only (data->subscription))
    {
      delete_file (g_task_get_source_object (task), task);
      return;
    }

  sluice_credential_store_set_session_only (store, id, FALSE);
  sluice_credential_store_clear_async (store, id, NULL, keyring_cleared_cb, g_object_ref (task));
}

static gboolean
is_about_revoking (const GError *error)
{
  return error->domain == SLUICE_ERROR
      && (error->code < SLUICE_ERROR_SECRETS_UNAVAILABLE || error->code > SLUICE_ERROR_SECRETS_BROKEN);
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceWorkspace *self = g_task_get_source_object (task);
  Delete *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!sluice_connection_disconnect_finish (SLUICE_CONNECTION (object), result, &error) && !is_about_revoking (error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* The consumer secret goes too. */
  data->revoke_error = error;
  sluice_credential_store_clear_async (self->credentials, sluice_subscription_get_id (data->subscription), NULL,
                                       secrets_cleared_cb, g_object_ref (task));
}

/**
 * sluice_workspace_delete_async:
 * @self: a workspace
 * @subscription: a subscription, perhaps a damaged one
 * @revoke: whether to end the grant at Salesforce too
 * @cancellable: (nullable): gives up before anything is deleted
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Deletes the tokens, then the file: a file without tokens can be deleted
 * again, tokens without a file are forgotten. Whatever is under way is
 * cancelled first.
 */
void
sluice_workspace_delete_async (SluiceWorkspace     *self,
                               SluiceSubscription  *subscription,
                               gboolean             revoke,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Delete *data;

  g_return_if_fail (SLUICE_IS_WORKSPACE (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_workspace_delete_async);
  g_task_set_check_cancellable (task, FALSE);

  data = g_new0 (Delete, 1);
  data->subscription = g_object_ref (subscription);
  data->connection = g_object_ref (sluice_workspace_get_connection (self, subscription));
  g_task_set_task_data (task, data, (GDestroyNotify) delete_free);

  sluice_connection_disconnect_async (data->connection, revoke, cancellable, disconnected_cb, g_steal_pointer (&task));
}

/**
 * sluice_workspace_delete_finish:
 * @self: a workspace
 * @result: what the callback got
 * @error: why nothing was deleted; or, when the subscription is gone and only
 *   revoking failed, why
 *
 * Returns: whether all was done
 */
gboolean
sluice_workspace_delete_finish (SluiceWorkspace  *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
