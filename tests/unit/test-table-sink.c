/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-table-sink.h"

#define NOTHING { NULL, 0, SLUICE_CELL_NULL }

static const char * const columns[] = { "Id", "Owner \"Alias\"", "Amount" };

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = g_dir_make_tmp ("sluice-table-sink-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "org.db", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);

  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS) && g_unlink (journal) != 0);
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* All rows of a query, cells with their storage class, as one line. */
static char *
ask (Fixture    *fixture,
     const char *sql)
{
  GString *answer = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (statement); i++)
        {
          const char *text = (const char *) sqlite3_column_text (statement, i);

          g_string_append_printf (answer, "%s|", text != NULL ? text : "NULL");
        }
    }
  sqlite3_finalize (statement);
  sqlite3_close (database);

  return g_string_free (answer, FALSE);
}

static void
assert_answer (Fixture    *fixture,
               const char *sql,
               const char *expected)
{
  g_autofree char *answer = ask (fixture, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static SluiceSink *
make_sink (Fixture *fixture)
{
  return sluice_table_sink_new (fixture->path, "Account", FALSE);
}

static void
begin (SluiceSink *sink)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_sink_begin (sink, columns, G_N_ELEMENTS (columns), &error));
  g_assert_no_error (error);
}

static gboolean
try_to_add (SluiceSink  *sink,
            const char  *id,
            SluiceCell   amount,
            GError     **error)
{
  const SluiceCell cells[] = { { id, (guint32) strlen (id), SLUICE_CELL_TEXT }, NOTHING, amount };
  SluiceRowBatch batch = { cells, 1, G_N_ELEMENTS (columns) };

  return sluice_sink_add (sink, &batch, error);
}

static void
add (SluiceSink     *sink,
     const char     *id,
     const char     *amount,
     SluiceCellKind  kind)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (try_to_add (sink, id, (SluiceCell) { amount, (guint32) strlen (amount), kind }, &error));
  g_assert_no_error (error);
}

static void
finish (SluiceSink *sink)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_sink_finish (sink, &error));
  g_assert_no_error (error);
}

static void
test_kinds (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = make_sink (fixture);

  begin (sink);
  add (sink, "1", "12", SLUICE_CELL_NUMBER);
  add (sink, "2", "-1.50", SLUICE_CELL_NUMBER);
  add (sink, "3", "12345678901234567.89", SLUICE_CELL_NUMBER);
  add (sink, "4", "007", SLUICE_CELL_TEXT);
  add (sink, "5", "true", SLUICE_CELL_BOOLEAN);
  add (sink, "6", "[{\"Id\":1}]", SLUICE_CELL_JSON);
  finish (sink);

  assert_answer (fixture, "SELECT Id, typeof(Id), \"Owner \"\"Alias\"\"\", Amount, typeof(Amount) FROM Account ORDER BY Id",
                 "1|text|NULL|12|integer|2|text|NULL|-1.5|real|3|text|NULL|12345678901234567.89|text|"
                 "4|text|NULL|007|text|5|text|NULL|1|integer|6|text|NULL|[{\"Id\":1}]|text|");
  assert_answer (fixture, "PRAGMA page_size", "16384|");
  assert_answer (fixture, "SELECT count(*) FROM sqlite_schema WHERE name = 'sluice_transfer'", "0|");
}

static void
test_out_of_order (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = make_sink (fixture);

  begin (sink);
  for (guint i = 0; i < 120000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%06u", (i * 7919) % 120000);

      add (sink, id, id, SLUICE_CELL_TEXT);
    }
  finish (sink);

  assert_answer (fixture, "SELECT count(*), min(Id), max(Id), sum(Id = Amount) FROM Account",
                 "120000|000000|119999|120000|");
}

static void
test_row_twice (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = make_sink (fixture);
  g_autoptr(GError) error = NULL;

  begin (sink);
  add (sink, "1", "a", SLUICE_CELL_TEXT);
  add (sink, "1", "b", SLUICE_CELL_TEXT);
  g_assert_false (sluice_sink_finish (sink, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
  sluice_sink_abandon (sink);
}

static void
test_take_up (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(SluiceSink) killed = make_sink (fixture);
  g_autoptr(SluiceSink) sink = make_sink (fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *state = NULL;

  begin (killed);
  add (killed, "2", "b", SLUICE_CELL_TEXT);
  add (killed, "1", "a", SLUICE_CELL_TEXT);
  g_assert_true (sluice_sink_checkpoint (killed, "after two", &error));
  add (killed, "3", "lost", SLUICE_CELL_TEXT);
  sluice_sink_abandon (killed);

  g_assert_true (sluice_sink_restore (sink, &state, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (state, ==, "after two");
  begin (sink);
  add (sink, "3", "c", SLUICE_CELL_TEXT);
  finish (sink);

  assert_answer (fixture, "SELECT Id, Amount FROM Account ORDER BY Id", "1|a|2|b|3|c|");
}

static void
test_nothing_to_take_up (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = make_sink (fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *state = NULL;

  g_assert_true (sluice_sink_restore (sink, &state, &error));
  g_assert_null (state);
  begin (sink);
  finish (sink);
  assert_answer (fixture, "SELECT count(*) FROM Account", "0|");
}

static void
test_table_exists (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(SluiceSink) first = make_sink (fixture);
  g_autoptr(SluiceSink) second = make_sink (fixture);
  g_autoptr(SluiceSink) third = sluice_table_sink_new (fixture->path, "account", TRUE);
  g_autoptr(GError) error = NULL;

  begin (first);
  add (first, "1", "a", SLUICE_CELL_TEXT);
  finish (first);

  g_assert_false (sluice_sink_begin (second, columns, G_N_ELEMENTS (columns), &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  sluice_sink_abandon (second);
  assert_answer (fixture, "SELECT count(*) FROM Account", "1|");

  begin (third);
  finish (third);
  assert_answer (fixture, "SELECT count(*) FROM Account", "0|");
}

static void
test_replace_is_undone (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(SluiceSink) first = make_sink (fixture);
  g_autoptr(SluiceSink) second = sluice_table_sink_new (fixture->path, "Account", TRUE);

  begin (first);
  add (first, "1", "a", SLUICE_CELL_TEXT);
  finish (first);

  begin (second);
  sluice_sink_abandon (second);
  assert_answer (fixture, "SELECT Id FROM Account", "1|");
}

static void
test_leftover_is_replaced (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(SluiceSink) killed = make_sink (fixture);
  g_autoptr(SluiceSink) sink = make_sink (fixture);
  g_autoptr(GError) error = NULL;

  begin (killed);
  add (killed, "1", "a", SLUICE_CELL_TEXT);
  g_assert_true (sluice_sink_checkpoint (killed, "state", &error));
  sluice_sink_abandon (killed);

  begin (sink);
  finish (sink);
  assert_answer (fixture, "SELECT count(*) FROM Account", "0|");
}

static void
test_no_database (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = make_sink (fixture);
  g_autofree char *text = g_strnfill (4096, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  g_assert_false (sluice_sink_begin (sink, columns, G_N_ELEMENTS (columns), &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  sluice_sink_abandon (sink);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/store/table-sink/kinds", test_kinds);
  ADD ("/store/table-sink/out-of-order", test_out_of_order);
  ADD ("/store/table-sink/row-twice", test_row_twice);
  ADD ("/store/table-sink/take-up", test_take_up);
  ADD ("/store/table-sink/nothing-to-take-up", test_nothing_to_take_up);
  ADD ("/store/table-sink/table-exists", test_table_exists);
  ADD ("/store/table-sink/replace-is-undone", test_replace_is_undone);
  ADD ("/store/table-sink/leftover-is-replaced", test_leftover_is_replaced);
  ADD ("/store/table-sink/no-database", test_no_database);

  return g_test_run ();
}
