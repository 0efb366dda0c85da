/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_DATA_PAGE (sluice_data_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceDataPage, sluice_data_page, SLUICE, DATA_PAGE, AdwBin)

G_END_DECLS
