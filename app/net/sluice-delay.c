/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-delay.h"

typedef struct
{
  GSource *ready;
  GSource *cancelled; /* (nullable) */
} Delay;

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
delay_free (Delay *delay)
{
  g_clear_pointer (&delay->ready, destroy_source);
  g_clear_pointer (&delay->cancelled, destroy_source);
  g_free (delay);
}

/* Both sources hold the task; letting go of them here breaks that ring. */
static void
end (GTask *task)
{
  g_autoptr(GTask) alive = g_object_ref (task);
  Delay *delay = g_task_get_task_data (task);

  g_clear_pointer (&delay->ready, destroy_source);
  g_clear_pointer (&delay->cancelled, destroy_source);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

static gboolean
ready_cb (gpointer user_data)
{
  end (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  end (user_data);

  return G_SOURCE_REMOVE;
}

/**
 * sluice_delay_async:
 * @clock: whose time it is
 * @microseconds: how long
 * @cancellable: (nullable): ends the wait early
 * @callback: called in the thread's default context when the time is over
 * @user_data: data for @callback
 *
 * Waits.
 */
void
sluice_delay_async (SluiceClock         *clock,
                    gint64               microseconds,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GMainContext *context;
  Delay *delay;

  g_return_if_fail (SLUICE_IS_CLOCK (clock));
  g_return_if_fail (microseconds >= 0);

  task = g_task_new (clock, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_delay_async);
  context = g_task_get_context (task);
  delay = g_new0 (Delay, 1);
  g_task_set_task_data (task, delay, (GDestroyNotify) delay_free);

  delay->ready = sluice_clock_create_source (clock);
  g_source_set_callback (delay->ready, ready_cb, g_object_ref (task), g_object_unref);
  g_source_attach (delay->ready, context);

  if (cancellable != NULL)
    {
      delay->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (delay->cancelled, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task), g_object_unref);
      g_source_attach (delay->cancelled, context);
    }

  sluice_clock_set_ready_time (clock, delay->ready, sluice_clock_get_monotonic (clock) + microseconds);
}

/**
 * sluice_delay_finish:
 * @result: what the callback got
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the time is over
 */
gboolean
sluice_delay_finish (GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
