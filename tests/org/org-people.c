/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-people.h"

static const OrgPerson people[] = {
  { "admin@demo.example", "admin@demo.example", "Ada", "Admin", "admin", TRUE, TRUE },
  { "user@demo.example", "user@demo.example", "Una", "User", "user", FALSE, TRUE },
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
