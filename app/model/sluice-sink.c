/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-sink.h"

G_DEFINE_ABSTRACT_TYPE (SluiceSink, sluice_sink, G_TYPE_OBJECT)

static void
sluice_sink_class_init (SluiceSinkClass *klass)
{
}

static void
sluice_sink_init (SluiceSink *self)
{
}

/**
 * sluice_sink_get_is_durable:
 * @self: a sink
 *
 * Returns: whether an interrupted run can be taken up again
 */
gboolean
sluice_sink_get_is_durable (SluiceSink *self)
{
  g_return_val_if_fail (SLUICE_IS_SINK (self), FALSE);

  return SLUICE_SINK_GET_CLASS (self)->restore != NULL;
}

/**
 * sluice_sink_restore:
 * @self: a sink that was not begun
 * @state: (out) (nullable) (transfer full): what the last sluice_sink_checkpoint() was given; %NULL when there is
 *   nothing to take up
 * @error: why what is there cannot be taken up
 *
 * Takes up again what an interrupted run has left. What was added after its
 * last checkpoint is gone; the caller adds it again. sluice_sink_begin()
 * follows, with the same columns as in that run.
 *
 * Returns: whether it could be found out
 */
gboolean
sluice_sink_restore (SluiceSink  *self,
                     char       **state,
                     GError     **error)
{
  g_return_val_if_fail (SLUICE_IS_SINK (self), FALSE);
  g_return_val_if_fail (state != NULL, FALSE);

  *state = NULL;

  if (!sluice_sink_get_is_durable (self))
    return TRUE;

  return SLUICE_SINK_GET_CLASS (self)->restore (self, state, error);
}

/**
 * sluice_sink_begin:
 * @self: a sink that was not begun
 * @columns: (array length=n_columns): their names, such as `Account.Name`
 * @n_columns: how many, at least one
 * @error: why records cannot be taken
 *
 * Returns: whether records can be added
 */
gboolean
sluice_sink_begin (SluiceSink          *self,
                   const char * const  *columns,
                   guint                n_columns,
                   GError             **error)
{
  g_return_val_if_fail (SLUICE_IS_SINK (self), FALSE);
  g_return_val_if_fail (columns != NULL && n_columns > 0, FALSE);

  return SLUICE_SINK_GET_CLASS (self)->begin (self, columns, n_columns, error);
}

/**
 * sluice_sink_add:
 * @self: a sink that was begun
 * @batch: some records, with as many cells as there are columns
 * @error: why they could not be taken; the sink is of no more use then, except to abandon it
 *
 * Returns: whether all of @batch was taken
 */
gboolean
sluice_sink_add (SluiceSink            *self,
                 const SluiceRowBatch  *batch,
                 GError               **error)
{
  g_return_val_if_fail (SLUICE_IS_SINK (self), FALSE);
  g_return_val_if_fail (batch != NULL, FALSE);

  return SLUICE_SINK_GET_CLASS (self)->add (self, batch, error);
}

/**
 * sluice_sink_checkpoint:
 * @self: a sink that was begun
 * @state: where the source is after the records that were added, a text that only the caller understands
 * @error: why it could not be stored
 *
 * Makes all that was added durable in one step with @state: after a crash
 * either both are there or neither is. Does nothing where nothing outlives the
 * run.
 *
 * Returns: whether it is stored
 */
gboolean
sluice_sink_checkpoint (SluiceSink  *self,
                        const char  *state,
                        GError     **error)
{
  g_return_val_if_fail (SLUICE_IS_SINK (self), FALSE);
  g_return_val_if_fail (state != NULL, FALSE);

  if (SLUICE_SINK_GET_CLASS (self)->checkpoint == NULL)
    return TRUE;

  return SLUICE_SINK_GET_CLASS (self)->checkpoint (self, state, error);
}

/**
 * sluice_sink_finish:
 * @self: a sink that was begun
 * @error: why the result is not complete
 *
 * Completes the result: only now does a file have its name.
 *
 * Returns: whether it is complete and durable
 */
gboolean
sluice_sink_finish (SluiceSink  *self,
                    GError     **error)
{
  g_return_val_if_fail (SLUICE_IS_SINK (self), FALSE);

  return SLUICE_SINK_GET_CLASS (self)->finish (self, error);
}

/**
 * sluice_sink_abandon:
 * @self: a sink
 *
 * Lets go of the result without completing it. What the last checkpoint made
 * durable stays, for sluice_sink_restore().
 */
void
sluice_sink_abandon (SluiceSink *self)
{
  g_return_if_fail (SLUICE_IS_SINK (self));

  SLUICE_SINK_GET_CLASS (self)->abandon (self);
}
