/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-record-counts.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-members.h"

#define MAX_COUNTS 20000

static void
take_count (GHashTable *counts,
            JsonNode   *node)
{
  const char *name = NULL;
  gint64 count = -1;

  if (!JSON_NODE_HOLDS_OBJECT (node) ||
      !sluice_members_get_string (json_node_get_object (node), "name", &name, NULL) ||
      !sluice_members_get_int64 (json_node_get_object (node), "count", &count, NULL) ||
      name == NULL || count < 0)
    return;

  g_hash_table_insert (counts, g_ascii_strdown (name, -1), g_memdup2 (&count, sizeof count));
}

static GHashTable *
read_counts (JsonNode  *json,
             GError   **error)
{
  g_autoptr(GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonArray *objects = NULL;

  if (json != NULL && JSON_NODE_HOLDS_OBJECT (json))
    sluice_members_get_array (json_node_get_object (json), "sObjects", &objects, NULL);

  if (objects == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The org’s answer about the numbers of records cannot be understood. Try again later."));
      return NULL;
    }

  for (guint i = 0; i < MIN (json_array_get_length (objects), MAX_COUNTS); i++)
    take_count (counts, json_array_get_element (objects, i));

  return g_steal_pointer (&counts);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(SluiceReply) reply = NULL;
  g_autoptr(GHashTable) counts = NULL;
  GError *error = NULL;

  reply = sluice_client_send_finish (SLUICE_CLIENT (object), result, &error);
  if (reply != NULL)
    counts = read_counts (reply->json, &error);

  if (counts != NULL)
    g_task_return_pointer (task, g_steal_pointer (&counts), (GDestroyNotify) g_hash_table_unref);
  else
    g_task_return_error (task, error);
}

/**
 * sluice_record_counts_read_async:
 * @connection: a connection
 * @object: (nullable): the API name of an object, %NULL for all
 * @cancellable: (nullable): gives up
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Asks the org how many records there are, with one call. The numbers are the
 * org's own notes: approximate, and without what is in the recycle bin
 * (Salesforce-wire 2.3).
 */
void
sluice_record_counts_read_async (SluiceConnection    *connection,
                                 const char          *object,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *escaped = object != NULL ? g_uri_escape_string (object, NULL, FALSE) : NULL;
  g_autofree char *path = NULL;
  SluiceRequest request;
  GError *error = NULL;

  g_return_if_fail (SLUICE_IS_CONNECTION (connection));

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_record_counts_read_async);

  if (!sluice_connection_check_usable (connection, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  path = escaped != NULL ? g_strconcat ("limits/recordCount?sObjects=", escaped, NULL) : g_strdup ("limits/recordCount");
  request = (SluiceRequest) {
    .method = "GET",
    .path = path,
    .summary = _("Count records"),
    .priority = SLUICE_PRIORITY_INTERACTIVE,
  };
  sluice_client_send_async (sluice_connection_get_client (connection), &request, cancellable, answered_cb,
                            g_steal_pointer (&task));
}

/**
 * sluice_record_counts_read_finish:
 * @connection: a connection
 * @result: what the callback got
 * @error: why the org did not tell
 *
 * Returns: (transfer full) (nullable): the numbers, for sluice_record_counts_get()
 */
GHashTable *
sluice_record_counts_read_finish (SluiceConnection  *connection,
                                  GAsyncResult      *result,
                                  GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sluice_record_counts_get:
 * @counts: the numbers
 * @object: the API name of an object, capitals aside
 *
 * Returns: how many records there are, about; -1 when the org does not count them
 */
gint64
sluice_record_counts_get (GHashTable *counts,
                          const char *object)
{
  g_autofree char *key = NULL;
  const gint64 *count;

  g_return_val_if_fail (counts != NULL, -1);
  g_return_val_if_fail (object != NULL, -1);

  key = g_ascii_strdown (object, -1);
  count = g_hash_table_lookup (counts, key);

  return count != NULL ? *count : -1;
}
