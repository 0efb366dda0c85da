/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-fetcher.h"

#include "sluice-client-private.h"
#include "sluice-error.h"
#include "sluice-fetch.h"
#include "sluice-problem.h"
#include "sluice-session.h"

#define READ_SIZE (64 * 1024)

struct _SluiceFetcher
{
  GObject parent_instance;

  SluiceClient *client;
  SluicePriority priority;
  SluiceClaim *claim;     /* (nullable) */
  GMainContext *home;     /* where the client lives */

  /* The thread's. */
  GMainContext *context;
  SoupSession *session;   /* (nullable): until the first call */
};

G_DEFINE_FINAL_TYPE (SluiceFetcher, sluice_fetcher, G_TYPE_OBJECT)

/* A call that the main context is asked for. */
typedef struct
{
  SluiceFetcher *fetcher;
  SluiceFetch *fetch;
  SluiceRequest request;
  char *method;
  char *path;
  char *summary;          /* (nullable) */
  GStrv headers;          /* (nullable) */
  GBytes *body;           /* (nullable) */
  char *content_type;     /* (nullable) */
  GCancellable *cancellable; /* (nullable) */
} Call;

/* What goes with the body. */
typedef struct
{
  SluiceFetch *fetch;
  SluiceCarriage *carriage;
} Body;

static void
call_free (Call *call)
{
  g_object_unref (call->fetcher);
  g_object_unref (call->fetch);
  g_free (call->method);
  g_free (call->path);
  g_free (call->summary);
  g_strfreev (call->headers);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_free (call->content_type);
  g_clear_object (&call->cancellable);
  g_free (call);
}

static Call *
call_new (SluiceFetcher       *self,
          SluiceFetch         *fetch,
          const SluiceRequest *request,
          GCancellable        *cancellable)
{
  Call *call = g_new0 (Call, 1);

  call->fetcher = g_object_ref (self);
  call->fetch = g_object_ref (fetch);
  call->method = g_strdup (request->method);
  call->path = g_strdup (request->path);
  call->summary = g_strdup (request->summary);
  call->headers = g_strdupv ((char **) request->headers);
  call->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  call->content_type = g_strdup (request->content_type);
  call->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  call->request = (SluiceRequest) {
    .method = call->method,
    .path = call->path,
    .summary = call->summary,
    .headers = (const char * const *) call->headers,
    .body = call->body,
    .content_type = call->content_type,
    .priority = self->priority,
    .claim = self->claim,
  };

  return call;
}

/* In the main context. */

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceFetch) fetch = user_data;
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GInputStream) stream = NULL;
  GError *error = NULL;

  /* A success is in the thread already. */
  stream = sluice_client_stream_finish (SLUICE_CLIENT (object), result, &reply, &error);
  if (error != NULL)
    sluice_fetch_take_error (fetch, error);
}

static gboolean
call_cb (gpointer user_data)
{
  Call *call = user_data;

  sluice_client_carry_async (call->fetcher->client, SLUICE_CARRIER (call->fetch), &call->request, call->cancellable,
                             called_cb, g_object_ref (call->fetch));
  call_free (call);

  return G_SOURCE_REMOVE;
}

static gboolean
unref_claim_cb (gpointer user_data)
{
  sluice_claim_unref (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
unref_client_cb (gpointer user_data)
{
  g_object_unref (user_data);

  return G_SOURCE_REMOVE;
}

/* In the thread. */

static void
body_ended (guint64       bytes,
            const GError *error,
            gpointer      user_data)
{
  Body *body = user_data;

  sluice_fetch_end (body->fetch, body->carriage, bytes, error);
  g_object_unref (body->fetch);
  g_free (body);
}

/* The stream keeps the session, whose connection it reads. */
static GInputStream *
new_body_stream (SluiceFetcher  *self,
                 SluiceFetch    *fetch,
                 SluiceCarriage *carriage,
                 GInputStream   *stream)
{
  Body *body = g_new0 (Body, 1);
  GInputStream *whole;

  body->fetch = g_object_ref (fetch);
  body->carriage = carriage;
  whole = sluice_call_stream_new (stream, carriage->message, body_ended, body);
  sluice_call_stream_set_context (SLUICE_CALL_STREAM (whole), self->context);
  g_object_set_data_full (G_OBJECT (whole), "sluice-fetcher", g_object_ref (self), g_object_unref);

  return whole;
}

static void
read_body (SluiceAnswer         *answer,
           GInputStream         *stream,
           const SluiceCarriage *carriage)
{
  g_autoptr(GByteArray) buffer = g_byte_array_new ();
  g_autofree char *chunk = g_malloc (READ_SIZE);
  gssize n_read;

  do
    n_read = g_input_stream_read (stream, chunk, READ_SIZE, carriage->cancellable, &answer->error);
  while (n_read > 0 && sluice_answer_add (answer, buffer, chunk, (gsize) n_read, carriage->max_bytes));

  /* libsoup gives the connection back only when the stream is closed. */
  g_input_stream_close (stream, NULL, NULL);
  if (n_read == 0)
    sluice_answer_end (answer, carriage->message, buffer);
}

static SoupSession *
get_session (SluiceFetcher *self)
{
  /* Timers of connections that nobody uses. */
  while (g_main_context_iteration (self->context, FALSE))
    ;

  if (self->session == NULL)
    self->session = sluice_session_new (1);

  return self->session;
}

static GInputStream *
send_message (SluiceFetcher         *self,
              const SluiceCarriage  *carriage,
              GError               **error)
{
  /* Many streams over one connection help nobody who reads one answer at a time. */
  soup_message_set_force_http1 (carriage->message, TRUE);

  return soup_session_send (get_session (self), carriage->message, carriage->cancellable, error);
}

static SluiceReply *
new_reply (const SluiceAnswer *answer)
{
  SluiceReply *reply = g_new0 (SluiceReply, 1);

  reply->status = answer->status;
  reply->headers = g_hash_table_ref (answer->headers);
  reply->date = answer->date;

  return reply;
}

/* Does what the main context ordered; the main context says what is to be done about the answer. The sources that
 * libsoup makes on the way must not end up there: it runs in another thread. */
static GInputStream *
serve (SluiceFetcher   *self,
       SluiceFetch     *fetch,
       SluiceCarriage  *carriage, /* (transfer full) */
       SluiceReply    **reply)
{
  SluiceAnswer *answer = sluice_answer_new ();
  g_autoptr(GInputStream) coded = send_message (self, carriage, &answer->error);
  g_autoptr(GInputStream) stream = NULL;
  GInputStream *body = NULL;

  if (coded != NULL)
    stream = sluice_answer_begin (answer, carriage->message, g_steal_pointer (&coded));

  if (stream != NULL && sluice_answer_is_success (answer))
    {
      answer->streamed = TRUE;
      body = new_body_stream (self, fetch, carriage, stream);
      if (reply != NULL)
        *reply = new_reply (answer);
    }
  else if (stream != NULL)
    {
      read_body (answer, stream, carriage);
    }

  g_clear_object (&stream);
  sluice_fetch_answer (fetch, carriage, answer);

  return body;
}

static void
sluice_fetcher_finalize (GObject *object)
{
  SluiceFetcher *self = SLUICE_FETCHER (object);
  g_autoptr(SluiceFetch) fetch = sluice_fetch_new (self->home);

  /* The last reference may be the thread's. */
  if (self->claim != NULL)
    sluice_fetch_post (fetch, unref_claim_cb, self->claim);
  sluice_fetch_post (fetch, unref_client_cb, self->client);
  g_clear_object (&self->session);
  g_main_context_unref (self->context);
  g_main_context_unref (self->home);

  G_OBJECT_CLASS (sluice_fetcher_parent_class)->finalize (object);
}

static void
sluice_fetcher_class_init (SluiceFetcherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_fetcher_finalize;
}

static void
sluice_fetcher_init (SluiceFetcher *self)
{
  self->context = g_main_context_new ();
  self->home = g_main_context_ref_thread_default ();
}

/**
 * sluice_client_new_fetcher:
 * @client: a client
 * @priority: of all calls of the fetcher
 *
 * To be called in the main context.
 *
 * Returns: (transfer full): a fetcher, to be used by one other thread; its last
 *   reference may be given up in any
 */
SluiceFetcher *
sluice_client_new_fetcher (SluiceClient   *client,
                           SluicePriority  priority)
{
  SluiceFetcher *self;

  g_return_val_if_fail (SLUICE_IS_CLIENT (client), NULL);

  self = g_object_new (SLUICE_TYPE_FETCHER, NULL);
  self->client = g_object_ref (client);
  self->priority = priority;

  return self;
}

/**
 * sluice_fetcher_set_claim:
 * @self: a fetcher that is not used yet
 * @claim: calls that were claimed for the work it does; their priority counts
 *
 * To be called in the main context.
 */
void
sluice_fetcher_set_claim (SluiceFetcher *self,
                          SluiceClaim   *claim)
{
  g_return_if_fail (SLUICE_IS_FETCHER (self));
  g_return_if_fail (claim != NULL && self->claim == NULL);

  self->claim = sluice_claim_ref (claim);
}

/**
 * sluice_fetcher_open:
 * @self: a fetcher
 * @request: the call; its priority, claim, size limit and form do not count
 * @cancellable: (nullable): ends the call at once, whatever it is doing; may be cancelled in any thread
 * @reply: (out) (optional) (transfer full): status and headers
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Sends a call when the throttle allows it, and waits until the body of its
 * answer begins. Blocks, so never in the main context; needs no retry of the
 * caller's own, as with sluice_client_send_async().
 *
 * The body comes inflated. It is read to its end or given up before the next
 * call, in this thread; until then the call is in flight. One that does not
 * arrive whole is an error of the read that finds it, never an end: see
 * sluice_fetcher_is_worth_again().
 *
 * Returns: (transfer full) (nullable): the body
 */
GInputStream *
sluice_fetcher_open (SluiceFetcher        *self,
                     const SluiceRequest  *request,
                     GCancellable         *cancellable,
                     SluiceReply         **reply,
                     GError              **error)
{
  g_autoptr(SluiceFetch) fetch = NULL;
  GInputStream *stream = NULL;
  SluiceCarriage *carriage;

  g_return_val_if_fail (SLUICE_IS_FETCHER (self), NULL);
  g_return_val_if_fail (request != NULL && request->method != NULL && request->path != NULL, NULL);
  g_return_val_if_fail (request->claim == NULL, NULL);
  g_return_val_if_fail (!g_main_context_is_owner (self->home), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  fetch = sluice_fetch_new (self->home);
  sluice_fetch_post (fetch, call_cb, call_new (self, fetch, request, cancellable));

  while (stream == NULL && (carriage = sluice_fetch_wait (fetch, cancellable, error)) != NULL)
    {
      g_main_context_push_thread_default (self->context);
      stream = serve (self, fetch, carriage, reply);
      g_main_context_pop_thread_default (self->context);
    }

  return stream;
}

/**
 * sluice_fetcher_is_worth_again:
 * @error: from sluice_fetcher_open() or from reading the body
 *
 * Returns: whether the same call may go well the next time: the connection was
 *   lost, the body was cut off or damaged, the server did not answer in time
 */
gboolean
sluice_fetcher_is_worth_again (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE) ||
         g_strcmp0 (sluice_error_get_server_code (error), SLUICE_PROBLEM_DAMAGED) == 0;
}
