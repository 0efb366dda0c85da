/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrgLogEntry:
 * @started: when the request was read, in monotonic microseconds
 * @ended: when the answer was written, in monotonic microseconds
 * @method: the HTTP method
 * @path: the path; the query is left out where it may hold a secret
 * @status: the HTTP status; 0 when the connection was closed without one
 * @kind: `api`, `oauth` or `page`
 * @bytes: length of the body as sent
 *
 * A request in the log.
 */
typedef struct
{
  gint64      started;
  gint64      ended;
  const char *method;
  const char *path;
  guint       status;
  const char *kind;
  guint64     bytes;
} OrgLogEntry;

typedef struct _OrgLog OrgLog;

OrgLog *org_log_new  (const char         *path,
                      GError            **error);
void    org_log_free (OrgLog             *self);
void    org_log_add  (OrgLog             *self,
                      const OrgLogEntry  *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgLog, org_log_free)

G_END_DECLS
