/* SPDX-License-Identifier: GPL-3.0-or-later */

/* FILE.succeeded.csv, FILE.failed.csv and FILE.unprocessed.csv: the rows of the file, in its order, with what became of
 * each. */

#include "config.h"

#include "sluice-import-results.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sluice-error.h"
#include "sluice-import-text.h"
#include "sluice-table-reader.h"
#include "sluice-write-error.h"

#define CREATED_NAME "undo-delete-path"

/* A file that gets its name when it is whole. */
typedef struct
{
  char *path;
  char *part;
  FILE *stream;  /* (nullable) */
} Output;

typedef enum
{
  OUTPUT_SUCCEEDED,
  OUTPUT_FAILED,
  OUTPUT_UNPROCESSED,
  OUTPUT_CREATED,
  N_OUTPUTS,
} OutputKind;

typedef struct
{
  SluiceImportJob *job;
  SluiceImportLedger *ledger;
  SluiceTableReader *reader;
  Output outputs[N_OUTPUTS];
  GString *text;
} Writer;

static void
output_clear (Output *output)
{
  if (output->stream != NULL)
    {
      fclose (output->stream);
      g_unlink (output->part);
    }
  g_free (output->path);
  g_free (output->part);
}

static void
writer_clear (Writer *writer)
{
  for (guint i = 0; i < N_OUTPUTS; i++)
    output_clear (&writer->outputs[i]);
  g_clear_object (&writer->reader);
  g_string_free (writer->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static gboolean
fail (Output  *output,
      GError **error)
{
  sluice_write_error_set_errno (error, output->path, errno);

  return FALSE;
}

static gboolean
put (Writer      *writer,
     OutputKind   kind,
     GError     **error)
{
  Output *output = &writer->outputs[kind];

  g_string_append_c (writer->text, '\n');
  if (fwrite (writer->text->str, 1, writer->text->len, output->stream) != writer->text->len)
    return fail (output, error);
  g_string_truncate (writer->text, 0);

  return TRUE;
}

static gboolean
open_output (Writer      *writer,
             OutputKind   kind,
             char        *path, /* (transfer full) */
             GError     **error)
{
  Output *output = &writer->outputs[kind];
  int fd;

  output->path = path;
  output->part = g_strconcat (path, ".part", NULL);
  fd = g_open (output->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  output->stream = fd >= 0 ? fdopen (fd, "w") : NULL;

  return output->stream != NULL ? TRUE : fail (output, error);
}

static gboolean
close_output (Output  *output,
              GError **error)
{
  gboolean whole = fflush (output->stream) == 0 && fsync (fileno (output->stream)) == 0;

  if (!whole)
    return fail (output, error);

  fclose (g_steal_pointer (&output->stream));
  if (g_rename (output->part, output->path) != 0)
    return fail (output, error);

  return TRUE;
}

static void
append (Writer     *writer,
        const char *text,
        gboolean    first)
{
  sluice_import_text_append_csv (writer->text, text, text != NULL ? strlen (text) : 0, first);
}

static gboolean
put_header (Writer      *writer,
            OutputKind   kind,
            const char  *second,
            const char  *third,
            GError     **error)
{
  const char * const *columns = sluice_table_reader_get_columns (writer->reader, NULL);

  append (writer, "sf__Row", TRUE);
  append (writer, second, FALSE);
  if (third != NULL)
    append (writer, third, FALSE);
  for (guint i = 0; columns[i] != NULL; i++)
    append (writer, columns[i], FALSE);

  return put (writer, kind, error);
}

static gboolean
open_results (Writer  *writer,
              GError **error)
{
  const char *base = writer->job->base;

  return open_output (writer, OUTPUT_SUCCEEDED, g_strconcat (base, ".succeeded.csv", NULL), error) &&
         open_output (writer, OUTPUT_FAILED, g_strconcat (base, ".failed.csv", NULL), error) &&
         open_output (writer, OUTPUT_UNPROCESSED, g_strconcat (base, ".unprocessed.csv", NULL), error) &&
         put_header (writer, OUTPUT_SUCCEEDED, "sf__Id", "sf__Created", error) &&
         put_header (writer, OUTPUT_FAILED, "sf__Id", "sf__Error", error) &&
         put_header (writer, OUTPUT_UNPROCESSED, "sf__Error", NULL, error);
}

/* The records that the import made, to be deleted again. Made when there is the first one. */
static gboolean
put_created (Writer      *writer,
             const char  *id,
             GError     **error)
{
  char *path;

  if (writer->outputs[OUTPUT_CREATED].stream == NULL)
    {
      path = sluice_import_ledger_dup_text (writer->ledger, CREATED_NAME);
      if (path == NULL)
        {
          path = sluice_import_text_dup_free_path (writer->job->undo_base, "undo-delete");
          if (!sluice_import_ledger_set_text (writer->ledger, CREATED_NAME, path, error))
            {
              g_free (path);
              return FALSE;
            }
        }

      if (!open_output (writer, OUTPUT_CREATED, path, error))
        return FALSE;

      append (writer, "Id", TRUE);
      if (!put (writer, OUTPUT_CREATED, error))
        return FALSE;
    }

  append (writer, id, TRUE);

  return put (writer, OUTPUT_CREATED, error);
}

static OutputKind
choose_output (SluiceRowOutcome outcome)
{
  switch (outcome)
    {
    case SLUICE_ROW_SUCCEEDED:
      return OUTPUT_SUCCEEDED;

    case SLUICE_ROW_FAILED:
      return OUTPUT_FAILED;

    case SLUICE_ROW_PENDING:
    case SLUICE_ROW_IN_FLIGHT:
    case SLUICE_ROW_UNPROCESSED:
    case SLUICE_ROW_IN_DOUBT:
    case SLUICE_N_ROW_OUTCOMES:
    default:
      return OUTPUT_UNPROCESSED;
    }
}

static void
append_outcome (Writer                *writer,
                OutputKind             kind,
                const SluiceLedgerRow *entry)
{
  if (kind != OUTPUT_UNPROCESSED)
    append (writer, entry->id, FALSE);

  if (kind == OUTPUT_SUCCEEDED)
    append (writer, entry->created ? "true" : "false", FALSE);
  else
    append (writer, entry->problem, FALSE);
}

/* @cells is NULL when the row cannot be read. */
static gboolean
put_row (Writer            *writer,
         const SluiceCell  *cells,
         GError           **error)
{
  guint64 row = sluice_table_reader_get_row (writer->reader);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, row);
  SluiceLedgerRow entry;
  OutputKind kind;
  guint n_columns;

  if (!sluice_import_ledger_find (writer->ledger, row, &entry, error))
    return FALSE;

  kind = choose_output (entry.outcome);
  append (writer, number, TRUE);
  append_outcome (writer, kind, &entry);

  sluice_table_reader_get_columns (writer->reader, &n_columns);
  for (guint i = 0; i < n_columns; i++)
    sluice_import_text_append_csv (writer->text, cells != NULL ? cells[i].text : NULL,
                                   cells != NULL ? cells[i].length : 0, FALSE);
  if (!put (writer, kind, error))
    return FALSE;

  return kind != OUTPUT_SUCCEEDED || !entry.created || entry.id == NULL || put_created (writer, entry.id, error);
}

static gboolean
put_rows (Writer  *writer,
          GError **error)
{
  for (;;)
    {
      g_autoptr(GError) cause = NULL;
      const SluiceCell *cells = NULL;

      if (!sluice_table_reader_next (writer->reader, &cells, NULL, &cause))
        {
          if (!sluice_table_reader_get_can_continue (writer->reader))
            {
              g_propagate_error (error, g_steal_pointer (&cause));
              return FALSE;
            }
        }
      else if (cells == NULL)
        {
          return TRUE;
        }

      if (!put_row (writer, cells, error))
        return FALSE;
    }
}

/**
 * sluice_import_results_write:
 * @job: an import that ended, well or not
 * @ledger: its memory
 * @error: %SLUICE_ERROR_STORAGE
 *
 * Writes what became of each row into three files beside the imported one,
 * and the ids of new records into an undo file. They replace those of an
 * earlier run, and have their names only when they are whole.
 *
 * Returns: whether all of them are there
 */
gboolean
sluice_import_results_write (SluiceImportJob     *job,
                             SluiceImportLedger  *ledger,
                             GError             **error)
{
  g_auto(Writer) writer = { .job = job, .ledger = ledger };

  writer.text = g_string_new (NULL);
  writer.reader = sluice_table_reader_new (job->file, &job->format);

  if (!sluice_table_reader_open (writer.reader, NULL, error) || !open_results (&writer, error) ||
      !put_rows (&writer, error))
    return FALSE;

  for (guint i = 0; i < N_OUTPUTS; i++)
    {
      if (writer.outputs[i].stream != NULL && !close_output (&writer.outputs[i], error))
        return FALSE;
    }

  return TRUE;
}
