/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-library.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sluice-error.h"
#include "test-utils.h"

typedef struct
{
  char *path;
  SluiceQueryLibrary *library;
} Fixture;

static void
open_library (Fixture *fixture)
{
  fixture->library = sluice_query_library_new (fixture->path);
  wait_for (sluice_query_library_get_loaded (fixture->library));
}

static void
close_library (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  sluice_query_library_flush (fixture->library, &error);
  g_assert_no_error (error);
  g_assert_finalize_object (fixture->library);
}

static void
reopen (Fixture *fixture)
{
  close_library (fixture);
  open_library (fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->path = g_build_filename (g_get_user_data_dir (), "sluice", "queries", "a.json", NULL);
  open_library (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *aside = g_strconcat (fixture->path, ".damaged", NULL);

  close_library (fixture);
  g_unlink (fixture->path);
  g_unlink (aside);
  g_free (fixture->path);
}

static const char *
get_text (GListModel *list,
          guint       position)
{
  g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (list, position);

  return query != NULL ? sluice_stored_query_get_text (query) : NULL;
}

static const char *
get_name (GListModel *list,
          guint       position)
{
  g_autoptr(SluiceStoredQuery) query = g_list_model_get_item (list, position);

  return query != NULL ? sluice_stored_query_get_name (query) : NULL;
}

static void
assert_saved (Fixture    *fixture,
              const char *name,
              const char *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_query_library_save (fixture->library, name, text, &error));
  g_assert_no_error (error);
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  unused)
{
  g_assert_null (sluice_query_library_get_error (fixture->library));
  g_assert_cmpstr (sluice_query_library_get_draft (fixture->library), ==, "");
  g_assert_cmpuint (g_list_model_get_n_items (sluice_query_library_get_history (fixture->library)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (sluice_query_library_get_saved (fixture->library)), ==, 0);

  /* Nothing to keep, no file. */
  reopen (fixture);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_survives (Fixture       *fixture,
               gconstpointer  unused)
{
  sluice_query_library_set_draft (fixture->library, "SELECT “x”\nFROM");
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  assert_saved (fixture, "All contacts", "SELECT Id FROM Contact");

  reopen (fixture);

  g_assert_cmpstr (sluice_query_library_get_draft (fixture->library), ==, "SELECT “x”\nFROM");
  g_assert_cmpstr (get_text (sluice_query_library_get_history (fixture->library), 0), ==, "SELECT Id FROM Account");
  g_assert_cmpstr (get_name (sluice_query_library_get_saved (fixture->library), 0), ==, "All contacts");
  g_assert_cmpstr (get_text (sluice_query_library_get_saved (fixture->library), 0), ==, "SELECT Id FROM Contact");
}

static void
test_written_by_itself (Fixture       *fixture,
                        gconstpointer  unused)
{
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");

  wait_for (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_private (Fixture       *fixture,
              gconstpointer  unused)
{
  GStatBuf info;

  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  reopen (fixture);

  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_duplicates (Fixture       *fixture,
                 gconstpointer  unused)
{
  GListModel *history = sluice_query_library_get_history (fixture->library);

  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Contact");
  sluice_query_library_remember (fixture->library, "  SELECT Id FROM Account\n");
  sluice_query_library_remember (fixture->library, " \n");

  g_assert_cmpuint (g_list_model_get_n_items (history), ==, 2);
  g_assert_cmpstr (get_text (history, 0), ==, "SELECT Id FROM Account");
  g_assert_cmpstr (get_text (history, 1), ==, "SELECT Id FROM Contact");
}

static void
test_bounded (Fixture       *fixture,
              gconstpointer  unused)
{
  GListModel *history = sluice_query_library_get_history (fixture->library);
  g_autofree char *long_text = g_strnfill (SLUICE_QUERY_LIBRARY_MAX_TEXT, 'x');
  g_autofree char *too_long = g_strnfill (SLUICE_QUERY_LIBRARY_MAX_TEXT + 1, 'x');

  for (guint i = 0; i < SLUICE_QUERY_LIBRARY_MAX_HISTORY + 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("SELECT Id FROM Account LIMIT %u", i);

      sluice_query_library_remember (fixture->library, text);
    }
  g_assert_cmpuint (g_list_model_get_n_items (history), ==, SLUICE_QUERY_LIBRARY_MAX_HISTORY);
  g_assert_cmpstr (get_text (history, SLUICE_QUERY_LIBRARY_MAX_HISTORY - 1), ==, "SELECT Id FROM Account LIMIT 5");

  sluice_query_library_remember (fixture->library, too_long);
  g_assert_cmpuint (g_list_model_get_n_items (history), ==, SLUICE_QUERY_LIBRARY_MAX_HISTORY);

  for (char digit = '0'; digit <= '9'; digit++)
    {
      long_text[0] = digit;
      sluice_query_library_remember (fixture->library, long_text);
    }
  g_assert_cmpuint (g_list_model_get_n_items (history), ==, 5);
  reopen (fixture);
  g_assert_null (sluice_query_library_get_error (fixture->library));
}

static void
test_saved (Fixture       *fixture,
            gconstpointer  unused)
{
  GListModel *saved = sluice_query_library_get_saved (fixture->library);
  g_autoptr(GError) error = NULL;

  assert_saved (fixture, "Orders", "SELECT Id FROM Order");
  assert_saved (fixture, "Accounts", "SELECT Id FROM Account");
  assert_saved (fixture, " Orders ", "SELECT Name FROM Order");

  g_assert_cmpuint (g_list_model_get_n_items (saved), ==, 2);
  g_assert_cmpstr (get_name (saved, 0), ==, "Accounts");
  g_assert_cmpstr (get_text (saved, 1), ==, "SELECT Name FROM Order");

  g_assert_false (sluice_query_library_save (fixture->library, "  ", "SELECT Id FROM Order", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (sluice_query_library_save (fixture->library, "Empty", " \n", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_rename (Fixture       *fixture,
             gconstpointer  unused)
{
  GListModel *saved = sluice_query_library_get_saved (fixture->library);
  g_autoptr(GError) error = NULL;

  assert_saved (fixture, "Accounts", "SELECT Id FROM Account");
  assert_saved (fixture, "Orders", "SELECT Id FROM Order");

  g_assert_false (sluice_query_library_rename (fixture->library, sluice_query_library_find (fixture->library, "Orders"),
                                               "Accounts", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_true (sluice_query_library_rename (fixture->library, sluice_query_library_find (fixture->library, "Orders"),
                                              "Aaa", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (saved), ==, 2);
  g_assert_cmpstr (get_name (saved, 0), ==, "Aaa");
  g_assert_cmpstr (get_text (saved, 0), ==, "SELECT Id FROM Order");
}

static void
test_remove (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(SluiceStoredQuery) query = NULL;

  assert_saved (fixture, "Orders", "SELECT Id FROM Order");
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Contact");

  query = g_list_model_get_item (sluice_query_library_get_history (fixture->library), 0);
  sluice_query_library_remove (fixture->library, query);
  sluice_query_library_remove (fixture->library, sluice_query_library_find (fixture->library, "Orders"));
  reopen (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (sluice_query_library_get_saved (fixture->library)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (sluice_query_library_get_history (fixture->library)), ==, 1);

  sluice_query_library_clear_history (fixture->library);
  reopen (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (sluice_query_library_get_history (fixture->library)), ==, 0);
}

static void
test_search (Fixture       *fixture,
             gconstpointer  unused)
{
  SluiceStoredQuery *query;

  assert_saved (fixture, "Große Kunden", "SELECT Id\nFROM Account");
  query = sluice_query_library_find (fixture->library, "Große Kunden");

  g_assert_true (sluice_stored_query_matches (query, ""));
  g_assert_true (sluice_stored_query_matches (query, "GROSSE"));
  g_assert_true (sluice_stored_query_matches (query, "account  kunden"));
  g_assert_false (sluice_stored_query_matches (query, "account order"));
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  contents)
{
  g_autofree char *aside = g_strconcat (fixture->path, ".damaged", NULL);
  g_autofree char *kept = NULL;
  g_autoptr(GError) error = NULL;

  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  close_library (fixture);
  g_file_set_contents (fixture->path, contents, -1, &error);
  g_assert_no_error (error);
  open_library (fixture);

  g_assert_error ((GError *) sluice_query_library_get_error (fixture->library), SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_true (g_file_get_contents (aside, &kept, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (kept, ==, contents);

  /* From then on it works as ever. */
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Contact");
  reopen (fixture);
  g_assert_null (sluice_query_library_get_error (fixture->library));
  g_assert_cmpstr (get_text (sluice_query_library_get_history (fixture->library), 0), ==, "SELECT Id FROM Contact");
}

static void
test_newer (Fixture       *fixture,
            gconstpointer  unused)
{
  static const char contents[] = "{ \"format\": 2, \"draft\": { } }";
  g_autofree char *left = NULL;
  g_autoptr(GError) error = NULL;

  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  close_library (fixture);
  g_file_set_contents (fixture->path, contents, -1, &error);
  g_assert_no_error (error);
  open_library (fixture);

  g_assert_error ((GError *) sluice_query_library_get_error (fixture->library), SLUICE_ERROR, SLUICE_ERROR_INVALID);
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Contact");
  close_library (fixture);

  g_assert_true (g_file_get_contents (fixture->path, &left, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (left, ==, contents);
  open_library (fixture);
}

static void
test_early (Fixture       *fixture,
            gconstpointer  unused)
{
  sluice_query_library_set_draft (fixture->library, "old");
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  close_library (fixture);

  /* Before the file has been read */
  fixture->library = sluice_query_library_new (fixture->path);
  sluice_query_library_set_draft (fixture->library, "new");
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Contact");
  wait_for (sluice_query_library_get_loaded (fixture->library));

  g_assert_cmpstr (sluice_query_library_get_draft (fixture->library), ==, "new");
  g_assert_cmpstr (get_text (sluice_query_library_get_history (fixture->library), 0), ==, "SELECT Id FROM Contact");
  g_assert_cmpstr (get_text (sluice_query_library_get_history (fixture->library), 1), ==, "SELECT Id FROM Account");
}

static void
test_short_life (Fixture       *fixture,
                 gconstpointer  unused)
{
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  close_library (fixture);

  /* Closed before the file has been read */
  fixture->library = sluice_query_library_new (fixture->path);
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Contact");
  reopen (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (sluice_query_library_get_history (fixture->library)), ==, 2);
}

/* Only what belongs to nobody and is old */
static void
test_purge (Fixture       *fixture,
            gconstpointer  unused)
{
  static const char * const ids[] = { "a", NULL };
  g_autofree char *gone = sluice_query_library_dup_path ("gone");
  g_autofree char *aside = g_strconcat (gone, ".damaged", NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  sluice_query_library_set_draft (fixture->library, "x");
  reopen (fixture);
  g_assert_true (g_file_set_contents (gone, "{}", -1, NULL));
  g_assert_true (g_file_set_contents (aside, "{}", -1, NULL));

  sluice_query_library_purge (ids, now - 1000);
  sluice_query_library_purge (ids, now + 1000);
  wait_for (!g_file_test (gone, G_FILE_TEST_EXISTS) && !g_file_test (aside, G_FILE_TEST_EXISTS));

  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_unwritable (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *above = g_path_get_dirname (folder);
  g_autoptr(GError) error = NULL;

  /* A folder cannot be made where a file is. */
  close_library (fixture);
  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  g_file_set_contents (folder, "", 0, &error);
  g_assert_no_error (error);
  open_library (fixture);

  sluice_query_library_remember (fixture->library, "SELECT Id FROM Account");
  g_assert_false (sluice_query_library_flush (fixture->library, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_clear_error (&error);

  g_unlink (folder);
  sluice_query_library_remember (fixture->library, "SELECT Id FROM Contact");
}

#define ADD(name, data, func) g_test_add ("/store/query-library/" name, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("bounded", NULL, test_bounded);
  ADD ("damaged/cut", "{ \"format\": 1, \"draft\": \"SEL", test_damaged);
  ADD ("damaged/empty", "", test_damaged);
  ADD ("damaged/kinds", "{ \"format\": 1, \"history\": [ 1 ] }", test_damaged);
  ADD ("damaged/names", "{ \"format\": 1, \"saved\": [ { \"text\": \"x\" } ] }", test_damaged);
  ADD ("duplicates", NULL, test_duplicates);
  ADD ("early", NULL, test_early);
  ADD ("missing", NULL, test_missing);
  ADD ("newer", NULL, test_newer);
  ADD ("private", NULL, test_private);
  ADD ("purge", NULL, test_purge);
  ADD ("remove", NULL, test_remove);
  ADD ("rename", NULL, test_rename);
  ADD ("saved", NULL, test_saved);
  ADD ("search", NULL, test_search);
  ADD ("short-life", NULL, test_short_life);
  ADD ("survives", NULL, test_survives);
  ADD ("unwritable", NULL, test_unwritable);
  ADD ("written-by-itself", NULL, test_written_by_itself);

  return g_test_run ();
}
