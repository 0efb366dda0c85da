/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

#define ORG_API_NEWEST 68

void org_api_handle (OrgCall *call);

G_END_DECLS
