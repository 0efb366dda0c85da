/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-object-page"

#include "config.h"

#include "sluice-object-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-child-item.h"
#include "sluice-field-columns.h"
#include "sluice-field-dialog.h"
#include "sluice-format.h"
#include "sluice-record-counts.h"
#include "sluice-ui-utils.h"

/* A first look costs one call. */
#define QUERY_LIMIT 200

/**
 * SluiceObjectPage:
 *
 * Everything about one object of an org: its fields and child relationships,
 * how old that is, and how many records there are, when somebody asks.
 *
 * Property: `show-back` (boolean: whether there is a button that goes back to
 * the list, by the action `objects.back`).
 *
 * It stands inside of what knows the action `objects.show` (string: the API
 * name of the object to go to), and activates `data.query-object`.
 */
struct _SluiceObjectPage
{
  AdwBin parent_instance;

  SluiceConnection *connection;   /* (nullable) */
  char *name;                     /* (nullable) */
  SluiceObjectDescribe *describe; /* (nullable) */
  GCancellable *cancellable;      /* of what is on its way about this object */
  char *folded;                   /* (nullable), what is searched for */
  gboolean loading;
  gboolean show_back;

  AdwStatusPage *failed_page;
  GListStore *children;
  GtkColumnView *fields_view;
  GtkColumnViewColumn *copy_column;
  GtkColumnViewColumn *details_column;
  GtkColumnViewColumn *field_column;
  GtkColumnViewColumn *type_column;
  GtkCustomFilter *field_filter;
  GtkFilterListModel *fields;
  GtkLabel *age_label;
  GtkLabel *count_label;
  GtkLabel *custom_label;
  GtkLabel *facts_label;
  GtkLabel *label_label;
  GtkLabel *name_label;
  GtkSearchEntry *field_search;
  GtkSpinner *refresh_spinner;
  GtkSpinner *spinner;
  GtkStack *children_stack;
  GtkStack *fields_stack;
  GtkStack *parts;
  GtkStack *stack;
  GtkStackPage *children_part;
  GtkStackPage *fields_part;
};

enum
{
  PROP_0,
  PROP_SHOW_BACK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceObjectPage, sluice_object_page, ADW_TYPE_BIN)

static SluiceDescribeCache *
get_cache (SluiceObjectPage *self)
{
  return sluice_connection_get_describe_cache (self->connection);
}

static gboolean
contains_folded (const char *text,
                 const char *folded)
{
  g_autofree char *text_folded = g_utf8_casefold (text, -1);

  return strstr (text_folded, folded) != NULL;
}

static gboolean
matches_search (gpointer item,
                gpointer user_data)
{
  SluiceObjectPage *self = user_data;

  return self->folded == NULL ||
         contains_folded (sluice_field_info_get_label (item), self->folded) ||
         contains_folded (sluice_field_info_get_name (item), self->folded);
}

static void
show_fields_state (SluiceObjectPage *self)
{
  gboolean found = g_list_model_get_n_items (G_LIST_MODEL (self->fields)) > 0;

  gtk_stack_set_visible_child_name (self->fields_stack, found || self->folded == NULL ? "fields" : "empty");
}

static void
field_search_cb (SluiceObjectPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->field_search));
  g_autofree char *folded = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;

  if (!g_set_str (&self->folded, folded))
    return;

  gtk_filter_changed (GTK_FILTER (self->field_filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_fields_state (self);
}

static void
part_changed_cb (SluiceObjectPage *self)
{
  gboolean fields = g_strcmp0 (gtk_stack_get_visible_child_name (self->parts), "fields") == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->field_search), fields);
}

static char *
describe_facts (SluiceObjectInfo *info)
{
  static const struct
  {
    SluiceObjectFlags flag;
    const char *text;
  } words[] = {
    { SLUICE_OBJECT_CUSTOM_SETTING, N_("Custom setting") },
    { SLUICE_OBJECT_QUERYABLE, N_("Queryable") },
    { SLUICE_OBJECT_CREATEABLE, N_("Createable") },
    { SLUICE_OBJECT_UPDATEABLE, N_("Updateable") },
    { SLUICE_OBJECT_DELETABLE, N_("Deletable") },
  };
  const char *prefix = sluice_object_info_get_key_prefix (info);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) facts = NULL;

  if (prefix != NULL)
    /* Translators: the first characters of the ids of an object's records */
    g_strv_builder_take (builder, g_strdup_printf (_("Key prefix: %s"), prefix));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (sluice_object_info_has (info, words[i].flag))
        g_strv_builder_add (builder, _(words[i].text));
    }
  facts = g_strv_builder_end (builder);

  return g_strjoinv (" · ", facts);
}

static void
show_age (SluiceObjectPage *self)
{
  g_autofree char *text = sluice_format_described (sluice_describe_cache_get_checked_at (get_cache (self), self->name),
                                                   sluice_describe_cache_get_problem (get_cache (self), self->name));

  gtk_label_set_label (self->age_label, text);
}

static void
show_titles (SluiceObjectPage *self)
{
  guint n_fields = g_list_model_get_n_items (sluice_object_describe_get_fields (self->describe));
  g_autofree char *fields = sluice_format_number (n_fields);
  g_autofree char *children = sluice_format_number (sluice_object_describe_get_n_children (self->describe));
  /* Translators: %s is their number */
  g_autofree char *fields_title = g_strdup_printf (_("Fields (%s)"), fields);
  /* Translators: child relationships of an object; %s is their number */
  g_autofree char *children_title = g_strdup_printf (_("Children (%s)"), children);

  gtk_stack_page_set_title (self->fields_part, fields_title);
  gtk_stack_page_set_title (self->children_part, children_title);
}

static void
show_children (SluiceObjectPage *self)
{
  guint n_children = sluice_object_describe_get_n_children (self->describe);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_children; i++)
    g_ptr_array_add (items, sluice_child_item_new (sluice_object_describe_get_child (self->describe, i)));

  g_list_store_splice (self->children, 0, g_list_model_get_n_items (G_LIST_MODEL (self->children)),
                       items->pdata, items->len);
  gtk_stack_set_visible_child_name (self->children_stack, n_children > 0 ? "children" : "empty");
}

static void
show_describe (SluiceObjectPage *self)
{
  SluiceObjectInfo *info = sluice_object_describe_get_info (self->describe);
  g_autofree char *facts = describe_facts (info);

  gtk_label_set_label (self->label_label, sluice_object_info_get_label (info));
  gtk_label_set_label (self->name_label, sluice_object_info_get_name (info));
  gtk_label_set_label (self->facts_label, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->custom_label), sluice_object_info_has (info, SLUICE_OBJECT_CUSTOM));
  gtk_filter_list_model_set_model (self->fields, sluice_object_describe_get_fields (self->describe));
  show_fields_state (self);
  show_titles (self);
  show_children (self);
  show_age (self);
}

static void
update_actions (SluiceObjectPage *self)
{
  SluiceObjectInfo *info = self->describe != NULL ? sluice_object_describe_get_info (self->describe) : NULL;
  gboolean queryable = info != NULL && sluice_object_info_has (info, SLUICE_OBJECT_QUERYABLE);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.copy-name", info != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.count", queryable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.query", queryable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.refresh", self->name != NULL && !self->loading);
}

static void
show_state (SluiceObjectPage *self,
            const char       *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "loading"));
  gtk_spinner_set_spinning (self->refresh_spinner, self->loading && g_str_equal (page, "object"));
  update_actions (self);
}

static void
take_describe (SluiceObjectPage     *self,
               SluiceObjectDescribe *describe)
{
  gboolean first = self->describe == NULL;

  if (g_set_object (&self->describe, describe))
    show_describe (self);
  else
    show_age (self);

  if (!first)
    return;

  /* The same object keeps its place in the list; another one begins at its first field. */
  if (g_list_model_get_n_items (G_LIST_MODEL (self->fields)) > 0)
    gtk_column_view_scroll_to (self->fields_view, 0, NULL, GTK_LIST_SCROLL_NONE, NULL);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->label_label),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceObjectPage) self = user_data;
  g_autoptr(SluiceObjectDescribe) describe = NULL;
  g_autoptr(GError) error = NULL;

  describe = sluice_describe_cache_describe_finish (SLUICE_DESCRIBE_CACHE (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  if (describe != NULL)
    {
      take_describe (self, describe);
      show_state (self, "object");
      return;
    }

  if (self->describe != NULL)
    {
      show_age (self);
      show_state (self, "object");
      sluice_show_toast_for_error (GTK_WIDGET (self), error);
      return;
    }

  adw_status_page_set_title (self->failed_page, self->name);
  adw_status_page_set_description (self->failed_page, error->message);
  show_state (self, "failed");
  gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
load (SluiceObjectPage  *self,
      SluiceDescribeAge  age)
{
  self->loading = TRUE;
  show_state (self, self->describe != NULL ? "object" : "loading");
  sluice_describe_cache_describe_async (get_cache (self), self->name, age, self->cancellable, described_cb,
                                        g_object_ref (self));
}

static void
refresh_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  load (SLUICE_OBJECT_PAGE (widget), SLUICE_DESCRIBE_NOW);
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceObjectPage) self = user_data;
  g_autoptr(GHashTable) counts = NULL;
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gint64 count;

  counts = sluice_record_counts_read_finish (SLUICE_CONNECTION (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.count", TRUE);
  if (counts == NULL)
    {
      sluice_show_toast_for_error (GTK_WIDGET (self), error);
      return;
    }

  count = sluice_record_counts_get (counts, self->name);
  number = sluice_format_number (count);
  if (count < 0)
    text = g_strdup (_("The org does not count these records."));
  else
    /* Translators: %s is a number; it is approximate */
    text = g_strdup_printf (ngettext ("About %s record", "About %s records", (gulong) count), number);

  gtk_label_set_label (self->count_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->count_label),
                               _("Approximate: as the org last counted, without the recycle bin"));
  gtk_widget_set_visible (GTK_WIDGET (self->count_label), TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
count_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  SluiceObjectPage *self = SLUICE_OBJECT_PAGE (widget);

  gtk_widget_action_set_enabled (widget, "object.count", FALSE);
  sluice_record_counts_read_async (self->connection, sluice_object_describe_get_name (self->describe),
                                   self->cancellable, counted_cb, g_object_ref (self));
}

static void
query_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  g_autofree char *query = sluice_object_describe_dup_query (SLUICE_OBJECT_PAGE (widget)->describe, QUERY_LIMIT);

  gtk_widget_activate_action (widget, "data.query-object", "s", query);
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  sluice_copy_text (widget, g_variant_get_string (parameter, NULL));
}

static void
copy_name_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  sluice_copy_text (widget, sluice_object_describe_get_name (SLUICE_OBJECT_PAGE (widget)->describe));
}

static void
field_activated_cb (SluiceObjectPage *self,
                    guint             position)
{
  g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (G_LIST_MODEL (self->fields), position);

  if (field != NULL)
    adw_dialog_present (sluice_field_dialog_new (field, GTK_WIDGET (self)), GTK_WIDGET (self));
}

static void
child_activated_cb (SluiceObjectPage *self,
                    guint             position)
{
  g_autoptr(SluiceChildItem) child = g_list_model_get_item (G_LIST_MODEL (self->children), position);

  if (child != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "objects.show", "s", sluice_child_item_get_object (child));
}

static void
stop_loading (SluiceObjectPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
sluice_object_page_dispose (GObject *object)
{
  SluiceObjectPage *self = SLUICE_OBJECT_PAGE (object);

  stop_loading (self);
  if (self->field_filter != NULL)
    gtk_custom_filter_set_filter_func (self->field_filter, NULL, NULL, NULL);
  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_OBJECT_PAGE);
  g_clear_object (&self->describe);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (sluice_object_page_parent_class)->dispose (object);
}

static void
sluice_object_page_finalize (GObject *object)
{
  SluiceObjectPage *self = SLUICE_OBJECT_PAGE (object);

  g_free (self->folded);
  g_free (self->name);

  G_OBJECT_CLASS (sluice_object_page_parent_class)->finalize (object);
}

static void
sluice_object_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceObjectPage *self = SLUICE_OBJECT_PAGE (object);

  switch (prop_id)
    {
    case PROP_SHOW_BACK:
      g_value_set_boolean (value, self->show_back);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_object_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  SluiceObjectPage *self = SLUICE_OBJECT_PAGE (object);

  switch (prop_id)
    {
    case PROP_SHOW_BACK:
      if (self->show_back != g_value_get_boolean (value))
        {
          self->show_back = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_object_page_class_init (SluiceObjectPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_object_page_dispose;
  object_class->finalize = sluice_object_page_finalize;
  object_class->get_property = sluice_object_page_get_property;
  object_class->set_property = sluice_object_page_set_property;

  properties[PROP_SHOW_BACK] =
    g_param_spec_boolean ("show-back", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_CHILD_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-object-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, age_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, children);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, children_part);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, children_stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, copy_column);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, custom_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, details_column);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, facts_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, field_column);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, field_filter);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, field_search);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, fields);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, fields_part);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, fields_stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, fields_view);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, label_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, name_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, parts);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, refresh_spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceObjectPage, type_column);
  gtk_widget_class_bind_template_callback (widget_class, child_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, field_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, field_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, part_changed_cb);

  gtk_widget_class_install_action (widget_class, "object.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "object.copy-name", NULL, copy_name_action);
  gtk_widget_class_install_action (widget_class, "object.count", NULL, count_action);
  gtk_widget_class_install_action (widget_class, "object.query", NULL, query_action);
  gtk_widget_class_install_action (widget_class, "object.refresh", NULL, refresh_action);
}

static void
set_factory (GtkColumnViewColumn *column,
             GtkListItemFactory  *factory) /* (transfer full) */
{
  gtk_column_view_column_set_factory (column, factory);
  g_object_unref (factory);
}

static void
sluice_object_page_init (SluiceObjectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_custom_filter_set_filter_func (self->field_filter, matches_search, self, NULL);
  set_factory (self->field_column, sluice_field_columns_new_name ());
  set_factory (self->type_column, sluice_field_columns_new_type ());
  set_factory (self->details_column, sluice_field_columns_new_details ());
  set_factory (self->copy_column, sluice_field_columns_new_copy ());
  show_state (self, "none");
}

/* NULL for both shows that none is chosen. */
void
sluice_object_page_show (SluiceObjectPage *self,
                         SluiceConnection *connection,
                         const char       *name)
{
  g_return_if_fail (SLUICE_IS_OBJECT_PAGE (self));
  g_return_if_fail (name == NULL || SLUICE_IS_CONNECTION (connection));

  if (self->connection == connection && g_strcmp0 (self->name, name) == 0 && self->describe != NULL)
    return;

  stop_loading (self);
  self->loading = FALSE;
  g_clear_object (&self->describe);
  g_set_object (&self->connection, connection);
  g_set_str (&self->name, name);
  gtk_widget_set_visible (GTK_WIDGET (self->count_label), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->field_search), "");
  field_search_cb (self);
  gtk_stack_set_visible_child_name (self->parts, "fields");

  if (name == NULL)
    {
      show_state (self, "none");
      return;
    }

  self->cancellable = g_cancellable_new ();
  if (sluice_describe_cache_peek (get_cache (self), name) != NULL)
    take_describe (self, sluice_describe_cache_peek (get_cache (self), name));
  load (self, SLUICE_DESCRIBE_RECENT);
}

/* Somebody looks, or the org can be asked now: what is missing or old is asked for. */
void
sluice_object_page_look_again (SluiceObjectPage *self)
{
  g_return_if_fail (SLUICE_IS_OBJECT_PAGE (self));

  if (self->name != NULL && !self->loading)
    load (self, SLUICE_DESCRIBE_RECENT);
}

const char *
sluice_object_page_get_name (SluiceObjectPage *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_PAGE (self), NULL);

  return self->name;
}
