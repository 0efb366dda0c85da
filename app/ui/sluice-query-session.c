/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-session.h"

#include <gtk/gtk.h>
#include <string.h>

#define MAX_HISTORY 20

/**
 * SluiceQuerySession:
 *
 * What the Data page remembers of one subscription while another is shown:
 * the text in the editor, the run with its rows, the queries that were run.
 *
 * Property: `run` (nullable SluiceQueryRun, read-only).
 */
struct _SluiceQuerySession
{
  GObject parent_instance;

  SluiceConnection *connection;
  char *text;
  SluiceQueryRun *run; /* (nullable) */
  GtkStringList *history; /* newest first */
};

enum
{
  PROP_0,
  PROP_RUN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceQuerySession, sluice_query_session, G_TYPE_OBJECT)

static void
sluice_query_session_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceQuerySession *self = SLUICE_QUERY_SESSION (object);

  switch (prop_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_query_session_dispose (GObject *object)
{
  SluiceQuerySession *self = SLUICE_QUERY_SESSION (object);

  if (self->run != NULL)
    sluice_query_run_stop (self->run);
  g_clear_object (&self->run);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (sluice_query_session_parent_class)->dispose (object);
}

static void
sluice_query_session_finalize (GObject *object)
{
  SluiceQuerySession *self = SLUICE_QUERY_SESSION (object);

  g_free (self->text);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (sluice_query_session_parent_class)->finalize (object);
}

static void
sluice_query_session_class_init (SluiceQuerySessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_query_session_dispose;
  object_class->finalize = sluice_query_session_finalize;
  object_class->get_property = sluice_query_session_get_property;

  properties[PROP_RUN] =
    g_param_spec_object ("run", NULL, NULL,
                         SLUICE_TYPE_QUERY_RUN,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_query_session_init (SluiceQuerySession *self)
{
  self->text = g_strdup ("");
  self->history = gtk_string_list_new (NULL);
}

SluiceQuerySession *
sluice_query_session_new (SluiceConnection *connection)
{
  SluiceQuerySession *self;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);

  self = g_object_new (SLUICE_TYPE_QUERY_SESSION, NULL);
  self->connection = g_object_ref (connection);

  return self;
}

const char *
sluice_query_session_get_text (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), NULL);

  return self->text;
}

void
sluice_query_session_set_text (SluiceQuerySession *self,
                               const char         *text)
{
  g_return_if_fail (SLUICE_IS_QUERY_SESSION (self));

  g_set_str (&self->text, text);
}

SluiceQueryRun *
sluice_query_session_get_run (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), NULL);

  return self->run;
}

static void
remember (SluiceQuerySession *self)
{
  const char * const newest[] = { self->text, NULL };
  GListModel *history = G_LIST_MODEL (self->history);

  for (guint i = g_list_model_get_n_items (history); i > 0; i--)
    {
      if (strcmp (gtk_string_list_get_string (self->history, i - 1), self->text) == 0)
        gtk_string_list_remove (self->history, i - 1);
    }

  gtk_string_list_splice (self->history, 0, 0, newest);

  if (g_list_model_get_n_items (history) > MAX_HISTORY)
    gtk_string_list_remove (self->history, MAX_HISTORY);
}

/* Runs the text; the rows of the run before are dropped. */
void
sluice_query_session_run (SluiceQuerySession *self,
                          gboolean            all_rows)
{
  g_autoptr(SluiceQuery) query = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (SLUICE_IS_QUERY_SESSION (self));

  if (self->run != NULL)
    sluice_query_run_stop (self->run);
  g_clear_object (&self->run);

  remember (self);
  query = sluice_connection_query (self->connection, self->text, all_rows, &error);
  self->run = query != NULL ? sluice_query_run_new (query, SLUICE_QUERY_RUN_MAX_ROWS) : sluice_query_run_new_failed (error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

GListModel *
sluice_query_session_get_history (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), NULL);

  return G_LIST_MODEL (self->history);
}
