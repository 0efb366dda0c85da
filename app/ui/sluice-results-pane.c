/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-results-pane"

#include "config.h"

#include "sluice-results-pane.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-format.h"
#include "sluice-results-view.h"

#define STATUS_INTERVAL_MS 250
#define MIN_RATE_TIME (2 * G_USEC_PER_SEC)

/**
 * SluiceResultsPane:
 *
 * The rows of one run while they come, or what is there instead of them; and
 * a line that says how many, with how many calls and in which time.
 */
struct _SluiceResultsPane
{
  AdwBin parent_instance;

  SluiceResultRun *run;        /* (nullable) */
  GSignalGroup *run_signals;
  guint status_id;

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
is_loading (SluiceResultRun *run)
{
  return run != NULL && sluice_result_run_get_state (run) == SLUICE_RESULT_RUN_LOADING;
}

static char *
format_rows (SluiceResultRun *run)
{
  gint64 total = sluice_transfer_get_total (sluice_result_run_get_transfer (run));
  gint64 n_rows = (gint64) sluice_result_run_get_rows (run);
  g_autofree char *rows = sluice_format_number (n_rows);
  g_autofree char *all = sluice_format_number (total);

  /* The order is not the same: a total is an estimate of the server while rows come. */
  if (total < 0 || total <= n_rows)
    /* Translators: %s is a number */
    return g_strdup_printf (ngettext ("%s row", "%s rows", (gulong) n_rows), rows);

  /* Translators: two numbers, such as 2,000 of 12,345 rows */
  return g_strdup_printf (ngettext ("%s of %s row", "%s of %s rows", (gulong) total), rows, all);
}

static char *
format_calls (SluiceResultRun *run)
{
  guint64 number = sluice_transfer_get_calls (sluice_result_run_get_transfer (run));
  g_autofree char *calls = sluice_format_number ((gint64) number);

  return g_strdup_printf (ngettext ("%s call", "%s calls", (gulong) number), calls);
}

/* Worth telling where it takes a while. */
static char *
format_rate (SluiceResultRun *run)
{
  SluiceTransfer *transfer = sluice_result_run_get_transfer (run);
  g_autofree char *rate = sluice_format_number ((gint64) sluice_transfer_get_rate (transfer));

  if (sluice_transfer_get_elapsed (transfer) < MIN_RATE_TIME)
    return NULL;

  /* Translators: how many rows come in a second */
  return g_strdup_printf (_("%s rows/s"), rate);
}

/* A result with fewer rows than the org has announced is not taken for whole. */
static char *
format_missing (SluiceTransfer *transfer)
{
  gint64 number = sluice_transfer_get_missing (transfer);
  g_autofree char *missing = sluice_format_number (number);

  if (number <= 0)
    return NULL;

  /* Translators: %s is a number */
  return g_strdup_printf (ngettext ("%s row fewer than announced", "%s rows fewer than announced", (gulong) number), missing);
}

static const char *
describe_state (SluiceResultRunState state)
{
  switch (state)
    {
    case SLUICE_RESULT_RUN_LOADING:
      return _("Loading…");
    case SLUICE_RESULT_RUN_STOPPED:
      return _("Stopped");
    case SLUICE_RESULT_RUN_FAILED:
      return _("Failed");
    case SLUICE_RESULT_RUN_DONE:
    default:
      return NULL;
    }
}

static void
show_status (SluiceResultsPane *self)
{
  SluiceResultRun *run = self->run;
  SluiceTransfer *transfer;
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new ();
  g_auto(GStrv) all = NULL;
  g_autofree char *text = NULL;
  const char *state;
  char *rate, *missing;

  gtk_widget_set_visible (GTK_WIDGET (self->status_bar), run != NULL);
  if (run == NULL)
    return;

  transfer = sluice_result_run_get_transfer (run);
  g_strv_builder_take (parts, format_rows (run));
  g_strv_builder_take (parts, format_calls (run));
  g_strv_builder_take (parts, sluice_format_duration (sluice_transfer_get_elapsed (transfer)));
  rate = format_rate (run);
  if (rate != NULL)
    g_strv_builder_take (parts, rate);
  state = describe_state (sluice_result_run_get_state (run));
  if (state != NULL)
    g_strv_builder_add (parts, state);
  missing = format_missing (transfer);
  if (missing != NULL)
    g_strv_builder_take (parts, missing);

  all = g_strv_builder_end (parts);
  text = g_strjoinv (" · ", all);
  gtk_label_set_label (self->status_label, text);
  /* How it reads, and why. */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status_label), sluice_transfer_get_transport_reason (transfer));
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
show_error (SluiceResultsPane *self)
{
  const GError *error = self->run != NULL ? sluice_result_run_get_error (self->run) : NULL;
  gboolean refused = error != NULL && sluice_error_get_server_text (error) != NULL &&
                     g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED);

  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), !refused);

  if (refused)
    adw_status_page_set_description (self->failed_page, _("Correct the query above and run it again."));
  else if (error != NULL)
    adw_status_page_set_description (self->failed_page, error->message);
}

static const char *
choose_results (SluiceResultRun *run)
{
  if (run == NULL)
    return "first";

  if (sluice_result_run_get_rows (run) > 0)
    return "rows";

  switch (sluice_result_run_get_state (run))
    {
    case SLUICE_RESULT_RUN_LOADING:
      return "loading";
    case SLUICE_RESULT_RUN_STOPPED:
      return "stopped";
    case SLUICE_RESULT_RUN_FAILED:
      return "failed";
    case SLUICE_RESULT_RUN_DONE:
    default:
      return "empty";
    }
}

static void
show_run (SluiceResultsPane *self)
{
  SluiceResultRun *run = self->run;
  const char *results = choose_results (run);

  gtk_stack_set_visible_child_name (self->results_stack, results);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (results, "loading"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.find", g_str_equal (results, "rows"));

  show_error (self);
  show_status (self);
  update_ticking (self);
}

static void
find_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (SLUICE_RESULTS_PANE (widget)->results_view), "results.find", NULL);
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
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, results_stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, results_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, retry_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, status_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceResultsPane, status_label);

  gtk_widget_class_install_action (widget_class, "data.find", NULL, find_action);
}

static void
sluice_results_pane_init (SluiceResultsPane *self)
{
  self->run_signals = g_signal_group_new (SLUICE_TYPE_RESULT_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::rows", G_CALLBACK (show_run), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (show_run), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  show_run (self);
}

void
sluice_results_pane_set_run (SluiceResultsPane *self,
                             SluiceResultRun   *run)
{
  g_return_if_fail (SLUICE_IS_RESULTS_PANE (self));
  g_return_if_fail (run == NULL || SLUICE_IS_RESULT_RUN (run));

  if (!g_set_object (&self->run, run))
    return;

  g_signal_group_set_target (self->run_signals, run);
  sluice_results_view_set_list (self->results_view, run != NULL ? sluice_result_run_get_list (run) : NULL);
  show_run (self);
}

/* How many rows there are, and so on, as the status line says it. */
const char *
sluice_results_pane_get_status_text (SluiceResultsPane *self)
{
  g_return_val_if_fail (SLUICE_IS_RESULTS_PANE (self), NULL);

  return gtk_label_get_label (self->status_label);
}

/* Whose records they are: where Salesforce shows them. */
void
sluice_results_pane_set_subscription (SluiceResultsPane  *self,
                                      SluiceSubscription *subscription)
{
  g_return_if_fail (SLUICE_IS_RESULTS_PANE (self));

  sluice_results_view_set_subscription (self->results_view, subscription);
}
