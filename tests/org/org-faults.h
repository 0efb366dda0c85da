/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * OrgFaultKind:
 * @ORG_FAULT_NONE: nothing is wrong
 * @ORG_FAULT_DROP: the connection is closed, the request is not carried out
 * @ORG_FAULT_HANG: no answer ever comes
 * @ORG_FAULT_REPLY: another answer is given instead, the request is not carried out
 * @ORG_FAULT_LOSE: the request is carried out, but its answer is lost
 * @ORG_FAULT_RESET: the connection is reset in the middle of the body
 * @ORG_FAULT_TRUNCATE: the connection is closed in the middle of the body
 * @ORG_FAULT_SLOW: the body comes in small pieces
 * @ORG_FAULT_LENGTH: the body is longer than its header says
 * @ORG_FAULT_UTF8: the body is not valid UTF-8
 * @ORG_FAULT_DUPLICATE: the JSON has a member twice
 * @ORG_FAULT_DELAY: all is well, but late
 * @ORG_FAULT_REPEAT: a page of results is the one before it
 * @ORG_FAULT_GZIP: the compressed body ends too early, though it is as long as its header says
 * @ORG_FAULT_JOB_FAILED: the Bulk job that it is about has failed
 * @ORG_FAULT_JOB_ABORTED: somebody has aborted that job
 *
 * What goes wrong with a request. From @ORG_FAULT_LOSE on it is carried out.
 */
typedef enum
{
  ORG_FAULT_NONE,
  ORG_FAULT_DROP,
  ORG_FAULT_HANG,
  ORG_FAULT_REPLY,
  ORG_FAULT_LOSE,
  ORG_FAULT_RESET,
  ORG_FAULT_TRUNCATE,
  ORG_FAULT_SLOW,
  ORG_FAULT_LENGTH,
  ORG_FAULT_UTF8,
  ORG_FAULT_DUPLICATE,
  ORG_FAULT_DELAY,
  ORG_FAULT_REPEAT,
  ORG_FAULT_GZIP,
  ORG_FAULT_JOB_FAILED,
  ORG_FAULT_JOB_ABORTED,
} OrgFaultKind;

/**
 * OrgFault:
 * @kind: what goes wrong
 * @status: the status of another answer
 * @type: (nullable): its content type
 * @body: (nullable): its body
 * @number: (nullable): milliseconds between pieces, or of delay; seconds for `Retry-After`
 * @text: (owned) (nullable): where to redirect to, or an OAuth error
 *
 * A fault that is due.
 */
typedef struct
{
  OrgFaultKind  kind;
  guint         status;
  const char   *type;
  const char   *body;
  guint         number;
  char         *text;
} OrgFault;

typedef struct _OrgFaults OrgFaults;

OrgFaults  *org_faults_new        (void);
void        org_faults_free       (OrgFaults   *self);
gboolean    org_faults_set        (OrgFaults   *self,
                                   const char  *spec,
                                   GError     **error);
void        org_faults_take       (OrgFaults   *self,
                                   const char  *kind,
                                   const char  *path,
                                   OrgFault    *fault);
char       *org_faults_dup_help   (void);
void        org_fault_clear       (OrgFault    *fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgFaults, org_faults_free)

G_END_DECLS
