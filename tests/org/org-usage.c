/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many calls of the API the org has answered in 24 hours, which roll by the hour. */

#include "org-usage.h"

#include "org-json.h"

#define N_HOURS 24
#define HOUR 3600

struct _OrgUsage
{
  OrgClock *clock;           /* (unowned) */
  guint limit;
  gint64 hour;               /* the latest with a count, since 1970 */
  guint counts[N_HOURS];     /* by hour modulo 24 */
  guint jobs[N_HOURS];       /* query jobs, in the same way */
  guint batches[N_HOURS];    /* of ingest jobs */
};

/* Daily and other limits that are not used up here. */
static const struct
{
  const char *name;
  guint max;
  guint used;
} others[] = {
  { "DailyAsyncApexExecutions", 250000, 0 },
  { "DailyBulkV2QueryFileStorageMB", 976562, 0 },
  { "DataStorageMB", 1024, 6 },
  { "FileStorageMB", 1024, 1 },
  { "HourlySyncReportRuns", 500, 0 },
  { "MassEmail", 5000, 0 },
  { "SingleEmail", 5000, 0 },
};

/**
 * org_usage_new:
 * @clock: what tells the time; must live longer
 * @limit: calls allowed in 24 hours
 *
 * Returns: (transfer full): a count of nothing
 */
OrgUsage *
org_usage_new (OrgClock *clock,
               guint     limit)
{
  OrgUsage *self = g_new0 (OrgUsage, 1);

  self->clock = clock;
  self->limit = limit;

  return self;
}

/**
 * org_usage_free:
 * @self: (transfer full): a count
 *
 * Frees @self.
 */
void
org_usage_free (OrgUsage *self)
{
  g_free (self);
}

/* Empties the hours that passed since the last call. */
static void
roll (OrgUsage *self)
{
  gint64 hour = org_clock_seconds (self->clock) / HOUR;

  for (gint64 passed = MAX (self->hour + 1, hour - N_HOURS + 1); passed <= hour; passed++)
    {
      self->counts[passed % N_HOURS] = 0;
      self->jobs[passed % N_HOURS] = 0;
      self->batches[passed % N_HOURS] = 0;
    }

  self->hour = MAX (hour, self->hour);
}

static guint
add_up (const guint *counts)
{
  guint sum = 0;

  for (guint i = 0; i < N_HOURS; i++)
    sum += counts[i];

  return sum;
}

/**
 * org_usage_set_limit:
 * @self: a count
 * @limit: calls allowed in 24 hours
 *
 * Changes the limit.
 */
void
org_usage_set_limit (OrgUsage *self,
                     guint     limit)
{
  self->limit = limit;
}

/**
 * org_usage_get_limit:
 * @self: a count
 *
 * Returns: calls allowed in 24 hours
 */
guint
org_usage_get_limit (OrgUsage *self)
{
  return self->limit;
}

/**
 * org_usage_set_used:
 * @self: a count
 * @used: calls
 *
 * Pretends that so many calls were made, all in this hour.
 */
void
org_usage_set_used (OrgUsage *self,
                    guint     used)
{
  roll (self);
  memset (self->counts, 0, sizeof self->counts);
  self->counts[self->hour % N_HOURS] = used;
}

/**
 * org_usage_get_used:
 * @self: a count
 *
 * Returns: calls made in the last 24 hours
 */
guint
org_usage_get_used (OrgUsage *self)
{
  roll (self);

  return add_up (self->counts);
}

/**
 * org_usage_take:
 * @self: a count
 *
 * Counts a call, if one is left.
 *
 * Returns: whether one was left
 */
gboolean
org_usage_take (OrgUsage *self)
{
  if (org_usage_get_used (self) >= self->limit)
    return FALSE;

  self->counts[self->hour % N_HOURS]++;

  return TRUE;
}

/**
 * org_usage_dup_info:
 * @self: a count
 *
 * Returns: (transfer full): the header `Sforce-Limit-Info`
 */
char *
org_usage_dup_info (OrgUsage *self)
{
  return g_strdup_printf ("api-usage=%u/%u", org_usage_get_used (self), self->limit);
}

/**
 * org_usage_add_bulk:
 * @self: a count
 * @n_jobs: query jobs that were made
 * @n_batches: parts of up to 10,000 records that an ingest job is carried out in
 *
 * Counts what the Bulk API has limits of its own for.
 */
void
org_usage_add_bulk (OrgUsage *self,
                    guint     n_jobs,
                    guint     n_batches)
{
  roll (self);
  self->jobs[self->hour % N_HOURS] += n_jobs;
  self->batches[self->hour % N_HOURS] += n_batches;
}

static void
write_limit (GString    *json,
             const char *name,
             guint       max,
             guint       used)
{
  org_json_append_member (json, name);
  g_string_append_printf (json, "{\"Max\":%u,\"Remaining\":%u}", max, used < max ? max - used : 0);
}

/**
 * org_usage_write:
 * @self: a count
 * @json: where to write
 *
 * Writes the answer of the resource `limits`.
 */
void
org_usage_write (OrgUsage *self,
                 GString  *json)
{
  guint used = org_usage_get_used (self);

  g_string_append_c (json, '{');
  write_limit (json, "ConcurrentAsyncGetReportInstances", 200, 0);
  write_limit (json, "ConcurrentSyncReportRuns", 20, 0);
  /* A limit may hold those of single apps beside its own. */
  org_json_append_member (json, "DailyApiRequests");
  g_string_append_printf (json, "{\"Max\":%u,\"Remaining\":%u,\"Demo App\":{\"Max\":0,\"Remaining\":0}}", self->limit,
                          used < self->limit ? self->limit - used : 0);
  write_limit (json, "DailyBulkApiBatches", 15000, add_up (self->batches));
  write_limit (json, "DailyBulkV2QueryJobs", 10000, add_up (self->jobs));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    write_limit (json, others[i].name, others[i].max, others[i].used);
  g_string_append_c (json, '}');
}

/**
 * org_usage_save:
 * @self: a count
 * @builder: where an array is expected
 *
 * Adds pairs of an hour and its calls.
 */
void
org_usage_save (OrgUsage    *self,
                JsonBuilder *builder)
{
  roll (self);
  json_builder_begin_array (builder);
  for (gint64 hour = self->hour - N_HOURS + 1; hour <= self->hour; hour++)
    {
      if (self->counts[hour % N_HOURS] == 0)
        continue;

      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, hour);
      json_builder_add_int_value (builder, self->counts[hour % N_HOURS]);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

static void
restore_hour (JsonArray *hours,
              guint      index,
              JsonNode  *node,
              gpointer   user_data)
{
  OrgUsage *self = user_data;
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gint64 hour;

  if (pair == NULL || json_array_get_length (pair) != 2)
    return;

  hour = json_array_get_int_element (pair, 0);
  if (hour <= self->hour && self->hour - hour < N_HOURS)
    self->counts[hour % N_HOURS] = (guint) CLAMP (json_array_get_int_element (pair, 1), 0, G_MAXINT);
}

/**
 * org_usage_restore:
 * @self: a count
 * @hours: what org_usage_save() added, at any time before
 *
 * Takes over the calls that are not older than 24 hours.
 */
void
org_usage_restore (OrgUsage  *self,
                   JsonArray *hours)
{
  roll (self);
  json_array_foreach_element (hours, restore_hour, self);
}
