/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-query.h"

G_BEGIN_DECLS

/**
 * SluiceChildPages:
 * @row: index of the record in the page
 * @column: index of the subquery's column
 * @next_records_url: where the rest of its rows is
 *
 * A subquery whose rows did not fit into the page.
 */
typedef struct
{
  guint row;
  guint column;
  char *next_records_url;
} SluiceChildPages;

/**
 * SluiceRecordPage:
 * @page: (nullable): the records; %NULL for the page of a subquery
 * @child_records: (nullable): for the page of a subquery, its rows as JSON objects with commas between them
 * @total_size: how many records the query has
 * @done: whether this is the last page
 * @next_records_url: (nullable): where the next page is
 * @incomplete: (element-type SluiceChildPages): the subqueries that have more rows
 *
 * What one answer of the query resource says.
 */
typedef struct
{
  SluiceQueryPage *page;
  char *child_records;
  gint64 total_size;
  gboolean done;
  char *next_records_url;
  GArray *incomplete;
} SluiceRecordPage;

SluiceRecordPage *sluice_record_page_parse          (const char              *body,
                                                     gsize                    length,
                                                     const char * const      *columns,
                                                     GError                 **error);
SluiceRecordPage *sluice_record_page_parse_children (const char              *body,
                                                     gsize                    length,
                                                     GError                 **error);
void              sluice_record_page_free           (SluiceRecordPage        *self);
void              sluice_record_page_add_count      (SluiceRecordPage        *self);
void              sluice_record_page_complete       (SluiceRecordPage        *self,
                                                     const SluiceChildPages  *children,
                                                     const char              *records);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceRecordPage, sluice_record_page_free)

G_END_DECLS
