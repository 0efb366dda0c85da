/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-subscription.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SUBSCRIPTION_ROW (sluice_subscription_row_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSubscriptionRow, sluice_subscription_row, SLUICE, SUBSCRIPTION_ROW, GtkListBoxRow)

GtkWidget          *sluice_subscription_row_new              (SluiceSubscription    *subscription);

SluiceSubscription *sluice_subscription_row_get_subscription (SluiceSubscriptionRow *self);

G_END_DECLS
