/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "query-text.h"

#include "sluice-stream-sink.h"
#include "sluice-transfer.h"
#include "test-utils.h"

char *
query_text (SluiceConnection  *connection,
            const char        *soql,
            GError           **error)
{
  const SluiceRowTextOptions csv = { .format = SLUICE_ROW_FORMAT_CSV };
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SluiceSink) sink = sluice_stream_sink_new (stream, &csv, NULL);
  g_autoptr(SluiceTransfer) transfer = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);
  GAsyncResult *result = NULL;

  transfer = sluice_transfer_new (connection, soql, FALSE, SLUICE_TRANSPORT_REST, SLUICE_PRIORITY_INTERACTIVE, sink);
  sluice_transfer_run_async (transfer, FALSE, NULL, keep_result, &result);
  done = wait_result (&result);
  /* Its threads let go of the client in the main loop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (!sluice_transfer_run_finish (transfer, done, error))
    return NULL;

  return g_strndup (g_memory_output_stream_get_data (memory), g_memory_output_stream_get_data_size (memory));
}
