/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz-driver.h"

#include <string.h>

#include "sluice-soql-context.h"

static void
check (const char *text,
       gsize       place)
{
  g_autoptr(SluiceSoqlContext) context = sluice_soql_context_new (text, place);

  g_assert_nonnull (context);
  g_assert_cmpuint (context->start, <=, place);
  g_assert_nonnull (context->path);
  g_assert_true (context->from == NULL || *context->from != NULL);
  g_assert_true (context->quoted || !context->closed);
  if (context->expected == SLUICE_SOQL_EXPECTS_VALUE)
    g_assert_null (context->functions);

  /* What is being written is one word, unless it is a text in quotes. */
  for (gsize i = context->start; i < place && !context->quoted; i++)
    g_assert_false (g_ascii_isspace (text[i]));
}

/* At any place of any bytes something may stand, or nothing. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) bytes, size);
  gsize length = strlen (text);

  check (text, 0);
  check (text, length);
  for (gsize i = 0; i < 8 && length > 0; i++)
    check (text, (bytes[i % size] * 257u + i * 31u) % length);

  return 0;
}
