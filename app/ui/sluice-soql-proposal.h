/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtksourceview/gtksource.h>

#include "sluice-soql-suggestion.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SOQL_PROPOSAL (sluice_soql_proposal_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSoqlProposal, sluice_soql_proposal, SLUICE, SOQL_PROPOSAL, GObject)

SluiceSoqlProposal   *sluice_soql_proposal_new            (SluiceSoqlSuggestion *suggestion);
SluiceSoqlProposal   *sluice_soql_proposal_new_message    (const char           *message);

SluiceSoqlSuggestion *sluice_soql_proposal_get_suggestion (SluiceSoqlProposal   *self);
const char           *sluice_soql_proposal_get_name       (SluiceSoqlProposal   *self);
char                 *sluice_soql_proposal_dup_comment    (SluiceSoqlProposal   *self);

G_END_DECLS
