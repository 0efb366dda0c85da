/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"

G_BEGIN_DECLS

OrgSigner *org_signer_new     (void);
void       org_signer_free    (OrgSigner   *self);
void       org_signer_prepare (OrgSigner   *self,
                               void       (*ready) (gpointer user_data),
                               gpointer     user_data);
char      *org_signer_sign    (OrgSigner   *self,
                               const char  *claims);
void       org_signer_keys    (OrgCall     *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSigner, org_signer_free)

G_END_DECLS
