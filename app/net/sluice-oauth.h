/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-credentials.h"
#include "sluice-oauth-error.h"

G_BEGIN_DECLS

#define SLUICE_OAUTH_AUTHORIZE_PATH "/services/oauth2/authorize"
#define SLUICE_OAUTH_TOKEN_PATH     "/services/oauth2/token"
#define SLUICE_OAUTH_REVOKE_PATH    "/services/oauth2/revoke"

char              *sluice_oauth_make_secret         (GError                  **error);
char              *sluice_oauth_make_challenge      (const char               *verifier);
gboolean           sluice_oauth_state_matches       (const char               *expected,
                                                     const char               *state);

char              *sluice_oauth_build_authorize_url (const char               *login_url,
                                                     const char               *consumer_key,
                                                     const char               *redirect_uri,
                                                     const char * const       *scopes,
                                                     const char               *state,
                                                     const char               *challenge,
                                                     const char               *prompt);
GBytes            *sluice_oauth_build_code_form     (const char               *code,
                                                     const char               *verifier,
                                                     const char               *redirect_uri,
                                                     const char               *consumer_key,
                                                     const char               *consumer_secret);
GBytes            *sluice_oauth_build_refresh_form  (const char               *refresh_token,
                                                     const char               *consumer_key,
                                                     const char               *consumer_secret);
GBytes            *sluice_oauth_build_revoke_form   (const char               *token);

gboolean           sluice_oauth_check_state         (const char               *query,
                                                     const char               *state,
                                                     GError                  **error);
char              *sluice_oauth_read_redirect       (const char               *query,
                                                     const char               *state,
                                                     GError                  **error);
GError            *sluice_oauth_read_error_query    (const char               *query);

SluiceCredentials *sluice_oauth_parse_token_reply   (guint                     http_status,
                                                     const char               *content_type,
                                                     GBytes                   *body,
                                                     const SluiceCredentials  *previous,
                                                     GError                  **error);
gboolean           sluice_oauth_parse_revoke_reply  (guint                     http_status,
                                                     const char               *content_type,
                                                     GBytes                   *body,
                                                     GError                  **error);

G_END_DECLS
