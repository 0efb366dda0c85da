/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>

gboolean
sluice_cli_subscription_delete (SluiceCli  *cli,
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
  SluiceSubscription *subscription = rest != NULL ? sluice_cli_find (cli, rest[0], error) : NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  if (subscription == NULL)
    return FALSE;

  sluice_workspace_delete_async (cli->workspace, subscription, revoke, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_workspace_delete_finish (cli->workspace, done, error);
}
