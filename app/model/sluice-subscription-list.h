/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-subscription.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SUBSCRIPTION_LIST (sluice_subscription_list_get_type ())

/**
 * SluiceSubscriptionList:
 *
 * A GListModel of subscriptions, always sorted by name for the locale.
 * A renamed subscription moves by itself.
 */
G_DECLARE_FINAL_TYPE (SluiceSubscriptionList, sluice_subscription_list, SLUICE, SUBSCRIPTION_LIST, GObject)

SluiceSubscriptionList *sluice_subscription_list_new             (void);

void                    sluice_subscription_list_add             (SluiceSubscriptionList *self,
                                                                  SluiceSubscription     *subscription);
gboolean                sluice_subscription_list_remove          (SluiceSubscriptionList *self,
                                                                  SluiceSubscription     *subscription);
SluiceSubscription     *sluice_subscription_list_find_by_id      (SluiceSubscriptionList *self,
                                                                  const char             *id);
SluiceSubscription     *sluice_subscription_list_find_by_name    (SluiceSubscriptionList *self,
                                                                  const char             *name);
gboolean                sluice_subscription_list_is_name_free    (SluiceSubscriptionList *self,
                                                                  const char             *name,
                                                                  SluiceSubscription     *except);
char                   *sluice_subscription_list_make_unique_name (SluiceSubscriptionList *self,
                                                                   const char             *wanted);

G_END_DECLS
