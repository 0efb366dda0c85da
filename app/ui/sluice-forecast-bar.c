/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-forecast-bar.h"

#include <glib/gi18n.h>

#include "sluice-format.h"

/* Counting that is done sooner needs no word about it. */
#define PATIENCE_MS 700

/**
 * SluiceForecastBar:
 *
 * Tells what a big query costs, before it runs. Nobody has to answer: another
 * query may be written instead.
 */
struct _SluiceForecastBar
{
  AdwBin parent_instance;

  guint timeout_id;

  GtkImage *icon;
  GtkLabel *cost_label;
  GtkLabel *title_label;
  GtkRevealer *revealer;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (SluiceForecastBar, sluice_forecast_bar, ADW_TYPE_BIN)

static void
reveal (SluiceForecastBar *self,
        gboolean           counting)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), counting);
  gtk_spinner_set_spinning (self->spinner, counting);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !counting);
  gtk_widget_set_visible (GTK_WIDGET (self->cost_label), !counting);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

static void
counting_cb (gpointer user_data)
{
  SluiceForecastBar *self = user_data;

  self->timeout_id = 0;
  gtk_label_set_label (self->title_label, _("Counting the records…"));
  reveal (self, TRUE);
}

static char *
format_calls (const SluiceTransferForecast *forecast)
{
  g_autofree char *calls = sluice_format_number (forecast->calls);

  if (forecast->transport == SLUICE_TRANSPORT_BULK)
    /* Translators: %s is a number */
    return g_strdup_printf (ngettext ("about %s call of the Bulk API", "about %s calls of the Bulk API", forecast->calls),
                            calls);

  /* Translators: %s is a number */
  return g_strdup_printf (ngettext ("about %s call of the REST API", "about %s calls of the REST API", forecast->calls),
                          calls);
}

static char *
format_calls_left (const SluiceTransferForecast *forecast)
{
  g_autofree char *left = NULL;

  if (forecast->calls_left < 0)
    return NULL;

  left = sluice_format_number (forecast->calls_left);

  if (!forecast->fits)
    /* Translators: %s is a number */
    return g_strdup_printf (ngettext ("more than the %s call that is left today",
                                      "more than the %s calls that are left today", (gulong) forecast->calls_left), left);

  /* Translators: %s is a number */
  return g_strdup_printf (ngettext ("%s call left today", "%s calls left today", (gulong) forecast->calls_left), left);
}

static char *
format_time (const SluiceTransferForecast *forecast)
{
  g_autofree char *time = NULL;

  if (forecast->duration < G_USEC_PER_SEC)
    return NULL;

  time = sluice_format_wait (forecast->duration);

  /* Translators: %s is a time, such as 3 min 20 s */
  return g_strdup_printf (_("at least %s, as the throttle allows"), time);
}

static void
add_part (GPtrArray *parts,
          char      *part) /* (transfer full) (nullable) */
{
  if (part != NULL)
    g_ptr_array_add (parts, part);
}

static void
show_forecast (SluiceForecastBar            *self,
               const SluiceTransferForecast *forecast)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_null_terminated (4, g_free, TRUE);
  g_autofree char *rows = sluice_format_number (forecast->rows);
  g_autofree char *title = NULL;
  g_autofree char *cost = NULL;
  g_autofree char *text = NULL;

  /* Translators: %s is a number */
  title = g_strdup_printf (ngettext ("The query finds %s record", "The query finds %s records", (gulong) forecast->rows),
                           rows);
  add_part (parts, format_calls (forecast));
  add_part (parts, format_calls_left (forecast));
  add_part (parts, format_time (forecast));
  cost = g_strjoinv (" · ", (char **) parts->pdata);

  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->cost_label, cost);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->cost_label), forecast->reason);
  gtk_image_set_from_icon_name (self->icon, forecast->fits ? "dialog-information-symbolic" : "dialog-warning-symbolic");
  reveal (self, FALSE);

  text = g_strjoin (", ", title, cost, NULL);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
sluice_forecast_bar_dispose (GObject *object)
{
  SluiceForecastBar *self = SLUICE_FORECAST_BAR (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_FORECAST_BAR);

  G_OBJECT_CLASS (sluice_forecast_bar_parent_class)->dispose (object);
}

static void
sluice_forecast_bar_class_init (SluiceForecastBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_forecast_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-forecast-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceForecastBar, cost_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceForecastBar, icon);
  gtk_widget_class_bind_template_child (widget_class, SluiceForecastBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, SluiceForecastBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceForecastBar, title_label);
}

static void
sluice_forecast_bar_init (SluiceForecastBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows what is known of the query that is asked about; nothing when none is. */
void
sluice_forecast_bar_show (SluiceForecastBar            *self,
                          gboolean                      asking,
                          const SluiceTransferForecast *forecast)
{
  g_return_if_fail (SLUICE_IS_FORECAST_BAR (self));

  g_clear_handle_id (&self->timeout_id, g_source_remove);

  if (forecast != NULL)
    show_forecast (self, forecast);
  else
    gtk_revealer_set_reveal_child (self->revealer, FALSE);

  if (asking && forecast == NULL)
    self->timeout_id = g_timeout_add_once (PATIENCE_MS, counting_cb, self);
}
