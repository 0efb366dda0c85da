/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-bulk-report.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_BULK_JOB (sluice_bulk_job_get_type ())

/**
 * SluiceBulkJob:
 *
 * A job of the Bulk API 2.0 as its owner sees it: made, watched, ended.
 *
 * Read-only properties: `state` (SluiceBulkState), `processed` (int64, records
 * so far, -1 = not known), both notified. To be used in the main context.
 */
G_DECLARE_FINAL_TYPE (SluiceBulkJob, sluice_bulk_job, SLUICE, BULK_JOB, GObject)

SluiceBulkJob   *sluice_bulk_job_new             (SluiceClient         *client,
                                                  const char           *kind,
                                                  SluicePriority        priority);
SluiceBulkJob   *sluice_bulk_job_new_for_id      (SluiceClient         *client,
                                                  const char           *kind,
                                                  const char           *id,
                                                  const char           *api_version,
                                                  SluicePriority        priority);

const char      *sluice_bulk_job_get_id          (SluiceBulkJob        *self);
const char      *sluice_bulk_job_get_api_version (SluiceBulkJob        *self);
SluiceBulkState  sluice_bulk_job_get_state       (SluiceBulkJob        *self);
gint64           sluice_bulk_job_get_processed   (SluiceBulkJob        *self);
gint64           sluice_bulk_job_get_failed      (SluiceBulkJob        *self);
guint            sluice_bulk_job_get_calls       (SluiceBulkJob        *self);
char            *sluice_bulk_job_dup_path        (SluiceBulkJob        *self,
                                                  const char           *part);

void             sluice_bulk_job_create_async    (SluiceBulkJob        *self,
                                                  const SluiceRequest  *request,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         sluice_bulk_job_create_finish   (SluiceBulkJob        *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void             sluice_bulk_job_wait_async      (SluiceBulkJob        *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         sluice_bulk_job_wait_finish     (SluiceBulkJob        *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void             sluice_bulk_job_discard_async   (SluiceBulkJob        *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         sluice_bulk_job_discard_finish  (SluiceBulkJob        *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_END_DECLS
