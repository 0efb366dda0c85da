/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-query-library"

#include "config.h"

#include "sluice-query-library.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sluice-error.h"
#include "sluice-query-library-file.h"
#include "sluice-subscription-file.h"

/* Somebody who types does not make the disk work for each letter. */
#define WRITE_DELAY_MS 1000

/* What the queries of a list take together, in bytes */
#define MAX_HISTORY_SIZE (512 * 1024)
#define MAX_SAVED_SIZE (1024 * 1024)

/* So large, a file would not be read again. */
#define MAX_FILE_SIZE (4 * 1024 * 1024)
#define MAX_DAMAGED 9

/* The file, which threads write: never an older state over a newer one */
typedef struct
{
  GMutex mutex;
  char *path;
  guint64 written;
} Writer;

typedef struct
{
  Writer *writer;
  char *text;
  guint64 state;
} Write;

typedef struct
{
  SluiceQueries *queries; /* (nullable) */
  GError *error;          /* (nullable) */
  gboolean keep_file;
} Loaded;

struct _SluiceQueryLibrary
{
  GObject parent_instance;

  Writer *writer;
  GListStore *history;
  GListStore *saved;
  char *draft;
  GError *error;          /* (nullable) */
  guint64 state;          /* counts changes */
  guint64 flushed;        /* the last one that was handed to a writer */
  guint write_id;
  gboolean drafted;       /* since the file was asked for */
  gboolean loaded;
  gboolean keep_file;     /* the file is not ours to replace */
};

enum
{
  PROP_0,
  PROP_LOADED,
  PROP_DRAFT,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceQueryLibrary, sluice_query_library, G_TYPE_OBJECT)

static void
writer_clear (gpointer data)
{
  Writer *writer = data;

  g_mutex_clear (&writer->mutex);
  g_free (writer->path);
}

static void
writer_unref (Writer *writer)
{
  g_atomic_rc_box_release_full (writer, writer_clear);
}

static void
write_free (Write *self)
{
  writer_unref (self->writer);
  g_free (self->text);
  g_free (self);
}

static void
loaded_free (Loaded *self)
{
  g_clear_pointer (&self->queries, sluice_queries_free);
  g_clear_error (&self->error);
  g_free (self);
}

/* No thread keeps a library alive: it would be finalized there. */
static GWeakRef *
weak_ref_new (SluiceQueryLibrary *self)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, self);

  return ref;
}

static SluiceQueryLibrary *
weak_ref_take (GWeakRef *ref)
{
  SluiceQueryLibrary *self = g_weak_ref_get (ref);

  g_weak_ref_clear (ref);
  g_free (ref);

  return self;
}

static void
set_error (SluiceQueryLibrary *self,
           GError             *error)
{
  if (error == NULL && self->error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/* Writing */

static SluiceQueries *
collect (SluiceQueryLibrary *self)
{
  SluiceQueries *queries = sluice_queries_new ();
  guint n_history = g_list_model_get_n_items (G_LIST_MODEL (self->history));
  guint n_saved = g_list_model_get_n_items (G_LIST_MODEL (self->saved));

  if (g_utf8_strlen (self->draft, -1) <= SLUICE_QUERY_LIBRARY_MAX_TEXT)
    g_set_str (&queries->draft, self->draft);
  for (guint i = 0; i < n_history; i++)
    g_ptr_array_add (queries->history, g_list_model_get_item (G_LIST_MODEL (self->history), i));
  for (guint i = 0; i < n_saved; i++)
    g_ptr_array_add (queries->saved, g_list_model_get_item (G_LIST_MODEL (self->saved), i));

  return queries;
}

static gboolean
write_now (Write   *write,
           GError **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&write->writer->mutex);

  if (write->state <= write->writer->written)
    return TRUE;
  if (!sluice_subscription_file_write (write->writer->path, write->text, error))
    return FALSE;

  write->writer->written = write->state;

  return TRUE;
}

static void
write_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_now (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceQueryLibrary) self = weak_ref_take (user_data);
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (self != NULL)
    set_error (self, g_steal_pointer (&error));
}

static Write *
take_write (SluiceQueryLibrary *self)
{
  g_autoptr(SluiceQueries) queries = collect (self);
  Write *write = g_new0 (Write, 1);

  g_clear_handle_id (&self->write_id, g_source_remove);
  self->flushed = self->state;
  write->writer = g_atomic_rc_box_acquire (self->writer);
  write->text = sluice_queries_serialise (queries);
  if (strlen (write->text) > MAX_FILE_SIZE)
    {
      g_ptr_array_set_size (queries->history, 0);
      g_free (write->text);
      write->text = sluice_queries_serialise (queries);
    }
  write->state = self->state;

  return write;
}

static void
write_later_cb (gpointer user_data)
{
  SluiceQueryLibrary *self = user_data;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, written_cb, weak_ref_new (self));

  self->write_id = 0;
  g_task_set_source_tag (task, write_later_cb);
  g_task_set_task_data (task, take_write (self), (GDestroyNotify) write_free);
  g_task_run_in_thread (task, write_thread);
}

static void
changed (SluiceQueryLibrary *self)
{
  self->state++;
  if (self->write_id == 0 && self->loaded && !self->keep_file)
    self->write_id = g_timeout_add_once (WRITE_DELAY_MS, write_later_cb, self);
}

/* Reading */

/* Nothing that the user wrote is thrown away, even if no program can read it. */
static void
put_aside (const char *path)
{
  for (guint i = 1; i <= MAX_DAMAGED; i++)
    {
      g_autofree char *aside = i == 1 ? g_strconcat (path, ".damaged", NULL)
                                      : g_strdup_printf ("%s.damaged-%u", path, i);

      if (i < MAX_DAMAGED && g_file_test (aside, G_FILE_TEST_EXISTS))
        continue;

      if (g_rename (path, aside) != 0)
        g_warning ("“%s” could not be put aside: %s", path, g_strerror (errno));
      return;
    }
}

static Loaded *
load_now (Writer *writer)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&writer->mutex);
  Loaded *loaded = g_new0 (Loaded, 1);
  const char *path = writer->path;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return loaded;

  text = sluice_subscription_file_read (path, &length, &loaded->error);
  if (text == NULL)
    {
      loaded->keep_file = TRUE;
      return loaded;
    }

  loaded->queries = sluice_queries_parse (text, (gssize) length, &loaded->keep_file, &loaded->error);
  if (loaded->queries == NULL && !loaded->keep_file)
    {
      g_debug ("%s: %s", path, loaded->error->message);
      g_clear_error (&loaded->error);
      put_aside (path);
      g_set_error (&loaded->error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("The saved queries could not be read. The damaged file was kept beside the new one, as “%s.damaged”."),
                   path);
    }

  return loaded;
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, load_now (task_data), (GDestroyNotify) loaded_free);
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return g_utf8_collate (sluice_stored_query_get_name ((SluiceStoredQuery *) a),
                         sluice_stored_query_get_name ((SluiceStoredQuery *) b));
}

static void
drop_oldest (SluiceQueryLibrary *self)
{
  GListModel *history = G_LIST_MODEL (self->history);
  gsize size = 0;

  for (guint i = 0; i < g_list_model_get_n_items (history); i++)
    {
      g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (history, i);

      size += strlen (sluice_stored_query_get_text (query));
      if (i >= SLUICE_QUERY_LIBRARY_MAX_HISTORY || size > MAX_HISTORY_SIZE)
        {
          g_list_store_splice (self->history, i, g_list_model_get_n_items (history) - i, NULL, 0);
          return;
        }
    }
}

static gboolean
find_text (GListStore *list,
           const char *text,
           guint      *position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (*position = 0; *position < n_items; (*position)++)
    {
      g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (G_LIST_MODEL (list), *position);

      if (strcmp (sluice_stored_query_get_text (query), text) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_text (SluiceStoredQuery *query)
{
  return *sluice_stored_query_get_text (query) != '\0';
}

/* What the user did meanwhile comes first. */
static void
take_queries (SluiceQueryLibrary *self,
              SluiceQueries      *queries)
{
  for (guint i = 0; i < queries->history->len; i++)
    {
      SluiceStoredQuery *query = g_ptr_array_index (queries->history, i);
      guint position;

      if (has_text (query) && !find_text (self->history, sluice_stored_query_get_text (query), &position))
        g_list_store_append (self->history, query);
    }
  drop_oldest (self);

  for (guint i = 0; i < queries->saved->len; i++)
    {
      SluiceStoredQuery *query = g_ptr_array_index (queries->saved, i);

      if (sluice_query_library_find (self, sluice_stored_query_get_name (query)) == NULL)
        g_list_store_insert_sorted (self->saved, query, compare_names, NULL);
    }

  if (!self->drafted && g_set_str (&self->draft, queries->draft))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAFT]);
}

static void
take_loaded (SluiceQueryLibrary *self,
             Loaded             *loaded)
{
  self->loaded = TRUE;
  self->keep_file = loaded->keep_file;
  if (loaded->queries != NULL)
    take_queries (self, loaded->queries);
  set_error (self, g_steal_pointer (&loaded->error));
  loaded_free (loaded);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceQueryLibrary) self = weak_ref_take (user_data);
  Loaded *loaded = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self == NULL || self->loaded)
    {
      loaded_free (loaded);
      return;
    }

  take_loaded (self, loaded);
  if (self->state > 0)
    changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

static void
load (SluiceQueryLibrary *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, loaded_cb, weak_ref_new (self));

  g_task_set_source_tag (task, load);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->writer), (GDestroyNotify) writer_unref);
  g_task_run_in_thread (task, load_thread);
}

static void
sluice_query_library_dispose (GObject *object)
{
  SluiceQueryLibrary *self = SLUICE_QUERY_LIBRARY (object);
  g_autoptr(GError) error = NULL;

  if (!sluice_query_library_flush (self, &error))
    g_warning ("%s", error->message);

  G_OBJECT_CLASS (sluice_query_library_parent_class)->dispose (object);
}

static void
sluice_query_library_finalize (GObject *object)
{
  SluiceQueryLibrary *self = SLUICE_QUERY_LIBRARY (object);

  g_clear_handle_id (&self->write_id, g_source_remove);
  g_clear_pointer (&self->writer, writer_unref);
  g_clear_object (&self->history);
  g_clear_object (&self->saved);
  g_clear_error (&self->error);
  g_free (self->draft);

  G_OBJECT_CLASS (sluice_query_library_parent_class)->finalize (object);
}

static void
sluice_query_library_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceQueryLibrary *self = SLUICE_QUERY_LIBRARY (object);

  switch (prop_id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;

    case PROP_DRAFT:
      g_value_set_string (value, self->draft);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_query_library_class_init (SluiceQueryLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_query_library_dispose;
  object_class->finalize = sluice_query_library_finalize;
  object_class->get_property = sluice_query_library_get_property;

  properties[PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DRAFT] =
    g_param_spec_string ("draft", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL,
                        G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_query_library_init (SluiceQueryLibrary *self)
{
  self->history = g_list_store_new (SLUICE_TYPE_STORED_QUERY);
  self->saved = g_list_store_new (SLUICE_TYPE_STORED_QUERY);
  self->draft = g_strdup ("");
}

/**
 * sluice_query_library_new:
 * @path: the file, which need not be there
 *
 * Opens a library and starts to read its file; see `loaded`.
 *
 * Returns: (transfer full): the library
 */
SluiceQueryLibrary *
sluice_query_library_new (const char *path)
{
  SluiceQueryLibrary *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_QUERY_LIBRARY, NULL);
  self->writer = g_atomic_rc_box_new0 (Writer);
  self->writer->path = g_strdup (path);
  g_mutex_init (&self->writer->mutex);
  load (self);

  return self;
}

/**
 * sluice_query_library_dup_path:
 * @subscription_id: the id of a subscription
 *
 * Returns: (transfer full): where the queries of a subscription are kept
 */
char *
sluice_query_library_dup_path (const char *subscription_id)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (subscription_id != NULL, NULL);

  name = g_strconcat (subscription_id, ".json", NULL);

  return g_build_filename (g_get_user_data_dir (), "sluice", "queries", name, NULL);
}

typedef struct
{
  char **ids;
  gint64 before;
} Purge;

static void
purge_free (Purge *self)
{
  g_strfreev (self->ids);
  g_free (self);
}

static gboolean
is_orphan (Purge      *self,
           const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const char *end = strstr (name, ".json");
  g_autofree char *id = end != NULL ? g_strndup (name, (gsize) (end - name)) : NULL;
  GStatBuf info;

  return id != NULL && !g_strv_contains ((const char * const *) self->ids, id) &&
         g_lstat (path, &info) == 0 && S_ISREG (info.st_mode) && info.st_mtime < self->before;
}

static void
purge_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "sluice", "queries", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (is_orphan (task_data, folder, name) && g_unlink (path) != 0)
        g_debug ("%s: %s", path, g_strerror (errno));
    }

  g_task_return_boolean (task, TRUE);
}

/**
 * sluice_query_library_purge:
 * @subscription_ids: (array zero-terminated=1): the ids of all subscriptions
 * @before: a time, in seconds since 1970
 *
 * Removes the files of subscriptions that are gone, in the background. What was
 * written after @before stays: the subscription may come back.
 */
void
sluice_query_library_purge (const char * const *subscription_ids,
                            gint64              before)
{
  g_autoptr(GTask) task = NULL;
  Purge *purge;

  g_return_if_fail (subscription_ids != NULL);

  purge = g_new0 (Purge, 1);
  purge->ids = g_strdupv ((char **) subscription_ids);
  purge->before = before;

  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_source_tag (task, sluice_query_library_purge);
  g_task_set_task_data (task, purge, (GDestroyNotify) purge_free);
  g_task_run_in_thread (task, purge_thread);
}

GListModel *
sluice_query_library_get_history (SluiceQueryLibrary *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), NULL);

  return G_LIST_MODEL (self->history);
}

GListModel *
sluice_query_library_get_saved (SluiceQueryLibrary *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), NULL);

  return G_LIST_MODEL (self->saved);
}

gboolean
sluice_query_library_get_loaded (SluiceQueryLibrary *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), FALSE);

  return self->loaded;
}

const GError *
sluice_query_library_get_error (SluiceQueryLibrary *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), NULL);

  return self->error;
}

const char *
sluice_query_library_get_draft (SluiceQueryLibrary *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), NULL);

  return self->draft;
}

/* What is in the editor, to find it there after the next start. */
void
sluice_query_library_set_draft (SluiceQueryLibrary *self,
                                const char         *draft)
{
  g_return_if_fail (SLUICE_IS_QUERY_LIBRARY (self));
  g_return_if_fail (draft != NULL);

  self->drafted = TRUE;
  if (!g_set_str (&self->draft, draft))
    return;

  changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAFT]);
}

/**
 * sluice_query_library_remember:
 * @self: a library
 * @text: a query that is run now
 *
 * Puts a query at the head of the history. It is there once, however often it
 * was run; the oldest make room. One that is longer than Salesforce takes is
 * not kept.
 */
void
sluice_query_library_remember (SluiceQueryLibrary *self,
                               const char         *text)
{
  g_autoptr(SluiceStoredQuery) query = NULL;
  g_autofree char *stripped = NULL;
  guint position;

  g_return_if_fail (SLUICE_IS_QUERY_LIBRARY (self));
  g_return_if_fail (text != NULL);

  stripped = g_strstrip (g_strdup (text));
  if (*stripped == '\0' || g_utf8_strlen (stripped, -1) > SLUICE_QUERY_LIBRARY_MAX_TEXT)
    return;

  query = sluice_stored_query_new (NULL, stripped, g_get_real_time () / G_USEC_PER_SEC);
  if (find_text (self->history, stripped, &position))
    g_list_store_remove (self->history, position);
  g_list_store_insert (self->history, 0, query);
  drop_oldest (self);
  changed (self);
}

void
sluice_query_library_clear_history (SluiceQueryLibrary *self)
{
  g_return_if_fail (SLUICE_IS_QUERY_LIBRARY (self));

  g_list_store_remove_all (self->history);
  changed (self);
}

/**
 * sluice_query_library_find:
 * @self: a library
 * @name: the name of a saved query
 *
 * Returns: (transfer none) (nullable): the query
 */
SluiceStoredQuery *
sluice_query_library_find (SluiceQueryLibrary *self,
                           const char         *name)
{
  GListModel *saved;

  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  saved = G_LIST_MODEL (self->saved);
  for (guint i = 0; i < g_list_model_get_n_items (saved); i++)
    {
      g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (saved, i);

      /* The list keeps it. */
      if (strcmp (sluice_stored_query_get_name (query), name) == 0)
        return query;
    }

  return NULL;
}

static gboolean
has_room (SluiceQueryLibrary *self,
          const char         *name,
          const char         *text)
{
  GListModel *saved = G_LIST_MODEL (self->saved);
  gsize size = strlen (text);
  guint n_others = 0;

  for (guint i = 0; i < g_list_model_get_n_items (saved); i++)
    {
      g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (saved, i);

      if (strcmp (sluice_stored_query_get_name (query), name) == 0)
        continue;
      size += strlen (sluice_stored_query_get_text (query));
      n_others++;
    }

  return n_others < SLUICE_QUERY_LIBRARY_MAX_SAVED && size <= MAX_SAVED_SIZE;
}

static gboolean
check (SluiceQueryLibrary  *self,
       const char          *name,
       const char          *text,
       GError             **error)
{
  if (*name == '\0')
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The name is missing."));
  else if (*text == '\0')
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("There is no query to save."));
  else if (g_utf8_strlen (text, -1) > SLUICE_QUERY_LIBRARY_MAX_TEXT)
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                         _("The query is longer than Salesforce accepts. Shorten it, then save it again."));
  else if (!has_room (self, name, text))
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                         _("There are too many saved queries. Delete some, then save this one again."));
  else
    return TRUE;

  return FALSE;
}

/**
 * sluice_query_library_save:
 * @self: a library
 * @name: what the user calls the query
 * @text: the query
 * @error: %SLUICE_ERROR_INVALID and what is wrong
 *
 * Saves a query under a name, in place of the one that has the name already.
 *
 * Returns: whether it was accepted; it is written in the background
 */
gboolean
sluice_query_library_save (SluiceQueryLibrary  *self,
                           const char          *name,
                           const char          *text,
                           GError             **error)
{
  g_autoptr(SluiceStoredQuery) query = NULL;
  g_autofree char *stripped_name = NULL;
  g_autofree char *stripped_text = NULL;
  SluiceStoredQuery *replaced;
  guint position;

  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  stripped_name = g_strstrip (g_strdup (name));
  stripped_text = g_strstrip (g_strdup (text));
  if (!check (self, stripped_name, stripped_text, error))
    return FALSE;

  replaced = sluice_query_library_find (self, stripped_name);
  if (replaced != NULL && g_list_store_find (self->saved, replaced, &position))
    g_list_store_remove (self->saved, position);

  query = sluice_stored_query_new (stripped_name, stripped_text, g_get_real_time () / G_USEC_PER_SEC);
  g_list_store_insert_sorted (self->saved, query, compare_names, NULL);
  changed (self);

  return TRUE;
}

/**
 * sluice_query_library_rename:
 * @self: a library
 * @query: one of its saved queries
 * @name: its new name
 * @error: %SLUICE_ERROR_INVALID and what is wrong
 *
 * Gives a saved query another name, which no other may have.
 *
 * Returns: whether it has the name now
 */
gboolean
sluice_query_library_rename (SluiceQueryLibrary  *self,
                             SluiceStoredQuery   *query,
                             const char          *name,
                             GError             **error)
{
  g_autoptr(SluiceStoredQuery) kept = NULL;
  g_autofree char *stripped = NULL;
  SluiceStoredQuery *other;

  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), FALSE);
  g_return_val_if_fail (SLUICE_IS_STORED_QUERY (query), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  kept = g_object_ref (query);
  stripped = g_strstrip (g_strdup (name));
  other = sluice_query_library_find (self, stripped);
  if (other == query)
    return TRUE;

  if (other != NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("There is a query with the name “%s” already."), stripped);
      return FALSE;
    }

  if (*stripped == '\0')
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The name is missing."));
      return FALSE;
    }

  sluice_query_library_remove (self, query);

  return sluice_query_library_save (self, stripped, sluice_stored_query_get_text (kept), error);
}

/* Removes a query from wherever it is. */
void
sluice_query_library_remove (SluiceQueryLibrary *self,
                             SluiceStoredQuery  *query)
{
  g_autoptr(SluiceStoredQuery) kept = NULL;
  guint position;

  g_return_if_fail (SLUICE_IS_QUERY_LIBRARY (self));
  g_return_if_fail (SLUICE_IS_STORED_QUERY (query));

  kept = g_object_ref (query);
  if (g_list_store_find (self->history, query, &position))
    g_list_store_remove (self->history, position);
  if (g_list_store_find (self->saved, query, &position))
    g_list_store_remove (self->saved, position);
  changed (self);
}

/**
 * sluice_query_library_flush:
 * @self: a library
 * @error: %SLUICE_ERROR_STORAGE and what to do
 *
 * Writes what has not been written yet, before the program ends. Blocks, for
 * one small file.
 *
 * Returns: whether all is on the disk, as far as it may be
 */
gboolean
sluice_query_library_flush (SluiceQueryLibrary  *self,
                            GError             **error)
{
  Write *write;
  gboolean success;

  g_return_val_if_fail (SLUICE_IS_QUERY_LIBRARY (self), FALSE);

  if (!self->loaded && self->state > 0)
    take_loaded (self, load_now (self->writer));
  if (self->keep_file || self->state == self->flushed)
    return TRUE;

  write = take_write (self);
  success = write_now (write, error);
  write_free (write);

  return success;
}
