/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

#include "sluice-describe-cache.h"
#include "sluice-error.h"
#include "sluice-import-check.h"
#include "sluice-import-map-file.h"
#include "sluice-import.h"
#include "sluice-table-reader.h"

/* How often progress is told: on a terminal, and into a log */
#define TERMINAL_INTERVAL (G_USEC_PER_SEC / 4)
#define LOG_INTERVAL (10 * G_USEC_PER_SEC)
/* Of a value in a sample */
#define SAMPLE_WIDTH 40

typedef struct
{
  char *operation;      /* (nullable) */
  char *key;            /* (nullable) */
  char *map;            /* (nullable) */
  char *results;        /* (nullable) */
  char *undo;           /* (nullable) */
  char *confirm_delete; /* (nullable) */
  gboolean rest;
  gboolean bulk;
  gboolean clear_empty;
  gboolean dry_run;
  gboolean yes;
  gboolean resume;
  gboolean retry_failures;
  gboolean start_over;
  gboolean progress;
  gboolean json;
} Options;

typedef struct
{
  gboolean shown;
  gboolean is_terminal;
  gint64 told;
} Progress;

static void
options_clear (Options *options)
{
  g_free (options->operation);
  g_free (options->key);
  g_free (options->map);
  g_free (options->results);
  g_free (options->undo);
  g_free (options->confirm_delete);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
fail_invalid (const char  *message,
              GError     **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, message);

  return FALSE;
}

static gboolean
check_options (const Options    *options,
               SluiceWriteVerb  *verb,
               GError          **error)
{
  if (options->rest && options->bulk)
    return fail_invalid (_("Only one of --rest and --bulk can be given."), error);

  if (options->resume + options->retry_failures + options->start_over > 1)
    return fail_invalid (_("Only one of --resume, --retry-failures and --start-over can be given."), error);

  if (options->operation == NULL)
    return fail_invalid (_("Say with --operation what is done: insert, update, upsert, delete or hardDelete."), error);

  if (!sluice_write_verb_from_nick (options->operation, verb))
    return fail_invalid (_("--operation is insert, update, upsert, delete or hardDelete."), error);

  return TRUE;
}

static SluiceImportStart
get_start (const Options *options)
{
  if (options->resume)
    return SLUICE_IMPORT_START_RESUME;
  if (options->retry_failures)
    return SLUICE_IMPORT_START_RETRY;

  return options->start_over ? SLUICE_IMPORT_START_OVER : SLUICE_IMPORT_START_NEW;
}

/* Some hundred bytes from a local file: nothing that anybody would wait for. */
static GStrv
read_columns (GFile              *file,
              SluiceTableFormat  *format,
              GError            **error)
{
  g_autoptr(SluiceTableReader) reader = sluice_table_reader_new (file, NULL);

  if (!sluice_table_reader_open (reader, NULL, error))
    return NULL;

  *format = *sluice_table_reader_get_format (reader);

  return g_strdupv ((char **) sluice_table_reader_get_columns (reader, NULL));
}

static gboolean
apply_map (SluiceImportMapping  *mapping,
           const char           *path,
           GError              **error)
{
  g_autoptr(GError) cause = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &cause))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE, cause->message);
      return FALSE;
    }

  return sluice_import_map_apply (mapping, text, (gssize) length, error);
}

static SluiceImportMapping *
make_mapping (SluiceCli           *cli,
              SluiceConnection    *connection,
              const char          *object,
              const char * const  *columns,
              SluiceWriteVerb      verb,
              const Options       *options,
              GError             **error)
{
  g_autoptr(SluiceImportMapping) mapping = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_import_mapping_new_async (sluice_connection_get_describe_cache (connection), object, columns, verb,
                                   cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  mapping = sluice_import_mapping_new_finish (done, error);
  if (mapping == NULL)
    return NULL;

  if (options->map != NULL && !apply_map (mapping, options->map, error))
    return NULL;

  /* A map may say what is done, but the command line has the last word: it is what the user sees. */
  sluice_import_mapping_set_verb (mapping, verb);
  if (options->key != NULL && !sluice_import_mapping_set_key (mapping, options->key, error))
    return NULL;
  if (options->clear_empty)
    sluice_import_mapping_set_clear_empty (mapping, TRUE);
  if (options->map == NULL)
    sluice_import_mapping_match (mapping);

  return g_steal_pointer (&mapping);
}

static gboolean
prepare (SluiceCli     *cli,
         SluiceImport  *import,
         GError       **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_import_prepare_async (import, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_import_prepare_finish (import, done, error);
}

/* Showing the plan */

/* One line, and nothing that a terminal would take for a command. */
static char *
dup_plain (const char *text)
{
  GString *plain = g_string_new (NULL);
  guint n = 0;

  for (const char *p = text; *p != '\0' && n < SAMPLE_WIDTH; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (plain, g_unichar_isprint (c) ? c : ' ');
    }
  if (n == SAMPLE_WIDTH)
    g_string_append (plain, "…");

  return g_string_free (plain, FALSE);
}

static void
print_sample (SluiceWritePlan *plan,
              guint            i)
{
  const char * const *columns = sluice_write_plan_get_columns (plan);
  const char * const *values = sluice_write_plan_get_sample (plan, i);
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint j = 0; columns[j] != NULL && values[j] != NULL; j++)
    {
      g_autofree char *value = dup_plain (values[j]);

      g_string_append_printf (line, "%s%s=%s", j > 0 ? ", " : "", columns[j], value);
    }

  g_printerr ("  %s\n", line->str);
}

/* A misspelled header must not pass for a column that was written. */
static void
print_left_out (SluiceImportMapping *mapping)
{
  g_autoptr(GString) names = g_string_new (NULL);
  const char * const *columns;
  guint n_columns;

  columns = sluice_import_mapping_get_columns (mapping, &n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *name = dup_plain (columns[i]);

      if (sluice_import_mapping_get_target (mapping, i) == NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }

  if (names->len > 0)
    /* Translators: the names of columns */
    g_printerr (_("Columns that are left out: %s\n"), names->str);
}

static void
print_cost (SluiceImport *import)
{
  const SluiceForecast *forecast = sluice_import_get_forecast (import);
  g_autofree char *calls = sluice_cli_format_number ((gint64) forecast->calls);
  g_autofree char *left = sluice_cli_format_number (forecast->calls_left);
  g_autofree char *seconds = sluice_cli_format_number (forecast->duration / G_USEC_PER_SEC);

  g_printerr ("%s\n", sluice_import_get_route_reason (import));
  if (forecast->calls_left >= 0)
    /* Translators: a number of calls, how many are left, a number of seconds */
    g_printerr (_("Calls in all: about %s of %s that are left. Seconds: at least %s"), calls, left, seconds);
  else
    /* Translators: a number of calls, a number of seconds */
    g_printerr (_("Calls in all: about %s. Seconds: at least %s"), calls, seconds);
  g_printerr ("\n");
}

static void
print_unsendable (SluiceImport *import)
{
  guint64 n = sluice_import_get_unsendable (import);
  g_autofree char *number = sluice_cli_format_number ((gint64) n);

  if (n == 0)
    return;

  /* Translators: a number of rows */
  g_printerr (ngettext ("%s row is wrong and is not sent", "%s rows are wrong and are not sent", (gulong) MIN (n, G_MAXINT)),
              number);
  g_printerr (": %s\n", sluice_import_get_problem (import));
}

static void
print_plan (SluiceImport *import)
{
  SluiceWritePlan *plan = sluice_import_get_plan (import);
  g_autofree char *question = sluice_write_plan_dup_question (plan);
  g_autofree char *destination = sluice_write_plan_dup_destination (plan);

  g_printerr ("%s\n%s\n", question, destination);
  for (guint i = 0; i < sluice_write_plan_get_n_samples (plan); i++)
    print_sample (plan, i);
  print_unsendable (import);
  print_cost (import);
}

/* Confirming */

static char *
read_line (SluiceCli  *cli,
           GError    **error)
{
  g_autoptr(GInputStream) base = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr(GDataInputStream) stream = g_data_input_stream_new (base);
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return g_data_input_stream_read_line_finish_utf8 (stream, done, NULL, error);
}

static gboolean
ask (SluiceCli        *cli,
     SluiceWritePlan  *plan,
     char            **typed,
     GError          **error)
{
  g_autofree char *line = NULL;

  if (sluice_write_plan_get_needs_name (plan))
    /* Translators: the API name of an object */
    g_printerr (_("Type the name of the object, %s, to delete: "), sluice_write_plan_get_object (plan));
  else
    /* Translators: the word “yes” is what the user types, and is not translated */
    g_printerr ("%s ", _("Type “yes” to go on:"));

  line = read_line (cli, error);
  if (line == NULL && *error != NULL)
    return FALSE;
  if (line != NULL)
    g_strstrip (line);

  if (sluice_write_plan_get_needs_name (plan) ? !sluice_write_plan_accepts (plan, line)
                                              : g_strcmp0 (line, "yes") != 0)
    return fail_invalid (_("Not confirmed. Nothing was written."), error);

  *typed = g_steal_pointer (&line);

  return TRUE;
}

static SluiceWritePermit *
confirm (SluiceCli        *cli,
         SluiceWritePlan  *plan,
         const Options    *options,
         GError          **error)
{
  g_autofree char *typed = NULL;

  if (options->confirm_delete != NULL)
    return sluice_write_plan_confirm (plan, options->confirm_delete, error);

  if (options->yes && !sluice_write_plan_get_needs_name (plan))
    return sluice_write_plan_confirm (plan, NULL, error);

  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    {
      if (sluice_write_plan_get_needs_name (plan))
        g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                     /* Translators: the API name of an object */
                     _("Nothing was written: there is nobody to ask. Deleting here is confirmed with --confirm-delete %s."),
                     sluice_write_plan_get_object (plan));
      else
        fail_invalid (_("Nothing was written: there is nobody to ask. Confirm with --yes."), error);
      return NULL;
    }

  return ask (cli, plan, &typed, error) ? sluice_write_plan_confirm (plan, typed, error) : NULL;
}

/* Running */

static void
tell_progress (SluiceImport *import,
               Progress     *progress,
               gboolean      is_last)
{
  gint64 now = g_get_monotonic_time ();
  gint64 interval = progress->is_terminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
  g_autofree char *rows = sluice_cli_format_number ((gint64) sluice_import_get_rows (import));
  g_autofree char *total = sluice_cli_format_number ((gint64) sluice_import_get_total (import));
  g_autofree char *rate_text = NULL;
  g_autofree char *text = NULL;
  double rate;

  if (!progress->shown || (!is_last && now - progress->told < interval))
    return;

  progress->told = now;
  g_object_get (import, "rate", &rate, NULL);
  rate_text = sluice_cli_format_number ((gint64) rate);
  /* Translators: rows done with, rows in all, rows a second */
  text = g_strdup_printf (_("%s of %s rows, %s rows a second"), rows, total, rate_text);

  /* A line is written over by the next one; the last stays. */
  if (progress->is_terminal)
    g_printerr ("\r%s\033[K%s", text, is_last ? "\n" : "");
  else
    g_printerr ("%s\n", text);
}

static void
rows_changed_cb (SluiceImport *import,
                 GParamSpec   *pspec,
                 Progress     *progress)
{
  tell_progress (import, progress, FALSE);
}

static void
add_count (JsonBuilder  *builder,
           SluiceImport *import,
           const char   *name,
           guint64       count)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) count);
}

static void
print_json (SluiceImport *import)
{
  static const struct
  {
    const char *name;
    SluiceRowOutcome outcome;
  } counts[] = {
    { "succeeded", SLUICE_ROW_SUCCEEDED },
    { "failed", SLUICE_ROW_FAILED },
    { "unprocessed", SLUICE_ROW_UNPROCESSED },
    { "in_doubt", SLUICE_ROW_IN_DOUBT },
  };
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_IMPORT_STATE);
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *line = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "state");
  json_builder_add_string_value (builder, g_enum_get_value (klass, (int) sluice_import_get_state (import))->value_nick);
  add_count (builder, import, "total", sluice_import_get_total (import));
  add_count (builder, import, "rows", sluice_import_get_rows (import));
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    add_count (builder, import, counts[i].name, sluice_import_get_count (import, counts[i].outcome));
  add_count (builder, import, "calls", sluice_import_get_calls (import));
  json_builder_set_member_name (builder, "resumable");
  json_builder_add_boolean_value (builder, sluice_import_get_resumable (import));
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  line = json_to_string (node, FALSE);
  g_print ("%s\n", line);
}

static void
print_line (SluiceImport     *import,
            SluiceRowOutcome  outcome,
            const char       *label)
{
  guint64 count = sluice_import_get_count (import, outcome);
  g_autofree char *number = sluice_cli_format_number ((gint64) count);
  g_autofree char *path = sluice_import_dup_result_path (import, outcome);

  if (count > 0)
    g_print ("%s\t%s\t%s\n", label, number, path);
}

static void
print_summary (SluiceImport *import,
               gboolean      json)
{
  if (json)
    {
      print_json (import);
      return;
    }

  print_line (import, SLUICE_ROW_SUCCEEDED, _("succeeded"));
  print_line (import, SLUICE_ROW_FAILED, _("failed"));
  print_line (import, SLUICE_ROW_UNPROCESSED, _("unprocessed"));
  print_line (import, SLUICE_ROW_IN_DOUBT, _("in doubt"));
}

static gboolean
fail_partly (SluiceCli     *cli,
             SluiceImport  *import,
             GError       **error)
{
  guint64 total = sluice_import_get_total (import);
  g_autofree char *all = sluice_cli_format_number ((gint64) total);
  g_autofree char *rest =
    sluice_cli_format_number ((gint64) (total - sluice_import_get_count (import, SLUICE_ROW_SUCCEEDED)));

  cli->status = SLUICE_CLI_PARTLY;
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED,
               /* Translators: two numbers of rows */
               _("%s of %s rows were not written. Mend what is wrong, then run the same with --retry-failures."), rest, all);

  return FALSE;
}

static gboolean
run (SluiceCli          *cli,
     SluiceImport       *import,
     SluiceWritePermit  *permit,
     const Options      *options,
     GError            **error)
{
  Progress progress = { .shown = options->progress, .is_terminal = isatty (STDERR_FILENO) };
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  gboolean success;

  g_signal_connect (import, "notify::rows", G_CALLBACK (rows_changed_cb), &progress);
  sluice_import_run_async (import, permit, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  g_signal_handlers_disconnect_by_data (import, &progress);

  success = sluice_import_run_finish (import, done, error);
  tell_progress (import, &progress, TRUE);
  print_summary (import, options->json);

  if (!success && sluice_import_get_resumable (import))
    g_printerr ("%s\n", _("What is left to do can be done later: run the same with --resume."));

  return success && !sluice_import_get_is_whole (import) ? fail_partly (cli, import, error) : success;
}

static void
print_findings (SluiceImportCheck *check)
{
  GPtrArray *findings = sluice_import_check_get_findings (check);

  for (guint i = 0; i < findings->len; i++)
    {
      const SluiceImportFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char *count = sluice_cli_format_number ((gint64) finding->count);

      g_print ("%s\t%s\n", count, sluice_import_issue_kind_get_title (finding->kind));
      for (guint j = 0; j < finding->examples->len; j++)
        g_print ("\t%s\n", (const char *) g_ptr_array_index (finding->examples, j));
    }
}

static gboolean
dry_run (SluiceCli                *cli,
         SluiceImport             *import,
         GFile                    *file,
         const SluiceTableFormat  *format,
         SluiceImportMapping      *mapping,
         GError                  **error)
{
  g_autoptr(SluiceImportCheck) check = sluice_import_check_new (file, format, mapping);
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  if (sluice_import_get_plan (import) != NULL)
    print_plan (import);

  sluice_import_check_run_async (check, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  if (!sluice_import_check_run_finish (check, done, error))
    return FALSE;

  print_findings (check);
  if (sluice_import_check_get_bad_rows (check) == 0)
    return TRUE;

  cli->status = SLUICE_CLI_PARTLY;

  return fail_invalid (_("Some rows cannot be written as they are. Nothing was sent."), error);
}

static gboolean
import_file (SluiceCli         *cli,
             SluiceConnection  *connection,
             const char        *object,
             const char        *path,
             SluiceWriteVerb    verb,
             const Options     *options,
             GError           **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  SluiceTableFormat format = { 0 };
  g_auto(GStrv) columns = read_columns (file, &format, error);
  g_autoptr(SluiceImportMapping) mapping = NULL;
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(SluiceWritePermit) permit = NULL;

  if (columns == NULL)
    return FALSE;

  mapping = make_mapping (cli, connection, object, (const char * const *) columns, verb, options, error);
  if (mapping == NULL)
    return FALSE;
  print_left_out (mapping);

  import = sluice_import_new (connection, file, &format, mapping);
  sluice_import_set_start (import, get_start (options));
  if (options->rest || options->bulk)
    sluice_import_set_route (import, options->bulk ? SLUICE_TRANSPORT_BULK : SLUICE_TRANSPORT_REST);
  if (options->results != NULL)
    sluice_import_set_base (import, options->results);
  if (options->undo != NULL)
    sluice_import_set_undo_base (import, options->undo);

  if (!prepare (cli, import, error))
    return FALSE;
  if (options->dry_run)
    return dry_run (cli, import, file, &format, mapping, error);

  /* Nothing is left to send, or nothing can be sent: there is nothing to ask, but the results are to be told. */
  if (sluice_import_get_plan (import) == NULL)
    {
      print_unsendable (import);
      return run (cli, import, NULL, options, error);
    }

  print_plan (import);
  permit = confirm (cli, sluice_import_get_plan (import), options, error);

  return permit != NULL && run (cli, import, permit, options, error);
}

gboolean
sluice_cli_import (SluiceCli  *cli,
                   int         argc,
                   char       *argv[],
                   GError    **error)
{
  g_auto(Options) options = { 0, };
  const GOptionEntry entries[] = {
    { "operation", 0, 0, G_OPTION_ARG_STRING, &options.operation,
      N_("What is done: insert, update, upsert, delete or hardDelete"), N_("VERB") },
    { "key", 0, 0, G_OPTION_ARG_STRING, &options.key, N_("The external ID field that an upsert knows records by"),
      N_("FIELD") },
    { "map", 0, 0, G_OPTION_ARG_FILENAME, &options.map, N_("Which column goes to which field; without, names tell"),
      N_("FILE") },
    { "rest", 0, 0, G_OPTION_ARG_NONE, &options.rest, N_("Use the REST API, 200 records a call"), NULL },
    { "bulk", 0, 0, G_OPTION_ARG_NONE, &options.bulk, N_("Use the Bulk API"), NULL },
    { "clear-empty", 0, 0, G_OPTION_ARG_NONE, &options.clear_empty,
      N_("Empty values empty their fields, instead of leaving them alone"), NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run, N_("Check all rows, and write nothing"), NULL },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &options.yes, N_("Confirm what would be asked, except to delete on production"),
      NULL },
    { "confirm-delete", 0, 0, G_OPTION_ARG_STRING, &options.confirm_delete,
      N_("Confirm a delete with the name of the object"), N_("OBJECT") },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &options.resume, N_("Go on with an import that was interrupted"), NULL },
    { "retry-failures", 0, 0, G_OPTION_ARG_NONE, &options.retry_failures, N_("Send again the rows that failed, only them"),
      NULL },
    { "start-over", 0, 0, G_OPTION_ARG_NONE, &options.start_over, N_("Forget an import that was interrupted"), NULL },
    { "results", 0, 0, G_OPTION_ARG_FILENAME, &options.results,
      N_("What the names of result files begin with, instead of FILE"), N_("BASE") },
    { "undo", 0, 0, G_OPTION_ARG_FILENAME, &options.undo, N_("What the names of undo files begin with, instead of FILE"),
      N_("BASE") },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &options.progress, N_("Tell how many rows were written"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Print a JSON object"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME OBJECT FILE", 3, error);
  SluiceConnection *connection;
  SluiceWriteVerb verb;

  if (rest == NULL || !check_options (&options, &verb, error))
    return FALSE;

  connection = sluice_cli_connect (cli, rest[0], error);

  /* The org may have been changed since the last time, and nothing is written to another one. */
  return connection != NULL &&
         sluice_cli_verify (cli, connection, error) &&
         import_file (cli, connection, rest[1], rest[2], verb, &options, error);
}
