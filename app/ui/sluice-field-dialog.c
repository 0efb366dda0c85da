/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-field-dialog"

#include "config.h"

#include "sluice-field-dialog.h"

#include <glib/gi18n.h>

/* A row of its own each; of more, a reader asks Salesforce. */
#define MAX_ROWS 500

/**
 * SluiceFieldDialog:
 *
 * Everything that the org tells about one field.
 */
struct _SluiceFieldDialog
{
  AdwDialog parent_instance;

  SluiceFieldInfo *field;
  GtkWidget *opener; /* (nullable), knows `objects.show` */

  AdwActionRow *compound_row;
  AdwActionRow *controller_row;
  AdwActionRow *default_row;
  AdwActionRow *formula_row;
  AdwActionRow *help_row;
  AdwActionRow *marks_row;
  AdwActionRow *name_row;
  AdwActionRow *relationship_row;
  AdwActionRow *type_row;
  AdwPreferencesGroup *targets_group;
  AdwPreferencesGroup *values_group;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (SluiceFieldDialog, sluice_field_dialog, ADW_TYPE_DIALOG)

static void
show_text (AdwActionRow *row,
           const char   *text) /* (nullable) */
{
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
}

static void
target_activated_cb (SluiceFieldDialog *self,
                     AdwActionRow      *row)
{
  g_autofree char *name = g_strdup (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));

  if (self->opener != NULL)
    gtk_widget_activate_action (self->opener, "objects.show", "s", name);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
show_targets (SluiceFieldDialog *self)
{
  const char * const *targets = sluice_field_info_get_targets (self->field);

  gtk_widget_set_visible (GTK_WIDGET (self->targets_group), targets[0] != NULL);
  for (guint i = 0; targets[i] != NULL && i < MAX_ROWS; i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), targets[i]);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_signal_connect_swapped (row, "activated", G_CALLBACK (target_activated_cb), self);
      adw_preferences_group_add (self->targets_group, row);
    }
}

static char *
describe_value (const SluicePicklistValue *value)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) words = NULL;

  if (!g_str_equal (value->value, value->label))
    g_strv_builder_add (builder, value->value);
  if (value->is_default)
    g_strv_builder_add (builder, _("Default"));
  if (!value->active)
    g_strv_builder_add (builder, _("Inactive"));
  words = g_strv_builder_end (builder);

  return g_strjoinv (" · ", words);
}

static void
show_values (SluiceFieldDialog *self)
{
  guint n_values = sluice_field_info_get_n_picklist (self->field);

  gtk_widget_set_visible (GTK_WIDGET (self->values_group), n_values > 0);
  if (sluice_field_info_has (self->field, SLUICE_FIELD_RESTRICTED_PICKLIST))
    adw_preferences_group_set_description (self->values_group, _("Other values are refused."));
  else if (n_values > 0)
    adw_preferences_group_set_description (self->values_group, _("The API takes other values, too."));

  for (guint i = 0; i < MIN (n_values, MAX_ROWS); i++)
    {
      const SluicePicklistValue *value = sluice_field_info_get_picklist (self->field, i);
      g_autofree char *subtitle = describe_value (value);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), value->label);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
      adw_preferences_group_add (self->values_group, row);
    }
}

static void
show_field (SluiceFieldDialog *self)
{
  g_autofree char *type = sluice_field_info_dup_type_text (self->field);
  g_auto(GStrv) mark_list = sluice_field_info_dup_marks (self->field);
  g_autofree char *marks = g_strjoinv (", ", mark_list);

  adw_dialog_set_title (ADW_DIALOG (self), sluice_field_info_get_label (self->field));
  show_text (self->name_row, sluice_field_info_get_name (self->field));
  show_text (self->type_row, type);
  show_text (self->marks_row, marks);
  show_text (self->relationship_row, sluice_field_info_get_relationship_name (self->field));
  show_text (self->compound_row, sluice_field_info_get_compound_name (self->field));
  show_text (self->controller_row, sluice_field_info_get_controller_name (self->field));
  show_text (self->default_row, sluice_field_info_get_default_value (self->field));
  show_text (self->formula_row, sluice_field_info_get_formula (self->field));
  show_text (self->help_row, sluice_field_info_get_help_text (self->field));
  show_targets (self);
  show_values (self);
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceFieldDialog *self = SLUICE_FIELD_DIALOG (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), sluice_field_info_get_name (self->field));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("Copied to clipboard")));
}

static void
sluice_field_dialog_dispose (GObject *object)
{
  SluiceFieldDialog *self = SLUICE_FIELD_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_FIELD_DIALOG);
  g_clear_weak_pointer (&self->opener);
  g_clear_object (&self->field);

  G_OBJECT_CLASS (sluice_field_dialog_parent_class)->dispose (object);
}

static void
sluice_field_dialog_class_init (SluiceFieldDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_field_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-field-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, compound_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, controller_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, default_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, formula_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, help_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, marks_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, relationship_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, targets_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, type_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldDialog, values_group);

  gtk_widget_class_install_action (widget_class, "field.copy", NULL, copy_action);
}

static void
sluice_field_dialog_init (SluiceFieldDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
sluice_field_dialog_new (SluiceFieldInfo *field,
                         GtkWidget       *opener)
{
  SluiceFieldDialog *self;

  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (field), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (opener), NULL);

  self = g_object_new (SLUICE_TYPE_FIELD_DIALOG, NULL);
  self->field = g_object_ref (field);
  g_set_weak_pointer (&self->opener, opener);
  show_field (self);

  return ADW_DIALOG (self);
}
