/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-ui-utils.h"

#include <glib/gi18n.h>

#include "sluice-alert.h"

/**
 * sluice_show_toast:
 * @widget: a widget in the window
 * @text: what has just happened, translated
 *
 * Shows a toast in the window of @widget, if it still is in one.
 */
void
sluice_show_toast (GtkWidget  *widget,
                   const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  gtk_widget_activate_action (widget, "win.toast", "s", text);
}

/**
 * sluice_show_toast_for_error:
 * @widget: a widget in the window
 * @error: (nullable): what failed
 *
 * Shows the message of @error, unless the user has cancelled.
 */
void
sluice_show_toast_for_error (GtkWidget    *widget,
                             const GError *error)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (error != NULL &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    sluice_show_toast (widget, error->message);
}

/**
 * sluice_copy_text:
 * @widget: a widget in the window
 * @text: what to copy
 *
 * Copies @text to the clipboard and says so.
 */
void
sluice_copy_text (GtkWidget  *widget,
                  const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  sluice_show_toast (widget, _("Copied to clipboard"));
}

/**
 * sluice_ask_to_delete:
 * @parent: a widget in the window
 * @subscription: whose data it is
 * @heading: the question, translated
 * @body: what follows from it, translated
 * @cancellable: (nullable): closes the dialog
 * @callback: finishes with adw_alert_dialog_choose_finish(); "delete" means yes
 * @user_data: data for @callback
 *
 * Asks before something is deleted for good.
 */
void
sluice_ask_to_delete (GtkWidget           *parent,
                      SluiceSubscription  *subscription,
                      const char          *heading,
                      const char          *body,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  AdwAlertDialog *dialog;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (heading != NULL);

  dialog = sluice_alert_new (subscription, heading, body);
  adw_alert_dialog_add_responses (dialog,
                                  "cancel", _("_Cancel"),
                                  "delete", _("_Delete"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_choose (dialog, parent, cancellable, callback, user_data);
}
