/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-send.h"

typedef struct
{
  GCancellable *cancellable; /* (nullable): the caller's */
  GCancellable *inner;       /* libsoup's */
  gulong cancelled_id;
  GSource *source;           /* (nullable): cancels libsoup's */
} Send;

static void
send_free (Send *send)
{
  if (send->source != NULL)
    g_source_destroy (send->source);
  g_clear_pointer (&send->source, g_source_unref);
  g_clear_object (&send->cancellable);
  g_clear_object (&send->inner);
  g_free (send);
}

static gboolean
cancel_cb (gpointer user_data)
{
  Send *send = user_data;

  g_cancellable_cancel (send->inner);

  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable,
              GTask        *task)
{
  Send *send = g_task_get_task_data (task);

  if (send->source != NULL)
    return;

  send->source = g_idle_source_new ();
  g_source_set_priority (send->source, G_PRIORITY_HIGH_IDLE);
  g_source_set_callback (send->source, cancel_cb, send, NULL);
  g_source_attach (send->source, g_task_get_context (task));
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Send *send = g_task_get_task_data (task);
  g_autoptr(GInputStream) stream = NULL;
  GError *error = NULL;

  if (send->cancellable != NULL)
    g_clear_signal_handler (&send->cancelled_id, send->cancellable);

  stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (stream == NULL)
    g_task_return_error (task, error);
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
}

/**
 * sluice_send_async:
 * @session: a session
 * @message: a request
 * @cancellable: (nullable): ends it
 * @callback: called once, when the headers of the answer are there
 * @user_data: data for @callback
 *
 * Sends a request, as soup_session_send_async() does.
 *
 * libsoup 3.6 takes a request out of its queue twice, and so frees what others
 * still use, when it is cancelled after its answer was seen and before that
 * was told (`run_until_read_done()`). So a cancellation here waits until all
 * that was seen is told.
 */
void
sluice_send_async (SoupSession         *session,
                   SoupMessage         *message,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Send *send;

  g_return_if_fail (SOUP_IS_SESSION (session));
  g_return_if_fail (SOUP_IS_MESSAGE (message));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_send_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  send = g_new0 (Send, 1);
  send->inner = g_cancellable_new ();
  g_task_set_task_data (task, send, (GDestroyNotify) send_free);
  if (g_set_object (&send->cancellable, cancellable))
    send->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);

  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, send->inner, sent_cb, g_steal_pointer (&task));
}

/**
 * sluice_send_finish:
 * @result: what the callback got
 * @error: as of soup_session_send_finish()
 *
 * Returns: (transfer full) (nullable): the body of the answer
 */
GInputStream *
sluice_send_finish (GAsyncResult  *result,
                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
