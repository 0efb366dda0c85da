/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "sluice-cli.h"

/* What a shell tells of a program that Ctrl+C ended */
#define EXIT_INTERRUPTED 130

static const SluiceCliCommand commands[] = {
  { "subscription", N_("Manage subscriptions"), sluice_cli_subscription },
  { NULL, NULL, NULL },
};

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
  g_autoptr(SluiceSubscriptionStore) store = sluice_subscription_store_new (NULL);
  g_autoptr(SluiceCredentialStore) secrets = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  SluiceCli cli = { .store = store, .secrets = secrets, .cancellable = cancellable };
  g_autoptr(GError) error = NULL;
  gboolean success;
  guint signal_id;

  signal_id = g_unix_signal_add (SIGINT, interrupted_cb, cancellable);
  success = sluice_cli_dispatch (&cli, commands, argc, argv, &error);
  g_source_remove (signal_id);

  if (success)
    return EXIT_SUCCESS;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return EXIT_INTERRUPTED;

  print_error (argc, argv, error);

  return EXIT_FAILURE;
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
