/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-transport.h"

G_BEGIN_DECLS

/**
 * SluiceTransferPoint:
 * @org_id: the org, 18 characters
 * @soql: the query
 * @all_rows: whether deleted and archived records are read too
 * @transport: how they are read
 * @api_version: which version of the API began this, such as "68.0"
 * @job: (nullable): the id of the Bulk job
 * @address: (nullable): the page to go on with: its path, or its locator, which is empty for the first one; %NULL when
 *   all pages were read
 * @page_rows: how many of its records are there already
 * @rows: how many records are there
 * @total: how many there will be, -1 when not known
 * @columns: (nullable): their names, once they are known
 *
 * How far a transfer has come: what is needed to take it up again.
 */
typedef struct
{
  char *org_id;
  char *soql;
  gboolean all_rows;
  SluiceTransport transport;
  char *api_version;
  char *job;
  char *address;
  guint64 page_rows;
  guint64 rows;
  gint64 total;
  char **columns;
} SluiceTransferPoint;

SluiceTransferPoint *sluice_transfer_point_new       (void);
void                 sluice_transfer_point_free      (SluiceTransferPoint  *self);

char                *sluice_transfer_point_to_text   (SluiceTransferPoint  *self);
SluiceTransferPoint *sluice_transfer_point_from_text (const char           *text,
                                                      GError              **error);
gboolean             sluice_transfer_point_fits      (SluiceTransferPoint  *self,
                                                      const char           *org_id,
                                                      const char           *soql,
                                                      gboolean              all_rows,
                                                      GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceTransferPoint, sluice_transfer_point_free)

G_END_DECLS
