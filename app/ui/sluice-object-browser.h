/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_OBJECT_BROWSER (sluice_object_browser_get_type ())

G_DECLARE_FINAL_TYPE (SluiceObjectBrowser, sluice_object_browser, SLUICE, OBJECT_BROWSER, AdwBin)

G_END_DECLS
