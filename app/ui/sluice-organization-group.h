/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-organization.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_ORGANIZATION_GROUP (sluice_organization_group_get_type ())

G_DECLARE_FINAL_TYPE (SluiceOrganizationGroup, sluice_organization_group, SLUICE, ORGANIZATION_GROUP, AdwPreferencesGroup)

G_END_DECLS
