/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which records changed or went in a span of time. */

#include "org-replication.h"

#include <string.h>

#include "org-json.h"
#include "org-soql-date.h"
#include "org-table.h"

#define DAY 86400
#define MINUTE 60
#define UPDATED_DAYS 30
#define DELETED_DAYS 15
#define MAX_IDS 600000

typedef struct
{
  const OrgObject *object;
  char start[40];
  char end[40];
  gint64 now;
} Span;

/* Seconds do not count. */
static gboolean
read_time (const OrgRestRequest *request,
           const char           *name,
           gint64               *seconds,
           OrgRestReply         *reply)
{
  const char *text = org_rest_get_parameter (request, name);
  g_autofree char *message = NULL;

  if (text != NULL && strchr (text, 'T') != NULL && org_date_parse (text, seconds))
    {
      *seconds -= *seconds % MINUTE;
      return TRUE;
    }

  message = g_strdup_printf ("%s: a date and time is needed, such as 2026-11-20T00:00:00+00:00", name);
  org_rest_set_error (reply, 400, "INVALID_REPLICATION_DATE", message);

  return FALSE;
}

static gboolean
read_span (OrgRest               *self,
           const OrgRestRequest  *request,
           char                 **parts,
           guint                  days,
           Span                  *span,
           OrgRestReply          *reply)
{
  gint64 start = 0;
  gint64 end = 0;

  span->object = org_schema_find (parts[1]);
  span->now = org_data_get_time (self->data) / G_USEC_PER_SEC;
  if (span->object == NULL)
    {
      org_rest_set_not_found (reply);
      return FALSE;
    }

  if (!read_time (request, "start", &start, reply) || !read_time (request, "end", &end, reply))
    return FALSE;

  if (start < span->now - (gint64) days * DAY - MINUTE)
    {
      g_autofree char *message = g_strdup_printf ("startDate before org %s replication enabled date: the start is more "
                                                  "than %u days ago", span->object->name, days);

      org_rest_set_error (reply, 400, "INVALID_REPLICATION_DATE", message);
      return FALSE;
    }

  if (end <= start)
    {
      org_rest_set_error (reply, 400, "INVALID_REPLICATION_DATE", "endDate must be at least one minute greater than startDate");
      return FALSE;
    }

  org_format_datetime (start, span->start, sizeof span->start);
  org_format_datetime (end, span->end, sizeof span->end);

  return TRUE;
}

static sqlite3_stmt *
select_span (OrgRest    *self,
             const Span *span,
             gboolean    deleted)
{
  g_autofree char *sql = g_strdup_printf ("SELECT Id, SystemModstamp FROM \"%s\" WHERE SystemModstamp >= ?"
                                          " AND SystemModstamp < ? AND IsDeleted = %d", span->object->name, deleted);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (org_data_get_database (self->data), sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (org_data_get_database (self->data)));
  sqlite3_bind_text (statement, 1, span->start, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 2, span->end, -1, SQLITE_TRANSIENT);

  return statement;
}

/* What is written now may still lie before the end of this minute. */
static void
append_covered (GString    *json,
                const Span *span)
{
  char now[40];
  char text[40];

  org_format_datetime (span->now - span->now % MINUTE, now, sizeof now);
  g_strlcpy (text, strcmp (span->end, now) < 0 ? span->end : now, sizeof text);
  org_json_append_text (json, "latestDateCovered", text);
}

static void
refuse_many (OrgRestReply *reply)
{
  org_rest_set_error (reply, 400, "EXCEEDED_ID_LIMIT", "The number of ids is over the limit; ask for a shorter span of time");
}

/**
 * org_replication_updated:
 * @self: the API
 * @request: `GET /sobjects/OBJECT/updated?start=…&end=…`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Tells which records were added or changed.
 */
void
org_replication_updated (OrgRest               *self,
                         const OrgRestRequest  *request,
                         char                 **parts,
                         OrgRestReply          *reply)
{
  sqlite3_stmt *statement;
  guint n = 0;
  Span span;

  if (!read_span (self, request, parts, UPDATED_DAYS, &span, reply))
    return;

  g_string_append (reply->body, "{\"ids\":[");
  statement = select_span (self, &span, FALSE);
  for (; n <= MAX_IDS && sqlite3_step (statement) == SQLITE_ROW; n++)
    {
      if (n > 0)
        g_string_append_c (reply->body, ',');
      org_json_append_string (reply->body, (const char *) sqlite3_column_text (statement, 0));
    }
  sqlite3_finalize (statement);
  g_string_append_c (reply->body, ']');
  append_covered (reply->body, &span);
  g_string_append_c (reply->body, '}');

  if (n > MAX_IDS)
    refuse_many (reply);
}

/* Nothing is older than the org, and the recycle bin forgets. */
static void
append_earliest (GString    *json,
                 const Span *span)
{
  gint64 earliest = MAX (span->now - DELETED_DAYS * DAY, ORG_FIRST_CREATED);
  char text[40];

  org_format_datetime (earliest - earliest % MINUTE, text, sizeof text);
  org_json_append_text (json, "earliestDateAvailable", text);
}

/**
 * org_replication_deleted:
 * @self: the API
 * @request: `GET /sobjects/OBJECT/deleted?start=…&end=…`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Tells which records went to the recycle bin.
 */
void
org_replication_deleted (OrgRest               *self,
                         const OrgRestRequest  *request,
                         char                 **parts,
                         OrgRestReply          *reply)
{
  sqlite3_stmt *statement;
  guint n = 0;
  Span span;

  if (!read_span (self, request, parts, DELETED_DAYS, &span, reply))
    return;

  g_string_append (reply->body, "{\"deletedRecords\":[");
  statement = select_span (self, &span, TRUE);
  for (; n <= MAX_IDS && sqlite3_step (statement) == SQLITE_ROW; n++)
    {
      g_string_append (reply->body, n > 0 ? ",{" : "{");
      org_json_append_text (reply->body, "id", (const char *) sqlite3_column_text (statement, 0));
      org_json_append_text (reply->body, "deletedDate", (const char *) sqlite3_column_text (statement, 1));
      g_string_append_c (reply->body, '}');
    }
  sqlite3_finalize (statement);
  g_string_append_c (reply->body, ']');
  append_earliest (reply->body, &span);
  append_covered (reply->body, &span);
  g_string_append_c (reply->body, '}');

  if (n > MAX_IDS)
    refuse_many (reply);
}
