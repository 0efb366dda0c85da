/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-import-check.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_CHECK_PAGE (sluice_import_check_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceImportCheckPage, sluice_import_check_page, SLUICE, IMPORT_CHECK_PAGE, AdwNavigationPage)

void               sluice_import_check_page_run       (SluiceImportCheckPage *self,
                                                       SluiceImportCheck     *check);
void               sluice_import_check_page_stop      (SluiceImportCheckPage *self);
SluiceImportCheck *sluice_import_check_page_get_check (SluiceImportCheckPage *self);

G_END_DECLS
