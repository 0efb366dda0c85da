/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "manual-clock.h"

struct _ManualClock
{
  GObject parent_instance;

  gint64 now;
  GPtrArray *sources; /* of (unowned) ManualSource */
};

typedef struct
{
  GSource parent_instance;
  ManualClock *clock; /* (owned) */
  gint64 at; /* -1 = never */
} ManualSource;

static void manual_clock_iface_init (SluiceClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ManualClock, manual_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CLOCK, manual_clock_iface_init))

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  ManualSource *self = (ManualSource *) source;

  self->at = -1;
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static void
source_finalize (GSource *source)
{
  ManualSource *self = (ManualSource *) source;

  g_ptr_array_remove (self->clock->sources, self);
  g_clear_object (&self->clock);
}

static GSourceFuncs source_funcs = {
  .dispatch = source_dispatch,
  .finalize = source_finalize,
};

static gint64
manual_clock_get_monotonic (SluiceClock *clock)
{
  return MANUAL_CLOCK (clock)->now;
}

static gint64
manual_clock_get_real (SluiceClock *clock)
{
  return G_GINT64_CONSTANT (1795437845000000) + MANUAL_CLOCK (clock)->now;
}

static GSource *
manual_clock_create_source (SluiceClock *clock)
{
  GSource *source = g_source_new (&source_funcs, sizeof (ManualSource));
  ManualSource *self = (ManualSource *) source;

  self->clock = MANUAL_CLOCK (g_object_ref (clock));
  self->at = -1;
  g_ptr_array_add (self->clock->sources, self);

  return source;
}

static void
manual_clock_set_ready_time (SluiceClock *clock,
                             GSource     *source,
                             gint64       ready_time)
{
  ManualSource *self = (ManualSource *) source;

  self->at = ready_time;
  g_source_set_ready_time (source, ready_time >= 0 && ready_time <= self->clock->now ? 0 : -1);
}

static void
manual_clock_iface_init (SluiceClockInterface *iface)
{
  iface->get_monotonic = manual_clock_get_monotonic;
  iface->get_real = manual_clock_get_real;
  iface->create_source = manual_clock_create_source;
  iface->set_ready_time = manual_clock_set_ready_time;
}

static void
manual_clock_finalize (GObject *object)
{
  g_ptr_array_unref (MANUAL_CLOCK (object)->sources);

  G_OBJECT_CLASS (manual_clock_parent_class)->finalize (object);
}

static void
manual_clock_class_init (ManualClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = manual_clock_finalize;
}

static void
manual_clock_init (ManualClock *self)
{
  self->now = G_USEC_PER_SEC;
  self->sources = g_ptr_array_new ();
}

ManualClock *
manual_clock_new (void)
{
  return g_object_new (MANUAL_TYPE_CLOCK, NULL);
}

/* Moves to the next time at which a source is due, @until at most, and
 * dispatches the default context until it is quiet. FALSE when at @until. */
gboolean
manual_clock_step (ManualClock *self,
                   gint64       until)
{
  gint64 next = until;

  while (g_main_context_iteration (NULL, FALSE))
    ;

  for (guint i = 0; i < self->sources->len; i++)
    {
      ManualSource *source = g_ptr_array_index (self->sources, i);

      if (source->at >= 0)
        next = MIN (next, source->at);
    }

  self->now = MAX (self->now, next);

  for (guint i = 0; i < self->sources->len; i++)
    {
      ManualSource *source = g_ptr_array_index (self->sources, i);

      if (source->at >= 0 && source->at <= self->now)
        g_source_set_ready_time ((GSource *) source, 0);
    }

  while (g_main_context_iteration (NULL, FALSE))
    ;

  return self->now < until;
}

void
manual_clock_advance (ManualClock *self,
                      gint64       microseconds)
{
  gint64 until = self->now + microseconds;

  while (manual_clock_step (self, until))
    ;
}
