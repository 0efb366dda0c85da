/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-describe-cache.h"
#include "sluice-write-verb.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_TARGET_PAGE (sluice_import_target_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceImportTargetPage, sluice_import_target_page, SLUICE, IMPORT_TARGET_PAGE, AdwNavigationPage)

void             sluice_import_target_page_load       (SluiceImportTargetPage *self,
                                                       SluiceDescribeCache    *cache,
                                                       const char             *guess);
const char      *sluice_import_target_page_get_object (SluiceImportTargetPage *self);
SluiceWriteVerb  sluice_import_target_page_get_verb   (SluiceImportTargetPage *self);

G_END_DECLS
