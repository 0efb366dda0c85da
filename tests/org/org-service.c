/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-service.h"

/**
 * org_service_get_instance:
 * @self: the org
 *
 * Returns: the `instance_url` of token answers
 */
const char *
org_service_get_instance (OrgService *self)
{
  return self->instance != NULL ? self->instance : self->address;
}

/**
 * org_service_get_user_id:
 * @self: the org
 * @person: somebody
 *
 * Returns: their id, 18 characters
 */
const char *
org_service_get_user_id (OrgService      *self,
                         const OrgPerson *person)
{
  return g_hash_table_lookup (self->user_ids, person->username);
}

/**
 * org_service_dup_identity:
 * @self: the org
 * @person: somebody
 *
 * Returns: (transfer full): the address of their identity, the `id` of token answers
 */
char *
org_service_dup_identity (OrgService      *self,
                          const OrgPerson *person)
{
  return g_strdup_printf ("%s/id/%s/%s", self->address, self->organization_id, org_service_get_user_id (self, person));
}
