/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "org-rest.h"

#define BASE "/services/data/v68.0"

typedef struct
{
  OrgData *data;
  OrgRest *rest;
  gint64 now;
} Fixture;

static gint64
fixture_time (gpointer user_data)
{
  return ((Fixture *) user_data)->now;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  source)
{
  g_autoptr(GError) error = NULL;

  fixture->data = org_data_new (source, ORG_KIND_PRODUCTION, &error);
  g_assert_no_error (error);
  fixture->now = g_get_real_time ();
  org_data_set_clock (fixture->data, fixture_time, fixture);
  fixture->rest = org_rest_new (fixture->data);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  source)
{
  org_rest_free (fixture->rest);
  org_data_free (fixture->data);
}

/* @target is a path below the version, with encoded parameters. */
static void
call (Fixture        *fixture,
      const char     *target,
      OrgRestRequest *options,
      OrgRestReply   *reply)
{
  g_auto(GStrv) parts = g_strsplit (target, "?", 2);
  OrgRestRequest request = options != NULL ? *options : (OrgRestRequest) { 0 };
  g_autoptr(GHashTable) query = NULL;

  if (parts[1] != NULL)
    query = g_uri_parse_params (parts[1], -1, "&", G_URI_PARAMS_WWW_FORM, NULL);

  request.method = request.method != NULL ? request.method : "GET";
  request.path = parts[0];
  request.base = BASE;
  request.query = query;
  org_rest_handle (fixture->rest, &request, reply);
}

static JsonNode *
get (Fixture    *fixture,
     const char *target,
     guint       status)
{
  g_auto(OrgRestReply) reply = { 0 };
  g_autoptr(GError) error = NULL;
  JsonNode *node;

  call (fixture, target, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, status);
  node = json_from_string (reply.body->str, &error);
  g_assert_no_error (error);

  return node;
}

static JsonNode *
query (Fixture    *fixture,
       const char *soql)
{
  g_autofree char *escaped = g_uri_escape_string (soql, NULL, FALSE);
  g_autofree char *target = g_strconcat ("/query/?q=", escaped, NULL);

  return get (fixture, target, 200);
}

static void
assert_error (Fixture        *fixture,
              const char     *target,
              OrgRestRequest *options,
              guint           status,
              const char     *code)
{
  g_auto(OrgRestReply) reply = { 0 };
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  call (fixture, target, options, &reply);
  node = json_from_string (reply.body->str, NULL);
  object = json_array_get_object_element (json_node_get_array (node), 0);
  g_assert_cmpuint (reply.status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (object, "errorCode"), ==, code);
  g_assert_cmpuint (strlen (json_object_get_string_member (object, "message")), >, 0);
}

static const char *
next_target (JsonObject *page)
{
  return json_object_get_boolean_member (page, "done")
         ? NULL : json_object_get_string_member (page, "nextRecordsUrl") + strlen (BASE);
}

/* Reads to the end and returns how many pages it took; each record is seen once. */
static guint
read_all (Fixture        *fixture,
          const char     *target,
          OrgRestRequest *options,
          guint           expected)
{
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *next = g_strdup (target);
  guint pages = 0;

  while (next != NULL)
    {
      g_auto(OrgRestReply) reply = { 0 };
      g_autoptr(JsonNode) node = NULL;
      JsonObject *page;
      JsonArray *records;

      call (fixture, next, options, &reply);
      g_assert_cmpuint (reply.status, ==, 200);
      node = json_from_string (reply.body->str, NULL);
      page = json_node_get_object (node);
      records = json_object_get_array_member (page, "records");
      g_assert_cmpint (json_object_get_int_member (page, "totalSize"), ==, expected);
      g_assert_cmpuint (json_array_get_length (records), >, 0);

      for (guint i = 0; i < json_array_get_length (records); i++)
        {
          JsonObject *record = json_array_get_object_element (records, i);

          g_assert_true (g_hash_table_add (ids, g_strdup (json_object_get_string_member (record, "Id"))));
        }

      pages++;
      g_free (next);
      next = g_strdup (next_target (page));
    }

  g_assert_cmpuint (g_hash_table_size (ids), ==, expected);

  return pages;
}

static void
test_paging (Fixture       *fixture,
             gconstpointer  source)
{
  OrgRestRequest options = { .query_options = "batchSize=500" };
  OrgRestRequest too_small = { .query_options = "batchSize=1" };

  g_assert_cmpuint (read_all (fixture, "/query?q=SELECT+Id+FROM+OrderItem", NULL, 2155), ==, 2);
  g_assert_cmpuint (read_all (fixture, "/query?q=SELECT+Id+FROM+OrderItem", &options, 2155), ==, 5);
  g_assert_cmpuint (read_all (fixture, "/query?q=SELECT+Id+FROM+OrderItem", &too_small, 2155), ==, 11);
  g_assert_cmpuint (read_all (fixture, "/query?q=SELECT+Id+FROM+OrderItem+ORDER+BY+Product2.Name", &options, 2155), ==, 5);
}

static void
test_short_pages (Fixture       *fixture,
                  gconstpointer  source)
{
  org_cursors_set_short_pages (org_rest_get_cursors (fixture->rest), TRUE);

  g_assert_cmpuint (read_all (fixture, "/query?q=SELECT+Id+FROM+OrderItem", NULL, 2155), >=, 3);
}

static void
test_page_again (Fixture       *fixture,
                 gconstpointer  source)
{
  OrgRestRequest options = { .query_options = "batchSize=500" };
  g_auto(OrgRestReply) first = { 0 };
  g_auto(OrgRestReply) second = { 0 };
  g_auto(OrgRestReply) third = { 0 };
  g_auto(OrgRestReply) again = { 0 };
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *second_target = NULL;
  g_autofree char *locator = NULL;
  g_autofree char *third_target = NULL;

  call (fixture, "/query?q=SELECT+Id,Name+FROM+Account+ORDER+BY+Name", &options, &first);
  call (fixture, "/query?q=SELECT+Id,Quantity+FROM+OrderItem+ORDER+BY+Quantity", &options, &second);
  node = json_from_string (second.body->str, NULL);
  second_target = g_strdup (next_target (json_node_get_object (node)));
  g_assert_true (g_str_has_prefix (second_target, "/query/0r8"));
  g_assert_true (g_str_has_suffix (second_target, "-500"));
  locator = g_strndup (second_target, strlen (second_target) - strlen ("500"));
  third_target = g_strconcat (locator, "1000", NULL);

  org_rest_reply_clear (&second);
  call (fixture, second_target, NULL, &second);
  call (fixture, third_target, NULL, &third);
  call (fixture, second_target, NULL, &again);
  g_assert_cmpstr (second.body->str, ==, again.body->str);
  g_assert_cmpstr (third.body->str, !=, again.body->str);
}

static void
test_cursor_expires (Fixture       *fixture,
                     gconstpointer  source)
{
  g_autoptr(JsonNode) node = query (fixture, "SELECT Id FROM OrderItem");
  const char *next = next_target (json_node_get_object (node));
  g_auto(OrgRestReply) reply = { 0 };

  fixture->now += 2 * G_TIME_SPAN_DAY - G_TIME_SPAN_MINUTE;
  call (fixture, next, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  fixture->now += 2 * G_TIME_SPAN_MINUTE;
  assert_error (fixture, next, NULL, 400, "INVALID_QUERY_LOCATOR");
  assert_error (fixture, "/query/0r85e0000000009AAA-2000", NULL, 400, "INVALID_QUERY_LOCATOR");
  assert_error (fixture, "/query/x", NULL, 400, "INVALID_QUERY_LOCATOR");
}

static void
test_children (Fixture       *fixture,
               gconstpointer  source)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonNode) rest = NULL;
  JsonObject *account;
  JsonObject *orders;
  const char *next;

  org_cursors_set_child_limit (org_rest_get_cursors (fixture->rest), 10);
  node = query (fixture, "SELECT Id, (SELECT Id FROM Orders) FROM Account WHERE Northwind_Code__c = 'SAVEA'");
  account = json_array_get_object_element (json_object_get_array_member (json_node_get_object (node), "records"), 0);
  orders = json_object_get_object_member (account, "Orders");
  g_assert_cmpint (json_object_get_int_member (orders, "totalSize"), ==, 31);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (orders, "records")), ==, 10);
  next = next_target (orders);
  g_assert_nonnull (next);

  rest = get (fixture, next, 200);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (rest), "records")), ==, 21);
  g_assert_true (json_object_get_boolean_member (json_node_get_object (rest), "done"));
}

/* 91 accounts and 830 orders do not fit into 200. */
static void
test_children_count (Fixture       *fixture,
                     gconstpointer  source)
{
  OrgRestRequest options = { .query_options = "batchSize=200" };

  g_assert_cmpuint (read_all (fixture, "/query?q=SELECT+Id,(SELECT+Id+FROM+Orders)+FROM+Account", &options, 91), >=, 4);
}

static void
test_query_all (Fixture       *fixture,
                gconstpointer  source)
{
  g_autoptr(JsonNode) node = get (fixture, "/queryAll?q=SELECT+Id+FROM+Account", 200);

  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "totalSize"), ==, 94);
}

static void
test_record_shape (Fixture       *fixture,
                   gconstpointer  source)
{
  g_auto(OrgRestReply) reply = { 0 };
  g_auto(OrgRestReply) aggregate = { 0 };

  call (fixture, "/query?q=SELECT+Id,AnnualRevenue,CreatedDate,IsDeleted,Parent.Name,Owner.Name+FROM+Account+LIMIT+1", NULL, &reply);
  g_assert_cmpstr (reply.body->str, ==,
                   "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Account\","
                   "\"url\":\"/services/data/v68.0/sobjects/Account/0015e0000000001AAA\"},\"Id\":\"0015e0000000001AAA\","
                   "\"AnnualRevenue\":null,\"CreatedDate\":\"2026-01-05T08:00:01.000+0000\",\"IsDeleted\":false,"
                   "\"Parent\":null,\"Owner\":{\"attributes\":{\"type\":\"User\","
                   "\"url\":\"/services/data/v68.0/sobjects/User/0055e000000000CAAQ\"},\"Name\":\"Andrew Fuller\"}}]}");

  call (fixture, "/query?q=SELECT+COUNT(Id),MAX(UnitPrice)+m+FROM+PricebookEntry", NULL, &aggregate);
  g_assert_cmpstr (aggregate.body->str, ==,
                   "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"AggregateResult\"},"
                   "\"expr0\":77,\"m\":263.5}]}");
}

static void
test_aggregate_too_many (Fixture       *fixture,
                         gconstpointer  source)
{
  assert_error (fixture, "/query?q=SELECT+COUNT(Id)+FROM+OrderItem+GROUP+BY+Id", NULL, 400, "EXCEEDED_ID_LIMIT");
}

static void
test_errors (Fixture       *fixture,
             gconstpointer  source)
{
  OrgRestRequest post = { .method = "POST" };
  OrgRestRequest patch = { .method = "PATCH" };
  OrgRestRequest delete = { .method = "DELETE" };

  assert_error (fixture, "/query", NULL, 400, "MALFORMED_QUERY");
  assert_error (fixture, "/query?q=SELECT", NULL, 400, "MALFORMED_QUERY");
  assert_error (fixture, "/query?q=SELECT+Id+FROM+ScratchOrgInfo+limit+1", NULL, 400, "INVALID_TYPE");
  assert_error (fixture, "/sobjects/Nothing", NULL, 404, "NOT_FOUND");
  assert_error (fixture, "/sobjects/Nothing/describe", NULL, 404, "NOT_FOUND");
  assert_error (fixture, "/sobjects/Account/0015e0000000zzz", NULL, 404, "NOT_FOUND");
  assert_error (fixture, "/sobjects/Account/0035e0000000001", NULL, 404, "NOT_FOUND");
  assert_error (fixture, "/sobjects/Account/0015e0000000001?fields=Id,Foo", NULL, 400, "INVALID_FIELD");
  assert_error (fixture, "/sobjects/Account/0015e0000000001?fields=Id+FROM+User--'", NULL, 400, "INVALID_FIELD");
  assert_error (fixture, "/sobjects/Account/0015e000000001U", NULL, 404, "ENTITY_IS_DELETED");
  assert_error (fixture, "/nothing", NULL, 404, "NOT_FOUND");
  assert_error (fixture, "/sobjects", &post, 405, "METHOD_NOT_ALLOWED");
  assert_error (fixture, "/sobjects/Account", &patch, 405, "METHOD_NOT_ALLOWED");
  assert_error (fixture, "/sobjects/Account/describe", &delete, 405, "METHOD_NOT_ALLOWED");
  assert_error (fixture, "/sobjects/User", &post, 405, "METHOD_NOT_ALLOWED");
}

static void
test_get_record (Fixture       *fixture,
                 gconstpointer  source)
{
  g_autoptr(JsonNode) whole = get (fixture, "/sobjects/Account/0015e0000000001AAA", 200);
  g_auto(OrgRestReply) some = { 0 };

  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (whole), "Northwind_Code__c"), ==, "ALFKI");
  call (fixture, "/sobjects/Account/0015e0000000001?fields=Name,Phone", NULL, &some);
  g_assert_cmpstr (some.body->str, ==,
                   "{\"attributes\":{\"type\":\"Account\",\"url\":\"/services/data/v68.0/sobjects/Account/0015e0000000001AAA\"},"
                   "\"Name\":\"Alfreds Futterkiste\",\"Phone\":\"030-0074321\"}");
}

static void
assert_members (JsonObject *object,
                const char *names)
{
  g_auto(GStrv) wanted = g_strsplit (names, " ", -1);

  for (guint i = 0; wanted[i] != NULL; i++)
    {
      if (!json_object_has_member (object, wanted[i]))
        g_error ("There is no member %s", wanted[i]);
    }

  g_assert_cmpuint (json_object_get_size (object), ==, g_strv_length (wanted));
}

/* The members that recorded answers of a real org have. */
static void
test_describe_shape (Fixture       *fixture,
                     gconstpointer  source)
{
  guint n_objects;
  const OrgObject *objects = org_schema_get_objects (&n_objects);

  for (guint i = 0; i < n_objects; i++)
    {
      g_autofree char *target = g_strconcat ("/sobjects/", objects[i].name, "/describe", NULL);
      g_autoptr(JsonNode) node = get (fixture, target, 200);
      JsonObject *describe = json_node_get_object (node);
      JsonArray *fields = json_object_get_array_member (describe, "fields");

      assert_members (describe,
                      "actionOverrides activateable associateEntityType associateParentEntity childRelationships "
                      "compactLayoutable createable custom customSetting deepCloneable defaultImplementation deletable "
                      "deprecatedAndHidden extendedBy extendsInterfaces feedEnabled fields hasSubtypes implementedBy "
                      "implementsInterfaces isInterface isSubtype keyPrefix label labelPlural layoutable listviewable "
                      "lookupLayoutable mergeable mruEnabled name namedLayoutInfos networkScopeFieldName queryable "
                      "recordTypeInfos replicateable retrieveable searchLayoutable searchable sobjectDescribeOption "
                      "supportedScopes triggerable undeletable updateable urls");

      for (guint j = 0; j < json_array_get_length (fields); j++)
        assert_members (json_array_get_object_element (fields, j),
                        "aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete "
                        "caseSensitive compoundFieldName controllerName createable custom defaultValue defaultValueFormula "
                        "defaultedOnCreate dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted "
                        "externalId extraTypeInfo filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable "
                        "highScaleNumber htmlFormatted idLookup inlineHelpText label length mask maskType name nameField "
                        "namePointing nillable permissionable picklistValues polymorphicForeignKey precision "
                        "queryByDistance referenceTargetField referenceTo relationshipName relationshipOrder "
                        "restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable type unique "
                        "updateable writeRequiresMasterRead");
    }
}

static void
test_describe_security (Fixture       *fixture,
                        gconstpointer  source)
{
  g_autofree char *user = org_data_dup_user_id (fixture->data, "user@demo.example");
  g_autofree char *admin = org_data_dup_user_id (fixture->data, "ADMIN@demo.example");
  OrgRestRequest as_user = { .user_id = user };
  OrgRestRequest as_admin = { .user_id = admin };
  g_auto(OrgRestReply) narrow = { 0 };
  g_auto(OrgRestReply) wide = { 0 };

  g_assert_nonnull (user);
  g_assert_nonnull (admin);
  call (fixture, "/sobjects/Account/describe", &as_user, &narrow);
  call (fixture, "/sobjects/Account/describe", &as_admin, &wide);
  g_assert_null (strstr (narrow.body->str, "Credit_Limit__c"));
  g_assert_nonnull (strstr (wide.body->str, "Credit_Limit__c"));
  assert_error (fixture, "/query?q=SELECT+Credit_Limit__c+FROM+Account", &as_user, 400, "INVALID_FIELD");
}

static void
test_describe_not_modified (Fixture       *fixture,
                            gconstpointer  source)
{
  OrgRestRequest options = { 0 };
  g_auto(OrgRestReply) first = { 0 };
  g_auto(OrgRestReply) same = { 0 };
  g_auto(OrgRestReply) old = { 0 };

  call (fixture, "/sobjects/Account/describe", NULL, &first);
  g_assert_nonnull (first.last_modified);
  options.if_modified_since = first.last_modified;
  call (fixture, "/sobjects/Account/describe", &options, &same);
  g_assert_cmpuint (same.status, ==, 304);
  g_assert_cmpuint (same.body->len, ==, 0);
  options.if_modified_since = "Mon, 05 Jan 2015 08:00:00 GMT";
  call (fixture, "/sobjects/Account/describe", &options, &old);
  g_assert_cmpuint (old.status, ==, 200);
}

static void
test_other_resources (Fixture       *fixture,
                      gconstpointer  source)
{
  g_autoptr(JsonNode) global = get (fixture, "//sobjects/", 200);
  g_autoptr(JsonNode) one = get (fixture, "/sobjects/Account/", 200);
  g_autoptr(JsonNode) counts = get (fixture, "/limits/recordCount?sObjects=Account,Contact", 200);
  g_autoptr(JsonNode) plan = get (fixture, "/query?explain=SELECT+Id+FROM+Account", 200);
  g_autoptr(JsonNode) columns = get (fixture, "/query?q=SELECT+Id,Owner.Name,(SELECT+Id+FROM+Orders)+FROM+Account&columns=true", 200);
  g_autofree char *counts_text = json_to_string (counts, FALSE);
  JsonObject *first_plan;
  JsonObject *owner;
  JsonObject *orders;

  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (global), "sobjects")), ==, 13);
  g_assert_true (json_object_has_member (json_node_get_object (one), "objectDescribe"));
  g_assert_cmpstr (counts_text, ==, "{\"sObjects\":[{\"count\":91,\"name\":\"Account\"},{\"count\":182,\"name\":\"Contact\"}]}");
  first_plan = json_array_get_object_element (json_object_get_array_member (json_node_get_object (plan), "plans"), 0);
  g_assert_cmpint (json_object_get_int_member (first_plan, "sobjectCardinality"), ==, 91);
  owner = json_array_get_object_element (json_object_get_array_member (json_node_get_object (columns), "columnMetadata"), 1);
  g_assert_cmpstr (json_object_get_string_member (owner, "columnName"), ==, "Owner");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (owner, "joinColumns")), ==, 1);

  /* The command line client takes joined columns for a child query where this is set. */
  orders = json_array_get_object_element (json_object_get_array_member (json_node_get_object (columns), "columnMetadata"), 2);
  g_assert_false (json_object_get_boolean_member (owner, "aggregate"));
  g_assert_true (json_object_get_boolean_member (orders, "aggregate"));
}

static gsize
resident_bytes (void)
{
  g_autofree char *text = NULL;
  gulong size;
  gulong resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lu %lu", &size, &resident), ==, 2);

  return resident * (gsize) sysconf (_SC_PAGESIZE);
}

/* 100 pages and then 400 more: the second part must not need more memory. */
static void
test_memory_flat (Fixture       *fixture,
                  gconstpointer  source)
{
  g_autofree char *next = g_strdup ("/query?q=SELECT+Id,Name,Phone,BillingCity,Owner.Name+FROM+Account");
  gsize before = 0;
  guint pages = 0;

#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("AddressSanitizer keeps freed memory, so there is nothing to measure");
  return;
#endif

  if (!g_file_test ("/proc/self/statm", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("There is no /proc to measure memory with");
      return;
    }

  while (next != NULL)
    {
      g_auto(OrgRestReply) reply = { 0 };
      const char *url;

      call (fixture, next, NULL, &reply);
      g_assert_cmpuint (reply.status, ==, 200);
      url = strstr (reply.body->str, "\"nextRecordsUrl\":\"" BASE);
      g_clear_pointer (&next, g_free);
      if (url != NULL)
        {
          url += strlen ("\"nextRecordsUrl\":\"" BASE);
          next = g_strndup (url, strcspn (url, "\""));
        }
      if (++pages == 100)
        before = resident_bytes ();
    }

  g_assert_cmpuint (pages, ==, 500);
  g_assert_cmpuint (resident_bytes (), <, before + 8 * 1024 * 1024);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, source, func) g_test_add ("/org/rest/" path, Fixture, source, set_up, func, tear_down)
  ADD ("paging", "northwind", test_paging);
  ADD ("short-pages", "northwind", test_short_pages);
  ADD ("page-again", "northwind", test_page_again);
  ADD ("cursor-expires", "northwind", test_cursor_expires);
  ADD ("children", "northwind", test_children);
  ADD ("children-count", "northwind", test_children_count);
  ADD ("query-all", "northwind", test_query_all);
  ADD ("record-shape", "northwind", test_record_shape);
  ADD ("aggregate-too-many", "northwind", test_aggregate_too_many);
  ADD ("errors", "northwind", test_errors);
  ADD ("get-record", "northwind", test_get_record);
  ADD ("describe-shape", "northwind", test_describe_shape);
  ADD ("describe-security", "northwind", test_describe_security);
  ADD ("describe-not-modified", "northwind", test_describe_not_modified);
  ADD ("other-resources", "northwind", test_other_resources);
  ADD ("memory-flat", "1000000", test_memory_flat);
#undef ADD

  return g_test_run ();
}
