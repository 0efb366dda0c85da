/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-identity.h"

#include <string.h>

#include "org-id.h"
#include "org-json.h"

#define PLAIN "text/plain;charset=UTF-8"
#define CHANGED "2026-10-01T08:00:00Z"

static void
append_object (GString    *json,
               const char *name)
{
  org_json_append_member (json, name);
  g_string_append_c (json, '{');
}

/* Who a valid token with one of two scopes speaks for; refuses the call otherwise.
 * This service says no in plain text. */
static const OrgPerson *
check_token (OrgCall    *call,
             const char *scope,
             const char *other)
{
  g_autofree char *header = org_call_dup_token (call);
  const char *parameter = org_call_get (call, "access_token");
  const char *token = header != NULL ? header : parameter != NULL ? parameter : org_call_get (call, "oauth_token");
  OrgAccess access;

  if (token == NULL)
    org_call_reply_text (call, 403, PLAIN, "Missing_OAuth_Token");
  else if (!org_grants_look_up (call->service->grants, token, &access) || access.refreshes)
    org_call_reply_text (call, 403, PLAIN, "Bad_OAuth_Token");
  else if (!org_scope_contains (access.scope, scope) && !org_scope_contains (access.scope, other)
           && !org_scope_contains (access.scope, "full") && !org_scope_contains (access.scope, "api"))
    org_call_reply_text (call, 403, PLAIN, "Insufficient_Scope");
  else
    return access.person;

  return NULL;
}

static void
append_urls (OrgCall         *call,
             GString         *json,
             const OrgPerson *person)
{
  static const struct { const char *name; const char *path; } urls[] = {
    { "enterprise", "/services/Soap/c/{version}/{organization}" },
    { "metadata", "/services/Soap/m/{version}/{organization}" },
    { "partner", "/services/Soap/u/{version}/{organization}" },
    { "rest", "/services/data/v{version}/" },
    { "sobjects", "/services/data/v{version}/sobjects/" },
    { "search", "/services/data/v{version}/search/" },
    { "query", "/services/data/v{version}/query/" },
    { "recent", "/services/data/v{version}/recent/" },
    { "tooling_soap", "/services/Soap/T/{version}/{organization}" },
    { "tooling_rest", "/services/data/v{version}/tooling/" },
    { "profile", NULL },
    { "feeds", "/services/data/v{version}/chatter/feeds" },
    { "groups", "/services/data/v{version}/chatter/groups" },
    { "users", "/services/data/v{version}/chatter/users" },
    { "feed_items", "/services/data/v{version}/chatter/feed-items" },
    { "custom_domain", "" },
  };
  gboolean fill = g_strcmp0 (org_call_get (call, "version"), "latest") == 0;
  g_autofree char *organization = g_strndup (call->service->organization_id, 15);

  append_object (json, "urls");
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(GString) url = g_string_new (org_service_get_instance (call->service));

      if (urls[i].path == NULL)
        g_string_append_printf (url, "/%s", org_service_get_user_id (call->service, person));
      else
        g_string_append (url, urls[i].path);

      if (fill)
        {
          g_autofree char *version = g_strdup_printf ("%u.0", call->service->newest);

          g_string_replace (url, "{version}", version, 0);
        }
      g_string_replace (url, "{organization}", organization, 0);
      org_json_append_text (json, urls[i].name, url->str);
    }
  g_string_append_c (json, '}');
}

static void
append_photos (OrgCall *call,
               GString *json)
{
  g_autofree char *picture = g_strconcat (org_service_get_instance (call->service), "/profilephoto/005/F", NULL);
  g_autofree char *thumbnail = g_strconcat (org_service_get_instance (call->service), "/profilephoto/005/T", NULL);

  append_object (json, "photos");
  org_json_append_text (json, "picture", picture);
  org_json_append_text (json, "thumbnail", thumbnail);
  g_string_append_c (json, '}');
}

static char *
dup_name (const OrgPerson *person)
{
  return g_strconcat (person->first_name, " ", person->last_name, NULL);
}

/**
 * org_identity_user_info:
 * @call: a call of `/services/oauth2/userinfo`
 *
 * Tells who a token speaks for, in the words of OpenID Connect.
 */
void
org_identity_user_info (OrgCall *call)
{
  const OrgPerson *person = check_token (call, "openid", "id");
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  GString *json;

  if (person == NULL)
    return;

  id = org_service_dup_identity (call->service, person);
  name = dup_name (person);
  json = g_string_new ("{");
  org_json_append_text (json, "sub", id);
  org_json_append_text (json, "user_id", org_service_get_user_id (call->service, person));
  org_json_append_text (json, "organization_id", call->service->organization_id);
  org_json_append_text (json, "preferred_username", person->username);
  org_json_append_text (json, "nickname", person->alias);
  org_json_append_text (json, "name", name);
  org_json_append_text (json, "email", person->email);
  org_json_append_flag (json, "email_verified", TRUE);
  org_json_append_text (json, "given_name", person->first_name);
  org_json_append_text (json, "family_name", person->last_name);
  org_json_append_text (json, "zoneinfo", "Europe/London");
  append_photos (call, json);
  append_object (json, "address");
  org_json_append_text (json, "country", "GB");
  g_string_append_c (json, '}');
  append_urls (call, json, person);
  org_json_append_flag (json, "active", TRUE);
  org_json_append_text (json, "user_type", "STANDARD");
  org_json_append_text (json, "language", "en_US");
  org_json_append_text (json, "locale", "en_GB");
  org_json_append_int (json, "utcOffset", 0);
  org_json_append_text (json, "updated_at", CHANGED);
  org_json_append_flag (json, "is_app_installed", TRUE);
  g_string_append_c (json, '}');
  org_call_reply (call, 200, ORG_JSON, json);
}

static void
append_identity (OrgCall         *call,
                 GString         *json,
                 const OrgPerson *person)
{
  g_autofree char *id = org_service_dup_identity (call->service, person);
  g_autofree char *name = dup_name (person);

  org_json_append_text (json, "id", id);
  org_json_append_flag (json, "asserted_user", TRUE);
  org_json_append_text (json, "user_id", org_service_get_user_id (call->service, person));
  org_json_append_text (json, "organization_id", call->service->organization_id);
  org_json_append_text (json, "username", person->username);
  org_json_append_text (json, "nick_name", person->alias);
  org_json_append_text (json, "display_name", name);
  org_json_append_text (json, "email", person->email);
  org_json_append_flag (json, "email_verified", TRUE);
  org_json_append_text (json, "first_name", person->first_name);
  org_json_append_text (json, "last_name", person->last_name);
  org_json_append_text (json, "timezone", "Europe/London");
  append_photos (call, json);
  org_json_append_text (json, "addr_street", NULL);
  org_json_append_text (json, "addr_city", NULL);
  org_json_append_text (json, "addr_state", NULL);
  org_json_append_text (json, "addr_country", "GB");
  org_json_append_text (json, "addr_zip", NULL);
  org_json_append_text (json, "mobile_phone", NULL);
  org_json_append_flag (json, "mobile_phone_verified", FALSE);
  org_json_append_flag (json, "is_lightning_login_user", FALSE);
  append_object (json, "status");
  org_json_append_text (json, "created_date", NULL);
  org_json_append_text (json, "body", NULL);
  g_string_append_c (json, '}');
  append_urls (call, json, person);
  org_json_append_flag (json, "active", TRUE);
  org_json_append_text (json, "user_type", "STANDARD");
  org_json_append_text (json, "language", "en_US");
  org_json_append_text (json, "locale", "en_GB");
  org_json_append_int (json, "utcOffset", 0);
  org_json_append_text (json, "last_modified_date", CHANGED);
  org_json_append_flag (json, "is_app_installed", TRUE);
}

static gboolean
same_id (const char *text,
         const char *id)
{
  char normal[ORG_ID_SIZE];

  return text != NULL && org_id_normalize (text, normal) && strcmp (normal, id) == 0;
}

/**
 * org_identity_show:
 * @call: a call of `/id/ORGANIZATION/USER`
 *
 * Tells who a token speaks for, at the address that came with it.
 */
void
org_identity_show (OrgCall *call)
{
  const OrgPerson *person = check_token (call, "id", "openid");
  g_auto(GStrv) parts = g_strsplit (call->path, "/", -1);
  GString *json;

  if (person == NULL)
    return;

  if (g_strv_length (parts) != 4 || !same_id (parts[2], call->service->organization_id))
    {
      org_call_reply_text (call, 403, PLAIN, "Wrong_Org");
      return;
    }

  if (!same_id (parts[3], org_service_get_user_id (call->service, person)))
    {
      org_call_reply_text (call, 403, PLAIN, "Bad_Id");
      return;
    }

  json = g_string_new ("{");
  append_identity (call, json, person);
  g_string_append_c (json, '}');
  org_call_reply (call, 200, ORG_JSON, json);
}

static void
append_words (GString    *json,
              const char *name,
              const char *words)
{
  g_auto(GStrv) list = g_strsplit (words, " ", -1);

  org_json_append_member (json, name);
  g_string_append_c (json, '[');
  for (guint i = 0; list[i] != NULL; i++)
    g_string_append_printf (json, "%s\"%s\"", i > 0 ? "," : "", list[i]);
  g_string_append_c (json, ']');
}

/**
 * org_identity_discovery:
 * @call: a call of `/.well-known/openid-configuration`
 *
 * Tells where everything is. What PKCE methods there are is not said, as often with the true service.
 */
void
org_identity_discovery (OrgCall *call)
{
  static const struct { const char *name; const char *path; } endpoints[] = {
    { "issuer", "" },
    { "authorization_endpoint", "/services/oauth2/authorize" },
    { "token_endpoint", "/services/oauth2/token" },
    { "revocation_endpoint", "/services/oauth2/revoke" },
    { "userinfo_endpoint", "/services/oauth2/userinfo" },
    { "jwks_uri", "/id/keys" },
    { "registration_endpoint", "/services/oauth2/register" },
    { "introspection_endpoint", "/services/oauth2/introspect" },
  };
  GString *json = g_string_new ("{");

  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autofree char *url = g_strconcat (call->service->address, endpoints[i].path, NULL);

      org_json_append_text (json, endpoints[i].name, url);
    }
  append_words (json, "scopes_supported", "api web full id openid profile email refresh_token offline_access");
  append_words (json, "response_types_supported", "code");
  append_words (json, "subject_types_supported", "public");
  append_words (json, "id_token_signing_alg_values_supported", "RS256");
  append_words (json, "display_values_supported", "page popup touch");
  append_words (json, "token_endpoint_auth_methods_supported", "client_secret_post client_secret_basic");
  g_string_append_c (json, '}');
  org_call_reply (call, 200, ORG_JSON, json);
}
