/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-commit.h"

#include <string.h>

#include "gated-store.h"
#include "sluice-error.h"
#include "sluice-integration-file.h"
#include "test-utils.h"

typedef struct
{
  GatedStore *credentials;
  SluiceWorkspace *workspace;
  SluiceSubscription *subscription;
  SluiceSubscriptionDraft *draft;
} Fixture;

static gboolean
commit (Fixture  *fixture,
        GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_subscription_commit_async (fixture->draft, fixture->workspace, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_subscription_commit_finish (fixture->draft, done, error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->credentials = gated_store_new ();
  fixture->workspace = sluice_workspace_new (NULL, SLUICE_CREDENTIAL_STORE (fixture->credentials),
                                             sluice_clock_get_system ());
  fixture->subscription = sluice_subscription_new_for_integration (sluice_integrations_find ("salesforce", NULL));
  sluice_subscription_set_name (fixture->subscription, "Sales");
  fixture->draft = sluice_subscription_draft_new (fixture->subscription,
                                                  sluice_workspace_get_subscriptions (fixture->workspace));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_unref (fixture->draft);
  g_object_unref (fixture->subscription);
  g_object_unref (fixture->workspace);
  g_object_unref (fixture->credentials);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Saves the subscription, and tokens that belong to what was saved. */
static void
save_signed_in (Fixture *fixture)
{
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  SluiceConnection *connection;

  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_CONSUMER_KEY, "key");
  commit (fixture, &error);
  g_assert_no_error (error);

  credentials->access_token = g_strdup ("access-1");
  credentials->refresh_token = g_strdup ("refresh-1");
  credentials->instance_url = g_strdup ("https://northpier.my.salesforce.com");
  gated_store_put (fixture->credentials, credentials);

  connection = sluice_workspace_get_connection (fixture->workspace, fixture->subscription);
  sluice_connection_load_async (connection, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_load_finish (connection, done, &error);
  g_assert_no_error (error);
  g_assert_true (sluice_subscription_get_has_refresh_token (fixture->subscription));
}

static void
test_new_subscription (Fixture       *fixture,
                       gconstpointer  unused)
{
  SluiceSubscriptionList *list = sluice_workspace_get_subscriptions (fixture->workspace);
  g_autoptr(GError) error = NULL;

  commit (fixture, &error);
  g_assert_no_error (error);

  g_assert_true (sluice_subscription_list_find_by_name (list, "Sales") == fixture->subscription);
  g_assert_cmpuint (gated_store_get_n_saves (fixture->credentials), ==, 0);
}

static void
test_secret (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_draft_set_consumer_secret (fixture->draft, "hush");
  commit (fixture, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (gated_store_peek (fixture->credentials)->consumer_secret, ==, "hush");
  g_assert_false (sluice_subscription_draft_get_changed (fixture->draft));
  g_assert_null (strstr (sluice_subscription_get_document (fixture->subscription), "hush"));
}

/* The file is written all the same, and nothing that was typed is lost. */
static void
test_secret_fails (Fixture       *fixture,
                   gconstpointer  unused)
{
  SluiceSubscriptionList *list = sluice_workspace_get_subscriptions (fixture->workspace);
  g_autoptr(GError) error = NULL;

  gated_store_fail_saves (fixture->credentials, SLUICE_ERROR_SECRETS_LOCKED);
  sluice_subscription_draft_set_consumer_secret (fixture->draft, "hush");

  g_assert_false (commit (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_assert_nonnull (sluice_subscription_list_find_by_name (list, "Sales"));
  g_assert_cmpstr (sluice_subscription_draft_get_consumer_secret (fixture->draft), ==, "hush");
  g_assert_true (sluice_subscription_draft_get_changed (fixture->draft));
}

static void
test_rename_keeps_tokens (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  save_signed_in (fixture);
  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_NAME, "Other");
  g_assert_false (sluice_subscription_commit_removes_tokens (fixture->draft));

  commit (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gated_store_peek (fixture->credentials)->refresh_token, ==, "refresh-1");
}

static void
test_move_removes_tokens (Fixture       *fixture,
                          gconstpointer  unused)
{
  const SluiceCredentials *left;
  g_autoptr(GError) error = NULL;

  save_signed_in (fixture);
  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_API_URL, "https://test.salesforce.com");
  sluice_subscription_draft_set_consumer_secret (fixture->draft, "hush");
  g_assert_true (sluice_subscription_commit_removes_tokens (fixture->draft));

  commit (fixture, &error);
  g_assert_no_error (error);

  left = gated_store_peek (fixture->credentials);
  g_assert_nonnull (left);
  g_assert_null (left->access_token);
  g_assert_null (left->refresh_token);
  g_assert_cmpstr (left->consumer_secret, ==, "hush");
  g_assert_false (sluice_subscription_get_has_refresh_token (fixture->subscription));
}

static void
set_stored_secret (Fixture *fixture)
{
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();

  credentials->consumer_secret = g_strdup ("hush");
  gated_store_put (fixture->credentials, credentials);
}

static void
test_other_app_removes_secret (Fixture       *fixture,
                               gconstpointer  unused)
{
  const SluiceCredentials *left;
  g_autoptr(GError) error = NULL;

  save_signed_in (fixture);
  set_stored_secret (fixture);
  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_NAME, "Other");
  commit (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gated_store_peek (fixture->credentials)->consumer_secret, ==, "hush");

  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_CONSUMER_KEY, "public");
  commit (fixture, &error);
  g_assert_no_error (error);
  left = gated_store_peek (fixture->credentials);
  g_assert_true (left == NULL || left->consumer_secret == NULL);
}

static void
test_other_app_without_keyring (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_CONSUMER_KEY, "key");
  commit (fixture, &error);
  g_assert_no_error (error);

  gated_store_fail_loads (fixture->credentials, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_CONSUMER_KEY, "public");
  commit (fixture, &error);
  g_assert_no_error (error);

  gated_store_fail_loads (fixture->credentials, SLUICE_ERROR_SECRETS_LOCKED);
  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_CONSUMER_KEY, "third");
  g_assert_false (commit (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_assert_cmpstr (sluice_subscription_get_consumer_key (fixture->subscription), ==, "third");
}

static void
test_invalid (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_draft_set_text (fixture->draft, SLUICE_FIELD_NAME, "");
  sluice_subscription_draft_set_consumer_secret (fixture->draft, "hush");

  g_assert_false (commit (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpuint (gated_store_get_n_saves (fixture->credentials), ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/sync/commit/new-subscription", test_new_subscription);
  ADD ("/sync/commit/secret", test_secret);
  ADD ("/sync/commit/secret-fails", test_secret_fails);
  ADD ("/sync/commit/rename-keeps-tokens", test_rename_keeps_tokens);
  ADD ("/sync/commit/move-removes-tokens", test_move_removes_tokens);
  ADD ("/sync/commit/other-app-removes-secret", test_other_app_removes_secret);
  ADD ("/sync/commit/other-app-without-keyring", test_other_app_without_keyring);
  ADD ("/sync/commit/invalid", test_invalid);

  return g_test_run ();
}
