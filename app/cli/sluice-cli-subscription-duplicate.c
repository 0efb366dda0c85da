/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

gboolean
sluice_cli_subscription_duplicate (SluiceCli  *cli,
                                   int         argc,
                                   char       *argv[],
                                   GError    **error)
{
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, NULL, "NAME NEW-NAME", 2, error);
  SluiceSubscription *subscription = rest != NULL ? sluice_cli_find_usable (cli, rest[0], error) : NULL;
  g_autoptr(SluiceSubscription) copy = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  if (subscription == NULL)
    return FALSE;

  copy = sluice_subscription_duplicate (subscription, rest[1]);
  sluice_subscription_store_save_async (cli->store, copy, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_subscription_store_save_finish (cli->store, done, error);
}
