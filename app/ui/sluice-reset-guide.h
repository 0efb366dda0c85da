/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-subscription.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RESET_GUIDE (sluice_reset_guide_get_type ())

G_DECLARE_FINAL_TYPE (SluiceResetGuide, sluice_reset_guide, SLUICE, RESET_GUIDE, AdwDialog)

AdwDialog *sluice_reset_guide_new (SluiceSubscription *subscription);

G_END_DECLS
