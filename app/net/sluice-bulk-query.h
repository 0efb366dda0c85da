/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-bulk-job.h"
#include "sluice-fetcher.h"

G_BEGIN_DECLS

/* As many as a page has when nobody says otherwise; shows progress and keeps what is lost with a connection small. */
#define SLUICE_BULK_QUERY_PAGE 50000

#define SLUICE_TYPE_BULK_QUERY (sluice_bulk_query_get_type ())

/**
 * SluiceBulkQuery:
 *
 * A query job: made and watched in the main context, its results read page by
 * page in other threads.
 *
 * A page has an address, which stays good while the job exists, for seven days
 * at most: with the job's id and API version it is all that a later run needs
 * to go on.
 */
G_DECLARE_FINAL_TYPE (SluiceBulkQuery, sluice_bulk_query, SLUICE, BULK_QUERY, GObject)

SluiceBulkQuery *sluice_bulk_query_new               (SluiceClient         *client,
                                                      const char           *soql,
                                                      gboolean              all_rows,
                                                      SluicePriority        priority);
SluiceBulkQuery *sluice_bulk_query_new_for_job       (SluiceClient         *client,
                                                      const char           *job_id,
                                                      const char           *api_version,
                                                      SluicePriority        priority);

SluiceBulkJob   *sluice_bulk_query_get_job           (SluiceBulkQuery      *self);

void             sluice_bulk_query_run_async         (SluiceBulkQuery      *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean         sluice_bulk_query_run_finish        (SluiceBulkQuery      *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

char            *sluice_bulk_query_dup_first_page    (SluiceBulkQuery      *self,
                                                      guint                 max_records);
void             sluice_bulk_query_list_pages_async  (SluiceBulkQuery      *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
char           **sluice_bulk_query_list_pages_finish (SluiceBulkQuery      *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/* In a thread, with that thread's fetcher. */
GInputStream    *sluice_bulk_query_open_page         (SluiceFetcher        *fetcher,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      char                **next,
                                                      gint64               *n_records,
                                                      GError              **error);
char           **sluice_bulk_query_list_from         (SluiceFetcher        *fetcher,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      GError              **error);

G_END_DECLS
