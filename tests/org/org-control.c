/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How tests change the demo org while it runs. Not part of what a true org has. */

#include "org-control.h"

#include <string.h>

#include "org-id.h"
#include "org-json.h"
#include "org-state.h"
#include "org-worker.h"

static void
reply_done (OrgCall *call)
{
  if (call->service->state != NULL)
    org_state_save (call->service->state);
  org_call_reply_text (call, 204, NULL, "");
}

static void
refuse (OrgCall    *call,
        const char *message)
{
  org_call_error (call, 400, "INVALID", message);
}

/* A number, or @fallback where the parameter is missing or wrong. */
static guint
get_number (OrgCall    *call,
            const char *name,
            guint       fallback)
{
  const char *text = org_call_get (call, name);
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &number, NULL))
    return fallback;

  return (guint) number;
}

static void
set_fault (OrgCall *call)
{
  const char *spec = org_call_get (call, "spec");
  g_autoptr(GError) error = NULL;

  if (org_faults_set (call->service->faults, spec != NULL ? spec : "", &error))
    reply_done (call);
  else
    refuse (call, error->message);
}

static void
expire (OrgCall *call)
{
  org_grants_expire (call->service->grants, org_call_get (call, "refresh") != NULL);
  reply_done (call);
}

static void
set_usage (OrgCall *call)
{
  OrgUsage *usage = call->service->usage;

  org_usage_set_limit (usage, get_number (call, "limit", org_usage_get_limit (usage)));
  org_usage_set_used (usage, get_number (call, "used", org_usage_get_used (usage)));
  reply_done (call);
}

static void
set_latency (OrgCall *call)
{
  call->service->latency = get_number (call, "ms", 0);
  reply_done (call);
}

static void
set_plain (OrgCall *call)
{
  call->service->plain = get_number (call, "on", 1) != 0;
  reply_done (call);
}

static void
set_lifetime (OrgCall *call)
{
  org_grants_set_lifetime (call->service->grants, get_number (call, "seconds", 7200), get_number (call, "calls", 0));
  reply_done (call);
}

static void
advance (OrgCall *call)
{
  org_clock_advance (call->service->clock, get_number (call, "seconds", 0));
  reply_done (call);
}

static void
set_instance (OrgCall *call)
{
  g_set_str (&call->service->instance, org_call_get (call, "url"));
  reply_done (call);
}

static void
set_newest (OrgCall *call)
{
  call->service->newest = get_number (call, "version", call->service->newest);
  reply_done (call);
}

static void
set_bulk (OrgCall *call)
{
  static const struct { const char *name; OrgSwitch which; } known[] = {
    { "delay", ORG_SWITCH_BULK_DELAY }, { "page", ORG_SWITCH_BULK_PAGE }, { "fail", ORG_SWITCH_BULK_FAIL },
    { "abort", ORG_SWITCH_BULK_ABORT }, { "most", ORG_SWITCH_BULK_MOST }, { "link", ORG_SWITCH_BULK_LINK },
  };
  OrgSwitches *switches = org_worker_get_switches (call->service->worker);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      guint value = get_number (call, known[i].name, org_switches_get (switches, known[i].which));

      org_switches_set (switches, known[i].which, known[i].which == ORG_SWITCH_BULK_PAGE ? MAX (value, 1) : value);
    }
  reply_done (call);
}

static void
lock_record (OrgCall *call)
{
  const char *id = org_call_get (call, "id");
  char normal[ORG_ID_SIZE];

  if (id == NULL || !org_id_normalize (id, normal))
    {
      refuse (call, "There is no such id");
      return;
    }

  org_switches_lock (org_worker_get_switches (call->service->worker), normal, get_number (call, "times", G_MAXINT32),
                     org_call_get (call, "approval") != NULL);
  reply_done (call);
}

static const struct
{
  const char *name;
  const char *parameters;
  const char *summary;
  void (*handle) (OrgCall *call);
} actions[] = {
  { "fault", "spec=SPEC", "set faults as --fault does; none without spec", set_fault },
  { "expire", "[refresh=1]", "end all access tokens, or all refresh tokens too", expire },
  { "usage", "[used=N] [limit=N]", "set the count of calls and its limit", set_usage },
  { "latency", "ms=N", "let answers wait", set_latency },
  { "plain", "[on=0]", "compress no answer, or compress again", set_plain },
  { "lifetime", "[seconds=N] [calls=N]", "set how long access tokens live", set_lifetime },
  { "advance", "seconds=N", "move the clock forward", advance },
  { "instance", "[url=URL]", "set instance_url, as after a move of the org", set_instance },
  { "bulk", "[delay=MS] [page=N] [most=N] [link=1]", "set how long Bulk jobs take and how their results are paged", set_bulk },
  { "bulk", "[fail=N] [abort=N]", "let the next N Bulk jobs fail, or be aborted", set_bulk },
  { "lock", "id=ID [times=N] [approval=1]", "lock a record for the next N writes", lock_record },
  { "newest", "version=N", "set the newest API version", set_newest },
};

static void
show_status (OrgCall *call)
{
  OrgService *service = call->service;
  GString *json = g_string_new ("{");

  org_json_append_text (json, "organization", service->organization_id);
  org_json_append_text (json, "name", service->name);
  org_json_append_flag (json, "sandbox", service->kind == ORG_KIND_SANDBOX);
  org_json_append_int (json, "used", org_usage_get_used (service->usage));
  org_json_append_int (json, "limit", org_usage_get_limit (service->usage));
  org_json_append_int (json, "grants", org_grants_count (service->grants));
  org_json_append_int (json, "running", service->calls.length);
  g_string_append_c (json, '}');
  org_call_reply (call, 200, ORG_JSON, json);
}

/**
 * org_control_handle:
 * @call: a call below `/__demo/`
 *
 * Acts on it, unless a web page sent it.
 */
void
org_control_handle (OrgCall *call)
{
  const char *name = call->path + strlen (ORG_CONTROL);

  if (org_call_get_header (call, "Origin") != NULL || org_call_get_header (call, "Sec-Fetch-Site") != NULL)
    {
      org_call_error (call, 403, "FORBIDDEN", "Web pages may not do this");
      return;
    }

  if (strcmp (name, "status") == 0)
    {
      show_status (call);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (strcmp (actions[i].name, name) != 0)
        continue;

      if (org_call_is (call, "POST"))
        actions[i].handle (call);
      else
        org_call_error (call, 405, "METHOD_NOT_ALLOWED", "Use POST");
      return;
    }

  org_call_error (call, 404, "NOT_FOUND", "There is no such thing");
}

/**
 * org_control_dup_help:
 *
 * Returns: (transfer full): a line for each action
 */
char *
org_control_dup_help (void)
{
  GString *help = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *call = g_strconcat (actions[i].name, " ", actions[i].parameters, NULL);

      g_string_append_printf (help, "  %-32s %s\n", call, actions[i].summary);
    }

  return g_string_free (help, FALSE);
}
