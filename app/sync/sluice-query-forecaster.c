/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-query-forecaster"

#include "config.h"

#include "sluice-query-forecaster.h"

#include "sluice-query-shape.h"
#include "sluice-record-counts.h"

/* How long the org's own number of an object's records is good enough */
#define KNOWN_TIME (3600 * (gint64) G_USEC_PER_SEC)

struct _SluiceQueryForecaster
{
  GObject parent_instance;

  SluiceConnection *connection;
  GHashTable *small; /* (element-type utf8 gint64), objects by the time when they were found to be small */
};

typedef struct
{
  char *soql;
  char *object;
  gboolean all_rows;
} Ask;

G_DEFINE_FINAL_TYPE (SluiceQueryForecaster, sluice_query_forecaster, G_TYPE_OBJECT)

static void
ask_free (Ask *self)
{
  g_free (self->soql);
  g_free (self->object);
  g_free (self);
}

/* Nobody has to be asked. */
static void
return_small (GTask *task)
{
  g_task_return_pointer (task, NULL, NULL);
}

static gboolean
return_if_cancelled (GTask        *task,
                     const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;

  g_task_return_error (task, g_error_copy (error));
  return TRUE;
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceQueryForecaster *self = g_task_get_source_object (task);
  g_autoptr(SluiceTransferForecast) forecast = NULL;
  g_autoptr(GError) error = NULL;

  forecast = sluice_transfer_forecast_finish (self->connection, result, &error);
  if (forecast == NULL && return_if_cancelled (task, error))
    return;

  /* What is wrong with the query, the query itself tells better. */
  if (forecast == NULL || forecast->rows < SLUICE_QUERY_FORECAST_ROWS)
    return_small (task);
  else
    g_task_return_pointer (task, g_steal_pointer (&forecast), (GDestroyNotify) sluice_transfer_forecast_free);
}

static void
noted_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  SluiceQueryForecaster *self = g_task_get_source_object (task);
  Ask *ask = g_task_get_task_data (task);
  g_autoptr(GHashTable) counts = NULL;
  g_autoptr(GError) error = NULL;
  gint64 rows = -1;

  counts = sluice_record_counts_read_finish (self->connection, result, &error);
  if (counts == NULL && return_if_cancelled (task, error))
    return;

  if (counts != NULL)
    rows = sluice_record_counts_get (counts, ask->object);

  /* The org's notes lag behind: what is half as much is certainly small. */
  if (rows >= 0 && rows < SLUICE_QUERY_FORECAST_ROWS / 2)
    {
      gint64 *now = g_new (gint64, 1);

      *now = g_get_monotonic_time ();
      g_hash_table_insert (self->small, g_ascii_strdown (ask->object, -1), now);
      return_small (task);
      return;
    }

  sluice_transfer_forecast_async (self->connection, ask->soql, ask->all_rows, SLUICE_TRANSPORT_AUTOMATIC,
                                  SLUICE_PRIORITY_INTERACTIVE, g_task_get_cancellable (task), counted_cb,
                                  g_object_ref (task));
}

static gboolean
is_known_small (SluiceQueryForecaster *self,
                const char            *object)
{
  g_autofree char *key = g_ascii_strdown (object, -1);
  gint64 *time = g_hash_table_lookup (self->small, key);

  return time != NULL && g_get_monotonic_time () - *time < KNOWN_TIME;
}

static void
sluice_query_forecaster_dispose (GObject *object)
{
  SluiceQueryForecaster *self = SLUICE_QUERY_FORECASTER (object);

  g_clear_object (&self->connection);
  g_clear_pointer (&self->small, g_hash_table_unref);

  G_OBJECT_CLASS (sluice_query_forecaster_parent_class)->dispose (object);
}

static void
sluice_query_forecaster_class_init (SluiceQueryForecasterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_query_forecaster_dispose;
}

static void
sluice_query_forecaster_init (SluiceQueryForecaster *self)
{
  self->small = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

SluiceQueryForecaster *
sluice_query_forecaster_new (SluiceConnection *connection)
{
  SluiceQueryForecaster *self;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);

  self = g_object_new (SLUICE_TYPE_QUERY_FORECASTER, NULL);
  self->connection = g_object_ref (connection);

  return self;
}

/**
 * sluice_query_forecaster_ask_async:
 * @self: a forecaster
 * @soql: a query
 * @all_rows: whether deleted and archived records count as well
 * @cancellable: (nullable): gives up
 * @callback: called when it is known what the query costs
 * @user_data: data for @callback
 *
 * Finds out whether a query is big, and what it costs then.
 *
 * No call is spent on a query that limits itself or groups its records, or
 * whose object was small within the last hour; else one for the org's own
 * note of how many records the object has, and one to count only where that
 * leaves it open.
 */
void
sluice_query_forecaster_ask_async (SluiceQueryForecaster *self,
                                   const char            *soql,
                                   gboolean               all_rows,
                                   GCancellable          *cancellable,
                                   GAsyncReadyCallback    callback,
                                   gpointer               user_data)
{
  g_autoptr(SluiceQueryShape) shape = NULL;
  g_autoptr(GTask) task = NULL;
  Ask *ask;

  g_return_if_fail (SLUICE_IS_QUERY_FORECASTER (self));
  g_return_if_fail (soql != NULL);

  shape = sluice_query_shape_new (soql);
  ask = g_new0 (Ask, 1);
  ask->soql = g_strdup (soql);
  ask->object = g_strdup (shape->object);
  ask->all_rows = all_rows;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_query_forecaster_ask_async);
  g_task_set_task_data (task, ask, (GDestroyNotify) ask_free);

  if (shape->count == NULL || shape->object == NULL ||
      (shape->limit >= 0 && shape->limit < SLUICE_QUERY_FORECAST_ROWS) ||
      is_known_small (self, shape->object))
    return_small (task);
  else
    sluice_record_counts_read_async (self->connection, shape->object, cancellable, noted_cb, g_steal_pointer (&task));
}

/**
 * sluice_query_forecaster_ask_finish:
 * @self: a forecaster
 * @result: what the callback got
 * @error: only %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what the query costs; %NULL without an error when it is small, or when that
 *   cannot be known: then nobody needs to be asked
 */
SluiceTransferForecast *
sluice_query_forecaster_ask_finish (SluiceQueryForecaster  *self,
                                    GAsyncResult           *result,
                                    GError                **error)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_FORECASTER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
