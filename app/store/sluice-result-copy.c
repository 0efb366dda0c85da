/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-copy"

#include "config.h"

#include "sluice-result-copy.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

#define BATCH_ROWS 256

typedef struct
{
  SluiceResultOrder *order; /* (nullable) */

  /* Into a text */
  SluiceResultRange *ranges;
  guint n_ranges;
  guint *columns;
  guint n_columns;
  SluiceResultFormat format;

  /* Into a sink */
  SluiceSink *sink;
} Request;

static Request *
request_new (SluiceResultOrder *order)
{
  Request *request = g_new0 (Request, 1);

  request->order = order != NULL ? sluice_result_order_ref (order) : NULL;

  return request;
}

static void
request_free (Request *request)
{
  g_clear_pointer (&request->order, sluice_result_order_unref);
  g_clear_object (&request->sink);
  g_free (request->columns);
  g_free (request->ranges);
  g_free (request);
}

/* A cell of a table in a clipboard has one line. */
static void
append_plain (GString    *text,
              const char *cell)
{
  for (const char *p = cell; *p != '\0'; p++)
    g_string_append_c (text, *p == '\t' || *p == '\n' || *p == '\r' ? ' ' : *p);
}

static void
append_csv (GString    *text,
            const char *cell)
{
  if (strpbrk (cell, ",\"\r\n") == NULL)
    {
      g_string_append (text, cell);
      return;
    }

  g_string_append_c (text, '"');
  for (const char *p = cell; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *p);
    }
  g_string_append_c (text, '"');
}

static void
append_cell (GString            *text,
             SluiceResultFormat  format,
             gboolean            first,
             const char         *cell)
{
  if (!first)
    g_string_append_c (text, format == SLUICE_RESULT_CSV ? ',' : '\t');

  if (cell == NULL)
    return;
  if (format == SLUICE_RESULT_CSV)
    append_csv (text, cell);
  else
    append_plain (text, cell);
}

static void
end_line (GString            *text,
          SluiceResultFormat  format)
{
  g_string_append (text, format == SLUICE_RESULT_CSV ? "\r\n" : "\n");
}

static void
append_header (GString            *text,
               SluiceResultStore  *store,
               const Request      *request)
{
  guint n_columns;
  const char * const *columns = sluice_result_store_get_columns (store, &n_columns);

  for (guint i = 0; i < request->n_columns; i++)
    append_cell (text, request->format, i == 0, columns[request->columns[i]]);
  end_line (text, request->format);
}

static gboolean
append_block (GString                  *text,
              const SluiceResultBlock  *block,
              const Request            *request,
              GError                  **error)
{
  for (guint row = 0; row < sluice_result_block_get_n_rows (block); row++)
    {
      for (guint i = 0; i < request->n_columns; i++)
        append_cell (text, request->format, i == 0, sluice_result_block_get_text (block, row, request->columns[i]));
      end_line (text, request->format);

      if (text->len > SLUICE_RESULT_MAX_COPY)
        {
          g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                               _("These are too many rows for the clipboard. Select fewer, or save the results into a file."));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
append_range (GString                  *text,
              SluiceResultStore        *store,
              const Request            *request,
              const SluiceResultRange  *range,
              GCancellable             *cancellable,
              GError                  **error)
{
  for (guint done = 0; done < range->n_rows; done += BATCH_ROWS)
    {
      g_autoptr(SluiceResultBlock) block = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      block = sluice_result_store_read (store, request->order, range->first + done,
                                        MIN (BATCH_ROWS, range->n_rows - done), FALSE, error);
      if (block == NULL || !append_block (text, block, request, error))
        return FALSE;
    }

  return TRUE;
}

static void
copy_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Request *request = task_data;
  g_autoptr(GString) text = g_string_new (NULL);
  GError *error = NULL;

  if (request->format == SLUICE_RESULT_CSV)
    append_header (text, source_object, request);

  for (guint i = 0; i < request->n_ranges; i++)
    {
      if (!append_range (text, source_object, request, &request->ranges[i], cancellable, &error))
        {
          g_task_return_error (task, error);
          return;
        }
    }

  g_task_return_pointer (task, g_string_free (g_steal_pointer (&text), FALSE), g_free);
}

static gboolean
add_block (SluiceSink               *sink,
           const SluiceResultBlock  *block,
           guint                     n_columns,
           GError                  **error)
{
  guint n_rows = sluice_result_block_get_n_rows (block);
  g_autofree SluiceCell *cells = g_new (SluiceCell, MAX ((gsize) n_rows * n_columns, 1));
  SluiceRowBatch batch = { .cells = cells, .n_rows = n_rows, .n_columns = n_columns };

  for (guint row = 0; row < n_rows; row++)
    {
      for (guint i = 0; i < n_columns; i++)
        {
          const char *text = sluice_result_block_get_text (block, row, i);

          cells[(gsize) row * n_columns + i] = (SluiceCell) {
            .text = text,
            .length = text != NULL ? (guint32) strlen (text) : 0,
            .kind = sluice_result_block_get_kind (block, row, i),
          };
        }
    }

  return sluice_sink_add (sink, &batch, error);
}

static gboolean
write_rows (SluiceResultStore  *store,
            const Request      *request,
            GCancellable       *cancellable,
            GError            **error)
{
  guint n_rows = sluice_result_store_get_n_rows (store);
  guint n_columns;
  const char * const *columns = sluice_result_store_get_columns (store, &n_columns);

  if (columns == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("There are no results yet. Run the query first."));
      return FALSE;
    }

  if (!sluice_sink_begin (request->sink, columns, n_columns, error))
    return FALSE;

  for (guint row = 0; row < n_rows; row += BATCH_ROWS)
    {
      g_autoptr(SluiceResultBlock) block = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      block = sluice_result_store_read (store, request->order, row, MIN (BATCH_ROWS, n_rows - row), FALSE, error);
      if (block == NULL || !add_block (request->sink, block, n_columns, error))
        return FALSE;
    }

  return sluice_sink_finish (request->sink, error);
}

static void
write_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;

  if (write_rows (source_object, request, cancellable, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  sluice_sink_abandon (request->sink);
  g_task_return_error (task, error);
}

/**
 * sluice_result_store_copy_async:
 * @self: a store that knows its columns
 * @order: (nullable): the order of the rows
 * @ranges: (array length=n_ranges): which rows
 * @n_ranges: how many ranges
 * @columns: (array length=n_columns): which columns, in this order
 * @n_columns: how many columns
 * @format: how
 * @cancellable: (nullable): stops it
 * @callback: called when the text is there
 * @user_data: data for @callback
 *
 * Writes rows into a text in a worker. %SLUICE_ERROR_INVALID when that would
 * take more than %SLUICE_RESULT_MAX_COPY bytes.
 */
void
sluice_result_store_copy_async (SluiceResultStore        *self,
                                SluiceResultOrder        *order,
                                const SluiceResultRange  *ranges,
                                guint                     n_ranges,
                                const guint              *columns,
                                guint                     n_columns,
                                SluiceResultFormat        format,
                                GCancellable             *cancellable,
                                GAsyncReadyCallback       callback,
                                gpointer                  user_data)
{
  g_autoptr(GTask) task = NULL;
  Request *request;

  g_return_if_fail (SLUICE_IS_RESULT_STORE (self));

  request = request_new (order);
  request->ranges = g_memdup2 (ranges, n_ranges * sizeof *ranges);
  request->n_ranges = n_ranges;
  request->columns = g_memdup2 (columns, n_columns * sizeof *columns);
  request->n_columns = n_columns;
  request->format = format;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_result_store_copy_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, copy_thread);
}

/**
 * sluice_result_store_copy_finish:
 * @self: a store
 * @result: what the callback got
 * @error: why there is no text
 *
 * Returns: (transfer full) (nullable): the text
 */
char *
sluice_result_store_copy_finish (SluiceResultStore  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sluice_result_store_write_to_sink_async:
 * @self: a store that knows its columns
 * @order: (nullable): the order of the rows
 * @sink: a sink that was not begun; it is finished, or abandoned with an error
 * @cancellable: (nullable): stops it
 * @callback: called when all is written
 * @user_data: data for @callback
 *
 * Writes the rows that are there now into @sink, in a worker.
 */
void
sluice_result_store_write_to_sink_async (SluiceResultStore   *self,
                                         SluiceResultOrder   *order,
                                         SluiceSink          *sink,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Request *request;

  g_return_if_fail (SLUICE_IS_RESULT_STORE (self));
  g_return_if_fail (SLUICE_IS_SINK (sink));

  request = request_new (order);
  request->sink = g_object_ref (sink);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_result_store_write_to_sink_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, write_thread);
}

/**
 * sluice_result_store_write_to_sink_finish:
 * @self: a store
 * @result: what the callback got
 * @error: why not all is written
 *
 * Returns: whether all is written
 */
gboolean
sluice_result_store_write_to_sink_finish (SluiceResultStore  *self,
                                          GAsyncResult       *result,
                                          GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
