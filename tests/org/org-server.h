/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "org-data.h"

G_BEGIN_DECLS

/**
 * OrgServerOptions:
 * @port: where to listen; 0 for any free port
 * @source: which data: `northwind` or a number of accounts
 * @kind: which org
 * @newest: newest API version
 * @limit: calls of the API in 24 hours
 * @concurrent: long calls at once
 * @long_call: seconds from which on a call is long
 * @latency: milliseconds that every answer waits
 * @session: seconds after which an unused access token expires
 * @session_calls: calls after which an access token expires; 0 for no such limit
 * @short_pages: whether pages of queries have fewer records than asked for
 * @child_limit: so many children come with their parent, or 0 for as many as usual
 * @bulk_delay: milliseconds that a Bulk job takes
 * @bulk_page: records on a page of Bulk results at most
 * @faults: (nullable): what goes wrong
 * @log: (nullable): a file for the log
 * @state: (nullable): a file for what outlives the program
 * @instance: (nullable): another `instance_url`
 *
 * How to serve.
 */
typedef struct
{
  guint       port;
  const char *source;
  OrgKind     kind;
  guint       newest;
  guint       limit;
  guint       concurrent;
  guint       long_call;
  guint       latency;
  guint       session;
  guint       session_calls;
  gboolean    short_pages;
  guint       child_limit;
  guint       bulk_delay;
  guint       bulk_page;
  const char *faults;
  const char *log;
  const char *state;
  const char *instance;
} OrgServerOptions;

typedef struct _OrgServer OrgServer;

OrgServer  *org_server_new         (const OrgServerOptions  *options,
                                    GError                 **error);
void        org_server_free        (OrgServer               *self);
const char *org_server_get_address (OrgServer               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrgServer, org_server_free)

G_END_DECLS
