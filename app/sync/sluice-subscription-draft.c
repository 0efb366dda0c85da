/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-draft.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-credentials.h"
#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-integration-file.h"
#include "sluice-subscription-values.h"

struct _SluiceSubscriptionDraft
{
  GObject parent_instance;

  SluiceSubscription *subscription;
  SluiceSubscriptionList *others;
  SluiceSubscriptionValues base;
  SluiceSubscriptionValues edited;
  char *consumer_secret;          /* (nullable) */
  gboolean saving;

  char *errors[SLUICE_N_FIELDS];  /* (nullable) */
  char *normalised_url;           /* (nullable) */
  gboolean needs_confirmation;
  gboolean valid;
  gboolean changed;
};

G_DEFINE_FINAL_TYPE (SluiceSubscriptionDraft, sluice_subscription_draft, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SUBSCRIPTION,
  PROP_OTHERS,
  PROP_VALID,
  PROP_CHANGED,
  N_PROPS
};

enum
{
  UPDATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static char *
dup_stripped (SluiceSubscriptionDraft *self,
              SluiceSubscriptionField  field)
{
  return g_strstrip (g_strdup (self->edited.texts[field]));
}

static char *
check_name (SluiceSubscriptionDraft *self)
{
  g_autofree char *name = dup_stripped (self, SLUICE_FIELD_NAME);

  if (*name == '\0')
    return g_strdup (_("Enter a name."));

  if (!sluice_subscription_list_is_name_free (self->others, name, self->subscription))
    return g_strdup (_("Another subscription has this name. Enter a different one."));

  return NULL;
}

static SluiceIntegration *
find_integration (SluiceSubscriptionDraft *self)
{
  return sluice_integrations_find (sluice_subscription_get_integration_id (self->subscription),
                                   self->edited.texts[SLUICE_FIELD_VERSION]);
}

static char *
check_version (SluiceSubscriptionDraft *self)
{
  if (find_integration (self) != NULL)
    return NULL;

  /* Translators: %s is a version number, such as 1.0 */
  return g_strdup_printf (_("Sluice does not have version “%s” of this integration. Choose another."),
                          self->edited.texts[SLUICE_FIELD_VERSION]);
}

static char *
check_api_url (SluiceSubscriptionDraft *self)
{
  g_autofree char *text = dup_stripped (self, SLUICE_FIELD_API_URL);
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->normalised_url, g_free);
  self->needs_confirmation = FALSE;

  if (*text == '\0')
    return g_strdup (_("Enter the address of the org, such as https://login.salesforce.com."));

  self->normalised_url = sluice_host_normalise (text, &self->needs_confirmation, &error);
  if (self->normalised_url != NULL)
    return NULL;

  self->needs_confirmation = FALSE;
  return g_strdup (error->message);
}

/* Keys are printable ASCII without blanks; a line break or a second word was pasted along. */
static char *
check_consumer_key (SluiceSubscriptionDraft *self)
{
  g_autofree char *key = dup_stripped (self, SLUICE_FIELD_CONSUMER_KEY);

  for (const char *p = key; *p != '\0'; p++)
    {
      if (!g_ascii_isgraph (*p))
        return g_strdup (_("A consumer key has only letters, digits and signs, and no blanks. Copy it again from Setup."));
    }

  return NULL;
}

static char *
check_window (SluiceSubscriptionDraft *self,
              SluiceSubscriptionField  limit,
              SluiceSubscriptionField  seconds)
{
  if (self->edited.numbers[limit] == 0 || self->edited.numbers[seconds] > 0)
    return NULL;

  return g_strdup (_("A limit needs a time of at least one second."));
}

static gboolean
has_errors (SluiceSubscriptionDraft *self)
{
  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    {
      if (self->errors[i] != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
set_error (SluiceSubscriptionDraft *self,
           SluiceSubscriptionField  field,
           char                    *error)
{
  g_free (self->errors[field]);
  self->errors[field] = error;
}

static void
set_flag (SluiceSubscriptionDraft *self,
          gboolean                *place,
          gboolean                 value,
          guint                    prop_id)
{
  if (*place == value)
    return;

  *place = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static gboolean
is_changed (SluiceSubscriptionDraft *self)
{
  return self->consumer_secret != NULL || !sluice_subscription_values_equal (&self->edited, &self->base);
}

static void
update (SluiceSubscriptionDraft *self)
{
  set_error (self, SLUICE_FIELD_NAME, check_name (self));
  set_error (self, SLUICE_FIELD_VERSION, check_version (self));
  set_error (self, SLUICE_FIELD_API_URL, check_api_url (self));
  set_error (self, SLUICE_FIELD_CONSUMER_KEY, check_consumer_key (self));
  set_error (self, SLUICE_FIELD_SECONDS, check_window (self, SLUICE_FIELD_LIMIT, SLUICE_FIELD_SECONDS));
  set_error (self, SLUICE_FIELD_HUB_SECONDS, check_window (self, SLUICE_FIELD_HUB_LIMIT, SLUICE_FIELD_HUB_SECONDS));

  g_object_freeze_notify (G_OBJECT (self));
  set_flag (self, &self->valid, !self->needs_confirmation && !has_errors (self), PROP_VALID);
  set_flag (self, &self->changed, is_changed (self), PROP_CHANGED);
  g_object_thaw_notify (G_OBJECT (self));

  g_signal_emit (self, signals[UPDATED], 0);
}

static void
subscription_notify_cb (SluiceSubscription      *subscription,
                        GParamSpec              *pspec,
                        SluiceSubscriptionDraft *self)
{
  SluiceSubscriptionValues news;

  if (self->saving)
    return;

  sluice_subscription_values_init (&news);
  sluice_subscription_values_read (&news, subscription);

  if (!sluice_subscription_values_equal (&news, &self->base))
    {
      sluice_subscription_values_merge (&self->edited, &self->base, &news);
      sluice_subscription_values_copy (&self->base, &news);
      update (self);
    }

  sluice_subscription_values_clear (&news);
}

static void
others_changed_cb (GListModel              *others,
                   guint                    position,
                   guint                    removed,
                   guint                    added,
                   SluiceSubscriptionDraft *self)
{
  update (self);
}

static void
sluice_subscription_draft_constructed (GObject *object)
{
  SluiceSubscriptionDraft *self = SLUICE_SUBSCRIPTION_DRAFT (object);

  G_OBJECT_CLASS (sluice_subscription_draft_parent_class)->constructed (object);

  sluice_subscription_values_read (&self->base, self->subscription);
  sluice_subscription_values_copy (&self->edited, &self->base);
  g_signal_connect_object (self->subscription, "notify", G_CALLBACK (subscription_notify_cb), self, 0);
  g_signal_connect_object (self->others, "items-changed", G_CALLBACK (others_changed_cb), self, 0);
  update (self);
}

static void
sluice_subscription_draft_get_property (GObject    *object,
                                        guint       prop_id,
                                        GValue     *value,
                                        GParamSpec *pspec)
{
  SluiceSubscriptionDraft *self = SLUICE_SUBSCRIPTION_DRAFT (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      g_value_set_object (value, self->subscription);
      break;
    case PROP_OTHERS:
      g_value_set_object (value, self->others);
      break;
    case PROP_VALID:
      g_value_set_boolean (value, self->valid);
      break;
    case PROP_CHANGED:
      g_value_set_boolean (value, self->changed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_subscription_draft_set_property (GObject      *object,
                                        guint         prop_id,
                                        const GValue *value,
                                        GParamSpec   *pspec)
{
  SluiceSubscriptionDraft *self = SLUICE_SUBSCRIPTION_DRAFT (object);

  switch (prop_id)
    {
    case PROP_SUBSCRIPTION:
      self->subscription = g_value_dup_object (value);
      break;
    case PROP_OTHERS:
      self->others = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_subscription_draft_finalize (GObject *object)
{
  SluiceSubscriptionDraft *self = SLUICE_SUBSCRIPTION_DRAFT (object);

  g_clear_object (&self->subscription);
  g_clear_object (&self->others);
  sluice_subscription_values_clear (&self->base);
  sluice_subscription_values_clear (&self->edited);
  for (guint i = 0; i < SLUICE_N_FIELDS; i++)
    g_free (self->errors[i]);
  g_free (self->normalised_url);
  sluice_secret_free (self->consumer_secret);

  G_OBJECT_CLASS (sluice_subscription_draft_parent_class)->finalize (object);
}

static void
sluice_subscription_draft_class_init (SluiceSubscriptionDraftClass *klass)
{
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = sluice_subscription_draft_constructed;
  object_class->get_property = sluice_subscription_draft_get_property;
  object_class->set_property = sluice_subscription_draft_set_property;
  object_class->finalize = sluice_subscription_draft_finalize;

  properties[PROP_SUBSCRIPTION] =
    g_param_spec_object ("subscription", NULL, NULL, SLUICE_TYPE_SUBSCRIPTION, construct);
  properties[PROP_OTHERS] =
    g_param_spec_object ("others", NULL, NULL, SLUICE_TYPE_SUBSCRIPTION_LIST, construct);
  properties[PROP_VALID] = g_param_spec_boolean ("valid", NULL, NULL, FALSE, readable);
  properties[PROP_CHANGED] = g_param_spec_boolean ("changed", NULL, NULL, FALSE, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[UPDATED] = g_signal_new ("updated",
                                   SLUICE_TYPE_SUBSCRIPTION_DRAFT,
                                   G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
sluice_subscription_draft_init (SluiceSubscriptionDraft *self)
{
  sluice_subscription_values_init (&self->base);
  sluice_subscription_values_init (&self->edited);
}

/**
 * sluice_subscription_draft_new:
 * @subscription: the subscription to edit, not necessarily saved before
 * @others: the list in which names are unique
 *
 * Returns: (transfer full): a draft that is the same as @subscription
 */
SluiceSubscriptionDraft *
sluice_subscription_draft_new (SluiceSubscription     *subscription,
                               SluiceSubscriptionList *others)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), NULL);
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_LIST (others), NULL);

  return g_object_new (SLUICE_TYPE_SUBSCRIPTION_DRAFT,
                       "subscription", subscription,
                       "others", others,
                       NULL);
}

/**
 * sluice_subscription_draft_get_subscription:
 * @self: a draft
 *
 * Returns: (transfer none): the subscription that is edited
 */
SluiceSubscription *
sluice_subscription_draft_get_subscription (SluiceSubscriptionDraft *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), NULL);

  return self->subscription;
}

/**
 * sluice_subscription_draft_get_text:
 * @self: a draft
 * @field: a text field
 *
 * Returns: the text as the user typed it
 */
const char *
sluice_subscription_draft_get_text (SluiceSubscriptionDraft *self,
                                    SluiceSubscriptionField  field)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), NULL);
  g_return_val_if_fail (field < SLUICE_N_TEXT_FIELDS, NULL);

  return self->edited.texts[field];
}

/**
 * sluice_subscription_draft_set_text:
 * @self: a draft
 * @field: a text field
 * @text: what the user typed
 *
 * Edits one field.
 */
void
sluice_subscription_draft_set_text (SluiceSubscriptionDraft *self,
                                    SluiceSubscriptionField  field,
                                    const char              *text)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));
  g_return_if_fail (field < SLUICE_N_TEXT_FIELDS);
  g_return_if_fail (text != NULL);

  if (g_set_str (&self->edited.texts[field], text))
    update (self);
}

/**
 * sluice_subscription_draft_get_number:
 * @self: a draft
 * @field: a number field
 *
 * Returns: the number
 */
guint
sluice_subscription_draft_get_number (SluiceSubscriptionDraft *self,
                                      SluiceSubscriptionField  field)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), 0);
  g_return_val_if_fail (field >= SLUICE_N_TEXT_FIELDS && field < SLUICE_N_FIELDS, 0);

  return self->edited.numbers[field];
}

/**
 * sluice_subscription_draft_set_number:
 * @self: a draft
 * @field: a number field
 * @number: its new value
 *
 * Edits one field.
 */
void
sluice_subscription_draft_set_number (SluiceSubscriptionDraft *self,
                                      SluiceSubscriptionField  field,
                                      guint                    number)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));
  g_return_if_fail (field >= SLUICE_N_TEXT_FIELDS && field < SLUICE_N_FIELDS);

  if (self->edited.numbers[field] == number)
    return;

  self->edited.numbers[field] = number;
  update (self);
}

/**
 * sluice_subscription_draft_get_look_back_days:
 * @self: a draft
 * @data_type: name of a data type, such as `customer`
 *
 * Returns: how many days back a first load begins, 0 = everything
 */
guint
sluice_subscription_draft_get_look_back_days (SluiceSubscriptionDraft *self,
                                              const char              *data_type)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), 0);
  g_return_val_if_fail (data_type != NULL, 0);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->edited.look_back, data_type));
}

/**
 * sluice_subscription_draft_set_look_back_days:
 * @self: a draft
 * @data_type: name of a data type, such as `customer`
 * @days: how many days back a first load begins, 0 = everything
 *
 * Edits the look-back days of one data type.
 */
void
sluice_subscription_draft_set_look_back_days (SluiceSubscriptionDraft *self,
                                              const char              *data_type,
                                              guint                    days)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));
  g_return_if_fail (data_type != NULL);

  if (sluice_subscription_draft_get_look_back_days (self, data_type) == days)
    return;

  g_hash_table_insert (self->edited.look_back, g_strdup (data_type), GUINT_TO_POINTER (days));
  update (self);
}

/**
 * sluice_subscription_draft_get_consumer_secret:
 * @self: a draft
 *
 * Returns: (nullable): the consumer secret that was typed, %NULL to leave the stored one
 */
const char *
sluice_subscription_draft_get_consumer_secret (SluiceSubscriptionDraft *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), NULL);

  return self->consumer_secret;
}

/**
 * sluice_subscription_draft_set_consumer_secret:
 * @self: a draft
 * @consumer_secret: (nullable): the consumer secret, %NULL or empty to leave the stored one
 *
 * Remembers what was typed, until it is stored or the draft is reverted.
 */
void
sluice_subscription_draft_set_consumer_secret (SluiceSubscriptionDraft *self,
                                               const char              *consumer_secret)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));

  if (consumer_secret != NULL && *consumer_secret == '\0')
    consumer_secret = NULL;

  if (g_strcmp0 (self->consumer_secret, consumer_secret) == 0)
    return;

  sluice_secret_set (&self->consumer_secret, consumer_secret);
  update (self);
}

/**
 * sluice_subscription_draft_get_error:
 * @self: a draft
 * @field: a field
 *
 * Returns: (nullable): what is wrong with the field, translated
 */
const char *
sluice_subscription_draft_get_error (SluiceSubscriptionDraft *self,
                                     SluiceSubscriptionField  field)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), NULL);
  g_return_val_if_fail (field < SLUICE_N_FIELDS, NULL);

  return self->errors[field];
}

/**
 * sluice_subscription_draft_get_normalised_url:
 * @self: a draft
 *
 * Returns: (nullable): the address that will be saved, %NULL while what was typed is refused
 */
const char *
sluice_subscription_draft_get_normalised_url (SluiceSubscriptionDraft *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), NULL);

  return self->normalised_url;
}

/**
 * sluice_subscription_draft_needs_confirmation:
 * @self: a draft
 *
 * Returns: whether the address was guessed and the user must agree before it can be saved
 */
gboolean
sluice_subscription_draft_needs_confirmation (SluiceSubscriptionDraft *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), FALSE);

  return self->needs_confirmation;
}

/**
 * sluice_subscription_draft_confirm_url:
 * @self: a draft with a usable address
 *
 * Replaces what was typed by the address that it becomes.
 */
void
sluice_subscription_draft_confirm_url (SluiceSubscriptionDraft *self)
{
  g_autofree char *url = NULL;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));
  g_return_if_fail (self->normalised_url != NULL);

  url = g_strdup (self->normalised_url);
  sluice_subscription_draft_set_text (self, SLUICE_FIELD_API_URL, url);
}

/**
 * sluice_subscription_draft_get_valid:
 * @self: a draft
 *
 * Returns: whether it can be saved
 */
gboolean
sluice_subscription_draft_get_valid (SluiceSubscriptionDraft *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), FALSE);

  return self->valid;
}

/**
 * sluice_subscription_draft_get_changed:
 * @self: a draft
 *
 * Returns: whether it differs from the subscription
 */
gboolean
sluice_subscription_draft_get_changed (SluiceSubscriptionDraft *self)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), FALSE);

  return self->changed;
}

/**
 * sluice_subscription_draft_moves:
 * @self: a draft
 *
 * Returns: whether saving makes the stored tokens useless, because they belong to another org or app
 */
gboolean
sluice_subscription_draft_moves (SluiceSubscriptionDraft *self)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), FALSE);

  key = dup_stripped (self, SLUICE_FIELD_CONSUMER_KEY);

  return g_strcmp0 (self->normalised_url, self->base.texts[SLUICE_FIELD_API_URL]) != 0 ||
         !g_str_equal (key, self->base.texts[SLUICE_FIELD_CONSUMER_KEY]);
}

/**
 * sluice_subscription_draft_changes_app:
 * @self: a draft
 *
 * Returns: whether another consumer key takes the place of one, so that the stored consumer secret is not its own
 */
gboolean
sluice_subscription_draft_changes_app (SluiceSubscriptionDraft *self)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), FALSE);

  key = dup_stripped (self, SLUICE_FIELD_CONSUMER_KEY);

  return *self->base.texts[SLUICE_FIELD_CONSUMER_KEY] != '\0' &&
         !g_str_equal (key, self->base.texts[SLUICE_FIELD_CONSUMER_KEY]);
}

/**
 * sluice_subscription_draft_revert:
 * @self: a draft
 *
 * Forgets all edits.
 */
void
sluice_subscription_draft_revert (SluiceSubscriptionDraft *self)
{
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));

  sluice_secret_set (&self->consumer_secret, NULL);
  sluice_subscription_values_copy (&self->edited, &self->base);
  update (self);
}

/**
 * sluice_subscription_draft_has_default_throttle:
 * @self: a draft
 *
 * Returns: whether the throttling fields are those of the integration
 */
gboolean
sluice_subscription_draft_has_default_throttle (SluiceSubscriptionDraft *self)
{
  SluiceIntegration *integration;
  SluiceThrottleSettings throttle;

  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self), FALSE);

  integration = find_integration (self);
  sluice_subscription_values_get_throttle (&self->edited, &throttle);

  return integration == NULL ||
         sluice_throttle_settings_equal (&throttle, sluice_integration_get_throttle (integration));
}

/**
 * sluice_subscription_draft_reset_throttle:
 * @self: a draft
 *
 * Makes the throttling fields those of the integration.
 */
void
sluice_subscription_draft_reset_throttle (SluiceSubscriptionDraft *self)
{
  SluiceIntegration *integration;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));

  integration = find_integration (self);
  if (integration == NULL)
    return;

  sluice_subscription_values_set_throttle (&self->edited, sluice_integration_get_throttle (integration));
  update (self);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  SluiceSubscriptionStore *store = SLUICE_SUBSCRIPTION_STORE (object);
  g_autoptr(GTask) task = user_data;
  SluiceSubscriptionDraft *self = g_task_get_source_object (task);
  SluiceSubscription *before = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean saved;

  saved = sluice_subscription_store_save_finish (store, result, &error);
  if (!saved)
    sluice_subscription_copy_settings (self->subscription, before);

  self->saving = FALSE;
  sluice_subscription_values_read (&self->base, self->subscription);
  update (self);

  if (saved)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* What is remembered of an org is not true of another. */
static void
forget_org (SluiceSubscription *subscription)
{
  sluice_subscription_set_org_id (subscription, NULL);
  sluice_subscription_set_environment (subscription, SLUICE_ENVIRONMENT_UNKNOWN);
}

/**
 * sluice_subscription_draft_save_async:
 * @self: a draft
 * @store: where the subscription is kept
 * @cancellable: (nullable): stops waiting; the file may be written nevertheless
 * @callback: called once
 * @user_data: data for @callback
 *
 * Changes the subscription and writes its file. When that fails, the
 * subscription is again what it was, and the edits are kept in the draft.
 */
void
sluice_subscription_draft_save_async (SluiceSubscriptionDraft *self,
                                      SluiceSubscriptionStore *store,
                                      GCancellable            *cancellable,
                                      GAsyncReadyCallback      callback,
                                      gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *name = NULL;
  g_autofree char *key = NULL;
  SluiceSubscription *before;

  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_DRAFT (self));
  g_return_if_fail (SLUICE_IS_SUBSCRIPTION_STORE (store));
  g_return_if_fail (!self->saving);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_subscription_draft_save_async);

  /* Another subscription may have been given this name without a word to this draft. */
  update (self);
  if (!self->valid)
    {
      g_task_return_new_error_literal (task, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                                       _("Some settings are not valid. Correct the marked fields and save again."));
      return;
    }

  name = dup_stripped (self, SLUICE_FIELD_NAME);
  key = dup_stripped (self, SLUICE_FIELD_CONSUMER_KEY);
  g_set_str (&self->edited.texts[SLUICE_FIELD_NAME], name);
  g_set_str (&self->edited.texts[SLUICE_FIELD_CONSUMER_KEY], key);
  g_set_str (&self->edited.texts[SLUICE_FIELD_API_URL], self->normalised_url);

  before = sluice_subscription_new ();
  sluice_subscription_copy_settings (before, self->subscription);
  g_task_set_task_data (task, before, g_object_unref);

  self->saving = TRUE;
  if (sluice_subscription_draft_moves (self))
    forget_org (self->subscription);
  sluice_subscription_values_write (&self->edited, self->subscription);
  sluice_subscription_store_save_async (store, self->subscription, cancellable, saved_cb, g_steal_pointer (&task));
}

/**
 * sluice_subscription_draft_save_finish:
 * @self: a draft
 * @result: as given to the callback
 * @error: %SLUICE_ERROR_INVALID when a field must be corrected, %SLUICE_ERROR_STORAGE when the file cannot be written
 *
 * Returns: whether the file was written
 */
gboolean
sluice_subscription_draft_save_finish (SluiceSubscriptionDraft  *self,
                                       GAsyncResult             *result,
                                       GError                  **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
