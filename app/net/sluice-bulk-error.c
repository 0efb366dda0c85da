/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-bulk-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-problem.h"

typedef struct
{
  const char *code;    /* (nullable) */
  guint status;        /* 0 = any */
  const char *problem; /* (nullable): instead of the server's code */
  SluiceError sort;
  const char *message;
} Meaning;

/* What codes and statuses mean when they come about a job (wire reference 3.1, 3.2). */
static const Meaning meanings[] = {
  { "INVALID_USER", 0, NULL, SLUICE_ERROR_FORBIDDEN,
    N_("This bulk job belongs to another user of the org, and only that user can read it. Start a new one.") },
  { "INVALID_QUERY_LOCATOR", 0, SLUICE_PROBLEM_JOB_GONE, SLUICE_ERROR_REJECTED,
    N_("Salesforce does not know this place in the results of the bulk query any more. Start the query again.") },
  { "EXCEEDED_QUOTA", 0, NULL, SLUICE_ERROR_LIMIT,
    N_("The org has used up its bulk jobs of the last 24 hours. Try again later, or use REST.") },
  { "FEATURE_NOT_ENABLED", 0, NULL, SLUICE_ERROR_FORBIDDEN,
    N_("The Bulk API is not available to this user. Use REST, or ask the administrator for the permission "
       "“Bulk API”.") },
  { "INVALID_JOB_STATE", 0, NULL, SLUICE_ERROR_REJECTED,
    N_("The bulk job has ended or has not got that far, so this cannot be done with it now.") },
  { NULL, 404, SLUICE_PROBLEM_JOB_GONE, SLUICE_ERROR_REJECTED,
    N_("Salesforce does not have this bulk job any more: it was deleted, or is older than seven days. Start again.") },
  { NULL, 409, SLUICE_PROBLEM_JOB_GONE, SLUICE_ERROR_REJECTED,
    N_("The bulk job was made with another API version than the one that asks for its results. Start again.") },
};

static const Meaning *
find_meaning (const char *code,
              guint       status)
{
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    {
      const Meaning *meaning = &meanings[i];

      if (meaning->code != NULL ? code != NULL && sluice_problem_code_equal (meaning->code, code)
                                : meaning->status == status)
        return meaning;
    }

  return NULL;
}

/**
 * sluice_bulk_error_new:
 * @error: of a call about a bulk job
 *
 * Says in words what it means for a job. Codes count in any case, with `_` or
 * without. Whatever is not about the job stays as it is. When nothing is left
 * of the job to go on with, the code is %SLUICE_PROBLEM_JOB_GONE.
 *
 * Returns: (transfer full): the error to show
 */
GError *
sluice_bulk_error_new (const GError *error)
{
  const Meaning *meaning;
  const char *code;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != SLUICE_ERROR)
    return g_error_copy (error);

  meaning = find_meaning (sluice_error_get_server_code (error), sluice_error_get_http_status (error));
  if (meaning == NULL)
    return g_error_copy (error);

  code = meaning->problem != NULL ? meaning->problem : sluice_error_get_server_code (error);

  return sluice_error_new_server (meaning->sort, code, sluice_error_get_server_text (error),
                                  sluice_error_get_http_status (error), sluice_error_get_request_id (error),
                                  _(meaning->message));
}

/* `InternalServerError : The text` */
static char *
dup_code (const char *message)
{
  gsize length = 0;

  while (g_ascii_isalnum (message[length]) || message[length] == '_')
    length++;

  if (length == 0 || message[length + strspn (message + length, " ")] != ':')
    return NULL;

  return g_strndup (message, length);
}

/**
 * sluice_bulk_error_new_failed:
 * @message: (nullable): the server's own words, such as `InternalServerError : …`
 *
 * Returns: (transfer full): that a job has failed
 */
GError *
sluice_bulk_error_new_failed (const char *message)
{
  g_autofree char *code = message != NULL ? dup_code (message) : NULL;
  g_autofree char *text = NULL;

  if (message == NULL || *message == '\0')
    text = g_strdup (_("Salesforce could not carry out the bulk job, and does not say why. Try again, or use REST."));
  else
    /* Translators: the placeholder is Salesforce's own text */
    text = g_strdup_printf (_("Salesforce could not carry out the bulk job: %s"), message);

  return sluice_error_new_server (SLUICE_ERROR_REJECTED, code, message, 0, NULL, text);
}

/**
 * sluice_bulk_error_new_aborted:
 *
 * Returns: (transfer full): that somebody ended a job
 */
GError *
sluice_bulk_error_new_aborted (void)
{
  return g_error_new_literal (SLUICE_ERROR, SLUICE_ERROR_REJECTED,
                              _("The bulk job was aborted in Salesforce, by an administrator or another program. "
                                "Start again."));
}
