/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-bulk-query.h"

#include <string.h>

#include "client-fixture.h"
#include "sluice-error.h"
#include "test-utils.h"

#define JOBS "/services/data/v68.0/jobs/query"
#define ID "750R0000000zlh9IAA"
#define JOB JOBS "/" ID
#define RESULTS JOB "/results"
#define PAGES JOB "/resultPages"
#define SOQL "SELECT Id, Name FROM Account"

typedef struct
{
  ClientFixture base;
  SluiceBulkQuery *query;
  SluiceBulkJob *job;
  GCancellable *cancellable;
  GAsyncResult *result;
} Fixture;

static void
use_query (Fixture         *fixture,
           SluiceBulkQuery *query) /* (transfer full) */
{
  g_clear_object (&fixture->query);
  fixture->query = query;
  fixture->job = sluice_bulk_query_get_job (query);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  client_fixture_set_up (&fixture->base);
  use_query (fixture, sluice_bulk_query_new (fixture->base.client, SOQL, FALSE, SLUICE_PRIORITY_INTERACTIVE));
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_null (fixture->result);
  g_object_unref (fixture->cancellable);
  g_assert_finalize_object (fixture->query);
  client_fixture_tear_down (&fixture->base);
}

static MockReply *
new_info (const char *state,
          const char *more)
{
  g_autofree char *body = g_strdup_printf ("{\"id\":\"" ID "\",\"operation\":\"query\",\"object\":\"Account\","
                                           "\"apiVersion\":68.0,\"state\":\"%s\"%s}", state, more);

  return mock_reply_new (200, "application/json", body);
}

static void
queue_info (Fixture    *fixture,
            const char *state,
            const char *more)
{
  mock_server_queue (fixture->base.server, JOBS, new_info (state, more));
}

static void
queue_error (Fixture    *fixture,
             guint       status,
             const char *code)
{
  g_autofree char *body = g_strdup_printf ("[{\"errorCode\":\"%s\",\"message\":\"Told so\"}]", code);

  mock_server_queue_json (fixture->base.server, JOBS, status, body);
}

static void
run (Fixture *fixture)
{
  sluice_bulk_query_run_async (fixture->query, fixture->cancellable, keep_result, &fixture->result);
}

/* To the end, however long it takes. */
static gboolean
finish (Fixture  *fixture,
        GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;

  while (fixture->result == NULL)
    {
      manual_clock_advance (fixture->base.clock, G_USEC_PER_SEC);
      g_usleep (500);
    }
  done = g_steal_pointer (&fixture->result);

  return sluice_bulk_query_run_finish (fixture->query, done, error);
}

static gboolean
run_and_finish (Fixture  *fixture,
                GError  **error)
{
  run (fixture);

  return finish (fixture, error);
}

static void
assert_request (Fixture    *fixture,
                guint       i,
                const char *method,
                const char *path)
{
  g_autoptr(MockRequest) request = mock_server_dup_request (fixture->base.server, i);

  g_assert_cmpstr (request->method, ==, method);
  g_assert_cmpstr (request->path, ==, path);
}

static void
assert_idle (Fixture *fixture)
{
  wait_for (sluice_throttle_get_in_flight (fixture->base.throttle) == 0 &&
            sluice_throttle_get_waiting (fixture->base.throttle) == 0);
}

static void
test_runs (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MockRequest) request = NULL;
  g_autofree char *page = NULL;

  queue_info (fixture, "UploadComplete", "");
  queue_info (fixture, "InProgress", ",\"numberRecordsProcessed\":20");
  queue_info (fixture, "SomethingNew", ",\"numberRecordsProcessed\":30");
  queue_info (fixture, "JobComplete", ",\"numberRecordsProcessed\":50");
  g_assert_true (run_and_finish (fixture, &error));
  g_assert_no_error (error);

  request = mock_server_dup_request (fixture->base.server, 0);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->path, ==, JOBS);
  g_assert_cmpstr (request->body, ==,
                   "{\"operation\":\"query\",\"query\":\"" SOQL "\",\"contentType\":\"CSV\","
                   "\"columnDelimiter\":\"COMMA\",\"lineEnding\":\"LF\"}");
  assert_request (fixture, 1, "GET", JOB);
  g_assert_cmpstr (sluice_bulk_job_get_id (fixture->job), ==, ID);
  g_assert_cmpstr (sluice_bulk_job_get_api_version (fixture->job), ==, "68.0");
  g_assert_cmpint (sluice_bulk_job_get_state (fixture->job), ==, SLUICE_BULK_COMPLETE);
  g_assert_cmpint (sluice_bulk_job_get_processed (fixture->job), ==, 50);
  g_assert_cmpuint (sluice_bulk_job_get_calls (fixture->job), ==, 4);
  page = sluice_bulk_query_dup_first_page (fixture->query, 50000);
  g_assert_cmpstr (page, ==, RESULTS "?maxRecords=50000");
}

static void
test_all_rows (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MockRequest) request = NULL;

  use_query (fixture, sluice_bulk_query_new (fixture->base.client, SOQL, TRUE, SLUICE_PRIORITY_BACKGROUND));
  queue_info (fixture, "JobComplete", "");
  g_assert_true (run_and_finish (fixture, &error));
  request = mock_server_dup_request (fixture->base.server, 0);

  g_assert_nonnull (strstr (request->body, "\"operation\":\"queryAll\""));
}

/* At once, after a second, then less and less often, every half minute in the end. */
static void
test_asks_less_and_less_often (Fixture       *fixture,
                               gconstpointer  unused)
{
  static const gint64 waits[] = { 1000000, 1500000, 2250000, 3375000, 5062500, 7593750, 11390625, 17085937, 25628905,
                                  30000000, 30000000 };
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "UploadComplete", "");
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    queue_info (fixture, "InProgress", "");
  queue_info (fixture, "JobComplete", "");

  run (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      guint n_calls = i + 2;

      wait_for (sluice_bulk_job_get_calls (fixture->job) == n_calls &&
                client_fixture_get_state (&fixture->base, 0) == SLUICE_CALL_DONE);
      manual_clock_advance (fixture->base.clock, waits[i] - 1000);
      g_assert_cmpuint (sluice_bulk_job_get_calls (fixture->job), ==, n_calls);
      manual_clock_advance (fixture->base.clock, 1000);
    }

  g_assert_true (finish (fixture, &error));
}

static void
test_failed (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "UploadComplete", "");
  queue_info (fixture, "Failed", ",\"errorMessage\":\"InvalidBatch : Field X is not known\"");
  g_assert_false (run_and_finish (fixture, &error));

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "Field X is not known"));
  g_assert_cmpstr (sluice_error_get_server_code (error), ==, "InvalidBatch");
  g_assert_cmpstr (sluice_error_get_server_text (error), ==, "InvalidBatch : Field X is not known");
}

static void
test_aborted (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "InProgress", "");
  queue_info (fixture, "Aborted", "");
  g_assert_false (run_and_finish (fixture, &error));

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "aborted"));
}

static void
test_not_for_bulk (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  use_query (fixture, sluice_bulk_query_new (fixture->base.client, "SELECT COUNT() FROM Account", FALSE,
                                             SLUICE_PRIORITY_INTERACTIVE));
  g_assert_false (run_and_finish (fixture, &error));

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 0);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_error (fixture, 400, "API_ERROR");
  g_assert_false (run_and_finish (fixture, &error));

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "Told so"));
  g_assert_null (sluice_bulk_job_get_id (fixture->job));
}

typedef struct
{
  const char *name;
  guint status;
  const char *code;
  SluiceError sort;
  const char *says;
} Refusal;

static const Refusal refusals[] = {
  { "other-user", 400, "InvalidUser", SLUICE_ERROR_FORBIDDEN, "another user" },
  { "other-user-in-capitals", 400, "INVALIDUSER", SLUICE_ERROR_FORBIDDEN, "another user" },
  { "deleted", 404, "NOT_FOUND", SLUICE_ERROR_REJECTED, "deleted" },
  { "other-version", 409, "INVALIDVERSION", SLUICE_ERROR_REJECTED, "API version" },
  { "quota", 400, "ExceededQuota", SLUICE_ERROR_LIMIT, "24 hours" },
  { "feature", 400, "FEATURENOTENABLED", SLUICE_ERROR_FORBIDDEN, "not available" },
};

static void
test_told_well (Fixture       *fixture,
                gconstpointer  user_data)
{
  const Refusal *refusal = user_data;
  g_autoptr(GError) error = NULL;

  use_query (fixture, sluice_bulk_query_new_for_job (fixture->base.client, ID, "68.0", SLUICE_PRIORITY_INTERACTIVE));
  queue_error (fixture, refusal->status, refusal->code);
  g_assert_false (run_and_finish (fixture, &error));

  g_assert_error (error, SLUICE_ERROR, (int) refusal->sort);
  g_assert_nonnull (strstr (error->message, refusal->says));
  g_assert_cmpstr (sluice_error_get_server_text (error), ==, "Told so");
}

static void
test_nonsense (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->base.server, JOBS, 200, "{\"id\":\"../../sobjects\",\"state\":\"UploadComplete\"}");
  g_assert_false (run_and_finish (fixture, &error));

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_null (sluice_bulk_job_get_id (fixture->job));
}

/* The job goes on while the network is away. */
static void
test_survives_a_lost_network (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "InProgress", "");
  for (guint i = 0; i < 6; i++)
    mock_server_queue (fixture->base.server, JOBS,
                       mock_reply_set_delivery (mock_reply_new (200, "application/json", "{}"), MOCK_DROPPED));
  queue_info (fixture, "JobComplete", "");

  g_assert_true (run_and_finish (fixture, &error));
  g_assert_no_error (error);
}

static void
test_expired_token (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "InProgress", "");
  mock_server_queue_json (fixture->base.server, JOBS, 401, EXPIRED_BODY);
  client_fixture_queue_tokens (&fixture->base, "access-2");
  queue_info (fixture, "JobComplete", "");

  g_assert_true (run_and_finish (fixture, &error));
  g_assert_no_error (error);
}

/* The version of the making stays, whatever the client uses by now. */
static void
test_takes_up_a_job (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *page = NULL;

  use_query (fixture, sluice_bulk_query_new_for_job (fixture->base.client, ID, "61.0", SLUICE_PRIORITY_INTERACTIVE));
  mock_server_queue (fixture->base.server, "/services/data/v61.0/jobs/query/" ID, new_info ("JobComplete", ""));
  g_assert_true (run_and_finish (fixture, &error));
  page = sluice_bulk_query_dup_first_page (fixture->query, 0);

  g_assert_cmpstr (page, ==, "/services/data/v61.0/jobs/query/" ID "/results");
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 1);
}

static void
test_bad_job (Fixture       *fixture,
              gconstpointer  unused)
{
  SluiceClient *client = fixture->base.client;

  g_assert_null (sluice_bulk_query_new_for_job (client, "../sobjects", "68.0", SLUICE_PRIORITY_INTERACTIVE));
  g_assert_null (sluice_bulk_query_new_for_job (client, "", "68.0", SLUICE_PRIORITY_INTERACTIVE));
  g_assert_null (sluice_bulk_query_new_for_job (client, ID, "68.0/x", SLUICE_PRIORITY_INTERACTIVE));
  g_assert_null (sluice_bulk_query_new_for_job (client, ID, NULL, SLUICE_PRIORITY_INTERACTIVE));
}

/* Cancelling. */

static void
assert_cancelled (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (fixture->cancellable);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_in_queue (Fixture       *fixture,
                         gconstpointer  unused)
{
  sluice_throttle_pause (fixture->base.throttle, G_MAXINT64, SLUICE_PAUSE_UNAVAILABLE);
  run (fixture);
  wait_for (sluice_throttle_get_waiting (fixture->base.throttle) == 1);
  assert_cancelled (fixture);
  assert_idle (fixture);

  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 0);
}

/* The org makes the job all the same, so it is ended as soon as its name is known. */
static void
test_cancelled_while_made (Fixture       *fixture,
                           gconstpointer  unused)
{
  mock_server_queue (fixture->base.server, JOBS, mock_reply_hold (new_info ("UploadComplete", "")));
  run (fixture);
  wait_for (mock_server_get_n_held (fixture->base.server) == 1);
  assert_cancelled (fixture);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 1);

  queue_info (fixture, "Aborted", "");
  mock_server_queue (fixture->base.server, JOBS, mock_reply_new (204, NULL, ""));
  mock_server_release (fixture->base.server);
  wait_for (mock_server_get_n_requests (fixture->base.server) == 3);
  assert_idle (fixture);

  assert_request (fixture, 1, "PATCH", JOB);
  assert_request (fixture, 2, "DELETE", JOB);
}

static void
test_cancelled_while_watched (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(MockRequest) request = NULL;

  queue_info (fixture, "UploadComplete", "");
  run (fixture);
  wait_for (sluice_bulk_job_get_id (fixture->job) != NULL);
  queue_info (fixture, "Aborted", "");
  mock_server_queue (fixture->base.server, JOBS, mock_reply_new (204, NULL, ""));
  assert_cancelled (fixture);
  wait_for (mock_server_get_n_requests (fixture->base.server) == 3);
  assert_idle (fixture);

  request = mock_server_dup_request (fixture->base.server, 1);
  g_assert_cmpstr (request->method, ==, "PATCH");
  g_assert_cmpstr (request->body, ==, "{\"state\":\"Aborted\"}");
  assert_request (fixture, 2, "DELETE", JOB);
}

static void
test_cancelled_while_asking (Fixture       *fixture,
                             gconstpointer  unused)
{
  queue_info (fixture, "UploadComplete", "");
  mock_server_queue (fixture->base.server, JOBS, mock_reply_hold (new_info ("InProgress", "")));
  run (fixture);
  wait_for (sluice_bulk_job_get_id (fixture->job) != NULL);
  manual_clock_advance (fixture->base.clock, G_USEC_PER_SEC);
  wait_for (mock_server_get_n_held (fixture->base.server) == 1);
  queue_error (fixture, 400, "INVALIDJOBSTATE");
  mock_server_queue (fixture->base.server, JOBS, mock_reply_new (204, NULL, ""));
  assert_cancelled (fixture);
  mock_server_release (fixture->base.server);
  wait_for (mock_server_get_n_requests (fixture->base.server) == 4);
  assert_idle (fixture);
}

/* A program may end when the run has ended, and leaves nothing behind. */
static void
test_cancelled_run_ends_its_job (Fixture       *fixture,
                                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  queue_info (fixture, "UploadComplete", "");
  run (fixture);
  wait_for (sluice_bulk_job_get_id (fixture->job) != NULL);
  queue_info (fixture, "Aborted", "");
  mock_server_queue (fixture->base.server, JOBS, mock_reply_new (204, NULL, ""));
  g_cancellable_cancel (fixture->cancellable);
  done = wait_result (&fixture->result);

  g_assert_false (sluice_bulk_query_run_finish (fixture->query, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 3);
  assert_request (fixture, 2, "DELETE", JOB);
}

static gboolean
discard_and_wait (Fixture  *fixture,
                  GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;

  sluice_bulk_job_discard_async (fixture->job, NULL, keep_result, &fixture->result);
  done = wait_result (&fixture->result);

  return sluice_bulk_job_discard_finish (fixture->job, done, error);
}

static void
test_discard (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "JobComplete", "");
  g_assert_true (run_and_finish (fixture, &error));
  mock_server_queue (fixture->base.server, JOBS, mock_reply_new (204, NULL, ""));
  g_assert_true (discard_and_wait (fixture, &error));

  assert_request (fixture, mock_server_get_n_requests (fixture->base.server) - 1, "DELETE", JOB);
}

static void
test_discard_what_is_gone (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "JobComplete", "");
  g_assert_true (run_and_finish (fixture, &error));
  queue_error (fixture, 404, "NOT_FOUND");
  g_assert_true (discard_and_wait (fixture, &error));
  g_assert_no_error (error);
}

static void
test_discard_fails (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_info (fixture, "JobComplete", "");
  g_assert_true (run_and_finish (fixture, &error));
  queue_error (fixture, 400, "InvalidUser");
  g_assert_false (discard_and_wait (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
}

static void
test_discard_nothing (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (discard_and_wait (fixture, &error));
  g_assert_cmpuint (mock_server_get_n_requests (fixture->base.server), ==, 0);
}

/* Lists of pages. */

static void
take_up (Fixture *fixture)
{
  use_query (fixture, sluice_bulk_query_new_for_job (fixture->base.client, ID, "68.0", SLUICE_PRIORITY_INTERACTIVE));
}

static char **
list_and_wait (Fixture  *fixture,
               GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;

  sluice_bulk_query_list_pages_async (fixture->query, fixture->cancellable, keep_result, &fixture->result);
  done = wait_result (&fixture->result);

  return sluice_bulk_query_list_pages_finish (fixture->query, done, error);
}

static void
test_lists_pages (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) pages = NULL;

  take_up (fixture);
  mock_server_queue_json (fixture->base.server, PAGES, 200,
                          "{\"resultPages\":[{\"resultUrl\":\"" RESULTS "?locator=a\"},{\"resultUrl\":\"" RESULTS
                          "?locator=b%2B\"}],\"nextRecordsUrl\":\"" PAGES "?locator=c\",\"done\":false}");
  mock_server_queue_json (fixture->base.server, PAGES, 200,
                          "{\"resultPages\":[{\"resultLink\":\"" RESULTS "?locator=c\"}],\"nextRecordUrl\":\"" PAGES
                          "?locator=d\",\"done\":false}");
  mock_server_queue_json (fixture->base.server, PAGES, 200,
                          "{\"resultPages\":[{\"resultUrl\":\"" RESULTS "?locator=d\"}],\"nextRecordsUrl\":\"" PAGES
                          "?locator=e\",\"done\":true}");
  pages = list_and_wait (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (pages), ==, 4);
  g_assert_cmpstr (pages[1], ==, RESULTS "?locator=b%2B");
  g_assert_cmpstr (pages[3], ==, RESULTS "?locator=d");
}

static void
test_lists_no_pages (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) pages = NULL;

  take_up (fixture);
  queue_error (fixture, 404, "NOT_FOUND");
  pages = list_and_wait (fixture, &error);

  g_assert_no_error (error);
  g_assert_nonnull (pages);
  g_assert_null (pages[0]);
}

typedef struct
{
  const char *name;
  const char *body;
} BadList;

static const BadList bad_lists[] = {
  { "elsewhere", "{\"resultPages\":[{\"resultUrl\":\"https://evil.example" RESULTS "?locator=a\"}],\"done\":true}" },
  { "other-job", "{\"resultPages\":[{\"resultUrl\":\"" JOBS "/750R0000000zzzz/results?locator=a\"}],\"done\":true}" },
  { "in-circles", "{\"resultPages\":[],\"nextRecordsUrl\":\"" PAGES "?locator=a\",\"done\":false}" },
  { "no-list", "{\"done\":true}" },
  { "array", "[]" },
};

static void
test_bad_list (Fixture       *fixture,
               gconstpointer  user_data)
{
  const BadList *bad = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) pages = NULL;

  take_up (fixture);
  for (guint i = 0; i < 2; i++)
    mock_server_queue_json (fixture->base.server, PAGES, 200, bad->body);
  pages = list_and_wait (fixture, &error);

  g_assert_null (pages);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

/* Pages. */

typedef struct
{
  SluiceFetcher *fetcher;
  const char *address;
  char *next;
  gint64 n_records;
  GString *body;
  GError *error;
} Page;

static gpointer
page_thread (gpointer data)
{
  Page *page = data;
  g_autoptr(GInputStream) stream = NULL;
  char buffer[1000];
  gssize n;

  stream = sluice_bulk_query_open_page (page->fetcher, page->address, NULL, &page->next, &page->n_records,
                                        &page->error);
  while (stream != NULL && (n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &page->error)) > 0)
    g_string_append_len (page->body, buffer, n);

  return NULL;
}

static void
read_page (Fixture    *fixture,
           const char *address,
           Page       *page)
{
  *page = (Page) { .address = address, .body = g_string_new (NULL) };
  page->fetcher = sluice_client_new_fetcher (fixture->base.client, SLUICE_PRIORITY_INTERACTIVE);
  client_fixture_run (&fixture->base, page_thread, page);
  g_assert_finalize_object (page->fetcher);
}

static void
page_clear (Page *page)
{
  g_free (page->next);
  g_string_free (page->body, TRUE);
  g_clear_error (&page->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

typedef struct
{
  SluiceFetcher *fetcher;
  const char *address;
  char **pages; /* (nullable) */
  GError *error;
} PartialList;

static gpointer
list_thread (gpointer data)
{
  PartialList *list = data;

  list->pages = sluice_bulk_query_list_from (list->fetcher, list->address, NULL, &list->error);

  return NULL;
}

static void
list_from (Fixture     *fixture,
           const char  *address,
           PartialList *list)
{
  *list = (PartialList) { .address = address };
  list->fetcher = sluice_client_new_fetcher (fixture->base.client, SLUICE_PRIORITY_INTERACTIVE);
  client_fixture_run (&fixture->base, list_thread, list);
  g_assert_finalize_object (list->fetcher);
}

static void
partial_list_clear (PartialList *list)
{
  g_strfreev (list->pages);
  g_clear_error (&list->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PartialList, partial_list_clear)

static void
test_list_from (Fixture       *fixture,
                gconstpointer  unused)
{
  g_auto(PartialList) list = { NULL, };

  mock_server_queue_json (fixture->base.server, PAGES, 200,
                          "{\"resultPages\":[{\"resultUrl\":\"" RESULTS "?locator=a%2B\"},{\"resultLink\":\"" RESULTS
                          "?locator=b=\"}],\"done\":true}");
  list_from (fixture, RESULTS "?maxRecords=50000&locator=a%2B", &list);

  g_assert_no_error (list.error);
  g_assert_cmpuint (g_strv_length (list.pages), ==, 2);
  g_assert_cmpstr (list.pages[0], ==, RESULTS "?locator=a%2B");
  /* As the page before it would tell it. */
  g_assert_cmpstr (list.pages[1], ==, RESULTS "?locator=b%3D");
  g_assert_cmpuint (mock_server_count (fixture->base.server, PAGES), ==, 1);
}

static void
test_list_from_refused (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_auto(PartialList) list = { NULL, };

  queue_error (fixture, 404, "NOT_FOUND");
  list_from (fixture, RESULTS "?locator=a", &list);

  g_assert_null (list.pages);
  g_assert_cmpuint (sluice_error_get_http_status (list.error), ==, 404);
}

static void
test_list_from_bad (Fixture       *fixture,
                    gconstpointer  user_data)
{
  const BadList *bad = user_data;
  g_auto(PartialList) list = { NULL, };

  mock_server_queue_json (fixture->base.server, PAGES, 200, bad->body);
  list_from (fixture, RESULTS "?locator=b", &list);

  g_assert_error (list.error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_null (list.pages);
}

static MockReply *
new_page (const char *locator,
          const char *n)
{
  MockReply *reply = mock_reply_new (200, "text/csv", "\"Id\"\n\"001\"\n");

  if (n != NULL)
    mock_reply_add_header (reply, "Sforce-NumberOfRecords", n);

  return locator != NULL ? mock_reply_add_header (reply, "Sforce-Locator", locator) : reply;
}

static void
test_page (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(MockRequest) request = NULL;
  g_auto(Page) page = { 0 };

  mock_server_queue (fixture->base.server, RESULTS, new_page ("MDow+R2/F=", "1"));
  read_page (fixture, RESULTS "?maxRecords=50000", &page);
  request = mock_server_dup_request (fixture->base.server, 0);

  g_assert_no_error (page.error);
  g_assert_cmpstr (page.body->str, ==, "\"Id\"\n\"001\"\n");
  g_assert_cmpstr (page.next, ==, RESULTS "?maxRecords=50000&locator=MDow%2BR2%2FF%3D");
  g_assert_cmpint (page.n_records, ==, 1);
  g_assert_cmpstr (mock_request_get_header (request, "Accept"), ==, "text/csv");
}

static void
test_later_page (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_auto(Page) page = { 0 };

  mock_server_queue (fixture->base.server, RESULTS, new_page ("b", NULL));
  read_page (fixture, RESULTS "?locator=a&maxRecords=50000", &page);

  g_assert_no_error (page.error);
  g_assert_cmpstr (page.next, ==, RESULTS "?maxRecords=50000&locator=b");
  g_assert_cmpint (page.n_records, ==, -1);
}

static void
test_last_page (Fixture       *fixture,
                gconstpointer  unused)
{
  g_auto(Page) page = { 0 };

  mock_server_queue (fixture->base.server, RESULTS, new_page ("null", "0"));
  read_page (fixture, RESULTS, &page);

  g_assert_no_error (page.error);
  g_assert_null (page.next);
  g_assert_cmpint (page.n_records, ==, 0);
}

/* Where the end is not told, what has come is not all that there is. */
static void
test_page_without_locator (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_auto(Page) page = { 0 };

  mock_server_queue (fixture->base.server, RESULTS, new_page (NULL, "1"));
  read_page (fixture, RESULTS, &page);

  g_assert_error (page.error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

static void
test_page_in_circles (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_auto(Page) page = { 0 };

  mock_server_queue (fixture->base.server, RESULTS, new_page ("a", "1"));
  read_page (fixture, RESULTS "?locator=a", &page);

  g_assert_error (page.error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

static void
test_expired_locator (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_auto(Page) page = { 0 };

  queue_error (fixture, 400, "INVALID_QUERY_LOCATOR");
  read_page (fixture, RESULTS "?locator=a", &page);

  g_assert_error (page.error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (page.error->message, "Start the query again"));
  g_assert_false (sluice_fetcher_is_worth_again (page.error));
}

static void
test_page_is_a_web_page (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_auto(Page) page = { 0 };

  mock_server_queue (fixture->base.server, RESULTS,
                     mock_reply_add_header (mock_reply_new (200, "text/html", "<html>"), "Sforce-Locator", "null"));
  read_page (fixture, RESULTS, &page);

  g_assert_error (page.error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpstr (page.body->str, ==, "");
}

static void
test_broken_page (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_auto(Page) page = { 0 };

  mock_server_queue (fixture->base.server, RESULTS, mock_reply_set_delivery (new_page ("null", "1"), MOCK_CUT));
  read_page (fixture, RESULTS, &page);

  g_assert_true (sluice_fetcher_is_worth_again (page.error));
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
    { "runs", test_runs },
    { "all-rows", test_all_rows },
    { "asks-less-and-less-often", test_asks_less_and_less_often },
    { "failed", test_failed },
    { "aborted", test_aborted },
    { "not-for-bulk", test_not_for_bulk },
    { "refused", test_refused },
    { "nonsense", test_nonsense },
    { "survives-a-lost-network", test_survives_a_lost_network },
    { "expired-token", test_expired_token },
    { "takes-up-a-job", test_takes_up_a_job },
    { "bad-job", test_bad_job },
    { "cancelled-in-queue", test_cancelled_in_queue },
    { "cancelled-while-made", test_cancelled_while_made },
    { "cancelled-while-watched", test_cancelled_while_watched },
    { "cancelled-while-asking", test_cancelled_while_asking },
    { "cancelled-run-ends-its-job", test_cancelled_run_ends_its_job },
    { "discard", test_discard },
    { "discard-what-is-gone", test_discard_what_is_gone },
    { "discard-fails", test_discard_fails },
    { "discard-nothing", test_discard_nothing },
    { "lists-pages", test_lists_pages },
    { "lists-no-pages", test_lists_no_pages },
    { "list-from", test_list_from },
    { "list-from-refused", test_list_from_refused },
    { "page", test_page },
    { "later-page", test_later_page },
    { "last-page", test_last_page },
    { "page-without-locator", test_page_without_locator },
    { "page-in-circles", test_page_in_circles },
    { "expired-locator", test_expired_locator },
    { "page-is-a-web-page", test_page_is_a_web_page },
    { "broken-page", test_broken_page },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/net/bulk-query/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/net/bulk-query/told-well/", refusals[i].name, NULL);

      g_test_add (path, Fixture, &refusals[i], set_up, test_told_well, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_lists); i++)
    {
      g_autofree char *path = g_strconcat ("/net/bulk-query/bad-list/", bad_lists[i].name, NULL);

      g_autofree char *from = g_strconcat ("/net/bulk-query/bad-list-from/", bad_lists[i].name, NULL);

      g_test_add (path, Fixture, &bad_lists[i], set_up, test_bad_list, tear_down);
      g_test_add (from, Fixture, &bad_lists[i], set_up, test_list_from_bad, tear_down);
    }

  return g_test_run ();
}
