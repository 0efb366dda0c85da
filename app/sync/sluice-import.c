/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

/* Ten times a second is as fast as anybody reads. */
#define TELL_INTERVAL 100

/* The service takes 100 MB of raw CSV (wire reference 3.2); it does not say whose MB. */
#define MAX_UPLOAD (100 * 1000 * 1000)

/* Guesses, for a forecast: what a call of 200 records takes, and rows a second of a Bulk job */
#define COLLECTION_SECONDS 1.0
#define BULK_RATE 1000.0
#define COLLECTION_SIZE 200

struct _SluiceImport
{
  GObject parent_instance;

  /* Inputs */
  SluiceConnection *connection;
  GFile *file;
  SluiceTableFormat format;
  SluiceImportMapping *mapping;
  char *base;                     /* (nullable): the file is on no disk of this computer */
  char *undo_base;                /* (nullable): as @base */
  gsize max_upload;
  SluiceImportStart start;
  SluiceTransport wanted_transport;

  /* Of the preparation */
  SluiceWritePlan *plan;          /* (nullable) */
  guint64 unsendable;
  guint64 settled;
  char *problem;                  /* (nullable) */
  SluiceTransport transport;
  char *transport_reason;             /* (nullable) */
  SluiceForecast forecast;

  /* In progress */
  SluiceImportState state;
  SluiceImportJob *job;           /* (nullable) */
  SluiceWritePermit *permit;      /* (nullable) */
  guint tell_id;
  gint64 started;
  gint64 ended;
  guint64 rows_before;
  SluiceImportProgress progress;
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_ROWS,
  PROP_TOTAL,
  PROP_SUCCEEDED,
  PROP_FAILED,
  PROP_UNPROCESSED,
  PROP_IN_DOUBT,
  PROP_CALLS,
  PROP_ELAPSED,
  PROP_RATE,
  PROP_REMAINING,
  PROP_RESUMABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceImport, sluice_import, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SluiceImportState, sluice_import_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_IMPORT_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (SLUICE_IMPORT_PREPARING, "preparing"),
                    G_DEFINE_ENUM_VALUE (SLUICE_IMPORT_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (SLUICE_IMPORT_FINISHING, "finishing"),
                    G_DEFINE_ENUM_VALUE (SLUICE_IMPORT_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SLUICE_IMPORT_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (SLUICE_IMPORT_FAILED, "failed"))

static void
job_free (SluiceImportJob *job)
{
  g_clear_object (&job->client);
  g_clear_object (&job->permit);
  g_clear_pointer (&job->converter, sluice_import_converter_free);
  g_clear_object (&job->describe);
  g_clear_object (&job->file);
  g_clear_object (&job->cancellable);
  g_free (job->organization_id);
  g_free (job->base);
  g_free (job->undo_base);
  g_free (job->key);
  g_mutex_clear (&job->mutex);
  g_free (job);
}

static gint64
get_elapsed (SluiceImport *self)
{
  if (self->started == 0)
    return 0;

  return (self->ended != 0 ? self->ended : g_get_monotonic_time ()) - self->started;
}

static double
get_rate (SluiceImport *self)
{
  double seconds = (double) get_elapsed (self) / G_USEC_PER_SEC;
  guint64 rows = sluice_import_get_rows (self);

  return seconds > 0 && rows > self->rows_before ? (double) (rows - self->rows_before) / seconds : 0;
}

static double
get_remaining (SluiceImport *self)
{
  double rate = get_rate (self);
  guint64 rows = sluice_import_get_rows (self);
  guint64 total = sluice_import_get_total (self);

  return rate > 0 ? (double) (total > rows ? total - rows : 0) / rate : -1;
}

static void
sluice_import_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  SluiceImport *self = SLUICE_IMPORT (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_ROWS:
      g_value_set_uint64 (value, sluice_import_get_rows (self));
      break;

    case PROP_TOTAL:
      g_value_set_uint64 (value, sluice_import_get_total (self));
      break;

    case PROP_SUCCEEDED:
      g_value_set_uint64 (value, self->progress.counts[SLUICE_ROW_SUCCEEDED]);
      break;

    case PROP_FAILED:
      g_value_set_uint64 (value, self->progress.counts[SLUICE_ROW_FAILED]);
      break;

    case PROP_UNPROCESSED:
      g_value_set_uint64 (value, self->progress.counts[SLUICE_ROW_UNPROCESSED]);
      break;

    case PROP_IN_DOUBT:
      g_value_set_uint64 (value, self->progress.counts[SLUICE_ROW_IN_DOUBT]);
      break;

    case PROP_CALLS:
      g_value_set_uint64 (value, self->progress.calls);
      break;

    case PROP_ELAPSED:
      g_value_set_int64 (value, get_elapsed (self));
      break;

    case PROP_RATE:
      g_value_set_double (value, get_rate (self));
      break;

    case PROP_REMAINING:
      g_value_set_double (value, get_remaining (self));
      break;

    case PROP_RESUMABLE:
      g_value_set_boolean (value, sluice_import_get_resumable (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_import_finalize (GObject *object)
{
  SluiceImport *self = SLUICE_IMPORT (object);

  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_clear_pointer (&self->job, job_free);
  g_clear_object (&self->permit);
  g_clear_object (&self->plan);
  g_clear_object (&self->connection);
  g_clear_object (&self->file);
  g_clear_object (&self->mapping);
  g_free (self->base);
  g_free (self->undo_base);
  g_free (self->problem);
  g_free (self->transport_reason);

  G_OBJECT_CLASS (sluice_import_parent_class)->finalize (object);
}

static void
sluice_import_class_init (SluiceImportClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_import_get_property;
  object_class->finalize = sluice_import_finalize;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_IMPORT_STATE, SLUICE_IMPORT_WAITING, flags);
  properties[PROP_ROWS] = g_param_spec_uint64 ("rows", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_SUCCEEDED] = g_param_spec_uint64 ("succeeded", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_FAILED] = g_param_spec_uint64 ("failed", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_UNPROCESSED] = g_param_spec_uint64 ("unprocessed", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_IN_DOUBT] = g_param_spec_uint64 ("in-doubt", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_CALLS] = g_param_spec_uint64 ("calls", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_ELAPSED] = g_param_spec_int64 ("elapsed", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_REMAINING] = g_param_spec_double ("remaining", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_RESUMABLE] = g_param_spec_boolean ("resumable", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_import_init (SluiceImport *self)
{
  self->max_upload = MAX_UPLOAD;
}

/**
 * sluice_import_new:
 * @connection: whose org it is
 * @file: what is imported
 * @format: (nullable): how the file is written, as far as that is not to be detected
 * @mapping: what becomes of its columns, and what is done
 *
 * Returns: (transfer full): an import that has not begun
 */
SluiceImport *
sluice_import_new (SluiceConnection        *connection,
                   GFile                   *file,
                   const SluiceTableFormat *format,
                   SluiceImportMapping     *mapping)
{
  SluiceImport *self;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (mapping), NULL);

  self = g_object_new (SLUICE_TYPE_IMPORT, NULL);
  self->connection = g_object_ref (connection);
  self->file = g_object_ref (file);
  self->mapping = g_object_ref (mapping);
  if (format != NULL)
    self->format = *format;
  self->base = g_file_get_path (file);

  return self;
}

/**
 * sluice_import_set_start:
 * @self: an import that does not run
 * @start: where it begins
 *
 * Takes effect with the next preparation.
 */
void
sluice_import_set_start (SluiceImport      *self,
                         SluiceImportStart  start)
{
  g_return_if_fail (SLUICE_IS_IMPORT (self));

  self->start = start;
}

/**
 * sluice_import_set_route:
 * @self: an import that does not run
 * @transport: how the records get to the org
 *
 * Takes effect with the next preparation.
 */
void
sluice_import_set_route (SluiceImport    *self,
                         SluiceTransport  transport)
{
  g_return_if_fail (SLUICE_IS_IMPORT (self));

  self->wanted_transport = transport;
}

/**
 * sluice_import_set_base:
 * @self: an import that does not run
 * @base: a path
 *
 * Says what the names of all files that are kept begin with, instead of the
 * path of the imported file.
 */
void
sluice_import_set_base (SluiceImport *self,
                        const char   *base)
{
  g_return_if_fail (SLUICE_IS_IMPORT (self));
  g_return_if_fail (base != NULL);

  g_set_str (&self->base, base);
}

/**
 * sluice_import_set_undo_base:
 * @self: an import that does not run
 * @base: (nullable): a path
 *
 * Says what the names of the undo files begin with, when these go elsewhere.
 */
void
sluice_import_set_undo_base (SluiceImport *self,
                             const char   *base)
{
  g_return_if_fail (SLUICE_IS_IMPORT (self));

  g_set_str (&self->undo_base, base);
}

/**
 * sluice_import_set_max_upload:
 * @self: an import that does not run
 * @bytes: of CSV in one Bulk job at most
 *
 * For tests: the service's own limit is 100 MB.
 */
void
sluice_import_set_max_upload (SluiceImport *self,
                              gsize         bytes)
{
  g_return_if_fail (SLUICE_IS_IMPORT (self));
  g_return_if_fail (bytes > 0);

  self->max_upload = bytes;
}

static void
set_state (SluiceImport      *self,
           SluiceImportState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
tell (SluiceImport *self)
{
  for (guint i = PROP_ROWS; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static void
take_progress (SluiceImport *self)
{
  g_mutex_lock (&self->job->mutex);
  self->progress = self->job->progress;
  g_mutex_unlock (&self->job->mutex);
}

static gboolean
tell_cb (gpointer user_data)
{
  SluiceImport *self = user_data;

  take_progress (self);
  if (self->state == SLUICE_IMPORT_RUNNING && self->progress.finishing)
    set_state (self, SLUICE_IMPORT_FINISHING);
  tell (self);

  return G_SOURCE_CONTINUE;
}

static SluiceImportJob *
new_job (SluiceImport *self,
         GCancellable *cancellable)
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (self->connection);
  SluiceImportJob *job = g_new0 (SluiceImportJob, 1);

  job->organization_id = g_strdup (sluice_organization_get_id (sluice_subscription_get_organization (subscription)));
  job->client = g_object_ref (sluice_connection_get_client (self->connection));
  job->converter = sluice_import_converter_new (self->mapping);
  job->describe = g_object_ref (sluice_import_mapping_get_describe (self->mapping));
  job->file = g_object_ref (self->file);
  job->format = self->format;
  job->base = g_strdup (self->base);
  job->undo_base = g_strdup (self->undo_base != NULL ? self->undo_base : self->base);
  job->verb = sluice_import_mapping_get_verb (self->mapping);
  job->key = g_strdup (sluice_import_mapping_get_key (self->mapping));
  job->transport = self->transport;
  job->start = self->start;
  job->max_upload = self->max_upload;
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_mutex_init (&job->mutex);

  return job;
}

/* Preparing */

typedef struct
{
  SluiceImportJob *job;
  SluiceImportSurvey survey;
} Preparation;

static void
preparation_free (Preparation *preparation)
{
  sluice_import_survey_clear (&preparation->survey);
  g_clear_pointer (&preparation->job, job_free);
  g_free (preparation);
}

static void
prepare_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Preparation *preparation = task_data;
  GError *error = NULL;

  if (sluice_import_job_survey (preparation->job, &preparation->survey, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static guint64
divide_up (guint64 number,
           guint64 by)
{
  return (number + by - 1) / by;
}

/* How often a job is looked at until it is over. */
static guint64
count_polls (double seconds)
{
  double interval = 1;
  double time = 0;
  guint64 polls = 0;

  do
    {
      time += interval;
      interval = MIN (interval * 1.5, 30);
      polls++;
    }
  while (time < seconds);

  return polls;
}

/* Create, upload, close, look, fetch three results, delete. */
static guint64
count_bulk_calls (SluiceImport             *self,
                  const SluiceImportSurvey *survey)
{
  guint64 jobs = MAX (divide_up (survey->bytes, self->max_upload), 1);

  return jobs * (7 + count_polls ((double) survey->rows / (double) jobs / BULK_RATE));
}

static void
choose_transport (SluiceImport             *self,
              const SluiceImportSurvey *survey)
{
  guint64 rest = divide_up (survey->rows, COLLECTION_SIZE);
  guint64 bulk = count_bulk_calls (self, survey);
  g_autofree char *rest_text = g_strdup_printf ("%'" G_GUINT64_FORMAT, rest);
  g_autofree char *bulk_text = g_strdup_printf ("%'" G_GUINT64_FORMAT, bulk);
  gboolean hard = sluice_import_mapping_get_verb (self->mapping) == SLUICE_WRITE_HARD_DELETE;
  double seconds;
  guint64 calls;

  g_clear_pointer (&self->transport_reason, g_free);
  self->transport = self->wanted_transport;
  if (hard)
    {
      self->transport = SLUICE_TRANSPORT_BULK;
      self->transport_reason = g_strdup (_("Bulk API, because only it can delete for good"));
    }
  else if (self->transport != SLUICE_TRANSPORT_AUTOMATIC)
    {
      self->transport_reason = g_strdup (self->transport == SLUICE_TRANSPORT_BULK ? _("Bulk API, as chosen")
                                                                             : _("REST API, as chosen"));
    }
  else
    {
      self->transport = rest <= bulk ? SLUICE_TRANSPORT_REST : SLUICE_TRANSPORT_BULK;
      self->transport_reason = self->transport == SLUICE_TRANSPORT_REST
                           /* Translators: two numbers of calls */
                           ? g_strdup_printf (_("REST API (calls needed: %s; by the Bulk API about %s)"), rest_text, bulk_text)
                           /* Translators: two numbers of calls */
                           : g_strdup_printf (_("Bulk API (calls needed: about %s; by the REST API %s)"), bulk_text, rest_text);
    }

  calls = survey->undo_calls + (self->transport == SLUICE_TRANSPORT_REST ? rest : bulk);
  sluice_throttle_forecast (sluice_connection_get_throttle (self->connection), SLUICE_PRIORITY_BACKGROUND, calls,
                            &self->forecast);
  seconds = self->transport == SLUICE_TRANSPORT_REST ? (double) rest * COLLECTION_SECONDS
                                                    : (double) survey->rows / BULK_RATE;
  self->forecast.duration = MAX (self->forecast.duration, (gint64) (seconds * G_USEC_PER_SEC));
}

static gboolean
make_plan (SluiceImport             *self,
           const SluiceImportSurvey *survey,
           GError                  **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(SluiceImportConverter) converter = NULL;
  g_auto(GStrv) columns = NULL;

  g_clear_object (&self->plan);
  if (survey->rows == 0)
    return TRUE;

  self->plan = sluice_write_plan_new (sluice_connection_get_subscription (self->connection),
                                      sluice_import_mapping_get_verb (self->mapping),
                                      sluice_import_mapping_get_object (self->mapping), survey->rows, error);
  if (self->plan == NULL)
    return FALSE;

  converter = sluice_import_converter_new (self->mapping);
  for (guint i = 0; i < sluice_import_converter_get_n_fields (converter); i++)
    g_strv_builder_add (builder, sluice_import_converter_get_field (converter, i));
  columns = g_strv_builder_end (builder);
  sluice_write_plan_set_columns (self->plan, (const char * const *) columns);

  for (guint i = 0; i < survey->samples->len; i++)
    sluice_write_plan_add_sample (self->plan, g_ptr_array_index (survey->samples, i));

  return TRUE;
}

static void
prepared_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceImport *self = g_task_get_source_object (task);
  Preparation *preparation = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  /* The thread may hold its task a little longer, but must not be the last to let go of what belongs to this one. */
  g_clear_pointer (&preparation->job, job_free);
  set_state (self, SLUICE_IMPORT_WAITING);

  if (!g_task_propagate_boolean (G_TASK (result), &error) || !make_plan (self, &preparation->survey, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->unsendable = preparation->survey.unsendable;
  self->settled = preparation->survey.settled;
  g_set_str (&self->problem, preparation->survey.problem);
  choose_transport (self, &preparation->survey);
  tell (self);
  g_task_return_boolean (task, TRUE);
}

static gboolean
check_ready (SluiceImport  *self,
             GError       **error)
{
  if (self->base == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The file is on no disk of this computer, so there is no place for its results. Copy it to "
                             "a folder first."));
      return FALSE;
    }

  return sluice_connection_check_usable (self->connection, error) &&
         sluice_import_mapping_is_ready (self->mapping, error);
}

/**
 * sluice_import_prepare_async:
 * @self: an import that does not run
 * @cancellable: (nullable): stops looking
 * @callback: called when the plan is there
 * @user_data: data for @callback
 *
 * Looks through the whole file and makes a plan of what would be written.
 * Nothing is written, and no call is made.
 */
void
sluice_import_prepare_async (SluiceImport        *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) work = NULL;
  Preparation *preparation;
  GError *error = NULL;

  g_return_if_fail (SLUICE_IS_IMPORT (self));
  g_return_if_fail (self->job == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_import_prepare_async);

  g_clear_object (&self->plan);
  if (!check_ready (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  set_state (self, SLUICE_IMPORT_PREPARING);
  preparation = g_new0 (Preparation, 1);
  preparation->job = new_job (self, cancellable);

  work = g_task_new (NULL, cancellable, prepared_cb, g_steal_pointer (&task));
  g_task_set_source_tag (work, sluice_import_prepare_async);
  g_task_set_task_data (work, preparation, (GDestroyNotify) preparation_free);
  g_task_run_in_thread (work, prepare_thread);
}

/**
 * sluice_import_prepare_finish:
 * @self: an import
 * @result: what the callback got
 * @error: what is wrong with the mapping or the file, or %SLUICE_ERROR_INVALID when an import of the file was
 *   interrupted, or there is none to resume
 *
 * Returns: whether all that the functions below tell is known
 */
gboolean
sluice_import_prepare_finish (SluiceImport  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_import_get_plan:
 * @self: an import that is prepared
 *
 * Returns: (transfer none) (nullable): what the user confirms, %NULL when there is no row to write
 */
SluiceWritePlan *
sluice_import_get_plan (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), NULL);

  return self->plan;
}

/**
 * sluice_import_get_unsendable:
 * @self: an import that is prepared
 *
 * Returns: how many rows are wrong already here; they count as failed
 */
guint64
sluice_import_get_unsendable (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), 0);

  return self->unsendable;
}

/**
 * sluice_import_get_problem:
 * @self: an import that is prepared
 *
 * Returns: (nullable): what is wrong with the first of them
 */
const char *
sluice_import_get_problem (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), NULL);

  return self->problem;
}

/**
 * sluice_import_get_settled:
 * @self: an import that is prepared
 *
 * Returns: how many rows an earlier run is done with
 */
guint64
sluice_import_get_settled (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), 0);

  return self->settled;
}

/**
 * sluice_import_get_route:
 * @self: an import that is prepared
 *
 * Returns: how the records get to the org
 */
SluiceTransport
sluice_import_get_route (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), SLUICE_TRANSPORT_AUTOMATIC);

  return self->transport;
}

/**
 * sluice_import_get_route_reason:
 * @self: an import that is prepared
 *
 * Returns: (nullable): the route and why, for users
 */
const char *
sluice_import_get_route_reason (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), NULL);

  return self->transport_reason;
}

/**
 * sluice_import_get_forecast:
 * @self: an import that is prepared
 *
 * Returns: (transfer none): what it will cost, with the calls that keep what records hold now
 */
const SluiceForecast *
sluice_import_get_forecast (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), NULL);

  return &self->forecast;
}

/* Running */

static void
run_thread (GTask        *task,
            gpointer      source,
            gpointer      task_data,
            GCancellable *cancellable)
{
  GError *error = NULL;

  if (sluice_import_job_run (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
ran_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceImport *self = g_task_get_source_object (task);
  GError *error = NULL;
  gboolean success = g_task_propagate_boolean (G_TASK (result), &error);

  g_clear_handle_id (&self->tell_id, g_source_remove);
  if (self->permit != NULL)
    sluice_write_permit_end (self->permit);
  g_clear_object (&self->permit);
  take_progress (self);
  g_clear_pointer (&self->job, job_free);
  self->ended = g_get_monotonic_time ();

  if (success)
    set_state (self, SLUICE_IMPORT_DONE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_state (self, SLUICE_IMPORT_STOPPED);
  else
    set_state (self, SLUICE_IMPORT_FAILED);
  tell (self);

  if (success)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
check_run (SluiceImport       *self,
           SluiceWritePermit  *permit,
           GError            **error)
{
  SluiceOrganization *organization;

  if (!check_ready (self, error))
    return FALSE;

  if (permit == NULL)
    return TRUE;

  organization = sluice_subscription_get_organization (sluice_connection_get_subscription (self->connection));

  return sluice_write_permit_check_organization (permit, organization != NULL ? sluice_organization_get_id (organization)
                                                                              : NULL, error) &&
         sluice_write_permit_begin (permit, error) &&
         sluice_write_permit_check (permit, sluice_import_mapping_get_verb (self->mapping),
                                    sluice_import_mapping_get_object (self->mapping), error);
}

/**
 * sluice_import_run_async:
 * @self: an import that is prepared
 * @permit: (nullable): made by confirming its plan; it serves for this run only; %NULL when there is no plan, because
 *   no row is left that can be sent: then only the results are written
 * @cancellable: (nullable): stops in order: what is written stays, and each row's fate is still found out
 * @callback: called when the run is over
 * @user_data: data for @callback
 *
 * Writes the records.
 */
void
sluice_import_run_async (SluiceImport        *self,
                         SluiceWritePermit   *permit,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) work = NULL;
  GError *error = NULL;

  g_return_if_fail (SLUICE_IS_IMPORT (self));
  g_return_if_fail (SLUICE_IS_WRITE_PERMIT (permit) || (permit == NULL && self->plan == NULL));
  g_return_if_fail (self->job == NULL);
  g_return_if_fail (self->transport != SLUICE_TRANSPORT_AUTOMATIC);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_import_run_async);
  /* The result tells of each row, also when the run was stopped in its last moment. */
  g_task_set_check_cancellable (task, FALSE);

  if (!check_run (self, permit, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->job = new_job (self, cancellable);
  g_set_object (&self->job->permit, permit);
  g_set_object (&self->permit, permit);
  self->progress = (SluiceImportProgress) { 0 };
  self->rows_before = self->settled;
  self->started = g_get_monotonic_time ();
  self->ended = 0;
  self->tell_id = g_timeout_add (TELL_INTERVAL, tell_cb, self);
  set_state (self, SLUICE_IMPORT_RUNNING);

  work = g_task_new (NULL, NULL, ran_cb, g_steal_pointer (&task));
  g_task_set_source_tag (work, sluice_import_run_async);
  g_task_set_task_data (work, self->job, NULL);
  g_task_run_in_thread (work, run_thread);
}

/**
 * sluice_import_run_finish:
 * @self: an import
 * @result: what the callback got
 * @error: why it ended early; sluice_import_get_resumable() tells whether it can go on
 *
 * Returns: whether all rows were tried, which is not to say that all were written: see sluice_import_get_is_whole()
 */
gboolean
sluice_import_run_finish (SluiceImport  *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_import_get_state:
 * @self: an import
 *
 * Returns: how far it is
 */
SluiceImportState
sluice_import_get_state (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), SLUICE_IMPORT_WAITING);

  return self->state;
}

/**
 * sluice_import_get_rows:
 * @self: an import
 *
 * Returns: how many rows it is done with, also in earlier runs
 */
guint64
sluice_import_get_rows (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), 0);

  return self->progress.counts[SLUICE_ROW_SUCCEEDED] + self->progress.counts[SLUICE_ROW_FAILED] +
         self->progress.counts[SLUICE_ROW_UNPROCESSED] + self->progress.counts[SLUICE_ROW_IN_DOUBT] +
         self->progress.processed;
}

/**
 * sluice_import_get_total:
 * @self: an import that is prepared
 *
 * Returns: how many rows the file has
 */
guint64
sluice_import_get_total (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), 0);

  return self->unsendable + self->settled + (self->plan != NULL ? sluice_write_plan_get_records (self->plan) : 0);
}

/**
 * sluice_import_get_count:
 * @self: an import
 * @outcome: what became of rows
 *
 * Returns: how many they are
 */
guint64
sluice_import_get_count (SluiceImport     *self,
                         SluiceRowOutcome  outcome)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), 0);
  g_return_val_if_fail (outcome < SLUICE_N_ROW_OUTCOMES, 0);

  return self->progress.counts[outcome];
}

/**
 * sluice_import_get_calls:
 * @self: an import
 *
 * Returns: how many calls it has made
 */
guint64
sluice_import_get_calls (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), 0);

  return self->progress.calls;
}

/**
 * sluice_import_get_resumable:
 * @self: an import
 *
 * Returns: whether an earlier run has left something to do: to resume, or to try failed rows again
 */
gboolean
sluice_import_get_resumable (SluiceImport *self)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (SLUICE_IS_IMPORT (self), FALSE);

  if (self->job != NULL || self->base == NULL)
    return FALSE;

  path = sluice_import_job_dup_ledger_path (self->base);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * sluice_import_get_is_whole:
 * @self: an import
 *
 * Returns: whether it ended and each row of the file is written
 */
gboolean
sluice_import_get_is_whole (SluiceImport *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT (self), FALSE);

  if (self->state != SLUICE_IMPORT_DONE)
    return FALSE;

  for (guint i = 0; i < SLUICE_N_ROW_OUTCOMES; i++)
    {
      if (i != SLUICE_ROW_SUCCEEDED && self->progress.counts[i] > 0)
        return FALSE;
    }

  return TRUE;
}

/**
 * sluice_import_dup_result_path:
 * @self: an import
 * @outcome: what became of rows
 *
 * Returns: (transfer full) (nullable): the file that tells of them after a run
 */
char *
sluice_import_dup_result_path (SluiceImport     *self,
                               SluiceRowOutcome  outcome)
{
  const char *what = "unprocessed";

  g_return_val_if_fail (SLUICE_IS_IMPORT (self), NULL);

  if (outcome == SLUICE_ROW_SUCCEEDED)
    what = "succeeded";
  else if (outcome == SLUICE_ROW_FAILED)
    what = "failed";

  return self->base != NULL ? g_strdup_printf ("%s.%s.csv", self->base, what) : NULL;
}
