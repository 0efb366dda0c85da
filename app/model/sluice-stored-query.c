/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-stored-query.h"

#include <string.h>

struct _SluiceStoredQuery
{
  GObject parent_instance;

  char *name; /* (nullable) */
  char *text;
  gint64 time;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceStoredQuery, sluice_stored_query, G_TYPE_OBJECT)

static void
sluice_stored_query_finalize (GObject *object)
{
  SluiceStoredQuery *self = SLUICE_STORED_QUERY (object);

  g_free (self->name);
  g_free (self->text);

  G_OBJECT_CLASS (sluice_stored_query_parent_class)->finalize (object);
}

static void
sluice_stored_query_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceStoredQuery *self = SLUICE_STORED_QUERY (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_stored_query_class_init (SluiceStoredQueryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_stored_query_finalize;
  object_class->get_property = sluice_stored_query_get_property;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_stored_query_init (SluiceStoredQuery *self)
{
}

/**
 * sluice_stored_query_new:
 * @name: (nullable): what the user calls it; %NULL when it was only run
 * @text: the query
 * @time: when it was run or saved, in seconds since 1970
 *
 * Returns: (transfer full): the query
 */
SluiceStoredQuery *
sluice_stored_query_new (const char *name,
                         const char *text,
                         gint64      time)
{
  SluiceStoredQuery *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_STORED_QUERY, NULL);
  self->name = g_strdup (name);
  self->text = g_strdup (text);
  self->time = time;

  return self;
}

const char *
sluice_stored_query_get_name (SluiceStoredQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_STORED_QUERY (self), NULL);

  return self->name;
}

const char *
sluice_stored_query_get_text (SluiceStoredQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_STORED_QUERY (self), NULL);

  return self->text;
}

gint64
sluice_stored_query_get_time (SluiceStoredQuery *self)
{
  g_return_val_if_fail (SLUICE_IS_STORED_QUERY (self), 0);

  return self->time;
}

static gboolean
contains (const char *text,
          const char *folded)
{
  g_autofree char *here = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return here != NULL && strstr (here, folded) != NULL;
}

/**
 * sluice_stored_query_matches:
 * @self: a query
 * @search: what somebody types to find it
 *
 * Returns: whether all words of @search are in the name or in the query; capitals and small letters are the same
 */
gboolean
sluice_stored_query_matches (SluiceStoredQuery *self,
                             const char        *search)
{
  g_autofree char *folded = NULL;
  g_auto(GStrv) words = NULL;

  g_return_val_if_fail (SLUICE_IS_STORED_QUERY (self), FALSE);
  g_return_val_if_fail (search != NULL, FALSE);

  folded = g_utf8_casefold (search, -1);
  words = g_strsplit_set (folded, " \t\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!contains (self->name, words[i]) && !contains (self->text, words[i]))
        return FALSE;
    }

  return TRUE;
}
