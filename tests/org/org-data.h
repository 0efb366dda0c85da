/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "org-schema.h"

G_BEGIN_DECLS

/**
 * OrgKind:
 * @ORG_KIND_PRODUCTION: everything
 * @ORG_KIND_SANDBOX: other ids and name, fewer orders, masked e-mail addresses
 *
 * Which of the two orgs is served.
 */
typedef enum
{
  ORG_KIND_PRODUCTION,
  ORG_KIND_SANDBOX,
} OrgKind;

/**
 * OrgDataClock:
 * @user_data: data of whoever set the clock
 *
 * Returns: microseconds since 1970, as g_get_real_time() does
 */
typedef gint64 (*OrgDataClock) (gpointer user_data);

typedef struct _OrgData OrgData;

OrgData    *org_data_new                 (const char    *source,
                                          OrgKind        kind,
                                          GError       **error);
void        org_data_free                (OrgData       *self);
void        org_data_set_clock           (OrgData       *self,
                                          OrgDataClock   clock,
                                          gpointer       user_data);
gint64      org_data_get_time            (OrgData       *self);
OrgKind     org_data_get_kind            (OrgData       *self);
const char *org_data_get_pod             (OrgData       *self);
sqlite3    *org_data_get_database        (OrgData       *self);
gboolean    org_data_is_generated        (OrgData       *self);
gint64      org_data_get_started         (OrgData       *self);
const char *org_data_get_organization_id (OrgData       *self);
char       *org_data_dup_user_id         (OrgData       *self,
                                          const char    *username);
gboolean    org_data_is_admin            (OrgData       *self,
                                          const char    *user_id);
guint64     org_data_count               (OrgData         *self,
                                          const OrgObject *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgData, org_data_free)

G_END_DECLS
