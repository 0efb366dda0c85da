/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-connection.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_TOKENS_GROUP (sluice_tokens_group_get_type ())

G_DECLARE_FINAL_TYPE (SluiceTokensGroup, sluice_tokens_group, SLUICE, TOKENS_GROUP, AdwPreferencesGroup)

G_END_DECLS
