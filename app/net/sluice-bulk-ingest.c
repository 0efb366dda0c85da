/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-bulk-ingest.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-bulk-error.h"
#include "sluice-error.h"
#include "sluice-waiting.h"

#define JOBS "/services/data/v%s/jobs/ingest"

struct _SluiceBulkIngest
{
  GObject parent_instance;

  SluiceClient *client;
  SluiceWritePermit *permit;
  char *key;     /* (nullable) */
  SluicePriority priority;

  char *address; /* (nullable): with the API version that it was made with, and has to stay with */
  SluiceBulkState state;
  guint64 processed;
  guint64 failed;
  char *problem; /* (nullable) */
  guint64 calls;
};

G_DEFINE_FINAL_TYPE (SluiceBulkIngest, sluice_bulk_ingest, G_TYPE_OBJECT)

static void
sluice_bulk_ingest_finalize (GObject *object)
{
  SluiceBulkIngest *self = SLUICE_BULK_INGEST (object);

  g_clear_object (&self->client);
  g_clear_object (&self->permit);
  g_free (self->key);
  g_free (self->address);
  g_free (self->problem);

  G_OBJECT_CLASS (sluice_bulk_ingest_parent_class)->finalize (object);
}

static void
sluice_bulk_ingest_class_init (SluiceBulkIngestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_bulk_ingest_finalize;
}

static void
sluice_bulk_ingest_init (SluiceBulkIngest *self)
{
}

/**
 * sluice_bulk_ingest_new:
 * @client: whose org it is
 * @permit: what allows the job; it says what is done to which object
 * @key: (nullable): the external id field of an upsert
 * @priority: who goes first
 *
 * Returns: (transfer full): a job that is not in the org yet
 */
SluiceBulkIngest *
sluice_bulk_ingest_new (SluiceClient      *client,
                        SluiceWritePermit *permit,
                        const char        *key,
                        SluicePriority     priority)
{
  SluiceBulkIngest *self;

  g_return_val_if_fail (SLUICE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (permit), NULL);

  self = g_object_new (SLUICE_TYPE_BULK_INGEST, NULL);
  self->client = g_object_ref (client);
  self->permit = g_object_ref (permit);
  self->key = g_strdup (key);
  self->priority = priority;

  return self;
}

/**
 * sluice_bulk_ingest_get_address:
 * @self: a job
 *
 * Returns: (nullable): what to give sluice_bulk_ingest_attach() later, perhaps in another process
 */
const char *
sluice_bulk_ingest_get_address (SluiceBulkIngest *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), NULL);

  return self->address;
}

/**
 * sluice_bulk_ingest_get_state:
 * @self: a job
 *
 * Returns: how far it was when it was last looked at
 */
SluiceBulkState
sluice_bulk_ingest_get_state (SluiceBulkIngest *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), SLUICE_BULK_NONE);

  return self->state;
}

/**
 * sluice_bulk_ingest_get_is_over:
 * @self: a job
 *
 * Returns: whether the org does nothing more, well or not
 */
gboolean
sluice_bulk_ingest_get_is_over (SluiceBulkIngest *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), TRUE);

  return sluice_bulk_state_is_over (self->state);
}

/**
 * sluice_bulk_ingest_get_processed:
 * @self: a job
 *
 * Returns: how many records were tried
 */
guint64
sluice_bulk_ingest_get_processed (SluiceBulkIngest *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), 0);

  return self->processed;
}

/**
 * sluice_bulk_ingest_get_failed:
 * @self: a job
 *
 * Returns: how many of them were refused
 */
guint64
sluice_bulk_ingest_get_failed (SluiceBulkIngest *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), 0);

  return self->failed;
}

/**
 * sluice_bulk_ingest_get_problem:
 * @self: a job
 *
 * Returns: (nullable): why it failed, in the org's words
 */
const char *
sluice_bulk_ingest_get_problem (SluiceBulkIngest *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), NULL);

  return self->problem;
}

/**
 * sluice_bulk_ingest_get_calls:
 * @self: a job
 *
 * Returns: how many calls were made for it
 */
guint64
sluice_bulk_ingest_get_calls (SluiceBulkIngest *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), 0);

  return self->calls;
}

static gboolean
take_reply (SluiceBulkIngest   *self,
            const SluiceReply  *reply,
            SluiceBulkReport   *report,
            GError            **error)
{
  if (!sluice_bulk_report_read (report, reply, error))
    return FALSE;

  self->state = report->state;
  self->processed = (guint64) MAX (report->processed, 0);
  self->failed = (guint64) MAX (report->failed, 0);
  g_set_str (&self->problem, report->problem);

  return TRUE;
}

static SluiceReply *
ask (SluiceBulkIngest     *self,
     const SluiceRequest  *request,
     GCancellable         *cancellable,
     GError              **error)
{
  g_autoptr(GError) cause = NULL;
  SluiceReply *reply;

  self->calls++;
  reply = sluice_waiting_send (self->client, request, cancellable, &cause);
  if (reply == NULL)
    g_propagate_error (error, sluice_bulk_error_new (cause));

  return reply;
}

static SluiceReply *
send (SluiceBulkIngest   *self,
      SluiceRequest      *request,
      guint64             records,
      guint64             repeated,
      GCancellable       *cancellable,
      GError            **error)
{
  const SluiceWrite write = {
    .permit = self->permit,
    .verb = sluice_write_permit_get_verb (self->permit),
    .object = sluice_write_permit_get_object (self->permit),
    .records = records,
    .repeated = repeated,
  };

  request->write = &write;
  request->priority = self->priority;

  return ask (self, request, cancellable, error);
}

static GBytes *
new_job_text (SluiceBulkIngest *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(JsonNode) node = NULL;
  char *text;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "object");
  json_builder_add_string_value (builder, sluice_write_permit_get_object (self->permit));
  json_builder_set_member_name (builder, "operation");
  json_builder_add_string_value (builder, sluice_write_verb_get_nick (sluice_write_permit_get_verb (self->permit)));
  if (self->key != NULL && sluice_write_permit_get_verb (self->permit) == SLUICE_WRITE_UPSERT)
    {
      json_builder_set_member_name (builder, "externalIdFieldName");
      json_builder_add_string_value (builder, self->key);
    }
  json_builder_set_member_name (builder, "contentType");
  json_builder_add_string_value (builder, "CSV");
  json_builder_set_member_name (builder, "columnDelimiter");
  json_builder_add_string_value (builder, "COMMA");
  json_builder_set_member_name (builder, "lineEnding");
  json_builder_add_string_value (builder, "LF");
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  text = json_to_string (node, FALSE);

  return g_bytes_new_take (text, strlen (text));
}

/**
 * sluice_bulk_ingest_create:
 * @self: a job
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError; when the answer was lost there may be a job without data in the org, which does nothing
 *
 * Makes the job in the org, in place of one that it was before. API:
 * `POST /jobs/ingest`.
 *
 * Returns: whether it waits for its data
 */
gboolean
sluice_bulk_ingest_create (SluiceBulkIngest  *self,
                           GCancellable      *cancellable,
                           GError           **error)
{
  g_autoptr(GBytes) body = NULL;
  g_autofree char *jobs = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  SluiceBulkReport report;
  const char *version;

  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);

  g_clear_pointer (&self->address, g_free);
  self->state = SLUICE_BULK_NONE;

  version = sluice_client_get_api_version (self->client);
  if (version == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The API version of the org is not known yet. Verify the connection first."));
      return FALSE;
    }

  jobs = g_strdup_printf (JOBS, version);
  body = new_job_text (self);
  reply = send (self, &(SluiceRequest) { .method = "POST", .path = jobs, .body = body, .summary = _("Create Bulk job") },
                0, 0, cancellable, error);
  if (reply == NULL || !take_reply (self, reply, &report, error))
    return FALSE;

  self->address = g_strconcat (jobs, "/", report.id, NULL);

  return TRUE;
}

/**
 * sluice_bulk_ingest_attach:
 * @self: a job
 * @address: from sluice_bulk_ingest_get_address()
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError
 *
 * Takes up a job that was made before. When the org does not know it any
 * more the state is %SLUICE_BULK_NONE; that is no error.
 *
 * Returns: whether the state is known
 */
gboolean
sluice_bulk_ingest_attach (SluiceBulkIngest  *self,
                           const char        *address,
                           GCancellable      *cancellable,
                           GError           **error)
{
  g_autoptr(GError) cause = NULL;

  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  g_set_str (&self->address, address);
  if (sluice_bulk_ingest_refresh (self, cancellable, &cause))
    return TRUE;

  if (sluice_error_get_http_status (cause) == 404)
    {
      self->state = SLUICE_BULK_NONE;
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}

/**
 * sluice_bulk_ingest_upload:
 * @self: an open job
 * @path: a CSV file with LF at the ends of its lines
 * @records: how many records it holds
 * @repeated: how many of them were sent in this run before
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError; when the answer was lost the org may have the data, and does nothing with it
 *
 * Sends the data, which can be done once. API: `PUT /jobs/ingest/ID/batches`.
 *
 * Returns: whether the org has it
 */
gboolean
sluice_bulk_ingest_upload (SluiceBulkIngest  *self,
                           const char        *path,
                           guint64            records,
                           guint64            repeated,
                           GCancellable      *cancellable,
                           GError           **error)
{
  g_autofree char *batches = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);
  g_return_val_if_fail (self->address != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  batches = g_strconcat (self->address, "/batches", NULL);
  reply = send (self,
                &(SluiceRequest) {
                  .method = "PUT",
                  .path = batches,
                  .body_path = path,
                  .content_type = "text/csv; charset=UTF-8",
                  .summary = _("Upload records"),
                },
                records, repeated, cancellable, error);

  return reply != NULL;
}

static gboolean
change_state (SluiceBulkIngest  *self,
              const char        *text,
              const char        *summary,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autofree char *json = g_strdup_printf ("{\"state\":\"%s\"}", text);
  g_autoptr(GBytes) body = g_bytes_new (json, strlen (json));
  g_autoptr(SluiceReply) reply = NULL;
  SluiceBulkReport report;

  reply = send (self, &(SluiceRequest) { .method = "PATCH", .path = self->address, .body = body, .summary = summary },
                0, 0, cancellable, error);

  return reply != NULL && take_reply (self, reply, &report, error);
}

/**
 * sluice_bulk_ingest_close:
 * @self: an open job that has its data
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError; when the answer was lost, sluice_bulk_ingest_refresh() tells whether it is closed
 *
 * Says that the data is complete: from now on the org writes. API:
 * `PATCH /jobs/ingest/ID`.
 *
 * Returns: whether the org begins
 */
gboolean
sluice_bulk_ingest_close (SluiceBulkIngest  *self,
                          GCancellable      *cancellable,
                          GError           **error)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);
  g_return_val_if_fail (self->address != NULL, FALSE);

  return change_state (self, "UploadComplete", _("Start Bulk job"), cancellable, error);
}

/**
 * sluice_bulk_ingest_abort:
 * @self: a job that is not over
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError
 *
 * Stops the job. What it has written stays written.
 *
 * Returns: whether it does nothing more
 */
gboolean
sluice_bulk_ingest_abort (SluiceBulkIngest  *self,
                          GCancellable      *cancellable,
                          GError           **error)
{
  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);
  g_return_val_if_fail (self->address != NULL, FALSE);

  return change_state (self, "Aborted", _("Abort Bulk job"), cancellable, error);
}

/**
 * sluice_bulk_ingest_refresh:
 * @self: a job
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError
 *
 * Looks how far it is. API: `GET /jobs/ingest/ID`.
 *
 * Returns: whether that is known
 */
gboolean
sluice_bulk_ingest_refresh (SluiceBulkIngest  *self,
                            GCancellable      *cancellable,
                            GError           **error)
{
  g_autoptr(SluiceReply) reply = NULL;
  SluiceBulkReport report;
  SluiceRequest request;

  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);
  g_return_val_if_fail (self->address != NULL, FALSE);

  request = (SluiceRequest) {
    .method = "GET",
    .path = self->address,
    .summary = _("Look at Bulk job"),
    .priority = self->priority,
  };
  reply = ask (self, &request, cancellable, error);

  return reply != NULL && take_reply (self, reply, &report, error);
}

/**
 * sluice_bulk_ingest_delete:
 * @self: a job that is over
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError
 *
 * Removes the job and its results from the org. API: `DELETE /jobs/ingest/ID`.
 *
 * Returns: whether it is gone
 */
gboolean
sluice_bulk_ingest_delete (SluiceBulkIngest  *self,
                           GCancellable      *cancellable,
                           GError           **error)
{
  g_autoptr(SluiceReply) reply = NULL;

  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);
  g_return_val_if_fail (self->address != NULL, FALSE);

  reply = send (self, &(SluiceRequest) { .method = "DELETE", .path = self->address, .summary = _("Remove Bulk job") },
                0, 0, cancellable, error);

  return reply != NULL;
}

/**
 * sluice_bulk_ingest_download:
 * @self: a job that is over
 * @which: what became of the rows
 * @path: a file, which is made or written over
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError
 *
 * Fetches rows of the job. API: `GET /jobs/ingest/ID/successfulResults/` and
 * its siblings.
 *
 * Returns: whether all of them are in the file
 */
gboolean
sluice_bulk_ingest_download (SluiceBulkIngest     *self,
                             SluiceIngestResults   which,
                             const char           *path,
                             GCancellable         *cancellable,
                             GError              **error)
{
  static const char * const names[] = { "successfulResults/", "failedResults/", "unprocessedrecords/" };
  static const char * const headers[] = { "Accept", "text/csv", NULL };
  g_autofree char *address = NULL;
  SluiceRequest request;

  g_return_val_if_fail (SLUICE_IS_BULK_INGEST (self), FALSE);
  g_return_val_if_fail (self->address != NULL, FALSE);
  g_return_val_if_fail (which < G_N_ELEMENTS (names), FALSE);

  address = g_strconcat (self->address, "/", names[which], NULL);
  request = (SluiceRequest) {
    .method = "GET",
    .path = address,
    .headers = headers,
    .summary = _("Fetch results of Bulk job"),
    .priority = self->priority,
  };
  self->calls++;

  return sluice_waiting_download (self->client, &request, path, cancellable, error);
}
