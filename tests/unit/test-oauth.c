/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-oauth.h"

#include <string.h>

#include "sluice-error.h"
#include "sluice-problem.h"

#define STATE "u8RkIFxhyZ7CUq3vQ2K9pQbWm1Xo5sT4dNaLgHeYcJw"
#define CODE "aPrxInvented.Code_with-all.Kinds%3D%3D"
#define ACCESS "00D5e000000ABCD!AQcAQHinvented.T0ken.Chars_only"
#define REFRESH "5Aep861invented_invented_0123456789"

#define REPLY \
  "{\"access_token\":\"" ACCESS "\",\"refresh_token\":\"" REFRESH "\"," \
  "\"signature\":\"Nv7vv7dOzvVMaHRmWnAeQTJK8354dnXgBWWWfg9eoro=\",\"scope\":\"refresh_token openid api id\"," \
  "\"id_token\":\"e30.e30.sig\",\"instance_url\":\"https://northpier.my.salesforce.com\"," \
  "\"id\":\"https://login.salesforce.com/id/00D5e000000ABCDEA4/0055e000000FGHIAA4\",\"token_type\":\"Bearer\"," \
  "\"issued_at\":\"1795437845123\",\"api_instance_url\":\"https://api.salesforce.com\"," \
  "\"sfdc_community_url\":{\"odd\":[1,null]}}"

#define REFRESH_REPLY \
  "{\"access_token\":\"" ACCESS "2\",\"instance_url\":\"https://moved.my.salesforce.com\"," \
  "\"id\":\"https://login.salesforce.com/id/00D5e000000ABCDEA4/0055e000000FGHIAA4\"," \
  "\"issued_at\":\"1795437999000\"}"

static SluiceCredentials *
parse (guint                     status,
       const char               *type,
       const char               *body,
       const SluiceCredentials  *previous,
       GError                  **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return sluice_oauth_parse_token_reply (status, type, bytes, previous, error);
}

static void
test_challenge_vector (void)
{
  g_autofree char *challenge = sluice_oauth_make_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void
test_secret_form (void)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *a = sluice_oauth_make_secret (NULL);
      g_autofree char *b = sluice_oauth_make_secret (NULL);

      g_assert_cmpuint (strlen (a), ==, 43);
      g_assert_cmpuint (strspn (a, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_"), ==, 43);
      g_assert_cmpstr (a, !=, b);
    }
}

static void
test_state_compare (void)
{
  g_assert_true (sluice_oauth_state_matches ("abc", "abc"));
  g_assert_false (sluice_oauth_state_matches ("abc", "abd"));
  g_assert_false (sluice_oauth_state_matches ("abc", "ab"));
  g_assert_false (sluice_oauth_state_matches ("abc", "abcd"));
  g_assert_false (sluice_oauth_state_matches ("abc", ""));
  g_assert_false (sluice_oauth_state_matches ("abc", NULL));
  g_assert_false (sluice_oauth_state_matches ("", ""));
}

static void
test_authorize_url (void)
{
  const char * const scopes[] = { "api", "refresh_token", "openid", "id", NULL };
  g_autofree char *url = NULL;
  g_autofree char *forced = NULL;

  url = sluice_oauth_build_authorize_url ("https://login.salesforce.com/", "3MVG9&key=", "http://localhost:7717/OauthRedirect",
                                          scopes, STATE, "challenge", NULL);
  g_assert_cmpstr (url, ==,
                   "https://login.salesforce.com/services/oauth2/authorize?response_type=code"
                   "&client_id=3MVG9%26key%3D&redirect_uri=http%3A%2F%2Flocalhost%3A7717%2FOauthRedirect"
                   "&code_challenge=challenge&code_challenge_method=S256&state=" STATE
                   "&scope=api%20refresh_token%20openid%20id");

  forced = sluice_oauth_build_authorize_url ("https://login.salesforce.com", "k", "http://localhost:7717/OauthRedirect",
                                             scopes, STATE, "challenge", "login consent");
  g_assert_true (g_str_has_suffix (forced, "&scope=api%20refresh_token%20openid%20id&prompt=login%20consent"));
}

static void
assert_form (GBytes     *form,
             const char *expected)
{
  g_assert_cmpmem (g_bytes_get_data (form, NULL), g_bytes_get_size (form), expected, strlen (expected));
  g_bytes_unref (form);
}

static void
test_forms (void)
{
  assert_form (sluice_oauth_build_code_form ("aPrx==", "verifier", "http://localhost:1/cb", "key", NULL),
               "grant_type=authorization_code&code=aPrx%3D%3D&client_id=key"
               "&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcb&code_verifier=verifier");
  assert_form (sluice_oauth_build_code_form ("c", "v", "r", "key", "s&1"),
               "grant_type=authorization_code&code=c&client_id=key&client_secret=s%261&redirect_uri=r&code_verifier=v");
  assert_form (sluice_oauth_build_code_form ("c", "v", "r", "key", ""),
               "grant_type=authorization_code&code=c&client_id=key&redirect_uri=r&code_verifier=v");
  assert_form (sluice_oauth_build_refresh_form ("5Aep+/", "key", NULL),
               "grant_type=refresh_token&refresh_token=5Aep%2B%2F&client_id=key");
  assert_form (sluice_oauth_build_refresh_form ("r", "key", "s"),
               "grant_type=refresh_token&refresh_token=r&client_id=key&client_secret=s");
  assert_form (sluice_oauth_build_revoke_form ("00D!x"), "token=00D%21x");
}

static void
test_redirect_code (void)
{
  g_autofree char *code = sluice_oauth_read_redirect ("code=" CODE "&state=" STATE, STATE, NULL);

  g_assert_cmpstr (code, ==, "aPrxInvented.Code_with-all.Kinds==");
}

static void
test_redirect_decodes_once (void)
{
  g_autofree char *code = sluice_oauth_read_redirect ("state=" STATE "&code=a%253Db", STATE, NULL);

  g_assert_cmpstr (code, ==, "a%3Db");
}

static void
test_redirect_wrong_state (void)
{
  static const char * const queries[] = {
    NULL,
    "",
    "code=" CODE,
    "code=" CODE "&state=",
    "code=" CODE "&state=other",
    "code=" CODE "&state=" STATE "x",
    "code=" CODE "&state=" STATE "&state=" STATE,
    "code=" CODE "&State=" STATE,
    "code=" CODE "&state=" STATE "%00",
    "code=" CODE "&state=%ff",
    "error=access_denied",
    "error=access_denied&state=other",
    "xstate=" STATE "&code=" CODE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (sluice_oauth_read_redirect (queries[i], STATE, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      g_assert_cmpstr (sluice_error_get_server_code (error), ==, SLUICE_PROBLEM_WRONG_STATE);
    }
}

static void
test_redirect_no_code (void)
{
  g_autofree char *huge = g_strnfill (9000, 'x');
  g_autofree char *long_code = g_strconcat ("state=" STATE "&code=", huge, NULL);
  const char *queries[] = {
    "state=" STATE,
    "state=" STATE "&code=",
    "state=" STATE "&code=a&code=b",
    "state=" STATE "&code=a%20b",
    "state=" STATE "&code=a+b",
    "state=" STATE "&code=a%0d%0aX: 1",
    "state=" STATE "&code=%zz",
    "state=" STATE "&code=%ff",
    long_code,
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (sluice_oauth_read_redirect (queries[i], STATE, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
    }
}

static void
test_redirect_too_long (void)
{
  g_autofree char *huge = g_strnfill (20000, 'x');
  g_autofree char *query = g_strconcat ("code=a&state=" STATE "&x=", huge, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (sluice_oauth_read_redirect (query, STATE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

/* Wire reference 1.5, path A and the codes of path B. */
static void
test_authorize_errors (void)
{
  static const struct
  {
    const char *query;
    SluiceError code;
    const char *server_code;
    const char *server_text;
  } rows[] = {
    { "error=access_denied&error_description=end-user+denied+authorization", SLUICE_ERROR_SIGN_IN,
      "access_denied", "end-user denied authorization" },
    { "error=access-denied", SLUICE_ERROR_SIGN_IN, "access_denied", NULL },
    { "error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin", SLUICE_ERROR_FORBIDDEN,
      "OAUTH_APP_BLOCKED", "this app is blocked by admin" },
    { "error=OAUTH_APP_ACCESS_DENIED&error_description=user%20is%20not%20admin%20approved%20to%20access%20this%20app",
      SLUICE_ERROR_FORBIDDEN, "OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app" },
    { "error=OAUTH_AUTHORIZATION_BLOCKED", SLUICE_ERROR_FORBIDDEN, "OAUTH_AUTHORIZATION_BLOCKED", NULL },
    { "error=invalid_scope&error_description=the+requested+scope+is+not+allowed", SLUICE_ERROR_FORBIDDEN,
      "invalid_scope", "the requested scope is not allowed" },
    { "error=immediate_unsuccessful", SLUICE_ERROR_SIGN_IN, "immediate_unsuccessful", NULL },
    { "error=redirect_uri_mismatch&error_description=redirect_uri%20must%20match%20configuration",
      SLUICE_ERROR_INVALID, "redirect_uri_mismatch", "redirect_uri must match configuration" },
    { "error=invalid_client_id&error_description=client%20identifier%20invalid", SLUICE_ERROR_INVALID,
      "invalid_client_id", "client identifier invalid" },
    { "error=invalid_client&error_description=app%20must%20be%20installed%20into%20org", SLUICE_ERROR_FORBIDDEN,
      "invalid_client", "app must be installed into org" },
    { "error=invalid_client&error_description=External+client+app+is+not+installed+in+this+org", SLUICE_ERROR_FORBIDDEN,
      "invalid_client", "External client app is not installed in this org" },
    { "error=OAUTH_EC_APP_NOT_FOUND", SLUICE_ERROR_FORBIDDEN, "OAUTH_EC_APP_NOT_FOUND", NULL },
    { "error=OAUTH_APPROVAL_ERROR_GENERIC", SLUICE_ERROR_FORBIDDEN, "OAUTH_APPROVAL_ERROR_GENERIC", NULL },
    { "error=1800", SLUICE_ERROR_OFFLINE, "1800", NULL },
    { "error=something_new&error_description=in+2027", SLUICE_ERROR_REJECTED, "something_new", "in 2027" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *query = g_strconcat ("state=" STATE "&", rows[i].query, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (sluice_oauth_read_redirect (query, STATE, &error));
      g_assert_error (error, SLUICE_ERROR, (int) rows[i].code);
      g_assert_cmpstr (sluice_error_get_server_code (error), ==, rows[i].server_code);
      g_assert_cmpstr (sluice_error_get_server_text (error), ==, rows[i].server_text);
    }
}

/* Wire reference 1.3. */
static void
test_token_errors (void)
{
  static const struct
  {
    guint status;
    const char *error;
    const char *description;
    SluiceError code;
    gboolean dead;
  } rows[] = {
    { 400, "invalid_grant", "expired access/refresh token", SLUICE_ERROR_NOT_AUTHORIZED, TRUE },
    { 400, "invalid_grant", "Invalid refresh token", SLUICE_ERROR_NOT_AUTHORIZED, TRUE },
    { 400, "invalid_grant", "expired authorization code", SLUICE_ERROR_SIGN_IN, FALSE },
    { 400, "invalid_grant", "invalid authorization code", SLUICE_ERROR_SIGN_IN, FALSE },
    { 400, "invalid_grant", "invalid code verifier", SLUICE_ERROR_PROTOCOL, FALSE },
    { 400, "invalid_grant", "inactive user", SLUICE_ERROR_FORBIDDEN, FALSE },
    { 400, "invalid_grant", "inactive organization", SLUICE_ERROR_FORBIDDEN, FALSE },
    { 400, "invalid_grant", "authentication failure", SLUICE_ERROR_NOT_AUTHORIZED, FALSE },
    { 400, "invalid_grant", "authentication failure - Invalid Password", SLUICE_ERROR_NOT_AUTHORIZED, FALSE },
    { 400, "invalid_grant", "user hasn't approved this consumer", SLUICE_ERROR_FORBIDDEN, FALSE },
    { 400, "invalid_grant", "ip restricted", SLUICE_ERROR_FORBIDDEN, FALSE },
    { 400, "invalid_grant", "IP not allowed", SLUICE_ERROR_FORBIDDEN, FALSE },
    { 400, "invalid_grant", "login rate exceeded", SLUICE_ERROR_LIMIT, FALSE },
    { 400, "invalid_grant", "", SLUICE_ERROR_NOT_AUTHORIZED, FALSE },
    { 400, "invalid_request", "invalid code challenge", SLUICE_ERROR_PROTOCOL, FALSE },
    { 400, "invalid_request", "missing required parameter: code", SLUICE_ERROR_PROTOCOL, FALSE },
    { 400, "invalid_client_id", "client identifier invalid", SLUICE_ERROR_INVALID, FALSE },
    { 400, "invalid_client", "invalid client credentials", SLUICE_ERROR_INVALID, FALSE },
    { 400, "invalid_client", "app must be installed into org", SLUICE_ERROR_FORBIDDEN, FALSE },
    { 400, "redirect_uri_mismatch", "redirect_uri must match configuration", SLUICE_ERROR_INVALID, FALSE },
    { 400, "unsupported_grant_type", "grant type not supported", SLUICE_ERROR_PROTOCOL, FALSE },
    { 400, "rate_limit_exceeded", "", SLUICE_ERROR_LIMIT, FALSE },
    { 400, "server_error", "", SLUICE_ERROR_OFFLINE, FALSE },
    { 500, "invalid_grant", "expired access/refresh token", SLUICE_ERROR_OFFLINE, FALSE },
    { 503, "server_error", "", SLUICE_ERROR_OFFLINE, FALSE },
    { 429, "slow_down", "", SLUICE_ERROR_LIMIT, FALSE },
    { 400, "something_new", "in 2027", SLUICE_ERROR_REJECTED, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"error\":\"%s\",\"error_description\":\"%s\"}",
                                               rows[i].error, rows[i].description);
      g_autoptr(GError) error = NULL;

      g_assert_null (parse (rows[i].status, "application/json", body, NULL, &error));
      g_test_message ("%s", body);
      g_assert_error (error, SLUICE_ERROR, (int) rows[i].code);
      g_assert_cmpstr (sluice_error_get_server_code (error), ==, rows[i].error);
      g_assert_cmpuint (sluice_error_get_http_status (error), ==, rows[i].status);
      g_assert_cmpint (sluice_oauth_error_is_dead_token (error), ==, rows[i].dead);
    }
}

static void
test_only_the_token_kills_it (void)
{
  g_autoptr(GError) other = g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED, "No");
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "No");

  g_assert_false (sluice_oauth_error_is_dead_token (NULL));
  g_assert_false (sluice_oauth_error_is_dead_token (other));
  g_assert_false (sluice_oauth_error_is_dead_token (cancelled));
}

static void
test_echoed_secrets (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) unknown = NULL;

  g_assert_null (parse (400, "application/json",
                        "{\"error\":\"invalid_grant\",\"error_description\":\"expired access/refresh token " ACCESS "\"}",
                        NULL, &error));
  g_assert_null (strstr (sluice_error_get_server_text (error), ACCESS));
  g_assert_true (sluice_oauth_error_is_dead_token (error));

  g_assert_null (parse (400, "application/json",
                        "{\"error\":\"odd\",\"error_description\":\"no\\ncode=aPrxaPrxaPrxaPrxaPrxaPrxaPrxaPrxaPrx\\u0007!\"}",
                        NULL, &unknown));
  g_assert_cmpstr (unknown->message, ==, "Salesforce said: no … !");
}

static void
test_reply (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceCredentials) credentials = parse (200, "application/json;charset=UTF-8", REPLY, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (credentials->access_token, ==, ACCESS);
  g_assert_cmpstr (credentials->refresh_token, ==, REFRESH);
  g_assert_cmpstr (credentials->instance_url, ==, "https://northpier.my.salesforce.com");
  g_assert_cmpstr (credentials->identity_url, ==,
                   "https://login.salesforce.com/id/00D5e000000ABCDEA4/0055e000000FGHIAA4");
  g_assert_cmpstr (credentials->scope, ==, "refresh_token openid api id");
  g_assert_cmpint (credentials->issued_at, ==, G_GINT64_CONSTANT (1795437845123));
  g_assert_null (credentials->consumer_secret);
}

static SluiceCredentials *
make_previous (void)
{
  g_autoptr(SluiceCredentials) previous = parse (200, "application/json", REPLY, NULL, NULL);

  sluice_secret_set (&previous->consumer_secret, "secret");

  return g_steal_pointer (&previous);
}

static void
test_refresh_keeps_the_rest (void)
{
  g_autoptr(SluiceCredentials) previous = make_previous ();
  g_autoptr(SluiceCredentials) credentials = parse (200, "application/json", REFRESH_REPLY, previous, NULL);

  g_assert_cmpstr (credentials->access_token, ==, ACCESS "2");
  g_assert_cmpstr (credentials->refresh_token, ==, REFRESH);
  g_assert_cmpstr (credentials->consumer_secret, ==, "secret");
  g_assert_cmpstr (credentials->scope, ==, "refresh_token openid api id");
  g_assert_cmpstr (credentials->instance_url, ==, "https://moved.my.salesforce.com");
  g_assert_cmpint (credentials->issued_at, ==, G_GINT64_CONSTANT (1795437999000));
}

static void
test_refresh_rotates (void)
{
  g_autoptr(SluiceCredentials) previous = make_previous ();
  g_autoptr(SluiceCredentials) credentials = NULL;

  credentials = parse (200, "application/json", "{\"access_token\":\"a\",\"refresh_token\":\"new\"}", previous, NULL);

  g_assert_cmpstr (credentials->refresh_token, ==, "new");
  g_assert_cmpstr (credentials->instance_url, ==, "https://northpier.my.salesforce.com");
}

static void
test_issued_at (void)
{
  static const struct
  {
    const char *json;
    gint64 expected;
  } rows[] = {
    { "\"1795437845123\"", G_GINT64_CONSTANT (1795437845123) },
    { "1795437845123", G_GINT64_CONSTANT (1795437845123) },
    { "\"soon\"", 0 },
    { "\"-5\"", 0 },
    { "-5", 0 },
    { "\"99999999999999999999\"", 0 },
    { "null", 0 },
    { "[]", 0 },
    { "1.5", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"access_token\":\"a\",\"instance_url\":\"https://n.my.salesforce.com\","
                                               "\"issued_at\":%s}", rows[i].json);
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceCredentials) credentials = parse (200, "application/json", body, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (credentials->issued_at, ==, rows[i].expected);
    }
}

static void
test_untrusted_hosts (void)
{
  static const char * const hosts[] = {
    "https://evil.example",
    "https://northpier.my.salesforce.com.evil.example",
    "http://northpier.my.salesforce.com",
    "https://user@northpier.my.salesforce.com",
    "https://evil.example/.my.salesforce.com",
    "northpier.my.salesforce.com",
    "file:///etc/passwd",
  };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"access_token\":\"a\",\"instance_url\":\"%s\"}", hosts[i]);
      g_autofree char *identity = g_strdup_printf ("{\"access_token\":\"a\",\"id\":\"%s\","
                                                   "\"instance_url\":\"https://n.my.salesforce.com\"}", hosts[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) identity_error = NULL;

      g_assert_null (parse (200, "application/json", body, NULL, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
      g_assert_cmpstr (sluice_error_get_server_code (error), ==, SLUICE_PROBLEM_UNTRUSTED_HOST);

      g_assert_null (parse (200, "application/json", identity, NULL, &identity_error));
      g_assert_cmpstr (sluice_error_get_server_code (identity_error), ==, SLUICE_PROBLEM_UNTRUSTED_HOST);
    }
}

static void
test_loopback_host (void)
{
  g_autoptr(SluiceCredentials) credentials = NULL;

  credentials = parse (200, "application/json",
                       "{\"access_token\":\"a\",\"instance_url\":\"http://127.0.0.1:8080/\"}", NULL, NULL);

  g_assert_cmpstr (credentials->instance_url, ==, "http://127.0.0.1:8080");
}

static void
test_senseless_replies (void)
{
  g_autofree char *token = g_strnfill (20000, 'x');
  g_autofree char *long_token = g_strdup_printf ("{\"access_token\":\"%s\",\"instance_url\":\"https://n.my.salesforce.com\"}",
                                                 token);
  g_autofree char *deep = g_strnfill (60000, '[');
  g_autofree char *padding = g_strnfill (70000, ' ');
  g_autofree char *long_body = g_strconcat (REPLY, padding, NULL);
  const char *bodies[] = {
    "{}",
    "[]",
    "null",
    "\"x\"",
    "{\"access_token\":",
    "{\"access_token\":1,\"instance_url\":\"https://n.my.salesforce.com\"}",
    "{\"access_token\":\"\",\"instance_url\":\"https://n.my.salesforce.com\"}",
    "{\"access_token\":\"a\\r\\nb\",\"instance_url\":\"https://n.my.salesforce.com\"}",
    "{\"access_token\":\"a\"}",
    "{\"access_token\":\"a\",\"refresh_token\":null,\"instance_url\":\"https://n.my.salesforce.com\"}",
    "{\"access_token\":\"a\xff\",\"instance_url\":\"https://n.my.salesforce.com\"}",
    "",
    deep,
    long_token,
    long_body,
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (parse (200, "application/json", bodies[i], NULL, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
      g_assert_false (sluice_oauth_error_is_dead_token (error));
    }
}

static void
test_web_pages (void)
{
  static const struct
  {
    guint status;
    const char *type;
    const char *body;
  } rows[] = {
    { 200, "text/html", "<html>Log in to the network</html>" },
    { 400, "text/html; charset=utf-8", "<html>Bad</html>" },
    { 502, "text/html", "<html>Gateway</html>" },
    { 503, "text/html", "" },
    { 503, "application/json", "<html>mislabelled</html>" },
    { 503, "application/json", "[]" },
    { 500, "application/json", "{}" },
    { 200, NULL, "<html>no type</html>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (parse (rows[i].status, rows[i].type, rows[i].body, NULL, &error));
      g_test_message ("%u", i);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
      g_assert_cmpstr (sluice_error_get_server_code (error), ==, SLUICE_PROBLEM_NOT_JSON);
    }
}

static void
test_redirected_reply (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (parse (302, "text/html", "", NULL, &error));
  g_assert_cmpstr (sluice_error_get_server_code (error), ==, SLUICE_PROBLEM_REDIRECT);
}

static void
test_revoke_replies (void)
{
  static const struct
  {
    guint status;
    const char *type;
    const char *body;
    gboolean gone;
  } rows[] = {
    { 200, NULL, "", TRUE },
    { 400, "application/json", "{\"error\":\"invalid_token\",\"error_description\":\"invalid token\"}", TRUE },
    { 400, "application/json", "{\"error\":\"unsupported_token_type\"}", FALSE },
    { 503, "text/html", "<html>", FALSE },
    { 302, "text/html", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (sluice_oauth_parse_revoke_reply (rows[i].status, rows[i].type, body, &error), ==, rows[i].gone);
      g_assert_cmpint (error == NULL, ==, rows[i].gone);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/oauth/challenge-vector", test_challenge_vector);
  g_test_add_func ("/net/oauth/secret-form", test_secret_form);
  g_test_add_func ("/net/oauth/state-compare", test_state_compare);
  g_test_add_func ("/net/oauth/authorize-url", test_authorize_url);
  g_test_add_func ("/net/oauth/forms", test_forms);
  g_test_add_func ("/net/oauth/redirect/code", test_redirect_code);
  g_test_add_func ("/net/oauth/redirect/decodes-once", test_redirect_decodes_once);
  g_test_add_func ("/net/oauth/redirect/wrong-state", test_redirect_wrong_state);
  g_test_add_func ("/net/oauth/redirect/no-code", test_redirect_no_code);
  g_test_add_func ("/net/oauth/redirect/too-long", test_redirect_too_long);
  g_test_add_func ("/net/oauth/authorize-errors", test_authorize_errors);
  g_test_add_func ("/net/oauth/token-errors", test_token_errors);
  g_test_add_func ("/net/oauth/only-the-token-kills-it", test_only_the_token_kills_it);
  g_test_add_func ("/net/oauth/echoed-secrets", test_echoed_secrets);
  g_test_add_func ("/net/oauth/reply", test_reply);
  g_test_add_func ("/net/oauth/refresh/keeps-the-rest", test_refresh_keeps_the_rest);
  g_test_add_func ("/net/oauth/refresh/rotates", test_refresh_rotates);
  g_test_add_func ("/net/oauth/issued-at", test_issued_at);
  g_test_add_func ("/net/oauth/untrusted-hosts", test_untrusted_hosts);
  g_test_add_func ("/net/oauth/loopback-host", test_loopback_host);
  g_test_add_func ("/net/oauth/senseless-replies", test_senseless_replies);
  g_test_add_func ("/net/oauth/web-pages", test_web_pages);
  g_test_add_func ("/net/oauth/redirected-reply", test_redirected_reply);
  g_test_add_func ("/net/oauth/revoke-replies", test_revoke_replies);

  return g_test_run ();
}
