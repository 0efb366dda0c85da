/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-environment.h"
#include "sluice-integration.h"
#include "sluice-organization.h"
#include "sluice-sign-in-with.h"
#include "sluice-status.h"
#include "sluice-throttle-settings.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SUBSCRIPTION (sluice_subscription_get_type ())

/**
 * SluiceSubscription:
 *
 * One named connection of one integration version to one Salesforce org.
 *
 * Kept in its file: `id` (uuid, construct-only), `name`, `integration-id`
 * ("salesforce"), `version` ("1.0"), `api-url` (normalised login host),
 * `api-key` (unused by Salesforce, kept empty), `consumer-key`,
 * `sign-in-with` (enum SluiceSignInWith),
 * `throttle-settings` (boxed SluiceThrottleSettings), `budget-reserve`
 * (uint, calls a day left to others), look-back days per data type,
 * `org-id` and `environment` last seen (so that a badge is right before the
 * first verification of a session).
 *
 * Of this session only: `status`, `organization` (nullable), `has-access-token`,
 * `has-refresh-token`, `session-only` (tokens live in memory only),
 * `issued-at` (ms since 1970), `last-error` (boxed GError, nullable),
 * `damage` (nullable text: why the file cannot be used), `path` (nullable).
 */
G_DECLARE_FINAL_TYPE (SluiceSubscription, sluice_subscription, SLUICE, SUBSCRIPTION, GObject)

SluiceSubscription           *sluice_subscription_new                   (void);
SluiceSubscription           *sluice_subscription_new_with_id           (const char                   *id);
SluiceSubscription           *sluice_subscription_new_for_integration   (SluiceIntegration            *integration);
SluiceSubscription           *sluice_subscription_new_damaged           (const char                   *id,
                                                                         const char                   *path,
                                                                         const char                   *name,
                                                                         const char                   *damage);
SluiceSubscription           *sluice_subscription_duplicate             (SluiceSubscription           *self,
                                                                         const char                   *name);
void                          sluice_subscription_copy_settings         (SluiceSubscription           *self,
                                                                         SluiceSubscription           *source);

const char                   *sluice_subscription_get_id                (SluiceSubscription           *self);
const char                   *sluice_subscription_get_name              (SluiceSubscription           *self);
void                          sluice_subscription_set_name              (SluiceSubscription           *self,
                                                                         const char                   *name);
const char                   *sluice_subscription_get_integration_id    (SluiceSubscription           *self);
const char                   *sluice_subscription_get_version           (SluiceSubscription           *self);
void                          sluice_subscription_set_version           (SluiceSubscription           *self,
                                                                         const char                   *version);
const char                   *sluice_subscription_get_api_url           (SluiceSubscription           *self);
void                          sluice_subscription_set_api_url           (SluiceSubscription           *self,
                                                                         const char                   *api_url);
const char                   *sluice_subscription_get_api_key           (SluiceSubscription           *self);
void                          sluice_subscription_set_api_key           (SluiceSubscription           *self,
                                                                         const char                   *api_key);
const char                   *sluice_subscription_get_consumer_key      (SluiceSubscription           *self);
void                          sluice_subscription_set_consumer_key      (SluiceSubscription           *self,
                                                                         const char                   *consumer_key);
SluiceSignInWith              sluice_subscription_get_sign_in_with      (SluiceSubscription           *self);
void                          sluice_subscription_set_sign_in_with      (SluiceSubscription           *self,
                                                                         SluiceSignInWith              with);
const SluiceThrottleSettings *sluice_subscription_get_throttle_settings (SluiceSubscription           *self);
void                          sluice_subscription_set_throttle_settings (SluiceSubscription           *self,
                                                                         const SluiceThrottleSettings *settings);
guint                         sluice_subscription_get_budget_reserve    (SluiceSubscription           *self);
void                          sluice_subscription_set_budget_reserve    (SluiceSubscription           *self,
                                                                         guint                         calls);
guint                         sluice_subscription_get_look_back_days    (SluiceSubscription           *self,
                                                                         const char                   *data_type);
void                          sluice_subscription_set_look_back_days    (SluiceSubscription           *self,
                                                                         const char                   *data_type,
                                                                         guint                         days);
const char                  **sluice_subscription_list_look_back_types  (SluiceSubscription           *self);

SluiceStatus                  sluice_subscription_get_status            (SluiceSubscription           *self);
void                          sluice_subscription_set_status            (SluiceSubscription           *self,
                                                                         SluiceStatus                  status);
SluiceEnvironment             sluice_subscription_get_environment       (SluiceSubscription           *self);
void                          sluice_subscription_set_environment       (SluiceSubscription           *self,
                                                                         SluiceEnvironment             environment);
const char                   *sluice_subscription_get_org_id            (SluiceSubscription           *self);
void                          sluice_subscription_set_org_id            (SluiceSubscription           *self,
                                                                         const char                   *org_id);
SluiceOrganization           *sluice_subscription_get_organization      (SluiceSubscription           *self);
void                          sluice_subscription_set_organization      (SluiceSubscription           *self,
                                                                         SluiceOrganization           *organization);
const GError                 *sluice_subscription_get_last_error        (SluiceSubscription           *self);
void                          sluice_subscription_set_last_error        (SluiceSubscription           *self,
                                                                         const GError                 *error);
gboolean                      sluice_subscription_get_has_access_token  (SluiceSubscription           *self);
gboolean                      sluice_subscription_get_has_refresh_token (SluiceSubscription           *self);
gint64                        sluice_subscription_get_issued_at         (SluiceSubscription           *self);
gboolean                      sluice_subscription_get_session_only      (SluiceSubscription           *self);
void                          sluice_subscription_set_session_only      (SluiceSubscription           *self,
                                                                         gboolean                      session_only);
void                          sluice_subscription_set_token_state       (SluiceSubscription           *self,
                                                                         gboolean                      has_access_token,
                                                                         gboolean                      has_refresh_token,
                                                                         gint64                        issued_at);
const char                   *sluice_subscription_get_damage            (SluiceSubscription           *self);
const char                   *sluice_subscription_get_path              (SluiceSubscription           *self);
void                          sluice_subscription_set_path              (SluiceSubscription           *self,
                                                                         const char                   *path);
const char                   *sluice_subscription_get_document          (SluiceSubscription           *self);
void                          sluice_subscription_set_document          (SluiceSubscription           *self,
                                                                         const char                   *document);

G_END_DECLS
