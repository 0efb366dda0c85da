/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "result-rows.h"
#include "sluice-error.h"
#include "sluice-json-cell.h"
#include "sluice-result-copy.h"
#include "sluice-result-find.h"
#include "sluice-result-sort.h"
#include "test-utils.h"

static const char * const two_columns[] = { "Number", "Text", NULL };

typedef struct
{
  char *folder;
  SluiceResultStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = result_folder_new ();
  fixture->store = result_store_new (fixture->folder, two_columns);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  result_object_free (fixture->store);
  result_folder_free (fixture->folder);
}

static void
add (Fixture            *fixture,
     const char * const *cells,
     guint               n_rows)
{
  g_autoptr(GError) error = NULL;

  result_store_add (fixture->store, cells, n_rows, &error);
  g_assert_no_error (error);
}

static SluiceResultBlock *
read_rows (Fixture           *fixture,
           SluiceResultOrder *order,
           guint              first,
           guint              n_rows,
           gboolean           preview)
{
  g_autoptr(GError) error = NULL;
  SluiceResultBlock *block = sluice_result_store_read (fixture->store, order, first, n_rows, preview, &error);

  g_assert_no_error (error);

  return block;
}

static SluiceResultOrder *
sort_rows (Fixture  *fixture,
           guint     column,
           gboolean  descending,
           gsize     run_size)
{
  g_autoptr(SluiceResultSort) sort = sluice_result_sort_new (fixture->store, column, descending);
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  SluiceResultOrder *order;

  if (run_size > 0)
    sluice_result_sort_set_run_size (sort, run_size);
  sluice_result_sort_run_async (sort, NULL, keep_result, &result);
  done = wait_result (&result);
  order = sluice_result_sort_run_finish (sort, done, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (sluice_result_sort_get_progress (sort), ==, 1);

  return order;
}

/* The texts of one column in order, with "null" for null. */
static char *
join_column (Fixture           *fixture,
             SluiceResultOrder *order,
             guint              column)
{
  g_autoptr(SluiceResultBlock) block = read_rows (fixture, order, 0, G_MAXUINT, FALSE);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < sluice_result_block_get_n_rows (block); i++)
    {
      const char *cell = sluice_result_block_get_text (block, i, column);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", cell != NULL ? cell : "null");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_sorted (Fixture    *fixture,
               guint       column,
               gboolean    descending,
               const char *expected)
{
  /* In memory, and in runs of one or two rows. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(SluiceResultOrder) order = sort_rows (fixture, column, descending, i == 0 ? 0 : 60);
      g_autofree char *texts = join_column (fixture, order, 1);

      g_assert_cmpstr (texts, ==, expected);
    }
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(SluiceResultStore) fresh = sluice_result_store_new (fixture->folder);
  g_autoptr(SluiceResultBlock) block = read_rows (fixture, NULL, 0, 10, TRUE);
  g_autoptr(SluiceResultOrder) order = sort_rows (fixture, 1, FALSE, 0);
  guint n_columns = 7;

  g_assert_cmpuint (sluice_result_block_get_n_rows (block), ==, 0);
  g_assert_cmpuint (sluice_result_order_get_n_rows (order), ==, 0);
  g_assert_false (sluice_result_store_get_complete (fixture->store));
  g_assert_null (sluice_result_store_get_columns (fresh, &n_columns));
  g_assert_cmpuint (n_columns, ==, 0);
  g_assert_cmpuint (sluice_result_store_get_n_rows (fresh), ==, 0);
}

static void
test_kinds (Fixture       *fixture,
            gconstpointer  unused)
{
  const char * const cells[] = { "#12.50", "", "null", "[{\"Id\":\"1\"},{\"Id\":\"2\"}]" };
  g_autoptr(SluiceResultBlock) full = NULL;
  g_autoptr(SluiceResultBlock) preview = NULL;

  add (fixture, cells, 2);
  full = read_rows (fixture, NULL, 0, 10, FALSE);
  preview = read_rows (fixture, NULL, 1, 1, TRUE);

  g_assert_cmpuint (sluice_result_block_get_n_rows (full), ==, 2);
  g_assert_cmpstr (sluice_result_block_get_text (full, 0, 0), ==, "12.50");
  g_assert_cmpuint (sluice_result_block_get_kind (full, 0, 0), ==, SLUICE_CELL_NUMBER);
  g_assert_cmpstr (sluice_result_block_get_text (full, 0, 1), ==, "");
  g_assert_null (sluice_result_block_get_text (full, 1, 0));
  g_assert_cmpuint (sluice_result_block_get_kind (full, 1, 0), ==, SLUICE_CELL_NULL);
  g_assert_cmpstr (sluice_result_block_get_text (full, 1, 1), ==, cells[3]);
  g_assert_cmpuint (sluice_result_block_get_n_rows (preview), ==, 1);
  g_assert_cmpstr (sluice_result_block_get_text (preview, 0, 1), ==, "2 rows");
  g_assert_cmpuint (sluice_result_block_get_kind (preview, 0, 1), ==, SLUICE_CELL_JSON);
}

/* As a server or a file may send them. */
static void
test_broken_text (Fixture       *fixture,
                  gconstpointer  unused)
{
  SluiceCell cells[] = {
    { .text = "a\0b", .length = 3, .kind = SLUICE_CELL_TEXT },
    { .text = "\xff\xc3", .length = 2, .kind = SLUICE_CELL_TEXT },
  };
  SluiceRowBatch batch = { .cells = cells, .n_rows = 1, .n_columns = 2 };
  g_autoptr(SluiceResultBlock) block = NULL;

  g_assert_true (sluice_sink_add (SLUICE_SINK (fixture->store), &batch, NULL));
  block = read_rows (fixture, NULL, 0, 1, FALSE);

  g_assert_cmpstr (sluice_result_block_get_text (block, 0, 0), ==, "a\357\277\275b");
  g_assert_cmpstr (sluice_result_block_get_text (block, 0, 1), ==, "\357\277\275\357\277\275");
}

static void
test_preview_is_one_short_line (Fixture       *fixture,
                                gconstpointer  unused)
{
  g_autofree char *umlauts = g_strnfill (SLUICE_RESULT_PREVIEW_BYTES + 1, ' ');
  const char *cells[] = { "one\r\ntwo\tthree", umlauts };
  g_autoptr(SluiceResultBlock) block = NULL;
  const char *text;

  /* A character of two bytes lies across the place where it is cut. */
  memcpy (umlauts + SLUICE_RESULT_PREVIEW_BYTES - 1, "ü", 2);
  add (fixture, cells, 1);
  block = read_rows (fixture, NULL, 0, 1, TRUE);

  g_assert_cmpstr (sluice_result_block_get_text (block, 0, 0), ==, "one  two three");
  text = sluice_result_block_get_text (block, 0, 1);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_suffix (text, "…"));
  g_assert_cmpuint (strlen (text), <=, SLUICE_RESULT_PREVIEW_BYTES + 3);
}

/* 131,072 characters is as long as a field can be. */
static void
test_huge_cells (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *huge = g_strnfill (131072 * 4, 'x');
  const char *cells[] = { huge, "behind", "null", "next" };
  g_autoptr(SluiceResultBlock) full = NULL;
  g_autoptr(SluiceResultBlock) preview = NULL;
  g_autoptr(SluiceResultOrder) order = NULL;
  g_autofree char *texts = NULL;

  for (guint i = 0; i < 6; i++)
    add (fixture, cells, 2);

  full = read_rows (fixture, NULL, 10, 1, FALSE);
  preview = read_rows (fixture, NULL, 0, 12, TRUE);
  order = sort_rows (fixture, 0, TRUE, 0);
  texts = join_column (fixture, order, 1);

  g_assert_cmpstr (sluice_result_block_get_text (full, 0, 0), ==, huge);
  g_assert_cmpstr (sluice_result_block_get_text (full, 0, 1), ==, "behind");
  g_assert_cmpuint (sluice_result_block_get_size (preview), <, 16384);
  for (guint i = 0; i < 12; i++)
    g_assert_cmpstr (sluice_result_block_get_text (preview, i, 1), ==, cells[i % 2 * 2 + 1]);
  g_assert_cmpstr (texts, ==, "behind behind behind behind behind behind next next next next next next");
}

static void
test_wide_rows (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree const char **names = g_new0 (const char *, 801);
  g_autoptr(SluiceResultStore) store = NULL;
  g_autoptr(SluiceResultBlock) block = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 800; i++)
    names[i] = "Custom_Field__c";
  store = result_store_new (fixture->folder, names);
  for (guint i = 0; i < 300; i++)
    {
      result_store_add (store, names, 1, &error);
      g_assert_no_error (error);
    }

  block = sluice_result_store_read (store, NULL, 290, 100, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sluice_result_block_get_n_rows (block), ==, 10);
  g_assert_cmpstr (sluice_result_block_get_text (block, 9, 799), ==, "Custom_Field__c");
}

static void
test_numeric (Fixture       *fixture,
              gconstpointer  unused)
{
  static const char * const numbers[] = { "0", "-1", "12.5", "-0.25", "1e3", "1.5E-7", "1234567890123456789" };
  static const char * const texts[] = { "", "-", "01", "1.", ".5", "1e", "1,5", " 1", "1 ", "0x1", "1-2", "+1", "nan" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      const char *cells[] = { numbers[i], "null" };

      add (fixture, cells, 1);
      g_assert_true (sluice_result_store_get_numeric (fixture->store, 0));
    }
  g_assert_false (sluice_result_store_get_numeric (fixture->store, 1));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(SluiceResultStore) store = result_store_new (fixture->folder, two_columns);
      const char *cells[] = { texts[i], "1" };

      g_assert_true (result_store_add (store, cells, 1, NULL));
      g_assert_false (sluice_result_store_get_numeric (store, 0));
      g_assert_true (sluice_result_store_get_numeric (store, 1));
    }
}

static void
test_sort_numbers (Fixture       *fixture,
                   gconstpointer  unused)
{
  const char * const cells[] = {
    "10", "a", "9", "b", "-3", "c", "null", "d", "9.0", "e", "0.5", "f", "-0", "g", "0", "h", "null", "i", "1e2", "j",
  };

  add (fixture, cells, 10);

  assert_sorted (fixture, 0, FALSE, "c g h f b e a j d i");
  assert_sorted (fixture, 0, TRUE, "j a b e f g h c d i");
}

static void
test_sort_texts (Fixture       *fixture,
                 gconstpointer  unused)
{
  const char * const cells[] = {
    "pear", "a", "null", "b", "apple", "c", "", "d", "pear", "e", "pears", "f", "null", "g",
  };

  add (fixture, cells, 7);

  assert_sorted (fixture, 0, FALSE, "d c a e f b g");
  assert_sorted (fixture, 0, TRUE, "f a e c d b g");
}

static void
test_sort_subqueries (Fixture       *fixture,
                      gconstpointer  unused)
{
  const char * const cells[] = { "[1,2,3]", "a", "null", "b", "[]", "c", "[1,2,3,4,5,6,7,8,9,10]", "d" };

  add (fixture, cells, 4);

  assert_sorted (fixture, 0, FALSE, "c a d b");
}

typedef struct
{
  guint row;
  char text[16];
} Reference;

static int
compare_references (gconstpointer a,
                    gconstpointer b)
{
  const Reference *first = a;
  const Reference *second = b;
  int order = strcmp (first->text, second->text);

  return order != 0 ? order : (first->row > second->row) - (first->row < second->row);
}

static void
test_sort_like_reference (Fixture       *fixture,
                          gconstpointer  unused)
{
  static const guint n_rows = 5000;
  g_autoptr(GArray) references = g_array_new (FALSE, FALSE, sizeof (Reference));
  g_autofree guint32 *rows = g_new (guint32, n_rows);
  g_autoptr(SluiceResultOrder) order = NULL;

  for (guint i = 0; i < n_rows; i++)
    {
      Reference reference = { .row = i };
      const char *cells[] = { reference.text, "x" };

      /* Many equals, all with the same beginning. */
      g_snprintf (reference.text, sizeof reference.text, "customer %u", i * 7919 % 431);
      g_array_append_val (references, reference);
      add (fixture, cells, 1);
    }
  g_array_sort (references, compare_references);

  order = sort_rows (fixture, 0, FALSE, 4096);

  g_assert_cmpuint (sluice_result_order_get_n_rows (order), ==, n_rows);
  g_assert_true (sluice_result_order_read (order, 0, n_rows, rows, NULL));
  for (guint i = 0; i < n_rows; i++)
    g_assert_cmpuint (rows[i], ==, g_array_index (references, Reference, i).row);
}

static void
test_order_of_later_rows (Fixture       *fixture,
                          gconstpointer  unused)
{
  const char * const cells[] = { "2", "a", "1", "b" };
  g_autoptr(SluiceResultOrder) order = NULL;
  g_autofree char *texts = NULL;

  add (fixture, cells, 2);
  order = sort_rows (fixture, 0, FALSE, 0);
  add (fixture, cells, 2);
  texts = join_column (fixture, order, 1);

  g_assert_cmpstr (texts, ==, "b a a b");
}

static void
test_sort_cancelled (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(SluiceResultSort) sort = sluice_result_sort_new (fixture->store, 0, FALSE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  result_store_add_many (fixture->store, 0, 10);
  g_cancellable_cancel (cancellable);
  sluice_result_sort_run_async (sort, cancellable, keep_result, &result);
  done = wait_result (&result);

  g_assert_null (sluice_result_sort_run_finish (sort, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static SluiceResultMatch
find_next (SluiceResultFind  *find,
           SluiceResultOrder *order,
           guint              from,
           gboolean           forward)
{
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  SluiceResultMatch match;

  sluice_result_find_next_async (find, order, from, forward, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_result_find_next_finish (find, done, &match, &error);
  g_assert_no_error (error);

  return match;
}

static void
assert_match (SluiceResultMatch match,
              guint             number,
              guint             n_matches,
              guint             position,
              guint             column)
{
  g_assert_cmpuint (match.number, ==, number);
  g_assert_cmpuint (match.n_matches, ==, n_matches);
  g_assert_cmpuint (match.position, ==, position);
  g_assert_cmpuint (match.column, ==, column);
}

static void
test_find (Fixture       *fixture,
           gconstpointer  unused)
{
  const char * const cells[] = { "1", "Berlin", "berlin", "x", "3", "null", "4", "Bern", "5", "West BERLIN" };
  g_autoptr(SluiceResultFind) find = sluice_result_find_new (fixture->store, "BerLin");
  g_autoptr(SluiceResultOrder) order = NULL;

  add (fixture, cells, 5);

  assert_match (find_next (find, NULL, 0, TRUE), 1, 3, 0, 1);
  assert_match (find_next (find, NULL, 1, TRUE), 2, 3, 1, 0);
  assert_match (find_next (find, NULL, 2, TRUE), 3, 3, 4, 1);
  assert_match (find_next (find, NULL, 5, TRUE), 1, 3, 0, 1);
  assert_match (find_next (find, NULL, 3, FALSE), 2, 3, 1, 0);
  assert_match (find_next (find, NULL, 0, FALSE), 1, 3, 0, 1);

  /* Sorted by the text: Berlin, Bern, West BERLIN, x, null. */
  order = sort_rows (fixture, 1, FALSE, 0);
  assert_match (find_next (find, order, 1, TRUE), 2, 3, 2, 1);
  assert_match (find_next (find, order, 3, TRUE), 3, 3, 3, 0);

  /* More came. */
  add (fixture, cells, 1);
  assert_match (find_next (find, NULL, 5, TRUE), 4, 4, 5, 1);
}

static void
test_find_languages (Fixture       *fixture,
                     gconstpointer  unused)
{
  const char * const cells[] = { "MÜNCHEN", "a", "Hauptstraße", "b", "Kelvin \342\204\252", "c" };
  g_autoptr(SluiceResultFind) umlaut = sluice_result_find_new (fixture->store, "münchen");
  g_autoptr(SluiceResultFind) sharp = sluice_result_find_new (fixture->store, "STRASSE");
  g_autoptr(SluiceResultFind) sign = sluice_result_find_new (fixture->store, "n k");
  g_autoptr(SluiceResultFind) across = sluice_result_find_new (fixture->store, "ea");

  add (fixture, cells, 3);

  assert_match (find_next (umlaut, NULL, 0, TRUE), 1, 1, 0, 0);
  assert_match (find_next (sharp, NULL, 0, TRUE), 1, 1, 1, 0);
  assert_match (find_next (sign, NULL, 0, TRUE), 1, 1, 2, 0);
  assert_match (find_next (across, NULL, 0, TRUE), 0, 0, 0, 0);
}

static void
test_find_cancelled (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(SluiceResultFind) find = sluice_result_find_new (fixture->store, "7");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  SluiceResultMatch match;

  result_store_add_many (fixture->store, 0, 10);
  g_cancellable_cancel (cancellable);
  sluice_result_find_next_async (find, NULL, 0, TRUE, cancellable, keep_result, &result);
  done = wait_result (&result);

  g_assert_false (sluice_result_find_next_finish (find, done, &match, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static char *
copy (Fixture                 *fixture,
      const SluiceResultRange *ranges,
      guint                    n_ranges,
      SluiceResultFormat       format,
      GError                 **error)
{
  static const guint columns[] = { 1, 0 };
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  sluice_result_store_copy_async (fixture->store, NULL, ranges, n_ranges, columns, 2, format, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_result_store_copy_finish (fixture->store, done, error);
}

static void
test_copy (Fixture       *fixture,
           gconstpointer  unused)
{
  const char * const cells[] = { "1", "a,\"b\"\nc", "null", "x\ty", "3", "", "4", "z" };
  const SluiceResultRange ranges[] = { { 0, 2 }, { 3, 1 } };
  g_autofree char *csv = NULL;
  g_autofree char *tabs = NULL;

  add (fixture, cells, 4);
  csv = copy (fixture, ranges, 2, SLUICE_RESULT_CSV, NULL);
  tabs = copy (fixture, ranges, 2, SLUICE_RESULT_TABS, NULL);

  g_assert_cmpstr (csv, ==, "Text,Number\r\n\"a,\"\"b\"\"\nc\",1\r\nx\ty,\r\nz,4\r\n");
  g_assert_cmpstr (tabs, ==, "a,\"b\" c\t1\nx y\t\nz\t4\n");
}

static void
test_copy_too_much (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *huge = g_strnfill (131072, 'x');
  const char *cells[] = { huge, huge };
  const SluiceResultRange all = { 0, 130 };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 130; i++)
    add (fixture, cells, 1);

  g_assert_null (copy (fixture, &all, 1, SLUICE_RESULT_TABS, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_write_to_sink (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceResultStore) sink = sluice_result_store_new (fixture->folder);
  g_autoptr(SluiceResultBlock) block = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  guint n_columns;

  result_store_add_many (fixture->store, 0, 1000);
  sluice_result_store_write_to_sink_async (fixture->store, NULL, SLUICE_SINK (sink), NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_result_store_write_to_sink_finish (fixture->store, done, &error);
  g_assert_no_error (error);

  g_assert_true (sluice_result_store_get_complete (sink));
  g_assert_cmpuint (sluice_result_store_get_n_rows (sink), ==, 1000);
  g_assert_cmpstr (sluice_result_store_get_columns (sink, &n_columns)[1], ==, "Text");
  block = sluice_result_store_read (sink, NULL, 999, 1, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sluice_result_block_get_text (block, 0, 1), ==, "Row 999 of many");
}

static gpointer
write_thread (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    result_store_add_many (data, i * 100, 100);
  sluice_sink_finish (data, NULL);

  return NULL;
}

/* Every row that is told of can be read whole, while more come. */
static void
test_read_while_written (Fixture       *fixture,
                         gconstpointer  unused)
{
  GThread *writer = g_thread_new ("writer", write_thread, fixture->store);
  gboolean complete;

  do
    {
      guint n_rows;

      complete = sluice_result_store_get_complete (fixture->store);
      n_rows = sluice_result_store_get_n_rows (fixture->store);
      if (n_rows > 0)
        {
          g_autoptr(SluiceResultBlock) block = read_rows (fixture, NULL, n_rows - 1, 1, TRUE);
          g_autofree char *expected = g_strdup_printf ("Row %u of many", n_rows - 1);

          g_assert_cmpstr (sluice_result_block_get_text (block, 0, 1), ==, expected);
        }
    }
  while (!complete);

  g_thread_join (writer);
  g_assert_cmpuint (sluice_result_store_get_n_rows (fixture->store), ==, 20000);
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "folder", NULL);
  g_autoptr(SluiceResultStore) store = sluice_result_store_new (below);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));

  g_assert_false (sluice_sink_begin (SLUICE_SINK (store), two_columns, 2, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, below));
  g_unlink (file);
}

static gboolean
fill_disk (Fixture  *fixture,
           GError  **error)
{
  g_autofree char *text = g_strnfill (1000, 'x');
  const char *cells[200];

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    cells[i] = text;

  for (guint i = 0; i < 100; i++)
    {
      if (!result_store_add (fixture->store, cells, 100, error))
        return FALSE;
    }

  return TRUE;
}

/* In a process of its own, since the limit is for good. */
static void
test_disk_full (Fixture       *fixture,
                gconstpointer  unused)
{
  struct rlimit limit = { 1000000, 1000000 };
  g_autoptr(GError) error = NULL;
  g_autoptr(SluiceResultBlock) block = NULL;
  guint n_rows;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);

  g_assert_false (fill_disk (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, fixture->folder));

  /* What has come stays. */
  sluice_sink_abandon (SLUICE_SINK (fixture->store));
  n_rows = sluice_result_store_get_n_rows (fixture->store);
  g_assert_cmpuint (n_rows, >, 300);
  g_assert_true (sluice_result_store_get_complete (fixture->store));
  block = read_rows (fixture, NULL, n_rows - 1, 1, FALSE);
  g_assert_cmpuint (strlen (sluice_result_block_get_text (block, 0, 1)), ==, 1000);
}

static void
test_json_table (void)
{
  const char *json = "[{\"Id\":\"1\",\"Owner\":{\"Name\":\"Ann\"},\"Lines\":[1,2]},{\"Amount\":1.50,\"Id\":null}]";
  g_autoptr(SluiceJsonTable) table = sluice_json_cell_read_table (json, strlen (json));
  g_autofree char *columns = g_strjoinv (" ", table->columns);
  g_autofree char *first = g_strjoinv ("|", g_ptr_array_index (table->rows, 0));
  g_autofree char *second = g_strjoinv ("|", g_ptr_array_index (table->rows, 1));

  g_assert_cmpstr (columns, ==, "Id Owner.Name Lines Amount");
  g_assert_cmpstr (first, ==, "1|Ann|2 rows|");
  g_assert_cmpstr (second, ==, "|||1.50");
}

static void
test_json_summary (void)
{
  static const struct
  {
    const char *json;
    const char *summary;
  } cases[] = {
    { "{\"city\":\"Köln\",\"state\":null,\"geo\":{\"x\":1},\"latitude\":50.9}", "Köln, 50.9" },
    { "[]", "0 rows" },
    { "[1]", "1 row" },
    { "{}", "" },
    { "{broken", "{broken" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *summary = sluice_json_cell_dup_summary (cases[i].json, strlen (cases[i].json));

      g_assert_cmpstr (summary, ==, cases[i].summary);
    }
  g_assert_null (sluice_json_cell_read_table ("{", 1));
  g_assert_cmpint (sluice_json_cell_count ("{}", 2), ==, -1);
}

#define ADD_TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_TEST ("/store/result-store/empty", test_empty);
  ADD_TEST ("/store/result-store/kinds", test_kinds);
  ADD_TEST ("/store/result-store/broken-text", test_broken_text);
  ADD_TEST ("/store/result-store/preview-is-one-short-line", test_preview_is_one_short_line);
  ADD_TEST ("/store/result-store/huge-cells", test_huge_cells);
  ADD_TEST ("/store/result-store/wide-rows", test_wide_rows);
  ADD_TEST ("/store/result-store/numeric", test_numeric);
  ADD_TEST ("/store/result-store/sort-numbers", test_sort_numbers);
  ADD_TEST ("/store/result-store/sort-texts", test_sort_texts);
  ADD_TEST ("/store/result-store/sort-subqueries", test_sort_subqueries);
  ADD_TEST ("/store/result-store/sort-like-reference", test_sort_like_reference);
  ADD_TEST ("/store/result-store/order-of-later-rows", test_order_of_later_rows);
  ADD_TEST ("/store/result-store/sort-cancelled", test_sort_cancelled);
  ADD_TEST ("/store/result-store/find", test_find);
  ADD_TEST ("/store/result-store/find-languages", test_find_languages);
  ADD_TEST ("/store/result-store/find-cancelled", test_find_cancelled);
  ADD_TEST ("/store/result-store/copy", test_copy);
  ADD_TEST ("/store/result-store/copy-too-much", test_copy_too_much);
  ADD_TEST ("/store/result-store/write-to-sink", test_write_to_sink);
  ADD_TEST ("/store/result-store/read-while-written", test_read_while_written);
  ADD_TEST ("/store/result-store/no-folder", test_no_folder);
  ADD_TEST ("/store/result-store/disk-full", test_disk_full);
  g_test_add_func ("/model/json-cell/table", test_json_table);
  g_test_add_func ("/model/json-cell/summary", test_json_summary);

  return g_test_run ();
}
