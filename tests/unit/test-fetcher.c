/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-fetcher.h"

#include <string.h>

#include "client-fixture.h"
#include "sluice-error.h"
#include "test-utils.h"

#define DATA "/services/data"
#define PAGE "/services/data/v68.0/jobs/query/750/results"
#define CONCURRENT \
  "[{\"message\":\"ConcurrentRequests Limit exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]"
#define DAILY "[{\"message\":\"TotalRequests Limit exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]"
#define CSV "text/csv"
#define N_LANES 4
#define N_CANCELS 40

typedef struct
{
  ClientFixture base;
  SluiceFetcher *fetcher;
} Fixture;

/* One answer that a thread reads. */
typedef struct
{
  SluiceFetcher *fetcher;
  const char *path;
  GCancellable *cancellable; /* (nullable) */
  guint n_times;
  gboolean drop;             /* not read to its end */

  int opened;                /* atomic */
  int done;                  /* atomic */
  GString *body;
  SluiceReply *reply;
  GError *error;
} Fetching;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  client_fixture_set_up (&fixture->base);
  fixture->fetcher = sluice_client_new_fetcher (fixture->base.client, SLUICE_PRIORITY_INTERACTIVE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->fetcher);
  client_fixture_tear_down (&fixture->base);
}

static Fetching *
fetching_new (Fixture    *fixture,
              const char *path)
{
  Fetching *fetching = g_new0 (Fetching, 1);

  fetching->fetcher = fixture->fetcher;
  fetching->path = path;
  fetching->n_times = 1;
  fetching->body = g_string_new (NULL);

  return fetching;
}

static void
fetching_free (Fetching *fetching)
{
  g_clear_object (&fetching->cancellable);
  g_string_free (fetching->body, TRUE);
  sluice_reply_free (fetching->reply);
  g_clear_error (&fetching->error);
  g_free (fetching);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fetching, fetching_free)

static void
read_all (Fetching     *fetching,
          GInputStream *stream)
{
  g_autofree char *buffer = g_malloc (256 * 1024);
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, 256 * 1024, fetching->cancellable, &fetching->error)) > 0)
    g_string_append_len (fetching->body, buffer, n);
}

static void
fetch_once (Fetching *fetching)
{
  SluiceRequest request = { .method = "GET", .path = fetching->path, .summary = "Test" };
  g_autoptr(GInputStream) stream = NULL;

  g_clear_pointer (&fetching->reply, sluice_reply_free);
  stream = sluice_fetcher_open (fetching->fetcher, &request, fetching->cancellable, &fetching->reply,
                                &fetching->error);
  if (stream == NULL)
    return;

  g_atomic_int_set (&fetching->opened, TRUE);
  g_main_context_wakeup (NULL);
  if (!fetching->drop)
    read_all (fetching, stream);
}

static gpointer
fetch_thread (gpointer data)
{
  Fetching *fetching = data;

  for (guint i = 0; i < fetching->n_times && fetching->error == NULL; i++)
    fetch_once (fetching);

  g_atomic_int_set (&fetching->done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static Fetching *
fetch (Fixture    *fixture,
       const char *path)
{
  Fetching *fetching = fetching_new (fixture, path);

  client_fixture_run (&fixture->base, fetch_thread, fetching);

  return fetching;
}

static void
assert_whole (Fetching   *fetching,
              const char *body)
{
  g_assert_no_error (fetching->error);
  g_assert_cmpstr (fetching->body->str, ==, body);
}

static void
test_fetches (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;
  g_autoptr(MockRequest) request = NULL;

  mock_server_queue (fixture->base.server, PAGE,
                     mock_reply_add_header (mock_reply_add_header (mock_reply_new (200, CSV, "Id\n1\n"),
                                                                   "Sforce-Locator", "MTAw"),
                                            "Sforce-Limit-Info", "api-usage=18/5000"));
  fetching = fetch (fixture, PAGE "?maxRecords=2");

  assert_whole (fetching, "Id\n1\n");
  g_assert_cmpuint (fetching->reply->status, ==, 200);
  g_assert_cmpstr (g_hash_table_lookup (fetching->reply->headers, "sforce-locator"), ==, "MTAw");
  request = mock_server_dup_request (fixture->base.server, 0);
  g_assert_cmpstr (request->query, ==, "maxRecords=2");
  client_fixture_assert_token (&fixture->base, 0, "access-1");
  g_assert_cmpuint (sluice_budget_get_used (fixture->base.budget), ==, 18);
  g_assert_cmpint (client_fixture_get_state (&fixture->base, 0), ==, SLUICE_CALL_DONE);
}

static void
test_inflates (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *text = g_strnfill (3000000, 'x');
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue (fixture->base.server, PAGE,
                     mock_reply_set_delivery (mock_reply_new (200, CSV, text), MOCK_GZIP));
  fetching = fetch (fixture, PAGE);

  assert_whole (fetching, text);
}

static void
test_holds_its_slot (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);
  GThread *thread;

  mock_server_queue (fixture->base.server, PAGE, mock_reply_hold_half (mock_reply_new (200, CSV, "0123456789")));
  thread = g_thread_new ("worker", fetch_thread, fetching);
  wait_for (g_atomic_int_get (&fetching->opened));

  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->base.throttle), ==, 1);
  g_assert_cmpint (client_fixture_get_state (&fixture->base, 0), ==, SLUICE_CALL_RUNNING);
  mock_server_release (fixture->base.server);
  wait_for (sluice_throttle_get_in_flight (fixture->base.throttle) == 0);
  g_thread_join (thread);
  assert_whole (fetching, "0123456789");
}

static void
test_keeps_the_connection (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);
  g_autoptr(MockRequest) first = NULL;
  g_autoptr(MockRequest) last = NULL;

  fetching->n_times = 3;
  for (guint i = 0; i < 3; i++)
    mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  client_fixture_run (&fixture->base, fetch_thread, fetching);
  first = mock_server_dup_request (fixture->base.server, 0);
  last = mock_server_dup_request (fixture->base.server, 2);

  assert_whole (fetching, "ababab");
  g_assert_cmpuint (first->port, ==, last->port);
}

static void
test_expired_token (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue_json (fixture->base.server, PAGE, 401, EXPIRED_BODY);
  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  client_fixture_queue_tokens (&fixture->base, "access-2");
  fetching = fetch (fixture, PAGE);

  assert_whole (fetching, "ab");
  client_fixture_assert_token (&fixture->base, 2, "access-2");
}

static void
test_expired_twice (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  for (guint i = 0; i < 2; i++)
    mock_server_queue_json (fixture->base.server, PAGE, 401, EXPIRED_BODY);
  client_fixture_queue_tokens (&fixture->base, "access-2");
  fetching = fetch (fixture, PAGE);

  g_assert_error (fetching->error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_false (sluice_fetcher_is_worth_again (fetching->error));
}

static void
test_signed_out (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  gated_store_put (fixture->base.store, NULL);
  fetching = fetch (fixture, PAGE);

  g_assert_error (fetching->error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 0);
}

static void
test_concurrent_limit (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue_json (fixture->base.server, PAGE, 403, CONCURRENT);
  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  fetching = fetch (fixture, PAGE);

  assert_whole (fetching, "ab");
}

static void
test_daily_limit (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue_json (fixture->base.server, PAGE, 403, DAILY);
  fetching = fetch (fixture, PAGE);

  g_assert_error (fetching->error, SLUICE_ERROR, SLUICE_ERROR_LIMIT);
  g_assert_cmpint (sluice_throttle_get_pause_reason (fixture->base.throttle), ==, SLUICE_PAUSE_DAILY_LIMIT);
}

static void
test_unavailable (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (503, "text/html", "<html>"));
  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  fetching = fetch (fixture, PAGE);

  assert_whole (fetching, "ab");
}

static void
test_dropped_before_the_answer (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue (fixture->base.server, PAGE,
                     mock_reply_set_delivery (mock_reply_new (200, CSV, "ab"), MOCK_DROPPED));
  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  fetching = fetch (fixture, PAGE);

  assert_whole (fetching, "ab");
}

static void
test_no_server (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_copy (gated_store_peek (fixture->base.store));
  g_autoptr(Fetching) fetching = NULL;

  g_set_str (&credentials->instance_url, "http://127.0.0.1:1");
  gated_store_put (fixture->base.store, credentials);
  fetching = fetch (fixture, PAGE);

  g_assert_error (fetching->error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
}

typedef struct
{
  const char *name;
  MockDelivery delivery;
} BrokenCase;

static const BrokenCase broken_cases[] = {
  { "cut", MOCK_CUT },
  { "shorter-than-announced", MOCK_TOO_LONG },
  { "gzip-cut", MOCK_GZIP_CUT },
};

/* A body that did not arrive whole is never taken for whole, and the connection is not used again. */
static void
test_broken_body (Fixture       *fixture,
                  gconstpointer  user_data)
{
  const BrokenCase *broken = user_data;
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr(Fetching) fetching = NULL;
  g_autoptr(Fetching) again = NULL;

  mock_server_queue (fixture->base.server, PAGE,
                     mock_reply_set_delivery (mock_reply_new (200, CSV, text), broken->delivery));
  fetching = fetch (fixture, PAGE);

  g_assert_nonnull (fetching->error);
  g_assert_true (sluice_fetcher_is_worth_again (fetching->error));
  g_assert_cmpint (client_fixture_get_state (&fixture->base, 0), ==, SLUICE_CALL_FAILED);
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->base.throttle), ==, 0);

  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  again = fetch (fixture, PAGE);
  assert_whole (again, "ab");
}

static void
test_error_answer (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue_json (fixture->base.server, PAGE, 400, "[{\"message\":\"No such job\",\"errorCode\":\"INVALIDJOB\"}]");
  fetching = fetch (fixture, PAGE);

  g_assert_error (fetching->error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_cmpstr (sluice_error_get_server_code (fetching->error), ==, "INVALIDJOB");
  g_assert_cmpstr (sluice_error_get_server_text (fetching->error), ==, "No such job");
}

/* Nothing goes where the token does not belong. */
static void
test_foreign_host (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetch (fixture, "https://evil.example/services/data");

  g_assert_error (fetching->error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 0);
}

static void
test_redirect (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(MockServer) other = mock_server_new ();
  g_autofree char *url = g_strconcat (mock_server_get_url (other), "/", NULL);
  g_autoptr(Fetching) fetching = NULL;

  mock_server_queue (fixture->base.server, PAGE,
                     mock_reply_add_header (mock_reply_new (302, "text/html", ""), "Location", url));
  fetching = fetch (fixture, PAGE);

  g_assert_nonnull (fetching->error);
  g_assert_cmpuint (mock_server_get_n_requests (other), ==, 0);
}

static void
test_dropped_stream (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);

  fetching->drop = TRUE;
  fetching->n_times = 2;
  for (guint i = 0; i < 2; i++)
    mock_server_queue (fixture->base.server, PAGE, mock_reply_hold_half (mock_reply_new (200, CSV, "0123456789")));
  client_fixture_run (&fixture->base, fetch_thread, fetching);

  g_assert_no_error (fetching->error);
  g_assert_cmpint (client_fixture_get_state (&fixture->base, 0), ==, SLUICE_CALL_CANCELLED);
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->base.throttle), ==, 0);
}

static void
assert_cancelled (Fixture  *fixture,
                  Fetching *fetching)
{
  g_assert_error (fetching->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_for (client_fixture_get_state (&fixture->base, 0) == SLUICE_CALL_CANCELLED);
  wait_for (sluice_throttle_get_in_flight (fixture->base.throttle) == 0);
}

static void
test_cancelled_before (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);

  fetching->cancellable = g_cancellable_new ();
  g_cancellable_cancel (fetching->cancellable);
  client_fixture_run (&fixture->base, fetch_thread, fetching);

  g_assert_error (fetching->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 0);
}

static void
test_cancelled_in_queue (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);
  GThread *thread;

  fetching->cancellable = g_cancellable_new ();
  sluice_throttle_pause (fixture->base.throttle, G_MAXINT64, SLUICE_PAUSE_UNAVAILABLE);
  thread = g_thread_new ("worker", fetch_thread, fetching);
  wait_for (sluice_throttle_get_waiting (fixture->base.throttle) == 1);

  /* Even while the main loop stands still. */
  g_cancellable_cancel (fetching->cancellable);
  g_thread_join (thread);

  assert_cancelled (fixture, fetching);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 0);
}

static void
test_cancelled_before_headers (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);
  GThread *thread;

  fetching->cancellable = g_cancellable_new ();
  mock_server_queue (fixture->base.server, PAGE, mock_reply_hold (mock_reply_new (200, CSV, "ab")));
  thread = g_thread_new ("worker", fetch_thread, fetching);
  wait_for (mock_server_get_n_held (fixture->base.server) == 1);
  g_cancellable_cancel (fetching->cancellable);
  g_thread_join (thread);

  assert_cancelled (fixture, fetching);
}

static void
test_cancelled_in_body (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);
  GThread *thread;

  fetching->cancellable = g_cancellable_new ();
  mock_server_queue (fixture->base.server, PAGE, mock_reply_hold_half (mock_reply_new (200, CSV, "0123456789")));
  thread = g_thread_new ("worker", fetch_thread, fetching);
  wait_for (g_atomic_int_get (&fetching->opened));
  g_cancellable_cancel (fetching->cancellable);
  g_thread_join (thread);

  assert_cancelled (fixture, fetching);
}

/* While the call waits to be repeated, outside the queue. */
static void
test_cancelled_before_repeat (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);
  GThread *thread;

  fetching->cancellable = g_cancellable_new ();
  mock_server_queue (fixture->base.server, PAGE,
                     mock_reply_set_delivery (mock_reply_new (200, CSV, "ab"), MOCK_DROPPED));
  thread = g_thread_new ("worker", fetch_thread, fetching);
  wait_for (mock_server_get_n_requests (fixture->base.server) == 1 &&
            client_fixture_get_state (&fixture->base, 0) == SLUICE_CALL_WAITING);
  g_cancellable_cancel (fetching->cancellable);
  g_thread_join (thread);

  assert_cancelled (fixture, fetching);
}

/* At moments of all kinds, on a connection that is kept. */
static void
test_cancelled_any_time (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char *text = g_strnfill (200000, 'x');

  for (guint i = 0; i < N_CANCELS; i++)
    {
      g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);
      GThread *thread;

      fetching->cancellable = g_cancellable_new ();
      fetching->n_times = 3;
      for (guint n = 0; n < 3; n++)
        mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, text));
      thread = g_thread_new ("worker", fetch_thread, fetching);
      for (guint n = 0; n < i && !g_atomic_int_get (&fetching->done); n++)
        g_main_context_iteration (NULL, TRUE);
      g_cancellable_cancel (fetching->cancellable);
      g_thread_join (thread);

      if (fetching->error != NULL)
        g_assert_error (fetching->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      wait_for (sluice_throttle_get_in_flight (fixture->base.throttle) == 0 &&
                sluice_throttle_get_waiting (fixture->base.throttle) == 0);
    }
}

/* Lanes of one client, as many at once as the throttle lets out. */
static void
test_lanes (Fixture       *fixture,
            gconstpointer  unused)
{
  SluiceFetcher *fetchers[N_LANES];
  Fetching *lanes[N_LANES];
  GThread *threads[N_LANES];

  sluice_throttle_set_concurrent_limit (fixture->base.throttle, 2);
  for (guint i = 0; i < N_LANES; i++)
    {
      mock_server_queue (fixture->base.server, PAGE, mock_reply_hold (mock_reply_new (200, CSV, "ab")));
      fetchers[i] = sluice_client_new_fetcher (fixture->base.client, SLUICE_PRIORITY_BACKGROUND);
      lanes[i] = fetching_new (fixture, PAGE);
      lanes[i]->fetcher = fetchers[i];
      threads[i] = g_thread_new ("lane", fetch_thread, lanes[i]);
    }

  wait_for (mock_server_get_n_held (fixture->base.server) == 2 &&
            sluice_throttle_get_waiting (fixture->base.throttle) == 2);
  mock_server_release (fixture->base.server);
  wait_for (mock_server_get_n_requests (fixture->base.server) == 4 &&
            mock_server_get_n_held (fixture->base.server) == 2);
  mock_server_release (fixture->base.server);

  for (guint i = 0; i < N_LANES; i++)
    {
      wait_for (g_atomic_int_get (&lanes[i]->done));
      g_thread_join (threads[i]);
      assert_whole (lanes[i], "ab");
      g_assert_finalize_object (fetchers[i]);
      fetching_free (lanes[i]);
    }
}

static gpointer
drop_thread (gpointer data)
{
  Fetching *fetching = data;
  SluiceRequest request = { .method = "GET", .path = PAGE };
  g_autoptr(GInputStream) stream = sluice_fetcher_open (fetching->fetcher, &request, NULL, NULL, &fetching->error);

  /* The last reference but the stream's. */
  g_clear_object (&fetching->fetcher);
  read_all (fetching, stream);

  return NULL;
}

static void
test_outlives_its_owner (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = fetching_new (fixture, PAGE);

  fetching->fetcher = sluice_client_new_fetcher (fixture->base.client, SLUICE_PRIORITY_BACKGROUND);
  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  client_fixture_run (&fixture->base, drop_thread, fetching);

  assert_whole (fetching, "ab");
}

static void
claimed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(SluiceClaim **) user_data = sluice_throttle_claim_finish (SLUICE_THROTTLE (object), result, NULL);
}

static void
test_claim (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(Fetching) fetching = NULL;
  SluiceClaim *claim = NULL;

  sluice_budget_update_from_header (fixture->base.budget, "api-usage=10/5000");
  sluice_throttle_claim_async (fixture->base.throttle, SLUICE_PRIORITY_BACKGROUND, 5, NULL, claimed_cb, &claim);
  wait_for (claim != NULL);
  sluice_fetcher_set_claim (fixture->fetcher, claim);
  sluice_claim_unref (claim);
  mock_server_queue (fixture->base.server, PAGE, mock_reply_new (200, CSV, "ab"));
  fetching = fetch (fixture, PAGE);

  assert_whole (fetching, "ab");
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *name;
    void (* func) (Fixture *, gconstpointer);
  } tests[] = {
    { "fetches", test_fetches },
    { "inflates", test_inflates },
    { "holds-its-slot", test_holds_its_slot },
    { "keeps-the-connection", test_keeps_the_connection },
    { "expired-token", test_expired_token },
    { "expired-twice", test_expired_twice },
    { "signed-out", test_signed_out },
    { "concurrent-limit", test_concurrent_limit },
    { "daily-limit", test_daily_limit },
    { "unavailable", test_unavailable },
    { "dropped-before-the-answer", test_dropped_before_the_answer },
    { "no-server", test_no_server },
    { "error-answer", test_error_answer },
    { "foreign-host", test_foreign_host },
    { "redirect", test_redirect },
    { "dropped-stream", test_dropped_stream },
    { "cancelled-before", test_cancelled_before },
    { "cancelled-in-queue", test_cancelled_in_queue },
    { "cancelled-before-headers", test_cancelled_before_headers },
    { "cancelled-in-body", test_cancelled_in_body },
    { "cancelled-before-repeat", test_cancelled_before_repeat },
    { "cancelled-any-time", test_cancelled_any_time },
    { "lanes", test_lanes },
    { "outlives-its-owner", test_outlives_its_owner },
    { "claim", test_claim },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/net/fetcher/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (broken_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/net/fetcher/broken-body/", broken_cases[i].name, NULL);

      g_test_add (path, Fixture, &broken_cases[i], set_up, test_broken_body, tear_down);
    }

  return g_test_run ();
}
