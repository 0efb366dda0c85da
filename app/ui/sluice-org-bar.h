/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-subscription.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_ORG_BAR (sluice_org_bar_get_type ())

G_DECLARE_FINAL_TYPE (SluiceOrgBar, sluice_org_bar, SLUICE, ORG_BAR, AdwBin)

void sluice_org_bar_set_subscription (SluiceOrgBar       *self,
                                      SluiceSubscription *subscription);

G_END_DECLS
