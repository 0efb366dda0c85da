/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The thread that reads and writes records. Queries and compression take their time; meanwhile
 * connections are accepted and everything else is answered. */

#include "org-worker.h"

#include <string.h>

#include "org-state.h"

#define ROWS_PER_BATCH 10000

struct _OrgWorker
{
  OrgData *data;             /* (owned) */
  OrgRest *rest;             /* (owned) */
  GThreadPool *pool;
  guint n_changes;           /* that were told */
};

typedef struct
{
  OrgCall *call;             /* (owned) touched by the thread only to read */
  char *base;
  char *path;
  const char *user_id;
  const char *query_options;
  const char *if_modified_since;
  const char *content_type;
  const char *if_unmodified_since;
  const char *if_match;
  const char *if_none_match;
  const char *content_encoding;
  const char *duplicate_rule;
  GBytes *request_body;      /* (nullable) */
  OrgRestReply reply;
  GPtrArray *body;
  gboolean compressed;
  char *state;               /* (owned) (nullable) what has to outlive the program, if it changed */
} Job;

static void
job_free (Job *job)
{
  org_call_unref (job->call);
  org_rest_reply_clear (&job->reply);
  g_clear_pointer (&job->request_body, g_bytes_unref);
  g_free (job->base);
  g_free (job->path);
  g_free (job->state);
  g_free (job);
}

static void
set_header (OrgCall    *call,
            const char *name,
            const char *value)
{
  if (value != NULL)
    org_call_set_header (call, name, value);
}

/* What a call of the Bulk API takes from its limits. */
static void
count_bulk (Job *job)
{
  gsize size = 0;
  const char *text = job->request_body != NULL ? g_bytes_get_data (job->request_body, &size) : NULL;
  guint n_lines = 0;

  if (job->reply.status == 200 && strcmp (job->call->method, "POST") == 0 && strcmp (job->path, "/jobs/query") == 0)
    org_usage_add_bulk (job->call->service->usage, 1, 0);

  if (job->reply.status != 201 || !g_str_has_suffix (job->path, "/batches"))
    return;

  for (gsize i = 0; i < size; i++)
    n_lines += text[i] == '\n';
  org_usage_add_bulk (job->call->service->usage, 0, n_lines / ROWS_PER_BATCH + 1);
}

static gboolean
job_done_cb (gpointer user_data)
{
  Job *job = user_data;

  if (job->state != NULL)
    org_state_set_records (job->call->service->state, g_steal_pointer (&job->state));
  count_bulk (job);
  set_header (job->call, "Last-Modified", job->reply.last_modified);
  set_header (job->call, "Allow", job->reply.allow);
  set_header (job->call, "ETag", job->reply.etag);
  set_header (job->call, "Location", job->reply.location);
  set_header (job->call, "Sforce-Locator", job->reply.locator);
  set_header (job->call, "Sforce-NumberOfRecords", job->reply.n_records);
  org_call_send (job->call, job->reply.status, job->reply.type != NULL ? job->reply.type : ORG_JSON,
                 g_steal_pointer (&job->body), job->compressed);
  job_free (job);

  return G_SOURCE_REMOVE;
}

/* (nullable) */
static const char *
get_job_end (OrgCall *call)
{
  if (call->fault.kind == ORG_FAULT_JOB_FAILED)
    return "Failed";

  return call->fault.kind == ORG_FAULT_JOB_ABORTED ? "Aborted" : NULL;
}

/* (nullable) */
static GBytes *
inflate (GBytes *body)
{
  g_autoptr(GZlibDecompressor) inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GInputStream) memory = g_memory_input_stream_new_from_bytes (body);
  g_autoptr(GInputStream) stream = g_converter_input_stream_new (memory, G_CONVERTER (inflater));
  g_autoptr(GOutputStream) inflated = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (inflated, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL) < 0)
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (inflated));
}

/* What was compressed for the way here. */
static gboolean
decode_request (Job            *job,
                OrgRestRequest *request)
{
  g_autoptr(GBytes) inflated = NULL;

  if (job->content_encoding == NULL || g_ascii_strcasecmp (job->content_encoding, "identity") == 0)
    return TRUE;

  if (g_ascii_strcasecmp (job->content_encoding, "gzip") == 0 && job->request_body != NULL)
    inflated = inflate (job->request_body);
  if (inflated == NULL)
    {
      org_rest_refuse (&job->reply, 415, "UNSUPPORTED_MEDIA_TYPE", "The Content-Encoding of the request is not gzip");
      return FALSE;
    }

  g_bytes_unref (job->request_body);
  job->request_body = g_steal_pointer (&inflated);
  request->body = job->request_body;

  return TRUE;
}

static void
work (gpointer data,
      gpointer user_data)
{
  OrgWorker *self = user_data;
  Job *job = data;
  OrgRestRequest request = { job->call->method, job->path, job->base, job->call->query,
                             job->query_options, job->if_modified_since, job->user_id, job->request_body,
                             job->content_type, job->if_unmodified_since, job->duplicate_rule,
                             job->if_match, job->if_none_match,
                             job->call->fault.kind == ORG_FAULT_REPEAT, get_job_end (job->call) };

  if (decode_request (job, &request))
    org_rest_handle (self->rest, &request, &job->reply);
  job->body = org_call_encode (job->call, g_steal_pointer (&job->reply.body), job->reply.page,
                               org_rest_get_pages (self->rest), &job->compressed);
  if (job->call->service->state != NULL && org_rest_get_changes (self->rest) != self->n_changes)
    {
      self->n_changes = org_rest_get_changes (self->rest);
      job->state = org_rest_dup_state (self->rest);
    }
  g_idle_add_full (G_PRIORITY_DEFAULT, job_done_cb, job, NULL);
}

/**
 * org_worker_new:
 * @data: (transfer full): the org's records
 * @short_pages: whether pages have fewer records than asked for
 * @child_limit: so many children come with their parent, or 0 for as many as usual
 *
 * Returns: (transfer full): a thread that answers about them
 */
OrgWorker *
org_worker_new (OrgData  *data,
                gboolean  short_pages,
                guint     child_limit)
{
  OrgWorker *self = g_new0 (OrgWorker, 1);

  self->data = data;
  self->rest = org_rest_new (data);
  org_rest_keep_pages (self->rest);
  org_cursors_set_short_pages (org_rest_get_cursors (self->rest), short_pages);
  if (child_limit > 0)
    org_cursors_set_child_limit (org_rest_get_cursors (self->rest), child_limit);
  self->pool = g_thread_pool_new (work, self, 1, TRUE, NULL);

  return self;
}

/**
 * org_worker_free:
 * @self: (transfer full): a worker
 *
 * Waits for the answer that is being made.
 */
void
org_worker_free (OrgWorker *self)
{
  g_thread_pool_free (self->pool, FALSE, TRUE);
  org_rest_free (self->rest);
  org_data_free (self->data);
  g_free (self);
}

/**
 * org_worker_get_switches:
 * @self: a worker
 *
 * Returns: (transfer none): what tests change, from any thread
 */
OrgSwitches *
org_worker_get_switches (OrgWorker *self)
{
  return org_rest_get_switches (self->rest);
}

/**
 * org_worker_restore:
 * @self: a worker that nothing was pushed to
 * @state: (nullable): what was saved about cursors and jobs
 *
 * Takes over what was saved.
 */
void
org_worker_restore (OrgWorker  *self,
                    JsonObject *state)
{
  if (state != NULL)
    org_rest_restore (self->rest, state);
}

/**
 * org_worker_push:
 * @self: a worker
 * @call: a call of the REST API that was let in
 * @base: the path of the API version
 * @path: what follows it
 * @user_id: who asks
 *
 * Answers @call when the ones before it are answered.
 */
void
org_worker_push (OrgWorker  *self,
                 OrgCall    *call,
                 const char *base,
                 const char *path,
                 const char *user_id)
{
  Job *job = g_new0 (Job, 1);

  job->call = org_call_ref (call);
  job->base = g_strdup (base);
  job->path = g_strdup (path);
  job->user_id = user_id;
  job->query_options = org_call_get_header (call, "Sforce-Query-Options");
  job->if_modified_since = org_call_get_header (call, "If-Modified-Since");
  job->content_type = org_call_get_header (call, "Content-Type");
  job->if_unmodified_since = org_call_get_header (call, "If-Unmodified-Since");
  job->if_match = org_call_get_header (call, "If-Match");
  job->if_none_match = org_call_get_header (call, "If-None-Match");
  job->content_encoding = org_call_get_header (call, "Content-Encoding");
  job->duplicate_rule = org_call_get_header (call, "Sforce-Duplicate-Rule-Header");
  job->request_body = soup_message_body_flatten (soup_server_message_get_request_body (call->message));
  g_thread_pool_push (self->pool, job, NULL);
}
