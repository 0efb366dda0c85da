/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-plan.h"

G_BEGIN_DECLS

/**
 * OrgPage:
 * @text: the page
 * @n_rows: how many records are on it
 * @crc: the CRC-32 of @text
 * @deflated: (nullable): @text as the last part of a deflate stream, once somebody asked for it
 *
 * A long page of results.
 */
typedef struct
{
  GBytes  *text;
  guint    n_rows;
  guint32  crc;
  GBytes  *deflated;
} OrgPage;

typedef struct _OrgPageCache OrgPageCache;

OrgPageCache *org_page_cache_new    (void);
void          org_page_cache_free   (OrgPageCache  *self);
char         *org_page_cache_key    (OrgData       *data,
                                     const OrgPlan *plan,
                                     const char    *form,
                                     guint64        offset,
                                     guint64        n);
OrgPage      *org_page_cache_find   (OrgPageCache  *self,
                                     const char    *key);
OrgPage      *org_page_cache_add    (OrgPageCache  *self,
                                     const char    *key,
                                     GString       *text,
                                     guint          n_rows);
gboolean      org_page_cache_find_count (OrgPageCache *self,
                                         const char   *key,
                                         guint64      *count);
void          org_page_cache_add_count  (OrgPageCache *self,
                                         const char   *key,
                                         guint64       count);
GPtrArray    *org_page_cache_gzip   (OrgPageCache  *self,
                                     OrgPage       *page,
                                     GString       *head);
OrgPage      *org_page_ref          (OrgPage       *page);
void          org_page_unref        (OrgPage       *page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgPage, org_page_unref)

G_END_DECLS
