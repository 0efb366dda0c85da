/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-run"

#include "config.h"

#include "sluice-result-run.h"

#include <string.h>

struct _SluiceResultRun
{
  GObject parent_instance;

  SluiceQuery *query;        /* (nullable), when there was nobody to ask */

  /* In progress */
  GCancellable *cancellable;
  gint64 started_at;         /* monotonic µs */
  gint64 ended_at;           /* monotonic µs, 0 until then */
  gboolean begun;

  /* Results */
  SluiceResultRunState state;
  SluiceResultStore *store;
  SluiceResultList *list;
  GError *error;             /* (nullable) */
};

G_DEFINE_ENUM_TYPE (SluiceResultRunState, sluice_result_run_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_LOADING, "loading"),
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (SLUICE_RESULT_RUN_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (SluiceResultRun, sluice_result_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_ROWS,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void load_page (SluiceResultRun *self);

static void
end (SluiceResultRun      *self,
     SluiceResultRunState  state,
     GError               *error) /* (transfer full) (nullable) */
{
  self->ended_at = g_get_monotonic_time ();
  sluice_sink_abandon (SLUICE_SINK (self->store));

  g_object_freeze_notify (G_OBJECT (self));
  if (error != NULL)
    {
      self->error = error;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
end_with (SluiceResultRun *self,
          GError          *error) /* (transfer full) */
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      end (self, SLUICE_RESULT_RUN_STOPPED, NULL);
      return;
    }

  end (self, SLUICE_RESULT_RUN_FAILED, error);
}

static gboolean
add_page (SluiceResultRun  *self,
          SluiceQueryPage  *page,
          GError          **error)
{
  g_autofree SluiceCell *cells = g_new (SluiceCell, (gsize) page->rows->len * page->n_columns + 1);
  SluiceRowBatch batch = { .cells = cells, .n_rows = page->rows->len, .n_columns = page->n_columns };

  if (page->n_columns == 0)
    return TRUE;

  if (!self->begun && !sluice_sink_begin (SLUICE_SINK (self->store), (const char * const *) page->columns,
                                          page->n_columns, error))
    return FALSE;
  self->begun = TRUE;

  for (guint row = 0; row < page->rows->len; row++)
    {
      const char **texts = g_ptr_array_index (page->rows, row);

      for (guint i = 0; i < page->n_columns; i++)
        cells[(gsize) row * page->n_columns + i] = (SluiceCell) {
          .text = texts[i],
          .length = texts[i] != NULL ? (guint32) strlen (texts[i]) : 0,
          .kind = texts[i] != NULL ? SLUICE_CELL_TEXT : SLUICE_CELL_NULL,
        };
    }

  return sluice_sink_add (SLUICE_SINK (self->store), &batch, error);
}

static void
free_page (gpointer page)
{
  sluice_query_page_free (page);
}

static void
add_thread (GTask        *task,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  GError *error = NULL;

  if (add_page (source_object, task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
added_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  SluiceResultRun *self = SLUICE_RESULT_RUN (object);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      end_with (self, error);
      return;
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROWS]);
  if (sluice_query_get_done (self->query))
    end (self, SLUICE_RESULT_RUN_DONE, NULL);
  else
    load_page (self);
}

static void
page_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(SluiceResultRun) self = user_data;
  g_autoptr(GTask) task = NULL;
  SluiceQueryPage *page;
  GError *error = NULL;

  page = sluice_query_next_page_finish (SLUICE_QUERY (object), result, &error);
  if (page == NULL)
    {
      end_with (self, error);
      return;
    }

  task = g_task_new (self, NULL, added_cb, NULL);
  g_task_set_source_tag (task, page_cb);
  g_task_set_task_data (task, page, free_page);
  g_task_run_in_thread (task, add_thread);
}

static void
load_page (SluiceResultRun *self)
{
  sluice_query_next_page_async (self->query, self->cancellable, page_cb, g_object_ref (self));
}

static void
sluice_result_run_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SluiceResultRun *self = SLUICE_RESULT_RUN (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_ROWS:
      g_value_set_uint64 (value, sluice_result_run_get_rows (self));
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_result_run_finalize (GObject *object)
{
  SluiceResultRun *self = SLUICE_RESULT_RUN (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->query);
  g_clear_object (&self->list);
  g_clear_object (&self->store);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (sluice_result_run_parent_class)->finalize (object);
}

static void
sluice_result_run_class_init (SluiceResultRunClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_result_run_get_property;
  object_class->finalize = sluice_result_run_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_RESULT_RUN_STATE, SLUICE_RESULT_RUN_LOADING, flags);
  properties[PROP_ROWS] = g_param_spec_uint64 ("rows", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_result_run_init (SluiceResultRun *self)
{
  self->cancellable = g_cancellable_new ();
  self->started_at = g_get_monotonic_time ();
}

static SluiceResultRun *
make_run (const char *folder)
{
  SluiceResultRun *self = g_object_new (SLUICE_TYPE_RESULT_RUN, NULL);

  self->store = sluice_result_store_new (folder);
  self->list = sluice_result_list_new (self->store);

  return self;
}

/**
 * sluice_result_run_new:
 * @query: a query of which nothing was read yet
 * @folder: (nullable): where the rows are kept, see sluice_result_store_new()
 *
 * Starts @query.
 *
 * Returns: (transfer full): a run; dropping it does not stop it
 */
SluiceResultRun *
sluice_result_run_new (SluiceQuery *query,
                       const char  *folder)
{
  SluiceResultRun *self;

  g_return_val_if_fail (SLUICE_IS_QUERY (query), NULL);

  self = make_run (folder);
  self->query = g_object_ref (query);
  load_page (self);

  return self;
}

/**
 * sluice_result_run_new_failed:
 * @error: why the org cannot be asked
 *
 * Returns: (transfer full): a run that ended before it began
 */
SluiceResultRun *
sluice_result_run_new_failed (const GError *error)
{
  SluiceResultRun *self;

  g_return_val_if_fail (error != NULL, NULL);

  self = make_run (NULL);
  end (self, SLUICE_RESULT_RUN_FAILED, g_error_copy (error));

  return self;
}

/**
 * sluice_result_run_stop:
 * @self: a run
 *
 * Asks for no more rows. What has come is kept.
 */
void
sluice_result_run_stop (SluiceResultRun *self)
{
  g_return_if_fail (SLUICE_IS_RESULT_RUN (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * sluice_result_run_get_state:
 * @self: a run
 *
 * Returns: where it stands
 */
SluiceResultRunState
sluice_result_run_get_state (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), SLUICE_RESULT_RUN_FAILED);

  return self->state;
}

/**
 * sluice_result_run_get_list:
 * @self: a run
 *
 * Returns: (transfer none): the rows that have come
 */
SluiceResultList *
sluice_result_run_get_list (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), NULL);

  return self->list;
}

/**
 * sluice_result_run_get_error:
 * @self: a run
 *
 * Returns: (nullable) (transfer none): why it failed
 */
const GError *
sluice_result_run_get_error (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), NULL);

  return self->error;
}

/**
 * sluice_result_run_get_rows:
 * @self: a run
 *
 * Returns: how many rows have come
 */
guint64
sluice_result_run_get_rows (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), 0);

  return sluice_result_store_get_n_rows (self->store);
}

/**
 * sluice_result_run_get_total:
 * @self: a run
 *
 * Returns: how many rows the org says there are, -1 until it has said so
 */
gint64
sluice_result_run_get_total (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), -1);

  return self->query != NULL ? sluice_query_get_total_size (self->query) : -1;
}

/**
 * sluice_result_run_get_calls:
 * @self: a run
 *
 * Returns: how many calls it took
 */
guint
sluice_result_run_get_calls (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), 0);

  return self->query != NULL ? sluice_query_get_calls (self->query) : 0;
}

/**
 * sluice_result_run_get_elapsed:
 * @self: a run
 *
 * Returns: how long it has taken, in microseconds
 */
gint64
sluice_result_run_get_elapsed (SluiceResultRun *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULT_RUN (self), 0);

  return (self->ended_at != 0 ? self->ended_at : g_get_monotonic_time ()) - self->started_at;
}

/**
 * sluice_result_run_get_rate:
 * @self: a run
 *
 * Returns: how many rows have come in a second, on average
 */
double
sluice_result_run_get_rate (SluiceResultRun *self)
{
  gint64 elapsed = sluice_result_run_get_elapsed (self);

  return elapsed > 0 ? (double) sluice_result_run_get_rows (self) * G_USEC_PER_SEC / (double) elapsed : 0;
}
