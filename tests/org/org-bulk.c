/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The jobs of the Bulk API 2.0. A job is carried out when somebody asks for it after
 * its time has come: only the clock and the number of calls decide what a test sees. */

#include "org-bulk.h"

#include <string.h>

#include "org-bulk-csv.h"
#include "org-bulk-query.h"
#include "org-json.h"
#include "org-table.h"

#define JOB_PREFIX "750"
#define LISTED_AT_ONCE 100
#define LIFETIME (7 * G_TIME_SPAN_DAY)

struct _OrgBulk
{
  GPtrArray *jobs;           /* (element-type OrgJob) the oldest first */
  guint64 n_made;
  guint n_changes;           /* of what is saved */
};

/**
 * org_bulk_new:
 *
 * Returns: (transfer full): no jobs yet
 */
OrgBulk *
org_bulk_new (void)
{
  OrgBulk *self = g_new0 (OrgBulk, 1);

  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) org_job_free);

  return self;
}

/**
 * org_bulk_free:
 * @self: (transfer full): jobs
 *
 * Forgets all jobs.
 */
void
org_bulk_free (OrgBulk *self)
{
  g_ptr_array_unref (self->jobs);
  g_free (self);
}

static void
free_text (GString **text)
{
  if (*text != NULL)
    g_string_free (g_steal_pointer (text), TRUE);
}

/**
 * org_job_free:
 * @job: (transfer full): a job
 *
 * Frees @job.
 */
void
org_job_free (OrgJob *job)
{
  g_free (job->operation);
  g_free (job->user_id);
  g_free (job->version);
  g_free (job->delimiter);
  g_free (job->line_ending);
  g_free (job->error);
  g_clear_pointer (&job->plan, org_plan_unref);
  g_clear_pointer (&job->columns, g_array_unref);
  g_clear_pointer (&job->row_ends, g_array_unref);
  g_clear_pointer (&job->data, g_bytes_unref);
  free_text (&job->rows);
  free_text (&job->successful);
  free_text (&job->failed);
  free_text (&job->unprocessed);
  g_free (job);
}

static const char *
get_version (const OrgRestRequest *request)
{
  return strrchr (request->base, '/') + strlen ("/v");
}

/**
 * org_bulk_add:
 * @self: the API
 * @request: a call that makes a job
 * @ingest: whether it writes
 *
 * Makes a job.
 *
 * Returns: (transfer none): the job
 */
OrgJob *
org_bulk_add (OrgRest              *self,
              const OrgRestRequest *request,
              gboolean              ingest)
{
  OrgJob *job = g_new0 (OrgJob, 1);

  org_id_make (job->id, JOB_PREFIX, org_data_get_pod (self->data), ++self->bulk->n_made);
  job->ingest = ingest;
  job->user_id = g_strdup (request->user_id);
  job->version = g_strdup (get_version (request));
  job->created = org_data_get_time (self->data);
  g_ptr_array_add (self->bulk->jobs, job);

  return job;
}

/**
 * org_job_get_text:
 * @json: what a client sent
 * @name: a member
 *
 * Returns: (nullable): its value, if that is text
 */
const char *
org_job_get_text (JsonObject *json,
                  const char *name)
{
  JsonNode *node = json_object_get_member (json, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/**
 * org_job_read_format:
 * @job: a new job
 * @json: what a client sent
 * @reply: the answer
 *
 * Reads how the CSV is written; if it is no such way, @reply says so.
 *
 * Returns: whether it is one
 */
gboolean
org_job_read_format (OrgJob       *job,
                     JsonObject   *json,
                     OrgRestReply *reply)
{
  const char *delimiter = org_job_get_text (json, "columnDelimiter");
  const char *line_ending = org_job_get_text (json, "lineEnding");
  const char *type = org_job_get_text (json, "contentType");

  job->delimiter = g_strdup (delimiter != NULL ? delimiter : "COMMA");
  job->line_ending = g_strdup (line_ending != NULL ? line_ending : "LF");

  if (org_bulk_csv_delimiter (job->delimiter) == 0)
    org_rest_set_error (reply, 400, "INVALIDJOB", "The column delimiter is not one of BACKQUOTE, CARET, COMMA, PIPE, SEMICOLON and TAB");
  else if (strcmp (job->line_ending, "LF") != 0 && strcmp (job->line_ending, "CRLF") != 0)
    org_rest_set_error (reply, 400, "INVALIDJOB", "The line ending is not one of LF and CRLF");
  else if (type != NULL && strcmp (type, "CSV") != 0)
    org_rest_set_error (reply, 400, "INVALIDJOB", "The content type is not CSV");
  else
    return TRUE;

  return FALSE;
}

/**
 * org_job_get_line_end:
 * @job: a job
 *
 * Returns: what stands at the end of its lines
 */
const char *
org_job_get_line_end (const OrgJob *job)
{
  return strcmp (job->line_ending, "CRLF") == 0 ? "\r\n" : "\n";
}

/**
 * org_job_fail:
 * @job: a job
 * @format: why
 * @...: parameters of @format
 *
 * Ends a job that cannot be done.
 */
void
org_job_fail (OrgJob     *job,
              const char *format,
              ...)
{
  va_list args;

  va_start (args, format);
  g_free (job->error);
  job->error = g_strdup_vprintf (format, args);
  va_end (args);
  job->state = ORG_JOB_FAILED;
}

/**
 * org_bulk_start:
 * @self: the API
 * @job: a job that has all it needs
 *
 * Lets the time run after which @job is done.
 */
void
org_bulk_start (OrgRest *self,
                OrgJob  *job)
{
  job->state = ORG_JOB_UPLOAD_COMPLETE;
  job->started = org_data_get_time (self->data);
  self->bulk->n_changes++;
}

/* The first half of its time it waits, in the second it works. */
static void
update (OrgRest *self,
        OrgJob  *job)
{
  gint64 elapsed = (org_data_get_time (self->data) - job->started) / 1000;
  gint64 delay = org_switches_get (self->switches, ORG_SWITCH_BULK_DELAY);

  if (job->state != ORG_JOB_UPLOAD_COMPLETE && job->state != ORG_JOB_IN_PROGRESS)
    return;

  if (elapsed < delay)
    {
      job->state = elapsed < delay / 2 ? ORG_JOB_UPLOAD_COMPLETE : ORG_JOB_IN_PROGRESS;
      return;
    }

  job->state = ORG_JOB_COMPLETE;
  if (org_switches_take (self->switches, ORG_SWITCH_BULK_FAIL))
    org_job_fail (job, "InternalServerError : The job could not be processed");
  else if (org_switches_take (self->switches, ORG_SWITCH_BULK_ABORT))
    job->state = ORG_JOB_ABORTED;
  else
    job->run (self, job);
}

/* What has happened to a job meanwhile, for tests. */
static void
end_job (OrgJob     *job,
         const char *how)
{
  if (strcmp (how, "Failed") == 0)
    org_job_fail (job, "InternalServerError : The job could not be processed");
  else
    job->state = ORG_JOB_ABORTED;
}

static void
forget_old (OrgRest *self)
{
  gint64 oldest = org_data_get_time (self->data) - LIFETIME;
  GPtrArray *jobs = self->bulk->jobs;

  while (jobs->len > 0 && ((OrgJob *) g_ptr_array_index (jobs, 0))->created <= oldest)
    g_ptr_array_remove_index (jobs, 0);
}

/**
 * org_bulk_find:
 * @self: the API
 * @request: a call about a job
 * @parts: the parts of the path, such as `jobs`, `query` and an id
 * @reply: the answer
 *
 * Looks up a job and brings it up to date; if there is no such job for who asks,
 * @reply says so. Jobs are kept for seven days.
 *
 * Returns: (transfer none) (nullable): the job
 */
OrgJob *
org_bulk_find (OrgRest               *self,
               const OrgRestRequest  *request,
               char                 **parts,
               OrgRestReply          *reply)
{
  gboolean ingest = strcmp (parts[1], "ingest") == 0;
  char id[ORG_ID_SIZE] = "";

  forget_old (self);
  org_id_normalize (parts[2], id);

  for (guint i = 0; i < self->bulk->jobs->len; i++)
    {
      OrgJob *job = g_ptr_array_index (self->bulk->jobs, i);

      if (job->ingest != ingest || strcmp (job->id, id) != 0)
        continue;

      if (g_strcmp0 (job->user_id, request->user_id) != 0)
        {
          org_rest_set_error (reply, 400, "INVALIDUSER", "The job belongs to another user");
          return NULL;
        }

      update (self, job);
      if (request->job_end != NULL)
        end_job (job, request->job_end);
      return job;
    }

  org_rest_set_not_found (reply);

  return NULL;
}

static void
append_time (GString    *json,
             const char *name,
             gint64      time)
{
  char text[40];

  org_format_datetime (time / G_USEC_PER_SEC, text, sizeof text);
  org_json_append_text (json, name, text);
}

static void
append_progress (const OrgJob *job,
                 GString      *json)
{
  org_json_append_text (json, "jobType", job->ingest ? "V2Ingest" : "V2Query");
  org_json_append_int (json, "numberRecordsProcessed", (gint64) job->n_processed);
  if (job->ingest)
    org_json_append_int (json, "numberRecordsFailed", (gint64) job->n_failed);
  org_json_append_int (json, "retries", 0);
  org_json_append_int (json, "totalProcessingTime", job->state >= ORG_JOB_COMPLETE ? 100 + (gint64) job->n_processed / 100 : 0);
  if (job->ingest)
    {
      org_json_append_int (json, "apiActiveProcessingTime", job->state >= ORG_JOB_COMPLETE ? 50 : 0);
      org_json_append_int (json, "apexProcessingTime", 0);
    }
  else
    {
      org_json_append_flag (json, "isPkChunkingSupported", TRUE);
    }
  if (job->error != NULL)
    org_json_append_text (json, "errorMessage", job->error);
}

/**
 * org_job_write:
 * @job: a job
 * @complete: whether to tell how far it is, too
 * @json: where to write
 *
 * Writes what a client is told about a job.
 */
void
org_job_write (const OrgJob *job,
               gboolean      complete,
               GString      *json)
{
  static const char *states[] = { "Open", "UploadComplete", "InProgress", "JobComplete", "Failed", "Aborted" };
  g_autofree char *content = NULL;

  g_string_append_c (json, '{');
  org_json_append_text (json, "id", job->id);
  org_json_append_text (json, "operation", job->operation);
  org_json_append_text (json, "object", job->object->name);
  org_json_append_text (json, "createdById", job->user_id);
  append_time (json, "createdDate", job->created);
  append_time (json, "systemModstamp", MAX (job->created, job->started));
  org_json_append_text (json, "state", states[job->state]);
  if (job->key != NULL)
    org_json_append_text (json, "externalIdFieldName", job->key->name);
  org_json_append_text (json, "concurrencyMode", "Parallel");
  org_json_append_text (json, "contentType", "CSV");
  org_json_append_member (json, "apiVersion");
  g_string_append (json, job->version);
  if (job->ingest && job->state == ORG_JOB_OPEN)
    {
      content = g_strdup_printf ("services/data/v%s/jobs/ingest/%s/batches", job->version, job->id);
      org_json_append_text (json, "contentUrl", content);
    }
  if (complete)
    append_progress (job, json);
  org_json_append_text (json, "lineEnding", job->line_ending);
  org_json_append_text (json, "columnDelimiter", job->delimiter);
  g_string_append_c (json, '}');
}

/**
 * org_job_check_version:
 * @job: a job
 * @request: a call for its results
 * @reply: the answer
 *
 * Refuses a call in another version of the API than the one that made @job.
 *
 * Returns: whether it is the same
 */
gboolean
org_job_check_version (const OrgJob         *job,
                       const OrgRestRequest *request,
                       OrgRestReply         *reply)
{
  if (strcmp (get_version (request), job->version) == 0)
    return TRUE;

  org_rest_set_error (reply, 409, "API_VERSION_CONFLICT", "The job was created with another version of the API");

  return FALSE;
}

/**
 * org_bulk_list:
 * @self: the API
 * @request: `GET /jobs/query` or `GET /jobs/ingest`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Lists jobs, so many at once; the locator is how many came before.
 */
void
org_bulk_list (OrgRest               *self,
               const OrgRestRequest  *request,
               char                 **parts,
               OrgRestReply          *reply)
{
  gboolean ingest = strcmp (parts[1], "ingest") == 0;
  const char *locator = org_rest_get_parameter (request, "queryLocator");
  guint64 skip = 0;
  guint n = 0;
  g_autoptr(GString) records = g_string_new (NULL);
  g_autofree char *next = NULL;

  if (locator != NULL && *locator != '\0' && !g_ascii_string_to_unsigned (locator, 10, 0, G_MAXINT32, &skip, NULL))
    {
      org_rest_set_error (reply, 400, "INVALID_QUERY_LOCATOR", "The locator is not one of this list");
      return;
    }

  forget_old (self);
  for (guint i = 0; i < self->bulk->jobs->len; i++)
    {
      OrgJob *job = g_ptr_array_index (self->bulk->jobs, i);

      if (job->ingest != ingest || n++ < skip || n > skip + LISTED_AT_ONCE)
        continue;

      update (self, job);
      if (records->len > 0)
        g_string_append_c (records, ',');
      org_job_write (job, FALSE, records);
    }

  if (n > skip + LISTED_AT_ONCE)
    next = g_strdup_printf ("%s/jobs/%s?queryLocator=%" G_GUINT64_FORMAT, request->base, parts[1], skip + LISTED_AT_ONCE);
  g_string_append_printf (reply->body, "{\"done\":%s,\"records\":[%s]", next == NULL ? "true" : "false", records->str);
  org_json_append_text (reply->body, "nextRecordsUrl", next);
  g_string_append_c (reply->body, '}');
}

/**
 * org_bulk_show:
 * @self: the API
 * @request: `GET /jobs/…/ID`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Tells how far a job is.
 */
void
org_bulk_show (OrgRest               *self,
               const OrgRestRequest  *request,
               char                 **parts,
               OrgRestReply          *reply)
{
  OrgJob *job = org_bulk_find (self, request, parts, reply);

  if (job != NULL)
    org_job_write (job, TRUE, reply->body);
}

/**
 * org_bulk_abort:
 * @job: a job
 * @reply: the answer
 *
 * Aborts a job that is not over.
 */
void
org_bulk_abort (OrgJob       *job,
                OrgRestReply *reply)
{
  if (job->state >= ORG_JOB_COMPLETE)
    {
      org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "Aborting already Completed Job not allowed");
      return;
    }

  job->state = ORG_JOB_ABORTED;
  org_job_write (job, FALSE, reply->body);
}

/**
 * org_bulk_delete:
 * @self: the API
 * @request: `DELETE /jobs/…/ID`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Forgets a job that is over.
 */
void
org_bulk_delete (OrgRest               *self,
                 const OrgRestRequest  *request,
                 char                 **parts,
                 OrgRestReply          *reply)
{
  OrgJob *job = org_bulk_find (self, request, parts, reply);

  if (job == NULL)
    return;

  if (job->state < ORG_JOB_COMPLETE)
    {
      org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "Only jobs in the states JobComplete, Aborted and Failed can be deleted");
      return;
    }

  g_ptr_array_remove (self->bulk->jobs, job);
  self->bulk->n_changes++;
  reply->status = 204;
}

/**
 * org_bulk_get_changes:
 * @self: jobs
 *
 * Returns: a number that grows when there is more to save
 */
guint
org_bulk_get_changes (OrgBulk *self)
{
  return self->n_changes;
}

/**
 * org_bulk_save:
 * @self: jobs
 * @builder: where an array is expected
 *
 * Adds the query jobs. What an ingest job has written does not outlive the program, so neither does the job.
 */
void
org_bulk_save (OrgBulk     *self,
               JsonBuilder *builder)
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->jobs->len; i++)
    {
      const OrgJob *job = g_ptr_array_index (self->jobs, i);

      if (job->ingest || job->state == ORG_JOB_FAILED || job->state == ORG_JOB_ABORTED)
        continue;

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, job->id);
      json_builder_set_member_name (builder, "user");
      json_builder_add_string_value (builder, job->user_id);
      json_builder_set_member_name (builder, "version");
      json_builder_add_string_value (builder, job->version);
      json_builder_set_member_name (builder, "created");
      json_builder_add_int_value (builder, job->created);
      org_bulk_query_save (job, builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
restore_job (JsonArray *array,
             guint      index,
             JsonNode  *node,
             gpointer   user_data)
{
  OrgRest *self = user_data;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *id = object != NULL ? org_job_get_text (object, "id") : NULL;
  const char *version = object != NULL ? org_job_get_text (object, "version") : NULL;
  g_autoptr(OrgJob) job = g_new0 (OrgJob, 1);
  guint64 serial = 0;

  if (id == NULL || version == NULL || !org_id_serial (id, &serial) || !org_bulk_query_restore (self, job, object))
    return;

  g_strlcpy (job->id, id, sizeof job->id);
  job->user_id = g_strdup (org_job_get_text (object, "user"));
  job->version = g_strdup (version);
  job->created = json_object_get_int_member_with_default (object, "created", 0);
  job->started = job->created;
  job->state = ORG_JOB_UPLOAD_COMPLETE;
  self->bulk->n_made = MAX (self->bulk->n_made, serial);
  g_ptr_array_add (self->bulk->jobs, g_steal_pointer (&job));
}

/**
 * org_bulk_restore:
 * @self: the API, without jobs
 * @array: what org_bulk_save() added
 *
 * Takes over the jobs that can be used here. They are carried out again.
 */
void
org_bulk_restore (OrgRest   *self,
                  JsonArray *array)
{
  json_array_foreach_element (array, restore_job, self);
}
