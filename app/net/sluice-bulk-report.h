/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_BULK_STATE (sluice_bulk_state_get_type ())

/**
 * SluiceBulkState:
 * @SLUICE_BULK_NONE: there is no job, or nothing is known of it yet
 * @SLUICE_BULK_OPEN: it waits for its data; nothing is written
 * @SLUICE_BULK_WAITING: it waits for the org to begin
 * @SLUICE_BULK_RUNNING: the org reads or writes records
 * @SLUICE_BULK_COMPLETE: all records were tried; some that were to be written may have failed
 * @SLUICE_BULK_FAILED: the org gave up; some records may be written
 * @SLUICE_BULK_ABORTED: somebody stopped it; some records may be written
 *
 * How far a job of the Bulk API 2.0 is (wire reference 3.1, 3.2).
 */
typedef enum
{
  SLUICE_BULK_NONE,
  SLUICE_BULK_OPEN,
  SLUICE_BULK_WAITING,
  SLUICE_BULK_RUNNING,
  SLUICE_BULK_COMPLETE,
  SLUICE_BULK_FAILED,
  SLUICE_BULK_ABORTED,
} SluiceBulkState;

GType     sluice_bulk_state_get_type  (void);
gboolean  sluice_bulk_state_is_over   (SluiceBulkState      state);

/**
 * SluiceBulkReport:
 * @id: the job's id
 * @state: how far it is
 * @processed: how many records were tried, -1 = the org does not say
 * @failed: how many of them were refused, -1 = the org does not say
 * @problem: (nullable): why the job failed, in the org's words
 *
 * What an org says about a job. Its texts live as long as the answer.
 */
typedef struct
{
  const char *id;
  SluiceBulkState state;
  gint64 processed;
  gint64 failed;
  const char *problem;
} SluiceBulkReport;

gboolean  sluice_bulk_report_read     (SluiceBulkReport    *self,
                                       const SluiceReply   *reply,
                                       GError             **error);
gboolean  sluice_bulk_report_is_id    (const char          *text);

G_END_DECLS
