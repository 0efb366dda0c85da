/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-file-opener.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
tell (GtkWidget    *widget,
      const char   *heading,
      const GError *error)
{
  /* Who closed the choice of programs knows it. */
  if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    sluice_alert_show_error (widget, heading, error);
}

static void
file_opened_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GtkWidget) widget = user_data;
  g_autoptr(GError) error = NULL;

  if (!gtk_file_launcher_launch_finish (GTK_FILE_LAUNCHER (object), result, &error))
    tell (widget, _("The File Cannot Be Opened"), error);
}

static void
folder_opened_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GtkWidget) widget = user_data;
  g_autoptr(GError) error = NULL;

  if (!gtk_file_launcher_open_containing_folder_finish (GTK_FILE_LAUNCHER (object), result, &error))
    tell (widget, _("The Folder Cannot Be Opened"), error);
}

/**
 * sluice_open_file:
 * @widget: what asks for it
 * @file: a file
 *
 * Opens @file with the program that the desktop has for it, and tells when
 * there is none.
 */
void
sluice_open_file (GtkWidget *widget,
                  GFile     *file)
{
  g_autoptr(GtkFileLauncher) launcher = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (G_IS_FILE (file));

  launcher = gtk_file_launcher_new (file);
  gtk_file_launcher_launch (launcher, get_window (widget), NULL, file_opened_cb, g_object_ref (widget));
}

/**
 * sluice_open_folder_of:
 * @widget: what asks for it
 * @file: a file
 *
 * Shows @file in the desktop's file manager, and tells when that is not
 * possible.
 */
void
sluice_open_folder_of (GtkWidget *widget,
                       GFile     *file)
{
  g_autoptr(GtkFileLauncher) launcher = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (G_IS_FILE (file));

  launcher = gtk_file_launcher_new (file);
  gtk_file_launcher_open_containing_folder (launcher, get_window (widget), NULL, folder_opened_cb,
                                            g_object_ref (widget));
}
