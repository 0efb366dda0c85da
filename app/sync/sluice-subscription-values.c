/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-values.h"

static void
set_days (GHashTable *look_back,
          const char *data_type,
          gpointer    days)
{
  if (days != NULL)
    g_hash_table_insert (look_back, g_strdup (data_type), days);
  else
    g_hash_table_remove (look_back, data_type);
}

/**
 * sluice_subscription_values_init:
 * @self: uninitialised values
 *
 * Makes all values empty.
 */
void
sluice_subscription_values_init (SluiceSubscriptionValues *self)
{
  for (guint i = 0; i < SLUICE_N_TEXT_FIELDS; i++)
    self->texts[i] = g_strdup ("");
  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    self->numbers[i] = 0;
  self->look_back = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * sluice_subscription_values_clear:
 * @self: values
 *
 * Frees what @self holds.
 */
void
sluice_subscription_values_clear (SluiceSubscriptionValues *self)
{
  for (guint i = 0; i < SLUICE_N_TEXT_FIELDS; i++)
    g_clear_pointer (&self->texts[i], g_free);
  g_clear_pointer (&self->look_back, g_hash_table_unref);
}

/**
 * sluice_subscription_values_copy:
 * @self: the values to change
 * @other: the values to copy
 *
 * Makes @self the same as @other.
 */
void
sluice_subscription_values_copy (SluiceSubscriptionValues       *self,
                                 const SluiceSubscriptionValues *other)
{
  GHashTableIter iter;
  gpointer data_type, days;

  for (guint i = 0; i < SLUICE_N_TEXT_FIELDS; i++)
    g_set_str (&self->texts[i], other->texts[i]);
  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    self->numbers[i] = other->numbers[i];

  g_hash_table_remove_all (self->look_back);
  g_hash_table_iter_init (&iter, other->look_back);
  while (g_hash_table_iter_next (&iter, &data_type, &days))
    set_days (self->look_back, data_type, days);
}

/* No days and zero days are the same. */
static gboolean
look_back_contains (GHashTable *look_back,
                    GHashTable *other)
{
  GHashTableIter iter;
  gpointer data_type, days;

  g_hash_table_iter_init (&iter, other);
  while (g_hash_table_iter_next (&iter, &data_type, &days))
    {
      if (g_hash_table_lookup (look_back, data_type) != days)
        return FALSE;
    }

  return TRUE;
}

/**
 * sluice_subscription_values_equal:
 * @self: values
 * @other: other values
 *
 * Returns: whether all fields are the same
 */
gboolean
sluice_subscription_values_equal (const SluiceSubscriptionValues *self,
                                  const SluiceSubscriptionValues *other)
{
  for (guint i = 0; i < SLUICE_N_TEXT_FIELDS; i++)
    {
      if (!g_str_equal (self->texts[i], other->texts[i]))
        return FALSE;
    }

  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      if (self->numbers[i] != other->numbers[i])
        return FALSE;
    }

  return look_back_contains (self->look_back, other->look_back) &&
         look_back_contains (other->look_back, self->look_back);
}

static void
merge_look_back (GHashTable *look_back,
                 GHashTable *base,
                 GHashTable *news)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, base);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_hash_table_add (names, name);
  g_hash_table_iter_init (&iter, news);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_hash_table_add (names, name);

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      if (g_hash_table_lookup (look_back, name) == g_hash_table_lookup (base, name))
        set_days (look_back, name, g_hash_table_lookup (news, name));
    }
}

/**
 * sluice_subscription_values_merge:
 * @self: edited values
 * @base: what they were before they were edited
 * @news: what they became elsewhere
 *
 * Takes over from @news what was not edited.
 */
void
sluice_subscription_values_merge (SluiceSubscriptionValues       *self,
                                  const SluiceSubscriptionValues *base,
                                  const SluiceSubscriptionValues *news)
{
  for (guint i = 0; i < SLUICE_N_TEXT_FIELDS; i++)
    {
      if (g_str_equal (self->texts[i], base->texts[i]))
        g_set_str (&self->texts[i], news->texts[i]);
    }

  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      if (self->numbers[i] == base->numbers[i])
        self->numbers[i] = news->numbers[i];
    }

  merge_look_back (self->look_back, base->look_back, news->look_back);
}

/**
 * sluice_subscription_values_read:
 * @self: the values to change
 * @subscription: where they come from
 *
 * Reads all fields of @subscription.
 */
void
sluice_subscription_values_read (SluiceSubscriptionValues *self,
                                 SluiceSubscription       *subscription)
{
  g_autofree const char **data_types = sluice_subscription_list_look_back_types (subscription);

  g_set_str (&self->texts[SLUICE_FIELD_NAME], sluice_subscription_get_name (subscription));
  g_set_str (&self->texts[SLUICE_FIELD_VERSION], sluice_subscription_get_version (subscription));
  g_set_str (&self->texts[SLUICE_FIELD_API_URL], sluice_subscription_get_api_url (subscription));
  g_set_str (&self->texts[SLUICE_FIELD_API_KEY], sluice_subscription_get_api_key (subscription));
  g_set_str (&self->texts[SLUICE_FIELD_CONSUMER_KEY], sluice_subscription_get_consumer_key (subscription));
  self->numbers[SLUICE_FIELD_BUDGET_RESERVE] = sluice_subscription_get_budget_reserve (subscription);
  self->numbers[SLUICE_FIELD_SIGN_IN_WITH] = sluice_subscription_get_sign_in_with (subscription);
  sluice_subscription_values_set_throttle (self, sluice_subscription_get_throttle_settings (subscription));

  g_hash_table_remove_all (self->look_back);
  for (guint i = 0; data_types[i] != NULL; i++)
    {
      guint days = sluice_subscription_get_look_back_days (subscription, data_types[i]);

      set_days (self->look_back, data_types[i], GUINT_TO_POINTER (days));
    }
}

/**
 * sluice_subscription_values_write:
 * @self: values
 * @subscription: where they go
 *
 * Sets all fields of @subscription.
 */
void
sluice_subscription_values_write (const SluiceSubscriptionValues *self,
                                  SluiceSubscription             *subscription)
{
  g_autofree const char **data_types = sluice_subscription_list_look_back_types (subscription);
  SluiceThrottleSettings throttle;
  GHashTableIter iter;
  gpointer data_type, days;

  sluice_subscription_values_get_throttle (self, &throttle);

  g_object_freeze_notify (G_OBJECT (subscription));
  sluice_subscription_set_name (subscription, self->texts[SLUICE_FIELD_NAME]);
  sluice_subscription_set_version (subscription, self->texts[SLUICE_FIELD_VERSION]);
  sluice_subscription_set_api_url (subscription, self->texts[SLUICE_FIELD_API_URL]);
  sluice_subscription_set_api_key (subscription, self->texts[SLUICE_FIELD_API_KEY]);
  sluice_subscription_set_consumer_key (subscription, self->texts[SLUICE_FIELD_CONSUMER_KEY]);
  sluice_subscription_set_budget_reserve (subscription, self->numbers[SLUICE_FIELD_BUDGET_RESERVE]);
  sluice_subscription_set_sign_in_with (subscription, self->numbers[SLUICE_FIELD_SIGN_IN_WITH]);
  sluice_subscription_set_throttle_settings (subscription, &throttle);

  for (guint i = 0; data_types[i] != NULL; i++)
    {
      if (!g_hash_table_contains (self->look_back, data_types[i]))
        sluice_subscription_set_look_back_days (subscription, data_types[i], 0);
    }
  g_hash_table_iter_init (&iter, self->look_back);
  while (g_hash_table_iter_next (&iter, &data_type, &days))
    sluice_subscription_set_look_back_days (subscription, data_type, GPOINTER_TO_UINT (days));
  g_object_thaw_notify (G_OBJECT (subscription));
}

/**
 * sluice_subscription_values_set_throttle:
 * @self: values
 * @throttle: the five throttling fields
 *
 * Sets the throttling fields.
 */
void
sluice_subscription_values_set_throttle (SluiceSubscriptionValues     *self,
                                         const SluiceThrottleSettings *throttle)
{
  self->numbers[SLUICE_FIELD_LIMIT] = throttle->limit;
  self->numbers[SLUICE_FIELD_SECONDS] = throttle->seconds;
  self->numbers[SLUICE_FIELD_HUB_LIMIT] = throttle->hub_limit;
  self->numbers[SLUICE_FIELD_HUB_SECONDS] = throttle->hub_seconds;
  self->numbers[SLUICE_FIELD_CONCURRENT] = throttle->concurrent;
}

/**
 * sluice_subscription_values_get_throttle:
 * @self: values
 * @throttle: (out caller-allocates): the five throttling fields
 *
 * Gets the throttling fields.
 */
void
sluice_subscription_values_get_throttle (const SluiceSubscriptionValues *self,
                                         SluiceThrottleSettings         *throttle)
{
  throttle->limit = self->numbers[SLUICE_FIELD_LIMIT];
  throttle->seconds = self->numbers[SLUICE_FIELD_SECONDS];
  throttle->hub_limit = self->numbers[SLUICE_FIELD_HUB_LIMIT];
  throttle->hub_seconds = self->numbers[SLUICE_FIELD_HUB_SECONDS];
  throttle->concurrent = self->numbers[SLUICE_FIELD_CONCURRENT];
}
