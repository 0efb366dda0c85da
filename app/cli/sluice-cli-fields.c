/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-subscription-commit.h"

#define LOOK_BACK "look_back."

/* The names that `subscription show --json` prints. */
static const char * const field_names[SLUICE_N_FIELDS] = {
  [SLUICE_FIELD_NAME] = "name",
  [SLUICE_FIELD_VERSION] = "version",
  [SLUICE_FIELD_API_URL] = "api_url",
  [SLUICE_FIELD_API_KEY] = "api_key",
  [SLUICE_FIELD_CONSUMER_KEY] = "consumer_key",
  [SLUICE_FIELD_LIMIT] = "throttle_limit",
  [SLUICE_FIELD_SECONDS] = "throttle_seconds",
  [SLUICE_FIELD_HUB_LIMIT] = "hub_throttle_limit",
  [SLUICE_FIELD_HUB_SECONDS] = "hub_throttle_seconds",
  [SLUICE_FIELD_CONCURRENT] = "concurrent",
  [SLUICE_FIELD_BUDGET_RESERVE] = "budget_reserve",
  [SLUICE_FIELD_SIGN_IN_WITH] = "sign_in_with",
};

static gboolean
parse_number (const char  *name,
              const char  *value,
              guint       *number,
              GError     **error)
{
  guint64 parsed;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT, &parsed, NULL))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: name of a field, what was typed */
                   _("%s: “%s” is not a number from 0 to 4294967295."), name, value);
      return FALSE;
    }

  *number = (guint) parsed;

  return TRUE;
}

static gboolean
parse_sign_in_with (const char  *value,
                    guint       *number,
                    GError     **error)
{
  SluiceSignInWith with;

  if (!sluice_sign_in_with_from_nick (value, &with))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: name of a field, what was typed, two words that are not translated */
                   _("%s: “%s” is neither “%s” nor “%s”."), field_names[SLUICE_FIELD_SIGN_IN_WITH], value,
                   sluice_sign_in_with_get_nick (SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER),
                   sluice_sign_in_with_get_nick (SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW));
      return FALSE;
    }

  *number = with;

  return TRUE;
}

static gboolean
is_data_type (SluiceSubscription *subscription,
              const char         *name)
{
  SluiceIntegration *integration = sluice_integrations_find (sluice_subscription_get_integration_id (subscription),
                                                             sluice_subscription_get_version (subscription));
  GPtrArray *types = integration != NULL ? sluice_integration_get_data_types (integration) : NULL;

  for (guint i = 0; types != NULL && i < types->len; i++)
    {
      const SluiceDataType *type = g_ptr_array_index (types, i);

      if (strcmp (type->name, name) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
set_look_back (SluiceSubscriptionDraft  *draft,
               const char               *data_type,
               const char               *value,
               GError                  **error)
{
  guint days;

  if (!is_data_type (sluice_subscription_draft_get_subscription (draft), data_type))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("There is no data type “%s”."), data_type);
      return FALSE;
    }

  if (!parse_number (data_type, value, &days, error))
    return FALSE;

  sluice_subscription_draft_set_look_back_days (draft, data_type, days);

  return TRUE;
}

/**
 * sluice_cli_set_field:
 * @draft: a draft
 * @name: name of a field as `subscription show --json` prints it; hyphens count as underscores
 * @value: its new value
 * @error: which field or value is wrong
 *
 * Changes one field of a draft.
 *
 * Returns: whether there is such a field and @value is of its kind
 */
gboolean
sluice_cli_set_field (SluiceSubscriptionDraft  *draft,
                      const char               *name,
                      const char               *value,
                      GError                  **error)
{
  g_autofree char *plain = g_strdelimit (g_strdup (name), "-", '_');
  guint number;

  if (g_str_has_prefix (plain, LOOK_BACK))
    return set_look_back (draft, plain + strlen (LOOK_BACK), value, error);

  for (SluiceSubscriptionField field = 0; field < SLUICE_N_FIELDS; field++)
    {
      if (strcmp (field_names[field], plain) != 0)
        continue;

      if (field < SLUICE_FIELD_LIMIT)
        {
          sluice_subscription_draft_set_text (draft, field, value);
          return TRUE;
        }

      if (field == SLUICE_FIELD_SIGN_IN_WITH ? !parse_sign_in_with (value, &number, error)
                                             : !parse_number (plain, value, &number, error))
        return FALSE;

      sluice_subscription_draft_set_number (draft, field, number);
      return TRUE;
    }

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               _("There is no field “%s”. “%s subscription show --json” prints all."), name, g_get_prgname ());
  return FALSE;
}

static gboolean
check_draft (SluiceSubscriptionDraft  *draft,
             GError                  **error)
{
  for (SluiceSubscriptionField field = 0; field < SLUICE_N_FIELDS; field++)
    {
      const char *problem = sluice_subscription_draft_get_error (draft, field);

      if (problem != NULL)
        {
          g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, "%s: %s", field_names[field], problem);
          return FALSE;
        }
    }

  if (sluice_subscription_draft_needs_confirmation (draft))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: an address that was guessed from what was typed */
                   _("api_url: This could mean “%s”. If so, give that address."),
                   sluice_subscription_draft_get_normalised_url (draft));
      return FALSE;
    }

  return TRUE;
}

/* A new subscription has none; and where the keyring does not tell, none are used before it does. */
static void
find_tokens (SluiceCli          *cli,
             SluiceSubscription *subscription)
{
  SluiceConnection *connection;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  if (sluice_subscription_get_path (subscription) == NULL)
    return;

  connection = sluice_workspace_get_connection (cli->workspace, subscription);
  sluice_connection_load_async (connection, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  sluice_connection_load_finish (connection, done, NULL);
}

/**
 * sluice_cli_save_draft:
 * @cli: what all commands share
 * @draft: a draft
 * @error: which field is wrong and why, or why the file cannot be written
 *
 * Checks and writes a subscription. Tokens that belong to another org or app
 * than what is written are removed, as they are in the window.
 *
 * Returns: whether it is written
 */
gboolean
sluice_cli_save_draft (SluiceCli                *cli,
                       SluiceSubscriptionDraft  *draft,
                       GError                  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  if (!check_draft (draft, error))
    return FALSE;

  if (sluice_subscription_draft_moves (draft))
    find_tokens (cli, sluice_subscription_draft_get_subscription (draft));

  sluice_subscription_commit_async (draft, cli->workspace, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_subscription_commit_finish (draft, done, error);
}
