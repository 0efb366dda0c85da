/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-subscription-draft.h"
#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SUBSCRIPTION_FORM (sluice_subscription_form_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSubscriptionForm, sluice_subscription_form, SLUICE, SUBSCRIPTION_FORM, AdwPreferencesPage)

void sluice_subscription_form_focus_first_error (SluiceSubscriptionForm *self);

G_END_DECLS
