/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "sluice-call.h"

G_BEGIN_DECLS

const char *sluice_call_state_get_label       (SluiceCallState  state);

void        sluice_call_format_bind_callbacks (GtkWidgetClass  *widget_class);

G_END_DECLS
