/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-bulk-report.h"

G_BEGIN_DECLS

/**
 * SluiceIngestResults:
 * @SLUICE_INGEST_SUCCESSFUL: records that were written, with `sf__Id` and `sf__Created`
 * @SLUICE_INGEST_UNSUCCESSFUL: records that were refused, with `sf__Id` and `sf__Error`
 * @SLUICE_INGEST_UNPROCESSED: records that were not tried
 *
 * Which rows of a job are asked for. None of them are in the order in which they were sent.
 */
typedef enum
{
  SLUICE_INGEST_SUCCESSFUL,
  SLUICE_INGEST_UNSUCCESSFUL,
  SLUICE_INGEST_UNPROCESSED,
} SluiceIngestResults;

#define SLUICE_TYPE_BULK_INGEST (sluice_bulk_ingest_get_type ())

/**
 * SluiceBulkIngest:
 *
 * One Bulk API 2.0 job that writes. Its functions block, and are called in
 * one worker thread; its calls go through the client like all others.
 *
 * Nothing is written before sluice_bulk_ingest_close(). So when an upload's
 * answer is lost, the job can be given up and another one made, and nothing
 * is doubled.
 */
G_DECLARE_FINAL_TYPE (SluiceBulkIngest, sluice_bulk_ingest, SLUICE, BULK_INGEST, GObject)

SluiceBulkIngest  *sluice_bulk_ingest_new           (SluiceClient         *client,
                                                     SluiceWritePermit    *permit,
                                                     const char           *key,
                                                     SluicePriority        priority);

gboolean           sluice_bulk_ingest_create        (SluiceBulkIngest     *self,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
gboolean           sluice_bulk_ingest_attach        (SluiceBulkIngest     *self,
                                                     const char           *address,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
gboolean           sluice_bulk_ingest_upload        (SluiceBulkIngest     *self,
                                                     const char           *path,
                                                     guint64               records,
                                                     guint64               repeated,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
gboolean           sluice_bulk_ingest_close         (SluiceBulkIngest     *self,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
gboolean           sluice_bulk_ingest_refresh       (SluiceBulkIngest     *self,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
gboolean           sluice_bulk_ingest_abort         (SluiceBulkIngest     *self,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
gboolean           sluice_bulk_ingest_delete        (SluiceBulkIngest     *self,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
gboolean           sluice_bulk_ingest_download      (SluiceBulkIngest     *self,
                                                     SluiceIngestResults   which,
                                                     const char           *path,
                                                     GCancellable         *cancellable,
                                                     GError              **error);

const char        *sluice_bulk_ingest_get_address   (SluiceBulkIngest     *self);
SluiceBulkState    sluice_bulk_ingest_get_state     (SluiceBulkIngest     *self);
gboolean           sluice_bulk_ingest_get_is_over   (SluiceBulkIngest     *self);
guint64            sluice_bulk_ingest_get_processed (SluiceBulkIngest     *self);
guint64            sluice_bulk_ingest_get_failed    (SluiceBulkIngest     *self);
const char        *sluice_bulk_ingest_get_problem   (SluiceBulkIngest     *self);
guint64            sluice_bulk_ingest_get_calls     (SluiceBulkIngest     *self);

G_END_DECLS
