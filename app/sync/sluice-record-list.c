/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-record-list.h"

/* A page lives as long as the list or one of its records. */
typedef struct
{
  SluiceQueryPage *page;
  guint start; /* the position of its first row in the list */
} Page;

struct _SluiceRecord
{
  GObject parent_instance;

  Page *page;
  guint row;
};

struct _SluiceRecordList
{
  GObject parent_instance;

  GPtrArray *pages; /* (element-type Page) */
  guint n_rows;
  guint last;       /* the page that was asked for last: views go from row to row */
};

G_DEFINE_FINAL_TYPE (SluiceRecord, sluice_record, G_TYPE_OBJECT)

static void
page_clear (Page *page)
{
  sluice_query_page_free (page->page);
}

static void
page_unref (gpointer page)
{
  g_rc_box_release_full (page, (GDestroyNotify) page_clear);
}

static void
sluice_record_finalize (GObject *object)
{
  SluiceRecord *self = SLUICE_RECORD (object);

  page_unref (self->page);

  G_OBJECT_CLASS (sluice_record_parent_class)->finalize (object);
}

static void
sluice_record_class_init (SluiceRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_record_finalize;
}

static void
sluice_record_init (SluiceRecord *self)
{
}

static gboolean
page_contains (const Page *page,
               guint       position)
{
  return position >= page->start && position - page->start < page->page->rows->len;
}

static Page *
find_page (SluiceRecordList *self,
           guint             position)
{
  guint low = 0;
  guint high = self->pages->len;

  if (page_contains (g_ptr_array_index (self->pages, self->last), position))
    return g_ptr_array_index (self->pages, self->last);

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      Page *page = g_ptr_array_index (self->pages, middle);

      if (page->start <= position)
        low = middle;
      else
        high = middle;
    }

  self->last = low;

  return g_ptr_array_index (self->pages, low);
}

static GType
sluice_record_list_get_item_type (GListModel *model)
{
  return SLUICE_TYPE_RECORD;
}

static guint
sluice_record_list_get_n_items (GListModel *model)
{
  return SLUICE_RECORD_LIST (model)->n_rows;
}

static gpointer
sluice_record_list_get_item (GListModel *model,
                             guint       position)
{
  SluiceRecordList *self = SLUICE_RECORD_LIST (model);
  SluiceRecord *record;
  Page *page;

  if (position >= self->n_rows)
    return NULL;

  page = find_page (self, position);
  record = g_object_new (SLUICE_TYPE_RECORD, NULL);
  record->page = g_rc_box_acquire (page);
  record->row = position - page->start;

  return record;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = sluice_record_list_get_item_type;
  iface->get_n_items = sluice_record_list_get_n_items;
  iface->get_item = sluice_record_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceRecordList, sluice_record_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
sluice_record_list_finalize (GObject *object)
{
  SluiceRecordList *self = SLUICE_RECORD_LIST (object);

  g_ptr_array_unref (self->pages);

  G_OBJECT_CLASS (sluice_record_list_parent_class)->finalize (object);
}

static void
sluice_record_list_class_init (SluiceRecordListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_record_list_finalize;
}

static void
sluice_record_list_init (SluiceRecordList *self)
{
  self->pages = g_ptr_array_new_with_free_func (page_unref);
}

/**
 * sluice_record_get_cell:
 * @self: a record
 * @column: a column
 *
 * Returns: (nullable): the text of the cell, %NULL for null or a column that the page does not have
 */
const char *
sluice_record_get_cell (SluiceRecord *self,
                        guint         column)
{
  const char **cells;

  g_return_val_if_fail (SLUICE_IS_RECORD (self), NULL);

  if (column >= self->page->page->n_columns)
    return NULL;

  cells = g_ptr_array_index (self->page->page->rows, self->row);

  return cells[column];
}

/**
 * sluice_record_list_new:
 *
 * Returns: (transfer full): an empty list
 */
SluiceRecordList *
sluice_record_list_new (void)
{
  return g_object_new (SLUICE_TYPE_RECORD_LIST, NULL);
}

/**
 * sluice_record_list_add_page:
 * @self: a list of records
 * @page: (transfer full): the next page
 *
 * Appends the rows of @page.
 */
void
sluice_record_list_add_page (SluiceRecordList *self,
                             SluiceQueryPage  *page)
{
  Page *box;
  guint start;

  g_return_if_fail (SLUICE_IS_RECORD_LIST (self));
  g_return_if_fail (page != NULL);

  start = self->n_rows;
  box = g_rc_box_new0 (Page);
  box->page = page;
  box->start = start;

  g_ptr_array_add (self->pages, box);
  self->n_rows += page->rows->len;

  if (page->rows->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), start, 0, page->rows->len);
}

/**
 * sluice_record_list_get_columns:
 * @self: a list of records
 * @n_columns: (out): how many
 *
 * Returns: (nullable) (array length=n_columns): the names of the columns, %NULL before the first page
 */
const char * const *
sluice_record_list_get_columns (SluiceRecordList *self,
                                guint            *n_columns)
{
  Page *first;

  g_return_val_if_fail (SLUICE_IS_RECORD_LIST (self), NULL);
  g_return_val_if_fail (n_columns != NULL, NULL);

  *n_columns = 0;
  if (self->pages->len == 0)
    return NULL;

  first = g_ptr_array_index (self->pages, 0);
  *n_columns = first->page->n_columns;

  return (const char * const *) first->page->columns;
}
