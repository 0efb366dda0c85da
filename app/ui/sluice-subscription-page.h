/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SUBSCRIPTION_PAGE (sluice_subscription_page_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSubscriptionPage, sluice_subscription_page, SLUICE, SUBSCRIPTION_PAGE, AdwNavigationPage)

G_END_DECLS
