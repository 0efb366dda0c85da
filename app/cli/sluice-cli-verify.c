/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

gboolean
sluice_cli_verify_command (SluiceCli  *cli,
                           int         argc,
                           char       *argv[],
                           GError    **error)
{
  gboolean json = FALSE;
  gboolean accept = FALSE;
  const GOptionEntry entries[] = {
    { "accept-other-org", 0, 0, G_OPTION_ARG_NONE, &accept,
      N_("Take the org for the right one, although it is not the one seen before"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print a JSON object"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME", 1, error);
  SluiceConnection *connection = rest != NULL ? sluice_cli_connect (cli, rest[0], error) : NULL;
  g_autoptr(GError) local_error = NULL;

  if (connection == NULL)
    return FALSE;

  if (!sluice_cli_verify (cli, connection, &local_error))
    {
      if (!accept || !g_error_matches (local_error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!sluice_cli_accept (cli, connection, error))
        return FALSE;
    }

  sluice_cli_print_connection (connection, json);

  return TRUE;
}
