/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-subscription.h"
#include "sluice-subscription-draft.h"

G_BEGIN_DECLS

#define SLUICE_N_TEXT_FIELDS SLUICE_FIELD_LIMIT

/**
 * SluiceSubscriptionValues:
 * @texts: the text fields
 * @numbers: the number fields, at their places in #SluiceSubscriptionField
 * @look_back: (element-type utf8 guint): days of each data type that has any
 *
 * The values of all fields of a subscription at one moment.
 */
typedef struct
{
  char *texts[SLUICE_N_TEXT_FIELDS];
  guint numbers[SLUICE_N_FIELDS];
  GHashTable *look_back;
} SluiceSubscriptionValues;

void     sluice_subscription_values_init  (SluiceSubscriptionValues       *self);
void     sluice_subscription_values_clear (SluiceSubscriptionValues       *self);
void     sluice_subscription_values_copy  (SluiceSubscriptionValues       *self,
                                           const SluiceSubscriptionValues *other);
gboolean sluice_subscription_values_equal (const SluiceSubscriptionValues *self,
                                           const SluiceSubscriptionValues *other);
void     sluice_subscription_values_merge (SluiceSubscriptionValues       *self,
                                           const SluiceSubscriptionValues *base,
                                           const SluiceSubscriptionValues *news);
void     sluice_subscription_values_read  (SluiceSubscriptionValues       *self,
                                           SluiceSubscription             *subscription);
void     sluice_subscription_values_write (const SluiceSubscriptionValues *self,
                                           SluiceSubscription             *subscription);

void     sluice_subscription_values_set_throttle (SluiceSubscriptionValues       *self,
                                                  const SluiceThrottleSettings   *throttle);
void     sluice_subscription_values_get_throttle (const SluiceSubscriptionValues *self,
                                                  SluiceThrottleSettings         *throttle);

G_END_DECLS
