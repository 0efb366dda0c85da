/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "org-page-cache.h"

G_BEGIN_DECLS

#define ORG_BATCH_MIN 200
#define ORG_BATCH_MAX 2000

typedef struct _OrgCursors OrgCursors;

OrgCursors *org_cursors_new             (OrgData       *data);
void        org_cursors_free            (OrgCursors    *self);
void        org_cursors_set_child_limit (OrgCursors    *self,
                                         guint          limit);
void        org_cursors_set_short_pages (OrgCursors    *self,
                                         gboolean       short_pages);
void        org_cursors_set_pages       (OrgCursors    *self,
                                         OrgPageCache  *pages);
guint       org_cursors_page_size       (OrgCursors    *self,
                                         guint64        offset,
                                         guint          batch);
OrgPage    *org_cursors_take_page       (OrgCursors    *self);
gboolean    org_cursors_query           (OrgCursors    *self,
                                         OrgPlan       *plan,
                                         const char    *base,
                                         guint          batch,
                                         GString       *json,
                                         GError       **error);
gboolean    org_cursors_more            (OrgCursors    *self,
                                         const char    *locator,
                                         const char    *base,
                                         guint          batch,
                                         gboolean       repeat,
                                         GString       *json,
                                         GError       **error);
guint       org_cursors_get_changes     (OrgCursors    *self);
void        org_cursors_save            (OrgCursors    *self,
                                         JsonBuilder   *builder);
void        org_cursors_restore         (OrgCursors    *self,
                                         JsonArray     *array);
void        org_cursors_write_record    (GString       *json,
                                         sqlite3_stmt  *statement,
                                         const OrgNode *node,
                                         const char    *base);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgCursors, org_cursors_free)

G_END_DECLS
