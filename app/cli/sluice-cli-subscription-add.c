/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

typedef struct
{
  SluiceSubscriptionDraft *draft;
} Fields;

/* Each option but `--json` is a field, so its long name tells which. */
static gboolean
field_cb (const char  *option,
          const char  *value,
          gpointer     data,
          GError     **error)
{
  Fields *fields = data;

  if (strcmp (option, "--look-back") == 0)
    {
      const char *equals = strchr (value, '=');
      g_autofree char *name = NULL;

      if (equals == NULL)
        {
          g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("Expected: --look-back TYPE=DAYS"));
          return FALSE;
        }

      name = g_strdup_printf ("look_back.%.*s", (int) (equals - value), value);
      return sluice_cli_set_field (fields->draft, name, equals + 1, error);
    }

  return sluice_cli_set_field (fields->draft, option + strlen ("--"), value, error);
}

#define FIELD(name, summary, value) { name, 0, 0, G_OPTION_ARG_CALLBACK, field_cb, summary, value }

static char **
parse (int                       argc,
       char                     *argv[],
       SluiceSubscriptionDraft  *draft,
       gboolean                 *json,
       GError                  **error)
{
  const GOptionEntry entries[] = {
    FIELD ("name", N_("Name, unique among all subscriptions"), "NAME"),
    FIELD ("api-url", N_("Where users of the org sign in"), "URL"),
    FIELD ("version", N_("Version of the integration"), "VERSION"),
    FIELD ("consumer-key", N_("Consumer key of the app in the org"), "KEY"),
    FIELD ("sign-in-with", N_("What the window signs in with: default-browser or private-window"), "WITH"),
    FIELD ("api-key", N_("Not used by Salesforce"), "KEY"),
    FIELD ("throttle-limit", N_("Calls to Salesforce that may start in a window"), "N"),
    FIELD ("throttle-seconds", N_("Length of that window"), "N"),
    FIELD ("hub-throttle-limit", N_("Writes to the hub in a window, 0 = no limit"), "N"),
    FIELD ("hub-throttle-seconds", N_("Length of that window"), "N"),
    FIELD ("concurrent", N_("Calls in flight at once, 0 = no limit"), "N"),
    FIELD ("budget-reserve", N_("Calls a day that are left to other programs"), "N"),
    FIELD ("look-back", N_("Days that a first load goes back, may be repeated"), "TYPE=DAYS"),
    { "json", 0, 0, G_OPTION_ARG_NONE, json, N_("Print the new subscription as a JSON object"), NULL },
    G_OPTION_ENTRY_NULL
  };
  Fields fields = { .draft = draft };

  return sluice_cli_parse_full (argc, argv, entries, &fields, "", 0, 0, error);
}

gboolean
sluice_cli_subscription_add (SluiceCli  *cli,
                             int         argc,
                             char       *argv[],
                             GError    **error)
{
  g_autoptr(SluiceSubscription) subscription = NULL;
  g_autoptr(SluiceSubscriptionDraft) draft = NULL;
  SluiceSubscriptionList *list = sluice_subscription_store_get_list (cli->store);
  g_autofree char *line = NULL;
  g_auto(GStrv) rest = NULL;
  gboolean json = FALSE;

  /* Only what the user says counts: an address that is filled in by itself would hide that it is missing. */
  subscription = sluice_subscription_new_for_integration (sluice_integrations_find ("salesforce", NULL));
  sluice_subscription_set_api_url (subscription, NULL);
  draft = sluice_subscription_draft_new (subscription, list);

  rest = parse (argc, argv, draft, &json, error);
  if (rest == NULL || !sluice_cli_load (cli, error) || !sluice_cli_save_draft (cli, draft, error))
    return FALSE;

  if (json)
    {
      line = sluice_cli_describe (subscription);
      g_print ("%s\n", line);
    }

  return TRUE;
}
