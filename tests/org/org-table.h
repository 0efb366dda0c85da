/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-data.h"

G_BEGIN_DECLS

/* Seconds since 1970 at which the first record of each object was made:
 * 2026-01-05 08:00 UTC. */
#define ORG_FIRST_CREATED G_GINT64_CONSTANT (1767600000)

typedef struct _OrgTable OrgTable;

OrgTable *org_table_open      (OrgData    *data,
                               const char *object);
void      org_table_close     (OrgTable   *self);
void      org_table_set_text  (OrgTable   *self,
                               const char *field,
                               const char *value);
void      org_table_set_int   (OrgTable   *self,
                               const char *field,
                               gint64      value);
void      org_table_set_real  (OrgTable   *self,
                               const char *field,
                               double      value);
void      org_table_set_id    (OrgTable   *self,
                               const char *field,
                               guint64     serial);
void      org_table_insert    (OrgTable   *self,
                               guint64     serial);

void      org_format_datetime (gint64      seconds,
                               char       *buffer,
                               gsize       size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgTable, org_table_close)

G_END_DECLS
