/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-client.h"

#include <string.h>

#include "gated-store.h"
#include "manual-clock.h"
#include "mock-server.h"
#include "sluice-error.h"
#include "sluice-write-plan.h"
#include "test-utils.h"

#define DATA "/services/data"
#define ORG "00D5e000000ABCDEA4"
#define TOKEN "/services/oauth2/token"
#define EXPIRED "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]"
#define DAILY "[{\"message\":\"TotalRequests Limit exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]"
#define CONCURRENT \
  "[{\"message\":\"ConcurrentRequests (Concurrent API Requests) Limit exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]"
#define DEAD "{\"error\":\"invalid_grant\",\"error_description\":\"expired access/refresh token\"}"
#define JSON_TYPE "application/json;charset=UTF-8"

typedef struct
{
  MockServer *server;
  ManualClock *clock;
  GatedStore *store;
  SluiceThrottle *throttle;
  SluiceBudget *budget;
  SluiceCallList *calls;
  SluiceClient *client;
  guint n_signed_out;
  guint n_not_saved;
} Fixture;

/* Everything that is logged while the tests run. */
static GMutex log_mutex;
static gboolean logged_secret;
static gboolean logged_anything;

static void
look_for_secrets (const char *text)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&log_mutex);

  logged_anything = TRUE;
  if (strstr (text, "access-") != NULL || strstr (text, "refresh-") != NULL || strstr (text, "hush-") != NULL)
    logged_secret = TRUE;
  if (g_getenv ("SHOW_LOG") != NULL)
    g_printerr ("%s\n", text);
}

static GLogWriterOutput
watch_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "MESSAGE"))
        look_for_secrets (fields[i].value);
    }

  return G_LOG_WRITER_HANDLED;
}

/* The libraries' way. */
static void
watch_old_log (const char     *domain,
               GLogLevelFlags  level,
               const char     *message,
               gpointer        user_data)
{
  look_for_secrets (message);
}

static void
count_cb (SluiceClient *client,
          GError       *error,
          guint        *count)
{
  g_assert_nonnull (error);
  (*count)++;
}

static SluiceCredentials *
new_credentials (Fixture    *fixture,
                 const char *access_token,
                 const char *refresh_token)
{
  SluiceCredentials *credentials = sluice_credentials_new ();

  credentials->access_token = g_strdup (access_token);
  credentials->refresh_token = g_strdup (refresh_token);
  credentials->consumer_secret = g_strdup ("hush-1");
  credentials->instance_url = g_strdup (mock_server_get_url (fixture->server));
  credentials->identity_url = g_strconcat (mock_server_get_url (fixture->server), "/id/" ORG "/005", NULL);

  return credentials;
}

static void
put_tokens (Fixture    *fixture,
            const char *access_token,
            const char *refresh_token)
{
  g_autoptr(SluiceCredentials) credentials = new_credentials (fixture, access_token, refresh_token);

  gated_store_put (fixture->store, credentials);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->server = mock_server_new ();
  fixture->clock = manual_clock_new ();
  fixture->store = gated_store_new ();
  fixture->throttle = sluice_throttle_new (SLUICE_CLOCK (fixture->clock));
  fixture->budget = sluice_budget_new (SLUICE_CLOCK (fixture->clock));
  sluice_throttle_set_budget (fixture->throttle, fixture->budget);
  fixture->calls = sluice_call_list_new (1000);
  fixture->client = sluice_client_new ("s1", fixture->throttle, SLUICE_CREDENTIAL_STORE (fixture->store),
                                       fixture->calls, SLUICE_CLOCK (fixture->clock));
  sluice_client_set_login_url (fixture->client, mock_server_get_url (fixture->server));
  sluice_client_set_consumer_key (fixture->client, "demo");
  sluice_client_set_api_version (fixture->client, "68.0");
  g_signal_connect (fixture->client, "signed-out", G_CALLBACK (count_cb), &fixture->n_signed_out);
  g_signal_connect (fixture->client, "not-saved", G_CALLBACK (count_cb), &fixture->n_not_saved);
  put_tokens (fixture, "access-1", "refresh-1");
}

/* Whatever a test did, nothing is left in flight or in the queue. */
static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 0);

  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->throttle);
  g_assert_finalize_object (fixture->budget);
  g_assert_finalize_object (fixture->calls);
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->clock);
  mock_server_free (fixture->server);
}

static void
queue (Fixture    *fixture,
       const char *path,
       guint       status,
       const char *body)
{
  mock_server_queue_json (fixture->server, path, status, body);
}

static void
queue_tokens (Fixture    *fixture,
              const char *access_token,
              const char *refresh_token)
{
  g_autofree char *rotated = refresh_token != NULL ? g_strdup_printf (",\"refresh_token\":\"%s\"", refresh_token)
                                                   : g_strdup ("");
  const char *url = mock_server_get_url (fixture->server);
  g_autofree char *body = g_strdup_printf ("{\"access_token\":\"%s\"%s,\"instance_url\":\"%s\",\"id\":\"%s/id/" ORG "/005\","
                                           "\"token_type\":\"Bearer\",\"issued_at\":\"1795437845123\"}",
                                           access_token, rotated, url, url);

  queue (fixture, TOKEN, 200, body);
}

static void
send (Fixture        *fixture,
      const char     *method,
      const char     *path,
      SluicePriority  priority,
      GCancellable   *cancellable,
      GAsyncResult  **result)
{
  SluiceRequest request = {
    .method = method,
    .path = path,
    .summary = "Test",
    .priority = priority,
  };

  sluice_client_send_async (fixture->client, &request, cancellable, keep_result, result);
}

/* For one record of Account. */
static SluiceWritePermit *
new_permit (SluiceWriteVerb verb)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new ();
  g_autoptr(SluiceOrganization) organization =
    g_object_new (SLUICE_TYPE_ORGANIZATION, "id", ORG, "environment", SLUICE_ENVIRONMENT_SANDBOX, NULL);
  g_autoptr(SluiceWritePlan) plan = NULL;
  SluiceWritePermit *permit;

  sluice_subscription_set_organization (subscription, organization);
  plan = sluice_write_plan_new (subscription, verb, "Account", 1, NULL);
  permit = sluice_write_plan_confirm (plan, NULL, NULL);
  g_assert_true (sluice_write_permit_begin (permit, NULL));

  return permit;
}

static void
send_write (Fixture        *fixture,
            const char     *method,
            const char     *path,
            SluiceWrite    *write,
            SluicePriority  priority,
            GAsyncResult  **result)
{
  SluiceRequest request = {
    .method = method,
    .path = path,
    .summary = "Test",
    .write = write,
    .priority = priority,
  };

  sluice_client_send_async (fixture->client, &request, NULL, keep_result, result);
}

static void
get (Fixture       *fixture,
     const char    *path,
     GAsyncResult **result)
{
  send (fixture, "GET", path, SLUICE_PRIORITY_INTERACTIVE, NULL, result);
}

static SluiceReply *
wait_reply (Fixture       *fixture,
            GAsyncResult **result,
            GError       **error)
{
  g_autoptr(GAsyncResult) done = wait_result (result);

  return sluice_client_send_finish (fixture->client, done, error);
}

static SluiceReply *
get_and_wait (Fixture     *fixture,
              const char  *path,
              GError     **error)
{
  GAsyncResult *result = NULL;

  get (fixture, path, &result);

  return wait_reply (fixture, &result, error);
}

static gboolean
load_and_wait (Fixture  *fixture,
               GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_client_load_async (fixture->client, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_client_load_finish (fixture->client, done, error);
}

static gboolean
refresh_and_wait (Fixture  *fixture,
                  GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_client_refresh_async (fixture->client, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_client_refresh_finish (fixture->client, done, error);
}

/* Of the newest but @n calls. */
static SluiceCallState
get_call_state (Fixture *fixture,
                guint    n)
{
  g_autoptr(SluiceCall) call = g_list_model_get_item (G_LIST_MODEL (fixture->calls), n);

  return sluice_call_get_state (call);
}

static void
assert_authorization (Fixture    *fixture,
                      guint       i,
                      const char *token)
{
  g_autoptr(MockRequest) request = mock_server_dup_request (fixture->server, i);
  g_autofree char *expected = g_strconcat ("Bearer ", token, NULL);

  g_assert_cmpstr (mock_request_get_header (request, "Authorization"), ==, expected);
}

static void
assert_cancelled (Fixture       *fixture,
                  GAsyncResult **result)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = wait_reply (fixture, result, &error);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (reply);
}

static void
test_sends (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(SluiceCall) call = NULL;
  g_autoptr(MockRequest) request = NULL;
  g_autofree char *path = NULL;
  g_autofree char *request_id = NULL;
  guint64 bytes;
  guint status;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_add_header (
                       mock_reply_add_header (
                         mock_reply_add_header (mock_reply_new (200, JSON_TYPE, "{\"a\":1}"),
                                                "Sforce-Limit-Info", "api-usage=18/5000"),
                         "X-Sfdc-Request-Id", "0123"),
                       "Set-Cookie", "BrowserId=x"));
  reply = get_and_wait (fixture, "limits?x=1", &error);
  g_assert_no_error (error);
  request = mock_server_dup_request (fixture->server, 0);
  call = g_list_model_get_item (G_LIST_MODEL (fixture->calls), 0);
  g_object_get (call, "path", &path, "request-id", &request_id, "bytes", &bytes, "http-status", &status, NULL);

  assert_authorization (fixture, 0, "access-1");
  g_assert_cmpstr (request->path, ==, "/services/data/v68.0/limits");
  g_assert_cmpstr (request->query, ==, "x=1");
  g_assert_cmpstr (mock_request_get_header (request, "Accept"), ==, "application/json");
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (reply->bytes, ==, 7);
  g_assert_cmpint (reply->date, >, 0);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (reply->json), "a"), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (reply->headers, "sforce-limit-info"), ==, "api-usage=18/5000");
  g_assert_false (g_hash_table_contains (reply->headers, "set-cookie"));
  g_assert_cmpuint (sluice_budget_get_used (fixture->budget), ==, 18);
  g_assert_cmpint (sluice_call_get_state (call), ==, SLUICE_CALL_DONE);
  g_assert_cmpstr (path, ==, "limits");
  g_assert_cmpstr (request_id, ==, "0123");
  g_assert_cmpuint (bytes, ==, 7);
  g_assert_cmpuint (status, ==, 200);
}

/* The connection turned to another org while the call was on its way. */
static void
test_usage_is_of_the_org_that_was_asked (Fixture       *fixture,
                                         gconstpointer  unused)
{
  g_autoptr(SluiceBudget) other = sluice_budget_new (SLUICE_CLOCK (fixture->clock));
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_hold (mock_reply_add_header (mock_reply_new (200, JSON_TYPE, "{}"),
                                                             "Sforce-Limit-Info", "api-usage=18/5000")));
  get (fixture, DATA, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  sluice_throttle_set_budget (fixture->throttle, other);
  mock_server_release (fixture->server);
  reply = wait_reply (fixture, &result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sluice_budget_get_limit (other), ==, 0);
  g_assert_cmpuint (sluice_budget_get_limit (fixture->budget), ==, 5000);
}

static void
test_writes (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char * const headers[] = { "Sforce-Auto-Assign", "FALSE", NULL };
  g_autoptr(GBytes) body = g_bytes_new_static ("{\"Name\":\"x\"}", 12);
  g_autoptr(SluiceWritePermit) permit = new_permit (SLUICE_WRITE_INSERT);
  const SluiceWrite leave = { permit, SLUICE_WRITE_INSERT, "Account", 1, 0 };
  SluiceRequest write = {
    .method = "POST",
    .path = DATA "/v68.0/sobjects/Account",
    .body = body,
    .headers = headers,
    .write = &leave,
    .priority = SLUICE_PRIORITY_INTERACTIVE,
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(MockRequest) request = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA, mock_reply_new (204, NULL, ""));
  sluice_client_send_async (fixture->client, &write, NULL, keep_result, &result);
  reply = wait_reply (fixture, &result, &error);
  g_assert_no_error (error);
  request = mock_server_dup_request (fixture->server, 0);

  g_assert_null (reply->json);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->body, ==, "{\"Name\":\"x\"}");
  g_assert_cmpstr (mock_request_get_header (request, "Content-Type"), ==, "application/json; charset=UTF-8");
  g_assert_cmpstr (mock_request_get_header (request, "Sforce-Auto-Assign"), ==, "FALSE");
}

static void
test_nobody_signed_in (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  gated_store_put (fixture->store, NULL);
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_FAILED);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_locked_keyring (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  gated_store_fail_loads (fixture->store, SLUICE_ERROR_SECRETS_LOCKED);
  reply = get_and_wait (fixture, DATA, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_clear_error (&error);

  /* Unlocked, the next call works. */
  gated_store_fail_loads (fixture->store, -1);
  queue (fixture, DATA, 200, "[]");
  reply = get_and_wait (fixture, DATA, &error);
  g_assert_no_error (error);
  g_assert_nonnull (reply);
}

static void
test_refresh_token_only (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(MockRequest) request = NULL;

  put_tokens (fixture, NULL, "refresh-1");
  queue_tokens (fixture, "access-2", NULL);
  queue (fixture, DATA, 200, "[]");
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_no_error (error);
  request = mock_server_dup_request (fixture->server, 0);
  g_assert_nonnull (strstr (request->body, "grant_type=refresh_token"));
  g_assert_nonnull (strstr (request->body, "refresh_token=refresh-1"));
  g_assert_nonnull (strstr (request->body, "client_id=demo"));
  g_assert_nonnull (strstr (request->body, "client_secret=hush-1"));
  assert_authorization (fixture, 1, "access-2");
}

/* 401, refresh, once more: three requests; the refresh is in the list of calls, too. */
static void
test_expired_token (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  queue (fixture, DATA, 401, EXPIRED);
  queue_tokens (fixture, "access-2", NULL);
  queue (fixture, DATA, 200, "[]");
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 3);
  assert_authorization (fixture, 2, "access-2");
  g_assert_cmpstr (gated_store_peek (fixture->store)->access_token, ==, "access-2");
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-1");
  g_assert_cmpstr (gated_store_peek (fixture->store)->consumer_secret, ==, "hush-1");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->calls)), ==, 2);
}

static void
test_expired_twice (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  queue (fixture, DATA, 401, EXPIRED);
  queue_tokens (fixture, "access-2", NULL);
  queue (fixture, DATA, 401, EXPIRED);
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, 1);
  g_assert_cmpuint (mock_server_count (fixture->server, DATA), ==, 2);
  g_assert_cmpuint (fixture->n_signed_out, ==, 0);
}

static MockReply *
answer_by_token (const MockRequest *request,
                 gpointer           good)
{
  const char *authorization = mock_request_get_header (request, "Authorization");

  if (authorization != NULL && g_str_has_suffix (authorization, good))
    return mock_reply_new (200, JSON_TYPE, "[]");

  return mock_reply_new (401, JSON_TYPE, EXPIRED);
}

/* Runs @n calls that meet the expired token, with so many in flight; a deadlock ends in a time-out. */
static void
run_expired_calls (Fixture *fixture,
                   guint    n,
                   guint    concurrent)
{
  g_autofree GAsyncResult **results = g_new0 (GAsyncResult *, n);

  sluice_throttle_set_concurrent_limit (fixture->throttle, concurrent);
  mock_server_set_handler (fixture->server, answer_by_token, (gpointer) "access-2");
  queue_tokens (fixture, "access-2", "refresh-2");

  for (guint i = 0; i < n; i++)
    get (fixture, DATA, &results[i]);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceReply) reply = wait_reply (fixture, &results[i], &error);

      g_assert_no_error (error);
    }

  g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, 1);
}

static void
test_two_expired_at_once (Fixture       *fixture,
                          gconstpointer  unused)
{
  run_expired_calls (fixture, 2, 2);
}

static void
test_refresh_with_one_connection (Fixture       *fixture,
                                  gconstpointer  unused)
{
  run_expired_calls (fixture, 5, 1);
}

static void
test_refresh_with_full_queue (Fixture       *fixture,
                              gconstpointer  unused)
{
  run_expired_calls (fixture, 40, 3);
}

/* The refresh has no answer yet: all slots are in the hands of calls that wait for it. */
static void
test_refresh_while_slots_are_held (Fixture       *fixture,
                                   gconstpointer  unused)
{
  GAsyncResult *refreshed = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *results[4] = { NULL, };
  g_autoptr(GError) error = NULL;

  g_assert_true (load_and_wait (fixture, &error));
  sluice_throttle_set_concurrent_limit (fixture->throttle, 2);
  mock_server_set_handler (fixture->server, answer_by_token, (gpointer) "access-2");
  gated_store_hold_loads (fixture->store);
  queue_tokens (fixture, "access-2", "refresh-2");

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    get (fixture, DATA, &results[i]);
  sluice_client_refresh_async (fixture->client, NULL, keep_result, &refreshed);
  wait_for (gated_store_get_n_held (fixture->store) == 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  gated_store_release (fixture->store);

  done = wait_result (&refreshed);
  g_assert_true (sluice_client_refresh_finish (fixture->client, done, &error));

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(SluiceReply) reply = wait_reply (fixture, &results[i], &error);

      g_assert_no_error (error);
    }

  g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, 1);
}

/* The window counts calls when they go out, not when they began to wait for a refresh. */
static void
test_starts_count_when_sent (Fixture       *fixture,
                             gconstpointer  unused)
{
  GAsyncResult *refreshed = NULL;
  GAsyncResult *results[2] = { NULL, };
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (load_and_wait (fixture, &error));
  sluice_throttle_set_limit (fixture->throttle, 10);
  sluice_throttle_set_seconds (fixture->throttle, 60);
  mock_server_set_handler (fixture->server, answer_by_token, (gpointer) "access-2");
  gated_store_hold_loads (fixture->store);
  queue_tokens (fixture, "access-2", "refresh-2");
  /* The refresh takes the first one's place in the queue; the second one waits with its own. */
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    get (fixture, DATA, &results[i]);
  sluice_client_refresh_async (fixture->client, NULL, keep_result, &refreshed);
  wait_for (gated_store_get_n_held (fixture->store) == 1);
  wait_for (sluice_throttle_get_in_flight (fixture->throttle) == 2);

  manual_clock_advance (fixture->clock, 30 * G_USEC_PER_SEC);
  gated_store_release (fixture->store);
  done = wait_result (&refreshed);
  g_assert_true (sluice_client_refresh_finish (fixture->client, done, &error));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(SluiceReply) reply = wait_reply (fixture, &results[i], &error);

      g_assert_no_error (error);
    }

  manual_clock_advance (fixture->clock, 31 * G_USEC_PER_SEC);
  g_assert_cmpuint (sluice_throttle_get_used_in_window (fixture->throttle), ==, 2);
}

static void
test_policy_needs_no_refresh (Fixture       *fixture,
                              gconstpointer  unused)
{
  static const char * const texts[] = {
    "[{\"message\":\"This session is not valid for use with the REST API\",\"errorCode\":\"INVALID_SESSION_ID\"}]",
    "[{\"message\":\"Connected app is not attached to Agent\",\"errorCode\":\"INVALID_SESSION_ID\"}]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceReply) reply = NULL;

      queue (fixture, DATA, 401, texts[i]);
      reply = get_and_wait (fixture, DATA, &error);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
    }

  g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, 0);
}

static void
test_bad_token_at_identity (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autofree char *identity = g_strconcat (mock_server_get_url (fixture->server), "/id/" ORG "/005?version=latest", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  mock_server_queue (fixture->server, "/id", mock_reply_new (403, "text/plain", "Bad_OAuth_Token"));
  queue_tokens (fixture, "access-2", NULL);
  queue (fixture, "/id", 200, "{}");
  reply = get_and_wait (fixture, identity, &error);

  g_assert_no_error (error);
  assert_authorization (fixture, 2, "access-2");
}

/* The org ends the grant: calls that wait for the refresh and calls in the queue end, the rest is kept. */
static void
test_refresh_refused (Fixture       *fixture,
                      gconstpointer  unused)
{
  GAsyncResult *results[5] = { NULL, };

  sluice_throttle_set_concurrent_limit (fixture->throttle, 1);
  mock_server_set_handler (fixture->server, answer_by_token, (gpointer) "access-2");
  queue (fixture, TOKEN, 400, DEAD);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    get (fixture, DATA, &results[i]);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceReply) reply = wait_reply (fixture, &results[i], &error);

      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
    }

  g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, 1);
  g_assert_cmpuint (fixture->n_signed_out, ==, 1);
  g_assert_false (sluice_client_get_has_access_token (fixture->client));
  g_assert_false (sluice_client_get_has_refresh_token (fixture->client));
  g_assert_null (gated_store_peek (fixture->store)->refresh_token);
  g_assert_cmpstr (gated_store_peek (fixture->store)->consumer_secret, ==, "hush-1");
}

/* What is no word about the token itself leaves it alone, and is asked once only. */
static void
test_refresh_fails (Fixture       *fixture,
                    gconstpointer  unused)
{
  static const struct
  {
    guint status;
    const char *content_type;
    const char *body;
    MockDelivery delivery;
  } answers[] = {
    { 503, "text/html", "<html>Maintenance</html>", MOCK_WHOLE },
    { 200, "text/html", "<html>Log in</html>", MOCK_WHOLE },
    { 500, JSON_TYPE, "{\"error\":\"server_error\"}", MOCK_WHOLE },
    { 400, JSON_TYPE, "{\"error\":\"invalid_grant\",\"error_description\":\"ip restricted\"}", MOCK_WHOLE },
    { 400, JSON_TYPE, "{\"error\":\"invalid_client_id\"}", MOCK_WHOLE },
    { 302, "text/html", "", MOCK_WHOLE },
    { 200, JSON_TYPE, "{\"access_token\":\"access-2\"}", MOCK_CUT },
    { 200, JSON_TYPE, "{}", MOCK_DROPPED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(GError) error = NULL;

      mock_server_queue (fixture->server, TOKEN,
                         mock_reply_set_delivery (mock_reply_new (answers[i].status, answers[i].content_type,
                                                                  answers[i].body), answers[i].delivery));
      g_test_message ("%s", answers[i].body);
      g_assert_false (refresh_and_wait (fixture, &error));
      g_assert_nonnull (error);
      g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, i + 1);
      g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-1");
      g_assert_true (sluice_client_get_has_refresh_token (fixture->client));
    }

  g_assert_cmpuint (fixture->n_signed_out, ==, 0);
}

static void
test_rotated_token_is_stored_first (Fixture       *fixture,
                                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  queue (fixture, DATA, 401, EXPIRED);
  queue_tokens (fixture, "access-2", "refresh-2");
  queue (fixture, DATA, 200, "[]");
  gated_store_hold_saves (fixture->store);
  get (fixture, DATA, &result);
  wait_for (gated_store_get_n_held (fixture->store) == 1);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (mock_server_count (fixture->server, DATA), ==, 1);

  gated_store_release (fixture->store);
  reply = wait_reply (fixture, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-2");
  assert_authorization (fixture, 2, "access-2");
}

/* From before the token is read until its successor is stored. */
static void
test_refresh_is_locked (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  queue_tokens (fixture, "access-2", "refresh-2");
  gated_store_hold_loads (fixture->store);
  gated_store_hold_saves (fixture->store);
  sluice_client_refresh_async (fixture->client, NULL, keep_result, &result);
  wait_for (gated_store_get_n_held (fixture->store) == 1);
  g_assert_true (gated_store_get_locked (fixture->store));

  gated_store_release (fixture->store);
  gated_store_hold_saves (fixture->store);
  wait_for (gated_store_get_n_held (fixture->store) == 1);
  g_assert_true (gated_store_get_locked (fixture->store));

  gated_store_release (fixture->store);
  done = wait_result (&result);
  g_assert_true (sluice_client_refresh_finish (fixture->client, done, &error));
  g_assert_false (gated_store_get_locked (fixture->store));
}

/* The old refresh token is dead; the new one must serve although the store refused it, and be offered again. */
static void
test_rotated_token_is_not_stored (Fixture       *fixture,
                                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(MockRequest) request = NULL;

  queue (fixture, DATA, 401, EXPIRED);
  queue_tokens (fixture, "access-2", "refresh-2");
  queue (fixture, DATA, 200, "[]");
  gated_store_fail_saves (fixture->store, SLUICE_ERROR_SECRETS_FAILED);
  reply = get_and_wait (fixture, DATA, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_not_saved, ==, 1);
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-1");

  queue_tokens (fixture, "access-3", "refresh-3");
  g_assert_true (refresh_and_wait (fixture, &error));
  request = mock_server_dup_request (fixture->server, 3);
  g_assert_nonnull (strstr (request->body, "refresh_token=refresh-2"));

  gated_store_fail_saves (fixture->store, -1);
  g_assert_true (load_and_wait (fixture, &error));
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-3");
  g_assert_cmpstr (gated_store_peek (fixture->store)->access_token, ==, "access-3");
}

static void
test_unsaved_tokens_do_not_come_back (Fixture       *fixture,
                                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  queue_tokens (fixture, "access-2", "refresh-2");
  gated_store_fail_saves (fixture->store, SLUICE_ERROR_SECRETS_FAILED);
  g_assert_true (refresh_and_wait (fixture, &error));

  /* The user removes the tokens. */
  gated_store_fail_saves (fixture->store, -1);
  gated_store_put (fixture->store, NULL);
  g_assert_true (load_and_wait (fixture, &error));

  g_assert_null (gated_store_peek (fixture->store));
  g_assert_false (sluice_client_get_has_refresh_token (fixture->client));
}

static void
test_removed_during_refresh (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, TOKEN,
                     mock_reply_hold (mock_reply_new (200, JSON_TYPE,
                                                      "{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-2\","
                                                      "\"instance_url\":\"http://127.0.0.1:1\",\"token_type\":\"Bearer\"}")));
  sluice_client_refresh_async (fixture->client, NULL, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  gated_store_put (fixture->store, NULL);
  mock_server_release (fixture->server);
  done = wait_result (&result);

  g_assert_false (sluice_client_refresh_finish (fixture->client, done, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_null (gated_store_peek (fixture->store));
}

static MockReply *
new_held_tokens (Fixture *fixture)
{
  g_autofree char *body = g_strdup_printf ("{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-2\","
                                           "\"instance_url\":\"%s\",\"token_type\":\"Bearer\"}",
                                           mock_server_get_url (fixture->server));

  return mock_reply_hold (mock_reply_new (200, JSON_TYPE, body));
}

static void
set_secret (SluiceCredentials *credentials,
            gpointer           secret)
{
  sluice_secret_set (&credentials->consumer_secret, secret);
}

/* What was read before the refresh would bring the dead token back. */
static void
test_edited_during_refresh (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) refreshed = NULL;
  g_autoptr(GAsyncResult) edited = NULL;
  GAsyncResult *refresh = NULL;
  GAsyncResult *edit = NULL;

  mock_server_queue (fixture->server, TOKEN, new_held_tokens (fixture));
  sluice_client_refresh_async (fixture->client, NULL, keep_result, &refresh);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  sluice_client_edit_credentials_async (fixture->client, set_secret, g_strdup ("hush-2"), g_free, NULL,
                                        keep_result, &edit);
  mock_server_release (fixture->server);
  refreshed = wait_result (&refresh);
  g_assert_true (sluice_client_refresh_finish (fixture->client, refreshed, &error));
  edited = wait_result (&edit);
  g_assert_true (sluice_client_set_credentials_finish (fixture->client, edited, &error));

  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-2");
  g_assert_cmpstr (gated_store_peek (fixture->store)->consumer_secret, ==, "hush-2");
}

static void
test_edit_needs_what_is_stored (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  gated_store_fail_loads (fixture->store, SLUICE_ERROR_SECRETS_FAILED);
  sluice_client_edit_credentials_async (fixture->client, set_secret, g_strdup ("hush-2"), g_free, NULL,
                                        keep_result, &result);
  done = wait_result (&result);

  g_assert_false (sluice_client_set_credentials_finish (fixture->client, done, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_FAILED);
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-1");
}

/* Another program gave the app a secret, and knows nothing of the tokens that come. */
static void
test_secret_changed_during_refresh (Fixture       *fixture,
                                    gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) changed = new_credentials (fixture, "access-1", "refresh-1");
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, TOKEN, new_held_tokens (fixture));
  sluice_client_refresh_async (fixture->client, NULL, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  sluice_secret_set (&changed->consumer_secret, "hush-2");
  gated_store_put (fixture->store, changed);
  mock_server_release (fixture->server);
  done = wait_result (&result);

  g_assert_true (sluice_client_refresh_finish (fixture->client, done, &error));
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-2");
  g_assert_cmpstr (gated_store_peek (fixture->store)->consumer_secret, ==, "hush-2");
}

/* Another program shares the keyring and was faster. */
static void
test_another_program_refreshed (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  g_assert_true (load_and_wait (fixture, &error));
  put_tokens (fixture, "access-2", "refresh-2");
  mock_server_set_handler (fixture->server, answer_by_token, (gpointer) "access-2");
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (mock_server_count (fixture->server, TOKEN), ==, 0);
  g_assert_cmpuint (mock_server_count (fixture->server, DATA), ==, 2);
}

static void
test_instance_url_follows (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(MockServer) moved = mock_server_new ();
  g_autofree char *tokens = g_strdup_printf ("{\"access_token\":\"access-2\",\"instance_url\":\"%s\",\"token_type\":\"Bearer\","
                                             "\"issued_at\":\"1795437845999\"}", mock_server_get_url (moved));
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  queue (fixture, DATA, 401, EXPIRED);
  queue (fixture, TOKEN, 200, tokens);
  mock_server_queue_json (moved, DATA, 200, "[]");
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sluice_client_get_instance_url (fixture->client), ==, mock_server_get_url (moved));
  g_assert_cmpint (sluice_client_get_issued_at (fixture->client), ==, G_GINT64_CONSTANT (1795437845999));
  g_assert_cmpuint (mock_server_get_n_requests (moved), ==, 1);
}

static void
test_foreign_hosts (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(MockServer) foreign = mock_server_new ();
  g_autofree char *absolute = g_strconcat (mock_server_get_url (foreign), "/services/data", NULL);
  const char * const urls[] = { absolute, "https://evil.example/services", "https://northpier.my.salesforce.com/x" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceReply) reply = get_and_wait (fixture, urls[i], &error);

      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
    }

  g_assert_cmpuint (mock_server_get_n_requests (foreign), ==, 0);
}

static void
test_foreign_instance (Fixture       *fixture,
                       gconstpointer  unused)
{
  static const char * const urls[] = { "https://evil.example", "http://northpier.my.salesforce.com", "nonsense", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(SluiceCredentials) credentials = new_credentials (fixture, "access-1", "refresh-1");
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceReply) reply = NULL;

      g_set_str (&credentials->instance_url, urls[i]);
      gated_store_put (fixture->store, credentials);
      g_assert_true (load_and_wait (fixture, &error));
      reply = get_and_wait (fixture, DATA, &error);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
    }
}

/* A real org's tokens have no business on this computer. */
static void
test_loopback_instance_of_an_org (Fixture       *fixture,
                                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  sluice_client_set_login_url (fixture->client, "https://login.salesforce.com");
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_redirect_elsewhere (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(MockServer) foreign = mock_server_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_add_header (mock_reply_new (302, "text/html", ""), "Location",
                                            mock_server_get_url (foreign)));
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpuint (mock_server_get_n_requests (foreign), ==, 0);
}

static void
test_damaged_token (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  put_tokens (fixture, "access-1\r\nX-Evil: 1", "refresh-1");
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_daily_limit (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  queue (fixture, DATA, 403, DAILY);
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_LIMIT);
  g_assert_cmpint (sluice_throttle_get_pause_reason (fixture->throttle), ==, SLUICE_PAUSE_DAILY_LIMIT);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_daily_limit_in_background (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  queue (fixture, DATA, 403, DAILY);
  queue (fixture, DATA, 200, "[]");
  send (fixture, "GET", DATA, SLUICE_PRIORITY_BACKGROUND, NULL, &result);
  wait_for (sluice_throttle_get_pause_reason (fixture->throttle) == SLUICE_PAUSE_DAILY_LIMIT);
  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_WAITING);

  while (result == NULL && mock_server_get_n_requests (fixture->server) < 2)
    manual_clock_advance (fixture->clock, 10 * 60 * G_USEC_PER_SEC);
  reply = wait_reply (fixture, &result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
}

/* Moves time on until the throttle lets go again. */
static void
outlast_pause (Fixture *fixture)
{
  gint64 until;

  wait_for (sluice_throttle_get_paused_until (fixture->throttle) != 0);
  until = sluice_throttle_get_paused_until (fixture->throttle);
  manual_clock_advance (fixture->clock, until - sluice_clock_get_monotonic (SLUICE_CLOCK (fixture->clock)));
}

static void
test_concurrent_limit (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  queue (fixture, DATA, 403, CONCURRENT);
  queue (fixture, DATA, 200, "[]");
  get (fixture, DATA, &result);
  outlast_pause (fixture);
  reply = wait_reply (fixture, &result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
}

static void
test_concurrent_limit_lasts (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  for (guint i = 0; i < 10; i++)
    queue (fixture, DATA, 403, CONCURRENT);
  get (fixture, DATA, &result);
  for (guint i = 0; i < 2; i++)
    {
      wait_for (mock_server_get_n_requests (fixture->server) == i + 1);
      outlast_pause (fixture);
    }
  reply = wait_reply (fixture, &result, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_LIMIT);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 3);
}

static void
test_retry_after (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;
  gint64 now;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_add_header (mock_reply_new (503, "text/html", "<html>"), "Retry-After", "120"));
  queue (fixture, DATA, 200, "[]");
  get (fixture, DATA, &result);
  wait_for (sluice_throttle_get_paused_until (fixture->throttle) != 0);

  now = sluice_clock_get_monotonic (SLUICE_CLOCK (fixture->clock));
  g_assert_cmpint (sluice_throttle_get_paused_until (fixture->throttle) - now, >=, 120 * G_USEC_PER_SEC);
  g_assert_cmpint (sluice_throttle_get_pause_reason (fixture->throttle), ==, SLUICE_PAUSE_UNAVAILABLE);
  manual_clock_advance (fixture->clock, 119 * G_USEC_PER_SEC);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);

  outlast_pause (fixture);
  reply = wait_reply (fixture, &result, &error);
  g_assert_no_error (error);
}

static void
test_write_meets_503 (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (SLUICE_WRITE_INSERT);
  SluiceWrite write = { permit, SLUICE_WRITE_INSERT, "Account", 1, 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA, mock_reply_new (503, "text/html", "<html>"));
  send_write (fixture, "POST", "sobjects/Account", &write, SLUICE_PRIORITY_BACKGROUND, &result);
  reply = wait_reply (fixture, &result, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);
}

/* Moves time on whenever the call waits to be repeated. */
static SluiceReply *
outlast_repeats (Fixture       *fixture,
                 GAsyncResult **result,
                 GError       **error)
{
  while (*result == NULL)
    {
      wait_for (*result != NULL || get_call_state (fixture, 0) == SLUICE_CALL_WAITING);
      manual_clock_advance (fixture->clock, 10 * G_USEC_PER_SEC);
    }

  return wait_reply (fixture, result, error);
}

static void
test_repeats_reads (Fixture       *fixture,
                    gconstpointer  unused)
{
  static const MockDelivery deliveries[] = { MOCK_DROPPED, MOCK_CUT, MOCK_TOO_LONG };
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (deliveries); i++)
    mock_server_queue (fixture->server, DATA,
                       mock_reply_set_delivery (mock_reply_new (200, JSON_TYPE, "{\"a\":\"b\"}"), deliveries[i]));
  queue (fixture, DATA, 200, "[]");
  get (fixture, DATA, &result);
  reply = outlast_repeats (fixture, &result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 4);
}

static void
test_repeats_end (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  for (guint i = 0; i < 10; i++)
    queue (fixture, DATA, 500, "[{\"message\":\"ErrorId: 7\",\"errorCode\":\"UNKNOWN_EXCEPTION\"}]");
  get (fixture, DATA, &result);
  reply = outlast_repeats (fixture, &result, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 4);
}

static void
test_gone_org (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  for (guint i = 0; i < 5; i++)
    mock_server_queue (fixture->server, DATA, mock_reply_new (420, NULL, ""));
  get (fixture, DATA, &result);
  reply = outlast_repeats (fixture, &result, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 3);
}

static void
test_never_repeats_writes (Fixture       *fixture,
                           gconstpointer  unused)
{
  static const struct
  {
    const char *method;
    const char *path;
    SluiceWriteVerb verb;
  } writes[] = {
    { "POST", "sobjects/Account", SLUICE_WRITE_INSERT },
    { "PATCH", "sobjects/Account/001", SLUICE_WRITE_UPDATE },
    { "PUT", "jobs/ingest/750/batches", SLUICE_WRITE_INSERT },
    { "DELETE", "sobjects/Account/001", SLUICE_WRITE_DELETE },
  };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (writes); i++)
    {
      g_autoptr(SluiceWritePermit) permit = new_permit (writes[i].verb);
      SluiceWrite write = { permit, writes[i].verb, "Account", 1, 0 };
      g_autoptr(SluiceReply) reply = NULL;
      GAsyncResult *result = NULL;

      mock_server_queue (fixture->server, DATA,
                         mock_reply_set_delivery (mock_reply_new (200, JSON_TYPE, "{}"), MOCK_DROPPED));
      send_write (fixture, writes[i].method, writes[i].path, &write, SLUICE_PRIORITY_INTERACTIVE, &result);
      reply = wait_reply (fixture, &result, &error);

      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
      g_clear_error (&error);
      g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, i + 1);
    }
}

static void
test_no_server (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = new_credentials (fixture, "access-1", "refresh-1");
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  /* Port 1 of this computer: nobody listens there. */
  g_set_str (&credentials->instance_url, "http://127.0.0.1:1");
  gated_store_put (fixture->store, credentials);
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
}

static void
test_damaged_answers (Fixture       *fixture,
                      gconstpointer  unused)
{
  static const struct
  {
    const char *content_type;
    const char *body;
    MockDelivery delivery;
  } answers[] = {
    { JSON_TYPE, "{\"a\":1", MOCK_WHOLE },
    { JSON_TYPE, "{\"a\":1}", MOCK_TOO_SHORT },
    { JSON_TYPE, "{\"a\":\"\xc3\x28\"}", MOCK_WHOLE },
    { "text/html", "<html>Log in</html>", MOCK_WHOLE },
    { "text/plain", "<html>Log in</html>", MOCK_WHOLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceReply) reply = NULL;

      mock_server_queue (fixture->server, DATA,
                         mock_reply_set_delivery (mock_reply_new (200, answers[i].content_type, answers[i].body),
                                                  answers[i].delivery));
      reply = get_and_wait (fixture, DATA, &error);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
      g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_FAILED);
    }
}

static void
test_gzip_cut (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *text = g_strnfill (5000, ' ');
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  for (guint i = 0; i < 4; i++)
    mock_server_queue (fixture->server, DATA,
                       mock_reply_set_delivery (mock_reply_new (200, JSON_TYPE, text), MOCK_GZIP_CUT));
  get (fixture, DATA, &result);
  reply = outlast_repeats (fixture, &result, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_cmpuint (sluice_error_get_http_status (error), ==, 200);
}

/* Whatever comes, the connection is used again. */
static void
test_keeps_the_connection (Fixture       *fixture,
                           gconstpointer  unused)
{
  static const struct
  {
    guint status;
    MockDelivery delivery;
  } answers[] = { { 200, MOCK_GZIP }, { 200, MOCK_WHOLE }, { 400, MOCK_GZIP }, { 404, MOCK_WHOLE }, { 200, MOCK_GZIP } };
  guint16 port = 0;

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SluiceReply) reply = NULL;
      g_autoptr(MockRequest) request = NULL;

      mock_server_queue (fixture->server, DATA,
                         mock_reply_set_delivery (mock_reply_new (answers[i].status, JSON_TYPE, "[{\"a\":1}]"),
                                                  answers[i].delivery));
      reply = get_and_wait (fixture, DATA, &error);
      request = mock_server_dup_request (fixture->server, i);
      if (i > 0)
        g_assert_cmpuint (request->port, ==, port);
      port = request->port;
    }
}

/* A long answer is parsed in another thread. */
static void
test_long_answer (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *spaces = g_strnfill (300000, ' ');
  g_autofree char *text = g_strconcat ("[1,", spaces, "2]", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_set_delivery (mock_reply_new (200, JSON_TYPE, text), MOCK_GZIP));
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (reply->json)), ==, 2);
  g_assert_cmpuint (reply->bytes, ==, strlen (text));
}

/* A few kilobytes that inflate to many megabytes. */
static void
test_too_long_answer (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *text = g_strnfill (8 * 1024 * 1024, ' ');
  SluiceRequest request = {
    .method = "GET",
    .path = DATA,
    .priority = SLUICE_PRIORITY_INTERACTIVE,
    .max_bytes = 1024 * 1024,
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_set_delivery (mock_reply_new (200, JSON_TYPE, text), MOCK_GZIP));
  sluice_client_send_async (fixture->client, &request, NULL, keep_result, &result);
  reply = wait_reply (fixture, &result, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_long_error (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *text = g_strnfill (2 * 1024 * 1024, 'x');
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  mock_server_queue (fixture->server, DATA, mock_reply_new (404, "text/html", text));
  reply = get_and_wait (fixture, DATA, &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_cmpuint (sluice_error_get_http_status (error), ==, 404);
}

static void
test_raw_answer (Fixture       *fixture,
                 gconstpointer  unused)
{
  SluiceRequest request = {
    .method = "GET",
    .path = DATA,
    .priority = SLUICE_PRIORITY_INTERACTIVE,
    .raw = TRUE,
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *result = NULL;

  queue (fixture, DATA, 200, "{\"a\":1.0E7}");
  sluice_client_send_async (fixture->client, &request, NULL, keep_result, &result);
  reply = wait_reply (fixture, &result, &error);

  g_assert_no_error (error);
  g_assert_null (reply->json);
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), "{\"a\":1.0E7}", 11);
}

static void
test_unknown_version (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  sluice_client_set_api_version (fixture->client, NULL);
  reply = get_and_wait (fixture, "limits", &error);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_cancel_before (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  g_cancellable_cancel (cancellable);
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
  assert_cancelled (fixture, &result);

  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_CANCELLED);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_cancel_loading (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  gated_store_hold_loads (fixture->store);
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
  wait_for (gated_store_get_n_held (fixture->store) == 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &result);

  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_CANCELLED);
  gated_store_release (fixture->store);
}

static void
test_cancel_in_queue (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  sluice_throttle_pause (fixture->throttle, G_MAXINT64, SLUICE_PAUSE_USER);
  send (fixture, "GET", DATA, SLUICE_PRIORITY_BACKGROUND, cancellable, &result);
  wait_for (sluice_throttle_get_waiting (fixture->throttle) == 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &result);

  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_CANCELLED);
  g_assert_cmpuint (sluice_throttle_get_waiting (fixture->throttle), ==, 0);
}

static void
test_cancel_before_headers (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA, mock_reply_hold (mock_reply_new (200, JSON_TYPE, "[]")));
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &result);

  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_CANCELLED);

  /* The server works on it until it answers. */
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 1);
  mock_server_release (fixture->server);
  wait_for (sluice_throttle_get_in_flight (fixture->throttle) == 0);
}

/* The next call waits for the place of the one that was cancelled, and gets it. */
static void
test_slot_comes_back (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GAsyncResult *cancelled = NULL;
  GAsyncResult *result = NULL;

  sluice_throttle_set_concurrent_limit (fixture->throttle, 1);
  mock_server_queue (fixture->server, DATA, mock_reply_hold (mock_reply_new (200, JSON_TYPE, "[]")));
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &cancelled);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &cancelled);

  queue (fixture, DATA, 200, "[]");
  get (fixture, DATA, &result);
  mock_server_release (fixture->server);
  reply = wait_reply (fixture, &result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
}

/* The client may go while the server still works for it. */
static void
test_gone_while_abandoned (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA, mock_reply_hold (mock_reply_new (200, JSON_TYPE, "[]")));
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &result);

  g_assert_finalize_object (fixture->client);
  fixture->client = sluice_client_new ("s1", fixture->throttle, SLUICE_CREDENTIAL_STORE (fixture->store),
                                       fixture->calls, SLUICE_CLOCK (fixture->clock));
  mock_server_release (fixture->server);
  wait_for (sluice_throttle_get_in_flight (fixture->throttle) == 0);
}

/* Cancelled in the moment in which its headers arrive; what was cancelled does not harm what follows. */
static void
test_goes_on_after_cancels (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceReply) reply = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      GAsyncResult *result = NULL;

      mock_server_queue (fixture->server, DATA, mock_reply_hold_half (mock_reply_new (200, JSON_TYPE, "{\"a\":\"bcd\"}")));
      send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
      wait_for (mock_server_get_n_held (fixture->server) == 1);
      g_cancellable_cancel (cancellable);
      assert_cancelled (fixture, &result);
      mock_server_release (fixture->server);
    }

  queue (fixture, DATA, 200, "[]");
  reply = get_and_wait (fixture, DATA, &error);
  g_assert_no_error (error);
  wait_for (sluice_throttle_get_in_flight (fixture->throttle) == 0);
}

static void
test_cancel_in_body (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_hold_half (
                       mock_reply_add_header (mock_reply_new (200, JSON_TYPE, "{\"a\":\"bcdefghijk\"}"),
                                              "Sforce-Limit-Info", "api-usage=77/5000")));
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
  wait_for (sluice_budget_get_limit (fixture->budget) == 5000);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &result);

  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_CANCELLED);
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
}

/* Who waits may leave; the refresh goes on, because its answer may hold the only valid token. */
static void
test_cancel_during_refresh (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  const char *url = mock_server_get_url (fixture->server);
  g_autofree char *tokens = g_strdup_printf ("{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-2\","
                                             "\"instance_url\":\"%s\",\"token_type\":\"Bearer\"}", url);
  GAsyncResult *result = NULL;

  queue (fixture, DATA, 401, EXPIRED);
  mock_server_queue (fixture->server, TOKEN, mock_reply_hold (mock_reply_new (200, JSON_TYPE, tokens)));
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &result);
  g_assert_cmpint (get_call_state (fixture, 1), ==, SLUICE_CALL_CANCELLED);

  mock_server_release (fixture->server);
  wait_for (g_strcmp0 (gated_store_peek (fixture->store)->refresh_token, "refresh-2") == 0);
  while (sluice_throttle_get_in_flight (fixture->throttle) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_cancel_before_repeat (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  queue (fixture, DATA, 500, "[]");
  send (fixture, "GET", DATA, SLUICE_PRIORITY_INTERACTIVE, cancellable, &result);
  wait_for (mock_server_get_n_requests (fixture->server) == 1 && get_call_state (fixture, 0) == SLUICE_CALL_WAITING);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture, &result);

  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_CANCELLED);
}

static GInputStream *
stream_and_wait (Fixture      *fixture,
                 SluiceReply **reply,
                 GError      **error)
{
  SluiceRequest request = {
    .method = "GET",
    .path = DATA,
    .priority = SLUICE_PRIORITY_INTERACTIVE,
  };
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_client_stream_async (fixture->client, &request, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_client_stream_finish (fixture->client, done, reply, error);
}

static gssize
read_stream (GInputStream  *stream,
             char          *buffer,
             gsize          size,
             GError       **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  g_input_stream_read_async (stream, buffer, size, G_PRIORITY_DEFAULT, NULL, keep_result, &result);
  done = wait_result (&result);

  return g_input_stream_read_finish (stream, done, error);
}

static void
test_stream (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *text = g_strnfill (200000, 'x');
  g_autofree char *buffer = g_malloc (70000);
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;
  gsize total = 0;
  gssize n;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_set_delivery (
                       mock_reply_add_header (mock_reply_new (200, "text/csv", text), "Sforce-Locator", "null"),
                       MOCK_GZIP));
  stream = stream_and_wait (fixture, &reply, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (reply->headers, "sforce-locator"), ==, "null");
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 1);
  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_RUNNING);

  while ((n = read_stream (stream, buffer, 70000, &error)) > 0)
    total += (gsize) n;

  g_assert_no_error (error);
  g_assert_cmpuint (total, ==, 200000);
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_DONE);
}

static void
test_stream_dropped (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  GInputStream *stream;

  mock_server_queue (fixture->server, DATA, mock_reply_hold_half (mock_reply_new (200, "text/csv", "0123456789")));
  stream = stream_and_wait (fixture, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (stream);

  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_CANCELLED);
}

static void
test_stream_closed (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, DATA, mock_reply_new (200, "text/csv", "0123456789"));
  stream = stream_and_wait (fixture, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, keep_result, &result);
  done = wait_result (&result);

  g_assert_true (g_input_stream_close_finish (stream, done, &error));
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
}

static void
test_stream_cut (Fixture       *fixture,
                 gconstpointer  unused)
{
  char buffer[100];
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;

  mock_server_queue (fixture->server, DATA,
                     mock_reply_set_delivery (mock_reply_new (200, "text/csv", "0123456789"), MOCK_CUT));
  stream = stream_and_wait (fixture, NULL, &error);
  g_assert_no_error (error);

  while (read_stream (stream, buffer, sizeof buffer, &error) > 0)
    ;

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
  g_assert_cmpint (get_call_state (fixture, 0), ==, SLUICE_CALL_FAILED);
}

static void
test_stream_of_an_error (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;

  queue (fixture, DATA, 400, "[{\"message\":\"m\",\"errorCode\":\"INVALIDJOB\"}]");
  stream = stream_and_wait (fixture, NULL, &error);

  g_assert_null (stream);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
}

static void
test_set_credentials (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = new_credentials (fixture, "access-9", "refresh-9");
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  sluice_secret_set (&credentials->consumer_secret, NULL);
  sluice_client_set_credentials_async (fixture->client, credentials, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_true (sluice_client_set_credentials_finish (fixture->client, done, &error));
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-9");
  g_assert_cmpstr (gated_store_peek (fixture->store)->consumer_secret, ==, "hush-1");

  queue (fixture, DATA, 200, "[]");
  reply = get_and_wait (fixture, DATA, &error);
  g_assert_no_error (error);
  assert_authorization (fixture, 0, "access-9");
}

static void
test_set_credentials_fails (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = new_credentials (fixture, "access-9", "refresh-9");
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  gated_store_fail_saves (fixture->store, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  sluice_client_set_credentials_async (fixture->client, credentials, NULL, keep_result, &result);
  done = wait_result (&result);

  g_assert_false (sluice_client_set_credentials_finish (fixture->client, done, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
}

static void
test_revoke (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(MockRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  mock_server_queue (fixture->server, "/services/oauth2/revoke", mock_reply_new (200, NULL, ""));
  sluice_client_revoke_async (fixture->client, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_true (sluice_client_revoke_finish (fixture->client, done, &error));
  request = mock_server_dup_request (fixture->server, 0);

  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (request->body, ==, "token=refresh-1");
  g_assert_cmpstr (gated_store_peek (fixture->store)->refresh_token, ==, "refresh-1");
}

static void
test_revoke_fails (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  queue (fixture, "/services/oauth2/revoke", 400, "{\"error\":\"unsupported_token_type\"}");
  sluice_client_revoke_async (fixture->client, NULL, keep_result, &result);
  done = wait_result (&result);

  g_assert_false (sluice_client_revoke_finish (fixture->client, done, &error));
  g_assert_nonnull (error);
}

/* The last test: everything above was logged. */
static void
test_no_secret_was_logged (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&log_mutex);

  g_assert_true (logged_anything);
  g_assert_false (logged_secret);
}

int
main (int   argc,
      char *argv[])
{
  static const char * const all[] = { "all", NULL };
  static const struct
  {
    const char *name;
    void (* func) (Fixture *, gconstpointer);
  } tests[] = {
    { "sends", test_sends },
    { "usage-is-of-the-org-that-was-asked", test_usage_is_of_the_org_that_was_asked },
    { "writes", test_writes },
    { "nobody-signed-in", test_nobody_signed_in },
    { "locked-keyring", test_locked_keyring },
    { "refresh-token-only", test_refresh_token_only },
    { "expired-token", test_expired_token },
    { "expired-twice", test_expired_twice },
    { "two-expired-at-once", test_two_expired_at_once },
    { "refresh-with-one-connection", test_refresh_with_one_connection },
    { "refresh-with-full-queue", test_refresh_with_full_queue },
    { "refresh-while-slots-are-held", test_refresh_while_slots_are_held },
    { "starts-count-when-sent", test_starts_count_when_sent },
    { "policy-needs-no-refresh", test_policy_needs_no_refresh },
    { "bad-token-at-identity", test_bad_token_at_identity },
    { "refresh-refused", test_refresh_refused },
    { "refresh-fails", test_refresh_fails },
    { "rotated-token-is-stored-first", test_rotated_token_is_stored_first },
    { "refresh-is-locked", test_refresh_is_locked },
    { "rotated-token-is-not-stored", test_rotated_token_is_not_stored },
    { "unsaved-tokens-do-not-come-back", test_unsaved_tokens_do_not_come_back },
    { "removed-during-refresh", test_removed_during_refresh },
    { "edited-during-refresh", test_edited_during_refresh },
    { "edit-needs-what-is-stored", test_edit_needs_what_is_stored },
    { "secret-changed-during-refresh", test_secret_changed_during_refresh },
    { "another-program-refreshed", test_another_program_refreshed },
    { "instance-url-follows", test_instance_url_follows },
    { "foreign-hosts", test_foreign_hosts },
    { "foreign-instance", test_foreign_instance },
    { "loopback-instance-of-an-org", test_loopback_instance_of_an_org },
    { "redirect-elsewhere", test_redirect_elsewhere },
    { "damaged-token", test_damaged_token },
    { "daily-limit", test_daily_limit },
    { "daily-limit-in-background", test_daily_limit_in_background },
    { "concurrent-limit", test_concurrent_limit },
    { "concurrent-limit-lasts", test_concurrent_limit_lasts },
    { "retry-after", test_retry_after },
    { "write-meets-503", test_write_meets_503 },
    { "repeats-reads", test_repeats_reads },
    { "repeats-end", test_repeats_end },
    { "gone-org", test_gone_org },
    { "never-repeats-writes", test_never_repeats_writes },
    { "no-server", test_no_server },
    { "damaged-answers", test_damaged_answers },
    { "gzip-cut", test_gzip_cut },
    { "keeps-the-connection", test_keeps_the_connection },
    { "long-answer", test_long_answer },
    { "too-long-answer", test_too_long_answer },
    { "long-error", test_long_error },
    { "raw-answer", test_raw_answer },
    { "unknown-version", test_unknown_version },
    { "cancel-before", test_cancel_before },
    { "cancel-loading", test_cancel_loading },
    { "cancel-in-queue", test_cancel_in_queue },
    { "cancel-before-headers", test_cancel_before_headers },
    { "slot-comes-back", test_slot_comes_back },
    { "gone-while-abandoned", test_gone_while_abandoned },
    { "goes-on-after-cancels", test_goes_on_after_cancels },
    { "cancel-in-body", test_cancel_in_body },
    { "cancel-during-refresh", test_cancel_during_refresh },
    { "cancel-before-repeat", test_cancel_before_repeat },
    { "stream", test_stream },
    { "stream-dropped", test_stream_dropped },
    { "stream-closed", test_stream_closed },
    { "stream-cut", test_stream_cut },
    { "stream-of-an-error", test_stream_of_an_error },
    { "set-credentials", test_set_credentials },
    { "set-credentials-fails", test_set_credentials_fails },
    { "revoke", test_revoke },
    { "revoke-fails", test_revoke_fails },
  };

  g_log_writer_default_set_debug_domains (all);
  g_log_set_writer_func (watch_log, NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_log_set_default_handler (watch_old_log, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/net/client/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
  g_test_add_func ("/net/client/no-secret-was-logged", test_no_secret_was_logged);

  return g_test_run ();
}
