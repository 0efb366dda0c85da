/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-call-stream.h"

#include "sluice-session.h"
#include "sluice-transport-error.h"

struct _SluiceCallStream
{
  GFilterInputStream parent_instance;

  SoupMessage *message;
  GMainContext *context;     /* (nullable): the thread's default while the base is touched */
  SluiceCallStreamFunc func; /* (nullable): once called */
  gpointer user_data;
  guint64 bytes;
  gboolean at_end;
};

G_DEFINE_FINAL_TYPE (SluiceCallStream, sluice_call_stream, G_TYPE_FILTER_INPUT_STREAM)

static void
enter (SluiceCallStream *self)
{
  if (self->context != NULL)
    g_main_context_push_thread_default (self->context);
}

static void
leave (SluiceCallStream *self)
{
  if (self->context != NULL)
    g_main_context_pop_thread_default (self->context);
}

static void
end (SluiceCallStream *self,
     const GError     *error)
{
  SluiceCallStreamFunc func = g_steal_pointer (&self->func);

  if (func != NULL)
    func (self->bytes, error, self->user_data);
}

static void
end_unwanted (SluiceCallStream *self)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed before its end");

  end (self, error);
}

/* What comes of reading: an error is told in words, and ends the call as the end of the body does. */
static gssize
note_read (SluiceCallStream  *self,
           gssize             n_read,
           gsize              wanted,
           GError            *cause, /* (transfer full) (nullable) */
           GError           **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  g_autoptr(GError) own = cause;
  GError *told;

  if (n_read > 0)
    self->bytes += (guint64) n_read;

  if (n_read == 0 && wanted > 0)
    {
      self->at_end = TRUE;
      /* libsoup gives the connection back only then. */
      g_input_stream_close (g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self)), NULL, NULL);
      if (sluice_session_check_length (self->message, &own))
        end (self, NULL);
    }

  if (own == NULL)
    return n_read;

  told = sluice_transport_error_new_broken (own, soup_message_get_status (self->message),
                                            soup_message_headers_get_one (headers, "X-Sfdc-Request-Id"));
  end (self, told);
  g_propagate_error (error, told);

  return -1;
}

static gssize
sluice_call_stream_read (GInputStream  *stream,
                         void          *buffer,
                         gsize          count,
                         GCancellable  *cancellable,
                         GError       **error)
{
  SluiceCallStream *self = SLUICE_CALL_STREAM (stream);
  GInputStream *base = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));
  GError *cause = NULL;
  gssize n_read;

  if (self->at_end)
    return 0;

  enter (self);
  n_read = g_input_stream_read (base, buffer, count, cancellable, &cause);
  n_read = note_read (self, n_read, count, cause, error);
  leave (self);

  return n_read;
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceCallStream *self = g_task_get_source_object (task);
  gsize *wanted = g_task_get_task_data (task);
  GError *cause = NULL;
  GError *error = NULL;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &cause);

  n_read = note_read (self, n_read, *wanted, cause, &error);
  if (n_read < 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, n_read);
}

static void
sluice_call_stream_read_async (GInputStream        *stream,
                               void                *buffer,
                               gsize                count,
                               int                  io_priority,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GInputStream *base = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));
  GTask *task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, sluice_call_stream_read_async);
  g_task_set_task_data (task, g_memdup2 (&count, sizeof count), g_free);
  g_task_set_check_cancellable (task, FALSE);

  if (SLUICE_CALL_STREAM (stream)->at_end)
    {
      g_task_return_int (task, 0);
      g_object_unref (task);
      return;
    }

  g_input_stream_read_async (base, buffer, count, io_priority, cancellable, read_cb, task);
}

static gssize
sluice_call_stream_read_finish (GInputStream  *stream,
                                GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
sluice_call_stream_close (GInputStream  *stream,
                          GCancellable  *cancellable,
                          GError       **error)
{
  SluiceCallStream *self = SLUICE_CALL_STREAM (stream);
  gboolean closed;

  end_unwanted (self);
  enter (self);
  closed = G_INPUT_STREAM_CLASS (sluice_call_stream_parent_class)->close_fn (stream, cancellable, error);
  leave (self);

  return closed;
}

static void
close_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_input_stream_close_finish (G_INPUT_STREAM (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The default would close, and so end the call, in another thread. */
static void
sluice_call_stream_close_async (GInputStream        *stream,
                                int                  io_priority,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GInputStream *base = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));
  GTask *task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, sluice_call_stream_close_async);
  g_task_set_check_cancellable (task, FALSE);
  end_unwanted (SLUICE_CALL_STREAM (stream));
  g_input_stream_close_async (base, io_priority, cancellable, close_cb, task);
}

static gboolean
sluice_call_stream_close_finish (GInputStream  *stream,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sluice_call_stream_dispose (GObject *object)
{
  SluiceCallStream *self = SLUICE_CALL_STREAM (object);

  end_unwanted (self);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (sluice_call_stream_parent_class)->dispose (object);
}

static void
sluice_call_stream_finalize (GObject *object)
{
  g_clear_pointer (&SLUICE_CALL_STREAM (object)->context, g_main_context_unref);

  G_OBJECT_CLASS (sluice_call_stream_parent_class)->finalize (object);
}

static void
sluice_call_stream_class_init (SluiceCallStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sluice_call_stream_dispose;
  G_OBJECT_CLASS (klass)->finalize = sluice_call_stream_finalize;
  stream_class->read_fn = sluice_call_stream_read;
  stream_class->read_async = sluice_call_stream_read_async;
  stream_class->read_finish = sluice_call_stream_read_finish;
  stream_class->close_fn = sluice_call_stream_close;
  stream_class->close_async = sluice_call_stream_close_async;
  stream_class->close_finish = sluice_call_stream_close_finish;
}

static void
sluice_call_stream_init (SluiceCallStream *self)
{
}

/**
 * sluice_call_stream_new:
 * @base: the body
 * @message: whose body it is
 * @func: ends the call
 * @user_data: data for @func
 *
 * Returns: (transfer full): a stream that calls @func once, when it ends
 */
GInputStream *
sluice_call_stream_new (GInputStream         *base,
                        SoupMessage          *message,
                        SluiceCallStreamFunc  func,
                        gpointer              user_data)
{
  SluiceCallStream *self;

  g_return_val_if_fail (G_IS_INPUT_STREAM (base), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_CALL_STREAM, "base-stream", base, NULL);
  self->message = g_object_ref (message);
  self->func = func;
  self->user_data = user_data;

  return G_INPUT_STREAM (self);
}

/**
 * sluice_call_stream_set_context:
 * @self: a stream
 * @context: the thread's default main context while the call was sent
 *
 * Says where libsoup put the sources of the call. It insists on the same
 * while the body is read; only for reading that blocks.
 */
void
sluice_call_stream_set_context (SluiceCallStream *self,
                                GMainContext     *context)
{
  g_return_if_fail (SLUICE_IS_CALL_STREAM (self));
  g_return_if_fail (context != NULL && self->context == NULL);

  self->context = g_main_context_ref (context);
}
