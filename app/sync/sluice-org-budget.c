/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-org-budget.h"

#include <string.h>

#include "sluice-limit.h"

#define RESERVES "sluice-reserves"

/**
 * sluice_org_budget_dup_org_id:
 * @identity_url: an address such as `https://login.salesforce.com/id/ORG/USER`
 *
 * Returns: (transfer full) (nullable): the id of the org in it
 */
char *
sluice_org_budget_dup_org_id (const char *identity_url)
{
  const char *start = identity_url != NULL ? strstr (identity_url, "/id/") : NULL;
  gsize length = 0;

  if (start == NULL)
    return NULL;

  start += strlen ("/id/");
  while (g_ascii_isalnum (start[length]))
    length++;

  if (start[length] != '/' || (length != 15 && length != 18))
    return NULL;

  return g_strndup (start, length);
}

/**
 * sluice_org_budget_reserve:
 * @budget: the budget of an org
 * @holder: who wants calls to be left to others, never dereferenced
 * @calls: how many a day, 0 = none
 *
 * Tells what one of the subscriptions to an org wants to leave to others. The
 * most that any of them wants is left.
 */
void
sluice_org_budget_reserve (SluiceBudget *budget,
                           gpointer      holder,
                           guint         calls)
{
  GHashTable *reserves;
  GHashTableIter iter;
  gpointer value;
  guint most = 0;

  g_return_if_fail (SLUICE_IS_BUDGET (budget));

  reserves = g_object_get_data (G_OBJECT (budget), RESERVES);
  if (reserves == NULL)
    {
      reserves = g_hash_table_new (NULL, NULL);
      g_object_set_data_full (G_OBJECT (budget), RESERVES, reserves, (GDestroyNotify) g_hash_table_unref);
    }

  if (calls > 0)
    g_hash_table_insert (reserves, holder, GUINT_TO_POINTER (calls));
  else
    g_hash_table_remove (reserves, holder);

  g_hash_table_iter_init (&iter, reserves);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    most = MAX (most, GPOINTER_TO_UINT (value));

  sluice_budget_set_reserve (budget, most);
}

/**
 * sluice_org_budget_update:
 * @budget: (nullable): the budget of an org
 * @limits: a list of SluiceLimit
 *
 * Tells a budget what `/limits` said about the calls of the day.
 */
void
sluice_org_budget_update (SluiceBudget *budget,
                          GListModel   *limits)
{
  g_return_if_fail (budget == NULL || SLUICE_IS_BUDGET (budget));
  g_return_if_fail (G_IS_LIST_MODEL (limits));

  for (guint i = 0; budget != NULL && i < g_list_model_get_n_items (limits); i++)
    {
      g_autoptr(SluiceLimit) limit = g_list_model_get_item (limits, i);

      if (strcmp (sluice_limit_get_name (limit), "DailyApiRequests") == 0 && sluice_limit_get_max (limit) > 0)
        sluice_budget_update (budget, (guint64) sluice_limit_get_used (limit), (guint64) sluice_limit_get_max (limit));
    }
}
