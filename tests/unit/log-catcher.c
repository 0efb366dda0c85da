/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "log-catcher.h"

#include <string.h>

static GMutex mutex;
static GString *caught;

static GLogWriterOutput
catch_cb (GLogLevelFlags   log_level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         unused)
{
  g_mutex_lock (&mutex);
  for (gsize i = 0; i < n_fields; i++)
    {
      if (strcmp (fields[i].key, "MESSAGE") == 0)
        {
          g_string_append_len (caught, fields[i].value,
                               fields[i].length < 0 ? (gssize) strlen (fields[i].value) : fields[i].length);
          g_string_append_c (caught, '\n');
        }
    }
  g_mutex_unlock (&mutex);

  /* Debug messages would fill the test's report. */
  if ((log_level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)) != 0)
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (log_level, fields, n_fields, NULL);
}

/* Once, before anything is logged. */
void
log_catcher_install (void)
{
  caught = g_string_new (NULL);
  g_setenv ("G_MESSAGES_DEBUG", "sluice-http sluice-sign-in", TRUE);
  g_log_set_writer_func (catch_cb, NULL, NULL);
}

gboolean
log_catcher_contains (const char *text)
{
  gboolean found;

  g_mutex_lock (&mutex);
  found = strstr (caught->str, text) != NULL;
  g_mutex_unlock (&mutex);

  return found;
}
