/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-bulk"

#include "sluice-bulk-job.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-bulk-error.h"
#include "sluice-delay.h"
#include "sluice-error.h"

/* What is small is done at once; what is not is asked about less and less often (wire reference 3.2). */
#define FIRST_WAIT 0
#define SECOND_WAIT G_USEC_PER_SEC
#define WAIT_GROWTH 1.5
#define LONGEST_WAIT (30 * G_USEC_PER_SEC)
/* The job goes on without us, so the network may be away for some minutes. */
#define MAX_LOST 10

struct _SluiceBulkJob
{
  GObject parent_instance;

  SluiceClient *client;
  char *kind;
  SluicePriority priority;

  char *id;             /* (nullable): until it is made */
  char *api_version;    /* (nullable): of its making; another one is refused its results */
  SluiceBulkState state;
  gint64 processed;
  gint64 failed;
  char *problem;        /* (nullable): why it failed */
  guint calls;

  gboolean creating;
  gboolean unwanted;    /* to be ended, whether anybody still waits for that or not */
  gboolean discarding;
  GPtrArray *discards;  /* (element-type GTask): who waits until it is gone */
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PROCESSED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceBulkJob, sluice_bulk_job, G_TYPE_OBJECT)

/* A job that is being made, perhaps longer than anybody waits for it. */
typedef struct
{
  SluiceBulkJob *job;
  GTask *task;          /* (nullable): once it has returned */
  GSource *cancelled;   /* (nullable) */
} Creating;

typedef struct
{
  gint64 delay;
  guint n_lost;
} Watch;

static void discard (SluiceBulkJob *self);

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
is_version (const char *text)
{
  return text != NULL && *text != '\0' && strspn (text, "0123456789.") == strlen (text);
}

static void
send (SluiceBulkJob       *self,
      SluiceRequest       *request,
      GCancellable        *cancellable,
      GAsyncReadyCallback  callback,
      gpointer             user_data)
{
  request->priority = self->priority;
  self->calls++;
  sluice_client_send_async (self->client, request, cancellable, callback, user_data);
}

/* Answers. */

static void
set_progress (SluiceBulkJob   *self,
              SluiceBulkState  state,
              gint64           processed)
{
  gboolean moved = self->state != state;
  gboolean counted = self->processed != processed;

  self->state = state;
  self->processed = processed;

  if (moved)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (counted)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROCESSED]);
}

static gboolean
take_report (SluiceBulkJob      *self,
             const SluiceReply  *reply,
             GError            **error)
{
  SluiceBulkReport report;

  if (!sluice_bulk_report_read (&report, reply, error))
    return FALSE;

  if (self->id == NULL)
    self->id = g_strdup (report.id);
  if (report.failed >= 0)
    self->failed = report.failed;
  g_set_str (&self->problem, report.problem);
  set_progress (self, report.state, report.processed >= 0 ? report.processed : self->processed);

  return TRUE;
}

static void
return_told (GTask  *task,  /* (transfer full) */
             GError *error) /* (transfer full) */
{
  g_task_return_error (task, sluice_bulk_error_new (error));
  g_error_free (error);
  g_object_unref (task);
}

static void
sluice_bulk_job_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  SluiceBulkJob *self = SLUICE_BULK_JOB (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;

    case PROP_PROCESSED:
      g_value_set_int64 (value, self->processed);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_bulk_job_finalize (GObject *object)
{
  SluiceBulkJob *self = SLUICE_BULK_JOB (object);

  g_object_unref (self->client);
  g_ptr_array_unref (self->discards);
  g_free (self->kind);
  g_free (self->id);
  g_free (self->api_version);
  g_free (self->problem);

  G_OBJECT_CLASS (sluice_bulk_job_parent_class)->finalize (object);
}

static void
sluice_bulk_job_class_init (SluiceBulkJobClass *klass)
{
  const GParamFlags told = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_bulk_job_get_property;
  object_class->finalize = sluice_bulk_job_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_BULK_STATE, SLUICE_BULK_NONE, told);
  properties[PROP_PROCESSED] = g_param_spec_int64 ("processed", NULL, NULL, -1, G_MAXINT64, -1, told);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_bulk_job_init (SluiceBulkJob *self)
{
  self->processed = -1;
  self->failed = -1;
  self->discards = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * sluice_bulk_job_new:
 * @client: whose org it runs in
 * @kind: `query` or `ingest`
 * @priority: of all calls about it
 *
 * Returns: (transfer full): a job that is not made yet
 */
SluiceBulkJob *
sluice_bulk_job_new (SluiceClient   *client,
                     const char     *kind,
                     SluicePriority  priority)
{
  SluiceBulkJob *self;

  g_return_val_if_fail (SLUICE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_BULK_JOB, NULL);
  self->client = g_object_ref (client);
  self->kind = g_strdup (kind);
  self->priority = priority;

  return self;
}

/**
 * sluice_bulk_job_new_for_id:
 * @client: whose org it runs in
 * @kind: `query` or `ingest`
 * @id: as an earlier run has kept it
 * @api_version: of its making, such as "68.0"
 * @priority: of all calls about it
 *
 * Returns: (transfer full) (nullable): a job that was made before, not asked
 *   about yet; %NULL when @id or @api_version cannot be what was kept
 */
SluiceBulkJob *
sluice_bulk_job_new_for_id (SluiceClient   *client,
                            const char     *kind,
                            const char     *id,
                            const char     *api_version,
                            SluicePriority  priority)
{
  SluiceBulkJob *self;

  if (!sluice_bulk_report_is_id (id) || !is_version (api_version))
    return NULL;

  self = sluice_bulk_job_new (client, kind, priority);
  self->id = g_strdup (id);
  self->api_version = g_strdup (api_version);

  return self;
}

/**
 * sluice_bulk_job_get_id:
 * @self: a job
 *
 * Returns: (nullable): its id in the org, once it is made
 */
const char *
sluice_bulk_job_get_id (SluiceBulkJob *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_JOB (self), NULL);

  return self->id;
}

/**
 * sluice_bulk_job_get_api_version:
 * @self: a job
 *
 * Returns: (nullable): the API version of all calls about it, once it is made
 */
const char *
sluice_bulk_job_get_api_version (SluiceBulkJob *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_JOB (self), NULL);

  return self->api_version;
}

/**
 * sluice_bulk_job_get_state:
 * @self: a job
 *
 * Returns: how far it was when last heard of
 */
SluiceBulkState
sluice_bulk_job_get_state (SluiceBulkJob *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_JOB (self), SLUICE_BULK_NONE);

  return self->state;
}

/**
 * sluice_bulk_job_get_processed:
 * @self: a job
 *
 * Returns: how many records it has gone through, -1 = not known
 */
gint64
sluice_bulk_job_get_processed (SluiceBulkJob *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_JOB (self), -1);

  return self->processed;
}

/**
 * sluice_bulk_job_get_failed:
 * @self: a job
 *
 * Returns: how many records the org did not take, -1 = not known
 */
gint64
sluice_bulk_job_get_failed (SluiceBulkJob *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_JOB (self), -1);

  return self->failed;
}

/**
 * sluice_bulk_job_get_calls:
 * @self: a job
 *
 * Returns: how many calls were made about it
 */
guint
sluice_bulk_job_get_calls (SluiceBulkJob *self)
{
  g_return_val_if_fail (SLUICE_IS_BULK_JOB (self), 0);

  return self->calls;
}

/**
 * sluice_bulk_job_dup_path:
 * @self: a job that is made
 * @part: (nullable): such as `results`
 *
 * Returns: (transfer full): where it is, or that part of it, in the API version of its making
 */
char *
sluice_bulk_job_dup_path (SluiceBulkJob *self,
                          const char    *part)
{
  g_return_val_if_fail (SLUICE_IS_BULK_JOB (self), NULL);
  g_return_val_if_fail (self->id != NULL, NULL);

  return g_strdup_printf ("/services/data/v%s/jobs/%s/%s%s%s", self->api_version, self->kind, self->id,
                          part != NULL ? "/" : "", part != NULL ? part : "");
}

/* Making. */

static void
creating_free (Creating *creating)
{
  g_clear_pointer (&creating->cancelled, destroy_source);
  g_clear_object (&creating->task);
  g_object_unref (creating->job);
  g_free (creating);
}

static gboolean
creating_cancelled_cb (GCancellable *cancellable,
                       gpointer      user_data)
{
  Creating *creating = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&creating->task);

  g_clear_pointer (&creating->cancelled, destroy_source);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
created_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Creating *creating = user_data;
  SluiceBulkJob *self = creating->job;
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);

  self->creating = FALSE;
  if (reply != NULL)
    take_report (self, reply, &error);

  if (creating->task != NULL && error != NULL)
    g_task_return_error (creating->task, sluice_bulk_error_new (error));
  else if (creating->task != NULL)
    g_task_return_boolean (creating->task, TRUE);

  if (self->unwanted)
    discard (self);
  creating_free (creating);
}

/**
 * sluice_bulk_job_create_async:
 * @self: a job that is not made yet
 * @request: what it is made with: the body and what comes with it; method and path are the job's
 * @cancellable: (nullable): ends the wait
 * @callback: called when the org has made it
 * @user_data: data for @callback
 *
 * Makes the job in the client's API version, which is the job's from then on.
 * Who stops waiting while the org is at it calls
 * sluice_bulk_job_discard_async(), so that nothing is left there.
 */
void
sluice_bulk_job_create_async (SluiceBulkJob       *self,
                              const SluiceRequest *request,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  const char *api_version;
  g_autofree char *path = NULL;
  g_autoptr(GTask) task = NULL;
  SluiceRequest creation;
  Creating *creating;

  g_return_if_fail (SLUICE_IS_BULK_JOB (self));
  g_return_if_fail (self->id == NULL && !self->creating);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_bulk_job_create_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  api_version = sluice_client_get_api_version (self->client);
  g_set_str (&self->api_version, api_version);
  path = api_version != NULL ? g_strdup_printf ("/services/data/v%s/jobs/%s", api_version, self->kind)
                             : g_strdup_printf ("jobs/%s", self->kind);
  creation = *request;
  creation.method = "POST";
  creation.path = path;
  creation.settle = TRUE;

  creating = g_new0 (Creating, 1);
  creating->job = g_object_ref (self);
  if (cancellable != NULL)
    {
      creating->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (creating->cancelled, G_SOURCE_FUNC (creating_cancelled_cb), creating, NULL);
      g_source_attach (creating->cancelled, g_task_get_context (task));
    }
  creating->task = g_steal_pointer (&task);
  self->creating = TRUE;
  send (self, &creation, cancellable, created_cb, creating);
}

/**
 * sluice_bulk_job_create_finish:
 * @self: a job
 * @result: what the callback got
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is made
 */
gboolean
sluice_bulk_job_create_finish (SluiceBulkJob  *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Watching. */

static void ask  (GTask *task);
static void rest (GTask *task);

static void
conclude (GTask *task) /* (transfer full) */
{
  SluiceBulkJob *self = g_task_get_source_object (task);

  if (self->state == SLUICE_BULK_COMPLETE)
    g_task_return_boolean (task, TRUE);
  else if (self->state == SLUICE_BULK_FAILED)
    g_task_return_error (task, sluice_bulk_error_new_failed (self->problem));
  else
    g_task_return_error (task, sluice_bulk_error_new_aborted ());

  g_object_unref (task);
}

static void
slept_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (sluice_delay_finish (result, &error))
    ask (task);
  else
    return_told (task, error);
}

static void
rest (GTask *task) /* (transfer full) */
{
  SluiceBulkJob *self = g_task_get_source_object (task);
  Watch *watch = g_task_get_task_data (task);
  gint64 delay = watch->delay;
  g_autoptr(SluiceClock) clock = NULL;

  g_object_get (self->client, "clock", &clock, NULL);
  watch->delay = delay < SECOND_WAIT ? SECOND_WAIT
                                     : MIN ((gint64) ((double) delay * WAIT_GROWTH), LONGEST_WAIT);
  sluice_delay_async (clock, delay, g_task_get_cancellable (task), slept_cb, task);
}

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  SluiceBulkJob *self = g_task_get_source_object (task);
  Watch *watch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(SluiceReply) reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);

  if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE) && watch->n_lost < MAX_LOST)
    {
      g_debug ("The job is out of sight: %s", error->message);
      g_error_free (error);
      watch->n_lost++;
      rest (task);
      return;
    }

  watch->n_lost = 0;
  if (reply == NULL || !take_report (self, reply, &error))
    return_told (task, error);
  else if (sluice_bulk_state_is_over (self->state))
    conclude (task);
  else
    rest (task);
}

static void
ask (GTask *task) /* (transfer full) */
{
  SluiceBulkJob *self = g_task_get_source_object (task);
  g_autofree char *path = sluice_bulk_job_dup_path (self, NULL);
  SluiceRequest request = {
    .method = "GET",
    .path = path,
    .summary = _("Look at bulk job"),
  };

  send (self, &request, g_task_get_cancellable (task), asked_cb, task);
}

/**
 * sluice_bulk_job_wait_async:
 * @self: a job that is made
 * @cancellable: (nullable): ends the wait; the job goes on
 * @callback: called when it has ended
 * @user_data: data for @callback
 *
 * Asks how far the job is, at once, after a second, then less and less often,
 * until it has ended. There is no fixed end: a job may wait for hours.
 */
void
sluice_bulk_job_wait_async (SluiceBulkJob       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;
  Watch *watch;

  g_return_if_fail (SLUICE_IS_BULK_JOB (self));
  g_return_if_fail (self->id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_bulk_job_wait_async);
  watch = g_new0 (Watch, 1);
  watch->delay = FIRST_WAIT;
  g_task_set_task_data (task, watch, g_free);

  if (sluice_bulk_state_is_over (self->state))
    conclude (task);
  else if (self->state == SLUICE_BULK_NONE)
    ask (task);
  else
    rest (task);
}

/**
 * sluice_bulk_job_wait_finish:
 * @self: a job
 * @result: what the callback got
 * @error: a #SluiceError with the org's own words when the job failed, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the job is complete
 */
gboolean
sluice_bulk_job_wait_finish (SluiceBulkJob  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Ending. */

static void
end_discards (SluiceBulkJob *self,
              const GError  *error) /* (nullable) */
{
  g_autoptr(GPtrArray) discards = g_steal_pointer (&self->discards);

  self->unwanted = FALSE;
  self->discarding = FALSE;
  self->discards = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < discards->len; i++)
    {
      GTask *task = g_ptr_array_index (discards, i);

      if (error != NULL)
        g_task_return_error (task, sluice_bulk_error_new (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static void
deleted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceBulkJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);

  /* Gone is gone. */
  if (error != NULL && sluice_error_get_http_status (error) == 404)
    g_clear_error (&error);
  end_discards (self, error);
}

static void
delete (SluiceBulkJob *self)
{
  g_autofree char *path = sluice_bulk_job_dup_path (self, NULL);
  SluiceRequest request = {
    .method = "DELETE",
    .path = path,
    .summary = _("Delete bulk job"),
    .settle = TRUE,
  };

  send (self, &request, NULL, deleted_cb, g_object_ref (self));
}

static void
aborted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceBulkJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);

  /* It may have ended meanwhile. */
  if (error != NULL)
    g_debug ("The job was not aborted: %s", error->message);
  delete (self);
}

static void
abort_job (SluiceBulkJob *self)
{
  static const char body[] = "{\"state\":\"Aborted\"}";
  g_autofree char *path = sluice_bulk_job_dup_path (self, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new_static (body, strlen (body));
  SluiceRequest request = {
    .method = "PATCH",
    .path = path,
    .summary = _("Abort bulk job"),
    .body = bytes,
    .settle = TRUE,
  };

  send (self, &request, NULL, aborted_cb, g_object_ref (self));
}

static void
discard (SluiceBulkJob *self)
{
  if (self->creating || self->discarding)
    return;

  if (self->id == NULL)
    {
      end_discards (self, NULL);
      return;
    }

  self->discarding = TRUE;
  if (sluice_bulk_state_is_over (self->state))
    delete (self);
  else
    abort_job (self);
}

static gboolean
discard_cancelled_cb (GCancellable *cancellable,
                      gpointer      user_data)
{
  SluiceBulkJob *self = g_task_get_source_object (user_data);
  guint i;

  if (g_ptr_array_find (self->discards, user_data, &i))
    {
      g_autoptr(GTask) task = g_ptr_array_steal_index (self->discards, i);

      g_task_return_error_if_cancelled (task);
    }

  return G_SOURCE_REMOVE;
}

/**
 * sluice_bulk_job_discard_async:
 * @self: a job, in any state; also one that is being made
 * @cancellable: (nullable): ends the wait; what was begun goes on
 * @callback: (nullable): called when nothing is left in the org
 * @user_data: data for @callback
 *
 * Aborts the job if it runs, and deletes it with its results.
 */
void
sluice_bulk_job_discard_async (SluiceBulkJob       *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_BULK_JOB (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_bulk_job_discard_async);
  if (cancellable != NULL)
    {
      GSource *cancelled = g_cancellable_source_new (cancellable);

      g_source_set_callback (cancelled, G_SOURCE_FUNC (discard_cancelled_cb), task, NULL);
      g_source_attach (cancelled, g_task_get_context (task));
      g_task_set_task_data (task, cancelled, (GDestroyNotify) destroy_source);
    }

  g_ptr_array_add (self->discards, task);
  self->unwanted = TRUE;
  discard (self);
}

/**
 * sluice_bulk_job_discard_finish:
 * @self: a job
 * @result: what the callback got
 * @error: why something may be left
 *
 * Returns: whether nothing of the job is left in the org
 */
gboolean
sluice_bulk_job_discard_finish (SluiceBulkJob  *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
