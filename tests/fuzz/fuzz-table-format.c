/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-driver.h"

#include <string.h>

#include "sluice-table-format.h"

/* Whatever the bytes are, they are found to be something that can be read, and a choice stays as it is. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         size)
{
  SluiceTableFormat whole = { 0 };
  SluiceTableFormat part = { 0 };
  SluiceTableFormat chosen = { .encoding = SLUICE_ENCODING_LATIN_1, .delimiter = ':', .quote = '\'' };
  g_autofree char *text = NULL;

  sluice_table_format_detect (&whole, (const char *) bytes, size, TRUE);
  sluice_table_format_detect (&part, (const char *) bytes, size, FALSE);
  sluice_table_format_detect (&chosen, (const char *) bytes, size, TRUE);

  g_assert_cmpint (whole.encoding, !=, SLUICE_ENCODING_AUTOMATIC);
  g_assert_cmpint (whole.kind, !=, SLUICE_TABLE_KIND_AUTOMATIC);
  g_assert_cmpuint (whole.bom_length, <=, size);
  g_assert_true (whole.kind == SLUICE_TABLE_KIND_JSON_LINES ||
                 (whole.delimiter != '\0' && strchr (",;\t|", whole.delimiter) != NULL));
  g_assert_true (whole.kind == SLUICE_TABLE_KIND_JSON_LINES || whole.quote == '"' || whole.quote == '\'');
  text = sluice_table_format_describe (&whole);
  g_assert_nonnull (text);

  /* More of the file may show that it is UTF-8 no longer, never that it is another UTF-16. */
  g_assert_true (part.encoding == whole.encoding || part.encoding == SLUICE_ENCODING_UTF_8);

  g_assert_true (chosen.kind == SLUICE_TABLE_KIND_JSON_LINES || chosen.encoding == SLUICE_ENCODING_LATIN_1);
  g_assert_true (chosen.kind == SLUICE_TABLE_KIND_JSON_LINES || (chosen.delimiter == ':' && chosen.quote == '\''));

  return 0;
}
