/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_OVERVIEW_PAGE (sluice_overview_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceOverviewPage, sluice_overview_page, SLUICE, OVERVIEW_PAGE, AdwBin)

G_END_DECLS
