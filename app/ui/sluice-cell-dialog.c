/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cell-dialog.h"

#include <string.h>

#include "sluice-json-cell.h"
#include "sluice-ui-utils.h"

#define COLUMN_WIDTH 160

/**
 * SluiceCellDialog:
 *
 * All of one cell: a long text, or the rows of a subquery as a table.
 */
struct _SluiceCellDialog
{
  AdwDialog parent_instance;

  char *text;
  SluiceJsonTable *table; /* (nullable) */

  GtkColumnView *view;
  GtkStack *stack;
  GtkTextBuffer *buffer;
};

G_DEFINE_FINAL_TYPE (SluiceCellDialog, sluice_cell_dialog, ADW_TYPE_DIALOG)

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  GtkWidget *label = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (label), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  SluiceCellDialog *self = g_object_get_data (G_OBJECT (factory), "dialog");
  guint column = GPOINTER_TO_UINT (user_data);
  char **row;

  if (self->table == NULL)
    return;

  row = g_ptr_array_index (self->table->rows, gtk_list_item_get_position (item));
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), row[column]);
}

static void
add_column (SluiceCellDialog *self,
            guint             index)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) column = NULL;

  g_object_set_data (G_OBJECT (factory), "dialog", self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (index));

  column = gtk_column_view_column_new (self->table->columns[index], factory);
  gtk_column_view_column_set_fixed_width (column, COLUMN_WIDTH);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, self->table->columns[index + 1] == NULL);
  gtk_column_view_append_column (self->view, column);
}

/* The rows are only counted: what they hold is in the table. */
static void
show_table (SluiceCellDialog *self)
{
  g_autofree const char **rows = g_new0 (const char *, self->table->rows->len + 1);
  g_autoptr(GtkNoSelection) model = NULL;

  for (guint i = 0; i < self->table->rows->len; i++)
    rows[i] = "";

  for (guint i = 0; self->table->columns[i] != NULL; i++)
    add_column (self, i);

  model = gtk_no_selection_new (G_LIST_MODEL (gtk_string_list_new (rows)));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (model));
  gtk_stack_set_visible_child_name (self->stack, self->table->rows->len > 0 ? "table" : "empty");
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  sluice_copy_text (widget, SLUICE_CELL_DIALOG (widget)->text);
}

static void
sluice_cell_dialog_dispose (GObject *object)
{
  SluiceCellDialog *self = SLUICE_CELL_DIALOG (object);

  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_CELL_DIALOG);
  g_clear_pointer (&self->table, sluice_json_table_free);

  G_OBJECT_CLASS (sluice_cell_dialog_parent_class)->dispose (object);
}

static void
sluice_cell_dialog_finalize (GObject *object)
{
  SluiceCellDialog *self = SLUICE_CELL_DIALOG (object);

  g_free (self->text);

  G_OBJECT_CLASS (sluice_cell_dialog_parent_class)->finalize (object);
}

static void
sluice_cell_dialog_class_init (SluiceCellDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_cell_dialog_dispose;
  object_class->finalize = sluice_cell_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-cell-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceCellDialog, buffer);
  gtk_widget_class_bind_template_child (widget_class, SluiceCellDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceCellDialog, view);

  gtk_widget_class_install_action (widget_class, "cell.copy", NULL, copy_action);
}

static void
sluice_cell_dialog_init (SluiceCellDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_cell_dialog_new:
 * @title: the name of the column
 * @kind: what the cell holds
 * @text: (nullable): all of it
 *
 * Returns: (transfer full): a dialog
 */
AdwDialog *
sluice_cell_dialog_new (const char     *title,
                        SluiceCellKind  kind,
                        const char     *text)
{
  SluiceCellDialog *self = g_object_new (SLUICE_TYPE_CELL_DIALOG, NULL);

  adw_dialog_set_title (ADW_DIALOG (self), title);
  self->text = g_strdup (text != NULL ? text : "");
  if (kind == SLUICE_CELL_JSON)
    self->table = sluice_json_cell_read_table (self->text, strlen (self->text));

  if (self->table != NULL)
    show_table (self);
  else if (kind == SLUICE_CELL_NULL)
    gtk_stack_set_visible_child_name (self->stack, "null");
  else
    gtk_text_buffer_set_text (self->buffer, self->text, -1);

  return ADW_DIALOG (self);
}
