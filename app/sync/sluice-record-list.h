/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-query.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_RECORD (sluice_record_get_type ())

/**
 * SluiceRecord:
 *
 * One row of a query's answer. Made when somebody looks at it; the cells stay
 * in their page.
 */
G_DECLARE_FINAL_TYPE (SluiceRecord, sluice_record, SLUICE, RECORD, GObject)

const char         *sluice_record_get_cell          (SluiceRecord     *self,
                                                     guint             column);

#define SLUICE_TYPE_RECORD_LIST (sluice_record_list_get_type ())

/**
 * SluiceRecordList:
 *
 * A GListModel of SluiceRecord over pages of a query, in the order they came.
 */
G_DECLARE_FINAL_TYPE (SluiceRecordList, sluice_record_list, SLUICE, RECORD_LIST, GObject)

SluiceRecordList   *sluice_record_list_new          (void);
void                sluice_record_list_add_page     (SluiceRecordList *self,
                                                     SluiceQueryPage  *page);
const char * const *sluice_record_list_get_columns  (SluiceRecordList *self,
                                                     guint            *n_columns);

G_END_DECLS
