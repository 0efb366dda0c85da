/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-demo-org.h"
#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_WINDOW (sluice_window_get_type ())

G_DECLARE_FINAL_TYPE (SluiceWindow, sluice_window, SLUICE, WINDOW, AdwApplicationWindow)

GtkWindow *sluice_window_new (GtkApplication  *application,
                              SluiceWorkspace *workspace,
                              SluiceDemoOrg   *demo_org);

G_END_DECLS
