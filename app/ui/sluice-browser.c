/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-browser"

#include "config.h"

#include "sluice-browser.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct
{
  GWeakRef parent;
  char *uri;
} Opening;

static void
opening_free (Opening *opening)
{
  g_weak_ref_clear (&opening->parent);
  g_free (opening->uri);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
copy_response_cb (GtkWidget *parent,
                  char      *response)
{
  const char *uri = g_object_get_data (G_OBJECT (parent), "sluice-uri");

  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (parent), uri);
}

static void
tell_failure (GtkWidget  *parent,
              const char *uri)
{
  AdwDialog *dialog;

  dialog = adw_alert_dialog_new (_("Browser Could Not Be Opened"),
                                 _("No browser answered. Set a default browser in Settings, or copy the link and open it "
                                   "in a browser on this computer."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "close", _("_Close"),
                                  "copy", _("Copy _Link"),
                                  NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "copy");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "close");
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "copy", ADW_RESPONSE_SUGGESTED);

  g_object_set_data_full (G_OBJECT (dialog), "sluice-uri", g_strdup (uri), g_free);
  g_signal_connect (dialog, "response", G_CALLBACK (copy_response_cb), NULL);

  adw_dialog_present (dialog, parent);
}

static void
launch_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Opening) opening = user_data;
  g_autoptr(GtkWidget) parent = g_weak_ref_get (&opening->parent);
  g_autoptr(GError) error = NULL;

  if (gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (object), result, &error))
    return;

  /* The user closed the portal's choice of browsers, or the window is gone. */
  if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED) ||
      g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      parent == NULL)
    return;

  g_debug ("No browser: %s", error->message);
  tell_failure (parent, opening->uri);
}

/**
 * sluice_browser_open:
 * @parent: a widget in the window that asks
 * @uri: the address to open
 *
 * Opens @uri in the user's browser, and tells when there is none.
 */
void
sluice_browser_open (GtkWidget  *parent,
                     const char *uri)
{
  g_autoptr(GtkUriLauncher) launcher = NULL;
  Opening *opening;
  GtkRoot *root;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (uri != NULL);

  launcher = gtk_uri_launcher_new (uri);
  root = gtk_widget_get_root (parent);

  opening = g_new0 (Opening, 1);
  g_weak_ref_init (&opening->parent, parent);
  opening->uri = g_strdup (uri);

  gtk_uri_launcher_launch (launcher,
                           GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                           NULL,
                           launch_cb,
                           opening);
}
