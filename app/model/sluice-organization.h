/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-environment.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_ORGANIZATION (sluice_organization_get_type ())

/**
 * SluiceOrganization:
 *
 * Who is connected to which org, as the org said at the last verification.
 *
 * Read-only construct properties: `id` (18 characters), `name`, `environment`
 * (SluiceEnvironment), `edition` (the org's OrganizationType), `instance-name`,
 * `instance-url`, `namespace-prefix`, `trial-expiration` (ISO text, nullable),
 * `api-version` ("68.0"), `user-id`, `username`, `display-name`, `email`,
 * `verified-at` (GDateTime), `server-time-offset` (gint64, seconds that the
 * server's clock is ahead of ours).
 */
G_DECLARE_FINAL_TYPE (SluiceOrganization, sluice_organization, SLUICE, ORGANIZATION, GObject)

const char        *sluice_organization_get_id          (SluiceOrganization *self);
const char        *sluice_organization_get_name        (SluiceOrganization *self);
SluiceEnvironment  sluice_organization_get_environment (SluiceOrganization *self);
const char        *sluice_organization_get_instance_url (SluiceOrganization *self);
const char        *sluice_organization_get_api_version (SluiceOrganization *self);
const char        *sluice_organization_get_username    (SluiceOrganization *self);

G_END_DECLS
