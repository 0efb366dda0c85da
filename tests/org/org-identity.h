/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

void org_identity_user_info (OrgCall *call);
void org_identity_show      (OrgCall *call);
void org_identity_discovery (OrgCall *call);

G_END_DECLS
