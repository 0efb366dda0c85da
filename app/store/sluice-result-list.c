/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-list"

#include "config.h"

#include "sluice-result-list.h"

#include "sluice-result-sort.h"

#define BLOCK_ROWS 128

/* As many blocks stay as fit in here, and at least those that a view can have in sight. */
#define MAX_CACHE_BYTES (12 * 1024 * 1024)
#define MIN_CACHED_BLOCKS 6

#define NO_COLUMN G_MAXUINT

struct _SluiceResultRow
{
  GObject parent_instance;

  SluiceResultList *list;   /* (nullable), while it waits */
  SluiceResultBlock *block; /* (nullable), once it is filled */
  guint position;
};

/* A block that is wanted: its place in the queue and who waits. */
typedef struct
{
  guint number;
  GHashTable *rows; /* (element-type SluiceResultRow), not owned */
  GList link;       /* in the queue */
} Wish;

typedef struct
{
  guint number;
  SluiceResultBlock *block;
  GList link;       /* in the cache, the one used last first */
} Cached;

struct _SluiceResultList
{
  GObject parent_instance;

  SluiceResultStore *store;
  guint n_rows;
  gboolean ready;
  GError *error;              /* (nullable) */

  GHashTable *cache;          /* (element-type guint Cached) */
  GQueue recent;
  gsize cached_bytes;

  GHashTable *wishes;         /* (element-type guint Wish) */
  GQueue queue;               /* the newest first */
  gboolean reading;
  guint generation;           /* what was read for an older one is for another order */
  guint n_reads;

  SluiceResultOrder *order;   /* (nullable) */
  guint sort_column;          /* or NO_COLUMN */
  gboolean sort_descending;
  SluiceResultSort *sort;     /* (nullable), while it runs */
  GCancellable *sort_cancellable;
};

typedef struct
{
  SluiceResultList *list;
  guint number;
  guint generation;
} Reading;

enum
{
  FILLED,
  N_ROW_SIGNALS
};

static guint row_signals[N_ROW_SIGNALS];

enum
{
  PROP_0,
  PROP_READY,
  PROP_SORTING,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void read_next  (SluiceResultList *self);
static void start_sort (SluiceResultList *self);

G_DEFINE_FINAL_TYPE (SluiceResultRow, sluice_result_row, G_TYPE_OBJECT)

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_hash_table_unref (wish->rows);
  g_free (wish);
}

static void
cached_free (gpointer data)
{
  Cached *cached = data;

  sluice_result_block_unref (cached->block);
  g_free (cached);
}

static void
row_stop_waiting (SluiceResultRow *row)
{
  g_autoptr(SluiceResultList) list = g_steal_pointer (&row->list);
  Wish *wish;

  if (list == NULL)
    return;

  wish = g_hash_table_lookup (list->wishes, GUINT_TO_POINTER (row->position / BLOCK_ROWS));
  if (wish != NULL)
    g_hash_table_remove (wish->rows, row);
}

static void
sluice_result_row_dispose (GObject *object)
{
  SluiceResultRow *self = SLUICE_RESULT_ROW (object);

  row_stop_waiting (self);
  g_clear_pointer (&self->block, sluice_result_block_unref);

  G_OBJECT_CLASS (sluice_result_row_parent_class)->dispose (object);
}

static void
sluice_result_row_class_init (SluiceResultRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sluice_result_row_dispose;

  row_signals[FILLED] =
    g_signal_new ("filled",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
sluice_result_row_init (SluiceResultRow *self)
{
}

static void
row_fill (SluiceResultRow   *row,
          SluiceResultBlock *block)
{
  row->block = sluice_result_block_ref (block);
}

static void
drop_oldest (SluiceResultList *self)
{
  Cached *cached = g_queue_peek_tail_link (&self->recent)->data;

  g_queue_unlink (&self->recent, &cached->link);
  self->cached_bytes -= sluice_result_block_get_size (cached->block);
  g_hash_table_remove (self->cache, GUINT_TO_POINTER (cached->number));
}

static void
remember (SluiceResultList  *self,
          guint              number,
          SluiceResultBlock *block)
{
  Cached *cached = g_hash_table_lookup (self->cache, GUINT_TO_POINTER (number));

  if (cached != NULL)
    {
      g_queue_unlink (&self->recent, &cached->link);
      self->cached_bytes -= sluice_result_block_get_size (cached->block);
      g_hash_table_remove (self->cache, GUINT_TO_POINTER (number));
    }

  cached = g_new0 (Cached, 1);
  cached->number = number;
  cached->block = sluice_result_block_ref (block);
  cached->link.data = cached;
  g_hash_table_insert (self->cache, GUINT_TO_POINTER (number), cached);
  g_queue_push_head_link (&self->recent, &cached->link);
  self->cached_bytes += sluice_result_block_get_size (block);

  while (self->cached_bytes > MAX_CACHE_BYTES && self->recent.length > MIN_CACHED_BLOCKS)
    drop_oldest (self);
}

static void
forget_all (SluiceResultList *self)
{
  self->generation++;
  while (self->recent.length > 0)
    drop_oldest (self);

  while (self->queue.length > 0)
    {
      Wish *wish = g_queue_pop_head_link (&self->queue)->data;

      g_hash_table_remove (self->wishes, GUINT_TO_POINTER (wish->number));
    }
}

/* A block at the end may have been read before its last rows came. */
static SluiceResultBlock *
find_block (SluiceResultList *self,
            guint             position)
{
  Cached *cached = g_hash_table_lookup (self->cache, GUINT_TO_POINTER (position / BLOCK_ROWS));

  if (cached == NULL || position % BLOCK_ROWS >= sluice_result_block_get_n_rows (cached->block))
    return NULL;

  if (self->recent.head != &cached->link)
    {
      g_queue_unlink (&self->recent, &cached->link);
      g_queue_push_head_link (&self->recent, &cached->link);
    }

  return cached->block;
}

static Wish *
wish_for (SluiceResultList *self,
          guint             number)
{
  Wish *wish = g_hash_table_lookup (self->wishes, GUINT_TO_POINTER (number));

  if (wish == NULL)
    {
      wish = g_new0 (Wish, 1);
      wish->number = number;
      wish->rows = g_hash_table_new (NULL, NULL);
      wish->link.data = wish;
      g_hash_table_insert (self->wishes, GUINT_TO_POINTER (number), wish);
    }
  else
    {
      g_queue_unlink (&self->queue, &wish->link);
    }
  g_queue_push_head_link (&self->queue, &wish->link);

  return wish;
}

static GType
sluice_result_list_get_item_type (GListModel *model)
{
  return SLUICE_TYPE_RESULT_ROW;
}

static guint
sluice_result_list_get_n_items (GListModel *model)
{
  return SLUICE_RESULT_LIST (model)->n_rows;
}

static gpointer
sluice_result_list_get_item (GListModel *model,
                             guint       position)
{
  SluiceResultList *self = SLUICE_RESULT_LIST (model);
  SluiceResultRow *row;
  SluiceResultBlock *block;

  if (position >= self->n_rows)
    return NULL;

  row = g_object_new (SLUICE_TYPE_RESULT_ROW, NULL);
  row->position = position;

  block = find_block (self, position);
  if (block != NULL)
    {
      row_fill (row, block);
      return row;
    }

  row->list = g_object_ref (self);
  g_hash_table_add (wish_for (self, position / BLOCK_ROWS)->rows, row);
  read_next (self);

  return row;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = sluice_result_list_get_item_type;
  iface->get_n_items = sluice_result_list_get_n_items;
  iface->get_item = sluice_result_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceResultList, sluice_result_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
take_error (SluiceResultList *self,
            GError           *error) /* (transfer full) (nullable) */
{
  if (self->error == error)
    return;

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
set_ready (SluiceResultList *self)
{
  if (self->ready)
    return;

  self->ready = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
unref_object (gpointer object)
{
  g_object_unref (object);
}

static void
fill_rows (SluiceResultList  *self,
           Wish              *wish,
           SluiceResultBlock *block)
{
  g_autoptr(GPtrArray) filled = g_ptr_array_new_with_free_func (unref_object);
  guint n_rows = sluice_result_block_get_n_rows (block);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, wish->rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      SluiceResultRow *row = key;

      if (row->position % BLOCK_ROWS >= n_rows)
        continue;
      g_ptr_array_add (filled, g_object_ref (row));
      g_hash_table_iter_remove (&iter);
    }

  /* Whoever hears of it may ask for other rows, or drop these. */
  for (guint i = 0; i < filled->len; i++)
    {
      SluiceResultRow *row = g_ptr_array_index (filled, i);
      g_autoptr(SluiceResultList) list = g_steal_pointer (&row->list);

      row_fill (row, block);
      g_signal_emit (row, row_signals[FILLED], 0);
    }
}

static void
block_came (SluiceResultList  *self,
            guint              number,
            SluiceResultBlock *block)
{
  Wish *wish;

  remember (self, number, block);
  wish = g_hash_table_lookup (self->wishes, GUINT_TO_POINTER (number));
  if (wish == NULL)
    return;

  /* Not found by anybody while its rows are told. */
  g_hash_table_steal (self->wishes, GUINT_TO_POINTER (number));
  g_queue_unlink (&self->queue, &wish->link);
  fill_rows (self, wish, block);

  /* Rows that the block did not have yet go on waiting. */
  if (g_hash_table_size (wish->rows) > 0)
    {
      Wish *again = wish_for (self, number);
      GHashTableIter iter;
      gpointer key;

      g_hash_table_iter_init (&iter, wish->rows);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        g_hash_table_add (again->rows, key);
    }
  wish_free (wish);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Reading *reading = user_data;
  g_autoptr(SluiceResultList) self = reading->list;
  g_autoptr(SluiceResultBlock) block = NULL;
  GError *error = NULL;

  self->reading = FALSE;
  block = sluice_result_store_read_finish (SLUICE_RESULT_STORE (object), result, &error);

  if (reading->generation != self->generation)
    {
      g_clear_error (&error);
    }
  else if (block != NULL)
    {
      block_came (self, reading->number, block);
      set_ready (self);
    }
  else
    {
      /* The rows stay empty; nobody asks again and again. */
      Wish *wish = g_hash_table_lookup (self->wishes, GUINT_TO_POINTER (reading->number));

      if (wish != NULL)
        {
          g_queue_unlink (&self->queue, &wish->link);
          g_hash_table_remove (self->wishes, GUINT_TO_POINTER (reading->number));
        }
      take_error (self, error);
      set_ready (self);
    }

  read_next (self);
}

static void
read_next (SluiceResultList *self)
{
  while (!self->reading && self->queue.length > 0)
    {
      Wish *wish = self->queue.head->data;
      Reading *reading;

      /* The view has scrolled on. */
      if (g_hash_table_size (wish->rows) == 0 && (wish->number > 0 || self->ready))
        {
          g_queue_unlink (&self->queue, &wish->link);
          g_hash_table_remove (self->wishes, GUINT_TO_POINTER (wish->number));
          continue;
        }

      reading = g_new0 (Reading, 1);
      reading->list = g_object_ref (self);
      reading->number = wish->number;
      reading->generation = self->generation;
      self->reading = TRUE;
      self->n_reads++;
      sluice_result_store_read_async (self->store, self->order, wish->number * BLOCK_ROWS, BLOCK_ROWS, TRUE, NULL,
                                      read_cb, reading);
    }
}

/* The first rows are read before anybody asks: columns are made from them. */
static void
look_at_first (SluiceResultList *self)
{
  if (self->ready)
    return;

  if (self->n_rows > 0)
    {
      wish_for (self, 0);
      read_next (self);
    }
  else if (sluice_result_store_get_complete (self->store))
    {
      set_ready (self);
    }
}

static void
store_changed_cb (SluiceResultList *self)
{
  guint before = self->n_rows;

  self->n_rows = sluice_result_store_get_n_rows (self->store);
  if (self->n_rows > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->n_rows - before);

  look_at_first (self);

  /* Rows that came after they were sorted stand at the end until now. */
  if (self->sort_column != NO_COLUMN && self->sort == NULL && sluice_result_store_get_complete (self->store) &&
      self->order != NULL && sluice_result_order_get_n_rows (self->order) < self->n_rows)
    start_sort (self);
}

static void
set_order (SluiceResultList  *self,
           SluiceResultOrder *order) /* (transfer full) (nullable) */
{
  g_clear_pointer (&self->order, sluice_result_order_unref);
  self->order = order;
  forget_all (self);

  if (self->n_rows > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, self->n_rows, self->n_rows);
}

static void
stop_sort (SluiceResultList *self)
{
  if (self->sort == NULL)
    return;

  g_cancellable_cancel (self->sort_cancellable);
  g_clear_object (&self->sort_cancellable);
  g_clear_object (&self->sort);
}

static GWeakRef *
weak_ref_new (SluiceResultList *self)
{
  GWeakRef *place = g_new (GWeakRef, 1);

  g_weak_ref_init (place, self);

  return place;
}

static void
weak_ref_free (GWeakRef *place)
{
  g_weak_ref_clear (place);
  g_free (place);
}

/* A sort does not keep the list: who drops it wants no order any more. */
static void
sort_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  SluiceResultSort *sort = SLUICE_RESULT_SORT (object);
  GWeakRef *place = user_data;
  g_autoptr(SluiceResultList) self = g_weak_ref_get (place);
  SluiceResultOrder *order;
  GError *error = NULL;

  weak_ref_free (place);
  order = sluice_result_sort_run_finish (sort, result, &error);

  /* Another one runs, or none. */
  if (self == NULL || self->sort != sort)
    {
      g_clear_pointer (&order, sluice_result_order_unref);
      g_clear_error (&error);
      return;
    }

  g_clear_object (&self->sort_cancellable);
  g_clear_object (&self->sort);

  if (order != NULL)
    set_order (self, order);
  else
    take_error (self, error);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORTING]);
  store_changed_cb (self);
}

static void
start_sort (SluiceResultList *self)
{
  gboolean before = self->sort != NULL;

  stop_sort (self);
  take_error (self, NULL);
  self->sort = sluice_result_sort_new (self->store, self->sort_column, self->sort_descending);
  self->sort_cancellable = g_cancellable_new ();
  sluice_result_sort_run_async (self->sort, self->sort_cancellable, sort_cb, weak_ref_new (self));
  if (!before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORTING]);
}

static void
sluice_result_list_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceResultList *self = SLUICE_RESULT_LIST (object);

  switch (prop_id)
    {
    case PROP_READY:
      g_value_set_boolean (value, self->ready);
      break;

    case PROP_SORTING:
      g_value_set_boolean (value, self->sort != NULL);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_result_list_dispose (GObject *object)
{
  SluiceResultList *self = SLUICE_RESULT_LIST (object);

  if (self->sort_cancellable != NULL)
    g_cancellable_cancel (self->sort_cancellable);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  forget_all (self);

  G_OBJECT_CLASS (sluice_result_list_parent_class)->dispose (object);
}

static void
sluice_result_list_finalize (GObject *object)
{
  SluiceResultList *self = SLUICE_RESULT_LIST (object);

  g_clear_object (&self->sort_cancellable);
  g_clear_object (&self->sort);
  g_clear_pointer (&self->order, sluice_result_order_unref);
  g_clear_object (&self->store);
  g_clear_error (&self->error);
  g_hash_table_unref (self->wishes);
  g_hash_table_unref (self->cache);

  G_OBJECT_CLASS (sluice_result_list_parent_class)->finalize (object);
}

static void
sluice_result_list_class_init (SluiceResultListClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_result_list_dispose;
  object_class->finalize = sluice_result_list_finalize;
  object_class->get_property = sluice_result_list_get_property;

  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);
  properties[PROP_SORTING] = g_param_spec_boolean ("sorting", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_result_list_init (SluiceResultList *self)
{
  self->sort_column = NO_COLUMN;
  self->cache = g_hash_table_new_full (NULL, NULL, NULL, cached_free);
  self->wishes = g_hash_table_new_full (NULL, NULL, NULL, wish_free);
  g_queue_init (&self->recent);
  g_queue_init (&self->queue);
}

/**
 * sluice_result_row_get_filled:
 * @self: a row
 *
 * Returns: whether its texts are there
 */
gboolean
sluice_result_row_get_filled (SluiceResultRow *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_ROW (self), FALSE);

  return self->block != NULL;
}

/**
 * sluice_result_row_get_text:
 * @self: a row
 * @column: one of its columns
 *
 * Returns: (nullable): one line of the cell, see sluice_result_block_add_preview(); %NULL for null and while the row
 *   waits
 */
const char *
sluice_result_row_get_text (SluiceResultRow *self,
                            guint            column)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_ROW (self), NULL);

  if (self->block == NULL)
    return NULL;

  return sluice_result_block_get_text (self->block, self->position % BLOCK_ROWS, column);
}

/**
 * sluice_result_row_get_kind:
 * @self: a row
 * @column: one of its columns
 *
 * Returns: what the cell holds; %SLUICE_CELL_NULL while the row waits
 */
SluiceCellKind
sluice_result_row_get_kind (SluiceResultRow *self,
                            guint            column)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_ROW (self), SLUICE_CELL_NULL);

  if (self->block == NULL)
    return SLUICE_CELL_NULL;

  return sluice_result_block_get_kind (self->block, self->position % BLOCK_ROWS, column);
}

/**
 * sluice_result_list_new:
 * @store: a store, in whatever state
 *
 * Returns: (transfer full): a list of its rows
 */
SluiceResultList *
sluice_result_list_new (SluiceResultStore *store)
{
  SluiceResultList *self;

  g_return_val_if_fail (SLUICE_IS_RESULT_STORE (store), NULL);

  self = g_object_new (SLUICE_TYPE_RESULT_LIST, NULL);
  self->store = g_object_ref (store);
  g_signal_connect_swapped (store, "changed", G_CALLBACK (store_changed_cb), self);
  store_changed_cb (self);

  return self;
}

/**
 * sluice_result_list_get_store:
 * @self: a list
 *
 * Returns: (transfer none): its store
 */
SluiceResultStore *
sluice_result_list_get_store (SluiceResultList *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_LIST (self), NULL);

  return self->store;
}

/**
 * sluice_result_list_get_order:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): the order of its rows
 */
SluiceResultOrder *
sluice_result_list_get_order (SluiceResultList *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_LIST (self), NULL);

  return self->order;
}

/**
 * sluice_result_list_get_ready:
 * @self: a list
 *
 * Returns: whether the first rows have texts, or there will be none
 */
gboolean
sluice_result_list_get_ready (SluiceResultList *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_LIST (self), FALSE);

  return self->ready;
}

/**
 * sluice_result_list_get_error:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): why rows cannot be read or sorted
 */
const GError *
sluice_result_list_get_error (SluiceResultList *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_LIST (self), NULL);

  return self->error;
}

/**
 * sluice_result_list_sort:
 * @self: a list whose store knows its columns
 * @column: the column to sort by
 * @descending: whether the greatest comes first
 *
 * Sorts the rows. Until that is done they stand as they are. Rows that come
 * meanwhile or later stand at the end; when the last has come, all are sorted
 * once more.
 */
void
sluice_result_list_sort (SluiceResultList *self,
                         guint             column,
                         gboolean          descending)
{
  g_return_if_fail (SLUICE_IS_RESULT_LIST (self));

  if (self->sort_column == column && self->sort_descending == descending)
    return;

  self->sort_column = column;
  self->sort_descending = descending;
  start_sort (self);
}

/**
 * sluice_result_list_unsort:
 * @self: a list
 *
 * Puts the rows back into the order in which they came.
 */
void
sluice_result_list_unsort (SluiceResultList *self)
{
  gboolean sorting;

  g_return_if_fail (SLUICE_IS_RESULT_LIST (self));

  sorting = self->sort != NULL;
  stop_sort (self);
  self->sort_column = NO_COLUMN;
  if (self->order != NULL)
    set_order (self, NULL);
  if (sorting)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORTING]);
}

/**
 * sluice_result_list_get_sorting:
 * @self: a list
 *
 * Returns: whether it is being sorted
 */
gboolean
sluice_result_list_get_sorting (SluiceResultList *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_LIST (self), FALSE);

  return self->sort != NULL;
}

/**
 * sluice_result_list_get_progress:
 * @self: a list
 *
 * Returns: how far the sort is, from 0 to 1
 */
double
sluice_result_list_get_progress (SluiceResultList *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_LIST (self), 0);

  return self->sort != NULL ? sluice_result_sort_get_progress (self->sort) : 1;
}

/**
 * sluice_result_list_get_n_reads:
 * @self: a list
 *
 * Returns: how many blocks were asked for, for tests of what scrolling costs
 */
guint
sluice_result_list_get_n_reads (SluiceResultList *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_LIST (self), 0);

  return self->n_reads;
}
