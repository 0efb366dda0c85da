/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceCsvField:
 * @text: the bytes of the value, without quotes; not ended by a zero
 * @length: how many
 * @quoted: whether it was in quotes: tells `""` from nothing at all
 *
 * One value of a row.
 */
typedef struct
{
  const char *text;
  gsize length;
  gboolean quoted;
} SluiceCsvField;

/**
 * SluiceCsvDialect:
 * @delimiter: what stands between values
 * @quote: what stands around values
 *
 * How a CSV file is written. RFC 4180 says comma and double quote.
 */
typedef struct
{
  char delimiter;
  char quote;
} SluiceCsvDialect;

/**
 * SluiceCsvReader:
 *
 * Splits CSV into rows, from pieces of any size. Memory is bounded by the
 * longest row. Not thread-safe.
 */
typedef struct _SluiceCsvReader SluiceCsvReader;

SluiceCsvReader *sluice_csv_reader_new      (const SluiceCsvDialect  *dialect,
                                             gsize                    max_row);
void             sluice_csv_reader_free     (SluiceCsvReader         *self);

char            *sluice_csv_reader_get_room (SluiceCsvReader         *self,
                                             gsize                   *length);
void             sluice_csv_reader_filled   (SluiceCsvReader         *self,
                                             gsize                    length);
void             sluice_csv_reader_end      (SluiceCsvReader         *self);
gboolean         sluice_csv_reader_next     (SluiceCsvReader         *self,
                                             const SluiceCsvField   **fields,
                                             guint                   *n_fields,
                                             GError                 **error);
guint64          sluice_csv_reader_get_row  (SluiceCsvReader         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceCsvReader, sluice_csv_reader_free)

G_END_DECLS
