/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-field-note"

#include "config.h"

#include "sluice-field-note.h"

/**
 * SluiceFieldNote:
 *
 * A hint or an error under the row of a field, which it marks.
 *
 * Properties: `field` (GtkWidget, the row above), `hint` (nullable, what it
 * says while there is nothing else to say).
 */
struct _SluiceFieldNote
{
  AdwPreferencesRow parent_instance;

  GtkWidget *field; /* (unowned) (nullable) */
  char *hint;       /* (nullable) */

  GtkImage *icon;
  GtkLabel *label;
};

enum
{
  PROP_0,
  PROP_FIELD,
  PROP_HINT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceFieldNote, sluice_field_note, ADW_TYPE_PREFERENCES_ROW)

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
mark_field (SluiceFieldNote *self,
            gboolean         error,
            const char      *text)
{
  GtkAccessible *accessible;

  if (self->field == NULL)
    return;

  set_class (self->field, "error", error);
  set_class (self->field, "has-note", text != NULL);

  /* What has the focus is the text in the row. */
  accessible = GTK_ACCESSIBLE (GTK_IS_EDITABLE (self->field) ? (gpointer) gtk_editable_get_delegate (GTK_EDITABLE (self->field))
                                                             : (gpointer) self->field);
  gtk_accessible_update_state (accessible,
                               GTK_ACCESSIBLE_STATE_INVALID,
                               error ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  if (text != NULL)
    gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  else
    gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

static void
sluice_field_note_constructed (GObject *object)
{
  G_OBJECT_CLASS (sluice_field_note_parent_class)->constructed (object);

  sluice_field_note_show (SLUICE_FIELD_NOTE (object), SLUICE_FIELD_NOTE_HINT, NULL);
}

static void
sluice_field_note_dispose (GObject *object)
{
  SluiceFieldNote *self = SLUICE_FIELD_NOTE (object);

  g_clear_weak_pointer (&self->field);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_FIELD_NOTE);

  G_OBJECT_CLASS (sluice_field_note_parent_class)->dispose (object);
}

static void
sluice_field_note_finalize (GObject *object)
{
  SluiceFieldNote *self = SLUICE_FIELD_NOTE (object);

  g_free (self->hint);

  G_OBJECT_CLASS (sluice_field_note_parent_class)->finalize (object);
}

static void
sluice_field_note_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SluiceFieldNote *self = SLUICE_FIELD_NOTE (object);

  switch (prop_id)
    {
    case PROP_FIELD:
      g_value_set_object (value, self->field);
      break;

    case PROP_HINT:
      g_value_set_string (value, self->hint);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_field_note_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  SluiceFieldNote *self = SLUICE_FIELD_NOTE (object);

  switch (prop_id)
    {
    case PROP_FIELD:
      g_set_weak_pointer (&self->field, g_value_get_object (value));
      sluice_field_note_show (self, SLUICE_FIELD_NOTE_HINT, NULL);
      break;

    case PROP_HINT:
      g_set_str (&self->hint, g_value_get_string (value));
      sluice_field_note_show (self, SLUICE_FIELD_NOTE_HINT, NULL);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_field_note_class_init (SluiceFieldNoteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = sluice_field_note_constructed;
  object_class->dispose = sluice_field_note_dispose;
  object_class->finalize = sluice_field_note_finalize;
  object_class->get_property = sluice_field_note_get_property;
  object_class->set_property = sluice_field_note_set_property;

  properties[PROP_FIELD] =
    g_param_spec_object ("field", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HINT] =
    g_param_spec_string ("hint", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-field-note.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldNote, icon);
  gtk_widget_class_bind_template_child (widget_class, SluiceFieldNote, label);
}

static void
sluice_field_note_init (SluiceFieldNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_field_note_show:
 * @self: a note
 * @kind: what is told
 * @text: (nullable): translated text, %NULL for the hint that the note always has
 *
 * Shows @text under the field, or hides the note when there is nothing to say.
 */
void
sluice_field_note_show (SluiceFieldNote     *self,
                        SluiceFieldNoteKind  kind,
                        const char          *text)
{
  const gboolean error = text != NULL && kind == SLUICE_FIELD_NOTE_ERROR;

  g_return_if_fail (SLUICE_IS_FIELD_NOTE (self));

  if (text == NULL)
    text = self->hint;

  gtk_label_set_label (self->label, text != NULL ? text : "");
  gtk_image_set_from_icon_name (self->icon, "dialog-error-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->icon), error);
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
  set_class (GTK_WIDGET (self), "error", error);
  set_class (GTK_WIDGET (self->label), "dim-label", !error);
  mark_field (self, error, text);
}
