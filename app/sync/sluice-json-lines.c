/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-json-lines.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

/* Records of Salesforce refer to others at most five levels up. */
#define MAX_DEPTH 6

struct _SluiceJsonLines
{
  yyjson_doc *doc;      /* (nullable), what the cells of the last row point into */
  GPtrArray *columns;   /* (element-type utf8) (null-terminated) */
  GHashTable *indices;  /* (element-type utf8 guint), the names belong to the columns */
  GPtrArray *texts;     /* (element-type utf8), JSON that cells point to */
  GString *path;
};

/**
 * sluice_json_lines_new:
 *
 * Returns: (transfer full): a reader that knows no columns yet
 */
SluiceJsonLines *
sluice_json_lines_new (void)
{
  SluiceJsonLines *self = g_new0 (SluiceJsonLines, 1);

  self->columns = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  self->indices = g_hash_table_new (g_str_hash, g_str_equal);
  self->texts = g_ptr_array_new_with_free_func (free);
  self->path = g_string_new (NULL);

  return self;
}

/**
 * sluice_json_lines_free:
 * @self: (transfer full): the reader
 *
 * Frees the reader and the values of its last row.
 */
void
sluice_json_lines_free (SluiceJsonLines *self)
{
  yyjson_doc_free (self->doc);
  g_ptr_array_unref (self->columns);
  g_hash_table_unref (self->indices);
  g_ptr_array_unref (self->texts);
  g_string_free (self->path, TRUE);
  g_free (self);
}

static yyjson_val *
parse (SluiceJsonLines *self,
       const char      *line,
       gsize            length)
{
  g_clear_pointer (&self->doc, yyjson_doc_free);
  g_ptr_array_set_size (self->texts, 0);
  g_string_truncate (self->path, 0);

  /* Numbers stay as they are written. */
  self->doc = yyjson_read (line, length, YYJSON_READ_NUMBER_AS_RAW);

  return yyjson_is_obj (yyjson_doc_get_root (self->doc)) ? yyjson_doc_get_root (self->doc) : NULL;
}

/* What the server says about a record is not part of it. */
static gboolean
enter (SluiceJsonLines *self,
       yyjson_val      *key)
{
  if (strcmp (yyjson_get_str (key), "attributes") == 0)
    return FALSE;

  if (self->path->len > 0)
    g_string_append_c (self->path, '.');
  g_string_append (self->path, yyjson_get_str (key));

  return TRUE;
}

static void
learn_object (SluiceJsonLines *self,
              yyjson_val      *object,
              guint            depth)
{
  yyjson_obj_iter iter = yyjson_obj_iter_with (object);
  yyjson_val *key;
  gsize start = self->path->len;

  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      yyjson_val *value = yyjson_obj_iter_get_val (key);

      if (!enter (self, key))
        continue;

      if (yyjson_is_obj (value) && depth < MAX_DEPTH)
        learn_object (self, value, depth + 1);
      else if (!g_hash_table_contains (self->indices, self->path->str))
        {
          char *name = g_strdup (self->path->str);

          g_hash_table_insert (self->indices, name, GUINT_TO_POINTER (self->columns->len));
          g_ptr_array_add (self->columns, name);
        }
      g_string_truncate (self->path, start);
    }
}

/**
 * sluice_json_lines_learn:
 * @self: the reader
 * @line: (array length=length): a line
 * @length: how many bytes
 *
 * Adds the columns of a line; one that is no object adds none.
 */
void
sluice_json_lines_learn (SluiceJsonLines *self,
                         const char      *line,
                         gsize            length)
{
  yyjson_val *object = parse (self, line, length);

  if (object != NULL)
    learn_object (self, object, 1);
}

/**
 * sluice_json_lines_get_columns:
 * @self: the reader
 * @n_columns: (out) (optional): how many
 *
 * Returns: (transfer none) (nullable): the names of the columns, in the order they were learnt; %NULL for none
 */
const char * const *
sluice_json_lines_get_columns (SluiceJsonLines *self,
                               guint           *n_columns)
{
  if (n_columns != NULL)
    *n_columns = self->columns->len;

  return self->columns->len > 0 ? (const char * const *) self->columns->pdata : NULL;
}

static void
fill_cell (SluiceJsonLines *self,
           SluiceCell      *cell,
           yyjson_val      *value)
{
  gsize length = 0;

  if (yyjson_is_null (value))
    return;

  if (yyjson_is_str (value))
    *cell = (SluiceCell) { yyjson_get_str (value), (guint32) yyjson_get_len (value), SLUICE_CELL_TEXT };
  else if (yyjson_is_raw (value))
    *cell = (SluiceCell) { yyjson_get_raw (value), (guint32) yyjson_get_len (value), SLUICE_CELL_NUMBER };
  else if (yyjson_is_bool (value))
    {
      const char *text = yyjson_get_bool (value) ? "true" : "false";

      *cell = (SluiceCell) { text, (guint32) strlen (text), SLUICE_CELL_BOOLEAN };
    }
  else
    {
      char *text = yyjson_val_write (value, YYJSON_WRITE_NOFLAG, &length);

      g_ptr_array_add (self->texts, text);
      *cell = (SluiceCell) { text, (guint32) length, text != NULL ? SLUICE_CELL_JSON : SLUICE_CELL_NULL };
    }
}

static char *
fill_object (SluiceJsonLines *self,
             yyjson_val      *object,
             SluiceCell      *cells,
             guint            depth)
{
  yyjson_obj_iter iter = yyjson_obj_iter_with (object);
  yyjson_val *key;
  gsize start = self->path->len;

  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      yyjson_val *value = yyjson_obj_iter_get_val (key);
      gpointer index;

      if (!enter (self, key))
        continue;

      if (yyjson_is_obj (value) && depth < MAX_DEPTH)
        {
          char *problem = fill_object (self, value, cells, depth + 1);

          if (problem != NULL)
            return problem;
        }
      else if (g_hash_table_lookup_extended (self->indices, self->path->str, NULL, &index))
        {
          if (yyjson_is_str (value) && strlen (yyjson_get_str (value)) != yyjson_get_len (value))
            /* Translators: the name of a value in a JSON file */
            return g_strdup_printf (_("there is a zero character in “%s”, which no text has."), self->path->str);
          fill_cell (self, &cells[GPOINTER_TO_UINT (index)], value);
        }
      /* Other rows have an object where this one has nothing. */
      else if (!yyjson_is_null (value))
        /* Translators: the name of a value in a JSON file */
        return g_strdup_printf (_("the first lines of the file have no “%s”."), self->path->str);

      g_string_truncate (self->path, start);
    }

  return NULL;
}

/**
 * sluice_json_lines_parse:
 * @self: a reader that knows its columns
 * @line: (array length=length): a line
 * @length: how many bytes
 * @cells: gets as many cells as there are columns; their texts are valid until the next call
 *
 * Reads one row. A value that is not there is %SLUICE_CELL_NULL, like `null`.
 *
 * Returns: (transfer full) (nullable): what is wrong with the line, for users; %NULL when nothing is
 */
char *
sluice_json_lines_parse (SluiceJsonLines *self,
                         const char      *line,
                         gsize            length,
                         SluiceCell      *cells)
{
  yyjson_val *object = parse (self, line, length);

  if (object == NULL)
    return g_strdup (_("the line is no JSON object."));

  memset (cells, 0, self->columns->len * sizeof *cells);

  return fill_object (self, object, cells, 1);
}
