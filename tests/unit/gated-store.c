/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "gated-store.h"

#include "sluice-error.h"

struct _GatedStore
{
  GObject parent_instance;

  SluiceCredentials *credentials; /* (nullable) */
  int load_code;
  int save_code;
  gboolean hold_loads;
  gboolean hold_saves;
  GQueue held; /* of GTask */
  guint n_saves;
  gboolean locked;
};

static void gated_store_iface_init (SluiceCredentialStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GatedStore, gated_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CREDENTIAL_STORE, gated_store_iface_init))

/* What a task is to do is its source tag. */
static void gated_store_load_async (SluiceCredentialStore *, const char *, GCancellable *, GAsyncReadyCallback, gpointer);

static void
end (GTask *task) /* (transfer full) */
{
  GatedStore *self = g_task_get_source_object (task);
  gboolean is_load = g_task_get_source_tag (task) == gated_store_load_async;
  int code = is_load ? self->load_code : self->save_code;

  if (code >= 0)
    {
      g_task_return_new_error (task, SLUICE_ERROR, code, "The store fails");
    }
  else if (is_load)
    {
      g_task_return_pointer (task, self->credentials != NULL ? sluice_credentials_copy (self->credentials) : NULL,
                             (GDestroyNotify) sluice_credentials_free);
    }
  else
    {
      const SluiceCredentials *credentials = g_task_get_task_data (task);

      self->n_saves++;
      gated_store_put (self, credentials);
      g_task_return_boolean (task, TRUE);
    }

  g_object_unref (task);
}

static void
run (GTask    *task,
     gboolean  hold)
{
  GatedStore *self = g_task_get_source_object (task);

  if (hold)
    g_queue_push_tail (&self->held, task);
  else
    end (task);
}

static void
gated_store_load_async (SluiceCredentialStore *store,
                        const char            *subscription_id,
                        GCancellable          *cancellable,
                        GAsyncReadyCallback    callback,
                        gpointer               user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, gated_store_load_async);
  run (task, GATED_STORE (store)->hold_loads);
}

static SluiceCredentials *
gated_store_load_finish (SluiceCredentialStore  *store,
                         GAsyncResult           *result,
                         GError                **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
gated_store_save_async (SluiceCredentialStore   *store,
                        const char              *subscription_id,
                        const char              *label,
                        const SluiceCredentials *credentials,
                        GCancellable            *cancellable,
                        GAsyncReadyCallback      callback,
                        gpointer                 user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  g_assert_nonnull (label);
  g_task_set_source_tag (task, gated_store_save_async);
  g_task_set_task_data (task, sluice_credentials_copy (credentials), (GDestroyNotify) sluice_credentials_free);
  run (task, GATED_STORE (store)->hold_saves);
}

static void
gated_store_clear_async (SluiceCredentialStore *store,
                         const char            *subscription_id,
                         GCancellable          *cancellable,
                         GAsyncReadyCallback    callback,
                         gpointer               user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, gated_store_clear_async);
  run (task, GATED_STORE (store)->hold_saves);
}

static gboolean
gated_store_finish (SluiceCredentialStore  *store,
                    GAsyncResult           *result,
                    GError                **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
gated_store_set_session_only (SluiceCredentialStore *store,
                              const char            *subscription_id,
                              gboolean               session_only)
{
}

static void
gated_store_lock_async (SluiceCredentialStore *store,
                        const char            *subscription_id,
                        GAsyncReadyCallback    callback,
                        gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (store, NULL, callback, user_data);

  g_assert_false (GATED_STORE (store)->locked);
  g_task_return_boolean (task, TRUE);
}

static void
gated_store_lock_finish (SluiceCredentialStore *store,
                         GAsyncResult          *result)
{
  GATED_STORE (store)->locked = g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
gated_store_unlock (SluiceCredentialStore *store,
                    const char            *subscription_id)
{
  g_assert_true (GATED_STORE (store)->locked);
  GATED_STORE (store)->locked = FALSE;
}

static void
gated_store_iface_init (SluiceCredentialStoreInterface *iface)
{
  iface->load_async = gated_store_load_async;
  iface->load_finish = gated_store_load_finish;
  iface->save_async = gated_store_save_async;
  iface->save_finish = gated_store_finish;
  iface->clear_async = gated_store_clear_async;
  iface->clear_finish = gated_store_finish;
  iface->set_session_only = gated_store_set_session_only;
  iface->lock_async = gated_store_lock_async;
  iface->lock_finish = gated_store_lock_finish;
  iface->unlock = gated_store_unlock;
}

static void
gated_store_finalize (GObject *object)
{
  GatedStore *self = GATED_STORE (object);

  g_assert_true (g_queue_is_empty (&self->held));
  g_assert_false (self->locked);
  g_clear_pointer (&self->credentials, sluice_credentials_free);

  G_OBJECT_CLASS (gated_store_parent_class)->finalize (object);
}

static void
gated_store_class_init (GatedStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gated_store_finalize;
}

static void
gated_store_init (GatedStore *self)
{
  self->load_code = -1;
  self->save_code = -1;
  g_queue_init (&self->held);
}

GatedStore *
gated_store_new (void)
{
  return g_object_new (GATED_TYPE_STORE, NULL);
}

void
gated_store_put (GatedStore              *self,
                 const SluiceCredentials *credentials)
{
  SluiceCredentials *copy = credentials != NULL ? sluice_credentials_copy (credentials) : NULL;

  g_clear_pointer (&self->credentials, sluice_credentials_free);
  self->credentials = copy;
}

const SluiceCredentials *
gated_store_peek (GatedStore *self)
{
  return self->credentials;
}

void
gated_store_fail_loads (GatedStore *self,
                        int         code)
{
  self->load_code = code;
}

void
gated_store_fail_saves (GatedStore *self,
                        int         code)
{
  self->save_code = code;
}

void
gated_store_hold_loads (GatedStore *self)
{
  self->hold_loads = TRUE;
}

void
gated_store_hold_saves (GatedStore *self)
{
  self->hold_saves = TRUE;
}

void
gated_store_release (GatedStore *self)
{
  GTask *task;

  self->hold_loads = FALSE;
  self->hold_saves = FALSE;
  while ((task = g_queue_pop_head (&self->held)) != NULL)
    end (task);
}

guint
gated_store_get_n_held (GatedStore *self)
{
  return g_queue_get_length (&self->held);
}

guint
gated_store_get_n_saves (GatedStore *self)
{
  return self->n_saves;
}

gboolean
gated_store_get_locked (GatedStore *self)
{
  return self->locked;
}
