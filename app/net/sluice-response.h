/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * SluiceVerdict:
 * @SLUICE_VERDICT_SUCCESS: the answer to the question
 * @SLUICE_VERDICT_EXPIRED: the access token has expired; a refresh helps
 * @SLUICE_VERDICT_CONCURRENT_LIMIT: refused, too many long calls run at once
 * @SLUICE_VERDICT_DAILY_LIMIT: refused, the org's calls of the day are used up
 * @SLUICE_VERDICT_UNAVAILABLE: the server is down or overloaded
 * @SLUICE_VERDICT_FLEETING: a failure that may pass; a read may be repeated
 * @SLUICE_VERDICT_GONE: the org is deleted, expired or moving; two repeats tell
 * @SLUICE_VERDICT_FINAL: asking again gives the same answer
 *
 * What to do about an answer.
 */
typedef enum
{
  SLUICE_VERDICT_SUCCESS,
  SLUICE_VERDICT_EXPIRED,
  SLUICE_VERDICT_CONCURRENT_LIMIT,
  SLUICE_VERDICT_DAILY_LIMIT,
  SLUICE_VERDICT_UNAVAILABLE,
  SLUICE_VERDICT_FLEETING,
  SLUICE_VERDICT_GONE,
  SLUICE_VERDICT_FINAL,
} SluiceVerdict;

SluiceVerdict  sluice_response_judge             (guint         status,
                                                  const char   *content_type,
                                                  GBytes       *body,
                                                  const char   *request_id,
                                                  GError      **error);
gboolean       sluice_response_is_json           (const char   *content_type,
                                                  GBytes       *body);
gboolean       sluice_response_check             (const char   *content_type,
                                                  GBytes       *body,
                                                  guint         status,
                                                  const char   *request_id,
                                                  GError      **error);
JsonNode      *sluice_response_parse_json        (const char   *content_type,
                                                  GBytes       *body,
                                                  guint         status,
                                                  const char   *request_id,
                                                  GError      **error);
gint64         sluice_response_parse_retry_after (const char   *header,
                                                  gint64        now);
gint64         sluice_response_parse_date        (const char   *header);

G_END_DECLS
