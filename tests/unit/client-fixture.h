/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "gated-store.h"
#include "manual-clock.h"
#include "mock-server.h"
#include "sluice-client.h"

G_BEGIN_DECLS

#define TOKEN_PATH "/services/oauth2/token"
#define EXPIRED_BODY "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]"

/* A signed-in client with API version 68.0 and a mock server, by hand-moved time. */
typedef struct
{
  MockServer *server;
  ManualClock *clock;
  GatedStore *store;
  SluiceThrottle *throttle;
  SluiceBudget *budget;
  SluiceCallList *calls;
  SluiceClient *client;
} ClientFixture;

void             client_fixture_set_up        (ClientFixture *self);
/* Whatever a test did, nothing is left in flight or in the queue, and everything goes. */
void             client_fixture_tear_down     (ClientFixture *self);

void             client_fixture_queue_tokens  (ClientFixture *self,
                                               const char    *access_token);
/* Of the newest call but @n. */
SluiceCallState  client_fixture_get_state     (ClientFixture *self,
                                               guint          n);
void             client_fixture_assert_token  (ClientFixture *self,
                                               guint          i,
                                               const char    *token);
/* Runs @func in a thread and the main loop meanwhile, and moves time on whenever the newest call waits. */
void             client_fixture_run           (ClientFixture *self,
                                               GThreadFunc    func,
                                               gpointer       data);

G_END_DECLS
