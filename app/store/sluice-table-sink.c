/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-table-sink.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <sqlite3.h>
#include <string.h>

#include "sluice-error.h"

/* Rows out of order are sorted before they are inserted, as many as this at once. */
#define SORT_ROWS 50000
#define SORT_BYTES (10 * 1024 * 1024)

/* Decimals that a double holds without loss. */
#define EXACT_DIGITS 15

/* Before the first table, because a page's size cannot be changed later. Pages and cache as measured: larger pages save a
 * quarter of the time; the cache keeps the key's pages when records come out of order. */
#define SETTINGS \
  "PRAGMA page_size = 16384;" \
  "PRAGMA journal_mode = TRUNCATE;" \
  "PRAGMA synchronous = NORMAL;" \
  "PRAGMA cache_size = -65536;" \
  "CREATE TABLE IF NOT EXISTS sluice_transfer (name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;"

struct _SluiceTableSink
{
  SluiceSink parent_instance;

  char *path;
  char *table;
  gboolean replace;

  sqlite3 *database;     /* (nullable) */
  sqlite3_stmt *insert;  /* (nullable) */
  gboolean restored;
  gboolean in_transaction;
  guint n_columns;
  guint key;             /* index of the key column, n_columns when there is none */

  /* Rows out of order that wait to be sorted */
  GArray *cells;         /* (element-type SluiceCell): `text` is an offset into @texts */
  GByteArray *texts;
  guint n_waiting;
  GByteArray *last_key;  /* of the last row that was inserted in order */
};

G_DEFINE_FINAL_TYPE (SluiceTableSink, sluice_table_sink, SLUICE_TYPE_SINK)

static void
set_disk_full (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                       _("The records cannot be written because the disk is full. Free some space, then try again."));
}

static void
explain_io (SluiceTableSink  *self,
            GError          **error)
{
  int code = sqlite3_system_errno (self->database);

  if (code == ENOSPC || code == EDQUOT)
    set_disk_full (error);
  else if (code == EFBIG)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 /* Translators: the path of a file */
                 _("“%s” has become as large as a file may be here. Write to another disk, or raise the limit "
                   "(see “ulimit -f”)."), self->path);
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 /* Translators: the path of a file, and the system's own text */
                 _("“%s” cannot be read or written (%s). Look whether its disk is in order, then try again."),
                 self->path, code != 0 ? g_strerror (code) : sqlite3_errmsg (self->database));
}

static gboolean
fail (SluiceTableSink  *self,
      int               code,
      GError          **error)
{
  const char *text = self->database != NULL ? sqlite3_errmsg (self->database) : sqlite3_errstr (code);

  switch (code & 0xff)
    {
    case SQLITE_FULL:
      set_disk_full (error);
      break;

    case SQLITE_IOERR:
      explain_io (self, error);
      break;

    case SQLITE_NOTADB:
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file */
                   _("“%s” is no SQLite database. Choose another file."), self->path);
      break;

    case SQLITE_BUSY:
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file */
                   _("Another program uses “%s” just now. Close it, or choose another file."), self->path);
      break;

    default:
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file, and SQLite's own text */
                   _("“%s” cannot be written (%s)."), self->path, text);
      break;
    }

  return FALSE;
}

static gboolean
run (SluiceTableSink  *self,
     const char       *sql,
     GError          **error)
{
  int code = sqlite3_exec (self->database, sql, NULL, NULL, NULL);

  return code == SQLITE_OK ? TRUE : fail (self, code, error);
}

static gboolean
prepare (SluiceTableSink  *self,
         const char       *sql,
         sqlite3_stmt    **statement,
         GError          **error)
{
  int code = sqlite3_prepare_v2 (self->database, sql, -1, statement, NULL);

  return code == SQLITE_OK ? TRUE : fail (self, code, error);
}

static gboolean
open_database (SluiceTableSink  *self,
               GError          **error)
{
  int code;

  if (self->database != NULL)
    return TRUE;

  code = sqlite3_open_v2 (self->path, &self->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (code != SQLITE_OK)
    return fail (self, code, error);
  sqlite3_busy_timeout (self->database, 2000);

  return run (self, SETTINGS, error);
}

static void
append_name (GString    *sql,
             const char *name)
{
  g_string_append_c (sql, '"');
  for (; *name != '\0'; name++)
    {
      if (*name == '"')
        g_string_append_c (sql, '"');
      g_string_append_c (sql, *name);
    }
  g_string_append_c (sql, '"');
}

/* Runs @sql with the table's name and perhaps a state, and reads its first value. */
static gboolean
ask (SluiceTableSink  *self,
     const char       *sql,
     const char       *state, /* (nullable) */
     char            **answer, /* (out) (optional) */
     GError          **error)
{
  sqlite3_stmt *statement = NULL;
  int code;

  if (!prepare (self, sql, &statement, error))
    return FALSE;

  sqlite3_bind_text (statement, 1, self->table, -1, SQLITE_STATIC);
  if (state != NULL)
    sqlite3_bind_text (statement, 2, state, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW && answer != NULL)
    *answer = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);

  return code == SQLITE_ROW || code == SQLITE_DONE ? TRUE : fail (self, code, error);
}

static gboolean
read_state (SluiceTableSink  *self,
            char            **state,
            GError          **error)
{
  return ask (self, "SELECT state FROM sluice_transfer WHERE name = ?1 COLLATE NOCASE", NULL, state, error);
}

static gboolean
has_table (SluiceTableSink  *self,
           gboolean         *exists,
           GError          **error)
{
  g_autofree char *name = NULL;

  if (!ask (self, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE",
            NULL, &name, error))
    return FALSE;
  *exists = name != NULL;

  return TRUE;
}

static gboolean
begin_transaction (SluiceTableSink  *self,
                   GError          **error)
{
  if (self->in_transaction)
    return TRUE;
  if (!run (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  self->in_transaction = TRUE;

  return TRUE;
}

static gboolean
commit (SluiceTableSink  *self,
        GError          **error)
{
  if (!run (self, "COMMIT", error))
    return FALSE;
  self->in_transaction = FALSE;

  return TRUE;
}

static gboolean
sluice_table_sink_restore (SluiceSink  *sink,
                           char       **state,
                           GError     **error)
{
  SluiceTableSink *self = SLUICE_TABLE_SINK (sink);
  g_autofree char *found = NULL;
  gboolean exists = FALSE;

  if (!open_database (self, error) ||
      !read_state (self, &found, error) ||
      !has_table (self, &exists, error))
    return FALSE;

  if (exists && found != NULL && *found != '\0')
    {
      self->restored = TRUE;
      *state = g_steal_pointer (&found);
    }

  return TRUE;
}

/* What only an interrupted run has left may go; what somebody may still want may not. */
static gboolean
make_room (SluiceTableSink  *self,
           GError          **error)
{
  g_autoptr(GString) sql = g_string_new ("DROP TABLE ");
  g_autofree char *state = NULL;
  gboolean exists = FALSE;

  if (!has_table (self, &exists, error) || !read_state (self, &state, error))
    return FALSE;
  if (!exists)
    return TRUE;

  if (!self->replace && state == NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file, and the name of a table in it */
                   _("“%s” has a table “%s” already. Choose another name, or say that it is to be replaced."),
                   self->path, self->table);
      return FALSE;
    }

  append_name (sql, self->table);

  return run (self, sql->str, error);
}

static gboolean
create_table (SluiceTableSink     *self,
              const char * const  *columns,
              GError             **error)
{
  g_autoptr(GString) sql = g_string_new ("CREATE TABLE ");

  append_name (sql, self->table);
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_string_append (sql, i == 0 ? " (" : ", ");
      append_name (sql, columns[i]);
      if (i == self->key)
        g_string_append (sql, " TEXT PRIMARY KEY NOT NULL");
    }
  g_string_append_c (sql, ')');

  return make_room (self, error) &&
         run (self, sql->str, error) &&
         ask (self, "INSERT OR REPLACE INTO sluice_transfer VALUES (?1, '')", NULL, NULL, error);
}

static gboolean
prepare_insert (SluiceTableSink  *self,
                GError          **error)
{
  g_autoptr(GString) sql = g_string_new ("INSERT INTO ");

  append_name (sql, self->table);
  for (guint i = 0; i < self->n_columns; i++)
    g_string_append (sql, i == 0 ? " VALUES (?" : ",?");
  g_string_append_c (sql, ')');

  return prepare (self, sql->str, &self->insert, error);
}

static gboolean
sluice_table_sink_begin (SluiceSink          *sink,
                         const char * const  *columns,
                         guint                n_columns,
                         GError             **error)
{
  SluiceTableSink *self = SLUICE_TABLE_SINK (sink);

  self->n_columns = n_columns;
  self->key = 0;
  while (self->key < n_columns && g_ascii_strcasecmp (columns[self->key], "Id") != 0)
    self->key++;

  if (!open_database (self, error) || !begin_transaction (self, error))
    return FALSE;
  if (!self->restored && !create_table (self, columns, error))
    return FALSE;

  return prepare_insert (self, error);
}

/* A number that a double cannot hold is kept as the text that it is. */
static void
bind_number (SluiceTableSink  *self,
             int               place,
             const SluiceCell *cell)
{
  char text[32];
  gboolean is_integer = TRUE;
  guint digits = 0;

  for (guint32 i = 0; i < cell->length; i++)
    {
      if (g_ascii_isdigit (cell->text[i]))
        digits++;
      else if (cell->text[i] != '-' || i > 0)
        is_integer = FALSE;
    }

  if (cell->length >= sizeof text || digits > (is_integer ? 18 : EXACT_DIGITS))
    {
      sqlite3_bind_text (self->insert, place, cell->text, (int) cell->length, SQLITE_STATIC);
      return;
    }

  memcpy (text, cell->text, cell->length);
  text[cell->length] = '\0';
  if (is_integer)
    sqlite3_bind_int64 (self->insert, place, g_ascii_strtoll (text, NULL, 10));
  else
    sqlite3_bind_double (self->insert, place, g_ascii_strtod (text, NULL));
}

static void
bind_cell (SluiceTableSink  *self,
           int               place,
           const SluiceCell *cell)
{
  switch (cell->kind)
    {
    case SLUICE_CELL_NULL:
      sqlite3_bind_null (self->insert, place);
      break;

    case SLUICE_CELL_NUMBER:
      bind_number (self, place, cell);
      break;

    case SLUICE_CELL_BOOLEAN:
      sqlite3_bind_int (self->insert, place, cell->length > 0 && cell->text[0] == 't');
      break;

    case SLUICE_CELL_TEXT:
    case SLUICE_CELL_JSON:
    default:
      sqlite3_bind_text (self->insert, place, cell->text, (int) cell->length, SQLITE_STATIC);
      break;
    }
}

static gboolean
insert_row (SluiceTableSink   *self,
            const SluiceCell  *cells,
            GError           **error)
{
  int code;

  for (guint i = 0; i < self->n_columns; i++)
    bind_cell (self, (int) i + 1, &cells[i]);

  code = sqlite3_step (self->insert);
  sqlite3_reset (self->insert);
  if (code == SQLITE_DONE)
    return TRUE;

  if ((code & 0xff) == SQLITE_CONSTRAINT && self->key < self->n_columns)
    {
      g_autofree char *id = g_strndup (cells[self->key].text, cells[self->key].length);

      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                   /* Translators: the id of a record */
                   _("The org sent the record “%s” twice, or without an id. Run the query again."), id);
      return FALSE;
    }

  return fail (self, code, error);
}

/* Rows out of order: random places in the key's tree cost three times as much as rising ones. */

static int
compare_keys (const char *a,
              gsize       a_length,
              const char *b,
              gsize       b_length)
{
  gsize length = MIN (a_length, b_length);
  int order = length > 0 ? memcmp (a, b, length) : 0;

  if (order != 0)
    return order;

  return a_length < b_length ? -1 : a_length > b_length;
}

static const SluiceCell *
get_waiting (SluiceTableSink *self,
             guint            row)
{
  return &g_array_index (self->cells, SluiceCell, (gsize) row * self->n_columns);
}

static int
compare_waiting (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  SluiceTableSink *self = user_data;
  const SluiceCell *a_key = get_waiting (self, *(const guint *) a) + self->key;
  const SluiceCell *b_key = get_waiting (self, *(const guint *) b) + self->key;

  return compare_keys (a_key->text, a_key->length, b_key->text, b_key->length);
}

/* The bytes have moved while more were added. */
static void
point_to_texts (SluiceTableSink *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      SluiceCell *cell = &g_array_index (self->cells, SluiceCell, i);

      cell->text = (const char *) self->texts->data + GPOINTER_TO_SIZE (cell->text);
    }
}

static gboolean
insert_waiting (SluiceTableSink  *self,
                GError          **error)
{
  g_autofree guint *order = NULL;

  if (self->n_waiting == 0)
    return TRUE;

  point_to_texts (self);
  order = g_new (guint, self->n_waiting);
  for (guint i = 0; i < self->n_waiting; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) self->n_waiting, sizeof *order, compare_waiting, self);

  for (guint i = 0; i < self->n_waiting; i++)
    {
      if (!insert_row (self, get_waiting (self, order[i]), error))
        return FALSE;
    }

  g_array_set_size (self->cells, 0);
  g_byte_array_set_size (self->texts, 0);
  self->n_waiting = 0;

  return TRUE;
}

static void
keep_waiting (SluiceTableSink  *self,
              const SluiceCell *cells)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      SluiceCell cell = cells[i];

      cell.text = GSIZE_TO_POINTER (self->texts->len);
      g_byte_array_append (self->texts, (const guint8 *) cells[i].text, cells[i].length);
      g_array_append_val (self->cells, cell);
    }
  self->n_waiting++;
}

static gboolean
is_rising (SluiceTableSink  *self,
           const SluiceCell *key)
{
  return compare_keys ((const char *) self->last_key->data, self->last_key->len, key->text, key->length) < 0;
}

static gboolean
add_row (SluiceTableSink   *self,
         const SluiceCell  *cells,
         GError           **error)
{
  const SluiceCell *key = &cells[self->key];

  if (self->key == self->n_columns)
    return insert_row (self, cells, error);

  if (self->n_waiting == 0 && is_rising (self, key))
    {
      g_byte_array_set_size (self->last_key, key->length);
      if (key->length > 0)
        memcpy (self->last_key->data, key->text, key->length);
      return insert_row (self, cells, error);
    }

  keep_waiting (self, cells);
  if (self->n_waiting < SORT_ROWS && self->texts->len < SORT_BYTES)
    return TRUE;

  return insert_waiting (self, error);
}

static gboolean
sluice_table_sink_add (SluiceSink            *sink,
                       const SluiceRowBatch  *batch,
                       GError               **error)
{
  SluiceTableSink *self = SLUICE_TABLE_SINK (sink);

  if (!begin_transaction (self, error))
    return FALSE;

  for (guint i = 0; i < batch->n_rows; i++)
    {
      if (!add_row (self, sluice_row_batch_get_row (batch, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
sluice_table_sink_checkpoint (SluiceSink  *sink,
                              const char  *state,
                              GError     **error)
{
  SluiceTableSink *self = SLUICE_TABLE_SINK (sink);

  return begin_transaction (self, error) &&
         insert_waiting (self, error) &&
         ask (self, "INSERT OR REPLACE INTO sluice_transfer VALUES (?1, ?2)", state, NULL, error) &&
         commit (self, error);
}

static gboolean
sluice_table_sink_finish (SluiceSink  *sink,
                          GError     **error)
{
  SluiceTableSink *self = SLUICE_TABLE_SINK (sink);
  g_autofree char *other = NULL;

  if (!begin_transaction (self, error) ||
      !insert_waiting (self, error) ||
      !ask (self, "DELETE FROM sluice_transfer WHERE name = ?1 COLLATE NOCASE", NULL, NULL, error) ||
      !ask (self, "SELECT name FROM sluice_transfer WHERE name <> ?1 LIMIT 1", NULL, &other, error))
    return FALSE;

  if (other == NULL && !run (self, "DROP TABLE sluice_transfer", error))
    return FALSE;

  return commit (self, error) && run (self, "PRAGMA journal_mode = DELETE", error);
}

static void
close_database (SluiceTableSink *self)
{
  g_clear_pointer (&self->insert, sqlite3_finalize);
  if (self->in_transaction)
    sqlite3_exec (self->database, "ROLLBACK", NULL, NULL, NULL);
  self->in_transaction = FALSE;
  g_clear_pointer (&self->database, sqlite3_close);
}

static void
sluice_table_sink_abandon (SluiceSink *sink)
{
  close_database (SLUICE_TABLE_SINK (sink));
}

static void
sluice_table_sink_finalize (GObject *object)
{
  SluiceTableSink *self = SLUICE_TABLE_SINK (object);

  close_database (self);
  g_array_unref (self->cells);
  g_byte_array_unref (self->texts);
  g_byte_array_unref (self->last_key);
  g_free (self->path);
  g_free (self->table);

  G_OBJECT_CLASS (sluice_table_sink_parent_class)->finalize (object);
}

static void
sluice_table_sink_class_init (SluiceTableSinkClass *klass)
{
  SluiceSinkClass *sink_class = SLUICE_SINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sluice_table_sink_finalize;

  sink_class->restore = sluice_table_sink_restore;
  sink_class->begin = sluice_table_sink_begin;
  sink_class->add = sluice_table_sink_add;
  sink_class->checkpoint = sluice_table_sink_checkpoint;
  sink_class->finish = sluice_table_sink_finish;
  sink_class->abandon = sluice_table_sink_abandon;
}

static void
sluice_table_sink_init (SluiceTableSink *self)
{
  self->cells = g_array_new (FALSE, FALSE, sizeof (SluiceCell));
  self->texts = g_byte_array_new ();
  self->last_key = g_byte_array_new ();
}

/**
 * sluice_table_sink_new:
 * @path: the database, there or not
 * @table: the table's name
 * @replace: whether a table of that name may be replaced; otherwise that is an error
 *
 * Returns: (transfer full): a sink that has not touched anything yet
 */
SluiceSink *
sluice_table_sink_new (const char *path,
                       const char *table,
                       gboolean    replace)
{
  SluiceTableSink *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (table != NULL && *table != '\0', NULL);

  self = g_object_new (SLUICE_TYPE_TABLE_SINK, NULL);
  self->path = g_strdup (path);
  self->table = g_strdup (table);
  self->replace = replace;

  return SLUICE_SINK (self);
}
