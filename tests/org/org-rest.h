/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-cursor.h"
#include "org-switches.h"

G_BEGIN_DECLS

/**
 * OrgRestRequest:
 * @method: the HTTP method
 * @path: what follows the version, decoded, such as `/sobjects/Account`
 * @base: the version's path, such as `/services/data/v68.0`
 * @query: (nullable) (element-type utf8 utf8): the decoded query parameters
 * @query_options: (nullable): the header `Sforce-Query-Options`
 * @if_modified_since: (nullable): the header `If-Modified-Since`
 * @user_id: (nullable): who asks; %NULL sees everything
 * @body: (nullable): the body
 * @content_type: (nullable): the header `Content-Type`
 * @if_unmodified_since: (nullable): the header `If-Unmodified-Since`
 * @duplicate_rule: (nullable): the header `Sforce-Duplicate-Rule-Header`
 * @if_match: (nullable): the header `If-Match`
 * @if_none_match: (nullable): the header `If-None-Match`
 * @repeat: whether a page of results is to be the one before it
 * @job_end: (nullable): how the Bulk job ends that the call is about, `Failed` or `Aborted`
 *
 * A call of the REST API that was let in.
 */
typedef struct
{
  const char *method;
  const char *path;
  const char *base;
  GHashTable *query;
  const char *query_options;
  const char *if_modified_since;
  const char *user_id;
  GBytes     *body;
  const char *content_type;
  const char *if_unmodified_since;
  const char *duplicate_rule;
  const char *if_match;
  const char *if_none_match;
  gboolean    repeat;
  const char *job_end;
} OrgRestRequest;

/**
 * OrgRestReply:
 * @status: the HTTP status
 * @body: (owned): JSON or, by @type, CSV; empty where there is none
 * @last_modified: (owned) (nullable): the header `Last-Modified`
 * @allow: (owned) (nullable): the header `Allow`
 * @etag: (owned) (nullable): the header `ETag`
 * @location: (owned) (nullable): the header `Location`
 * @type: (nullable): the content type, if it is not JSON
 * @locator: (owned) (nullable): the header `Sforce-Locator`
 * @n_records: (owned) (nullable): the header `Sforce-NumberOfRecords`
 * @page: (owned) (nullable): what follows @body, where pages are kept
 *
 * The answer.
 */
typedef struct
{
  guint       status;
  GString    *body;
  char       *last_modified;
  char       *allow;
  char       *etag;
  char       *location;
  const char *type;
  char       *locator;
  char       *n_records;
  OrgPage    *page;
} OrgRestReply;

typedef struct _OrgRest OrgRest;

OrgRest    *org_rest_new         (OrgData              *data);
void        org_rest_free        (OrgRest              *self);
OrgCursors *org_rest_get_cursors (OrgRest              *self);
OrgSwitches *org_rest_get_switches (OrgRest            *self);
void        org_rest_keep_pages  (OrgRest              *self);
OrgPageCache *org_rest_get_pages (OrgRest              *self);
guint       org_rest_get_changes (OrgRest              *self);
char       *org_rest_dup_state   (OrgRest              *self);
void        org_rest_restore     (OrgRest              *self,
                                  JsonObject           *state);
gboolean    org_rest_handle      (OrgRest              *self,
                                  const OrgRestRequest *request,
                                  OrgRestReply         *reply);
void        org_rest_refuse      (OrgRestReply         *reply,
                                  guint                 status,
                                  const char           *code,
                                  const char           *message);
void        org_rest_reply_clear (OrgRestReply         *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgRest, org_rest_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrgRestReply, org_rest_reply_clear)

G_END_DECLS
