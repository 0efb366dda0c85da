/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-connection-private.h"

static void run_next (SluiceConnection *self);

static void
operation_free (SluiceOperation *operation)
{
  g_clear_object (&operation->cancellable);
  sluice_secret_free (operation->secret);
  g_clear_error (&operation->revoke_error);
  g_free (operation);
}

GTask *
sluice_operation_new (SluiceConnection     *self,
                      gpointer              source_tag,
                      void                (*start) (SluiceConnection *, GTask *),
                      SluiceOperationKind   kind,
                      GCancellable         *cancellable,
                      GAsyncReadyCallback   callback,
                      gpointer              user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  SluiceOperation *operation = g_new0 (SluiceOperation, 1);

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

SluiceOperation *
sluice_operation_get (GTask *task)
{
  return g_task_get_task_data (task);
}

GCancellable *
sluice_operation_get_cancellable (GTask *task)
{
  return sluice_operation_get (task)->cancellable;
}

void
sluice_connection_supersede (SluiceConnection *self,
                             SluiceSupersedes  supersedes)
{
  g_autoptr(GPtrArray) superseded = g_ptr_array_new_with_free_func (g_object_unref);
  SluiceOperationKind most = supersedes == SLUICE_SUPERSEDES_SIGN_IN ? SLUICE_OPERATION_SIGN_IN
                                                                     : SLUICE_OPERATION_VERIFICATION;

  if (supersedes == SLUICE_SUPERSEDES_NOTHING)
    return;

  if (self->running != NULL)
    g_ptr_array_add (superseded, g_object_ref (self->running));
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    g_ptr_array_add (superseded, g_object_ref (link->data));

  for (guint i = 0; i < superseded->len; i++)
    {
      SluiceOperation *operation = sluice_operation_get (g_ptr_array_index (superseded, i));

      if (operation->kind != SLUICE_OPERATION_SHORT && operation->kind <= most)
        g_cancellable_cancel (operation->cancellable);
    }
}

void
sluice_connection_push_operation (SluiceConnection *self,
                                  GTask            *task, /* (transfer full) */
                                  SluiceSupersedes  supersedes)
{
  SluiceOperation *operation = sluice_operation_get (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  if (cancellable != NULL)
    operation->cancelled_id = g_signal_connect_swapped (cancellable, "cancelled",
                                                        G_CALLBACK (g_cancellable_cancel), operation->cancellable);

  sluice_connection_supersede (self, supersedes);
  g_queue_push_tail (&self->waiting, task);
  run_next (self);
  g_object_notify (G_OBJECT (self), "busy");
}

/* Ends the running operation; @error (transfer full) (nullable) is what went wrong. */
void
sluice_connection_end_operation (SluiceConnection *self,
                                 GTask            *task,
                                 GError           *error)
{
  g_autoptr(SluiceConnection) keep = g_object_ref (self);
  SluiceOperation *operation = sluice_operation_get (task);

  g_assert (task == self->running);

  g_clear_signal_handler (&operation->cancelled_id, g_task_get_cancellable (task));

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);

  g_clear_object (&self->running);
  run_next (self);
  g_object_notify (G_OBJECT (self), "busy");
}

static void
run_next (SluiceConnection *self)
{
  GError *error = NULL;

  if (self->running != NULL || g_queue_is_empty (&self->waiting))
    return;

  self->running = g_queue_pop_head (&self->waiting);
  if (g_cancellable_set_error_if_cancelled (sluice_operation_get_cancellable (self->running), &error))
    sluice_connection_end_operation (self, self->running, error);
  else
    sluice_operation_get (self->running)->start (self, self->running);
}

gboolean
sluice_operation_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
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
    g_cancellable_cancel (sluice_operation_get_cancellable (g_ptr_array_index (tasks, i)));
}
