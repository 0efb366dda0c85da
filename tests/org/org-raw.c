/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers that break the rules of HTTP, which the library would never write.
 * The connection is taken from it, and ends with the answer. */

#include "org-raw.h"

#include <sys/socket.h>

#define N_PIECES 16

typedef struct
{
  OrgCall *call;             /* (owned) */
  GIOStream *stream;         /* (owned) */
  GSocket *socket;           /* (owned) */
  GBytes *data;              /* (owned) (nullable) */
  gsize sent;
  gsize body;                /* where the body begins */
  guint status;
  char byte;                 /* what a client that waits sends meanwhile */
} Raw;

static void
raw_free (Raw *raw)
{
  org_call_unref (raw->call);
  g_object_unref (raw->stream);
  g_object_unref (raw->socket);
  g_clear_pointer (&raw->data, g_bytes_unref);
  g_free (raw);
}

/**
 * org_raw_is_due:
 * @call: a call that was carried out
 *
 * Returns: whether a fault asks for org_raw_send()
 */
gboolean
org_raw_is_due (OrgCall *call)
{
  switch (call->fault.kind)
    {
    case ORG_FAULT_LOSE:
    case ORG_FAULT_RESET:
    case ORG_FAULT_TRUNCATE:
    case ORG_FAULT_SLOW:
    case ORG_FAULT_LENGTH:
      return TRUE;

    case ORG_FAULT_NONE:
    case ORG_FAULT_DROP:
    case ORG_FAULT_HANG:
    case ORG_FAULT_REPLY:
    case ORG_FAULT_UTF8:
    case ORG_FAULT_DUPLICATE:
    case ORG_FAULT_DELAY:
    case ORG_FAULT_REPEAT:
    case ORG_FAULT_GZIP:
    case ORG_FAULT_JOB_FAILED:
    case ORG_FAULT_JOB_ABORTED:
    default:
      return FALSE;
    }
}

static Raw *
raw_new (OrgCall *call)
{
  Raw *raw = g_new0 (Raw, 1);

  /* The library reports the message as finished when the connection is taken. */
  call->silent = TRUE;
  raw->call = org_call_ref (call);
  raw->status = soup_server_message_get_status (call->message);
  raw->socket = g_object_ref (soup_server_message_get_socket (call->message));
  raw->stream = soup_server_message_steal_connection (call->message);

  return raw;
}

/* A reset instead of an end: what TCP does with linger on and no time for it. */
static void
reset_on_close (GSocket *socket)
{
  struct linger linger = { 1, 0 };

  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void
raw_end (Raw *raw)
{
  if (raw->call->fault.kind == ORG_FAULT_RESET)
    reset_on_close (raw->socket);

  g_io_stream_close (raw->stream, NULL, NULL);
  g_socket_close (raw->socket, NULL);
  org_call_log (raw->call, raw->status, raw->sent > raw->body ? raw->sent - raw->body : 0);
  raw_free (raw);
}

static void raw_write (Raw *raw);

static void
piece_due_cb (gpointer user_data)
{
  raw_write (user_data);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Raw *raw = user_data;
  gsize written = 0;
  gboolean sent = g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, &written, NULL);

  raw->sent += written;
  if (!sent || raw->sent == g_bytes_get_size (raw->data))
    raw_end (raw);
  else
    g_timeout_add_once (raw->call->fault.number, piece_due_cb, raw);
}

static void
raw_write (Raw *raw)
{
  gsize size;
  const char *data = g_bytes_get_data (raw->data, &size);
  gsize piece = size - raw->sent;

  if (raw->call->fault.kind == ORG_FAULT_SLOW)
    piece = MIN (piece, size / N_PIECES + 1);

  g_output_stream_write_all_async (g_io_stream_get_output_stream (raw->stream), data + raw->sent, piece,
                                   G_PRIORITY_DEFAULT, NULL, written_cb, raw);
}

static void
append_header_cb (const char *name,
                  const char *value,
                  gpointer    user_data)
{
  g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

/* Clients believe more of a connection that says it will end: some then take a body that is too short. */
static gboolean
ends_announced (OrgCall *call)
{
  return call->fault.kind == ORG_FAULT_SLOW || (call->fault.kind == ORG_FAULT_TRUNCATE && call->fault.number > 0);
}

static GString *
make_head (OrgCall *call,
           gsize    length)
{
  GString *head = g_string_new (NULL);
  guint status = soup_server_message_get_status (call->message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);

  soup_message_headers_set_content_length (headers, (goffset) length);
  if (ends_announced (call))
    soup_message_headers_replace (headers, "Connection", "close");
  g_string_printf (head, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  soup_message_headers_foreach (headers, append_header_cb, head);
  g_string_append (head, "\r\n");

  return head;
}

static gsize
announced_length (OrgCall *call,
                  gsize    size)
{
  return call->fault.kind == ORG_FAULT_LENGTH ? size - MIN (size, 10) : size;
}

static gsize
sent_length (OrgCall *call,
             gsize    size)
{
  if (call->fault.kind == ORG_FAULT_RESET || call->fault.kind == ORG_FAULT_TRUNCATE)
    return size / 2;

  return size;
}

/**
 * org_raw_send:
 * @call: a call whose answer has its status and headers
 * @body: the whole body
 *
 * Sends the answer as its fault says.
 */
void
org_raw_send (OrgCall *call,
              GBytes  *body)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  GString *head;
  Raw *raw;

  if (call->fault.kind == ORG_FAULT_LOSE)
    {
      org_raw_drop (call);
      return;
    }

  head = make_head (call, announced_length (call, size));
  raw = raw_new (call);
  raw->body = head->len;
  if (size > 0)
    g_string_append_len (head, data, (gssize) sent_length (call, size));
  raw->data = g_string_free_to_bytes (head);
  raw_write (raw);
}

/**
 * org_raw_drop:
 * @call: a call
 *
 * Closes the connection without an answer.
 */
void
org_raw_drop (OrgCall *call)
{
  Raw *raw = raw_new (call);

  raw->status = 0;
  raw_end (raw);
}

static void
client_left_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Raw *raw = user_data;

  if (g_input_stream_read_finish (G_INPUT_STREAM (object), result, NULL) > 0)
    g_input_stream_read_async (G_INPUT_STREAM (object), &raw->byte, 1, G_PRIORITY_DEFAULT, NULL, client_left_cb, raw);
  else
    raw_end (raw);
}

/**
 * org_raw_hang:
 * @call: a call
 *
 * Leaves the connection open, and says nothing until the client has had enough.
 */
void
org_raw_hang (OrgCall *call)
{
  Raw *raw = raw_new (call);

  raw->status = 0;
  g_input_stream_read_async (g_io_stream_get_input_stream (raw->stream), &raw->byte, 1, G_PRIORITY_DEFAULT, NULL,
                             client_left_cb, raw);
}
