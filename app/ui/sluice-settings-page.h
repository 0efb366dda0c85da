/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SETTINGS_PAGE (sluice_settings_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSettingsPage, sluice_settings_page, SLUICE, SETTINGS_PAGE, AdwBin)

G_END_DECLS
