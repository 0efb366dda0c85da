/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-response.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-session.h"

/* Deeper than any answer of Salesforce; the JSON parser recurses. */
#define MAX_DEPTH 64
#define MAX_CODE 100
#define MAX_TEXT 4000

/* What an error body says, in whichever form. */
typedef struct
{
  char *code; /* (nullable) */
  char *text; /* (nullable) */
} Complaint;

static void
complaint_clear (Complaint *complaint)
{
  g_clear_pointer (&complaint->code, g_free);
  g_clear_pointer (&complaint->text, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Complaint, complaint_clear)

static gboolean
is_html (const char *content_type)
{
  return content_type != NULL && (g_ascii_strncasecmp (content_type, "text/html", 9) == 0 ||
                                  g_ascii_strncasecmp (content_type, "application/xhtml", 17) == 0);
}

/* The first byte that means something, 0 when there is none. */
static char
first_byte (GBytes *body)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  for (gsize i = 0; i < size; i++)
    {
      if (!g_ascii_isspace (data[i]))
        return data[i];
    }

  return '\0';
}

static gboolean
is_shallow (const char *data,
            gsize       size)
{
  gboolean in_text = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < size; i++)
    {
      if (in_text && data[i] == '\\')
        i++;
      else if (data[i] == '"')
        in_text = !in_text;
      else if (!in_text && (data[i] == '[' || data[i] == '{') && ++depth > MAX_DEPTH)
        return FALSE;
      else if (!in_text && (data[i] == ']' || data[i] == '}') && depth > 0)
        depth--;
    }

  return TRUE;
}

static JsonNode *
parse (GBytes *body)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  if (size == 0 || !g_utf8_validate (data, (gssize) size, NULL) || !is_shallow (data, size) ||
      !json_parser_load_from_data (parser, data, (gssize) size, NULL))
    return NULL;

  return json_parser_steal_root (parser);
}

static const char *
get_member (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/* A query error begins with the query and a caret below it, which the user knows. */
static const char *
skip_query (const char *text)
{
  const char *place = strstr (text, "ERROR at Row:");

  return place != NULL && strchr (place, '\n') != NULL ? place : text;
}

/* The place is for who can mark it in the query; a sentence goes without. */
static const char *
skip_place (const char *text)
{
  const char *line = g_str_has_prefix (text, "ERROR at Row:") ? strchr (text, '\n') : NULL;

  return line != NULL ? line + 1 : text;
}

static char *
tidy (const char *text)
{
  g_autofree char *redacted = sluice_session_redact (skip_query (text));
  glong length = MIN (g_utf8_strlen (redacted, -1), MAX_TEXT);

  return g_strstrip (g_utf8_substring (redacted, 0, length));
}

static void
add_complaint (Complaint  *complaint,
               JsonObject *object)
{
  const char *code = get_member (object, "errorCode");
  const char *text = get_member (object, "message");
  g_autofree char *tidied = NULL;

  if (code == NULL)
    code = get_member (object, "error");
  if (text == NULL)
    text = get_member (object, "error_description");

  if (complaint->code == NULL && code != NULL && strlen (code) <= MAX_CODE)
    complaint->code = g_strdup (code);

  if (text == NULL)
    return;

  tidied = tidy (text);
  if (complaint->text == NULL)
    complaint->text = g_steal_pointer (&tidied);
  else if (strlen (complaint->text) < MAX_TEXT)
    {
      g_autofree char *before = g_steal_pointer (&complaint->text);

      complaint->text = g_strconcat (before, "\n", tidied, NULL);
    }
}

static void
add_complaints (Complaint *complaint,
                JsonNode  *node)
{
  JsonArray *array;

  if (JSON_NODE_HOLDS_OBJECT (node))
    add_complaint (complaint, json_node_get_object (node));

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        add_complaint (complaint, json_node_get_object (element));
    }
}

/* The identity service answers in plain words. */
static void
read_plain (Complaint *complaint,
            GBytes    *body)
{
  static const char * const words[] = { "Bad_OAuth_Token", "Missing_OAuth_Token", "Bad_Id", "Wrong_Org" };
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autofree char *text = size > 0 ? g_strndup (data, MIN (size, MAX_CODE)) : g_strdup ("");

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_str_has_prefix (g_strchug (text), words[i]))
        complaint->code = g_strdup (words[i]);
    }
}

static void
read_complaint (Complaint  *complaint,
                const char *content_type,
                GBytes     *body)
{
  g_autoptr(JsonNode) node = NULL;

  if (!is_html (content_type))
    node = parse (body);

  if (node != NULL)
    add_complaints (complaint, node);
  else if (!is_html (content_type))
    read_plain (complaint, body);
}

static gboolean
has_code (const Complaint *complaint,
          const char      *code)
{
  return g_strcmp0 (complaint->code, code) == 0;
}

static gboolean
says (const Complaint *complaint,
      const char      *words)
{
  return complaint->text != NULL && strstr (complaint->text, words) != NULL;
}

static void
set_error (GError          **error,
           SluiceError       code,
           guint             status,
           const Complaint  *complaint,
           const char       *request_id,
           const char       *message)
{
  g_propagate_error (error, sluice_error_new_server (code, complaint->code, complaint->text, status, request_id,
                                                     message));
}

/* A sentence with the server's own words, or one without when it said nothing that can be shown. */
static void
set_worded_error (GError          **error,
                  SluiceError       code,
                  guint             status,
                  const Complaint  *complaint,
                  const char       *request_id,
                  const char       *format,
                  const char       *wordless)
{
  g_autofree char *message = NULL;

  if (complaint->text != NULL && *complaint->text != '\0')
    {
      g_auto(GStrv) parts = g_strsplit (format, "%s", 2);

      message = g_strconcat (parts[0], skip_place (complaint->text), parts[1], NULL);
    }

  set_error (error, code, status, complaint, request_id, message != NULL ? message : wordless);
}

static SluiceVerdict
judge_unauthorized (guint             status,
                    const char       *content_type,
                    const Complaint  *complaint,
                    const char       *request_id,
                    GError          **error)
{
  /* A new token would be refused just the same, for ever. */
  if (says (complaint, "not valid for use with") || says (complaint, "not attached to Agent"))
    {
      set_error (error, SLUICE_ERROR_FORBIDDEN, status, complaint, request_id,
                 _("The org does not let this application use its API. An administrator has to allow it "
                   "under API Access Control in Setup."));
      return SLUICE_VERDICT_FINAL;
    }

  if (has_code (complaint, "INVALID_AUTH_HEADER") || is_html (content_type))
    {
      set_error (error, SLUICE_ERROR_PROTOCOL, status, complaint, request_id,
                 _("The server does not understand how this application signs in."));
      return SLUICE_VERDICT_FINAL;
    }

  set_error (error, SLUICE_ERROR_NOT_AUTHORIZED, status, complaint, request_id,
             _("The session has expired or was ended. Sign in again."));
  return SLUICE_VERDICT_EXPIRED;
}

static SluiceVerdict
judge_forbidden (guint             status,
                 const char       *content_type,
                 const Complaint  *complaint,
                 const char       *request_id,
                 GError          **error)
{
  if (has_code (complaint, "Bad_OAuth_Token") || has_code (complaint, "Missing_OAuth_Token"))
    return judge_unauthorized (status, content_type, complaint, request_id, error);

  if (has_code (complaint, "REQUEST_LIMIT_EXCEEDED") && says (complaint, "Concurrent"))
    {
      set_error (error, SLUICE_ERROR_LIMIT, status, complaint, request_id,
                 _("The org runs too many long requests at once. Try again in a few minutes."));
      return SLUICE_VERDICT_CONCURRENT_LIMIT;
    }

  if (has_code (complaint, "REQUEST_LIMIT_EXCEEDED"))
    {
      set_error (error, SLUICE_ERROR_LIMIT, status, complaint, request_id,
                 _("The org has used up its API requests of the last 24 hours. Try again later."));
      return SLUICE_VERDICT_DAILY_LIMIT;
    }

  if (has_code (complaint, "LIMIT_EXCEEDED") || has_code (complaint, "STORAGE_LIMIT_EXCEEDED") ||
      has_code (complaint, "TOO_MANY_APEX_REQUESTS"))
    set_worded_error (error, SLUICE_ERROR_LIMIT, status, complaint, request_id,
                      /* Translators: the placeholder is Salesforce's own text */
                      _("A limit of the org is reached: %s"), _("A limit of the org is reached."));
  else if (has_code (complaint, "API_DISABLED_FOR_ORG"))
    set_error (error, SLUICE_ERROR_FORBIDDEN, status, complaint, request_id,
               _("The API is not available in this org. Its edition must include API access."));
  else if (has_code (complaint, "API_CURRENTLY_DISABLED"))
    set_error (error, SLUICE_ERROR_FORBIDDEN, status, complaint, request_id,
               _("This user may not use the API. An administrator has to give the permission “API Enabled”."));
  else
    set_worded_error (error, SLUICE_ERROR_FORBIDDEN, status, complaint, request_id,
                      /* Translators: the placeholder is Salesforce's own text */
                      _("The org does not allow this: %s"), _("The org does not allow this."));

  return SLUICE_VERDICT_FINAL;
}

static SluiceVerdict
judge_server_failure (guint             status,
                      const Complaint  *complaint,
                      const char       *request_id,
                      GError          **error)
{
  if (status == 503)
    {
      set_error (error, SLUICE_ERROR_OFFLINE, status, complaint, request_id,
                 _("Salesforce is not available at the moment. Try again in a few minutes."));
      return SLUICE_VERDICT_UNAVAILABLE;
    }

  if (status == 500 && complaint->code != NULL)
    set_worded_error (error, SLUICE_ERROR_REJECTED, status, complaint, request_id,
                      /* Translators: the placeholder is Salesforce's own text */
                      _("Salesforce could not answer: %s"), _("Salesforce could not answer."));
  else
    set_error (error, SLUICE_ERROR_OFFLINE, status, complaint, request_id,
               _("Salesforce has a problem at the moment. Try again later."));

  return SLUICE_VERDICT_FLEETING;
}

static SluiceVerdict
judge_redirect (guint             status,
                const Complaint  *complaint,
                const char       *request_id,
                GError          **error)
{
  if (status == 300)
    set_error (error, SLUICE_ERROR_REJECTED, status, complaint, request_id,
               _("Several records have this external id, so none was changed."));
  else
    set_error (error, SLUICE_ERROR_PROTOCOL, status, complaint, request_id,
               _("The server points to another address. Nothing was sent there; verify the connection, "
                 "or correct the API URL in the settings."));

  return SLUICE_VERDICT_FINAL;
}

static SluiceVerdict
judge_refusal (guint             status,
               const char       *content_type,
               const Complaint  *complaint,
               const char       *request_id,
               GError          **error)
{
  if (has_code (complaint, "INVALID_QUERY_LOCATOR"))
    set_error (error, SLUICE_ERROR_REJECTED, status, complaint, request_id,
               _("Salesforce has forgotten where this query was, which happens after two days. Start the query again."));
  else if (has_code (complaint, "QUERY_TIMEOUT"))
    set_error (error, SLUICE_ERROR_REJECTED, status, complaint, request_id,
               _("The query took Salesforce too long. Ask for fewer records at once."));
  else if (status == 410)
    set_error (error, SLUICE_ERROR_REJECTED, status, complaint, request_id,
               _("The org does not offer this API version any more. Verify the connection to choose another."));
  else if (status == 414 || status == 431)
    set_error (error, SLUICE_ERROR_REJECTED, status, complaint, request_id,
               _("The request is too long. Make the query shorter."));
  else if (is_html (content_type))
    set_error (error, SLUICE_ERROR_PROTOCOL, status, complaint, request_id,
               _("The server answered with a web page. Check the API URL in the settings."));
  else
    set_worded_error (error, SLUICE_ERROR_REJECTED, status, complaint, request_id,
                      /* Translators: the placeholder is Salesforce's own text */
                      _("Salesforce refused the request: %s"), _("Salesforce refused the request."));

  return SLUICE_VERDICT_FINAL;
}

/**
 * sluice_response_judge:
 * @status: the HTTP status
 * @content_type: (nullable): of the body
 * @body: the body, or its beginning
 * @request_id: (nullable): the server's id of the request
 * @error: set unless the verdict is %SLUICE_VERDICT_SUCCESS
 *
 * Sorts an answer by what is to be done about it (wire reference 2.13). Reads
 * every form in which errors come: an array, a single object, OAuth's object,
 * plain words, a web page. Of a query's error only the text behind the echoed
 * query is kept.
 *
 * Returns: what to do
 */
SluiceVerdict
sluice_response_judge (guint         status,
                       const char   *content_type,
                       GBytes       *body,
                       const char   *request_id,
                       GError      **error)
{
  g_auto(Complaint) complaint = { NULL, NULL };

  g_return_val_if_fail (body != NULL, SLUICE_VERDICT_FINAL);

  /* 304 answers a question that said what it knows already. */
  if ((status >= 200 && status < 300) || status == 304)
    return SLUICE_VERDICT_SUCCESS;

  read_complaint (&complaint, content_type, body);

  if (status < 400)
    return judge_redirect (status, &complaint, request_id, error);

  if (status >= 500)
    return judge_server_failure (status, &complaint, request_id, error);

  switch (status)
    {
    case 401:
      return judge_unauthorized (status, content_type, &complaint, request_id, error);

    case 403:
      return judge_forbidden (status, content_type, &complaint, request_id, error);

    case 420:
      set_error (error, SLUICE_ERROR_FORBIDDEN, status, &complaint, request_id,
                 _("The org was deleted or has expired."));
      return SLUICE_VERDICT_GONE;

    case 429:
      set_error (error, SLUICE_ERROR_LIMIT, status, &complaint, request_id,
                 _("The server asks to slow down. Try again in a few minutes."));
      return SLUICE_VERDICT_CONCURRENT_LIMIT;

    default:
      return judge_refusal (status, content_type, &complaint, request_id, error);
    }
}

/**
 * sluice_response_is_json:
 * @content_type: (nullable): of @body
 * @body: a body
 *
 * Tells whether @body means to be JSON: its type says so, or it has none.
 *
 * Returns: whether it does
 */
gboolean
sluice_response_is_json (const char *content_type,
                         GBytes     *body)
{
  char first;

  if (content_type != NULL)
    return strstr (content_type, "json") != NULL;

  first = first_byte (body);

  return first == '{' || first == '[';
}

/**
 * sluice_response_check:
 * @content_type: (nullable): of @body
 * @body: the body of a successful answer that should be JSON
 * @status: the HTTP status
 * @request_id: (nullable): the server's id of the request
 * @error: %SLUICE_ERROR_PROTOCOL
 *
 * Checks what a JSON parser relies on: no web page, whole UTF-8, no depth
 * that would exhaust the stack. May be called from any thread.
 *
 * Returns: whether @body may be parsed
 */
gboolean
sluice_response_check (const char  *content_type,
                       GBytes      *body,
                       guint        status,
                       const char  *request_id,
                       GError     **error)
{
  static const Complaint silent = { NULL, NULL };
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  if (is_html (content_type) || first_byte (body) == '<')
    {
      set_error (error, SLUICE_ERROR_PROTOCOL, status, &silent, request_id,
                 _("The server answered with a web page instead of data. Check the API URL in the settings."));
      return FALSE;
    }

  if (size > 0 && !g_utf8_validate (data, (gssize) size, NULL))
    {
      set_error (error, SLUICE_ERROR_PROTOCOL, status, &silent, request_id,
                 _("The server’s answer is damaged: it is not UTF-8 text. Try again."));
      return FALSE;
    }

  if (!is_shallow (data, size))
    {
      set_error (error, SLUICE_ERROR_PROTOCOL, status, &silent, request_id,
                 _("The server’s answer makes no sense: it is nested too deeply."));
      return FALSE;
    }

  return TRUE;
}

/**
 * sluice_response_parse_json:
 * @content_type: (nullable): of @body
 * @body: the body of a successful answer
 * @status: the HTTP status
 * @request_id: (nullable): the server's id of the request
 * @error: %SLUICE_ERROR_PROTOCOL
 *
 * Parses a body. May be called from any thread.
 *
 * Returns: (transfer full) (nullable): the immutable root
 */
JsonNode *
sluice_response_parse_json (const char  *content_type,
                            GBytes      *body,
                            guint        status,
                            const char  *request_id,
                            GError     **error)
{
  static const Complaint silent = { NULL, NULL };
  JsonNode *node;

  if (!sluice_response_check (content_type, body, status, request_id, error))
    return NULL;

  node = parse (body);
  if (node == NULL)
    set_error (error, SLUICE_ERROR_PROTOCOL, status, &silent, request_id,
               _("The server’s answer is damaged: it is not whole JSON. Try again."));

  return node;
}

/**
 * sluice_response_parse_date:
 * @header: (nullable): a date as in HTTP
 *
 * Returns: seconds since 1970, 0 when there is no date
 */
gint64
sluice_response_parse_date (const char *header)
{
  g_autoptr(GDateTime) date = header != NULL ? soup_date_time_new_from_http_string (header) : NULL;

  return date != NULL ? g_date_time_to_unix (date) : 0;
}

/**
 * sluice_response_parse_retry_after:
 * @header: (nullable): value of a `Retry-After` header: seconds, or a date
 * @now: the server's time in seconds since 1970, which a date is compared with
 *
 * Returns: microseconds to wait, -1 when the header does not say
 */
gint64
sluice_response_parse_retry_after (const char *header,
                                   gint64      now)
{
  guint64 seconds;
  gint64 date;

  if (header == NULL)
    return -1;

  if (g_ascii_string_to_unsigned (header, 10, 0, G_MAXUINT32, &seconds, NULL))
    return (gint64) seconds * G_USEC_PER_SEC;

  date = sluice_response_parse_date (header);

  return date > 0 ? CLAMP (date - now, 0, (gint64) G_MAXUINT32) * G_USEC_PER_SEC : -1;
}
