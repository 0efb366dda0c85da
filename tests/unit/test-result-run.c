/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "memory-store.h"
#include "mock-org.h"
#include "result-rows.h"
#include "sluice-error.h"
#include "sluice-query-position.h"
#include "sluice-result-run.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"
#define QUERY "/services/data/v67.0/query"

typedef struct
{
  char *folder;
  MockServer *server;
  MemoryStore *store;
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  SluiceResultRun *run;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  fixture->folder = result_folder_new ();
  fixture->server = mock_org_new ();
  fixture->store = memory_store_new ();
  fixture->subscription = sluice_subscription_new_with_id (ID);
  sluice_subscription_set_version (fixture->subscription, "1.0");
  sluice_subscription_set_consumer_key (fixture->subscription, "key");
  sluice_subscription_set_api_url (fixture->subscription, mock_server_get_url (fixture->server));
  credentials = mock_org_new_credentials (fixture->server);
  memory_store_put (fixture->store, ID, credentials);
  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store), NULL);

  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_true (sluice_connection_verify_finish (fixture->connection, done, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  result_object_free (fixture->run);
  result_object_free (fixture->connection);
  result_object_free (fixture->subscription);
  result_object_free (fixture->store);
  mock_server_free (fixture->server);
  result_folder_free (fixture->folder);
}

static void
start (Fixture *fixture)
{
  fixture->run = sluice_result_run_new (fixture->connection, "SELECT Id FROM Account", FALSE, SLUICE_TRANSPORT_REST,
                                        fixture->folder);
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

/* Page @number of @n_pages, with two rows. */
static MockReply *
make_page (guint number,
           guint n_pages)
{
  g_autofree char *next = g_strdup_printf ("\"done\":false,\"nextRecordsUrl\":\"" QUERY "/q-%u\"", (number + 1) * 2);
  g_autofree char *body = NULL;

  body = g_strdup_printf ("{\"totalSize\":%u,%s,\"records\":[{\"attributes\":{},\"Id\":\"%u\"},"
                          "{\"attributes\":{},\"Id\":\"%u\"}]}",
                          n_pages * 2, number + 1 < n_pages ? next : "\"done\":true", number * 2, number * 2 + 1);

  return mock_reply_new (200, "application/json;charset=UTF-8", body);
}

/* The path of the first page is the beginning of all others, so it is queued last. */
static void
queue_pages (Fixture *fixture,
             guint    n_pages)
{
  for (guint i = n_pages; i > 0; i--)
    {
      g_autofree char *path = i > 1 ? g_strdup_printf (QUERY "/q-%u", (i - 1) * 2) : g_strdup (QUERY);

      mock_server_queue (fixture->server, path, make_page (i - 1, n_pages));
    }
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
  SluiceTransfer *transfer;
  GListModel *list;
  guint n_changes = 0;

  queue_pages (fixture, 4);
  start (fixture);
  transfer = sluice_result_run_get_transfer (fixture->run);
  list = G_LIST_MODEL (sluice_result_run_get_list (fixture->run));
  g_signal_connect (fixture->run, "notify::rows", G_CALLBACK (count_cb), &n_changes);
  g_assert_cmpint (get_state (fixture), ==, SLUICE_RESULT_RUN_LOADING);

  wait_for (get_state (fixture) != SLUICE_RESULT_RUN_LOADING);
  g_assert_no_error (sluice_result_run_get_error (fixture->run));
  g_assert_cmpint (get_state (fixture), ==, SLUICE_RESULT_RUN_DONE);
  g_assert_cmpuint (get_n_rows (fixture), ==, 8);
  g_assert_cmpuint (n_changes, >=, 1);
  g_assert_cmpint (sluice_transfer_get_total (transfer), ==, 8);
  g_assert_cmpint (sluice_transfer_get_missing (transfer), ==, 0);
  g_assert_cmpuint (sluice_transfer_get_calls (transfer), ==, 4);

  wait_for (g_list_model_get_n_items (list) == 8);
  g_assert_true (sluice_result_store_get_complete (sluice_result_list_get_store (SLUICE_RESULT_LIST (list))));
}

static void
test_no_rows (Fixture       *fixture,
              gconstpointer  unused)
{
  mock_server_queue_json (fixture->server, QUERY, 200, "{\"totalSize\":0,\"done\":true,\"records\":[]}");
  start (fixture);

  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_DONE);
  g_assert_cmpuint (get_n_rows (fixture), ==, 0);
  wait_for (sluice_result_list_get_ready (sluice_result_run_get_list (fixture->run)));
}

static void
test_stop_keeps_rows (Fixture       *fixture,
                      gconstpointer  unused)
{
  mock_server_queue (fixture->server, QUERY "/q-2", mock_reply_hold (make_page (1, 2)));
  mock_server_queue (fixture->server, QUERY, make_page (0, 2));
  start (fixture);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  wait_for (get_n_rows (fixture) == 2);

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
  mock_server_queue_json (fixture->server, QUERY "/q-2", 400,
                          "[{\"message\":\"invalid query locator\",\"errorCode\":\"INVALID_QUERY_LOCATOR\"}]");
  mock_server_queue (fixture->server, QUERY, make_page (0, 2));
  start (fixture);

  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_FAILED);
  g_assert_cmpuint (get_n_rows (fixture), ==, 2);
  g_assert_error (sluice_result_run_get_error (fixture->run), SLUICE_ERROR, SLUICE_ERROR_REJECTED);
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
  wait_for (sluice_result_list_get_ready (sluice_result_run_get_list (fixture->run)));
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  unused)
{
  queue_pages (fixture, 1);
  fixture->run = sluice_result_run_new (fixture->connection, "SELECT Id FROM Account", FALSE, SLUICE_TRANSPORT_REST,
                                        "/proc/none");

  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_FAILED);
  g_assert_error (sluice_result_run_get_error (fixture->run), SLUICE_ERROR, SLUICE_ERROR_STORAGE);
}

static void
test_nobody_to_ask (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new_with_id ("22222222-2222-4222-8222-222222222222");
  g_autoptr(SluiceConnection) connection = NULL;

  connection = sluice_connection_new (subscription, SLUICE_CREDENTIAL_STORE (fixture->store), NULL);
  fixture->run = sluice_result_run_new (connection, "SELECT Id FROM Account", FALSE, SLUICE_TRANSPORT_REST, fixture->folder);

  wait_for (get_state (fixture) == SLUICE_RESULT_RUN_FAILED);
  g_assert_nonnull (sluice_result_run_get_error (fixture->run));
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
  ADD ("/sync/result-run/no-rows", test_no_rows);
  ADD ("/sync/result-run/stop-keeps-rows", test_stop_keeps_rows);
  ADD ("/sync/result-run/failure-keeps-rows", test_failure_keeps_rows);
  ADD ("/sync/result-run/refused-query", test_refused_query);
  ADD ("/sync/result-run/no-folder", test_no_folder);
  ADD ("/sync/result-run/nobody-to-ask", test_nobody_to_ask);

  return g_test_run ();
}
