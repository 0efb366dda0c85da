/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ORG_ID_LENGTH 18
#define ORG_ID_SIZE (ORG_ID_LENGTH + 1)

void     org_id_make      (char       *id,
                           const char *prefix,
                           const char *pod,
                           guint64     serial);
gboolean org_id_normalize (const char *text,
                           char       *id);
gboolean org_id_serial    (const char *id,
                           guint64    *serial);

G_END_DECLS
