/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-field-info.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_FIELD_DIALOG (sluice_field_dialog_get_type ())

G_DECLARE_FINAL_TYPE (SluiceFieldDialog, sluice_field_dialog, SLUICE, FIELD_DIALOG, AdwDialog)

AdwDialog *sluice_field_dialog_new (SluiceFieldInfo *field,
                                    GtkWidget       *opener);

G_END_DECLS
