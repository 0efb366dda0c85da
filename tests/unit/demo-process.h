/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The real `sluice-demo-org`, from SLUICE_DEMO_ORG, on a free port. */
typedef struct
{
  GSubprocess *process;
  char *url;
} DemoProcess;

DemoProcess *demo_process_new     (const char  *option,
                                   ...) G_GNUC_NULL_TERMINATED;
void         demo_process_free    (DemoProcess *self);

/* Such as "expire" or "usage?used=10"; see `sluice-demo-org --help`. */
void         demo_process_control (DemoProcess *self,
                                   const char  *action);
gint64       demo_process_ask     (DemoProcess *self,
                                   const char  *member);

/* Follows @url as a browser does, fills in the login form and presses Allow or Deny; the last page is the app's. */
void         demo_browser_visit_async  (const char          *url,
                                        const char          *username,
                                        const char          *decision,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
char        *demo_browser_visit_finish (GAsyncResult        *result,
                                        GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoProcess, demo_process_free)

G_END_DECLS
