/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-token-endpoint.h"

#include <string.h>

#include "mock-server.h"
#include "sluice-error.h"
#include "sluice-oauth.h"
#include "sluice-problem.h"
#include "sluice-session.h"
#include "test-utils.h"

typedef struct
{
  MockServer *server;
  SoupSession *session;
  guint status;
  char *type;
  GError *error;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->server = mock_server_new ();
  fixture->session = sluice_session_new (1);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_free (fixture->type);
  g_clear_error (&fixture->error);
  mock_server_free (fixture->server);

  /* A request that was cancelled holds it until the server has gone. */
  g_object_add_weak_pointer (G_OBJECT (fixture->session), (gpointer *) &fixture->session);
  g_object_unref (fixture->session);
  wait_for (fixture->session == NULL);
}

static char *
post (Fixture      *fixture,
      const char   *url,
      GCancellable *cancellable)
{
  g_autoptr(GBytes) form = sluice_oauth_build_revoke_form ("secret-token");
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_token_endpoint_post_async (fixture->session, url != NULL ? url : mock_server_get_url (fixture->server),
                                    SLUICE_OAUTH_TOKEN_PATH, form, cancellable, keep_result, &result);
  done = wait_result (&result);
  body = sluice_token_endpoint_post_finish (done, &fixture->status, &fixture->type, &fixture->error);

  return body != NULL ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body)) : NULL;
}

static void
test_posts (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *body = NULL;
  g_autoptr(MockRequest) request = NULL;

  mock_server_queue_json (fixture->server, NULL, 400, "{\"error\":\"x\"}");
  body = post (fixture, NULL, NULL);
  request = mock_server_dup_request (fixture->server, 0);

  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->status, ==, 400);
  g_assert_cmpstr (fixture->type, ==, "application/json");
  g_assert_cmpstr (body, ==, "{\"error\":\"x\"}");
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->path, ==, "/services/oauth2/token");
  g_assert_null (request->query);
  g_assert_cmpstr (request->body, ==, "token=secret-token");
  g_assert_cmpstr (mock_request_get_header (request, "Content-Type"), ==, "application/x-www-form-urlencoded");
  g_assert_cmpstr (mock_request_get_header (request, "Accept"), ==, "application/json");
  g_assert_null (mock_request_get_header (request, "Authorization"));
}

static void
test_refuses_foreign_hosts (Fixture       *fixture,
                            gconstpointer  unused)
{
  static const char * const urls[] = {
    "https://evil.example",
    "http://login.salesforce.com",
    "https://login.salesforce.com@evil.example",
    "nonsense",
  };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_assert_null (post (fixture, urls[i], NULL));
      g_assert_error (fixture->error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      g_assert_cmpstr (sluice_error_get_server_code (fixture->error), ==, SLUICE_PROBLEM_UNTRUSTED_HOST);
      g_clear_error (&fixture->error);
    }
}

static void
test_follows_no_redirect (Fixture       *fixture,
                          gconstpointer  unused)
{
  MockReply *reply = mock_reply_new (307, "text/html", "<html>");

  mock_server_queue (fixture->server, NULL, mock_reply_add_header (reply, "Location", "/elsewhere"));
  g_free (post (fixture, NULL, NULL));

  g_assert_cmpuint (fixture->status, ==, 307);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_sends_once (Fixture       *fixture,
                 gconstpointer  unused)
{
  /* A live connection in the pool first, which a careless client would use again and again. */
  mock_server_queue_json (fixture->server, NULL, 200, "{}");
  g_free (post (fixture, NULL, NULL));
  g_clear_pointer (&fixture->type, g_free);

  mock_server_queue (fixture->server, NULL, mock_reply_set_delivery (mock_reply_new (200, "application/json", "{}"),
                                                                     MOCK_DROPPED));
  g_assert_null (post (fixture, NULL, NULL));

  g_assert_error (fixture->error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_cmpstr (sluice_error_get_server_code (fixture->error), ==, SLUICE_PROBLEM_NETWORK);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 2);
}

static void
test_cut_answer (Fixture       *fixture,
                 gconstpointer  unused)
{
  mock_server_queue (fixture->server, NULL,
                     mock_reply_set_delivery (mock_reply_new (200, "application/json", "{\"access_token\":\"a\"}"),
                                              MOCK_CUT));
  g_assert_null (post (fixture, NULL, NULL));

  g_assert_error (fixture->error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_too_large (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *huge = g_strnfill (1000000, ' ');

  mock_server_queue_json (fixture->server, NULL, 200, huge);
  g_assert_null (post (fixture, NULL, NULL));

  g_assert_error (fixture->error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpstr (sluice_error_get_server_code (fixture->error), ==, SLUICE_PROBLEM_TOO_LARGE);
}

static void
test_nobody_there (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", g_socket_listener_add_any_inet_port (listener, NULL, NULL));

  g_socket_listener_close (listener);
  g_assert_null (post (fixture, url, NULL));

  g_assert_error (fixture->error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_cmpstr (sluice_error_get_server_code (fixture->error), ==, SLUICE_PROBLEM_NETWORK);
  g_assert_cmpuint (fixture->status, ==, 0);
}

static gboolean
cancel_when_held_cb (gpointer user_data)
{
  gpointer *both = user_data;

  if (mock_server_get_n_held (both[0]) == 0)
    return G_SOURCE_CONTINUE;

  g_cancellable_cancel (both[1]);

  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { fixture->server, cancellable };

  mock_server_queue (fixture->server, NULL, mock_reply_hold (mock_reply_new (200, "application/json", "{}")));
  g_timeout_add (5, cancel_when_held_cb, both);
  g_assert_null (post (fixture, NULL, cancellable));

  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add (const char *path,
     void      (* func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/net/token-endpoint/posts", test_posts);
  add ("/net/token-endpoint/refuses-foreign-hosts", test_refuses_foreign_hosts);
  add ("/net/token-endpoint/follows-no-redirect", test_follows_no_redirect);
  add ("/net/token-endpoint/sends-once", test_sends_once);
  add ("/net/token-endpoint/cut-answer", test_cut_answer);
  add ("/net/token-endpoint/too-large", test_too_large);
  add ("/net/token-endpoint/nobody-there", test_nobody_there);
  add ("/net/token-endpoint/cancel", test_cancel);

  return g_test_run ();
}
