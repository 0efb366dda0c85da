/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Imports into the real demo org, with everything that goes wrong on the way. */

#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "demo-process.h"
#include "fast-clock.h"
#include "memory-store.h"
#include "query-text.h"
#include "sluice-csv-reader.h"
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
  SluiceClock *clock;
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
  SluiceTransport transport;
  SluiceImportStart start;
  gsize max_upload;
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
  fixture->clock = fast_clock_new ();
  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store),
                                               fixture->clock);
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
  g_object_unref (fixture->clock);
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

/* The first cell of a query of one row, %NULL when it is empty. */
static char *
ask (Fixture    *fixture,
     const char *soql)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = query_text (fixture->connection, soql, &error);
  g_autoptr(SluiceCsvReader) csv = sluice_csv_reader_new (NULL, 1024 * 1024);
  const SluiceCsvField *fields = NULL;
  guint n_fields;
  gsize room;
  char *place;

  g_assert_no_error (error);
  place = sluice_csv_reader_get_room (csv, &room);
  g_assert_cmpuint (strlen (text), <, room);
  memcpy (place, text, strlen (text));
  sluice_csv_reader_filled (csv, strlen (text));
  sluice_csv_reader_end (csv);

  /* The line of columns, then the record. */
  g_assert_true (sluice_csv_reader_next (csv, &fields, &n_fields, &error));
  g_assert_true (sluice_csv_reader_next (csv, &fields, &n_fields, &error));

  g_assert_nonnull (fields);

  return fields->length > 0 ? g_strndup (fields->text, fields->length) : NULL;
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

  sluice_import_set_route (import, work->transport);
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

static const SluiceTransport routes[] = { SLUICE_TRANSPORT_REST, SLUICE_TRANSPORT_BULK };

/* Whatever is in a cell arrives, on both ways. */
static void
test_cells (Fixture       *fixture,
            gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_NEW, 0 };
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
      const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_OVER, 0 };
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
  Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
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
    const Work parent = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
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

static guint
count_lines (const char *text)
{
  guint n_lines = 0;

  for (const char *p = text; p != NULL && *p != '\0'; p++)
    n_lines += *p == '\n';

  return n_lines;
}

/* @n_rows accounts, told by External__c: PREFIX-1 and so on. */
static void
write_accounts (Fixture    *fixture,
                const char *prefix,
                guint       n_rows)
{
  g_autoptr(GString) text = g_string_new ("Name,External__c,Phone\n");

  for (guint i = 1; i <= n_rows; i++)
    g_string_append_printf (text, "\"%s\nInc.\",%s-%u,%u\n", prefix, prefix, i, i);
  write_file (fixture, text->str);
}

static void
assert_accounts (Fixture    *fixture,
                 const char *prefix,
                 guint       n_rows)
{
  g_autofree char *soql = g_strdup_printf ("SELECT COUNT() FROM Account WHERE External__c LIKE '%s-%%'", prefix);
  g_autofree char *number = g_strdup_printf ("%u", n_rows);

  assert_answer (fixture, soql, number);
}

static void
set_fault (Fixture    *fixture,
           const char *spec)
{
  g_autofree char *escaped = g_uri_escape_string (spec, NULL, FALSE);
  g_autofree char *action = g_strconcat ("fault?spec=", escaped, NULL);

  demo_process_control (fixture->org, action);
}

/* Whatever gets lost between us and a Bulk job, each record is made once. */
static void
test_bulk_losses (Fixture       *fixture,
                  gconstpointer  unused)
{
  static const char * const faults[] = {
    "ingest#1:lose", "batches#1:lose", "batches#1:drop", "ingest#3:lose", "ingest#3:drop", "batches#1:500",
    "batches#1:503", "ingest#3:503", "ingest#4:503", "batches#1:403-concurrent",
    "successfulResults#1-4:truncate", "failedResults#1:reset", "ingest#4-8:500", "successfulResults#*:truncate",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
      g_autofree char *prefix = g_strdup_printf ("loss%u", i);
      g_autoptr(SluiceImport) import = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", faults[i]);
      write_accounts (fixture, prefix, 3);
      set_fault (fixture, faults[i]);
      import = import_file (fixture, &work, &error);
      set_fault (fixture, "");

      /* What a broken answer leaves open is taken up again. */
      if (error != NULL)
        {
          Work rest = work;
          g_autoptr(SluiceImport) again = NULL;

          g_test_message ("%s", error->message);
          g_clear_error (&error);
          g_assert_true (sluice_import_get_resumable (import));
          rest.start = SLUICE_IMPORT_START_RESUME;
          again = import_file (fixture, &rest, &error);
          g_assert_no_error (error);
          assert_counts (again, 3, 0, 0, 0);
        }
      else
        {
          assert_counts (import, 3, 0, 0, 0);
        }

      assert_accounts (fixture, prefix, 3);
    }
}

static void
test_job_fails (Fixture       *fixture,
                gconstpointer  unused)
{
  static const char * const switches[] = { "bulk?fail=1", "bulk?abort=1" };

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
      g_autofree char *prefix = g_strdup_printf ("job%u", i);
      g_autofree char *unprocessed = NULL;
      g_autoptr(SluiceImport) import = NULL;
      g_autoptr(SluiceImport) again = NULL;
      g_autoptr(GError) error = NULL;

      write_accounts (fixture, prefix, 2);
      demo_process_control (fixture->org, switches[i]);
      import = import_file (fixture, &work, &error);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
      g_clear_error (&error);
      g_assert_cmpint (sluice_import_get_state (import), ==, SLUICE_IMPORT_FAILED);
      assert_counts (import, 0, 0, 2, 0);
      unprocessed = read_beside (fixture, ".unprocessed.csv");
      g_assert_cmpuint (count_lines (unprocessed), ==, 5);

      work.start = SLUICE_IMPORT_START_RESUME;
      again = import_file (fixture, &work, &error);
      g_assert_no_error (error);
      assert_counts (again, 2, 0, 0, 0);
      assert_accounts (fixture, prefix, 2);
    }
}

/* A file that is larger than a job takes becomes several, and the results are in the order of the file. */
static void
test_split (Fixture       *fixture,
            gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 1200 };
  g_autofree char *succeeded = NULL;
  const char *place;

  write_accounts (fixture, "split", 120);
  import_well (fixture, &work);
  assert_accounts (fixture, "split", 120);

  succeeded = read_beside (fixture, ".succeeded.csv");
  place = succeeded;
  for (guint i = 1; i <= 120; i++)
    {
      g_autofree char *key = g_strdup_printf (",split-%u,%u\n", i, i);

      place = strstr (place, key);
      g_assert_nonnull (place);
    }
  g_assert_false (is_beside (fixture, ".import-part"));
}

static void
test_row_larger_than_job (Fixture       *fixture,
                          gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 60 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "Name,External__c\nFits,large-1\n"
                       "This one does not fit into a job of so few bytes as are allowed here,large-2\nToo,large-3\n");
  import = import_file (fixture, &work, &error);
  g_assert_no_error (error);
  assert_counts (import, 2, 1, 0, 0);
  assert_accounts (fixture, "large", 2);
}

/* Of two rows that are exactly alike one is refused: whichever, each has one fate. */
static void
test_equal_rows (Fixture       *fixture,
                 gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "Name,External__c\nSame,same-1\nSame,same-1\nSame,\nSame,\n");
  import = import_file (fixture, &work, &error);
  g_assert_no_error (error);
  assert_counts (import, 3, 1, 0, 0);
}

/* An insert whose answer was lost is not sent again by itself, not even by resuming. */
static void
test_rest_insert_lost (Fixture       *fixture,
                       gconstpointer  unused)
{
  Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(SluiceImport) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *unprocessed = NULL;

  write_accounts (fixture, "doubt", 250);
  set_fault (fixture, "composite#1:lose");
  import = import_file (fixture, &work, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_clear_error (&error);
  assert_counts (import, 0, 0, 0, 200);
  unprocessed = read_beside (fixture, ".unprocessed.csv");
  g_assert_nonnull (strstr (unprocessed, "perhaps the record was created"));

  work.start = SLUICE_IMPORT_START_RESUME;
  again = import_file (fixture, &work, &error);
  g_assert_no_error (error);
  assert_counts (again, 50, 0, 0, 200);
  g_assert_false (sluice_import_get_is_whole (again));
  assert_accounts (fixture, "doubt", 250);
}

/* What comes to the same when it is done twice is done twice. */
static void
test_rest_repeats (Fixture       *fixture,
                   gconstpointer  unused)
{
  const Work upsert = { "Account", SLUICE_WRITE_UPSERT, "External__c", SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  const Work delete = { "Account", SLUICE_WRITE_DELETE, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autofree char *id = NULL;
  g_autofree char *rows = NULL;

  write_accounts (fixture, "twice", 3);
  set_fault (fixture, "composite#1:lose,composite#2:drop");
  import_well (fixture, &upsert);
  assert_accounts (fixture, "twice", 3);

  id = ask (fixture, "SELECT Id FROM Account WHERE External__c = 'twice-1'");
  rows = g_strdup_printf ("Id\n%s\n", id);
  write_file (fixture, rows);
  set_fault (fixture, "composite#1:lose");
  import_well (fixture, &delete);
  assert_accounts (fixture, "twice", 2);
}

static void
test_expired_token (Fixture       *fixture,
                    gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_NEW, 0 };
      g_autofree char *prefix = g_strdup_printf ("expired%u", i);

      write_accounts (fixture, prefix, 2);
      demo_process_control (fixture->org, "expire");
      import_well (fixture, &work);
      assert_accounts (fixture, prefix, 2);
    }
}

/* The upload itself meets the 401, and its file is sent once more from the beginning. */
static void
test_token_expires_at_upload (Fixture       *fixture,
                              gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };

  write_accounts (fixture, "upload", 50);
  set_fault (fixture, "batches#1:401");
  import_well (fixture, &work);
  assert_accounts (fixture, "upload", 50);
}

static void
test_locked_record (Fixture       *fixture,
                    gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_UPDATE, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autofree char *id = ask (fixture, "SELECT Id FROM Account LIMIT 1");
  g_autofree char *rows = g_strdup_printf ("Id,Phone\n%s,4711\n", id);
  g_autofree char *lock = g_strdup_printf ("lock?id=%s&times=1", id);
  g_autofree char *soql = g_strdup_printf ("SELECT Phone FROM Account WHERE Id = '%s'", id);

  write_file (fixture, rows);
  demo_process_control (fixture->org, lock);
  import_well (fixture, &work);
  assert_answer (fixture, soql, "4711");
}

static void
test_undo_update (Fixture       *fixture,
                  gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work insert = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_OVER, 0 };
      const Work upsert = { "Account", SLUICE_WRITE_UPSERT, "External__c", routes[i], SLUICE_IMPORT_START_OVER, 0 };
      const Work update = { "Account", SLUICE_WRITE_UPDATE, NULL, routes[i], SLUICE_IMPORT_START_OVER, 0 };
      g_autofree char *first = g_strdup_printf ("Name,External__c,Phone\nBefore,undo%u-1,\n", i);
      g_autofree char *second = g_strdup_printf ("Name,External__c,Phone\nAfter,undo%u-1,77\nNew,undo%u-2,\n", i, i);
      g_autofree char *name = g_strdup_printf ("SELECT Name FROM Account WHERE External__c = 'undo%u-1'", i);
      g_autofree char *phone = g_strdup_printf ("SELECT Phone FROM Account WHERE External__c = 'undo%u-1'", i);
      g_autofree char *prefix = g_strdup_printf ("undo%u", i);
      g_autofree char *path = g_build_filename (fixture->directory, prefix, NULL);
      g_autofree char *undo = NULL;
      g_autofree char *created = NULL;
      char *kept = fixture->path;

      fixture->path = path;
      write_file (fixture, first);
      import_well (fixture, &insert);
      write_file (fixture, second);
      import_well (fixture, &upsert);
      assert_answer (fixture, name, "After");

      /* The first import made one record, the second another. */
      created = read_beside (fixture, ".undo-delete-2.csv");
      g_assert_cmpuint (count_lines (created), ==, 2);
      undo = read_beside (fixture, ".undo-update.csv");
      g_assert_cmpuint (count_lines (undo), ==, 2);

      write_file (fixture, undo);
      import_well (fixture, &update);
      assert_answer (fixture, name, "Before");
      assert_answer (fixture, phone, NULL);
      fixture->path = kept;
    }
}

static void
test_undo_delete (Fixture       *fixture,
                  gconstpointer  unused)
{
  const Work insert = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  const Work delete = { "Account", SLUICE_WRITE_DELETE, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
  g_autofree char *created = NULL;
  g_autofree char *deleted = NULL;

  write_accounts (fixture, "back", 2);
  import_well (fixture, &insert);
  created = read_beside (fixture, ".undo-delete.csv");

  write_file (fixture, created);
  import_well (fixture, &delete);
  assert_accounts (fixture, "back", 0);

  deleted = read_beside (fixture, ".undo-insert.csv");
  g_assert_true (g_str_has_prefix (deleted, "sf__Id,"));
  write_file (fixture, deleted);
  import_well (fixture, &insert);
  assert_accounts (fixture, "back", 2);
}

/* What records hold cannot be read, so they are not changed. */
static void
test_no_undo_no_write (Fixture       *fixture,
                       gconstpointer  unused)
{
  const Work insert = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  const Work upsert = { "Account", SLUICE_WRITE_UPSERT, "External__c", SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(GError) error = NULL;

  write_accounts (fixture, "keep", 1);
  import_well (fixture, &insert);
  write_file (fixture, "Name,External__c\nChanged,keep-1\n");
  set_fault (fixture, "query#1-9:empty");
  import = import_file (fixture, &upsert, &error);
  g_assert_nonnull (error);
  set_fault (fixture, "");
  assert_answer (fixture, "SELECT Name FROM Account WHERE External__c = 'keep-1'", "keep\nInc.");
  assert_counts (import, 0, 0, 0, 0);
}

/* Somebody makes the file longer after it was confirmed. */
static void
test_more_than_confirmed (Fixture       *fixture,
                          gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_OVER, 0 };
      g_autoptr(SluiceImport) import = NULL;
      g_autoptr(SluiceWritePermit) permit = NULL;
      g_autoptr(GError) error = NULL;

      write_accounts (fixture, "more", 2);
      import = new_import (fixture, &work);
      prepare (import, &error);
      g_assert_no_error (error);
      permit = confirm (import);
      write_accounts (fixture, "more", 3);
      g_assert_false (run_with (import, permit, NULL, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      assert_accounts (fixture, "more", 0);
    }
}

static void
test_permit_of_other_org (Fixture       *fixture,
                          gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(SluiceSubscription) other = sluice_subscription_new ();
  g_autoptr(SluiceOrganization) organization =
    g_object_new (SLUICE_TYPE_ORGANIZATION, "id", "00D5e000000WXYZEA4", "environment", SLUICE_ENVIRONMENT_SANDBOX, NULL);
  g_autoptr(SluiceWritePlan) plan = NULL;
  g_autoptr(SluiceWritePermit) permit = NULL;
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_organization (other, organization);
  plan = sluice_write_plan_new (other, SLUICE_WRITE_INSERT, "Account", 2, NULL);
  permit = sluice_write_plan_confirm (plan, NULL, NULL);

  write_accounts (fixture, "other", 2);
  import = new_import (fixture, &work);
  prepare (import, &error);
  g_assert_no_error (error);
  g_assert_false (run_with (import, permit, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
  assert_accounts (fixture, "other", 0);
}

static void
test_permit_serves_once (Fixture       *fixture,
                         gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(SluiceWritePermit) permit = NULL;
  g_autoptr(GError) error = NULL;

  write_accounts (fixture, "once", 2);
  import = new_import (fixture, &work);
  prepare (import, &error);
  g_assert_no_error (error);
  permit = confirm (import);
  g_assert_true (run_with (import, permit, NULL, &error));
  g_assert_false (run_with (import, permit, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  assert_accounts (fixture, "once", 2);
}

static void
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
state_cb (SluiceImport *import,
          GParamSpec   *pspec,
          GCancellable *cancellable)
{
  if (sluice_import_get_calls (import) >= 4)
    g_idle_add_once (cancel_cb, cancellable);
}

/* Stopped while the org works: the job is aborted, and what it did is known. */
static void
test_stopped (Fixture       *fixture,
              gconstpointer  unused)
{
  Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(SluiceImport) anew = NULL;
  g_autoptr(SluiceImport) again = NULL;
  g_autoptr(SluiceWritePermit) permit = NULL;
  g_autoptr(GError) error = NULL;

  write_accounts (fixture, "stop", 4);
  demo_process_control (fixture->org, "bulk?delay=60000");
  import = new_import (fixture, &work);
  prepare (import, &error);
  g_assert_no_error (error);
  permit = confirm (import);
  g_signal_connect (import, "notify::calls", G_CALLBACK (state_cb), cancellable);
  g_assert_false (run_with (import, permit, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (sluice_import_get_state (import), ==, SLUICE_IMPORT_STOPPED);
  assert_counts (import, 0, 0, 4, 0);
  assert_accounts (fixture, "stop", 0);

  /* Only resuming goes on. */
  anew = new_import (fixture, &work);
  g_assert_false (prepare (anew, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_clear_error (&error);

  demo_process_control (fixture->org, "bulk?delay=0");
  work.start = SLUICE_IMPORT_START_RESUME;
  again = import_file (fixture, &work, &error);
  g_assert_no_error (error);
  assert_counts (again, 4, 0, 0, 0);
  assert_accounts (fixture, "stop", 4);
}

static void
stop_cb (SluiceImport *import,
         GParamSpec   *pspec,
         GCancellable *cancellable)
{
  if (sluice_import_get_calls (import) >= 1)
    g_cancellable_cancel (cancellable);
}

/* Stopped while a call makes records: its answer is waited for, so that nothing is in doubt. */
static void
test_stopped_in_call (Fixture       *fixture,
                      gconstpointer  unused)
{
  Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(SluiceImport) again = NULL;
  g_autoptr(SluiceWritePermit) permit = NULL;
  g_autoptr(GError) error = NULL;

  write_accounts (fixture, "patient", 300);
  import = new_import (fixture, &work);
  prepare (import, &error);
  g_assert_no_error (error);
  permit = confirm (import);
  set_fault (fixture, "composite#1:delay=500");
  g_signal_connect (import, "notify::calls", G_CALLBACK (stop_cb), cancellable);
  g_assert_false (run_with (import, permit, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  assert_counts (import, 200, 0, 0, 0);

  work.start = SLUICE_IMPORT_START_RESUME;
  again = import_file (fixture, &work, &error);
  g_assert_no_error (error);
  assert_counts (again, 300, 0, 0, 0);
  assert_accounts (fixture, "patient", 300);
}

static void
test_file_changed (Fixture       *fixture,
                   gconstpointer  unused)
{
  Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(SluiceImport) again = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "Name,AnnualRevenue\nGood,1\nBad,-5\n");
  import = import_file (fixture, &work, &error);
  g_assert_no_error (error);

  write_file (fixture, "Name,AnnualRevenue\nGood,1\nBad,-5\nMore,1\n");
  work.start = SLUICE_IMPORT_START_RETRY;
  again = new_import (fixture, &work);
  g_assert_false (prepare (again, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_nothing_to_resume (Fixture       *fixture,
                        gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_RESUME, 0 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(GError) error = NULL;

  write_accounts (fixture, "none", 1);
  import = new_import (fixture, &work);
  g_assert_false (prepare (import, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

/* The parent is told by its key, and who is there already is refused. */
static void
test_lookups_and_duplicates (Fixture       *fixture,
                             gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work accounts = { "Account", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_OVER, 0 };
      const Work contacts = { "Contact", SLUICE_WRITE_INSERT, NULL, routes[i], SLUICE_IMPORT_START_OVER, 0 };
      g_autofree char *parent = g_strdup_printf ("Name,External__c\nParent %u,parent-%u\n", i, i);
      g_autofree char *children = g_strdup_printf ("LastName,Email,Account.External__c\n"
                                                   "Child %u,child%u@example.com,parent-%u\n"
                                                   "Child %u,child%u@example.com,parent-%u\n"
                                                   "Lost %u,lost%u@example.com,nobody\n", i, i, i, i, i, i, i, i);
      g_autofree char *soql = g_strdup_printf ("SELECT Account.Name FROM Contact WHERE Email = 'child%u@example.com'", i);
      g_autofree char *name = g_strdup_printf ("Parent %u", i);
      g_autofree char *failed = NULL;
      g_autoptr(SluiceImport) import = NULL;
      g_autoptr(GError) error = NULL;

      write_file (fixture, parent);
      import_well (fixture, &accounts);
      write_file (fixture, children);
      import = import_file (fixture, &contacts, &error);
      g_assert_no_error (error);
      assert_counts (import, 1, 2, 0, 0);
      assert_answer (fixture, soql, name);
      failed = read_beside (fixture, ".failed.csv");
      g_assert_nonnull (strstr (failed, "DUPLICATES_DETECTED"));
    }
}

static void
test_hard_delete (Fixture       *fixture,
                  gconstpointer  unused)
{
  const Work insert = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  const Work delete = { "Account", SLUICE_WRITE_HARD_DELETE, NULL, SLUICE_TRANSPORT_REST, SLUICE_IMPORT_START_NEW, 0 };
  g_autofree char *created = NULL;

  write_accounts (fixture, "hard", 2);
  import_well (fixture, &insert);
  created = read_beside (fixture, ".undo-delete.csv");
  write_file (fixture, created);
  import_well (fixture, &delete);
  assert_accounts (fixture, "hard", 0);
  g_assert_true (is_beside (fixture, ".undo-insert.csv"));
}

/* A column that goes nowhere comes back in the results, however long its cells are. */
static void
test_long_cells (Fixture       *fixture,
                 gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
  g_autofree char *cell = g_strnfill (131072, 'x');
  g_autofree char *text = g_strdup_printf ("Name,External__c,Remark\nLong,long-1,%s\n", cell);
  g_autofree char *succeeded = NULL;

  write_file (fixture, text);
  import_well (fixture, &work);
  succeeded = read_beside (fixture, ".succeeded.csv");
  g_assert_nonnull (strstr (succeeded, cell));
  assert_accounts (fixture, "long", 1);
}

static void
test_empty_values (Fixture       *fixture,
                   gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      const Work work = { "Account", SLUICE_WRITE_UPSERT, "External__c", routes[i], SLUICE_IMPORT_START_NEW, 0 };
      g_autofree char *full = g_strdup_printf ("Name,External__c,Phone,Website\nFull,empty%u-1,11,w\n", i);
      g_autofree char *empty = g_strdup_printf ("Name,External__c,Phone,Website\nFull,empty%u-1,,#N/A\n", i);
      g_autofree char *phone = g_strdup_printf ("SELECT Phone FROM Account WHERE External__c = 'empty%u-1'", i);
      g_autofree char *site = g_strdup_printf ("SELECT Website FROM Account WHERE External__c = 'empty%u-1'", i);

      write_file (fixture, full);
      import_well (fixture, &work);
      write_file (fixture, empty);
      import_well (fixture, &work);
      assert_answer (fixture, phone, "11");
      assert_answer (fixture, site, NULL);
    }
}

/* Nothing can be sent, and so nobody is asked; each row is told all the same. */
static void
test_nothing_to_send (Fixture       *fixture,
                      gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_BULK, SLUICE_IMPORT_START_NEW, 0 };
  g_autoptr(SluiceImport) import = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "Name,AnnualRevenue\nBad,much\nWorse,more\n");
  import = new_import (fixture, &work);
  prepare (import, &error);
  g_assert_no_error (error);
  g_assert_null (sluice_import_get_plan (import));
  g_assert_cmpuint (sluice_import_get_unsendable (import), ==, 2);
  g_assert_true (run_with (import, NULL, NULL, &error));
  assert_counts (import, 0, 2, 0, 0);
  g_assert_cmpuint (sluice_import_get_calls (import), ==, 0);
}

/* Few rows go by REST, many by Bulk, and the reason is told. */
static void
test_route (Fixture       *fixture,
            gconstpointer  unused)
{
  const Work work = { "Account", SLUICE_WRITE_INSERT, NULL, SLUICE_TRANSPORT_AUTOMATIC, SLUICE_IMPORT_START_NEW, 0 };
  const struct
  {
    guint n_rows;
    SluiceTransport transport;
  } cases[] = { { 5, SLUICE_TRANSPORT_REST }, { 5000, SLUICE_TRANSPORT_BULK } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SluiceImport) import = NULL;
      g_autoptr(GError) error = NULL;

      write_accounts (fixture, "route", cases[i].n_rows);
      import = new_import (fixture, &work);
      prepare (import, &error);
      g_assert_no_error (error);
      g_assert_cmpint (sluice_import_get_route (import), ==, cases[i].transport);
      g_assert_nonnull (strstr (sluice_import_get_route_reason (import), "calls"));
      g_assert_cmpuint (sluice_import_get_forecast (import)->calls, >, 0);
    }
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
  ADD ("bulk-losses", NULL, test_bulk_losses);
  ADD ("job-fails", NULL, test_job_fails);
  ADD ("split", NULL, test_split);
  ADD ("row-larger-than-job", NULL, test_row_larger_than_job);
  ADD ("equal-rows", NULL, test_equal_rows);
  ADD ("rest-insert-lost", NULL, test_rest_insert_lost);
  ADD ("rest-repeats", NULL, test_rest_repeats);
  ADD ("expired-token", NULL, test_expired_token);
  ADD ("token-expires-at-upload", NULL, test_token_expires_at_upload);
  ADD ("locked-record", NULL, test_locked_record);
  ADD ("undo-update", NULL, test_undo_update);
  ADD ("undo-delete", NULL, test_undo_delete);
  ADD ("no-undo-no-write", NULL, test_no_undo_no_write);
  ADD ("more-than-confirmed", NULL, test_more_than_confirmed);
  ADD ("permit-of-other-org", NULL, test_permit_of_other_org);
  ADD ("permit-serves-once", NULL, test_permit_serves_once);
  ADD ("stopped", NULL, test_stopped);
  ADD ("stopped-in-call", NULL, test_stopped_in_call);
  ADD ("file-changed", NULL, test_file_changed);
  ADD ("nothing-to-resume", NULL, test_nothing_to_resume);
  ADD ("lookups-and-duplicates", NULL, test_lookups_and_duplicates);
  ADD ("hard-delete", NULL, test_hard_delete);
  ADD ("long-cells", NULL, test_long_cells);
  ADD ("empty-values", NULL, test_empty_values);
  ADD ("nothing-to-send", NULL, test_nothing_to_send);
  ADD ("route", NULL, test_route);

  return g_test_run ();
}
