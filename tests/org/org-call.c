/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-call.h"

#include <string.h>

#include "org-json.h"
#include "org-raw.h"
#include "org-secret.h"

#define BROWSER_LENGTH 22

static void
call_clear (gpointer data)
{
  OrgCall *self = data;

  org_fault_clear (&self->fault);
  g_clear_object (&self->message);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->browser, g_free);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->form, g_hash_table_unref);
}

static void
close_call (OrgCall *self)
{
  if (!self->open)
    return;

  self->open = FALSE;
  g_queue_remove (&self->service->calls, self);
}

static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  g_autoptr(OrgCall) self = org_call_ref (user_data);

  /* The call and the message hold each other until here. */
  g_signal_handlers_disconnect_by_data (message, self);

  if (!self->silent)
    {
      SoupMessageBody *body = soup_server_message_get_response_body (message);

      close_call (self);
      org_call_log (self, soup_server_message_get_status (message), (guint64) body->length);
    }
}

static void
release_cb (gpointer  data,
            GClosure *closure)
{
  org_call_unref (data);
}

static GHashTable *
parse_form (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  g_autoptr(GBytes) body = NULL;
  const char *text;
  gsize size;

  if (type == NULL || g_ascii_strcasecmp (type, "application/x-www-form-urlencoded") != 0)
    return NULL;

  body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  text = g_bytes_get_data (body, &size);

  return g_uri_parse_params (text != NULL ? text : "", (gssize) size, "&", G_URI_PARAMS_WWW_FORM, NULL);
}

/* The browser's own cookie, if it can be one of ours. */
static char *
find_browser (OrgCall *self)
{
  char *known = org_call_dup_cookie (self, "BrowserId");

  if (known != NULL && strlen (known) == BROWSER_LENGTH && strspn (known, ORG_SECRET_ALPHABET) == BROWSER_LENGTH)
    return known;

  g_free (known);

  return org_secret_random ("", BROWSER_LENGTH);
}

/**
 * org_call_new:
 * @service: the org
 * @message: a request that was read
 * @kind: what it is about
 * @path: its path
 * @query: (nullable): its parameters
 *
 * Starts to answer a request. Until it is answered, @message is held back.
 *
 * Returns: (transfer full): a call
 */
OrgCall *
org_call_new (OrgService        *service,
              SoupServerMessage *message,
              OrgCallKind        kind,
              const char        *path,
              GHashTable        *query)
{
  OrgCall *self = g_rc_box_new0 (OrgCall);

  self->service = service;
  self->message = g_object_ref (message);
  self->kind = kind;
  self->method = soup_server_message_get_method (message);
  self->path = g_strdup (path);
  self->query = query != NULL ? g_hash_table_ref (query) : NULL;
  self->form = parse_form (message);
  self->browser = find_browser (self);
  self->started = g_get_monotonic_time ();
  g_signal_connect_data (message, "finished", G_CALLBACK (finished_cb), org_call_ref (self), release_cb, 0);
  soup_server_message_pause (message);

  return self;
}

/**
 * org_call_ref:
 * @self: a call
 *
 * Returns: (transfer full): @self; only the main thread may count references
 */
OrgCall *
org_call_ref (OrgCall *self)
{
  return g_rc_box_acquire (self);
}

/**
 * org_call_unref:
 * @self: (transfer full): a call
 *
 * Lets go of @self.
 */
void
org_call_unref (OrgCall *self)
{
  g_rc_box_release_full (self, call_clear);
}

/**
 * org_call_get:
 * @self: a call
 * @name: a parameter
 *
 * Returns: (nullable): its value in the body or the address; %NULL also if it is empty
 */
const char *
org_call_get (OrgCall    *self,
              const char *name)
{
  const char *value = self->form != NULL ? g_hash_table_lookup (self->form, name) : NULL;

  if (value == NULL && self->query != NULL)
    value = g_hash_table_lookup (self->query, name);

  return value != NULL && *value != '\0' ? value : NULL;
}

/**
 * org_call_get_header:
 * @self: a call
 * @name: a header of the request
 *
 * Returns: (nullable): its value
 */
const char *
org_call_get_header (OrgCall    *self,
                     const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message), name);
}

/**
 * org_call_dup_cookie:
 * @self: a call
 * @name: a cookie
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
org_call_dup_cookie (OrgCall    *self,
                     const char *name)
{
  const char *header = soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                                      "Cookie");
  g_auto(GStrv) cookies = g_strsplit_set (header != NULL ? header : "", ";,", -1);

  for (guint i = 0; cookies[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (g_strstrip (cookies[i]), "=", 2);

      if (g_strcmp0 (pair[0], name) == 0 && pair[1] != NULL)
        return g_strdup (pair[1]);
    }

  return NULL;
}

/**
 * org_call_dup_token:
 * @self: a call
 *
 * Returns: (transfer full) (nullable): the access token in the header `Authorization`
 */
char *
org_call_dup_token (OrgCall *self)
{
  const char *header = org_call_get_header (self, "Authorization");
  g_auto(GStrv) parts = g_strsplit (header != NULL ? header : "", " ", 2);

  if (parts[0] == NULL || parts[1] == NULL)
    return NULL;
  if (g_ascii_strcasecmp (parts[0], "Bearer") != 0 && g_ascii_strcasecmp (parts[0], "OAuth") != 0)
    return NULL;

  return g_strdup (g_strstrip (parts[1]));
}

/**
 * org_call_is:
 * @self: a call
 * @method: an HTTP method
 *
 * Returns: whether that is the call's; `HEAD` counts as `GET`
 */
gboolean
org_call_is (OrgCall    *self,
             const char *method)
{
  return strcmp (self->method, method) == 0
         || (strcmp (method, "GET") == 0 && strcmp (self->method, "HEAD") == 0);
}

/**
 * org_call_set_header:
 * @self: a call
 * @name: a header of the answer
 * @value: its value
 *
 * Sets a header.
 */
void
org_call_set_header (OrgCall    *self,
                     const char *name,
                     const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name, value);
}

static void
append_header (OrgCall    *self,
               const char *name,
               const char *value)
{
  soup_message_headers_append (soup_server_message_get_response_headers (self->message), name, value);
}

/* As seen on answers of the true service. */
static void
set_standard_headers (OrgCall *self)
{
  g_autofree char *id = org_secret_random ("", 32);
  g_autofree char *request_id = g_compute_checksum_for_string (G_CHECKSUM_MD5, id, -1);
  g_autofree char *browser = g_strdup_printf ("BrowserId=%s; path=/; max-age=31536000; SameSite=Lax; HttpOnly",
                                              self->browser);

  org_call_set_header (self, "Cache-Control", "no-cache,must-revalidate,max-age=0,no-store,private");
  org_call_set_header (self, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
  org_call_set_header (self, "Vary", "Accept-Encoding");
  org_call_set_header (self, "X-Content-Type-Options", "nosniff");
  org_call_set_header (self, "X-Robots-Tag", "none");
  org_call_set_header (self, "X-Request-Id", request_id);
  org_call_set_header (self, "X-SFDC-Request-Id", request_id);
  append_header (self, "Set-Cookie", "CookieConsentPolicy=0:1; path=/; max-age=31536000; SameSite=Lax");
  append_header (self, "Set-Cookie", "LSKey-c$CookieConsentPolicy=0:1; path=/; max-age=31536000; SameSite=Lax");
  append_header (self, "Set-Cookie", browser);
}

static gboolean
accepts_gzip (OrgCall *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  const char *accepted = soup_message_headers_get_list (headers, "Accept-Encoding");
  GSList *codings;
  gboolean found;

  if (accepted == NULL || self->service->plain)
    return FALSE;

  codings = soup_header_parse_quality_list (accepted, NULL);
  found = g_slist_find_custom (codings, "gzip", (GCompareFunc) g_ascii_strcasecmp) != NULL;
  soup_header_free_list (codings);

  return found;
}

static GBytes *
compress (GString *body)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (compressor));

  g_output_stream_write_all (stream, body->str, body->len, NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* For people who read it. */
static GString *
indent (GString *body)
{
  g_autoptr(JsonNode) node = json_from_string (body->str, NULL);

  if (node == NULL)
    return body;

  g_string_free (body, TRUE);

  return g_string_new_take (json_to_string (node, TRUE));
}

/* Puts the first member of the JSON there twice. */
static void
repeat_member (GString *body)
{
  const char *start = strchr (body->str, '{');
  const char *end = start != NULL ? strchr (start, ':') : NULL;
  g_autofree char *member = end != NULL ? g_strndup (start + 1, (gsize) (end - start - 1)) : NULL;
  g_autofree char *copy = member != NULL ? g_strconcat (member, ":null,", NULL) : NULL;

  if (copy != NULL)
    g_string_insert (body, start - body->str + 1, copy);
}

/* Whether the answer goes out as it was made. */
static gboolean
is_plain (OrgCall *self)
{
  gboolean indented = self->kind == ORG_CALL_API && g_strcmp0 (org_call_get_header (self, "X-PrettyPrint"), "1") == 0;

  return !indented && self->fault.kind != ORG_FAULT_DUPLICATE && self->fault.kind != ORG_FAULT_UTF8;
}

static GString *
spoil (OrgCall *self,
       GString *body)
{
  if (self->kind == ORG_CALL_API && g_strcmp0 (org_call_get_header (self, "X-PrettyPrint"), "1") == 0)
    body = indent (body);
  if (self->fault.kind == ORG_FAULT_DUPLICATE)
    repeat_member (body);
  if (self->fault.kind == ORG_FAULT_UTF8)
    g_string_insert_len (body, (gssize) body->len / 2, "\xc3\x28\xff", 3);

  return body;
}

/**
 * org_call_encode:
 * @self: a call
 * @body: (transfer full): the body of its answer
 * @page: (nullable): what follows @body
 * @pages: (nullable): where @page comes from
 * @compressed: (out): whether the result is compressed
 *
 * Indents the body where the client asks for it, spoils it where a fault does, and
 * compresses it where the client takes that. May run in any thread.
 *
 * Returns: (transfer full) (element-type GBytes): what is sent
 */
GPtrArray *
org_call_encode (OrgCall      *self,
                 GString      *body,
                 OrgPage      *page,
                 OrgPageCache *pages,
                 gboolean     *compressed)
{
  g_autoptr(GString) owned = body;
  GPtrArray *pieces;

  *compressed = (body->len > 0 || page != NULL) && accepts_gzip (self);
  if (*compressed && page != NULL && is_plain (self))
    return org_page_cache_gzip (pages, page, body);

  pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (page != NULL && !is_plain (self))
    {
      g_string_append_len (owned, g_bytes_get_data (page->text, NULL), (gssize) g_bytes_get_size (page->text));
      page = NULL;
    }
  owned = spoil (self, g_steal_pointer (&owned));
  g_ptr_array_add (pieces, *compressed ? compress (owned) : g_string_free_to_bytes (g_steal_pointer (&owned)));
  if (page != NULL)
    g_ptr_array_add (pieces, g_bytes_ref (page->text));

  return pieces;
}

/* A fault cuts the body somewhere, so it is wanted in one piece. */
static GBytes *
join (GPtrArray *pieces)
{
  GByteArray *joined = g_byte_array_new ();

  for (guint i = 0; i < pieces->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (pieces, i), &size);

      g_byte_array_append (joined, data, (guint) size);
    }

  return g_byte_array_free_to_bytes (joined);
}

/**
 * org_call_send:
 * @self: a call
 * @status: the HTTP status
 * @type: (nullable): the content type
 * @body: (transfer full): what org_call_encode() answered
 * @compressed: whether @body is compressed
 *
 * Sends the answer.
 */
void
org_call_send (OrgCall    *self,
               guint       status,
               const char *type,
               GPtrArray  *body,
               gboolean    compressed)
{
  g_autoptr(GPtrArray) owned = body;
  SoupMessageBody *response = soup_server_message_get_response_body (self->message);
  gboolean empty = body->len == 1 && g_bytes_get_size (g_ptr_array_index (body, 0)) == 0;

  set_standard_headers (self);
  soup_server_message_set_status (self->message, status, status == 420 ? "Org Gone" : NULL);
  if (compressed)
    org_call_set_header (self, "Content-Encoding", "gzip");
  if (type != NULL && !empty)
    org_call_set_header (self, "Content-Type", type);

  if (org_raw_is_due (self))
    {
      g_autoptr(GBytes) joined = join (body);

      org_raw_send (self, joined);
      return;
    }

  if (compressed && self->fault.kind == ORG_FAULT_GZIP)
    {
      g_autoptr(GBytes) joined = join (body);

      g_ptr_array_set_size (body, 0);
      g_ptr_array_add (body, g_bytes_new_from_bytes (joined, 0, g_bytes_get_size (joined) / 2));
    }

  for (guint i = 0; i < body->len; i++)
    {
      GBytes *piece = g_ptr_array_index (body, i);

      if (g_bytes_get_size (piece) > 0)
        soup_message_body_append_bytes (response, piece);
    }
  soup_server_message_unpause (self->message);
}

/**
 * org_call_reply:
 * @self: a call
 * @status: the HTTP status
 * @type: (nullable): the content type
 * @body: (transfer full): the body
 *
 * Sends a short answer; long ones are encoded in the worker's thread.
 */
void
org_call_reply (OrgCall    *self,
                guint       status,
                const char *type,
                GString    *body)
{
  gboolean compressed;
  GPtrArray *pieces = org_call_encode (self, body, NULL, NULL, &compressed);

  org_call_send (self, status, type, pieces, compressed);
}

/**
 * org_call_reply_text:
 * @self: a call
 * @status: the HTTP status
 * @type: (nullable): the content type
 * @text: the body
 *
 * Sends an answer.
 */
void
org_call_reply_text (OrgCall    *self,
                     guint       status,
                     const char *type,
                     const char *text)
{
  org_call_reply (self, status, type, g_string_new (text));
}

/**
 * org_call_error:
 * @self: a call
 * @status: the HTTP status
 * @code: the `errorCode`
 * @message: what people read
 *
 * Sends an error in the form of the REST API.
 */
void
org_call_error (OrgCall    *self,
                guint       status,
                const char *code,
                const char *message)
{
  GString *body = g_string_new ("[{");

  org_json_append_text (body, "message", message);
  org_json_append_text (body, "errorCode", code);
  g_string_append (body, "}]");
  org_call_reply (self, status, ORG_JSON, body);
}

/**
 * org_call_redirect:
 * @self: a call
 * @location: where to
 *
 * Sends the browser somewhere else.
 */
void
org_call_redirect (OrgCall    *self,
                   const char *location)
{
  org_call_set_header (self, "Location", location);
  org_call_reply_text (self, SOUP_STATUS_FOUND, NULL, "");
}

/* The query is left out where a secret may be in it. */
static char *
make_log_path (OrgCall *self)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (self->message));
  g_autofree char *lower = query != NULL ? g_ascii_strdown (query, -1) : NULL;

  if (self->kind != ORG_CALL_API || lower == NULL || strstr (lower, "token") != NULL || strstr (lower, "sid=") != NULL)
    return g_strdup (self->path);

  return g_strconcat (self->path, "?", query, NULL);
}

/**
 * org_call_log:
 * @self: a call
 * @status: the HTTP status; 0 without an answer
 * @bytes: length of the body
 *
 * Logs a call that is over. What tests do to the demo org itself is not logged.
 */
void
org_call_log (OrgCall *self,
              guint    status,
              guint64  bytes)
{
  static const char *kinds[] = { "api", "oauth", "page" };
  g_autofree char *path = NULL;
  OrgLogEntry entry;

  close_call (self);
  if (self->service->log == NULL || self->kind == ORG_CALL_CONTROL)
    return;

  path = make_log_path (self);
  entry = (OrgLogEntry) { self->started, g_get_monotonic_time (), self->method, path, status, kinds[self->kind],
                          bytes };
  org_log_add (self->service->log, &entry);
}
