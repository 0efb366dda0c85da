/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-limits-group"

#include "config.h"

#include "sluice-limits-group.h"

#include "sluice-format.h"
#include "sluice-gauge.h"
#include "sluice-limit.h"

/* How many are shown at first: those that are closest to their end. */
#define N_FIRST 5

/**
 * SluiceLimitsGroup:
 *
 * The limits of an org, the scarcest first. Hidden while there are none.
 *
 * Property: `limits` (nullable GListModel of SluiceLimit).
 */
struct _SluiceLimitsGroup
{
  AdwBin parent_instance;

  GListModel *limits;
  GtkFilterListModel *useful;
  GtkSliceListModel *first;

  GtkToggleButton *all;
  GtkListBox *list;
};

enum
{
  PROP_0,
  PROP_LIMITS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceLimitsGroup, sluice_limits_group, ADW_TYPE_BIN)

/* A limit of nothing is a feature that the org does not have. */
static gboolean
is_useful (gpointer item,
           gpointer user_data)
{
  return sluice_limit_get_max (item) > 0;
}

static int
compare_limits (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  double fraction_a = sluice_limit_get_fraction ((SluiceLimit *) a);
  double fraction_b = sluice_limit_get_fraction ((SluiceLimit *) b);

  if (fraction_a != fraction_b)
    return fraction_a > fraction_b ? -1 : 1;

  return g_utf8_collate (sluice_limit_get_label ((SluiceLimit *) a), sluice_limit_get_label ((SluiceLimit *) b));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  SluiceLimit *limit = item;
  g_autofree char *use = sluice_format_use (sluice_limit_get_used (limit), sluice_limit_get_max (limit));
  GtkWidget *row;

  row = g_object_new (SLUICE_TYPE_GAUGE,
                      "title", sluice_limit_get_label (limit),
                      NULL);
  sluice_gauge_show (SLUICE_GAUGE (row), use, sluice_limit_get_fraction (limit), NULL);

  return row;
}

static void
useful_changed_cb (SluiceLimitsGroup *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->useful));

  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->all), n > N_FIRST);
}

static void
all_toggled_cb (SluiceLimitsGroup *self)
{
  gtk_slice_list_model_set_size (self->first, gtk_toggle_button_get_active (self->all) ? G_MAXUINT : N_FIRST);
}

static void
set_limits (SluiceLimitsGroup *self,
            GListModel        *limits)
{
  if (!g_set_object (&self->limits, limits))
    return;

  gtk_toggle_button_set_active (self->all, FALSE);
  gtk_filter_list_model_set_model (self->useful, limits);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMITS]);
}

static void
sluice_limits_group_dispose (GObject *object)
{
  SluiceLimitsGroup *self = SLUICE_LIMITS_GROUP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_LIMITS_GROUP);
  g_clear_object (&self->first);
  g_clear_object (&self->useful);
  g_clear_object (&self->limits);

  G_OBJECT_CLASS (sluice_limits_group_parent_class)->dispose (object);
}

static void
sluice_limits_group_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceLimitsGroup *self = SLUICE_LIMITS_GROUP (object);

  switch (prop_id)
    {
    case PROP_LIMITS:
      g_value_set_object (value, self->limits);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_limits_group_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  SluiceLimitsGroup *self = SLUICE_LIMITS_GROUP (object);

  switch (prop_id)
    {
    case PROP_LIMITS:
      set_limits (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_limits_group_class_init (SluiceLimitsGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_limits_group_dispose;
  object_class->get_property = sluice_limits_group_get_property;
  object_class->set_property = sluice_limits_group_set_property;

  properties[PROP_LIMITS] =
    g_param_spec_object ("limits", NULL, NULL,
                         G_TYPE_LIST_MODEL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-limits-group.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceLimitsGroup, all);
  gtk_widget_class_bind_template_child (widget_class, SluiceLimitsGroup, list);
  gtk_widget_class_bind_template_callback (widget_class, all_toggled_cb);
}

static void
sluice_limits_group_init (SluiceLimitsGroup *self)
{
  GtkSortListModel *sorted;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->useful = gtk_filter_list_model_new (NULL, GTK_FILTER (gtk_custom_filter_new (is_useful, NULL, NULL)));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->useful)),
                                    GTK_SORTER (gtk_custom_sorter_new (compare_limits, NULL, NULL)));
  self->first = gtk_slice_list_model_new (G_LIST_MODEL (sorted), 0, N_FIRST);

  g_signal_connect_object (self->useful, "items-changed", G_CALLBACK (useful_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->first), create_row, NULL, NULL);
}
