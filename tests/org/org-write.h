/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-id.h"
#include "org-record.h"
#include "org-switches.h"

G_BEGIN_DECLS

/**
 * OrgWriteFlags:
 * @ORG_WRITE_UPDATE_ONLY: an upsert makes no record
 * @ORG_WRITE_ALLOW_DUPLICATES: duplicate rules are no obstacle
 * @ORG_WRITE_HARD: a delete leaves nothing in the recycle bin
 *
 * How to write.
 */
typedef enum
{
  ORG_WRITE_UPDATE_ONLY = 1 << 0,
  ORG_WRITE_ALLOW_DUPLICATES = 1 << 1,
  ORG_WRITE_HARD = 1 << 2,
} OrgWriteFlags;

/**
 * OrgWriteResult:
 * @id: the record's id; empty if there is none
 * @created: whether it is a new record
 * @errors: (owned) (element-type OrgWriteError): why nothing was written
 * @matches: (owned) (nullable): the ids that an external id stands for, where it is not one
 *
 * What became of a record.
 */
typedef struct
{
  char       id[ORG_ID_SIZE];
  gboolean   created;
  GPtrArray *errors;
  char     **matches;
} OrgWriteResult;

/**
 * OrgWriteContext:
 * @user_id: (nullable): who writes
 * @flags: how
 * @unmodified_since: seconds since 1970 after which the record must not have changed, or -1
 *
 * What a write is told besides the record.
 */
typedef struct
{
  const char    *user_id;
  OrgWriteFlags  flags;
  gint64         unmodified_since;
} OrgWriteContext;

typedef struct _OrgWriter OrgWriter;

OrgWriter *org_writer_new            (OrgData               *data,
                                      OrgSwitches           *switches);
void       org_writer_free           (OrgWriter             *self);
void       org_writer_begin          (OrgWriter             *self);
void       org_writer_end            (OrgWriter             *self,
                                      gboolean               keep);
gboolean   org_writer_insert         (OrgWriter             *self,
                                      const OrgWriteContext *context,
                                      OrgRecord             *record,
                                      OrgWriteResult        *result);
gboolean   org_writer_update         (OrgWriter             *self,
                                      const OrgWriteContext *context,
                                      const char            *id,
                                      OrgRecord             *record,
                                      OrgWriteResult        *result);
gboolean   org_writer_upsert         (OrgWriter             *self,
                                      const OrgWriteContext *context,
                                      const OrgField        *key,
                                      const char            *value,
                                      OrgRecord             *record,
                                      OrgWriteResult        *result);
gboolean   org_writer_delete         (OrgWriter             *self,
                                      const OrgWriteContext *context,
                                      const OrgObject       *object,
                                      const char            *id,
                                      OrgWriteResult        *result);
char     **org_writer_find           (OrgWriter             *self,
                                      const OrgObject       *object,
                                      const OrgField        *key,
                                      const char            *value);
void       org_write_result_init     (OrgWriteResult        *result);
void       org_write_result_clear    (OrgWriteResult        *result);
guint      org_write_result_status   (const OrgWriteResult  *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgWriter, org_writer_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrgWriteResult, org_write_result_clear)

G_END_DECLS
