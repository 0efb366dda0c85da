/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-proposal.h"

/**
 * SluiceSoqlProposal:
 *
 * A suggestion in the list under the cursor, or a message in its place.
 */
struct _SluiceSoqlProposal
{
  GObject parent_instance;

  SluiceSoqlSuggestion *suggestion; /* (nullable) */
  char *message;                    /* (nullable) */
};

static char *
get_typed_text (GtkSourceCompletionProposal *proposal)
{
  return g_strdup (sluice_soql_proposal_get_name (SLUICE_SOQL_PROPOSAL (proposal)));
}

static void
proposal_init (GtkSourceCompletionProposalInterface *iface)
{
  iface->get_typed_text = get_typed_text;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceSoqlProposal, sluice_soql_proposal, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROPOSAL, proposal_init))

static void
sluice_soql_proposal_finalize (GObject *object)
{
  SluiceSoqlProposal *self = SLUICE_SOQL_PROPOSAL (object);

  g_clear_object (&self->suggestion);
  g_free (self->message);

  G_OBJECT_CLASS (sluice_soql_proposal_parent_class)->finalize (object);
}

static void
sluice_soql_proposal_class_init (SluiceSoqlProposalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_soql_proposal_finalize;
}

static void
sluice_soql_proposal_init (SluiceSoqlProposal *self)
{
}

SluiceSoqlProposal *
sluice_soql_proposal_new (SluiceSoqlSuggestion *suggestion)
{
  SluiceSoqlProposal *self;

  g_return_val_if_fail (SLUICE_IS_SOQL_SUGGESTION (suggestion), NULL);

  self = g_object_new (SLUICE_TYPE_SOQL_PROPOSAL, NULL);
  self->suggestion = g_object_ref (suggestion);

  return self;
}

SluiceSoqlProposal *
sluice_soql_proposal_new_message (const char *message)
{
  SluiceSoqlProposal *self;

  g_return_val_if_fail (message != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_SOQL_PROPOSAL, NULL);
  self->message = g_strdup (message);

  return self;
}

SluiceSoqlSuggestion *
sluice_soql_proposal_get_suggestion (SluiceSoqlProposal *self)
{
  g_return_val_if_fail (SLUICE_IS_SOQL_PROPOSAL (self), NULL);

  return self->suggestion;
}

const char *
sluice_soql_proposal_get_name (SluiceSoqlProposal *self)
{
  g_return_val_if_fail (SLUICE_IS_SOQL_PROPOSAL (self), NULL);

  return self->suggestion != NULL ? sluice_soql_suggestion_get_name (self->suggestion) : self->message;
}

/* What stands beside the name: the label, then the type. */
char *
sluice_soql_proposal_dup_comment (SluiceSoqlProposal *self)
{
  const char *label, *detail;

  g_return_val_if_fail (SLUICE_IS_SOQL_PROPOSAL (self), NULL);

  if (self->suggestion == NULL)
    return NULL;

  label = sluice_soql_suggestion_get_label (self->suggestion);
  detail = sluice_soql_suggestion_get_detail (self->suggestion);
  if (label != NULL && detail != NULL)
    return g_strjoin (" · ", label, detail, NULL);

  return g_strdup (label != NULL ? label : detail);
}
