/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-sign-in-policy.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SIGN_IN_WINDOW (sluice_sign_in_window_get_type ())

/**
 * SluiceSignInWindow:
 *
 * A window with nothing but the pages that signing in needs, in a session
 * that remembers nothing. Its address is always visible.
 *
 * Signal `error-page (const char *address)`: the org shows an error that never
 * reaches the redirect.
 */
G_DECLARE_FINAL_TYPE (SluiceSignInWindow, sluice_sign_in_window, SLUICE, SIGN_IN_WINDOW, AdwApplicationWindow)

SluiceSignInWindow *sluice_sign_in_window_new  (GtkApplication     *application,
                                                SluiceSignInPolicy *policy);
void                sluice_sign_in_window_load (SluiceSignInWindow *self,
                                                const char         *address);

G_END_DECLS
