/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-post.h"

/**
 * sluice_post:
 * @context: (nullable): where @func is called
 * @func: called once; returns %G_SOURCE_REMOVE
 * @user_data: data for @func
 *
 * Has @func called by whoever runs @context. What is posted first is called
 * first. g_main_context_invoke() would call it here, in the wrong thread, when
 * the loop is between two turns.
 */
void
sluice_post (GMainContext *context,
             GSourceFunc   func,
             gpointer      user_data)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, context);
}
