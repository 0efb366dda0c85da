/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-columns.h"

static void
test_columns (void)
{
  struct { const char *soql; const char *columns; } cases[] = {
    { "SELECT Id, Name FROM Account", "Id|Name" },
    { "select id,account.name from Contact where Name = 'FROM'", "id|account.name" },
    { "  SELECT\n\tId ,\n Owner.Manager.Name\nFROM Account", "Id|Owner.Manager.Name" },
    { "SELECT COUNT() FROM Account", "COUNT()" },
    { "SELECT COUNT( ) FROM Account", "COUNT()" },
    { "SELECT COUNT(Id), MAX(Amount), AVG(Amount) a FROM Opportunity", "expr0|expr1|a" },
    { "SELECT StageName, SUM(Amount) FROM Opportunity GROUP BY StageName", "StageName|expr0" },
    { "SELECT Name n, COUNT(Id) c FROM Account GROUP BY Name", "n|c" },
    { "SELECT toLabel(Status), FORMAT(Amount) Amt, convertCurrency(Amount) FROM Order", "Status|Amt|Amount" },
    { "SELECT FORMAT(convertCurrency(Amount)) FROM Order", "Amount" },
    { "SELECT FORMAT(MAX(Amount)) FROM Order", "expr0" },
    { "SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) FROM Account GROUP BY CALENDAR_YEAR(CreatedDate)", "expr0|expr1" },
    { "SELECT Id, (SELECT Id, (SELECT Id FROM Deep) FROM Contacts WHERE Name LIKE '%)FROM x%'), Name FROM Account",
      "Id|Contacts|Name" },
    { "SELECT Name, (SELECT LastName FROM Account.Contacts) FROM Account", "Name|Contacts" },
    { "SELECT TYPEOF What WHEN Account THEN Phone, Name ELSE Name END, Subject FROM Event", "What|Subject" },
    { "SELECT FIELDS(ALL) FROM Account LIMIT 200", NULL },
    { "SELECT Id, FIELDS(CUSTOM) FROM Account LIMIT 200", NULL },
    { "SELECT Id", NULL },
    { "SELECT FROM Account", NULL },
    { "SELECT Id, FROM Account", NULL },
    { "SELECT (SELECT Id FROM Contacts FROM Account", NULL },
    { "SELECT COUNT(Id FROM Account", NULL },
    { "FIND {a} IN ALL FIELDS", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) columns = sluice_soql_list_columns (cases[i].soql);
      g_autofree char *joined = columns != NULL ? g_strjoinv ("|", columns) : NULL;

      g_assert_cmpstr (joined, ==, cases[i].columns);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/soql-columns/columns", test_columns);

  return g_test_run ();
}
