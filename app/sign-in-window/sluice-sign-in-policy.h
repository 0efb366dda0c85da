/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceSignInVerdict:
 * @SLUICE_SIGN_IN_ALLOW: the page may load
 * @SLUICE_SIGN_IN_OUTSIDE: a link that leads away from signing in; the default browser may open it
 * @SLUICE_SIGN_IN_REFUSE: nothing that signing in needs
 *
 * What happens to an address that a page wants to go to.
 */
typedef enum
{
  SLUICE_SIGN_IN_ALLOW,
  SLUICE_SIGN_IN_OUTSIDE,
  SLUICE_SIGN_IN_REFUSE,
} SluiceSignInVerdict;

/**
 * SluiceSignInPolicy:
 *
 * Which addresses the sign-in window may show: the login host, what it leads
 * to over HTTPS (a company's own sign-in pages, say) and the loopback redirect.
 */
typedef struct _SluiceSignInPolicy SluiceSignInPolicy;

SluiceSignInPolicy  *sluice_sign_in_policy_new           (const char          *authorize_url,
                                                          const char          *redirect_uri,
                                                          GError             **error);
void                 sluice_sign_in_policy_free          (SluiceSignInPolicy  *self);

SluiceSignInVerdict  sluice_sign_in_policy_judge         (SluiceSignInPolicy  *self,
                                                          const char          *address,
                                                          gboolean             link_clicked);
gboolean             sluice_sign_in_policy_is_redirect   (SluiceSignInPolicy  *self,
                                                          const char          *address);
gboolean             sluice_sign_in_policy_is_error_page (SluiceSignInPolicy  *self,
                                                          const char          *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceSignInPolicy, sluice_sign_in_policy_free)

G_END_DECLS
