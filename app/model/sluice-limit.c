/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-limit.h"

#include <glib/gi18n.h>

struct _SluiceLimit
{
  GObject parent_instance;

  char *name;
  char *label;
  gint64 max;
  gint64 remaining;
};

G_DEFINE_FINAL_TYPE (SluiceLimit, sluice_limit, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_LABEL,
  PROP_MAX,
  PROP_REMAINING,
  PROP_USED,
  PROP_FRACTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char *name;
  const char *label;
} known_limits[] = {
  { "DailyApiRequests", N_("API Requests per Day") },
  { "DailyAsyncApexExecutions", N_("Asynchronous Apex Executions per Day") },
  { "DailyBulkApiBatches", N_("Bulk API Batches per Day") },
  { "DailyBulkV2QueryFileStorageMB", N_("Bulk Query Storage per Day (MB)") },
  { "DailyBulkV2QueryJobs", N_("Bulk Query Jobs per Day") },
  { "DataStorageMB", N_("Data Storage (MB)") },
  { "FileStorageMB", N_("File Storage (MB)") },
  { "HourlySyncReportRuns", N_("Report Runs per Hour") },
};

/* "DailyBulkV2QueryJobs" becomes "Daily Bulk V2 Query Jobs": a word begins at a capital after a small letter or a
 * digit, and at the last capital of a row that a small letter follows. */
static char *
dup_words (const char *name)
{
  GString *words = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    {
      if (p > name && g_ascii_isupper (*p) &&
          (!g_ascii_isupper (p[-1]) || g_ascii_islower (p[1])) && words->str[words->len - 1] != ' ')
        g_string_append_c (words, ' ');
      g_string_append_c (words, *p == '_' ? ' ' : *p);
    }

  return g_string_free (words, FALSE);
}

static char *
dup_label (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_limits); i++)
    {
      if (g_str_equal (known_limits[i].name, name))
        return g_strdup (_(known_limits[i].label));
    }

  return dup_words (name);
}

static void
sluice_limit_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  SluiceLimit *self = SLUICE_LIMIT (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_MAX:
      g_value_set_int64 (value, self->max);
      break;
    case PROP_REMAINING:
      g_value_set_int64 (value, self->remaining);
      break;
    case PROP_USED:
      g_value_set_int64 (value, sluice_limit_get_used (self));
      break;
    case PROP_FRACTION:
      g_value_set_double (value, sluice_limit_get_fraction (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
sluice_limit_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  SluiceLimit *self = SLUICE_LIMIT (object);

  switch (prop_id)
    {
    case PROP_NAME:
      self->name = g_value_dup_string (value);
      break;
    case PROP_MAX:
      self->max = g_value_get_int64 (value);
      break;
    case PROP_REMAINING:
      self->remaining = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
sluice_limit_constructed (GObject *object)
{
  SluiceLimit *self = SLUICE_LIMIT (object);

  if (self->name == NULL)
    self->name = g_strdup ("");
  self->label = dup_label (self->name);

  G_OBJECT_CLASS (sluice_limit_parent_class)->constructed (object);
}

static void
sluice_limit_finalize (GObject *object)
{
  SluiceLimit *self = SLUICE_LIMIT (object);

  g_free (self->name);
  g_free (self->label);

  G_OBJECT_CLASS (sluice_limit_parent_class)->finalize (object);
}

static void
sluice_limit_class_init (SluiceLimitClass *klass)
{
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags derived = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_limit_get_property;
  object_class->set_property = sluice_limit_set_property;
  object_class->constructed = sluice_limit_constructed;
  object_class->finalize = sluice_limit_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, given);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, derived);
  properties[PROP_MAX] = g_param_spec_int64 ("max", NULL, NULL, G_MININT64, G_MAXINT64, 0, given);
  properties[PROP_REMAINING] = g_param_spec_int64 ("remaining", NULL, NULL, G_MININT64, G_MAXINT64, 0, given);
  properties[PROP_USED] = g_param_spec_int64 ("used", NULL, NULL, 0, G_MAXINT64, 0, derived);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0.0, 1.0, 0.0, derived);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_limit_init (SluiceLimit *self)
{
}

/**
 * sluice_limit_new:
 * @name: the org's own name of the limit
 * @max: what is allowed
 * @remaining: what is left; the org lets this fall below zero for a while
 *
 * Returns: (transfer full): the limit
 */
SluiceLimit *
sluice_limit_new (const char *name,
                  gint64      max,
                  gint64      remaining)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (SLUICE_TYPE_LIMIT, "name", name, "max", max, "remaining", remaining, NULL);
}

/**
 * sluice_limit_get_name:
 * @self: a limit
 *
 * Returns: the org's own name of the limit
 */
const char *
sluice_limit_get_name (SluiceLimit *self)
{
  g_return_val_if_fail (SLUICE_IS_LIMIT (self), NULL);

  return self->name;
}

/**
 * sluice_limit_get_label:
 * @self: a limit
 *
 * Returns: what a user reads
 */
const char *
sluice_limit_get_label (SluiceLimit *self)
{
  g_return_val_if_fail (SLUICE_IS_LIMIT (self), NULL);

  return self->label;
}

/**
 * sluice_limit_get_max:
 * @self: a limit
 *
 * Returns: what is allowed
 */
gint64
sluice_limit_get_max (SluiceLimit *self)
{
  g_return_val_if_fail (SLUICE_IS_LIMIT (self), 0);

  return self->max;
}

/**
 * sluice_limit_get_remaining:
 * @self: a limit
 *
 * Returns: what is left
 */
gint64
sluice_limit_get_remaining (SluiceLimit *self)
{
  g_return_val_if_fail (SLUICE_IS_LIMIT (self), 0);

  return self->remaining;
}

/**
 * sluice_limit_get_used:
 * @self: a limit
 *
 * Returns: what is used, never below zero
 */
gint64
sluice_limit_get_used (SluiceLimit *self)
{
  gint64 used;

  g_return_val_if_fail (SLUICE_IS_LIMIT (self), 0);

  if (__builtin_sub_overflow (self->max, self->remaining, &used))
    return self->remaining < 0 ? G_MAXINT64 : 0;

  return MAX (used, 0);
}

/**
 * sluice_limit_get_fraction:
 * @self: a limit
 *
 * Returns: what part is used, 0 to 1; 0 when nothing is allowed and nothing used
 */
double
sluice_limit_get_fraction (SluiceLimit *self)
{
  gint64 used;

  g_return_val_if_fail (SLUICE_IS_LIMIT (self), 0.0);

  used = sluice_limit_get_used (self);
  if (self->max <= 0)
    return used > 0 ? 1.0 : 0.0;

  return CLAMP ((double) used / (double) self->max, 0.0, 1.0);
}
