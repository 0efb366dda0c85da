/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>

gboolean
sluice_cli_disconnect (SluiceCli  *cli,
                       int         argc,
                       char       *argv[],
                       GError    **error)
{
  gboolean revoke = FALSE;
  const GOptionEntry entries[] = {
    { "revoke", 0, 0, G_OPTION_ARG_NONE, &revoke, N_("Revoke the tokens at Salesforce too"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME", 1, error);
  SluiceConnection *connection = rest != NULL ? sluice_cli_connect (cli, rest[0], error) : NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  if (connection == NULL)
    return FALSE;

  sluice_connection_disconnect_async (connection, revoke, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_connection_disconnect_finish (connection, done, error);
}
