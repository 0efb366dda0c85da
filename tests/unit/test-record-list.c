/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-run.h"
#include "sluice-record-list.h"

static void
free_row (gpointer data)
{
  char **row = data;

  for (guint i = 0; i < 2; i++)
    g_free (row[i]);
  g_free (row);
}

static SluiceQueryPage *
make_page (guint first,
           guint n_rows)
{
  SluiceQueryPage *page = g_new0 (SluiceQueryPage, 1);

  page->columns = g_strdupv ((char *[]) { (char *) "Id", (char *) "Account.Name", NULL });
  page->n_columns = 2;
  page->rows = g_ptr_array_new_with_free_func (free_row);

  for (guint i = 0; i < n_rows; i++)
    {
      char **row = g_new0 (char *, 2);

      row[0] = g_strdup_printf ("%u", first + i);
      g_ptr_array_add (page->rows, row);
    }

  return page;
}

static void
assert_row (SluiceRecordList *list,
            guint             position,
            const char       *id)
{
  g_autoptr(SluiceRecord) record = g_list_model_get_item (G_LIST_MODEL (list), position);

  g_assert_nonnull (record);
  g_assert_cmpstr (sluice_record_get_cell (record, 0), ==, id);
  g_assert_null (sluice_record_get_cell (record, 1));
  g_assert_null (sluice_record_get_cell (record, 2));
}

static void
count_cb (GListModel *model,
          guint       position,
          guint       removed,
          guint       added,
          guint      *count)
{
  g_assert_cmpuint (removed, ==, 0);
  *count += added;
}

static void
test_empty (void)
{
  g_autoptr(SluiceRecordList) list = sluice_record_list_new ();
  guint n_columns = 7;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_null (g_list_model_get_object (G_LIST_MODEL (list), 0));
  g_assert_null (sluice_record_list_get_columns (list, &n_columns));
  g_assert_cmpuint (n_columns, ==, 0);
}

static void
test_pages (void)
{
  g_autoptr(SluiceRecordList) list = sluice_record_list_new ();
  guint count = 0;
  guint n_columns;

  g_signal_connect (list, "items-changed", G_CALLBACK (count_cb), &count);

  sluice_record_list_add_page (list, make_page (0, 3));
  sluice_record_list_add_page (list, make_page (3, 0));
  sluice_record_list_add_page (list, make_page (3, 2));
  sluice_record_list_add_page (list, make_page (5, 4));

  g_assert_cmpuint (count, ==, 9);
  g_assert_cmpstr (sluice_record_list_get_columns (list, &n_columns)[1], ==, "Account.Name");
  g_assert_cmpuint (n_columns, ==, 2);

  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      assert_row (list, i, id);
    }
  for (guint i = 9; i > 0; i--)
    {
      g_autofree char *id = g_strdup_printf ("%u", i - 1);

      assert_row (list, i - 1, id);
    }
  g_assert_null (g_list_model_get_object (G_LIST_MODEL (list), 9));
}

static void
test_first_page_empty (void)
{
  g_autoptr(SluiceRecordList) list = sluice_record_list_new ();

  sluice_record_list_add_page (list, make_page (0, 0));
  sluice_record_list_add_page (list, make_page (0, 1));

  assert_row (list, 0, "0");
}

/* A view may hold a row a little longer than its list. */
static void
test_record_outlives_list (void)
{
  g_autoptr(SluiceRecord) record = NULL;
  SluiceRecordList *list = sluice_record_list_new ();

  sluice_record_list_add_page (list, make_page (0, 1));
  record = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_finalize_object (list);

  g_assert_cmpstr (sluice_record_get_cell (record, 0), ==, "0");
}

static void
test_position (void)
{
  guint row = 0;
  guint column = 0;

  g_assert_true (sluice_query_find_position ("\nSELECT Foo FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo'",
                                             &row, &column));
  g_assert_cmpuint (row, ==, 1);
  g_assert_cmpuint (column, ==, 8);

  g_assert_false (sluice_query_find_position ("unexpected token: FROM", &row, &column));
  g_assert_false (sluice_query_find_position ("ERROR at Row:0:Column:8", &row, &column));
  g_assert_false (sluice_query_find_position ("ERROR at Row:99999999999999999999:Column:8", &row, &column));
  g_assert_false (sluice_query_find_position ("", &row, &column));
  g_assert_false (sluice_query_find_position (NULL, &row, &column));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/record-list/empty", test_empty);
  g_test_add_func ("/sync/record-list/pages", test_pages);
  g_test_add_func ("/sync/record-list/first-page-empty", test_first_page_empty);
  g_test_add_func ("/sync/record-list/record-outlives-list", test_record_outlives_list);
  g_test_add_func ("/sync/query-run/position", test_position);

  return g_test_run ();
}
