/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-import-check-page"

#include "config.h"

#include "sluice-import-check-page.h"

#include <glib/gi18n.h>

#include "sluice-format.h"

/**
 * SluiceImportCheckPage:
 *
 * Shows the dry run of an import and what it found.
 *
 * Signal `next`: the user goes on with the rows that are good.
 */
struct _SluiceImportCheckPage
{
  AdwNavigationPage parent_instance;

  SluiceImportCheck *check;  /* (nullable) */
  GCancellable *cancellable; /* (nullable), while it runs */
  GPtrArray *rows;           /* (element-type GtkWidget) */

  AdwActionRow *summary_row;
  AdwPreferencesGroup *findings_group;
  GtkButton *next_button;
  GtkImage *summary_icon;
  GtkProgressBar *progress_bar;
};

enum
{
  SIGNAL_NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceImportCheckPage, sluice_import_check_page, ADW_TYPE_NAVIGATION_PAGE)

static char *
format_rows (guint64 n_rows)
{
  g_autofree char *number = sluice_format_number ((gint64) n_rows);

  /* Translators: %s is a number */
  return g_strdup_printf (ngettext ("%s row", "%s rows", (gulong) MIN (n_rows, G_MAXINT)), number);
}

static void
progress_cb (SluiceImportCheckPage *self)
{
  g_autofree char *rows = format_rows (sluice_import_check_get_rows (self->check));
  g_autofree char *bad = format_rows (sluice_import_check_get_bad_rows (self->check));
  /* Translators: such as "1,000 rows, 3 rows with problems": both parts are numbers of rows */
  g_autofree char *text = g_strdup_printf (_("%s read, %s with problems"), rows, bad);
  double fraction = sluice_import_check_get_fraction (self->check);

  adw_action_row_set_subtitle (self->summary_row, text);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  else
    gtk_progress_bar_pulse (self->progress_bar);
}

static void
add_finding (SluiceImportCheckPage     *self,
             const SluiceImportFinding *finding)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *rows = format_rows (finding->count);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sluice_import_issue_kind_get_title (finding->kind));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), rows);

  for (guint i = 0; i < finding->examples->len; i++)
    {
      GtkWidget *example = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (example), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (example), g_ptr_array_index (finding->examples, i));
      adw_action_row_set_title_lines (ADW_ACTION_ROW (example), 0);
      adw_expander_row_add_row (ADW_EXPANDER_ROW (row), example);
    }

  /* What is wrong with the first kind is worth a look at once. */
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), self->rows->len == 0);
  adw_preferences_group_add (self->findings_group, row);
  g_ptr_array_add (self->rows, row);
}

static void
show_findings (SluiceImportCheckPage *self)
{
  GPtrArray *findings = self->check != NULL ? sluice_import_check_get_findings (self->check) : NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->findings_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);

  for (guint i = 0; findings != NULL && i < findings->len; i++)
    add_finding (self, g_ptr_array_index (findings, i));
  gtk_widget_set_visible (GTK_WIDGET (self->findings_group), self->rows->len > 0);
}

static void
show_summary (SluiceImportCheckPage *self,
              const char            *title,
              const char            *subtitle,
              const char            *icon_name)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->summary_row), title);
  adw_action_row_set_subtitle (self->summary_row, subtitle);
  gtk_image_set_from_icon_name (self->summary_icon, icon_name);
}

static void
show_result (SluiceImportCheckPage *self,
             const GError          *error)
{
  guint64 n_rows = sluice_import_check_get_rows (self->check);
  guint64 n_bad = sluice_import_check_get_bad_rows (self->check);
  guint64 n_good = n_rows - n_bad;
  g_autofree char *good = format_rows (n_good);
  g_autofree char *bad = format_rows (n_bad);
  g_autofree char *left_out = g_strdup_printf (_("%s with problems will be left out"), bad);

  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), error == NULL && n_good > 0);

  if (error != NULL)
    show_summary (self, _("The file cannot be read to its end"), error->message, "dialog-error-symbolic");
  else if (n_rows == 0)
    show_summary (self, _("The file has no rows"), "", "dialog-error-symbolic");
  else if (n_good == 0)
    show_summary (self, _("No row can be imported"), _("Go back and match the columns in another way, or mend the file."),
                  "dialog-error-symbolic");
  else
    {
      /* Translators: such as "1,000 rows can be imported" */
      g_autofree char *title = g_strdup_printf (_("%s can be imported"), good);

      show_summary (self, title, n_bad > 0 ? left_out : _("No problems were found"),
                    n_bad > 0 ? "dialog-warning-symbolic" : "object-select-symbolic");
    }

  show_findings (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self),
                           adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self->summary_row)),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceImportCheckPage) self = user_data;
  g_autoptr(GError) error = NULL;

  sluice_import_check_run_finish (SLUICE_IMPORT_CHECK (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || object != G_OBJECT (self->check))
    return;

  g_clear_object (&self->cancellable);
  show_result (self, error);
}

static void
next_cb (SluiceImportCheckPage *self)
{
  g_signal_emit (self, signals[SIGNAL_NEXT], 0);
}

static void
sluice_import_check_page_dispose (GObject *object)
{
  SluiceImportCheckPage *self = SLUICE_IMPORT_CHECK_PAGE (object);

  sluice_import_check_page_stop (self);
  g_clear_object (&self->check);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_IMPORT_CHECK_PAGE);

  G_OBJECT_CLASS (sluice_import_check_page_parent_class)->dispose (object);
}

static void
sluice_import_check_page_finalize (GObject *object)
{
  g_ptr_array_unref (SLUICE_IMPORT_CHECK_PAGE (object)->rows);

  G_OBJECT_CLASS (sluice_import_check_page_parent_class)->finalize (object);
}

static void
sluice_import_check_page_class_init (SluiceImportCheckPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_import_check_page_dispose;
  object_class->finalize = sluice_import_check_page_finalize;

  signals[SIGNAL_NEXT] =
    g_signal_new ("next", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-import-check-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceImportCheckPage, findings_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportCheckPage, next_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportCheckPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportCheckPage, summary_icon);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportCheckPage, summary_row);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
}

static void
sluice_import_check_page_init (SluiceImportCheckPage *self)
{
  self->rows = g_ptr_array_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_import_check_page_run:
 * @self: the page
 * @check: a dry run that has not begun
 *
 * Runs @check and shows what it finds.
 */
void
sluice_import_check_page_run (SluiceImportCheckPage *self,
                              SluiceImportCheck     *check)
{
  g_return_if_fail (SLUICE_IS_IMPORT_CHECK_PAGE (self));
  g_return_if_fail (SLUICE_IS_IMPORT_CHECK (check));

  sluice_import_check_page_stop (self);
  g_set_object (&self->check, check);
  self->cancellable = g_cancellable_new ();

  show_summary (self, _("Checking…"), "", "document-open-symbolic");
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->findings_group), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), FALSE);

  g_signal_connect_object (check, "notify::rows", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  sluice_import_check_run_async (check, self->cancellable, checked_cb, g_object_ref (self));
}

/**
 * sluice_import_check_page_stop:
 * @self: the page
 *
 * Stops the dry run, when there is one.
 */
void
sluice_import_check_page_stop (SluiceImportCheckPage *self)
{
  g_return_if_fail (SLUICE_IS_IMPORT_CHECK_PAGE (self));

  if (self->check != NULL)
    g_signal_handlers_disconnect_by_func (self->check, progress_cb, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * sluice_import_check_page_get_check:
 * @self: the page
 *
 * Returns: (transfer none) (nullable): the last dry run
 */
SluiceImportCheck *
sluice_import_check_page_get_check (SluiceImportCheckPage *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK_PAGE (self), NULL);

  return self->check;
}
