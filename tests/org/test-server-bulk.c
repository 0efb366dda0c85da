/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "demo-client.h"

#define ADMIN "admin@demo.example"
#define USER "user@demo.example"
#define QUERY_JOBS DEMO_API "/jobs/query"
#define INGEST_JOBS DEMO_API "/jobs/ingest"

typedef struct
{
  DemoOrg *org;
  char *token;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  option)
{
  fixture->org = demo_org_start (option, NULL);
  fixture->token = demo_org_log_in (fixture->org, ADMIN);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  option)
{
  g_free (fixture->token);
  demo_org_stop (fixture->org);
}

static DemoReply *
call (Fixture    *fixture,
      const char *method,
      const char *path,
      const char *body)
{
  return demo_org_call (fixture->org, method, path, fixture->token, body);
}

static DemoReply *
about (Fixture    *fixture,
       const char *method,
       const char *job,
       const char *rest,
       const char *body)
{
  g_autofree char *path = g_strconcat (job, rest, NULL);

  return call (fixture, method, path, body);
}

/* The path of a new job. */
static char *
make_job (Fixture    *fixture,
          const char *jobs,
          const char *body)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", jobs, body);
  g_autofree char *id = NULL;

  if (reply->status != 200)
    g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, 200);
  id = demo_reply_member (reply, "id");

  return g_strconcat (jobs, "/", id, NULL);
}

static char *
start_query (Fixture    *fixture,
             const char *soql)
{
  g_autofree char *body = g_strdup_printf ("{\"operation\":\"query\",\"query\":\"%s\"}", soql);

  return make_job (fixture, QUERY_JOBS, body);
}

static void
assert_state (Fixture    *fixture,
              const char *job,
              const char *state)
{
  g_autoptr(DemoReply) reply = call (fixture, "GET", job, NULL);
  g_autofree char *found = demo_reply_member (reply, "state");

  g_assert_cmpstr (found, ==, state);
}

static void
assert_query_refused (Fixture    *fixture,
                      const char *soql,
                      const char *code)
{
  g_autofree char *body = g_strdup_printf ("{\"operation\":\"query\",\"query\":\"%s\"}", soql);
  g_autoptr(DemoReply) reply = call (fixture, "POST", QUERY_JOBS, body);

  demo_reply_assert_error (reply, 400, code, NULL);
}

static void
test_query_created (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", QUERY_JOBS,
                                     "{\"operation\":\"query\",\"query\":\"SELECT Id FROM Account\",\"contentType\":\"CSV\","
                                     "\"columnDelimiter\":\"PIPE\",\"lineEnding\":\"CRLF\"}");
  const char *tail = "\"state\":\"UploadComplete\",\"concurrencyMode\":\"Parallel\",\"contentType\":\"CSV\","
                     "\"apiVersion\":68.0,\"lineEnding\":\"CRLF\",\"columnDelimiter\":\"PIPE\"}";
  g_autoptr(DemoReply) list = call (fixture, "GET", QUERY_JOBS "?jobType=V2Query", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (reply->body, "{\"id\":\"750"));
  g_assert_true (g_str_has_suffix (reply->body, tail));
  g_assert_true (g_str_has_prefix (list->body, "{\"done\":true,\"records\":[{\"id\":\"750"));
  g_assert_true (g_str_has_suffix (list->body, "],\"nextRecordsUrl\":null}"));
}

static void
test_query_results (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *job = start_query (fixture, "SELECT Account.Name, Id, LastName, HasOptedOutOfEmail, Title, Account.Phone,"
                                               " CreatedDate FROM Contact WHERE Account.Northwind_Code__c = 'ANTON'"
                                               " ORDER BY Id");
  g_autoptr(DemoReply) poll = call (fixture, "GET", job, NULL);
  g_autofree char *state = demo_reply_member (poll, "state");
  g_autofree char *processed = demo_reply_member (poll, "numberRecordsProcessed");
  g_autofree char *type = demo_reply_member (poll, "jobType");
  g_autoptr(DemoReply) results = about (fixture, "GET", job, "/results", NULL);
  g_auto(GStrv) lines = g_strsplit (results->body, "\n", -1);

  g_assert_cmpstr (state, ==, "JobComplete");
  g_assert_cmpstr (processed, ==, "2");
  g_assert_cmpstr (type, ==, "V2Query");
  g_assert_cmpuint (results->status, ==, 200);
  g_assert_cmpstr (demo_reply_header (results, "Content-Type"), ==, "text/csv;charset=UTF-8");
  g_assert_cmpstr (demo_reply_header (results, "Sforce-Locator"), ==, "null");
  g_assert_cmpstr (demo_reply_header (results, "Sforce-NumberOfRecords"), ==, "2");
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[0], ==, "\"Account.Name\",\"Id\",\"LastName\",\"HasOptedOutOfEmail\",\"Title\",\"Account.Phone\","
                                 "\"CreatedDate\"");
  g_assert_true (g_str_has_prefix (lines[1], "\"Antonio Moreno Taquería\",\"0035e0000000"));
  g_assert_true (g_str_has_suffix (lines[1], "\"Moreno\",\"false\",\"Owner\",\"(5) 555-3932\",\"2026-01-05T08:00:03.000Z\""));
}

static void
test_query_quotes (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) created = call (fixture, "POST", DEMO_API "/sobjects/Account",
                                       "{\"Name\":\"Q\",\"Description\":\"say \\\"a,b\\\"\\r\\nnext\",\"AnnualRevenue\":1}");
  g_autofree char *job = start_query (fixture, "SELECT Description, AnnualRevenue, ParentId, Parent.Name FROM Account"
                                               " WHERE Name = 'Q'");
  g_autoptr(DemoReply) results = about (fixture, "GET", job, "/results", NULL);

  g_assert_cmpuint (created->status, ==, 201);
  g_assert_cmpstr (results->body, ==, "\"Description\",\"AnnualRevenue\",\"ParentId\",\"Parent.Name\"\n"
                                      "\"say \"\"a,b\"\"\r\nnext\",\"1.0\",\"\",\"\"\n");
}

static void
test_query_pages (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *job = start_query (fixture, "SELECT Id FROM OrderItem");
  g_autoptr(GString) together = g_string_new (NULL);
  g_autofree char *locator = g_strdup ("");
  g_autofree char *second = NULL;
  g_autoptr(DemoReply) whole = about (fixture, "GET", job, "/results", NULL);
  guint n = 0;

  while (strcmp (locator, "null") != 0)
    {
      g_autofree char *rest = g_strconcat ("/results?maxRecords=1000&locator=", locator, NULL);
      g_autoptr(DemoReply) page = about (fixture, "GET", job, rest, NULL);

      g_assert_cmpuint (page->status, ==, 200);
      g_assert_true (g_str_has_prefix (page->body, "\"Id\"\n"));
      g_string_append (together, n == 0 ? page->body : page->body + strlen ("\"Id\"\n"));
      g_set_str (&locator, demo_reply_header (page, "Sforce-Locator"));
      if (n++ == 0)
        second = g_strdup (locator);
    }

  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (together->str, ==, whole->body);
  {
    g_autofree char *rest = g_strconcat ("/results?maxRecords=5&locator=", second, NULL);
    g_autoptr(DemoReply) again = about (fixture, "GET", job, rest, NULL);
    g_autoptr(DemoReply) wrong = about (fixture, "GET", job, "/results?locator=MTAwMDA", NULL);
    g_autoptr(DemoReply) none = about (fixture, "GET", job, "/results?maxRecords=0", NULL);

    g_assert_nonnull (strstr (whole->body, again->body + strlen ("\"Id\"\n")));
    demo_reply_assert_error (wrong, 400, "INVALID_QUERY_LOCATOR", NULL);
    demo_reply_assert_error (none, 400, "INVALID_INPUT", NULL);
  }
}

static void
test_query_empty (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *job = start_query (fixture, "SELECT Id, Name FROM Account WHERE Name = 'nobody'");
  g_autoptr(DemoReply) results = about (fixture, "GET", job, "/results", NULL);

  g_assert_cmpstr (results->body, ==, "\"Id\",\"Name\"\n");
  g_assert_cmpstr (demo_reply_header (results, "Sforce-Locator"), ==, "null");
  g_assert_cmpstr (demo_reply_header (results, "Sforce-NumberOfRecords"), ==, "0");
}

/* What is changed later is not in the results. */
static void
test_query_keeps_rows (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autofree char *job = start_query (fixture, "SELECT Name FROM Account WHERE Northwind_Code__c = 'ALFKI'");
  g_autoptr(DemoReply) before = about (fixture, "GET", job, "/results", NULL);
  g_autoptr(DemoReply) change = call (fixture, "PATCH", DEMO_API "/sobjects/Account/Northwind_Code__c/ALFKI",
                                      "{\"Name\":\"New\"}");
  g_autoptr(DemoReply) after = about (fixture, "GET", job, "/results", NULL);

  g_assert_cmpuint (change->status, ==, 200);
  g_assert_cmpstr (after->body, ==, before->body);
}

static void
test_query_refused (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(DemoReply) operation = call (fixture, "POST", QUERY_JOBS, "{\"operation\":\"insert\",\"query\":\"SELECT Id FROM Account\"}");
  g_autoptr(DemoReply) empty = call (fixture, "POST", QUERY_JOBS, "{\"operation\":\"query\"}");
  g_autoptr(DemoReply) delimiter = call (fixture, "POST", QUERY_JOBS, "{\"operation\":\"query\",\"query\":"
                                         "\"SELECT Id FROM Account\",\"columnDelimiter\":\"COLON\"}");

  assert_query_refused (fixture, "SELECT COUNT(Id) FROM Account", "API_ERROR");
  assert_query_refused (fixture, "SELECT Name FROM Account GROUP BY Name", "API_ERROR");
  assert_query_refused (fixture, "SELECT Id FROM Account LIMIT 5 OFFSET 5", "API_ERROR");
  assert_query_refused (fixture, "SELECT Id, (SELECT Id FROM Contacts) FROM Account", "API_ERROR");
  assert_query_refused (fixture, "SELECT BillingAddress FROM Account", "FUNCTIONALITY_NOT_ENABLED");
  assert_query_refused (fixture, "SELECT Nope FROM Account", "INVALID_FIELD");
  assert_query_refused (fixture, "SELECT Id FROM Nope", "INVALID_TYPE");
  assert_query_refused (fixture, "SELEKT", "MALFORMED_QUERY");
  demo_reply_assert_error (operation, 400, "INVALIDJOB", NULL);
  demo_reply_assert_error (empty, 400, "INVALIDJOB", NULL);
  demo_reply_assert_error (delimiter, 400, "INVALIDJOB", NULL);
}

static void
test_query_states (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *job = NULL;

  demo_org_control (fixture->org, "bulk?delay=3600000");
  job = start_query (fixture, "SELECT Id FROM Account");
  assert_state (fixture, job, "UploadComplete");
  {
    g_autoptr(DemoReply) results = about (fixture, "GET", job, "/results", NULL);
    g_autoptr(DemoReply) deleted = call (fixture, "DELETE", job, NULL);

    demo_reply_assert_error (results, 400, "INVALIDJOBSTATE", NULL);
    demo_reply_assert_error (deleted, 400, "INVALIDJOBSTATE", NULL);
  }
  demo_org_control (fixture->org, "advance?seconds=2000");
  assert_state (fixture, job, "InProgress");
  demo_org_control (fixture->org, "advance?seconds=2000");
  assert_state (fixture, job, "JobComplete");
  {
    g_autoptr(DemoReply) aborted = call (fixture, "PATCH", job, "{\"state\":\"Aborted\"}");
    g_autoptr(DemoReply) deleted = call (fixture, "DELETE", job, NULL);
    g_autoptr(DemoReply) again = call (fixture, "GET", job, NULL);

    demo_reply_assert_error (aborted, 400, "INVALIDJOBSTATE", "Aborting already Completed Job not allowed");
    g_assert_cmpuint (deleted->status, ==, 204);
    demo_reply_assert_error (again, 404, "NOT_FOUND", NULL);
  }
}

static void
test_query_ends_otherwise (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autofree char *failed = NULL;
  g_autofree char *aborted = NULL;
  g_autofree char *mine = NULL;
  g_autofree char *error = NULL;
  g_autoptr(DemoReply) poll = NULL;
  g_autoptr(DemoReply) results = NULL;
  g_autoptr(DemoReply) abort_reply = NULL;

  demo_org_control (fixture->org, "bulk?fail=1");
  failed = start_query (fixture, "SELECT Id FROM Account");
  poll = call (fixture, "GET", failed, NULL);
  error = demo_reply_member (poll, "errorMessage");
  results = about (fixture, "GET", failed, "/results", NULL);
  demo_org_control (fixture->org, "bulk?abort=1");
  aborted = start_query (fixture, "SELECT Id FROM Account");
  assert_state (fixture, failed, "Failed");
  assert_state (fixture, aborted, "Aborted");
  demo_org_control (fixture->org, "bulk?delay=3600000");
  mine = start_query (fixture, "SELECT Id FROM Account");
  abort_reply = call (fixture, "PATCH", mine, "{\"state\":\"Aborted\"}");

  g_assert_cmpstr (error, ==, "InternalServerError : The job could not be processed");
  demo_reply_assert_error (results, 400, "INVALIDJOBSTATE", NULL);
  g_assert_cmpuint (abort_reply->status, ==, 200);
  assert_state (fixture, mine, "Aborted");
}

static void
test_query_others (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *job = start_query (fixture, "SELECT Id FROM Account");
  g_autofree char *id = g_strdup (strrchr (job, '/') + 1);
  g_autofree char *older = g_strconcat ("/services/data/v67.0/jobs/query/", id, "/results", NULL);
  g_autofree char *token = demo_org_log_in (fixture->org, USER);
  g_autoptr(DemoReply) conflict = call (fixture, "GET", older, NULL);
  g_autoptr(DemoReply) stranger = demo_org_call (fixture->org, "GET", job, token, NULL);
  g_autoptr(DemoReply) expired = NULL;

  demo_reply_assert_error (conflict, 409, "API_VERSION_CONFLICT", NULL);
  demo_reply_assert_error (stranger, 400, "INVALIDUSER", NULL);
  demo_org_control (fixture->org, "advance?seconds=691200");
  g_free (fixture->token);
  fixture->token = demo_org_log_in (fixture->org, ADMIN);
  expired = call (fixture, "GET", job, NULL);
  demo_reply_assert_error (expired, 404, "NOT_FOUND", NULL);
}

static guint
fetch_pages (Fixture    *fixture,
             DemoReply  *list,
             const char *member,
             GString    *rows)
{
  g_autoptr(JsonNode) root = json_from_string (list->body, NULL);
  JsonArray *pages = json_object_get_array_member (json_node_get_object (root), "resultPages");

  for (guint i = 0; i < json_array_get_length (pages); i++)
    {
      const char *url = json_object_get_string_member (json_array_get_object_element (pages, i), member);
      g_autoptr(DemoReply) page = call (fixture, "GET", url, NULL);

      g_assert_cmpuint (page->status, ==, 200);
      g_string_append (rows, strchr (page->body, '\n') + 1);
    }

  return json_array_get_length (pages);
}

static void
test_query_parallel (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *job = start_query (fixture, "SELECT Id FROM OrderItem");
  g_autoptr(DemoReply) whole = about (fixture, "GET", job, "/results", NULL);
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autoptr(DemoReply) first = NULL;
  g_autoptr(DemoReply) second = NULL;
  g_autofree char *next = NULL;

  demo_org_control (fixture->org, "bulk?page=400");
  first = about (fixture, "GET", job, "/resultPages", NULL);
  g_assert_cmpuint (fetch_pages (fixture, first, "resultUrl", rows), ==, 5);
  next = demo_reply_member (first, "nextRecordsUrl");
  demo_org_control (fixture->org, "bulk?link=1");
  second = call (fixture, "GET", next, NULL);
  g_assert_cmpuint (fetch_pages (fixture, second, "resultLink", rows), ==, 1);

  g_assert_true (g_str_has_suffix (first->body, "\"done\":false}"));
  g_assert_true (g_str_has_suffix (second->body, "\"done\":true}"));
  g_assert_cmpstr (rows->str, ==, strchr (whole->body, '\n') + 1);
}

static char *
start_ingest (Fixture    *fixture,
              const char *more,
              const char *csv)
{
  g_autofree char *body = g_strdup_printf ("{\"contentType\":\"CSV\",%s}", more);
  g_autofree char *job = make_job (fixture, INGEST_JOBS, body);
  g_autofree char *batches = g_strconcat (job, "/batches", NULL);
  g_autoptr(DemoReply) upload = demo_org_call_with (fixture->org, "PUT", batches, fixture->token, "text/csv", csv, NULL, NULL);
  g_autoptr(DemoReply) closed = call (fixture, "PATCH", job, "{\"state\":\"UploadComplete\"}");

  g_assert_cmpuint (upload->status, ==, 201);
  g_assert_cmpuint (upload->size, ==, 0);
  g_assert_cmpuint (closed->status, ==, 200);

  return g_steal_pointer (&job);
}

static void
assert_counts (Fixture    *fixture,
               const char *job,
               const char *state,
               const char *processed,
               const char *failed)
{
  g_autoptr(DemoReply) poll = call (fixture, "GET", job, NULL);
  g_autofree char *found_state = demo_reply_member (poll, "state");
  g_autofree char *found_processed = demo_reply_member (poll, "numberRecordsProcessed");
  g_autofree char *found_failed = demo_reply_member (poll, "numberRecordsFailed");

  if (g_strcmp0 (found_state, state) != 0)
    g_test_message ("%s", poll->body);
  g_assert_cmpstr (found_state, ==, state);
  g_assert_cmpstr (found_processed, ==, processed);
  g_assert_cmpstr (found_failed, ==, failed);
}

static void
test_ingest_insert (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *job = start_ingest (fixture, "\"object\":\"Contact\",\"operation\":\"insert\"",
                                       "LastName,Email,Account.Northwind_Code__c\n"
                                       "One,one@demo.example,ALFKI\n"
                                       "\"Two, \"\"2\"\"\",,\n"
                                       ",three@demo.example,\n"
                                       "Four,not-an-address,\n"
                                       "Five,,NOONE\n");
  g_autoptr(DemoReply) good = NULL;
  g_autoptr(DemoReply) bad = NULL;
  g_autoptr(DemoReply) left = NULL;

  assert_counts (fixture, job, "JobComplete", "5", "3");
  good = about (fixture, "GET", job, "/successfulResults/", NULL);
  bad = about (fixture, "GET", job, "/failedResults", NULL);
  left = about (fixture, "GET", job, "/unprocessedRecords", NULL);

  g_assert_cmpstr (demo_reply_header (good, "Content-Type"), ==, "text/csv;charset=UTF-8");
  g_assert_true (g_str_has_prefix (good->body, "\"sf__Id\",\"sf__Created\",\"LastName\",\"Email\","
                                               "\"Account.Northwind_Code__c\"\n"));
  g_assert_nonnull (strstr (good->body, "\",\"true\",\"Two, \"\"2\"\"\",\"\",\"\"\n"));
  g_assert_true (g_str_has_prefix (bad->body, "\"sf__Id\",\"sf__Error\",\"LastName\","));
  g_assert_nonnull (strstr (bad->body, "\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\","
                                       "\"\",\"three@demo.example\",\"\"\n"));
  g_assert_nonnull (strstr (bad->body, "\"INVALID_EMAIL_ADDRESS:Email: invalid email address: not-an-address:Email --\""));
  g_assert_nonnull (strstr (bad->body, "\"INVALID_FIELD:Foreign key external ID: NOONE not found"));
  g_assert_cmpstr (left->body, ==, "\"LastName\",\"Email\",\"Account.Northwind_Code__c\"\n");
}

static void
test_ingest_round (Fixture       *fixture,
                   gconstpointer  unused)
{
  const char *upsert = "\"object\":\"Account\",\"operation\":\"upsert\",\"externalIdFieldName\":\"External__c\"";
  g_autofree char *first = start_ingest (fixture, upsert, "External__c,Name,Phone\nK1,A,1\nK2,B,2\n");
  g_autofree char *second = NULL;
  g_autofree char *removal = NULL;
  g_autoptr(DemoReply) good = NULL;
  g_autoptr(DemoReply) one = NULL;
  g_autoptr(DemoReply) two = NULL;
  g_autofree char *phone_one = NULL;
  g_autofree char *phone_two = NULL;
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  g_autofree char *csv = NULL;

  assert_counts (fixture, first, "JobComplete", "2", "0");
  second = start_ingest (fixture, upsert, "External__c,Name,Phone\nK1,,#N/A\nK2,New,\n");
  assert_counts (fixture, second, "JobComplete", "2", "0");
  good = about (fixture, "GET", second, "/successfulResults", NULL);
  one = call (fixture, "GET", DEMO_API "/sobjects/Account/External__c/K1", NULL);
  two = call (fixture, "GET", DEMO_API "/sobjects/Account/External__c/K2", NULL);
  phone_one = demo_reply_member (one, "Phone");
  phone_two = demo_reply_member (two, "Phone");
  name = demo_reply_member (one, "Name");
  id = demo_reply_member (one, "Id");

  g_assert_nonnull (strstr (good->body, "\"false\",\"K2\",\"New\",\"\"\n"));
  g_assert_cmpstr (phone_one, ==, "null");
  g_assert_cmpstr (phone_two, ==, "2");
  g_assert_cmpstr (name, ==, "A");

  csv = g_strdup_printf ("Id\n%s\n%s\n", id, id);
  removal = start_ingest (fixture, "\"object\":\"Account\",\"operation\":\"hardDelete\"", csv);
  assert_counts (fixture, removal, "JobComplete", "2", "1");
  {
    g_autoptr(DemoReply) gone = call (fixture, "GET", DEMO_API "/sobjects/Account/External__c/K1", NULL);

    demo_reply_assert_error (gone, 404, "NOT_FOUND", NULL);
  }
}

static void
test_ingest_shuffled (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GString) csv = g_string_new ("Name\n");
  g_autofree char *job = NULL;
  g_autoptr(DemoReply) good = NULL;
  g_auto(GStrv) lines = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (csv, "N%03u\n", i);
  job = start_ingest (fixture, "\"object\":\"Account\",\"operation\":\"insert\"", csv->str);
  assert_counts (fixture, job, "JobComplete", "100", "0");
  good = about (fixture, "GET", job, "/successfulResults", NULL);
  lines = g_strsplit (good->body, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 102);
  g_assert_false (g_str_has_suffix (lines[1], "\"N000\"") && g_str_has_suffix (lines[2], "\"N001\""));
}

static void
test_ingest_failed (Fixture       *fixture,
                    gconstpointer  unused)
{
  static const struct { const char *csv; const char *error; } cases[] = {
    { "Name\r\nA\r\n", "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF" },
    { "Name;Phone\nA;1\n", "InvalidBatch : Field name not found : Name;Phone" },
    { "Name,Nope\nA,1\n", "InvalidBatch : Field name not found : Nope" },
    { "", "InvalidBatch : The data has no header" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *job = start_ingest (fixture, "\"object\":\"Account\",\"operation\":\"insert\"", cases[i].csv);
      g_autoptr(DemoReply) poll = call (fixture, "GET", job, NULL);
      g_autofree char *error = demo_reply_member (poll, "errorMessage");

      assert_counts (fixture, job, "Failed", "0", "0");
      g_assert_cmpstr (error, ==, cases[i].error);
    }
}

static void
test_ingest_order (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(DemoReply) created = call (fixture, "POST", INGEST_JOBS, "{\"object\":\"Account\",\"operation\":\"insert\"}");
  g_autofree char *id = demo_reply_member (created, "id");
  g_autofree char *content = demo_reply_member (created, "contentUrl");
  g_autofree char *expected = g_strdup_printf ("services/data/v68.0/jobs/ingest/%s/batches", id);
  g_autofree char *job = g_strconcat (INGEST_JOBS "/", id, NULL);
  g_autofree char *batches = g_strconcat (job, "/batches", NULL);
  g_autoptr(DemoReply) first = demo_org_call_with (fixture->org, "PUT", batches, fixture->token, "text/csv",
                                                   "Name\nA\nB\n", NULL, NULL);
  g_autoptr(DemoReply) second = demo_org_call_with (fixture->org, "PUT", batches, fixture->token, "text/csv",
                                                    "Name\nC\n", NULL, NULL);
  g_autoptr(DemoReply) early = about (fixture, "GET", job, "/successfulResults", NULL);
  g_autoptr(DemoReply) aborted = call (fixture, "PATCH", job, "{\"state\":\"Aborted\"}");
  g_autoptr(DemoReply) closed = call (fixture, "PATCH", job, "{\"state\":\"UploadComplete\"}");
  g_autoptr(DemoReply) left = about (fixture, "GET", job, "/unprocessedrecords", NULL);
  g_autoptr(DemoReply) deleted = call (fixture, "DELETE", job, NULL);

  g_assert_cmpstr (content, ==, expected);
  g_assert_cmpuint (first->status, ==, 201);
  demo_reply_assert_error (second, 400, "INVALIDBATCH", NULL);
  demo_reply_assert_error (early, 400, "INVALIDJOBSTATE", NULL);
  g_assert_cmpuint (aborted->status, ==, 200);
  demo_reply_assert_error (closed, 400, "INVALIDJOBSTATE", NULL);
  g_assert_cmpstr (left->body, ==, "\"Name\"\n\"A\"\n\"B\"\n");
  g_assert_cmpuint (deleted->status, ==, 204);
}

static void
test_ingest_refused (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *token = demo_org_log_in (fixture->org, USER);
  g_autoptr(DemoReply) object = call (fixture, "POST", INGEST_JOBS, "{\"object\":\"Nope\",\"operation\":\"insert\"}");
  g_autoptr(DemoReply) operation = call (fixture, "POST", INGEST_JOBS, "{\"object\":\"Account\",\"operation\":\"merge\"}");
  g_autoptr(DemoReply) key = call (fixture, "POST", INGEST_JOBS, "{\"object\":\"Account\",\"operation\":\"upsert\","
                                   "\"externalIdFieldName\":\"Name\"}");
  g_autoptr(DemoReply) hard = demo_org_call (fixture->org, "POST", INGEST_JOBS, token,
                                             "{\"object\":\"Account\",\"operation\":\"hardDelete\"}");

  demo_reply_assert_error (object, 400, "INVALIDJOB", "Unable to find object: Nope");
  demo_reply_assert_error (operation, 400, "INVALIDJOB", NULL);
  demo_reply_assert_error (key, 400, "INVALIDJOB", NULL);
  demo_reply_assert_error (hard, 400, "FEATURENOTENABLED", NULL);
}

static void
test_ingest_multipart (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = demo_org_call_with (fixture->org, "POST", INGEST_JOBS, fixture->token,
    "multipart/form-data; boundary=BOUNDARY",
    "--BOUNDARY\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n"
    "{\"object\":\"Account\",\"operation\":\"insert\"}\r\n"
    "--BOUNDARY\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"; filename=\"content\"\r\n\r\n"
    "Name\nA\nB\n\r\n--BOUNDARY--\r\n", NULL, NULL);
  g_autofree char *id = NULL;
  g_autofree char *job = NULL;

  g_assert_cmpuint (reply->status, ==, 200);
  id = demo_reply_member (reply, "id");
  job = g_strconcat (INGEST_JOBS "/", id, NULL);
  assert_counts (fixture, job, "JobComplete", "2", "0");
}

/* 0 where there is no /proc, or where freed memory is kept. */
static guint64
read_peak (DemoOrg *org)
{
#ifdef __SANITIZE_ADDRESS__
  return 0;
#else
  g_autofree char *path = g_strdup_printf ("/proc/%s/status", g_subprocess_get_identifier (org->process));
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;

  line = strstr (text, "VmHWM:");
  g_assert_nonnull (line);

  return g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) * 1024;
#endif
}

/* A page, not the whole result, decides how much memory is used. */
static void
test_generated (void)
{
  g_autoptr(DemoOrg) org = demo_org_start ("--data", "200000", "--bulk-page", "10000", NULL);
  Fixture fixture = { org, demo_org_log_in (org, ADMIN) };
  g_autofree char *job = start_query (&fixture, "SELECT Id, Name FROM Account");
  g_autofree char *limited = start_query (&fixture, "SELECT Id FROM Account LIMIT 15000");
  g_autofree char *locator = g_strdup ("");
  guint64 before = 0;
  guint n = 0;

  while (strcmp (locator, "null") != 0)
    {
      g_autofree char *rest = g_strconcat ("/results?locator=", locator, NULL);
      g_autoptr(DemoReply) page = about (&fixture, "GET", job, rest, NULL);

      g_assert_cmpuint (page->status, ==, 200);
      g_assert_cmpstr (demo_reply_header (page, "Sforce-NumberOfRecords"), ==, "10000");
      g_set_str (&locator, demo_reply_header (page, "Sforce-Locator"));
      if (n++ == 4)
        before = read_peak (org);
    }
  g_assert_cmpuint (n, ==, 20);
  g_assert_cmpuint (read_peak (org), <=, before + 12 * 1024 * 1024);

  {
    g_autoptr(DemoReply) first = about (&fixture, "GET", limited, "/results", NULL);
    g_autofree char *rest = g_strconcat ("/results?locator=", demo_reply_header (first, "Sforce-Locator"), NULL);
    g_autoptr(DemoReply) second = about (&fixture, "GET", limited, rest, NULL);

    g_assert_cmpstr (demo_reply_header (second, "Sforce-NumberOfRecords"), ==, "5000");
    g_assert_cmpstr (demo_reply_header (second, "Sforce-Locator"), ==, "null");
  }
  g_free (fixture.token);
}

static void
test_list_pages (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *next = NULL;

  for (guint i = 0; i < 101; i++)
    g_free (start_query (fixture, "SELECT Id FROM Account"));
  {
    g_autoptr(DemoReply) first = call (fixture, "GET", QUERY_JOBS, NULL);
    g_auto(GStrv) jobs = g_strsplit (first->body, "\"id\":", -1);

    g_assert_true (g_str_has_prefix (first->body, "{\"done\":false,"));
    g_assert_cmpuint (g_strv_length (jobs), ==, 101);
    next = demo_reply_member (first, "nextRecordsUrl");
  }
  {
    g_autoptr(DemoReply) second = call (fixture, "GET", next, NULL);
    g_autoptr(DemoReply) wrong = call (fixture, "GET", QUERY_JOBS "?queryLocator=x", NULL);
    g_auto(GStrv) jobs = g_strsplit (second->body, "\"id\":", -1);

    g_assert_cmpuint (g_strv_length (jobs), ==, 2);
    g_assert_true (g_str_has_suffix (second->body, "],\"nextRecordsUrl\":null}"));
    demo_reply_assert_error (wrong, 400, "INVALID_QUERY_LOCATOR", NULL);
  }
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *query = start_query (fixture, "SELECT Id FROM Account");
  g_autofree char *job = make_job (fixture, INGEST_JOBS, "{\"object\":\"Account\",\"operation\":\"insert\"}");
  g_autofree char *batches = g_strconcat (job, "/batches", NULL);
  g_autoptr(DemoReply) put = demo_org_call_with (fixture->org, "PUT", batches, fixture->token, "text/csv", "Name\nA\n",
                                                 NULL, NULL);
  g_autoptr(DemoReply) limits = call (fixture, "GET", DEMO_API "/limits", NULL);

  g_assert_cmpuint (put->status, ==, 201);
  g_assert_nonnull (strstr (limits->body, "\"DailyBulkApiBatches\":{\"Max\":15000,\"Remaining\":14999}"));
  g_assert_nonnull (strstr (limits->body, "\"DailyBulkV2QueryJobs\":{\"Max\":10000,\"Remaining\":9999}"));
}

/* All pages one after another, without the headers of all but the first. */
static char *
read_pages (Fixture    *fixture,
            const char *job)
{
  g_autoptr(GString) together = g_string_new (NULL);
  g_autofree char *locator = g_strdup ("");

  while (strcmp (locator, "null") != 0)
    {
      g_autofree char *rest = g_strconcat ("/results?locator=", locator, NULL);
      g_autoptr(DemoReply) page = about (fixture, "GET", job, rest, NULL);

      g_assert_cmpuint (page->status, ==, 200);
      g_string_append (together, together->len == 0 ? page->body : strchr (page->body, '\n') + 1);
      g_set_str (&locator, demo_reply_header (page, "Sforce-Locator"));
    }

  return g_string_free (g_steal_pointer (&together), FALSE);
}

/* The same bytes whether a page is made, comes from the cache, or is compressed. */
static void
test_kept_pages (void)
{
  g_autoptr(DemoOrg) org = demo_org_start ("--data", "5000", "--bulk-page", "2000", NULL);
  Fixture fixture = { org, demo_org_log_in (org, ADMIN) };
  g_autofree char *job = start_query (&fixture, "SELECT Id, Name, BillingStreet, AnnualRevenue FROM Account");
  g_autofree char *made = read_pages (&fixture, job);
  g_autofree char *kept = read_pages (&fixture, job);
  g_autofree char *plain = NULL;

  demo_org_control (org, "plain");
  plain = read_pages (&fixture, job);

  g_assert_nonnull (strstr (made, "\nBuilding B\""));
  g_assert_cmpstr (kept, ==, made);
  g_assert_cmpstr (plain, ==, made);
  g_free (fixture.token);
}

static void
test_page_faults (void)
{
  g_autoptr(DemoOrg) org = demo_org_start ("--data", "5000", "--bulk-page", "2000", NULL);
  Fixture fixture = { org, demo_org_log_in (org, ADMIN) };
  g_autofree char *job = start_query (&fixture, "SELECT Id, Name FROM Account");
  g_autofree char *other = start_query (&fixture, "SELECT Id FROM Account");
  g_autoptr(DemoReply) first = about (&fixture, "GET", job, "/results", NULL);
  g_autofree char *rest = g_strconcat ("/results?locator=", demo_reply_header (first, "Sforce-Locator"), NULL);
  g_autofree char *path = g_strconcat (job, rest, NULL);

  demo_org_control (org, "fault?spec=results%231:repeat,results%232:gzip,results%233:locator,results%234:job-failed");
  {
    g_autoptr(DemoReply) repeated = about (&fixture, "GET", job, rest, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(DemoReply) cut = demo_org_try (org, path, fixture.token, &error);
    g_autoptr(DemoReply) expired = about (&fixture, "GET", job, rest, NULL);
    g_autoptr(DemoReply) failed = about (&fixture, "GET", job, rest, NULL);

    g_assert_cmpstr (repeated->body, ==, first->body);
    g_assert_cmpstr (demo_reply_header (repeated, "Sforce-Locator"), ==, demo_reply_header (first, "Sforce-Locator"));
    g_assert_true (error != NULL || cut->size < first->size);
    demo_reply_assert_error (expired, 400, "INVALID_QUERY_LOCATOR", NULL);
    demo_reply_assert_error (failed, 400, "INVALIDJOBSTATE", NULL);
  }
  assert_state (&fixture, job, "Failed");
  demo_org_control (org, "fault?spec=results%231:job-aborted");
  {
    g_autoptr(DemoReply) aborted = about (&fixture, "GET", other, "/results", NULL);

    demo_reply_assert_error (aborted, 400, "INVALIDJOBSTATE", NULL);
  }
  assert_state (&fixture, other, "Aborted");
  g_free (fixture.token);
}

static void
test_short_pages (void)
{
  g_autoptr(DemoOrg) org = demo_org_start ("--data", "5000", "--bulk-page", "2000", "--short-pages", NULL);
  Fixture fixture = { org, demo_org_log_in (org, ADMIN) };
  g_autofree char *job = start_query (&fixture, "SELECT Id FROM Account");
  g_autoptr(DemoReply) first = about (&fixture, "GET", job, "/results", NULL);
  g_autofree char *short_ones = read_pages (&fixture, job);
  g_autoptr(DemoReply) pages = about (&fixture, "GET", job, "/resultPages", NULL);
  g_autofree char *second = g_strconcat ("/results?locator=", demo_reply_header (first, "Sforce-Locator"), NULL);
  g_auto(GStrv) lines = g_strsplit (short_ones, "\n", -1);

  g_assert_cmpuint (strtoul (demo_reply_header (first, "Sforce-NumberOfRecords"), NULL, 10), <=, 1000);
  g_assert_nonnull (strstr (pages->body, second));
  g_assert_cmpuint (g_strv_length (lines), ==, 5002);
  g_free (fixture.token);
}

/* Killed and started again: a job and its locators are still good. */
static void
test_outlives (void)
{
  g_autoptr(DemoOrg) org = demo_org_start ("--data", "5000", "--bulk-page", "2000", NULL);
  g_autofree char *state = g_build_filename (org->folder, "state", NULL);
  Fixture fixture = { org, NULL };
  g_autofree char *job = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *again = NULL;

  demo_org_restart (org, "--data", "5000", "--bulk-page", "2000", "--state", state, NULL);
  fixture.token = demo_org_log_in (org, ADMIN);
  job = start_query (&fixture, "SELECT Id, Name FROM Account");
  whole = read_pages (&fixture, job);
  demo_org_restart (org, "--data", "5000", "--bulk-page", "2000", "--state", state, NULL);
  again = read_pages (&fixture, job);
  {
    g_autofree char *other = start_query (&fixture, "SELECT Id FROM Account");

    g_assert_cmpstr (other, !=, job);
  }

  g_assert_cmpstr (again, ==, whole);
  g_free (fixture.token);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "query/created", test_query_created },
    { "query/results", test_query_results },
    { "query/quotes", test_query_quotes },
    { "query/pages", test_query_pages },
    { "query/empty", test_query_empty },
    { "query/keeps-rows", test_query_keeps_rows },
    { "query/refused", test_query_refused },
    { "query/states", test_query_states },
    { "query/ends-otherwise", test_query_ends_otherwise },
    { "query/others", test_query_others },
    { "query/parallel", test_query_parallel },
    { "list-pages", test_list_pages },
    { "limits", test_limits },
    { "ingest/insert", test_ingest_insert },
    { "ingest/round", test_ingest_round },
    { "ingest/shuffled", test_ingest_shuffled },
    { "ingest/failed", test_ingest_failed },
    { "ingest/order", test_ingest_order },
    { "ingest/refused", test_ingest_refused },
    { "ingest/multipart", test_ingest_multipart },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/org/bulk/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  g_test_add_func ("/org/bulk/generated", test_generated);
  g_test_add_func ("/org/bulk/kept-pages", test_kept_pages);
  g_test_add_func ("/org/bulk/page-faults", test_page_faults);
  g_test_add_func ("/org/bulk/short-pages", test_short_pages);
  g_test_add_func ("/org/bulk/outlives", test_outlives);

  return g_test_run ();
}
