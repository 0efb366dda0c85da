/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "sluice-cli-output.h"
#include "sluice-error.h"
#include "sluice-query-export.h"

/* How often progress is told: on a terminal, and into a log */
#define TERMINAL_INTERVAL (G_USEC_PER_SEC / 4)
#define LOG_INTERVAL (10 * G_USEC_PER_SEC)

typedef struct
{
  gboolean all_rows;
  gboolean rest;
  gboolean bulk;
  gboolean json;
  gboolean progress;
  char *format; /* (nullable) */
  char *output; /* (nullable) */
} Options;

typedef struct
{
  gboolean shown;
  gboolean is_terminal;
  gint64 started;
  gint64 told;
} Progress;

static void
options_clear (Options *options)
{
  g_free (options->format);
  g_free (options->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse_format (Options             *options,
              SluiceExportFormat  *format,
              GError             **error)
{
  *format = options->json ? SLUICE_EXPORT_JSON : SLUICE_EXPORT_CSV;

  if (options->format == NULL)
    return TRUE;

  if (g_str_equal (options->format, "json"))
    *format = SLUICE_EXPORT_JSON;
  else if (g_str_equal (options->format, "csv") && !options->json)
    *format = SLUICE_EXPORT_CSV;
  else
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("--format is either csv or json."));
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_options (Options  *options,
               GError  **error)
{
  if (!options->bulk)
    return TRUE;

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       options->rest
                       ? _("Only one of --rest and --bulk can be given.")
                       : _("This version cannot query with the Bulk API. Leave --bulk away to use the REST API."));

  return FALSE;
}

static void
tell_progress (Progress    *progress,
               SluiceQuery *query,
               gboolean     is_last)
{
  gint64 now = g_get_monotonic_time ();
  gint64 interval = progress->is_terminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
  gint64 rows = sluice_query_get_rows (query);
  gint64 total = sluice_query_get_total_size (query);
  double seconds = MAX ((double) (now - progress->started) / G_USEC_PER_SEC, 0.001);
  g_autofree char *rows_text = sluice_cli_format_number (rows);
  g_autofree char *total_text = sluice_cli_format_number (total);
  g_autofree char *rate = sluice_cli_format_number ((gint64) ((double) rows / seconds));
  g_autofree char *text = NULL;

  if (!progress->shown || (!is_last && now - progress->told < interval))
    return;

  progress->told = now;
  if (total >= 0)
    /* Translators: rows read, rows in all, rows a second */
    text = g_strdup_printf (_("%s of %s rows, %s rows a second"), rows_text, total_text, rate);
  else
    /* Translators: rows read, rows a second */
    text = g_strdup_printf (_("%s rows, %s rows a second"), rows_text, rate);

  /* A line is written over by the next one; the last stays. */
  if (progress->is_terminal)
    g_printerr ("\r%s\033[K%s", text, is_last ? "\n" : "");
  else
    g_printerr ("%s\n", text);
}

static SluiceQueryPage *
next_page (SluiceCli    *cli,
           SluiceQuery  *query,
           GError      **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_query_next_page_async (query, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_query_next_page_finish (query, done, error);
}

static gboolean
write_page (SluiceCli          *cli,
            SluiceQueryExport  *export,
            SluiceQueryPage    *page,
            GError            **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_query_export_write_async (export, page, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_query_export_write_finish (export, done, error);
}

static gboolean
write_rows (SluiceCli          *cli,
            SluiceQuery        *query,
            SluiceQueryExport  *export,
            Progress           *progress,
            GError            **error)
{
  while (!sluice_query_get_done (query))
    {
      g_autoptr(SluiceQueryPage) page = next_page (cli, query, error);

      if (page == NULL || !write_page (cli, export, page, error))
        return FALSE;

      tell_progress (progress, query, FALSE);
    }

  tell_progress (progress, query, TRUE);

  return TRUE;
}

static void
budget_state_cb (SluiceBudget *budget)
{
  SluiceBudgetState state = sluice_budget_get_state (budget);

  if (state == SLUICE_BUDGET_BACKGROUND_PAUSED || state == SLUICE_BUDGET_EXHAUSTED)
    g_printerr ("%s: %s\n", g_get_prgname (),
                _("Waiting: nearly all calls of the org’s day are used. Press Ctrl+C to stop."));
}

static gboolean
run_query (SluiceCli           *cli,
           SluiceConnection    *connection,
           const char          *soql,
           Options             *options,
           SluiceExportFormat   format,
           GError             **error)
{
  Progress progress = {
    .shown = options->progress,
    .is_terminal = isatty (STDERR_FILENO),
    .started = g_get_monotonic_time (),
  };
  SluiceBudget *budget = sluice_connection_get_budget (connection);
  g_autoptr(SluiceQueryExport) export = NULL;
  g_autoptr(SluiceCliOutput) output = NULL;
  g_autoptr(SluiceQuery) query = NULL;
  gulong state_id = 0;
  gboolean success;

  query = sluice_connection_export (connection, soql, options->all_rows, error);
  if (query == NULL)
    return FALSE;

  output = sluice_cli_output_open (options->output, error);
  if (output == NULL)
    return FALSE;

  if (budget != NULL)
    state_id = g_signal_connect (budget, "notify::state", G_CALLBACK (budget_state_cb), NULL);

  export = sluice_query_export_new (sluice_cli_output_get_stream (output), format);
  success = write_rows (cli, query, export, &progress, error) && sluice_cli_output_commit (output, error);

  if (state_id != 0)
    g_signal_handler_disconnect (budget, state_id);

  return success;
}

gboolean
sluice_cli_query (SluiceCli  *cli,
                  int         argc,
                  char       *argv[],
                  GError    **error)
{
  g_auto(Options) options = { 0, };
  const GOptionEntry entries[] = {
    { "rest", 0, 0, G_OPTION_ARG_NONE, &options.rest, N_("Use the REST API (the default)"), NULL },
    { "bulk", 0, 0, G_OPTION_ARG_NONE, &options.bulk, N_("Use the Bulk API"), NULL },
    { "all-rows", 0, 0, G_OPTION_ARG_NONE, &options.all_rows, N_("Read deleted and archived records too"), NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format, N_("Write csv (the default) or json"), N_("FORMAT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Write one JSON object a line"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_("Write to a file, which appears when it is whole"),
      N_("FILE") },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &options.progress, N_("Tell how many rows were read"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME SOQL", 2, error);
  SluiceConnection *connection;
  SluiceExportFormat format;

  if (rest == NULL || !parse_format (&options, &format, error) || !check_options (&options, error))
    return FALSE;

  connection = sluice_cli_connect (cli, rest[0], error);

  /* The org may have been changed since the last time, and a script must not get the rows of another one. */
  return connection != NULL &&
         sluice_cli_verify (cli, connection, error) &&
         run_query (cli, connection, rest[1], &options, format, error);
}
