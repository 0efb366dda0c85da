/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-row-batch.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SINK (sluice_sink_get_type ())

G_DECLARE_DERIVABLE_TYPE (SluiceSink, sluice_sink, SLUICE, SINK, GObject)

/**
 * SluiceSinkClass:
 * @restore: takes up again what an earlier run has left, see sluice_sink_restore(); %NULL where nothing outlives the run
 * @begin: learns the columns, before the first record
 * @add: takes records
 * @checkpoint: makes all that was added durable, together with a state; %NULL where nothing outlives the run
 * @finish: completes the result
 * @abandon: lets go of the result without completing it, so that it can be taken up again where that is possible
 *
 * Where records go: a file, a table, a list on the screen.
 *
 * All functions block and are called by one thread at a time, never the main
 * one.
 */
struct _SluiceSinkClass
{
  GObjectClass parent_class;

  gboolean (*restore)    (SluiceSink            *self,
                          char                 **state,
                          GError               **error);
  gboolean (*begin)      (SluiceSink            *self,
                          const char * const    *columns,
                          guint                  n_columns,
                          GError               **error);
  gboolean (*add)        (SluiceSink            *self,
                          const SluiceRowBatch  *batch,
                          GError               **error);
  gboolean (*checkpoint) (SluiceSink            *self,
                          const char            *state,
                          GError               **error);
  gboolean (*finish)     (SluiceSink            *self,
                          GError               **error);
  void     (*abandon)    (SluiceSink            *self);
};

gboolean sluice_sink_get_is_durable (SluiceSink            *self);
gboolean sluice_sink_restore        (SluiceSink            *self,
                                     char                 **state,
                                     GError               **error);
gboolean sluice_sink_begin          (SluiceSink            *self,
                                     const char * const    *columns,
                                     guint                  n_columns,
                                     GError               **error);
gboolean sluice_sink_add            (SluiceSink            *self,
                                     const SluiceRowBatch  *batch,
                                     GError               **error);
gboolean sluice_sink_checkpoint     (SluiceSink            *self,
                                     const char            *state,
                                     GError               **error);
gboolean sluice_sink_finish         (SluiceSink            *self,
                                     GError               **error);
void     sluice_sink_abandon        (SluiceSink            *self);

G_END_DECLS
