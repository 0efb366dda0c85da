/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-advice.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-problem.h"

typedef struct
{
  const char *server_code;
  const char *text; /* (nullable): what the server's text has in it; rows with one go before the row without */
  const char *title;
  const char *body;
  SluiceAdviceAction action;
  SluiceSetupPage setup_page;
  gboolean quote; /* whether the error's own sentence goes before the body */
} Row;

/* Wire reference 1.3, 1.5, 1.7, 2.13, and what goes wrong on this computer; the first row that fits is taken. */
static const Row rows[] = {
  { "invalid_grant", "verifier", N_("Sign-In Did Not Fit Together"),
    N_("Salesforce refused the proof that belongs to this sign-in. Sign in again, in one browser tab, "
       "and do not reload the page on the way. If it happens every time, report it as a bug of Sluice."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "invalid_grant", "expired authorization code", N_("Sign-In Took Too Long"),
    N_("The answer from the browser was too old, or was used twice. Sign in again and press Allow "
       "within two minutes."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "invalid_grant", "authorization code", N_("Answer Not Known"),
    N_("Salesforce does not know the answer that the browser brought. Sign in again, and check that the "
       "consumer key belongs to this org."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "invalid_grant", "token", N_("Signed Out by Salesforce"),
    N_("The connection was revoked in Salesforce, was not used for too long, or was pushed out because "
       "one user can have five connections per app. Sign in again."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_CONNECTED_APPS_USAGE, FALSE },
  { "invalid_grant", "inactive organization", N_("Org Switched Off"),
    N_("This Salesforce org is switched off or locked. Ask whoever pays for the org to contact "
       "Salesforce. The data on this computer stays."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, FALSE },
  { "invalid_grant", "inactive user", N_("User Switched Off"),
    N_("This Salesforce user is deactivated or frozen. Ask an administrator to activate the user, then "
       "sign in again. The data on this computer stays."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "invalid_grant", "ip restricted", N_("Network Not Allowed"),
    N_("Salesforce does not allow this user to sign in from this network. Connect through the company "
       "network or VPN, or ask an administrator to add this address to the login IP ranges of the "
       "profile, and to leave the refresh token IP allowlist of the app off."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PROFILES, FALSE },
  { "invalid_grant", "ip not allowed", N_("Network Not Allowed"),
    N_("Salesforce does not allow this user to sign in from this network. Connect through the company "
       "network or VPN, or ask an administrator to add this address to the login IP ranges of the "
       "profile, and to leave the refresh token IP allowlist of the app off."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PROFILES, FALSE },
  { "invalid_grant", "approved this consumer", N_("App Not Approved Yet"),
    N_("Nobody has allowed the app for this user. Ask an administrator to set Permitted Users of the "
       "app to “All users may self-authorize”, or to assign the user to it."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "invalid_grant", "invalid password", N_("Password Refused"),
    N_("Salesforce refused the user name or the password. Sign in again in the browser."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_LOGIN_HISTORY, FALSE },
  { "invalid_grant", "authentication failure", N_("Sign-In Refused"),
    N_("Salesforce refused to authenticate this user. Sign in again in the browser; Login History in "
       "Setup shows the reason."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_LOGIN_HISTORY, FALSE },
  { "invalid_grant", "rate exceeded", N_("Too Many Sign-Ins"),
    N_("This user has signed in more than 3,600 times within an hour. Wait one hour, then try again, "
       "and look for another program that signs in over and over."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_LOGIN_HISTORY, FALSE },
  { "invalid_grant", NULL, N_("Sign-In Not Accepted"),
    N_("Salesforce did not accept the sign-in. Sign in again; Login History in Setup shows the reason."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_LOGIN_HISTORY, FALSE },
  { "invalid_request", "challenge", N_("Sign-In Did Not Fit Together"),
    N_("Salesforce refused the proof that belongs to this sign-in. Sign in again. If it happens every "
       "time, report it as a bug of Sluice."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "invalid_request", "missing required parameter", N_("Request Incomplete"),
    N_("Salesforce misses something in the request. Check that the consumer key is whole, then sign in "
       "again. If it happens every time, report it as a bug of Sluice."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, FALSE },
  { "invalid_request", NULL, N_("Request Not Understood"),
    N_("Salesforce did not understand the sign-in. Check the API URL and the consumer key, then sign in "
       "again. If it happens every time, report it as a bug of Sluice."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, FALSE },
  { "invalid_client_id", NULL, N_("Consumer Key Not Known"),
    N_("Copy the consumer key again from the app in Salesforce, with nothing before or after it, and "
       "check that the API URL belongs to the same org. Wait up to 10 minutes after creating the app "
       "before it works."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "invalid_client", "must be installed", N_("App Not Installed"),
    N_("Salesforce blocks apps that are not installed in the org. Ask an administrator to press Install "
       "beside the app under Connected Apps OAuth Usage, or create an external client app in this org "
       "and use its consumer key."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE, FALSE },
  { "invalid_client", "not installed", N_("App Not in This Org"),
    N_("The external client app is not in this org. Create one in this org, with distribution state "
       "Local, or install its package, and use its consumer key."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "invalid_client", NULL, N_("Consumer Secret Refused"),
    N_("Switch off “Require Secret for Web Server Flow” and “Require Secret for Refresh Token Flow” in "
       "the app, or enter its consumer secret under Advanced in the settings."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "redirect_uri_mismatch", NULL, N_("Callback URL Not Registered"),
    N_("Add the callback URLs that the settings show, such as “http://localhost:7717/OauthRedirect”, to "
       "the app in Salesforce, each on a line of its own and exactly as they are. Wait up to 10 "
       "minutes, then sign in again."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "unsupported_grant_type", NULL, N_("Way of Signing In Not Offered"),
    N_("This server does not offer the sign-in that Sluice uses. Check the API URL, and that the app in "
       "Salesforce has OAuth and the authorization code flow enabled."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "unsupported_response_type", NULL, N_("Way of Signing In Not Offered"),
    N_("This server does not offer the sign-in that Sluice uses. Check the API URL, and that the app in "
       "Salesforce has OAuth and the authorization code flow enabled."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "unauthorized_client", NULL, N_("App May Not Sign In"),
    N_("The app in Salesforce may not sign users in this way. Ask an administrator to enable the "
       "authorization code flow for it."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "unsupported_token_type", NULL, N_("Not Revoked"),
    N_("Salesforce cannot revoke this kind of token. Remove the connection by hand under Connected Apps "
       "OAuth Usage."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE, FALSE },
  { "invalid_token", NULL, N_("Token Not Known"),
    N_("Salesforce does not know this token; it was revoked already. Sign in again to connect."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "rate_limit_exceeded", NULL, N_("Too Many Sign-Ins"),
    N_("This user has signed in more than 3,600 times within an hour. Wait one hour, then try again, "
       "and look for another program that signs in over and over."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_LOGIN_HISTORY, FALSE },
  { "server_error", NULL, N_("Salesforce Not Available"),
    N_("Salesforce has a problem or is in maintenance. Nothing is lost; try again in a few minutes."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "temporarily_unavailable", NULL, N_("Salesforce Not Available"),
    N_("Salesforce has a problem or is in maintenance. Nothing is lost; try again in a few minutes."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "access_denied", NULL, N_("Access Denied"),
    N_("Deny was pressed in the browser. Sign in again and press Allow to connect."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "OAUTH_APP_BLOCKED", NULL, N_("App Blocked"),
    N_("An administrator has blocked the app in this org. Ask them to press Unblock beside it under "
       "Connected Apps OAuth Usage."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE, FALSE },
  { "OAUTH_APP_ACCESS_DENIED", NULL, N_("User Not Approved"),
    N_("Only users that an administrator has approved may use the app. Ask them to assign this user’s "
       "profile or permission set to the app, under its policies."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, FALSE },
  { "OAUTH_AUTHORIZATION_BLOCKED", NULL, N_("App Restricted"),
    N_("The org restricts the app for this user. Ask an administrator to allow it under Connected Apps "
       "OAuth Usage and API Access Control."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_API_ACCESS_CONTROL, FALSE },
  { "OAUTH_EC_APP_NOT_FOUND", NULL, N_("App Not in This Org"),
    N_("The external client app is not in this org. Create one in this org, with distribution state "
       "Local, or install its package, and use its consumer key. After a sandbox refresh, create it "
       "again."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "OAUTH_APPROVAL_ERROR_GENERIC", NULL, N_("Salesforce Refused the App"),
    N_("Salesforce does not say why. Most often the app is not installed in this org or the user is not "
       "approved for it; look for it under Connected Apps OAuth Usage, and at the newest line of Login "
       "History."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_CONNECTED_APPS_USAGE, FALSE },
  { "invalid_scope", NULL, N_("Scope Missing"),
    N_("Add the scopes “Manage user data via APIs (api)”, “Perform requests at any time (refresh_token, "
       "offline_access)”, “Access the identity URL service” and “openid” to the app in Salesforce. Wait "
       "up to 10 minutes, then sign in again."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "immediate_unsuccessful", NULL, N_("Nobody Signed In"),
    N_("Nobody is signed in to Salesforce in this browser. Sign in again and enter user name and "
       "password."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "1800", NULL, N_("Salesforce Had a Problem"),
    N_("Salesforce failed while it authorised the app (remote access problem 1800). Try again; if it "
       "stays, sign out of Salesforce in the browser first."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "INVALID_SESSION_ID", "not valid for use", N_("Session Not for This Use"),
    N_("The org does not let this app use the REST API. Ask an administrator to allow the app under API "
       "Access Control, or to give this user the permission “Use Any API Client”."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_API_ACCESS_CONTROL, FALSE },
  { "INVALID_SESSION_ID", "not attached", N_("App Not Attached"),
    N_("The org does not let this connected app act for the user. Ask an administrator to attach it, or to use an "
       "external client app."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, FALSE },
  { "INVALID_SESSION_ID", NULL, N_("Session Ended"),
    N_("The session has expired or was ended by an administrator. Sign in again."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_SESSION_SETTINGS, FALSE },
  { "INVALID_AUTH_HEADER", NULL, N_("Token Not Understood"),
    N_("Salesforce did not understand the access token. Sign in again. If it happens every time, report "
       "it as a bug of Sluice."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { "REQUEST_LIMIT_EXCEEDED", "concurrent", N_("Too Many Long Calls"),
    N_("Too many calls that take longer than 20 seconds run at once in this org. Sluice waits and goes "
       "on by itself; lower Concurrent Connections in the settings if it happens often."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, FALSE },
  { "REQUEST_LIMIT_EXCEEDED", NULL, N_("Daily API Limit Reached"),
    N_("The org has used up its API calls of the last 24 hours, by all apps together. Work pauses and "
       "is tried again each hour; Company Information in Setup shows the use."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_COMPANY_INFORMATION, FALSE },
  { "TOO_MANY_APEX_REQUESTS", NULL, N_("Too Many Calls at Once"),
    N_("The org runs too many requests at once. Sluice waits and goes on by itself; lower Concurrent "
       "Connections in the settings if it happens often."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, FALSE },
  { "API_DISABLED_FOR_ORG", NULL, N_("No API in This Org"),
    N_("This edition of Salesforce has no API. Enterprise and above have it, and Developer; "
       "Professional needs the API add-on. Ask your Salesforce contact."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_COMPANY_INFORMATION, FALSE },
  { "API_CURRENTLY_DISABLED", NULL, N_("API Not Enabled for User"),
    N_("This user lacks the permission “API Enabled”. Ask an administrator to set it in the user’s "
       "profile or a permission set. During maintenance, wait and try again."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, FALSE },
  { "FUNCTIONALITY_NOT_ENABLED", "bulk query", N_("Not Possible in Bulk"),
    N_("The Bulk API does not read whole addresses and places: select their parts, or use REST for this query."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "FUNCTIONALITY_NOT_ENABLED", NULL, N_("Feature Not Enabled"),
    N_("The org has not enabled a feature that this needs. Ask an administrator to enable it in Setup, "
       "or leave the object out."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PROFILES, FALSE },
  { "INSUFFICIENT_ACCESS", NULL, N_("Not Permitted"),
    N_("This user may not read or change these records. Ask an administrator for a permission set with "
       "access to the object."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, FALSE },
  { "INSUFFICIENT_ACCESS_OR_READONLY", NULL, N_("Not Permitted"),
    N_("This user may not change these records, or they are read-only. Ask an administrator for a "
       "permission set with access to the object."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, FALSE },
  { "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", NULL, N_("Not Permitted"),
    N_("This user may not use a record that is referred to. Ask an administrator for a permission set "
       "with access to both objects."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, FALSE },
  { "FORBIDDEN", NULL, N_("Not Permitted"),
    N_("This user may not do this. Ask an administrator for the permission; API Access Control may also "
       "refuse the app."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, FALSE },
  { "MALFORMED_QUERY", NULL, N_("Query Not Understood"),
    N_("Correct the query where Salesforce points to it."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "INVALID_FIELD", NULL, N_("Field Not Found"),
    N_("A field in the query does not exist, or this user may not see it. Correct the name, or ask an "
       "administrator for field-level access."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, TRUE },
  { "INVALID_TYPE", NULL, N_("Object Not Found"),
    N_("An object in the query does not exist, or this user may not see it. Correct the name, or ask an "
       "administrator for read access."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, TRUE },
  { "NOT_FOUND", NULL, N_("Not Found"),
    N_("The org does not have what was asked for. Check the API URL, and that the object still exists."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, FALSE },
  { "ENTITY_IS_DELETED", NULL, N_("Record Deleted"),
    N_("The record is in the recycle bin of Salesforce. Restore it there, or leave it out."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, FALSE },
  { "INVALID_CROSS_REFERENCE_KEY", NULL, N_("Record Not Found"),
    N_("A record that is referred to does not exist in this org. Check that the ids come from this org."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "MALFORMED_ID", NULL, N_("Id Not Valid"),
    N_("An id has the wrong form or belongs to another object. Ids have 15 or 18 characters; copy it "
       "again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "API_ERROR", "bulk query", N_("Not Possible in Bulk"),
    N_("REST takes more kinds of queries than the Bulk API: use REST for this one."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "FEATURE_NOT_ENABLED", NULL, N_("Bulk API Not Permitted"),
    N_("This user may not use the Bulk API. Ask an administrator for a permission set with it, or use REST."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_PERMISSION_SETS, FALSE },
  { "EXCEEDED_QUOTA", NULL, N_("Bulk Limit Reached"),
    N_("The org has used up its bulk jobs of the last 24 hours. Wait until some of them are older, or use REST."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_COMPANY_INFORMATION, FALSE },
  { "INVALID_USER", NULL, N_("Job of Another User"),
    N_("A bulk job can only be read by the user who made it. Start a new one, or sign in as that user."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "TOO_MANY_LOCK_FAILURE", NULL, N_("Records in Use"),
    N_("Others changed the same records all the time, so Salesforce gave up. Try again later, or with fewer "
       "records at once."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "INTERNAL_SERVER_ERROR", NULL, N_("Salesforce Failed"),
    N_("The fault is in Salesforce. Try again; if it stays, give Salesforce support the text."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, TRUE },
  { "QUERY_TIMEOUT", NULL, N_("Query Took Too Long"),
    N_("Salesforce stops a query after two minutes. Ask for a shorter time span or fewer fields, or use "
       "the bulk query."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "QUERY_TOO_COMPLICATED", NULL, N_("Query Too Complicated"),
    N_("Ask for fewer fields, above all fewer formula fields, or split the query."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, FALSE },
  { "INVALID_QUERY_LOCATOR", NULL, N_("Query Expired"),
    N_("Salesforce keeps the rest of a query for two days, and only for ten queries at once. Run the "
       "query again."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "EXCEEDED_ID_LIMIT", NULL, N_("Too Many Changes"),
    N_("More records changed than Salesforce lists at once. Ask for a shorter time span."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "UNABLE_TO_LOCK_ROW", NULL, N_("Record in Use"),
    N_("Somebody else changes the same records at this moment. Sluice tries again by itself; try again "
       "in a minute if it stays."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "DUPLICATES_DETECTED", NULL, N_("Duplicate Record"),
    N_("Salesforce already has such a record. Link the two, change the value that must be unique, or "
       "leave the record out."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "DUPLICATE_VALUE", NULL, N_("Duplicate Record"),
    N_("Salesforce already has such a record. Link the two, change the value that must be unique, or "
       "leave the record out."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "DUPLICATE_EXTERNAL_ID", NULL, N_("Duplicate Record"),
    N_("Salesforce already has such a record. Link the two, change the value that must be unique, or "
       "leave the record out."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "REQUIRED_FIELD_MISSING", NULL, N_("Required Field Empty"),
    N_("Fill the fields that Salesforce names, then send the record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "STRING_TOO_LONG", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "FIELD_INTEGRITY_EXCEPTION", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "INVALID_FIELD_FOR_INSERT_UPDATE", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "NUMBER_OUTSIDE_VALID_RANGE", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "INVALID_EMAIL_ADDRESS", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", NULL, N_("Value Refused"),
    N_("A rule of the org refuses a value. Correct the field that Salesforce names, then send the "
       "record again."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "ENTITY_IS_LOCKED", NULL, N_("Record Locked"),
    N_("The record is locked, most often by an approval. Wait for the approval or ask an administrator "
       "to unlock it."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE", NULL, N_("Changed Meanwhile"),
    N_("Somebody changed the record since it was read. Read it again, then decide which value stays."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "STORAGE_LIMIT_EXCEEDED", NULL, N_("Org Storage Full"),
    N_("The org has no room for more records. Delete some in Salesforce or buy storage; Company "
       "Information in Setup shows the use."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_COMPANY_INFORMATION, FALSE },
  { "LIMIT_EXCEEDED", NULL, N_("Limit Reached"),
    N_("The org has reached one of its limits. Wait an hour and try again; Company Information in Setup "
       "shows the use."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_COMPANY_INFORMATION, TRUE },
  { "JSON_PARSER_ERROR", NULL, N_("Request Not Understood"),
    N_("Salesforce could not read what Sluice sent. Report it as a bug of Sluice."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "METHOD_NOT_ALLOWED", NULL, N_("Not Possible Here"),
    N_("Salesforce does not offer this for the object. Report it as a bug of Sluice."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "UNKNOWN_EXCEPTION", NULL, N_("Salesforce Had a Problem"),
    N_("Salesforce failed and gave an error id. Try again; quote the id to Salesforce’s support if it "
       "stays."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, TRUE },
  { "APEX_ERROR", NULL, N_("Code in the Org Failed"),
    N_("A trigger or class of this org failed. Ask the administrator or developer of the org, and show "
       "them the text."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { "SERVER_UNAVAILABLE", NULL, N_("Salesforce Not Available"),
    N_("Salesforce is overloaded or in maintenance. Sluice waits and goes on by itself."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", NULL, N_("Salesforce in Maintenance"),
    N_("The org is read-only while Salesforce is in maintenance. Reading works; write again later."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "REQUEST_RUNNING_TOO_LONG", NULL, N_("Call Took Too Long"),
    N_("Salesforce stopped a call that ran too long. Ask for less at once: a shorter time span or fewer "
       "fields."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { "OPERATION_TOO_LARGE", NULL, N_("Too Much at Once"),
    N_("Salesforce refuses this many records at once. Ask for a shorter time span, or use the bulk "
       "query."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_DNS, NULL, N_("Server Not Found"),
    N_("The name of the server was not found. Check that this computer is online, and that the API URL "
       "is spelled right."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_NETWORK, NULL, N_("Offline"),
    N_("The server cannot be reached. Check the network, the VPN and the firewall, then try again."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_TIMEOUT, NULL, N_("No Answer"),
    N_("The server did not answer in time. Check the network, then try again; Salesforce’s status page "
       "tells about outages."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_PROXY, NULL, N_("Proxy Refused"),
    N_("The network proxy did not let the call through. Check the proxy in the network settings of the "
       "desktop, and its user name and password."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_CERTIFICATE, NULL, N_("Certificate Not Trusted"),
    N_("The server’s certificate is not trusted, so nothing was sent. Check the date and time of this "
       "computer. If the company inspects its traffic, ask IT to add its certificate authority to the "
       "system’s store."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_TLS, NULL, N_("No Secure Connection"),
    N_("No secure connection could be made. A proxy or firewall may cut it; try another network, or ask "
       "IT."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_NOT_JSON, NULL, N_("Web Page Instead of an Answer"),
    N_("Salesforce may be in maintenance, or this network wants a login first. Open any web page in the "
       "browser to sign in to the network, then try again."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_TOO_LARGE, NULL, N_("Answer Far Too Long"),
    N_("The server’s answer is not one that Salesforce gives. Check the API URL, and whether a proxy "
       "answers in its place."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_DAMAGED, NULL, N_("Answer Damaged on the Way"),
    N_("An answer was damaged on its way here. Try again. If it happens often, a proxy or a virus scanner "
       "may change what passes; try another network, or ask IT."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_NOT_FOR_BULK, NULL, N_("Not Possible in Bulk"),
    N_("REST takes more kinds of queries than the Bulk API."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  { SLUICE_PROBLEM_JOB_GONE, NULL, N_("Bulk Job Gone"),
    N_("What has come so far is kept until then."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, TRUE },
  { SLUICE_PROBLEM_REDIRECT, NULL, N_("Server Sends Elsewhere"),
    N_("The server sends calls to another address, and nothing was sent there. Enter the My Domain "
       "address of the org as API URL, such as “https://example.my.salesforce.com”."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_MY_DOMAIN, FALSE },
  { SLUICE_PROBLEM_UNTRUSTED_HOST, NULL, N_("Not a Salesforce Address"),
    N_("An address does not belong to Salesforce, and no token was sent there. Enter the My Domain "
       "address of the org as API URL, such as “https://example.my.salesforce.com”."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_MY_DOMAIN, FALSE },
  { SLUICE_PROBLEM_PORTS_BUSY, NULL, N_("Browser Cannot Answer"),
    N_("Another sign-in of Sluice may still wait; cancel it first."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, TRUE },
  { SLUICE_PROBLEM_NO_LOOPBACK, NULL, N_("Browser Cannot Answer"),
    N_("This computer, or the container Sluice runs in, has no loopback network. Switch the network "
       "device “lo” on, then sign in again."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_SIGN_IN_TIMEOUT, NULL, N_("Sign-In Timed Out"),
    N_("Nobody finished the sign-in in the browser in time. Sign in again; if the browser showed an "
       "error, paste its address in Sluice."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
  { SLUICE_PROBLEM_WRONG_STATE, NULL, N_("Not This Sign-In"),
    N_("The answer belongs to another sign-in, perhaps one in an older browser tab. Close the old tabs "
       "and sign in again."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, FALSE },
};

/* For errors without a code, or with one that nobody has met: by what the caller will do. */
static const Row fallbacks[] = {
  [SLUICE_ERROR_NOT_AUTHORIZED] = { NULL, NULL, N_("Sign In Again"),
    N_("Press Authenticate and sign in once more."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_FORBIDDEN] = { NULL, NULL, N_("Not Permitted"),
    N_("Ask an administrator of the org to change it in Setup."),
    SLUICE_ADVICE_OPEN_SETUP, SLUICE_SETUP_EXTERNAL_CLIENT_APPS, TRUE },
  [SLUICE_ERROR_LIMIT] = { NULL, NULL, N_("Limit Reached"),
    N_("Wait an hour, then try again; Company Information in Setup shows the use."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_COMPANY_INFORMATION, TRUE },
  [SLUICE_ERROR_OFFLINE] = { NULL, NULL, N_("Salesforce Not Reached"),
    N_("Check the network, then try again. Nothing is lost."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_REJECTED] = { NULL, NULL, N_("Salesforce Refused"),
    N_("Check what was asked for; the text is Salesforce’s own."),
    SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_PROTOCOL] = { NULL, NULL, N_("Answer Not Understood"),
    N_("Check the API URL, then try again. If it happens every time, report it as a bug of Sluice."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_INVALID] = { NULL, NULL, N_("Please Correct"),
    N_("Change the value in the settings."),
    SLUICE_ADVICE_EDIT_SETTINGS, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_STORAGE] = { NULL, NULL, N_("File Not Saved"),
    N_("Check that the disk is not full and that the folder can be written, then try again."),
    SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_SECRETS_UNAVAILABLE] = { NULL, NULL, N_("No Keyring"),
    N_("Tokens are kept in the keyring of the desktop, and none answers. Install or start one, such as "
       "GNOME Keyring or KWallet, or go on until Sluice is closed."),
    SLUICE_ADVICE_SESSION_ONLY, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_SECRETS_LOCKED] = { NULL, NULL, N_("Keyring Locked"),
    N_("The tokens are in the keyring, and it is locked. Unlock it with the password of the keyring."),
    SLUICE_ADVICE_UNLOCK, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_SECRETS_DISMISSED] = { NULL, NULL, N_("Keyring Stays Locked"),
    N_("The prompt of the keyring was closed. Unlock it to use the stored tokens."),
    SLUICE_ADVICE_UNLOCK, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_SECRETS_FAILED] = { NULL, NULL, N_("Keyring Failed"),
    N_("The keyring did not keep or give the tokens. Check that the disk is not full, then try again, "
       "or go on until Sluice is closed."),
    SLUICE_ADVICE_SESSION_ONLY, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_SECRETS_BROKEN] = { NULL, NULL, N_("Stored Tokens Damaged"),
    N_("What the keyring holds for this subscription cannot be read. Remove the tokens and sign in "
       "again; other subscriptions are not affected."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_SIGN_IN] = { NULL, NULL, N_("Sign-In Did Not Finish"),
    N_("Sign in again."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, TRUE },
  [SLUICE_ERROR_OTHER_ORG] = { NULL, NULL, N_("Another Org Than Before"),
    N_("Nothing is read from it until then. To use both orgs, duplicate the subscription."),
    SLUICE_ADVICE_SIGN_IN, SLUICE_SETUP_NONE, TRUE },
};

static const Row strange = {
  NULL, NULL, N_("Something Went Wrong"),
  N_("Try again. If it happens every time, report it as a bug of Sluice."),
  SLUICE_ADVICE_RETRY, SLUICE_SETUP_NONE, TRUE
};

/* Codes such as EXCEEDED_MAX_SEMIJOIN_SUBSELECTS come in great number. */
static const Row too_much = {
  NULL, NULL, N_("Too Much at Once"),
  N_("Ask for less in one query: a shorter time span, fewer conditions or fewer fields."),
  SLUICE_ADVICE_NONE, SLUICE_SETUP_NONE, TRUE
};

static const Row *
find_server_row (const GError *error)
{
  const char *code = sluice_error_get_server_code (error);
  const char *given = sluice_error_get_server_text (error);
  g_autofree char *text = NULL;

  if (code == NULL)
    return NULL;

  text = g_ascii_strdown (given != NULL ? given : "", -1);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (sluice_problem_code_equal (rows[i].server_code, code)
          && (rows[i].text == NULL || strstr (text, rows[i].text) != NULL))
        return &rows[i];
    }

  return g_str_has_prefix (code, "EXCEEDED_MAX_") ? &too_much : NULL;
}

static const Row *
find_row (const GError *error)
{
  const Row *row = find_server_row (error);

  if (row != NULL)
    return row;

  if (error->domain != SLUICE_ERROR || error->code < 0 || error->code >= (int) G_N_ELEMENTS (fallbacks))
    return &strange;

  return &fallbacks[error->code];
}

/**
 * sluice_advice_new_for_error:
 * @error: what went wrong
 *
 * Says what a user can do about @error: what happened, what to do in plain
 * words, and the one button that mends it. Cancellation needs no advice.
 *
 * Returns: (transfer full): the advice, to be freed with sluice_advice_free()
 */
SluiceAdvice *
sluice_advice_new_for_error (const GError *error)
{
  SluiceAdvice *self;
  const Row *row;

  g_return_val_if_fail (error != NULL, NULL);

  row = find_row (error);
  self = g_new0 (SluiceAdvice, 1);
  self->title = g_strdup (_(row->title));
  self->action = row->action;
  self->setup_page = row->setup_page;

  if (row->quote)
    /* Translators: the sentence that tells what went wrong, then the one that tells what to do */
    self->body = g_strdup_printf (C_("advice", "%s %s"), error->message, _(row->body));
  else
    self->body = g_strdup (_(row->body));

  return self;
}

/**
 * sluice_advice_free:
 * @self: (nullable) (transfer full): advice
 *
 * Frees @self.
 */
void
sluice_advice_free (SluiceAdvice *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_free (self->body);
  g_free (self);
}
