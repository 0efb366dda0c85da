/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-sink.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_TABLE_SINK (sluice_table_sink_get_type ())

/**
 * SluiceTableSink:
 *
 * Writes records into a new table of an SQLite database.
 *
 * Columns have no type of their own, so that a value stays what it is: a
 * number is a number, `007` is a text, a boolean is 0 or 1. The column `Id` is
 * the primary key where there is one. An interrupted run can be taken up again:
 * until it ends, the table `sluice_transfer` says where it was.
 */
G_DECLARE_FINAL_TYPE (SluiceTableSink, sluice_table_sink, SLUICE, TABLE_SINK, SluiceSink)

SluiceSink *sluice_table_sink_new (const char *path,
                                   const char *table,
                                   gboolean    replace);

G_END_DECLS
