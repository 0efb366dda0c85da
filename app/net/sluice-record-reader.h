/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

/* How many zero bytes stand behind a body. */
#define SLUICE_RECORD_READER_PADDING 4

/**
 * SluiceOpenSubquery:
 * @row: index of the record in the batch
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
} SluiceOpenSubquery;

/**
 * SluiceRecordReader:
 *
 * Reads the answers of the query resource into batches of flat records:
 * numbers keep the server's literal, a subquery's rows are their JSON text.
 * Nothing is copied where it need not be. Not thread-safe.
 */
typedef struct _SluiceRecordReader SluiceRecordReader;

SluiceRecordReader   *sluice_record_reader_new           (const char * const   *columns);
void                  sluice_record_reader_free          (SluiceRecordReader   *self);

gboolean              sluice_record_reader_parse         (SluiceRecordReader   *self,
                                                          char                 *body,
                                                          gsize                 length,
                                                          GError              **error);

const char * const   *sluice_record_reader_get_columns   (SluiceRecordReader   *self);
const SluiceRowBatch *sluice_record_reader_get_batch     (SluiceRecordReader   *self);
gint64                sluice_record_reader_get_total     (SluiceRecordReader   *self);
const char           *sluice_record_reader_get_next      (SluiceRecordReader   *self);

guint                 sluice_record_reader_get_n_open    (SluiceRecordReader   *self);
const SluiceOpenSubquery *
                      sluice_record_reader_get_open      (SluiceRecordReader   *self,
                                                          guint                 i);
gboolean              sluice_record_reader_continue_open (SluiceRecordReader   *self,
                                                          guint                 i,
                                                          char                 *body,
                                                          gsize                 length,
                                                          GError              **error);

char                 *sluice_record_reader_find_next     (const char           *head,
                                                          gsize                 length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceRecordReader, sluice_record_reader_free)

G_END_DECLS
