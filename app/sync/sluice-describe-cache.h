/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-object-describe.h"

G_BEGIN_DECLS

typedef struct _SluiceConnection SluiceConnection;

/**
 * SluiceDescribeAge:
 * @SLUICE_DESCRIBE_RECENT: what the org said within the last hour, else what it says now; when it cannot be asked, what
 *   it said before
 * @SLUICE_DESCRIBE_ANY_AGE: what the org once said; it is asked only when nothing is known
 * @SLUICE_DESCRIBE_NOW: what the org says now; an error when it cannot be asked
 *
 * How old an answer may be.
 */
typedef enum
{
  SLUICE_DESCRIBE_RECENT,
  SLUICE_DESCRIBE_ANY_AGE,
  SLUICE_DESCRIBE_NOW,
} SluiceDescribeAge;

#define SLUICE_TYPE_DESCRIBE_CACHE (sluice_describe_cache_get_type ())

/**
 * SluiceDescribeCache:
 *
 * What an org tells about its objects, kept in memory and on disk, per org,
 * user and API version, because field-level security shows each user other
 * fields.
 *
 * The org is asked whether an older answer still holds (`If-Modified-Since`),
 * and only one request for the same object is on its way: whoever asks
 * meanwhile waits for its answer. Answers are read on a thread. A damaged file
 * is as good as none. When nobody is signed in, or the org cannot be reached,
 * the older answer serves; sluice_describe_cache_get_checked_at() and
 * sluice_describe_cache_get_problem() tell how old it is and why.
 */
G_DECLARE_FINAL_TYPE (SluiceDescribeCache, sluice_describe_cache, SLUICE, DESCRIBE_CACHE, GObject)

SluiceDescribeCache  *sluice_describe_cache_new             (SluiceConnection     *connection,
                                                             const char           *directory);

/* A list of SluiceObjectInfo */
void                  sluice_describe_cache_list_async      (SluiceDescribeCache  *self,
                                                             SluiceDescribeAge     age,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
GListModel           *sluice_describe_cache_list_finish     (SluiceDescribeCache  *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);
void                  sluice_describe_cache_describe_async  (SluiceDescribeCache  *self,
                                                             const char           *name,
                                                             SluiceDescribeAge     age,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
SluiceObjectDescribe *sluice_describe_cache_describe_finish (SluiceDescribeCache  *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);

/* What is in memory already; for completion while somebody types. */
GListModel           *sluice_describe_cache_peek_list       (SluiceDescribeCache  *self);
SluiceObjectDescribe *sluice_describe_cache_peek            (SluiceDescribeCache  *self,
                                                             const char           *name);

/* Of the list with a name of NULL. */
gint64                sluice_describe_cache_get_checked_at  (SluiceDescribeCache  *self,
                                                             const char           *name);
const GError         *sluice_describe_cache_get_problem     (SluiceDescribeCache  *self,
                                                             const char           *name);

/* Removes what is kept of the org, because the subscription has no tokens any more. */
void                  sluice_describe_cache_forget_async    (SluiceDescribeCache  *self,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
void                  sluice_describe_cache_forget_finish   (SluiceDescribeCache  *self,
                                                             GAsyncResult         *result);

G_END_DECLS
