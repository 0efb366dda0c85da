/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-rest-private.h"

G_BEGIN_DECLS

void org_bulk_ingest_create      (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_bulk_ingest_upload      (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_bulk_ingest_change      (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);
void org_bulk_ingest_results     (OrgRest               *self,
                                  const OrgRestRequest  *request,
                                  char                 **parts,
                                  OrgRestReply          *reply);

G_END_DECLS
