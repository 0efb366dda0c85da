/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-csv-reader.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

/* What is read at once; a longer row makes the buffer grow. */
#define ROOM (256 * 1024)

typedef enum
{
  PLACE_ROW_START,
  PLACE_FIELD_START,
  PLACE_PLAIN,  /* in a value without quotes */
  PLACE_QUOTED, /* in a value with quotes */
  PLACE_QUOTE,  /* behind a quote that ends the value, or is the first of two */
} Place;

/* While a row is incomplete the buffer may move, so that fields are kept as offsets from the row's start. */
typedef struct
{
  gsize start;
  gsize end;
  gboolean quoted;
  gboolean doubled; /* has quotes that stand for one */
} Span;

struct _SluiceCsvReader
{
  char delimiter;
  char quote;
  gsize max_row;

  char *buffer;
  gsize size;
  gsize row_start;
  gsize position;
  gsize filled;

  GArray *spans;  /* (element-type Span) */
  GArray *fields; /* (element-type SluiceCsvField) */
  Span span;
  Place place;
  guint64 row;
  gboolean ended;
};

/**
 * sluice_csv_reader_new:
 * @dialect: (nullable): how the text is written, %NULL = RFC 4180
 * @max_row: the longest row in bytes; a longer one is an error
 *
 * Returns: (transfer full): a reader
 */
SluiceCsvReader *
sluice_csv_reader_new (const SluiceCsvDialect *dialect,
                       gsize                   max_row)
{
  SluiceCsvReader *self = g_new0 (SluiceCsvReader, 1);

  self->delimiter = dialect != NULL ? dialect->delimiter : ',';
  self->quote = dialect != NULL ? dialect->quote : '"';
  self->max_row = max_row;
  self->size = ROOM;
  self->buffer = g_malloc (self->size);
  self->spans = g_array_new (FALSE, FALSE, sizeof (Span));
  self->fields = g_array_new (FALSE, FALSE, sizeof (SluiceCsvField));

  return self;
}

/**
 * sluice_csv_reader_free:
 * @self: (transfer full): the reader
 *
 * Frees the reader and the fields of its last row.
 */
void
sluice_csv_reader_free (SluiceCsvReader *self)
{
  g_free (self->buffer);
  g_array_unref (self->spans);
  g_array_unref (self->fields);
  g_free (self);
}

/**
 * sluice_csv_reader_get_room:
 * @self: the reader
 * @length: (out): how many bytes fit
 *
 * Says where the next bytes go. Tell how many there were with
 * sluice_csv_reader_filled(). Ask only when sluice_csv_reader_next() wants
 * more: the fields of the last row are gone afterwards.
 *
 * Returns: (transfer none): at least one byte of room
 */
char *
sluice_csv_reader_get_room (SluiceCsvReader *self,
                            gsize           *length)
{
  if (self->row_start > 0)
    {
      memmove (self->buffer, self->buffer + self->row_start, self->filled - self->row_start);
      self->filled -= self->row_start;
      self->position -= self->row_start;
      self->row_start = 0;
    }

  if (self->filled > self->size / 2)
    {
      self->size *= 2;
      self->buffer = g_realloc (self->buffer, self->size);
    }

  *length = self->size - self->filled;

  return self->buffer + self->filled;
}

/**
 * sluice_csv_reader_filled:
 * @self: the reader
 * @length: how many bytes were put into the room
 *
 * Takes the bytes.
 */
void
sluice_csv_reader_filled (SluiceCsvReader *self,
                          gsize            length)
{
  g_return_if_fail (!self->ended);
  g_return_if_fail (length <= self->size - self->filled);

  self->filled += length;
}

/**
 * sluice_csv_reader_end:
 * @self: the reader
 *
 * Says that no more bytes come: a last row needs no line end.
 */
void
sluice_csv_reader_end (SluiceCsvReader *self)
{
  self->ended = TRUE;
}

/**
 * sluice_csv_reader_get_row:
 * @self: the reader
 *
 * Returns: the number of the last row, from 1 on; blank lines do not count
 */
guint64
sluice_csv_reader_get_row (SluiceCsvReader *self)
{
  return self->row;
}

static void
begin_field (SluiceCsvReader *self,
             gboolean         quoted)
{
  if (quoted)
    self->position++;

  self->span = (Span) { .start = self->position - self->row_start, .quoted = quoted };
  self->place = quoted ? PLACE_QUOTED : PLACE_PLAIN;
}

static void
end_field (SluiceCsvReader *self,
           gsize            end)
{
  self->span.end = end - self->row_start;
  g_array_append_val (self->spans, self->span);
  self->place = PLACE_FIELD_START;
}

/* Two quotes stand for one. The text shrinks where it is. */
static gsize
undouble (SluiceCsvReader *self,
          char            *text,
          gsize            length)
{
  char *to = text;
  const char *from = text;
  const char *end = text + length;

  while (from < end)
    {
      const char *quote = memchr (from, self->quote, (gsize) (end - from));
      gsize n = quote != NULL ? (gsize) (quote - from) + 1 : (gsize) (end - from);

      memmove (to, from, n);
      to += n;
      from += quote != NULL ? n + 1 : n;
    }

  return (gsize) (to - text);
}

static gboolean
end_row (SluiceCsvReader       *self,
         const SluiceCsvField **fields,
         guint                 *n_fields)
{
  g_array_set_size (self->fields, self->spans->len);

  for (guint i = 0; i < self->spans->len; i++)
    {
      const Span *span = &g_array_index (self->spans, Span, i);
      SluiceCsvField *field = &g_array_index (self->fields, SluiceCsvField, i);
      char *text = self->buffer + self->row_start + span->start;

      field->text = text;
      field->length = span->doubled ? undouble (self, text, span->end - span->start) : span->end - span->start;
      field->quoted = span->quoted;
    }

  *fields = (const SluiceCsvField *) (gpointer) self->fields->data;
  *n_fields = self->fields->len;

  g_array_set_size (self->spans, 0);
  self->row_start = self->position;
  self->place = PLACE_ROW_START;
  self->row++;

  return TRUE;
}

/* Whether the row ended with the character at the position, which is behind a value. */
static gboolean
end_value (SluiceCsvReader *self,
           gsize            end)
{
  char c = self->buffer[self->position];

  end_field (self, end);
  self->position++;

  return c != self->delimiter;
}

static gsize
find_end_of_plain (SluiceCsvReader *self,
                   gsize            position)
{
  const char *p = self->buffer + position;
  const char *end = self->buffer + self->filled;

  while (p < end && *p != self->delimiter && *p != '\n' && *p != '\r')
    p++;

  return (gsize) (p - self->buffer);
}

/* As text, because the format of 64 bits differs between machines and a translation cannot. */
static char *
dup_row_number (SluiceCsvReader *self)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, self->row + 1);
}

static gboolean
fail_malformed (SluiceCsvReader  *self,
                GError          **error)
{
  g_autofree char *number = dup_row_number (self);

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: the number of a row in a CSV file */
               _("Row %s is no valid CSV: after a closing quote comes neither a separator nor a new line."), number);

  return FALSE;
}

static gboolean
fail_too_long (SluiceCsvReader  *self,
               GError          **error)
{
  g_autofree char *number = dup_row_number (self);
  g_autofree char *size = g_format_size (self->max_row);

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: the number of a row in a CSV file, and a size such as 16 MB */
               _("Row %s is longer than %s. A quote that never closes looks like this."), number, size);

  return FALSE;
}

static gboolean
fail_unclosed (SluiceCsvReader  *self,
               GError          **error)
{
  g_autofree char *number = dup_row_number (self);

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: the number of a row in a CSV file */
               _("The text ends in the middle of row %s: a quote is not closed."), number);

  return FALSE;
}

static gboolean
finish (SluiceCsvReader       *self,
        const SluiceCsvField **fields,
        guint                 *n_fields,
        GError               **error)
{
  if (self->place == PLACE_QUOTED)
    return fail_unclosed (self, error);

  if (self->place == PLACE_ROW_START)
    {
      *fields = NULL;
      *n_fields = 0;
      return TRUE;
    }

  if (self->place == PLACE_FIELD_START)
    begin_field (self, FALSE);
  end_field (self, self->place == PLACE_QUOTE ? self->position - 1 : self->position);

  return end_row (self, fields, n_fields);
}

/* Where the next quote is; values are short, so eight bytes at once beat a call for each. */
static inline const char *
find_quote (const char *at,
            const char *end,
            guint64     quotes) /* eight of them */
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);

  for (; end - at >= 8; at += 8)
    {
      guint64 bytes;

      memcpy (&bytes, at, sizeof bytes);
      bytes = GUINT64_FROM_LE (bytes) ^ quotes;
      /* The lowest byte that is zero now is marked; those above may be so by mistake. */
      bytes = (bytes - ones) & ~bytes & (ones << 7);
      if (bytes != 0)
        return at + __builtin_ctzll (bytes) / 8;
    }

  return memchr (at, (char) (quotes & 0xff), (gsize) (end - at));
}

static void
make_fields_room (SluiceCsvReader *self,
                  guint            n_fields)
{
  if (n_fields >= self->fields->len)
    g_array_set_size (self->fields, MAX (16, 2 * n_fields));
}

/* Most rows, and all of a machine's, are whole in the buffer and have every value in quotes, with none inside. They are
 * split here without remembering anything; for all others nothing has happened. */
static gboolean
split_simple_row (SluiceCsvReader       *self,
                  const SluiceCsvField **fields,
                  guint                 *n_fields)
{
  const char *at = self->buffer + self->position;
  const char *end = self->buffer + self->filled;
  const guint64 quotes = (guint8) self->quote * G_GUINT64_CONSTANT (0x0101010101010101);
  guint n = 0;

  while (at < end && *at == self->quote)
    {
      const char *quote = find_quote (at + 1, end, quotes);
      SluiceCsvField *field;

      /* What stands behind the value decides what it is. */
      if (quote == NULL || quote + 1 >= end || (gsize) (quote - at) > self->max_row)
        return FALSE;

      make_fields_room (self, n);
      field = &g_array_index (self->fields, SluiceCsvField, n++);
      field->text = at + 1;
      field->length = (gsize) (quote - at) - 1;
      field->quoted = TRUE;

      at = quote + 2;
      if (quote[1] == self->delimiter)
        continue;
      if (quote[1] != '\n' && quote[1] != '\r')
        return FALSE;
      if ((gsize) (at - self->buffer) - self->row_start > self->max_row)
        return FALSE;

      self->position = (gsize) (at - self->buffer);
      self->row_start = self->position;
      self->row++;
      *fields = (const SluiceCsvField *) (gpointer) self->fields->data;
      *n_fields = n;
      return TRUE;
    }

  return FALSE;
}

/**
 * sluice_csv_reader_next:
 * @self: the reader
 * @fields: (out) (transfer none) (array length=n_fields): the values of the next row, valid until the next call;
 *   their texts stay until there is new room; %NULL when more bytes are wanted, or after the end when there are no more rows
 * @n_fields: (out): how many
 * @error: (nullable): why the text is no CSV
 *
 * Splits off the next row. A row ends with LF, CR or CR LF; blank lines are
 * passed over. Quotes inside a value that does not begin with one are text.
 *
 * Returns: whether the text is CSV so far
 */
gboolean
sluice_csv_reader_next (SluiceCsvReader       *self,
                        const SluiceCsvField **fields,
                        guint                 *n_fields,
                        GError               **error)
{
  *fields = NULL;
  *n_fields = 0;

  while (self->position < self->filled)
    {
      const char *at = self->buffer + self->position;

      if (self->position - self->row_start > self->max_row)
        return fail_too_long (self, error);

      switch (self->place)
        {
        case PLACE_ROW_START:
          if (*at == '\n' || *at == '\r')
            {
              /* A blank line, or the second half of CR LF. */
              self->position++;
              self->row_start = self->position;
              break;
            }
          if (split_simple_row (self, fields, n_fields))
            return TRUE;
          G_GNUC_FALLTHROUGH;

        case PLACE_FIELD_START:
          begin_field (self, *at == self->quote);
          break;

        case PLACE_PLAIN:
          self->position = find_end_of_plain (self, self->position);
          if (self->position < self->filled && end_value (self, self->position))
            return end_row (self, fields, n_fields);
          break;

        case PLACE_QUOTED:
          at = memchr (at, self->quote, self->filled - self->position);
          if (at == NULL)
            {
              self->position = self->filled;
              break;
            }
          self->position = (gsize) (at - self->buffer) + 1;
          self->place = PLACE_QUOTE;
          break;

        case PLACE_QUOTE:
        default:
          if (*at == self->quote)
            {
              self->span.doubled = TRUE;
              self->position++;
              self->place = PLACE_QUOTED;
            }
          else if (*at != self->delimiter && *at != '\n' && *at != '\r')
            return fail_malformed (self, error);
          else if (end_value (self, self->position - 1))
            return end_row (self, fields, n_fields);
          break;
        }
    }

  if (self->position - self->row_start > self->max_row)
    return fail_too_long (self, error);

  return self->ended ? finish (self, fields, n_fields, error) : TRUE;
}
