/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "org-apps.h"
#include "org-clock.h"
#include "org-people.h"

G_BEGIN_DECLS

/**
 * OrgFailure:
 * @error: the code
 * @reason: its description
 *
 * Why a token request is refused.
 */
typedef struct
{
  const char *error;
  const char *reason;
} OrgFailure;

/**
 * OrgCodeRequest:
 * @app: who asks
 * @person: who allowed it
 * @scope: the scopes, separated by blanks
 * @redirect_uri: where the code goes
 * @challenge: (nullable): the PKCE challenge, always S256
 * @nonce: (nullable): for the id token
 *
 * What an authorization code stands for.
 */
typedef struct
{
  const OrgApp    *app;
  const OrgPerson *person;
  const char      *scope;
  const char      *redirect_uri;
  const char      *challenge;
  const char      *nonce;
} OrgCodeRequest;

/**
 * OrgTokens:
 * @app: whose they are
 * @person: for whom they speak
 * @access: (owned): the access token
 * @refresh: (owned) (nullable): the refresh token, if a new one is due
 * @scope: (owned): the scopes, separated by blanks
 * @nonce: (owned) (nullable): for the id token
 * @issued: milliseconds since 1970
 *
 * The answer to a token request.
 */
typedef struct
{
  const OrgApp    *app;
  const OrgPerson *person;
  char            *access;
  char            *refresh;
  char            *scope;
  char            *nonce;
  gint64           issued;
} OrgTokens;

/**
 * OrgAccess:
 * @app: whose token it is
 * @person: for whom it speaks
 * @scope: its scopes, separated by blanks
 * @issued: seconds since 1970
 * @expires: seconds since 1970, when not used until then; 0 for never
 * @refreshes: whether it is a refresh token
 *
 * What a token stands for.
 */
typedef struct
{
  const OrgApp    *app;
  const OrgPerson *person;
  const char      *scope;
  gint64           issued;
  gint64           expires;
  gboolean         refreshes;
} OrgAccess;

typedef struct _OrgGrants OrgGrants;

OrgGrants        *org_grants_new          (OrgClock             *clock,
                                           const char           *organization_id);
void              org_grants_free         (OrgGrants            *self);
void              org_grants_set_lifetime (OrgGrants            *self,
                                           guint                 seconds,
                                           guint                 calls);
char             *org_grants_add_code     (OrgGrants            *self,
                                           const OrgCodeRequest *request);
const OrgFailure *org_grants_redeem       (OrgGrants            *self,
                                           const OrgApp         *app,
                                           const char           *code,
                                           const char           *redirect_uri,
                                           const char           *verifier,
                                           OrgTokens            *tokens);
const OrgFailure *org_grants_refresh      (OrgGrants            *self,
                                           const OrgApp         *app,
                                           const char           *refresh,
                                           OrgTokens            *tokens);
void              org_grants_issue        (OrgGrants            *self,
                                           const OrgApp         *app,
                                           const OrgPerson      *person,
                                           const char           *scope,
                                           OrgTokens            *tokens);
gboolean          org_grants_revoke       (OrgGrants            *self,
                                           const char           *token);
gboolean          org_grants_look_up      (OrgGrants            *self,
                                           const char           *token,
                                           OrgAccess            *access);
gboolean          org_grants_use          (OrgGrants            *self,
                                           const char           *token,
                                           OrgAccess            *access);
gboolean          org_grants_is_approved  (OrgGrants            *self,
                                           const OrgApp         *app,
                                           const OrgPerson      *person,
                                           const char           *scope);
void              org_grants_expire       (OrgGrants            *self,
                                           gboolean              refresh);
guint             org_grants_count        (OrgGrants            *self);
void              org_grants_save         (OrgGrants            *self,
                                           JsonBuilder          *builder);
void              org_grants_restore      (OrgGrants            *self,
                                           JsonArray            *grants);
void              org_tokens_clear        (OrgTokens            *tokens);
gboolean          org_scope_contains      (const char           *scope,
                                           const char           *word);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgGrants, org_grants_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrgTokens, org_tokens_clear)

G_END_DECLS
