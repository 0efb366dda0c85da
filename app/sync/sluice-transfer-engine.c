/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-transfer-engine.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-bulk-reader.h"
#include "sluice-error.h"
#include "sluice-record-reader.h"
#include "sluice-soql-columns.h"

/* What a crash may cost is read again in about this time; flushing more often costs more than it saves. */
#define CHECKPOINT_INTERVAL (G_USEC_PER_SEC / 2)

struct _SluiceTransferEngine
{
  SluiceSink *sink;
  SluiceTransferPoint *point;
  gboolean begun;       /* whether the sink knows the columns */
  gboolean broken;      /* whether the sink is of no more use */
  gboolean kept;        /* whether a later run can take up where the last checkpoint was */
  guint64 kept_rows;    /* at the last checkpoint */
  gint64 checkpoint_at; /* monotonic µs, of the last one */

  /* While it runs */
  const SluicePageSource *source;
  SluicePageFeed *feed;
  GCancellable *cancellable; /* (nullable) */
  SluiceRecordReader *records; /* (nullable): REST */
  SluiceBulkReader *bulk;      /* (nullable) */
  guint64 calls_before; /* of the feed */
  guint n_subquery_calls;
  guint64 skip;         /* records of the page that are in the sink already */
  gboolean offsets_lie; /* whether addresses do not tell how many records a page has */
  guint64 max_total;
  gboolean too_many;

  GMutex mutex;
  SluiceTransferCounts counts;
};

/**
 * sluice_transfer_engine_new:
 * @sink: where records go
 * @point: (transfer full): what is read, and from where on
 *
 * Returns: (transfer full): an engine
 */
SluiceTransferEngine *
sluice_transfer_engine_new (SluiceSink          *sink,
                            SluiceTransferPoint *point)
{
  SluiceTransferEngine *self = g_new0 (SluiceTransferEngine, 1);

  g_mutex_init (&self->mutex);
  self->sink = g_object_ref (sink);
  self->point = point;
  self->kept = point->columns != NULL;
  self->kept_rows = point->rows;
  self->counts.rows = point->rows;
  self->counts.total = point->total;

  return self;
}

/**
 * sluice_transfer_engine_free:
 * @self: (transfer full): an engine that does not run
 *
 * Frees it.
 */
void
sluice_transfer_engine_free (SluiceTransferEngine *self)
{
  g_clear_object (&self->sink);
  g_clear_pointer (&self->point, sluice_transfer_point_free);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
count_rows (SluiceTransferEngine *self,
            guint                 n_rows)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->point->rows += n_rows;
  self->point->page_rows += n_rows;
  self->counts.rows = self->point->rows;
}

static void
count_bytes (SluiceTransferEngine *self,
             gsize                 bytes)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->counts.bytes += bytes;
}

/**
 * sluice_transfer_engine_set_total:
 * @self: an engine that does not run
 * @total: how many records there will be, -1 when not known
 *
 * Says what the org has told.
 */
void
sluice_transfer_engine_set_total (SluiceTransferEngine *self,
                                  gint64                total)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->point->total = total;
  self->counts.total = total;
}

/* The sink */

static gboolean
begin_sink (SluiceTransferEngine  *self,
            const char * const    *columns, /* (nullable) */
            GError               **error)
{
  /* An org that says nothing has no records. */
  static const char * const unknown[] = { "Id", NULL };

  if (self->begun)
    return TRUE;

  if (self->point->columns == NULL)
    self->point->columns = g_strdupv ((char **) (columns != NULL ? columns : unknown));
  self->begun = TRUE;
  self->checkpoint_at = g_get_monotonic_time ();

  self->broken = !sluice_sink_begin (self->sink, (const char * const *) self->point->columns,
                                     g_strv_length (self->point->columns), error);

  return !self->broken;
}

static gboolean
checkpoint (SluiceTransferEngine  *self,
            GError               **error)
{
  g_autofree char *text = NULL;

  if (!sluice_sink_get_is_durable (self->sink))
    return TRUE;

  text = sluice_transfer_point_to_text (self->point);
  self->broken = !sluice_sink_checkpoint (self->sink, text, error);
  if (self->broken)
    return FALSE;
  self->kept = TRUE;
  self->kept_rows = self->point->rows;
  self->checkpoint_at = g_get_monotonic_time ();

  return TRUE;
}

static gboolean
checkpoint_if_due (SluiceTransferEngine  *self,
                   GError               **error)
{
  if (g_get_monotonic_time () - self->checkpoint_at < CHECKPOINT_INTERVAL)
    return TRUE;

  return checkpoint (self, error);
}

static gboolean
fail_columns (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The org sent other columns than the query asks for. Run the query again."));

  return FALSE;
}

/* The first records of a page may be in the sink already: those of a page that broke off, or of an earlier run. */
static gboolean
add_batch (SluiceTransferEngine  *self,
           const SluiceRowBatch  *batch,
           GError               **error)
{
  guint n_skipped = (guint) MIN (self->skip, batch->n_rows);
  SluiceRowBatch rest = {
    .cells = batch->cells + (gsize) n_skipped * batch->n_columns,
    .n_rows = batch->n_rows - n_skipped,
    .n_columns = batch->n_columns,
  };

  self->skip -= n_skipped;
  if (rest.n_rows == 0)
    return TRUE;

  if (rest.n_columns != g_strv_length (self->point->columns))
    return fail_columns (error);
  self->broken = !sluice_sink_add (self->sink, &rest, error);
  if (self->broken)
    return FALSE;
  count_rows (self, rest.n_rows);

  return TRUE;
}

/* REST */

static gboolean
read_offset (const char *address,
             gint64     *offset)
{
  const char *dash = address != NULL ? strrchr (address, '-') : NULL;

  return dash != NULL && g_ascii_string_to_signed (dash + 1, 10, 0, G_MAXINT64, offset, NULL);
}

/* How many records a page should have: the address of the next one ends with where it begins, by all that is known;
 * the last page has what is missing. -1 when nothing tells. */
static gint64
get_expected (SluiceTransferEngine *self,
              const SluicePage     *page,
              gboolean              is_first)
{
  const char *next = sluice_record_reader_get_next (self->records);
  gint64 from = 0;
  gint64 to = 0;

  if (self->offsets_lie)
    return -1;
  if (next == NULL)
    return sluice_record_reader_get_total (self->records) - (gint64) (self->point->rows - self->point->page_rows);
  if (!read_offset (next, &to) || (!is_first && !read_offset (page->address, &from)))
    return -1;

  return to - from;
}

static gboolean
is_count (SluiceTransferEngine *self)
{
  const char * const *columns = sluice_record_reader_get_columns (self->records);

  return columns != NULL && strcmp (columns[0], SLUICE_SOQL_COUNT) == 0 && columns[1] == NULL;
}

static gboolean
is_whole (SluiceTransferEngine *self,
          const SluicePage     *page,
          gboolean              is_first)
{
  gint64 expected = is_count (self) ? -1 : get_expected (self, page, is_first);

  return expected < 0 || expected == sluice_record_reader_get_batch (self->records)->n_rows;
}

static char *
read_child_page (SluiceTransferEngine  *self,
                 const char            *address,
                 gsize                 *length,
                 GError               **error)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GInputStream) stream = NULL;
  static const char zeros[SLUICE_RECORD_READER_PADDING] = { 0, };
  g_autofree char *next = NULL;
  gint64 n_rows;

  /* A lane of its own: the others read ahead. */
  stream = self->source->open (self->source->n_lanes, address, self->cancellable, &next, &n_rows,
                               self->source->user_data, error);
  if (stream == NULL ||
      g_output_stream_splice (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, self->cancellable, error) < 0)
    return NULL;

  *length = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory));
  if (!g_output_stream_write_all (memory, zeros, sizeof zeros, NULL, NULL, error) ||
      !g_output_stream_close (memory, NULL, error))
    return NULL;

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (memory));
}

static gboolean
complete_subqueries (SluiceTransferEngine  *self,
                     GError               **error)
{
  for (guint i = 0; i < sluice_record_reader_get_n_open (self->records); i++)
    {
      const SluiceOpenSubquery *open = sluice_record_reader_get_open (self->records, i);

      while (open->next_records_url != NULL)
        {
          g_autofree char *address = g_strdup (open->next_records_url);
          g_autofree char *body = NULL;
          gsize length;

          body = read_child_page (self, address, &length, error);
          if (body == NULL || !sluice_record_reader_continue_open (self->records, i, body, length, error))
            return FALSE;

          self->n_subquery_calls++;
          if (g_strcmp0 (open->next_records_url, address) == 0)
            {
              g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                                   _("The org sent the same page of records twice. Run the query again."));
              return FALSE;
            }
        }
    }

  return TRUE;
}

static gboolean
take_whole_page (SluiceTransferEngine  *self,
                 GError               **error)
{
  if (sluice_record_reader_get_total (self->records) >= 0)
    sluice_transfer_engine_set_total (self, is_count (self) ? 1 : sluice_record_reader_get_total (self->records));

  if (!self->begun && (guint64) MAX (self->point->total, 0) > self->max_total)
    {
      self->too_many = TRUE;
      return TRUE;
    }

  return begin_sink (self, sluice_record_reader_get_columns (self->records), error) &&
         complete_subqueries (self, error) &&
         add_batch (self, sluice_record_reader_get_batch (self->records), error) &&
         sluice_page_feed_set_next (self->feed, sluice_record_reader_get_next (self->records), error);
}

static gboolean
run_rest_page (SluiceTransferEngine  *self,
               const SluicePage      *page,
               gboolean               is_first,
               GError               **error)
{
  while (TRUE)
    {
      g_autoptr(GError) problem = NULL;
      gsize length = 0;
      char *data = NULL;
      SluicePagePart part;

      part = sluice_page_feed_read (self->feed, &data, &length, error);
      if (part == SLUICE_PAGE_FAILED)
        return FALSE;
      if (part != SLUICE_PAGE_PIECE)
        continue;

      count_bytes (self, length);
      if (!sluice_record_reader_parse (self->records, data, length, &problem))
        {
          if (sluice_page_feed_ask_again (self->feed, &problem))
            continue;
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }

      if (!is_whole (self, page, is_first))
        {
          g_debug ("A page has another number of records than it should have");
          if (sluice_page_feed_ask_again (self->feed, &problem))
            continue;
          /* It is what it is; at the end, the number of all records decides. */
          self->offsets_lie = TRUE;
        }

      return take_whole_page (self, error);
    }
}

/* Bulk */

static gboolean
take_batch (SluiceTransferEngine  *self,
            guint64               *n_rows,
            GError               **error)
{
  const SluiceRowBatch *batch = sluice_bulk_reader_get_batch (self->bulk);

  *n_rows += batch->n_rows;
  if (sluice_bulk_reader_get_columns (self->bulk) == NULL)
    return TRUE;

  return begin_sink (self, sluice_bulk_reader_get_columns (self->bulk), error) &&
         add_batch (self, batch, error) &&
         checkpoint_if_due (self, error);
}

/* The reader's own complaints are worth another try; the sink's are not. */
static gboolean
take_piece (SluiceTransferEngine  *self,
            const char            *data,
            gsize                  length,
            guint64               *n_rows,
            gboolean              *is_damaged,
            GError               **error)
{
  while (length > 0)
    {
      *is_damaged = !sluice_bulk_reader_take (self->bulk, &data, &length, error);
      if (*is_damaged || !take_batch (self, n_rows, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
end_bulk_page (SluiceTransferEngine  *self,
               const SluicePage      *page,
               guint64               *n_rows,
               gboolean              *is_damaged,
               GError               **error)
{
  *is_damaged = !sluice_bulk_reader_end_page (self->bulk, error);
  if (*is_damaged || !take_batch (self, n_rows, error))
    return FALSE;

  if (page->n_rows < 0 || (guint64) page->n_rows == *n_rows)
    return TRUE;

  *is_damaged = TRUE;
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("A page of the result has another number of records than the org says. Try again."));

  return FALSE;
}

static void
begin_bulk_page (SluiceTransferEngine *self,
                 guint64              *n_rows)
{
  sluice_bulk_reader_begin_page (self->bulk);
  self->skip = self->point->page_rows;
  *n_rows = 0;
}

/* Lets the page that is damaged come to its end, then asks for it again. */
static gboolean
wait_for_another (SluiceTransferEngine  *self,
                  GError               **error)
{
  g_autoptr(GError) problem = g_steal_pointer (error);
  SluicePagePart part;
  gsize length;
  char *data;

  do
    part = sluice_page_feed_read (self->feed, &data, &length, error);
  while (part == SLUICE_PAGE_PIECE);

  if (part == SLUICE_PAGE_FAILED)
    return FALSE;
  if (part == SLUICE_PAGE_AGAIN || sluice_page_feed_ask_again (self->feed, &problem))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&problem));

  return FALSE;
}

static gboolean
run_bulk_page (SluiceTransferEngine  *self,
               const SluicePage      *page,
               GError               **error)
{
  guint64 n_rows = 0;

  begin_bulk_page (self, &n_rows);
  while (TRUE)
    {
      gboolean is_damaged = FALSE;
      gsize length = 0;
      char *data = NULL;
      gboolean success;

      switch (sluice_page_feed_read (self->feed, &data, &length, error))
        {
        case SLUICE_PAGE_PIECE:
          count_bytes (self, length);
          success = take_piece (self, data, length, &n_rows, &is_damaged, error);
          break;

        case SLUICE_PAGE_END:
          if (end_bulk_page (self, page, &n_rows, &is_damaged, error))
            return TRUE;
          success = FALSE;
          break;

        case SLUICE_PAGE_AGAIN:
          begin_bulk_page (self, &n_rows);
          success = TRUE;
          break;

        case SLUICE_PAGE_FAILED:
        default:
          return FALSE;
        }

      if (success)
        continue;
      if (!is_damaged || !wait_for_another (self, error))
        return FALSE;
      begin_bulk_page (self, &n_rows);
    }
}

/* Both */

static gboolean
run_page (SluiceTransferEngine  *self,
          const SluicePage      *page,
          gboolean               is_first,
          GError               **error)
{
  self->skip = self->point->page_rows;

  return self->bulk != NULL ? run_bulk_page (self, page, error) : run_rest_page (self, page, is_first, error);
}

static void
count_calls (SluiceTransferEngine *self)
{
  guint calls = sluice_page_feed_get_calls (self->feed) + self->n_subquery_calls;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->counts.calls = self->calls_before + calls;
}

static void
go_to_next_page (SluiceTransferEngine *self,
                 const SluicePage     *page)
{
  g_set_str (&self->point->address, page->next);
  self->point->page_rows = 0;
  count_calls (self);
}

static gboolean
run_pages (SluiceTransferEngine  *self,
           gboolean               from_start,
           GError               **error)
{
  const SluicePage *page;
  gboolean is_first = from_start;

  while (sluice_page_feed_begin (self->feed, &page, error))
    {
      if (page == NULL)
        return TRUE;

      /* It may be asked for by another address than the page before it told. */
      g_set_str (&self->point->address, page->address);
      if (!run_page (self, page, is_first, error))
        return FALSE;
      if (self->too_many)
        return TRUE;

      go_to_next_page (self, page);
      sluice_page_feed_end (self->feed);
      is_first = FALSE;
      if (!checkpoint_if_due (self, error))
        return FALSE;
    }

  return FALSE;
}

static gboolean
run_all_pages (SluiceTransferEngine  *self,
               GError               **error)
{
  gboolean from_start = self->point->rows == self->point->page_rows;
  g_auto(GStrv) columns = NULL;
  gboolean success;

  if (self->point->address == NULL)
    return TRUE;

  columns = self->point->columns != NULL ? g_strdupv (self->point->columns) : sluice_soql_list_columns (self->point->soql);
  if (self->point->transport == SLUICE_TRANSPORT_BULK)
    self->bulk = sluice_bulk_reader_new ();
  else
    self->records = sluice_record_reader_new ((const char * const *) columns);
  self->feed = sluice_page_feed_new (self->source, self->point->address, self->cancellable);

  self->calls_before = self->counts.calls;
  self->n_subquery_calls = 0;
  success = run_pages (self, from_start, error);
  count_calls (self);

  g_clear_pointer (&self->feed, sluice_page_feed_free);
  g_clear_pointer (&self->records, sluice_record_reader_free);
  g_clear_pointer (&self->bulk, sluice_bulk_reader_free);

  return success;
}

/* What came before it ended is worth keeping; of a sink that failed, only the last checkpoint is left. */
static void
keep (SluiceTransferEngine *self)
{
  g_autoptr(GError) error = NULL;

  if (self->begun && !self->broken && !checkpoint (self, &error))
    g_debug ("What came last is not kept: %s", error->message);
  sluice_sink_abandon (self->sink);

  if (self->broken)
    {
      g_mutex_lock (&self->mutex);
      self->counts.rows = self->kept_rows;
      g_mutex_unlock (&self->mutex);
    }
}

/**
 * sluice_transfer_engine_note:
 * @self: an engine
 * @error: why the sink did not take it
 *
 * Makes what is known so far durable before the first record, such as the id
 * of a Bulk job. Needs the columns.
 *
 * Returns: whether it is durable, or nothing is
 */
gboolean
sluice_transfer_engine_note (SluiceTransferEngine  *self,
                             GError               **error)
{
  g_auto(GStrv) columns = sluice_soql_list_columns (self->point->soql);

  if (!sluice_sink_get_is_durable (self->sink) || (columns == NULL && self->point->columns == NULL))
    return TRUE;

  return begin_sink (self, (const char * const *) columns, error) && checkpoint (self, error);
}

/**
 * sluice_transfer_engine_run:
 * @self: an engine
 * @source: where pages come from; one lane more than it says is used for subqueries
 * @max_total: how many records are too many; nothing is added to the sink then
 * @cancellable: (nullable): stops; what came before is kept where that is possible
 * @error: why not all records are in the sink
 *
 * Reads to the end and completes the sink. On failure the sink is abandoned.
 *
 * Returns: whether the sink is complete; or there are too many, as
 *   sluice_transfer_engine_get_too_many() tells
 */
gboolean
sluice_transfer_engine_run (SluiceTransferEngine    *self,
                            const SluicePageSource  *source,
                            guint64                  max_total,
                            GCancellable            *cancellable,
                            GError                 **error)
{
  self->source = source;
  self->max_total = max_total;
  self->cancellable = cancellable;
  self->too_many = FALSE;

  /* A run that is taken up has its columns already. */
  if (self->point->columns != NULL && !begin_sink (self, NULL, error))
    {
      sluice_sink_abandon (self->sink);
      return FALSE;
    }

  if (!run_all_pages (self, error))
    {
      keep (self);
      return FALSE;
    }
  if (self->too_many)
    return TRUE;

  if (!begin_sink (self, NULL, error) || !sluice_sink_finish (self->sink, error))
    {
      self->broken = TRUE;
      keep (self);
      return FALSE;
    }

  return TRUE;
}

/**
 * sluice_transfer_engine_get_counts:
 * @self: an engine
 * @counts: (out): how far it has come
 *
 * May be called in any thread.
 */
void
sluice_transfer_engine_get_counts (SluiceTransferEngine *self,
                                   SluiceTransferCounts *counts)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  *counts = self->counts;
}

/**
 * sluice_transfer_engine_get_too_many:
 * @self: an engine that has run
 *
 * Returns: whether it stopped at the first page because there are too many records
 */
gboolean
sluice_transfer_engine_get_too_many (SluiceTransferEngine *self)
{
  return self->too_many;
}

/**
 * sluice_transfer_engine_get_kept:
 * @self: an engine that does not run
 *
 * Returns: whether a later run can go on where this one was interrupted
 */
gboolean
sluice_transfer_engine_get_kept (SluiceTransferEngine *self)
{
  return self->kept;
}

/**
 * sluice_transfer_engine_get_point:
 * @self: an engine that does not run
 *
 * Returns: (transfer none): how far it has come
 */
SluiceTransferPoint *
sluice_transfer_engine_get_point (SluiceTransferEngine *self)
{
  return self->point;
}
