/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-import-file-page"

#include "config.h"

#include "sluice-import-file-page.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"
#include "sluice-format.h"

#define N_ROWS 6
/* More columns than anybody looks at. */
#define MAX_COLUMNS 100
#define MAX_CHARS 28

/**
 * SluiceImportFilePage:
 *
 * Chooses the file of an import and shows how it is written, with its first
 * rows; what was detected can be changed.
 *
 * Signal `next`: the user goes on.
 */
struct _SluiceImportFilePage
{
  AdwNavigationPage parent_instance;

  GFile *file;                 /* (nullable) */
  SluiceTablePreview *preview; /* (nullable) */
  GCancellable *cancellable;   /* of the preview */
  gboolean showing;

  AdwActionRow *file_row;
  AdwActionRow *problem_row;
  AdwComboRow *delimiter_row;
  AdwComboRow *encoding_row;
  AdwComboRow *quote_row;
  AdwPreferencesGroup *format_group;
  AdwPreferencesGroup *rows_group;
  GtkButton *choose_button;
  GtkButton *next_button;
  GtkGrid *grid;
};

enum
{
  SIGNAL_NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceImportFilePage, sluice_import_file_page, ADW_TYPE_NAVIGATION_PAGE)

/* In the order of the rows, behind "Detect". */
static const char delimiters[] = { '\0', ',', ';', '\t', '|' };
static const char quotes[] = { '\0', '"', '\'' };

static const char *
describe_sureness (SluiceSureness sureness)
{
  switch (sureness)
    {
    case SLUICE_SURENESS_CERTAIN:
      return _("detected");
    case SLUICE_SURENESS_LIKELY:
      return _("detected, likely");
    case SLUICE_SURENESS_CHOSEN:
      return _("chosen");
    case SLUICE_SURENESS_GUESS:
    default:
      return _("a guess: have a look at the first rows");
    }
}

static void
show_detected (AdwComboRow    *row,
               const char     *what,
               SluiceSureness  sureness)
{
  /* Translators: what was found out about a file, and how sure that is, such as "UTF-8: detected" */
  g_autofree char *text = g_strdup_printf (_("%s: %s"), what, describe_sureness (sureness));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}

static const char *
describe_delimiter (const SluiceTableFormat *format)
{
  if (format->kind == SLUICE_TABLE_KIND_JSON_LINES)
    return _("JSON lines");

  switch (format->delimiter)
    {
    case ';':
      return _("Semicolons");
    case '\t':
      return _("Tabs");
    case '|':
      return _("Vertical bars");
    case ',':
    default:
      return _("Commas");
    }
}

static void
show_format (SluiceImportFilePage *self)
{
  const SluiceTableFormat *format = &self->preview->format;
  gboolean csv = format->kind == SLUICE_TABLE_KIND_CSV;

  show_detected (self->encoding_row, sluice_encoding_get_title (format->encoding), format->encoding_sureness);
  show_detected (self->delimiter_row, describe_delimiter (format), format->dialect_sureness);
  show_detected (self->quote_row, format->quote == '\'' ? _("Single") : _("Double"), format->dialect_sureness);
  gtk_widget_set_visible (GTK_WIDGET (self->quote_row), csv);
  gtk_widget_set_sensitive (GTK_WIDGET (self->delimiter_row), csv);
}

static void
add_cell (SluiceImportFilePage *self,
          const char           *text,
          int                   column,
          int                   row)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (row == 0)
    gtk_widget_add_css_class (label, "heading");
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static void
show_rows (SluiceImportFilePage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);

  for (int i = 0; self->preview->columns != NULL && self->preview->columns[i] != NULL && i < MAX_COLUMNS; i++)
    {
      add_cell (self, self->preview->columns[i], i, 0);
      for (guint j = 0; j < self->preview->rows->len; j++)
        add_cell (self, ((char **) g_ptr_array_index (self->preview->rows, j))[i], i, (int) j + 1);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->rows_group), self->preview->columns != NULL);
}

static void
show_problem (SluiceImportFilePage *self,
              const GError         *error)
{
  gtk_widget_set_visible (GTK_WIDGET (self->problem_row), error != NULL);
  adw_action_row_set_subtitle (self->problem_row, error != NULL ? error->message : "");
  if (error != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
preview_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceImportFilePage) self = user_data;
  g_autoptr(GError) error = NULL;
  SluiceTablePreview *preview = sluice_table_preview_load_finish (result, &error);

  /* Another file was chosen meanwhile, or the page is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_pointer (&self->preview, sluice_table_preview_free);
  self->preview = preview;
  show_problem (self, preview != NULL ? preview->problem : error);
  gtk_widget_set_visible (GTK_WIDGET (self->format_group), preview != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->rows_group), preview != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), preview != NULL && preview->columns != NULL);
  if (preview == NULL)
    return;

  show_format (self);
  show_rows (self);
  if (preview->size >= 0)
    {
      g_autofree char *size = sluice_format_size ((guint64) preview->size);

      adw_action_row_set_subtitle (self->file_row, size);
    }
}

static void
load (SluiceImportFilePage *self)
{
  SluiceTableFormat format = {
    .encoding = (SluiceEncoding) adw_combo_row_get_selected (self->encoding_row),
    .delimiter = delimiters[MIN (adw_combo_row_get_selected (self->delimiter_row), G_N_ELEMENTS (delimiters) - 1)],
    .quote = quotes[MIN (adw_combo_row_get_selected (self->quote_row), G_N_ELEMENTS (quotes) - 1)],
  };

  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  if (self->file == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  sluice_table_preview_load_async (self->file, &format, N_ROWS, self->cancellable, preview_cb, g_object_ref (self));
}

static void
format_chosen_cb (SluiceImportFilePage *self)
{
  if (!self->showing)
    load (self);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceImportFilePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (object), result, &error);

  if (file != NULL)
    sluice_import_file_page_set_file (self, file);
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    sluice_alert_show_error (GTK_WIDGET (self), _("No File Could Be Chosen"), error);
}

static void
choose_cb (SluiceImportFilePage *self)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr(GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr(GtkFileFilter) tables = gtk_file_filter_new ();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_filter_set_name (tables, _("Tables"));
  gtk_file_filter_add_suffix (tables, "csv");
  gtk_file_filter_add_suffix (tables, "tsv");
  gtk_file_filter_add_suffix (tables, "txt");
  gtk_file_filter_add_suffix (tables, "json");
  gtk_file_filter_add_suffix (tables, "jsonl");
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, tables);
  g_list_store_append (filters, all);

  gtk_file_dialog_set_title (dialog, _("Import Records"));
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
  gtk_file_dialog_open (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, opened_cb, g_object_ref (self));
}

static gboolean
drop_cb (SluiceImportFilePage *self,
         const GValue         *value)
{
  GSList *files = g_value_get_boxed (value);

  if (files == NULL)
    return FALSE;

  sluice_import_file_page_set_file (self, files->data);

  return TRUE;
}

static void
next_cb (SluiceImportFilePage *self)
{
  g_signal_emit (self, signals[SIGNAL_NEXT], 0);
}

static void
sluice_import_file_page_dispose (GObject *object)
{
  SluiceImportFilePage *self = SLUICE_IMPORT_FILE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_IMPORT_FILE_PAGE);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (sluice_import_file_page_parent_class)->dispose (object);
}

static void
sluice_import_file_page_finalize (GObject *object)
{
  SluiceImportFilePage *self = SLUICE_IMPORT_FILE_PAGE (object);

  g_clear_pointer (&self->preview, sluice_table_preview_free);

  G_OBJECT_CLASS (sluice_import_file_page_parent_class)->finalize (object);
}

static void
sluice_import_file_page_class_init (SluiceImportFilePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_import_file_page_dispose;
  object_class->finalize = sluice_import_file_page_finalize;

  signals[SIGNAL_NEXT] =
    g_signal_new ("next", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-import-file-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, choose_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, delimiter_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, file_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, format_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, grid);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, next_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, problem_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, quote_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportFilePage, rows_group);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
}

static void
sluice_import_file_page_init (SluiceImportFilePage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * sluice_import_file_page_set_file:
 * @self: the page
 * @file: a file
 *
 * Shows a file; how it is written is detected anew.
 */
void
sluice_import_file_page_set_file (SluiceImportFilePage *self,
                                  GFile                *file)
{
  g_autofree char *name = NULL;

  g_return_if_fail (SLUICE_IS_IMPORT_FILE_PAGE (self));
  g_return_if_fail (G_IS_FILE (file));

  g_set_object (&self->file, file);
  name = g_file_get_basename (file);
  if (!g_utf8_validate (name, -1, NULL))
    {
      g_free (name);
      name = g_filename_display_name (g_file_peek_path (file));
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), name);
  adw_action_row_set_subtitle (self->file_row, "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), FALSE);

  self->showing = TRUE;
  adw_combo_row_set_selected (self->encoding_row, 0);
  adw_combo_row_set_selected (self->delimiter_row, 0);
  adw_combo_row_set_selected (self->quote_row, 0);
  self->showing = FALSE;
  load (self);
}

/**
 * sluice_import_file_page_get_file:
 * @self: the page
 *
 * Returns: (transfer none) (nullable): the file that is chosen
 */
GFile *
sluice_import_file_page_get_file (SluiceImportFilePage *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_FILE_PAGE (self), NULL);

  return self->file;
}

/**
 * sluice_import_file_page_get_preview:
 * @self: the page
 *
 * Returns: (transfer none) (nullable): how the file is written and how it begins
 */
const SluiceTablePreview *
sluice_import_file_page_get_preview (SluiceImportFilePage *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_FILE_PAGE (self), NULL);

  return self->preview;
}
