/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "demo-process.h"
#include "memory-store.h"
#include "sluice-connection.h"

G_BEGIN_DECLS

#define ORG_FIXTURE_ID "11111111-1111-4111-8111-111111111111"
#define ORG_FIXTURE_ADMIN "admin@demo.example"

/* A subscription and the real demo org, with a scripted browser between them. */
typedef struct
{
  DemoProcess *org;
  MemoryStore *store;
  SluiceSubscription *subscription;
  SluiceConnection *connection;
  const char *username;
  const char *decision;
  gboolean browsing;
} OrgFixture;

/* @option: (nullable): of the demo org; both fit g_test_add(). */
void  org_fixture_set_up       (OrgFixture     *self,
                                gconstpointer   option);
void  org_fixture_tear_down    (OrgFixture     *self,
                                gconstpointer   unused);

void  org_fixture_authenticate (OrgFixture     *self,
                                GError        **error);
void  org_fixture_sign_in      (OrgFixture     *self);

G_END_DECLS
