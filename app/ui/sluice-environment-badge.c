/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-environment-badge"

#include "config.h"

#include "sluice-environment-badge.h"

#include "sluice-format.h"

/**
 * SluiceEnvironmentBadge:
 *
 * The colour, the icon and the word of an environment. It hides itself while
 * the environment is unknown.
 *
 * Property: `environment` (SluiceEnvironment).
 */
struct _SluiceEnvironmentBadge
{
  AdwBin parent_instance;

  SluiceEnvironment environment;
};

enum
{
  PROP_0,
  PROP_ENVIRONMENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceEnvironmentBadge, sluice_environment_badge, ADW_TYPE_BIN)

static void
set_environment (SluiceEnvironmentBadge *self,
                 SluiceEnvironment       environment)
{
  if (self->environment == environment)
    return;

  self->environment = environment;
  sluice_environment_style (GTK_WIDGET (self), environment);
  gtk_widget_set_visible (GTK_WIDGET (self), environment != SLUICE_ENVIRONMENT_UNKNOWN);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT]);
}

static void
sluice_environment_badge_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLUICE_TYPE_ENVIRONMENT_BADGE);

  G_OBJECT_CLASS (sluice_environment_badge_parent_class)->dispose (object);
}

static void
sluice_environment_badge_get_property (GObject    *object,
                                       guint       prop_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  SluiceEnvironmentBadge *self = SLUICE_ENVIRONMENT_BADGE (object);

  switch (prop_id)
    {
    case PROP_ENVIRONMENT:
      g_value_set_enum (value, self->environment);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_environment_badge_set_property (GObject      *object,
                                       guint         prop_id,
                                       const GValue *value,
                                       GParamSpec   *pspec)
{
  SluiceEnvironmentBadge *self = SLUICE_ENVIRONMENT_BADGE (object);

  switch (prop_id)
    {
    case PROP_ENVIRONMENT:
      set_environment (self, g_value_get_enum (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_environment_badge_class_init (SluiceEnvironmentBadgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_environment_badge_dispose;
  object_class->get_property = sluice_environment_badge_get_property;
  object_class->set_property = sluice_environment_badge_set_property;

  properties[PROP_ENVIRONMENT] =
    g_param_spec_enum ("environment", NULL, NULL,
                       SLUICE_TYPE_ENVIRONMENT, SLUICE_ENVIRONMENT_UNKNOWN,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-environment-badge.ui");
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_environment);
  gtk_widget_class_bind_template_callback (widget_class, sluice_format_environment_icon);
}

static void
sluice_environment_badge_init (SluiceEnvironmentBadge *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
sluice_environment_badge_new (SluiceEnvironment environment)
{
  return g_object_new (SLUICE_TYPE_ENVIRONMENT_BADGE,
                       "environment", environment,
                       NULL);
}

/**
 * sluice_environment_style:
 * @widget: a widget that the style sheet colours by environment
 * @environment: a kind of org
 *
 * Gives @widget the style class of @environment and takes away the others.
 */
void
sluice_environment_style (GtkWidget         *widget,
                          SluiceEnvironment  environment)
{
  for (SluiceEnvironment e = SLUICE_ENVIRONMENT_UNKNOWN; e <= SLUICE_ENVIRONMENT_DEVELOPER; e++)
    if (e != environment)
      gtk_widget_remove_css_class (widget, sluice_environment_get_nick (e));

  gtk_widget_add_css_class (widget, sluice_environment_get_nick (environment));
}
