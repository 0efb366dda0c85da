/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "cli-home.h"

#define ID "11111111-1111-4111-8111-111111111111"

static void
set_up (CliHome       **fixture,
        gconstpointer   unused)
{
  g_autofree char *file = NULL;

  *fixture = cli_home_new ();
  file = cli_home_dup_subscription_file (*fixture, ID);
  g_assert_true (g_file_set_contents (file, "{\"format\":1,\"name\":\"North Pier\",\"consumer_key\":\"3MVG9\","
                                      "\"api_url\":\"https://northpier.my.salesforce.com\"}", -1, NULL));
}

static void
tear_down (CliHome       **fixture,
           gconstpointer   unused)
{
  cli_home_free (*fixture);
}

#define run(fixture, ...) \
  cli_home_run (*(fixture), "file", NULL, (const char * const []) { __VA_ARGS__, NULL })

static void
test_list (CliHome       **fixture,
           gconstpointer   unused)
{
  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_cmpstr ((*fixture)->out, ==, "North Pier\tUnknown Environment\thttps://northpier.my.salesforce.com\n");
  g_assert_cmpstr ((*fixture)->err, ==, "");
}

static void
test_show_json (CliHome       **fixture,
                gconstpointer   unused)
{
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", "north pier"), ==, 0);
  node = json_from_string ((*fixture)->out, NULL);
  g_assert_nonnull (node);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "id"), ==, ID);
  g_assert_cmpint (json_object_get_int_member (object, "throttle_limit"), ==, 500);
  g_assert_true (json_object_get_null_member (object, "damage"));
}

static void
test_life (CliHome       **fixture,
           gconstpointer   unused)
{
  g_assert_cmpint (run (fixture, "subscription", "duplicate", "North Pier", "South Pier"), ==, 0);
  g_assert_cmpint (run (fixture, "subscription", "export", "South Pier", "south.json"), ==, 0);
  g_assert_cmpint (run (fixture, "subscription", "import", "south.json"), ==, 0);
  g_assert_cmpstr ((*fixture)->out, ==, "South Pier (2)\n");
  g_assert_cmpint (run (fixture, "subscription", "delete", "South Pier"), ==, 0);
  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_null (strstr ((*fixture)->out, "South Pier\t"));
  g_assert_nonnull (strstr ((*fixture)->out, "South Pier (2)\t"));
}

static JsonObject *
show (CliHome    **fixture,
      const char  *name)
{
  g_autoptr(JsonNode) node = NULL;

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", name), ==, 0);
  node = json_from_string ((*fixture)->out, NULL);
  g_assert_nonnull (node);

  return json_node_dup_object (node);
}

static void
test_add (CliHome       **fixture,
          gconstpointer   unused)
{
  g_autoptr(JsonObject) object = NULL;

  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "East Pier", "--api-url",
                        "HTTPS://eastpier.lightning.force.com/lightning/page/home", "--consumer-key", "3MVG9",
                        "--throttle-limit", "50", "--budget-reserve=1000", "--look-back", "customer=30"), ==, 0);
  g_assert_cmpstr ((*fixture)->out, ==, "");

  object = show (fixture, "East Pier");
  g_assert_cmpstr (json_object_get_string_member (object, "api_url"), ==, "https://eastpier.my.salesforce.com");
  g_assert_cmpstr (json_object_get_string_member (object, "consumer_key"), ==, "3MVG9");
  g_assert_cmpint (json_object_get_int_member (object, "throttle_limit"), ==, 50);
  g_assert_cmpint (json_object_get_int_member (object, "throttle_seconds"), ==, 60);
  g_assert_cmpint (json_object_get_int_member (object, "budget_reserve"), ==, 1000);
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "look_back"), "customer"), ==, 30);
}

static void
test_add_refused (CliHome       **fixture,
                  gconstpointer   unused)
{
  const char *good = "https://eastpier.my.salesforce.com";

  g_assert_cmpint (run (fixture, "subscription", "add", "--api-url", good), ==, 1);
  g_assert_true (g_str_has_prefix ((*fixture)->err, "sluicectl: subscription add: name: "));
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "East Pier"), ==, 1);
  g_assert_true (g_str_has_prefix ((*fixture)->err, "sluicectl: subscription add: api_url: "));
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "NORTH pier", "--api-url", good), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", "https://evil.example"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "--version", "9.9"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "--concurrent", "-1"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "--look-back", "x=1"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", good, "surplus"), ==, 1);

  g_assert_cmpint (run (fixture, "subscription", "add", "--name", "x", "--api-url", "https://eastpier.my.site.com/s"), ==, 1);
  g_assert_nonnull (strstr ((*fixture)->err, good));
  g_assert_cmpint (run (fixture, "subscription", "list"), ==, 0);
  g_assert_cmpstr ((*fixture)->out, ==, "North Pier\tUnknown Environment\thttps://northpier.my.salesforce.com\n");
}

static void
test_set (CliHome       **fixture,
          gconstpointer   unused)
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
test_set_refused (CliHome       **fixture,
                  gconstpointer   unused)
{
  g_autofree char *before = NULL;

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", "North Pier"), ==, 0);
  before = g_strdup ((*fixture)->out);

  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "name"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "colour=red"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "name=x", "throttle_limit=many"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "sign_in_with=telepathy"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "name= "), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "set", "North Pier", "api_key=hush", "colour=red"), ==, 1);
  g_assert_null (strstr ((*fixture)->err, "hush"));

  g_assert_cmpint (run (fixture, "subscription", "show", "--json", "North Pier"), ==, 0);
  g_assert_cmpstr ((*fixture)->out, ==, before);
}

static void
test_unknown_name (CliHome       **fixture,
                   gconstpointer   unused)
{
  g_assert_cmpint (run (fixture, "subscription", "show", "East Pier"), ==, 1);
  g_assert_cmpstr ((*fixture)->out, ==, "");
  g_assert_true (g_str_has_prefix ((*fixture)->err, "sluicectl: subscription show East Pier: There is no subscription"));
}

static void
test_name_taken (CliHome       **fixture,
                 gconstpointer   unused)
{
  g_assert_cmpint (run (fixture, "subscription", "duplicate", "North Pier", "NORTH PIER"), ==, 1);
  g_assert_nonnull (strstr ((*fixture)->err, "already"));
}

static void
test_wrong_words (CliHome       **fixture,
                  gconstpointer   unused)
{
  g_assert_cmpint (run (fixture, "subscription", "list", "surplus"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "list", "--unknown"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "show"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription"), ==, 1);
  g_assert_cmpint (run (fixture, "nonsense"), ==, 1);
  g_assert_true (g_str_has_prefix ((*fixture)->err, "sluicectl: nonsense: "));
  g_assert_cmpint (run (fixture, "--help"), ==, 0);
  g_assert_nonnull (strstr ((*fixture)->out, "subscription"));
  g_assert_cmpint (run (fixture, "subscription", "show", "--help"), ==, 0);
}

static void
test_import_refused (CliHome       **fixture,
                     gconstpointer   unused)
{
  g_assert_cmpint (run (fixture, "subscription", "import", "missing.json"), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "import", "."), ==, 1);
  g_assert_cmpint (run (fixture, "subscription", "export", "North Pier", "no/such/folder.json"), ==, 1);
}

/* Without a keyring nobody can say that the tokens are gone, so the subscription stays. */
static void
test_delete_without_keyring (CliHome       **fixture,
                             gconstpointer   unused)
{
  const char * const words[] = { "subscription", "delete", "North Pier", NULL };

  g_assert_cmpint (cli_home_run (*fixture, "service", NULL, words), ==, 1);
  g_assert_nonnull (strstr ((*fixture)->err, "no keyring service"));
  g_assert_cmpint (run (fixture, "subscription", "show", "North Pier"), ==, 0);
}

#define ADD(name, function) g_test_add ("/cli/" name, CliHome *, NULL, set_up, function, tear_down)

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
