/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_ACTIVITY_PAGE (sluice_activity_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceActivityPage, sluice_activity_page, SLUICE, ACTIVITY_PAGE, AdwBin)

G_END_DECLS
