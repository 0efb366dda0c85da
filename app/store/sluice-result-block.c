/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-result-block.h"

#include <string.h>

#include "sluice-json-cell.h"

/* A summary of more than this would take too long, and says no more than its beginning. */
#define MAX_SUMMARY_BYTES (1024 * 1024)

typedef struct
{
  gsize offset; /* of a terminated text */
  guint8 kind;
} Place;

struct _SluiceResultBlock
{
  gatomicrefcount references;
  guint n_columns;
  GArray *places; /* (element-type Place) */
  GString *text;
};

/**
 * sluice_result_block_new:
 * @n_columns: how many cells each row has, at least one
 *
 * Returns: (transfer full): no rows yet
 */
SluiceResultBlock *
sluice_result_block_new (guint n_columns)
{
  SluiceResultBlock *self;

  g_return_val_if_fail (n_columns > 0, NULL);

  self = g_new0 (SluiceResultBlock, 1);
  g_atomic_ref_count_init (&self->references);
  self->n_columns = n_columns;
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  self->text = g_string_new (NULL);

  return self;
}

static void
add_cell (SluiceResultBlock *self,
          SluiceCellKind     kind,
          const char        *text,
          gsize              length)
{
  Place place = { .offset = self->text->len, .kind = (guint8) kind };

  g_array_append_val (self->places, place);
  if (kind == SLUICE_CELL_NULL)
    return;

  g_string_append_len (self->text, text, (gssize) length);
  /* Also ends the text for whoever reads it. */
  g_string_append_c (self->text, '\0');
}

/**
 * sluice_result_block_add_row:
 * @self: a block that nobody else has
 * @cells: a row
 *
 * Appends a row as it is.
 */
void
sluice_result_block_add_row (SluiceResultBlock *self,
                             const SluiceCell  *cells)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->n_columns; i++)
    add_cell (self, cells[i].kind, cells[i].text, cells[i].length);
}

static gsize
cut_length (const char *text,
            gsize       length)
{
  const char *end;

  if (length <= SLUICE_RESULT_PREVIEW_BYTES)
    return length;

  end = g_utf8_find_prev_char (text, text + SLUICE_RESULT_PREVIEW_BYTES + 1);

  return (gsize) (end - text);
}

static void
add_line (SluiceResultBlock *self,
          SluiceCellKind     kind,
          const char        *text,
          gsize              length)
{
  gsize cut = cut_length (text, length);
  gsize start = self->text->len;

  add_cell (self, kind, text, cut);
  for (gsize i = start; i < start + cut; i++)
    {
      if ((guchar) self->text->str[i] < ' ')
        self->text->str[i] = ' ';
    }
  if (cut < length)
    {
      g_string_truncate (self->text, self->text->len - 1);
      g_string_append (self->text, "…");
      g_string_append_c (self->text, '\0');
    }
}

static void
add_summary (SluiceResultBlock *self,
             const SluiceCell  *cell)
{
  g_autofree char *summary = NULL;

  if (cell->length > MAX_SUMMARY_BYTES)
    {
      add_line (self, cell->kind, cell->text, cell->length);
      return;
    }

  summary = sluice_json_cell_dup_summary (cell->text, cell->length);
  add_line (self, cell->kind, summary, strlen (summary));
}

/**
 * sluice_result_block_add_preview:
 * @self: a block that nobody else has
 * @cells: a row
 *
 * Appends what a table shows of a row: one line of each cell, cut where no
 * column is wide enough; for a subquery, how many rows it has.
 */
void
sluice_result_block_add_preview (SluiceResultBlock *self,
                                 const SluiceCell  *cells)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (cells[i].kind == SLUICE_CELL_NULL)
        add_cell (self, SLUICE_CELL_NULL, NULL, 0);
      else if (cells[i].kind == SLUICE_CELL_JSON)
        add_summary (self, &cells[i]);
      else
        add_line (self, cells[i].kind, cells[i].text, cells[i].length);
    }
}

/**
 * sluice_result_block_ref:
 * @self: a block
 *
 * Returns: (transfer full): @self
 */
SluiceResultBlock *
sluice_result_block_ref (SluiceResultBlock *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);

  return self;
}

/**
 * sluice_result_block_unref:
 * @self: (transfer full): a block
 */
void
sluice_result_block_unref (SluiceResultBlock *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_array_unref (self->places);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * sluice_result_block_get_n_rows:
 * @self: a block
 *
 * Returns: how many rows it has
 */
guint
sluice_result_block_get_n_rows (const SluiceResultBlock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->places->len / self->n_columns;
}

/**
 * sluice_result_block_get_size:
 * @self: a block
 *
 * Returns: how much memory it takes, in bytes, about
 */
gsize
sluice_result_block_get_size (const SluiceResultBlock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->text->allocated_len + self->places->len * sizeof (Place);
}

static const Place *
get_place (const SluiceResultBlock *self,
           guint                    row,
           guint                    column)
{
  return &g_array_index (self->places, Place, (gsize) row * self->n_columns + column);
}

/**
 * sluice_result_block_get_text:
 * @self: a block
 * @row: one of its rows
 * @column: one of its columns
 *
 * Returns: (nullable): the text, which lives as long as the block; %NULL for null
 */
const char *
sluice_result_block_get_text (const SluiceResultBlock *self,
                              guint                    row,
                              guint                    column)
{
  const Place *place;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (row < sluice_result_block_get_n_rows (self) && column < self->n_columns, NULL);

  place = get_place (self, row, column);

  return place->kind == SLUICE_CELL_NULL ? NULL : self->text->str + place->offset;
}

/**
 * sluice_result_block_get_kind:
 * @self: a block
 * @row: one of its rows
 * @column: one of its columns
 *
 * Returns: what the cell holds
 */
SluiceCellKind
sluice_result_block_get_kind (const SluiceResultBlock *self,
                              guint                    row,
                              guint                    column)
{
  g_return_val_if_fail (self != NULL, SLUICE_CELL_NULL);
  g_return_val_if_fail (row < sluice_result_block_get_n_rows (self) && column < self->n_columns, SLUICE_CELL_NULL);

  return get_place (self, row, column)->kind;
}
