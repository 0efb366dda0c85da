/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Jobs that write. */

#include "org-bulk-ingest.h"

#include <string.h>

#include "org-bulk-csv.h"
#include "org-bulk.h"
#include "org-json.h"
#include "org-records.h"

#define CSV "text/csv;charset=UTF-8"
#define MAX_UPLOAD (150 * 1000 * 1000)
#define MAX_MULTIPART 100000

/* A job at work. */
typedef struct
{
  OrgRest *rest;
  OrgJob *job;
  OrgWriteContext context;
  gboolean admin;
  char **header;
  int id_column;             /* or of the external id; -1 without one */
  GPtrArray *good;           /* (element-type utf8) rows of the results */
  GPtrArray *bad;
} Run;

static int
find_header (char       **header,
             const char  *name)
{
  for (int i = 0; header[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (header[i], name) == 0)
        return i;
    }

  return -1;
}

static GString *
start_results (Run        *run,
               const char *first,
               const char *second)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  GString *csv = g_string_new (NULL);

  if (first != NULL)
    {
      g_ptr_array_add (names, (gpointer) first);
      g_ptr_array_add (names, (gpointer) second);
    }
  for (guint i = 0; run->header[i] != NULL; i++)
    g_ptr_array_add (names, run->header[i]);
  org_bulk_csv_append_row (csv, names, org_bulk_csv_delimiter (run->job->delimiter), org_job_get_line_end (run->job));

  return csv;
}

/* In another order than they came, the same each time. */
static GString *
shuffle (GString   *csv,
         GPtrArray *rows)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (17);

  for (guint i = rows->len; i > 1; i--)
    {
      guint j = (guint) g_rand_int_range (random, 0, (gint32) i);
      gpointer row = rows->pdata[i - 1];

      rows->pdata[i - 1] = rows->pdata[j];
      rows->pdata[j] = row;
    }

  for (guint i = 0; i < rows->len; i++)
    g_string_append (csv, g_ptr_array_index (rows, i));

  return csv;
}

static void
add_result (Run        *run,
            GPtrArray  *rows,
            const char *id,
            const char *second,
            GPtrArray  *values)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  GString *csv = g_string_new (NULL);

  g_ptr_array_add (all, (gpointer) id);
  g_ptr_array_add (all, (gpointer) second);
  g_ptr_array_extend (all, values, NULL, NULL);
  org_bulk_csv_append_row (csv, all, org_bulk_csv_delimiter (run->job->delimiter), org_job_get_line_end (run->job));
  g_ptr_array_add (rows, g_string_free (csv, FALSE));
}

/* An empty cell leaves the field alone, `#N/A` empties it. */
static OrgRecord *
read_record (Run       *run,
             GPtrArray *values)
{
  OrgRecord *record = org_record_new (run->job->object, run->admin);

  for (guint i = 0; i < values->len; i++)
    {
      const char *value = g_ptr_array_index (values, i);

      if ((int) i == run->id_column || *value == '\0')
        continue;

      if (strcmp (value, "#N/A") == 0)
        org_record_set (record, run->header[i], ORG_CELL_NULL, NULL);
      else if (g_utf8_validate (value, -1, NULL))
        org_record_set (record, run->header[i], ORG_CELL_TEXT, value);
      else
        org_write_errors_add (record->errors, "INVALID_FIELD", run->header[i], "The text is not UTF-8");
    }

  return record;
}

static gboolean
write_row (Run            *run,
           GPtrArray      *values,
           OrgWriteResult *result)
{
  const char *key = run->id_column >= 0 && run->id_column < (int) values->len
                    ? g_ptr_array_index (values, (guint) run->id_column) : NULL;
  const char *operation = run->job->operation;
  OrgWriter *writer = run->rest->writer;
  g_autoptr(OrgRecord) record = NULL;

  if (values->len != g_strv_length (run->header))
    {
      org_write_errors_add (result->errors, "INVALID_NUMBER_OF_COLUMNS", NULL,
                            "The row has %u columns, but the header has %u", values->len, g_strv_length (run->header));
      return FALSE;
    }

  if (strcmp (operation, "delete") == 0 || strcmp (operation, "hardDelete") == 0)
    return org_writer_delete (writer, &run->context, run->job->object, key, result);

  record = read_record (run, values);
  if (strcmp (operation, "insert") == 0)
    return org_writer_insert (writer, &run->context, record, result);
  if (strcmp (operation, "update") == 0)
    return org_writer_update (writer, &run->context, key, record, result);

  return org_writer_upsert (writer, &run->context, run->job->key, key, record, result);
}

static void
process_row (Run       *run,
             GPtrArray *values)
{
  g_auto(OrgWriteResult) result = { 0 };

  org_write_result_init (&result);
  run->job->n_processed++;

  if (write_row (run, values, &result))
    {
      add_result (run, run->good, result.id, result.created ? "true" : "false", values);
    }
  else
    {
      g_autofree char *text = org_write_errors_dup_text (result.errors);

      run->job->n_failed++;
      add_result (run, run->bad, result.id, text, values);
    }
}

/* The first line tells how all of them end. */
static gboolean
check_line_end (Run *run)
{
  gsize size;
  const char *text = g_bytes_get_data (run->job->data, &size);
  const char *line = text != NULL ? memchr (text, '\n', size) : NULL;
  gboolean crlf = line != NULL && line > text && line[-1] == '\r';

  if (line == NULL || crlf == (strcmp (run->job->line_ending, "CRLF") == 0))
    return TRUE;

  org_job_fail (run->job, "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is %s",
                run->job->line_ending);

  return FALSE;
}

static gboolean
check_header (Run *run)
{
  const char *operation = run->job->operation;
  const char *key = run->job->key != NULL ? run->job->key->name : "Id";
  g_autoptr(OrgRecord) record = org_record_new (run->job->object, run->admin);

  run->id_column = strcmp (operation, "insert") == 0 ? -1 : find_header (run->header, key);
  if (run->id_column < 0 && strcmp (operation, "insert") != 0)
    {
      org_job_fail (run->job, "InvalidBatch : Field name not found : %s", key);
      return FALSE;
    }

  for (guint i = 0; run->header[i] != NULL; i++)
    {
      guint n_errors = record->errors->len;

      if ((int) i != run->id_column)
        org_record_set (record, run->header[i], ORG_CELL_NULL, NULL);
      if (record->errors->len > n_errors)
        {
          org_job_fail (run->job, "InvalidBatch : Field name not found : %s", run->header[i]);
          return FALSE;
        }
    }

  return TRUE;
}

static GStrv
take_header (GPtrArray *values)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < values->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (values, i));

  return g_strv_builder_end (builder);
}

static void
leave_rows (Run          *run,
            OrgCsvReader *reader)
{
  while (org_csv_reader_next (reader))
    org_bulk_csv_append_row (run->job->unprocessed, reader->values, org_bulk_csv_delimiter (run->job->delimiter),
                             org_job_get_line_end (run->job));
}

/* Together, for that is many times faster; each stands for itself all the same. */
static void
process_rows (Run          *run,
              OrgCsvReader *reader)
{
  org_writer_begin (run->rest->writer);
  while (org_csv_reader_next (reader))
    process_row (run, reader->values);
  org_writer_end (run->rest->writer, TRUE);
}

static void
work (OrgRest  *self,
      OrgJob   *job,
      gboolean  process)
{
  g_auto(OrgCsvReader) reader = { 0 };
  g_auto(GStrv) header = NULL;
  g_autoptr(GPtrArray) good = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) bad = g_ptr_array_new_with_free_func (g_free);
  Run run = { self, job, { job->user_id, 0, -1 }, job->user_id == NULL || org_data_is_admin (self->data, job->user_id),
              NULL, -1, good, bad };

  org_csv_reader_init (&reader, job->data, org_bulk_csv_delimiter (job->delimiter));
  if (!org_csv_reader_next (&reader))
    {
      org_job_fail (job, "InvalidBatch : The data has no header");
      return;
    }

  run.header = header = take_header (reader.values);
  if (strcmp (job->operation, "hardDelete") == 0)
    run.context.flags |= ORG_WRITE_HARD;

  job->unprocessed = start_results (&run, NULL, NULL);
  if (process && check_line_end (&run) && check_header (&run))
    process_rows (&run, &reader);
  else
    leave_rows (&run, &reader);

  job->successful = shuffle (start_results (&run, "sf__Id", "sf__Created"), good);
  job->failed = shuffle (start_results (&run, "sf__Id", "sf__Error"), bad);
  g_clear_pointer (&job->data, g_bytes_unref);
}

static void
run_job (OrgRest *self,
         OrgJob  *job)
{
  work (self, job, TRUE);
}

static const OrgField *
find_key (OrgRest              *self,
          const OrgRestRequest *request,
          const OrgObject      *object,
          const char           *name)
{
  const OrgField *key = name != NULL ? org_object_find_field (object, name) : NULL;

  if (key == NULL || !org_field_is_visible (key, org_rest_is_admin (self, request))
      || (key->type != ORG_TYPE_ID && (key->flags & ORG_FIELD_EXTERNAL_ID) == 0))
    return NULL;

  return key;
}

static gboolean
check_operation (OrgRest              *self,
                 const OrgRestRequest *request,
                 const char           *operation,
                 OrgRestReply         *reply)
{
  static const char * const operations[] = { "insert", "update", "upsert", "delete", "hardDelete", NULL };

  if (operation == NULL || !g_strv_contains (operations, operation))
    org_rest_set_error (reply, 400, "INVALIDJOB", "The operation is not one of insert, update, upsert, delete and hardDelete");
  else if (strcmp (operation, "hardDelete") == 0 && !org_rest_is_admin (self, request))
    org_rest_set_error (reply, 400, "FEATURENOTENABLED",
                        "hardDelete operation requires special user profile permission, please contact your system administrator");
  else
    return TRUE;

  return FALSE;
}

static const OrgObject *
check_object (const char   *name,
              OrgRestReply *reply)
{
  const OrgObject *object = name != NULL ? org_schema_find (name) : NULL;
  g_autofree char *message = NULL;

  if (object != NULL && !object->setup)
    return object;

  message = g_strdup_printf ("Unable to find object: %s", name != NULL ? name : "null");
  org_rest_set_error (reply, 400, "INVALIDJOB", message);

  return NULL;
}

/* Makes a job of what a client sent, in the state Open; if it cannot, the answer says why. */
static OrgJob *
make_job (OrgRest              *self,
          const OrgRestRequest *request,
          JsonObject           *json,
          OrgRestReply         *reply)
{
  const char *operation = org_job_get_text (json, "operation");
  const OrgObject *object = check_object (org_job_get_text (json, "object"), reply);
  const OrgField *key = NULL;
  g_autoptr(OrgJob) format = g_new0 (OrgJob, 1);
  OrgJob *job;

  if (object == NULL || !check_operation (self, request, operation, reply) || !org_job_read_format (format, json, reply))
    return NULL;

  if (strcmp (operation, "upsert") == 0)
    {
      key = find_key (self, request, object, org_job_get_text (json, "externalIdFieldName"));
      if (key == NULL)
        {
          org_rest_set_error (reply, 400, "INVALIDJOB", "External ID was blank or is no external id field. An External ID "
                                                        "must be specified for upsert");
          return NULL;
        }
    }

  job = org_bulk_add (self, request, TRUE);
  job->operation = g_strdup (operation);
  job->object = object;
  job->key = key;
  job->delimiter = g_steal_pointer (&format->delimiter);
  job->line_ending = g_steal_pointer (&format->line_ending);
  job->run = run_job;

  return job;
}

/* The body of the part with a name, without what surrounds it. */
static GBytes *
find_part (GBytes     *body,
           const char *boundary,
           const char *name)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  g_autofree char *mark = g_strconcat ("--", boundary, NULL);
  g_autofree char *wanted = g_strdup_printf ("name=\"%s\"", name);
  const char *end = text + size;

  while (text != NULL && (text = memmem (text, (gsize) (end - text), mark, strlen (mark))) != NULL)
    {
      const char *head = text + strlen (mark);
      const char *next = memmem (head, (gsize) (end - head), mark, strlen (mark));
      const char *blank = memmem (head, (gsize) (end - head), "\r\n\r\n", 4);
      gsize skip = 4;

      if (blank == NULL || (next != NULL && blank > next))
        {
          blank = memmem (head, (gsize) (end - head), "\n\n", 2);
          skip = 2;
        }
      if (next == NULL || blank == NULL || blank > next)
        return NULL;

      if (memmem (head, (gsize) (blank - head), wanted, strlen (wanted)) != NULL)
        {
          const char *start = blank + skip;

          next -= next > start && next[-1] == '\n';
          next -= next > start && next[-1] == '\r';
          return g_bytes_new (start, (gsize) (next - start));
        }
      text = next;
    }

  return NULL;
}

/* A small load in one call: the job and its data as parts of a form. */
static void
create_whole (OrgRest              *self,
              const OrgRestRequest *request,
              OrgRestReply         *reply)
{
  const char *found = strstr (request->content_type, "boundary=");
  g_autofree char *boundary = found != NULL ? g_strdup (found + strlen ("boundary=")) : NULL;
  g_autoptr(GBytes) description = NULL;
  g_autoptr(GBytes) content = NULL;
  OrgRestRequest inner = *request;
  g_autoptr(JsonNode) root = NULL;
  OrgJob *job;

  if (boundary != NULL)
    {
      boundary[strcspn (boundary, ";")] = '\0';
      if (*boundary == '"')
        memmove (boundary, boundary + 1, strlen (boundary));
      boundary[strcspn (boundary, "\"")] = '\0';
      description = find_part (request->body, boundary, "job");
      content = find_part (request->body, boundary, "content");
    }

  if (description == NULL || content == NULL || g_bytes_get_size (content) > MAX_MULTIPART)
    {
      org_rest_set_error (reply, 400, "INVALIDJOB", "The form needs the parts job and content, and content at most 100,000 characters");
      return;
    }

  inner.body = description;
  inner.content_type = NULL;
  root = org_records_parse_body (&inner, JSON_NODE_OBJECT, reply);
  job = root != NULL ? make_job (self, request, json_node_get_object (root), reply) : NULL;
  if (job == NULL)
    return;

  job->data = g_steal_pointer (&content);
  org_bulk_start (self, job);
  org_job_write (job, FALSE, reply->body);
}

/**
 * org_bulk_ingest_create:
 * @self: the API
 * @request: `POST /jobs/ingest`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Makes a job that writes, perhaps with its data at once.
 */
void
org_bulk_ingest_create (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  g_autoptr(JsonNode) root = NULL;
  OrgJob *job;

  if (request->content_type != NULL && g_str_has_prefix (request->content_type, "multipart/form-data")
      && request->body != NULL)
    {
      create_whole (self, request, reply);
      return;
    }

  root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  job = root != NULL ? make_job (self, request, json_node_get_object (root), reply) : NULL;
  if (job != NULL)
    org_job_write (job, FALSE, reply->body);
}

/**
 * org_bulk_ingest_upload:
 * @self: the API
 * @request: `PUT /jobs/ingest/ID/batches`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Takes the data of a job, once.
 */
void
org_bulk_ingest_upload (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  OrgJob *job = org_bulk_find (self, request, parts, reply);
  g_autofree char *message = NULL;

  if (job == NULL)
    return;

  if (job->state != ORG_JOB_OPEN)
    {
      org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "The job is not in the state Open");
    }
  else if (job->data != NULL)
    {
      message = g_strdup_printf ("Found multiple contents for job: <%s>, please 'Close' / 'Abort' / 'Delete' the current "
                                 "Job then create a new Job and make sure you only do 'PUT' once on a given Job.", job->id);
      org_rest_set_error (reply, 400, "INVALIDBATCH", message);
    }
  else if (request->content_type != NULL && !g_str_has_prefix (request->content_type, "text/csv"))
    {
      org_rest_set_error (reply, 400, "INVALIDBATCH", "The content type is not text/csv");
    }
  else if (request->body != NULL && g_bytes_get_size (request->body) > MAX_UPLOAD)
    {
      org_rest_set_error (reply, 400, "EXCEEDEDQUOTA", "The data is over the limit of 150 MB");
    }
  else
    {
      job->data = request->body != NULL ? g_bytes_ref (request->body) : g_bytes_new (NULL, 0);
      reply->status = 201;
    }
}

/**
 * org_bulk_ingest_change:
 * @self: the API
 * @request: `PATCH /jobs/ingest/ID`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Says that all data is there, or that the job is not wanted any more.
 */
void
org_bulk_ingest_change (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  OrgJob *job = org_bulk_find (self, request, parts, reply);
  g_autoptr(JsonNode) root = job != NULL ? org_records_parse_body (request, JSON_NODE_OBJECT, reply) : NULL;
  const char *state = root != NULL ? org_job_get_text (json_node_get_object (root), "state") : NULL;

  if (root == NULL)
    return;

  if (g_strcmp0 (state, "Aborted") == 0)
    {
      org_bulk_abort (job, reply);
    }
  else if (g_strcmp0 (state, "UploadComplete") != 0)
    {
      org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "A job can only be set to UploadComplete or Aborted");
    }
  else if (job->state != ORG_JOB_OPEN)
    {
      org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "Closing already Completed/Aborted/Failed Job not allowed");
    }
  else
    {
      if (job->data == NULL)
        job->data = g_bytes_new (NULL, 0);
      org_bulk_start (self, job);
      org_job_write (job, FALSE, reply->body);
    }
}

/**
 * org_bulk_ingest_results:
 * @self: the API
 * @request: `GET /jobs/ingest/ID/successfulResults`, or the failed or unprocessed ones
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Answers what became of the rows, in no order. The name may be in any case.
 */
void
org_bulk_ingest_results (OrgRest               *self,
                         const OrgRestRequest  *request,
                         char                 **parts,
                         OrgRestReply          *reply)
{
  OrgJob *job = org_bulk_find (self, request, parts, reply);
  const GString *csv;

  if (job == NULL || !org_job_check_version (job, request, reply))
    return;

  if (job->state < ORG_JOB_COMPLETE)
    {
      org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "The job has no results yet");
      return;
    }

  /* A job that failed or was aborted left its rows alone. */
  if (job->data != NULL)
    {
      OrgJobState state = job->state;

      work (self, job, FALSE);
      job->state = state;
    }

  if (g_ascii_strcasecmp (parts[3], "successfulResults") == 0)
    {
      csv = job->successful;
    }
  else if (g_ascii_strcasecmp (parts[3], "failedResults") == 0)
    {
      csv = job->failed;
    }
  else if (g_ascii_strcasecmp (parts[3], "unprocessedrecords") == 0)
    {
      csv = job->unprocessed;
    }
  else
    {
      org_rest_set_not_found (reply);
      return;
    }

  reply->type = CSV;
  if (csv != NULL)
    g_string_append_len (reply->body, csv->str, (gssize) csv->len);
}
