/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-sign-in.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SIGN_IN_VIEW (sluice_sign_in_view_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSignInView, sluice_sign_in_view, SLUICE, SIGN_IN_VIEW, AdwBin)

G_END_DECLS
