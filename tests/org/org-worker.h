/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

OrgWorker *org_worker_new   (OrgData    *data,
                             gboolean    short_pages,
                             guint       child_limit);
void       org_worker_free  (OrgWorker  *self);
OrgSwitches *org_worker_get_switches (OrgWorker *self);
void       org_worker_restore (OrgWorker *self,
                               JsonObject *state);
void       org_worker_push  (OrgWorker  *self,
                             OrgCall    *call,
                             const char *base,
                             const char *path,
                             const char *user_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgWorker, org_worker_free)

G_END_DECLS
