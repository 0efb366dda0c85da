/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-data-page"

#include "config.h"

#include "sluice-data-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-format.h"
#include "sluice-query-session.h"
#include "sluice-results-view.h"

#define STATUS_INTERVAL_MS 250
#define MAX_LABEL_CHARS 60

/**
 * SluiceDataPage:
 *
 * Asks the org with SOQL and shows the rows while they come.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is).
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
  GSignalGroup *run_signals;
  GSignalGroup *list_signals;
  GtkTextTag *error_tag;       /* (unowned) */
  guint status_id;
  gboolean all_rows;
  gboolean showing;

  GtkBox *error_box;
  GtkBox *more_box;
  GtkBox *status_bar;
  GtkButton *error_button;
  GtkButton *retry_button;
  GtkLabel *error_label;
  GtkLabel *status_label;
  GtkMenuButton *history_button;
  GtkSpinner *spinner;
  GtkStack *results_stack;
  GtkStack *stack;
  GtkTextBuffer *buffer;
  GtkTextView *editor;
  AdwStatusPage *failed_page;
  SluiceResultsView *results_view;
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

static SluiceQueryRun *
get_run (SluiceDataPage *self)
{
  return self->session != NULL ? sluice_query_session_get_run (self->session) : NULL;
}

static gboolean
is_loading (SluiceQueryRun *run)
{
  return run != NULL && sluice_query_run_get_state (run) == SLUICE_QUERY_RUN_LOADING;
}

static gboolean
has_rows (SluiceQueryRun *run)
{
  return g_list_model_get_n_items (G_LIST_MODEL (sluice_query_run_get_records (run))) > 0;
}

static char *
dup_text (SluiceDataPage *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);

  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

static char *
format_rows (SluiceQueryRun *run)
{
  gint64 total = sluice_query_run_get_total (run);
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (sluice_query_run_get_records (run)));
  g_autofree char *rows = sluice_format_number (n_rows);
  g_autofree char *all = sluice_format_number (total);

  /* The order is not the same: a total is an estimate of the server while rows come. */
  if (total < 0 || total <= n_rows)
    /* Translators: %s is a number */
    return g_strdup_printf (ngettext ("%s row", "%s rows", n_rows), rows);

  /* Translators: two numbers, such as 2,000 of 12,345 rows */
  return g_strdup_printf (ngettext ("%s of %s row", "%s of %s rows", (gulong) total), rows, all);
}

static const char *
describe_state (SluiceQueryRunState state)
{
  switch (state)
    {
    case SLUICE_QUERY_RUN_LOADING:
      return _("Loading…");
    case SLUICE_QUERY_RUN_STOPPED:
      return _("Stopped");
    case SLUICE_QUERY_RUN_FULL:
      return _("No more rows are shown here; export the query with sluicectl to get all");
    case SLUICE_QUERY_RUN_FAILED:
      return _("Failed");
    case SLUICE_QUERY_RUN_MORE:
    case SLUICE_QUERY_RUN_DONE:
    default:
      return NULL;
    }
}

static void
show_status (SluiceDataPage *self)
{
  SluiceQueryRun *run = get_run (self);
  g_autofree char *rows = NULL;
  g_autofree char *n_calls = NULL;
  g_autofree char *calls = NULL;
  g_autofree char *duration = NULL;
  g_autofree char *text = NULL;
  const char *state;
  guint number;

  gtk_widget_set_visible (GTK_WIDGET (self->status_bar), run != NULL);
  if (run == NULL)
    return;

  number = sluice_query_run_get_calls (run);
  rows = format_rows (run);
  n_calls = sluice_format_number (number);
  calls = g_strdup_printf (ngettext ("%s call", "%s calls", number), n_calls);
  duration = sluice_format_duration (sluice_query_run_get_elapsed (run));
  state = describe_state (sluice_query_run_get_state (run));

  text = g_strjoin (" · ", rows, calls, duration, state, NULL);
  gtk_label_set_label (self->status_label, text);
}

static gboolean
status_tick (gpointer user_data)
{
  show_status (user_data);

  return G_SOURCE_CONTINUE;
}

static void
update_ticking (SluiceDataPage *self)
{
  gboolean loading = is_loading (get_run (self));

  if (loading && self->status_id == 0)
    self->status_id = g_timeout_add (STATUS_INTERVAL_MS, status_tick, self);
  else if (!loading)
    g_clear_handle_id (&self->status_id, g_source_remove);
}

static void
update_actions (SluiceDataPage *self)
{
  SluiceQueryRun *run = get_run (self);
  g_autofree char *text = g_strstrip (dup_text (self));
  gboolean loading = is_loading (run);
  gboolean more = run != NULL && has_rows (run) && sluice_query_run_can_load (run);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.run", self->session != NULL && *text != '\0' && !loading);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.stop", loading);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.load-more", more);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.load-all", more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_box), run != NULL && has_rows (run) && (more || loading));
}

static void
clear_error_mark (SluiceDataPage *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->error_tag, &start, &end);
}

static gboolean
find_error_place (SluiceDataPage *self,
                  const GError   *error,
                  GtkTextIter    *start,
                  GtkTextIter    *end)
{
  guint row, column;

  if (error == NULL || !sluice_query_find_position (sluice_error_get_server_text (error), &row, &column))
    return FALSE;

  gtk_text_buffer_get_iter_at_line (self->buffer, start, (int) row - 1);
  if (gtk_text_iter_get_line (start) != (int) row - 1)
    return FALSE;

  for (guint i = 1; i < column && !gtk_text_iter_ends_line (start); i++)
    gtk_text_iter_forward_char (start);

  *end = *start;
  if (!gtk_text_iter_ends_word (end))
    gtk_text_iter_forward_word_end (end);

  return TRUE;
}

/* The place in the reader's words, then the server's own. */
static char *
describe_refusal (const char *server_text)
{
  const char *line;
  guint row, column;

  if (!sluice_query_find_position (server_text, &row, &column))
    return g_strstrip (g_strdup (server_text));

  line = strchr (strstr (server_text, "ERROR at Row:"), '\n');

  /* Translators: a place in a text, and what is wrong there in the server's words */
  return g_strstrip (g_strdup_printf (_("Line %u, character %u: %s"), row, column, line != NULL ? line + 1 : ""));
}

static void
show_error (SluiceDataPage *self)
{
  SluiceQueryRun *run = get_run (self);
  const GError *error = run != NULL ? sluice_query_run_get_error (run) : NULL;
  const char *server_text = error != NULL ? sluice_error_get_server_text (error) : NULL;
  gboolean refused = server_text != NULL && g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);
  GtkTextIter start, end;
  gboolean placed;

  clear_error_mark (self);
  placed = find_error_place (self, error, &start, &end);
  if (placed)
    gtk_text_buffer_apply_tag (self->buffer, self->error_tag, &start, &end);

  /* Once is enough: without rows there is room to say it in their place. */
  gtk_widget_set_visible (GTK_WIDGET (self->error_box), error != NULL && (refused || has_rows (run)));
  gtk_widget_set_visible (GTK_WIDGET (self->error_button), placed);
  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), !refused);

  if (error == NULL)
    return;

  if (refused)
    {
      g_autofree char *text = describe_refusal (server_text);

      gtk_label_set_label (self->error_label, text);
      adw_status_page_set_description (self->failed_page, _("Correct the query above and run it again."));
    }
  else
    {
      gtk_label_set_label (self->error_label, error->message);
      adw_status_page_set_description (self->failed_page, error->message);
    }
}

static const char *
choose_results (SluiceQueryRun *run)
{
  if (run == NULL)
    return "first";

  if (has_rows (run))
    return "rows";

  switch (sluice_query_run_get_state (run))
    {
    case SLUICE_QUERY_RUN_LOADING:
      return "loading";
    case SLUICE_QUERY_RUN_STOPPED:
      return "stopped";
    case SLUICE_QUERY_RUN_FAILED:
      return "failed";
    case SLUICE_QUERY_RUN_MORE:
    case SLUICE_QUERY_RUN_DONE:
    case SLUICE_QUERY_RUN_FULL:
    default:
      return "empty";
    }
}

static void
show_run (SluiceDataPage *self)
{
  SluiceQueryRun *run = get_run (self);
  const char *results = choose_results (run);

  sluice_results_view_set_records (self->results_view, run != NULL ? sluice_query_run_get_records (run) : NULL);
  gtk_stack_set_visible_child_name (self->results_stack, results);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (results, "loading"));

  show_error (self);
  show_status (self);
  update_actions (self);
  update_ticking (self);
}

/* What only changes on the screen is told to who does not see it. */
static void
state_changed_cb (SluiceDataPage *self)
{
  SluiceQueryRun *run = get_run (self);

  show_run (self);

  if (is_loading (run))
    return;

  if (sluice_query_run_get_error (run) != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->error_label),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  else
    gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->status_label),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
run_changed_cb (SluiceDataPage *self)
{
  g_signal_group_set_target (self->run_signals, get_run (self));
  show_run (self);
}

/* One line, short enough for a menu, and no mnemonics. */
static char *
make_menu_label (const char *soql)
{
  g_autofree char *flat = g_strdelimit (g_strdup (soql), "\n\r\t", ' ');
  g_auto(GStrv) parts = NULL;
  g_autofree char *cut = NULL;

  if (g_utf8_strlen (flat, -1) > MAX_LABEL_CHARS)
    {
      g_autofree char *start = g_utf8_substring (flat, 0, MAX_LABEL_CHARS);

      cut = g_strconcat (start, "…", NULL);
    }

  parts = g_strsplit (cut != NULL ? cut : flat, "_", -1);

  return g_strjoinv ("__", parts);
}

static void
show_history (SluiceDataPage *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  GListModel *history = self->session != NULL ? sluice_query_session_get_history (self->session) : NULL;
  guint n_items = history != NULL ? g_list_model_get_n_items (history) : 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(GtkStringObject) item = g_list_model_get_item (history, i);
      g_autofree char *label = make_menu_label (gtk_string_object_get_string (item));
      g_autoptr(GMenuItem) menu_item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (menu_item, "data.use-text", "s", gtk_string_object_get_string (item));
      g_menu_append_item (menu, menu_item);
    }

  gtk_menu_button_set_menu_model (self->history_button, n_items > 0 ? G_MENU_MODEL (menu) : NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->history_button), n_items > 0);
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

static void
show_session (SluiceDataPage *self)
{
  SluiceSubscription *subscription = NULL;

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

  self->showing = TRUE;
  gtk_text_buffer_set_text (self->buffer,
                            self->session != NULL ? sluice_query_session_get_text (self->session) : "", -1);
  self->showing = FALSE;

  g_signal_group_set_target (self->session_signals, self->session);
  g_signal_group_set_target (self->subscription_signals, subscription);
  g_signal_group_set_target (self->run_signals, get_run (self));
  show_sign_in_state (self);
  show_history (self);
  show_run (self);
}

static void
text_changed_cb (SluiceDataPage *self)
{
  g_autofree char *text = NULL;

  if (self->showing || self->session == NULL)
    return;

  text = dup_text (self);
  sluice_query_session_set_text (self->session, text);
  clear_error_mark (self);
  update_actions (self);
}

static void
near_end_cb (SluiceDataPage *self)
{
  SluiceQueryRun *run = get_run (self);

  /* Only a reader who goes on gets more by itself; after Stop or an error somebody must ask. */
  if (run != NULL && sluice_query_run_get_state (run) == SLUICE_QUERY_RUN_MORE)
    sluice_query_run_load_more (run);
}

static void
set_text (SluiceDataPage *self,
          const char     *text)
{
  GtkTextIter start, end;

  /* Not gtk_text_buffer_set_text(), which cannot be undone. */
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  gtk_text_buffer_insert (self->buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  gtk_widget_grab_focus (GTK_WIDGET (self->editor));
}

static void
run_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (widget);

  sluice_query_session_run (self->session, self->all_rows);
  show_history (self);
}

static void
stop_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceQueryRun *run = get_run (SLUICE_DATA_PAGE (widget));

  if (run != NULL)
    sluice_query_run_stop (run);
}

static void
load_more_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceQueryRun *run = get_run (SLUICE_DATA_PAGE (widget));

  if (run != NULL)
    sluice_query_run_load_more (run);
}

static void
load_all_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  SluiceQueryRun *run = get_run (SLUICE_DATA_PAGE (widget));

  if (run != NULL)
    sluice_query_run_load_all (run);
}

static void
use_text_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  set_text (SLUICE_DATA_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
use_example_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      if (g_str_equal (examples[i].name, g_variant_get_string (parameter, NULL)))
        set_text (SLUICE_DATA_PAGE (widget), examples[i].soql);
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

static void
show_error_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  SluiceDataPage *self = SLUICE_DATA_PAGE (widget);
  SluiceQueryRun *run = get_run (self);
  GtkTextIter start, end;

  if (run == NULL || !find_error_place (self, sluice_query_run_get_error (run), &start, &end))
    return;

  gtk_text_buffer_select_range (self->buffer, &start, &end);
  gtk_text_view_scroll_to_iter (self->editor, &start, 0, FALSE, 0, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->editor));
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

  g_clear_handle_id (&self->status_id, g_source_remove);
  g_signal_group_set_target (self->run_signals, NULL);
  g_signal_group_set_target (self->session_signals, NULL);
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

  g_type_ensure (SLUICE_TYPE_RESULTS_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-data-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, buffer);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, editor);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, error_box);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, error_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, error_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, history_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, more_box);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, results_stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, results_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, status_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceDataPage, status_label);
  gtk_widget_class_bind_template_callback (widget_class, near_end_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);

  gtk_widget_class_install_property_action (widget_class, "data.all-rows", "all-rows");
  gtk_widget_class_install_action (widget_class, "data.load-all", NULL, load_all_action);
  gtk_widget_class_install_action (widget_class, "data.load-more", NULL, load_more_action);
  gtk_widget_class_install_action (widget_class, "data.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "data.run-example", "s", run_example_action);
  gtk_widget_class_install_action (widget_class, "data.show-error", NULL, show_error_action);
  gtk_widget_class_install_action (widget_class, "data.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "data.use-example", "s", use_example_action);
  gtk_widget_class_install_action (widget_class, "data.use-text", "s", use_text_action);
}

static void
sluice_data_page_init (SluiceDataPage *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->session_signals = g_signal_group_new (SLUICE_TYPE_QUERY_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::run", G_CALLBACK (run_changed_cb), self);
  self->run_signals = g_signal_group_new (SLUICE_TYPE_QUERY_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::records", G_CALLBACK (show_run), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (state_changed_cb), self);
  self->subscription_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::has-access-token",
                                  G_CALLBACK (show_sign_in_state), self);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::has-refresh-token",
                                  G_CALLBACK (show_sign_in_state), self);
  self->list_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION_LIST);
  g_signal_group_connect_swapped (self->list_signals, "items-changed", G_CALLBACK (list_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  self->error_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  show_run (self);
}
