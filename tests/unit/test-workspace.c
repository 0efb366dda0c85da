/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "memory-store.h"
#include "mock-org.h"
#include "sluice-error.h"
#include "sluice-workspace.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"
#define OTHER_ID "22222222-2222-4222-8222-222222222222"

typedef struct
{
  MockServer *server;
  MemoryStore *store;
  SluiceWorkspace *workspace;
  char *folder;
  guint n_added;
} Fixture;

static void
connection_added_cb (Fixture *fixture)
{
  fixture->n_added++;
}

static void
write_file (Fixture    *fixture,
            const char *id,
            const char *name)
{
  g_autofree char *file = g_strconcat (fixture->folder, "/", id, ".json", NULL);
  g_autofree char *text = g_strdup_printf ("{\"format\":1,\"name\":\"%s\",\"version\":\"1.0\",\"consumer_key\":\"3MVG9\","
                                           "\"api_url\":\"%s\"}", name, mock_server_get_url (fixture->server));

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = NULL;

  fixture->server = mock_org_new ();
  fixture->store = memory_store_new ();
  fixture->folder = g_dir_make_tmp ("workspace-XXXXXX", NULL);
  write_file (fixture, ID, "North Pier");
  credentials = mock_org_new_credentials (fixture->server);
  memory_store_put (fixture->store, ID, credentials);

  fixture->workspace = sluice_workspace_new (fixture->folder, SLUICE_CREDENTIAL_STORE (fixture->store), NULL);
  g_signal_connect_swapped (fixture->workspace, "connection-added", G_CALLBACK (connection_added_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_finalize_object (fixture->workspace);
  g_assert_finalize_object (fixture->store);
  g_clear_pointer (&fixture->server, mock_server_free);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static SluiceSubscription *
find (Fixture    *fixture,
      const char *id)
{
  return sluice_subscription_list_find_by_id (sluice_workspace_get_subscriptions (fixture->workspace), id);
}

static void
load (Fixture *fixture)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  sluice_workspace_load_async (fixture->workspace, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_workspace_load_finish (fixture->workspace, done, &error);
  g_assert_no_error (error);
}

static gboolean
is_idle (Fixture    *fixture,
         const char *id)
{
  SluiceSubscription *subscription = find (fixture, id);

  return !sluice_connection_get_busy (sluice_workspace_get_connection (fixture->workspace, subscription));
}

static void
delete (Fixture     *fixture,
        const char  *id,
        gboolean     revoke,
        GError     **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_workspace_delete_async (fixture->workspace, find (fixture, id), revoke, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_cmpint (sluice_workspace_delete_finish (fixture->workspace, done, error), ==, *error == NULL);
}

static void
verify (Fixture    *fixture,
        const char *id)
{
  SluiceConnection *connection = sluice_workspace_get_connection (fixture->workspace, find (fixture, id));
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  sluice_connection_verify_async (connection, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_verify_finish (connection, done, &error);
  g_assert_no_error (error);
}

static void
test_load (Fixture       *fixture,
           gconstpointer  unused)
{
  write_file (fixture, OTHER_ID, "South Pier");
  load (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (sluice_workspace_get_subscriptions (fixture->workspace))), ==, 2);
  g_assert_cmpuint (fixture->n_added, ==, 2);
  wait_for (is_idle (fixture, ID) && is_idle (fixture, OTHER_ID));
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, ID)), ==, SLUICE_STATUS_UNVERIFIED);
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, OTHER_ID)), ==, SLUICE_STATUS_SIGNED_OUT);
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_broken_item_alone (Fixture       *fixture,
                        gconstpointer  unused)
{
  write_file (fixture, OTHER_ID, "South Pier");
  memory_store_break (fixture->store, OTHER_ID);
  load (fixture);
  wait_for (is_idle (fixture, ID) && is_idle (fixture, OTHER_ID));
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, ID)), ==, SLUICE_STATUS_UNVERIFIED);
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, OTHER_ID)), ==, SLUICE_STATUS_NEEDS_ATTENTION);
}

static void
test_damaged_file_alone (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char *file = g_strconcat (fixture->folder, "/" OTHER_ID ".json", NULL);

  g_assert_true (g_file_set_contents (file, "{", -1, NULL));
  load (fixture);
  wait_for (is_idle (fixture, ID));
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, ID)), ==, SLUICE_STATUS_UNVERIFIED);
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, OTHER_ID)), ==, SLUICE_STATUS_DAMAGED);
  g_assert_cmpuint (fixture->n_added, ==, 1);
}

static void
test_later_subscription (Fixture       *fixture,
                         gconstpointer  unused)
{
  load (fixture);
  write_file (fixture, OTHER_ID, "South Pier");
  wait_for (find (fixture, OTHER_ID) != NULL);
  g_assert_cmpuint (fixture->n_added, ==, 2);
  wait_for (is_idle (fixture, OTHER_ID));
}

static void
test_same_connection (Fixture       *fixture,
                      gconstpointer  unused)
{
  SluiceConnection *connection;

  load (fixture);
  connection = sluice_workspace_get_connection (fixture->workspace, find (fixture, ID));
  sluice_subscription_set_name (find (fixture, ID), "Zebra Pier");
  g_assert_true (sluice_workspace_get_connection (fixture->workspace, find (fixture, ID)) == connection);
  wait_for (is_idle (fixture, ID));
}

static void
test_org_remembered (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(SluiceWorkspace) next = NULL;
  g_autofree char *file = g_strconcat (fixture->folder, "/" ID ".json", NULL);
  g_autofree char *text = NULL;

  load (fixture);
  verify (fixture, ID);
  wait_for (!sluice_workspace_get_saving (fixture->workspace));
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, MOCK_ORG_ID));
  g_assert_nonnull (strstr (text, "sandbox"));
  g_assert_null (strstr (text, "5Aep861"));
}

static void
test_network_back (Fixture       *fixture,
                   gconstpointer  unused)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();
  SluiceConnection *connection;
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  load (fixture);
  connection = sluice_workspace_get_connection (fixture->workspace, find (fixture, ID));
  mock_org_set_reachable (fixture->server, FALSE);
  sluice_connection_verify_async (connection, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_false (sluice_connection_verify_finish (connection, done, &error));
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, ID)), ==, SLUICE_STATUS_OFFLINE);

  mock_org_set_reachable (fixture->server, TRUE);
  g_signal_emit_by_name (monitor, "network-changed", FALSE);
  g_assert_cmpint (sluice_subscription_get_status (find (fixture, ID)), ==, SLUICE_STATUS_OFFLINE);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  wait_for (sluice_subscription_get_status (find (fixture, ID)) == SLUICE_STATUS_CONNECTED);
  wait_for (!sluice_workspace_get_saving (fixture->workspace));
}

static void
test_budget_shared (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = mock_org_new_credentials (fixture->server);
  SluiceBudget *budget;

  write_file (fixture, OTHER_ID, "South Pier");
  memory_store_put (fixture->store, OTHER_ID, credentials);
  load (fixture);
  wait_for (is_idle (fixture, ID) && is_idle (fixture, OTHER_ID));

  budget = sluice_connection_get_budget (sluice_workspace_get_connection (fixture->workspace, find (fixture, ID)));
  g_assert_nonnull (budget);
  g_assert_true (sluice_connection_get_budget (sluice_workspace_get_connection (fixture->workspace,
                                                                                find (fixture, OTHER_ID))) == budget);

  sluice_subscription_set_budget_reserve (find (fixture, ID), 10);
  sluice_subscription_set_budget_reserve (find (fixture, OTHER_ID), 20);
  g_assert_cmpuint (sluice_budget_get_reserve (budget), ==, 20);
}

static void
test_delete (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = g_strconcat (fixture->folder, "/" ID ".json", NULL);

  load (fixture);
  delete (fixture, ID, FALSE, &error);
  g_assert_no_error (error);
  g_assert_null (find (fixture, ID));
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_null (memory_store_peek (fixture->store, ID));
  g_assert_cmpuint (mock_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_delete_revokes (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  load (fixture);
  delete (fixture, ID, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/revoke"), ==, 1);
  g_assert_null (find (fixture, ID));
}

static void
test_delete_offline (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  load (fixture);
  g_clear_pointer (&fixture->server, mock_server_free);
  delete (fixture, ID, TRUE, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  g_assert_null (find (fixture, ID));
  g_assert_null (memory_store_peek (fixture->store, ID));
}

static void
test_delete_locked (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  load (fixture);
  memory_store_fail (fixture->store, MEMORY_STORE_LOAD, SLUICE_ERROR_SECRETS_LOCKED);
  delete (fixture, ID, TRUE, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_assert_nonnull (find (fixture, ID));
  g_assert_nonnull (memory_store_peek (fixture->store, ID));
}

static void
test_delete_damaged (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *file = g_strconcat (fixture->folder, "/" ID ".json", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "{", -1, NULL));
  load (fixture);
  delete (fixture, ID, TRUE, &error);
  g_assert_no_error (error);
  g_assert_null (find (fixture, ID));
  g_assert_null (memory_store_peek (fixture->store, ID));
  g_assert_cmpuint (mock_server_count (fixture->server, "/services/oauth2/revoke"), ==, 1);
}

static void
test_delete_while_verifying (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(SluiceConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) cancelled = NULL;

  load (fixture);
  connection = g_object_ref (sluice_workspace_get_connection (fixture->workspace, find (fixture, ID)));
  mock_server_queue (fixture->server, "/services/data", mock_reply_hold (mock_reply_new (200, "application/json", "[]")));
  sluice_connection_verify_async (connection, NULL, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);

  delete (fixture, ID, FALSE, &error);
  g_assert_no_error (error);
  done = wait_result (&result);
  g_assert_false (sluice_connection_verify_finish (connection, done, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mock_server_release (fixture->server);
}

/* A window that closes takes what is under way with it. */
static void
test_closed_while_verifying (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(SluiceConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  load (fixture);
  connection = g_object_ref (sluice_workspace_get_connection (fixture->workspace, find (fixture, ID)));
  mock_server_queue (fixture->server, "/services/data", mock_reply_hold (mock_reply_new (200, "application/json", "[]")));
  sluice_connection_verify_async (connection, NULL, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);

  g_object_run_dispose (G_OBJECT (fixture->workspace));
  done = wait_result (&result);
  g_assert_false (sluice_connection_verify_finish (connection, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mock_server_release (fixture->server);
}

#define ADD(name, function) g_test_add ("/sync/workspace/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  ADD ("load", test_load);
  ADD ("broken-item-alone", test_broken_item_alone);
  ADD ("damaged-file-alone", test_damaged_file_alone);
  ADD ("later-subscription", test_later_subscription);
  ADD ("same-connection", test_same_connection);
  ADD ("org-remembered", test_org_remembered);
  ADD ("network-back", test_network_back);
  ADD ("budget-shared", test_budget_shared);
  ADD ("delete/plain", test_delete);
  ADD ("delete/revokes", test_delete_revokes);
  ADD ("delete/offline", test_delete_offline);
  ADD ("delete/locked", test_delete_locked);
  ADD ("delete/damaged", test_delete_damaged);
  ADD ("delete/while-verifying", test_delete_while_verifying);
  ADD ("closed-while-verifying", test_closed_while_verifying);

  return g_test_run ();
}
