/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-plan.h"
#include "org-rest-private.h"

G_BEGIN_DECLS

typedef enum
{
  ORG_JOB_OPEN,
  ORG_JOB_UPLOAD_COMPLETE,
  ORG_JOB_IN_PROGRESS,
  ORG_JOB_COMPLETE,
  ORG_JOB_FAILED,
  ORG_JOB_ABORTED,
} OrgJobState;

typedef struct _OrgJob OrgJob;

/**
 * OrgJobRun:
 * @self: the API
 * @job: a job whose time has come
 *
 * Does what the job is for; sets its state to something else if that fails.
 */
typedef void (*OrgJobRun) (OrgRest *self,
                           OrgJob  *job);

/**
 * OrgJob:
 * @id: its id
 * @ingest: whether it writes
 * @operation: (owned): what it does
 * @object: the object
 * @user_id: (owned) (nullable): whose it is
 * @version: the API version it was made with, such as `68.0`
 * @delimiter: (owned): such as `COMMA`
 * @line_ending: (owned): `LF` or `CRLF`
 * @created: microseconds since 1970
 * @started: when all that it needs was there
 * @state: how far it is
 * @error: (owned) (nullable): why it failed
 * @n_processed: records
 * @n_failed: those that were not written
 * @run: what to do when its time has come
 * @plan: (nullable): of a query
 * @columns: (nullable): of a query
 * @limited: whether the query has a limit of its own
 * @rows: (nullable): the rows of a query over records that may change
 * @row_ends: (nullable) (element-type gsize): where they end
 * @key: (nullable): of an upsert
 * @data: (nullable): what was uploaded
 * @successful: (nullable): results as CSV
 * @failed: (nullable): results as CSV
 * @unprocessed: (nullable): results as CSV
 *
 * A job of the Bulk API.
 */
struct _OrgJob
{
  char            id[ORG_ID_SIZE];
  gboolean        ingest;
  char           *operation;
  const OrgObject *object;
  char           *user_id;
  char           *version;
  char           *delimiter;
  char           *line_ending;
  gint64          created;
  gint64          started;
  OrgJobState     state;
  char           *error;
  guint64         n_processed;
  guint64         n_failed;
  OrgJobRun       run;

  OrgPlan        *plan;
  GArray         *columns;
  gboolean        limited;
  GString        *rows;
  GArray         *row_ends;

  const OrgField *key;
  GBytes         *data;
  GString        *successful;
  GString        *failed;
  GString        *unprocessed;
};

OrgBulk    *org_bulk_new          (void);
void        org_bulk_free         (OrgBulk               *self);
OrgJob     *org_bulk_add          (OrgRest               *self,
                                   const OrgRestRequest  *request,
                                   gboolean               ingest);
OrgJob     *org_bulk_find         (OrgRest               *self,
                                   const OrgRestRequest  *request,
                                   char                 **parts,
                                   OrgRestReply          *reply);
void        org_bulk_start        (OrgRest               *self,
                                   OrgJob                *job);
guint       org_bulk_get_changes  (OrgBulk               *self);
void        org_bulk_save         (OrgBulk               *self,
                                   JsonBuilder           *builder);
void        org_bulk_restore      (OrgRest               *self,
                                   JsonArray             *array);
void        org_bulk_list         (OrgRest               *self,
                                   const OrgRestRequest  *request,
                                   char                 **parts,
                                   OrgRestReply          *reply);
void        org_bulk_show         (OrgRest               *self,
                                   const OrgRestRequest  *request,
                                   char                 **parts,
                                   OrgRestReply          *reply);
void        org_bulk_delete       (OrgRest               *self,
                                   const OrgRestRequest  *request,
                                   char                 **parts,
                                   OrgRestReply          *reply);
void        org_bulk_abort        (OrgJob                *job,
                                   OrgRestReply          *reply);
void        org_job_free          (OrgJob                *job);
gboolean    org_job_read_format   (OrgJob                *job,
                                   JsonObject            *json,
                                   OrgRestReply          *reply);
void        org_job_fail          (OrgJob                *job,
                                   const char            *format,
                                   ...) G_GNUC_PRINTF (2, 3);
void        org_job_write         (const OrgJob          *job,
                                   gboolean               complete,
                                   GString               *json);
gboolean    org_job_check_version (const OrgJob          *job,
                                   const OrgRestRequest  *request,
                                   OrgRestReply          *reply);
const char *org_job_get_line_end  (const OrgJob          *job);
const char *org_job_get_text      (JsonObject            *json,
                                   const char            *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgBulk, org_bulk_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgJob, org_job_free)

G_END_DECLS
