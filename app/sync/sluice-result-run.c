/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-run"

#include "config.h"

#include "sluice-result-run.h"

struct _SluiceResultRun
{
  GObject parent_instance;

  SluiceTransfer *transfer;
  GCancellable *cancellable;

  /* Results */
  SluiceResultRunState state;
  SluiceResultStore *store;
  SluiceResultList *list;
  GError *error;             /* (nullable) */
};

G_DEFINE_ENUM_TYPE (SluiceResultRunState, sluice_result_run_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_LOADING, "loading"),
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (SluiceResultRun, sluice_result_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_ROWS,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
end (SluiceResultRun      *self,
     SluiceResultRunState  state,
     GError               *error) /* (transfer full) (nullable) */
{
  /* Also where the transfer did not come as far as to begin with the rows. */
  if (state != SLUICE_RESULT_RUN_DONE)
    sluice_sink_abandon (SLUICE_SINK (self->store));

  g_object_freeze_notify (G_OBJECT (self));
  if (error != NULL)
    {
      self->error = error;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROWS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
transfer_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(SluiceResultRun) self = user_data;
  GError *error = NULL;

  if (sluice_transfer_run_finish (SLUICE_TRANSFER (object), result, &error))
    {
      end (self, SLUICE_RESULT_RUN_DONE, NULL);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      end (self, SLUICE_RESULT_RUN_STOPPED, NULL);
    }
  else
    {
      end (self, SLUICE_RESULT_RUN_FAILED, error);
    }
}

static void
list_changed_cb (SluiceResultRun *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROWS]);
}

static void
sluice_result_run_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SluiceResultRun *self = SLUICE_RESULT_RUN (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_ROWS:
      g_value_set_uint64 (value, sluice_result_run_get_rows (self));
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_result_run_dispose (GObject *object)
{
  SluiceResultRun *self = SLUICE_RESULT_RUN (object);

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);

  G_OBJECT_CLASS (sluice_result_run_parent_class)->dispose (object);
}

static void
sluice_result_run_finalize (GObject *object)
{
  SluiceResultRun *self = SLUICE_RESULT_RUN (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->transfer);
  g_clear_object (&self->list);
  g_clear_object (&self->store);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (sluice_result_run_parent_class)->finalize (object);
}

static void
sluice_result_run_class_init (SluiceResultRunClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_result_run_get_property;
  object_class->dispose = sluice_result_run_dispose;
  object_class->finalize = sluice_result_run_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_RESULT_RUN_STATE, SLUICE_RESULT_RUN_LOADING, flags);
  properties[PROP_ROWS] = g_param_spec_uint64 ("rows", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_result_run_init (SluiceResultRun *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * sluice_result_run_new:
 * @connection: a connection
 * @soql: the query
 * @all_rows: whether deleted and archived records are wanted too
 * @transport: how to read
 * @folder: (nullable): where the rows are kept, see sluice_result_store_new()
 *
 * Starts a query. Somebody waits for its rows, so it goes before background work.
 *
 * Returns: (transfer full): a run; dropping it does not stop it
 */
SluiceResultRun *
sluice_result_run_new (SluiceConnection *connection,
                       const char       *soql,
                       gboolean          all_rows,
                       SluiceTransport   transport,
                       const char       *folder)
{
  SluiceResultRun *self;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (soql != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_RESULT_RUN, NULL);
  self->store = sluice_result_store_new (folder);
  self->list = sluice_result_list_new (self->store);
  g_signal_connect_swapped (self->list, "items-changed", G_CALLBACK (list_changed_cb), self);
  self->transfer = sluice_transfer_new (connection, soql, all_rows, transport, SLUICE_PRIORITY_INTERACTIVE,
                                        SLUICE_SINK (self->store));
  sluice_transfer_run_async (self->transfer, FALSE, self->cancellable, transfer_cb, g_object_ref (self));

  return self;
}

/**
 * sluice_result_run_stop:
 * @self: a run
 *
 * Asks for no more rows. What has come is kept.
 */
void
sluice_result_run_stop (SluiceResultRun *self)
{
  g_return_if_fail (SLUICE_IS_RESULT_RUN (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * sluice_result_run_get_state:
 * @self: a run
 *
 * Returns: where it stands
 */
SluiceResultRunState
sluice_result_run_get_state (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), SLUICE_RESULT_RUN_FAILED);

  return self->state;
}

/**
 * sluice_result_run_get_transfer:
 * @self: a run
 *
 * Returns: (transfer none): what brings the rows, with its numbers
 */
SluiceTransfer *
sluice_result_run_get_transfer (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), NULL);

  return self->transfer;
}

/**
 * sluice_result_run_get_list:
 * @self: a run
 *
 * Returns: (transfer none): the rows that have come
 */
SluiceResultList *
sluice_result_run_get_list (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), NULL);

  return self->list;
}

/**
 * sluice_result_run_get_error:
 * @self: a run
 *
 * Returns: (nullable) (transfer none): why it failed
 */
const GError *
sluice_result_run_get_error (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), NULL);

  return self->error;
}

/**
 * sluice_result_run_get_rows:
 * @self: a run
 *
 * Returns: how many rows can be looked at
 */
guint64
sluice_result_run_get_rows (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), 0);

  return sluice_result_store_get_n_rows (self->store);
}
