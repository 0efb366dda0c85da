/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-check.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-import-converter.h"
#include "sluice-table-reader.h"

#define MAX_EXAMPLES 5
#define MAX_SAMPLES 3
#define NOTIFY_INTERVAL_MS 100
/* Rows between two looks at the numbers that others see. */
#define ROWS_A_LOOK 512

typedef struct
{
  guint64 rows;
  guint64 bad_rows;
  goffset position;
  goffset size;
} Counts;

struct _SluiceImportCheck
{
  GObject parent_instance;

  GFile *file;
  SluiceTableFormat format;
  SluiceImportConverter *converter;
  char **columns;
  char **fields;
  GPtrArray *findings; /* (element-type SluiceImportFinding), sorted by count at the end */
  GPtrArray *samples;  /* (element-type GStrv) */
  GMutex mutex;
  Counts shared;       /* written by the thread, under the mutex */
  Counts counts;       /* what the properties tell */
  guint notify_id;
  gboolean started;
};

enum
{
  PROP_0,
  PROP_ROWS,
  PROP_BAD_ROWS,
  PROP_FRACTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceImportCheck, sluice_import_check, G_TYPE_OBJECT)

static void
finding_free (SluiceImportFinding *finding)
{
  g_ptr_array_unref (finding->examples);
  g_free (finding);
}

static void
sluice_import_check_finalize (GObject *object)
{
  SluiceImportCheck *self = SLUICE_IMPORT_CHECK (object);

  g_clear_handle_id (&self->notify_id, g_source_remove);
  g_clear_object (&self->file);
  g_clear_pointer (&self->converter, sluice_import_converter_free);
  g_strfreev (self->columns);
  g_strfreev (self->fields);
  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->samples);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (sluice_import_check_parent_class)->finalize (object);
}

static void
sluice_import_check_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceImportCheck *self = SLUICE_IMPORT_CHECK (object);

  switch (prop_id)
    {
    case PROP_ROWS:
      g_value_set_uint64 (value, self->counts.rows);
      break;

    case PROP_BAD_ROWS:
      g_value_set_uint64 (value, self->counts.bad_rows);
      break;

    case PROP_FRACTION:
      g_value_set_double (value, sluice_import_check_get_fraction (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_import_check_class_init (SluiceImportCheckClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_import_check_finalize;
  object_class->get_property = sluice_import_check_get_property;

  properties[PROP_ROWS] =
    g_param_spec_uint64 ("rows", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BAD_ROWS] =
    g_param_spec_uint64 ("bad-rows", NULL, NULL,
                         0, G_MAXUINT64, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FRACTION] =
    g_param_spec_double ("fraction", NULL, NULL,
                         -1, 1, -1,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_import_check_init (SluiceImportCheck *self)
{
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) finding_free);
  self->samples = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_mutex_init (&self->mutex);
}

/**
 * sluice_import_check_new:
 * @file: the file
 * @format: (nullable): how it is written, as far as that is not to be detected
 * @mapping: where its columns go; later changes have no effect
 *
 * Returns: (transfer full): a dry run that has not begun
 */
SluiceImportCheck *
sluice_import_check_new (GFile                   *file,
                         const SluiceTableFormat *format,
                         SluiceImportMapping     *mapping)
{
  g_autoptr(GStrvBuilder) fields = g_strv_builder_new ();
  SluiceImportCheck *self;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (mapping), NULL);

  self = g_object_new (SLUICE_TYPE_IMPORT_CHECK, NULL);
  self->file = g_object_ref (file);
  if (format != NULL)
    self->format = *format;
  self->converter = sluice_import_converter_new (mapping);
  self->columns = g_strdupv ((char **) sluice_import_mapping_get_columns (mapping, NULL));
  for (guint i = 0; i < sluice_import_converter_get_n_fields (self->converter); i++)
    g_strv_builder_add (fields, sluice_import_converter_get_field (self->converter, i));
  self->fields = g_strv_builder_end (fields);

  return self;
}

static void
add_finding (SluiceImportCheck     *self,
             SluiceImportIssueKind  kind,
             char                  *text)
{
  SluiceImportFinding *finding = NULL;

  for (guint i = 0; i < self->findings->len && finding == NULL; i++)
    {
      SluiceImportFinding *other = g_ptr_array_index (self->findings, i);

      if (other->kind == kind)
        finding = other;
    }

  if (finding == NULL)
    {
      finding = g_new0 (SluiceImportFinding, 1);
      finding->kind = kind;
      finding->examples = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (self->findings, finding);
    }

  finding->count++;
  if (text != NULL)
    g_ptr_array_add (finding->examples, text);
}

static gboolean
wants_example (SluiceImportCheck     *self,
               SluiceImportIssueKind  kind)
{
  for (guint i = 0; i < self->findings->len; i++)
    {
      const SluiceImportFinding *finding = g_ptr_array_index (self->findings, i);

      if (finding->kind == kind)
        return finding->examples->len < MAX_EXAMPLES;
    }

  return TRUE;
}

static void
add_sample (SluiceImportCheck *self,
            const SluiceCell  *values)
{
  g_autoptr(GStrvBuilder) sample = g_strv_builder_new ();

  for (guint i = 0; self->fields[i] != NULL; i++)
    g_strv_builder_take (sample, g_strndup (values[i].text != NULL ? values[i].text : "", values[i].length));
  g_ptr_array_add (self->samples, g_strv_builder_end (sample));
}

/* Whether the row is good. */
static gboolean
check_row (SluiceImportCheck *self,
           SluiceTableReader *reader,
           const SluiceCell  *row)
{
  const SluiceCell *values;
  SluiceImportIssueKind kind;
  char *text = NULL;
  guint culprit;

  kind = sluice_import_converter_convert (self->converter, row, &values, &culprit);
  if (kind == SLUICE_IMPORT_ISSUE_NONE)
    {
      if (self->samples->len < MAX_SAMPLES)
        add_sample (self, values);
      return TRUE;
    }

  if (wants_example (self, kind))
    {
      g_autofree char *what = sluice_import_converter_dup_issue_text (self->converter, kind, culprit, row);
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, sluice_table_reader_get_row (reader));

      /* Translators: the number of a row, and what is wrong with it */
      text = g_strdup_printf (_("Row %s: %s"), number, what);
    }
  add_finding (self, kind, text);

  return FALSE;
}

static void
share (SluiceImportCheck *self,
       SluiceTableReader *reader,
       const Counts      *counts)
{
  g_mutex_lock (&self->mutex);
  self->shared = *counts;
  self->shared.position = sluice_table_reader_get_position (reader);
  self->shared.size = sluice_table_reader_get_size (reader);
  g_mutex_unlock (&self->mutex);
}

static gboolean
check_rows (SluiceImportCheck  *self,
            SluiceTableReader  *reader,
            Counts             *counts,
            GCancellable       *cancellable,
            GError            **error)
{
  for (;;)
    {
      g_autoptr(GError) problem = NULL;
      const SluiceCell *row;

      if (counts->rows % ROWS_A_LOOK == 0)
        {
          share (self, reader, counts);
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
        }

      if (!sluice_table_reader_next (reader, &row, cancellable, &problem))
        {
          if (!sluice_table_reader_get_can_continue (reader))
            {
              g_propagate_error (error, g_steal_pointer (&problem));
              return FALSE;
            }

          counts->rows++;
          counts->bad_rows++;
          add_finding (self, SLUICE_IMPORT_ISSUE_ROW,
                       wants_example (self, SLUICE_IMPORT_ISSUE_ROW) ? g_strdup (problem->message) : NULL);
          continue;
        }
      if (row == NULL)
        return TRUE;

      counts->rows++;
      counts->bad_rows += !check_row (self, reader, row);
    }
}

static int
compare_findings (const SluiceImportFinding *a,
                  const SluiceImportFinding *b)
{
  return a->count < b->count ? 1 : a->count > b->count ? -1 : 0;
}

static void
run_thread (GTask        *task,
            gpointer      source,
            gpointer      unused,
            GCancellable *cancellable)
{
  SluiceImportCheck *self = source;
  g_autoptr(SluiceTableReader) reader = sluice_table_reader_new (self->file, &self->format);
  Counts counts = { 0 };
  GError *error = NULL;
  gboolean success;

  success = sluice_table_reader_open (reader, cancellable, &error);
  if (success && !g_strv_equal (sluice_table_reader_get_columns (reader, NULL),
                                (const char * const *) self->columns))
    {
      success = FALSE;
      g_set_error_literal (&error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The file has other columns than before. Choose it again."));
    }

  success = success && check_rows (self, reader, &counts, cancellable, &error);
  share (self, reader, &counts);
  g_ptr_array_sort_values (self->findings, (GCompareFunc) compare_findings);

  if (success)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
show_counts (SluiceImportCheck *self)
{
  g_mutex_lock (&self->mutex);
  self->counts = self->shared;
  g_mutex_unlock (&self->mutex);

  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static gboolean
notify_cb (gpointer user_data)
{
  show_counts (user_data);

  return G_SOURCE_CONTINUE;
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  SluiceImportCheck *self = SLUICE_IMPORT_CHECK (object);
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  g_clear_handle_id (&self->notify_id, g_source_remove);
  show_counts (self);

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * sluice_import_check_run_async:
 * @self: a dry run that has not begun
 * @cancellable: (nullable): stops reading
 * @callback: called at the end
 * @user_data: data for @callback
 *
 * Checks all rows, in a thread.
 */
void
sluice_import_check_run_async (SluiceImportCheck   *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) worker = NULL;
  GTask *task;

  g_return_if_fail (SLUICE_IS_IMPORT_CHECK (self));
  g_return_if_fail (!self->started);

  self->started = TRUE;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_import_check_run_async);

  self->notify_id = g_timeout_add (NOTIFY_INTERVAL_MS, notify_cb, self);
  worker = g_task_new (self, cancellable, run_cb, task);
  g_task_run_in_thread (worker, run_thread);
}

/**
 * sluice_import_check_run_finish:
 * @self: a dry run
 * @result: what the callback got
 * @error: %SLUICE_ERROR_STORAGE when the file cannot be read, %SLUICE_ERROR_INVALID when it cannot be read to its end
 *   because it is damaged
 *
 * Returns: whether all rows were looked at; bad rows are no error
 */
gboolean
sluice_import_check_run_finish (SluiceImportCheck  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_import_check_get_rows:
 * @self: a dry run
 *
 * Returns: how many rows are read, without the header
 */
guint64
sluice_import_check_get_rows (SluiceImportCheck *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK (self), 0);

  return self->counts.rows;
}

/**
 * sluice_import_check_get_bad_rows:
 * @self: a dry run
 *
 * Returns: how many of them cannot be imported as they are
 */
guint64
sluice_import_check_get_bad_rows (SluiceImportCheck *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK (self), 0);

  return self->counts.bad_rows;
}

/**
 * sluice_import_check_get_fraction:
 * @self: a dry run
 *
 * Returns: how much of the file is read, from 0 to 1; -1 when its size is not known
 */
double
sluice_import_check_get_fraction (SluiceImportCheck *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK (self), -1);

  return self->counts.size > 0 ? MIN ((double) self->counts.position / (double) self->counts.size, 1) : -1;
}

/**
 * sluice_import_check_get_fields:
 * @self: a dry run
 *
 * Returns: (transfer none) (array zero-terminated=1): the fields that are sent
 */
const char * const *
sluice_import_check_get_fields (SluiceImportCheck *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK (self), NULL);

  return (const char * const *) self->fields;
}

/**
 * sluice_import_check_get_findings:
 * @self: a dry run that has ended
 *
 * Returns: (transfer none) (element-type SluiceImportFinding): what is wrong with rows, the most frequent first
 */
GPtrArray *
sluice_import_check_get_findings (SluiceImportCheck *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK (self), NULL);

  return self->findings;
}

/**
 * sluice_import_check_get_samples:
 * @self: a dry run that has ended
 *
 * Returns: (transfer none) (element-type GStrv): the first three good rows, as values for sluice_import_check_get_fields()
 */
GPtrArray *
sluice_import_check_get_samples (SluiceImportCheck *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_CHECK (self), NULL);

  return self->samples;
}
