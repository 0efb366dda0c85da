/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>
#include <string.h>

#include "sluice-soql-context.h"

/* The place is where `|` stands. */
static SluiceSoqlContext *
look (const char *marked)
{
  const char *mark = strchr (marked, '|');
  g_autofree char *text = NULL;

  g_assert_nonnull (mark);
  text = g_strdup_printf ("%.*s%s", (int) (mark - marked), marked, mark + 1);

  return sluice_soql_context_new (text, (gsize) (mark - marked));
}

static void
assert_joined (char       **words,
               const char  *expected)
{
  g_autofree char *joined = words != NULL ? g_strjoinv (" ", words) : NULL;

  g_assert_cmpstr (joined, ==, expected);
}

static void
assert_keyword (const SluiceSoqlContext *context,
                const char              *keyword)
{
  g_assert_nonnull (context->keywords);
  g_assert_true (g_strv_contains (context->keywords, keyword));
}

static void
assert_field (const char    *marked,
              const char    *from,
              const char    *path,
              SluiceSoqlUse  use)
{
  g_autoptr(SluiceSoqlContext) context = look (marked);

  g_test_message ("%s", marked);
  g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_FIELD);
  assert_joined (context->from, from);
  assert_joined (context->path, path);
  g_assert_cmpint (context->use, ==, use);
}

static void
assert_value (const char *marked,
              const char *from,
              const char *field,
              gboolean    quoted)
{
  g_autoptr(SluiceSoqlContext) context = look (marked);

  g_test_message ("%s", marked);
  g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_VALUE);
  assert_joined (context->from, from);
  g_assert_cmpstr (context->field, ==, field);
  g_assert_cmpint (context->quoted, ==, quoted);
}

static void
assert_keywords (const char *marked,
                 const char *keyword)
{
  g_autoptr(SluiceSoqlContext) context = look (marked);

  g_test_message ("%s", marked);
  g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_NOTHING);
  assert_keyword (context, keyword);
}

static void
assert_nothing (const char *marked)
{
  g_autoptr(SluiceSoqlContext) context = look (marked);

  g_test_message ("%s", marked);
  g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_NOTHING);
  g_assert_null (context->keywords);
  g_assert_null (context->functions);
}

static void
test_beginning (void)
{
  assert_keywords ("|", "SELECT");
  assert_keywords ("  sel|", "SELECT");
  assert_keywords ("SELECT Id FROM Account;\n|", "SELECT");
}

static void
test_objects (void)
{
  static const char * const places[] = {
    "SELECT Id FROM |",
    "SELECT Id FROM Acc|",
    "select Id from\n  Acc| where Name = 'x'",
    "SELECT Id FROM | ORDER BY Name",
    "SELECT Id FROM | WHERE Name = 'x'",
    "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM |)",
    "SELECT TYPEOF What WHEN | THEN Id END FROM Event",
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(SluiceSoqlContext) context = look (places[i]);

      g_test_message ("%s", places[i]);
      g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_OBJECT);
    }
}

static void
test_children (void)
{
  static const char * const places[] = {
    "SELECT Id, (SELECT Id FROM |) FROM Account",
    "SELECT Id, (SELECT Id FROM Con|) FROM Account",
    "SELECT (SELECT Id FROM | FROM Account",
    "SELECT Id, (SELECT Id FROM Account.Con|) FROM Account",
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(SluiceSoqlContext) context = look (places[i]);

      g_test_message ("%s", places[i]);
      g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_CHILDREN);
      assert_joined (context->from, "Account");
    }
}

static void
test_children_without_parent (void)
{
  g_autoptr(SluiceSoqlContext) context = look ("SELECT Id, (SELECT Id FROM |");

  g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_CHILDREN);
  g_assert_null (context->from);
}

static void
test_shown_fields (void)
{
  assert_field ("SELECT |", NULL, "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT | FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id, Na| FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id, Na|me FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id, | FROM Order ORDER BY Name", "Order", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id, | FROM Group", "Group", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT COUNT(|) FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT COUNT(| FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT FORMAT(MAX(|)) FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
}

static void
test_paths (void)
{
  assert_field ("SELECT Account.| FROM Contact", "Contact", "Account", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Account.Owner.Na| FROM Contact", "Contact", "Account Owner", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id FROM Contact WHERE Account.|", "Contact", "Account", SLUICE_SOQL_USE_FILTER);
  assert_field ("SELECT Order.| FROM OrderItem ORDER BY Order.Name", "OrderItem", "Order", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id FROM OrderItem ORDER BY Order.|", "OrderItem", "Order", SLUICE_SOQL_USE_SORT);
}

static void
test_aliases (void)
{
  assert_field ("SELECT a.| FROM Account a", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT a.Owner.| FROM Account AS a", "Account", "Owner", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Account.| FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT a.Owner.| FROM Contact c, c.Account a", "Contact", "Account Owner", SLUICE_SOQL_USE_SHOW);
  /* Aliases that lead to each other end, too. */
  assert_field ("SELECT a.| FROM Contact, b.x a, a.y b", "Contact", "a y x y x", SLUICE_SOQL_USE_SHOW);
}

static void
test_alias_of_parent (void)
{
  g_autoptr(SluiceSoqlContext) context = look ("SELECT Id FROM Contact c, c.|");

  g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_PARENT);
  assert_joined (context->from, "Contact");
  assert_joined (context->path, "");
}

static void
test_start_of_name (void)
{
  g_autoptr(SluiceSoqlContext) context = look ("SELECT Account.Na| FROM Contact");

  g_assert_cmpuint (context->start, ==, strlen ("SELECT Account."));
  g_assert_null (context->keywords);
  g_assert_null (context->functions);
}

static void
test_subquery_fields (void)
{
  assert_field ("SELECT Id, (SELECT | FROM Contacts) FROM Account", "Account Contacts", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id, (SELECT Id, (SELECT | FROM Cases) FROM Contacts) FROM Account",
                "Account Contacts Cases", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id, (SELECT Id FROM Contacts WHERE |) FROM Account", "Account Contacts", "", SLUICE_SOQL_USE_FILTER);
  assert_field ("SELECT Id, (SELECT Id FROM Contacts), | FROM Account", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id, (SELECT Id FROM Contacts FROM Account WHERE |", "Account", "", SLUICE_SOQL_USE_FILTER);
  assert_field ("SELECT Id FROM Account WHERE Id IN (SELECT | FROM Contact)", "Contact", "", SLUICE_SOQL_USE_SHOW);
}

static void
test_conditions (void)
{
  assert_field ("SELECT Id FROM Account WHERE |", "Account", "", SLUICE_SOQL_USE_FILTER);
  assert_field ("SELECT Id FROM Account WHERE | ORDER BY Name", "Account", "", SLUICE_SOQL_USE_FILTER);
  assert_field ("SELECT Id FROM Account WHERE Name = 'x' AND |", "Account", "", SLUICE_SOQL_USE_FILTER);
  assert_field ("SELECT Id FROM Account WHERE NOT |", "Account", "", SLUICE_SOQL_USE_FILTER);
  assert_field ("SELECT Id FROM Account WHERE (Name = 'x' OR (|", "Account", "", SLUICE_SOQL_USE_FILTER);
  assert_keywords ("SELECT Id FROM Account WHERE Name |", "LIKE");
  assert_keywords ("SELECT Id FROM Account WHERE Name NOT |", "IN");
  assert_keywords ("SELECT Id FROM Account WHERE Name = 'x' |", "AND");
  assert_keywords ("SELECT Id FROM Account WHERE Name = 'x' |", "ORDER BY");
  assert_keywords ("SELECT Id FROM Account WHERE (Name = 'x' |", "OR");
  assert_keywords ("SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:30 |", "AND");
  assert_keywords ("SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Contact) |", "AND");
}

static void
test_values (void)
{
  assert_value ("SELECT Id FROM Account WHERE Industry = |", "Account", "Industry", FALSE);
  assert_value ("SELECT Id FROM Account WHERE Industry != |", "Account", "Industry", FALSE);
  assert_value ("SELECT Id FROM Account WHERE Industry = '|'", "Account", "Industry", TRUE);
  assert_value ("SELECT Id FROM Account WHERE Industry = 'Ba| ORDER BY Name", "Account", "Industry", TRUE);
  assert_value ("SELECT Id FROM Account WHERE Industry IN ('A', |", "Account", "Industry", FALSE);
  assert_value ("SELECT Id FROM Account WHERE Industry NOT IN ('A', '|", "Account", "Industry", TRUE);
  assert_value ("SELECT Id FROM Account WHERE Langs__c INCLUDES (|)", "Account", "Langs__c", FALSE);
  assert_value ("SELECT Id FROM Contact c WHERE c.Account.Industry = |", "Contact", "Account.Industry", FALSE);
  assert_value ("SELECT Id FROM Account WHERE CreatedDate > LAST|", "Account", "CreatedDate", FALSE);
  assert_value ("SELECT Id, (SELECT Id FROM Contacts WHERE LeadSource = '|) FROM Account",
                "Account Contacts", "LeadSource", TRUE);
  assert_value ("SELECT COUNT(Id) FROM Case GROUP BY Status HAVING MIN(Status) = |", "Case", "Status", FALSE);
  /* A year is no date. */
  assert_value ("SELECT Id FROM Account WHERE CALENDAR_YEAR(CreatedDate) = |", "Account", NULL, FALSE);
}

static void
test_values_by_label (void)
{
  g_autoptr(SluiceSoqlContext) context = look ("SELECT Id FROM Case WHERE toLabel(Status) = '|");

  g_assert_cmpstr (context->field, ==, "Status");
  g_assert_true (context->by_label);
  g_assert_false (context->closed);
}

static void
test_quotes (void)
{
  g_autoptr(SluiceSoqlContext) context = look ("SELECT Id FROM Case WHERE Status = 'It\\'s |'");

  g_assert_true (context->quoted);
  g_assert_true (context->closed);
  g_assert_cmpuint (context->start, ==, strlen ("SELECT Id FROM Case WHERE Status = '"));
  g_assert_null (context->keywords);
}

static void
test_lists (void)
{
  assert_field ("SELECT Id FROM Account GROUP BY |", "Account", "", SLUICE_SOQL_USE_GROUP);
  assert_field ("SELECT Id FROM Account GROUP BY ROLLUP(Name, |)", "Account", "", SLUICE_SOQL_USE_GROUP);
  assert_field ("SELECT Id FROM Account GROUP BY Name HAVING |", "Account", "", SLUICE_SOQL_USE_FILTER_GROUPS);
  assert_field ("SELECT Id FROM Account ORDER BY |", "Account", "", SLUICE_SOQL_USE_SORT);
  assert_field ("SELECT Id FROM Account ORDER BY Name DESC, |", "Account", "", SLUICE_SOQL_USE_SORT);
}

static void
test_keywords (void)
{
  assert_keywords ("SELECT Id |", "FROM");
  assert_keywords ("SELECT Id, (|", "SELECT");
  assert_keywords ("SELECT FIELDS(|) FROM Account", "STANDARD");
  assert_keywords ("SELECT Id FROM Account |", "WHERE");
  assert_keywords ("SELECT Id FROM Account a |", "WHERE");
  assert_keywords ("SELECT Id FROM Account ORDER |", "BY");
  assert_keywords ("SELECT Id FROM Account ORDER BY Name |", "DESC");
  assert_keywords ("SELECT Id FROM Account ORDER BY Name NULLS |", "LAST");
  assert_keywords ("SELECT Id FROM Account GROUP BY Name |", "HAVING");
  assert_keywords ("SELECT Id FROM Account USING |", "SCOPE");
  assert_keywords ("SELECT Id FROM Account USING SCOPE |", "mine");
  assert_keywords ("SELECT Id FROM Account USING SCOPE mine |", "WHERE");
  assert_keywords ("SELECT Id FROM Account WITH |", "USER_MODE");
  assert_keywords ("SELECT Id FROM Account LIMIT 10 |", "OFFSET");
  assert_keywords ("SELECT Id FROM Account FOR |", "VIEW");
  assert_keywords ("SELECT Id FROM Account ALL |", "ROWS");
}

static void
test_typeof (void)
{
  g_autoptr(SluiceSoqlContext) context = look ("SELECT TYPEOF | FROM Event");

  g_assert_cmpint (context->expected, ==, SLUICE_SOQL_EXPECTS_PARENT);
  assert_joined (context->from, "Event");

  assert_keywords ("SELECT TYPEOF What |", "WHEN");
  assert_keywords ("SELECT TYPEOF What WHEN Account |", "THEN");
  assert_field ("SELECT TYPEOF What WHEN Account THEN Id, | END FROM Event", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT TYPEOF What WHEN Account THEN Id ELSE | END FROM Event", "Name", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT TYPEOF What WHEN Account THEN Id END, | FROM Event", "Event", "", SLUICE_SOQL_USE_SHOW);
}

static void
test_several_queries (void)
{
  assert_field ("SELECT | FROM Account\n\nSELECT Id FROM Contact", "Account", "", SLUICE_SOQL_USE_SHOW);
  assert_field ("SELECT Id FROM Account\n\nSELECT | FROM Contact", "Contact", "", SLUICE_SOQL_USE_SHOW);
}

static void
test_nothing (void)
{
  assert_nothing ("SELECT Id FROM Account LIMIT |");
  assert_nothing ("SELECT Id FROM Account LIMIT 1|0");
  assert_nothing ("SELECT Id FROM Account WHERE Amount > 12|");
  assert_nothing ("SELECT 'text| FROM Account");
}

static void
test_no_character_is_torn (void)
{
  g_autoptr(SluiceSoqlContext) context = look ("SELECT Größe|");

  g_assert_cmpuint (context->start, ==, strlen ("SELECT "));
}

/* What completion offers is coloured when it is written. */
static void
test_language_knows_functions (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "..", "data", "editor", "soql.lang", NULL);
  g_autofree char *language = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &language, NULL, &error);
  g_assert_no_error (error);

  for (SluiceSoqlUse use = SLUICE_SOQL_USE_SHOW; use <= SLUICE_SOQL_USE_SORT; use++)
    {
      const char * const *functions = sluice_soql_get_functions (use);

      for (guint i = 0; functions[i] != NULL; i++)
        {
          g_autofree char *entry = g_strdup_printf ("<keyword>%s</keyword>", functions[i]);

          g_test_message ("%s", functions[i]);
          g_assert_nonnull (strstr (language, entry));
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/soql-context/alias-of-parent", test_alias_of_parent);
  g_test_add_func ("/sync/soql-context/aliases", test_aliases);
  g_test_add_func ("/sync/soql-context/beginning", test_beginning);
  g_test_add_func ("/sync/soql-context/children", test_children);
  g_test_add_func ("/sync/soql-context/children-without-parent", test_children_without_parent);
  g_test_add_func ("/sync/soql-context/conditions", test_conditions);
  g_test_add_func ("/sync/soql-context/keywords", test_keywords);
  g_test_add_func ("/sync/soql-context/language-knows-functions", test_language_knows_functions);
  g_test_add_func ("/sync/soql-context/lists", test_lists);
  g_test_add_func ("/sync/soql-context/no-character-is-torn", test_no_character_is_torn);
  g_test_add_func ("/sync/soql-context/nothing", test_nothing);
  g_test_add_func ("/sync/soql-context/objects", test_objects);
  g_test_add_func ("/sync/soql-context/paths", test_paths);
  g_test_add_func ("/sync/soql-context/quotes", test_quotes);
  g_test_add_func ("/sync/soql-context/several-queries", test_several_queries);
  g_test_add_func ("/sync/soql-context/shown-fields", test_shown_fields);
  g_test_add_func ("/sync/soql-context/start-of-name", test_start_of_name);
  g_test_add_func ("/sync/soql-context/subquery-fields", test_subquery_fields);
  g_test_add_func ("/sync/soql-context/typeof", test_typeof);
  g_test_add_func ("/sync/soql-context/values", test_values);
  g_test_add_func ("/sync/soql-context/values-by-label", test_values_by_label);

  return g_test_run ();
}
