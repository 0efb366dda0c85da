/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-data.h"

G_BEGIN_DECLS

gboolean org_generated_covers (const OrgObject *object);
gboolean org_generated_attach (OrgData         *data,
                               guint64          n_accounts,
                               GError         **error);

G_END_DECLS
