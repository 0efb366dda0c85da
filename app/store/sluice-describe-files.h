/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceDescribeFile:
 * @answer: what the org said
 * @modified: (nullable): since when it is so, as an HTTP date
 * @checked_at: when the org last said that it is so, in seconds since 1970
 *
 * One kept answer.
 */
typedef struct
{
  GBytes *answer;
  char *modified;
  gint64 checked_at;
} SluiceDescribeFile;

void                sluice_describe_file_free   (SluiceDescribeFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceDescribeFile, sluice_describe_file_free)

/* All of these block, so they belong on a thread. */
SluiceDescribeFile *sluice_describe_files_load   (const char   *root,
                                                  const char   *folder,
                                                  const char   *owner,
                                                  const char   *version,
                                                  const char   *name);
gboolean            sluice_describe_files_save   (const char   *root,
                                                  const char   *folder,
                                                  const char   *owner,
                                                  const char   *version,
                                                  const char   *name,
                                                  GBytes       *answer,
                                                  const char   *modified,
                                                  gint64        checked_at,
                                                  GCancellable *cancellable,
                                                  GError      **error);
void                sluice_describe_files_touch  (const char   *root,
                                                  const char   *folder,
                                                  const char   *version,
                                                  const char   *name,
                                                  gint64        checked_at);
void                sluice_describe_files_remove (const char   *root,
                                                  const char   *folder,
                                                  const char   *version,
                                                  const char   *name);
void                sluice_describe_files_forget (const char   *root,
                                                  const char   *owner);

G_END_DECLS
