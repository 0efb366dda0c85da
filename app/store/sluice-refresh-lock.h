/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

int  sluice_refresh_lock_take    (const char *subscription_id);
void sluice_refresh_lock_release (int         lock);
void sluice_refresh_lock_forget  (const char *subscription_id);

G_END_DECLS
