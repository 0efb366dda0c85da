/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define ID "11111111-1111-4111-8111-111111111111"

/* Runs the real program in a private home, with libsecret's file instead of a keyring, and with no bus or display. */
typedef struct
{
  char *home;
  char *out;
  char *err;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autofree char *folder = NULL;
  g_autofree char *file = NULL;

  fixture->home = g_dir_make_tmp ("sluicectl-XXXXXX", NULL);
  folder = g_build_filename (fixture->home, "config", "sluice", "subscriptions", NULL);
  file = g_build_filename (folder, ID ".json", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "{\"format\":1,\"name\":\"North Pier\",\"consumer_key\":\"3MVG9\","
                                      "\"api_url\":\"https://northpier.my.salesforce.com\"}", -1, NULL));
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
      g_unlink (child);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  remove_tree (fixture->home);
  g_free (fixture->home);
  g_free (fixture->out);
  g_free (fixture->err);
}

/* AddressSanitizer begins with this where there is no /proc. */
static void
drop_sanitizer_warning (char *text)
{
  const char *warning = "WARNING: reading executable name failed";
  char *end;

  while (g_str_has_prefix (text, "==") &&
         (end = strchr (text, '\n')) != NULL &&
         g_strstr_len (text, end - text, warning) != NULL)
    memmove (text, end + 1, strlen (end));
}

static int
run_with (Fixture    *fixture,
          const char *backend,
          const char **argv)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *config = g_build_filename (fixture->home, "config", NULL);
  g_autofree char *keyring = g_build_filename (fixture->home, "secrets.keyring", NULL);
  g_autoptr(GError) error = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_cwd (launcher, fixture->home);
  g_subprocess_launcher_setenv (launcher, "HOME", fixture->home, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", config, TRUE);
  g_subprocess_launcher_setenv (launcher, "SECRET_BACKEND", backend, TRUE);
  g_subprocess_launcher_setenv (launcher, "SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_subprocess_launcher_setenv (launcher, "SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");

  process = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &error);
  g_assert_no_error (error);
  g_clear_pointer (&fixture->out, g_free);
  g_clear_pointer (&fixture->err, g_free);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &fixture->out, &fixture->err, &error);
  g_assert_no_error (error);
  drop_sanitizer_warning (fixture->err);
  g_assert_true (g_subprocess_get_if_exited (process));

  return g_subprocess_get_exit_status (process);
}

#define run(fixture, ...) \
  run_with (fixture, "file", (const char *[]) { g_getenv ("SLUICECTL"), __VA_ARGS__, NULL })

static void
test_list (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "North Pier\tUnknown Environment\thttps://northpier.my.salesforce.com\n");
  g_assert_cmpstr (fixture->err, ==, "");
}

static void
test_show_json (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", "north pier"), ==, 0);
  node = json_from_string (fixture->out, NULL);
  g_assert_nonnull (node);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "id"), ==, ID);
  g_assert_cmpint (json_object_get_int_member (object, "throttle_limit"), ==, 500);
  g_assert_true (json_object_get_null_member (object, "damage"));
}

static void
test_life (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "duplicate", "North Pier", "South Pier"), ==, 0);
  g_assert_cmpint (run (fixture, "subscription", "export", "South Pier", "south.json"), ==, 0);
  g_assert_cmpint (run (fixture, "subscription", "import", "south.json"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "South Pier (2)\n");
  g_assert_cmpint (run (fixture, "subscription", "delete", "South Pier"), ==, 0);
  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_null (strstr (fixture->out, "South Pier\t"));
  g_assert_nonnull (strstr (fixture->out, "South Pier (2)\t"));
}

static JsonObject *
show (Fixture    *fixture,
      const char *name)
{
  g_autoptr(JsonNode) node = NULL;

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", name), ==, 0);
  node = json_from_string (fixture->out, NULL);
  g_assert_nonnull (node);

  return json_node_dup_object (node);
}

static void
test_add (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autoptr(JsonObject) object = NULL;

  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "East Pier", "--api-url",
                        "HTTPS://eastpier.lightning.force.com/lightning/page/home", "--consumer-key", "3MVG9",
                        "--throttle-limit", "50", "--budget-reserve=1000", "--look-back", "customer=30"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "");

  object = show (fixture, "East Pier");
  g_assert_cmpstr (json_object_get_string_member (object, "api_url"), ==, "https://eastpier.my.salesforce.com");
  g_assert_cmpstr (json_object_get_string_member (object, "consumer_key"), ==, "3MVG9");
  g_assert_cmpint (json_object_get_int_member (object, "throttle_limit"), ==, 50);
  g_assert_cmpint (json_object_get_int_member (object, "throttle_seconds"), ==, 60);
  g_assert_cmpint (json_object_get_int_member (object, "budget_reserve"), ==, 1000);
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "look_back"), "customer"), ==, 30);
}

static void
test_add_refused (Fixture       *fixture,
                  gconstpointer  unused)
{
  const char *good = "https://eastpier.my.salesforce.com";

  g_assert_cmpint (run (fixture, "subscription", "add", "--api-url", good), ==, 1);
  g_assert_true (g_str_has_prefix (fixture->err, "sluicectl: subscription add: name: "));
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "East Pier"), ==, 1);
  g_assert_true (g_str_has_prefix (fixture->err, "sluicectl: subscription add: api_url: "));
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "NORTH pier", "--api-url", good), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", "https://evil.example"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "--version", "9.9"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "--concurrent", "-1"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "--look-back", "x=1"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "surplus"), ==, 1);

  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", "https://eastpier.my.site.com/s"), ==, 1);
  g_assert_nonnull (strstr (fixture->err, good));
  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, "North Pier\tUnknown Environment\thttps://northpier.my.salesforce.com\n");
}

static void
test_set (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autoptr(JsonObject) object = NULL;

  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "name=South = Pier", "throttle-limit=7",
                        "api_key=", "look_back.customer=5", "sign-in-with=private-window"), ==, 0);
  object = show (fixture, "South = Pier");
  g_assert_cmpstr (json_object_get_string_member (object, "id"), ==, ID);
  g_assert_cmpint (json_object_get_int_member (object, "throttle_limit"), ==, 7);
  g_assert_cmpstr (json_object_get_string_member (object, "sign_in_with"), ==, "private-window");
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "look_back"), "customer"), ==, 5);
}

static void
test_set_refused (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *before = NULL;

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", "North Pier"), ==, 0);
  before = g_strdup (fixture->out);

  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "name"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "colour=red"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "name=x", "throttle_limit=many"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "sign_in_with=telepathy"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "name= "), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "api_key=hush", "colour=red"), ==, 1);
  g_assert_null (strstr (fixture->err, "hush"));

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", "North Pier"), ==, 0);
  g_assert_cmpstr (fixture->out, ==, before);
}

static void
test_unknown_name (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "show", "East Pier"), ==, 1);
  g_assert_cmpstr (fixture->out, ==, "");
  g_assert_true (g_str_has_prefix (fixture->err, "sluicectl: subscription show East Pier: There is no subscription"));
}

static void
test_name_taken (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "duplicate", "North Pier", "NORTH PIER"), ==, 1);
  g_assert_nonnull (strstr (fixture->err, "already"));
}

static void
test_wrong_words (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "list", "surplus"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "list", "--unknown"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "show"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription"), ==, 1);
  g_assert_cmpint (run (fixture, "nonsense"), ==, 1);
  g_assert_true (g_str_has_prefix (fixture->err, "sluicectl: nonsense: "));
  g_assert_cmpint (run (fixture, "--help"), ==, 0);
  g_assert_nonnull (strstr (fixture->out, "subscription"));
  g_assert_cmpint (run (fixture, "subscription", "show", "--help"), ==, 0);
}

static void
test_import_refused (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_assert_cmpint (run (fixture, "subscription", "import", "missing.json"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "import", "."), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "export", "North Pier", "no/such/folder.json"), ==, 1);
}

/* Without a keyring nobody can say that the tokens are gone, so the subscription stays. */
static void
test_delete_without_keyring (Fixture       *fixture,
                             gconstpointer  unused)
{
  const char *words[] = {
    g_getenv ("SLUICECTL"), "subscription", "delete", "North Pier", NULL,
  };

  g_assert_cmpint (run_with (fixture, "service", words), ==, 1);
  g_assert_nonnull (strstr (fixture->err, "no keyring service"));
  g_assert_cmpint (run (fixture, "subscription", "show", "North Pier"), ==, 0);
}

#define ADD(name, function) g_test_add ("/cli/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_assert_nonnull (g_getenv ("SLUICECTL"));

  ADD ("list", test_list);
  ADD ("show-json", test_show_json);
  ADD ("life", test_life);
  ADD ("add", test_add);
  ADD ("add-refused", test_add_refused);
  ADD ("set", test_set);
  ADD ("set-refused", test_set_refused);
  ADD ("unknown-name", test_unknown_name);
  ADD ("name-taken", test_name_taken);
  ADD ("wrong-words", test_wrong_words);
  ADD ("import-refused", test_import_refused);
  ADD ("delete-without-keyring", test_delete_without_keyring);

  return g_test_run ();
}
