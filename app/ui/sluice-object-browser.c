/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-object-browser"

#include "config.h"

#include "sluice-object-browser.h"

#include <glib/gi18n.h>

#include "sluice-format.h"
#include "sluice-object-page.h"
#include "sluice-object-row.h"
#include "sluice-record-counts.h"
#include "sluice-ui-utils.h"

/**
 * SluiceObjectBrowser:
 *
 * The objects of an org and, beside or behind, the chosen one. The org is
 * asked when somebody looks.
 *
 * Property: `connection` (nullable SluiceConnection: whose org it is).
 *
 * Action for what is inside: `objects.show` (string: the API name of the
 * object to go to).
 */
struct _SluiceObjectBrowser
{
  AdwBin parent_instance;

  SluiceConnection *connection;   /* (nullable) */
  GListModel *list;               /* (nullable), what is shown */
  GHashTable *chosen;             /* (element-type SluiceSubscription utf8), while others are shown */
  GSignalGroup *subscription_signals;
  GCancellable *cancellable;      /* of what is on its way about this org */
  char *folded;                   /* (nullable), what is searched for */
  gboolean loading;

  AdwNavigationPage *content;
  AdwNavigationSplitView *split;
  AdwStatusPage *failed_page;
  GListStore *objects;
  GtkCustomFilter *filter;
  GtkDropDown *kinds;
  GtkFilterListModel *filtered;
  GtkLabel *age_label;
  GtkLabel *count_label;
  GtkListView *view;
  GtkSearchEntry *search;
  GtkSingleSelection *selection;
  GtkSpinner *refresh_spinner;
  GtkSpinner *spinner;
  GtkStack *list_stack;
  GtkStack *stack;
  SluiceObjectPage *page;
};

/* In the order of the choice */
typedef enum
{
  KIND_ALL,
  KIND_STANDARD,
  KIND_CUSTOM,
  KIND_SETTINGS,
  KIND_EVENTS,
} Kind;

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceObjectBrowser, sluice_object_browser, ADW_TYPE_BIN)

static SluiceSubscription *
get_subscription (SluiceObjectBrowser *self)
{
  return self->connection != NULL ? sluice_connection_get_subscription (self->connection) : NULL;
}

static SluiceDescribeCache *
get_cache (SluiceObjectBrowser *self)
{
  return sluice_connection_get_describe_cache (self->connection);
}

/* The list */

/* Salesforce tells these kinds by how the name ends. */
static Kind
get_kind (SluiceObjectInfo *info)
{
  const char *name = sluice_object_info_get_name (info);

  if (sluice_object_info_has (info, SLUICE_OBJECT_CUSTOM_SETTING) || g_str_has_suffix (name, "__mdt"))
    return KIND_SETTINGS;

  if (g_str_has_suffix (name, "__e") || g_str_has_suffix (name, "ChangeEvent"))
    return KIND_EVENTS;

  return sluice_object_info_has (info, SLUICE_OBJECT_CUSTOM) ? KIND_CUSTOM : KIND_STANDARD;
}

static gboolean
matches_filter (gpointer item,
                gpointer user_data)
{
  SluiceObjectBrowser *self = user_data;
  Kind kind = gtk_drop_down_get_selected (self->kinds);

  return (kind == KIND_ALL || get_kind (sluice_object_item_get_info (item)) == kind) &&
         (self->folded == NULL || sluice_object_item_matches (item, self->folded));
}

static void
show_count (SluiceObjectBrowser *self)
{
  guint n_objects = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  g_autofree char *number = sluice_format_number (n_objects);
  /* Translators: %s is a number; objects are kinds of records in Salesforce */
  g_autofree char *text = g_strdup_printf (ngettext ("%s object", "%s objects", n_objects), number);

  gtk_label_set_label (self->count_label, text);
  gtk_stack_set_visible_child_name (self->list_stack, n_objects > 0 ? "list" : "empty");
}

static guint
find_position (SluiceObjectBrowser *self,
               const char          *name)
{
  GListModel *filtered = G_LIST_MODEL (self->filtered);

  for (guint i = 0; i < g_list_model_get_n_items (filtered); i++)
    {
      g_autoptr(SluiceObjectItem) item = g_list_model_get_item (filtered, i);

      if (g_ascii_strcasecmp (sluice_object_info_get_name (sluice_object_item_get_info (item)), name) == 0)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

/* The chosen object stays marked when the list around it changes. */
static void
mark_chosen (SluiceObjectBrowser *self)
{
  const char *name = sluice_object_page_get_name (self->page);

  gtk_single_selection_set_selected (self->selection,
                                     name != NULL ? find_position (self, name) : GTK_INVALID_LIST_POSITION);
}

static void
refilter (SluiceObjectBrowser *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  mark_chosen (self);
  show_count (self);
}

static void
search_changed_cb (SluiceObjectBrowser *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  g_clear_pointer (&self->folded, g_free);
  if (*text != '\0')
    self->folded = g_utf8_casefold (text, -1);

  refilter (self);
}

static void
kind_changed_cb (SluiceObjectBrowser *self)
{
  /* While the template is made there is no list yet. */
  if (self->filtered != NULL)
    refilter (self);
}

static void
show_age (SluiceObjectBrowser *self)
{
  g_autofree char *text = sluice_format_described (sluice_describe_cache_get_checked_at (get_cache (self), NULL),
                                                   sluice_describe_cache_get_problem (get_cache (self), NULL));

  gtk_label_set_label (self->age_label, text);
}

static int
compare_items (gconstpointer a,
               gconstpointer b)
{
  return sluice_object_item_compare (*(SluiceObjectItem * const *) a, *(SluiceObjectItem * const *) b);
}

static void
show_list (SluiceObjectBrowser *self)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_objects = self->list != NULL ? g_list_model_get_n_items (self->list) : 0;

  for (guint i = 0; i < n_objects; i++)
    {
      g_autoptr(SluiceObjectInfo) info = g_list_model_get_item (self->list, i);

      if (!sluice_object_info_has (info, SLUICE_OBJECT_DEPRECATED))
        g_ptr_array_add (items, sluice_object_item_new (info));
    }

  g_ptr_array_sort (items, compare_items);
  g_list_store_splice (self->objects, 0, g_list_model_get_n_items (G_LIST_MODEL (self->objects)),
                       items->pdata, items->len);
  mark_chosen (self);
  show_count (self);
}

/* Loading */

static void
update_actions (SluiceObjectBrowser *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "objects.refresh", self->connection != NULL && !self->loading);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "objects.count", self->list != NULL);
}

static void
show_state (SluiceObjectBrowser *self,
            const char          *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "loading"));
  gtk_spinner_set_spinning (self->refresh_spinner, self->loading && g_str_equal (page, "objects"));
  update_actions (self);
}

static gboolean
is_signed_in (SluiceObjectBrowser *self)
{
  SluiceSubscription *subscription = get_subscription (self);

  return subscription != NULL &&
         (sluice_subscription_get_has_access_token (subscription) ||
          sluice_subscription_get_has_refresh_token (subscription));
}

static gboolean
is_busy (SluiceObjectBrowser *self)
{
  SluiceStatus status = sluice_subscription_get_status (get_subscription (self));

  return status == SLUICE_STATUS_VERIFYING || status == SLUICE_STATUS_SIGNING_IN;
}

static void
take_list (SluiceObjectBrowser *self,
           GListModel          *list)
{
  if (g_set_object (&self->list, list))
    show_list (self);
  show_age (self);
  show_state (self, "objects");
}

static void
show_failure (SluiceObjectBrowser *self,
              const GError        *error)
{
  if (self->list != NULL)
    {
      show_age (self);
      show_state (self, "objects");
      sluice_show_toast_for_error (GTK_WIDGET (self), error);
    }
  else if (!is_signed_in (self))
    {
      show_state (self, "signed-out");
    }
  else if (is_busy (self))
    {
      show_state (self, "loading");
    }
  else
    {
      adw_status_page_set_description (self->failed_page, error->message);
      show_state (self, "failed");
      gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
    }
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceObjectBrowser) self = user_data;
  g_autoptr(GListModel) list = NULL;
  g_autoptr(GError) error = NULL;

  list = sluice_describe_cache_list_finish (SLUICE_DESCRIBE_CACHE (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  if (list != NULL)
    take_list (self, list);
  else
    show_failure (self, error);
}

static void
load (SluiceObjectBrowser *self,
      SluiceDescribeAge    age)
{
  self->loading = TRUE;
  show_state (self, self->list != NULL ? "objects" : "loading");
  sluice_describe_cache_list_async (get_cache (self), age, self->cancellable, listed_cb, g_object_ref (self));
}

/* Whoever does not look costs no call, and neither does what the org said within the last hour. */
static void
look_again (SluiceObjectBrowser *self)
{
  if (self->connection == NULL || self->loading || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  load (self, SLUICE_DESCRIBE_RECENT);
  sluice_object_page_look_again (self->page);
}

static void
forget_list (SluiceObjectBrowser *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->loading = FALSE;
  g_clear_object (&self->list);
  show_list (self);
}

static void
status_changed_cb (SluiceObjectBrowser *self)
{
  SluiceStatus status = sluice_subscription_get_status (get_subscription (self));

  /* Removing tokens removes what the org told. */
  if (!is_signed_in (self) && sluice_describe_cache_peek_list (get_cache (self)) == NULL && self->list != NULL)
    {
      forget_list (self);
      sluice_object_page_show (self->page, NULL, NULL);
      adw_navigation_split_view_set_show_content (self->split, FALSE);
      show_state (self, "signed-out");
      return;
    }

  if (status == SLUICE_STATUS_CONNECTED || self->list == NULL)
    look_again (self);
}

/* Going to an object */

static void
choose (SluiceObjectBrowser *self,
        const char          *name)
{
  g_autofree char *own_name = g_strdup (name);

  g_hash_table_insert (self->chosen, g_object_ref (get_subscription (self)), g_strdup (own_name));
  sluice_object_page_show (self->page, self->connection, own_name);
  adw_navigation_page_set_title (self->content, own_name);
  mark_chosen (self);
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static void
activated_cb (SluiceObjectBrowser *self,
              guint                position)
{
  g_autoptr(SluiceObjectItem) item = g_list_model_get_item (G_LIST_MODEL (self->filtered), position);

  if (item != NULL)
    choose (self, sluice_object_info_get_name (sluice_object_item_get_info (item)));
}

/* What is searched for is most often the first that is found. */
static void
search_activated_cb (SluiceObjectBrowser *self)
{
  activated_cb (self, 0);
}

static void
show_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (widget);
  guint position;

  if (self->connection == NULL)
    return;

  choose (self, g_variant_get_string (parameter, NULL));
  position = gtk_single_selection_get_selected (self->selection);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_list_view_scroll_to (self->view, position, GTK_LIST_SCROLL_NONE, NULL);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  adw_navigation_split_view_set_show_content (SLUICE_OBJECT_BROWSER (widget)->split, FALSE);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (widget);

  adw_navigation_split_view_set_show_content (self->split, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
show_all_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_drop_down_set_selected (self->kinds, KIND_ALL);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
refresh_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  load (SLUICE_OBJECT_BROWSER (widget), SLUICE_DESCRIBE_NOW);
}

/* Most often the connection is what must be mended first. */
static void
try_again_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (widget);

  if (sluice_connection_check_usable (self->connection, NULL))
    load (self, SLUICE_DESCRIBE_NOW);
  else
    gtk_widget_activate_action (widget, "subscription.refresh", NULL);
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceObjectBrowser) self = user_data;
  g_autoptr(GHashTable) counts = NULL;
  g_autoptr(GError) error = NULL;

  counts = sluice_record_counts_read_finish (SLUICE_CONNECTION (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  update_actions (self);
  if (counts == NULL)
    {
      sluice_show_toast_for_error (GTK_WIDGET (self), error);
      return;
    }

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->objects)); i++)
    {
      g_autoptr(SluiceObjectItem) item = g_list_model_get_item (G_LIST_MODEL (self->objects), i);
      const char *name = sluice_object_info_get_name (sluice_object_item_get_info (item));

      sluice_object_item_set_count (item, sluice_record_counts_get (counts, name));
    }
  sluice_show_toast (GTK_WIDGET (self), _("The numbers of records are approximate."));
}

static void
count_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (widget);

  gtk_widget_action_set_enabled (widget, "objects.count", FALSE);
  sluice_record_counts_read_async (self->connection, NULL, self->cancellable, counted_cb, g_object_ref (self));
}

/* The widget */

static void
set_connection (SluiceObjectBrowser *self,
                SluiceConnection    *connection)
{
  const char *name;

  if (!g_set_object (&self->connection, connection))
    return;

  g_signal_group_set_target (self->subscription_signals, get_subscription (self));
  forget_list (self);
  name = connection != NULL ? g_hash_table_lookup (self->chosen, get_subscription (self)) : NULL;
  sluice_object_page_show (self->page, name != NULL ? connection : NULL, name);
  mark_chosen (self);
  show_state (self, "loading");
  look_again (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_object_browser_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sluice_object_browser_parent_class)->map (widget);

  look_again (SLUICE_OBJECT_BROWSER (widget));
}

static void
sluice_object_browser_dispose (GObject *object)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (object);

  g_cancellable_cancel (self->cancellable);
  g_signal_group_set_target (self->subscription_signals, NULL);
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_OBJECT_BROWSER);
  g_clear_object (&self->list);
  g_clear_object (&self->connection);
  g_hash_table_remove_all (self->chosen);

  G_OBJECT_CLASS (sluice_object_browser_parent_class)->dispose (object);
}

static void
sluice_object_browser_finalize (GObject *object)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (object);

  g_clear_object (&self->subscription_signals);
  g_clear_object (&self->cancellable);
  g_hash_table_unref (self->chosen);
  g_free (self->folded);

  G_OBJECT_CLASS (sluice_object_browser_parent_class)->finalize (object);
}

static void
sluice_object_browser_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (object);

  switch (prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_object_browser_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  SluiceObjectBrowser *self = SLUICE_OBJECT_BROWSER (object);

  switch (prop_id)
    {
    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_object_browser_class_init (SluiceObjectBrowserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_object_browser_dispose;
  object_class->finalize = sluice_object_browser_finalize;
  object_class->get_property = sluice_object_browser_get_property;
  object_class->set_property = sluice_object_browser_set_property;
  widget_class->map = sluice_object_browser_map;

  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_OBJECT_ITEM);
  g_type_ensure (SLUICE_TYPE_OBJECT_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-object-browser.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, age_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, content);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, count_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, filter);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, filtered);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, kinds);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, list_stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, objects);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, page);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, refresh_spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, search);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, selection);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, split);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectBrowser, view);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);

  gtk_widget_class_install_action (widget_class, "objects.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "objects.count", NULL, count_action);
  gtk_widget_class_install_action (widget_class, "objects.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "objects.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "objects.show", "s", show_action);
  gtk_widget_class_install_action (widget_class, "objects.show-all", NULL, show_all_action);
  gtk_widget_class_install_action (widget_class, "objects.try-again", NULL, try_again_action);
}

static void
setup_row_cb (GtkListItemFactory *factory,
              GtkListItem        *item)
{
  /* Only activating chooses: passing over objects with the arrow keys asks nobody. */
  gtk_list_item_set_selectable (item, FALSE);
  gtk_list_item_set_child (item, sluice_object_row_new ());
}

static void
bind_row_cb (GtkListItemFactory *factory,
             GtkListItem        *item)
{
  SluiceObjectItem *object = gtk_list_item_get_item (item);

  sluice_object_row_set_item (SLUICE_OBJECT_ROW (gtk_list_item_get_child (item)), object);
  gtk_list_item_set_accessible_label (item, sluice_object_info_get_label (sluice_object_item_get_info (object)));
}

static void
unbind_row_cb (GtkListItemFactory *factory,
               GtkListItem        *item)
{
  sluice_object_row_set_item (SLUICE_OBJECT_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
sluice_object_browser_init (SluiceObjectBrowser *self)
{
  g_autoptr(GtkListItemFactory) factory = NULL;

  self->cancellable = g_cancellable_new ();
  self->chosen = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  self->subscription_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION);
  g_signal_group_connect_swapped (self->subscription_signals, "notify::status", G_CALLBACK (status_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_custom_filter_set_filter_func (self->filter, matches_filter, self, NULL);
  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row_cb), NULL);
  gtk_list_view_set_factory (self->view, factory);
  show_state (self, "loading");
}
