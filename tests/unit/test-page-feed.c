/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-page-feed.h"

#define N_PAGES 9
#define N_ROWS 10

/* A result of nine pages, whose addresses are their numbers; those that were listed begin with an L. */
typedef struct
{
  GMutex mutex;
  GCond changed;
  GString *asked;      /* the numbers of pages, and lists, in the order of calls; "!" is a list */
  guint n_open;
  guint max_open;
  guint wait_for;      /* page 6 waits until this page has been read; 0 = does not */
  guint break_at;      /* this page breaks off once, 0 = none */
  guint wrong_from;    /* pages from here on are listed wrongly, 0 = none */
  gboolean refuses;    /* to list */
  gboolean hangs;      /* from page 5 on */
  guint n_hanging;
  SluicePageSource source;
} Fixture;

static guint
get_number (const char *address)
{
  return (guint) g_ascii_strtoull (*address == 'L' ? address + 1 : address, NULL, 10);
}

static void
hang (Fixture      *self,
      GCancellable *cancellable)
{
  self->n_hanging++;
  g_cond_broadcast (&self->changed);
  while (!g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&self->changed, &self->mutex, g_get_monotonic_time () + G_TIME_SPAN_MILLISECOND);
}

static GInputStream *
open_page (guint          lane,
           const char    *address,
           GCancellable  *cancellable,
           char         **next,
           gint64        *n_rows,
           gpointer       user_data,
           GError       **error)
{
  Fixture *self = user_data;
  guint number = get_number (address);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  char *body;

  g_assert_cmpuint (lane, <, self->source.n_lanes);
  g_string_append_printf (self->asked, "%u", number);
  self->n_open++;
  self->max_open = MAX (self->max_open, self->n_open);
  g_cond_broadcast (&self->changed);
  while (number == 6 && self->wait_for > 0 && strchr (self->asked->str, '0' + (int) self->wait_for) == NULL)
    g_cond_wait (&self->changed, &self->mutex);
  if (self->hangs && number >= 5)
    hang (self, cancellable);
  self->n_open--;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (number == self->break_at)
    {
      self->break_at = 0;
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE, "cut off");
      return NULL;
    }

  *n_rows = N_ROWS;
  if (number < N_PAGES)
    *next = g_strdup_printf ("%s%u", *address == 'L' ? "L" : "", number + 1);
  body = g_strdup_printf ("%u;", number);

  return g_memory_input_stream_new_from_data (body, (gssize) strlen (body), g_free);
}

static char **
list_pages (guint          lane,
            const char    *address,
            GCancellable  *cancellable,
            gpointer       user_data,
            GError       **error)
{
  Fixture *self = user_data;
  guint number = get_number (address);
  g_autoptr(GStrvBuilder) pages = g_strv_builder_new ();
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_string_append_c (self->asked, '!');
  if (self->refuses)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED, "no such thing");
      return NULL;
    }

  for (guint i = number; i < number + 5 && i <= N_PAGES; i++)
    {
      gboolean is_wrong = self->wrong_from > 0 && i >= self->wrong_from;

      g_strv_builder_take (pages, g_strdup_printf (is_wrong ? "L%u0" : "L%u", i));
    }

  return g_strv_builder_end (pages);
}

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->asked = g_string_new (NULL);
  self->source = (SluicePageSource) {
    .open = open_page,
    .list = list_pages,
    .n_rows = N_PAGES * N_ROWS,
    .user_data = self,
    .n_lanes = 3,
    .max_pages = 3,
  };
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  g_string_free (self->asked, TRUE);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
}

/* Reads from a page to the end, as the engine does. */
static char *
read_from (Fixture    *self,
           const char *address,
           guint      *n_calls) /* (out) (optional) */
{
  g_autoptr(SluicePageFeed) feed = sluice_page_feed_new (&self->source, address, NULL);
  g_autoptr(GError) error = NULL;
  const SluicePage *page = NULL;
  GString *text = g_string_new (NULL);

  while (sluice_page_feed_begin (feed, &page, &error) && page != NULL)
    {
      SluicePagePart part;
      gsize length;
      char *data;

      while ((part = sluice_page_feed_read (feed, &data, &length, &error)) != SLUICE_PAGE_END)
        {
          g_assert_no_error (error);
          if (part == SLUICE_PAGE_PIECE)
            g_string_append_len (text, data, (gssize) length);
        }
      sluice_page_feed_end (feed);
    }
  g_assert_no_error (error);
  if (n_calls != NULL)
    *n_calls = sluice_page_feed_get_calls (feed);

  return g_string_free (text, FALSE);
}

static guint
count_lists (Fixture *self)
{
  guint n = 0;

  for (const char *c = self->asked->str; *c != '\0'; c++)
    n += *c == '!';

  return n;
}

static void
test_listed (Fixture       *self,
             gconstpointer  unused)
{
  g_autofree char *text = NULL;
  guint n_calls;

  text = read_from (self, "1", &n_calls);
  g_assert_cmpstr (text, ==, "1;2;3;4;5;6;7;8;9;");
  /* The last five pages with one call. */
  g_assert_cmpuint (count_lists (self), ==, 1);
  g_assert_cmpuint (n_calls, ==, N_PAGES + 1);
}

static void
test_order (Fixture       *self,
            gconstpointer  unused)
{
  g_autofree char *text = NULL;

  /* Without a list, page 8 would never be asked for before page 6 has told of page 7. */
  self->wait_for = 8;
  text = read_from (self, "1", NULL);
  g_assert_cmpstr (text, ==, "1;2;3;4;5;6;7;8;9;");
  g_assert_cmpuint (self->max_open, >=, 2);
  g_assert_cmpuint (self->max_open, <=, self->source.n_lanes);
}

static void
test_lane_breaks (Fixture       *self,
                  gconstpointer  unused)
{
  g_autofree char *text = NULL;
  guint n_calls;

  self->break_at = 7;
  text = read_from (self, "1", &n_calls);
  g_assert_cmpstr (text, ==, "1;2;3;4;5;6;7;8;9;");
  g_assert_cmpuint (n_calls, ==, N_PAGES + count_lists (self) + 1);
}

static void
test_refused (Fixture       *self,
              gconstpointer  unused)
{
  g_autofree char *text = NULL;
  guint n_calls;

  self->refuses = TRUE;
  text = read_from (self, "1", &n_calls);
  g_assert_cmpstr (text, ==, "1;2;3;4;5;6;7;8;9;");
  g_assert_cmpstr (self->asked->str, ==, "1234!56789");
  g_assert_cmpuint (n_calls, ==, N_PAGES + 1);
}

static void
test_wrong (Fixture       *self,
            gconstpointer  unused)
{
  g_autofree char *text = NULL;

  self->wrong_from = 7;
  text = read_from (self, "1", NULL);
  g_assert_cmpstr (text, ==, "1;2;3;4;5;6;7;8;9;");
  g_assert_cmpuint (count_lists (self), ==, 1);
}

static void
test_short_pages (Fixture       *self,
                  gconstpointer  unused)
{
  g_autofree char *text = NULL;

  /* As it seems, four pages are left; the list has five. */
  self->source.n_rows = 5 * N_ROWS;
  text = read_from (self, "4", NULL);
  g_assert_cmpstr (text, ==, "4;5;6;7;8;9;");
  g_assert_cmpstr (self->asked->str, ==, "4!56789");
}

static void
test_few_left (Fixture       *self,
               gconstpointer  unused)
{
  g_autofree char *text = NULL;

  self->source.n_rows = 3 * N_ROWS;
  text = read_from (self, "7", NULL);
  g_assert_cmpstr (text, ==, "7;8;9;");
  g_assert_cmpstr (self->asked->str, ==, "789");
}

static void
test_quick (Fixture       *self,
            gconstpointer  unused)
{
  g_autofree char *text = NULL;

  self->source.list_after = G_TIME_SPAN_HOUR;
  text = read_from (self, "1", NULL);
  g_assert_cmpstr (text, ==, "1;2;3;4;5;6;7;8;9;");
  g_assert_cmpstr (self->asked->str, ==, "123456789");
}

static void
test_go_on (Fixture       *self,
            gconstpointer  unused)
{
  g_autofree char *text = NULL;

  /* Where a run was that had listed it. */
  self->source.n_rows = 6 * N_ROWS;
  text = read_from (self, "L4", NULL);
  g_assert_cmpstr (text, ==, "4;5;6;7;8;9;");
  g_assert_cmpuint (count_lists (self), ==, 1);
}

static gpointer
cancel_when_all_hang (gpointer user_data)
{
  gpointer *both = user_data;
  Fixture *self = both[0];

  g_mutex_lock (&self->mutex);
  while (self->n_hanging < self->source.n_lanes)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (both[1]);

  return NULL;
}

static void
test_cancel (Fixture       *self,
             gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { self, cancellable };
  SluicePageFeed *feed;
  GThread *thread;
  const SluicePage *page = NULL;
  g_autoptr(GError) error = NULL;
  SluicePagePart part;
  gsize length;
  char *data;

  self->hangs = TRUE;
  thread = g_thread_new ("cancel", cancel_when_all_hang, both);
  feed = sluice_page_feed_new (&self->source, "1", cancellable);
  while (sluice_page_feed_begin (feed, &page, &error))
    {
      do
        part = sluice_page_feed_read (feed, &data, &length, &error);
      while (part == SLUICE_PAGE_PIECE);
      if (part == SLUICE_PAGE_FAILED)
        break;
      sluice_page_feed_end (feed);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  sluice_page_feed_free (feed);
  g_thread_join (thread);
  g_assert_cmpuint (self->n_open, ==, 0);
}

#define ADD(name, function) g_test_add ("/sync/page-feed/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  ADD ("listed", test_listed);
  ADD ("order", test_order);
  ADD ("lane-breaks", test_lane_breaks);
  ADD ("refused", test_refused);
  ADD ("wrong", test_wrong);
  ADD ("few-left", test_few_left);
  ADD ("short-pages", test_short_pages);
  ADD ("quick", test_quick);
  ADD ("go-on", test_go_on);
  ADD ("cancel", test_cancel);

  return g_test_run ();
}
