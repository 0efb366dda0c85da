/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrgCsvReader:
 * @text: what is left
 * @end: its end
 * @delimiter: what stands between values
 * @values: (element-type utf8): the values of the latest row
 *
 * Reads CSV that somebody sent.
 */
typedef struct
{
  const char *text;
  const char *end;
  char        delimiter;
  GPtrArray  *values;
} OrgCsvReader;

char     org_bulk_csv_delimiter    (const char   *name);
void     org_bulk_csv_append       (GString      *csv,
                                    const char   *text);
void     org_bulk_csv_append_row   (GString      *csv,
                                    GPtrArray    *values,
                                    char          delimiter,
                                    const char   *line_end);
void     org_csv_reader_init       (OrgCsvReader *self,
                                    GBytes       *bytes,
                                    char          delimiter);
void     org_csv_reader_clear      (OrgCsvReader *self);
gboolean org_csv_reader_next       (OrgCsvReader *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrgCsvReader, org_csv_reader_clear)

G_END_DECLS
