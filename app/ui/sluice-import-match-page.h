/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-import-mapping.h"
#include "sluice-table-preview.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_MATCH_PAGE (sluice_import_match_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceImportMatchPage, sluice_import_match_page, SLUICE, IMPORT_MATCH_PAGE, AdwNavigationPage)

void                 sluice_import_match_page_load        (SluiceImportMatchPage    *self,
                                                           SluiceDescribeCache      *cache,
                                                           const char               *object,
                                                           SluiceWriteVerb           verb,
                                                           const SluiceTablePreview *preview);
SluiceImportMapping *sluice_import_match_page_get_mapping (SluiceImportMatchPage    *self);

G_END_DECLS
