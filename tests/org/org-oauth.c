/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-oauth.h"

#include <string.h>

#include "org-json.h"
#include "org-secret.h"
#include "org-sessions.h"
#include "org-signer.h"
#include "org-state.h"

#define MIN_VERIFIER 43
#define ID_TOKEN_LIFETIME 120

/* One answer, to be written as JSON, XML or a form. */
typedef struct
{
  GPtrArray *names;          /* (element-type utf8) not owned */
  GPtrArray *values;         /* (element-type utf8) owned */
} Members;

static void
members_init (Members *members)
{
  members->names = g_ptr_array_new ();
  members->values = g_ptr_array_new_with_free_func (g_free);
}

static void
members_clear (Members *members)
{
  g_ptr_array_unref (members->names);
  g_ptr_array_unref (members->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Members, members_clear)

static void
members_add (Members    *members,
             const char *name,
             const char *value)
{
  if (value == NULL)
    return;

  g_ptr_array_add (members->names, (gpointer) name);
  g_ptr_array_add (members->values, g_strdup (value));
}

static GString *
write_json (const Members *members)
{
  GString *body = g_string_new ("{");

  for (guint i = 0; i < members->names->len; i++)
    org_json_append_text (body, members->names->pdata[i], members->values->pdata[i]);
  g_string_append_c (body, '}');

  return body;
}

static GString *
write_xml (const Members *members)
{
  GString *body = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAuth>");

  for (guint i = 0; i < members->names->len; i++)
    {
      const char *name = members->names->pdata[i];
      g_autofree char *value = g_markup_escape_text (members->values->pdata[i], -1);

      g_string_append_printf (body, "<%s>%s</%s>", name, value, name);
    }
  g_string_append (body, "</OAuth>");

  return body;
}

static GString *
write_form (const Members *members)
{
  GString *body = g_string_new (NULL);

  for (guint i = 0; i < members->names->len; i++)
    {
      g_string_append_printf (body, "%s%s=", i > 0 ? "&" : "", (const char *) members->names->pdata[i]);
      g_string_append_uri_escaped (body, members->values->pdata[i], NULL, FALSE);
    }

  return body;
}

/* The parameter `format` goes before the header `Accept`. */
static void
reply_members (OrgCall       *call,
               guint          status,
               const Members *members)
{
  const char *format = org_call_get (call, "format");
  const char *accept = org_call_get_header (call, "Accept");

  if (format == NULL)
    format = accept != NULL ? accept : "json";

  if (strcmp (format, "xml") == 0 || g_str_has_prefix (format, "application/xml"))
    org_call_reply (call, status, "application/xml;charset=UTF-8", write_xml (members));
  else if (strcmp (format, "urlencoded") == 0 || g_str_has_prefix (format, "application/x-www-form-urlencoded"))
    org_call_reply (call, status, "application/x-www-form-urlencoded;charset=UTF-8", write_form (members));
  else
    org_call_reply (call, status, ORG_JSON, write_json (members));
}

static void
refuse (OrgCall    *call,
        const char *error,
        const char *reason)
{
  g_auto(Members) members = { NULL };

  members_init (&members);
  members_add (&members, "error", error);
  members_add (&members, "error_description", reason);
  reply_members (call, strcmp (error, "server_error") == 0 ? 500 : 400, &members);
}

static const char *
require (OrgCall    *call,
         const char *name)
{
  const char *value = org_call_get (call, name);
  g_autofree char *reason = NULL;

  if (value != NULL)
    return value;

  reason = g_strconcat ("missing required parameter: ", name, NULL);
  refuse (call, "invalid_request", reason);

  return NULL;
}

/* The client's key and secret, from the body or a Basic header. */
static void
get_credentials (OrgCall  *call,
                 char    **key,
                 char    **secret)
{
  const char *header = org_call_get_header (call, "Authorization");
  g_autofree guchar *decoded = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) pair = NULL;
  gsize size;

  *key = g_strdup (org_call_get (call, "client_id"));
  *secret = g_strdup (org_call_get (call, "client_secret"));

  if (*key != NULL || header == NULL || !g_str_has_prefix (header, "Basic "))
    return;

  decoded = g_base64_decode (header + strlen ("Basic "), &size);
  text = g_strndup ((const char *) decoded, size);
  pair = g_strsplit (text, ":", 2);
  *key = g_strdup (pair[0]);
  if (pair[0] != NULL && pair[1] != NULL && *pair[1] != '\0')
    g_set_str (secret, pair[1]);
}

static gboolean
secret_is_right (const OrgApp *app,
                 const char   *secret)
{
  if (secret == NULL)
    return (app->flags & ORG_APP_NEEDS_SECRET) == 0;
  if ((app->flags & ORG_APP_REFUSES_SECRET) != 0)
    return FALSE;

  return org_secret_equal (secret, ORG_APP_SECRET);
}

/* The app that asks; refuses the request when there is something wrong with it. */
static const OrgApp *
check_client (OrgCall *call)
{
  g_autofree char *key = NULL;
  g_autofree char *secret = NULL;
  const OrgApp *app;

  get_credentials (call, &key, &secret);
  app = org_apps_find (key);

  if (key == NULL)
    refuse (call, "invalid_request", "missing required parameter: client_id");
  else if (app == NULL || org_sessions_is_young (call->service->sessions, app))
    refuse (call, "invalid_client_id", "client identifier invalid");
  else if (app->token_error != NULL)
    refuse (call, app->token_error, app->token_reason);
  else if (!secret_is_right (app, secret))
    refuse (call, "invalid_client", "invalid client credentials");
  else
    return app;

  return NULL;
}

static char *
make_id_token (OrgCall         *call,
               const OrgTokens *tokens,
               const char      *id)
{
  g_autoptr(GString) claims = g_string_new ("{");
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *hash = NULL;
  gint64 issued = tokens->issued / 1000;
  guint8 digest[32];
  gsize size = sizeof digest;

  /* OpenID Connect wants the left half of the access token's hash. */
  g_checksum_update (checksum, (const guint8 *) tokens->access, -1);
  g_checksum_get_digest (checksum, digest, &size);
  hash = org_secret_encode (digest, size / 2);

  org_json_append_text (claims, "iss", call->service->address);
  org_json_append_text (claims, "sub", id);
  org_json_append_text (claims, "aud", tokens->app->key);
  org_json_append_int (claims, "exp", issued + ID_TOKEN_LIFETIME);
  org_json_append_int (claims, "iat", issued);
  org_json_append_text (claims, "at_hash", hash);
  if (tokens->nonce != NULL)
    org_json_append_text (claims, "nonce", tokens->nonce);
  g_string_append_c (claims, '}');

  return org_signer_sign (call->service->signer, claims->str);
}

static void
reply_tokens (OrgCall         *call,
              const OrgTokens *tokens,
              gboolean         with_id_token)
{
  g_autofree char *id = org_service_dup_identity (call->service, tokens->person);
  g_autofree char *id_token = with_id_token ? make_id_token (call, tokens, id) : NULL;
  g_autofree char *issued = g_strdup_printf ("%" G_GINT64_FORMAT, tokens->issued);
  g_autofree char *data = g_strconcat (id, issued, NULL);
  g_autofree char *signature = org_secret_sign (ORG_APP_SECRET, data);
  g_auto(Members) members = { NULL };

  members_init (&members);
  members_add (&members, "access_token", tokens->access);
  members_add (&members, "refresh_token", tokens->refresh);
  members_add (&members, "signature", signature);
  members_add (&members, "scope", tokens->scope);
  members_add (&members, "id_token", id_token);
  members_add (&members, "instance_url", org_service_get_instance (call->service));
  members_add (&members, "id", id);
  members_add (&members, "token_type", "Bearer");
  members_add (&members, "issued_at", issued);
  members_add (&members, "api_instance_url", "https://api.salesforce.com");
  reply_members (call, 200, &members);
}

typedef struct
{
  OrgCall *call;             /* (owned) */
  OrgTokens tokens;
} Answer;

static void
signer_ready_cb (gpointer user_data)
{
  Answer *answer = user_data;

  reply_tokens (answer->call, &answer->tokens, TRUE);
  org_call_unref (answer->call);
  org_tokens_clear (&answer->tokens);
  g_free (answer);
}

/* An id token comes with a code only. */
static void
reply_with_id_token (OrgCall   *call,
                     OrgTokens *tokens)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->call = org_call_ref (call);
  answer->tokens = *tokens;
  memset (tokens, 0, sizeof *tokens);
  org_signer_prepare (call->service->signer, signer_ready_cb, answer);
}

static void
finish (OrgCall          *call,
        const OrgFailure *failure,
        OrgTokens        *tokens,
        gboolean          with_id_token)
{
  /* A token that was handed out, or ended, must be known as such after a restart. */
  if (call->service->state != NULL)
    org_state_save (call->service->state);

  if (failure != NULL)
    refuse (call, failure->error, failure->reason);
  else if (with_id_token && org_scope_contains (tokens->scope, "openid"))
    reply_with_id_token (call, tokens);
  else
    reply_tokens (call, tokens, FALSE);
}

static void
grant_code (OrgCall      *call,
            const OrgApp *app)
{
  const char *code = require (call, "code");
  const char *redirect_uri = code != NULL ? require (call, "redirect_uri") : NULL;
  const char *verifier = org_call_get (call, "code_verifier");
  g_auto(OrgTokens) tokens = { NULL };

  if (redirect_uri == NULL)
    return;

  if (!org_app_has_callback (app, redirect_uri))
    refuse (call, "redirect_uri_mismatch", "redirect_uri must match configuration");
  else if (verifier != NULL && strlen (verifier) < MIN_VERIFIER)
    refuse (call, "invalid_request", "invalid code verifier");
  else
    finish (call, org_grants_redeem (call->service->grants, app, code, redirect_uri, verifier, &tokens), &tokens,
            TRUE);
}

static void
grant_refresh (OrgCall      *call,
               const OrgApp *app)
{
  const char *refresh = require (call, "refresh_token");
  g_auto(OrgTokens) tokens = { NULL };

  if (refresh != NULL)
    finish (call, org_grants_refresh (call->service->grants, app, refresh, &tokens), &tokens, FALSE);
}

static const char *
check_password (const OrgPerson *person,
                const char      *password)
{
  if (person == NULL || (person->flags & ORG_PERSON_LOCKED) != 0)
    return "authentication failure";
  if (!org_secret_equal (password, ORG_PASSWORD))
    return "authentication failure - Invalid Password";
  if ((person->flags & ORG_PERSON_INACTIVE) != 0)
    return "inactive user";
  if ((person->flags & ORG_PERSON_IP_RESTRICTED) != 0)
    return "ip restricted";

  return NULL;
}

/* This grant never answers a refresh token. */
static char *
scopes_without_refresh (const OrgApp *app)
{
  g_auto(GStrv) words = g_strsplit (org_app_get_scopes (app), " ", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) kept = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strcmp (words[i], "refresh_token") != 0)
        g_strv_builder_add (builder, words[i]);
    }
  kept = g_strv_builder_end (builder);

  return g_strjoinv (" ", kept);
}

static void
grant_password (OrgCall      *call,
                const OrgApp *app)
{
  const char *username = require (call, "username");
  const char *password = username != NULL ? require (call, "password") : NULL;
  const OrgPerson *person = org_people_find (username);
  g_autofree char *scope = scopes_without_refresh (app);
  g_auto(OrgTokens) tokens = { NULL };
  const char *reason;

  if (password == NULL)
    return;

  reason = check_password (person, password);
  if (reason != NULL)
    {
      refuse (call, "invalid_grant", reason);
      return;
    }

  if ((app->flags & ORG_APP_ADMINS_ONLY) != 0 && (person->flags & ORG_PERSON_ADMIN) == 0)
    {
      refuse (call, "invalid_app_access", "user is not admin approved to access this app");
      return;
    }

  org_grants_issue (call->service->grants, app, person, scope, &tokens);
  finish (call, NULL, &tokens, FALSE);
}

static const struct
{
  const char *type;
  void (*grant) (OrgCall      *call,
                 const OrgApp *app);
} types[] = {
  { "authorization_code", grant_code },
  { "refresh_token", grant_refresh },
  { "password", grant_password },
};

/**
 * org_oauth_token:
 * @call: a call of `/services/oauth2/token`
 *
 * Answers tokens, or why there are none.
 */
void
org_oauth_token (OrgCall *call)
{
  const char *type = org_call_get (call, "grant_type");
  const OrgApp *app;

  if (!org_call_is (call, "POST"))
    {
      refuse (call, "invalid_request", "must use HTTP POST");
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_strcmp0 (types[i].type, type) != 0)
        continue;

      app = check_client (call);
      if (app != NULL)
        types[i].grant (call, app);
      return;
    }

  refuse (call, "unsupported_grant_type", "grant type not supported");
}

/**
 * org_oauth_revoke:
 * @call: a call of `/services/oauth2/revoke`
 *
 * Ends a token.
 */
void
org_oauth_revoke (OrgCall *call)
{
  const char *token = require (call, "token");

  if (token == NULL)
    return;

  if (strchr (token, '!') == NULL && !g_str_has_prefix (token, "5Aep"))
    {
      refuse (call, "unsupported_token_type", "this token type is not supported");
      return;
    }

  if (!org_grants_revoke (call->service->grants, token))
    {
      refuse (call, "invalid_token", "invalid token");
      return;
    }

  if (call->service->state != NULL)
    org_state_save (call->service->state);
  org_call_reply_text (call, 200, NULL, "");
}

/**
 * org_oauth_introspect:
 * @call: a call of `/services/oauth2/introspect`
 *
 * Tells what a token stands for, to a client that knows its secret.
 */
void
org_oauth_introspect (OrgCall *call)
{
  g_autofree char *key = NULL;
  g_autofree char *secret = NULL;
  const char *token;
  const OrgApp *app;
  OrgAccess access;
  GString *body;

  get_credentials (call, &key, &secret);
  app = org_apps_find (key);
  if (app == NULL || !org_secret_equal (secret, ORG_APP_SECRET))
    {
      org_call_reply_text (call, 401, ORG_JSON,
                           "{\"error\":\"invalid_client\",\"error_description\":\"invalid client credentials\"}");
      return;
    }

  token = require (call, "token");
  if (token == NULL)
    return;

  body = g_string_new ("{");
  if (!org_grants_look_up (call->service->grants, token, &access) || access.app != app)
    {
      org_json_append_flag (body, "active", FALSE);
    }
  else
    {
      g_autofree char *id = org_service_dup_identity (call->service, access.person);

      org_json_append_flag (body, "active", TRUE);
      org_json_append_text (body, "scope", access.scope);
      org_json_append_text (body, "client_id", app->key);
      org_json_append_text (body, "username", access.person->username);
      org_json_append_text (body, "sub", id);
      org_json_append_text (body, "token_type", access.refreshes ? "refresh_token" : "access_token");
      if (access.expires > 0)
        org_json_append_int (body, "exp", access.expires);
      org_json_append_int (body, "iat", access.issued);
      org_json_append_int (body, "nbf", access.issued);
    }
  g_string_append_c (body, '}');
  org_call_reply (call, 200, ORG_JSON, body);
}

/**
 * org_oauth_generate:
 * @call: a call of `/services/oauth2/pkce/generator`
 *
 * Answers a verifier and its challenge, to those who cannot make them.
 */
void
org_oauth_generate (OrgCall *call)
{
  g_autofree char *verifier = org_secret_random ("", 86);
  g_autofree char *challenge = org_secret_challenge (verifier);
  GString *body = g_string_new ("{");

  org_json_append_text (body, "code_verifier", verifier);
  org_json_append_text (body, "code_challenge", challenge);
  g_string_append_c (body, '}');
  org_call_reply (call, 200, ORG_JSON, body);
}
