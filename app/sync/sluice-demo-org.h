/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-subscription.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_DEMO_ORG (sluice_demo_org_get_type ())

/**
 * SluiceDemoOrg:
 *
 * Runs the simulated org `sluice-demo-org` for as long as this process lives.
 *
 * What it keeps between two runs is in the user's data folder.
 */
G_DECLARE_FINAL_TYPE (SluiceDemoOrg, sluice_demo_org, SLUICE, DEMO_ORG, GObject)

SluiceDemoOrg      *sluice_demo_org_new              (const char           *program,
                                                      const char           *state_file);

gboolean            sluice_demo_org_is_available     (SluiceDemoOrg        *self);
gboolean            sluice_demo_org_is_for           (SluiceSubscription   *subscription);
SluiceSubscription *sluice_demo_org_new_subscription (const char           *address);

void                sluice_demo_org_start_async      (SluiceDemoOrg        *self,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
char               *sluice_demo_org_start_finish     (SluiceDemoOrg        *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

G_END_DECLS
