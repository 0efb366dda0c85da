/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-bulk"

#include "sluice-bulk-query.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-bulk-error.h"
#include "sluice-error.h"
#include "sluice-problem.h"
#include "sluice-soql-bulk.h"

/* A program that is about to end gives the org's job so long. */
#define PATIENCE (2 * G_USEC_PER_SEC)

/* Of five addresses; more is no list. */
#define MAX_LIST_SIZE (64 * 1024)

/* Of five addresses each at least; more is a server that goes in circles. */
#define MAX_LISTS 10000

struct _SluiceBulkQuery
{
  GObject parent_instance;

  SluiceClient *client;
  SluicePriority priority;
  SluiceBulkJob *job;
  char *soql;           /* (nullable): of a job that is not made yet */
  gboolean all_rows;
};

G_DEFINE_FINAL_TYPE (SluiceBulkQuery, sluice_bulk_query, G_TYPE_OBJECT)

/* Addresses of pages as they come. */
typedef struct
{
  GPtrArray *pages;     /* (element-type utf8) */
  char *path;
  guint n_lists;
} Listing;

/* A run that was cancelled, until its job is gone. */
typedef struct
{
  GTask *task;
  GError *error;
  GCancellable *patience;
  GSource *timer;
} Farewell;

static void
listing_free (Listing *listing)
{
  g_ptr_array_unref (listing->pages);
  g_free (listing->path);
  g_free (listing);
}

static void
sluice_bulk_query_finalize (GObject *object)
{
  SluiceBulkQuery *self = SLUICE_BULK_QUERY (object);

  g_object_unref (self->client);
  g_object_unref (self->job);
  g_free (self->soql);

  G_OBJECT_CLASS (sluice_bulk_query_parent_class)->finalize (object);
}

static void
sluice_bulk_query_class_init (SluiceBulkQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_bulk_query_finalize;
}

static void
sluice_bulk_query_init (SluiceBulkQuery *self)
{
}

static SluiceBulkQuery *
query_new (SluiceClient   *client,
           SluiceBulkJob  *job, /* (transfer full) */
           SluicePriority  priority)
{
  SluiceBulkQuery *self = g_object_new (SLUICE_TYPE_BULK_QUERY, NULL);

  self->client = g_object_ref (client);
  self->job = job;
  self->priority = priority;

  return self;
}

/**
 * sluice_bulk_query_new:
 * @client: whose org is asked
 * @soql: the query
 * @all_rows: whether deleted records come, too
 * @priority: of the calls about the job
 *
 * Returns: (transfer full): a query whose job is not made yet
 */
SluiceBulkQuery *
sluice_bulk_query_new (SluiceClient   *client,
                       const char     *soql,
                       gboolean        all_rows,
                       SluicePriority  priority)
{
  SluiceBulkQuery *self;

  g_return_val_if_fail (SLUICE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (soql != NULL, NULL);

  self = query_new (client, sluice_bulk_job_new (client, "query", priority), priority);
  self->soql = g_strdup (soql);
  self->all_rows = all_rows;

  return self;
}

/**
 * sluice_bulk_query_new_for_job:
 * @client: whose org is asked
 * @job_id: the job of an earlier run
 * @api_version: of that job, such as "68.0"
 * @priority: of the calls about the job
 *
 * Returns: (transfer full) (nullable): the query of that job; %NULL when
 *   @job_id or @api_version cannot be what was kept
 */
SluiceBulkQuery *
sluice_bulk_query_new_for_job (SluiceClient   *client,
                               const char     *job_id,
                               const char     *api_version,
                               SluicePriority  priority)
{
  SluiceBulkJob *job;

  g_return_val_if_fail (SLUICE_IS_CLIENT (client), NULL);

  job = sluice_bulk_job_new_for_id (client, "query", job_id, api_version, priority);

  return job != NULL ? query_new (client, job, priority) : NULL;
}

/**
 * sluice_bulk_query_get_job:
 * @self: a query
 *
 * Returns: (transfer none): its job, with the id and the API version to keep
 *   for a later run; to be discarded when nothing is wanted of it any more
 */
SluiceBulkJob *
sluice_bulk_query_get_job (SluiceBulkQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_QUERY (self), NULL);

  return self->job;
}

/* The job. */

static gboolean
patience_ended_cb (gpointer user_data)
{
  Farewell *farewell = user_data;

  g_cancellable_cancel (farewell->patience);

  return G_SOURCE_REMOVE;
}

static void
discarded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Farewell *farewell = user_data;
  g_autoptr(GError) error = NULL;

  if (!sluice_bulk_job_discard_finish (SLUICE_BULK_JOB (object), result, &error))
    g_debug ("The job may be left in the org: %s", error->message);

  g_source_destroy (farewell->timer);
  g_source_unref (farewell->timer);
  g_object_unref (farewell->patience);
  g_task_return_error (farewell->task, farewell->error);
  g_object_unref (farewell->task);
  g_free (farewell);
}

/* Nobody will come for its results. */
static void
say_farewell (GTask  *task,  /* (transfer full) */
              GError *error) /* (transfer full) */
{
  SluiceBulkQuery *self = g_task_get_source_object (task);
  g_autoptr(SluiceClock) clock = NULL;
  Farewell *farewell = g_new0 (Farewell, 1);

  g_object_get (self->client, "clock", &clock, NULL);
  farewell->task = task;
  farewell->error = error;
  farewell->patience = g_cancellable_new ();
  farewell->timer = sluice_clock_create_source (clock);
  g_source_set_callback (farewell->timer, patience_ended_cb, farewell, NULL);
  g_source_attach (farewell->timer, g_task_get_context (task));
  sluice_clock_set_ready_time (clock, farewell->timer, sluice_clock_get_monotonic (clock) + PATIENCE);
  sluice_bulk_job_discard_async (self->job, farewell->patience, discarded_cb, farewell);
}

static void
fail_run (GTask  *task,  /* (transfer full) */
          GError *error) /* (transfer full) */
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      say_farewell (task, error);
      return;
    }

  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
waited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (!sluice_bulk_job_wait_finish (SLUICE_BULK_JOB (object), result, &error))
    {
      fail_run (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
created_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  SluiceBulkJob *job = SLUICE_BULK_JOB (object);
  GError *error = NULL;

  if (sluice_bulk_job_create_finish (job, result, &error))
    sluice_bulk_job_wait_async (job, g_task_get_cancellable (task), waited_cb, task);
  else
    fail_run (task, error);
}

static GBytes *
new_body (SluiceBulkQuery *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(JsonNode) root = NULL;
  char *text;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "operation");
  json_builder_add_string_value (builder, self->all_rows ? "queryAll" : "query");
  json_builder_set_member_name (builder, "query");
  json_builder_add_string_value (builder, self->soql);
  json_builder_set_member_name (builder, "contentType");
  json_builder_add_string_value (builder, "CSV");
  json_builder_set_member_name (builder, "columnDelimiter");
  json_builder_add_string_value (builder, "COMMA");
  json_builder_set_member_name (builder, "lineEnding");
  json_builder_add_string_value (builder, "LF");
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);

  return g_bytes_new_take (text, strlen (text));
}

/**
 * sluice_bulk_query_run_async:
 * @self: a query
 * @cancellable: (nullable): ends the wait, and the job: it is aborted and deleted, which is given two seconds before
 *   @callback is called, and goes on after that
 * @callback: called when the results are there
 * @user_data: data for @callback
 *
 * Makes the job, unless it was made before, and waits until it is complete. A
 * query that Bulk does not take is refused before anybody is asked, as far as
 * that can be seen.
 */
void
sluice_bulk_query_run_async (SluiceBulkQuery     *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GBytes) body = NULL;
  GTask *task;
  GError *error = NULL;
  SluiceRequest request = { .summary = _("Start bulk query") };

  g_return_if_fail (SLUICE_IS_BULK_QUERY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_bulk_query_run_async);
  g_task_set_check_cancellable (task, FALSE);

  if (sluice_bulk_job_get_id (self->job) != NULL)
    {
      sluice_bulk_job_wait_async (self->job, cancellable, waited_cb, task);
      return;
    }

  if (!sluice_soql_check_bulk (self->soql, &error))
    {
      fail_run (task, error);
      return;
    }

  body = new_body (self);
  request.body = body;
  sluice_bulk_job_create_async (self->job, &request, cancellable, created_cb, task);
}

/**
 * sluice_bulk_query_run_finish:
 * @self: a query
 * @result: what the callback got
 * @error: a #SluiceError, with the org's own words when the job failed, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the results are there
 */
gboolean
sluice_bulk_query_run_finish (SluiceBulkQuery  *self,
                              GAsyncResult     *result,
                              GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The results. */

/**
 * sluice_bulk_query_dup_first_page:
 * @self: a query whose results are there
 * @max_records: how many a page has at most, such as %SLUICE_BULK_QUERY_PAGE; 0 = as the server likes
 *
 * Returns: (transfer full): the address of the first page of results
 */
char *
sluice_bulk_query_dup_first_page (SluiceBulkQuery *self,
                                  guint            max_records)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (SLUICE_IS_BULK_QUERY (self), NULL);

  path = sluice_bulk_job_dup_path (self->job, "results");
  if (path == NULL || max_records == 0)
    return g_steal_pointer (&path);

  return g_strdup_printf ("%s?maxRecords=%u", path, max_records);
}

static const char *
get_text (JsonObject *json,
          const char *name)
{
  JsonNode *node = json_object_get_member (json, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* Within the job, in the org: a page is nowhere else. */
static char *
dup_own_path (SluiceBulkQuery *self,
              const char      *address, /* (nullable) */
              const char      *part)
{
  g_autofree char *path = sluice_bulk_job_dup_path (self->job, part);
  const char *host = sluice_client_get_instance_url (self->client);

  if (address != NULL && host != NULL && g_str_has_prefix (address, host))
    address += strlen (host);

  if (address == NULL || !g_str_has_prefix (address, path) || address[strlen (path)] != '?')
    return NULL;

  return g_strdup (address);
}

static gboolean
take_pages (SluiceBulkQuery *self,
            Listing         *listing,
            JsonObject      *json)
{
  JsonNode *node = json_object_get_member (json, "resultPages");
  JsonArray *pages = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; pages != NULL && i < json_array_get_length (pages); i++)
    {
      JsonNode *element = json_array_get_element (pages, i);
      JsonObject *page = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *address = page != NULL ? get_text (page, "resultUrl") : NULL;
      char *path;

      if (page != NULL && address == NULL)
        address = get_text (page, "resultLink");
      path = dup_own_path (self, address, "results");
      if (path == NULL)
        return FALSE;
      g_ptr_array_add (listing->pages, path);
    }

  return pages != NULL;
}

/* The guide's own texts disagree about the names (wire reference 3.1). */
static gboolean
take_next (SluiceBulkQuery *self,
           Listing         *listing,
           JsonObject      *json)
{
  JsonNode *done = json_object_get_member (json, "done");
  const char *next = get_text (json, "nextRecordsUrl");
  g_autofree char *path = NULL;

  if (next == NULL)
    next = get_text (json, "nextRecordUrl");
  if (next == NULL || (done != NULL && JSON_NODE_HOLDS_VALUE (done) && json_node_get_boolean (done)))
    {
      g_clear_pointer (&listing->path, g_free);
      return TRUE;
    }

  path = dup_own_path (self, next, "resultPages");
  if (path == NULL || g_str_equal (path, listing->path) || ++listing->n_lists >= MAX_LISTS)
    return FALSE;

  g_set_str (&listing->path, path);

  return TRUE;
}

static void list_pages (GTask *task);

static void
return_pages (GTask *task) /* (transfer full) */
{
  Listing *listing = g_task_get_task_data (task);

  g_ptr_array_add (listing->pages, NULL);
  g_task_return_pointer (task, g_ptr_array_steal (listing->pages, NULL), (GDestroyNotify) g_strfreev);
  g_object_unref (task);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  SluiceBulkQuery *self = g_task_get_source_object (task);
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  JsonObject *json;

  /* Not offered before version 58.0. */
  if (error != NULL && listing->pages->len == 0 &&
      (sluice_error_get_http_status (error) == 404 || sluice_error_get_http_status (error) == 405))
    {
      return_pages (task);
      return;
    }

  if (error != NULL)
    {
      g_task_return_error (task, sluice_bulk_error_new (error));
      g_object_unref (task);
      return;
    }

  json = reply->json != NULL && JSON_NODE_HOLDS_OBJECT (reply->json) ? json_node_get_object (reply->json) : NULL;
  if (json == NULL || !take_pages (self, listing, json) || !take_next (self, listing, json))
    {
      g_task_return_new_error (task, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                               _("The server’s list of result pages makes no sense."));
      g_object_unref (task);
      return;
    }

  if (listing->path != NULL)
    list_pages (task);
  else
    return_pages (task);
}

static void
list_pages (GTask *task) /* (transfer full) */
{
  SluiceBulkQuery *self = g_task_get_source_object (task);
  Listing *listing = g_task_get_task_data (task);
  SluiceRequest request = {
    .method = "GET",
    .path = listing->path,
    .summary = _("List result pages"),
    .priority = self->priority,
  };

  sluice_client_send_async (self->client, &request, g_task_get_cancellable (task), listed_cb, task);
}

/**
 * sluice_bulk_query_list_pages_async:
 * @self: a query whose results are there
 * @cancellable: (nullable): ends the wait
 * @callback: called with the addresses
 * @user_data: data for @callback
 *
 * Asks for the addresses of all pages, so that they can be read side by side.
 * The server chooses how long they are. One call for about five pages; where
 * each page's headers tell of the next soon enough, there is no need for it.
 */
void
sluice_bulk_query_list_pages_async (SluiceBulkQuery     *self,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task;
  Listing *listing;

  g_return_if_fail (SLUICE_IS_BULK_QUERY (self));
  g_return_if_fail (sluice_bulk_job_get_id (self->job) != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_bulk_query_list_pages_async);
  listing = g_new0 (Listing, 1);
  listing->pages = g_ptr_array_new_with_free_func (g_free);
  listing->path = sluice_bulk_job_dup_path (self->job, "resultPages");
  g_task_set_task_data (task, listing, (GDestroyNotify) listing_free);
  list_pages (task);
}

/**
 * sluice_bulk_query_list_pages_finish:
 * @self: a query
 * @result: what the callback got
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the addresses
 *   in order, for sluice_bulk_query_open_page(); none where the service does
 *   not offer them, and pages are to be read one after the other
 */
char **
sluice_bulk_query_list_pages_finish (SluiceBulkQuery  *self,
                                     GAsyncResult     *result,
                                     GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
check_type (const SluiceReply  *reply,
            GError            **error)
{
  const char *type = g_hash_table_lookup (reply->headers, "content-type");

  if (type == NULL || g_str_has_prefix (type, "text/csv") || g_str_has_prefix (type, "text/plain") ||
      g_str_has_prefix (type, "application/octet-stream"))
    return TRUE;

  g_propagate_error (error, sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_NOT_JSON, NULL,
                                                     reply->status, NULL,
                                                     _("The server answered with something else than records.")));

  return FALSE;
}

/* The same page size, and the place where the next page begins. */
static char *
dup_next (const char *address,
          const char *locator)
{
  const char *query = strchr (address, '?');
  g_autofree char *escaped = g_uri_escape_string (locator, NULL, FALSE);
  g_auto(GStrv) parts = g_strsplit (query != NULL ? query + 1 : "", "&", -1);
  GString *next = g_string_new_len (address, query != NULL ? query - address : (gssize) strlen (address));

  g_string_append_c (next, '?');
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] != '\0' && !g_str_has_prefix (parts[i], "locator="))
        g_string_append_printf (next, "%s&", parts[i]);
    }
  g_string_append_printf (next, "locator=%s", escaped);

  return g_string_free (next, FALSE);
}

/* An end that is only a header that got lost would be a file that only looks whole. */
static gboolean
read_next (const SluiceReply  *reply,
           const char         *address,
           char              **next,
           GError            **error)
{
  const char *locator = g_hash_table_lookup (reply->headers, "sforce-locator");

  *next = NULL;
  if (locator != NULL && strcmp (locator, "null") == 0)
    return TRUE;

  if (locator != NULL && *locator != '\0')
    *next = dup_next (address, locator);
  if (*next != NULL && strcmp (*next, address) != 0)
    return TRUE;

  g_clear_pointer (next, g_free);
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The server does not say where the results of the bulk query go on. Try again; if it "
                         "happens again, a proxy may take headers away: ask IT, or use REST."));

  return FALSE;
}

static gint64
read_n_records (const SluiceReply *reply)
{
  const char *text = g_hash_table_lookup (reply->headers, "sforce-numberofrecords");
  guint64 n;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &n, NULL))
    return -1;

  return (gint64) n;
}

/**
 * sluice_bulk_query_open_page:
 * @fetcher: of the thread that calls
 * @address: of the page: the first one's, or what an earlier page or the list of pages said
 * @cancellable: (nullable): ends the call at once
 * @next: (out) (nullable) (transfer full): the address of the page after it, %NULL when this is the last
 * @n_records: (out) (optional): how many records it has, -1 when the server does not say
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Asks for a page of results, and waits until its body begins. Blocks; see
 * sluice_fetcher_open(). A page may be asked for again as long as the job
 * exists, also in a later run.
 *
 * Returns: (transfer full) (nullable): the page as CSV, with a line of columns at its top
 */
GInputStream *
sluice_bulk_query_open_page (SluiceFetcher  *fetcher,
                             const char     *address,
                             GCancellable   *cancellable,
                             char          **next,
                             gint64         *n_records,
                             GError        **error)
{
  static const char * const headers[] = { "Accept", "text/csv", NULL };
  SluiceRequest request = {
    .method = "GET",
    .path = address,
    .summary = _("Read bulk results"),
    .headers = headers,
  };
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) cause = NULL;

  g_return_val_if_fail (SLUICE_IS_FETCHER (fetcher), NULL);
  g_return_val_if_fail (address != NULL && next != NULL, NULL);

  *next = NULL;
  stream = sluice_fetcher_open (fetcher, &request, cancellable, &reply, &cause);
  if (stream == NULL)
    {
      g_propagate_error (error, sluice_bulk_error_new (cause));
      return NULL;
    }

  if (!check_type (reply, error) || !read_next (reply, address, next, error))
    return NULL;

  if (n_records != NULL)
    *n_records = read_n_records (reply);

  return g_steal_pointer (&stream);
}

/* NULL for the first page */
static char *
dup_locator (const char *address)
{
  const char *query = strchr (address, '?');
  g_auto(GStrv) parts = g_strsplit (query != NULL ? query + 1 : "", "&", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (g_str_has_prefix (parts[i], "locator="))
        return g_uri_unescape_string (parts[i] + strlen ("locator="), NULL);
    }

  return NULL;
}

static char **
fail_list (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The server’s list of result pages makes no sense."));

  return NULL;
}

/* Of the same job only, written as dup_next() does. */
static char **
read_list (JsonNode    *root,
           const char  *address,
           const char  *locator,
           GError     **error)
{
  gsize length = strcspn (address, "?") + 1;
  g_autoptr(GStrvBuilder) pages = g_strv_builder_new ();
  JsonNode *node = NULL;
  JsonNode *done = NULL;
  JsonArray *array;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    done = json_object_get_member (json_node_get_object (root), "done");
  if (done == NULL || !JSON_NODE_HOLDS_VALUE (done) || !json_node_get_boolean (done))
    return fail_list (error);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    node = json_object_get_member (json_node_get_object (root), "resultPages");
  array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *page = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *listed = page != NULL ? get_text (page, "resultUrl") : NULL;
      g_autofree char *where = NULL;

      if (page != NULL && listed == NULL)
        listed = get_text (page, "resultLink");
      if (listed != NULL && strncmp (listed, address, length) == 0)
        where = dup_locator (listed);
      if (where == NULL || (i == 0 && strcmp (where, locator) != 0))
        return fail_list (error);
      g_strv_builder_take (pages, dup_next (listed, where));
    }

  return array != NULL && json_array_get_length (array) > 0 ? g_strv_builder_end (pages) : fail_list (error);
}

/**
 * sluice_bulk_query_list_from:
 * @fetcher: of the thread that calls
 * @address: of a page that another one told of
 * @cancellable: (nullable): ends the call at once
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Asks for the addresses of a page and of all that follow it, with one call;
 * fails where one does not tell them all, which are about five. Blocks. The server chooses how long these pages are; what
 * sluice_bulk_query_open_page() tells of the next one has the last word.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the addresses
 *   in order, as sluice_bulk_query_open_page() writes them
 */
char **
sluice_bulk_query_list_from (SluiceFetcher  *fetcher,
                             const char     *address,
                             GCancellable   *cancellable,
                             GError        **error)
{
  g_autofree char *locator = dup_locator (address);
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  g_autofree char *body = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();
  SluiceRequest request = { .method = "GET", .summary = _("List result pages") };
  const char *end = strstr (address, "/results?");
  gsize length = 0;

  if (end == NULL || locator == NULL)
    return fail_list (error);

  escaped = g_uri_escape_string (locator, NULL, FALSE);
  request.path = path = g_strdup_printf ("%.*s/resultPages?locator=%s", (int) (end - address), address, escaped);
  stream = sluice_fetcher_open (fetcher, &request, cancellable, &reply, error);
  if (stream == NULL)
    return NULL;

  body = g_malloc (MAX_LIST_SIZE);
  if (!g_input_stream_read_all (stream, body, MAX_LIST_SIZE, &length, cancellable, error))
    return NULL;
  if (length == MAX_LIST_SIZE || !json_parser_load_from_data (parser, body, (gssize) length, NULL))
    return fail_list (error);

  return read_list (json_parser_get_root (parser), address, locator, error);
}
