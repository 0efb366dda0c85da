/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "org-data.h"
#include "org-id.h"
#include "org-json.h"

static char *
ask (OrgData    *data,
     const char *sql)
{
  sqlite3_stmt *statement = NULL;
  char *answer = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (org_data_get_database (data), sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    answer = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);

  return answer;
}

static void
assert_answer (OrgData    *data,
               const char *sql,
               const char *expected)
{
  g_autofree char *answer = ask (data, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static OrgData *
make (const char *source,
      OrgKind     kind)
{
  g_autoptr(GError) error = NULL;
  OrgData *data = org_data_new (source, kind, &error);

  g_assert_no_error (error);

  return data;
}

static void
test_northwind_counts (void)
{
  g_autoptr(OrgData) data = make ("northwind", ORG_KIND_PRODUCTION);

  g_assert_cmpuint (org_data_count (data, org_schema_find ("Account")), ==, 91);
  g_assert_cmpuint (org_data_count (data, org_schema_find ("Contact")), ==, 182);
  g_assert_cmpuint (org_data_count (data, org_schema_find ("Product2")), ==, 77);
  g_assert_cmpuint (org_data_count (data, org_schema_find ("PricebookEntry")), ==, 77);
  g_assert_cmpuint (org_data_count (data, org_schema_find ("Order")), ==, 830);
  g_assert_cmpuint (org_data_count (data, org_schema_find ("OrderItem")), ==, 2155);
  g_assert_cmpuint (org_data_count (data, org_schema_find ("Opportunity")), ==, 830);
  g_assert_cmpuint (org_data_count (data, org_schema_find ("OpportunityLineItem")), ==, 2155);
  assert_answer (data, "SELECT count(*) FROM Account WHERE IsDeleted", "3");
}

/* Sums made from the files with another program. */
static void
test_northwind_sums (void)
{
  g_autoptr(OrgData) data = make ("northwind", ORG_KIND_PRODUCTION);

  assert_answer (data, "SELECT printf('%.2f', sum(ListPrice * Quantity)) FROM OrderItem", "1354458.59");
  assert_answer (data, "SELECT printf('%.2f', sum(TotalPrice)) FROM OrderItem", "1265811.86");
  assert_answer (data, "SELECT printf('%.2f', sum(TotalAmount)) FROM \"Order\"", "1265811.86");
  assert_answer (data, "SELECT printf('%.2f', sum(Amount)) FROM Opportunity", "1265811.86");
  assert_answer (data, "SELECT count(*) FROM \"Order\" WHERE Status = 'Draft'", "21");
}

/* No reference leads nowhere. */
static void
assert_references (OrgData *data)
{
  guint n_objects;
  const OrgObject *objects = org_schema_get_objects (&n_objects);

  for (guint i = 0; i < n_objects; i++)
    {
      guint n_fields;
      const OrgField *fields = org_object_get_fields (&objects[i], &n_fields);

      for (guint j = 0; j < n_fields; j++)
        {
          const OrgObject *parent;
          g_autofree char *sql = NULL;

          if (fields[j].relationship == NULL)
            continue;

          org_object_find_parent (&objects[i], fields[j].relationship, &parent);
          sql = g_strdup_printf ("SELECT count(*) FROM \"%s\" c LEFT JOIN \"%s\" p ON p.Id = c.\"%s\""
                                 " WHERE c.\"%s\" IS NOT NULL AND p.Id IS NULL",
                                 objects[i].name, parent->name, fields[j].name, fields[j].name);
          assert_answer (data, sql, "0");
        }
    }
}

static void
test_references (void)
{
  g_autoptr(OrgData) production = make ("northwind", ORG_KIND_PRODUCTION);
  g_autoptr(OrgData) sandbox = make ("northwind", ORG_KIND_SANDBOX);
  g_autoptr(OrgData) generated = make ("100", ORG_KIND_PRODUCTION);

  assert_references (production);
  assert_references (sandbox);
  assert_references (generated);
}

static void
test_sandbox_differs (void)
{
  g_autoptr(OrgData) production = make ("northwind", ORG_KIND_PRODUCTION);
  g_autoptr(OrgData) sandbox = make ("northwind", ORG_KIND_SANDBOX);

  g_assert_cmpstr (org_data_get_organization_id (production), !=, org_data_get_organization_id (sandbox));
  assert_answer (production, "SELECT IsSandbox || InstanceName || Name FROM Organization", "0EU43Northwind Traders");
  assert_answer (sandbox, "SELECT IsSandbox || InstanceName || Name FROM Organization", "1CS88Northwind Traders (UAT)");
  assert_answer (sandbox, "SELECT count(*) FROM \"Order\"", "270");
  assert_answer (sandbox, "SELECT count(*) FROM Contact WHERE Email NOT LIKE '%.invalid'", "0");
  assert_answer (production, "SELECT count(*) FROM Contact WHERE Email LIKE '%.invalid'", "0");
}

static char *
hash_rows (OrgData    *data,
           const char *sql)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (org_data_get_database (data), sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (statement); i++)
        {
          const char *text = (const char *) sqlite3_column_text (statement, i);

          g_checksum_update (checksum, (const guchar *) (text != NULL ? text : "\1"), -1);
          g_checksum_update (checksum, (const guchar *) "\0", 1);
        }
    }
  sqlite3_finalize (statement);

  return g_strdup (g_checksum_get_string (checksum));
}

/* The expected value was written down once: other machines and later
 * versions must give the same bytes. */
static void
test_generated_same_bytes (void)
{
  g_autoptr(OrgData) one = make ("1000", ORG_KIND_PRODUCTION);
  g_autofree char *accounts = hash_rows (one, "SELECT * FROM Account");
  g_autofree char *orders = hash_rows (one, "SELECT * FROM \"Order\"");

  g_assert_cmpstr (accounts, ==, "ce0fe664800083ab1da99359ef000dd193eba2c2169c90d8567a9bcbc92cd68c");
  g_assert_cmpstr (orders, ==, "8eedbd85f65eaf5cb880c3e2a25210cd6004b446d117146e789c8a5e58be3167");
}

static void
test_generated_lookups (void)
{
  g_autoptr(OrgData) data = make ("1000", ORG_KIND_PRODUCTION);
  char id[ORG_ID_SIZE];
  g_autofree char *by_id = NULL;
  g_autofree char *children = NULL;
  g_autofree char *after = NULL;

  org_id_make (id, "001", "5e", 777);
  by_id = g_strdup_printf ("SELECT count(*) || max(Name LIKE '%% 0000777') FROM Account WHERE Id = '%s'", id);
  children = g_strdup_printf ("SELECT count(*) FROM Contact WHERE AccountId = '%s'", id);
  after = g_strdup_printf ("SELECT count(*) FROM Account WHERE Id > '%s' AND NOT IsDeleted", id);

  assert_answer (data, by_id, "11");
  assert_answer (data, children, "2");
  assert_answer (data, after, "223");
  assert_answer (data, "SELECT count(*) FROM Account WHERE Id = '0015e'", "0");
  assert_answer (data, "SELECT count(*) FROM Contact WHERE AccountId = 'x'", "0");
  assert_answer (data, "SELECT count(*) FROM Account WHERE Id IN (SELECT AccountId FROM Contact)", "1000");
  assert_answer (data, "SELECT count(*) FROM (SELECT AccountId FROM Contact GROUP BY 1 HAVING count(*) = 2)", "1000");
  assert_answer (data,
                 "SELECT count(*) FROM \"Order\" o WHERE abs(TotalAmount -"
                 " (SELECT sum(TotalPrice) FROM OrderItem i WHERE i.OrderId = o.Id)) > 0.001", "0");
}

static void
test_refuses_source (void)
{
  static const char *wrong[] = { "", "0", "-1", "southwind", "10x", "99999999999" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (org_data_new (wrong[i], ORG_KIND_PRODUCTION, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_json (void)
{
  static const struct
  {
    double value;
    const char *text;
  } numbers[] = {
    { 0, "0.0" }, { 2, "2.0" }, { 625.25, "625.25" }, { -1250.5, "-1250.5" }, { 0.1 + 0.2, "0.30000000000000004" },
    { 9999999, "9999999.0" }, { 1e7, "1.0E7" }, { 12345678.9, "1.23456789E7" }, { 0.0001, "1.0E-4" },
  };
  g_autoptr(GString) json = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_string_truncate (json, 0);
      org_json_append_double (json, numbers[i].value);
      g_assert_cmpstr (json->str, ==, numbers[i].text);
    }

  g_string_truncate (json, 0);
  org_json_append_string (json, "a\"b\\c\n\t\r\b\f\v\x01/é");
  g_assert_cmpstr (json->str, ==, "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u000b\\u0001/é\"");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/org/data/northwind-counts", test_northwind_counts);
  g_test_add_func ("/org/data/northwind-sums", test_northwind_sums);
  g_test_add_func ("/org/data/references", test_references);
  g_test_add_func ("/org/data/sandbox-differs", test_sandbox_differs);
  g_test_add_func ("/org/data/generated-same-bytes", test_generated_same_bytes);
  g_test_add_func ("/org/data/generated-lookups", test_generated_lookups);
  g_test_add_func ("/org/data/refuses-source", test_refuses_source);
  g_test_add_func ("/org/data/json", test_json);

  return g_test_run ();
}
