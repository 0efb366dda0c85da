/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-activity-page"

#include "config.h"

#include "sluice-activity-page.h"

#include <glib/gi18n.h>

#include "sluice-call-dialog.h"
#include "sluice-call-format.h"
#include "sluice-format.h"

/**
 * SluiceActivityPage:
 *
 * The calls of this session, newest first.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is), `filter` ("all", "running" or
 * "failed").
 */
struct _SluiceActivityPage
{
  AdwBin parent_instance;

  SluiceWorkspace *workspace;
  SluiceConnection *connection;
  GSignalGroup *calls_signals;
  char *filter_name;
  guint refilter_id;

  AdwStatusPage *filtered_page;
  GtkColumnView *view;
  GtkCustomFilter *filter;
  GtkFilterListModel *filtered;
  GtkLabel *count_label;
  GtkStack *stack;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_CONNECTION,
  PROP_FILTER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceActivityPage, sluice_activity_page, ADW_TYPE_BIN)

static gboolean
matches_filter (gpointer item,
                gpointer user_data)
{
  SluiceActivityPage *self = user_data;
  SluiceCallState state = sluice_call_get_state (item);

  if (g_str_equal (self->filter_name, "failed"))
    return state == SLUICE_CALL_FAILED;

  if (g_str_equal (self->filter_name, "running"))
    return state == SLUICE_CALL_WAITING || state == SLUICE_CALL_RUNNING;

  return TRUE;
}

static SluiceCallList *
get_calls (SluiceActivityPage *self)
{
  return self->connection != NULL ? sluice_connection_get_calls (self->connection) : NULL;
}

static void
show_count (SluiceActivityPage *self)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  g_autofree char *number = sluice_format_number (n_shown);
  /* Translators: %s is a number */
  g_autofree char *text = g_strdup_printf (ngettext ("%s call", "%s calls", n_shown), number);

  gtk_label_set_label (self->count_label, n_shown > 0 ? text : "");
}

static void
show_page (SluiceActivityPage *self)
{
  SluiceCallList *calls = get_calls (self);
  guint n_calls = calls != NULL ? g_list_model_get_n_items (G_LIST_MODEL (calls)) : 0;
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  gboolean failed = g_str_equal (self->filter_name, "failed");

  show_count (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.clear", n_calls > 0);
  adw_status_page_set_title (self->filtered_page, failed ? _("No Failed Calls") : _("No Running Calls"));

  if (n_calls == 0)
    gtk_stack_set_visible_child_name (self->stack, "empty");
  else
    gtk_stack_set_visible_child_name (self->stack, n_shown > 0 ? "calls" : "filtered");
}

static void
refilter (gpointer user_data)
{
  SluiceActivityPage *self = user_data;

  self->refilter_id = 0;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_page (self);
}

/* Many calls change at once; one look at all of them is enough. */
static void
call_state_cb (SluiceActivityPage *self)
{
  if (self->refilter_id == 0 && !g_str_equal (self->filter_name, "all"))
    self->refilter_id = g_idle_add_once (refilter, self);
}

static void
watch_calls (SluiceActivityPage *self,
             guint               position,
             guint               n_calls)
{
  GListModel *calls = G_LIST_MODEL (get_calls (self));

  for (guint i = 0; i < n_calls; i++)
    {
      g_autoptr(SluiceCall) call = g_list_model_get_item (calls, position + i);

      g_signal_connect_object (call, "notify::state", G_CALLBACK (call_state_cb), self, G_CONNECT_SWAPPED);
    }
}

static void
unwatch_calls (SluiceActivityPage *self)
{
  GListModel *calls = G_LIST_MODEL (get_calls (self));
  guint n_calls = calls != NULL ? g_list_model_get_n_items (calls) : 0;

  for (guint i = 0; i < n_calls; i++)
    {
      g_autoptr(SluiceCall) call = g_list_model_get_item (calls, i);

      g_signal_handlers_disconnect_by_func (call, call_state_cb, self);
    }
}

static void
calls_changed_cb (SluiceActivityPage *self,
                  guint               position,
                  guint               removed,
                  guint               added)
{
  watch_calls (self, position, added);
}

static void
filtered_changed_cb (SluiceActivityPage *self)
{
  show_page (self);
}

static void
activated_cb (SluiceActivityPage *self,
              guint               position)
{
  g_autoptr(SluiceCall) call = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);

  if (call != NULL)
    adw_dialog_present (sluice_call_dialog_new (call), GTK_WIDGET (self));
}

static void
clear_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  SluiceCallList *calls = get_calls (SLUICE_ACTIVITY_PAGE (widget));

  if (calls != NULL)
    sluice_call_list_clear (calls);
}

static void
set_filter (SluiceActivityPage *self,
            const char         *name)
{
  if (!g_set_str (&self->filter_name, name != NULL ? name : "all"))
    return;

  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER]);
}

static void
set_connection (SluiceActivityPage *self,
                SluiceConnection   *connection)
{
  SluiceCallList *calls;

  if (self->connection == connection)
    return;

  unwatch_calls (self);
  g_set_object (&self->connection, connection);

  calls = get_calls (self);
  gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (calls));
  g_signal_group_set_target (self->calls_signals, calls);
  if (calls != NULL)
    watch_calls (self, 0, g_list_model_get_n_items (G_LIST_MODEL (calls)));

  show_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_activity_page_dispose (GObject *object)
{
  SluiceActivityPage *self = SLUICE_ACTIVITY_PAGE (object);

  g_clear_handle_id (&self->refilter_id, g_source_remove);
  g_signal_group_set_target (self->calls_signals, NULL);
  unwatch_calls (self);
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_ACTIVITY_PAGE);
  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_activity_page_parent_class)->dispose (object);
}

static void
sluice_activity_page_finalize (GObject *object)
{
  SluiceActivityPage *self = SLUICE_ACTIVITY_PAGE (object);

  g_clear_object (&self->calls_signals);
  g_free (self->filter_name);

  G_OBJECT_CLASS (sluice_activity_page_parent_class)->finalize (object);
}

static void
sluice_activity_page_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceActivityPage *self = SLUICE_ACTIVITY_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;

    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    case PROP_FILTER:
      g_value_set_string (value, self->filter_name);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_activity_page_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  SluiceActivityPage *self = SLUICE_ACTIVITY_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      if (g_set_object (&self->workspace, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    case PROP_FILTER:
      set_filter (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_activity_page_class_init (SluiceActivityPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_activity_page_dispose;
  object_class->finalize = sluice_activity_page_finalize;
  object_class->get_property = sluice_activity_page_get_property;
  object_class->set_property = sluice_activity_page_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_FILTER] =
    g_param_spec_string ("filter", NULL, NULL,
                         "all",
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_CALL);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-activity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceActivityPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceActivityPage, filter);
  gtk_widget_class_bind_template_child (widget_class, SluiceActivityPage, filtered);
  gtk_widget_class_bind_template_child (widget_class, SluiceActivityPage, filtered_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceActivityPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceActivityPage, view);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  sluice_call_format_bind_callbacks (widget_class);

  gtk_widget_class_install_action (widget_class, "activity.clear", NULL, clear_action);
  gtk_widget_class_install_property_action (widget_class, "activity.filter", "filter");
}

static void
sluice_activity_page_init (SluiceActivityPage *self)
{
  self->filter_name = g_strdup ("all");
  self->calls_signals = g_signal_group_new (SLUICE_TYPE_CALL_LIST);
  g_signal_group_connect_swapped (self->calls_signals, "items-changed", G_CALLBACK (calls_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_custom_filter_set_filter_func (self->filter, matches_filter, self, NULL);
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (filtered_changed_cb), self, G_CONNECT_SWAPPED);
  show_page (self);
}
