/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>

static const SluiceCliCommand commands[] = {
  { "add", N_("Make a subscription"), sluice_cli_subscription_add },
  { "delete", N_("Delete a subscription and its tokens"), sluice_cli_subscription_delete },
  { "duplicate", N_("Copy the settings of a subscription"), sluice_cli_subscription_duplicate },
  { "export", N_("Write the settings to a file, without secrets"), sluice_cli_subscription_export },
  { "import", N_("Make a subscription from an exported file"), sluice_cli_subscription_import },
  { "list", N_("List all subscriptions"), sluice_cli_subscription_list },
  { "set", N_("Change the settings of a subscription"), sluice_cli_subscription_set },
  { "show", N_("Show the settings of a subscription"), sluice_cli_subscription_show },
  { NULL, NULL, NULL },
};

gboolean
sluice_cli_subscription (SluiceCli  *cli,
                         int         argc,
                         char       *argv[],
                         GError    **error)
{
  return sluice_cli_dispatch (cli, commands, argc, argv, error);
}
