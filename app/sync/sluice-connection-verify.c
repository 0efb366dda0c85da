/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-org-budget.h"
#include "sluice-verification.h"

static void
note_verified (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

  self->verified = TRUE;
  g_set_str (&self->verified_identity, credentials != NULL ? credentials->identity_url : NULL);
}

/* Other tokens may have come since, from a sign-in or from another program, and they may be of another org. */
gboolean
sluice_connection_is_verified (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

  return self->verified && credentials != NULL &&
         g_strcmp0 (credentials->identity_url, self->verified_identity) == 0;
}

static gboolean
is_same_org (const char *a,
             const char *b)
{
  /* An id names the same record with its 15 and with its 18 characters. */
  return g_strcmp0 (a, b) == 0 || (a != NULL && b != NULL && strlen (a) >= 15 && strncmp (a, b, 15) == 0);
}

void
sluice_connection_take_limits (SluiceConnection *self,
                               GListModel       *limits)
{
  guint n_limits = limits != NULL ? g_list_model_get_n_items (limits) : 0;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_limits; i++)
    g_ptr_array_add (items, g_list_model_get_item (limits, i));

  g_list_store_splice (self->limits, 0, g_list_model_get_n_items (G_LIST_MODEL (self->limits)),
                       items->pdata, items->len);
}

static void
take_organization (SluiceConnection   *self,
                   SluiceOrganization *organization)
{
  gboolean changed = !is_same_org (sluice_subscription_get_org_id (self->subscription),
                                   sluice_organization_get_id (organization))
                  || sluice_subscription_get_environment (self->subscription)
                     != sluice_organization_get_environment (organization);

  sluice_connection_set_unexpected (self, NULL);
  sluice_subscription_set_organization (self->subscription, organization);
  sluice_subscription_set_last_error (self->subscription, self->not_saved);
  sluice_subscription_set_status (self->subscription, self->not_saved == NULL ? SLUICE_STATUS_CONNECTED
                                                                              : SLUICE_STATUS_NEEDS_ATTENTION);

  if (changed)
    g_signal_emit_by_name (self, "save-wanted");
}

gboolean
sluice_connection_check_organization (SluiceConnection    *self,
                                      SluiceOrganization  *organization,
                                      GError             **error)
{
  const char *known = sluice_subscription_get_org_id (self->subscription);
  const char *name = sluice_organization_get_name (organization);

  if (known == NULL || is_same_org (known, sluice_organization_get_id (organization)))
    return TRUE;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG,
               /* Translators: name of an org, kind of org, id, id */
               _("Signed in to another org than before: “%s” (%s, %s) instead of %s. "
                 "Confirm that it is the right one, or authenticate again."),
               name != NULL ? name : "",
               sluice_environment_get_label (sluice_organization_get_environment (organization)),
               sluice_organization_get_id (organization), known);

  return FALSE;
}

static void
verified_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  SluiceVerification *verification = SLUICE_VERIFICATION (object);
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  SluiceOrganization *organization;
  GError *error = NULL;

  if (!sluice_verification_run_finish (verification, result, &error))
    {
      /* It is still the org of before when only nobody answered. */
      if (!sluice_operation_is_cancelled (error) && !g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE) &&
          !g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_LIMIT))
        self->verified = FALSE;
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  organization = sluice_verification_get_organization (verification);
  note_verified (self);
  sluice_connection_set_budget (self, sluice_organization_get_id (organization));
  sluice_connection_take_limits (self, sluice_verification_get_limits (verification));
  sluice_org_budget_update (self->budget, G_LIST_MODEL (self->limits));

  if (sluice_connection_check_organization (self, organization, &error))
    {
      take_organization (self, organization);
      sluice_connection_end_operation (self, task, NULL);
      return;
    }

  sluice_subscription_set_organization (self->subscription, NULL);
  sluice_connection_set_unexpected (self, organization);
  sluice_connection_fail_operation (self, task, error);
}

void
sluice_connection_verify_with_tokens (SluiceConnection *self,
                                      GTask            *task)
{
  g_autoptr(SluiceVerification) verification = NULL;
  SluiceIntegration *integration;
  GError *error = NULL;

  integration = sluice_connection_find_integration (self, &error);
  if (integration == NULL || !sluice_connection_check_login_url (self, &error))
    {
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_VERIFYING);
  verification = sluice_verification_new (self->client, self->throttle, integration, self->clock);
  sluice_verification_run_async (verification, sluice_operation_get_cancellable (task), verified_cb,
                                 g_object_ref (task));
}

static void
verify_loaded_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sluice_client_load_finish (self->client, result, &error))
    {
      sluice_connection_follow_tokens (self);
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  sluice_connection_take_tokens (self);
  if (sluice_connection_has_tokens (self))
    {
      sluice_connection_verify_with_tokens (self, task);
      return;
    }

  sluice_connection_restore_status (self, task);
  sluice_connection_end_operation (self, task, g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED,
                                                                    _("Nobody is signed in. Authenticate first.")));
}

static void
verify_stored_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sluice_client_set_credentials_finish (self->client, result, &error))
    {
      sluice_connection_follow_tokens (self);
      sluice_connection_fail_operation (self, task, error);
      return;
    }

  sluice_connection_take_tokens (self);
  sluice_connection_verify_with_tokens (self, task);
}

void
sluice_connection_store_and_verify (SluiceConnection *self,
                                    GTask            *task)
{
  sluice_connection_save_tokens (self, task, self->unsaved, verify_stored_cb);
}

/* Read again, because another program may have signed in or renewed the tokens. */
static void
start_verify (SluiceConnection *self,
              GTask            *task)
{
  if (self->unsaved != NULL)
    sluice_connection_store_and_verify (self, task);
  else
    sluice_connection_load_tokens (self, task, verify_loaded_cb);
}

/**
 * sluice_connection_accept_organization:
 * @self: a connection
 *
 * The user says that the unexpected org is the right one. Does nothing when
 * there is none.
 */
void
sluice_connection_accept_organization (SluiceConnection *self)
{
  g_autoptr(SluiceOrganization) organization = NULL;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  organization = g_steal_pointer (&self->unexpected);
  if (organization == NULL)
    return;

  g_object_notify (G_OBJECT (self), "unexpected-organization");
  take_organization (self, organization);
}

/**
 * sluice_connection_verify_async:
 * @self: a connection
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Asks the org for its versions, the user, its `Organization` and limits, and
 * fills the subscription's organisation.
 */
void
sluice_connection_verify_async (SluiceConnection    *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = sluice_operation_new (self, sluice_connection_verify_async, start_verify, SLUICE_OPERATION_VERIFICATION,
                               cancellable, callback, user_data);
  sluice_connection_push_operation (self, task, SLUICE_SUPERSEDES_VERIFICATION);
}

/**
 * sluice_connection_verify_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: %SLUICE_ERROR_OTHER_ORG when it is not the org last seen; any other of the domain
 *
 * Returns: whether the org is verified
 */
gboolean
sluice_connection_verify_finish (SluiceConnection  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
