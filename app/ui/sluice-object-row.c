/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-object-row"

#include "config.h"

#include "sluice-object-row.h"

#include <glib/gi18n.h>

#include "sluice-format.h"

/**
 * SluiceObjectRow:
 *
 * An object in the list of objects: its label and API name, whether it is
 * custom, and how many records it has, when somebody asked.
 */
struct _SluiceObjectRow
{
  AdwBin parent_instance;

  SluiceObjectItem *item; /* (nullable) */
  GSignalGroup *item_signals;

  GtkInscription *label;
  GtkInscription *name;
  GtkLabel *count_label;
  GtkLabel *custom_label;
};

G_DEFINE_FINAL_TYPE (SluiceObjectRow, sluice_object_row, ADW_TYPE_BIN)

static void
show_count (SluiceObjectRow *self)
{
  g_autofree char *text = NULL;
  gint64 count = -1;

  if (self->item != NULL)
    g_object_get (self->item, "count", &count, NULL);
  if (count >= 0)
    text = sluice_format_number (count);

  gtk_label_set_label (self->count_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->count_label), text != NULL);
}

static void
sluice_object_row_dispose (GObject *object)
{
  SluiceObjectRow *self = SLUICE_OBJECT_ROW (object);

  if (self->item_signals != NULL)
    g_signal_group_set_target (self->item_signals, NULL);
  g_clear_object (&self->item_signals);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_OBJECT_ROW);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (sluice_object_row_parent_class)->dispose (object);
}

static void
sluice_object_row_class_init (SluiceObjectRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_object_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-object-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectRow, count_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectRow, custom_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectRow, label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectRow, name);
}

static void
sluice_object_row_init (SluiceObjectRow *self)
{
  self->item_signals = g_signal_group_new (SLUICE_TYPE_OBJECT_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::count", G_CALLBACK (show_count), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
sluice_object_row_new (void)
{
  return g_object_new (SLUICE_TYPE_OBJECT_ROW, NULL);
}

void
sluice_object_row_set_item (SluiceObjectRow  *self,
                            SluiceObjectItem *item)
{
  SluiceObjectInfo *info;

  g_return_if_fail (SLUICE_IS_OBJECT_ROW (self));

  if (!g_set_object (&self->item, item))
    return;

  g_signal_group_set_target (self->item_signals, item);
  info = item != NULL ? sluice_object_item_get_info (item) : NULL;
  gtk_inscription_set_text (self->label, info != NULL ? sluice_object_info_get_label (info) : NULL);
  gtk_inscription_set_text (self->name, info != NULL ? sluice_object_info_get_name (info) : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->custom_label),
                          info != NULL && sluice_object_info_has (info, SLUICE_OBJECT_CUSTOM));
  show_count (self);
}
