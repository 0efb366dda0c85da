/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-record.h"

G_BEGIN_DECLS

void org_check_values     (OrgRecord  *record,
                           gboolean    create);
void org_check_rules      (OrgRecord  *record);
char *org_check_dup_help  (void);

G_END_DECLS
