/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-record-dialog.h"

#include <string.h>

#include "sluice-browser.h"
#include "sluice-cell-dialog.h"
#include "sluice-json-cell.h"

/* The whole of a longer text has a dialog of its own. */
#define MAX_CHARS 500

/**
 * SluiceRecordDialog:
 *
 * All fields of one row, one below the other.
 */
struct _SluiceRecordDialog
{
  AdwDialog parent_instance;

  GtkStringList *names;
  SluiceResultBlock *block;
  char *uri; /* (nullable), of the record at Salesforce */

  GtkNoSelection *selection;
};

G_DEFINE_FINAL_TYPE (SluiceRecordDialog, sluice_record_dialog, ADW_TYPE_DIALOG)

static char *
cut_text (const char *text)
{
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_CHARS)
    return g_strdup (text);

  start = g_utf8_substring (text, 0, MAX_CHARS);

  return g_strconcat (start, "…", NULL);
}

static char *
format_value (SluiceRecordDialog *self,
              guint               position)
{
  const char *text = sluice_result_block_get_text (self->block, 0, position);

  if (text == NULL)
    return g_strdup ("—");
  if (sluice_result_block_get_kind (self->block, 0, position) == SLUICE_CELL_JSON)
    return sluice_json_cell_dup_summary (text, strlen (text));

  return cut_text (text);
}

static void
setup_cb (SluiceRecordDialog *self,
          GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *value = gtk_label_new (NULL);

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (name, "caption");
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), value);

  gtk_list_item_set_child (item, box);
}

static void
bind_cb (SluiceRecordDialog *self,
         GtkListItem        *item)
{
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *value = gtk_widget_get_next_sibling (name);
  const char *title = gtk_string_object_get_string (gtk_list_item_get_item (item));
  g_autofree char *text = format_value (self, gtk_list_item_get_position (item));
  g_autofree char *label = g_strdup_printf ("%s: %s", title, text);

  gtk_label_set_label (GTK_LABEL (name), title);
  gtk_label_set_label (GTK_LABEL (value), text);
  gtk_list_item_set_accessible_label (item, label);
}

static void
activate_cb (SluiceRecordDialog *self,
             guint               position)
{
  AdwDialog *dialog;

  dialog = sluice_cell_dialog_new (gtk_string_list_get_string (self->names, position),
                                   sluice_result_block_get_kind (self->block, 0, position),
                                   sluice_result_block_get_text (self->block, 0, position));
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  sluice_browser_open (widget, SLUICE_RECORD_DIALOG (widget)->uri);
}

static void
sluice_record_dialog_dispose (GObject *object)
{
  SluiceRecordDialog *self = SLUICE_RECORD_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_RECORD_DIALOG);
  g_clear_object (&self->names);
  g_clear_pointer (&self->block, sluice_result_block_unref);

  G_OBJECT_CLASS (sluice_record_dialog_parent_class)->dispose (object);
}

static void
sluice_record_dialog_finalize (GObject *object)
{
  SluiceRecordDialog *self = SLUICE_RECORD_DIALOG (object);

  g_free (self->uri);

  G_OBJECT_CLASS (sluice_record_dialog_parent_class)->finalize (object);
}

static void
sluice_record_dialog_class_init (SluiceRecordDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_record_dialog_dispose;
  object_class->finalize = sluice_record_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-record-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceRecordDialog, selection);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);

  gtk_widget_class_install_action (widget_class, "record.open", NULL, open_action);
}

static void
sluice_record_dialog_init (SluiceRecordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_record_dialog_new:
 * @columns: (array length=n_columns): the names of the columns
 * @n_columns: how many
 * @block: the row, with nothing cut
 * @uri: (nullable): where the record is at Salesforce
 *
 * Returns: (transfer full): a dialog
 */
AdwDialog *
sluice_record_dialog_new (const char * const *columns,
                          guint               n_columns,
                          SluiceResultBlock  *block,
                          const char         *uri)
{
  SluiceRecordDialog *self;

  g_return_val_if_fail (block != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_RECORD_DIALOG, NULL);
  self->block = sluice_result_block_ref (block);
  self->uri = g_strdup (uri);
  self->names = gtk_string_list_new (NULL);
  for (guint i = 0; i < n_columns; i++)
    gtk_string_list_append (self->names, columns[i]);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.open", uri != NULL);
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->names));

  return ADW_DIALOG (self);
}
