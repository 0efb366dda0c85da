/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-transport.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-bulk-query.h"
#include "sluice-query-shape.h"
#include "sluice-soql-bulk.h"

#define REST_PAGE_ROWS 2000

/* To make a job, to ask for it a few times, to delete it */
#define BULK_JOB_CALLS 5

/* Large results come in larger pages: fewer calls, and the way to the next one is longer than the wait for it. */
#define BULK_PAGES_WANTED 8
#define BULK_PAGE_MOST 250000

G_DEFINE_ENUM_TYPE (SluiceTransport, sluice_transport,
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSPORT_AUTOMATIC, "automatic"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSPORT_REST, "rest"),
                    G_DEFINE_ENUM_VALUE (SLUICE_TRANSPORT_BULK, "bulk"))

/**
 * sluice_transport_page_size:
 * @total: how many records there are, -1 when not known
 *
 * Returns: how many records a page of a Bulk result should have
 */
guint
sluice_transport_page_size (gint64 total)
{
  return (guint) CLAMP (total / BULK_PAGES_WANTED, SLUICE_BULK_QUERY_PAGE, BULK_PAGE_MOST);
}

/**
 * sluice_transport_count_calls:
 * @self: REST or Bulk
 * @total: how many records there are
 *
 * Returns: about how many calls it takes to read them
 */
guint
sluice_transport_count_calls (SluiceTransport self,
                              gint64          total)
{
  gint64 rows = MAX (total, 1);
  gint64 page = self == SLUICE_TRANSPORT_BULK ? sluice_transport_page_size (total) : REST_PAGE_ROWS;
  guint calls = (guint) ((rows + page - 1) / page);

  return self == SLUICE_TRANSPORT_BULK ? calls + BULK_JOB_CALLS : calls;
}

static gboolean
is_too_long_for_rest (const char *soql)
{
  g_autofree char *escaped = g_uri_escape_string (soql, NULL, FALSE);

  return strlen (escaped) > SLUICE_TRANSPORT_MAX_ADDRESS;
}

static char *
format_number (gint64 number)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

static char *
explain_bulk (gint64 total)
{
  g_autofree char *rows = format_number (total);
  g_autofree char *bulk_calls = format_number (sluice_transport_count_calls (SLUICE_TRANSPORT_BULK, total));
  g_autofree char *rest_calls = format_number (sluice_transport_count_calls (SLUICE_TRANSPORT_REST, total));

  /* Translators: a number of records, a number of calls with the Bulk API, a number of calls with the REST API */
  return g_strdup_printf (_("Bulk, because there are %s records: about %s calls instead of %s."), rows, bulk_calls,
                          rest_calls);
}

static SluiceTransport
answer (SluiceTransport   transport,
        const char       *text,
        char            **reason)
{
  *reason = g_strdup (text);

  return transport;
}

/**
 * sluice_transport_choose:
 * @wanted: what the user wants
 * @soql: the query
 * @total: how many records it has, -1 when not known: it is taken for few
 * @depends: (out) (optional): whether the number of records decides
 * @reason: (out) (transfer full): why so, for the user
 *
 * Chooses what costs less.
 *
 * Returns: REST or Bulk
 */
SluiceTransport
sluice_transport_choose (SluiceTransport   wanted,
                         const char       *soql,
                         gint64            total,
                         gboolean         *depends,
                         char            **reason)
{
  g_autoptr(SluiceQueryShape) shape = sluice_query_shape_new (soql);

  if (depends != NULL)
    *depends = FALSE;

  if (wanted == SLUICE_TRANSPORT_REST)
    return answer (SLUICE_TRANSPORT_REST, _("REST, because it was asked for."), reason);
  if (wanted == SLUICE_TRANSPORT_BULK)
    return answer (SLUICE_TRANSPORT_BULK, _("Bulk, because it was asked for."), reason);
  if (is_too_long_for_rest (soql))
    return answer (SLUICE_TRANSPORT_BULK, _("Bulk, because the query is too long for the REST API."), reason);
  if (!sluice_soql_check_bulk (soql, NULL))
    return answer (SLUICE_TRANSPORT_REST, _("REST, because the Bulk API does not take such a query."), reason);
  if (shape->ordered)
    return answer (SLUICE_TRANSPORT_REST, _("REST, because it keeps the order that is asked for."), reason);
  if (shape->limit >= 0 && shape->limit <= SLUICE_TRANSPORT_BULK_ROWS)
    return answer (SLUICE_TRANSPORT_REST, _("REST, because few records are asked for."), reason);

  if (depends != NULL)
    *depends = TRUE;
  if (total <= SLUICE_TRANSPORT_BULK_ROWS)
    return answer (SLUICE_TRANSPORT_REST, _("REST, because there are few records."), reason);

  *reason = explain_bulk (total);

  return SLUICE_TRANSPORT_BULK;
}
