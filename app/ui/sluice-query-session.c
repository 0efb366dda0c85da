/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-session.h"

/**
 * SluiceQuerySession:
 *
 * What the Data page remembers of one subscription while another is shown:
 * the run with its rows, and the library with the text in the editor and the
 * queries that were run; and the query that is asked about before it runs.
 *
 * Read-only properties: `run` (nullable SluiceResultRun), `asking` (boolean,
 * notified also when the forecast is there).
 */
struct _SluiceQuerySession
{
  GObject parent_instance;

  SluiceConnection *connection;
  SluiceResultRun *run; /* (nullable) */
  SluiceQueryLibrary *library;

  SluiceQueryForecaster *forecaster;
  GCancellable *cancellable;     /* (nullable), while the forecast is on its way */
  SluiceTransferForecast *forecast; /* (nullable), while the user is asked */
  char *asked_soql;              /* (nullable), while either is */
  gboolean asked_all_rows;
};

enum
{
  PROP_0,
  PROP_RUN,
  PROP_ASKING,
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

    case PROP_ASKING:
      g_value_set_boolean (value, sluice_query_session_get_asking (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_query_session_dispose (GObject *object)
{
  SluiceQuerySession *self = SLUICE_QUERY_SESSION (object);

  sluice_query_session_cancel (self);
  if (self->run != NULL)
    sluice_result_run_stop (self->run);
  g_clear_object (&self->run);
  g_clear_object (&self->forecaster);
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

  properties[PROP_ASKING] =
    g_param_spec_boolean ("asking", NULL, NULL,
                          FALSE,
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
  self->forecaster = sluice_query_forecaster_new (connection);

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

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GWeakRef *ref = user_data;
  g_autoptr(SluiceQuerySession) self = g_weak_ref_get (ref);
  g_autoptr(SluiceTransferForecast) forecast = NULL;
  g_autoptr(GError) error = NULL;

  g_weak_ref_clear (ref);
  g_free (ref);

  forecast = sluice_query_forecaster_ask_finish (SLUICE_QUERY_FORECASTER (object), result, &error);
  if (error != NULL || self == NULL)
    return;

  g_clear_object (&self->cancellable);
  if (forecast == NULL)
    {
      sluice_query_session_confirm (self);
      return;
    }

  self->forecast = g_steal_pointer (&forecast);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ASKING]);
}

/* Runs a query, or first tells what it costs when it is big. */
void
sluice_query_session_ask (SluiceQuerySession *self,
                          const char         *soql,
                          gboolean            all_rows)
{
  GWeakRef *ref;

  g_return_if_fail (SLUICE_IS_QUERY_SESSION (self));
  g_return_if_fail (soql != NULL);

  /* The session ends with the page, and its library is written then, whatever is on its way. */
  ref = g_new0 (GWeakRef, 1);
  g_weak_ref_init (ref, self);

  sluice_query_session_cancel (self);
  self->cancellable = g_cancellable_new ();
  self->asked_soql = g_strdup (soql);
  self->asked_all_rows = all_rows;
  sluice_query_forecaster_ask_async (self->forecaster, soql, all_rows, self->cancellable, asked_cb, ref);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ASKING]);
}

/* Runs what was asked about, whatever it costs. */
void
sluice_query_session_confirm (SluiceQuerySession *self)
{
  g_autofree char *soql = NULL;

  g_return_if_fail (SLUICE_IS_QUERY_SESSION (self));

  soql = g_steal_pointer (&self->asked_soql);
  sluice_query_session_cancel (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ASKING]);
  if (soql != NULL)
    sluice_query_session_run (self, soql, self->asked_all_rows);
}

/* Does not run what was asked about. */
void
sluice_query_session_cancel (SluiceQuerySession *self)
{
  g_return_if_fail (SLUICE_IS_QUERY_SESSION (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->forecast, sluice_transfer_forecast_free);

  if (self->asked_soql == NULL)
    return;

  g_clear_pointer (&self->asked_soql, g_free);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ASKING]);
}

gboolean
sluice_query_session_get_asking (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), FALSE);

  return self->asked_soql != NULL;
}

/* What the query costs that is asked about; %NULL while that is not known */
const SluiceTransferForecast *
sluice_query_session_get_forecast (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), NULL);

  return self->forecast;
}

SluiceQueryLibrary *
sluice_query_session_get_library (SluiceQuerySession *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_SESSION (self), NULL);

  return self->library;
}
