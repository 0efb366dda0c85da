/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-export-dialog"

#include "config.h"

#include "sluice-export-dialog.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"
#include "sluice-file-opener.h"
#include "sluice-file-sink.h"
#include "sluice-format.h"
#include "sluice-org-bar.h"
#include "sluice-table-sink.h"
#include "sluice-transfer.h"

typedef enum
{
  FORMAT_CSV,
  FORMAT_JSON,
  FORMAT_SQLITE,
} Format;

/**
 * SluiceExportDialog:
 *
 * Writes all records of a query to a file: asks how and where, shows how far
 * it is, and says where they are. What was interrupted can be taken up again.
 */
struct _SluiceExportDialog
{
  AdwDialog parent_instance;

  SluiceConnection *connection;
  char *soql;
  gboolean all_rows;
  GFile *file;               /* (nullable) */
  SluiceTransfer *transfer;  /* (nullable) */
  GCancellable *cancellable; /* (nullable), while it runs */
  gboolean ended;            /* the result shows */
  gboolean done;
  gboolean interrupted;      /* there is something to take up again */

  AdwActionRow *query_row;
  AdwComboRow *format_row;
  AdwEntryRow *table_row;
  AdwStatusPage *ended_page;
  AdwSwitchRow *guard_row;
  AdwSwitchRow *mark_row;
  GtkButton *again_button;
  GtkButton *folder_button;
  GtkButton *resume_button;
  GtkButton *save_button;
  GtkButton *stop_button;
  GtkLabel *rate_label;
  GtkLabel *reason_label;
  GtkLabel *rows_label;
  GtkProgressBar *progress_bar;
  GtkStack *stack;
  SluiceOrgBar *org_bar;
};

G_DEFINE_FINAL_TYPE (SluiceExportDialog, sluice_export_dialog, ADW_TYPE_DIALOG)

static Format
get_format (SluiceExportDialog *self)
{
  return (Format) adw_combo_row_get_selected (self->format_row);
}

/* The object of the query names the file and the table. */
static char *
dup_object (const char *soql)
{
  g_autoptr(GRegex) regex = g_regex_new ("\\)?[\\s]FROM\\s+(\\w+)(?![^(]*\\))", G_REGEX_CASELESS, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;

  if (g_regex_match (regex, soql, 0, &match))
    return g_match_info_fetch (match, 1);

  return g_strdup (_("Records"));
}

static void
show_buttons (SluiceExportDialog *self)
{
  gboolean running = self->cancellable != NULL;
  gboolean options = !running && !self->ended;
  struct
  {
    const char *action;
    GtkButton *button;
    gboolean visible;
  } states[] = {
    { "export.stop", self->stop_button, running },
    { "export.resume", self->resume_button, self->ended && !self->done && self->interrupted },
    { "export.again", self->again_button, self->ended && !self->done },
    { "export.open-folder", self->folder_button, self->ended && self->done },
    { "export.save", self->save_button, options },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      gtk_widget_action_set_enabled (GTK_WIDGET (self), states[i].action, states[i].visible);
      gtk_widget_set_visible (GTK_WIDGET (states[i].button), states[i].visible);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "export.save",
                                 options && (get_format (self) != FORMAT_SQLITE ||
                                             *gtk_editable_get_text (GTK_EDITABLE (self->table_row)) != '\0'));
  adw_dialog_set_can_close (ADW_DIALOG (self), !running);
}

static void
format_chosen_cb (SluiceExportDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->mark_row), get_format (self) == FORMAT_CSV);
  gtk_widget_set_visible (GTK_WIDGET (self->guard_row), get_format (self) == FORMAT_CSV);
  gtk_widget_set_visible (GTK_WIDGET (self->table_row), get_format (self) == FORMAT_SQLITE);
  if (self->soql != NULL)
    show_buttons (self);
}

static char *
format_rows (SluiceExportDialog *self)
{
  guint64 n_rows = sluice_transfer_get_rows (self->transfer);
  gint64 total = sluice_transfer_get_total (self->transfer);
  g_autofree char *rows = sluice_format_number ((gint64) n_rows);
  g_autofree char *all = sluice_format_number (total);

  if (total <= 0 || (guint64) total <= n_rows)
    /* Translators: %s is a number */
    return g_strdup_printf (ngettext ("%s record", "%s records", (gulong) MIN (n_rows, G_MAXINT)), rows);

  /* Translators: two numbers, such as 2,000 of 12,345 records */
  return g_strdup_printf (_("%s of %s records"), rows, all);
}

static char *
format_rate (SluiceExportDialog *self)
{
  gint64 remaining = sluice_transfer_get_remaining (self->transfer);
  g_autofree char *rate = sluice_format_number ((gint64) sluice_transfer_get_rate (self->transfer));
  g_autofree char *left = NULL;

  if (sluice_transfer_get_state (self->transfer) == SLUICE_TRANSFER_PREPARING)
    return g_strdup (_("Waiting for the first records…"));
  if (remaining < 0)
    /* Translators: a number */
    return g_strdup_printf (_("%s records a second"), rate);

  left = sluice_format_wait (remaining * G_USEC_PER_SEC);

  /* Translators: a number, and a time such as "2 min 10 s" */
  return g_strdup_printf (_("%s records a second, %s left"), rate, left);
}

static void
progress_cb (SluiceExportDialog *self)
{
  gint64 total = sluice_transfer_get_total (self->transfer);
  g_autofree char *rows = format_rows (self);
  g_autofree char *rate = format_rate (self);
  const char *reason = sluice_transfer_get_transport_reason (self->transfer);

  gtk_label_set_label (self->rows_label, rows);
  gtk_label_set_label (self->rate_label, rate);
  gtk_label_set_label (self->reason_label, reason != NULL ? reason : "");
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar,
                                   MIN ((double) sluice_transfer_get_rows (self->transfer) / (double) total, 1));
  else
    gtk_progress_bar_pulse (self->progress_bar);
}

static void
show_end (SluiceExportDialog *self,
          const char         *title,
          const char         *description,
          const char         *icon_name)
{
  self->ended = TRUE;
  adw_status_page_set_title (self->ended_page, title);
  adw_status_page_set_description (self->ended_page, description);
  adw_status_page_set_icon_name (self->ended_page, icon_name);
  gtk_stack_set_visible_child_name (self->stack, "ended");
  show_buttons (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), title, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static char *
escape_name (SluiceExportDialog *self)
{
  g_autofree char *name = g_file_get_parse_name (self->file);

  return g_markup_escape_text (name, -1);
}

static void
show_done (SluiceExportDialog *self)
{
  g_autofree char *name = escape_name (self);
  g_autofree char *rows = format_rows (self);
  g_autofree char *took = sluice_format_duration (sluice_transfer_get_elapsed (self->transfer));
  gint64 missing = sluice_transfer_get_missing (self->transfer);
  g_autofree char *fewer = NULL;
  g_autofree char *text = NULL;

  self->done = TRUE;
  if (missing > 0)
    {
      g_autofree char *number = sluice_format_number (missing);

      /* Translators: a number */
      fewer = g_strdup_printf (_("The org had announced %s more. Records may have been deleted meanwhile."), number);
    }

  /* Translators: a number of records, a time such as "3.4 s", the path of a file */
  text = g_strdup_printf (_("%s in %s, in %s"), rows, took, name);
  if (fewer != NULL)
    {
      g_autofree char *all = g_strdup_printf ("%s\n\n%s", text, fewer);

      show_end (self, _("Exported, but Incomplete"), all, "dialog-warning-symbolic");
      return;
    }

  show_end (self, _("Exported"), text, "object-select-symbolic");
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(SluiceExportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;
  gboolean success = sluice_transfer_run_finish (SLUICE_TRANSFER (object), result, &error);

  g_signal_handlers_disconnect_by_func (object, progress_cb, self);
  g_clear_object (&self->cancellable);
  self->interrupted = sluice_transfer_get_resumable (SLUICE_TRANSFER (object));

  if (success)
    show_done (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_end (self, _("Cancelled"),
              self->interrupted ? _("What has come is kept beside the file and can be taken up again.") : NULL,
              "media-playback-stop-symbolic");
  else
    {
      message = g_markup_escape_text (error->message, -1);
      show_end (self, _("The Export Failed"), message, "dialog-error-symbolic");
    }
}

static SluiceSink *
new_sink (SluiceExportDialog *self)
{
  SluiceRowTextOptions options = {
    .format = get_format (self) == FORMAT_JSON ? SLUICE_ROW_FORMAT_JSON : SLUICE_ROW_FORMAT_CSV,
    .byte_order_mark = adw_switch_row_get_active (self->mark_row),
    .formula_guard = adw_switch_row_get_active (self->guard_row),
  };

  if (get_format (self) == FORMAT_SQLITE)
    return sluice_table_sink_new (g_file_peek_path (self->file),
                                  gtk_editable_get_text (GTK_EDITABLE (self->table_row)), TRUE);

  return sluice_file_sink_new (g_file_peek_path (self->file), &options);
}

static void
run (SluiceExportDialog *self,
     gboolean            resume)
{
  g_autoptr(SluiceSink) sink = new_sink (self);

  g_clear_object (&self->transfer);
  self->transfer = sluice_transfer_new (self->connection, self->soql, self->all_rows, SLUICE_TRANSPORT_AUTOMATIC,
                                        SLUICE_PRIORITY_INTERACTIVE, sink);
  self->cancellable = g_cancellable_new ();
  self->ended = FALSE;
  self->done = FALSE;

  g_signal_connect_swapped (self->transfer, "notify", G_CALLBACK (progress_cb), self);
  gtk_stack_set_visible_child_name (self->stack, "running");
  progress_cb (self);
  show_buttons (self);
  sluice_transfer_run_async (self->transfer, resume, self->cancellable, run_cb, g_object_ref (self));
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(SluiceExportDialog) self = user_data;
  const char *answer = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_str_equal (answer, "resume"))
    run (self, TRUE);
  else if (g_str_equal (answer, "again"))
    run (self, FALSE);
}

static void
ask_to_resume (SluiceExportDialog *self)
{
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *body = NULL;
  AdwAlertDialog *alert;

  /* Translators: the name of a file */
  body = g_strdup_printf (_("An earlier export to “%s” was interrupted. If it was of the same query, it can be taken up "
                            "where it was."), name);
  alert = sluice_alert_new (sluice_connection_get_subscription (self->connection),
                            _("Resume the Export?"), body);
  adw_alert_dialog_add_responses (alert,
                                  "cancel", _("_Cancel"),
                                  "again", _("Start _Again"),
                                  "resume", _("_Resume"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "resume", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "resume");
  adw_alert_dialog_set_close_response (alert, "cancel");
  adw_alert_dialog_choose (alert, GTK_WIDGET (self), NULL, answered_cb, g_object_ref (self));
}

/* Beside the file; see SluiceFileSink. */
static void
journal_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceExportDialog) self = user_data;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (object), result, NULL);

  if (info != NULL)
    ask_to_resume (self);
  else
    run (self, FALSE);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(SluiceExportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (object), result, &error);
  g_autofree char *journal_path = NULL;
  g_autoptr(GFile) journal = NULL;

  if (file == NULL)
    {
      if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
        sluice_alert_show_error (GTK_WIDGET (self), _("No File Could Be Chosen"), error);
      return;
    }

  if (g_file_peek_path (file) == NULL)
    {
      g_autoptr(GError) remote = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                                      _("Choose a folder of this computer."));

      sluice_alert_show_error (GTK_WIDGET (self), _("Records Cannot Be Written There"), remote);
      return;
    }

  g_set_object (&self->file, file);
  journal_path = g_strconcat (g_file_peek_path (file), ".part.json", NULL);
  journal = g_file_new_for_path (journal_path);
  g_file_query_info_async (journal, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                           NULL, journal_cb, g_object_ref (self));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  static const char *const suffixes[] = { "csv", "jsonl", "db" };
  SluiceExportDialog *self = SLUICE_EXPORT_DIALOG (widget);
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autofree char *object = dup_object (self->soql);
  g_autofree char *name = g_strdup_printf ("%s.%s", object, suffixes[get_format (self)]);
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_file_dialog_set_title (dialog, _("Export Records"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, saved_cb, g_object_ref (self));
}

static void
stop_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_cancellable_cancel (SLUICE_EXPORT_DIALOG (widget)->cancellable);
}

static void
resume_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  run (SLUICE_EXPORT_DIALOG (widget), TRUE);
}

static void
again_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  run (SLUICE_EXPORT_DIALOG (widget), FALSE);
}

static void
open_folder_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  sluice_open_folder_of (widget, SLUICE_EXPORT_DIALOG (widget)->file);
}

/* Escape stops what runs; closing asks for it first. */
static void
sluice_export_dialog_close_attempt (AdwDialog *dialog)
{
  g_cancellable_cancel (SLUICE_EXPORT_DIALOG (dialog)->cancellable);
}

static void
sluice_export_dialog_dispose (GObject *object)
{
  SluiceExportDialog *self = SLUICE_EXPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_EXPORT_DIALOG);
  g_clear_object (&self->connection);
  g_clear_object (&self->file);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (sluice_export_dialog_parent_class)->dispose (object);
}

static void
sluice_export_dialog_finalize (GObject *object)
{
  g_free (SLUICE_EXPORT_DIALOG (object)->soql);

  G_OBJECT_CLASS (sluice_export_dialog_parent_class)->finalize (object);
}

static void
sluice_export_dialog_class_init (SluiceExportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_export_dialog_dispose;
  object_class->finalize = sluice_export_dialog_finalize;
  ADW_DIALOG_CLASS (klass)->close_attempt = sluice_export_dialog_close_attempt;

  g_type_ensure (SLUICE_TYPE_ORG_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, again_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, ended_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, folder_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, format_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, guard_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, mark_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, org_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, query_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, rate_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, reason_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, resume_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, rows_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, stop_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceExportDialog, table_row);
  gtk_widget_class_bind_template_callback (widget_class, format_chosen_cb);

  gtk_widget_class_install_action (widget_class, "export.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "export.open-folder", NULL, open_folder_action);
  gtk_widget_class_install_action (widget_class, "export.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "export.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "export.stop", NULL, stop_action);
}

static void
sluice_export_dialog_init (SluiceExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_export_dialog_new:
 * @connection: from where
 * @soql: the query
 * @all_rows: with deleted and archived records
 *
 * Returns: (transfer floating): a dialog to present
 */
AdwDialog *
sluice_export_dialog_new (SluiceConnection *connection,
                          const char       *soql,
                          gboolean          all_rows)
{
  SluiceExportDialog *self;
  g_autofree char *object = NULL;
  g_autofree char *query = NULL;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (soql != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_EXPORT_DIALOG, NULL);
  self->connection = g_object_ref (connection);
  self->soql = g_strdup (soql);
  self->all_rows = all_rows;

  query = g_strstrip (g_strdup (soql));
  object = dup_object (soql);
  adw_action_row_set_subtitle (self->query_row, query);
  gtk_editable_set_text (GTK_EDITABLE (self->table_row), object);
  sluice_org_bar_set_subscription (self->org_bar, sluice_connection_get_subscription (connection));
  show_buttons (self);

  return ADW_DIALOG (self);
}
