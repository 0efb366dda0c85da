/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

void     sluice_import_text_append_csv  (GString           *text,
                                         const char        *cell,
                                         gsize              length,
                                         gboolean           first);
guint64  sluice_import_text_hash_start  (void);
guint64  sluice_import_text_hash_add    (guint64            hash,
                                         const char        *cell,
                                         gsize              length);
guint64  sluice_import_text_hash_key    (const char        *cell,
                                         gsize              length,
                                         gboolean           is_id);
char    *sluice_import_text_dup_free_path (const char      *base,
                                         const char        *what);

G_END_DECLS
