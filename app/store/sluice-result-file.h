/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceResultFile:
 *
 * A file that has no name: it is gone when it is closed, and when the program
 * ends in whatever way. May be read by several threads while one writes.
 */
typedef struct _SluiceResultFile SluiceResultFile;

SluiceResultFile *sluice_result_file_new   (const char              *folder,
                                            GError                 **error);
void              sluice_result_file_free  (SluiceResultFile        *self);

gboolean          sluice_result_file_write (const SluiceResultFile  *self,
                                            gconstpointer            data,
                                            gsize                    size,
                                            guint64                  offset,
                                            GError                 **error);
gboolean          sluice_result_file_read  (const SluiceResultFile  *self,
                                            gpointer                 data,
                                            gsize                    size,
                                            guint64                  offset,
                                            GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceResultFile, sluice_result_file_free)

G_END_DECLS
