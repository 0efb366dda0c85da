/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

static gboolean
set_fields (SluiceSubscriptionDraft  *draft,
            char                    **words,
            GError                  **error)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *equals = strchr (words[i], '=');
      g_autofree char *name = NULL;

      if (equals == NULL)
        {
          g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       _("“%s” is not of the form FIELD=VALUE."), words[i]);
          return FALSE;
        }

      name = g_strndup (words[i], (gsize) (equals - words[i]));
      if (!sluice_cli_set_field (draft, name, equals + 1, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
sluice_cli_subscription_set (SluiceCli  *cli,
                             int         argc,
                             char       *argv[],
                             GError    **error)
{
  g_auto(GStrv) rest = sluice_cli_parse_full (argc, argv, NULL, NULL, "NAME FIELD=VALUE…", 2, G_MAXUINT, error);
  SluiceSubscription *subscription = rest != NULL ? sluice_cli_find_usable (cli, rest[0], error) : NULL;
  g_autoptr(SluiceSubscriptionDraft) draft = NULL;

  if (subscription == NULL)
    return FALSE;

  draft = sluice_subscription_draft_new (subscription, sluice_subscription_store_get_list (cli->store));

  return set_fields (draft, rest + 1, error) && sluice_cli_save_draft (cli, draft, error);
}
