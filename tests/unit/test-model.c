/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "sluice-call.h"
#include "sluice-credentials.h"
#include "sluice-error.h"
#include "sluice-limit.h"
#include "sluice-query-position.h"
#include "sluice-subscription-list.h"

static void
test_environment_from_organization (void)
{
  g_assert_cmpint (sluice_environment_from_organization (FALSE, "Enterprise Edition", NULL), ==,
                   SLUICE_ENVIRONMENT_PRODUCTION);
  g_assert_cmpint (sluice_environment_from_organization (TRUE, "Enterprise Edition", NULL), ==,
                   SLUICE_ENVIRONMENT_SANDBOX);
  g_assert_cmpint (sluice_environment_from_organization (TRUE, "Developer Edition", "2026-12-01T00:00:00.000+0000"), ==,
                   SLUICE_ENVIRONMENT_SCRATCH);
  g_assert_cmpint (sluice_environment_from_organization (TRUE, "Developer Edition", NULL), ==,
                   SLUICE_ENVIRONMENT_SANDBOX);
  g_assert_cmpint (sluice_environment_from_organization (FALSE, "Developer Edition", NULL), ==,
                   SLUICE_ENVIRONMENT_DEVELOPER);
  g_assert_cmpint (sluice_environment_from_organization (FALSE, "Enterprise Edition", "2026-12-01T00:00:00.000+0000"), ==,
                   SLUICE_ENVIRONMENT_DEVELOPER);
  g_assert_cmpint (sluice_environment_from_organization (FALSE, NULL, ""), ==, SLUICE_ENVIRONMENT_PRODUCTION);
}

static void
test_environment_nick (void)
{
  for (int i = SLUICE_ENVIRONMENT_UNKNOWN; i <= SLUICE_ENVIRONMENT_DEVELOPER; i++)
    {
      g_assert_cmpint (sluice_environment_from_nick (sluice_environment_get_nick (i)), ==, i);
      g_assert_cmpstr (sluice_environment_get_label (i), !=, "");
    }

  g_assert_cmpint (sluice_environment_from_nick ("elsewhere"), ==, SLUICE_ENVIRONMENT_UNKNOWN);
  g_assert_cmpint (sluice_environment_from_nick (NULL), ==, SLUICE_ENVIRONMENT_UNKNOWN);
}

static void
test_status_words (void)
{
  for (int i = SLUICE_STATUS_DAMAGED; i <= SLUICE_STATUS_NEEDS_ATTENTION; i++)
    {
      g_assert_true (g_str_has_suffix (sluice_status_get_icon_name (i), "-symbolic"));
      for (int j = SLUICE_STATUS_DAMAGED; j < i; j++)
        {
          g_assert_cmpstr (sluice_status_get_label (i), !=, sluice_status_get_label (j));
          g_assert_cmpstr (sluice_status_get_nick (i), !=, sluice_status_get_nick (j));
        }
    }
}

static void
test_credentials_copy (void)
{
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();
  g_autoptr(SluiceCredentials) copy = NULL;

  g_assert_true (sluice_credentials_is_empty (credentials));

  credentials->access_token = g_strdup ("access");
  credentials->login_url = g_strdup ("https://login.salesforce.com");
  credentials->instance_url = g_strdup ("https://northpier.my.salesforce.com");
  credentials->issued_at = 1795437845123;
  g_assert_false (sluice_credentials_is_empty (credentials));

  copy = sluice_credentials_copy (credentials);
  g_assert_true (sluice_credentials_equal (credentials, copy));

  sluice_secret_set (&copy->refresh_token, "refresh");
  g_assert_false (sluice_credentials_equal (credentials, copy));

  sluice_secret_set (&copy->refresh_token, NULL);
  g_assert_true (sluice_credentials_equal (credentials, copy));

  sluice_secret_set (&copy->access_token, copy->access_token + 2);
  g_assert_cmpstr (copy->access_token, ==, "cess");
}

static void
test_error_remembers_server (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) copy = NULL;
  g_autoptr(GError) plain = NULL;

  error = sluice_error_new_server (SLUICE_ERROR_LIMIT, "REQUEST_LIMIT_EXCEEDED", "TotalRequests", 403, "abc", "Wait.");
  copy = g_error_copy (error);

  g_assert_error (copy, SLUICE_ERROR, SLUICE_ERROR_LIMIT);
  g_assert_cmpstr (copy->message, ==, "Wait.");
  g_assert_cmpstr (sluice_error_get_server_code (copy), ==, "REQUEST_LIMIT_EXCEEDED");
  g_assert_cmpstr (sluice_error_get_server_text (copy), ==, "TotalRequests");
  g_assert_cmpstr (sluice_error_get_request_id (copy), ==, "abc");
  g_assert_cmpuint (sluice_error_get_http_status (copy), ==, 403);

  plain = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "other");
  g_assert_null (sluice_error_get_server_code (plain));
  g_assert_cmpuint (sluice_error_get_http_status (plain), ==, 0);
}

static void
count_cb (gpointer    object,
          GParamSpec *pspec,
          guint      *count)
{
  (*count)++;
}

static void
test_call_life (void)
{
  g_autoptr(SluiceCall) call = sluice_call_new ("GET", "/services/data/v68.0/query", "Query Account", 10);
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autoptr(GError) failure = g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_OFFLINE, "offline");
  g_autofree char *text = NULL;
  gint64 started_at;

  g_assert_cmpint (sluice_call_get_state (call), ==, SLUICE_CALL_WAITING);

  sluice_call_started (call, 20);
  g_object_get (call, "started-at", &started_at, NULL);
  g_assert_cmpint (sluice_call_get_state (call), ==, SLUICE_CALL_RUNNING);
  g_assert_cmpint (started_at, ==, 20);

  sluice_call_ended (call, 30, 0, 0, NULL, cancelled);
  g_object_get (call, "error-text", &text, NULL);
  g_assert_cmpint (sluice_call_get_state (call), ==, SLUICE_CALL_CANCELLED);
  g_assert_null (text);

  sluice_call_ended (call, 30, 0, 0, NULL, failure);
  g_object_get (call, "error-text", &text, NULL);
  g_assert_cmpint (sluice_call_get_state (call), ==, SLUICE_CALL_FAILED);
  g_assert_cmpstr (text, ==, "offline");

  sluice_call_ended (call, 30, 200, 512, "req", NULL);
  g_assert_cmpint (sluice_call_get_state (call), ==, SLUICE_CALL_DONE);
}

static void
test_call_list_bounded (void)
{
  g_autoptr(SluiceCallList) list = sluice_call_list_new (3);
  gint64 expected = 4;

  for (gint64 i = 0; i < 5; i++)
    {
      g_autoptr(SluiceCall) call = sluice_call_new ("GET", "/", "", i);

      sluice_call_list_add (list, call);
    }

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(SluiceCall) call = g_list_model_get_item (G_LIST_MODEL (list), i);
      gint64 queued_at;

      g_object_get (call, "queued-at", &queued_at, NULL);
      g_assert_cmpint (queued_at, ==, expected--);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 3));

  sluice_call_list_clear (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

static void
test_subscription_notifies_once (void)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new ();
  guint count = 0;

  g_assert_true (g_uuid_string_is_valid (sluice_subscription_get_id (subscription)));

  g_signal_connect (subscription, "notify::name", G_CALLBACK (count_cb), &count);
  sluice_subscription_set_name (subscription, "North Pier");
  sluice_subscription_set_name (subscription, "North Pier");
  g_assert_cmpuint (count, ==, 1);

  g_object_set (subscription, "name", "South Pier", NULL);
  g_assert_cmpstr (sluice_subscription_get_name (subscription), ==, "South Pier");
  g_assert_cmpuint (count, ==, 2);
}

static void
test_subscription_status_follows_key (void)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new ();

  g_assert_cmpint (sluice_subscription_get_status (subscription), ==, SLUICE_STATUS_INCOMPLETE);
  sluice_subscription_set_consumer_key (subscription, "demo");
  g_assert_cmpint (sluice_subscription_get_status (subscription), ==, SLUICE_STATUS_SIGNED_OUT);
  sluice_subscription_set_consumer_key (subscription, NULL);
  g_assert_cmpint (sluice_subscription_get_status (subscription), ==, SLUICE_STATUS_INCOMPLETE);

  sluice_subscription_set_status (subscription, SLUICE_STATUS_CONNECTED);
  sluice_subscription_set_consumer_key (subscription, "other");
  g_assert_cmpint (sluice_subscription_get_status (subscription), ==, SLUICE_STATUS_CONNECTED);
}

static void
test_subscription_organization (void)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new ();
  g_autoptr(SluiceOrganization) organization = NULL;

  organization = g_object_new (SLUICE_TYPE_ORGANIZATION,
                               "id", "00D5e000000ABCDEA4",
                               "environment", SLUICE_ENVIRONMENT_SANDBOX,
                               NULL);
  sluice_subscription_set_organization (subscription, organization);
  sluice_subscription_set_organization (subscription, NULL);

  g_assert_cmpstr (sluice_subscription_get_org_id (subscription), ==, "00D5e000000ABCDEA4");
  g_assert_cmpint (sluice_subscription_get_environment (subscription), ==, SLUICE_ENVIRONMENT_SANDBOX);
}

static void
test_subscription_duplicate (void)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new ();
  g_autoptr(SluiceSubscription) copy = NULL;
  SluiceThrottleSettings settings = { 5, 6, 7, 8, 9 };

  sluice_subscription_set_name (subscription, "One");
  sluice_subscription_set_consumer_key (subscription, "demo");
  sluice_subscription_set_throttle_settings (subscription, &settings);
  sluice_subscription_set_look_back_days (subscription, "customer", 30);
  sluice_subscription_set_sign_in_with (subscription, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  sluice_subscription_set_org_id (subscription, "00D");
  sluice_subscription_set_token_state (subscription, TRUE, TRUE, 1);

  copy = sluice_subscription_duplicate (subscription, "Two");

  g_assert_cmpstr (sluice_subscription_get_id (copy), !=, sluice_subscription_get_id (subscription));
  g_assert_cmpstr (sluice_subscription_get_name (copy), ==, "Two");
  g_assert_cmpstr (sluice_subscription_get_consumer_key (copy), ==, "demo");
  g_assert_true (sluice_throttle_settings_equal (sluice_subscription_get_throttle_settings (copy), &settings));
  g_assert_cmpuint (sluice_subscription_get_look_back_days (copy, "customer"), ==, 30);
  g_assert_cmpint (sluice_subscription_get_sign_in_with (copy), ==, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  g_assert_null (sluice_subscription_get_org_id (copy));
  g_assert_false (sluice_subscription_get_has_access_token (copy));
}

static SluiceSubscription *
add_named (SluiceSubscriptionList *list,
           const char             *name)
{
  g_autoptr(SluiceSubscription) subscription = sluice_subscription_new ();

  sluice_subscription_set_name (subscription, name);
  sluice_subscription_list_add (list, subscription);

  return subscription;
}

static void
assert_names (SluiceSubscriptionList *list,
              const char             *expected)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr(SluiceSubscription) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_string_append_printf (names, "%s%s", i > 0 ? "," : "", sluice_subscription_get_name (item));
    }

  g_assert_cmpstr (names->str, ==, expected);
}

static void
count_changes_cb (GListModel *list,
                  guint       position,
                  guint       removed,
                  guint       added,
                  guint      *count)
{
  (*count)++;
}

static void
test_list_sorted (void)
{
  g_autoptr(SluiceSubscriptionList) list = sluice_subscription_list_new ();
  SluiceSubscription *middle;
  guint changes = 0;

  add_named (list, "gamma");
  middle = add_named (list, "Beta");
  add_named (list, "alpha");
  assert_names (list, "alpha,Beta,gamma");

  g_signal_connect (list, "items-changed", G_CALLBACK (count_changes_cb), &changes);
  sluice_subscription_set_name (middle, "zeta");
  assert_names (list, "alpha,gamma,zeta");
  sluice_subscription_set_name (middle, "zeta2");
  g_assert_cmpuint (changes, ==, 1);

  g_assert_true (sluice_subscription_list_remove (list, middle));
  assert_names (list, "alpha,gamma");
}

static void
test_list_unique_names (void)
{
  g_autoptr(SluiceSubscriptionList) list = sluice_subscription_list_new ();
  g_autoptr(SluiceSubscription) damaged = NULL;
  SluiceSubscription *one = add_named (list, "Müller");
  g_autofree char *unique = NULL;

  g_assert_false (sluice_subscription_list_is_name_free (list, " MÜLLER ", NULL));
  g_assert_false (sluice_subscription_list_is_name_free (list, "Mu\xcc\x88ller", NULL));
  g_assert_true (sluice_subscription_list_is_name_free (list, "Müller", one));
  g_assert_true (sluice_subscription_list_find_by_name (list, "müller") == one);

  add_named (list, "Müller (2)");
  unique = sluice_subscription_list_make_unique_name (list, "Müller");
  g_assert_cmpstr (unique, ==, "Müller (3)");

  damaged = sluice_subscription_new_damaged ("x", "/x.json", "Broken", "It is broken.");
  sluice_subscription_list_add (list, damaged);
  g_assert_cmpint (sluice_subscription_get_status (damaged), ==, SLUICE_STATUS_DAMAGED);
  g_assert_true (sluice_subscription_list_is_name_free (list, "Broken", NULL));
  g_assert_true (sluice_subscription_list_find_by_name (list, "Broken") == damaged);
  g_assert_true (sluice_subscription_list_find_by_id (list, "x") == damaged);
}

static void
test_limit_numbers (void)
{
  g_autoptr(SluiceLimit) limit = sluice_limit_new ("DailyApiRequests", 15000, 14250);
  g_autoptr(SluiceLimit) none = sluice_limit_new ("DailyApiRequests", 0, 0);
  g_autoptr(SluiceLimit) over = sluice_limit_new ("DailyApiRequests", 100, -20);
  g_autoptr(SluiceLimit) odd = sluice_limit_new ("DailyApiRequests", 100, 120);
  g_autoptr(SluiceLimit) huge = sluice_limit_new ("DailyApiRequests", G_MAXINT64, G_MININT64);

  g_assert_cmpint (sluice_limit_get_used (limit), ==, 750);
  g_assert_cmpfloat_with_epsilon (sluice_limit_get_fraction (limit), 0.05, 1e-9);
  g_assert_cmpfloat (sluice_limit_get_fraction (none), ==, 0.0);
  g_assert_cmpint (sluice_limit_get_used (over), ==, 120);
  g_assert_cmpfloat (sluice_limit_get_fraction (over), ==, 1.0);
  g_assert_cmpint (sluice_limit_get_used (odd), ==, 0);
  g_assert_cmpint (sluice_limit_get_used (huge), ==, G_MAXINT64);
}

static void
test_limit_labels (void)
{
  static const char * const labels[][2] = {
    { "DailyApiRequests", "API Requests per Day" },
    { "ConcurrentAsyncGetReportInstances", "Concurrent Async Get Report Instances" },
    { "DailyStreamingAPIEvents", "Daily Streaming API Events" },
    { "HourlyODataCallout", "Hourly O Data Callout" },
    { "MonthlyXMB", "Monthly XMB" },
    { "v2Jobs_Left", "v2 Jobs Left" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr(SluiceLimit) limit = sluice_limit_new (labels[i][0], 1, 1);

      g_assert_cmpstr (sluice_limit_get_label (limit), ==, labels[i][1]);
    }
}

static void
test_query_position (void)
{
  guint row = 0;
  guint column = 0;

  g_assert_true (sluice_query_find_position ("\nSELECT Foo FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo'",
                                             &row, &column));
  g_assert_cmpuint (row, ==, 1);
  g_assert_cmpuint (column, ==, 8);

  g_assert_false (sluice_query_find_position ("unexpected token: FROM", &row, &column));
  g_assert_false (sluice_query_find_position ("ERROR at Row:0:Column:8", &row, &column));
  g_assert_false (sluice_query_find_position ("ERROR at Row:99999999999999999999:Column:8", &row, &column));
  g_assert_false (sluice_query_find_position ("", &row, &column));
  g_assert_false (sluice_query_find_position (NULL, &row, &column));
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model/environment/from-organization", test_environment_from_organization);
  g_test_add_func ("/model/environment/nick", test_environment_nick);
  g_test_add_func ("/model/status/words", test_status_words);
  g_test_add_func ("/model/credentials/copy", test_credentials_copy);
  g_test_add_func ("/model/error/remembers-server", test_error_remembers_server);
  g_test_add_func ("/model/call/life", test_call_life);
  g_test_add_func ("/model/call-list/bounded", test_call_list_bounded);
  g_test_add_func ("/model/limit/numbers", test_limit_numbers);
  g_test_add_func ("/model/limit/labels", test_limit_labels);
  g_test_add_func ("/model/subscription/notifies-once", test_subscription_notifies_once);
  g_test_add_func ("/model/subscription/status-follows-key", test_subscription_status_follows_key);
  g_test_add_func ("/model/subscription/organization", test_subscription_organization);
  g_test_add_func ("/model/subscription/duplicate", test_subscription_duplicate);
  g_test_add_func ("/model/list/sorted", test_list_sorted);
  g_test_add_func ("/model/list/unique-names", test_list_unique_names);
  g_test_add_func ("/model/query-position", test_query_position);

  return g_test_run ();
}
