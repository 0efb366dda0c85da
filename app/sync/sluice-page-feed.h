/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluicePageOpenFunc:
 * @lane: which of the reading threads asks
 * @address: the page's address
 * @cancellable: ends the wait
 * @next: (out) (nullable) (transfer full): the address of the page after it, where the answer's headers tell it
 * @n_rows: (out): how many records the headers promise, -1 when they do not say
 * @user_data: as given to sluice_page_feed_new()
 * @error: why it cannot be read
 *
 * Asks for a page. Blocks; called by several threads at once, each with a lane
 * of its own.
 *
 * Returns: (transfer full) (nullable): the page
 */
typedef GInputStream *(* SluicePageOpenFunc) (guint          lane,
                                              const char    *address,
                                              GCancellable  *cancellable,
                                              char         **next,
                                              gint64        *n_rows,
                                              gpointer       user_data,
                                              GError       **error);

/**
 * SluicePageFindFunc:
 * @head: the beginning of a page
 * @length: how many bytes of it are there
 *
 * Returns: (transfer full) (nullable): the address of the page after it, where its beginning tells it
 */
typedef char *(* SluicePageFindFunc) (const char *head,
                                      gsize       length);

/**
 * SluicePageListFunc:
 * @lane: which of the reading threads asks
 * @address: a page's address
 * @cancellable: ends the wait
 * @user_data: as given to sluice_page_feed_new()
 * @error: why they are not known
 *
 * Asks for the addresses of a page and of all that follow it, with one call.
 * Blocks, as #SluicePageOpenFunc does.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the addresses in order, written as pages tell them;
 *   the first one stands for @address
 */
typedef char **(* SluicePageListFunc) (guint          lane,
                                       const char    *address,
                                       GCancellable  *cancellable,
                                       gpointer       user_data,
                                       GError       **error);

/**
 * SluicePageSource:
 * @open: asks for a page
 * @find_next: (nullable): where pages tell themselves what comes next: such pages are wanted in one piece. Where it is
 *   %NULL the headers tell it, and pages come in pieces
 * @list: (nullable): asks for addresses ahead of the pages that tell them, where @find_next is %NULL
 * @list_after: how long the reader waits for a page, in µs, until a call for addresses is worth it; 0 for never waiting
 * @n_rows: how many records there are from the first page on, -1 when not known; addresses are not asked for then
 * @user_data: for @open and @list
 * @n_lanes: how many pages are read side by side
 * @max_pages: how many pages may be there at once, at least @n_lanes
 * @padding: how many zero bytes stand behind a page in one piece
 *
 * Where pages come from.
 */
typedef struct
{
  SluicePageOpenFunc open;
  SluicePageFindFunc find_next;
  SluicePageListFunc list;
  gint64 list_after;
  gint64 n_rows;
  gpointer user_data;
  guint n_lanes;
  guint max_pages;
  gsize padding;
} SluicePageSource;

/**
 * SluicePagePart:
 * @SLUICE_PAGE_PIECE: some bytes of the page, or all of them
 * @SLUICE_PAGE_END: the page is whole
 * @SLUICE_PAGE_AGAIN: the page broke off and begins anew
 * @SLUICE_PAGE_FAILED: there will be no more
 *
 * What comes next of a page.
 */
typedef enum
{
  SLUICE_PAGE_PIECE,
  SLUICE_PAGE_END,
  SLUICE_PAGE_AGAIN,
  SLUICE_PAGE_FAILED,
} SluicePagePart;

/**
 * SluicePage:
 * @address: its address
 * @next: (nullable): of the page after it, where it is known already
 * @n_rows: how many records were promised, -1 when nobody said
 *
 * A page that is read. All members may be read once it has ended.
 */
typedef struct
{
  char *address;
  char *next;
  gint64 n_rows;
} SluicePage;

/**
 * SluicePageFeed:
 *
 * Reads pages ahead, some side by side, and hands them over in order. Memory
 * is bounded by the pages in flight: who does not take them slows the server.
 * A page that breaks off is asked for again.
 *
 * Each page tells where the next one is, and that alone decides. Where the
 * reader has to wait for what pages tell, addresses are asked for ahead; those
 * that turn out to be others than what the pages tell are dropped.
 *
 * Made, used and freed by one thread; reading has threads of its own.
 */
typedef struct _SluicePageFeed SluicePageFeed;

SluicePageFeed *sluice_page_feed_new      (const SluicePageSource  *source,
                                           const char              *address,
                                           GCancellable            *cancellable);
void            sluice_page_feed_free     (SluicePageFeed          *self);

gboolean        sluice_page_feed_begin    (SluicePageFeed          *self,
                                           const SluicePage       **page,
                                           GError                 **error);
SluicePagePart  sluice_page_feed_read     (SluicePageFeed          *self,
                                           char                   **data,
                                           gsize                   *length,
                                           GError                 **error);
gboolean        sluice_page_feed_ask_again (SluicePageFeed         *self,
                                           GError                 **error);
gboolean        sluice_page_feed_set_next (SluicePageFeed          *self,
                                           const char              *next,
                                           GError                 **error);
void            sluice_page_feed_end      (SluicePageFeed          *self);

guint           sluice_page_feed_get_calls (SluicePageFeed         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluicePageFeed, sluice_page_feed_free)

G_END_DECLS
