/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-connection.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_DIALOG (sluice_import_dialog_get_type ())

G_DECLARE_FINAL_TYPE (SluiceImportDialog, sluice_import_dialog, SLUICE, IMPORT_DIALOG, AdwDialog)

AdwDialog *sluice_import_dialog_new (SluiceConnection *connection,
                                     const char       *object,
                                     GFile            *file);

G_END_DECLS
