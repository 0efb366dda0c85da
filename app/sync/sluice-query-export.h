/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-query.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_EXPORT_FORMAT (sluice_export_format_get_type ())

/**
 * SluiceExportFormat:
 * @SLUICE_EXPORT_CSV: RFC 4180: a header, then a line a record, ended by CR LF
 * @SLUICE_EXPORT_JSON: one JSON object a line
 *
 * How records are written for other programs.
 */
typedef enum
{
  SLUICE_EXPORT_CSV,
  SLUICE_EXPORT_JSON,
} SluiceExportFormat;

GType    sluice_export_format_get_type  (void);

#define SLUICE_TYPE_QUERY_EXPORT (sluice_query_export_get_type ())

/**
 * SluiceQueryExport:
 *
 * Writes the pages of a query to a stream, one after the other. Memory is
 * bounded by one page.
 */
G_DECLARE_FINAL_TYPE (SluiceQueryExport, sluice_query_export, SLUICE, QUERY_EXPORT, GObject)

SluiceQueryExport *sluice_query_export_new          (GOutputStream          *stream,
                                                     SluiceExportFormat      format);

void               sluice_query_export_write_async  (SluiceQueryExport      *self,
                                                     const SluiceQueryPage  *page,
                                                     GCancellable           *cancellable,
                                                     GAsyncReadyCallback     callback,
                                                     gpointer                user_data);
gboolean           sluice_query_export_write_finish (SluiceQueryExport      *self,
                                                     GAsyncResult           *result,
                                                     GError                **error);

G_END_DECLS
