/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-clock.h"

G_DEFINE_INTERFACE (SluiceClock, sluice_clock, G_TYPE_OBJECT)

static void
sluice_clock_default_init (SluiceClockInterface *iface)
{
}

/* The system's clock: GLib's own times and ready times. */

#define SLUICE_TYPE_SYSTEM_CLOCK (sluice_system_clock_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSystemClock, sluice_system_clock, SLUICE, SYSTEM_CLOCK, GObject)

struct _SluiceSystemClock
{
  GObject parent_instance;
};

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  /* Fires once for each ready time; the callback may set the next. */
  g_source_set_ready_time (source, -1);

  return callback != NULL ? callback (user_data) : G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
  .dispatch = source_dispatch,
};

static gint64
system_clock_get_monotonic (SluiceClock *clock)
{
  return g_get_monotonic_time ();
}

static gint64
system_clock_get_real (SluiceClock *clock)
{
  return g_get_real_time ();
}

static GSource *
system_clock_create_source (SluiceClock *clock)
{
  return g_source_new (&source_funcs, sizeof (GSource));
}

static void
system_clock_set_ready_time (SluiceClock *clock,
                             GSource     *source,
                             gint64       ready_time)
{
  g_source_set_ready_time (source, ready_time);
}

static void
system_clock_iface_init (SluiceClockInterface *iface)
{
  iface->get_monotonic = system_clock_get_monotonic;
  iface->get_real = system_clock_get_real;
  iface->create_source = system_clock_create_source;
  iface->set_ready_time = system_clock_set_ready_time;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceSystemClock, sluice_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CLOCK, system_clock_iface_init))

static void
sluice_system_clock_class_init (SluiceSystemClockClass *klass)
{
}

static void
sluice_system_clock_init (SluiceSystemClock *self)
{
}

/**
 * sluice_clock_get_system:
 *
 * Returns the clock of the computer, the same object each time.
 *
 * Returns: (transfer none): the clock
 */
SluiceClock *
sluice_clock_get_system (void)
{
  static SluiceClock *clock;

  if (g_once_init_enter_pointer (&clock))
    g_once_init_leave_pointer (&clock, g_object_new (SLUICE_TYPE_SYSTEM_CLOCK, NULL));

  return clock;
}

/**
 * sluice_clock_get_monotonic:
 * @self: a clock
 *
 * Returns: monotonic time, in microseconds
 */
gint64
sluice_clock_get_monotonic (SluiceClock *self)
{
  return SLUICE_CLOCK_GET_IFACE (self)->get_monotonic (self);
}

/**
 * sluice_clock_get_real:
 * @self: a clock
 *
 * Returns: microseconds since 1970
 */
gint64
sluice_clock_get_real (SluiceClock *self)
{
  return SLUICE_CLOCK_GET_IFACE (self)->get_real (self);
}

/**
 * sluice_clock_create_source:
 * @self: a clock
 *
 * Makes a source that sleeps until sluice_clock_set_ready_time() says when to
 * fire. It fires once for each time set. It needs a callback of the type
 * #GSourceFunc and is to be attached and destroyed by the caller.
 *
 * Returns: (transfer full): the new source
 */
GSource *
sluice_clock_create_source (SluiceClock *self)
{
  g_return_val_if_fail (SLUICE_IS_CLOCK (self), NULL);

  return SLUICE_CLOCK_GET_IFACE (self)->create_source (self);
}

/**
 * sluice_clock_set_ready_time:
 * @self: the clock that made @source
 * @source: a source from sluice_clock_create_source()
 * @ready_time: monotonic time in microseconds, -1 = never
 *
 * Says when @source fires next; a time that has passed means soon. The time
 * is absolute, so that being late once does not make everything later.
 */
void
sluice_clock_set_ready_time (SluiceClock *self,
                             GSource     *source,
                             gint64       ready_time)
{
  g_return_if_fail (SLUICE_IS_CLOCK (self));
  g_return_if_fail (source != NULL);

  SLUICE_CLOCK_GET_IFACE (self)->set_ready_time (self, source, ready_time);
}
