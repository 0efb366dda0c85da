/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the authorize request over login and consent to the code. */

#include "org-authorize.h"

#include <string.h>

#include "org-pages.h"
#include "org-secret.h"
#include "org-sessions.h"

#define CONSENT "/setup/secur/RemoteAccessAuthorizationPage.apexp"
#define ERROR_PAGE "/setup/secur/RemoteAccessErrorPage.apexp"
#define CHALLENGE_LENGTH 43

static void
append_parameter (GString    *url,
                  const char *name,
                  const char *value)
{
  if (value == NULL)
    return;

  g_string_append_printf (url, "%c%s=", strchr (url->str, '?') != NULL ? '&' : '?', name);
  g_string_append_uri_escaped (url, value, NULL, FALSE);
}

/* The browser stays at the service and shows the error in its address. */
static void
fail_on_page (OrgCall    *call,
              const char *error,
              const char *reason)
{
  g_autoptr(GString) url = g_string_new (ERROR_PAGE);

  append_parameter (url, "error", error);
  append_parameter (url, "error_description", reason);
  org_call_redirect (call, url->str);
}

static void
fail_at_callback (OrgCall            *call,
                  const OrgAuthorize *request,
                  const char         *error,
                  const char         *reason)
{
  g_autoptr(GString) url = g_string_new (request->redirect_uri);

  append_parameter (url, "error", error);
  append_parameter (url, "error_description", reason);
  append_parameter (url, "state", request->state);
  org_call_redirect (call, url->str);
}

static void
succeed (OrgCall            *call,
         const OrgAuthorize *request,
         const OrgPerson    *person)
{
  OrgCodeRequest code_request = { request->app, person, request->scope, request->redirect_uri, request->challenge,
                                  request->nonce };
  g_autofree char *code = org_grants_add_code (call->service->grants, &code_request);
  g_autoptr(GString) url = g_string_new (request->redirect_uri);

  append_parameter (url, "code", code);
  append_parameter (url, "state", request->state);
  org_call_redirect (call, url->str);
}

/* The app, if what is wrong with the request is not shown on a page. */
static const OrgApp *
check_app (OrgCall *call)
{
  const char *key = org_call_get (call, "client_id");
  const char *redirect_uri = org_call_get (call, "redirect_uri");
  const OrgApp *app = org_apps_find (key);

  if (key == NULL)
    fail_on_page (call, "invalid_request", "missing required parameter: client_id");
  else if (app == NULL || org_sessions_is_young (call->service->sessions, app))
    fail_on_page (call, "invalid_client_id", "client identifier invalid");
  else if (redirect_uri == NULL)
    fail_on_page (call, "invalid_request", "missing required parameter: redirect_uri");
  else if (!org_app_has_callback (app, redirect_uri))
    fail_on_page (call, "redirect_uri_mismatch", "redirect_uri must match configuration");
  else if (app->authorize_error != NULL && (app->flags & ORG_APP_ON_PAGE) != 0)
    fail_on_page (call, app->authorize_error, app->authorize_reason);
  else
    return app;

  return NULL;
}

/* The scopes without repetition, all of the app's if none is named; %NULL if one is not the app's. */
static char *
make_scope (const OrgApp *app,
            const char   *wanted)
{
  g_auto(GStrv) words = g_strsplit_set (wanted != NULL ? wanted : org_app_get_scopes (app), " +", -1);
  g_autoptr(GString) scope = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = strcmp (words[i], "offline_access") == 0 ? "refresh_token" : words[i];

      if (*word == '\0' || org_scope_contains (scope->str, word))
        continue;
      if (!org_app_has_scope (app, word))
        return NULL;
      g_string_append_printf (scope, "%s%s", scope->len > 0 ? " " : "", word);
    }

  return g_string_free (g_steal_pointer (&scope), FALSE);
}

static gboolean
prompts (OrgCall    *call,
         const char *word)
{
  const char *prompt = org_call_get (call, "prompt");

  return prompt != NULL && org_scope_contains (prompt, word);
}

static OrgAuthorize *
make_request (OrgCall      *call,
              const OrgApp *app)
{
  OrgAuthorize *request = g_new0 (OrgAuthorize, 1);

  request->app = app;
  request->scope = make_scope (app, org_call_get (call, "scope"));
  request->redirect_uri = g_strdup (org_call_get (call, "redirect_uri"));
  request->state = g_strdup (org_call_get (call, "state"));
  request->challenge = g_strdup (org_call_get (call, "code_challenge"));
  request->nonce = g_strdup (org_call_get (call, "nonce"));
  request->login_hint = g_strdup (org_call_get (call, "login_hint"));
  request->login = prompts (call, "login") || prompts (call, "select_account");
  request->consent = prompts (call, "consent");

  return request;
}

/* A challenge without a method is S256: there is no other. */
static const char *
check_challenge (OrgCall            *call,
                 const OrgAuthorize *request)
{
  const char *method = org_call_get (call, "code_challenge_method");

  if (request->challenge == NULL)
    return (request->app->flags & ORG_APP_NEEDS_PKCE) != 0 ? "missing required code challenge" : NULL;
  if (method != NULL && strcmp (method, "S256") != 0)
    return "invalid code challenge method";
  if (strlen (request->challenge) != CHALLENGE_LENGTH || strpbrk (request->challenge, "+/=") != NULL)
    return "invalid code challenge";

  return NULL;
}

/* Whether the request is fine; if not, the callback URL is told. */
static gboolean
check_request (OrgCall            *call,
               const OrgAuthorize *request)
{
  const char *type = org_call_get (call, "response_type");
  const char *wrong = check_challenge (call, request);
  const OrgApp *app = request->app;

  if (type == NULL)
    fail_at_callback (call, request, "invalid_request", "missing required parameter: response_type");
  else if (strcmp (type, "code") != 0)
    fail_at_callback (call, request, "unsupported_response_type", "response type not supported");
  else if (request->scope == NULL)
    fail_at_callback (call, request, "invalid_scope", "the requested scope is not allowed");
  else if (wrong != NULL)
    fail_at_callback (call, request, "invalid_request", wrong);
  else if (app->authorize_error != NULL)
    fail_at_callback (call, request, app->authorize_error, app->authorize_reason);
  else
    return TRUE;

  return FALSE;
}

static const OrgPerson *
get_person (OrgCall *call)
{
  g_autofree char *sid = org_call_dup_cookie (call, "sid");

  return org_sessions_find (call->service->sessions, sid);
}

static gboolean
is_pre_authorized (const OrgAuthorize *request,
                   const OrgPerson    *person)
{
  return (request->app->flags & ORG_APP_ADMINS_ONLY) != 0 && (person->flags & ORG_PERSON_ADMIN) != 0;
}

static gboolean
needs_consent (OrgCall            *call,
               const OrgAuthorize *request,
               const OrgPerson    *person)
{
  if (request->consent)
    return TRUE;

  return !is_pre_authorized (request, person)
         && !org_grants_is_approved (call->service->grants, request->app, person, request->scope);
}

static gboolean
is_denied (OrgCall            *call,
           const OrgAuthorize *request,
           const OrgPerson    *person)
{
  if ((request->app->flags & ORG_APP_ADMINS_ONLY) == 0 || is_pre_authorized (request, person))
    return FALSE;

  fail_at_callback (call, request, "OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app");

  return TRUE;
}

static char *
make_consent_url (const char *source)
{
  return g_strconcat (CONSENT, "?source=", source, NULL);
}

static void
go_to_login (OrgCall    *call,
             const char *source)
{
  g_autofree char *start = make_consent_url (source);
  g_autoptr(GString) url = g_string_new ("/?ec=302");

  append_parameter (url, "startURL", start);
  org_call_redirect (call, url->str);
}

/* Answers without anybody's doing where that can be, asks for it where not. */
static void
ask (OrgCall      *call,
     OrgAuthorize *request)
{
  const OrgPerson *person = request->login ? NULL : get_person (call);
  gboolean immediate = g_strcmp0 (org_call_get (call, "immediate"), "true") == 0;
  const char *source;

  if (person != NULL && !needs_consent (call, request, person))
    {
      if (!is_denied (call, request, person))
        succeed (call, request, person);
      org_authorize_free (request);
    }
  else if (immediate)
    {
      fail_at_callback (call, request, "immediate_unsuccessful", NULL);
      org_authorize_free (request);
    }
  else
    {
      source = org_sessions_add_request (call->service->sessions, request);

      if (person != NULL)
        {
          g_autofree char *url = make_consent_url (source);

          org_call_redirect (call, url);
        }
      else
        {
          go_to_login (call, source);
        }
    }
}

/**
 * org_authorize_start:
 * @call: a call of `/services/oauth2/authorize`
 *
 * Begins a sign-in.
 */
void
org_authorize_start (OrgCall *call)
{
  const OrgApp *app = check_app (call);
  OrgAuthorize *request;

  if (app == NULL)
    return;

  request = make_request (call, app);
  if (check_request (call, request))
    ask (call, request);
  else
    org_authorize_free (request);
}

/* Only paths of this service, or the login page would send people anywhere. */
static const char *
get_start (OrgCall *call)
{
  const char *start = org_call_get (call, "startURL");

  if (start == NULL || start[0] != '/' || start[1] == '/' || start[1] == '\\' || strpbrk (start, "\r\n") != NULL)
    return NULL;

  return start;
}

/* The request that a login page leads to. */
static OrgAuthorize *
get_next_request (OrgCall    *call,
                  const char *start)
{
  if (start == NULL || !g_str_has_prefix (start, CONSENT "?source="))
    return NULL;

  return org_sessions_get_request (call->service->sessions, start + strlen (CONSENT "?source="));
}

static const OrgPerson *
check_login (OrgCall *call)
{
  const OrgPerson *person = org_people_find (org_call_get (call, "username"));
  const OrgPersonFlags out = ORG_PERSON_INACTIVE | ORG_PERSON_LOCKED | ORG_PERSON_IP_RESTRICTED;

  if (person == NULL || (person->flags & out) != 0)
    return NULL;

  return org_secret_equal (org_call_get (call, "password"), ORG_PASSWORD) ? person : NULL;
}

static gboolean
check_proof (OrgCall    *call,
             const char *purpose)
{
  g_autofree char *proof = org_sessions_dup_proof (call->service->sessions, call->browser, purpose);

  return org_secret_equal (proof, org_call_get (call, "proof"));
}

static void
set_session (OrgCall    *call,
             const char *sid,
             const char *attributes)
{
  g_autofree char *cookie = g_strdup_printf ("sid=%s; path=/; HttpOnly; SameSite=Lax%s", sid, attributes);

  soup_message_headers_append (soup_server_message_get_response_headers (call->message), "Set-Cookie", cookie);
}

static void
log_in (OrgCall *call)
{
  const char *start = get_start (call);
  const OrgPerson *person = check_login (call);
  OrgAuthorize *request = get_next_request (call, start);
  g_autofree char *sid = NULL;

  /* Also when cookies are off: then nothing that follows could work. */
  if (!check_proof (call, "login"))
    {
      org_pages_message (call, 403, "Please start again", "This login page is too old, or cookies are switched off.");
      return;
    }

  if (person == NULL)
    {
      org_pages_login (call, start, org_call_get (call, "username"), TRUE);
      return;
    }

  sid = org_sessions_open (call->service->sessions, person);
  set_session (call, sid, "");
  if (request != NULL)
    request->login = FALSE;
  org_call_redirect (call, start != NULL ? start : "/");
}

/**
 * org_authorize_login:
 * @call: a call of `/`
 *
 * Shows the login page, or logs in.
 */
void
org_authorize_login (OrgCall *call)
{
  const char *start = get_start (call);
  const OrgPerson *person = get_person (call);
  OrgAuthorize *request = get_next_request (call, start);
  const char *hint = request != NULL ? request->login_hint : org_call_get (call, "un");

  if (org_call_is (call, "POST"))
    log_in (call);
  else if (person != NULL && start == NULL)
    org_pages_message (call, 200, "Logged in", person->username);
  else
    org_pages_login (call, start, hint, FALSE);
}

static void
decide (OrgCall         *call,
        OrgAuthorize    *request,
        const OrgPerson *person)
{
  const char *source = org_call_get (call, "source");

  if (!check_proof (call, source))
    {
      org_pages_message (call, 403, "Please start again", "This page was not made for this browser.");
      return;
    }

  if (g_strcmp0 (org_call_get (call, "decision"), "allow") == 0)
    succeed (call, request, person);
  else
    fail_at_callback (call, request, "access_denied", "end-user denied authorization");
  org_sessions_end_request (call->service->sessions, source);
}

/**
 * org_authorize_consent:
 * @call: a call of the approval page
 *
 * Shows the page, or acts on what was pressed.
 */
void
org_authorize_consent (OrgCall *call)
{
  const char *source = org_call_get (call, "source");
  OrgAuthorize *request = org_sessions_get_request (call->service->sessions, source);
  const OrgPerson *person = get_person (call);

  if (request == NULL)
    {
      org_pages_message (call, 404, "Please start again", "This request was answered already, or it is too old.");
    }
  else if (person == NULL || request->login)
    {
      go_to_login (call, source);
    }
  else if (is_denied (call, request, person))
    {
      org_sessions_end_request (call->service->sessions, source);
    }
  else if (org_call_is (call, "POST"))
    {
      decide (call, request, person);
    }
  else if (needs_consent (call, request, person))
    {
      org_pages_consent (call, source, request, person);
    }
  else
    {
      succeed (call, request, person);
      org_sessions_end_request (call->service->sessions, source);
    }
}

/**
 * org_authorize_error:
 * @call: a call of the error page
 *
 * Shows the error that is in the address.
 */
void
org_authorize_error (OrgCall *call)
{
  org_pages_error (call, org_call_get (call, "error"), org_call_get (call, "error_description"));
}

/**
 * org_authorize_logout:
 * @call: a call of the logout page
 *
 * Ends the browser's session.
 */
void
org_authorize_logout (OrgCall *call)
{
  g_autofree char *sid = org_call_dup_cookie (call, "sid");
  const char *start = get_start (call);

  org_sessions_close (call->service->sessions, sid);
  set_session (call, "", "; max-age=0");
  org_call_redirect (call, start != NULL ? start : "/");
}
