/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-session.h"

#include <string.h>

#include "mock-server.h"
#include "sluice-error.h"
#include "test-utils.h"

typedef struct
{
  MockServer *server;
  SoupSession *session;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->server = mock_server_new ();
  fixture->session = sluice_session_new (4);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->session);
  mock_server_free (fixture->server);
}

static SoupMessage *
new_message (Fixture    *fixture,
             const char *method,
             const char *path)
{
  g_autofree char *url = g_strconcat (mock_server_get_url (fixture->server), path, NULL);
  g_autoptr(GError) error = NULL;
  SoupMessage *message = sluice_session_new_message (method, url, &error);

  g_assert_no_error (error);

  return message;
}

static GBytes *
send (Fixture      *fixture,
      SoupMessage  *message,
      GError      **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  soup_session_send_and_read_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL, keep_result, &result);
  done = wait_result (&result);

  return soup_session_send_and_read_finish (fixture->session, done, error);
}

static void
test_says_who_we_are (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(SoupMessage) message = new_message (fixture, "GET", "/services/data");
  g_autoptr(MockRequest) request = NULL;
  g_autoptr(GBytes) body = NULL;

  mock_server_queue_json (fixture->server, NULL, 200, "[]");
  body = send (fixture, message, NULL);
  request = mock_server_dup_request (fixture->server, 0);

  g_assert_cmpstr (mock_request_get_header (request, "User-Agent"), ==, "Sluice/" PACKAGE_VERSION);
  g_assert_nonnull (strstr (mock_request_get_header (request, "Accept-Encoding"), "gzip"));
}

static void
test_inflates (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(SoupMessage) message = new_message (fixture, "GET", "/services/data");
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = NULL;

  mock_server_queue (fixture->server, NULL,
                     mock_reply_set_delivery (mock_reply_new (200, "application/json", "[1,2,3]"), MOCK_GZIP));
  body = send (fixture, message, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), "[1,2,3]", 7);
}

static void
test_follows_no_redirect (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(SoupMessage) message = new_message (fixture, "GET", "/services/data");
  g_autoptr(GBytes) body = NULL;

  mock_server_queue (fixture->server, NULL,
                     mock_reply_add_header (mock_reply_new (302, "text/html", "moved"), "Location", "/elsewhere"));
  body = send (fixture, message, NULL);

  g_assert_cmpuint (soup_message_get_status (message), ==, 302);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_keeps_no_cookies (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(MockRequest) request = NULL;

  mock_server_queue (fixture->server, NULL,
                     mock_reply_add_header (mock_reply_new (200, "text/plain", "1"), "Set-Cookie", "BrowserId=x"));
  mock_server_queue_json (fixture->server, NULL, 200, "[]");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(SoupMessage) message = new_message (fixture, "GET", "/services/data");
      g_autoptr(GBytes) body = send (fixture, message, NULL);
    }

  request = mock_server_dup_request (fixture->server, 1);
  g_assert_null (mock_request_get_header (request, "Cookie"));
}

static void
test_refuses_plain_http (void)
{
  static const char * const urls[] = {
    "http://northpier.my.salesforce.com/services/data",
    "http://localhost.evil.example/",
    "ftp://localhost/",
    "https://user@northpier.my.salesforce.com/",
    "northpier",
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (sluice_session_new_message ("GET", urls[i], &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
    }
}

static void
test_redacts (void)
{
  static const char * const lines[] = {
    "Authorization: Bearer SECRET",
    "> Authorization: Basic dTpwdw==SECRET",
    "> authorization : SECRET",
    "> Proxy-Authorization: SECRET",
    "< Set-Cookie: BrowserId=SECRET; Secure",
    "> Cookie: sid=SECRET",
    "> GET /cb?code=aPrxSECRET%3D%3D&state=SECRET HTTP/1.1",
    "< Location: http://localhost:7717/OauthRedirect?code=SECRET&state=SECRET",
    "grant_type=refresh_token&refresh_token=SECRET&client_id=demo&client_secret=SECRET",
    "code_verifier=SECRET&grant_type=authorization_code&code=SECRET",
    "token=SECRET",
    "{\"access_token\":\"00DSECRET\",\"id_token\" : \"SECRET\\\"SECRET\",\"signature\":\"SECRET\"}",
    "{\"refresh_token\":\"SECRET",
    "{\"secret\":SECRET}",
    "Using Bearer SECRET for this",
    "The token is 00D5e000000ABCD!AQcAQHSECRET.T0ken_SECRET here",
    "first line\n> Authorization: SECRET\nlast line",
    "username=u&password=SECRET",
    "\xff\xfe Authorization: x\n> Cookie: SECRET\xff",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *redacted = sluice_session_redact (lines[i]);

      g_test_message ("%s", redacted);
      g_assert_null (strstr (redacted, "SECRET"));
    }
}

static void
test_keeps_the_rest (void)
{
  static const char * const lines[] = {
    "> GET /services/data/v68.0/limits HTTP/1.1",
    "< Sforce-Limit-Info: api-usage=18/5000",
    "< x-sfdc-request-id: 0123456789abcdef",
    "{\"errorCode\":\"INVALID_SESSION_ID\",\"message\":\"Session expired or invalid\"}",
    "https://login.salesforce.com/id/00D5e000000ABCDEA4/0055e000000FGHIAA4",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *redacted = sluice_session_redact (lines[i]);

      g_assert_cmpstr (redacted, ==, lines[i]);
    }
}

/* Everything that is logged while the test runs. */
static GString *log_text;
static GMutex log_mutex;

static GLogWriterOutput
keep_log (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         user_data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&log_mutex);

  for (gsize i = 0; i < n_fields; i++)
    {
      if (log_text != NULL && g_str_equal (fields[i].key, "MESSAGE"))
        g_string_append_printf (log_text, "%s\n", (const char *) fields[i].value);
    }

  return G_LOG_WRITER_HANDLED;
}

static void
test_logs_no_secret (void)
{
  static const char * const domains[] = { "all", NULL };
  Fixture fixture;
  g_autofree char *text = NULL;

  g_log_writer_default_set_debug_domains (domains);
  log_text = g_string_new (NULL);
  set_up (&fixture, NULL);

  mock_server_queue (fixture.server, NULL,
                     mock_reply_add_header (mock_reply_new (302, "text/html", "SECRET"), "Location",
                                            "http://localhost:7717/OauthRedirect?code=SECRET&state=SECRET"));
  mock_server_queue (fixture.server, NULL,
                     mock_reply_add_header (mock_reply_new (200, "application/json",
                                                            "{\"access_token\":\"SECRET\",\"refresh_token\":\"SECRET\"}"),
                                            "Set-Cookie", "sid=SECRET; path=/"));

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(SoupMessage) message = new_message (&fixture, "POST", "/services/oauth2/token?code=SECRET");
      g_autoptr(GBytes) form = g_bytes_new_static ("refresh_token=SECRET", 20);
      g_autoptr(GBytes) body = NULL;

      soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", "Bearer SECRET");
      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", form);
      body = send (&fixture, message, NULL);
      g_assert_nonnull (body);
    }

  tear_down (&fixture, NULL);
  g_log_writer_default_set_debug_domains (NULL);

  g_mutex_lock (&log_mutex);
  text = g_string_free (g_steal_pointer (&log_text), FALSE);
  g_mutex_unlock (&log_mutex);

  g_assert_nonnull (strstr (text, "/services/oauth2/token"));
  g_assert_nonnull (strstr (text, "Authorization: [hidden]"));
  g_assert_null (strstr (text, "SECRET"));
}

int
main (int   argc,
      char *argv[])
{
  g_log_set_writer_func (keep_log, NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/net/session/says-who-we-are", Fixture, NULL, set_up, test_says_who_we_are, tear_down);
  g_test_add ("/net/session/inflates", Fixture, NULL, set_up, test_inflates, tear_down);
  g_test_add ("/net/session/follows-no-redirect", Fixture, NULL, set_up, test_follows_no_redirect, tear_down);
  g_test_add ("/net/session/keeps-no-cookies", Fixture, NULL, set_up, test_keeps_no_cookies, tear_down);
  g_test_add_func ("/net/session/refuses-plain-http", test_refuses_plain_http);
  g_test_add_func ("/net/session/redacts", test_redacts);
  g_test_add_func ("/net/session/keeps-the-rest", test_keeps_the_rest);
  g_test_add_func ("/net/session/logs-no-secret", test_logs_no_secret);

  return g_test_run ();
}
