/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_SIGN_IN_WITH (sluice_sign_in_with_get_type ())

/**
 * SluiceSignInWith:
 * @SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER: the user's browser, with all that it remembers
 * @SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW: a window of its own that remembers nothing
 *
 * What shows the pages of a sign-in. A browser that is signed in to another
 * org connects that one without a word; a private window asks.
 */
typedef enum
{
  SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER,
  SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW,
  SLUICE_N_SIGN_IN_WITH,
} SluiceSignInWith;

GType             sluice_sign_in_with_get_type  (void);

const char       *sluice_sign_in_with_get_label (SluiceSignInWith  self);
const char       *sluice_sign_in_with_get_nick  (SluiceSignInWith  self);
gboolean          sluice_sign_in_with_from_nick (const char       *nick,
                                                 SluiceSignInWith *with);

G_END_DECLS
