/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

#define ORG_CONTROL "/__demo/"

void  org_control_handle   (OrgCall *call);
char *org_control_dup_help (void);

G_END_DECLS
