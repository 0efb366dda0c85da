/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-loopback.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log-catcher.h"
#include "raw-browser.h"
#include "sluice-answer-page.h"
#include "sluice-credentials.h"
#include "sluice-error.h"
#include "sluice-problem.h"
#include "test-utils.h"

#define PATH "/OauthRedirect"
#define STATE "u8RkIFxhyZ7CUq3vQ2K9pQbWm1Xo5sT4dNaLgHeYcJw"
#define CODE "aPrxInventedCodeThatNobodyMaySeeAnywhere"
#define CALLBACK PATH "?code=" CODE "%3D%3D&state=" STATE

/* A computer that lacks one of the two: GLib finds this function before the C library's. */
static int missing_family[2];

int
socket (int domain,
        int type,
        int protocol)
{
  if (domain == missing_family[0] || domain == missing_family[1])
    {
      errno = EAFNOSUPPORT;
      return -1;
    }

  return (int) syscall (SYS_socket, domain, type, protocol);
}

typedef struct
{
  SluiceLoopback *loopback;
  guint n_answers;
  char *code;
  GError *error;
  gboolean close_when_answered;
} Fixture;

static void
answered_cb (char     *code,
             GError   *error,
             gpointer  user_data)
{
  Fixture *fixture = user_data;

  fixture->n_answers++;
  fixture->code = code;
  fixture->error = error;

  if (fixture->close_when_answered)
    sluice_loopback_close (fixture->loopback);
}

static gboolean
listen_on (SluiceLoopback  *loopback,
           const guint16   *ports,
           guint            n_ports,
           GError         **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_loopback_listen_async (loopback, ports, n_ports, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_loopback_listen_finish (loopback, done, error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  const guint16 any = 0;
  g_autoptr(GError) error = NULL;

  fixture->loopback = sluice_loopback_new (PATH, STATE, answered_cb, fixture);
  g_assert_true (listen_on (fixture->loopback, &any, 1, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  sluice_loopback_close (fixture->loopback);
  g_assert_finalize_object (fixture->loopback);
  sluice_secret_free (fixture->code);
  g_clear_error (&fixture->error);
  missing_family[0] = missing_family[1] = -1;

  /* Pages that linger are sent by now, or their time is up. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static guint16
get_port (Fixture *fixture)
{
  return sluice_loopback_get_port (fixture->loopback);
}

static char *
get (Fixture    *fixture,
     const char *target)
{
  return raw_browser_get (get_port (fixture), target);
}

static char *
say (Fixture    *fixture,
     const char *method,
     const char *target,
     const char *host,
     const char *more)
{
  g_autofree char *ours = g_strdup_printf ("localhost:%u", get_port (fixture));
  g_autofree char *request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", method, target,
                                              host != NULL ? host : ours, more != NULL ? more : "");

  return raw_browser_ask ("127.0.0.1", get_port (fixture), request);
}

static guint
get_status (const char *answer)
{
  g_assert_nonnull (answer);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 "));

  return (guint) g_ascii_strtoull (answer + strlen ("HTTP/1.1 "), NULL, 10);
}

#define assert_status(answer, status) \
  G_STMT_START { g_autofree char *taken = (answer); g_assert_cmpuint (get_status (taken), ==, (status)); } G_STMT_END

static void
assert_still_waits (Fixture *fixture)
{
  g_assert_cmpuint (fixture->n_answers, ==, 0);
  assert_status (get (fixture, CALLBACK), 200);
  g_assert_cmpuint (fixture->n_answers, ==, 1);
  g_assert_cmpstr (fixture->code, ==, CODE "==");
}

static gboolean
has_ipv6 (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GInetAddress) inet = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (inet, 0);

  return g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                        NULL, NULL, NULL);
}

/* Holds a port as another program would. */
static GSocketListener *
occupy (const char *address,
        guint16    *port)
{
  GSocketListener *listener = g_socket_listener_new ();
  g_autoptr(GSocketAddress) where = g_inet_socket_address_new_from_string (address, *port);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_socket_listener_add_address (listener, where, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                                NULL, &bound, &error));
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  return listener;
}

/* A port that both families have free at this moment. */
static guint16
find_free_port (void)
{
  g_autoptr(SluiceLoopback) probe = sluice_loopback_new (PATH, STATE, answered_cb, NULL);
  const guint16 any = 0;

  g_assert_true (listen_on (probe, &any, 1, NULL));
  sluice_loopback_close (probe);

  return sluice_loopback_get_port (probe);
}

static void
test_success (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *answer = get (fixture, CALLBACK);

  g_assert_cmpuint (get_status (answer), ==, 200);
  g_assert_cmpuint (fixture->n_answers, ==, 1);
  g_assert_cmpstr (fixture->code, ==, CODE "==");
  g_assert_null (fixture->error);
  g_assert_nonnull (strstr (answer, "You can close this tab and go back to Sluice."));
  g_assert_nonnull (strstr (answer, "Cache-Control: no-store\r\n"));
  g_assert_nonnull (strstr (answer, "Content-Security-Policy: default-src 'none'"));
  g_assert_nonnull (strstr (answer, "Content-Type: text/html; charset=utf-8\r\n"));
  g_assert_null (strstr (answer, CODE));
  g_assert_null (strstr (answer, STATE));
  g_assert_null (strstr (answer, "Server:"));
}

static void
test_redirect_uri (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *expected = g_strdup_printf ("http://localhost:%u/OauthRedirect", get_port (fixture));

  g_assert_cmpstr (sluice_loopback_get_redirect_uri (fixture->loopback), ==, expected);
}

static void
test_both_families (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *request = g_strdup_printf ("GET /x HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", get_port (fixture));

  assert_status (raw_browser_ask ("127.0.0.1", get_port (fixture), request), 404);

  if (has_ipv6 ())
    assert_status (raw_browser_ask ("::1", get_port (fixture), request), 404);
  else
    g_test_skip ("This computer has no IPv6");
}

static void
test_refused_by_user (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *answer = NULL;

  answer = get (fixture, PATH "?error=access_denied&error_description=end-user+denied+authorization&state=" STATE);

  g_assert_cmpuint (get_status (answer), ==, 200);
  g_assert_nonnull (strstr (answer, "<h1>Access Denied</h1>"));
  g_assert_nonnull (strstr (answer, "You can close this tab and go back to Sluice."));
  g_assert_null (fixture->code);
  g_assert_error (fixture->error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
}

static void
test_foreign_texts_are_escaped (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autofree char *answer = NULL;

  answer = get (fixture, PATH "?error=odd&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=" STATE);

  g_assert_null (strstr (answer, "<script"));
  g_assert_nonnull (strstr (answer, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

static void
test_wrong_state (Fixture       *fixture,
                  gconstpointer  unused)
{
  static const char * const targets[] = {
    PATH,
    PATH "?code=" CODE,
    PATH "?code=" CODE "&state=",
    PATH "?code=" CODE "&state=other",
    PATH "?error=access_denied&state=other",
    PATH "?code=" CODE "&state=" STATE "&state=" STATE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    assert_status (get (fixture, targets[i]), 400);

  assert_still_waits (fixture);
}

static void
test_replay (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *answer = NULL;

  assert_status (get (fixture, CALLBACK), 200);
  answer = get (fixture, CALLBACK);

  g_assert_cmpuint (get_status (answer), ==, 410);
  g_assert_nonnull (strstr (answer, "Already Used"));
  g_assert_cmpuint (fixture->n_answers, ==, 1);
}

static void
test_foreign_host (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *other_port = g_strdup_printf ("localhost:%u", (guint16) (get_port (fixture) + 1));
  g_autofree char *suffix = g_strdup_printf ("localhost:%u.evil.example", get_port (fixture));

  assert_status (say (fixture, "GET", CALLBACK, "evil.example", NULL), 403);
  assert_status (say (fixture, "GET", CALLBACK, "localhost", NULL), 403);
  assert_status (say (fixture, "GET", CALLBACK, other_port, NULL), 403);
  assert_status (say (fixture, "GET", CALLBACK, suffix, NULL), 400);
  assert_status (say (fixture, "GET", CALLBACK, "", NULL), 403);
  assert_status (say (fixture, "OPTIONS", PATH, "evil.example", "Access-Control-Request-Private-Network: true\r\n"), 403);

  assert_still_waits (fixture);
}

static void
test_other_paths (Fixture       *fixture,
                  gconstpointer  unused)
{
  assert_status (get (fixture, "/"), 404);
  assert_status (get (fixture, "/OauthRedirect/?code=" CODE "&state=" STATE), 404);
  assert_status (get (fixture, "/oauthredirect?code=" CODE "&state=" STATE), 404);
  assert_status (get (fixture, "/../etc/passwd"), 404);

  assert_still_waits (fixture);
}

static void
test_icons (Fixture       *fixture,
            gconstpointer  unused)
{
  assert_status (get (fixture, "/favicon.ico"), 204);
  assert_status (get (fixture, "/apple-touch-icon.png"), 204);
  assert_status (get (fixture, "/apple-touch-icon-precomposed.png"), 204);

  assert_still_waits (fixture);
}

static void
test_preflight (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *answer = say (fixture, "OPTIONS", CALLBACK, NULL,
                                  "Origin: https://northpier.my.salesforce.com\r\n"
                                  "Access-Control-Request-Method: GET\r\n"
                                  "Access-Control-Request-Private-Network: true\r\n");
  g_autofree char *plain = say (fixture, "OPTIONS", PATH, NULL, "Origin: https://northpier.my.salesforce.com\r\n");

  g_assert_cmpuint (get_status (answer), ==, 204);
  g_assert_nonnull (strstr (answer, "Access-Control-Allow-Private-Network: true\r\n"));
  g_assert_nonnull (strstr (answer, "Access-Control-Allow-Origin: https://northpier.my.salesforce.com\r\n"));
  g_assert_cmpuint (get_status (plain), ==, 204);
  g_assert_null (strstr (plain, "Access-Control"));

  assert_still_waits (fixture);
}

static void
test_head_is_harmless (Fixture       *fixture,
                       gconstpointer  unused)
{
  assert_status (say (fixture, "HEAD", CALLBACK, NULL, NULL), 200);

  assert_still_waits (fixture);
}

static void
test_other_methods (Fixture       *fixture,
                    gconstpointer  unused)
{
  assert_status (say (fixture, "POST", CALLBACK, NULL, "Content-Length: 0\r\n"), 405);
  assert_status (say (fixture, "PUT", CALLBACK, NULL, "Content-Length: 0\r\n"), 405);
  assert_status (say (fixture, "DELETE", CALLBACK, NULL, NULL), 405);

  assert_still_waits (fixture);
}

static void
test_nonsense (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *huge = g_strnfill (300000, 'x');
  g_autofree char *long_header = g_strdup_printf ("X-Long: %s\r\n", huge);
  g_autofree char *long_target = g_strdup_printf ("%s&x=%s", CALLBACK, huge);
  g_autofree char *binary = raw_browser_ask ("127.0.0.1", get_port (fixture), "\x16\x03\x01\x02\x01 \r\n\r\n");
  g_autofree char *header_answer = say (fixture, "GET", CALLBACK, NULL, long_header);
  g_autofree char *target_answer = get (fixture, long_target);

  g_assert_cmpuint (fixture->n_answers, ==, 0);
  g_assert_null (strstr (header_answer, "Signed In"));
  g_assert_null (strstr (target_answer, "Signed In"));

  assert_still_waits (fixture);
}

static void
test_silent_clients (Fixture       *fixture,
                     gconstpointer  unused)
{
  RawBrowser *silent[20];

  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    silent[i] = raw_browser_start ("127.0.0.1", get_port (fixture), i % 2 == 0 ? "" : "GET " PATH " HT");

  assert_still_waits (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    g_assert_false (raw_browser_is_done (silent[i]));

  sluice_loopback_close (fixture->loopback);
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    g_free (raw_browser_finish (silent[i]));
}

static void
test_closed_while_answering (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autofree char *answer = NULL;

  fixture->close_when_answered = TRUE;
  answer = get (fixture, CALLBACK);

  g_assert_nonnull (strstr (answer, "</html>"));
  g_assert_cmpstr (fixture->code, ==, CODE "==");
  g_assert_null (get (fixture, CALLBACK));
}

static void
test_close (Fixture       *fixture,
            gconstpointer  unused)
{
  const guint16 port = get_port (fixture);
  g_autoptr(SluiceLoopback) second = sluice_loopback_new (PATH, STATE, answered_cb, fixture);

  sluice_loopback_close (fixture->loopback);
  sluice_loopback_close (fixture->loopback);

  g_assert_null (get (fixture, CALLBACK));
  g_assert_true (listen_on (second, &port, 1, NULL));
  sluice_loopback_close (second);
}

static void
test_first_port_busy (void)
{
  g_autoptr(SluiceLoopback) loopback = sluice_loopback_new (PATH, STATE, answered_cb, NULL);
  guint16 ports[2] = { 0, 0 };
  g_autoptr(GSocketListener) other = occupy ("127.0.0.1", &ports[0]);

  ports[1] = find_free_port ();
  g_assert_true (listen_on (loopback, ports, 2, NULL));

  g_assert_cmpuint (sluice_loopback_get_port (loopback), ==, ports[1]);
  g_socket_listener_close (other);
}

static void
test_port_busy_on_ipv6 (void)
{
  g_autoptr(SluiceLoopback) loopback = sluice_loopback_new (PATH, STATE, answered_cb, NULL);
  guint16 ports[2] = { 0, 0 };
  g_autoptr(GSocketListener) other = NULL;

  if (!has_ipv6 ())
    {
      g_test_skip ("This computer has no IPv6");
      return;
    }

  other = occupy ("::1", &ports[0]);
  ports[1] = find_free_port ();
  g_assert_true (listen_on (loopback, ports, 2, NULL));

  g_assert_cmpuint (sluice_loopback_get_port (loopback), ==, ports[1]);
  g_socket_listener_close (other);
}

static void
test_all_ports_busy (void)
{
  g_autoptr(SluiceLoopback) loopback = sluice_loopback_new (PATH, STATE, answered_cb, NULL);
  guint16 ports[2] = { 0, 0 };
  g_autoptr(GSocketListener) one = occupy ("127.0.0.1", &ports[0]);
  g_autoptr(GSocketListener) two = occupy ("127.0.0.1", &ports[1]);
  g_autofree char *name = NULL;
  g_autofree char *expected = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (listen_on (loopback, ports, 2, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
  g_assert_cmpstr (sluice_error_get_server_code (error), ==, SLUICE_PROBLEM_PORTS_BUSY);

  /* A tree without /proc cannot tell. */
  if (g_file_get_contents ("/proc/self/comm", &name, NULL, NULL))
    expected = g_strdup_printf ("%u by “%s”, %u by “%s”", ports[0], g_strchomp (name), ports[1], name);
  else
    expected = g_strdup_printf ("%u, %u", ports[0], ports[1]);
  g_assert_nonnull (strstr (error->message, expected));

  g_socket_listener_close (one);
  g_socket_listener_close (two);
}

static void
serve_once (const char *address,
            const char *other_address)
{
  Fixture fixture = { 0 };
  const guint16 any = 0;
  g_autofree char *request = NULL;

  fixture.loopback = sluice_loopback_new (PATH, STATE, answered_cb, &fixture);
  g_assert_true (listen_on (fixture.loopback, &any, 1, NULL));
  missing_family[0] = -1;

  request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", CALLBACK, get_port (&fixture));
  g_assert_null (raw_browser_ask (other_address, get_port (&fixture), request));
  assert_status (raw_browser_ask (address, get_port (&fixture), request), 200);
  g_assert_cmpstr (fixture.code, ==, CODE "==");

  tear_down (&fixture, NULL);
}

static void
test_ipv4_only (void)
{
  missing_family[0] = AF_INET6;
  serve_once ("127.0.0.1", "::1");
}

static void
test_ipv6_only (void)
{
  if (!has_ipv6 ())
    {
      g_test_skip ("This computer has no IPv6");
      return;
    }

  missing_family[0] = AF_INET;
  serve_once ("::1", "127.0.0.1");
}

static void
test_no_loopback (void)
{
  g_autoptr(SluiceLoopback) loopback = sluice_loopback_new (PATH, STATE, answered_cb, NULL);
  const guint16 any = 0;
  g_autoptr(GError) error = NULL;

  missing_family[0] = AF_INET;
  missing_family[1] = AF_INET6;
  g_assert_false (listen_on (loopback, &any, 1, &error));
  missing_family[0] = missing_family[1] = -1;

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
  g_assert_cmpstr (sluice_error_get_server_code (error), ==, SLUICE_PROBLEM_NO_LOOPBACK);
}

static void
test_page (void)
{
  g_autofree char *page = sluice_answer_page_new (FALSE, "<b>\"&", "'</style>");

  g_assert_null (strstr (page, "<b>"));
  g_assert_nonnull (strstr (page, "<h1>&lt;b&gt;&quot;&amp;</h1><p>&apos;&lt;/style&gt;</p>"));
  g_assert_nonnull (strstr (page, "color-scheme\" content=\"light dark\""));
  g_assert_nonnull (strstr (page, "prefers-color-scheme:dark"));
  g_assert_null (strstr (page, "http:"));
  g_assert_null (strstr (page, "https:"));
  g_assert_null (strstr (page, "src="));
  g_assert_null (strstr (page, "url("));
  g_assert_null (strstr (page, "<script"));
}

static void
test_nothing_logged (void)
{
  g_assert_false (log_catcher_contains (CODE));
  g_assert_false (log_catcher_contains (STATE));
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
  missing_family[0] = missing_family[1] = -1;
  log_catcher_install ();
  g_test_init (&argc, &argv, NULL);

  add ("/net/loopback/success", test_success);
  add ("/net/loopback/redirect-uri", test_redirect_uri);
  add ("/net/loopback/both-families", test_both_families);
  add ("/net/loopback/refused-by-user", test_refused_by_user);
  add ("/net/loopback/foreign-texts-are-escaped", test_foreign_texts_are_escaped);
  add ("/net/loopback/wrong-state", test_wrong_state);
  add ("/net/loopback/replay", test_replay);
  add ("/net/loopback/foreign-host", test_foreign_host);
  add ("/net/loopback/other-paths", test_other_paths);
  add ("/net/loopback/icons", test_icons);
  add ("/net/loopback/preflight", test_preflight);
  add ("/net/loopback/head-is-harmless", test_head_is_harmless);
  add ("/net/loopback/other-methods", test_other_methods);
  add ("/net/loopback/nonsense", test_nonsense);
  add ("/net/loopback/silent-clients", test_silent_clients);
  add ("/net/loopback/closed-while-answering", test_closed_while_answering);
  add ("/net/loopback/close", test_close);
  g_test_add_func ("/net/loopback/first-port-busy", test_first_port_busy);
  g_test_add_func ("/net/loopback/port-busy-on-ipv6", test_port_busy_on_ipv6);
  g_test_add_func ("/net/loopback/all-ports-busy", test_all_ports_busy);
  g_test_add_func ("/net/loopback/ipv4-only", test_ipv4_only);
  g_test_add_func ("/net/loopback/ipv6-only", test_ipv6_only);
  g_test_add_func ("/net/loopback/no-loopback", test_no_loopback);
  g_test_add_func ("/net/loopback/page", test_page);
  g_test_add_func ("/net/loopback/nothing-logged", test_nothing_logged);

  return g_test_run ();
}
