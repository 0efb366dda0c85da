/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-advice-buttons.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

static gboolean
is_about_keyring (const GError *error)
{
  return g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED) ||
         g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_DISMISSED) ||
         g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_FAILED) ||
         g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
}

/**
 * sluice_advice_get_button:
 * @advice: what a user can do
 * @action_name: (out): the action of SluiceSubscriptionPage that mends it
 * @target: (out) (transfer full) (nullable): its parameter
 *
 * Finds the one button that mends a problem.
 *
 * Returns: (nullable): its label, %NULL when nothing can be pressed
 */
const char *
sluice_advice_get_button (const SluiceAdvice  *advice,
                          const char         **action_name,
                          GVariant           **target)
{
  *target = NULL;

  switch (advice->action)
    {
    case SLUICE_ADVICE_SIGN_IN:
      *action_name = "subscription.authenticate";
      return _("Sign In Again");

    case SLUICE_ADVICE_RETRY:
      *action_name = "subscription.retry";
      return _("Try Again");

    case SLUICE_ADVICE_EDIT_SETTINGS:
      *action_name = "subscription.show-page";
      *target = g_variant_ref_sink (g_variant_new_string ("settings"));
      return _("Edit Settings");

    case SLUICE_ADVICE_OPEN_SETUP:
      *action_name = "subscription.open-setup";
      *target = g_variant_ref_sink (g_variant_new_int32 (advice->setup_page));
      return _("Open Setup");

    case SLUICE_ADVICE_UNLOCK:
      *action_name = "subscription.unlock";
      return _("Unlock Keyring");

    case SLUICE_ADVICE_SESSION_ONLY:
      *action_name = "subscription.use-session-only";
      return _("Keep in Memory");

    case SLUICE_ADVICE_NONE:
    default:
      *action_name = NULL;
      return NULL;
    }
}

/**
 * sluice_advice_get_other_button:
 * @advice: what a user can do
 * @error: what it is about
 * @action_name: (out): an action of SluiceSubscriptionPage that helps too
 * @target: (out) (transfer full) (nullable): its parameter
 *
 * Finds a second way out of a problem.
 *
 * Returns: (nullable): its label, %NULL when there is none
 */
const char *
sluice_advice_get_other_button (const SluiceAdvice  *advice,
                                const GError        *error,
                                const char         **action_name,
                                GVariant           **target)
{
  *target = NULL;

  if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG))
    {
      *action_name = "subscription.accept-organization";
      return _("Use This Org…");
    }

  if (is_about_keyring (error) && advice->action != SLUICE_ADVICE_SESSION_ONLY)
    {
      *action_name = "subscription.use-session-only";
      return _("Keep in Memory");
    }

  if (advice->setup_page != SLUICE_SETUP_NONE && advice->action != SLUICE_ADVICE_OPEN_SETUP)
    {
      *action_name = "subscription.open-setup";
      *target = g_variant_ref_sink (g_variant_new_int32 (advice->setup_page));
      return _("Open Setup");
    }

  *action_name = NULL;

  return NULL;
}

/**
 * sluice_advice_dup_details:
 * @error: what went wrong
 *
 * Tells what Salesforce said, for whoever is asked for help. Nothing of it is
 * secret.
 *
 * Returns: (transfer full): one line for each thing that is known, empty when there is none
 */
char *
sluice_advice_dup_details (const GError *error)
{
  const char *code = sluice_error_get_server_code (error);
  const char *text = sluice_error_get_server_text (error);
  const char *request_id = sluice_error_get_request_id (error);
  guint status = sluice_error_get_http_status (error);
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new ();
  g_auto(GStrv) strv = NULL;

  /* With a colon it is our own word for what was found out on this computer. */
  if (code != NULL && strchr (code, ':') == NULL)
    g_strv_builder_take (lines, g_strdup_printf (_("Salesforce’s code: %s"), code));
  if (text != NULL)
    g_strv_builder_take (lines, g_strdup_printf (_("Salesforce’s text: %s"), text));
  if (status != 0)
    g_strv_builder_take (lines, g_strdup_printf (_("HTTP status: %u"), status));
  if (request_id != NULL)
    g_strv_builder_take (lines, g_strdup_printf (_("Request: %s"), request_id));

  strv = g_strv_builder_end (lines);

  return g_strjoinv ("\n", strv);
}
