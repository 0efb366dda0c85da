/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-answer.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-inflater.h"
#include "sluice-problem.h"
#include "sluice-response.h"
#include "sluice-session.h"

/* Of an error's body nobody reads more. */
#define MAX_ERROR_BYTES (256 * 1024)

/**
 * sluice_answer_new:
 *
 * Returns: (transfer full): nothing yet
 */
SluiceAnswer *
sluice_answer_new (void)
{
  return g_new0 (SluiceAnswer, 1);
}

/**
 * sluice_answer_new_failed:
 * @error: (transfer full): why nothing came
 *
 * Returns: (transfer full): no answer
 */
SluiceAnswer *
sluice_answer_new_failed (GError *error)
{
  SluiceAnswer *self = sluice_answer_new ();

  self->error = error;

  return self;
}

/**
 * sluice_answer_free:
 * @self: (transfer full) (nullable): an answer
 *
 * Frees @self.
 */
void
sluice_answer_free (SluiceAnswer *self)
{
  if (self == NULL)
    return;

  g_free (self->content_type);
  g_free (self->request_id);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * sluice_answer_get_header:
 * @self: an answer
 * @name: in lower case
 *
 * Returns: (nullable): the header's value
 */
const char *
sluice_answer_get_header (const SluiceAnswer *self,
                          const char         *name)
{
  return self->headers != NULL ? g_hash_table_lookup (self->headers, name) : NULL;
}

/**
 * sluice_answer_is_success:
 * @self: an answer
 *
 * Returns: whether the server says that it did what it was asked for
 */
gboolean
sluice_answer_is_success (const SluiceAnswer *self)
{
  return self->status >= 200 && self->status < 300;
}

static void
add_header (const char *name,
            const char *value,
            gpointer    user_data)
{
  GHashTable *headers = user_data;
  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *before = g_hash_table_lookup (headers, lower);

  /* Of no use to anybody, and secret. */
  if (g_str_has_prefix (lower, "set-cookie"))
    return;

  if (before != NULL)
    g_hash_table_insert (headers, g_strdup (lower), g_strjoin (", ", before, value, NULL));
  else
    g_hash_table_insert (headers, g_strdup (lower), g_strdup (value));
}

static void
take_headers (SluiceAnswer *self,
              SoupMessage  *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *request_id;

  self->status = soup_message_get_status (message);
  self->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  soup_message_headers_foreach (headers, add_header, self->headers);
  self->date = sluice_response_parse_date (sluice_answer_get_header (self, "date"));
  request_id = sluice_answer_get_header (self, "x-sfdc-request-id");
  self->request_id = g_strdup (request_id != NULL ? request_id : sluice_answer_get_header (self, "x-request-id"));
}

/**
 * sluice_answer_begin:
 * @self: an empty answer
 * @message: the call, its headers read
 * @stream: (transfer full): its body as it comes
 *
 * Takes status and headers.
 *
 * Returns: (transfer full) (nullable): the body as it is meant, inflated while
 *   it is read; %NULL when it is in a form that nobody asked for, which is
 *   then the answer's error
 */
GInputStream *
sluice_answer_begin (SluiceAnswer *self,
                     SoupMessage  *message,
                     GInputStream *stream)
{
  g_autoptr(GInputStream) coded = stream;
  g_autoptr(GConverter) inflater = NULL;
  const char *coding;

  take_headers (self, message);
  coding = sluice_answer_get_header (self, "content-encoding");

  if (coding == NULL || g_ascii_strcasecmp (coding, "identity") == 0)
    return g_steal_pointer (&coded);

  if (g_ascii_strcasecmp (coding, "gzip") == 0 || g_ascii_strcasecmp (coding, "x-gzip") == 0)
    {
      inflater = sluice_inflater_new ();
      return g_converter_input_stream_new (coded, inflater);
    }

  self->error = sluice_error_new_server (SLUICE_ERROR_PROTOCOL, NULL, NULL, self->status, self->request_id,
                                         _("The server’s answer is compressed in a way that nobody asked for."));

  return NULL;
}

/**
 * sluice_answer_add:
 * @self: an answer that began
 * @buffer: what was read of its body
 * @data: (array length=length): what came next
 * @length: its size
 * @max_bytes: the longest body that is read into memory
 *
 * Appends to the body. One that is too long is the answer's error; of an error
 * only the beginning is read.
 *
 * Returns: whether more is to be read
 */
gboolean
sluice_answer_add (SluiceAnswer  *self,
                   GByteArray    *buffer,
                   gconstpointer  data,
                   gsize          length,
                   gsize          max_bytes)
{
  self->received += length;
  g_byte_array_append (buffer, data, (guint) length);

  if (self->status >= 400 && buffer->len > MAX_ERROR_BYTES)
    {
      self->body = g_bytes_new (buffer->data, buffer->len);
      return FALSE;
    }

  if (buffer->len <= max_bytes)
    return TRUE;

  self->error = sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_TOO_LARGE, NULL, self->status,
                                         self->request_id,
                                         _("The server’s answer is far too long, so it was not read to its end."));

  return FALSE;
}

/**
 * sluice_answer_end:
 * @self: an answer that began
 * @message: the call, its body read to the end
 * @buffer: the body
 *
 * Takes the body. One that is shorter than announced is the answer's error.
 */
void
sluice_answer_end (SluiceAnswer *self,
                   SoupMessage  *message,
                   GByteArray   *buffer)
{
  if (sluice_session_check_length (message, &self->error))
    self->body = g_bytes_new (buffer->data, buffer->len);
}
