/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-send.h"

/* A request under way, perhaps longer than anybody waits for it. */
typedef struct
{
  GTask *task;            /* (nullable): once it has returned */
  GCancellable *connecting;
  GSource *cancelled;     /* (nullable) */
  SoupMessage *message;
  gulong starting_id;
  gboolean started;
} Sending;

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
sending_free (Sending *sending)
{
  g_clear_pointer (&sending->cancelled, destroy_source);
  g_clear_signal_handler (&sending->starting_id, sending->message);
  g_clear_object (&sending->task);
  g_clear_object (&sending->connecting);
  g_clear_object (&sending->message);
  g_free (sending);
}

static void
starting_cb (SoupMessage *message,
             Sending     *sending)
{
  sending->started = TRUE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Sending *sending = user_data;
  g_autoptr(GTask) task = NULL;

  g_clear_pointer (&sending->cancelled, destroy_source);

  if (!sending->started)
    {
      g_cancellable_cancel (sending->connecting);
      return G_SOURCE_REMOVE;
    }

  task = g_steal_pointer (&sending->task);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Sending *sending = user_data;
  g_autoptr(GInputStream) stream = NULL;
  GError *error = NULL;

  stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (sending->task == NULL)
    g_clear_error (&error);
  else if (stream != NULL)
    g_task_return_pointer (sending->task, g_steal_pointer (&stream), g_object_unref);
  else
    g_task_return_error (sending->task, error);

  sending_free (sending);
}

/**
 * sluice_send_async:
 * @session: from sluice_session_new()
 * @message: from sluice_session_new_message()
 * @cancellable: (nullable): ends the wait
 * @callback: called once, when the headers have come
 * @user_data: data for @callback
 *
 * Sends a request. Unlike soup_session_send_async() it may be cancelled at any
 * time.
 *
 * libsoup 3.6 takes a request out of its queue twice, and so frees what others
 * still use, when it is cancelled after its answer was seen and before that
 * was told (`run_until_read_done()`). So libsoup hears of a cancellation only
 * while it connects. After that the caller gets the error at once, and the
 * request lives on by itself until its headers come, its connection breaks or
 * the session's time-out strikes; then its connection is closed. @message
 * lives as long.
 */
void
sluice_send_async (SoupSession         *session,
                   SoupMessage         *message,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Sending *sending;

  g_return_if_fail (SOUP_IS_SESSION (session));
  g_return_if_fail (SOUP_IS_MESSAGE (message));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_send_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  sending = g_new0 (Sending, 1);
  sending->connecting = g_cancellable_new ();
  sending->message = g_object_ref (message);
  sending->starting_id = g_signal_connect (message, "starting", G_CALLBACK (starting_cb), sending);

  if (cancellable != NULL)
    {
      sending->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (sending->cancelled, G_SOURCE_FUNC (cancelled_cb), sending, NULL);
      g_source_attach (sending->cancelled, g_task_get_context (task));
    }

  sending->task = g_steal_pointer (&task);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, sending->connecting, sent_cb, sending);
}

/**
 * sluice_send_finish:
 * @result: what the callback got
 * @error: what GIO or libsoup said
 *
 * Returns: (transfer full) (nullable): the body
 */
GInputStream *
sluice_send_finish (GAsyncResult  *result,
                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
