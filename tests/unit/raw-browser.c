/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "raw-browser.h"

#include <string.h>

#include "test-utils.h"

struct _RawBrowser
{
  GThread *thread;
  char *address;
  guint16 port;
  char *request;
  char *answer;
  int done; /* (atomic) */
};

static char *
talk (RawBrowser *self)
{
  g_autoptr(GSocketAddress) where = g_inet_socket_address_new_from_string (self->address, self->port);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GString) answer = g_string_new (NULL);
  char buffer[4096];
  gssize got;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (where), NULL, NULL);
  if (connection == NULL)
    return NULL;

  /* A server that has heard enough may close before all is sent. */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                             self->request, strlen (self->request), NULL, NULL, NULL);

  while ((got = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                     buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (answer, buffer, got);

  return g_string_free_and_steal (g_steal_pointer (&answer));
}

static gpointer
run (gpointer data)
{
  RawBrowser *self = data;

  self->answer = talk (self);
  g_atomic_int_set (&self->done, 1);
  g_main_context_wakeup (NULL);

  return NULL;
}

RawBrowser *
raw_browser_start (const char *address,
                   guint16     port,
                   const char *request)
{
  RawBrowser *self = g_new0 (RawBrowser, 1);

  self->address = g_strdup (address);
  self->port = port;
  self->request = g_strdup (request);
  self->thread = g_thread_new ("browser", run, self);

  return self;
}

gboolean
raw_browser_is_done (RawBrowser *self)
{
  return g_atomic_int_get (&self->done) != 0;
}

char *
raw_browser_finish (RawBrowser *self)
{
  char *answer;

  wait_for (raw_browser_is_done (self));
  g_thread_join (self->thread);
  answer = self->answer;
  g_free (self->address);
  g_free (self->request);
  g_free (self);

  return answer;
}

char *
raw_browser_ask (const char *address,
                 guint16     port,
                 const char *request)
{
  return raw_browser_finish (raw_browser_start (address, port, request));
}

char *
raw_browser_get (guint16     port,
                 const char *target)
{
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", target, port);

  return raw_browser_ask ("127.0.0.1", port, request);
}
