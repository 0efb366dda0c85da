/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-advice.h"

#include <string.h>

#include "sluice-error.h"
#include "sluice-oauth.h"
#include "sluice-problem.h"

typedef struct
{
  const char *server_code;
  const char *server_text;
  SluiceAdviceAction action;
  SluiceSetupPage setup_page;
  const char *says; /* a concrete thing that the advice must name */
} Row;

/* Wire reference 1.3 and 1.5. */
static const Row oauth_rows[] = {
  { "invalid_grant", "expired access/refresh token", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_CONNECTED_APPS_USAGE, "five" },
  { "invalid_grant", "expired authorization code", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "two minutes" },
  { "invalid_grant", "invalid authorization code", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "consumer key" },
  { "invalid_grant", "invalid code verifier", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "proof" },
  { "invalid_grant", "inactive user", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "activate the user" },
  { "invalid_grant", "inactive organization", SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "switched off" },
  { "invalid_grant", "authentication failure", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_LOGIN_HISTORY, "Login History" },
  { "invalid_grant", "authentication failure - Invalid Password", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_LOGIN_HISTORY,
    "password" },
  { "invalid_grant", "user hasn't approved this consumer", SLUICE_ADVICE_OPEN_SETUP,
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "self-authorize" },
  { "invalid_grant", "ip restricted", SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PROFILES, "login IP ranges" },
  { "invalid_grant", "IP not allowed", SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PROFILES, "login IP ranges" },
  { "invalid_grant", "login rate exceeded", SLUICE_ADVICE_RETRY, SLUICE_SETUP_LOGIN_HISTORY, "one hour" },
  { "invalid_grant", NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_LOGIN_HISTORY, "Login History" },
  { "invalid_request", "invalid code challenge", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "proof" },
  { "invalid_request", "missing required parameter: client_id", SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE,
    "consumer key" },
  { "invalid_request", NULL, SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, "API URL" },
  { "invalid_client_id", "client identifier invalid", SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_EXTERNAL_CLIENT_APPS,
    "Wait up to 10 minutes after creating the app" },
  { "invalid_client", "invalid client credentials", SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_EXTERNAL_CLIENT_APPS,
    "Require Secret for Web Server Flow" },
  { "invalid_client", "app must be installed into org", SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE,
    "Install" },
  { "invalid_client", "External client app is not installed in this org", SLUICE_ADVICE_OPEN_SETUP,
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "Local" },
  { "redirect_uri_mismatch", "redirect_uri must match configuration", SLUICE_ADVICE_OPEN_SETUP,
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "http://localhost:7717/OauthRedirect" },
  { "unsupported_grant_type", "grant type not supported", SLUICE_ADVICE_EDIT_SETTINGS,
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "API URL" },
  { "unsupported_response_type", NULL, SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "API URL" },
  { "unauthorized_client", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "flow" },
  { "unsupported_token_type", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE, "by hand" },
  { "invalid_token", NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "revoked" },
  { "rate_limit_exceeded", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_LOGIN_HISTORY, "one hour" },
  { "server_error", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "maintenance" },
  { "temporarily_unavailable", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "maintenance" },
  { "access_denied", "end-user denied authorization", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "press Allow" },
  { "access-denied", NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "press Allow" },
  { "OAUTH_APP_BLOCKED", "this app is blocked by admin", SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE,
    "Unblock" },
  { "OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", SLUICE_ADVICE_OPEN_SETUP,
    SLUICE_SETUP_PERMISSION_SETS, "permission set" },
  { "OAUTH_AUTHORIZATION_BLOCKED", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_API_ACCESS_CONTROL,
    "API Access Control" },
  { "invalid_scope", "the requested scope is not allowed", SLUICE_ADVICE_OPEN_SETUP,
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "refresh_token, offline_access" },
  { "immediate_unsuccessful", NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "Nobody" },
  { "OAUTH_APPROVAL_ERROR_GENERIC", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE,
    "Login History" },
  { "OAUTH_EC_APP_NOT_FOUND", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "distribution state" },
  { "1800", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "1800" },
};

/* Wire reference 1.7 and 2.13. */
static const Row rest_rows[] = {
  { "INVALID_SESSION_ID", "Session expired or invalid", SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_SESSION_SETTINGS, "expired" },
  { "INVALID_SESSION_ID", "This session is not valid for use with the REST API", SLUICE_ADVICE_OPEN_SETUP,
    SLUICE_SETUP_API_ACCESS_CONTROL, "Use Any API Client" },
  { "INVALID_SESSION_ID", "Connected app is not attached to Agent", SLUICE_ADVICE_OPEN_SETUP,
    SLUICE_SETUP_EXTERNAL_CLIENT_APPS, "attach" },
  { "INVALID_AUTH_HEADER", NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "access token" },
  { "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", SLUICE_ADVICE_RETRY, SLUICE_SETUP_COMPANY_INFORMATION,
    "24 hours" },
  { "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, "20 seconds" },
  { "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded", SLUICE_ADVICE_EDIT_SETTINGS,
    SLUICE_SETUP_NONE, "Concurrent Connections" },
  { "API_DISABLED_FOR_ORG", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_COMPANY_INFORMATION, "Enterprise" },
  { "API_CURRENTLY_DISABLED", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, "API Enabled" },
  { "FUNCTIONALITY_NOT_ENABLED", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PROFILES, "feature" },
  { "INSUFFICIENT_ACCESS", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, "permission set" },
  { "INSUFFICIENT_ACCESS_OR_READONLY", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, "read-only" },
  { "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS,
    "referred to" },
  { "FORBIDDEN", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, "API Access Control" },
  { "MALFORMED_QUERY", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "Correct the query" },
  { "INVALID_FIELD", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, "field-level access" },
  { "INVALID_TYPE", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, "object" },
  { "NOT_FOUND", NULL, SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, "API URL" },
  { "ENTITY_IS_DELETED", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "recycle bin" },
  { "INVALID_CROSS_REFERENCE_KEY", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "ids" },
  { "MALFORMED_ID", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "18 characters" },
  { "QUERY_TIMEOUT", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "two minutes" },
  { "QUERY_TOO_COMPLICATED", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "formula" },
  { "INVALID_QUERY_LOCATOR", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "two days" },
  { "EXCEEDED_ID_LIMIT", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "time span" },
  { "UNABLE_TO_LOCK_ROW", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "minute" },
  { "DUPLICATES_DETECTED", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "unique" },
  { "DUPLICATE_VALUE", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "unique" },
  { "DUPLICATE_EXTERNAL_ID", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "unique" },
  { "REQUIRED_FIELD_MISSING", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "Fill" },
  { "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "STRING_TOO_LONG", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "FIELD_INTEGRITY_EXCEPTION", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "INVALID_FIELD_FOR_INSERT_UPDATE", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "NUMBER_OUTSIDE_VALID_RANGE", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "INVALID_EMAIL_ADDRESS", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "rule" },
  { "ENTITY_IS_LOCKED", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "approval" },
  { "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "changed" },
  { "STORAGE_LIMIT_EXCEEDED", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_COMPANY_INFORMATION, "storage" },
  { "LIMIT_EXCEEDED", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_COMPANY_INFORMATION, "hour" },
  { "JSON_PARSER_ERROR", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "bug" },
  { "METHOD_NOT_ALLOWED", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "bug" },
  { "UNKNOWN_EXCEPTION", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "error id" },
  { "APEX_ERROR", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "trigger" },
  { "SERVER_UNAVAILABLE", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "maintenance" },
  { "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "read-only" },
  { "REQUEST_RUNNING_TOO_LONG", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "less at once" },
  { "EXCEEDED_MAX_SEMIJOIN_SUBSELECTS", NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "fewer conditions" },
  { "OPERATION_TOO_LARGE", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "bulk" },
  { "API_ERROR", "Nested Relationships not supported in Bulk Query", SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "use REST" },
  { "FUNCTIONALITY_NOT_ENABLED", "Selecting compound data not supported in Bulk Query", SLUICE_ADVICE_NONE,
    SLUICE_SETUP_NONE, "select their parts" },
  { "FeatureNotEnabled", NULL, SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, "Bulk API" },
  { "ExceededQuota", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_COMPANY_INFORMATION, "24 hours" },
  { "INVALIDUSER", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "who made it" },
  { "TooManyLockFailure", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "fewer" },
  { "InternalServerError", NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "support" },
  { "TOO_MANY_APEX_REQUESTS", NULL, SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, "Concurrent Connections" },
};

static const Row local_rows[] = {
  { SLUICE_PROBLEM_DNS, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "spelled" },
  { SLUICE_PROBLEM_NETWORK, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "VPN" },
  { SLUICE_PROBLEM_TIMEOUT, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "in time" },
  { SLUICE_PROBLEM_PROXY, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "network settings" },
  { SLUICE_PROBLEM_CERTIFICATE, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "date and time" },
  { SLUICE_PROBLEM_TLS, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "firewall" },
  { SLUICE_PROBLEM_NOT_JSON, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "wants a login" },
  { SLUICE_PROBLEM_TOO_LARGE, NULL, SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, "API URL" },
  { SLUICE_PROBLEM_DAMAGED, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "virus scanner" },
  { SLUICE_PROBLEM_NOT_FOR_BULK, NULL, SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, "REST" },
  { SLUICE_PROBLEM_JOB_GONE, NULL, SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, "kept" },
  { SLUICE_PROBLEM_REDIRECT, NULL, SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_MY_DOMAIN, "My Domain" },
  { SLUICE_PROBLEM_UNTRUSTED_HOST, NULL, SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_MY_DOMAIN, "no token was sent" },
  { SLUICE_PROBLEM_PORTS_BUSY, NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "Told." },
  { SLUICE_PROBLEM_NO_LOOPBACK, NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "“lo”" },
  { SLUICE_PROBLEM_SIGN_IN_TIMEOUT, NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "paste its address" },
  { SLUICE_PROBLEM_WRONG_STATE, NULL, SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, "old tabs" },
};

static void
check_form (const SluiceAdvice *advice)
{
  g_assert_cmpstr (advice->title, !=, "");
  g_assert_false (g_str_has_suffix (advice->title, "."));
  g_assert_true (g_str_has_suffix (advice->body, "."));
  g_assert_true (g_utf8_validate (advice->title, -1, NULL));
  g_assert_true (g_utf8_validate (advice->body, -1, NULL));

  if (advice->action == SLUICE_ADVICE_OPEN_SETUP)
    g_assert_cmpint (advice->setup_page, !=, SLUICE_SETUP_NONE);
}

static void
check_rows (const Row *rows,
            guint      n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(GError) error = sluice_error_new_server (SLUICE_ERROR_REJECTED, rows[i].server_code,
                                                         rows[i].server_text, 400, NULL, "Told.");
      g_autoptr(GError) plain = g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_REJECTED, "Told.");
      g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);
      g_autoptr(SluiceAdvice) general = sluice_advice_new_for_error (plain);

      g_test_message ("%s, %s: %s", rows[i].server_code, rows[i].server_text, advice->body);
      check_form (advice);
      g_assert_cmpstr (advice->body, !=, general->body);
      g_assert_cmpstr (advice->title, !=, general->title);
      g_assert_cmpint (advice->action, ==, rows[i].action);
      g_assert_cmpint (advice->setup_page, ==, rows[i].setup_page);
      g_assert_nonnull (strstr (advice->body, rows[i].says));
    }
}

static void
test_oauth (void)
{
  check_rows (oauth_rows, G_N_ELEMENTS (oauth_rows));
}

static void
test_rest (void)
{
  check_rows (rest_rows, G_N_ELEMENTS (rest_rows));
}

static void
test_local (void)
{
  check_rows (local_rows, G_N_ELEMENTS (local_rows));
}

/* The sorting of errors and the advice know the same codes. */
static void
test_sorted_errors_have_advice (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (oauth_rows); i++)
    {
      g_autoptr(GError) error = sluice_oauth_error_new (oauth_rows[i].server_code, oauth_rows[i].server_text, 0);
      g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);

      g_assert_false (g_str_has_prefix (error->message, "Salesforce said: "));
      g_assert_nonnull (strstr (advice->body, oauth_rows[i].says));
    }
}

static void
test_every_error (void)
{
  static const struct
  {
    SluiceError code;
    SluiceAdviceAction action;
  } rows[] = {
    { SLUICE_ERROR_NOT_AUTHORIZED, SLUICE_ADVICE_SIGN_IN },
    { SLUICE_ERROR_FORBIDDEN, SLUICE_ADVICE_OPEN_SETUP },
    { SLUICE_ERROR_LIMIT, SLUICE_ADVICE_RETRY },
    { SLUICE_ERROR_OFFLINE, SLUICE_ADVICE_RETRY },
    { SLUICE_ERROR_REJECTED, SLUICE_ADVICE_NONE },
    { SLUICE_ERROR_PROTOCOL, SLUICE_ADVICE_RETRY },
    { SLUICE_ERROR_INVALID, SLUICE_ADVICE_EDIT_SETTINGS },
    { SLUICE_ERROR_STORAGE, SLUICE_ADVICE_RETRY },
    { SLUICE_ERROR_SECRETS_UNAVAILABLE, SLUICE_ADVICE_SESSION_ONLY },
    { SLUICE_ERROR_SECRETS_LOCKED, SLUICE_ADVICE_UNLOCK },
    { SLUICE_ERROR_SECRETS_DISMISSED, SLUICE_ADVICE_UNLOCK },
    { SLUICE_ERROR_SECRETS_FAILED, SLUICE_ADVICE_SESSION_ONLY },
    { SLUICE_ERROR_SECRETS_BROKEN, SLUICE_ADVICE_SIGN_IN },
    { SLUICE_ERROR_SIGN_IN, SLUICE_ADVICE_SIGN_IN },
    { SLUICE_ERROR_OTHER_ORG, SLUICE_ADVICE_SIGN_IN },
  };
  g_autoptr(GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  /* A code without a row here fails. */
  g_assert_cmpuint (G_N_ELEMENTS (rows), ==, SLUICE_ERROR_OTHER_ORG + 1);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (SLUICE_ERROR, (int) rows[i].code, "Told.");
      g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);

      g_assert_cmpuint (rows[i].code, ==, i);
      check_form (advice);
      g_assert_cmpint (advice->action, ==, rows[i].action);
      g_assert_true (g_str_has_prefix (advice->body, "Told. "));
      g_assert_cmpstr (advice->title, !=, "Something Went Wrong");
      g_assert_true (g_hash_table_add (titles, g_strdup (advice->title)) || rows[i].code == SLUICE_ERROR_FORBIDDEN);
    }
}

static void
test_unknown_code_keeps_the_text (void)
{
  g_autoptr(GError) error = sluice_oauth_error_new ("brand_new", "made in 2027", 400);
  g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);

  g_assert_nonnull (strstr (advice->body, "made in 2027"));
  check_form (advice);
}

static void
test_other_domains (void)
{
  g_autoptr(GError) error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "The disk is full.");
  g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);

  g_assert_true (g_str_has_prefix (advice->body, "The disk is full. "));
  g_assert_cmpint (advice->action, ==, SLUICE_ADVICE_RETRY);
}

static void
test_codes_in_any_form (void)
{
  g_assert_true (sluice_problem_code_equal ("INVALID_SESSION_ID", "InvalidSessionId"));
  g_assert_true (sluice_problem_code_equal ("access_denied", "access-denied"));
  g_assert_true (sluice_problem_code_equal ("", ""));
  g_assert_true (sluice_problem_code_equal ("a_", "a"));
  g_assert_false (sluice_problem_code_equal ("a", ""));
  g_assert_false (sluice_problem_code_equal ("invalid_client", "invalid_client_id"));
  g_assert_false (sluice_problem_code_equal ("invalid_client_id", "invalid_client"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/advice/oauth", test_oauth);
  g_test_add_func ("/net/advice/rest", test_rest);
  g_test_add_func ("/net/advice/local", test_local);
  g_test_add_func ("/net/advice/sorted-errors-have-advice", test_sorted_errors_have_advice);
  g_test_add_func ("/net/advice/every-error", test_every_error);
  g_test_add_func ("/net/advice/unknown-code-keeps-the-text", test_unknown_code_keeps_the_text);
  g_test_add_func ("/net/advice/other-domains", test_other_domains);
  g_test_add_func ("/net/advice/codes-in-any-form", test_codes_in_any_form);

  return g_test_run ();
}
