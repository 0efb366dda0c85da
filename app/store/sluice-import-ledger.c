/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-ledger.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "sluice-error.h"

#define VERSION "1"

/* Only what is in flight is looked for by content and by key, so these indexes stay as small as one job. FULL, because a
 * row that was sent must not be forgotten even when the power goes. */
#define SETTINGS \
  "PRAGMA page_size = 16384;" \
  "PRAGMA journal_mode = WAL;" \
  "PRAGMA synchronous = FULL;" \
  "PRAGMA cache_size = -32768;" \
  "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, text TEXT NOT NULL);" \
  "CREATE TABLE IF NOT EXISTS rows (row INTEGER PRIMARY KEY, content INTEGER, key INTEGER, outcome INTEGER NOT NULL," \
  "  id TEXT, created INTEGER, problem TEXT);" \
  "CREATE INDEX IF NOT EXISTS in_flight_content ON rows (content, row) WHERE outcome = 1;" \
  "CREATE INDEX IF NOT EXISTS in_flight_key ON rows (key, row) WHERE outcome = 1;" \
  "CREATE INDEX IF NOT EXISTS outcomes ON rows (outcome);" \
  "CREATE TABLE IF NOT EXISTS ids (id TEXT PRIMARY KEY);"

typedef enum
{
  SET_TEXT,
  GET_TEXT,
  PUT,
  SETTLE,
  MATCH_CONTENT,
  MATCH_KEY,
  TURN,
  FIND,
  COUNT,
  NOTE_ID,
  N_STATEMENTS,
} Statement;

static const char * const statements[] = {
  [SET_TEXT] = "INSERT OR REPLACE INTO state (name, text) VALUES (?1, ?2)",
  [GET_TEXT] = "SELECT text FROM state WHERE name = ?1",
  [PUT] = "INSERT OR REPLACE INTO rows (row, content, key, outcome) VALUES (?1, ?2, ?3, 1)",
  [SETTLE] = "INSERT OR REPLACE INTO rows (row, outcome, id, created, problem) VALUES (?1, ?2, ?3, ?4, ?5)",
  [MATCH_CONTENT] = "SELECT row FROM rows WHERE outcome = 1 AND content = ?1 ORDER BY row LIMIT 1",
  [MATCH_KEY] = "SELECT row FROM rows WHERE outcome = 1 AND key = ?1 ORDER BY row LIMIT 1",
  [TURN] = "UPDATE rows SET outcome = ?2, problem = ?3 WHERE outcome = ?1",
  [FIND] = "SELECT outcome, id, created, problem FROM rows WHERE row = ?1",
  [COUNT] = "SELECT outcome, count(*) FROM rows GROUP BY outcome",
  [NOTE_ID] = "INSERT OR IGNORE INTO ids (id) VALUES (?1)",
};

struct _SluiceImportLedger
{
  char *path;
  sqlite3 *database;
  sqlite3_stmt *statements[N_STATEMENTS];
};

static gboolean
fail (SluiceImportLedger  *self,
      int                  code,
      GError             **error)
{
  const char *text = self->database != NULL ? sqlite3_errmsg (self->database) : sqlite3_errstr (code);

  switch (code & 0xff)
    {
    case SQLITE_FULL:
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                           _("The records cannot be written because the disk is full. Free some space, then try again."));
      break;

    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file */
                   _("“%s”, which remembers how far the import is, is damaged. Look in the org what was written; then "
                     "remove the file to start anew."), self->path);
      break;

    case SQLITE_BUSY:
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file */
                   _("This file is being imported already: another program uses “%s”. Wait until it is done."),
                   self->path);
      break;

    default:
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file, and SQLite's own text */
                   _("“%s” cannot be written: %s"), self->path, text);
      break;
    }

  return FALSE;
}

static gboolean
run (SluiceImportLedger  *self,
     const char          *sql,
     GError             **error)
{
  int code = sqlite3_exec (self->database, sql, NULL, NULL, NULL);

  return code == SQLITE_OK ? TRUE : fail (self, code, error);
}

/* Whether there is a row is told by @has_row when that is wanted. */
static gboolean
step (SluiceImportLedger  *self,
      Statement            which,
      gboolean            *has_row,
      GError             **error)
{
  sqlite3_stmt *statement = self->statements[which];
  int code = sqlite3_step (statement);

  if (has_row != NULL)
    *has_row = code == SQLITE_ROW;

  if (code != SQLITE_ROW)
    sqlite3_reset (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE ? TRUE : fail (self, code, error);
}

static gboolean
prepare (SluiceImportLedger  *self,
         GError             **error)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      int code = sqlite3_prepare_v3 (self->database, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &self->statements[i],
                                     NULL);

      if (code != SQLITE_OK)
        return fail (self, code, error);
    }

  return TRUE;
}

static gboolean
check_version (SluiceImportLedger  *self,
               GError             **error)
{
  g_autofree char *version = sluice_import_ledger_dup_text (self, "version");

  if (version == NULL)
    return sluice_import_ledger_set_text (self, "version", VERSION, error);

  if (strcmp (version, VERSION) == 0)
    return TRUE;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
               /* Translators: the path of a file */
               _("“%s” is from another version of this program. Finish that import with the other version."),
               self->path);

  return FALSE;
}

/**
 * sluice_import_ledger_open:
 * @path: a file, which is made when it is not there, readable by its owner only
 * @error: %SLUICE_ERROR_STORAGE: it cannot be used, or somebody else uses it
 *
 * Opens a ledger, for this process alone.
 *
 * Returns: (transfer full) (nullable): the ledger
 */
SluiceImportLedger *
sluice_import_ledger_open (const char  *path,
                           GError     **error)
{
  g_autoptr(SluiceImportLedger) self = NULL;
  int code;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (SluiceImportLedger, 1);
  self->path = g_strdup (path);

  /* SQLite gives its other files the mode of this one. */
  fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_close (fd, NULL);

  code = sqlite3_open_v2 (path, &self->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      fail (self, code, error);
      return NULL;
    }

  if (!run (self, "PRAGMA locking_mode = EXCLUSIVE;" SETTINGS, error) || !prepare (self, error) ||
      !check_version (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * sluice_import_ledger_is_in_use:
 * @path: a file
 *
 * Returns: whether somebody else works with the ledger just now; one that is not there or damaged is in nobody's use
 */
gboolean
sluice_import_ledger_is_in_use (const char *path)
{
  sqlite3 *database = NULL;
  int code;

  g_return_val_if_fail (path != NULL, FALSE);

  code = sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec (database, "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (database);

  return (code & 0xff) == SQLITE_BUSY;
}

/**
 * sluice_import_ledger_free:
 * @self: (transfer full): a ledger
 *
 * Closes the ledger. What was not committed is gone.
 */
void
sluice_import_ledger_free (SluiceImportLedger *self)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (self->statements[i]);
  sqlite3_close (self->database);
  g_free (self->path);
  g_free (self);
}

/**
 * sluice_import_ledger_begin:
 * @self: a ledger
 * @error: why not
 *
 * Begins changes that belong together.
 *
 * Returns: whether they may come
 */
gboolean
sluice_import_ledger_begin (SluiceImportLedger  *self,
                            GError             **error)
{
  return run (self, "BEGIN IMMEDIATE", error);
}

/**
 * sluice_import_ledger_commit:
 * @self: a ledger
 * @error: why not
 *
 * Returns: whether all that came since sluice_import_ledger_begin() is on the disk
 */
gboolean
sluice_import_ledger_commit (SluiceImportLedger  *self,
                             GError             **error)
{
  return run (self, "COMMIT", error);
}

/**
 * sluice_import_ledger_roll_back:
 * @self: a ledger
 *
 * Forgets what came since sluice_import_ledger_begin(), if anything did.
 */
void
sluice_import_ledger_roll_back (SluiceImportLedger *self)
{
  if (!sqlite3_get_autocommit (self->database))
    sqlite3_exec (self->database, "ROLLBACK", NULL, NULL, NULL);
}

/**
 * sluice_import_ledger_set_text:
 * @self: a ledger
 * @name: what
 * @text: its value
 * @error: why not
 *
 * Remembers something about the import as a whole.
 *
 * Returns: whether it is remembered
 */
gboolean
sluice_import_ledger_set_text (SluiceImportLedger  *self,
                               const char          *name,
                               const char          *text,
                               GError             **error)
{
  sqlite3_bind_text (self->statements[SET_TEXT], 1, name, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->statements[SET_TEXT], 2, text, -1, SQLITE_TRANSIENT);

  return step (self, SET_TEXT, NULL, error);
}

/**
 * sluice_import_ledger_dup_text:
 * @self: a ledger
 * @name: what
 *
 * Returns: (transfer full) (nullable): what was remembered
 */
char *
sluice_import_ledger_dup_text (SluiceImportLedger *self,
                               const char         *name)
{
  gboolean has_row = FALSE;
  char *text = NULL;

  sqlite3_bind_text (self->statements[GET_TEXT], 1, name, -1, SQLITE_TRANSIENT);
  if (step (self, GET_TEXT, &has_row, NULL) && has_row)
    text = g_strdup ((const char *) sqlite3_column_text (self->statements[GET_TEXT], 0));
  sqlite3_reset (self->statements[GET_TEXT]);

  return text;
}

/**
 * sluice_import_ledger_put:
 * @self: a ledger
 * @row: the number of a row in the file
 * @content: a number that its values make
 * @key: a number that its key makes, 0 = it has none
 * @error: why not
 *
 * Notes that a row is about to be sent.
 *
 * Returns: whether it is noted
 */
gboolean
sluice_import_ledger_put (SluiceImportLedger  *self,
                          guint64              row,
                          guint64              content,
                          guint64              key,
                          GError             **error)
{
  sqlite3_stmt *statement = self->statements[PUT];

  sqlite3_bind_int64 (statement, 1, (gint64) row);
  sqlite3_bind_int64 (statement, 2, (gint64) content);
  if (key != 0)
    sqlite3_bind_int64 (statement, 3, (gint64) key);
  else
    sqlite3_bind_null (statement, 3);

  return step (self, PUT, NULL, error);
}

/**
 * sluice_import_ledger_settle:
 * @self: a ledger
 * @row: the number of a row in the file
 * @entry: what became of it
 * @error: why not
 *
 * Notes what became of a row.
 *
 * Returns: whether it is noted
 */
gboolean
sluice_import_ledger_settle (SluiceImportLedger     *self,
                             guint64                 row,
                             const SluiceLedgerRow  *entry,
                             GError                **error)
{
  sqlite3_stmt *statement = self->statements[SETTLE];

  sqlite3_bind_int64 (statement, 1, (gint64) row);
  sqlite3_bind_int (statement, 2, (int) entry->outcome);
  sqlite3_bind_text (statement, 3, entry->id, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int (statement, 4, entry->created);
  sqlite3_bind_text (statement, 5, entry->problem, -1, SQLITE_TRANSIENT);

  return step (self, SETTLE, NULL, error);
}

static gboolean
match (SluiceImportLedger  *self,
       Statement            which,
       guint64              number,
       guint64             *row,
       gboolean            *found,
       GError             **error)
{
  gboolean success;

  sqlite3_bind_int64 (self->statements[which], 1, (gint64) number);
  success = step (self, which, found, error);
  if (success && *found)
    *row = (guint64) sqlite3_column_int64 (self->statements[which], 0);
  sqlite3_reset (self->statements[which]);

  return success;
}

/**
 * sluice_import_ledger_settle_match:
 * @self: a ledger
 * @content: a number that the values of a row make
 * @key: a number that its key makes, 0 = it has none
 * @entry: what became of it
 * @found: (out): whether such a row was in flight
 * @error: why not
 *
 * Notes what became of a row of which only the values are known. Of rows with
 * the same values, which nothing tells apart, the first in flight is meant;
 * when the service wrote the values otherwise than they were sent, the first
 * with that key is.
 *
 * Returns: whether the ledger works
 */
gboolean
sluice_import_ledger_settle_match (SluiceImportLedger     *self,
                                   guint64                 content,
                                   guint64                 key,
                                   const SluiceLedgerRow  *entry,
                                   gboolean               *found,
                                   GError                **error)
{
  guint64 row = 0;

  if (!match (self, MATCH_CONTENT, content, &row, found, error))
    return FALSE;
  if (!*found && key != 0 && !match (self, MATCH_KEY, key, &row, found, error))
    return FALSE;

  return !*found || sluice_import_ledger_settle (self, row, entry, error);
}

/**
 * sluice_import_ledger_turn:
 * @self: a ledger
 * @from: what rows are
 * @to: what they become
 * @problem: (nullable): why
 * @n_rows: (out) (optional): how many they are
 * @error: why not
 *
 * Notes the same for all rows of a kind.
 *
 * Returns: whether it is noted
 */
gboolean
sluice_import_ledger_turn (SluiceImportLedger  *self,
                           SluiceRowOutcome     from,
                           SluiceRowOutcome     to,
                           const char          *problem,
                           guint64             *n_rows,
                           GError             **error)
{
  sqlite3_stmt *statement = self->statements[TURN];

  sqlite3_bind_int (statement, 1, (int) from);
  sqlite3_bind_int (statement, 2, (int) to);
  sqlite3_bind_text (statement, 3, problem, -1, SQLITE_TRANSIENT);
  if (!step (self, TURN, NULL, error))
    return FALSE;

  if (n_rows != NULL)
    *n_rows = (guint64) sqlite3_changes64 (self->database);

  return TRUE;
}

/**
 * sluice_import_ledger_find:
 * @self: a ledger
 * @row: the number of a row in the file
 * @entry: (out): what became of it; pending when nothing is known
 * @error: why not
 *
 * Returns: whether the ledger works
 */
gboolean
sluice_import_ledger_find (SluiceImportLedger  *self,
                           guint64              row,
                           SluiceLedgerRow     *entry,
                           GError             **error)
{
  sqlite3_stmt *statement = self->statements[FIND];
  gboolean has_row;

  *entry = (SluiceLedgerRow) { .outcome = SLUICE_ROW_PENDING };

  /* The texts of the row before are let go only here. */
  sqlite3_reset (statement);
  sqlite3_bind_int64 (statement, 1, (gint64) row);
  if (!step (self, FIND, &has_row, error))
    return FALSE;

  if (has_row)
    {
      entry->outcome = (SluiceRowOutcome) sqlite3_column_int (statement, 0);
      entry->id = (const char *) sqlite3_column_text (statement, 1);
      entry->created = sqlite3_column_int (statement, 2);
      entry->problem = (const char *) sqlite3_column_text (statement, 3);
    }

  return TRUE;
}

/**
 * sluice_import_ledger_count:
 * @self: a ledger
 * @counts: (out): how many rows there are of each kind
 * @error: why not
 *
 * Returns: whether the ledger works
 */
gboolean
sluice_import_ledger_count (SluiceImportLedger  *self,
                            guint64              counts[SLUICE_N_ROW_OUTCOMES],
                            GError             **error)
{
  gboolean has_row;

  memset (counts, 0, sizeof (guint64) * SLUICE_N_ROW_OUTCOMES);
  do
    {
      int outcome;

      if (!step (self, COUNT, &has_row, error))
        return FALSE;

      outcome = has_row ? sqlite3_column_int (self->statements[COUNT], 0) : -1;
      if (outcome >= 0 && outcome < SLUICE_N_ROW_OUTCOMES)
        counts[outcome] = (guint64) sqlite3_column_int64 (self->statements[COUNT], 1);
    }
  while (has_row);

  return TRUE;
}

/**
 * sluice_import_ledger_note_id:
 * @self: a ledger
 * @id: a record
 * @is_new: (out): whether it was not noted before
 * @error: why not
 *
 * Remembers a record whose former values are kept already: only the first
 * values that were read are those of before the import.
 *
 * Returns: whether it is remembered
 */
gboolean
sluice_import_ledger_note_id (SluiceImportLedger  *self,
                              const char          *id,
                              gboolean            *is_new,
                              GError             **error)
{
  sqlite3_bind_text (self->statements[NOTE_ID], 1, id, -1, SQLITE_TRANSIENT);
  if (!step (self, NOTE_ID, NULL, error))
    return FALSE;

  *is_new = sqlite3_changes (self->database) > 0;

  return TRUE;
}
