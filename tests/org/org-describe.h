/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-schema.h"

G_BEGIN_DECLS

void org_describe_global  (GString         *json,
                           const char      *base);
void org_describe_basic   (GString         *json,
                           const OrgObject *object,
                           const char      *base);
void org_describe_object  (GString         *json,
                           const OrgObject *object,
                           const char      *base,
                           gboolean         admin);

G_END_DECLS
