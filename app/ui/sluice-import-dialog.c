/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-import-dialog"

#include "config.h"

#include "sluice-import-dialog.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sluice-alert.h"
#include "sluice-error.h"
#include "sluice-import-check-page.h"
#include "sluice-import-confirm-page.h"
#include "sluice-import-file-page.h"
#include "sluice-import-match-page.h"
#include "sluice-import-run-page.h"
#include "sluice-import-target-page.h"
#include "sluice-org-bar.h"

/**
 * SluiceImportDialog:
 *
 * Leads from a file to records of an org: the file, the object and what is
 * done, columns to fields, a dry run, the user's consent, the run, its result.
 * The org that is written to stands at the bottom of every page.
 */
struct _SluiceImportDialog
{
  AdwDialog parent_instance;

  SluiceConnection *connection;
  char *object;         /* (nullable): what was looked at when the dialog was opened */
  SluiceImport *import; /* (nullable) */
  char *base;           /* (nullable): what the paths of its files begin with */
  GCancellable *cancellable;
  GError *error;        /* (nullable): why it could not be prepared */
  gboolean preparing;

  AdwNavigationView *view;
  SluiceImportCheckPage *check_page;
  SluiceImportConfirmPage *confirm_page;
  SluiceImportFilePage *file_page;
  SluiceImportMatchPage *match_page;
  SluiceImportRunPage *run_page;
  SluiceImportTargetPage *target_page;
  SluiceOrgBar *org_bar;
};

G_DEFINE_FINAL_TYPE (SluiceImportDialog, sluice_import_dialog, ADW_TYPE_DIALOG)

/* accounts.csv has accounts, and Account-2026.csv probably, too. */
static char *
guess_object (SluiceImportDialog *self)
{
  g_autofree char *name = NULL;
  gsize n;

  if (self->object != NULL)
    return g_strdup (self->object);

  name = g_file_get_basename (sluice_import_file_page_get_file (self->file_page));
  n = strcspn (name, ".-");

  return g_utf8_validate (name, (gssize) n, NULL) ? g_strndup (name, n) : NULL;
}

static void
file_next_cb (SluiceImportDialog *self)
{
  g_autofree char *guess = guess_object (self);

  sluice_import_target_page_load (self->target_page, sluice_connection_get_describe_cache (self->connection), guess);
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->target_page));
}

static void
target_next_cb (SluiceImportDialog *self)
{
  sluice_import_match_page_load (self->match_page, sluice_connection_get_describe_cache (self->connection),
                                 sluice_import_target_page_get_object (self->target_page),
                                 sluice_import_target_page_get_verb (self->target_page),
                                 sluice_import_file_page_get_preview (self->file_page));
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->match_page));
}

static void
match_next_cb (SluiceImportDialog *self)
{
  g_autoptr(SluiceImportCheck) check = NULL;

  check = sluice_import_check_new (sluice_import_file_page_get_file (self->file_page),
                                   &sluice_import_file_page_get_preview (self->file_page)->format,
                                   sluice_import_match_page_get_mapping (self->match_page));
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->check_page));
  sluice_import_check_page_run (self->check_page, check);
}

/* Result files are kept beside the file; where that cannot be, as with a file that the portal gave, among the
 * program's own. */
static char *
make_base (GFile *file)
{
  const char *path = g_file_peek_path (file);
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *uri = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *unique = NULL;
  g_autofree char *own = NULL;

  if (folder != NULL && !g_str_has_prefix (path, "/run/user/") && g_access (folder, W_OK) == 0)
    return g_strdup (path);

  uri = g_file_get_uri (file);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, uri, -1);
  unique = g_strdup_printf ("%.8s-%s", sum, name);
  own = g_build_filename (g_get_user_data_dir (), "sluice", "imports", NULL);
  g_mkdir_with_parents (own, 0700);

  return g_build_filename (own, unique, NULL);
}

static void
prepare (SluiceImportDialog *self,
         SluiceImportStart   start);

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(SluiceImportDialog) self = user_data;
  const char *answer = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_str_equal (answer, "resume"))
    prepare (self, SLUICE_IMPORT_START_RESUME);
  else if (g_str_equal (answer, "over"))
    prepare (self, SLUICE_IMPORT_START_OVER);
}

static void
ask_to_resume (SluiceImportDialog *self,
               const char         *body)
{
  AdwAlertDialog *alert = sluice_alert_new (sluice_connection_get_subscription (self->connection),
                                            _("Resume the Import?"), body);

  adw_alert_dialog_add_responses (alert,
                                  "cancel", _("_Cancel"),
                                  "over", _("_Start Over"),
                                  "resume", _("_Resume"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "over", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_appearance (alert, "resume", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "resume");
  adw_alert_dialog_set_close_response (alert, "cancel");
  adw_alert_dialog_choose (alert, GTK_WIDGET (self), NULL, answered_cb, g_object_ref (self));
}

static void
ledger_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceImportDialog) self = user_data;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (object), result, NULL);
  g_autoptr(GError) error = g_steal_pointer (&self->error);

  if (info != NULL)
    ask_to_resume (self, error->message);
  else
    sluice_alert_show_error (GTK_WIDGET (self), _("The Import Cannot Begin"), error);
}

static void
refused (SluiceImportDialog *self,
         GError             *error)
{
  g_autofree char *path = g_strconcat (self->base, ".import", NULL);
  g_autoptr(GFile) ledger = g_file_new_for_path (path);

  g_clear_error (&self->error);
  self->error = error;
  g_file_query_info_async (ledger, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                           NULL, ledger_cb, g_object_ref (self));
}

static void
prepared_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(SluiceImportDialog) self = user_data;
  GError *error = NULL;
  gboolean success = sluice_import_prepare_finish (SLUICE_IMPORT (object), result, &error);
  SluiceWritePlan *plan;

  self->preparing = FALSE;
  if (self->view == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      return;
    }

  plan = success ? sluice_import_get_plan (self->import) : NULL;
  if (success && plan == NULL)
    g_set_error_literal (&error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("There are no rows left to import."));
  if (error != NULL)
    {
      refused (self, error);
      return;
    }

  sluice_import_confirm_page_show (self->confirm_page, plan, sluice_import_get_route_reason (self->import));
  if (adw_navigation_view_get_visible_page (self->view) == ADW_NAVIGATION_PAGE (self->run_page))
    adw_navigation_view_pop_to_page (self->view, ADW_NAVIGATION_PAGE (self->check_page));
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->confirm_page));
}

static void
prepare (SluiceImportDialog *self,
         SluiceImportStart   start)
{
  /* It looks through the file once more, which takes a moment. */
  if (self->preparing)
    return;

  self->preparing = TRUE;
  sluice_import_set_start (self->import, start);
  sluice_import_prepare_async (self->import, self->cancellable, prepared_cb, g_object_ref (self));
}

static void
check_next_cb (SluiceImportDialog *self)
{
  GFile *file = sluice_import_file_page_get_file (self->file_page);

  if (self->preparing)
    return;

  g_free (self->base);
  self->base = make_base (file);
  g_clear_object (&self->import);
  self->import = sluice_import_new (self->connection, file,
                                    &sluice_import_file_page_get_preview (self->file_page)->format,
                                    sluice_import_match_page_get_mapping (self->match_page));
  sluice_import_set_base (self->import, self->base);
  prepare (self, SLUICE_IMPORT_START_NEW);
}

static void
confirm_next_cb (SluiceImportDialog *self)
{
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->run_page));
  adw_dialog_set_can_close (ADW_DIALOG (self), FALSE);
  sluice_import_run_page_run (self->run_page, self->import,
                              sluice_import_confirm_page_get_permit (self->confirm_page), self->base);
}

static void
again_cb (SluiceImportDialog *self,
          int                 start)
{
  prepare (self, (SluiceImportStart) start);
}

static void
done_cb (SluiceImportDialog *self)
{
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
popped_cb (SluiceImportDialog *self,
           AdwNavigationPage  *page)
{
  if (page == ADW_NAVIGATION_PAGE (self->check_page))
    sluice_import_check_page_stop (self->check_page);
}

static void
stopped_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceImportDialog) self = user_data;

  if (g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result), "stop"))
    sluice_import_run_page_stop (self->run_page);
}

/* Records are being written: closing asks first. */
static void
sluice_import_dialog_close_attempt (AdwDialog *dialog)
{
  SluiceImportDialog *self = SLUICE_IMPORT_DIALOG (dialog);
  AdwAlertDialog *alert;

  if (!sluice_import_run_page_get_running (self->run_page))
    {
      adw_dialog_force_close (dialog);
      return;
    }

  alert = sluice_alert_new (sluice_connection_get_subscription (self->connection), _("Stop the Import?"),
                            _("What is written stays. The rest can be imported later."));
  adw_alert_dialog_add_responses (alert,
                                  "go-on", _("_Go On"),
                                  "stop", _("_Stop"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (alert, "go-on");
  adw_alert_dialog_set_close_response (alert, "go-on");
  adw_alert_dialog_choose (alert, GTK_WIDGET (self), NULL, stopped_cb, g_object_ref (self));
}

static void
sluice_import_dialog_dispose (GObject *object)
{
  SluiceImportDialog *self = SLUICE_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_IMPORT_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_object (&self->import);
  g_clear_error (&self->error);
  g_clear_pointer (&self->base, g_free);
  g_clear_pointer (&self->object, g_free);

  G_OBJECT_CLASS (sluice_import_dialog_parent_class)->dispose (object);
}

static void
sluice_import_dialog_class_init (SluiceImportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_import_dialog_dispose;
  ADW_DIALOG_CLASS (klass)->close_attempt = sluice_import_dialog_close_attempt;

  g_type_ensure (SLUICE_TYPE_IMPORT_CHECK_PAGE);
  g_type_ensure (SLUICE_TYPE_IMPORT_CONFIRM_PAGE);
  g_type_ensure (SLUICE_TYPE_IMPORT_FILE_PAGE);
  g_type_ensure (SLUICE_TYPE_IMPORT_MATCH_PAGE);
  g_type_ensure (SLUICE_TYPE_IMPORT_RUN_PAGE);
  g_type_ensure (SLUICE_TYPE_IMPORT_TARGET_PAGE);
  g_type_ensure (SLUICE_TYPE_ORG_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, check_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, confirm_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, file_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, match_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, org_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, run_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, target_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceImportDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirm_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, done_cb);
  gtk_widget_class_bind_template_callback (widget_class, file_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, match_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, popped_cb);
  gtk_widget_class_bind_template_callback (widget_class, target_next_cb);
}

static void
sluice_import_dialog_init (SluiceImportDialog *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * sluice_import_dialog_new:
 * @connection: to where
 * @object: (nullable): the API name of the object that is probably meant
 * @file: (nullable): a file, when one was dropped
 *
 * Returns: (transfer floating): a dialog to present
 */
AdwDialog *
sluice_import_dialog_new (SluiceConnection *connection,
                          const char       *object,
                          GFile            *file)
{
  SluiceImportDialog *self;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (file == NULL || G_IS_FILE (file), NULL);

  self = g_object_new (SLUICE_TYPE_IMPORT_DIALOG, NULL);
  self->connection = g_object_ref (connection);
  self->object = g_strdup (object);
  sluice_org_bar_set_subscription (self->org_bar, sluice_connection_get_subscription (connection));
  if (file != NULL)
    sluice_import_file_page_set_file (self->file_page, file);

  return ADW_DIALOG (self);
}
