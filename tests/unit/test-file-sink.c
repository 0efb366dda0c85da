/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice-error.h"
#include "sluice-file-sink.h"
#include "sluice-stream-sink.h"

#define CELL(string, cell_kind) { (string), sizeof (string) - 1, (cell_kind) }
#define TEXT(string) CELL (string, SLUICE_CELL_TEXT)
#define NUMBER(string) CELL (string, SLUICE_CELL_NUMBER)
#define NOTHING { NULL, 0, SLUICE_CELL_NULL }

static const char * const columns[] = { "Id", "Account.Name" };
static const SluiceRowTextOptions csv = { .format = SLUICE_ROW_FORMAT_CSV };
static const SluiceRowTextOptions json = { .format = SLUICE_ROW_FORMAT_JSON };

typedef struct
{
  char *folder;
  char *path;
  char *partial;
  char *journal;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = g_dir_make_tmp ("sluice-file-sink-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "accounts.csv", NULL);
  fixture->partial = g_strconcat (fixture->path, ".part", NULL);
  fixture->journal = g_strconcat (fixture->path, ".part.json", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_unlink (fixture->path);
  g_unlink (fixture->partial);
  g_unlink (fixture->journal);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->partial);
  g_free (fixture->journal);
}

static void
begin (SluiceSink *sink)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_sink_begin (sink, columns, G_N_ELEMENTS (columns), &error));
  g_assert_no_error (error);
}

static gboolean
add (SluiceSink        *sink,
     const SluiceCell  *cells,
     guint              n_rows,
     GError           **error)
{
  SluiceRowBatch batch = { cells, n_rows, G_N_ELEMENTS (columns) };

  return sluice_sink_add (sink, &batch, error);
}

static void
add_pair (SluiceSink *sink,
          const char *id,
          const char *name)
{
  const SluiceCell cells[] = {
    { id, (guint32) strlen (id), SLUICE_CELL_TEXT },
    { name, (guint32) strlen (name), SLUICE_CELL_TEXT },
  };
  g_autoptr(GError) error = NULL;

  g_assert_true (add (sink, cells, 1, &error));
  g_assert_no_error (error);
}

static void
checkpoint (SluiceSink *sink,
            const char *state)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_sink_checkpoint (sink, state, &error));
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
assert_contents (const char *path,
                 const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_cmpstr (text, ==, expected);
}

static char *
restore (SluiceSink *sink)
{
  g_autoptr(GError) error = NULL;
  char *state = NULL;

  g_assert_true (sluice_sink_restore (sink, &state, &error));
  g_assert_no_error (error);

  return state;
}

static char *
write_stream (const SluiceRowTextOptions *options,
              const SluiceCell           *cells,
              guint                       n_rows)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SluiceSink) sink = sluice_stream_sink_new (stream, options, NULL);
  g_autoptr(GError) error = NULL;
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);

  begin (sink);
  g_assert_true (add (sink, cells, n_rows, &error));
  g_assert_no_error (error);
  finish (sink);

  if (g_memory_output_stream_get_data_size (memory) == 0)
    return g_strdup ("");

  return g_strndup (g_memory_output_stream_get_data (memory), g_memory_output_stream_get_data_size (memory));
}

static void
test_csv (Fixture       *fixture,
          gconstpointer  unused)
{
  const SluiceCell cells[] = {
    TEXT ("1"), TEXT ("A \"B\", C"), NOTHING, TEXT (""), TEXT ("x\ny"), TEXT ("é"), TEXT ("\r"), NUMBER ("-1.50"),
  };
  g_autofree char *text = write_stream (&csv, cells, 4);

  g_assert_cmpstr (text, ==, "Id,Account.Name\r\n1,\"A \"\"B\"\", C\"\r\n,\"\"\r\n\"x\ny\",é\r\n\"\r\",-1.50\r\n");
}

static void
test_csv_guard (Fixture       *fixture,
                gconstpointer  unused)
{
  const SluiceRowTextOptions options = { SLUICE_ROW_FORMAT_CSV, .byte_order_mark = TRUE, .formula_guard = TRUE };
  const SluiceCell cells[] = { TEXT ("=1+1"), TEXT ("-5"), TEXT ("@x"), NUMBER ("-1"), TEXT ("-"), TEXT ("a=b") };
  g_autofree char *text = write_stream (&options, cells, 3);

  g_assert_cmpstr (text, ==,
                   "\xef\xbb\xbfId,Account.Name\r\n\"'=1+1\",-5\r\n\"'@x\",-1\r\n\"'-\",a=b\r\n");
}

static void
test_json (Fixture       *fixture,
           gconstpointer  unused)
{
  const SluiceCell cells[] = {
    TEXT ("1"), TEXT ("a\"b\\c\n\x01"), NOTHING, TEXT (""), NUMBER ("1.50"), CELL ("true", SLUICE_CELL_BOOLEAN),
    CELL ("[{}]", SLUICE_CELL_JSON), TEXT ("\xff!"),
  };
  g_autofree char *text = write_stream (&json, cells, 4);

  g_assert_cmpstr (text, ==,
                   "{\"Id\":\"1\",\"Account.Name\":\"a\\\"b\\\\c\\u000a\\u0001\"}\n"
                   "{\"Id\":null,\"Account.Name\":\"\"}\n"
                   "{\"Id\":1.50,\"Account.Name\":true}\n"
                   "{\"Id\":[{}],\"Account.Name\":\"\xef\xbf\xbd!\"}\n");
}

static void
test_no_rows (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *csv_text = write_stream (&csv, NULL, 0);
  g_autofree char *json_text = write_stream (&json, NULL, 0);

  g_assert_cmpstr (csv_text, ==, "Id,Account.Name\r\n");
  g_assert_cmpstr (json_text, ==, "");
}

static void
test_only_null (Fixture       *fixture,
                gconstpointer  unused)
{
  static const char * const names[] = { "Industry" };
  const SluiceCell cells[] = { TEXT ("Energy"), { NULL, 0, SLUICE_CELL_NULL }, TEXT ("Banking") };
  const SluiceRowBatch batch = { cells, 3, 1 };
  g_autoptr(SluiceRowText) text = sluice_row_text_new (&csv);
  g_autofree char *written = NULL;
  const char *made;
  gsize length;

  sluice_row_text_begin (text, names, 1, FALSE);
  g_assert_cmpuint (sluice_row_text_add (text, &batch, 0), ==, 3);
  made = sluice_row_text_peek (text, &length);
  written = g_strndup (made, length);

  g_assert_cmpstr (written, ==, "Industry\r\nEnergy\r\n\"\"\r\nBanking\r\n");
}

static void
test_long_cell (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *quotes = g_strnfill (1024 * 1024, '"');
  const SluiceCell cells[] = { TEXT ("1"), { quotes, 1024 * 1024, SLUICE_CELL_TEXT } };
  g_autofree char *text = write_stream (&csv, cells, 1);

  g_assert_cmpuint (strlen (text), ==, strlen ("Id,Account.Name\r\n1,\"\"\r\n") + 2 * 1024 * 1024);
}

static void
test_stream_full (Fixture       *fixture,
                  gconstpointer  unused)
{
  int fd = g_open ("/dev/full", O_WRONLY | O_CLOEXEC, 0);
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(SluiceSink) sink = NULL;
  g_autoptr(GError) error = NULL;

  if (fd < 0)
    {
      g_test_skip ("/dev/full is missing");
      return;
    }

  stream = g_unix_output_stream_new (fd, TRUE);
  sink = sluice_stream_sink_new (stream, &csv, NULL);
  begin (sink);
  g_assert_false (sluice_sink_finish (sink, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
}

static void
test_stream_cancelled (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SluiceSink) sink = sluice_stream_sink_new (stream, &csv, cancellable);
  g_autoptr(GError) error = NULL;

  begin (sink);
  g_cancellable_cancel (cancellable);
  g_assert_false (sluice_sink_finish (sink, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_appears_when_whole (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  struct stat found;

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_assert_cmpint (g_chmod (fixture->path, 0640), ==, 0);
  begin (sink);
  add_pair (sink, "1", "one");
  checkpoint (sink, "first");
  assert_contents (fixture->path, "old");
  finish (sink);

  assert_contents (fixture->path, "Id,Account.Name\r\n1,one\r\n");
  g_assert_cmpint (g_stat (fixture->path, &found), ==, 0);
  g_assert_cmpuint (found.st_mode & 07777, ==, 0640);
  g_assert_false (g_file_test (fixture->partial, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
}

static void
test_nothing_to_take_up (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);

  g_assert_true (sluice_sink_get_is_durable (sink));
  g_assert_true (g_file_set_contents (fixture->partial, "leftover", -1, NULL));
  g_assert_null (restore (sink));

  begin (sink);
  finish (sink);
  assert_contents (fixture->path, "Id,Account.Name\r\n");
}

static void
test_abandoned_early (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);

  begin (sink);
  add_pair (sink, "1", "one");
  sluice_sink_abandon (sink);

  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (fixture->partial, G_FILE_TEST_EXISTS));
}

static void
test_take_up (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(SluiceSink) killed = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  g_autofree char *torn = NULL;
  g_autofree char *state = NULL;

  begin (killed);
  add_pair (killed, "1", "one");
  checkpoint (killed, "after \"one\"");
  add_pair (killed, "2", "two");
  sluice_sink_abandon (killed);

  /* What a killed run wrote after its last checkpoint. */
  g_assert_true (g_file_get_contents (fixture->partial, &torn, NULL, NULL));
  g_free (torn);
  torn = g_strdup ("Id,Account.Name\r\n1,one\r\n2,tw");
  g_assert_true (g_file_set_contents (fixture->partial, torn, -1, NULL));

  state = restore (sink);
  g_assert_cmpstr (state, ==, "after \"one\"");
  begin (sink);
  add_pair (sink, "2", "two");
  finish (sink);
  assert_contents (fixture->path, "Id,Account.Name\r\n1,one\r\n2,two\r\n");
}

static void
test_other_options (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceSink) killed = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &json);
  g_autoptr(GError) error = NULL;
  g_autofree char *state = NULL;

  begin (killed);
  checkpoint (killed, "state");
  sluice_sink_abandon (killed);

  g_assert_false (sluice_sink_restore (sink, &state, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
assert_not_restored (Fixture    *fixture,
                     const char *partial,
                     const char *journal)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(GError) error = NULL;
  g_autofree char *state = NULL;

  g_assert_true (g_file_set_contents (fixture->partial, partial, -1, NULL));
  if (journal != NULL)
    g_assert_true (g_file_set_contents (fixture->journal, journal, -1, NULL));

  g_assert_false (sluice_sink_restore (sink, &state, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_null (state);
}

static void
test_broken_journal (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(SluiceSink) killed = sluice_file_sink_new (fixture->path, &csv);

  begin (killed);
  checkpoint (killed, "state");
  sluice_sink_abandon (killed);

  /* Shorter than promised */
  assert_not_restored (fixture, "Id", NULL);
  assert_not_restored (fixture, "Id,Account.Name\r\n", "{\"version\":1,\"size\":-5,\"state\":\"x\"}");
  assert_not_restored (fixture, "Id,Account.Name\r\n", "{\"version\":2}");
  assert_not_restored (fixture, "Id,Account.Name\r\n", "{");
  assert_not_restored (fixture, "Id,Account.Name\r\n", "");
}

static void
test_killed_at_the_end (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);

  /* The file has its name, the journal is still there. */
  g_assert_true (g_file_set_contents (fixture->path, "Id\r\n", -1, NULL));
  g_assert_true (g_file_set_contents (fixture->journal, "{\"version\":1,\"size\":4,\"state\":\"x\"}", -1, NULL));

  g_assert_null (restore (sink));
}

static void
test_two_at_once (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(SluiceSink) first = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(SluiceSink) second = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(GError) error = NULL;

  begin (first);
  g_assert_false (sluice_sink_begin (second, columns, G_N_ELEMENTS (columns), &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  sluice_sink_abandon (second);

  add_pair (first, "1", "one");
  finish (first);
  assert_contents (fixture->path, "Id,Account.Name\r\n1,one\r\n");
}

static void
test_link (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *link_path = g_build_filename (fixture->folder, "link", NULL);
  g_autoptr(SluiceSink) sink = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_assert_cmpint (symlink (fixture->path, link_path), ==, 0);
  sink = sluice_file_sink_new (link_path, &csv);
  begin (sink);
  finish (sink);

  g_assert_true (g_file_test (link_path, G_FILE_TEST_IS_SYMLINK));
  assert_contents (fixture->path, "Id,Account.Name\r\n");
  g_unlink (link_path);
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "missing", "file.csv", NULL);
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (path, &csv);
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_sink_begin (sink, columns, G_N_ELEMENTS (columns), &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
}

/* A limit of the file's size acts as a disk that fills up in the middle. */
static void
test_full (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = sluice_file_sink_new (fixture->path, &csv);
  g_autoptr(SluiceSink) later = sluice_file_sink_new (fixture->path, &csv);
  g_autofree char *name = g_strnfill (40000, 'x');
  struct rlimit old;
  struct rlimit small;
  g_autoptr(GError) error = NULL;
  g_autofree char *state = NULL;

  begin (sink);
  add_pair (sink, "1", "one");
  checkpoint (sink, "after one");

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = 16384;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  add_pair (sink, "2", name);
  g_assert_false (sluice_sink_checkpoint (sink, "after two", &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  sluice_sink_abandon (sink);

  state = restore (later);
  g_assert_cmpstr (state, ==, "after one");
  begin (later);
  finish (later);
  assert_contents (fixture->path, "Id,Account.Name\r\n1,one\r\n");
}

static void
test_not_a_file (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceSink) sink = NULL;
  g_autoptr(GError) error = NULL;
  struct stat there;

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  sink = sluice_file_sink_new (fixture->path, &csv);

  g_assert_false (sluice_sink_begin (sink, columns, G_N_ELEMENTS (columns), &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_cmpint (stat (fixture->path, &there), ==, 0);
  g_assert_true (S_ISFIFO (there.st_mode));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/sync/row-text/csv", test_csv);
  ADD ("/sync/row-text/csv-guard", test_csv_guard);
  ADD ("/sync/row-text/json", test_json);
  ADD ("/sync/row-text/no-rows", test_no_rows);
  ADD ("/sync/row-text/only-null", test_only_null);
  ADD ("/sync/row-text/long-cell", test_long_cell);
  ADD ("/sync/stream-sink/full", test_stream_full);
  ADD ("/sync/stream-sink/cancelled", test_stream_cancelled);
  ADD ("/sync/file-sink/appears-when-whole", test_appears_when_whole);
  ADD ("/sync/file-sink/nothing-to-take-up", test_nothing_to_take_up);
  ADD ("/sync/file-sink/abandoned-early", test_abandoned_early);
  ADD ("/sync/file-sink/take-up", test_take_up);
  ADD ("/sync/file-sink/other-options", test_other_options);
  ADD ("/sync/file-sink/broken-journal", test_broken_journal);
  ADD ("/sync/file-sink/killed-at-the-end", test_killed_at_the_end);
  ADD ("/sync/file-sink/two-at-once", test_two_at_once);
  ADD ("/sync/file-sink/link", test_link);
  ADD ("/sync/file-sink/not-a-file", test_not_a_file);
  ADD ("/sync/file-sink/no-folder", test_no_folder);
  ADD ("/sync/file-sink/full", test_full);

  return g_test_run ();
}
