/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-row.h"

#include <glib/gi18n.h>

/**
 * SluiceQueryRow:
 *
 * A saved query, or one of the history. Its buttons use the actions of the
 * popover around it, by its position there.
 */
struct _SluiceQueryRow
{
  AdwBin parent_instance;

  GtkButton *remove_button;
  GtkButton *rename_button;
  GtkButton *save_button;
  GtkLabel *name_label;
  GtkLabel *text_label;
};

G_DEFINE_FINAL_TYPE (SluiceQueryRow, sluice_query_row, ADW_TYPE_BIN)

static void
sluice_query_row_dispose (GObject *object)
{
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLUICE_TYPE_QUERY_ROW);

  G_OBJECT_CLASS (sluice_query_row_parent_class)->dispose (object);
}

static void
sluice_query_row_class_init (SluiceQueryRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_query_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-query-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryRow, remove_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryRow, rename_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryRow, save_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryRow, text_label);
}

static void
sluice_query_row_init (SluiceQueryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
sluice_query_row_new (void)
{
  return g_object_new (SLUICE_TYPE_QUERY_ROW, NULL);
}

/* One line, and no blanks that only make it wide. */
static char *
flatten (const char *text)
{
  g_auto(GStrv) words = g_strsplit_set (text, " \t\n\r", -1);
  GString *flat = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        g_string_append_printf (flat, "%s%s", flat->len > 0 ? " " : "", words[i]);
    }

  return g_string_free_and_steal (flat);
}

static void
set_target (GtkButton  *button,
            const char *label,
            guint       position)
{
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", position);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
sluice_query_row_set_query (SluiceQueryRow    *self,
                            SluiceStoredQuery *query,
                            guint              position)
{
  g_autofree char *text = NULL;
  g_autofree char *save_label = NULL;
  g_autofree char *rename_label = NULL;
  g_autofree char *remove_label = NULL;
  const char *name, *what;

  g_return_if_fail (SLUICE_IS_QUERY_ROW (self));
  g_return_if_fail (SLUICE_IS_STORED_QUERY (query));

  name = sluice_stored_query_get_name (query);
  text = flatten (sluice_stored_query_get_text (query));
  what = name != NULL ? name : text;

  gtk_label_set_label (self->name_label, name != NULL ? name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->name_label), name != NULL);
  gtk_label_set_label (self->text_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->rename_button), name != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->save_button), name == NULL);

  /* Translators: the name of a query, or the query itself */
  save_label = g_strdup_printf (_("Save “%s”"), what);
  set_target (self->save_button, save_label, position);
  /* Translators: the name of a query, or the query itself */
  rename_label = g_strdup_printf (_("Rename “%s”"), what);
  set_target (self->rename_button, rename_label, position);
  /* Translators: the name of a query, or the query itself */
  remove_label = g_strdup_printf (_("Delete “%s”"), what);
  set_target (self->remove_button, remove_label, position);
}
