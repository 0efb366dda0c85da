/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-integration-file.h"
#include "sluice-limit.h"
#include "sluice-org-budget.h"
#include "sluice-secrets.h"
#include "sluice-verification.h"

/* As many calls as the Activity page shows. */
#define MAX_CALLS 1000

struct _SluiceConnection
{
  GObject parent_instance;

  SluiceSubscription *subscription;
  SluiceCredentialStore *store;
  SluiceClock *clock;

  SluiceClient *client;
  SluiceThrottle *throttle;
  SluiceCallList *calls;
  GListStore *limits;
  SluiceDescribeCache *describe_cache; /* (nullable): until it is needed */
  SluiceBudget *budget;           /* (nullable) */
  SluiceSignIn *sign_in;          /* (nullable) */
  SluiceOrganization *unexpected; /* (nullable) */
  SluiceCredentials *unsaved;     /* (nullable), new tokens that could not be stored */
  GError *not_saved;              /* (nullable), why renewed tokens are in memory only */
  SluiceSecretPlace place;        /* of what is stored */
  gboolean verified;
  char *verified_identity;        /* (nullable), whose tokens they were then */

  GTask *running;                 /* (owned) (nullable) */
  GQueue waiting;                 /* (element-type GTask) (owned) */
  SluiceBudget *refreshing;       /* (nullable), what the limits under way are for */
};

G_DEFINE_FINAL_TYPE (SluiceConnection, sluice_connection, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SUBSCRIPTION,
  PROP_CREDENTIAL_STORE,
  PROP_CLOCK,
  PROP_SIGN_IN,
  PROP_BUSY,
  PROP_THROTTLE,
  PROP_CLIENT,
  PROP_BUDGET,
  PROP_CALLS,
  PROP_LIMITS,
  PROP_UNEXPECTED_ORGANIZATION,
  PROP_SECRET_PLACE,
  N_PROPS
};

enum
{
  SAVE_WANTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What a new operation does to those before it */
typedef enum
{
  SUPERSEDES_NOTHING,
  SUPERSEDES_VERIFICATION,
  SUPERSEDES_SIGN_IN, /* and verification */
} Supersedes;

typedef enum
{
  KIND_SHORT, /* works with the keyring only, and is never superseded */
  KIND_VERIFICATION,
  KIND_SIGN_IN,
} Kind;

typedef struct
{
  /* Inputs */
  void (*start) (SluiceConnection *self,
                 GTask            *task);
  Kind kind;
  GCancellable *cancellable;
  gulong cancelled_id;
  gboolean flag; /* revoke, or session only */
  SluiceTokenKind token;
  SluiceSignInWith with;
  char *secret;  /* (nullable) */

  /* In progress */
  SluiceStatus previous_status;
  GError *revoke_error; /* (nullable) */
} Operation;

static void
operation_free (Operation *operation)
{
  g_clear_object (&operation->cancellable);
  sluice_secret_free (operation->secret);
  g_clear_error (&operation->revoke_error);
  g_free (operation);
}

static void run_next (SluiceConnection *self);

/* Operations */

static GTask *
operation_new (SluiceConnection     *self,
               gpointer              source_tag,
               void                (*start) (SluiceConnection *, GTask *),
               Kind                  kind,
               GCancellable         *cancellable,
               GAsyncReadyCallback   callback,
               gpointer              user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Operation *operation = g_new0 (Operation, 1);

  operation->start = start;
  operation->kind = kind;
  operation->cancellable = g_cancellable_new ();
  operation->previous_status = sluice_subscription_get_status (self->subscription);
  g_task_set_task_data (task, operation, (GDestroyNotify) operation_free);
  g_task_set_source_tag (task, source_tag);
  /* What was stored or deleted is so: a cancellation that comes later must not claim otherwise. */
  g_task_set_check_cancellable (task, FALSE);

  return task;
}

static Operation *
get_operation (GTask *task)
{
  return g_task_get_task_data (task);
}

static GCancellable *
get_cancellable (GTask *task)
{
  return get_operation (task)->cancellable;
}

static void
supersede (SluiceConnection *self,
           Supersedes        supersedes)
{
  g_autoptr(GPtrArray) superseded = g_ptr_array_new_with_free_func (g_object_unref);
  Kind most = supersedes == SUPERSEDES_SIGN_IN ? KIND_SIGN_IN : KIND_VERIFICATION;

  if (supersedes == SUPERSEDES_NOTHING)
    return;

  if (self->running != NULL)
    g_ptr_array_add (superseded, g_object_ref (self->running));
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    g_ptr_array_add (superseded, g_object_ref (link->data));

  for (guint i = 0; i < superseded->len; i++)
    {
      Operation *operation = get_operation (g_ptr_array_index (superseded, i));

      if (operation->kind != KIND_SHORT && operation->kind <= most)
        g_cancellable_cancel (operation->cancellable);
    }
}

static void
push_operation (SluiceConnection *self,
                GTask            *task, /* (transfer full) */
                Supersedes        supersedes)
{
  Operation *operation = get_operation (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  if (cancellable != NULL)
    operation->cancelled_id = g_signal_connect_swapped (cancellable, "cancelled",
                                                        G_CALLBACK (g_cancellable_cancel), operation->cancellable);

  supersede (self, supersedes);
  g_queue_push_tail (&self->waiting, task);
  run_next (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* Ends the running operation; @error (transfer full) (nullable) is what went wrong. */
static void
end_operation (SluiceConnection *self,
               GTask            *task,
               GError           *error)
{
  g_autoptr(SluiceConnection) keep = g_object_ref (self);
  Operation *operation = get_operation (task);

  g_assert (task == self->running);

  g_clear_signal_handler (&operation->cancelled_id, g_task_get_cancellable (task));

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);

  g_clear_object (&self->running);
  run_next (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
run_next (SluiceConnection *self)
{
  GError *error = NULL;

  if (self->running != NULL || g_queue_is_empty (&self->waiting))
    return;

  self->running = g_queue_pop_head (&self->waiting);
  if (g_cancellable_set_error_if_cancelled (get_cancellable (self->running), &error))
    end_operation (self, self->running, error);
  else
    get_operation (self->running)->start (self, self->running);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What the subscription says */

static SluiceIntegration *
find_integration (SluiceConnection  *self,
                  GError           **error)
{
  const char *version = sluice_subscription_get_version (self->subscription);
  SluiceIntegration *integration;

  if (sluice_subscription_get_damage (self->subscription) != NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           sluice_subscription_get_damage (self->subscription));
      return NULL;
    }

  integration = sluice_integrations_find (sluice_subscription_get_integration_id (self->subscription), version);
  if (integration == NULL)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 _("This application does not know version “%s”. Choose another one in the settings."), version);

  return integration;
}

static gboolean
has_tokens (SluiceConnection *self)
{
  return sluice_client_get_has_access_token (self->client) || sluice_client_get_has_refresh_token (self->client);
}

static void
note_verified (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

  self->verified = TRUE;
  g_set_str (&self->verified_identity, credentials != NULL ? credentials->identity_url : NULL);
}

/* Other tokens may have come since, from a sign-in or from another program, and they may be of another org. */
static gboolean
is_verified (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

  return self->verified && credentials != NULL &&
         g_strcmp0 (credentials->identity_url, self->verified_identity) == 0;
}

/* Tokens of another login host must neither be used nor be sent to the new one. */
static gboolean
check_login_url (SluiceConnection  *self,
                 GError           **error)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  const char *api_url = sluice_subscription_get_api_url (self->subscription);

  if (credentials == NULL || credentials->login_url == NULL || !has_tokens (self) ||
      g_ascii_strcasecmp (credentials->login_url, api_url) == 0)
    return TRUE;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: an address, such as https://login.salesforce.com */
               _("The API URL was changed after signing in at “%s”. Authenticate again, or change it back."),
               credentials->login_url);

  return FALSE;
}

static void
follow_login_url (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  const char *api_url = sluice_subscription_get_api_url (self->subscription);

  if (credentials != NULL && credentials->login_url != NULL)
    sluice_client_set_login_url (self->client, credentials->login_url);
  else if (*api_url != '\0')
    sluice_client_set_login_url (self->client, api_url);
  else if (credentials != NULL && credentials->instance_url != NULL)
    sluice_client_set_login_url (self->client, credentials->instance_url);
}

static void
follow_tokens (SluiceConnection *self)
{
  gboolean is_unsaved = self->unsaved != NULL;

  sluice_subscription_set_token_state (self->subscription,
                                       !is_unsaved && sluice_client_get_has_access_token (self->client),
                                       !is_unsaved && sluice_client_get_has_refresh_token (self->client),
                                       is_unsaved ? 0 : sluice_client_get_issued_at (self->client));
}

/* The status that follows from what is stored, when nobody has asked the org. */
static void
settle_status (SluiceConnection *self)
{
  g_autoptr(GError) error = NULL;

  if (sluice_subscription_get_damage (self->subscription) != NULL)
    {
      sluice_subscription_set_status (self->subscription, SLUICE_STATUS_DAMAGED);
    }
  else if (!has_tokens (self))
    {
      sluice_subscription_set_status (self->subscription,
                                      *sluice_subscription_get_consumer_key (self->subscription) != '\0'
                                      ? SLUICE_STATUS_SIGNED_OUT : SLUICE_STATUS_INCOMPLETE);
    }
  else if (!check_login_url (self, &error))
    {
      sluice_subscription_set_last_error (self->subscription, error);
      sluice_subscription_set_status (self->subscription, SLUICE_STATUS_NEEDS_ATTENTION);
    }
  else
    {
      sluice_subscription_set_status (self->subscription, SLUICE_STATUS_UNVERIFIED);
    }
}

static void
restore_status (SluiceConnection *self,
                GTask            *task)
{
  SluiceStatus previous = get_operation (task)->previous_status;

  /* The address was changed meanwhile. */
  if (!check_login_url (self, NULL))
    settle_status (self);
  else if (has_tokens (self) && (previous == SLUICE_STATUS_CONNECTED || previous == SLUICE_STATUS_OFFLINE ||
                            previous == SLUICE_STATUS_NEEDS_ATTENTION))
    sluice_subscription_set_status (self->subscription, previous);
  else if (previous == SLUICE_STATUS_NEEDS_ATTENTION && sluice_subscription_get_last_error (self->subscription) != NULL)
    sluice_subscription_set_status (self->subscription, previous);
  else
    settle_status (self);
}

static void
tell_error (SluiceConnection *self,
            const GError     *error)
{
  sluice_subscription_set_last_error (self->subscription, error);

  if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE))
    sluice_subscription_set_status (self->subscription, SLUICE_STATUS_OFFLINE);
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_LIMIT))
    settle_status (self);
  else if (sluice_subscription_get_damage (self->subscription) != NULL)
    sluice_subscription_set_status (self->subscription, SLUICE_STATUS_DAMAGED);
  else
    sluice_subscription_set_status (self->subscription, SLUICE_STATUS_NEEDS_ATTENTION);
}

/* Ends an operation with an error that the user must know about. */
static void
fail_operation (SluiceConnection *self,
                GTask            *task,
                GError           *error) /* (transfer full) */
{
  if (is_cancelled (error))
    restore_status (self, task);
  else
    tell_error (self, error);

  end_operation (self, task, error);
}

/* The org's budget */

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

  if (!has_tokens (self) || self->unexpected != NULL || sluice_client_get_api_version (self->client) == NULL)
    return;

  g_signal_stop_emission_by_name (self->budget, "refresh-wanted");
  if (self->refreshing != NULL)
    return;

  self->refreshing = g_object_ref (self->budget);
  sluice_client_send_async (self->client, &request, NULL, budget_limits_cb, g_object_ref (self));
}

static void
set_budget (SluiceConnection *self,
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

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUDGET]);
}

/* The identity's address names the org before anybody asked it. */
static void
follow_budget (SluiceConnection *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  g_autofree char *org_id = NULL;

  if (credentials != NULL && credentials->identity_url != NULL)
    org_id = sluice_org_budget_dup_org_id (credentials->identity_url);

  set_budget (self, org_id);
}

/* The client offers renewed tokens that were not stored again, and complains again. */
static void
load_tokens (SluiceConnection    *self,
             GTask               *task,
             GAsyncReadyCallback  callback)
{
  g_clear_error (&self->not_saved);
  sluice_client_load_async (self->client, get_cancellable (task), callback, g_object_ref (task));
}

static void
save_tokens (SluiceConnection        *self,
             GTask                   *task,
             const SluiceCredentials *credentials,
             GAsyncReadyCallback      callback)
{
  g_clear_error (&self->not_saved);
  sluice_client_set_credentials_async (self->client, credentials, get_cancellable (task), callback,
                                       g_object_ref (task));
}

static void
take_tokens (SluiceConnection *self)
{
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  follow_login_url (self);
  follow_tokens (self);
  follow_budget (self);
}

/* Loading */

static void
load_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  const GError *last_error;
  GError *error = NULL;

  if (!sluice_client_load_finish (self->client, result, &error))
    {
      follow_tokens (self);
      fail_operation (self, task, error);
      return;
    }

  take_tokens (self);

  last_error = sluice_subscription_get_last_error (self->subscription);
  if (last_error != NULL && last_error->domain == SLUICE_ERROR &&
      last_error->code >= SLUICE_ERROR_SECRETS_UNAVAILABLE && last_error->code <= SLUICE_ERROR_SECRETS_BROKEN)
    {
      sluice_subscription_set_last_error (self->subscription, NULL);
      settle_status (self);
    }
  else if (last_error == NULL &&
           (sluice_subscription_get_status (self->subscription) != SLUICE_STATUS_CONNECTED || !is_verified (self)))
    {
      settle_status (self);
    }
  else if (!has_tokens (self))
    {
      settle_status (self);
    }

  end_operation (self, task, NULL);
}

static void
unsaved_stored_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sluice_client_set_credentials_finish (self->client, result, &error))
    {
      fail_operation (self, task, error);
      return;
    }

  take_tokens (self);
  sluice_subscription_set_last_error (self->subscription, NULL);
  settle_status (self);
  end_operation (self, task, NULL);
}

static void
start_load (SluiceConnection *self,
            GTask            *task)
{
  if (self->unsaved != NULL)
    save_tokens (self, task, self->unsaved, unsaved_stored_cb);
  else
    load_tokens (self, task, load_cb);
}

/* Verifying */

static gboolean
is_same_org (const char *a,
             const char *b)
{
  /* An id names the same record with its 15 and with its 18 characters. */
  return g_strcmp0 (a, b) == 0 || (a != NULL && b != NULL && strlen (a) >= 15 && strncmp (a, b, 15) == 0);
}

static void
set_unexpected (SluiceConnection   *self,
                SluiceOrganization *organization)
{
  if (g_set_object (&self->unexpected, organization))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNEXPECTED_ORGANIZATION]);
}

static void
take_limits (SluiceConnection *self,
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

  set_unexpected (self, NULL);
  sluice_subscription_set_organization (self->subscription, organization);
  sluice_subscription_set_last_error (self->subscription, self->not_saved);
  sluice_subscription_set_status (self->subscription, self->not_saved == NULL ? SLUICE_STATUS_CONNECTED
                                                                              : SLUICE_STATUS_NEEDS_ATTENTION);

  if (changed)
    g_signal_emit (self, signals[SAVE_WANTED], 0);
}

static gboolean
check_organization (SluiceConnection    *self,
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
               name != NULL ? name : "", sluice_environment_get_label (sluice_organization_get_environment (organization)),
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
      if (!is_cancelled (error) && !g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE) &&
          !g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_LIMIT))
        self->verified = FALSE;
      fail_operation (self, task, error);
      return;
    }

  organization = sluice_verification_get_organization (verification);
  note_verified (self);
  set_budget (self, sluice_organization_get_id (organization));
  take_limits (self, sluice_verification_get_limits (verification));
  sluice_org_budget_update (self->budget, G_LIST_MODEL (self->limits));

  if (check_organization (self, organization, &error))
    {
      take_organization (self, organization);
      end_operation (self, task, NULL);
      return;
    }

  sluice_subscription_set_organization (self->subscription, NULL);
  set_unexpected (self, organization);
  fail_operation (self, task, error);
}

static void
verify_with_tokens (SluiceConnection *self,
                    GTask            *task)
{
  g_autoptr(SluiceVerification) verification = NULL;
  SluiceIntegration *integration;
  GError *error = NULL;

  integration = find_integration (self, &error);
  if (integration == NULL || !check_login_url (self, &error))
    {
      fail_operation (self, task, error);
      return;
    }

  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_VERIFYING);
  verification = sluice_verification_new (self->client, self->throttle, integration, self->clock);
  sluice_verification_run_async (verification, get_cancellable (task), verified_cb, g_object_ref (task));
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
      follow_tokens (self);
      fail_operation (self, task, error);
      return;
    }

  take_tokens (self);
  if (has_tokens (self))
    {
      verify_with_tokens (self, task);
      return;
    }

  restore_status (self, task);
  end_operation (self, task, g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED,
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
      follow_tokens (self);
      fail_operation (self, task, error);
      return;
    }

  take_tokens (self);
  verify_with_tokens (self, task);
}

static void
store_and_verify (SluiceConnection *self,
                  GTask            *task)
{
  save_tokens (self, task, self->unsaved, verify_stored_cb);
}

/* Read again, because another program may have signed in or renewed the tokens. */
static void
start_verify (SluiceConnection *self,
              GTask            *task)
{
  if (self->unsaved != NULL)
    store_and_verify (self, task);
  else
    load_tokens (self, task, verify_loaded_cb);
}

/* Signing in */

static void
set_sign_in (SluiceConnection *self,
             SluiceSignIn     *sign_in)
{
  if (g_set_object (&self->sign_in, sign_in))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIGN_IN]);
}

static void
signed_in_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  SluiceCredentials *credentials;
  GError *error = NULL;

  credentials = sluice_sign_in_run_finish (SLUICE_SIGN_IN (object), result, &error);
  set_sign_in (self, NULL);

  if (credentials == NULL)
    {
      if (!is_cancelled (error))
        sluice_subscription_set_last_error (self->subscription, error);
      restore_status (self, task);
      end_operation (self, task, error);
      return;
    }

  g_free (credentials->login_url);
  g_object_get (object, "api-url", &credentials->login_url, NULL);
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  self->unsaved = credentials;
  self->verified = FALSE;
  set_unexpected (self, NULL);
  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_VERIFYING);
  store_and_verify (self, task);
}

static void
sign_in (SluiceConnection  *self,
         GTask             *task,
         SluiceIntegration *integration)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);
  g_autoptr(SluiceSignIn) attempt = NULL;
  const guint16 *ports;
  guint n_ports;

  attempt = g_object_new (SLUICE_TYPE_SIGN_IN,
                          "api-url", sluice_subscription_get_api_url (self->subscription),
                          "consumer-key", sluice_subscription_get_consumer_key (self->subscription),
                          "consumer-secret", credentials != NULL ? credentials->consumer_secret : NULL,
                          "scopes", sluice_integration_get_scopes (integration),
                          "callback-path", sluice_integration_get_callback_path (integration),
                          "clock", self->clock,
                          "with", get_operation (task)->with,
                          NULL);
  ports = sluice_integration_get_callback_ports (integration, &n_ports);
  sluice_sign_in_set_ports (attempt, ports, n_ports);

  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_SIGNING_IN);
  set_sign_in (self, attempt);
  sluice_sign_in_run_async (attempt, get_cancellable (task), signed_in_cb, g_object_ref (task));
}

/* The consumer secret is needed, and a keyring that cannot be used is better told before the browser opens. */
static void
authenticate_loaded_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  SluiceIntegration *integration;
  GError *error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    {
      take_tokens (self);
    }
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
    {
      /* Signing in mends it. */
      g_clear_error (&error);
    }
  else
    {
      follow_tokens (self);
      fail_operation (self, task, error);
      return;
    }

  integration = find_integration (self, &error);
  if (integration != NULL)
    sign_in (self, task, integration);
  else
    fail_operation (self, task, error);
}

static void
start_authenticate (SluiceConnection *self,
                    GTask            *task)
{
  GError *error = NULL;

  if (find_integration (self, &error) == NULL)
    {
      fail_operation (self, task, error);
      return;
    }

  if (*sluice_subscription_get_consumer_key (self->subscription) == '\0')
    {
      end_operation (self, task, g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_INVALID,
                                                      _("The consumer key is missing. Enter it in the settings.")));
      return;
    }

  load_tokens (self, task, authenticate_loaded_cb);
}

/* Removing and changing secrets */

static void
forget_org (SluiceConnection *self)
{
  set_unexpected (self, NULL);
  sluice_subscription_set_organization (self->subscription, NULL);
  take_limits (self, NULL);
}

static void
end_removal (SluiceConnection *self,
             GTask            *task)
{
  GError *revoke_error = g_steal_pointer (&get_operation (task)->revoke_error);

  if (revoke_error != NULL)
    g_prefix_error (&revoke_error, "%s ", _("The tokens are deleted here, but it is not certain that Salesforce revoked them."));
  end_operation (self, task, revoke_error);
}

static void
describes_forgotten_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  sluice_describe_cache_forget_finish (SLUICE_DESCRIBE_CACHE (object), result);
  end_removal (g_task_get_source_object (task), task);
}

static void
secrets_changed (SluiceConnection *self,
                 GTask            *task)
{
  take_tokens (self);
  if (has_tokens (self))
    {
      end_removal (self, task);
      return;
    }

  forget_org (self);
  sluice_subscription_set_last_error (self->subscription, NULL);
  settle_status (self);
  sluice_describe_cache_forget_async (sluice_connection_get_describe_cache (self), describes_forgotten_cb,
                                      g_object_ref (task));
}

static void
secrets_stored_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (sluice_client_set_credentials_finish (self->client, result, &error))
    secrets_changed (self, task);
  else
    end_operation (self, task, error);
}

static void
reloaded_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    secrets_changed (self, task);
  else
    end_operation (self, task, error);
}

static void
cleared_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (sluice_credential_store_clear_finish (self->store, result, &error))
    sluice_client_load_async (self->client, NULL, reloaded_cb, g_object_ref (task));
  else
    end_operation (self, task, error);
}

/* What cannot be understood is removed as a whole. */
static void
clear_store (SluiceConnection *self,
             GTask            *task)
{
  sluice_credential_store_clear_async (self->store, sluice_subscription_get_id (self->subscription),
                                       get_cancellable (task), cleared_cb, g_object_ref (task));
}

static void
store_secrets (SluiceConnection  *self,
               GTask             *task,
               SluiceCredentials *credentials)
{
  save_tokens (self, task, credentials, secrets_stored_cb);
}

static void
edit_secrets (SluiceConnection      *self,
              GTask                 *task,
              SluiceCredentialsEdit  edit,
              gpointer               edit_data,
              GDestroyNotify         edit_destroy,
              GAsyncReadyCallback    callback)
{
  g_clear_error (&self->not_saved);
  sluice_client_edit_credentials_async (self->client, edit, edit_data, edit_destroy, get_cancellable (task), callback,
                                        g_object_ref (task));
}

static void
delete_tokens (SluiceConnection *self,
               GTask            *task)
{
  g_autoptr(SluiceCredentials) nothing = sluice_credentials_new ();

  store_secrets (self, task, nothing);
}

static void
revoked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sluice_client_revoke_finish (self->client, result, &error) && is_cancelled (error))
    {
      end_operation (self, task, error);
      return;
    }

  get_operation (task)->revoke_error = error;
  delete_tokens (self, task);
}

static void
disconnect_loaded_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    {
      g_clear_pointer (&self->unsaved, sluice_credentials_free);
      follow_login_url (self);
      if (get_operation (task)->flag && has_tokens (self))
        sluice_client_revoke_async (self->client, get_cancellable (task), revoked_cb, g_object_ref (task));
      else
        delete_tokens (self, task);
    }
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
    {
      if (get_operation (task)->flag)
        get_operation (task)->revoke_error =
          g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_REJECTED,
                               _("What the keyring held could not be understood, so there was nothing to send."));
      clear_store (self, task);
    }
  else
    {
      end_operation (self, task, g_steal_pointer (&error));
    }
}

static void
start_disconnect (SluiceConnection *self,
                  GTask            *task)
{
  load_tokens (self, task, disconnect_loaded_cb);
}

static void
remove_token (SluiceCredentials *credentials,
              gpointer           kind)
{
  if (GPOINTER_TO_INT (kind) == SLUICE_TOKEN_REFRESH)
    {
      sluice_secret_set (&credentials->refresh_token, NULL);
    }
  else
    {
      sluice_secret_set (&credentials->access_token, NULL);
      credentials->issued_at = 0;
    }
}

static void
token_loaded_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (!sluice_client_load_finish (self->client, result, &error))
    {
      if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
        clear_store (self, task);
      else
        end_operation (self, task, g_steal_pointer (&error));
      return;
    }

  edit_secrets (self, task, remove_token, GINT_TO_POINTER (get_operation (task)->token), NULL, secrets_stored_cb);
}

static void
start_delete_token (SluiceConnection *self,
                    GTask            *task)
{
  load_tokens (self, task, token_loaded_cb);
}

static void
take_consumer_secret (SluiceCredentials *credentials,
                      gpointer           secret)
{
  sluice_secret_set (&credentials->consumer_secret, secret);
}

static void
secret_loaded_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  g_autoptr(SluiceCredentials) credentials = NULL;
  const char *secret = get_operation (task)->secret;
  g_autoptr(GError) error = NULL;

  if (sluice_client_load_finish (self->client, result, &error))
    {
      edit_secrets (self, task, take_consumer_secret, g_strdup (secret), (GDestroyNotify) sluice_secret_free,
                    secrets_stored_cb);
    }
  else if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN))
    {
      credentials = sluice_credentials_new ();
      sluice_secret_set (&credentials->consumer_secret, secret);
      store_secrets (self, task, credentials);
    }
  else
    {
      end_operation (self, task, g_steal_pointer (&error));
    }
}

/* With new tokens that wait to be stored it is stored together. */
static void
start_set_consumer_secret (SluiceConnection *self,
                           GTask            *task)
{
  if (self->unsaved != NULL)
    {
      sluice_secret_set (&self->unsaved->consumer_secret, get_operation (task)->secret);
      save_tokens (self, task, self->unsaved, unsaved_stored_cb);
      return;
    }

  load_tokens (self, task, secret_loaded_cb);
}

/* Session only */

static void
set_session_only (SluiceConnection *self,
                  gboolean          session_only)
{
  sluice_credential_store_set_session_only (self->store, sluice_subscription_get_id (self->subscription), session_only);
  sluice_subscription_set_session_only (self->subscription, session_only);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECRET_PLACE]);
}

static void
session_stored_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceConnection *self = g_task_get_source_object (task);
  gboolean was_unsaved = self->unsaved != NULL;
  GError *error = NULL;

  if (!sluice_client_set_credentials_finish (self->client, result, &error))
    {
      g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

      /* Memory never fails, so this was the way back to the keyring: what it did not take stays in memory. */
      set_session_only (self, TRUE);
      if (self->unsaved == NULL)
        self->unsaved = g_steal_pointer (&credentials);
      fail_operation (self, task, error);
      return;
    }

  take_tokens (self);
  sluice_subscription_set_last_error (self->subscription, NULL);
  if (was_unsaved)
    {
      verify_with_tokens (self, task);
      return;
    }

  restore_status (self, task);
  end_operation (self, task, NULL);
}

/* Between two readings and writings: a refresh that runs ends in the place where it began. */
static void
move_credentials (SluiceCredentials *credentials,
                  gpointer           task)
{
  set_session_only (g_task_get_source_object (task), get_operation (task)->flag);
}

static void
start_set_session_only (SluiceConnection *self,
                        GTask            *task)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

  if (self->unsaved != NULL)
    {
      set_session_only (self, get_operation (task)->flag);
      save_tokens (self, task, self->unsaved, session_stored_cb);
    }
  else if (credentials != NULL && !sluice_credentials_is_empty (credentials))
    {
      edit_secrets (self, task, move_credentials, g_object_ref (task), g_object_unref, session_stored_cb);
    }
  else
    {
      set_session_only (self, get_operation (task)->flag);
      load_tokens (self, task, load_cb);
    }
}

/* The subscription was edited, or the client learned something. */

static void
name_changed_cb (SluiceConnection *self)
{
  g_autofree char *label = NULL;

  /* Translators: how the keyring shows the tokens of a subscription */
  label = g_strdup_printf (_("Sluice: %s"), sluice_subscription_get_name (self->subscription));
  sluice_client_set_label (self->client, label);
}

static void
consumer_key_changed_cb (SluiceConnection *self)
{
  /* Those that wait to be stored are another app's. */
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  sluice_client_set_consumer_key (self->client, sluice_subscription_get_consumer_key (self->subscription));
}

static void
api_url_changed_cb (SluiceConnection *self)
{
  SluiceStatus status = sluice_subscription_get_status (self->subscription);
  const GError *last_error = sluice_subscription_get_last_error (self->subscription);
  gboolean matches = check_login_url (self, NULL);

  follow_login_url (self);

  if (status == SLUICE_STATUS_SIGNING_IN || status == SLUICE_STATUS_VERIFYING)
    {
      /* Whatever comes of it belongs to the old address. */
      supersede (self, SUPERSEDES_SIGN_IN);
      return;
    }

  if (!has_tokens (self))
    return;

  /* Changed back: the complaint about the change is over. */
  if (matches && g_error_matches (last_error, SLUICE_ERROR, SLUICE_ERROR_INVALID))
    sluice_subscription_set_last_error (self->subscription, NULL);
  if (!matches || status == SLUICE_STATUS_NEEDS_ATTENTION)
    settle_status (self);
}

static void
throttle_settings_changed_cb (SluiceConnection *self)
{
  sluice_throttle_apply_settings (self->throttle, sluice_subscription_get_throttle_settings (self->subscription));
}

static void
budget_reserve_changed_cb (SluiceConnection *self)
{
  if (self->budget != NULL)
    sluice_org_budget_reserve (self->budget, self, sluice_subscription_get_budget_reserve (self->subscription));
}

static void
tokens_changed_cb (SluiceConnection *self)
{
  follow_tokens (self);
}

static void
signed_out_cb (SluiceConnection *self,
               const GError     *error)
{
  follow_tokens (self);
  sluice_subscription_set_last_error (self->subscription, error);
  sluice_subscription_set_status (self->subscription, SLUICE_STATUS_NEEDS_ATTENTION);
}

static void
not_saved_cb (SluiceConnection *self,
              const GError     *error)
{
  g_clear_error (&self->not_saved);
  self->not_saved = g_error_copy (error);
  tell_error (self, error);
}

/* Where tokens are kept */

static void
weak_ref_free (GWeakRef *weak_ref)
{
  g_weak_ref_clear (weak_ref);
  g_free (weak_ref);
}

static void
place_found_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(SluiceConnection) self = g_weak_ref_get (user_data);
  SluiceSecretPlace place;

  weak_ref_free (user_data);

  if (!sluice_secrets_find_place_finish (SLUICE_SECRETS (object), result, &place, NULL) ||
      self == NULL || self->place == place)
    return;

  self->place = place;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECRET_PLACE]);
}

/* It depends on the desktop, and stays as it is for as long as the program runs. */
static void
find_place (SluiceConnection *self)
{
  GWeakRef *weak_ref;

  if (!SLUICE_IS_SECRETS (self->store))
    return;

  weak_ref = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak_ref, self);
  sluice_secrets_find_place_async (SLUICE_SECRETS (self->store), NULL, place_found_cb, weak_ref);
}

/* The object */

static void
sluice_connection_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      g_value_set_object (value, self->subscription);
      break;
    case PROP_CREDENTIAL_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    case PROP_SIGN_IN:
      g_value_set_object (value, self->sign_in);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, sluice_connection_get_busy (self));
      break;
    case PROP_THROTTLE:
      g_value_set_object (value, self->throttle);
      break;
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_BUDGET:
      g_value_set_object (value, self->budget);
      break;
    case PROP_CALLS:
      g_value_set_object (value, self->calls);
      break;
    case PROP_LIMITS:
      g_value_set_object (value, self->limits);
      break;
    case PROP_UNEXPECTED_ORGANIZATION:
      g_value_set_object (value, self->unexpected);
      break;
    case PROP_SECRET_PLACE:
      g_value_set_enum (value, sluice_connection_get_secret_place (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
sluice_connection_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      self->subscription = g_value_dup_object (value);
      break;
    case PROP_CREDENTIAL_STORE:
      self->store = g_value_dup_object (value);
      break;
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
watch (SluiceConnection *self,
       gpointer          object,
       const char       *signal,
       GCallback         callback)
{
  g_signal_connect_object (object, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
sluice_connection_constructed (GObject *object)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  G_OBJECT_CLASS (sluice_connection_parent_class)->constructed (object);

  if (self->clock == NULL)
    self->clock = g_object_ref (sluice_clock_get_system ());

  self->throttle = sluice_throttle_new (self->clock);
  self->client = sluice_client_new (sluice_subscription_get_id (self->subscription), self->throttle, self->store,
                                    self->calls, self->clock);

  name_changed_cb (self);
  consumer_key_changed_cb (self);
  follow_login_url (self);
  throttle_settings_changed_cb (self);

  watch (self, self->subscription, "notify::name", G_CALLBACK (name_changed_cb));
  watch (self, self->subscription, "notify::consumer-key", G_CALLBACK (consumer_key_changed_cb));
  watch (self, self->subscription, "notify::api-url", G_CALLBACK (api_url_changed_cb));
  watch (self, self->subscription, "notify::throttle-settings", G_CALLBACK (throttle_settings_changed_cb));
  watch (self, self->subscription, "notify::budget-reserve", G_CALLBACK (budget_reserve_changed_cb));
  watch (self, self->client, "notify::has-access-token", G_CALLBACK (tokens_changed_cb));
  watch (self, self->client, "notify::has-refresh-token", G_CALLBACK (tokens_changed_cb));
  watch (self, self->client, "notify::issued-at", G_CALLBACK (tokens_changed_cb));
  watch (self, self->client, "signed-out", G_CALLBACK (signed_out_cb));
  watch (self, self->client, "not-saved", G_CALLBACK (not_saved_cb));
  find_place (self);
}

static void
sluice_connection_dispose (GObject *object)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  if (self->throttle != NULL)
    set_budget (self, NULL);
  g_clear_object (&self->describe_cache);
  g_clear_object (&self->client);
  g_clear_object (&self->throttle);
  g_clear_object (&self->store);
  g_clear_object (&self->sign_in);
  g_clear_object (&self->unexpected);

  G_OBJECT_CLASS (sluice_connection_parent_class)->dispose (object);
}

static void
sluice_connection_finalize (GObject *object)
{
  SluiceConnection *self = SLUICE_CONNECTION (object);

  /* Each operation holds the connection, so there are none left. */
  g_assert (self->running == NULL && g_queue_is_empty (&self->waiting));
  g_clear_pointer (&self->unsaved, sluice_credentials_free);
  g_clear_error (&self->not_saved);
  g_free (self->verified_identity);
  g_clear_object (&self->subscription);
  g_clear_object (&self->clock);
  g_clear_object (&self->calls);
  g_clear_object (&self->limits);

  G_OBJECT_CLASS (sluice_connection_parent_class)->finalize (object);
}

static void
sluice_connection_class_init (SluiceConnectionClass *klass)
{
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags live = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_connection_get_property;
  object_class->set_property = sluice_connection_set_property;
  object_class->constructed = sluice_connection_constructed;
  object_class->dispose = sluice_connection_dispose;
  object_class->finalize = sluice_connection_finalize;

  properties[PROP_SUBSCRIPTION] =
    g_param_spec_object ("subscription", NULL, NULL, SLUICE_TYPE_SUBSCRIPTION, given);
  properties[PROP_CREDENTIAL_STORE] =
    g_param_spec_object ("credential-store", NULL, NULL, SLUICE_TYPE_CREDENTIAL_STORE, given);
  properties[PROP_CLOCK] =
    g_param_spec_object ("clock", NULL, NULL, SLUICE_TYPE_CLOCK, given);
  properties[PROP_SIGN_IN] =
    g_param_spec_object ("sign-in", NULL, NULL, SLUICE_TYPE_SIGN_IN, live);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, live);
  properties[PROP_THROTTLE] =
    g_param_spec_object ("throttle", NULL, NULL, SLUICE_TYPE_THROTTLE, live);
  properties[PROP_CLIENT] =
    g_param_spec_object ("client", NULL, NULL, SLUICE_TYPE_CLIENT, live);
  properties[PROP_BUDGET] =
    g_param_spec_object ("budget", NULL, NULL, SLUICE_TYPE_BUDGET, live);
  properties[PROP_CALLS] =
    g_param_spec_object ("calls", NULL, NULL, SLUICE_TYPE_CALL_LIST, live);
  properties[PROP_LIMITS] =
    g_param_spec_object ("limits", NULL, NULL, G_TYPE_LIST_MODEL, live);
  properties[PROP_UNEXPECTED_ORGANIZATION] =
    g_param_spec_object ("unexpected-organization", NULL, NULL, SLUICE_TYPE_ORGANIZATION, live);

  properties[PROP_SECRET_PLACE] =
    g_param_spec_enum ("secret-place", NULL, NULL, SLUICE_TYPE_SECRET_PLACE, SLUICE_SECRET_PLACE_KEYRING, live);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * SluiceConnection::save-wanted:
   * @self: a connection
   *
   * The org's id or environment, which the subscription's file keeps, changed.
   */
  signals[SAVE_WANTED] = g_signal_new ("save-wanted", SLUICE_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sluice_connection_init (SluiceConnection *self)
{
  g_queue_init (&self->waiting);
  self->calls = sluice_call_list_new (MAX_CALLS);
  self->limits = g_list_store_new (SLUICE_TYPE_LIMIT);
}

/**
 * sluice_connection_new:
 * @subscription: a subscription, perhaps a damaged one
 * @store: where its tokens are kept
 * @clock: (nullable): where time comes from, %NULL for the system's
 *
 * Returns: (transfer full): a connection that has not asked anybody anything yet
 */
SluiceConnection *
sluice_connection_new (SluiceSubscription    *subscription,
                       SluiceCredentialStore *store,
                       SluiceClock           *clock)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), NULL);
  g_return_val_if_fail (SLUICE_IS_CREDENTIAL_STORE (store), NULL);

  return g_object_new (SLUICE_TYPE_CONNECTION,
                       "subscription", subscription,
                       "credential-store", store,
                       "clock", clock,
                       NULL);
}

/**
 * sluice_connection_cancel:
 * @self: a connection
 *
 * Cancels whatever is under way or waits for it; queries go on.
 */
void
sluice_connection_cancel (SluiceConnection *self)
{
  g_autoptr(GPtrArray) tasks = NULL;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->running != NULL)
    g_ptr_array_add (tasks, g_object_ref (self->running));
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    g_ptr_array_add (tasks, g_object_ref (link->data));

  for (guint i = 0; i < tasks->len; i++)
    g_cancellable_cancel (get_cancellable (g_ptr_array_index (tasks, i)));
}

/**
 * sluice_connection_get_subscription:
 * @self: a connection
 *
 * Returns: (transfer none): whose connection it is
 */
SluiceSubscription *
sluice_connection_get_subscription (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->subscription;
}

/**
 * sluice_connection_get_throttle:
 * @self: a connection
 *
 * Returns: (transfer none): what every call waits for
 */
SluiceThrottle *
sluice_connection_get_throttle (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->throttle;
}

/**
 * sluice_connection_get_budget:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): the org's day, shared with other connections to it; %NULL until the org is known
 */
SluiceBudget *
sluice_connection_get_budget (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->budget;
}

/**
 * sluice_connection_get_calls:
 * @self: a connection
 *
 * Returns: (transfer none): the calls of this session
 */
SluiceCallList *
sluice_connection_get_calls (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->calls;
}

/**
 * sluice_connection_get_sign_in:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): what waits for the browser
 */
SluiceSignIn *
sluice_connection_get_sign_in (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->sign_in;
}

/**
 * sluice_connection_get_client:
 * @self: a connection
 *
 * Returns: (transfer none): what sends the calls
 */
SluiceClient *
sluice_connection_get_client (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->client;
}

/**
 * sluice_connection_get_limits:
 * @self: a connection
 *
 * Returns: (transfer none): the org's limits as of the last verification, a list of SluiceLimit
 */
GListModel *
sluice_connection_get_limits (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return G_LIST_MODEL (self->limits);
}

/**
 * sluice_connection_get_describe_cache:
 * @self: a connection
 *
 * Returns: (transfer none): what the org tells about its objects
 */
SluiceDescribeCache *
sluice_connection_get_describe_cache (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  if (self->describe_cache == NULL)
    self->describe_cache = sluice_describe_cache_new (self, NULL);

  return self->describe_cache;
}

/**
 * sluice_connection_get_unexpected_organization:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): the org that the tokens belong to, when it is not the one last seen
 */
SluiceOrganization *
sluice_connection_get_unexpected_organization (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);

  return self->unexpected;
}

/**
 * sluice_connection_get_secret_place:
 * @self: a connection
 *
 * Returns: where tokens are kept, as far as it is known yet
 */
SluiceSecretPlace
sluice_connection_get_secret_place (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), SLUICE_SECRET_PLACE_KEYRING);

  return sluice_subscription_get_session_only (self->subscription) ? SLUICE_SECRET_PLACE_MEMORY : self->place;
}

/**
 * sluice_connection_get_busy:
 * @self: a connection
 *
 * Returns: whether an operation is under way
 */
gboolean
sluice_connection_get_busy (SluiceConnection *self)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), FALSE);

  return self->running != NULL || !g_queue_is_empty (&self->waiting);
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

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNEXPECTED_ORGANIZATION]);
  take_organization (self, organization);
}

/**
 * sluice_connection_load_async:
 * @self: a connection
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Reads the token state from the keyring, without asking the org. Tokens that
 * could not be stored before are stored instead.
 */
void
sluice_connection_load_async (SluiceConnection    *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = operation_new (self, sluice_connection_load_async, start_load, KIND_SHORT, cancellable, callback, user_data);
  push_operation (self, task, SUPERSEDES_NOTHING);
}

/**
 * sluice_connection_load_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes; the subscription tells it too
 *
 * Returns: whether the token state is known
 */
gboolean
sluice_connection_load_finish (SluiceConnection  *self,
                               GAsyncResult      *result,
                               GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_authenticate_async:
 * @self: a connection
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Signs in with what the subscription says, stores the tokens in the place of
 * older ones, then verifies. Watch `sign-in` and its `open-uri`: the caller
 * opens the browser or window. A sign-in that waits is cancelled first.
 */
void
sluice_connection_authenticate_async (SluiceConnection    *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  sluice_connection_authenticate_with_async (self, sluice_subscription_get_sign_in_with (self->subscription),
                                             cancellable, callback, user_data);
}

/**
 * sluice_connection_authenticate_with_async:
 * @self: a connection
 * @with: what shows the pages this once
 * @cancellable: (nullable): gives up
 * @callback: called when done; ends with sluice_connection_authenticate_finish()
 * @user_data: data for @callback
 *
 * Signs in as sluice_connection_authenticate_async() does, whatever the
 * subscription says.
 */
void
sluice_connection_authenticate_with_async (SluiceConnection    *self,
                                           SluiceSignInWith     with,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));
  g_return_if_fail (with < SLUICE_N_SIGN_IN_WITH);

  task = operation_new (self, sluice_connection_authenticate_with_async, start_authenticate, KIND_SIGN_IN,
                        cancellable, callback, user_data);
  get_operation (task)->with = with;
  push_operation (self, task, SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_authenticate_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: %SLUICE_ERROR_SIGN_IN when there are no tokens, a `SLUICE_ERROR_SECRETS_` code when the keyring
 *   does not take them, or as for sluice_connection_verify_finish()
 *
 * Returns: whether somebody is signed in and the org verified
 */
gboolean
sluice_connection_authenticate_finish (SluiceConnection  *self,
                                       GAsyncResult      *result,
                                       GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
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

  task = operation_new (self, sluice_connection_verify_async, start_verify, KIND_VERIFICATION, cancellable, callback, user_data);
  push_operation (self, task, SUPERSEDES_VERIFICATION);
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

/**
 * sluice_connection_disconnect_async:
 * @self: a connection
 * @revoke: whether to end the grant at Salesforce first
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Deletes both tokens; the consumer secret stays.
 */
void
sluice_connection_disconnect_async (SluiceConnection    *self,
                                    gboolean             revoke,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = operation_new (self, sluice_connection_disconnect_async, start_disconnect, KIND_SHORT, cancellable, callback, user_data);
  get_operation (task)->flag = revoke;
  push_operation (self, task, SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_disconnect_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: why nothing was deleted; or, when the tokens are deleted and only revoking failed, why, and the
 *   subscription has no tokens any more
 *
 * Returns: whether all was done
 */
gboolean
sluice_connection_disconnect_finish (SluiceConnection  *self,
                                     GAsyncResult      *result,
                                     GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_delete_token_async:
 * @self: a connection
 * @kind: which one
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Deletes one of the two tokens from the keyring.
 */
void
sluice_connection_delete_token_async (SluiceConnection    *self,
                                      SluiceTokenKind      kind,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = operation_new (self, sluice_connection_delete_token_async, start_delete_token, KIND_SHORT, cancellable, callback, user_data);
  get_operation (task)->token = kind;
  push_operation (self, task, SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_delete_token_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: whether it is gone
 */
gboolean
sluice_connection_delete_token_finish (SluiceConnection  *self,
                                       GAsyncResult      *result,
                                       GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_set_consumer_secret_async:
 * @self: a connection
 * @consumer_secret: (nullable): the secret, %NULL to remove it
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Stores or removes the consumer secret of a confidential app.
 */
void
sluice_connection_set_consumer_secret_async (SluiceConnection    *self,
                                             const char          *consumer_secret,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = operation_new (self, sluice_connection_set_consumer_secret_async, start_set_consumer_secret, KIND_SHORT, cancellable, callback, user_data);
  /* An empty one is none. */
  sluice_secret_set (&get_operation (task)->secret, consumer_secret != NULL ? consumer_secret : "");
  push_operation (self, task, SUPERSEDES_SIGN_IN);
}

/**
 * sluice_connection_set_consumer_secret_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Returns: whether it is stored or gone
 */
gboolean
sluice_connection_set_consumer_secret_finish (SluiceConnection  *self,
                                              GAsyncResult      *result,
                                              GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_set_session_only_async:
 * @self: a connection
 * @session_only: whether tokens live in memory only
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Keeps tokens in memory until the program ends, also those that could not be
 * stored before, which are verified then; or moves them to the keyring again.
 */
void
sluice_connection_set_session_only_async (SluiceConnection    *self,
                                          gboolean             session_only,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_CONNECTION (self));

  task = operation_new (self, sluice_connection_set_session_only_async, start_set_session_only, KIND_SHORT, cancellable, callback, user_data);
  get_operation (task)->flag = session_only;
  push_operation (self, task, SUPERSEDES_NOTHING);
}

/**
 * sluice_connection_set_session_only_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: why the keyring did not take them, and they stay in memory; or as for
 *   sluice_connection_verify_finish()
 *
 * Returns: whether it is so
 */
gboolean
sluice_connection_set_session_only_finish (SluiceConnection  *self,
                                           GAsyncResult      *result,
                                           GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_connection_check_usable:
 * @self: a connection
 * @error: what to do before
 *
 * Tells whether the org may be asked: somebody is signed in, and the org is
 * verified to be the right one.
 *
 * Returns: whether it may
 */
gboolean
sluice_connection_check_usable (SluiceConnection  *self,
                                GError           **error)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), FALSE);

  if (self->unexpected != NULL)
    return check_organization (self, self->unexpected, error);

  if (!has_tokens (self))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED, _("Nobody is signed in. Authenticate first."));
      return FALSE;
    }

  if (!check_login_url (self, error))
    return FALSE;

  if (!is_verified (self))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The org is not verified yet. Refresh the connection first."));
      return FALSE;
    }

  return TRUE;
}

/**
 * sluice_connection_query:
 * @self: a connection
 * @soql: a query
 * @all_rows: whether deleted and archived rows are read too
 * @error: why the org may not be asked
 *
 * Makes a query for somebody who waits. The org is asked only when the caller
 * wants the first page.
 *
 * Returns: (transfer full) (nullable): the query
 */
SluiceQuery *
sluice_connection_query (SluiceConnection  *self,
                         const char        *soql,
                         gboolean           all_rows,
                         GError           **error)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (soql != NULL, NULL);

  if (!sluice_connection_check_usable (self, error))
    return NULL;

  return sluice_client_query (self->client, soql, all_rows, SLUICE_PRIORITY_INTERACTIVE);
}

/**
 * sluice_connection_export:
 * @self: a connection
 * @soql: a query
 * @all_rows: whether deleted and archived rows are read too
 * @error: why the org may not be asked
 *
 * Makes a query whose many pages go behind what somebody waits for, and wait
 * while the org's day is nearly used up.
 *
 * Returns: (transfer full) (nullable): the query
 */
SluiceQuery *
sluice_connection_export (SluiceConnection  *self,
                          const char        *soql,
                          gboolean           all_rows,
                          GError           **error)
{
  g_return_val_if_fail (SLUICE_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (soql != NULL, NULL);

  if (!sluice_connection_check_usable (self, error))
    return NULL;

  return sluice_client_query (self->client, soql, all_rows, SLUICE_PRIORITY_BACKGROUND);
}
