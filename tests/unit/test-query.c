/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query.h"

#include <string.h>

#include "gated-store.h"
#include "manual-clock.h"
#include "mock-server.h"
#include "sluice-client.h"
#include "sluice-error.h"
#include "test-utils.h"

#define QUERY "/services/data/v68.0/query"
#define NEXT "/services/data/v68.0/query/0r8-2000"
#define CHILDREN "/services/data/v68.0/query/0r8-child"
#define TOKEN "/services/oauth2/token"
#define JSON_TYPE "application/json;charset=UTF-8"
#define ATTRIBUTES "\"attributes\":{\"type\":\"Account\",\"url\":\"/x\"}"

typedef struct
{
  MockServer *server;
  ManualClock *clock;
  GatedStore *store;
  SluiceThrottle *throttle;
  SluiceCallList *calls;
  SluiceClient *client;
  SluiceQuery *query;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();

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
  credentials->refresh_token = g_strdup ("refresh-1");
  credentials->instance_url = g_strdup (mock_server_get_url (fixture->server));
  gated_store_put (fixture->store, credentials);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 0);

  if (fixture->query != NULL)
    g_assert_finalize_object (fixture->query);
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->throttle);
  g_assert_finalize_object (fixture->calls);
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->clock);
  mock_server_free (fixture->server);
}

static void
queue (Fixture    *fixture,
       const char *path,
       const char *body)
{
  mock_server_queue_json (fixture->server, path, 200, body);
}

static void
start (Fixture    *fixture,
       const char *soql)
{
  fixture->query = sluice_client_query (fixture->client, soql, FALSE, SLUICE_PRIORITY_INTERACTIVE);
}

static SluiceQueryPage *
next_page (Fixture  *fixture,
           GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_query_next_page_async (fixture->query, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_query_next_page_finish (fixture->query, done, error);
}

static const char *
get_cell (SluiceQueryPage *page,
          guint            row,
          guint            column)
{
  char **cells = g_ptr_array_index (page->rows, row);

  return cells[column];
}

/* Short pages and a full last one: only `done` tells the end. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) first = NULL;
  g_autoptr(SluiceQueryPage) last = NULL;
  g_autoptr(MockRequest) request = NULL;

  queue (fixture, NEXT, "{\"totalSize\":3,\"done\":true,\"records\":[{" ATTRIBUTES ",\"Id\":\"2\",\"Account\":"
                        "{\"attributes\":{},\"Name\":\"North\"},\"Amount\":1.0E7},{" ATTRIBUTES ",\"Id\":\"3\"}]}");
  queue (fixture, QUERY, "{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"" NEXT "\",\"records\":["
                         "{" ATTRIBUTES ",\"Id\":\"1\",\"Account\":null,\"Amount\":123456789012345678.10}]}");
  start (fixture, "SELECT Id, Account.Name, Amount FROM Opportunity");
  g_assert_cmpint (sluice_query_get_total_size (fixture->query), ==, -1);

  first = next_page (fixture, &error);
  g_assert_no_error (error);
  request = mock_server_dup_request (fixture->server, 0);
  g_assert_cmpstr (request->query, ==, "q=SELECT%20Id%2C%20Account.Name%2C%20Amount%20FROM%20Opportunity");
  g_assert_cmpstr (mock_request_get_header (request, "Sforce-Query-Options"), ==, "batchSize=2000");
  g_assert_cmpuint (first->n_columns, ==, 3);
  g_assert_cmpstr (first->columns[1], ==, "Account.Name");
  g_assert_null (get_cell (first, 0, 1));
  g_assert_cmpstr (get_cell (first, 0, 2), ==, "123456789012345678.10");
  g_assert_cmpint (sluice_query_get_total_size (fixture->query), ==, 3);
  g_assert_false (sluice_query_get_done (fixture->query));

  last = next_page (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get_cell (last, 0, 1), ==, "North");
  g_assert_cmpstr (get_cell (last, 0, 2), ==, "1.0E7");
  g_assert_null (get_cell (last, 1, 2));
  g_assert_cmpint (sluice_query_get_rows (fixture->query), ==, 3);
  g_assert_cmpuint (sluice_query_get_calls (fixture->query), ==, 2);
  g_assert_true (sluice_query_get_done (fixture->query));
}

static void
test_all_rows (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;

  queue (fixture, "/services/data/v68.0/queryAll", "{\"totalSize\":0,\"done\":true,\"records\":[]}");
  fixture->query = sluice_client_query (fixture->client, "SELECT Id FROM Account", TRUE, SLUICE_PRIORITY_BACKGROUND);
  page = next_page (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (page->rows->len, ==, 0);
  g_assert_cmpstr (page->columns[0], ==, "Id");
}

/* The rest of a subquery is fetched, in several pages, and joined to its cell. */
static void
test_children (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;

  queue (fixture, CHILDREN "2", "{\"totalSize\":3,\"done\":true,\"records\":[{\"Id\":\"c\"}]}");
  queue (fixture, CHILDREN, "{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"" CHILDREN "2\",\"records\":[{\"Id\":\"b\"}]}");
  queue (fixture, QUERY, "{\"totalSize\":1,\"done\":true,\"records\":[{" ATTRIBUTES ",\"Id\":\"1\",\"Contacts\":"
                         "{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"" CHILDREN "\",\"records\":[{\"Id\":\"a\"}]}}]}");
  start (fixture, "SELECT Id, (SELECT Id FROM Contacts) FROM Account");
  page = next_page (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (page->columns[1], ==, "Contacts");
  g_assert_cmpstr (get_cell (page, 0, 1), ==, "[{\"Id\":\"a\"},{\"Id\":\"b\"},{\"Id\":\"c\"}]");
  g_assert_cmpuint (sluice_query_get_calls (fixture->query), ==, 3);
  g_assert_true (sluice_query_get_done (fixture->query));
}

static void
test_count (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;

  queue (fixture, QUERY, "{\"totalSize\":17,\"done\":true,\"records\":[]}");
  start (fixture, "SELECT COUNT() FROM Account");
  page = next_page (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (get_cell (page, 0, 0), ==, "17");
}

static void
test_expired_in_the_middle (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autofree char *tokens = g_strdup_printf ("{\"access_token\":\"access-2\",\"instance_url\":\"%s\",\"token_type\":\"Bearer\"}",
                                             mock_server_get_url (fixture->server));
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) first = NULL;
  g_autoptr(SluiceQueryPage) last = NULL;

  queue (fixture, QUERY, "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"" NEXT "\",\"records\":[{\"Id\":\"1\"}]}");
  start (fixture, "SELECT Id FROM Account");
  first = next_page (fixture, &error);
  g_assert_no_error (error);

  mock_server_queue_json (fixture->server, NEXT, 401,
                          "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
  queue (fixture, TOKEN, tokens);
  queue (fixture, NEXT, "{\"totalSize\":2,\"done\":true,\"records\":[{\"Id\":\"2\"}]}");
  last = next_page (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get_cell (last, 0, 0), ==, "2");
  g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, 1);
}

/* A page that was lost half-way is fetched once more, and no record comes twice. */
static void
test_cut_in_the_middle (Fixture       *fixture,
                        gconstpointer  unused)
{
  static const char body[] = "{\"totalSize\":2,\"done\":true,\"records\":[{\"Id\":\"1\"},{\"Id\":\"2\"}]}";
  static const MockDelivery deliveries[] = { MOCK_CUT, MOCK_GZIP_CUT };
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;
  GAsyncResult *result = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (deliveries); i++)
    mock_server_queue (fixture->server, QUERY,
                       mock_reply_set_delivery (mock_reply_new (200, JSON_TYPE, body), deliveries[i]));
  mock_server_queue (fixture->server, QUERY,
                     mock_reply_set_delivery (mock_reply_new (200, JSON_TYPE, body), MOCK_GZIP));
  start (fixture, "SELECT Id FROM Account");
  sluice_query_next_page_async (fixture->query, NULL, keep_result, &result);

  while (result == NULL)
    {
      g_autoptr(SluiceCall) call = g_list_model_get_item (G_LIST_MODEL (fixture->calls), 0);

      wait_for (result != NULL || sluice_call_get_state (call) == SLUICE_CALL_WAITING ||
                sluice_call_get_state (call) == SLUICE_CALL_DONE);
      if (sluice_call_get_state (call) == SLUICE_CALL_WAITING)
        manual_clock_advance (fixture->clock, G_USEC_PER_SEC);
      else
        wait_for (result != NULL);
    }

  done = wait_result (&result);
  page = sluice_query_next_page_finish (fixture->query, done, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->rows->len, ==, 2);
  g_assert_cmpint (sluice_query_get_rows (fixture->query), ==, 2);
}

static void
test_forgotten_locator (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) first = NULL;
  g_autoptr(SluiceQueryPage) last = NULL;

  queue (fixture, QUERY, "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"" NEXT "\",\"records\":[{\"Id\":\"1\"}]}");
  start (fixture, "SELECT Id FROM Account");
  first = next_page (fixture, &error);
  g_assert_no_error (error);

  mock_server_queue_json (fixture->server, NEXT, 400,
                          "[{\"message\":\"invalid query locator\",\"errorCode\":\"INVALID_QUERY_LOCATOR\"}]");
  last = next_page (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_cmpstr (sluice_error_get_server_code (error), ==, "INVALID_QUERY_LOCATOR");
  g_assert_nonnull (strstr (error->message, "Start the query again"));
}

/* The place is kept: the page that failed can be asked for again. */
static void
test_goes_on_after_an_error (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;

  queue (fixture, QUERY, "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"" NEXT "\",\"records\":[{\"Id\":\"1\"}]}");
  start (fixture, "SELECT Id FROM Account");
  page = next_page (fixture, &error);
  g_assert_no_error (error);
  g_clear_pointer (&page, sluice_query_page_free);

  queue (fixture, NEXT, "{\"totalSize\":2,\"done\":tr");
  page = next_page (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_clear_error (&error);

  queue (fixture, NEXT, "{\"totalSize\":2,\"done\":true,\"records\":[{\"Id\":\"2\"}]}");
  page = next_page (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sluice_query_get_rows (fixture->query), ==, 2);
}

static void
test_query_error (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;

  mock_server_queue_json (fixture->server, QUERY, 400,
                          "[{\"message\":\"\\nSELECT Foo FROM Account\\n       ^\\nERROR at Row:1:Column:8\\n"
                          "No such column 'Foo' on entity 'Account'.\",\"errorCode\":\"INVALID_FIELD\"}]");
  start (fixture, "SELECT Foo FROM Account");
  page = next_page (fixture, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "No such column 'Foo' on entity 'Account'."));
  g_assert_null (strstr (error->message, "ERROR at Row"));
}

static void
test_damaged_pages (Fixture       *fixture,
                    gconstpointer  unused)
{
  static const struct
  {
    const char *content_type;
    const char *body;
  } answers[] = {
    { "text/html", "<html>Log in</html>" },
    { JSON_TYPE, "<html>Log in</html>" },
    { JSON_TYPE, "" },
    { NULL, "" },
    { JSON_TYPE, "[]" },
    { JSON_TYPE, "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"\xff\"}]}" },
    { JSON_TYPE, "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"1\"}]" },
    { JSON_TYPE, "{\"totalSize\":1,\"done\":false,\"records\":[]}" },
  };

  start (fixture, "SELECT Id FROM Account");

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceQueryPage) page = NULL;

      mock_server_queue (fixture->server, QUERY, mock_reply_new (200, answers[i].content_type, answers[i].body));
      page = next_page (fixture, &error);
      g_test_message ("answer %u", i);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
      g_assert_null (page);
    }
}

/* The token stays with the org, wherever the org says the next page is. */
static void
test_foreign_next_page (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(MockServer) foreign = mock_server_new ();
  g_autofree char *body = g_strdup_printf ("{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"%s/x\",\"records\":[]}",
                                           mock_server_get_url (foreign));
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) first = NULL;
  g_autoptr(SluiceQueryPage) last = NULL;

  queue (fixture, QUERY, body);
  start (fixture, "SELECT Id FROM Account");
  first = next_page (fixture, &error);
  if (error == NULL)
    last = next_page (fixture, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpuint (mock_server_get_n_requests (foreign), ==, 0);
}

static void
test_page_leads_to_itself (Fixture       *fixture,
                           gconstpointer  unused)
{
  static const char again[] = "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"" NEXT "\",\"records\":[{\"Id\":\"1\"}]}";
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) first = NULL;
  g_autoptr(SluiceQueryPage) last = NULL;

  queue (fixture, NEXT, again);
  queue (fixture, QUERY, again);
  start (fixture, "SELECT Id FROM Account");
  first = next_page (fixture, &error);
  g_assert_no_error (error);
  last = next_page (fixture, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

static void
test_too_long (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *fields = g_strnfill (20000, 'x');
  g_autofree char *soql = g_strconcat ("SELECT ", fields, " FROM Account", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;

  start (fixture, soql);
  page = next_page (fixture, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQueryPage) page = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, QUERY, mock_reply_hold (mock_reply_new (200, JSON_TYPE, "{}")));
  start (fixture, "SELECT Id FROM Account");
  sluice_query_next_page_async (fixture->query, cancellable, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  g_cancellable_cancel (cancellable);
  done = wait_result (&result);
  page = sluice_query_next_page_finish (fixture->query, done, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  mock_server_release (fixture->server);
  wait_for (sluice_throttle_get_in_flight (fixture->throttle) == 0);

  /* Stopped, it can go on. */
  queue (fixture, QUERY, "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"1\"}]}");
  page = next_page (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sluice_query_get_rows (fixture->query), ==, 1);
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
    { "pages", test_pages },
    { "all-rows", test_all_rows },
    { "children", test_children },
    { "count", test_count },
    { "expired-in-the-middle", test_expired_in_the_middle },
    { "cut-in-the-middle", test_cut_in_the_middle },
    { "forgotten-locator", test_forgotten_locator },
    { "goes-on-after-an-error", test_goes_on_after_an_error },
    { "query-error", test_query_error },
    { "damaged-pages", test_damaged_pages },
    { "foreign-next-page", test_foreign_next_page },
    { "page-leads-to-itself", test_page_leads_to_itself },
    { "too-long", test_too_long },
    { "cancel", test_cancel },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/net/query/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
