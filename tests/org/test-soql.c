/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>
#include <string.h>

#include "org-cursor.h"
#include "org-soql-date.h"

#define BASE "/services/data/v68.0"

/* Thursday 30 April 1998, noon. */
#define NOW (G_GINT64_CONSTANT (893937600) * G_USEC_PER_SEC)

typedef struct
{
  OrgData *data;
  OrgCursors *cursors;
} Fixture;

static gint64
then (gpointer user_data)
{
  return NOW;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  fixture->data = org_data_new ("northwind", ORG_KIND_PRODUCTION, &error);
  g_assert_no_error (error);
  org_data_set_clock (fixture->data, then, NULL);
  fixture->cursors = org_cursors_new (fixture->data);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  org_cursors_free (fixture->cursors);
  org_data_free (fixture->data);
}

static void
append_plain (GString  *text,
              JsonNode *node)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  gboolean first = TRUE;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    {
      g_string_append_printf (text, "%.12g", json_node_get_double (node));
      return;
    }

  if (JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node))
    {
      g_autofree char *value = json_to_string (node, FALSE);
      gboolean quoted = *value == '"';

      g_string_append_len (text, value + quoted, (gssize) strlen (value) - 2 * quoted);
      return;
    }

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      if (strcmp (name, "attributes") == 0)
        continue;
      if (!first)
        g_string_append_c (text, '|');
      first = FALSE;
      if (JSON_NODE_HOLDS_ARRAY (member))
        g_string_append_printf (text, "[%u]", json_array_get_length (json_node_get_array (member)));
      else
        append_plain (text, member);
    }
}

/* The records of an answer: `|` between values, `;` between records. */
static char *
ask (Fixture    *fixture,
     const char *soql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(OrgPlan) plan = org_plan_new (fixture->data, soql, TRUE, FALSE, &error);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  JsonArray *records;

  if (plan == NULL || !org_cursors_query (fixture->cursors, plan, BASE, ORG_BATCH_MAX, json, &error))
    g_error ("%s: %s", soql, error->message);

  root = json_from_string (json->str, &error);
  g_assert_no_error (error);
  records = json_object_get_array_member (json_node_get_object (root), "records");

  if (plan->count_only)
    g_string_printf (text, "%" G_GINT64_FORMAT, json_object_get_int_member (json_node_get_object (root), "totalSize"));

  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      if (i > 0)
        g_string_append_c (text, ';');
      append_plain (text, json_array_get_element (records, i));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct
{
  const char *soql;
  const char *answer;
} Case;

/* Every answer was computed from the CSV files by another program. */
static const Case cases[] = {
  { "SELECT COUNT() FROM Account", "91" },
  { "select count() from account", "91" },
  { "SELECT COUNT() FROM Account LIMIT 5", "5" },
  { "SELECT Name FROM Account WHERE Name LIKE 'a%' ORDER BY Name",
    "Alfreds Futterkiste;Ana Trujillo Emparedados y helados;Antonio Moreno Taquería;Around the Horn" },
  { "SELECT Name FROM Account WHERE Name LIKE '%Ö%' ORDER BY Name DESC", "Königlich Essen;Berglunds snabbköp" },
  { "SELECT Name FROM Account WHERE Name LIKE '%k_p'", "Berglunds snabbköp" },
  { "SELECT COUNT() FROM Account WHERE Name LIKE '%\\'%'", "6" },
  { "SELECT COUNT() FROM Account WHERE Name LIKE '%\\%%'", "0" },
  { "SELECT COUNT() FROM Account WHERE Name LIKE '%\\_%'", "0" },
  { "SELECT Name FROM Account WHERE Name = 'BON APP\\''", "Bon app'" },
  { "SELECT Name FROM Account WHERE Name = 'KÖNIGLICH essen'", "Königlich Essen" },
  { "SELECT Name FROM Account WHERE Name = 'K\\u00f6niglich Essen'", "Königlich Essen" },
  { "SELECT COUNT() FROM Account WHERE Name >= 'w'", "5" },
  { "SELECT COUNT() FROM Account WHERE BillingState = null", "60" },
  { "SELECT COUNT() FROM Account WHERE BillingState != null", "31" },
  { "SELECT COUNT() FROM Account WHERE BillingState = 'wa'", "3" },
  { "SELECT COUNT() FROM Account WHERE BillingState != 'WA'", "88" },
  { "SELECT COUNT() FROM Account WHERE NOT BillingState = 'WA'", "88" },
  { "SELECT COUNT() FROM Account WHERE NOT (BillingState > 'A')", "60" },
  { "SELECT COUNT() FROM Account WHERE BillingState IN ('WA', null)", "63" },
  { "SELECT COUNT() FROM Account WHERE BillingState NOT IN ('WA')", "88" },
  { "SELECT COUNT() FROM Account WHERE BillingCountry IN ('Germany', 'FRANCE')", "22" },
  { "SELECT COUNT() FROM Account WHERE BillingCountry = 'Germany' OR BillingCountry = 'France'", "22" },
  { "SELECT COUNT() FROM Account WHERE (BillingCountry = 'Germany' OR BillingCountry = 'France') AND Name LIKE 'A%'", "1" },
  { "SELECT COUNT() FROM Order WHERE Freight__c > 500", "13" },
  { "SELECT COUNT() FROM Order WHERE Freight__c >= 10 AND Freight__c <= 20.0", "91" },
  { "SELECT COUNT() FROM Product2 WHERE IsActive = false", "8" },
  { "SELECT COUNT() FROM Product2 WHERE IsActive != FALSE", "69" },
  { "SELECT COUNT() FROM Order WHERE Status = 'Draft'", "21" },
  { "SELECT COUNT() FROM Order WHERE Shipped_Date__c = null", "21" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate >= 1997-01-01 AND EffectiveDate < 1998-01-01", "408" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = LAST_YEAR", "408" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate < LAST_YEAR", "152" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate <= LAST_YEAR", "560" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate > LAST_YEAR", "270" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate != LAST_YEAR", "422" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = N_YEARS_AGO:2", "152" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = last_n_years:2", "560" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = THIS_MONTH", "74" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = LAST_MONTH", "73" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = LAST_QUARTER", "182" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = LAST_N_MONTHS:2", "127" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = TODAY", "4" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = LAST_N_DAYS:7", "20" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = LAST_WEEK", "16" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate = THIS_WEEK", "17" },
  { "SELECT COUNT() FROM Order WHERE EffectiveDate IN (LAST_MONTH, 1998-04-30)", "77" },
  { "SELECT COUNT() FROM Order WHERE Owner.Name = 'Robert King'", "72" },
  { "SELECT COUNT() FROM Order WHERE Account.BillingCountry = 'Germany'", "122" },
  { "SELECT COUNT() FROM OrderItem WHERE Order.Account.BillingCountry = 'Germany' AND Order.OrderNumber = '00011077'", "0" },
  { "SELECT COUNT(Id), SUM(TotalPrice) total FROM OrderItem WHERE Order.OrderNumber = '00011077'", "25|1255.72" },
  { "SELECT OrderNumber, TotalAmount FROM Order ORDER BY TotalAmount DESC LIMIT 1", "00010865|16387.8" },
  { "SELECT OrderNumber, TotalAmount FROM Order ORDER BY TotalAmount LIMIT 1", "00010782|12.5" },
  { "SELECT Account.Name n, SUM(TotalAmount) FROM Order GROUP BY Account.Name ORDER BY SUM(TotalAmount) DESC LIMIT 2",
    "QUICK-Stop|110279.66;Ernst Handel|104877.9" },
  { "SELECT BillingCountry, COUNT(Id) n FROM Account GROUP BY BillingCountry ORDER BY COUNT(Id) DESC, BillingCountry LIMIT 4",
    "USA|13;France|11;Germany|11;Brazil|9" },
  { "SELECT BillingCountry FROM Account GROUP BY BillingCountry HAVING COUNT(Id) > 10 ORDER BY BillingCountry",
    "France;Germany;USA" },
  { "SELECT COUNT_DISTINCT(BillingCountry), COUNT(BillingState) s, COUNT(Id) FROM Account", "21|31|91" },
  { "SELECT MAX(UnitPrice), MIN(UnitPrice) FROM PricebookEntry", "263.5|2.5" },
  { "SELECT AVG(UnitPrice) FROM PricebookEntry WHERE UnitPrice > 200", "263.5" },
  { "SELECT SUM(UnitPrice) FROM PricebookEntry WHERE UnitPrice > 1000", "null" },
  { "SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Order) ORDER BY Name",
    "FISSA Fabrica Inter. Salchichas S.A.;Paris spécialités" },
  { "SELECT COUNT() FROM Account WHERE Id IN (SELECT AccountId FROM Order WHERE EffectiveDate >= 1996-07-04)", "89" },
  { "SELECT Name, (SELECT Id FROM Orders), (SELECT Id FROM Contacts LIMIT 1) FROM Account WHERE Northwind_Code__c = 'SAVEA'",
    "Save-a-lot Markets|31|true|[31]|1|true|[1]" },
  { "SELECT Name, (SELECT Id FROM Orders WHERE EffectiveDate > 2000-01-01) FROM Account WHERE Northwind_Code__c = 'SAVEA'",
    "Save-a-lot Markets|null" },
  { "SELECT BillingState FROM Account ORDER BY BillingState LIMIT 1", "null" },
  { "SELECT BillingState FROM Account ORDER BY BillingState NULLS LAST LIMIT 1", "AK" },
  { "SELECT BillingState FROM Account ORDER BY BillingState DESC NULLS LAST, Name DESC LIMIT 1", "WY" },
  { "SELECT Name FROM Account ORDER BY Name LIMIT 1 OFFSET 1", "Ana Trujillo Emparedados y helados" },
  { "SELECT Name, Parent.Name, Owner.Profile.Name FROM Account WHERE Northwind_Code__c = 'ALFKI'",
    "Alfreds Futterkiste|null|Standard User" },
  { "SELECT a.Name FROM Account a WHERE a.Northwind_Code__c = 'ALFKI'", "Alfreds Futterkiste" },
  { "SELECT Account.Name FROM Account WHERE Account.Northwind_Code__c = 'ALFKI'", "Alfreds Futterkiste" },
  { "SELECT BillingAddress FROM Account WHERE Northwind_Code__c = 'ALFKI'",
    "Berlin|Germany|null|null|null|12209|null|Obere Str. 57" },
  { "SELECT Name FROM Account WHERE Id = '0015e0000000001'", "Alfreds Futterkiste" },
  { "SELECT Name FROM Account WHERE Id = '0015e0000000001AAA'", "Alfreds Futterkiste" },
  { "SELECT COUNT() FROM Account WHERE CreatedDate > 2026-01-05T08:00:01Z", "90" },
  { "SELECT COUNT() FROM Account WHERE CreatedDate > 2026-01-05T09:00:01+01:00", "90" },
  { "SELECT COUNT() FROM Account WHERE CreatedDate = 2026-01-05T03:00:01.000-0500", "1" },
  { "SELECT COUNT() FROM Account ALL ROWS", "94" },
  { "SELECT COUNT() FROM Account WHERE IsDeleted = true ALL ROWS", "3" },
  { "SELECT COUNT() FROM Account WHERE Name != null WITH SECURITY_ENFORCED", "91" },
  { "SELECT Name FROM Account LIMIT 1 FOR VIEW", "Alfreds Futterkiste" },
  { "SELECT IsSandbox, OrganizationType, NamespacePrefix, TrialExpirationDate FROM Organization",
    "false|Enterprise Edition|null|null" },
  { "SELECT FIELDS(CUSTOM) FROM Account WHERE Northwind_Code__c = 'ALFKI' LIMIT 1", "ALFKI|2000|null" },
};

static void
test_answers (Fixture       *fixture,
              gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *answer = ask (fixture, cases[i].soql);

      g_test_message ("%s", cases[i].soql);
      g_assert_cmpstr (answer, ==, cases[i].answer);
    }
}

typedef struct
{
  const char *soql;
  OrgSoqlError code;
  const char *message;
} Refusal;

#define CUSTOM_FIELD \
  "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. " \
  "Please reference your WSDL or the describe call for the appropriate names."
#define CUSTOM_RELATIONSHIP \
  "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. " \
  "Please reference your WSDL or the describe call for the appropriate names."
#define CUSTOM_OBJECT \
  "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. " \
  "Please reference your WSDL or the describe call for the appropriate names."

static const Refusal refusals[] = {
  { "SELECT Id, Foo__c FROM Account", ORG_SOQL_ERROR_INVALID_FIELD,
    "\nSELECT Id, Foo__c FROM Account\n           ^\nERROR at Row:1:Column:12\n"
    "No such column 'Foo__c' on entity 'Account'. " CUSTOM_FIELD },
  { "SELECT Id\nFROM Account\nWHERE Föo = 1", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nWHERE Föo = 1\n       ^\nERROR at Row:3:Column:8\nunexpected token: 'ö'" },
  { "SELECT Id FROM Account\nWHERE Name = 'ö' AND Bar = 1", ORG_SOQL_ERROR_INVALID_FIELD,
    "\nWHERE Name = 'ö' AND Bar = 1\n                     ^\nERROR at Row:2:Column:22\n"
    "No such column 'Bar' on entity 'Account'. " CUSTOM_FIELD },
  { "SELECT Id FROM Foo", ORG_SOQL_ERROR_INVALID_TYPE,
    "\nSELECT Id FROM Foo\n               ^\nERROR at Row:1:Column:16\nsObject type 'Foo' is not supported. " CUSTOM_OBJECT },
  { "SELECT Foo.Name FROM Account", ORG_SOQL_ERROR_INVALID_FIELD,
    "\nSELECT Foo.Name FROM Account\n       ^\nERROR at Row:1:Column:8\n"
    "Didn't understand relationship 'Foo' in field path. " CUSTOM_RELATIONSHIP },
  { "SELECT Id, (SELECT Id FROM Foos) FROM Account", ORG_SOQL_ERROR_INVALID_TYPE,
    "\nSELECT Id, (SELECT Id FROM Foos) FROM Account\n                           ^\nERROR at Row:1:Column:28\n"
    "Didn't understand relationship 'Foos' in FROM part of query call. " CUSTOM_RELATIONSHIP },
  { "SELECT Id FROM Account WHERE", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Id FROM Account WHERE\n                            ^\nERROR at Row:1:Column:29\nunexpected token: '<EOF>'" },
  { "SELECT FROM Account", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT FROM Account\n       ^\nERROR at Row:1:Column:8\nunexpected token: 'FROM'" },
  { "", ORG_SOQL_ERROR_MALFORMED_QUERY, "\n\n^\nERROR at Row:1:Column:1\nunexpected token: '<EOF>'" },
  { "SELECT Id FROM Account WHERE Name = 'x' AND Phone = 'y' OR Fax = 'z'", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Id FROM Account WHERE Name = 'x' AND Phone = 'y' OR Fax = 'z'\n"
    "                                                        ^\nERROR at Row:1:Column:57\nunexpected token: 'OR'" },
  { "SELECT Id FROM Account WHERE Name = 5", ORG_SOQL_ERROR_INVALID_FIELD,
    "\nSELECT Id FROM Account WHERE Name = 5\n                                    ^\nERROR at Row:1:Column:37\n"
    "value of filter criterion for field 'Name' must be of type string and should be enclosed in quotes" },
  { "SELECT Id FROM Account WHERE IsDeleted = 'x'", ORG_SOQL_ERROR_INVALID_FIELD,
    "\nSELECT Id FROM Account WHERE IsDeleted = 'x'\n                                         ^\nERROR at Row:1:Column:42\n"
    "value of filter criterion for field 'IsDeleted' must be of type boolean and should not be enclosed in quotes" },
  { "SELECT Id FROM Account WHERE CreatedDate > 2026-01-01", ORG_SOQL_ERROR_INVALID_FIELD,
    "\nSELECT Id FROM Account WHERE CreatedDate > 2026-01-01\n                                           ^\n"
    "ERROR at Row:1:Column:44\n"
    "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes" },
  { "SELECT Id FROM Account WHERE Id = 'abc'", ORG_SOQL_ERROR_INVALID_FILTER,
    "\nSELECT Id FROM Account WHERE Id = 'abc'\n                                  ^\nERROR at Row:1:Column:35\n"
    "invalid ID field: abc" },
  { "SELECT Id FROM Account WHERE Name = 'abc", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Id FROM Account WHERE Name = 'abc\n                                    ^\nERROR at Row:1:Column:37\n"
    "unexpected token: '''" },
  { "SELECT Id FROM Account WHERE Name = '\\q'", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Id FROM Account WHERE Name = '\\q'\n                                    ^\nERROR at Row:1:Column:37\n"
    "Illegal escape sequence in string literal" },
  { "SELECT Id FROM Order WHERE EffectiveDate = 1998-02-30", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Id FROM Order WHERE EffectiveDate = 1998-02-30\n                                           ^\n"
    "ERROR at Row:1:Column:44\nInvalid date: 1998-02-30" },
  { "SELECT Name, COUNT(Id) FROM Account", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Name, COUNT(Id) FROM Account\n       ^\nERROR at Row:1:Column:8\nField must be grouped or aggregated: Name" },
  { "SELECT SUM(Name) FROM Account", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT SUM(Name) FROM Account\n       ^\nERROR at Row:1:Column:8\nfield Name does not support aggregate operator SUM" },
  { "SELECT Id FROM Account OFFSET 2001", ORG_SOQL_ERROR_NUMBER_RANGE,
    "\nSELECT Id FROM Account OFFSET 2001\n                              ^\nERROR at Row:1:Column:31\n"
    "Maximum SOQL offset allowed is 2000" },
  { "SELECT FIELDS(ALL) FROM Account", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT FIELDS(ALL) FROM Account\n       ^\nERROR at Row:1:Column:8\n"
    "The SOQL FIELDS function must have a LIMIT of at most 200" },
  { "SELECT Id FROM Account WHERE Description = 'x'", ORG_SOQL_ERROR_INVALID_FIELD,
    "\nSELECT Id FROM Account WHERE Description = 'x'\n                             ^\nERROR at Row:1:Column:30\n"
    "field 'Description' can not be filtered in a query call" },
  { "SELECT Id, (SELECT COUNT(Id) FROM Contacts) FROM Account", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Id, (SELECT COUNT(Id) FROM Contacts) FROM Account\n            ^\nERROR at Row:1:Column:13\n"
    "only root queries support aggregate expressions" },
  { "SELECT Id FROM Account LIMIT 1; DROP TABLE Account", ORG_SOQL_ERROR_MALFORMED_QUERY,
    "\nSELECT Id FROM Account LIMIT 1; DROP TABLE Account\n                              ^\nERROR at Row:1:Column:31\n"
    "unexpected token: ';'" },
};

static void
test_refusals (Fixture       *fixture,
               gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", refusals[i].soql);
      g_assert_null (org_plan_new (fixture->data, refusals[i].soql, TRUE, FALSE, &error));
      g_assert_error (error, ORG_SOQL_ERROR, (int) refusals[i].code);
      g_assert_cmpstr (error->message, ==, refusals[i].message);
    }
}

static void
test_hidden_field (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(OrgPlan) seen = org_plan_new (fixture->data, "SELECT Credit_Limit__c FROM Account", TRUE, FALSE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (seen);
  g_assert_null (org_plan_new (fixture->data, "SELECT Credit_Limit__c FROM Account", FALSE, FALSE, &error));
  g_assert_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_INVALID_FIELD);
  g_clear_error (&error);
  g_assert_null (org_plan_new (fixture->data, "SELECT Id FROM Contact WHERE Account.Credit_Limit__c > 1", FALSE, FALSE, &error));
  g_assert_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_INVALID_FIELD);
}

static void
test_too_long (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *blanks = g_strnfill (ORG_SOQL_MAX_LENGTH - 22, ' ');
  g_autofree char *longest = g_strconcat ("SELECT Id FROM Account", blanks, NULL);
  g_autofree char *too_long = g_strconcat (longest, " ", NULL);
  g_autoptr(OrgPlan) plan = org_plan_new (fixture->data, longest, TRUE, FALSE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (plan);
  g_assert_null (org_plan_new (fixture->data, too_long, TRUE, FALSE, &error));
  g_assert_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_MALFORMED_QUERY);
}

/* Long lists, long chains and deep nesting end in an answer or an error. */
static void
test_extremes (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GString) chain = g_string_new ("SELECT COUNT() FROM Account WHERE Name = 'x'");
  g_autoptr(GString) list = g_string_new ("SELECT COUNT() FROM Account WHERE Name IN ('x'");
  g_autoptr(GString) deep = g_string_new ("SELECT COUNT() FROM Account WHERE ");
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  for (guint i = 0; i < 4000; i++)
    {
      g_string_append (chain, " OR Name = 'y'");
      g_string_append (list, ",'y'");
    }
  g_string_append_c (list, ')');
  for (guint i = 0; i < 20000; i++)
    g_string_append_c (deep, '(');

  first = ask (fixture, chain->str);
  second = ask (fixture, list->str);
  g_assert_cmpstr (first, ==, "0");
  g_assert_cmpstr (second, ==, "0");
  g_assert_null (org_plan_new (fixture->data, deep->str, TRUE, FALSE, &error));
  g_assert_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_MALFORMED_QUERY);
  g_assert_cmpuint (strlen (error->message), <, 400);
}

static void
test_invalid_utf8 (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (org_plan_new (fixture->data, "SELECT Id FROM Account WHERE Name = '\xff\xfe'", TRUE, FALSE, &error));
  g_assert_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_MALFORMED_QUERY);
}

static char *
span (const char *word,
      gint64      n,
      const char *now)
{
  g_autoptr(GDateTime) from = NULL;
  g_autoptr(GDateTime) to = NULL;
  g_autofree char *from_text = NULL;
  g_autofree char *to_text = NULL;
  gint64 moment;
  gint64 start;
  gint64 end;

  g_assert_true (org_date_parse (now, &moment));
  if (!org_date_literal (word, n, moment, &start, &end))
    return g_strdup ("none");

  from = g_date_time_new_from_unix_utc (start);
  to = g_date_time_new_from_unix_utc (end);
  from_text = g_date_time_format (from, "%F");
  to_text = g_date_time_format (to, "%F");
  g_assert_cmpint (start % 86400, ==, 0);
  g_assert_cmpint (end % 86400, ==, 0);

  return g_strconcat (from_text, " ", to_text, NULL);
}

/* Sunday 29 February 2004 lies at the ends of a week, a month and a leap year's February. */
static void
test_date_literals (void)
{
  static const struct
  {
    const char *word;
    gint64 n;
    const char *span;
  } literals[] = {
    { "YESTERDAY", 0, "2004-02-28 2004-02-29" },
    { "TODAY", 0, "2004-02-29 2004-03-01" },
    { "TOMORROW", 0, "2004-03-01 2004-03-02" },
    { "LAST_WEEK", 0, "2004-02-22 2004-02-29" },
    { "THIS_WEEK", 0, "2004-02-29 2004-03-07" },
    { "NEXT_WEEK", 0, "2004-03-07 2004-03-14" },
    { "LAST_MONTH", 0, "2004-01-01 2004-02-01" },
    { "THIS_MONTH", 0, "2004-02-01 2004-03-01" },
    { "NEXT_MONTH", 0, "2004-03-01 2004-04-01" },
    { "LAST_90_DAYS", 0, "2003-12-01 2004-03-01" },
    { "NEXT_90_DAYS", 0, "2004-03-01 2004-05-30" },
    { "LAST_QUARTER", 0, "2003-10-01 2004-01-01" },
    { "THIS_QUARTER", 0, "2004-01-01 2004-04-01" },
    { "NEXT_FISCAL_QUARTER", 0, "2004-04-01 2004-07-01" },
    { "LAST_YEAR", 0, "2003-01-01 2004-01-01" },
    { "THIS_FISCAL_YEAR", 0, "2004-01-01 2005-01-01" },
    { "NEXT_YEAR", 0, "2005-01-01 2006-01-01" },
    { "LAST_N_DAYS", 1, "2004-02-28 2004-03-01" },
    { "NEXT_N_DAYS", 2, "2004-03-01 2004-03-03" },
    { "N_DAYS_AGO", 60, "2003-12-31 2004-01-01" },
    { "LAST_N_WEEKS", 2, "2004-02-15 2004-02-29" },
    { "N_WEEKS_AGO", 1, "2004-02-22 2004-02-29" },
    { "LAST_N_MONTHS", 3, "2003-11-01 2004-02-01" },
    { "NEXT_N_MONTHS", 2, "2004-03-01 2004-05-01" },
    { "N_MONTHS_AGO", 12, "2003-02-01 2003-03-01" },
    { "LAST_N_QUARTERS", 2, "2003-07-01 2004-01-01" },
    { "N_QUARTERS_AGO", 4, "2003-01-01 2003-04-01" },
    { "LAST_N_YEARS", 2, "2002-01-01 2004-01-01" },
    { "NEXT_N_YEARS", 1, "2005-01-01 2006-01-01" },
    { "N_YEARS_AGO", 4, "2000-01-01 2001-01-01" },
    { "LAST_N_DAYS", 0, "none" },
    { "LAST_N_YEARS", 1000000, "none" },
    { "LAST_N_YEARS", 20000, "none" },
    { "TODAY", 1, "none" },
    { "SOMEDAY", 0, "none" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (literals); i++)
    {
      g_autofree char *answer = span (literals[i].word, literals[i].n, "2004-02-29T23:59:59Z");

      g_test_message ("%s", literals[i].word);
      g_assert_cmpstr (answer, ==, literals[i].span);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/org/soql/answers", Fixture, NULL, set_up, test_answers, tear_down);
  g_test_add ("/org/soql/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/org/soql/hidden-field", Fixture, NULL, set_up, test_hidden_field, tear_down);
  g_test_add ("/org/soql/too-long", Fixture, NULL, set_up, test_too_long, tear_down);
  g_test_add ("/org/soql/extremes", Fixture, NULL, set_up, test_extremes, tear_down);
  g_test_add ("/org/soql/invalid-utf8", Fixture, NULL, set_up, test_invalid_utf8, tear_down);

  g_test_add_func ("/org/soql/date-literals", test_date_literals);

  return g_test_run ();
}
