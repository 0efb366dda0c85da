/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-clock.h"
#include "org-faults.h"
#include "org-grants.h"
#include "org-log.h"
#include "org-rest.h"
#include "org-usage.h"

G_BEGIN_DECLS

typedef struct _OrgState OrgState;
typedef struct _OrgWorker OrgWorker;
typedef struct _OrgSessions OrgSessions;
typedef struct _OrgSigner OrgSigner;

/**
 * OrgService:
 * @address: (owned): where it is reached, such as `http://localhost:8080`
 * @instance: (owned) (nullable): another address for `instance_url`
 * @name: (owned): the org's name
 * @kind: which org
 * @newest: its newest API version
 * @organization_id: (owned): its id
 * @user_ids: (owned): user name → id, of those who can log in
 * @latency: milliseconds that every answer waits
 * @concurrent: long calls that may run at once
 * @long_call: seconds from which on a call is long
 * @plain: whether no answer is compressed
 * @calls: (element-type OrgCall): API calls that run, the oldest first
 *
 * What the parts of the demo org share. All but @worker's inside belongs to the main thread.
 */
typedef struct
{
  char        *address;
  char        *instance;
  char        *name;
  OrgKind      kind;
  guint        newest;
  char        *organization_id;
  GHashTable  *user_ids;
  guint        latency;
  guint        concurrent;
  guint        long_call;
  gboolean     plain;
  OrgClock    *clock;
  OrgUsage    *usage;
  OrgGrants   *grants;
  OrgFaults   *faults;
  OrgLog      *log;
  OrgState    *state;
  OrgWorker   *worker;
  OrgSessions *sessions;
  OrgSigner   *signer;
  GQueue       calls;
} OrgService;

const char *org_service_get_instance (OrgService      *self);
char       *org_service_dup_identity (OrgService      *self,
                                      const OrgPerson *person);
const char *org_service_get_user_id  (OrgService      *self,
                                      const OrgPerson *person);

G_END_DECLS
