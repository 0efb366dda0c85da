/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-data-page"

#include "config.h"

#include "sluice-data-page.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-export-dialog.h"
#include "sluice-forecast-bar.h"
#include "sluice-import-dialog.h"
#include "sluice-object-browser.h"
#include "sluice-query-editor.h"
#include "sluice-query-session.h"
#include "sluice-results-pane.h"

/**
 * SluiceDataPage:
 *
 * Shows the objects of the org; asks it with SOQL, and shows the rows while
 * they come.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is).
 *
 * Action for what is inside and beside: `data.query-object` (string: a query,
 * put into the editor in place of what is there, which can be undone; the
 * editor is then shown).
 */
struct _SluiceDataPage
{
  AdwBin parent_instance;

  SluiceWorkspace *workspace;
  SluiceConnection *connection;
  GHashTable *sessions;        /* (element-type SluiceSubscription SluiceQuerySession) */
  SluiceQuerySession *session; /* (unowned) (nullable), of the connection */
  GSignalGroup *subscription_signals;
  GSignalGroup *session_signals;
  GSignalGroup *library_signals;
  GSignalGroup *run_signals;
  GSignalGroup *list_signals;
  gboolean all_rows;
  gboolean showing;

  GtkStack *stack;
  GtkStack *views;
  SluiceForecastBar *forecast_bar;
  SluiceQueryEditor *editor;
  SluiceResultsPane *results;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_CONNECTION,
  PROP_ALL_ROWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceDataPage, sluice_data_page, ADW_TYPE_BIN)

static const struct
{
  const char *name;
  const char *soql;
} examples[] = {
  { "customers", "SELECT Id, Name, Phone, BillingCity, BillingCountry\nFROM Account\nORDER BY Name" },
  { "contacts", "SELECT Id, FirstName, LastName, Email, Account.Name\nFROM Contact\nORDER BY LastName" },
  { "orders", "SELECT OrderNumber, Account.Name, EffectiveDate, Status, TotalAmount\nFROM Order\nORDER BY EffectiveDate DESC" },
  { "orders-by-customer", "SELECT Account.Name, COUNT(Id), SUM(TotalAmount)\nFROM Order\nGROUP BY Account.Name\nORDER BY COUNT(Id) DESC" },
};

static SluiceResultRun *
get_run (SluiceDataPage *self)
{
  return self->session != NULL ? sluice_query_session_get_run (self->session) : NULL;
}

static gboolean
is_loading (SluiceResultRun *run)
{
  return run != NULL && sluice_result_run_get_state (run) == SLUICE_RESULT_RUN_LOADING;
}

static gboolean
has_rows (SluiceResultRun *run)
{
  return sluice_result_run_get_rows (run) > 0;
}

static void
update_actions (SluiceDataPage *self)
{
  g_autofree char *text = g_strstrip (sluice_query_editor_dup_text (self->editor));
  gboolean loading = is_loading (get_run (self));
  gboolean asking = self->session != NULL && sluice_query_session_get_asking (self->session);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.run",
                                 self->session != NULL && *text != '\0' && !loading && !asking);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.run-anyway", asking);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.export", self->session != NULL && *text != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.import", self->session != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.stop", loading || asking);
}

/* Without rows there is room in their place for what is not the query's fault: once is enough. */
static const GError *
get_editor_error (SluiceResultRun *run)
{
  const GError *error = run != NULL ? sluice_result_run_get_error (run) : NULL;

  if (error == NULL || has_rows (run))
    return error;

  return g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED) ? error : NULL;
}

static void
show_run (SluiceDataPage *self)
{
  SluiceResultRun *run = get_run (self);

  sluice_results_pane_set_run (self->results, run);
  sluice_query_editor_set_error (self->editor, get_editor_error (run));
  update_actions (self);
}

/* What only changes on the screen is told to who does not see it. */
static void
state_changed_cb (SluiceDataPage *self)
{
  SluiceResultRun *run = get_run (self);
  const GError *error;
  const char *text;

  show_run (self);

  if (is_loading (run))
    return;

  error = sluice_result_run_get_error (run);
  text = sluice_query_editor_get_error_text (self->editor);
  if (error != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text != NULL ? text : error->message,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  else
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sluice_results_pane_get_status_text (self->results),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
run_changed_cb (SluiceDataPage *self)
{
  /* The pane listens first, so that its status line is new when it is announced. */
  sluice_results_pane_set_run (self->results, get_run (self));
  g_signal_group_set_target (self->run_signals, get_run (self));
  show_run (self);
}

static void
asking_changed_cb (SluiceDataPage *self)
{
  gboolean asking = self->session != NULL && sluice_query_session_get_asking (self->session);

  sluice_forecast_bar_show (self->forecast_bar, asking,
                            asking ? sluice_query_session_get_forecast (self->session) : NULL);
  update_actions (self);
}

static void
show_sign_in_state (SluiceDataPage *self)
{
  SluiceSubscription *subscription = self->connection != NULL ? sluice_connection_get_subscription (self->connection) : NULL;
  gboolean signed_in = subscription != NULL &&
                       (sluice_subscription_get_has_access_token (subscription) ||
                        sluice_subscription_get_has_refresh_token (subscription));

  gtk_stack_set_visible_child_name (self->stack, signed_in ? "query" : "signed-out");
}

/* What was in the editor when the program ended last, unless something is there already. */
static void
draft_loaded_cb (SluiceDataPage     *self,
                 GParamSpec         *pspec,
                 SluiceQueryLibrary *library)
{
  g_autofree char *text = sluice_query_editor_dup_text (self->editor);

  if (g_str_equal (text, sluice_query_library_get_draft (library)))
    return;

  self->showing = TRUE;
  sluice_query_editor_show_text (self->editor, sluice_query_library_get_draft (library));
  self->showing = FALSE;
  update_actions (self);
}

static void
library_failed_cb (SluiceDataPage     *self,
                   GParamSpec         *pspec,
                   SluiceQueryLibrary *library)
{
  const GError *error = sluice_query_library_get_error (library);

  if (error != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

static void
show_session (SluiceDataPage *self)
{
  SluiceSubscription *subscription = NULL;
  SluiceQueryLibrary *library = NULL;

  if (self->connection != NULL)
    subscription = sluice_connection_get_subscription (self->connection);

  self->session = NULL;
  if (subscription != NULL)
    self->session = g_hash_table_lookup (self->sessions, subscription);
  if (subscription != NULL && self->session == NULL)
    {
      self->session = sluice_query_session_new (self->connection);
      g_hash_table_insert (self->sessions, g_object_ref (subscription), self->session);
    }

  if (self->session != NULL)
    library = sluice_query_session_get_library (self->session);

  self->showing = TRUE;
  sluice_query_editor_show_text (self->editor, library != NULL ? sluice_query_library_get_draft (library) : "");
  self->showing = FALSE;

  g_signal_group_set_target (self->session_signals, self->session);
  g_signal_group_set_target (self->subscription_signals, subscription);
  sluice_query_editor_set_cache (self->editor,
                                 self->connection != NULL ? sluice_connection_get_describe_cache (self->connection) : NULL);
  sluice_results_pane_set_subscription (self->results, subscription);
  g_signal_group_set_target (self->library_signals, library);
  sluice_query_editor_set_library (self->editor, library);
  show_sign_in_state (self);
  run_changed_cb (self);
  asking_changed_cb (self);
}

static void
text_changed_cb (SluiceDataPage *self)
{
  g_autofree char *text = NULL;

  if (self->showing || self->session == NULL)
    return;

  text = sluice_query_editor_dup_text (self->editor);
  sluice_query_library_set_draft (sluice_query_session_get_library (self->session), text);
  sluice_query_session_cancel (self->session);
  update_actions (self);
}

static void
run_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (widget);
  g_autofree char *soql = sluice_query_editor_dup_query (self->editor);

  sluice_query_session_ask (self->session, soql, self->all_rows);
}

static void
run_anyway_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  sluice_query_session_confirm (SLUICE_DATA_PAGE (widget)->session);
}

static void
stop_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (widget);
  SluiceResultRun *run = get_run (self);

  if (self->session != NULL && sluice_query_session_get_asking (self->session))
    sluice_query_session_cancel (self->session);
  else if (run != NULL)
    sluice_result_run_stop (run);
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (widget);
  g_autofree char *text = g_strstrip (sluice_query_editor_dup_text (self->editor));

  adw_dialog_present (sluice_export_dialog_new (self->connection, text, self->all_rows), widget);
}

static void
import_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  adw_dialog_present (sluice_import_dialog_new (SLUICE_DATA_PAGE (widget)->connection, NULL, NULL), widget);
}

static void
use_text_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  sluice_query_editor_replace_text (SLUICE_DATA_PAGE (widget)->editor, g_variant_get_string (parameter, NULL));
}

static void
query_object_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  gtk_stack_set_visible_child_name (SLUICE_DATA_PAGE (widget)->views, "query");
  use_text_action (widget, action_name, parameter);
}

static void
use_example_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      if (g_str_equal (examples[i].name, g_variant_get_string (parameter, NULL)))
        sluice_query_editor_replace_text (SLUICE_DATA_PAGE (widget)->editor, examples[i].soql);
    }
}

static void
run_example_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  use_example_action (widget, action_name, parameter);
  gtk_widget_activate_action (widget, "data.run", NULL);
}

static gboolean
is_gone (gpointer subscription,
         gpointer session,
         gpointer user_data)
{
  SluiceDataPage *self = user_data;

  return session != self->session &&
         sluice_subscription_list_find_by_id (sluice_workspace_get_subscriptions (self->workspace),
                                              sluice_subscription_get_id (subscription)) == NULL;
}

static void
list_changed_cb (SluiceDataPage *self)
{
  g_hash_table_foreach_remove (self->sessions, is_gone, self);
}

static void
set_workspace (SluiceDataPage  *self,
               SluiceWorkspace *workspace)
{
  if (!g_set_object (&self->workspace, workspace))
    return;

  g_signal_group_set_target (self->list_signals,
                             workspace != NULL ? sluice_workspace_get_subscriptions (workspace) : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKSPACE]);
}

static void
set_connection (SluiceDataPage   *self,
                SluiceConnection *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;

  show_session (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_data_page_dispose (GObject *object)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (object);

  g_signal_group_set_target (self->run_signals, NULL);
  g_signal_group_set_target (self->session_signals, NULL);
  g_signal_group_set_target (self->library_signals, NULL);
  g_signal_group_set_target (self->subscription_signals, NULL);
  g_signal_group_set_target (self->list_signals, NULL);
  self->session = NULL;
  g_hash_table_remove_all (self->sessions);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_DATA_PAGE);
  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_data_page_parent_class)->dispose (object);
}

static void
sluice_data_page_finalize (GObject *object)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (object);

  g_clear_object (&self->run_signals);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->library_signals);
  g_clear_object (&self->subscription_signals);
  g_clear_object (&self->list_signals);
  g_hash_table_unref (self->sessions);

  G_OBJECT_CLASS (sluice_data_page_parent_class)->finalize (object);
}

static void
sluice_data_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;

    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    case PROP_ALL_ROWS:
      g_value_set_boolean (value, self->all_rows);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_data_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      set_workspace (self, g_value_get_object (value));
      break;

    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    case PROP_ALL_ROWS:
      if (self->all_rows != g_value_get_boolean (value))
        {
          self->all_rows = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_data_page_class_init (SluiceDataPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_data_page_dispose;
  object_class->finalize = sluice_data_page_finalize;
  object_class->get_property = sluice_data_page_get_property;
  object_class->set_property = sluice_data_page_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_ALL_ROWS] =
    g_param_spec_boolean ("all-rows", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_FORECAST_BAR);
  g_type_ensure (SLUICE_TYPE_OBJECT_BROWSER);
  g_type_ensure (SLUICE_TYPE_QUERY_EDITOR);
  g_type_ensure (SLUICE_TYPE_RESULTS_PANE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-data-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, editor);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, forecast_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, results);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, views);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);

  gtk_widget_class_install_property_action (widget_class, "data.all-rows", "all-rows");
  gtk_widget_class_install_action (widget_class, "data.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "data.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "data.query-object", "s", query_object_action);
  gtk_widget_class_install_action (widget_class, "data.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "data.run-anyway", NULL, run_anyway_action);
  gtk_widget_class_install_action (widget_class, "data.run-example", "s", run_example_action);
  gtk_widget_class_install_action (widget_class, "data.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "data.use-example", "s", use_example_action);
  gtk_widget_class_install_action (widget_class, "data.use-text", "s", use_text_action);
}

static void
sluice_data_page_init (SluiceDataPage *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->session_signals = g_signal_group_new (SLUICE_TYPE_QUERY_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::asking", G_CALLBACK (asking_changed_cb), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::run", G_CALLBACK (run_changed_cb), self);
  self->library_signals = g_signal_group_new (SLUICE_TYPE_QUERY_LIBRARY);
  g_signal_group_connect_swapped (self->library_signals, "notify::draft", G_CALLBACK (draft_loaded_cb), self);
  g_signal_group_connect_swapped (self->library_signals, "notify::error", G_CALLBACK (library_failed_cb), self);
  self->run_signals = g_signal_group_new (SLUICE_TYPE_RESULT_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::rows", G_CALLBACK (show_run), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (state_changed_cb), self);
  self->subscription_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::has-access-token",
                                  G_CALLBACK (show_sign_in_state), self);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::has-refresh-token",
                                  G_CALLBACK (show_sign_in_state), self);
  self->list_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION_LIST);
  g_signal_group_connect_swapped (self->list_signals, "items-changed", G_CALLBACK (list_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_stack_set_visible_child_name (self->views, "query");
  show_run (self);
}
