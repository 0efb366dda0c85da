/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-record-reader.h"

#include <glib/gi18n.h>
#include <string.h>
#include <yyjson.h>

#include "sluice-error.h"
#include "sluice-json-text.h"
#include "sluice-soql-columns.h"

/* How deep records may be nested: SOQL allows five levels of parents and of children. */
#define MAX_DEPTH 32

G_STATIC_ASSERT (SLUICE_RECORD_READER_PADDING >= YYJSON_PADDING_SIZE);

/* One column and the keys that lead to its value. */
typedef struct
{
  char **keys;
  guint n_keys;
} Path;

struct _SluiceRecordReader
{
  char **columns; /* (nullable): not known before the first record */
  Path *paths;
  guint n_columns;

  /* The page that was read last */
  yyjson_doc *document; /* (nullable) */
  GStringChunk *texts;
  GArray *cells;        /* (element-type SluiceCell) */
  SluiceRowBatch batch;
  gint64 total;
  char *next;           /* (nullable) */
  GArray *open;         /* (element-type SluiceOpenSubquery) */
};

static void
open_subquery_clear (gpointer data)
{
  SluiceOpenSubquery *self = data;

  g_free (self->next_records_url);
}

static void
set_columns (SluiceRecordReader *self,
             char              **columns) /* (transfer full) */
{
  self->columns = columns;
  self->n_columns = g_strv_length (columns);
  self->paths = g_new0 (Path, self->n_columns);

  for (guint i = 0; i < self->n_columns; i++)
    {
      self->paths[i].keys = g_strsplit (columns[i], ".", -1);
      self->paths[i].n_keys = g_strv_length (self->paths[i].keys);
    }
}

/**
 * sluice_record_reader_new:
 * @columns: (nullable) (array zero-terminated=1): the columns; %NULL takes the members of the first record
 *
 * Returns: (transfer full): a reader that has not read anything yet
 */
SluiceRecordReader *
sluice_record_reader_new (const char * const *columns)
{
  SluiceRecordReader *self = g_new0 (SluiceRecordReader, 1);

  self->total = -1;
  self->texts = g_string_chunk_new (16 * 1024);
  self->cells = g_array_new (FALSE, FALSE, sizeof (SluiceCell));
  self->open = g_array_new (FALSE, FALSE, sizeof (SluiceOpenSubquery));
  g_array_set_clear_func (self->open, open_subquery_clear);
  if (columns != NULL)
    set_columns (self, g_strdupv ((char **) columns));

  return self;
}

/**
 * sluice_record_reader_free:
 * @self: (transfer full): a reader
 *
 * Frees it, with its last batch.
 */
void
sluice_record_reader_free (SluiceRecordReader *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    g_strfreev (self->paths[i].keys);
  g_free (self->paths);
  g_strfreev (self->columns);
  g_clear_pointer (&self->document, yyjson_doc_free);
  g_string_chunk_free (self->texts);
  g_array_unref (self->cells);
  g_array_unref (self->open);
  g_free (self->next);
  g_free (self);
}

static gboolean
fail (GError     **error,
      const char  *detail)
{
  g_debug ("An answer of the query resource cannot be used: %s", detail);
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The answer of the org is no list of records. Try again; if it happens again, something "
                         "between this computer and Salesforce changes the answers."));

  return FALSE;
}

static gboolean
is_attributes (yyjson_val *key)
{
  return yyjson_equals_str (key, "attributes");
}

static gboolean
is_child_list (yyjson_val *value)
{
  return yyjson_is_obj (value) && yyjson_is_arr (yyjson_obj_get (value, "records"));
}

/* Values that stay JSON */

static void append_value (GString    *json,
                          yyjson_val *value,
                          guint       depth);

/* A record without what only programs want. */
static void
append_object (GString    *json,
               yyjson_val *object,
               guint       depth)
{
  yyjson_obj_iter iter = yyjson_obj_iter_with (object);
  gboolean first = TRUE;
  yyjson_val *key;

  g_string_append_c (json, '{');
  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      if (is_attributes (key))
        continue;
      if (!first)
        g_string_append_c (json, ',');
      first = FALSE;
      sluice_json_append_string (json, yyjson_get_str (key), yyjson_get_len (key));
      g_string_append_c (json, ':');
      append_value (json, yyjson_obj_iter_get_val (key), depth + 1);
    }
  g_string_append_c (json, '}');
}

static void
append_array (GString    *json,
              yyjson_val *array,
              guint       depth)
{
  yyjson_arr_iter iter = yyjson_arr_iter_with (array);
  gboolean first = TRUE;
  yyjson_val *value;

  while ((value = yyjson_arr_iter_next (&iter)) != NULL)
    {
      if (!first)
        g_string_append_c (json, ',');
      first = FALSE;
      append_value (json, value, depth + 1);
    }
}

static void
append_value (GString    *json,
              yyjson_val *value,
              guint       depth)
{
  yyjson_val *array;

  if (depth > MAX_DEPTH || yyjson_is_null (value))
    g_string_append (json, "null");
  else if (yyjson_is_raw (value))
    g_string_append_len (json, yyjson_get_raw (value), (gssize) yyjson_get_len (value));
  else if (yyjson_is_bool (value))
    g_string_append (json, yyjson_get_bool (value) ? "true" : "false");
  else if (yyjson_is_str (value))
    sluice_json_append_string (json, yyjson_get_str (value), yyjson_get_len (value));
  else if (yyjson_is_obj (value) && !is_child_list (value))
    append_object (json, value, depth);
  else
    {
      array = yyjson_is_obj (value) ? yyjson_obj_get (value, "records") : value;
      g_string_append_c (json, '[');
      append_array (json, array, depth);
      g_string_append_c (json, ']');
    }
}

/* Records */

/* Names are compared as Salesforce does: a query may spell them in any case. */
static yyjson_val *
find_member (yyjson_val *object,
             const char *name)
{
  yyjson_val *value = yyjson_obj_get (object, name);
  yyjson_obj_iter iter;
  yyjson_val *key;

  if (value != NULL)
    return value;

  iter = yyjson_obj_iter_with (object);
  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      if (g_ascii_strcasecmp (yyjson_get_str (key), name) == 0)
        return yyjson_obj_iter_get_val (key);
    }

  return NULL;
}

/* @iter remembers where the last column was: the answer has them in the query's order. */
static yyjson_val *
find_value (yyjson_val      *record,
            yyjson_obj_iter *iter,
            const Path      *path)
{
  yyjson_val *value = yyjson_obj_iter_get (iter, path->keys[0]);

  if (value == NULL)
    value = find_member (record, path->keys[0]);

  /* A grouped `Account.Name` is called `Name` in the answer. */
  if (value == NULL && path->n_keys > 1)
    return find_member (record, path->keys[path->n_keys - 1]);

  for (guint i = 1; i < path->n_keys; i++)
    value = yyjson_is_obj (value) ? find_member (value, path->keys[i]) : NULL;

  return value;
}

static void
set_cell (SluiceCell     *cell,
          const char     *text,
          gsize           length,
          SluiceCellKind  kind)
{
  cell->text = text;
  cell->length = (guint32) length;
  cell->kind = kind;
}

static void
read_cell (SluiceRecordReader *self,
           yyjson_val         *value,
           SluiceCell         *cell)
{
  g_autoptr(GString) json = NULL;

  if (value == NULL || yyjson_is_null (value))
    set_cell (cell, NULL, 0, SLUICE_CELL_NULL);
  else if (yyjson_is_str (value))
    set_cell (cell, yyjson_get_str (value), yyjson_get_len (value), SLUICE_CELL_TEXT);
  else if (yyjson_is_raw (value))
    set_cell (cell, yyjson_get_raw (value), yyjson_get_len (value), SLUICE_CELL_NUMBER);
  else if (yyjson_is_bool (value))
    set_cell (cell, yyjson_get_bool (value) ? "true" : "false", yyjson_get_bool (value) ? 4 : 5, SLUICE_CELL_BOOLEAN);
  else
    {
      json = g_string_new (NULL);
      append_value (json, value, 0);
      set_cell (cell, g_string_chunk_insert_len (self->texts, json->str, (gssize) json->len), json->len,
                SLUICE_CELL_JSON);
    }
}

static gboolean
note_open (SluiceRecordReader  *self,
           yyjson_val          *value,
           guint                row,
           guint                column,
           GError             **error)
{
  SluiceOpenSubquery open = { .row = row, .column = column };
  const char *next;

  if (!yyjson_is_obj (value) || !is_child_list (value) || !yyjson_is_false (yyjson_obj_get (value, "done")))
    return TRUE;

  next = yyjson_get_str (yyjson_obj_get (value, "nextRecordsUrl"));
  if (next == NULL)
    return fail (error, "a subquery has more, but not where");

  open.next_records_url = g_strdup (next);
  g_array_append_val (self->open, open);

  return TRUE;
}

static gboolean
read_record (SluiceRecordReader  *self,
             yyjson_val          *record,
             guint                row,
             GError             **error)
{
  SluiceCell *cells = &g_array_index (self->cells, SluiceCell, (gsize) row * self->n_columns);
  yyjson_obj_iter iter = yyjson_obj_iter_with (record);

  for (guint i = 0; i < self->n_columns; i++)
    {
      yyjson_val *value = find_value (record, &iter, &self->paths[i]);

      read_cell (self, value, &cells[i]);
      if (!note_open (self, value, row, i, error))
        return FALSE;
    }

  return TRUE;
}

/* Where nobody said what the columns are, the first record does. */
static void
read_columns (SluiceRecordReader *self,
              yyjson_val         *record)
{
  g_autoptr(GPtrArray) columns = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  yyjson_obj_iter iter = yyjson_obj_iter_with (record);
  yyjson_val *key;

  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      const char *name = yyjson_get_str (key);

      if (!is_attributes (key) && *name != '\0')
        g_ptr_array_add (columns, g_strdup (name));
    }

  set_columns (self, (char **) g_ptr_array_free (g_steal_pointer (&columns), FALSE));
}

static gboolean
is_count (SluiceRecordReader *self)
{
  return self->n_columns == 1 && strcmp (self->columns[0], SLUICE_SOQL_COUNT) == 0;
}

/* A count has a total and no records: the total is what was asked for. */
static void
add_count (SluiceRecordReader *self)
{
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, self->total);

  g_array_set_size (self->cells, 1);
  set_cell (&g_array_index (self->cells, SluiceCell, 0), g_string_chunk_insert (self->texts, count), strlen (count),
            SLUICE_CELL_NUMBER);
  self->batch.n_rows = 1;
}

static gboolean
read_records (SluiceRecordReader  *self,
              yyjson_val          *records,
              GError             **error)
{
  yyjson_arr_iter iter = yyjson_arr_iter_with (records);
  yyjson_val *record;
  guint row = 0;

  if (self->columns == NULL && yyjson_is_obj (yyjson_arr_get_first (records)))
    read_columns (self, yyjson_arr_get_first (records));
  if (self->n_columns == 0 && yyjson_arr_size (records) > 0)
    return fail (error, "a record has no members");

  g_array_set_size (self->cells, (guint) yyjson_arr_size (records) * self->n_columns);
  while ((record = yyjson_arr_iter_next (&iter)) != NULL)
    {
      if (!yyjson_is_obj (record))
        return fail (error, "a record is no object");
      if (!read_record (self, record, row++, error))
        return FALSE;
    }

  self->batch.n_rows = row;
  if (row == 0 && is_count (self))
    add_count (self);
  self->batch.cells = (const SluiceCell *) (gpointer) self->cells->data;
  self->batch.n_columns = self->n_columns;

  return TRUE;
}

static yyjson_val *
read_envelope (yyjson_doc  *document,
               gint64      *total, /* (optional) */
               char       **next,
               GError     **error)
{
  yyjson_val *root = yyjson_doc_get_root (document);
  yyjson_val *records = yyjson_obj_get (root, "records");
  yyjson_val *size = yyjson_obj_get (root, "totalSize");
  yyjson_val *done = yyjson_obj_get (root, "done");

  if (!yyjson_is_arr (records) || !yyjson_is_bool (done))
    {
      fail (error, "members are missing");
      return NULL;
    }

  if (total != NULL)
    *total = yyjson_is_raw (size) ? g_ascii_strtoll (yyjson_get_raw (size), NULL, 10) : -1;

  g_set_str (next, yyjson_get_bool (done) ? NULL : yyjson_get_str (yyjson_obj_get (root, "nextRecordsUrl")));
  if (!yyjson_get_bool (done) && *next == NULL)
    {
      fail (error, "there is more, but not where");
      return NULL;
    }

  return records;
}

/* Numbers as raw text, so that long ids and decimals are not rounded. */
static yyjson_doc *
read_document (char    *body,
               gsize    length,
               GError **error)
{
  yyjson_read_err problem;
  yyjson_doc *document = yyjson_read_opts (body, length, YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_INSITU, NULL, &problem);

  if (document == NULL)
    fail (error, problem.msg);

  return document;
}

/**
 * sluice_record_reader_parse:
 * @self: a reader
 * @body: (inout): an answer of `query`, `queryAll` or a `nextRecordsUrl`, with %SLUICE_RECORD_READER_PADDING zero bytes
 *   behind it; it is changed, and must stay until the batch is not needed any more
 * @length: its length in bytes, without what is behind
 * @error: %SLUICE_ERROR_PROTOCOL when this is no such answer
 *
 * Reads one page of records.
 *
 * Returns: whether there is a batch
 */
gboolean
sluice_record_reader_parse (SluiceRecordReader  *self,
                            char                *body,
                            gsize                length,
                            GError             **error)
{
  yyjson_val *records;

  g_clear_pointer (&self->document, yyjson_doc_free);
  g_string_chunk_clear (self->texts);
  g_array_set_size (self->open, 0);
  self->batch = (SluiceRowBatch) { 0, };

  self->document = read_document (body, length, error);
  if (self->document == NULL)
    return FALSE;

  records = read_envelope (self->document, &self->total, &self->next, error);

  return records != NULL && read_records (self, records, error);
}

/**
 * sluice_record_reader_get_columns:
 * @self: a reader
 *
 * Returns: (nullable) (array zero-terminated=1): their names; %NULL until they are known
 */
const char * const *
sluice_record_reader_get_columns (SluiceRecordReader *self)
{
  return (const char * const *) self->columns;
}

/**
 * sluice_record_reader_get_batch:
 * @self: a reader that has read a page
 *
 * Returns: (transfer none): its records, until the reader goes on
 */
const SluiceRowBatch *
sluice_record_reader_get_batch (SluiceRecordReader *self)
{
  return &self->batch;
}

/**
 * sluice_record_reader_get_total:
 * @self: a reader that has read a page
 *
 * Returns: how many records the query has, -1 when the org does not say
 */
gint64
sluice_record_reader_get_total (SluiceRecordReader *self)
{
  return self->total;
}

/**
 * sluice_record_reader_get_next:
 * @self: a reader that has read a page
 *
 * Returns: (nullable): where the next page is; %NULL after the last one
 */
const char *
sluice_record_reader_get_next (SluiceRecordReader *self)
{
  return self->next;
}

/**
 * sluice_record_reader_get_n_open:
 * @self: a reader that has read a page
 *
 * Returns: how many subqueries began in this page and have more rows elsewhere
 */
guint
sluice_record_reader_get_n_open (SluiceRecordReader *self)
{
  return self->open->len;
}

/**
 * sluice_record_reader_get_open:
 * @self: a reader
 * @i: which one
 *
 * Returns: (transfer none): a subquery; its address is %NULL when it has no more rows
 */
const SluiceOpenSubquery *
sluice_record_reader_get_open (SluiceRecordReader *self,
                               guint               i)
{
  return &g_array_index (self->open, SluiceOpenSubquery, i);
}

/* The cell is a JSON array, which grows. */
static void
extend_cell (SluiceRecordReader *self,
             SluiceCell         *cell,
             yyjson_val         *records)
{
  g_autoptr(GString) json = g_string_new_len (cell->text, (gssize) cell->length - 1);

  if (yyjson_arr_size (records) > 0 && json->len > 1)
    g_string_append_c (json, ',');
  append_array (json, records, 0);
  g_string_append_c (json, ']');
  set_cell (cell, g_string_chunk_insert_len (self->texts, json->str, (gssize) json->len), json->len, SLUICE_CELL_JSON);
}

/**
 * sluice_record_reader_continue_open:
 * @self: a reader
 * @i: which subquery
 * @body: (inout): the answer of its address, as for sluice_record_reader_parse()
 * @length: its length in bytes
 * @error: %SLUICE_ERROR_PROTOCOL when this is no such answer
 *
 * Adds rows to a subquery's cell; its address is the next one then.
 *
 * Returns: whether they were added
 */
gboolean
sluice_record_reader_continue_open (SluiceRecordReader  *self,
                                    guint                i,
                                    char                *body,
                                    gsize                length,
                                    GError             **error)
{
  SluiceOpenSubquery *open = &g_array_index (self->open, SluiceOpenSubquery, i);
  yyjson_doc *document = read_document (body, length, error);
  g_autofree char *next = NULL;
  yyjson_val *records;

  if (document == NULL)
    return FALSE;

  records = read_envelope (document, NULL, &next, error);
  if (records != NULL)
    {
      extend_cell (self, &g_array_index (self->cells, SluiceCell, (gsize) open->row * self->n_columns + open->column),
                   records);
      g_free (open->next_records_url);
      open->next_records_url = g_steal_pointer (&next);
    }
  yyjson_doc_free (document);

  return records != NULL;
}

/**
 * sluice_record_reader_find_next:
 * @head: the beginning of an answer
 * @length: how many bytes of it are there
 *
 * Looks for the address of the next page in what stands before the records, so
 * that it can be asked for early.
 *
 * Returns: (transfer full) (nullable): the address; %NULL when it is not found there, and perhaps nowhere
 */
char *
sluice_record_reader_find_next (const char *head,
                                gsize       length)
{
  static const char name[] = "\"nextRecordsUrl\":\"";
  const char *records = g_strstr_len (head, (gssize) length, "\"records\"");
  const char *end = records != NULL ? records : head + length;
  const char *start = g_strstr_len (head, end - head, name);
  const char *quote;

  if (start == NULL)
    return NULL;

  start += sizeof name - 1;
  quote = memchr (start, '"', (gsize) (end - start));
  if (quote == NULL || memchr (start, '\\', (gsize) (quote - start)) != NULL)
    return NULL;

  return g_strndup (start, (gsize) (quote - start));
}
