/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_CELL_DIALOG (sluice_cell_dialog_get_type ())

G_DECLARE_FINAL_TYPE (SluiceCellDialog, sluice_cell_dialog, SLUICE, CELL_DIALOG, AdwDialog)

AdwDialog *sluice_cell_dialog_new (const char     *title,
                                   SluiceCellKind  kind,
                                   const char     *text);

G_END_DECLS
