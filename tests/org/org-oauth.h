/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

void org_oauth_token      (OrgCall *call);
void org_oauth_revoke     (OrgCall *call);
void org_oauth_introspect (OrgCall *call);
void org_oauth_generate   (OrgCall *call);

G_END_DECLS
