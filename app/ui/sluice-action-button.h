/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sluice_actionable_set_action (GtkActionable *actionable,
                                   const char    *action_name,
                                   GVariant      *target);
void sluice_action_button_show    (GtkButton     *button,
                                   const char    *label,
                                   const char    *action_name,
                                   GVariant      *target);

G_END_DECLS
