/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _OrgClock OrgClock;

OrgClock *org_clock_new     (void);
void      org_clock_free    (OrgClock *self);
gint64    org_clock_now     (gpointer  self);
gint64    org_clock_seconds (OrgClock *self);
void      org_clock_advance (OrgClock *self,
                             gint64    seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgClock, org_clock_free)

G_END_DECLS
