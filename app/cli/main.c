/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "sluice-cli.h"

/* What a shell tells of a program that Ctrl+C ended */
#define EXIT_INTERRUPTED 130

static const SluiceCliCommand commands[] = {
  { "authenticate", N_("Sign in with the browser"), sluice_cli_authenticate },
  { "describe", N_("Tell what objects and fields an org has"), sluice_cli_describe_command },
  { "disconnect", N_("Remove the tokens of a subscription"), sluice_cli_disconnect },
  { "doctor", N_("Find out what keeps a subscription from working"), sluice_cli_doctor },
  { "import", N_("Write the rows of a file to an org"), sluice_cli_import },
  { "limits", N_("Tell what the org’s limits leave"), sluice_cli_limits },
  { "query", N_("Read records of an org"), sluice_cli_query },
  { "subscription", N_("Manage subscriptions"), sluice_cli_subscription },
  { "verify", N_("Ask the org who is connected"), sluice_cli_verify_command },
  { NULL, NULL, NULL },
};

/* Each of them ends the work in order, so that no half file stays. */
static const int ending_signals[] = { SIGHUP, SIGINT, SIGTERM };

/* As under nohup */
static gboolean
is_ignored (int signum)
{
  struct sigaction action;

  return sigaction (signum, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static gboolean
interrupted_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_CONTINUE;
}

/* The command and the name after it: enough to know what failed, and never a value or a query. */
static void
print_error (int           argc,
             char         *argv[],
             const GError *error)
{
  g_autoptr(GString) what = g_string_new (NULL);
  int end = argc > 1 && strcmp (argv[1], "subscription") == 0 ? 4 : 3;

  for (int i = 1; i < MIN (argc, end) && argv[i][0] != '-'; i++)
    g_string_append_printf (what, " %s", argv[i]);

  if (what->len > 0)
    g_printerr ("%s:%s: %s\n", g_get_prgname (), what->str, error->message);
  else
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
}

static int
run (int   argc,
     char *argv[])
{
  g_autoptr(SluiceCredentialStore) secrets = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  g_autoptr(SluiceWorkspace) workspace = sluice_workspace_new (NULL, secrets, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  SluiceCli cli = {
    .workspace = workspace,
    .store = sluice_workspace_get_store (workspace),
    .secrets = secrets,
    .cancellable = cancellable,
  };
  guint signal_ids[G_N_ELEMENTS (ending_signals)];
  g_autoptr(GError) error = NULL;
  gboolean success;

  for (guint i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    signal_ids[i] = is_ignored (ending_signals[i]) ? 0 : g_unix_signal_add (ending_signals[i], interrupted_cb, cancellable);
  /* However it was started. */
  argv[0] = (char *) g_get_prgname ();
  success = sluice_cli_dispatch (&cli, commands, argc, argv, &error);
  for (guint i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    g_clear_handle_id (&signal_ids[i], g_source_remove);

  if (success)
    return EXIT_SUCCESS;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return EXIT_INTERRUPTED;

  print_error (argc, argv, error);

  return cli.status != 0 ? cli.status : EXIT_FAILURE;
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("sluicectl");

  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("sluicectl %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  return run (argc, argv);
}
