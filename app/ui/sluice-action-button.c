/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-action-button.h"

/**
 * sluice_actionable_set_action:
 * @actionable: a button, or whatever else is pressed
 * @action_name: (nullable): what it does
 * @target: (nullable): the parameter
 *
 * Changes what pressing does. There is no moment in which one action has the
 * parameter of the other, which GTK would complain about.
 */
void
sluice_actionable_set_action (GtkActionable *actionable,
                              const char    *action_name,
                              GVariant      *target)
{
  g_return_if_fail (GTK_IS_ACTIONABLE (actionable));

  gtk_actionable_set_action_name (actionable, NULL);
  gtk_actionable_set_action_target_value (actionable, target);
  gtk_actionable_set_action_name (actionable, action_name);
}

/**
 * sluice_action_button_show:
 * @button: a button
 * @label: (nullable): its label with a mnemonic, %NULL hides the button
 * @action_name: (nullable): what it does
 * @target: (nullable): the parameter
 *
 * Shows a button that changes with what there is to do.
 */
void
sluice_action_button_show (GtkButton  *button,
                           const char *label,
                           const char *action_name,
                           GVariant   *target)
{
  g_return_if_fail (GTK_IS_BUTTON (button));

  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label == NULL)
    return;

  gtk_button_set_use_underline (button, TRUE);
  gtk_button_set_label (button, label);
  sluice_actionable_set_action (GTK_ACTIONABLE (button), action_name, target);
}
