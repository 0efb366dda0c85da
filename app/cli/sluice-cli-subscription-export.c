/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

gboolean
sluice_cli_subscription_export (SluiceCli  *cli,
                                int         argc,
                                char       *argv[],
                                GError    **error)
{
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, NULL, "NAME FILE", 2, error);
  SluiceSubscription *subscription = rest != NULL ? sluice_cli_find (cli, rest[0], error) : NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GFile) file = NULL;
  GAsyncResult *result = NULL;

  if (subscription == NULL)
    return FALSE;

  file = g_file_new_for_commandline_arg (rest[1]);
  sluice_subscription_store_export_async (cli->store, subscription, file, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_subscription_store_export_finish (cli->store, done, error);
}
