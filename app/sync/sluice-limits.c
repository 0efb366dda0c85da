/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-verification.h"

#include <string.h>

#include "sluice-limit.h"

/* An org lists some sixty. */
#define MAX_LIMITS 1000

/* Numbers now, texts in very old versions. */
static gboolean
get_number (JsonObject *object,
            const char *name,
            gint64     *number)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, number, NULL);
  if (type != G_TYPE_INT64)
    return FALSE;

  *number = json_node_get_int (node);

  return TRUE;
}

/* The one that stops all work comes first. */
static int
compare_limits (gconstpointer a,
                gconstpointer b,
                gpointer      unused)
{
  SluiceLimit *first = (SluiceLimit *) a;
  SluiceLimit *second = (SluiceLimit *) b;
  gboolean first_is_calls = strcmp (sluice_limit_get_name (first), "DailyApiRequests") == 0;
  gboolean second_is_calls = strcmp (sluice_limit_get_name (second), "DailyApiRequests") == 0;

  if (first_is_calls != second_is_calls)
    return first_is_calls ? -1 : 1;

  return g_utf8_collate (sluice_limit_get_label (first), sluice_limit_get_label (second));
}

/**
 * sluice_limits_from_json:
 * @node: (nullable): what `/limits` answered
 *
 * Reads the org's limits. What is no limit is passed over, and so are the
 * numbers of single apps inside one.
 *
 * Returns: (transfer full): a list of SluiceLimit, empty when there are none
 */
GListModel *
sluice_limits_from_json (JsonNode *node)
{
  g_autoptr(GListStore) limits = g_list_store_new (SLUICE_TYPE_LIMIT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return G_LIST_MODEL (g_steal_pointer (&limits));

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member) &&
         g_list_model_get_n_items (G_LIST_MODEL (limits)) < MAX_LIMITS)
    {
      g_autoptr(SluiceLimit) limit = NULL;
      gint64 max, remaining;

      if (!JSON_NODE_HOLDS_OBJECT (member) ||
          !get_number (json_node_get_object (member), "Max", &max) ||
          !get_number (json_node_get_object (member), "Remaining", &remaining))
        continue;

      limit = sluice_limit_new (name, max, remaining);
      g_list_store_insert_sorted (limits, limit, compare_limits, NULL);
    }

  return G_LIST_MODEL (g_steal_pointer (&limits));
}
