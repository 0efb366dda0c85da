/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

void sluice_settings_files_duplicate (GtkWidget          *parent,
                                      SluiceWorkspace    *workspace,
                                      SluiceSubscription *subscription);
void sluice_settings_files_export    (GtkWidget          *parent,
                                      SluiceWorkspace    *workspace,
                                      SluiceSubscription *subscription);
void sluice_settings_files_import    (GtkWidget          *parent,
                                      SluiceWorkspace    *workspace);

G_END_DECLS
