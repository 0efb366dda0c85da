/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_THROTTLE_SETTINGS (sluice_throttle_settings_get_type ())

/**
 * SluiceThrottleSettings:
 * @limit: calls to Salesforce that may start within any window, 0 = no limit
 * @seconds: length of that window in seconds
 * @hub_limit: writes to the hub within any window, 0 = no limit
 * @hub_seconds: length of that window in seconds
 * @concurrent: calls in flight at once, 0 = no limit
 *
 * The five throttling fields of a subscription.
 */
typedef struct
{
  guint limit;
  guint seconds;
  guint hub_limit;
  guint hub_seconds;
  guint concurrent;
} SluiceThrottleSettings;

GType                   sluice_throttle_settings_get_type (void);

SluiceThrottleSettings *sluice_throttle_settings_copy     (const SluiceThrottleSettings *self);
void                    sluice_throttle_settings_free     (SluiceThrottleSettings       *self);
gboolean                sluice_throttle_settings_equal    (const SluiceThrottleSettings *a,
                                                           const SluiceThrottleSettings *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceThrottleSettings, sluice_throttle_settings_free)

G_END_DECLS
