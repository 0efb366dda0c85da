/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-service.h"

G_BEGIN_DECLS

/**
 * OrgAuthorize:
 * @app: who asks
 * @scope: (owned): the scopes, separated by blanks
 * @redirect_uri: (owned): where the answer goes
 * @state: (owned) (nullable): what comes back with it
 * @challenge: (owned) (nullable): the PKCE challenge
 * @nonce: (owned) (nullable): for the id token
 * @login_hint: (owned) (nullable): a user name to offer
 * @login: whether the password is asked for even in a live session
 * @consent: whether approval is asked for even where it was given
 *
 * An authorize request that waits for somebody.
 */
typedef struct
{
  const OrgApp *app;
  char         *scope;
  char         *redirect_uri;
  char         *state;
  char         *challenge;
  char         *nonce;
  char         *login_hint;
  gboolean      login;
  gboolean      consent;
} OrgAuthorize;

OrgSessions     *org_sessions_new         (void);
void             org_sessions_free        (OrgSessions     *self);
char            *org_sessions_open        (OrgSessions     *self,
                                           const OrgPerson *person);
const OrgPerson *org_sessions_find        (OrgSessions     *self,
                                           const char      *sid);
void             org_sessions_close       (OrgSessions     *self,
                                           const char      *sid);
char            *org_sessions_dup_proof   (OrgSessions     *self,
                                           const char      *browser,
                                           const char      *purpose);
const char      *org_sessions_add_request (OrgSessions     *self,
                                           OrgAuthorize    *request);
OrgAuthorize    *org_sessions_get_request (OrgSessions     *self,
                                           const char      *source);
void             org_sessions_end_request (OrgSessions     *self,
                                           const char      *source);
gboolean         org_sessions_is_young    (OrgSessions     *self,
                                           const OrgApp    *app);
void             org_authorize_free       (OrgAuthorize    *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSessions, org_sessions_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgAuthorize, org_authorize_free)

G_END_DECLS
