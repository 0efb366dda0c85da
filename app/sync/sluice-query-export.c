/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-export.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-json-text.h"

struct _SluiceQueryExport
{
  GObject parent_instance;

  GOutputStream *stream;
  SluiceExportFormat format;
  GString *buffer;
  gboolean writing;
  gboolean header_written;
};

G_DEFINE_FINAL_TYPE (SluiceQueryExport, sluice_query_export, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SluiceExportFormat, sluice_export_format,
                    G_DEFINE_ENUM_VALUE (SLUICE_EXPORT_CSV, "csv"),
                    G_DEFINE_ENUM_VALUE (SLUICE_EXPORT_JSON, "json"))

static void
sluice_query_export_finalize (GObject *object)
{
  SluiceQueryExport *self = SLUICE_QUERY_EXPORT (object);

  g_clear_object (&self->stream);
  g_string_free (self->buffer, TRUE);

  G_OBJECT_CLASS (sluice_query_export_parent_class)->finalize (object);
}

static void
sluice_query_export_class_init (SluiceQueryExportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_query_export_finalize;
}

static void
sluice_query_export_init (SluiceQueryExport *self)
{
  self->buffer = g_string_new (NULL);
}

/* RFC 4180, section 2: only what needs quotes gets them. An empty text is quoted, so that null differs from it. */
static void
append_csv_cell (GString    *buffer,
                 const char *cell)
{
  if (cell == NULL)
    return;

  if (*cell != '\0' && strpbrk (cell, "\",\r\n") == NULL)
    {
      g_string_append (buffer, cell);
      return;
    }

  g_string_append_c (buffer, '"');
  for (const char *p = cell; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (buffer, '"');
      g_string_append_c (buffer, *p);
    }
  g_string_append_c (buffer, '"');
}

static void
append_csv_row (GString  *buffer,
                char    **cells,
                guint     n_cells)
{
  for (guint i = 0; i < n_cells; i++)
    {
      if (i > 0)
        g_string_append_c (buffer, ',');
      append_csv_cell (buffer, cells[i]);
    }
  g_string_append (buffer, "\r\n");
}

static void
append_json_cell (GString        *buffer,
                  const char     *cell,
                  SluiceCellKind  kind)
{
  if (cell == NULL)
    g_string_append (buffer, "null");
  else if (kind == SLUICE_CELL_TEXT)
    sluice_json_append_string (buffer, cell, strlen (cell));
  else
    g_string_append (buffer, cell);
}

static void
append_json_row (GString                *buffer,
                 const SluiceQueryPage  *page,
                 guint                   row)
{
  char **cells = g_ptr_array_index (page->rows, row);
  const guint8 *kinds = page->kinds != NULL ? page->kinds + (gsize) row * page->n_columns : NULL;

  g_string_append_c (buffer, '{');
  for (guint i = 0; i < page->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (buffer, ',');
      sluice_json_append_string (buffer, page->columns[i], strlen (page->columns[i]));
      g_string_append_c (buffer, ':');
      append_json_cell (buffer, cells[i], kinds != NULL ? kinds[i] : SLUICE_CELL_TEXT);
    }
  g_string_append (buffer, "}\n");
}

static void
append_page (SluiceQueryExport     *self,
             const SluiceQueryPage *page)
{
  if (self->format == SLUICE_EXPORT_CSV && !self->header_written && page->n_columns > 0)
    {
      append_csv_row (self->buffer, page->columns, page->n_columns);
      self->header_written = TRUE;
    }

  for (guint i = 0; i < page->rows->len; i++)
    {
      if (self->format == SLUICE_EXPORT_CSV)
        append_csv_row (self->buffer, g_ptr_array_index (page->rows, i), page->n_columns);
      else
        append_json_row (self->buffer, page, i);
    }
}

/**
 * sluice_query_export_new:
 * @stream: where to write; the caller closes it
 * @format: how to write
 *
 * Returns: (transfer full): a writer that has not written anything yet
 */
SluiceQueryExport *
sluice_query_export_new (GOutputStream      *stream,
                         SluiceExportFormat  format)
{
  SluiceQueryExport *self;

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);

  self = g_object_new (SLUICE_TYPE_QUERY_EXPORT, NULL);
  self->stream = g_object_ref (stream);
  self->format = format;

  return self;
}

static void
explain (GError **error)
{
  g_autoptr(GError) cause = g_steal_pointer (error);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    *error = g_steal_pointer (&cause);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                         _("The records cannot be written because the disk is full. Free some space, then try again."));
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 /* Translators: the placeholder is the system's own text */
                 _("The records cannot be written: %s"), cause->message);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceQueryExport *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->writing = FALSE;
  g_string_truncate (self->buffer, 0);

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  explain (&error);
  g_task_return_error (task, error);
}

/**
 * sluice_query_export_write_async:
 * @self: a writer that is not writing
 * @page: the next page; not needed any more when the function returns
 * @cancellable: (nullable): stops writing, perhaps in the middle of a record
 * @callback: called when all of the page is written
 * @user_data: data for @callback
 *
 * Writes one page. Ask for the next page of the query only when it is
 * written: then a slow reader slows the query, and memory stays small.
 */
void
sluice_query_export_write_async (SluiceQueryExport     *self,
                                 const SluiceQueryPage *page,
                                 GCancellable          *cancellable,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_QUERY_EXPORT (self));
  g_return_if_fail (page != NULL);
  g_return_if_fail (!self->writing);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_query_export_write_async);

  self->writing = TRUE;
  append_page (self, page);
  g_output_stream_write_all_async (self->stream, self->buffer->str, self->buffer->len,
                                   g_task_get_priority (task), cancellable, written_cb, task);
}

/**
 * sluice_query_export_write_finish:
 * @self: a writer
 * @result: what the callback got
 * @error: %SLUICE_ERROR_STORAGE and what to do
 *
 * Returns: whether the page is written
 */
gboolean
sluice_query_export_write_finish (SluiceQueryExport  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_EXPORT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
