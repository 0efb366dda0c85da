/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-import-run-page"

#include "config.h"

#include "sluice-import-run-page.h"

#include <glib/gi18n.h>

#include "sluice-file-opener.h"
#include "sluice-format.h"

/**
 * SluiceImportRunPage:
 *
 * Shows an import while it runs, then what became of each row: the files that
 * tell, and those that take it back.
 *
 * Signals: `again` (SluiceImportStart as int: the user wants what failed tried
 * again, or what was interrupted taken up), `done` (the user has seen it).
 */
struct _SluiceImportRunPage
{
  AdwNavigationPage parent_instance;

  SluiceImport *import;      /* (nullable) */
  char *undo_base;           /* (nullable) */
  GCancellable *cancellable; /* (nullable), while it runs */
  gboolean ended;
  GPtrArray *undo_rows;      /* (element-type GtkWidget) */

  AdwActionRow *failed_row;
  AdwActionRow *succeeded_row;
  AdwActionRow *unprocessed_row;
  AdwPreferencesGroup *undo_group;
  GtkButton *close_button;
  GtkButton *failed_button;
  GtkButton *folder_button;
  GtkButton *resume_button;
  GtkButton *retry_button;
  GtkButton *stop_button;
  GtkButton *succeeded_button;
  GtkButton *unprocessed_button;
  GtkLabel *text_label;
  GtkLabel *title_label;
  GtkProgressBar *progress_bar;
};

enum
{
  SIGNAL_AGAIN,
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceImportRunPage, sluice_import_run_page, ADW_TYPE_NAVIGATION_PAGE)

static const struct
{
  const char *suffix;
  const char *title;
} undo_files[] = {
  { ".undo-delete.csv", N_("Delete what was created") },
  { ".undo-update.csv", N_("Give changed fields their old values") },
  { ".undo-insert.csv", N_("Create again what was deleted") },
};

static guint64
get_open_count (SluiceImportRunPage *self)
{
  return sluice_import_get_count (self->import, SLUICE_ROW_PENDING) +
         sluice_import_get_count (self->import, SLUICE_ROW_IN_FLIGHT) +
         sluice_import_get_count (self->import, SLUICE_ROW_UNPROCESSED) +
         sluice_import_get_count (self->import, SLUICE_ROW_IN_DOUBT);
}

static void
show_count (AdwActionRow *row,
            guint64       count)
{
  g_autofree char *number = sluice_format_number ((gint64) count);

  adw_action_row_set_subtitle (row, number);
}

static void
show_counts (SluiceImportRunPage *self)
{
  show_count (self->succeeded_row, sluice_import_get_count (self->import, SLUICE_ROW_SUCCEEDED));
  show_count (self->failed_row, sluice_import_get_count (self->import, SLUICE_ROW_FAILED));
  show_count (self->unprocessed_row, get_open_count (self));
}

static char *
format_progress (SluiceImportRunPage *self)
{
  g_autofree char *rate_text = NULL;
  g_autofree char *left = NULL;
  double rate, remaining;

  if (sluice_import_get_state (self->import) == SLUICE_IMPORT_FINISHING)
    return g_strdup (_("Writing the result files…"));

  g_object_get (self->import, "rate", &rate, "remaining", &remaining, NULL);
  rate_text = sluice_format_number ((gint64) rate);
  if (remaining < 0)
    /* Translators: a number */
    return g_strdup_printf (_("%s rows a second"), rate_text);

  left = sluice_format_wait ((gint64) (remaining * G_USEC_PER_SEC));

  /* Translators: a number, and a time such as "2 min 10 s" */
  return g_strdup_printf (_("%s rows a second, %s left"), rate_text, left);
}

static void
progress_cb (SluiceImportRunPage *self)
{
  guint64 n_rows = sluice_import_get_rows (self->import);
  guint64 total = sluice_import_get_total (self->import);
  g_autofree char *rows = sluice_format_number ((gint64) n_rows);
  g_autofree char *all = sluice_format_number ((gint64) total);
  /* Translators: two numbers, such as 2,000 of 12,345 rows */
  g_autofree char *title = g_strdup_printf (_("%s of %s rows"), rows, all);
  g_autofree char *text = format_progress (self);

  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->text_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, total > 0 ? MIN ((double) n_rows / (double) total, 1) : 0);
  show_counts (self);
}

static void
show_buttons (SluiceImportRunPage *self)
{
  guint64 n_failed = self->import != NULL ? sluice_import_get_count (self->import, SLUICE_ROW_FAILED) : 0;
  guint64 n_open = self->import != NULL ? get_open_count (self) : 0;
  struct
  {
    const char *action;
    GtkButton *button;
    gboolean visible;
  } states[] = {
    { "run.stop", self->stop_button, !self->ended },
    { "run.open-folder", self->folder_button, self->ended },
    { "run.retry", self->retry_button, self->ended && n_failed > 0 },
    { "run.resume", self->resume_button, self->ended && n_failed == 0 && n_open > 0 },
    { "run.done", self->close_button, self->ended },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      gtk_widget_action_set_enabled (GTK_WIDGET (self), states[i].action, states[i].visible);
      gtk_widget_set_visible (GTK_WIDGET (states[i].button), states[i].visible);
    }
}

static void
show_file_button (SluiceImportRunPage *self,
                  GtkButton           *button,
                  SluiceRowOutcome     outcome,
                  guint64              count)
{
  g_autofree char *path = self->ended ? sluice_import_dup_result_path (self->import, outcome) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (button), path != NULL && count > 0);
}

static void
open_clicked_cb (GtkButton *button,
                 gpointer   user_data)
{
  SluiceImportRunPage *self = user_data;
  const char *path = g_object_get_data (G_OBJECT (button), "path");

  gtk_widget_activate_action (GTK_WIDGET (self), "run.open-path", "s", path);
}

static void
undo_file_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceImportRunPage) self = user_data;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (object), result, NULL);
  g_autofree char *name = NULL;
  GtkWidget *row, *button;
  const char *title = "";

  if (info == NULL || self->undo_group == NULL)
    return;

  name = g_file_get_basename (G_FILE (object));
  for (guint i = 0; i < G_N_ELEMENTS (undo_files); i++)
    {
      if (g_str_has_suffix (name, undo_files[i].suffix))
        title = _(undo_files[i].title);
    }

  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), name);
  button = gtk_button_new_with_label (_("Open"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (button), "path", g_file_get_path (G_FILE (object)), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (open_clicked_cb), self, G_CONNECT_DEFAULT);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->undo_group, row);
  g_ptr_array_add (self->undo_rows, row);
  gtk_widget_set_visible (GTK_WIDGET (self->undo_group), TRUE);
}

static void
clear_undo (SluiceImportRunPage *self)
{
  for (guint i = 0; i < self->undo_rows->len; i++)
    adw_preferences_group_remove (self->undo_group, g_ptr_array_index (self->undo_rows, i));
  g_ptr_array_set_size (self->undo_rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->undo_group), FALSE);
}

static void
look_for_undo (SluiceImportRunPage *self)
{
  clear_undo (self);
  for (guint i = 0; self->undo_base != NULL && i < G_N_ELEMENTS (undo_files); i++)
    {
      g_autofree char *path = g_strconcat (self->undo_base, undo_files[i].suffix, NULL);
      g_autoptr(GFile) file = g_file_new_for_path (path);

      g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                               NULL, undo_file_cb, g_object_ref (self));
    }
}

static char *
dup_title (SluiceImportRunPage *self,
           gboolean             success,
           const GError        *error)
{
  guint64 n_failed = sluice_import_get_count (self->import, SLUICE_ROW_FAILED);
  g_autofree char *number = sluice_format_number ((gint64) n_failed);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_("Stopped"));
  if (!success)
    return g_strdup (_("The Import Did Not End"));
  if (n_failed > 0)
    /* Translators: a number */
    return g_strdup_printf (ngettext ("%s Row Failed", "%s Rows Failed", (gulong) MIN (n_failed, G_MAXINT)), number);

  return g_strdup (sluice_import_get_is_whole (self->import) ? _("Imported") : _("Not All Rows Were Imported"));
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(SluiceImportRunPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *title = NULL;
  gboolean success = sluice_import_run_finish (SLUICE_IMPORT (object), result, &error);

  g_clear_object (&self->cancellable);
  g_signal_handlers_disconnect_by_func (object, progress_cb, self);
  /* The dialog is gone. */
  if (self->title_label == NULL)
    return;

  self->ended = TRUE;
  progress_cb (self);
  title = dup_title (self, success, error);
  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->text_label,
                       error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), FALSE);
  show_file_button (self, self->succeeded_button, SLUICE_ROW_SUCCEEDED,
                    sluice_import_get_count (self->import, SLUICE_ROW_SUCCEEDED));
  show_file_button (self, self->failed_button, SLUICE_ROW_FAILED,
                    sluice_import_get_count (self->import, SLUICE_ROW_FAILED));
  show_file_button (self, self->unprocessed_button, SLUICE_ROW_UNPROCESSED, get_open_count (self));
  look_for_undo (self);
  show_buttons (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), title, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
open_path_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  g_autoptr(GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));

  sluice_open_file (widget, file);
}

static void
open_result_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  SluiceImportRunPage *self = SLUICE_IMPORT_RUN_PAGE (widget);
  const char *which = g_variant_get_string (parameter, NULL);
  SluiceRowOutcome outcome = g_str_equal (which, "succeeded") ? SLUICE_ROW_SUCCEEDED
                             : g_str_equal (which, "failed") ? SLUICE_ROW_FAILED : SLUICE_ROW_UNPROCESSED;
  g_autofree char *path = sluice_import_dup_result_path (self->import, outcome);

  if (path != NULL)
    gtk_widget_activate_action (widget, "run.open-path", "s", path);
}

static void
open_folder_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  SluiceImportRunPage *self = SLUICE_IMPORT_RUN_PAGE (widget);
  g_autoptr(GFile) file = g_file_new_for_path (self->undo_base);

  sluice_open_folder_of (widget, file);
}

static void
stop_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  sluice_import_run_page_stop (SLUICE_IMPORT_RUN_PAGE (widget));
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_AGAIN], 0, SLUICE_IMPORT_START_RETRY);
}

static void
resume_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_AGAIN], 0, SLUICE_IMPORT_START_RESUME);
}

static void
done_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_DONE], 0);
}

static void
sluice_import_run_page_dispose (GObject *object)
{
  SluiceImportRunPage *self = SLUICE_IMPORT_RUN_PAGE (object);

  sluice_import_run_page_stop (self);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_IMPORT_RUN_PAGE);

  G_OBJECT_CLASS (sluice_import_run_page_parent_class)->dispose (object);
}

static void
sluice_import_run_page_finalize (GObject *object)
{
  SluiceImportRunPage *self = SLUICE_IMPORT_RUN_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->import);
  g_free (self->undo_base);
  g_ptr_array_unref (self->undo_rows);

  G_OBJECT_CLASS (sluice_import_run_page_parent_class)->finalize (object);
}

static void
sluice_import_run_page_class_init (SluiceImportRunPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_import_run_page_dispose;
  object_class->finalize = sluice_import_run_page_finalize;

  signals[SIGNAL_AGAIN] =
    g_signal_new ("again", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_DONE] =
    g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-import-run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, close_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, failed_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, failed_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, folder_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, resume_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, succeeded_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, succeeded_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, text_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, undo_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, unprocessed_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportRunPage, unprocessed_row);

  gtk_widget_class_install_action (widget_class, "run.done", NULL, done_action);
  gtk_widget_class_install_action (widget_class, "run.open-folder", NULL, open_folder_action);
  gtk_widget_class_install_action (widget_class, "run.open-path", "s", open_path_action);
  gtk_widget_class_install_action (widget_class, "run.open-result", "s", open_result_action);
  gtk_widget_class_install_action (widget_class, "run.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "run.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "run.stop", NULL, stop_action);
}

static void
sluice_import_run_page_init (SluiceImportRunPage *self)
{
  self->undo_rows = g_ptr_array_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_import_run_page_run:
 * @self: the page
 * @import: an import that is prepared
 * @permit: that the user's consent has made
 * @undo_base: what the paths of its files begin with
 *
 * Runs @import and shows what becomes of it.
 */
void
sluice_import_run_page_run (SluiceImportRunPage *self,
                            SluiceImport        *import,
                            SluiceWritePermit   *permit,
                            const char          *undo_base)
{
  g_return_if_fail (SLUICE_IS_IMPORT_RUN_PAGE (self));
  g_return_if_fail (SLUICE_IS_IMPORT (import));
  g_return_if_fail (SLUICE_IS_WRITE_PERMIT (permit));
  g_return_if_fail (undo_base != NULL);
  g_return_if_fail (self->cancellable == NULL);

  g_set_object (&self->import, import);
  g_set_str (&self->undo_base, undo_base);
  self->cancellable = g_cancellable_new ();
  self->ended = FALSE;

  clear_undo (self);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->succeeded_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->failed_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->unprocessed_button), FALSE);
  g_signal_connect_swapped (import, "notify::rows", G_CALLBACK (progress_cb), self);
  progress_cb (self);
  show_buttons (self);
  sluice_import_run_async (import, permit, self->cancellable, run_cb, g_object_ref (self));
}

/**
 * sluice_import_run_page_stop:
 * @self: the page
 *
 * Stops the import in order, when it runs.
 */
void
sluice_import_run_page_stop (SluiceImportRunPage *self)
{
  g_return_if_fail (SLUICE_IS_IMPORT_RUN_PAGE (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * sluice_import_run_page_get_running:
 * @self: the page
 *
 * Returns: whether records are written now
 */
gboolean
sluice_import_run_page_get_running (SluiceImportRunPage *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_RUN_PAGE (self), FALSE);

  return self->cancellable != NULL;
}
