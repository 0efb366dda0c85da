/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-people.h"

/* At most ten: the employees' ids follow. */
static const OrgPerson people[] = {
  { "admin@demo.example", "admin@demo.example", "Ada", "Admin", "admin", ORG_PERSON_ADMIN,
    "administrator, sees everything" },
  { "user@demo.example", "user@demo.example", "Una", "User", "user", 0,
    "standard user; field-level security hides some fields" },
  { "inactive@demo.example", "inactive@demo.example", "Ina", "Inactive", "inactive", ORG_PERSON_INACTIVE,
    "inactive user" },
  { "locked@demo.example", "locked@demo.example", "Lou", "Locked", "locked", ORG_PERSON_LOCKED,
    "locked out" },
  { "ip@demo.example", "ip@demo.example", "Ira", "Restricted", "ip", ORG_PERSON_IP_RESTRICTED,
    "outside the login IP ranges" },
  { "noapi@demo.example", "noapi@demo.example", "Noa", "Noapi", "noapi", ORG_PERSON_NO_API,
    "logs in, but may not use the API" },
};

/**
 * org_people_get:
 * @n_people: (out): how many there are
 *
 * Returns: (array length=n_people): those who can log in
 */
const OrgPerson *
org_people_get (guint *n_people)
{
  *n_people = G_N_ELEMENTS (people);

  return people;
}

/**
 * org_people_find:
 * @username: (nullable): a user name, in any case
 *
 * Returns: (nullable): who that is
 */
const OrgPerson *
org_people_find (const char *username)
{
  for (guint i = 0; username != NULL && i < G_N_ELEMENTS (people); i++)
    {
      if (g_ascii_strcasecmp (people[i].username, username) == 0)
        return &people[i];
    }

  return NULL;
}
