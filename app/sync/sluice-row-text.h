/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_ROW_FORMAT (sluice_row_format_get_type ())

/**
 * SluiceRowFormat:
 * @SLUICE_ROW_FORMAT_CSV: RFC 4180: a header, then a line a record, ended by CR LF
 * @SLUICE_ROW_FORMAT_JSON: one JSON object a line
 *
 * How records are written for other programs.
 */
typedef enum
{
  SLUICE_ROW_FORMAT_CSV,
  SLUICE_ROW_FORMAT_JSON,
} SluiceRowFormat;

GType sluice_row_format_get_type (void);

/**
 * SluiceRowTextOptions:
 * @format: how records are written
 * @byte_order_mark: whether CSV begins with one; spreadsheets of one maker need it to see UTF-8
 * @formula_guard: whether a CSV value that a spreadsheet would take for a formula gets an apostrophe before it
 *
 * What is up to the user.
 */
typedef struct
{
  SluiceRowFormat format;
  gboolean byte_order_mark;
  gboolean formula_guard;
} SluiceRowTextOptions;

/**
 * SluiceRowText:
 *
 * Makes the text of records, for files and pipes. What it made waits until the
 * caller has taken it. Not thread-safe.
 */
typedef struct _SluiceRowText SluiceRowText;

SluiceRowText *sluice_row_text_new    (const SluiceRowTextOptions  *options);
void           sluice_row_text_free   (SluiceRowText               *self);

void           sluice_row_text_begin  (SluiceRowText               *self,
                                       const char * const          *columns,
                                       guint                        n_columns,
                                       gboolean                     continues);
guint          sluice_row_text_add    (SluiceRowText               *self,
                                       const SluiceRowBatch        *batch,
                                       guint                        first);
const char    *sluice_row_text_peek   (SluiceRowText               *self,
                                       gsize                       *length);
void           sluice_row_text_clear  (SluiceRowText               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceRowText, sluice_row_text_free)

G_END_DECLS
