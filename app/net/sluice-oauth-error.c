/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-oauth-error.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-problem.h"

/* Longer words than this are no words: codes, verifiers and tokens, which a server may echo. */
#define MAX_WORD 36
#define MAX_TEXT 300

/* What a row says about the stored refresh token. */
typedef enum
{
  TOKEN_UNTOUCHED,
  TOKEN_DEAD,
} TokenFate;

typedef struct
{
  const char *server_code;
  const char *text; /* (nullable): what the description has in it; rows with one go before the row without */
  SluiceError code;
  TokenFate fate;
  const char *message;
} Row;

/* Wire reference 1.3 (token endpoint) and 1.5 (redirect and error page); the first row that fits is taken. */
static const Row rows[] = {
  { "invalid_grant", "verifier", SLUICE_ERROR_PROTOCOL, TOKEN_UNTOUCHED,
    N_("Salesforce refused the proof that belongs to this sign-in. Sign in again.") },
  { "invalid_grant", "expired authorization code", SLUICE_ERROR_SIGN_IN, TOKEN_UNTOUCHED,
    N_("The sign-in took too long, or its answer was used twice. Sign in again.") },
  { "invalid_grant", "authorization code", SLUICE_ERROR_SIGN_IN, TOKEN_UNTOUCHED,
    N_("Salesforce does not know the answer that the browser brought. Sign in again.") },
  { "invalid_grant", "token", SLUICE_ERROR_NOT_AUTHORIZED, TOKEN_DEAD,
    N_("Salesforce ended this connection. Sign in again.") },
  { "invalid_grant", "inactive organization", SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("This Salesforce org is switched off.") },
  { "invalid_grant", "inactive user", SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("This Salesforce user is switched off.") },
  { "invalid_grant", "ip restricted", SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("Salesforce does not allow sign-in from this network.") },
  { "invalid_grant", "ip not allowed", SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("Salesforce does not allow sign-in from this network.") },
  { "invalid_grant", "approved this consumer", SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("The app is not approved for this user yet.") },
  { "invalid_grant", "invalid password", SLUICE_ERROR_NOT_AUTHORIZED, TOKEN_UNTOUCHED,
    N_("Salesforce refused the user name or password. Sign in again.") },
  { "invalid_grant", "authentication failure", SLUICE_ERROR_NOT_AUTHORIZED, TOKEN_UNTOUCHED,
    N_("Salesforce refused to authenticate this user. Sign in again.") },
  { "invalid_grant", "rate exceeded", SLUICE_ERROR_LIMIT, TOKEN_UNTOUCHED,
    N_("This user has signed in too often. Try again in an hour.") },
  { "invalid_grant", NULL, SLUICE_ERROR_NOT_AUTHORIZED, TOKEN_UNTOUCHED,
    N_("Salesforce did not accept the sign-in. Sign in again.") },
  { "invalid_request", "missing required parameter", SLUICE_ERROR_PROTOCOL, TOKEN_UNTOUCHED,
    N_("Salesforce found something missing in the request.") },
  { "invalid_request", "challenge", SLUICE_ERROR_PROTOCOL, TOKEN_UNTOUCHED,
    N_("Salesforce refused the proof that belongs to this sign-in. Sign in again.") },
  { "invalid_request", NULL, SLUICE_ERROR_PROTOCOL, TOKEN_UNTOUCHED,
    N_("Salesforce did not understand the request.") },
  { "invalid_client_id", NULL, SLUICE_ERROR_INVALID, TOKEN_UNTOUCHED,
    N_("Salesforce does not know this consumer key.") },
  { "invalid_client", "must be installed", SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("The app is not installed in this org.") },
  { "invalid_client", "not installed", SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("The external client app is not in this org.") },
  { "invalid_client", NULL, SLUICE_ERROR_INVALID, TOKEN_UNTOUCHED,
    N_("Salesforce refused the consumer secret.") },
  { "redirect_uri_mismatch", NULL, SLUICE_ERROR_INVALID, TOKEN_UNTOUCHED,
    N_("The callback URL is not registered in Salesforce.") },
  { "unsupported_grant_type", NULL, SLUICE_ERROR_PROTOCOL, TOKEN_UNTOUCHED,
    N_("Salesforce does not offer this way of signing in.") },
  { "unsupported_response_type", NULL, SLUICE_ERROR_PROTOCOL, TOKEN_UNTOUCHED,
    N_("Salesforce does not offer this way of signing in.") },
  { "unauthorized_client", NULL, SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("The app may not sign users in this way.") },
  { "unsupported_token_type", NULL, SLUICE_ERROR_REJECTED, TOKEN_UNTOUCHED,
    N_("Salesforce cannot revoke this kind of token.") },
  { "invalid_token", NULL, SLUICE_ERROR_REJECTED, TOKEN_UNTOUCHED,
    N_("Salesforce does not know this token.") },
  { "rate_limit_exceeded", NULL, SLUICE_ERROR_LIMIT, TOKEN_UNTOUCHED,
    N_("This user has signed in too often. Try again in an hour.") },
  { "server_error", NULL, SLUICE_ERROR_OFFLINE, TOKEN_UNTOUCHED,
    N_("Salesforce is not available at the moment.") },
  { "temporarily_unavailable", NULL, SLUICE_ERROR_OFFLINE, TOKEN_UNTOUCHED,
    N_("Salesforce is not available at the moment.") },
  { "access_denied", NULL, SLUICE_ERROR_SIGN_IN, TOKEN_UNTOUCHED,
    N_("Access was denied in the browser.") },
  { "OAUTH_APP_BLOCKED", NULL, SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("An administrator has blocked the app in this org.") },
  { "OAUTH_APP_ACCESS_DENIED", NULL, SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("An administrator has not approved this user for the app.") },
  { "OAUTH_AUTHORIZATION_BLOCKED", NULL, SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("The app is restricted for this user.") },
  { "OAUTH_EC_APP_NOT_FOUND", NULL, SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("The external client app is not in this org.") },
  { "OAUTH_APPROVAL_ERROR_GENERIC", NULL, SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("Salesforce could not authorise the app and did not say why.") },
  { "invalid_scope", NULL, SLUICE_ERROR_FORBIDDEN, TOKEN_UNTOUCHED,
    N_("The app is not allowed to ask for all that Sluice needs.") },
  { "immediate_unsuccessful", NULL, SLUICE_ERROR_SIGN_IN, TOKEN_UNTOUCHED,
    N_("Nobody is signed in to Salesforce in the browser.") },
  { "1800", NULL, SLUICE_ERROR_OFFLINE, TOKEN_UNTOUCHED,
    N_("Salesforce had a problem of its own while it authorised the app.") },
};

static const Row *
find_row (const char *server_code,
          const char *server_text)
{
  g_autofree char *text = g_ascii_strdown (server_text != NULL ? server_text : "", -1);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (sluice_problem_code_equal (rows[i].server_code, server_code)
          && (rows[i].text == NULL || strstr (text, rows[i].text) != NULL))
        return &rows[i];
    }

  return NULL;
}

static gboolean
is_blank (gunichar c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || !g_unichar_isprint (c);
}

/* A server may say anything: keep what reads as words, in one line. */
static char *
clean_text (const char *text)
{
  g_autofree char *valid = NULL;
  GString *clean;

  if (text == NULL || *text == '\0')
    return NULL;

  valid = g_utf8_make_valid (text, (gssize) strnlen (text, 4096));
  clean = g_string_new (NULL);

  for (const char *at = valid; *at != '\0' && clean->len < MAX_TEXT;)
    {
      const char *end = at;
      guint length = 0;

      for (; *end != '\0' && !is_blank (g_utf8_get_char (end)); end = g_utf8_next_char (end))
        length++;

      if (clean->len > 0 && length > 0)
        g_string_append_c (clean, ' ');
      if (length <= MAX_WORD)
        g_string_append_len (clean, at, end - at);
      else
        g_string_append (clean, "…");

      at = *end != '\0' ? g_utf8_next_char (end) : end;
    }

  return g_string_free_and_steal (clean);
}

static SluiceError
sort_by_status (guint http_status)
{
  if (http_status >= 500 || http_status == 408)
    return SLUICE_ERROR_OFFLINE;
  if (http_status == 429)
    return SLUICE_ERROR_LIMIT;

  return SLUICE_ERROR_REJECTED;
}

static GError *
new_unknown (const char *server_code,
             const char *server_text,
             guint       http_status)
{
  g_autofree char *message = NULL;

  if (server_text != NULL)
    message = g_strdup_printf (_("Salesforce said: %s"), server_text);
  else
    message = g_strdup_printf (_("Salesforce said: %s"), server_code);

  return sluice_error_new_server (sort_by_status (http_status), server_code, server_text, http_status, NULL, message);
}

/**
 * sluice_oauth_error_new:
 * @server_code: the `error` that Salesforce gave
 * @server_text: (nullable): the `error_description` beside it
 * @http_status: the status of the answer, 0 when it came through the browser
 *
 * Sorts what an OAuth endpoint or the authorisation page says by what the
 * caller will do about it (wire reference 1.3 and 1.5).
 *
 * The texts come from a server: what cannot be a word, such as an echoed
 * token, does not get into the error.
 *
 * Returns: (transfer full): a #SluiceError that remembers both texts
 */
GError *
sluice_oauth_error_new (const char *server_code,
                        const char *server_text,
                        guint       http_status)
{
  g_autofree char *code = NULL;
  g_autofree char *text = NULL;
  const Row *row;

  g_return_val_if_fail (server_code != NULL, NULL);

  code = clean_text (server_code);
  text = clean_text (server_text);
  row = code != NULL ? find_row (code, text) : NULL;

  if (row == NULL)
    return new_unknown (code != NULL ? code : "?", text, http_status);

  return sluice_error_new_server (http_status >= 500 ? SLUICE_ERROR_OFFLINE : row->code,
                                  row->server_code, text, http_status, NULL, _(row->message));
}

/**
 * sluice_oauth_error_is_dead_token:
 * @error: (nullable): the error of a refresh
 *
 * Tells the one answer that a stored refresh token does not survive: an
 * `invalid_grant` about the token itself. Everything else, silence and
 * maintenance above all, leaves it untouched.
 *
 * Returns: whether the refresh token is to be discarded
 */
gboolean
sluice_oauth_error_is_dead_token (const GError *error)
{
  const char *code = sluice_error_get_server_code (error);
  const Row *row;

  if (code == NULL || !g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED))
    return FALSE;

  row = find_row (code, sluice_error_get_server_text (error));

  return row != NULL && row->fate == TOKEN_DEAD;
}
