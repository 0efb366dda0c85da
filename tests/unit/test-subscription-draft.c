/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-integration-file.h"
#include "sluice-subscription-draft.h"
#include "test-utils.h"

typedef struct
{
  char *folder;
  SluiceSubscriptionStore *store;
  SluiceSubscription *subscription;
  SluiceSubscriptionDraft *draft;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = g_build_filename (g_get_user_config_dir (), "sluice", "subscriptions", NULL);
  fixture->store = sluice_subscription_store_new (NULL);
  fixture->subscription = sluice_subscription_new_for_integration (sluice_integrations_find ("salesforce", NULL));
  sluice_subscription_set_name (fixture->subscription, "Sales");
  fixture->draft = sluice_subscription_draft_new (fixture->subscription,
                                                  sluice_subscription_store_get_list (fixture->store));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->draft);
  g_assert_finalize_object (fixture->store);
  /* The thread that wrote the file may still be about to let go of it. */
  g_object_unref (fixture->subscription);
  g_free (fixture->folder);
}

static void
set_text (Fixture                 *fixture,
          SluiceSubscriptionField  field,
          const char              *text)
{
  sluice_subscription_draft_set_text (fixture->draft, field, text);
}

static gboolean
save (Fixture  *fixture,
      GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_subscription_draft_save_async (fixture->draft, fixture->store, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_subscription_draft_save_finish (fixture->draft, done, error);
}

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

static void
test_prefilled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_assert_true (sluice_subscription_draft_get_valid (fixture->draft));
  g_assert_false (sluice_subscription_draft_get_changed (fixture->draft));
  g_assert_cmpuint (sluice_subscription_draft_get_number (fixture->draft, SLUICE_FIELD_LIMIT), ==, 500);
  g_assert_cmpuint (sluice_subscription_draft_get_number (fixture->draft, SLUICE_FIELD_SECONDS), ==, 60);
  g_assert_cmpuint (sluice_subscription_draft_get_number (fixture->draft, SLUICE_FIELD_CONCURRENT), ==, 10);
  g_assert_cmpstr (sluice_subscription_draft_get_text (fixture->draft, SLUICE_FIELD_API_URL), ==,
                   "https://login.salesforce.com");
}

static void
test_name_missing (Fixture       *fixture,
                   gconstpointer  unused)
{
  set_text (fixture, SLUICE_FIELD_NAME, "  ");

  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_NAME));
  g_assert_false (sluice_subscription_draft_get_valid (fixture->draft));
}

static void
test_name_taken (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) other = sluice_subscription_new ();

  sluice_subscription_set_name (other, "Service");
  set_text (fixture, SLUICE_FIELD_NAME, "SERVICE ");
  g_assert_true (sluice_subscription_draft_get_valid (fixture->draft));

  sluice_subscription_list_add (sluice_subscription_store_get_list (fixture->store), other);

  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_NAME));
  g_assert_false (sluice_subscription_draft_get_valid (fixture->draft));
}

static void
test_version_unknown (Fixture       *fixture,
                      gconstpointer  unused)
{
  set_text (fixture, SLUICE_FIELD_VERSION, "99.0");

  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_VERSION));
  g_assert_false (sluice_subscription_draft_get_valid (fixture->draft));
}

static void
test_url_refused (Fixture       *fixture,
                  gconstpointer  unused)
{
  set_text (fixture, SLUICE_FIELD_API_URL, "https://example.com");

  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_API_URL));
  g_assert_null (sluice_subscription_draft_get_normalised_url (fixture->draft));
  g_assert_false (sluice_subscription_draft_get_valid (fixture->draft));

  set_text (fixture, SLUICE_FIELD_API_URL, "");
  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_API_URL));
}

static void
test_url_normalised (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  set_text (fixture, SLUICE_FIELD_API_URL, " https://northpier.lightning.force.com/lightning/page/home ");
  g_assert_cmpstr (sluice_subscription_draft_get_normalised_url (fixture->draft), ==,
                   "https://northpier.my.salesforce.com");
  g_assert_false (sluice_subscription_draft_needs_confirmation (fixture->draft));

  save (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sluice_subscription_get_api_url (fixture->subscription), ==,
                   "https://northpier.my.salesforce.com");
  g_assert_cmpstr (sluice_subscription_draft_get_text (fixture->draft, SLUICE_FIELD_API_URL), ==,
                   "https://northpier.my.salesforce.com");
}

static void
test_url_confirmed (Fixture       *fixture,
                    gconstpointer  unused)
{
  set_text (fixture, SLUICE_FIELD_API_URL, "https://northpier.my.site.com/help");
  g_assert_true (sluice_subscription_draft_needs_confirmation (fixture->draft));
  g_assert_null (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_API_URL));
  g_assert_false (sluice_subscription_draft_get_valid (fixture->draft));

  sluice_subscription_draft_confirm_url (fixture->draft);
  g_assert_cmpstr (sluice_subscription_draft_get_text (fixture->draft, SLUICE_FIELD_API_URL), ==,
                   "https://northpier.my.salesforce.com");
  g_assert_true (sluice_subscription_draft_get_valid (fixture->draft));
}

static void
test_consumer_key (Fixture       *fixture,
                   gconstpointer  unused)
{
  set_text (fixture, SLUICE_FIELD_CONSUMER_KEY, "");
  g_assert_true (sluice_subscription_draft_get_valid (fixture->draft));

  set_text (fixture, SLUICE_FIELD_CONSUMER_KEY, " 3MVG9._x ");
  g_assert_true (sluice_subscription_draft_get_valid (fixture->draft));

  set_text (fixture, SLUICE_FIELD_CONSUMER_KEY, "3MVG9 copied along");
  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_CONSUMER_KEY));
  g_assert_false (sluice_subscription_draft_get_valid (fixture->draft));
}

static void
test_limit_needs_time (Fixture       *fixture,
                       gconstpointer  unused)
{
  sluice_subscription_draft_set_number (fixture->draft, SLUICE_FIELD_SECONDS, 0);
  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_SECONDS));
  g_assert_false (sluice_subscription_draft_get_valid (fixture->draft));

  sluice_subscription_draft_set_number (fixture->draft, SLUICE_FIELD_LIMIT, 0);
  g_assert_true (sluice_subscription_draft_get_valid (fixture->draft));

  sluice_subscription_draft_set_number (fixture->draft, SLUICE_FIELD_HUB_LIMIT, 5);
  g_assert_nonnull (sluice_subscription_draft_get_error (fixture->draft, SLUICE_FIELD_HUB_SECONDS));
}

static void
test_reset_throttle (Fixture       *fixture,
                     gconstpointer  unused)
{
  sluice_subscription_draft_set_number (fixture->draft, SLUICE_FIELD_LIMIT, 7);
  g_assert_false (sluice_subscription_draft_has_default_throttle (fixture->draft));

  sluice_subscription_draft_reset_throttle (fixture->draft);
  g_assert_true (sluice_subscription_draft_has_default_throttle (fixture->draft));
  g_assert_false (sluice_subscription_draft_get_changed (fixture->draft));
}

static void
test_revert (Fixture       *fixture,
             gconstpointer  unused)
{
  set_text (fixture, SLUICE_FIELD_NAME, "");
  sluice_subscription_draft_set_look_back_days (fixture->draft, "customer", 30);
  g_assert_true (sluice_subscription_draft_get_changed (fixture->draft));

  sluice_subscription_draft_revert (fixture->draft);

  g_assert_false (sluice_subscription_draft_get_changed (fixture->draft));
  g_assert_true (sluice_subscription_draft_get_valid (fixture->draft));
  g_assert_cmpuint (sluice_subscription_draft_get_look_back_days (fixture->draft, "customer"), ==, 0);
}

static void
test_no_days_is_no_change (Fixture       *fixture,
                           gconstpointer  unused)
{
  sluice_subscription_draft_set_look_back_days (fixture->draft, "customer", 30);
  sluice_subscription_draft_set_look_back_days (fixture->draft, "customer", 0);

  g_assert_false (sluice_subscription_draft_get_changed (fixture->draft));
}

static void
test_merges_outside_change (Fixture       *fixture,
                            gconstpointer  unused)
{
  set_text (fixture, SLUICE_FIELD_NAME, "Mine");

  sluice_subscription_set_name (fixture->subscription, "Theirs");
  sluice_subscription_set_consumer_key (fixture->subscription, "theirs");

  g_assert_cmpstr (sluice_subscription_draft_get_text (fixture->draft, SLUICE_FIELD_NAME), ==, "Mine");
  g_assert_cmpstr (sluice_subscription_draft_get_text (fixture->draft, SLUICE_FIELD_CONSUMER_KEY), ==, "theirs");

  sluice_subscription_draft_revert (fixture->draft);
  g_assert_cmpstr (sluice_subscription_draft_get_text (fixture->draft, SLUICE_FIELD_NAME), ==, "Theirs");
}

static void
test_status_is_no_update (Fixture       *fixture,
                          gconstpointer  unused)
{
  guint count = 0;

  g_signal_connect (fixture->draft, "updated", G_CALLBACK (count_cb), &count);
  sluice_subscription_set_status (fixture->subscription, SLUICE_STATUS_VERIFYING);
  g_assert_cmpuint (count, ==, 0);

  set_text (fixture, SLUICE_FIELD_NAME, "Other");
  g_assert_cmpuint (count, ==, 1);
}

static void
test_save (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  set_text (fixture, SLUICE_FIELD_NAME, " New name ");
  sluice_subscription_draft_set_number (fixture->draft, SLUICE_FIELD_LIMIT, 7);
  sluice_subscription_draft_set_number (fixture->draft, SLUICE_FIELD_BUDGET_RESERVE, 1000);
  sluice_subscription_draft_set_number (fixture->draft, SLUICE_FIELD_SIGN_IN_WITH, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  sluice_subscription_draft_set_look_back_days (fixture->draft, "customer", 30);
  g_assert_cmpstr (sluice_subscription_get_name (fixture->subscription), ==, "Sales");

  save (fixture, &error);
  g_assert_no_error (error);

  g_assert_false (sluice_subscription_draft_get_changed (fixture->draft));
  g_assert_cmpstr (sluice_subscription_get_name (fixture->subscription), ==, "New name");
  g_assert_cmpuint (sluice_subscription_get_throttle_settings (fixture->subscription)->limit, ==, 7);
  g_assert_cmpuint (sluice_subscription_get_budget_reserve (fixture->subscription), ==, 1000);
  g_assert_cmpint (sluice_subscription_get_sign_in_with (fixture->subscription), ==,
                   SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  g_assert_cmpuint (sluice_subscription_get_look_back_days (fixture->subscription, "customer"), ==, 30);
}

static void
test_save_invalid (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  set_text (fixture, SLUICE_FIELD_NAME, "");

  g_assert_false (save (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpstr (sluice_subscription_get_name (fixture->subscription), ==, "Sales");
}

/* The folder cannot be made, because a file has its name; this holds for root as well. */
static void
test_save_fails (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *parent = g_path_get_dirname (fixture->folder);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_rmdir (fixture->folder);
  g_assert_true (g_file_set_contents (fixture->folder, "", 0, NULL));
  sluice_subscription_set_org_id (fixture->subscription, "00D5e000000ABCDEA4");
  set_text (fixture, SLUICE_FIELD_API_URL, "https://test.salesforce.com");

  g_assert_false (save (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_cmpstr (sluice_subscription_get_api_url (fixture->subscription), ==, "https://login.salesforce.com");
  g_assert_cmpstr (sluice_subscription_get_org_id (fixture->subscription), ==, "00D5e000000ABCDEA4");
  g_assert_cmpstr (sluice_subscription_draft_get_text (fixture->draft, SLUICE_FIELD_API_URL), ==,
                   "https://test.salesforce.com");
  g_assert_true (sluice_subscription_draft_get_changed (fixture->draft));

  g_assert_cmpint (g_unlink (fixture->folder), ==, 0);
}

static void
test_moves (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_org_id (fixture->subscription, "00D5e000000ABCDEA4");
  sluice_subscription_set_environment (fixture->subscription, SLUICE_ENVIRONMENT_PRODUCTION);
  set_text (fixture, SLUICE_FIELD_NAME, "Other");
  g_assert_false (sluice_subscription_draft_moves (fixture->draft));

  set_text (fixture, SLUICE_FIELD_API_URL, "https://test.salesforce.com");
  g_assert_true (sluice_subscription_draft_moves (fixture->draft));

  save (fixture, &error);
  g_assert_no_error (error);
  g_assert_null (sluice_subscription_get_org_id (fixture->subscription));
  g_assert_cmpint (sluice_subscription_get_environment (fixture->subscription), ==, SLUICE_ENVIRONMENT_UNKNOWN);
  g_assert_false (sluice_subscription_draft_moves (fixture->draft));
}

static void
test_consumer_secret (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_draft_set_consumer_secret (fixture->draft, "");
  g_assert_false (sluice_subscription_draft_get_changed (fixture->draft));

  sluice_subscription_draft_set_consumer_secret (fixture->draft, "hush");
  g_assert_true (sluice_subscription_draft_get_changed (fixture->draft));

  save (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sluice_subscription_draft_get_consumer_secret (fixture->draft), ==, "hush");
  g_assert_null (strstr (sluice_subscription_get_document (fixture->subscription), "hush"));

  sluice_subscription_draft_revert (fixture->draft);
  g_assert_null (sluice_subscription_draft_get_consumer_secret (fixture->draft));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/sync/draft/prefilled", test_prefilled);
  ADD ("/sync/draft/name-missing", test_name_missing);
  ADD ("/sync/draft/name-taken", test_name_taken);
  ADD ("/sync/draft/version-unknown", test_version_unknown);
  ADD ("/sync/draft/url-refused", test_url_refused);
  ADD ("/sync/draft/url-normalised", test_url_normalised);
  ADD ("/sync/draft/url-confirmed", test_url_confirmed);
  ADD ("/sync/draft/consumer-key", test_consumer_key);
  ADD ("/sync/draft/consumer-secret", test_consumer_secret);
  ADD ("/sync/draft/limit-needs-time", test_limit_needs_time);
  ADD ("/sync/draft/reset-throttle", test_reset_throttle);
  ADD ("/sync/draft/revert", test_revert);
  ADD ("/sync/draft/no-days-is-no-change", test_no_days_is_no_change);
  ADD ("/sync/draft/merges-outside-change", test_merges_outside_change);
  ADD ("/sync/draft/status-is-no-update", test_status_is_no_update);
  ADD ("/sync/draft/save", test_save);
  ADD ("/sync/draft/save-invalid", test_save_invalid);
  ADD ("/sync/draft/save-fails", test_save_fails);
  ADD ("/sync/draft/moves", test_moves);

  return g_test_run ();
}
