/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-find"

#include "config.h"

#include "sluice-result-find.h"

#include <string.h>

#include "sluice-result-scan.h"

#define CHUNK_ROWS 16384
#define ALL 1000

struct _SluiceResultFind
{
  GObject parent_instance;

  SluiceResultStore *store;
  char *needle;         /* folded */
  gsize needle_length;
  gboolean ascii;       /* whether the needle is */

  /* Guarded, for one worker at a time */
  GMutex mutex;
  GByteArray *bits;
  guint n_scanned;
  guint n_matches;
  GByteArray *lowered;

  int progress;         /* atomic, of ALL */
};

typedef struct
{
  SluiceResultOrder *order; /* (nullable) */
  guint from;
  gboolean forward;
} Request;

G_DEFINE_FINAL_TYPE (SluiceResultFind, sluice_result_find, G_TYPE_OBJECT)

static void
request_free (Request *request)
{
  g_clear_pointer (&request->order, sluice_result_order_unref);
  g_free (request);
}

static gboolean
is_ascii (const char *text,
          gsize       length)
{
  guchar all = 0;

  for (gsize i = 0; i < length; i++)
    all |= (guchar) text[i];

  return all < 0x80;
}

static gboolean
has_ascii (SluiceResultFind *self,
           const char       *text,
           gsize             length)
{
  guint8 *lowered;

  if (!self->ascii || length < self->needle_length)
    return FALSE;

  g_byte_array_set_size (self->lowered, (guint) length);
  lowered = self->lowered->data;
  for (gsize i = 0; i < length; i++)
    lowered[i] = (guint8) (text[i] | (text[i] >= 'A' && text[i] <= 'Z' ? 0x20 : 0));

  return memmem (lowered, length, self->needle, self->needle_length) != NULL;
}

static gboolean
has_needle (SluiceResultFind *self,
            SluiceCellKind    kind,
            const char       *text,
            gsize             length)
{
  g_autofree char *folded = NULL;

  if (kind == SLUICE_CELL_NULL)
    return FALSE;

  if (is_ascii (text, length))
    return has_ascii (self, text, length);

  folded = g_utf8_casefold (text, (gssize) length);

  return strstr (folded, self->needle) != NULL;
}

static gboolean
row_matches (SluiceResultFind *self,
             const SluiceCell *cells,
             guint             n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    {
      if (has_needle (self, cells[i].kind, cells[i].text, cells[i].length))
        return TRUE;
    }

  return FALSE;
}

static gboolean
get_bit (SluiceResultFind *self,
         guint             row)
{
  return row < self->n_scanned && (self->bits->data[row / 8] >> row % 8 & 1);
}

static void
add_bit (SluiceResultFind *self,
         gboolean          matches)
{
  guint row = self->n_scanned++;

  if (row % 8 == 0)
    g_byte_array_append (self->bits, (const guint8 *) "", 1);
  if (!matches)
    return;

  self->bits->data[row / 8] |= (guint8) (1 << row % 8);
  self->n_matches++;
}

/* Looks at the rows that were not there the last time. What a cancelled scan has seen is kept. */
static gboolean
scan_rows (SluiceResultFind  *self,
           GCancellable      *cancellable,
           GError           **error)
{
  g_autoptr(SluiceResultScan) scan = NULL;
  guint n_columns;

  if (self->n_scanned == sluice_result_store_get_n_rows (self->store))
    return TRUE;

  scan = sluice_result_scan_new (self->store, self->n_scanned, error);
  if (scan == NULL)
    return FALSE;

  sluice_result_store_get_columns (self->store, &n_columns);
  while (self->n_scanned < sluice_result_scan_get_n_rows (scan))
    {
      const SluiceCell *cells;

      if (self->n_scanned % 1024 == 0)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          g_atomic_int_set (&self->progress,
                            (int) ((guint64) self->n_scanned * ALL / sluice_result_scan_get_n_rows (scan)));
        }

      cells = sluice_result_scan_next (scan, error);
      if (cells == NULL)
        return FALSE;
      add_bit (self, row_matches (self, cells, n_columns));
    }
  g_atomic_int_set (&self->progress, ALL);

  return TRUE;
}

/*
 * Goes through the order once: the answer is the first match from the place on, and where there is none the first of
 * all; backwards, the last match up to the place, and where there is none the last of all.
 */
static gboolean
find_position (SluiceResultFind   *self,
               const Request      *request,
               SluiceResultMatch  *match,
               GCancellable       *cancellable,
               GError            **error)
{
  g_autofree guint32 *rows = g_new (guint32, CHUNK_ROWS);
  SluiceResultMatch first = { 0 };
  SluiceResultMatch last = { 0 };
  SluiceResultMatch wanted = { 0 };
  guint number = 0;

  for (guint start = 0; start < self->n_scanned; start += CHUNK_ROWS)
    {
      guint n_rows = MIN (CHUNK_ROWS, self->n_scanned - start);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !sluice_result_order_read (request->order, start, n_rows, rows, error))
        return FALSE;

      for (guint i = 0; i < n_rows; i++)
        {
          if (!get_bit (self, rows[i]))
            continue;

          last = (SluiceResultMatch) { .number = ++number, .position = start + i };
          if (number == 1)
            first = last;
          if (request->forward ? wanted.number == 0 && last.position >= request->from : last.position <= request->from)
            wanted = last;
        }
    }

  if (wanted.number == 0)
    wanted = request->forward ? first : last;
  *match = wanted;
  match->n_matches = self->n_matches;

  return TRUE;
}

static gboolean
find_column (SluiceResultFind   *self,
             SluiceResultOrder  *order,
             SluiceResultMatch  *match,
             GError            **error)
{
  g_autoptr(SluiceResultBlock) block = NULL;
  guint n_columns;

  if (match->number == 0)
    return TRUE;

  block = sluice_result_store_read (self->store, order, match->position, 1, FALSE, error);
  if (block == NULL)
    return FALSE;

  sluice_result_store_get_columns (self->store, &n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      const char *text = sluice_result_block_get_text (block, 0, i);

      if (text != NULL && has_needle (self, sluice_result_block_get_kind (block, 0, i), text, strlen (text)))
        {
          match->column = i;
          break;
        }
    }

  return TRUE;
}

static void
next_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  SluiceResultFind *self = source_object;
  const Request *request = task_data;
  SluiceResultMatch match = { 0 };
  GError *error = NULL;
  gboolean success;

  g_mutex_lock (&self->mutex);
  success = scan_rows (self, cancellable, &error) &&
            find_position (self, request, &match, cancellable, &error) &&
            find_column (self, request->order, &match, &error);
  g_mutex_unlock (&self->mutex);

  if (success)
    g_task_return_pointer (task, g_memdup2 (&match, sizeof match), g_free);
  else
    g_task_return_error (task, error);
}

static void
sluice_result_find_finalize (GObject *object)
{
  SluiceResultFind *self = SLUICE_RESULT_FIND (object);

  g_clear_object (&self->store);
  g_byte_array_unref (self->bits);
  g_byte_array_unref (self->lowered);
  g_free (self->needle);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (sluice_result_find_parent_class)->finalize (object);
}

static void
sluice_result_find_class_init (SluiceResultFindClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_result_find_finalize;
}

static void
sluice_result_find_init (SluiceResultFind *self)
{
  g_mutex_init (&self->mutex);
  self->bits = g_byte_array_new ();
  self->lowered = g_byte_array_new ();
}

/**
 * sluice_result_find_new:
 * @store: where to look
 * @text: what to look for, not empty
 *
 * Returns: (transfer full): a search that has not looked yet
 */
SluiceResultFind *
sluice_result_find_new (SluiceResultStore *store,
                        const char        *text)
{
  SluiceResultFind *self;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (store), NULL);
  g_return_val_if_fail (text != NULL && *text != '\0', NULL);

  self = g_object_new (SLUICE_TYPE_RESULT_FIND, NULL);
  self->store = g_object_ref (store);
  self->needle = g_utf8_casefold (text, -1);
  self->needle_length = strlen (self->needle);
  self->ascii = is_ascii (self->needle, self->needle_length);

  return self;
}

/**
 * sluice_result_find_get_progress:
 * @self: a search
 *
 * Returns: how many of the rows it has looked at, from 0 to 1
 */
double
sluice_result_find_get_progress (SluiceResultFind *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_FIND (self), 0);

  return (double) g_atomic_int_get (&self->progress) / ALL;
}

/**
 * sluice_result_find_next_async:
 * @self: a search
 * @order: (nullable): the order of the rows
 * @from: the position to begin with; a match there counts
 * @forward: whether to go down
 * @cancellable: (nullable): stops it
 * @callback: called when it is known
 * @user_data: data for @callback
 *
 * Finds the next row. At the end it goes on from the other end.
 */
void
sluice_result_find_next_async (SluiceResultFind    *self,
                               SluiceResultOrder   *order,
                               guint                from,
                               gboolean             forward,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Request *request;

  g_return_if_fail (SLUICE_IS_RESULT_FIND (self));

  request = g_new0 (Request, 1);
  request->order = order != NULL ? sluice_result_order_ref (order) : NULL;
  request->from = from;
  request->forward = forward;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_result_find_next_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, next_thread);
}

/**
 * sluice_result_find_next_finish:
 * @self: a search
 * @result: what the callback got
 * @match: (out): the row, and how many there are
 * @error: why it is not known
 *
 * Returns: whether it is known, also that there is none
 */
gboolean
sluice_result_find_next_finish (SluiceResultFind   *self,
                                GAsyncResult       *result,
                                SluiceResultMatch  *match,
                                GError            **error)
{
  g_autofree SluiceResultMatch *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (match != NULL, FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found == NULL)
    return FALSE;
  *match = *found;

  return TRUE;
}
