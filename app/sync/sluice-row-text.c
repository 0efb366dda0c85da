/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-row-text.h"

#include <string.h>

#include "sluice-json-text.h"

/* When the caller should take what there is. */
#define ENOUGH (256 * 1024)

/* What a byte needs. */
enum
{
  QUOTES = 1 << 0, /* in CSV */
  ESCAPE = 1 << 1, /* in JSON */
  CHECK = 1 << 2,  /* is not ASCII */
};

struct _SluiceRowText
{
  SluiceRowTextOptions options;
  guint n_columns;
  char **keys;     /* (nullable): for JSON, what stands before each value */
  gsize *lengths;  /* (nullable): of @keys */
  GString *scratch;

  char *text;
  gsize length;
  gsize size;
};

G_DEFINE_ENUM_TYPE (SluiceRowFormat, sluice_row_format,
                    G_DEFINE_ENUM_VALUE (SLUICE_ROW_FORMAT_CSV, "csv"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ROW_FORMAT_JSON, "json"))

static guint8 needs[256];

static void
fill_needs (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;

  for (guint c = 0; c < 0x20; c++)
    needs[c] = ESCAPE;
  for (guint c = 0x80; c < 0x100; c++)
    needs[c] = CHECK;
  needs[','] |= QUOTES;
  needs['\r'] |= QUOTES;
  needs['\n'] |= QUOTES;
  needs['"'] |= QUOTES | ESCAPE;
  needs['\\'] |= ESCAPE;

  g_once_init_leave (&once, 1);
}

static guint8
look_through (const char *text,
              gsize       length)
{
  const guint8 *p = (const guint8 *) text;
  guint8 found = 0;

  for (gsize i = 0; i < length; i++)
    found |= needs[p[i]];

  return found;
}

/* Marks the highest bit of every byte that is one of those that need quotes in CSV. Bytes above a marked one may be
 * marked by mistake, which is no harm. */
static inline guint64
mark_special (guint64 bytes)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 marked = 0;

#define MARK_ZEROS(b) (((b) - ones) & ~(b))
  marked |= MARK_ZEROS (bytes ^ (ones * ','));
  marked |= MARK_ZEROS (bytes ^ (ones * '"'));
  marked |= MARK_ZEROS (bytes ^ (ones * '\n'));
  marked |= MARK_ZEROS (bytes ^ (ones * '\r'));
#undef MARK_ZEROS

  return marked & (ones << 7);
}

static inline guint64
copy_eight (char       *to,
            const char *text)
{
  guint64 bytes;

  memcpy (&bytes, text, sizeof bytes);
  memcpy (to, &bytes, sizeof bytes);

  return mark_special (bytes);
}

/* Copies a value, eight bytes at once, and tells whether one of them needs quotes in CSV. The last eight overlap those
 * before. */
static inline gboolean
copy_and_look (char       *to,
               const char *text,
               gsize       length)
{
  guint64 special = 0;
  guint8 found = 0;

  if (length >= 8)
    {
      for (gsize i = 0; i + 8 < length; i += 8)
        special |= copy_eight (to + i, text + i);

      return (special | copy_eight (to + length - 8, text + length - 8)) != 0;
    }

  for (gsize i = 0; i < length; i++)
    {
      to[i] = text[i];
      found |= needs[(guint8) text[i]];
    }

  return (found & QUOTES) != 0;
}

/**
 * sluice_row_text_new:
 * @options: how to write
 *
 * Returns: (transfer full): a writer that has not written anything yet
 */
SluiceRowText *
sluice_row_text_new (const SluiceRowTextOptions *options)
{
  SluiceRowText *self = g_new0 (SluiceRowText, 1);

  fill_needs ();
  self->options = *options;
  self->scratch = g_string_new (NULL);
  self->size = ENOUGH + ENOUGH / 4;
  self->text = g_malloc (self->size);

  return self;
}

static void
free_keys (SluiceRowText *self)
{
  for (guint i = 0; self->keys != NULL && i < self->n_columns; i++)
    g_free (self->keys[i]);
  g_clear_pointer (&self->keys, g_free);
  g_clear_pointer (&self->lengths, g_free);
}

/**
 * sluice_row_text_free:
 * @self: (transfer full): a writer
 *
 * Frees it, with the text that nobody took.
 */
void
sluice_row_text_free (SluiceRowText *self)
{
  free_keys (self);
  g_string_free (self->scratch, TRUE);
  g_free (self->text);
  g_free (self);
}

/* Where @length bytes fit. */
static char *
reserve (SluiceRowText *self,
         gsize          length)
{
  if (length > self->size - self->length)
    {
      self->size = MAX (self->size * 2, self->length + length);
      self->text = g_realloc (self->text, self->size);
    }

  return self->text + self->length;
}

static void
append (SluiceRowText *self,
        const char    *text,
        gsize          length)
{
  memcpy (reserve (self, length), text, length);
  self->length += length;
}

static gboolean
is_number (const char *text,
           gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]) && strchr ("+-.,eE", text[i]) == NULL)
        return FALSE;
    }

  return length > 1;
}

/* What spreadsheets compute, as OWASP lists it; a negative number is none. */
static gboolean
looks_like_formula (const SluiceCell *cell)
{
  return cell->length > 0 && memchr ("=+-@\t\r", cell->text[0], 6) != NULL &&
         cell->kind != SLUICE_CELL_NUMBER && !is_number (cell->text, cell->length);
}

static char *
put_quoted (char       *to,
            const char *text,
            gsize       length,
            gboolean    guard)
{
  const char *end = text + length;

  *to++ = '"';
  if (guard)
    *to++ = '\'';
  while (text < end)
    {
      const char *quote = memchr (text, '"', (gsize) (end - text));
      gsize n = quote != NULL ? (gsize) (quote - text) + 1 : (gsize) (end - text);

      memcpy (to, text, n);
      to += n;
      text += n;
      if (quote != NULL)
        *to++ = '"';
    }
  *to++ = '"';

  return to;
}

/* RFC 4180, section 2: only what needs quotes gets them. An empty text is quoted, so that null differs from it. */
static char *
put_csv_cell (SluiceRowText    *self,
              char             *to,
              const SluiceCell *cell)
{
  gboolean guard = self->options.formula_guard && looks_like_formula (cell);

  if (cell->kind == SLUICE_CELL_NULL)
    return to;
  if (cell->length > 0 && !guard && !copy_and_look (to, cell->text, cell->length))
    return to + cell->length;

  return put_quoted (to, cell->text, cell->length, guard);
}

static void
append_csv_row (SluiceRowText    *self,
                const SluiceCell *cells)
{
  gsize most = 2;
  char *to;

  /* Every byte may be a quote; around it come two more, an apostrophe and a comma. */
  for (guint i = 0; i < self->n_columns; i++)
    most += (gsize) cells[i].length * 2 + 4;

  /* Many programs skip an empty line, and with it a record that has no other value. */
  if (self->n_columns == 1 && cells[0].kind == SLUICE_CELL_NULL)
    {
      append (self, "\"\"\r\n", 4);
      return;
    }

  to = reserve (self, most);
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        *to++ = ',';
      to = put_csv_cell (self, to, &cells[i]);
    }
  *to++ = '\r';
  *to++ = '\n';
  self->length = (gsize) (to - self->text);
}

static void
append_json_string (SluiceRowText *self,
                    const char    *text,
                    gsize          length)
{
  guint8 found = look_through (text, length);
  g_autofree char *valid = NULL;

  /* A file that somebody uploaded may hold anything. */
  if ((found & CHECK) != 0 && !g_utf8_validate_len (text, length, NULL))
    {
      valid = g_utf8_make_valid (text, (gssize) length);
      text = valid;
      length = strlen (valid);
    }

  if ((found & ESCAPE) == 0)
    {
      append (self, "\"", 1);
      append (self, text, length);
      append (self, "\"", 1);
      return;
    }

  g_string_truncate (self->scratch, 0);
  sluice_json_append_string (self->scratch, text, length);
  append (self, self->scratch->str, self->scratch->len);
}

static void
append_json_cell (SluiceRowText    *self,
                  const SluiceCell *cell)
{
  switch (cell->kind)
    {
    case SLUICE_CELL_NULL:
      append (self, "null", 4);
      break;

    case SLUICE_CELL_TEXT:
      append_json_string (self, cell->text, cell->length);
      break;

    case SLUICE_CELL_NUMBER:
    case SLUICE_CELL_BOOLEAN:
    case SLUICE_CELL_JSON:
    default:
      append (self, cell->text, cell->length);
      break;
    }
}

static void
append_json_row (SluiceRowText    *self,
                 const SluiceCell *cells)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      append (self, self->keys[i], self->lengths[i]);
      append_json_cell (self, &cells[i]);
    }
  append (self, "}\n", 2);
}

static void
make_keys (SluiceRowText      *self,
           const char * const *columns)
{
  self->keys = g_new (char *, self->n_columns);
  self->lengths = g_new (gsize, self->n_columns);

  for (guint i = 0; i < self->n_columns; i++)
    {
      GString *key = g_string_new (i == 0 ? "{" : ",");

      sluice_json_append_string (key, columns[i], strlen (columns[i]));
      g_string_append_c (key, ':');
      self->lengths[i] = key->len;
      self->keys[i] = g_string_free_and_steal (key);
    }
}

static void
append_header (SluiceRowText      *self,
               const char * const *columns)
{
  g_autofree SluiceCell *cells = g_new (SluiceCell, self->n_columns);

  for (guint i = 0; i < self->n_columns; i++)
    cells[i] = (SluiceCell) { columns[i], (guint32) strlen (columns[i]), SLUICE_CELL_TEXT };

  if (self->options.byte_order_mark)
    append (self, "\xef\xbb\xbf", 3);
  append_csv_row (self, cells);
}

/**
 * sluice_row_text_begin:
 * @self: a writer
 * @columns: (array length=n_columns): their names
 * @n_columns: how many
 * @continues: whether there is text before this, so that nothing is to be said about the columns
 *
 * Begins with what stands before the first record.
 */
void
sluice_row_text_begin (SluiceRowText      *self,
                       const char * const *columns,
                       guint               n_columns,
                       gboolean            continues)
{
  g_return_if_fail (n_columns > 0);

  free_keys (self);
  self->length = 0;
  self->n_columns = n_columns;

  if (self->options.format == SLUICE_ROW_FORMAT_JSON)
    make_keys (self, columns);
  else if (!continues)
    append_header (self, columns);
}

/**
 * sluice_row_text_add:
 * @self: a writer that was begun
 * @batch: some records
 * @first: the first one that was not added yet
 *
 * Makes the text of as many records as are good to take at once: when some are
 * left, take what there is, and call it again.
 *
 * Returns: the first record that was not added
 */
guint
sluice_row_text_add (SluiceRowText        *self,
                     const SluiceRowBatch *batch,
                     guint                 first)
{
  g_return_val_if_fail (batch->n_columns == self->n_columns, batch->n_rows);

  for (; first < batch->n_rows && self->length < ENOUGH; first++)
    {
      const SluiceCell *cells = sluice_row_batch_get_row (batch, first);

      if (self->options.format == SLUICE_ROW_FORMAT_CSV)
        append_csv_row (self, cells);
      else
        append_json_row (self, cells);
    }

  return first;
}

/**
 * sluice_row_text_peek:
 * @self: a writer
 * @length: (out): how many bytes
 *
 * Returns: (transfer none): the text that nobody took yet
 */
const char *
sluice_row_text_peek (SluiceRowText *self,
                      gsize         *length)
{
  *length = self->length;

  return self->text;
}

/**
 * sluice_row_text_clear:
 * @self: a writer
 *
 * Says that all text was taken.
 */
void
sluice_row_text_clear (SluiceRowText *self)
{
  self->length = 0;
}
