/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "demo-client.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAX_WAIT (60 * G_USEC_PER_SEC)

static void
spawn (DemoOrg    *self,
       const char *option,
       va_list     more)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (arguments, (gpointer) g_getenv ("SLUICE_DEMO_ORG"));
  g_ptr_array_add (arguments, (gpointer) "--exit-on-eof");
  g_ptr_array_add (arguments, (gpointer) "--log");
  g_ptr_array_add (arguments, self->log);
  for (; option != NULL; option = va_arg (more, const char *))
    g_ptr_array_add (arguments, (gpointer) option);
  g_ptr_array_add (arguments, NULL);

  self->process = g_subprocess_newv ((const char * const *) arguments->pdata,
                                     G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);

  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_free (self->address);
  self->address = g_data_input_stream_read_line_utf8 (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->address);
}

DemoOrg *
demo_org_start (const char *option,
                ...)
{
  DemoOrg *self = g_new0 (DemoOrg, 1);
  g_autoptr(GError) error = NULL;
  va_list more;

  self->folder = g_dir_make_tmp ("sluice-org-XXXXXX", &error);
  g_assert_no_error (error);
  self->log = g_build_filename (self->folder, "log", NULL);
  self->session = soup_session_new_with_options ("max-conns-per-host", 20, NULL);

  va_start (more, option);
  spawn (self, option, more);
  va_end (more);

  return self;
}

static void
end_process (DemoOrg *self)
{
  g_autoptr(GError) error = NULL;

  soup_session_abort (self->session);
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait_check (self->process, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&self->process);
}

void
demo_org_restart (DemoOrg    *self,
                  const char *option,
                  ...)
{
  va_list more;

  end_process (self);
  va_start (more, option);
  spawn (self, option, more);
  va_end (more);
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
demo_org_stop (DemoOrg *self)
{
  end_process (self);
  g_clear_object (&self->session);
  remove_folder (self->folder);
  g_free (self->address);
  g_free (self->log);
  g_free (self->folder);
  g_free (self);
}

char *
demo_org_read_file (DemoOrg    *self,
                    const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';

  return n;
}

/* A request is logged when its answer is out, so perhaps after the client has it. */
char *
demo_org_read_log (DemoOrg *self,
                   guint    n_lines)
{
  gint64 deadline = g_get_monotonic_time () + MAX_WAIT;
  char *text = demo_org_read_file (self, "log");

  while (count_lines (text) < n_lines)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
      g_free (text);
      text = demo_org_read_file (self, "log");
    }
  g_assert_cmpuint (count_lines (text), ==, n_lines);

  return text;
}

static DemoReply *
send_message (SoupSession  *session,
              SoupMessage  *message,
              GError      **error)
{
  g_autoptr(SoupMessage) owned = message;
  g_autoptr(GBytes) bytes = soup_session_send_and_read (session, message, NULL, error);
  DemoReply *reply;

  if (bytes == NULL)
    return NULL;

  reply = g_new0 (DemoReply, 1);
  reply->status = soup_message_get_status (message);
  reply->size = g_bytes_get_size (bytes);
  reply->body = g_malloc (reply->size + 1);
  if (reply->size > 0)
    memcpy (reply->body, g_bytes_get_data (bytes, NULL), reply->size);
  reply->body[reply->size] = '\0';
  reply->message = g_steal_pointer (&owned);

  return reply;
}

static DemoReply *
send_well (SoupSession *session,
           SoupMessage *message)
{
  g_autoptr(GError) error = NULL;
  DemoReply *reply = send_message (session, message, &error);

  g_assert_no_error (error);

  return reply;
}

static SoupMessage *
make_message (DemoOrg    *org,
              const char *method,
              const char *path)
{
  g_autofree char *url = *path == '/' ? g_strconcat (org->address, path, NULL) : g_strdup (path);
  SoupMessage *message = soup_message_new (method, url);

  g_assert_nonnull (message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);

  return message;
}

static void
set_header (SoupMessage *message,
            const char  *name,
            const char  *value)
{
  soup_message_headers_replace (soup_message_get_request_headers (message), name, value);
}

static void
set_token (SoupMessage *message,
           const char  *token)
{
  g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

  if (token != NULL)
    set_header (message, "Authorization", value);
}

static void
set_form (SoupMessage *message,
          const char  *form)
{
  g_autoptr(GBytes) body = g_bytes_new (form, strlen (form));

  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
}

DemoReply *
demo_org_try (DemoOrg     *self,
              const char  *path,
              const char  *token,
              GError     **error)
{
  SoupMessage *message = make_message (self, "GET", path);

  set_token (message, token);

  return send_message (self->session, message, error);
}

DemoReply *
demo_org_get (DemoOrg    *self,
              const char *path,
              const char *token)
{
  g_autoptr(GError) error = NULL;
  DemoReply *reply = demo_org_try (self, path, token, &error);

  g_assert_no_error (error);

  return reply;
}

DemoReply *
demo_org_post (DemoOrg    *self,
               const char *path,
               const char *form)
{
  SoupMessage *message = make_message (self, "POST", path);

  set_form (message, form);

  return send_well (self->session, message);
}

DemoReply *
demo_org_send (DemoOrg    *self,
               const char *method,
               const char *path,
               const char *header,
               const char *value)
{
  SoupMessage *message = make_message (self, method, path);

  if (header != NULL)
    set_header (message, header, value);

  return send_well (self->session, message);
}

DemoReply *
demo_org_call_with (DemoOrg    *self,
                    const char *method,
                    const char *path,
                    const char *token,
                    const char *type,
                    const char *body,
                    const char *header,
                    const char *value)
{
  SoupMessage *message = make_message (self, method, path);

  set_token (message, token);
  if (header != NULL)
    set_header (message, header, value);
  if (body != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, type, bytes);
    }

  return send_well (self->session, message);
}

/* With a JSON body, or without one. */
DemoReply *
demo_org_call (DemoOrg    *self,
               const char *method,
               const char *path,
               const char *token,
               const char *body)
{
  return demo_org_call_with (self, method, path, token, "application/json", body, NULL, NULL);
}

/* @action may have parameters, as in an address. */
void
demo_org_control (DemoOrg    *self,
                  const char *action)
{
  g_autofree char *path = g_strconcat ("/__demo/", action, NULL);
  g_autoptr(DemoReply) reply = demo_org_post (self, path, "");

  g_assert_cmpuint (reply->status, ==, 204);
}

void
demo_reply_free (DemoReply *self)
{
  g_free (self->body);
  g_object_unref (self->message);
  g_free (self);
}

const char *
demo_reply_header (DemoReply  *self,
                   const char *name)
{
  return soup_message_headers_get_list (soup_message_get_response_headers (self->message), name);
}

/* A member of a JSON object as text; dots lead into objects and `0` into an array. */
char *
demo_reply_member (DemoReply  *self,
                   const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = json_from_string (self->body, &error);
  g_auto(GStrv) parts = g_strsplit (name, ".", -1);
  JsonNode *node = root;

  g_assert_no_error (error);
  for (guint i = 0; node != NULL && parts[i] != NULL; i++)
    node = JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_element (json_node_get_array (node), 0)
                                        : json_object_get_member (json_node_get_object (node), parts[i]);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);

  return json_to_string (node, FALSE);
}

void
demo_reply_assert_error (DemoReply  *self,
                         guint       status,
                         const char *code,
                         const char *message)
{
  g_autofree char *error_code = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (self->status, ==, status);
  error_code = demo_reply_member (self, "0.errorCode");
  text = demo_reply_member (self, "0.message");
  g_assert_cmpstr (error_code, ==, code);
  if (message != NULL)
    g_assert_cmpstr (text, ==, message);
}

void
demo_reply_assert_oauth (DemoReply  *self,
                         const char *error,
                         const char *description)
{
  g_autofree char *code = demo_reply_member (self, "error");
  g_autofree char *text = demo_reply_member (self, "error_description");

  g_assert_cmpuint (self->status, ==, 400);
  g_assert_cmpstr (code, ==, error);
  g_assert_cmpstr (text, ==, description);
}

/* An access token, without a browser. */
char *
demo_org_log_in (DemoOrg    *self,
                 const char *username)
{
  g_autofree char *form = g_strdup_printf ("grant_type=password&client_id=demo&username=%s&password=demo", username);
  g_autoptr(DemoReply) reply = demo_org_post (self, "/services/oauth2/token", form);

  g_assert_cmpuint (reply->status, ==, 200);

  return demo_reply_member (reply, "access_token");
}

DemoBrowser *
demo_browser_new (DemoOrg *org)
{
  DemoBrowser *self = g_new0 (DemoBrowser, 1);
  g_autoptr(SoupCookieJar) jar = soup_cookie_jar_new ();

  self->org = org;
  self->session = soup_session_new ();
  soup_session_add_feature (self->session, SOUP_SESSION_FEATURE (jar));

  return self;
}

void
demo_browser_free (DemoBrowser *self)
{
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_free (self);
}

DemoReply *
demo_browser_get (DemoBrowser *self,
                  const char  *url)
{
  return send_well (self->session, make_message (self->org, "GET", url));
}

DemoReply *
demo_browser_post (DemoBrowser *self,
                   const char  *path,
                   const char  *form)
{
  SoupMessage *message = make_message (self->org, "POST", path);

  set_form (message, form);

  return send_well (self->session, message);
}

/* Takes @reply and goes where it leads, as long as that is in the org. */
DemoReply *
demo_browser_follow (DemoBrowser *self,
                     DemoReply   *reply)
{
  while (reply->status == 302 && demo_reply_header (reply, "Location")[0] == '/')
    {
      DemoReply *next = demo_browser_get (self, demo_reply_header (reply, "Location"));

      demo_reply_free (reply);
      reply = next;
    }

  return reply;
}

/* The value of a hidden field, encoded for a form. */
char *
demo_browser_hidden (DemoReply  *page,
                     const char *name)
{
  g_autofree char *start = g_strdup_printf ("<input type=\"hidden\" name=\"%s\" value=\"", name);
  const char *found = strstr (page->body, start);
  g_autofree char *value = NULL;
  g_autoptr(GString) text = NULL;

  g_assert_nonnull (found);
  found += strlen (start);
  value = g_strndup (found, strcspn (found, "\""));
  text = g_string_new (value);
  g_string_replace (text, "&amp;", "&", 0);

  return g_uri_escape_string (text->str, NULL, FALSE);
}

DemoReply *
demo_browser_login (DemoBrowser *self,
                    DemoReply   *page,
                    const char  *username,
                    const char  *password)
{
  g_autofree char *proof = demo_browser_hidden (page, "proof");
  g_autofree char *start = demo_browser_hidden (page, "startURL");
  g_autofree char *form = g_strdup_printf ("proof=%s&startURL=%s&username=%s&password=%s", proof, start, username,
                                           password);

  return demo_browser_follow (self, demo_browser_post (self, "/", form));
}

DemoReply *
demo_browser_decide (DemoBrowser *self,
                     DemoReply   *page,
                     const char  *decision)
{
  g_autofree char *proof = demo_browser_hidden (page, "proof");
  g_autofree char *source = demo_browser_hidden (page, "source");
  g_autofree char *form = g_strdup_printf ("proof=%s&source=%s&decision=%s", proof, source, decision);

  return demo_browser_follow (self, demo_browser_post (self, "/setup/secur/RemoteAccessAuthorizationPage.apexp", form));
}

/* Signs in and allows, where that is asked; tells where the browser is sent at last. */
char *
demo_browser_allow (DemoBrowser *self,
                    const char  *url,
                    const char  *username)
{
  DemoReply *reply = demo_browser_follow (self, demo_browser_get (self, url));
  char *location;

  if (reply->status == 200 && strstr (reply->body, "name=\"password\"") != NULL)
    {
      DemoReply *login = reply;

      reply = demo_browser_login (self, login, username, "demo");
      demo_reply_free (login);
    }

  if (reply->status == 200 && strstr (reply->body, "value=\"allow\"") != NULL)
    {
      DemoReply *consent = reply;

      reply = demo_browser_decide (self, consent, "allow");
      demo_reply_free (consent);
    }

  g_assert_cmpuint (reply->status, ==, 302);
  location = g_strdup (demo_reply_header (reply, "Location"));
  demo_reply_free (reply);

  return location;
}

char *
demo_authorize_url (const char *client_id,
                    const char *more)
{
  g_autofree char *callback = g_uri_escape_string (DEMO_CALLBACK, NULL, FALSE);

  return g_strdup_printf ("/services/oauth2/authorize?response_type=code&client_id=%s&redirect_uri=%s%s", client_id,
                          callback, more != NULL ? more : "");
}

char *
demo_url_parameter (const char *url,
                    const char *name)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr(GHashTable) query = NULL;

  g_assert_nonnull (uri);
  if (g_uri_get_query (uri) == NULL)
    return NULL;
  query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);

  return g_strdup (g_hash_table_lookup (query, name));
}
