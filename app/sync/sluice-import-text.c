/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of an import share: how rows are written, and how they are known again. */

#include "config.h"

#include "sluice-import-text.h"

#include <string.h>

/* FNV-1a, 64 bits */
#define HASH_START G_GUINT64_CONSTANT (14695981039346656037)
#define HASH_PRIME G_GUINT64_CONSTANT (1099511628211)

/* Of a record id; with 18 characters it is the same id. */
#define ID_LENGTH 15

static gboolean
needs_quotes (const char *cell,
              gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (cell[i] == ',' || cell[i] == '"' || cell[i] == '\n' || cell[i] == '\r')
        return TRUE;
    }

  /* A service that trims values would trim these. */
  return length > 0 && (cell[0] == ' ' || cell[length - 1] == ' ');
}

/**
 * sluice_import_text_append_csv:
 * @text: a row that grows
 * @cell: (nullable) (array length=length): its next value, UTF-8
 * @length: how long
 * @first: whether it is the first of the row
 *
 * Appends a value as RFC 4180 says, after a comma when it is not the first.
 * The caller ends the row with LF, as the Bulk jobs say.
 */
void
sluice_import_text_append_csv (GString    *text,
                               const char *cell,
                               gsize       length,
                               gboolean    first)
{
  if (!first)
    g_string_append_c (text, ',');

  if (!needs_quotes (cell, length))
    {
      g_string_append_len (text, cell != NULL ? cell : "", (gssize) length);
      return;
    }

  g_string_append_c (text, '"');
  for (const char *end = cell + length; cell < end;)
    {
      const char *quote = memchr (cell, '"', (gsize) (end - cell));
      gsize n = quote != NULL ? (gsize) (quote - cell) + 1 : (gsize) (end - cell);

      g_string_append_len (text, cell, (gssize) n);
      if (quote != NULL)
        g_string_append_c (text, '"');
      cell += n;
    }
  g_string_append_c (text, '"');
}

/**
 * sluice_import_text_hash_start:
 *
 * Returns: what the number of a row begins with
 */
guint64
sluice_import_text_hash_start (void)
{
  return HASH_START;
}

static guint64
add_byte (guint64 hash,
          guint8  byte)
{
  return (hash ^ byte) * HASH_PRIME;
}

/**
 * sluice_import_text_hash_add:
 * @hash: the number so far
 * @cell: (nullable) (array length=length): the next value
 * @length: how long
 *
 * Adds a value to the number by which a row is known again among the results.
 * Blanks around a value and the kind of its line ends do not count, because a
 * service may write them otherwise than it got them.
 *
 * Returns: the number
 */
guint64
sluice_import_text_hash_add (guint64     hash,
                             const char *cell,
                             gsize       length)
{
  gsize start = 0;

  while (start < length && g_ascii_isspace (cell[start]))
    start++;
  while (length > start && g_ascii_isspace (cell[length - 1]))
    length--;

  for (gsize i = start; i < length; i++)
    {
      if (cell[i] != '\r')
        hash = add_byte (hash, (guint8) cell[i]);
      else if (i + 1 == length || cell[i + 1] != '\n')
        hash = add_byte (hash, '\n');
    }

  /* No byte of UTF-8: tells where values end. */
  return add_byte (hash, 0xff);
}

/**
 * sluice_import_text_hash_key:
 * @cell: (nullable) (array length=length): a record id or an external id
 * @length: how long
 * @is_id: whether it is a record id
 *
 * Returns: the number of a key, 0 when there is none
 */
guint64
sluice_import_text_hash_key (const char *cell,
                             gsize       length,
                             gboolean    is_id)
{
  guint64 hash;

  if (length == 0)
    return 0;

  hash = sluice_import_text_hash_add (HASH_START, cell, is_id ? MIN (length, ID_LENGTH) : length);

  return MAX (hash, 1);
}

/**
 * sluice_import_text_dup_free_path:
 * @base: what the path begins with
 * @what: what it ends with, such as "undo-update"
 *
 * Returns: (transfer full): the path of a CSV file that is not there yet, such as "FILE.undo-update-2.csv"
 */
char *
sluice_import_text_dup_free_path (const char *base,
                                  const char *what)
{
  char *path = g_strdup_printf ("%s.%s.csv", base, what);

  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (path);
      path = g_strdup_printf ("%s.%s-%u.csv", base, what, i);
    }

  return path;
}
