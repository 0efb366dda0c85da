/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-apps.h"

#include <string.h>

#define PUBLIC (ORG_APP_NEEDS_PKCE | ORG_APP_ROTATES)
#define CALLBACKS \
  "http://localhost:7717/OauthRedirect http://localhost:17717/OauthRedirect http://localhost:27717/OauthRedirect" \
  " http://localhost:1717/OauthRedirect"
#define SCOPES "api web full id openid profile email refresh_token"

/* One app for each policy and for each error of authorize and token requests. */
static const OrgApp apps[] = {
  { "demo", "public, PKCE required, rotation on", PUBLIC },
  { "demo-no-rotation", "public, refresh tokens stay", ORG_APP_NEEDS_PKCE },
  { "demo-no-pkce", "public, PKCE not required", ORG_APP_ROTATES },
  { "demo-confidential", "secret required to sign in and to refresh", ORG_APP_NEEDS_SECRET },
  { "demo-secret-refused", "public; a secret sent nevertheless is refused", PUBLIC | ORG_APP_REFUSES_SECRET },
  { "demo-one-use", "a refresh token works once", ORG_APP_NEEDS_PKCE | ORG_APP_ONE_USE },
  { "demo-short", "access tokens expire after 3 calls", PUBLIC, NULL, NULL, 3 },
  { "demo-idle", "refresh tokens expire after an hour unused", PUBLIC, NULL, NULL, 0, 3600 },
  { "demo-no-refresh", "carries no refresh_token scope", ORG_APP_NEEDS_PKCE, "api id openid" },
  { "demo-no-rest", "its tokens are not valid for the REST API", PUBLIC | ORG_APP_NO_REST },
  { "demo-young", "not known the first time it is named", PUBLIC | ORG_APP_YOUNG },
  { "demo-custom-scheme", "custom scheme as callback URL", PUBLIC, NULL, "sluice://oauth" },
  { "demo-admin-approved", "only admin@demo.example is approved; OAUTH_APP_ACCESS_DENIED for others",
    PUBLIC | ORG_APP_ADMINS_ONLY },
  { "demo-blocked", "OAUTH_APP_BLOCKED", PUBLIC, NULL, NULL, 0, 0,
    "OAUTH_APP_BLOCKED", "this app is blocked by admin", "invalid_grant", "expired access/refresh token" },
  { "demo-restricted", "OAUTH_AUTHORIZATION_BLOCKED", PUBLIC, NULL, NULL, 0, 0,
    "OAUTH_AUTHORIZATION_BLOCKED", NULL, "invalid_grant", "expired access/refresh token" },
  { "demo-scope", "invalid_scope, redirected", PUBLIC, NULL, NULL, 0, 0,
    "invalid_scope", "the requested scope is not allowed" },
  { "demo-scope-page", "invalid_scope, on a page", PUBLIC | ORG_APP_ON_PAGE, NULL, NULL, 0, 0,
    "invalid_scope", "the requested scope is not allowed" },
  { "demo-not-installed", "app must be installed into org, on a page", PUBLIC | ORG_APP_ON_PAGE, NULL, NULL, 0, 0,
    "invalid_client", "app must be installed into org", "invalid_client", "app must be installed into org" },
  { "demo-not-found", "OAUTH_EC_APP_NOT_FOUND, on a page", PUBLIC | ORG_APP_ON_PAGE, NULL, NULL, 0, 0,
    "OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org",
    "invalid_client", "app must be installed into org" },
  { "demo-generic", "OAUTH_APPROVAL_ERROR_GENERIC, on a page", PUBLIC | ORG_APP_ON_PAGE, NULL, NULL, 0, 0,
    "OAUTH_APPROVAL_ERROR_GENERIC", "An unexpected error has occurred during authentication. Please try again." },
  { "demo-remote-access", "1800, on a page", PUBLIC | ORG_APP_ON_PAGE, NULL, NULL, 0, 0,
    "1800", "remote access problem" },
  { "demo-token-ip", "token requests: ip restricted", PUBLIC, NULL, NULL, 0, 0,
    NULL, NULL, "invalid_grant", "ip restricted" },
  { "demo-token-inactive-org", "token requests: inactive organization", PUBLIC, NULL, NULL, 0, 0,
    NULL, NULL, "invalid_grant", "inactive organization" },
  { "demo-token-rate", "token requests: login rate exceeded", PUBLIC, NULL, NULL, 0, 0,
    NULL, NULL, "rate_limit_exceeded", "login rate exceeded" },
  { "demo-token-server", "token requests: server_error, status 500", PUBLIC, NULL, NULL, 0, 0,
    NULL, NULL, "server_error", "unexpected error" },
  { "demo-token-unapproved", "token requests: user hasn't approved this consumer", PUBLIC, NULL, NULL, 0, 0,
    NULL, NULL, "invalid_grant", "user hasn't approved this consumer" },
  { "PlatformCLI", "the app that Salesforce's own command line tool brings along", 0 },
};

/**
 * org_apps_get:
 * @n_apps: (out): how many there are
 *
 * Returns: (array length=n_apps): the apps of the org
 */
const OrgApp *
org_apps_get (guint *n_apps)
{
  *n_apps = G_N_ELEMENTS (apps);

  return apps;
}

/**
 * org_apps_find:
 * @key: (nullable): a consumer key
 *
 * Returns: (nullable): the app
 */
const OrgApp *
org_apps_find (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (apps); i++)
    {
      if (g_strcmp0 (apps[i].key, key) == 0)
        return &apps[i];
    }

  return NULL;
}

static gboolean
has_word (const char *words,
          const char *word)
{
  g_auto(GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char * const *) list, word);
}

/**
 * org_app_get_scopes:
 * @app: an app
 *
 * Returns: the scopes it carries, separated by blanks
 */
const char *
org_app_get_scopes (const OrgApp *app)
{
  return app->scopes != NULL ? app->scopes : SCOPES;
}

/**
 * org_app_has_scope:
 * @app: an app
 * @scope: a scope
 *
 * Returns: whether it may be granted to the app
 */
gboolean
org_app_has_scope (const OrgApp *app,
                   const char   *scope)
{
  return has_word (org_app_get_scopes (app), scope);
}

/**
 * org_app_has_callback:
 * @app: an app
 * @uri: a redirect URI as it was sent
 *
 * Returns: whether it equals a registered callback URL, character by character
 */
gboolean
org_app_has_callback (const OrgApp *app,
                      const char   *uri)
{
  return *uri != '\0' && has_word (app->callbacks != NULL ? app->callbacks : CALLBACKS, uri);
}
