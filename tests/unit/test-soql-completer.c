/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-completer.h"

#include <glib/gstdio.h>
#include <string.h>

#include "manual-clock.h"
#include "memory-store.h"
#include "mock-org.h"
#include "sluice-connection.h"
#include "sluice-error.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"
#define LIST_PATH "/services/data/v67.0/sobjects"

#define OBJECT(name, label) "{\"name\":\"" name "\",\"label\":\"" label "\",\"queryable\":true}"
#define LIST_JSON \
  "{\"sobjects\":[" OBJECT ("Account", "Customer") "," OBJECT ("Contact", "Contact") "," OBJECT ("User", "User") "," \
  OBJECT ("Name", "Name") ",{\"name\":\"Hidden__c\",\"label\":\"Hidden\",\"queryable\":false}]}"

#define ACCOUNT_JSON \
  "{\"name\":\"Account\",\"label\":\"Customer\",\"fields\":[" \
  "{\"name\":\"Name\",\"label\":\"Customer Name\",\"type\":\"string\",\"length\":255,\"filterable\":true,\"sortable\":true}," \
  "{\"name\":\"Industry\",\"label\":\"Branch\",\"type\":\"picklist\",\"filterable\":true,\"groupable\":true," \
  "\"picklistValues\":[{\"active\":true,\"label\":\"Food & Drink\",\"value\":\"Food\"}," \
  "{\"active\":false,\"label\":\"It's over\",\"value\":\"It's over\"}]}," \
  "{\"name\":\"Notes\",\"label\":\"Notes\",\"type\":\"textarea\",\"length\":32000}," \
  "{\"name\":\"Since__c\",\"label\":\"Since\",\"type\":\"date\",\"filterable\":true}," \
  "{\"name\":\"Good__c\",\"label\":\"Good\",\"type\":\"boolean\",\"filterable\":true}," \
  "{\"name\":\"OwnerId\",\"label\":\"Owner ID\",\"type\":\"reference\",\"referenceTo\":[\"User\"]," \
  "\"relationshipName\":\"Owner\",\"filterable\":true}]," \
  "\"childRelationships\":[{\"childSObject\":\"Contact\",\"field\":\"AccountId\",\"relationshipName\":\"Contacts\"}," \
  "{\"childSObject\":\"AccountHistory\",\"field\":\"AccountId\",\"relationshipName\":null}]}"

#define CONTACT_JSON \
  "{\"name\":\"Contact\",\"label\":\"Contact\",\"fields\":[" \
  "{\"name\":\"Email\",\"label\":\"Mail\",\"type\":\"email\"}," \
  "{\"name\":\"AccountId\",\"label\":\"Account ID\",\"type\":\"reference\",\"referenceTo\":[\"Account\"]," \
  "\"relationshipName\":\"Account\"}," \
  "{\"name\":\"WhoId\",\"label\":\"Who\",\"type\":\"reference\",\"referenceTo\":[\"Account\",\"User\"]," \
  "\"relationshipName\":\"Who\"}]}"

#define USER_JSON "{\"name\":\"User\",\"label\":\"User\",\"fields\":[{\"name\":\"Username\",\"type\":\"string\"}]}"
#define NAME_JSON "{\"name\":\"Name\",\"label\":\"Name\",\"fields\":[{\"name\":\"Alias\",\"type\":\"string\"}]}"

typedef struct
{
  char *root;
  MockServer *server;
  MemoryStore *store;
  ManualClock *clock;
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  SluiceDescribeCache *cache;
} Fixture;

static void
queue (Fixture    *fixture,
       const char *name,
       const char *body)
{
  g_autofree char *path = g_strdup_printf (LIST_PATH "/%s/describe", name);

  mock_server_queue (fixture->server, path, mock_reply_new (200, "application/json", body));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(SluiceCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  fixture->root = g_dir_make_tmp ("sluice-completer-XXXXXX", NULL);
  fixture->server = mock_org_new ();
  fixture->store = memory_store_new ();
  fixture->clock = manual_clock_new ();
  fixture->subscription = sluice_subscription_new_with_id (ID);
  sluice_subscription_set_consumer_key (fixture->subscription, "3MVG9");
  sluice_subscription_set_api_url (fixture->subscription, mock_server_get_url (fixture->server));
  credentials = mock_org_new_credentials (fixture->server);
  memory_store_put (fixture->store, ID, credentials);
  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store),
                                               SLUICE_CLOCK (fixture->clock));
  fixture->cache = sluice_describe_cache_new (fixture->connection, fixture->root);

  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_verify_finish (fixture->connection, done, &error);
  g_assert_no_error (error);

  mock_server_queue (fixture->server, LIST_PATH, mock_reply_new (200, "application/json", LIST_JSON));
}

static void
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_all (inner);
    }
  g_remove (path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->cache);
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->subscription);
  g_assert_finalize_object (fixture->store);
  g_clear_pointer (&fixture->server, mock_server_free);
  g_assert_finalize_object (fixture->clock);
  remove_all (fixture->root);
  g_free (fixture->root);
}

/* The place is where `|` stands. */
static GListModel *
complete (SluiceDescribeCache  *cache,
          const char           *marked,
          GError              **error)
{
  const char *mark = strchr (marked, '|');
  g_autofree char *text = g_strdup_printf ("%.*s%s", (int) (mark - marked), marked, mark + 1);
  g_autoptr(SluiceSoqlContext) context = sluice_soql_context_new (text, (gsize) (mark - marked));
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  sluice_soql_complete_async (cache, context, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_soql_complete_finish (done, error);
}

/* What would be inserted, one after the other, without functions and keywords */
static void
assert_offers (Fixture    *fixture,
               const char *marked,
               const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) list = complete (fixture->cache, marked, &error);
  g_autoptr(GString) offered = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(SluiceSoqlSuggestion) suggestion = g_list_model_get_item (list, i);
      g_autofree char *insertion = sluice_soql_suggestion_dup_insertion (suggestion, FALSE, FALSE);

      if (sluice_soql_suggestion_get_kind (suggestion) < SLUICE_SOQL_SUGGESTION_DATE)
        g_string_append_printf (offered, "%s%s", offered->len > 0 ? " " : "", insertion);
    }

  g_test_message ("%s", marked);
  g_assert_cmpstr (offered->str, ==, expected);
}

static SluiceSoqlSuggestion *
find (GListModel *list,
      const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(SluiceSoqlSuggestion) suggestion = g_list_model_get_item (list, i);

      if (g_str_equal (sluice_soql_suggestion_get_name (suggestion), name))
        return suggestion;
    }

  return NULL;
}

static void
test_objects (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) list = NULL;

  assert_offers (fixture, "SELECT Id FROM |", "Account Contact User Name");

  list = complete (fixture->cache, "SELECT Id FROM |", &error);
  g_assert_cmpstr (sluice_soql_suggestion_get_label (find (list, "Account")), ==, "Customer");
}

static void
test_fields (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) list = NULL;

  queue (fixture, "Account", ACCOUNT_JSON);
  assert_offers (fixture, "SELECT | FROM account", "Name Industry Notes Since__c Good__c OwnerId Owner.");
  assert_offers (fixture, "SELECT Id FROM Account WHERE |", "Name Industry Since__c Good__c OwnerId Owner.");
  assert_offers (fixture, "SELECT Id FROM Account ORDER BY |", "Name Owner.");
  assert_offers (fixture, "SELECT Id FROM Account GROUP BY |", "Industry Owner.");

  list = complete (fixture->cache, "SELECT | FROM Account", &error);
  g_assert_cmpstr (sluice_soql_suggestion_get_label (find (list, "Name")), ==, "Customer Name");
  g_assert_cmpstr (sluice_soql_suggestion_get_detail (find (list, "Name")), ==, "string (255)");
  g_assert_cmpstr (sluice_soql_suggestion_get_detail (find (list, "OwnerId")), ==, "reference → User");
  g_assert_nonnull (find (list, "COUNT"));
  g_assert_null (find (list, "WHERE"));
}

static void
test_paths (Fixture       *fixture,
            gconstpointer  unused)
{
  queue (fixture, "Account", ACCOUNT_JSON);
  queue (fixture, "Contact", CONTACT_JSON);
  queue (fixture, "User", USER_JSON);
  queue (fixture, "Name", NAME_JSON);

  assert_offers (fixture, "SELECT Account.Owner.| FROM Contact", "Username");
  assert_offers (fixture, "SELECT Who.| FROM Contact", "Alias");
  assert_offers (fixture, "SELECT Wrong.| FROM Contact", "");
  assert_offers (fixture, "SELECT a.Owner.| FROM Contact c, c.Account a", "Username");
  assert_offers (fixture, "SELECT Id FROM Contact c, c.|", "Account. Who.");
}

static void
test_children (Fixture       *fixture,
               gconstpointer  unused)
{
  queue (fixture, "Account", ACCOUNT_JSON);
  queue (fixture, "Contact", CONTACT_JSON);

  assert_offers (fixture, "SELECT Id, (SELECT Id FROM |) FROM Account", "Contacts");
  assert_offers (fixture, "SELECT Id, (SELECT | FROM Contacts) FROM Account", "Email AccountId WhoId Account. Who.");
  assert_offers (fixture, "SELECT Id, (SELECT | FROM Wrong) FROM Account", "");
}

static void
test_values (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) dates = NULL;
  g_autoptr(GListModel) truth = NULL;
  g_autoptr(GListModel) quoted = NULL;

  queue (fixture, "Account", ACCOUNT_JSON);
  queue (fixture, "Contact", CONTACT_JSON);

  assert_offers (fixture, "SELECT Id FROM Account WHERE Industry = |", "'Food' 'It\\'s over'");
  assert_offers (fixture, "SELECT Id FROM Contact WHERE Account.Industry IN ('x', |", "'Food' 'It\\'s over'");
  assert_offers (fixture, "SELECT Id FROM Account WHERE toLabel(Industry) = '|", "'Food & Drink' 'It\\'s over'");
  assert_offers (fixture, "SELECT Id FROM Account WHERE Name = |", "");

  dates = complete (fixture->cache, "SELECT Id FROM Account WHERE Since__c > |", &error);
  g_assert_nonnull (find (dates, "LAST_N_DAYS:"));
  g_assert_nonnull (find (dates, "NULL"));
  g_assert_null (find (dates, "TRUE"));

  truth = complete (fixture->cache, "SELECT Id FROM Account WHERE Good__c = |", &error);
  g_assert_nonnull (find (truth, "TRUE"));
  g_assert_null (find (truth, "TODAY"));

  quoted = complete (fixture->cache, "SELECT Id FROM Account WHERE Since__c > '|", &error);
  g_assert_cmpuint (g_list_model_get_n_items (quoted), ==, 0);
}

/* What is not finished is no reason to ask the org. */
static void
test_unknown_object (Fixture       *fixture,
                     gconstpointer  unused)
{
  assert_offers (fixture, "SELECT | FROM Acc", "");
  assert_offers (fixture, "SELECT | FROM Account_Wrong__c", "");

  g_assert_cmpuint (mock_server_count (fixture->server, LIST_PATH "/"), ==, 0);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) list = NULL;

  mock_server_queue (fixture->server, LIST_PATH "/Account/describe",
                     mock_reply_new (404, "application/json", "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"No\"}]"));
  list = complete (fixture->cache, "SELECT | FROM Account", &error);

  g_assert_null (list);
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, SLUICE_ERROR);
}

static void
test_without_cache (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) list = complete (NULL, "SELECT Id FROM Account WHERE Name |", &error);

  g_assert_no_error (error);
  g_assert_nonnull (find (list, "LIKE"));
}

static guint
rank (const char *name,
      const char *label,
      const char *written)
{
  g_autoptr(SluiceSoqlSuggestion) suggestion =
    sluice_soql_suggestion_new (SLUICE_SOQL_SUGGESTION_FIELD, name, label, NULL);
  g_autofree char *folded = g_utf8_casefold (written, -1);

  return sluice_soql_suggestion_rank (suggestion, folded);
}

static void
test_ranks (void)
{
  g_assert_cmpuint (rank ("Name", NULL, "name"), >, rank ("NameOrAlias", NULL, "name"));
  g_assert_cmpuint (rank ("NameOrAlias", NULL, "name"), >, rank ("Id", "Name of it", "name"));
  g_assert_cmpuint (rank ("Id", "Name of it", "name"), >, rank ("FirstName", NULL, "name"));
  g_assert_cmpuint (rank ("FirstName", NULL, "name"), >, rank ("Username", NULL, "name"));
  g_assert_cmpuint (rank ("Username", NULL, "name"), >, rank ("Id", "First name", "name"));
  g_assert_cmpuint (rank ("Größe__c", NULL, "GRÖSSE"), >, 0);
  g_assert_cmpuint (rank ("Id", "Key", "name"), ==, 0);
  g_assert_cmpuint (rank ("Id", NULL, ""), >, 0);
}

static void
assert_insertion (SluiceSoqlSuggestionKind  kind,
                  const char               *name,
                  gboolean                  quoted,
                  gboolean                  closed,
                  const char               *expected)
{
  g_autoptr(SluiceSoqlSuggestion) suggestion = sluice_soql_suggestion_new (kind, name, NULL, NULL);
  g_autofree char *insertion = sluice_soql_suggestion_dup_insertion (suggestion, quoted, closed);

  g_assert_cmpstr (insertion, ==, expected);
}

static void
test_insertions (void)
{
  assert_insertion (SLUICE_SOQL_SUGGESTION_FIELD, "Name", FALSE, FALSE, "Name");
  assert_insertion (SLUICE_SOQL_SUGGESTION_PARENT, "Owner", FALSE, FALSE, "Owner.");
  assert_insertion (SLUICE_SOQL_SUGGESTION_FUNCTION, "COUNT", FALSE, FALSE, "COUNT(");
  assert_insertion (SLUICE_SOQL_SUGGESTION_VALUE, "It's \\", FALSE, FALSE, "'It\\'s \\\\'");
  assert_insertion (SLUICE_SOQL_SUGGESTION_VALUE, "New", TRUE, FALSE, "New'");
  assert_insertion (SLUICE_SOQL_SUGGESTION_VALUE, "New", TRUE, TRUE, "New");
}

#define ADD(name, func) g_test_add ("/sync/soql-completer/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("children", test_children);
  ADD ("fields", test_fields);
  ADD ("objects", test_objects);
  ADD ("paths", test_paths);
  ADD ("refused", test_refused);
  ADD ("unknown-object", test_unknown_object);
  ADD ("values", test_values);
  g_test_add_func ("/sync/soql-completer/insertions", test_insertions);
  g_test_add_func ("/sync/soql-completer/ranks", test_ranks);
  g_test_add_func ("/sync/soql-completer/without-cache", test_without_cache);

  return g_test_run ();
}
