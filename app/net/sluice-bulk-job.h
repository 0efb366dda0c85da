/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_BULK_STATE (sluice_bulk_state_get_type ())

/**
 * SluiceBulkState:
 * @SLUICE_BULK_NEW: not made yet, or not asked about yet
 * @SLUICE_BULK_OPEN: waits for data
 * @SLUICE_BULK_WAITING: in the org's queue
 * @SLUICE_BULK_RUNNING: being carried out
 * @SLUICE_BULK_COMPLETE: done
 * @SLUICE_BULK_FAILED: the org gave up
 * @SLUICE_BULK_ABORTED: somebody ended it
 *
 * How far a job is.
 */
typedef enum
{
  SLUICE_BULK_NEW,
  SLUICE_BULK_OPEN,
  SLUICE_BULK_WAITING,
  SLUICE_BULK_RUNNING,
  SLUICE_BULK_COMPLETE,
  SLUICE_BULK_FAILED,
  SLUICE_BULK_ABORTED,
} SluiceBulkState;

GType            sluice_bulk_state_get_type      (void);

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
