/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-session.h"


/**
 * SluiceQuerySession:
 *
 * What the Data page remembers of one subscription while another is shown:
 * the run with its rows, and the library with the text in the editor and the
 * queries that were run.
 *
 * Property: `run` (nullable SluiceResultRun, read-only).
 */
struct _SluiceQuerySession
{
  GObject parent_instance;

  SluiceConnection *connection;
  SluiceResultRun *run; /* (nullable) */
  SluiceQueryLibrary *library;
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
    sluice_result_run_stop (self->run);
  g_clear_object (&self->run);
  g_clear_object (&self->library);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (sluice_query_session_parent_class)->dispose (object);
}

static void
sluice_query_session_class_init (SluiceQuerySessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_query_session_dispose;
  object_class->get_property = sluice_query_session_get_property;

  properties[PROP_RUN] =
    g_param_spec_object ("run", NULL, NULL,
                         SLUICE_TYPE_RESULT_RUN,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_query_session_init (SluiceQuerySession *self)
{
}

SluiceQuerySession *
sluice_query_session_new (SluiceConnection *connection)
{
  SluiceQuerySession *self;
  g_autofree char *path = NULL;

  g_return_val_if_fail (SLUICE_IS_CONNECTION (connection), NULL);

  self = g_object_new (SLUICE_TYPE_QUERY_SESSION, NULL);
  self->connection = g_object_ref (connection);
  path = sluice_query_library_dup_path (sluice_subscription_get_id (sluice_connection_get_subscription (connection)));
  self->library = sluice_query_library_new (path);

  return self;
}

SluiceResultRun *
sluice_query_session_get_run (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), NULL);

  return self->run;
}

/* Runs a query; the rows of the run before are dropped. */
void
sluice_query_session_run (SluiceQuerySession *self,
                          const char         *soql,
                          gboolean            all_rows)
{
  g_return_if_fail (SLUICE_IS_QUERY_SESSION (self));
  g_return_if_fail (soql != NULL);

  if (self->run != NULL)
    sluice_result_run_stop (self->run);
  g_clear_object (&self->run);

  sluice_query_library_remember (self->library, soql);
  self->run = sluice_result_run_new (self->connection, soql, all_rows, SLUICE_TRANSPORT_AUTOMATIC, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

SluiceQueryLibrary *
sluice_query_session_get_library (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), NULL);

  return self->library;
}
