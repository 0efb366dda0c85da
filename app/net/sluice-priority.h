/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_PRIORITY (sluice_priority_get_type ())

/**
 * SluicePriority:
 * @SLUICE_PRIORITY_INTERACTIVE: somebody waits for the answer
 * @SLUICE_PRIORITY_BACKGROUND: a run, a schedule or an export
 *
 * Who goes first. Within one priority it is first in, first out.
 */
typedef enum
{
  SLUICE_PRIORITY_INTERACTIVE,
  SLUICE_PRIORITY_BACKGROUND,
} SluicePriority;

GType sluice_priority_get_type (void);

G_END_DECLS
