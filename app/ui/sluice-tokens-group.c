/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-tokens-group"

#include "config.h"

#include "sluice-tokens-group.h"

#include <glib/gi18n.h>

#include "sluice-format.h"
#include "sluice-ui-utils.h"

/* Stands for a token, whatever its length; the token itself never gets here. */
#define MASK "••••••••••••"

/**
 * SluiceTokensGroup:
 *
 * What is stored to act for the user in the org, and where signing in stands.
 *
 * Property: `connection` (nullable SluiceConnection; hidden without one).
 */
struct _SluiceTokensGroup
{
  AdwPreferencesGroup parent_instance;

  SluiceConnection *connection; /* (nullable) */
  GSignalGroup *signals;
  GCancellable *cancellable;
  SluiceTokenKind kind;         /* that the open dialog asks about */

  AdwActionRow *access_row;
  AdwActionRow *refresh_row;
};

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceTokensGroup, sluice_tokens_group, ADW_TYPE_PREFERENCES_GROUP)

static char *
format_place (GtkWidget         *widget,
              SluiceSecretPlace  place)
{
  return g_strdup (sluice_secret_place_get_label (place));
}

static char *
describe_token (SluiceSubscription *subscription,
                gboolean            stored)
{
  gint64 issued_at = sluice_subscription_get_issued_at (subscription);
  gboolean session_only = sluice_subscription_get_session_only (subscription);
  g_autofree char *time = NULL;

  if (!stored)
    return g_strdup (_("None"));

  if (issued_at <= 0 || issued_at > G_MAXINT64 / 1000)
    /* Translators: dots that stand for a token */
    return session_only ? g_strdup_printf (_("%s, kept until Sluice is closed"), MASK) : g_strdup (MASK);

  time = sluice_format_date_time (issued_at * 1000);

  if (session_only)
    /* Translators: dots that stand for a token, then a day and a time */
    return g_strdup_printf (_("%s, issued %s, kept until Sluice is closed"), MASK, time);

  /* Translators: dots that stand for a token, then a day and a time */
  return g_strdup_printf (_("%s, issued %s"), MASK, time);
}

static void
show_token (SluiceTokensGroup *self,
            AdwActionRow      *row,
            gboolean           stored,
            const char        *action)
{
  g_autofree char *text = describe_token (sluice_connection_get_subscription (self->connection), stored);

  adw_action_row_set_subtitle (row, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, stored);
}

static void
show_tokens (SluiceTokensGroup *self)
{
  SluiceSubscription *subscription;

  gtk_widget_set_visible (GTK_WIDGET (self), self->connection != NULL);
  if (self->connection == NULL)
    return;

  subscription = sluice_connection_get_subscription (self->connection);
  show_token (self, self->access_row, sluice_subscription_get_has_access_token (subscription),
              "tokens.delete-access");
  show_token (self, self->refresh_row, sluice_subscription_get_has_refresh_token (subscription),
              "tokens.delete-refresh");
}

static void
deleted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluiceTokensGroup) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!sluice_connection_delete_token_finish (SLUICE_CONNECTION (object), result, &error))
    sluice_show_toast_for_error (GTK_WIDGET (self), error);
  else
    sluice_show_toast (GTK_WIDGET (self), _("Token deleted"));
}

static void
delete_chosen_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(SluiceTokensGroup) self = user_data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (object), result);

  if (g_strcmp0 (response, "delete") == 0 && self->connection != NULL)
    sluice_connection_delete_token_async (self->connection, self->kind, NULL, deleted_cb, g_object_ref (self));
}

static void
delete_access_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  SluiceTokensGroup *self = SLUICE_TOKENS_GROUP (widget);

  self->kind = SLUICE_TOKEN_ACCESS;
  sluice_ask_to_delete (widget, sluice_connection_get_subscription (self->connection),
                        _("Delete the Access Token?"),
                        _("The next call to the org asks for a new one with the refresh token, if there is one."),
                        self->cancellable, delete_chosen_cb, g_object_ref (self));
}

static void
delete_refresh_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  SluiceTokensGroup *self = SLUICE_TOKENS_GROUP (widget);

  self->kind = SLUICE_TOKEN_REFRESH;
  sluice_ask_to_delete (widget, sluice_connection_get_subscription (self->connection),
                        _("Delete the Refresh Token?"),
                        _("Once the access token has expired, somebody must authenticate again in the browser."),
                        self->cancellable, delete_chosen_cb, g_object_ref (self));
}

static void
set_connection (SluiceTokensGroup *self,
                SluiceConnection  *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;

  /* A question about a token of another subscription must not be answered here. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  g_signal_group_set_target (self->signals,
                             connection != NULL ? sluice_connection_get_subscription (connection) : NULL);
  show_tokens (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_tokens_group_dispose (GObject *object)
{
  SluiceTokensGroup *self = SLUICE_TOKENS_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_signal_group_set_target (self->signals, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_TOKENS_GROUP);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (sluice_tokens_group_parent_class)->dispose (object);
}

static void
sluice_tokens_group_finalize (GObject *object)
{
  SluiceTokensGroup *self = SLUICE_TOKENS_GROUP (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (sluice_tokens_group_parent_class)->finalize (object);
}

static void
sluice_tokens_group_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceTokensGroup *self = SLUICE_TOKENS_GROUP (object);

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
sluice_tokens_group_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  SluiceTokensGroup *self = SLUICE_TOKENS_GROUP (object);

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
sluice_tokens_group_class_init (SluiceTokensGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_tokens_group_dispose;
  object_class->finalize = sluice_tokens_group_finalize;
  object_class->get_property = sluice_tokens_group_get_property;
  object_class->set_property = sluice_tokens_group_set_property;

  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_CONNECTION);
  g_type_ensure (SLUICE_TYPE_SUBSCRIPTION);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-tokens-group.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceTokensGroup, access_row);
  gtk_widget_class_bind_template_child (widget_class, SluiceTokensGroup, refresh_row);
  gtk_widget_class_bind_template_callback (widget_class, format_place);
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_status);
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_status_icon);

  gtk_widget_class_install_action (widget_class, "tokens.delete-access", NULL, delete_access_action);
  gtk_widget_class_install_action (widget_class, "tokens.delete-refresh", NULL, delete_refresh_action);
}

static void
sluice_tokens_group_init (SluiceTokensGroup *self)
{
  self->cancellable = g_cancellable_new ();
  self->signals = g_signal_group_new (SLUICE_TYPE_SUBSCRIPTION);
  g_signal_group_connect_swapped (self->signals, "notify::has-access-token", G_CALLBACK (show_tokens), self);
  g_signal_group_connect_swapped (self->signals, "notify::has-refresh-token", G_CALLBACK (show_tokens), self);
  g_signal_group_connect_swapped (self->signals, "notify::issued-at", G_CALLBACK (show_tokens), self);
  g_signal_group_connect_swapped (self->signals, "notify::session-only", G_CALLBACK (show_tokens), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}
