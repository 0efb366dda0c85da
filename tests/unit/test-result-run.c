/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-result-run.h"

#include <string.h>

#include "gated-store.h"
#include "manual-clock.h"
#include "mock-server.h"
#include "result-rows.h"
#include "sluice-client.h"
#include "sluice-error.h"
#include "sluice-query-position.h"
#include "test-utils.h"

#define QUERY "/services/data/v68.0/query"
#define NEXT "/services/data/v68.0/query/0r8-"
#define JSON_TYPE "application/json;charset=UTF-8"

typedef struct
{
  char *folder;
  MockServer *server;
  ManualClock *clock;
  GatedStore *store;
  SluiceThrottle *throttle;
  SluiceCallList *calls;
  SluiceClient *client;
  SluiceResultRun *run;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();

  fixture->folder = result_folder_new ();
  fixture->server = mock_server_new ();
  fixture->clock = manual_clock_new ();
  fixture->store = gated_store_new ();
  fixture->throttle = sluice_throttle_new (SLUICE_CLOCK (fixture->clock));
  fixture->calls = sluice_call_list_new (100);
  fixture->client = sluice_client_new ("s1", fixture->throttle, SLUICE_CREDENTIAL_STORE (fixture->store),
                                       fixture->calls, SLUICE_CLOCK (fixture->clock));
  sluice_client_set_login_url (fixture->client, mock_server_get_url (fixture->server));
  sluice_client_set_consumer_key (fixture->client, "demo");
  sluice_client_set_api_version (fixture->client, "68.0");

  credentials->access_token = g_strdup ("access-1");
  credentials->instance_url = g_strdup (mock_server_get_url (fixture->server));
  gated_store_put (fixture->store, credentials);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  result_object_free (fixture->run);
  wait_for (sluice_throttle_get_in_flight (fixture->throttle) == 0);
  result_folder_free (fixture->folder);

  g_object_unref (fixture->client);
  g_object_unref (fixture->throttle);
  g_object_unref (fixture->calls);
  g_object_unref (fixture->store);
  g_object_unref (fixture->clock);
  mock_server_free (fixture->server);
}

/* Page @number of @n_pages, with two rows. */
static MockReply *
make_page (guint number,
           guint n_pages)
{
  g_autofree char *next = g_strdup_printf ("\"done\":false,\"nextRecordsUrl\":\"" NEXT "%u\"", number + 1);
  g_autofree char *body = NULL;

  body = g_strdup_printf ("{\"totalSize\":%u,%s,\"records\":[{\"attributes\":{},\"Id\":\"%u\"},"
                          "{\"attributes\":{},\"Id\":\"%u\"}]}",
                          n_pages * 2, number + 1 < n_pages ? next : "\"done\":true", number * 2, number * 2 + 1);

  return mock_reply_new (200, JSON_TYPE, body);
}

/* The path of the first page is the beginning of all others, so it is queued last. */
static void
queue_pages (Fixture *fixture,
             guint    n_pages)
{
  for (guint i = n_pages; i > 0; i--)
    {
      g_autofree char *path = i > 1 ? g_strdup_printf (NEXT "%u", i - 1) : g_strdup (QUERY);

      mock_server_queue (fixture->server, path, make_page (i - 1, n_pages));
    }
}

static void
start (Fixture *fixture)
{
  g_autoptr(SluiceQuery) query = NULL;

  query = sluice_client_query (fixture->client, "SELECT Id FROM Account", FALSE, SLUICE_PRIORITY_INTERACTIVE);
  fixture->run = sluice_result_run_new (query, fixture->folder);
}

static SluiceResultRunState
get_state (Fixture *fixture)
{
  return sluice_result_run_get_state (fixture->run);
}

static guint
get_n_rows (Fixture *fixture)
{
  return (guint) sluice_result_run_get_rows (fixture->run);
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          guint      *count)
{
  (*count)++;
}

static void
test_all_pages (Fixture       *fixture,
                gconstpointer  unused)
{
  GListModel *list;
  guint n_changes = 0;

  queue_pages (fixture, 4);
  start (fixture);
  list = G_LIST_MODEL (sluice_result_run_get_list (fixture->run));
  g_signal_connect (fixture->run, "notify::rows", G_CALLBACK (count_cb), &n_changes);
  g_assert_cmpint (get_state (fixture), ==, SLUICE_RESULT_RUN_LOADING);
  g_assert_cmpint (sluice_result_run_get_total (fixture->run), ==, -1);

  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_DONE);
  g_assert_cmpuint (get_n_rows (fixture), ==, 8);
  g_assert_cmpuint (n_changes, >=, 1);
  g_assert_cmpint (sluice_result_run_get_total (fixture->run), ==, 8);
  g_assert_cmpuint (sluice_result_run_get_calls (fixture->run), ==, 4);
  g_assert_no_error (sluice_result_run_get_error (fixture->run));

  wait_for (g_list_model_get_n_items (list) == 8);
  g_assert_true (sluice_result_store_get_complete (sluice_result_list_get_store (SLUICE_RESULT_LIST (list))));
}

static void
test_stop_keeps_rows (Fixture       *fixture,
                      gconstpointer  unused)
{
  mock_server_queue (fixture->server, NEXT "1", mock_reply_hold (make_page (1, 2)));
  mock_server_queue (fixture->server, QUERY, make_page (0, 2));
  start (fixture);
  wait_for (mock_server_get_n_held (fixture->server) == 1);

  sluice_result_run_stop (fixture->run);
  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_STOPPED);
  g_assert_cmpuint (get_n_rows (fixture), ==, 2);
  g_assert_no_error (sluice_result_run_get_error (fixture->run));
  mock_server_release (fixture->server);
}

static void
test_failure_keeps_rows (Fixture       *fixture,
                         gconstpointer  unused)
{
  mock_server_queue_json (fixture->server, NEXT "1", 400,
                          "[{\"message\":\"invalid query locator\",\"errorCode\":\"INVALID_QUERY_LOCATOR\"}]");
  mock_server_queue (fixture->server, QUERY, make_page (0, 2));
  start (fixture);

  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_FAILED);
  g_assert_cmpuint (get_n_rows (fixture), ==, 2);
  g_assert_error (sluice_result_run_get_error (fixture->run), SLUICE_ERROR, SLUICE_ERROR_REJECTED);
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *folder = g_steal_pointer (&fixture->folder);

  fixture->folder = g_strdup ("/proc/none");
  queue_pages (fixture, 1);
  start (fixture);
  g_free (fixture->folder);
  fixture->folder = g_steal_pointer (&folder);

  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_FAILED);
  g_assert_error (sluice_result_run_get_error (fixture->run), SLUICE_ERROR, SLUICE_ERROR_STORAGE);
}

static void
test_refused_query (Fixture       *fixture,
                    gconstpointer  unused)
{
  guint row, column;

  mock_server_queue_json (fixture->server, QUERY, 400,
                          "[{\"message\":\"\\nSELECT Foo FROM Account\\n       ^\\nERROR at Row:1:Column:8\\nNo such column\","
                          "\"errorCode\":\"INVALID_FIELD\"}]");
  start (fixture);
  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_FAILED);

  g_assert_true (sluice_query_find_position (sluice_error_get_server_text (sluice_result_run_get_error (fixture->run)),
                                             &row, &column));
  g_assert_cmpuint (row, ==, 1);
  g_assert_cmpuint (column, ==, 8);
}

static void
test_nobody_to_ask (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = g_error_new (SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED, "Sign in.");

  fixture->run = sluice_result_run_new_failed (error);

  g_assert_cmpint (get_state (fixture), ==, SLUICE_RESULT_RUN_FAILED);
  g_assert_error (sluice_result_run_get_error (fixture->run), SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_cmpint (sluice_result_run_get_total (fixture->run), ==, -1);
  g_assert_cmpuint (sluice_result_run_get_calls (fixture->run), ==, 0);

  sluice_result_run_stop (fixture->run);
  g_assert_cmpint (get_state (fixture), ==, SLUICE_RESULT_RUN_FAILED);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/sync/result-run/all-pages", test_all_pages);
  ADD ("/sync/result-run/stop-keeps-rows", test_stop_keeps_rows);
  ADD ("/sync/result-run/failure-keeps-rows", test_failure_keeps_rows);
  ADD ("/sync/result-run/no-folder", test_no_folder);
  ADD ("/sync/result-run/refused-query", test_refused_query);
  ADD ("/sync/result-run/nobody-to-ask", test_nobody_to_ask);

  return g_test_run ();
}
