/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gcrypt.h>
#include <string.h>

#include "demo-client.h"

#define TOKEN "/services/oauth2/token"
#define AUTHORIZE "/services/oauth2/authorize"
#define ADMIN "admin@demo.example"
#define USER "user@demo.example"

/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
/* Without openid: its key takes a while to make. */
#define WITH_CHALLENGE "&scope=api%20id%20refresh_token&code_challenge=" CHALLENGE

typedef struct
{
  DemoOrg *org;
  DemoBrowser *browser;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  option)
{
  fixture->org = demo_org_start (option, NULL);
  fixture->browser = demo_browser_new (fixture->org);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  option)
{
  demo_browser_free (fixture->browser);
  demo_org_stop (fixture->org);
}

/* The code for @app, as a browser brings it to the callback. */
static char *
get_code (Fixture    *fixture,
          const char *app,
          const char *more)
{
  g_autofree char *url = demo_authorize_url (app, more);
  g_autofree char *location = demo_browser_allow (fixture->browser, url, ADMIN);
  g_autofree char *code = NULL;

  g_assert_true (g_str_has_prefix (location, DEMO_CALLBACK "?code=aPrx"));
  g_assert_nonnull (strstr (location, "%3D%3D"));
  code = demo_url_parameter (location, "code");

  return g_uri_escape_string (code, NULL, FALSE);
}

static DemoReply *
redeem (Fixture    *fixture,
        const char *app,
        const char *code,
        const char *more)
{
  g_autofree char *form = g_strdup_printf ("grant_type=authorization_code&client_id=%s&code=%s&redirect_uri=%s%s", app,
                                           code, DEMO_CALLBACK, more);

  return demo_org_post (fixture->org, TOKEN, form);
}

static DemoReply *
sign_in (Fixture    *fixture,
         const char *app)
{
  g_autofree char *code = get_code (fixture, app, WITH_CHALLENGE);
  DemoReply *reply = redeem (fixture, app, code, "&code_verifier=" VERIFIER);

  g_assert_cmpuint (reply->status, ==, 200);

  return reply;
}

static DemoReply *
refresh (Fixture    *fixture,
         const char *app,
         const char *token)
{
  g_autofree char *form = g_strdup_printf ("grant_type=refresh_token&client_id=%s&refresh_token=%s", app, token);

  return demo_org_post (fixture->org, TOKEN, form);
}

static guint
use (Fixture    *fixture,
     const char *token)
{
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, DEMO_API "/limits", token);

  return reply->status;
}

static void
assert_form (Fixture    *fixture,
             const char *form,
             const char *error,
             const char *description)
{
  g_autoptr(DemoReply) reply = demo_org_post (fixture->org, TOKEN, form);

  demo_reply_assert_oauth (reply, error, description);
}

static void
assert_refused (DemoReply  *taken,
                const char *error,
                const char *description)
{
  g_autoptr(DemoReply) reply = taken;

  demo_reply_assert_oauth (reply, error, description);
}

static void
test_token_answer (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = sign_in (fixture, "demo");
  g_autofree char *access = demo_reply_member (reply, "access_token");
  g_autofree char *refresh_token = demo_reply_member (reply, "refresh_token");
  g_autofree char *instance = demo_reply_member (reply, "instance_url");
  g_autofree char *id = demo_reply_member (reply, "id");
  g_autofree char *issued = demo_reply_member (reply, "issued_at");
  g_autofree char *type = demo_reply_member (reply, "token_type");
  g_autofree char *expires = demo_reply_member (reply, "expires_in");
  g_autofree char *start = g_strconcat (fixture->org->address, "/id/00D", NULL);

  g_assert_true (g_str_has_prefix (access, "00D5e0000000001!AQcA"));
  g_assert_true (g_str_has_prefix (refresh_token, "5Aep861"));
  g_assert_cmpstr (instance, ==, fixture->org->address);
  g_assert_true (g_str_has_prefix (id, start));
  g_assert_cmpuint (strlen (issued), ==, 13);
  g_assert_cmpstr (type, ==, "Bearer");
  g_assert_null (expires);
  g_assert_cmpuint (use (fixture, access), ==, 200);
}

static void
test_signature (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = sign_in (fixture, "demo");
  g_autofree char *id = demo_reply_member (reply, "id");
  g_autofree char *issued = demo_reply_member (reply, "issued_at");
  g_autofree char *signature = demo_reply_member (reply, "signature");
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) "demo-secret", strlen ("demo-secret"));
  g_autofree char *expected = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_hmac_update (hmac, (const guint8 *) id, -1);
  g_hmac_update (hmac, (const guint8 *) issued, -1);
  g_hmac_get_digest (hmac, digest, &size);
  expected = g_base64_encode (digest, size);

  g_assert_cmpstr (signature, ==, expected);
}

static void
test_formats (Fixture       *fixture,
              gconstpointer  unused)
{
  const char *form = "grant_type=password&client_id=demo&username=" ADMIN "&password=demo";
  g_autofree char *as_xml = g_strconcat (form, "&format=xml", NULL);
  g_autofree char *as_form = g_strconcat (form, "&format=urlencoded", NULL);
  g_autoptr(DemoReply) xml = demo_org_post (fixture->org, TOKEN, as_xml);
  g_autoptr(DemoReply) urlencoded = demo_org_post (fixture->org, TOKEN, as_form);
  g_autoptr(DemoReply) error = demo_org_post (fixture->org, TOKEN, "grant_type=x&format=xml");

  g_assert_true (g_str_has_prefix (xml->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAuth><access_token>00D"));
  g_assert_true (g_str_has_prefix (demo_reply_header (xml, "Content-Type"), "application/xml"));
  g_assert_true (g_str_has_prefix (urlencoded->body, "access_token=00D5e0000000001%21"));
  g_assert_cmpstr (error->body, ==, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAuth><error>unsupported_grant_type"
                                    "</error><error_description>grant type not supported</error_description></OAuth>");
}

static void
test_token_errors (Fixture       *fixture,
                   gconstpointer  unused)
{
  static const struct { const char *form; const char *error; const char *description; } cases[] = {
    { "", "unsupported_grant_type", "grant type not supported" },
    { "grant_type=device", "unsupported_grant_type", "grant type not supported" },
    { "grant_type=refresh_token", "invalid_request", "missing required parameter: client_id" },
    { "grant_type=refresh_token&client_id=demo", "invalid_request", "missing required parameter: refresh_token" },
    { "grant_type=refresh_token&client_id=nope&refresh_token=x", "invalid_client_id", "client identifier invalid" },
    { "grant_type=refresh_token&client_id=demo&refresh_token=x", "invalid_grant", "expired access/refresh token" },
    { "grant_type=refresh_token&client_id=demo&refresh_token=x&client_secret=wrong", "invalid_client",
      "invalid client credentials" },
    { "grant_type=refresh_token&client_id=demo-confidential&refresh_token=x", "invalid_client",
      "invalid client credentials" },
    { "grant_type=refresh_token&client_id=demo-secret-refused&refresh_token=x&client_secret=demo-secret",
      "invalid_client", "invalid client credentials" },
    { "grant_type=authorization_code&client_id=demo", "invalid_request", "missing required parameter: code" },
    { "grant_type=authorization_code&client_id=demo&code=x", "invalid_request",
      "missing required parameter: redirect_uri" },
    { "grant_type=authorization_code&client_id=demo&code=x&redirect_uri=" DEMO_CALLBACK "/", "redirect_uri_mismatch",
      "redirect_uri must match configuration" },
    { "grant_type=authorization_code&client_id=demo&code=x&redirect_uri=" DEMO_CALLBACK, "invalid_grant",
      "invalid authorization code" },
    { "grant_type=authorization_code&client_id=demo&code=x&code_verifier=short&redirect_uri=" DEMO_CALLBACK,
      "invalid_request", "invalid code verifier" },
    { "grant_type=password&client_id=demo&username=" ADMIN, "invalid_request", "missing required parameter: password" },
    { "grant_type=password&client_id=demo&username=" ADMIN "&password=wrong", "invalid_grant",
      "authentication failure - Invalid Password" },
    { "grant_type=password&client_id=demo&username=nobody&password=demo", "invalid_grant", "authentication failure" },
    { "grant_type=password&client_id=demo&username=locked@demo.example&password=demo", "invalid_grant",
      "authentication failure" },
    { "grant_type=password&client_id=demo&username=inactive@demo.example&password=demo", "invalid_grant",
      "inactive user" },
    { "grant_type=password&client_id=demo&username=ip@demo.example&password=demo", "invalid_grant", "ip restricted" },
    { "grant_type=password&client_id=demo-admin-approved&username=" USER "&password=demo", "invalid_app_access",
      "user is not admin approved to access this app" },
    { "grant_type=refresh_token&client_id=demo-blocked&refresh_token=x", "invalid_grant",
      "expired access/refresh token" },
    { "grant_type=refresh_token&client_id=demo-not-installed&refresh_token=x", "invalid_client",
      "app must be installed into org" },
    { "grant_type=refresh_token&client_id=demo-token-ip&refresh_token=x", "invalid_grant", "ip restricted" },
    { "grant_type=refresh_token&client_id=demo-token-inactive-org&refresh_token=x", "invalid_grant",
      "inactive organization" },
    { "grant_type=refresh_token&client_id=demo-token-rate&refresh_token=x", "rate_limit_exceeded",
      "login rate exceeded" },
    { "grant_type=refresh_token&client_id=demo-token-unapproved&refresh_token=x", "invalid_grant",
      "user hasn't approved this consumer" },
    { "grant_type=refresh_token&client_id=demo-young&refresh_token=x", "invalid_client_id",
      "client identifier invalid" },
    { "grant_type=refresh_token&client_id=demo-young&refresh_token=x", "invalid_grant",
      "expired access/refresh token" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_form (fixture, cases[i].form, cases[i].error, cases[i].description);
}

static void
test_token_server_error (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_org_post (fixture->org, TOKEN,
                                              "grant_type=refresh_token&client_id=demo-token-server&refresh_token=x");
  g_autofree char *error = demo_reply_member (reply, "error");

  g_assert_cmpuint (reply->status, ==, 500);
  g_assert_cmpstr (error, ==, "server_error");
}

static void
test_token_needs_post (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, TOKEN "?grant_type=refresh_token", NULL);

  demo_reply_assert_oauth (reply, "invalid_request", "must use HTTP POST");
}

static void
test_code_once (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE);
  g_autoptr(DemoReply) first = redeem (fixture, "demo", code, "&code_verifier=" VERIFIER);

  g_assert_cmpuint (first->status, ==, 200);
  assert_refused (redeem (fixture, "demo", code, "&code_verifier=" VERIFIER), "invalid_grant",
                  "expired authorization code");
}

static void
test_code_too_old (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE);

  demo_org_control (fixture->org, "advance?seconds=121");

  assert_refused (redeem (fixture, "demo", code, "&code_verifier=" VERIFIER), "invalid_grant",
                  "expired authorization code");
}

static void
test_code_of_other_app (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE);

  assert_refused (redeem (fixture, "demo-no-rotation", code, "&code_verifier=" VERIFIER), "invalid_grant",
                  "invalid authorization code");
}

static void
test_code_to_other_callback (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE);
  g_autofree char *form = g_strdup_printf ("grant_type=authorization_code&client_id=demo&code=%s&code_verifier=%s"
                                           "&redirect_uri=http://localhost:17717/OauthRedirect", code, VERIFIER);

  assert_form (fixture, form, "redirect_uri_mismatch", "redirect_uri must match configuration");
}

static void
test_verifier_wrong (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE);

  assert_refused (redeem (fixture, "demo", code, "&code_verifier=" CHALLENGE), "invalid_grant",
                  "invalid code verifier");
  /* Nobody may try until it fits. */
  assert_refused (redeem (fixture, "demo", code, "&code_verifier=" VERIFIER), "invalid_grant",
                  "expired authorization code");
}

static void
test_verifier_missing (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE);

  assert_refused (redeem (fixture, "demo", code, ""), "invalid_grant", "invalid code verifier");
}

static void
test_verifier_without_challenge (Fixture       *fixture,
                                 gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo-no-pkce", NULL);

  assert_refused (redeem (fixture, "demo-no-pkce", code, "&code_verifier=" VERIFIER), "invalid_grant",
                  "invalid code verifier");
}

static void
test_verifier_long (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *verifier = g_strnfill (171, 'v');
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *challenge = NULL;
  g_autofree char *more = NULL;
  g_autofree char *code = NULL;
  g_autofree char *with_verifier = g_strconcat ("&code_verifier=", verifier, NULL);
  g_autoptr(DemoReply) reply = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guint8 *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);
  challenge = g_base64_encode (digest, size);
  g_strdelimit (challenge, "+", '-');
  g_strdelimit (challenge, "/", '_');
  challenge[43] = '\0';
  more = g_strconcat ("&code_challenge=", challenge, NULL);
  code = get_code (fixture, "demo", more);
  reply = redeem (fixture, "demo", code, with_verifier);

  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_without_pkce (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo-no-pkce", NULL);
  g_autoptr(DemoReply) reply = redeem (fixture, "demo-no-pkce", code, "");

  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_confidential (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo-confidential", NULL);
  g_autoptr(DemoReply) reply = NULL;

  assert_refused (redeem (fixture, "demo-confidential", code, ""), "invalid_client", "invalid client credentials");
  assert_refused (redeem (fixture, "demo-confidential", code, "&client_secret=x"), "invalid_client",
                  "invalid client credentials");
  reply = redeem (fixture, "demo-confidential", code, "&client_secret=demo-secret");

  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_scope_narrowed (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE "&scope=id+api+id");
  g_autoptr(DemoReply) reply = redeem (fixture, "demo", code, "&code_verifier=" VERIFIER);
  g_autofree char *scope = demo_reply_member (reply, "scope");
  g_autofree char *refresh_token = demo_reply_member (reply, "refresh_token");

  g_assert_cmpstr (scope, ==, "id api");
  g_assert_null (refresh_token);
}

static void
test_offline_access (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE "&scope=api%20offline_access");
  g_autoptr(DemoReply) reply = redeem (fixture, "demo", code, "&code_verifier=" VERIFIER);
  g_autofree char *scope = demo_reply_member (reply, "scope");
  g_autofree char *refresh_token = demo_reply_member (reply, "refresh_token");

  g_assert_cmpstr (scope, ==, "api refresh_token");
  g_assert_nonnull (refresh_token);
}

static void
test_rotation (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(DemoReply) first = sign_in (fixture, "demo");
  g_autofree char *old = demo_reply_member (first, "refresh_token");
  g_autoptr(DemoReply) second = refresh (fixture, "demo", old);
  g_autofree char *new = demo_reply_member (second, "refresh_token");
  g_autofree char *access = demo_reply_member (second, "access_token");

  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpstr (new, !=, old);
  g_assert_cmpuint (use (fixture, access), ==, 200);
}

static void
test_reuse_revokes_all (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(DemoReply) first = sign_in (fixture, "demo");
  g_autofree char *old = demo_reply_member (first, "refresh_token");
  g_autofree char *first_access = demo_reply_member (first, "access_token");
  g_autoptr(DemoReply) second = refresh (fixture, "demo", old);
  g_autofree char *new = demo_reply_member (second, "refresh_token");
  g_autofree char *access = demo_reply_member (second, "access_token");

  assert_refused (refresh (fixture, "demo", old), "invalid_grant", "expired access/refresh token");
  assert_refused (refresh (fixture, "demo", new), "invalid_grant", "expired access/refresh token");
  g_assert_cmpuint (use (fixture, first_access), ==, 401);
  g_assert_cmpuint (use (fixture, access), ==, 401);
}

static void
test_no_rotation (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(DemoReply) first = sign_in (fixture, "demo-no-rotation");
  g_autofree char *token = demo_reply_member (first, "refresh_token");
  g_autoptr(DemoReply) second = refresh (fixture, "demo-no-rotation", token);
  g_autoptr(DemoReply) third = refresh (fixture, "demo-no-rotation", token);
  g_autofree char *again = demo_reply_member (second, "refresh_token");

  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpuint (third->status, ==, 200);
  g_assert_null (again);
}

static void
test_one_use (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(DemoReply) first = sign_in (fixture, "demo-one-use");
  g_autofree char *token = demo_reply_member (first, "refresh_token");
  g_autoptr(DemoReply) second = refresh (fixture, "demo-one-use", token);
  g_autofree char *access = demo_reply_member (second, "access_token");

  g_assert_cmpuint (second->status, ==, 200);
  assert_refused (refresh (fixture, "demo-one-use", token), "invalid_grant", "expired access/refresh token");
  g_assert_cmpuint (use (fixture, access), ==, 200);
}

static void
test_idle_limit (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(DemoReply) first = sign_in (fixture, "demo-idle");
  g_autofree char *token = demo_reply_member (first, "refresh_token");
  g_autoptr(DemoReply) second = NULL;
  g_autofree char *next = NULL;

  demo_org_control (fixture->org, "advance?seconds=3599");
  second = refresh (fixture, "demo-idle", token);
  g_assert_cmpuint (second->status, ==, 200);
  next = demo_reply_member (second, "refresh_token");
  demo_org_control (fixture->org, "advance?seconds=3600");

  assert_refused (refresh (fixture, "demo-idle", next), "invalid_grant", "expired access/refresh token");
}

static void
test_five_grants (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr(DemoReply) reply = NULL;

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");

      if (i == 0)
        first = demo_reply_member (tokens, "refresh_token");
      if (i == 1)
        second = demo_reply_member (tokens, "refresh_token");
    }

  assert_refused (refresh (fixture, "demo", first), "invalid_grant", "expired access/refresh token");
  reply = refresh (fixture, "demo", second);
  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_expires_after_calls (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = sign_in (fixture, "demo-short");
  g_autofree char *access = demo_reply_member (reply, "access_token");

  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (use (fixture, access), ==, 200);
  g_assert_cmpuint (use (fixture, access), ==, 401);
}

static void
test_use_prolongs (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *access = demo_org_log_in (fixture->org, ADMIN);

  demo_org_control (fixture->org, "advance?seconds=7199");
  g_assert_cmpuint (use (fixture, access), ==, 200);
  demo_org_control (fixture->org, "advance?seconds=7199");
  g_assert_cmpuint (use (fixture, access), ==, 200);
  demo_org_control (fixture->org, "advance?seconds=7200");
  g_assert_cmpuint (use (fixture, access), ==, 401);
}

static void
test_revoke_refresh (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autofree char *token = demo_reply_member (tokens, "refresh_token");
  g_autofree char *access = demo_reply_member (tokens, "access_token");
  g_autofree char *form = g_strconcat ("token=", token, NULL);
  g_autoptr(DemoReply) reply = demo_org_post (fixture->org, "/services/oauth2/revoke", form);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (reply->size, ==, 0);
  assert_refused (refresh (fixture, "demo", token), "invalid_grant", "expired access/refresh token");
  g_assert_cmpuint (use (fixture, access), ==, 401);
}

static void
test_revoke_access (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autofree char *token = demo_reply_member (tokens, "refresh_token");
  g_autofree char *access = demo_reply_member (tokens, "access_token");
  g_autofree char *path = g_strconcat ("/services/oauth2/revoke?token=", access, NULL);
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, path, NULL);
  g_autoptr(DemoReply) refreshed = refresh (fixture, "demo", token);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (use (fixture, access), ==, 401);
  g_assert_cmpuint (refreshed->status, ==, 200);
}

static void
test_revoke_errors (Fixture       *fixture,
                    gconstpointer  unused)
{
  assert_refused (demo_org_post (fixture->org, "/services/oauth2/revoke", "token=5Aep861unknown"), "invalid_token",
                  "invalid token");
  assert_refused (demo_org_post (fixture->org, "/services/oauth2/revoke", "token=something"), "unsupported_token_type",
                  "this token type is not supported");
  assert_refused (demo_org_post (fixture->org, "/services/oauth2/revoke", ""), "invalid_request",
                  "missing required parameter: token");
}

static DemoReply *
introspect (Fixture    *fixture,
            const char *token)
{
  g_autofree char *form = g_strdup_printf ("client_id=demo&client_secret=demo-secret&token=%s", token);

  return demo_org_post (fixture->org, "/services/oauth2/introspect", form);
}

static void
test_introspect (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autofree char *access = demo_reply_member (tokens, "access_token");
  g_autofree char *token = demo_reply_member (tokens, "refresh_token");
  g_autoptr(DemoReply) of_access = introspect (fixture, access);
  g_autoptr(DemoReply) of_refresh = introspect (fixture, token);
  g_autoptr(DemoReply) of_nothing = introspect (fixture, "x");
  g_autoptr(DemoReply) refused = demo_org_post (fixture->org, "/services/oauth2/introspect", "client_id=demo&token=x");
  g_autofree char *username = demo_reply_member (of_access, "username");
  g_autofree char *type = demo_reply_member (of_refresh, "token_type");

  g_assert_cmpstr (username, ==, ADMIN);
  g_assert_cmpstr (type, ==, "refresh_token");
  g_assert_cmpstr (of_nothing->body, ==, "{\"active\":false}");
  g_assert_cmpuint (refused->status, ==, 401);
}

static void
test_identity (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autofree char *access = demo_reply_member (tokens, "access_token");
  g_autofree char *id = demo_reply_member (tokens, "id");
  g_autofree char *latest = g_strconcat (id, "?version=latest", NULL);
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, id, access);
  g_autoptr(DemoReply) filled = demo_org_get (fixture->org, latest, access);
  g_autofree char *username = demo_reply_member (reply, "username");
  g_autofree char *rest = demo_reply_member (reply, "urls.rest");
  g_autofree char *filled_rest = demo_reply_member (filled, "urls.rest");

  g_assert_cmpstr (username, ==, ADMIN);
  g_assert_true (g_str_has_suffix (rest, "/services/data/v{version}/"));
  g_assert_true (g_str_has_suffix (filled_rest, "/services/data/v68.0/"));
}

static void
test_user_info (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *access = demo_org_log_in (fixture->org, USER);
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, "/services/oauth2/userinfo", access);
  g_autofree char *username = demo_reply_member (reply, "preferred_username");
  g_autofree char *organization = demo_reply_member (reply, "organization_id");

  g_assert_cmpstr (username, ==, USER);
  g_assert_cmpuint (strlen (organization), ==, 18);
}

static void
assert_plain (DemoReply  *taken,
              const char *text)
{
  g_autoptr(DemoReply) reply = taken;

  g_assert_cmpuint (reply->status, ==, 403);
  g_assert_cmpstr (reply->body, ==, text);
}

static void
test_identity_refused (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autofree char *access = demo_reply_member (tokens, "access_token");
  g_autofree char *id = demo_reply_member (tokens, "id");

  assert_plain (demo_org_get (fixture->org, id, NULL), "Missing_OAuth_Token");
  assert_plain (demo_org_get (fixture->org, id, "00D!x"), "Bad_OAuth_Token");
  assert_plain (demo_org_get (fixture->org, "/services/oauth2/userinfo", "00D!x"), "Bad_OAuth_Token");
  assert_plain (demo_org_get (fixture->org, "/id/00DHs0000000001MAA/0055e0000000001AAA", access), "Wrong_Org");
  assert_plain (demo_org_get (fixture->org, "/id/00D5e0000000001EAA/0055e0000000002AAA", access), "Bad_Id");
}

static void
test_discovery (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, "/.well-known/openid-configuration", NULL);
  g_autoptr(DemoReply) other = demo_org_get (fixture->org, "/.well-known/oauth-authorization-server", NULL);
  g_autofree char *token = demo_reply_member (reply, "token_endpoint");
  g_autofree char *pkce = demo_reply_member (reply, "code_challenge_methods_supported");
  g_autofree char *expected = g_strconcat (fixture->org->address, TOKEN, NULL);

  g_assert_cmpstr (token, ==, expected);
  g_assert_null (pkce);
  g_assert_cmpuint (other->status, ==, 404);
}

static void
test_generator (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, "/services/oauth2/pkce/generator", NULL);
  g_autofree char *verifier = demo_reply_member (reply, "code_verifier");
  g_autofree char *challenge = demo_reply_member (reply, "code_challenge");
  g_autofree char *more = g_strconcat ("&code_challenge=", challenge, NULL);
  g_autofree char *code = get_code (fixture, "demo", more);
  g_autofree char *with_verifier = g_strconcat ("&code_verifier=", verifier, NULL);
  g_autoptr(DemoReply) tokens = redeem (fixture, "demo", code, with_verifier);

  g_assert_cmpuint (tokens->status, ==, 200);
}

static guchar *
decode (const char *text,
        gsize      *size)
{
  g_autoptr(GString) padded = g_string_new (text);

  g_string_replace (padded, "-", "+", 0);
  g_string_replace (padded, "_", "/", 0);
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');

  return g_base64_decode (padded->str, size);
}

static gcry_mpi_t
decode_number (const char *text)
{
  gsize size;
  g_autofree guchar *bytes = decode (text, &size);
  gcry_mpi_t number = NULL;

  g_assert_cmpuint (gcry_mpi_scan (&number, GCRYMPI_FMT_USG, bytes, size, NULL), ==, 0);

  return number;
}

/* Whether @text was signed with the key that the org publishes. */
static gboolean
signature_is_right (DemoReply  *keys,
                    const char *text,
                    const char *signature)
{
  g_autofree char *modulus = demo_reply_member (keys, "keys.0.n");
  g_autofree char *exponent = demo_reply_member (keys, "keys.0.e");
  gcry_mpi_t n = decode_number (modulus);
  gcry_mpi_t e = decode_number (exponent);
  gcry_mpi_t s = decode_number (signature);
  gcry_sexp_t key = NULL;
  gcry_sexp_t data = NULL;
  gcry_sexp_t signed_data = NULL;
  guint8 digest[32];
  gboolean right;

  gcry_md_hash_buffer (GCRY_MD_SHA256, digest, text, strlen (text));
  gcry_sexp_build (&key, NULL, "(public-key (rsa (n %m) (e %m)))", n, e);
  gcry_sexp_build (&data, NULL, "(data (flags pkcs1) (hash sha256 %b))", (int) sizeof digest, digest);
  gcry_sexp_build (&signed_data, NULL, "(sig-val (rsa (s %m)))", s);
  right = gcry_pk_verify (signed_data, data, key) == 0;
  gcry_sexp_release (key);
  gcry_sexp_release (data);
  gcry_sexp_release (signed_data);
  gcry_mpi_release (n);
  gcry_mpi_release (e);
  gcry_mpi_release (s);

  return right;
}

static void
test_id_token (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE "&scope=openid%20api&nonce=n%22once");
  g_autoptr(DemoReply) tokens = redeem (fixture, "demo", code, "&code_verifier=" VERIFIER);
  g_autoptr(DemoReply) keys = demo_org_get (fixture->org, "/id/keys", NULL);
  g_autofree char *id_token = demo_reply_member (tokens, "id_token");
  g_autofree char *id = demo_reply_member (tokens, "id");
  g_auto(GStrv) parts = g_strsplit (id_token, ".", -1);
  g_autofree char *text = g_strconcat (parts[0], ".", parts[1], NULL);
  g_autofree char *other = g_strconcat (parts[0], "x.", parts[1], NULL);
  g_autoptr(GError) error = NULL;
  gsize size;
  g_autofree guchar *claims = decode (parts[1], &size);
  g_autofree char *json = g_strndup ((const char *) claims, size);
  g_autoptr(JsonNode) node = json_from_string (json, &error);
  JsonObject *object;

  g_assert_no_error (error);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "iss"), ==, fixture->org->address);
  g_assert_cmpstr (json_object_get_string_member (object, "sub"), ==, id);
  g_assert_cmpstr (json_object_get_string_member (object, "aud"), ==, "demo");
  g_assert_cmpstr (json_object_get_string_member (object, "nonce"), ==, "n\"once");
  g_assert_true (signature_is_right (keys, text, parts[2]));
  g_assert_false (signature_is_right (keys, other, parts[2]));
}

static void
test_no_id_token (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE "&scope=api%20refresh_token");
  g_autoptr(DemoReply) tokens = redeem (fixture, "demo", code, "&code_verifier=" VERIFIER);
  g_autofree char *id_token = demo_reply_member (tokens, "id_token");

  g_assert_null (id_token);
}

static char *
get_location (Fixture    *fixture,
              const char *url)
{
  g_autoptr(DemoReply) reply = demo_browser_get (fixture->browser, url);

  g_assert_cmpuint (reply->status, ==, 302);

  return g_strdup (demo_reply_header (reply, "Location"));
}

static void
test_errors_on_page (Fixture       *fixture,
                     gconstpointer  unused)
{
#define CALLBACK_PARAMETER "&redirect_uri=http%3A%2F%2Flocalhost%3A7717%2FOauthRedirect"
  static const struct { const char *query; const char *error; const char *description; } cases[] = {
    { "", "invalid_request", "missing%20required%20parameter%3A%20client_id" },
    { "client_id=nope" CALLBACK_PARAMETER, "invalid_client_id", "client%20identifier%20invalid" },
    { "client_id=demo-young" CALLBACK_PARAMETER, "invalid_client_id", "client%20identifier%20invalid" },
    { "client_id=demo", "invalid_request", "missing%20required%20parameter%3A%20redirect_uri" },
    { "client_id=demo&redirect_uri=http%3A%2F%2Flocalhost%3A7718%2FOauthRedirect", "redirect_uri_mismatch",
      "redirect_uri%20must%20match%20configuration" },
    { "client_id=demo&redirect_uri=http%3A%2F%2F127.0.0.1%3A7717%2FOauthRedirect", "redirect_uri_mismatch",
      "redirect_uri%20must%20match%20configuration" },
    { "client_id=demo" CALLBACK_PARAMETER "%2F", "redirect_uri_mismatch",
      "redirect_uri%20must%20match%20configuration" },
    { "client_id=demo-custom-scheme" CALLBACK_PARAMETER, "redirect_uri_mismatch",
      "redirect_uri%20must%20match%20configuration" },
    { "client_id=demo-not-installed" CALLBACK_PARAMETER, "invalid_client",
      "app%20must%20be%20installed%20into%20org" },
    { "client_id=demo-not-found" CALLBACK_PARAMETER, "OAUTH_EC_APP_NOT_FOUND",
      "External%20client%20app%20is%20not%20installed%20in%20this%20org" },
    { "client_id=demo-scope-page" CALLBACK_PARAMETER, "invalid_scope",
      "the%20requested%20scope%20is%20not%20allowed" },
    { "client_id=demo-remote-access" CALLBACK_PARAMETER, "1800", "remote%20access%20problem" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *url = g_strconcat (AUTHORIZE "?response_type=code&state=s&", cases[i].query, NULL);
      g_autofree char *location = get_location (fixture, url);
      g_autofree char *expected = g_strdup_printf ("/setup/secur/RemoteAccessErrorPage.apexp?error=%s"
                                                   "&error_description=%s", cases[i].error, cases[i].description);

      g_assert_cmpstr (location, ==, expected);
    }
}

static void
test_error_page (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_browser_get (fixture->browser, "/setup/secur/RemoteAccessErrorPage.apexp"
                                                                   "?error=%3Cscript%3E&error_description=a%26b");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "authorize you because of an OAuth error"));
  g_assert_nonnull (strstr (reply->body, "<code>&lt;script&gt;</code><br>a&amp;b"));
  g_assert_null (strstr (reply->body, "<script"));
}

static void
test_errors_at_callback (Fixture       *fixture,
                         gconstpointer  unused)
{
  static const struct { const char *app; const char *more; const char *answer; } cases[] = {
    { "demo-blocked", WITH_CHALLENGE, "OAUTH_APP_BLOCKED&error_description=this%20app%20is%20blocked%20by%20admin" },
    { "demo-restricted", WITH_CHALLENGE, "OAUTH_AUTHORIZATION_BLOCKED" },
    { "demo-scope", WITH_CHALLENGE, "invalid_scope&error_description=the%20requested%20scope%20is%20not%20allowed" },
    { "demo-no-refresh", WITH_CHALLENGE "&scope=api%20refresh_token",
      "invalid_scope&error_description=the%20requested%20scope%20is%20not%20allowed" },
    { "demo", WITH_CHALLENGE "&response_type=token",
      "unsupported_response_type&error_description=response%20type%20not%20supported" },
    { "demo", "", "invalid_request&error_description=missing%20required%20code%20challenge" },
    { "demo", WITH_CHALLENGE "&code_challenge_method=plain",
      "invalid_request&error_description=invalid%20code%20challenge%20method" },
    { "demo", "&code_challenge=short", "invalid_request&error_description=invalid%20code%20challenge" },
    { "demo", WITH_CHALLENGE "&immediate=true", "immediate_unsuccessful" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *more = g_strconcat (cases[i].more, "&state=a%20b%26c", NULL);
      g_autofree char *url = demo_authorize_url (cases[i].app, more);
      g_autofree char *location = get_location (fixture, url);
      g_autofree char *expected = g_strconcat (DEMO_CALLBACK "?error=", cases[i].answer, "&state=a%20b%26c", NULL);

      g_assert_cmpstr (location, ==, expected);
    }
}

static DemoReply *
open_login (Fixture    *fixture,
            const char *app,
            const char *more)
{
  g_autofree char *url = demo_authorize_url (app, more);

  return demo_browser_follow (fixture->browser, demo_browser_get (fixture->browser, url));
}

static void
test_login_page (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(DemoReply) page = open_login (fixture, "demo", WITH_CHALLENGE "&login_hint=a%22%3E%3Cscript%3E");

  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->body, "<label for=\"username\">Username</label><input type=\"text\" id=\"username\" "
                                        "name=\"username\""));
  g_assert_nonnull (strstr (page->body, "<label for=\"password\">Password</label><input type=\"password\" "
                                        "id=\"password\" name=\"password\""));
  g_assert_nonnull (strstr (page->body, ">Log In</button>"));
  g_assert_nonnull (strstr (page->body, "value=\"a&quot;&gt;&lt;script&gt;\""));
  g_assert_nonnull (strstr (page->body, "PRODUCTION"));
  g_assert_nonnull (strstr (page->body, "Northwind Traders"));
  g_assert_null (strstr (page->body, "<script"));
  g_assert_cmpstr (demo_reply_header (page, "X-Frame-Options"), ==, "DENY");
}

static void
test_login_refused (Fixture       *fixture,
                    gconstpointer  unused)
{
  static const char *names[] = { "nobody", "inactive@demo.example", "locked@demo.example", "ip@demo.example" };
  g_autoptr(DemoReply) page = open_login (fixture, "demo", WITH_CHALLENGE);
  g_autoptr(DemoReply) wrong = demo_browser_login (fixture->browser, page, ADMIN, "wrong");
  g_autoptr(DemoReply) consent = NULL;

  g_assert_nonnull (strstr (wrong->body, "Please check your username and password."));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(DemoReply) refused = demo_browser_login (fixture->browser, page, names[i], "demo");

      g_assert_nonnull (strstr (refused->body, "Please check your username and password."));
    }

  consent = demo_browser_login (fixture->browser, wrong, ADMIN, "demo");
  g_assert_nonnull (strstr (consent->body, ">Allow</button>"));
  g_assert_nonnull (strstr (consent->body, ">Deny</button>"));
}

static void
test_login_needs_proof (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(DemoBrowser) other = demo_browser_new (fixture->org);
  g_autoptr(DemoReply) page = demo_browser_get (fixture->browser, "/");
  g_autoptr(DemoReply) forged = demo_browser_post (fixture->browser, "/", "username=" ADMIN "&password=demo");
  g_autoptr(DemoReply) stolen = demo_browser_login (other, page, ADMIN, "demo");

  g_assert_cmpuint (forged->status, ==, 403);
  g_assert_cmpuint (stolen->status, ==, 403);
}

static void
test_login_stays_here (Fixture       *fixture,
                       gconstpointer  unused)
{
  static const char *starts[] = { "https://evil.example/", "//evil.example/", "/\\evil.example" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autofree char *encoded = g_uri_escape_string (starts[i], NULL, FALSE);
      g_autofree char *path = g_strconcat ("/?startURL=", encoded, NULL);
      g_autoptr(DemoBrowser) browser = demo_browser_new (fixture->org);
      g_autoptr(DemoReply) page = demo_browser_get (browser, path);
      g_autofree char *proof = demo_browser_hidden (page, "proof");
      g_autofree char *form = g_strdup_printf ("proof=%s&startURL=%s&username=" ADMIN "&password=demo", proof, encoded);
      g_autoptr(DemoReply) reply = demo_browser_post (browser, "/", form);

      g_assert_cmpuint (reply->status, ==, 302);
      g_assert_cmpstr (demo_reply_header (reply, "Location"), ==, "/");
    }
}

static DemoReply *
open_consent (Fixture    *fixture,
              const char *app,
              const char *more)
{
  g_autoptr(DemoReply) page = open_login (fixture, app, more);

  return demo_browser_login (fixture->browser, page, ADMIN, "demo");
}

static void
test_consent_needs_proof (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(DemoReply) page = open_consent (fixture, "demo", WITH_CHALLENGE);
  g_autofree char *source = demo_browser_hidden (page, "source");
  g_autofree char *form = g_strconcat ("decision=allow&source=", source, NULL);
  g_autoptr(DemoReply) reply = demo_browser_post (fixture->browser,
                                                  "/setup/secur/RemoteAccessAuthorizationPage.apexp", form);

  g_assert_cmpuint (reply->status, ==, 403);
}

static void
test_consent_once (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) page = open_consent (fixture, "demo", WITH_CHALLENGE);
  g_autoptr(DemoReply) first = demo_browser_decide (fixture->browser, page, "allow");
  g_autoptr(DemoReply) second = demo_browser_decide (fixture->browser, page, "allow");

  g_assert_cmpuint (first->status, ==, 302);
  g_assert_cmpuint (second->status, ==, 404);
}

static void
test_denied (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(DemoReply) page = open_consent (fixture, "demo", WITH_CHALLENGE "&state=s");
  g_autoptr(DemoReply) reply = demo_browser_decide (fixture->browser, page, "deny");

  g_assert_cmpstr (demo_reply_header (reply, "Location"), ==,
                   DEMO_CALLBACK "?error=access_denied&error_description=end-user%20denied%20authorization&state=s");
}

static void
test_admin_approved (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(DemoBrowser) other = demo_browser_new (fixture->org);
  g_autofree char *url = demo_authorize_url ("demo-admin-approved", WITH_CHALLENGE);
  g_autofree char *refused = demo_browser_allow (other, url, USER);
  g_autoptr(DemoReply) admin = open_consent (fixture, "demo-admin-approved", WITH_CHALLENGE);

  g_assert_cmpstr (refused, ==, DEMO_CALLBACK "?error=OAUTH_APP_ACCESS_DENIED&error_description="
                                              "user%20is%20not%20admin%20approved%20to%20access%20this%20app");
  /* Those who are approved are not asked. */
  g_assert_cmpuint (admin->status, ==, 302);
  g_assert_true (g_str_has_prefix (demo_reply_header (admin, "Location"), DEMO_CALLBACK "?code="));
}

static void
test_live_session_answers_at_once (Fixture       *fixture,
                                   gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autofree char *url = demo_authorize_url ("demo", WITH_CHALLENGE);
  g_autofree char *immediate = demo_authorize_url ("demo", WITH_CHALLENGE "&immediate=true");
  g_autofree char *location = get_location (fixture, url);
  g_autofree char *immediate_location = get_location (fixture, immediate);

  g_assert_true (g_str_has_prefix (location, DEMO_CALLBACK "?code="));
  g_assert_true (g_str_has_prefix (immediate_location, DEMO_CALLBACK "?code="));
}

static void
test_prompt_login (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autoptr(DemoReply) page = open_login (fixture, "demo", WITH_CHALLENGE "&prompt=login");
  g_autoptr(DemoReply) reply = demo_browser_login (fixture->browser, page, ADMIN, "demo");

  g_assert_true (g_str_has_prefix (demo_reply_header (reply, "Location"), DEMO_CALLBACK "?code="));
}

static void
test_prompt_consent (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autoptr(DemoReply) page = open_login (fixture, "demo", WITH_CHALLENGE "&prompt=consent");

  g_assert_nonnull (strstr (page->body, ">Allow</button>"));
}

static void
test_more_scopes_ask_again (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autofree char *code = get_code (fixture, "demo", WITH_CHALLENGE "&scope=api%20refresh_token");
  g_autoptr(DemoReply) tokens = redeem (fixture, "demo", code, "&code_verifier=" VERIFIER);
  g_autoptr(DemoReply) page = open_login (fixture, "demo", WITH_CHALLENGE "&scope=api%20refresh_token%20web");

  g_assert_nonnull (strstr (page->body, "Manage user data via Web browsers"));
}

static void
test_log_out (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo");
  g_autoptr(DemoReply) out = demo_browser_get (fixture->browser, "/secur/logout.jsp");
  g_autoptr(DemoReply) page = open_login (fixture, "demo", WITH_CHALLENGE);

  g_assert_nonnull (strstr (page->body, "name=\"password\""));
}

static void
test_custom_scheme (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *location = demo_browser_allow (fixture->browser, AUTHORIZE "?response_type=code&redirect_uri="
                                                  "sluice%3A%2F%2Foauth&client_id=demo-custom-scheme" WITH_CHALLENGE,
                                                  ADMIN);

  g_assert_true (g_str_has_prefix (location, "sluice://oauth?code=aPrx"));
}

static void
test_instance_moves (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(DemoReply) tokens = sign_in (fixture, "demo-no-rotation");
  g_autofree char *token = demo_reply_member (tokens, "refresh_token");
  g_autoptr(DemoReply) moved = NULL;
  g_autofree char *instance = NULL;

  demo_org_control (fixture->org, "instance?url=http%3A%2F%2F127.0.0.1%3A1");
  moved = refresh (fixture, "demo-no-rotation", token);
  instance = demo_reply_member (moved, "instance_url");

  g_assert_cmpstr (instance, ==, "http://127.0.0.1:1");
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "token/answer", test_token_answer },
    { "token/signature", test_signature },
    { "token/formats", test_formats },
    { "token/errors", test_token_errors },
    { "token/server-error", test_token_server_error },
    { "token/needs-post", test_token_needs_post },
    { "token/confidential", test_confidential },
    { "token/scope-narrowed", test_scope_narrowed },
    { "token/offline-access", test_offline_access },
    { "token/expires-after-calls", test_expires_after_calls },
    { "token/use-prolongs", test_use_prolongs },
    { "token/instance-moves", test_instance_moves },
    { "code/once", test_code_once },
    { "code/too-old", test_code_too_old },
    { "code/of-other-app", test_code_of_other_app },
    { "code/to-other-callback", test_code_to_other_callback },
    { "verifier/wrong", test_verifier_wrong },
    { "verifier/missing", test_verifier_missing },
    { "verifier/without-challenge", test_verifier_without_challenge },
    { "verifier/long", test_verifier_long },
    { "verifier/not-required", test_without_pkce },
    { "verifier/generator", test_generator },
    { "refresh/rotation", test_rotation },
    { "refresh/reuse-revokes-all", test_reuse_revokes_all },
    { "refresh/no-rotation", test_no_rotation },
    { "refresh/one-use", test_one_use },
    { "refresh/idle-limit", test_idle_limit },
    { "refresh/five-grants", test_five_grants },
    { "revoke/refresh", test_revoke_refresh },
    { "revoke/access", test_revoke_access },
    { "revoke/errors", test_revoke_errors },
    { "introspect", test_introspect },
    { "identity", test_identity },
    { "identity/user-info", test_user_info },
    { "identity/refused", test_identity_refused },
    { "identity/discovery", test_discovery },
    { "identity/id-token", test_id_token },
    { "identity/no-id-token", test_no_id_token },
    { "authorize/errors-on-page", test_errors_on_page },
    { "authorize/error-page", test_error_page },
    { "authorize/errors-at-callback", test_errors_at_callback },
    { "authorize/denied", test_denied },
    { "authorize/admin-approved", test_admin_approved },
    { "authorize/live-session", test_live_session_answers_at_once },
    { "authorize/prompt-login", test_prompt_login },
    { "authorize/prompt-consent", test_prompt_consent },
    { "authorize/more-scopes", test_more_scopes_ask_again },
    { "authorize/custom-scheme", test_custom_scheme },
    { "login/page", test_login_page },
    { "login/refused", test_login_refused },
    { "login/needs-proof", test_login_needs_proof },
    { "login/stays-here", test_login_stays_here },
    { "login/log-out", test_log_out },
    { "consent/needs-proof", test_consent_needs_proof },
    { "consent/once", test_consent_once },
  };

  g_test_init (&argc, &argv, NULL);
  gcry_check_version (NULL);
  gcry_control (GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control (GCRYCTL_INITIALIZATION_FINISHED, 0);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/org/oauth/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }

  return g_test_run ();
}
