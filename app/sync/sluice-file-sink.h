/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-row-text.h"
#include "sluice-sink.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_FILE_SINK (sluice_file_sink_get_type ())

/**
 * SluiceFileSink:
 *
 * Writes records to a file that appears under its name only when it is whole.
 *
 * Until then they are in `FILE.part`, and `FILE.part.json` beside it says how
 * far they are certain: an interrupted run, even one that was killed, is taken
 * up again at that place. A file that was there before stays as it was until
 * the new one takes its name.
 */
G_DECLARE_FINAL_TYPE (SluiceFileSink, sluice_file_sink, SLUICE, FILE_SINK, SluiceSink)

SluiceSink *sluice_file_sink_new     (const char                  *path,
                                      const SluiceRowTextOptions  *options);
void        sluice_file_sink_discard (SluiceFileSink              *self);

G_END_DECLS
