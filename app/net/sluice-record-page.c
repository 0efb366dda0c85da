/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-record-page.h"

#include <glib/gi18n.h>
#include <string.h>
#include <yyjson.h>

#include "sluice-error.h"
#include "sluice-json-text.h"

/* How deep records may be nested: SOQL allows five levels of parents and of children. */
#define MAX_DEPTH 32

/* The cells point into the parsed answer; what is made from it lives beside it. */
typedef struct
{
  yyjson_doc *document;
  GStringChunk *texts;
} Storage;

/* One column and the keys that lead to its value. */
typedef struct
{
  char **keys;
  guint n_keys;
} Path;

static void
storage_free (gpointer data)
{
  Storage *self = data;

  yyjson_doc_free (self->document);
  g_string_chunk_free (self->texts);
  g_free (self);
}

/**
 * sluice_query_page_free:
 * @page: (transfer full): a page
 *
 * Frees the page with all its cells.
 */
void
sluice_query_page_free (SluiceQueryPage *page)
{
  g_strfreev (page->columns);
  g_clear_pointer (&page->rows, g_ptr_array_unref);
  g_free (page->kinds);
  if (page->free_storage != NULL)
    page->free_storage (page->storage);
  g_free (page);
}

/**
 * sluice_record_page_free:
 * @self: (transfer full): what an answer said
 *
 * Frees it.
 */
void
sluice_record_page_free (SluiceRecordPage *self)
{
  g_clear_pointer (&self->page, sluice_query_page_free);
  g_clear_pointer (&self->incomplete, g_array_unref);
  g_free (self->child_records);
  g_free (self->next_records_url);
  g_free (self);
}

static void
child_pages_clear (gpointer data)
{
  SluiceChildPages *self = data;

  g_free (self->next_records_url);
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
  yyjson_val *value;

  while ((value = yyjson_arr_iter_next (&iter)) != NULL)
    {
      if (json->len > 0 && json->str[json->len - 1] != '[')
        g_string_append_c (json, ',');
      append_value (json, value, depth + 1);
    }
}

static void
append_value (GString    *json,
              yyjson_val *value,
              guint       depth)
{
  if (depth > MAX_DEPTH || yyjson_is_null (value))
    g_string_append (json, "null");
  else if (yyjson_is_raw (value))
    g_string_append_len (json, yyjson_get_raw (value), (gssize) yyjson_get_len (value));
  else if (yyjson_is_bool (value))
    g_string_append (json, yyjson_get_bool (value) ? "true" : "false");
  else if (yyjson_is_str (value))
    sluice_json_append_string (json, yyjson_get_str (value), yyjson_get_len (value));
  else
    {
      yyjson_val *array = is_child_list (value) ? yyjson_obj_get (value, "records") : value;

      if (yyjson_is_obj (array))
        append_object (json, array, depth);
      else
        {
          g_string_append_c (json, '[');
          append_array (json, array, depth);
          g_string_append_c (json, ']');
        }
    }
}

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

static yyjson_val *
find_value (yyjson_val *record,
            const Path *path)
{
  yyjson_val *value = record;

  for (guint i = 0; i < path->n_keys; i++)
    {
      yyjson_val *member = yyjson_is_obj (value) ? find_member (value, path->keys[i]) : NULL;

      /* A grouped `Account.Name` is called `Name` in the answer. */
      if (member == NULL && i == 0 && path->n_keys > 1)
        return find_member (record, path->keys[path->n_keys - 1]);
      value = member;
    }

  return value;
}

static char *
read_cell (Storage    *storage,
           yyjson_val *value,
           guint8     *kind)
{
  g_autoptr(GString) json = NULL;

  *kind = SLUICE_CELL_NULL;
  if (value == NULL || yyjson_is_null (value))
    return NULL;

  if (yyjson_is_str (value))
    {
      *kind = SLUICE_CELL_TEXT;
      return (char *) yyjson_get_str (value);
    }
  if (yyjson_is_raw (value))
    {
      *kind = SLUICE_CELL_NUMBER;
      return g_string_chunk_insert_len (storage->texts, yyjson_get_raw (value), (gssize) yyjson_get_len (value));
    }
  if (yyjson_is_bool (value))
    {
      *kind = SLUICE_CELL_BOOLEAN;
      return (char *) (yyjson_get_bool (value) ? "true" : "false");
    }

  *kind = SLUICE_CELL_JSON;
  json = g_string_new (NULL);
  append_value (json, value, 0);

  return g_string_chunk_insert_len (storage->texts, json->str, (gssize) json->len);
}

static Path *
make_paths (const char * const *columns,
            guint               n_columns)
{
  Path *paths = g_new0 (Path, n_columns);

  for (guint i = 0; i < n_columns; i++)
    {
      paths[i].keys = g_strsplit (columns[i], ".", -1);
      paths[i].n_keys = g_strv_length (paths[i].keys);
    }

  return paths;
}

static void
free_paths (Path  *paths,
            guint  n_paths)
{
  for (guint i = 0; i < n_paths; i++)
    g_strfreev (paths[i].keys);
  g_free (paths);
}

/* Where nobody said what the columns are, the first record does. */
static char **
read_columns (yyjson_val *records)
{
  g_autoptr(GPtrArray) columns = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  yyjson_val *record = yyjson_arr_get_first (records);

  if (yyjson_is_obj (record))
    {
      yyjson_obj_iter iter = yyjson_obj_iter_with (record);
      yyjson_val *key;

      while ((key = yyjson_obj_iter_next (&iter)) != NULL)
        {
          if (!is_attributes (key))
            g_ptr_array_add (columns, g_strdup (yyjson_get_str (key)));
        }
    }

  return (char **) g_ptr_array_free (g_steal_pointer (&columns), FALSE);
}

static gboolean
note_incomplete (SluiceRecordPage  *self,
                 yyjson_val        *value,
                 guint              column,
                 GError           **error)
{
  yyjson_val *done = yyjson_obj_get (value, "done");
  const char *next = yyjson_get_str (yyjson_obj_get (value, "nextRecordsUrl"));
  SluiceChildPages children = { .row = self->page->rows->len, .column = column };

  if (!is_child_list (value) || !yyjson_is_false (done))
    return TRUE;
  if (next == NULL)
    return fail (error, "a subquery has more, but not where");

  children.next_records_url = g_strdup (next);
  g_array_append_val (self->incomplete, children);

  return TRUE;
}

static gboolean
read_record (SluiceRecordPage  *self,
             yyjson_val        *record,
             const Path        *paths,
             GError           **error)
{
  SluiceQueryPage *page = self->page;
  guint row = page->rows->len;
  g_autofree char **cells = g_new (char *, page->n_columns);

  for (guint i = 0; i < page->n_columns; i++)
    {
      yyjson_val *value = find_value (record, &paths[i]);

      cells[i] = read_cell (page->storage, value, &page->kinds[(gsize) row * page->n_columns + i]);
      if (!note_incomplete (self, value, i, error))
        return FALSE;
    }

  g_ptr_array_add (page->rows, g_steal_pointer (&cells));

  return TRUE;
}

static gboolean
read_records (SluiceRecordPage    *self,
              yyjson_val          *records,
              const char * const  *columns,
              GError             **error)
{
  SluiceQueryPage *page = self->page;
  yyjson_arr_iter iter = yyjson_arr_iter_with (records);
  yyjson_val *record;
  gboolean success = TRUE;
  Path *paths;

  page->columns = columns != NULL ? g_strdupv ((char **) columns) : read_columns (records);
  page->n_columns = g_strv_length (page->columns);
  page->rows = g_ptr_array_new_full ((guint) yyjson_arr_size (records), g_free);
  page->kinds = g_new (guint8, yyjson_arr_size (records) * page->n_columns);

  paths = make_paths ((const char * const *) page->columns, page->n_columns);
  while (success && (record = yyjson_arr_iter_next (&iter)) != NULL)
    {
      if (yyjson_is_obj (record))
        success = read_record (self, record, paths, error);
      else
        success = fail (error, "a record is no object");
    }
  free_paths (paths, page->n_columns);

  return success;
}

static yyjson_val *
read_envelope (SluiceRecordPage  *self,
               yyjson_doc        *document,
               GError           **error)
{
  yyjson_val *root = yyjson_doc_get_root (document);
  yyjson_val *records = yyjson_obj_get (root, "records");
  yyjson_val *total = yyjson_obj_get (root, "totalSize");
  yyjson_val *done = yyjson_obj_get (root, "done");

  if (!yyjson_is_arr (records) || !yyjson_is_bool (done))
    {
      fail (error, "members are missing");
      return NULL;
    }

  self->total_size = yyjson_is_raw (total) ? g_ascii_strtoll (yyjson_get_raw (total), NULL, 10) : -1;
  self->done = yyjson_get_bool (done);
  self->next_records_url = g_strdup (yyjson_get_str (yyjson_obj_get (root, "nextRecordsUrl")));
  if (!self->done && self->next_records_url == NULL)
    {
      fail (error, "there is more, but not where");
      return NULL;
    }

  return records;
}

static yyjson_doc *
read_document (const char  *body,
               gsize        length,
               GError     **error)
{
  yyjson_read_err problem;
  yyjson_doc *document;

  /* As raw text, so that long ids and decimals are not rounded. A cast only: without INSITU nothing is written. */
  document = yyjson_read_opts ((char *) body, length, YYJSON_READ_NUMBER_AS_RAW, NULL, &problem);
  if (document == NULL)
    fail (error, problem.msg);

  return document;
}

/**
 * sluice_record_page_parse:
 * @body: an answer of `query`, `queryAll` or a `nextRecordsUrl`
 * @length: its length in bytes
 * @columns: (nullable) (array zero-terminated=1): the columns; %NULL takes the members of the first record
 * @error: %SLUICE_ERROR_PROTOCOL when this is no such answer
 *
 * Reads one page of records. Safe in any thread.
 *
 * Returns: (transfer full) (nullable): the page
 */
SluiceRecordPage *
sluice_record_page_parse (const char          *body,
                          gsize                length,
                          const char * const  *columns,
                          GError             **error)
{
  g_autoptr(SluiceRecordPage) self = g_new0 (SluiceRecordPage, 1);
  yyjson_doc *document = read_document (body, length, error);
  yyjson_val *records;
  Storage *storage;

  if (document == NULL)
    return NULL;

  storage = g_new0 (Storage, 1);
  storage->document = document;
  storage->texts = g_string_chunk_new (16 * 1024);
  self->page = g_new0 (SluiceQueryPage, 1);
  self->page->storage = storage;
  self->page->free_storage = storage_free;
  self->incomplete = g_array_new (FALSE, FALSE, sizeof (SluiceChildPages));
  g_array_set_clear_func (self->incomplete, child_pages_clear);

  records = read_envelope (self, document, error);
  if (records == NULL || !read_records (self, records, columns, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * sluice_record_page_parse_children:
 * @body: the answer of a subquery's `nextRecordsUrl`
 * @length: its length in bytes
 * @error: %SLUICE_ERROR_PROTOCOL when this is no such answer
 *
 * Reads further rows of a subquery as JSON. Safe in any thread.
 *
 * Returns: (transfer full) (nullable): the rows
 */
SluiceRecordPage *
sluice_record_page_parse_children (const char  *body,
                                   gsize        length,
                                   GError     **error)
{
  g_autoptr(SluiceRecordPage) self = g_new0 (SluiceRecordPage, 1);
  yyjson_doc *document = read_document (body, length, error);
  yyjson_val *records;

  if (document == NULL)
    return NULL;

  records = read_envelope (self, document, error);
  if (records != NULL)
    {
      GString *json = g_string_new (NULL);

      append_array (json, records, 0);
      self->child_records = g_string_free (json, FALSE);
    }
  yyjson_doc_free (document);

  return records != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * sluice_record_page_complete:
 * @self: a page of records
 * @children: which subquery of which record
 * @records: further rows, as sluice_record_page_parse_children() reads them
 *
 * Adds rows to a subquery's cell.
 */
void
sluice_record_page_complete (SluiceRecordPage       *self,
                             const SluiceChildPages *children,
                             const char             *records)
{
  Storage *storage = self->page->storage;
  char **cells = g_ptr_array_index (self->page->rows, children->row);
  const char *cell = cells[children->column];
  gsize length = strlen (cell);
  g_autoptr(GString) json = NULL;

  if (*records == '\0')
    return;

  json = g_string_new_len (cell, (gssize) length - 1);
  if (length > strlen ("[]"))
    g_string_append_c (json, ',');
  g_string_append (json, records);
  g_string_append_c (json, ']');
  cells[children->column] = g_string_chunk_insert_len (storage->texts, json->str, (gssize) json->len);
}

/**
 * sluice_record_page_add_count:
 * @self: the only page of a count, which has a total and no records
 *
 * Adds the total as a row, because that is what was asked for.
 */
void
sluice_record_page_add_count (SluiceRecordPage *self)
{
  Storage *storage = self->page->storage;
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, self->total_size);
  char **cells = g_new (char *, 1);

  g_return_if_fail (self->page->n_columns == 1);
  g_return_if_fail (self->page->rows->len == 0);

  cells[0] = g_string_chunk_insert (storage->texts, count);
  g_ptr_array_add (self->page->rows, cells);
  g_free (self->page->kinds);
  self->page->kinds = g_new (guint8, 1);
  self->page->kinds[0] = SLUICE_CELL_NUMBER;
}
