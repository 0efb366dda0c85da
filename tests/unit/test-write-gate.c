/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the client lets pass, and what it does not. */

#include "config.h"

#include <string.h>

#include "manual-clock.h"
#include "memory-store.h"
#include "mock-org.h"
#include "sluice-client.h"
#include "sluice-error.h"
#include "sluice-write-plan.h"
#include "test-utils.h"

#define ID "s1"
#define RECORDS "{\"records\":[{\"attributes\":{\"type\":\"Account\"},\"Name\":\"a\"}," \
                "{\"attributes\":{\"type\":\"Account\"},\"Name\":\"b\"}]}"

typedef struct
{
  MockServer *server;
  ManualClock *clock;
  MemoryStore *store;
  SluiceThrottle *throttle;
  SluiceCallList *calls;
  SluiceClient *client;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = NULL;

  fixture->server = mock_org_new ();
  fixture->clock = manual_clock_new ();
  fixture->store = memory_store_new ();
  fixture->throttle = sluice_throttle_new (SLUICE_CLOCK (fixture->clock));
  fixture->calls = sluice_call_list_new (100);
  fixture->client = sluice_client_new (ID, fixture->throttle, SLUICE_CREDENTIAL_STORE (fixture->store),
                                       fixture->calls, SLUICE_CLOCK (fixture->clock));
  sluice_client_set_login_url (fixture->client, mock_server_get_url (fixture->server));
  sluice_client_set_consumer_key (fixture->client, "demo");
  sluice_client_set_api_version (fixture->client, "67.0");
  credentials = mock_org_new_credentials (fixture->server);
  memory_store_put (fixture->store, ID, credentials);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (sluice_throttle_get_in_flight (fixture->throttle), ==, 0);
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->throttle);
  g_assert_finalize_object (fixture->calls);
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->clock);
  mock_server_free (fixture->server);
}

/* For two records of Account in the org with @organization_id. */
static SluiceWritePermit *
new_permit (SluiceWriteVerb  verb,
            const char      *organization_id)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new ();
  g_autoptr(SluiceOrganization) organization =
    g_object_new (SLUICE_TYPE_ORGANIZATION, "id", organization_id, "environment", SLUICE_ENVIRONMENT_SANDBOX, NULL);
  g_autoptr(SluiceWritePlan) plan = NULL;
  SluiceWritePermit *permit;

  sluice_subscription_set_organization (subscription, organization);
  plan = sluice_write_plan_new (subscription, verb, "Account", 2, NULL);
  permit = sluice_write_plan_confirm (plan, "Account", NULL);
  g_assert_true (sluice_write_permit_begin (permit, NULL));

  return permit;
}

static guint
send (Fixture            *fixture,
      const char         *method,
      const char         *path,
      const char         *text,
      const SluiceWrite  *write,
      GError            **error)
{
  g_autoptr(GBytes) body = text != NULL ? g_bytes_new_static (text, strlen (text)) : NULL;
  const SluiceRequest request = { .method = method, .path = path, .body = body, .write = write };
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  guint before = mock_server_get_n_requests (fixture->server);

  mock_server_queue_json (fixture->server, "/services/data/v67.0/", 200, "[]");
  sluice_client_send_async (fixture->client, &request, NULL, keep_result, &result);
  done = wait_result (&result);
  reply = sluice_client_send_finish (fixture->client, done, error);
  g_assert_cmpint (reply != NULL, ==, *error == NULL);

  return mock_server_get_n_requests (fixture->server) - before;
}

static guint n_criticals;

/* A critical is expected here, and so must not end the program. */
static GLogWriterOutput
count_criticals (GLogLevelFlags   level,
                 const GLogField *fields,
                 gsize            n_fields,
                 gpointer         user_data)
{
  if ((level & G_LOG_LEVEL_CRITICAL) == 0)
    return g_log_writer_default (level, fields, n_fields, user_data);

  n_criticals++;

  return G_LOG_WRITER_HANDLED;
}

static void
test_no_permit (Fixture       *fixture,
                gconstpointer  unused)
{
  static const struct
  {
    const char *method;
    const char *path;
    const char *body;
  } cases[] = {
    { "POST", "sobjects/Account", "{}" },
    { "PATCH", "sobjects/Account/001", "{}" },
    { "DELETE", "sobjects/Account/001", NULL },
    { "POST", "/services/data/v67.0/sobjects/Account", "{}" },
    { "POST", "/services/data/v67.0//sobjects/Account", "{}" },
    { "POST", "composite/sobjects", RECORDS },
    { "PATCH", "composite/sobjects/Account/Ext__c", RECORDS },
    { "DELETE", "composite/sobjects?ids=001,002", NULL },
    { "POST", "composite/sobjects/Account?_HttpMethod=PATCH", "{}" },
    { "GET", "sobjects/Account/001?_HttpMethod=DELETE", NULL },
    { "POST", "composite", "{\"compositeRequest\":[{\"method\":\"GET\"},{\"method\":\"POST\"}]}" },
    { "POST", "composite", "{\"compositeRequest\":[]}" },
    { "POST", "composite", NULL },
    { "POST", "composite/batch", "{\"batchRequests\":[{\"method\":\"DELETE\"}]}" },
    { "POST", "composite/tree/Account", "{}" },
    { "POST", "composite/graph", "{}" },
    { "POST", "jobs/ingest", "{}" },
    { "PUT", "jobs/ingest/750/batches", "Name\n" },
    { "PATCH", "jobs/ingest/750", "{\"state\":\"UploadComplete\"}" },
    { "DELETE", "jobs/ingest/750", NULL },
    { "POST", "/services/apexrest/x", "{}" },
    { "BREW", "sobjects/Account", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s %s", cases[i].method, cases[i].path);
      n_criticals = 0;
      g_assert_cmpuint (send (fixture, cases[i].method, cases[i].path, cases[i].body, NULL, &error), ==, 0);
      g_assert_cmpuint (n_criticals, ==, 1);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
    }
}

static void
test_questions_pass (Fixture       *fixture,
                     gconstpointer  unused)
{
  static const struct
  {
    const char *method;
    const char *path;
    const char *body;
  } cases[] = {
    { "GET", "sobjects/Account/001", NULL },
    { "POST", "jobs/query", "{}" },
    { "PATCH", "jobs/query/750", "{\"state\":\"Aborted\"}" },
    { "DELETE", "jobs/query/750", NULL },
    { "POST", "composite/sobjects/Account", "{\"ids\":[\"001\"],\"fields\":[\"Name\"]}" },
    { "POST", "composite", "{\"compositeRequest\":[{\"method\":\"GET\"}]}" },
    { "POST", "composite/batch", "{\"batchRequests\":[{\"method\":\"GET\"}]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (send (fixture, cases[i].method, cases[i].path, cases[i].body, NULL, &error), ==, 1);
      g_assert_no_error (error);
    }

  g_assert_cmpuint (n_criticals, ==, 0);
}

static void
test_permitted (Fixture       *fixture,
                gconstpointer  unused)
{
  static const struct
  {
    SluiceWriteVerb verb;
    const char *method;
    const char *path;
    const char *body;
    guint records;
  } cases[] = {
    { SLUICE_WRITE_INSERT, "POST", "composite/sobjects", RECORDS, 2 },
    { SLUICE_WRITE_UPDATE, "PATCH", "composite/sobjects", RECORDS, 2 },
    { SLUICE_WRITE_UPSERT, "PATCH", "composite/sobjects/Account/Ext__c", RECORDS, 2 },
    { SLUICE_WRITE_DELETE, "DELETE", "composite/sobjects?ids=001,002&allOrNone=false", NULL, 2 },
    { SLUICE_WRITE_INSERT, "POST", "jobs/ingest", "{\"object\":\"Account\",\"operation\":\"insert\"}", 0 },
    { SLUICE_WRITE_INSERT, "PUT", "jobs/ingest/750/batches", "Name\na\nb\n", 2 },
    { SLUICE_WRITE_INSERT, "PATCH", "jobs/ingest/750", "{\"state\":\"UploadComplete\"}", 0 },
    { SLUICE_WRITE_DELETE, "DELETE", "jobs/ingest/750", NULL, 0 },
    { SLUICE_WRITE_INSERT, "POST", "/services/data/v67.0/sobjects/account", "{}", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SluiceWritePermit) permit = new_permit (cases[i].verb, MOCK_ORG_ID);
      const SluiceWrite write = { permit, cases[i].verb, "Account", cases[i].records, 0 };
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (send (fixture, cases[i].method, cases[i].path, cases[i].body, &write, &error), ==, 1);
      g_assert_no_error (error);
      g_assert_cmpuint (sluice_write_permit_get_left (permit), ==, 2 - cases[i].records);
    }
}

/* A permit for one thing is none for another, whatever the caller says. */
static void
test_false_claims (Fixture       *fixture,
                   gconstpointer  unused)
{
  static const struct
  {
    SluiceWriteVerb verb;
    const char *object;
    const char *method;
    const char *path;
    const char *body;
    guint records;
  } cases[] = {
    { SLUICE_WRITE_INSERT, "Contact", "POST", "composite/sobjects", RECORDS, 2 },
    { SLUICE_WRITE_UPDATE, "Account", "PATCH", "sobjects/Account/001", "{}", 1 },
    { SLUICE_WRITE_INSERT, "Account", "POST", "composite/sobjects", RECORDS, 1 },
    { SLUICE_WRITE_INSERT, "Account", "POST", "composite/sobjects",
      "{\"records\":[{\"attributes\":{\"type\":\"Contact\"}}]}", 1 },
    { SLUICE_WRITE_INSERT, "Account", "PATCH", "composite/sobjects", RECORDS, 2 },
    { SLUICE_WRITE_INSERT, "Account", "DELETE", "composite/sobjects?ids=001", NULL, 1 },
    { SLUICE_WRITE_INSERT, "Account", "POST", "sobjects/Contact", "{}", 1 },
    { SLUICE_WRITE_INSERT, "Account", "DELETE", "sobjects/Account/001", NULL, 1 },
    { SLUICE_WRITE_INSERT, "Account", "POST", "jobs/ingest", "{\"object\":\"Account\",\"operation\":\"delete\"}", 0 },
    { SLUICE_WRITE_INSERT, "Account", "POST", "jobs/ingest", "{\"object\":\"Contact\",\"operation\":\"insert\"}", 0 },
    { SLUICE_WRITE_INSERT, "Account", "POST", "composite/tree/Account", "{}", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SluiceWritePermit) permit = new_permit (SLUICE_WRITE_INSERT, MOCK_ORG_ID);
      const SluiceWrite write = { permit, cases[i].verb, cases[i].object, cases[i].records, 0 };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s %s", cases[i].method, cases[i].path);
      g_assert_cmpuint (send (fixture, cases[i].method, cases[i].path, cases[i].body, &write, &error), ==, 0);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      g_assert_cmpuint (sluice_write_permit_get_left (permit), ==, 2);
    }
}

static void
test_too_many (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (SLUICE_WRITE_INSERT, MOCK_ORG_ID);
  const SluiceWrite write = { permit, SLUICE_WRITE_INSERT, "Account", 2, 0 };
  const SluiceWrite again = { permit, SLUICE_WRITE_INSERT, "Account", 2, 2 };
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (send (fixture, "POST", "composite/sobjects", RECORDS, &write, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpuint (send (fixture, "POST", "composite/sobjects", RECORDS, &again, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpuint (send (fixture, "POST", "composite/sobjects", RECORDS, &write, &error), ==, 0);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_other_org (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (SLUICE_WRITE_INSERT, MOCK_OTHER_ORG_ID);
  const SluiceWrite write = { permit, SLUICE_WRITE_INSERT, "Account", 2, 0 };
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (send (fixture, "POST", "composite/sobjects", RECORDS, &write, &error), ==, 0);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
}

/* The access token expires, and the refresh brings tokens of another org. */
static void
test_org_changes_under_way (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (SLUICE_WRITE_INSERT, MOCK_ORG_ID);
  const SluiceWrite write = { permit, SLUICE_WRITE_INSERT, "Account", 2, 0 };
  const char *url = mock_server_get_url (fixture->server);
  g_autofree char *tokens =
    g_strdup_printf ("{\"access_token\":\"00D5e000000WXYZ!new\",\"instance_url\":\"%s\",\"id\":\"%s/id/" MOCK_OTHER_ORG_ID
                     "/0055e000000FGHIAA4\",\"token_type\":\"Bearer\",\"issued_at\":\"1795437845123\"}", url, url);
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/services/data/v67.0/composite/sobjects", 401,
                          "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
  mock_server_queue_json (fixture->server, "/services/oauth2/token", 200, tokens);
  send (fixture, "POST", "composite/sobjects", RECORDS, &write, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/data/v67.0/composite/sobjects"), ==, 1);
}

static void
test_run_ends_while_waiting (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (SLUICE_WRITE_INSERT, MOCK_ORG_ID);
  const SluiceWrite write = { permit, SLUICE_WRITE_INSERT, "Account", 1, 0 };
  const SluiceRequest request = { .method = "POST", .path = "sobjects/Account", .write = &write };
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  sluice_client_send_async (fixture->client, &request, NULL, keep_result, &result);
  sluice_write_permit_end (permit);
  done = wait_result (&result);
  reply = sluice_client_send_finish (fixture->client, done, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/data"), ==, 0);
}

#define ADD(path, func) g_test_add ("/net/write-gate/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (count_criticals, NULL, NULL);

  ADD ("questions-pass", test_questions_pass);
  ADD ("no-permit", test_no_permit);
  ADD ("permitted", test_permitted);
  ADD ("false-claims", test_false_claims);
  ADD ("too-many", test_too_many);
  ADD ("other-org", test_other_org);
  ADD ("org-changes-under-way", test_org_changes_under_way);
  ADD ("run-ends-while-waiting", test_run_ends_while_waiting);

  return g_test_run ();
}
