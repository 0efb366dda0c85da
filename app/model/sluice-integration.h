/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-throttle-settings.h"

G_BEGIN_DECLS

/**
 * SluiceDataType:
 * @name: stable name, such as `customer`
 * @label: what the user reads, such as "Customers"
 * @pull: whether it can be read from Salesforce
 * @push: whether it can be written to Salesforce
 * @initialise: whether a first load is offered
 *
 * One kind of record that an integration keeps in step.
 */
typedef struct
{
  char *name;
  char *label;
  gboolean pull;
  gboolean push;
  gboolean initialise;
} SluiceDataType;

void                          sluice_data_type_free                  (SluiceDataType    *self);

#define SLUICE_TYPE_INTEGRATION (sluice_integration_get_type ())

/**
 * SluiceIntegration:
 *
 * One integration version that ships with the application, such as
 * "Salesforce 1.0": versions, scopes, callback ports, pre-filled values.
 * Parsed from a file in `data/integrations` by the store layer.
 *
 * All properties are construct-only and named as the getters; `callback-ports`
 * is a GArray of guint16, `data-types` a GPtrArray of SluiceDataType.
 */
G_DECLARE_FINAL_TYPE (SluiceIntegration, sluice_integration, SLUICE, INTEGRATION, GObject)

const char                   *sluice_integration_get_id              (SluiceIntegration *self);
const char                   *sluice_integration_get_version         (SluiceIntegration *self);
const char                   *sluice_integration_get_label           (SluiceIntegration *self);
const char                   *sluice_integration_get_min_api_version (SluiceIntegration *self);
const char                   *sluice_integration_get_max_api_version (SluiceIntegration *self);
const char * const           *sluice_integration_get_scopes          (SluiceIntegration *self);
const guint16                *sluice_integration_get_callback_ports  (SluiceIntegration *self,
                                                                      guint             *n_ports);
const char                   *sluice_integration_get_callback_path   (SluiceIntegration *self);
const char                   *sluice_integration_get_default_api_url (SluiceIntegration *self);
const SluiceThrottleSettings *sluice_integration_get_throttle        (SluiceIntegration *self);
GPtrArray                    *sluice_integration_get_data_types      (SluiceIntegration *self);

G_END_DECLS
