/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection-private.h"

#include <glib/gi18n.h>

#include "sluice-org-budget.h"
#include "sluice-verification.h"

static void
budget_limits_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(SluiceConnection) self = user_data;
  g_autoptr(SluiceBudget) budget = g_steal_pointer (&self->refreshing);
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GListModel) limits = NULL;
  g_autoptr(GError) error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply == NULL)
    {
      g_debug ("Reading limits for the budget: %s", error->message);
      return;
    }

  limits = sluice_limits_from_json (reply->json);
  sluice_org_budget_update (budget, limits);
}

/* The first connection to the org that can ask does so for all. */
static void
refresh_wanted_cb (SluiceConnection *self)
{
  SluiceRequest request = {
    .method = "GET",
    .path = "limits",
    .summary = _("Read limits"),
    .priority = SLUICE_PRIORITY_INTERACTIVE,
  };

  if (!sluice_connection_has_tokens (self) || self->unexpected != NULL ||
      sluice_client_get_api_version (self->client) == NULL)
    return;

  g_signal_stop_emission_by_name (self->budget, "refresh-wanted");
  if (self->refreshing != NULL)
    return;

  self->refreshing = g_object_ref (self->budget);
  sluice_client_send_async (self->client, &request, NULL, budget_limits_cb, g_object_ref (self));
}

void
sluice_connection_set_budget (SluiceConnection *self,
                              const char       *org_id)
{
  g_autoptr(SluiceBudget) budget = org_id != NULL ? sluice_budget_get_for_org (org_id, self->clock) : NULL;

  if (budget == self->budget)
    return;

  if (self->budget != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->budget, self);
      sluice_org_budget_reserve (self->budget, self, 0);
    }

  g_set_object (&self->budget, budget);
  sluice_throttle_set_budget (self->throttle, budget);

  if (budget != NULL)
    {
      sluice_org_budget_reserve (budget, self, sluice_subscription_get_budget_reserve (self->subscription));
      g_signal_connect_swapped (budget, "refresh-wanted", G_CALLBACK (refresh_wanted_cb), self);
    }

  g_object_notify (G_OBJECT (self), "budget");
}

/* The identity's address names the org before anybody asked it. */
void
sluice_connection_follow_budget (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  g_autofree char *org_id = NULL;

  if (credentials != NULL && credentials->identity_url != NULL)
    org_id = sluice_org_budget_dup_org_id (credentials->identity_url);

  sluice_connection_set_budget (self, org_id);
}
