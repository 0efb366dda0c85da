/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-bulk.h"

G_BEGIN_DECLS

void org_bulk_query_create  (OrgRest               *self,
                             const OrgRestRequest  *request,
                             char                 **parts,
                             OrgRestReply          *reply);
void org_bulk_query_abort   (OrgRest               *self,
                             const OrgRestRequest  *request,
                             char                 **parts,
                             OrgRestReply          *reply);
void org_bulk_query_results (OrgRest               *self,
                             const OrgRestRequest  *request,
                             char                 **parts,
                             OrgRestReply          *reply);
void org_bulk_query_pages   (OrgRest               *self,
                             const OrgRestRequest  *request,
                             char                 **parts,
                             OrgRestReply          *reply);
void     org_bulk_query_save    (const OrgJob *job,
                                 JsonBuilder  *builder);
gboolean org_bulk_query_restore (OrgRest      *self,
                                 OrgJob       *job,
                                 JsonObject   *object);

G_END_DECLS
