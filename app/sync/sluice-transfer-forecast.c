/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-transfer-forecast.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-members.h"
#include "sluice-query-shape.h"

typedef struct
{
  char *soql;
  SluiceTransport wanted;
  SluicePriority priority;
  gint64 limit; /* of the query, -1 when it has none */
} Question;

static void
question_free (Question *question)
{
  g_free (question->soql);
  g_free (question);
}

/**
 * sluice_transfer_forecast_free:
 * @self: (transfer full): a forecast
 *
 * Frees it.
 */
void
sluice_transfer_forecast_free (SluiceTransferForecast *self)
{
  g_free (self->reason);
  g_free (self);
}

static void
answer (GTask *task,
        gint64 rows)
{
  SluiceConnection *connection = g_task_get_source_object (task);
  SluiceTransferForecast *self = g_new0 (SluiceTransferForecast, 1);
  Question *question = g_task_get_task_data (task);
  SluiceForecast calls;

  self->rows = rows >= 0 && question->limit >= 0 ? MIN (rows, question->limit) : rows;
  self->transport = sluice_transport_choose (question->wanted, question->soql, self->rows, NULL, &self->reason);
  if (self->rows >= 0)
    self->calls = sluice_transport_count_calls (self->transport, self->rows);

  sluice_throttle_forecast (sluice_connection_get_throttle (connection), question->priority, MAX (self->calls, 1),
                            &calls);
  self->calls_left = calls.calls_left;
  self->duration = calls.duration;
  self->fits = calls.fits;

  g_task_return_pointer (task, self, (GDestroyNotify) sluice_transfer_forecast_free);
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(SluiceReply) reply = NULL;
  GError *error = NULL;
  gint64 rows = -1;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (reply->json == NULL || !JSON_NODE_HOLDS_OBJECT (reply->json) ||
      !sluice_members_get_int64 (json_node_get_object (reply->json), "totalSize", &rows, NULL))
    rows = -1;
  answer (task, rows);
}

static void
count (SluiceConnection *connection,
       const char       *soql,
       gboolean          all_rows,
       GTask            *task) /* (transfer full) */
{
  g_autofree char *escaped = g_uri_escape_string (soql, NULL, FALSE);
  g_autofree char *path = g_strconcat (all_rows ? "queryAll?q=" : "query?q=", escaped, NULL);
  SluiceRequest request = {
    .method = "GET",
    .path = path,
    .summary = _("Count records"),
    .priority = SLUICE_PRIORITY_INTERACTIVE,
  };

  sluice_client_send_async (sluice_connection_get_client (connection), &request, g_task_get_cancellable (task),
                            counted_cb, task);
}

/**
 * sluice_transfer_forecast_async:
 * @connection: a connection
 * @soql: the query
 * @all_rows: whether deleted and archived records are wanted too
 * @wanted: how to read
 * @priority: who goes first
 * @cancellable: (nullable): ends the wait
 * @callback: called with the forecast
 * @user_data: data for @callback
 *
 * Finds out what reading the records of a query will cost. That costs one
 * call: they are counted.
 */
void
sluice_transfer_forecast_async (SluiceConnection    *connection,
                                const char          *soql,
                                gboolean             all_rows,
                                SluiceTransport      wanted,
                                SluicePriority       priority,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(SluiceQueryShape) shape = NULL;
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  Question *question;

  g_return_if_fail (SLUICE_IS_CONNECTION (connection));
  g_return_if_fail (soql != NULL);

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_transfer_forecast_async);
  if (!sluice_connection_check_usable (connection, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  shape = sluice_query_shape_new (soql);
  question = g_new0 (Question, 1);
  question->soql = g_strdup (soql);
  question->wanted = wanted;
  question->priority = priority;
  question->limit = shape->limit;
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);

  /* A sum is one record or a few, and nothing counts its groups. */
  if (shape->count == NULL || strlen (shape->count) > SLUICE_TRANSPORT_MAX_ADDRESS / 3)
    answer (task, -1);
  else
    count (connection, shape->count, all_rows, g_steal_pointer (&task));
}

/**
 * sluice_transfer_forecast_finish:
 * @connection: the connection
 * @result: what the callback got
 * @error: why the org cannot be asked, or what it says against the query
 *
 * Returns: (transfer full) (nullable): the forecast
 */
SluiceTransferForecast *
sluice_transfer_forecast_finish (SluiceConnection  *connection,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
