/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice-error.h"
#include "sluice-file-sink.h"
#include "sluice-query-shape.h"
#include "sluice-stream-sink.h"
#include "sluice-table-sink.h"
#include "sluice-transfer.h"

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
  gboolean resume;
  gboolean replace;
  gboolean byte_order_mark;
  gboolean formula_guard;
  char *format; /* (nullable) */
  char *output; /* (nullable): NULL = standard output */
  char *table;  /* (nullable) */

  SluiceRowFormat row_format;
  gboolean is_table;
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
  g_free (options->format);
  g_free (options->output);
  g_free (options->table);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, message);

  return FALSE;
}

static gboolean
parse_format (Options  *options,
              GError  **error)
{
  if (options->json && options->format != NULL && g_strcmp0 (options->format, "json") != 0)
    return fail (error, _("Only one of --json and --format can be given."));

  options->row_format = options->json ? SLUICE_ROW_FORMAT_JSON : SLUICE_ROW_FORMAT_CSV;
  if (options->format == NULL || g_str_equal (options->format, "csv"))
    return TRUE;

  options->is_table = g_str_equal (options->format, "sqlite");
  if (g_str_equal (options->format, "json"))
    options->row_format = SLUICE_ROW_FORMAT_JSON;
  else if (!options->is_table)
    return fail (error, _("--format is csv, json or sqlite."));

  return TRUE;
}

static gboolean
check_options (Options  *options,
               GError  **error)
{
  if (options->rest && options->bulk)
    return fail (error, _("Only one of --rest and --bulk can be given."));
  if (options->resume && options->output == NULL)
    return fail (error, _("--resume needs --output: what went to standard output cannot be taken up again."));
  if (options->is_table && options->output == NULL)
    return fail (error, _("--format sqlite needs --output with the database to write to."));
  if (!options->is_table && options->table != NULL)
    return fail (error, _("--table needs --format sqlite."));
  if (!options->is_table && options->replace)
    return fail (error, _("--replace needs --format sqlite. Other files are always replaced, when the new one is whole."));

  return TRUE;
}

/* Where records go */

static SluiceSink *
open_stream (SluiceCli                   *cli,
             int                          fd,
             gboolean                     close_fd,
             const SluiceRowTextOptions  *text)
{
  g_autoptr(GOutputStream) stream = g_unix_output_stream_new (fd, close_fd);

  return sluice_stream_sink_new (stream, text, cli->cancellable);
}

/* A pipe or a device cannot be replaced, and keeps no place to come back to. */
static SluiceSink *
open_device (SluiceCli                   *cli,
             Options                     *options,
             const SluiceRowTextOptions  *text,
             GError                     **error)
{
  int fd;

  if (options->resume)
    {
      fail (error, _("--resume needs a file: what went to a pipe or a device cannot be taken up again."));
      return NULL;
    }

  fd = open (options->output, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE, "%s: %s", options->output, g_strerror (errno));
      return NULL;
    }

  return open_stream (cli, fd, TRUE, text);
}

static SluiceSink *
open_table (Options     *options,
            const char  *soql,
            GError     **error)
{
  g_autoptr(SluiceQueryShape) shape = sluice_query_shape_new (soql);
  const char *table = options->table != NULL ? options->table : shape->object;

  if (table == NULL || *table == '\0')
    {
      fail (error, _("Name the table with --table."));
      return NULL;
    }

  return sluice_table_sink_new (options->output, table, options->replace);
}

static SluiceSink *
open_sink (SluiceCli   *cli,
           Options     *options,
           const char  *soql,
           GError     **error)
{
  const SluiceRowTextOptions text = {
    .format = options->row_format,
    .byte_order_mark = options->byte_order_mark,
    .formula_guard = options->formula_guard,
  };
  struct stat existing;

  if (options->output == NULL)
    return open_stream (cli, STDOUT_FILENO, FALSE, &text);
  if (options->is_table)
    return open_table (options, soql, error);
  if (g_stat (options->output, &existing) == 0 && !S_ISREG (existing.st_mode))
    return open_device (cli, options, &text, error);

  return sluice_file_sink_new (options->output, &text);
}

/* Progress */

static void
tell (Progress   *progress,
      const char *text,
      gboolean    is_last)
{
  /* A line is written over by the next one; the last stays. */
  if (progress->is_terminal)
    g_printerr ("\r%s\033[K%s", text, is_last ? "\n" : "");
  else
    g_printerr ("%s\n", text);
}

static void
tell_progress (Progress       *progress,
               SluiceTransfer *transfer,
               gboolean        is_last)
{
  gint64 now = g_get_monotonic_time ();
  gint64 interval = progress->is_terminal ? TERMINAL_INTERVAL : LOG_INTERVAL;
  gint64 total = sluice_transfer_get_total (transfer);
  g_autofree char *rows_text = NULL;
  g_autofree char *total_text = NULL;
  g_autofree char *rate = NULL;
  g_autofree char *text = NULL;

  if (!progress->shown || (!is_last && now - progress->told < interval))
    return;

  progress->told = now;
  rows_text = sluice_cli_format_number ((gint64) sluice_transfer_get_rows (transfer));
  total_text = sluice_cli_format_number (total);
  rate = sluice_cli_format_number ((gint64) sluice_transfer_get_rate (transfer));
  if (sluice_transfer_get_state (transfer) == SLUICE_TRANSFER_PREPARING)
    text = g_strdup (_("Waiting for the org…"));
  else if (total >= 0)
    /* Translators: rows read, rows in all, rows a second */
    text = g_strdup_printf (_("%s of %s rows, %s rows a second"), rows_text, total_text, rate);
  else
    /* Translators: rows read, rows a second */
    text = g_strdup_printf (_("%s rows, %s rows a second"), rows_text, rate);

  tell (progress, text, is_last);
}

static void
elapsed_cb (SluiceTransfer *transfer,
            GParamSpec     *pspec,
            Progress       *progress)
{
  tell_progress (progress, transfer, FALSE);
}

static void
reason_cb (SluiceTransfer *transfer,
           GParamSpec     *pspec,
           Progress       *progress)
{
  if (progress->shown)
    tell (progress, sluice_transfer_get_transport_reason (transfer), TRUE);
}

static void
budget_state_cb (SluiceBudget *budget)
{
  SluiceBudgetState state = sluice_budget_get_state (budget);

  if (state == SLUICE_BUDGET_BACKGROUND_PAUSED || state == SLUICE_BUDGET_EXHAUSTED)
    g_printerr ("%s: %s\n", g_get_prgname (),
                _("Waiting: nearly all calls of the org’s day are used. Press Ctrl+C to stop."));
}

/* The transfer */

/* As other programs do: whoever reads has had enough. */
static void
end_quietly (void)
{
  signal (SIGPIPE, SIG_DFL);
  raise (SIGPIPE);
}

static gboolean
check_missing (SluiceTransfer  *transfer,
               GError         **error)
{
  gint64 missing = sluice_transfer_get_missing (transfer);
  g_autofree char *total = NULL;
  g_autofree char *rows = NULL;

  if (missing == 0)
    return TRUE;

  total = sluice_cli_format_number (sluice_transfer_get_total (transfer));
  rows = sluice_cli_format_number ((gint64) sluice_transfer_get_rows (transfer));
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
               /* Translators: two numbers of records */
               _("The org announced %s records, but sent %s, which are written. Records may have been deleted meanwhile; "
                 "run the query again to be certain."), total, rows);

  return FALSE;
}

static void
tell_what_is_kept (SluiceTransfer *transfer)
{
  g_autofree char *rows = NULL;

  if (!sluice_transfer_get_resumable (transfer) || sluice_transfer_get_rows (transfer) == 0)
    return;

  rows = sluice_cli_format_number ((gint64) sluice_transfer_get_rows (transfer));
  /* Translators: the program's name, and a number of records */
  g_printerr (_("%s: %s records are kept. Add --resume to the same command to go on from there.\n"), g_get_prgname (),
              rows);
}

static gboolean
run_transfer (SluiceCli       *cli,
              SluiceTransfer  *transfer,
              gboolean         resume,
              GError         **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_transfer_run_async (transfer, resume, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_transfer_run_finish (transfer, done, error);
}

static gboolean
run_query (SluiceCli         *cli,
           SluiceConnection  *connection,
           const char        *soql,
           Options           *options,
           GError           **error)
{
  Progress progress = { .shown = options->progress, .is_terminal = isatty (STDERR_FILENO) };
  SluiceBudget *budget = sluice_connection_get_budget (connection);
  SluiceTransport transport = SLUICE_TRANSPORT_AUTOMATIC;
  g_autoptr(SluiceSink) sink = open_sink (cli, options, soql, error);
  g_autoptr(SluiceTransfer) transfer = NULL;
  g_autoptr(GError) problem = NULL;
  gulong state_id = 0;

  if (sink == NULL)
    return FALSE;

  if (options->rest || options->bulk)
    transport = options->rest ? SLUICE_TRANSPORT_REST : SLUICE_TRANSPORT_BULK;
  transfer = sluice_transfer_new (connection, soql, options->all_rows, transport, SLUICE_PRIORITY_BACKGROUND, sink);
  g_signal_connect (transfer, "notify::elapsed", G_CALLBACK (elapsed_cb), &progress);
  g_signal_connect (transfer, "notify::transport-reason", G_CALLBACK (reason_cb), &progress);
  if (budget != NULL)
    state_id = g_signal_connect (budget, "notify::state", G_CALLBACK (budget_state_cb), NULL);

  if (run_transfer (cli, transfer, options->resume, &problem))
    check_missing (transfer, &problem);

  if (state_id != 0)
    g_signal_handler_disconnect (budget, state_id);
  tell_progress (&progress, transfer, TRUE);

  if (problem == NULL)
    return TRUE;

  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    end_quietly ();
  tell_what_is_kept (transfer);
  g_propagate_error (error, g_steal_pointer (&problem));

  return FALSE;
}

gboolean
sluice_cli_query (SluiceCli  *cli,
                  int         argc,
                  char       *argv[],
                  GError    **error)
{
  g_auto(Options) options = { 0, };
  const GOptionEntry entries[] = {
    { "rest", 0, 0, G_OPTION_ARG_NONE, &options.rest, N_("Use the REST API"), NULL },
    { "bulk", 0, 0, G_OPTION_ARG_NONE, &options.bulk, N_("Use the Bulk API"), NULL },
    { "all-rows", 0, 0, G_OPTION_ARG_NONE, &options.all_rows, N_("Read deleted and archived records too"), NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format, N_("Write csv (the default), json or sqlite"), N_("FORMAT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("Write one JSON object a line"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_("Write to a file, which appears when it is whole"),
      N_("FILE") },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &options.resume, N_("Go on where an interrupted run ended"), NULL },
    { "table", 0, 0, G_OPTION_ARG_STRING, &options.table, N_("Write to this table of the database"), N_("TABLE") },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &options.replace, N_("Replace the table if it is there"), NULL },
    { "bom", 0, 0, G_OPTION_ARG_NONE, &options.byte_order_mark, N_("Begin CSV with a byte order mark"), NULL },
    { "formula-guard", 0, 0, G_OPTION_ARG_NONE, &options.formula_guard,
      N_("Keep spreadsheets from computing values of CSV"), NULL },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &options.progress, N_("Tell how many rows were read"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME SOQL", 2, error);
  SluiceConnection *connection;

  if (g_strcmp0 (options.output, "-") == 0)
    g_clear_pointer (&options.output, g_free);
  if (rest == NULL || !parse_format (&options, error) || !check_options (&options, error))
    return FALSE;

  connection = sluice_cli_connect (cli, rest[0], error);

  /* The org may have been changed since the last time, and a script must not get the rows of another one. */
  return connection != NULL &&
         sluice_cli_verify (cli, connection, error) &&
         run_query (cli, connection, rest[1], &options, error);
}
