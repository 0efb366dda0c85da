/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SUBSCRIPTION_DIALOG (sluice_subscription_dialog_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSubscriptionDialog, sluice_subscription_dialog, SLUICE, SUBSCRIPTION_DIALOG, AdwDialog)

AdwDialog *sluice_subscription_dialog_new (SluiceWorkspace *workspace);

G_END_DECLS
