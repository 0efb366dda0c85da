/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Faults by the count of requests, so that a test knows which one fails. */

#include "org-faults.h"

#include <string.h>

#define JSON "application/json;charset=UTF-8"
#define HTML "text/html;charset=UTF-8"
#define ERROR_JSON(code, message) "[{\"message\":\"" message "\",\"errorCode\":\"" code "\"}]"
#define PAGE(title, text) \
  "<!DOCTYPE html><html lang=\"en\"><head><title>" title "</title></head><body><h1>" title "</h1><p>" text \
  "</p></body></html>"
#define LIMIT(text) ERROR_JSON ("REQUEST_LIMIT_EXCEEDED", text)

typedef struct
{
  const char *name;
  OrgFaultKind kind;
  guint status;
  const char *type;
  const char *body;
  guint number;
  const char *summary;
} Known;

static const Known known[] = {
  { "drop", ORG_FAULT_DROP, 0, NULL, NULL, 0, "close the connection, do nothing" },
  { "lose", ORG_FAULT_LOSE, 0, NULL, NULL, 0, "do it, then close the connection without an answer" },
  { "hang", ORG_FAULT_HANG, 0, NULL, NULL, 0, "never answer" },
  { "delay", ORG_FAULT_DELAY, 0, NULL, NULL, 1000, "answer after =MILLISECONDS" },
  { "reset", ORG_FAULT_RESET, 0, NULL, NULL, 0, "reset the connection in the middle of the body" },
  { "truncate", ORG_FAULT_TRUNCATE, 0, NULL, NULL, 0, "close it there" },
  { "truncate-close", ORG_FAULT_TRUNCATE, 0, NULL, NULL, 1, "the same, announced with Connection: close" },
  { "slow", ORG_FAULT_SLOW, 0, NULL, NULL, 50, "send a sixteenth of the body every =MILLISECONDS" },
  { "length", ORG_FAULT_LENGTH, 0, NULL, NULL, 0, "a Content-Length ten bytes too short" },
  { "utf8", ORG_FAULT_UTF8, 0, NULL, NULL, 0, "bytes that are not UTF-8 in the body" },
  { "duplicate", ORG_FAULT_DUPLICATE, 0, NULL, NULL, 0, "the first member of the JSON twice" },
  { "repeat", ORG_FAULT_REPEAT, 0, NULL, NULL, 0, "a page of results is the one before it" },
  { "gzip", ORG_FAULT_GZIP, 0, NULL, NULL, 0, "a compressed body ends in the middle, its length is announced so" },
  { "job-failed", ORG_FAULT_JOB_FAILED, 0, NULL, NULL, 0, "the Bulk job that it is about has failed" },
  { "job-aborted", ORG_FAULT_JOB_ABORTED, 0, NULL, NULL, 0, "somebody has aborted that job" },
  { "locator", ORG_FAULT_REPLY, 400, JSON, ERROR_JSON ("INVALID_QUERY_LOCATOR", "invalid query locator"), 0,
    "the locator has expired" },
  { "empty", ORG_FAULT_REPLY, 200, JSON, "", 0, "status 200 and no body" },
  { "html", ORG_FAULT_REPLY, 200, HTML, PAGE ("Login | Salesforce", "Enter your username and password."), 0,
    "a login page with status 200" },
  { "redirect", ORG_FAULT_REPLY, 302, NULL, "", 0, "redirect to =URL, another host if there is none" },
  { "oauth", ORG_FAULT_REPLY, 400, JSON, NULL, 0, "the OAuth error =ERROR/DESCRIPTION" },
  { "401", ORG_FAULT_REPLY, 401, JSON, ERROR_JSON ("INVALID_SESSION_ID", "Session expired or invalid"), 0,
    "expired session" },
  { "401-rest", ORG_FAULT_REPLY, 401, JSON,
    ERROR_JSON ("INVALID_SESSION_ID", "This session is not valid for use with the REST API"), 0,
    "a session that refreshing does not mend" },
  { "401-agent", ORG_FAULT_REPLY, 401, JSON,
    ERROR_JSON ("INVALID_SESSION_ID", "Connected app is not attached to Agent"), 0, "the same" },
  { "403", ORG_FAULT_REPLY, 403, JSON, LIMIT ("TotalRequests Limit exceeded."), 0, "daily limit" },
  { "403-concurrent", ORG_FAULT_REPLY, 403, JSON,
    LIMIT ("ConcurrentRequests (Concurrent API Requests) Limit exceeded."), 0, "too many long calls" },
  { "403-transactions", ORG_FAULT_REPLY, 403, JSON, LIMIT ("ConcurrentPerOrgLongTxn Limit exceeded"), 0,
    "too many long transactions" },
  { "403-disabled", ORG_FAULT_REPLY, 403, JSON,
    ERROR_JSON ("API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"), 0, "no API" },
  { "404", ORG_FAULT_REPLY, 404, JSON, ERROR_JSON ("NOT_FOUND", "The requested resource does not exist"), 0,
    "not found" },
  { "420", ORG_FAULT_REPLY, 420, HTML, PAGE ("Organization not found", "This org was deleted or has expired."), 0,
    "deleted org" },
  { "429", ORG_FAULT_REPLY, 429, HTML, PAGE ("Too Many Requests", "Try again later."), 30,
    "a proxy's, with Retry-After =SECONDS" },
  { "500", ORG_FAULT_REPLY, 500, JSON,
    ERROR_JSON ("UNKNOWN_EXCEPTION",
                "An unexpected error occurred. Please include this ErrorId if you contact support: 1764-68 (17)"), 0,
    "unexpected error" },
  { "502", ORG_FAULT_REPLY, 502, HTML, PAGE ("Bad Gateway", "The upstream server did not answer."), 0, "bad gateway" },
  { "503", ORG_FAULT_REPLY, 503, HTML, PAGE ("Down for Maintenance", "Sorry for the inconvenience."), 0,
    "maintenance, as a page" },
  { "503-retry", ORG_FAULT_REPLY, 503, HTML, PAGE ("Down for Maintenance", "Sorry for the inconvenience."), 2,
    "the same, with Retry-After =SECONDS" },
  { "503-json", ORG_FAULT_REPLY, 503, JSON, ERROR_JSON ("SERVER_UNAVAILABLE", "The server is unavailable"), 0,
    "the same, as JSON" },
  { "504", ORG_FAULT_REPLY, 504, HTML, PAGE ("Gateway Time-out", "The upstream server was too slow."), 0, "time-out" },
};

typedef struct
{
  char *match;               /* (nullable) */
  const Known *known;
  char *argument;            /* (nullable) */
  guint64 first;
  guint64 last;
  guint64 seen;
} Rule;

struct _OrgFaults
{
  GPtrArray *rules;
};

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_free (rule->match);
  g_free (rule->argument);
  g_free (rule);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rule, rule_free)

/**
 * org_faults_new:
 *
 * Returns: (transfer full): no faults
 */
OrgFaults *
org_faults_new (void)
{
  OrgFaults *self = g_new0 (OrgFaults, 1);

  self->rules = g_ptr_array_new_with_free_func (rule_free);

  return self;
}

/**
 * org_faults_free:
 * @self: (transfer full): faults
 *
 * Frees @self.
 */
void
org_faults_free (OrgFaults *self)
{
  g_ptr_array_unref (self->rules);
  g_free (self);
}

/**
 * org_fault_clear:
 * @fault: a fault
 *
 * Frees what @fault owns.
 */
void
org_fault_clear (OrgFault *fault)
{
  g_clear_pointer (&fault->text, g_free);
}

static const Known *
find_known (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (strcmp (known[i].name, name) == 0)
        return &known[i];
    }

  return NULL;
}

/* `3`, `3-5`, `3-` or `*`. */
static gboolean
parse_range (const char *text,
             Rule       *rule)
{
  g_auto(GStrv) ends = g_strsplit (text, "-", 2);

  rule->first = 1;
  rule->last = G_MAXUINT64;

  if (strcmp (text, "*") == 0)
    return TRUE;
  if (ends[0] == NULL || !g_ascii_string_to_unsigned (ends[0], 10, 1, G_MAXUINT32, &rule->first, NULL))
    return FALSE;
  if (ends[1] == NULL)
    rule->last = rule->first;
  if (ends[1] == NULL || *ends[1] == '\0')
    return TRUE;

  return g_ascii_string_to_unsigned (ends[1], 10, rule->first, G_MAXUINT32, &rule->last, NULL);
}

/* `[MATCH#]RANGE:FAULT[=ARGUMENT]`. */
static Rule *
parse_rule (const char  *text,
            GError     **error)
{
  g_autoptr(Rule) rule = g_new0 (Rule, 1);
  const char *hash = strchr (text, '#');
  const char *range = hash != NULL ? hash + 1 : text;
  const char *colon = strchr (range, ':');
  g_autofree char *numbers = colon != NULL ? g_strndup (range, (gsize) (colon - range)) : NULL;
  g_auto(GStrv) fault = g_strsplit (colon != NULL ? colon + 1 : "", "=", 2);

  if (hash != NULL)
    rule->match = g_strndup (text, (gsize) (hash - text));
  rule->known = fault[0] != NULL ? find_known (fault[0]) : NULL;
  rule->argument = fault[0] != NULL ? g_strdup (fault[1]) : NULL;

  if (rule->known == NULL || !parse_range (numbers, rule))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "A fault is [MATCH#]N, N-M, N- or *, then a colon and its name, not “%s”", text);
      return NULL;
    }

  return g_steal_pointer (&rule);
}

/**
 * org_faults_set:
 * @self: faults
 * @spec: rules, separated by commas; empty for none
 * @error: return location for an error
 *
 * Replaces all rules. Each counts the requests that it matches from now on.
 *
 * Returns: whether @spec could be read; if not, nothing changes
 */
gboolean
org_faults_set (OrgFaults   *self,
                const char  *spec,
                GError     **error)
{
  g_auto(GStrv) texts = g_strsplit (spec, ",", -1);
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func (rule_free);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      Rule *rule;

      if (*g_strstrip (texts[i]) == '\0')
        continue;

      rule = parse_rule (texts[i], error);
      if (rule == NULL)
        return FALSE;
      g_ptr_array_add (rules, rule);
    }

  g_ptr_array_unref (self->rules);
  self->rules = g_steal_pointer (&rules);

  return TRUE;
}

/* By the kind, by the beginning of the path, or by any part of it. */
static gboolean
rule_matches (const Rule *rule,
              const char *kind,
              const char *path)
{
  g_auto(GStrv) parts = NULL;

  if (rule->match == NULL || strcmp (rule->match, kind) == 0)
    return TRUE;
  if (*rule->match == '/')
    return g_str_has_prefix (path, rule->match);

  parts = g_strsplit (path, "/", -1);

  return g_strv_contains ((const char * const *) parts, rule->match);
}

static void
fill_fault (const Rule *rule,
            OrgFault   *fault)
{
  fault->kind = rule->known->kind;
  fault->status = rule->known->status;
  fault->type = rule->known->type;
  fault->body = rule->known->body;
  fault->number = rule->known->number;
  fault->text = g_strdup (rule->argument);
  if (rule->argument != NULL && rule->known->number > 0)
    fault->number = (guint) g_ascii_strtoull (rule->argument, NULL, 10);
}

/**
 * org_faults_take:
 * @self: faults
 * @kind: the kind of a request: `api`, `oauth` or `page`
 * @path: its path
 * @fault: (out caller-allocates): what goes wrong with it; clear with org_fault_clear()
 *
 * Counts a request with every rule that matches it; the first that is due says what goes wrong.
 */
void
org_faults_take (OrgFaults  *self,
                 const char *kind,
                 const char *path,
                 OrgFault   *fault)
{
  memset (fault, 0, sizeof *fault);

  for (guint i = 0; i < self->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (self->rules, i);

      if (!rule_matches (rule, kind, path))
        continue;

      rule->seen++;
      if (fault->kind == ORG_FAULT_NONE && rule->seen >= rule->first && rule->seen <= rule->last)
        fill_fault (rule, fault);
    }
}

/**
 * org_faults_dup_help:
 *
 * Returns: (transfer full): a line for each fault
 */
char *
org_faults_dup_help (void)
{
  GString *help = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_string_append_printf (help, "  %-18s %s\n", known[i].name, known[i].summary);

  return g_string_free (help, FALSE);
}
