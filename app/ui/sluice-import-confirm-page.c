/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-import-confirm-page"

#include "config.h"

#include "sluice-import-confirm-page.h"

#include <glib/gi18n.h>

#include "sluice-environment-badge.h"

/* More of a record than this helps nobody to recognise it. */
#define MAX_VALUES 8

/**
 * SluiceImportConfirmPage:
 *
 * Says what will be written where, with the first records, and turns the
 * user's consent into a permit. On production a delete needs the object's
 * name typed.
 *
 * Signal `next`: the user has confirmed, and the permit is there.
 */
struct _SluiceImportConfirmPage
{
  AdwNavigationPage parent_instance;

  SluiceWritePlan *plan;     /* (nullable) */
  SluiceWritePermit *permit; /* (nullable) */
  GPtrArray *rows;           /* (element-type GtkWidget) */

  AdwEntryRow *name_row;
  AdwPreferencesGroup *name_group;
  AdwPreferencesGroup *samples_group;
  GtkButton *next_button;
  GtkLabel *destination_label;
  GtkLabel *note_label;
  GtkLabel *question_label;
  SluiceEnvironmentBadge *badge;
};

enum
{
  SIGNAL_NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceImportConfirmPage, sluice_import_confirm_page, ADW_TYPE_NAVIGATION_PAGE)

static const char *
get_typed (SluiceImportConfirmPage *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->name_row));
}

static void
name_changed_cb (SluiceImportConfirmPage *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button),
                            self->plan != NULL && sluice_write_plan_accepts (self->plan, get_typed (self)));
}

static char *
format_sample (const char * const *columns,
               const char * const *values)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 1; columns != NULL && columns[i] != NULL && values[i] != NULL && n < MAX_VALUES; i++)
    {
      if (*values[i] == '\0')
        continue;
      g_string_append_printf (text, "%s%s: %s", n > 0 ? "\n" : "", columns[i], values[i]);
      n++;
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_sample (SluiceImportConfirmPage *self,
            const char * const      *columns,
            const char * const      *values)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_strdup_printf ("%s: %s", columns[0], values[0]);
  g_autofree char *subtitle = format_sample (columns, values);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (self->samples_group, row);
  g_ptr_array_add (self->rows, row);
}

static void
next_cb (SluiceImportConfirmPage *self)
{
  g_autoptr(GError) error = NULL;

  g_clear_object (&self->permit);
  self->permit = sluice_write_plan_confirm (self->plan, get_typed (self), &error);
  if (self->permit != NULL)
    g_signal_emit (self, signals[SIGNAL_NEXT], 0);
  else
    gtk_label_set_label (self->destination_label, error->message);
}

static void
sluice_import_confirm_page_dispose (GObject *object)
{
  SluiceImportConfirmPage *self = SLUICE_IMPORT_CONFIRM_PAGE (object);

  g_clear_object (&self->plan);
  g_clear_object (&self->permit);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_IMPORT_CONFIRM_PAGE);

  G_OBJECT_CLASS (sluice_import_confirm_page_parent_class)->dispose (object);
}

static void
sluice_import_confirm_page_finalize (GObject *object)
{
  g_ptr_array_unref (SLUICE_IMPORT_CONFIRM_PAGE (object)->rows);

  G_OBJECT_CLASS (sluice_import_confirm_page_parent_class)->finalize (object);
}

static void
sluice_import_confirm_page_class_init (SluiceImportConfirmPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_import_confirm_page_dispose;
  object_class->finalize = sluice_import_confirm_page_finalize;

  signals[SIGNAL_NEXT] =
    g_signal_new ("next", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (SLUICE_TYPE_ENVIRONMENT_BADGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-import-confirm-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, badge);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, destination_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, name_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, next_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, question_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportConfirmPage, samples_group);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
}

static void
sluice_import_confirm_page_init (SluiceImportConfirmPage *self)
{
  self->rows = g_ptr_array_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_button (SluiceImportConfirmPage *self)
{
  gboolean deletes = sluice_write_verb_is_delete (sluice_write_plan_get_verb (self->plan));
  gboolean production = sluice_write_plan_get_environment (self->plan) == SLUICE_ENVIRONMENT_PRODUCTION;

  gtk_button_set_label (self->next_button, deletes ? _("_Delete") : _("_Import"));
  gtk_widget_remove_css_class (GTK_WIDGET (self->next_button), "suggested-action");
  gtk_widget_remove_css_class (GTK_WIDGET (self->next_button), "destructive-action");
  gtk_widget_add_css_class (GTK_WIDGET (self->next_button),
                            deletes || production ? "destructive-action" : "suggested-action");
}

/**
 * sluice_import_confirm_page_show:
 * @self: the page
 * @plan: what is to be confirmed
 * @note: (nullable): how it will be done
 *
 * Shows @plan; what was confirmed before counts no longer.
 */
void
sluice_import_confirm_page_show (SluiceImportConfirmPage *self,
                                 SluiceWritePlan         *plan,
                                 const char              *note)
{
  g_autofree char *question = NULL;
  g_autofree char *destination = NULL;
  g_autofree char *hint = NULL;

  g_return_if_fail (SLUICE_IS_IMPORT_CONFIRM_PAGE (self));
  g_return_if_fail (SLUICE_IS_WRITE_PLAN (plan));

  g_set_object (&self->plan, plan);
  g_clear_object (&self->permit);

  question = sluice_write_plan_dup_question (plan);
  destination = sluice_write_plan_dup_destination (plan);
  /* Translators: the name of an object */
  hint = g_strdup_printf (_("Type “%s” to confirm"), sluice_write_plan_get_object (plan));
  gtk_label_set_label (self->question_label, question);
  gtk_label_set_label (self->destination_label, destination);
  gtk_label_set_label (self->note_label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
  g_object_set (self->badge, "environment", sluice_write_plan_get_environment (plan), NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name_row), hint);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), "");
  gtk_widget_set_visible (GTK_WIDGET (self->name_group), sluice_write_plan_get_needs_name (plan));

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->samples_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < sluice_write_plan_get_n_samples (plan); i++)
    add_sample (self, sluice_write_plan_get_columns (plan), sluice_write_plan_get_sample (plan, i));

  show_button (self);
  name_changed_cb (self);
}

/**
 * sluice_import_confirm_page_get_permit:
 * @self: the page
 *
 * Returns: (transfer none) (nullable): the permit that the user's consent has made
 */
SluiceWritePermit *
sluice_import_confirm_page_get_permit (SluiceImportConfirmPage *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CONFIRM_PAGE (self), NULL);

  return self->permit;
}
