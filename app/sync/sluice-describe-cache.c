/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-describe-cache.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-connection.h"
#include "sluice-describe-files.h"
#include "sluice-describe-reader.h"
#include "sluice-error.h"

#define RECENT (60 * 60) /* s */
/* An answer with 800 fields and their values takes some megabytes of memory. */
#define MAX_ENTRIES 64
#define MAX_NAME 100
#define MAX_ANSWER (32 * 1024 * 1024)
/* No object has this name: they begin with a letter. */
#define LIST "_objects"

struct _SluiceDescribeCache
{
  GObject parent_instance;

  SluiceConnection *connection; /* (unowned) (nullable): it owns the cache */
  char *root;
  char *folder;                 /* (nullable): of the org and user that the entries are of */
  char *version;                /* (nullable) */
  GHashTable *entries;          /* (element-type utf8 Entry) */
  GHashTable *lookups;          /* (element-type utf8 Lookup) */
};

G_DEFINE_FINAL_TYPE (SluiceDescribeCache, sluice_describe_cache, G_TYPE_OBJECT)

/* What is known: a list of objects or one object. */
typedef struct
{
  GObject *object; /* (nullable) */
  gint64 checked_at;
  char *modified;  /* (nullable) */
  GError *problem; /* (nullable) */
  gint64 used_at;  /* monotonic µs */
} Entry;

/* Finding one answer, for all who wait for it */
typedef struct
{
  /* Inputs */
  SluiceDescribeCache *cache;
  SluiceConnection *connection;
  char *name;    /* as it was asked for, or LIST */
  char *key;     /* in small letters */
  char *folder;  /* (nullable) */
  char *version; /* (nullable) */

  /* In progress */
  GQueue waiting; /* (element-type GTask) (owned) */
  GCancellable *cancellable;

  /* Results */
  GObject *object;  /* (nullable) */
  GBytes *answer;   /* (nullable) */
  char *modified;   /* (nullable) */
  gint64 checked_at;
} Lookup;

typedef struct
{
  SluiceDescribeAge age;
  char *key;
  GSource *cancelled; /* (nullable) */
} Wish;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_object (&entry->object);
  g_free (entry->modified);
  g_clear_error (&entry->problem);
  g_free (entry);
}

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_assert (g_queue_is_empty (&lookup->waiting));
  g_clear_object (&lookup->object);
  g_clear_pointer (&lookup->answer, g_bytes_unref);
  g_clear_object (&lookup->cancellable);
  g_clear_object (&lookup->connection);
  g_clear_object (&lookup->cache);
  g_free (lookup->name);
  g_free (lookup->key);
  g_free (lookup->folder);
  g_free (lookup->version);
  g_free (lookup->modified);
  g_free (lookup);
}

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
wish_free (Wish *wish)
{
  g_clear_pointer (&wish->cancelled, destroy_source);
  g_free (wish->key);
  g_free (wish);
}

static gboolean
is_list (const char *key)
{
  return g_str_equal (key, LIST);
}

static const char *
get_owner (SluiceConnection *connection)
{
  return sluice_subscription_get_id (sluice_connection_get_subscription (connection));
}

static gint64
get_now (SluiceConnection *connection)
{
  g_autoptr(SluiceClock) clock = NULL;

  g_object_get (connection, "clock", &clock, NULL);

  return sluice_clock_get_real (clock) / G_USEC_PER_SEC;
}

/* Whose answers they are */

/* Salesforce-wire 1.6: the identity's address is `…/id/ORG/USER`. An id names the same with 15 and with 18 characters. */
static char *
dup_folder (SluiceConnection *connection)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (sluice_connection_get_client (connection));
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *organization = NULL;
  g_autofree char *user = NULL;

  if (credentials == NULL || credentials->identity_url == NULL)
    return NULL;

  regex = g_regex_new ("/id/([0-9A-Za-z]{15})(?:[0-9A-Za-z]{3})?/([0-9A-Za-z]{15})(?:[0-9A-Za-z]{3})?$",
                       G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  if (!g_regex_match (regex, credentials->identity_url, G_REGEX_MATCH_DEFAULT, &match))
    return NULL;

  organization = g_match_info_fetch (match, 1);
  user = g_match_info_fetch (match, 2);

  return g_strconcat (organization, "-", user, NULL);
}

/* Without tokens the entries stay those of the last user. */
static void
follow_identity (SluiceDescribeCache *self)
{
  g_autofree char *folder = dup_folder (self->connection);
  const char *version = sluice_client_get_api_version (sluice_connection_get_client (self->connection));
  gboolean other_user = folder != NULL && g_strcmp0 (folder, self->folder) != 0;
  gboolean other_version = version != NULL && g_strcmp0 (version, self->version) != 0;

  if (other_user)
    g_set_str (&self->folder, folder);
  if (other_version)
    g_set_str (&self->version, version);
  if (other_user || other_version)
    g_hash_table_remove_all (self->entries);
}

/* Whether what was found is of who is signed in, and was not forgotten meanwhile. */
static gboolean
is_of_now (const Lookup *lookup)
{
  return !g_cancellable_is_cancelled (lookup->cancellable) &&
         g_strcmp0 (lookup->folder, lookup->cache->folder) == 0 &&
         g_strcmp0 (lookup->version, lookup->cache->version) == 0;
}

/* Entries */

static Entry *
find_entry (SluiceDescribeCache *self,
            const char          *name) /* (nullable) */
{
  g_autofree char *key = g_ascii_strdown (name != NULL ? name : LIST, -1);

  return g_hash_table_lookup (self->entries, key);
}

static void
drop_oldest (SluiceDescribeCache *self)
{
  gint64 oldest_at = G_MAXINT64;
  const char *oldest = NULL;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Entry *entry = value;

      if (!is_list (key) && entry->used_at < oldest_at)
        {
          oldest_at = entry->used_at;
          oldest = key;
        }
    }

  if (oldest != NULL)
    g_hash_table_remove (self->entries, oldest);
}

static Entry *
ensure_entry (SluiceDescribeCache *self,
              const char          *key)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (entry != NULL)
    return entry;

  if (g_hash_table_size (self->entries) >= MAX_ENTRIES)
    drop_oldest (self);

  entry = g_new0 (Entry, 1);
  entry->used_at = g_get_monotonic_time ();
  g_hash_table_insert (self->entries, g_strdup (key), entry);

  return entry;
}

static gboolean
is_recent (SluiceDescribeCache *self,
           const Entry         *entry)
{
  gint64 age = get_now (self->connection) - entry->checked_at;

  /* One from the future tells that a clock was set. */
  return age >= 0 && age < RECENT;
}

/* Whether @entry (nullable) is what was wished for, without asking the org. */
static gboolean
serves (SluiceDescribeCache *self,
        const Entry         *entry,
        SluiceDescribeAge    age)
{
  if (entry == NULL || entry->object == NULL)
    return FALSE;

  switch (age)
    {
    case SLUICE_DESCRIBE_ANY_AGE:
      return TRUE;

    case SLUICE_DESCRIBE_RECENT:
      return is_recent (self, entry);

    case SLUICE_DESCRIBE_NOW:
    default:
      return FALSE;
    }
}

/* Those who wait */

static void
return_object (GTask   *task, /* (transfer full) */
               GObject *object)
{
  Wish *wish = g_task_get_task_data (task);

  g_clear_pointer (&wish->cancelled, destroy_source);
  g_task_return_pointer (task, g_object_ref (object), g_object_unref);
  g_object_unref (task);
}

static void
return_error (GTask        *task, /* (transfer full) */
              const GError *error)
{
  Wish *wish = g_task_get_task_data (task);

  g_clear_pointer (&wish->cancelled, destroy_source);
  g_task_return_error (task, g_error_copy (error));
  g_object_unref (task);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceDescribeCache *self = g_task_get_source_object (task);
  Wish *wish = g_task_get_task_data (task);
  Lookup *lookup = g_hash_table_lookup (self->lookups, wish->key);

  if (lookup != NULL)
    {
      g_queue_remove (&lookup->waiting, task);
      /* Nobody wants it any more; it is not found again, so that a new wish begins anew. */
      if (g_queue_is_empty (&lookup->waiting))
        {
          g_hash_table_remove (self->lookups, wish->key);
          g_cancellable_cancel (lookup->cancellable);
        }
    }

  g_clear_pointer (&wish->cancelled, destroy_source);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
wait_for_lookup (Lookup *lookup,
                 GTask  *task) /* (transfer full) */
{
  Wish *wish = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_queue_push_tail (&lookup->waiting, task);
  if (cancellable == NULL || wish->cancelled != NULL)
    return;

  wish->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (wish->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (wish->cancelled, g_task_get_context (task));
}

/* Looking up: the memory, the disk, the org. Ends with the lookup freed. */

static void start_wish (SluiceDescribeCache *self,
                        const char          *name,
                        GTask               *task);

/* The table may hold the next lookup of that name already. */
static void
leave_table (Lookup *lookup)
{
  if (g_hash_table_lookup (lookup->cache->lookups, lookup->key) == lookup)
    g_hash_table_remove (lookup->cache->lookups, lookup->key);
}

/* What was found does not serve: those who wait ask again. */
static void
start_anew (Lookup *lookup)
{
  GTask *task;

  leave_table (lookup);
  while ((task = g_queue_pop_head (&lookup->waiting)) != NULL)
    start_wish (lookup->cache, lookup->name, task);
  lookup_free (lookup);
}

static void
end_lookup (Lookup       *lookup,
            const GError *problem) /* (nullable) */
{
  g_autoptr(GObject) object = NULL;
  Entry *entry;
  GTask *task;

  if (!is_of_now (lookup))
    {
      start_anew (lookup);
      return;
    }

  /* Who gets an answer may ask for the next: nothing is looked up after the first. */
  leave_table (lookup);
  entry = g_hash_table_lookup (lookup->cache->entries, lookup->key);
  if (entry != NULL)
    object = g_object_ref (entry->object);

  while ((task = g_queue_pop_head (&lookup->waiting)) != NULL)
    {
      Wish *wish = g_task_get_task_data (task);

      if (problem != NULL && (object == NULL || wish->age == SLUICE_DESCRIBE_NOW))
        return_error (task, problem);
      else
        return_object (task, object);
    }
  lookup_free (lookup);
}

static void
end_with_problem (Lookup *lookup,
                  GError *problem) /* (transfer full) */
{
  g_autoptr(GError) error = problem;
  Entry *entry = g_hash_table_lookup (lookup->cache->entries, lookup->key);

  if (entry != NULL && is_of_now (lookup) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&entry->problem);
      entry->problem = g_error_copy (error);
    }

  end_lookup (lookup, error);
}

static void
take_result (Lookup *lookup)
{
  Entry *entry;

  if (!is_of_now (lookup))
    return;

  entry = ensure_entry (lookup->cache, lookup->key);
  g_set_object (&entry->object, lookup->object);
  g_set_str (&entry->modified, lookup->modified);
  entry->checked_at = lookup->checked_at;
  g_clear_error (&entry->problem);
}

static GObject *
read_answer (const Lookup  *lookup,
             GBytes        *answer,
             GError       **error)
{
  if (is_list (lookup->key))
    return G_OBJECT (sluice_describe_read_list (answer, error));

  return G_OBJECT (sluice_describe_read_object (answer, error));
}

/* A lookup's steps on a thread. Nothing else touches it meanwhile but the queue of those who wait. The task holds no
 * object: a thread may let go of it last. */
static void
run_step (Lookup              *lookup,
          GTaskThreadFunc      step,
          GAsyncReadyCallback  callback)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, lookup);

  g_task_set_source_tag (task, run_step);
  g_task_set_task_data (task, lookup, NULL);
  g_task_run_in_thread (task, step);
}

static void
keep_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Lookup *lookup = task_data;
  GError *error = NULL;
  g_autoptr(GError) file_error = NULL;

  lookup->object = read_answer (lookup, lookup->answer, &error);
  if (lookup->object == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (lookup->folder != NULL &&
      !sluice_describe_files_save (lookup->cache->root, lookup->folder, get_owner (lookup->connection), lookup->version,
                                   lookup->key, lookup->answer, lookup->modified, lookup->checked_at,
                                   lookup->cancellable, &file_error))
    g_debug ("Keeping a describe: %s", file_error->message);

  g_task_return_boolean (task, TRUE);
}

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Lookup *lookup = user_data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      end_with_problem (lookup, error);
      return;
    }

  take_result (lookup);
  end_lookup (lookup, NULL);
}

static void
touch_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  const Lookup *lookup = task_data;

  if (lookup->folder != NULL)
    sluice_describe_files_touch (lookup->cache->root, lookup->folder, lookup->version, lookup->key, lookup->checked_at);

  g_task_return_boolean (task, TRUE);
}

static void
remove_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  const Lookup *lookup = task_data;

  if (lookup->folder != NULL)
    sluice_describe_files_remove (lookup->cache->root, lookup->folder, lookup->version, lookup->key);

  g_task_return_boolean (task, TRUE);
}

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Lookup *lookup = user_data;
  g_autofree char *message = NULL;

  message = g_strdup_printf (_("The org has no object “%s”, or the user may not see it."), lookup->name);
  end_with_problem (lookup, sluice_error_new_server (SLUICE_ERROR_REJECTED, "NOT_FOUND", NULL, 404, NULL, message));
}

/* The describe says since when it is so; without that the time of the answer is as good. */
static char *
dup_modified (SluiceReply *reply)
{
  const char *modified = g_hash_table_lookup (reply->headers, "last-modified");

  if (modified == NULL)
    modified = g_hash_table_lookup (reply->headers, "date");

  return g_strdup (modified);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Lookup *lookup = user_data;
  SluiceDescribeCache *self = lookup->cache;
  g_autoptr(SluiceReply) reply = NULL;
  GError *error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (self->connection != NULL)
    follow_identity (self);
  lookup->checked_at = get_now (lookup->connection);

  if (reply == NULL && sluice_error_get_http_status (error) == 404 && !is_list (lookup->key))
    {
      g_error_free (error);
      if (is_of_now (lookup))
        g_hash_table_remove (self->entries, lookup->key);
      run_step (lookup, remove_thread, removed_cb);
    }
  else if (reply == NULL)
    {
      end_with_problem (lookup, error);
    }
  else if (reply->status == 304 && lookup->object != NULL)
    {
      run_step (lookup, touch_thread, kept_cb);
    }
  else if (reply->body == NULL)
    {
      end_with_problem (lookup, g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                                                     _("The org sent no answer about its objects. Try again.")));
    }
  else
    {
      g_clear_object (&lookup->object);
      lookup->answer = g_bytes_ref (reply->body);
      g_free (lookup->modified);
      lookup->modified = dup_modified (reply);
      run_step (lookup, keep_thread, kept_cb);
    }
}

static void
ask (Lookup *lookup)
{
  g_autofree char *path = is_list (lookup->key) ? g_strdup ("sobjects")
                                                : g_strconcat ("sobjects/", lookup->name, "/describe", NULL);
  g_autofree char *summary = is_list (lookup->key) ? g_strdup (_("List objects"))
                                                   /* Translators: the name of an object in Salesforce */
                                                   : g_strdup_printf (_("Describe %s"), lookup->name);
  const char *headers[] = { "If-Modified-Since", lookup->modified, NULL };
  SluiceRequest request = {
    .method = "GET",
    .path = path,
    .summary = summary,
    .headers = lookup->object != NULL && lookup->modified != NULL ? headers : NULL,
    .priority = SLUICE_PRIORITY_INTERACTIVE,
    .max_bytes = MAX_ANSWER,
    .raw = TRUE,
  };

  sluice_client_send_async (sluice_connection_get_client (lookup->connection), &request, lookup->cancellable,
                            answered_cb, lookup);
}

/* Those whom @entry (nullable) serves no longer wait. */
static void
take_served (Lookup      *lookup,
             const Entry *entry,
             GQueue      *served)
{
  GList *next;

  for (GList *link = lookup->waiting.head; link != NULL; link = next)
    {
      Wish *wish = g_task_get_task_data (link->data);

      next = link->next;
      if (!serves (lookup->cache, entry, wish->age))
        continue;

      g_queue_push_tail (served, link->data);
      g_queue_delete_link (&lookup->waiting, link);
    }
}

/* Serves those whom the disk or the memory serves, and asks the org for the others. */
static void
go_on (Lookup *lookup)
{
  Entry *entry = g_hash_table_lookup (lookup->cache->entries, lookup->key);
  g_autoptr(GObject) object = NULL;
  GQueue served = G_QUEUE_INIT;
  GError *error = NULL;
  GTask *task;

  if (!is_of_now (lookup))
    {
      start_anew (lookup);
      return;
    }

  if (entry != NULL)
    {
      object = g_object_ref (entry->object);
      g_set_object (&lookup->object, entry->object);
      g_set_str (&lookup->modified, entry->modified);
    }
  take_served (lookup, entry, &served);

  if (g_queue_is_empty (&lookup->waiting))
    end_lookup (lookup, NULL);
  else if (!sluice_connection_check_usable (lookup->connection, &error))
    end_with_problem (lookup, error);
  else
    ask (lookup);

  while ((task = g_queue_pop_head (&served)) != NULL)
    return_object (task, object);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Lookup *lookup = task_data;
  g_autoptr(SluiceDescribeFile) file = NULL;
  g_autoptr(GError) error = NULL;

  file = sluice_describe_files_load (lookup->cache->root, lookup->folder, get_owner (lookup->connection),
                                     lookup->version, lookup->key);
  if (file != NULL)
    lookup->object = read_answer (lookup, file->answer, &error);

  if (lookup->object != NULL)
    {
      lookup->modified = g_steal_pointer (&file->modified);
      lookup->checked_at = file->checked_at;
    }

  g_task_return_boolean (task, lookup->object != NULL);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Lookup *lookup = user_data;

  if (g_task_propagate_boolean (G_TASK (result), NULL))
    take_result (lookup);

  if (lookup->cache->connection != NULL)
    follow_identity (lookup->cache);
  go_on (lookup);
}

static Lookup *
lookup_new (SluiceDescribeCache *self,
            const char          *name,
            const char          *key)
{
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->cache = g_object_ref (self);
  lookup->connection = g_object_ref (self->connection);
  lookup->name = g_strdup (name);
  lookup->key = g_strdup (key);
  lookup->folder = g_strdup (self->folder);
  lookup->version = g_strdup (self->version);
  lookup->cancellable = g_cancellable_new ();
  g_queue_init (&lookup->waiting);
  g_hash_table_insert (self->lookups, g_strdup (key), lookup);

  return lookup;
}

static void
return_closed (GTask *task) /* (transfer full) */
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The connection is gone.");

  return_error (task, error);
}

static void
start_wish (SluiceDescribeCache *self,
            const char          *name,
            GTask               *task) /* (transfer full) */
{
  Wish *wish = g_task_get_task_data (task);
  Lookup *lookup;
  Entry *entry;

  if (self->connection == NULL)
    {
      return_closed (task);
      return;
    }

  follow_identity (self);
  entry = g_hash_table_lookup (self->entries, wish->key);
  if (entry != NULL)
    entry->used_at = g_get_monotonic_time ();
  if (serves (self, entry, wish->age))
    {
      return_object (task, entry->object);
      return;
    }

  lookup = g_hash_table_lookup (self->lookups, wish->key);
  if (lookup != NULL)
    {
      wait_for_lookup (lookup, task);
      return;
    }

  lookup = lookup_new (self, name, wish->key);
  wait_for_lookup (lookup, task);
  if (entry != NULL)
    go_on (lookup);
  else
    run_step (lookup, load_thread, loaded_cb);
}

static GTask *
new_wish (SluiceDescribeCache *self,
          const char          *name,
          SluiceDescribeAge    age,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data,
          gpointer             source_tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->age = age;
  wish->key = g_ascii_strdown (name, -1);
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);
  g_task_set_source_tag (task, source_tag);

  return task;
}

/* The object */

static void
sluice_describe_cache_dispose (GObject *object)
{
  SluiceDescribeCache *self = SLUICE_DESCRIBE_CACHE (object);

  g_clear_weak_pointer (&self->connection);

  G_OBJECT_CLASS (sluice_describe_cache_parent_class)->dispose (object);
}

static void
sluice_describe_cache_finalize (GObject *object)
{
  SluiceDescribeCache *self = SLUICE_DESCRIBE_CACHE (object);

  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->lookups);
  g_free (self->root);
  g_free (self->folder);
  g_free (self->version);

  G_OBJECT_CLASS (sluice_describe_cache_parent_class)->finalize (object);
}

static void
sluice_describe_cache_class_init (SluiceDescribeCacheClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_describe_cache_dispose;
  object_class->finalize = sluice_describe_cache_finalize;
}

static void
sluice_describe_cache_init (SluiceDescribeCache *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->lookups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * sluice_describe_cache_new:
 * @connection: whose org it is about; it owns the cache and is not kept alive
 * @directory: (nullable): where answers are kept, %NULL for the user's own cache folder
 *
 * Returns: (transfer full): a cache that has not read anything yet
 */
SluiceDescribeCache *
sluice_describe_cache_new (SluiceConnection *connection,
                           const char       *directory)
{
  SluiceDescribeCache *self;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);

  self = g_object_new (SLUICE_TYPE_DESCRIBE_CACHE, NULL);
  g_set_weak_pointer (&self->connection, connection);
  self->root = directory != NULL ? g_strdup (directory)
                                 : g_build_filename (g_get_user_cache_dir (), "sluice", "describe", NULL);

  return self;
}

/**
 * sluice_describe_cache_list_async:
 * @self: a cache
 * @age: how old the answer may be
 * @cancellable: (nullable): stops waiting; the org's answer is dropped when nobody else waits for it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Lists all objects that the user may see (Salesforce-wire 2.4).
 */
void
sluice_describe_cache_list_async (SluiceDescribeCache *self,
                                  SluiceDescribeAge    age,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_DESCRIBE_CACHE (self));

  task = new_wish (self, LIST, age, cancellable, callback, user_data, sluice_describe_cache_list_async);
  start_wish (self, LIST, task);
}

/**
 * sluice_describe_cache_list_finish:
 * @self: a cache
 * @result: what the callback got
 * @error: why the org cannot be asked, when nothing older serves
 *
 * Returns: (transfer full) (nullable): a list of SluiceObjectInfo, in the order of Salesforce; it does not change
 */
GListModel *
sluice_describe_cache_list_finish (SluiceDescribeCache  *self,
                                   GAsyncResult         *result,
                                   GError              **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_api_name (const char *name)
{
  if (!g_ascii_isalpha (*name))
    return FALSE;

  for (const char *p = name; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '_')
        return FALSE;
    }

  return strlen (name) <= MAX_NAME;
}

/**
 * sluice_describe_cache_describe_async:
 * @self: a cache
 * @name: the API name of an object, capitals aside
 * @age: how old the answer may be
 * @cancellable: (nullable): stops waiting; the org's answer is dropped when nobody else waits for it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Tells everything about an object (Salesforce-wire 2.4).
 */
void
sluice_describe_cache_describe_async (SluiceDescribeCache *self,
                                      const char          *name,
                                      SluiceDescribeAge    age,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_DESCRIBE_CACHE (self));
  g_return_if_fail (name != NULL);

  task = new_wish (self, name, age, cancellable, callback, user_data, sluice_describe_cache_describe_async);
  if (!is_api_name (name))
    {
      g_autofree char *shown = g_utf8_make_valid (name, -1);
      g_autoptr(GError) error = g_error_new (SLUICE_ERROR, SLUICE_ERROR_INVALID,
                                             _("“%s” is no API name of an object. Such a name looks like “Account” or “Invoice__c”."),
                                             shown);

      return_error (task, error);
      return;
    }

  start_wish (self, name, task);
}

/**
 * sluice_describe_cache_describe_finish:
 * @self: a cache
 * @result: what the callback got
 * @error: %SLUICE_ERROR_INVALID for what is no name; %SLUICE_ERROR_REJECTED when there is no such object; why the org
 *   cannot be asked, when nothing older serves
 *
 * Returns: (transfer full) (nullable): the description
 */
SluiceObjectDescribe *
sluice_describe_cache_describe_finish (SluiceDescribeCache  *self,
                                       GAsyncResult         *result,
                                       GError              **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sluice_describe_cache_peek_list:
 * @self: a cache
 *
 * Returns: (transfer none) (nullable): the list of objects, when it is in memory already
 */
GListModel *
sluice_describe_cache_peek_list (SluiceDescribeCache *self)
{
  Entry *entry;

  g_return_val_if_fail (SLUICE_IS_DESCRIBE_CACHE (self), NULL);

  entry = find_entry (self, NULL);

  return entry != NULL ? G_LIST_MODEL (entry->object) : NULL;
}

/**
 * sluice_describe_cache_peek:
 * @self: a cache
 * @name: the API name of an object, capitals aside
 *
 * Returns: (transfer none) (nullable): its description, when it is in memory already
 */
SluiceObjectDescribe *
sluice_describe_cache_peek (SluiceDescribeCache *self,
                            const char          *name)
{
  Entry *entry;

  g_return_val_if_fail (SLUICE_IS_DESCRIBE_CACHE (self), NULL);
  g_return_val_if_fail (name != NULL && *name != '_', NULL);

  entry = find_entry (self, name);

  return entry != NULL ? SLUICE_OBJECT_DESCRIBE (entry->object) : NULL;
}

/**
 * sluice_describe_cache_get_checked_at:
 * @self: a cache
 * @name: (nullable): an object that was described, or %NULL for the list of objects
 *
 * Returns: when the org last said that what is known is so, in seconds since 1970; 0 when nothing is known
 */
gint64
sluice_describe_cache_get_checked_at (SluiceDescribeCache *self,
                                      const char          *name)
{
  Entry *entry;

  g_return_val_if_fail (SLUICE_IS_DESCRIBE_CACHE (self), 0);

  entry = find_entry (self, name);

  return entry != NULL ? entry->checked_at : 0;
}

/**
 * sluice_describe_cache_get_problem:
 * @self: a cache
 * @name: (nullable): an object that was described, or %NULL for the list of objects
 *
 * Returns: (transfer none) (nullable): why what is known is not newer; %NULL when the org was not asked in vain
 */
const GError *
sluice_describe_cache_get_problem (SluiceDescribeCache *self,
                                   const char          *name)
{
  Entry *entry;

  g_return_val_if_fail (SLUICE_IS_DESCRIBE_CACHE (self), NULL);

  entry = find_entry (self, name);

  return entry != NULL ? entry->problem : NULL;
}

typedef struct
{
  char *root;
  char *owner;
} Forget;

static void
forget_free (Forget *forget)
{
  g_free (forget->root);
  g_free (forget->owner);
  g_free (forget);
}

static void
forget_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  const Forget *forget = task_data;

  sluice_describe_files_forget (forget->root, forget->owner);
  g_task_return_boolean (task, TRUE);
}

static void
forgotten_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  g_task_return_boolean (task, g_task_propagate_boolean (G_TASK (result), NULL));
}

/**
 * sluice_describe_cache_forget_async:
 * @self: a cache
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Removes what is kept of the org and its user, because the subscription has
 * no tokens any more. What another subscription to them needs stays.
 */
void
sluice_describe_cache_forget_async (SluiceDescribeCache *self,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr(GTask) removal = NULL;
  GHashTableIter iter;
  Forget *forget;
  GTask *task;
  gpointer lookup;

  g_return_if_fail (SLUICE_IS_DESCRIBE_CACHE (self));
  g_return_if_fail (self->connection != NULL);

  g_hash_table_remove_all (self->entries);
  g_clear_pointer (&self->folder, g_free);
  g_hash_table_iter_init (&iter, self->lookups);
  while (g_hash_table_iter_next (&iter, NULL, &lookup))
    g_cancellable_cancel (((Lookup *) lookup)->cancellable);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sluice_describe_cache_forget_async);

  forget = g_new0 (Forget, 1);
  forget->root = g_strdup (self->root);
  forget->owner = g_strdup (get_owner (self->connection));
  removal = g_task_new (NULL, NULL, forgotten_cb, task);
  g_task_set_source_tag (removal, forget_thread);
  g_task_set_task_data (removal, forget, (GDestroyNotify) forget_free);
  g_task_run_in_thread (removal, forget_thread);
}

/**
 * sluice_describe_cache_forget_finish:
 * @self: a cache
 * @result: what the callback got
 *
 * Ends sluice_describe_cache_forget_async(), which cannot fail.
 */
void
sluice_describe_cache_forget_finish (SluiceDescribeCache *self,
                                     GAsyncResult        *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}
