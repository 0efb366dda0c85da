/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "manual-clock.h"
#include "memory-store.h"
#include "mock-org.h"
#include "sluice-connection.h"
#include "sluice-error.h"
#include "sluice-limit.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"

typedef struct
{
  MockServer *server;
  MemoryStore *store;
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  void (*browse) (MockServer   *server,
                  SluiceSignIn *sign_in);
  guint n_opened;
  guint n_saves_wanted;
} Fixture;

static void
open_uri_cb (SluiceSignIn *sign_in,
             const char   *url,
             Fixture      *fixture)
{
  fixture->n_opened++;
  if (fixture->browse != NULL)
    fixture->browse (fixture->server, sign_in);
}

static void
sign_in_changed_cb (Fixture *fixture)
{
  SluiceSignIn *sign_in = sluice_connection_get_sign_in (fixture->connection);

  if (sign_in != NULL)
    g_signal_connect (sign_in, "open-uri", G_CALLBACK (open_uri_cb), fixture);
}

static void
save_wanted_cb (Fixture *fixture)
{
  fixture->n_saves_wanted++;
}

static void
deny (MockServer   *server,
      SluiceSignIn *sign_in)
{
  mock_org_deny (sign_in);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->server = mock_org_new ();
  fixture->store = memory_store_new ();
  fixture->browse = mock_org_allow;

  fixture->subscription = sluice_subscription_new_with_id (ID);
  sluice_subscription_set_name (fixture->subscription, "North Pier");
  sluice_subscription_set_version (fixture->subscription, "1.0");
  sluice_subscription_set_consumer_key (fixture->subscription, "3MVG9");
  sluice_subscription_set_api_url (fixture->subscription, mock_server_get_url (fixture->server));

  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store), NULL);
  g_signal_connect_swapped (fixture->connection, "notify::sign-in", G_CALLBACK (sign_in_changed_cb), fixture);
  g_signal_connect_swapped (fixture->connection, "save-wanted", G_CALLBACK (save_wanted_cb), fixture);
}

static void
set_up_signed_in (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = NULL;

  set_up (fixture, NULL);
  credentials = mock_org_new_credentials (fixture->server);
  memory_store_put (fixture->store, ID, credentials);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_false (sluice_connection_get_busy (fixture->connection));
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->subscription);
  g_assert_finalize_object (fixture->store);
  g_clear_pointer (&fixture->server, mock_server_free);
}

/* Runs one operation to its end. */
#define RUN(fixture, verb, error, ...) \
  G_STMT_START \
    { \
      GAsyncResult *run_result = NULL; \
      g_autoptr(GAsyncResult) run_done = NULL; \
      sluice_connection_##verb##_async ((fixture)->connection, __VA_ARGS__ NULL, keep_result, &run_result); \
      run_done = wait_result (&run_result); \
      g_assert_cmpint (sluice_connection_##verb##_finish ((fixture)->connection, run_done, error), ==, *(error) == NULL); \
    } \
  G_STMT_END

#define LOAD(fixture, error) RUN (fixture, load, error, )
#define VERIFY(fixture, error) RUN (fixture, verify, error, )
#define AUTHENTICATE(fixture, error) RUN (fixture, authenticate, error, )
#define DISCONNECT(fixture, revoke, error) RUN (fixture, disconnect, error, revoke, )
#define DELETE_TOKEN(fixture, kind, error) RUN (fixture, delete_token, error, kind, )
#define SET_SECRET(fixture, secret, error) RUN (fixture, set_consumer_secret, error, secret, )
#define SET_SESSION_ONLY(fixture, on, error) RUN (fixture, set_session_only, error, on, )

static void
assert_status (Fixture      *fixture,
               SluiceStatus  status)
{
  g_assert_cmpstr (sluice_status_get_nick (sluice_subscription_get_status (fixture->subscription)), ==,
                   sluice_status_get_nick (status));
}

static void
assert_no_last_error (Fixture *fixture)
{
  const GError *error = sluice_subscription_get_last_error (fixture->subscription);

  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, NULL);
}

#define assert_last_error(fixture, code) \
  g_assert_error (sluice_subscription_get_last_error ((fixture)->subscription), SLUICE_ERROR, code)

/* Loading */

static void
test_load_nothing (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  LOAD (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);

  sluice_subscription_set_consumer_key (fixture->subscription, "");
  LOAD (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_INCOMPLETE);
}

static void
test_load_tokens (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  LOAD (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_UNVERIFIED);
  g_assert_true (sluice_subscription_get_has_access_token (fixture->subscription));
  g_assert_true (sluice_subscription_get_has_refresh_token (fixture->subscription));
  g_assert_cmpint (sluice_subscription_get_issued_at (fixture->subscription), ==, 1795437000000);
  g_assert_nonnull (sluice_connection_get_budget (fixture->connection));
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_load_locked (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  memory_store_fail (fixture->store, MEMORY_STORE_LOAD, SLUICE_ERROR_SECRETS_LOCKED);
  LOAD (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, SLUICE_ERROR_SECRETS_LOCKED);

  g_clear_error (&error);
  memory_store_fail (fixture->store, MEMORY_STORE_LOAD, 0);
  LOAD (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_UNVERIFIED);
  assert_no_last_error (fixture);
}

/* Verifying */

static void
test_verify_fills (Fixture       *fixture,
                   gconstpointer  unused)
{
  SluiceOrganization *organization;
  GListModel *limits = sluice_connection_get_limits (fixture->connection);
  g_autofree char *edition = NULL;
  g_autofree char *display_name = NULL;
  g_autoptr(GDateTime) verified_at = NULL;
  g_autoptr(GError) error = NULL;
  gint64 offset;

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  assert_no_last_error (fixture);

  organization = sluice_subscription_get_organization (fixture->subscription);
  g_assert_nonnull (organization);
  g_object_get (organization,
                "edition", &edition, "display-name", &display_name, "verified-at", &verified_at,
                "server-time-offset", &offset, NULL);
  g_assert_cmpstr (sluice_organization_get_id (organization), ==, MOCK_ORG_ID);
  g_assert_cmpstr (sluice_organization_get_name (organization), ==, "NorthPier");
  g_assert_cmpint (sluice_organization_get_environment (organization), ==, SLUICE_ENVIRONMENT_SANDBOX);
  g_assert_cmpstr (sluice_organization_get_api_version (organization), ==, "67.0");
  g_assert_cmpstr (sluice_organization_get_username (organization), ==, "mara@northpier.example");
  g_assert_cmpstr (sluice_organization_get_instance_url (organization), ==, mock_server_get_url (fixture->server));
  g_assert_cmpstr (edition, ==, "Enterprise Edition");
  g_assert_cmpstr (display_name, ==, "Mara Oduya");
  g_assert_nonnull (verified_at);
  g_assert_cmpint (ABS (offset), <=, 60);

  g_assert_cmpstr (sluice_subscription_get_org_id (fixture->subscription), ==, MOCK_ORG_ID);
  g_assert_cmpint (sluice_subscription_get_environment (fixture->subscription), ==, SLUICE_ENVIRONMENT_SANDBOX);
  g_assert_cmpuint (g_list_model_get_n_items (limits), ==, 2);
  g_assert_cmpuint (sluice_budget_get_limit (sluice_connection_get_budget (fixture->connection)), ==, 15000);
  g_assert_cmpuint (sluice_budget_get_claimed (sluice_connection_get_budget (fixture->connection)), ==, 0);
}

static void
test_verify_saves_once (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_saves_wanted, ==, 1);
}

static void
test_verify_signed_out (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
  assert_no_last_error (fixture);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_verify_offline (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&fixture->server, mock_server_free);
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  assert_status (fixture, SLUICE_STATUS_OFFLINE);
  assert_last_error (fixture, SLUICE_ERROR_OFFLINE);
  g_assert_true (sluice_subscription_get_has_refresh_token (fixture->subscription));
  g_assert_nonnull (memory_store_peek (fixture->store, ID));
}

static void
test_verify_limits_forbidden (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/services/data/v67.0/limits", 403,
                          "[{\"message\":\"This feature is not currently enabled for this user.\","
                          "\"errorCode\":\"FUNCTIONALITY_NOT_ENABLED\"}]");
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_cmpuint (g_list_model_get_n_items (sluice_connection_get_limits (fixture->connection)), ==, 0);
}

static void
test_verify_without_identity (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/id/", 404, "[{\"message\":\"x\",\"errorCode\":\"NOT_FOUND\"}]");
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/userinfo"), ==, 1);
  g_assert_cmpstr (sluice_organization_get_username (sluice_subscription_get_organization (fixture->subscription)), ==,
                   "mara@northpier.example");
}

static void
test_verify_nameless (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/id/", 404, "[{\"message\":\"x\",\"errorCode\":\"NOT_FOUND\"}]");
  mock_server_queue_json (fixture->server, "/services/oauth2/userinfo", 404, "[]");
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_null (sluice_organization_get_username (sluice_subscription_get_organization (fixture->subscription)));
}

static void
test_verify_too_old (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/services/data", 200, "[{\"version\":\"58.0\"}]");
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  g_assert_nonnull (strstr (error->message, "58.0"));
}

static void
test_verify_not_an_org (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue (fixture->server, "/services/data", mock_reply_new (200, "text/html", "<html>Welcome</html>"));
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
}

static void
test_verify_forbidden (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/services/data/v67.0/query", 403,
                          "[{\"message\":\"The REST API is not enabled for this Organization.\","
                          "\"errorCode\":\"API_DISABLED_FOR_ORG\"}]");
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, SLUICE_ERROR_FORBIDDEN);
}

static void
test_verify_dead_tokens (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    mock_server_queue_json (fixture->server, i == 0 ? "/services/data" : "/id/", 401,
                            "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
  mock_server_queue_json (fixture->server, "/services/oauth2/token", 400,
                          "{\"error\":\"invalid_grant\",\"error_description\":\"expired access/refresh token\"}");
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_false (sluice_subscription_get_has_refresh_token (fixture->subscription));
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_verify_renews (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/id/", 401,
                          "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/token"), ==, 1);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
  g_assert_cmpint (sluice_subscription_get_issued_at (fixture->subscription), ==, 1795437845123);
}

static void
test_verify_not_saved (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  memory_store_fail (fixture->store, MEMORY_STORE_SAVE, SLUICE_ERROR_SECRETS_FAILED);
  mock_server_queue_json (fixture->server, "/id/", 401,
                          "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, SLUICE_ERROR_SECRETS_FAILED);

  memory_store_fail (fixture->store, MEMORY_STORE_SAVE, 0);
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  assert_no_last_error (fixture);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
}

static void
test_verify_other_org (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_org_id (fixture->subscription, MOCK_OTHER_ORG_ID);
  sluice_subscription_set_environment (fixture->subscription, SLUICE_ENVIRONMENT_PRODUCTION);
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, SLUICE_ERROR_OTHER_ORG);
  g_assert_cmpstr (sluice_subscription_get_org_id (fixture->subscription), ==, MOCK_OTHER_ORG_ID);
  g_assert_null (sluice_subscription_get_organization (fixture->subscription));
  g_assert_cmpuint (fixture->n_saves_wanted, ==, 0);

  g_clear_error (&error);
  g_assert_false (sluice_connection_check_usable (fixture->connection, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
}

static void
test_verify_other_org_accepted (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_org_id (fixture->subscription, MOCK_OTHER_ORG_ID);
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
  g_assert_cmpstr (sluice_organization_get_name (sluice_connection_get_unexpected_organization (fixture->connection)), ==,
                   "NorthPier");

  sluice_connection_accept_organization (fixture->connection);
  g_assert_null (sluice_connection_get_unexpected_organization (fixture->connection));
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  assert_no_last_error (fixture);
  g_assert_cmpstr (sluice_subscription_get_org_id (fixture->subscription), ==, MOCK_ORG_ID);
  g_assert_cmpuint (fixture->n_saves_wanted, ==, 1);

  sluice_connection_accept_organization (fixture->connection);
  g_assert_cmpuint (fixture->n_saves_wanted, ==, 1);
}

static void
test_verify_url_changed (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  guint n_requests;

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  n_requests = mock_server_get_n_requests (fixture->server);

  sluice_subscription_set_api_url (fixture->subscription, "https://test.salesforce.com");
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, SLUICE_ERROR_INVALID);
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, n_requests);

  sluice_subscription_set_api_url (fixture->subscription, mock_server_get_url (fixture->server));
  assert_status (fixture, SLUICE_STATUS_UNVERIFIED);
  assert_no_last_error (fixture);
}

static void
test_verify_url_changed_meanwhile (Fixture       *fixture,
                                   gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);

  mock_server_queue (fixture->server, "/services/data", mock_reply_hold (mock_reply_new (200, "application/json", "[]")));
  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  sluice_subscription_set_api_url (fixture->subscription, "https://test.salesforce.com");
  done = wait_result (&result);
  g_assert_false (sluice_connection_verify_finish (fixture->connection, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, SLUICE_ERROR_INVALID);
  mock_server_release (fixture->server);
}

static void
test_verify_unknown_version (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_version (fixture->subscription, "9.9");
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
}

static void
test_verify_superseded (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GAsyncResult) first_done = NULL;
  g_autoptr(GAsyncResult) second_done = NULL;
  GAsyncResult *first = NULL;
  GAsyncResult *second = NULL;
  g_autoptr(GError) error = NULL;

  mock_server_queue (fixture->server, "/services/data", mock_reply_hold (mock_reply_new (200, "application/json", "[]")));
  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &first);
  wait_for (mock_server_get_n_held (fixture->server) == 1);

  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &second);
  first_done = wait_result (&first);
  g_assert_false (sluice_connection_verify_finish (fixture->connection, first_done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_error (&error);
  second_done = wait_result (&second);
  sluice_connection_verify_finish (fixture->connection, second_done, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  mock_server_release (fixture->server);
}

static void
test_verify_cancelled (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);

  mock_server_queue (fixture->server, "/services/data", mock_reply_hold (mock_reply_new (200, "application/json", "[]")));
  sluice_connection_verify_async (fixture->connection, cancellable, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  assert_status (fixture, SLUICE_STATUS_VERIFYING);

  g_cancellable_cancel (cancellable);
  done = wait_result (&result);
  g_assert_false (sluice_connection_verify_finish (fixture->connection, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  assert_no_last_error (fixture);
  mock_server_release (fixture->server);
}

static void
test_verify_exhausted (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(SluiceBudget) budget = sluice_budget_get_for_org (MOCK_ORG_ID, NULL);
  g_autoptr(GError) error = NULL;

  sluice_budget_update (budget, 15000, 15000);
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_true (sluice_connection_get_budget (fixture->connection) == budget);
  g_assert_cmpuint (sluice_budget_get_used (budget), <, 100);
}

static void
test_verify_wrong_clock (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(ManualClock) clock = manual_clock_new ();
  gint64 behind = g_get_real_time () - sluice_clock_get_real (SLUICE_CLOCK (clock));
  gint64 wrong;
  g_autoptr(GError) error = NULL;
  gint64 offset;

  manual_clock_advance (clock, MAX (behind, 0) + 5 * G_TIME_SPAN_HOUR);
  wrong = g_get_real_time () - sluice_clock_get_real (SLUICE_CLOCK (clock));
  g_assert_finalize_object (fixture->connection);
  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store),
                                               SLUICE_CLOCK (clock));

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_object_get (sluice_subscription_get_organization (fixture->subscription), "server-time-offset", &offset, NULL);
  g_assert_cmpint (ABS (offset - wrong / G_USEC_PER_SEC), <=, 60);

  /* Only the org says that a token is expired. */
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/token"), ==, 0);
}

/* Signing in */

static void
test_authenticate (Fixture       *fixture,
                   gconstpointer  unused)
{
  const SluiceCredentials *stored;
  g_autoptr(GError) error = NULL;

  AUTHENTICATE (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  assert_no_last_error (fixture);
  g_assert_null (sluice_connection_get_sign_in (fixture->connection));
  g_assert_cmpuint (fixture->n_opened, ==, 1);

  stored = memory_store_peek (fixture->store, ID);
  g_assert_cmpstr (stored->access_token, ==, "00D5e000000ABCD!new");
  g_assert_cmpstr (stored->login_url, ==, mock_server_get_url (fixture->server));
  g_assert_cmpstr (memory_store_get_label (fixture->store), ==, "Sluice: North Pier");
}

static void
test_authenticate_again (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  LOAD (fixture, &error);
  AUTHENTICATE (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
  g_assert_cmpint (sluice_subscription_get_issued_at (fixture->subscription), ==, 1795437845123);
}

static void
test_authenticate_denied (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  fixture->browse = deny;
  AUTHENTICATE (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
  assert_last_error (fixture, SLUICE_ERROR_SIGN_IN);
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_authenticate_denied_while_connected (Fixture       *fixture,
                                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  fixture->browse = deny;
  AUTHENTICATE (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861old");
}

/* As the user closes the window in which the pages are shown. */
static void
close_window (MockServer   *server,
              SluiceSignIn *sign_in)
{
  g_assert_cmpint (sluice_sign_in_get_with (sign_in), ==, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  sluice_sign_in_cancel (sign_in);
}

static void
test_authenticate_in_window (Fixture       *fixture,
                             gconstpointer  data)
{
  gboolean once = data != NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->browse = close_window;
  if (!once)
    sluice_subscription_set_sign_in_with (fixture->subscription, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);

  if (once)
    sluice_connection_authenticate_with_async (fixture->connection, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW, NULL,
                                               keep_result, &result);
  else
    sluice_connection_authenticate_async (fixture->connection, NULL, keep_result, &result);

  done = wait_result (&result);
  g_assert_false (sluice_connection_authenticate_finish (fixture->connection, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
  assert_no_last_error (fixture);
}

static void
test_authenticate_without_key (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_consumer_key (fixture->subscription, "");
  AUTHENTICATE (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  assert_status (fixture, SLUICE_STATUS_INCOMPLETE);
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
test_authenticate_twice (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GAsyncResult) first_done = NULL;
  g_autoptr(GAsyncResult) second_done = NULL;
  GAsyncResult *first = NULL;
  GAsyncResult *second = NULL;
  g_autoptr(GError) error = NULL;

  fixture->browse = NULL;
  sluice_connection_authenticate_async (fixture->connection, NULL, keep_result, &first);
  wait_for (fixture->n_opened == 1);
  assert_status (fixture, SLUICE_STATUS_SIGNING_IN);

  fixture->browse = mock_org_allow;
  sluice_connection_authenticate_async (fixture->connection, NULL, keep_result, &second);
  first_done = wait_result (&first);
  g_assert_false (sluice_connection_authenticate_finish (fixture->connection, first_done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_error (&error);
  second_done = wait_result (&second);
  sluice_connection_authenticate_finish (fixture->connection, second_done, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_opened, ==, 2);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
}

static void
test_authenticate_cancelled (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->browse = NULL;
  sluice_connection_authenticate_async (fixture->connection, NULL, keep_result, &result);
  wait_for (fixture->n_opened == 1);
  sluice_connection_cancel (fixture->connection);
  done = wait_result (&result);
  g_assert_false (sluice_connection_authenticate_finish (fixture->connection, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
  assert_no_last_error (fixture);
}

static void
test_authenticate_locked (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  memory_store_fail (fixture->store, MEMORY_STORE_LOAD, SLUICE_ERROR_SECRETS_LOCKED);
  AUTHENTICATE (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

static void
test_authenticate_broken (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  memory_store_break (fixture->store, ID);
  AUTHENTICATE (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
}

static void
test_authenticate_other_org (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_org_id (fixture->subscription, MOCK_OTHER_ORG_ID);
  AUTHENTICATE (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
}

/* Tokens that cannot be stored */

static void
authenticate_unsaved (Fixture *fixture,
                      int      code)
{
  g_autoptr(GError) error = NULL;

  memory_store_fail (fixture->store, MEMORY_STORE_SAVE, code);
  AUTHENTICATE (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, code);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  assert_last_error (fixture, code);
  g_assert_false (sluice_subscription_get_has_access_token (fixture->subscription));
}

static void
test_unsaved_told_apart (Fixture       *fixture,
                         gconstpointer  unused)
{
  for (int code = SLUICE_ERROR_SECRETS_UNAVAILABLE; code <= SLUICE_ERROR_SECRETS_FAILED; code++)
    authenticate_unsaved (fixture, code);
}

static void
test_unsaved_session_only (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  authenticate_unsaved (fixture, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  SET_SESSION_ONLY (fixture, TRUE, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_true (sluice_subscription_get_session_only (fixture->subscription));
  g_assert_true (sluice_subscription_get_has_refresh_token (fixture->subscription));
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/token"), ==, 1);
  g_assert_null (memory_store_peek (fixture->store, ID));
  g_assert_nonnull (memory_store_peek_session (fixture->store, ID));
}

static void
test_unsaved_unlocked (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  authenticate_unsaved (fixture, SLUICE_ERROR_SECRETS_LOCKED);
  memory_store_fail (fixture->store, MEMORY_STORE_SAVE, 0);
  VERIFY (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/token"), ==, 1);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
}

static void
test_unsaved_with_secret (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  authenticate_unsaved (fixture, SLUICE_ERROR_SECRETS_LOCKED);
  SET_SECRET (fixture, "hush", &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);

  g_clear_error (&error);
  memory_store_fail (fixture->store, MEMORY_STORE_SAVE, 0);
  SET_SECRET (fixture, "hush", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->consumer_secret, ==, "hush");
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
  assert_status (fixture, SLUICE_STATUS_UNVERIFIED);
}

static void
test_unsaved_of_another_app (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  authenticate_unsaved (fixture, SLUICE_ERROR_SECRETS_LOCKED);
  sluice_subscription_set_consumer_key (fixture->subscription, "other");
  memory_store_fail (fixture->store, MEMORY_STORE_SAVE, 0);
  SET_SECRET (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (memory_store_peek (fixture->store, ID));
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
}

static void
test_session_only_and_back (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  authenticate_unsaved (fixture, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  SET_SESSION_ONLY (fixture, TRUE, &error);
  g_assert_no_error (error);

  SET_SESSION_ONLY (fixture, FALSE, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  g_assert_true (sluice_subscription_get_session_only (fixture->subscription));
  g_assert_cmpint (sluice_connection_get_secret_place (fixture->connection), ==, SLUICE_SECRET_PLACE_MEMORY);

  g_clear_error (&error);
  memory_store_fail (fixture->store, MEMORY_STORE_SAVE, 0);
  SET_SESSION_ONLY (fixture, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sluice_connection_get_secret_place (fixture->connection), ==, SLUICE_SECRET_PLACE_KEYRING);
  g_assert_false (sluice_subscription_get_session_only (fixture->subscription));
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
}

/* The rotated token must not be looked for in the keyring when it came for the memory, or the other way round. */
static void
test_session_only_during_refresh (Fixture       *fixture,
                                  gconstpointer  unused)
{
  const char *url = mock_server_get_url (fixture->server);
  g_autofree char *tokens = g_strdup_printf ("{\"access_token\":\"00D5e000000ABCD!new\",\"refresh_token\":\"5Aep861new\","
                                             "\"instance_url\":\"%s\",\"token_type\":\"Bearer\"}", url);
  const SluiceRequest request = { .method = "GET", .path = "query?q=SELECT+Id+FROM+Organization" };
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GAsyncResult) page_done = NULL;
  g_autoptr(GAsyncResult) moved_done = NULL;
  GAsyncResult *page_result = NULL;
  GAsyncResult *moved = NULL;
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);

  mock_server_queue_json (fixture->server, "/services/data/v67.0/query", 401,
                          "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
  mock_server_queue (fixture->server, "/services/oauth2/token",
                     mock_reply_hold (mock_reply_new (200, "application/json", tokens)));
  sluice_client_send_async (sluice_connection_get_client (fixture->connection), &request, NULL, keep_result,
                            &page_result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);

  sluice_connection_set_session_only_async (fixture->connection, TRUE, NULL, keep_result, &moved);
  mock_server_release (fixture->server);
  page_done = wait_result (&page_result);
  reply = sluice_client_send_finish (sluice_connection_get_client (fixture->connection), page_done, &error);
  g_assert_no_error (error);
  moved_done = wait_result (&moved);
  sluice_connection_set_session_only_finish (fixture->connection, moved_done, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (memory_store_peek_session (fixture->store, ID)->refresh_token, ==, "5Aep861new");
}

/* Removing */

static void
test_disconnect (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  DISCONNECT (fixture, FALSE, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
  g_assert_null (memory_store_peek (fixture->store, ID));
  g_assert_null (sluice_subscription_get_organization (fixture->subscription));
  g_assert_cmpstr (sluice_subscription_get_org_id (fixture->subscription), ==, MOCK_ORG_ID);
  g_assert_false (sluice_subscription_get_has_access_token (fixture->subscription));
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/revoke"), ==, 0);
}

static void
test_disconnect_keeps_secret (Fixture       *fixture,
                              gconstpointer  unused)
{
  const SluiceCredentials *stored;
  g_autoptr(GError) error = NULL;

  SET_SECRET (fixture, "hush", &error);
  g_assert_no_error (error);
  DISCONNECT (fixture, FALSE, &error);
  g_assert_no_error (error);
  stored = memory_store_peek (fixture->store, ID);
  g_assert_nonnull (stored);
  g_assert_cmpstr (stored->consumer_secret, ==, "hush");
  g_assert_null (stored->access_token);
  g_assert_null (stored->refresh_token);
}

static void
test_disconnect_revoke (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(MockRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  DISCONNECT (fixture, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);
  request = mock_server_dup_request (fixture->server, 0);
  g_assert_cmpstr (request->path, ==, "/services/oauth2/revoke");
  g_assert_cmpstr (request->body, ==, "token=5Aep861old");
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_disconnect_revoke_fails (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&fixture->server, mock_server_free);
  DISCONNECT (fixture, TRUE, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_true (g_str_has_prefix (error->message, "The tokens are deleted here"));
  g_assert_null (memory_store_peek (fixture->store, ID));
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
}

static void
test_disconnect_locked (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  LOAD (fixture, &error);
  g_assert_no_error (error);
  memory_store_fail (fixture->store, MEMORY_STORE_LOAD, SLUICE_ERROR_SECRETS_LOCKED);
  DISCONNECT (fixture, TRUE, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  assert_status (fixture, SLUICE_STATUS_UNVERIFIED);
  g_assert_nonnull (memory_store_peek (fixture->store, ID));
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_disconnect_broken (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  memory_store_break (fixture->store, ID);
  LOAD (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN);

  g_clear_error (&error);
  DISCONNECT (fixture, FALSE, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
  assert_no_last_error (fixture);
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_disconnect_broken_revoke (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  memory_store_break (fixture->store, ID);
  DISCONNECT (fixture, TRUE, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_true (g_str_has_prefix (error->message, "The tokens are deleted here"));
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_disconnect_while_signing_in (Fixture       *fixture,
                                  gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) cancelled = NULL;

  fixture->browse = NULL;
  sluice_connection_authenticate_async (fixture->connection, NULL, keep_result, &result);
  wait_for (fixture->n_opened == 1);
  DISCONNECT (fixture, FALSE, &error);
  g_assert_no_error (error);
  done = wait_result (&result);
  g_assert_false (sluice_connection_authenticate_finish (fixture->connection, done, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
}

static void
test_delete_access_token (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  LOAD (fixture, &error);
  DELETE_TOKEN (fixture, SLUICE_TOKEN_ACCESS, &error);
  g_assert_no_error (error);
  g_assert_null (memory_store_peek (fixture->store, ID)->access_token);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861old");
  g_assert_false (sluice_subscription_get_has_access_token (fixture->subscription));
  g_assert_true (sluice_subscription_get_has_refresh_token (fixture->subscription));
  assert_status (fixture, SLUICE_STATUS_UNVERIFIED);

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/token"), ==, 1);
}

static void
test_delete_refresh_token (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  LOAD (fixture, &error);
  DELETE_TOKEN (fixture, SLUICE_TOKEN_REFRESH, &error);
  g_assert_no_error (error);
  g_assert_null (memory_store_peek (fixture->store, ID)->refresh_token);
  g_assert_true (sluice_subscription_get_has_access_token (fixture->subscription));

  DELETE_TOKEN (fixture, SLUICE_TOKEN_ACCESS, &error);
  g_assert_no_error (error);
  g_assert_null (memory_store_peek (fixture->store, ID));
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
}

static void
test_consumer_secret (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  SET_SECRET (fixture, "hush", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->consumer_secret, ==, "hush");
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);

  AUTHENTICATE (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->consumer_secret, ==, "hush");

  SET_SECRET (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (memory_store_peek (fixture->store, ID)->consumer_secret);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->refresh_token, ==, "5Aep861new");
}

/* Edits */

static void
test_edits_act (Fixture       *fixture,
                gconstpointer  unused)
{
  SluiceThrottleSettings settings = { .limit = 7, .seconds = 30, .concurrent = 2 };
  SluiceThrottle *throttle = sluice_connection_get_throttle (fixture->connection);
  g_autoptr(GError) error = NULL;

  LOAD (fixture, &error);
  sluice_subscription_set_throttle_settings (fixture->subscription, &settings);
  g_assert_cmpuint (sluice_throttle_get_limit (throttle), ==, 7);
  g_assert_cmpuint (sluice_throttle_get_seconds (throttle), ==, 30);
  g_assert_cmpuint (sluice_throttle_get_concurrent_limit (throttle), ==, 2);

  sluice_subscription_set_budget_reserve (fixture->subscription, 1000);
  g_assert_cmpuint (sluice_budget_get_reserve (sluice_connection_get_budget (fixture->connection)), ==, 1000);
}

static void
test_budget_refreshed (Fixture       *fixture,
                       gconstpointer  unused)
{
  SluiceBudget *budget;
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  budget = sluice_connection_get_budget (fixture->connection);
  sluice_budget_update (budget, 14000, 15000);
  mock_server_queue_json (fixture->server, "/services/data/v67.0/limits", 200,
                          "{\"DailyApiRequests\":{\"Max\":15000,\"Remaining\":14500}}");

  g_signal_emit_by_name (budget, "refresh-wanted");
  g_signal_emit_by_name (budget, "refresh-wanted");
  wait_for (sluice_budget_get_used (budget) == 500);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/data/v67.0/limits"), ==, 2);
}

static void
test_query_needs_verification (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_connection_check_usable (fixture->connection, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);

  g_clear_error (&error);
  LOAD (fixture, &error);
  g_assert_false (sluice_connection_check_usable (fixture->connection, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);

  g_clear_error (&error);
  VERIFY (fixture, &error);
  g_assert_true (sluice_connection_check_usable (fixture->connection, &error));
  g_assert_no_error (error);
}

static void
assert_query_refused (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_connection_check_usable (fixture->connection, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_query_needs_new_verification (Fixture       *fixture,
                                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);

  mock_server_queue_json (fixture->server, "/services/data/v67.0/query", 403,
                          "[{\"message\":\"x\",\"errorCode\":\"API_DISABLED_FOR_ORG\"}]");
  AUTHENTICATE (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
  assert_query_refused (fixture);
}

static void
test_query_needs_same_user (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = mock_org_new_credentials (fixture->server);
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);

  /* Another program signs in to another org. */
  g_free (credentials->identity_url);
  credentials->identity_url = g_strconcat (mock_server_get_url (fixture->server),
                                           "/id/" MOCK_OTHER_ORG_ID "/0055e000000FGHIAA4", NULL);
  memory_store_put (fixture->store, ID, credentials);
  LOAD (fixture, &error);
  g_assert_no_error (error);
  assert_status (fixture, SLUICE_STATUS_UNVERIFIED);
  assert_query_refused (fixture);
}

static void
test_query_survives_outage (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  VERIFY (fixture, &error);
  g_assert_no_error (error);
  g_clear_pointer (&fixture->server, mock_server_free);
  VERIFY (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);

  g_clear_error (&error);
  g_assert_true (sluice_connection_check_usable (fixture->connection, &error));
  g_assert_no_error (error);
}

#define ADD(name, function) g_test_add ("/sync/connection/" name, Fixture, NULL, set_up, function, tear_down)
#define ADD_SIGNED_IN(name, function) \
  g_test_add ("/sync/connection/" name, Fixture, NULL, set_up_signed_in, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  ADD ("load/nothing", test_load_nothing);
  ADD_SIGNED_IN ("load/tokens", test_load_tokens);
  ADD_SIGNED_IN ("load/locked", test_load_locked);
  ADD_SIGNED_IN ("verify/fills", test_verify_fills);
  ADD_SIGNED_IN ("verify/saves-once", test_verify_saves_once);
  ADD ("verify/signed-out", test_verify_signed_out);
  ADD_SIGNED_IN ("verify/offline", test_verify_offline);
  ADD_SIGNED_IN ("verify/limits-forbidden", test_verify_limits_forbidden);
  ADD_SIGNED_IN ("verify/without-identity", test_verify_without_identity);
  ADD_SIGNED_IN ("verify/nameless", test_verify_nameless);
  ADD_SIGNED_IN ("verify/too-old", test_verify_too_old);
  ADD_SIGNED_IN ("verify/not-an-org", test_verify_not_an_org);
  ADD_SIGNED_IN ("verify/forbidden", test_verify_forbidden);
  ADD_SIGNED_IN ("verify/dead-tokens", test_verify_dead_tokens);
  ADD_SIGNED_IN ("verify/renews", test_verify_renews);
  ADD_SIGNED_IN ("verify/not-saved", test_verify_not_saved);
  ADD_SIGNED_IN ("verify/other-org", test_verify_other_org);
  ADD_SIGNED_IN ("verify/other-org-accepted", test_verify_other_org_accepted);
  ADD_SIGNED_IN ("verify/url-changed", test_verify_url_changed);
  ADD_SIGNED_IN ("verify/url-changed-meanwhile", test_verify_url_changed_meanwhile);
  ADD_SIGNED_IN ("verify/unknown-version", test_verify_unknown_version);
  ADD_SIGNED_IN ("verify/superseded", test_verify_superseded);
  ADD_SIGNED_IN ("verify/cancelled", test_verify_cancelled);
  ADD_SIGNED_IN ("verify/exhausted", test_verify_exhausted);
  ADD_SIGNED_IN ("verify/wrong-clock", test_verify_wrong_clock);
  ADD ("authenticate/allowed", test_authenticate);
  ADD_SIGNED_IN ("authenticate/again", test_authenticate_again);
  ADD ("authenticate/denied", test_authenticate_denied);
  ADD_SIGNED_IN ("authenticate/denied-while-connected", test_authenticate_denied_while_connected);
  ADD ("authenticate/in-window", test_authenticate_in_window);
  g_test_add ("/sync/connection/authenticate/in-window-once", Fixture, "once", set_up, test_authenticate_in_window,
              tear_down);
  ADD ("authenticate/without-key", test_authenticate_without_key);
  ADD ("authenticate/twice", test_authenticate_twice);
  ADD ("authenticate/cancelled", test_authenticate_cancelled);
  ADD ("authenticate/locked", test_authenticate_locked);
  ADD_SIGNED_IN ("authenticate/broken", test_authenticate_broken);
  ADD ("authenticate/other-org", test_authenticate_other_org);
  ADD ("unsaved/told-apart", test_unsaved_told_apart);
  ADD ("unsaved/session-only", test_unsaved_session_only);
  ADD ("unsaved/unlocked", test_unsaved_unlocked);
  ADD ("unsaved/with-secret", test_unsaved_with_secret);
  ADD ("unsaved/of-another-app", test_unsaved_of_another_app);
  ADD ("session-only/and-back", test_session_only_and_back);
  ADD_SIGNED_IN ("session-only/during-refresh", test_session_only_during_refresh);
  ADD_SIGNED_IN ("disconnect/plain", test_disconnect);
  ADD_SIGNED_IN ("disconnect/keeps-secret", test_disconnect_keeps_secret);
  ADD_SIGNED_IN ("disconnect/revoke", test_disconnect_revoke);
  ADD_SIGNED_IN ("disconnect/revoke-fails", test_disconnect_revoke_fails);
  ADD_SIGNED_IN ("disconnect/locked", test_disconnect_locked);
  ADD_SIGNED_IN ("disconnect/broken", test_disconnect_broken);
  ADD_SIGNED_IN ("disconnect/broken-revoke", test_disconnect_broken_revoke);
  ADD ("disconnect/while-signing-in", test_disconnect_while_signing_in);
  ADD_SIGNED_IN ("delete-token/access", test_delete_access_token);
  ADD_SIGNED_IN ("delete-token/refresh", test_delete_refresh_token);
  ADD ("consumer-secret", test_consumer_secret);
  ADD_SIGNED_IN ("edits-act", test_edits_act);
  ADD_SIGNED_IN ("budget-refreshed", test_budget_refreshed);
  ADD_SIGNED_IN ("query-needs-verification", test_query_needs_verification);
  ADD_SIGNED_IN ("query-needs-new-verification", test_query_needs_new_verification);
  ADD_SIGNED_IN ("query-needs-same-user", test_query_needs_same_user);
  ADD_SIGNED_IN ("query-survives-outage", test_query_survives_outage);

  return g_test_run ();
}
