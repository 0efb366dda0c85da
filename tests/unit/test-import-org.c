/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Imports into the real demo org, with everything that goes wrong on the way. */

#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "demo-process.h"
#include "memory-store.h"
#include "sluice-connection.h"
#include "sluice-error.h"
#include "sluice-import.h"
#include "sluice-table-reader.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"

typedef struct
{
  DemoProcess *org;
  MemoryStore *store;
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  gboolean browsing;
  char *directory;
  char *path;
} Fixture;

/* One import, from its file to its end. */
typedef struct
{
  const char *object;
  SluiceWriteVerb verb;
  const char *key;
  SluiceImportRoute route;
  SluiceImportStart start;
  gsize max_upload;
  const char *typed;
} Work;

static void
visited_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *page = demo_browser_visit_finish (result, &error);

  g_assert_no_error (error);
  fixture->browsing = FALSE;
}

static void
open_uri_cb (SluiceSignIn *sign_in,
             const char   *url,
             Fixture      *fixture)
{
  fixture->browsing = TRUE;
  demo_browser_visit_async (url, "admin@demo.example", "allow", visited_cb, fixture);
}

static void
sign_in_changed_cb (Fixture *fixture)
{
  SluiceSignIn *sign_in = sluice_connection_get_sign_in (fixture->connection);

  if (sign_in != NULL)
    g_signal_connect (sign_in, "open-uri", G_CALLBACK (open_uri_cb), fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  option)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  fixture->directory = g_dir_make_tmp ("sluice-import-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "rows.csv", NULL);
  fixture->org = demo_process_new (option, NULL);
  fixture->store = memory_store_new ();
  fixture->subscription = sluice_subscription_new_with_id (ID);
  sluice_subscription_set_name (fixture->subscription, "Demo");
  sluice_subscription_set_version (fixture->subscription, "1.0");
  sluice_subscription_set_consumer_key (fixture->subscription, "demo");
  sluice_subscription_set_api_url (fixture->subscription, fixture->org->url);
  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store), NULL);
  g_signal_connect_swapped (fixture->connection, "notify::sign-in", G_CALLBACK (sign_in_changed_cb), fixture);

  sluice_connection_authenticate_async (fixture->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_authenticate_finish (fixture->connection, done, &error);
  g_assert_no_error (error);
}

static void
remove_directory (const char *path)
{
  g_autoptr(GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  wait_for (!fixture->browsing);
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->subscription);
  g_assert_finalize_object (fixture->store);
  g_clear_pointer (&fixture->org, demo_process_free);
  remove_directory (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static void
write_file (Fixture    *fixture,
            const char *text)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (fixture->path, text, -1, &error);
  g_assert_no_error (error);
}

static char *
read_beside (Fixture    *fixture,
             const char *what)
{
  g_autofree char *path = g_strconcat (fixture->path, what, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

static gboolean
is_beside (Fixture    *fixture,
           const char *what)
{
  g_autofree char *path = g_strconcat (fixture->path, what, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_beside (Fixture    *fixture,
               const char *what,
               const char *text)
{
  g_autofree char *found = read_beside (fixture, what);

  g_assert_cmpstr (found, ==, text);
}

/* The first cell of a query of one row. */
static char *
ask (Fixture    *fixture,
     const char *soql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceQuery) query = sluice_connection_query (fixture->connection, soql, FALSE, &error);
  g_autoptr(SluiceQueryPage) page = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  g_assert_no_error (error);
  sluice_query_next_page_async (query, NULL, keep_result, &result);
  done = wait_result (&result);
  page = sluice_query_next_page_finish (query, done, &error);
  g_assert_no_error (error);

  return page->rows->len > 0 ? g_strdup (((char **) g_ptr_array_index (page->rows, 0))[0]) : NULL;
}

static void
assert_answer (Fixture    *fixture,
               const char *soql,
               const char *answer)
{
  g_autofree char *found = ask (fixture, soql);

  g_assert_cmpstr (found, ==, answer);
}

static GStrv
read_columns (Fixture *fixture)
{
  g_autoptr(GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr(SluiceTableReader) reader = sluice_table_reader_new (file, NULL);
  g_autoptr(GError) error = NULL;

  sluice_table_reader_open (reader, NULL, &error);
  g_assert_no_error (error);

  return g_strdupv ((char **) sluice_table_reader_get_columns (reader, NULL));
}

static SluiceImportMapping *
new_mapping (Fixture    *fixture,
             const Work *work)
{
  g_auto(GStrv) columns = read_columns (fixture);
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;
  SluiceImportMapping *mapping;

  sluice_import_mapping_new_async (sluice_connection_get_describe_cache (fixture->connection), work->object,
                                   (const char * const *) columns, work->verb, NULL, keep_result, &result);
  done = wait_result (&result);
  mapping = sluice_import_mapping_new_finish (done, &error);
  g_assert_no_error (error);

  if (work->key != NULL)
    sluice_import_mapping_set_key (mapping, work->key, &error);
  g_assert_no_error (error);
  sluice_import_mapping_match (mapping);

  return mapping;
}

static SluiceImport *
new_import (Fixture    *fixture,
            const Work *work)
{
  g_autoptr(GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr(SluiceImportMapping) mapping = new_mapping (fixture, work);
  SluiceImport *import = sluice_import_new (fixture->connection, file, NULL, mapping);

  sluice_import_set_route (import, work->route);
  sluice_import_set_start (import, work->start);
  if (work->max_upload > 0)
    sluice_import_set_max_upload (import, work->max_upload);

  return import;
}

static gboolean
prepare (SluiceImport  *import,
         GError       **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_import_prepare_async (import, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_import_prepare_finish (import, done, error);
}

static gboolean
run_with (SluiceImport       *import,
          SluiceWritePermit  *permit,
          GCancellable       *cancellable,
          GError            **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_import_run_async (import, permit, cancellable, keep_result, &result);
  done = wait_result (&result);

  return sluice_import_run_finish (import, done, error);
}

static SluiceWritePermit *
confirm (SluiceImport *import)
{
  SluiceWritePlan *plan = sluice_import_get_plan (import);
  g_autoptr(GError) error = NULL;
  SluiceWritePermit *permit = sluice_write_plan_confirm (plan, sluice_write_plan_get_object (plan), &error);

  g_assert_no_error (error);

  return permit;
}

/* Prepares, confirms and runs. */
static SluiceImport *
import_file (Fixture     *fixture,
             const Work  *work,
             GError     **error)
{
  SluiceImport *import = new_import (fixture, work);
  g_autoptr(SluiceWritePermit) permit = NULL;
  g_autoptr(GError) problem = NULL;

  prepare (import, &problem);
  g_assert_no_error (problem);
  permit = confirm (import);
  run_with (import, permit, NULL, error);

  return import;
}

static void
import_well (Fixture    *fixture,
             const Work *work)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceImport) import = import_file (fixture, work, &error);

  g_assert_no_error (error);
  g_assert_true (sluice_import_get_is_whole (import));
  g_assert_false (sluice_import_get_resumable (import));
}

static void
assert_counts (SluiceImport *import,
               guint64       succeeded,
               guint64       failed,
               guint64       unprocessed,
               guint64       in_doubt)
{
  g_assert_cmpuint (sluice_import_get_count (import, SLUICE_ROW_SUCCEEDED), ==, succeeded);
  g_assert_cmpuint (sluice_import_get_count (import, SLUICE_ROW_FAILED), ==, failed);
  g_assert_cmpuint (sluice_import_get_count (import, SLUICE_ROW_UNPROCESSED), ==, unprocessed);
  g_assert_cmpuint (sluice_import_get_count (import, SLUICE_ROW_IN_DOUBT), ==, in_doubt);
}

static const SluiceImportRoute routes[] = { SLUICE_IMPORT_ROUTE_REST, SLUICE_IMPORT_ROUTE_BULK };

/* Whatever is in a cell arrives, on both ways. */
static void
test_cells (Fixture       *fixture,
            gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_NEW, 0, NULL };
      g_autofree char *text =
        g_strdup_printf ("Name,External__c,BillingStreet,NumberOfEmployees\n"
                         "\"Comma, \"\"quote\"\"\",cells-%u-1,\"one\r\ntwo\nthree\",5\n"
                         "Größe 漢字 🙂,cells-%u-2,,\n", i, i);
      g_autofree char *street = g_strdup_printf ("SELECT BillingStreet FROM Account WHERE External__c = 'cells-%u-1'", i);
      g_autofree char *name = g_strdup_printf ("SELECT Name FROM Account WHERE External__c = 'cells-%u-1'", i);
      g_autofree char *letters = g_strdup_printf ("SELECT Name FROM Account WHERE External__c = 'cells-%u-2'", i);
      g_autofree char *succeeded = NULL;

      write_file (fixture, text);
      import_well (fixture, &work);
      assert_answer (fixture, street, "one\r\ntwo\nthree");
      assert_answer (fixture, name, "Comma, \"quote\"");
      assert_answer (fixture, letters, "Größe 漢字 🙂");

      succeeded = read_beside (fixture, ".succeeded.csv");
      g_assert_true (g_str_has_prefix (succeeded, "sf__Row,sf__Id,sf__Created,Name,External__c,BillingStreet,"
                                                  "NumberOfEmployees\n2,001"));
      g_assert_nonnull (strstr (succeeded, ",true,\"Comma, \"\"quote\"\"\""));
    }
}

static void
test_partly_failed (Fixture       *fixture,
                    gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_OVER, 0, NULL };
      g_autoptr(SluiceImport) import = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *failed = NULL;

      write_file (fixture, "Name,AnnualRevenue\nGood,1\nBad,-5\nGood,1\n\"no number\",x\n");
      import = import_file (fixture, &work, &error);
      g_assert_no_error (error);
      assert_counts (import, 2, 2, 0, 0);
      g_assert_false (sluice_import_get_is_whole (import));
      g_assert_true (sluice_import_get_resumable (import));

      failed = read_beside (fixture, ".failed.csv");
      g_assert_true (g_str_has_prefix (failed, "sf__Row,sf__Id,sf__Error,Name,AnnualRevenue\n3,,"));
      g_assert_nonnull (strstr (failed, "FIELD_CUSTOM_VALIDATION_EXCEPTION"));
      g_assert_nonnull (strstr (failed, "\n5,,"));
      assert_beside (fixture, ".unprocessed.csv", "sf__Row,sf__Error,Name,AnnualRevenue\n");
    }
}

/* Only what failed is sent again, and what was written is not. */
static void
test_retry (Fixture       *fixture,
            gconstpointer  unused)
{
  Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_IMPORT_ROUTE_REST, SLUICE_IMPORT_START_NEW, 0, NULL };
  g_autoptr(SluiceImport) first = NULL;
  g_autoptr(SluiceImport) second = NULL;
  g_autoptr(GError) error = NULL;

  /* The second row's parent does not exist yet. */
  write_file (fixture, "Name,External__c,Parent.External__c\nRetry,retry-1,\nRetry,retry-2,retry-0\n");
  first = import_file (fixture, &work, &error);
  g_assert_no_error (error);
  assert_counts (first, 1, 1, 0, 0);

  {
    g_autofree char *rows = NULL;
    g_autofree char *kept = g_strconcat (fixture->path, ".kept", NULL);
    const Work parent = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_IMPORT_ROUTE_REST, SLUICE_IMPORT_START_NEW, 0, NULL };
    char *path = fixture->path;

    fixture->path = kept;
    write_file (fixture, "Name,External__c\nParent,retry-0\n");
    import_well (fixture, &parent);
    fixture->path = path;
  }

  work.start = SLUICE_IMPORT_START_RETRY;
  second = new_import (fixture, &work);
  prepare (second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sluice_write_plan_get_records (sluice_import_get_plan (second)), ==, 1);
  {
    g_autoptr(SluiceWritePermit) permit = confirm (second);

    run_with (second, permit, NULL, &error);
  }
  g_assert_no_error (error);
  assert_counts (second, 2, 0, 0, 0);
  g_assert_true (sluice_import_get_is_whole (second));
  g_assert_false (is_beside (fixture, ".import"));
  assert_answer (fixture, "SELECT COUNT() FROM Account WHERE Name = 'Retry'", "2");
}

#define ADD(path, option, func) \
  g_test_add ("/sync/import/" path, Fixture, option, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  ADD ("cells", NULL, test_cells);
  ADD ("partly-failed", NULL, test_partly_failed);
  ADD ("retry", NULL, test_retry);

  return g_test_run ();
}
