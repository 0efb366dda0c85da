/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-import.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_RUN_PAGE (sluice_import_run_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceImportRunPage, sluice_import_run_page, SLUICE, IMPORT_RUN_PAGE, AdwNavigationPage)

void     sluice_import_run_page_run         (SluiceImportRunPage *self,
                                             SluiceImport        *import,
                                             SluiceWritePermit   *permit,
                                             const char          *undo_base);
void     sluice_import_run_page_stop        (SluiceImportRunPage *self);
gboolean sluice_import_run_page_get_running (SluiceImportRunPage *self);

G_END_DECLS
