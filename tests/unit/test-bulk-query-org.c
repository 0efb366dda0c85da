/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bulk queries against the real demo org, page by page. */

#include "config.h"

#include "sluice-bulk-query.h"

#include <locale.h>
#include <string.h>

#include "org-fixture.h"
#include "sluice-error.h"
#include "test-utils.h"

#define SOQL "SELECT Id, Name, CreatedDate FROM Account"
#define PAGE 10
#define MAX_ATTEMPTS 4

typedef OrgFixture Fixture;

/* What a thread reads: from the first page on, or the pages of a list. */
typedef struct
{
  SluiceFetcher *fetcher;
  const char *first;       /* (nullable) */
  char **list;             /* (nullable) */
  int done;                /* atomic */

  GString *records;        /* without the lines of columns */
  guint n_pages;
  guint n_attempts;
  gint64 n_records;
  GError *error;
} Reading;

static GString *
read_page (Reading     *reading,
           const char  *address,
           char       **next,
           gint64      *n_records,
           GError     **error)
{
  g_autoptr(GInputStream) stream = sluice_bulk_query_open_page (reading->fetcher, address, NULL, next, n_records, error);
  GString *body = g_string_new (NULL);
  char buffer[10000];
  gssize n = -1;

  reading->n_attempts++;
  while (stream != NULL && (n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, error)) > 0)
    g_string_append_len (body, buffer, n);

  if (n == 0)
    return body;

  g_string_free (body, TRUE);

  return NULL;
}

/* One that breaks off is asked for again. */
static char *
read_whole_page (Reading    *reading,
                 const char *address)
{
  char *next = NULL;
  gint64 n_records = -1;
  GString *body = NULL;

  for (guint i = 0; i < MAX_ATTEMPTS && body == NULL; i++)
    {
      g_clear_pointer (&next, g_free);
      g_clear_error (&reading->error);
      body = read_page (reading, address, &next, &n_records, &reading->error);
      if (body == NULL && !sluice_fetcher_is_worth_again (reading->error))
        break;
    }

  if (body == NULL)
    {
      g_free (next);
      return NULL;
    }

  reading->n_pages++;
  reading->n_records += n_records;
  g_string_append (reading->records, strchr (body->str, '\n') + 1);
  g_string_free (body, TRUE);

  return next;
}

static gpointer
read_thread (gpointer data)
{
  Reading *reading = data;
  g_autofree char *address = g_strdup (reading->first);

  while (address != NULL)
    {
      char *next = read_whole_page (reading, address);

      g_free (address);
      address = next;
    }

  for (guint i = 0; reading->list != NULL && reading->list[i] != NULL && reading->error == NULL; i++)
    g_free (read_whole_page (reading, reading->list[i]));

  g_atomic_int_set (&reading->done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static void
read_pages (Fixture    *fixture,
            const char *first,
            char      **list,
            Reading    *reading)
{
  GThread *thread;

  *reading = (Reading) { .first = first, .list = list, .records = g_string_new (NULL) };
  reading->fetcher = sluice_client_new_fetcher (sluice_connection_get_client (fixture->connection),
                                                SLUICE_PRIORITY_INTERACTIVE);
  thread = g_thread_new ("reader", read_thread, reading);
  wait_for (g_atomic_int_get (&reading->done));
  g_thread_join (thread);
  g_assert_finalize_object (reading->fetcher);
}

static void
reading_clear (Reading *reading)
{
  if (reading->records != NULL)
    g_string_free (reading->records, TRUE);
  g_clear_error (&reading->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static SluiceBulkQuery *
new_query (Fixture    *fixture,
           const char *soql)
{
  org_fixture_sign_in (fixture);

  return sluice_bulk_query_new (sluice_connection_get_client (fixture->connection), soql, FALSE,
                                SLUICE_PRIORITY_INTERACTIVE);
}

static gboolean
run (SluiceBulkQuery  *query,
     GCancellable     *cancellable,
     GError          **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_bulk_query_run_async (query, cancellable, keep_result, &result);
  done = wait_result (&result);

  return sluice_bulk_query_run_finish (query, done, error);
}

static SluiceBulkQuery *
run_new (Fixture *fixture)
{
  SluiceBulkQuery *query = new_query (fixture, SOQL);
  g_autoptr(GError) error = NULL;

  run (query, NULL, &error);
  g_assert_no_error (error);

  return query;
}

static void
discard (SluiceBulkQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_bulk_job_discard_async (sluice_bulk_query_get_job (query), NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_bulk_job_discard_finish (sluice_bulk_query_get_job (query), done, &error);
  g_assert_no_error (error);
}

static guint
count_lines (const GString *text)
{
  guint n = 0;

  for (const char *p = text->str; *p != '\0'; p++)
    n += *p == '\n';

  return n;
}

/* Page by page, all at once, and by the list of pages: the same records. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = run_new (fixture);
  g_autofree char *small = sluice_bulk_query_dup_first_page (query, PAGE);
  g_autofree char *large = sluice_bulk_query_dup_first_page (query, SLUICE_BULK_QUERY_PAGE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_auto(GStrv) list = NULL;
  g_auto(Reading) by_page = { 0 };
  g_auto(Reading) at_once = { 0 };
  g_auto(Reading) by_list = { 0 };
  GAsyncResult *result = NULL;

  demo_process_control (fixture->org, "bulk?page=7");
  read_pages (fixture, small, NULL, &by_page);
  read_pages (fixture, large, NULL, &at_once);
  sluice_bulk_query_list_pages_async (query, NULL, keep_result, &result);
  done = wait_result (&result);
  list = sluice_bulk_query_list_pages_finish (query, done, &error);
  g_assert_no_error (error);
  read_pages (fixture, NULL, list, &by_list);

  g_assert_no_error (by_page.error);
  g_assert_no_error (at_once.error);
  g_assert_no_error (by_list.error);
  g_assert_cmpuint (by_page.n_pages, >, 1);
  g_assert_cmpuint (at_once.n_pages, ==, 1);
  g_assert_cmpuint (by_list.n_pages, >, 1);
  g_assert_cmpstr (by_page.records->str, ==, at_once.records->str);
  g_assert_cmpstr (by_list.records->str, ==, at_once.records->str);
  g_assert_cmpuint (count_lines (at_once.records), ==, at_once.n_records);
  g_assert_cmpint (at_once.n_records, ==, sluice_bulk_job_get_processed (sluice_bulk_query_get_job (query)));
  discard (query);
}

static void
test_no_pages_in_old_versions (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_auto(GStrv) list = NULL;
  GAsyncResult *result = NULL;

  org_fixture_sign_in (fixture);
  sluice_client_set_api_version (sluice_connection_get_client (fixture->connection), "57.0");
  query = sluice_bulk_query_new (sluice_connection_get_client (fixture->connection), SOQL, FALSE,
                                 SLUICE_PRIORITY_INTERACTIVE);
  g_assert_true (run (query, NULL, &error));
  sluice_bulk_query_list_pages_async (query, NULL, keep_result, &result);
  done = wait_result (&result);
  list = sluice_bulk_query_list_pages_finish (query, done, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (list), ==, 0);
}

/* Whatever happens to the second page, the file is the same. */
static void
test_trouble (Fixture       *fixture,
              gconstpointer  fault)
{
  g_autoptr(SluiceBulkQuery) query = run_new (fixture);
  g_autofree char *first = sluice_bulk_query_dup_first_page (query, PAGE);
  g_autofree char *action = g_strdup_printf ("fault?spec=results%%232:%s", (const char *) fault);
  g_auto(Reading) whole = { 0 };
  g_auto(Reading) troubled = { 0 };

  read_pages (fixture, first, NULL, &whole);
  demo_process_control (fixture->org, action);
  read_pages (fixture, first, NULL, &troubled);

  g_assert_no_error (troubled.error);
  g_assert_cmpstr (troubled.records->str, ==, whole.records->str);
}

static void
test_expired_locator (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = run_new (fixture);
  g_autofree char *first = sluice_bulk_query_dup_first_page (query, PAGE);
  g_auto(Reading) reading = { 0 };

  demo_process_control (fixture->org, "fault?spec=results%232:locator");
  read_pages (fixture, first, NULL, &reading);

  g_assert_error (reading.error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_cmpuint (reading.n_attempts, ==, 2);
}

/* It goes on where another run has left off. */
static void
test_taken_up (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = run_new (fixture);
  SluiceBulkJob *job = sluice_bulk_query_get_job (query);
  g_autoptr(SluiceBulkQuery) again = NULL;
  g_autofree char *first = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(Reading) reading = { 0 };

  again = sluice_bulk_query_new_for_job (sluice_connection_get_client (fixture->connection),
                                         sluice_bulk_job_get_id (job), sluice_bulk_job_get_api_version (job),
                                         SLUICE_PRIORITY_BACKGROUND);
  g_assert_true (run (again, NULL, &error));
  first = sluice_bulk_query_dup_first_page (again, PAGE);
  read_pages (fixture, first, NULL, &reading);
  g_assert_no_error (reading.error);
  g_assert_cmpuint (reading.n_records, >, 0);
  discard (again);
}

static void
test_deleted_meanwhile (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = run_new (fixture);
  g_autofree char *first = sluice_bulk_query_dup_first_page (query, PAGE);
  g_auto(Reading) reading = { 0 };

  discard (query);
  read_pages (fixture, first, NULL, &reading);

  g_assert_error (reading.error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (reading.error->message, "seven days"));
}

static void
test_other_version (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = run_new (fixture);
  g_autoptr(SluiceBulkQuery) other = NULL;
  g_autofree char *first = NULL;
  g_auto(Reading) reading = { 0 };

  other = sluice_bulk_query_new_for_job (sluice_connection_get_client (fixture->connection),
                                         sluice_bulk_job_get_id (sluice_bulk_query_get_job (query)), "60.0",
                                         SLUICE_PRIORITY_BACKGROUND);
  first = sluice_bulk_query_dup_first_page (other, PAGE);
  read_pages (fixture, first, NULL, &reading);

  g_assert_cmpuint (sluice_error_get_http_status (reading.error), ==, 409);
  g_assert_nonnull (strstr (reading.error->message, "API version"));
}

static void
test_job_ends_badly (Fixture       *fixture,
                     gconstpointer  action)
{
  g_autoptr(SluiceBulkQuery) query = new_query (fixture, SOQL);
  g_autoptr(GError) error = NULL;

  demo_process_control (fixture->org, action);
  g_assert_false (run (query, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  discard (query);
}

static void
test_slow_job (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = run_new (fixture);

  g_assert_cmpuint (sluice_bulk_job_get_calls (sluice_bulk_query_get_job (query)), >=, 3);
  g_assert_cmpint (sluice_bulk_job_get_state (sluice_bulk_query_get_job (query)), ==, SLUICE_BULK_COMPLETE);
}

/* Nothing of it is left in the org. */
static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = new_query (fixture, SOQL);
  SluiceBulkJob *job = sluice_bulk_query_get_job (query);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_bulk_query_run_async (query, cancellable, keep_result, &result);
  wait_for (sluice_bulk_job_get_calls (job) > 1);
  g_cancellable_cancel (cancellable);
  done = wait_result (&result);
  g_assert_false (sluice_bulk_query_run_finish (query, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  discard (query);

  g_assert_false (run (query, NULL, &error));
  g_assert_cmpuint (sluice_error_get_http_status (error), ==, 404);
}

/* What cannot be seen here is told in the org's words. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(SluiceBulkQuery) query = new_query (fixture, "SELECT Id, NoSuchField FROM Account");
  g_autoptr(GError) error = NULL;

  g_assert_false (run (query, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "NoSuchField"));
}

#define ADD(name, function, option) \
  g_test_add ("/net/bulk-query-org/" name, Fixture, option, org_fixture_set_up, function, org_fixture_tear_down)

/* The option is for the test; the org has none. */
static void
set_up_plain (Fixture       *fixture,
              gconstpointer  unused)
{
  org_fixture_set_up (fixture, NULL);
}

#define ADD_CASE(name, function, data) \
  g_test_add ("/net/bulk-query-org/" name, Fixture, data, set_up_plain, function, org_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  ADD ("pages", test_pages, NULL);
  ADD ("no-pages-in-old-versions", test_no_pages_in_old_versions, NULL);
  ADD_CASE ("trouble/drop", test_trouble, "drop");
  ADD_CASE ("trouble/reset", test_trouble, "reset");
  ADD_CASE ("trouble/truncate", test_trouble, "truncate");
  ADD_CASE ("trouble/truncate-close", test_trouble, "truncate-close");
  ADD_CASE ("trouble/gzip", test_trouble, "gzip");
  ADD_CASE ("trouble/expired", test_trouble, "401");
  ADD_CASE ("trouble/slow", test_trouble, "slow");
  ADD_CASE ("trouble/unexpected", test_trouble, "500");
  ADD ("expired-locator", test_expired_locator, NULL);
  ADD ("taken-up", test_taken_up, NULL);
  ADD ("deleted-meanwhile", test_deleted_meanwhile, NULL);
  ADD ("other-version", test_other_version, NULL);
  ADD_CASE ("job-failed", test_job_ends_badly, "bulk?fail=1");
  ADD_CASE ("job-aborted", test_job_ends_badly, "bulk?abort=1");
  ADD ("slow-job", test_slow_job, "--bulk-delay=1500");
  ADD ("cancelled", test_cancelled, "--bulk-delay=600000");
  ADD ("refused", test_refused, NULL);

  return g_test_run ();
}
