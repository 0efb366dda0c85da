/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-store"

#include "config.h"

#include "sluice-result-store.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-result-row-format.h"
#include "sluice-result-store-private.h"

#define NOTIFY_INTERVAL_MS 100

/* One list can have no more. */
#define MAX_ROWS (G_MAXUINT32 - 1)

/* Rows that stand one after another are read at once up to here. */
#define MAX_SPAN (2 * 1024 * 1024)

/* A longer row is read cell by cell when only its beginning is wanted. */
#define MAX_WHOLE_ROW (256 * 1024)

typedef enum
{
  COLUMN_EMPTY,
  COLUMN_NUMBERS,
  COLUMN_TEXTS,
} ColumnContent;

struct _SluiceResultStore
{
  SluiceSink parent_instance;

  char *folder;
  GMainContext *context;

  /* The writer's */
  GByteArray *rows;
  GArray *starts;            /* (element-type guint64) */
  SluiceCell *cells;

  /* Guarded, for everybody; files, columns and their number stay once they are there */
  GMutex mutex;
  char **columns;            /* (nullable) */
  guint n_columns;
  int *contents;             /* (element-type ColumnContent), atomic */
  SluiceResultFile *data;    /* (nullable) */
  SluiceResultFile *index;   /* (nullable) */
  guint64 size;
  guint n_rows;
  gboolean complete;
  GSource *notify_source;    /* (nullable) */
  gint64 notified_at;        /* monotonic µs */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceResultStore, sluice_result_store, SLUICE_TYPE_SINK)

static gboolean
notify_cb (gpointer user_data)
{
  SluiceResultStore *self = user_data;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->notify_source, g_source_unref);
  self->notified_at = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);

  g_signal_emit (self, signals[CHANGED], 0);

  return G_SOURCE_REMOVE;
}

/* With the mutex. The source keeps the store until it has told. */
static void
notify_soon (SluiceResultStore *self)
{
  if (self->notify_source != NULL)
    return;

  self->notify_source = g_timeout_source_new (0);
  g_source_set_ready_time (self->notify_source, self->notified_at + NOTIFY_INTERVAL_MS * 1000);
  g_source_set_static_name (self->notify_source, "sluice-result-store");
  g_source_set_callback (self->notify_source, notify_cb, g_object_ref (self), g_object_unref);
  g_source_attach (self->notify_source, self->context);
}

static gboolean
sluice_result_store_begin (SluiceSink          *sink,
                           const char * const  *columns,
                           guint                n_columns,
                           GError             **error)
{
  SluiceResultStore *self = SLUICE_RESULT_STORE (sink);
  g_autoptr(SluiceResultFile) data = sluice_result_file_new (self->folder, error);
  g_autoptr(SluiceResultFile) index = data != NULL ? sluice_result_file_new (self->folder, error) : NULL;

  if (index == NULL)
    return FALSE;

  self->cells = g_new (SluiceCell, n_columns);

  g_mutex_lock (&self->mutex);
  self->columns = g_new0 (char *, n_columns + 1);
  for (guint i = 0; i < n_columns; i++)
    self->columns[i] = g_strdup (columns[i]);
  self->n_columns = n_columns;
  self->contents = g_new0 (int, n_columns);
  self->data = g_steal_pointer (&data);
  self->index = g_steal_pointer (&index);
  notify_soon (self);
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

static const char *
skip_digits (const char *p,
             const char *end)
{
  while (p < end && g_ascii_isdigit (*p))
    p++;

  return p;
}

/* What begins with zeros is the name of something. */
static gboolean
is_number (const char *text,
           gsize       length)
{
  const char *end = text + length;
  const char *digits = length > 0 && *text == '-' ? text + 1 : text;
  const char *p = skip_digits (digits, end);

  if (p == digits || (*digits == '0' && p - digits > 1))
    return FALSE;

  if (p < end && *p == '.')
    {
      digits = p + 1;
      p = skip_digits (digits, end);
      if (p == digits)
        return FALSE;
    }

  if (p < end && (*p == 'e' || *p == 'E'))
    {
      digits = p + 1;
      if (digits < end && (*digits == '-' || *digits == '+'))
        digits++;
      p = skip_digits (digits, end);
      if (p == digits)
        return FALSE;
    }

  return p == end;
}

static void
learn_content (SluiceResultStore *self,
               guint              column,
               const SluiceCell  *cell)
{
  ColumnContent content = COLUMN_NUMBERS;

  /* Only this thread writes here. */
  if (self->contents[column] == COLUMN_TEXTS || cell->kind == SLUICE_CELL_NULL)
    return;

  if (cell->kind != SLUICE_CELL_NUMBER && (cell->kind != SLUICE_CELL_TEXT || !is_number (cell->text, cell->length)))
    content = COLUMN_TEXTS;
  if (self->contents[column] != (int) content)
    g_atomic_int_set (&self->contents[column], content);
}

/* Whoever reads the rows later needs not doubt them. */
static void
add_row (SluiceResultStore *self,
         const SluiceCell  *row,
         GPtrArray         *mended)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      SluiceCell *cell = &self->cells[i];

      *cell = row[i];
      if (cell->kind != SLUICE_CELL_NULL && !g_utf8_validate_len (cell->text, cell->length, NULL))
        {
          char *text = g_utf8_make_valid (cell->text, cell->length);

          g_ptr_array_add (mended, text);
          cell->text = text;
          cell->length = (guint32) strlen (text);
        }
      learn_content (self, i, cell);
    }

  sluice_result_row_append (self->rows, self->cells, self->n_columns);
}

static gboolean
write_rows (SluiceResultStore  *self,
            guint               n_rows,
            GError            **error)
{
  if (!sluice_result_file_write (self->data, self->rows->data, self->rows->len, self->size, error) ||
      !sluice_result_file_write (self->index, self->starts->data, (gsize) n_rows * sizeof (guint64),
                                 (guint64) self->n_rows * sizeof (guint64), error))
    return FALSE;

  g_mutex_lock (&self->mutex);
  self->size += self->rows->len;
  self->n_rows += n_rows;
  notify_soon (self);
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

static gboolean
sluice_result_store_add (SluiceSink            *sink,
                         const SluiceRowBatch  *batch,
                         GError               **error)
{
  SluiceResultStore *self = SLUICE_RESULT_STORE (sink);
  g_autoptr(GPtrArray) mended = g_ptr_array_new_with_free_func (g_free);
  guint row = 0;

  g_return_val_if_fail (batch->n_columns == self->n_columns, FALSE);

  if (batch->n_rows > MAX_ROWS - self->n_rows)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                           _("There are more rows than can be shown. Export the query into a file instead."));
      return FALSE;
    }

  /* A disk that is nearly full keeps as much as it can: not all at once. */
  while (row < batch->n_rows)
    {
      guint n_rows = 0;

      g_byte_array_set_size (self->rows, 0);
      g_array_set_size (self->starts, 0);
      for (; row < batch->n_rows && self->rows->len < MAX_WHOLE_ROW; row++, n_rows++)
        {
          guint64 start = self->size + self->rows->len;

          g_array_append_val (self->starts, start);
          add_row (self, sluice_row_batch_get_row (batch, row), mended);
          g_ptr_array_set_size (mended, 0);
        }

      if (!write_rows (self, n_rows, error))
        return FALSE;
    }

  return TRUE;
}

static void
end (SluiceResultStore *self)
{
  g_mutex_lock (&self->mutex);
  self->complete = TRUE;
  notify_soon (self);
  g_mutex_unlock (&self->mutex);
}

static gboolean
sluice_result_store_finish (SluiceSink  *sink,
                            GError     **error)
{
  end (SLUICE_RESULT_STORE (sink));

  return TRUE;
}

static void
sluice_result_store_abandon (SluiceSink *sink)
{
  end (SLUICE_RESULT_STORE (sink));
}

static void
sluice_result_store_finalize (GObject *object)
{
  SluiceResultStore *self = SLUICE_RESULT_STORE (object);

  g_clear_pointer (&self->data, sluice_result_file_free);
  g_clear_pointer (&self->index, sluice_result_file_free);
  g_byte_array_unref (self->rows);
  g_array_unref (self->starts);
  g_free (self->cells);
  g_free (self->contents);
  g_strfreev (self->columns);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self->folder);

  G_OBJECT_CLASS (sluice_result_store_parent_class)->finalize (object);
}

static void
sluice_result_store_class_init (SluiceResultStoreClass *klass)
{
  SluiceSinkClass *sink_class = SLUICE_SINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sluice_result_store_finalize;

  sink_class->begin = sluice_result_store_begin;
  sink_class->add = sluice_result_store_add;
  sink_class->finish = sluice_result_store_finish;
  sink_class->abandon = sluice_result_store_abandon;

  signals[CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
sluice_result_store_init (SluiceResultStore *self)
{
  g_mutex_init (&self->mutex);
  self->context = g_main_context_ref_thread_default ();
  self->rows = g_byte_array_new ();
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint64));
}

/**
 * sluice_result_store_new:
 * @folder: (nullable): where its files are; %NULL for the folder that is meant for what can be had again
 *
 * Returns: (transfer full): a store with no rows
 */
SluiceResultStore *
sluice_result_store_new (const char *folder)
{
  SluiceResultStore *self = g_object_new (SLUICE_TYPE_RESULT_STORE, NULL);

  /* Not /tmp, which is memory on many desktops. */
  self->folder = folder != NULL ? g_strdup (folder) : g_build_filename (g_get_user_cache_dir (), PACKAGE_NAME, NULL);

  return self;
}

/**
 * sluice_result_store_get_columns:
 * @self: a store
 * @n_columns: (out): how many
 *
 * Returns: (nullable) (array length=n_columns): the names of the columns; %NULL until they are known
 */
const char * const *
sluice_result_store_get_columns (SluiceResultStore *self,
                                 guint             *n_columns)
{
  const char * const *columns;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (self), NULL);
  g_return_val_if_fail (n_columns != NULL, NULL);

  g_mutex_lock (&self->mutex);
  columns = (const char * const *) self->columns;
  *n_columns = self->n_columns;
  g_mutex_unlock (&self->mutex);

  return columns;
}

/**
 * sluice_result_store_get_n_rows:
 * @self: a store
 *
 * Returns: how many rows can be read now
 */
guint
sluice_result_store_get_n_rows (SluiceResultStore *self)
{
  guint n_rows;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (self), 0);

  g_mutex_lock (&self->mutex);
  n_rows = self->n_rows;
  g_mutex_unlock (&self->mutex);

  return n_rows;
}

/**
 * sluice_result_store_get_complete:
 * @self: a store
 *
 * Returns: whether no more rows will come, be it that all have come or that the run was given up
 */
gboolean
sluice_result_store_get_complete (SluiceResultStore *self)
{
  gboolean complete;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (self), TRUE);

  g_mutex_lock (&self->mutex);
  complete = self->complete;
  g_mutex_unlock (&self->mutex);

  return complete;
}

/**
 * sluice_result_store_get_numeric:
 * @self: a store
 * @column: one of its columns
 *
 * Returns: whether every value in @column so far is a number
 */
gboolean
sluice_result_store_get_numeric (SluiceResultStore *self,
                                 guint              column)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (self), FALSE);
  g_return_val_if_fail (column < self->n_columns, FALSE);

  return g_atomic_int_get (&self->contents[column]) == COLUMN_NUMBERS;
}

/**
 * sluice_result_store_get_folder:
 * @self: a store
 *
 * Returns: where its files are
 */
const char *
sluice_result_store_get_folder (SluiceResultStore *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (self), NULL);

  return self->folder;
}

/**
 * sluice_result_store_get_extent:
 * @self: a store
 * @extent: (out): what can be read now
 */
void
sluice_result_store_get_extent (SluiceResultStore  *self,
                                SluiceResultExtent *extent)
{
  g_return_if_fail (SLUICE_IS_RESULT_STORE (self));
  g_return_if_fail (extent != NULL);

  g_mutex_lock (&self->mutex);
  extent->data = self->data;
  extent->index = self->index;
  extent->size = self->size;
  extent->n_rows = self->n_rows;
  extent->n_columns = self->n_columns;
  g_mutex_unlock (&self->mutex);
}

/**
 * sluice_result_extent_find_row:
 * @self: an extent
 * @row: one of its rows
 * @start: (out): where the row begins
 * @end: (out): where the next one begins
 * @error: why that cannot be read
 *
 * Blocks.
 *
 * Returns: whether it is known
 */
gboolean
sluice_result_extent_find_row (const SluiceResultExtent  *self,
                               guint                      row,
                               guint64                   *start,
                               guint64                   *end,
                               GError                   **error)
{
  gboolean last = row + 1 == self->n_rows;
  guint64 starts[2];

  if (!sluice_result_file_read (self->index, starts, last ? sizeof *starts : sizeof starts,
                                (guint64) row * sizeof *starts, error))
    return FALSE;

  *start = starts[0];
  *end = last ? self->size : starts[1];
  if (*start < *end && *end <= self->size)
    return TRUE;

  sluice_result_set_damaged_error (error);

  return FALSE;
}

/**
 * sluice_result_set_damaged_error:
 * @error: where the error goes
 *
 * Says that what is read is not what was written.
 */
void
sluice_result_set_damaged_error (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                       _("The disk does not give the rows back as they were written. Run the query again."));
}

/* Reads rows one by one or many at once into a buffer that is used again. */
typedef struct
{
  SluiceResultExtent extent;
  SluiceResultBlock *block;
  gboolean preview;
  SluiceCell *cells;
  GByteArray *buffer;
  GByteArray *pieces;
} Reader;

static void
reader_add (Reader *reader)
{
  if (reader->preview)
    sluice_result_block_add_preview (reader->block, reader->cells);
  else
    sluice_result_block_add_row (reader->block, reader->cells);
}

/* How much of a cell its preview needs. */
static gsize
get_piece (const SluiceCell *cell)
{
  if (cell->kind == SLUICE_CELL_NULL)
    return 0;

  return cell->kind == SLUICE_CELL_JSON ? cell->length : MIN (cell->length, SLUICE_RESULT_PREVIEW_BYTES + 8);
}

/* Of a row with huge cells, only their beginnings. */
static gboolean
read_pieces (Reader   *reader,
             guint64   start,
             guint64   end,
             GError  **error)
{
  gsize head = MIN (end - start, SLUICE_RESULT_ROW_MAX_HEADER (reader->extent.n_columns));
  gsize header;
  gsize total = 0;
  guint64 offset;

  g_byte_array_set_size (reader->buffer, head);
  if (!sluice_result_file_read (reader->extent.data, reader->buffer->data, head, start, error))
    return FALSE;
  if (sluice_result_row_parse (reader->buffer->data, head, reader->cells, reader->extent.n_columns, &header) != end - start)
    {
      sluice_result_set_damaged_error (error);
      return FALSE;
    }

  for (guint i = 0; i < reader->extent.n_columns; i++)
    total += get_piece (&reader->cells[i]);
  g_byte_array_set_size (reader->pieces, total);

  offset = start + header;
  total = 0;
  for (guint i = 0; i < reader->extent.n_columns; i++)
    {
      SluiceCell *cell = &reader->cells[i];
      gsize piece = get_piece (cell);

      if (!sluice_result_file_read (reader->extent.data, reader->pieces->data + total, piece, offset, error))
        return FALSE;

      offset += cell->length;
      cell->text = (const char *) reader->pieces->data + total;
      cell->length = (guint32) piece;
      total += piece;
    }
  reader_add (reader);

  return TRUE;
}

static gboolean
add_rows (Reader   *reader,
          gsize     size,
          guint     n_rows,
          GError  **error)
{
  gsize offset = 0;

  for (guint i = 0; i < n_rows; i++)
    {
      gsize header;
      gsize row = sluice_result_row_parse (reader->buffer->data + offset, size - offset, reader->cells,
                                           reader->extent.n_columns, &header);

      if (row == 0 || row > size - offset)
        {
          sluice_result_set_damaged_error (error);
          return FALSE;
        }
      reader_add (reader);
      offset += row;
    }

  return TRUE;
}

static gboolean
read_span (Reader   *reader,
           guint64   start,
           guint64   end,
           guint     n_rows,
           GError  **error)
{
  gsize size = (gsize) (end - start);

  g_byte_array_set_size (reader->buffer, (guint) size);

  return sluice_result_file_read (reader->extent.data, reader->buffer->data, size, start, error) &&
         add_rows (reader, size, n_rows, error);
}

static gboolean
read_row (Reader   *reader,
          guint     row,
          GError  **error)
{
  guint64 start, end;

  if (!sluice_result_extent_find_row (&reader->extent, row, &start, &end, error))
    return FALSE;

  if (reader->preview && end - start > MAX_WHOLE_ROW)
    return read_pieces (reader, start, end, error);

  return read_span (reader, start, end, 1, error);
}

static gboolean
read_rows (Reader         *reader,
           const guint32  *rows,
           guint           n_rows,
           GError        **error)
{
  guint64 start, end, unused;

  /* In the order in which they came, they are one piece. */
  if (n_rows > 1 && rows[n_rows - 1] == rows[0] + n_rows - 1 && rows[n_rows - 1] < reader->extent.n_rows)
    {
      if (!sluice_result_extent_find_row (&reader->extent, rows[0], &start, &unused, error) ||
          !sluice_result_extent_find_row (&reader->extent, rows[n_rows - 1], &unused, &end, error))
        return FALSE;
      if (end - start <= MAX_SPAN)
        return read_span (reader, start, end, n_rows, error);
    }

  for (guint i = 0; i < n_rows; i++)
    {
      if (rows[i] >= reader->extent.n_rows)
        {
          sluice_result_set_damaged_error (error);
          return FALSE;
        }
      if (!read_row (reader, rows[i], error))
        return FALSE;
    }

  return TRUE;
}

/**
 * sluice_result_store_read:
 * @self: a store
 * @order: (nullable): the order of the rows
 * @first: the position of the first row
 * @n_rows: how many; fewer are read where there are fewer
 * @preview: whether one line of each cell is enough, see sluice_result_block_add_preview()
 * @error: why the rows cannot be read
 *
 * Blocks; for worker threads.
 *
 * Returns: (transfer full) (nullable): the rows
 */
SluiceResultBlock *
sluice_result_store_read (SluiceResultStore  *self,
                          SluiceResultOrder  *order,
                          guint               first,
                          guint               n_rows,
                          gboolean            preview,
                          GError            **error)
{
  g_autoptr(SluiceResultBlock) block = NULL;
  g_autofree guint32 *rows = NULL;
  Reader reader = { .preview = preview };
  gboolean success;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (self), NULL);

  sluice_result_store_get_extent (self, &reader.extent);
  n_rows = first < reader.extent.n_rows ? MIN (n_rows, reader.extent.n_rows - first) : 0;
  block = sluice_result_block_new (MAX (reader.extent.n_columns, 1));
  if (n_rows == 0)
    return g_steal_pointer (&block);

  rows = g_new (guint32, n_rows);
  if (!sluice_result_order_read (order, first, n_rows, rows, error))
    return NULL;

  reader.block = block;
  reader.cells = g_new (SluiceCell, reader.extent.n_columns);
  reader.buffer = g_byte_array_new ();
  reader.pieces = g_byte_array_new ();
  success = read_rows (&reader, rows, n_rows, error);
  g_byte_array_unref (reader.pieces);
  g_byte_array_unref (reader.buffer);
  g_free (reader.cells);

  return success ? g_steal_pointer (&block) : NULL;
}

typedef struct
{
  SluiceResultOrder *order; /* (nullable) */
  guint first;
  guint n_rows;
  gboolean preview;
} Request;

static void
request_free (Request *request)
{
  g_clear_pointer (&request->order, sluice_result_order_unref);
  g_free (request);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  SluiceResultBlock *block;

  if (g_task_return_error_if_cancelled (task))
    return;

  block = sluice_result_store_read (source_object, request->order, request->first, request->n_rows, request->preview, &error);

  if (block != NULL)
    g_task_return_pointer (task, block, (GDestroyNotify) sluice_result_block_unref);
  else
    g_task_return_error (task, error);
}

/**
 * sluice_result_store_read_async:
 * @self: a store
 * @order: (nullable): the order of the rows
 * @first: the position of the first row
 * @n_rows: how many
 * @preview: whether one line of each cell is enough
 * @cancellable: (nullable): cancels it
 * @callback: called when the rows are there
 * @user_data: data for @callback
 *
 * Reads rows in a worker, see sluice_result_store_read().
 */
void
sluice_result_store_read_async (SluiceResultStore   *self,
                                SluiceResultOrder   *order,
                                guint                first,
                                guint                n_rows,
                                gboolean             preview,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Request *request;

  g_return_if_fail (SLUICE_IS_RESULT_STORE (self));

  request = g_new0 (Request, 1);
  request->order = order != NULL ? sluice_result_order_ref (order) : NULL;
  request->first = first;
  request->n_rows = n_rows;
  request->preview = preview;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_result_store_read_async);
  g_task_set_priority (task, G_PRIORITY_HIGH);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, read_thread);
}

/**
 * sluice_result_store_read_finish:
 * @self: a store
 * @result: what the callback got
 * @error: why the rows cannot be read
 *
 * Returns: (transfer full) (nullable): the rows
 */
SluiceResultBlock *
sluice_result_store_read_finish (SluiceResultStore  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
