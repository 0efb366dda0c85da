/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "org-clock.h"

G_BEGIN_DECLS

typedef struct _OrgUsage OrgUsage;

OrgUsage *org_usage_new       (OrgClock    *clock,
                               guint        limit);
void      org_usage_free      (OrgUsage    *self);
void      org_usage_set_limit (OrgUsage    *self,
                               guint        limit);
guint     org_usage_get_limit (OrgUsage    *self);
void      org_usage_set_used  (OrgUsage    *self,
                               guint        used);
guint     org_usage_get_used  (OrgUsage    *self);
gboolean  org_usage_take      (OrgUsage    *self);
char     *org_usage_dup_info  (OrgUsage    *self);
void      org_usage_add_bulk  (OrgUsage    *self,
                               guint        n_jobs,
                               guint        n_batches);
void      org_usage_write     (OrgUsage    *self,
                               GString     *json);
void      org_usage_save      (OrgUsage    *self,
                               JsonBuilder *builder);
void      org_usage_restore   (OrgUsage    *self,
                               JsonArray   *hours);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgUsage, org_usage_free)

G_END_DECLS
