/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The work of an import, in one worker thread.
 *
 * What must never happen is that a record is written twice. So the ledger knows each row before it is sent, and whether
 * the org may have begun with it: a Bulk job does nothing before it is closed, and what became of a closed one is asked,
 * not guessed; a call with a collection whose answer is lost is repeated only when doing it twice is the same as doing it
 * once, and is left in doubt otherwise. */

#include "config.h"

#include "sluice-import-job.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sluice-bulk-ingest.h"
#include "sluice-collection.h"
#include "sluice-csv-reader.h"
#include "sluice-error.h"
#include "sluice-import-results.h"
#include "sluice-import-text.h"
#include "sluice-import-undo.h"
#include "sluice-json-text.h"
#include "sluice-problem.h"
#include "sluice-table-reader.h"
#include "sluice-waiting.h"
#include "sluice-write-error.h"
#include "sluice-write-plan.h"

/* Of JSON in one call; the service takes more, but such a call would run long. */
#define MAX_COLLECTION (6 * 1024 * 1024)
#define MAX_RESULT_ROW (256 * 1024 * 1024)

/* When the line drops, or records are locked: one, four, sixteen seconds. */
#define MAX_ATTEMPTS 4
#define ATTEMPT_BASE G_USEC_PER_SEC
#define ATTEMPT_FACTOR 4

/* How long a call that makes records may still take when the import is stopped: without its answer nobody would know
 * whether they were made. */
#define PATIENCE_SECONDS 10

/* Looking at a running job (wire reference 3.2) */
#define POLL_FIRST G_USEC_PER_SEC
#define POLL_LAST (30 * G_USEC_PER_SEC)
#define MAX_LOSSES 10

#define BUSY_RECORD "UNABLE_TO_LOCK_ROW"
#define GONE_RECORD "ENTITY_IS_DELETED"

/* Names in the ledger */
#define ORGANIZATION_NAME "organization"
#define FILE_NAME "file"
#define WORK_NAME "work"
#define TRANSPORT_NAME "transport"
#define JOB_NAME "job"
#define CLOSING_NAME "closing"
#define COMPLETE_NAME "complete"

/* A row that is about to be sent. */
typedef struct
{
  guint64 row;
  guint64 content;
  guint64 key;
  char *text; /* as JSON, or the id to be deleted */
} Item;

typedef struct
{
  SluiceImportJob *job;
  SluiceImportLedger *ledger; /* (nullable): in a survey, unless there is one already */
  SluiceTableReader *reader;
  SluiceImportUndo *undo;     /* (nullable) */
  char *chunk_path;

  /* The row that was read last */
  const SluiceCell *values;   /* (nullable) */
  guint64 row;

  /* Bulk: the row that did not fit any more */
  GString *line;
  gboolean is_held;
  guint64 calls;              /* of jobs that are done with */
} Work;

static void
item_clear (gpointer data)
{
  Item *item = data;

  g_free (item->text);
}

static void
work_clear (Work *work)
{
  g_clear_pointer (&work->undo, sluice_import_undo_free);
  g_clear_pointer (&work->ledger, sluice_import_ledger_free);
  g_clear_object (&work->reader);
  if (work->line != NULL)
    g_string_free (work->line, TRUE);
  if (work->chunk_path != NULL)
    g_unlink (work->chunk_path);
  g_free (work->chunk_path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

void
sluice_import_survey_clear (SluiceImportSurvey *survey)
{
  g_clear_pointer (&survey->samples, g_ptr_array_unref);
  g_clear_pointer (&survey->problem, g_free);
}

/* Progress */

static void
tell_counts (Work *work)
{
  guint64 counts[SLUICE_N_ROW_OUTCOMES];

  if (!sluice_import_ledger_count (work->ledger, counts, NULL))
    return;

  g_mutex_lock (&work->job->mutex);
  memcpy (work->job->progress.counts, counts, sizeof counts);
  work->job->progress.processed = 0;
  g_mutex_unlock (&work->job->mutex);
}

static void
tell_calls (Work    *work,
            guint64  more,
            guint64  processed)
{
  guint64 calls = work->calls + more;

  if (work->undo != NULL)
    calls += sluice_import_undo_get_calls (work->undo);

  g_mutex_lock (&work->job->mutex);
  work->job->progress.calls = calls;
  work->job->progress.processed = processed;
  g_mutex_unlock (&work->job->mutex);
}

/* Beside the counts of the ledger, which are dear to make again for each row. */
static void
tell_outcome (Work             *work,
              SluiceRowOutcome  outcome)
{
  g_mutex_lock (&work->job->mutex);
  work->job->progress.counts[outcome]++;
  g_mutex_unlock (&work->job->mutex);
}

/* Rows */

char *
sluice_import_job_dup_ledger_path (const char *base)
{
  return g_strconcat (base, ".import", NULL);
}

/* Whether a run leaves a row alone. What failed is tried again only when that is wanted. */
gboolean
sluice_import_job_is_done_with (SluiceImportStart start,
                                SluiceRowOutcome  outcome)
{
  return outcome == SLUICE_ROW_SUCCEEDED || outcome == SLUICE_ROW_IN_DOUBT ||
         (outcome == SLUICE_ROW_FAILED && start != SLUICE_IMPORT_START_RETRY);
}

/* What became of the next row that can be sent: @work->values is NULL when there is none. Each row that cannot is told to
 * @refuse, with the reason. */
static gboolean
next_row (Work      *work,
          gboolean (*refuse) (Work *work, const char *problem, gpointer data, GError **error),
          gboolean (*pass) (Work *work, SluiceRowOutcome outcome, gpointer data),
          gpointer   data,
          GError   **error)
{
  SluiceImportJob *job = work->job;

  for (;;)
    {
      g_autoptr(GError) cause = NULL;
      g_autofree char *problem = NULL;
      const SluiceCell *cells = NULL;
      SluiceLedgerRow entry = { .outcome = SLUICE_ROW_PENDING };
      SluiceImportIssueKind issue;
      guint culprit;

      work->values = NULL;
      if (!sluice_table_reader_next (work->reader, &cells, job->cancellable, &cause) &&
          !sluice_table_reader_get_can_continue (work->reader))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }

      if (cause == NULL && cells == NULL)
        return TRUE;

      work->row = sluice_table_reader_get_row (work->reader);
      if (work->ledger != NULL && !sluice_import_ledger_find (work->ledger, work->row, &entry, error))
        return FALSE;
      if (sluice_import_job_is_done_with (job->start, entry.outcome))
        {
          if (pass != NULL)
            pass (work, entry.outcome, data);
          continue;
        }

      if (cause == NULL)
        {
          issue = sluice_import_converter_convert (job->converter, cells, &work->values, &culprit);
          if (issue == SLUICE_IMPORT_ISSUE_NONE)
            return TRUE;
          problem = sluice_import_converter_dup_issue_text (job->converter, issue, culprit, cells);
        }

      if (!refuse (work, problem != NULL ? problem : cause->message, data, error))
        return FALSE;
    }
}

static gboolean
open_reader (Work    *work,
             GError **error)
{
  work->reader = sluice_table_reader_new (work->job->file, &work->job->format);

  return sluice_table_reader_open (work->reader, work->job->cancellable, error);
}

static const SluiceCell *
get_key_cell (Work *work)
{
  int key = sluice_import_converter_get_key (work->job->converter);

  return key >= 0 ? &work->values[key] : NULL;
}

static gboolean
is_id_key (SluiceImportJob *job)
{
  return job->key != NULL && g_ascii_strcasecmp (job->key, "Id") == 0;
}

static void
get_hashes (Work    *work,
            guint64 *content,
            guint64 *key)
{
  const SluiceCell *cell = get_key_cell (work);
  guint64 hash = sluice_import_text_hash_start ();

  for (guint i = 0; i < sluice_import_converter_get_n_fields (work->job->converter); i++)
    hash = sluice_import_text_hash_add (hash, work->values[i].text, work->values[i].length);

  *content = hash;
  *key = cell != NULL ? sluice_import_text_hash_key (cell->text, cell->length, is_id_key (work->job)) : 0;
}

/* Survey */

static gboolean
refuse_in_survey (Work        *work,
                  const char  *problem,
                  gpointer     data,
                  GError     **error)
{
  SluiceImportSurvey *survey = data;
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, work->row);

  if (survey->problem == NULL)
    /* Translators: the number of a row, and what is wrong with it */
    survey->problem = g_strdup_printf (_("Row %s: %s"), number, problem);
  survey->unsendable++;

  return TRUE;
}

static gboolean
pass_in_survey (Work             *work,
                SluiceRowOutcome  outcome,
                gpointer          data)
{
  SluiceImportSurvey *survey = data;

  survey->settled++;

  return TRUE;
}

static GStrv
dup_sample (Work *work)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < sluice_import_converter_get_n_fields (work->job->converter); i++)
    g_strv_builder_take (builder, g_strndup (work->values[i].text != NULL ? work->values[i].text : "",
                                             work->values[i].length));

  return g_strv_builder_end (builder);
}

static void
count_row (Work               *work,
           SluiceImportSurvey *survey)
{
  guint n_fields = sluice_import_converter_get_n_fields (work->job->converter);

  survey->rows++;
  survey->bytes += n_fields;
  for (guint i = 0; i < n_fields; i++)
    survey->bytes += work->values[i].length;

  if (survey->samples->len < SLUICE_WRITE_PLAN_SAMPLES)
    g_ptr_array_add (survey->samples, dup_sample (work));
}

static char *
dup_work_text (SluiceImportJob *job)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s %s %s", sluice_write_verb_get_nick (job->verb),
                          sluice_object_describe_get_name (job->describe), job->key != NULL ? job->key : "");
  for (guint i = 0; i < sluice_import_converter_get_n_fields (job->converter); i++)
    g_string_append_printf (text, " %s=%u", sluice_import_converter_get_field (job->converter, i),
                            sluice_import_converter_get_column (job->converter, i));

  return g_string_free (text, FALSE);
}

/* Size and time of the last change: rows are known by their numbers, which must mean the same. */
static char *
dup_file_text (SluiceImportJob  *job,
               GError          **error)
{
  g_autoptr(GFileInfo) info = NULL;
  g_autoptr(GError) cause = NULL;

  info = g_file_query_info (job->file,
                            G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_TIME_MODIFIED ","
                            G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
                            G_FILE_QUERY_INFO_NONE, job->cancellable, &cause);
  if (info == NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the placeholder is the system's own text */
                   _("The file cannot be read: %s"), cause->message);
      return NULL;
    }

  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GUINT64_FORMAT ".%06u", (gint64) g_file_info_get_size (info),
                          g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED),
                          g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC));
}

static gboolean
check_same (Work        *work,
            const char  *name,
            const char  *now,
            const char  *message,
            GError     **error)
{
  g_autofree char *before = sluice_import_ledger_dup_text (work->ledger, name);

  if (before != NULL && strcmp (before, now) == 0)
    return TRUE;

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, message);

  return FALSE;
}

static gboolean
check_continues (Work    *work,
                 GError **error)
{
  g_autofree char *file = dup_file_text (work->job, error);
  g_autofree char *what = dup_work_text (work->job);

  if (file == NULL)
    return FALSE;

  return check_same (work, ORGANIZATION_NAME, work->job->organization_id,
                     _("The import began in another org than the one that the subscription is connected to now. Connect "
                       "to that one, or start over."), error) &&
         check_same (work, FILE_NAME, file,
                     _("The file was changed since its import began, so its rows cannot be told. Start over, with only "
                       "the rows that are to be imported."), error) &&
         check_same (work, WORK_NAME, what,
                     _("The import began with another object, operation or mapping. Use the same, or start over."), error);
}

static gboolean
fail_interrupted (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       _("An import of this file was interrupted. Resume it; or start over, which may write records a "
                         "second time."));

  return FALSE;
}

static gboolean
fail_nothing_to_resume (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       _("There is no import of this file to go on with. Start it anew."));

  return FALSE;
}

static gboolean
is_continuing (SluiceImportJob *job)
{
  return job->start == SLUICE_IMPORT_START_RESUME || job->start == SLUICE_IMPORT_START_RETRY;
}

static void
remove_ledger (const char *path)
{
  static const char * const ends[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *file = g_strconcat (path, ends[i], NULL);

      g_unlink (file);
    }
}

/* Whether the ledger of before is to be used, or nothing hinders a new one. */
static gboolean
open_old_ledger (Work    *work,
                 GError **error)
{
  g_autofree char *path = sluice_import_job_dup_ledger_path (work->job->base);
  g_autofree char *complete = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return is_continuing (work->job) ? fail_nothing_to_resume (error) : TRUE;
  if (work->job->start == SLUICE_IMPORT_START_OVER && !sluice_import_ledger_is_in_use (path))
    return TRUE;

  work->ledger = sluice_import_ledger_open (path, error);
  if (work->ledger == NULL)
    return FALSE;

  if (is_continuing (work->job))
    return check_continues (work, error);

  complete = sluice_import_ledger_dup_text (work->ledger, COMPLETE_NAME);
  g_clear_pointer (&work->ledger, sluice_import_ledger_free);

  return complete != NULL ? TRUE : fail_interrupted (error);
}

static gboolean
forecast_undo (Work                *work,
               SluiceImportSurvey  *survey,
               GError             **error)
{
  SluiceImportJob *job = work->job;
  g_autoptr(SluiceImportUndo) undo = NULL;
  guint keys;

  if (job->verb == SLUICE_WRITE_INSERT)
    return TRUE;

  undo = sluice_import_undo_open (job->client, NULL, job->converter, job->describe, job->verb, job->key, NULL, error);
  if (undo == NULL)
    return FALSE;

  keys = MAX (sluice_import_undo_get_keys_per_call (undo), 1);
  survey->undo_calls = (survey->rows + keys - 1) / keys;

  return TRUE;
}

gboolean
sluice_import_job_survey (SluiceImportJob     *self,
                          SluiceImportSurvey  *survey,
                          GError             **error)
{
  g_auto(Work) work = { .job = self };

  survey->samples = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (!open_old_ledger (&work, error) || !open_reader (&work, error))
    return FALSE;

  for (;;)
    {
      if (!next_row (&work, refuse_in_survey, pass_in_survey, survey, error))
        return FALSE;
      if (work.values == NULL)
        return forecast_undo (&work, survey, error);

      count_row (&work, survey);
    }
}

/* Running */

static gboolean
refuse_in_run (Work        *work,
               const char  *problem,
               gpointer     data,
               GError     **error)
{
  const SluiceLedgerRow entry = { .outcome = SLUICE_ROW_FAILED, .problem = problem };

  tell_outcome (work, SLUICE_ROW_FAILED);

  return sluice_import_ledger_settle (work->ledger, work->row, &entry, error);
}

static gboolean
next_to_send (Work    *work,
              GError **error)
{
  return next_row (work, refuse_in_run, NULL, NULL, error);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Nothing left this computer. */
static gboolean
was_never_sent (const GError *error)
{
  static const char * const local[] = {
    SLUICE_PROBLEM_DNS, SLUICE_PROBLEM_PROXY, SLUICE_PROBLEM_CERTIFICATE, SLUICE_PROBLEM_TLS, NULL
  };
  const char *code = error->domain == SLUICE_ERROR ? sluice_error_get_server_code (error) : NULL;

  return code != NULL && g_strv_contains (local, code);
}

/* The org may have done what it was asked, and nobody heard of it. */
static gboolean
is_lost (const GError *error)
{
  if (is_cancelled (error))
    return TRUE;

  return error->domain == SLUICE_ERROR && !was_never_sent (error) &&
         (error->code == SLUICE_ERROR_OFFLINE || error->code == SLUICE_ERROR_PROTOCOL ||
          sluice_error_get_http_status (error) >= 500);
}

/* It makes sense to try again soon. */
static gboolean
is_passing (const GError *error)
{
  return error->domain == SLUICE_ERROR &&
         (error->code == SLUICE_ERROR_OFFLINE || error->code == SLUICE_ERROR_PROTOCOL ||
          sluice_error_get_http_status (error) >= 500);
}

static gboolean
wait_before (Work    *work,
             guint    attempt,
             GError **error)
{
  gint64 delay = ATTEMPT_BASE;

  for (guint i = 1; i < attempt; i++)
    delay *= ATTEMPT_FACTOR;

  return attempt == 0 || sluice_waiting_pause (work->job->client, delay, work->job->cancellable, error);
}

static gboolean
keep_before (Work    *work,
             GError **error)
{
  const SluiceCell *cell = get_key_cell (work);

  return work->undo == NULL || cell == NULL ||
         sluice_import_undo_add (work->undo, cell->text, cell->length, work->job->cancellable, error);
}

static gboolean
flush_undo (Work    *work,
            GError **error)
{
  return work->undo == NULL || sluice_import_undo_flush (work->undo, work->job->cancellable, error);
}

static gboolean
note_rows (Work              *work,
           SluiceRowOutcome   to,
           const char        *problem,
           GError           **error)
{
  if (!sluice_import_ledger_turn (work->ledger, SLUICE_ROW_IN_FLIGHT, to, problem, NULL, error))
    return FALSE;

  tell_counts (work);

  return TRUE;
}

/* Bulk: results */

static int
find_column (char       **names,
             const char  *name)
{
  for (int i = 0; names[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (names[i], name) == 0)
        return i;
    }

  return -1;
}

/* One file of results. */
typedef struct
{
  SluiceIngestResults which;
  char **header;  /* (nullable): before the first row */
  int *columns;   /* of our fields */
  int id;
  int created;
  int problem;
} Results;

static void
results_clear (Results *results)
{
  g_strfreev (results->header);
  g_free (results->columns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Results, results_clear)

static void
take_header (Work                 *work,
             Results              *results,
             const SluiceCsvField *fields,
             guint                 n_fields)
{
  SluiceImportConverter *converter = work->job->converter;
  guint n = sluice_import_converter_get_n_fields (converter);

  results->header = g_new0 (char *, n_fields + 1);
  for (guint i = 0; i < n_fields; i++)
    results->header[i] = g_strndup (fields[i].text, fields[i].length);

  results->columns = g_new (int, n);
  for (guint i = 0; i < n; i++)
    results->columns[i] = find_column (results->header, sluice_import_converter_get_field (converter, i));

  results->id = find_column (results->header, "sf__Id");
  results->created = find_column (results->header, "sf__Created");
  results->problem = find_column (results->header, "sf__Error");
}

static const SluiceCsvField *
get_field (const SluiceCsvField *fields,
           guint                 n_fields,
           int                   column)
{
  static const SluiceCsvField nothing = { "", 0, FALSE };

  return column >= 0 && column < (int) n_fields ? &fields[column] : &nothing;
}

static char *
dup_field (const SluiceCsvField *fields,
           guint                 n_fields,
           int                   column)
{
  const SluiceCsvField *field = get_field (fields, n_fields, column);

  return field->length > 0 ? g_utf8_make_valid (field->text, (gssize) field->length) : NULL;
}

static gboolean
take_result (Work                  *work,
             Results               *results,
             const SluiceCsvField  *fields,
             guint                  n_fields,
             GError               **error)
{
  static const SluiceRowOutcome outcomes[] = { SLUICE_ROW_SUCCEEDED, SLUICE_ROW_FAILED, SLUICE_ROW_UNPROCESSED };
  SluiceImportConverter *converter = work->job->converter;
  int key = sluice_import_converter_get_key (converter);
  g_autofree char *id = dup_field (fields, n_fields, results->id);
  g_autofree char *problem = dup_field (fields, n_fields, results->problem);
  g_autofree char *created = dup_field (fields, n_fields, results->created);
  SluiceLedgerRow entry = {
    .outcome = outcomes[results->which],
    .id = id,
    .created = created != NULL && g_ascii_strcasecmp (created, "true") == 0,
    .problem = problem,
  };
  guint64 content = sluice_import_text_hash_start ();
  guint64 key_hash = 0;
  gboolean found;

  for (guint i = 0; i < sluice_import_converter_get_n_fields (converter); i++)
    {
      const SluiceCsvField *field = get_field (fields, n_fields, results->columns[i]);

      content = sluice_import_text_hash_add (content, field->text, field->length);
      if ((int) i == key)
        key_hash = sluice_import_text_hash_key (field->text, field->length, is_id_key (work->job));
    }

  if (!sluice_import_ledger_settle_match (work->ledger, content, key_hash, &entry, &found, error))
    return FALSE;

  if (!found)
    g_debug ("A result fits no row that was sent");

  return TRUE;
}

static gboolean
take_rows (Work             *work,
           Results          *results,
           SluiceCsvReader  *reader,
           GError          **error)
{
  const SluiceCsvField *fields;
  guint n_fields;

  for (;;)
    {
      if (!sluice_csv_reader_next (reader, &fields, &n_fields, error))
        return FALSE;
      if (fields == NULL)
        return TRUE;

      if (results->header == NULL)
        take_header (work, results, fields, n_fields);
      else if (!take_result (work, results, fields, n_fields, error))
        return FALSE;
    }
}

static gboolean
take_results (Work                 *work,
              SluiceIngestResults   which,
              const char           *path,
              GError              **error)
{
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (NULL, MAX_RESULT_ROW);
  g_auto(Results) results = { .which = which };
  FILE *stream = g_fopen (path, "rbe");
  gboolean success = TRUE;
  gboolean ended = FALSE;

  if (stream == NULL)
    {
      sluice_write_error_set_errno (error, path, errno);
      return FALSE;
    }

  while (success && !ended)
    {
      gsize room;
      char *place = sluice_csv_reader_get_room (reader, &room);
      gsize n = fread (place, 1, room, stream);

      sluice_csv_reader_filled (reader, n);
      ended = n == 0;
      if (ended)
        sluice_csv_reader_end (reader);
      success = take_rows (work, &results, reader, error);
    }
  fclose (stream);

  return success;
}

static gboolean
fetch_results (Work              *work,
               SluiceBulkIngest  *ingest,
               GCancellable      *cancellable,
               GError           **error)
{
  for (guint i = SLUICE_INGEST_SUCCESSFUL; i <= SLUICE_INGEST_UNPROCESSED; i++)
    {
      /* The records are on their way back; the file that was sent is not needed any more. */
      if (!sluice_bulk_ingest_download (ingest, i, work->chunk_path, cancellable, error) ||
          !take_results (work, i, work->chunk_path, error))
        return FALSE;
    }

  return sluice_import_ledger_turn (work->ledger, SLUICE_ROW_IN_FLIGHT, SLUICE_ROW_IN_DOUBT,
                                    _("The org did not tell what became of this row. Look in the org before it is sent "
                                      "again."), NULL, error) &&
         sluice_import_ledger_set_text (work->ledger, JOB_NAME, "", error);
}

static gboolean
try_to_collect (Work              *work,
                SluiceBulkIngest  *ingest,
                GCancellable      *cancellable,
                GError           **error)
{
  if (!sluice_import_ledger_begin (work->ledger, error))
    return FALSE;

  if (!fetch_results (work, ingest, cancellable, error) || !sluice_import_ledger_commit (work->ledger, error))
    {
      sluice_import_ledger_roll_back (work->ledger);
      return FALSE;
    }

  return TRUE;
}

static gboolean
collect (Work              *work,
         SluiceBulkIngest  *ingest,
         GCancellable      *cancellable,
         GError           **error)
{
  for (guint attempt = 0;; attempt++)
    {
      g_autoptr(GError) cause = NULL;

      if (try_to_collect (work, ingest, cancellable, &cause))
        break;

      if (attempt + 1 == MAX_ATTEMPTS || !is_passing (cause) || !wait_before (work, attempt + 1, NULL))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
    }

  tell_counts (work);

  /* What stays is removed by the service after seven days. */
  sluice_bulk_ingest_delete (ingest, cancellable, NULL);

  return TRUE;
}

/* Bulk: jobs */

static gboolean
fail_job (SluiceBulkIngest  *ingest,
          GError           **error)
{
  const char *problem = sluice_bulk_ingest_get_problem (ingest);

  if (sluice_bulk_ingest_get_state (ingest) == SLUICE_BULK_ABORTED)
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED,
                         _("Somebody stopped the Bulk job in the org. What it had not come to is unprocessed."));
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED,
                 /* Translators: the org's own text */
                 _("The org gave the Bulk job up: %s"), problem != NULL ? problem : _("it does not say why"));

  return FALSE;
}

static gboolean
set_cancelled (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped");

  return FALSE;
}

/* From when the org has begun until each row's fate is known. Being stopped aborts the job, and still asks what it did. */
static gboolean
see_job_through (Work              *work,
                 SluiceBulkIngest  *ingest,
                 GError           **error)
{
  GCancellable *cancellable = work->job->cancellable;
  gboolean stopped = FALSE;
  gint64 interval = POLL_FIRST;
  guint n_losses = 0;

  while (!sluice_bulk_ingest_get_is_over (ingest))
    {
      g_autoptr(GError) cause = NULL;

      tell_calls (work, sluice_bulk_ingest_get_calls (ingest), sluice_bulk_ingest_get_processed (ingest));
      if (sluice_waiting_pause (work->job->client, interval, cancellable, &cause) &&
          sluice_bulk_ingest_refresh (ingest, cancellable, &cause))
        {
          interval = MIN (interval * 3 / 2, POLL_LAST);
          n_losses = 0;
          continue;
        }

      /* The org works on, whether the line is there or not. */
      if (is_passing (cause) && ++n_losses < MAX_LOSSES)
        {
          interval = MIN (interval * 2, POLL_LAST);
          continue;
        }

      if (!is_cancelled (cause) || stopped)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }

      stopped = TRUE;
      cancellable = NULL;
      interval = POLL_FIRST;
      if (!sluice_bulk_ingest_abort (ingest, NULL, NULL) && !sluice_bulk_ingest_refresh (ingest, NULL, error))
        return FALSE;
    }

  if (!collect (work, ingest, cancellable, error))
    return FALSE;

  tell_calls (work, sluice_bulk_ingest_get_calls (ingest), 0);
  work->calls += sluice_bulk_ingest_get_calls (ingest);

  if (stopped)
    return set_cancelled (error);

  return sluice_bulk_ingest_get_state (ingest) == SLUICE_BULK_COMPLETE ? TRUE : fail_job (ingest, error);
}

/* The org does nothing with a job that is not closed; so the rows were not sent after all. */
static gboolean
give_up_job (Work              *work,
             SluiceBulkIngest  *ingest,
             GError           **error)
{
  if (sluice_bulk_ingest_get_address (ingest) != NULL)
    sluice_bulk_ingest_abort (ingest, NULL, NULL);
  work->calls += sluice_bulk_ingest_get_calls (ingest);

  return sluice_import_ledger_set_text (work->ledger, JOB_NAME, "", error) &&
         note_rows (work, SLUICE_ROW_PENDING, NULL, error);
}

/* Whether the job is closed, or known to be closed; if not, @open tells whether it surely is not. */
static gboolean
close_job (Work              *work,
           SluiceBulkIngest  *ingest,
           gboolean          *open,
           GError           **error)
{
  g_autoptr(GError) cause = NULL;

  *open = FALSE;
  if (sluice_bulk_ingest_close (ingest, work->job->cancellable, &cause))
    return TRUE;

  /* The answer may be lost, but the job tells. */
  if (!sluice_bulk_ingest_refresh (ingest, NULL, NULL))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  if (sluice_bulk_ingest_get_state (ingest) != SLUICE_BULK_OPEN)
    return TRUE;

  *open = TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}

/* Makes a job and fills it; nothing is written yet. */
static gboolean
fill_job (Work              *work,
          SluiceBulkIngest  *ingest,
          guint64            n_rows,
          guint64            n_repeated,
          GError           **error)
{
  GCancellable *cancellable = work->job->cancellable;

  return sluice_bulk_ingest_create (ingest, cancellable, error) &&
         sluice_import_ledger_set_text (work->ledger, JOB_NAME, sluice_bulk_ingest_get_address (ingest), error) &&
         sluice_bulk_ingest_upload (ingest, work->chunk_path, n_rows, n_repeated, cancellable, error) &&
         sluice_import_ledger_set_text (work->ledger, CLOSING_NAME, sluice_bulk_ingest_get_address (ingest), error);
}

static gboolean
send_chunk (Work     *work,
            guint64   n_rows,
            GError  **error)
{
  SluiceImportJob *job = work->job;
  guint64 left = sluice_write_permit_get_left (job->permit);

  for (guint attempt = 0;; attempt++)
    {
      g_autoptr(SluiceBulkIngest) ingest = sluice_bulk_ingest_new (job->client, job->permit, job->key,
                                                                   SLUICE_PRIORITY_BACKGROUND);
      g_autoptr(GError) cause = NULL;
      gboolean counted = sluice_write_permit_get_left (job->permit) != left;
      gboolean open = TRUE;

      if (wait_before (work, attempt, &cause) &&
          fill_job (work, ingest, n_rows, counted ? n_rows : 0, &cause) && close_job (work, ingest, &open, &cause))
        {
          tell_calls (work, sluice_bulk_ingest_get_calls (ingest), 0);
          return see_job_through (work, ingest, error);
        }

      /* Nobody knows whether it is closed: resuming will ask again. */
      if (!open)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }

      if (attempt + 1 < MAX_ATTEMPTS && is_passing (cause))
        {
          if (sluice_bulk_ingest_get_address (ingest) != NULL)
            sluice_bulk_ingest_abort (ingest, NULL, NULL);
          work->calls += sluice_bulk_ingest_get_calls (ingest);
          continue;
        }

      give_up_job (work, ingest, NULL);
      g_propagate_error (error, g_steal_pointer (&cause));

      return FALSE;
    }
}

static void
append_header (Work    *work,
               GString *line)
{
  SluiceImportConverter *converter = work->job->converter;

  for (guint i = 0; i < sluice_import_converter_get_n_fields (converter); i++)
    {
      const char *field = sluice_import_converter_get_field (converter, i);

      sluice_import_text_append_csv (line, field, strlen (field), i == 0);
    }
  g_string_append_c (line, '\n');
}

static void
append_line (Work    *work,
             GString *line)
{
  for (guint i = 0; i < sluice_import_converter_get_n_fields (work->job->converter); i++)
    sluice_import_text_append_csv (line, work->values[i].text, work->values[i].length, i == 0);

  /* A line with nothing on it would be passed over. */
  if (line->len == 0)
    g_string_append (line, "\"\"");
  g_string_append_c (line, '\n');
}

static gboolean
put_line (Work     *work,
          FILE     *stream,
          GString  *line,
          GError  **error)
{
  if (fwrite (line->str, 1, line->len, stream) == line->len)
    return TRUE;

  sluice_write_error_set_errno (error, work->chunk_path, errno);

  return FALSE;
}

static gboolean
note_line (Work    *work,
           GError **error)
{
  guint64 content, key;

  get_hashes (work, &content, &key);

  return keep_before (work, error) && sluice_import_ledger_put (work->ledger, work->row, content, key, error);
}

/* Rows up to the size of a job. A row that does not fit stays the current one. */
static gboolean
write_lines (Work     *work,
             FILE     *stream,
             guint64  *n_rows,
             GError  **error)
{
  g_autoptr(GString) header = g_string_new (NULL);
  gsize size;

  append_header (work, header);
  if (!put_line (work, stream, header, error))
    return FALSE;

  size = header->len;
  for (;;)
    {
      if (!work->is_held && !next_to_send (work, error))
        return FALSE;
      if (work->values == NULL)
        return TRUE;

      g_string_truncate (work->line, 0);
      append_line (work, work->line);
      work->is_held = size + work->line->len > work->job->max_upload;

      if (work->is_held && *n_rows > 0)
        return TRUE;

      if (work->is_held)
        {
          work->is_held = FALSE;
          if (!refuse_in_run (work, _("The row is larger than a Bulk job can be."), NULL, error))
            return FALSE;
          continue;
        }

      if (!note_line (work, error) || !put_line (work, stream, work->line, error))
        return FALSE;

      size += work->line->len;
      (*n_rows)++;
    }
}

static gboolean
close_chunk (Work    *work,
             FILE    *stream,
             GError **error)
{
  gboolean whole = fflush (stream) == 0 && fdatasync (fileno (stream)) == 0;
  int code = errno;

  fclose (stream);
  if (whole)
    return TRUE;

  sluice_write_error_set_errno (error, work->chunk_path, code);

  return FALSE;
}

static gboolean
build_chunk (Work     *work,
             guint64  *n_rows,
             GError  **error)
{
  int fd = g_open (work->chunk_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  FILE *stream = fd >= 0 ? fdopen (fd, "w") : NULL;

  *n_rows = 0;
  if (stream == NULL)
    {
      sluice_write_error_set_errno (error, work->chunk_path, errno);
      return FALSE;
    }

  if (!sluice_import_ledger_begin (work->ledger, error) || !write_lines (work, stream, n_rows, error))
    {
      fclose (stream);
      return FALSE;
    }

  return close_chunk (work, stream, error) && flush_undo (work, error) &&
         sluice_import_ledger_set_text (work->ledger, JOB_NAME, "", error) &&
         sluice_import_ledger_set_text (work->ledger, CLOSING_NAME, "", error) &&
         sluice_import_ledger_commit (work->ledger, error);
}

static gboolean
send_by_bulk (Work    *work,
              GError **error)
{
  guint64 n_rows;

  do
    {
      if (!build_chunk (work, &n_rows, error))
        {
          sluice_import_ledger_roll_back (work->ledger);
          tell_counts (work);
          return FALSE;
        }

      tell_counts (work);
      if (n_rows > 0 && !send_chunk (work, n_rows, error))
        return FALSE;
    }
  while (n_rows > 0);

  return TRUE;
}

/* Collections */

static void
append_json_value (GString          *json,
                   const SluiceCell *cell)
{
  switch (cell->kind)
    {
    case SLUICE_CELL_NUMBER:
    case SLUICE_CELL_BOOLEAN:
      g_string_append_len (json, cell->text, cell->length);
      break;

    case SLUICE_CELL_NULL:
      g_string_append (json, "null");
      break;

    case SLUICE_CELL_TEXT:
    case SLUICE_CELL_JSON:
    default:
      sluice_json_append_string (json, cell->text, cell->length);
      break;
    }
}

static gboolean
is_clear (const SluiceCell *cell)
{
  return cell->length == strlen (SLUICE_IMPORT_CLEAR) &&
         memcmp (cell->text, SLUICE_IMPORT_CLEAR, cell->length) == 0;
}

static void
append_json_name (GString    *json,
                  const char *name)
{
  sluice_json_append_string (json, name, strlen (name));
  g_string_append_c (json, ':');
}

/* Such as "Account":{"External__c":"A-17"}; with a type in front where there are several. */
static void
append_json_lookup (GString          *json,
                    const char       *name,
                    const SluiceCell *cell)
{
  const char *dot = strchr (name, '.');
  const char *colon = memchr (name, ':', (gsize) (dot - name));
  const char *start = colon != NULL ? colon + 1 : name;
  g_autofree char *relationship = g_strndup (start, (gsize) (dot - start));

  append_json_name (json, relationship);
  g_string_append_c (json, '{');
  if (colon != NULL)
    g_string_append_printf (json, "\"attributes\":{\"type\":\"%.*s\"},", (int) (colon - name), name);
  append_json_name (json, dot + 1);
  append_json_value (json, cell);
  g_string_append_c (json, '}');
}

static void
append_json_field (Work    *work,
                   GString *json,
                   guint    i)
{
  SluiceImportConverter *converter = work->job->converter;
  SluiceImportTarget *target = sluice_import_converter_get_target (converter, i);
  const char *name = sluice_import_converter_get_field (converter, i);
  const SluiceCell *cell = &work->values[i];

  if (cell->kind == SLUICE_CELL_NULL)
    return;

  g_string_append_c (json, ',');
  if (is_clear (cell))
    {
      append_json_name (json, sluice_field_info_get_name (sluice_import_target_get_field (target)));
      g_string_append (json, "null");
    }
  else if (strchr (name, '.') != NULL)
    {
      append_json_lookup (json, name, cell);
    }
  else
    {
      append_json_name (json, name);
      append_json_value (json, cell);
    }
}

static char *
dup_record (Work *work)
{
  GString *json = g_string_new ("{\"attributes\":{\"type\":");
  const char *object = sluice_object_describe_get_name (work->job->describe);

  sluice_json_append_string (json, object, strlen (object));
  g_string_append_c (json, '}');
  for (guint i = 0; i < sluice_import_converter_get_n_fields (work->job->converter); i++)
    append_json_field (work, json, i);
  g_string_append_c (json, '}');

  return g_string_free (json, FALSE);
}

static gboolean
patience_ends_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
stop_wanted_cb (GCancellable *cancellable,
                GCancellable *later)
{
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, PATIENCE_SECONDS, patience_ends_cb, g_object_ref (later),
                              g_object_unref);
}

static GPtrArray *
write_items (Work          *work,
             GArray        *items,
             const GString *records,
             guint          n_repeated,
             GError       **error)
{
  SluiceImportJob *job = work->job;
  g_autoptr(GCancellable) later = g_cancellable_new ();
  gulong id = 0;
  GPtrArray *results;

  if (sluice_write_verb_is_repeatable (job->verb))
    g_set_object (&later, job->cancellable);
  else if (job->cancellable != NULL)
    id = g_cancellable_connect (job->cancellable, G_CALLBACK (stop_wanted_cb), later, NULL);

  results = sluice_collection_write (job->client, job->permit, job->key, records->str, items->len, n_repeated,
                                     SLUICE_PRIORITY_BACKGROUND, later, error);

  if (id != 0)
    g_cancellable_disconnect (job->cancellable, id);

  return results;
}

static GPtrArray *
call (Work     *work,
      GArray   *items,
      gboolean  repeated,
      GError  **error)
{
  SluiceImportJob *job = work->job;
  g_autoptr(GString) records = g_string_new (NULL);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  g_auto(GStrv) list = NULL;
  guint n_repeated = repeated ? items->len : 0;

  work->calls++;
  tell_calls (work, 0, 0);

  for (guint i = 0; i < items->len; i++)
    {
      const char *text = g_array_index (items, Item, i).text;

      if (i > 0)
        g_string_append_c (records, ',');
      g_string_append (records, text);
      g_strv_builder_add (ids, text);
    }

  if (!sluice_write_verb_is_delete (job->verb))
    return write_items (work, items, records, n_repeated, error);

  list = g_strv_builder_end (ids);

  return sluice_collection_delete (job->client, job->permit, (const char * const *) list, n_repeated,
                                   SLUICE_PRIORITY_BACKGROUND, job->cancellable, error);
}

/* Twice deleted is deleted, when the first answer was lost. */
static gboolean
is_success (Work                    *work,
            const SluiceWriteResult *result,
            gboolean                 was_lost)
{
  return result->problem == NULL ||
         (was_lost && sluice_write_verb_is_delete (work->job->verb) && g_str_has_prefix (result->problem, GONE_RECORD));
}

/* Notes what became of the rows; those that others hold just now stay in @items. */
static gboolean
take_answers (Work       *work,
              GArray     *items,
              GPtrArray  *results,
              gboolean    was_lost,
              gboolean    is_last,
              GError    **error)
{
  gboolean makes = work->job->verb == SLUICE_WRITE_INSERT;

  if (!sluice_import_ledger_begin (work->ledger, error))
    return FALSE;

  for (guint i = items->len; i > 0; i--)
    {
      const SluiceWriteResult *result = g_ptr_array_index (results, i - 1);
      gboolean success = is_success (work, result, was_lost);
      SluiceLedgerRow entry = {
        .outcome = success ? SLUICE_ROW_SUCCEEDED : SLUICE_ROW_FAILED,
        .id = result->id,
        .created = success && (makes || result->created),
        .problem = success ? NULL : result->problem,
      };

      if (!success && !is_last && g_str_has_prefix (result->problem, BUSY_RECORD))
        continue;

      if (!sluice_import_ledger_settle (work->ledger, g_array_index (items, Item, i - 1).row, &entry, error))
        return FALSE;
      tell_outcome (work, entry.outcome);
      g_array_remove_index (items, i - 1);
    }

  return sluice_import_ledger_commit (work->ledger, error);
}

static gboolean
take_loss (Work          *work,
           const GError  *cause,
           gboolean       was_sent,
           GError       **error)
{
  gboolean in_doubt = was_sent && is_lost (cause) && !sluice_write_verb_is_repeatable (work->job->verb);

  if (!note_rows (work, in_doubt ? SLUICE_ROW_IN_DOUBT : SLUICE_ROW_PENDING,
                  in_doubt ? _("The answer was lost: perhaps the record was created. Look in the org before it is sent "
                               "again.") : NULL, error))
    return FALSE;

  g_propagate_error (error, g_error_copy (cause));
  if (in_doubt)
    g_prefix_error (error, "%s ", _("It is not known whether the last records were created."));

  return FALSE;
}

static gboolean
send_items (Work     *work,
            GArray   *items,
            GError  **error)
{
  gboolean repeated = FALSE;
  gboolean was_lost = FALSE;

  for (guint attempt = 0; items->len > 0; attempt++)
    {
      g_autoptr(GError) cause = NULL;
      g_autoptr(GPtrArray) results = NULL;
      gboolean is_last = attempt + 1 == MAX_ATTEMPTS;
      gboolean sent = wait_before (work, attempt, &cause) &&
                      !g_cancellable_set_error_if_cancelled (work->job->cancellable, &cause);

      if (sent)
        results = call (work, items, repeated, &cause);

      if (results != NULL)
        {
          if (!take_answers (work, items, results, was_lost, is_last, error))
            return FALSE;
          repeated = TRUE;
          continue;
        }

      /* Records that wait for others to let go were answered, and so are known not to be written. */
      if (is_last || !is_passing (cause) || (is_lost (cause) && !sluice_write_verb_is_repeatable (work->job->verb)))
        return take_loss (work, cause, sent, error);

      was_lost = was_lost || is_lost (cause);
      repeated = repeated || !was_never_sent (cause);
    }

  return TRUE;
}

static gboolean
add_item (Work     *work,
          GArray   *items,
          gsize    *size,
          GError  **error)
{
  const SluiceCell *key = get_key_cell (work);
  Item item = { .row = work->row };

  get_hashes (work, &item.content, &item.key);
  item.text = sluice_write_verb_is_delete (work->job->verb) ? g_strndup (key->text, key->length) : dup_record (work);
  *size += strlen (item.text);
  g_array_append_val (items, item);

  return keep_before (work, error) &&
         sluice_import_ledger_put (work->ledger, item.row, item.content, item.key, error);
}

static gboolean
gather (Work     *work,
        GArray   *items,
        GError  **error)
{
  gsize size = 0;

  if (!sluice_import_ledger_begin (work->ledger, error))
    return FALSE;

  while (items->len < SLUICE_COLLECTION_SIZE && size < MAX_COLLECTION)
    {
      if (!next_to_send (work, error))
        return FALSE;
      if (work->values == NULL)
        break;
      if (!add_item (work, items, &size, error))
        return FALSE;
    }

  return flush_undo (work, error) && sluice_import_ledger_commit (work->ledger, error);
}

static gboolean
send_by_rest (Work    *work,
              GError **error)
{
  g_autoptr(GArray) items = g_array_new (FALSE, FALSE, sizeof (Item));
  guint n_items;

  g_array_set_clear_func (items, item_clear);

  do
    {
      g_array_set_size (items, 0);
      if (!gather (work, items, error))
        {
          sluice_import_ledger_roll_back (work->ledger);
          tell_counts (work);
          return FALSE;
        }

      n_items = items->len;
      if (!send_items (work, items, error))
        return FALSE;
    }
  while (n_items > 0);

  return TRUE;
}

/* Going on */

static gboolean
start_ledger (Work    *work,
              GError **error)
{
  SluiceImportJob *job = work->job;
  g_autofree char *path = sluice_import_job_dup_ledger_path (job->base);
  g_autofree char *file = dup_file_text (job, error);
  g_autofree char *what = dup_work_text (job);

  if (file == NULL)
    return FALSE;

  remove_ledger (path);
  work->ledger = sluice_import_ledger_open (path, error);

  return work->ledger != NULL &&
         sluice_import_ledger_begin (work->ledger, error) &&
         sluice_import_ledger_set_text (work->ledger, FILE_NAME, file, error) &&
         sluice_import_ledger_set_text (work->ledger, WORK_NAME, what, error) &&
         sluice_import_ledger_set_text (work->ledger, TRANSPORT_NAME,
                                        job->transport == SLUICE_TRANSPORT_BULK ? "bulk" : "rest", error) &&
         sluice_import_ledger_set_text (work->ledger, ORGANIZATION_NAME, job->organization_id, error) &&
         sluice_import_ledger_commit (work->ledger, error);
}

/* A job that a killed run left behind. */
static gboolean
recover_job (Work        *work,
             const char  *address,
             GError     **error)
{
  SluiceImportJob *job = work->job;
  g_autofree char *closing = sluice_import_ledger_dup_text (work->ledger, CLOSING_NAME);
  g_autoptr(SluiceBulkIngest) ingest = sluice_bulk_ingest_new (job->client, job->permit, job->key,
                                                               SLUICE_PRIORITY_BACKGROUND);

  if (!sluice_bulk_ingest_attach (ingest, address, job->cancellable, error))
    return FALSE;

  if (sluice_bulk_ingest_get_state (ingest) == SLUICE_BULK_OPEN)
    return give_up_job (work, ingest, error);

  if (sluice_bulk_ingest_get_state (ingest) != SLUICE_BULK_NONE)
    {
      g_autoptr(GError) cause = NULL;

      if (see_job_through (work, ingest, &cause))
        return TRUE;

      /* That it failed was told by the run that was killed, or is told by the rows; these are sent again. */
      if (!is_cancelled (cause) && sluice_bulk_ingest_get_is_over (ingest) &&
          g_error_matches (cause, SLUICE_ERROR, SLUICE_ERROR_REJECTED))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  if (!sluice_import_ledger_set_text (work->ledger, JOB_NAME, "", error))
    return FALSE;

  if (g_strcmp0 (closing, address) != 0)
    return note_rows (work, SLUICE_ROW_PENDING, NULL, error);

  return note_rows (work, SLUICE_ROW_IN_DOUBT,
                    _("The Bulk job is gone from the org, so that nobody can tell what became of this row. Look in the "
                      "org before it is sent again."), error);
}

static gboolean
recover (Work    *work,
         GError **error)
{
  g_autofree char *address = sluice_import_ledger_dup_text (work->ledger, JOB_NAME);
  g_autofree char *route = sluice_import_ledger_dup_text (work->ledger, TRANSPORT_NAME);
  gboolean in_doubt;

  if (address != NULL && *address != '\0')
    {
      if (!recover_job (work, address, error))
        return FALSE;
    }
  else
    {
      /* Without a job nothing went to the Bulk API, but a collection may have. */
      in_doubt = g_strcmp0 (route, "rest") == 0 && !sluice_write_verb_is_repeatable (work->job->verb);
      if (!note_rows (work, in_doubt ? SLUICE_ROW_IN_DOUBT : SLUICE_ROW_PENDING,
                      in_doubt ? _("The import was interrupted before the answer came: perhaps the record was created. "
                                   "Look in the org before it is sent again.") : NULL, error))
        return FALSE;
    }

  if (work->job->start == SLUICE_IMPORT_START_RETRY &&
      !sluice_import_ledger_turn (work->ledger, SLUICE_ROW_FAILED, SLUICE_ROW_PENDING, NULL, NULL, error))
    return FALSE;

  return sluice_import_ledger_turn (work->ledger, SLUICE_ROW_UNPROCESSED, SLUICE_ROW_PENDING, NULL, NULL, error) &&
         sluice_import_ledger_set_text (work->ledger, TRANSPORT_NAME,
                                        work->job->transport == SLUICE_TRANSPORT_BULK ? "bulk" : "rest", error);
}

static gboolean
open_undo (Work    *work,
           GError **error)
{
  SluiceImportJob *job = work->job;

  if (job->verb == SLUICE_WRITE_INSERT)
    return TRUE;

  work->undo = sluice_import_undo_open (job->client, work->ledger, job->converter, job->describe, job->verb, job->key,
                                        job->undo_base, error);

  return work->undo != NULL;
}

static gboolean
send_all (Work    *work,
          GError **error)
{
  SluiceImportJob *job = work->job;

  if (is_continuing (job) && !recover (work, error))
    return FALSE;

  tell_counts (work);

  return open_undo (work, error) && open_reader (work, error) &&
         (job->transport == SLUICE_TRANSPORT_BULK ? send_by_bulk (work, error) : send_by_rest (work, error)) &&
         sluice_import_ledger_set_text (work->ledger, COMPLETE_NAME, "1", error);
}

/* The memory of an import of which nothing is left to do is of no use. */
static void
forget_when_all_is_well (Work *work)
{
  g_autofree char *path = sluice_import_job_dup_ledger_path (work->job->base);
  g_autofree char *complete = sluice_import_ledger_dup_text (work->ledger, COMPLETE_NAME);
  guint64 counts[SLUICE_N_ROW_OUTCOMES];

  if (complete == NULL || !sluice_import_ledger_count (work->ledger, counts, NULL))
    return;

  for (guint i = 0; i < SLUICE_N_ROW_OUTCOMES; i++)
    {
      if (i != SLUICE_ROW_SUCCEEDED && counts[i] > 0)
        return;
    }

  g_clear_pointer (&work->undo, sluice_import_undo_free);
  g_clear_pointer (&work->ledger, sluice_import_ledger_free);
  remove_ledger (path);
}

gboolean
sluice_import_job_run (SluiceImportJob  *self,
                       GError          **error)
{
  g_auto(Work) work = { .job = self };
  g_autoptr(GError) cause = NULL;

  work.line = g_string_new (NULL);
  work.chunk_path = g_strconcat (self->base, ".import-part", NULL);

  if (!open_old_ledger (&work, error) || (work.ledger == NULL && !start_ledger (&work, error)))
    return FALSE;

  send_all (&work, &cause);

  g_mutex_lock (&self->mutex);
  self->progress.finishing = TRUE;
  g_mutex_unlock (&self->mutex);

  tell_counts (&work);
  if (!sluice_import_results_write (self, work.ledger, cause == NULL ? &cause : NULL))
    g_debug ("The result files are not written");
  if (cause == NULL)
    forget_when_all_is_well (&work);

  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}
