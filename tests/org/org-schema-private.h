/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-schema.h"

G_BEGIN_DECLS

/* The declarations themselves, in org-schema-table.c. */
extern const OrgObject org_schema_objects[];
extern const guint org_schema_n_objects;
extern const OrgField org_schema_head_fields[];
extern const OrgField org_schema_owner_field[];
extern const OrgField org_schema_tail_fields[];

G_END_DECLS
