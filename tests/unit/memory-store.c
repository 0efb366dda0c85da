/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "memory-store.h"

#include "sluice-error.h"

struct _MemoryStore
{
  GObject parent_instance;

  GHashTable *kept;    /* (element-type utf8 SluiceCredentials) */
  GHashTable *session; /* (element-type utf8 SluiceCredentials), null values for the session-only that hold nothing */
  char *broken;        /* (nullable), the id of an item that cannot be understood */
  char *label;
  int codes[MEMORY_STORE_N_VERBS];
  guint counts[MEMORY_STORE_N_VERBS];
};

static void
free_credentials (gpointer credentials)
{
  sluice_credentials_free (credentials);
}

static SluiceCredentials *
copy_or_null (const SluiceCredentials *credentials)
{
  return credentials != NULL ? sluice_credentials_copy (credentials) : NULL;
}

/* The table that serves, or %NULL when the task was ended with an error. */
static GHashTable *
begin (MemoryStore     *self,
       GTask           *task,
       MemoryStoreVerb  verb,
       const char      *subscription_id)
{
  self->counts[verb]++;

  if (g_hash_table_contains (self->session, subscription_id))
    return self->session;

  if (self->codes[verb] == 0)
    return self->kept;

  g_task_return_new_error_literal (task, SLUICE_ERROR, self->codes[verb], "The test wants this.");

  return NULL;
}

static void
memory_store_load_async (SluiceCredentialStore *store,
                         const char            *subscription_id,
                         GCancellable          *cancellable,
                         GAsyncReadyCallback    callback,
                         gpointer               user_data)
{
  MemoryStore *self = MEMORY_STORE (store);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GHashTable *table = begin (self, task, MEMORY_STORE_LOAD, subscription_id);

  if (table == self->kept && g_strcmp0 (self->broken, subscription_id) == 0)
    g_task_return_new_error_literal (task, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN, "The test wants this.");
  else if (table != NULL)
    g_task_return_pointer (task, copy_or_null (g_hash_table_lookup (table, subscription_id)), free_credentials);
}

static SluiceCredentials *
memory_store_load_finish (SluiceCredentialStore  *store,
                          GAsyncResult           *result,
                          GError                **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
memory_store_save_async (SluiceCredentialStore   *store,
                         const char              *subscription_id,
                         const char              *label,
                         const SluiceCredentials *credentials,
                         GCancellable            *cancellable,
                         GAsyncReadyCallback      callback,
                         gpointer                 user_data)
{
  MemoryStore *self = MEMORY_STORE (store);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GHashTable *table = begin (self, task, MEMORY_STORE_SAVE, subscription_id);

  if (table == NULL)
    return;

  g_set_str (&self->label, label);
  if (g_strcmp0 (self->broken, subscription_id) == 0)
    g_clear_pointer (&self->broken, g_free);
  if (table == self->kept && sluice_credentials_is_empty (credentials))
    g_hash_table_remove (table, subscription_id);
  else
    g_hash_table_insert (table, g_strdup (subscription_id), sluice_credentials_copy (credentials));
  g_task_return_boolean (task, TRUE);
}

static void
memory_store_clear_async (SluiceCredentialStore *store,
                          const char            *subscription_id,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  MemoryStore *self = MEMORY_STORE (store);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GHashTable *table = begin (self, task, MEMORY_STORE_CLEAR, subscription_id);

  if (table == NULL)
    return;

  if (g_strcmp0 (self->broken, subscription_id) == 0)
    g_clear_pointer (&self->broken, g_free);
  if (table == self->session)
    g_hash_table_insert (table, g_strdup (subscription_id), NULL);
  else
    g_hash_table_remove (table, subscription_id);
  g_task_return_boolean (task, TRUE);
}

static gboolean
memory_store_boolean_finish (SluiceCredentialStore  *store,
                             GAsyncResult           *result,
                             GError                **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
memory_store_set_session_only (SluiceCredentialStore *store,
                               const char            *subscription_id,
                               gboolean               session_only)
{
  MemoryStore *self = MEMORY_STORE (store);

  if (!session_only)
    g_hash_table_remove (self->session, subscription_id);
  else if (!g_hash_table_contains (self->session, subscription_id))
    g_hash_table_insert (self->session, g_strdup (subscription_id), NULL);
}

static void
credential_store_iface_init (SluiceCredentialStoreInterface *iface)
{
  iface->load_async = memory_store_load_async;
  iface->load_finish = memory_store_load_finish;
  iface->save_async = memory_store_save_async;
  iface->save_finish = memory_store_boolean_finish;
  iface->clear_async = memory_store_clear_async;
  iface->clear_finish = memory_store_boolean_finish;
  iface->set_session_only = memory_store_set_session_only;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MemoryStore, memory_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CREDENTIAL_STORE, credential_store_iface_init))

static void
memory_store_finalize (GObject *object)
{
  MemoryStore *self = MEMORY_STORE (object);

  g_hash_table_unref (self->kept);
  g_hash_table_unref (self->session);
  g_free (self->broken);
  g_free (self->label);

  G_OBJECT_CLASS (memory_store_parent_class)->finalize (object);
}

static void
memory_store_class_init (MemoryStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = memory_store_finalize;
}

static void
memory_store_init (MemoryStore *self)
{
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_credentials);
  self->session = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_credentials);
}

MemoryStore *
memory_store_new (void)
{
  return g_object_new (MEMORY_TYPE_STORE, NULL);
}

void
memory_store_fail (MemoryStore     *self,
                   MemoryStoreVerb  verb,
                   int              code)
{
  self->codes[verb] = code;
}

void
memory_store_put (MemoryStore             *self,
                  const char              *subscription_id,
                  const SluiceCredentials *credentials)
{
  g_hash_table_insert (self->kept, g_strdup (subscription_id), sluice_credentials_copy (credentials));
}

void
memory_store_break (MemoryStore *self,
                    const char  *subscription_id)
{
  g_set_str (&self->broken, subscription_id);
}

const SluiceCredentials *
memory_store_peek (MemoryStore *self,
                   const char  *subscription_id)
{
  return g_hash_table_lookup (self->kept, subscription_id);
}

const SluiceCredentials *
memory_store_peek_session (MemoryStore *self,
                           const char  *subscription_id)
{
  return g_hash_table_lookup (self->session, subscription_id);
}

const char *
memory_store_get_label (MemoryStore *self)
{
  return self->label;
}

guint
memory_store_count (MemoryStore     *self,
                    MemoryStoreVerb  verb)
{
  return self->counts[verb];
}
