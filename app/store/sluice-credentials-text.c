/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-credentials-text.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-members.h"

static void
add_text (JsonObject *object,
          const char *name,
          const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

/**
 * sluice_credentials_to_text:
 * @credentials: secrets
 *
 * Makes the text of a keyring item: JSON on a single line, because keyring
 * programs show and edit one line.
 *
 * Returns: (transfer full): the text, to be freed with sluice_secret_free()
 */
char *
sluice_credentials_to_text (const SluiceCredentials *credentials)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  add_text (object, "access_token", credentials->access_token);
  add_text (object, "refresh_token", credentials->refresh_token);
  add_text (object, "consumer_secret", credentials->consumer_secret);
  add_text (object, "login_url", credentials->login_url);
  add_text (object, "instance_url", credentials->instance_url);
  add_text (object, "identity_url", credentials->identity_url);
  add_text (object, "scope", credentials->scope);
  json_object_set_int_member (object, "issued_at", credentials->issued_at);

  json_node_take_object (node, object);
  json_generator_set_root (generator, node);

  return json_generator_to_data (generator, NULL);
}

/**
 * sluice_credentials_from_text:
 * @text: the text of a keyring item
 * @error: %SLUICE_ERROR_SECRETS_BROKEN; it repeats nothing of @text
 *
 * Returns: (transfer full) (nullable): the secrets
 */
SluiceCredentials *
sluice_credentials_from_text (const char  *text,
                              GError     **error)
{
  const char *access_token = NULL, *refresh_token = NULL, *consumer_secret = NULL;
  const char *login_url = NULL, *instance_url = NULL, *identity_url = NULL, *scope = NULL;
  g_autoptr(JsonObject) object = NULL;
  SluiceCredentials *credentials;
  gint64 issued_at = 0;

  object = sluice_members_parse (text, -1, NULL);
  if (object == NULL ||
      !sluice_members_get_string (object, "access_token", &access_token, NULL) ||
      !sluice_members_get_string (object, "refresh_token", &refresh_token, NULL) ||
      !sluice_members_get_string (object, "consumer_secret", &consumer_secret, NULL) ||
      !sluice_members_get_string (object, "login_url", &login_url, NULL) ||
      !sluice_members_get_string (object, "instance_url", &instance_url, NULL) ||
      !sluice_members_get_string (object, "identity_url", &identity_url, NULL) ||
      !sluice_members_get_string (object, "scope", &scope, NULL) ||
      !sluice_members_get_int64 (object, "issued_at", &issued_at, NULL))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN,
                           _("What the keyring holds for this subscription cannot be understood. "
                             "Remove the tokens, then sign in again."));
      return NULL;
    }

  credentials = sluice_credentials_new ();
  credentials->access_token = g_strdup (access_token);
  credentials->refresh_token = g_strdup (refresh_token);
  credentials->consumer_secret = g_strdup (consumer_secret);
  credentials->login_url = g_strdup (login_url);
  credentials->instance_url = g_strdup (instance_url);
  credentials->identity_url = g_strdup (identity_url);
  credentials->scope = g_strdup (scope);
  credentials->issued_at = issued_at;

  return credentials;
}
