/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "sluice-error.h"
#include "sluice-limit.h"
#include "sluice-org-budget.h"
#include "sluice-verification.h"

static char *
choose (const char  *json,
        GError     **error)
{
  g_autoptr(JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;

  return sluice_api_version_choose (node, "60.0", "68.0", error);
}

static void
test_version_chosen (void)
{
  static const char * const rows[][2] = {
    { "[{\"version\":\"20.0\"},{\"version\":\"68.0\",\"label\":\"Winter '27\",\"url\":\"/services/data/v68.0\"}]", "68.0" },
    { "[{\"version\":\"60.0\"},{\"version\":\"67.0\"}]", "67.0" },
    { "[{\"version\":\"70.0\"},{\"version\":\"69.0\"},{\"version\":\"61.0\"}]", "68.0" },
    { "[{\"version\":\"60.0\"}]", "60.0" },
    { "[1,null,{},{\"version\":68.0},{\"version\":\"x\"},{\"version\":\"99999999999999999999.0\"},{\"version\":\"66.0\"}]",
      "66.0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *version = choose (rows[i][0], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (version, ==, rows[i][1]);
    }
}

static void
test_version_refused (void)
{
  static const struct
  {
    const char *json;
    int code;
  } rows[] = {
    { NULL, SLUICE_ERROR_PROTOCOL },
    { "{}", SLUICE_ERROR_PROTOCOL },
    { "[]", SLUICE_ERROR_PROTOCOL },
    { "[{\"version\":\"sixty\"}]", SLUICE_ERROR_PROTOCOL },
    { "[{\"version\":\"58.0\"},{\"version\":\"59.0\"}]", SLUICE_ERROR_REJECTED },
    { "[{\"version\":\"69.0\"},{\"version\":\"70.0\"}]", SLUICE_ERROR_REJECTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *version = choose (rows[i].json, &error);

      g_assert_error (error, SLUICE_ERROR, rows[i].code);
      g_assert_null (version);
    }
}

static void
test_limits_read (void)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GListModel) limits = NULL;
  g_autoptr(SluiceLimit) first = NULL;
  g_autoptr(SluiceLimit) second = NULL;

  node = json_from_string ("{\"DataStorageMB\":{\"Max\":\"5\",\"Remaining\":\"3\"},"
                           "\"Odd\":{\"Max\":1},\"Text\":\"x\",\"List\":[],\"Null\":null,\"Wrong\":{\"Max\":{},\"Remaining\":[]},"
                           "\"DailyApiRequests\":{\"Max\":15000,\"Remaining\":14981,\"Ourapp\":{\"Max\":0,\"Remaining\":0}}}",
                           NULL);
  limits = sluice_limits_from_json (node);
  g_assert_cmpuint (g_list_model_get_n_items (limits), ==, 2);

  first = g_list_model_get_item (limits, 0);
  g_assert_cmpstr (sluice_limit_get_name (first), ==, "DailyApiRequests");
  g_assert_cmpint (sluice_limit_get_used (first), ==, 19);
  second = g_list_model_get_item (limits, 1);
  g_assert_cmpint (sluice_limit_get_max (second), ==, 5);
}

static void
test_limits_absent (void)
{
  g_autoptr(JsonNode) array = json_from_string ("[]", NULL);
  g_autoptr(GListModel) none = sluice_limits_from_json (NULL);
  g_autoptr(GListModel) odd = sluice_limits_from_json (array);

  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (odd), ==, 0);
}

static void
test_org_id (void)
{
  static const char * const rows[][2] = {
    { "https://login.salesforce.com/id/00D5e000000ABCDEA4/0055e000000FGHIAA4", "00D5e000000ABCDEA4" },
    { "https://northpier.my.salesforce.com/id/00D5e000000ABCD/0055e000000FGHI", "00D5e000000ABCD" },
    { "https://login.salesforce.com/id/00D5e000000ABCDEA4", NULL },
    { "https://login.salesforce.com/id/00D/0055e000000FGHIAA4", NULL },
    { "https://login.salesforce.com/id/00D5e000000AB..EA4/0055", NULL },
    { "https://login.salesforce.com/", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *id = sluice_org_budget_dup_org_id (rows[i][0]);

      g_assert_cmpstr (id, ==, rows[i][1]);
    }
}

static void
test_reserve_shared (void)
{
  g_autoptr(SluiceBudget) budget = sluice_budget_new (NULL);
  int one, two;

  sluice_org_budget_reserve (budget, &one, 100);
  sluice_org_budget_reserve (budget, &two, 300);
  g_assert_cmpuint (sluice_budget_get_reserve (budget), ==, 300);

  sluice_org_budget_reserve (budget, &two, 50);
  g_assert_cmpuint (sluice_budget_get_reserve (budget), ==, 100);

  sluice_org_budget_reserve (budget, &one, 0);
  sluice_org_budget_reserve (budget, &two, 0);
  g_assert_cmpuint (sluice_budget_get_reserve (budget), ==, 0);
}

static void
test_budget_updated (void)
{
  g_autoptr(SluiceBudget) budget = sluice_budget_new (NULL);
  g_autoptr(JsonNode) node = json_from_string ("{\"DailyApiRequests\":{\"Max\":15000,\"Remaining\":14000}}", NULL);
  g_autoptr(GListModel) limits = sluice_limits_from_json (node);

  sluice_org_budget_update (NULL, limits);
  sluice_org_budget_update (budget, limits);
  g_assert_cmpuint (sluice_budget_get_used (budget), ==, 1000);
  g_assert_cmpuint (sluice_budget_get_limit (budget), ==, 15000);
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/sync/api-version/chosen", test_version_chosen);
  g_test_add_func ("/sync/api-version/refused", test_version_refused);
  g_test_add_func ("/sync/limits/read", test_limits_read);
  g_test_add_func ("/sync/limits/absent", test_limits_absent);
  g_test_add_func ("/sync/org-budget/org-id", test_org_id);
  g_test_add_func ("/sync/org-budget/reserve-shared", test_reserve_shared);
  g_test_add_func ("/sync/org-budget/updated", test_budget_updated);

  return g_test_run ();
}
