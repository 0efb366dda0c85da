/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-client.h"
#include "sluice-error.h"
#include "sluice-record-page.h"
#include "sluice-soql-columns.h"

/* The longest address Salesforce takes, in bytes, with some room for the host. */
#define MAX_ADDRESS (16384 - 256)

/* 2,000 records with the longest texts there are stay below this. */
#define MAX_PAGE ((gsize) 512 * 1024 * 1024)

struct _SluiceQuery
{
  GObject parent_instance;

  SluiceClient *client;
  char *soql;
  gboolean all_rows;
  SluicePriority priority;

  char **columns; /* (nullable): not known before the first record */
  char *next; /* (nullable): where the next page is; NULL before the first */
  gint64 total_size;
  gint64 rows;
  guint calls;
  gboolean done;
  gboolean busy;
};

enum
{
  PROP_0,
  PROP_SOQL,
  PROP_TOTAL_SIZE,
  PROP_ROWS,
  PROP_CALLS,
  PROP_DONE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceQuery, sluice_query, G_TYPE_OBJECT)

/* One page on its way. */
typedef struct
{
  SluiceRecordPage *page;
  guint child; /* which of the incomplete subqueries is being read */
  char *path;
  GBytes *body;
  char **columns;
} Fetch;

static void
fetch_free (Fetch *self)
{
  g_clear_pointer (&self->page, sluice_record_page_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_strfreev (self->columns);
  g_free (self->path);
  g_free (self);
}

static void request_page (GTask *task);

static void
sluice_query_finalize (GObject *object)
{
  SluiceQuery *self = SLUICE_QUERY (object);

  g_clear_object (&self->client);
  g_strfreev (self->columns);
  g_free (self->next);
  g_free (self->soql);

  G_OBJECT_CLASS (sluice_query_parent_class)->finalize (object);
}

static void
sluice_query_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  SluiceQuery *self = SLUICE_QUERY (object);

  switch (prop_id)
    {
    case PROP_SOQL:
      g_value_set_string (value, self->soql);
      break;

    case PROP_TOTAL_SIZE:
      g_value_set_int64 (value, self->total_size);
      break;

    case PROP_ROWS:
      g_value_set_int64 (value, self->rows);
      break;

    case PROP_CALLS:
      g_value_set_uint (value, self->calls);
      break;

    case PROP_DONE:
      g_value_set_boolean (value, self->done);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_query_class_init (SluiceQueryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = sluice_query_finalize;
  object_class->get_property = sluice_query_get_property;

  properties[PROP_SOQL] = g_param_spec_string ("soql", NULL, NULL, NULL, flags);
  properties[PROP_TOTAL_SIZE] = g_param_spec_int64 ("total-size", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_ROWS] = g_param_spec_int64 ("rows", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_CALLS] = g_param_spec_uint ("calls", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_DONE] = g_param_spec_boolean ("done", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_query_init (SluiceQuery *self)
{
  self->total_size = -1;
}

static SluiceQuery *
query_new (SluiceClient   *client,
           const char     *soql,
           gboolean        all_rows,
           SluicePriority  priority)
{
  SluiceQuery *self = g_object_new (SLUICE_TYPE_QUERY, NULL);

  self->client = g_object_ref (client);
  self->soql = g_strdup (soql);
  self->all_rows = all_rows;
  self->priority = priority;
  self->columns = sluice_soql_list_columns (soql);

  return self;
}

/**
 * sluice_client_query:
 * @self: a client
 * @soql: the query
 * @all_rows: whether deleted and archived records are wanted too
 * @priority: who goes first
 *
 * Returns: (transfer full): a query that has not started
 */
SluiceQuery *
sluice_client_query (SluiceClient   *self,
                     const char     *soql,
                     gboolean        all_rows,
                     SluicePriority  priority)
{
  g_return_val_if_fail (SLUICE_IS_CLIENT (self), NULL);
  g_return_val_if_fail (soql != NULL, NULL);

  return query_new (self, soql, all_rows, priority);
}

/* The first page's address; longer queries than an address can hold have no other way in the REST API. */
static char *
dup_first_path (SluiceQuery  *self,
                GError      **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->soql, NULL, FALSE);

  if (strlen (escaped) > MAX_ADDRESS)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("This query is too long for the REST API, which takes 16,384 bytes as part of an address. "
                             "Ask for fewer fields, or shorten its list of values."));
      return NULL;
    }

  return g_strconcat (self->all_rows ? "queryAll?q=" : "query?q=", escaped, NULL);
}

static void
return_error (GTask  *task,
              GError *error)
{
  SluiceQuery *self = g_task_get_source_object (task);

  self->busy = FALSE;
  g_task_return_error (task, error);
}

static gboolean
is_count (SluiceQuery *self)
{
  return self->columns != NULL && strcmp (self->columns[0], SLUICE_SOQL_COUNT) == 0 && self->columns[1] == NULL;
}

static void
return_page (GTask *task)
{
  SluiceQuery *self = g_task_get_source_object (task);
  Fetch *fetch = g_task_get_task_data (task);
  SluiceRecordPage *page = fetch->page;
  SluiceQueryPage *records = page->page;

  if (is_count (self) && records->rows->len == 0)
    sluice_record_page_add_count (page);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->columns == NULL && records->n_columns > 0)
    self->columns = g_strdupv (records->columns);
  if (page->total_size != self->total_size)
    {
      self->total_size = page->total_size;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL_SIZE]);
    }
  self->rows += records->rows->len;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROWS]);
  g_free (self->next);
  self->next = page->done ? NULL : g_steal_pointer (&page->next_records_url);
  if (page->done)
    {
      self->done = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
    }
  self->busy = FALSE;
  g_object_thaw_notify (G_OBJECT (self));

  g_task_return_pointer (task, g_steal_pointer (&page->page), (GDestroyNotify) sluice_query_page_free);
}

/* Whether more subqueries have rows elsewhere; then they come first. */
static void
continue_or_return (GTask *task)
{
  Fetch *fetch = g_task_get_task_data (task);
  const SluiceChildPages *children;

  if (fetch->child == fetch->page->incomplete->len)
    {
      return_page (task);
      g_object_unref (task);
      return;
    }

  children = &g_array_index (fetch->page->incomplete, SluiceChildPages, fetch->child);
  g_set_str (&fetch->path, children->next_records_url);
  request_page (task);
}

static void
parse_in_thread (GTask        *parsing,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Fetch *fetch = task_data;
  gsize size;
  const char *body = g_bytes_get_data (fetch->body, &size);
  SluiceRecordPage *page;
  GError *error = NULL;

  if (fetch->page == NULL)
    page = sluice_record_page_parse (body, size, (const char * const *) fetch->columns, &error);
  else
    page = sluice_record_page_parse_children (body, size, &error);

  if (page != NULL)
    g_task_return_pointer (parsing, page, (GDestroyNotify) sluice_record_page_free);
  else
    g_task_return_error (parsing, error);
}

/* An address that leads to itself would never end. */
static gboolean
check_progress (const Fetch             *fetch,
                const SluiceRecordPage  *page,
                GError                 **error)
{
  if (page->done || strcmp (page->next_records_url, fetch->path) != 0)
    return TRUE;

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The org sent the same page of records twice. Run the query again."));

  return FALSE;
}

static void
parsed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(SluiceRecordPage) page = NULL;
  SluiceChildPages *children;
  GError *error = NULL;

  g_clear_pointer (&fetch->body, g_bytes_unref);
  page = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL || !check_progress (fetch, page, &error))
    {
      return_error (task, error);
      return;
    }

  if (fetch->page == NULL)
    fetch->page = g_steal_pointer (&page);
  else
    {
      children = &g_array_index (fetch->page->incomplete, SluiceChildPages, fetch->child);
      sluice_record_page_complete (fetch->page, children, page->child_records);
      g_set_str (&children->next_records_url, page->next_records_url);
      if (page->done)
        fetch->child++;
    }

  continue_or_return (g_steal_pointer (&task));
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GTask) parsing = NULL;
  GError *error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply == NULL)
    {
      return_error (task, error);
      return;
    }

  fetch->body = g_steal_pointer (&reply->body);
  parsing = g_task_new (NULL, g_task_get_cancellable (task), parsed_cb, g_object_ref (task));
  g_task_set_source_tag (parsing, parse_in_thread);
  g_task_set_task_data (parsing, fetch, NULL);
  g_task_run_in_thread (parsing, parse_in_thread);
}

/* What follows `FROM`, for the list of calls. */
static char *
dup_summary (SluiceQuery *self)
{
  g_auto(GStrv) words = g_strsplit_set (self->soql, " \t\r\n", -1);
  const char *object = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (words[i], "FROM") == 0 && words[i + 1] != NULL)
        object = words[i + 1];
    }

  /* Translators: the name of an object of the org, such as Account */
  return object != NULL ? g_strdup_printf (_("Query %s"), object) : g_strdup (_("Query"));
}

/* Takes over the reference to @task. */
static void
request_page (GTask *task)
{
  SluiceQuery *self = g_task_get_source_object (task);
  Fetch *fetch = g_task_get_task_data (task);
  /* The most it gives; it may give fewer. */
  static const char * const headers[] = { "Sforce-Query-Options", "batchSize=2000", NULL };
  g_autofree char *summary = dup_summary (self);
  SluiceRequest request = {
    .method = "GET",
    .path = fetch->path,
    .summary = summary,
    .headers = headers,
    .priority = self->priority,
    .max_bytes = MAX_PAGE,
    .raw = TRUE,
  };

  self->calls++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CALLS]);
  sluice_client_send_async (self->client, &request, g_task_get_cancellable (task), sent_cb, task);
}

/**
 * sluice_query_next_page_async:
 * @self: a query that is not done
 * @cancellable: (nullable): ends the wait; the same page can be asked for again
 * @callback: called with the page
 * @user_data: data for @callback
 *
 * Reads the next page of records. Subqueries are read to their end.
 */
void
sluice_query_next_page_async (SluiceQuery         *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  Fetch *fetch;

  g_return_if_fail (SLUICE_IS_QUERY (self));
  g_return_if_fail (!self->busy);
  g_return_if_fail (!self->done);

  fetch = g_new0 (Fetch, 1);
  fetch->columns = g_strdupv (self->columns);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_query_next_page_async);
  g_task_set_task_data (task, fetch, (GDestroyNotify) fetch_free);

  fetch->path = self->next != NULL ? g_strdup (self->next) : dup_first_path (self, &error);
  if (fetch->path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->busy = TRUE;
  request_page (g_steal_pointer (&task));
}

/**
 * sluice_query_next_page_finish:
 * @self: the query
 * @result: what the callback got
 * @error: why there is no page
 *
 * Ends sluice_query_next_page_async().
 *
 * Returns: (transfer full) (nullable): the page, which may have no rows
 */
SluiceQueryPage *
sluice_query_next_page_finish (SluiceQuery   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sluice_query_get_total_size:
 * @self: a query
 *
 * Returns: how many records there are, -1 before the first page
 */
gint64
sluice_query_get_total_size (SluiceQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY (self), -1);

  return self->total_size;
}

/**
 * sluice_query_get_rows:
 * @self: a query
 *
 * Returns: how many records were read
 */
gint64
sluice_query_get_rows (SluiceQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY (self), 0);

  return self->rows;
}

/**
 * sluice_query_get_calls:
 * @self: a query
 *
 * Returns: how many API calls it took
 */
guint
sluice_query_get_calls (SluiceQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY (self), 0);

  return self->calls;
}

/**
 * sluice_query_get_done:
 * @self: a query
 *
 * Returns: whether the last page was read
 */
gboolean
sluice_query_get_done (SluiceQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY (self), FALSE);

  return self->done;
}
