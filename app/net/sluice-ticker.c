/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-ticker.h"

#define INTERVAL (G_USEC_PER_SEC / 10)

static gboolean
tick_cb (gpointer user_data)
{
  SluiceTicker *self = user_data;
  g_autoptr(GObject) object = g_object_ref (self->object);

  self->armed = FALSE;
  self->last = sluice_clock_get_monotonic (self->clock);

  g_object_freeze_notify (object);
  for (guint i = 0; i < self->n_pspecs; i++)
    g_object_notify_by_pspec (object, self->pspecs[i]);
  g_object_thaw_notify (object);

  return G_SOURCE_CONTINUE;
}

/**
 * sluice_ticker_init:
 * @self: memory for a ticker
 * @object: the object that owns it
 * @clock: where time comes from
 * @pspecs: (array length=n_pspecs): the properties to notify
 * @n_pspecs: how many
 *
 * Attaches the ticker to the thread's default main context.
 */
void
sluice_ticker_init (SluiceTicker  *self,
                    GObject       *object,
                    SluiceClock   *clock,
                    GParamSpec   **pspecs,
                    guint          n_pspecs)
{
  self->object = object;
  self->clock = g_object_ref (clock);
  self->pspecs = pspecs;
  self->n_pspecs = n_pspecs;
  self->last = -INTERVAL;
  self->source = sluice_clock_create_source (clock);
  g_source_set_callback (self->source, tick_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * sluice_ticker_clear:
 * @self: a ticker
 *
 * Stops it for good.
 */
void
sluice_ticker_clear (SluiceTicker *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);

  g_clear_pointer (&self->source, g_source_unref);
  g_clear_object (&self->clock);
}

/**
 * sluice_ticker_touch:
 * @self: a ticker
 *
 * Says that something changed. Costs next to nothing while nobody watches.
 */
void
sluice_ticker_touch (SluiceTicker *self)
{
  static guint notify_id;

  if (self->armed || self->source == NULL)
    return;

  if (notify_id == 0)
    notify_id = g_signal_lookup ("notify", G_TYPE_OBJECT);

  if (g_signal_handler_find (self->object, G_SIGNAL_MATCH_ID, notify_id, 0, NULL, NULL, NULL) == 0)
    return;

  self->armed = TRUE;
  sluice_clock_set_ready_time (self->clock,
                               self->source,
                               MAX (self->last + INTERVAL, sluice_clock_get_monotonic (self->clock)));
}
