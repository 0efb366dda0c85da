/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-waiting.h"

#include <glib/gi18n.h>

#include "sluice-delay.h"
#include "sluice-error.h"
#include "sluice-post.h"

/* What the waiting thread and the main context share. It lives on the thread's stack: the thread waits until done. */
typedef struct
{
  /* Inputs */
  SluiceClient *client;
  const SluiceRequest *request; /* (nullable) */
  const char *path;             /* (nullable) */
  gint64 delay;
  GCancellable *cancellable;    /* (nullable) */

  /* Results */
  SluiceReply *reply;           /* (nullable) */
  GError *error;                /* (nullable) */

  GInputStream *stream;         /* (nullable) */
  GMutex mutex;
  GCond cond;
  gboolean done;
} Handoff;

static void
finish (Handoff *handoff)
{
  /* Unlocked by the last touch: the thread's stack is gone soon after. */
  g_mutex_lock (&handoff->mutex);
  handoff->done = TRUE;
  g_cond_signal (&handoff->cond);
  g_mutex_unlock (&handoff->mutex);
}

static void
wait_for_main (Handoff     *handoff,
               GSourceFunc  start)
{
  g_assert (!g_main_context_is_owner (g_main_context_default ()));

  g_mutex_init (&handoff->mutex);
  g_cond_init (&handoff->cond);
  sluice_post (NULL, start, handoff);

  g_mutex_lock (&handoff->mutex);
  while (!handoff->done)
    g_cond_wait (&handoff->cond, &handoff->mutex);
  g_mutex_unlock (&handoff->mutex);

  g_mutex_clear (&handoff->mutex);
  g_cond_clear (&handoff->cond);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Handoff *handoff = user_data;

  handoff->reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &handoff->error);
  finish (handoff);
}

static gboolean
send_cb (gpointer user_data)
{
  Handoff *handoff = user_data;

  sluice_client_send_async (handoff->client, handoff->request, handoff->cancellable, sent_cb, handoff);

  return G_SOURCE_REMOVE;
}

/**
 * sluice_waiting_send:
 * @client: a client
 * @request: the call
 * @cancellable: (nullable): ends the call, whatever it is doing
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Does what sluice_client_send_async() does for a worker thread, which waits.
 * The main context must go on running.
 *
 * Returns: (transfer full) (nullable): the answer
 */
SluiceReply *
sluice_waiting_send (SluiceClient         *client,
                     const SluiceRequest  *request,
                     GCancellable         *cancellable,
                     GError              **error)
{
  Handoff handoff = { .client = client, .request = request, .cancellable = cancellable };

  wait_for_main (&handoff, send_cb);
  if (handoff.error != NULL)
    g_propagate_error (error, handoff.error);

  return handoff.reply;
}

static void
explain (Handoff *handoff)
{
  g_autoptr(GError) cause = g_steal_pointer (&handoff->error);

  if (cause->domain == SLUICE_ERROR || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    handoff->error = g_steal_pointer (&cause);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    handoff->error = g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                                          _("The records cannot be written because the disk is full. Free some space, "
                                            "then try again."));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    handoff->error = g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_OFFLINE,
                                          _("The connection was lost in the middle of the answer. Try again."));
  else
    handoff->error = g_error_new (SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                                  /* Translators: the placeholder is the system's own text */
                                  _("The records cannot be written: %s"), cause->message);
}

static void
spliced_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Handoff *handoff = user_data;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (object), result, &handoff->error) < 0)
    explain (handoff);

  g_clear_object (&handoff->stream);
  finish (handoff);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Handoff *handoff = user_data;
  GFile *file = G_FILE (object);
  g_autoptr(GFileOutputStream) output = g_file_replace_finish (file, result, &handoff->error);

  if (output == NULL)
    {
      explain (handoff);
      g_clear_object (&handoff->stream);
      finish (handoff);
      return;
    }

  g_output_stream_splice_async (G_OUTPUT_STREAM (output), handoff->stream,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, handoff->cancellable, spliced_cb, handoff);
}

static void
streamed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Handoff *handoff = user_data;
  g_autoptr(GFile) file = g_file_new_for_path (handoff->path);

  handoff->stream = sluice_client_stream_finish (SLUICE_CLIENT (object), result, &handoff->reply, &handoff->error);
  if (handoff->stream == NULL)
    finish (handoff);
  else
    g_file_replace_async (file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                          G_PRIORITY_DEFAULT, handoff->cancellable, opened_cb, handoff);
}

static gboolean
stream_cb (gpointer user_data)
{
  Handoff *handoff = user_data;

  sluice_client_stream_async (handoff->client, handoff->request, handoff->cancellable, streamed_cb, handoff);

  return G_SOURCE_REMOVE;
}

/**
 * sluice_waiting_download:
 * @client: a client
 * @request: the call
 * @path: a file, which is made or written over, readable by its owner only
 * @cancellable: (nullable): ends the call, whatever it is doing
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Writes an answer of any size to a file, while it comes. When that fails the
 * file holds a part of it at most.
 *
 * Returns: whether all of it is in the file
 */
gboolean
sluice_waiting_download (SluiceClient         *client,
                         const SluiceRequest  *request,
                         const char           *path,
                         GCancellable         *cancellable,
                         GError              **error)
{
  Handoff handoff = { .client = client, .request = request, .path = path, .cancellable = cancellable };

  wait_for_main (&handoff, stream_cb);
  g_clear_pointer (&handoff.reply, sluice_reply_free);

  if (handoff.error == NULL)
    return TRUE;

  g_propagate_error (error, handoff.error);

  return FALSE;
}

static void
paused_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Handoff *handoff = user_data;

  sluice_delay_finish (result, &handoff->error);
  finish (handoff);
}

static gboolean
pause_cb (gpointer user_data)
{
  Handoff *handoff = user_data;
  g_autoptr(SluiceClock) clock = NULL;

  g_object_get (handoff->client, "clock", &clock, NULL);
  sluice_delay_async (clock, handoff->delay, handoff->cancellable, paused_cb, handoff);

  return G_SOURCE_REMOVE;
}

/**
 * sluice_waiting_pause:
 * @client: a client, by whose clock it is
 * @microseconds: how long
 * @cancellable: (nullable): ends the wait
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the time is over
 */
gboolean
sluice_waiting_pause (SluiceClient  *client,
                      gint64         microseconds,
                      GCancellable  *cancellable,
                      GError       **error)
{
  Handoff handoff = { .client = client, .delay = microseconds, .cancellable = cancellable };

  wait_for_main (&handoff, pause_cb);
  if (handoff.error == NULL)
    return TRUE;

  g_propagate_error (error, handoff.error);

  return FALSE;
}
