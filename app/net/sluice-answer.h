/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * SluiceAnswer:
 * @status: the HTTP status, 0 when no answer began
 * @content_type: (nullable): without its parameters
 * @request_id: (nullable): by which the server knows the call
 * @headers: (nullable) (element-type utf8 utf8): names in lower case, without cookies
 * @date: the server's time in seconds since 1970, 0 when it did not say
 * @body: (nullable): what was read of the body; not when it is @streamed
 * @received: the size of what was read
 * @streamed: whether the body is left to who asked
 * @stream: (nullable): the body, when it is @streamed and read in the main context
 * @error: (nullable): what GIO or libsoup said, or a #SluiceError: it did not arrive whole
 *
 * What came of sending a call once, before anybody judged it.
 */
typedef struct
{
  guint status;
  char *content_type;
  char *request_id;
  GHashTable *headers;
  gint64 date;
  GBytes *body;
  guint64 received;
  gboolean streamed;
  GInputStream *stream;
  GError *error;
} SluiceAnswer;

SluiceAnswer *sluice_answer_new        (void);
SluiceAnswer *sluice_answer_new_failed (GError             *error);
void          sluice_answer_free       (SluiceAnswer       *self);

const char   *sluice_answer_get_header (const SluiceAnswer *self,
                                        const char         *name);
gboolean      sluice_answer_is_success (const SluiceAnswer *self);

GInputStream *sluice_answer_begin      (SluiceAnswer       *self,
                                        SoupMessage        *message,
                                        GInputStream       *stream);
gboolean      sluice_answer_add        (SluiceAnswer       *self,
                                        GByteArray         *buffer,
                                        gconstpointer       data,
                                        gsize               length,
                                        gsize               max_bytes);
void          sluice_answer_end        (SluiceAnswer       *self,
                                        SoupMessage        *message,
                                        GByteArray         *buffer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceAnswer, sluice_answer_free)

G_END_DECLS
