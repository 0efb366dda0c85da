/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-table-preview.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_FILE_PAGE (sluice_import_file_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceImportFilePage, sluice_import_file_page, SLUICE, IMPORT_FILE_PAGE, AdwNavigationPage)

void                      sluice_import_file_page_set_file    (SluiceImportFilePage *self,
                                                               GFile                *file);
GFile                    *sluice_import_file_page_get_file    (SluiceImportFilePage *self);
const SluiceTablePreview *sluice_import_file_page_get_preview (SluiceImportFilePage *self);

G_END_DECLS
