/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-table-format.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-csv-reader.h"

/* Rows that are looked at; more say nothing new. */
#define MAX_ROWS 1000

G_DEFINE_ENUM_TYPE (SluiceTableKind, sluice_table_kind,
                    G_DEFINE_ENUM_VALUE (SLUICE_TABLE_KIND_AUTOMATIC, "automatic"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TABLE_KIND_CSV, "csv"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TABLE_KIND_JSON_LINES, "jsonl"))

G_DEFINE_ENUM_TYPE (SluiceEncoding, sluice_encoding,
                    G_DEFINE_ENUM_VALUE (SLUICE_ENCODING_AUTOMATIC, "automatic"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENCODING_UTF_8, "utf-8"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENCODING_UTF_16_LE, "utf-16le"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENCODING_UTF_16_BE, "utf-16be"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENCODING_WINDOWS_1252, "windows-1252"),
                    G_DEFINE_ENUM_VALUE (SLUICE_ENCODING_LATIN_1, "latin-1"))

static const char delimiters[] = { ',', ';', '\t', '|' };
static const char quotes[] = { '"', '\'' };

static const struct
{
  SluiceEncoding encoding;
  const char *bytes;
  guint length;
} marks[] = {
  { SLUICE_ENCODING_UTF_8, "\xef\xbb\xbf", 3 },
  { SLUICE_ENCODING_UTF_16_LE, "\xff\xfe", 2 },
  { SLUICE_ENCODING_UTF_16_BE, "\xfe\xff", 2 },
};

/* How the text looks when it is split in one way. */
typedef struct
{
  gboolean valid;
  guint n_columns;  /* of the first row */
  guint n_rows;
  guint n_even;     /* rows with as many values as the first */
  guint n_quoted;   /* values in quotes */
} Split;

static gboolean
is_utf_16 (SluiceEncoding encoding)
{
  return encoding == SLUICE_ENCODING_UTF_16_LE || encoding == SLUICE_ENCODING_UTF_16_BE;
}

/* Other encodings have no zero bytes. In UTF-16 the line ends and separators
 * have one, always on the same side. */
static SluiceEncoding
find_utf_16 (const char *bytes,
             gsize       length)
{
  gsize n_zeros[2] = { 0, 0 };

  for (gsize i = 0; i < length; i++)
    n_zeros[i % 2] += bytes[i] == '\0';

  if (n_zeros[1] > length / 20 && n_zeros[0] <= n_zeros[1] / 50)
    return SLUICE_ENCODING_UTF_16_LE;
  if (n_zeros[0] > length / 20 && n_zeros[1] <= n_zeros[0] / 50)
    return SLUICE_ENCODING_UTF_16_BE;

  return SLUICE_ENCODING_AUTOMATIC;
}

static gboolean
is_utf_8 (const char *bytes,
          gsize       length,
          gboolean    whole)
{
  const char *end;

  if (g_utf8_validate_len (bytes, length, &end))
    return TRUE;

  /* Zeros are for the reader to complain about: it knows the row. */
  while (end < bytes + length && *end == '\0')
    {
      if (g_utf8_validate_len (end + 1, length - (gsize) (end + 1 - bytes), &end))
        return TRUE;
    }

  /* A character cut in two by the end of what was read. */
  return !whole && g_utf8_get_char_validated (end, (gssize) (length - (gsize) (end - bytes))) == (gunichar) -2;
}

static gboolean
is_ascii (const char *bytes,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if ((guchar) bytes[i] >= 0x80)
        return FALSE;
    }

  return TRUE;
}

/* Five bytes mean nothing in Windows-1252. */
static gboolean
is_windows_1252 (const char *bytes,
                 gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (bytes[i] != '\0' && strchr ("\x81\x8d\x8f\x90\x9d", bytes[i]) != NULL)
        return FALSE;
    }

  return TRUE;
}

static void
detect_encoding (SluiceTableFormat *self,
                 const char        *bytes,
                 gsize              length,
                 gboolean           whole)
{
  SluiceEncoding marked = SLUICE_ENCODING_AUTOMATIC;

  self->bom_length = 0;
  for (guint i = 0; i < G_N_ELEMENTS (marks) && marked == SLUICE_ENCODING_AUTOMATIC; i++)
    {
      if (length >= marks[i].length && memcmp (bytes, marks[i].bytes, marks[i].length) == 0)
        {
          marked = marks[i].encoding;
          self->bom_length = marks[i].length;
        }
    }

  if (self->encoding != SLUICE_ENCODING_AUTOMATIC)
    {
      self->encoding_sureness = SLUICE_SURENESS_CHOSEN;
      if (self->encoding != marked)
        self->bom_length = 0;
      return;
    }

  self->encoding_sureness = SLUICE_SURENESS_CERTAIN;
  self->encoding = marked;
  if (self->encoding != SLUICE_ENCODING_AUTOMATIC)
    return;

  self->encoding_sureness = SLUICE_SURENESS_LIKELY;
  self->encoding = find_utf_16 (bytes, length);
  if (self->encoding != SLUICE_ENCODING_AUTOMATIC)
    return;

  if (is_utf_8 (bytes, length, whole))
    {
      self->encoding = SLUICE_ENCODING_UTF_8;
      /* Text that only looks like UTF-8 hardly exists; plain ASCII may become anything later on. */
      if (whole || !is_ascii (bytes, length))
        self->encoding_sureness = SLUICE_SURENESS_CERTAIN;
      return;
    }

  self->encoding = is_windows_1252 (bytes, length) ? SLUICE_ENCODING_WINDOWS_1252 : SLUICE_ENCODING_LATIN_1;
}

/* Only for looking at separators: what is no character becomes a question mark. */
static char *
decode_utf_16 (const char     *bytes,
               gsize           length,
               SluiceEncoding  encoding,
               gsize          *text_length)
{
  guint low = encoding == SLUICE_ENCODING_UTF_16_LE ? 0 : 1;
  char *text = g_malloc (length / 2 + 1);
  gsize n = 0;

  for (gsize i = 0; i + 1 < length; i += 2)
    text[n++] = bytes[i + 1 - low] == '\0' && (guchar) bytes[i + low] < 0x80 ? bytes[i + low] : '?';
  text[n] = '\0';
  *text_length = n;

  return text;
}

static Split
split (const char *text,
       gsize       length,
       gboolean    whole,
       char        delimiter,
       char        quote)
{
  SluiceCsvDialect dialect = { .delimiter = delimiter, .quote = quote };
  g_autoptr(SluiceCsvReader) reader = sluice_csv_reader_new (&dialect, length + 1);
  const SluiceCsvField *fields;
  guint n_fields;
  Split result = { .valid = TRUE };

  while (result.n_rows < MAX_ROWS)
    {
      if (!sluice_csv_reader_next (reader, &fields, &n_fields, NULL))
        {
          result.valid = FALSE;
          return result;
        }

      if (fields != NULL)
        {
          if (result.n_rows++ == 0)
            result.n_columns = n_fields;
          result.n_even += n_fields == result.n_columns;
          for (guint i = 0; i < n_fields; i++)
            result.n_quoted += fields[i].quoted;
        }
      else if (length > 0)
        {
          gsize room;
          char *to = sluice_csv_reader_get_room (reader, &room);
          gsize n = MIN (room, length);

          memcpy (to, text, n);
          sluice_csv_reader_filled (reader, n);
          text += n;
          length -= n;
          if (length == 0 && whole)
            sluice_csv_reader_end (reader);
        }
      else
        break;
    }

  return result;
}

static gboolean
is_perfect (const Split *split)
{
  return split->valid && split->n_columns > 1 && split->n_even == split->n_rows;
}

/* Even rows say most, then the number of columns, then quotes that are used. */
static double
rate (const Split *split,
      char         delimiter,
      char         quote)
{
  double even = split->n_rows > 0 ? (double) split->n_even / split->n_rows : 0;
  double rating;

  /* Hardly anybody uses single quotes: they must stand around something. */
  if (quote == '\'' && (!split->valid || split->n_quoted == 0))
    return -2;

  /* With one column everything is even. */
  if (split->n_columns < 2)
    rating = 0.4 * even;
  else
    rating = even + 0.3 * (1 - 1.0 / split->n_columns) + (split->n_quoted > 0 ? 0.05 : 0);

  return rating + (delimiter == ',' ? 0.02 : 0) + (quote == '"' ? 0.01 : 0) - (split->valid ? 0 : 0.5);
}

static gboolean
is_excel_hint (const char *text,
               gsize       length)
{
  return length > 5 && g_ascii_strncasecmp (text, "sep=", 4) == 0 && (text[5] == '\n' || text[5] == '\r') &&
         memchr (delimiters, text[4], sizeof delimiters) != NULL;
}

static void
detect_dialect (SluiceTableFormat *self,
                const char        *text,
                gsize              length,
                gboolean           whole)
{
  double best_rate = -3;
  guint n_perfect = 0;
  Split best = { 0 };
  char delimiter = self->delimiter;
  char quote = self->quote;

  self->dialect_sureness = delimiter != '\0' ? SLUICE_SURENESS_CHOSEN : SLUICE_SURENESS_GUESS;
  if (is_excel_hint (text, length))
    {
      if (delimiter == '\0')
        {
          delimiter = text[4];
          self->dialect_sureness = SLUICE_SURENESS_CERTAIN;
        }
      text += 6;
      length -= 6;
    }

  for (guint i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      gboolean perfect = FALSE;

      if (delimiter != '\0' && delimiters[i] != delimiter)
        continue;

      for (guint j = 0; j < G_N_ELEMENTS (quotes); j++)
        {
          Split result;
          double rating;

          if (quote != '\0' && quotes[j] != quote)
            continue;

          result = split (text, length, whole, delimiters[i], quotes[j]);
          /* A choice needs no reason. */
          rating = rate (&result, delimiters[i], quote != '\0' ? '"' : quotes[j]);
          perfect = perfect || is_perfect (&result);
          if (rating > best_rate)
            {
              best_rate = rating;
              best = result;
              self->delimiter = delimiters[i];
              self->quote = quotes[j];
            }
        }
      n_perfect += perfect;
    }

  /* A choice that is none of ours. */
  if (delimiter != '\0')
    self->delimiter = delimiter;
  if (self->quote == '\0')
    self->quote = '"';

  if (self->dialect_sureness != SLUICE_SURENESS_GUESS)
    return;
  if (is_perfect (&best) && best.n_rows > 1 && n_perfect == 1)
    self->dialect_sureness = SLUICE_SURENESS_CERTAIN;
  else if (best.valid && best.n_columns > 1 && best.n_even * 10 >= best.n_rows * 9)
    self->dialect_sureness = SLUICE_SURENESS_LIKELY;
}

static SluiceLineEnd
find_line_end (const char *text,
               gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\n')
        return SLUICE_LINE_END_LF;
      if (text[i] == '\r')
        return i + 1 < length && text[i + 1] == '\n' ? SLUICE_LINE_END_CR_LF : SLUICE_LINE_END_CR;
    }

  return SLUICE_LINE_END_NONE;
}

static gboolean
is_json (const char *text,
         gsize       length)
{
  gsize i = 0;

  while (i < length && g_ascii_isspace (text[i]))
    i++;
  if (i == length || text[i] != '{')
    return FALSE;
  i++;
  while (i < length && (text[i] == ' ' || text[i] == '\t'))
    i++;

  return i < length && (text[i] == '"' || text[i] == '}');
}

/**
 * sluice_table_format_detect:
 * @self: what is known, often nothing; gets the rest
 * @bytes: (array length=length): how the file begins
 * @length: how many bytes
 * @whole: whether this is all of the file
 *
 * Finds out how a file is written. Every file is found to be something; the
 * sureness says how much that is worth.
 *
 * Byte order marks are certain. Without one, zero bytes on one side tell
 * UTF-16, validity tells UTF-8, and the rest is Windows-1252, or Latin-1
 * when a byte means nothing there. The separator is the one that gives all
 * rows the same number of values. Excel's first line `sep=;` is believed.
 */
void
sluice_table_format_detect (SluiceTableFormat *self,
                            const char        *bytes,
                            gsize              length,
                            gboolean           whole)
{
  g_autofree char *decoded = NULL;
  const char *text;

  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL || length == 0);

  detect_encoding (self, bytes, length, whole);

  text = length > 0 ? bytes + self->bom_length : "";
  length -= self->bom_length;
  if (is_utf_16 (self->encoding))
    text = decoded = decode_utf_16 (text, length, self->encoding, &length);

  /* JSON is always UTF-8 (RFC 8259, section 8.1). */
  if (self->kind == SLUICE_TABLE_KIND_AUTOMATIC)
    self->kind = self->encoding == SLUICE_ENCODING_UTF_8 && is_json (text, length) ? SLUICE_TABLE_KIND_JSON_LINES
                                                                                   : SLUICE_TABLE_KIND_CSV;
  if (self->kind == SLUICE_TABLE_KIND_JSON_LINES)
    self->encoding = SLUICE_ENCODING_UTF_8;
  self->line_end = find_line_end (text, length);

  if (self->kind == SLUICE_TABLE_KIND_JSON_LINES)
    self->dialect_sureness = SLUICE_SURENESS_CERTAIN;
  else
    detect_dialect (self, text, length, whole);
}

/**
 * sluice_encoding_get_charset:
 * @encoding: an encoding that is known
 *
 * Returns: its name for iconv
 */
const char *
sluice_encoding_get_charset (SluiceEncoding encoding)
{
  switch (encoding)
    {
    case SLUICE_ENCODING_UTF_16_LE:
      return "UTF-16LE";
    case SLUICE_ENCODING_UTF_16_BE:
      return "UTF-16BE";
    case SLUICE_ENCODING_WINDOWS_1252:
      return "WINDOWS-1252";
    case SLUICE_ENCODING_LATIN_1:
      return "ISO-8859-1";
    case SLUICE_ENCODING_AUTOMATIC:
    case SLUICE_ENCODING_UTF_8:
    default:
      return "UTF-8";
    }
}

/**
 * sluice_encoding_get_title:
 * @encoding: an encoding
 *
 * Returns: its name for users
 */
const char *
sluice_encoding_get_title (SluiceEncoding encoding)
{
  switch (encoding)
    {
    case SLUICE_ENCODING_UTF_8:
      return _("UTF-8");
    case SLUICE_ENCODING_UTF_16_LE:
      return _("UTF-16");
    case SLUICE_ENCODING_UTF_16_BE:
      return _("UTF-16, Big Endian");
    case SLUICE_ENCODING_WINDOWS_1252:
      return _("Windows-1252");
    case SLUICE_ENCODING_LATIN_1:
      return _("Latin-1");
    case SLUICE_ENCODING_AUTOMATIC:
    default:
      return _("Detected");
    }
}

static const char *
describe_delimiter (const SluiceTableFormat *self)
{
  if (self->kind == SLUICE_TABLE_KIND_JSON_LINES)
    return _("JSON lines");

  switch (self->delimiter)
    {
    case ',':
      return _("commas");
    case ';':
      return _("semicolons");
    case '\t':
      return _("tabs");
    case '|':
      return _("vertical bars");
    default:
      return _("other separators");
    }
}

/**
 * sluice_table_format_describe:
 * @self: a format that is known
 *
 * Returns: (transfer full): the encoding and separators in words
 */
char *
sluice_table_format_describe (const SluiceTableFormat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->kind == SLUICE_TABLE_KIND_CSV && self->quote == '\'')
    /* Translators: an encoding and what stands between values, such as "UTF-8, semicolons, single quotes" */
    return g_strdup_printf (_("%s, %s, single quotes"),
                            sluice_encoding_get_title (self->encoding), describe_delimiter (self));

  /* Translators: an encoding and what stands between values, such as "UTF-8, semicolons" */
  return g_strdup_printf (_("%s, %s"), sluice_encoding_get_title (self->encoding), describe_delimiter (self));
}
