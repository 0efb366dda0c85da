/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-call.h"

struct _SluiceCallList
{
  GObject parent_instance;

  GQueue calls; /* (element-type SluiceCall) (owned), newest first */
  guint max_calls;

  /* Views walk from one end to the other: the last place makes a step cheap. */
  GList *last; /* (unowned) (nullable) */
  guint last_position;
};

static GType
sluice_call_list_get_item_type (GListModel *model)
{
  return SLUICE_TYPE_CALL;
}

static guint
sluice_call_list_get_n_items (GListModel *model)
{
  return SLUICE_CALL_LIST (model)->calls.length;
}

static gpointer
sluice_call_list_get_item (GListModel *model,
                           guint       position)
{
  SluiceCallList *self = SLUICE_CALL_LIST (model);

  if (position >= self->calls.length)
    return NULL;

  if (self->last != NULL && position == self->last_position + 1)
    self->last = self->last->next;
  else if (self->last == NULL || position != self->last_position)
    self->last = g_queue_peek_nth_link (&self->calls, position);

  self->last_position = position;

  return g_object_ref (self->last->data);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = sluice_call_list_get_item_type;
  iface->get_n_items = sluice_call_list_get_n_items;
  iface->get_item = sluice_call_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceCallList, sluice_call_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
sluice_call_list_finalize (GObject *object)
{
  SluiceCallList *self = SLUICE_CALL_LIST (object);

  g_queue_clear_full (&self->calls, g_object_unref);

  G_OBJECT_CLASS (sluice_call_list_parent_class)->finalize (object);
}

static void
sluice_call_list_class_init (SluiceCallListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_call_list_finalize;
}

static void
sluice_call_list_init (SluiceCallList *self)
{
  g_queue_init (&self->calls);
}

/**
 * sluice_call_list_new:
 * @max_calls: how many calls to remember, at least 1
 *
 * Returns: (transfer full): an empty list
 */
SluiceCallList *
sluice_call_list_new (guint max_calls)
{
  SluiceCallList *self;

  g_return_val_if_fail (max_calls > 0, NULL);

  self = g_object_new (SLUICE_TYPE_CALL_LIST, NULL);
  self->max_calls = max_calls;

  return self;
}

/**
 * sluice_call_list_add:
 * @self: a list of calls
 * @call: the newest call
 *
 * Puts @call first and forgets the oldest one when there are too many.
 */
void
sluice_call_list_add (SluiceCallList *self,
                      SluiceCall     *call)
{
  g_return_if_fail (SLUICE_IS_CALL_LIST (self));
  g_return_if_fail (SLUICE_IS_CALL (call));

  self->last = NULL;
  g_queue_push_head (&self->calls, g_object_ref (call));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);

  if (self->calls.length <= self->max_calls)
    return;

  self->last = NULL;
  g_object_unref (g_queue_pop_tail (&self->calls));
  g_list_model_items_changed (G_LIST_MODEL (self), self->calls.length, 1, 0);
}

/**
 * sluice_call_list_clear:
 * @self: a list of calls
 *
 * Forgets all calls.
 */
void
sluice_call_list_clear (SluiceCallList *self)
{
  guint n_calls;

  g_return_if_fail (SLUICE_IS_CALL_LIST (self));

  n_calls = self->calls.length;
  self->last = NULL;
  g_queue_clear_full (&self->calls, g_object_unref);

  if (n_calls > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_calls, 0);
}
