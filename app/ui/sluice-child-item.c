/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-child-item.h"

#include <glib/gi18n.h>

/**
 * SluiceChildItem:
 *
 * One child relationship in a list.
 *
 * Read-only properties: `title` (how a subquery names the children),
 * `subtitle` (whose field it is).
 */
struct _SluiceChildItem
{
  GObject parent_instance;

  char *object;
  char *title;
  char *subtitle;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SUBTITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceChildItem, sluice_child_item, G_TYPE_OBJECT)

static void
sluice_child_item_finalize (GObject *object)
{
  SluiceChildItem *self = SLUICE_CHILD_ITEM (object);

  g_free (self->object);
  g_free (self->title);
  g_free (self->subtitle);

  G_OBJECT_CLASS (sluice_child_item_parent_class)->finalize (object);
}

static void
sluice_child_item_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SluiceChildItem *self = SLUICE_CHILD_ITEM (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_child_item_class_init (SluiceChildItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_child_item_finalize;
  object_class->get_property = sluice_child_item_get_property;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SUBTITLE] =
    g_param_spec_string ("subtitle", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_child_item_init (SluiceChildItem *self)
{
}

SluiceChildItem *
sluice_child_item_new (const SluiceChildRelationship *child)
{
  SluiceChildItem *self;
  g_autofree char *place = NULL;

  g_return_val_if_fail (child != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_CHILD_ITEM, NULL);
  self->object = g_strdup (child->object);
  self->title = g_strdup (child->name != NULL ? child->name : _("No name for subqueries"));
  place = g_strconcat (child->object, ".", child->field, NULL);
  self->subtitle = child->cascade_delete
                   /* Translators: a field such as Contact.AccountId */
                   ? g_strdup_printf (_("%s · deleted with the parent"), place)
                   : g_steal_pointer (&place);

  return self;
}

const char *
sluice_child_item_get_object (SluiceChildItem *self)
{
  g_return_val_if_fail (SLUICE_IS_CHILD_ITEM (self), NULL);

  return self->object;
}
