/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

gboolean
sluice_cli_limits (SluiceCli  *cli,
                   int         argc,
                   char       *argv[],
                   GError    **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print a JSON object"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME", 1, error);
  SluiceConnection *connection = rest != NULL ? sluice_cli_connect (cli, rest[0], error) : NULL;
  GListModel *limits;

  if (connection == NULL || !sluice_cli_verify (cli, connection, error))
    return FALSE;

  limits = sluice_connection_get_limits (connection);
  if (g_list_model_get_n_items (limits) == 0)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN,
                           _("The org does not tell its limits to this user. The permission “View Setup and "
                             "Configuration” may be missing."));
      return FALSE;
    }

  sluice_cli_print_limits (limits, json);

  return TRUE;
}
