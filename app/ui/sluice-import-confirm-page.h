/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-write-plan.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_CONFIRM_PAGE (sluice_import_confirm_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceImportConfirmPage, sluice_import_confirm_page, SLUICE, IMPORT_CONFIRM_PAGE, AdwNavigationPage)

void               sluice_import_confirm_page_show       (SluiceImportConfirmPage *self,
                                                          SluiceWritePlan         *plan,
                                                          const char              *note);
SluiceWritePermit *sluice_import_confirm_page_get_permit (SluiceImportConfirmPage *self);

G_END_DECLS
