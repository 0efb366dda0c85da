/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-table-reader.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-csv-reader.h"
#include "sluice-error.h"
#include "sluice-json-lines.h"

/* What detection sees. */
#define SAMPLE_SIZE (256 * 1024)
#define PIECE_SIZE (128 * 1024)
/* 800 columns of 131,072 characters would be more; nobody has them, and a quote that never closes must end somewhere. */
#define MAX_ROW (64 * 1024 * 1024)

struct _SluiceTableReader
{
  GObject parent_instance;

  GFile *file;
  SluiceTableFormat format;

  GInputStream *stream;
  GConverter *converter; /* (nullable), not for UTF-8 */
  SluiceCsvReader *splitter;
  SluiceJsonLines *json; /* (nullable) */
  GByteArray *input;     /* read from the file, not given to the splitter yet */
  gsize input_position;
  goffset read;          /* bytes of the file */
  goffset size;
  gboolean at_end;       /* of the file */
  gboolean ended;        /* of the splitter's input */
  gboolean broken;

  char **columns;        /* (nullable) */
  guint n_columns;
  SluiceCell *cells;
  guint64 row;
};

G_DEFINE_FINAL_TYPE (SluiceTableReader, sluice_table_reader, G_TYPE_OBJECT)

static void
sluice_table_reader_finalize (GObject *object)
{
  SluiceTableReader *self = SLUICE_TABLE_READER (object);

  g_clear_object (&self->file);
  g_clear_object (&self->stream);
  g_clear_object (&self->converter);
  g_clear_pointer (&self->splitter, sluice_csv_reader_free);
  g_clear_pointer (&self->json, sluice_json_lines_free);
  g_byte_array_unref (self->input);
  g_strfreev (self->columns);
  g_free (self->cells);

  G_OBJECT_CLASS (sluice_table_reader_parent_class)->finalize (object);
}

static void
sluice_table_reader_class_init (SluiceTableReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_table_reader_finalize;
}

static void
sluice_table_reader_init (SluiceTableReader *self)
{
  self->input = g_byte_array_new ();
  self->size = -1;
}

/**
 * sluice_table_reader_new:
 * @file: the file
 * @format: (nullable): how it is written, as far as that is not to be detected
 *
 * Returns: (transfer full): a reader that has not read anything yet
 */
SluiceTableReader *
sluice_table_reader_new (GFile                   *file,
                         const SluiceTableFormat *format)
{
  SluiceTableReader *self;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (SLUICE_TYPE_TABLE_READER, NULL);
  self->file = g_object_ref (file);
  if (format != NULL)
    self->format = *format;

  return self;
}

/* As text, because the format of 64 bits differs between machines and a translation cannot. */
static char *
dup_number (guint64 number)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, number);
}

static gboolean
explain_io (SluiceTableReader  *self,
            GError             *cause,
            GError            **error)
{
  g_autoptr(GError) owned = cause;
  g_autofree char *name = NULL;

  self->broken = TRUE;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }

  name = g_file_get_basename (self->file);
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
               /* Translators: a file name, and the system's own text */
               _("The file “%s” cannot be read: %s"), name, cause->message);

  return FALSE;
}

static gboolean
fail_byte (SluiceTableReader  *self,
           guint64             row,
           const char         *column,
           guchar              byte,
           GError            **error)
{
  g_autofree char *number = dup_number (row);
  g_autofree char *value = g_strdup_printf ("0x%02X", byte);

  if (byte == 0 && column != NULL)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the number of a row, the name of a column */
                 _("Row %s, column “%s”: there is a zero byte, which no text has. The file may be damaged."),
                 number, column);
  else if (column != NULL)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the number of a row, the name of a column, a byte such as 0xE9, an encoding */
                 _("Row %s, column “%s”: the byte %s is no character in %s. Choose another encoding."),
                 number, column, value, sluice_encoding_get_title (self->format.encoding));
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the number of a row, a byte such as 0xE9, an encoding */
                 _("Row %s: the byte %s is no character in %s. Choose another encoding."),
                 number, value, sluice_encoding_get_title (self->format.encoding));

  return FALSE;
}

static gboolean
fail_cut_character (SluiceTableReader  *self,
                    GError            **error)
{
  self->broken = TRUE;
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: an encoding */
               _("The file ends in the middle of a character of %s. It is not complete, or the encoding is another."),
               sluice_encoding_get_title (self->format.encoding));

  return FALSE;
}

/* Gets more bytes from the file, behind those that wait already. */
static gboolean
read_piece (SluiceTableReader  *self,
            gsize               size,
            GCancellable       *cancellable,
            GError            **error)
{
  GError *cause = NULL;
  guint have;
  gssize n;

  if (self->input_position > 0)
    {
      g_byte_array_remove_range (self->input, 0, (guint) self->input_position);
      self->input_position = 0;
    }

  have = self->input->len;
  g_byte_array_set_size (self->input, have + (guint) size);
  n = g_input_stream_read (self->stream, self->input->data + have, size, cancellable, &cause);
  g_byte_array_set_size (self->input, have + (guint) MAX (n, 0));
  if (n < 0)
    return explain_io (self, cause, error);

  self->read += n;
  self->at_end = n == 0;

  return TRUE;
}

/* What is left of the input as it is, or decoded. Never more than fits. */
static gboolean
feed (SluiceTableReader  *self,
      GError            **error)
{
  const char *from = (const char *) self->input->data + self->input_position;
  gsize length = self->input->len - self->input_position;
  g_autoptr(GError) cause = NULL;
  gsize room, n_read, n_written;
  char *to = sluice_csv_reader_get_room (self->splitter, &room);

  if (self->converter == NULL)
    {
      n_read = n_written = MIN (length, room);
      memcpy (to, from, n_read);
    }
  else if (g_converter_convert (self->converter, from, length, to, room, G_CONVERTER_NO_FLAGS,
                                &n_read, &n_written, &cause) == G_CONVERTER_ERROR)
    {
      /* The rest of the character is still in the file. */
      if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        return self->at_end ? fail_cut_character (self, error) : TRUE;

      self->broken = TRUE;

      return fail_byte (self, sluice_csv_reader_get_row (self->splitter) + 1, NULL, (guchar) *from, error);
    }

  self->input_position += n_read;
  sluice_csv_reader_filled (self->splitter, n_written);

  return TRUE;
}

static gboolean
get_more (SluiceTableReader  *self,
          GCancellable       *cancellable,
          GError            **error)
{
  gsize before = self->input->len - self->input_position;

  if (before > 0 && !feed (self, error))
    return FALSE;
  if (self->input->len - self->input_position < before)
    return TRUE;

  if (self->at_end)
    {
      sluice_csv_reader_end (self->splitter);
      self->ended = TRUE;
      return TRUE;
    }

  return read_piece (self, PIECE_SIZE, cancellable, error);
}

/* The next row as the file has it; no fields at the end. */
static gboolean
next_fields (SluiceTableReader      *self,
             const SluiceCsvField  **fields,
             guint                  *n_fields,
             GCancellable           *cancellable,
             GError                **error)
{
  for (;;)
    {
      if (!sluice_csv_reader_next (self->splitter, fields, n_fields, error))
        {
          self->broken = TRUE;
          return FALSE;
        }

      if (*fields != NULL || self->ended)
        {
          self->row = sluice_csv_reader_get_row (self->splitter);
          return TRUE;
        }

      if (!get_more (self, cancellable, error))
        return FALSE;
    }
}

static gboolean
check_text (SluiceTableReader  *self,
            const char         *text,
            gsize               length,
            const char         *column,
            GError            **error)
{
  const char *end;

  if (g_utf8_validate_len (text, length, &end))
    return TRUE;

  return fail_byte (self, self->row, column, (guchar) *end, error);
}

static gboolean
is_excel_hint (const SluiceCsvField *fields,
               guint                 n_fields)
{
  return (n_fields == 1 && fields[0].length == 5 && g_ascii_strncasecmp (fields[0].text, "sep=", 4) == 0) ||
         (n_fields == 2 && fields[0].length == 4 && g_ascii_strncasecmp (fields[0].text, "sep=", 4) == 0 &&
          fields[1].length == 0);
}

/* A name that is missing or there twice would lead values to the wrong field. */
static gboolean
check_names (SluiceTableReader  *self,
             GError            **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *number = dup_number (self->row);

  for (guint i = 0; i < self->n_columns; i++)
    {
      const char *name = self->columns[i];

      if (*name == '\0')
        {
          g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       /* Translators: the number of a row, the number of a column */
                       _("Row %s: column %u has no name. Give every column a name, or remove it."), number, i + 1);
          return FALSE;
        }

      if (!g_hash_table_add (seen, g_utf8_casefold (name, -1)))
        {
          g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       /* Translators: the number of a row, the name of a column */
                       _("Row %s: two columns are called “%s”. Rename or remove one of them."), number, name);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
read_csv_header (SluiceTableReader  *self,
                 GCancellable       *cancellable,
                 GError            **error)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  const SluiceCsvField *fields;
  guint n_fields;

  if (!next_fields (self, &fields, &n_fields, cancellable, error))
    return FALSE;
  if (self->row == 1 && is_excel_hint (fields, n_fields) &&
      !next_fields (self, &fields, &n_fields, cancellable, error))
    return FALSE;

  if (fields == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The file is empty. Its first row must name the columns."));
      return FALSE;
    }

  for (guint i = 0; i < n_fields; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);

      if (!check_text (self, fields[i].text, fields[i].length, number, error))
        return FALSE;
      g_strv_builder_take (names, g_strstrip (g_strndup (fields[i].text, fields[i].length)));
    }

  self->columns = g_strv_builder_end (names);
  self->n_columns = n_fields;

  return check_names (self, error);
}

/* JSON lines have no header: the columns are those of the objects at the start of the file. */
static gboolean
read_json_header (SluiceTableReader  *self,
                  GError            **error)
{
  const char *text = (const char *) self->input->data + self->input_position;
  const char *end = (const char *) self->input->data + self->input->len;

  self->json = sluice_json_lines_new ();
  while (text < end)
    {
      const char *line_end = memchr (text, '\n', (gsize) (end - text));

      /* The last line is complete only when the file is. */
      if (line_end == NULL && !self->at_end && sluice_json_lines_get_columns (self->json, NULL) != NULL)
        break;
      if (line_end == NULL)
        line_end = end;
      sluice_json_lines_learn (self->json, text, (gsize) (line_end - text));
      text = line_end + 1;
    }

  self->columns = g_strdupv ((char **) sluice_json_lines_get_columns (self->json, &self->n_columns));
  if (self->n_columns > 0)
    return TRUE;

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       _("The file’s first line is no JSON object with values."));

  return FALSE;
}

static gboolean
read_sample (SluiceTableReader  *self,
             GCancellable       *cancellable,
             GError            **error)
{
  while (!self->at_end && self->input->len < SAMPLE_SIZE)
    {
      if (!read_piece (self, SAMPLE_SIZE - self->input->len, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static void
prepare (SluiceTableReader *self)
{
  SluiceCsvDialect dialect = { .delimiter = self->format.delimiter, .quote = self->format.quote };

  /* JSON has none of these two characters, so that lines are what is split. */
  if (self->format.kind == SLUICE_TABLE_KIND_JSON_LINES)
    dialect = (SluiceCsvDialect) { .delimiter = '\x01', .quote = '\x02' };

  self->splitter = sluice_csv_reader_new (&dialect, MAX_ROW);
  self->input_position = self->format.bom_length;
  if (self->format.encoding != SLUICE_ENCODING_UTF_8)
    self->converter = G_CONVERTER (g_charset_converter_new ("UTF-8",
                                                            sluice_encoding_get_charset (self->format.encoding),
                                                            NULL));
}

/**
 * sluice_table_reader_open:
 * @self: a reader that has not read anything yet
 * @cancellable: (nullable): stops reading
 * @error: %SLUICE_ERROR_STORAGE when the file cannot be read; %SLUICE_ERROR_INVALID when it has no proper header: empty,
 *   or a name that is missing or there twice
 *
 * Opens the file, finds out how it is written and reads the names of the
 * columns. When the header is no good, the format is known all the same.
 *
 * Returns: whether there are columns
 */
gboolean
sluice_table_reader_open (SluiceTableReader  *self,
                          GCancellable       *cancellable,
                          GError            **error)
{
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GFileInfo) info = NULL;
  GError *cause = NULL;
  gboolean success;

  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), FALSE);
  g_return_val_if_fail (self->stream == NULL, FALSE);

  stream = g_file_read (self->file, cancellable, &cause);
  if (stream == NULL)
    return explain_io (self, cause, error);

  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                         cancellable, NULL);
  if (info != NULL && g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    self->size = g_file_info_get_size (info);
  self->stream = G_INPUT_STREAM (g_steal_pointer (&stream));

  if (!read_sample (self, cancellable, error))
    return FALSE;

  sluice_table_format_detect (&self->format, (const char *) self->input->data, self->input->len, self->at_end);
  prepare (self);

  success = self->format.kind == SLUICE_TABLE_KIND_JSON_LINES ? read_json_header (self, error)
                                                              : read_csv_header (self, cancellable, error);
  self->broken = !success;
  self->cells = g_new0 (SluiceCell, self->n_columns);

  return success;
}

static gboolean
check_count (SluiceTableReader  *self,
             guint               n_fields,
             GError            **error)
{
  g_autofree char *number = NULL;

  if (n_fields == self->n_columns)
    return TRUE;

  number = dup_number (self->row);
  if (n_fields < self->n_columns)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the number of a row, then two numbers */
                 _("Row %s has too few values: %u instead of %u."), number, n_fields, self->n_columns);
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the number of a row, then two numbers */
                 _("Row %s has too many values: %u instead of %u."), number, n_fields, self->n_columns);

  return FALSE;
}

static gboolean
take_csv_row (SluiceTableReader     *self,
              const SluiceCsvField  *fields,
              guint                  n_fields,
              GError               **error)
{
  if (!check_count (self, n_fields, error))
    return FALSE;

  for (guint i = 0; i < n_fields; i++)
    {
      SluiceCell *cell = &self->cells[i];

      if (!check_text (self, fields[i].text, fields[i].length, self->columns[i], error))
        return FALSE;

      cell->kind = fields[i].length > 0 || fields[i].quoted ? SLUICE_CELL_TEXT : SLUICE_CELL_NULL;
      cell->text = cell->kind == SLUICE_CELL_TEXT ? fields[i].text : NULL;
      cell->length = (guint32) fields[i].length;
    }

  return TRUE;
}

static gboolean
take_json_row (SluiceTableReader     *self,
               const SluiceCsvField  *line,
               GError               **error)
{
  g_autofree char *number = NULL;
  g_autofree char *problem = sluice_json_lines_parse (self->json, line->text, line->length, self->cells);

  if (problem == NULL)
    return TRUE;

  number = dup_number (self->row);
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: the number of a row, and what is wrong with it */
               _("Row %s: %s"), number, problem);

  return FALSE;
}

/**
 * sluice_table_reader_next:
 * @self: a reader that is open
 * @cells: (out) (transfer none): the values of the next row, as many as there are columns, valid until the next call;
 *   %NULL when there are no more rows
 * @cancellable: (nullable): stops reading
 * @error: %SLUICE_ERROR_STORAGE when the file cannot be read, %SLUICE_ERROR_INVALID when the row is wrong: names it
 *
 * Reads the next row. An empty value is %SLUICE_CELL_NULL, one that is empty
 * between quotes is a text of no length.
 *
 * After an error, ask sluice_table_reader_get_can_continue(): a row with too
 * few or too many values, or with bytes that are no characters, can be
 * passed over; a quote that never closes cannot.
 *
 * Returns: whether all went well
 */
gboolean
sluice_table_reader_next (SluiceTableReader  *self,
                          const SluiceCell  **cells,
                          GCancellable       *cancellable,
                          GError            **error)
{
  const SluiceCsvField *fields;
  guint n_fields;

  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), FALSE);
  g_return_val_if_fail (self->cells != NULL, FALSE);

  *cells = NULL;
  if (!next_fields (self, &fields, &n_fields, cancellable, error))
    return FALSE;
  if (fields == NULL)
    return TRUE;

  if (self->json != NULL ? !take_json_row (self, fields, error) : !take_csv_row (self, fields, n_fields, error))
    return FALSE;
  *cells = self->cells;

  return TRUE;
}

/**
 * sluice_table_reader_get_format:
 * @self: a reader
 *
 * Returns: (transfer none): how the file is written; its encoding is %SLUICE_ENCODING_AUTOMATIC while nobody has looked
 */
const SluiceTableFormat *
sluice_table_reader_get_format (SluiceTableReader *self)
{
  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), NULL);

  return &self->format;
}

/**
 * sluice_table_reader_get_columns:
 * @self: a reader
 * @n_columns: (out) (optional): how many
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the names of the columns, without blanks around them;
 *   %NULL before the header is read
 */
const char * const *
sluice_table_reader_get_columns (SluiceTableReader *self,
                                 guint             *n_columns)
{
  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), NULL);

  if (n_columns != NULL)
    *n_columns = self->n_columns;

  return (const char * const *) self->columns;
}

/**
 * sluice_table_reader_get_row:
 * @self: a reader
 *
 * Returns: the number of the last row as a spreadsheet counts: the header is 1; blank lines do not count
 */
guint64
sluice_table_reader_get_row (SluiceTableReader *self)
{
  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), 0);

  return self->row;
}

/**
 * sluice_table_reader_get_position:
 * @self: a reader
 *
 * Returns: how many bytes of the file are read
 */
goffset
sluice_table_reader_get_position (SluiceTableReader *self)
{
  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), 0);

  return self->read;
}

/**
 * sluice_table_reader_get_size:
 * @self: a reader
 *
 * Returns: how many bytes the file has; -1 when that is not known
 */
goffset
sluice_table_reader_get_size (SluiceTableReader *self)
{
  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), -1);

  return self->size;
}

/**
 * sluice_table_reader_get_can_continue:
 * @self: a reader
 *
 * Returns: whether only a row was wrong, and the next one can be read
 */
gboolean
sluice_table_reader_get_can_continue (SluiceTableReader *self)
{
  g_return_val_if_fail (SLUICE_IS_TABLE_READER (self), FALSE);

  return !self->broken;
}
