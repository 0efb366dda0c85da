/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-store.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-subscription-file.h"
#include "sluice-subscription-scan.h"

/* Long enough that a burst of events ends in one reading, too short to be noticed. */
#define RELOAD_DELAY_MS 100

struct _SluiceSubscriptionStore
{
  GObject parent_instance;

  char *folder;
  SluiceSubscriptionList *list;
  GFileMonitor *monitor; /* (nullable) */
  guint reload_id;

  /* Jobs run one after the other, so that readings and writings never overtake each other. */
  GQueue jobs;          /* (element-type GTask) (owned) */
  gboolean running;
  GHashTable *unsaved;  /* (element-type utf8 guint), how many writings of an id are under way */
};

G_DEFINE_FINAL_TYPE (SluiceSubscriptionStore, sluice_subscription_store, G_TYPE_OBJECT)

typedef struct _Job Job;

struct _Job
{
  /* Inputs */
  gboolean (*run) (Job     *job,
                   GError **error);
  void (*done)    (SluiceSubscriptionStore *self,
                   GTask                   *task,
                   Job                     *job);
  char *folder;
  char *path;                      /* (nullable) */
  GFile *file;                     /* (nullable) */
  SluiceSubscription *subscription; /* (nullable), for the main thread only */
  SluiceSubscription *snapshot;    /* (nullable), for the worker only */

  /* Results */
  GPtrArray *found;                /* (nullable) */
  char *text;                      /* (nullable) */
};

static void
job_clear (Job *job)
{
  g_free (job->folder);
  g_free (job->path);
  g_free (job->text);
  g_clear_object (&job->file);
  g_clear_object (&job->subscription);
  g_clear_object (&job->snapshot);
  g_clear_pointer (&job->found, g_ptr_array_unref);
}

static void
job_unref (gpointer job)
{
  g_atomic_rc_box_release_full (job, (GDestroyNotify) job_clear);
}

static void run_next (SluiceSubscriptionStore *self);

static void
job_thread (GTask        *inner,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (job->run (job, &error))
    g_task_return_boolean (inner, TRUE);
  else
    g_task_return_error (inner, error);
}

static void
count_unsaved (SluiceSubscriptionStore *self,
               SluiceSubscription      *snapshot,
               int                      change)
{
  const char *id = sluice_subscription_get_id (snapshot);
  int count = GPOINTER_TO_INT (g_hash_table_lookup (self->unsaved, id)) + change;

  if (count > 0)
    g_hash_table_insert (self->unsaved, g_strdup (id), GINT_TO_POINTER (count));
  else
    g_hash_table_remove (self->unsaved, id);
}

static void
job_done_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(SluiceSubscriptionStore) self = g_object_ref (g_task_get_source_object (task));
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (job->snapshot != NULL)
    count_unsaved (self, job->snapshot, -1);

  if (g_task_propagate_boolean (G_TASK (result), &error))
    job->done (self, task, job);
  else
    g_task_return_error (task, error);

  self->running = FALSE;
  run_next (self);
}

static void
run_next (SluiceSubscriptionStore *self)
{
  g_autoptr(GTask) inner = NULL;
  GTask *task;

  if (self->running || g_queue_is_empty (&self->jobs))
    return;

  task = g_queue_pop_head (&self->jobs);
  self->running = TRUE;

  /* No source object: the worker could be the last to hold it. */
  inner = g_task_new (NULL, NULL, job_done_cb, task);
  g_task_set_source_tag (inner, run_next);
  g_task_set_task_data (inner, g_atomic_rc_box_acquire (g_task_get_task_data (task)), job_unref);
  g_task_run_in_thread (inner, job_thread);
}

static Job *
job_new (SluiceSubscriptionStore *self,
         gboolean               (*run) (Job *, GError **),
         void                   (*done) (SluiceSubscriptionStore *, GTask *, Job *))
{
  Job *job = g_atomic_rc_box_new0 (Job);

  job->run = run;
  job->done = done;
  job->folder = g_strdup (self->folder);

  return job;
}

static void
push_job (SluiceSubscriptionStore *self,
          GTask                   *task, /* (transfer full) */
          Job                     *job)  /* (transfer full) */
{
  /* What was written is written: a cancellation that comes later must not claim otherwise. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_unref);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  if (job->snapshot != NULL)
    count_unsaved (self, job->snapshot, 1);

  g_queue_push_tail (&self->jobs, task);
  run_next (self);
}

static gboolean
run_scan (Job     *job,
          GError **error)
{
  job->found = sluice_subscription_scan (job->folder, error);

  return job->found != NULL;
}

/* The one that was there first keeps its name; another file with this name waits to be renamed. */
static gboolean
owns_name (SluiceSubscriptionStore *self,
           GPtrArray               *found,
           SluiceSubscription      *candidate)
{
  g_autoptr(SluiceSubscriptionList) others = sluice_subscription_list_new ();
  SluiceSubscription *known = sluice_subscription_list_find_by_id (self->list, sluice_subscription_get_id (candidate));
  const char *name = sluice_subscription_get_name (candidate);
  SluiceSubscription *holder = sluice_subscription_list_find_by_name (self->list, name);
  gboolean seen = FALSE;

  if (known != NULL && known == holder && sluice_subscription_get_damage (known) == NULL)
    return TRUE;

  for (guint i = 0; i < found->len; i++)
    {
      SluiceSubscription *other = g_ptr_array_index (found, i);
      SluiceSubscription *old;

      if (other == candidate)
        {
          seen = TRUE;
          continue;
        }
      if (sluice_subscription_get_damage (other) != NULL)
        continue;

      old = sluice_subscription_list_find_by_id (self->list, sluice_subscription_get_id (other));
      if (!seen || (old != NULL && old == holder && sluice_subscription_get_damage (old) == NULL))
        sluice_subscription_list_add (others, other);
    }

  return sluice_subscription_list_is_name_free (others, name, NULL);
}

static void
mark_duplicates (SluiceSubscriptionStore *self,
                 GPtrArray               *found)
{
  g_autoptr(GPtrArray) refused = g_ptr_array_new ();

  for (guint i = 0; i < found->len; i++)
    {
      SluiceSubscription *candidate = g_ptr_array_index (found, i);

      if (sluice_subscription_get_damage (candidate) == NULL && !owns_name (self, found, candidate))
        g_ptr_array_add (refused, candidate);
    }

  for (guint i = 0; i < refused->len; i++)
    {
      SluiceSubscription *candidate = g_ptr_array_index (refused, i);
      SluiceSubscription *damaged;
      guint place;

      damaged = sluice_subscription_new_damaged (sluice_subscription_get_id (candidate),
                                                 sluice_subscription_get_path (candidate),
                                                 sluice_subscription_get_name (candidate),
                                                 _("Another subscription has the same name. Change “name” in the file."));
      if (g_ptr_array_find (found, candidate, &place))
        {
          g_ptr_array_remove_index (found, place);
          g_ptr_array_insert (found, place, damaged);
        }
    }
}

static void
take_found (SluiceSubscriptionStore *self,
            SluiceSubscription      *found)
{
  SluiceSubscription *known = sluice_subscription_list_find_by_id (self->list, sluice_subscription_get_id (found));
  const char *damage = sluice_subscription_get_damage (found);

  if (known == NULL)
    {
      sluice_subscription_list_add (self->list, found);
    }
  else if (damage == NULL && sluice_subscription_get_damage (known) == NULL)
    {
      if (g_strcmp0 (sluice_subscription_get_document (known), sluice_subscription_get_document (found)) != 0)
        sluice_subscription_copy_settings (known, found);
    }
  else if (g_strcmp0 (damage, sluice_subscription_get_damage (known)) != 0 ||
           g_strcmp0 (sluice_subscription_get_name (found), sluice_subscription_get_name (known)) != 0)
    {
      sluice_subscription_list_remove (self->list, known);
      sluice_subscription_list_add (self->list, found);
    }
}

static gboolean
is_found (GPtrArray  *found,
          const char *id)
{
  for (guint i = 0; i < found->len; i++)
    {
      if (g_strcmp0 (sluice_subscription_get_id (g_ptr_array_index (found, i)), id) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
scan_done (SluiceSubscriptionStore *self,
           GTask                   *task,
           Job                     *job)
{
  mark_duplicates (self, job->found);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->list)); i > 0; i--)
    {
      g_autoptr(SluiceSubscription) known = g_list_model_get_item (G_LIST_MODEL (self->list), i - 1);
      const char *id = sluice_subscription_get_id (known);

      if (!is_found (job->found, id) && !g_hash_table_contains (self->unsaved, id))
        sluice_subscription_list_remove (self->list, known);
    }

  for (guint i = 0; i < job->found->len; i++)
    {
      SluiceSubscription *found = g_ptr_array_index (job->found, i);

      /* What is about to be written is newer than what was read. */
      if (!g_hash_table_contains (self->unsaved, sluice_subscription_get_id (found)))
        take_found (self, found);
    }

  g_task_return_boolean (task, TRUE);
}

static void
reload_cb (gpointer user_data)
{
  SluiceSubscriptionStore *self = user_data;
  GTask *task = g_task_new (self, NULL, NULL, NULL);

  self->reload_id = 0;
  g_task_set_source_tag (task, reload_cb);
  push_job (self, task, job_new (self, run_scan, scan_done));
}

static void
folder_changed_cb (GFileMonitor            *monitor,
                   GFile                   *file,
                   GFile                   *other_file,
                   GFileMonitorEvent        event,
                   SluiceSubscriptionStore *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add_once (RELOAD_DELAY_MS, reload_cb, self);
}

static void
sluice_subscription_store_dispose (GObject *object)
{
  SluiceSubscriptionStore *self = SLUICE_SUBSCRIPTION_STORE (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  if (self->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->monitor, self);
      g_file_monitor_cancel (self->monitor);
    }
  g_clear_object (&self->monitor);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (sluice_subscription_store_parent_class)->dispose (object);
}

static void
sluice_subscription_store_finalize (GObject *object)
{
  SluiceSubscriptionStore *self = SLUICE_SUBSCRIPTION_STORE (object);

  /* Each job holds the store, so there are none left. */
  g_assert (g_queue_is_empty (&self->jobs));
  g_free (self->folder);
  g_hash_table_unref (self->unsaved);

  G_OBJECT_CLASS (sluice_subscription_store_parent_class)->finalize (object);
}

static void
sluice_subscription_store_class_init (SluiceSubscriptionStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_subscription_store_dispose;
  object_class->finalize = sluice_subscription_store_finalize;
}

static void
sluice_subscription_store_init (SluiceSubscriptionStore *self)
{
  g_queue_init (&self->jobs);
  self->list = sluice_subscription_list_new ();
  self->unsaved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * sluice_subscription_store_new:
 * @directory: (nullable): the folder of the files, %NULL for the user's own
 *
 * Returns: (transfer full): a store that has not read anything yet
 */
SluiceSubscriptionStore *
sluice_subscription_store_new (const char *directory)
{
  SluiceSubscriptionStore *self = g_object_new (SLUICE_TYPE_SUBSCRIPTION_STORE, NULL);

  if (directory != NULL)
    self->folder = g_strdup (directory);
  else
    self->folder = g_build_filename (g_get_user_config_dir (), "sluice", "subscriptions", NULL);

  return self;
}

/**
 * sluice_subscription_store_get_list:
 * @self: a store
 *
 * Returns: (transfer none): the list that mirrors the files
 */
SluiceSubscriptionList *
sluice_subscription_store_get_list (SluiceSubscriptionStore *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self), NULL);

  return self->list;
}

static gboolean
run_prepare (Job     *job,
             GError **error)
{
  /* Only for the monitor. Where it cannot be made, reading and writing tell why. */
  if (g_mkdir_with_parents (job->folder, 0700) != 0)
    g_debug ("%s: %s", job->folder, g_strerror (errno));

  return TRUE;
}

/* First watch, then read: nothing can change unseen in between. */
static void
prepare_done (SluiceSubscriptionStore *self,
              GTask                   *task,
              Job                     *job)
{
  g_autoptr(GFile) folder = g_file_new_for_path (self->folder);

  if (self->monitor == NULL)
    self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL && g_signal_handler_find (self->monitor, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self) == 0)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (folder_changed_cb), self);

  push_job (self, g_object_ref (task), job_new (self, run_scan, scan_done));
}

/**
 * sluice_subscription_store_load_async:
 * @self: a store
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Reads all files and watches the folder from then on.
 */
void
sluice_subscription_store_load_async (SluiceSubscriptionStore *self,
                                      GCancellable            *cancellable,
                                      GAsyncReadyCallback      callback,
                                      gpointer                 user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_subscription_store_load_async);
  push_job (self, task, job_new (self, run_prepare, prepare_done));
}

static gboolean
finish (SluiceSubscriptionStore  *self,
        GAsyncResult             *result,
        GError                  **error)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_subscription_store_load_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %SLUICE_ERROR_STORAGE when the folder itself cannot be read
 *
 * Returns: whether the list mirrors the files
 */
gboolean
sluice_subscription_store_load_finish (SluiceSubscriptionStore  *self,
                                       GAsyncResult             *result,
                                       GError                  **error)
{
  return finish (self, result, error);
}

static gboolean
run_save (Job     *job,
          GError **error)
{
  g_autoptr(SluiceSubscription) present = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *previous = NULL;
  gsize length = 0;

  /* Another program may have written since we read, or something newer than us. */
  if (g_file_test (job->path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    {
      previous = sluice_subscription_file_read (job->path, &length, &local_error);
      if (previous != NULL)
        present = sluice_subscription_file_parse (sluice_subscription_get_id (job->snapshot), previous, length, &local_error);
      if (present == NULL)
        {
          g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                       /* Translators: the placeholder is a sentence that says what is wrong with the file */
                       _("The file of this subscription was changed elsewhere and is not written over. %s"),
                       local_error->message);
          return FALSE;
        }
    }

  job->text = sluice_subscription_file_serialise (job->snapshot,
                                                  previous != NULL
                                                  ? previous
                                                  : sluice_subscription_get_document (job->snapshot));

  return sluice_subscription_file_write (job->path, job->text, error);
}

static void
save_done (SluiceSubscriptionStore *self,
           GTask                   *task,
           Job                     *job)
{
  sluice_subscription_set_document (job->subscription, job->text);
  sluice_subscription_set_path (job->subscription, job->path);

  if (sluice_subscription_list_find_by_id (self->list, sluice_subscription_get_id (job->subscription)) == NULL)
    sluice_subscription_list_add (self->list, job->subscription);

  g_task_return_boolean (task, TRUE);
}

static gboolean
check_savable (SluiceSubscriptionStore  *self,
               SluiceSubscription       *subscription,
               GError                  **error)
{
  g_autofree char *name = g_strstrip (g_strdup (sluice_subscription_get_name (subscription)));

  if (sluice_subscription_get_damage (subscription) != NULL)
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                         _("The file of this subscription is damaged and is kept as it is."));
  else if (!g_uuid_string_is_valid (sluice_subscription_get_id (subscription)))
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The id of this subscription is not valid."));
  else if (*name == '\0')
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The name is missing."));
  else if (!sluice_subscription_list_is_name_free (self->list, name, subscription))
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 _("Another subscription is called “%s” already. Choose another name."), name);
  else
    return TRUE;

  return FALSE;
}

/**
 * sluice_subscription_store_save_async:
 * @self: a store
 * @subscription: what to save; a new one appears in the list
 * @cancellable: (nullable): stops it before it begins
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Writes the file of a subscription as it is now, whatever changes later.
 */
void
sluice_subscription_store_save_async (SluiceSubscriptionStore *self,
                                      SluiceSubscription      *subscription,
                                      GCancellable            *cancellable,
                                      GAsyncReadyCallback      callback,
                                      gpointer                 user_data)
{
  const char *id;
  g_autofree char *file_name = NULL;
  GError *error = NULL;
  GTask *task;
  Job *job;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_subscription_store_save_async);

  if (!check_savable (self, subscription, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  id = sluice_subscription_get_id (subscription);
  file_name = g_strconcat (id, ".json", NULL);

  job = job_new (self, run_save, save_done);
  job->path = g_build_filename (self->folder, file_name, NULL);
  job->subscription = g_object_ref (subscription);
  job->snapshot = sluice_subscription_new_with_id (id);
  sluice_subscription_copy_settings (job->snapshot, subscription);
  push_job (self, task, job);
}

/**
 * sluice_subscription_store_save_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %SLUICE_ERROR_INVALID or %SLUICE_ERROR_STORAGE and what to do
 *
 * Returns: whether the subscription is on the disk
 */
gboolean
sluice_subscription_store_save_finish (SluiceSubscriptionStore  *self,
                                       GAsyncResult             *result,
                                       GError                  **error)
{
  return finish (self, result, error);
}

static gboolean
run_delete (Job     *job,
            GError **error)
{
  int number;

  if (g_unlink (job->path) == 0 || errno == ENOENT)
    return TRUE;

  number = errno;
  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (number), g_strerror (number));
  sluice_storage_error_explain (error, job->path);

  return FALSE;
}

static void
delete_done (SluiceSubscriptionStore *self,
             GTask                   *task,
             Job                     *job)
{
  sluice_subscription_list_remove (self->list, job->subscription);
  g_task_return_boolean (task, TRUE);
}

/**
 * sluice_subscription_store_delete_async:
 * @self: a store
 * @subscription: what to delete, damaged ones too
 * @cancellable: (nullable): stops it before it begins
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Deletes the file of a subscription; its tokens are the caller's concern.
 */
void
sluice_subscription_store_delete_async (SluiceSubscriptionStore *self,
                                        SluiceSubscription      *subscription,
                                        GCancellable            *cancellable,
                                        GAsyncReadyCallback      callback,
                                        gpointer                 user_data)
{
  g_autofree char *file_name = NULL;
  GTask *task;
  Job *job;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_subscription_store_delete_async);

  job = job_new (self, run_delete, delete_done);
  job->subscription = g_object_ref (subscription);
  job->path = g_strdup (sluice_subscription_get_path (subscription));
  if (job->path == NULL)
    {
      file_name = g_strconcat (sluice_subscription_get_id (subscription), ".json", NULL);
      job->path = g_build_filename (self->folder, file_name, NULL);
    }
  push_job (self, task, job);
}

/**
 * sluice_subscription_store_delete_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %SLUICE_ERROR_STORAGE and what to do
 *
 * Returns: whether the file is gone
 */
gboolean
sluice_subscription_store_delete_finish (SluiceSubscriptionStore  *self,
                                         GAsyncResult             *result,
                                         GError                  **error)
{
  return finish (self, result, error);
}

static gboolean
run_export (Job     *job,
            GError **error)
{
  g_autofree char *path = g_file_get_parse_name (job->file);

  if (g_file_replace_contents (job->file, job->text, strlen (job->text), NULL, FALSE,
                               G_FILE_CREATE_REPLACE_DESTINATION, NULL, NULL, error))
    return TRUE;

  sluice_storage_error_explain (error, path);
  return FALSE;
}

static void
export_done (SluiceSubscriptionStore *self,
             GTask                   *task,
             Job                     *job)
{
  g_task_return_boolean (task, TRUE);
}

/**
 * sluice_subscription_store_export_async:
 * @self: a store
 * @subscription: what to hand on
 * @destination: the file to write
 * @cancellable: (nullable): stops it before it begins
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Writes the settings of a subscription for other people, without secrets.
 */
void
sluice_subscription_store_export_async (SluiceSubscriptionStore *self,
                                        SluiceSubscription      *subscription,
                                        GFile                   *destination,
                                        GCancellable            *cancellable,
                                        GAsyncReadyCallback      callback,
                                        gpointer                 user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));
  g_return_if_fail (G_IS_FILE (destination));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_subscription_store_export_async);

  if (sluice_subscription_get_damage (subscription) != NULL)
    {
      g_task_return_new_error_literal (task, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                                       _("The file of this subscription is damaged, so it cannot be exported."));
      g_object_unref (task);
      return;
    }

  job = job_new (self, run_export, export_done);
  job->file = g_object_ref (destination);
  job->text = sluice_subscription_file_export (subscription);
  push_job (self, task, job);
}

/**
 * sluice_subscription_store_export_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %SLUICE_ERROR_STORAGE and what to do
 *
 * Returns: whether the file is written
 */
gboolean
sluice_subscription_store_export_finish (SluiceSubscriptionStore  *self,
                                         GAsyncResult             *result,
                                         GError                  **error)
{
  return finish (self, result, error);
}

static gboolean
run_import (Job     *job,
            GError **error)
{
  g_autofree char *path = g_file_get_path (job->file);
  g_autofree char *text = NULL;
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr(SluiceSubscription) imported = NULL;
  gsize length = 0;

  if (path == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                           _("The file is not on this computer. Copy it here first."));
      return FALSE;
    }

  text = sluice_subscription_file_read (path, &length, error);
  if (text == NULL)
    return FALSE;

  imported = sluice_subscription_file_parse (id, text, length, error);
  if (imported == NULL)
    {
      g_prefix_error_literal (error, _("This file cannot be imported. "));
      return FALSE;
    }

  job->found = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (job->found, g_steal_pointer (&imported));

  return TRUE;
}

static void
import_saved_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (sluice_subscription_store_save_finish (SLUICE_SUBSCRIPTION_STORE (object), result, &error))
    g_task_return_pointer (task, g_object_ref (g_ptr_array_index (job->found, 0)), g_object_unref);
  else
    g_task_return_error (task, error);
}

/* What the file says of an org was seen by somebody else. */
static void
import_done (SluiceSubscriptionStore *self,
             GTask                   *task,
             Job                     *job)
{
  SluiceSubscription *imported = g_ptr_array_index (job->found, 0);
  g_autofree char *name = NULL;

  name = sluice_subscription_list_make_unique_name (self->list, sluice_subscription_get_name (imported));
  sluice_subscription_set_name (imported, name);
  sluice_subscription_set_org_id (imported, NULL);
  sluice_subscription_set_environment (imported, SLUICE_ENVIRONMENT_UNKNOWN);

  sluice_subscription_store_save_async (self, imported, NULL, import_saved_cb, g_object_ref (task));
}

/**
 * sluice_subscription_store_import_async:
 * @self: a store
 * @source: a file that was exported
 * @cancellable: (nullable): stops it before it begins
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Makes a new subscription, with a new id and a name that is free, from a file.
 */
void
sluice_subscription_store_import_async (SluiceSubscriptionStore *self,
                                        GFile                   *source,
                                        GCancellable            *cancellable,
                                        GAsyncReadyCallback      callback,
                                        gpointer                 user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self));
  g_return_if_fail (G_IS_FILE (source));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_subscription_store_import_async);

  job = job_new (self, run_import, import_done);
  job->file = g_object_ref (source);
  push_job (self, task, job);
}

/**
 * sluice_subscription_store_import_finish:
 * @self: a store
 * @result: what the callback got
 * @error: %SLUICE_ERROR_INVALID or %SLUICE_ERROR_STORAGE and what is wrong
 *
 * Returns: (transfer full) (nullable): the new subscription
 */
SluiceSubscription *
sluice_subscription_store_import_finish (SluiceSubscriptionStore  *self,
                                         GAsyncResult             *result,
                                         GError                  **error)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
