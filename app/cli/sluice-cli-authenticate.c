/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "sluice-error.h"

#define DEFAULT_TIMEOUT (10 * 60)

typedef struct
{
  SluiceConnection *connection;
  GCancellable *cancellable;
  gboolean print_url;
  gboolean timed_out;
} Attempt;

static void
print_address (const char *url)
{
  g_print ("%s\n", url);
  fflush (stdout);
}

static void
launched_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree char *url = user_data;
  g_autoptr(GError) error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error))
    return;

  /* Without a desktop the user carries the address to a browser. */
  g_printerr ("%s: %s\n", g_get_prgname (), _("No browser could be opened here. Open this address in one on this computer:"));
  print_address (url);
}

static void
open_uri_cb (SluiceSignIn *sign_in,
             const char   *url,
             Attempt      *attempt)
{
  if (attempt->print_url)
    print_address (url);
  else
    g_app_info_launch_default_for_uri_async (url, NULL, attempt->cancellable, launched_cb, g_strdup (url));
}

/* The option says how long to wait, not the sign-in's own time. */
static void
seconds_left_cb (SluiceSignIn *sign_in)
{
  guint seconds_left = sluice_sign_in_get_seconds_left (sign_in);

  if (seconds_left > 0 && seconds_left < 10)
    sluice_sign_in_extend (sign_in);
}

static void
sign_in_changed_cb (Attempt *attempt)
{
  SluiceSignIn *sign_in = sluice_connection_get_sign_in (attempt->connection);

  if (sign_in == NULL)
    return;

  g_signal_connect (sign_in, "open-uri", G_CALLBACK (open_uri_cb), attempt);
  g_signal_connect (sign_in, "notify::seconds-left", G_CALLBACK (seconds_left_cb), NULL);
}

static void
timeout_cb (gpointer user_data)
{
  Attempt *attempt = user_data;

  attempt->timed_out = TRUE;
  g_cancellable_cancel (attempt->cancellable);
}

static gboolean
authenticate (SluiceCli         *cli,
              SluiceConnection  *connection,
              gboolean           print_url,
              int                seconds,
              GError           **error)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Attempt attempt = { .connection = connection, .cancellable = cancellable, .print_url = print_url };
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  GError *local_error = NULL;
  gulong cancelled_id, sign_in_id;
  guint timeout_id;
  gboolean success;

  cancelled_id = g_signal_connect_swapped (cli->cancellable, "cancelled", G_CALLBACK (g_cancellable_cancel), cancellable);
  sign_in_id = g_signal_connect_swapped (connection, "notify::sign-in", G_CALLBACK (sign_in_changed_cb), &attempt);
  timeout_id = g_timeout_add_seconds_once ((guint) seconds, timeout_cb, &attempt);

  sluice_connection_authenticate_async (connection, cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  success = sluice_connection_authenticate_finish (connection, done, &local_error);

  g_clear_signal_handler (&cancelled_id, cli->cancellable);
  g_clear_signal_handler (&sign_in_id, connection);
  if (!attempt.timed_out)
    g_source_remove (timeout_id);

  if (success)
    return TRUE;

  if (attempt.timed_out && g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&local_error);
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN,
                   ngettext ("Nobody signed in within %d second.", "Nobody signed in within %d seconds.", (gulong) seconds),
                   seconds);
    }
  else
    {
      g_propagate_error (error, local_error);
    }

  return FALSE;
}

gboolean
sluice_cli_authenticate (SluiceCli  *cli,
                         int         argc,
                         char       *argv[],
                         GError    **error)
{
  gboolean print_url = FALSE;
  gboolean json = FALSE;
  int seconds = DEFAULT_TIMEOUT;
  const GOptionEntry entries[] = {
    { "print-url", 0, 0, G_OPTION_ARG_NONE, &print_url, N_("Print the address instead of opening a browser"), NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &seconds, N_("How long to wait for the browser (600)"), N_("SECONDS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print who is connected as a JSON object"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME", 1, error);
  SluiceConnection *connection = rest != NULL ? sluice_cli_connect (cli, rest[0], error) : NULL;

  if (connection == NULL)
    return FALSE;

  if (seconds <= 0)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("--timeout needs at least one second."));
      return FALSE;
    }

  if (!authenticate (cli, connection, print_url, seconds, error))
    return FALSE;

  sluice_cli_finish_saving (cli);
  sluice_cli_print_connection (connection, json);

  return TRUE;
}
