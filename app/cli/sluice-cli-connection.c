/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "sluice-error.h"
#include "sluice-limit.h"

/**
 * sluice_cli_connect:
 * @cli: what all commands share
 * @name: the name or id of a subscription
 * @error: why there is none, or what is wrong with its file
 *
 * Reads the subscriptions and finds the connection of one.
 *
 * Returns: (transfer none) (nullable): the connection
 */
SluiceConnection *
sluice_cli_connect (SluiceCli   *cli,
                    const char  *name,
                    GError     **error)
{
  SluiceSubscription *subscription = sluice_cli_find_usable (cli, name, error);

  return subscription != NULL ? sluice_workspace_get_connection (cli->workspace, subscription) : NULL;
}

/**
 * sluice_cli_finish_saving:
 * @cli: what all commands share
 *
 * Waits until what the org told is in the subscription's file.
 */
void
sluice_cli_finish_saving (SluiceCli *cli)
{
  while (sluice_workspace_get_saving (cli->workspace))
    g_main_context_iteration (NULL, TRUE);
}

/**
 * sluice_cli_verify:
 * @cli: what all commands share
 * @connection: a connection
 * @error: why the org could not be verified
 *
 * Asks the org who is connected.
 *
 * Returns: whether it is the right org and may be used
 */
gboolean
sluice_cli_verify (SluiceCli         *cli,
                   SluiceConnection  *connection,
                   GError           **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_connection_verify_async (connection, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  sluice_cli_finish_saving (cli);

  return sluice_connection_verify_finish (connection, done, error);
}

/**
 * sluice_cli_accept:
 * @cli: what all commands share
 * @connection: a connection with an unexpected org
 * @error: why the subscription could not be written
 *
 * Takes the org that the tokens belong to for the right one.
 *
 * Returns: whether that is remembered
 */
gboolean
sluice_cli_accept (SluiceCli         *cli,
                   SluiceConnection  *connection,
                   GError           **error)
{
  const GError *problem;

  sluice_connection_accept_organization (connection);
  sluice_cli_finish_saving (cli);

  problem = sluice_subscription_get_last_error (sluice_connection_get_subscription (connection));
  if (problem == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (problem));

  return FALSE;
}

/**
 * sluice_cli_format_number:
 * @number: a number
 *
 * Returns: (transfer full): the number for the locale
 */
char *
sluice_cli_format_number (gint64 number)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/**
 * sluice_cli_format_limit:
 * @limit: a limit
 *
 * Returns: (transfer full): what is left of it
 */
char *
sluice_cli_format_limit (SluiceLimit *limit)
{
  g_autofree char *remaining = sluice_cli_format_number (sluice_limit_get_remaining (limit));
  g_autofree char *max = sluice_cli_format_number (sluice_limit_get_max (limit));

  /* Translators: two numbers */
  return g_strdup_printf (_("%s of %s left"), remaining, max);
}

static void
print_text (const char *label,
            const char *text)
{
  if (text != NULL && *text != '\0')
    g_print ("%s\t%s\n", label, text);
}

static void
print_limit_lines (GListModel *limits)
{
  for (guint i = 0; i < g_list_model_get_n_items (limits); i++)
    {
      g_autoptr(SluiceLimit) limit = g_list_model_get_item (limits, i);
      g_autofree char *text = sluice_cli_format_limit (limit);

      print_text (sluice_limit_get_label (limit), text);
    }
}

static void
print_lines (SluiceConnection *connection)
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (connection);
  SluiceOrganization *organization = sluice_subscription_get_organization (subscription);
  GListModel *limits = sluice_connection_get_limits (connection);
  g_autofree char *display_name = NULL;
  g_autofree char *email = NULL;
  g_autofree char *edition = NULL;
  g_autofree char *instance = NULL;

  g_object_get (organization,
                "display-name", &display_name, "email", &email, "edition", &edition, "instance-name", &instance, NULL);

  print_text (_("User"), sluice_organization_get_username (organization));
  print_text (_("Name"), display_name);
  print_text (_("E-Mail"), email);
  print_text (_("Organization"), sluice_organization_get_name (organization));
  print_text (_("Organization ID"), sluice_organization_get_id (organization));
  print_text (_("Environment"), sluice_environment_get_label (sluice_organization_get_environment (organization)));
  print_text (_("Edition"), edition);
  print_text (_("Instance"), instance);
  print_text (_("Instance URL"), sluice_organization_get_instance_url (organization));
  print_text (_("API Version"), sluice_organization_get_api_version (organization));
  print_text (_("Access Token"), sluice_subscription_get_has_access_token (subscription) ? _("stored") : _("none"));
  print_text (_("Refresh Token"), sluice_subscription_get_has_refresh_token (subscription) ? _("stored") : _("none"));
  print_text (_("Storage"), sluice_secret_place_get_label (sluice_connection_get_secret_place (connection)));

  print_limit_lines (limits);
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_organization (JsonBuilder        *builder,
                  SluiceOrganization *organization)
{
  static const char * const texts[][2] = {
    { "organization_id", "id" },
    { "organization", "name" },
    { "edition", "edition" },
    { "instance_name", "instance-name" },
    { "instance_url", "instance-url" },
    { "namespace_prefix", "namespace-prefix" },
    { "trial_expiration", "trial-expiration" },
    { "api_version", "api-version" },
    { "user_id", "user-id" },
    { "username", "username" },
    { "display_name", "display-name" },
    { "email", "email" },
  };
  g_autoptr(GDateTime) verified_at = NULL;
  g_autofree char *verified_text = NULL;
  gint64 offset;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;

      g_object_get (organization, texts[i][1], &text, NULL);
      add_text (builder, texts[i][0], text);
    }

  g_object_get (organization, "verified-at", &verified_at, "server-time-offset", &offset, NULL);
  verified_text = g_date_time_format_iso8601 (verified_at);
  add_text (builder, "environment",
            sluice_environment_get_nick (sluice_organization_get_environment (organization)));
  add_text (builder, "verified_at", verified_text);
  json_builder_set_member_name (builder, "server_time_offset");
  json_builder_add_int_value (builder, offset);
}

static void
add_limits (JsonBuilder *builder,
            GListModel  *limits)
{
  json_builder_begin_object (builder);
  for (guint i = 0; i < g_list_model_get_n_items (limits); i++)
    {
      g_autoptr(SluiceLimit) limit = g_list_model_get_item (limits, i);

      json_builder_set_member_name (builder, sluice_limit_get_name (limit));
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "max");
      json_builder_add_int_value (builder, sluice_limit_get_max (limit));
      json_builder_set_member_name (builder, "remaining");
      json_builder_add_int_value (builder, sluice_limit_get_remaining (limit));
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
print_line (JsonBuilder *builder)
{
  g_autoptr(JsonNode) node = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (node, FALSE);

  g_print ("%s\n", line);
}

static void
print_json (SluiceConnection *connection)
{
  SluiceSubscription *subscription = sluice_connection_get_subscription (connection);
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  add_text (builder, "name", sluice_subscription_get_name (subscription));
  add_organization (builder, sluice_subscription_get_organization (subscription));
  json_builder_set_member_name (builder, "has_access_token");
  json_builder_add_boolean_value (builder, sluice_subscription_get_has_access_token (subscription));
  json_builder_set_member_name (builder, "has_refresh_token");
  json_builder_add_boolean_value (builder, sluice_subscription_get_has_refresh_token (subscription));
  json_builder_set_member_name (builder, "issued_at");
  json_builder_add_int_value (builder, sluice_subscription_get_issued_at (subscription));
  add_text (builder, "secret_place", sluice_secret_place_get_nick (sluice_connection_get_secret_place (connection)));
  json_builder_set_member_name (builder, "limits");
  add_limits (builder, sluice_connection_get_limits (connection));
  json_builder_end_object (builder);
  print_line (builder);
}

/**
 * sluice_cli_print_connection:
 * @connection: a verified connection
 * @json: whether to print a JSON object
 *
 * Tells who is connected to what, without secrets.
 */
void
sluice_cli_print_connection (SluiceConnection *connection,
                             gboolean          json)
{
  if (json)
    print_json (connection);
  else
    print_lines (connection);
}

/**
 * sluice_cli_print_limits:
 * @limits: (element-type SluiceLimit): the limits of an org
 * @json: whether to print a JSON object
 *
 * Tells what is left of each.
 */
void
sluice_cli_print_limits (GListModel *limits,
                         gboolean    json)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!json)
    {
      print_limit_lines (limits);
      return;
    }

  builder = json_builder_new_immutable ();
  add_limits (builder, limits);
  print_line (builder);
}
