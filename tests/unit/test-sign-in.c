/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-sign-in.h"

#include <string.h>

#include "log-catcher.h"
#include "manual-clock.h"
#include "mock-server.h"
#include "raw-browser.h"
#include "sluice-advice.h"
#include "sluice-error.h"
#include "sluice-oauth.h"
#include "sluice-problem.h"
#include "test-utils.h"

#define PATH "/OauthRedirect"
#define TOKEN_PATH "/services/oauth2/token"
#define KEY "3MVG9invented"
#define CODE "aPrxInventedCodeThatNobodyMaySeeAnywhere"
#define ACCESS "00D5e000000ABCD!AQcAQHinvented.T0ken.Chars_only"
#define REFRESH "5Aep861invented_invented_0123456789"
#define SECRET "INVENTEDCONSUMERSECRET0123456789"
#define ISSUED_AT G_GINT64_CONSTANT (1795437845123)

typedef struct
{
  ManualClock *clock;
  MockServer *org;
  SluiceSignIn *sign_in;
  GCancellable *cancellable;
  GAsyncResult *result;

  char *opened; /* (nullable): what the browser was asked to open */
  guint n_opened;
  gboolean listened_when_opened;
  guint n_ticks;
  guint16 port;
  char *state;
} Fixture;

/* What no message and no error may hold, gathered from all tests. */
static GPtrArray *secrets;

static void
keep_secret (const char *secret)
{
  g_ptr_array_add (secrets, g_strdup (secret));
}

static GHashTable *
parse_form (const char *text)
{
  g_autoptr(GError) error = NULL;
  GHashTable *form = g_uri_parse_params (text, -1, "&", G_URI_PARAMS_WWW_FORM, &error);

  g_assert_no_error (error);

  return form;
}

static GHashTable *
parse_url (const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED_QUERY, NULL);

  return parse_form (g_uri_get_query (uri));
}

static gboolean
is_listening (guint16 port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection != NULL;
}

static void
open_uri_cb (SluiceSignIn *sign_in,
             const char   *url,
             Fixture      *fixture)
{
  g_autoptr(GHashTable) query = parse_url (url);
  g_autoptr(GUri) redirect = g_uri_parse (g_hash_table_lookup (query, "redirect_uri"), G_URI_FLAGS_NONE, NULL);

  fixture->n_opened++;
  g_set_str (&fixture->opened, url);
  g_set_str (&fixture->state, g_hash_table_lookup (query, "state"));
  fixture->port = (guint16) g_uri_get_port (redirect);
  fixture->listened_when_opened = is_listening (fixture->port);
  keep_secret (fixture->state);
}

static void
ticked_cb (SluiceSignIn *sign_in,
           GParamSpec   *pspec,
           Fixture      *fixture)
{
  fixture->n_ticks++;
}

static void
make_sign_in (Fixture    *fixture,
              const char *api_url,
              const char *consumer_secret,
              gboolean    force_login)
{
  const char * const scopes[] = { "api", "refresh_token", "openid", "id", NULL };
  const guint16 any = 0;

  fixture->sign_in = g_object_new (SLUICE_TYPE_SIGN_IN,
                                   "api-url", api_url,
                                   "consumer-key", KEY,
                                   "consumer-secret", consumer_secret,
                                   "scopes", scopes,
                                   "callback-path", PATH,
                                   "clock", fixture->clock,
                                   "force-login", force_login,
                                   NULL);
  sluice_sign_in_set_ports (fixture->sign_in, &any, 1);
  g_signal_connect (fixture->sign_in, "open-uri", G_CALLBACK (open_uri_cb), fixture);
  g_signal_connect (fixture->sign_in, "notify::seconds-left", G_CALLBACK (ticked_cb), fixture);
}

static void
set_up_empty (Fixture       *fixture,
              gconstpointer  unused)
{
  fixture->clock = manual_clock_new ();
  fixture->org = mock_server_new ();
  fixture->cancellable = g_cancellable_new ();
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  set_up_empty (fixture, NULL);
  make_sign_in (fixture, mock_server_get_url (fixture->org), NULL, FALSE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  if (fixture->port != 0)
    g_assert_false (is_listening (fixture->port));

  g_clear_object (&fixture->result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->sign_in);
  g_assert_finalize_object (fixture->clock);
  g_object_unref (fixture->cancellable);
  mock_server_free (fixture->org);
  g_free (fixture->opened);
  g_free (fixture->state);
}

static void
start (Fixture *fixture)
{
  sluice_sign_in_run_async (fixture->sign_in, fixture->cancellable, keep_result, &fixture->result);
}

static void
start_and_wait (Fixture *fixture)
{
  start (fixture);
  wait_for (fixture->n_opened > 0);
}

static SluiceCredentials *
finish (Fixture  *fixture,
        GError  **error)
{
  g_autoptr(GAsyncResult) done = wait_result (&fixture->result);

  return sluice_sign_in_run_finish (fixture->sign_in, done, error);
}

static void
check_error (Fixture    *fixture,
             GQuark      domain,
             int         code,
             const char *server_code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (finish (fixture, &error));
  g_assert_error (error, domain, code);
  g_assert_cmpstr (sluice_error_get_server_code (error), ==, server_code);
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_FAILED);
  g_assert_null (sluice_sign_in_get_url (fixture->sign_in));
  g_assert_cmpuint (sluice_sign_in_get_seconds_left (fixture->sign_in), ==, 0);

  for (guint i = 0; i < secrets->len; i++)
    {
      g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);
      const char *text = sluice_error_get_server_text (error);
      const char *secret = g_ptr_array_index (secrets, i);

      g_assert_null (strstr (error->message, secret));
      g_assert_null (strstr (text != NULL ? text : "", secret));
      g_assert_null (strstr (advice->body, secret));
    }
}

static char *
make_callback (Fixture    *fixture,
               const char *query)
{
  return g_strdup_printf ("%s?%s&state=%s", PATH, query, fixture->state);
}

/* The browser follows the redirect; gives what it shows then. */
static char *
call_back (Fixture    *fixture,
           const char *query)
{
  g_autofree char *target = make_callback (fixture, query);

  return raw_browser_get (fixture->port, target);
}

static void
queue_tokens (Fixture *fixture)
{
  mock_server_queue_json (fixture->org, TOKEN_PATH, 200,
                          "{\"access_token\":\"" ACCESS "\",\"refresh_token\":\"" REFRESH "\","
                          "\"instance_url\":\"http://127.0.0.1:9\",\"id\":\"http://127.0.0.1:9/id/00D/005\","
                          "\"scope\":\"api\",\"token_type\":\"Bearer\",\"issued_at\":\"1795437845123\"}");
}

static void
check_success (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceCredentials) credentials = finish (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (credentials->access_token, ==, ACCESS);
  g_assert_cmpstr (credentials->refresh_token, ==, REFRESH);
  g_assert_cmpstr (credentials->instance_url, ==, "http://127.0.0.1:9");
  g_assert_cmpint (credentials->issued_at, ==, ISSUED_AT);
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_DONE);
  g_assert_null (sluice_sign_in_get_url (fixture->sign_in));
}

static void
test_address (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GHashTable) query = NULL;
  g_autofree char *redirect = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *prefix = g_strconcat (mock_server_get_url (fixture->org), "/services/oauth2/authorize?", NULL);

  start_and_wait (fixture);
  query = parse_url (fixture->opened);
  redirect = g_strdup_printf ("http://localhost:%u/OauthRedirect", fixture->port);
  g_object_get (fixture->sign_in, "redirect-uri", &shown, NULL);

  g_assert_true (fixture->listened_when_opened);
  g_assert_true (g_str_has_prefix (fixture->opened, prefix));
  g_assert_cmpstr (sluice_sign_in_get_url (fixture->sign_in), ==, fixture->opened);
  g_assert_cmpstr (g_hash_table_lookup (query, "redirect_uri"), ==, redirect);
  g_assert_cmpstr (shown, ==, redirect);
  g_assert_cmpstr (g_hash_table_lookup (query, "response_type"), ==, "code");
  g_assert_cmpstr (g_hash_table_lookup (query, "client_id"), ==, KEY);
  g_assert_cmpstr (g_hash_table_lookup (query, "code_challenge_method"), ==, "S256");
  g_assert_cmpstr (g_hash_table_lookup (query, "scope"), ==, "api refresh_token openid id");
  g_assert_cmpuint (strlen (g_hash_table_lookup (query, "code_challenge")), ==, 43);
  g_assert_cmpuint (strlen (fixture->state), ==, 43);
  g_assert_false (g_hash_table_contains (query, "prompt"));
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_WAITING);

  g_cancellable_cancel (fixture->cancellable);
  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_force_login (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GHashTable) query = NULL;

  make_sign_in (fixture, mock_server_get_url (fixture->org), NULL, TRUE);
  start_and_wait (fixture);
  query = parse_url (fixture->opened);

  g_assert_cmpstr (g_hash_table_lookup (query, "prompt"), ==, "login");

  g_cancellable_cancel (fixture->cancellable);
  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_exchange (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *page = NULL;
  g_autofree char *challenge = NULL;
  g_autoptr(GHashTable) query = NULL;
  g_autoptr(GHashTable) form = NULL;
  g_autoptr(MockRequest) request = NULL;

  queue_tokens (fixture);
  start_and_wait (fixture);
  page = call_back (fixture, "code=" CODE "%3D%3D");
  check_success (fixture);

  request = mock_server_dup_request (fixture->org, 0);
  query = parse_url (fixture->opened);
  form = parse_form (request->body);
  challenge = sluice_oauth_make_challenge (g_hash_table_lookup (form, "code_verifier"));
  keep_secret (g_hash_table_lookup (form, "code_verifier"));

  g_assert_nonnull (strstr (page, "Signed In at Salesforce"));
  g_assert_cmpuint (mock_server_get_n_requests (fixture->org), ==, 1);
  g_assert_cmpstr (request->path, ==, TOKEN_PATH);
  g_assert_cmpstr (g_hash_table_lookup (form, "grant_type"), ==, "authorization_code");
  g_assert_cmpstr (g_hash_table_lookup (form, "code"), ==, CODE "==");
  g_assert_cmpstr (g_hash_table_lookup (form, "client_id"), ==, KEY);
  g_assert_cmpstr (g_hash_table_lookup (form, "redirect_uri"), ==, g_hash_table_lookup (query, "redirect_uri"));
  g_assert_cmpstr (challenge, ==, g_hash_table_lookup (query, "code_challenge"));
  g_assert_false (g_hash_table_contains (form, "client_secret"));
}

static void
test_confidential (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = NULL;
  g_autoptr(GHashTable) form = NULL;
  g_autoptr(MockRequest) request = NULL;

  make_sign_in (fixture, mock_server_get_url (fixture->org), SECRET, FALSE);
  queue_tokens (fixture);
  start_and_wait (fixture);
  g_free (call_back (fixture, "code=" CODE));
  credentials = finish (fixture, NULL);
  request = mock_server_dup_request (fixture->org, 0);
  form = parse_form (request->body);

  g_assert_cmpstr (g_hash_table_lookup (form, "client_secret"), ==, SECRET);
  g_assert_cmpstr (credentials->consumer_secret, ==, SECRET);
}

static void
answer_at_once_cb (SluiceSignIn *sign_in,
                   const char   *url,
                   gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *target = make_callback (fixture, "code=" CODE);
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", target, fixture->port);

  g_object_set_data (G_OBJECT (sign_in), "browser", raw_browser_start ("127.0.0.1", fixture->port, request));
}

static void
test_instant_callback (Fixture       *fixture,
                       gconstpointer  unused)
{
  queue_tokens (fixture);
  g_signal_connect (fixture->sign_in, "open-uri", G_CALLBACK (answer_at_once_cb), fixture);
  start (fixture);
  check_success (fixture);

  g_free (raw_browser_finish (g_object_get_data (G_OBJECT (fixture->sign_in), "browser")));
  g_assert_cmpuint (fixture->n_opened, ==, 1);
}

static void
test_nine_minutes (Fixture       *fixture,
                   gconstpointer  unused)
{
  queue_tokens (fixture);
  start_and_wait (fixture);
  g_assert_cmpuint (sluice_sign_in_get_seconds_left (fixture->sign_in), ==, 600);
  manual_clock_advance (fixture->clock, 540 * G_USEC_PER_SEC);
  g_assert_cmpuint (sluice_sign_in_get_seconds_left (fixture->sign_in), ==, 60);
  g_assert_cmpuint (fixture->n_ticks, ==, 541);

  g_free (call_back (fixture, "code=" CODE));
  check_success (fixture);
}

static void
test_timeout (Fixture       *fixture,
              gconstpointer  unused)
{
  start_and_wait (fixture);
  manual_clock_advance (fixture->clock, 600 * G_USEC_PER_SEC - 1);
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_WAITING);
  g_assert_cmpuint (sluice_sign_in_get_seconds_left (fixture->sign_in), ==, 1);
  manual_clock_advance (fixture->clock, 1);

  g_assert_false (is_listening (fixture->port));
  check_error (fixture, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN, SLUICE_PROBLEM_SIGN_IN_TIMEOUT);
}

static void
test_extend (Fixture       *fixture,
             gconstpointer  unused)
{
  queue_tokens (fixture);
  start_and_wait (fixture);

  for (guint i = 0; i < 3; i++)
    {
      manual_clock_advance (fixture->clock, 599 * G_USEC_PER_SEC);
      sluice_sign_in_extend (fixture->sign_in);
      g_assert_cmpuint (sluice_sign_in_get_seconds_left (fixture->sign_in), ==, 600);
    }

  g_free (call_back (fixture, "code=" CODE));
  check_success (fixture);
  sluice_sign_in_extend (fixture->sign_in);
  g_assert_cmpuint (sluice_sign_in_get_seconds_left (fixture->sign_in), ==, 0);
}

static void
test_waiting_has_no_end_in_the_exchange (Fixture       *fixture,
                                         gconstpointer  unused)
{
  mock_server_queue (fixture->org, TOKEN_PATH,
                     mock_reply_hold (mock_reply_new (400, "application/json", "{\"error\":\"server_error\"}")));
  start_and_wait (fixture);
  g_free (call_back (fixture, "code=" CODE));
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_EXCHANGING);
  manual_clock_advance (fixture->clock, G_TIME_SPAN_HOUR);
  g_assert_null (fixture->result);

  g_cancellable_cancel (fixture->cancellable);
  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

/* The server's clock and ours are years apart: nobody minds. */
static void
test_wrong_clock (Fixture       *fixture,
                  gconstpointer  unused)
{
  MockReply *reply = mock_reply_new (200, "application/json",
                                     "{\"access_token\":\"" ACCESS "\",\"refresh_token\":\"" REFRESH "\","
                                     "\"instance_url\":\"http://127.0.0.1:9\",\"issued_at\":\"1795437845123\"}");

  mock_server_queue (fixture->org, TOKEN_PATH,
                     mock_reply_add_header (reply, "Date", "Wed, 01 Jan 2020 00:00:00 GMT"));
  start_and_wait (fixture);
  g_free (call_back (fixture, "code=" CODE));

  check_success (fixture);
}

static void
test_cancelled_before (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_cancellable_cancel (fixture->cancellable);
  start (fixture);

  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
cancel_cb (SluiceSignIn *sign_in,
           const char   *url,
           gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled_when_opened (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_signal_connect (fixture->sign_in, "open-uri", G_CALLBACK (cancel_cb), fixture->cancellable);
  start (fixture);

  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_cancelled_in_the_exchange (Fixture       *fixture,
                                gconstpointer  unused)
{
  mock_server_queue (fixture->org, TOKEN_PATH, mock_reply_hold (mock_reply_new (200, "application/json", "{}")));
  start_and_wait (fixture);
  g_free (call_back (fixture, "code=" CODE));
  g_cancellable_cancel (fixture->cancellable);

  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  unused)
{
  start_and_wait (fixture);
  sluice_sign_in_cancel (fixture->sign_in);

  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  sluice_sign_in_cancel (fixture->sign_in);
}

static void
test_quit_while_waiting (Fixture       *fixture,
                         gconstpointer  unused)
{
  start_and_wait (fixture);
  g_object_run_dispose (G_OBJECT (fixture->sign_in));
  g_assert_false (is_listening (fixture->port));

  check_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_wrong_state_goes_on (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autofree char *page = NULL;

  queue_tokens (fixture);
  start_and_wait (fixture);
  page = raw_browser_get (fixture->port, PATH "?code=stolen&state=stolen");
  g_assert_nonnull (strstr (page, "Not This Sign-In"));
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_WAITING);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->org), ==, 0);

  g_free (call_back (fixture, "code=" CODE));
  check_success (fixture);
}

static void
test_replay_in_the_exchange (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autofree char *page = NULL;

  mock_server_queue (fixture->org, TOKEN_PATH, mock_reply_hold (mock_reply_new (400, "application/json",
                                                                                "{\"error\":\"access_denied\"}")));
  start_and_wait (fixture);
  g_free (call_back (fixture, "code=" CODE));
  page = call_back (fixture, "code=" CODE);
  wait_for (mock_server_get_n_held (fixture->org) == 1);
  mock_server_release (fixture->org);

  g_assert_nonnull (strstr (page, "Already Used"));
  check_error (fixture, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN, "access_denied");
  g_assert_cmpuint (mock_server_get_n_requests (fixture->org), ==, 1);
}

typedef struct
{
  const char *query;
  SluiceError code;
  const char *server_code;
  const char *page; /* (nullable): what the browser shows */
} Refusal;

/* Wire reference 1.5 A. */
static const Refusal redirected[] = {
  { "error=access_denied&error_description=end-user+denied+authorization", SLUICE_ERROR_SIGN_IN, "access_denied",
    "Access Denied" },
  { "error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin", SLUICE_ERROR_FORBIDDEN,
    "OAUTH_APP_BLOCKED", "App Blocked" },
  { "error=OAUTH_APP_ACCESS_DENIED&error_description=user+is+not+admin+approved+to+access+this+app",
    SLUICE_ERROR_FORBIDDEN, "OAUTH_APP_ACCESS_DENIED", "User Not Approved" },
  { "error=OAUTH_AUTHORIZATION_BLOCKED", SLUICE_ERROR_FORBIDDEN, "OAUTH_AUTHORIZATION_BLOCKED", "App Restricted" },
  { "error=invalid_scope&error_description=the+requested+scope+is+not+allowed", SLUICE_ERROR_FORBIDDEN,
    "invalid_scope", "Scope Missing" },
  { "error=immediate_unsuccessful", SLUICE_ERROR_SIGN_IN, "immediate_unsuccessful", "Nobody Signed In" },
};

static void
test_redirected_error (Fixture       *fixture,
                       gconstpointer  data)
{
  const Refusal *refusal = data;
  g_autofree char *page = NULL;

  start_and_wait (fixture);
  page = call_back (fixture, refusal->query);

  g_assert_nonnull (strstr (page, refusal->page));
  check_error (fixture, SLUICE_ERROR, (int) refusal->code, refusal->server_code);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->org), ==, 0);
}

/* Wire reference 1.5 B. */
static const Refusal reported[] = {
  { "https://northpier.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=redirect_uri_mismatch"
    "&error_description=redirect_uri%20must%20match%20configuration", SLUICE_ERROR_INVALID, "redirect_uri_mismatch", NULL },
  { "https://login.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=redirect_uri_mismatch"
    "&error_description=redirect_uri must match configuration", SLUICE_ERROR_INVALID, "redirect_uri_mismatch", NULL },
  { "  \"https://login.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_client_id"
    "&error_description=client+identifier+invalid\"\n", SLUICE_ERROR_INVALID, "invalid_client_id", NULL },
  { "login.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_client"
    "&error_description=app+must+be+installed+into+org", SLUICE_ERROR_FORBIDDEN, "invalid_client", NULL },
  { "https://northpier.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=OAUTH_EC_APP_NOT_FOUND",
    SLUICE_ERROR_FORBIDDEN, "OAUTH_EC_APP_NOT_FOUND", NULL },
  { "https://northpier.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_scope",
    SLUICE_ERROR_FORBIDDEN, "invalid_scope", NULL },
  { "https://northpier.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=OAUTH_APPROVAL_ERROR_GENERIC",
    SLUICE_ERROR_FORBIDDEN, "OAUTH_APPROVAL_ERROR_GENERIC", NULL },
  { "https://northpier.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=1800", SLUICE_ERROR_OFFLINE,
    "1800", NULL },
  { "We can't authorize you because of an OAuth error. OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occurred",
    SLUICE_ERROR_FORBIDDEN, "OAUTH_APPROVAL_ERROR_GENERIC", NULL },
};

static void
test_reported_error (Fixture       *fixture,
                     gconstpointer  data)
{
  const Refusal *refusal = data;
  g_autoptr(GError) error = NULL;

  start_and_wait (fixture);
  g_assert_true (sluice_sign_in_report_address (fixture->sign_in, refusal->query, &error));

  g_assert_no_error (error);
  check_error (fixture, SLUICE_ERROR, (int) refusal->code, refusal->server_code);
}

static void
test_useless_addresses (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autofree char *huge = g_strnfill (20000, 'x');
  g_autofree char *wrong_state = NULL;
  g_autofree char *other_port = NULL;
  g_autofree char *other_path = NULL;

  queue_tokens (fixture);
  start_and_wait (fixture);
  wrong_state = g_strdup_printf ("http://localhost:%u" PATH "?code=x&state=other", fixture->port);
  other_port = g_strdup_printf ("http://localhost:%u" PATH "?code=x&state=%s", fixture->port ^ 1, fixture->state);
  other_path = g_strdup_printf ("http://localhost:%u/other?code=x&state=%s", fixture->port, fixture->state);

  {
    const char *addresses[] = {
      "",
      "   ",
      "hello world",
      "https://",
      "https://evil.example/setup/secur/RemoteAccessErrorPage.apexp?error=access_denied",
      "https://login.salesforce.com@evil.example/?error=access_denied",
      "http://login.salesforce.com/?error=access_denied",
      "https://login.salesforce.com/services/oauth2/authorize?client_id=x",
      "https://login.salesforce.com/?error=",
      "javascript:alert(1)",
      "file:///etc/passwd?error=access_denied",
      "https://login.salesforce.com/\xff?error=access_denied",
      huge,
      wrong_state,
      other_port,
      other_path,
    };

    for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
      {
        g_autoptr(GError) error = NULL;

        g_assert_false (sluice_sign_in_report_address (fixture->sign_in, addresses[i], &error));
        g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
        g_assert_null (strstr (error->message, fixture->state));
      }
  }

  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_WAITING);
  g_free (call_back (fixture, "code=" CODE));
  check_success (fixture);
}

static void
test_reported_callback (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  queue_tokens (fixture);
  start_and_wait (fixture);
  address = g_strdup_printf (" localhost:%u" PATH "?code=" CODE "&state=%s ", fixture->port, fixture->state);
  g_assert_true (sluice_sign_in_report_address (fixture->sign_in, address, &error));
  g_assert_no_error (error);

  check_success (fixture);
  g_assert_false (sluice_sign_in_report_address (fixture->sign_in, address, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_reported_denial (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *address = NULL;

  start_and_wait (fixture);
  address = g_strdup_printf ("http://localhost:%u" PATH "?error=access_denied&state=%s", fixture->port, fixture->state);
  g_assert_true (sluice_sign_in_report_address (fixture->sign_in, address, NULL));

  check_error (fixture, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN, "access_denied");
}

typedef struct
{
  const char *name;
  guint status;
  const char *type;
  const char *body;
  MockDelivery delivery;
  SluiceError code;
  const char *server_code;
} Failure;

#define ERROR_BODY(error, text) "{\"error\":\"" error "\",\"error_description\":\"" text "\"}"

static const Failure failures[] = {
  { "dropped", 200, "application/json", "{}", MOCK_DROPPED, SLUICE_ERROR_OFFLINE, SLUICE_PROBLEM_NETWORK },
  { "cut", 200, "application/json", "{\"access_token\":\"" ACCESS "\",\"instance_url\":\"http://127.0.0.1:9\"}", MOCK_CUT,
    SLUICE_ERROR_OFFLINE, SLUICE_PROBLEM_NETWORK },
  { "html", 200, "text/html", "<html>" CODE "</html>", MOCK_WHOLE, SLUICE_ERROR_OFFLINE, SLUICE_PROBLEM_NOT_JSON },
  { "maintenance", 503, "text/html", "<html>", MOCK_WHOLE, SLUICE_ERROR_OFFLINE, SLUICE_PROBLEM_NOT_JSON },
  { "redirect", 302, "text/html", "<html>", MOCK_WHOLE, SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_REDIRECT },
  { "half-json", 200, "application/json", "{\"access_token\":", MOCK_WHOLE, SLUICE_ERROR_PROTOCOL, NULL },
  { "foreign-host", 200, "application/json",
    "{\"access_token\":\"" ACCESS "\",\"instance_url\":\"https://evil.example\"}", MOCK_WHOLE,
    SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_UNTRUSTED_HOST },
  { "expired-code", 400, "application/json", ERROR_BODY ("invalid_grant", "expired authorization code"), MOCK_WHOLE,
    SLUICE_ERROR_SIGN_IN, "invalid_grant" },
  { "invalid-code", 400, "application/json", ERROR_BODY ("invalid_grant", "invalid authorization code"), MOCK_WHOLE,
    SLUICE_ERROR_SIGN_IN, "invalid_grant" },
  { "echoed-code", 400, "application/json", ERROR_BODY ("invalid_grant", "invalid authorization code " CODE), MOCK_WHOLE,
    SLUICE_ERROR_SIGN_IN, "invalid_grant" },
  { "verifier", 400, "application/json", ERROR_BODY ("invalid_grant", "invalid code verifier"), MOCK_WHOLE,
    SLUICE_ERROR_PROTOCOL, "invalid_grant" },
  { "inactive-user", 400, "application/json", ERROR_BODY ("invalid_grant", "inactive user"), MOCK_WHOLE,
    SLUICE_ERROR_FORBIDDEN, "invalid_grant" },
  { "ip", 400, "application/json", ERROR_BODY ("invalid_grant", "ip restricted"), MOCK_WHOLE,
    SLUICE_ERROR_FORBIDDEN, "invalid_grant" },
  { "request", 400, "application/json", ERROR_BODY ("invalid_request", "missing required parameter: code"), MOCK_WHOLE,
    SLUICE_ERROR_PROTOCOL, "invalid_request" },
  { "key", 400, "application/json", ERROR_BODY ("invalid_client_id", "client identifier invalid"), MOCK_WHOLE,
    SLUICE_ERROR_INVALID, "invalid_client_id" },
  { "secret", 400, "application/json", ERROR_BODY ("invalid_client", "invalid client credentials"), MOCK_WHOLE,
    SLUICE_ERROR_INVALID, "invalid_client" },
  { "redirect-uri", 400, "application/json",
    ERROR_BODY ("redirect_uri_mismatch", "redirect_uri must match configuration"), MOCK_WHOLE,
    SLUICE_ERROR_INVALID, "redirect_uri_mismatch" },
  { "grant-type", 400, "application/json", ERROR_BODY ("unsupported_grant_type", "grant type not supported"), MOCK_WHOLE,
    SLUICE_ERROR_PROTOCOL, "unsupported_grant_type" },
  { "rate", 400, "application/json", ERROR_BODY ("rate_limit_exceeded", ""), MOCK_WHOLE, SLUICE_ERROR_LIMIT,
    "rate_limit_exceeded" },
  { "server-error", 400, "application/json", ERROR_BODY ("server_error", ""), MOCK_WHOLE, SLUICE_ERROR_OFFLINE,
    "server_error" },
};

static void
test_failed_exchange (Fixture       *fixture,
                      gconstpointer  data)
{
  const Failure *failure = data;
  MockReply *reply = mock_reply_new (failure->status, failure->type, failure->body);

  mock_server_queue (fixture->org, TOKEN_PATH, mock_reply_set_delivery (reply, failure->delivery));
  start_and_wait (fixture);
  g_free (call_back (fixture, "code=" CODE));

  check_error (fixture, SLUICE_ERROR, (int) failure->code, failure->server_code);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->org), ==, 1);
}

static void
test_foreign_api_url (Fixture       *fixture,
                      gconstpointer  unused)
{
  make_sign_in (fixture, "https://login.salesforce.com.evil.example", NULL, FALSE);
  start (fixture);

  check_error (fixture, SLUICE_ERROR, SLUICE_ERROR_INVALID, SLUICE_PROBLEM_UNTRUSTED_HOST);
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
test_no_consumer_key (Fixture       *fixture,
                      gconstpointer  unused)
{
  const guint16 any = 0;

  fixture->sign_in = g_object_new (SLUICE_TYPE_SIGN_IN, "api-url", "https://login.salesforce.com",
                                   "clock", fixture->clock, NULL);
  sluice_sign_in_set_ports (fixture->sign_in, &any, 1);
  start (fixture);

  check_error (fixture, SLUICE_ERROR, SLUICE_ERROR_INVALID, NULL);
}

static void
test_all_ports_busy (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GSocketListener) other = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (other, NULL, NULL);

  sluice_sign_in_set_ports (fixture->sign_in, &port, 1);
  start (fixture);

  check_error (fixture, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN, SLUICE_PROBLEM_PORTS_BUSY);
  g_assert_cmpuint (fixture->n_opened, ==, 0);
  g_socket_listener_close (other);
}

/* Two at once: the second listens on the next port, and each takes its own answer only. */
static void
test_second_sign_in (Fixture       *fixture,
                     gconstpointer  unused)
{
  Fixture second = { .clock = fixture->clock, .org = fixture->org, .cancellable = fixture->cancellable };
  guint16 ports[2];
  g_autofree char *mixed = NULL;
  g_autofree char *page = NULL;

  start_and_wait (fixture);
  ports[0] = fixture->port;
  ports[1] = 0;

  make_sign_in (&second, mock_server_get_url (fixture->org), NULL, FALSE);
  sluice_sign_in_set_ports (second.sign_in, ports, 2);
  start_and_wait (&second);
  g_assert_cmpuint (second.port, !=, fixture->port);
  g_assert_cmpstr (second.state, !=, fixture->state);

  mixed = make_callback (fixture, "code=" CODE);
  page = raw_browser_get (second.port, mixed);
  g_assert_nonnull (strstr (page, "Not This Sign-In"));

  queue_tokens (fixture);
  g_free (call_back (&second, "code=" CODE));
  check_success (&second);
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_WAITING);

  queue_tokens (fixture);
  g_free (call_back (fixture, "code=" CODE));
  check_success (fixture);

  g_assert_finalize_object (second.sign_in);
  g_free (second.opened);
  g_free (second.state);
}

/* Goes last. */
static void
test_nothing_logged (void)
{
  g_assert_true (log_catcher_contains ("POST " TOKEN_PATH));
  g_assert_cmpuint (secrets->len, >, 20);

  for (guint i = 0; i < secrets->len; i++)
    g_assert_false (log_catcher_contains (g_ptr_array_index (secrets, i)));
}

static void
add (const char    *path,
     gconstpointer  data,
     void        (* before) (Fixture *, gconstpointer),
     void        (* func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, before, func, tear_down);
}

static void
add_tables (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (redirected); i++)
    {
      g_autofree char *path = g_strconcat ("/net/sign-in/redirected-error/", redirected[i].server_code, NULL);

      add (path, &redirected[i], set_up, test_redirected_error);
    }

  for (guint i = 0; i < G_N_ELEMENTS (reported); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/sign-in/reported-error/%s-%u", reported[i].server_code, i);

      add (path, &reported[i], set_up, test_reported_error);
    }

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/net/sign-in/failed-exchange/", failures[i].name, NULL);

      add (path, &failures[i], set_up, test_failed_exchange);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char * const known[] = { CODE, ACCESS, REFRESH, SECRET };
  int status;

  secrets = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    keep_secret (known[i]);

  log_catcher_install ();
  g_test_init (&argc, &argv, NULL);

  add ("/net/sign-in/address", NULL, set_up, test_address);
  add ("/net/sign-in/force-login", NULL, set_up_empty, test_force_login);
  add ("/net/sign-in/exchange", NULL, set_up, test_exchange);
  add ("/net/sign-in/confidential", NULL, set_up_empty, test_confidential);
  add ("/net/sign-in/instant-callback", NULL, set_up, test_instant_callback);
  add ("/net/sign-in/nine-minutes", NULL, set_up, test_nine_minutes);
  add ("/net/sign-in/timeout", NULL, set_up, test_timeout);
  add ("/net/sign-in/extend", NULL, set_up, test_extend);
  add ("/net/sign-in/waiting-has-no-end-in-the-exchange", NULL, set_up, test_waiting_has_no_end_in_the_exchange);
  add ("/net/sign-in/wrong-clock", NULL, set_up, test_wrong_clock);
  add ("/net/sign-in/cancelled-before", NULL, set_up, test_cancelled_before);
  add ("/net/sign-in/cancelled-when-opened", NULL, set_up, test_cancelled_when_opened);
  add ("/net/sign-in/cancelled-in-the-exchange", NULL, set_up, test_cancelled_in_the_exchange);
  add ("/net/sign-in/cancel", NULL, set_up, test_cancel);
  add ("/net/sign-in/quit-while-waiting", NULL, set_up, test_quit_while_waiting);
  add ("/net/sign-in/wrong-state-goes-on", NULL, set_up, test_wrong_state_goes_on);
  add ("/net/sign-in/replay-in-the-exchange", NULL, set_up, test_replay_in_the_exchange);
  add ("/net/sign-in/useless-addresses", NULL, set_up, test_useless_addresses);
  add ("/net/sign-in/reported-callback", NULL, set_up, test_reported_callback);
  add ("/net/sign-in/reported-denial", NULL, set_up, test_reported_denial);
  add ("/net/sign-in/foreign-api-url", NULL, set_up_empty, test_foreign_api_url);
  add ("/net/sign-in/no-consumer-key", NULL, set_up_empty, test_no_consumer_key);
  add ("/net/sign-in/all-ports-busy", NULL, set_up, test_all_ports_busy);
  add ("/net/sign-in/second-sign-in", NULL, set_up, test_second_sign_in);
  add_tables ();
  g_test_add_func ("/net/sign-in/nothing-logged", test_nothing_logged);

  status = g_test_run ();
  g_ptr_array_unref (secrets);

  return status;
}
