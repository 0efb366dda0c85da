/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

/* The tokens go first: a file without tokens can be deleted again, tokens without a file are forgotten. */
gboolean
sluice_cli_subscription_delete (SluiceCli  *cli,
                                int         argc,
                                char       *argv[],
                                GError    **error)
{
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, NULL, "NAME", 1, error);
  SluiceSubscription *subscription = rest != NULL ? sluice_cli_find (cli, rest[0], error) : NULL;
  g_autoptr(GAsyncResult) cleared = NULL;
  g_autoptr(GAsyncResult) deleted = NULL;
  GAsyncResult *result = NULL;

  if (subscription == NULL)
    return FALSE;

  sluice_credential_store_clear_async (cli->secrets, sluice_subscription_get_id (subscription), cli->cancellable,
                                       sluice_cli_keep, &result);
  cleared = sluice_cli_wait (&result);
  if (!sluice_credential_store_clear_finish (cli->secrets, cleared, error))
    return FALSE;

  sluice_subscription_store_delete_async (cli->store, subscription, cli->cancellable, sluice_cli_keep, &result);
  deleted = sluice_cli_wait (&result);

  return sluice_subscription_store_delete_finish (cli->store, deleted, error);
}
