/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "manual-clock.h"
#include "memory-store.h"
#include "mock-org.h"
#include "sluice-connection.h"
#include "sluice-describe-files.h"
#include "sluice-describe-reader.h"
#include "sluice-error.h"
#include "sluice-record-counts.h"
#include "test-utils.h"

#define ID "11111111-1111-4111-8111-111111111111"
#define OTHER_ID "22222222-2222-4222-8222-222222222222"
#define FOLDER "00D5e000000ABCD-0055e000000FGHI"
#define OTHER_USER "0055e000000WXYZAA4"
#define OTHER_FOLDER "00D5e000000ABCD-0055e000000WXYZ"

#define LIST_PATH "/services/data/v67.0/sobjects"
#define PATH LIST_PATH "/Account/describe"
#define CHANGED "Mon, 23 Nov 2026 10:00:00 GMT"
#define HOUR (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

#define LIST_JSON \
  "{\"encoding\":\"UTF-8\",\"maxBatchSize\":200,\"sobjects\":[" \
  "{\"name\":\"Account\",\"label\":\"Account\",\"labelPlural\":\"Accounts\",\"keyPrefix\":\"001\",\"custom\":false," \
  "\"queryable\":true,\"createable\":true,\"updateable\":true,\"deletable\":true,\"retrieveable\":true}," \
  "17,{\"label\":\"no name\"}," \
  "{\"name\":\"Invoice__c\",\"label\":\"Invoice\",\"keyPrefix\":null,\"custom\":true,\"queryable\":true}]}"

#define ACCOUNT_JSON \
  "{\"name\":\"Account\",\"label\":\"Account\",\"labelPlural\":\"Accounts\",\"queryable\":true,\"fields\":[" \
  "{\"name\":\"Id\",\"label\":\"Account ID\",\"type\":\"id\",\"length\":18,\"nillable\":false,\"defaultedOnCreate\":true," \
  "\"idLookup\":true}," \
  "{\"name\":\"Name\",\"label\":\"Account Name\",\"type\":\"string\",\"length\":255,\"nillable\":false," \
  "\"createable\":true,\"updateable\":true,\"nameField\":true,\"inlineHelpText\":\"As in the register\"}," \
  "{\"name\":\"Industry\",\"label\":\"Industry\",\"type\":\"picklist\",\"length\":255,\"nillable\":true,\"createable\":true," \
  "\"updateable\":true,\"picklistValues\":[{\"active\":true,\"defaultValue\":true,\"label\":\"Food\",\"validFor\":null," \
  "\"value\":\"F\"},{\"active\":false,\"defaultValue\":false,\"label\":null,\"value\":\"Ärzte\"}]}," \
  "{\"name\":\"Amount__c\",\"label\":\"Amount\",\"type\":\"currency\",\"precision\":18,\"scale\":2,\"custom\":true," \
  "\"calculated\":true,\"calculatedFormula\":\"A * B\",\"nillable\":true,\"defaultValue\":false}," \
  "{\"name\":\"OwnerId\",\"label\":\"Owner ID\",\"type\":\"reference\",\"referenceTo\":[\"Group\",\"User\"]," \
  "\"relationshipName\":\"Owner\",\"polymorphicForeignKey\":true,\"nillable\":false,\"createable\":true," \
  "\"updateable\":true,\"defaultedOnCreate\":true}," \
  "null]," \
  "\"childRelationships\":[{\"childSObject\":\"Contact\",\"field\":\"AccountId\",\"relationshipName\":\"Contacts\"," \
  "\"cascadeDelete\":true},{\"childSObject\":\"AccountHistory\",\"field\":\"AccountId\",\"relationshipName\":null}]}"

#define SMALL_JSON "{\"name\":\"Account\",\"label\":\"Account\",\"fields\":[{\"name\":\"Id\",\"type\":\"id\"}]}"

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
open_connection (Fixture *fixture)
{
  fixture->connection = sluice_connection_new (fixture->subscription, SLUICE_CREDENTIAL_STORE (fixture->store),
                                               SLUICE_CLOCK (fixture->clock));
  fixture->cache = sluice_describe_cache_new (fixture->connection, fixture->root);
}

/* As the next start of the program */
static void
reopen (Fixture *fixture)
{
  g_assert_finalize_object (fixture->cache);
  g_assert_finalize_object (fixture->connection);
  open_connection (fixture);
}

static void
put_user (Fixture    *fixture,
          const char *user) /* (nullable) */
{
  g_autoptr(SluiceCredentials) credentials = mock_org_new_credentials (fixture->server);

  if (user != NULL)
    {
      g_free (credentials->identity_url);
      credentials->identity_url = g_strconcat (mock_server_get_url (fixture->server), "/id/" MOCK_ORG_ID "/", user, NULL);
    }
  memory_store_put (fixture->store, ID, credentials);
}

static void
verify (Fixture *fixture)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  sluice_connection_verify_async (fixture->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_connection_verify_finish (fixture->connection, done, &error);
  g_assert_no_error (error);
}

static void
load_tokens (Fixture *fixture)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  sluice_connection_load_async (fixture->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_true (sluice_connection_load_finish (fixture->connection, done, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->root = g_dir_make_tmp ("sluice-describe-XXXXXX", NULL);
  fixture->server = mock_org_new ();
  fixture->store = memory_store_new ();
  fixture->clock = manual_clock_new ();
  fixture->subscription = sluice_subscription_new_with_id (ID);
  sluice_subscription_set_name (fixture->subscription, "North Pier");
  sluice_subscription_set_version (fixture->subscription, "1.0");
  sluice_subscription_set_consumer_key (fixture->subscription, "3MVG9");
  sluice_subscription_set_api_url (fixture->subscription, mock_server_get_url (fixture->server));
  open_connection (fixture);
  put_user (fixture, NULL);
  verify (fixture);
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

static void
queue_describe (Fixture    *fixture,
                const char *body)
{
  mock_server_queue (fixture->server, PATH,
                     mock_reply_add_header (mock_reply_new (200, "application/json", body), "Last-Modified", CHANGED));
}

static void
queue_not_modified (Fixture *fixture)
{
  mock_server_queue (fixture->server, PATH, mock_reply_new (304, NULL, ""));
}

static SluiceObjectDescribe *
describe (Fixture            *fixture,
          const char         *name,
          SluiceDescribeAge   age,
          GError            **error)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  sluice_describe_cache_describe_async (fixture->cache, name, age, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_describe_cache_describe_finish (fixture->cache, done, error);
}

static guint
count_fields (Fixture           *fixture,
              SluiceDescribeAge  age)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceObjectDescribe) found = describe (fixture, "Account", age, &error);

  g_assert_no_error (error);

  return g_list_model_get_n_items (sluice_object_describe_get_fields (found));
}

static guint
count_calls (Fixture *fixture)
{
  return mock_server_count (fixture->server, LIST_PATH);
}

static char *
build_path (Fixture *fixture)
{
  return g_build_filename (fixture->root, FOLDER, "67.0", "account", NULL);
}

static gboolean
has_folder (Fixture    *fixture,
            const char *folder)
{
  g_autofree char *path = g_build_filename (fixture->root, folder, NULL);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* Reading answers */

static void
test_read_list (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (LIST_JSON, strlen (LIST_JSON));
  g_autoptr(GListModel) list = sluice_describe_read_list (bytes, NULL);
  g_autoptr(SluiceObjectInfo) account = g_list_model_get_item (list, 0);
  g_autoptr(SluiceObjectInfo) invoice = g_list_model_get_item (list, 1);

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  g_assert_cmpstr (sluice_object_info_get_label_plural (account), ==, "Accounts");
  g_assert_cmpstr (sluice_object_info_get_key_prefix (account), ==, "001");
  g_assert_true (sluice_object_info_has (account, SLUICE_OBJECT_QUERYABLE | SLUICE_OBJECT_DELETABLE));
  g_assert_false (sluice_object_info_has (account, SLUICE_OBJECT_QUERYABLE | SLUICE_OBJECT_CUSTOM));
  g_assert_cmpstr (sluice_object_info_get_label_plural (invoice), ==, "Invoice");
  g_assert_null (sluice_object_info_get_key_prefix (invoice));
  g_assert_true (sluice_object_info_has (invoice, SLUICE_OBJECT_CUSTOM));
}

static void
test_read_object (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (ACCOUNT_JSON, strlen (ACCOUNT_JSON));
  g_autoptr(SluiceObjectDescribe) account = sluice_describe_read_object (bytes, NULL);
  SluiceFieldInfo *name = sluice_object_describe_find_field (account, "NAME");
  SluiceFieldInfo *industry = sluice_object_describe_find_field (account, "Industry");
  SluiceFieldInfo *amount = sluice_object_describe_find_field (account, "Amount__c");
  SluiceFieldInfo *owner = sluice_object_describe_find_relationship (account, "owner");

  g_assert_cmpstr (sluice_object_describe_get_name (account), ==, "Account");
  g_assert_cmpuint (g_list_model_get_n_items (sluice_object_describe_get_fields (account)), ==, 5);
  g_assert_true (sluice_field_info_is_required (name));
  g_assert_cmpuint (sluice_field_info_get_length (name), ==, 255);
  g_assert_cmpstr (sluice_field_info_get_help_text (name), ==, "As in the register");
  g_assert_true (sluice_field_info_is_read_only (sluice_object_describe_find_field (account, "Id")));

  g_assert_cmpuint (sluice_field_info_get_n_picklist (industry), ==, 2);
  g_assert_cmpstr (sluice_field_info_get_picklist (industry, 0)->label, ==, "Food");
  g_assert_true (sluice_field_info_get_picklist (industry, 0)->is_default);
  g_assert_cmpstr (sluice_field_info_get_picklist (industry, 1)->label, ==, "Ärzte");
  g_assert_false (sluice_field_info_get_picklist (industry, 1)->active);
  g_assert_cmpstr (sluice_field_info_find_picklist (industry, "äRZTE")->value, ==, "Ärzte");
  g_assert_null (sluice_field_info_find_picklist (industry, "Food"));

  g_assert_cmpuint (sluice_field_info_get_precision (amount), ==, 18);
  g_assert_cmpuint (sluice_field_info_get_scale (amount), ==, 2);
  g_assert_cmpstr (sluice_field_info_get_formula (amount), ==, "A * B");
  g_assert_cmpstr (sluice_field_info_get_default_value (amount), ==, "false");
  g_assert_true (sluice_field_info_has (amount, SLUICE_FIELD_CUSTOM | SLUICE_FIELD_CALCULATED));

  g_assert_cmpstr (sluice_field_info_get_name (owner), ==, "OwnerId");
  g_assert_cmpstr (sluice_field_info_get_targets (owner)[1], ==, "User");
  g_assert_null (sluice_field_info_get_targets (owner)[2]);
  g_assert_null (sluice_field_info_get_targets (amount)[0]);
  g_assert_false (sluice_field_info_is_required (owner));

  g_assert_cmpuint (sluice_object_describe_get_n_children (account), ==, 2);
  g_assert_cmpstr (sluice_object_describe_find_child (account, "contacts")->object, ==, "Contact");
  g_assert_null (sluice_object_describe_get_child (account, 1)->name);
}

static void
test_describe_fields (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (ACCOUNT_JSON, strlen (ACCOUNT_JSON));
  g_autoptr(SluiceObjectDescribe) account = sluice_describe_read_object (bytes, NULL);
  static const struct
  {
    const char *name;
    const char *type;
    const char *marks;
  } expected[] = {
    { "Id", "id", "Read only" },
    { "Name", "string(255)", "Required, Name" },
    { "Industry", "picklist", "" },
    { "Amount__c", "currency(18, 2)", "Formula, Read only, Custom" },
    { "OwnerId", "reference(Group, User)", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      SluiceFieldInfo *field = sluice_object_describe_find_field (account, expected[i].name);
      g_autofree char *type = sluice_field_info_dup_type_text (field);
      g_auto(GStrv) mark_list = sluice_field_info_dup_marks (field);
      g_autofree char *marks = g_strjoinv (", ", mark_list);

      g_assert_cmpstr (type, ==, expected[i].type);
      g_assert_cmpstr (marks, ==, expected[i].marks);
    }
}

static void
test_query (void)
{
  g_autoptr(SluiceObjectInfo) info = sluice_object_info_new ("Invoice__c", NULL, NULL, NULL, SLUICE_OBJECT_QUERYABLE);
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) children = g_ptr_array_new ();
  g_autoptr(SluiceObjectDescribe) describe = NULL;
  g_autofree char *query = NULL;

  g_ptr_array_add (fields, sluice_field_info_new (&(SluiceFieldDetails) { .name = "Id", .type = "id" }));
  g_ptr_array_add (fields, sluice_field_info_new (&(SluiceFieldDetails) { .name = "Place__c", .type = "location" }));
  g_ptr_array_add (fields, sluice_field_info_new (&(SluiceFieldDetails) { .name = "Body", .type = "base64" }));
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("A_Field_With_A_Long_Name_%u__c", i);

      g_ptr_array_add (fields, sluice_field_info_new (&(SluiceFieldDetails) { .name = name, .type = "string" }));
    }

  describe = sluice_object_describe_new (info, fields, children);
  query = sluice_object_describe_dup_query (describe, 200);
  g_assert_cmpstr (query, ==,
                   "SELECT Id, A_Field_With_A_Long_Name_0__c, A_Field_With_A_Long_Name_1__c,\n"
                   "  A_Field_With_A_Long_Name_2__c, A_Field_With_A_Long_Name_3__c\n"
                   "FROM Invoice__c\n"
                   "LIMIT 200");
}

static void
test_query_without_fields (void)
{
  g_autoptr(SluiceObjectInfo) info = sluice_object_info_new ("Name", NULL, NULL, NULL, SLUICE_OBJECT_QUERYABLE);
  g_autoptr(GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr(SluiceObjectDescribe) describe = sluice_object_describe_new (info, nothing, nothing);
  g_autofree char *query = sluice_object_describe_dup_query (describe, 0);

  g_assert_cmpstr (query, ==, "SELECT Id\nFROM Name");
}

static void
test_read_nonsense (void)
{
  static const char * const texts[] = {
    "", "[]", "{}", "{\"name\":\"Account\"}", "{\"fields\":[]}", "{\"name\":\"Account\",\"fields\":{}}",
    "{\"name\":17,\"fields\":[]}", "{\"sobjects\":null}", "{\"name\":\"Account\",\"fields\":[", "\xff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr(GError) object_error = NULL;
      g_autoptr(GError) list_error = NULL;

      g_assert_null (sluice_describe_read_object (bytes, &object_error));
      g_assert_error (object_error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
      g_assert_null (sluice_describe_read_list (bytes, &list_error));
      g_assert_error (list_error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
    }
}

/* The cache */

static void
test_keeps (Fixture       *fixture,
            gconstpointer  unused)
{
  queue_describe (fixture, ACCOUNT_JSON);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_cmpint (sluice_describe_cache_get_checked_at (fixture->cache, "ACCOUNT"), ==,
                   sluice_clock_get_real (SLUICE_CLOCK (fixture->clock)) / G_USEC_PER_SEC);
  g_assert_nonnull (sluice_describe_cache_peek (fixture->cache, "account"));
  g_assert_cmpuint (count_calls (fixture), ==, 1);

  reopen (fixture);
  verify (fixture);
  g_assert_null (sluice_describe_cache_peek (fixture->cache, "Account"));
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_cmpuint (count_calls (fixture), ==, 1);
}

static void
test_not_modified (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(MockRequest) request = NULL;
  gint64 first;

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  first = sluice_describe_cache_get_checked_at (fixture->cache, "Account");

  manual_clock_advance (fixture->clock, HOUR);
  reopen (fixture);
  verify (fixture);
  queue_not_modified (fixture);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_cmpuint (count_calls (fixture), ==, 2);
  request = mock_server_dup_request (fixture->server, mock_server_get_n_requests (fixture->server) - 1);
  g_assert_cmpstr (mock_request_get_header (request, "If-Modified-Since"), ==, CHANGED);
  g_assert_cmpint (sluice_describe_cache_get_checked_at (fixture->cache, "Account"), ==, first + 60 * 60);

  /* The file knows it too. */
  reopen (fixture);
  verify (fixture);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_cmpuint (count_calls (fixture), ==, 2);
}

static void
test_refresh (Fixture       *fixture,
              gconstpointer  unused)
{
  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  queue_describe (fixture, SMALL_JSON);

  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_ANY_AGE), ==, 5);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_NOW), ==, 1);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_ANY_AGE), ==, 1);
}

static void
test_any_age (Fixture       *fixture,
              gconstpointer  unused)
{
  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  manual_clock_advance (fixture->clock, 1000 * HOUR);
  reopen (fixture);
  verify (fixture);

  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_ANY_AGE), ==, 5);
  g_assert_cmpuint (count_calls (fixture), ==, 1);
}

static void
damage_and_ask (Fixture    *fixture,
                const char *contents,
                gssize      length)
{
  g_autofree char *path = build_path (fixture);

  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  reopen (fixture);
  verify (fixture);
  queue_describe (fixture, ACCOUNT_JSON);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_ANY_AGE), ==, 5);
  g_assert_cmpuint (mock_server_get_n_queued (fixture->server), ==, 0);
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *path = build_path (fixture);
  g_autofree char *whole = NULL;
  gsize length;

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));

  damage_and_ask (fixture, "", 0);
  damage_and_ask (fixture, "\0\0\0\n", 4);
  damage_and_ask (fixture, "sluice-describe 1 \n", -1);
  damage_and_ask (fixture, whole, (gssize) length - 1);
  *strstr (whole, "register") = 'R';
  damage_and_ask (fixture, whole, (gssize) length);

  /* What is written again serves. */
  reopen (fixture);
  verify (fixture);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
}

static void
test_other_user (Fixture       *fixture,
                 gconstpointer  unused)
{
  queue_describe (fixture, ACCOUNT_JSON);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);

  put_user (fixture, OTHER_USER);
  mock_server_queue_json (fixture->server, "/id/", 200,
                          "{\"user_id\":\"" OTHER_USER "\",\"organization_id\":\"" MOCK_ORG_ID "\"}");
  verify (fixture);
  queue_describe (fixture, SMALL_JSON);

  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_ANY_AGE), ==, 1);
  g_assert_true (has_folder (fixture, OTHER_FOLDER));
  /* Nobody is left who needs it. */
  g_assert_false (has_folder (fixture, FOLDER));
}

static void
test_one_request (Fixture       *fixture,
                  gconstpointer  unused)
{
  GAsyncResult *results[3] = { NULL };

  mock_server_queue (fixture->server, PATH, mock_reply_hold (mock_reply_new (200, "application/json", ACCOUNT_JSON)));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    sluice_describe_cache_describe_async (fixture->cache, i == 1 ? "ACCOUNT" : "Account", SLUICE_DESCRIBE_NOW, NULL,
                                          keep_result, &results[i]);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  mock_server_release (fixture->server);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GAsyncResult) done = wait_result (&results[i]);
      g_autoptr(SluiceObjectDescribe) found = sluice_describe_cache_describe_finish (fixture->cache, done, NULL);

      g_assert_nonnull (found);
    }
  g_assert_cmpuint (count_calls (fixture), ==, 1);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *impatient = NULL, *patient = NULL;
  g_autoptr(GAsyncResult) impatient_done = NULL;
  g_autoptr(GAsyncResult) patient_done = NULL;
  g_autoptr(SluiceObjectDescribe) found = NULL;
  g_autoptr(GError) error = NULL;

  mock_server_queue (fixture->server, PATH, mock_reply_hold (mock_reply_new (200, "application/json", ACCOUNT_JSON)));
  sluice_describe_cache_describe_async (fixture->cache, "Account", SLUICE_DESCRIBE_RECENT, cancellable, keep_result, &impatient);
  sluice_describe_cache_describe_async (fixture->cache, "Account", SLUICE_DESCRIBE_RECENT, NULL, keep_result, &patient);
  wait_for (mock_server_get_n_held (fixture->server) == 1);

  g_cancellable_cancel (cancellable);
  impatient_done = wait_result (&impatient);
  g_assert_null (sluice_describe_cache_describe_finish (fixture->cache, impatient_done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  mock_server_release (fixture->server);
  patient_done = wait_result (&patient);
  found = sluice_describe_cache_describe_finish (fixture->cache, patient_done, NULL);
  g_assert_nonnull (found);
}

static void
test_all_cancelled (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  mock_server_queue (fixture->server, PATH, mock_reply_hold (mock_reply_new (200, "application/json", ACCOUNT_JSON)));
  sluice_describe_cache_describe_async (fixture->cache, "Account", SLUICE_DESCRIBE_RECENT, cancellable, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  g_cancellable_cancel (cancellable);
  done = wait_result (&result);
  g_assert_null (sluice_describe_cache_describe_finish (fixture->cache, done, NULL));
  mock_server_release (fixture->server);

  queue_describe (fixture, SMALL_JSON);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 1);
}

static void
test_offline (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(SluiceObjectDescribe) found = NULL;
  g_autoptr(GError) error = NULL;

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  manual_clock_advance (fixture->clock, HOUR);
  mock_server_queue_json (fixture->server, PATH, 403,
                          "[{\"message\":\"TotalRequests Limit exceeded.\",\"errorCode\":\"API_DISABLED_FOR_ORG\"}]");

  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_nonnull (sluice_describe_cache_get_problem (fixture->cache, "Account"));

  mock_server_queue_json (fixture->server, PATH, 403,
                          "[{\"message\":\"TotalRequests Limit exceeded.\",\"errorCode\":\"API_DISABLED_FOR_ORG\"}]");
  found = describe (fixture, "Account", SLUICE_DESCRIBE_NOW, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);

  queue_not_modified (fixture);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_NOW), ==, 5);
  g_assert_null (sluice_describe_cache_get_problem (fixture->cache, "Account"));
}

static void
test_unverified (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceObjectDescribe) missing = NULL;
  g_autoptr(GError) error = NULL;

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  manual_clock_advance (fixture->clock, HOUR);
  reopen (fixture);
  load_tokens (fixture);

  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_error (sluice_describe_cache_get_problem (fixture->cache, "Account"), SLUICE_ERROR, SLUICE_ERROR_INVALID);

  missing = describe (fixture, "Contact", SLUICE_DESCRIBE_ANY_AGE, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_signed_out (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) nothing = sluice_credentials_new ();

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  manual_clock_advance (fixture->clock, HOUR);
  reopen (fixture);
  /* As after Salesforce refused the refresh token */
  memory_store_put (fixture->store, ID, nothing);
  load_tokens (fixture);

  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
  g_assert_error (sluice_describe_cache_get_problem (fixture->cache, "Account"), SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED);
}

static void
test_no_such_object (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *path = build_path (fixture);
  g_autoptr(SluiceObjectDescribe) found = NULL;
  g_autoptr(GError) error = NULL;

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  manual_clock_advance (fixture->clock, HOUR);
  mock_server_queue_json (fixture->server, PATH, 404,
                          "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"The requested resource does not exist\"}]");

  found = describe (fixture, "Account", SLUICE_DESCRIBE_RECENT, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "Account"));
  g_assert_null (sluice_describe_cache_peek (fixture->cache, "Account"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_no_name (Fixture       *fixture,
              gconstpointer  unused)
{
  static const char * const names[] = { "", "1Account", "_objects", "../etc/passwd", "Account/describe", "Größe", "A B" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (describe (fixture, names[i], SLUICE_DESCRIBE_RECENT, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
    }
  g_assert_cmpuint (count_calls (fixture), ==, 0);
}

static void
test_list (Fixture       *fixture,
           gconstpointer  unused)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GListModel) list = NULL;
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, LIST_PATH, 200, LIST_JSON);
  sluice_describe_cache_list_async (fixture->cache, SLUICE_DESCRIBE_RECENT, NULL, keep_result, &result);
  done = wait_result (&result);
  list = sluice_describe_cache_list_finish (fixture->cache, done, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  g_assert_true (sluice_describe_cache_peek_list (fixture->cache) == list);
  g_assert_cmpint (sluice_describe_cache_get_checked_at (fixture->cache, NULL), !=, 0);
}

static void
test_broken_answer (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceObjectDescribe) found = NULL;
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, PATH, 200, "{\"name\":\"Account\"}");
  found = describe (fixture, "Account", SLUICE_DESCRIBE_RECENT, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);

  queue_describe (fixture, ACCOUNT_JSON);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
}

static void
test_read_only_folder (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->root, FOLDER, NULL);

  /* A file where the folder belongs: nothing can be kept, and everything works. */
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  queue_describe (fixture, ACCOUNT_JSON);
  g_assert_cmpuint (count_fields (fixture, SLUICE_DESCRIBE_RECENT), ==, 5);
}

static void
forget (Fixture *fixture)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  sluice_describe_cache_forget_async (fixture->cache, keep_result, &result);
  done = wait_result (&result);
  sluice_describe_cache_forget_finish (fixture->cache, done);
}

static void
test_forget (Fixture       *fixture,
             gconstpointer  unused)
{
  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  g_assert_true (has_folder (fixture, FOLDER));

  forget (fixture);
  g_assert_false (has_folder (fixture, FOLDER));
  g_assert_null (sluice_describe_cache_peek (fixture->cache, "Account"));
}

static void
test_forget_shared (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *other = g_build_filename (fixture->root, FOLDER, "used-by", OTHER_ID, NULL);

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);
  g_assert_true (g_file_set_contents (other, "", 0, NULL));

  forget (fixture);
  g_assert_true (has_folder (fixture, FOLDER));
}

static void
test_forget_under_way (Fixture       *fixture,
                       gconstpointer  unused)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(SluiceObjectDescribe) found = NULL;
  g_autoptr(GError) error = NULL;

  mock_server_queue (fixture->server, PATH, mock_reply_hold (mock_reply_new (200, "application/json", ACCOUNT_JSON)));
  sluice_describe_cache_describe_async (fixture->cache, "Account", SLUICE_DESCRIBE_RECENT, NULL, keep_result, &result);
  wait_for (mock_server_get_n_held (fixture->server) == 1);
  queue_describe (fixture, SMALL_JSON);

  /* Whoever waits asks again, as who is signed in then. */
  forget (fixture);
  mock_server_release (fixture->server);
  done = wait_result (&result);
  found = sluice_describe_cache_describe_finish (fixture->cache, done, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (sluice_object_describe_get_fields (found)), ==, 1);
}

static void
save (Fixture    *fixture,
      const char *name,
      gint64      checked_at)
{
  g_autofree char *letters = g_strnfill (24 * 1024 * 1024, 'x');
  g_autoptr(GBytes) answer = g_bytes_new_take (g_steal_pointer (&letters), 24 * 1024 * 1024);
  g_autoptr(GError) error = NULL;

  sluice_describe_files_save (fixture->root, FOLDER, ID, "67.0", name, answer, NULL, checked_at, NULL, &error);
  g_assert_no_error (error);
}

static void
test_bounded (Fixture       *fixture,
              gconstpointer  unused)
{
  const char *kept[] = { "new", "newer" };

  save (fixture, "new", 2000);
  save (fixture, "old", 1000);
  save (fixture, "newer", 3000);

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autoptr(SluiceDescribeFile) file = sluice_describe_files_load (fixture->root, FOLDER, ID, "67.0", kept[i]);

      g_assert_nonnull (file);
    }
  g_assert_null (sluice_describe_files_load (fixture->root, FOLDER, ID, "67.0", "old"));
}

static GHashTable *
count (Fixture     *fixture,
       const char  *object,
       GError     **error)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  sluice_record_counts_read_async (fixture->connection, object, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_record_counts_read_finish (fixture->connection, done, error);
}

static void
test_counts (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GHashTable) counts = NULL;
  g_autoptr(MockRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/services/data/v67.0/limits/recordCount", 200,
                          "{\"sObjects\":[{\"count\":1234567,\"name\":\"Account\"},17,{\"name\":\"Contact\"},"
                          "{\"count\":\"x\",\"name\":\"Order\"}]}");
  counts = count (fixture, "Account", &error);
  g_assert_no_error (error);
  request = mock_server_dup_request (fixture->server, mock_server_get_n_requests (fixture->server) - 1);
  g_assert_cmpstr (request->query, ==, "sObjects=Account");
  g_assert_cmpint (sluice_record_counts_get (counts, "ACCOUNT"), ==, 1234567);
  g_assert_cmpint (sluice_record_counts_get (counts, "Contact"), ==, -1);
  g_assert_cmpint (sluice_record_counts_get (counts, "Order"), ==, -1);
}

static void
test_counts_nonsense (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(GHashTable) counts = NULL;
  g_autoptr(GError) error = NULL;

  mock_server_queue_json (fixture->server, "/services/data/v67.0/limits/recordCount", 200, "{\"sObjects\":{}}");
  counts = count (fixture, NULL, &error);
  g_assert_null (counts);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

static void
test_private (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *path = build_path (fixture);
  g_autofree char *folder = g_path_get_dirname (path);
  GStatBuf info;

  queue_describe (fixture, ACCOUNT_JSON);
  count_fields (fixture, SLUICE_DESCRIBE_RECENT);

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/describe-reader/list", test_read_list);
  g_test_add_func ("/sync/describe-reader/object", test_read_object);
  g_test_add_func ("/model/field-info/words", test_describe_fields);
  g_test_add_func ("/model/object-describe/query", test_query);
  g_test_add_func ("/model/object-describe/query-without-fields", test_query_without_fields);
  g_test_add_func ("/sync/describe-reader/nonsense", test_read_nonsense);
  ADD ("/sync/describe-cache/keeps", test_keeps);
  ADD ("/sync/describe-cache/not-modified", test_not_modified);
  ADD ("/sync/describe-cache/refresh", test_refresh);
  ADD ("/sync/describe-cache/any-age", test_any_age);
  ADD ("/sync/describe-cache/damaged", test_damaged);
  ADD ("/sync/describe-cache/other-user", test_other_user);
  ADD ("/sync/describe-cache/one-request", test_one_request);
  ADD ("/sync/describe-cache/cancelled", test_cancelled);
  ADD ("/sync/describe-cache/all-cancelled", test_all_cancelled);
  ADD ("/sync/describe-cache/offline", test_offline);
  ADD ("/sync/describe-cache/unverified", test_unverified);
  ADD ("/sync/describe-cache/signed-out", test_signed_out);
  ADD ("/sync/describe-cache/no-such-object", test_no_such_object);
  ADD ("/sync/describe-cache/no-name", test_no_name);
  ADD ("/sync/describe-cache/list", test_list);
  ADD ("/sync/describe-cache/broken-answer", test_broken_answer);
  ADD ("/sync/describe-cache/read-only-folder", test_read_only_folder);
  ADD ("/sync/describe-cache/forget", test_forget);
  ADD ("/sync/describe-cache/forget-shared", test_forget_shared);
  ADD ("/sync/describe-cache/forget-under-way", test_forget_under_way);
  ADD ("/sync/describe-cache/private", test_private);
  ADD ("/store/describe-files/bounded", test_bounded);
  ADD ("/sync/record-counts/counts", test_counts);
  ADD ("/sync/record-counts/nonsense", test_counts_nonsense);

  return g_test_run ();
}
