/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-import-mapping.h"

G_BEGIN_DECLS

char     *sluice_import_map_to_text (SluiceImportMapping  *mapping);
gboolean  sluice_import_map_apply   (SluiceImportMapping  *mapping,
                                     const char           *text,
                                     gssize                length,
                                     GError              **error);

G_END_DECLS
