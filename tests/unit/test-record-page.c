/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "sluice-error.h"
#include "sluice-record-page.h"
#include "sluice-soql-columns.h"

static SluiceRecordPage *
parse (const char *soql,
       const char *body)
{
  g_auto(GStrv) columns = sluice_soql_list_columns (soql);
  g_autoptr(GError) error = NULL;
  SluiceRecordPage *page;

  page = sluice_record_page_parse (body, strlen (body), (const char * const *) columns, &error);
  g_assert_no_error (error);

  return page;
}

static const char *
get_cell (SluiceRecordPage *page,
          guint             row,
          guint             column)
{
  char **cells = g_ptr_array_index (page->page->rows, row);

  return cells[column];
}

static SluiceCellKind
get_kind (SluiceRecordPage *page,
          guint             row,
          guint             column)
{
  return page->page->kinds[row * page->page->n_columns + column];
}

static void
assert_refused (const char *body,
                gsize       length)
{
  g_autoptr(SluiceRecordPage) page = NULL;
  g_autoptr(SluiceRecordPage) children = NULL;
  g_autoptr(GError) error = NULL;

  page = sluice_record_page_parse (body, length, NULL, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_null (page);

  g_clear_error (&error);
  children = sluice_record_page_parse_children (body, length, &error);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  g_assert_null (children);
}

static void
test_cells (void)
{
  g_autoptr(SluiceRecordPage) page = NULL;

  page = parse ("SELECT Id, Account.Name, Amount, Big, Active, Note, Owner.Name FROM Opportunity",
                "{\"totalSize\":2,\"done\":true,\"records\":["
                "{\"attributes\":{\"type\":\"Opportunity\"},\"Id\":\"006A\",\"Account\":null,\"Amount\":1.0E7,"
                "\"Big\":123456789012345678.25,\"Active\":false,\"Note\":\"a \\u00e9\\n\",\"Owner\":{\"Name\":\"\"}},"
                "{\"Id\":\"006B\",\"Account\":{\"attributes\":{},\"Name\":\"NorthPier\"},\"Amount\":null}]}");

  g_assert_true (page->done);
  g_assert_cmpint (page->total_size, ==, 2);
  g_assert_cmpuint (page->page->rows->len, ==, 2);
  g_assert_cmpstr (get_cell (page, 0, 0), ==, "006A");
  g_assert_cmpint (get_kind (page, 0, 0), ==, SLUICE_CELL_TEXT);
  g_assert_null (get_cell (page, 0, 1));
  g_assert_cmpint (get_kind (page, 0, 1), ==, SLUICE_CELL_NULL);
  g_assert_cmpstr (get_cell (page, 0, 2), ==, "1.0E7");
  g_assert_cmpint (get_kind (page, 0, 2), ==, SLUICE_CELL_NUMBER);
  g_assert_cmpstr (get_cell (page, 0, 3), ==, "123456789012345678.25");
  g_assert_cmpstr (get_cell (page, 0, 4), ==, "false");
  g_assert_cmpint (get_kind (page, 0, 4), ==, SLUICE_CELL_BOOLEAN);
  g_assert_cmpstr (get_cell (page, 0, 5), ==, "a é\n");
  g_assert_cmpstr (get_cell (page, 0, 6), ==, "");
  g_assert_cmpstr (get_cell (page, 1, 1), ==, "NorthPier");
  g_assert_null (get_cell (page, 1, 2));
  g_assert_null (get_cell (page, 1, 6));
}

static void
test_spelling (void)
{
  g_autoptr(SluiceRecordPage) page = NULL;

  page = parse ("SELECT id, ACCOUNT.name FROM Contact",
                "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"003\",\"Account\":{\"Name\":\"N\"}}]}");

  g_assert_cmpstr (page->page->columns[1], ==, "ACCOUNT.name");
  g_assert_cmpstr (get_cell (page, 0, 0), ==, "003");
  g_assert_cmpstr (get_cell (page, 0, 1), ==, "N");
}

static void
test_grouped (void)
{
  g_autoptr(SluiceRecordPage) page = NULL;

  page = parse ("SELECT Account.Name, COUNT(Id) FROM Contact GROUP BY Account.Name",
                "{\"totalSize\":1,\"done\":true,\"records\":["
                "{\"attributes\":{\"type\":\"AggregateResult\"},\"Name\":\"N\",\"expr0\":3}]}");

  g_assert_cmpstr (get_cell (page, 0, 0), ==, "N");
  g_assert_cmpstr (get_cell (page, 0, 1), ==, "3");
}

static void
test_unknown_columns (void)
{
  g_autoptr(SluiceRecordPage) page = NULL;

  page = parse ("SELECT FIELDS(ALL) FROM Account LIMIT 1",
                "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{},\"Id\":\"001\","
                "\"BillingAddress\":{\"city\":\"Oslo\",\"latitude\":59.9}}]}");

  g_assert_cmpuint (page->page->n_columns, ==, 2);
  g_assert_cmpstr (page->page->columns[1], ==, "BillingAddress");
  g_assert_cmpstr (get_cell (page, 0, 1), ==, "{\"city\":\"Oslo\",\"latitude\":59.9}");
  g_assert_cmpint (get_kind (page, 0, 1), ==, SLUICE_CELL_JSON);
}

static void
test_count (void)
{
  g_autoptr(SluiceRecordPage) page = NULL;

  page = parse ("SELECT COUNT() FROM Account", "{\"totalSize\":17,\"done\":true,\"records\":[]}");
  sluice_record_page_add_count (page);

  g_assert_cmpuint (page->page->rows->len, ==, 1);
  g_assert_cmpstr (get_cell (page, 0, 0), ==, "17");
}

static void
test_subqueries (void)
{
  g_autoptr(SluiceRecordPage) page = NULL;
  g_autoptr(SluiceRecordPage) more = NULL;
  const char *rest = "{\"totalSize\":3,\"done\":true,\"records\":[{\"attributes\":{},\"Name\":\"c\"}]}";
  const SluiceChildPages *children;

  page = parse ("SELECT Id, (SELECT Name, Amount FROM Lines), (SELECT Id FROM Notes) FROM Order",
                "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"/services/data/v68.0/query/0r8-2\",\"records\":["
                "{\"Id\":\"1\",\"Lines\":{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"/next\",\"records\":["
                "{\"attributes\":{},\"Name\":\"a\\\"\",\"Amount\":1.50},{\"Name\":\"b\",\"Amount\":null}]},\"Notes\":null},"
                "{\"Id\":\"2\",\"Lines\":null,\"Notes\":{\"totalSize\":0,\"done\":true,\"records\":[]}}]}");

  g_assert_false (page->done);
  g_assert_cmpstr (page->next_records_url, ==, "/services/data/v68.0/query/0r8-2");
  g_assert_cmpstr (get_cell (page, 0, 1), ==, "[{\"Name\":\"a\\\"\",\"Amount\":1.50},{\"Name\":\"b\",\"Amount\":null}]");
  g_assert_null (get_cell (page, 0, 2));
  g_assert_null (get_cell (page, 1, 1));
  g_assert_cmpstr (get_cell (page, 1, 2), ==, "[]");

  g_assert_cmpuint (page->incomplete->len, ==, 1);
  children = &g_array_index (page->incomplete, SluiceChildPages, 0);
  g_assert_cmpstr (children->next_records_url, ==, "/next");
  more = sluice_record_page_parse_children (rest, strlen (rest), NULL);
  sluice_record_page_complete (page, children, more->child_records);
  g_assert_cmpstr (get_cell (page, 0, 1), ==,
                   "[{\"Name\":\"a\\\"\",\"Amount\":1.50},{\"Name\":\"b\",\"Amount\":null},{\"Name\":\"c\"}]");
}

static void
test_refused (void)
{
  const char *bodies[] = {
    "",
    "[]",
    "null",
    "<html><body>Down for maintenance</body></html>",
    "{\"totalSize\":1,\"done\":true}",
    "{\"totalSize\":1,\"records\":[]}",
    "{\"totalSize\":1,\"done\":\"true\",\"records\":[]}",
    "{\"totalSize\":1,\"done\":false,\"records\":[]}",
    "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"1\"}",
    "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"\xff\xfe\"}]}",
    "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":1}]} extra",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    assert_refused (bodies[i], strlen (bodies[i]));
  assert_refused ("{\0", 2);
}

static void
test_odd_records (void)
{
  const char *bodies[] = {
    "{\"totalSize\":1,\"done\":true,\"records\":[1]}",
    "{\"totalSize\":1,\"done\":true,\"records\":[null]}",
    "{\"totalSize\":1,\"done\":true,\"records\":[{\"Lines\":{\"done\":false,\"records\":[]}}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(SluiceRecordPage) page = NULL;
      g_autoptr(GError) error = NULL;

      page = sluice_record_page_parse (bodies[i], strlen (bodies[i]), NULL, &error);

      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
      g_assert_null (page);
    }
}

/* Nesting that no query can ask for is cut, not followed. */
static void
test_deep (void)
{
  g_autoptr(GString) body = g_string_new ("{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":");
  g_autoptr(SluiceRecordPage) page = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (body, "[");
  for (guint i = 0; i < 10000; i++)
    g_string_append (body, "]");
  g_string_append (body, "}]}");
  page = parse ("SELECT Id FROM Account", body->str);

  g_assert_cmpuint (strlen (get_cell (page, 0, 0)), <, 100);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/record-page/cells", test_cells);
  g_test_add_func ("/net/record-page/spelling", test_spelling);
  g_test_add_func ("/net/record-page/grouped", test_grouped);
  g_test_add_func ("/net/record-page/unknown-columns", test_unknown_columns);
  g_test_add_func ("/net/record-page/count", test_count);
  g_test_add_func ("/net/record-page/subqueries", test_subqueries);
  g_test_add_func ("/net/record-page/refused", test_refused);
  g_test_add_func ("/net/record-page/odd-records", test_odd_records);
  g_test_add_func ("/net/record-page/deep", test_deep);

  return g_test_run ();
}
