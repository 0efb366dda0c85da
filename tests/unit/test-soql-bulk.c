/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-bulk.h"

#include <string.h>

#include "sluice-error.h"

static const char * const allowed[] = {
  "SELECT Id FROM Account",
  "select Id, Account.Name from Contact where Name = 'x GROUP BY OFFSET 5' order by Name limit 5",
  "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Name LIKE 'it\\'s (') AND Name != 'GROUP BY'",
  "SELECT Id FROM Group",
  "SELECT Id FROM Group ORDER BY Name",
  "SELECT Id, Offset__c, Group__c, Count__c, Max FROM Thing__c WHERE Offset__c > 5",
  "SELECT BillingStreet, BillingCity FROM Account",
  "SELECT toLabel(Status) FROM Case",
  "SELECT FIELDS(STANDARD) FROM Account",
  "SELECT",
  "",
};

static const struct
{
  const char *soql;
  const char *says;
} refused[] = {
  { "SELECT Industry FROM Account GROUP BY Industry", "GROUP BY" },
  { "SELECT Industry FROM Account\ngroup\n\tby Industry", "GROUP BY" },
  { "SELECT Name FROM Group GROUP BY Name", "GROUP BY" },
  { "SELECT Id FROM Account LIMIT 5 OFFSET 10", "OFFSET" },
  { "SELECT COUNT() FROM Account", "count" },
  { "SELECT MAX(Amount) most FROM Opportunity", "count" },
  { "SELECT count_distinct ( Name ) FROM Account", "count" },
  { "SELECT Id, (SELECT Id FROM Contacts) FROM Account", "SELECT list" },
  { "SELECT Id, ( select Id from Contacts ) FROM Account", "SELECT list" },
  { "SELECT TYPEOF What WHEN Account THEN Phone END FROM Event", "TYPEOF" },
  { "SELECT Id, BillingAddress FROM Account", "whole address" },
  { "SELECT Account.billingaddress FROM Contact", "whole address" },
};

static void
test_allowed (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", allowed[i]);
      g_assert_true (sluice_soql_check_bulk (allowed[i], &error));
      g_assert_no_error (error);
    }
}

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", refused[i].soql);
      g_assert_false (sluice_soql_check_bulk (refused[i].soql, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, refused[i].says));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/soql-bulk/allowed", test_allowed);
  g_test_add_func ("/net/soql-bulk/refused", test_refused);

  return g_test_run ();
}
