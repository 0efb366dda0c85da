/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-write-permit.h"

G_BEGIN_DECLS

/* For sluice_write_plan_confirm() alone. */
SluiceWritePermit *sluice_write_permit_new (const char      *organization_id,
                                            const char      *object,
                                            SluiceWriteVerb  verb,
                                            guint64          records);

G_END_DECLS
