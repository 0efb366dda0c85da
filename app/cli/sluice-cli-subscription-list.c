/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>

static void
print_item (SluiceSubscription *item,
            gboolean            json)
{
  g_autofree char *line = NULL;

  if (json)
    line = sluice_cli_describe (item);
  else
    line = g_strdup_printf ("%s\t%s\t%s", sluice_subscription_get_name (item),
                            sluice_environment_get_label (sluice_subscription_get_environment (item)),
                            sluice_subscription_get_damage (item) != NULL
                            ? sluice_subscription_get_damage (item)
                            : sluice_subscription_get_api_url (item));
  g_print ("%s\n", line);
}

gboolean
sluice_cli_subscription_list (SluiceCli  *cli,
                              int         argc,
                              char       *argv[],
                              GError    **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object a line"), NULL },
    G_OPTION_ENTRY_NULL
  };
  GListModel *list = G_LIST_MODEL (sluice_subscription_store_get_list (cli->store));
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "", 0, error);

  if (rest == NULL || !sluice_cli_load (cli, error))
    return FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(SluiceSubscription) item = g_list_model_get_item (list, i);

      print_item (item, json);
    }

  return TRUE;
}
