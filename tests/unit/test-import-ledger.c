/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sluice-error.h"
#include "sluice-import-ledger.h"

typedef struct
{
  char *directory;
  char *path;
  SluiceImportLedger *ledger;
} Fixture;

static void
open_ledger (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->ledger = sluice_import_ledger_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
close_ledger (Fixture *fixture)
{
  g_clear_pointer (&fixture->ledger, sluice_import_ledger_free);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->directory = g_dir_make_tmp ("sluice-ledger-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "rows.csv.import", NULL);
  open_ledger (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GDir) directory = NULL;
  const char *name;

  close_ledger (fixture);
  directory = g_dir_open (fixture->directory, 0, NULL);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (fixture->directory, name, NULL);

      g_unlink (file);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static void
put (Fixture *fixture,
     guint64  row,
     guint64  content,
     guint64  key)
{
  g_autoptr(GError) error = NULL;

  sluice_import_ledger_put (fixture->ledger, row, content, key, &error);
  g_assert_no_error (error);
}

static gboolean
match (Fixture          *fixture,
       guint64           content,
       guint64           key,
       SluiceRowOutcome  outcome)
{
  const SluiceLedgerRow entry = { .outcome = outcome, .id = "001", .problem = outcome == SLUICE_ROW_FAILED ? "no" : NULL };
  g_autoptr(GError) error = NULL;
  gboolean found;

  sluice_import_ledger_settle_match (fixture->ledger, content, key, &entry, &found, &error);
  g_assert_no_error (error);

  return found;
}

static void
assert_outcome (Fixture          *fixture,
                guint64           row,
                SluiceRowOutcome  outcome)
{
  g_autoptr(GError) error = NULL;
  SluiceLedgerRow entry;

  sluice_import_ledger_find (fixture->ledger, row, &entry, &error);
  g_assert_no_error (error);
  g_assert_cmpint (entry.outcome, ==, outcome);
}

/* Numbers beyond what a signed one holds are met as often as others. */
static void
test_match_content (Fixture       *fixture,
                    gconstpointer  unused)
{
  put (fixture, 2, G_MAXUINT64, 0);
  put (fixture, 3, 7, 0);
  g_assert_true (match (fixture, G_MAXUINT64, 0, SLUICE_ROW_SUCCEEDED));
  g_assert_false (match (fixture, G_MAXUINT64, 0, SLUICE_ROW_SUCCEEDED));
  assert_outcome (fixture, 2, SLUICE_ROW_SUCCEEDED);
  assert_outcome (fixture, 3, SLUICE_ROW_IN_FLIGHT);
  assert_outcome (fixture, 4, SLUICE_ROW_PENDING);
}

static void
test_equal_rows (Fixture       *fixture,
                 gconstpointer  unused)
{
  put (fixture, 2, 7, 1);
  put (fixture, 3, 7, 1);
  g_assert_true (match (fixture, 7, 1, SLUICE_ROW_SUCCEEDED));
  g_assert_true (match (fixture, 7, 1, SLUICE_ROW_FAILED));
  g_assert_false (match (fixture, 7, 1, SLUICE_ROW_FAILED));
  assert_outcome (fixture, 2, SLUICE_ROW_SUCCEEDED);
  assert_outcome (fixture, 3, SLUICE_ROW_FAILED);
}

/* The service wrote the values otherwise than they were sent. */
static void
test_match_key (Fixture       *fixture,
                gconstpointer  unused)
{
  put (fixture, 2, 7, 70);
  put (fixture, 3, 8, 80);
  g_assert_true (match (fixture, 9, 80, SLUICE_ROW_SUCCEEDED));
  assert_outcome (fixture, 3, SLUICE_ROW_SUCCEEDED);
  g_assert_false (match (fixture, 9, 0, SLUICE_ROW_SUCCEEDED));
}

static void
test_outlives_process (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  guint64 counts[SLUICE_N_ROW_OUTCOMES];
  guint64 n_rows;

  put (fixture, 2, 7, 0);
  put (fixture, 3, 8, 0);
  g_assert_true (match (fixture, 8, 0, SLUICE_ROW_FAILED));
  g_assert_true (sluice_import_ledger_set_text (fixture->ledger, "job", "750", &error));
  close_ledger (fixture);

  open_ledger (fixture);
  text = sluice_import_ledger_dup_text (fixture->ledger, "job");
  g_assert_cmpstr (text, ==, "750");
  g_assert_true (sluice_import_ledger_turn (fixture->ledger, SLUICE_ROW_IN_FLIGHT, SLUICE_ROW_PENDING, NULL, &n_rows, &error));
  g_assert_cmpuint (n_rows, ==, 1);
  g_assert_true (sluice_import_ledger_count (fixture->ledger, counts, &error));
  g_assert_cmpuint (counts[SLUICE_ROW_PENDING], ==, 1);
  g_assert_cmpuint (counts[SLUICE_ROW_FAILED], ==, 1);
}

/* What was not committed did not happen. */
static void
test_rolled_back (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_import_ledger_begin (fixture->ledger, &error));
  put (fixture, 2, 7, 0);
  close_ledger (fixture);

  open_ledger (fixture);
  assert_outcome (fixture, 2, SLUICE_ROW_PENDING);
}

static void
test_ids (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  gboolean is_new;

  g_assert_true (sluice_import_ledger_note_id (fixture->ledger, "001", &is_new, &error));
  g_assert_true (is_new);
  g_assert_true (sluice_import_ledger_note_id (fixture->ledger, "001", &is_new, &error));
  g_assert_false (is_new);
}

/* Two programs must not import the same file at once. */
static void
test_in_use (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (sluice_import_ledger_open (fixture->path, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_true (sluice_import_ledger_is_in_use (fixture->path));
  close_ledger (fixture);
  g_assert_false (sluice_import_ledger_is_in_use (fixture->path));
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  close_ledger (fixture);
  g_assert_true (g_file_set_contents (fixture->path, "This is no database, whatever its name says.", -1, NULL));
  g_assert_null (sluice_import_ledger_open (fixture->path, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
}

static void
test_private (Fixture       *fixture,
              gconstpointer  unused)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
}

#define ADD(path, func) g_test_add ("/store/import-ledger/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("match-content", test_match_content);
  ADD ("equal-rows", test_equal_rows);
  ADD ("match-key", test_match_key);
  ADD ("outlives-process", test_outlives_process);
  ADD ("rolled-back", test_rolled_back);
  ADD ("ids", test_ids);
  ADD ("in-use", test_in_use);
  ADD ("damaged", test_damaged);
  ADD ("private", test_private);

  return g_test_run ();
}
