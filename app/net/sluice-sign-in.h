/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-clock.h"
#include "sluice-credentials.h"
#include "sluice-sign-in-with.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SIGN_IN_STATE (sluice_sign_in_state_get_type ())

typedef enum
{
  SLUICE_SIGN_IN_IDLE,
  SLUICE_SIGN_IN_WAITING,
  SLUICE_SIGN_IN_EXCHANGING,
  SLUICE_SIGN_IN_DONE,
  SLUICE_SIGN_IN_FAILED,
} SluiceSignInState;

GType              sluice_sign_in_state_get_type      (void);

#define SLUICE_TYPE_SIGN_IN (sluice_sign_in_get_type ())

/**
 * SluiceSignIn:
 *
 * One sign-in: listens on loopback, hands the browser an address, waits for
 * the redirect, exchanges the code.
 *
 * Construct-only properties: `api-url`, `consumer-key`, `consumer-secret`
 * (nullable), `scopes` (GStrv), `callback-path`, `clock`; the ports are given
 * with sluice_sign_in_set_ports(). `force-login` (boolean) asks for
 * `prompt=login`.
 *
 * Property `with` (SluiceSignInWith): what shows its pages. It may change
 * while the sign-in waits; nothing here depends on it.
 *
 * Read-only properties: `state` (SluiceSignInState), `url` (nullable: the
 * address to open, known while waiting), `redirect-uri` (nullable),
 * `seconds-left` (uint, notified each second).
 *
 * Signal `open-uri (const char *url)`: emitted once, after the listener is
 * bound. Whoever runs the sign-in opens the browser.
 */
G_DECLARE_FINAL_TYPE (SluiceSignIn, sluice_sign_in, SLUICE, SIGN_IN, GObject)

void               sluice_sign_in_set_ports           (SluiceSignIn         *self,
                                                       const guint16        *ports,
                                                       guint                 n_ports);
SluiceSignInWith   sluice_sign_in_get_with            (SluiceSignIn         *self);
void               sluice_sign_in_set_with            (SluiceSignIn         *self,
                                                       SluiceSignInWith      with);
SluiceClock       *sluice_sign_in_get_clock           (SluiceSignIn         *self);
void               sluice_sign_in_run_async           (SluiceSignIn         *self,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
SluiceCredentials *sluice_sign_in_run_finish          (SluiceSignIn         *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);

SluiceSignInState  sluice_sign_in_get_state           (SluiceSignIn         *self);
const char        *sluice_sign_in_get_url             (SluiceSignIn         *self);
const char        *sluice_sign_in_get_redirect_uri    (SluiceSignIn         *self);
guint              sluice_sign_in_get_seconds_left    (SluiceSignIn         *self);
void               sluice_sign_in_extend              (SluiceSignIn         *self);
void               sluice_sign_in_cancel              (SluiceSignIn         *self);
gboolean           sluice_sign_in_report_address      (SluiceSignIn         *self,
                                                       const char           *address,
                                                       GError              **error);

G_END_DECLS
