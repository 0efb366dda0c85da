/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-http"

#include "sluice-tokens.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-oauth.h"
#include "sluice-session.h"
#include "sluice-token-endpoint.h"

#define TIMEOUT_SECONDS 60

typedef enum
{
  OP_LOAD,
  OP_REPLACE,
  OP_REFRESH,
  OP_REVOKE,
} OpKind;

/* One thing to do with the tokens, and who waits for it. */
typedef struct
{
  OpKind kind;
  GPtrArray *waiters;             /* of GTask */
  char *expired;                  /* (nullable): the access token that a refresh is to replace */
  SluiceCredentials *credentials; /* (nullable): the new ones: given, or received */
  SluiceCredentialsEdit edit;     /* (nullable): makes the new ones when it is their turn */
  gpointer edit_data;
  GDestroyNotify edit_destroy;    /* (nullable) */
  gboolean locked;                /* no other program refreshes */
  gboolean answered;              /* needs no slot any more */
  GError *death;                  /* (nullable): how the org refused the refresh token for good */
} Op;

/* The data of each waiting task. */
typedef struct
{
  Op *op;             /* (unowned) (nullable) */
  GSource *cancelled; /* (nullable) */
} Waiter;

struct _SluiceTokens
{
  GObject parent_instance;

  char *subscription_id;
  SluiceThrottle *throttle;
  SluiceCredentialStore *store;
  SluiceCallList *calls;
  SluiceClock *clock;
  SoupSession *session;

  char *label;        /* (nullable) */
  char *login_url;    /* (nullable) */
  char *consumer_key; /* (nullable) */

  SluiceCredentials *credentials; /* (nullable) */
  SluiceCredentials *stored;      /* (nullable): what the store was last seen to hold */
  gboolean loaded;
  gboolean unsaved;               /* the store does not have what is used */

  GQueue queue;                   /* of Op */
  Op *current;                    /* (nullable) */
  SluiceSlot *waiting_slot;       /* (nullable): of the current op */
  SluiceSlot *slot;               /* (nullable): started */
  SluiceCall *call;               /* (nullable) */
};

enum
{
  PROP_0,
  PROP_LABEL,
  PROP_LOGIN_URL,
  PROP_CONSUMER_KEY,
  PROP_HAS_ACCESS_TOKEN,
  PROP_HAS_REFRESH_TOKEN,
  PROP_ISSUED_AT,
  PROP_INSTANCE_URL,
  N_PROPS
};

enum
{
  SIGNED_OUT,
  NOT_SAVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceTokens, sluice_tokens, G_TYPE_OBJECT)

static void run_next (SluiceTokens *self);

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
waiter_free (Waiter *waiter)
{
  g_clear_pointer (&waiter->cancelled, destroy_source);
  g_free (waiter);
}

static void
op_free (Op *op)
{
  g_ptr_array_unref (op->waiters);
  sluice_secret_free (op->expired);
  g_clear_pointer (&op->credentials, sluice_credentials_free);
  if (op->edit_destroy != NULL)
    op->edit_destroy (op->edit_data);
  g_clear_error (&op->death);
  g_free (op);
}

static const char *
get_access_token (SluiceTokens *self)
{
  return self->credentials != NULL ? self->credentials->access_token : NULL;
}

static const char *
get_refresh_token (SluiceTokens *self)
{
  return self->credentials != NULL ? self->credentials->refresh_token : NULL;
}

/* Tokens go back only to where they came from. */
static const char *
get_login_url (SluiceTokens *self)
{
  if (self->credentials != NULL && self->credentials->login_url != NULL)
    return self->credentials->login_url;

  return self->login_url;
}

static const char *
get_instance_url (SluiceTokens *self)
{
  return self->credentials != NULL ? self->credentials->instance_url : NULL;
}

/* Uses other credentials from now on. */
static void
adopt (SluiceTokens      *self,
       SluiceCredentials *credentials) /* (transfer full) (nullable) */
{
  g_autoptr(SluiceCredentials) before = g_steal_pointer (&self->credentials);
  static const SluiceCredentials none = { NULL };
  const SluiceCredentials *old = before != NULL ? before : &none;
  const SluiceCredentials *new = credentials != NULL ? credentials : &none;

  self->credentials = credentials;

  g_object_freeze_notify (G_OBJECT (self));
  if ((old->access_token == NULL) != (new->access_token == NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_ACCESS_TOKEN]);
  if ((old->refresh_token == NULL) != (new->refresh_token == NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_REFRESH_TOKEN]);
  if (old->issued_at != new->issued_at)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ISSUED_AT]);
  if (g_strcmp0 (old->instance_url, new->instance_url) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSTANCE_URL]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_stored (SluiceTokens            *self,
            const SluiceCredentials *credentials)
{
  SluiceCredentials *copy = credentials != NULL ? sluice_credentials_copy (credentials) : NULL;

  g_clear_pointer (&self->stored, sluice_credentials_free);
  self->stored = copy;
}

static gboolean
is_same (const SluiceCredentials *a,
         const SluiceCredentials *b)
{
  return a != NULL && b != NULL ? sluice_credentials_equal (a, b) : a == b;
}

/* What the store holds wins, because another program may have signed in or out, unless it only lacks our news. */
static void
take_loaded (SluiceTokens      *self,
             SluiceCredentials *credentials) /* (transfer full) (nullable) */
{
  self->loaded = TRUE;

  if (self->unsaved && is_same (credentials, self->stored))
    {
      g_clear_pointer (&credentials, sluice_credentials_free);
      return;
    }

  self->unsaved = FALSE;
  set_stored (self, credentials);
  adopt (self, credentials);
}

/* Whether only other things than tokens differ, such as the consumer secret. */
static gboolean
has_same_tokens (const SluiceCredentials *a,
                 const SluiceCredentials *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return g_strcmp0 (a->access_token, b->access_token) == 0 && g_strcmp0 (a->refresh_token, b->refresh_token) == 0;
}

static void
note_saved (SluiceTokens *self,
            const GError *error)
{
  self->unsaved = error != NULL;

  if (error == NULL)
    {
      set_stored (self, self->credentials);
      return;
    }

  g_debug ("The renewed tokens were not stored: %s", error->message);
  g_signal_emit (self, signals[NOT_SAVED], 0, error);
}

/* Waiting. */

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  SluiceTokens *self = g_task_get_source_object (task);
  Waiter *waiter = g_task_get_task_data (task);
  Op *op = g_steal_pointer (&waiter->op);

  g_ptr_array_remove (op->waiters, task);

  /* A refresh that runs goes on: its answer may hold the only valid token. */
  if (op->waiters->len == 0 && op != self->current)
    {
      g_queue_remove (&self->queue, op);
      op_free (op);
    }

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
join (Op    *op,
      GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->op = op;
  g_task_set_task_data (task, waiter, (GDestroyNotify) waiter_free);
  g_ptr_array_add (op->waiters, g_object_ref (task));

  if (cancellable == NULL)
    return;

  waiter->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (waiter->cancelled, g_task_get_context (task));
}

static Op *
find_op (SluiceTokens *self,
         OpKind        kind)
{
  if (self->current != NULL && self->current->kind == kind)
    return self->current;

  for (GList *link = self->queue.head; link != NULL; link = link->next)
    {
      Op *op = link->data;

      if (op->kind == kind)
        return op;
    }

  return NULL;
}

static Op *
add_op (SluiceTokens *self,
        OpKind        kind)
{
  Op *op = g_new0 (Op, 1);

  op->kind = kind;
  op->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_push_tail (&self->queue, op);

  return op;
}

static void
end_op (SluiceTokens *self,
        const GError *error)
{
  Op *op = g_steal_pointer (&self->current);
  g_autoptr(GPtrArray) waiters = g_ptr_array_ref (op->waiters);

  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = g_task_get_task_data (g_ptr_array_index (waiters, i));

      waiter->op = NULL;
      g_clear_pointer (&waiter->cancelled, destroy_source);
    }

  g_clear_pointer (&self->slot, sluice_slot_free);
  if (op->locked)
    sluice_credential_store_unlock (self->store, self->subscription_id);
  op_free (op);
  run_next (self);

  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }

  /* From run_next(). */
  g_object_unref (self);
}

static void
end_op_literal (SluiceTokens *self,
                SluiceError   code,
                const char   *message)
{
  g_autoptr(GError) error = g_error_new_literal (SLUICE_ERROR, code, message);

  end_op (self, error);
}

static void
end_op_not_authorized (SluiceTokens *self)
{
  end_op_literal (self, SLUICE_ERROR_NOT_AUTHORIZED, _("Nobody is signed in. Sign in to go on."));
}

static void
load_stored (SluiceTokens        *self,
             GAsyncReadyCallback  callback)
{
  sluice_credential_store_load_async (self->store, self->subscription_id, NULL, callback, self);
}

static void
save_used (SluiceTokens        *self,
           GAsyncReadyCallback  callback)
{
  sluice_credential_store_save_async (self->store, self->subscription_id,
                                      self->label != NULL ? self->label : self->subscription_id,
                                      self->credentials, NULL, callback, self);
}

/* Loading. */

static void
saved_again_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(GError) error = NULL;

  sluice_credential_store_save_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);
  note_saved (self, error);
  end_op (self, NULL);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(GError) error = NULL;
  SluiceCredentials *credentials;

  credentials = sluice_credential_store_load_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);

  if (error == NULL)
    take_loaded (self, credentials);

  if (error == NULL && self->unsaved)
    save_used (self, saved_again_cb);
  else
    end_op (self, error);
}

/* Replacing. */

static void
replaced_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(GError) error = NULL;

  if (sluice_credential_store_save_finish (SLUICE_CREDENTIAL_STORE (object), result, &error))
    {
      self->loaded = TRUE;
      self->unsaved = FALSE;
      set_stored (self, self->current->credentials);
      adopt (self, g_steal_pointer (&self->current->credentials));
    }

  end_op (self, error);
}

static SluiceCredentials *
dup_edited (SluiceTokens *self)
{
  SluiceCredentials *credentials = self->credentials != NULL ? sluice_credentials_copy (self->credentials)
                                                             : sluice_credentials_new ();

  self->current->edit (credentials, self->current->edit_data);

  return credentials;
}

static void
save_replacement (SluiceTokens *self)
{
  SluiceCredentials *credentials;

  if (self->current->edit != NULL)
    self->current->credentials = dup_edited (self);
  credentials = self->current->credentials;

  if (self->current->edit == NULL && credentials->consumer_secret == NULL && self->credentials != NULL)
    sluice_secret_set (&credentials->consumer_secret, self->credentials->consumer_secret);
  else if (g_strcmp0 (credentials->consumer_secret, "") == 0)
    sluice_secret_set (&credentials->consumer_secret, NULL);

  sluice_credential_store_save_async (self->store, self->subscription_id,
                                      self->label != NULL ? self->label : self->subscription_id,
                                      credentials, NULL, replaced_cb, self);
}

static void
replace_loaded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(GError) error = NULL;
  SluiceCredentials *credentials;

  /* A broken item is about to be written anew; whatever else is wrong, writing will tell. */
  credentials = sluice_credential_store_load_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);
  if (error == NULL)
    take_loaded (self, credentials);

  /* What cannot be read cannot be edited. */
  if (error != NULL && self->current->edit != NULL)
    end_op (self, error);
  else
    save_replacement (self);
}

/* Talking to the login host. */

static void
start_call (SluiceTokens *self,
            const char   *path,
            const char   *summary)
{
  self->call = sluice_call_new (SOUP_METHOD_POST, path, summary, sluice_clock_get_real (self->clock));
  sluice_call_list_add (self->calls, self->call);
}

static void
end_call (SluiceTokens *self,
          guint         http_status,
          GBytes       *body,
          const GError *error)
{
  sluice_call_ended (self->call, sluice_clock_get_real (self->clock), http_status,
                     body != NULL ? g_bytes_get_size (body) : 0, NULL, error);
  g_clear_object (&self->call);
  self->current->answered = TRUE;
  sluice_slot_release (g_steal_pointer (&self->slot), SLUICE_OUTCOME_FAILED);
}

static void
post (SluiceTokens        *self,
      const char          *path,
      GBytes              *form,
      GAsyncReadyCallback  callback)
{
  if (self->session == NULL)
    {
      self->session = sluice_session_new (1);
      /* Quick to answer, and all calls wait for it. */
      soup_session_set_timeout (self->session, TIMEOUT_SECONDS);
    }

  sluice_call_started (self->call, sluice_clock_get_real (self->clock));
  sluice_token_endpoint_post_async (self->session, get_login_url (self), path, form, NULL, callback, self);
}

static void post_refresh (SluiceTokens *self);
static void post_revoke  (SluiceTokens *self);

static void
slot_started_cb (SluiceSlot *slot,
                 gpointer    user_data)
{
  SluiceTokens *self = user_data;

  self->waiting_slot = NULL;
  self->slot = slot;

  if (self->current->kind == OP_REFRESH)
    post_refresh (self);
  else
    post_revoke (self);
}

/* A call that cannot go on before the refresh may have given its own slot. */
static void
wait_for_slot (SluiceTokens *self)
{
  if (self->slot != NULL)
    slot_started_cb (self->slot, self);
  else
    self->waiting_slot = sluice_throttle_enqueue (self->throttle, SLUICE_PRIORITY_INTERACTIVE, NULL,
                                                  slot_started_cb, self);
}

/* Refreshing. */

static void
refresh_saved_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(GError) error = NULL;

  sluice_credential_store_save_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);

  /* Not stored, they serve as long as the program runs: the old refresh token is dead. */
  adopt (self, g_steal_pointer (&self->current->credentials));
  note_saved (self, error);
  end_op (self, NULL);
}

static void
refresh_checked_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  SluiceTokens *self = user_data;
  SluiceCredentials *fresh = self->current->credentials;
  g_autoptr(SluiceCredentials) stored = NULL;
  g_autoptr(GError) error = NULL;

  stored = sluice_credential_store_load_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);

  /* While we asked, somebody removed the tokens or signed in anew: their word counts. */
  if (error == NULL && !has_same_tokens (stored, self->stored))
    {
      self->unsaved = FALSE;
      take_loaded (self, g_steal_pointer (&stored));
      if (get_access_token (self) != NULL)
        end_op (self, NULL);
      else
        end_op_not_authorized (self);
      return;
    }

  if (stored != NULL)
    sluice_secret_set (&fresh->consumer_secret, stored->consumer_secret);

  sluice_credential_store_save_async (self->store, self->subscription_id,
                                      self->label != NULL ? self->label : self->subscription_id,
                                      fresh, NULL, refresh_saved_cb, self);
}

static void
discarded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(GError) death = g_steal_pointer (&self->current->death);
  g_autoptr(GError) error = NULL;

  if (self->credentials != NULL)
    sluice_credential_store_save_finish (self->store, result, &error);
  else
    sluice_credential_store_clear_finish (self->store, result, &error);

  /* A dead token in the store does no harm but to be refused once more. */
  if (error != NULL)
    g_debug ("The dead token was not discarded: %s", error->message);

  g_signal_emit (self, signals[SIGNED_OUT], 0, death);
  end_op (self, death);
}

/* Keeps what is not a token: the consumer secret serves the next sign-in. */
static void
discard (SluiceTokens *self)
{
  SluiceCredentials *rest = NULL;

  if (self->credentials != NULL && self->credentials->consumer_secret != NULL)
    {
      rest = sluice_credentials_new ();
      sluice_secret_set (&rest->consumer_secret, self->credentials->consumer_secret);
    }

  self->unsaved = FALSE;
  set_stored (self, rest);
  adopt (self, rest);

  if (rest != NULL)
    save_used (self, discarded_cb);
  else
    sluice_credential_store_clear_async (self->store, self->subscription_id, NULL, discarded_cb, self);
}

static void
dead_checked_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(SluiceCredentials) stored = NULL;
  g_autoptr(GError) error = NULL;

  stored = sluice_credential_store_load_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);

  /* Another program was faster and has the successor. */
  if (stored != NULL && stored->access_token != NULL && !is_same (stored, self->stored))
    {
      self->unsaved = FALSE;
      take_loaded (self, g_steal_pointer (&stored));
      end_op (self, NULL);
      return;
    }

  discard (self);
}

static void
refresh_posted_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autofree char *content_type = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) error = NULL;
  guint status;

  body = sluice_token_endpoint_post_finish (result, &status, &content_type, &error);
  if (body != NULL)
    self->current->credentials = sluice_oauth_parse_token_reply (status, content_type, body, self->credentials, &error);

  end_call (self, status, body, error);

  if (self->current->credentials != NULL)
    {
      g_set_str (&self->current->credentials->login_url, get_login_url (self));
      load_stored (self, refresh_checked_cb);
    }
  else if (sluice_oauth_error_is_dead_token (error))
    {
      self->current->death = g_steal_pointer (&error);
      load_stored (self, dead_checked_cb);
    }
  else
    {
      end_op (self, error);
    }
}

static void
post_refresh (SluiceTokens *self)
{
  g_autoptr(GBytes) form = sluice_oauth_build_refresh_form (self->credentials->refresh_token, self->consumer_key,
                                                            self->credentials->consumer_secret);

  post (self, SLUICE_OAUTH_TOKEN_PATH, form, refresh_posted_cb);
}

static void
refresh_loaded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  SluiceTokens *self = user_data;
  const char *expired = self->current->expired;
  g_autoptr(GError) error = NULL;
  SluiceCredentials *credentials;

  credentials = sluice_credential_store_load_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);

  /* With the keyring locked, the rotated token would be lost with this program. */
  if (error != NULL)
    {
      end_op (self, error);
      return;
    }

  take_loaded (self, credentials);

  if (expired != NULL && get_access_token (self) != NULL && !g_str_equal (expired, get_access_token (self)))
    end_op (self, NULL);
  else if (get_refresh_token (self) == NULL)
    end_op_not_authorized (self);
  else if (get_login_url (self) == NULL || self->consumer_key == NULL)
    end_op_literal (self, SLUICE_ERROR_INVALID, _("The API URL or the consumer key is missing. Add it in the settings."));
  else
    {
      start_call (self, SLUICE_OAUTH_TOKEN_PATH, _("Renew access token"));
      wait_for_slot (self);
    }
}

/* Another program may be refreshing: then its tokens will be found. */
static void
refresh_locked_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  SluiceTokens *self = user_data;

  sluice_credential_store_lock_finish (SLUICE_CREDENTIAL_STORE (object), result);
  self->current->locked = TRUE;
  load_stored (self, refresh_loaded_cb);
}

/* Revoking. */

static void
revoke_posted_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autofree char *content_type = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) error = NULL;
  guint status;

  body = sluice_token_endpoint_post_finish (result, &status, &content_type, &error);
  if (body != NULL)
    sluice_oauth_parse_revoke_reply (status, content_type, body, &error);

  end_call (self, status, body, error);
  end_op (self, error);
}

static void
post_revoke (SluiceTokens *self)
{
  const char *token = self->credentials->refresh_token;
  g_autoptr(GBytes) form = sluice_oauth_build_revoke_form (token != NULL ? token : self->credentials->access_token);

  post (self, SLUICE_OAUTH_REVOKE_PATH, form, revoke_posted_cb);
}

static void
start_revoke (SluiceTokens *self)
{
  if (get_login_url (self) == NULL)
    {
      end_op_literal (self, SLUICE_ERROR_INVALID, _("The API URL is missing. Add it in the settings."));
      return;
    }

  if (get_refresh_token (self) == NULL && get_access_token (self) == NULL)
    {
      end_op (self, NULL);
      return;
    }

  start_call (self, SLUICE_OAUTH_REVOKE_PATH, _("Revoke tokens"));
  wait_for_slot (self);
}

static void
revoke_loaded_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  SluiceTokens *self = user_data;
  g_autoptr(GError) error = NULL;
  SluiceCredentials *credentials;

  credentials = sluice_credential_store_load_finish (SLUICE_CREDENTIAL_STORE (object), result, &error);

  if (error == NULL)
    take_loaded (self, credentials);

  if (error == NULL || self->loaded)
    start_revoke (self);
  else
    end_op (self, error);
}

/* One after the other. */

static void
run_next (SluiceTokens *self)
{
  if (self->current != NULL || g_queue_is_empty (&self->queue))
    return;

  self->current = g_queue_pop_head (&self->queue);
  /* Until end_op(). */
  g_object_ref (self);

  switch (self->current->kind)
    {
    case OP_LOAD:
      load_stored (self, loaded_cb);
      break;

    case OP_REPLACE:
      if (self->loaded)
        save_replacement (self);
      else
        load_stored (self, replace_loaded_cb);
      break;

    case OP_REFRESH:
      sluice_credential_store_lock_async (self->store, self->subscription_id, refresh_locked_cb, self);
      break;

    case OP_REVOKE:
      load_stored (self, revoke_loaded_cb);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
sluice_tokens_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  SluiceTokens *self = SLUICE_TOKENS (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;

    case PROP_LOGIN_URL:
      g_value_set_string (value, self->login_url);
      break;

    case PROP_CONSUMER_KEY:
      g_value_set_string (value, self->consumer_key);
      break;

    case PROP_HAS_ACCESS_TOKEN:
      g_value_set_boolean (value, get_access_token (self) != NULL);
      break;

    case PROP_HAS_REFRESH_TOKEN:
      g_value_set_boolean (value, get_refresh_token (self) != NULL);
      break;

    case PROP_ISSUED_AT:
      g_value_set_int64 (value, self->credentials != NULL ? self->credentials->issued_at : 0);
      break;

    case PROP_INSTANCE_URL:
      g_value_set_string (value, get_instance_url (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_tokens_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  SluiceTokens *self = SLUICE_TOKENS (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      sluice_tokens_set_label (self, g_value_get_string (value));
      break;

    case PROP_LOGIN_URL:
      sluice_tokens_set_login_url (self, g_value_get_string (value));
      break;

    case PROP_CONSUMER_KEY:
      sluice_tokens_set_consumer_key (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_tokens_finalize (GObject *object)
{
  SluiceTokens *self = SLUICE_TOKENS (object);

  /* Whatever waits or runs holds a reference. */
  g_assert (self->current == NULL && g_queue_is_empty (&self->queue));

  g_free (self->subscription_id);
  g_clear_object (&self->throttle);
  g_clear_object (&self->store);
  g_clear_object (&self->calls);
  g_clear_object (&self->clock);
  g_clear_object (&self->session);
  g_free (self->label);
  g_free (self->login_url);
  g_free (self->consumer_key);
  g_clear_pointer (&self->credentials, sluice_credentials_free);
  g_clear_pointer (&self->stored, sluice_credentials_free);

  G_OBJECT_CLASS (sluice_tokens_parent_class)->finalize (object);
}

static void
sluice_tokens_class_init (SluiceTokensClass *klass)
{
  const GParamFlags written = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags told = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_tokens_get_property;
  object_class->set_property = sluice_tokens_set_property;
  object_class->finalize = sluice_tokens_finalize;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, written);
  properties[PROP_LOGIN_URL] = g_param_spec_string ("login-url", NULL, NULL, NULL, written);
  properties[PROP_CONSUMER_KEY] = g_param_spec_string ("consumer-key", NULL, NULL, NULL, written);
  properties[PROP_HAS_ACCESS_TOKEN] = g_param_spec_boolean ("has-access-token", NULL, NULL, FALSE, told);
  properties[PROP_HAS_REFRESH_TOKEN] = g_param_spec_boolean ("has-refresh-token", NULL, NULL, FALSE, told);
  properties[PROP_ISSUED_AT] = g_param_spec_int64 ("issued-at", NULL, NULL, G_MININT64, G_MAXINT64, 0, told);
  properties[PROP_INSTANCE_URL] = g_param_spec_string ("instance-url", NULL, NULL, NULL, told);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNED_OUT] = g_signal_new ("signed-out", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[NOT_SAVED] = g_signal_new ("not-saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
sluice_tokens_init (SluiceTokens *self)
{
  g_queue_init (&self->queue);
}

/**
 * sluice_tokens_new:
 * @subscription_id: whose tokens
 * @throttle: which every request passes
 * @store: where they are kept
 * @calls: where requests are noted
 * @clock: whose time it is
 *
 * Returns: (transfer full): tokens that are not loaded yet
 */
SluiceTokens *
sluice_tokens_new (const char            *subscription_id,
                   SluiceThrottle        *throttle,
                   SluiceCredentialStore *store,
                   SluiceCallList        *calls,
                   SluiceClock           *clock)
{
  SluiceTokens *self;

  g_return_val_if_fail (subscription_id != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_TOKENS, NULL);
  self->subscription_id = g_strdup (subscription_id);
  self->throttle = g_object_ref (throttle);
  self->store = g_object_ref (store);
  self->calls = g_object_ref (calls);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * sluice_tokens_set_label:
 * @self: tokens
 * @label: (nullable): what the keyring's own program shows, such as the subscription's name
 *
 * Says how the item in the keyring is called from the next writing on.
 */
void
sluice_tokens_set_label (SluiceTokens *self,
                         const char   *label)
{
  g_return_if_fail (SLUICE_IS_TOKENS (self));

  if (g_set_str (&self->label, label))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

/**
 * sluice_tokens_get_login_url:
 * @self: tokens
 *
 * Returns: (nullable): where tokens are refreshed and revoked
 */
const char *
sluice_tokens_get_login_url (SluiceTokens *self)
{
  g_return_val_if_fail (SLUICE_IS_TOKENS (self), NULL);

  return self->login_url;
}

/**
 * sluice_tokens_set_login_url:
 * @self: tokens
 * @login_url: (nullable): scheme and host
 *
 * Says where tokens are refreshed and revoked.
 */
void
sluice_tokens_set_login_url (SluiceTokens *self,
                             const char   *login_url)
{
  g_return_if_fail (SLUICE_IS_TOKENS (self));

  if (g_set_str (&self->login_url, login_url))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOGIN_URL]);
}

/**
 * sluice_tokens_set_consumer_key:
 * @self: tokens
 * @consumer_key: (nullable): of the app in the org
 *
 * Says for which app tokens are refreshed.
 */
void
sluice_tokens_set_consumer_key (SluiceTokens *self,
                                const char   *consumer_key)
{
  g_return_if_fail (SLUICE_IS_TOKENS (self));

  if (g_set_str (&self->consumer_key, consumer_key))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONSUMER_KEY]);
}

/**
 * sluice_tokens_peek:
 * @self: tokens
 *
 * Returns: (nullable): the credentials in use, good until the main loop runs again
 */
const SluiceCredentials *
sluice_tokens_peek (SluiceTokens *self)
{
  g_return_val_if_fail (SLUICE_IS_TOKENS (self), NULL);

  return self->credentials;
}

/**
 * sluice_tokens_is_ready:
 * @self: tokens
 *
 * Returns: whether there is an access token that is not being replaced; if not,
 *   sluice_tokens_ensure_async() sees to it
 */
gboolean
sluice_tokens_is_ready (SluiceTokens *self)
{
  g_return_val_if_fail (SLUICE_IS_TOKENS (self), FALSE);

  return self->loaded && get_access_token (self) != NULL && find_op (self, OP_REFRESH) == NULL;
}

/**
 * sluice_tokens_is_refreshing:
 * @self: tokens
 *
 * Returns: whether a refresh runs that needs no other slot, so that a call may keep its own while it waits
 */
gboolean
sluice_tokens_is_refreshing (SluiceTokens *self)
{
  g_return_val_if_fail (SLUICE_IS_TOKENS (self), FALSE);

  return self->current != NULL && self->current->kind == OP_REFRESH &&
         (self->slot != NULL || self->current->answered);
}

/**
 * sluice_tokens_take_slot:
 * @self: tokens
 * @slot: (transfer full): a started call; the caller's still when this returns %FALSE
 *
 * Offers a slot to a refresh that waits for one. Without this, calls that wait
 * for the refresh with all slots in their hands would wait for ever.
 *
 * Returns: whether the slot was taken
 */
gboolean
sluice_tokens_take_slot (SluiceTokens *self,
                         SluiceSlot   *slot)
{
  g_return_val_if_fail (SLUICE_IS_TOKENS (self), FALSE);
  g_return_val_if_fail (slot != NULL, FALSE);

  if (self->current == NULL || self->current->kind != OP_REFRESH || self->slot != NULL || self->current->answered)
    return FALSE;

  if (self->waiting_slot != NULL)
    {
      g_clear_pointer (&self->waiting_slot, sluice_slot_free);
      slot_started_cb (slot, self);
    }
  else
    {
      /* It still reads the keyring, and finds the slot when it needs it. */
      self->slot = slot;
    }

  return TRUE;
}

static GTask *
new_task (SluiceTokens        *self,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data,
          gpointer             source_tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);

  return task;
}

static gboolean
finish (SluiceTokens  *self,
        GAsyncResult  *result,
        GError       **error)
{
  g_return_val_if_fail (SLUICE_IS_TOKENS (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Waits for an operation of the kind, for the one that is there already if there is one. */
static void
share_op (SluiceTokens *self,
          OpKind        kind,
          const char   *expired,
          GTask        *task) /* (transfer full) */
{
  Op *op = find_op (self, kind);

  if (op == NULL)
    {
      op = add_op (self, kind);
      op->expired = g_strdup (expired);
    }

  join (op, task);
  g_object_unref (task);
  run_next (self);
}

/**
 * sluice_tokens_load_async:
 * @self: tokens
 * @cancellable: (nullable): stops waiting
 * @callback: called when the tokens are loaded
 * @user_data: data for @callback
 *
 * Reads the tokens from the store, again if they were read before.
 */
void
sluice_tokens_load_async (SluiceTokens        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_TOKENS (self));

  share_op (self, OP_LOAD, NULL, new_task (self, cancellable, callback, user_data, sluice_tokens_load_async));
}

/**
 * sluice_tokens_load_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_…`
 *
 * Returns: whether it is known which tokens there are; there may be none
 */
gboolean
sluice_tokens_load_finish (SluiceTokens  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return finish (self, result, error);
}

/**
 * sluice_tokens_replace_async:
 * @self: tokens
 * @credentials: what a sign-in brought
 * @cancellable: (nullable): stops waiting
 * @callback: called when the credentials are stored
 * @user_data: data for @callback
 *
 * Stores @credentials and uses them from then on, after a refresh that runs.
 * The consumer secret is kept when @credentials has none.
 */
void
sluice_tokens_replace_async (SluiceTokens            *self,
                             const SluiceCredentials *credentials,
                             GCancellable            *cancellable,
                             GAsyncReadyCallback      callback,
                             gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;
  Op *op;

  g_return_if_fail (SLUICE_IS_TOKENS (self));
  g_return_if_fail (credentials != NULL);

  task = new_task (self, cancellable, callback, user_data, sluice_tokens_replace_async);
  op = add_op (self, OP_REPLACE);
  op->credentials = sluice_credentials_copy (credentials);
  join (op, task);
  run_next (self);
}

/**
 * sluice_tokens_replace_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: one of the `SLUICE_ERROR_SECRETS_…`: nothing was replaced
 *
 * Returns: whether the credentials are stored
 */
gboolean
sluice_tokens_replace_finish (SluiceTokens  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return finish (self, result, error);
}

/**
 * sluice_tokens_edit_async:
 * @self: tokens
 * @edit: changes a copy of what is in use; called once, or never when the operation is cancelled before
 * @edit_data: data for @edit
 * @edit_destroy: (nullable): frees @edit_data
 * @cancellable: (nullable): stops waiting
 * @callback: called when the result is stored
 * @user_data: data for @callback
 *
 * Changes the credentials and stores them. What a refresh that runs brings is
 * not lost: @edit sees it. Ends with sluice_tokens_replace_finish().
 */
void
sluice_tokens_edit_async (SluiceTokens          *self,
                          SluiceCredentialsEdit  edit,
                          gpointer               edit_data,
                          GDestroyNotify         edit_destroy,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  Op *op;

  g_return_if_fail (SLUICE_IS_TOKENS (self));
  g_return_if_fail (edit != NULL);

  task = new_task (self, cancellable, callback, user_data, sluice_tokens_edit_async);
  op = add_op (self, OP_REPLACE);
  op->edit = edit;
  op->edit_data = edit_data;
  op->edit_destroy = edit_destroy;
  join (op, task);
  run_next (self);
}

/**
 * sluice_tokens_refresh_async:
 * @self: tokens
 * @expired: (nullable): the access token that was refused, %NULL to refresh in any case
 * @cancellable: (nullable): stops waiting; the refresh itself goes on
 * @callback: called when there is another access token
 * @user_data: data for @callback
 *
 * Gets a new access token, once for all who ask while it is under way (wire
 * reference 1.3). The request is sent a single time, whatever happens to it.
 * Nothing is sent when the token was replaced already, by us or by another
 * program.
 */
void
sluice_tokens_refresh_async (SluiceTokens        *self,
                             const char          *expired,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (SLUICE_IS_TOKENS (self));

  task = new_task (self, cancellable, callback, user_data, sluice_tokens_refresh_async);

  if (expired != NULL && sluice_tokens_is_ready (self) && !g_str_equal (expired, get_access_token (self)))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  share_op (self, OP_REFRESH, expired, task);
}

/**
 * sluice_tokens_refresh_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: %SLUICE_ERROR_NOT_AUTHORIZED when signing in again is the only way on; anything else leaves the tokens alone
 *
 * Returns: whether there is another access token
 */
gboolean
sluice_tokens_refresh_finish (SluiceTokens  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return finish (self, result, error);
}

static void ensure (GTask *task);

static void
ensured_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (finish (SLUICE_TOKENS (object), result, &error))
    {
      ensure (task);
      return;
    }

  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
ensure (GTask *task) /* (transfer full) */
{
  SluiceTokens *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (sluice_tokens_is_ready (self))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
  else if (find_op (self, OP_REFRESH) != NULL || (self->loaded && get_refresh_token (self) != NULL))
    {
      sluice_tokens_refresh_async (self, NULL, cancellable, ensured_cb, task);
    }
  else if (!self->loaded)
    {
      sluice_tokens_load_async (self, cancellable, ensured_cb, task);
    }
  else
    {
      g_task_return_new_error_literal (task, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED,
                                       _("Nobody is signed in. Sign in to go on."));
      g_object_unref (task);
    }
}

/**
 * sluice_tokens_ensure_async:
 * @self: tokens
 * @cancellable: (nullable): stops waiting
 * @callback: called when there is an access token to send, or there can be none
 * @user_data: data for @callback
 *
 * Sees to it that sluice_tokens_is_ready(): loads, waits for a refresh that
 * runs, or starts one when only a refresh token is there.
 */
void
sluice_tokens_ensure_async (SluiceTokens        *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_TOKENS (self));

  ensure (new_task (self, cancellable, callback, user_data, sluice_tokens_ensure_async));
}

/**
 * sluice_tokens_ensure_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: %SLUICE_ERROR_NOT_AUTHORIZED when nobody is signed in, or whatever loading or refreshing ran into
 *
 * Returns: whether there is an access token
 */
gboolean
sluice_tokens_ensure_finish (SluiceTokens  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return finish (self, result, error);
}

/**
 * sluice_tokens_revoke_async:
 * @self: tokens
 * @cancellable: (nullable): stops waiting
 * @callback: called when Salesforce has answered
 * @user_data: data for @callback
 *
 * Ends the grant at Salesforce (wire reference 1.6), by its refresh token or
 * else its access token. What is stored here stays.
 */
void
sluice_tokens_revoke_async (SluiceTokens        *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (SLUICE_IS_TOKENS (self));

  share_op (self, OP_REVOKE, NULL, new_task (self, cancellable, callback, user_data, sluice_tokens_revoke_async));
}

/**
 * sluice_tokens_revoke_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: why the grant may still hold
 *
 * Returns: whether the grant is ended; also when there was none
 */
gboolean
sluice_tokens_revoke_finish (SluiceTokens  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return finish (self, result, error);
}
