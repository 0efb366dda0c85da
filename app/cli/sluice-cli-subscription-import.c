/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

gboolean
sluice_cli_subscription_import (SluiceCli  *cli,
                                int         argc,
                                char       *argv[],
                                GError    **error)
{
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, NULL, "FILE", 1, error);
  g_autoptr(SluiceSubscription) imported = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GFile) file = NULL;
  GAsyncResult *result = NULL;

  if (rest == NULL || !sluice_cli_load (cli, error))
    return FALSE;

  file = g_file_new_for_commandline_arg (rest[0]);
  sluice_subscription_store_import_async (cli->store, file, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  imported = sluice_subscription_store_import_finish (cli->store, done, error);

  if (imported == NULL)
    return FALSE;

  g_print ("%s\n", sluice_subscription_get_name (imported));

  return TRUE;
}
