/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-result-block.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RECORD_DIALOG (sluice_record_dialog_get_type ())

G_DECLARE_FINAL_TYPE (SluiceRecordDialog, sluice_record_dialog, SLUICE, RECORD_DIALOG, AdwDialog)

AdwDialog *sluice_record_dialog_new (const char * const *columns,
                                     guint               n_columns,
                                     SluiceResultBlock  *block,
                                     const char         *uri);

G_END_DECLS
