/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"
#include "sluice-import-converter.h"
#include "sluice-import-ledger.h"
#include "sluice-table-format.h"
#include "sluice-transport.h"

G_BEGIN_DECLS

/**
 * SluiceImportStart:
 * @SLUICE_IMPORT_START_NEW: from the first row; an error when an import of the file was interrupted
 * @SLUICE_IMPORT_START_OVER: from the first row, whatever was before
 * @SLUICE_IMPORT_START_RESUME: with what an interrupted import has left to do
 * @SLUICE_IMPORT_START_RETRY: with the rows that failed, and what was left to do
 *
 * Where an import begins.
 */
typedef enum
{
  SLUICE_IMPORT_START_NEW,
  SLUICE_IMPORT_START_OVER,
  SLUICE_IMPORT_START_RESUME,
  SLUICE_IMPORT_START_RETRY,
} SluiceImportStart;

/**
 * SluiceImportSurvey:
 * @rows: rows of the file that are sent
 * @bytes: what they come to as CSV, about
 * @unsendable: rows that are wrong already here
 * @settled: rows that an earlier run is done with
 * @samples: (element-type GStrv): the first rows, as they are sent
 * @problem: (nullable): what is wrong with the first unsendable row
 * @undo_calls: calls that read what the records hold now
 *
 * What a look at the whole file tells.
 */
typedef struct
{
  guint64 rows;
  guint64 bytes;
  guint64 unsendable;
  guint64 settled;
  GPtrArray *samples;
  char *problem;
  guint64 undo_calls;
} SluiceImportSurvey;

/**
 * SluiceImportProgress:
 * @counts: rows of each outcome
 * @processed: rows of the running Bulk job that the org has tried
 * @calls: calls made
 * @finishing: whether only the result files are left to write
 *
 * How far an import is.
 */
typedef struct
{
  guint64 counts[SLUICE_N_ROW_OUTCOMES];
  guint64 processed;
  guint64 calls;
  gboolean finishing;
} SluiceImportProgress;

/**
 * SluiceImportJob:
 * @client: whose org it is
 * @permit: (nullable): what allows the run; none for a survey, and when there is nothing to send
 * @organization_id: the org that the subscription is connected to
 * @converter: what becomes of the columns
 * @describe: the object
 * @file: what is imported
 * @format: how the file is written
 * @base: what the names of all files begin with
 * @undo_base: what the names of undo files begin with
 * @verb: what is done
 * @key: (nullable): the field that tells records apart
 * @transport: how the records get to the org, not automatic
 * @start: where to begin
 * @max_upload: bytes that a Bulk job takes at most
 * @cancellable: stops the work in order
 * @mutex: of @progress
 * @progress: how far it is
 *
 * An import, or the survey before it, in its worker thread. Belongs to #SluiceImport.
 */
typedef struct
{
  SluiceClient *client;
  SluiceWritePermit *permit;
  char *organization_id;
  SluiceImportConverter *converter;
  SluiceObjectDescribe *describe;
  GFile *file;
  SluiceTableFormat format;
  char *base;
  char *undo_base;
  SluiceWriteVerb verb;
  char *key;
  SluiceTransport transport;
  SluiceImportStart start;
  gsize max_upload;
  GCancellable *cancellable;

  GMutex mutex;
  SluiceImportProgress progress;
} SluiceImportJob;

char     *sluice_import_job_dup_ledger_path (const char          *base);
gboolean  sluice_import_job_is_done_with    (SluiceImportStart    start,
                                             SluiceRowOutcome     outcome);
gboolean  sluice_import_job_survey          (SluiceImportJob     *self,
                                             SluiceImportSurvey  *survey,
                                             GError             **error);
gboolean  sluice_import_job_run             (SluiceImportJob     *self,
                                             GError             **error);
void      sluice_import_survey_clear        (SluiceImportSurvey  *survey);

G_END_DECLS
