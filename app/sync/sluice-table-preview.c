/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-table-preview.h"

#include "sluice-error.h"
#include "sluice-table-reader.h"

typedef struct
{
  GFile *file;
  SluiceTableFormat format;
  guint n_rows;
} Wish;

static void
wish_free (Wish *wish)
{
  g_object_unref (wish->file);
  g_free (wish);
}

/**
 * sluice_table_preview_free:
 * @self: (transfer full): a preview
 */
void
sluice_table_preview_free (SluiceTablePreview *self)
{
  g_strfreev (self->columns);
  g_ptr_array_unref (self->rows);
  g_clear_error (&self->problem);
  g_free (self);
}

static void
take_rows (SluiceTablePreview *self,
           SluiceTableReader  *reader,
           guint               n_rows,
           GCancellable       *cancellable)
{
  guint n_columns;

  sluice_table_reader_get_columns (reader, &n_columns);

  while (self->rows->len < n_rows)
    {
      g_autoptr(GStrvBuilder) row = NULL;
      const SluiceCell *cells;

      if (!sluice_table_reader_next (reader, &cells, cancellable, &self->problem) || cells == NULL)
        return;

      row = g_strv_builder_new ();
      for (guint i = 0; i < n_columns; i++)
        g_strv_builder_take (row, g_strndup (cells[i].text != NULL ? cells[i].text : "", cells[i].length));
      g_ptr_array_add (self->rows, g_strv_builder_end (row));
    }
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  const Wish *wish = data;
  g_autoptr(SluiceTableReader) reader = sluice_table_reader_new (wish->file, &wish->format);
  g_autoptr(SluiceTablePreview) self = g_new0 (SluiceTablePreview, 1);

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (sluice_table_reader_open (reader, cancellable, &self->problem))
    {
      self->columns = g_strdupv ((char **) sluice_table_reader_get_columns (reader, NULL));
      take_rows (self, reader, wish->n_rows, cancellable);
    }
  self->format = *sluice_table_reader_get_format (reader);
  self->size = sluice_table_reader_get_size (reader);

  /* What can be mended by reading the file in another way is no error. */
  if (self->problem != NULL && !g_error_matches (self->problem, SLUICE_ERROR, SLUICE_ERROR_INVALID))
    g_task_return_error (task, g_steal_pointer (&self->problem));
  else
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) sluice_table_preview_free);
}

/**
 * sluice_table_preview_load_async:
 * @file: a file
 * @format: (nullable): how it is written, as far as that is not to be detected
 * @n_rows: how many rows to show
 * @cancellable: (nullable): stops reading
 * @callback: called when the rows are there
 * @user_data: data for @callback
 *
 * Reads how a file begins, in a thread.
 */
void
sluice_table_preview_load_async (GFile                   *file,
                                 const SluiceTableFormat *format,
                                 guint                    n_rows,
                                 GCancellable            *cancellable,
                                 GAsyncReadyCallback      callback,
                                 gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;
  Wish *wish;

  g_return_if_fail (G_IS_FILE (file));

  wish = g_new0 (Wish, 1);
  wish->file = g_object_ref (file);
  wish->n_rows = n_rows;
  if (format != NULL)
    wish->format = *format;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_table_preview_load_async);
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * sluice_table_preview_load_finish:
 * @result: what the callback got
 * @error: %SLUICE_ERROR_STORAGE when the file cannot be read
 *
 * Returns: (transfer full): how the file begins, and what is wrong with it
 */
SluiceTablePreview *
sluice_table_preview_load_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
