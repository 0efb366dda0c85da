/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "memory-store.h"
#include "mock-org.h"
#include "sluice-error.h"
#include "sluice-file-sink.h"
#include "sluice-stream-sink.h"
#include "sluice-transfer-forecast.h"
#include "sluice-transfer.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"
#define SOQL "SELECT Id, Name FROM Account"
#define QUERY "/services/data/v67.0/query"
#define WHOLE "Id,Name\r\n1,a\r\n2,b\r\n3,c\r\n4,d\r\n5,e\r\n"

static const SluiceRowTextOptions csv = { .format = SLUICE_ROW_FORMAT_CSV };

typedef struct
{
  MockServer *server;
  MemoryStore *store;
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  char *folder;
  char *path;
  char *journal;
  char *partial;
  SluiceTransfer *transfer; /* (nullable): the last one */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

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

  fixture->folder = g_dir_make_tmp ("sluice-transfer-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "rows.csv", NULL);
  fixture->partial = g_strconcat (fixture->path, ".part", NULL);
  fixture->journal = g_strconcat (fixture->partial, ".json", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  if (fixture->transfer != NULL)
    g_assert_finalize_object (fixture->transfer);
  /* Fetchers let go of their client in the main loop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->subscription);
  g_assert_finalize_object (fixture->store);
  mock_server_free (fixture->server);
  g_unlink (fixture->path);
  g_unlink (fixture->partial);
  g_unlink (fixture->journal);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->partial);
  g_free (fixture->journal);
}

/* Runs a transfer to its end. */

static gboolean
run_full (Fixture          *fixture,
          const char       *soql,
          SluiceTransport   transport,
          SluiceSink       *sink,
          gboolean          resume,
          GCancellable     *cancellable,
          GError          **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  g_clear_object (&fixture->transfer);
  fixture->transfer = sluice_transfer_new (fixture->connection, soql, FALSE, transport, SLUICE_PRIORITY_BACKGROUND, sink);
  sluice_transfer_run_async (fixture->transfer, resume, cancellable, keep_result, &result);
  done = wait_result (&result);

  return sluice_transfer_run_finish (fixture->transfer, done, error);
}

static gboolean
run_into_file (Fixture          *fixture,
               SluiceTransport   transport,
               gboolean          resume,
               GError          **error)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);

  return run_full (fixture, SOQL, transport, sink, resume, NULL, error);
}

static char *
run_into_text (Fixture          *fixture,
               const char       *soql,
               SluiceTransport   transport,
               GError          **error)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SluiceSink) sink = sluice_stream_sink_new (stream, &csv, NULL);
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);

  if (!run_full (fixture, soql, transport, sink, FALSE, NULL, error))
    return NULL;

  return g_strndup (g_memory_output_stream_get_data (memory), g_memory_output_stream_get_data_size (memory));
}

static void
assert_file (Fixture    *fixture,
             const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
  g_assert_false (g_file_test (fixture->partial, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
}

/* Pages of REST: records from @first on, as many as @n, of five. */

static MockReply *
rest_page (guint       first,
           guint       n,
           const char *next) /* (nullable) */
{
  g_autoptr(GString) body = g_string_new ("{\"totalSize\":5,");

  if (next != NULL)
    g_string_append_printf (body, "\"done\":false,\"nextRecordsUrl\":\"" QUERY "/%s\",\"records\":[", next);
  else
    g_string_append (body, "\"done\":true,\"records\":[");
  for (guint i = first; i < first + n; i++)
    g_string_append_printf (body, "%s{\"attributes\":{},\"Id\":\"%u\",\"Name\":\"%c\"}", i > first ? "," : "",
                            i, 'a' + (int) i - 1);
  g_string_append (body, "]}");

  return mock_reply_new (200, "application/json", body->str);
}

static void
queue (Fixture    *fixture,
       const char *part,
       MockReply  *reply)
{
  g_autofree char *path = g_strconcat (QUERY, part, NULL);

  mock_server_queue (fixture->server, path, reply);
}

static void
queue_pages (Fixture *fixture)
{
  queue (fixture, "/q-4", rest_page (5, 1, NULL));
  queue (fixture, "/q-2", rest_page (3, 2, "q-4"));
  queue (fixture, "", rest_page (1, 2, "q-2"));
}

static void
test_rest (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_pages (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_REST, FALSE, &error);
  g_assert_no_error (error);

  assert_file (fixture, WHOLE);
  g_assert_cmpint (sluice_transfer_get_state (fixture->transfer), ==, SLUICE_TRANSFER_DONE);
  g_assert_cmpuint (sluice_transfer_get_rows (fixture->transfer), ==, 5);
  g_assert_cmpint (sluice_transfer_get_total (fixture->transfer), ==, 5);
  g_assert_cmpuint (sluice_transfer_get_calls (fixture->transfer), ==, 3);
  g_assert_cmpint (sluice_transfer_get_missing (fixture->transfer), ==, 0);
}

static void
test_rest_stream (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  queue_pages (fixture);
  text = run_into_text (fixture, SOQL, SLUICE_TRANSPORT_REST, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, WHOLE);
}

static void
test_rest_count (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  queue (fixture, "", mock_reply_new (200, "application/json", "{\"totalSize\":17,\"done\":true,\"records\":[]}"));
  text = run_into_text (fixture, "SELECT COUNT() FROM Account", SLUICE_TRANSPORT_AUTOMATIC, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "COUNT()\r\n17\r\n");
  g_assert_cmpint (sluice_transfer_get_missing (fixture->transfer), ==, 0);
}

static void
test_rest_nothing (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  queue (fixture, "", mock_reply_new (200, "application/json", "{\"totalSize\":0,\"done\":true,\"records\":[]}"));
  text = run_into_text (fixture, SOQL, SLUICE_TRANSPORT_REST, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "Id,Name\r\n");
}

static void
test_rest_subquery (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  queue (fixture, "/lines-2", mock_reply_new (200, "application/json",
                                              "{\"totalSize\":2,\"done\":true,\"records\":[{\"Id\":\"y\"}]}"));
  queue (fixture, "", mock_reply_new (200, "application/json",
                                      "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"1\",\"Lines\":{\"totalSize\":2,"
                                      "\"done\":false,\"nextRecordsUrl\":\"" QUERY "/lines-2\",\"records\":[{\"Id\":\"x\"}]}}]}"));
  text = run_into_text (fixture, "SELECT Id, (SELECT Id FROM Lines) FROM Order", SLUICE_TRANSPORT_AUTOMATIC, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "Id,Lines\r\n1,\"[{\"\"Id\"\":\"\"x\"\"},{\"\"Id\"\":\"\"y\"\"}]\"\r\n");
}

static void
test_rest_refused (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue (fixture, "", mock_reply_new (400, "application/json",
                                      "[{\"errorCode\":\"MALFORMED_QUERY\",\"message\":\"unexpected token: x\"}]"));
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_REST, FALSE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_cmpint (sluice_transfer_get_state (fixture->transfer), ==, SLUICE_TRANSFER_FAILED);
  g_assert_false (sluice_transfer_get_resumable (fixture->transfer));
  g_assert_false (g_file_test (fixture->partial, G_FILE_TEST_EXISTS));
}

/* A page that comes damaged in one way or another is asked for again. */
static void
assert_healed (Fixture   *fixture,
               MockReply *damaged)
{
  g_autoptr(GError) error = NULL;

  queue (fixture, "/q-2", damaged);
  queue_pages (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_REST, FALSE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
  g_assert_cmpuint (mock_server_get_n_queued (fixture->server), ==, 0);
}

static void
test_rest_cut (Fixture       *fixture,
               gconstpointer  unused)
{
  assert_healed (fixture, mock_reply_set_delivery (rest_page (3, 2, "q-4"), MOCK_CUT));
}

static void
test_rest_gzip_cut (Fixture       *fixture,
                    gconstpointer  unused)
{
  assert_healed (fixture, mock_reply_set_delivery (rest_page (3, 2, "q-4"), MOCK_GZIP_CUT));
}

static void
test_rest_gzip (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue (fixture, "/q-4", mock_reply_set_delivery (rest_page (5, 1, NULL), MOCK_GZIP));
  queue (fixture, "/q-2", mock_reply_set_delivery (rest_page (3, 2, "q-4"), MOCK_GZIP));
  queue (fixture, "", mock_reply_set_delivery (rest_page (1, 2, "q-2"), MOCK_GZIP));
  run_into_file (fixture, SLUICE_TRANSPORT_REST, FALSE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
}

static void
test_rest_short_page (Fixture       *fixture,
                      gconstpointer  unused)
{
  assert_healed (fixture, rest_page (3, 1, "q-4"));
}

static void
test_rest_no_json (Fixture       *fixture,
                   gconstpointer  unused)
{
  assert_healed (fixture, mock_reply_new (200, "application/json", "{\"totalSize\":5,\"done\":false,\"rec"));
}

static void
test_rest_unavailable (Fixture       *fixture,
                       gconstpointer  unused)
{
  assert_healed (fixture, mock_reply_new (503, "text/html", "<html>Down for maintenance</html>"));
}

static void
test_rest_token_expired (Fixture       *fixture,
                         gconstpointer  unused)
{
  assert_healed (fixture, mock_reply_new (401, "application/json",
                                          "[{\"errorCode\":\"INVALID_SESSION_ID\",\"message\":\"Session expired\"}]"));
}

static void
test_rest_repeated (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue (fixture, "/q-2", rest_page (3, 2, "q-2"));
  queue (fixture, "", rest_page (1, 2, "q-2"));
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_REST, FALSE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

static void
test_rest_missing (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  /* However often it is asked for, the last page stays empty. */
  for (guint i = 0; i < 3; i++)
    queue (fixture, "/q-2", rest_page (3, 0, NULL));
  queue (fixture, "", rest_page (1, 2, "q-2"));
  run_into_file (fixture, SLUICE_TRANSPORT_REST, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sluice_transfer_get_missing (fixture->transfer), ==, 3);
  assert_file (fixture, "Id,Name\r\n1,a\r\n2,b\r\n");
}

/* Ends a run at the second page and leaves what it has. */
static void
interrupt (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  queue (fixture, "/q-2", mock_reply_new (400, "application/json",
                                          "[{\"errorCode\":\"QUERY_TIMEOUT\",\"message\":\"no\"}]"));
  queue (fixture, "", rest_page (1, 2, "q-2"));
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_REST, FALSE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_true (sluice_transfer_get_resumable (fixture->transfer));
  g_assert_true (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
}

static void
test_rest_resume (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  interrupt (fixture);
  queue (fixture, "/q-4", rest_page (5, 1, NULL));
  queue (fixture, "/q-2", rest_page (3, 2, "q-4"));
  run_into_file (fixture, SLUICE_TRANSPORT_REST, TRUE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
  g_assert_cmpint (sluice_transfer_get_missing (fixture->transfer), ==, 0);
}

static void
test_rest_resume_expired (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  interrupt (fixture);
  queue (fixture, "/q-2", mock_reply_new (400, "application/json",
                                          "[{\"errorCode\":\"INVALID_QUERY_LOCATOR\",\"message\":\"invalid\"}]"));
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_REST, TRUE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "two days"));
}

static void
test_resume_other_query (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(GError) error = NULL;

  interrupt (fixture);
  g_assert_false (run_full (fixture, "SELECT Id, Name FROM Contact", SLUICE_TRANSPORT_REST, sink, TRUE, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_true (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
}

static void
test_resume_nothing (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_pages (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_REST, TRUE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
}

static void
test_cancel_early (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (run_full (fixture, SOQL, SLUICE_TRANSPORT_REST, sink, FALSE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (sluice_transfer_get_state (fixture->transfer), ==, SLUICE_TRANSFER_STOPPED);
}

static void
rows_cb (SluiceTransfer *transfer,
         GParamSpec     *pspec,
         GCancellable   *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* Stopped while the second page is on its way: the first one is kept. */
static void
test_cancel_and_resume (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  queue (fixture, "/q-2", mock_reply_hold_half (rest_page (3, 2, "q-4")));
  queue (fixture, "", rest_page (1, 2, "q-2"));
  fixture->transfer = sluice_transfer_new (fixture->connection, SOQL, FALSE, SLUICE_TRANSPORT_REST,
                                           SLUICE_PRIORITY_BACKGROUND, sink);
  g_signal_connect (fixture->transfer, "notify::rows", G_CALLBACK (rows_cb), cancellable);
  sluice_transfer_run_async (fixture->transfer, FALSE, cancellable, keep_result, &result);
  done = wait_result (&result);
  g_assert_false (sluice_transfer_run_finish (fixture->transfer, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (sluice_transfer_get_rows (fixture->transfer), ==, 2);
  g_assert_true (sluice_transfer_get_resumable (fixture->transfer));
  mock_server_release (fixture->server);

  g_clear_error (&error);
  queue (fixture, "/q-4", rest_page (5, 1, NULL));
  queue (fixture, "/q-2", rest_page (3, 2, "q-4"));
  run_into_file (fixture, SLUICE_TRANSPORT_REST, TRUE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
}

static void
test_disk_full (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "missing", "rows.csv", NULL);
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (path, &csv);
  g_autoptr(GError) error = NULL;

  queue (fixture, "", rest_page (1, 5, NULL));
  g_assert_false (run_full (fixture, SOQL, SLUICE_TRANSPORT_REST, sink, FALSE, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_false (sluice_transfer_get_resumable (fixture->transfer));
}

/* Bulk */

#define JOBS "/services/data/v67.0/jobs/query"
#define JOB JOBS "/7505e00000QuErYAA0"

static void
queue_job (Fixture    *fixture,
           const char *state)
{
  g_autofree char *job = g_strdup_printf ("{\"id\":\"7505e00000QuErYAA0\",\"operation\":\"query\",\"object\":\"Account\",\"state\":\"%s\","
                                          "\"apiVersion\":67.0,\"numberRecordsProcessed\":5}", state);

  mock_server_queue_json (fixture->server, JOB, 200, job);
}

static void
queue_new_job (Fixture *fixture)
{
  mock_server_queue_json (fixture->server, JOBS, 200,
                          "{\"id\":\"7505e00000QuErYAA0\",\"operation\":\"query\",\"object\":\"Account\",\"state\":\"UploadComplete\","
                          "\"apiVersion\":67.0}");
}

static MockReply *
bulk_page (guint       first,
           guint       n,
           const char *next) /* (nullable) */
{
  g_autoptr(GString) body = g_string_new ("\"Id\",\"Name\"\n");
  g_autofree char *count = g_strdup_printf ("%u", n);
  MockReply *reply;

  for (guint i = first; i < first + n; i++)
    g_string_append_printf (body, "\"%u\",\"%c\"\n", i, 'a' + (int) i - 1);

  reply = mock_reply_new (200, "text/csv", body->str);
  mock_reply_add_header (reply, "Sforce-NumberOfRecords", count);
  mock_reply_add_header (reply, "Sforce-Locator", next != NULL ? next : "null");

  return reply;
}

static void
queue_results (Fixture   *fixture,
               MockReply *reply)
{
  mock_server_queue (fixture->server, JOB "/results", reply);
}

static void
queue_all_results (Fixture *fixture)
{
  queue_results (fixture, bulk_page (1, 2, "two"));
  queue_results (fixture, bulk_page (3, 2, "four"));
  queue_results (fixture, bulk_page (5, 1, NULL));
}

static void
queue_deletion (Fixture *fixture)
{
  mock_server_queue (fixture->server, JOB, mock_reply_new (204, NULL, ""));
}

/* One lane, so that the server is asked in the order in which it has its answers. */
static void
use_one_lane (Fixture *fixture)
{
  sluice_throttle_set_concurrent_limit (sluice_connection_get_throttle (fixture->connection), 1);
}

static void
test_bulk (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  use_one_lane (fixture);
  queue_all_results (fixture);
  queue_job (fixture, "JobComplete");
  queue_deletion (fixture);
  queue_new_job (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_BULK, FALSE, &error);
  g_assert_no_error (error);

  assert_file (fixture, WHOLE);
  g_assert_cmpint (sluice_transfer_get_transport (fixture->transfer), ==, SLUICE_TRANSPORT_BULK);
  g_assert_cmpint (sluice_transfer_get_total (fixture->transfer), ==, 5);
  g_assert_cmpuint (sluice_transfer_get_calls (fixture->transfer), ==, 6);
  g_assert_cmpuint (mock_server_get_n_queued (fixture->server), ==, 0);
}

static void
test_bulk_failed (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_job (fixture, "Failed");
  queue_new_job (fixture);
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_BULK, FALSE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_bulk_aborted (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_job (fixture, "Aborted");
  queue_new_job (fixture);
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_BULK, FALSE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
}

static void
assert_bulk_healed (Fixture   *fixture,
                    MockReply *damaged)
{
  g_autoptr(GError) error = NULL;

  use_one_lane (fixture);
  queue_results (fixture, bulk_page (1, 2, "two"));
  queue_results (fixture, damaged);
  queue_results (fixture, bulk_page (3, 2, "four"));
  queue_results (fixture, bulk_page (5, 1, NULL));
  queue_job (fixture, "JobComplete");
  queue_deletion (fixture);
  queue_new_job (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_BULK, FALSE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
}

static void
test_bulk_cut (Fixture       *fixture,
               gconstpointer  unused)
{
  assert_bulk_healed (fixture, mock_reply_set_delivery (bulk_page (3, 2, "four"), MOCK_CUT));
}

static void
test_bulk_gzip_cut (Fixture       *fixture,
                    gconstpointer  unused)
{
  assert_bulk_healed (fixture, mock_reply_set_delivery (bulk_page (3, 2, "four"), MOCK_GZIP_CUT));
}

/* Fewer records than the headers say: those that came are in the file already, and do not come twice. */
static void
test_bulk_short_page (Fixture       *fixture,
                      gconstpointer  unused)
{
  MockReply *reply = mock_reply_new (200, "text/csv", "\"Id\",\"Name\"\n\"3\",\"c\"\n");

  mock_reply_add_header (reply, "Sforce-NumberOfRecords", "2");
  mock_reply_add_header (reply, "Sforce-Locator", "four");
  assert_bulk_healed (fixture, reply);
}

static void
test_bulk_repeated (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  use_one_lane (fixture);
  queue_results (fixture, bulk_page (1, 2, "two"));
  queue_results (fixture, bulk_page (3, 2, "two"));
  queue_job (fixture, "JobComplete");
  queue_new_job (fixture);
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_BULK, FALSE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

/* Ends a run at the second page. */
static void
interrupt_bulk (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  use_one_lane (fixture);
  queue_results (fixture, bulk_page (1, 2, "two"));
  queue_results (fixture, mock_reply_new (400, "application/json", "[{\"errorCode\":\"X\",\"message\":\"no\"}]"));
  queue_job (fixture, "JobComplete");
  queue_new_job (fixture);
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_BULK, FALSE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_true (sluice_transfer_get_resumable (fixture->transfer));
}

static void
test_bulk_resume (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  interrupt_bulk (fixture);
  queue_results (fixture, bulk_page (3, 2, "four"));
  queue_results (fixture, bulk_page (5, 1, NULL));
  queue_job (fixture, "JobComplete");
  queue_deletion (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_BULK, TRUE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
  g_assert_cmpuint (mock_server_get_n_queued (fixture->server), ==, 0);
}

static void
test_bulk_resume_gone (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  interrupt_bulk (fixture);
  mock_server_queue_json (fixture->server, JOB, 404, "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"gone\"}]");
  g_assert_false (run_into_file (fixture, SLUICE_TRANSPORT_BULK, TRUE, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_true (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
}

/* A result of eight pages of two records, whose locators are the numbers of the pages. The second page is slow. */

#define N_SLOW_PAGES 8
#define SLOW_JOB \
  "{\"id\":\"7505e00000QuErYAA0\",\"operation\":\"query\",\"object\":\"Account\"," \
  "\"state\":\"JobComplete\",\"apiVersion\":67.0,\"numberRecordsProcessed\":16}"

typedef struct
{
  gint is_slow;   /* (atomic) */
  gint broken;    /* (atomic): the page that is refused, 0 = none */
  gint refuses;   /* (atomic): to list */
} SlowOrg;

static guint
find_page (const MockRequest *request)
{
  const char *locator = request->query != NULL ? strstr (request->query, "locator=") : NULL;

  return locator != NULL ? (guint) g_ascii_strtoull (locator + strlen ("locator="), NULL, 10) : 1;
}

static MockReply *
list_slow_pages (guint first)
{
  g_autoptr(GString) body = g_string_new ("{\"resultPages\":[");

  for (guint i = first; i < first + 5 && i <= N_SLOW_PAGES; i++)
    g_string_append_printf (body, "%s{\"resultUrl\":\"" JOB "/results?locator=%u\"}", i > first ? "," : "", i);
  g_string_append (body, "],\"done\":true}");

  return mock_reply_new (200, "application/json", body->str);
}

static MockReply *
answer_slowly (const MockRequest *request,
               gpointer           user_data)
{
  SlowOrg *org = user_data;
  guint page = find_page (request);
  g_autofree char *next = page < N_SLOW_PAGES ? g_strdup_printf ("%u", page + 1) : NULL;
  MockReply *reply;

  /* Not from the queue: a request of a run that has ended may come late, and would take what is meant for the next one. */
  if (g_str_equal (request->path, JOB))
    return mock_reply_new (200, "application/json", SLOW_JOB);
  if (g_str_equal (request->path, JOB "/resultPages"))
    return g_atomic_int_get (&org->refuses) ? NULL : list_slow_pages (page);
  if (!g_str_equal (request->path, JOB "/results"))
    return NULL;
  if (page == (guint) g_atomic_int_get (&org->broken))
    return mock_reply_new (400, "application/json", "[{\"errorCode\":\"X\",\"message\":\"no\"}]");

  reply = bulk_page (2 * page - 1, 2, next);
  if (page == 2 && g_atomic_int_compare_and_exchange (&org->is_slow, TRUE, FALSE))
    mock_reply_hold (reply);

  return reply;
}

static void
set_flag (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
run_slowly (Fixture       *fixture,
            SlowOrg       *org,
            GCancellable  *cancellable, /* (nullable): cancelled while the second page is awaited */
            GError       **error)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  gboolean is_long = FALSE;

  org->is_slow = TRUE;
  sluice_throttle_set_concurrent_limit (sluice_connection_get_throttle (fixture->connection), 4);
  mock_server_set_handler (fixture->server, answer_slowly, org);
  queue_new_job (fixture);

  fixture->transfer = sluice_transfer_new (fixture->connection, SOQL, FALSE, SLUICE_TRANSPORT_BULK,
                                           SLUICE_PRIORITY_BACKGROUND, sink);
  sluice_transfer_run_async (fixture->transfer, FALSE, cancellable, keep_result, &result);
  wait_for (sluice_transfer_get_rows (fixture->transfer) == 2 && mock_server_get_n_held (fixture->server) == 1);
  /* Long enough for a list to be worth its call. */
  g_timeout_add_once (300, set_flag, &is_long);
  wait_for (is_long);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  mock_server_release (fixture->server);
  done = wait_result (&result);

  return sluice_transfer_run_finish (fixture->transfer, done, error);
}

static void
assert_slow_file (Fixture *fixture)
{
  g_autoptr(GString) expected = g_string_new ("Id,Name\r\n");

  for (int i = 0; i < 2 * N_SLOW_PAGES; i++)
    g_string_append_printf (expected, "%d,%c\r\n", i + 1, 'a' + i);
  assert_file (fixture, expected->str);
}

static void
test_bulk_listed (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  SlowOrg org = { 0, };

  run_slowly (fixture, &org, NULL, &error);
  g_assert_no_error (error);
  assert_slow_file (fixture);
  /* The last five pages. */
  g_assert_cmpuint (mock_server_count (fixture->server, JOB "/resultPages"), ==, 1);
  g_assert_cmpuint (mock_server_count (fixture->server, JOB "/results"), ==, N_SLOW_PAGES);
}

static void
test_bulk_not_listed (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  SlowOrg org = { .refuses = TRUE };

  run_slowly (fixture, &org, NULL, &error);
  g_assert_no_error (error);
  assert_slow_file (fixture);
  g_assert_cmpuint (mock_server_count (fixture->server, JOB "/resultPages"), ==, 1);
}

static void
test_bulk_listed_resume (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  SlowOrg org = { .broken = 5 };

  g_assert_false (run_slowly (fixture, &org, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_true (sluice_transfer_get_resumable (fixture->transfer));
  g_assert_cmpuint (sluice_transfer_get_rows (fixture->transfer), ==, 8);
  g_clear_error (&error);

  g_atomic_int_set (&org.broken, 0);
  run_into_file (fixture, SLUICE_TRANSPORT_BULK, TRUE, &error);
  g_assert_no_error (error);
  assert_slow_file (fixture);
}

static void
test_bulk_listed_cancel (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  SlowOrg org = { 0, };

  g_assert_false (run_slowly (fixture, &org, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (sluice_transfer_get_resumable (fixture->transfer));
}

/* Too many records for REST: the first page tells it, and Bulk begins. */
static void
test_automatic_switch (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  use_one_lane (fixture);
  queue (fixture, "", mock_reply_new (200, "application/json",
                                      "{\"totalSize\":20000,\"done\":false,\"nextRecordsUrl\":\"" QUERY "/q-1\","
                                      "\"records\":[{\"Id\":\"1\",\"Name\":\"a\"}]}"));
  queue_all_results (fixture);
  queue_job (fixture, "JobComplete");
  queue_deletion (fixture);
  queue_new_job (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_AUTOMATIC, FALSE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
  g_assert_cmpint (sluice_transfer_get_transport (fixture->transfer), ==, SLUICE_TRANSPORT_BULK);
  g_assert_nonnull (strstr (sluice_transfer_get_transport_reason (fixture->transfer), "instead of 10."));
}

static void
test_automatic_few (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_pages (fixture);
  run_into_file (fixture, SLUICE_TRANSPORT_AUTOMATIC, FALSE, &error);
  g_assert_no_error (error);
  assert_file (fixture, WHOLE);
  g_assert_cmpint (sluice_transfer_get_transport (fixture->transfer), ==, SLUICE_TRANSPORT_REST);
}

static SluiceTransferForecast *
forecast (Fixture     *fixture,
          const char  *soql,
          GError     **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_transfer_forecast_async (fixture->connection, soql, FALSE, SLUICE_TRANSPORT_AUTOMATIC,
                                  SLUICE_PRIORITY_INTERACTIVE, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_transfer_forecast_finish (fixture->connection, done, error);
}

static void
assert_forecast (Fixture         *fixture,
                 const char      *soql,
                 const char      *count,
                 SluiceTransport  transport,
                 gint64           rows,
                 guint            calls)
{
  g_autoptr(SluiceTransferForecast) answer = NULL;
  g_autoptr(MockRequest) request = NULL;
  g_autofree char *query = NULL;
  g_autoptr(GError) error = NULL;

  queue (fixture, "", mock_reply_new (200, "application/json", "{\"totalSize\":1000000,\"done\":true,\"records\":[]}"));
  answer = forecast (fixture, soql, &error);
  g_assert_no_error (error);
  g_assert_cmpint (answer->transport, ==, transport);
  g_assert_cmpint (answer->rows, ==, rows);
  g_assert_cmpuint (answer->calls, ==, calls);
  g_assert_true (answer->fits);

  request = mock_server_dup_request (fixture->server, mock_server_get_n_requests (fixture->server) - 1);
  query = g_uri_unescape_string (request->query, NULL);
  g_assert_cmpstr (query + 2, ==, count);
}

static void
test_forecast (Fixture       *fixture,
               gconstpointer  unused)
{
  assert_forecast (fixture, "SELECT Id FROM Account WHERE Name LIKE 'ORDER BY%' ORDER BY Name DESC LIMIT 50000",
                   "SELECT COUNT() FROM Account WHERE Name LIKE 'ORDER BY%' LIMIT 50000", SLUICE_TRANSPORT_REST, 50000, 25);
  assert_forecast (fixture, "SELECT Id FROM Account", "SELECT COUNT() FROM Account", SLUICE_TRANSPORT_BULK, 1000000, 13);
  assert_forecast (fixture, "SELECT Id, (SELECT Id FROM Contacts) FROM Account", "SELECT COUNT() FROM Account",
                   SLUICE_TRANSPORT_REST, 1000000, 500);
}

static void
test_forecast_refused (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue (fixture, "", mock_reply_new (400, "application/json",
                                      "[{\"errorCode\":\"INVALID_TYPE\",\"message\":\"sObject type 'Acount'\"}]"));
  g_assert_null (forecast (fixture, "SELECT Id FROM Acount", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
}

static void
test_forecast_sum (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(SluiceTransferForecast) answer = NULL;
  g_autoptr(GError) error = NULL;

  answer = forecast (fixture, "SELECT Name, COUNT(Id) FROM Account GROUP BY Name", &error);
  g_assert_no_error (error);
  g_assert_cmpint (answer->transport, ==, SLUICE_TRANSPORT_REST);
  g_assert_cmpint (answer->rows, ==, -1);
}

#define ADD(name, function) g_test_add ("/sync/transfer/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  ADD ("rest", test_rest);
  ADD ("rest/stream", test_rest_stream);
  ADD ("rest/count", test_rest_count);
  ADD ("rest/nothing", test_rest_nothing);
  ADD ("rest/subquery", test_rest_subquery);
  ADD ("rest/refused", test_rest_refused);
  ADD ("rest/cut", test_rest_cut);
  ADD ("rest/gzip", test_rest_gzip);
  ADD ("rest/gzip-cut", test_rest_gzip_cut);
  ADD ("rest/short-page", test_rest_short_page);
  ADD ("rest/no-json", test_rest_no_json);
  ADD ("rest/unavailable", test_rest_unavailable);
  ADD ("rest/token-expired", test_rest_token_expired);
  ADD ("rest/repeated", test_rest_repeated);
  ADD ("rest/missing", test_rest_missing);
  ADD ("rest/resume", test_rest_resume);
  ADD ("rest/resume-expired", test_rest_resume_expired);
  ADD ("resume/other-query", test_resume_other_query);
  ADD ("resume/nothing", test_resume_nothing);
  ADD ("cancel/early", test_cancel_early);
  ADD ("cancel/and-resume", test_cancel_and_resume);
  ADD ("disk-full", test_disk_full);
  ADD ("bulk", test_bulk);
  ADD ("bulk/failed", test_bulk_failed);
  ADD ("bulk/aborted", test_bulk_aborted);
  ADD ("bulk/cut", test_bulk_cut);
  ADD ("bulk/gzip-cut", test_bulk_gzip_cut);
  ADD ("bulk/short-page", test_bulk_short_page);
  ADD ("bulk/repeated", test_bulk_repeated);
  ADD ("bulk/listed", test_bulk_listed);
  ADD ("bulk/listed-cancel", test_bulk_listed_cancel);
  ADD ("bulk/listed-resume", test_bulk_listed_resume);
  ADD ("bulk/not-listed", test_bulk_not_listed);
  ADD ("bulk/resume", test_bulk_resume);
  ADD ("bulk/resume-gone", test_bulk_resume_gone);
  ADD ("automatic/switch", test_automatic_switch);
  ADD ("automatic/few", test_automatic_few);
  ADD ("forecast", test_forecast);
  ADD ("forecast/refused", test_forecast_refused);
  ADD ("forecast/sum", test_forecast_sum);

  return g_test_run ();
}
