/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-connection.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_EXPORT_DIALOG (sluice_export_dialog_get_type ())

G_DECLARE_FINAL_TYPE (SluiceExportDialog, sluice_export_dialog, SLUICE, EXPORT_DIALOG, AdwDialog)

AdwDialog *sluice_export_dialog_new (SluiceConnection *connection,
                                     const char       *soql,
                                     gboolean          all_rows);

G_END_DECLS
