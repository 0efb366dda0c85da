/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

gboolean org_raw_is_due (OrgCall *call);
void     org_raw_send   (OrgCall *call,
                         GBytes  *body);
void     org_raw_drop   (OrgCall *call);
void     org_raw_hang   (OrgCall *call);

G_END_DECLS
