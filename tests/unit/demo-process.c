/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "demo-process.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdarg.h>
#include <string.h>

DemoProcess *
demo_process_new (const char *option,
                  ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GError) error = NULL;
  DemoProcess *self = g_new0 (DemoProcess, 1);
  va_list options;

  g_ptr_array_add (argv, (char *) g_getenv ("SLUICE_DEMO_ORG"));
  g_ptr_array_add (argv, (char *) "--port=0");
  g_ptr_array_add (argv, (char *) "--exit-with-parent");
  va_start (options, option);
  for (; option != NULL; option = va_arg (options, const char *))
    g_ptr_array_add (argv, (char *) option);
  va_end (options);
  g_ptr_array_add (argv, NULL);

  self->process = g_subprocess_newv ((const char * const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->url = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->url);

  return self;
}

void
demo_process_free (DemoProcess *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_free (self->url);
  g_free (self);
}

static GBytes *
request (DemoProcess *self,
         const char  *method,
         const char  *action)
{
  g_autofree char *url = g_strconcat (self->url, "/__demo/", action, NULL);
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(SoupMessage) message = soup_message_new (method, url);
  g_autoptr(GError) error = NULL;
  GBytes *body;

  body = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)));

  return body;
}

void
demo_process_control (DemoProcess *self,
                      const char  *action)
{
  g_autoptr(GBytes) body = request (self, "POST", action);
}

gint64
demo_process_ask (DemoProcess *self,
                  const char  *member)
{
  g_autoptr(GBytes) body = request (self, "GET", "status");
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autoptr(JsonNode) node = json_from_string (text, NULL);

  return json_object_get_int_member (json_node_get_object (node), member);
}

/* The browser */

typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  char *username;
  char *decision;
  guint n_pages;
} Visit;

static void
visit_free (Visit *visit)
{
  g_object_unref (visit->session);
  g_clear_object (&visit->message);
  g_free (visit->username);
  g_free (visit->decision);
  g_free (visit);
}

static char *
find_attribute (const char *tag,
                const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("^<[^>]* %s=\"([^\"]*)\"", name);
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *value = NULL;
  GString *text;

  if (!g_regex_match (regex, tag, 0, &match))
    return NULL;

  value = g_match_info_fetch (match, 1);
  text = g_string_new (value);
  g_string_replace (text, "&lt;", "<", 0);
  g_string_replace (text, "&gt;", ">", 0);
  g_string_replace (text, "&quot;", "\"", 0);
  g_string_replace (text, "&#39;", "'", 0);
  g_string_replace (text, "&amp;", "&", 0);

  return g_string_free (text, FALSE);
}

static void get_page (GTask       *task,
                      SoupMessage *message);

/* What the form holds, with what the user types and presses. */
static GBytes *
fill_in (Visit      *visit,
         const char *form)
{
  g_autoptr(GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *encoded = NULL;
  const char *end = strstr (form, "</form>");

  for (const char *tag = strstr (form, "<input"); tag != NULL && tag < end; tag = strstr (tag + 1, "<input"))
    {
      char *name = find_attribute (tag, "name");
      char *value = find_attribute (tag, "value");

      if (g_strcmp0 (name, "username") == 0)
        {
          g_free (value);
          value = g_strdup (visit->username);
        }
      else if (g_strcmp0 (name, "password") == 0)
        {
          g_free (value);
          value = g_strdup ("demo");
        }
      g_hash_table_insert (fields, name, value != NULL ? value : g_strdup (""));
    }

  if (strstr (form, "name=\"decision\"") != NULL)
    g_hash_table_insert (fields, g_strdup ("decision"), g_strdup (visit->decision));

  encoded = soup_form_encode_hash (fields);

  return g_bytes_new (encoded, strlen (encoded));
}

static void
page_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Visit *visit = g_task_get_task_data (task);
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GUri) action_uri = NULL;
  g_autoptr(SoupMessage) next = NULL;
  g_autoptr(GBytes) fields = NULL;
  g_autofree char *page = NULL;
  g_autofree char *action = NULL;
  GError *error = NULL;
  const char *form;

  body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, &error);
  if (body == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  page = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  form = strstr (page, "<form");
  if (form == NULL || ++visit->n_pages > 3)
    {
      g_task_return_pointer (task, g_steal_pointer (&page), g_free);
      return;
    }

  action = find_attribute (form, "action");
  action_uri = g_uri_parse_relative (soup_message_get_uri (visit->message), action, SOUP_HTTP_URI_FLAGS, NULL);
  next = soup_message_new_from_uri ("POST", action_uri);
  fields = fill_in (visit, form);
  soup_message_set_request_body_from_bytes (next, "application/x-www-form-urlencoded", fields);
  get_page (task, next);
}

static void
get_page (GTask       *task,
          SoupMessage *message)
{
  Visit *visit = g_task_get_task_data (task);

  g_set_object (&visit->message, message);
  soup_session_send_and_read_async (visit->session, message, G_PRIORITY_DEFAULT, NULL, page_cb, g_object_ref (task));
}

void
demo_browser_visit_async (const char          *url,
                          const char          *username,
                          const char          *decision,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(SoupCookieJar) cookies = soup_cookie_jar_new ();
  Visit *visit = g_new0 (Visit, 1);

  visit->session = soup_session_new ();
  soup_session_add_feature (visit->session, SOUP_SESSION_FEATURE (cookies));
  visit->username = g_strdup (username);
  visit->decision = g_strdup (decision);
  g_task_set_task_data (task, visit, (GDestroyNotify) visit_free);
  get_page (task, message);
}

char *
demo_browser_visit_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
