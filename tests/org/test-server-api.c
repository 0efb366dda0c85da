/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "demo-client.h"

#define ADMIN "admin@demo.example"
#define USER "user@demo.example"
#define QUERY DEMO_API "/query?q=SELECT+Id,Name+FROM+Account+LIMIT+20"

typedef struct
{
  DemoOrg *org;
  char *token;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  option)
{
  fixture->org = demo_org_start (option, NULL);
  fixture->token = demo_org_log_in (fixture->org, ADMIN);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  option)
{
  g_free (fixture->token);
  demo_org_stop (fixture->org);
}

static DemoReply *
get (Fixture    *fixture,
     const char *path)
{
  return demo_org_get (fixture->org, path, fixture->token);
}

static void
assert_status (Fixture    *fixture,
               const char *path,
               guint       status)
{
  g_autoptr(DemoReply) reply = get (fixture, path);

  g_assert_cmpuint (reply->status, ==, status);
}

static void
set_faults (Fixture    *fixture,
            const char *spec)
{
  g_autofree char *encoded = g_uri_escape_string (spec, NULL, FALSE);
  g_autofree char *action = g_strconcat ("fault?spec=", encoded, NULL);

  demo_org_control (fixture->org, action);
}

static void
test_versions (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_org_get (fixture->org, "/services/data", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (reply->body, "[{\"label\":\"Summer '14\",\"url\":\"/services/data/v31.0\","
                                                "\"version\":\"31.0\"},"));
  g_assert_true (g_str_has_suffix (reply->body, "{\"label\":\"Winter '27\",\"url\":\"/services/data/v68.0\","
                                                "\"version\":\"68.0\"}]"));
}

static void
test_older_release (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = NULL;

  demo_org_control (fixture->org, "newest?version=67");
  reply = demo_org_get (fixture->org, "/services/data/", NULL);

  g_assert_true (g_str_has_suffix (reply->body, "\"version\":\"67.0\"}]"));
  assert_status (fixture, "/services/data/v68.0/limits", 404);
  assert_status (fixture, "/services/data/v67.0/limits", 200);
}

static void
test_versions_refused (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(DemoReply) gone = get (fixture, "/services/data/v30.0/limits");
  g_autoptr(DemoReply) unknown = get (fixture, "/services/data/v99.0/limits");
  g_autoptr(DemoReply) odd = get (fixture, "/services/data/v68/limits");

  demo_reply_assert_error (gone, 410, "UNSUPPORTED_API_VERSION", NULL);
  demo_reply_assert_error (unknown, 404, "NOT_FOUND", "The requested resource does not exist");
  demo_reply_assert_error (odd, 404, "NOT_FOUND", "The requested resource does not exist");
}

static void
test_sessions_refused (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autofree char *form = g_strdup ("grant_type=password&client_id=demo-no-rest&username=" ADMIN "&password=demo");
  g_autoptr(DemoReply) tokens = demo_org_post (fixture->org, "/services/oauth2/token", form);
  g_autofree char *no_rest = demo_reply_member (tokens, "access_token");
  g_autofree char *no_api = demo_org_log_in (fixture->org, "noapi@demo.example");
  g_autoptr(DemoReply) without = demo_org_get (fixture->org, DEMO_API, NULL);
  g_autoptr(DemoReply) wrong = demo_org_get (fixture->org, DEMO_API, "00D5e0000000001!x");
  g_autoptr(DemoReply) basic = demo_org_send (fixture->org, "GET", DEMO_API, "Authorization", "Basic eDp5");
  g_autoptr(DemoReply) not_for_rest = demo_org_get (fixture->org, DEMO_API, no_rest);
  g_autoptr(DemoReply) disabled = demo_org_get (fixture->org, DEMO_API, no_api);

  demo_reply_assert_error (without, 401, "INVALID_SESSION_ID", "Session expired or invalid");
  demo_reply_assert_error (wrong, 401, "INVALID_SESSION_ID", "Session expired or invalid");
  demo_reply_assert_error (basic, 401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  demo_reply_assert_error (not_for_rest, 401, "INVALID_SESSION_ID",
                           "This session is not valid for use with the REST API");
  demo_reply_assert_error (disabled, 403, "API_CURRENTLY_DISABLED", "API is disabled for this User");
}

static void
test_expired (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = NULL;

  demo_org_control (fixture->org, "expire");
  reply = get (fixture, DEMO_API);

  demo_reply_assert_error (reply, 401, "INVALID_SESSION_ID", "Session expired or invalid");
  g_assert_null (demo_reply_header (reply, "Sforce-Limit-Info"));
}

static void
test_field_level_security (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autofree char *token = demo_org_log_in (fixture->org, USER);
  g_autoptr(DemoReply) admin = get (fixture, DEMO_API "/sobjects/Account/describe");
  g_autoptr(DemoReply) user = demo_org_get (fixture->org, DEMO_API "/sobjects/Account/describe", token);

  g_assert_cmpuint (user->size, <, admin->size);
}

static void
test_resources (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = get (fixture, DEMO_API "/");
  g_autofree char *query = demo_reply_member (reply, "query");
  g_autofree char *identity = demo_reply_member (reply, "identity");

  g_assert_cmpstr (query, ==, DEMO_API "/query");
  g_assert_true (g_str_has_prefix (identity, fixture->org->address));
}

static void
test_double_slash (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *url = g_strconcat (fixture->org->address, "//services/data//v68.0/limits/", NULL);

  assert_status (fixture, url, 200);
}

static void
test_headers (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = get (fixture, QUERY);
  const char *id = demo_reply_header (reply, "X-Request-Id");

  g_assert_cmpstr (demo_reply_header (reply, "Content-Type"), ==, "application/json;charset=UTF-8");
  g_assert_cmpstr (demo_reply_header (reply, "Server"), ==, "sfdcedge");
  g_assert_cmpstr (demo_reply_header (reply, "Cache-Control"), ==,
                   "no-cache,must-revalidate,max-age=0,no-store,private");
  g_assert_cmpstr (demo_reply_header (reply, "Vary"), ==, "Accept-Encoding");
  g_assert_cmpstr (demo_reply_header (reply, "X-Content-Type-Options"), ==, "nosniff");
  g_assert_cmpstr (demo_reply_header (reply, "X-Robots-Tag"), ==, "none");
  g_assert_cmpstr (demo_reply_header (reply, "X-SFDC-Request-Id"), ==, id);
  g_assert_cmpuint (strlen (id), ==, 32);
  g_assert_nonnull (strstr (demo_reply_header (reply, "Set-Cookie"), "CookieConsentPolicy=0:1"));
  g_assert_null (demo_reply_header (reply, "Retry-After"));
}

static void
test_known_objects (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(DemoReply) first = get (fixture, DEMO_API "/sobjects");
  g_autoptr(DemoReply) again = demo_org_call_with (fixture->org, "GET", DEMO_API "/sobjects", fixture->token, NULL, NULL,
                                                   "If-Modified-Since", demo_reply_header (first, "Last-Modified"));

  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (again->status, ==, 304);
  g_assert_cmpuint (again->size, ==, 0);
}

static void
test_gzip (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *value = g_strconcat ("Bearer ", fixture->token, NULL);
  g_autoptr(DemoReply) decoded = get (fixture, QUERY);
  g_autoptr(DemoReply) plain = NULL;

  g_assert_cmpstr (demo_reply_header (decoded, "Content-Encoding"), ==, "gzip");
  soup_session_remove_feature_by_type (fixture->org->session, SOUP_TYPE_CONTENT_DECODER);
  plain = demo_org_send (fixture->org, "GET", QUERY, "Authorization", value);
  g_assert_null (demo_reply_header (plain, "Content-Encoding"));
  g_assert_cmpstr (decoded->body, ==, plain->body);
}

static void
test_head (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *value = g_strconcat ("Bearer ", fixture->token, NULL);
  g_autoptr(DemoReply) reply = demo_org_send (fixture->org, "HEAD", DEMO_API "/limits", "Authorization", value);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (reply->size, ==, 0);
}

static void
test_method_not_allowed (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char *value = g_strconcat ("Bearer ", fixture->token, NULL);
  g_autoptr(DemoReply) limits = demo_org_send (fixture->org, "DELETE", DEMO_API "/limits", "Authorization", value);
  g_autoptr(DemoReply) query = demo_org_send (fixture->org, "DELETE", QUERY, "Authorization", value);

  demo_reply_assert_error (limits, 405, "METHOD_NOT_ALLOWED",
                           "HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET");
  demo_reply_assert_error (query, 405, "METHOD_NOT_ALLOWED", "HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET");
  g_assert_cmpstr (demo_reply_header (query, "Allow"), ==, "HEAD,GET");
}

static void
test_long_address (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *filler = g_strnfill (16384, 'x');
  g_autofree char *path = g_strconcat (DEMO_API "/query?q=", filler, NULL);
  g_autoptr(DemoReply) reply = get (fixture, path);

  demo_reply_assert_error (reply, 414, "URI_TOO_LONG", NULL);
}

static void
test_long_headers (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *filler = g_strnfill (16384, 'x');
  g_autoptr(DemoReply) reply = demo_org_send (fixture->org, "GET", DEMO_API "/limits", "X-Filler", filler);

  demo_reply_assert_error (reply, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE", NULL);
}

static void
test_indented (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_org_send (fixture->org, "GET", DEMO_API "/limits", "X-PrettyPrint", "1");

  g_assert_true (g_str_has_prefix (reply->body, "[\n  {\n"));
}

static void
test_foreign_host (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) foreign = demo_org_send (fixture->org, "GET", "/", "Host", "evil.example");
  g_autoptr(DemoReply) own = demo_org_send (fixture->org, "GET", "/", "Host", "uat.localhost:80");

  g_assert_cmpuint (foreign->status, ==, 421);
  g_assert_cmpuint (own->status, ==, 200);
}

static void
test_both_families (Fixture       *fixture,
                    gconstpointer  unused)
{
  const char *port = strrchr (fixture->org->address, ':');
  g_autofree char *ipv4 = g_strconcat ("http://127.0.0.1", port, "/services/data", NULL);
  g_autofree char *ipv6 = g_strconcat ("http://[::1]", port, "/services/data", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(DemoReply) reply = NULL;

  assert_status (fixture, ipv4, 200);
  reply = demo_org_try (fixture->org, ipv6, NULL, &error);
  if (reply == NULL)
    g_test_skip ("No IPv6 here");
  else
    g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_calls_counted (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(DemoReply) versions = NULL;
  g_autoptr(DemoReply) limits = NULL;
  g_autofree char *remaining = NULL;

  assert_status (fixture, QUERY, 200);
  assert_status (fixture, DEMO_API "/query?q=nonsense", 400);
  assert_status (fixture, DEMO_API "/nowhere", 404);
  versions = get (fixture, "/services/data");
  demo_org_control (fixture->org, "latency?ms=0");
  limits = get (fixture, DEMO_API "/limits");
  remaining = demo_reply_member (limits, "DailyApiRequests.Remaining");

  g_assert_null (demo_reply_header (versions, "Sforce-Limit-Info"));
  g_assert_cmpstr (demo_reply_header (limits, "Sforce-Limit-Info"), ==, "api-usage=4/100000");
  g_assert_cmpstr (remaining, ==, "99996");
}

static void
test_calls_forgotten (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *token = NULL;
  g_autoptr(DemoReply) later = NULL;

  assert_status (fixture, QUERY, 200);
  demo_org_control (fixture->org, "advance?seconds=90000");
  token = demo_org_log_in (fixture->org, ADMIN);
  later = demo_org_get (fixture->org, QUERY, token);

  g_assert_cmpstr (demo_reply_header (later, "Sforce-Limit-Info"), ==, "api-usage=1/100000");
}

static void
test_daily_limit (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(DemoReply) refused = NULL;

  demo_org_control (fixture->org, "usage?used=99&limit=100");
  assert_status (fixture, QUERY, 200);
  refused = get (fixture, QUERY);

  demo_reply_assert_error (refused, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
  g_assert_cmpstr (demo_reply_header (refused, "Sforce-Limit-Info"), ==, "api-usage=100/100");
}

static void
keep_status_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  guint *status = user_data;
  g_autoptr(GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, NULL);
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (object), result);

  *status = body != NULL ? soup_message_get_status (message) : 1;
}

static void
start_query (Fixture *fixture,
             guint   *status)
{
  g_autofree char *url = g_strconcat (fixture->org->address, QUERY, NULL);
  g_autofree char *value = g_strconcat ("Bearer ", fixture->token, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
  soup_session_send_and_read_async (fixture->org->session, message, G_PRIORITY_DEFAULT, NULL, keep_status_cb, status);
}

/* Waits until the org has @n calls, without keeping the others from going on. */
static void
wait_for_calls (Fixture    *fixture,
                const char *n)
{
  g_autofree char *running = NULL;

  while (g_strcmp0 (running, n) != 0)
    {
      g_autoptr(DemoReply) reply = NULL;

      g_main_context_iteration (NULL, FALSE);
      reply = demo_org_get (fixture->org, "/__demo/status", NULL);
      g_free (running);
      running = demo_reply_member (reply, "running");
    }
}

static void
test_concurrent_limit (void)
{
  Fixture fixture;
  guint first = 0;
  g_autoptr(DemoReply) second = NULL;

  fixture.org = demo_org_start ("--concurrent-limit", "1", "--long-call", "0", NULL);
  fixture.token = demo_org_log_in (fixture.org, ADMIN);
  set_faults (&fixture, "query#1:delay=1500");
  start_query (&fixture, &first);
  wait_for_calls (&fixture, "1");
  second = get (&fixture, DEMO_API "/limits");
  while (first == 0)
    g_main_context_iteration (NULL, TRUE);

  demo_reply_assert_error (second, 403, "REQUEST_LIMIT_EXCEEDED",
                           "ConcurrentRequests (Concurrent API Requests) Limit exceeded.");
  g_assert_cmpuint (first, ==, 200);
  tear_down (&fixture, NULL);
}

static void
test_pages (void)
{
  Fixture fixture;
  g_autofree char *path = g_strdup (DEMO_API "/query?q=SELECT+Id+FROM+Account");
  guint n_pages = 0;

  fixture.org = demo_org_start ("--data", "20000", NULL);
  fixture.token = demo_org_log_in (fixture.org, ADMIN);
  while (path != NULL)
    {
      g_autoptr(DemoReply) reply = get (&fixture, path);

      g_assert_cmpuint (reply->status, ==, 200);
      g_free (path);
      path = demo_reply_member (reply, "nextRecordsUrl");
      n_pages++;
    }

  g_assert_cmpuint (n_pages, ==, 10);
  tear_down (&fixture, NULL);
}

static void
test_odd_pages (void)
{
  Fixture fixture;
  g_autoptr(DemoReply) page = NULL;
  g_autoptr(DemoReply) children = NULL;
  g_autofree char *more = NULL;
  g_autofree char *next = NULL;

  fixture.org = demo_org_start ("--short-pages", "--child-limit", "1", NULL);
  fixture.token = demo_org_log_in (fixture.org, ADMIN);
  page = get (&fixture, DEMO_API "/query?q=SELECT+Id,(SELECT+Id+FROM+OrderItems)+FROM+Order");
  next = demo_reply_member (page, "nextRecordsUrl");
  more = demo_reply_member (page, "records.0.OrderItems.nextRecordsUrl");
  children = get (&fixture, more);

  g_assert_nonnull (next);
  g_assert_cmpuint (children->status, ==, 200);
  tear_down (&fixture, NULL);
}

/* Without the pages that are kept in a file: the kernel takes those away as it likes. */
static gulong
get_resident (DemoOrg *org)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/statm", g_subprocess_get_identifier (org->process));
  g_autofree char *text = NULL;
  gulong size;
  gulong resident;
  gulong shared;

  if (!g_file_get_contents (path, &text, NULL, NULL) || sscanf (text, "%lu %lu %lu", &size, &resident, &shared) != 3)
    return 0;

  return (resident - shared) * (gulong) sysconf (_SC_PAGESIZE);
}

/* 20 pages and then 80 more, 40 MB together: the second part must not need more memory. */
static void
test_memory_flat (void)
{
  Fixture fixture;
  g_autofree char *path = g_strdup (DEMO_API "/query?q=SELECT+Id,Name,Phone,BillingCity,Owner.Name+FROM+Account");
  gulong before = 0;
  gulong after;

#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("AddressSanitizer keeps freed memory, so there is nothing to measure");
  return;
#endif

  fixture.org = demo_org_start ("--data", "200000", NULL);
  fixture.token = demo_org_log_in (fixture.org, ADMIN);
  soup_session_remove_feature_by_type (fixture.org->session, SOUP_TYPE_CONTENT_DECODER);
  for (guint n_pages = 1; path != NULL; n_pages++)
    {
      g_autoptr(DemoReply) reply = get (&fixture, path);
      const char *next = strstr (reply->body, "\"nextRecordsUrl\":\"");

      g_assert_cmpuint (reply->status, ==, 200);
      if (n_pages == 20)
        before = get_resident (fixture.org);
      g_free (path);
      next = next != NULL ? next + strlen ("\"nextRecordsUrl\":\"") : NULL;
      path = next != NULL ? g_strndup (next, strcspn (next, "\"")) : NULL;
    }
  after = get_resident (fixture.org);

  if (before == 0)
    g_test_skip ("There is no /proc to measure memory with");
  g_assert_cmpuint (after, <=, before + 12 * 1024 * 1024);
  tear_down (&fixture, NULL);
}

static void
test_sandbox (void)
{
  Fixture fixture;
  g_autoptr(DemoReply) organization = NULL;
  g_autoptr(DemoReply) page = NULL;
  g_autofree char *sandbox = NULL;

  fixture.org = demo_org_start ("--org", "sandbox", NULL);
  fixture.token = demo_org_log_in (fixture.org, ADMIN);
  organization = get (&fixture, DEMO_API "/query?q=SELECT+IsSandbox+FROM+Organization");
  sandbox = demo_reply_member (organization, "records.0.IsSandbox");
  page = demo_org_get (fixture.org, "/", NULL);

  g_assert_cmpstr (sandbox, ==, "true");
  g_assert_true (g_str_has_prefix (fixture.token, "00DHs"));
  g_assert_nonnull (strstr (page->body, "SANDBOX"));
  tear_down (&fixture, NULL);
}

/* Replies that are whole. */
static void
test_fault_replies (Fixture       *fixture,
                    gconstpointer  unused)
{
  static const struct { const char *name; guint status; const char *code; const char *message; } cases[] = {
    { "401", 401, "INVALID_SESSION_ID", "Session expired or invalid" },
    { "401-rest", 401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API" },
    { "403", 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded." },
    { "403-concurrent", 403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded." },
    { "403-transactions", 403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded" },
    { "403-disabled", 403, "API_DISABLED_FOR_ORG", NULL },
    { "500", 500, "UNKNOWN_EXCEPTION", NULL },
    { "503-json", 503, "SERVER_UNAVAILABLE", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *spec = g_strconcat ("query#1:", cases[i].name, NULL);
      g_autoptr(DemoReply) reply = NULL;

      set_faults (fixture, spec);
      reply = get (fixture, QUERY);
      demo_reply_assert_error (reply, cases[i].status, cases[i].code, cases[i].message);
      assert_status (fixture, QUERY, 200);
    }
}

static void
test_fault_pages (Fixture       *fixture,
                  gconstpointer  unused)
{
  static const struct { const char *name; guint status; } cases[] = {
    { "html", 200 }, { "420", 420 }, { "429", 429 }, { "502", 502 }, { "503", 503 }, { "504", 504 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *spec = g_strconcat ("query#1:", cases[i].name, NULL);
      g_autoptr(DemoReply) reply = NULL;

      set_faults (fixture, spec);
      reply = get (fixture, QUERY);
      g_assert_cmpuint (reply->status, ==, cases[i].status);
      g_assert_cmpstr (demo_reply_header (reply, "Content-Type"), ==, "text/html;charset=UTF-8");
      g_assert_true (g_str_has_prefix (reply->body, "<!DOCTYPE html>"));
    }
}

static void
test_fault_headers (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(DemoReply) retry = NULL;
  g_autoptr(DemoReply) redirect = NULL;
  g_autoptr(DemoReply) elsewhere = NULL;

  set_faults (fixture, "1:503-retry=7,2:redirect,3:redirect=http://127.0.0.1:9/x");
  retry = get (fixture, QUERY);
  redirect = get (fixture, QUERY);
  elsewhere = get (fixture, QUERY);

  g_assert_cmpstr (demo_reply_header (retry, "Retry-After"), ==, "7");
  g_assert_cmpuint (redirect->status, ==, 302);
  g_assert_cmpstr (demo_reply_header (redirect, "Location"), ==, "https://demo-org.invalid/services/data");
  g_assert_cmpstr (demo_reply_header (elsewhere, "Location"), ==, "http://127.0.0.1:9/x");
}

/* Answers that break off. */
static void
test_fault_breaks (Fixture       *fixture,
                   gconstpointer  unused)
{
  static const char *names[] = { "drop", "lose", "truncate", "reset" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      /* Of the idle connections none may be tried first: it would only be repeated. */
      g_autofree char *spec = g_strconcat ("query#*:", names[i], NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(DemoReply) reply = NULL;

      set_faults (fixture, spec);
      reply = demo_org_try (fixture->org, QUERY, fixture->token, &error);
      g_assert_null (reply);
      g_assert_nonnull (error);
      set_faults (fixture, "");
      assert_status (fixture, QUERY, 200);
    }
}

/* A client that trusts the end of the connection is deceived. */
static void
test_fault_announced_end (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(DemoReply) whole = NULL;
  g_autoptr(DemoReply) shorter = NULL;

  soup_session_remove_feature_by_type (fixture->org->session, SOUP_TYPE_CONTENT_DECODER);
  whole = get (fixture, QUERY);
  set_faults (fixture, "query#1:truncate-close");
  shorter = get (fixture, QUERY);

  g_assert_cmpuint (shorter->size, ==, whole->size / 2);
  g_assert_cmpstr (demo_reply_header (shorter, "Content-Length"), ==, demo_reply_header (whole, "Content-Length"));
}

static void
test_fault_bodies (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) whole = get (fixture, QUERY);
  g_autoptr(DemoReply) utf8 = NULL;
  g_autoptr(DemoReply) duplicate = NULL;
  g_autoptr(DemoReply) empty = NULL;
  g_autoptr(DemoReply) slow = NULL;

  set_faults (fixture, "1:utf8,2:duplicate,3:empty,4:slow=1");
  utf8 = get (fixture, QUERY);
  duplicate = get (fixture, QUERY);
  empty = get (fixture, QUERY);
  slow = get (fixture, QUERY);

  g_assert_false (g_utf8_validate (utf8->body, (gssize) utf8->size, NULL));
  g_assert_true (g_str_has_prefix (duplicate->body, "{\"totalSize\":null,\"totalSize\":20,"));
  g_assert_cmpuint (empty->status, ==, 200);
  g_assert_cmpuint (empty->size, ==, 0);
  g_assert_cmpstr (slow->body, ==, whole->body);
}

static void
test_fault_length (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) whole = NULL;
  g_autoptr(DemoReply) shorter = NULL;

  soup_session_remove_feature_by_type (fixture->org->session, SOUP_TYPE_CONTENT_DECODER);
  whole = get (fixture, QUERY);
  set_faults (fixture, "query#1:length");
  shorter = get (fixture, QUERY);

  g_assert_cmpuint (shorter->size, ==, whole->size - 10);
}

/* A request whose answer was lost has been carried out; one that was dropped has not. */
static void
test_fault_lost_or_dropped (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = NULL;
  g_autoptr(GError) error = NULL;

  demo_org_control (fixture->org, "usage?used=0");
  set_faults (fixture, "query#1:lose");
  g_clear_pointer (&reply, demo_reply_free);
  reply = demo_org_try (fixture->org, QUERY, fixture->token, &error);
  g_clear_pointer (&reply, demo_reply_free);
  reply = get (fixture, DEMO_API "/limits");
  g_assert_cmpstr (demo_reply_header (reply, "Sforce-Limit-Info"), !=, "api-usage=1/100000");

  g_clear_error (&error);
  g_clear_pointer (&reply, demo_reply_free);
  demo_org_control (fixture->org, "usage?used=0");
  set_faults (fixture, "query#*:drop");
  reply = demo_org_try (fixture->org, QUERY, fixture->token, &error);
  g_assert_null (reply);
  reply = get (fixture, DEMO_API "/limits");
  g_assert_cmpstr (demo_reply_header (reply, "Sforce-Limit-Info"), ==, "api-usage=1/100000");
}

static void
test_fault_hangs (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(SoupSession) session = soup_session_new_with_options ("timeout", 1, NULL);
  g_autofree char *url = g_strconcat (fixture->org->address, "/services/data", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) error = NULL;

  set_faults (fixture, "api#1:hang");
  body = soup_session_send_and_read (session, message, NULL, &error);

  g_assert_null (body);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_fault_counts (Fixture       *fixture,
                   gconstpointer  unused)
{
  set_faults (fixture, "query#2:401,query#4-5:503,limits#1:404,/services/data/v67.0#2-:500");

  assert_status (fixture, QUERY, 200);
  assert_status (fixture, DEMO_API "/limits", 404);
  assert_status (fixture, QUERY, 401);
  assert_status (fixture, DEMO_API "/limits", 200);
  assert_status (fixture, QUERY, 200);
  assert_status (fixture, QUERY, 503);
  assert_status (fixture, QUERY, 503);
  assert_status (fixture, QUERY, 200);
  assert_status (fixture, "/services/data/v67.0/limits", 200);
  assert_status (fixture, "/services/data/v67.0/limits", 500);
  assert_status (fixture, "/services/data/v67.0/limits", 500);
}

static void
test_fault_kinds (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(DemoReply) token = NULL;

  set_faults (fixture, "oauth#1:oauth=invalid_grant/inactive user,page#1:503,api#3:429");

  assert_status (fixture, QUERY, 200);
  assert_status (fixture, "/", 503);
  token = demo_org_post (fixture->org, "/services/oauth2/token", "grant_type=refresh_token");
  demo_reply_assert_oauth (token, "invalid_grant", "inactive user");
  assert_status (fixture, QUERY, 200);
  assert_status (fixture, QUERY, 429);
}

static void
test_fault_wrong_spec (Fixture       *fixture,
                       gconstpointer  unused)
{
  static const char *specs[] = { "drop", "0:drop", "1:nonsense", "2-1:drop", "x:drop", "query#:drop", "1-2-3:drop" };

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      g_autofree char *encoded = g_uri_escape_string (specs[i], NULL, FALSE);
      g_autofree char *form = g_strconcat ("spec=", encoded, NULL);
      g_autoptr(DemoReply) reply = demo_org_post (fixture->org, "/__demo/fault", form);

      g_assert_cmpuint (reply->status, ==, 400);
    }
  assert_status (fixture, QUERY, 200);
}

static void
test_control_refuses_pages (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(DemoReply) origin = demo_org_send (fixture->org, "POST", "/__demo/expire", "Origin", "http://localhost");
  g_autoptr(DemoReply) site = demo_org_send (fixture->org, "POST", "/__demo/expire", "Sec-Fetch-Site", "cross-site");
  g_autoptr(DemoReply) read = demo_org_get (fixture->org, "/__demo/expire", NULL);
  g_autoptr(DemoReply) unknown = demo_org_post (fixture->org, "/__demo/nothing", "");

  g_assert_cmpuint (origin->status, ==, 403);
  g_assert_cmpuint (site->status, ==, 403);
  g_assert_cmpuint (read->status, ==, 405);
  g_assert_cmpuint (unknown->status, ==, 404);
  assert_status (fixture, QUERY, 200);
}

static void
test_latency (Fixture       *fixture,
              gconstpointer  unused)
{
  gint64 started;

  demo_org_control (fixture->org, "latency?ms=150");
  started = g_get_monotonic_time ();
  assert_status (fixture, QUERY, 200);

  g_assert_cmpint (g_get_monotonic_time () - started, >=, 150000);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "versions/list", test_versions },
    { "versions/older-release", test_older_release },
    { "versions/refused", test_versions_refused },
    { "session/refused", test_sessions_refused },
    { "session/expired", test_expired },
    { "session/field-level-security", test_field_level_security },
    { "resources", test_resources },
    { "http/double-slash", test_double_slash },
    { "http/headers", test_headers },
    { "http/known-objects", test_known_objects },
    { "http/gzip", test_gzip },
    { "http/head", test_head },
    { "http/method-not-allowed", test_method_not_allowed },
    { "http/long-address", test_long_address },
    { "http/long-headers", test_long_headers },
    { "http/indented", test_indented },
    { "http/foreign-host", test_foreign_host },
    { "http/both-families", test_both_families },
    { "limits/calls-counted", test_calls_counted },
    { "limits/calls-forgotten", test_calls_forgotten },
    { "limits/daily", test_daily_limit },
    { "faults/replies", test_fault_replies },
    { "faults/pages", test_fault_pages },
    { "faults/headers", test_fault_headers },
    { "faults/breaks", test_fault_breaks },
    { "faults/announced-end", test_fault_announced_end },
    { "faults/bodies", test_fault_bodies },
    { "faults/length", test_fault_length },
    { "faults/lost-or-dropped", test_fault_lost_or_dropped },
    { "faults/hangs", test_fault_hangs },
    { "faults/counts", test_fault_counts },
    { "faults/kinds", test_fault_kinds },
    { "faults/wrong-spec", test_fault_wrong_spec },
    { "control/refuses-pages", test_control_refuses_pages },
    { "control/latency", test_latency },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/org/api/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  g_test_add_func ("/org/api/limits/concurrent", test_concurrent_limit);
  g_test_add_func ("/org/api/pages", test_pages);
  g_test_add_func ("/org/api/odd-pages", test_odd_pages);
  g_test_add_func ("/org/api/memory-flat", test_memory_flat);
  g_test_add_func ("/org/api/sandbox", test_sandbox);

  return g_test_run ();
}
