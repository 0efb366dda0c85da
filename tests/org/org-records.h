/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-rest-private.h"

G_BEGIN_DECLS

void        org_records_create        (OrgRest               *self,
                                       const OrgRestRequest  *request,
                                       char                 **parts,
                                       OrgRestReply          *reply);
void        org_records_update        (OrgRest               *self,
                                       const OrgRestRequest  *request,
                                       char                 **parts,
                                       OrgRestReply          *reply);
void        org_records_delete        (OrgRest               *self,
                                       const OrgRestRequest  *request,
                                       char                 **parts,
                                       OrgRestReply          *reply);
void        org_records_upsert        (OrgRest               *self,
                                       const OrgRestRequest  *request,
                                       char                 **parts,
                                       OrgRestReply          *reply);
void        org_records_read_by_key   (OrgRest               *self,
                                       const OrgRestRequest  *request,
                                       char                 **parts,
                                       OrgRestReply          *reply);
void        org_records_delete_by_key (OrgRest               *self,
                                       const OrgRestRequest  *request,
                                       char                 **parts,
                                       OrgRestReply          *reply);
const OrgField *org_records_find_key  (OrgRest               *self,
                                       const OrgRestRequest  *request,
                                       const OrgObject       *object,
                                       const char            *name,
                                       OrgRestReply          *reply);
JsonNode   *org_records_parse_body    (const OrgRestRequest  *request,
                                       JsonNodeType           type,
                                       OrgRestReply          *reply);
void        org_records_read_context  (const OrgRestRequest  *request,
                                       OrgWriteContext       *context);

G_END_DECLS
