/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The real program and the real demo org, with a scripted browser between them. */

#include "config.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <utime.h>

#include "cli-home.h"
#include "demo-process.h"
#include "test-utils.h"

#define ADMIN "admin@demo.example"

typedef struct
{
  CliHome *home;
  DemoProcess *org;
} Fixture;

#define run(fixture, ...) \
  cli_home_run ((fixture)->home, "file", NULL, (const char * const []) { __VA_ARGS__, NULL })

#define start(fixture, ...) \
  cli_home_start ((fixture)->home, "file", (const char * const []) { __VA_ARGS__, NULL })

static void
set_up (Fixture       *fixture,
        gconstpointer  option)
{
  fixture->home = cli_home_new ();
  fixture->org = demo_process_new (option, NULL);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "Demo", "--api-url", fixture->org->url,
                        "--consumer-key", "demo"), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_pointer (&fixture->org, demo_process_free);
  cli_home_free (fixture->home);
}

/* Access tokens begin with the org's id and a “!”, refresh tokens with 5Aep861. */
static void
assert_no_secret (Fixture *fixture)
{
  g_assert_false (g_regex_match_simple ("00D[0-9A-Za-z]{12}!|5Aep|demo-secret", fixture->home->out, 0, 0));
  g_assert_false (g_regex_match_simple ("00D[0-9A-Za-z]{12}!|5Aep|demo-secret", fixture->home->err, 0, 0));
}

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

static int
authenticate_as (Fixture    *fixture,
                 const char *username,
                 const char *decision)
{
  g_autoptr(GSubprocess) process = start (fixture, "authenticate", "Demo", "--print-url");
  g_autofree char *url = read_line (process);
  g_autoptr(GAsyncResult) visited = NULL;
  GAsyncResult *visit = NULL;
  g_autofree char *page = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  demo_browser_visit_async (url, username, decision, keep_result, &visit);
  status = cli_home_end (fixture->home, process, NULL);
  visited = wait_result (&visit);
  page = demo_browser_visit_finish (visited, &error);
  g_assert_no_error (error);
  assert_no_secret (fixture);

  return status;
}

static void
set_up_signed_in (Fixture       *fixture,
                  gconstpointer  option)
{
  set_up (fixture, option);
  g_assert_cmpint (authenticate_as (fixture, ADMIN, "allow"), ==, 0);
}

static guint
count_lines (const char *text)
{
  guint n_lines = 0;

  for (const char *p = text; *p != '\0'; p++)
    n_lines += *p == '\n';

  return n_lines;
}

static void
test_authenticate (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_assert_cmpint (authenticate_as (fixture, ADMIN, "allow"), ==, 0);
  g_assert_nonnull (strstr (fixture->home->out, "Northwind Traders"));
  g_assert_cmpstr (fixture->home->err, ==, "");

  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_true (g_str_has_prefix (fixture->home->out, "Demo\tProduction\t"));
}

static void
test_denied (Fixture       *fixture,
             gconstpointer  unused)
{
  g_assert_cmpint (authenticate_as (fixture, ADMIN, "deny"), ==, 1);
  g_assert_true (g_str_has_prefix (fixture->home->err, "sluicectl: authenticate Demo: "));
}

static void
test_timeout (Fixture       *fixture,
              gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "authenticate", "Demo", "--print-url", "--timeout", "1"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "Nobody signed in within 1 second."));
  g_assert_cmpint (run (fixture, "authenticate", "Demo", "--timeout", "0"), ==, 1);
}

/* There is no browser in the private home, so the address is printed after all. */
static void
test_no_browser (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(GSubprocess) process = start (fixture, "authenticate", "Demo");
  g_autofree char *url = read_line (process);

  g_assert_true (g_str_has_prefix (url, fixture->org->url));
  g_subprocess_send_signal (process, SIGINT);
  g_assert_cmpint (cli_home_end (fixture->home, process, NULL), ==, 130);
}

static void
test_without_keyring (Fixture       *fixture,
                      gconstpointer  unused)
{
  const char * const words[] = { "authenticate", "Demo", "--print-url", NULL };

  g_assert_cmpint (cli_home_run (fixture->home, "service", NULL, words), ==, 1);
  g_assert_cmpstr (fixture->home->out, ==, "");
  g_assert_nonnull (strstr (fixture->home->err, "no keyring service"));
}

static void
test_consumer_secret (Fixture       *fixture,
                      gconstpointer  unused)
{
  const char * const words[] = { "subscription", "set", "Demo", "consumer_key=demo-confidential",
                                 "--consumer-secret-stdin", NULL };
  const char * const nothing[] = { "subscription", "set", "Demo", "--consumer-secret-stdin", NULL };

  g_assert_cmpint (cli_home_run (fixture->home, "file", "demo-secret\n", words), ==, 0);
  assert_no_secret (fixture);
  g_assert_cmpint (authenticate_as (fixture, ADMIN, "allow"), ==, 0);

  g_assert_cmpint (cli_home_run (fixture->home, "file", "", nothing), ==, 1);
  g_assert_cmpint (cli_home_run (fixture->home, "file", "\n", nothing), ==, 0);
  g_assert_cmpint (authenticate_as (fixture, ADMIN, "allow"), ==, 1);
}

/* Tokens of another app than the one that is named would only be refused, later. */
static void
test_other_app (Fixture       *fixture,
                gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "set", "Demo", "throttle_limit=400"), ==, 0);
  g_assert_cmpint (run (fixture, "verify", "Demo"), ==, 0);

  g_assert_cmpint (run (fixture, "subscription", "set", "Demo", "consumer_key=demo-confidential"), ==, 0);
  g_assert_cmpint (run (fixture, "verify", "Demo"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "Nobody is signed in"));
}

static void
test_verify (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  g_assert_cmpint (run (fixture, "verify", "Demo", "--json"), ==, 0);
  assert_no_secret (fixture);
  node = json_from_string (fixture->home->out, NULL);
  g_assert_nonnull (node);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "username"), ==, ADMIN);
  g_assert_cmpstr (json_object_get_string_member (object, "environment"), ==, "production");
  g_assert_true (json_object_get_boolean_member (object, "has_refresh_token"));
  g_assert_cmpstr (json_object_get_string_member (object, "secret_place"), ==, "file");
  g_assert_true (json_object_has_member (json_object_get_object_member (object, "limits"), "DailyApiRequests"));
}

static void
test_verify_signed_out (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "verify", "Demo"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "Nobody is signed in"));
}

static void
forget_the_org (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->home->path, "config", "sluice", "subscriptions", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *path = g_build_filename (folder, g_dir_read_name (dir), NULL);
  g_autoptr(GRegex) regex = g_regex_new ("00D[0-9A-Za-z]{15}", 0, 0, NULL);
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_regex_replace_literal (regex, text, -1, 0, "00D5e000000WXYZEA4", 0, NULL);
  g_assert_cmpstr (changed, !=, text);
  g_assert_true (g_file_set_contents (path, changed, -1, NULL));
}

static void
test_other_org (Fixture       *fixture,
                gconstpointer  unused)
{
  forget_the_org (fixture);
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account"), ==, 1);
  g_assert_cmpstr (fixture->home->out, ==, "");
  g_assert_nonnull (strstr (fixture->home->err, "another org"));

  g_assert_cmpint (run (fixture, "verify", "Demo", "--accept-other-org"), ==, 0);
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account LIMIT 1"), ==, 0);
}

static void
test_query_csv (Fixture       *fixture,
                gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name, Owner.Name FROM Account ORDER BY Name"), ==, 0);
  g_assert_true (g_str_has_prefix (fixture->home->out, "Id,Name,Owner.Name\r\n"));
  g_assert_cmpuint (count_lines (fixture->home->out), >, 50);
  g_assert_cmpstr (fixture->home->err, ==, "");
}

static void
test_query_json (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(JsonNode) node = NULL;
  g_auto(GStrv) lines = NULL;

  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Name FROM Account ORDER BY Name LIMIT 2", "--json"), ==, 0);
  lines = g_strsplit (fixture->home->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  node = json_from_string (lines[0], NULL);
  g_assert_nonnull (node);
  g_assert_true (json_object_has_member (json_node_get_object (node), "Name"));
}

static void
test_query_refused (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Colour FROM Account"), ==, 1);
  g_assert_true (g_str_has_prefix (fixture->home->err, "sluicectl: query Demo: "));
  g_assert_nonnull (strstr (fixture->home->err, "Colour"));
  g_assert_cmpstr (fixture->home->out, ==, "");

  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "--bulk", "--rest"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "--bulk"));
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "--resume"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "--output"));
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "--format", "xml"), ==, 1);
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "--output", "no/such/file"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "no/such/file"));
}

static char *
read_file (Fixture    *fixture,
           const char *name)
{
  g_autofree char *path = g_build_filename (fixture->home->path, name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

static guint
count_files (Fixture    *fixture,
             const char *prefix)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->home->path, 0, NULL);
  const char *name;
  guint n_files = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n_files += g_str_has_prefix (name, prefix);

  return n_files;
}

static void
test_output (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->home->path, "rows.csv", NULL);
  g_autofree char *text = NULL;
  GStatBuf info;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "-o", "rows.csv", "--progress"), ==, 0);
  g_assert_cmpstr (fixture->home->out, ==, "");
  g_assert_nonnull (strstr (fixture->home->err, "rows a second"));
  text = read_file (fixture, "rows.csv");
  g_assert_true (g_str_has_prefix (text, "Id\r\n"));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0640);
  g_assert_cmpuint (count_files (fixture, "rows.csv"), ==, 1);
}

/* The second page does not come, until it is asked for again. */
static void
test_output_incomplete (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->home->path, "rows.csv", NULL);
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *resumed = NULL;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  demo_process_control (fixture->org, "fault?spec=/services/data/v68.0/query/%23*:404");
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "-o", "rows.csv", "--rest"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "--resume"));
  text = read_file (fixture, "rows.csv");
  g_assert_cmpstr (text, ==, "old");
  g_assert_cmpuint (count_files (fixture, "rows.csv"), ==, 3);

  demo_process_control (fixture->org, "fault?spec=");
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "-o", "rows.csv", "--resume"), ==, 0);
  g_assert_cmpuint (count_files (fixture, "rows.csv"), ==, 1);
  resumed = read_file (fixture, "rows.csv");
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "-o", "whole.csv", "--rest"), ==, 0);
  whole = read_file (fixture, "whole.csv");
  g_assert_true (g_str_equal (resumed, whole));
}

static void
test_output_bulk (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *rest = NULL;
  g_autofree char *bulk = NULL;

  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "-o", "rest.csv", "--rest"), ==, 0);
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "-o", "bulk.csv", "--bulk"), ==, 0);
  rest = read_file (fixture, "rest.csv");
  bulk = read_file (fixture, "bulk.csv");
  g_assert_true (g_str_equal (rest, bulk));
}

static void
test_output_table (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account", "--format", "sqlite"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "--output"));
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "--format", "sqlite", "-o", "org.db"),
                   ==, 0);
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "--format", "sqlite", "-o", "org.db"),
                   ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "already"));
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "--format", "sqlite", "-o", "org.db",
                        "--replace"), ==, 0);
  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "--format", "sqlite", "-o", "org.db",
                        "--table", "other", "--bulk"), ==, 0);
}

static gboolean
look_again_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

static void
test_output_interrupted (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(GSubprocess) process = NULL;
  guint look_id = g_timeout_add (10, look_again_cb, NULL);

  demo_process_control (fixture->org, "fault?spec=/services/data/v68.0/query/%23*:hang");
  process = start (fixture, "query", "Demo", "SELECT Id FROM Account", "-o", "rows.csv", "--rest");
  wait_for (count_files (fixture, "rows.csv.") > 0);
  g_source_remove (look_id);
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_cmpint (cli_home_end (fixture->home, process, NULL), ==, 130);
  g_assert_cmpuint (count_files (fixture, "rows.csv.part"), ==, 2);
  g_assert_false (g_file_test ("rows.csv", G_FILE_TEST_EXISTS));
}

static void
sleep_ended_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* Killed at five instants, from before the first record to near the end; each run goes on where the last one was. */
static void
assert_survives (Fixture    *fixture,
                 const char *transport)
{
  g_autofree char *whole = NULL;
  g_autofree char *resumed = NULL;
  gint64 duration = g_get_monotonic_time ();

  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "-o", "whole.csv", transport), ==, 0);
  duration = g_get_monotonic_time () - duration;

  for (guint i = 1; i <= 5; i++)
    {
      g_autoptr(GSubprocess) process = NULL;
      gboolean slept = FALSE;

      process = start (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "-o", "killed.csv", "--resume", transport);
      g_timeout_add_once ((guint) (duration * i / 6 / 1000), sleep_ended_cb, &slept);
      wait_for (slept);
      g_subprocess_force_exit (process);
      g_assert_true (g_subprocess_wait (process, NULL, NULL));
    }

  g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id, Name FROM Account", "-o", "killed.csv", "--resume",
                        transport), ==, 0);
  whole = read_file (fixture, "whole.csv");
  resumed = read_file (fixture, "killed.csv");
  g_assert_true (g_str_equal (resumed, whole));
  g_assert_cmpuint (count_files (fixture, "killed.csv"), ==, 1);
}

static void
test_killed_rest (Fixture       *fixture,
                  gconstpointer  unused)
{
  assert_survives (fixture, "--rest");
}

static void
test_killed_bulk (Fixture       *fixture,
                  gconstpointer  unused)
{
  assert_survives (fixture, "--bulk");
}

static void
test_rotation (Fixture       *fixture,
               gconstpointer  unused)
{
  for (guint i = 0; i < 3; i++)
    {
      demo_process_control (fixture->org, "expire");
      g_assert_cmpint (run (fixture, "query", "Demo", "SELECT Id FROM Account LIMIT 1"), ==, 0);
    }
}

/* The org ends a grant whose refresh token comes twice. */
static void
test_two_programs (Fixture       *fixture,
                   gconstpointer  unused)
{
  GSubprocess *processes[2];

  demo_process_control (fixture->org, "expire");
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    processes[i] = start (fixture, "verify", "Demo");

  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      if (cli_home_end (fixture->home, processes[i], NULL) != 0)
        g_error ("One of two programs failed: %s", fixture->home->err);
      g_object_unref (processes[i]);
    }

  g_assert_cmpint (run (fixture, "verify", "Demo"), ==, 0);
}

static void
test_disconnect (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "disconnect", "Demo", "--revoke"), ==, 0);
  g_assert_cmpint (demo_process_ask (fixture->org, "grants"), ==, 0);
  g_assert_cmpint (run (fixture, "verify", "Demo"), ==, 1);
  g_assert_cmpint (run (fixture, "disconnect", "Demo"), ==, 0);
}

static void
test_disconnect_offline (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_clear_pointer (&fixture->org, demo_process_free);
  g_assert_cmpint (run (fixture, "disconnect", "Demo", "--revoke"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "The tokens are deleted here"));
  g_assert_cmpint (run (fixture, "verify", "Demo"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "Nobody is signed in"));
}

static void
test_delete_revokes (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "delete", "Demo", "--revoke"), ==, 0);
  g_assert_cmpint (demo_process_ask (fixture->org, "grants"), ==, 0);
  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_cmpstr (fixture->home->out, ==, "");
}

static const char *
find_state (JsonArray  *checks,
            const char *check)
{
  for (guint i = 0; i < json_array_get_length (checks); i++)
    {
      JsonObject *object = json_array_get_object_element (checks, i);

      if (strcmp (json_object_get_string_member (object, "check"), check) == 0)
        return json_object_get_string_member (object, "state");
    }

  return NULL;
}

static JsonNode *
examine (Fixture    *fixture,
         const char *backend,
         int         status)
{
  const char * const words[] = { "doctor", "Demo", "--json", NULL };
  g_autoptr(GString) array = g_string_new ("[");
  g_auto(GStrv) lines = NULL;

  g_assert_cmpint (cli_home_run (fixture->home, backend, NULL, words), ==, status);
  assert_no_secret (fixture);
  lines = g_strsplit (fixture->home->out, "\n", -1);
  for (guint i = 0; *lines[i] != '\0'; i++)
    g_string_append_printf (array, "%s%s", i > 0 ? "," : "", lines[i]);
  g_string_append_c (array, ']');

  return json_from_string (array->str, NULL);
}

static void
test_doctor_well (Fixture       *fixture,
                  gconstpointer  unused)
{
  static const char * const checks[] = {
    "version", "settings", "ports", "keyring", "proxy", "dns", "network", "tls", "tokens", "org", "clock", "limits",
  };
  g_autoptr(JsonNode) node = examine (fixture, "file", 0);

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    g_assert_cmpstr (find_state (json_node_get_array (node), checks[i]), ==, "ok");

  g_assert_cmpint (run (fixture, "doctor", "Demo"), ==, 0);
  g_assert_true (g_str_has_prefix (fixture->home->out, "ok    version"));
}

static void
test_doctor_signed_out (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(JsonNode) node = examine (fixture, "file", 0);

  g_assert_cmpstr (find_state (json_node_get_array (node), "tokens"), ==, "warn");
  g_assert_null (find_state (json_node_get_array (node), "org"));
}

static void
test_doctor_ill (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(JsonNode) node = NULL;

  g_clear_pointer (&fixture->org, demo_process_free);
  node = examine (fixture, "file", 1);
  g_assert_cmpstr (find_state (json_node_get_array (node), "network"), ==, "fail");
  g_assert_cmpstr (find_state (json_node_get_array (node), "org"), ==, "fail");
  g_assert_cmpstr (find_state (json_node_get_array (node), "tokens"), ==, "ok");
}

static void
test_doctor_without_keyring (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(JsonNode) node = examine (fixture, "service", 1);

  g_assert_cmpstr (find_state (json_node_get_array (node), "keyring"), ==, "fail");
  g_assert_cmpstr (find_state (json_node_get_array (node), "tokens"), ==, "fail");
}

static void
test_doctor_nearly_used_up (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(JsonNode) node = NULL;

  demo_process_control (fixture->org, "usage?used=97000");
  node = examine (fixture, "file", 1);
  g_assert_cmpstr (find_state (json_node_get_array (node), "limits"), ==, "fail");
}

static gint64
count_calls (Fixture *fixture)
{
  return demo_process_ask (fixture->org, "used");
}

static void
test_describe (Fixture       *fixture,
               gconstpointer  unused)
{
  gint64 calls;

  g_assert_cmpint (run (fixture, "describe", "Demo"), ==, 0);
  g_assert_cmpstr (fixture->home->err, ==, "");
  g_assert_nonnull (strstr (fixture->home->out, "Account\tAccount\tstandard\n"));

  g_assert_cmpint (run (fixture, "describe", "Demo", "account"), ==, 0);
  g_assert_nonnull (strstr (fixture->home->out, "\nName\tstring(255)\tAccount Name\tRequired, Name\t\n"));
  g_assert_nonnull (strstr (fixture->home->out, "\nParentId\treference(Account)\t"));
  g_assert_nonnull (strstr (fixture->home->out, "External ID, Unique, Custom"));
  assert_no_secret (fixture);

  /* What is known costs no call. */
  calls = count_calls (fixture);
  g_assert_cmpint (run (fixture, "describe", "Demo", "Account"), ==, 0);
  g_assert_cmpint (run (fixture, "describe", "Demo"), ==, 0);
  g_assert_cmpint (count_calls (fixture), ==, calls);

  g_assert_cmpint (run (fixture, "describe", "--refresh", "Demo", "Account"), ==, 0);
  g_assert_cmpint (count_calls (fixture), >, calls);
}

static void
test_describe_json (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object, *field;
  JsonArray *fields;

  g_assert_cmpint (run (fixture, "describe", "--json", "Demo", "Contact"), ==, 0);
  g_assert_cmpuint (count_lines (fixture->home->out), ==, 1);
  node = json_from_string (fixture->home->out, NULL);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "key_prefix"), ==, "003");
  g_assert_false (json_object_get_boolean_member (object, "custom"));
  fields = json_object_get_array_member (object, "fields");
  field = json_array_get_object_element (fields, 0);
  g_assert_cmpstr (json_object_get_string_member (field, "name"), ==, "Id");
  g_assert_cmpstr (json_object_get_string_member (field, "type"), ==, "id");
  g_assert_true (json_object_has_member (object, "child_relationships"));

  g_assert_cmpint (run (fixture, "describe", "--json", "Demo"), ==, 0);
  g_assert_cmpuint (count_lines (fixture->home->out), >=, 12);
}

static void
test_describe_unknown (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "describe", "Demo", "Nonsense__c"), ==, 1);
  g_assert_cmpstr (fixture->home->out, ==, "");
  g_assert_nonnull (strstr (fixture->home->err, "“Nonsense__c”"));

  g_assert_cmpint (run (fixture, "describe", "Demo", "../Account"), ==, 1);
  g_assert_nonnull (strstr (fixture->home->err, "no API name"));
}

static void
age_files (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      age_files (inner);
    }
  g_assert_cmpint (g_utime (path, &(struct utimbuf) { 1700000000, 1700000000 }), ==, 0);
}

static void
test_describe_offline (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autofree char *cache = g_build_filename (fixture->home->path, "cache", "sluice", "describe", NULL);

  g_assert_cmpint (run (fixture, "describe", "Demo", "Account"), ==, 0);
  age_files (cache);
  g_clear_pointer (&fixture->org, demo_process_free);

  g_assert_cmpint (run (fixture, "describe", "Demo", "Account"), ==, 0);
  g_assert_nonnull (strstr (fixture->home->out, "\nName\tstring(255)\t"));
  g_assert_nonnull (strstr (fixture->home->err, "This is from 14 November 2023"));

  g_assert_cmpint (run (fixture, "describe", "Demo", "Contact"), ==, 1);
  g_assert_cmpint (run (fixture, "describe", "--refresh", "Demo", "Account"), ==, 1);
}

static void
test_describe_forgotten (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char *cache = g_build_filename (fixture->home->path, "cache", "sluice", "describe", NULL);
  g_autoptr(GDir) dir = NULL;

  g_assert_cmpint (run (fixture, "describe", "Demo", "Account"), ==, 0);
  g_assert_cmpint (run (fixture, "disconnect", "Demo"), ==, 0);
  dir = g_dir_open (cache, 0, NULL);
  g_assert_nonnull (dir);
  g_assert_null (g_dir_read_name (dir));
  g_assert_cmpint (run (fixture, "describe", "Demo", "Account"), ==, 1);
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(JsonNode) node = NULL;
  JsonObject *calls;

  g_assert_cmpint (run (fixture, "limits", "Demo"), ==, 0);
  g_assert_true (g_str_has_prefix (fixture->home->out, "API Requests per Day\t"));

  g_assert_cmpint (run (fixture, "limits", "--json", "Demo"), ==, 0);
  g_assert_cmpuint (count_lines (fixture->home->out), ==, 1);
  node = json_from_string (fixture->home->out, NULL);
  calls = json_object_get_object_member (json_node_get_object (node), "DailyApiRequests");
  g_assert_cmpint (json_object_get_int_member (calls, "remaining"), <, json_object_get_int_member (calls, "max"));
}

#define ADD(name, function) g_test_add ("/cli/org/" name, Fixture, NULL, set_up, function, tear_down)
#define ADD_SIGNED_IN(name, function, option) \
  g_test_add ("/cli/org/" name, Fixture, option, set_up_signed_in, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("authenticate", test_authenticate);
  ADD ("denied", test_denied);
  ADD ("timeout", test_timeout);
  ADD ("no-browser", test_no_browser);
  ADD ("without-keyring", test_without_keyring);
  ADD ("consumer-secret", test_consumer_secret);
  ADD_SIGNED_IN ("other-app", test_other_app, NULL);
  ADD_SIGNED_IN ("verify/json", test_verify, NULL);
  ADD ("verify/signed-out", test_verify_signed_out);
  ADD_SIGNED_IN ("other-org", test_other_org, NULL);
  ADD_SIGNED_IN ("describe/text", test_describe, NULL);
  ADD_SIGNED_IN ("describe/json", test_describe_json, NULL);
  ADD_SIGNED_IN ("describe/unknown", test_describe_unknown, NULL);
  ADD_SIGNED_IN ("describe/offline", test_describe_offline, NULL);
  ADD_SIGNED_IN ("describe/forgotten", test_describe_forgotten, NULL);
  ADD_SIGNED_IN ("limits", test_limits, NULL);
  ADD_SIGNED_IN ("query/csv", test_query_csv, NULL);
  ADD_SIGNED_IN ("query/json", test_query_json, NULL);
  ADD_SIGNED_IN ("query/refused", test_query_refused, NULL);
  ADD_SIGNED_IN ("query/output", test_output, NULL);
  ADD_SIGNED_IN ("query/output-bulk", test_output_bulk, "--data=5000");
  ADD_SIGNED_IN ("query/output-table", test_output_table, NULL);
  ADD_SIGNED_IN ("query/killed-rest", test_killed_rest, "--data=200000");
  ADD_SIGNED_IN ("query/killed-bulk", test_killed_bulk, "--data=200000");
  ADD_SIGNED_IN ("query/output-incomplete", test_output_incomplete, "--data=5000");
  ADD_SIGNED_IN ("query/output-interrupted", test_output_interrupted, "--data=5000");
  ADD_SIGNED_IN ("rotation", test_rotation, NULL);
  ADD_SIGNED_IN ("two-programs", test_two_programs, "--latency=200");
  ADD_SIGNED_IN ("disconnect/revoke", test_disconnect, NULL);
  ADD_SIGNED_IN ("disconnect/offline", test_disconnect_offline, NULL);
  ADD_SIGNED_IN ("delete-revokes", test_delete_revokes, NULL);
  ADD_SIGNED_IN ("doctor/well", test_doctor_well, NULL);
  ADD ("doctor/signed-out", test_doctor_signed_out);
  ADD_SIGNED_IN ("doctor/ill", test_doctor_ill, NULL);
  ADD_SIGNED_IN ("doctor/without-keyring", test_doctor_without_keyring, NULL);
  ADD_SIGNED_IN ("doctor/nearly-used-up", test_doctor_nearly_used_up, NULL);

  return g_test_run ();
}
