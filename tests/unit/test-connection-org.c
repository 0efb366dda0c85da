/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A subscription and the real demo org, with a scripted browser between them. */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "org-fixture.h"
#include "query-text.h"
#include "sluice-error.h"
#include "test-utils.h"

#define ID ORG_FIXTURE_ID
#define ADMIN ORG_FIXTURE_ADMIN

typedef OrgFixture Fixture;

static void
verify (Fixture  *fixture,
        GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_cmpint (sluice_connection_verify_finish (fixture->connection, done, error), ==, *error == NULL);
}

static char *
dup_refresh_token (Fixture *fixture)
{
  return g_strdup (memory_store_peek (fixture->store, ID)->refresh_token);
}

static void
assert_status (Fixture      *fixture,
               SluiceStatus  status)
{
  g_assert_cmpstr (sluice_status_get_nick (sluice_subscription_get_status (fixture->subscription)), ==,
                   sluice_status_get_nick (status));
}

static void
test_verified (Fixture       *fixture,
               gconstpointer  unused)
{
  SluiceOrganization *organization;

  org_fixture_sign_in (fixture);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  organization = sluice_subscription_get_organization (fixture->subscription);
  g_assert_cmpstr (sluice_organization_get_name (organization), ==, "Northwind Traders");
  g_assert_cmpint (sluice_organization_get_environment (organization), ==, SLUICE_ENVIRONMENT_PRODUCTION);
  g_assert_cmpstr (sluice_organization_get_username (organization), ==, ADMIN);
  g_assert_cmpstr (sluice_organization_get_api_version (organization), ==, "68.0");
  g_assert_cmpuint (g_list_model_get_n_items (sluice_connection_get_limits (fixture->connection)), >, 3);
  g_assert_cmpuint (sluice_budget_get_limit (sluice_connection_get_budget (fixture->connection)), ==, 100000);
}

static void
test_sandbox (Fixture       *fixture,
              gconstpointer  unused)
{
  org_fixture_sign_in (fixture);
  g_assert_cmpint (sluice_subscription_get_environment (fixture->subscription), ==, SLUICE_ENVIRONMENT_SANDBOX);
}

static void
test_query (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;

  org_fixture_sign_in (fixture);
  text = query_text (fixture->connection, "SELECT Name, Owner.Name FROM Account ORDER BY Name LIMIT 3", &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_cmpstr (lines[0], ==, "Name,Owner.Name");
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
}

static void
test_query_refused (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  org_fixture_sign_in (fixture);
  text = query_text (fixture->connection, "SELECT Colour FROM Account", &error);
  g_assert_null (text);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "Colour"));
}

static void
test_denied (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  fixture->decision = "deny";
  org_fixture_authenticate (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
  assert_status (fixture, SLUICE_STATUS_SIGNED_OUT);
}

static void
test_blocked (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_consumer_key (fixture->subscription, "demo-blocked");
  org_fixture_authenticate (fixture, &error);
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, SLUICE_ERROR);
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_user_without_api (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  fixture->username = "noapi@demo.example";
  org_fixture_authenticate (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
}

static void
test_confidential (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_consumer_key (fixture->subscription, "demo-confidential");
  org_fixture_authenticate (fixture, &error);
  g_assert_nonnull (error);
  g_clear_error (&error);

  sluice_connection_set_consumer_secret_async (fixture->connection, "demo-secret", NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_set_consumer_secret_finish (fixture->connection, done, &error);
  g_assert_no_error (error);

  org_fixture_sign_in (fixture);
  demo_process_control (fixture->org, "expire");
  verify (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (memory_store_peek (fixture->store, ID)->consumer_secret, ==, "demo-secret");
}

static void
test_expired (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *text = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  org_fixture_sign_in (fixture);
  before = dup_refresh_token (fixture);
  demo_process_control (fixture->org, "expire");
  text = query_text (fixture->connection, "SELECT Id FROM Account LIMIT 1", &error);
  g_assert_no_error (error);
  after = dup_refresh_token (fixture);
  g_assert_cmpstr (before, !=, after);

  /* The successor serves too. */
  demo_process_control (fixture->org, "expire");
  verify (fixture, &error);
  g_assert_no_error (error);
}

/* As when an old backup of the keyring came back. */
static void
test_reused_token (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) old = NULL;
  g_autoptr(GError) error = NULL;

  org_fixture_sign_in (fixture);
  old = sluice_credentials_copy (memory_store_peek (fixture->store, ID));
  demo_process_control (fixture->org, "expire");
  verify (fixture, &error);
  g_assert_no_error (error);

  memory_store_put (fixture->store, ID, old);
  verify (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_revoked (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  org_fixture_sign_in (fixture);
  g_assert_cmpint (demo_process_ask (fixture->org, "grants"), ==, 1);
  sluice_connection_disconnect_async (fixture->connection, TRUE, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_disconnect_finish (fixture->connection, done, &error);
  g_assert_no_error (error);
  g_assert_cmpint (demo_process_ask (fixture->org, "grants"), ==, 0);
}

static void
test_too_old (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  org_fixture_authenticate (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  assert_status (fixture, SLUICE_STATUS_NEEDS_ATTENTION);
}

static void
test_newer (Fixture       *fixture,
            gconstpointer  unused)
{
  org_fixture_sign_in (fixture);
  g_assert_cmpstr (sluice_organization_get_api_version (sluice_subscription_get_organization (fixture->subscription)), ==,
                   "68.0");
}

static void
test_no_limits (Fixture       *fixture,
                gconstpointer  unused)
{
  org_fixture_sign_in (fixture);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
  g_assert_cmpuint (g_list_model_get_n_items (sluice_connection_get_limits (fixture->connection)), ==, 0);
}

/* Each of these passes by itself. */
static void
test_short_trouble (Fixture       *fixture,
                    gconstpointer  unused)
{
  org_fixture_sign_in (fixture);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
}

static void
test_other_org (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_org_id (fixture->subscription, "00D5e000000WXYZEA4");
  org_fixture_authenticate (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
  sluice_connection_accept_organization (fixture->connection);
  assert_status (fixture, SLUICE_STATUS_CONNECTED);
}

static void
test_gone (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  org_fixture_sign_in (fixture);
  wait_for (!fixture->browsing);
  g_clear_pointer (&fixture->org, demo_process_free);
  verify (fixture, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  assert_status (fixture, SLUICE_STATUS_OFFLINE);
  g_assert_nonnull (memory_store_peek (fixture->store, ID));
}

#define ADD(name, function, option) \
  g_test_add ("/sync/connection-org/" name, Fixture, option, org_fixture_set_up, function, org_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  ADD ("verified", test_verified, NULL);
  ADD ("sandbox", test_sandbox, "--org=sandbox");
  ADD ("query", test_query, NULL);
  ADD ("query-refused", test_query_refused, NULL);
  ADD ("denied", test_denied, NULL);
  ADD ("blocked", test_blocked, NULL);
  ADD ("user-without-api", test_user_without_api, NULL);
  ADD ("confidential", test_confidential, NULL);
  ADD ("expired", test_expired, NULL);
  ADD ("reused-token", test_reused_token, NULL);
  ADD ("revoked", test_revoked, NULL);
  ADD ("too-old", test_too_old, "--newest=59");
  ADD ("newer", test_newer, "--newest=69");
  ADD ("no-limits", test_no_limits, "--fault=limits#*:403-disabled");
  ADD ("short-trouble/dropped", test_short_trouble, "--fault=query#1:drop");
  ADD ("short-trouble/truncated", test_short_trouble, "--fault=query#1:truncate");
  ADD ("short-trouble/reset", test_short_trouble, "--fault=query#1:reset");
  ADD ("short-trouble/expired", test_short_trouble, "--fault=query#1:401");
  ADD ("other-org", test_other_org, NULL);
  ADD ("gone", test_gone, NULL);

  return g_test_run ();
}
