/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fast-clock.h"

#define SPEED 20

typedef struct
{
  GObject parent_instance;

  gint64 monotonic;
  gint64 real;
} FastClock;

typedef struct
{
  GObjectClass parent_class;
} FastClockClass;

static void fast_clock_iface_init (SluiceClockInterface *iface);

static GType fast_clock_get_type (void);

G_DEFINE_TYPE_WITH_CODE (FastClock, fast_clock, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CLOCK, fast_clock_iface_init))

static gint64
get_monotonic (SluiceClock *clock)
{
  FastClock *self = (FastClock *) clock;

  return self->monotonic + (g_get_monotonic_time () - self->monotonic) * SPEED;
}

static gint64
get_real (SluiceClock *clock)
{
  FastClock *self = (FastClock *) clock;

  return self->real + (g_get_monotonic_time () - self->monotonic) * SPEED;
}

static GSource *
create_source (SluiceClock *clock)
{
  return sluice_clock_create_source (sluice_clock_get_system ());
}

static void
set_ready_time (SluiceClock *clock,
                GSource     *source,
                gint64       ready_time)
{
  FastClock *self = (FastClock *) clock;

  if (ready_time > self->monotonic)
    ready_time = self->monotonic + (ready_time - self->monotonic + SPEED - 1) / SPEED;

  sluice_clock_set_ready_time (sluice_clock_get_system (), source, ready_time);
}

static void
fast_clock_iface_init (SluiceClockInterface *iface)
{
  iface->get_monotonic = get_monotonic;
  iface->get_real = get_real;
  iface->create_source = create_source;
  iface->set_ready_time = set_ready_time;
}

static void
fast_clock_class_init (FastClockClass *klass)
{
}

static void
fast_clock_init (FastClock *self)
{
  self->monotonic = g_get_monotonic_time ();
  self->real = g_get_real_time ();
}

SluiceClock *
fast_clock_new (void)
{
  return g_object_new (fast_clock_get_type (), NULL);
}
