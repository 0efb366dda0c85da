/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-integration.h"

G_BEGIN_DECLS

SluiceIntegration *sluice_integration_new_from_bytes (GBytes  *json,
                                                      GError **error);
GListModel        *sluice_integrations_get_shipped   (void);
SluiceIntegration *sluice_integrations_find          (const char *id,
                                                      const char *version);

G_END_DECLS
