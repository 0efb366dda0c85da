/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-throttle-settings.h"

G_DEFINE_BOXED_TYPE (SluiceThrottleSettings,
                     sluice_throttle_settings,
                     sluice_throttle_settings_copy,
                     sluice_throttle_settings_free)

/**
 * sluice_throttle_settings_copy:
 * @self: settings
 *
 * Returns: (transfer full): a copy
 */
SluiceThrottleSettings *
sluice_throttle_settings_copy (const SluiceThrottleSettings *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_memdup2 (self, sizeof *self);
}

/**
 * sluice_throttle_settings_free:
 * @self: (nullable): settings
 *
 * Frees @self.
 */
void
sluice_throttle_settings_free (SluiceThrottleSettings *self)
{
  g_free (self);
}

/**
 * sluice_throttle_settings_equal:
 * @a: settings
 * @b: other settings
 *
 * Returns: whether all five fields are the same
 */
gboolean
sluice_throttle_settings_equal (const SluiceThrottleSettings *a,
                                const SluiceThrottleSettings *b)
{
  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  return a->limit == b->limit && a->seconds == b->seconds &&
         a->hub_limit == b->hub_limit && a->hub_seconds == b->hub_seconds &&
         a->concurrent == b->concurrent;
}
