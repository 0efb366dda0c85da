/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `sluicectl import` and the real demo org: what is asked, what is told, and what a kill leaves. */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "cli-home.h"
#include "demo-process.h"
#include "test-utils.h"

#define ADMIN "admin@demo.example"

typedef struct
{
  CliHome *home;
  DemoProcess *org;
  char *directory;
  char *path;
} Fixture;

#define run(fixture, ...) \
  cli_home_run ((fixture)->home, "file", NULL, (const char * const []) { __VA_ARGS__, NULL })

#define start(fixture, ...) \
  cli_home_start ((fixture)->home, "file", (const char * const []) { __VA_ARGS__, NULL })

static char *
read_line (GSubprocess *process)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, keep_result, &result);
  done = wait_result (&result);
  line = g_data_input_stream_read_line_finish (lines, done, NULL, NULL);
  g_assert_nonnull (line);

  return line;
}

static void
authenticate (Fixture *fixture)
{
  g_autoptr(GSubprocess) process = start (fixture, "authenticate", "Demo", "--print-url");
  g_autofree char *url = read_line (process);
  g_autoptr(GAsyncResult) visited = NULL;
  GAsyncResult *visit = NULL;
  g_autofree char *page = NULL;

  demo_browser_visit_async (url, ADMIN, "allow", keep_result, &visit);
  g_assert_cmpint (cli_home_end (fixture->home, process, NULL), ==, 0);
  visited = wait_result (&visit);
  page = demo_browser_visit_finish (visited, NULL);
  g_assert_nonnull (page);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  option)
{
  fixture->directory = g_dir_make_tmp ("sluice-import-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "rows.csv", NULL);
  fixture->home = cli_home_new ();
  fixture->org = demo_process_new (option, NULL);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "Demo", "--api-url", fixture->org->url,
                        "--consumer-key", "demo"), ==, 0);
  authenticate (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GDir) directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  g_clear_pointer (&fixture->org, demo_process_free);
  cli_home_free (fixture->home);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (fixture->directory, name, NULL);

      g_unlink (file);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static void
write_file (Fixture    *fixture,
            const char *text)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static void
write_accounts (Fixture *fixture,
                guint    n_rows)
{
  g_autoptr(GString) text = g_string_new ("Name,External__c\n");

  for (guint i = 1; i <= n_rows; i++)
    g_string_append_printf (text, "Made here,cli-%u\n", i);
  write_file (fixture, text->str);
}

static void
assert_accounts (Fixture    *fixture,
                 const char *number)
{
  g_autofree char *wanted = g_strdup_printf ("\n%s\r\n", number);

  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT COUNT(Id) n FROM Account WHERE External__c LIKE 'cli-%'"), ==, 0);
  g_assert_nonnull (strstr (fixture->home->out, wanted));
}

static void
test_confirmed (Fixture       *fixture,
                gconstpointer  unused)
{
  write_accounts (fixture, 2);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "--yes"));
  g_assert_nonnull (strstr (fixture->home->err, "Create 2 records of Account?"));
  g_assert_nonnull (strstr (fixture->home->err, "Production"));
  g_assert_nonnull (strstr (fixture->home->err, "External__c=cli-2"));
  assert_accounts (fixture, "0");

  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes"), ==, 0);
  g_assert_true (g_str_has_prefix (fixture->home->out, "succeeded\t2\t"));
  assert_accounts (fixture, "2");
}

static void
test_delete_on_production (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autofree char *created = g_strconcat (fixture->path, ".undo-delete.csv", NULL);

  write_accounts (fixture, 2);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes"), ==, 0);

  g_assert_cmpint (run (fixture, "import", "Demo", "Account", created, "--operation", "delete", "--yes"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "--confirm-delete Account"));
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", created, "--operation", "delete",
                        "--confirm-delete", "Contact"), ==, 1);
  assert_accounts (fixture, "2");

  g_assert_cmpint (run (fixture, "import", "Demo", "Account", created, "--operation", "delete",
                        "--confirm-delete", "Account"), ==, 0);
  assert_accounts (fixture, "0");
}

static void
test_partly (Fixture       *fixture,
             gconstpointer  unused)
{
  write_file (fixture, "Name,External__c,AnnualRevenue\nGood,cli-1,1\nBad,cli-2,-1\n");
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes", "--json"),
                   ==, 3);
  g_assert_nonnull (strstr (fixture->home->out, "\"succeeded\":1,\"failed\":1,\"unprocessed\":0,\"in_doubt\":0"));
  g_assert_nonnull (strstr (fixture->home->err, "1 of 2 rows were not written"));

  /* It fails again, and the row that was written is not written again. */
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes",
                        "--retry-failures"), ==, 3);
  assert_accounts (fixture, "1");
}

static void
test_dry_run (Fixture       *fixture,
              gconstpointer  unused)
{
  write_file (fixture, "Name,External__c,AnnualRevenue,Nmae\nGood,cli-1,1,\nBad,cli-2,much,\n");
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--dry-run"), ==, 3);
  g_assert_nonnull (strstr (fixture->home->out, "much"));
  g_assert_nonnull (strstr (fixture->home->err, "left out: Nmae\n"));
  assert_accounts (fixture, "0");

  write_accounts (fixture, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--dry-run"), ==, 0);
  assert_accounts (fixture, "0");
}

static void
test_wrong_words (Fixture       *fixture,
                  gconstpointer  unused)
{
  write_accounts (fixture, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path), ==, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "merge"), ==, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--rest", "--bulk"),
                   ==, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Nothing", fixture->path, "--operation", "insert"), ==, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", "/nowhere.csv", "--operation", "insert"), ==, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "upsert", "--key", "Phone"),
                   ==, 1);
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes",
                        "--resume"), ==, 1);
}

static gboolean
tick_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

/* Whether it came to its end before it was killed. */
static gboolean
kill_after (GSubprocess *process,
            guint        milliseconds)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;
  guint id = g_timeout_add (5, tick_cb, NULL);

  g_subprocess_wait_async (process, NULL, keep_result, &result);
  while (result == NULL && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);

  g_subprocess_force_exit (process);
  done = wait_result (&result);

  return g_subprocess_get_if_exited (process);
}

/* Killed wherever it is, also while the org is at work: nothing is lost, and nothing is written twice. */
static void
test_killed (Fixture       *fixture,
             gconstpointer  unused)
{
  static const guint delays[] = { 150, 400, 700, 1100, 1500 };
  g_autofree char *ledger = g_strconcat (fixture->path, ".import", NULL);
  const char *resume = NULL;
  guint n_kills = 0;

  write_accounts (fixture, 500);
  demo_process_control (fixture->org, "bulk?delay=400");

  /* The moments are what is tested; where they fall does not matter. */
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      g_autoptr(GSubprocess) process = NULL;

      resume = g_file_test (ledger, G_FILE_TEST_EXISTS) ? "--resume" : NULL;
      process = start (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes", "--bulk",
                       resume);
      if (kill_after (process, delays[i]))
        break;
      n_kills++;
    }

  if (n_kills == G_N_ELEMENTS (delays))
    {
      resume = g_file_test (ledger, G_FILE_TEST_EXISTS) ? "--resume" : NULL;
      g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes", "--bulk",
                            resume), ==, 0);
    }

  g_test_message ("Killed %u times", n_kills);
  g_assert_false (g_file_test (ledger, G_FILE_TEST_EXISTS));
  assert_accounts (fixture, "500");
}

static void
test_interrupted (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *ledger = g_strconcat (fixture->path, ".import", NULL);

  write_accounts (fixture, 3);
  demo_process_control (fixture->org, "bulk?delay=60000");
  process = start (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes", "--bulk");
  while (!g_file_test (ledger, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, FALSE);
  g_subprocess_send_signal (process, SIGINT);
  g_assert_cmpint (cli_home_end (fixture->home, process, NULL), ==, 130);
  g_assert_nonnull (strstr (fixture->home->err, "--resume"));
  assert_accounts (fixture, "0");

  demo_process_control (fixture->org, "bulk?delay=0");
  g_assert_cmpint (run (fixture, "import", "Demo", "Account", fixture->path, "--operation", "insert", "--yes", "--bulk",
                        "--resume"), ==, 0);
  assert_accounts (fixture, "3");
}

#define ADD(path, option, func) \
  g_test_add ("/cli/import/" path, Fixture, option, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("confirmed", NULL, test_confirmed);
  ADD ("delete-on-production", NULL, test_delete_on_production);
  ADD ("partly", NULL, test_partly);
  ADD ("dry-run", NULL, test_dry_run);
  ADD ("wrong-words", NULL, test_wrong_words);
  ADD ("killed", NULL, test_killed);
  ADD ("interrupted", NULL, test_interrupted);

  return g_test_run ();
}
