/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-results-pane"

#include "config.h"

#include "sluice-results-pane.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-format.h"
#include "sluice-results-view.h"

#define STATUS_INTERVAL_MS 250

/**
 * SluiceResultsPane:
 *
 * The rows of one run while they come, or what is there instead of them; and
 * a line that says how many, with how many calls and in which time.
 */
struct _SluiceResultsPane
{
  AdwBin parent_instance;

  SluiceQueryRun *run;         /* (nullable) */
  GSignalGroup *run_signals;
  guint status_id;

  GtkBox *more_box;
  GtkBox *status_bar;
  GtkButton *retry_button;
  GtkLabel *status_label;
  GtkSpinner *spinner;
  GtkStack *results_stack;
  AdwStatusPage *failed_page;
  SluiceResultsView *results_view;
};

G_DEFINE_FINAL_TYPE (SluiceResultsPane, sluice_results_pane, ADW_TYPE_BIN)

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
show_status (SluiceResultsPane *self)
{
  SluiceQueryRun *run = self->run;
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
update_ticking (SluiceResultsPane *self)
{
  gboolean loading = is_loading (self->run);

  if (loading && self->status_id == 0)
    self->status_id = g_timeout_add (STATUS_INTERVAL_MS, status_tick, self);
  else if (!loading)
    g_clear_handle_id (&self->status_id, g_source_remove);
}

static void
update_actions (SluiceResultsPane *self)
{
  SluiceQueryRun *run = self->run;
  gboolean more = run != NULL && has_rows (run) && sluice_query_run_can_load (run);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.load-more", more);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.load-all", more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_box), run != NULL && has_rows (run) && (more || is_loading (run)));
}

static void
show_error (SluiceResultsPane *self)
{
  const GError *error = self->run != NULL ? sluice_query_run_get_error (self->run) : NULL;
  gboolean refused = error != NULL && sluice_error_get_server_text (error) != NULL &&
                     g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);

  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), !refused);

  if (refused)
    adw_status_page_set_description (self->failed_page, _("Correct the query above and run it again."));
  else if (error != NULL)
    adw_status_page_set_description (self->failed_page, error->message);
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
show_run (SluiceResultsPane *self)
{
  SluiceQueryRun *run = self->run;
  const char *results = choose_results (run);

  sluice_results_view_set_records (self->results_view, run != NULL ? sluice_query_run_get_records (run) : NULL);
  gtk_stack_set_visible_child_name (self->results_stack, results);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (results, "loading"));

  show_error (self);
  show_status (self);
  update_actions (self);
  update_ticking (self);
}

static void
near_end_cb (SluiceResultsPane *self)
{
  SluiceQueryRun *run = self->run;

  /* Only a reader who goes on gets more by itself; after Stop or an error somebody must ask. */
  if (run != NULL && sluice_query_run_get_state (run) == SLUICE_QUERY_RUN_MORE)
    sluice_query_run_load_more (run);
}

static void
load_more_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceResultsPane *self = SLUICE_RESULTS_PANE (widget);

  if (self->run != NULL)
    sluice_query_run_load_more (self->run);
}

static void
load_all_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  SluiceResultsPane *self = SLUICE_RESULTS_PANE (widget);

  if (self->run != NULL)
    sluice_query_run_load_all (self->run);
}

static void
sluice_results_pane_dispose (GObject *object)
{
  SluiceResultsPane *self = SLUICE_RESULTS_PANE (object);

  g_clear_handle_id (&self->status_id, g_source_remove);
  if (self->run_signals != NULL)
    g_signal_group_set_target (self->run_signals, NULL);
  g_clear_object (&self->run_signals);
  g_clear_object (&self->run);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_RESULTS_PANE);

  G_OBJECT_CLASS (sluice_results_pane_parent_class)->dispose (object);
}

static void
sluice_results_pane_class_init (SluiceResultsPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_results_pane_dispose;

  g_type_ensure (SLUICE_TYPE_RESULTS_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-results-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, more_box);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, results_stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, results_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, retry_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, status_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, status_label);
  gtk_widget_class_bind_template_callback (widget_class, near_end_cb);

  gtk_widget_class_install_action (widget_class, "data.load-all", NULL, load_all_action);
  gtk_widget_class_install_action (widget_class, "data.load-more", NULL, load_more_action);
}

static void
sluice_results_pane_init (SluiceResultsPane *self)
{
  self->run_signals = g_signal_group_new (SLUICE_TYPE_QUERY_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::records", G_CALLBACK (show_run), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (show_run), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  show_run (self);
}

void
sluice_results_pane_set_run (SluiceResultsPane *self,
                             SluiceQueryRun    *run)
{
  g_return_if_fail (SLUICE_IS_RESULTS_PANE (self));
  g_return_if_fail (run == NULL || SLUICE_IS_QUERY_RUN (run));

  if (!g_set_object (&self->run, run))
    return;

  g_signal_group_set_target (self->run_signals, run);
  show_run (self);
}

/* How many rows there are, and so on, as the status line says it. */
const char *
sluice_results_pane_get_status_text (SluiceResultsPane *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULTS_PANE (self), NULL);

  return gtk_label_get_label (self->status_label);
}
