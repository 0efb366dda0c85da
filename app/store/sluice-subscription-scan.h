/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-subscription.h"

G_BEGIN_DECLS

GPtrArray *sluice_subscription_scan (const char  *folder,
                                     GError     **error);

G_END_DECLS
