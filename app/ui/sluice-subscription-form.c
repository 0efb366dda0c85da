/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-subscription-form"

#include "config.h"

#include "sluice-subscription-form.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-browser.h"
#include "sluice-field-note.h"
#include "sluice-host.h"
#include "sluice-integration-file.h"
#include "sluice-private-window.h"
#include "sluice-tokens-group.h"
#include "sluice-ui-utils.h"

/**
 * SluiceSubscriptionForm:
 *
 * All fields of a subscription. Edits go to a draft; saving it is left to the
 * dialog or page around.
 *
 * Properties: `draft` (nullable SluiceSubscriptionDraft), `connection`
 * (nullable SluiceConnection: shows the tokens of a subscription that was
 * saved before).
 */
struct _SluiceSubscriptionForm
{
  AdwPreferencesPage parent_instance;

  SluiceSubscriptionDraft *draft; /* (nullable) */
  SluiceConnection *connection;   /* (nullable) */
  GSignalGroup *draft_signals;
  GCancellable *cancellable;
  GHashTable *look_back_rows;     /* (element-type AdwSpinRow utf8) */
  gboolean showing;

  AdwEntryRow *text_rows[SLUICE_N_FIELDS];
  AdwSpinRow *number_rows[SLUICE_N_FIELDS];
  SluiceFieldNote *notes[SLUICE_N_FIELDS];

  AdwEntryRow *api_key_row;
  AdwEntryRow *api_url_row;
  AdwEntryRow *consumer_key_row;
  AdwEntryRow *name_row;
  AdwSpinRow *concurrent_row;
  AdwSpinRow *hub_limit_row;
  AdwSpinRow *hub_seconds_row;
  AdwSpinRow *limit_row;
  AdwSpinRow *reserve_row;
  AdwSpinRow *seconds_row;
  AdwComboRow *sign_in_with_row;
  AdwComboRow *version_row;
  AdwPasswordEntryRow *consumer_secret_row;
  AdwActionRow *confirm_row;
  AdwActionRow *stored_secret_row;
  AdwExpanderRow *callbacks_row;
  AdwPreferencesGroup *look_back_group;
  SluiceFieldNote *api_url_note;
  SluiceFieldNote *consumer_key_note;
  SluiceFieldNote *hub_seconds_note;
  SluiceFieldNote *name_note;
  SluiceFieldNote *seconds_note;
  SluiceFieldNote *version_note;
};

enum
{
  PROP_0,
  PROP_DRAFT,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceSubscriptionForm, sluice_subscription_form, ADW_TYPE_PREFERENCES_PAGE)

static char *
format_integration (SluiceIntegration *integration)
{
  return g_strdup (sluice_integration_get_label (integration));
}

static SluiceIntegration *
get_integration (SluiceSubscriptionForm *self)
{
  SluiceSubscription *subscription = sluice_subscription_draft_get_subscription (self->draft);
  const char *id = sluice_subscription_get_integration_id (subscription);
  SluiceIntegration *integration;

  integration = sluice_integrations_find (id, sluice_subscription_draft_get_text (self->draft, SLUICE_FIELD_VERSION));

  return integration != NULL ? integration : sluice_integrations_find (id, NULL);
}

/* What is stored is looked at only when it may have changed, so that secrets are not copied for nothing. */
static void
update_stored_secret (SluiceSubscriptionForm *self)
{
  g_autoptr(SluiceCredentials) credentials = NULL;

  if (self->connection != NULL)
    credentials = sluice_client_dup_credentials (sluice_connection_get_client (self->connection));

  gtk_widget_set_visible (GTK_WIDGET (self->stored_secret_row),
                          credentials != NULL && credentials->consumer_secret != NULL);
}

static void
show_texts (SluiceSubscriptionForm *self)
{
  const char *secret = sluice_subscription_draft_get_consumer_secret (self->draft);

  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      const char *text;

      if (self->text_rows[i] == NULL)
        continue;

      text = sluice_subscription_draft_get_text (self->draft, i);
      if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->text_rows[i])), text) != 0)
        gtk_editable_set_text (GTK_EDITABLE (self->text_rows[i]), text);
    }

  secret = secret != NULL ? secret : "";
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->consumer_secret_row)), secret) != 0)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->consumer_secret_row), secret);
      update_stored_secret (self);
    }
}

static void
show_numbers (SluiceSubscriptionForm *self)
{
  GHashTableIter iter;
  gpointer row, data_type;

  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      if (self->number_rows[i] != NULL)
        adw_spin_row_set_value (self->number_rows[i], sluice_subscription_draft_get_number (self->draft, i));
    }

  g_hash_table_iter_init (&iter, self->look_back_rows);
  while (g_hash_table_iter_next (&iter, &row, &data_type))
    adw_spin_row_set_value (row, sluice_subscription_draft_get_look_back_days (self->draft, data_type));
}

static void
show_version (SluiceSubscriptionForm *self)
{
  GListModel *integrations = sluice_integrations_get_shipped ();
  const char *version = sluice_subscription_draft_get_text (self->draft, SLUICE_FIELD_VERSION);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < g_list_model_get_n_items (integrations); i++)
    {
      g_autoptr(SluiceIntegration) integration = g_list_model_get_item (integrations, i);

      if (g_strcmp0 (sluice_integration_get_version (integration), version) == 0)
        selected = i;
    }

  adw_combo_row_set_selected (self->version_row, selected);
}

/* What is typed as it will be saved needs no word. */
static void
show_address (SluiceSubscriptionForm *self)
{
  const char *typed = sluice_subscription_draft_get_text (self->draft, SLUICE_FIELD_API_URL);
  const char *url = sluice_subscription_draft_get_normalised_url (self->draft);
  gboolean guessed = sluice_subscription_draft_needs_confirmation (self->draft);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->confirm_row), guessed);
  if (guessed)
    adw_action_row_set_subtitle (self->confirm_row, url);

  if (url == NULL)
    return;

  if (guessed)
    text = g_strdup (_("Check that this is the org before it is used."));
  else if (g_strcmp0 (typed, url) != 0)
    /* Translators: %s is the address of an org */
    text = g_strdup_printf (_("Will be saved as %s"), url);

  sluice_field_note_show (self->api_url_note, SLUICE_FIELD_NOTE_HINT, text);
}

static void
show_errors (SluiceSubscriptionForm *self)
{
  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      if (self->notes[i] != NULL)
        sluice_field_note_show (self->notes[i], SLUICE_FIELD_NOTE_ERROR,
                                sluice_subscription_draft_get_error (self->draft, i));
    }

  if (*sluice_subscription_draft_get_text (self->draft, SLUICE_FIELD_CONSUMER_KEY) == '\0')
    sluice_field_note_show (self->consumer_key_note, SLUICE_FIELD_NOTE_HINT,
                            _("Required to sign in. It can be added later."));
}

static void
show_draft (SluiceSubscriptionForm *self)
{
  self->showing = TRUE;

  if (self->draft != NULL)
    {
      show_texts (self);
      show_numbers (self);
      show_version (self);
      adw_combo_row_set_selected (self->sign_in_with_row,
                                  sluice_subscription_draft_get_number (self->draft, SLUICE_FIELD_SIGN_IN_WITH));
      show_errors (self);
      show_address (self);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.reset-throttle",
                                     !sluice_subscription_draft_has_default_throttle (self->draft));
    }

  self->showing = FALSE;
}

static void
draft_updated_cb (SluiceSubscriptionForm *self)
{
  show_draft (self);
}

static void
text_changed_cb (SluiceSubscriptionForm *self,
                 AdwEntryRow            *row)
{
  if (self->showing || self->draft == NULL)
    return;

  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      if (self->text_rows[i] == row)
        sluice_subscription_draft_set_text (self->draft, i, gtk_editable_get_text (GTK_EDITABLE (row)));
    }
}

static void
secret_changed_cb (SluiceSubscriptionForm *self,
                   AdwEntryRow            *row)
{
  if (!self->showing && self->draft != NULL)
    sluice_subscription_draft_set_consumer_secret (self->draft, gtk_editable_get_text (GTK_EDITABLE (row)));
}

/* A spin row takes over what is typed only when it loses the focus; Save must not wait for that. */
static gboolean
read_number (AdwSpinRow *row,
             guint      *number)
{
  GtkAdjustment *adjustment = adw_spin_row_get_adjustment (row);
  guint64 value;

  if (!g_ascii_string_to_unsigned (gtk_editable_get_text (GTK_EDITABLE (row)), 10,
                                   0, (guint64) gtk_adjustment_get_upper (adjustment),
                                   &value, NULL))
    return FALSE;

  *number = (guint) value;
  return TRUE;
}

static void
number_changed_cb (SluiceSubscriptionForm *self)
{
  GHashTableIter iter;
  gpointer row, data_type;
  guint number;

  if (self->showing || self->draft == NULL)
    return;

  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      if (self->number_rows[i] != NULL && read_number (self->number_rows[i], &number))
        sluice_subscription_draft_set_number (self->draft, i, number);
    }

  g_hash_table_iter_init (&iter, self->look_back_rows);
  while (g_hash_table_iter_next (&iter, &row, &data_type))
    {
      if (read_number (row, &number))
        sluice_subscription_draft_set_look_back_days (self->draft, data_type, number);
    }
}

static void
version_selected_cb (SluiceSubscriptionForm *self)
{
  SluiceIntegration *integration = adw_combo_row_get_selected_item (self->version_row);

  if (self->showing || self->draft == NULL || integration == NULL)
    return;

  sluice_subscription_draft_set_text (self->draft, SLUICE_FIELD_VERSION, sluice_integration_get_version (integration));
}

static void
sign_in_with_selected_cb (SluiceSubscriptionForm *self)
{
  if (!self->showing && self->draft != NULL)
    sluice_subscription_draft_set_number (self->draft, SLUICE_FIELD_SIGN_IN_WITH,
                                          adw_combo_row_get_selected (self->sign_in_with_row));
}

static void
confirm_clicked_cb (SluiceSubscriptionForm *self)
{
  sluice_subscription_draft_confirm_url (self->draft);
  gtk_widget_grab_focus (GTK_WIDGET (self->api_url_row));
}

static void
setup_activated_cb (SluiceSubscriptionForm *self)
{
  g_autofree char *link = NULL;
  const char *url = NULL;

  if (self->connection != NULL)
    url = sluice_client_get_instance_url (sluice_connection_get_client (self->connection));
  if (url == NULL && self->draft != NULL)
    url = sluice_subscription_draft_get_normalised_url (self->draft);

  /* Without an org, the login page leads there. */
  link = sluice_host_dup_setup_link (url, SLUICE_SETUP_EXTERNAL_CLIENT_APPS);
  if (link == NULL)
    link = sluice_host_dup_setup_link ("https://login.salesforce.com", SLUICE_SETUP_EXTERNAL_CLIENT_APPS);

  sluice_browser_open (GTK_WIDGET (self), link);
}

static void
reset_throttle_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  sluice_subscription_draft_reset_throttle (SLUICE_SUBSCRIPTION_FORM (widget)->draft);
}

static void
secret_deleted_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(SluiceSubscriptionForm) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!sluice_connection_set_consumer_secret_finish (SLUICE_CONNECTION (object), result, &error))
    sluice_show_toast_for_error (GTK_WIDGET (self), error);
  else
    sluice_show_toast (GTK_WIDGET (self), _("Consumer secret deleted"));

  update_stored_secret (self);
}

static void
delete_secret_chosen_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(SluiceSubscriptionForm) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_strcmp0 (response, "delete") == 0 && self->connection != NULL)
    sluice_connection_set_consumer_secret_async (self->connection, NULL, self->cancellable,
                                                 secret_deleted_cb, g_object_ref (self));
}

static void
delete_secret_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  SluiceSubscriptionForm *self = SLUICE_SUBSCRIPTION_FORM (widget);

  sluice_ask_to_delete (widget, sluice_connection_get_subscription (self->connection),
                        _("Delete the Consumer Secret?"),
                        _("An app that requires a secret can no longer be used until it is entered again."),
                        self->cancellable, delete_secret_chosen_cb, g_object_ref (self));
}

static void
copy_clicked_cb (GtkButton *button)
{
  sluice_copy_text (GTK_WIDGET (button), g_object_get_data (G_OBJECT (button), "text"));
}

static GtkWidget *
create_callback_row (const char *url)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  /* Translators: %s is an address */
  g_autofree char *label = g_strdup_printf (_("Copy %s"), url);

  gtk_widget_set_tooltip_text (button, _("Copy"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "text", g_strdup (url), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (copy_clicked_cb), NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), url);
  adw_preferences_row_set_title_selectable (ADW_PREFERENCES_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
add_callbacks (SluiceSubscriptionForm *self,
               SluiceIntegration      *integration)
{
  const char *path = sluice_integration_get_callback_path (integration);
  const guint16 *ports;
  guint n_ports;

  ports = sluice_integration_get_callback_ports (integration, &n_ports);
  for (guint i = 0; i < n_ports; i++)
    {
      g_autofree char *url = g_strdup_printf ("http://localhost:%u%s", ports[i], path);

      adw_expander_row_add_row (self->callbacks_row, create_callback_row (url));
    }
}

static void
add_look_back_rows (SluiceSubscriptionForm *self,
                    SluiceIntegration      *integration)
{
  GPtrArray *data_types = sluice_integration_get_data_types (integration);

  for (guint i = 0; i < data_types->len; i++)
    {
      SluiceDataType *data_type = g_ptr_array_index (data_types, i);
      GtkWidget *row;

      if (!data_type->initialise)
        continue;

      /* The role that spin rows have by themselves hides their buttons from screen readers. */
      row = g_object_new (ADW_TYPE_SPIN_ROW,
                          "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM,
                          "adjustment", gtk_adjustment_new (0, 0, 36500, 1, 10, 0),
                          "numeric", TRUE,
                          "title", _(data_type->label),
                          NULL);
      g_signal_connect_swapped (row, "changed", G_CALLBACK (number_changed_cb), self);
      g_signal_connect_swapped (row, "notify::value", G_CALLBACK (number_changed_cb), self);
      g_hash_table_insert (self->look_back_rows, row, g_strdup (data_type->name));
      adw_preferences_group_add (self->look_back_group, row);
    }
}

static void
set_draft (SluiceSubscriptionForm  *self,
           SluiceSubscriptionDraft *draft)
{
  if (!g_set_object (&self->draft, draft))
    return;

  /* The rows of one integration serve all its versions that are shipped today. */
  if (draft != NULL && g_hash_table_size (self->look_back_rows) == 0)
    {
      self->showing = TRUE;
      add_callbacks (self, get_integration (self));
      add_look_back_rows (self, get_integration (self));
      self->showing = FALSE;
    }

  g_signal_group_set_target (self->draft_signals, draft);
  show_draft (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAFT]);
}

static void
set_connection (SluiceSubscriptionForm *self,
                SluiceConnection       *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;

  update_stored_secret (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_subscription_form_dispose (GObject *object)
{
  SluiceSubscriptionForm *self = SLUICE_SUBSCRIPTION_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_signal_group_set_target (self->draft_signals, NULL);
  g_hash_table_remove_all (self->look_back_rows);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SUBSCRIPTION_FORM);
  g_clear_object (&self->draft);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (sluice_subscription_form_parent_class)->dispose (object);
}

static void
sluice_subscription_form_finalize (GObject *object)
{
  SluiceSubscriptionForm *self = SLUICE_SUBSCRIPTION_FORM (object);

  g_clear_object (&self->draft_signals);
  g_clear_object (&self->cancellable);
  g_hash_table_unref (self->look_back_rows);

  G_OBJECT_CLASS (sluice_subscription_form_parent_class)->finalize (object);
}

static void
sluice_subscription_form_get_property (GObject    *object,
                                       guint       prop_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  SluiceSubscriptionForm *self = SLUICE_SUBSCRIPTION_FORM (object);

  switch (prop_id)
    {
    case PROP_DRAFT:
      g_value_set_object (value, self->draft);
      break;

    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_subscription_form_set_property (GObject      *object,
                                       guint         prop_id,
                                       const GValue *value,
                                       GParamSpec   *pspec)
{
  SluiceSubscriptionForm *self = SLUICE_SUBSCRIPTION_FORM (object);

  switch (prop_id)
    {
    case PROP_DRAFT:
      set_draft (self, g_value_get_object (value));
      break;

    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_subscription_form_class_init (SluiceSubscriptionFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_subscription_form_dispose;
  object_class->finalize = sluice_subscription_form_finalize;
  object_class->get_property = sluice_subscription_form_get_property;
  object_class->set_property = sluice_subscription_form_set_property;

  properties[PROP_DRAFT] =
    g_param_spec_object ("draft", NULL, NULL,
                         SLUICE_TYPE_SUBSCRIPTION_DRAFT,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_FIELD_NOTE);
  g_type_ensure (SLUICE_TYPE_TOKENS_GROUP);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-subscription-form.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, api_key_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, api_url_note);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, api_url_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, callbacks_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, concurrent_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, confirm_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, consumer_key_note);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, consumer_key_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, consumer_secret_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, hub_limit_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, hub_seconds_note);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, hub_seconds_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, limit_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, look_back_group);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, name_note);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, reserve_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, seconds_note);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, seconds_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, sign_in_with_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, stored_secret_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, version_note);
  gtk_widget_class_bind_template_child (widget_class, SluiceSubscriptionForm, version_row);
  gtk_widget_class_bind_template_callback (widget_class, confirm_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_integration);
  gtk_widget_class_bind_template_callback (widget_class, number_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, secret_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_with_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_stored_secret);
  gtk_widget_class_bind_template_callback (widget_class, version_selected_cb);

  gtk_widget_class_install_action (widget_class, "form.delete-secret", NULL, delete_secret_action);
  gtk_widget_class_install_action (widget_class, "form.reset-throttle", NULL, reset_throttle_action);
}

/* In the order of the enum; without the program there is nothing to choose. */
static void
fill_sign_in_with (SluiceSubscriptionForm *self)
{
  g_autoptr(GtkStringList) labels = gtk_string_list_new (NULL);

  for (SluiceSignInWith with = 0; with < SLUICE_N_SIGN_IN_WITH; with++)
    gtk_string_list_append (labels, sluice_sign_in_with_get_label (with));

  adw_combo_row_set_model (self->sign_in_with_row, G_LIST_MODEL (labels));
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in_with_row), sluice_private_window_is_available ());
}

static void
sluice_subscription_form_init (SluiceSubscriptionForm *self)
{
  self->cancellable = g_cancellable_new ();
  self->look_back_rows = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->draft_signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION_DRAFT);
  g_signal_group_connect_swapped (self->draft_signals, "updated", G_CALLBACK (draft_updated_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  self->text_rows[SLUICE_FIELD_NAME] = self->name_row;
  self->text_rows[SLUICE_FIELD_API_URL] = self->api_url_row;
  self->text_rows[SLUICE_FIELD_API_KEY] = self->api_key_row;
  self->text_rows[SLUICE_FIELD_CONSUMER_KEY] = self->consumer_key_row;
  self->number_rows[SLUICE_FIELD_LIMIT] = self->limit_row;
  self->number_rows[SLUICE_FIELD_SECONDS] = self->seconds_row;
  self->number_rows[SLUICE_FIELD_HUB_LIMIT] = self->hub_limit_row;
  self->number_rows[SLUICE_FIELD_HUB_SECONDS] = self->hub_seconds_row;
  self->number_rows[SLUICE_FIELD_CONCURRENT] = self->concurrent_row;
  self->number_rows[SLUICE_FIELD_BUDGET_RESERVE] = self->reserve_row;
  self->notes[SLUICE_FIELD_NAME] = self->name_note;
  self->notes[SLUICE_FIELD_VERSION] = self->version_note;
  self->notes[SLUICE_FIELD_API_URL] = self->api_url_note;
  self->notes[SLUICE_FIELD_CONSUMER_KEY] = self->consumer_key_note;
  self->notes[SLUICE_FIELD_SECONDS] = self->seconds_note;
  self->notes[SLUICE_FIELD_HUB_SECONDS] = self->hub_seconds_note;

  self->showing = TRUE;
  adw_combo_row_set_model (self->version_row, sluice_integrations_get_shipped ());
  fill_sign_in_with (self);
  self->showing = FALSE;
}

/**
 * sluice_subscription_form_focus_first_error:
 * @self: a form
 *
 * Leads the user to the first field that must be corrected.
 */
void
sluice_subscription_form_focus_first_error (SluiceSubscriptionForm *self)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_FORM (self));

  for (guint i = 0; self->draft != NULL && i < SLUICE_N_FIELDS; i++)
    {
      GtkWidget *row = self->text_rows[i] != NULL ? GTK_WIDGET (self->text_rows[i]) : GTK_WIDGET (self->number_rows[i]);

      if (row != NULL && sluice_subscription_draft_get_error (self->draft, i) != NULL)
        {
          gtk_widget_grab_focus (row);
          return;
        }
    }
}
