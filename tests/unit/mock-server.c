/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "mock-server.h"

#include <string.h>

#define JSON_TYPE "application/json;charset=UTF-8"

struct _MockReply
{
  guint status;
  char *path; /* (nullable): only for requests below it */
  char *content_type;
  GBytes *body;
  GPtrArray *headers; /* of char*: a name and a value in turn */
  MockDelivery delivery;
  gboolean hold;
  gboolean hold_half;
};

struct _MockServer
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  char *url;

  GMutex mutex;
  GCond ready;
  GQueue replies;        /* of MockReply */
  GPtrArray *requests;   /* of MockRequest */
  MockHandler handler;
  gpointer handler_data;
  guint n_held;

  GQueue held;           /* of Held; only on the server's thread */
};

/* A reply that waits for the test. */
typedef struct
{
  MockReply *reply;
  SoupServerMessage *message; /* (nullable) */
  GIOStream *stream;          /* (nullable): after the first half */
  gsize sent;
} Held;

static void
reply_free (MockReply *self)
{
  g_free (self->path);
  g_free (self->content_type);
  g_bytes_unref (self->body);
  g_ptr_array_unref (self->headers);
  g_free (self);
}

static void
held_free (Held *held)
{
  reply_free (held->reply);
  g_clear_object (&held->message);
  if (held->stream != NULL)
    g_io_stream_close (held->stream, NULL, NULL);
  g_clear_object (&held->stream);
  g_free (held);
}

void
mock_request_free (MockRequest *request)
{
  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  soup_message_headers_unref (request->headers);
  g_free (request->body);
  g_free (request);
}

static void
copy_header (const char *name,
             const char *value,
             gpointer    user_data)
{
  soup_message_headers_append (user_data, name, value);
}

static MockRequest *
request_new (const char         *method,
             const char         *path,
             const char         *query,
             SoupMessageHeaders *headers,
             const char         *body,
             guint16             port)
{
  MockRequest *request = g_new0 (MockRequest, 1);

  request->method = g_strdup (method);
  request->path = g_strdup (path);
  request->query = g_strdup (query);
  request->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_foreach (headers, copy_header, request->headers);
  request->body = g_strdup (body);
  request->port = port;

  return request;
}

static GBytes *
compress (GBytes *body)
{
  g_autoptr(GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new (memory, compressor);

  g_assert_true (g_output_stream_write_all (stream, g_bytes_get_data (body, NULL), g_bytes_get_size (body),
                                            NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* The whole answer as it goes over the wire, right or wrong. */
static GBytes *
format_reply (const MockReply *reply)
{
  gboolean gzip = reply->delivery == MOCK_GZIP_CUT;
  g_autoptr(GBytes) body = gzip ? compress (reply->body) : g_bytes_ref (reply->body);
  GString *text = g_string_new (NULL);
  gsize size = g_bytes_get_size (body);
  gsize sent = size;
  gsize length;

  if (reply->delivery == MOCK_CUT || reply->delivery == MOCK_GZIP_CUT)
    sent = size / 2;

  if (reply->delivery == MOCK_TOO_SHORT && size > 0)
    length = size - 1;
  else if (reply->delivery == MOCK_TOO_LONG)
    length = size + 10;
  else
    length = reply->delivery == MOCK_CUT ? size : sent;

  g_string_append_printf (text, "HTTP/1.1 %u %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n",
                          reply->status, soup_status_get_phrase (reply->status), length);
  if (reply->content_type != NULL)
    g_string_append_printf (text, "Content-Type: %s\r\n", reply->content_type);
  if (gzip)
    g_string_append (text, "Content-Encoding: gzip\r\n");
  for (guint i = 0; i < reply->headers->len; i += 2)
    g_string_append_printf (text, "%s: %s\r\n", (const char *) g_ptr_array_index (reply->headers, i),
                            (const char *) g_ptr_array_index (reply->headers, i + 1));
  g_string_append (text, "\r\n");
  g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize) sent);

  return g_string_free_to_bytes (text);
}

static void
send_plain (SoupServerMessage *message,
            const MockReply   *reply)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr(GBytes) body = reply->delivery == MOCK_GZIP ? compress (reply->body) : g_bytes_ref (reply->body);

  soup_server_message_set_status (message, reply->status, NULL);
  if (reply->content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", reply->content_type);
  for (guint i = 0; i < reply->headers->len; i += 2)
    soup_message_headers_append (headers, g_ptr_array_index (reply->headers, i),
                                 g_ptr_array_index (reply->headers, i + 1));
  if (reply->delivery == MOCK_GZIP)
    soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  if (g_bytes_get_size (body) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
}

static void
write_raw (GIOStream *stream,
           GBytes    *bytes,
           gsize      from,
           gsize      to)
{
  const char *data = g_bytes_get_data (bytes, NULL);

  /* A client that went away is no failure of the server. */
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), data + from, to - from, NULL, NULL, NULL);
}

static void
keep_held (MockServer *self,
           Held       *held)
{
  g_queue_push_tail (&self->held, held);
  g_mutex_lock (&self->mutex);
  self->n_held++;
  g_mutex_unlock (&self->mutex);
  g_main_context_wakeup (NULL);
}

static void
send_half (MockServer        *self,
           SoupServerMessage *message,
           MockReply         *reply)
{
  g_autoptr(GBytes) bytes = format_reply (reply);
  Held *held = g_new0 (Held, 1);

  held->reply = reply;
  held->stream = soup_server_message_steal_connection (message);
  held->sent = g_bytes_get_size (bytes) - g_bytes_get_size (reply->body) / 2;
  write_raw (held->stream, bytes, 0, held->sent);
  keep_held (self, held);
}

static void
send_reply (MockServer        *self,
            SoupServerMessage *message,
            MockReply         *reply)
{
  g_autoptr(GIOStream) stream = NULL;

  if (reply->hold_half)
    {
      send_half (self, message, reply);
      return;
    }

  if (reply->delivery == MOCK_WHOLE || reply->delivery == MOCK_GZIP)
    {
      send_plain (message, reply);
      reply_free (reply);
      return;
    }

  stream = soup_server_message_steal_connection (message);
  if (reply->delivery != MOCK_DROPPED)
    {
      g_autoptr(GBytes) bytes = format_reply (reply);

      write_raw (stream, bytes, 0, g_bytes_get_size (bytes));
    }
  g_io_stream_close (stream, NULL, NULL);
  reply_free (reply);
}

/* Called with the mutex held. */
static MockReply *
take_reply (MockServer *self,
            const char *path)
{
  for (GList *link = self->replies.head; link != NULL; link = link->next)
    {
      MockReply *reply = link->data;

      if (reply->path == NULL || g_str_has_prefix (path, reply->path))
        {
          g_queue_delete_link (&self->replies, link);
          return reply;
        }
    }

  return NULL;
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  MockServer *self = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (body);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  MockRequest *request = request_new (soup_server_message_get_method (message), path, g_uri_get_query (uri),
                                      soup_server_message_get_request_headers (message), text,
                                      g_inet_socket_address_get_port (
                                        G_INET_SOCKET_ADDRESS (soup_server_message_get_remote_address (message))));
  MockHandler handler;
  gpointer handler_data;
  MockReply *reply;
  Held *held;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->requests, request);
  reply = take_reply (self, path);
  handler = self->handler;
  handler_data = self->handler_data;
  g_mutex_unlock (&self->mutex);
  g_main_context_wakeup (NULL);

  if (reply == NULL && handler != NULL)
    reply = handler (request, handler_data);
  if (reply == NULL)
    reply = mock_reply_new (404, JSON_TYPE, "[{\"message\":\"Nothing was queued\",\"errorCode\":\"NOT_FOUND\"}]");

  if (!reply->hold)
    {
      send_reply (self, message, reply);
      return;
    }

  held = g_new0 (Held, 1);
  held->reply = reply;
  held->message = g_object_ref (message);
  soup_server_message_pause (message);
  keep_held (self, held);
}

static gpointer
run_thread (gpointer user_data)
{
  MockServer *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GUri) uri = NULL;
  GSList *uris;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new ("server-header", "sfdcedge", NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (self->server);
  uri = g_uri_ref (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  g_mutex_lock (&self->mutex);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uri));
  g_cond_signal (&self->ready);
  g_mutex_unlock (&self->mutex);

  g_main_loop_run (self->loop);

  g_queue_clear_full (&self->held, (GDestroyNotify) held_free);
  soup_server_disconnect (self->server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_clear_object (&self->server);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

MockServer *
mock_server_new (void)
{
  MockServer *self = g_new0 (MockServer, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->ready);
  g_queue_init (&self->replies);
  g_queue_init (&self->held);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) mock_request_free);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);

  g_mutex_lock (&self->mutex);
  self->thread = g_thread_new ("mock-server", run_thread, self);
  while (self->url == NULL)
    g_cond_wait (&self->ready, &self->mutex);
  g_mutex_unlock (&self->mutex);

  return self;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

void
mock_server_free (MockServer *self)
{
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);

  g_queue_clear_full (&self->replies, (GDestroyNotify) reply_free);
  g_ptr_array_unref (self->requests);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->url);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ready);
  g_free (self);
}

/* Scheme, address and port, no slash at the end. */
const char *
mock_server_get_url (MockServer *self)
{
  return self->url;
}

void
mock_server_set_handler (MockServer  *self,
                         MockHandler  handler,
                         gpointer     user_data)
{
  g_mutex_lock (&self->mutex);
  self->handler = handler;
  self->handler_data = user_data;
  g_mutex_unlock (&self->mutex);
}

void
mock_server_queue (MockServer *self,
                   const char *path,
                   MockReply  *reply)
{
  reply->path = g_strdup (path);
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->replies, reply);
  g_mutex_unlock (&self->mutex);
}

void
mock_server_queue_json (MockServer *self,
                        const char *path,
                        guint       status,
                        const char *body)
{
  mock_server_queue (self, path, mock_reply_new (status, JSON_TYPE, body));
}

guint
mock_server_get_n_queued (MockServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_queue_get_length (&self->replies);
}

guint
mock_server_get_n_requests (MockServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->requests->len;
}

/* How many requests came whose path begins with @path. */
guint
mock_server_count (MockServer *self,
                   const char *path)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint count = 0;

  for (guint i = 0; i < self->requests->len; i++)
    {
      MockRequest *request = g_ptr_array_index (self->requests, i);

      if (g_str_has_prefix (request->path, path))
        count++;
    }

  return count;
}

MockRequest *
mock_server_dup_request (MockServer *self,
                         guint       i)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  MockRequest *request;

  g_assert_cmpuint (i, <, self->requests->len);
  request = g_ptr_array_index (self->requests, i);

  return request_new (request->method, request->path, request->query, request->headers, request->body, request->port);
}

/* How many replies wait for mock_server_release(). */
guint
mock_server_get_n_held (MockServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_held;
}

static gboolean
release_cb (gpointer user_data)
{
  MockServer *self = user_data;
  Held *held;

  while ((held = g_queue_pop_head (&self->held)) != NULL)
    {
      if (held->message != NULL)
        {
          held->reply->hold = FALSE;
          send_reply (self, held->message, held->reply);
          soup_server_message_unpause (held->message);
          g_clear_object (&held->message);
          g_free (held);
        }
      else
        {
          g_autoptr(GBytes) bytes = format_reply (held->reply);

          write_raw (held->stream, bytes, held->sent, g_bytes_get_size (bytes));
          held_free (held);
        }
    }

  return G_SOURCE_REMOVE;
}

/* Lets all replies go that wait. */
void
mock_server_release (MockServer *self)
{
  g_mutex_lock (&self->mutex);
  self->n_held = 0;
  g_mutex_unlock (&self->mutex);
  g_main_context_invoke (self->context, release_cb, self);
}

const char *
mock_request_get_header (const MockRequest *request,
                         const char        *name)
{
  return soup_message_headers_get_one (request->headers, name);
}

MockReply *
mock_reply_new_bytes (guint       status,
                      const char *content_type,
                      GBytes     *body)
{
  MockReply *self = g_new0 (MockReply, 1);

  self->status = status;
  self->content_type = g_strdup (content_type);
  self->body = g_bytes_ref (body);
  self->headers = g_ptr_array_new_with_free_func (g_free);

  return self;
}

MockReply *
mock_reply_new (guint       status,
                const char *content_type,
                const char *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return mock_reply_new_bytes (status, content_type, bytes);
}

MockReply *
mock_reply_add_header (MockReply  *self,
                       const char *name,
                       const char *value)
{
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));

  return self;
}

MockReply *
mock_reply_set_delivery (MockReply    *self,
                         MockDelivery  delivery)
{
  self->delivery = delivery;

  return self;
}

MockReply *
mock_reply_hold (MockReply *self)
{
  self->hold = TRUE;

  return self;
}

MockReply *
mock_reply_hold_half (MockReply *self)
{
  self->hold_half = TRUE;

  return self;
}
