/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-list.h"

#include <glib/gi18n.h>
#include <string.h>

struct _SluiceSubscriptionList
{
  GObject parent_instance;

  GPtrArray *items; /* (element-type SluiceSubscription), sorted */
};

static GType
sluice_subscription_list_get_item_type (GListModel *model)
{
  return SLUICE_TYPE_SUBSCRIPTION;
}

static guint
sluice_subscription_list_get_n_items (GListModel *model)
{
  return SLUICE_SUBSCRIPTION_LIST (model)->items->len;
}

static gpointer
sluice_subscription_list_get_item (GListModel *model,
                                   guint       position)
{
  SluiceSubscriptionList *self = SLUICE_SUBSCRIPTION_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = sluice_subscription_list_get_item_type;
  iface->get_n_items = sluice_subscription_list_get_n_items;
  iface->get_item = sluice_subscription_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceSubscriptionList, sluice_subscription_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

/* What looks the same to a reader is the same name. */
static char *
fold_name (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);
  char *folded = g_utf8_casefold (normal != NULL ? normal : name, -1);

  return g_strstrip (folded);
}

static int
compare_subscriptions (gconstpointer a,
                       gconstpointer b)
{
  SluiceSubscription *one = *(SluiceSubscription * const *) a;
  SluiceSubscription *other = *(SluiceSubscription * const *) b;
  g_autofree char *one_name = fold_name (sluice_subscription_get_name (one));
  g_autofree char *other_name = fold_name (sluice_subscription_get_name (other));
  int order = g_utf8_collate (one_name, other_name);

  if (order != 0)
    return order;

  return strcmp (sluice_subscription_get_id (one), sluice_subscription_get_id (other));
}

static guint
find_place (SluiceSubscriptionList *self,
            SluiceSubscription     *subscription)
{
  guint place = 0;

  while (place < self->items->len &&
         compare_subscriptions (&g_ptr_array_index (self->items, place), &subscription) <= 0)
    place++;

  return place;
}

static void
name_changed_cb (SluiceSubscription     *subscription,
                 GParamSpec             *pspec,
                 SluiceSubscriptionList *self)
{
  guint from, to;

  if (!g_ptr_array_find (self->items, subscription, &from))
    g_assert_not_reached ();

  g_object_ref (subscription);
  g_ptr_array_remove_index (self->items, from);
  to = find_place (self, subscription);
  g_ptr_array_insert (self->items, to, subscription);

  if (to != from)
    {
      guint first = MIN (from, to);
      guint n_moved = MAX (from, to) - first + 1;

      g_list_model_items_changed (G_LIST_MODEL (self), first, n_moved, n_moved);
    }
}

static void
sluice_subscription_list_finalize (GObject *object)
{
  SluiceSubscriptionList *self = SLUICE_SUBSCRIPTION_LIST (object);

  for (guint i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, i), name_changed_cb, self);
  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (sluice_subscription_list_parent_class)->finalize (object);
}

static void
sluice_subscription_list_class_init (SluiceSubscriptionListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_subscription_list_finalize;
}

static void
sluice_subscription_list_init (SluiceSubscriptionList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * sluice_subscription_list_new:
 *
 * Returns: (transfer full): an empty list
 */
SluiceSubscriptionList *
sluice_subscription_list_new (void)
{
  return g_object_new (SLUICE_TYPE_SUBSCRIPTION_LIST, NULL);
}

/**
 * sluice_subscription_list_add:
 * @self: a list of subscriptions
 * @subscription: one that is not in the list
 *
 * Adds @subscription at its place.
 */
void
sluice_subscription_list_add (SluiceSubscriptionList *self,
                              SluiceSubscription     *subscription)
{
  guint place;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_LIST (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION (subscription));
  g_return_if_fail (!g_ptr_array_find (self->items, subscription, NULL));

  place = find_place (self, subscription);
  g_ptr_array_insert (self->items, place, g_object_ref (subscription));
  g_signal_connect (subscription, "notify::name", G_CALLBACK (name_changed_cb), self);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 0, 1);
}

/**
 * sluice_subscription_list_remove:
 * @self: a list of subscriptions
 * @subscription: one that may be in the list
 *
 * Returns: whether it was in the list
 */
gboolean
sluice_subscription_list_remove (SluiceSubscriptionList *self,
                                 SluiceSubscription     *subscription)
{
  guint place;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_LIST (self), FALSE);
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), FALSE);

  if (!g_ptr_array_find (self->items, subscription, &place))
    return FALSE;

  g_signal_handlers_disconnect_by_func (subscription, name_changed_cb, self);
  g_ptr_array_remove_index (self->items, place);
  g_list_model_items_changed (G_LIST_MODEL (self), place, 1, 0);

  return TRUE;
}

/**
 * sluice_subscription_list_find_by_id:
 * @self: a list of subscriptions
 * @id: an id
 *
 * Returns: (nullable) (transfer none): the subscription with that id
 */
SluiceSubscription *
sluice_subscription_list_find_by_id (SluiceSubscriptionList *self,
                                     const char             *id)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_LIST (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      SluiceSubscription *item = g_ptr_array_index (self->items, i);

      if (strcmp (sluice_subscription_get_id (item), id) == 0)
        return item;
    }

  return NULL;
}

/* One that works comes before a damaged file of the same name. */
static SluiceSubscription *
find_folded (SluiceSubscriptionList *self,
             const char             *folded,
             gboolean                damaged)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      SluiceSubscription *item = g_ptr_array_index (self->items, i);
      g_autofree char *name = fold_name (sluice_subscription_get_name (item));

      if (strcmp (name, folded) == 0 && (sluice_subscription_get_damage (item) != NULL) == damaged)
        return item;
    }

  return NULL;
}

/**
 * sluice_subscription_list_find_by_name:
 * @self: a list of subscriptions
 * @name: a name, in any case
 *
 * Returns: (nullable) (transfer none): the subscription with that name
 */
SluiceSubscription *
sluice_subscription_list_find_by_name (SluiceSubscriptionList *self,
                                       const char             *name)
{
  g_autofree char *folded = NULL;
  SluiceSubscription *found;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_LIST (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  folded = fold_name (name);
  found = find_folded (self, folded, FALSE);

  return found != NULL ? found : find_folded (self, folded, TRUE);
}

/**
 * sluice_subscription_list_is_name_free:
 * @self: a list of subscriptions
 * @name: a name that somebody wants
 * @except: (nullable): the subscription that may have it
 *
 * Returns: whether no other usable subscription has that name
 */
gboolean
sluice_subscription_list_is_name_free (SluiceSubscriptionList *self,
                                       const char             *name,
                                       SluiceSubscription     *except)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_LIST (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  folded = fold_name (name);

  for (guint i = 0; i < self->items->len; i++)
    {
      SluiceSubscription *item = g_ptr_array_index (self->items, i);
      g_autofree char *taken = fold_name (sluice_subscription_get_name (item));

      if (item != except && sluice_subscription_get_damage (item) == NULL && strcmp (taken, folded) == 0)
        return FALSE;
    }

  return TRUE;
}

/**
 * sluice_subscription_list_make_unique_name:
 * @self: a list of subscriptions
 * @wanted: a name
 *
 * Returns: (transfer full): @wanted, with a number behind it if the name is taken
 */
char *
sluice_subscription_list_make_unique_name (SluiceSubscriptionList *self,
                                           const char             *wanted)
{
  char *name;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_LIST (self), NULL);
  g_return_val_if_fail (wanted != NULL, NULL);

  name = g_strdup (wanted);

  for (guint number = 2; sluice_subscription_list_find_by_name (self, name) != NULL; number++)
    {
      g_free (name);
      /* Translators: a name and a number that makes it different from others, such as "Sales (2)" */
      name = g_strdup_printf (_("%s (%u)"), wanted, number);
    }

  return name;
}
