/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-service.h"

G_BEGIN_DECLS

OrgState *org_state_new       (const char *path,
                               OrgService *service);
void      org_state_free      (OrgState   *self);
void      org_state_save      (OrgState   *self);
void      org_state_save_soon (OrgState   *self);
void      org_state_set_records (OrgState *self,
                                 char     *records);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgState, org_state_free)

G_END_DECLS
