/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mock-server.h"
#include "sluice-credentials.h"
#include "sluice-sign-in.h"

G_BEGIN_DECLS

#define MOCK_ORG_ID "00D5e000000ABCDEA4"
#define MOCK_OTHER_ORG_ID "00D5e000000WXYZEA4"

/* A mock server with the answers of a healthy org, as far as verification and sign-in ask; queued replies go first. */
MockServer        *mock_org_new             (void);
/* Whether it answers at all, or closes all connections. */
void               mock_org_set_reachable   (MockServer   *server,
                                             gboolean      reachable);
SluiceCredentials *mock_org_new_credentials (MockServer   *server);

/* Does what a user does in the browser: logs in and allows at once. */
void               mock_org_allow           (MockServer   *server,
                                             SluiceSignIn *sign_in);
void               mock_org_deny            (SluiceSignIn *sign_in);

G_END_DECLS
