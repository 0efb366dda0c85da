/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people see in the browser: plain forms that need no script. */

#include "org-pages.h"

#include <string.h>

#define STYLE \
  ":root{color-scheme:light dark;--page:#f3f3f3;--card:#fff;--text:#181818;--dim:#5c5c5c;--line:#c9c9c9;" \
  "--accent:#0176d3;--on-accent:#fff;--field:#fff;--bad:#ba0517;--bad-page:#fddde3}" \
  "@media(prefers-color-scheme:dark){:root{--page:#16181d;--card:#23262d;--text:#f1f2f4;--dim:#a9adb6;--line:#4a4f59;" \
  "--accent:#78b0fd;--on-accent:#10243f;--field:#1a1c22;--bad:#ff9a9f;--bad-page:#4a1f26}}" \
  "*{box-sizing:border-box}body{margin:0;min-height:100vh;background:var(--page);color:var(--text);" \
  "font:16px/1.45 system-ui,'Adwaita Sans',Cantarell,'Segoe UI',sans-serif;display:flex;flex-direction:column;" \
  "align-items:center;padding:5vh 16px 32px}" \
  "header{text-align:center;margin-bottom:20px}header p{margin:6px 0 0;color:var(--dim)}" \
  "header .org{font-size:22px;font-weight:600;margin:0;color:var(--text)}.kind{display:inline-block;margin-top:10px;padding:3px 12px;" \
  "border-radius:99px;font-size:13px;font-weight:700;letter-spacing:.05em;color:#fff}" \
  ".production{background:#a51d2d}.sandbox{background:#26754a}" \
  "main{width:100%;max-width:400px;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:28px}" \
  "h1{font-size:20px;margin:0 0 16px}label{display:block;margin:0 0 4px;font-size:14px;color:var(--dim)}" \
  "input[type=text],input[type=password]{width:100%;padding:10px 12px;margin:0 0 16px;font:inherit;color:inherit;" \
  "background:var(--field);border:1px solid var(--dim);border-radius:6px}" \
  "button{font:inherit;font-weight:600;padding:10px 18px;border-radius:6px;border:1px solid var(--accent);" \
  "background:var(--accent);color:var(--on-accent);cursor:pointer;flex:1}" \
  "button.plain{background:transparent;color:var(--accent)}" \
  "input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}" \
  ".buttons{display:flex;gap:12px;margin-top:20px}ul{padding-left:20px;margin:12px 0}li{margin:4px 0}" \
  ".error{background:var(--bad-page);color:var(--bad);border-radius:6px;padding:10px 12px;margin:0 0 16px;font-size:15px}" \
  ".error:last-child{margin-bottom:0}a{white-space:nowrap}" \
  "code{font:14px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}.dim{color:var(--dim);font-size:14px}" \
  "a{color:var(--accent)}footer{margin-top:20px;max-width:400px;text-align:center}"

static const struct
{
  const char *scope;
  const char *text;
} scopes[] = {
  { "api", "Manage user data via APIs" },
  { "web", "Manage user data via Web browsers" },
  { "full", "Full access" },
  { "id", "Access the identity URL service" },
  { "openid", "Access unique user identifiers" },
  { "profile", "Access the profile of the user" },
  { "email", "Access the e-mail address of the user" },
  { "refresh_token", "Perform requests at any time" },
};

static void
append_text (GString    *html,
             const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  g_string_append (html, escaped);
}

static GString *
begin (OrgCall    *call,
       const char *title)
{
  GString *html = g_string_new ("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
  gboolean sandbox = call->service->kind == ORG_KIND_SANDBOX;

  append_text (html, title);
  g_string_append (html, " | ");
  append_text (html, call->service->name);
  g_string_append (html, " (demo org)</title><style>" STYLE "</style></head><body><header><p class=\"org\">");
  append_text (html, call->service->name);
  g_string_append_printf (html, "</p><span class=\"kind %s\">%s</span>"
                                "<p>Demo org: a simulated Salesforce org on this computer</p></header><main>",
                          sandbox ? "sandbox" : "production", sandbox ? "SANDBOX" : "PRODUCTION");

  return html;
}

/* No script, no frames: the pages work without and nobody may hide them in others. */
static void
end (OrgCall *call,
     guint    status,
     GString *html)
{
  g_string_append (html, "</body></html>\n");
  org_call_set_header (call, "Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                       "frame-ancestors 'none'");
  org_call_set_header (call, "X-Frame-Options", "DENY");
  org_call_set_header (call, "Referrer-Policy", "no-referrer");
  org_call_reply (call, status, ORG_HTML, html);
}

static void
append_hidden (GString    *html,
               const char *name,
               const char *value)
{
  g_string_append_printf (html, "<input type=\"hidden\" name=\"%s\" value=\"", name);
  append_text (html, value);
  g_string_append (html, "\">");
}

/**
 * org_pages_login:
 * @call: a call
 * @start: (nullable): the path to go on with
 * @username: (nullable): who may log in
 * @failed: whether a try failed
 *
 * Shows the login page.
 */
void
org_pages_login (OrgCall    *call,
                 const char *start,
                 const char *username,
                 gboolean    failed)
{
  g_autofree char *proof = org_sessions_dup_proof (call->service->sessions, call->browser, "login");
  GString *html = begin (call, "Log In");

  g_string_append (html, "<h1>Log in</h1>");
  if (failed)
    g_string_append (html, "<p class=\"error\" role=\"alert\" id=\"error\">Please check your username and password. If "
                           "you still can't log in, contact your Salesforce administrator.</p>");
  g_string_append (html, "<form method=\"post\" action=\"/\" autocomplete=\"off\">");
  append_hidden (html, "proof", proof);
  append_hidden (html, "startURL", start);
  g_string_append (html, "<label for=\"username\">Username</label><input type=\"text\" id=\"username\" name=\"username\" "
                         "autocapitalize=\"none\" spellcheck=\"false\" required value=\"");
  append_text (html, username);
  g_string_append_printf (html, "\"%s><label for=\"password\">Password</label><input type=\"password\" id=\"password\" "
                                "name=\"password\" required%s><div class=\"buttons\">"
                                "<button type=\"submit\" id=\"Login\" name=\"Login\" value=\"Log In\">Log In</button></div>"
                                "</form></main><footer class=\"dim\">Users of the demo org: <code>admin@demo.example</code>"
                                " and <code>user@demo.example</code>, password <code>demo</code>.</footer>",
                          username == NULL ? " autofocus" : "", username != NULL ? " autofocus" : "");
  end (call, 200, html);
}

static void
append_scopes (GString    *html,
               const char *granted)
{
  g_string_append (html, "<ul>");
  for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      if (org_scope_contains (granted, scopes[i].scope))
        g_string_append_printf (html, "<li>%s</li>", scopes[i].text);
    }
  g_string_append (html, "</ul>");
}

/**
 * org_pages_consent:
 * @call: a call
 * @source: the name of the request
 * @request: what is asked for
 * @person: who is asked
 *
 * Shows the approval page.
 */
void
org_pages_consent (OrgCall         *call,
                   const char      *source,
                   OrgAuthorize    *request,
                   const OrgPerson *person)
{
  g_autofree char *proof = org_sessions_dup_proof (call->service->sessions, call->browser, source);
  GString *html = begin (call, "Allow Access?");

  g_string_append (html, "<h1>Allow access?</h1><p>The app <code>");
  append_text (html, request->app->key);
  g_string_append (html, "</code> is asking to:</p>");
  append_scopes (html, request->scope);
  g_string_append (html, "<p>Do you want to allow access for <strong>");
  append_text (html, person->username);
  g_string_append (html, "</strong>? <a class=\"dim\" href=\"/secur/logout.jsp?startURL=");
  g_string_append_printf (html, "%%2Fsetup%%2Fsecur%%2FRemoteAccessAuthorizationPage.apexp%%3Fsource%%3D%s", source);
  g_string_append (html, "\">Not you?</a></p><form method=\"post\" "
                         "action=\"/setup/secur/RemoteAccessAuthorizationPage.apexp\">");
  append_hidden (html, "source", source);
  append_hidden (html, "proof", proof);
  g_string_append (html, "<div class=\"buttons\">"
                         "<button type=\"submit\" class=\"plain\" id=\"oadeny\" name=\"decision\" value=\"deny\">Deny</button>"
                         "<button type=\"submit\" id=\"oaapprove\" name=\"decision\" value=\"allow\">Allow</button></div></form>"
                         "</main><footer class=\"dim\">To revoke access at any time, go to your personal settings.</footer>");
  end (call, 200, html);
}

/**
 * org_pages_error:
 * @call: a call
 * @error: (nullable): the code
 * @reason: (nullable): its description
 *
 * Shows an authorize error that is not sent to the callback URL.
 */
void
org_pages_error (OrgCall    *call,
                 const char *error,
                 const char *reason)
{
  GString *html = begin (call, "OAuth Error");

  g_string_append (html, "<h1>We can’t authorize you because of an OAuth error</h1>"
                         "<p>For more information, contact your Salesforce administrator.</p><p class=\"error\"><code>");
  append_text (html, error != NULL ? error : "OAUTH_APPROVAL_ERROR_GENERIC");
  g_string_append (html, "</code>");
  if (reason != NULL)
    {
      g_string_append (html, "<br>");
      append_text (html, reason);
    }
  g_string_append (html, "</p></main>");
  end (call, 200, html);
}

/**
 * org_pages_message:
 * @call: a call
 * @status: the HTTP status
 * @title: a heading
 * @text: what there is to say
 *
 * Shows any other page.
 */
void
org_pages_message (OrgCall    *call,
                   guint       status,
                   const char *title,
                   const char *text)
{
  GString *html = begin (call, title);

  g_string_append (html, "<h1>");
  append_text (html, title);
  g_string_append (html, "</h1><p>");
  append_text (html, text);
  g_string_append (html, "</p></main>");
  end (call, status, html);
}
