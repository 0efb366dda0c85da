/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-host.h"

G_BEGIN_DECLS

/**
 * SluiceAdviceAction:
 * @SLUICE_ADVICE_NONE: nothing to press
 * @SLUICE_ADVICE_SIGN_IN: signing in again mends it
 * @SLUICE_ADVICE_RETRY: trying again later mends it
 * @SLUICE_ADVICE_EDIT_SETTINGS: a field of the subscription is wrong
 * @SLUICE_ADVICE_OPEN_SETUP: an administrator changes something in Setup
 * @SLUICE_ADVICE_UNLOCK: the keyring must be unlocked
 * @SLUICE_ADVICE_SESSION_ONLY: go on with tokens kept in memory only
 *
 * The one button that mends a problem.
 */
typedef enum
{
  SLUICE_ADVICE_NONE,
  SLUICE_ADVICE_SIGN_IN,
  SLUICE_ADVICE_RETRY,
  SLUICE_ADVICE_EDIT_SETTINGS,
  SLUICE_ADVICE_OPEN_SETUP,
  SLUICE_ADVICE_UNLOCK,
  SLUICE_ADVICE_SESSION_ONLY,
} SluiceAdviceAction;

/**
 * SluiceAdvice:
 * @title: what happened, a translated heading
 * @body: what to do about it, translated sentences
 * @action: the one button that mends it
 * @setup_page: where in Setup, with %SLUICE_ADVICE_OPEN_SETUP or as a further help
 *
 * What a user can do about an error.
 */
typedef struct
{
  char *title;
  char *body;
  SluiceAdviceAction action;
  SluiceSetupPage setup_page;
} SluiceAdvice;

SluiceAdvice *sluice_advice_new_for_error (const GError *error);
void          sluice_advice_free          (SluiceAdvice *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceAdvice, sluice_advice_free)

G_END_DECLS
