/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-json-cell.h"

#include <glib/gi18n.h>
#include <string.h>
#include <yyjson.h>

typedef yyjson_doc Document;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Document, yyjson_doc_free)

typedef struct
{
  GPtrArray *names;   /* (element-type utf8) */
  GHashTable *places; /* (element-type utf8 guint): where in the names */
} Columns;

static Document *
read_document (const char *json,
               gsize       length)
{
  /* Numbers stay as they were written. */
  return yyjson_read_opts ((char *) json, length, YYJSON_READ_NUMBER_AS_RAW, NULL, NULL);
}

static char *
dup_scalar (yyjson_val *value)
{
  if (yyjson_is_str (value))
    return g_strndup (yyjson_get_str (value), yyjson_get_len (value));
  if (yyjson_is_raw (value))
    return g_strndup (yyjson_get_raw (value), yyjson_get_len (value));
  if (yyjson_is_bool (value))
    return g_strdup (yyjson_get_bool (value) ? "true" : "false");

  return g_strdup ("");
}

static char *
format_rows (gsize n_rows)
{
  /* Translators: the rows of a subquery */
  return g_strdup_printf (ngettext ("%lu row", "%lu rows", (gulong) n_rows), (gulong) n_rows);
}

static char *
dup_value (yyjson_val *value)
{
  g_autoptr(GString) text = NULL;
  yyjson_obj_iter iter;
  yyjson_val *key;

  if (yyjson_is_arr (value))
    return format_rows (yyjson_arr_size (value));
  if (!yyjson_is_obj (value))
    return dup_scalar (value);

  text = g_string_new (NULL);
  iter = yyjson_obj_iter_with (value);
  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      yyjson_val *member = yyjson_obj_iter_get_val (key);
      g_autofree char *part = yyjson_is_obj (member) ? NULL : dup_value (member);

      if (part == NULL || *part == '\0')
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      g_string_append (text, part);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static guint
find_column (Columns    *columns,
             const char *name)
{
  gpointer place;

  if (!g_hash_table_lookup_extended (columns->places, name, NULL, &place))
    {
      place = GUINT_TO_POINTER (columns->names->len);
      g_ptr_array_add (columns->names, g_strdup (name));
      g_hash_table_insert (columns->places, g_strdup (name), place);
    }

  return GPOINTER_TO_UINT (place);
}

static void
set_cell (GPtrArray *row,
          guint      place,
          char      *text) /* (transfer full) */
{
  if (row->len <= place)
    g_ptr_array_set_size (row, (int) place + 1);
  g_free (row->pdata[place]);
  row->pdata[place] = text;
}

/* The fields of a parent become columns such as `Owner.Name`. */
static void
read_object (Columns    *columns,
             GPtrArray  *row,
             const char *prefix,
             yyjson_val *object)
{
  yyjson_obj_iter iter = yyjson_obj_iter_with (object);
  yyjson_val *key;

  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      yyjson_val *value = yyjson_obj_iter_get_val (key);
      g_autofree char *name = g_strconcat (prefix, yyjson_get_str (key), NULL);

      if (yyjson_is_obj (value))
        {
          g_autofree char *inner = g_strconcat (name, ".", NULL);

          read_object (columns, row, inner, value);
        }
      else
        {
          set_cell (row, find_column (columns, name), dup_value (value));
        }
    }
}

static void
read_row (Columns    *columns,
          GPtrArray  *rows,
          yyjson_val *value)
{
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);

  if (yyjson_is_obj (value))
    read_object (columns, row, "", value);
  else
    set_cell (row, find_column (columns, _("Value")), dup_value (value));

  g_ptr_array_add (rows, row);
}

/* Rows that came first do not know the columns that came later. */
static char **
complete_row (GPtrArray *row,
              guint      n_columns)
{
  char **cells = g_new0 (char *, n_columns + 1);

  for (guint i = 0; i < n_columns; i++)
    {
      if (i < row->len && row->pdata[i] != NULL)
        cells[i] = g_steal_pointer (&row->pdata[i]);
      else
        cells[i] = g_strdup ("");
    }

  return cells;
}

static void
free_row (gpointer row)
{
  g_strfreev (row);
}

/**
 * sluice_json_cell_dup_summary:
 * @json: (array length=length): a JSON text
 * @length: its bytes
 *
 * Says in one line what a cell holds: how many rows a subquery has, or the
 * parts of an address.
 *
 * Returns: (transfer full): the line; @json itself when that is no JSON
 */
char *
sluice_json_cell_dup_summary (const char *json,
                              gsize       length)
{
  g_autoptr(Document) document = read_document (json, length);

  if (document == NULL)
    return g_strndup (json, length);

  return dup_value (yyjson_doc_get_root (document));
}

/**
 * sluice_json_cell_count:
 * @json: (array length=length): a JSON text
 * @length: its bytes
 *
 * Returns: how many rows a subquery has, -1 when it is something else
 */
gint64
sluice_json_cell_count (const char *json,
                        gsize       length)
{
  g_autoptr(Document) document = read_document (json, length);

  if (document == NULL || !yyjson_is_arr (yyjson_doc_get_root (document)))
    return -1;

  return (gint64) yyjson_arr_size (yyjson_doc_get_root (document));
}

/**
 * sluice_json_cell_read_table:
 * @json: (array length=length): a JSON text
 * @length: its bytes
 *
 * Returns: (transfer full) (nullable): the rows of a subquery, or one row for another value; %NULL when @json is no JSON
 */
SluiceJsonTable *
sluice_json_cell_read_table (const char *json,
                             gsize       length)
{
  g_autoptr(Document) document = read_document (json, length);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  Columns columns;
  SluiceJsonTable *self;
  yyjson_val *root;

  if (document == NULL)
    return NULL;

  columns.names = g_ptr_array_new_with_free_func (g_free);
  columns.places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  root = yyjson_doc_get_root (document);
  if (yyjson_is_arr (root))
    {
      yyjson_arr_iter iter = yyjson_arr_iter_with (root);
      yyjson_val *value;

      while ((value = yyjson_arr_iter_next (&iter)) != NULL)
        read_row (&columns, rows, value);
    }
  else
    {
      read_row (&columns, rows, root);
    }

  self = g_new0 (SluiceJsonTable, 1);
  self->rows = g_ptr_array_new_with_free_func (free_row);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (self->rows, complete_row (g_ptr_array_index (rows, i), columns.names->len));

  g_ptr_array_add (columns.names, NULL);
  self->columns = (char **) g_ptr_array_free (columns.names, FALSE);
  g_hash_table_unref (columns.places);

  return self;
}

/**
 * sluice_json_table_free:
 * @self: (transfer full): a table
 */
void
sluice_json_table_free (SluiceJsonTable *self)
{
  g_return_if_fail (self != NULL);

  g_strfreev (self->columns);
  g_ptr_array_unref (self->rows);
  g_free (self);
}
