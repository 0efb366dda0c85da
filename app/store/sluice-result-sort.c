/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-sort"

#include "config.h"

#include "sluice-result-sort.h"

#include <stdlib.h>
#include <string.h>

#include "sluice-json-cell.h"
#include "sluice-result-scan.h"

/* What is sorted in memory at once. */
#define RUN_SIZE (16 * 1024 * 1024)

#define READ_SIZE (64 * 1024)
#define WRITE_ROWS 16384

/* Texts that are the same up to here stay in the order they came. */
#define MAX_TEXT_CHARS 250

/* Reading takes longer than merging. */
#define SCAN_SHARE 800
#define ALL 1000

#define NULL_BIT 0x80000000u

/*
 * A row in memory. The first bytes of its key are in a number, so that most
 * comparisons need nothing else.
 */
typedef struct
{
  guint64 prefix;
  guint32 key;    /* where, in the keys of its run */
  guint32 length; /* of the key, with NULL_BIT */
  guint32 row;
} Entry;

typedef struct
{
  guint32 row;
  guint32 length; /* of the key that follows, with NULL_BIT */
} RecordHead;

/* A sorted part on disk, being read. */
typedef struct
{
  guint64 offset;
  guint64 end;
  guint8 *buffer;
  gsize capacity;
  gsize start;
  gsize filled;
  RecordHead head;
  const guint8 *key;
} Run;

typedef struct
{
  SluiceResultSort *sort;
  GCancellable *cancellable; /* (nullable) */
  gboolean numeric;
  guint n_rows;

  GArray *entries;           /* (element-type Entry) */
  GByteArray *keys;
  SluiceResultFile *file;    /* (nullable), of the runs */
  guint64 size;
  GArray *runs;              /* (element-type Run) */

  SluiceResultFile *order;
  GArray *rows;              /* (element-type guint32), not written yet */
  guint n_written;
} Job;

struct _SluiceResultSort
{
  GObject parent_instance;

  SluiceResultStore *store;
  guint column;
  gboolean descending;
  gsize run_size;

  int progress; /* atomic, of ALL */
};

G_DEFINE_FINAL_TYPE (SluiceResultSort, sluice_result_sort, G_TYPE_OBJECT)

static void
run_clear (gpointer data)
{
  Run *run = data;

  g_free (run->buffer);
}

static void
job_clear (Job *job)
{
  g_clear_pointer (&job->entries, g_array_unref);
  g_clear_pointer (&job->keys, g_byte_array_unref);
  g_clear_pointer (&job->file, sluice_result_file_free);
  g_clear_pointer (&job->runs, g_array_unref);
  g_clear_pointer (&job->order, sluice_result_file_free);
  g_clear_pointer (&job->rows, g_array_unref);
}

static guint64
read_prefix (const guint8 *key,
             guint32       length)
{
  guint8 bytes[8] = { 0 };
  guint64 prefix;

  if (length > 0)
    memcpy (bytes, key, MIN (length, sizeof bytes));
  memcpy (&prefix, bytes, sizeof prefix);

  return GUINT64_FROM_BE (prefix);
}

/* No value is always last, and equals stay in the order they came, whichever way the others go. */
static int
compare (gboolean      descending,
         const guint8 *key_a,
         guint32       length_a,
         guint32       row_a,
         const guint8 *key_b,
         guint32       length_b,
         guint32       row_b)
{
  int order = 0;

  if ((length_a ^ length_b) & NULL_BIT)
    return length_a & NULL_BIT ? 1 : -1;

  if (!(length_a & NULL_BIT) && length_a > 0 && length_b > 0)
    order = memcmp (key_a, key_b, MIN (length_a, length_b));
  if (order == 0)
    order = (length_a > length_b) - (length_a < length_b);
  if (order != 0)
    return descending ? -order : order;

  return row_a < row_b ? -1 : 1;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const Entry *entry_a = a;
  const Entry *entry_b = b;
  const Job *job = user_data;

  if (!((entry_a->length | entry_b->length) & NULL_BIT) && entry_a->prefix != entry_b->prefix)
    return (entry_a->prefix < entry_b->prefix) == job->sort->descending ? 1 : -1;

  return compare (job->sort->descending,
                  job->keys->data + entry_a->key, entry_a->length, entry_a->row,
                  job->keys->data + entry_b->key, entry_b->length, entry_b->row);
}

static void
append_number_key (GByteArray *keys,
                   double      number)
{
  guint64 bits;

  /* Minus zero is zero. */
  number += 0.0;
  memcpy (&bits, &number, sizeof bits);
  bits = bits >> 63 ? ~bits : bits | (guint64) 1 << 63;
  bits = GUINT64_TO_BE (bits);
  g_byte_array_append (keys, (const guint8 *) &bits, sizeof bits);
}

static void
append_text_key (GByteArray *keys,
                 const char *text,
                 gsize       length)
{
  gsize cut = length;
  g_autofree char *key = NULL;

  if (length > MAX_TEXT_CHARS)
    {
      const char *p = text;

      for (guint i = 0; i < MAX_TEXT_CHARS && p < text + length; i++)
        p = g_utf8_next_char (p);
      cut = MIN ((gsize) (p - text), length);
    }

  key = g_utf8_collate_key (text, (gssize) cut);
  g_byte_array_append (keys, (const guint8 *) key, (guint) strlen (key));
}

static void
append_key (Job              *job,
            const SluiceCell *cell)
{
  gint64 n_rows = cell->kind == SLUICE_CELL_JSON ? sluice_json_cell_count (cell->text, cell->length) : -1;

  if (n_rows >= 0)
    {
      append_number_key (job->keys, (double) n_rows);
    }
  else if (job->numeric)
    {
      char text[64];

      memcpy (text, cell->text, MIN (cell->length, sizeof text - 1));
      text[MIN (cell->length, sizeof text - 1)] = '\0';
      append_number_key (job->keys, g_ascii_strtod (text, NULL));
    }
  else
    {
      append_text_key (job->keys, cell->text, cell->length);
    }
}

static void
add_entry (Job              *job,
           guint32           row,
           const SluiceCell *cell)
{
  Entry entry = { .row = row, .key = job->keys->len, .length = NULL_BIT };

  if (cell->kind != SLUICE_CELL_NULL)
    {
      append_key (job, cell);
      entry.length = job->keys->len - entry.key;
      entry.prefix = read_prefix (job->keys->data + entry.key, entry.length);
    }

  g_array_append_val (job->entries, entry);
}

static void
sort_entries (Job *job)
{
  if (job->entries->len > 1)
    qsort_r (job->entries->data, job->entries->len, sizeof (Entry), compare_entries, job);
}

static gboolean
flush_rows (Job     *job,
            GError **error)
{
  if (!sluice_result_file_write (job->order, job->rows->data, (gsize) job->rows->len * sizeof (guint32),
                                 (guint64) job->n_written * sizeof (guint32), error))
    return FALSE;

  job->n_written += job->rows->len;
  g_array_set_size (job->rows, 0);

  return TRUE;
}

static gboolean
put_row (Job      *job,
         guint32   row,
         GError  **error)
{
  g_array_append_val (job->rows, row);

  return job->rows->len < WRITE_ROWS || flush_rows (job, error);
}

static gboolean
write_run (Job     *job,
           GError **error)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();
  Run run = { .offset = job->size };

  if (job->file == NULL)
    job->file = sluice_result_file_new (sluice_result_store_get_folder (job->sort->store), error);
  if (job->file == NULL)
    return FALSE;

  sort_entries (job);
  for (guint i = 0; i < job->entries->len; i++)
    {
      const Entry *entry = &g_array_index (job->entries, Entry, i);
      RecordHead head = { .row = entry->row, .length = entry->length };

      g_byte_array_append (out, (const guint8 *) &head, sizeof head);
      g_byte_array_append (out, job->keys->data + entry->key, entry->length & ~NULL_BIT);

      if (out->len >= READ_SIZE || i + 1 == job->entries->len)
        {
          if (!sluice_result_file_write (job->file, out->data, out->len, job->size, error))
            return FALSE;
          job->size += out->len;
          g_byte_array_set_size (out, 0);
        }
    }

  run.end = job->size;
  g_array_append_val (job->runs, run);
  g_array_set_size (job->entries, 0);
  g_byte_array_set_size (job->keys, 0);

  return TRUE;
}

static gboolean
make_runs (Job     *job,
           GError **error)
{
  g_autoptr(SluiceResultScan) scan = sluice_result_scan_new (job->sort->store, 0, error);
  const SluiceCell *cells;

  if (scan == NULL)
    return FALSE;

  job->n_rows = sluice_result_scan_get_n_rows (scan);
  for (guint row = 0; row < job->n_rows; row++)
    {
      cells = sluice_result_scan_next (scan, error);
      if (cells == NULL)
        return FALSE;
      add_entry (job, row, &cells[job->sort->column]);

      if (job->entries->len * sizeof (Entry) + job->keys->len >= job->sort->run_size && !write_run (job, error))
        return FALSE;

      if (row % 1024 == 0)
        {
          if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
            return FALSE;
          g_atomic_int_set (&job->sort->progress, (int) ((guint64) row * SCAN_SHARE / job->n_rows));
        }
    }

  return TRUE;
}

static gboolean
fill_run (Job      *job,
          Run      *run,
          gsize     wanted,
          GError  **error)
{
  gsize size;

  if (run->filled > run->start)
    memmove (run->buffer, run->buffer + run->start, run->filled - run->start);
  run->filled -= run->start;
  run->start = 0;

  if (wanted > run->capacity)
    {
      run->capacity = MAX (wanted, READ_SIZE);
      run->buffer = g_realloc (run->buffer, run->capacity);
    }

  size = (gsize) MIN (run->capacity - run->filled, run->end - run->offset);
  if (!sluice_result_file_read (job->file, run->buffer + run->filled, size, run->offset, error))
    return FALSE;

  run->filled += size;
  run->offset += size;

  return TRUE;
}

/* Whether there was another row is told by @more. */
static gboolean
next_record (Job       *job,
             Run       *run,
             gboolean  *more,
             GError   **error)
{
  gsize size = sizeof run->head;

  *more = run->start < run->filled || run->offset < run->end;
  if (!*more)
    return TRUE;

  if (run->filled - run->start < size && !fill_run (job, run, READ_SIZE, error))
    return FALSE;
  memcpy (&run->head, run->buffer + run->start, sizeof run->head);

  size += run->head.length & ~NULL_BIT;
  if (run->filled - run->start < size && !fill_run (job, run, size, error))
    return FALSE;

  run->key = run->buffer + run->start + sizeof run->head;
  run->start += size;

  return TRUE;
}

static gboolean
comes_before (const Job *job,
              const Run *a,
              const Run *b)
{
  return compare (job->sort->descending, a->key, a->head.length, a->head.row, b->key, b->head.length, b->head.row) < 0;
}

static void
sift_down (const Job  *job,
           Run       **heap,
           guint       n_runs,
           guint       i)
{
  while (2 * i + 1 < n_runs)
    {
      guint child = 2 * i + 1;
      Run *run = heap[i];

      if (child + 1 < n_runs && comes_before (job, heap[child + 1], heap[child]))
        child++;
      if (!comes_before (job, heap[child], run))
        return;

      heap[i] = heap[child];
      heap[child] = run;
      i = child;
    }
}

static gboolean
merge_heap (Job    *job,
            Run   **heap,
            guint   n_runs,
            GError **error)
{
  guint n_merged = 0;

  while (n_runs > 0)
    {
      gboolean more;

      if (!put_row (job, heap[0]->head.row, error) || !next_record (job, heap[0], &more, error))
        return FALSE;

      if (!more)
        heap[0] = heap[--n_runs];
      sift_down (job, heap, n_runs, 0);

      if (n_merged++ % 4096 == 0)
        {
          if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
            return FALSE;
          g_atomic_int_set (&job->sort->progress,
                            SCAN_SHARE + (int) ((guint64) n_merged * (ALL - SCAN_SHARE) / (job->n_rows + 1)));
        }
    }

  return TRUE;
}

static gboolean
merge_runs (Job     *job,
            GError **error)
{
  g_autofree Run **heap = g_new (Run *, job->runs->len);
  guint n_runs = job->runs->len;

  for (guint i = 0; i < n_runs; i++)
    {
      gboolean more;

      heap[i] = &g_array_index (job->runs, Run, i);
      if (!next_record (job, heap[i], &more, error))
        return FALSE;
    }

  for (guint i = n_runs; i > 0; i--)
    sift_down (job, heap, n_runs, i - 1);

  return merge_heap (job, heap, n_runs, error);
}

static gboolean
put_entries (Job     *job,
             GError **error)
{
  sort_entries (job);
  for (guint i = 0; i < job->entries->len; i++)
    {
      if (!put_row (job, g_array_index (job->entries, Entry, i).row, error))
        return FALSE;
    }

  return TRUE;
}

static SluiceResultOrder *
run (Job     *job,
     GError **error)
{
  job->order = sluice_result_file_new (sluice_result_store_get_folder (job->sort->store), error);
  if (job->order == NULL || !make_runs (job, error))
    return NULL;

  if (job->runs->len == 0)
    {
      if (!put_entries (job, error))
        return NULL;
    }
  else if ((job->entries->len > 0 && !write_run (job, error)) || !merge_runs (job, error))
    {
      return NULL;
    }

  if (!flush_rows (job, error))
    return NULL;
  g_atomic_int_set (&job->sort->progress, ALL);

  return sluice_result_order_new (g_steal_pointer (&job->order), job->n_rows);
}

static void
run_thread (GTask        *task,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  SluiceResultSort *self = source_object;
  SluiceResultOrder *order;
  GError *error = NULL;
  Job job = { .sort = self, .cancellable = cancellable };

  job.numeric = sluice_result_store_get_numeric (self->store, self->column);
  job.entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  job.keys = g_byte_array_new ();
  job.runs = g_array_new (FALSE, TRUE, sizeof (Run));
  g_array_set_clear_func (job.runs, run_clear);
  job.rows = g_array_sized_new (FALSE, FALSE, sizeof (guint32), WRITE_ROWS);
  order = run (&job, &error);
  job_clear (&job);

  if (order != NULL)
    g_task_return_pointer (task, order, (GDestroyNotify) sluice_result_order_unref);
  else
    g_task_return_error (task, error);
}

static void
sluice_result_sort_finalize (GObject *object)
{
  SluiceResultSort *self = SLUICE_RESULT_SORT (object);

  g_clear_object (&self->store);

  G_OBJECT_CLASS (sluice_result_sort_parent_class)->finalize (object);
}

static void
sluice_result_sort_class_init (SluiceResultSortClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_result_sort_finalize;
}

static void
sluice_result_sort_init (SluiceResultSort *self)
{
  self->run_size = RUN_SIZE;
}

/**
 * sluice_result_sort_new:
 * @store: a store that knows its columns
 * @column: the column to sort by
 * @descending: whether the greatest comes first
 *
 * Numbers are compared as numbers when the column has nothing else, subqueries
 * by how many rows they have, everything else as texts in the language of the
 * user. Null comes last either way, equals stay in the order they came.
 *
 * Returns: (transfer full): a sort of the rows that are there when it runs
 */
SluiceResultSort *
sluice_result_sort_new (SluiceResultStore *store,
                        guint              column,
                        gboolean           descending)
{
  SluiceResultSort *self;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (store), NULL);

  self = g_object_new (SLUICE_TYPE_RESULT_SORT, NULL);
  self->store = g_object_ref (store);
  self->column = column;
  self->descending = descending;

  return self;
}

/**
 * sluice_result_sort_set_run_size:
 * @self: a sort that does not run
 * @run_size: how many bytes to sort in memory at once
 */
void
sluice_result_sort_set_run_size (SluiceResultSort *self,
                                 gsize             run_size)
{
  g_return_if_fail (SLUICE_IS_RESULT_SORT (self));

  self->run_size = run_size;
}

/**
 * sluice_result_sort_get_progress:
 * @self: a sort
 *
 * Returns: how much of it is done, from 0 to 1
 */
double
sluice_result_sort_get_progress (SluiceResultSort *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_SORT (self), 0);

  return (double) g_atomic_int_get (&self->progress) / ALL;
}

/**
 * sluice_result_sort_run_async:
 * @self: a sort that was not run
 * @cancellable: (nullable): stops it
 * @callback: called when the order is there
 * @user_data: data for @callback
 *
 * Sorts in a worker.
 */
void
sluice_result_sort_run_async (SluiceResultSort    *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_RESULT_SORT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_result_sort_run_async);
  g_task_run_in_thread (task, run_thread);
}

/**
 * sluice_result_sort_run_finish:
 * @self: a sort
 * @result: what the callback got
 * @error: why there is no order
 *
 * Returns: (transfer full) (nullable): the order
 */
SluiceResultOrder *
sluice_result_sort_run_finish (SluiceResultSort  *self,
                               GAsyncResult      *result,
                               GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
