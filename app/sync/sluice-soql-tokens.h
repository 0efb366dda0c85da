/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SluiceSoqlTokenKind:
 * @SLUICE_SOQL_TOKEN_END: there is no more
 * @SLUICE_SOQL_TOKEN_NAME: a keyword, a name or a path such as `Account.Name`, which may end with its dot
 * @SLUICE_SOQL_TOKEN_NUMBER: a number, a date or a time
 * @SLUICE_SOQL_TOKEN_TEXT: a text in quotes
 * @SLUICE_SOQL_TOKEN_OPEN_TEXT: a text without its closing quote, up to the end of its line
 * @SLUICE_SOQL_TOKEN_SYMBOL: any other character
 *
 * What a piece of a query is.
 */
typedef enum
{
  SLUICE_SOQL_TOKEN_END,
  SLUICE_SOQL_TOKEN_NAME,
  SLUICE_SOQL_TOKEN_NUMBER,
  SLUICE_SOQL_TOKEN_TEXT,
  SLUICE_SOQL_TOKEN_OPEN_TEXT,
  SLUICE_SOQL_TOKEN_SYMBOL,
} SluiceSoqlTokenKind;

/* A piece of a query: from @start on, up to @end, in bytes */
typedef struct
{
  SluiceSoqlTokenKind kind;
  gsize start;
  gsize end;
} SluiceSoqlToken;

SluiceSoqlToken sluice_soql_token_next (const char            *text,
                                        gsize                  at);
gboolean        sluice_soql_token_is   (const SluiceSoqlToken *self,
                                        const char            *text,
                                        const char            *word);

G_END_DECLS
