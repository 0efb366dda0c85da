/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* What the parts of the REST API share; others need only org-rest.h. */

#include "org-rest.h"
#include "org-write.h"

G_BEGIN_DECLS

typedef struct _OrgBulk OrgBulk;

struct _OrgRest
{
  OrgData *data;        /* (unowned) */
  OrgCursors *cursors;
  OrgSwitches *switches;
  OrgWriter *writer;
  OrgBulk *bulk;
  OrgPageCache *pages;  /* (nullable) */
};

/* @parts are the parts of the path. */
typedef void (*OrgRestFunc) (OrgRest               *self,
                             const OrgRestRequest  *request,
                             char                 **parts,
                             OrgRestReply          *reply);

void        org_rest_set_error       (OrgRestReply         *reply,
                                      guint                 status,
                                      const char           *code,
                                      const char           *message);
void        org_rest_set_not_found   (OrgRestReply         *reply);
void        org_rest_refuse_method   (OrgRestReply         *reply,
                                      const char           *method,
                                      const char           *allowed);
gboolean    org_rest_is_admin        (OrgRest              *self,
                                      const OrgRestRequest *request);
const char *org_rest_get_parameter   (const OrgRestRequest *request,
                                      const char           *name);
gboolean    org_rest_parse_http_date (const char           *text,
                                      gint64               *seconds);
gboolean    org_rest_check_match     (OrgRest              *self,
                                      const OrgRestRequest *request,
                                      const OrgObject      *object,
                                      const char           *id,
                                      OrgRestReply         *reply);
void        org_rest_read_record     (OrgRest              *self,
                                      const OrgRestRequest *request,
                                      const OrgObject      *object,
                                      const char           *id,
                                      OrgRestReply         *reply);

G_END_DECLS
