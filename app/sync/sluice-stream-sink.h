/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-row-text.h"
#include "sluice-sink.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_STREAM_SINK (sluice_stream_sink_get_type ())

/**
 * SluiceStreamSink:
 *
 * Writes records to a stream, such as standard output: what is written cannot
 * be taken back, and an interrupted run cannot be taken up again.
 */
G_DECLARE_FINAL_TYPE (SluiceStreamSink, sluice_stream_sink, SLUICE, STREAM_SINK, SluiceSink)

SluiceSink *sluice_stream_sink_new (GOutputStream               *stream,
                                    const SluiceRowTextOptions  *options,
                                    GCancellable                *cancellable);

G_END_DECLS
