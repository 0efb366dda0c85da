/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_TRANSPORT (sluice_transport_get_type ())

/**
 * SluiceTransport:
 * @SLUICE_TRANSPORT_AUTOMATIC: whichever costs less
 * @SLUICE_TRANSPORT_REST: the REST API: 2,000 records a call, at once
 * @SLUICE_TRANSPORT_BULK: the Bulk API 2.0: few calls whatever the number, after a while
 *
 * How records are read.
 */
typedef enum
{
  SLUICE_TRANSPORT_AUTOMATIC,
  SLUICE_TRANSPORT_REST,
  SLUICE_TRANSPORT_BULK,
} SluiceTransport;

GType           sluice_transport_get_type    (void);

/* Above so many records the Bulk API costs less (salesforce-wire 3.3). */
#define SLUICE_TRANSPORT_BULK_ROWS 10000

/* The longest query as part of an address that REST takes, in bytes, with some room for the host. */
#define SLUICE_TRANSPORT_MAX_ADDRESS (16384 - 256)

SluiceTransport sluice_transport_choose      (SluiceTransport    wanted,
                                              const char        *soql,
                                              gint64             total,
                                              gboolean          *depends,
                                              char             **reason);
guint           sluice_transport_count_calls (SluiceTransport    self,
                                              gint64             total);
guint           sluice_transport_page_size   (gint64             total);

G_END_DECLS
