/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The consumer secret of every app; public ones need not know it. */
#define ORG_APP_SECRET "demo-secret"

/**
 * OrgAppFlags:
 * @ORG_APP_ROTATES: each refresh answers a new refresh token and ends the old one
 * @ORG_APP_NEEDS_PKCE: no code without a challenge
 * @ORG_APP_NEEDS_SECRET: codes and refresh tokens need the consumer secret
 * @ORG_APP_REFUSES_SECRET: a request with a consumer secret is refused, even a right one
 * @ORG_APP_ADMINS_ONLY: users must be approved by an administrator; only administrators are
 * @ORG_APP_ONE_USE: a refresh token works once, and no new one follows
 * @ORG_APP_NO_REST: its tokens are not valid for the REST API
 * @ORG_APP_YOUNG: the first time it is named after the start it is not known yet
 * @ORG_APP_ON_PAGE: its authorize error is shown on a page; others are redirected
 *
 * The policies of an app.
 */
typedef enum
{
  ORG_APP_ROTATES = 1 << 0,
  ORG_APP_NEEDS_PKCE = 1 << 1,
  ORG_APP_NEEDS_SECRET = 1 << 2,
  ORG_APP_REFUSES_SECRET = 1 << 3,
  ORG_APP_ADMINS_ONLY = 1 << 4,
  ORG_APP_ONE_USE = 1 << 5,
  ORG_APP_NO_REST = 1 << 6,
  ORG_APP_YOUNG = 1 << 7,
  ORG_APP_ON_PAGE = 1 << 8,
} OrgAppFlags;

/**
 * OrgApp:
 * @key: the consumer key
 * @summary: what it is for, in `--help`
 * @flags: its policies
 * @scopes: (nullable): the scopes it carries, separated by blanks; the usual ones if %NULL
 * @callbacks: (nullable): its callback URLs, separated by blanks; the usual ones if %NULL
 * @calls: calls after which an access token expires, or 0
 * @idle: seconds after which an unused refresh token expires, or 0
 * @authorize_error: (nullable): the error of every authorize request
 * @authorize_reason: (nullable): its description
 * @token_error: (nullable): the error of every token request
 * @token_reason: (nullable): its description
 *
 * A connected app or external client app of the org.
 */
typedef struct
{
  const char  *key;
  const char  *summary;
  OrgAppFlags  flags;
  const char  *scopes;
  const char  *callbacks;
  guint        calls;
  guint        idle;
  const char  *authorize_error;
  const char  *authorize_reason;
  const char  *token_error;
  const char  *token_reason;
} OrgApp;

const OrgApp *org_apps_get          (guint        *n_apps);
const OrgApp *org_apps_find         (const char   *key);
const char   *org_app_get_scopes    (const OrgApp *app);
gboolean      org_app_has_scope     (const OrgApp *app,
                                     const char   *scope);
gboolean      org_app_has_callback  (const OrgApp *app,
                                     const char   *uri);

G_END_DECLS
