/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "sluice-error.h"
#include "sluice-record-reader.h"
#include "sluice-soql-columns.h"

/* The reader changes what it reads. */
static char *
dup_padded (const char *body,
            gsize       length)
{
  char *copy = g_malloc0 (length + SLUICE_RECORD_READER_PADDING);

  memcpy (copy, body, length);

  return copy;
}

typedef struct
{
  SluiceRecordReader *reader;
  char *body;
} Page;

static void
page_clear (Page *page)
{
  sluice_record_reader_free (page->reader);
  g_free (page->body);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

static Page
parse (const char *soql,
       const char *body)
{
  g_auto(GStrv) columns = sluice_soql_list_columns (soql);
  g_autoptr(GError) error = NULL;
  Page page;

  page.reader = sluice_record_reader_new ((const char * const *) columns);
  page.body = dup_padded (body, strlen (body));
  g_assert_true (sluice_record_reader_parse (page.reader, page.body, strlen (body), &error));
  g_assert_no_error (error);

  return page;
}

static void
assert_cell (const Page     *page,
             guint           row,
             guint           column,
             const char     *expected,
             SluiceCellKind  kind)
{
  const SluiceCell *cell = sluice_row_batch_get_row (sluice_record_reader_get_batch (page->reader), row) + column;
  g_autofree char *text = g_strndup (cell->text, cell->length);

  g_assert_cmpint (cell->kind, ==, kind);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_text (const Page *page,
             guint       row,
             guint       column,
             const char *expected)
{
  assert_cell (page, row, column, expected, SLUICE_CELL_TEXT);
}

static void
assert_json (const Page *page,
             guint       row,
             guint       column,
             const char *expected)
{
  assert_cell (page, row, column, expected, SLUICE_CELL_JSON);
}

static void
assert_null (const Page *page,
             guint       row,
             guint       column)
{
  assert_cell (page, row, column, NULL, SLUICE_CELL_NULL);
}

static void
assert_refused (const char *body,
                gsize       length)
{
  g_autoptr(SluiceRecordReader) reader = sluice_record_reader_new (NULL);
  g_autofree char *copy = dup_padded (body, length);
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_record_reader_parse (reader, copy, length, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

static void
test_cells (void)
{
  g_auto(Page) page = parse ("SELECT Id, Account.Name, Amount, Big, Active, Note, Owner.Name FROM Opportunity",
                             "{\"totalSize\":2,\"done\":true,\"records\":["
                             "{\"attributes\":{\"type\":\"Opportunity\"},\"Id\":\"006A\",\"Account\":null,\"Amount\":1.0E7,"
                             "\"Big\":123456789012345678.25,\"Active\":false,\"Note\":\"a \\u00e9\\n\",\"Owner\":{\"Name\":\"\"}},"
                             "{\"Id\":\"006B\",\"Account\":{\"attributes\":{},\"Name\":\"NorthPier\"},\"Amount\":null}]}");

  g_assert_null (sluice_record_reader_get_next (page.reader));
  g_assert_cmpint (sluice_record_reader_get_total (page.reader), ==, 2);
  g_assert_cmpuint (sluice_record_reader_get_batch (page.reader)->n_rows, ==, 2);
  assert_text (&page, 0, 0, "006A");
  assert_null (&page, 0, 1);
  assert_cell (&page, 0, 2, "1.0E7", SLUICE_CELL_NUMBER);
  assert_cell (&page, 0, 3, "123456789012345678.25", SLUICE_CELL_NUMBER);
  assert_cell (&page, 0, 4, "false", SLUICE_CELL_BOOLEAN);
  assert_text (&page, 0, 5, "a é\n");
  assert_text (&page, 0, 6, "");
  assert_text (&page, 1, 1, "NorthPier");
  assert_null (&page, 1, 2);
  assert_null (&page, 1, 6);
}

static void
test_spelling (void)
{
  g_auto(Page) page = parse ("SELECT id, ACCOUNT.name FROM Contact",
                             "{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":\"003\",\"Account\":{\"Name\":\"N\"}}]}");

  g_assert_cmpstr (sluice_record_reader_get_columns (page.reader)[1], ==, "ACCOUNT.name");
  assert_text (&page, 0, 0, "003");
  assert_text (&page, 0, 1, "N");
}

static void
test_grouped (void)
{
  g_auto(Page) page = parse ("SELECT Account.Name, COUNT(Id) FROM Contact GROUP BY Account.Name",
                             "{\"totalSize\":1,\"done\":true,\"records\":["
                             "{\"attributes\":{\"type\":\"AggregateResult\"},\"Name\":\"N\",\"expr0\":3}]}");

  assert_text (&page, 0, 0, "N");
  assert_cell (&page, 0, 1, "3", SLUICE_CELL_NUMBER);
}

static void
test_unknown_columns (void)
{
  g_auto(Page) page = parse ("SELECT FIELDS(ALL) FROM Account LIMIT 1",
                             "{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{},\"Id\":\"001\","
                             "\"BillingAddress\":{\"city\":\"Oslo\",\"latitude\":59.9}}]}");

  g_assert_cmpuint (sluice_record_reader_get_batch (page.reader)->n_columns, ==, 2);
  g_assert_cmpstr (sluice_record_reader_get_columns (page.reader)[1], ==, "BillingAddress");
  assert_json (&page, 0, 1, "{\"city\":\"Oslo\",\"latitude\":59.9}");
}

static void
test_count (void)
{
  g_auto(Page) page = parse ("SELECT COUNT() FROM Account", "{\"totalSize\":17,\"done\":true,\"records\":[]}");

  g_assert_cmpuint (sluice_record_reader_get_batch (page.reader)->n_rows, ==, 1);
  assert_cell (&page, 0, 0, "17", SLUICE_CELL_NUMBER);
}

static void
test_subqueries (void)
{
  static const char rest[] = "{\"totalSize\":3,\"done\":true,\"records\":[{\"attributes\":{},\"Name\":\"c\"}]}";
  g_autofree char *more = dup_padded (rest, strlen (rest));
  g_autoptr(GError) error = NULL;
  g_auto(Page) page = parse (
    "SELECT Id, (SELECT Name, Amount FROM Lines), (SELECT Id FROM Notes) FROM Order",
    "{\"totalSize\":2,\"done\":false,\"nextRecordsUrl\":\"/services/data/v68.0/query/0r8-2\",\"records\":["
    "{\"Id\":\"1\",\"Lines\":{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"/next\",\"records\":["
    "{\"attributes\":{},\"Name\":\"a\\\"\",\"Amount\":1.50},{\"Name\":\"b\",\"Amount\":null}]},\"Notes\":null},"
    "{\"Id\":\"2\",\"Lines\":null,\"Notes\":{\"totalSize\":0,\"done\":true,\"records\":[]}}]}");

  g_assert_cmpstr (sluice_record_reader_get_next (page.reader), ==, "/services/data/v68.0/query/0r8-2");
  assert_json (&page, 0, 1, "[{\"Name\":\"a\\\"\",\"Amount\":1.50},{\"Name\":\"b\",\"Amount\":null}]");
  assert_null (&page, 0, 2);
  assert_null (&page, 1, 1);
  assert_json (&page, 1, 2, "[]");

  g_assert_cmpuint (sluice_record_reader_get_n_open (page.reader), ==, 1);
  g_assert_cmpstr (sluice_record_reader_get_open (page.reader, 0)->next_records_url, ==, "/next");
  g_assert_true (sluice_record_reader_continue_open (page.reader, 0, more, strlen (rest), &error));
  g_assert_no_error (error);
  g_assert_null (sluice_record_reader_get_open (page.reader, 0)->next_records_url);
  assert_json (&page, 0, 1, "[{\"Name\":\"a\\\"\",\"Amount\":1.50},{\"Name\":\"b\",\"Amount\":null},{\"Name\":\"c\"}]");
}

static void
test_find_next (void)
{
  static const char head[] = "{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"/q/0r8-2\",\"records\":[{\"a\":1";
  static const char behind[] = "{\"done\":false,\"records\":[{\"Lines\":{\"nextRecordsUrl\":\"/lines\"}}]";
  g_autofree char *next = sluice_record_reader_find_next (head, strlen (head));

  g_assert_cmpstr (next, ==, "/q/0r8-2");
  g_assert_null (sluice_record_reader_find_next (head, 50));
  g_assert_null (sluice_record_reader_find_next (behind, strlen (behind)));
}

/* The second page has its cells where the first had them. */
static void
test_next_page (void)
{
  static const char body[] = "{\"totalSize\":3,\"done\":true,\"records\":[{\"Id\":\"3\"}]}";
  g_autofree char *copy = dup_padded (body, strlen (body));
  g_auto(Page) page = parse ("SELECT Id FROM Account",
                             "{\"totalSize\":3,\"done\":false,\"nextRecordsUrl\":\"/x\",\"records\":[{\"Id\":\"1\"},{\"Id\":\"2\"}]}");
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_record_reader_parse (page.reader, copy, strlen (body), &error));
  g_assert_cmpuint (sluice_record_reader_get_batch (page.reader)->n_rows, ==, 1);
  assert_text (&page, 0, 0, "3");
  g_assert_null (sluice_record_reader_get_next (page.reader));
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
    assert_refused (bodies[i], strlen (bodies[i]));
}

/* Nesting that no query can ask for is cut, not followed. */
static void
test_deep (void)
{
  g_autoptr(GString) body = g_string_new ("{\"totalSize\":1,\"done\":true,\"records\":[{\"Id\":");
  g_auto(Page) page = { 0, };

  for (guint i = 0; i < 10000; i++)
    g_string_append (body, "[");
  for (guint i = 0; i < 10000; i++)
    g_string_append (body, "]");
  g_string_append (body, "}]}");
  page = parse ("SELECT Id FROM Account", body->str);

  g_assert_cmpuint (sluice_record_reader_get_batch (page.reader)->cells[0].length, <, 100);
}

/* Found by the fuzzer: a member whose name is nothing is no column. */
static void
test_nameless_members (void)
{
  static const char text[] = "{\"totalSize\":1,\"done\":true,\"records\":[{\"\":1,\"Id\":\"a\"}]}";
  static const char nothing[] = "{\"totalSize\":1,\"done\":true,\"records\":[{\"\":1}]}";
  g_autoptr(SluiceRecordReader) reader = sluice_record_reader_new (NULL);
  g_autoptr(SluiceRecordReader) other = sluice_record_reader_new (NULL);
  g_autofree char *body = dup_padded (text, strlen (text));
  g_autofree char *bad = dup_padded (nothing, strlen (nothing));
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_record_reader_parse (reader, body, strlen (text), NULL));
  g_assert_cmpuint (g_strv_length ((char **) sluice_record_reader_get_columns (reader)), ==, 1);
  g_assert_false (sluice_record_reader_parse (other, bad, strlen (nothing), &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/record-reader/cells", test_cells);
  g_test_add_func ("/net/record-reader/spelling", test_spelling);
  g_test_add_func ("/net/record-reader/grouped", test_grouped);
  g_test_add_func ("/net/record-reader/unknown-columns", test_unknown_columns);
  g_test_add_func ("/net/record-reader/count", test_count);
  g_test_add_func ("/net/record-reader/subqueries", test_subqueries);
  g_test_add_func ("/net/record-reader/find-next", test_find_next);
  g_test_add_func ("/net/record-reader/next-page", test_next_page);
  g_test_add_func ("/net/record-reader/refused", test_refused);
  g_test_add_func ("/net/record-reader/odd-records", test_odd_records);
  g_test_add_func ("/net/record-reader/deep", test_deep);
  g_test_add_func ("/net/record-reader/nameless-members", test_nameless_members);

  return g_test_run ();
}
