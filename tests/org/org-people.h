/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Serial numbers of the profiles. */
#define ORG_PROFILE_ADMIN 1
#define ORG_PROFILE_STANDARD 2

/* The password of everybody. */
#define ORG_PASSWORD "demo"

/**
 * OrgPersonFlags:
 * @ORG_PERSON_ADMIN: field-level security hides nothing
 * @ORG_PERSON_INACTIVE: may not log in
 * @ORG_PERSON_LOCKED: has tried too many wrong passwords
 * @ORG_PERSON_IP_RESTRICTED: may log in from other addresses only
 * @ORG_PERSON_NO_API: lacks the permission *API Enabled*
 *
 * What is special about a person.
 */
typedef enum
{
  ORG_PERSON_ADMIN = 1 << 0,
  ORG_PERSON_INACTIVE = 1 << 1,
  ORG_PERSON_LOCKED = 1 << 2,
  ORG_PERSON_IP_RESTRICTED = 1 << 3,
  ORG_PERSON_NO_API = 1 << 4,
} OrgPersonFlags;

/**
 * OrgPerson:
 * @username: what is typed to log in
 * @email: their address
 * @first_name: given name
 * @last_name: family name
 * @alias: at most eight characters
 * @flags: what is special about them
 * @summary: that in words, for `--help`
 *
 * Somebody who logs in to the demo org; employees are records only.
 */
typedef struct
{
  const char     *username;
  const char     *email;
  const char     *first_name;
  const char     *last_name;
  const char     *alias;
  OrgPersonFlags  flags;
  const char     *summary;
} OrgPerson;

const OrgPerson *org_people_get  (guint      *n_people);
const OrgPerson *org_people_find (const char *username);

G_END_DECLS
