/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Serial numbers of the profiles. */
#define ORG_PROFILE_ADMIN 1
#define ORG_PROFILE_STANDARD 2

/**
 * OrgPerson:
 * @username: what is typed to log in
 * @email: their address
 * @first_name: given name
 * @last_name: family name
 * @alias: at most eight characters
 * @admin: whether field-level security hides nothing
 * @active: whether they may log in
 *
 * Somebody who logs in to the demo org; employees are records only.
 */
typedef struct
{
  const char *username;
  const char *email;
  const char *first_name;
  const char *last_name;
  const char *alias;
  gboolean    admin;
  gboolean    active;
} OrgPerson;

const OrgPerson *org_people_get (guint *n_people);

G_END_DECLS
