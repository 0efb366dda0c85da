/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

/**
 * SluiceJsonLines:
 *
 * Makes rows of JSON objects. A value inside another object is a column of
 * its own, `Account.Name`. Not thread-safe.
 */
typedef struct _SluiceJsonLines SluiceJsonLines;

SluiceJsonLines    *sluice_json_lines_new         (void);
void                sluice_json_lines_free        (SluiceJsonLines *self);

void                sluice_json_lines_learn       (SluiceJsonLines *self,
                                                   const char      *line,
                                                   gsize            length);
const char * const *sluice_json_lines_get_columns (SluiceJsonLines *self,
                                                   guint           *n_columns);
char               *sluice_json_lines_parse       (SluiceJsonLines *self,
                                                   const char      *line,
                                                   gsize            length,
                                                   SluiceCell      *cells);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceJsonLines, sluice_json_lines_free)

G_END_DECLS
