/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-token-endpoint.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-problem.h"
#include "sluice-send.h"
#include "sluice-session.h"
#include "sluice-transport-error.h"

#define MAX_BODY (64 * 1024)

typedef struct
{
  SoupMessage *message;
  GInputStream *stream;
  guint8 *body; /* MAX_BODY + 1 bytes, so that it never moves; wiped */
  gsize size;
} Post;

static void
free_body (gpointer body)
{
  explicit_bzero (body, MAX_BODY + 1);
  g_free (body);
}

static void
post_free (Post *post)
{
  g_clear_object (&post->message);
  g_clear_object (&post->stream);
  g_clear_pointer (&post->body, free_body);
  g_free (post);
}

static void
return_error (GTask  *task,
              GError *error)
{
  g_task_return_error (task, sluice_transport_error_new (error));
  g_error_free (error);
}

static GBytes *
steal_body (Post *post)
{
  gpointer body = g_steal_pointer (&post->body);

  return g_bytes_new_with_free_func (body, post->size, free_body, body);
}

/* libsoup takes the end of a connection for the end of an answer that says how long it is. */
static gboolean
is_cut (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && (goffset) soup_message_metrics_get_response_body_bytes_received (metrics)
         < soup_message_headers_get_content_length (headers);
}

static GError *
new_cut (void)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The answer is cut");

  return sluice_transport_error_new (error);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, &post->size, &error))
    return_error (task, error);
  else if (post->size > MAX_BODY)
    g_task_return_error (task, sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_TOO_LARGE, NULL,
                                                        soup_message_get_status (post->message), NULL,
                                                        _("The server’s answer is far too long.")));
  else if (is_cut (post->message))
    g_task_return_error (task, new_cut ());
  else
    g_task_return_pointer (task, steal_body (post), (GDestroyNotify) g_bytes_unref);
}

static void
send_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Post *post = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  post->stream = sluice_send_finish (result, &error);
  if (post->stream == NULL)
    {
      return_error (task, error);
      return;
    }

  post->body = g_malloc (MAX_BODY + 1);
  g_input_stream_read_all_async (post->stream, post->body, MAX_BODY + 1, G_PRIORITY_DEFAULT,
                                 cancellable, read_cb, g_steal_pointer (&task));
}

/**
 * sluice_token_endpoint_post_async:
 * @session: from sluice_session_new()
 * @login_url: scheme and host of the login or My Domain host: HTTPS, or loopback
 * @path: `SLUICE_OAUTH_TOKEN_PATH` or `SLUICE_OAUTH_REVOKE_PATH`
 * @form: what sluice_oauth_build_code_form() and its sisters make
 * @cancellable: (nullable): stops the call
 * @callback: called once, with the answer or the error
 * @user_data: data for @callback
 *
 * Posts @form once, over a connection of its own (wire reference 1.3 and 1.6).
 *
 * Nothing is tried again: a second use of a rotated refresh token would
 * revoke the grant. No redirect is followed, and an answer that is too long
 * is not read to its end.
 */
void
sluice_token_endpoint_post_async (SoupSession         *session,
                                  const char          *login_url,
                                  const char          *path,
                                  GBytes              *form,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *url = NULL;
  GError *error = NULL;
  Post *post;

  g_return_if_fail (SOUP_IS_SESSION (session));
  g_return_if_fail (login_url != NULL);
  g_return_if_fail (path != NULL && *path == '/');
  g_return_if_fail (form != NULL);

  task = g_task_new (session, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_token_endpoint_post_async);
  post = g_new0 (Post, 1);
  g_task_set_task_data (task, post, (GDestroyNotify) post_free);

  if (!sluice_host_is_trusted (login_url))
    {
      g_task_return_error (task, sluice_error_new_server (SLUICE_ERROR_INVALID, SLUICE_PROBLEM_UNTRUSTED_HOST, NULL, 0,
                                                          NULL, _("The API URL is not an address of Salesforce. "
                                                                  "Correct it in the settings.")));
      return;
    }

  url = g_uri_resolve_relative (login_url, path, G_URI_FLAGS_NONE, NULL);
  post->message = sluice_session_new_message (SOUP_METHOD_POST, url, &error);
  if (post->message == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* A pooled connection may have died, and a POST must not be sent twice to find out. */
  soup_message_add_flags (post->message, SOUP_MESSAGE_NEW_CONNECTION | SOUP_MESSAGE_COLLECT_METRICS);
  soup_message_headers_replace (soup_message_get_request_headers (post->message), "Accept", "application/json");
  soup_message_set_request_body_from_bytes (post->message, SOUP_FORM_MIME_TYPE_URLENCODED, form);

  sluice_send_async (session, post->message, cancellable, send_cb, g_steal_pointer (&task));
}

/**
 * sluice_token_endpoint_post_finish:
 * @result: the result that the callback got
 * @http_status: (out) (optional): the status of the answer
 * @content_type: (out) (optional) (transfer full) (nullable): its type
 * @error: return location for an error
 *
 * Ends sluice_token_endpoint_post_async(). Any status is an answer;
 * sluice_oauth_parse_token_reply() reads it.
 *
 * Returns: (transfer full): the body, wiped when freed; %NULL with
 *   %SLUICE_ERROR_OFFLINE when no whole answer came, %SLUICE_ERROR_INVALID or
 *   %SLUICE_ERROR_PROTOCOL when nothing could be sent safely
 */
GBytes *
sluice_token_endpoint_post_finish (GAsyncResult  *result,
                                   guint         *http_status,
                                   char         **content_type,
                                   GError       **error)
{
  Post *post;
  GBytes *body;

  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sluice_token_endpoint_post_async), NULL);

  body = g_task_propagate_pointer (G_TASK (result), error);
  post = g_task_get_task_data (G_TASK (result));

  if (http_status != NULL)
    *http_status = post->message != NULL ? soup_message_get_status (post->message) : 0;
  if (content_type != NULL)
    *content_type = body != NULL ? g_strdup (soup_message_headers_get_content_type (
                                     soup_message_get_response_headers (post->message), NULL))
                                 : NULL;

  return body;
}
