/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-alert"

#include "config.h"

#include "sluice-alert.h"

#include <glib/gi18n.h>

#include "sluice-environment-badge.h"

/**
 * sluice_alert_new:
 * @subscription: what is asked about
 * @heading: the question
 * @body: what will happen
 *
 * Creates a question about a subscription that shows which org it concerns.
 *
 * Returns: (transfer floating): an alert without responses
 */
AdwAlertDialog *
sluice_alert_new (SluiceSubscription *subscription,
                  const char         *heading,
                  const char         *body)
{
  SluiceOrganization *organization = sluice_subscription_get_organization (subscription);
  AdwDialog *alert;
  GtkWidget *box;
  GtkWidget *badge;

  alert = adw_alert_dialog_new (heading, body);

  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  badge = sluice_environment_badge_new (sluice_subscription_get_environment (subscription));
  gtk_widget_set_halign (badge, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), badge);

  if (organization != NULL)
    {
      GtkWidget *label = gtk_label_new (sluice_organization_get_name (organization));

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (box), label);
    }

  /* Nothing to show needs no room. */
  gtk_widget_set_visible (box, organization != NULL || gtk_widget_get_visible (badge));
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (alert), box);

  return ADW_ALERT_DIALOG (alert);
}

/**
 * sluice_alert_add_check:
 * @alert: from sluice_alert_new()
 * @label: the choice; GTK would tell a mnemonic to screen readers, too
 *
 * Adds a choice, not taken at first.
 *
 * Returns: (transfer none): the choice
 */
GtkCheckButton *
sluice_alert_add_check (AdwAlertDialog *alert,
                        const char     *label)
{
  GtkWidget *box = adw_alert_dialog_get_extra_child (alert);
  GtkWidget *check;

  check = gtk_check_button_new_with_label (label);
  gtk_widget_set_halign (check, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), check);
  gtk_widget_set_visible (box, TRUE);

  return GTK_CHECK_BUTTON (check);
}

/**
 * sluice_alert_show_error:
 * @parent: a widget in the window
 * @heading: what did not work
 * @error: why
 *
 * Tells an error that belongs to no page. Cancellation is not told.
 */
void
sluice_alert_show_error (GtkWidget    *parent,
                         const char   *heading,
                         const GError *error)
{
  AdwDialog *alert;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || gtk_widget_get_root (parent) == NULL)
    return;

  alert = adw_alert_dialog_new (heading, error->message);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (alert), "close", _("_Close"));
  adw_dialog_present (alert, parent);
}
