/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-run.h"

struct _SluiceQueryRun
{
  GObject parent_instance;

  SluiceQuery *query;        /* (nullable), when there was nobody to ask */
  guint max_rows;

  /* In progress */
  GCancellable *cancellable; /* (nullable), of the page on its way */
  gboolean all;
  gint64 started_at;         /* monotonic µs, of the page on its way */
  gint64 elapsed;            /* µs, of the pages before it */

  /* Results */
  SluiceQueryRunState state;
  SluiceRecordList *records;
  GError *error;             /* (nullable) */
};

G_DEFINE_ENUM_TYPE (SluiceQueryRunState, sluice_query_run_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_QUERY_RUN_LOADING, "loading"),
                    G_DEFINE_ENUM_VALUE (SLUICE_QUERY_RUN_MORE, "more"),
                    G_DEFINE_ENUM_VALUE (SLUICE_QUERY_RUN_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SLUICE_QUERY_RUN_FULL, "full"),
                    G_DEFINE_ENUM_VALUE (SLUICE_QUERY_RUN_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (SLUICE_QUERY_RUN_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (SluiceQueryRun, sluice_query_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_RECORDS,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void load_page (SluiceQueryRun *self);

static void
set_state (SluiceQueryRun      *self,
           SluiceQueryRunState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
take_error (SluiceQueryRun *self,
            GError         *error) /* (transfer full) (nullable) */
{
  if (self->error == error)
    return;

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
page_came (SluiceQueryRun  *self,
           SluiceQueryPage *page) /* (transfer full) */
{
  sluice_record_list_add_page (self->records, page);

  g_object_freeze_notify (G_OBJECT (self));
  if (sluice_query_get_done (self->query))
    set_state (self, SLUICE_QUERY_RUN_DONE);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->records)) >= self->max_rows)
    set_state (self, SLUICE_QUERY_RUN_FULL);
  else if (self->all)
    load_page (self);
  else
    set_state (self, SLUICE_QUERY_RUN_MORE);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDS]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
page_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  SluiceQuery *query = SLUICE_QUERY (object);
  g_autoptr(SluiceQueryRun) self = user_data;
  GError *error = NULL;
  SluiceQueryPage *page;

  g_clear_object (&self->cancellable);
  self->elapsed += g_get_monotonic_time () - self->started_at;

  page = sluice_query_next_page_finish (query, result, &error);

  if (page != NULL)
    {
      page_came (self, page);
      return;
    }

  self->all = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      set_state (self, SLUICE_QUERY_RUN_STOPPED);
      return;
    }

  take_error (self, error);
  set_state (self, SLUICE_QUERY_RUN_FAILED);
}

static void
load_page (SluiceQueryRun *self)
{
  self->cancellable = g_cancellable_new ();
  self->started_at = g_get_monotonic_time ();
  take_error (self, NULL);
  set_state (self, SLUICE_QUERY_RUN_LOADING);

  sluice_query_next_page_async (self->query, self->cancellable, page_cb, g_object_ref (self));
}

static gboolean
can_load (SluiceQueryRun *self)
{
  if (self->query == NULL)
    return FALSE;

  switch (self->state)
    {
    case SLUICE_QUERY_RUN_MORE:
    case SLUICE_QUERY_RUN_STOPPED:
    case SLUICE_QUERY_RUN_FAILED:
      return TRUE;

    case SLUICE_QUERY_RUN_LOADING:
    case SLUICE_QUERY_RUN_DONE:
    case SLUICE_QUERY_RUN_FULL:
    default:
      return FALSE;
    }
}

static void
sluice_query_run_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  SluiceQueryRun *self = SLUICE_QUERY_RUN (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_RECORDS:
      g_value_set_object (value, self->records);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_query_run_finalize (GObject *object)
{
  SluiceQueryRun *self = SLUICE_QUERY_RUN (object);

  g_clear_object (&self->query);
  g_clear_object (&self->records);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (sluice_query_run_parent_class)->finalize (object);
}

static void
sluice_query_run_class_init (SluiceQueryRunClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_query_run_get_property;
  object_class->finalize = sluice_query_run_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_QUERY_RUN_STATE, SLUICE_QUERY_RUN_LOADING, flags);
  properties[PROP_RECORDS] =
    g_param_spec_object ("records", NULL, NULL, SLUICE_TYPE_RECORD_LIST, flags);
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_query_run_init (SluiceQueryRun *self)
{
  self->records = sluice_record_list_new ();
}

/**
 * sluice_query_run_new:
 * @query: a query of which nothing was read yet
 * @max_rows: how many rows to keep, about; no page is asked for beyond them
 *
 * Starts @query: its first page is asked for at once.
 *
 * Returns: (transfer full): a run; dropping it does not stop it
 */
SluiceQueryRun *
sluice_query_run_new (SluiceQuery *query,
                      guint        max_rows)
{
  SluiceQueryRun *self;

  g_return_val_if_fail (SLUICE_IS_QUERY (query), NULL);
  g_return_val_if_fail (max_rows > 0, NULL);

  self = g_object_new (SLUICE_TYPE_QUERY_RUN, NULL);
  self->query = g_object_ref (query);
  self->max_rows = max_rows;
  load_page (self);

  return self;
}

/**
 * sluice_query_run_new_failed:
 * @error: why the org cannot be asked
 *
 * Returns: (transfer full): a run that ended before it began
 */
SluiceQueryRun *
sluice_query_run_new_failed (const GError *error)
{
  SluiceQueryRun *self;

  g_return_val_if_fail (error != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_QUERY_RUN, NULL);
  self->state = SLUICE_QUERY_RUN_FAILED;
  self->error = g_error_copy (error);

  return self;
}

/**
 * sluice_query_run_can_load:
 * @self: a run
 *
 * Returns: whether there may be more rows that somebody can ask for
 */
gboolean
sluice_query_run_can_load (SluiceQueryRun *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_RUN (self), FALSE);

  return can_load (self);
}

/**
 * sluice_query_run_load_more:
 * @self: a run
 *
 * Asks for the next page, if there is one and none is on its way.
 */
void
sluice_query_run_load_more (SluiceQueryRun *self)
{
  g_return_if_fail (SLUICE_IS_QUERY_RUN (self));

  if (can_load (self))
    load_page (self);
}

/**
 * sluice_query_run_load_all:
 * @self: a run
 *
 * Asks for page after page, until all rows are there or there is no more room.
 */
void
sluice_query_run_load_all (SluiceQueryRun *self)
{
  g_return_if_fail (SLUICE_IS_QUERY_RUN (self));

  self->all = TRUE;
  sluice_query_run_load_more (self);
}

/**
 * sluice_query_run_stop:
 * @self: a run
 *
 * Gives up the page that is on its way. What has come is kept.
 */
void
sluice_query_run_stop (SluiceQueryRun *self)
{
  g_return_if_fail (SLUICE_IS_QUERY_RUN (self));

  self->all = FALSE;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/**
 * sluice_query_run_get_state:
 * @self: a run
 *
 * Returns: where it stands
 */
SluiceQueryRunState
sluice_query_run_get_state (SluiceQueryRun *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_RUN (self), SLUICE_QUERY_RUN_FAILED);

  return self->state;
}

/**
 * sluice_query_run_get_records:
 * @self: a run
 *
 * Returns: (transfer none): the rows that have come
 */
SluiceRecordList *
sluice_query_run_get_records (SluiceQueryRun *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_RUN (self), NULL);

  return self->records;
}

/**
 * sluice_query_run_get_error:
 * @self: a run
 *
 * Returns: (nullable) (transfer none): why it failed
 */
const GError *
sluice_query_run_get_error (SluiceQueryRun *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_RUN (self), NULL);

  return self->error;
}

/**
 * sluice_query_run_get_total:
 * @self: a run
 *
 * Returns: how many rows the org says there are, -1 until it has said so
 */
gint64
sluice_query_run_get_total (SluiceQueryRun *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_RUN (self), -1);

  return self->query != NULL ? sluice_query_get_total_size (self->query) : -1;
}

/**
 * sluice_query_run_get_calls:
 * @self: a run
 *
 * Returns: how many calls it took
 */
guint
sluice_query_run_get_calls (SluiceQueryRun *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_RUN (self), 0);

  return self->query != NULL ? sluice_query_get_calls (self->query) : 0;
}

/**
 * sluice_query_run_get_elapsed:
 * @self: a run
 *
 * Returns: how long it has waited for pages, in microseconds; the reader's time does not count
 */
gint64
sluice_query_run_get_elapsed (SluiceQueryRun *self)
{
  gint64 elapsed;

  g_return_val_if_fail (SLUICE_IS_QUERY_RUN (self), 0);

  elapsed = self->elapsed;
  if (self->cancellable != NULL)
    elapsed += g_get_monotonic_time () - self->started_at;

  return elapsed;
}

/**
 * sluice_query_find_position:
 * @server_text: (nullable): what the server says of a query that it does not understand
 * @row: (out): the line in the query, from 1
 * @column: (out): the character in that line, from 1
 *
 * Finds where the error is. Salesforce writes `ERROR at Row:1:Column:8` for
 * `MALFORMED_QUERY`, `INVALID_FIELD` and `INVALID_TYPE`.
 *
 * Returns: whether the text has a position
 */
gboolean
sluice_query_find_position (const char *server_text,
                            guint      *row,
                            guint      *column)
{
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *row_text = NULL;
  g_autofree char *column_text = NULL;
  guint64 row_number, column_number;

  g_return_val_if_fail (row != NULL, FALSE);
  g_return_val_if_fail (column != NULL, FALSE);

  if (server_text == NULL)
    return FALSE;

  regex = g_regex_new ("ERROR at Row:([0-9]+):Column:([0-9]+)", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  if (!g_regex_match (regex, server_text, G_REGEX_MATCH_DEFAULT, &match))
    return FALSE;

  row_text = g_match_info_fetch (match, 1);
  column_text = g_match_info_fetch (match, 2);
  if (!g_ascii_string_to_unsigned (row_text, 10, 1, G_MAXINT, &row_number, NULL) ||
      !g_ascii_string_to_unsigned (column_text, 10, 1, G_MAXINT, &column_number, NULL))
    return FALSE;

  *row = (guint) row_number;
  *column = (guint) column_number;

  return TRUE;
}
