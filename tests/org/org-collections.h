/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-rest-private.h"

G_BEGIN_DECLS

void org_collections_create      (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_collections_update      (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_collections_upsert      (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_collections_delete      (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_collections_read        (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_collections_read_posted (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);

G_END_DECLS
