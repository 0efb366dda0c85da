/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-commit.h"

#include <glib/gi18n.h>

#include "sluice-error.h"

typedef struct
{
  SluiceWorkspace *workspace;
  gboolean removes_tokens;
  gboolean removes_secret;
} Commit;

static void
commit_free (gpointer data)
{
  Commit *commit = data;

  g_object_unref (commit->workspace);
  g_free (commit);
}

static SluiceConnection *
get_connection (GTask *task)
{
  SluiceSubscriptionDraft *draft = g_task_get_source_object (task);
  Commit *commit = g_task_get_task_data (task);

  return sluice_workspace_get_connection (commit->workspace, sluice_subscription_draft_get_subscription (draft));
}

static void
secret_stored_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceSubscriptionDraft *draft = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sluice_connection_set_consumer_secret_finish (SLUICE_CONNECTION (object), result, &error))
    {
      g_prefix_error_literal (&error, _("The settings are saved, but not the consumer secret. "));
      g_task_return_error (task, error);
      return;
    }

  sluice_subscription_draft_set_consumer_secret (draft, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
secret_removed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  sluice_connection_set_consumer_secret_finish (SLUICE_CONNECTION (object), result, &error);

  /* Where there is no keyring, there is no secret in it. */
  if (g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE))
    g_clear_error (&error);

  if (error != NULL)
    {
      g_prefix_error_literal (&error, _("The settings are saved, but the consumer secret of the old app could not be "
                                        "removed. "));
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
store_secret (GTask *task) /* (transfer full) */
{
  Commit *commit = g_task_get_task_data (task);
  SluiceSubscriptionDraft *draft = g_task_get_source_object (task);
  const char *secret = sluice_subscription_draft_get_consumer_secret (draft);

  if (secret == NULL && commit->removes_secret)
    {
      sluice_connection_set_consumer_secret_async (get_connection (task), NULL, g_task_get_cancellable (task),
                                                   secret_removed_cb, task);
      return;
    }

  if (secret == NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  sluice_connection_set_consumer_secret_async (get_connection (task), secret, g_task_get_cancellable (task),
                                               secret_stored_cb, task);
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!sluice_connection_disconnect_finish (SLUICE_CONNECTION (object), result, &error))
    {
      g_prefix_error_literal (&error, _("The settings are saved, but the old tokens could not be removed. "));
      g_task_return_error (task, error);
      return;
    }

  store_secret (g_steal_pointer (&task));
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Commit *commit = g_task_get_task_data (task);
  GError *error = NULL;

  if (!sluice_subscription_draft_save_finish (SLUICE_SUBSCRIPTION_DRAFT (object), result, &error))
    g_task_return_error (task, error);
  else if (commit->removes_tokens)
    sluice_connection_disconnect_async (get_connection (task), FALSE, g_task_get_cancellable (task),
                                        disconnected_cb, g_object_ref (task));
  else
    store_secret (g_steal_pointer (&task));
}

/**
 * sluice_subscription_commit_removes_tokens:
 * @draft: a draft
 *
 * Returns: whether sluice_subscription_commit_async() removes tokens, because they
 *   belong to another org or app than the one that was entered
 */
gboolean
sluice_subscription_commit_removes_tokens (SluiceSubscriptionDraft *draft)
{
  SluiceSubscription *subscription;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (draft), FALSE);

  subscription = sluice_subscription_draft_get_subscription (draft);

  return sluice_subscription_draft_moves (draft) &&
         (sluice_subscription_get_has_access_token (subscription) ||
          sluice_subscription_get_has_refresh_token (subscription));
}

/**
 * sluice_subscription_commit_async:
 * @draft: a draft
 * @workspace: where its subscription belongs
 * @cancellable: (nullable): stops waiting
 * @callback: called once
 * @user_data: data for @callback
 *
 * Saves @draft and all that belongs to it: writes the file, removes tokens
 * that would go to the wrong org, stores the consumer secret in the keyring, or
 * removes the one that was of another app.
 * What has not been stored stays in the draft.
 */
void
sluice_subscription_commit_async (SluiceSubscriptionDraft *draft,
                                  SluiceWorkspace         *workspace,
                                  GCancellable            *cancellable,
                                  GAsyncReadyCallback      callback,
                                  gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;
  Commit *commit;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (draft));
  g_return_if_fail (SLUICE_IS_WORKSPACE (workspace));

  commit = g_new0 (Commit, 1);
  commit->workspace = g_object_ref (workspace);
  commit->removes_tokens = sluice_subscription_commit_removes_tokens (draft);
  /* A public app must not be sent one, least of all another app's. */
  commit->removes_secret = sluice_subscription_draft_changes_app (draft) &&
                           sluice_subscription_get_path (sluice_subscription_draft_get_subscription (draft)) != NULL;

  task = g_task_new (draft, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_subscription_commit_async);
  g_task_set_task_data (task, commit, commit_free);

  sluice_subscription_draft_save_async (draft, sluice_workspace_get_store (workspace), cancellable,
                                        saved_cb, g_steal_pointer (&task));
}

/**
 * sluice_subscription_commit_finish:
 * @draft: a draft
 * @result: as given to the callback
 * @error: what could not be stored
 *
 * Returns: whether everything was stored
 */
gboolean
sluice_subscription_commit_finish (SluiceSubscriptionDraft  *draft,
                                   GAsyncResult             *result,
                                   GError                  **error)
{
  g_return_val_if_fail (g_task_is_valid (result, draft), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
