/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-result-row-format.h"

static void
append_number (GByteArray *out,
               guint64     number)
{
  guint8 bytes[10];
  guint n = 0;

  while (number >= 0x80)
    {
      bytes[n++] = (guint8) (number | 0x80);
      number >>= 7;
    }
  bytes[n++] = (guint8) number;

  g_byte_array_append (out, bytes, n);
}

/**
 * sluice_result_row_append:
 * @out: what it is appended to
 * @cells: (array length=n_columns): valid UTF-8 without NUL
 * @n_columns: how many
 */
void
sluice_result_row_append (GByteArray       *out,
                          const SluiceCell *cells,
                          guint             n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    append_number (out, cells[i].kind == SLUICE_CELL_NULL ? 0 : (guint64) cells[i].length << 3 | cells[i].kind);

  for (guint i = 0; i < n_columns; i++)
    {
      if (cells[i].kind != SLUICE_CELL_NULL)
        g_byte_array_append (out, (const guint8 *) cells[i].text, cells[i].length);
    }
}

/**
 * sluice_result_row_parse:
 * @data: (array length=size): a row, or the beginning of one
 * @size: how much of it there is
 * @cells: (array length=n_columns) (out caller-allocates): its cells; their texts point behind the lengths, also where
 *   that is beyond @size
 * @n_columns: how many
 * @header: (out): how much the lengths take
 *
 * Returns: how much the whole row takes, which may be more than @size; 0 when not even the lengths are there
 */
gsize
sluice_result_row_parse (const guint8 *data,
                         gsize         size,
                         SluiceCell   *cells,
                         guint         n_columns,
                         gsize        *header)
{
  const guint8 *p = data;
  const guint8 *end = data + size;
  const char *text;

  for (guint i = 0; i < n_columns; i++)
    {
      guint64 number = 0;
      guint shift = 0;

      do
        {
          if (p == end || shift > 35)
            return 0;
          number |= (guint64) (*p & 0x7f) << shift;
          shift += 7;
        }
      while (*p++ & 0x80);

      cells[i].kind = number & 7;
      cells[i].length = (guint32) (number >> 3);
    }

  *header = (gsize) (p - data);
  text = (const char *) p;
  for (guint i = 0; i < n_columns; i++)
    {
      cells[i].text = cells[i].kind == SLUICE_CELL_NULL ? NULL : text;
      text += cells[i].length;
    }

  return (gsize) (text - (const char *) data);
}
