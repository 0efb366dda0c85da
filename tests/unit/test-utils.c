/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "test-utils.h"

void
wait_expired (gpointer what)
{
  g_error ("Waited for too long: %s", (const char *) what);
}

/* A callback for asynchronous functions: keeps the result at @place. */
void
keep_result (GObject      *object,
             GAsyncResult *result,
             gpointer      place)
{
  *(GAsyncResult **) place = g_object_ref (result);
}

/* Waits for keep_result(); the caller owns what it returns. */
GAsyncResult *
wait_result (GAsyncResult **place)
{
  wait_for (*place != NULL);

  return g_steal_pointer (place);
}
