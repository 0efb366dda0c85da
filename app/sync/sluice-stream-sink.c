/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-stream-sink.h"

#include "sluice-write-error.h"

struct _SluiceStreamSink
{
  SluiceSink parent_instance;

  GOutputStream *stream;
  GCancellable *cancellable; /* (nullable) */
  SluiceRowText *text;
};

G_DEFINE_FINAL_TYPE (SluiceStreamSink, sluice_stream_sink, SLUICE_TYPE_SINK)

static gboolean
flush (SluiceStreamSink  *self,
       GError           **error)
{
  gsize length;
  const char *text = sluice_row_text_peek (self->text, &length);

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (!g_output_stream_write_all (self->stream, text, length, NULL, self->cancellable, error))
    {
      sluice_write_error_explain (error);
      return FALSE;
    }
  sluice_row_text_clear (self->text);

  return TRUE;
}

static gboolean
sluice_stream_sink_begin (SluiceSink          *sink,
                          const char * const  *columns,
                          guint                n_columns,
                          GError             **error)
{
  SluiceStreamSink *self = SLUICE_STREAM_SINK (sink);

  sluice_row_text_begin (self->text, columns, n_columns, FALSE);

  return TRUE;
}

static gboolean
sluice_stream_sink_add (SluiceSink            *sink,
                        const SluiceRowBatch  *batch,
                        GError               **error)
{
  SluiceStreamSink *self = SLUICE_STREAM_SINK (sink);
  guint row = 0;

  /* What is there is written at once: somebody may wait for it. */
  do
    {
      row = sluice_row_text_add (self->text, batch, row);
      if (!flush (self, error))
        return FALSE;
    }
  while (row < batch->n_rows);

  return TRUE;
}

static gboolean
sluice_stream_sink_finish (SluiceSink  *sink,
                           GError     **error)
{
  return flush (SLUICE_STREAM_SINK (sink), error);
}

static void
sluice_stream_sink_abandon (SluiceSink *sink)
{
}

static void
sluice_stream_sink_finalize (GObject *object)
{
  SluiceStreamSink *self = SLUICE_STREAM_SINK (object);

  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->text, sluice_row_text_free);

  G_OBJECT_CLASS (sluice_stream_sink_parent_class)->finalize (object);
}

static void
sluice_stream_sink_class_init (SluiceStreamSinkClass *klass)
{
  SluiceSinkClass *sink_class = SLUICE_SINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sluice_stream_sink_finalize;

  sink_class->begin = sluice_stream_sink_begin;
  sink_class->add = sluice_stream_sink_add;
  sink_class->finish = sluice_stream_sink_finish;
  sink_class->abandon = sluice_stream_sink_abandon;
}

static void
sluice_stream_sink_init (SluiceStreamSink *self)
{
}

/**
 * sluice_stream_sink_new:
 * @stream: where to write; the caller closes it
 * @options: how to write
 * @cancellable: (nullable): ends the wait for a slow reader
 *
 * Returns: (transfer full): a sink
 */
SluiceSink *
sluice_stream_sink_new (GOutputStream              *stream,
                        const SluiceRowTextOptions *options,
                        GCancellable               *cancellable)
{
  SluiceStreamSink *self;

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);
  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_STREAM_SINK, NULL);
  self->stream = g_object_ref (stream);
  g_set_object (&self->cancellable, cancellable);
  self->text = sluice_row_text_new (options);

  return SLUICE_SINK (self);
}
