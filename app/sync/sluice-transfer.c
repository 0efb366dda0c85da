/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-transfer.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-bulk-query.h"
#include "sluice-error.h"
#include "sluice-fetcher.h"
#include "sluice-query-shape.h"
#include "sluice-record-reader.h"
#include "sluice-transfer-engine.h"

/* How often the numbers are told */
#define TELL_INTERVAL 100

/* A page of REST is asked for while the one before it is on its way; the server keeps one cursor. */
#define REST_LANES 2
#define REST_PAGES 4

/* Result pages of a Bulk job are read side by side, so that the wait for one is not felt. */
#define BULK_LANES 4

/* A wait that is longer than a call for the addresses of the pages to come, in µs. */
#define BULK_LIST_AFTER (G_USEC_PER_SEC / 5)

struct _SluiceTransfer
{
  GObject parent_instance;

  /* Inputs */
  SluiceConnection *connection;
  char *soql;
  gboolean all_rows;
  SluiceTransport wanted;
  SluicePriority priority;
  SluiceSink *sink;

  /* In progress */
  SluiceTransferEngine *engine;   /* (nullable) */
  GPtrArray *fetchers;            /* (nullable) (element-type SluiceFetcher): one for each lane, and one more */
  SluiceBulkQuery *bulk;          /* (nullable) */
  GCancellable *job_cancellable;  /* (nullable): of what is pending */
  gulong cancelled_id;
  gulong job_state_id;
  gboolean noted;                 /* whether the job's id is on its way into the sink */
  guint n_pending;
  GError *first_error;            /* (nullable): of what is pending */
  SluicePageSource source;
  char *summary;
  guint64 max_total;
  guint tell_id;
  gint64 started_at;              /* monotonic µs */
  gint64 running_at;              /* monotonic µs, 0 before */
  guint64 rows_before;            /* of an interrupted run */

  /* Results */
  SluiceTransferState state;
  SluiceTransport transport;
  char *transport_reason;         /* (nullable) */
  SluiceTransferCounts counts;
  gint64 elapsed;
  gboolean resumable;
  gint64 missing;
};

G_DEFINE_ENUM_TYPE (SluiceTransferState, sluice_transfer_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSFER_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSFER_PREPARING, "preparing"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSFER_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSFER_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSFER_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSFER_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (SluiceTransfer, sluice_transfer, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_TRANSPORT,
  PROP_TRANSPORT_REASON,
  PROP_ROWS,
  PROP_TOTAL,
  PROP_BYTES,
  PROP_CALLS,
  PROP_ELAPSED,
  PROP_RATE,
  PROP_REMAINING,
  PROP_RESUMABLE,
  PROP_MISSING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void begin_bulk (SluiceTransfer *self,
                        GTask          *task);

static void
notify (SluiceTransfer *self,
        guint           property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_state (SluiceTransfer      *self,
           SluiceTransferState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  notify (self, PROP_STATE);
}

static void
set_transport (SluiceTransfer  *self,
               SluiceTransport  transport,
               const char      *reason)
{
  self->transport = transport;
  notify (self, PROP_TRANSPORT);
  if (g_set_str (&self->transport_reason, reason))
    notify (self, PROP_TRANSPORT_REASON);
}

/* Where only the number of records decides, the first page of REST tells it, and is all there is to small queries:
 * nothing is asked for that alone. */
static void
choose (SluiceTransfer *self)
{
  gint64 total = sluice_transfer_engine_get_point (self->engine)->total;
  g_autofree char *reason = NULL;
  SluiceTransport transport;
  gboolean depends;

  transport = sluice_transport_choose (self->wanted, self->soql, total, &depends, &reason);
  self->max_total = depends && transport == SLUICE_TRANSPORT_REST ? SLUICE_TRANSPORT_BULK_ROWS : G_MAXUINT64;
  set_transport (self, transport, reason);
}

/* Numbers */

static void
take_counts (SluiceTransfer *self)
{
  SluiceTransferCounts counts = self->counts;

  if (self->engine != NULL)
    sluice_transfer_engine_get_counts (self->engine, &counts);
  if (self->engine != NULL && self->bulk != NULL)
    counts.calls += sluice_bulk_job_get_calls (sluice_bulk_query_get_job (self->bulk));

  g_object_freeze_notify (G_OBJECT (self));
  if (counts.rows != self->counts.rows)
    notify (self, PROP_ROWS);
  if (counts.total != self->counts.total)
    notify (self, PROP_TOTAL);
  if (counts.bytes != self->counts.bytes)
    notify (self, PROP_BYTES);
  if (counts.calls != self->counts.calls)
    notify (self, PROP_CALLS);
  self->counts = counts;
  self->elapsed = g_get_monotonic_time () - self->started_at;
  notify (self, PROP_ELAPSED);
  notify (self, PROP_RATE);
  notify (self, PROP_REMAINING);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
tell_cb (gpointer user_data)
{
  take_counts (user_data);

  return G_SOURCE_CONTINUE;
}

/* The end */

static void
end (GTask  *task,
     GError *error) /* (transfer full) (nullable) */
{
  SluiceTransfer *self = g_task_get_source_object (task);
  SluiceTransferPoint *point = self->engine != NULL ? sluice_transfer_engine_get_point (self->engine) : NULL;

  g_clear_handle_id (&self->tell_id, g_source_remove);
  take_counts (self);
  g_clear_pointer (&self->fetchers, g_ptr_array_unref);

  g_object_freeze_notify (G_OBJECT (self));
  if (error == NULL)
    {
      self->missing = point->total >= 0 ? point->total - (gint64) point->rows : 0;
      if (self->missing != 0)
        notify (self, PROP_MISSING);
      set_state (self, SLUICE_TRANSFER_DONE);
    }
  else
    {
      self->resumable = self->engine != NULL && sluice_transfer_engine_get_kept (self->engine);
      if (self->resumable)
        notify (self, PROP_RESUMABLE);
      set_state (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                       ? SLUICE_TRANSFER_STOPPED
                       : SLUICE_TRANSFER_FAILED);
    }
  g_object_thaw_notify (G_OBJECT (self));
  g_clear_pointer (&self->engine, sluice_transfer_engine_free);

  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* An expired cursor says no more than that. */
static void
explain (GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (g_strcmp0 (sluice_error_get_server_code (*error), "INVALID_QUERY_LOCATOR") != 0)
    return;

  cause = g_steal_pointer (error);
  *error = sluice_error_new_server (SLUICE_ERROR_REJECTED, sluice_error_get_server_code (cause),
                                    sluice_error_get_server_text (cause), sluice_error_get_http_status (cause),
                                    sluice_error_get_request_id (cause),
                                    _("The org has forgotten this query: it keeps the place for two days. Start again "
                                      "without resuming."));
}

/* Reading */

static void
engine_in_thread (GTask        *running,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  SluiceTransfer *self = task_data;
  GError *error = NULL;

  if (sluice_transfer_engine_run (self->engine, &self->source, self->max_total, cancellable, &error))
    g_task_return_boolean (running, TRUE);
  else
    g_task_return_error (running, error);
}

typedef struct
{
  GTask *task;
  GError *error; /* (nullable) */
} Ending;

static void
discarded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree Ending *ending = user_data;
  g_autoptr(GTask) task = ending->task;
  g_autoptr(GError) error = NULL;

  /* The org deletes it by itself after seven days. */
  if (!sluice_bulk_job_discard_finish (SLUICE_BULK_JOB (object), result, &error))
    g_debug ("A Bulk job was left behind: %s", error->message);

  end (task, ending->error);
}

/* A job that nobody will come back for is deleted. */
static void
end_with_job (SluiceTransfer *self,
              GTask          *task,  /* (transfer full) */
              GError         *error) /* (transfer full) (nullable) */
{
  gboolean is_wanted = error != NULL && sluice_transfer_engine_get_kept (self->engine);
  g_autoptr(GTask) owned = task;
  Ending *ending;

  if (self->bulk == NULL || is_wanted || g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE))
    {
      end (owned, error);
      return;
    }

  ending = g_new (Ending, 1);
  ending->task = g_steal_pointer (&owned);
  ending->error = error;
  sluice_bulk_job_discard_async (sluice_bulk_query_get_job (self->bulk), NULL, discarded_cb, ending);
}

static void
engine_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceTransfer *self = g_task_get_source_object (task);
  GError *error = NULL;

  g_clear_pointer (&self->fetchers, g_ptr_array_unref);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    explain (&error);

  if (error == NULL && sluice_transfer_engine_get_too_many (self->engine))
    {
      choose (self);
      begin_bulk (self, g_steal_pointer (&task));
      return;
    }

  end_with_job (self, g_steal_pointer (&task), error);
}

/* Takes over the reference to @task. */
static void
run_engine (SluiceTransfer *self,
            GTask          *task)
{
  SluiceClient *client = sluice_connection_get_client (self->connection);
  g_autoptr(GTask) running = NULL;

  self->fetchers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i <= self->source.n_lanes; i++)
    g_ptr_array_add (self->fetchers, sluice_client_new_fetcher (client, self->priority));

  self->running_at = g_get_monotonic_time ();
  set_state (self, SLUICE_TRANSFER_RUNNING);

  /* Without the transfer as its source: the thread may let go of it later than the main loop. */
  running = g_task_new (NULL, g_task_get_cancellable (task), engine_cb, task);
  g_task_set_source_tag (running, engine_in_thread);
  g_task_set_task_data (running, self, NULL);
  /* What was received when somebody stops is kept before the task ends. */
  g_task_set_check_cancellable (running, FALSE);
  g_task_run_in_thread (running, engine_in_thread);
}

/* REST */

static GInputStream *
open_rest_page (guint          lane,
                const char    *address,
                GCancellable  *cancellable,
                char         **next,
                gint64        *n_rows,
                gpointer       user_data,
                GError       **error)
{
  SluiceTransfer *self = user_data;
  /* The most it gives; it may give fewer. */
  static const char * const headers[] = { "Sforce-Query-Options", "batchSize=2000", NULL };
  SluiceRequest request = {
    .method = "GET",
    .path = address,
    .summary = self->summary,
    .headers = headers,
    .priority = self->priority,
    .raw = TRUE,
  };
  g_autoptr(SluiceReply) reply = NULL;

  return sluice_fetcher_open (g_ptr_array_index (self->fetchers, lane), &request, cancellable, &reply, error);
}

static gboolean
set_first_address (SluiceTransfer       *self,
                   SluiceTransferPoint  *point,
                   GError              **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->soql, NULL, FALSE);

  if (strlen (escaped) > SLUICE_TRANSPORT_MAX_ADDRESS)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("This query is too long for the REST API, which takes 16,384 bytes as part of an address. "
                             "Ask for fewer fields, or shorten its list of values."));
      return FALSE;
    }

  g_free (point->address);
  point->address = g_strconcat (self->all_rows ? "queryAll?q=" : "query?q=", escaped, NULL);

  return TRUE;
}

static void
run_rest (SluiceTransfer *self,
          GTask          *task) /* (transfer full) */
{
  self->source = (SluicePageSource) {
    .open = open_rest_page,
    .find_next = sluice_record_reader_find_next,
    .user_data = self,
    .n_lanes = REST_LANES,
    .max_pages = REST_PAGES,
    .padding = SLUICE_RECORD_READER_PADDING,
  };
  run_engine (self, task);
}

static void
begin_rest (SluiceTransfer *self,
            GTask          *task) /* (transfer full) */
{
  SluiceTransferPoint *point = sluice_transfer_engine_get_point (self->engine);
  g_autoptr(GTask) owned = task;
  GError *error = NULL;

  point->transport = SLUICE_TRANSPORT_REST;
  if (!set_first_address (self, point, &error))
    end (owned, error);
  else
    run_rest (self, g_steal_pointer (&owned));
}

/* Bulk */

static GInputStream *
open_bulk_page (guint          lane,
                const char    *address,
                GCancellable  *cancellable,
                char         **next,
                gint64        *n_rows,
                gpointer       user_data,
                GError       **error)
{
  SluiceTransfer *self = user_data;

  return sluice_bulk_query_open_page (g_ptr_array_index (self->fetchers, lane), address, cancellable, next, n_rows,
                                      error);
}

static char **
list_bulk_pages (guint          lane,
                 const char    *address,
                 GCancellable  *cancellable,
                 gpointer       user_data,
                 GError       **error)
{
  SluiceTransfer *self = user_data;

  return sluice_bulk_query_list_from (g_ptr_array_index (self->fetchers, lane), address, cancellable, error);
}

static void
run_bulk (SluiceTransfer *self,
          GTask          *task) /* (transfer full) */
{
  SluiceThrottle *throttle = sluice_connection_get_throttle (self->connection);
  SluiceTransferPoint *point = sluice_transfer_engine_get_point (self->engine);
  guint limit = sluice_throttle_get_concurrent_limit (throttle);
  guint n_lanes = limit > 0 ? MIN (limit, BULK_LANES) : BULK_LANES;

  self->source = (SluicePageSource) {
    .open = open_bulk_page,
    .list = list_bulk_pages,
    .list_after = BULK_LIST_AFTER,
    .n_rows = point->total < 0 ? -1 : point->total - (gint64) (point->rows - point->page_rows),
    .user_data = self,
    .n_lanes = n_lanes,
    .max_pages = n_lanes,
  };
  run_engine (self, task);
}

static void
job_is_complete (SluiceTransfer *self,
                 GTask          *task) /* (transfer full) */
{
  SluiceTransferPoint *point = sluice_transfer_engine_get_point (self->engine);
  gint64 total = sluice_bulk_job_get_processed (sluice_bulk_query_get_job (self->bulk));

  sluice_transfer_engine_set_total (self->engine, total);
  /* A page that was begun is asked for as it was. */
  if (point->rows == 0)
    {
      g_free (point->address);
      point->address = sluice_bulk_query_dup_first_page (self->bulk, sluice_transport_page_size (total));
    }
  run_bulk (self, task);
}

static gboolean
is_gone (const GError *error)
{
  return sluice_error_get_http_status (error) == 404;
}

/* What the Bulk API does not take, the REST API may. */
static gboolean
is_refused (const GError *error)
{
  return g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED) ||
         g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_INVALID) ||
         g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
}

static void
fall_back_to_rest (SluiceTransfer *self,
                   GTask          *task,         /* (transfer full) */
                   const GError   *bulk_error)
{
  SluiceTransferPoint *point = sluice_transfer_engine_get_point (self->engine);
  g_autofree char *reason = NULL;

  /* Translators: why not, a whole sentence */
  reason = g_strdup_printf (_("REST, because the Bulk API does not do it. %s"), bulk_error->message);
  set_transport (self, SLUICE_TRANSPORT_REST, reason);
  g_clear_object (&self->bulk);
  g_clear_pointer (&point->job, g_free);
  self->max_total = G_MAXUINT64;
  begin_rest (self, task);
}

static void
job_failed (SluiceTransfer *self,
            GTask          *task,  /* (transfer full) */
            GError         *error) /* (transfer full) */
{
  SluiceTransferPoint *point = sluice_transfer_engine_get_point (self->engine);
  g_autoptr(GTask) owned = task;

  if (is_gone (error) && point->rows == 0 && !self->noted)
    {
      /* An interrupted run has left a job of which nothing was read. */
      g_error_free (error);
      begin_bulk (self, g_steal_pointer (&owned));
    }
  else if (self->wanted == SLUICE_TRANSPORT_AUTOMATIC && point->rows == 0 && is_refused (error))
    {
      fall_back_to_rest (self, g_steal_pointer (&owned), error);
      g_error_free (error);
    }
  else
    {
      sluice_sink_abandon (self->sink);
      end (owned, error);
    }
}

static void
pending_ended (SluiceTransfer *self,
               GTask          *task,  /* (transfer full) */
               GError         *error) /* (transfer full) (nullable) */
{
  GError *first_error;

  if (error != NULL && self->first_error == NULL)
    {
      self->first_error = error;
      g_cancellable_cancel (self->job_cancellable);
    }
  else
    g_clear_error (&error);

  if (--self->n_pending > 0)
    {
      g_object_unref (task);
      return;
    }

  g_clear_signal_handler (&self->job_state_id, sluice_bulk_query_get_job (self->bulk));
  if (self->cancelled_id != 0)
    g_cancellable_disconnect (g_task_get_cancellable (task), self->cancelled_id);
  self->cancelled_id = 0;
  g_clear_object (&self->job_cancellable);

  first_error = g_steal_pointer (&self->first_error);
  if (first_error == NULL)
    job_is_complete (self, task);
  else
    job_failed (self, task, first_error);
}

static void
note_in_thread (GTask        *noting,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  SluiceTransfer *self = task_data;
  GError *error = NULL;

  if (sluice_transfer_engine_note (self->engine, &error))
    g_task_return_boolean (noting, TRUE);
  else
    g_task_return_error (noting, error);
}

static void
noted_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  pending_ended (g_task_get_source_object (task), task, error);
}

/* As soon as there is a job, a run that is killed can come back to it. */
static void
job_state_cb (SluiceBulkJob *job,
              GParamSpec    *pspec,
              GTask         *task)
{
  SluiceTransfer *self = g_task_get_source_object (task);
  SluiceTransferPoint *point = sluice_transfer_engine_get_point (self->engine);
  g_autoptr(GTask) noting = NULL;

  if (self->noted || point->job != NULL || sluice_bulk_job_get_id (job) == NULL)
    return;

  self->noted = TRUE;
  point->job = g_strdup (sluice_bulk_job_get_id (job));
  g_set_str (&point->api_version, sluice_bulk_job_get_api_version (job));
  g_free (point->address);
  point->address = sluice_bulk_query_dup_first_page (self->bulk, SLUICE_BULK_QUERY_PAGE);

  self->n_pending++;
  noting = g_task_new (NULL, NULL, noted_cb, g_object_ref (task));
  g_task_set_source_tag (noting, note_in_thread);
  g_task_set_task_data (noting, self, NULL);
  g_task_run_in_thread (noting, note_in_thread);
}

static void
job_ran_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  sluice_bulk_query_run_finish (SLUICE_BULK_QUERY (object), result, &error);
  pending_ended (g_task_get_source_object (task), task, error);
}

static void
cancel_job_cb (GCancellable *outer,
               GCancellable *job_cancellable)
{
  g_cancellable_cancel (job_cancellable);
}

/* Waits for the job that #SluiceTransfer.bulk has or makes. */
static void
run_job (SluiceTransfer *self,
         GTask          *task) /* (transfer full) */
{
  GCancellable *outer = g_task_get_cancellable (task);

  set_state (self, SLUICE_TRANSFER_PREPARING);
  self->job_cancellable = g_cancellable_new ();
  if (outer != NULL)
    self->cancelled_id = g_cancellable_connect (outer, G_CALLBACK (cancel_job_cb),
                                                g_object_ref (self->job_cancellable), g_object_unref);
  self->job_state_id = g_signal_connect (sluice_bulk_query_get_job (self->bulk), "notify::state",
                                         G_CALLBACK (job_state_cb), task);
  self->n_pending = 1;
  sluice_bulk_query_run_async (self->bulk, self->job_cancellable, job_ran_cb, task);
}

static void
begin_bulk (SluiceTransfer *self,
            GTask          *task) /* (transfer full) */
{
  SluiceTransferPoint *point = sluice_transfer_engine_get_point (self->engine);

  point->transport = SLUICE_TRANSPORT_BULK;
  g_clear_pointer (&point->job, g_free);
  g_clear_object (&self->bulk);
  self->bulk = sluice_bulk_query_new (sluice_connection_get_client (self->connection), self->soql, self->all_rows,
                                      self->priority);
  run_job (self, task);
}

/* Beginning */

static SluiceTransferPoint *
make_point (SluiceTransfer *self)
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (self->connection);
  SluiceTransferPoint *point = sluice_transfer_point_new ();

  point->org_id = g_strdup (sluice_subscription_get_org_id (subscription));
  point->soql = g_strdup (self->soql);
  point->all_rows = self->all_rows;
  point->api_version = g_strdup (sluice_client_get_api_version (sluice_connection_get_client (self->connection)));

  return point;
}

static void
begin (SluiceTransfer *self,
       GTask          *task) /* (transfer full) */
{
  self->engine = sluice_transfer_engine_new (self->sink, make_point (self));
  choose (self);
  if (self->transport == SLUICE_TRANSPORT_BULK)
    begin_bulk (self, task);
  else
    begin_rest (self, task);
}

static void
take_up_bulk (SluiceTransfer      *self,
              SluiceTransferPoint *point,
              GTask               *task) /* (transfer full) */
{
  g_autoptr(GTask) owned = task;

  self->bulk = sluice_bulk_query_new_for_job (sluice_connection_get_client (self->connection), point->job,
                                              point->api_version, self->priority);
  if (self->bulk == NULL)
    {
      sluice_sink_abandon (self->sink);
      end (owned, g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_INVALID,
                                       _("What the interrupted run has left cannot be understood. Start again without "
                                         "resuming.")));
    }
  else if (point->address == NULL)
    run_bulk (self, g_steal_pointer (&owned));
  else
    run_job (self, g_steal_pointer (&owned));
}

static void
take_up (SluiceTransfer      *self,
         SluiceTransferPoint *point, /* (transfer full) */
         GTask               *task)  /* (transfer full) */
{
  self->rows_before = point->rows;
  set_transport (self, point->transport, _("The interrupted run is taken up again."));
  self->engine = sluice_transfer_engine_new (self->sink, point);
  take_counts (self);
  if (point->transport == SLUICE_TRANSPORT_BULK)
    take_up_bulk (self, point, task);
  else
    run_rest (self, task);
}

static void
restore_in_thread (GTask        *restoring,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  SluiceTransfer *self = task_data;
  GError *error = NULL;
  char *text = NULL;

  if (sluice_sink_restore (self->sink, &text, &error))
    {
      g_task_return_pointer (restoring, text, g_free);
      return;
    }

  sluice_sink_abandon (self->sink);
  g_task_return_error (restoring, error);
}

static SluiceTransferPoint *
read_point (SluiceTransfer  *self,
            const char      *text,
            GError         **error)
{
  const char *org_id = sluice_subscription_get_org_id (sluice_connection_get_subscription (self->connection));
  g_autoptr(SluiceTransferPoint) point = sluice_transfer_point_from_text (text, error);

  if (point == NULL || !sluice_transfer_point_fits (point, org_id, self->soql, self->all_rows, error))
    return NULL;

  return g_steal_pointer (&point);
}

static void
restored_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceTransfer *self = g_task_get_source_object (task);
  SluiceTransferPoint *point = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;

  text = g_task_propagate_pointer (G_TASK (result), &error);
  if (text != NULL)
    {
      point = read_point (self, text, &error);
      /* Let go of what belongs to another run. */
      if (point == NULL)
        sluice_sink_abandon (self->sink);
    }

  if (error != NULL)
    end (task, error);
  else if (point != NULL)
    take_up (self, point, g_steal_pointer (&task));
  else
    begin (self, g_steal_pointer (&task));
}

static void
restore (SluiceTransfer *self,
         GTask          *task) /* (transfer full) */
{
  g_autoptr(GTask) restoring = g_task_new (NULL, NULL, restored_cb, task);

  g_task_set_source_tag (restoring, restore_in_thread);
  g_task_set_task_data (restoring, self, NULL);
  g_task_run_in_thread (restoring, restore_in_thread);
}

/* The object */

static void
sluice_transfer_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  SluiceTransfer *self = SLUICE_TRANSFER (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_TRANSPORT:
      g_value_set_enum (value, self->transport);
      break;
    case PROP_TRANSPORT_REASON:
      g_value_set_string (value, self->transport_reason);
      break;
    case PROP_ROWS:
      g_value_set_uint64 (value, self->counts.rows);
      break;
    case PROP_TOTAL:
      g_value_set_int64 (value, self->counts.total);
      break;
    case PROP_BYTES:
      g_value_set_uint64 (value, self->counts.bytes);
      break;
    case PROP_CALLS:
      g_value_set_uint64 (value, self->counts.calls);
      break;
    case PROP_ELAPSED:
      g_value_set_int64 (value, self->elapsed);
      break;
    case PROP_RATE:
      g_value_set_double (value, sluice_transfer_get_rate (self));
      break;
    case PROP_REMAINING:
      g_value_set_int64 (value, sluice_transfer_get_remaining (self));
      break;
    case PROP_RESUMABLE:
      g_value_set_boolean (value, self->resumable);
      break;
    case PROP_MISSING:
      g_value_set_int64 (value, self->missing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_transfer_dispose (GObject *object)
{
  SluiceTransfer *self = SLUICE_TRANSFER (object);

  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_clear_object (&self->bulk);
  g_clear_object (&self->connection);
  g_clear_object (&self->sink);

  G_OBJECT_CLASS (sluice_transfer_parent_class)->dispose (object);
}

static void
sluice_transfer_finalize (GObject *object)
{
  SluiceTransfer *self = SLUICE_TRANSFER (object);

  g_free (self->soql);
  g_free (self->summary);
  g_free (self->transport_reason);

  G_OBJECT_CLASS (sluice_transfer_parent_class)->finalize (object);
}

static void
sluice_transfer_class_init (SluiceTransferClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_transfer_get_property;
  object_class->dispose = sluice_transfer_dispose;
  object_class->finalize = sluice_transfer_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_TRANSFER_STATE, SLUICE_TRANSFER_WAITING, flags);
  properties[PROP_TRANSPORT] =
    g_param_spec_enum ("transport", NULL, NULL, SLUICE_TYPE_TRANSPORT, SLUICE_TRANSPORT_AUTOMATIC, flags);
  properties[PROP_TRANSPORT_REASON] = g_param_spec_string ("transport-reason", NULL, NULL, NULL, flags);
  properties[PROP_ROWS] = g_param_spec_uint64 ("rows", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_int64 ("total", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_BYTES] = g_param_spec_uint64 ("bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_CALLS] = g_param_spec_uint64 ("calls", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_ELAPSED] = g_param_spec_int64 ("elapsed", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_REMAINING] = g_param_spec_int64 ("remaining", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_RESUMABLE] = g_param_spec_boolean ("resumable", NULL, NULL, FALSE, flags);
  properties[PROP_MISSING] = g_param_spec_int64 ("missing", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_transfer_init (SluiceTransfer *self)
{
  self->counts.total = -1;
}

/**
 * sluice_transfer_new:
 * @connection: a connection
 * @soql: the query
 * @all_rows: whether deleted and archived records are wanted too
 * @transport: how to read; %SLUICE_TRANSPORT_AUTOMATIC chooses what costs less
 * @priority: who goes first
 * @sink: where records go; it serves this transfer only
 *
 * Returns: (transfer full): a transfer that has not begun
 */
SluiceTransfer *
sluice_transfer_new (SluiceConnection *connection,
                     const char       *soql,
                     gboolean          all_rows,
                     SluiceTransport   transport,
                     SluicePriority    priority,
                     SluiceSink       *sink)
{
  g_autoptr(SluiceQueryShape) shape = NULL;
  SluiceTransfer *self;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (soql != NULL, NULL);
  g_return_val_if_fail (SLUICE_IS_SINK (sink), NULL);

  self = g_object_new (SLUICE_TYPE_TRANSFER, NULL);
  self->connection = g_object_ref (connection);
  self->soql = g_strdup (soql);
  self->all_rows = all_rows;
  self->wanted = transport;
  self->transport = transport;
  self->priority = priority;
  self->sink = g_object_ref (sink);
  shape = sluice_query_shape_new (soql);
  self->max_total = G_MAXUINT64;
  self->summary = shape->object != NULL
                  /* Translators: the name of an object of the org, such as Account */
                  ? g_strdup_printf (_("Query %s"), shape->object)
                  : g_strdup (_("Query"));

  return self;
}

/**
 * sluice_transfer_run_async:
 * @self: a transfer that has not begun
 * @resume: whether to take up what an interrupted run has left in the sink; where there is nothing, it begins
 * @cancellable: (nullable): stops it; what has come is kept where the sink can
 * @callback: called when it has ended
 * @user_data: data for @callback
 *
 * Reads all records.
 */
void
sluice_transfer_run_async (SluiceTransfer      *self,
                           gboolean             resume,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (SLUICE_IS_TRANSFER (self));
  g_return_if_fail (self->state == SLUICE_TRANSFER_WAITING);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_transfer_run_async);
  g_task_set_check_cancellable (task, FALSE);

  self->started_at = g_get_monotonic_time ();
  if (g_cancellable_set_error_if_cancelled (cancellable, &error) ||
      !sluice_connection_check_usable (self->connection, &error))
    {
      end (task, error);
      return;
    }

  set_state (self, SLUICE_TRANSFER_PREPARING);
  self->tell_id = g_timeout_add (TELL_INTERVAL, tell_cb, self);
  if (resume && sluice_sink_get_is_durable (self->sink))
    restore (self, g_steal_pointer (&task));
  else
    begin (self, g_steal_pointer (&task));
}

/**
 * sluice_transfer_run_finish:
 * @self: a transfer
 * @result: what the callback got
 * @error: why not all records are in the sink
 *
 * Returns: whether the sink is complete; `missing` tells whether that is what the org had announced
 */
gboolean
sluice_transfer_run_finish (SluiceTransfer  *self,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_transfer_get_state:
 * @self: a transfer
 *
 * Returns: where it is
 */
SluiceTransferState
sluice_transfer_get_state (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), SLUICE_TRANSFER_WAITING);

  return self->state;
}

/**
 * sluice_transfer_get_transport:
 * @self: a transfer
 *
 * Returns: how it reads, %SLUICE_TRANSPORT_AUTOMATIC until that is chosen
 */
SluiceTransport
sluice_transfer_get_transport (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), SLUICE_TRANSPORT_AUTOMATIC);

  return self->transport;
}

/**
 * sluice_transfer_get_transport_reason:
 * @self: a transfer
 *
 * Returns: (nullable): why it reads so, for the user
 */
const char *
sluice_transfer_get_transport_reason (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), NULL);

  return self->transport_reason;
}

/**
 * sluice_transfer_get_rows:
 * @self: a transfer
 *
 * Returns: how many records are in the sink
 */
guint64
sluice_transfer_get_rows (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), 0);

  return self->counts.rows;
}

/**
 * sluice_transfer_get_total:
 * @self: a transfer
 *
 * Returns: how many records there will be, -1 when not known
 */
gint64
sluice_transfer_get_total (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), -1);

  return self->counts.total;
}

/**
 * sluice_transfer_get_bytes:
 * @self: a transfer
 *
 * Returns: how many bytes were received, inflated
 */
guint64
sluice_transfer_get_bytes (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), 0);

  return self->counts.bytes;
}

/**
 * sluice_transfer_get_calls:
 * @self: a transfer
 *
 * Returns: how often the org was asked
 */
guint64
sluice_transfer_get_calls (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), 0);

  return self->counts.calls;
}

/**
 * sluice_transfer_get_elapsed:
 * @self: a transfer
 *
 * Returns: for how long it has run, in µs
 */
gint64
sluice_transfer_get_elapsed (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), 0);

  return self->elapsed;
}

/**
 * sluice_transfer_get_rate:
 * @self: a transfer
 *
 * Returns: how many records come in a second, 0 before the first
 */
double
sluice_transfer_get_rate (SluiceTransfer *self)
{
  gint64 running;

  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), 0);

  running = self->running_at != 0 ? self->started_at + self->elapsed - self->running_at : 0;
  if (running <= 0)
    return 0;

  return (double) (self->counts.rows - self->rows_before) * G_USEC_PER_SEC / (double) running;
}

/**
 * sluice_transfer_get_remaining:
 * @self: a transfer
 *
 * Returns: how many seconds it will take, -1 when not known
 */
gint64
sluice_transfer_get_remaining (SluiceTransfer *self)
{
  double rate;

  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), -1);

  rate = sluice_transfer_get_rate (self);
  if (rate <= 0 || self->counts.total < (gint64) self->counts.rows)
    return -1;

  return (gint64) ((double) (self->counts.total - (gint64) self->counts.rows) / rate);
}

/**
 * sluice_transfer_get_resumable:
 * @self: a transfer
 *
 * Returns: whether what was interrupted can be taken up again
 */
gboolean
sluice_transfer_get_resumable (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), FALSE);

  return self->resumable;
}

/**
 * sluice_transfer_get_missing:
 * @self: a transfer
 *
 * Returns: how many records fewer came than the org had announced, 0 unless it is done
 */
gint64
sluice_transfer_get_missing (SluiceTransfer *self)
{
  g_return_val_if_fail (SLUICE_IS_TRANSFER (self), 0);

  return self->missing;
}
