/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* An HTTP server on its own thread that answers what the test told it to, and keeps what it was asked.
 *
 * A request gets the first queued reply whose path is a prefix of its own, or that has no path. When no reply fits, the
 * handler is asked; when that has none either, the answer is 404. Everything may be called from the test's thread at
 * any time. */
typedef struct _MockServer MockServer;
typedef struct _MockReply MockReply;

typedef struct
{
  char *method;
  char *path;                  /* decoded, without the query */
  char *query;                 /* (nullable): as it was sent */
  SoupMessageHeaders *headers;
  char *body;
  guint16 port;                /* of the client: tells connections apart */
} MockRequest;

typedef enum
{
  MOCK_WHOLE,
  MOCK_DROPPED,       /* the connection closes without an answer */
  MOCK_CUT,           /* it closes after half of the body */
  MOCK_TOO_SHORT,     /* Content-Length says one byte less than there is */
  MOCK_TOO_LONG,      /* Content-Length says more than there is; it closes */
  MOCK_GZIP,
  MOCK_GZIP_CUT,      /* the compressed data ends early, the length is right */
} MockDelivery;

/* Runs on the server's thread. */
typedef MockReply * (* MockHandler) (const MockRequest *request,
                                     gpointer           user_data);

MockServer  *mock_server_new              (void);
void         mock_server_free             (MockServer        *self);
const char  *mock_server_get_url          (MockServer        *self);

void         mock_server_set_handler      (MockServer        *self,
                                           MockHandler        handler,
                                           gpointer           user_data);
void         mock_server_queue            (MockServer        *self,
                                           const char        *path,
                                           MockReply         *reply);
void         mock_server_queue_json       (MockServer        *self,
                                           const char        *path,
                                           guint              status,
                                           const char        *body);
guint        mock_server_get_n_queued     (MockServer        *self);

guint        mock_server_get_n_requests   (MockServer        *self);
guint        mock_server_count            (MockServer        *self,
                                           const char        *path);
MockRequest *mock_server_dup_request      (MockServer        *self,
                                           guint              i);
guint        mock_server_get_n_held       (MockServer        *self);
void         mock_server_release          (MockServer        *self);

void         mock_request_free            (MockRequest       *request);
const char  *mock_request_get_header      (const MockRequest *request,
                                           const char        *name);

MockReply   *mock_reply_new               (guint              status,
                                           const char        *content_type,
                                           const char        *body);
MockReply   *mock_reply_new_bytes         (guint              status,
                                           const char        *content_type,
                                           GBytes            *body);
MockReply   *mock_reply_add_header        (MockReply         *self,
                                           const char        *name,
                                           const char        *value);
MockReply   *mock_reply_set_delivery      (MockReply         *self,
                                           MockDelivery       delivery);
/* Waits for mock_server_release() before anything is sent. */
MockReply   *mock_reply_hold              (MockReply         *self);
/* Waits for mock_server_release() after half of the body. */
MockReply   *mock_reply_hold_half         (MockReply         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockServer, mock_server_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockRequest, mock_request_free)

G_END_DECLS
