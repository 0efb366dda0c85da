/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-subscription-list.h"
#include "sluice-subscription-store.h"

G_BEGIN_DECLS

/**
 * SluiceSubscriptionField:
 * @SLUICE_FIELD_NAME: text
 * @SLUICE_FIELD_VERSION: text, of an integration that is shipped
 * @SLUICE_FIELD_API_URL: text, as the user typed it
 * @SLUICE_FIELD_API_KEY: text, empty for Salesforce
 * @SLUICE_FIELD_CONSUMER_KEY: text, may be empty until somebody signs in
 * @SLUICE_FIELD_LIMIT: number, calls to Salesforce in a window
 * @SLUICE_FIELD_SECONDS: number, length of that window
 * @SLUICE_FIELD_HUB_LIMIT: number, writes to the hub in a window
 * @SLUICE_FIELD_HUB_SECONDS: number, length of that window
 * @SLUICE_FIELD_CONCURRENT: number, calls in flight at once
 * @SLUICE_FIELD_BUDGET_RESERVE: number, calls a day left to other programs
 * @SLUICE_FIELD_SIGN_IN_WITH: number, a #SluiceSignInWith
 * @SLUICE_N_FIELDS: how many there are
 *
 * What a user edits of a subscription. Look-back days come beside them, one
 * for each data type.
 */
typedef enum
{
  SLUICE_FIELD_NAME,
  SLUICE_FIELD_VERSION,
  SLUICE_FIELD_API_URL,
  SLUICE_FIELD_API_KEY,
  SLUICE_FIELD_CONSUMER_KEY,
  SLUICE_FIELD_LIMIT,
  SLUICE_FIELD_SECONDS,
  SLUICE_FIELD_HUB_LIMIT,
  SLUICE_FIELD_HUB_SECONDS,
  SLUICE_FIELD_CONCURRENT,
  SLUICE_FIELD_BUDGET_RESERVE,
  SLUICE_FIELD_SIGN_IN_WITH,
  SLUICE_N_FIELDS,
} SluiceSubscriptionField;

#define SLUICE_TYPE_SUBSCRIPTION_DRAFT (sluice_subscription_draft_get_type ())

/**
 * SluiceSubscriptionDraft:
 *
 * A subscription while somebody edits it: what was typed, what is wrong with
 * it, and what it will become.
 *
 * The subscription itself changes only when the draft is saved. What changes
 * in the subscription meanwhile is taken over where the user did not edit. A
 * consumer secret that was typed waits here for whoever stores it; it never
 * gets into the subscription.
 *
 * Properties: `subscription` (construct-only), `others` (construct-only, the
 * list in which names are unique). Read-only: `valid` (whether it can be
 * saved), `changed` (whether it differs from the subscription).
 *
 * Signal `updated`: a value or an error changed.
 */
G_DECLARE_FINAL_TYPE (SluiceSubscriptionDraft, sluice_subscription_draft, SLUICE, SUBSCRIPTION_DRAFT, GObject)

SluiceSubscriptionDraft *sluice_subscription_draft_new                (SluiceSubscription       *subscription,
                                                                       SluiceSubscriptionList   *others);

SluiceSubscription      *sluice_subscription_draft_get_subscription   (SluiceSubscriptionDraft  *self);
const char              *sluice_subscription_draft_get_text           (SluiceSubscriptionDraft  *self,
                                                                       SluiceSubscriptionField   field);
void                     sluice_subscription_draft_set_text           (SluiceSubscriptionDraft  *self,
                                                                       SluiceSubscriptionField   field,
                                                                       const char               *text);
guint                    sluice_subscription_draft_get_number         (SluiceSubscriptionDraft  *self,
                                                                       SluiceSubscriptionField   field);
void                     sluice_subscription_draft_set_number         (SluiceSubscriptionDraft  *self,
                                                                       SluiceSubscriptionField   field,
                                                                       guint                     number);
guint                    sluice_subscription_draft_get_look_back_days (SluiceSubscriptionDraft  *self,
                                                                       const char               *data_type);
void                     sluice_subscription_draft_set_look_back_days (SluiceSubscriptionDraft  *self,
                                                                       const char               *data_type,
                                                                       guint                     days);
const char              *sluice_subscription_draft_get_consumer_secret (SluiceSubscriptionDraft *self);
void                     sluice_subscription_draft_set_consumer_secret (SluiceSubscriptionDraft *self,
                                                                        const char              *consumer_secret);

const char              *sluice_subscription_draft_get_error          (SluiceSubscriptionDraft  *self,
                                                                       SluiceSubscriptionField   field);
const char              *sluice_subscription_draft_get_normalised_url (SluiceSubscriptionDraft  *self);
gboolean                 sluice_subscription_draft_needs_confirmation (SluiceSubscriptionDraft  *self);
void                     sluice_subscription_draft_confirm_url        (SluiceSubscriptionDraft  *self);
gboolean                 sluice_subscription_draft_get_valid          (SluiceSubscriptionDraft  *self);
gboolean                 sluice_subscription_draft_get_changed        (SluiceSubscriptionDraft  *self);
gboolean                 sluice_subscription_draft_moves              (SluiceSubscriptionDraft  *self);
gboolean                 sluice_subscription_draft_changes_app        (SluiceSubscriptionDraft  *self);

void                     sluice_subscription_draft_revert             (SluiceSubscriptionDraft  *self);
gboolean                 sluice_subscription_draft_has_default_throttle (SluiceSubscriptionDraft *self);
void                     sluice_subscription_draft_reset_throttle     (SluiceSubscriptionDraft  *self);

void                     sluice_subscription_draft_save_async         (SluiceSubscriptionDraft  *self,
                                                                       SluiceSubscriptionStore  *store,
                                                                       GCancellable             *cancellable,
                                                                       GAsyncReadyCallback       callback,
                                                                       gpointer                  user_data);
gboolean                 sluice_subscription_draft_save_finish        (SluiceSubscriptionDraft  *self,
                                                                       GAsyncResult             *result,
                                                                       GError                  **error);

G_END_DECLS
