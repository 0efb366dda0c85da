/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-priority.h"

G_DEFINE_ENUM_TYPE (SluicePriority, sluice_priority,
                    G_DEFINE_ENUM_VALUE (SLUICE_PRIORITY_INTERACTIVE, "interactive"),
                    G_DEFINE_ENUM_VALUE (SLUICE_PRIORITY_BACKGROUND, "background"))
