/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_CALL_STATE (sluice_call_state_get_type ())

typedef enum
{
  SLUICE_CALL_WAITING,
  SLUICE_CALL_RUNNING,
  SLUICE_CALL_DONE,
  SLUICE_CALL_FAILED,
  SLUICE_CALL_CANCELLED,
} SluiceCallState;

GType           sluice_call_state_get_type (void);

#define SLUICE_TYPE_CALL (sluice_call_get_type ())

/**
 * SluiceCall:
 *
 * One API call of this session, as the Activity page shows it.
 *
 * Properties: `state` (SluiceCallState), `method`, `path` (without query
 * values that could be secret), `summary` (translated, such as "Query
 * Account"), `http-status` (uint), `bytes` (uint64), `queued-at`,
 * `started-at`, `ended-at` (real time, µs since 1970, 0 = not yet),
 * `error-text` (nullable, translated), `request-id` (nullable).
 */
G_DECLARE_FINAL_TYPE (SluiceCall, sluice_call, SLUICE, CALL, GObject)

SluiceCall      *sluice_call_new          (const char *method,
                                           const char *path,
                                           const char *summary,
                                           gint64      queued_at);

SluiceCallState  sluice_call_get_state    (SluiceCall *self);
void             sluice_call_started      (SluiceCall *self,
                                           gint64      now);
void             sluice_call_waits_again  (SluiceCall *self);
void             sluice_call_ended        (SluiceCall   *self,
                                           gint64        now,
                                           guint         http_status,
                                           guint64       bytes,
                                           const char   *request_id,
                                           const GError *error);

#define SLUICE_TYPE_CALL_LIST (sluice_call_list_get_type ())

/**
 * SluiceCallList:
 *
 * A GListModel of the newest calls, newest first, bounded in length.
 */
G_DECLARE_FINAL_TYPE (SluiceCallList, sluice_call_list, SLUICE, CALL_LIST, GObject)

SluiceCallList  *sluice_call_list_new     (guint           max_calls);
void             sluice_call_list_add     (SluiceCallList *self,
                                           SluiceCall     *call);
void             sluice_call_list_clear   (SluiceCallList *self);

G_END_DECLS
