/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-call.h"
#include "org-sessions.h"

G_BEGIN_DECLS

void org_pages_login   (OrgCall         *call,
                        const char      *start,
                        const char      *username,
                        gboolean         failed);
void org_pages_consent (OrgCall         *call,
                        const char      *source,
                        OrgAuthorize    *request,
                        const OrgPerson *person);
void org_pages_error   (OrgCall         *call,
                        const char      *error,
                        const char      *reason);
void org_pages_message (OrgCall         *call,
                        guint            status,
                        const char      *title,
                        const char      *text);

G_END_DECLS
