/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-response.h"

#include <string.h>

#include "sluice-error.h"

#define JSON "application/json;charset=UTF-8"
#define HTML "text/html; charset=UTF-8"

typedef struct
{
  guint status;
  const char *content_type;
  const char *body;
  SluiceVerdict verdict;
  SluiceError code;
  const char *server_code;
  const char *server_text;
} Row;

static const Row rows[] = {
  { 401, JSON, "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]",
    SLUICE_VERDICT_EXPIRED, SLUICE_ERROR_NOT_AUTHORIZED, "INVALID_SESSION_ID", "Session expired or invalid" },
  { 401, JSON, "[{\"message\":\"This session is not valid for use with the REST API\",\"errorCode\":\"INVALID_SESSION_ID\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_FORBIDDEN, "INVALID_SESSION_ID", "This session is not valid for use with the REST API" },
  { 401, JSON, "[{\"message\":\"Connected app is not attached to Agent\",\"errorCode\":\"X\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_FORBIDDEN, "X", "Connected app is not attached to Agent" },
  { 401, JSON, "[{\"message\":\"INVALID_HEADER_TYPE\",\"errorCode\":\"INVALID_AUTH_HEADER\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_PROTOCOL, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE" },
  { 401, NULL, "", SLUICE_VERDICT_EXPIRED, SLUICE_ERROR_NOT_AUTHORIZED, NULL, NULL },
  { 401, HTML, "<html>", SLUICE_VERDICT_FINAL, SLUICE_ERROR_PROTOCOL, NULL, NULL },
  { 403, "text/plain", "Bad_OAuth_Token", SLUICE_VERDICT_EXPIRED, SLUICE_ERROR_NOT_AUTHORIZED, "Bad_OAuth_Token", NULL },
  { 403, HTML, "Bad_OAuth_Token", SLUICE_VERDICT_FINAL, SLUICE_ERROR_FORBIDDEN, NULL, NULL },
  { 403, NULL, "Missing_OAuth_Token", SLUICE_VERDICT_EXPIRED, SLUICE_ERROR_NOT_AUTHORIZED, "Missing_OAuth_Token", NULL },
  { 403, JSON, "[{\"message\":\"TotalRequests Limit exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]",
    SLUICE_VERDICT_DAILY_LIMIT, SLUICE_ERROR_LIMIT, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded." },
  { 403, JSON, "[{\"message\":\"ConcurrentRequests (Concurrent API Requests) Limit exceeded.\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]",
    SLUICE_VERDICT_CONCURRENT_LIMIT, SLUICE_ERROR_LIMIT, "REQUEST_LIMIT_EXCEEDED",
    "ConcurrentRequests (Concurrent API Requests) Limit exceeded." },
  { 403, JSON, "[{\"message\":\"ConcurrentPerOrgLongTxn Limit exceeded\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]",
    SLUICE_VERDICT_CONCURRENT_LIMIT, SLUICE_ERROR_LIMIT, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded" },
  { 403, JSON, "[{\"message\":\"no API\",\"errorCode\":\"API_DISABLED_FOR_ORG\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_FORBIDDEN, "API_DISABLED_FOR_ORG", "no API" },
  { 403, JSON, "[{\"message\":\"no API\",\"errorCode\":\"API_CURRENTLY_DISABLED\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_FORBIDDEN, "API_CURRENTLY_DISABLED", "no API" },
  { 403, JSON, "[{\"message\":\"m\",\"errorCode\":\"STORAGE_LIMIT_EXCEEDED\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_LIMIT, "STORAGE_LIMIT_EXCEEDED", "m" },
  { 403, JSON, "[{\"message\":\"m\",\"errorCode\":\"INSUFFICIENT_ACCESS\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_FORBIDDEN, "INSUFFICIENT_ACCESS", "m" },
  { 400, JSON, "[{\"message\":\"\\nSELECT Id, Foo__c FROM Account\\n           ^\\nERROR at Row:1:Column:12\\n"
               "No such column 'Foo__c' on entity 'Account'.\",\"errorCode\":\"INVALID_FIELD\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, "INVALID_FIELD",
    "ERROR at Row:1:Column:12\nNo such column 'Foo__c' on entity 'Account'." },
  { 400, JSON, "[{\"message\":\"\\nERROR at Row:1:Column:12\\n\",\"errorCode\":\"MALFORMED_QUERY\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, "MALFORMED_QUERY", "ERROR at Row:1:Column:12" },
  { 400, JSON, "{\"errorCode\":\"X\",\"message\":\"one object\"}",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, "X", "one object" },
  { 400, JSON, "[{\"errorCode\":\"A\",\"message\":\"first\"},{\"errorCode\":\"B\",\"message\":\"second\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, "A", "first\nsecond" },
  { 400, JSON, "{\"error\":\"invalid_grant\",\"error_description\":\"expired access/refresh token\"}",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, "invalid_grant", "expired access/refresh token" },
  { 400, JSON, "[{\"errorCode\":7,\"message\":null}, 3, null]", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 400, JSON, "not JSON", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 400, JSON, "", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 400, JSON, "[{\"message\":\"\xff\"}]", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 404, HTML, "<html>", SLUICE_VERDICT_FINAL, SLUICE_ERROR_PROTOCOL, NULL, NULL },
  { 404, JSON, "[{\"message\":\"invalid query locator\",\"errorCode\":\"INVALID_QUERY_LOCATOR\"}]",
    SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, "INVALID_QUERY_LOCATOR", "invalid query locator" },
  { 410, JSON, "[]", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 414, NULL, "", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 420, NULL, "", SLUICE_VERDICT_GONE, SLUICE_ERROR_FORBIDDEN, NULL, NULL },
  { 429, NULL, "", SLUICE_VERDICT_CONCURRENT_LIMIT, SLUICE_ERROR_LIMIT, NULL, NULL },
  { 431, NULL, "", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 500, JSON, "[{\"message\":\"An unexpected error occurred. ErrorId: 1\",\"errorCode\":\"UNKNOWN_EXCEPTION\"}]",
    SLUICE_VERDICT_FLEETING, SLUICE_ERROR_REJECTED, "UNKNOWN_EXCEPTION", "An unexpected error occurred. ErrorId: 1" },
  { 500, HTML, "<html>", SLUICE_VERDICT_FLEETING, SLUICE_ERROR_OFFLINE, NULL, NULL },
  { 502, HTML, "<html>", SLUICE_VERDICT_FLEETING, SLUICE_ERROR_OFFLINE, NULL, NULL },
  { 503, HTML, "<html>", SLUICE_VERDICT_UNAVAILABLE, SLUICE_ERROR_OFFLINE, NULL, NULL },
  { 503, JSON, "[{\"message\":\"m\",\"errorCode\":\"SERVER_UNAVAILABLE\"}]",
    SLUICE_VERDICT_UNAVAILABLE, SLUICE_ERROR_OFFLINE, "SERVER_UNAVAILABLE", "m" },
  { 504, NULL, "", SLUICE_VERDICT_FLEETING, SLUICE_ERROR_OFFLINE, NULL, NULL },
  { 300, JSON, "[\"/services/data/v68.0/sobjects/Account/001\"]", SLUICE_VERDICT_FINAL, SLUICE_ERROR_REJECTED, NULL, NULL },
  { 302, HTML, "", SLUICE_VERDICT_FINAL, SLUICE_ERROR_PROTOCOL, NULL, NULL },
};

static void
test_judges (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
      g_autoptr(GError) error = NULL;
      SluiceVerdict verdict = sluice_response_judge (rows[i].status, rows[i].content_type, body, "r1", &error);

      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (verdict, ==, rows[i].verdict);
      g_assert_error (error, SLUICE_ERROR, (int) rows[i].code);
      g_assert_cmpstr (sluice_error_get_server_code (error), ==, rows[i].server_code);
      g_assert_cmpstr (sluice_error_get_server_text (error), ==, rows[i].server_text);
      g_assert_cmpuint (sluice_error_get_http_status (error), ==, rows[i].status);
      g_assert_cmpstr (sluice_error_get_request_id (error), ==, "r1");
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_success (void)
{
  static const guint statuses[] = { 200, 201, 204, 304 };
  g_autoptr(GBytes) body = g_bytes_new_static ("", 0);

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (sluice_response_judge (statuses[i], NULL, body, NULL, &error), ==, SLUICE_VERDICT_SUCCESS);
      g_assert_no_error (error);
    }
}

/* The server's text stands in a sentence, and is not taken for a format. */
static void
test_text_is_no_format (void)
{
  g_autoptr(GBytes) body = g_bytes_new_static ("[{\"message\":\"100%s %n\",\"errorCode\":\"X\"}]", 40);
  g_autoptr(GError) error = NULL;

  sluice_response_judge (400, JSON, body, NULL, &error);

  g_assert_nonnull (strstr (error->message, "100%s %n"));
}

/* Whatever a server repeats to us, no secret gets into an error. */
static void
test_text_keeps_secrets (void)
{
  static const char text[] = "[{\"message\":\"Bearer SECRET and access_token=SECRET\",\"errorCode\":\"X\"}]";
  g_autoptr(GBytes) body = g_bytes_new_static (text, strlen (text));
  g_autoptr(GError) error = NULL;

  sluice_response_judge (400, JSON, body, NULL, &error);

  g_assert_null (strstr (error->message, "SECRET"));
  g_assert_null (strstr (sluice_error_get_server_text (error), "SECRET"));
}

static void
test_bounded_text (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *json = g_strdup_printf ("[{\"message\":\"%s\",\"errorCode\":\"%s\"}]", long_text, long_text);
  g_autoptr(GBytes) body = g_bytes_new_static (json, strlen (json));
  g_autoptr(GError) error = NULL;

  sluice_response_judge (400, JSON, body, NULL, &error);

  g_assert_cmpuint (strlen (error->message), <, 5000);
  g_assert_null (sluice_error_get_server_code (error));
}

static void
test_parses (void)
{
  g_autoptr(GBytes) body = g_bytes_new_static ("{\"a\":[1,2]}", 11);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = sluice_response_parse_json (JSON, body, 200, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
}

static void
test_refuses_what_is_no_json (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  const struct
  {
    const char *content_type;
    const char *body;
    gsize size;
  } bodies[] = {
    { HTML, "{}", 2 },
    { NULL, "<!DOCTYPE html>", 15 },
    { JSON, "{\"a\":", 5 },
    { JSON, "", 0 },
    { JSON, "{\"a\":\"\xc3\"}", 9 },
    { JSON, "{\"a\":\"\0\"}", 9 },
    { JSON, deep, 100000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GBytes) body = g_bytes_new_static (bodies[i].body, bodies[i].size);
      g_autoptr(GError) error = NULL;

      g_assert_null (sluice_response_parse_json (bodies[i].content_type, body, 200, "r1", &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
      g_assert_cmpstr (sluice_error_get_request_id (error), ==, "r1");
    }
}

static void
test_retry_after (void)
{
  const gint64 now = sluice_response_parse_date ("Tue, 24 Nov 2026 10:00:00 GMT");

  g_assert_cmpint (now, >, 0);
  g_assert_cmpint (sluice_response_parse_retry_after (NULL, now), ==, -1);
  g_assert_cmpint (sluice_response_parse_retry_after ("", now), ==, -1);
  g_assert_cmpint (sluice_response_parse_retry_after ("soon", now), ==, -1);
  g_assert_cmpint (sluice_response_parse_retry_after ("-5", now), ==, -1);
  g_assert_cmpint (sluice_response_parse_retry_after ("99999999999999999999", now), ==, -1);
  g_assert_cmpint (sluice_response_parse_retry_after ("0", now), ==, 0);
  g_assert_cmpint (sluice_response_parse_retry_after ("120", now), ==, 120 * G_USEC_PER_SEC);
  g_assert_cmpint (sluice_response_parse_retry_after ("Tue, 24 Nov 2026 10:01:00 GMT", now), ==, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (sluice_response_parse_retry_after ("Tue, 24 Nov 2026 09:00:00 GMT", now), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/response/judges", test_judges);
  g_test_add_func ("/net/response/success", test_success);
  g_test_add_func ("/net/response/text-is-no-format", test_text_is_no_format);
  g_test_add_func ("/net/response/text-keeps-secrets", test_text_keeps_secrets);
  g_test_add_func ("/net/response/bounded-text", test_bounded_text);
  g_test_add_func ("/net/response/parses", test_parses);
  g_test_add_func ("/net/response/refuses-what-is-no-json", test_refuses_what_is_no_json);
  g_test_add_func ("/net/response/retry-after", test_retry_after);

  return g_test_run ();
}
