/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "import-describe.h"
#include "sluice-error.h"
#include "sluice-import-converter.h"

static void
assert_targets (SluiceImportMapping *mapping,
                const char          *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint n;

  sluice_import_mapping_get_columns (mapping, &n);
  for (guint i = 0; i < n; i++)
    {
      SluiceImportTarget *target = sluice_import_mapping_get_target (mapping, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "|" : "",
                              target != NULL ? sluice_import_target_get_name (target) : "-");
    }

  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_match (void)
{
  g_autoptr(SluiceImportMapping) mapping =
    import_describe_mapping ("lastname|Account ID|rating|CUSTOMER_NUMBER|Seen|Nothing|Same|Account.external__c|createddate",
                             SLUICE_WRITE_INSERT);

  assert_targets (mapping, "LastName|AccountId|Rating__c|Number__c|Seen__c|-|-|Account.External__c|-");
}

/* The API name wins over the label of another field; nothing is matched twice. */
static void
test_match_order (void)
{
  g_autoptr(SluiceImportMapping) mapping =
    import_describe_mapping ("Last Name|LastName|last_name|Group:Owner.External__c|Account:Owner.External__c",
                             SLUICE_WRITE_INSERT);

  assert_targets (mapping, "-|LastName|-|-|Account:Owner.External__c");
}

static void
test_match_verb (void)
{
  g_autoptr(SluiceImportMapping) insert = import_describe_mapping ("Id|Fixed|LastName", SLUICE_WRITE_INSERT);
  g_autoptr(SluiceImportMapping) update = import_describe_mapping ("Id|Fixed|LastName", SLUICE_WRITE_UPDATE);
  g_autoptr(SluiceImportMapping) del = import_describe_mapping ("Id|Fixed|LastName", SLUICE_WRITE_DELETE);

  assert_targets (insert, "-|Fixed__c|LastName");
  assert_targets (update, "Id|-|LastName");
  assert_targets (del, "Id|-|-");
}

static void
test_key (void)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("Id|Number__c|LastName", SLUICE_WRITE_UPSERT);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (sluice_import_mapping_get_key (mapping), ==, "Number__c");

  g_assert_false (sluice_import_mapping_set_key (mapping, "LastName", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Id, Number__c"));
  g_assert_cmpstr (sluice_import_mapping_get_key (mapping), ==, "Number__c");

  g_assert_true (sluice_import_mapping_set_key (mapping, "id", NULL));
  g_assert_cmpstr (sluice_import_mapping_get_key (mapping), ==, "Id");
}

static void
assert_issues (SluiceImportMapping *mapping,
               const char          *expected)
{
  g_autoptr(GPtrArray) issues = sluice_import_mapping_check (mapping);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < issues->len; i++)
    {
      const SluiceImportIssue *issue = g_ptr_array_index (issues, i);

      g_string_append_printf (text, "%s%u:%d%s", i > 0 ? " " : "", issue->kind, issue->column, issue->blocks ? "!" : "");
      g_assert_nonnull (issue->text);
    }

  g_assert_cmpstr (text->str, ==, expected);
}

#define ISSUES(format, ...) g_strdup_printf (format, __VA_ARGS__)

static void
test_check (void)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("LastName|x|y", SLUICE_WRITE_INSERT);
  g_autofree char *twice = ISSUES ("%u:2!", SLUICE_IMPORT_ISSUE_TWICE);
  g_autofree char *required = ISSUES ("%u:-1!", SLUICE_IMPORT_ISSUE_REQUIRED);
  g_autofree char *nothing = ISSUES ("%u:-1! %u:-1!", SLUICE_IMPORT_ISSUE_NOTHING, SLUICE_IMPORT_ISSUE_REQUIRED);
  g_autofree char *read_only = ISSUES ("%u:1! %u:2!", SLUICE_IMPORT_ISSUE_NOT_CREATEABLE,
                                       SLUICE_IMPORT_ISSUE_UNSUITABLE);
  g_autoptr(GError) error = NULL;

  assert_issues (mapping, "");
  g_assert_true (sluice_import_mapping_is_ready (mapping, &error));

  /* A reference and a lookup through it. */
  sluice_import_mapping_send (mapping, "X", "AccountId", NULL);
  sluice_import_mapping_send (mapping, "y", "Account.External__c", NULL);
  assert_issues (mapping, twice);
  g_assert_false (sluice_import_mapping_is_ready (mapping, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);

  sluice_import_mapping_send (mapping, "X", "CreatedDate", NULL);
  sluice_import_mapping_send (mapping, "y", "MailingAddress", NULL);
  assert_issues (mapping, read_only);

  sluice_import_mapping_clear (mapping);
  assert_issues (mapping, nothing);
  sluice_import_mapping_send (mapping, "x", "Email", NULL);
  assert_issues (mapping, required);
}

static void
test_check_key (void)
{
  g_autoptr(SluiceImportMapping) update = import_describe_mapping ("LastName|x", SLUICE_WRITE_UPDATE);
  g_autoptr(SluiceImportMapping) upsert = import_describe_mapping ("Email|x", SLUICE_WRITE_UPSERT);
  g_autofree char *no_key = ISSUES ("%u:-1!", SLUICE_IMPORT_ISSUE_NO_KEY);
  g_autofree char *no_key_and_required = ISSUES ("%u:-1! %u:-1", SLUICE_IMPORT_ISSUE_NO_KEY, SLUICE_IMPORT_ISSUE_REQUIRED);
  g_autofree char *required = ISSUES ("%u:-1", SLUICE_IMPORT_ISSUE_REQUIRED);

  assert_issues (update, no_key);
  sluice_import_mapping_send (update, "x", "Id", NULL);
  assert_issues (update, "");

  assert_issues (upsert, no_key_and_required);
  sluice_import_mapping_set_key (upsert, "Number__c", NULL);
  assert_issues (upsert, no_key_and_required);
  sluice_import_mapping_send (upsert, "x", "Number__c", NULL);
  assert_issues (upsert, required);
  g_assert_true (sluice_import_mapping_is_ready (upsert, NULL));
}

static void
test_send_unknown (void)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("a", SLUICE_WRITE_INSERT);
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_import_mapping_send (mapping, "b", "LastName", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (sluice_import_mapping_send (mapping, "a", "Account.Name", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Account.Name"));
}

static void
count_cb (SluiceImportMapping *mapping,
          guint               *count)
{
  (*count)++;
}

static void
test_changed (void)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("a", SLUICE_WRITE_INSERT);
  guint count = 0;

  g_signal_connect (mapping, "changed", G_CALLBACK (count_cb), &count);
  sluice_import_mapping_send (mapping, "a", "LastName", NULL);
  sluice_import_mapping_send (mapping, "a", "LastName", NULL);
  g_assert_cmpuint (count, ==, 1);
  sluice_import_mapping_set_verb (mapping, SLUICE_WRITE_UPDATE);
  g_assert_cmpuint (count, ==, 2);
}

typedef struct
{
  const char *field;
  const char *text;
  const char *expected;
  SluiceImportIssueKind issue;
} Value;

static void
assert_values (const Value              *values,
               guint                     n_values,
               const SluiceValueOptions *options)
{
  g_autoptr(SluiceObjectDescribe) contact = import_describe_contact ();

  for (guint i = 0; i < n_values; i++)
    {
      SluiceFieldInfo *field = sluice_object_describe_find_field (contact, values[i].field);
      g_autoptr(GString) out = g_string_new (NULL);
      SluiceImportIssueKind issue;
      SluiceCellKind kind;

      issue = sluice_import_value_convert (field, options, values[i].text, strlen (values[i].text), out, &kind);

      if (issue != values[i].issue || (values[i].expected != NULL && !g_str_equal (out->str, values[i].expected)))
        g_error ("%s “%s”: %u “%s”", values[i].field, values[i].text, issue, out->str);
    }
}

static void
test_values (void)
{
  static const Value values[] = {
    { "Active__c", "TRUE", "true", 0 },
    { "Active__c", " 1 ", "true", 0 },
    { "Active__c", "no", "false", 0 },
    { "Active__c", "ja", NULL, SLUICE_IMPORT_ISSUE_BOOLEAN },
    { "Rating__c", "12.50", "12.50", 0 },
    { "Rating__c", "-.5", "-0.5", 0 },
    { "Rating__c", "+007.", "7", 0 },
    { "Rating__c", "1e2", "1e2", 0 },
    { "Rating__c", "000999.123", "999.123", 0 },
    { "Rating__c", "1000", NULL, SLUICE_IMPORT_ISSUE_TOO_LARGE },
    { "Rating__c", "1,5", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Rating__c", "1e", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Rating__c", "-", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Rating__c", ".", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Rating__c", "12 %", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Rating__c", "NaN", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Children__c", "3", "3", 0 },
    { "Children__c", "3.00", "3", 0 },
    { "Children__c", "0", "0", 0 },
    { "Children__c", "3.5", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Children__c", "1e2", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Children__c", "1234", NULL, SLUICE_IMPORT_ISSUE_TOO_LARGE },
    { "Birthdate", "2026-02-28", "2026-02-28", 0 },
    { "Birthdate", "2026-02-29", NULL, SLUICE_IMPORT_ISSUE_DATE },
    { "Birthdate", "28.02.2026", NULL, SLUICE_IMPORT_ISSUE_DATE },
    { "Birthdate", "2026-2-8", NULL, SLUICE_IMPORT_ISSUE_DATE },
    { "Birthdate", "0026-02-08", NULL, SLUICE_IMPORT_ISSUE_DATE },
    { "Birthdate", "2026-02-28T00:00:00Z", NULL, SLUICE_IMPORT_ISSUE_DATE },
    { "Seen__c", "2026-02-28T12:13:14.567Z", "2026-02-28T12:13:14.567Z", 0 },
    { "Seen__c", "2026-02-28T12:13:14.000+0000", "2026-02-28T12:13:14.000Z", 0 },
    { "Seen__c", "2026-02-28 23:30+01:30", "2026-02-28T22:00:00.000Z", 0 },
    { "Seen__c", "2026-02-28T00:30:00-0200", "2026-02-28T02:30:00.000Z", 0 },
    { "Seen__c", "2026-02-28T00:30:00+02", "2026-02-27T22:30:00.000Z", 0 },
    { "Seen__c", "2026-02-28T12:13:14", NULL, SLUICE_IMPORT_ISSUE_TIME_ZONE },
    { "Seen__c", "2026-02-28", NULL, SLUICE_IMPORT_ISSUE_TIME_ZONE },
    { "Seen__c", "2026-02-28T25:13:14Z", NULL, SLUICE_IMPORT_ISSUE_DATE_TIME },
    { "Seen__c", "2026-02-28T12:13:14+99:00", NULL, SLUICE_IMPORT_ISSUE_DATE_TIME },
    { "Seen__c", "yesterday", NULL, SLUICE_IMPORT_ISSUE_DATE_TIME },
    { "Opens__c", "9:05", "09:05:00.000Z", 0 },
    { "Opens__c", "23:59:59.9Z", "23:59:59.900Z", 0 },
    { "Opens__c", "24:00", NULL, SLUICE_IMPORT_ISSUE_TIME },
    { "AccountId", "001000000000001", "001000000000001", 0 },
    { "AccountId", "001000000000001AAA", "001000000000001AAA", 0 },
    { "AccountId", "001000000000001AAB", NULL, SLUICE_IMPORT_ISSUE_ID },
    { "AccountId", "00100000000000", NULL, SLUICE_IMPORT_ISSUE_ID },
    { "AccountId", "001-00000000001", NULL, SLUICE_IMPORT_ISSUE_ID },
    { "Email", "a@example.com", "a@example.com", 0 },
    { "Email", "a@example", NULL, SLUICE_IMPORT_ISSUE_EMAIL },
    { "Email", "a b@example.com", NULL, SLUICE_IMPORT_ISSUE_EMAIL },
    { "LastName", "äöüäöüäöüä", "äöüäöüäöüä", 0 },
    { "LastName", "12345678901", NULL, SLUICE_IMPORT_ISSUE_TOO_LONG },
    { "Source__c", "Web", "Web", 0 },
    { "Source__c", "Fax", NULL, SLUICE_IMPORT_ISSUE_PICKLIST },
    { "Source__c", "Post", NULL, SLUICE_IMPORT_ISSUE_PICKLIST },
    { "Free__c", "Post", "Post", 0 },
    { "Ways__c", "Web;Phone", "Web;Phone", 0 },
    { "Ways__c", "Web;Post", NULL, SLUICE_IMPORT_ISSUE_PICKLIST },
    { "Ways__c", "Post;Web", NULL, SLUICE_IMPORT_ISSUE_PICKLIST },
  };
  SluiceValueOptions options = { 0 };

  assert_values (values, G_N_ELEMENTS (values), &options);
}

static void
test_values_chosen (void)
{
  static const Value german[] = {
    { "Birthdate", "28.2.2026", "2026-02-28", 0 },
    { "Birthdate", "1/2/2026", "2026-02-01", 0 },
    { "Birthdate", "2026-02-28", "2026-02-28", 0 },
    { "Birthdate", "1/2.2026", NULL, SLUICE_IMPORT_ISSUE_DATE },
    { "Birthdate", "1.2.26", NULL, SLUICE_IMPORT_ISSUE_DATE },
    { "Rating__c", "1,5", "1.5", 0 },
    { "Rating__c", "1.5", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Rating__c", "0.999,5", "999.5", 0 },
    { "Rating__c", "1.00,5", NULL, SLUICE_IMPORT_ISSUE_NUMBER },
    { "Seen__c", "28.02.2026 12:00", "2026-02-28T11:00:00.000Z", 0 },
    { "Seen__c", "28.07.2026 12:00:00", "2026-07-28T10:00:00.000Z", 0 },
    { "Seen__c", "2026-07-28T12:00Z", "2026-07-28T12:00:00.000Z", 0 },
  };
  static const Value american[] = {
    { "Birthdate", "2/28/2026", "2026-02-28", 0 },
    { "Birthdate", "28/2/2026", NULL, SLUICE_IMPORT_ISSUE_DATE },
  };
  static const Value year_first[] = {
    { "Birthdate", "2026/2/28", "2026-02-28", 0 },
    { "Birthdate", "28/2/2026", NULL, SLUICE_IMPORT_ISSUE_DATE },
  };
  g_autoptr(GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  SluiceValueOptions options = { SLUICE_DATE_ORDER_DAY_MONTH_YEAR, SLUICE_DECIMAL_MARK_COMMA, berlin };

  assert_values (german, berlin != NULL ? G_N_ELEMENTS (german) : G_N_ELEMENTS (german) - 3, &options);
  options.dates = SLUICE_DATE_ORDER_MONTH_DAY_YEAR;
  assert_values (american, G_N_ELEMENTS (american), &options);
  options.dates = SLUICE_DATE_ORDER_YEAR_MONTH_DAY;
  assert_values (year_first, G_N_ELEMENTS (year_first), &options);
}

static void
fill_row (SluiceCell *row,
          const char *values)
{
  const char *p = values;

  for (guint i = 0; p != NULL; i++)
    {
      const char *mark = strchrnul (p, '|');

      row[i] = (SluiceCell) { p, (guint32) (mark - p), mark > p ? SLUICE_CELL_TEXT : SLUICE_CELL_NULL };
      p = *mark != '\0' ? mark + 1 : NULL;
    }
}

static void
assert_converts (SluiceImportConverter *converter,
                 const char            *values,
                 const char            *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const SluiceCell *sent;
  SluiceCell row[8];
  guint culprit;

  fill_row (row, values);
  g_assert_cmpint (sluice_import_converter_convert (converter, row, &sent, &culprit), ==, SLUICE_IMPORT_ISSUE_NONE);

  for (guint i = 0; i < sluice_import_converter_get_n_fields (converter); i++)
    {
      g_string_append_printf (text, "%s%s=", i > 0 ? " " : "", sluice_import_converter_get_field (converter, i));
      if (sent[i].kind == SLUICE_CELL_NULL)
        g_string_append_c (text, '-');
      else
        g_string_append_len (text, sent[i].text, sent[i].length);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
assert_issue (SluiceImportConverter *converter,
              const char            *values,
              SluiceImportIssueKind  issue,
              const char            *message)
{
  g_autofree char *text = NULL;
  const SluiceCell *sent;
  SluiceCell row[8];
  guint culprit;

  fill_row (row, values);
  g_assert_cmpint (sluice_import_converter_convert (converter, row, &sent, &culprit), ==, issue);
  g_assert_null (sent);
  text = sluice_import_converter_dup_issue_text (converter, issue, culprit, row);
  g_assert_cmpstr (text, ==, message);
}

static void
test_convert (void)
{
  g_autoptr(SluiceImportMapping) mapping =
    import_describe_mapping ("LastName|ignored|Active|Account.External__c", SLUICE_WRITE_INSERT);
  g_autoptr(SluiceImportConverter) converter = sluice_import_converter_new (mapping);

  g_assert_cmpuint (sluice_import_converter_get_n_fields (converter), ==, 3);
  g_assert_cmpint (sluice_import_converter_get_key (converter), ==, -1);
  assert_converts (converter, "A|x|1|K1", "LastName=A Active__c=true Account.External__c=K1");
  assert_converts (converter, "A|||", "LastName=A Active__c=- Account.External__c=-");
  assert_converts (converter, "A|||#N/A", "LastName=A Active__c=- Account.External__c=#N/A");
  assert_issue (converter, "|x|1|K1", SLUICE_IMPORT_ISSUE_EMPTY_REQUIRED,
                "“LastName” is empty: new records must have it.");
  assert_issue (converter, "A|x|maybe|K1", SLUICE_IMPORT_ISSUE_BOOLEAN,
                "Active__c: “maybe” is neither true nor false.");
  assert_issue (converter, "A|x|1|K12345", SLUICE_IMPORT_ISSUE_TOO_LONG,
                "Account.External__c: “K12345” is longer than 5 characters.");
}

static void
test_convert_clear (void)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("Number__c|Email", SLUICE_WRITE_UPSERT);
  g_autoptr(SluiceImportConverter) converter = NULL;

  sluice_import_mapping_set_clear_empty (mapping, TRUE);
  converter = sluice_import_converter_new (mapping);

  g_assert_cmpint (sluice_import_converter_get_key (converter), ==, 0);
  assert_converts (converter, "1|", "Number__c=1 Email=#N/A");
  assert_issue (converter, "|a@b.c", SLUICE_IMPORT_ISSUE_EMPTY_KEY,
                "“Number__c” is empty: it must tell which record is meant.");
  assert_issue (converter, "#N/A|a@b.c", SLUICE_IMPORT_ISSUE_EMPTY_KEY,
                "“Number__c” is empty: it must tell which record is meant.");
}

/* Only the Id is sent when records are deleted. */
static void
test_convert_delete (void)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("Id|Email", SLUICE_WRITE_DELETE);
  g_autoptr(SluiceImportConverter) converter = NULL;

  sluice_import_mapping_send (mapping, "Email", "Email", NULL);
  g_assert_true (sluice_import_mapping_is_ready (mapping, NULL));
  converter = sluice_import_converter_new (mapping);

  assert_converts (converter, "003000000000001AAA|x", "Id=003000000000001AAA");
}

static void
test_time_zone (void)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("LastName", SLUICE_WRITE_INSERT);
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_import_mapping_set_time_zone (mapping, "UTC", &error));
  g_assert_no_error (error);
  g_assert_false (sluice_import_mapping_set_time_zone (mapping, "Middle/Earth", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpstr (sluice_import_mapping_get_time_zone (mapping), ==, "UTC");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/import-mapping/match", test_match);
  g_test_add_func ("/sync/import-mapping/match-order", test_match_order);
  g_test_add_func ("/sync/import-mapping/match-verb", test_match_verb);
  g_test_add_func ("/sync/import-mapping/key", test_key);
  g_test_add_func ("/sync/import-mapping/check", test_check);
  g_test_add_func ("/sync/import-mapping/check-key", test_check_key);
  g_test_add_func ("/sync/import-mapping/send-unknown", test_send_unknown);
  g_test_add_func ("/sync/import-mapping/changed", test_changed);
  g_test_add_func ("/sync/import-mapping/time-zone", test_time_zone);
  g_test_add_func ("/sync/import-value/values", test_values);
  g_test_add_func ("/sync/import-value/chosen", test_values_chosen);
  g_test_add_func ("/sync/import-converter/convert", test_convert);
  g_test_add_func ("/sync/import-converter/clear", test_convert_clear);
  g_test_add_func ("/sync/import-converter/delete", test_convert_delete);

  return g_test_run ();
}
