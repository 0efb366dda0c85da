/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_QUERY (sluice_query_get_type ())

/**
 * SluiceQuery:
 *
 * One SOQL query over REST, read page by page. Memory is bounded by one page.
 *
 * The next page is asked for only when the caller wants it, so a slow reader
 * slows the server, and stopping costs nothing. Made by
 * sluice_client_query().
 *
 * Properties: `soql`, `total-size` (gint64, -1 until known), `rows` (gint64,
 * read so far), `calls` (uint), `done` (boolean).
 */
G_DECLARE_FINAL_TYPE (SluiceQuery, sluice_query, SLUICE, QUERY, GObject)

/**
 * SluiceQueryPage:
 * @columns: (array zero-terminated=1): column names in the order of the SELECT list, such as `Account.Name`
 * @n_columns: how many
 * @rows: (element-type GStrv): one array of cells for each record; a %NULL-terminated array cannot carry null cells,
 *   so each row is a plain `char *[n_columns]`
 * @kinds: (nullable): a #SluiceCellKind for each cell, row after row; %NULL when all that is not null is text
 *
 * One page of records, flattened: numbers keep the server's literal, null is %NULL, a subquery's
 * rows are their JSON text. The cells live as long as the page.
 */
typedef struct
{
  char **columns;
  guint n_columns;
  GPtrArray *rows;
  guint8 *kinds;

  /*< private >*/
  gpointer storage;
  GDestroyNotify free_storage;
} SluiceQueryPage;

void             sluice_query_page_free         (SluiceQueryPage      *page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceQueryPage, sluice_query_page_free)

void             sluice_query_next_page_async   (SluiceQuery          *self,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
SluiceQueryPage *sluice_query_next_page_finish  (SluiceQuery          *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

gint64           sluice_query_get_total_size    (SluiceQuery          *self);
gint64           sluice_query_get_rows          (SluiceQuery          *self);
guint            sluice_query_get_calls         (SluiceQuery          *self);
gboolean         sluice_query_get_done          (SluiceQuery          *self);

G_END_DECLS
