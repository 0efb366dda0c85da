/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SLUICE_ERROR (sluice_error_quark ())

/**
 * SluiceError:
 * @SLUICE_ERROR_NOT_AUTHORIZED: sign in again; stored tokens no longer serve
 * @SLUICE_ERROR_FORBIDDEN: signed in, but a policy or permission says no; only an administrator helps
 * @SLUICE_ERROR_LIMIT: a limit of the org is reached; wait
 * @SLUICE_ERROR_OFFLINE: the server cannot be reached or is down; retry later
 * @SLUICE_ERROR_REJECTED: the server refused this request; show its text
 * @SLUICE_ERROR_PROTOCOL: an answer that makes no sense; a bug, ours or theirs
 * @SLUICE_ERROR_INVALID: input from the user or a file that must be corrected
 * @SLUICE_ERROR_STORAGE: a file or database cannot be read or written
 * @SLUICE_ERROR_SECRETS_UNAVAILABLE: there is no Secret Service to talk to
 * @SLUICE_ERROR_SECRETS_LOCKED: the keyring is locked and was not unlocked
 * @SLUICE_ERROR_SECRETS_DISMISSED: the user closed the keyring's prompt
 * @SLUICE_ERROR_SECRETS_FAILED: the keyring answered with an error, or did not keep what was written
 * @SLUICE_ERROR_SECRETS_BROKEN: the stored item cannot be understood
 * @SLUICE_ERROR_SIGN_IN: sign-in ended without tokens: denied, blocked, timed out, ports busy
 * @SLUICE_ERROR_OTHER_ORG: the tokens belong to another org than the one seen before; the user confirms or signs in again
 *
 * What went wrong, sorted by what the caller will do about it.
 *
 * Cancellation is always %G_IO_ERROR_CANCELLED and is never shown.
 */
typedef enum
{
  SLUICE_ERROR_NOT_AUTHORIZED,
  SLUICE_ERROR_FORBIDDEN,
  SLUICE_ERROR_LIMIT,
  SLUICE_ERROR_OFFLINE,
  SLUICE_ERROR_REJECTED,
  SLUICE_ERROR_PROTOCOL,
  SLUICE_ERROR_INVALID,
  SLUICE_ERROR_STORAGE,
  SLUICE_ERROR_SECRETS_UNAVAILABLE,
  SLUICE_ERROR_SECRETS_LOCKED,
  SLUICE_ERROR_SECRETS_DISMISSED,
  SLUICE_ERROR_SECRETS_FAILED,
  SLUICE_ERROR_SECRETS_BROKEN,
  SLUICE_ERROR_SIGN_IN,
  SLUICE_ERROR_OTHER_ORG,
} SluiceError;

GQuark      sluice_error_quark              (void);

GError     *sluice_error_new_server         (SluiceError   code,
                                             const char   *server_code,
                                             const char   *server_text,
                                             guint         http_status,
                                             const char   *request_id,
                                             const char   *message);

const char *sluice_error_get_server_code    (const GError *error);
const char *sluice_error_get_server_text    (const GError *error);
guint       sluice_error_get_http_status    (const GError *error);
const char *sluice_error_get_request_id     (const GError *error);

G_END_DECLS
