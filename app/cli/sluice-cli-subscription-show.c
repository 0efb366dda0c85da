/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>

static void
print_settings (SluiceSubscription *subscription)
{
  const SluiceThrottleSettings *throttle = sluice_subscription_get_throttle_settings (subscription);

  g_print ("%s\t%s\n", _("Name"), sluice_subscription_get_name (subscription));
  g_print ("%s\t%s %s\n", _("Version"), sluice_subscription_get_integration_id (subscription),
           sluice_subscription_get_version (subscription));
  g_print ("%s\t%s\n", _("API URL"), sluice_subscription_get_api_url (subscription));
  g_print ("%s\t%s\n", _("Consumer Key"), sluice_subscription_get_consumer_key (subscription));
  g_print ("%s\t%s\n", _("Environment"),
           sluice_environment_get_label (sluice_subscription_get_environment (subscription)));
  g_print ("%s\t%u / %u s\n", _("API Throttle"), throttle->limit, throttle->seconds);
  g_print ("%s\t%u / %u s\n", _("API Throttle (to hub)"), throttle->hub_limit, throttle->hub_seconds);
  g_print ("%s\t%u\n", _("Concurrent Connections"), throttle->concurrent);
  if (sluice_subscription_get_damage (subscription) != NULL)
    g_print ("%s\t%s\n", _("Damaged File"), sluice_subscription_get_damage (subscription));
}

gboolean
sluice_cli_subscription_show (SluiceCli  *cli,
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
  SluiceSubscription *subscription = rest != NULL ? sluice_cli_find (cli, rest[0], error) : NULL;
  g_autofree char *line = NULL;

  if (subscription == NULL)
    return FALSE;

  if (!json)
    {
      print_settings (subscription);
      return TRUE;
    }

  line = sluice_cli_describe (subscription);
  g_print ("%s\n", line);

  return TRUE;
}
