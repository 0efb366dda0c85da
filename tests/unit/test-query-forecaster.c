/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-forecaster.h"

#include "manual-clock.h"
#include "memory-store.h"
#include "mock-org.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"
#define NOTES_PATH "/services/data/v67.0/limits/recordCount"
#define QUERY_PATH "/services/data/v67.0/query"

typedef struct
{
  MockServer *server;
  MemoryStore *store;
  ManualClock *clock;
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  SluiceQueryForecaster *forecaster;
  guint n_queries; /* that verification needed */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(SluiceCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  fixture->server = mock_org_new ();
  fixture->store = memory_store_new ();
  fixture->clock = manual_clock_new ();
  fixture->subscription = sluice_subscription_new_with_id (ID);
  sluice_subscription_set_consumer_key (fixture->subscription, "3MVG9");
  sluice_subscription_set_api_url (fixture->subscription, mock_server_get_url (fixture->server));
  credentials = mock_org_new_credentials (fixture->server);
  memory_store_put (fixture->store, ID, credentials);
  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store),
                                               SLUICE_CLOCK (fixture->clock));
  fixture->forecaster = sluice_query_forecaster_new (fixture->connection);

  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_verify_finish (fixture->connection, done, &error);
  g_assert_no_error (error);
  fixture->n_queries = mock_server_count (fixture->server, QUERY_PATH);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->forecaster);
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->subscription);
  g_assert_finalize_object (fixture->store);
  g_clear_pointer (&fixture->server, mock_server_free);
  g_assert_finalize_object (fixture->clock);
}

static void
queue_note (Fixture *fixture,
            gint64   rows)
{
  g_autofree char *body =
    g_strdup_printf ("{\"sObjects\":[{\"name\":\"Account\",\"count\":%" G_GINT64_FORMAT "}]}", rows);

  mock_server_queue (fixture->server, NOTES_PATH, mock_reply_new (200, "application/json", body));
}

static void
queue_count (Fixture *fixture,
             gint64   rows)
{
  g_autofree char *body =
    g_strdup_printf ("{\"totalSize\":%" G_GINT64_FORMAT ",\"done\":true,\"records\":[]}", rows);

  mock_server_queue (fixture->server, QUERY_PATH, mock_reply_new (200, "application/json", body));
}

static SluiceTransferForecast *
ask (Fixture       *fixture,
     const char    *soql,
     GCancellable  *cancellable,
     GError       **error)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  sluice_query_forecaster_ask_async (fixture->forecaster, soql, FALSE, cancellable, keep_result, &result);
  done = wait_result (&result);

  return sluice_query_forecaster_ask_finish (fixture->forecaster, done, error);
}

static void
assert_small (Fixture    *fixture,
              const char *soql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceTransferForecast) forecast = ask (fixture, soql, NULL, &error);

  g_assert_no_error (error);
  g_assert_null (forecast);
}

/* Nobody has to be asked. */
static void
test_costs_nothing (Fixture       *fixture,
                    gconstpointer  unused)
{
  assert_small (fixture, "SELECT Id FROM Account LIMIT 2000");
  assert_small (fixture, "SELECT Name, COUNT(Id) FROM Account GROUP BY Name");
  assert_small (fixture, "SELECT");
  assert_small (fixture, "");

  g_assert_cmpuint (mock_server_count (fixture->server, NOTES_PATH), ==, 0);
  g_assert_cmpuint (mock_server_count (fixture->server, QUERY_PATH), ==, fixture->n_queries);
}

static void
test_small_object (Fixture       *fixture,
                   gconstpointer  unused)
{
  queue_note (fixture, 900);

  assert_small (fixture, "SELECT Id FROM Account");
  assert_small (fixture, "SELECT Name FROM account WHERE Name LIKE 'A%'");

  g_assert_cmpuint (mock_server_count (fixture->server, NOTES_PATH), ==, 1);
  g_assert_cmpuint (mock_server_count (fixture->server, QUERY_PATH), ==, fixture->n_queries);
}

static void
test_few_of_many (Fixture       *fixture,
                  gconstpointer  unused)
{
  queue_note (fixture, 3000000);
  queue_count (fixture, 12);

  assert_small (fixture, "SELECT Id FROM Account WHERE Name = 'A'");
}

static void
test_many (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceTransferForecast) forecast = NULL;

  queue_note (fixture, 3000000);
  queue_count (fixture, 1000000);
  forecast = ask (fixture, "SELECT Id FROM Account", NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (forecast);
  g_assert_cmpint (forecast->rows, ==, 1000000);
  g_assert_cmpint (forecast->transport, ==, SLUICE_TRANSPORT_BULK);
  g_assert_cmpuint (forecast->calls, ==, sluice_transport_count_calls (SLUICE_TRANSPORT_BULK, 1000000));
}

/* The Bulk API keeps no order. */
static void
test_ordered (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceTransferForecast) forecast = NULL;

  queue_note (fixture, 3000000);
  queue_count (fixture, 1000000);
  forecast = ask (fixture, "SELECT Id FROM Account ORDER BY Name", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (forecast->transport, ==, SLUICE_TRANSPORT_REST);
  g_assert_cmpuint (forecast->calls, ==, 500);
}

static void
test_limited (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceTransferForecast) forecast = NULL;

  queue_note (fixture, 3000000);
  queue_count (fixture, 1000000);
  forecast = ask (fixture, "SELECT Id FROM Account LIMIT 60000", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (forecast->rows, ==, 60000);
}

/* The query itself tells better what is wrong with it. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  queue_note (fixture, 3000000);
  mock_server_queue (fixture->server, QUERY_PATH,
                     mock_reply_new (400, "application/json", "[{\"errorCode\":\"MALFORMED_QUERY\",\"message\":\"No\"}]"));

  assert_small (fixture, "SELECT Id FROM Account WHERE");
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  queue_note (fixture, 3000000);
  g_cancellable_cancel (cancellable);

  g_assert_null (ask (fixture, "SELECT Id FROM Account", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, func) g_test_add ("/sync/query-forecaster/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("cancelled", test_cancelled);
  ADD ("costs-nothing", test_costs_nothing);
  ADD ("few-of-many", test_few_of_many);
  ADD ("limited", test_limited);
  ADD ("many", test_many);
  ADD ("ordered", test_ordered);
  ADD ("refused", test_refused);
  ADD ("small-object", test_small_object);

  return g_test_run ();
}
