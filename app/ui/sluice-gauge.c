/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-gauge"

#include "config.h"

#include "sluice-gauge.h"

/**
 * SluiceGauge:
 *
 * A row that shows how much of a limit is used: in words, as a bar that
 * changes its colour at 80 % and at 95 %, and with a line of detail.
 */
struct _SluiceGauge
{
  AdwPreferencesRow parent_instance;

  GtkLabel *title;
  GtkLabel *value;
  GtkLevelBar *bar;
  GtkLabel *detail;
};

G_DEFINE_FINAL_TYPE (SluiceGauge, sluice_gauge, ADW_TYPE_PREFERENCES_ROW)

static void
sluice_gauge_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLUICE_TYPE_GAUGE);

  G_OBJECT_CLASS (sluice_gauge_parent_class)->dispose (object);
}

static void
sluice_gauge_class_init (SluiceGaugeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_gauge_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-gauge.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceGauge, bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceGauge, detail);
  gtk_widget_class_bind_template_child (widget_class, SluiceGauge, title);
  gtk_widget_class_bind_template_child (widget_class, SluiceGauge, value);
}

static void
sluice_gauge_init (SluiceGauge *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* GTK's own offsets are for batteries, where much is good. */
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_add_offset_value (self->bar, "plenty", 0.8);
  gtk_level_bar_add_offset_value (self->bar, "scarce", 0.95);
  gtk_level_bar_add_offset_value (self->bar, "exhausted", 1);
}

/**
 * sluice_gauge_show:
 * @self: a gauge
 * @value: how much is used, in words
 * @fraction: the same, 0 to 1; negative when there is no limit
 * @detail: (nullable): a line below
 *
 * Shows a state.
 */
void
sluice_gauge_show (SluiceGauge *self,
                   const char  *value,
                   double       fraction,
                   const char  *detail)
{
  g_return_if_fail (SLUICE_IS_GAUGE (self));

  gtk_label_set_label (self->value, value);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), fraction >= 0);
  gtk_level_bar_set_value (self->bar, CLAMP (fraction, 0, 1));
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL && *detail != '\0');
}
