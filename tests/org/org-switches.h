/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ORG_BULK_PAGE 100000

/**
 * OrgSwitch:
 * @ORG_SWITCH_BULK_DELAY: milliseconds of the org's clock that a Bulk job takes
 * @ORG_SWITCH_BULK_PAGE: records on a page of Bulk results at most
 * @ORG_SWITCH_BULK_MOST: records on such a page also when more are asked for, or 0 for no such limit
 * @ORG_SWITCH_BULK_FAIL: so many of the next Bulk jobs fail
 * @ORG_SWITCH_BULK_ABORT: so many of the next Bulk jobs are aborted by somebody else
 * @ORG_SWITCH_BULK_LINK: whether `resultPages` says `resultLink` instead of `resultUrl`
 *
 * What tests change while the org runs.
 */
typedef enum
{
  ORG_SWITCH_BULK_DELAY,
  ORG_SWITCH_BULK_PAGE,
  ORG_SWITCH_BULK_MOST,
  ORG_SWITCH_BULK_FAIL,
  ORG_SWITCH_BULK_ABORT,
  ORG_SWITCH_BULK_LINK,
  ORG_N_SWITCHES,
} OrgSwitch;

typedef struct _OrgSwitches OrgSwitches;

OrgSwitches *org_switches_new  (void);
void         org_switches_free (OrgSwitches *self);
void         org_switches_set  (OrgSwitches *self,
                                OrgSwitch    which,
                                guint        value);
guint        org_switches_get  (OrgSwitches *self,
                                OrgSwitch    which);
gboolean     org_switches_take (OrgSwitches *self,
                                OrgSwitch    which);
void         org_switches_lock (OrgSwitches *self,
                                const char  *id,
                                guint        times,
                                gboolean     approval);
gboolean     org_switches_is_locked (OrgSwitches *self,
                                     const char  *id,
                                     gboolean    *approval);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgSwitches, org_switches_free)

G_END_DECLS
