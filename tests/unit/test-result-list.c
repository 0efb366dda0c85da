/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "result-rows.h"
#include "test-utils.h"

typedef struct
{
  char *folder;
  SluiceResultStore *store;
  SluiceResultList *list;
  guint n_added;
  guint n_changes;
  guint n_filled;
} Fixture;

static void
changed_cb (Fixture    *fixture,
            guint       position,
            guint       removed,
            guint       added,
            GListModel *model)
{
  fixture->n_added += added - removed;
  fixture->n_changes++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  static const char * const columns[] = { "Number", "Text", NULL };

  fixture->folder = result_folder_new ();
  fixture->store = result_store_new (fixture->folder, columns);
  fixture->list = sluice_result_list_new (fixture->store);
  g_signal_connect_swapped (fixture->list, "items-changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  result_object_free (fixture->list);
  result_object_free (fixture->store);
  result_folder_free (fixture->folder);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->list));
}

static void
add (Fixture *fixture,
     guint    n_rows)
{
  guint before = sluice_result_store_get_n_rows (fixture->store);

  result_store_add_many (fixture->store, before, n_rows);
  wait_for (count (fixture) == before + n_rows);
}

static SluiceResultRow *
get_row (Fixture *fixture,
         guint    position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->list), position);
}

static void
assert_number (Fixture    *fixture,
               guint       position,
               const char *number)
{
  g_autoptr(SluiceResultRow) row = get_row (fixture, position);

  wait_for (sluice_result_row_get_filled (row));
  g_assert_cmpstr (sluice_result_row_get_text (row, 0), ==, number);
}

static void
filled_cb (Fixture *fixture)
{
  fixture->n_filled++;
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  unused)
{
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_null (g_list_model_get_object (G_LIST_MODEL (fixture->list), 0));
  g_assert_false (sluice_result_list_get_ready (fixture->list));

  sluice_sink_finish (SLUICE_SINK (fixture->store), NULL);
  wait_for (sluice_result_list_get_ready (fixture->list));
}

static void
test_grows (Fixture       *fixture,
            gconstpointer  unused)
{
  add (fixture, 10);
  wait_for (sluice_result_list_get_ready (fixture->list));
  assert_number (fixture, 9, "9");

  /* In the block that was read when it was short. */
  add (fixture, 10);
  assert_number (fixture, 19, "19");
  assert_number (fixture, 0, "0");
  g_assert_cmpuint (fixture->n_added, ==, 20);
}

static gpointer
write_thread (gpointer data)
{
  result_store_add_many (data, 0, 20000);
  sluice_sink_finish (data, NULL);

  return NULL;
}

static void
test_tells_in_bounded_steps (Fixture       *fixture,
                             gconstpointer  unused)
{
  gint64 started = g_get_monotonic_time ();
  GThread *writer = g_thread_new ("writer", write_thread, fixture->store);
  guint most;

  wait_for (count (fixture) == 20000);
  g_thread_join (writer);

  most = (guint) ((g_get_monotonic_time () - started) / 100000) + 2;
  g_assert_cmpuint (fixture->n_changes, <=, most);
  g_assert_cmpuint (fixture->n_added, ==, 20000);
}

static void
test_row_waits_for_its_block (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(SluiceResultRow) row = NULL;
  g_autoptr(SluiceResultRow) again = NULL;

  add (fixture, 1000);
  row = get_row (fixture, 777);
  g_signal_connect_swapped (row, "filled", G_CALLBACK (filled_cb), fixture);

  /* Nothing was read for it yet. */
  g_assert_false (sluice_result_row_get_filled (row));
  g_assert_null (sluice_result_row_get_text (row, 1));
  g_assert_cmpuint (sluice_result_row_get_kind (row, 1), ==, SLUICE_CELL_NULL);

  wait_for (fixture->n_filled == 1);
  g_assert_cmpstr (sluice_result_row_get_text (row, 1), ==, "Row 777 of many");
  g_assert_cmpuint (sluice_result_row_get_kind (row, 1), ==, SLUICE_CELL_TEXT);

  /* From memory. */
  again = get_row (fixture, 776);
  g_assert_true (sluice_result_row_get_filled (again));
}

/* Who jumps far and often is not shown what lay between. */
static void
test_drops_old_wishes (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(SluiceResultRow) last = NULL;
  guint before;

  add (fixture, 20000);
  wait_for (sluice_result_list_get_ready (fixture->list));
  before = sluice_result_list_get_n_reads (fixture->list);

  for (guint i = 1000; i < 19000; i += 200)
    g_object_unref (get_row (fixture, i));
  last = get_row (fixture, 19999);
  wait_for (sluice_result_row_get_filled (last));

  g_assert_cmpuint (sluice_result_list_get_n_reads (fixture->list) - before, <=, 2);
}

static void
test_newest_wish_first (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(SluiceResultRow) last = NULL;
  SluiceResultRow *second;

  add (fixture, 20000);
  wait_for (sluice_result_list_get_ready (fixture->list));
  for (guint i = 1000; i < 19000; i += 200)
    g_ptr_array_add (rows, get_row (fixture, i));
  last = get_row (fixture, 19999);

  wait_for (sluice_result_row_get_filled (last));
  second = g_ptr_array_index (rows, 1);
  g_assert_false (sluice_result_row_get_filled (second));
  wait_for (sluice_result_row_get_filled (second));
}

static void
test_sort (Fixture       *fixture,
           gconstpointer  unused)
{
  add (fixture, 1000);
  assert_number (fixture, 0, "0");

  sluice_result_list_sort (fixture->list, 0, TRUE);
  g_assert_true (sluice_result_list_get_sorting (fixture->list));
  wait_for (!sluice_result_list_get_sorting (fixture->list));
  assert_number (fixture, 0, "999");
  assert_number (fixture, 999, "0");

  sluice_result_list_unsort (fixture->list);
  assert_number (fixture, 0, "0");
  g_assert_cmpuint (fixture->n_added, ==, 1000);
}

static void
test_sort_again (Fixture       *fixture,
                 gconstpointer  unused)
{
  add (fixture, 1000);

  sluice_result_list_sort (fixture->list, 0, TRUE);
  sluice_result_list_sort (fixture->list, 0, FALSE);
  sluice_result_list_sort (fixture->list, 0, TRUE);
  wait_for (!sluice_result_list_get_sorting (fixture->list));

  assert_number (fixture, 0, "999");
  g_assert_no_error (sluice_result_list_get_error (fixture->list));
}

/* Rows that come later stand at the end, until the last is there. */
static void
test_sort_while_loading (Fixture       *fixture,
                         gconstpointer  unused)
{
  add (fixture, 100);
  sluice_result_list_sort (fixture->list, 0, TRUE);
  wait_for (!sluice_result_list_get_sorting (fixture->list));
  add (fixture, 100);
  assert_number (fixture, 0, "99");
  assert_number (fixture, 199, "199");

  sluice_sink_finish (SLUICE_SINK (fixture->store), NULL);
  wait_for (sluice_result_list_get_sorting (fixture->list));
  wait_for (!sluice_result_list_get_sorting (fixture->list));
  assert_number (fixture, 0, "199");
}

static void
test_dropped_while_busy (Fixture       *fixture,
                         gconstpointer  unused)
{
  SluiceResultList *list = sluice_result_list_new (fixture->store);
  SluiceResultRow *row;

  add (fixture, 1000);
  wait_for (g_list_model_get_n_items (G_LIST_MODEL (list)) == 1000);
  row = g_list_model_get_item (G_LIST_MODEL (list), 500);
  sluice_result_list_sort (list, 1, FALSE);
  g_object_add_weak_pointer (G_OBJECT (list), (gpointer *) &list);
  g_object_unref (list);

  /* A row may live a little longer than its view. */
  g_object_unref (row);
  wait_for (list == NULL);
}

#define ADD_TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_TEST ("/store/result-list/empty", test_empty);
  ADD_TEST ("/store/result-list/grows", test_grows);
  ADD_TEST ("/store/result-list/tells-in-bounded-steps", test_tells_in_bounded_steps);
  ADD_TEST ("/store/result-list/row-waits-for-its-block", test_row_waits_for_its_block);
  ADD_TEST ("/store/result-list/drops-old-wishes", test_drops_old_wishes);
  ADD_TEST ("/store/result-list/newest-wish-first", test_newest_wish_first);
  ADD_TEST ("/store/result-list/sort", test_sort);
  ADD_TEST ("/store/result-list/sort-again", test_sort_again);
  ADD_TEST ("/store/result-list/sort-while-loading", test_sort_while_loading);
  ADD_TEST ("/store/result-list/dropped-while-busy", test_dropped_while_busy);

  return g_test_run ();
}
