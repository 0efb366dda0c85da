/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-object-item.h"

#include <string.h>

/**
 * SluiceObjectItem:
 *
 * One object in the list of objects: what the org tells of it, and what is
 * asked for beside.
 *
 * Properties: `info` (SluiceObjectInfo, construct-only), `count` (int64: how
 * many records there are, about; -1 = not known).
 */
struct _SluiceObjectItem
{
  GObject parent_instance;

  SluiceObjectInfo *info;
  gint64 count;
  char *folded;      /* label and name, to search in */
  char *collate_key; /* of the label */
};

enum
{
  PROP_0,
  PROP_INFO,
  PROP_COUNT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceObjectItem, sluice_object_item, G_TYPE_OBJECT)

static void
sluice_object_item_constructed (GObject *object)
{
  SluiceObjectItem *self = SLUICE_OBJECT_ITEM (object);
  const char *label = sluice_object_info_get_label (self->info);
  g_autofree char *both = g_strconcat (label, "\n", sluice_object_info_get_name (self->info), NULL);

  self->folded = g_utf8_casefold (both, -1);
  self->collate_key = g_utf8_collate_key (label, -1);

  G_OBJECT_CLASS (sluice_object_item_parent_class)->constructed (object);
}

static void
sluice_object_item_finalize (GObject *object)
{
  SluiceObjectItem *self = SLUICE_OBJECT_ITEM (object);

  g_clear_object (&self->info);
  g_free (self->folded);
  g_free (self->collate_key);

  G_OBJECT_CLASS (sluice_object_item_parent_class)->finalize (object);
}

static void
sluice_object_item_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceObjectItem *self = SLUICE_OBJECT_ITEM (object);

  switch (prop_id)
    {
    case PROP_INFO:
      g_value_set_object (value, self->info);
      break;

    case PROP_COUNT:
      g_value_set_int64 (value, self->count);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_object_item_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  SluiceObjectItem *self = SLUICE_OBJECT_ITEM (object);

  switch (prop_id)
    {
    case PROP_INFO:
      self->info = g_value_dup_object (value);
      break;

    case PROP_COUNT:
      sluice_object_item_set_count (self, g_value_get_int64 (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_object_item_class_init (SluiceObjectItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = sluice_object_item_constructed;
  object_class->finalize = sluice_object_item_finalize;
  object_class->get_property = sluice_object_item_get_property;
  object_class->set_property = sluice_object_item_set_property;

  properties[PROP_INFO] =
    g_param_spec_object ("info", NULL, NULL,
                         SLUICE_TYPE_OBJECT_INFO,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_COUNT] =
    g_param_spec_int64 ("count", NULL, NULL,
                        -1, G_MAXINT64, -1,
                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_object_item_init (SluiceObjectItem *self)
{
  self->count = -1;
}

SluiceObjectItem *
sluice_object_item_new (SluiceObjectInfo *info)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_INFO (info), NULL);

  return g_object_new (SLUICE_TYPE_OBJECT_ITEM, "info", info, NULL);
}

SluiceObjectInfo *
sluice_object_item_get_info (SluiceObjectItem *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_ITEM (self), NULL);

  return self->info;
}

void
sluice_object_item_set_count (SluiceObjectItem *self,
                              gint64            count)
{
  g_return_if_fail (SLUICE_IS_OBJECT_ITEM (self));

  if (self->count == count)
    return;

  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

/* Whether label or API name has @folded in it, which went through g_utf8_casefold(). */
gboolean
sluice_object_item_matches (SluiceObjectItem *self,
                            const char       *folded)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_ITEM (self), FALSE);

  return strstr (self->folded, folded) != NULL;
}

int
sluice_object_item_compare (SluiceObjectItem *a,
                            SluiceObjectItem *b)
{
  int order = strcmp (a->collate_key, b->collate_key);

  return order != 0 ? order : strcmp (sluice_object_info_get_name (a->info), sluice_object_info_get_name (b->info));
}
