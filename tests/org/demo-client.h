/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The real program, started for one test, and what the test says to it. */
typedef struct
{
  GSubprocess *process;
  char *address;
  char *folder;
  char *log;
  SoupSession *session;
} DemoOrg;

typedef struct
{
  guint status;
  char *body;
  gsize size;
  SoupMessage *message;
} DemoReply;

/* Cookies of its own; never follows a redirect by itself. */
typedef struct
{
  DemoOrg *org;
  SoupSession *session;
} DemoBrowser;

#define DEMO_CALLBACK "http://localhost:7717/OauthRedirect"
#define DEMO_API "/services/data/v68.0"

DemoOrg     *demo_org_start        (const char  *option,
                                    ...) G_GNUC_NULL_TERMINATED;
void         demo_org_restart      (DemoOrg     *self,
                                    const char  *option,
                                    ...) G_GNUC_NULL_TERMINATED;
void         demo_org_stop         (DemoOrg     *self);
void         demo_org_control      (DemoOrg     *self,
                                    const char  *action);
char        *demo_org_read_log     (DemoOrg     *self,
                                    guint        n_lines);
char        *demo_org_read_file    (DemoOrg     *self,
                                    const char  *name);

DemoReply   *demo_org_get          (DemoOrg     *self,
                                    const char  *path,
                                    const char  *token);
DemoReply   *demo_org_post         (DemoOrg     *self,
                                    const char  *path,
                                    const char  *form);
DemoReply   *demo_org_try          (DemoOrg     *self,
                                    const char  *path,
                                    const char  *token,
                                    GError     **error);
DemoReply   *demo_org_send         (DemoOrg     *self,
                                    const char  *method,
                                    const char  *path,
                                    const char  *header,
                                    const char  *value);
DemoReply   *demo_org_call         (DemoOrg     *self,
                                    const char  *method,
                                    const char  *path,
                                    const char  *token,
                                    const char  *body);
DemoReply   *demo_org_call_with    (DemoOrg     *self,
                                    const char  *method,
                                    const char  *path,
                                    const char  *token,
                                    const char  *type,
                                    const char  *body,
                                    const char  *header,
                                    const char  *value);
void         demo_reply_free       (DemoReply   *self);
const char  *demo_reply_header     (DemoReply   *self,
                                    const char  *name);
char        *demo_reply_member     (DemoReply   *self,
                                    const char  *name);
void         demo_reply_assert_error (DemoReply  *self,
                                      guint       status,
                                      const char *code,
                                      const char *message);
void         demo_reply_assert_oauth (DemoReply  *self,
                                      const char *error,
                                      const char *description);

char        *demo_org_log_in       (DemoOrg     *self,
                                    const char  *username);

DemoBrowser *demo_browser_new      (DemoOrg     *org);
void         demo_browser_free     (DemoBrowser *self);
DemoReply   *demo_browser_get      (DemoBrowser *self,
                                    const char  *url);
DemoReply   *demo_browser_post     (DemoBrowser *self,
                                    const char  *path,
                                    const char  *form);
DemoReply   *demo_browser_follow   (DemoBrowser *self,
                                    DemoReply   *reply);
char        *demo_browser_hidden   (DemoReply   *page,
                                    const char  *name);
DemoReply   *demo_browser_login    (DemoBrowser *self,
                                    DemoReply   *page,
                                    const char  *username,
                                    const char  *password);
DemoReply   *demo_browser_decide   (DemoBrowser *self,
                                    DemoReply   *page,
                                    const char  *decision);
char        *demo_browser_allow    (DemoBrowser *self,
                                    const char  *url,
                                    const char  *username);
char        *demo_authorize_url    (const char  *client_id,
                                    const char  *more);
char        *demo_url_parameter    (const char  *url,
                                    const char  *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoOrg, demo_org_stop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoReply, demo_reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoBrowser, demo_browser_free)

G_END_DECLS
