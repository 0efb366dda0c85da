/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-page-feed.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-fetcher.h"

#define PIECE_SIZE (256 * 1024)

/* What may wait of one page that comes in pieces. */
#define MAX_PIECES 9

/* A page that tells what comes next does so here. */
#define HEAD_SIZE 4096

#define FIRST_PAGE_SIZE (1024 * 1024)

/* A page that breaks off this often will not come whole. */
#define MAX_ATTEMPTS 6

/* How long a page that is further ahead keeps its connection while the one before it cannot get any */
#define PATIENCE (2 * G_USEC_PER_SEC)

/* So many pages must be left for a list of them to be worth a call. */
#define MIN_LISTED 3

/* So many addresses a list has. */
#define MAX_LISTED 5

/* Before each further attempt but the first, twice as long as before the last one. */
#define FIRST_DELAY (G_USEC_PER_SEC / 4)

typedef enum
{
  STATE_WAITING, /* for a lane */
  STATE_READING,
  STATE_ENDED,
  STATE_FAILED,
} State;

typedef struct
{
  char *data;
  gsize length;
} Piece;

typedef struct
{
  SluicePage page;

  State state;
  GQueue pieces;   /* (element-type Piece) */
  guint attempts;
  guint round;     /* goes up when the page begins anew */
  guint seen_round; /* the one that the reader knows of */
  gint64 not_before; /* monotonic µs */
  gboolean has_next; /* whether what comes next is known, even when it is nothing */
  gboolean list_first; /* whether addresses from it on are asked for before it is */
  guint n_expected;    /* pages from it on, when they are as long as the one before it */
  gboolean is_dropped; /* whether it is no page after all; its lane frees it */
  GError *error;   /* (nullable) */
} Entry;

struct _SluicePageFeed
{
  SluicePageSource source;
  GCancellable *outer; /* (nullable) */
  gulong outer_id;
  GCancellable *stop;
  GThread **threads;

  GMutex mutex;
  GCond changed;
  GQueue entries;      /* (element-type Entry), in order; the first one is being taken */
  GHashTable *seen;    /* (element-type utf8): addresses that were asked for */
  GQueue spare;        /* (element-type char*): pieces to be filled again */
  char *taken;         /* (nullable): what the reader holds */
  gboolean complete;   /* the last page is among the entries */
  gboolean stopping;
  guint calls;

  gint64 waiting_since; /* monotonic µs: the reader, for a page that has not begun; 0 when it does not */
  gboolean is_slow;     /* whether the reader waits for what pages tell */
  gboolean listless;    /* whether addresses are of no use */
  guint n_ended;        /* pages that were taken */
  gint64 promised;      /* records of all pages that have begun */
};

typedef struct
{
  SluicePageFeed *feed;
  guint number;
} Lane;

static Entry *
entry_new (const char *address)
{
  Entry *self = g_new0 (Entry, 1);

  self->page.address = g_strdup (address);
  self->page.n_rows = -1;
  g_queue_init (&self->pieces);

  return self;
}

static void
drop_pieces (SluicePageFeed *self,
             Entry          *entry)
{
  Piece *piece;

  while ((piece = g_queue_pop_head (&entry->pieces)) != NULL)
    {
      if (self->source.find_next == NULL)
        g_queue_push_head (&self->spare, piece->data);
      else
        g_free (piece->data);
      g_free (piece);
    }
}

static void
entry_free (SluicePageFeed *self,
            Entry          *entry)
{
  drop_pieces (self, entry);
  g_clear_error (&entry->error);
  g_free (entry->page.address);
  g_free (entry->page.next);
  g_free (entry);
}

/* All of the following is called with the mutex held, unless it says otherwise. */

static gboolean
fail_repeated (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The org sent the same page of records twice. Run the query again."));

  return FALSE;
}

static Entry *
push_entry (SluicePageFeed *self,
            const char     *address)
{
  Entry *entry = entry_new (address);

  g_queue_push_tail (&self->entries, entry);
  g_cond_broadcast (&self->changed);

  return entry;
}

static void
drop_entry (SluicePageFeed *self,
            GList          *link)
{
  Entry *entry = link->data;

  g_queue_delete_link (&self->entries, link);
  g_hash_table_remove (self->seen, entry->page.address);
  entry->is_dropped = TRUE;
  if (entry->state != STATE_READING)
    entry_free (self, entry);
}

/* Whether the page after this one was listed rightly. What was listed wrongly is dropped. */
static gboolean
check_listed (SluicePageFeed *self,
              Entry          *entry,
              const char     *next) /* (nullable) */
{
  GList *link = g_queue_find (&self->entries, entry);
  Entry *listed = link->next != NULL ? link->next->data : NULL;

  if (listed == NULL)
    return FALSE;
  if (g_strcmp0 (listed->page.address, next) == 0)
    return TRUE;

  g_debug ("Pages are not where they were listed");
  self->listless = TRUE;
  self->complete = FALSE;
  while (link->next != NULL)
    drop_entry (self, link->next);

  return FALSE;
}

/* 0 when there are too few or too many pages after this one, or its reader does not wait. */
static guint
count_listable (SluicePageFeed *self,
                Entry          *entry)
{
  gint64 n_left;
  gint64 n_pages;

  if (self->source.list == NULL || self->listless || self->source.n_lanes < 2 || entry->page.n_rows <= 0)
    return 0;

  if (self->waiting_since != 0 && g_queue_peek_head (&self->entries) == entry &&
      g_get_monotonic_time () - self->waiting_since >= self->source.list_after)
    self->is_slow = TRUE;

  /* Listed pages before it may not have begun yet. */
  n_left = self->source.n_rows - self->promised;
  for (GList *l = self->entries.head; l != NULL; l = l->next)
    n_left -= ((Entry *) l->data)->has_next ? 0 : entry->page.n_rows;

  n_pages = (n_left + entry->page.n_rows - 1) / entry->page.n_rows;
  if ((!self->is_slow && self->source.list_after > 0) || n_pages < MIN_LISTED || n_pages > MAX_LISTED)
    return 0;

  return (guint) n_pages;
}

static void
take_list (SluicePageFeed  *self,
           Entry           *entry,
           char           **pages) /* (nullable) */
{
  entry->list_first = FALSE;
  g_cond_broadcast (&self->changed);
  if (entry->is_dropped)
    return;

  /* One list is all there is to it. Pages that are shorter than those before would cost more calls. */
  self->listless = TRUE;
  if (pages == NULL || pages[0] == NULL || g_strv_length (pages) > entry->n_expected ||
      (!g_str_equal (pages[0], entry->page.address) && !g_hash_table_add (self->seen, g_strdup (pages[0]))))
    return;

  g_set_str (&entry->page.address, pages[0]);
  for (guint i = 1; pages[i] != NULL && g_hash_table_add (self->seen, g_strdup (pages[i])); i++)
    push_entry (self, pages[i]);
}

/* Only the newest page may tell what comes after it; a page that is read again may not change it. */
static gboolean
learn_next (SluicePageFeed  *self,
            Entry           *entry,
            const char      *next, /* (nullable) */
            GError         **error)
{
  gboolean is_listed;
  guint n_expected;
  Entry *pushed;

  if (entry->has_next || entry->is_dropped)
    return TRUE;

  is_listed = check_listed (self, entry, next);
  /* An address that leads back would never end. */
  if (!is_listed && next != NULL && !g_hash_table_add (self->seen, g_strdup (next)))
    return fail_repeated (error);

  entry->has_next = TRUE;
  entry->page.next = g_strdup (next);
  g_cond_broadcast (&self->changed);
  if (is_listed)
    return TRUE;

  if (next == NULL)
    {
      self->complete = TRUE;
      return TRUE;
    }

  n_expected = count_listable (self, entry);
  pushed = push_entry (self, next);
  pushed->n_expected = n_expected;
  pushed->list_first = n_expected > 0;

  return TRUE;
}

static Entry *
find_waiting (SluicePageFeed *self,
              gint64         *wake_up) /* (inout) */
{
  gint64 now = g_get_monotonic_time ();
  guint i = 0;

  for (GList *l = self->entries.head; l != NULL && i < self->source.max_pages; l = l->next, i++)
    {
      Entry *entry = l->data;

      if (entry->state != STATE_WAITING)
        continue;
      if (entry->not_before <= now)
        return entry;
      *wake_up = MIN (*wake_up, entry->not_before);
    }

  return NULL;
}

static void
begin_again (SluicePageFeed *self,
             Entry          *entry)
{
  drop_pieces (self, entry);
  entry->round++;
  entry->state = STATE_WAITING;
  if (entry->attempts > 1)
    entry->not_before = g_get_monotonic_time () + (FIRST_DELAY << (entry->attempts - 2));
  g_cond_broadcast (&self->changed);
}

static void
lane_failed (SluicePageFeed *self,
             Entry          *entry,
             GError         *error) /* (transfer full) */
{
  /* For a server that is down, the client has waited already. */
  if (!self->stopping && entry->attempts < MAX_ATTEMPTS && sluice_error_get_http_status (error) < 500 &&
      sluice_fetcher_is_worth_again (error))
    {
      g_debug ("A page broke off and is asked for again: %s", error->message);
      g_error_free (error);
      begin_again (self, entry);
      return;
    }

  entry->state = STATE_FAILED;
  entry->error = error;
  g_cond_broadcast (&self->changed);
}

static void
push_piece (SluicePageFeed *self,
            Entry          *entry,
            char           *data, /* (transfer full) */
            gsize           length)
{
  Piece *piece = g_new (Piece, 1);

  piece->data = data;
  piece->length = length;
  g_queue_push_tail (&entry->pieces, piece);
  g_cond_broadcast (&self->changed);
}

/* The following is called without the mutex. */

static char *
take_spare (SluicePageFeed *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  char *data = g_queue_pop_head (&self->spare);

  return data != NULL ? data : g_malloc (PIECE_SIZE);
}

/* A page that broke off is asked for again, and may wait for a connection that pages ahead of it hold. */
static gboolean
is_in_the_way (SluicePageFeed *self,
               Entry          *entry)
{
  Entry *head = g_queue_peek_head (&self->entries);

  return head != entry && head->attempts > 1 && g_queue_is_empty (&head->pieces) && head->state != STATE_ENDED;
}

static gboolean
wait_for_room (SluicePageFeed  *self,
               Entry           *entry,
               GError         **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (!self->stopping && !entry->is_dropped && entry->pieces.length >= MAX_PIECES)
    {
      gint64 until = g_get_monotonic_time () + PATIENCE;

      if (g_cond_wait_until (&self->changed, &self->mutex, until) || !is_in_the_way (self, entry))
        continue;

      entry->attempts--;
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE,
                           _("The connection is needed for the page before this one."));
      return FALSE;
    }

  if (!self->stopping && !entry->is_dropped)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Operation was cancelled"));

  return FALSE;
}

static gboolean
read_pieces (SluicePageFeed  *self,
             Entry           *entry,
             GInputStream    *stream,
             GError         **error)
{
  while (wait_for_room (self, entry, error))
    {
      char *data = take_spare (self);
      gsize length = 0;
      gboolean success = g_input_stream_read_all (stream, data, PIECE_SIZE, &length, self->stop, error);

      g_mutex_lock (&self->mutex);
      if (success && length > 0)
        push_piece (self, entry, data, length);
      else
        g_queue_push_head (&self->spare, data);
      g_mutex_unlock (&self->mutex);

      if (!success)
        return FALSE;
      if (length < PIECE_SIZE)
        return TRUE;
    }

  return FALSE;
}

static gboolean
look_for_next (SluicePageFeed  *self,
               Entry           *entry,
               const char      *head,
               gsize            length,
               GError         **error)
{
  g_autofree char *next = self->source.find_next (head, length);
  gboolean success = TRUE;

  if (next == NULL)
    return TRUE;

  g_mutex_lock (&self->mutex);
  success = learn_next (self, entry, next, error);
  g_mutex_unlock (&self->mutex);

  return success;
}

static gboolean
read_whole (SluicePageFeed  *self,
            Entry           *entry,
            GInputStream    *stream,
            GError         **error)
{
  gsize size = FIRST_PAGE_SIZE;
  g_autofree char *data = g_malloc (size);
  gboolean looked = FALSE;
  gsize length = 0;

  while (TRUE)
    {
      gssize n;

      if (size - length <= self->source.padding)
        {
          size *= 2;
          data = g_realloc (data, size);
        }

      n = g_input_stream_read (stream, data + length, MIN (size - length - self->source.padding, PIECE_SIZE), self->stop,
                               error);
      if (n < 0)
        return FALSE;
      length += (gsize) n;

      if (!looked && (n == 0 || length >= HEAD_SIZE))
        {
          looked = TRUE;
          if (!look_for_next (self, entry, data, MIN (length, HEAD_SIZE), error))
            return FALSE;
        }
      if (n == 0)
        break;
    }

  memset (data + length, 0, self->source.padding);
  g_mutex_lock (&self->mutex);
  push_piece (self, entry, g_steal_pointer (&data), length);
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

static gboolean
read_page (SluicePageFeed  *self,
           guint            lane,
           Entry           *entry,
           GError         **error)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autofree char *next = NULL;
  gboolean success = TRUE;
  gint64 n_rows = -1;

  stream = self->source.open (lane, entry->page.address, self->stop, &next, &n_rows, self->source.user_data, error);
  if (stream == NULL)
    return FALSE;

  g_mutex_lock (&self->mutex);
  entry->page.n_rows = n_rows;
  if (!entry->has_next)
    self->promised += MAX (n_rows, 0);
  if (self->source.find_next == NULL)
    success = learn_next (self, entry, next, error);
  g_mutex_unlock (&self->mutex);

  if (!success)
    return FALSE;

  return self->source.find_next != NULL
         ? read_whole (self, entry, stream, error)
         : read_pieces (self, entry, stream, error);
}

static void
ask_for_list (SluicePageFeed *self,
              guint           lane,
              Entry          *entry)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) pages = NULL;

  pages = self->source.list (lane, entry->page.address, self->stop, self->source.user_data, &error);
  if (error != NULL)
    g_debug ("Pages are read one after the other: %s", error->message);

  g_mutex_lock (&self->mutex);
  take_list (self, entry, pages);
  g_mutex_unlock (&self->mutex);
}

static gpointer
run_lane (gpointer data)
{
  g_autofree Lane *lane = data;
  SluicePageFeed *self = lane->feed;

  g_mutex_lock (&self->mutex);
  while (!self->stopping)
    {
      gint64 wake_up = G_MAXINT64;
      Entry *entry = find_waiting (self, &wake_up);
      GError *error = NULL;

      if (entry == NULL && wake_up < G_MAXINT64)
        g_cond_wait_until (&self->changed, &self->mutex, wake_up);
      else if (entry == NULL)
        g_cond_wait (&self->changed, &self->mutex);
      if (entry == NULL)
        continue;

      entry->state = STATE_READING;
      entry->attempts++;
      self->calls += entry->list_first ? 2 : 1;
      g_mutex_unlock (&self->mutex);
      if (entry->list_first)
        ask_for_list (self, lane->number, entry);
      read_page (self, lane->number, entry, &error);
      g_mutex_lock (&self->mutex);

      if (entry->is_dropped)
        {
          g_clear_error (&error);
          entry_free (self, entry);
        }
      else if (error != NULL)
        lane_failed (self, entry, error);
      else
        entry->state = STATE_ENDED;
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->mutex);

  return NULL;
}

static void
stop (SluicePageFeed *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);

  g_cancellable_cancel (self->stop);
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      user_data)
{
  stop (user_data);
}

/**
 * sluice_page_feed_new:
 * @source: where pages come from; copied
 * @address: the first page's address
 * @cancellable: (nullable): ends everything
 *
 * Begins to read.
 *
 * Returns: (transfer full): a feed
 */
SluicePageFeed *
sluice_page_feed_new (const SluicePageSource *source,
                      const char             *address,
                      GCancellable           *cancellable)
{
  SluicePageFeed *self = g_new0 (SluicePageFeed, 1);

  self->source = *source;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->entries);
  g_queue_init (&self->spare);
  self->stop = g_cancellable_new ();
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (self->seen, g_strdup (address));
  g_queue_push_tail (&self->entries, entry_new (address));

  g_set_object (&self->outer, cancellable);
  if (cancellable != NULL)
    self->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb), self, NULL);

  self->threads = g_new0 (GThread *, source->n_lanes);
  for (guint i = 0; i < source->n_lanes; i++)
    {
      Lane *lane = g_new (Lane, 1);

      lane->feed = self;
      lane->number = i;
      self->threads[i] = g_thread_new ("sluice-lane", run_lane, lane);
    }

  return self;
}

/**
 * sluice_page_feed_free:
 * @self: (transfer full): a feed
 *
 * Stops reading and waits until the threads have ended.
 */
void
sluice_page_feed_free (SluicePageFeed *self)
{
  if (self->outer_id != 0)
    g_cancellable_disconnect (self->outer, self->outer_id);
  stop (self);
  for (guint i = 0; i < self->source.n_lanes; i++)
    g_thread_join (self->threads[i]);

  while (!g_queue_is_empty (&self->entries))
    entry_free (self, g_queue_pop_head (&self->entries));
  g_queue_clear_full (&self->spare, g_free);
  g_free (self->taken);
  g_free (self->threads);
  g_hash_table_unref (self->seen);
  g_object_unref (self->stop);
  g_clear_object (&self->outer);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
give_back (SluicePageFeed *self)
{
  if (self->taken == NULL)
    return;

  if (self->source.find_next == NULL)
    g_queue_push_head (&self->spare, g_steal_pointer (&self->taken));
  else
    g_clear_pointer (&self->taken, g_free);
}

/* What is there of a page may be all of it before its lane knows. */
static void
wait_for_lane (SluicePageFeed *self,
               Entry          *entry)
{
  while (entry->state == STATE_READING)
    g_cond_wait (&self->changed, &self->mutex);
}

static gboolean
fail_stopped (SluicePageFeed  *self,
              GError         **error)
{
  if (!g_cancellable_set_error_if_cancelled (self->outer, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Operation was cancelled"));

  return FALSE;
}

/* A list may give it another address. */
static gboolean
is_head_known (SluicePageFeed *self)
{
  Entry *head = g_queue_peek_head (&self->entries);

  return head != NULL && !head->list_first;
}

/**
 * sluice_page_feed_begin:
 * @self: a feed
 * @page: (out) (transfer none) (nullable): the next page, until it is ended; %NULL after the last one
 * @error: why there is none
 *
 * Goes to the next page.
 *
 * Returns: whether there is an answer
 */
gboolean
sluice_page_feed_begin (SluicePageFeed    *self,
                        const SluicePage **page,
                        GError           **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Entry *entry;

  *page = NULL;
  while (!self->stopping && !self->complete && !is_head_known (self))
    g_cond_wait (&self->changed, &self->mutex);

  if (self->stopping)
    return fail_stopped (self, error);

  entry = g_queue_peek_head (&self->entries);
  if (entry != NULL)
    {
      /* What broke off before anybody looked at it need not be told. */
      if (g_queue_is_empty (&entry->pieces))
        entry->seen_round = entry->round;
      *page = &entry->page;
    }

  return TRUE;
}

/**
 * sluice_page_feed_read:
 * @self: a feed that has begun a page
 * @data: (out) (transfer none): the bytes, which may be changed; until the feed is asked for more
 * @length: (out): how many
 * @error: why there is no more
 *
 * Takes what comes next of the page, and waits for it.
 *
 * Returns: what it is
 */
SluicePagePart
sluice_page_feed_read (SluicePageFeed  *self,
                       char           **data,
                       gsize           *length,
                       GError         **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Entry *entry = g_queue_peek_head (&self->entries);
  Piece *piece;

  give_back (self);
  /* The first page takes its time anyway. */
  self->waiting_since = entry->has_next || self->n_ended == 0 ? 0 : g_get_monotonic_time ();
  while (!self->stopping && entry->seen_round == entry->round && g_queue_is_empty (&entry->pieces) &&
         entry->state != STATE_ENDED && entry->state != STATE_FAILED)
    g_cond_wait (&self->changed, &self->mutex);
  self->waiting_since = 0;

  if (self->stopping)
    {
      fail_stopped (self, error);
      return SLUICE_PAGE_FAILED;
    }

  if (entry->seen_round != entry->round)
    {
      entry->seen_round = entry->round;
      return SLUICE_PAGE_AGAIN;
    }

  piece = g_queue_pop_head (&entry->pieces);
  if (piece != NULL)
    {
      self->taken = *data = piece->data;
      *length = piece->length;
      g_free (piece);
      g_cond_broadcast (&self->changed);
      return SLUICE_PAGE_PIECE;
    }

  if (entry->state == STATE_ENDED)
    return SLUICE_PAGE_END;

  g_propagate_error (error, g_error_copy (entry->error));

  return SLUICE_PAGE_FAILED;
}

/**
 * sluice_page_feed_ask_again:
 * @self: a feed whose page has ended
 * @error: (inout): why the page cannot be used; cleared when it is asked for again
 *
 * Asks for the page again, because it is not what it should be.
 *
 * Returns: whether it comes again; it was asked for too often otherwise
 */
gboolean
sluice_page_feed_ask_again (SluicePageFeed  *self,
                            GError         **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Entry *entry = g_queue_peek_head (&self->entries);

  wait_for_lane (self, entry);
  if (self->stopping || entry->state != STATE_ENDED || entry->attempts >= MAX_ATTEMPTS / 2)
    return FALSE;

  give_back (self);
  g_clear_error (error);
  begin_again (self, entry);
  entry->seen_round = entry->round;

  return TRUE;
}

/**
 * sluice_page_feed_set_next:
 * @self: a feed whose page has ended
 * @next: (nullable): what comes after it; %NULL when it is the last one
 * @error: when it was there before
 *
 * Says what comes next, where only the page's contents tell.
 *
 * Returns: whether it can come
 */
gboolean
sluice_page_feed_set_next (SluicePageFeed  *self,
                           const char      *next,
                           GError         **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return learn_next (self, g_queue_peek_head (&self->entries), next, error);
}

/**
 * sluice_page_feed_end:
 * @self: a feed whose page has ended
 *
 * Lets go of the page.
 */
void
sluice_page_feed_end (SluicePageFeed *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  wait_for_lane (self, g_queue_peek_head (&self->entries));
  give_back (self);
  entry_free (self, g_queue_pop_head (&self->entries));
  self->n_ended++;
  g_cond_broadcast (&self->changed);
}

/**
 * sluice_page_feed_get_calls:
 * @self: a feed
 *
 * Returns: how often a page was asked for
 */
guint
sluice_page_feed_get_calls (SluicePageFeed *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->calls;
}
