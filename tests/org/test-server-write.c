/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "demo-client.h"

#define ADMIN "admin@demo.example"
#define USER "user@demo.example"
#define OBJECTS DEMO_API "/sobjects"
#define ACCOUNT OBJECTS "/Account"

typedef struct
{
  DemoOrg *org;
  char *token;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  option)
{
  fixture->org = demo_org_start (option, NULL);
  fixture->token = demo_org_log_in (fixture->org, ADMIN);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  option)
{
  g_free (fixture->token);
  demo_org_stop (fixture->org);
}

static DemoReply *
call (Fixture    *fixture,
      const char *method,
      const char *path,
      const char *body)
{
  return demo_org_call (fixture->org, method, path, fixture->token, body);
}

static char *
create (Fixture    *fixture,
        const char *object,
        const char *body)
{
  g_autofree char *path = g_strconcat (OBJECTS "/", object, NULL);
  g_autoptr(DemoReply) reply = call (fixture, "POST", path, body);

  if (reply->status != 201)
    g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, 201);

  return demo_reply_member (reply, "id");
}

static void
assert_refused (Fixture    *fixture,
                const char *object,
                const char *body,
                const char *code,
                const char *message)
{
  g_autofree char *path = g_strconcat (OBJECTS "/", object, NULL);
  g_autoptr(DemoReply) reply = call (fixture, "POST", path, body);

  demo_reply_assert_error (reply, 400, code, message);
}

static DemoReply *
query (Fixture    *fixture,
       const char *soql)
{
  g_autofree char *encoded = g_uri_escape_string (soql, NULL, FALSE);
  g_autofree char *path = g_strconcat (DEMO_API "/queryAll?q=", encoded, NULL);

  return call (fixture, "GET", path, NULL);
}

/* A value of the first record. */
static char *
ask (Fixture    *fixture,
     const char *soql,
     const char *field)
{
  g_autoptr(DemoReply) reply = query (fixture, soql);
  g_autofree char *member = g_strconcat ("records.0.", field, NULL);

  g_assert_cmpuint (reply->status, ==, 200);

  return demo_reply_member (reply, member);
}

static char *
ask_id (Fixture    *fixture,
        const char *object,
        const char *id,
        const char *field)
{
  g_autofree char *soql = g_strdup_printf ("SELECT %s FROM %s WHERE Id = '%s'", field, object, id);

  return ask (fixture, soql, field);
}

static void
test_create (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", ACCOUNT "/",
                                     "{\"Name\":\"NorthPier\",\"Industry\":\"Retail\",\"AnnualRevenue\":12.5,"
                                     "\"NumberOfEmployees\":\"7\",\"attributes\":{\"type\":\"Account\"}}");
  g_autofree char *id = demo_reply_member (reply, "id");
  g_autofree char *path = g_strconcat (ACCOUNT "/", id, NULL);
  g_autofree char *expected = g_strdup_printf ("{\"id\":\"%s\",\"success\":true,\"errors\":[]}", id);
  g_autoptr(DemoReply) record = call (fixture, "GET", path, NULL);
  g_autofree char *employees = demo_reply_member (record, "NumberOfEmployees");
  g_autofree char *owner = demo_reply_member (record, "OwnerId");
  g_autofree char *user = ask (fixture, "SELECT Id FROM User WHERE Username = '" ADMIN "'", "Id");

  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_cmpstr (reply->body, ==, expected);
  g_assert_cmpstr (demo_reply_header (reply, "Location"), ==, path);
  g_assert_cmpuint (record->status, ==, 200);
  g_assert_cmpstr (employees, ==, "7");
  g_assert_cmpstr (owner, ==, user);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *long_name = g_strnfill (256, 'x');
  g_autofree char *too_long = g_strdup_printf ("{\"Name\":\"%s\"}", long_name);

  assert_refused (fixture, "Account", "{}", "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]");
  assert_refused (fixture, "Contact", "{\"LastName\":\"\"}", "REQUIRED_FIELD_MISSING",
                  "Required fields are missing: [LastName]");
  assert_refused (fixture, "Account", "{\"Name\":\"A\",\"Foo__c\":1}", "INVALID_FIELD",
                  "No such column 'Foo__c' on sobject of type Account");
  assert_refused (fixture, "Account", "{\"Name\":\"A\",\"CreatedDate\":\"2026-01-01T00:00:00Z\"}",
                  "INVALID_FIELD_FOR_INSERT_UPDATE", NULL);
  assert_refused (fixture, "Account", too_long, "STRING_TOO_LONG", NULL);
  assert_refused (fixture, "Order", "{\"Status\":\"Draft\",\"EffectiveDate\":\"2026-01-01\",\"Carrier__c\":\"Pigeon\"}",
                  "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Carrier: bad value for restricted picklist field: Pigeon");
  assert_refused (fixture, "Contact", "{\"LastName\":\"A\",\"Email\":\"a@b\"}", "INVALID_EMAIL_ADDRESS",
                  "Email: invalid email address: a@b");
  assert_refused (fixture, "Account", "{\"Name\":\"A\",\"NumberOfEmployees\":123456789}", "NUMBER_OUTSIDE_VALID_RANGE",
                  "Employees: value outside of valid range on numeric field: 123456789");
  assert_refused (fixture, "Contact", "{\"LastName\":\"A\",\"Birthdate\":\"2026-02-30\"}",
                  "INVALID_TYPE_ON_FIELD_IN_RECORD", NULL);
  assert_refused (fixture, "Contact", "{\"LastName\":\"A\",\"AccountId\":\"0035e0000000001\"}", "MALFORMED_ID", NULL);
  assert_refused (fixture, "Contact", "{\"LastName\":\"A\",\"AccountId\":\"0015e0000000zzz\"}",
                  "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
  assert_refused (fixture, "Account", "{\"Name\":\"A\",\"Northwind_Code__c\":\"alfki\"}", "DUPLICATE_VALUE", NULL);
  assert_refused (fixture, "Account", "{\"Id\":\"0015e0000000001\",\"Name\":\"A\"}", "INVALID_FIELD",
                  "The Id field should not be specified in the sobject data.");
  assert_refused (fixture, "Account", "{\"Name\":", "JSON_PARSER_ERROR", NULL);
}

static void
test_several_errors (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", ACCOUNT,
                                     "{\"Name\":\"A\",\"AnnualRevenue\":-1,\"NumberOfEmployees\":-1}");

  g_assert_cmpuint (reply->status, ==, 400);
  g_assert_cmpstr (reply->body, ==,
                   "[{\"message\":\"Annual revenue must not be negative.\","
                   "\"errorCode\":\"FIELD_CUSTOM_VALIDATION_EXCEPTION\",\"fields\":[\"AnnualRevenue\"]},"
                   "{\"message\":\"The number of employees must not be negative.\","
                   "\"errorCode\":\"FIELD_CUSTOM_VALIDATION_EXCEPTION\",\"fields\":[\"NumberOfEmployees\"]}]");
}

static void
test_duplicate_rule (Fixture       *fixture,
                     gconstpointer  unused)
{
  const char *body = "{\"LastName\":\"Twin\",\"Email\":\"twin@demo.example\"}";
  g_autofree char *first = create (fixture, "Contact", body);
  g_autoptr(DemoReply) allowed = NULL;

  assert_refused (fixture, "Contact", body, "DUPLICATES_DETECTED", "Use one of these records?");
  allowed = demo_org_call_with (fixture->org, "POST", OBJECTS "/Contact", fixture->token, "application/json", body,
                                "Sforce-Duplicate-Rule-Header", "allowSave=true");

  g_assert_cmpuint (allowed->status, ==, 201);
}

static void
test_hidden_field (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *token = demo_org_log_in (fixture->org, USER);
  g_autoptr(DemoReply) reply = demo_org_call (fixture->org, "POST", ACCOUNT, token,
                                              "{\"Name\":\"A\",\"Credit_Limit__c\":5}");

  demo_reply_assert_error (reply, 400, "INVALID_FIELD", "No such column 'Credit_Limit__c' on sobject of type Account");
}

static void
test_update (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *id = create (fixture, "Contact", "{\"FirstName\":\"Ann\",\"LastName\":\"Lee\",\"Title\":\"x\"}");
  g_autofree char *path = g_strconcat (OBJECTS "/Contact/", id, NULL);
  g_autofree char *posted = g_strconcat (path, "?_HttpMethod=PATCH", NULL);
  g_autofree char *before = ask_id (fixture, "Contact", id, "SystemModstamp");
  g_autofree char *after = NULL;
  g_autofree char *created = NULL;
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;

  demo_org_control (fixture->org, "advance?seconds=60");
  {
    g_autoptr(DemoReply) reply = call (fixture, "PATCH", path, "{\"LastName\":\"Long\"}");
    g_autoptr(DemoReply) again = call (fixture, "POST", posted, "{\"Title\":null}");

    g_assert_cmpuint (reply->status, ==, 204);
    g_assert_cmpuint (reply->size, ==, 0);
    g_assert_cmpuint (again->status, ==, 204);
  }
  after = ask_id (fixture, "Contact", id, "SystemModstamp");
  created = ask_id (fixture, "Contact", id, "CreatedDate");
  name = ask_id (fixture, "Contact", id, "Name");
  title = ask_id (fixture, "Contact", id, "Title");

  g_assert_cmpstr (name, ==, "Ann Long");
  g_assert_cmpstr (title, ==, "null");
  g_assert_cmpstr (after, >, before);
  g_assert_cmpstr (created, ==, before);
}

static void
test_update_refused (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *id = create (fixture, "Account", "{\"Name\":\"A\"}");
  g_autofree char *path = g_strconcat (ACCOUNT "/", id, NULL);
  g_autoptr(DemoReply) emptied = call (fixture, "PATCH", path, "{\"Name\":null}");
  g_autoptr(DemoReply) unknown = call (fixture, "PATCH", ACCOUNT "/0015e0000000zzz", "{\"Name\":\"B\"}");
  g_autoptr(DemoReply) newer = demo_org_call_with (fixture->org, "PATCH", path, fixture->token, "application/json",
                                                   "{\"Name\":\"B\"}", "If-Unmodified-Since",
                                                   "Mon, 05 Jan 2026 08:00:00 GMT");
  g_autoptr(DemoReply) older = demo_org_call_with (fixture->org, "PATCH", path, fixture->token, "application/json",
                                                   "{\"Name\":\"C\"}", "If-Unmodified-Since",
                                                   "Mon, 05 Jan 2126 08:00:00 GMT");
  g_autofree char *name = ask_id (fixture, "Account", id, "Name");

  demo_reply_assert_error (emptied, 400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]");
  demo_reply_assert_error (unknown, 404, "NOT_FOUND", NULL);
  demo_reply_assert_error (newer, 412, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE", NULL);
  g_assert_cmpuint (older->status, ==, 204);
  g_assert_cmpstr (name, ==, "C");
}

static void
test_delete (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *id = create (fixture, "Account", "{\"Name\":\"A\"}");
  g_autofree char *path = g_strconcat (ACCOUNT "/", id, NULL);
  g_autoptr(DemoReply) deleted = call (fixture, "DELETE", path, NULL);
  g_autoptr(DemoReply) again = call (fixture, "DELETE", path, NULL);
  g_autoptr(DemoReply) read = call (fixture, "GET", path, NULL);
  g_autofree char *flag = ask_id (fixture, "Account", id, "IsDeleted");

  g_assert_cmpuint (deleted->status, ==, 204);
  demo_reply_assert_error (again, 404, "ENTITY_IS_DELETED", "entity is deleted");
  demo_reply_assert_error (read, 404, "ENTITY_IS_DELETED", "entity is deleted");
  g_assert_cmpstr (flag, ==, "true");
}

static void
test_delete_cascades (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *order = ask (fixture, "SELECT Id FROM Order LIMIT 1", "Id");
  g_autofree char *account = ask (fixture, "SELECT AccountId FROM Order LIMIT 1", "AccountId");
  g_autofree char *account_path = g_strconcat (ACCOUNT "/", account, NULL);
  g_autofree char *path = g_strconcat (OBJECTS "/Order/", order, NULL);
  g_autofree char *soql = g_strdup_printf ("SELECT COUNT() FROM OrderItem WHERE OrderId = '%s' AND IsDeleted = FALSE",
                                           order);
  g_autoptr(DemoReply) refused = call (fixture, "DELETE", account_path, NULL);
  g_autoptr(DemoReply) deleted = call (fixture, "DELETE", path, NULL);
  g_autoptr(DemoReply) items = query (fixture, soql);
  g_autofree char *left = demo_reply_member (items, "totalSize");

  demo_reply_assert_error (refused, 400, "DELETE_FAILED", NULL);
  g_assert_cmpuint (deleted->status, ==, 204);
  g_assert_cmpstr (left, ==, "0");
}

static void
test_upsert (Fixture       *fixture,
             gconstpointer  unused)
{
  const char *path = ACCOUNT "/External__c/A-17";
  g_autoptr(DemoReply) missing = call (fixture, "PATCH", ACCOUNT "/External__c/A-17?updateOnly=true", "{\"Name\":\"A\"}");
  g_autoptr(DemoReply) created = call (fixture, "PATCH", path, "{\"Name\":\"A\"}");
  g_autoptr(DemoReply) updated = call (fixture, "PATCH", path, "{\"Name\":\"B\"}");
  g_autoptr(DemoReply) read = call (fixture, "GET", path, NULL);
  g_autoptr(DemoReply) unknown = call (fixture, "PATCH", ACCOUNT "/Ext__c/A-17", "{\"Name\":\"B\"}");
  g_autofree char *id = demo_reply_member (created, "id");
  g_autofree char *expected = g_strdup_printf ("{\"id\":\"%s\",\"success\":true,\"errors\":[],\"created\":false}", id);
  g_autofree char *name = demo_reply_member (read, "Name");
  g_autofree char *key = demo_reply_member (read, "External__c");

  demo_reply_assert_error (missing, 404, "NOT_FOUND", NULL);
  g_assert_cmpuint (created->status, ==, 201);
  g_assert_cmpuint (updated->status, ==, 200);
  g_assert_cmpstr (updated->body, ==, expected);
  g_assert_cmpstr (name, ==, "B");
  g_assert_cmpstr (key, ==, "A-17");
  demo_reply_assert_error (unknown, 404, "NOT_FOUND",
                           "Provided external ID field does not exist or is not accessible: Ext__c");
}

static void
test_upsert_several (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *first = create (fixture, "Contact", "{\"LastName\":\"A\",\"External__c\":\"K\"}");
  g_autofree char *second = create (fixture, "Contact", "{\"LastName\":\"B\",\"External__c\":\"K\"}");
  g_autoptr(DemoReply) reply = call (fixture, "PATCH", OBJECTS "/Contact/External__c/K", "{\"Title\":\"x\"}");
  g_autofree char *expected = g_strdup_printf ("[\"" OBJECTS "/Contact/%s\",\"" OBJECTS "/Contact/%s\"]", first, second);

  g_assert_cmpuint (reply->status, ==, 300);
  g_assert_cmpstr (reply->body, ==, expected);
}

static void
test_parent_by_key (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *id = create (fixture, "Contact", "{\"LastName\":\"A\",\"Account\":{\"Northwind_Code__c\":\"ALFKI\"}}");
  g_autofree char *name = ask_id (fixture, "Contact", id, "Account.Name");
  g_autofree char *account = ask_id (fixture, "Contact", id, "AccountId");
  g_autofree char *expected = ask (fixture, "SELECT Id FROM Account WHERE Northwind_Code__c = 'ALFKI'", "Id");

  g_assert_cmpstr (account, ==, expected);
  g_assert_cmpstr (name, ==, "Alfreds Futterkiste");
  assert_refused (fixture, "Contact", "{\"LastName\":\"A\",\"Account\":{\"Northwind_Code__c\":\"NOONE\"}}",
                  "INVALID_FIELD", "Foreign key external ID: NOONE not found for field Northwind_Code__c in entity Account");
}

static void
test_lock (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *id = create (fixture, "Account", "{\"Name\":\"A\"}");
  g_autofree char *path = g_strconcat (ACCOUNT "/", id, NULL);
  g_autofree char *action = g_strdup_printf ("lock?id=%s&times=2", id);
  g_autofree char *approval = g_strdup_printf ("lock?id=%s&times=1&approval=1", id);
  g_autofree char *contact = g_strdup_printf ("{\"LastName\":\"A\",\"AccountId\":\"%s\"}", id);

  demo_org_control (fixture->org, action);
  {
    g_autoptr(DemoReply) locked = call (fixture, "PATCH", path, "{\"Name\":\"B\"}");

    demo_reply_assert_error (locked, 400, "UNABLE_TO_LOCK_ROW", NULL);
    assert_refused (fixture, "Contact", contact, "UNABLE_TO_LOCK_ROW", NULL);
  }
  demo_org_control (fixture->org, approval);
  {
    g_autoptr(DemoReply) locked = call (fixture, "DELETE", path, NULL);
    g_autoptr(DemoReply) free = call (fixture, "DELETE", path, NULL);

    demo_reply_assert_error (locked, 400, "ENTITY_IS_LOCKED", NULL);
    g_assert_cmpuint (free->status, ==, 204);
  }
}

static void
test_totals (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *order = create (fixture, "Order",
                                   "{\"Status\":\"Draft\",\"EffectiveDate\":\"2026-11-01\"}");
  g_autofree char *entry = ask (fixture, "SELECT Id FROM PricebookEntry LIMIT 1", "Id");
  g_autofree char *body = g_strdup_printf ("{\"OrderId\":\"%s\",\"PricebookEntryId\":\"%s\",\"Quantity\":3,"
                                           "\"UnitPrice\":2.5}", order, entry);
  g_autofree char *item = create (fixture, "OrderItem", body);
  g_autofree char *line = ask_id (fixture, "OrderItem", item, "TotalPrice");
  g_autofree char *total = ask_id (fixture, "Order", order, "TotalAmount");
  g_autofree char *number = ask_id (fixture, "Order", order, "OrderNumber");

  g_assert_cmpstr (line, ==, "7.5");
  g_assert_cmpstr (total, ==, "7.5");
  g_assert_cmpstr (number, ==, "00011078");
}

static void
test_methods (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(DemoReply) put = call (fixture, "PUT", ACCOUNT "/0015e0000000001", "{}");
  g_autoptr(DemoReply) user = call (fixture, "POST", OBJECTS "/User", "{}");
  g_autoptr(DemoReply) text = demo_org_call_with (fixture->org, "POST", ACCOUNT, fixture->token, "text/plain", "{}",
                                                  NULL, NULL);

  demo_reply_assert_error (put, 405, "METHOD_NOT_ALLOWED",
                           "HTTP Method 'PUT' not allowed. Allowed are DELETE,HEAD,GET,PATCH");
  demo_reply_assert_error (user, 405, "METHOD_NOT_ALLOWED", "HTTP Method 'POST' not allowed. Allowed are HEAD,GET");
  demo_reply_assert_error (text, 415, "UNSUPPORTED_MEDIA_TYPE", NULL);
}

static void
test_collection (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", DEMO_API "/composite/sobjects",
                                     "{\"allOrNone\":false,\"records\":["
                                     "{\"attributes\":{\"type\":\"Account\"},\"Name\":\"A\"},"
                                     "{\"attributes\":{\"type\":\"Account\"},\"Phone\":\"1\"},"
                                     "{\"attributes\":{\"type\":\"Contact\"},\"LastName\":\"B\"}]}");
  g_autofree char *first = demo_reply_member (reply, "0.id");
  g_autofree char *contact = ask (fixture, "SELECT Id FROM Contact ORDER BY Id DESC LIMIT 1", "Id");
  g_autofree char *expected = g_strdup_printf ("[{\"id\":\"%s\",\"success\":true,\"errors\":[]},"
                                               "{\"success\":false,\"errors\":[{\"message\":"
                                               "\"Required fields are missing: [Name]\",\"statusCode\":"
                                               "\"REQUIRED_FIELD_MISSING\",\"fields\":[\"Name\"]}]},"
                                               "{\"id\":\"%s\",\"success\":true,\"errors\":[]}]", first, contact);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->body, ==, expected);
}

static void
test_collection_all_or_none (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", DEMO_API "/composite/sobjects",
                                     "{\"allOrNone\":true,\"records\":["
                                     "{\"attributes\":{\"type\":\"Account\"},\"Name\":\"Together\"},"
                                     "{\"attributes\":{\"type\":\"Account\"}}]}");
  g_autoptr(DemoReply) left = query (fixture, "SELECT COUNT() FROM Account WHERE Name = 'Together'");
  g_autofree char *total = demo_reply_member (left, "totalSize");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "ALL_OR_NONE_OPERATION_ROLLED_BACK"));
  g_assert_nonnull (strstr (reply->body, "REQUIRED_FIELD_MISSING"));
  g_assert_cmpstr (total, ==, "0");
}

static void
test_collection_limits (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GString) many = g_string_new ("{\"records\":[");
  g_autoptr(GString) mixed = g_string_new ("{\"records\":[");
  g_autoptr(DemoReply) too_many = NULL;
  g_autoptr(DemoReply) too_mixed = NULL;
  g_autoptr(DemoReply) none = call (fixture, "POST", DEMO_API "/composite/sobjects", "{}");

  for (guint i = 0; i < 201; i++)
    g_string_append_printf (many, "%s{\"attributes\":{\"type\":\"Account\"},\"Name\":\"A\"}", i > 0 ? "," : "");
  for (guint i = 0; i < 11; i++)
    g_string_append_printf (mixed, "%s{\"attributes\":{\"type\":\"%s\"}}", i > 0 ? "," : "",
                            i % 2 == 0 ? "Account" : "Contact");
  g_string_append (many, "]}");
  g_string_append (mixed, "]}");
  too_many = call (fixture, "POST", DEMO_API "/composite/sobjects", many->str);
  too_mixed = call (fixture, "POST", DEMO_API "/composite/sobjects", mixed->str);

  demo_reply_assert_error (too_many, 400, "EXCEEDED_ID_LIMIT", NULL);
  demo_reply_assert_error (too_mixed, 400, "LIMIT_EXCEEDED", NULL);
  demo_reply_assert_error (none, 400, "REQUIRED_FIELD_MISSING", NULL);
}

static void
test_collection_round (Fixture       *fixture,
                       gconstpointer  unused)
{
  const char *body = "{\"records\":[{\"attributes\":{\"type\":\"Account\"},\"External__c\":\"C-1\",\"Name\":\"A\"}]}";
  g_autoptr(DemoReply) upserted = call (fixture, "PATCH", DEMO_API "/composite/sobjects/Account/External__c", body);
  g_autoptr(DemoReply) again = call (fixture, "PATCH", DEMO_API "/composite/sobjects/Account/External__c", body);
  g_autofree char *id = demo_reply_member (upserted, "0.id");
  g_autofree char *created = demo_reply_member (upserted, "0.created");
  g_autofree char *not_created = demo_reply_member (again, "0.created");
  g_autofree char *change = g_strdup_printf ("{\"records\":[{\"attributes\":{\"type\":\"Account\"},\"id\":\"%s\","
                                             "\"Name\":\"B\"}]}", id);
  g_autoptr(DemoReply) updated = call (fixture, "PATCH", DEMO_API "/composite/sobjects", change);
  g_autofree char *ids = g_strdup_printf ("{\"ids\":[\"%s\",\"0015e0000000zzz\"],\"fields\":[\"Name\"]}", id);
  g_autoptr(DemoReply) read = call (fixture, "POST", DEMO_API "/composite/sobjects/Account", ids);
  g_autofree char *name = demo_reply_member (read, "0.Name");
  g_autofree char *path = g_strdup_printf (DEMO_API "/composite/sobjects?ids=%s,%s&allOrNone=false", id, id);
  g_autoptr(DemoReply) deleted = call (fixture, "DELETE", path, NULL);

  g_assert_cmpstr (created, ==, "true");
  g_assert_cmpstr (not_created, ==, "false");
  g_assert_cmpuint (updated->status, ==, 200);
  g_assert_cmpstr (name, ==, "B");
  g_assert_true (g_str_has_suffix (read->body, ",null]"));
  g_assert_nonnull (strstr (deleted->body, "\"success\":true"));
  g_assert_nonnull (strstr (deleted->body, "\"statusCode\":\"ENTITY_IS_DELETED\""));
}

static void
test_composite (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", DEMO_API "/composite",
    "{\"compositeRequest\":["
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Account\",\"referenceId\":\"acc\",\"body\":{\"Name\":\"A\"}},"
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Contact\",\"referenceId\":\"con\","
    "\"body\":{\"LastName\":\"B\",\"AccountId\":\"@{acc.id}\"}},"
    "{\"method\":\"GET\",\"url\":\"" OBJECTS "/Contact/@{con.id}?fields=Account.Name\",\"referenceId\":\"back\"},"
    "{\"method\":\"GET\",\"url\":\"" DEMO_API "/nothing\",\"referenceId\":\"x\"},"
    "{\"method\":\"GET\",\"url\":\"" OBJECTS "/Contact/@{x.id}\",\"referenceId\":\"y\"}]}");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "\"httpHeaders\":{\"Location\":\"" OBJECTS "/Account/001"));
  g_assert_nonnull (strstr (reply->body, "\"Name\":\"A\"}},\"httpHeaders\":{},\"httpStatusCode\":200,"
                                         "\"referenceId\":\"back\"}"));
  g_assert_nonnull (strstr (reply->body, "\"errorCode\":\"NOT_FOUND\"}],\"httpHeaders\":{},\"httpStatusCode\":404,"
                                         "\"referenceId\":\"x\"}"));
  g_assert_nonnull (strstr (reply->body, "\"errorCode\":\"PROCESSING_HALTED\"}],\"httpHeaders\":{},"
                                         "\"httpStatusCode\":400,\"referenceId\":\"y\"}"));
}

static void
test_composite_all_or_none (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", DEMO_API "/composite",
    "{\"allOrNone\":true,\"compositeRequest\":["
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Account\",\"referenceId\":\"a\",\"body\":{\"Name\":\"Together\"}},"
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Account\",\"referenceId\":\"b\",\"body\":{}},"
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Account\",\"referenceId\":\"c\",\"body\":{\"Name\":\"C\"}}]}");
  g_autoptr(DemoReply) left = query (fixture, "SELECT COUNT() FROM Account WHERE Name = 'Together'");
  g_autofree char *total = demo_reply_member (left, "totalSize");
  g_auto(GStrv) halted = g_strsplit (reply->body, "PROCESSING_HALTED", -1);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (g_strv_length (halted), ==, 3);
  g_assert_nonnull (strstr (reply->body, "REQUIRED_FIELD_MISSING"));
  g_assert_cmpstr (total, ==, "0");
}

/* Each graph stands or falls alone. */
static void
test_graphs (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", DEMO_API "/composite/graph",
    "{\"graphs\":["
    "{\"graphId\":\"good\",\"compositeRequest\":["
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Account\",\"referenceId\":\"a\",\"body\":{\"Name\":\"Graph\"}},"
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Contact\",\"referenceId\":\"b\","
    "\"body\":{\"LastName\":\"B\",\"AccountId\":\"@{a.id}\"}}]},"
    "{\"graphId\":\"bad\",\"compositeRequest\":["
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Account\",\"referenceId\":\"a\",\"body\":{\"Name\":\"Graph\"}},"
    "{\"method\":\"POST\",\"url\":\"" OBJECTS "/Account\",\"referenceId\":\"b\",\"body\":{}}]}]}");
  g_autoptr(DemoReply) left = query (fixture, "SELECT COUNT() FROM Account WHERE Name = 'Graph'");
  g_autofree char *total = demo_reply_member (left, "totalSize");
  g_autoptr(DemoReply) none = call (fixture, "POST", DEMO_API "/composite/graph", "{\"graphs\":[]}");
  g_autoptr(DemoReply) twice = call (fixture, "POST", DEMO_API "/composite/graph",
    "{\"graphs\":[{\"graphId\":\"x\",\"compositeRequest\":["
    "{\"method\":\"GET\",\"url\":\"" OBJECTS "\",\"referenceId\":\"a\"}]},{\"graphId\":\"x\"}]}");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (reply->body, "{\"graphs\":[{\"graphId\":\"good\",\"graphResponse\":{\"compositeResponse\":["));
  g_assert_nonnull (strstr (reply->body, "]},\"isSuccessful\":true},{\"graphId\":\"bad\""));
  g_assert_true (g_str_has_suffix (reply->body, "]},\"isSuccessful\":false}]}"));
  g_assert_cmpstr (total, ==, "1");
  demo_reply_assert_error (none, 400, "INVALID_INPUT", NULL);
  demo_reply_assert_error (twice, 400, "INVALID_INPUT", NULL);
}

static DemoReply *
send_encoded (Fixture    *fixture,
              const char *encoding,
              GBytes     *body)
{
  g_autofree char *url = g_strconcat (fixture->org->address, OBJECTS "/Account", NULL);
  g_autofree char *value = g_strconcat ("Bearer ", fixture->token, NULL);
  SoupMessage *message = soup_message_new ("POST", url);
  DemoReply *reply = g_new0 (DemoReply, 1);
  g_autoptr(GBytes) answer = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Content-Encoding", encoding);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  answer = soup_session_send_and_read (fixture->org->session, message, NULL, NULL);
  g_assert_nonnull (answer);

  reply->message = message;
  reply->status = soup_message_get_status (message);
  reply->size = g_bytes_get_size (answer);
  reply->body = g_strndup (g_bytes_get_data (answer, NULL), reply->size);

  return reply;
}

static void
test_compressed_request (Fixture       *fixture,
                         gconstpointer  unused)
{
  static const char text[] = "{\"Name\":\"Zip\"}";
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  g_autoptr(GBytes) plain = g_bytes_new_static (text, strlen (text));
  g_autoptr(GBytes) zipped = NULL;

  g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  zipped = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  {
    g_autoptr(DemoReply) good = send_encoded (fixture, "gzip", zipped);
    g_autoptr(DemoReply) broken = send_encoded (fixture, "gzip", plain);
    g_autoptr(DemoReply) other = send_encoded (fixture, "br", plain);
    g_autoptr(DemoReply) left = query (fixture, "SELECT COUNT() FROM Account WHERE Name = 'Zip'");
    g_autofree char *total = demo_reply_member (left, "totalSize");

    g_assert_cmpuint (good->status, ==, 201);
    demo_reply_assert_error (broken, 415, "UNSUPPORTED_MEDIA_TYPE", NULL);
    demo_reply_assert_error (other, 415, "UNSUPPORTED_MEDIA_TYPE", NULL);
    g_assert_cmpstr (total, ==, "1");
  }
}

/* Only accounts have a tag that changes with them. */
static void
test_tags (Fixture       *fixture,
           gconstpointer  unused)
{
  const char *path = OBJECTS "/Account/0015e0000000001";
  g_autoptr(DemoReply) read = call (fixture, "GET", path, NULL);
  g_autofree char *tag = g_strdup (demo_reply_header (read, "ETag"));
  g_autoptr(DemoReply) same = demo_org_call_with (fixture->org, "GET", path, fixture->token, NULL, NULL, "If-None-Match", tag);
  g_autoptr(DemoReply) changed = demo_org_call_with (fixture->org, "PATCH", path, fixture->token, "application/json",
                                                     "{\"Phone\":\"1\"}", "If-Match", tag);
  g_autoptr(DemoReply) newer = demo_org_call_with (fixture->org, "GET", path, fixture->token, NULL, NULL, "If-None-Match", tag);
  g_autoptr(DemoReply) late = demo_org_call_with (fixture->org, "PATCH", path, fixture->token, "application/json",
                                                  "{\"Phone\":\"2\"}", "If-Match", tag);
  g_autoptr(DemoReply) contact = call (fixture, "GET", OBJECTS "/Contact/0035e0000000001", NULL);

  g_assert_nonnull (tag);
  g_assert_cmpuint (same->status, ==, 304);
  g_assert_cmpuint (changed->status, ==, 204);
  g_assert_cmpuint (newer->status, ==, 200);
  demo_reply_assert_error (late, 412, "PRECONDITION_FAILED", NULL);
  g_assert_cmpuint (contact->status, ==, 200);
  g_assert_null (demo_reply_header (contact, "ETag"));
}

static void
test_batch (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", DEMO_API "/composite/batch",
    "{\"haltOnError\":true,\"batchRequests\":["
    "{\"method\":\"GET\",\"url\":\"v68.0/query?q=SELECT+COUNT()+FROM+Order\"},"
    "{\"method\":\"GET\",\"url\":\"v68.0/nothing\"},"
    "{\"method\":\"GET\",\"url\":\"v68.0/sobjects\"}]}");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->body, ==,
                   "{\"hasErrors\":true,\"results\":["
                   "{\"statusCode\":200,\"result\":{\"totalSize\":830,\"done\":true,\"records\":[]}},"
                   "{\"statusCode\":404,\"result\":[{\"message\":\"The requested resource does not exist\","
                   "\"errorCode\":\"NOT_FOUND\"}]},"
                   "{\"statusCode\":412,\"result\":[{\"message\":\"Batch processing halted per request\","
                   "\"errorCode\":\"BATCH_PROCESSING_HALTED\"}]}]}");
}

static void
test_tree (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(DemoReply) reply = call (fixture, "POST", DEMO_API "/composite/tree/Account",
    "{\"records\":[{\"attributes\":{\"type\":\"Account\",\"referenceId\":\"a\"},\"Name\":\"Tree\",\"Contacts\":"
    "{\"records\":[{\"attributes\":{\"type\":\"Contact\",\"referenceId\":\"c\"},\"LastName\":\"Leaf\"}]}}]}");
  g_autofree char *name = ask (fixture, "SELECT Account.Name FROM Contact WHERE LastName = 'Leaf'", "Account.Name");
  g_autoptr(DemoReply) failed = call (fixture, "POST", DEMO_API "/composite/tree/Account",
    "{\"records\":[{\"attributes\":{\"type\":\"Account\",\"referenceId\":\"a\"},\"Name\":\"Stump\",\"Contacts\":"
    "{\"records\":[{\"attributes\":{\"type\":\"Contact\",\"referenceId\":\"c\"}}]}}]}");
  g_autoptr(DemoReply) left = query (fixture, "SELECT COUNT() FROM Account WHERE Name = 'Stump'");
  g_autofree char *total = demo_reply_member (left, "totalSize");

  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_true (g_str_has_prefix (reply->body, "{\"hasErrors\":false,\"results\":[{\"referenceId\":\"a\",\"id\":\"001"));
  g_assert_cmpuint (failed->status, ==, 400);
  g_assert_cmpstr (failed->body, ==,
                   "{\"hasErrors\":true,\"results\":[{\"referenceId\":\"c\",\"errors\":[{\"message\":"
                   "\"Required fields are missing: [LastName]\",\"statusCode\":\"REQUIRED_FIELD_MISSING\","
                   "\"fields\":[\"LastName\"]}]}]}");
  g_assert_cmpstr (total, ==, "0");
}

/* Minutes from now on the org's clock, which nobody moved. */
static char *
make_span (const char *object,
           const char *what,
           int         from,
           int         to)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) start = g_date_time_add_minutes (now, from);
  g_autoptr(GDateTime) end = g_date_time_add_minutes (now, to);
  g_autofree char *start_text = g_date_time_format (start, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *end_text = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");

  return g_strdup_printf (OBJECTS "/%s/%s/?start=%s&end=%s", object, what, start_text, end_text);
}

static void
test_replication (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *kept = create (fixture, "Account", "{\"Name\":\"A\"}");
  g_autofree char *gone = create (fixture, "Account", "{\"Name\":\"B\"}");
  g_autofree char *path = g_strconcat (ACCOUNT "/", gone, NULL);
  g_autoptr(DemoReply) deletion = call (fixture, "DELETE", path, NULL);
  g_autofree char *updated_path = make_span ("Account", "updated", -5, 5);
  g_autofree char *deleted_path = make_span ("Account", "deleted", -5, 5);
  g_autoptr(DemoReply) updated = call (fixture, "GET", updated_path, NULL);
  g_autoptr(DemoReply) deleted = call (fixture, "GET", deleted_path, NULL);
  g_autofree char *ids = demo_reply_member (updated, "ids");
  g_autofree char *deleted_id = demo_reply_member (deleted, "deletedRecords.0.id");
  g_autofree char *covered = demo_reply_member (deleted, "latestDateCovered");
  g_autofree char *earliest = demo_reply_member (deleted, "earliestDateAvailable");
  g_autofree char *expected = g_strdup_printf ("[\"%s\"]", kept);

  g_assert_cmpuint (deletion->status, ==, 204);
  g_assert_cmpstr (ids, ==, expected);
  g_assert_cmpstr (deleted_id, ==, gone);
  g_assert_true (g_str_has_suffix (covered, ":00.000+0000"));
  g_assert_nonnull (earliest);
}

static void
test_replication_refused (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autofree char *old_update = make_span ("Account", "updated", -31 * 24 * 60, 0);
  g_autofree char *well_update = make_span ("Account", "updated", -29 * 24 * 60, 0);
  g_autofree char *old_delete = make_span ("Account", "deleted", -16 * 24 * 60, 0);
  g_autofree char *short_span = make_span ("Account", "updated", -5, -5);
  const char *bad[] = { old_update, old_delete, short_span, ACCOUNT "/updated", ACCOUNT "/deleted?start=x&end=y" };
  g_autoptr(DemoReply) well = call (fixture, "GET", well_update, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(DemoReply) reply = call (fixture, "GET", bad[i], NULL);

      demo_reply_assert_error (reply, 400, "INVALID_REPLICATION_DATE", NULL);
    }
  g_assert_cmpuint (well->status, ==, 200);
}

static void
test_generated (void)
{
  g_autoptr(DemoOrg) org = demo_org_start ("--data", "10", NULL);
  g_autofree char *token = demo_org_log_in (org, ADMIN);
  g_autoptr(DemoReply) create_reply = demo_org_call (org, "POST", ACCOUNT, token, "{\"Name\":\"A\"}");
  g_autoptr(DemoReply) delete = demo_org_call (org, "DELETE", ACCOUNT "/0015e0000000001", token, NULL);
  g_autoptr(DemoReply) product = demo_org_call (org, "DELETE", OBJECTS "/Product2/01t5e0000000001", token, NULL);

  demo_reply_assert_error (create_reply, 400, "INSUFFICIENT_ACCESS_OR_READONLY", NULL);
  demo_reply_assert_error (delete, 400, "INSUFFICIENT_ACCESS_OR_READONLY", NULL);
  g_assert_cmpuint (product->status, ==, 204);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "create", test_create },
    { "create/refused", test_refused },
    { "create/several-errors", test_several_errors },
    { "create/duplicate-rule", test_duplicate_rule },
    { "create/hidden-field", test_hidden_field },
    { "create/parent-by-key", test_parent_by_key },
    { "create/totals", test_totals },
    { "update", test_update },
    { "update/refused", test_update_refused },
    { "update/locked", test_lock },
    { "delete", test_delete },
    { "delete/cascades", test_delete_cascades },
    { "upsert", test_upsert },
    { "upsert/several", test_upsert_several },
    { "tags", test_tags },
    { "compressed", test_compressed_request },
    { "methods", test_methods },
    { "collections", test_collection },
    { "collections/all-or-none", test_collection_all_or_none },
    { "collections/limits", test_collection_limits },
    { "collections/round", test_collection_round },
    { "composite", test_composite },
    { "composite/all-or-none", test_composite_all_or_none },
    { "composite/batch", test_batch },
    { "composite/graph", test_graphs },
    { "composite/tree", test_tree },
    { "replication", test_replication },
    { "replication/refused", test_replication_refused },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/org/write/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  g_test_add_func ("/org/write/generated", test_generated);

  return g_test_run ();
}
