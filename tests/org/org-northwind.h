/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-data.h"

G_BEGIN_DECLS

/* Where the employees' serial numbers begin; people who can log in come first. */
#define ORG_FIRST_EMPLOYEE 11
#define ORG_N_EMPLOYEES 9

void org_northwind_load_setup    (OrgData *data);
void org_northwind_load_products (OrgData *data);
void org_northwind_load_business (OrgData *data);

G_END_DECLS
