/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-client.h"
#include "sluice-integration.h"
#include "sluice-organization.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_VERIFICATION (sluice_verification_get_type ())

/**
 * SluiceVerification:
 *
 * Asks an org who is connected to what: API versions, identity,
 * `Organization`, `/limits`. Runs once.
 */
G_DECLARE_FINAL_TYPE (SluiceVerification, sluice_verification, SLUICE, VERIFICATION, GObject)

SluiceVerification *sluice_verification_new              (SluiceClient         *client,
                                                          SluiceThrottle       *throttle,
                                                          SluiceIntegration    *integration,
                                                          SluiceClock          *clock);

void                sluice_verification_run_async        (SluiceVerification   *self,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
gboolean            sluice_verification_run_finish       (SluiceVerification   *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

SluiceOrganization *sluice_verification_get_organization (SluiceVerification   *self);
GListModel         *sluice_verification_get_limits       (SluiceVerification   *self);

char               *sluice_api_version_choose            (JsonNode             *versions,
                                                          const char           *minimum,
                                                          const char           *maximum,
                                                          GError              **error);
GListModel         *sluice_limits_from_json              (JsonNode             *node);

G_END_DECLS
