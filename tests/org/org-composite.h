/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-rest-private.h"

G_BEGIN_DECLS

void org_composite_run   (OrgRest               *self,
                          const OrgRestRequest  *request,
                          char                 **parts,
                          OrgRestReply          *reply);
void org_composite_graph (OrgRest               *self,
                          const OrgRestRequest  *request,
                          char                 **parts,
                          OrgRestReply          *reply);
void org_composite_batch (OrgRest               *self,
                          const OrgRestRequest  *request,
                          char                 **parts,
                          OrgRestReply          *reply);

G_END_DECLS
