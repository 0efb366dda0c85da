/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-usage-group"

#include "config.h"

#include "sluice-usage-group.h"

#include <glib/gi18n.h>

#include "sluice-format.h"
#include "sluice-gauge.h"

/* How often the countdown to the next call moves while calls wait, in milliseconds. */
#define TICK 500

/**
 * SluiceUsageGroup:
 *
 * Live gauges of a throttle and of its org's day.
 *
 * Property: `throttle` (nullable SluiceThrottle); the budget is the
 * throttle's.
 */
struct _SluiceUsageGroup
{
  AdwPreferencesGroup parent_instance;

  SluiceThrottle *throttle;
  GSignalGroup *throttle_signals;
  GSignalGroup *budget_signals;
  guint tick;

  SluiceGauge *throttle_gauge;
  SluiceGauge *budget_gauge;
};

enum
{
  PROP_0,
  PROP_THROTTLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceUsageGroup, sluice_usage_group, ADW_TYPE_PREFERENCES_GROUP)

static char *
dup_pause (SluiceThrottle *throttle,
           gint64          now)
{
  gint64 until = sluice_throttle_get_paused_until (throttle);
  g_autofree char *wait = NULL;

  if (until == 0 || (until != G_MAXINT64 && until <= now))
    return NULL;

  switch (sluice_throttle_get_pause_reason (throttle))
    {
    case SLUICE_PAUSE_USER:
      return g_strdup (_("Background work is held back"));

    case SLUICE_PAUSE_DAILY_LIMIT:
      return g_strdup (_("Background work waits: the org’s calls of the day are used up"));

    case SLUICE_PAUSE_CONCURRENT_LIMIT:
      wait = sluice_format_wait (until - now);
      return g_strdup_printf (_("Waits %s: the org runs too many long calls at once"), wait);

    case SLUICE_PAUSE_UNAVAILABLE:
      wait = sluice_format_wait (until - now);
      return g_strdup_printf (_("Waits %s: the server is down or overloaded"), wait);

    case SLUICE_PAUSE_NONE:
    default:
      return NULL;
    }
}

static char *
dup_in_flight (SluiceThrottle *throttle)
{
  g_autofree char *use = sluice_format_use (sluice_throttle_get_in_flight (throttle),
                                            sluice_throttle_get_concurrent_limit (throttle));

  /* Translators: calls that were sent and not answered yet, such as "2 of 10 in flight" */
  return g_strdup_printf (_("%s in flight"), use);
}

static char *
dup_waiting (SluiceThrottle *throttle,
             gint64          now)
{
  guint waiting = sluice_throttle_get_waiting (throttle);
  gint64 next_slot = sluice_throttle_get_next_slot (throttle);
  g_autofree char *count = sluice_format_number (waiting);
  g_autofree char *next = sluice_format_wait (next_slot - now);
  g_autofree char *drain = sluice_format_wait (sluice_throttle_get_drain_time (throttle));

  if (waiting == 0)
    return g_strdup (_("none waiting"));

  if (next_slot == 0)
    return g_strdup_printf (ngettext ("%s waiting", "%s waiting", waiting), count);

  /* Translators: a number of calls, the time until the next one may start, the time until all have started */
  return g_strdup_printf (ngettext ("%s waiting, next in %s, all started in %s",
                                    "%s waiting, next in %s, all started in %s", waiting),
                          count, next, drain);
}

static void
show_throttle (SluiceUsageGroup *self)
{
  g_autoptr(SluiceClock) clock = NULL;
  g_autofree char *use = NULL;
  g_autofree char *value = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *in_flight = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *pause = NULL;
  guint limit = sluice_throttle_get_limit (self->throttle);
  guint seconds = sluice_throttle_get_seconds (self->throttle);
  guint used = sluice_throttle_get_used_in_window (self->throttle);
  gint64 now;

  g_object_get (self->throttle, "clock", &clock, NULL);
  now = sluice_clock_get_monotonic (clock);

  use = sluice_format_use (used, limit);
  if (limit == 0)
    value = g_strdup (_("No limit"));
  else
    /* Translators: such as "37 of 500 in 60 s" */
    value = g_strdup_printf (_("%s in %u s"), use, seconds);

  in_flight = dup_in_flight (self->throttle);
  waiting = dup_waiting (self->throttle, now);
  pause = dup_pause (self->throttle, now);
  /* Translators: calls in flight, calls waiting */
  detail = pause != NULL ? g_strdup_printf ("%s\n%s · %s", pause, in_flight, waiting)
                         : g_strdup_printf ("%s · %s", in_flight, waiting);

  sluice_gauge_show (self->throttle_gauge, value, limit == 0 ? -1 : (double) used / limit, detail);
}

static char *
dup_budget_detail (SluiceBudget *budget)
{
  guint64 app_limit = sluice_budget_get_app_limit (budget);
  guint64 reserve = sluice_budget_get_reserve (budget);
  g_autofree char *app_use = sluice_format_use (sluice_budget_get_app_used (budget), app_limit);
  g_autofree char *reserve_text = sluice_format_number (reserve);
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new ();
  g_auto(GStrv) strv = NULL;

  switch (sluice_budget_get_state (budget))
    {
    case SLUICE_BUDGET_WARNING:
      g_strv_builder_add (lines, _("More than 80 % are used; background work pauses at 95 %"));
      break;
    case SLUICE_BUDGET_BACKGROUND_PAUSED:
      g_strv_builder_add (lines, _("More than 95 % are used; background work pauses until it is below 75 %"));
      break;
    case SLUICE_BUDGET_EXHAUSTED:
      g_strv_builder_add (lines, _("Nothing is left; the org refuses calls until older ones are a day old"));
      break;
    case SLUICE_BUDGET_OK:
    case SLUICE_BUDGET_UNKNOWN:
    default:
      break;
    }

  if (app_limit > 0)
    g_strv_builder_take (lines, g_strdup_printf (_("This app’s own quota: %s"), app_use));
  if (reserve > 0)
    g_strv_builder_take (lines, g_strdup_printf (_("Left to others: %s"), reserve_text));

  strv = g_strv_builder_end (lines);

  return g_strjoinv ("\n", strv);
}

static void
show_budget (SluiceUsageGroup *self)
{
  SluiceBudget *budget = sluice_throttle_get_budget (self->throttle);
  g_autofree char *use = NULL;
  g_autofree char *percent = NULL;
  g_autofree char *value = NULL;
  g_autofree char *detail = NULL;
  guint64 used;
  guint64 limit;

  if (budget == NULL || sluice_budget_get_limit (budget) == 0)
    {
      sluice_gauge_show (self->budget_gauge, _("Not known yet"), -1, NULL);
      return;
    }

  used = sluice_budget_get_used (budget);
  limit = sluice_budget_get_limit (budget);
  use = sluice_format_use (used, limit);
  percent = sluice_format_percent ((double) used / limit);
  /* Translators: how many of the org's daily calls are used, and the same in per cent */
  value = g_strdup_printf (_("%s · %s"), use, percent);
  detail = dup_budget_detail (budget);

  sluice_gauge_show (self->budget_gauge, value, (double) used / limit, detail);
}

static gboolean
tick_cb (gpointer user_data)
{
  SluiceUsageGroup *self = user_data;

  if (sluice_throttle_get_waiting (self->throttle) == 0 && sluice_throttle_get_paused_until (self->throttle) == 0)
    {
      self->tick = 0;
      return G_SOURCE_REMOVE;
    }

  show_throttle (self);

  return G_SOURCE_CONTINUE;
}

static void
update_tick (SluiceUsageGroup *self)
{
  gboolean wanted = self->throttle != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
                    (sluice_throttle_get_waiting (self->throttle) > 0 ||
                     sluice_throttle_get_paused_until (self->throttle) != 0);

  if (wanted && self->tick == 0)
    self->tick = g_timeout_add (TICK, tick_cb, self);
  else if (!wanted)
    g_clear_handle_id (&self->tick, g_source_remove);
}

static void
throttle_changed_cb (SluiceUsageGroup *self)
{
  g_signal_group_set_target (self->budget_signals, sluice_throttle_get_budget (self->throttle));

  show_throttle (self);
  show_budget (self);
  update_tick (self);
}

static void
budget_changed_cb (SluiceUsageGroup *self)
{
  show_budget (self);
}

static void
set_throttle (SluiceUsageGroup *self,
              SluiceThrottle   *throttle)
{
  if (!g_set_object (&self->throttle, throttle))
    return;

  g_clear_handle_id (&self->tick, g_source_remove);
  g_signal_group_set_target (self->throttle_signals, throttle);
  g_signal_group_set_target (self->budget_signals, NULL);

  if (throttle != NULL)
    throttle_changed_cb (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THROTTLE]);
}

static void
sluice_usage_group_map (GtkWidget *widget)
{
  SluiceUsageGroup *self = SLUICE_USAGE_GROUP (widget);

  GTK_WIDGET_CLASS (sluice_usage_group_parent_class)->map (widget);

  if (self->throttle != NULL)
    throttle_changed_cb (self);
}

static void
sluice_usage_group_unmap (GtkWidget *widget)
{
  SluiceUsageGroup *self = SLUICE_USAGE_GROUP (widget);

  GTK_WIDGET_CLASS (sluice_usage_group_parent_class)->unmap (widget);

  g_clear_handle_id (&self->tick, g_source_remove);
}

static void
sluice_usage_group_dispose (GObject *object)
{
  SluiceUsageGroup *self = SLUICE_USAGE_GROUP (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->throttle_signals);
  g_clear_object (&self->budget_signals);
  g_clear_object (&self->throttle);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_USAGE_GROUP);

  G_OBJECT_CLASS (sluice_usage_group_parent_class)->dispose (object);
}

static void
sluice_usage_group_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceUsageGroup *self = SLUICE_USAGE_GROUP (object);

  switch (prop_id)
    {
    case PROP_THROTTLE:
      g_value_set_object (value, self->throttle);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_usage_group_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  SluiceUsageGroup *self = SLUICE_USAGE_GROUP (object);

  switch (prop_id)
    {
    case PROP_THROTTLE:
      set_throttle (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_usage_group_class_init (SluiceUsageGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_usage_group_dispose;
  object_class->get_property = sluice_usage_group_get_property;
  object_class->set_property = sluice_usage_group_set_property;

  widget_class->map = sluice_usage_group_map;
  widget_class->unmap = sluice_usage_group_unmap;

  properties[PROP_THROTTLE] =
    g_param_spec_object ("throttle", NULL, NULL,
                         SLUICE_TYPE_THROTTLE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_GAUGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-usage-group.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceUsageGroup, budget_gauge);
  gtk_widget_class_bind_template_child (widget_class, SluiceUsageGroup, throttle_gauge);
}

static void
sluice_usage_group_init (SluiceUsageGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->throttle_signals = g_signal_group_new (SLUICE_TYPE_THROTTLE);
  g_signal_group_connect_swapped (self->throttle_signals, "notify", G_CALLBACK (throttle_changed_cb), self);
  self->budget_signals = g_signal_group_new (SLUICE_TYPE_BUDGET);
  g_signal_group_connect_swapped (self->budget_signals, "notify", G_CALLBACK (budget_changed_cb), self);
}
