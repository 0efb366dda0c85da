/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-oauth.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/random.h>

#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-problem.h"

/* 32 bytes make the 43 characters that RFC 7636 asks for. */
#define SECRET_BYTES 32

#define MAX_QUERY 16384
#define MAX_CODE 8192
#define MAX_TOKEN 16384
#define MAX_MEMBER 4096
#define MAX_BODY (64 * 1024)
/* Older parsers go as deep as they are led, until the stack ends. */
#define MAX_DEPTH 64

/* Room for a whole form, so that it never moves and leaves a copy behind. */
#define FORM_SIZE (4 * MAX_TOKEN)

static char *
encode_base64url (const guint8 *data,
                  gsize         size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

/**
 * sluice_oauth_make_secret:
 * @error: return location for an error
 *
 * Makes what nobody can guess, from the kernel's random numbers: a PKCE
 * verifier or a `state`, 43 unreserved characters (RFC 7636, section 4.1).
 *
 * Returns: (transfer full): the secret, to be freed with sluice_secret_free();
 *   %NULL with %SLUICE_ERROR_SIGN_IN when the kernel has no random numbers
 */
char *
sluice_oauth_make_secret (GError **error)
{
  guint8 bytes[SECRET_BYTES];
  gssize got;
  char *secret;

  do
    got = getrandom (bytes, sizeof bytes, 0);
  while (got < 0 && errno == EINTR);

  if (got != sizeof bytes)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN,
                           _("This computer gave no random numbers, so no safe sign-in is possible."));
      return NULL;
    }

  secret = encode_base64url (bytes, sizeof bytes);
  explicit_bzero (bytes, sizeof bytes);

  return secret;
}

/**
 * sluice_oauth_make_challenge:
 * @verifier: a PKCE verifier
 *
 * Returns: (transfer full): its S256 challenge (RFC 7636, section 4.2)
 */
char *
sluice_oauth_make_challenge (const char *verifier)
{
  g_autoptr(GChecksum) checksum = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_return_val_if_fail (verifier != NULL, NULL);

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);

  return encode_base64url (digest, size);
}

/**
 * sluice_oauth_state_matches:
 * @expected: the `state` that was sent
 * @state: (nullable): the `state` that came back
 *
 * Compares in a time that tells nothing but whether the lengths are equal,
 * which everybody knows.
 *
 * Returns: whether they are the same
 */
gboolean
sluice_oauth_state_matches (const char *expected,
                            const char *state)
{
  volatile guint8 difference = 0;
  gsize length;

  g_return_val_if_fail (expected != NULL, FALSE);

  length = strlen (expected);
  if (state == NULL || length == 0 || strlen (state) != length)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    difference |= (guint8) (expected[i] ^ state[i]);

  return difference == 0;
}

static void
append_parameter (GString    *form,
                  const char *name,
                  const char *value)
{
  char *escaped = g_uri_escape_string (value, NULL, FALSE);

  if (form->len > 0 && form->str[form->len - 1] != '?')
    g_string_append_c (form, '&');
  g_string_append_printf (form, "%s=", name);
  g_string_append (form, escaped);
  sluice_secret_free (escaped);
}

static char *
join_url (const char *base,
          const char *path)
{
  gsize length = strlen (base);

  while (length > 0 && base[length - 1] == '/')
    length--;

  return g_strdup_printf ("%.*s%s", (int) length, base, path);
}

/**
 * sluice_oauth_build_authorize_url:
 * @login_url: scheme and host of the login or My Domain host
 * @consumer_key: the app's consumer key
 * @redirect_uri: the callback URL, exactly as it is registered
 * @scopes: (array zero-terminated=1): what is asked for, such as `api`
 * @state: from sluice_oauth_make_secret()
 * @challenge: from sluice_oauth_make_challenge()
 * @prompt: (nullable): `login`, `consent` or `select_account`, or several with blanks between
 *
 * Builds the address that the browser opens (wire reference 1.2).
 *
 * Returns: (transfer full): the address
 */
char *
sluice_oauth_build_authorize_url (const char         *login_url,
                                  const char         *consumer_key,
                                  const char         *redirect_uri,
                                  const char * const *scopes,
                                  const char         *state,
                                  const char         *challenge,
                                  const char         *prompt)
{
  g_autofree char *base = NULL;
  g_autofree char *scope = NULL;
  GString *url;

  g_return_val_if_fail (login_url != NULL, NULL);
  g_return_val_if_fail (consumer_key != NULL, NULL);
  g_return_val_if_fail (redirect_uri != NULL, NULL);
  g_return_val_if_fail (scopes != NULL, NULL);
  g_return_val_if_fail (state != NULL, NULL);
  g_return_val_if_fail (challenge != NULL, NULL);

  base = join_url (login_url, SLUICE_OAUTH_AUTHORIZE_PATH "?");
  scope = g_strjoinv (" ", (GStrv) scopes);
  url = g_string_new (base);
  append_parameter (url, "response_type", "code");
  append_parameter (url, "client_id", consumer_key);
  append_parameter (url, "redirect_uri", redirect_uri);
  append_parameter (url, "code_challenge", challenge);
  append_parameter (url, "code_challenge_method", "S256");
  append_parameter (url, "state", state);
  append_parameter (url, "scope", scope);
  if (prompt != NULL)
    append_parameter (url, "prompt", prompt);

  return g_string_free_and_steal (url);
}

static GBytes *
free_form_to_bytes (GString *form)
{
  gsize length = form->len;
  char *text = g_string_free_and_steal (form);

  return g_bytes_new_with_free_func (text, length, (GDestroyNotify) sluice_secret_free, text);
}

/**
 * sluice_oauth_build_code_form:
 * @code: the authorisation code, decoded
 * @verifier: the PKCE verifier whose challenge was sent
 * @redirect_uri: the same callback URL as in the authorise request
 * @consumer_key: the app's consumer key
 * @consumer_secret: (nullable): of a confidential app only; a public one must not send any
 *
 * Returns: (transfer full): the form that exchanges @code (wire reference 1.3), wiped when freed
 */
GBytes *
sluice_oauth_build_code_form (const char *code,
                              const char *verifier,
                              const char *redirect_uri,
                              const char *consumer_key,
                              const char *consumer_secret)
{
  GString *form;

  g_return_val_if_fail (code != NULL, NULL);
  g_return_val_if_fail (verifier != NULL, NULL);
  g_return_val_if_fail (redirect_uri != NULL, NULL);
  g_return_val_if_fail (consumer_key != NULL, NULL);

  form = g_string_sized_new (FORM_SIZE);
  append_parameter (form, "grant_type", "authorization_code");
  append_parameter (form, "code", code);
  append_parameter (form, "client_id", consumer_key);
  if (consumer_secret != NULL && *consumer_secret != '\0')
    append_parameter (form, "client_secret", consumer_secret);
  append_parameter (form, "redirect_uri", redirect_uri);
  append_parameter (form, "code_verifier", verifier);

  return free_form_to_bytes (form);
}

/**
 * sluice_oauth_build_refresh_form:
 * @refresh_token: the refresh token
 * @consumer_key: the app's consumer key
 * @consumer_secret: (nullable): of a confidential app only
 *
 * Returns: (transfer full): the form that asks for a new access token (wire reference 1.3), wiped when freed
 */
GBytes *
sluice_oauth_build_refresh_form (const char *refresh_token,
                                 const char *consumer_key,
                                 const char *consumer_secret)
{
  GString *form;

  g_return_val_if_fail (refresh_token != NULL, NULL);
  g_return_val_if_fail (consumer_key != NULL, NULL);

  form = g_string_sized_new (FORM_SIZE);
  append_parameter (form, "grant_type", "refresh_token");
  append_parameter (form, "refresh_token", refresh_token);
  append_parameter (form, "client_id", consumer_key);
  if (consumer_secret != NULL && *consumer_secret != '\0')
    append_parameter (form, "client_secret", consumer_secret);

  return free_form_to_bytes (form);
}

/**
 * sluice_oauth_build_revoke_form:
 * @token: a refresh token, to end the whole grant, or an access token
 *
 * Returns: (transfer full): the form that revokes @token (wire reference 1.6), wiped when freed
 */
GBytes *
sluice_oauth_build_revoke_form (const char *token)
{
  GString *form;

  g_return_val_if_fail (token != NULL, NULL);

  form = g_string_sized_new (FORM_SIZE);
  append_parameter (form, "token", token);

  return free_form_to_bytes (form);
}

/* Finds the one parameter @name and decodes it, and nothing else of @query.
 * NULL when it is absent, there more than once, or not decodable. */
static char *
dup_parameter (const char *query,
               const char *name)
{
  gsize length = strlen (name);
  const char *found = NULL;
  g_autofree char *raw = NULL;

  for (const char *at = query; at != NULL; at = strchr (at, '&') != NULL ? strchr (at, '&') + 1 : NULL)
    {
      if (strncmp (at, name, length) != 0 || at[length] != '=')
        continue;

      if (found != NULL)
        return NULL;
      found = at + length + 1;
    }

  if (found == NULL)
    return NULL;

  raw = g_strndup (found, strcspn (found, "&"));
  g_strdelimit (raw, "+", ' ');

  return g_uri_unescape_string (raw, NULL);
}

/**
 * sluice_oauth_check_state:
 * @query: (nullable): the query of a request to the callback, still encoded
 * @state: the `state` that was sent
 * @error: return location for an error
 *
 * Compares the `state` in @query, before anything else of it is read.
 *
 * Returns: %TRUE when it is the one that was sent; %FALSE with
 *   %SLUICE_ERROR_INVALID when it is another, missing, or there twice
 */
gboolean
sluice_oauth_check_state (const char  *query,
                          const char  *state,
                          GError     **error)
{
  g_autofree char *given = NULL;

  g_return_val_if_fail (state != NULL, FALSE);

  if (query != NULL && strnlen (query, MAX_QUERY + 1) <= MAX_QUERY)
    given = dup_parameter (query, "state");

  if (sluice_oauth_state_matches (state, given))
    return TRUE;

  g_propagate_error (error, sluice_error_new_server (SLUICE_ERROR_INVALID, SLUICE_PROBLEM_WRONG_STATE, NULL, 0, NULL,
                                                     _("This answer does not belong to the sign-in that waits.")));
  return FALSE;
}

static gboolean
is_code (const char *code)
{
  if (*code == '\0' || strnlen (code, MAX_CODE + 1) > MAX_CODE)
    return FALSE;

  for (; *code != '\0'; code++)
    {
      if (!g_ascii_isgraph (*code))
        return FALSE;
    }

  return TRUE;
}

/**
 * sluice_oauth_read_error_query:
 * @query: (nullable): the query of an address that Salesforce made, still encoded
 *
 * Reads `error` and `error_description` (wire reference 1.5).
 *
 * Returns: (transfer full) (nullable): the error, %NULL when @query has none
 */
GError *
sluice_oauth_read_error_query (const char *query)
{
  g_autofree char *code = NULL;
  g_autofree char *text = NULL;

  if (query == NULL || strnlen (query, MAX_QUERY + 1) > MAX_QUERY)
    return NULL;

  code = dup_parameter (query, "error");
  if (code == NULL || *code == '\0')
    return NULL;

  text = dup_parameter (query, "error_description");

  return sluice_oauth_error_new (code, text, 0);
}

/**
 * sluice_oauth_read_redirect:
 * @query: (nullable): the query of a request to the callback, still encoded
 * @state: the `state` that was sent
 * @error: return location for an error
 *
 * Reads the answer that the browser brings: `state` first, and nothing else
 * when that is wrong; then the error or the code, decoded exactly once.
 *
 * Returns: (transfer full): the authorisation code, to be freed with
 *   sluice_secret_free(); %NULL with the error of sluice_oauth_check_state(),
 *   that of sluice_oauth_error_new(), or %SLUICE_ERROR_PROTOCOL when there is
 *   neither code nor error
 */
char *
sluice_oauth_read_redirect (const char  *query,
                            const char  *state,
                            GError     **error)
{
  char *code;
  GError *told;

  g_return_val_if_fail (state != NULL, NULL);

  if (!sluice_oauth_check_state (query, state, error))
    return NULL;

  told = sluice_oauth_read_error_query (query);
  if (told != NULL)
    {
      g_propagate_error (error, told);
      return NULL;
    }

  code = dup_parameter (query, "code");
  if (code != NULL && is_code (code))
    return code;

  sluice_secret_free (code);
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The browser brought an answer with no code in it. Sign in again."));
  return NULL;
}

static gboolean
is_json (const char *content_type)
{
  g_autofree char *type = NULL;

  if (content_type == NULL)
    return TRUE;

  type = g_ascii_strdown (content_type, -1);

  return strstr (type, "json") != NULL;
}

/* A web page instead of JSON comes in maintenance, from a proxy, or from a network that wants a login first. */
static GError *
new_not_json (guint http_status)
{
  return sluice_error_new_server (SLUICE_ERROR_OFFLINE, SLUICE_PROBLEM_NOT_JSON, NULL, http_status, NULL,
                                  _("A web page came instead of Salesforce’s answer. Salesforce may be in "
                                    "maintenance, or this network wants a login first."));
}

static GError *
new_unusable (guint http_status)
{
  if (http_status >= 500)
    return new_not_json (http_status);

  return sluice_error_new_server (SLUICE_ERROR_PROTOCOL, NULL, NULL, http_status, NULL,
                                  _("Salesforce’s answer to the sign-in makes no sense. Try again."));
}

static const char *
peek_member (JsonObject *object,
             const char *name,
             gsize       max_length)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  text = json_node_get_string (node);

  return *text != '\0' && strnlen (text, max_length + 1) <= max_length ? text : NULL;
}

/* A token goes into an HTTP header as it is. */
static const char *
peek_token (JsonObject *object,
            const char *name)
{
  const char *token = peek_member (object, name, MAX_TOKEN);

  for (const char *at = token; at != NULL && *at != '\0'; at++)
    {
      if (!g_ascii_isgraph (*at))
        return NULL;
    }

  return token;
}

/* A string of milliseconds; a number is understood too. */
static gint64
get_issued_at (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "issued_at");
  const char *text = peek_member (object, "issued_at", 20);
  gint64 issued_at = 0;

  if (text != NULL)
    {
      if (!g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &issued_at, NULL))
        return 0;
    }
  else if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    {
      issued_at = MAX (json_node_get_int (node), 0);
    }

  return issued_at;
}

static GError *
new_untrusted (guint http_status)
{
  return sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_UNTRUSTED_HOST, NULL, http_status, NULL,
                                  _("The answer names a server that does not belong to Salesforce. "
                                    "The tokens were not kept."));
}

/* Scheme and host only, so that paths can be put behind it. */
static char *
dup_origin (const char *url)
{
  g_autoptr(GUri) uri = NULL;

  if (!sluice_host_is_trusted (url))
    return NULL;

  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_userinfo (uri) != NULL)
    return NULL;

  return g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                     g_uri_get_port (uri), "", NULL, NULL);
}

static SluiceCredentials *
read_tokens (JsonObject               *object,
             guint                     http_status,
             const SluiceCredentials  *previous,
             GError                  **error)
{
  g_autoptr(SluiceCredentials) credentials = NULL;
  const char *access_token = peek_token (object, "access_token");
  const char *refresh_token = peek_token (object, "refresh_token");
  const char *instance_url = peek_member (object, "instance_url", MAX_MEMBER);
  const char *identity_url = peek_member (object, "id", MAX_MEMBER);
  const char *scope = peek_member (object, "scope", MAX_MEMBER);

  if (access_token == NULL
      || (refresh_token == NULL && json_object_has_member (object, "refresh_token"))
      || (instance_url == NULL && (previous == NULL || previous->instance_url == NULL)))
    {
      g_propagate_error (error, new_unusable (http_status));
      return NULL;
    }

  credentials = previous != NULL ? sluice_credentials_copy (previous) : sluice_credentials_new ();
  sluice_secret_set (&credentials->access_token, access_token);
  if (refresh_token != NULL)
    sluice_secret_set (&credentials->refresh_token, refresh_token);
  if (scope != NULL)
    g_set_str (&credentials->scope, scope);
  credentials->issued_at = get_issued_at (object);

  if (instance_url != NULL)
    {
      g_free (credentials->instance_url);
      credentials->instance_url = dup_origin (instance_url);
    }
  if (identity_url != NULL)
    g_set_str (&credentials->identity_url, identity_url);

  if (credentials->instance_url == NULL
      || (identity_url != NULL && !sluice_host_is_trusted (identity_url)))
    {
      g_propagate_error (error, new_untrusted (http_status));
      return NULL;
    }

  return g_steal_pointer (&credentials);
}

/* Brackets in texts count too: no answer has that many. */
static gboolean
is_deep (const char *data,
         gsize       size)
{
  guint depth = 0;

  for (gsize i = 0; i < size && depth <= MAX_DEPTH; i++)
    {
      if (data[i] == '[' || data[i] == '{')
        depth++;
      else if ((data[i] == ']' || data[i] == '}') && depth > 0)
        depth--;
    }

  return depth > MAX_DEPTH;
}

/* Ends with an object, or an error that tells why there is none. */
static JsonObject *
parse_object (guint        http_status,
              const char  *content_type,
              GBytes      *body,
              GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  JsonNode *root;

  if (size > MAX_BODY || is_deep (data, size))
    {
      g_propagate_error (error, new_unusable (http_status));
      return NULL;
    }

  if (http_status >= 300 && http_status < 400)
    {
      g_propagate_error (error, sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_REDIRECT, NULL,
                                                         http_status, NULL,
                                                         _("The login host sends us elsewhere, and nothing was sent "
                                                           "there. Check the API URL in the settings.")));
      return NULL;
    }

  if (size == 0 || !is_json (content_type))
    {
      g_propagate_error (error, size == 0 ? new_unusable (http_status) : new_not_json (http_status));
      return NULL;
    }

  if (!g_utf8_validate_len (data, size, NULL) || !json_parser_load_from_data (parser, data, (gssize) size, NULL))
    {
      g_propagate_error (error, content_type == NULL ? new_not_json (http_status) : new_unusable (http_status));
      return NULL;
    }

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_propagate_error (error, new_unusable (http_status));
      return NULL;
    }

  return json_node_dup_object (root);
}

static GError *
read_error (JsonObject *object,
            guint       http_status)
{
  const char *code = peek_member (object, "error", MAX_MEMBER);
  const char *text = peek_member (object, "error_description", MAX_MEMBER);

  if (code == NULL)
    return new_unusable (http_status);

  return sluice_oauth_error_new (code, text, http_status);
}

/**
 * sluice_oauth_parse_token_reply:
 * @http_status: the status of the answer
 * @content_type: (nullable): its type, as the header says
 * @body: the answer
 * @previous: (nullable): the credentials that were refreshed, or that hold the consumer secret
 * @error: return location for an error
 *
 * Reads the answer of the token endpoint (wire reference 1.3).
 *
 * What the answer leaves out is taken from @previous: without rotation a
 * refresh brings no refresh token, and the old one goes on. `issued_at` is
 * what the server says, so that nothing depends on this computer's clock.
 *
 * Returns: (transfer full): the new credentials; %NULL with a #SluiceError
 *   that sluice_oauth_error_is_dead_token() can judge
 */
SluiceCredentials *
sluice_oauth_parse_token_reply (guint                     http_status,
                                const char               *content_type,
                                GBytes                   *body,
                                const SluiceCredentials  *previous,
                                GError                  **error)
{
  g_autoptr(JsonObject) object = NULL;

  g_return_val_if_fail (body != NULL, NULL);

  object = parse_object (http_status, content_type, body, error);
  if (object == NULL)
    return NULL;

  if (http_status != 200 || json_object_has_member (object, "error"))
    {
      g_propagate_error (error, read_error (object, http_status));
      return NULL;
    }

  return read_tokens (object, http_status, previous, error);
}

/**
 * sluice_oauth_parse_revoke_reply:
 * @http_status: the status of the answer
 * @content_type: (nullable): its type, as the header says
 * @body: the answer
 * @error: return location for an error
 *
 * Reads the answer of the revoke endpoint (wire reference 1.6). A token that
 * Salesforce does not know is as good as revoked.
 *
 * Returns: whether the token is of no use any more
 */
gboolean
sluice_oauth_parse_revoke_reply (guint        http_status,
                                 const char  *content_type,
                                 GBytes      *body,
                                 GError     **error)
{
  g_autoptr(JsonObject) object = NULL;
  const char *code;

  g_return_val_if_fail (body != NULL, FALSE);

  if (http_status == 200)
    return TRUE;

  object = parse_object (http_status, content_type, body, error);
  if (object == NULL)
    return FALSE;

  code = peek_member (object, "error", MAX_MEMBER);
  if (g_strcmp0 (code, "invalid_token") == 0)
    return TRUE;

  g_propagate_error (error, read_error (object, http_status));
  return FALSE;
}
