/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-settings-page"

#include "config.h"

#include "sluice-settings-page.h"

/**
 * SluiceSettingsPage:
 *
 * The editor of one subscription, with Save and Revert.
 *
 * Properties: `workspace` (SluiceWorkspace), `connection` (nullable
 * SluiceConnection: whose page it is).
 */
struct _SluiceSettingsPage
{
  AdwBin parent_instance;

  SluiceWorkspace *workspace;
  SluiceConnection *connection;
};

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_CONNECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceSettingsPage, sluice_settings_page, ADW_TYPE_BIN)

static void
set_connection (SluiceSettingsPage *self,
                SluiceConnection   *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

static void
sluice_settings_page_dispose (GObject *object)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SETTINGS_PAGE);
  g_clear_object (&self->connection);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (sluice_settings_page_parent_class)->dispose (object);
}

static void
sluice_settings_page_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;

    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_settings_page_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  SluiceSettingsPage *self = SLUICE_SETTINGS_PAGE (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      if (g_set_object (&self->workspace, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_CONNECTION:
      set_connection (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_settings_page_class_init (SluiceSettingsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_settings_page_dispose;
  object_class->get_property = sluice_settings_page_get_property;
  object_class->set_property = sluice_settings_page_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL,
                         SLUICE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONNECTION] =
    g_param_spec_object ("connection", NULL, NULL,
                         SLUICE_TYPE_CONNECTION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-settings-page.ui");
}

static void
sluice_settings_page_init (SluiceSettingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
