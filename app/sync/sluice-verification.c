/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-verification.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-members.h"

/* Versions, identity, Organization, limits; and userinfo where the identity is refused. */
#define N_CALLS 5

/* Salesforce-wire 1.1: these fields tell what kind of org it is. */
#define ORGANIZATION_QUERY \
  "SELECT Id, Name, IsSandbox, OrganizationType, InstanceName, TrialExpirationDate, NamespacePrefix FROM Organization"

/* An id names the same record with its 15 and with its 18 characters. */
#define ID_LENGTH 15

struct _SluiceVerification
{
  GObject parent_instance;

  /* Inputs */
  SluiceClient *client;
  SluiceThrottle *throttle;
  SluiceIntegration *integration;
  SluiceClock *clock;

  /* In progress */
  SluiceClaim *claim;         /* (nullable) */
  GCancellable *cancellable;
  gulong cancelled_id;
  GError *first_error;        /* (nullable) */
  guint n_pending;

  /* Results */
  JsonNode *identity;         /* (nullable) */
  JsonNode *record;           /* (nullable) */
  gint64 server_time_offset;
  SluiceOrganization *organization; /* (nullable) */
  GListModel *limits;         /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SluiceVerification, sluice_verification, G_TYPE_OBJECT)

static void
sluice_verification_dispose (GObject *object)
{
  SluiceVerification *self = SLUICE_VERIFICATION (object);

  g_clear_object (&self->client);
  g_clear_object (&self->throttle);
  g_clear_object (&self->integration);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->organization);
  g_clear_object (&self->limits);

  G_OBJECT_CLASS (sluice_verification_parent_class)->dispose (object);
}

static void
sluice_verification_finalize (GObject *object)
{
  SluiceVerification *self = SLUICE_VERIFICATION (object);

  g_clear_pointer (&self->claim, sluice_claim_unref);
  g_clear_pointer (&self->identity, json_node_unref);
  g_clear_pointer (&self->record, json_node_unref);
  g_clear_error (&self->first_error);

  G_OBJECT_CLASS (sluice_verification_parent_class)->finalize (object);
}

static void
sluice_verification_class_init (SluiceVerificationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_verification_dispose;
  object_class->finalize = sluice_verification_finalize;
}

static void
sluice_verification_init (SluiceVerification *self)
{
}

static void
ask (SluiceVerification  *self,
     const char          *path,
     const char          *summary,
     GAsyncReadyCallback  callback,
     GTask               *task)
{
  SluiceRequest request = {
    .method = "GET",
    .path = path,
    .summary = summary,
    .priority = SLUICE_PRIORITY_INTERACTIVE,
    .claim = self->claim != NULL && sluice_claim_get_remaining (self->claim) > 0 ? self->claim : NULL,
  };

  self->n_pending++;
  sluice_client_send_async (self->client, &request, self->cancellable, callback, g_object_ref (task));
}

/* One step that cannot be done without ends them all; its error is the one to tell. */
static void
fail (SluiceVerification *self,
      GError             *error) /* (transfer full) */
{
  if (self->first_error == NULL)
    self->first_error = error;
  else
    g_error_free (error);

  g_cancellable_cancel (self->cancellable);
}

static const char *
get_text (JsonNode   *node,
          const char *name)
{
  const char *text = NULL;

  if (node != NULL)
    sluice_members_get_string (json_node_get_object (node), name, &text, NULL);

  return text;
}

static gboolean
is_same_org (const char *a,
             const char *b)
{
  return g_ascii_strcasecmp (a, b) == 0 || strncmp (a, b, ID_LENGTH) == 0;
}

static GDateTime *
get_now (SluiceVerification *self)
{
  return g_date_time_new_from_unix_utc (sluice_clock_get_real (self->clock) / G_USEC_PER_SEC);
}

static gboolean
make_organization (SluiceVerification  *self,
                   GError             **error)
{
  g_autoptr(GDateTime) now = get_now (self);
  const char *id = get_text (self->record, "Id");
  const char *identity_org = get_text (self->identity, "organization_id");
  const char *edition = get_text (self->record, "OrganizationType");
  const char *trial_expiration = get_text (self->record, "TrialExpirationDate");
  const char *username = get_text (self->identity, "username");
  const char *display_name = get_text (self->identity, "display_name");
  gboolean is_sandbox = FALSE;

  if (id == NULL || strlen (id) < ID_LENGTH ||
      !sluice_members_get_boolean (json_node_get_object (self->record), "IsSandbox", &is_sandbox, NULL))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The org does not say what kind of org it is. Try again, and tell its administrator if "
                             "this stays so."));
      return FALSE;
    }

  if (identity_org != NULL && !is_same_org (id, identity_org))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The user who signed in belongs to another org than the one that answers. "
                             "Authenticate again."));
      return FALSE;
    }

  self->organization = g_object_new (SLUICE_TYPE_ORGANIZATION,
                                     "id", id,
                                     "name", get_text (self->record, "Name"),
                                     "environment", sluice_environment_from_organization (is_sandbox, edition,
                                                                                          trial_expiration),
                                     "edition", edition,
                                     "instance-name", get_text (self->record, "InstanceName"),
                                     "instance-url", sluice_client_get_instance_url (self->client),
                                     "namespace-prefix", get_text (self->record, "NamespacePrefix"),
                                     "trial-expiration", trial_expiration,
                                     "api-version", sluice_client_get_api_version (self->client),
                                     "user-id", get_text (self->identity, "user_id"),
                                     /* The userinfo service has other names for them. */
                                     "username", username != NULL
                                                 ? username
                                                 : get_text (self->identity, "preferred_username"),
                                     "display-name", display_name != NULL
                                                     ? display_name
                                                     : get_text (self->identity, "name"),
                                     "email", get_text (self->identity, "email"),
                                     "verified-at", now,
                                     "server-time-offset", self->server_time_offset,
                                     NULL);

  return TRUE;
}

static void
step_done (SluiceVerification *self,
           GTask              *task)
{
  GError *error = NULL;

  if (--self->n_pending > 0)
    return;

  g_clear_signal_handler (&self->cancelled_id, g_task_get_cancellable (task));
  g_clear_pointer (&self->claim, sluice_claim_unref);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->first_error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->first_error));
  else if (!make_organization (self, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* What an org may refuse without being unusable. */
static gboolean
is_tolerable (const GError *error)
{
  return g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN)
      || g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED)
      || g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL);
}

static void
limits_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceVerification *self = g_task_get_source_object (task);
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply == NULL && !is_tolerable (error))
    fail (self, g_steal_pointer (&error));
  else
    self->limits = sluice_limits_from_json (reply != NULL ? reply->json : NULL);

  step_done (self, task);
}

static JsonNode *
dup_record (JsonNode *json)
{
  JsonArray *records = NULL;
  JsonNode *record;

  if (json == NULL || !JSON_NODE_HOLDS_OBJECT (json) ||
      !sluice_members_get_array (json_node_get_object (json), "records", &records, NULL) ||
      records == NULL || json_array_get_length (records) != 1)
    return NULL;

  record = json_array_get_element (records, 0);

  return JSON_NODE_HOLDS_OBJECT (record) ? json_node_copy (record) : NULL;
}

static void
organization_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceVerification *self = g_task_get_source_object (task);
  g_autoptr(SluiceReply) reply = NULL;
  GError *error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply != NULL)
    {
      self->record = dup_record (reply->json);
      if (self->record == NULL)
        error = g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                                     _("The org’s answer about itself cannot be understood. Try again later."));
    }
  if (error != NULL)
    fail (self, error);

  step_done (self, task);
}

static void
versions_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceVerification *self = g_task_get_source_object (task);
  g_autofree char *query = g_uri_escape_string (ORGANIZATION_QUERY, NULL, FALSE);
  g_autofree char *path = g_strconcat ("query?q=", query, NULL);
  g_autofree char *version = NULL;
  g_autoptr(SluiceReply) reply = NULL;
  GError *error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply != NULL)
    version = sluice_api_version_choose (reply->json,
                                         sluice_integration_get_min_api_version (self->integration),
                                         sluice_integration_get_max_api_version (self->integration), &error);

  if (version == NULL)
    {
      fail (self, error);
    }
  else
    {
      if (reply->date > 0)
        self->server_time_offset = reply->date - sluice_clock_get_real (self->clock) / G_USEC_PER_SEC;
      sluice_client_set_api_version (self->client, version);
      ask (self, path, _("Read the organization"), organization_cb, task);
      ask (self, "limits", _("Read limits"), limits_cb, task);
    }

  step_done (self, task);
}

static void
take_identity (SluiceVerification *self,
               SluiceReply        *reply)
{
  if (reply->json != NULL && JSON_NODE_HOLDS_OBJECT (reply->json))
    self->identity = json_node_copy (reply->json);
}

static void
userinfo_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceVerification *self = g_task_get_source_object (task);
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply != NULL)
    take_identity (self, reply);
  else if (!is_tolerable (error))
    fail (self, g_steal_pointer (&error));

  step_done (self, task);
}

static void
ask_userinfo (SluiceVerification *self,
              GTask              *task)
{
  ask (self, "/services/oauth2/userinfo", _("Read the user"), userinfo_cb, task);
}

/* An app without the scope `id` may not read the identity, but perhaps `openid`. Without both nobody is named. */
static void
identity_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceVerification *self = g_task_get_source_object (task);
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply != NULL)
    take_identity (self, reply);
  else if (!is_tolerable (error))
    fail (self, g_steal_pointer (&error));

  if (self->identity == NULL && self->first_error == NULL)
    ask_userinfo (self, task);

  step_done (self, task);
}

static void
start (SluiceVerification *self,
       GTask              *task)
{
  g_autoptr(SluiceCredentials) credentials = sluice_client_dup_credentials (self->client);

  /* Held until all first calls are on their way. */
  self->n_pending = 1;
  ask (self, "/services/data", _("List API versions"), versions_cb, task);
  if (credentials != NULL && credentials->identity_url != NULL)
    ask (self, credentials->identity_url, _("Read the user"), identity_cb, task);
  else
    ask_userinfo (self, task);

  step_done (self, task);
}

static void
claim_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceVerification *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->claim = sluice_throttle_claim_finish (SLUICE_THROTTLE (object), result, &error);
  if (self->claim != NULL)
    {
      start (self, task);
      return;
    }

  g_clear_signal_handler (&self->cancelled_id, g_task_get_cancellable (task));
  g_task_return_error (task, error);
}

/**
 * sluice_verification_new:
 * @client: the client of the subscription; its API version is set to the chosen one
 * @throttle: the throttle of @client
 * @integration: says which API versions may be used
 * @clock: where time comes from
 *
 * Returns: (transfer full): a verification that has not begun
 */
SluiceVerification *
sluice_verification_new (SluiceClient      *client,
                         SluiceThrottle    *throttle,
                         SluiceIntegration *integration,
                         SluiceClock       *clock)
{
  SluiceVerification *self;

  g_return_val_if_fail (SLUICE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (SLUICE_IS_THROTTLE (throttle), NULL);
  g_return_val_if_fail (SLUICE_IS_INTEGRATION (integration), NULL);
  g_return_val_if_fail (SLUICE_IS_CLOCK (clock), NULL);

  self = g_object_new (SLUICE_TYPE_VERIFICATION, NULL);
  self->client = g_object_ref (client);
  self->throttle = g_object_ref (throttle);
  self->integration = g_object_ref (integration);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * sluice_verification_run_async:
 * @self: a verification that has not begun
 * @cancellable: (nullable): ends it
 * @callback: called when the org has said everything, or an error
 * @user_data: data for @callback
 *
 * Asks the org. The calls are claimed as one piece of work; when the org's day
 * has no room for them they are tried all the same, because a person waits and
 * only the org knows.
 */
void
sluice_verification_run_async (SluiceVerification  *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  SluiceForecast forecast;

  g_return_if_fail (SLUICE_IS_VERIFICATION (self));
  g_return_if_fail (self->cancellable == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_verification_run_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  self->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    self->cancelled_id = g_signal_connect_swapped (cancellable, "cancelled", G_CALLBACK (g_cancellable_cancel),
                                                   self->cancellable);

  sluice_throttle_forecast (self->throttle, SLUICE_PRIORITY_INTERACTIVE, N_CALLS, &forecast);
  if (forecast.fits)
    sluice_throttle_claim_async (self->throttle, SLUICE_PRIORITY_INTERACTIVE, N_CALLS, self->cancellable,
                                 claim_cb, g_steal_pointer (&task));
  else
    start (self, task);
}

/**
 * sluice_verification_run_finish:
 * @self: a verification
 * @result: what the callback got
 * @error: why the org could not be verified
 *
 * Returns: whether the org said what is needed
 */
gboolean
sluice_verification_run_finish (SluiceVerification  *self,
                                GAsyncResult        *result,
                                GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_verification_get_organization:
 * @self: a verification
 *
 * Returns: (nullable) (transfer none): who is connected to what, once it is known
 */
SluiceOrganization *
sluice_verification_get_organization (SluiceVerification *self)
{
  g_return_val_if_fail (SLUICE_IS_VERIFICATION (self), NULL);

  return self->organization;
}

/**
 * sluice_verification_get_limits:
 * @self: a verification
 *
 * Returns: (nullable) (transfer none): a list of SluiceLimit; empty when the user may not read them
 */
GListModel *
sluice_verification_get_limits (SluiceVerification *self)
{
  g_return_val_if_fail (SLUICE_IS_VERIFICATION (self), NULL);

  return self->limits;
}
