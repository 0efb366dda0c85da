/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-call.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_CALL_DIALOG (sluice_call_dialog_get_type ())

G_DECLARE_FINAL_TYPE (SluiceCallDialog, sluice_call_dialog, SLUICE, CALL_DIALOG, AdwDialog)

AdwDialog *sluice_call_dialog_new (SluiceCall *call);

G_END_DECLS
