/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceCliOutput:
 *
 * Where a command writes its data: standard output, or a file that appears
 * under its name only when it is whole.
 */
typedef struct _SluiceCliOutput SluiceCliOutput;

SluiceCliOutput *sluice_cli_output_open       (const char       *path,
                                               GError          **error);
GOutputStream   *sluice_cli_output_get_stream (SluiceCliOutput  *self);
gboolean         sluice_cli_output_commit     (SluiceCliOutput  *self,
                                               GError          **error);
void             sluice_cli_output_free       (SluiceCliOutput  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceCliOutput, sluice_cli_output_free)

G_END_DECLS
