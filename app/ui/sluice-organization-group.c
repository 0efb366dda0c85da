/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-organization-group"

#include "config.h"

#include "sluice-organization-group.h"

#include <glib/gi18n.h>

#include "sluice-format.h"

/**
 * SluiceOrganizationGroup:
 *
 * Who is connected to which org.
 *
 * Property: `organization` (nullable SluiceOrganization).
 */
struct _SluiceOrganizationGroup
{
  AdwPreferencesGroup parent_instance;

  SluiceOrganization *organization;
};

enum
{
  PROP_0,
  PROP_ORGANIZATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceOrganizationGroup, sluice_organization_group, ADW_TYPE_PREFERENCES_GROUP)

static gboolean
is_set (gpointer    object,
        const char *text)
{
  return text != NULL && *text != '\0';
}

static char *
format_expiration (gpointer    object,
                   const char *text)
{
  g_autoptr(GDateTime) time = NULL;

  if (text == NULL)
    return NULL;

  /* Salesforce writes +0000, without the colon that ISO 8601 wants. */
  if (strlen (text) > 10)
    {
      g_autofree char *day = g_strndup (text, 10);
      g_autofree char *midnight = g_strconcat (day, "T00:00:00Z", NULL);

      time = g_date_time_new_from_iso8601 (midnight, NULL);
    }

  /* Translators: a day, in the syntax of strftime() */
  return time != NULL ? g_date_time_format (time, _("%-d %B %Y")) : g_strdup (text);
}

static void
copy_id_cb (SluiceOrganizationGroup *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->organization == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), sluice_organization_get_id (self->organization));
  gtk_widget_activate_action (widget, "win.toast", "s", _("Organization ID copied"));
}

static void
sluice_organization_group_dispose (GObject *object)
{
  SluiceOrganizationGroup *self = SLUICE_ORGANIZATION_GROUP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_ORGANIZATION_GROUP);
  g_clear_object (&self->organization);

  G_OBJECT_CLASS (sluice_organization_group_parent_class)->dispose (object);
}

static void
sluice_organization_group_get_property (GObject    *object,
                                        guint       prop_id,
                                        GValue     *value,
                                        GParamSpec *pspec)
{
  SluiceOrganizationGroup *self = SLUICE_ORGANIZATION_GROUP (object);

  switch (prop_id)
    {
    case PROP_ORGANIZATION:
      g_value_set_object (value, self->organization);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_organization_group_set_property (GObject      *object,
                                        guint         prop_id,
                                        const GValue *value,
                                        GParamSpec   *pspec)
{
  SluiceOrganizationGroup *self = SLUICE_ORGANIZATION_GROUP (object);

  switch (prop_id)
    {
    case PROP_ORGANIZATION:
      if (g_set_object (&self->organization, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_organization_group_class_init (SluiceOrganizationGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_organization_group_dispose;
  object_class->get_property = sluice_organization_group_get_property;
  object_class->set_property = sluice_organization_group_set_property;

  properties[PROP_ORGANIZATION] =
    g_param_spec_object ("organization", NULL, NULL,
                         SLUICE_TYPE_ORGANIZATION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-organization-group.ui");
  gtk_widget_class_bind_template_callback (widget_class, copy_id_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_expiration);
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_environment);
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_verified);
}

static void
sluice_organization_group_init (SluiceOrganizationGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
