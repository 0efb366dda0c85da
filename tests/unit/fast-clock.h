/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-clock.h"

G_BEGIN_DECLS

/* A clock that runs twenty times as fast, for tests with another program that has the computer's: what is waited for
 * comes in its order, only sooner. */
SluiceClock *fast_clock_new (void);

G_END_DECLS
