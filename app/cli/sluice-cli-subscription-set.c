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

/* An empty line removes the secret. */
static gboolean
set_secret (SluiceCli           *cli,
            SluiceSubscription  *subscription,
            const char          *secret,
            GError             **error)
{
  SluiceConnection *connection = sluice_workspace_get_connection (cli->workspace, subscription);
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_connection_set_consumer_secret_async (connection, *secret != '\0' ? secret : NULL, cli->cancellable,
                                               sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_connection_set_consumer_secret_finish (connection, done, error);
}

static gboolean
save (SluiceCli           *cli,
      SluiceSubscription  *subscription,
      char               **words,
      GError             **error)
{
  g_autoptr(SluiceSubscriptionDraft) draft = NULL;

  if (words[0] == NULL)
    return TRUE;

  draft = sluice_subscription_draft_new (subscription, sluice_subscription_store_get_list (cli->store));

  return set_fields (draft, words, error) && sluice_cli_save_draft (cli, draft, error);
}

gboolean
sluice_cli_subscription_set (SluiceCli  *cli,
                             int         argc,
                             char       *argv[],
                             GError    **error)
{
  gboolean with_secret = FALSE;
  const GOptionEntry entries[] = {
    { "consumer-secret-stdin", 0, 0, G_OPTION_ARG_NONE, &with_secret,
      N_("Read the consumer secret from standard input and keep it in the keyring"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse_full (argc, argv, entries, NULL, "NAME FIELD=VALUE…", 1, G_MAXUINT, error);
  SluiceSubscription *subscription = rest != NULL ? sluice_cli_find_usable (cli, rest[0], error) : NULL;
  char *secret = NULL;
  gboolean success;

  if (subscription == NULL)
    return FALSE;

  if (!with_secret && rest[1] == NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("Expected: %s"), "NAME FIELD=VALUE…");
      return FALSE;
    }

  if (with_secret)
    {
      secret = sluice_cli_read_secret (_("Consumer secret"), error);
      if (secret == NULL)
        return FALSE;
    }

  success = save (cli, subscription, rest + 1, error) &&
            (secret == NULL || set_secret (cli, subscription, secret, error));
  sluice_secret_free (secret);

  return success;
}
