/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

void org_authorize_start   (OrgCall *call);
void org_authorize_login   (OrgCall *call);
void org_authorize_consent (OrgCall *call);
void org_authorize_error   (OrgCall *call);
void org_authorize_logout  (OrgCall *call);

G_END_DECLS
