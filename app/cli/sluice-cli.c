/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "sluice-error.h"

static void
print_commands (const SluiceCliCommand *commands)
{
  g_print ("%s\n", _("Commands:"));
  for (guint i = 0; commands[i].name != NULL; i++)
    g_print ("  %-16s %s\n", commands[i].name, _(commands[i].summary));
}

/* For the command, the first word is all that leads to it, such as “sluicectl subscription add”. */
static gboolean
run_command (SluiceCli               *cli,
             const SluiceCliCommand  *command,
             int                      argc,
             char                    *argv[],
             GError                 **error)
{
  g_autofree char *path = g_strjoin (" ", argv[0], argv[1], NULL);
  char *word = argv[1];
  gboolean success;

  argv[1] = path;
  success = command->run (cli, argc - 1, argv + 1, error);
  argv[1] = word;

  return success;
}

/**
 * sluice_cli_dispatch:
 * @cli: what all commands share
 * @commands: a table that ends with an empty command
 * @argc: number of words
 * @argv: the words; the first is what stands before the command, with the program
 * @error: why the command did not do all of its work
 *
 * Runs the command that the next word names.
 *
 * Returns: whether all of it worked
 */
gboolean
sluice_cli_dispatch (SluiceCli               *cli,
                     const SluiceCliCommand  *commands,
                     int                      argc,
                     char                    *argv[],
                     GError                 **error)
{
  if (argc < 2)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("A command is missing. “%s --help” lists them."), g_get_prgname ());
      return FALSE;
    }

  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0)
    {
      print_commands (commands);
      return TRUE;
    }

  for (guint i = 0; commands[i].name != NULL; i++)
    {
      if (strcmp (commands[i].name, argv[1]) == 0)
        return run_command (cli, &commands[i], argc, argv, error);
    }

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               _("There is no command “%s”. “%s --help” lists them."), argv[1], g_get_prgname ());
  return FALSE;
}

/**
 * sluice_cli_parse:
 * @argc: number of words
 * @argv: the words; the first is all that leads to the command
 * @entries: (nullable): the options
 * @parameters: the other words, as the help shows them
 * @n_parameters: how many there must be
 * @error: what is wrong with the words
 *
 * Reads the options of one command. `--help` prints and ends the program.
 *
 * Returns: (transfer full) (nullable): the words that are no options
 */
char **
sluice_cli_parse (int                  argc,
                  char                *argv[],
                  const GOptionEntry  *entries,
                  const char          *parameters,
                  guint                n_parameters,
                  GError             **error)
{
  return sluice_cli_parse_full (argc, argv, entries, NULL, parameters, n_parameters, n_parameters, error);
}

/**
 * sluice_cli_parse_full:
 * @argc: number of words
 * @argv: the words; the first is all that leads to the command
 * @entries: (nullable): the options
 * @data: (nullable): data for callbacks in @entries
 * @parameters: the other words, as the help shows them
 * @min_parameters: how many there must be
 * @max_parameters: how many there may be
 * @error: what is wrong with the words
 *
 * Reads the options of a command with callbacks, or with any number of words.
 *
 * Returns: (transfer full) (nullable): the words that are no options
 */
char **
sluice_cli_parse_full (int                  argc,
                       char                *argv[],
                       const GOptionEntry  *entries,
                       gpointer             data,
                       const char          *parameters,
                       guint                min_parameters,
                       guint                max_parameters,
                       GError             **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (parameters);
  GOptionGroup *group = g_option_group_new ("main", "", "", data, NULL);
  g_auto(GStrv) words = g_new0 (char *, argc + 1);
  g_autofree char *program = g_strdup (g_get_prgname ());
  GError *local_error = NULL;
  gboolean success;
  char **rest;

  for (int i = 0; i < argc; i++)
    words[i] = g_strdup (argv[i]);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);

  /* The help names the program, and ends it. */
  g_set_prgname (argv[0]);
  success = g_option_context_parse_strv (context, &words, &local_error);
  g_set_prgname (program);

  if (!success)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, local_error->message);
      g_error_free (local_error);
      return NULL;
    }

  rest = g_strdupv (words + 1);
  if (rest[0] != NULL && strcmp (rest[0], "--") == 0)
    {
      g_free (rest[0]);
      memmove (rest, rest + 1, g_strv_length (words + 1) * sizeof *rest);
    }

  if (g_strv_length (rest) < min_parameters || g_strv_length (rest) > max_parameters)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: the names of the words that a command expects */
                   _("Expected: %s"), *parameters != '\0' ? parameters : _("no further words"));
      g_strfreev (rest);
      return NULL;
    }

  return rest;
}

/**
 * sluice_cli_keep:
 * @object: unused
 * @result: the result
 * @place: where to keep it
 *
 * A callback for sluice_cli_wait().
 */
void
sluice_cli_keep (GObject      *object,
                 GAsyncResult *result,
                 gpointer      place)
{
  *(GAsyncResult **) place = g_object_ref (result);
}

/**
 * sluice_cli_wait:
 * @place: where sluice_cli_keep() puts a result
 *
 * Runs the main loop until the result is there.
 *
 * Returns: (transfer full): the result
 */
GAsyncResult *
sluice_cli_wait (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (place);
}

/**
 * sluice_cli_load:
 * @cli: what all commands share
 * @error: why the folder cannot be read
 *
 * Reads the subscriptions.
 *
 * Returns: whether they are known now
 */
gboolean
sluice_cli_load (SluiceCli  *cli,
                 GError    **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_subscription_store_load_async (cli->store, cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return sluice_subscription_store_load_finish (cli->store, done, error);
}

/**
 * sluice_cli_find:
 * @cli: what all commands share
 * @name: the name or id of a subscription
 * @error: why there is none
 *
 * Reads the subscriptions and finds one.
 *
 * Returns: (transfer none) (nullable): the subscription, perhaps a damaged one
 */
SluiceSubscription *
sluice_cli_find (SluiceCli   *cli,
                 const char  *name,
                 GError     **error)
{
  SluiceSubscriptionList *list = sluice_subscription_store_get_list (cli->store);
  SluiceSubscription *found;

  if (!sluice_cli_load (cli, error))
    return NULL;

  found = sluice_subscription_list_find_by_name (list, name);
  if (found == NULL)
    found = sluice_subscription_list_find_by_id (list, name);
  if (found == NULL)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 _("There is no subscription “%s”. “%s subscription list” shows all."), name, g_get_prgname ());

  return found;
}

/**
 * sluice_cli_find_usable:
 * @cli: what all commands share
 * @name: the name or id of a subscription
 * @error: why there is none, or what is wrong with its file
 *
 * Reads the subscriptions and finds one whose file is not damaged.
 *
 * Returns: (transfer none) (nullable): the subscription
 */
SluiceSubscription *
sluice_cli_find_usable (SluiceCli   *cli,
                        const char  *name,
                        GError     **error)
{
  SluiceSubscription *found = sluice_cli_find (cli, name, error);

  if (found == NULL || sluice_subscription_get_damage (found) == NULL)
    return found;

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, sluice_subscription_get_damage (found));

  return NULL;
}

static void
add_look_back (JsonBuilder        *builder,
               SluiceSubscription *subscription)
{
  g_autofree const char **types = sluice_subscription_list_look_back_types (subscription);

  json_builder_set_member_name (builder, "look_back");
  json_builder_begin_object (builder);
  for (guint i = 0; types[i] != NULL; i++)
    {
      json_builder_set_member_name (builder, types[i]);
      json_builder_add_int_value (builder, sluice_subscription_get_look_back_days (subscription, types[i]));
    }
  json_builder_end_object (builder);
}

/**
 * sluice_cli_describe:
 * @subscription: a subscription
 *
 * Returns: (transfer full): what its file says as one line of JSON, without secrets
 */
char *
sluice_cli_describe (SluiceSubscription *subscription)
{
  const SluiceThrottleSettings *throttle = sluice_subscription_get_throttle_settings (subscription);
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(JsonNode) node = NULL;
  const char *texts[][2] = {
    { "id", sluice_subscription_get_id (subscription) },
    { "name", sluice_subscription_get_name (subscription) },
    { "integration", sluice_subscription_get_integration_id (subscription) },
    { "version", sluice_subscription_get_version (subscription) },
    { "api_url", sluice_subscription_get_api_url (subscription) },
    { "consumer_key", sluice_subscription_get_consumer_key (subscription) },
    { "sign_in_with", sluice_sign_in_with_get_nick (sluice_subscription_get_sign_in_with (subscription)) },
    { "environment", sluice_environment_get_nick (sluice_subscription_get_environment (subscription)) },
    { "org_id", sluice_subscription_get_org_id (subscription) },
    { "damage", sluice_subscription_get_damage (subscription) },
  };
  struct { const char *name; guint value; } numbers[] = {
    { "throttle_limit", throttle->limit },
    { "throttle_seconds", throttle->seconds },
    { "hub_throttle_limit", throttle->hub_limit },
    { "hub_throttle_seconds", throttle->hub_seconds },
    { "concurrent", throttle->concurrent },
    { "budget_reserve", sluice_subscription_get_budget_reserve (subscription) },
  };

  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      json_builder_set_member_name (builder, texts[i][0]);
      if (texts[i][1] != NULL)
        json_builder_add_string_value (builder, texts[i][1]);
      else
        json_builder_add_null_value (builder);
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      json_builder_set_member_name (builder, numbers[i].name);
      json_builder_add_int_value (builder, numbers[i].value);
    }
  add_look_back (builder, subscription);
  json_builder_end_object (builder);
  node = json_builder_get_root (builder);

  return json_to_string (node, FALSE);
}
