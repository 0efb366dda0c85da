/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "org-service.h"

G_BEGIN_DECLS

#define ORG_JSON "application/json;charset=UTF-8"
#define ORG_HTML "text/html;charset=UTF-8"

typedef enum
{
  ORG_CALL_API,
  ORG_CALL_OAUTH,
  ORG_CALL_PAGE,
  ORG_CALL_CONTROL,
} OrgCallKind;

/**
 * OrgCall:
 * @service: (unowned): the org
 * @message: the request
 * @kind: what it is about
 * @method: the HTTP method
 * @path: (owned): the path, with single slashes
 * @query: (nullable): the decoded parameters of the address
 * @form: (nullable): the decoded parameters of the body
 * @browser: (owned): what tells this browser from others, in a cookie
 * @started: monotonic microseconds
 * @fault: what goes wrong with it
 * @silent: whether somebody else than the library writes the answer
 * @open: whether it is in the list of API calls that run
 *
 * A request and its way to an answer.
 */
typedef struct
{
  OrgService        *service;
  SoupServerMessage *message;
  OrgCallKind        kind;
  const char        *method;
  char              *path;
  GHashTable        *query;
  GHashTable        *form;
  char              *browser;
  gint64             started;
  OrgFault           fault;
  gboolean           silent;
  gboolean           open;
} OrgCall;

OrgCall    *org_call_new        (OrgService        *service,
                                 SoupServerMessage *message,
                                 OrgCallKind        kind,
                                 const char        *path,
                                 GHashTable        *query);
OrgCall    *org_call_ref        (OrgCall           *self);
void        org_call_unref      (OrgCall           *self);
const char *org_call_get        (OrgCall           *self,
                                 const char        *name);
const char *org_call_get_header (OrgCall           *self,
                                 const char        *name);
char       *org_call_dup_cookie (OrgCall           *self,
                                 const char        *name);
char       *org_call_dup_token  (OrgCall           *self);
gboolean    org_call_is         (OrgCall           *self,
                                 const char        *method);
void        org_call_set_header (OrgCall           *self,
                                 const char        *name,
                                 const char        *value);
GPtrArray  *org_call_encode     (OrgCall           *self,
                                 GString           *body,
                                 OrgPage           *page,
                                 OrgPageCache      *pages,
                                 gboolean          *compressed);
void        org_call_send       (OrgCall           *self,
                                 guint              status,
                                 const char        *type,
                                 GPtrArray         *body,
                                 gboolean           compressed);
void        org_call_reply      (OrgCall           *self,
                                 guint              status,
                                 const char        *type,
                                 GString           *body);
void        org_call_reply_text (OrgCall           *self,
                                 guint              status,
                                 const char        *type,
                                 const char        *text);
void        org_call_error      (OrgCall           *self,
                                 guint              status,
                                 const char        *code,
                                 const char        *message);
void        org_call_redirect   (OrgCall           *self,
                                 const char        *location);
void        org_call_log        (OrgCall           *self,
                                 guint              status,
                                 guint64            bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgCall, org_call_unref)

G_END_DECLS
