/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_TABLE_KIND (sluice_table_kind_get_type ())

/**
 * SluiceTableKind:
 * @SLUICE_TABLE_KIND_AUTOMATIC: not known yet
 * @SLUICE_TABLE_KIND_CSV: rows of values with something between them
 * @SLUICE_TABLE_KIND_JSON_LINES: one JSON object a line
 *
 * How a file keeps a table.
 */
typedef enum
{
  SLUICE_TABLE_KIND_AUTOMATIC,
  SLUICE_TABLE_KIND_CSV,
  SLUICE_TABLE_KIND_JSON_LINES,
} SluiceTableKind;

GType sluice_table_kind_get_type (void);

#define SLUICE_TYPE_ENCODING (sluice_encoding_get_type ())

/**
 * SluiceEncoding:
 * @SLUICE_ENCODING_AUTOMATIC: not known yet
 * @SLUICE_ENCODING_UTF_8: UTF-8, also plain ASCII
 * @SLUICE_ENCODING_UTF_16_LE: UTF-16, the low byte first
 * @SLUICE_ENCODING_UTF_16_BE: UTF-16, the high byte first
 * @SLUICE_ENCODING_WINDOWS_1252: what Windows programs in Western Europe and America write
 * @SLUICE_ENCODING_LATIN_1: ISO 8859-1
 *
 * How a file's bytes stand for characters.
 */
typedef enum
{
  SLUICE_ENCODING_AUTOMATIC,
  SLUICE_ENCODING_UTF_8,
  SLUICE_ENCODING_UTF_16_LE,
  SLUICE_ENCODING_UTF_16_BE,
  SLUICE_ENCODING_WINDOWS_1252,
  SLUICE_ENCODING_LATIN_1,
} SluiceEncoding;

GType sluice_encoding_get_type (void);

/**
 * SluiceLineEnd:
 * @SLUICE_LINE_END_NONE: there is only one line
 * @SLUICE_LINE_END_LF: as Linux and macOS write it
 * @SLUICE_LINE_END_CR_LF: as Windows and RFC 4180 write it
 * @SLUICE_LINE_END_CR: as very old programs write it
 *
 * How the first line ends. Reading takes all of them, also mixed.
 */
typedef enum
{
  SLUICE_LINE_END_NONE,
  SLUICE_LINE_END_LF,
  SLUICE_LINE_END_CR_LF,
  SLUICE_LINE_END_CR,
} SluiceLineEnd;

/**
 * SluiceSureness:
 * @SLUICE_SURENESS_GUESS: nothing speaks for it but that something must be taken
 * @SLUICE_SURENESS_LIKELY: it fits, other things might fit too
 * @SLUICE_SURENESS_CERTAIN: the file says so, or nothing else fits
 * @SLUICE_SURENESS_CHOSEN: the user says so
 *
 * How sure a detection is.
 */
typedef enum
{
  SLUICE_SURENESS_GUESS,
  SLUICE_SURENESS_LIKELY,
  SLUICE_SURENESS_CERTAIN,
  SLUICE_SURENESS_CHOSEN,
} SluiceSureness;

/**
 * SluiceTableFormat:
 * @kind: how the table is kept
 * @encoding: how characters are kept
 * @delimiter: what stands between values: `,`, `;`, a tab or `|`; zero = not known yet
 * @quote: what stands around values: `"` or `'`; zero = not known yet
 * @line_end: how the first line ends
 * @bom_length: how many bytes of the file are a byte order mark
 * @encoding_sureness: how sure @encoding is
 * @dialect_sureness: how sure @kind, @delimiter and @quote are
 *
 * How a file is written. One that is all zero wants everything detected; a
 * member that is set is taken as it is.
 */
typedef struct
{
  SluiceTableKind kind;
  SluiceEncoding encoding;
  char delimiter;
  char quote;
  SluiceLineEnd line_end;
  guint bom_length;
  SluiceSureness encoding_sureness;
  SluiceSureness dialect_sureness;
} SluiceTableFormat;

void        sluice_table_format_detect           (SluiceTableFormat       *self,
                                                  const char              *bytes,
                                                  gsize                    length,
                                                  gboolean                 whole);
char       *sluice_table_format_describe         (const SluiceTableFormat *self);
const char *sluice_encoding_get_charset          (SluiceEncoding           encoding);
const char *sluice_encoding_get_title            (SluiceEncoding           encoding);

G_END_DECLS
